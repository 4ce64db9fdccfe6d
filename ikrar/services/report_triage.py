"""Many reports at once: chosen in the inbox, set aside for a reason or brought back, step by step, each step with its entry.

What was chosen is kept when it is shown, so that a report which comes a moment later is never among what is set aside. Nothing is
erased by it: the reporter reads the reason, and his report comes back when he writes.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from ikrar.domain import report_states
from ikrar.domain.errors import ReportActRefused
from ikrar.records.models import Report, ReportAct, ReportReader, ReportTriage, User
from ikrar.services import clock, keysets, ledger, report_desk, report_inbox, reports
from ikrar.services.report_inbox import Wanted

Act, Reason, State = ReportTriage.Act, ReportTriage.Reason, ReportTriage.State
DIRECT = 100  # so many are done while the page waits; more are left to the worker
MOST = 100_000
_STEP = 500
_READ_AT_ONCE = 2_000
_KEPT = timedelta(days=1)  # a choice that nobody orders


# --- choosing ------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def choose(user: User, bodies: Collection[int], numbers: Collection[int], act: str, *, now: datetime) -> ReportTriage:
    """Keep a choice of reports that somebody's own keys open and that lie with his body.

    Raises ReportActRefused, `reason`: nothing (none of them does), bodies (they lie with several).
    """
    keys = report_desk.own_keys(user, bodies)
    own = ReportReader.objects.filter(report__in=list(numbers)[:MOST], key__in=keys, report__body=F("body"))
    return _keep(user, sorted(set(own.values_list("report_id", flat=True))), act, now)


@transaction.atomic(durable=True)
def choose_matching(user: User, bodies: Collection[int], wanted: Wanted, act: str, *, now: datetime) -> ReportTriage:
    """Keep all reports that match what the inbox is filtered by (see choose for what is raised, and `reason`: many)."""
    numbers = report_inbox.matching(user, bodies, wanted)
    if len(numbers) > MOST:
        raise ReportActRefused("many")
    return _keep(user, numbers, act, now)


@transaction.atomic(durable=True)
def choose_back(triage: ReportTriage, *, now: datetime) -> ReportTriage:
    """Choose what one of my own triages set aside and still is (see choose for what is raised)."""
    numbers = Report.objects.filter(triage=triage, state=report_states.ReportState.SET_ASIDE, erased_on=None)
    return _keep(triage.by, sorted(numbers.values_list("pk", flat=True)), Act.RESTORE, now)


def _keep(user: User, numbers: Sequence[int], act: str, now: datetime) -> ReportTriage:
    if not numbers:
        raise ReportActRefused("nothing")
    found: set[int] = set()
    for start in range(0, len(numbers), _READ_AT_ONCE):
        some = Report.objects.filter(pk__in=numbers[start : start + _READ_AT_ONCE])
        found.update(some.values_list("body_id", flat=True).distinct())
    if len(found) > 1:
        raise ReportActRefused("bodies")
    return ReportTriage.objects.create(
        body_id=found.pop(), by=user, act=act, wanted=list(numbers), count=len(numbers), chosen_at=now
    )


@dataclass(frozen=True)
class Chosen:
    """What was chosen, counted by what stands in clear, before somebody orders it. `may`: how many it would be done with."""

    may: int
    states: tuple[tuple[str, int], ...]
    named: int
    larger: int
    due: int


def chosen(triage: ReportTriage) -> Chosen:
    """Count what a choice holds now."""
    today = clock.today()
    states: Counter[str] = Counter()
    named = larger = due = 0
    for start in range(0, len(triage.wanted), _READ_AT_ONCE):
        some = ReportReader.objects.filter(report__in=triage.wanted[start : start + _READ_AT_ONCE], key__user=triage.by)
        rows = some.values_list("report_id", "state", "named", "size_step", "due_on")
        for _report, state, is_named, size, due_on in {row[0]: row for row in rows}.values():
            states[state] += 1
            named += is_named
            larger += size > 1
            due += due_on is not None and due_on >= today
    may = sum(count for state, count in states.items() if state in _from(triage.act))
    return Chosen(may, tuple(sorted(states.items())), named, larger, due)


def _from(act: str) -> tuple[str, ...]:
    """Return the states of which an act takes a report."""
    return tuple(report_states.MAY_BE_SET_ASIDE) if act == Act.SET_ASIDE else (report_states.ReportState.SET_ASIDE,)


def of_user(user: User) -> list[ReportTriage]:
    """Return what somebody ordered lately, and what he chose and did not order yet."""
    return list(ReportTriage.objects.filter(by=user).defer("wanted").order_by("-pk")[:5])


@transaction.atomic(durable=True)
def drop(triage: ReportTriage) -> None:
    """Forget a choice that was not ordered. Raises ReportActRefused (`reason`: ordered)."""
    if not ReportTriage.objects.filter(pk=triage.pk, state=State.CHOSEN).delete()[0]:
        raise ReportActRefused("ordered")


# --- doing ---------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def order(triage: ReportTriage, *, reason: str = "", now: datetime) -> bool:
    """Order what was chosen, with the reason that reporters read; say whether it is small enough to be done at once.

    Raises ReportActRefused, `reason`: reason_missing, ordered (it was already).
    """
    if (triage.act == Act.SET_ASIDE) != (reason in Reason.values):
        raise ReportActRefused("reason_missing")
    claimed = ReportTriage.objects.filter(pk=triage.pk, state=State.CHOSEN)
    if not claimed.update(state=State.WAITING, reason=reason, ordered_at=now):
        raise ReportActRefused("ordered")
    return triage.count <= DIRECT


def run(number: int, *, now: datetime) -> None:
    """Do what was ordered, step by step; called again after a stop it goes on where it stopped."""
    while _step(number, now):
        pass


@transaction.atomic(durable=True)
def _step(number: int, now: datetime) -> bool:
    """Do the next step; say whether there was one to do. Who lost his right meanwhile sets nothing more aside."""
    triage = (
        ReportTriage.objects.select_for_update(of=("self",))
        .filter(pk=number, state=State.WAITING)
        .select_related("body__agency", "body__region", "by")
        .first()
    )
    if triage is None:
        return False
    some = triage.wanted[triage.done : triage.done + _STEP]
    if not some or not keysets.has_right(triage.by, triage.body, now=now):
        ReportTriage.objects.filter(pk=number).update(state=State.DONE, wanted=[], done_at=now)
        return False
    rows = Report.objects.filter(pk__in=some, body=triage.body, erased_on=None, state__in=_from(triage.act))
    found = list(rows.select_for_update().values_list("pk", flat=True))
    if found:
        _change(triage, found, now)
    ReportTriage.objects.filter(pk=number).update(done=triage.done + len(some), changed=triage.changed + len(found))
    return True


def _change(triage: ReportTriage, numbers: Sequence[int], now: datetime) -> None:
    """Give reports their new state, with their lines in inboxes, an act for each and one entry for all."""
    on = clock.today(reports.zone_of_body(triage.body))
    sets_aside = triage.act == Act.SET_ASIDE
    kept, lines = Report.objects.filter(pk__in=numbers), ReportReader.objects.filter(report__in=numbers)
    if sets_aside:
        aside = report_states.ReportState.SET_ASIDE
        kept.update(before_aside=F("state"), state=aside, state_on=on, triage=triage)
        lines.update(state=aside)
    else:
        kept.update(state=F("before_aside"), state_on=on)
        lines.update(state=Subquery(Report.objects.filter(pk=OuterRef("report_id")).values("state")[:1]))
    kind = ReportAct.Kind.SET_ASIDE if sets_aside else ReportAct.Kind.RESTORED
    ReportAct.objects.bulk_create(
        [ReportAct(report_id=each, kind=kind, user=triage.by, at=now, on=on, note=triage.reason) for each in numbers]
    )
    data = {"triage": triage.pk, "reports": [f"{each:016x}" for each in numbers], "by": triage.by_id}
    if sets_aside:
        ledger.append("report.set_aside", data | {"reason": triage.reason}, now=now)
    else:
        ledger.append("report.restored", data, now=now)


def waiting_after_a_stop() -> list[int]:
    """After a stop in the middle: return what was ordered and is not done."""
    return list(ReportTriage.objects.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True))


@transaction.atomic(durable=True)
def clear(now: datetime) -> None:
    """Forget choices that nobody ordered for a day; run by the tick."""
    ReportTriage.objects.filter(state=State.CHOSEN, chosen_at__lt=now - _KEPT).delete()
