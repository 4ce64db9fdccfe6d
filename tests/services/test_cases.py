"""Cases: opened whole or not at all, one step at a time by whom the table names, and nothing half-done."""

import importlib
import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection

from ikrar.domain.errors import CaseActRefused, CaseStepRefused
from ikrar.records.models import (
    Case,
    CaseAllegation,
    CaseClock,
    CaseDecision,
    CaseRespondent,
    CaseStep,
    LogPayload,
    Notice,
    RoleGrant,
)
from ikrar.services import case_authority, case_nights, case_rules, case_steps, cases, rules
from ikrar.services.cases import Named
from tests.services.case_cast import alleged, opened, recommended, step

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_day(now):
    with time_machine.travel(now, tick=False):
        yield


def refused(reason, about=None):
    return pytest.raises(
        CaseActRefused, check=lambda error: error.reason == reason and (about is None or error.about == about)
    )


def events():
    return [json.loads(bytes(each))["event"] for each in LogPayload.objects.values_list("payload", flat=True)]


def test_a_case_opens_with_its_respondents_allegations_and_first_clock(who, now):
    case = opened(who, now)
    respondent = case.respondents.get()
    assert (respondent.state, respondent.unit, respondent.agency) == ("received", who.sari.placement.unit, case.agency)
    said = respondent.allegations.get()
    assert (said.kind, said.level) == ("discipline", "severe") and said.verdict["sanctions"]
    assert (case.clocks.get().term, case.clocks.get().kind, case.clocks.get().stopped_on) == (
        "target-review",
        "target",
        None,
    )
    step(case, "pilkada-review", "received", who.ani, now)
    clock = case.clocks.get(stopped_on=None)
    respondent.refresh_from_db()
    assert clock.term == "pilkada-initial-review" and clock.computation["counted"]
    assert respondent.due_on == clock.due_on
    assert {"case.opened", "case.respondent_added", "case.allegation_stated"} <= set(events())


def test_whoever_has_no_right_to_the_body_opens_no_case(who, now):
    for each in (who.inspector, who.drafter, who.stranger, who.sari.user):
        with refused("not_yours"):
            cases.register(
                [], who.bawaslu, [Named(person=who.sari.person)], regime="pilkada", track="discipline", by=each, now=now
            )
    assert not Case.objects.exists()


def test_a_case_with_a_wrong_respondent_is_not_opened_at_all(who, now):
    wrong = [Named(), Named(person=who.sari.person, described="siapa?")]
    for each in wrong:
        with refused("person"):
            cases.register(
                [],
                who.bawaslu,
                [Named(person=who.budi.person), each],
                regime="pilkada",
                track="discipline",
                by=who.ani,
                now=now,
            )
    assert not Case.objects.exists() and not CaseRespondent.objects.exists() and not LogPayload.objects.exists()


def test_two_officers_on_one_case_do_not_undo_each_other(who, now):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    with refused("changed"):
        step(case, "pilkada-review", "received", who.beni, now)
    assert case.respondents.get().state == "reviewing"
    assert CaseStep.objects.filter(case=case, step="pilkada-review").count() == 1


def test_a_case_is_not_closed_without_a_reason(who, now):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    for nothing in ({}, {"reason": "  "}):
        with pytest.raises(
            CaseStepRefused, check=lambda error: (error.reason, error.about) == ("missing", ("reason",))
        ):
            step(case, "pilkada-dismiss", "reviewing", who.ani, now, **nothing)
    step(case, "pilkada-dismiss", "reviewing", who.ani, now, reason="tidak memenuhi syarat")
    case.refresh_from_db()
    assert case.closed_on == date(2024, 10, 25)
    assert not CaseClock.objects.filter(case=case, stopped_on=None).exists()


def test_a_step_that_is_refused_leaves_nothing(who, now):
    case = opened(who, now)
    before = (CaseStep.objects.count(), LogPayload.objects.count(), CaseClock.objects.filter(stopped_on=None).count())
    with pytest.raises(CaseStepRefused):
        step(case, "recommend", "received", who.ani, now, sanction="x")
    after = (CaseStep.objects.count(), LogPayload.objects.count(), CaseClock.objects.filter(stopped_on=None).count())
    assert before == after


def test_the_respondent_has_no_part_in_his_own_case(who, now, morning):
    with refused("own_matter"):
        cases.register(
            [], who.bawaslu, [Named(described="Seseorang", employment="tni"), Named(person=who.budi.person)],
            regime="pilkada", track="discipline", by=_as_officer(who.budi, who.bawaslu, morning), now=now,
        )  # fmt: skip
    assert not Case.objects.exists()


def _as_officer(member, body, morning):
    RoleGrant.objects.create(user=member.user, role="supervisor_body", body=body, from_at=morning)
    return member.user


def test_respondents_of_one_case_go_their_own_ways(who, now):
    case = cases.register(
        [], who.bawaslu, [Named(person=who.sari.person, allegations=(alleged(),)), Named(person=who.budi.person, allegations=(alleged(),))],
        regime="pilkada", track="discipline", by=who.ani, now=now,
    )  # fmt: skip
    sari = case.respondents.get(person=who.sari.person)
    cases.take_step(case, "pilkada-review", was="received", respondents=[sari], by=who.ani, now=now)
    assert dict(case.respondents.values_list("person", "state")) == {
        who.sari.person.pk: "reviewing", who.budi.person.pk: "received",
    }  # fmt: skip
    case.refresh_from_db()
    assert case.closed_on is None


def test_whoever_was_entered_wrongly_is_struck_and_stays_in_the_file(who, now):
    case = opened(who, now)
    sari = case.respondents.get()
    cases.strike_respondent(sari, reason="nama sama, orang lain", by=who.ani, now=now)
    sari.refresh_from_db()
    case.refresh_from_db()
    assert sari.outcome == "entered_wrongly" and case.closed_on
    with refused("closed"):
        cases.strike_respondent(sari, reason="lagi", by=who.ani, now=now)


def test_a_case_is_numbered_once_and_no_number_twice_in_a_body(who, now):
    case = opened(who, now)
    cases.give_number(case, " 001/Reg/LP/2024 ", by=who.ani, now=now)
    case.refresh_from_db()
    assert case.number == "001/Reg/LP/2024"
    other = opened(who, now, person=who.budi.person)
    for row, number, about in ((case, "002", "has_one"), (other, "001/Reg/LP/2024", "taken")):
        with refused("number", about):
            cases.give_number(row, number, by=who.beni, now=now)
    with refused("not_yours"):
        cases.give_number(other, "002", by=who.drafter, now=now)


def test_what_a_later_step_asks_is_not_told_by_the_reason_of_an_earlier_one(who, now):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-clarify", "registered", who.ani, now, reason="saksi belum didengar")
    with pytest.raises(CaseStepRefused, check=lambda error: error.about == ("reason",)):
        step(case, "pilkada-dismiss", "clarifying", who.ani, now)
    respondent = case.respondents.get()
    row = case_rules.procedure(case.procedure).steps["pilkada-dismiss"]
    assert cases.lacks(respondent, row) == ("reason",)
    who.sari.person.placements.update(status="died")
    assert case_authority.serving([respondent], now.date()) == {respondent.pk: "died"}


def test_of_whom_the_roster_knows_the_employment_is_not_typed(who, now):
    named = [
        Named(person=who.sari.person, employment="tni", allegations=(alleged(),)),
        Named(described="Seorang prajurit", employment="tni"),
    ]
    case = cases.register([], who.bawaslu, named, regime="pilkada", track="discipline", by=who.ani, now=now)
    assert list(case.respondents.order_by("described").values_list("employment", flat=True)) == ["pns", "tni"]


def running(case):
    return list(case.clocks.filter(stopped_on=None).order_by("term").values_list("term", "start_on", "due_on"))


@pytest.mark.parametrize("days", [0, 2, 5])
def test_the_outer_limit_of_pemilu_is_counted_from_registration_and_not_from_the_clarification(who, now, days):
    named = Named(person=who.sari.person, allegations=(alleged(),))
    case = cases.register([], who.bawaslu, [named], regime="pemilu", track="discipline", by=who.ani, now=now)
    step(case, "pemilu-review", "received", who.ani, now)
    step(case, "pemilu-register", "reviewing", who.ani, now, **{"requirements-met": True})
    later = now + timedelta(days=days)
    with time_machine.travel(later, tick=False):
        # What nobody may claim is not taken from a form either.
        claimed = {"registered-on": later.date()}
        step(case, "pemilu-clarify", "registered", who.ani, later, reason="saksi belum didengar", **claimed)
    assert running(case) == [("pemilu-handling-max", date(2024, 10, 25), date(2024, 11, 14))]


@pytest.mark.parametrize("days", [0, 1, 3])
def test_the_two_days_more_of_pilkada_begin_after_the_first_three_which_end_with_them(who, now, days):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    assert [row[2] for row in running(case)] == [date(2024, 10, 28)]
    later = now + timedelta(days=days)
    with time_machine.travel(later, tick=False):
        step(case, "pilkada-clarify", "registered", who.ani, later, reason="saksi belum didengar")
    assert running(case) == [("pilkada-handling-extension", date(2024, 10, 28), date(2024, 10, 30))]


def test_every_word_of_the_rulebook_fits_the_column_that_keeps_it():
    """SQLite keeps what is too long, PostgreSQL refuses it: the lengths are held here."""
    book = rules.book()
    versions = [version for act in book.acts.values() for version in act.versions]
    words = {
        (CaseAllegation, "act"): book.acts, (CaseAllegation, "level"): [each.level for each in versions],
        (CaseDecision, "level"): [each.level for each in versions], (CaseDecision, "sanction"): book.sanctions,
        (CaseRespondent, "state"): [state for each in book.procedures.values() for state in each.states],
        (CaseStep, "step"): [step for each in book.procedures.values() for step in each.steps],
        (Case, "procedure"): book.procedures, (CaseClock, "term"): [*book.terms],
    }  # fmt: skip
    for (model, name), known in words.items():
        assert max(map(len, known)) <= model._meta.get_field(name).max_length, f"{model.__name__}.{name}"


_TOLD = ["opened", "pilkada-review", "pilkada-register", "pilkada-assess", "forward", "national-accept", "recommend"]


def _moves(case):
    rows = CaseStep.objects.filter(case=case).order_by(*case_steps.TAKEN)
    return [row.step for row in rows if row.step in _TOLD]


def test_steps_of_one_moment_stand_in_the_order_in_which_they_were_taken(who, now):
    cases_of = [recommended(who, now, person=each.person) for each in (who.sari, who.budi)]
    for case in cases_of:
        assert _moves(case) == _TOLD
        told = list(CaseStep.objects.filter(case=case).order_by(*case_steps.TAKEN).values_list("serial", flat=True))
        assert told == list(range(1, len(told) + 1))


def test_steps_that_were_kept_without_a_place_get_one_by_their_states(who, now):
    cases_of = [recommended(who, now, person=each.person) for each in (who.sari, who.budi)]
    migration = importlib.import_module("ikrar.records.migrations.0036_step_serial")
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        connection.check_constraints()  # what the rows of this transaction refer to, before their table is changed
        migration.drop(None, editor)
        migration.add(None, editor)
    for case in cases_of:
        assert _moves(case) == _TOLD
    with pytest.raises(Exception, match="never changes"):
        CaseStep.objects.update(serial=0)


def test_everybody_who_comes_into_a_case_has_a_clock_until_his_review_begins(who, now):
    case = opened(who, now)
    came = cases.add_respondent(case, Named(person=who.budi.person, allegations=(alleged(),)), by=who.ani, now=now)
    due_on = now.date() + timedelta(days=3)
    assert {each.due_on for each in case.clocks.all()} == {due_on} and case.clocks.count() == 2
    assert {each.due_on for each in case.respondents.all()} == {due_on}
    cases.take_step(case, "pilkada-review", was="received", respondents=[came], by=who.ani, now=now)
    assert [each.respondent_id for each in case.clocks.filter(term="target-review", stopped_on=None)] == [
        case.respondents.exclude(pk=came.pk).get().pk
    ]


def _of_inspectorate(who, now):
    named = Named(person=who.sari.person, allegations=(alleged(),))
    return cases.register(
        [], who.inspectorate, [named], regime="pilkada", track="discipline", by=who.inspector, now=now
    )


def test_a_body_that_only_takes_in_reports_reviews_and_registers(who, now):
    case = _of_inspectorate(who, now)
    step(case, "pilkada-review", "received", who.inspector, now)
    step(case, "pilkada-register", "reviewing", who.inspector, now, **{"requirements-met": True})
    for name, told in (("pilkada-assess", {"review": True}), ("pilkada-dismiss", {"reason": "alasan"})):
        with pytest.raises(CaseStepRefused, check=lambda error: error.reason == "role"):
            step(case, name, "registered", who.inspector, now, **told)


def test_where_nobody_supervises_those_who_take_in_reports_are_told_of_a_review_that_waits(who, now):
    _of_inspectorate(who, now)
    opened(who, now, person=who.budi.person)
    night = now + timedelta(days=2)
    with time_machine.travel(night, tick=False):
        case_nights.tick_cases(night)
    told = Notice.objects.filter(kind="cases_due").values_list("user__username", flat=True)
    assert sorted(told) == ["ANI", "BENI", "INSPEKTUR"]
