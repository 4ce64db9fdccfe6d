"""The procedure as a table: scenarios, every cell of role and step, and random walks that never leave it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikrar.domain import cases
from ikrar.domain.access import Role
from ikrar.domain.errors import CaseStepRefused, ProcedureUnknown
from ikrar.gateways import rulebook_files

BOOK = rulebook_files.rulebook()
DAY = date(2024, 10, 1)
HEARINGS = ("hearing-on", "second-hearing-on")
# What makes a step ask for more: left out where a test does not speak of it.
ASKS_MORE = ("heavy", "departs", "unchecked-rule")
EVERY_STEP = [(procedure, step) for procedure in BOOK.procedures.values() for step in procedure.steps.values()]
NAMES = [f"{procedure.id}: {step.id}" for procedure, step in EVERY_STEP]


_Words = TypedDict("_Words", {"with": NotRequired[list[str]]})


class ScenarioDocument(_Words):
    name: str
    regime: str
    track: str
    steps: list[str]
    without: NotRequired[list[str]]
    ends: NotRequired[str]
    refused: NotRequired[str]
    why: str


class ScenariosDocument(TypedDict):
    scenarios: list[ScenarioDocument]


FILE = Path(__file__).parent / "scenarios" / "cases.yaml"
SCENARIOS = rulebook_files.read(FILE, ScenariosDocument).data["scenarios"]


def known(procedure, day=DAY):
    """Everything a case can know, each of that day; hearings are appointed for it."""
    return {fact: day for fact in procedure.facts if fact not in ASKS_MORE}


def ready(procedure, step):
    return cases.CaseFacts(step.from_states[0], known(procedure), last_on=DAY)


def taker(step):
    return cases.Taker(frozenset(step.who[:1]))


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each["name"]) for each in SCENARIOS])
def test_a_matter_goes_the_way_that_the_table_says(scenario):
    procedure = cases.procedure_on(BOOK, scenario["regime"], scenario["track"], DAY)
    facts = known(procedure) | dict.fromkeys(scenario.get("with", []), True)
    for fact in scenario.get("without", []):
        del facts[fact]
    case = cases.CaseFacts(procedure.first_state, facts)
    *before, last = scenario["steps"]
    for step in before:
        case = cases.take(procedure, step, case, taker(procedure.steps[step]), DAY, BOOK.holidays).after(case, DAY)
    if "refused" in scenario:
        with pytest.raises(CaseStepRefused) as refusal:
            cases.take(procedure, last, case, taker(procedure.steps[last]), DAY, BOOK.holidays)
        assert refusal.value.reason == scenario["refused"]
        return
    case = cases.take(procedure, last, case, taker(procedure.steps[last]), DAY, BOOK.holidays).after(case, DAY)
    assert case.state == scenario["ends"]
    if procedure.is_end(case.state):
        assert not case.running and not case.resting


@pytest.mark.parametrize(("procedure", "step"), EVERY_STEP, ids=NAMES)
def test_a_step_is_for_the_roles_of_its_row_and_for_nobody_else(procedure, step):
    for role in Role:
        who = cases.Taker(frozenset({role}))
        if role in step.who:
            cases.take(procedure, step.id, ready(procedure, step), who, DAY)
        else:
            with pytest.raises(CaseStepRefused) as refusal:
                cases.take(procedure, step.id, ready(procedure, step), who, DAY)
            assert refusal.value.reason == "role"


@pytest.mark.parametrize(("procedure", "step"), EVERY_STEP, ids=NAMES)
def test_nobody_takes_a_step_outside_his_scope_or_in_his_own_matter(procedure, step):
    case = ready(procedure, step)
    for who, reason in (
        (replace(taker(step), within_scope=False), "scope"),
        (replace(taker(step), interests=("accused",)), "interest"),
        (replace(taker(step), interests=("relative",)), "interest"),
        (replace(taker(step), interests=(cases.RECUSED,)), "interest"),
    ):
        with pytest.raises(CaseStepRefused) as refusal:
            cases.take(procedure, step.id, case, who, DAY)
        assert refusal.value.reason == reason


@pytest.mark.parametrize(("procedure", "step"), EVERY_STEP, ids=NAMES)
def test_a_step_is_refused_from_every_other_state_and_without_any_fact_that_it_requires(procedure, step):
    for state in procedure.states:
        if state not in step.from_states:
            with pytest.raises(CaseStepRefused) as refusal:
                cases.take(procedure, step.id, replace(ready(procedure, step), state=state), taker(step), DAY)
            assert refusal.value.reason == ("ended" if procedure.is_end(state) else "state")
    case = ready(procedure, step)
    for fact in step.requires:
        less = {name: value for name, value in case.facts.items() if name != fact}
        with pytest.raises(CaseStepRefused) as refusal:
            cases.take(procedure, step.id, replace(case, facts=less), taker(step), DAY)
        assert (refusal.value.reason, refusal.value.about) == ("missing", (fact,))


@pytest.mark.parametrize(
    ("appointed", "reason"),
    [(date(2024, 10, 5), "holiday"), (date(2024, 12, 25), "holiday"), (date(2024, 9, 30), "before")],
)
def test_a_summons_names_a_working_day_that_is_to_come(appointed, reason):
    procedure = cases.procedure_on(BOOK, "pilkada", "discipline", DAY)
    case = ready(procedure, step := procedure.steps["summon"])
    case = replace(case, facts={**case.facts, "hearing-on": appointed})
    with pytest.raises(CaseStepRefused) as refusal:
        cases.take(procedure, "summon", case, taker(step), DAY, BOOK.holidays)
    assert refusal.value.reason == reason


def test_nothing_is_dated_before_what_came_before_it():
    procedure = cases.procedure_on(BOOK, "pilkada", "discipline", DAY)
    step = procedure.steps["decide"]
    with pytest.raises(CaseStepRefused) as refusal:
        cases.take(procedure, "decide", ready(procedure, step), taker(step), DAY - timedelta(1))
    assert refusal.value.reason == "before"


def test_a_decision_is_not_received_before_it_was_made_nor_a_second_hearing_held_before_the_first():
    procedure = cases.procedure_on(BOOK, "pilkada", "discipline", DAY)
    for id, fact in (("serve", "received-on"), ("miss-second", "second-hearing-on")):
        case = ready(procedure, step := procedure.steps[id])
        case = replace(case, facts={**case.facts, fact: DAY - timedelta(1)})
        with pytest.raises(CaseStepRefused, match="before"):
            cases.take(procedure, id, case, taker(step), DAY)


def test_an_unknown_step_and_a_day_without_a_procedure_are_refused():
    procedure = cases.procedure_on(BOOK, "pilkada", "discipline", DAY)
    with pytest.raises(CaseStepRefused, match="unknown"):
        cases.take(procedure, "promote", cases.CaseFacts("received"), cases.Taker(frozenset()), DAY)
    with pytest.raises(ProcedureUnknown):
        cases.procedure_on(BOOK, "pilkada", "discipline", date(2019, 1, 1))
    assert cases.procedure(BOOK, procedure.id) is procedure


def test_what_is_not_open_says_why():
    procedure = cases.procedure_on(BOOK, "pilkada", "discipline", DAY)
    case = cases.CaseFacts("received", {"allegation": True})
    found = cases.steps_open(procedure, case, cases.Taker(frozenset({Role.SUPERVISOR_BODY})), DAY)
    assert [(each.step.id, each.refusal) for each in found] == [("pilkada-review", None)]
    (other,) = cases.steps_open(procedure, case, cases.Taker(frozenset({Role.EXAMINER})), DAY)
    assert other.refusal is not None and other.refusal.reason == "role"


@pytest.mark.parametrize(("procedure", "step"), EVERY_STEP, ids=NAMES)
def test_every_row_cites_a_source_and_says_how_well_it_is_known(procedure, step):
    assert step.cites and step.seen and step.confidence
    assert all(cite.source in BOOK.sources for cite in step.cites)


def test_no_case_waits_in_a_state_without_a_clock_that_somebody_owns():
    """Whoever walks from the first state has a running clock wherever work is awaited, once the review has begun."""
    for procedure in BOOK.procedures.values():
        seen, waiting = set(), [cases.CaseFacts(procedure.first_state, known(procedure))]
        while waiting:
            case = waiting.pop()
            if (case.state, case.running) in seen:
                continue
            seen.add((case.state, case.running))
            if case.state != procedure.first_state and not procedure.is_end(case.state):
                assert case.running, (procedure.id, case.state)
            waiting += [
                cases.take(procedure, each.id, case, taker(each), DAY).after(case, DAY)
                for each in cases.steps_from(procedure, case.state)
            ]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_random_walk_never_leaves_the_table_and_loses_no_clock(data):
    procedure = data.draw(st.sampled_from(list(BOOK.procedures.values())))
    facts = dict.fromkeys(data.draw(st.sets(st.sampled_from(list(procedure.facts)))), True)
    facts |= dict.fromkeys(HEARINGS, DAY)
    case = cases.CaseFacts(procedure.first_state, facts, last_on=DAY)
    for _ in range(40):
        facts = {**case.facts, **dict.fromkeys(data.draw(st.sets(st.sampled_from(list(procedure.facts)))), True)}
        case = replace(case, facts={**facts, **dict.fromkeys(HEARINGS, DAY)})
        step = procedure.steps[data.draw(st.sampled_from(list(procedure.steps)))]
        who = cases.Taker(frozenset({data.draw(st.sampled_from(list(Role)))}), data.draw(st.booleans()))
        try:
            effect = cases.take(procedure, step.id, case, who, DAY)
        except CaseStepRefused:
            continue
        assert case.state in step.from_states and who.within_scope and who.roles & set(step.who)
        assert all(facts.get(each) for each in step.required(facts))
        after = effect.after(case, DAY)
        assert after.state == (step.to_state or case.state)
        assert case.running | case.resting <= after.running | after.resting | effect.stops
        assert {each.id for each in step.starts} <= after.running
        assert not after.running & after.resting
        if procedure.is_end(after.state):
            assert not after.running | after.resting
            return
        case = after
