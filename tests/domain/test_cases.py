"""The procedure as a table: scenarios, every cell of role and step, and random walks that never leave it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

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


def apart(step):
    """The days that a later one of a step must follow, the day before: of a Tuesday a working day too."""
    return {first: DAY - timedelta(1) for first, _later in step.apart}


def ready(procedure, step):
    return cases.CaseFacts(step.from_states[0], known(procedure) | apart(step), last_on=DAY)


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
        case = replace(case, facts=facts | apart(procedure.steps[step]))
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
        (replace(taker(step), absent=frozenset(step.who)), "absent"),
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


@pytest.mark.parametrize("later", [0, 1, 2])
def test_a_second_hearing_is_on_a_later_day_than_the_first_one(later):
    procedure = cases.procedure_on(BOOK, "pilkada", "discipline", DAY)
    case = ready(procedure, step := procedure.steps["summon-again"])
    days = {"hearing-on": DAY, "second-summons": DAY, "second-hearing-on": DAY + timedelta(later)}
    case = replace(case, facts={**case.facts, **days})
    if later:
        assert cases.take(procedure, step.id, case, taker(step), DAY, BOOK.holidays).state == "summoned-again"
        return
    with pytest.raises(CaseStepRefused) as refusal:
        cases.take(procedure, step.id, case, taker(step), DAY, BOOK.holidays)
    refused = refusal.value
    assert (refused.reason, refused.fact, refused.since) == ("not_later", "second-hearing-on", "hearing-on")
    assert refused.about == (DAY.isoformat(), DAY.isoformat())


@pytest.mark.parametrize(
    ("step", "back"), [("miss-first-uncounted", "accepted"), ("miss-second-uncounted", "missed-once")]
)
def test_a_no_show_that_does_not_count_leads_back_to_a_new_summons_which_is_told_anew(step, back):
    procedure = cases.procedure_on(BOOK, "pilkada", "discipline", DAY)
    row = procedure.steps[step]
    running = frozenset({"pp94-summons-to-exam", "target-examine", "target-decide"})
    case = replace(ready(procedure, row), running=running)
    effect = cases.take(procedure, step, case, taker(row), DAY, BOOK.holidays)
    assert effect.state == back and effect.after(case, DAY).running >= {"target-examine", "target-decide"}
    anew = {"accepted": "summon", "missed-once": "summon-again"}[back]
    assert set(row.voids) == {each for each in procedure.told_with if procedure.told_with[each] == {anew}}
    assert row.confidence == "uncertain" and row.notes is not None and "bacaan buku ini" in row.notes.id


def test_what_another_step_must_give_first_makes_that_one_the_next():
    for regime in ("pilkada", "pemilu"):
        procedure = cases.procedure_on(BOOK, regime, "discipline", DAY)
        for state in ("heard", "missed-twice"):
            assert cases.next_step(procedure, state).id == "propose"
            assert cases.next_step(procedure, state, ["heavy"]).id == "form-team"
        assert cases.next_step(procedure, "team", ["heavy"]).id == "propose"
        assert cases.next_step(procedure, "summoned", ["heavy"]).id == "hear"
        assert cases.next_step(procedure, "recorded") is None
        assert cases.next_step(procedure, "appealed").id == "appeal-decided", (
            "none that leaves the case where it stands"
        )


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
    review, withdraw, *aside = cases.steps_open(procedure, case, cases.Taker(frozenset({Role.SUPERVISOR_BODY})), DAY)
    assert [each.step.id for each in aside] == ["pass-on", "national-take", "national-close"]
    assert all(each.step.is_aside and each.refusal.reason == "role" for each in aside)
    assert (review.step.id, review.refusal) == ("pilkada-review", None)
    assert withdraw.refusal is not None and withdraw.refusal.about == ("reported", "withdrawal")
    refusals = [
        each.refusal for each in cases.steps_open(procedure, case, cases.Taker(frozenset({Role.EXAMINER})), DAY)
    ]
    assert {each.reason for each in refusals} == {"role"}


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
                cases.take(
                    procedure, each.id, replace(case, facts=known(procedure) | apart(each)), taker(each), DAY
                ).after(case, DAY)
                for each in cases.steps_from(procedure, case.state)
            ]


@pytest.mark.parametrize("regime", ["pilkada", "pemilu"])
@pytest.mark.parametrize("track", list(cases.Track))
def test_a_report_is_taken_back_before_it_is_registered_and_never_after(regime, track):
    procedure = cases.procedure_on(BOOK, regime, track, DAY)
    step = procedure.steps[f"{regime}-withdraw"]
    for state in procedure.states:
        case = cases.CaseFacts(state, known(procedure), last_on=DAY)
        if state in ("received", "reviewing", "completing"):
            assert cases.take(procedure, step.id, case, taker(step), DAY).state == "withdrawn"
        else:
            with pytest.raises(CaseStepRefused) as refusal:
                cases.take(procedure, step.id, case, taker(step), DAY)
            assert refusal.value.reason in ("state", "ended")
    assert [each.id for each in procedure.steps.values() if each.to_state == "withdrawn"] == [step.id]


def test_a_respondent_who_died_retired_or_left_does_not_end_a_case_by_himself():
    procedure = cases.procedure_on(BOOK, "pilkada", "discipline", DAY)
    lapse = procedure.steps["lapse"]
    assert lapse.confidence == "uncertain" and lapse.notes is not None and "belum dipastikan" in lapse.notes.id
    assert lapse.requires == ("respondent-gone", "reason")
    case = cases.CaseFacts("proposed", {"respondent-gone": True}, last_on=DAY)
    with pytest.raises(CaseStepRefused, match="missing"):
        cases.take(procedure, "lapse", case, taker(lapse), DAY)


def test_the_main_way_leads_by_rows_to_an_answer():
    for procedure in BOOK.procedures.values():
        way = cases.main_way(procedure)
        state = procedure.first_state
        for step in way:
            assert state in step.from_states
            state = step.to_state
        assert procedure.states[state].outcome == ("referred" if procedure.track == "referral" else "proven")


class Walk(RuleBasedStateMachine):
    """Random roles try random steps of one case while facts come and go; the table is never left and no clock is lost."""

    @initialize(procedure=st.sampled_from(list(BOOK.procedures.values())))
    def begin(self, procedure):
        self.procedure = procedure
        self.day = DAY
        self.case = cases.CaseFacts(procedure.first_state, {}, last_on=DAY)

    def know(self, facts):
        appointed = dict.fromkeys(HEARINGS, self.day)
        if self.case.state in ("missed-once", "summoned-again"):
            appointed["hearing-on"] = self.case.facts.get("hearing-on", self.day)  # it was missed then
        self.case = replace(self.case, facts={**self.case.facts, **facts, **appointed})

    @rule(data=st.data())
    def something_becomes_known(self, data):
        self.know(dict.fromkeys(data.draw(st.sets(st.sampled_from(list(self.procedure.facts)))), True))

    @rule(data=st.data())
    def something_turns_out_wrong(self, data):
        gone = data.draw(st.sampled_from(list(self.procedure.facts)))
        self.case = replace(self.case, facts={name: at for name, at in self.case.facts.items() if name != gone})

    @rule(days=st.integers(1, 30))
    def days_pass(self, days):
        self.day += timedelta(days)
        self.know({})

    @rule(data=st.data(), within=st.booleans(), interests=st.sampled_from([(), (), ("accused",), (cases.RECUSED,)]))
    def somebody_tries_any_step(self, data, within, interests):
        step = data.draw(st.sampled_from(list(self.procedure.steps.values())))
        roles = frozenset({data.draw(st.sampled_from(list(Role)))})
        self.attempt(step, cases.Taker(roles, within, interests), self.day)

    @rule(data=st.data(), back=st.sampled_from([0, 0, 0, 1]))
    def whoever_may_takes_a_step_that_begins_here(self, data, back):
        if self.procedure.is_end(self.case.state):
            return
        step = data.draw(st.sampled_from(cases.steps_from(self.procedure, self.case.state)))
        self.know(dict.fromkeys(step.required(self.case.facts), True))
        self.attempt(step, taker(step), self.day - timedelta(back))

    def attempt(self, step, who, day):
        before = self.case
        try:
            effect = cases.take(self.procedure, step.id, before, who, day)
        except CaseStepRefused:
            assert self.case == before
            return
        assert before.state in step.from_states
        assert who.within_scope and not who.interests and who.roles & set(step.who)
        assert before.last_on is None or day >= before.last_on
        assert all(before.facts.get(each) for each in step.required(before.facts))
        self.case = effect.after(before, day)
        assert self.case.state == (step.to_state or before.state)
        assert before.running | before.resting <= self.case.running | self.case.resting | effect.stops
        if not self.procedure.is_end(self.case.state):
            assert {each.id for each in step.starts} <= self.case.running

    @invariant()
    def the_case_stands_where_the_table_has_a_state(self):
        if not hasattr(self, "case"):
            return
        assert self.case.state in self.procedure.states
        assert not self.case.running & self.case.resting
        if self.procedure.is_end(self.case.state):
            assert not self.case.running | self.case.resting
        elif self.case.state != self.procedure.first_state:
            assert self.case.running, self.case.state


Walk.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestRandomRolesWalk = Walk.TestCase


# --- facts that belong to a step ---------------------------------------------------------------------------------

# Told anew with each step, or shown by the records: told by nobody.
OF_NO_STEP = {"", "reason", "received-on", "decided-on", "fifteenth-day", "second-confirmation"}
GIVEN = [(procedure, fact) for procedure in BOOK.procedures.values() for fact in procedure.told_with]


def test_what_a_step_takes_from_another_one_is_told_with_that_one_alone():
    """A fact that a step requires and that an earlier one asks for by itself would else skip the earlier one."""
    for procedure in BOOK.procedures.values():
        gives = {
            fact: {row.id for row in procedure.steps.values() if fact in (*row.requires, *row.working_days)}
            for fact in procedure.facts
        }
        for row in procedure.steps.values():
            beside = {each for _fact, needed in row.conditions for each in needed} | set(row.order)
            beside |= {each.from_fact for each in row.starts}
            own = {each for each in row.requires if row.id in procedure.told_with.get(each, ())}
            for fact in beside - OF_NO_STEP - own:
                if others := gives[fact] - {row.id}:
                    told = procedure.told_with.get(fact, frozenset())
                    assert told and row.id not in told and told <= others, (procedure.id, row.id, fact)


@pytest.mark.parametrize(("procedure", "fact"), GIVEN, ids=lambda each: getattr(each, "id", each))
def test_a_fact_of_a_step_counts_with_that_step_alone(procedure, fact):
    with_it = procedure.told_with[fact]
    for step in procedure.steps:
        assert procedure.may_tell(fact, step) == (step in with_it)
    asks = [row for id, row in procedure.steps.items() if id in with_it]
    for row in asks:
        told = {*row.requires, *row.working_days, *(each for _fact, needed in row.conditions for each in needed)}
        assert fact in told, (row.id, fact)


def test_nothing_is_passed_on_of_a_matter_without_an_allegation():
    for procedure in BOOK.procedures.values():
        for id, row in procedure.steps.items():
            if id.endswith(("-assess", "-register", "propose", "gakkumdu-send")) or id in (
                "forward",
                "recommend",
                "refer",
                "refer-outside",
            ):
                assert {"allegation", "allegation-of-track"} & set(row.requires), (procedure.id, id)


@pytest.mark.parametrize("procedure", BOOK.procedures.values(), ids=lambda each: each.id)
def test_a_case_never_waits_without_a_clock_before_its_review_and_that_clock_ends_with_it(procedure):
    first = {each.id for each in procedure.starts}
    assert first and all(each.kind == "target" and "bukan batas waktu hukum" in procedure.targets[each.id].label.id
                         for each in procedure.starts)  # fmt: skip
    for step in cases.steps_from(procedure, procedure.first_state):
        assert first <= set(step.stops) or procedure.is_end(step.to_state), step.id


def while_running(procedure, clock, since):
    """Return the states in which a clock may run that these steps start: until one stops it, or the case ends."""
    waiting = [step.to_state or begin for step in since for begin in step.from_states]
    reached = set()
    while waiting:
        state = waiting.pop()
        if state in reached or procedure.is_end(state):
            continue
        reached.add(state)
        waiting += [step.to_state or state for step in cases.steps_from(procedure, state) if clock not in step.stops]
    return reached


MEASURES = ("bkn-warning", "bkn-block", "reprimand")
WATCHED = [each for each in BOOK.procedures.values() if set(MEASURES) <= set(each.steps)]


def late_states(procedure):
    """Return the states in which a target of the appointing authority may run."""
    started = {}
    for step in procedure.steps.values():
        for each in step.starts:
            if each.kind == "target" and each.owner is Role.APPOINTING_AUTHORITY:
                started.setdefault(each.id, []).append(step)
    return {state for clock, steps in started.items() for state in while_running(procedure, clock, steps)}


@pytest.mark.parametrize("procedure", WATCHED, ids=lambda each: each.id)
def test_a_measure_is_open_wherever_a_target_of_the_authority_may_be_passed_and_leaves_the_case_there(procedure):
    late = late_states(procedure)
    assert {"recommended", "accepted", "proposed"} < late
    for id in MEASURES:
        step = procedure.steps[id]
        assert late <= set(step.from_states) and not step.to_state and "target-passed" in step.requires, id
        assert step.notes is not None and "bacaan buku ini dan belum pasti" in step.notes.id
        assert {"with-national", "assessed", "executed", "referred"}.isdisjoint(step.from_states), "nobody waits there"


@pytest.mark.parametrize("procedure", WATCHED, ids=lambda each: each.id)
def test_what_an_authority_does_after_a_reprimand_stops_its_clock(procedure):
    """Wherever the reprimand came, its clock runs in no state in which nothing of the authority is waited for."""
    running = set()
    for state in late_states(procedure):
        reprimand = replace(procedure.steps["reprimand"], from_states=(state,))
        running |= while_running(procedure, "ppk-act-after-reprimand", [reprimand])
    assert running.isdisjoint({"executed", "with-national", "referred", "appealed"}), running


def test_there_are_four_procedures_of_an_authority_that_is_watched():
    assert [each.id for each in WATCHED] == [
        f"{regime}-{track}-2021" for regime in ("pilkada", "pemilu") for track in ("discipline", "ethics")
    ]
