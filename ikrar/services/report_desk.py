"""What officers do with sealed reports. The server hands out ciphertext and keeps who did what; nothing opened comes back.

Whoever has no reader's row of his own key sees nothing of a report, not even that there is one.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from ikrar.domain import report_states, terms
from ikrar.domain import reports as domain
from ikrar.domain.errors import ReportActRefused
from ikrar.domain.report_states import ReportState
from ikrar.domain.reports import Requirement
from ikrar.domain.terms import Computation
from ikrar.gateways import sealed_files
from ikrar.records.models import (
    Body,
    OfficerKey,
    Report,
    ReportAct,
    ReportCopy,
    ReportEnvelope,
    ReportPart,
    ReportReader,
    User,
)
from ikrar.services import clock, keysets, ledger, report_lines, reports, rules

Act = ReportAct.Kind
Part = ReportPart.Kind
PAGE = 50
_RUNS_OUT_WITHIN = timedelta(days=14)  # no regime gives longer than that from the day of knowledge


# --- the inbox ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the inbox asks for. `after`: day and number of the last line of the page before."""

    states: tuple[str, ...] = tuple(report_states.OPEN)
    channel: str = ""
    body: int = 0
    on: date | None = None
    running_out: bool = False
    after: tuple[date, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the inbox: coarse facts alone. `last_day`: until when it may be filed formally."""

    report: Report
    last_day: date | None

    @property
    def number(self) -> str:
        """Its number as the address has it."""
        return number_of(self.report)


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox; `more` where another follows."""

    lines: tuple[Line, ...]
    more: tuple[date, int] | None


def own_keys(user: User, bodies: Collection[int]) -> list[OfficerKey]:
    """Return the keys that somebody opens reports of these bodies with."""
    return list(OfficerKey.objects.filter(user=user, body__in=bodies, dropped_at=None).select_related("body"))


def inbox(user: User, bodies: Collection[int], wanted: Wanted) -> Inbox:
    """Return a page of the reports that somebody's own keys open, the newest first (or that whose window ends first)."""
    keys = [key.pk for key in own_keys(user, bodies) if wanted.body in (0, key.body_id)]
    today = clock.today()
    found: dict[int, tuple[date, int]] = {}
    for key in keys:
        for state in wanted.states:
            # One key and one state is one piece of the index, in its order: no page sorts what it does not show.
            rows = ReportReader.objects.filter(key=key, state=state)
            if wanted.on:
                rows = rows.filter(received_on=wanted.on)
            if wanted.channel:
                rows = rows.filter(report__channel=wanted.channel)
            for on, report in _piece(rows, wanted, today):
                found[report] = (on, report)
    if wanted.running_out:
        shown = _lines(list(found))
        shown = [line for line in shown if line.last_day and line.last_day >= today]
        shown.sort(key=lambda line: (line.last_day, line.report.pk))
        return Inbox(tuple(shown[: 4 * PAGE]), None)
    ordered = sorted(found.values(), reverse=True)
    shown = _lines([report for _on, report in ordered[:PAGE]])
    return Inbox(tuple(shown), ordered[PAGE - 1] if len(ordered) > PAGE else None)


def _piece(rows: QuerySet[ReportReader], wanted: Wanted, today: date) -> list[tuple[date, int]]:
    if wanted.running_out:
        first = today - _RUNS_OUT_WITHIN
        rows = rows.filter(received_on__gte=first, report__known_on__gte=first).order_by("report__known_on")
        return list(rows.values_list("received_on", "report_id")[: 4 * PAGE])
    rows = rows.order_by("-received_on", "-report_id")
    if wanted.after is None:
        return list(rows.values_list("received_on", "report_id")[: PAGE + 1])
    on, report = wanted.after
    same_day = rows.filter(received_on=on, report_id__lt=report).values_list("received_on", "report_id")[: PAGE + 1]
    before = rows.filter(received_on__lt=on).values_list("received_on", "report_id")[: PAGE + 1]
    return [*same_day, *before][: PAGE + 1]


def _lines(numbers: Sequence[int]) -> list[Line]:
    by_pk = {
        report.pk: report
        for report in Report.objects.filter(pk__in=numbers).select_related("body__agency", "body__region")
    }
    return [Line(by_pk[pk], window(by_pk[pk])) for pk in numbers if pk in by_pk]


def window(report: Report) -> date | None:
    """Return until when a report may be filed formally, by the rules it was shown; None: nobody knows."""
    return report_lines.last_day_to_file(report, region=reports.region_of(report.body))


# --- one report --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """A report as one of its readers has it. `opens`: which of its keys his envelopes hold."""

    report: Report
    key: OfficerKey
    envelopes: tuple[ReportEnvelope, ...]

    @property
    def opens(self) -> frozenset[str]:
        """The keys he gets: content, identity, dialogue."""
        return frozenset(kind for envelope in self.envelopes for kind in envelope.opens)

    @property
    def is_own(self) -> bool:
        """Say whether it lies with his own body: another one that got a copy decides nothing about it."""
        return self.key.body_id == self.report.body_id

    @property
    def parts(self) -> list[ReportPart]:
        """Its parts that his keys open, in their order."""
        kinds = [kind for kind, key in _OPENED_BY.items() if key in self.opens]
        return list(self.report.parts.filter(kind__in=kinds).order_by("kind", "place").defer("sealed"))


RESEALING = "resealing"
_OPENED_BY = {Part.CONTENT: "content", Part.FILE: "content", Part.IDENTITY: "identity", Part.MESSAGE: "dialogue"}


def seen(user: User, bodies: Collection[int], number: int) -> Seen:
    """Return a report for one of its readers. Raises Report.DoesNotExist for everybody else."""
    row = (
        ReportReader.objects.filter(report=number, key__user=user, key__dropped_at=None, key__body__in=bodies)
        .select_related("report__body__agency", "report__body__region", "key__body")
        .order_by("pk")
    )
    # Who is both a holder here and of a body that got a copy reads with the key of the body it lies with.
    found = sorted(row, key=lambda each: each.key.body_id != each.report.body_id)
    if not found:
        raise Report.DoesNotExist
    first = found[0]
    waiting = ReportCopy.objects.filter(report=number).exclude(state=ReportCopy.State.TAKEN).values("envelope")
    envelopes = (
        ReportEnvelope.objects.filter(report=number).exclude(body=None).exclude(pk__in=waiting.exclude(envelope=None))
    )
    return Seen(first.report, first.key, tuple(each for each in envelopes if first.key_id in each.to))


@transaction.atomic(durable=True)
def open_report(found: Seen, *, resealing: bool = False, by: User, now: datetime) -> list[bytes]:
    """Hand out the envelopes of a reader and keep that he opened the report, and when. Raises ReportActRefused (erased).

    `resealing`: he opens it to seal it to newcomers: that is kept too, and its reporter is not told that somebody read it.
    """
    report = found.report
    if report.erased_on is not None or not found.envelopes:
        raise ReportActRefused("erased")
    _act(report, Act.OPENED, by=by, now=now, note=RESEALING if resealing else "")
    ledger.append("report.opened", {"report": number_of(report), "user": by.pk, "key": found.key.pk}, now=now)
    if found.is_own and report.state == ReportState.RECEIVED and not resealing:
        _move(report, ReportState.RECEIVED, ReportState.READ, by=by, now=now)
    return [bytes(envelope.sealed) for envelope in found.envelopes]


def part_bytes(found: Seen, number: int) -> bytes:
    """Return the sealed bytes of a part that a reader's keys open. Raises ReportPart.DoesNotExist, FileLost."""
    part = next((each for each in found.parts if each.pk == number), None)
    if part is None:
        raise ReportPart.DoesNotExist
    if part.path:
        with sealed_files.open_one(reports.root(), part.path) as file:
            return file.read()
    if part.sealed is None:
        raise ReportPart.DoesNotExist
    return bytes(part.sealed)


def number_of(report: Report) -> str:
    """Write a report's number as addresses and the log have it: 16 hexadecimal digits."""
    return f"{report.pk:016x}"


def read_number(text: str) -> int:
    """Read a number as addresses have it. Raises ValueError."""
    number = int(text, 16)
    if len(text) != 16 or not 0 <= number < 1 << 63:
        raise ValueError(text)
    return number


def _act(report: Report, kind: str, *, by: User, now: datetime, **more: Any) -> ReportAct:
    on = clock.today(reports.zone_of_body(report.body))
    return ReportAct.objects.create(report=report, kind=kind, user=by, at=now, on=on, **more)


def _move(report: Report, old: str, new: str, *, by: User, now: datetime, note: str = "") -> None:
    """Claim a report by its old state and give it the new one, with all its lines in inboxes. Raises ReportActRefused."""
    on = clock.today(reports.zone_of_body(report.body))
    if not Report.objects.filter(pk=report.pk, state=old, erased_on=None).update(state=new, state_on=on):
        raise ReportActRefused("state")
    ReportReader.objects.filter(report=report).update(state=new)
    _act(report, Act.STATE, by=by, now=now, note=note or str(new))
    ledger.append("report.state_changed", {"report": number_of(report), "to": str(new), "by": by.pk}, now=now)


def _opened_by(report: Report, user: User) -> bool:
    return ReportAct.objects.filter(report=report, kind=Act.OPENED, user=user).exists()


def _own(found: Seen, by: User) -> None:
    """See that a report lies with the officer's own body and that he opened it. Raises ReportActRefused."""
    if not found.is_own:
        raise ReportActRefused("not_yours")
    if not _opened_by(found.report, by):
        raise ReportActRefused("unopened")


# --- evidence and completeness -----------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def confirm_part(found: Seen, number: int, *, by: User, now: datetime) -> None:
    """Keep that a second person saw a piece of evidence as it was filed. Raises ReportActRefused (unopened, same_person)."""
    part = next((each for each in found.parts if each.pk == number and each.kind in (Part.FILE, Part.CONTENT)), None)
    if part is None:
        raise ReportPart.DoesNotExist
    _own(found, by)
    opened = ReportAct.objects.filter(report=found.report, kind=Act.OPENED)
    mine = opened.filter(user=by).order_by("at").values_list("at", flat=True)[0]
    confirmed = ReportAct.objects.filter(part=part, kind=Act.CONFIRMED, user=by)
    # Whoever opened it first is the one whose word is confirmed.
    if not opened.filter(at__lte=mine).exclude(user=by).exists() or confirmed.exists():
        raise ReportActRefused("same_person")
    _act(found.report, Act.CONFIRMED, by=by, now=now, part=part)
    ledger.append("report.part_confirmed", {"part": f"{part.pk:016x}", "digest": part.digest, "by": by.pk}, now=now)


@transaction.atomic(durable=True)
def tick(found: Seen, met: Collection[str], *, by: User, now: datetime) -> None:
    """Keep which requirements an officer finds met, beside what the reporter brought. Raises ReportActRefused."""
    _own(found, by)
    known = rules.book().requirements
    note = "met:" + " ".join(sorted({each for each in met if each in known}))
    _act(found.report, Act.TICKED, by=by, now=now, note=note)
    report_lines.renew(found.report.pk, region=reports.region_of(found.report.body))


def requirements(report: Report) -> list[Requirement]:
    """Return what a report must have by the rules that its reporter was shown."""
    return domain.requirements_on(rules.book().requirements.values(), report.regime, report.received_on)


def officers_ticks(report: Report) -> list[str] | None:
    """Return the requirements that an officer found met at last; None: nobody looked yet."""
    return report_lines.officers_ticks(report.pk)


# --- dialogue and states -----------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def reply(found: Seen, sealed: bytes, *, asks: bool, by: User, now: datetime) -> None:
    """Put an officer's message, sealed to the dialogue, into the report; with `asks` it is a request for completion.

    Raises ReportActRefused (unopened, not_yours, state), ReportRefused (form, too_large).
    """
    _own(found, by)
    if "dialogue" not in found.opens:
        raise ReportActRefused("not_yours")
    state = found.report.state
    if state not in report_states.OPEN or (asks and state not in report_states.MAY_BE_ASKED):
        raise ReportActRefused("state")
    _put_message(found.report, sealed, by=by, now=now)
    if asks:
        # A formal report that lacks something stays a formal one; the act tells from when its repair is counted.
        new = state if state == ReportState.FORMAL else ReportState.ASKED
        _move(found.report, state, new, by=by, now=now, note="asked")


def _put_message(report: Report, sealed: bytes, *, by: User, now: datetime) -> None:
    domain.check_sealed(sealed, domain.MOST_MESSAGE_STEP, "message")
    zone = reports.zone_of_body(report.body)
    digest = hashlib.sha256(sealed).hexdigest()
    ReportPart.objects.create(
        report=report, kind=Part.MESSAGE, from_reporter=False, by=by, put_on=clock.today(zone), sealed=sealed,
        place=report.parts.filter(kind=Part.MESSAGE).count(), digest=digest, size_step=domain.size_step(len(sealed)),
    )  # fmt: skip
    ledger.append("report.message_put", {"message": digest}, now=now, zone=zone)


def repair(report: Report) -> Computation | None:
    """Return how long a reporter may complete his report after the last request, where its regime says so."""
    last = report.acts.filter(kind=Act.STATE, note="asked", at__isnull=False).order_by("-at").first()
    term = f"{report.regime}-report-repair"
    if last is None or term not in rules.book().terms:
        return None
    # By the minute, on the programme's day: some of these terms are counted in hours.
    asked = datetime.combine(last.on, last.at.astimezone(reports.zone_of_body(report.body)).time())
    region = reports.region_of(report.body)
    counted = asked if rules.book().terms[term].count is terms.Count.HOURS else last.on
    return rules.due(term, counted, regime=report.regime, region=region)


@transaction.atomic(durable=True)
def change_state(found: Seen, new: str, *, sealed: bytes = b"", by: User, now: datetime) -> None:
    """Give a report another state, told the reporter by `sealed`, which ends of a report need: it holds the reason.

    Raises ReportActRefused (unopened, not_yours, state, reason_missing), ReportRefused.
    """
    _own(found, by)
    report = found.report
    if new not in report_states.choices(report.state, named=report.has_identity):
        raise ReportActRefused("state")
    if new in report_states.WITH_REASON and not sealed:
        raise ReportActRefused("reason_missing")
    if sealed:
        _put_message(report, sealed, by=by, now=now)
    _move(report, report.state, new, by=by, now=now)


# --- newcomers ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lack:
    """An open report that somebody holds and newcomers of his body do not."""

    found: Seen
    newcomers: tuple[keysets.Reader, ...]

    @property
    def number(self) -> str:
        """The report's number as addresses have it."""
        return number_of(self.found.report)


def _lacking(key: OfficerKey, now: datetime) -> tuple[dict[int, keysets.Reader], QuerySet[ReportReader]]:
    """Return whom reports of a key's body may be sealed to beside its officer, and which of his open ones not all of them hold."""
    wanted = {each.holder.key: each for each in _receiving(key.body, now) if each.holder.key != key.pk}
    mine = ReportReader.objects.filter(key=key, body=key.body_id, state__in=report_states.OPEN)
    if not wanted:
        return wanted, mine.none()
    having = ReportReader.objects.filter(key__in=wanted, report__in=mine.values("report")).values("report")
    whole = having.annotate(many=Count("key")).filter(many=len(wanted)).values("report")
    return wanted, mine.exclude(report__in=whole)


def lacking_count(key: OfficerKey, *, now: datetime) -> int:
    """Return how many open reports an officer's key opens and not every other key of today's set. Those from which somebody is
    excluded stay among them: only an officer's browser can read that.
    """
    return _lacking(key, now)[1].count()


def lacking(user: User, key: OfficerKey, *, now: datetime, after: int = 0, most: int = 50) -> list[Lack]:
    """Return such reports (see lacking_count), those with a greater number than `after`, in the order of their numbers."""
    wanted, rows = _lacking(key, now)
    numbers = list(rows.filter(report__gt=after).order_by("report_id").values_list("report", flat=True)[:most])
    having: dict[int, set[int]] = {}
    held = ReportReader.objects.filter(report__in=numbers, key__in=wanted)
    for number, holder in held.values_list("report", "key"):
        having.setdefault(number, set()).add(holder)
    return [
        Lack(
            seen(user, [key.body_id], number),
            tuple(each for pk, each in wanted.items() if pk not in having.get(number, ())),
        )
        for number in numbers
    ]


def _receiving(body: Body, now: datetime) -> list[keysets.Reader]:
    found = keysets.current(body)
    return [] if found is None else [each for each in keysets.readers(found, now=now) if each.receives]


@transaction.atomic(durable=True)
def reseal(found: Seen, sealed: bytes, to: Sequence[int], *, by: User, now: datetime) -> None:
    """Keep an envelope that an officer's browser sealed to newcomers of his body, after it read whom the report excludes.

    Raises ReportActRefused (not_yours, unopened, nobody, recipients), ReportRefused (form).
    """
    _own(found, by)
    report = found.report
    _check_keys(report.body, to, now)
    domain.check_envelope(sealed, "envelope")
    if ReportReader.objects.filter(report=report, key__in=to).exists():
        raise ReportActRefused("recipients")
    on = clock.today(reports.zone_of_body(report.body))
    ReportEnvelope.objects.create(
        report=report, body=report.body, opens=sorted(found.opens), to=sorted(to), sealed=sealed, by=by, made_on=on
    )
    _add_readers(report, report.body_id, to)
    _act(report, Act.RESEALED, by=by, now=now, body=report.body, note="keys:" + " ".join(map(str, sorted(to))))
    ledger.append("report.resealed", {"report": number_of(report), "keys": sorted(to), "by": by.pk}, now=now)


def _check_keys(body: Body, to: Sequence[int], now: datetime) -> None:
    if not to:
        raise ReportActRefused("nobody")
    if len(set(to)) != len(to) or not set(to) <= {each.holder.key for each in _receiving(body, now)}:
        raise ReportActRefused("recipients")


def _add_readers(report: Report, body: int, to: Sequence[int]) -> None:
    line = report_lines.for_newcomers(report.pk, region=reports.region_of(report.body))
    ReportReader.objects.bulk_create(
        [ReportReader(report=report, key_id=key, body_id=body, **line) for key in to], ignore_conflicts=True
    )


# --- copies ------------------------------------------------------------------------------------------------------


def other_bodies(found: Seen) -> list[Body]:
    """Return the bodies to which a copy may be offered: of the report's region or the whole country, with keys of their own."""
    report = found.report
    if not found.is_own or report.state not in report_states.OPEN:
        return []
    region = reports.region_of(report.body)
    here = Q(region=None) | Q(region__in=[region, region[:2]]) if region else Q(region=None)
    asked = ReportReader.objects.filter(report=report).values("body")
    offered = ReportCopy.objects.filter(report=report).values("to_body")
    bodies = Body.objects.filter(here, key_sets__serial=1).exclude(pk__in=asked).exclude(pk__in=offered)
    return list(bodies.exclude(pk=report.body_id).order_by("name"))


def consented(report: Report) -> frozenset[int]:
    """Return the bodies that the reporter let in with name and dialogue."""
    return frozenset(ReportAct.objects.filter(report=report, kind=Act.CONSENT).values_list("body", flat=True))


@transaction.atomic(durable=True)
def offer_copy(
    found: Seen, body: Body, sealed: bytes, to: Sequence[int], opens: Sequence[str], *, by: User, now: datetime
) -> ReportCopy:
    """Offer another body a copy: an envelope sealed to its holders, without those whom the report excludes.

    Identity and dialogue go with it only where the reporter consented to that body. Raises ReportActRefused (not_yours,
    unopened, consent, nobody, recipients, offered), ReportRefused (form).
    """
    _own(found, by)
    report = found.report
    if body.pk == report.body_id or "content" not in opens or not set(opens) <= found.opens:
        raise ReportActRefused("not_yours")
    consents = ReportAct.objects.filter(report=report, kind=Act.CONSENT, body=body)
    if set(opens) != {"content"} and not consents.exists():
        raise ReportActRefused("consent")
    _check_keys(body, to, now)
    domain.check_envelope(sealed, "envelope")
    if ReportReader.objects.filter(report=report, body=body).exists():
        raise ReportActRefused("offered")
    on = clock.today(reports.zone_of_body(report.body))
    envelope = ReportEnvelope.objects.create(
        report=report, body=body, opens=sorted(opens), to=sorted(to), sealed=sealed, by=by, made_on=on
    )
    try:
        with transaction.atomic():
            copy = ReportCopy.objects.create(
                report=report, to_body=body, from_body=report.body, envelope=envelope, opens=sorted(opens),
                offered_by=by, offered_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise ReportActRefused("offered") from None
    _act(report, Act.OFFERED, by=by, now=now, body=body)
    ledger.append("report.copy_offered", {"report": number_of(report), "body": body.pk, "by": by.pk}, now=now)
    return copy


def offers(user: User, bodies: Collection[int]) -> list[ReportCopy]:
    """Return the copies that wait for an answer of somebody to whose key they were sealed."""
    keys = {key.pk for key in own_keys(user, bodies)}
    waiting = ReportCopy.objects.filter(to_body__in=bodies, state=ReportCopy.State.OFFERED)
    rows = waiting.select_related("envelope", "from_body", "to_body", "report").order_by("offered_at")
    return [copy for copy in rows if copy.envelope and keys & set(copy.envelope.to)]


@transaction.atomic(durable=True)
def answer_copy(copy: ReportCopy, *, take: bool, reason: str = "", by: User, now: datetime) -> None:
    """Take a copy, or decline it with a reason. Raises ReportActRefused (not_yours, reason_missing, answered)."""
    keys = {key.pk for key in own_keys(by, [copy.to_body_id])}
    if copy.envelope is None or not keys & set(copy.envelope.to):
        raise ReportActRefused("not_yours")
    if not take and not reason.strip():
        raise ReportActRefused("reason_missing")
    new = ReportCopy.State.TAKEN if take else ReportCopy.State.DECLINED
    claimed = ReportCopy.objects.filter(pk=copy.pk, state=ReportCopy.State.OFFERED)
    if not claimed.update(state=new, answered_by=by, answered_at=now, reason=reason.strip()[:300]):
        raise ReportActRefused("answered")
    if take:
        _add_readers(copy.report, copy.to_body_id, copy.envelope.to)
    else:
        # What was declined opens nothing any more.
        ReportCopy.objects.filter(pk=copy.pk).update(envelope=None)
        copy.envelope.delete()
    _act(copy.report, Act.TAKEN if take else Act.DECLINED, by=by, now=now, body=copy.to_body)
    ledger.append("report.copy_answered", {"copy": copy.pk, "taken": take, "by": by.pk}, now=now)
