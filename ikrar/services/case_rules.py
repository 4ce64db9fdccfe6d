"""What the table of the procedure says (domain.cases), as the services of cases ask it: the one place where they meet it.

A fact of the table is told by whoever takes a step, and stays with the case; those of `OF_RECORDS` are never told: what the records
show of them is asked anew at every step, so that nobody claims a team, a band or an authority.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from ikrar.domain import cases as domain
from ikrar.domain import sanctions
from ikrar.domain.access import Role
from ikrar.domain.cases import CaseFacts, Clock, Effect, Open, Procedure, Step, Taker, Target
from ikrar.domain.errors import DomainError, SanctionOutsideBand
from ikrar.domain.sources import Label
from ikrar.services import case_targets, rules
from ikrar.services.case_clocks import Limit

REGISTERED = "registered"
DECIDE, DECIDE_MORAL, CLEAR, SERVE, TAKE_EFFECT = "decide", "decide-moral", "clear", "serve", "take-effect"
SEND, MISS_SERVICE, SERVE_APPEALED = "send-decision", "miss-service", "serve-appealed"
SERVES = (SERVE, SERVE_APPEALED)
"""By which steps a decision is served: the second where it was appealed before it came, which leaves it with the appeal."""
ANSWER_APPEAL = "answer-appeal"
FORWARD, ACCEPT, GIVE_BACK = "forward", "national-accept", "national-refuse"
PASS_ON, ACCEPT_PASSED, REFUSE_PASSED = "pass-on", "supervisor-accept", "supervisor-refuse"
SENDS = {FORWARD: (ACCEPT, GIVE_BACK), PASS_ON: (ACCEPT_PASSED, REFUSE_PASSED)}
"""By which steps a case goes to another body, each with those by which it is accepted there or refused."""
OBJECTS, APPEALS = ("object", "object-in-effect"), ("appeal", "appeal-in-effect")
"""By which steps a letter comes against a decision: the second where it is recorded after the effect."""
OBJECTION_DECIDED, OBJECTION_GRANTED = "objection-decided", "objection-granted"
APPEAL_DECIDED, APPEAL_CANCELS = "appeal-decided", "appeal-cancels"
OBJECTION_UPHOLDS, APPEAL_UPHOLDS = "objection-upholds-executed", "appeal-upholds-executed"
APPEAL_CANCELS_EXECUTED, APPEAL_LIGHTENS_EXECUTED = "appeal-cancels-executed", "appeal-lightens-executed"
OBJECTION_CANCELS_EXECUTED, OBJECTION_LIGHTENS_EXECUTED = "objection-cancels-executed", "objection-lightens-executed"
RESTORES, RESTORING = ("restore", "restore-lightened"), "restoring"
"""By which steps somebody is restored whose sanction was carried out and did not last, and the state in which he awaits it."""
SETTLES_OBJECTION = (
    OBJECTION_DECIDED, OBJECTION_GRANTED, OBJECTION_UPHOLDS, OBJECTION_CANCELS_EXECUTED, OBJECTION_LIGHTENS_EXECUTED,
)  # fmt: skip
SETTLES = frozenset({
    *SETTLES_OBJECTION, APPEAL_DECIDED, APPEAL_CANCELS, APPEAL_UPHOLDS, APPEAL_CANCELS_EXECUTED, APPEAL_LIGHTENS_EXECUTED,
})  # fmt: skip
EXECUTE = "execute"
_OWN_ACTS = (
    frozenset({DECIDE, DECIDE_MORAL, CLEAR, *SERVES, *SENDS, *(each for answers in SENDS.values() for each in answers)})
    | SETTLES
)
AUTHORITY_ACCEPT, RECOMMEND = "authority-accept", "recommend"
REFER_OUTSIDE = "refer-outside"
REFERS = ("refer", REFER_OUTSIDE)
"""By which steps a matter goes to an authority that has no part in this installation."""
WITH_OUTSIDE = ("referred", "referral-accepted")
"""The states in which such an authority has it."""
HANDS_OVER = ("pilkada-gakkumdu-send", "pemilu-gakkumdu-send")
"""By which steps a criminal matter goes to the Gakkumdu centre, which has no part in this installation either."""
WITH_GAKKUMDU = ("gakkumdu-sent", "gakkumdu")
LETTERS = ("referral-letter", "handover-letter")
"""Facts that name the letter with which a matter goes out."""
OUTSIDE_BACK, RETURNED = "outside-back", "returned"
COUNCIL_PROPOSES = "council-propose"
PROPOSES = ("propose", COUNCIL_PROPOSES)
RECOMMENDS = (RECOMMEND, *PROPOSES)
OF_RECORDS = frozenset({
    "allegation", "heavy", "within-band", "authority-named", "departs", "unchecked-rule", "second-confirmation", "decided-on",
    "received-on", "fifteenth-day", "target-passed", "respondent-gone", "registered-on", "accepted-on",
    "dismissal", "other-than-dismissal", "after-window", "intake-only", "opened-here", "allegation-of-track",
    "agency-here", "agency-elsewhere", "reported", "several-reports", "service-not-missed",
    "not-received", "appeal-unanswered", "effect-by-day", "executed-before", "sanction-left",
    "nothing-left", "no-show-counts", "no-show-uncounted",
})  # fmt: skip
INTAKE_ONLY, OPENED_HERE = "intake-only", "opened-here"
ALLEGATION_OF_TRACK = "allegation-of-track"
AGENCY_HERE, AGENCY_ELSEWHERE, WITHIN_BAND = "agency-here", "agency-elsewhere", "within-band"
COMES_BEFORE_BAND = frozenset({ALLEGATION_OF_TRACK, AGENCY_HERE})
"""Without these there is no band to speak of."""
REPORTED, SEVERAL_REPORTS = "reported", "several-reports"
SERVICE_NOT_MISSED, NOT_RECEIVED, APPEAL_UNANSWERED = "service-not-missed", "not-received", "appeal-unanswered"
EFFECT_BY_DAY, EXECUTED_BEFORE = "effect-by-day", "executed-before"
SANCTION_LEFT, NOTHING_LEFT = "sanction-left", "nothing-left"
NO_SHOW_COUNTS, NO_SHOW_UNCOUNTED = "no-show-counts", "no-show-uncounted"
NO_WAY_WITHOUT = frozenset({
    INTAKE_ONLY, OPENED_HERE, AGENCY_ELSEWHERE, REPORTED, SERVICE_NOT_MISSED, NOT_RECEIVED, APPEAL_UNANSWERED, EFFECT_BY_DAY,
    EXECUTED_BEFORE, SANCTION_LEFT, NOTHING_LEFT, NO_SHOW_COUNTS, NO_SHOW_UNCOUNTED,
})  # fmt: skip
"""Those of them without which a step is offered to nobody: they tell by which body, for whom and of what a step is a way, and none
becomes so by anything that is done in the case."""
# Those of them that the decision shows which stands.
OF_DECISION = frozenset({
    "decided-on", "received-on", "fifteenth-day", "dismissal", "other-than-dismissal", "unchecked-rule", "second-confirmation",
    "not-received", "effect-by-day", "sanction-left", "nothing-left",
})  # fmt: skip
# What was told with an earlier step is no answer for a later one: each tells its own.
OF_ONE_STEP = frozenset({
    "reason", "reprimanded-on", "late-reason", "in-effect-reason", "recommended-sanction", "referred-to", "referral-letter",
    "handover-letter",
})  # fmt: skip
# What a form asks for in a field of its own: the sanction, of those that are offered.
RECOMMENDED_SANCTION = "recommended-sanction"
# The window within which a letter comes, by the letter: a later one is taken with a written reason alone.
WINDOWS = domain.WINDOWS
AFTER_WINDOW = "after-window"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def procedure_on(regime: str, track: str, day: date) -> Procedure:
    """Return the procedure of a regime and a track on a day. Raises ProcedureUnknown."""
    return domain.procedure_on(rules.book(), regime, track, day)


def procedure(id: str) -> Procedure:
    """Return a procedure by its id: an old case keeps the one of its day. Raises ProcedureUnknown."""
    return domain.procedure(rules.book(), id)


def procedures() -> list[Procedure]:
    """Return every procedure that the rulebook holds."""
    return list(rules.book().procedures.values())


def is_decided_here(id: str) -> bool:
    """Say whether somebody of this installation examines and decides by a procedure: what is criminal, or referred, is others'."""
    return not {DECIDE, DECIDE_MORAL}.isdisjoint(procedure(id).steps)


def needs_allegation_of_track(id: str) -> bool:
    """Say whether a case goes on to its end only with an allegation that its own track answers."""
    return any(ALLEGATION_OF_TRACK in each.requires for each in procedure(id).steps.values())


def track_needs_allegation(track: str) -> bool:
    """Say the same of a track, by any of its procedures: before a case is opened its own is not known."""
    return any(each.track == track and needs_allegation_of_track(each.id) for each in procedures())


def is_elsewhere(agency: int | None, employment: str) -> bool:
    """Say whether no appointing authority that is here answers for somebody: he serves elsewhere, or stands outside them all."""
    return agency is None or domain.stands_outside(employment)


def answers(track: str, kind: str, employment: str) -> bool:
    """Say whether a track answers what was stated of somebody: an act by its kind, for his employment."""
    return track in domain.answered_on(kind, employment)


def answering_tracks(stated: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the tracks that answer anything of what was stated: kinds of acts, each with the employment."""
    return frozenset(track.value for kind, employment in stated for track in domain.answered_on(kind, employment))


def has_own_act(step: str) -> bool:
    """Say whether a step is taken by an act of its own alone (a decision, a referral)."""
    return step in _OWN_ACTS


def ruled_on(facts: Mapping[str, Any], on: date) -> date:
    """Return on which day an outcome was decided that a step records, by the step's facts and its day: perhaps before it."""
    told = as_facts({"settled_on": facts.get("settled_on")})["settled_on"] if facts.get("settled_on") else on
    return told if isinstance(told, date) else on


def serving(id: str, state: str) -> str:
    """Return the step by which a decision is served on somebody who stands in a state; empty: there is none."""
    steps = procedure(id).steps
    return next((each for each in SERVES if each in steps and state in steps[each].from_states), "")


def sending(id: str, was: str, roles: Collection[Role]) -> str:
    """Return the step by which somebody with these roles sends a case on to another body from a state; empty: there is none."""
    steps = procedure(id).steps
    return next(
        (
            each
            for each in SENDS
            if each in steps and was in steps[each].from_states and set(steps[each].who) & set(roles)
        ),
        "",
    )


def answering(id: str, was: str, *, accepts: bool) -> str:
    """Return the step by which a body answers for a case that was sent to it, by the state in which it waits for that."""
    steps = procedure(id).steps
    sent = next((each for each in SENDS if each in steps and steps[each].to_state == was), FORWARD)
    accepted, refused = SENDS[sent]
    return accepted if accepts else refused


def answered_in(id: str) -> tuple[str, ...]:
    """Return the states in which a case waits for the answer of a body that it was sent to."""
    steps = procedure(id).steps
    return tuple(steps[each].to_state for each in SENDS if each in steps)


def answered_states() -> frozenset[str]:
    """Return these states of all procedures."""
    return frozenset(state for each in rules.book().procedures for state in answered_in(each))


def as_facts(*told: Mapping[str, Any]) -> dict[str, date | bool]:
    """Return what was told, step after step, as the table takes it: a day, or that it is so."""
    found: dict[str, date | bool] = {}
    for each in told:
        for name, value in each.items():
            if isinstance(value, str) and _DAY.fullmatch(value):
                found[name] = date.fromisoformat(value)
            elif isinstance(value, date):
                found[name] = value
            elif value:
                found[name] = True
    return found


def take(id: str, step: str, case: CaseFacts, taker: Taker, day: date, *, region: str) -> tuple[Effect, str, str]:
    """Return what a step does, the state it leads to, and by which role it is taken. Raises CaseStepRefused."""
    found = procedure(id)
    effect = domain.take(found, step, case, taker, day, _holidays(region))
    role = min((each.value for each in taker.roles - taker.absent if each in found.steps[step].who), default="")
    return effect, effect.state or case.state, role


def open_to(id: str, case: CaseFacts, taker: Taker, day: date, *, region: str) -> list[Open]:
    """Return the steps from a state, each with why it is not open to somebody, or that it is."""
    return list(domain.steps_open(procedure(id), case, taker, day, _holidays(region)))


def _holidays(region: str) -> Any:
    return _holidays_in(rules.book().digest, region)


@lru_cache(maxsize=1000)
def _holidays_in(book: str, region: str) -> Any:
    """Return the holidays of a region; `book`, the digest of the rulebook, keeps those of another one apart."""
    holidays = rules.book().holidays
    return holidays.in_region(region) if region else holidays


def outcome(id: str, state: str) -> str:
    """Return how a case ends in a state; empty: it goes on."""
    return procedure(id).states[state].outcome


def may_require(id: str, step: str) -> frozenset[str]:
    """Return the facts that a step may require; of no step all facts of its procedure."""
    found = procedure(id)
    row = found.steps.get(step)
    if row is None:
        return frozenset(found.facts)
    found_if = {*(fact for fact, _needed in row.conditions), *(each.if_fact for each in row.starts)}
    return frozenset(row.requires).union(found_if - {""}, row.order, *(needed for _fact, needed in row.conditions))


def may_tell(id: str, fact: str, step: str) -> bool:
    """Say whether a fact counts that is told with a step: the records show it to nobody's word, nor does another step give it."""
    return fact not in OF_RECORDS and fact != RECOMMENDED_SANCTION and procedure(id).may_tell(fact, step)


def told_in(id: str, taken: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Return what was told with steps, in their order, and still counts: not what a later one voided."""
    steps, facts = procedure(id).steps, {}
    for step, kept in taken:
        row = steps.get(step)
        for name in row.voids if row else ():
            facts.pop(name, None)
        facts |= {name: value for name, value in kept.items() if name not in OF_ONE_STEP and may_tell(id, name, step)}
    return facts


_SUMMONED: Mapping[str, tuple[str, str, str]] = {
    "summoned": ("", "summons", "hearing-on"), "summoned-again": ("hearing-on", "second-summons", "second-hearing-on"),
}  # fmt: skip
"""By the state in which somebody is awaited: the hearing before, the letter, and the hearing to which it summons him."""


def no_show_counts(state: str, facts: Mapping[str, Any]) -> bool:
    """Say whether it is a documented no-show where somebody does not come to the hearing to which he was summoned: the letter is
    of an earlier day, and so is the hearing before that he missed. Where no such days were told nothing speaks against it.
    """
    names = _SUMMONED.get(state, ())
    days = as_facts({name: facts[name] for name in names if facts.get(name)})
    hearing = days.get(names[-1]) if names else None
    return not any(
        isinstance(day, date) and isinstance(hearing, date) and hearing <= day
        for day in (days.get(name) for name in names[:-1])
    )


def given_before(id: str, step: str, facts: Collection[str]) -> list[Step]:
    """Return the steps that must come before another one, as they alone give some of the facts that it lacks."""
    found = procedure(id)
    ids = [each for fact in facts if not found.may_tell(fact, step) for each in found.told_with.get(fact, ())]
    return [row for each, row in found.steps.items() if each in ids]


def if_late(step: Step) -> tuple[str, ...]:
    """Return the facts that a step asks for only where its letter came after its window."""
    return tuple(each for fact, needed in step.conditions if fact == AFTER_WINDOW for each in needed)


def is_after_window(asked: Collection[str], facts: Mapping[str, Any], ends: Mapping[str, date], today: date) -> bool:
    """Say whether a letter that is asked for came after its window by every reading of it; one without a day came today."""
    letters = as_facts({name: facts[name] for name in WINDOWS if name in asked and facts.get(name)})
    for name, window in WINDOWS.items():
        told = letters.get(name, today)
        if name in asked and window in ends and (told if isinstance(told, date) else today) > ends[window]:
            return True
    return False


def first_limits(id: str, on: date, at: datetime, zone: tzinfo) -> list[Limit]:
    """Return the clocks that start when a respondent comes into a case (see limits)."""
    return limits(id, procedure(id).starts, {}, on, at, zone, ends={})


def limits(
    id: str, clocks: Iterable[Clock], facts: Mapping[str, date | bool], on: date, at: datetime, zone: tzinfo,
    *, ends: Mapping[str, date],
) -> list[Limit]:  # fmt: skip
    """Return the clocks that a step starts, each from its day; a limit in hours from the very time of the step.

    `ends`: the last days of the clocks that ran before the step, for one that is counted after another.
    """
    targets: Mapping[str, Target] | None = None
    found = []
    for each in clocks:
        told = ends.get(each.after) if each.after else facts.get(each.from_fact)
        start: date = told if isinstance(told, date) else on
        if each.kind == "target":
            targets = targets or case_targets.of(procedure(id))
            target = targets[each.id]
            found.append(
                Limit(
                    each.id,
                    each.owner,
                    start,
                    target.days,
                    target.days - target.warn_days,
                    target.long_days - target.days - 1,
                )
            )
            continue
        term = rules.book().terms[each.id]
        if term.in_hours:
            start = at.astimezone(zone).replace(tzinfo=None)
        found.append(Limit(each.id, each.owner, start))
    return found


# --- sanctions ---------------------------------------------------------------------------------------------------

_RELATIVE = "relative"
# What an agency's own rules know for PPPK lies somewhere below the end of the contract; the two dismissals meet in nobody.
_GRAVITY = ("moral", "moral-plus", "agency-defined", "light", "moderate", "severe", "dismissal", "dismissal-ptdh")


def heaviest(levels: Collection[str]) -> str:
    """Return the gravest of levels; of levels that stand on no scale the first.

    >>> heaviest(["moderate", "severe", "light"])
    'severe'
    """
    known = [each for each in levels if each in _GRAVITY]
    return max(known, key=_GRAVITY.index) if known else next(iter(levels), "")


def is_graver(sanction: str, than: str) -> bool:
    """Say whether a sanction is graver than another one: by its level, then by its place within the level; none is the least.

    >>> is_graver("severe-demotion-12m", "light-oral"), is_graver("light-oral", "light-oral"), is_graver("", "light-oral")
    (True, False, False)
    """
    return _place(sanction) > _place(than)


def _place(sanction: str) -> tuple[int, int]:
    if not sanction:
        return -1, 0
    found = rules.book().sanctions[sanction]
    return (_GRAVITY.index(found.level) if found.level in _GRAVITY else -1), found.order


def sanction_label(sanction: str, say: Callable[[Label], str]) -> str:
    """Return what a sanction is called, told by `say` in the reader's language; the id itself where the rulebook has none."""
    found = rules.book().sanctions.get(sanction)
    return say(found.label) if found else sanction


def is_known(sanction: str) -> bool:
    """Say whether the rulebook knows a sanction."""
    return sanction in rules.book().sanctions


def check_catalogue(sanction: str, day: date, employment: str) -> str:
    """See that there is a sanction for an employment on a day, within the band or not; return its level.

    Raises SanctionOutsideBand.
    """
    allowed = catalogue(day, employment)
    if sanction not in allowed:
        raise SanctionOutsideBand(sanction, allowed)
    return str(rules.book().sanctions[sanction].level)


def catalogue(day: date, employment: str) -> tuple[str, ...]:
    """Return all sanctions that there are for an employment on a day, the lightest first: what BPASN may come to.

    Of whatever family: a dishonourable dismissal stands in another one than what it is graver than. A level that is measured by
    somebody else's sanction is none by itself.
    """
    found = sanctions.sanctions_for(rules.book(), employment, day)
    return tuple(sorted((each.id for each in found if each.level != _RELATIVE), key=_place))


def knows_graver(sanctions: Iterable[str], than: str) -> bool:
    """Say whether any of some sanctions is graver than another one, so that it can be aggravated."""
    return any(is_graver(each, than) for each in sanctions)


def knows_lighter(sanctions: Iterable[str], than: str) -> bool:
    """Say whether any of some sanctions is lighter than another one, so that it can be lightened."""
    return any(is_graver(than, each) for each in sanctions)


def band(alleged: Sequence[tuple[str, date, str]], employment: str) -> tuple[str, ...]:
    """Return the sanctions that the clause of the heaviest breach allows (pp-94-2021 Pasal 35): act, day of the act, level."""
    top = heaviest([level for _act, _on, level in alleged])
    found: dict[str, None] = {}
    for act, on, level in alleged:
        if level == top:
            found |= dict.fromkeys(each.id for each in sanctions.band(rules.book(), [act], on, employment).sanctions)
    return tuple(found)


def check_band(alleged: Sequence[tuple[str, date, str]], sanction: str, employment: str) -> str:
    """See that a sanction lies within the band; return its level. Raises SanctionOutsideBand, RuleNotInForce, ValueUnknown."""
    allowed = band(alleged, employment)
    if sanction not in allowed:
        raise SanctionOutsideBand(sanction, allowed)
    return str(rules.book().sanctions[sanction].level)


def is_within_band(alleged: Sequence[tuple[str, date, str]], sanction: str, employment: str) -> bool:
    """Say whether a sanction lies within the band; none at all always does."""
    if not sanction:
        return True
    try:
        check_band(alleged, sanction, employment)
    except DomainError:
        return False
    return True


def is_dismissal(sanction: str) -> bool | None:
    """Say whether a sanction ends the service; None: it is none of the rulebook."""
    return "dismissal" in sanction if sanction in rules.book().sanctions else None


def ends_service(sanction: str) -> bool:
    """Say whether a sanction dismisses or ends a contract, so that it is appealed to BPASN and not objected to (pp-79-2021).

    >>> [ends_service(each) for each in ("severe-dismissal-honourable", "pppk-termination-dishonourable", "light-oral", "")]
    [True, True, False, False]
    """
    found = rules.book().sanctions.get(sanction)
    return found is not None and (str(found.level).startswith("dismissal") or is_dismissal(sanction) is True)


def decision_step(track: str, sanction: str) -> str:
    """Return the step by which a decision is taken: a sanction of its track, or that nothing was proven."""
    return (DECIDE_MORAL if track == "ethics" else DECIDE) if sanction else CLEAR


def may_decide(id: str, track: str, sanction: str, state: str) -> bool:
    """Say whether a sanction, or that nothing was proven, is decided from a state, as the row of its step says."""
    row = procedure(id).steps.get(decision_step(track, sanction))
    return row is not None and state in row.from_states
