"""Clocks of cases: started and stopped by steps, paused and extended with reasons, and looked at every night, all at once.

A term is a limit of the law; a target is an operator's own and is never called a limit. How the last day was counted is kept with
each clock, in the words of the rulebook of that day.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from django.db import transaction

from ikrar.domain import access
from ikrar.domain.access import GIVEN_OVER, Over, Role
from ikrar.domain.cases import WINDOWS
from ikrar.domain.errors import (
    CaseActRefused,
    DatesInWrongOrder,
    DomainError,
    HolidaysUnknown,
    TermNotInForce,
    TermUnknown,
)
from ikrar.domain.terms import Computation, Count, Extension, Pause
from ikrar.records.models import Case, CaseClock, CaseRespondent, CaseStep, RoleGrant, User
from ikrar.services import accounts, case_steps, clock, ledger, masses, rules
from ikrar.services.case_steps import Doing

logger = logging.getLogger(__name__)

RUNNING, WARNED, OVERDUE, LONG_OVERDUE = range(4)
_WINDOWS = frozenset(WINDOWS.values())
_TOLD_READINGS = 8
_AT_ONCE = 500  # clocks that are counted anew in one transaction
_COUNTED = (
    "pauses", "due_on", "due_at", "warn_on", "late_on", "long_on", "stage", "next_on", "computation", "rulebook_digest",
)  # fmt: skip
_RECOUNTED = _COUNTED[1:]


@dataclass(frozen=True)
class Limit:
    """A clock as a step asks for it: a term of the law by its id, or a target of so many days, its owner, and from when.

    `warn_days` before its last day its owner is warned; `long_days` after it, it is long overdue.
    """

    term: str
    owner: str
    start: date  # a datetime without a zone for terms in hours
    target_days: int | None = None
    warn_days: int = 2
    long_days: int = 14


# --- how it is counted -------------------------------------------------------------------------------------------


def told(found: Computation) -> dict[str, Any]:
    """Return a computation as it is kept with a clock: every day that was counted or skipped, every other reading, the rules."""
    return {
        "term": found.term,
        "start": found.start.isoformat(),
        "last": found.last_day.isoformat(),
        "meaning": found.meaning.value,
        "counted": [day.isoformat() for day in found.counted],
        "skipped": [
            [each.day.isoformat(), each.why.value, each.label.id if each.label else ""] for each in found.skipped
        ],
        "readings": [
            [each.code, each.last_day.isoformat() if each.last_day else None]
            for each in found.readings[:_TOLD_READINGS]
        ],
        "open": found.is_open,
        "disputed": found.disputed,
        "confidence": found.confidence.value,
        "cites": [[each.source, each.at or ""] for each in found.cites],
        "pauses": [
            [each.from_on.isoformat(), each.until_on and each.until_on.isoformat(), each.reason]
            for each in found.pauses
        ],
        "extensions": [[each.length, each.reason] for each in found.extensions],
    }


def _target(start: date, days: int, pauses: list[Pause], extensions: list[Extension]) -> tuple[date, dict[str, Any]]:
    """Count a target: calendar days, as an operator's own wish is counted, without those of a pause."""
    left = days + sum(each.length for each in extensions)
    day = start
    while left:
        day += timedelta(days=1)
        if not any(each.from_on <= day and (each.until_on is None or day < each.until_on) for each in pauses):
            left -= 1
    said = {"target": days, "start": start.isoformat(), "last": day.isoformat(), "legal_limit": False}
    return day, said | {
        "pauses": [
            [each.from_on.isoformat(), each.until_on and each.until_on.isoformat(), each.reason] for each in pauses
        ],
        "extensions": [[each.length, each.reason] for each in extensions],
    }


@dataclass(frozen=True)
class _Counted:
    due: date
    count: str
    said: dict[str, Any]

    @property
    def due_on(self) -> date:
        return self.due.date() if isinstance(self.due, datetime) else self.due


def _count(
    case: Case, term: str, start: date, target_days: int | None, pauses: list[Pause], extensions: list[Extension]
) -> _Counted:
    """Work out when a clock ends. Raises CaseActRefused (holidays, clock)."""
    if target_days is not None:
        last, said = _target(start, target_days, pauses, extensions)
        return _Counted(last, "calendar_days", said)
    try:
        found = rules.due(
            term, start, regime=case.regime, region=case_steps.region_of(case), pauses=pauses, extensions=extensions
        )
    except HolidaysUnknown as error:
        raise CaseActRefused("holidays", str(error.year)) from error
    except (TermNotInForce, TermUnknown) as error:
        raise CaseActRefused("clock", term) from error
    return _Counted(found.last_day, rules.book().terms[term].count.value, told(found))


def latest(case: Case, term: str, start: date) -> date:
    """Return the last day of a term by the reading that gives the most time. Raises CaseActRefused (holidays, clock)."""
    found = _count(case, term, start, None, [], [])
    return _latest(found.due_on, found.said)


# --- started and stopped by steps --------------------------------------------------------------------------------


def start(respondent: CaseRespondent, limit: Limit, step: CaseStep) -> CaseClock:
    """Start a clock in the transaction of a step. One that runs already by the same term is started anew.

    Raises CaseActRefused (holidays, clock).
    """
    case = respondent.case
    stop(respondent, [limit.term], step)
    found = _count(case, limit.term, limit.start, limit.target_days, [], [])
    in_hours = isinstance(found.due, datetime)
    zone = case_steps.zone_of(case)
    warn_on = max(_day(limit.start), found.due_on - timedelta(days=limit.warn_days))
    late_on = found.due_on + timedelta(days=1)
    return CaseClock.objects.create(
        case=case, respondent=respondent, kind=CaseClock.Kind.TERM if limit.target_days is None else CaseClock.Kind.TARGET,
        term=limit.term, owner=limit.owner, count=found.count, start_on=_day(limit.start),
        start_at=limit.start.replace(tzinfo=zone) if isinstance(limit.start, datetime) else None,
        due_on=found.due_on, due_at=found.due.replace(tzinfo=zone) if in_hours and isinstance(found.due, datetime) else None,
        warn_on=warn_on, late_on=late_on, long_on=late_on + timedelta(days=limit.long_days),
        next_on=None if is_window(limit.term) else warn_on,
        computation=found.said, started_by=step,
        rulebook_digest=rules.book().digest if limit.target_days is None else "",
    )  # fmt: skip


def is_window(term: str) -> bool:
    """Say whether a clock is a window for a letter of the respondent: it ends, and nobody is warned of it or late by it."""
    return term in _WINDOWS


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def stop(respondent: CaseRespondent, terms: list[str] | None, step: CaseStep) -> int:
    """Stop the clocks of a respondent that run by these terms (None: all) in the transaction of a step; return how many."""
    if terms is not None and not terms:
        return 0
    running = CaseClock.objects.filter(respondent=respondent, stopped_on=None)
    if terms is not None:
        running = running.filter(term__in=terms)
    return running.update(stopped_on=step.on, stopped_by=step, next_on=None)


def ended_on(step: CaseStep, on: date) -> None:
    """Let the clocks that a step stopped end on an earlier day, in its transaction: what it tells of happened then already."""
    if on < step.on:
        CaseClock.objects.filter(stopped_by=step).update(stopped_on=on)


@dataclass(frozen=True)
class Running:
    """The clocks of a respondent that were not stopped: those that run, those that rest, their last days, and when the authority
    was to act. `latest`: their last days by the reading that gives the most time, for what is held against nobody before.
    """

    terms: frozenset[str]
    resting: frozenset[str]
    target_passed_by: date | None = None
    ends: Mapping[str, date] = field(default_factory=dict)
    latest: Mapping[str, date] = field(default_factory=dict)

    def has_passed(self, today: date) -> bool:
        """Say whether a target of the authority has passed."""
        return self.target_passed_by is not None and self.target_passed_by < today


def running(respondent: CaseRespondent) -> Running:
    """Return the clocks of a respondent that run, and those that rest."""
    rows = CaseClock.objects.filter(respondent=respondent, stopped_on=None)
    found = list(rows.values_list("term", "pauses", "kind", "owner", "due_on", "computation"))
    resting = {term for term, pauses, *_rest in found if any(each["until"] is None for each in pauses)}
    mine = (CaseClock.Kind.TARGET, Role.APPOINTING_AUTHORITY.value)
    targets = [due_on for _term, _pauses, kind, owner, due_on, _said in found if (kind, owner) == mine]
    ends = {term: due_on for term, _pauses, _kind, _owner, due_on, _said in found}
    latest = {term: _latest(due_on, said) for term, _pauses, _kind, _owner, due_on, said in found}
    return Running(frozenset(ends) - resting, frozenset(resting), min(targets, default=None), ends, latest)


def _latest(due_on: date, said: Mapping[str, Any]) -> date:
    """Return the last day of the reading that gives the most time."""
    return max([due_on, *(_day(datetime.fromisoformat(day)) for _code, day in said.get("readings", ()) if day)])


def rest(respondent: CaseRespondent, terms: Collection[str], step: CaseStep) -> None:
    """Let clocks rest from the day of a step on, in its transaction."""
    for row in _of_terms(respondent, terms):
        row.pauses = [*row.pauses, {"from": step.on.isoformat(), "until": None, "reason": step.step}]
        row.next_on = None
        row.save(update_fields=["pauses", "next_on"])


def run_on(respondent: CaseRespondent, terms: Collection[str], step: CaseStep) -> None:
    """Let clocks that rest run on from the day of a step, in its transaction. Raises CaseActRefused (holidays)."""
    for row in _of_terms(respondent, terms):
        for each in row.pauses:
            each["until"] = each["until"] or step.on.isoformat()
        _recount(respondent.case, row)
        row.save(update_fields=_COUNTED)


def _of_terms(respondent: CaseRespondent, terms: Collection[str]) -> list[CaseClock]:
    rows = CaseClock.objects.filter(respondent=respondent, stopped_on=None, term__in=terms)
    return list(rows) if terms else []


# --- by hand -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hands:
    """By which roles somebody changes clocks of a case by hand: `owed` are the roles of his own side, whose clocks bind it, and
    `agencies` those that he, or his body, belongs to.
    """

    roles: frozenset[Role]
    owed: frozenset[str] = frozenset()
    agencies: frozenset[int] = frozenset()

    def over(self, clock: CaseClock) -> frozenset[Role]:
        """Return the roles by which he changes this clock; none: it binds his own side."""
        is_of_agency = GIVEN_OVER[Role(clock.owner)] in (Over.AGENCY, Over.SUBTREE)
        binds_him = clock.respondent.agency_id in self.agencies if is_of_agency else clock.owner in self.owed
        return frozenset() if binds_him else self.roles


def hands(by: User, case: Case, *, now: datetime) -> Hands:
    """Return which clocks of a case somebody may change by hand: those that neither he nor whom he serves under is bound by.

    Only officers of the body that has the case change any: what an agency owes, and what another body owes. What their own body
    owes nobody there changes; nor does an agency's inspectorate what that agency owes.
    """
    roles = case_steps.reach(by, case, now=now).here & access.roles_with("case.clock")
    if not roles:
        return Hands(roles)
    body = case.handler or case.body
    owed = set(RoleGrant.objects.at(now).filter(body=body).values_list("role", flat=True))
    # What a role owes that nobody has there is owed by whoever acts in its place.
    owed.update(
        str(each.value)
        for each in case_steps.INSTEAD
        if case_steps.in_place_of(each, [Role(one) for one in owed]) in owed
    )
    agencies = {body.agency_id, *(each.agency for each in accounts.grants_of(by, now=now))}
    return Hands(roles, frozenset(owed), frozenset(each for each in agencies if each is not None))


@transaction.atomic(durable=True)
def extend(
    clock: CaseClock, *, length: int, reason: str, basis: str = "", was: date | None = None, by: User, now: datetime
) -> CaseClock:
    """Make a clock longer, for a reason: a limit of the law on a legal `basis` in words, a target by its own length at most.

    `was`: the last day that was shown, where one was. Raises CaseActRefused (not_yours, own_clock, conflict, clock, text,
    too_long, changed), ValueUnknown.
    """
    is_of_law = clock.kind == CaseClock.Kind.TERM
    told = {"basis": case_steps.tidy(basis, 500, about="basis")} if is_of_law else {}

    def change(row: CaseClock) -> None:
        most = row.computation.get("target")
        if most is not None and length > most:
            raise CaseActRefused("too_long", str(most))
        row.extensions = [*row.extensions, {"length": length, "reason": reason.strip(), "by": by.pk, **told}]

    said = {"length": length}
    return _changed(clock, "clock_extended", change, reason, was=was, by=by, now=now, said=said, told=told)


@transaction.atomic(durable=True)
def pause(
    clock: CaseClock, *, from_on: date, until_on: date | None, reason: str, was: date | None = None, by: User,
    now: datetime,
) -> CaseClock:  # fmt: skip
    """Leave days out of a clock, for a reason; without an end it stands until another pause ends it.

    Raises CaseActRefused (not_yours, own_clock, conflict, clock, text, changed), DatesInWrongOrder.
    """
    if until_on is not None and until_on < from_on:
        raise DatesInWrongOrder(from_on, until_on)

    def change(row: CaseClock) -> None:
        going_on = [each for each in row.pauses if each["until"] is None]
        for each in going_on:
            each["until"] = from_on.isoformat()
        days = {"from": from_on.isoformat(), "until": until_on and until_on.isoformat()}
        row.pauses = [*row.pauses, {**days, "reason": reason.strip(), "by": by.pk}]

    said = {"from": from_on.isoformat()}
    return _changed(clock, "clock_paused", change, reason, was=was, by=by, now=now, said=said)


@transaction.atomic(durable=True)
def resume(clock: CaseClock, *, on: date, was: date | None = None, by: User, now: datetime) -> CaseClock:
    """Let a clock run on from a day. Raises CaseActRefused (not_yours, own_clock, conflict, clock, changed), DatesInWrongOrder."""

    def change(row: CaseClock) -> None:
        going_on = [each for each in row.pauses if each["until"] is None]
        if not going_on:
            raise CaseActRefused("clock")
        began = date.fromisoformat(going_on[-1]["from"])
        if on < began:
            raise DatesInWrongOrder(began, on)
        going_on[-1]["until"] = on.isoformat()

    said = {"until": on.isoformat()}
    return _changed(clock, "clock_paused", change, "resumed", was=was, by=by, now=now, said=said)


def _changed(
    clock: CaseClock, event: str, change: Any, reason: str, *, was: date | None, by: User, now: datetime,
    said: Mapping[str, Any], told: Mapping[str, str] | None = None,
) -> CaseClock:  # fmt: skip
    case, told = case_steps.lock(clock.case_id), told or {}
    clock.respondent.case = case
    case_steps.require_for(by, clock.respondent, "case.clock", now=now)
    roles = hands(by, case, now=now).over(clock)
    if not roles:
        raise CaseActRefused("own_clock")
    case_steps.tidy(reason, 500, about="reason")
    row = CaseClock.objects.select_related("respondent").filter(pk=clock.pk, stopped_on=None).first()
    if row is None:
        raise CaseActRefused("clock")
    if was is not None and was != row.due_on:
        raise CaseActRefused("changed")
    before = row.due_on
    change(row)
    is_paused = any(each["until"] is None for each in row.pauses)
    if not is_paused:
        _recount(case, row)
    else:
        row.next_on = None
    doing = Doing(by, case_steps.today_of(case), now, role=min(roles))
    data = {"case": case_steps.number_of(case), "clock": f"{row.pk:016x}", "by": by.pk, "due": row.due_on.isoformat(),
         "reason_sha256": case_steps.digest(reason), **said,
         **{f"{name}_sha256": case_steps.digest(text) for name, text in told.items()}}  # fmt: skip
    zone = case_steps.zone_of(case)
    if event == "clock_extended":
        entry = ledger.append("case.clock_extended", data, now=now, zone=zone)
    else:
        entry = ledger.append("case.clock_paused", data, now=now, zone=zone)
    facts = {
        "term": row.term,
        "before": before.isoformat(),
        "due": row.due_on.isoformat(),
        "reason": reason.strip(),
        **said,
        **told,
    }
    case_steps.keep(case, event, doing, entry, respondent=row.respondent, facts=facts)
    row.save(update_fields=["extensions", *_COUNTED])
    case_steps.renew_lines([row.respondent_id])
    return row


def by_itself(row: CaseClock) -> date:
    """Return the last day of a clock without what was done to it by hand: the law's own one, or the target's."""
    found = row.computation.get("by_itself")
    return date.fromisoformat(found) if found else row.due_on


@dataclass(frozen=True)
class Left:
    """What is left of a clock, in what it is counted in (a word of domain.terms.Count): 0 is its last day; None: it is over, since
    `past_days` calendar days.
    """

    amount: int | None
    unit: str
    past_days: int = 0


_BY_DAYS = (Count.CALENDAR_DAYS.value, Count.WORKING_DAYS.value)


def unit_of(row: CaseClock) -> str:
    """Return in what a clock is counted: by the reading that gave its last day, which is not always the first one of its term."""
    readings = row.computation.get("readings") or [["", None]]
    return next((unit for unit in _BY_DAYS if f"_{unit}" in str(readings[0][0])), row.count)


def minute_at(zone: timezone) -> datetime:
    """Return this minute in the time of a place."""
    return clock.instant(zone).astimezone(zone)


def left(row: CaseClock, here: datetime) -> Left:
    """Say what is left of a clock in a minute of its place (see minute_at): what every page tells of it.

    Days are those of its count that come after today, so without those that are skipped or that a pause takes out. Of months and
    years, and past the last day of any, calendar days are told.
    """
    today, unit = here.date(), unit_of(row)
    if row.due_at is not None:
        seconds = (row.due_at - here).total_seconds()
        past = max(0, (today - row.due_on).days)
        return Left(int(seconds // 3600), Count.HOURS) if seconds > 0 else Left(None, Count.HOURS, past)
    unit = unit if unit in _BY_DAYS else Count.CALENDAR_DAYS.value
    if today >= row.due_on:
        return Left(0, unit) if today == row.due_on else Left(None, unit, (today - row.due_on).days)
    ahead = [today + timedelta(days=n) for n in range(1, (row.due_on - today).days + 1)]
    counted = set(row.computation.get("counted") or ())
    if not counted or row.count not in _BY_DAYS:
        rests = _pauses(row.pauses)
        return Left(max(1, sum(not any(_is_within(day, each) for each in rests) for day in ahead)), unit)
    return Left(max(1, sum(day.isoformat() in counted for day in ahead)), unit)


def due_of(row: CaseClock, zone: timezone) -> date:
    """Return the last day of a clock; of a limit in hours its last moment, in the time of a place."""
    return row.due_at.astimezone(zone).replace(tzinfo=None) if row.due_at else row.due_on


def _is_within(day: date, pause: Pause) -> bool:
    return pause.from_on <= day and (pause.until_on is None or day < pause.until_on)


def rests_since(row: CaseClock) -> date | None:
    """Return from which day on a clock rests without an end; None: it runs."""
    return next((date.fromisoformat(each["from"]) for each in row.pauses if each["until"] is None), None)


def _pauses(pauses: Iterable[Mapping[str, Any]]) -> list[Pause]:
    return [
        Pause(
            date.fromisoformat(each["from"]),
            date.fromisoformat(each["until"]) if each["until"] else None,
            each["reason"],
        )
        for each in pauses
        if each["from"] != each["until"]  # ended on the day on which it began
    ]


def _recount(case: Case, row: CaseClock, known: dict[Any, _Counted] | None = None) -> None:
    """Count a clock anew from what its row says. Raises CaseActRefused (holidays).

    `known`: what was counted before by the same rulebook, for clocks that began alike.
    """
    # A limit in hours starts at a local time; its instant is kept with a zone.
    start: date = (
        row.start_at.astimezone(case_steps.zone_of(case)).replace(tzinfo=None) if row.start_at else row.start_on
    )
    target = row.computation.get("target") if row.kind == CaseClock.Kind.TARGET else None

    def counted(pauses: list[Pause], extensions: list[Extension]) -> _Counted:
        alike = (row.term, start, target, case.regime, case_steps.region_of(case), *pauses, *extensions)
        found = known.get(alike) if known is not None else None
        if found is None:
            found = _count(case, row.term, start, target, pauses, extensions)
            if known is not None and row.start_at is None:  # the minutes of limits in hours are scarcely ever alike
                known[alike] = found
        return found

    extensions = [Extension(each["length"], each["reason"]) for each in row.extensions]
    found, said = counted(_pauses(row.pauses), extensions), {}
    of_procedure = [each for each in row.pauses if "by" not in each]
    if extensions or of_procedure != row.pauses:
        said["by_itself"] = counted(_pauses(of_procedure), []).due_on.isoformat()
    warn_before, long_after = row.due_on - row.warn_on, row.long_on - row.late_on
    moved = found.due_on != row.due_on
    row.due_on, row.computation = found.due_on, found.said | said
    row.rulebook_digest = rules.book().digest if row.kind == CaseClock.Kind.TERM else ""
    row.due_at = found.due.replace(tzinfo=case_steps.zone_of(case)) if isinstance(found.due, datetime) else None
    row.warn_on = max(row.start_on, found.due_on - warn_before)
    row.late_on = found.due_on + timedelta(days=1)
    row.long_on = row.late_on + long_after
    if is_window(row.term):
        row.stage, row.next_on = RUNNING, None
    elif moved or (row.next_on is None and row.stage < LONG_OVERDUE):
        # It begins its stages anew: a night sets the one that its new day gives. At its last it has no next day, and is told once.
        row.stage, row.next_on = RUNNING, row.warn_on


def recount_open(now: datetime) -> int:
    """Count every running clock anew that another rulebook counted: a late holiday, a moved stage. Return how many moved.

    Each that moved has a step that says from which day to which, and the lines repeat what each says now. They are counted some at
    a time, each lot in a transaction that holds its cases as a step does. One that cannot be counted keeps its day, and the next
    night asks again.
    """
    digest, moved, after = rules.book().digest, 0, None
    failed: Counter[str] = Counter()
    known: dict[Any, _Counted] = {}
    asked = CaseClock.objects.filter(stopped_on=None, kind=CaseClock.Kind.TERM).exclude(rulebook_digest=digest)
    while True:
        rest_of = asked if after is None else asked.filter(pk__gt=after)
        some = list(rest_of.order_by("pk").values_list("pk", "case")[:_AT_ONCE])
        if not some:
            break
        after = some[-1][0]
        moved += _recount_some(some, now, failed, known)
    if failed:
        logger.error("clocks of cases cannot be counted and keep their days", extra={"clocks": dict(failed)})
    return moved


@transaction.atomic(durable=True)
def _recount_some(
    some: Collection[tuple[int, int]], now: datetime, failed: Counter[str], known: dict[Any, _Counted]
) -> int:
    _hold(case for _clock, case in some)
    # Read once their cases are held: what a step stopped or changed meanwhile is not written back.
    related = ("case__agency__region", "case__body__agency", "case__body__region", "respondent")
    rows = CaseClock.objects.filter(pk__in=[clock for clock, _case in some], stopped_on=None).select_related(*related)
    changed, same, moved, renewed = [], [], [], set()
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        before, was_due, stood = _says(row), row.due_on, _stands(row)
        if is_window(row.term):  # it may have been begun when it was a limit that somebody owes
            row.stage, row.next_on = RUNNING, None
        is_counted = not rests_since(row) and _is_counted(row, failed, known)
        if row.due_on != was_due:
            moved.append((row, was_due))
        if _says(row) != before:
            changed.append(row)
        elif is_counted:
            same.append(row.pk)
        if _stands(row) != stood:
            renewed.add(row.respondent_id)
    CaseClock.objects.filter(pk__in=same).update(rulebook_digest=rules.book().digest)
    masses.update_objects(changed, _RECOUNTED)
    _keep_moved(moved, now)
    case_steps.renew_lines(renewed)
    return len(moved)


def _is_counted(row: CaseClock, failed: Counter[str], known: dict[Any, _Counted]) -> bool:
    """Count a clock anew; say whether that could be done, and note why not."""
    try:
        _recount(row.case, row, known)
    except (DomainError, LookupError, ValueError, ArithmeticError) as error:
        failed[f"{row.term}: {getattr(error, 'reason', type(error).__name__)}"] += 1
        return False
    return True


def _stands(row: CaseClock) -> tuple[Any, ...]:
    """Return what of a clock its respondent and the lines of the board repeat."""
    return row.due_on, row.stage, row.next_on


def _says(row: CaseClock) -> list[Any]:
    """Return what a clock says, whichever rulebook counted it."""
    return [getattr(row, name) for name in _RECOUNTED if name != "rulebook_digest"]


def _hold(cases: Iterable[int]) -> None:
    """Hold cases for this transaction, as an act holds its one."""
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=set(cases)).order_by("pk").values_list("pk"))


def _keep_moved(moved: Sequence[tuple[CaseClock, date]], now: datetime) -> None:
    """Write for each clock that moved, beside its last day before, an entry of the log and a step that refers to it."""
    prepared, steps = [], []
    for row, before in moved:
        days = {"before": before.isoformat(), "due": row.due_on.isoformat()}
        said = {"clock": f"{row.pk:016x}", **days, "rulebook": row.rulebook_digest}
        prepared.append(ledger.prepare("case.clocks_recounted", said, now=now, zone=case_steps.zone_of(row.case)))
        steps.append(
            CaseStep(
                case=row.case, respondent=row.respondent, step="clock_recounted", at=now, on=case_steps.today_of(row.case),
                facts={"term": row.term, **days},
            )
        )  # fmt: skip
    ledger.write(prepared)
    for step, entry in zip(steps, prepared, strict=True):
        step.entry_id = entry.key
    masses.insert_objects(steps)
