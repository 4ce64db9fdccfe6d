"""Authorities that stay idle, and those who may act on it: no further instance, since the law knows none, but dated steps.

Who may act is asked of the rulebook: BKN by its power to warn and to block, Home Affairs by its power to reprimand, each on the
days and for the kinds of agencies for which it has it. A body with a region watches that region, one without the whole country.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused
from ikrar.records.models import (
    Agency,
    Body,
    Case,
    CaseClock,
    CaseConflict,
    CaseDecision,
    CaseReferral,
    CaseReport,
    CaseRespondent,
    CaseStep,
    Holding,
    Office,
    ReportLeftOut,
    User,
)
from ikrar.services import (
    case_authority,
    case_decisions,
    case_lines,
    case_queue,
    case_rules,
    case_steps,
    cases,
    clock,
    outside_bodies,
)
from ikrar.services.case_clocks import LONG_OVERDUE, OVERDUE, WARNED

# What each power of a body is for: the steps of the table that it may take against an idle authority.
MEASURES: Mapping[str, tuple[str, ...]] = {"control": ("bkn-warning", "bkn-block"), "reprimand": ("reprimand",)}
STEPS = tuple(step for steps in MEASURES.values() for step in steps)
_TRACKS = ("discipline", "ethics")
_BEFORE = ("received", "reviewing", "completing", "registered", "clarifying", "assessed", "forwarded", "passed-on", "returned",
           "with-national", "dismissed", "withdrawn", "lapsed", "referred", "referral-accepted", "handed-over")  # fmt: skip
_WAITING = ("recommended", "accepted", "summoned", "missed-once", "summoned-again", "missed-twice", "heard", "team", "council",
            "proposed", "restoring")  # fmt: skip
_EXECUTED = ("executed", "recorded")
_ELSEWHERE = case_rules.WITH_OUTSIDE
_WITH_NATIONAL = ("with-national", "recommended")
_HANDED_OVER = "handed-over"


# --- who may act -------------------------------------------------------------------------------------------------


def measures_of(body: Body, agency: Agency, day: date) -> tuple[str, ...]:
    """Return the steps that a body may take against the idle authority of an agency on a day."""
    if not _covers(body, agency):
        return ()
    found: list[str] = []
    for power in outside_bodies.powers_of(body, day):
        if power.power in MEASURES and (not power.agencies or agency.kind in power.agencies):
            found += MEASURES[power.power]
    return tuple(found)


def _covers(body: Body, agency: Agency) -> bool:
    if body.region_id is None:
        return True
    return agency.region_id == body.region_id or (agency.region_id or "").startswith(f"{body.region_id}.")


def watchers(agencies: Iterable[Agency], day: date) -> dict[int, list[Body]]:
    """Return the bodies that may act on the authority of each of these agencies on a day."""
    bodies = list(Body.objects.outside().at_work(day).order_by("pk"))
    return {agency.pk: [body for body in bodies if measures_of(body, agency, day)] for agency in agencies}


def _watched(bodies: Sequence[Body], day: date) -> Q:
    """Return, as a condition on respondents, the agencies on whose authority one of these bodies may act."""
    reach = Q(pk__in=[])
    for body in bodies:
        for power in outside_bodies.powers_of(body, day):
            if power.power not in MEASURES:
                continue
            one = Q(agency__isnull=False)
            if power.agencies:
                one &= Q(agency__kind__in=power.agencies)
            if body.region_id is not None:
                one &= Q(agency__region=body.region_id) | Q(agency__region__code__startswith=f"{body.region_id}.")
            reach |= one
    return reach


# --- what they look at -------------------------------------------------------------------------------------------


def reached(bodies: Sequence[Body], day: date) -> QuerySet[CaseRespondent]:
    """Return the respondents whose matter lies with these bodies, or with an authority on whom one of them may act."""
    keys = [body.pk for body in bodies]
    rows = CaseRespondent.objects.filter(track__in=_TRACKS).exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY)
    return rows.filter(Q(body__in=keys) | _watched(bodies, day))


@dataclass(frozen=True)
class Standing:
    """How the matters of one authority stand: what was recommended to it beside what it did, and how old what waits is.

    `agency` None: of all authorities that have no part here: to those a matter is `referred`, and what came of it is `answered`.
    What was recommended and referred is what waits, was decided, cleared and answered.
    """

    agency: Agency | None
    recommended: int
    waiting: int
    decided: int
    executed: int
    cleared: int
    oldest_on: date | None
    warned: int
    overdue: int
    long_overdue: int
    idle: int = 0
    referred: int = 0
    answered: int = 0


def standings(bodies: Sequence[Body], day: date) -> list[Standing]:
    """Return the authorities to which matters were recommended, those that stay idle first, then by how much waits."""
    went_on = Q(agency__isnull=True, state__in=(*_ELSEWHERE, _HANDED_OVER)) | ~Q(state__in=_BEFORE)
    rows = reached(bodies, day).filter(went_on)
    open_now = Q(outcome=CaseRespondent.Outcome.OPEN)
    counted = rows.values("agency", "state").annotate(
        n=Count("pk"), oldest=Min("state_on"), warned=Count("pk", filter=open_now & Q(stage=WARNED)),
        overdue=Count("pk", filter=open_now & Q(stage=OVERDUE)),
        long_overdue=Count("pk", filter=open_now & Q(stage=LONG_OVERDUE)),
    )  # fmt: skip
    found: dict[int | None, list[dict[str, Any]]] = {}
    for row in counted:
        found.setdefault(row["agency"], []).append(row)
    idle = dict(_idle(bodies, day).values_list("respondent__agency").annotate(n=Count("respondent", distinct=True)))
    agencies = Agency.objects.in_bulk([key for key in found if key is not None])
    made = [_standing(agencies.get(key), parts, idle.get(key, 0)) for key, parts in found.items()]
    return sorted(made, key=lambda each: (-each.idle, -each.waiting, each.agency.name if each.agency else ""))


def _standing(agency: Agency | None, parts: Sequence[Mapping[str, Any]], idle: int) -> Standing:
    def total(states: Collection[str]) -> int:
        return sum(each["n"] for each in parts if each["state"] in states)

    awaited = (*_WAITING, *_ELSEWHERE)
    every, waiting, cleared = sum(each["n"] for each in parts), total(awaited), total(("cleared",))
    answered, referred = total((_HANDED_OVER,)), total((*_ELSEWHERE, _HANDED_OVER))
    return Standing(
        agency, every - referred, waiting, every - waiting - cleared - answered, total(_EXECUTED), cleared,
        min((each["oldest"] for each in parts if each["state"] in awaited), default=None),
        *(sum(each[name] for each in parts) for name in ("warned", "overdue", "long_overdue")), idle, referred, answered,
    )  # fmt: skip


def elsewhere(bodies: Sequence[Body], user: User) -> QuerySet[CaseRespondent]:
    """Return the respondents without an agency here whose matter lies with these bodies, the oldest first: those whom they hold
    themselves, and those whom an authority outside has. Without cases in which somebody has no part.
    """
    rows = CaseRespondent.objects.filter(
        body__in=bodies, agency=None, track__in=_TRACKS, outcome=CaseRespondent.Outcome.OPEN,
        state__in=(*_WITH_NATIONAL, *_ELSEWHERE),
    ).exclude(case__in=_without(user))  # fmt: skip
    return rows.select_related("case__body", "person").order_by("state_on", "pk")


def _idle(bodies: Sequence[Body], day: date) -> QuerySet[CaseClock]:
    """Return the clocks of authorities that are here and stay idle: of one outside nobody knows what it does."""
    return CaseClock.objects.filter(
        respondent__agency__isnull=False,
        stopped_on=None, kind=CaseClock.Kind.TARGET, owner=Role.APPOINTING_AUTHORITY.value, stage__gte=OVERDUE,
        respondent__in=reached(bodies, day).filter(outcome=CaseRespondent.Outcome.OPEN),
    )  # fmt: skip


@dataclass(frozen=True)
class Idle:
    """A matter whose authority stays idle past the operator's target: for how long, what was done about it, what may be.

    `has_nobody`: it waits for a decision, and nobody is known who could take it; `stopped`: it waits for another act of the
    agency's head, who has no part in it, and nobody else may take that. `waits_for`: whose step is next where it is not the
    authority's, whose target runs on all the same.
    """

    clock: CaseClock
    days: int
    taken: tuple[CaseStep, ...] = ()
    told_on: date | None = None
    may: tuple[str, ...] = ()
    key: str = field(default="")
    has_nobody: bool = False
    stopped: case_authority.Assigning | None = None
    waits_for: tuple[Role, ...] = ()


def idle(bodies: Sequence[Body], user: User, day: date) -> QuerySet[CaseClock]:
    """Return the clocks of idle authorities, the oldest first, without cases in which somebody has no part."""
    rows = _idle(bodies, day).exclude(case__in=_without(user))
    return rows.select_related("case__body", "respondent__agency").order_by("due_on", "pk")


def _without(user: User) -> QuerySet[Case]:
    """Return the cases in which somebody has no part (see case_steps.conflict)."""
    said = Q(conflicts__in=CaseConflict.objects.filter(Q(user=user), lifted_at=None))
    if user.person_id:
        said |= Q(conflicts__in=CaseConflict.objects.filter(person=user.person_id, lifted_at=None))
        own = CaseRespondent.objects.filter(person=user.person_id)
        said |= Q(respondents__in=own.exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY))
    left_out = CaseReport.objects.filter(report__in=ReportLeftOut.objects.filter(key__user=user).values("report"))
    out = Q(case_reports__in=left_out) | Q(beside__case_reports__in=left_out)
    return Case.objects.filter(said | out).values("pk")


def lines(clocks: Sequence[CaseClock], bodies: Sequence[Body], day: date) -> list[Idle]:
    """Return a page of idle matters, each with the measures that were taken and those that these bodies may take."""
    respondents = [each.respondent_id for each in clocks]
    nobody, stopped, others = _without_anybody(clocks), _stopped(clocks), _of_others(clocks)
    taken: dict[int, list[CaseStep]] = {}
    told: dict[tuple[int, str, str], date] = {}
    rows = CaseStep.objects.filter(respondent__in=respondents, step__in=(*STEPS, "authority_idle")).order_by(
        "on", *case_steps.TAKEN
    )
    for row in rows:
        if row.step == "authority_idle":
            # Of the clock that passed then: an earlier target of the same matter had a notice of its own.
            about = (str(row.facts.get("term", "")), str(row.facts.get("due", "")))
            told.setdefault((row.respondent_id, *about), row.on)
        else:
            taken.setdefault(row.respondent_id, []).append(row)
    return [
        Idle(
            each, (day - each.due_on).days, tuple(taken.get(each.respondent_id, ())),
            told.get((each.respondent_id, each.term, each.due_on.isoformat())),
            _open_measures(each.respondent, bodies, day), case_steps.number_of(each.respondent),
            each.respondent_id in nobody, stopped.get(each.respondent_id), others.get(each.respondent_id, ()),
        )
        for each in clocks
    ]  # fmt: skip


def _of_others(clocks: Sequence[CaseClock]) -> dict[int, tuple[Role, ...]]:
    """Return those respondents of some clocks whose next step is none of the authority's, with whose it is.

    An examiner's turn where nobody of the agency examines is the authority's: it assigns.
    """
    found, asked = {}, _ways([each for each in clocks if not _is_surely_its_own(each)])
    for each in clocks:
        if each.respondent_id not in asked:
            continue
        is_heavy, is_examined = asked[each.respondent_id]
        owners = case_lines.owners_of(each.case.procedure, each.respondent.state, is_heavy=is_heavy)
        if owners and Role.APPOINTING_AUTHORITY not in owners and (owners != (Role.EXAMINER,) or is_examined):
            found[each.respondent_id] = owners
    return found


def _is_surely_its_own(clock: CaseClock) -> bool:
    """Say whether the next step is the authority's, however grave the matter is."""
    ways = (
        case_lines.owners_of(clock.case.procedure, clock.respondent.state, is_heavy=is_heavy)
        for is_heavy in (False, True)
    )
    return all(Role.APPOINTING_AUTHORITY in each for each in ways)


def _ways(clocks: Sequence[CaseClock]) -> dict[int, tuple[bool, bool]]:
    """Return of the respondents of some clocks whether a severe penalty threatens, and whether somebody of the agency examines."""
    if not clocks:
        return {}
    rows = CaseRespondent.objects.filter(pk__in=[each.respondent_id for each in clocks])
    asked = rows.annotate(heavy=case_lines.is_threatened(), examined=case_lines.is_given(clock.now()))
    return {pk: (is_heavy, is_examined) for pk, is_heavy, is_examined in asked.values_list("pk", "heavy", "examined")}


_RELATED = ("case__agency", "case__body__agency", "case__body__region", "person", "unit", "agency")


def _stopped(clocks: Sequence[CaseClock]) -> dict[int, case_authority.Assigning]:
    """Return those respondents of some clocks whose head has no part in the case and must act all the same, as nobody else may."""
    places = {each.respondent_id: (each.case_id, each.respondent.agency_id) for each in clocks}
    held = Holding.objects.at(clock.instant()).filter(
        office__agency__in={agency for _case, agency in places.values()}, office__kind=Office.Kind.HEAD_OF_REGION,
        person__isnull=False,
    )  # fmt: skip
    heads = dict(held.values_list("office__agency", "person"))
    if not heads:
        return {}
    out = case_steps.people_out({case for case, _agency in places.values()})
    kept_out = [key for key, (case, agency) in places.items() if heads.get(agency or 0) in out.get(case, set())]
    if not kept_out:
        return {}
    rows = CaseRespondent.objects.filter(pk__in=kept_out).select_related(*_RELATED)
    found = {each.pk: case_queue.stopped(each, clock.instant(case_steps.zone_of(each.case))) for each in rows}
    return {key: each for key, each in found.items() if each is not None and each.is_conflicted}


def _without_anybody(clocks: Sequence[CaseClock]) -> set[int]:
    """Return those respondents of some clocks who wait for a decision that nobody is known to take."""
    waiting = [
        each.respondent_id
        for each in clocks
        if case_rules.may_decide(each.case.procedure, each.case.track, "", each.respondent.state)
    ]
    if not waiting:
        return set()
    rows = CaseRespondent.objects.filter(pk__in=waiting).select_related(*_RELATED)
    of_drafts = CaseDecision.objects.filter(respondent__in=waiting, ended_at=None, decided_on=None)
    drafts = {each.respondent_id: each for each in of_drafts}
    return {
        each.pk
        for each in rows
        if case_decisions.has_nobody(each, drafts.get(each.pk), at=clock.instant(case_steps.zone_of(each.case)))
    }


def _open_measures(respondent: CaseRespondent, bodies: Sequence[Body], day: date) -> tuple[str, ...]:
    """Return the measures that these bodies may take of the table's rows that begin where a respondent stands."""
    if respondent.agency is None:
        return ()
    may = {step for body in bodies for step in measures_of(body, respondent.agency, day)}
    known = case_rules.procedure(respondent.case.procedure).steps
    return tuple(
        step for step in STEPS if step in may and step in known and respondent.state in known[step].from_states
    )


def measures(bodies: Sequence[Body], user: User, day: date) -> QuerySet[CaseStep]:
    """Return the measures that were taken against authorities within reach, the newest first."""
    rows = CaseStep.objects.filter(step__in=STEPS, respondent__in=reached(bodies, day)).exclude(case__in=_without(user))
    return rows.select_related("case", "respondent__agency", "by").order_by("-on", *case_steps.LATEST_FIRST)


def waiting(bodies: Sequence[Body], user: User) -> QuerySet[CaseReferral]:
    """Return the referrals that wait for the answer of these bodies, the first first."""
    rows = CaseReferral.objects.filter(to_body__in=bodies, state=CaseReferral.State.SENT).exclude(
        case__in=_without(user)
    )
    return rows.select_related("case", "from_body", "to_body").order_by("sent_on", "pk")


# --- what they do ------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def measure(
    respondent: CaseRespondent, step: str, *, was: str, reason: str, on: date, by: User, now: datetime
) -> CaseStep:
    """Record a measure against an authority that stays idle: a dated step that leaves the matter where it is.

    Raises CaseActRefused (not_yours, power, conflict, own_matter, closed, changed, text, target_running) and what the table raises.
    """
    case = case_steps.lock(respondent.case_id)
    row = CaseRespondent.objects.select_related("agency").get(pk=respondent.pk, case=case)
    scope = cases.accounts_scope(by, "case.monitor", now=now)
    bodies = list(Body.objects.filter(pk__in=scope.bodies))
    if not reached(bodies, case_steps.today_of(case)).filter(pk=row.pk).exists() or row.agency is None:
        raise CaseActRefused("not_yours")
    case_steps.refuse_conflict(by, case)
    if row.outcome != CaseRespondent.Outcome.OPEN:
        raise CaseActRefused("closed")
    if step not in STEPS or not any(step in measures_of(body, row.agency, on) for body in bodies):
        raise CaseActRefused("power")
    case_steps.check_day(on, case)
    passed = min(_idle(bodies, on).filter(respondent=row).values_list("late_on", flat=True), default=None)
    if passed is not None and on < passed:
        raise CaseActRefused("target_running", passed.isoformat())
    facts = {"reason": case_steps.tidy(reason, 500, about="reason")} | (
        {"reprimanded-on": on} if step == "reprimand" else {}
    )
    (taken,) = cases.add_step(
        case, step, was=was, facts=facts, on=on, respondents=[row], in_name_of=Role.NATIONAL_BODY, by=by, now=now
    )
    return taken


def find(key: str, bodies: Sequence[Body], user: User, day: date) -> Idle | None:
    """Return the idle matter of a respondent by his key (hex); None where none is within reach."""
    try:
        number = int(key, 16)
    except ValueError:
        return None
    found = idle(bodies, user, day).filter(respondent=number).first() if 0 <= number < 1 << 63 else None
    return lines([found], bodies, day)[0] if found else None
