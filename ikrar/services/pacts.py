"""The integrity pact, from its text to a signature that counts."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from ikrar.domain import codes, gatherings, pacts
from ikrar.domain.days import zone_of
from ikrar.domain.errors import (
    AgencyNotBelow,
    DomainError,
    DutySettled,
    NobodySelected,
    NotTheSigner,
    PactAlreadySigned,
    PactNotOpen,
    PactTextChanged,
    ReasonMissing,
    RemindersUsedUp,
    ReminderTooSoon,
    SignatureAlreadyContested,
)
from ikrar.domain.pacts import Grade, KeepsOn, PactText, State
from ikrar.domain.roster import ASN, AWAY, GONE, full_name
from ikrar.records.kept import KeptQuery, change, fetch
from ikrar.records.models import (
    Activity,
    Agency,
    Attendance,
    Escalation,
    Holding,
    Obligation,
    PactRound,
    PactVersion,
    PaperScan,
    Person,
    Placement,
    Reminded,
    Reminder,
    Signature,
    SignatureContest,
    User,
    Witness,
    WorkUnit,
)
from ikrar.services import clock, commits, ledger, masses, notices, touches, units

# Nobody is reminded of one round more often than this, nor more than so many times.
REMINDER_PAUSE = timedelta(days=2)
MOST_REMINDERS = 6
_MOST_TRIES = 3
_NAMED_ONE_BY_ONE = 2_000
RoundState = PactRound.State
# States from which a person may sign: under leave too, and after a refusal or under an older text.
SIGNABLE = (State.ISSUED, State.OPENED, State.SIGNED, State.REFUSED, State.ON_LEAVE)


# --- rounds and texts --------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def create_round(
    *,
    agency: Agency,
    title: str,
    text: PactText,
    employments: Iterable[str] = ASN,
    election: str = "",
    legal_basis: str = "",
    keeps_on: str = KeepsOn.SAME_UNIT,
    due_on: date | None = None,
    escalate_after: int = 2,
    today: date | None = None,
    by: User | None,
    now: datetime,
) -> PactRound:
    """Make a round with its first text. It is issued by a second act.

    Raises DueInPast, DayTooFar where it would be due before `today`, if that is given (a scenario tells of days that are
    past), or after more than ten years.
    """
    if today:
        pacts.require_due(due_on, today)
    pact_round = PactRound.objects.create(
        agency=agency,
        title=title,
        election=election,
        legal_basis=legal_basis,
        employments=sorted(str(each) for each in employments),
        keeps_on=keeps_on,
        due_on=due_on,
        escalate_after=escalate_after,
        created_at=now,
    )
    pact_round.agencies.add(agency)
    ledger.append(
        "pact.round_created",
        {"round": pact_round.pk, "agency": agency.pk, "by": by and by.pk},
        now=now,
        zone=agency.zone,
    )
    add_version(pact_round, text, by=by, now=now)
    return pact_round


@transaction.atomic(durable=True)
def address(pact_round: PactRound, agencies: Iterable[Agency], *, by: User, now: datetime) -> int:
    """Let agencies below the one that made a round owe it, too; return how many are new. It reaches them when it is issued.

    Raises AgencyNotBelow for any other agency, PactNotOpen for a closed round.
    """
    if pact_round.state == RoundState.CLOSED:
        raise PactNotOpen(pact_round.state)
    wanted = list(agencies)
    if any(each.parent_id != pact_round.agency_id for each in wanted):
        raise AgencyNotBelow()
    fresh = [each for each in wanted if not pact_round.agencies.filter(pk=each.pk).exists()]
    pact_round.agencies.add(*fresh)
    if fresh:
        touches.pact_round(pact_round)
        ledger.append(
            "pact.addressed",
            {"round": pact_round.pk, "agencies": sorted(each.pk for each in fresh), "by": by.pk},
            now=now,
            zone=pact_round.agency.zone,
        )
    return len(fresh)


@transaction.atomic(durable=True)
def publish_text(pact_round: PactRound, text: PactText, *, by: User | None, now: datetime) -> PactVersion:
    """Put a new version of the text in force. Signatures under an older one stay on record and count no more.

    Whoever signed one is told. Raises PactNotOpen for a closed round.
    """
    if pact_round.state == RoundState.CLOSED:
        raise PactNotOpen(pact_round.state)
    before = pact_round.text_id
    version = add_version(pact_round, text, by=by, now=now)
    if version.pk != before and pact_round.state == RoundState.ISSUED:
        touches.pact_round(pact_round)
        _tell_signers(pact_round, version, now)
    return version


def _tell_signers(pact_round: PactRound, version: PactVersion, now: datetime) -> None:
    """Tell everybody whose signature counted until now which version he signed, and that another is in force."""
    signed = Obligation.objects.filter(pact_round=pact_round, state=State.SIGNED, signature__isnull=False)
    for old in pact_round.versions.exclude(pk=version.pk):
        people = signed.filter(signature__version=old).values_list("person", flat=True)
        said = {"round": pact_round.pk, "title": pact_round.title, "old": old.number, "new": version.number}
        notices.tell(people.iterator(), "pact_text_changed", said, link="", now=now)


def add_version(pact_round: PactRound, text: PactText, *, by: User | None, now: datetime) -> PactVersion:
    """Put a text in force inside the caller's transaction; the same text again changes nothing."""
    latest = pact_round.versions.order_by("-number").first()
    if latest and latest.digest == text.digest():
        return latest
    version = PactVersion.objects.create(
        pact_round=pact_round,
        number=latest.number + 1 if latest else 1,
        title=text.title,
        opening=text.opening,
        points=list(text.points),
        closing=text.closing,
        digest=text.digest(),
        published_at=now,
    )
    PactRound.objects.filter(pk=pact_round.pk).update(text=version)
    pact_round.text = version
    ledger.append(
        "pact.text_published",
        {"round": pact_round.pk, "version": version.number, "text_digest": version.digest, "by": by and by.pk},
        now=now,
        zone=pact_round.agency.zone,
    )
    return version


@transaction.atomic(durable=True)
def close_round(pact_round: PactRound, *, by: User, now: datetime) -> None:
    """Close a round: nothing more is signed, everything stays readable. Raises PactNotOpen if it is not open."""
    if not PactRound.objects.filter(pk=pact_round.pk, state=RoundState.ISSUED).update(state=RoundState.CLOSED):
        raise PactNotOpen(pact_round.state)
    ledger.append("pact.round_closed", {"round": pact_round.pk, "by": by.pk}, now=now, zone=pact_round.agency.zone)


# --- who owes it -------------------------------------------------------------------------------------------------


def owing_on(pact_round: PactRound, day: date) -> QuerySet[Placement]:
    """Placements of the day whose holders owe the round, whether away now or not."""
    return (
        Placement.objects.on(day)
        .filter(unit__agency__in=pact_round.agencies.all(), employment__in=pact_round.employments)
        .exclude(status__in=GONE)
    )


# When a placement is still one that the round keeps, of a query that has `owed` (see with_owed).
KEPT = {
    KeepsOn.SAME_AGENCY: Q(unit__agency=F("owed__unit__agency")),
    KeepsOn.SAME_POST: Q(unit=F("owed__unit"), post=F("owed__post")),
    KeepsOn.SAME_UNIT: Q(unit=F("owed__unit")),
}


def with_owed(placements: QuerySet[Placement], pact_round: PactRound) -> QuerySet[Placement]:
    """Join each placement to what its holder owes of one round, as `owed`."""
    duty = "person__obligations"
    condition = Q(**{f"{duty}__pact_round": pact_round, f"{duty}__office": None})
    return placements.annotate(owed=FilteredRelation(duty, condition=condition))


@transaction.atomic(durable=True)
def issue(
    pact_round: PactRound,
    *,
    today: date,
    only: Collection[int] | QuerySet[Placement] | None = None,
    by: User | None,
    now: datetime,
) -> dict[str, int]:
    """Issue a round to everyone obliged by today's roster, in one act; again later, to those who came since.

    `only`: to these people among them (keys, or whoever has one of these placements), and to nobody else.
    Whoever was transferred since, where the round does not keep that, owes it anew in the new place. Returns how many
    were `issued` it for the first time and owe it now, how many more have it but are away (`on_leave`), and how many
    were `renewed`. Raises PactNotOpen for a closed round.
    """
    # Of two who issue at once the second finds whom the first reached.
    pact_round.refresh_from_db(from_queryset=PactRound.objects.select_for_update(no_key=True))
    if pact_round.state == RoundState.CLOSED or pact_round.text_id is None:
        raise PactNotOpen(pact_round.state)
    owing = owing_on(pact_round, today)
    if isinstance(only, QuerySet):
        # A list of many is left to the database; of few the keys are named, by which it finds each.
        many = only.order_by().values_list("person", flat=True)
        few = list(many[: _NAMED_ONE_BY_ONE + 1])
        only = many if len(few) > _NAMED_ONE_BY_ONE else few
    if only is not None:
        owing = owing.filter(person__in=only)
    named = only is not None and not isinstance(only, QuerySet)
    with nullcontext() if named else masses.wholesale():
        renewed = _renew_moved(pact_round, owing)
    # Asked person by person: a list of everybody who has it would be gone through for each of them.
    has_it = Obligation.objects.filter(pact_round=pact_round, office=None, person=OuterRef("person"))
    fresh = owing.exclude(Exists(has_it))
    on_leave = fresh.filter(status__in=AWAY).count()
    with nullcontext() if named else masses.wholesale():
        issued = _insert_obligations(pact_round, fresh, now)
    masses.grew(Obligation, issued)
    PactRound.objects.filter(pk=pact_round.pk).update(state=RoundState.ISSUED)
    PactRound.objects.filter(pk=pact_round.pk, issued_on=None).update(issued_on=today)
    pact_round.refresh_from_db()
    touches.pact_round(pact_round)
    ledger.append(
        "pact.issued",
        {"round": pact_round.pk, "issued": issued, "renewed": renewed, "on": today.isoformat(), "by": by and by.pk},
        now=now,
        zone=pact_round.agency.zone,
    )
    return {"issued": issued - on_leave, "on_leave": on_leave, "renewed": renewed}


def _insert_obligations(pact_round: PactRound, placements: QuerySet[Placement], now: datetime) -> int:
    """Write the obligations straight from the placements, however many there are."""
    rows = placements.annotate(
        _round=Value(pact_round.pk), _state=Value(State.ISSUED.value), _reason=Value("")
    ).values_list("_round", "person_id", "unit_id", "post", "_state", "_reason")
    sql, values = rows.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_obligation (pact_round_id, person_id, unit_id, post, state, reason, issued_at)"
            f" SELECT chosen.*, %s FROM ({sql}) AS chosen",
            [connection.ops.adapt_datetimefield_value(now), *map(_plain, values)],
        )
        return cursor.rowcount


def _plain(value: Any) -> Any:
    """Return an enum's own text: a driver that is handed the SQL of a query knows no enums."""
    return value.value if isinstance(value, StrEnum) else value


def _renew_moved(pact_round: PactRound, owing: QuerySet[Placement]) -> int:
    """Let those owe anew who serve in another place than the one it was issued for, however many; return how many do."""
    moved = with_owed(owing, pact_round).filter(owed__isnull=False).exclude(KEPT[KeepsOn(pact_round.keeps_on)])
    sql, values = moved.order_by().values_list("owed__pk", "unit_id", "post").query.sql_with_params()
    here = "UPDATE records_obligation SET unit_id = moved.unit, post = moved.post"
    anew = "state = %s, reason = '', opened_at = NULL, signature_id = NULL"
    # The drivers count the rows only of what begins with UPDATE.
    those = (
        f"FROM (WITH found (duty, unit, post) AS ({sql}) SELECT * FROM found) AS moved"
        " WHERE records_obligation.id = moved.duty AND records_obligation.state"
    )
    given, excused = list(map(_plain, values)), State.EXCUSED.value
    with connection.cursor() as cursor:
        cursor.execute(f"{here}, {anew} {those} <> %s", [State.ISSUED.value, *given, excused])
        renewed = cursor.rowcount
        cursor.execute(f"{here} {those} = %s", [*given, excused])  # an excuse goes with its person
    return renewed


@transaction.atomic(durable=True)
def excuse(obligation: Obligation, *, reason: str, by: User, now: datetime) -> None:
    """Excuse somebody, with a reason. Raises ReasonMissing, DutySettled once the text in force is signed."""
    if not reason.strip():
        raise ReasonMissing("reason")
    waiting = _waiting(obligation) | Obligation.objects.filter(pk=obligation.pk, state=State.REFUSED)
    if not waiting.update(state=State.EXCUSED, reason=reason.strip()[:500]):
        raise DutySettled(obligation.state)
    _touch(obligation)
    ledger.append("pact.excused", {"obligation": obligation.pk, "by": by.pk}, now=now)


@transaction.atomic(durable=True)
def excuse_many(
    pact_round: PactRound, people: Collection[int], *, reason: str, by: User, now: datetime
) -> tuple[int, int]:
    """Excuse these people from a round with one reason; return how many were, and how many not.

    Left out is who signed the text in force, is excused already, or was never issued it. Raises ReasonMissing,
    NobodySelected.
    """
    if not reason.strip():
        raise ReasonMissing("reason")
    if not people:
        raise NobodySelected()
    waits = Q(state__in=(State.ISSUED, State.OPENED, State.REFUSED))
    old_text = Q(state=State.SIGNED, signature__isnull=False) & ~Q(signature__version=pact_round.text_id)
    chosen, excused = sorted(set(people)), 0
    for start in range(0, len(chosen), 2000):
        some = chosen[start : start + 2000]
        mine = Obligation.objects.filter(waits | old_text, pact_round=pact_round, office=None, person__in=some)
        # Held until the end of the act: a signature that is made in this moment comes before it, or waits and is refused.
        rows = list(mine.select_for_update(of=("self",)).values_list("pk", "unit"))
        Obligation.objects.filter(pk__in=[pk for pk, _unit in rows]).update(
            state=State.EXCUSED, reason=reason.strip()[:500]
        )
        here = Placement.objects.current().filter(person__in=some).values_list("unit", flat=True)
        touches.units([*(unit for _pk, unit in rows), *here], pact_round.pk)
        ledger.append_many("pact.excused", [{"obligation": pk, "by": by.pk} for pk, _unit in rows], now=now)
        excused += len(rows)
    return excused, len(chosen) - excused


@transaction.atomic(durable=True)
def end_excuse(obligation: Obligation, *, by: User, now: datetime) -> None:
    """Let an excused person owe it again. Raises DutySettled if not excused."""
    if not Obligation.objects.filter(pk=obligation.pk, state=State.EXCUSED).update(state=State.ISSUED, reason=""):
        raise DutySettled(obligation.state)
    _touch(obligation)
    ledger.append("pact.excuse_ended", {"obligation": obligation.pk, "by": by.pk}, now=now)


def _touch(obligation: Obligation) -> None:
    """Mark where an obligation is counted: in the place where its person stands today."""
    here = Placement.objects.current().filter(person=obligation.person_id).values_list("unit", flat=True)
    touches.units([obligation.unit_id, *here], obligation.pact_round_id)


def _waiting(obligation: Obligation) -> QuerySet[Obligation]:
    """Return an obligation as a row to be claimed by its old state, while it waits for a signature.

    It waits where nothing was done, and where what was signed is a text that is no longer in force. The signature is
    named as it was read: a signature that is made in this moment wins.
    """
    row = Obligation.objects.select_related("pact_round", "signature").get(pk=obligation.pk)
    states = [State.ISSUED, State.OPENED]
    if row.signature and row.signature.version_id != row.pact_round.text_id:
        states.append(State.SIGNED)
    return Obligation.objects.filter(pk=row.pk, signature=row.signature_id, state__in=states)


# --- signing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """What somebody is shown to sign, and what must still be so when the signature is written."""

    pk: int
    round: int
    agency_name: str
    due_on: date | None
    text: PactVersion
    signer: str
    unit_name: str
    state: State
    round_state: str
    person: int
    zone: timezone
    _row: Any
    holding: tuple[int | None, datetime] | None = (
        None  # of an office: the row by which it is held, and when that was asked
    )

    def venue(self, today: Callable[[], date]) -> tuple[int, str] | None:
        """Return key and title of the activity at which this is signed now: the signer is checked in and it is open.

        One that is opened again on a later day, to be recorded from a list, is no place any more. `today` is asked only
        where there is one at all.
        """
        if (key := self._row.venue) is None or (place := _VENUE.first(activity=key)) is None:
            return None
        return (key, place.title) if gatherings.takes_phones(Activity.State.OPEN, place.on, today()) else None

    @property
    def signed(self) -> bool:
        """Say whether a signature under the text in force stands."""
        return self._row.signature_version_id == self.text.pk

    @property
    def signed_before(self) -> int | None:
        """Return the number of the older version that was signed, where the text changed since."""
        old = self._row.signature_version_id
        return _number(old) if old and not self.signed else None

    @property
    def unopened(self) -> bool:
        """Say whether it was never opened before."""
        return self._row.state == State.ISSUED

    @property
    def signable(self) -> bool:
        """Say whether it can be signed now."""
        return self.round_state == RoundState.ISSUED and self.state in SIGNABLE


def _sheets(duty: int) -> QuerySet[Obligation]:
    here = FilteredRelation("person__placements", condition=Q(person__placements__until_on=None))
    # Found by the obligation: in the first minute of a rush PostgreSQL still takes the table for an empty one, and would go by
    # the version, through all that was signed so far.
    of_text = F("version") + 0
    earlier = (
        Signature.objects.order_by()
        .annotate(of_text=of_text)
        .filter(obligation=OuterRef("pk"), of_text=OuterRef("pact_round__text"))
    )
    there = Attendance.objects.filter(
        person=OuterRef("person"), struck_at=None, activity__state=Activity.State.OPEN,
        activity__pact_round=OuterRef("pact_round"),
    ).order_by("-activity__on", "-pk")  # fmt: skip
    return (
        Obligation.objects.filter(pk=duty)
        .annotate(
            here=here,
            attempt=Subquery(earlier.values("obligation").annotate(n=Count("pk")).values("n")),
            venue=Subquery(there.values("activity")[:1]),
        )
        .values_list(
            "state", "person_id", "unit_id", "post", "unit__agency_id", "unit__agency__region_id", "unit__name",
            "pact_round_id", "pact_round__state", "pact_round__keeps_on", "pact_round__due_on", "pact_round__text_id",
            "pact_round__text__digest",
            "pact_round__agency__name", "person__front_title", "person__name", "person__back_title", "signature_id",
            "signature__version_id", "here__pk", "here__status", "here__unit_id", "here__post", "here__unit__agency_id",
            "attempt", "office_id", "venue",
        )
    )  # fmt: skip


_SHEET = KeptQuery(_sheets, "duty")
_VENUE = KeptQuery(lambda activity: Activity.objects.filter(pk=activity).values_list("title", "on"), "activity")


@lru_cache(maxsize=256)
def _text(version: int, digest: str) -> PactVersion:
    """Return a published text. It never changes, so it is read once a process."""
    return PactVersion.objects.get(pk=version, digest=digest)


@lru_cache(maxsize=256)
def _number(version: int) -> int:
    """Return the number of a published text; it never changes either."""
    return PactVersion.objects.values_list("number", flat=True).get(pk=version)


def sheet(obligation_id: int, *, user: User) -> Sheet:
    """Return what one's own obligation shows now. Raises NotTheSigner for anybody else's, and for one without a text."""
    row = _SHEET.first(duty=obligation_id)
    if row is None or user.person_id is None or row.person_id != user.person_id or row.pact_round_text_id is None:
        raise NotTheSigner()
    return _sheet_of(obligation_id, row)


def sheet_of(obligation_id: int) -> Sheet:
    """Return what an obligation shows now, whoever asks. Raises NotTheSigner for one that is not there or has no text."""
    row = _SHEET.first(duty=obligation_id)
    if row is None or row.pact_round_text_id is None:
        raise NotTheSigner()
    return _sheet_of(obligation_id, row)


def _sheet_of(obligation_id: int, row: Any) -> Sheet:
    if row.office_id is not None:
        return _sheet_of_holder(obligation_id, row)
    same_place = {
        KeepsOn.SAME_AGENCY: row.here_unit_agency_id == row.unit_agency_id,
        KeepsOn.SAME_POST: (row.here_unit_id, row.here_post) == (row.unit_id, row.post),
        KeepsOn.SAME_UNIT: row.here_unit_id == row.unit_id,
    }[KeepsOn(row.pact_round_keeps_on)]
    return Sheet(
        pk=obligation_id,
        round=row.pact_round_id,
        agency_name=row.pact_round_agency_name,
        due_on=row.pact_round_due_on,
        text=_text(row.pact_round_text_id, row.pact_round_text_digest),
        signer=full_name(row.person_front_title, row.person_name, row.person_back_title),
        unit_name=row.unit_name,
        state=pacts.state_of(State(row.state), status=row.here_status, same_place=same_place),
        round_state=row.pact_round_state,
        person=row.person_id,
        zone=zone_of(row.unit_agency_region_id or "31"),
        _row=row,
    )


def _sheet_of_holder(obligation_id: int, row: Any) -> Sheet:
    """Return what somebody is shown who owes it as holder of an office: it stands as long as he holds it."""
    zone = zone_of(row.unit_agency_region_id or "31")
    at = clock.instant(zone)
    holding = (
        Holding.objects.at(at)
        .filter(office=row.office_id, person=row.person_id)
        .values_list("pk", "office__title", "capacity")
        .first()
    )
    key, title, capacity = holding or (None, row.unit_name, "")
    return Sheet(
        pk=obligation_id,
        round=row.pact_round_id,
        agency_name=row.pact_round_agency_name,
        due_on=row.pact_round_due_on,
        text=_text(row.pact_round_text_id, row.pact_round_text_digest),
        signer=full_name(row.person_front_title, row.person_name, row.person_back_title),
        unit_name=pacts.post_of_holder(title, capacity),
        state=pacts.state_of_holder(State(row.state), holds=key is not None),
        round_state=row.pact_round_state,
        person=row.person_id,
        zone=zone,
        _row=row,
        holding=(key, at),
    )


def opened(obligation_id: int, *, now: datetime) -> None:
    """Remember that the text was opened, if it was not yet. It may be lost; a signature never is."""
    commits.gather_soon(_write_opened, (obligation_id, now))


def _write_opened(openings: Sequence[tuple[int, datetime]]) -> list[None]:
    rows = [(duty, _stored(now)) for duty, now in openings]
    opening, values = masses.given("opening", {"duty": "bigint", "at": "timestamptz"}, rows)
    change(
        f"UPDATE records_obligation SET state = %s, opened_at = opening.at FROM {opening}"
        " WHERE records_obligation.id = opening.duty AND records_obligation.state = %s",
        [State.OPENED.value, *values, State.ISSUED.value],
    )
    touches.obligations([duty for duty, _ in openings])
    return [None] * len(openings)


@dataclass(frozen=True)
class _Signing:
    """A signature that is ready to be written, if nothing moved in between.

    `values` are those of the signature's columns after its key, `stored` the same as the database takes them. `claim` is
    by what the obligation is claimed (see _CLAIMED_BY): with `of_holder` an office must still be held, else a placement
    be the same.
    """

    values: tuple[Any, ...]
    stored: tuple[Any, ...]
    entry: ledger.Prepared
    claim: tuple[Any, ...]
    of_holder: bool
    touched: tuple[int, int]

    def signature(self, key: int) -> Signature:
        """Return what was written under this key."""
        return Signature(key, *self.values)


def sign(
    obligation_id: int, *, user: User, shown_digest: str, grade: Grade, now: datetime, today: date | None = None
) -> Signature:
    """Sign, once, exactly the text shown, as oneself, on the programme's day. Durable when it returns.

    Raises NotTheSigner, PactNotOpen (closed, excused, moved, away from the roster), PactTextChanged, PactAlreadySigned.
    """
    for _ in range(_MOST_TRIES):
        ready = _prepare(sheet(obligation_id, user=user), shown_digest, grade, today, now)
        if key := commits.gather(_write_signatures, ready):
            return ready.signature(key)
        # Something moved between reading and writing: what it was is told by reading again.
    raise PactAlreadySigned(obligation_id)


def add_signature(
    obligation_id: int, *, user: User, shown_digest: str, grade: Grade, now: datetime, today: date | None = None
) -> Signature:
    """Sign inside the caller's transaction (see sign)."""
    ready = _prepare(sheet(obligation_id, user=user), shown_digest, grade, today, now)
    key = _write_signatures([ready])[0]
    if key is None:
        raise PactAlreadySigned(obligation_id)
    return ready.signature(key)


@dataclass(frozen=True)
class Signer:
    """Somebody who signs what he owes, by which route and on which of the programme's days."""

    obligation: int
    user: User
    grade: Grade
    today: date


def add_signatures(signers: Sequence[Signer], *, shown_digest: str, now: datetime) -> list[Signature]:
    """Let many sign the text shown, each as himself, inside the caller's transaction (see sign): all of them, or nobody."""
    ready = [
        _prepare(sheet(each.obligation, user=each.user), shown_digest, each.grade, each.today, now) for each in signers
    ]
    made = []
    for each, signature in zip(signers, _write_signatures(ready), strict=True):
        if signature is None:
            raise PactAlreadySigned(each.obligation)
        made.append(signature)
    return made


def add_ink_signature(
    obligation_id: int,
    *,
    digest: str,
    signed_on: date,
    activity: int | None,
    evidence: Mapping[str, Any],
    now: datetime,
) -> Signature:
    """Write what somebody signed in ink, inside the caller's transaction: his hand is on paper, not on a page.

    `digest` is that of the text on his sheet; `evidence` goes into the log entry: which picture, and who confirmed it.
    Raises NotTheSigner where there is no such obligation, PactNotOpen, PactTextChanged, PactAlreadySigned.
    """
    ready = _prepare(sheet_of(obligation_id), digest, Grade.PAPER, signed_on, now, activity, evidence)
    key = _write_signatures([ready])[0]
    if key is None:
        raise PactAlreadySigned(obligation_id)
    return ready.signature(key)


def _prepare(
    shown: Sheet,
    shown_digest: str,
    grade: Grade,
    today: date | None,
    now: datetime,
    activity: int | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> _Signing:
    if shown.signed:
        raise PactAlreadySigned(shown.pk)
    if shown.round_state != RoundState.ISSUED:
        raise PactNotOpen(shown.round_state)
    if not shown.signable:
        raise PactNotOpen(shown.state.value)
    if shown.text.digest != shown_digest:
        raise PactTextChanged(shown.pk)
    day = today or clock.today(shown.zone)
    if grade is not Grade.PAPER and (venue := shown.venue(lambda: day)):
        activity = venue[0]
    data = {
        "obligation": shown.pk,
        "round": shown.round,
        "text_digest": shown.text.digest,
        "grade": grade.value,
        "on": day.isoformat(),
    }
    if activity is not None:
        data["activity"] = activity
    if evidence:
        data |= evidence
    entry = ledger.prepare("pact.signed", data, now=now)
    return _signing(shown, entry, grade=grade, day=day, now=now, activity=activity)


def _signing(
    shown: Sheet, entry: ledger.Prepared, *, grade: Grade, day: date, now: datetime, activity: int | None
) -> _Signing:
    row, old = shown._row, shown._row.signature_id or 0
    # An opening in this moment is no change that matters.
    states = (State.ISSUED.value, State.OPENED.value) if row.state in (State.ISSUED, State.OPENED) else (row.state,) * 2
    if shown.holding is None:
        unit, post = row.here_unit_id, row.here_post
        place: tuple[Any, ...] = (row.here_pk, unit, post, row.here_status)
    else:
        unit, post = row.unit_id, shown.unit_name
        holding, asked_at = shown.holding
        place = (holding, row.person_id, _stored(asked_at))
    named = {
        "obligation_id": shown.pk, "version_id": shown.text.pk, "attempt": row.attempt or 0, "person_id": row.person_id,
        "unit_id": unit, "post": post, "name": shown.signer, "text_digest": shown.text.digest, "grade": grade.value,
        "signed_at": now, "signed_on": day, "code": codes.new_code(codes.CERTIFICATE_SIGNS), "activity_id": activity,
        "entry_id": entry.key,
    }  # fmt: skip
    values = tuple([named[name] for name in _COLUMNS[1:]])
    return _Signing(
        values=values,
        stored=tuple(map(_stored, values)),
        entry=entry,
        claim=(shown.pk, *states, old, shown.text.pk, *place),
        of_holder=shown.holding is not None,
        touched=(unit, shown.round),
    )


_COLUMNS = [field.attname for field in Signature._meta.concrete_fields]
# A row is claimed by what it was: of two tabs, phones or workers only one can win, and only while round, text and
# placement (or the office) are still those that were shown.
_CLAIMED_BY = {
    "key": "bigint", "duty": "bigint", "state": "text", "or_state": "text", "signature": "bigint", "text": "bigint",
}  # fmt: skip
_PLACE = {"place": "bigint", "unit": "bigint", "post": "text", "status": "text"}
_OFFICE = {"place": "bigint", "person": "bigint", "at": "timestamptz"}
_CLAIM = (
    "UPDATE records_obligation AS o SET state = %s, signature_id = shown.key, reason = ''"
    " FROM {shown} JOIN records_pactround AS r ON r.text_id = shown.text JOIN {place}"
    " WHERE o.id = shown.duty AND o.state IN (shown.state, shown.or_state)"
    " AND COALESCE(o.signature_id, 0) = shown.signature AND r.id = o.pact_round_id AND r.state = %s"
    " RETURNING signature_id"
)
_STANDS = (
    "records_placement AS p ON p.id = shown.place AND p.until_on IS NULL AND p.unit_id = shown.unit"
    " AND p.post = shown.post AND p.status = shown.status"
)
_HOLDS = (
    "records_holding AS h ON h.id = shown.place AND h.person_id = shown.person"
    " AND (h.until_at IS NULL OR h.until_at > shown.at)"
)


def _write_signatures(signings: Sequence[_Signing]) -> list[int | None]:
    """Write signatures inside the caller's transaction and return their keys; None where what was shown no longer held."""
    keyed = list(zip(masses.next_keys(Signature, len(signings)), signings, strict=True))
    claimed = _claim([each for each in keyed if not each[1].of_holder], _PLACE, _STANDS)
    claimed |= _claim([each for each in keyed if each[1].of_holder], _OFFICE, _HOLDS)
    won = [(key, each) for key, each in keyed if key in claimed]
    if won:
        ledger.write([each.entry for _, each in won])
        columns = zip(*((key, *each.stored) for key, each in won), strict=True)
        masses.insert(Signature, dict(zip(_COLUMNS, columns, strict=True)))
        touches.signed(each.touched for _, each in won)
    return [key if key in claimed else None for key, _ in keyed]


def _claim(keyed: Sequence[tuple[int, _Signing]], place: dict[str, str], holds: str) -> set[int]:
    """Claim obligations for the signatures that these keys will have; return the keys that won."""
    if not keyed:
        return set()
    shown, values = masses.given("shown", _CLAIMED_BY | place, [(key, *each.claim) for key, each in keyed])
    sql = _CLAIM.format(shown=shown, place=holds)
    return {key for (key,) in fetch(sql, [State.SIGNED.value, *values, RoundState.ISSUED.value])}


def _stored(value: Any) -> Any:
    """Return a value as the database stores it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


Held = frozenset[tuple[int, int | None]]


def held_now(duties: Iterable[Obligation]) -> Held:
    """Return (office, person) for the offices that obligations are owed with, as they are held at this minute."""
    offices = {duty.office_id for duty in duties if duty.office_id}
    if not offices:
        return frozenset()
    return frozenset(Holding.objects.at(clock.instant()).filter(office__in=offices).values_list("office", "person"))


def struck(signatures: Iterable[Signature]) -> frozenset[int]:
    """Return the keys of those signed at an activity by people whose attendance was struck: they signed, but not there."""
    keys = [each.pk for each in signatures if each.activity_id]
    return (
        frozenset(Signature.objects.filter(pk__in=keys).struck().values_list("pk", flat=True)) if keys else frozenset()
    )


def witnesses_after(signatures: Iterable[Signature]) -> dict[int, list[Witness]]:
    """Return who of the witnesses of its activity signed after each signature, by its key; asked once for all. Nobody saw who
    was struck from the list of those present.

    What was signed in ink has no hour. A witness saw it where, when he signed, the sheet was printed and its owner stood on
    the list of those present: on the day of the activity, in its room, before him; however late it is reconciled.
    """
    there = [each for each in signatures if each.activity_id]
    if not there:
        return {}
    gone = struck(there)
    there = [each for each in there if each.pk not in gone]
    found: dict[int, list[Witness]] = {}
    activities = {each.activity_id for each in there}
    signed = Witness.objects.filter(guest__activity__in=activities, signed_at__isnull=False)
    for witness in signed.select_related("guest").order_by("signed_at", "pk"):
        found.setdefault(witness.guest.activity_id, []).append(witness)
    since = _in_the_room_since([each for each in there if each.grade == Grade.PAPER and each.activity_id in found])
    after = {
        each.pk: [
            witness
            for witness in found.get(each.activity_id, ())
            if witness.signed_at >= min(each.signed_at, since.get(each.pk, each.signed_at))
        ]
        for each in there
    }
    return {key: some for key, some in after.items() if some}


def _in_the_room_since(in_ink: Sequence[Signature]) -> dict[int, datetime]:
    """Return from when on both sheet and owner were at the activity, as the records have it, by the key of the signature."""
    if not in_ink:
        return {}
    scans = PaperScan.objects.filter(signature__in=[each.pk for each in in_ink], sheet__isnull=False)
    printed = dict(scans.values_list("signature", "sheet__printed_at"))
    standing = Attendance.objects.filter(
        activity__in={each.activity_id for each in in_ink}, person__in={each.person_id for each in in_ink},
        struck_at=None,
    )  # fmt: skip
    came = {(activity, person): at for activity, person, at in standing.values_list("activity", "person", "at")}
    return {
        each.pk: max(printed[each.pk], came[each.activity_id, each.person_id])
        for each in in_ink
        if each.pk in printed and (each.activity_id, each.person_id) in came
    }


def state_of(
    duty: Obligation, placement: Placement | None, held: Held = frozenset(), seen: frozenset[int] = frozenset()
) -> State:
    """Return the state to show for an obligation, given the person's placement now, or the office he owes it with.

    `held` is what `held_now` returned for a list of obligations; `seen` are the signatures that were witnessed.
    """
    saw = duty.signature_id in seen
    if duty.office_id:
        holds = (duty.office_id, duty.person_id) in held
        return pacts.state_of_holder(State(duty.state), holds=holds, witnessed=saw)
    if placement is None:
        return State.RETIRED
    same_place = _keeps(duty, placement)
    return pacts.state_of(State(duty.state), status=placement.status, same_place=same_place, witnessed=saw)


def _keeps(duty: Obligation, placement: Placement) -> bool:
    keeps_on = duty.pact_round.keeps_on
    if keeps_on == KeepsOn.SAME_AGENCY:
        return placement.unit.agency_id == duty.unit.agency_id
    if keeps_on == KeepsOn.SAME_POST:
        return placement.unit_id == duty.unit_id and placement.post == duty.post
    return placement.unit_id == duty.unit_id


@transaction.atomic(durable=True)
def refuse(obligation: Obligation, *, user: User, reason: str, now: datetime) -> None:
    """Refuse to sign, as oneself and with a reason; it can be signed later all the same.

    Raises NotTheSigner, ReasonMissing, PactNotOpen.
    """
    if user.person_id is None or obligation.person_id != user.person_id:
        raise NotTheSigner()
    if not reason.strip():
        raise ReasonMissing("reason")
    is_open = PactRound.objects.filter(pk=obligation.pact_round_id, state=RoundState.ISSUED).exists()
    if not is_open or not _waiting(obligation).update(state=State.REFUSED, reason=reason.strip()[:500]):
        raise PactNotOpen(obligation.state)
    _touch(obligation)
    ledger.append("pact.refused", {"obligation": obligation.pk}, now=now)


@transaction.atomic(durable=True)
def contest(signature: Signature, *, user: User, reason: str, now: datetime) -> None:
    """Say of a signature in one's own name that one did not make it. It counts no more, and can be signed anew.

    Raises NotTheSigner, ReasonMissing, SignatureAlreadyContested.
    """
    if user.person_id is None or signature.person_id != user.person_id:
        raise NotTheSigner()
    if not reason.strip():
        raise ReasonMissing("reason")
    if SignatureContest.objects.filter(signature=signature).exists():
        raise SignatureAlreadyContested()
    SignatureContest.objects.create(signature=signature, reason=reason.strip()[:500], at=now)
    Obligation.objects.filter(pk=signature.obligation_id, signature=signature).update(
        state=State.ISSUED, signature=None, opened_at=None
    )
    _touch(signature.obligation)
    ledger.append("pact.contested", {"obligation": signature.obligation_id, "signature": signature.pk}, now=now)


def contested(person: Person, agencies: Collection[int]) -> QuerySet[SignatureContest]:
    """Return what somebody contested of the signatures made in his name in these agencies, the latest first."""
    return (
        SignatureContest.objects.filter(signature__person=person, signature__unit__agency__in=agencies)
        .select_related("signature__version__pact_round")
        .order_by("-at", "-pk")
    )


def stands(signature: Signature) -> bool:
    """Say whether a signature counts today: text in force, placement kept, not contested, still on the roster."""
    placement = Placement.objects.current().select_related("unit").filter(person=signature.person_id).first()
    duty = signature.obligation
    return duty.signature_id == signature.pk and _counts(duty, signature, placement, held_now([duty]))


def _counts(duty: Obligation, signature: Signature, placement: Placement | None, held: Held) -> bool:
    in_place = _in_place(duty, placement, held)
    return pacts.is_valid(
        signed_digest=signature.text_digest,
        digest_in_force=duty.pact_round.text.digest,
        same_place=in_place,
        contested=SignatureContest.objects.filter(signature=signature).exists(),
        on_roster=in_place,
    )


def altered(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return which texts and signatures somebody wrote over in the database: whose text is not the one that its digest
    names, or who do not say what their entry in the log says, as far as its payload is kept.
    """
    found = [f"text {version.pk}" for version in PactVersion.objects.using(using).iterator() if not _is_whole(version)]
    rows = Signature.objects.using(using).order_by().values_list(
        "pk", "person", "obligation__person", "version__digest", "entry__payload__payload",
        "obligation", "text_digest", "grade", "signed_on",
    )  # fmt: skip
    for key, person, owing, digest, payload, *said in rows.iterator(chunk_size=5000):
        told = dict(zip(("obligation", "text_digest", "grade", "on"), said, strict=True))
        told["on"] = told["on"].isoformat()
        if person != owing or told["text_digest"] != digest or not _agrees(payload, told):
            found.append(f"signature {key}")
    return found


def _is_whole(version: PactVersion) -> bool:
    try:
        return version.as_text.digest() == version.digest
    except (DomainError, TypeError, AttributeError):
        return False


def _agrees(payload: bytes | None, told: Mapping[str, Any]) -> bool:
    """Say whether an entry of the log says the same, where it says anything about it."""
    if payload is None:
        return True
    try:
        data = json.loads(bytes(payload))["data"]
        return all(data.get(name, value) == value for name, value in told.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


# --- who is missing -------------------------------------------------------------------------------------------------


def missing(pact_round: PactRound, unit: WorkUnit, day: date) -> QuerySet[Placement]:
    """Placements of a unit whose holders owe a signature now and have no valid one."""
    duties = Obligation.objects.filter(pact_round=pact_round, office=None)
    done = duties.filter(signature__version=pact_round.text_id, signature__signed_on__lte=day)
    here = {
        KeepsOn.SAME_AGENCY: Q(unit__agency=F("person__obligations__unit__agency")),
        KeepsOn.SAME_POST: Q(unit=F("person__obligations__unit"), post=F("person__obligations__post")),
        KeepsOn.SAME_UNIT: Q(unit=F("person__obligations__unit")),
    }[KeepsOn(pact_round.keeps_on)]
    settled = Placement.objects.filter(
        here, person__obligations__in=duties.filter(Q(pk__in=done.values("pk")) | Q(state=State.EXCUSED))
    )
    return (
        owing_on(pact_round, day)
        .of_unit(unit)
        .exclude(status__in=AWAY)
        .exclude(pk__in=settled.values("pk"))
        .select_related("person", "unit")
        .order_by("unit__position", "person__name")
    )


@dataclass(frozen=True)
class Reminding:
    """Who was reached by one reminder, and how many of the missing were left out, for which reason."""

    people: int
    too_soon: int = 0
    used_up: int = 0
    superiors: int = 0


@transaction.atomic(durable=True)
def remind(
    pact_round: PactRound,
    unit: WorkUnit,
    *,
    link: str,
    list_link: Callable[[int], str] | None = None,
    only: Collection[int] | None = None,
    today: date,
    by: User,
    now: datetime,
) -> Reminding:
    """Message those of a unit who are missing, and only them. Capped for each person: a pause between two, and a most.

    Who was reminded within the pause, or as often as anybody may be, is left out and counted; the others are reached.
    Of those on whom as many reminders as the round says had no effect, the head of their unit is told (see _escalate);
    `list_link` gives the address of a unit's list to him. `only`: these people alone, as far as they are missing.
    Raises PactNotOpen, NobodySelected; ReminderTooSoon and RemindersUsedUp only where nobody is left.
    """
    PactRound.objects.select_for_update(no_key=True).get(
        pk=pact_round.pk
    )  # of two clicks the second finds what the first sent
    if pact_round.state != RoundState.ISSUED:
        raise PactNotOpen(pact_round.state)
    missed = missing(pact_round, unit, today).order_by()
    if only is not None:
        missed = missed.filter(person__in=only)
        if not missed.exists():
            raise NobodySelected()
    reached = Reminded.objects.filter(reminder__pact_round=pact_round, person__in=missed.values("person"))
    recent = reached.filter(reminder__on__gt=today - REMINDER_PAUSE)
    often = reached.values("person").annotate(times=Count("pk")).filter(times__gte=MOST_REMINDERS)
    people = list(
        missed.exclude(person__in=recent.values("person"))
        .exclude(person__in=often.values("person"))
        .values_list("person", flat=True)
    )
    used_up = often.count()
    too_soon = missed.count() - len(people) - used_up
    superiors = _escalate(pact_round, unit, missed, list_link, today=today, by=by, now=now)
    if not people and superiors:
        return Reminding(0, too_soon, used_up, superiors)
    if not people and too_soon:
        last = recent.exclude(person__in=often.values("person")).values("person").annotate(on=Max("reminder__on"))
        raise ReminderTooSoon(min(each["on"] for each in last) + REMINDER_PAUSE)
    if not people and used_up:
        raise RemindersUsedUp()
    notices.tell(people, "pact_missing", {"round": pact_round.pk, "title": pact_round.title}, link=link, now=now)
    reminder = Reminder.objects.create(pact_round=pact_round, unit=unit, on=today, people=len(people), by=by)
    Reminded.objects.bulk_create((Reminded(reminder=reminder, person_id=each) for each in people), batch_size=2000)
    ledger.append(
        "pact.reminded",
        {"round": pact_round.pk, "unit": unit.pk, "people": len(people), "by": by.pk},
        now=now,
        zone=pact_round.agency.zone,
    )
    return Reminding(len(people), too_soon, used_up, superiors)


_NAMED_TO_SUPERIOR = 10


def _escalate(
    pact_round: PactRound,
    unit: WorkUnit,
    missed: QuerySet[Placement],
    list_link: Callable[[int], str] | None,
    *,
    today: date,
    by: User,
    now: datetime,
) -> int:
    """Tell the heads of those whom reminders do not move: once a round and day, of their own unit alone; return how many.

    It is no reminder, so it cannot remind anybody of itself: a head who is missing too is told of his people, and his own
    head of him; nobody is told of himself. A head is told on as many days as anybody is reminded, not more.
    """
    if not pact_round.escalate_after:
        return 0
    # What came within the pause could have no effect yet.
    earlier = Reminded.objects.filter(reminder__pact_round=pact_round, reminder__on__lte=today - REMINDER_PAUSE)
    stubborn = earlier.values("person").annotate(times=Count("pk")).filter(times__gte=pact_round.escalate_after)
    late = missed.filter(person__in=stubborn.values("person")).order_by("unit__position", "person__name")
    standing = {row.person_id: row for row in late.select_related("person")}
    if not standing:
        return 0
    over = units.heads_over(unit.agency, {key: (row.unit_id, row.superior_id) for key, row in standing.items()}, today)
    told_before = pact_round.escalations.values("person").annotate(days=Count("pk"), last=Max("on"))
    settled = {row["person"] for row in told_before if row["last"] >= today or row["days"] >= MOST_REMINDERS}
    of_head: dict[tuple[int, int], list[str]] = {}
    for key, row in standing.items():
        if key in over and over[key][0] not in settled:
            of_head.setdefault(over[key], []).append(row.person.full_name)
    # A head of two units hears of the larger one first, and of the other on another day.
    chosen = {head: (place, names) for (head, place), names in sorted(of_head.items(), key=lambda each: len(each[1]))}
    places = dict(WorkUnit.objects.filter(pk__in=[place for place, _ in chosen.values()]).values_list("pk", "name"))
    for head, (place, names) in chosen.items():
        some = ", ".join(names[:_NAMED_TO_SUPERIOR])
        said = {
            "round": pact_round.pk, "title": pact_round.title, "unit": places[place], "people": len(names),
            "names": f"{some}, …" if len(names) > _NAMED_TO_SUPERIOR else some,
        }  # fmt: skip
        notices.tell([head], "pact_escalated", said, link=list_link(place) if list_link else "", now=now)
    Escalation.objects.bulk_create(
        Escalation(pact_round=pact_round, person_id=head, unit_id=place, on=today, people=len(names))
        for head, (place, names) in chosen.items()
    )
    if chosen:
        ledger.append(
            "pact.escalated",
            {"round": pact_round.pk, "unit": unit.pk, "superiors": len(chosen), "on": today.isoformat(), "by": by.pk},
            now=now,
            zone=pact_round.agency.zone,
        )
    return len(chosen)


def counting(signatures: Sequence[Signature]) -> list[Signature]:
    """Return those of the signatures that count today (see stands), with their places asked once for all."""
    placements = {
        placement.person_id: placement
        for placement in Placement.objects.current()
        .select_related("unit")
        .filter(person__in=[signature.person_id for signature in signatures])
    }
    contested = set(SignatureContest.objects.filter(signature__in=signatures).values_list("signature", flat=True))
    held = held_now(signature.obligation for signature in signatures)
    return [
        signature
        for signature in signatures
        if signature.pk not in contested
        and signature.obligation.signature_id == signature.pk
        and signature.version_id == signature.obligation.pact_round.text_id
        and _in_place(signature.obligation, placements.get(signature.person_id), held)
    ]


def _in_place(duty: Obligation, placement: Placement | None, held: Held) -> bool:
    """Say whether somebody still is where, or holds what, a signature was made for."""
    if duty.office_id:
        return (duty.office_id, duty.person_id) in held
    return placement is not None and placement.status not in GONE and _keeps(duty, placement)


def of_person(person: Person | int) -> list[tuple[Obligation, State, bool]]:
    """Return what a person owes or owed: each obligation with the state to show and whether a valid signature stands."""
    key = person if isinstance(person, int) else person.pk
    placement = Placement.objects.current().select_related("unit").filter(person=key).first()
    duties = list(
        Obligation.objects.filter(person=key)
        .exclude(pact_round__state=RoundState.DRAFT)
        .select_related("pact_round__text", "pact_round__agency", "unit", "office", "signature__version")
        .order_by("-pk")
    )
    held = held_now(duties)
    seen = frozenset(witnesses_after(duty.signature for duty in duties if duty.signature))
    return [
        (
            duty,
            state_of(duty, placement, held, seen),
            duty.signature is not None and _counts(duty, duty.signature, placement, held),
        )
        for duty in duties
    ]
