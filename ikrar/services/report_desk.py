"""What officers do with sealed reports. The server hands out ciphertext and keeps who did what; nothing opened comes back.

Whoever has no reader's row of his own key sees nothing of a report, not even that there is one.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When

from ikrar.domain import conclusions, report_states
from ikrar.domain import reports as domain
from ikrar.domain.conclusions import HandedTo
from ikrar.domain.errors import ConclusionDoubted, HolidaysUnknown, ReportActRefused
from ikrar.domain.report_states import WITHDRAWN, ReportState
from ikrar.domain.reports import Requirement
from ikrar.domain.terms import Computation
from ikrar.gateways import sealed_files
from ikrar.records.models import (
    Body,
    CaseReport,
    OfficerKey,
    Report,
    ReportAct,
    ReportCopy,
    ReportEnvelope,
    ReportPart,
    ReportReader,
    User,
)
from ikrar.services import clock, ledger, report_lines, reports, rules

Act = ReportAct.Kind
Part = ReportPart.Kind
EVIDENCE = (Part.CONTENT, Part.FILE)


# --- who reads ---------------------------------------------------------------------------------------------------


def own_keys(user: User, bodies: Collection[int]) -> list[OfficerKey]:
    """Return the keys that somebody opens reports of these bodies with, the oldest first."""
    mine = OfficerKey.objects.filter(user=user, body__in=bodies, dropped_at=None)
    return list(mine.select_related("body").order_by("pk"))


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
        parts = list(self.report.parts.filter(kind__in=kinds).order_by("kind", "place").defer("sealed"))
        if self.is_own or "dialogue" in self.opens:
            return parts
        # With a copy go the files that it names; those that came in the dialogue belong to that.
        taken = self.report.copies.filter(to_body=self.key.body_id, state=ReportCopy.State.TAKEN)
        places = {place for files in taken.values_list("files", flat=True) for place in files}
        return [part for part in parts if part.kind != Part.FILE or part.place in places]


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
    # Their keys are random: the order tells nothing of when each was made.
    envelopes = ReportEnvelope.objects.filter(report=number).exclude(body=None).order_by("pk")
    opened = envelopes.exclude(pk__in=waiting.exclude(envelope=None))
    return Seen(first.report, first.key, tuple(each for each in opened if first.key_id in each.to))


@transaction.atomic(durable=True)
def open_report(found: Seen, *, by: User, now: datetime) -> list[bytes]:
    """Hand out the envelopes of a reader and keep that he opened the report, and when. Raises ReportActRefused (erased)."""
    report = found.report
    state = _claim(report)
    if not found.envelopes:
        raise ReportActRefused("erased")
    _act(report, Act.OPENED, by=by, now=now)
    ledger.append("report.opened", {"report": number_of(report), "user": by.pk, "key": found.key.pk}, now=now)
    if found.is_own and state == ReportState.RECEIVED:
        _move(report, ReportState.RECEIVED, ReportState.READ, by=by, now=now)
    return [bytes(envelope.sealed) for envelope in found.envelopes]


@transaction.atomic(durable=True)
def keep_unopened(found: Seen, *, by: User, now: datetime) -> bool:
    """Keep, once, that none of the envelopes of a report opened in an officer's browser; say whether this is new.

    His colleagues read it among the acts. Raises ReportActRefused (unopened: it was not handed out to him; erased).
    """
    _claim(found.report)
    if not _opened_by(found.report, by):
        raise ReportActRefused("unopened")
    if ReportAct.objects.filter(report=found.report, kind=Act.UNOPENED, user=by).exists():
        return False
    _act(found.report, Act.UNOPENED, by=by, now=now)
    said = {"report": number_of(found.report), "user": by.pk, "key": found.key.pk}
    ledger.append("report.unopened", said, now=now)
    return True


def part_bytes(found: Seen, number: int) -> bytes:
    """Return the sealed bytes of a part that a reader's keys open, files excepted: opening those is kept (see open_file).

    Raises ReportPart.DoesNotExist, FileLost.
    """
    return _bytes(_part(found, number, lambda kind: kind != Part.FILE))


@transaction.atomic(durable=True)
def open_file(found: Seen, number: int, *, by: User, now: datetime) -> bytes:
    """Hand out the sealed bytes of a piece of evidence and keep who opened it, and when.

    Raises ReportPart.DoesNotExist, FileLost, ReportActRefused (unopened, erased).
    """
    part = _part(found, number, lambda kind: kind in EVIDENCE)
    _claim(found.report)
    if not _opened_by(found.report, by):
        raise ReportActRefused("unopened")
    content = _bytes(part)
    _act(found.report, Act.OPENED, by=by, now=now, part=part)
    ledger.append("report.part_opened", {"part": f"{part.pk:016x}", "digest": part.digest, "user": by.pk}, now=now)
    return content


def _part(found: Seen, number: int, wanted: Callable[[str], bool]) -> ReportPart:
    part = next((each for each in found.parts if each.pk == number and wanted(each.kind)), None)
    if part is None:
        raise ReportPart.DoesNotExist
    return part


def _bytes(part: ReportPart) -> bytes:
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


def _move(report: Report, old: str, new: str, *, by: User, now: datetime, note: str = "", **more: Any) -> None:
    """Claim a report by its old state and give it the new one, with all its lines in inboxes. Raises ReportActRefused."""
    on = clock.today(reports.zone_of_body(report.body))
    if not Report.objects.filter(pk=report.pk, state=old, erased_on=None).update(state=new, state_on=on):
        raise ReportActRefused("state")
    ReportReader.objects.filter(report=report).update(state=new)
    _act(report, Act.STATE, by=by, now=now, note=note or str(new), **more)
    ledger.append("report.state_changed", {"report": number_of(report), "to": str(new), "by": by.pk}, now=now)


def register(report: Report, old: str, *, by: User, now: datetime) -> None:
    """Conclude a report as registered, in the transaction of its case: unnamed, incomplete or no full report, it is followed as a
    finding.

    Raises ReportActRefused (state).
    """
    is_full = report.has_identity and old != ReportState.INITIAL_INFORMATION and not known_of(report).lacks
    note = conclusions.note_of(ReportState.REGISTERED, "complete" if is_full else "finding")
    _move(report, old, ReportState.REGISTERED, by=by, now=now, note=note)


def _check_stands(report: Report, state: str, was: str) -> None:
    """Hold an act to the state that its officer saw. Raises ReportActRefused (moved), which says who changed it and to what."""
    if state == was:
        return
    changes = (Act.STATE, Act.SET_ASIDE, Act.RESTORED)
    last = report.acts.filter(kind__in=changes, at__isnull=False).select_related("user__person").order_by("-at").first()
    # What is received (again) or withdrawn its reporter changed, and no officer.
    by_reporter = state == ReportState.RECEIVED or report.acts.filter(kind=Act.STATE, note=WITHDRAWN).exists()
    by = "" if by_reporter or last is None or last.user is None else last.user.display_name
    raise ReportActRefused("moved", by=by, to=state)


def _opened_by(report: Report, user: User) -> bool:
    return ReportAct.objects.filter(report=report, kind=Act.OPENED, user=user).exists()


def _claim(report: Report) -> str:
    """Hold a report for the act of this transaction, and return the state that it is in now. Raises ReportActRefused (erased)."""
    state = Report.objects.select_for_update().filter(pk=report.pk, erased_on=None).values_list("state", flat=True)
    found = list(state)
    if not found:
        raise ReportActRefused("erased")
    return str(found[0])


def hold_own(found: Seen, by: User) -> str:
    """Hold a report that lies with the officer's own body and that he opened, and return its state. Raises ReportActRefused."""
    if not found.is_own:
        raise ReportActRefused("not_yours")
    state = _claim(found.report)
    if not _opened_by(found.report, by):
        raise ReportActRefused("unopened")
    return state


def acts_of(found: Seen) -> QuerySet[ReportAct]:
    """Return what was done with a report, as its reader may see it: of a copy what its own body did, and the copy's own acts."""
    # Of what stands at one instant, by one act of an officer, the change of state came last; of a reporter the day alone is kept.
    is_state = Case(When(kind=Act.STATE, then=1), default=0)
    acts = found.report.acts.select_related("user__person", "body", "part")
    acts = acts.order_by("on", F("at").asc(nulls_first=True), is_state, "pk")
    if found.is_own:
        return acts
    mine = OfficerKey.objects.filter(body=found.key.body_id).values("user")
    return acts.filter(Q(user__in=mine) | Q(body=found.key.body_id))


# --- evidence and completeness -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """A part as its page shows it: who confirmed it, and whether this officer may do so now."""

    part: ReportPart
    confirmed_by: tuple[str, ...]
    may_confirm: bool


def evidence(found: Seen, by: User) -> list[Evidence]:
    """Return the parts that a reader's keys open, with who confirmed them."""
    acts = list(found.report.acts.all())
    names: dict[int | None, list[str]] = {}
    for act in acts_of(found):
        if act.kind == Act.CONFIRMED and act.user:
            names.setdefault(act.part_id, []).append(act.user.display_name)
    return [
        Evidence(
            part,
            tuple(names.get(part.pk, ())),
            found.is_own and part.kind in EVIDENCE and not _unconfirmable(part, acts, by.pk),
        )
        for part in found.parts
    ]


def _unconfirmable(part: ReportPart, acts: Collection[ReportAct], by: int) -> str:
    """Say why somebody is no second person for a piece of evidence; empty: he is one.

    The content is opened with the report, each file by itself. Whoever opened it first is the one whose word is confirmed.
    """
    looked_at = None if part.kind == Part.CONTENT else part.pk
    opened = [act for act in acts if act.kind == Act.OPENED and act.part_id == looked_at and act.at is not None]
    mine = min((act.at for act in opened if act.user_id == by), default=None)
    if mine is None:
        return "unopened"
    is_second = any(act.user_id != by and act.at <= mine for act in opened)
    has_said_so = any(act.kind == Act.CONFIRMED and act.part_id == part.pk and act.user_id == by for act in acts)
    return "" if is_second and not has_said_so else "same_person"


@transaction.atomic(durable=True)
def confirm_part(found: Seen, number: int, *, by: User, now: datetime) -> None:
    """Keep that a second person saw a piece of evidence as it was filed. Raises ReportActRefused (unopened, same_person)."""
    part = _part(found, number, lambda kind: kind in EVIDENCE)
    hold_own(found, by)
    reason = _unconfirmable(part, list(found.report.acts.all()), by.pk)
    if reason:
        raise ReportActRefused(reason)
    _act(found.report, Act.CONFIRMED, by=by, now=now, part=part)
    ledger.append("report.part_confirmed", {"part": f"{part.pk:016x}", "digest": part.digest, "by": by.pk}, now=now)


@transaction.atomic(durable=True)
def tick(found: Seen, met: Collection[str], *, by: User, now: datetime) -> None:
    """Keep which requirements an officer finds met, beside what the reporter brought. Raises ReportActRefused."""
    hold_own(found, by)
    known = {each.id for each in requirements(found.report)}
    note = "met:" + " ".join(sorted(known.intersection(met)))
    _act(found.report, Act.TICKED, by=by, now=now, note=note)
    report_lines.renew(found.report.pk, region=reports.region_of(found.report.body))
    said = {"report": number_of(found.report), "met": note.removeprefix("met:").split(), "by": by.pk}
    ledger.append("report.completeness_checked", said, now=now)


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
    state = hold_own(found, by)
    if "dialogue" not in found.opens:
        raise ReportActRefused("not_yours")
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
    today = clock.today(zone)
    digest = hashlib.sha256(sealed).hexdigest()
    Report.objects.filter(pk=report.pk).update(state_on=today)  # what it says last is its last change
    ReportPart.objects.create(
        report=report, kind=Part.MESSAGE, from_reporter=False, by=by, put_on=today, sealed=sealed,
        place=report.parts.filter(kind=Part.MESSAGE).count(), digest=digest, size_step=domain.size_step(len(sealed)),
    )  # fmt: skip
    ledger.append("report.message_put", {"message": digest}, now=now, zone=zone)


def repair(report: Report) -> Computation | None:
    """Return how long a reporter may complete his report after the last request, where its regime says so."""
    last = report.acts.filter(kind=Act.STATE, note="asked").order_by("-at").first()
    term = rules.book().terms.get(f"{report.regime}-report-repair")
    if last is None or term is None:
        return None
    start: date = last.on
    if term.in_hours and last.at is not None:
        start = last.at.astimezone(reports.zone_of_body(report.body)).replace(tzinfo=None)
    try:
        return rules.due(term.id, start, regime=report.regime, region=reports.region_of(report.body))
    except HolidaysUnknown:
        return None


@transaction.atomic(durable=True)
def change_state(found: Seen, new: str, *, was: str, sealed: bytes = b"", by: User, now: datetime) -> None:
    """Give a report another state, told the reporter by `sealed`, which ends of a report need: it holds the reason.

    `was`: the state that the officer saw. Handing over is a conclusion, with its body. Raises ReportActRefused (unopened,
    not_yours, moved, in_case, state, withdrawn, reason_missing, to_whom), ReportRefused.
    """
    state = _to_move(found, new, was=was, by=by)
    if new == ReportState.HANDED_OVER:
        raise ReportActRefused("to_whom")
    if report_states.needs_reason(state, new) and not sealed:
        raise ReportActRefused("reason_missing")
    if sealed:
        _put_message(found.report, sealed, by=by, now=now)
    _move(found.report, state, new, by=by, now=now)


@transaction.atomic(durable=True)
def conclude(
    found: Seen, to: str, reason: str, *, was: str, sealed: bytes = b"", handed: HandedTo | None = None,
    sure: Collection[str] = (), by: User, now: datetime,
) -> None:  # fmt: skip
    """Conclude a report for one of the fixed reasons, which its reporter reads in plain words, with `sealed` beside it.

    `was`: the state that the officer saw. `handed`: to whom, where it is handed over. `sure`: the doubts that he was told of and
    stays with; then `sealed` must tell the reporter why. Raises ConclusionDoubted, ReportActRefused (unopened, not_yours, moved,
    in_case, state, withdrawn, reason_missing, to_whom, copy_missing), ReportRefused.
    """
    note = conclusions.note_of(to, reason)
    state = _to_move(found, to, was=was, by=by)
    if (handed is None) == (to == ReportState.HANDED_OVER):
        raise ReportActRefused("to_whom")
    _check_known(found.report, note, sure if sealed else ())
    whom = _whom(found.report, handed) if handed else {}
    if sealed:
        _put_message(found.report, sealed, by=by, now=now)
    _move(found.report, state, to, by=by, now=now, note=note, **whom)


def known_of(report: Report) -> conclusions.Known:
    """Return what stands in clear that a conclusion may contradict: a named report is held against the day that it was filed."""
    asked = requirements(report)
    ticked = officers_ticks(report)
    met = report.ticks if ticked is None else ticked
    today = clock.today(reports.zone_of_body(report.body))
    return conclusions.Known(
        named=report.has_identity,
        lacks=sum(each.id not in met for each in asked) if asked else None,
        until=report_lines.last_day_known(report, region=reports.region_of(report.body)),
        counts_on=report.filed_on or today,
    )


def _check_known(report: Report, note: str, sure: Collection[str]) -> None:
    """Hold a conclusion against what stands in clear. Raises ConclusionDoubted."""
    known = known_of(report)
    doubt = conclusions.contradicted_by(note, known)
    if doubt and (doubt == "named" or doubt not in sure):
        raise ConclusionDoubted(doubt, known.lacks or 0, known.until)


def _whom(report: Report, handed: HandedTo) -> dict[str, Any]:
    """Return how the act of handing over says to whom. Raises ReportActRefused (copy_missing)."""
    if handed.copy:
        going = (ReportCopy.State.OFFERED, ReportCopy.State.TAKEN)
        body = Body.objects.filter(
            pk=handed.copy, copies_offered__report=report, copies_offered__state__in=going
        ).first()
        if body is None:
            raise ReportActRefused("copy_missing")
        return {"body": body, "handed_to": body.name}
    return {"handed_to": handed.name, "letter": handed.letter}


def _to_move(found: Seen, new: str, *, was: str, by: User) -> str:
    """Hold a report for a change of its state, and return the state that it is in. Raises ReportActRefused."""
    state = hold_own(found, by)
    _check_stands(found.report, state, was)
    if CaseReport.objects.filter(report=found.report).exists():
        raise ReportActRefused("in_case")  # what becomes of it is done there
    if new not in report_states.choices(state, named=found.report.has_identity):
        raise ReportActRefused("state")
    if new == ReportState.READ and found.report.acts.filter(kind=Act.STATE, note=WITHDRAWN).exists():
        raise ReportActRefused("withdrawn")
    return state
