"""Ceremonies: pacts of office-holders, pact witnesses from outside with their statements, the record, a shared device.

Who was there stands in services.attendance; what was signed in ink comes in by services.sheets.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from ikrar.domain import codes, gatherings, pacts, witnesses
from ikrar.domain.days import in_words, local_day
from ikrar.domain.errors import (
    CeremonyNotOpen,
    CeremonyWithoutPact,
    DomainError,
    HolderOnRoster,
    NameMissing,
    NobodySignedYet,
    NoOfficeChosen,
    NothingToPrint,
    OfficeOutOfReach,
    OfficeWithoutHolder,
    OwnDeviceNeeded,
    PactNotOpen,
    RemindersUsedUp,
    ReminderTooSoon,
    SignInRefused,
    StatementChanged,
    WitnessAlreadySigned,
    WitnessCodeRefused,
    WitnessNameDiffers,
    WitnessNotArrived,
)
from ikrar.domain.gatherings import Step
from ikrar.domain.pacts import KeepsOn, PactText, State
from ikrar.domain.witnesses import Statement
from ikrar.gateways import pdf
from ikrar.gateways.pdf import RecordPaper, StatementPaper, WitnessSlipPaper
from ikrar.records.models import (
    Activity,
    Agency,
    Attendance,
    Guest,
    Holding,
    Obligation,
    Office,
    PactRound,
    PaperSheet,
    Placement,
    Reminded,
    Reminder,
    Signature,
    User,
    Witness,
    WorkUnit,
)
from ikrar.services import accounts, certificates, clock, ledger, notices
from ikrar.services import offices as holdings
from ikrar.services import pacts as signing
from ikrar.services.pacts import MOST_REMINDERS, REMINDER_PAUSE, Reminding, RoundState

# A witness's code outlives its activity so long: time to fetch his own statement.
CODE_OUTLIVES = timedelta(days=1)
_CODE = "witness-code"
# A record of more names than these counts them by unit: the names are in the bundle of certificates.
MOST_NAMES = 3_000


# --- pacts of office-holders -------------------------------------------------------------------------------------


def offices_in_reach(agency: Agency) -> QuerySet[Office]:
    """Return the offices whose holders an agency may ask for a pact: its own, and those of the agencies below it."""
    return (
        Office.objects.filter(Q(agency=agency) | Q(agency__parent=agency))
        .select_related("agency", "unit")
        .order_by("agency__code", "pk")
    )


@transaction.atomic(durable=True)
def create_round(
    *,
    agency: Agency,
    title: str,
    text: PactText,
    offices: Iterable[Office],
    election: str = "",
    legal_basis: str = "",
    due_on: date | None = None,
    by: User | None,
    now: datetime,
) -> PactRound:
    """Make a round for whoever holds these offices, with its first text. It is issued by a second act.

    Raises NoOfficeChosen, OfficeOutOfReach.
    """
    pact_round = PactRound.objects.create(
        agency=agency,
        title=title,
        election=election,
        legal_basis=legal_basis,
        employments=[],
        for_offices=True,
        keeps_on=KeepsOn.SAME_AGENCY,
        due_on=due_on,
        created_at=now,
    )
    ledger.append(
        "pact.round_created",
        {"round": pact_round.pk, "agency": agency.pk, "by": by and by.pk},
        now=now,
        zone=agency.zone,
    )
    signing.add_version(pact_round, text, by=by, now=now)
    _choose(pact_round, offices, by, now)
    return pact_round


@transaction.atomic(durable=True)
def choose_offices(pact_round: PactRound, offices: Iterable[Office], *, by: User, now: datetime) -> None:
    """Say anew whose holders a round asks. One to whom it was issued stays: what was asked is not taken back.

    Raises PactNotOpen, NoOfficeChosen, OfficeOutOfReach.
    """
    if pact_round.state == RoundState.CLOSED:
        raise PactNotOpen(pact_round.state)
    _choose(pact_round, offices, by, now)


def _choose(pact_round: PactRound, offices: Iterable[Office], by: User | None, now: datetime) -> None:
    asked = Obligation.objects.filter(pact_round=pact_round, office__isnull=False).values_list("office", flat=True)
    chosen = {office.pk for office in offices} | set(asked)
    if not chosen:
        raise NoOfficeChosen()
    if offices_in_reach(pact_round.agency).filter(pk__in=chosen).count() < len(chosen):
        raise OfficeOutOfReach()
    pact_round.offices.set(chosen)
    owing = Agency.objects.filter(offices__in=chosen).distinct()
    pact_round.agencies.set([pact_round.agency, *owing])
    ledger.append(
        "pact.offices_chosen",
        {"round": pact_round.pk, "offices": sorted(chosen), "by": by and by.pk},
        now=now,
        zone=pact_round.agency.zone,
    )


@transaction.atomic(durable=True)
def issue(pact_round: PactRound, *, today: date, by: User | None, now: datetime) -> dict[str, int]:
    """Issue a round to whoever holds its offices in this minute; again later, to those who took over since.

    Returns how many were `issued` it, and of how many offices no holder is recorded (`unnamed`). Nobody is invented.
    Raises PactNotOpen.
    """
    # Of two who issue at once the second finds whom the first reached.
    pact_round.refresh_from_db(from_queryset=PactRound.objects.select_for_update(no_key=True))
    if pact_round.state == RoundState.CLOSED or pact_round.text_id is None or not pact_round.for_offices:
        raise PactNotOpen(pact_round.state)
    offices = list(pact_round.offices.select_related("agency"))
    held = holdings.holders(offices, clock.instant(pact_round.agency.zone, at=now))
    named = {key: each for key, each in held.items() if each.person_id}
    asked = set(Obligation.objects.filter(pact_round=pact_round).values_list("office", "person"))
    roots = dict(
        WorkUnit.objects.filter(agency__in={office.agency_id for office in offices}, parent=None).values_list(
            "agency", "pk"
        )
    )
    fresh = [
        office for office in offices if office.pk in named and (office.pk, named[office.pk].person_id) not in asked
    ]
    Obligation.objects.bulk_create(
        Obligation(
            pact_round=pact_round,
            person_id=named[office.pk].person_id,
            office=office,
            unit_id=office.unit_id or roots[office.agency_id],
            post=office.title,
            issued_at=now,
        )
        for office in fresh
    )
    PactRound.objects.filter(pk=pact_round.pk).update(state=RoundState.ISSUED)
    PactRound.objects.filter(pk=pact_round.pk, issued_on=None).update(issued_on=today)
    pact_round.refresh_from_db()
    people = {named[office.pk].person_id for office in fresh}
    notices.tell(sorted(people), "pact_for_office", {"title": pact_round.title}, link="", now=now)
    ledger.append(
        "pact.issued",
        {"round": pact_round.pk, "issued": len(fresh), "on": today.isoformat(), "by": by and by.pk},
        now=now,
        zone=pact_round.agency.zone,
    )
    return {"issued": len(fresh), "unnamed": len(offices) - len(named)}


@dataclass(frozen=True)
class Seat:
    """One office of a round: who holds it now and in which capacity, what he owes, and who signed it before him."""

    office: Office
    holding: Holding | None
    duty: Obligation | None
    state: State | None
    valid: bool
    before: tuple[Signature, ...] = ()

    @property
    def named(self) -> bool:
        """Say whether a holder is recorded by name."""
        return self.holding is not None and self.holding.person_id is not None


@dataclass(frozen=True)
class SeatCounts:
    """Offices of a round, counted: all, with a holder who is recorded, to whom it was issued, signed and in force."""

    offices: int
    named: int
    issued: int
    valid: int


def seats(pact_round: PactRound, agencies: Iterable[int] | None = None) -> list[Seat]:
    """Return every office of a round (of some agencies) as it stands in this minute, by agency."""
    offices = pact_round.offices.select_related("agency", "unit").order_by("agency__code", "pk")
    if agencies is not None:
        offices = offices.filter(agency__in=list(agencies))
    chosen = list(offices)
    held = holdings.holders(chosen, clock.instant(pact_round.agency.zone))
    duties = list(
        Obligation.objects.filter(pact_round=pact_round, office__in=chosen).select_related(
            "pact_round__text", "person", "signature__activity", "signature__version", "unit"
        )
    )
    by_seat = {(duty.office_id, duty.person_id): duty for duty in duties}
    holding_now = frozenset((key, each.person_id) for key, each in held.items())
    signatures = [duty.signature for duty in duties if duty.signature]
    seen = frozenset(signing.witnesses_after(signatures))
    for duty in duties:
        if duty.signature:
            duty.signature.obligation = duty
    counts = {each.pk for each in signing.counting(signatures)}
    found = []
    for office in chosen:
        holding = held.get(office.pk)
        duty = by_seat.get((office.pk, holding.person_id)) if holding and holding.person_id else None
        others = [each for each in duties if each.office_id == office.pk and each is not duty and each.signature]
        found.append(
            Seat(
                office,
                holding,
                duty,
                signing.state_of(duty, None, holding_now, seen) if duty else None,
                valid=duty is not None and duty.signature_id in counts,
                before=tuple(each.signature for each in others),
            )
        )
    return found


def counted(found: Sequence[Seat]) -> SeatCounts:
    """Count the offices of a round."""
    return SeatCounts(
        len(found),
        sum(each.named for each in found),
        sum(each.duty is not None for each in found),
        sum(each.valid for each in found),
    )


@transaction.atomic(durable=True)
def remind(pact_round: PactRound, *, link: str, by: User, now: datetime) -> Reminding:
    """Message the office-holders who were asked and have not signed, and only them; capped as for everybody else.

    Raises PactNotOpen; ReminderTooSoon and RemindersUsedUp only where nobody is left.
    """
    PactRound.objects.select_for_update(no_key=True).get(
        pk=pact_round.pk
    )  # of two clicks the second finds what the first sent
    if pact_round.state != RoundState.ISSUED:
        raise PactNotOpen(pact_round.state)
    waiting = (State.ISSUED, State.OPENED, State.REFUSED, State.SIGNED, State.WITNESSED)
    missed = {
        each.duty.person_id for each in seats(pact_round) if each.duty and not each.valid and each.state in waiting
    }
    today = clock.today(pact_round.agency.zone)
    reached = Reminded.objects.filter(reminder__pact_round=pact_round, person__in=missed)
    recent = dict(
        reached.filter(reminder__on__gt=today - REMINDER_PAUSE).values_list("person").annotate(on=Max("reminder__on"))
    )
    often = {
        person for person, times in reached.values_list("person").annotate(n=Count("pk")) if times >= MOST_REMINDERS
    }
    people = sorted(missed - recent.keys() - often)
    too_soon = len(missed & recent.keys() - often)
    if not people and too_soon:
        raise ReminderTooSoon(min(recent[each] for each in recent.keys() - often) + REMINDER_PAUSE)
    if not people and often:
        raise RemindersUsedUp()
    notices.tell(people, "pact_missing", {"round": pact_round.pk, "title": pact_round.title}, link=link, now=now)
    root = pact_round.agency.units.get(parent=None)
    reminder = Reminder.objects.create(pact_round=pact_round, unit=root, on=today, people=len(people), by=by)
    Reminded.objects.bulk_create(Reminded(reminder=reminder, person_id=each) for each in people)
    ledger.append(
        "pact.reminded",
        {"round": pact_round.pk, "unit": root.pk, "people": len(people), "by": by.pk},
        now=now,
        zone=pact_round.agency.zone,
    )
    return Reminding(len(people), too_soon, len(often))


def holder_slip(office: Office, *, coming: Holding | None = None, by: User, now: datetime) -> bytes:
    """Return a slip with a fresh code for the holder of an office who stands on no roster, or for one who is named for it.

    Raises OfficeWithoutHolder, HolderOnRoster.
    """
    holding = coming or holdings.holder(office, clock.instant(office.agency.zone, at=now))
    if holding is None or holding.person is None:
        raise OfficeWithoutHolder()
    if Placement.objects.current().filter(person=holding.person).exists():
        raise HolderOnRoster()
    slip = accounts.issue_code_to(holding.person, place=office.title, by=by, now=now)
    return certificates.slips([slip], office.agency, now=now)


@transaction.atomic(durable=True)
def receive_holder(activity: Activity, duty: Obligation, *, by: User, now: datetime) -> Attendance:
    """Put an office-holder on the list of those present, whom an officer saw: he need not stand on a roster here.

    A second time changes nothing. Raises CeremonyWithoutPact, ActivityStateWrong, OfficeWithoutHolder where he does not
    hold the office now.
    """
    if duty.office_id is None or duty.pact_round_id != activity.pact_round_id:
        raise CeremonyWithoutPact()
    if (duty.office_id, duty.person_id) not in signing.held_now([duty]):
        raise OfficeWithoutHolder()
    locked = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    gatherings.must(Step.CHECK_IN, locked.state)
    there = Attendance.objects.filter(activity=locked, person=duty.person_id).first()
    if there is not None and there.struck_at is None:
        return there
    entry = ledger.append(
        "activity.attended",
        {"activity": locked.pk, "person": duty.person_id, "unit": duty.unit_id, "office": duty.office_id,
         "way": Attendance.Way.OFFICER.value, "by": by.pk},
        now=now,
        zone=activity.agency.zone,
    )  # fmt: skip
    values = {
        "unit": duty.unit, "way": Attendance.Way.OFFICER, "at": now, "by": by, "entry_id": entry.pk,
        "struck_at": None, "struck_because": "", "struck_by": None,
    }  # fmt: skip
    made, _new = Attendance.objects.update_or_create(activity=locked, person_id=duty.person_id, defaults=values)
    return made


# --- witnesses ---------------------------------------------------------------------------------------------------


def _with_pact(activity: Activity) -> PactRound:
    if activity.pact_round is None or activity.pact_round.text is None:
        raise CeremonyWithoutPact()
    return activity.pact_round


@transaction.atomic(durable=True)
def set_witness(guest: Guest, is_witness: bool, *, by: User | None, now: datetime) -> None:
    """Say that a guest witnesses the pact, or no more: a slip that he has is dead then.

    Raises CeremonyWithoutPact, ActivityStateWrong, WitnessAlreadySigned.
    """
    activity = guest.activity
    if is_witness:
        _with_pact(activity)
    gatherings.must(Step.ADD_GUEST, activity.state)
    if Witness.objects.filter(guest=guest, signed_at__isnull=False).exists():
        raise WitnessAlreadySigned()
    changed = Guest.objects.filter(pk=guest.pk).exclude(is_witness=is_witness).update(is_witness=is_witness)
    if not is_witness:
        changed += Witness.objects.filter(guest=guest, signed_at=None).delete()[0]
    if changed and not is_witness:
        ledger.append(
            "witness.withdrawn",
            {"activity": activity.pk, "guest": guest.pk, "by": by and by.pk},
            now=now,
            zone=activity.agency.zone,
        )
    guest.is_witness = is_witness


@transaction.atomic(durable=True)
def set_words(activity: Activity, words: Mapping[str, str], *, by: User, now: datetime) -> None:
    """Set what witnesses of these kinds of bodies state at an activity; an empty text is the usual one.

    What was signed stays as it was. Raises ActivityStateWrong.
    """
    gatherings.must(Step.ADD_GUEST, activity.state)
    kept = {kind: text for kind, text in activity.statements.items() if kind not in words}
    for kind, text in words.items():
        tidied = witnesses.tidy_words(text)[: witnesses.LONGEST_WORDS]
        if kind in Guest.Kind.values and tidied and tidied != witnesses.usual_words(kind):
            kept[kind] = tidied
    Activity.objects.filter(pk=activity.pk).update(statements=kept)
    activity.statements = kept
    ledger.append(
        "witness.words_set",
        {"activity": activity.pk, "kinds": sorted(kept), "by": by.pk},
        now=now,
        zone=activity.agency.zone,
    )


def words_for(activity: Activity, kind: str) -> str:
    """Return what a witness of a kind of body states at an activity."""
    return str(activity.statements.get(kind) or witnesses.usual_words(kind))


@transaction.atomic(durable=True)
def appoint(activity: Activity, guests: Sequence[Guest], *, by: User, now: datetime) -> list[tuple[Guest, str]]:
    """Draw a code for each of these guests, who witness from now on; one that was drawn before is dead. In clear, once.

    Raises CeremonyWithoutPact, ActivityStateWrong, WitnessAlreadySigned.
    """
    _with_pact(activity)
    gatherings.must(Step.ADD_GUEST, activity.state)
    drawn = []
    for guest in Guest.objects.select_for_update().filter(activity=activity, pk__in=[each.pk for each in guests]):
        code = codes.new_code(codes.SIGN_IN_SIGNS)
        values = {"code_digest": accounts.digest_of_code(_CODE, code), "issued_at": now, "issued_by": by}
        if not Witness.objects.filter(guest=guest, signed_at=None).update(**values):
            if Witness.objects.filter(guest=guest).exists():
                raise WitnessAlreadySigned()
            Witness.objects.create(guest=guest, **values)
        drawn.append((guest, code))
    Guest.objects.filter(pk__in=[guest.pk for guest, _ in drawn]).update(is_witness=True)
    ledger.append_many(
        "witness.appointed",
        [{"activity": activity.pk, "guest": guest.pk, "by": by.pk} for guest, _ in drawn],
        now=now,
        zone=activity.agency.zone,
    )
    return drawn


def witness_slips(activity: Activity, guests: Sequence[Guest], *, by: User, now: datetime) -> bytes:
    """Return slips with fresh codes for these guests. Raises NothingToPrint, and what `appoint` raises."""
    drawn = appoint(activity, guests, by=by, now=now)
    if not drawn:
        raise NothingToPrint()
    papers = [
        WitnessSlipPaper(", ".join(filter(None, (guest.post, guest.body))), activity.title, _when(activity),
                         activity.place, code)
        for guest, code in drawn
    ]  # fmt: skip
    return pdf.witness_slips(
        papers,
        address=f"{settings.BASE_URL}/saksi/",
        issuer=activity.agency.name,
        made_at=now,
        zone=activity.agency.zone,
        demo=certificates.is_demo(),
    )


def _when(activity: Activity) -> str:
    zone = activity.agency.zone
    hour = f", pukul {activity.starts_at:%H.%M} {zone.tzname(None)}" if activity.starts_at else ""
    return f"{in_words(activity.on)}{hour}"


def _lives(activity: Activity, now: datetime) -> bool:
    """Say whether the codes of an activity's witnesses open anything: until it is closed and a day more."""
    if activity.state == Activity.State.CLOSED:
        return activity.closed_at is not None and now < activity.closed_at + CODE_OUTLIVES
    if activity.state not in (Activity.State.CALLED, Activity.State.OPEN):
        return False
    return clock.today(activity.agency.zone) <= activity.on + CODE_OUTLIVES


_RELATED = ("guest__activity__agency", "guest__activity__pact_round__text")


def by_code(code: str, *, now: datetime) -> Witness:
    """Return the witness whose slip bears a code. Raises WitnessCodeRefused: one answer for all that is wrong with it."""
    code = codes.tidy(code[:60])[:40]
    try:
        accounts.try_code(_CODE, code, now=now)
    except SignInRefused:
        raise WitnessCodeRefused() from None
    found = Witness.objects.select_related(*_RELATED).filter(code_digest=accounts.digest_of_code(_CODE, code)).first()
    if found is None or not found.guest.is_witness or not _lives(found.guest.activity, now):
        raise WitnessCodeRefused()
    accounts.forgive_code(_CODE, code)
    return found


@dataclass(frozen=True)
class Testimony:
    """What a witness sees of his activity, and what he would sign now."""

    witness: Witness
    activity: Activity
    statement: Statement
    signed: int
    on_paper: bool = False  # somebody who is there has a sheet of this activity, to be reconciled later

    @property
    def refusal(self) -> DomainError | None:
        """Return why he cannot sign now; None: he can."""
        if self.witness.signed_at is not None:
            return WitnessAlreadySigned()
        if self.activity.state != Activity.State.OPEN:
            return CeremonyNotOpen()
        if self.witness.guest.arrived_at is None:
            return WitnessNotArrived()
        return None if self.signed or self.on_paper else NobodySignedYet()


def testimony(key: int, code_digest: str, *, now: datetime) -> Testimony:
    """Return what a witness sees, as long as the code by which he came in is that of his slip and lives.

    Raises WitnessCodeRefused, CeremonyWithoutPact.
    """
    witness = Witness.objects.select_related(*_RELATED).filter(pk=key, code_digest=code_digest).first()
    if witness is None or not witness.guest.is_witness or not _lives(witness.guest.activity, now):
        raise WitnessCodeRefused()
    return _testimony(witness)


def _testimony(witness: Witness) -> Testimony:
    guest, activity = witness.guest, witness.guest.activity
    text = _with_pact(activity).text
    statement = Statement(
        activity=activity.title,
        place=activity.place,
        on=activity.on,
        pact=text.title,
        pact_digest=text.digest,
        body=guest.body,
        post=guest.post,
        words=words_for(activity, guest.kind),
    )
    there = Attendance.objects.filter(activity=activity, struck_at=None)
    sheets = PaperSheet.objects.filter(
        activity=activity, version=text, scans__signature=None, obligation__person__in=there.values("person")
    )
    return Testimony(witness, activity, statement, certificates.made_at(activity).count(), sheets.exists())


@transaction.atomic(durable=True)
def sign_statement(
    key: int, code_digest: str, *, shown_digest: str, name: str, now: datetime, today: date | None = None
) -> Witness:
    """Sign, once, exactly the statement shown, as a witness who was checked in, after the group.

    Raises WitnessCodeRefused, CeremonyNotOpen, WitnessNotArrived, NobodySignedYet, StatementChanged,
    WitnessAlreadySigned, NameMissing, WitnessNameDiffers: whom the officers received is who signs.
    """
    name = witnesses.tidy_name(name)[:150]
    if not name:
        raise NameMissing()
    guest = Guest.objects.filter(witness=key).values_list("activity", flat=True).first()
    Activity.objects.select_for_update(no_key=True).filter(pk=guest).first()  # it is not closed in this moment
    seen = testimony(key, code_digest, now=now)
    if (refused := seen.refusal) is not None:
        raise refused
    if not witnesses.is_name_of(name, received := seen.witness.guest.name):
        raise WitnessNameDiffers(received)
    text, digest = seen.statement.text(), seen.statement.digest()
    if digest != shown_digest:
        raise StatementChanged()
    activity = seen.activity
    entry = ledger.append(
        "witness.signed",
        {
            "activity": activity.pk, "witness": key, "statement_digest": digest,
            "signed_digest": witnesses.signed_digest(text, name), "signed": seen.signed,
            "pact_digest": seen.statement.pact_digest,
        },
        now=now,
        zone=activity.agency.zone,
    )  # fmt: skip
    unsigned = Witness.objects.filter(pk=key, code_digest=code_digest, signed_at=None)
    claimed = unsigned.update(
        name=name, statement=text, statement_digest=digest, signed=seen.signed, place=activity.place, signed_at=now,
        signed_on=today or clock.today(activity.agency.zone), entry=entry.pk,
    )  # fmt: skip
    if claimed != 1:
        raise WitnessAlreadySigned()
    return Witness.objects.select_related(*_RELATED).get(pk=key)


def statement_paper(witness: Witness, *, now: datetime) -> bytes:
    """Return what a witness signed as a sealed PDF. Raises NothingToPrint where he did not."""
    if witness.signed_at is None or witness.signed_on is None:
        raise NothingToPrint()
    agency, demo = witness.guest.activity.agency, certificates.is_demo()
    plain = pdf.statement(
        StatementPaper(
            letterhead=_letterhead(witness.guest.activity),
            statement=witness.statement,
            name=witness.name,
            digest=witness.statement_digest,
            signed=witness.signed or 0,
            signed_at=_programme_moment(witness.signed_on, witness.signed_at, agency),
            zone=agency.zone,
            made_at=certificates.programme_instant(now, agency, demo),
            demo=demo,
        )
    )
    return certificates.seal(plain, kind="statement", reason="Pernyataan saksi pakta", now=now)


def _programme_moment(day: date, at: datetime, agency: Agency) -> datetime:
    """Return the programme's day with the hour of the clock: outside a demo the two are one instant."""
    return datetime.combine(day, at.astimezone(agency.zone).timetz())


def _letterhead(activity: Activity) -> tuple[str, ...]:
    written = activity.letterhead or activity.agency.letterhead or activity.agency.name
    return tuple(line for line in written.splitlines() if line.strip())


# --- the record and the bundle -----------------------------------------------------------------------------------

_WAYS = {"passkey": "kunci sandi", "single_sign_on": "SSO", "password": "kata sandi", "paper": "kertas"}


def record(activity: Activity, *, by: User, now: datetime) -> bytes:
    """Return the record of a ceremony as a sealed PDF: the text, who signed, the witnesses. The taking is logged.

    Raises CeremonyWithoutPact.
    """
    paper, zone = record_paper(activity, now=now), activity.agency.zone
    plain = pdf.record(paper)
    ledger.record(
        "ceremony.recorded", {"activity": activity.pk, "people": paper.signed, "by": by.pk}, now=now, zone=zone
    )
    return certificates.seal(plain, kind="record", reason="Berita acara penandatanganan", now=now)


def record_paper(activity: Activity, *, now: datetime) -> RecordPaper:
    """Return what the record of a ceremony says. Raises CeremonyWithoutPact."""
    text, zone, demo = _with_pact(activity).text, activity.agency.zone, certificates.is_demo()
    signatures = certificates.made_at(activity).select_related("unit__agency", "obligation").order_by("signed_at", "pk")
    many = signatures.count()
    signed = [] if many > MOST_NAMES else list(signatures)
    certificates.called_then(signed)
    seen = Witness.objects.filter(guest__activity=activity, signed_at__isnull=False).select_related("guest")
    later = _reconciled_later(activity)
    came = Attendance.objects.filter(activity=activity, struck_at=None).count()
    facts = [
        ("Acara", activity.title),
        ("Waktu", _when(activity)),
        ("Tempat", activity.place),
        ("Dipimpin oleh", activity.led_by.title if activity.led_by else ""),
        ("Penyelenggara", activity.organiser or activity.agency.name),
        ("Tercatat hadir", f"{came} orang"),
        ("Menandatangani", f"{many} orang"),
    ]
    if many > MOST_NAMES:
        facts.append(("Daftar nama", "ada pada himpunan sertifikat acara ini"))
    return RecordPaper(
        letterhead=_letterhead(activity),
        title=activity.title,
        facts=tuple((name, value) for name, value in facts if value),
        pact_title=text.title,
        opening=text.opening,
        points=tuple(text.points),
        closing=text.closing,
        digest=text.digest,
        signers=tuple(_signer(each, activity) for each in signed),
        signed=many,
        witnesses=tuple(_witness(each, activity, later.get(each.pk, 0)) for each in seen.order_by("signed_at", "pk")),
        made_at=certificates.programme_instant(now, activity.agency, demo),
        zone=zone,
        demo=demo,
    )


def _signer(signature: Signature, activity: Activity) -> tuple[str, str, str, str, str]:
    unit = "" if signature.obligation.office_id else signature.unit.name
    place = ", ".join(part for part in (signature.post, unit) if part)
    on_paper = signature.grade == pacts.Grade.PAPER
    hour = "" if on_paper else f"{signature.signed_at.astimezone(activity.agency.zone):%H.%M}"
    return signature.name, place, _WAYS[signature.grade], hour, signature.code


def _reconciled_later(activity: Activity) -> dict[int, int]:
    """Return how many sheets of an activity were reconciled after each of its witnesses signed, who saw them all the same."""
    in_ink = list(certificates.made_at(activity).filter(grade=pacts.Grade.PAPER))
    by_key = {each.pk: each for each in in_ink}
    return Counter(
        witness.pk
        for key, seen in signing.witnesses_after(in_ink).items()
        for witness in seen
        if witness.signed_at < by_key[key].signed_at
    )


def _witness(witness: Witness, activity: Activity, later: int) -> tuple[str, str, str, str]:
    at, zone = witness.signed_at, activity.agency.zone
    said = f"Ditandatangani {in_words(witness.signed_on or local_day(at, zone))}, pukul {at.astimezone(zone):%H.%M}"
    when = f"{said} {zone.tzname(None)}, sesudah {witness.signed} orang tercatat menandatangani."
    if later:
        when += f" {later} lembar kertas dari yang hadir saat itu dicocokkan sesudahnya."
    words = witness.statement.split("\n\n", 2)[-1]
    return ", ".join(filter(None, (witness.guest.post, witness.guest.body))), witness.name, when, words


def bundle(activity: Activity, *, today: date, by: User, now: datetime) -> bytes:
    """Return the certificates of an activity in one sealed PDF; the taking is logged. Raises NothingToPrint."""
    _with_pact(activity)
    keys = certificates.standing_keys_at(activity)
    if not keys:
        raise NothingToPrint()
    sealed = certificates.volume_at(activity, keys, (1, 1), today=today, now=now)
    ledger.record(
        "certificate.bundled",
        {"activity": activity.pk, "people": len(keys), "by": by.pk},
        now=now,
        zone=activity.agency.zone,
    )
    return sealed


# --- a shared device ---------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def open_kiosk(activity: Activity, *, by: User, now: datetime) -> None:
    """Record that an officer's device is used for signing at an activity. Raises CeremonyWithoutPact, CeremonyNotOpen."""
    _with_pact(activity)
    if activity.state != Activity.State.OPEN:
        raise CeremonyNotOpen()
    ledger.append("kiosk.opened", {"activity": activity.pk, "by": by.pk}, now=now, zone=activity.agency.zone)


def enter_kiosk(name: str, password: str, *, now: datetime) -> User:
    """Return whose number and password these are, for one signature on a shared device.

    Raises SignInRefused, OwnDeviceNeeded for an account with a second step: a password alone does not open it.
    """
    user = accounts.by_password(name, password, now=now)
    refuse_second_step(user)
    return user


def refuse_second_step(user: User) -> None:
    """Raise OwnDeviceNeeded for an account that asks for a second step: an authenticator, or a passkey."""
    if accounts.has_second_step(user):
        raise OwnDeviceNeeded()


def kiosk_duty(activity: Activity, user: User) -> Obligation | None:
    """Return what somebody owes of the pact that is signed at an activity; None: nothing. Who holds two offices signs for
    one after the other.
    """
    if user.person_id is None:
        return None
    owed = Obligation.objects.filter(pact_round=activity.pact_round_id, person=user.person_id)
    held = signing.held_now(list(owed.filter(office__isnull=False)))
    of_office = [each for each in owed.filter(office__isnull=False) if (each.office_id, each.person_id) in held]
    unsigned = [each for each in of_office if each.signature_id is None]
    return next(iter(unsigned or of_office), None) or owed.filter(office=None).first()
