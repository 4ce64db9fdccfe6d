"""Every cell of role × step, and random people doing random things: the table is kept, no clock is lost, no step is skipped."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikrar.domain.errors import CaseActRefused, CaseStepRefused, DomainError
from ikrar.records.models import CaseClock, CaseRespondent, CaseStep, LogPayload
from ikrar.services import case_files, case_nights, case_rules, case_steps, cases
from tests import template
from tests.services.case_cast import HEARING, SANCTION, at, opened, with_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
PROCEDURE = "pilkada-discipline-2021"
TABLE = case_rules.procedure(PROCEDURE)
STATES, STEPS = sorted(TABLE.states), sorted(TABLE.steps)
DAYS = ("hearing-on", "second-hearing-on")


def facts_for(day):
    """Tell everything that may be told: what is of the records is not taken from it."""
    told = dict.fromkeys(TABLE.facts, True) | {"sanction": SANCTION, "reason": "alasan"}
    return told | dict.fromkeys(DAYS, day) | {"reprimanded-on": True, "defects-told": True}


class Undo(Exception):
    """Takes back what was tried."""


def undoable():
    """Begin what is taken back at its end; a service may open its one durable transaction inside, as inside a test."""
    begun = transaction.atomic()
    begun._from_testcase = True
    return begun


def roles_of(who):
    return {
        "supervisor_body": who.ani, "national_body": who.bkn_officer, "intake_officer": who.inspector, "examiner": who.examiners[0],
        "drafter": who.drafter, "appointing_authority": who.mayor.user, "unit_head": who.budi.user, "stranger": who.stranger,
        "civil_servant": who.sari.user,
    }  # fmt: skip


def test_every_cell_of_role_and_step_is_allowed_or_refused_as_the_table_says(who, now):
    case = with_team(who, now)
    respondent = case.respondents.get()
    allowed = 0
    facts, people = facts_for(HEARING), roles_of(who)
    for state in STATES:
        CaseRespondent.objects.filter(pk=respondent.pk).update(state=state)
        respondent.state = state
        for step in STEPS:
            line = TABLE.steps[step]
            # Of most cells the state alone says that they are refused: only of the others it is asked whom they reach.
            leads_on = state in line.from_states and not case_rules.has_own_act(step)
            known = case_rules.as_facts(cases._facts(case, respondent, facts, step)) if leads_on else {}
            may_be = leads_on and all(known.get(each) for each in line.required(known))
            for name, user in people.items():
                expected = may_be and name != "civil_servant" and bool(
                    case_steps.reach(user, case, now=now).over(respondent.pk) & set(line.who)
                )  # fmt: skip
                if template.SERVER and not (expected or template.WANTS_ALL):
                    continue  # who is refused writes nothing, on whatever database
                try:
                    with undoable():
                        taken = cases.take_step(case, step, was=state, facts=facts, by=user, now=now)
                        assert expected, (state, name, step)
                        assert taken[0].to_state == (line.to_state or state)
                        allowed += 1
                        raise Undo
                except Undo:
                    pass
                except (CaseActRefused, CaseStepRefused) as error:
                    # Of the days alone this test says nothing: it tells one day for all of them.
                    assert not expected or getattr(error, "reason", "") == "before", (state, name, step, error)
    assert allowed > 10
    assert CaseRespondent.objects.get().state == STATES[-1]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    acts=st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, len(STEPS) + 2), st.integers(0, 2)), min_size=20, max_size=60
    )
)
def test_whatever_people_try_the_table_is_kept_and_no_clock_is_lost(who, now, travel, acts):
    try:
        with undoable():
            _walk(who, now, travel, acts)
            raise Undo
    except Undo:
        travel.move_to(now)


def _walk(who, now, travel, acts):
    people = list(roles_of(who).values())
    case = opened(who, now)
    case_files.add_evidence(case, label="Video", text="uraian", by=who.ani, now=now)
    moment = now
    for person, act, days in acts:
        moment += timedelta(days=days)
        travel.move_to(moment)
        respondent = CaseRespondent.objects.get(case=case)
        before = (respondent.state, CaseStep.objects.filter(case=case).count(), LogPayload.objects.count())
        try:
            with undoable():
                _act(case, respondent, people[person], act, moment)
        except DomainError:
            respondent.refresh_from_db()
            after = (respondent.state, CaseStep.objects.filter(case=case).count(), LogPayload.objects.count())
            assert after == before
        _hold(case)


def _act(case, respondent, user, act, moment):
    if act < len(STEPS):
        hearing = at((moment + timedelta(days=3 + (moment.weekday() > 1) * 4)).date()).date()
        cases.take_step(case, STEPS[act], was=respondent.state, facts=facts_for(hearing), by=user, now=moment)
    elif act == len(STEPS):
        element = case_files.Element.values[case.officers.count() % 3]
        case_files.assign(case, user, "team", element=element, why="berhalangan", by=user, now=moment)
    elif act == len(STEPS) + 1:
        case_files.recuse(case, why="patron", by=user, now=moment)
    else:
        case_nights.tick_cases(moment)


def _hold(case):
    """See that the timeline is one way through the table, and that exactly the clocks run that it started and did not stop."""
    respondent = CaseRespondent.objects.get(case=case)
    state, running = TABLE.first_state, {each.id for each in TABLE.starts}
    for row in CaseStep.objects.filter(respondent=respondent).exclude(to_state="").order_by("at", "serial", "pk"):
        line = TABLE.steps[row.step]
        assert row.from_state == state and row.from_state in line.from_states and row.role in line.who
        assert row.to_state == (line.to_state or state)
        state = row.to_state
        running = (running - set(line.stops)) | {each.id for each in line.starts if not each.if_fact}
        if TABLE.is_end(state):
            running = set()
    assert respondent.state == state
    found = CaseClock.objects.filter(respondent=respondent, stopped_on=None)
    assert set(found.values_list("term", flat=True)) == running
    case.refresh_from_db()
    assert (case.closed_on is not None) == (respondent.outcome != "open")
