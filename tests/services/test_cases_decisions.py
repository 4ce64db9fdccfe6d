"""Decisions: by the authority of the day, within the band, on paper or here, served afterwards and never before."""

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from ikrar.domain import access
from ikrar.domain.access import Role
from ikrar.domain.days import in_words
from ikrar.domain.errors import CaseActRefused, CaseStepRefused, DatesInWrongOrder, SanctionOutsideBand
from ikrar.domain.offices import Seat
from ikrar.records.models import (
    CaseClock,
    CaseDecision,
    CaseRespondent,
    CaseStep,
    Holding,
    LogPayload,
    Notice,
    OfficeLeave,
    Placement,
    RoleGrant,
)
from ikrar.services import (
    accounts,
    case_authority,
    case_board,
    case_clocks,
    case_decisions,
    case_desk,
    case_files,
    case_nights,
    case_papers,
    case_queue,
    case_referrals,
    case_rules,
    case_steps,
    case_watching,
    cases,
)
from ikrar.services.case_board import Wanted
from ikrar.services.case_decisions import Paper
from tests.conftest import make_member
from tests.services.case_cast import (
    HEARING,
    SANCTION,
    alleged,
    at,
    drafted,
    name_team,
    propose,
    proposed,
    recommended,
    referred,
    scan,
    step,
    summon,
    summoned,
    user,
    with_team,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
DAY = at(HEARING)


def refused(reason, about=None, **more):
    def fits(error):
        told = {name: getattr(error, name) for name in more}
        return error.reason == reason and (about is None or error.about == about) and told == more

    return pytest.raises(CaseActRefused, check=fits)


def lacks(name):
    return pytest.raises(CaseStepRefused, check=lambda error: error.reason == "missing" and name in error.about)


def record(decision, who, scanned=7, **more):
    values = {"number": "800/12/2024", "on": HEARING, "signer": who.mayor.person, "document": scan(scanned, DAY)} | more
    return case_decisions.record_signed(decision, Paper(**values), was="proposed", by=who.drafter, now=DAY)


def shown(decision, number="800/1"):
    """What somebody signs here: the words that he read."""
    return Paper(number, HEARING, digest=case_papers.text_of(CaseDecision.objects.get(pk=decision.pk)).digest)


def test_a_decision_that_was_signed_on_paper_is_recorded_with_its_number_and_scan(who, now, travel):
    decision = record(drafted(who, now, travel), who)
    assert (decision.way, decision.number, decision.signer, decision.office) == (
        "recorded",
        "800/12/2024",
        who.mayor.person,
        who.office,
    )
    step_row = CaseStep.objects.get(step="decide")
    assert step_row.document_digest == decision.digest == f"{7:064x}" and step_row.facts["recommended"] == SANCTION
    assert decision.respondent.__class__.objects.get(pk=decision.respondent_id).state == "decided"


def test_the_mayor_decides_here_what_another_drafted(who, now, travel):
    decision = drafted(who, now, travel)
    paper = shown(decision)
    with refused("not_yours"):
        case_decisions.sign_here(decision, paper, was="proposed", by=who.drafter, now=DAY)
    made = case_decisions.sign_here(decision, paper, was="proposed", by=who.mayor.user, now=DAY)
    assert (made.way, made.capacity, made.decided_on) == ("signed_here", "definitive", HEARING)


def test_nothing_is_decided_twice(who, now, travel):
    decision = record(drafted(who, now, travel), who)
    before = LogPayload.objects.count()
    with refused("decided"):
        record(decision, who, scanned=8)
    with refused("drafted"):
        case_decisions.draft(decision.respondent, sanction=SANCTION, grounds="lagi", by=who.drafter, now=DAY)
    assert LogPayload.objects.count() == before


def test_a_decision_is_not_served_before_it_is_made_nor_received_before_it_is_served(who, now, travel):
    decision = drafted(who, now, travel)
    with refused("not_decided"):
        serve(decision, who, HEARING, HEARING)
    record(decision, who)
    with pytest.raises(DatesInWrongOrder):
        serve(decision, who, HEARING - timedelta(days=1), HEARING)
    with pytest.raises(DatesInWrongOrder):
        serve(decision, who, HEARING, HEARING - timedelta(days=1))
    assert not CaseDecision.objects.get().served_on
    served = serve(decision, who, HEARING, HEARING)
    assert served.effective_on == date(2024, 11, 18) or served.effective_on > HEARING
    assert len(served.effect["counted"]) == 15
    with refused("changed"):
        serve(decision, who, HEARING, HEARING)


def serve(decision, who, served_on, received_on):
    return case_decisions.serve(
        decision, was="decided", served_on=served_on, received_on=received_on, by=who.drafter, now=DAY
    )


def test_who_serves_stands_in_the_timeline_by_the_role_in_which_he_acted(who, now, travel):
    decision = record(drafted(who, now, travel), who)
    told = {"served_on": HEARING, "received_on": HEARING, "by": who.examiners[0], "now": DAY}
    case_decisions.serve(decision, was="decided", **told)
    steps = decision.respondent.steps
    decided, served = steps.get(step="decide"), steps.get(step="serve")
    assert {decided.role, served.role} == {Role.APPOINTING_AUTHORITY}
    assert (decided.facts["recorded_as"], served.facts["recorded_as"]) == (Role.DRAFTER, Role.EXAMINER)
    assert decided.facts["signed_by"] == who.mayor.person.full_name
    accepted = decision.respondent.steps.filter(role=Role.APPOINTING_AUTHORITY, by=who.mayor.user)
    assert accepted and not any("recorded_as" in each.facts for each in accepted)


def test_who_is_staff_and_examines_too_serves_as_staff(who, now, travel):
    decision, city = record(drafted(who, now, travel), who), who.mayor.placement.unit.agency
    RoleGrant.objects.create(user=who.drafter, role=Role.EXAMINER, agency=city, from_at=now)
    assert (
        serve(decision, who, HEARING, HEARING).respondent.steps.get(step="serve").facts["recorded_as"] == Role.DRAFTER
    )


def test_a_decision_came_to_the_last_address_only_after_it_was_sent_there(who, now, travel):
    decision, day = record(drafted(who, now, travel), who), HEARING + timedelta(days=2)
    travel.move_to(at(day))

    def came(served_on):
        told = {"delivery": "last_address", "by": who.drafter, "now": at(day)}
        return case_decisions.serve(decision, was="decided", served_on=served_on, received_on=day, **told)

    with refused("not_sent"):
        came(HEARING)
    miss(decision, who, HEARING)
    step(decision.respondent.case, "send-decision", "decided", who.mayor.user, at(day), on=day)
    with pytest.raises(DatesInWrongOrder):
        came(HEARING)
    assert came(day).received_on == day


def miss(decision, who, on, now=DAY):
    told = {"missed-service-record": "ditunggu sampai pukul 12"}
    return step(decision.respondent.case, "miss-service", "decided", who.mayor.user, now, on=on, **told)


def sending():
    rows = CaseClock.objects.filter(term="pp94-decision-sending").order_by("pk")
    return list(rows.values_list("start_on", "due_on", "stopped_on", "stopped_by__step"))


def test_the_limit_to_send_begins_with_the_missed_service_and_ends_with_the_sending(who, now, travel):
    decision, later = record(drafted(who, now, travel), who), HEARING + timedelta(days=21)
    case = decision.respondent.case
    with lacks("missed-service-record"):
        step(case, "send-decision", "decided", who.mayor.user, DAY)
    with lacks("missed-service-record"):
        step(case, "miss-service", "decided", who.mayor.user, DAY)
    assert sending() == []
    travel.move_to(at(later))
    miss(decision, who, HEARING, at(later))
    due = date(2024, 10, 31)
    assert sending() == [(HEARING, due, None, None)]
    sent = HEARING + timedelta(days=1)
    step(case, "send-decision", "decided", who.mayor.user, at(later), on=sent)
    assert sending() == [(HEARING, due, sent, "send-decision")]
    step(case, "send-decision", "decided", who.mayor.user, at(later), on=later)
    with lacks("service-not-missed"):
        miss(decision, who, later, at(later))
    assert sending() == [(HEARING, due, sent, "send-decision")]


def test_a_service_after_a_missed_one_ends_the_limit_to_send(who, now, travel):
    decision = record(drafted(who, now, travel), who)
    miss(decision, who, HEARING)
    serve(decision, who, HEARING, HEARING)
    assert [(stopped, by) for _start, _due, stopped, by in sending()] == [(HEARING, "serve")]


def test_personnel_staff_record_a_missed_service_from_its_paper(who, now, travel):
    decision = record(drafted(who, now, travel), who)
    with refused("scan"):
        cases.take_step(
            decision.respondent.case, "miss-service", was="decided", facts={"missed-service-record": "x"}, by=who.drafter,
            now=DAY,
        )  # fmt: skip
    assert on_paper(decision.respondent.case, who, "miss-service", "decided", DAY, **{"missed-service-record": "x"})
    assert len(sending()) == 1


def test_a_sanction_outside_the_band_is_neither_drafted_nor_decided(who, now, travel):
    case = proposed(who, now, travel)
    with pytest.raises(SanctionOutsideBand) as caught:
        case_decisions.draft(
            case.respondents.get(),
            sanction="light-oral",
            grounds="x",
            departure_reason="ringan",
            by=who.drafter,
            now=DAY,
        )
    assert SANCTION in caught.value.allowed
    assert not CaseDecision.objects.exists()


def test_to_depart_from_what_was_recommended_needs_reasons_that_stand_beside_it(who, now, travel):
    case = proposed(who, now, travel)
    respondent = case.respondents.get()
    with refused("departure"):
        case_decisions.draft(respondent, sanction="", grounds="tidak terbukti", by=who.drafter, now=DAY)
    made = case_decisions.draft(
        respondent, sanction="", grounds="tidak terbukti", departure_reason="saksi mencabut", by=who.drafter, now=DAY
    )
    assert (made.recommended, made.sanction, made.departure_reason) == (SANCTION, "", "saksi mencabut")


def test_an_unchecked_rule_stands_on_the_decision_and_needs_a_second_one(who, now, travel):
    case = proposed(who, now, travel)
    made = case_decisions.draft(case.respondents.get(), sanction=SANCTION, grounds="terbukti", by=who.drafter, now=DAY)
    assert {each["rule"] for each in made.unchecked} >= {SANCTION}
    with refused("not_confirmed"):
        record(made, who)
    with refused("same_person"):
        case_decisions.confirm(made, by=who.drafter, now=DAY)
    case_decisions.confirm(made, by=who.lawyer, now=DAY)
    made.refresh_from_db()
    record(made, who)


def test_no_hearing_is_skipped_without_two_documented_no_shows(who, now, travel):
    case = summoned(who, now)
    travel.move_to(DAY)
    with pytest.raises(CaseStepRefused, check=lambda error: error.reason == "state"):
        propose(case, who, "summoned")
    step(case, "miss-first", "summoned", who.examiners[0], DAY, **{"no-show-record": "tidak hadir"})
    with pytest.raises(CaseStepRefused, check=lambda error: error.reason == "state"):
        propose(case, who, "missed-once")
    second = HEARING + timedelta(days=2)
    again = {"second-summons": DAY.date(), "second-hearing-on": second}
    step(case, "summon-again", "missed-once", who.examiners[0], DAY, **again)
    travel.move_to(at(second))
    with lacks("second-no-show-record"):
        step(case, "miss-second", "summoned-again", who.examiners[0], at(second))
    record = {"second-no-show-record": "tidak hadir lagi"}
    step(case, "miss-second", "summoned-again", who.examiners[0], at(second), **record)
    step(case, "form-team", "missed-twice", who.mayor.user, at(second), **{"team-order": "SK 5"})
    propose(case, who, "team", now=at(second))


def test_two_no_shows_are_never_made_on_one_day(who, now, travel):
    case = summoned(who, now)
    travel.move_to(DAY)
    step(case, "miss-first", "summoned", who.examiners[0], DAY, **{"no-show-record": "tidak hadir"})
    again = {"second-summons": HEARING, "second-hearing-on": HEARING}
    wrong = pytest.raises(
        CaseStepRefused, check=lambda error: (error.reason, error.fact) == ("not_later", "second-hearing-on")
    )
    with wrong:
        step(case, "summon-again", "missed-once", who.examiners[0], DAY, **again)
    assert case.respondents.get().state == "missed-once"
    # The letter may be of the day of the hearing that was missed; the hearing it names is a later one.
    step(
        case, "summon-again", "missed-once", who.examiners[0], DAY, **again | {"second-hearing-on": date(2024, 10, 29)}
    )
    with before("second-hearing-on"):
        step(
            case,
            "miss-second",
            "summoned-again",
            who.examiners[0],
            DAY,
            **{"second-no-show-record": "tidak hadir lagi"},
        )


def test_who_does_not_come_on_the_day_of_his_letter_is_summoned_once_more_and_that_is_no_documented_no_show(
    who, now, travel
):
    case, examiner, today = with_team(who, now), who.examiners[0], now.date()
    summon(case, who, now, today)  # no least time between letter and hearing was found: it is not refused
    with lacks("no-show-counts"):
        step(case, "miss-first", "summoned", examiner, now, **{"no-show-record": "tidak hadir"})
    step(
        case, "miss-first-uncounted", "summoned", examiner, now, **{"uncounted-no-show-record": "ditunggu sampai sore"}
    )
    assert running_of(case) == ["target-decide", "target-examine"]
    with pytest.raises(CaseStepRefused, check=lambda error: (error.reason, error.about) == ("missing", ("summons",))):
        step(case, "summon", "accepted", examiner, now, **{"hearing-on": HEARING})  # the first letter is void
    summon(case, who, now, HEARING)
    travel.move_to(DAY)
    with lacks("no-show-uncounted"):
        step(case, "miss-first-uncounted", "summoned", examiner, DAY, **{"uncounted-no-show-record": "ditunggu"})
    step(case, "miss-first", "summoned", examiner, DAY, **{"no-show-record": "tidak hadir"})
    assert case.respondents.get().state == "missed-once"


def test_neither_does_a_second_no_show_on_the_day_of_the_second_letter(who, now, travel):
    case, examiner, second = summoned(who, now), who.examiners[0], date(2024, 10, 30)
    travel.move_to(DAY)
    step(case, "miss-first", "summoned", examiner, DAY, **{"no-show-record": "tidak hadir"})
    travel.move_to(at(second))
    again = {"second-summons": second, "second-hearing-on": second}
    step(case, "summon-again", "missed-once", examiner, at(second), **again)
    with lacks("no-show-counts"):
        step(
            case, "miss-second", "summoned-again", examiner, at(second), **{"second-no-show-record": "tidak hadir lagi"}
        )
    told = {"uncounted-no-show-record": "ditunggu sampai sore"}
    step(case, "miss-second-uncounted", "summoned-again", examiner, at(second), **told)
    limit = CaseClock.objects.get(term="pp94-second-summons", stopped_on=None)
    assert limit.due_on == date(2024, 11, 6), "counted from the hearing that was missed, as before"
    again = {"second-summons": second, "second-hearing-on": date(2024, 10, 31)}
    step(case, "summon-again", "missed-once", examiner, at(second), **again)
    travel.move_to(at(date(2024, 10, 31)))
    record = {"second-no-show-record": "tidak hadir lagi"}
    step(case, "miss-second", "summoned-again", examiner, at(date(2024, 10, 31)), **record)
    assert case.respondents.get().state == "missed-twice"


def test_who_comes_on_the_day_of_his_letter_is_heard(who, now):
    case = with_team(who, now)
    summon(case, who, now, now.date())
    step(case, "hear", "summoned", who.examiners[0], now, **{"hearing-record": "hadir"})
    assert case.respondents.get().state == "heard"


@pytest.mark.parametrize(
    ("where", "days", "counts"),
    [
        ("summoned", {"summons": "2024-10-25", "hearing-on": "2024-10-28"}, True),
        ("summoned", {"summons": "2024-10-28", "hearing-on": "2024-10-28"}, False),
        ("summoned", {"summons": "2024-10-28", "hearing-on": "2024-10-28", "second-summons": "2024-10-01"}, False),
        ("summoned", {"summons": True, "hearing-on": "2024-10-28"}, True),  # no day was told: nothing speaks against it
        ("summoned-again", {"second-summons": "2024-10-29", "second-hearing-on": "2024-10-30", "hearing-on": "2024-10-28"}, True),
        ("summoned-again", {"second-summons": "2024-10-30", "second-hearing-on": "2024-10-30", "hearing-on": "2024-10-28"}, False),
        # As it could be recorded before: two hearings of one day.
        ("summoned-again", {"second-summons": "2024-10-25", "second-hearing-on": "2024-10-28", "hearing-on": "2024-10-28"}, False),
        ("heard", {"summons": "2024-10-28", "hearing-on": "2024-10-28"}, True),
    ],
)  # fmt: skip
def test_a_no_show_counts_where_its_letter_and_the_hearing_before_are_of_an_earlier_day(where, days, counts):
    assert case_rules.no_show_counts(where, days) is counts


def running_of(case):
    rows = CaseClock.objects.filter(case=case, stopped_on=None)
    return sorted(rows.values_list("term", flat=True))


def test_nobody_is_summoned_to_a_holiday_or_a_day_that_is_past(who, now):
    case = with_team(who, now)
    for day in (date(2024, 10, 26), date(2024, 12, 25)):
        with pytest.raises(CaseStepRefused, check=lambda error: error.reason == "holiday"):
            summon(case, who, now, day)
    with pytest.raises(CaseStepRefused, check=lambda error: error.reason == "before"):
        summon(case, who, now, date(2024, 10, 24))


def test_the_limit_of_the_second_summons_ends_with_it_and_a_late_one_is_taken_all_the_same(who, now, travel):
    def limits():
        rows = CaseClock.objects.filter(term="pp94-second-summons")
        return list(rows.values_list("due_on", "stopped_on", "stopped_by__step"))

    case, day = summoned(who, now), date(2024, 11, 11)
    travel.move_to(at(day))
    step(case, "miss-first", "summoned", who.examiners[0], at(day), on=HEARING, **{"no-show-record": "tidak hadir"})
    assert limits() == [(date(2024, 11, 6), None, None)]
    case_nights.tick_cases(at(day))
    assert CaseClock.objects.get(term="pp94-second-summons").stage == case_clocks.OVERDUE
    again = {"second-summons": day, "second-hearing-on": date(2024, 11, 25)}
    step(case, "summon-again", "missed-once", who.examiners[0], at(day), **again)
    assert limits() == [(date(2024, 11, 6), day, "summon-again")]
    assert not CaseClock.objects.filter(term__startswith="pp94", stopped_on=None).exists()


def test_nobody_is_heard_before_the_day_for_which_he_was_summoned(who, now, travel):
    case, told = summoned(who, now), {"hearing-record": "bap"}
    with before("hearing-on") as refusal:
        step(case, "hear", "summoned", who.examiners[0], now, **told)
    assert refusal.value.about == (
        "2024-10-28",
        "2024-10-25",
    )  # for when he was summoned, and when it is said to have been
    with before("hearing-on"):  # nor does he miss it before that day
        step(case, "miss-first", "summoned", who.examiners[0], now, **{"no-show-record": "tidak hadir"})
    day, second = date(2024, 11, 8), date(2024, 11, 6)
    travel.move_to(at(day))
    with before("hearing-on"):
        step(case, "hear", "summoned", who.examiners[0], at(day), on=date(2024, 10, 26), **told)
    step(case, "miss-first", "summoned", who.examiners[0], at(day), on=HEARING, **{"no-show-record": "tidak hadir"})
    again = {"second-summons": HEARING, "second-hearing-on": second}
    step(case, "summon-again", "missed-once", who.examiners[0], at(day), on=HEARING, **again)
    with before("second-hearing-on"):
        step(case, "hear", "summoned-again", who.examiners[0], at(day), on=second - timedelta(days=1), **told)
    assert step(case, "hear", "summoned-again", who.examiners[0], at(day), on=second, **told)


@pytest.mark.parametrize(
    ("letter", "hearing", "reason", "fact"),
    [
        (date(2024, 10, 24), HEARING, "before", "summons"),  # accepted on the 25th
        (date(2024, 1, 5), HEARING, "before", "summons"),
        (date(2024, 10, 29), date(2024, 11, 4), "before", "summons"),  # later than the step
        (date(2024, 10, 25), date(2024, 11, 6), "after", "hearing-on"),  # the eighth working day
        (date(2024, 10, 25), date(2024, 11, 5), "", ""),
    ],
)
def test_a_summons_is_written_after_the_acceptance_and_the_hearing_is_within_seven_working_days(
    who, now, letter, hearing, reason, fact
):
    case = with_team(who, now)
    told = {"summons": letter, "hearing-on": hearing}
    if not reason:
        assert step(case, "summon", "accepted", who.examiners[0], now, **told)
        return
    with pytest.raises(CaseStepRefused, check=lambda error: (error.reason, error.fact) == (reason, fact)):
        step(case, "summon", "accepted", who.examiners[0], now, **told)


@pytest.mark.parametrize(
    ("letter", "reason"),
    [(date(2024, 10, 25), "before"), (date(2024, 11, 3), "holiday"), (date(2024, 10, 28), ""), (date(2024, 11, 4), "")],
)
def test_a_second_summons_follows_the_missed_hearing_on_a_working_day(who, now, travel, letter, reason):
    case, day = summoned(who, now), date(2024, 11, 4)
    travel.move_to(at(day))
    step(case, "miss-first", "summoned", who.examiners[0], at(day), on=HEARING, **{"no-show-record": "tidak hadir"})
    told = {"second-summons": letter, "second-hearing-on": date(2024, 11, 6)}
    if not reason:
        assert step(case, "summon-again", "missed-once", who.examiners[0], at(day), **told)
        return
    named = (reason, "second-summons")
    with pytest.raises(CaseStepRefused, check=lambda error: (error.reason, error.fact) == named):
        step(case, "summon-again", "missed-once", who.examiners[0], at(day), **told)


def test_no_letter_is_written_against_a_decision_before_it_came(who, now, travel):
    case, day = record(drafted(who, now, travel), who).respondent.case, HEARING + timedelta(days=2)
    travel.move_to(at(day))
    served = CaseDecision.objects.get()
    case_decisions.serve(served, was="decided", served_on=HEARING, received_on=day, by=who.drafter, now=at(day))
    for letter in (HEARING - timedelta(days=4), HEARING):
        with before("objection"):
            step(case, "object", "served", who.mayor.user, at(day), objection=letter)
    assert step(case, "object", "served", who.mayor.user, at(day), objection=day)


def test_no_appeal_is_written_before_the_decision(who, now, travel):
    decided = record(drafted(who, now, travel, **DISMISSED), who)
    with before("appeal"):
        step(decided.respondent.case, "appeal", "decided", who.mayor.user, DAY, appeal=HEARING - timedelta(days=1))
    assert step(decided.respondent.case, "appeal", "decided", who.mayor.user, DAY, appeal=HEARING)


def test_a_heavy_case_is_examined_by_a_team_that_has_members(who, now, travel):
    case = referred(who, now)
    with refused("not_assigned"):
        summon(case, who, now, HEARING)
    case_files.assign(case, who.examiners[0], "examiner", by=who.mayor.user, now=now)
    summon(case, who, now, HEARING)
    travel.move_to(DAY)
    step(case, "hear", "summoned", who.examiners[0], DAY, **{"hearing-record": "bap"})
    with refused("team"):
        step(case, "form-team", "heard", who.mayor.user, DAY, **{"team-order": "SK 5"})
    with lacks("team-order"):
        propose(case, who, "heard")


def test_a_team_is_formed_by_its_own_step_and_by_no_word_of_an_examiner(who, now, travel):
    case = summoned(who, now)
    travel.move_to(DAY)
    claimed = {"hearing-record": "bap", "team-order": "SK 5", "team-report": "laporan"}
    step(case, "hear", "summoned", who.examiners[0], DAY, **claimed)
    assert set(CaseStep.objects.get(step="hear").facts) == {"hearing-record"}
    with lacks("team-order"):
        told = {"proposal": True, "team-order": "SK 5", "team-report": "laporan", "sanction": SANCTION}
        step(case, "propose", "heard", who.examiners[0], DAY, **told)
    step(case, "form-team", "heard", who.mayor.user, DAY, **{"team-order": "SK 5"})
    propose(case, who, "team")


def test_what_was_told_with_another_step_before_does_not_count_either(who, now, travel):
    case = summoned(who, now)
    travel.move_to(DAY)
    step(case, "hear", "summoned", who.examiners[0], DAY, **{"hearing-record": "bap"})
    doing, told = case_steps.Doing(who.examiners[0], HEARING, DAY), {"team-order": "SK 5"}
    case_steps.write(case, "hear", doing, respondent=case.respondents.get(), old="heard", new="heard", facts=told)
    with lacks("team-order"):
        propose(case, who, "heard")


def test_what_the_records_show_is_claimed_by_nobody(who, now, travel):
    case = summoned(who, now)
    travel.move_to(DAY)
    step(case, "hear", "summoned", who.examiners[0], DAY, **{"hearing-record": "bap"})
    step(case, "form-team", "heard", who.mayor.user, DAY, **{"team-order": "SK 5"})
    claimed = {"team-report": True, "within-band": True}
    with lacks("within-band"):
        step(case, "propose", "team", who.examiners[0], DAY, proposal=True, sanction="light-oral", **claimed)


def test_a_decision_takes_effect_on_its_day_and_not_before(who, now, travel):
    served = serve(record(drafted(who, now, travel), who), who, HEARING, HEARING)
    case = served.respondent.case
    with lacks("fifteenth-day"):
        step(case, "take-effect", "served", who.mayor.user, DAY)
    travel.move_to(at(served.effective_on))
    step(case, "take-effect", "served", who.mayor.user, at(served.effective_on))


def test_no_step_of_effect_or_execution_is_dated_before_the_day_of_effect(who, now, travel):
    served = serve(record(drafted(who, now, travel), who), who, HEARING, HEARING)
    case, later = served.respondent.case, served.effective_on + timedelta(days=5)
    travel.move_to(at(later))
    for day in (HEARING, served.effective_on - timedelta(days=1)):
        with before("fifteenth-day"):
            step(case, "take-effect", "served", who.mayor.user, at(later), on=day)
    step(case, "take-effect", "served", who.mayor.user, at(later), on=served.effective_on)
    with before(""):
        day = served.effective_on - timedelta(days=1)
        step(case, "execute", "effective", who.mayor.user, at(later), on=day, **{"execution-record": "bukti"})
    step(case, "execute", "effective", who.mayor.user, at(later), **{"execution-record": "bukti"})


def before(fact):
    return pytest.raises(CaseStepRefused, check=lambda error: (error.reason, error.fact) == ("before", fact))


def test_the_night_lets_a_decision_take_effect_on_its_day_once(who, now, travel):
    served = serve(record(drafted(who, now, travel), who), who, HEARING, HEARING)
    respondent, day = served.respondent, served.effective_on
    travel.move_to(at(day - timedelta(days=1)))
    assert case_nights.tick_cases(at(day - timedelta(days=1))).effective == 0
    travel.move_to(at(day + timedelta(days=2)))
    assert case_nights.tick_cases(at(day + timedelta(days=2))).effective == 1
    respondent.refresh_from_db()
    taken = CaseStep.objects.get(step="take-effect")
    assert (respondent.state, taken.by, taken.on, taken.role) == ("effective", None, day, "appointing_authority")
    running = CaseClock.objects.filter(respondent=respondent, stopped_on=None)
    assert list(running.values_list("term", "start_on")) == [("target-execute", day)]
    assert case_nights.tick_cases(at(day + timedelta(days=2))).effective == 0


def test_an_objection_keeps_the_night_from_letting_a_decision_take_effect(who, now, travel):
    served = serve(record(drafted(who, now, travel), who), who, HEARING, HEARING)
    step(served.respondent.case, "object", "served", who.mayor.user, DAY, objection=HEARING)
    travel.move_to(at(served.effective_on))
    assert case_nights.tick_cases(at(served.effective_on)).effective == 0
    assert served.respondent.__class__.objects.get(pk=served.respondent_id).state == "objected"


def test_a_campaign_leave_moves_the_queue_to_the_acting_head_in_that_minute(who, city, now, morning, travel):
    decision = drafted(who, now, travel)
    acting = make_member(city.units.get(code="SETDA"), "197001011995031001", "Penjabat Andaikan", sex="m", post="Sekda")
    holding = Holding.objects.get(office=who.office)
    leave = OfficeLeave.objects.create(
        holding=holding, kind="campaign", from_on=HEARING, last_on=HEARING + timedelta(days=9), from_at=DAY,
        until_at=DAY + timedelta(days=9),
    )  # fmt: skip
    Holding.objects.create(
        office=who.office,
        person=acting.person,
        leave=leave,
        capacity="pjs",
        from_at=DAY,
        until_at=DAY + timedelta(days=9),
    )
    paper = shown(decision)
    with pytest.raises(CaseActRefused):
        case_decisions.sign_here(decision, paper, was="proposed", by=who.mayor.user, now=DAY)
    made = case_decisions.sign_here(decision, paper, was="proposed", by=acting.user, now=DAY)
    assert (made.capacity, made.signer) == ("pjs", acting.person)


def test_nobody_decides_the_matter_of_a_relative(who, now, travel):
    decision = drafted(who, now, travel)
    case_files.state_conflict(
        decision.respondent.case, why="relative", person=who.mayor.person, by=who.bkn_officer, now=DAY
    )
    with pytest.raises(
        CaseActRefused, check=lambda error: error.reason in ("relative", "conflict", "authority", "not_holder")
    ):
        case_decisions.sign_here(decision, shown(decision), was="proposed", by=who.mayor.user, now=DAY)
    with pytest.raises(CaseActRefused, check=lambda error: error.reason in ("relative", "authority", "not_holder")):
        record(decision, who)
    assert CaseDecision.objects.get().decided_on is None


def test_where_nobody_may_decide_on_that_day_nothing_is_decided(who, now, travel):
    decision = drafted(who, now, travel)
    Holding.objects.filter(office=who.office).update(until_at=DAY - timedelta(days=1))
    found = case_authority.deciding(decision.respondent, "severe", HEARING)
    assert not found.answer.is_known and found.person is None
    with refused("authority"):
        record(decision, who)


@pytest.mark.parametrize("status", ["retired", "died"])
def test_whoever_left_the_service_is_not_sanctioned_any_more(who, now, travel, status):
    decision = drafted(who, now, travel)
    placement = who.sari.placement
    placement.status = status
    placement.save(update_fields=["status"])
    with refused("gone", status):
        record(decision, who)


def test_a_draft_ends_with_the_matter_that_lapses(who, now, travel):
    decision = drafted(who, now, travel)
    placement = who.sari.placement
    placement.status = "died"
    placement.save(update_fields=["status"])
    step(decision.respondent.case, "lapse", "proposed", who.mayor.user, DAY, reason="meninggal dunia")
    decision.refresh_from_db()
    assert (decision.ended_at, decision.decided_on) == (DAY, None)
    with refused("closed"):
        record(decision, who)


def test_a_respondent_who_moved_is_followed_to_the_new_unit(who, city, now, travel):
    case = with_team(who, now)
    type(who.sari.placement).objects.filter(pk=who.sari.placement.pk).update(until_on=now.date())

    Placement.objects.create(
        person=who.sari.person, unit=city.units.get(code="DISDIK"), post="Analis", employment="pns", status="active",
        level="pelaksana", from_on=now.date(),
    )  # fmt: skip
    sari = cases.follow_move(case.respondents.get(), by=who.mayor.user, now=now)
    assert (sari.unit.code, sari.post, sari.post_level) == ("DISDIK", "Guru Ahli Muda", "pelaksana")


def test_a_paper_without_number_scan_or_the_right_signer_is_not_recorded(who, now, travel):
    decision = drafted(who, now, travel)
    for reason, about, more in (
        ("paper", "number", {"number": " "}), ("paper", "document", {"document": None}), ("paper", "signer", {"signer": None}),
        ("not_holder", None, {"signer": who.budi.person}),
    ):  # fmt: skip
        with refused(reason, about):
            record(decision, who, **more)
    assert CaseDecision.objects.get().decided_on is None


def test_a_draft_about_whoever_was_entered_wrongly_is_taken_back(who, now, travel):
    decision = drafted(who, now, travel)
    cases.strike_respondent(decision.respondent, reason="nama sama, orang lain", by=who.bkn_officer, now=DAY)
    decision = CaseDecision.objects.get()
    assert decision.ended_at and decision.decided_on is None and decision.respondent.office is None
    events = [json.loads(bytes(each))["event"] for each in LogPayload.objects.values_list("payload", flat=True)]
    assert events.count("case.decision_withdrawn") == 1


# --- who signed --------------------------------------------------------------------------------------------------


def test_where_nobody_is_known_to_hold_an_office_of_this_installation_nothing_is_recorded(
    who, now, travel, monkeypatch
):
    decision = drafted(who, now, travel)
    found = case_authority.deciding(decision.respondent, "severe", HEARING)
    of_ladder = replace(found.answer, seat=Seat.JPT_PRATAMA)
    monkeypatch.setattr(case_authority, "deciding", lambda *args, **more: case_authority.Deciding(of_ladder))
    for signer in (None, who.budi.person):
        with refused("authority"):
            record(decision, who, signer=signer, signer_name="Siapa Saja")


def test_of_an_office_that_is_none_of_this_installation_the_name_of_the_signer_is_told(who, now, travel, monkeypatch):
    decision = drafted(who, now, travel)
    found = case_authority.deciding(decision.respondent, "severe", HEARING)
    beyond = replace(found.answer, seat=Seat.PRESIDENT)
    monkeypatch.setattr(case_authority, "deciding", lambda *args, **more: case_authority.Deciding(beyond))
    with refused("paper", "signer_name"):
        record(decision, who, signer=None, signer_name=" ")
    made = record(decision, who, signer=None, signer_name=" Presiden Rekaan ")
    assert (made.signer, made.signer_name, made.office) == (None, "Presiden Rekaan", None)


def test_whom_a_report_leaves_out_does_not_sign(who, now, travel, monkeypatch):
    decision = drafted(who, now, travel)
    left_out = {decision.respondent.case_id: case_files.Without(frozenset({who.mayor.person.pk}))}
    monkeypatch.setattr(case_files, "without", lambda cases: left_out)
    with refused("conflict"):
        record(decision, who)


# --- the draft that was read, and what stands beside it ----------------------------------------------------------


OTHER = "severe-demotion-12m"


def test_no_act_falls_on_another_draft_than_the_one_that_was_read(who, now, travel):
    first = drafted(who, now, travel)
    case_decisions.discard(first, by=who.drafter, now=DAY)
    made = case_decisions.draft(
        first.respondent, sanction=OTHER, grounds="lain", departure_reason="lain", by=who.drafter, now=DAY
    )
    read = shown(first)
    for act in (
        lambda: case_decisions.confirm(first, by=who.lawyer, now=DAY),
        lambda: case_decisions.discard(first, by=who.drafter, now=DAY),
        lambda: case_decisions.sign_here(first, read, was="proposed", by=who.mayor.user, now=DAY),
        lambda: record(first, who),
        lambda: serve(first, who, HEARING, HEARING),
    ):
        with refused("changed"):
            act()
    made.refresh_from_db()
    assert made.decided_on is None and made.ended_at is None and made.confirmed_by is None


def recommend_again(case, who, sanction, name="recommend"):
    """Write that something else was recommended or proposed, since the draft."""
    doing = case_steps.Doing(who.bkn_officer, HEARING, DAY + timedelta(minutes=1))
    facts = {"sanction": sanction}
    return case_steps.write(case, name, doing, respondent=case.respondents.get(), facts=facts)


@pytest.mark.parametrize("name", ["recommend", "propose"])
def test_a_draft_from_which_the_advice_departs_since_is_not_decided(who, now, travel, name):
    decision = drafted(who, now, travel)
    recommend_again(decision.respondent.case, who, OTHER, name)
    with refused("outdated"):
        record(decision, who)
    with refused("outdated"):
        case_decisions.sign_here(decision, shown(decision), was="proposed", by=who.mayor.user, now=DAY)


def test_reasons_for_one_departure_are_none_for_another(who, now, travel):
    decision = drafted(who, now, travel, sanction=OTHER, departure_reason="meringankan")
    recommend_again(decision.respondent.case, who, "severe-dismissal-honourable")
    with refused("outdated"):
        record(decision, who)


def test_the_recommendation_and_the_proposal_stand_side_by_side_and_to_differ_from_either_needs_reasons(
    who, now, travel
):
    case = proposed(who, now, travel)
    recommend_again(case, who, OTHER, "propose")
    respondent = case.respondents.get()
    found = case_decisions.advice_for(respondent)
    assert (found.recommended, found.proposed) == (SANCTION, OTHER)
    for sanction in (SANCTION, OTHER):
        with refused("departure"):
            case_decisions.draft(respondent, sanction=sanction, grounds="terbukti", by=who.drafter, now=DAY)
    made = case_decisions.draft(
        respondent, sanction=OTHER, grounds="terbukti", departure_reason="usul tim", by=who.drafter, now=DAY
    )
    assert (made.recommended, made.proposed) == (SANCTION, OTHER)
    case_decisions.confirm(made, by=who.lawyer, now=DAY)
    facts = CaseStep.objects.get(step="decide").facts if record(made, who) else {}
    assert (facts["recommended"], facts["proposed"], facts["departs"]) == (SANCTION, OTHER, True)


def test_a_rule_that_is_unchecked_since_the_draft_needs_a_new_one(who, now, travel, monkeypatch):
    case = proposed(who, now, travel)
    real = case_decisions.unchecked_rules
    monkeypatch.setattr(case_decisions, "unchecked_rules", lambda respondent, sanction: [])
    made = case_decisions.draft(case.respondents.get(), sanction=SANCTION, grounds="terbukti", by=who.drafter, now=DAY)
    monkeypatch.setattr(case_decisions, "unchecked_rules", real)
    for confirms in (False, True):  # a second one would confirm a list on which the rule does not stand
        if confirms:
            case_decisions.confirm(made, by=who.lawyer, now=DAY)
        with refused("outdated"):
            record(made, who)


def test_a_rule_that_became_disputed_since_it_was_confirmed_is_not_covered(who, now, travel, monkeypatch):
    decision = drafted(who, now, travel)
    now_disputed = [each | {"state": "disputed"} for each in decision.unchecked]
    monkeypatch.setattr(case_decisions, "unchecked_rules", lambda respondent, sanction: now_disputed)
    with refused("outdated"):
        record(decision, who)
    monkeypatch.setattr(case_decisions, "unchecked_rules", lambda respondent, sanction: [])
    record(decision, who)


# --- what was decided is kept ------------------------------------------------------------------------------------


def test_the_words_that_were_signed_stay_whatever_becomes_of_the_rows(who, now, travel):
    decision = drafted(who, now, travel)
    with refused("changed"):
        wrong = Paper("800/1", HEARING, digest="a" * 64)
        case_decisions.sign_here(decision, wrong, was="proposed", by=who.mayor.user, now=DAY)
    paper = shown(decision)
    made = case_decisions.sign_here(decision, paper, was="proposed", by=who.mayor.user, now=DAY)
    before = case_papers.text_of(made)
    assert made.digest == before.digest == paper.digest and made.text == case_papers.kept(before)
    type(made.respondent).objects.filter(pk=made.respondent_id).update(post="Pengawas")
    again = CaseDecision.objects.get(pk=made.pk)
    assert case_papers.text_of(again) == before and "Guru Ahli Muda" in before.opening[0]


def test_the_words_of_what_was_recorded_or_settled_are_kept_too(who, now, travel):
    before = appealed(who, now, travel)
    assert before.text["subject"] and before.digest == f"{7:064x}"
    made = settle(before, who.drafter, "lightened", SANCTION)
    assert made.text["points"] != before.text["points"]


@pytest.mark.parametrize(
    "told", [{"text": None}, {"text": {"subject": "lain"}}, {"signer_name": "lain"}, {"proposed_step": None}]
)
def test_the_database_itself_keeps_the_words_of_a_decision(who, now, travel, told):
    decision = record(drafted(who, now, travel), who)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        CaseDecision.objects.filter(pk=decision.pk).update(**told)


def test_what_was_decided_on_is_neither_struck_nor_added_to(who, now, travel):
    decision = record(drafted(who, now, travel), who)
    respondent, by = decision.respondent, who.examiners[0]
    with refused("decided"):
        case_files.strike_allegation(respondent.allegations.get(), reason="salah", by=by, now=DAY)
    with refused("decided"):
        case_files.state_allegation(respondent, alleged("Tempat lain"), by=by, now=DAY)
    assert respondent.allegations.filter(struck_at=None).count() == 1


# --- objection and appeal ----------------------------------------------------------------------------------------


DISMISSAL = "severe-dismissal-honourable"
DISMISSED = {"sanction": DISMISSAL, "departure_reason": "perbuatannya berulang"}


def appealed(who, now, travel):
    served = serve(record(drafted(who, now, travel, **DISMISSED), who), who, HEARING, HEARING)
    step(served.respondent.case, "appeal", "served", who.mayor.user, DAY, appeal=HEARING)
    return served


def settle(decision, by, outcome, sanction="", was="appealed", grounds="surat menyebut keadaan lain", **more):
    values = {"number": "7/BPASN/2024", "on": HEARING, "document": scan(70, DAY), "signer_name": "Ketua Rekaan"} | more
    told = {"outcome": outcome, "sanction": sanction, "grounds": grounds, "was": was, "by": by, "now": DAY}
    return case_decisions.settle(decision, Paper(**values), **told)


def state_of(decision):
    respondent = decision.respondent.__class__.objects.get(pk=decision.respondent_id)
    return respondent.state, respondent.outcome


def appealed_unserved(who, now, travel):
    """A dismissal whose delivery he missed the day after, and which he appealed on the third day, before it came."""
    decision = record(drafted(who, now, travel, **DISMISSED), who)
    travel.move_to(at(LATER))
    miss(decision, who, MISSED, at(MISSED))
    step(
        decision.respondent.case,
        "appeal",
        "decided",
        who.mayor.user,
        at(APPEALED_ON),
        on=APPEALED_ON,
        appeal=APPEALED_ON,
    )
    return decision


MISSED, APPEALED_ON, LATER = (HEARING + timedelta(days=each) for each in (1, 2, 21))


def running(decision):
    rows = CaseClock.objects.filter(respondent=decision.respondent, stopped_on=None, owner=Role.APPOINTING_AUTHORITY)
    return set(rows.values_list("term", flat=True))


def serve_appealed(decision, who, served_on, received_on=None, **more):
    told = {"served_on": served_on, "received_on": received_on or served_on} | more
    return case_decisions.serve(decision, was="appealed", by=who.drafter, now=at(LATER), **told)


def test_what_was_appealed_before_it_came_is_still_sent_and_served_and_no_limit_runs_that_nobody_ends(who, now, travel):
    decision = appealed_unserved(who, now, travel)
    case = decision.respondent.case
    assert running(decision) == {"pp94-decision-delivery", "pp94-decision-sending", "pp79-ppk-response"}
    step(case, "send-decision", "appealed", who.mayor.user, at(LATER), on=date(2024, 10, 31))
    assert running(decision) == {"pp94-decision-delivery", "pp79-ppk-response"}
    with pytest.raises(DatesInWrongOrder):
        serve_appealed(decision, who, date(2024, 10, 30))
    came = date(2024, 11, 4)
    served = serve_appealed(decision, who, came, delivery="last_address")
    assert (served.received_on, served.effective_on) == (came, None)
    assert state_of(decision) == ("appealed", "open") and running(decision) == {"pp79-ppk-response"}
    assert not CaseClock.objects.filter(respondent=decision.respondent, term__in=["pp94-effective", "pp79-objection"])
    assert case_decisions.take_effect(date(2025, 1, 1), at(LATER)) == 0
    with refused("changed"):
        serve_appealed(decision, who, LATER)
    for name in ("send-decision", "miss-service"):
        with lacks("not-received"):
            step(
                case,
                name,
                "appealed",
                who.mayor.user,
                at(LATER),
                **{"missed-service-record": "x"} if "miss" in name else {},
            )
    made = settle(decision, who.drafter, "upheld", on=LATER)
    assert ("Diterima", "4 November 2024") in case_papers.register_lines(made)
    assert running(decision) == {"target-execute"}


def test_a_receipt_that_is_recorded_after_the_appeal_ends_the_limit_on_its_own_day(who, now, travel):
    decision = record(drafted(who, now, travel, **DISMISSED), who)
    travel.move_to(at(LATER))
    step(decision.respondent.case, "appeal", "decided", who.mayor.user, at(LATER), appeal=APPEALED_ON)
    served = serve_appealed(decision, who, MISSED)
    assert served.received_on == MISSED
    row = CaseStep.objects.get(step="serve-appealed")
    assert (row.on, row.facts["received-on"], row.from_state, row.to_state) == (
        LATER, MISSED.isoformat(), "appealed", "appealed",
    )  # fmt: skip
    assert CaseClock.objects.get(term="pp94-decision-delivery").stopped_on == MISSED


def test_a_delivery_may_be_missed_after_the_appeal_and_the_receipt_ends_what_that_began(who, now, travel):
    decision = record(drafted(who, now, travel, **DISMISSED), who)
    case = decision.respondent.case
    travel.move_to(at(LATER))
    step(case, "appeal", "decided", who.mayor.user, at(LATER), on=MISSED, appeal=MISSED)
    told = {"missed-service-record": "ditunggu sampai pukul 12"}
    step(case, "miss-service", "appealed", who.mayor.user, at(LATER), on=APPEALED_ON, **told)
    assert "pp94-decision-sending" in running(decision)
    with pytest.raises(DatesInWrongOrder):
        serve_appealed(decision, who, MISSED)
    serve_appealed(decision, who, APPEALED_ON)
    assert running(decision) == {"pp79-ppk-response"}


def test_what_was_served_before_the_appeal_is_not_served_again(who, now, travel):
    decision = appealed(who, now, travel)
    with refused("changed"):
        serve_appealed(decision, who, HEARING)
    with lacks("not-received"):
        step(
            decision.respondent.case, "miss-service", "appealed", who.mayor.user, DAY, **{"missed-service-record": "x"}
        )


def test_the_authority_answers_an_appeal_once_and_its_limit_ends_on_that_day(who, now, travel):
    decision = appealed(who, now, travel)
    case, letter = decision.respondent.case, {"appeal-response": "800/77, 29 Oktober 2024"}
    travel.move_to(at(LATER))
    with lacks("appeal-response"):
        step(case, "answer-appeal", "appealed", who.mayor.user, at(LATER))
    step(case, "answer-appeal", "appealed", who.mayor.user, at(LATER), on=MISSED, **letter)
    ended = CaseClock.objects.get(term="pp79-ppk-response")
    assert (ended.stopped_on, ended.stopped_by.step, state_of(decision)) == (
        MISSED, "answer-appeal", ("appealed", "open"),
    )  # fmt: skip
    with lacks("appeal-unanswered"):
        step(case, "answer-appeal", "appealed", who.mayor.user, at(LATER), **letter)


def test_the_desk_names_no_clock_that_rests(who, now, travel):
    decision = appealed(who, now, travel)
    assert running(decision) == {
        "pp94-effective",
        "pp79-ppk-response",
    }  # the first rests with the appeal, and is due first
    (line,) = case_desk.desk(who.drafter, now=DAY).lines
    assert (line.act, line.clock.term) == ("answer_appeal", "pp79-ppk-response")


def test_who_may_answer_an_appeal(who, now, travel):
    case, letter = appealed(who, now, travel).respondent.case, {"appeal-response": "800/77"}
    for by in (who.bkn_officer, who.examiners[0]):
        with pytest.raises((CaseActRefused, CaseStepRefused)):
            step(case, "answer-appeal", "appealed", by, DAY, **letter)
    with refused("scan"):
        step(case, "answer-appeal", "appealed", who.drafter, DAY, **letter)
    assert on_paper(case, who, "answer-appeal", "appealed", DAY, **letter)


def test_the_desk_asks_of_an_appeal_for_what_its_first_clock_is_about(who, now, travel):
    decision = appealed_unserved(who, now, travel)
    case = decision.respondent.case

    def asked(user=who.drafter):
        (line,) = case_desk.desk(user, now=at(LATER)).lines
        return line.act, line.clock.term

    def asked_without_staff():
        """Ask the head's desk where the agency has nobody who serves in his name: he may not, and is asked for what he may do."""
        staff = RoleGrant.objects.filter(role=Role.DRAFTER)
        staff.update(until_at=at(LATER))
        found = asked(who.mayor.user)
        staff.update(until_at=None)
        return found

    assert asked() == asked_without_staff() == ("send", "pp94-decision-sending")
    step(case, "send-decision", "appealed", who.mayor.user, at(LATER), on=APPEALED_ON)
    assert asked() == ("serve", "pp94-decision-delivery")
    step(case, "answer-appeal", "appealed", who.mayor.user, at(LATER), **{"appeal-response": "800/77"})
    assert asked() == ("serve", "pp94-decision-delivery")
    assert asked_without_staff() == ("appeal_outcome", "pp79-bpasn-decision")
    serve_appealed(decision, who, APPEALED_ON)
    assert asked() == asked_without_staff() == ("appeal_outcome", "pp79-bpasn-decision")


def test_what_bpasn_says_takes_the_place_of_the_decision(who, now, travel):
    before = appealed(who, now, travel)
    made = settle(before, who.drafter, "lightened", "light-oral")
    before.refresh_from_db()
    assert (made.replaces, made.authority, made.effective_on) == (before, "BPASN", HEARING)
    assert before.ended_at and not made.ended_at and state_of(made) == ("effective", "open")
    assert CaseStep.objects.get(step="appeal-decided").facts["settled"] == "lightened"


def test_bpasn_aggravates_to_a_dishonourable_dismissal_that_is_carried_out_and_recorded(who, now, travel):
    made = settle(appealed(who, now, travel), who.drafter, "aggravated", "ptdh")
    assert (made.sanction, made.level, made.replaces.sanction) == ("ptdh", "dismissal-ptdh", DISMISSAL)
    assert {each["rule"] for each in made.unchecked} >= {"ptdh"}
    case_decisions.confirm(made, by=who.lawyer, now=DAY)
    carry_out(made, who)
    step(made.respondent.case, "record", "executed", who.bkn_officer, DAY)
    assert state_of(made) == ("recorded", "proven")
    made.refresh_from_db()
    assert "Pemberhentian tidak dengan hormat (PTDH)" in case_papers.text_of(made).points[0]
    assert ("Hukuman", "Pemberhentian tidak dengan hormat (PTDH)") in case_papers.register_lines(made)


@pytest.mark.parametrize(
    ("employment", "decided", "graver", "lighter"),
    [
        ("pns", DISMISSAL, {"ptdh"}, {"severe-release-12m", "light-oral", "moral-open"}),
        ("cpns", DISMISSAL, {"ptdh"}, {"severe-release-12m"}),
        ("pppk", "pppk-termination-dishonourable", set(), {"pppk-agency-rules", "moral-open", "moral-closed"}),
    ],
)
def test_bpasn_may_come_to_whatever_is_graver_or_lighter_for_the_employment(employment, decided, graver, lighter):
    found = case_rules.catalogue(HEARING, employment)
    assert {each for each in found if case_rules.is_graver(each, decided)} == graver
    assert case_rules.knows_graver(found, decided) is bool(graver)
    assert lighter <= {each for each in found if case_rules.is_graver(decided, each)}


def printed(decision, monkeypatch, set_as=case_papers.as_letter):
    """Return what is set as the paper of a decision."""
    found = []
    with monkeypatch.context() as patched:
        patched.setattr(case_papers.pdf, "letter", lambda paper: found.append(paper) or b"%PDF")
        set_as(decision, now=DAY)
    return found[0]


def test_the_record_for_the_register_names_what_was_examined_by_its_clause_and_who_decided_it(
    who, now, travel, monkeypatch
):
    made = serve(record(drafted(who, now, travel), who), who, HEARING, HEARING)
    said = dict(case_papers.register_lines(made))
    assert said["Dugaan yang diperiksa, atasnya hukuman dijatuhkan"].endswith("; 20 Oktober 2024; Lapangan Wirabraja")
    clause = said["Pasal atas perbuatan itu"]
    assert "Larangan: PP 94/2021 Pasal 5 huruf n angka 6" in clause and "Sanksi: PP 94/2021 Pasal 8 ayat (4)" in clause
    assert clause.endswith("Tingkat: berat. Keyakinan kutipan: dua sumber atau lebih")
    assert said["Tingkat hukuman"] == "berat"
    assert said["Pejabat yang memutus"] == who.mayor.person.full_name
    assert said["Jabatan pejabat yang memutus"] == "Wali Kota"
    assert said["Kedudukan pejabat yang memutus"] == "definitif"
    assert not any(name.startswith("Putusan") for name in said)
    assert said["Sidik keputusan"] == f"{made.digest} (SHA-256 dari pindaian naskah yang ditandatangani)"
    paper = printed(made, monkeypatch, case_papers.as_register)
    own = "\n".join((paper.subject, *paper.opening, *paper.points))
    assert paper.digest == hashlib.sha256(own.encode()).hexdigest()
    assert case_papers.as_register(made, now=DAY).startswith(b"%PDF")


def test_the_record_of_what_was_signed_here_and_of_what_led_to_no_sanction_says_so(who, now, travel):
    draft = drafted(who, now, travel)
    made = case_decisions.sign_here(draft, shown(draft), was="proposed", by=who.mayor.user, now=DAY)
    said = dict(case_papers.register_lines(made))
    assert said["Sidik keputusan"] == f"{made.digest} (SHA-256 dari naskah yang ditandatangani di Ikrar)"
    made.sanction = made.level = ""
    said = dict(case_papers.register_lines(made))
    assert (
        "Dugaan yang diperiksa, tanpa hukuman" in said
        and "Dugaan yang diperiksa, atasnya hukuman dijatuhkan" not in said
    )


@pytest.mark.parametrize(
    ("outcome", "sanction", "told"),
    [
        ("upheld", "", ("dikuatkan", "")),
        (
            "lightened",
            "light-oral",
            (
                "diringankan",
                "; hukuman sebelumnya: Pemberhentian dengan hormat tidak atas permintaan sendiri sebagai PNS",
            ),
        ),
    ],
)
def test_the_record_names_what_an_appeal_came_to_and_by_whose_document(who, now, travel, outcome, sanction, told):
    before = appealed(who, now, travel)
    made = settle(before, who.drafter, outcome, sanction)
    said = dict(case_papers.register_lines(made))
    ruling = "putusan nomor 7/BPASN/2024, 28 Oktober 2024, ditandatangani Ketua Rekaan"
    assert said["Putusan BPASN atas banding"] == f"{told[0]}; {ruling}{told[1]}"
    mayor, is_upheld = who.mayor.person.full_name, outcome == "upheld"
    assert said["Pejabat yang memutus"] == (mayor if is_upheld else "Ketua Rekaan")
    replaced = f"nomor {before.number}, 28 Oktober 2024; diputus {mayor}, Wali Kota, definitif"
    assert said.get("Keputusan yang digantikan") == (None if is_upheld else replaced)


def test_of_what_bpasn_decided_the_agency_prints_a_note_and_no_decision_of_its_own(who, now, travel, monkeypatch):
    before = appealed(who, now, travel)
    own = printed(before, monkeypatch)
    assert (own.kind, own.number, own.office) == ("Keputusan", before.number, "Wali Kota") and own.place
    made = settle(before, who.drafter, "lightened", "light-oral")
    note = printed(made, monkeypatch)
    assert (note.kind, note.number, note.place, note.issued_on, note.signer) == ("Catatan putusan", "", "", None, "")
    assert note.about == "Putusan BPASN atas banding nomor 7/BPASN/2024"
    assert note.office == made.respondent.agency.name and note.letterhead == own.letterhead
    assert (
        "putusan BPASN atas banding nomor 7/BPASN/2024, 28 Oktober 2024, ditandatangani Ketua Rekaan" in note.opening[0]
    )
    assert note.points == case_papers.text_of(made).points
    assert case_papers.as_letter(made, now=DAY).startswith(b"%PDF")


def test_what_bpasn_upheld_is_still_printed_as_the_decision_of_the_agency(who, now, travel, monkeypatch):
    made = settle(appealed(who, now, travel), who.drafter, "upheld")
    assert (printed(made, monkeypatch).kind, printed(made, monkeypatch).office) == ("Keputusan", "Wali Kota")


@pytest.mark.parametrize(
    ("decided", "sanctions", "left_out"),
    [
        ("severe-demotion-12m", ("severe-demotion-12m", "severe-release-12m"), {"lightened"}),
        ("severe-release-12m", ("severe-demotion-12m", "severe-release-12m"), {"aggravated"}),
        ("severe-release-12m", ("severe-release-12m",), {"lightened", "aggravated", "changed"}),
    ],
)
def test_an_outcome_is_one_where_a_sanction_makes_it_so(decided, sanctions, left_out):
    every = set(case_decisions.SETTLEMENTS)
    for of_appeal, other in ((False, "cancelled"), (True, "granted")):
        assert every - set(case_decisions.outcomes(decided, sanctions, of_appeal=of_appeal)) == left_out | {other}


def test_what_bpasn_upholds_takes_effect_on_the_day_of_its_document(who, now, travel):
    before = appealed(who, now, travel)
    made = settle(before, who.bkn_officer, "upheld")
    assert (made.pk, made.effective_on, state_of(made)) == (before.pk, HEARING, ("effective", "open"))
    assert CaseStep.objects.get(step="appeal-decided").role == "national_body"


def test_what_bpasn_cancels_leaves_nothing_of_it(who, now, travel):
    before = settle(appealed(who, now, travel), who.drafter, "cancelled")
    assert before.ended_at and state_of(before) == ("cleared", "not_proven")


@pytest.mark.parametrize(
    ("outcome", "sanction"),
    [
        ("aggravated", "light-oral"), ("lightened", DISMISSAL), ("changed", DISMISSAL), ("changed", ""), ("granted", ""),
        ("upheld", "light-oral"), ("forgiven", ""), ("aggravated", "no-such-thing"), ("cancelled", "light-oral"),
    ],
)  # fmt: skip
def test_an_outcome_that_says_other_than_its_sanction_is_not_recorded(who, now, travel, outcome, sanction):
    before = appealed(who, now, travel)
    with refused("outcome", outcome):
        settle(before, who.drafter, outcome, sanction)
    assert state_of(before) == ("appealed", "open") and CaseDecision.objects.count() == 1


def test_an_objection_keeps_to_the_band(who, now, travel):
    served = serve(record(drafted(who, now, travel), who), who, HEARING, HEARING)
    step(served.respondent.case, "object", "served", who.mayor.user, DAY, objection=HEARING)
    with pytest.raises(SanctionOutsideBand):
        settle(served, who.drafter, "lightened", "light-oral", "objected")
    for outcome, sanction in (("cancelled", ""), ("granted", "severe-demotion-12m")):
        with refused("outcome", outcome):
            settle(served, who.drafter, outcome, sanction, was="objected")
    made = settle(served, who.drafter, "lightened", "severe-demotion-12m", "objected")
    assert made.replaces == served and made.sanction == "severe-demotion-12m" and state_of(made)[0] == "effective"


def test_an_outcome_has_a_number_of_its_own_unless_the_office_that_decided_gave_the_same_one(who, now, travel):
    served, later = appealed(who, now, travel), HEARING + timedelta(days=9)
    same = {"number": " 800/12/2024 "}
    with refused("same_letter", on=HEARING, number="800/12/2024"):
        settle(served, who.drafter, "upheld", **same, is_number_meant=True)
    travel.move_to(at(later))
    with refused("own_number", on=HEARING, number="800/12/2024"):
        settle(served, who.drafter, "upheld", **same, on=later)
    assert state_of(served) == ("appealed", "open")
    assert settle(served, who.drafter, "upheld", **same, on=later, is_number_meant=True)


def objected_too(who, now, travel, **more):
    served = serve(record(drafted(who, now, travel), who, **more), who, HEARING, HEARING)
    step(served.respondent.case, "object", "served", who.mayor.user, DAY, objection=HEARING)
    travel.move_to(now)
    return served


@pytest.mark.parametrize(
    ("outcome", "sanction"), [("lightened", "severe-demotion-12m"), ("upheld", ""), ("granted", "")]
)
def test_decisions_of_an_agency_and_what_its_authority_ruled_on_objections_have_one_register_of_numbers(
    who, now, travel, monkeypatch, outcome, sanction
):
    first, second = objected_too(who, now, travel), objected_too(who, now, travel, number="800/13", scanned=8)
    third = drafted(who, now, travel)
    monkeypatch.setattr(case_authority, "objected_to", lambda respondent, decision, day: who.office)
    for number in (" 800/13 ", "800/13"):
        with refused("number_used", HEARING.isoformat()):
            settle(first, who.drafter, outcome, sanction, "objected", number=number)
    made = settle(first, who.drafter, outcome, sanction, "objected", number="800/14")
    with refused("number_used", HEARING.isoformat()):
        record(third, who, number="800/14", scanned=9)
    with refused("number_used"):
        settle(second, who.drafter, outcome, sanction, "objected", number="800/14")
    assert settle(second, who.drafter, outcome, sanction, "objected", number="800/14", is_number_meant=True)
    assert case_decisions.numbered_on(third.respondent, "800/14", 2025) is None, "another year begins at one again"
    register = dict(case_papers.register_lines(made))
    assert "ditandatangani Ketua Rekaan (Wali Kota)" in register["Putusan atas keberatan"]
    if outcome == "lightened":
        assert (made.authority, register["Jabatan pejabat yang memutus"]) == ("Wali Kota", "Wali Kota")


def test_the_number_of_what_was_ruled_outside_is_none_of_the_agencys_register(who, now, travel):
    first, second = objected_too(who, now, travel), objected_too(who, now, travel, number="800/13", scanned=8)
    travel.move_to(DAY)
    settle(first, who.drafter, "lightened", "severe-demotion-12m", "objected", number="800/13")
    settle(second, who.drafter, "upheld", "", "objected", number="7/BPASN/2024")
    travel.move_to(now)
    record(drafted(who, now, travel), who, number="7/BPASN/2024", scanned=9)


def test_a_number_of_bpasn_that_another_case_has_is_asked_for_once_more(who, now, travel):
    first = appealed(who, now, travel)
    travel.move_to(now)
    second = serve(record(drafted(who, now, travel, **DISMISSED), who, 8, number="800/14"), who, HEARING, HEARING)
    step(second.respondent.case, "appeal", "served", who.mayor.user, DAY, appeal=HEARING)
    with refused("ruling_number_used", HEARING.isoformat()):
        settle(first, who.drafter, "upheld", number="800/14")
    settle(first, who.drafter, "upheld")
    with refused("ruling_number_used", HEARING.isoformat()):
        settle(second, who.drafter, "upheld")
    assert settle(second, who.drafter, "upheld", is_number_meant=True)


def test_who_ruled_on_an_objection_is_written_by_his_office_where_it_is_known(who, city):
    unit = city.units.get(parent=None)
    told = [case_decisions.official(each) for each in (who.office, unit, None)]
    assert told == ["Wali Kota", f"Atasan pejabat yang menghukum ({unit.name})", "Atasan pejabat yang menghukum"]


@pytest.mark.parametrize(
    ("came", "outcome", "sanction", "official"),
    [
        ("appealed", "cancelled", "", "BPASN"), ("appealed", "lightened", "light-oral", "BPASN"), ("appealed", "upheld", "", "BPASN"),
        ("objected", "granted", "", "Atasan pejabat yang menghukum"),
        ("objected", "lightened", "severe-demotion-12m", "Atasan pejabat yang menghukum"),
    ],
)  # fmt: skip
def test_what_became_of_a_decision_stands_beside_the_one_that_was_taken(
    who, now, travel, came, outcome, sanction, official
):
    taken = (appealed if came == "appealed" else objected)(who, now, travel)
    later = HEARING + timedelta(days=2)
    travel.move_to(at(later))
    settle(taken, who.drafter, outcome, sanction, came, on=later)
    (row,) = case_referrals.beside(taken.respondent.case)
    assert (row.decision, row.decision.decided_on, row.executed_on) == (taken, HEARING, None)
    (became,) = row.became
    assert (became.outcome, became.sanction, became.on) == (outcome, sanction, later)
    assert became.official.startswith(official)


def test_a_decision_of_which_nothing_became_stands_by_itself_and_a_draft_is_none(who, now, travel):
    made = drafted(who, now, travel)
    (row,) = case_referrals.beside(made.respondent.case)
    assert (row.decision, row.became, row.restored_on) == (None, (), None)
    record(made, who)
    (row,) = case_referrals.beside(made.respondent.case)
    assert (row.decision, row.became) == (made, ())


def test_an_outcome_needs_its_document_and_somebody_who_may_record_it(who, now, travel):
    before = appealed(who, now, travel)
    with refused("paper", "document"):
        settle(before, who.drafter, "upheld", document=None)
    for stranger in (who.stranger, who.examiners[0], who.budi.user):
        with refused("not_yours"):
            settle(before, stranger, "upheld")
    with pytest.raises(DatesInWrongOrder):
        settle(before, who.drafter, "upheld", on=HEARING - timedelta(days=1))
    settle(before, who.drafter, "upheld")
    with refused("changed"):
        settle(before, who.drafter, "upheld")


def objected(who, now, travel, **more):
    served = serve(record(drafted(who, now, travel, **more), who), who, HEARING, HEARING)
    step(served.respondent.case, "object", "served", who.mayor.user, DAY, objection=HEARING)
    return served


def test_an_objection_may_aggravate_within_the_band_but_never_ends_the_service(who, now, travel):
    before = objected(who, now, travel, sanction=OTHER, departure_reason="meringankan")
    for outcome in ("aggravated", "changed"):
        with refused("own_proceeding", DISMISSAL):
            settle(before, who.drafter, outcome, DISMISSAL, "objected")
    assert state_of(before) == ("objected", "open") and CaseDecision.objects.count() == 1
    made = settle(before, who.drafter, "aggravated", SANCTION, "objected")
    assert made.sanction == SANCTION and state_of(made) == ("effective", "open")


def test_an_outcome_names_who_signed_it_and_why_and_its_paper_says_since_when_it_holds(who, now, travel):
    before = objected(who, now, travel)
    with refused("paper", "signer_name"):
        settle(before, who.drafter, "lightened", OTHER, "objected", signer_name=" ")
    with refused("text", "grounds"):
        settle(before, who.drafter, "lightened", OTHER, "objected", grounds=" ")
    made = settle(before, who.drafter, "lightened", OTHER, "objected")
    assert (made.signer_name, made.authority) == ("Ketua Rekaan", "Atasan pejabat yang menghukum")
    text = case_papers.text_of(made)
    said = "\n".join((*text.opening, *text.points, *text.closing))
    assert "Pertimbangan: surat menyebut keadaan lain" in said and "hari kerja ke-15" not in said
    assert "berlaku sejak 28 Oktober 2024, menurut putusan atas keberatan nomor 7/BPASN/2024" in said
    assert f"Menggantikan keputusan nomor {before.number}" in said
    assert "belum dibandingkan" in said
    kept = CaseStep.objects.get(step="objection-decided").facts
    assert (kept["signer"], kept["reason"]) == ("Ketua Rekaan", "surat menyebut keadaan lain")


def carry_out(decision, who):
    case = decision.respondent.case
    return step(case, "execute", "effective", who.mayor.user, DAY, **{"execution-record": "surat pelaksanaan"})


@pytest.mark.parametrize("of_appeal", [False, True])
def test_an_outcome_on_an_unchecked_rule_is_carried_out_only_once_a_second_one_confirmed_it(
    who, now, travel, of_appeal
):
    if of_appeal:
        made = settle(appealed(who, now, travel), who.drafter, "lightened", OTHER)
    else:
        made = settle(objected(who, now, travel), who.drafter, "lightened", OTHER, "objected")
    assert {each["rule"] for each in made.unchecked} >= {OTHER} and made.confirmed_by is None
    with lacks("second-confirmation"):
        carry_out(made, who)
    with refused("same_person"):
        case_decisions.confirm(made, by=who.drafter, now=DAY)
    case_decisions.confirm(made, by=who.lawyer, now=DAY)
    with refused("changed"):
        case_decisions.confirm(made, by=who.lawyer, now=DAY)
    assert carry_out(made, who)


def test_what_stays_as_it_was_decided_is_not_confirmed_again(who, now, travel):
    made = settle(objected(who, now, travel), who.drafter, "upheld", was="objected")
    with refused("changed"):
        case_decisions.confirm(made, by=who.lawyer, now=DAY)
    assert carry_out(made, who)


def test_an_objection_that_is_granted_in_full_leaves_nothing_of_the_decision(who, now, travel):
    before = settle(objected(who, now, travel), who.drafter, "granted", was="objected")
    assert before.ended_at and state_of(before) == ("cleared", "not_proven")
    taken = CaseStep.objects.get(step="objection-granted")
    assert (taken.facts["settled"], taken.document_digest) == ("granted", scan(70, DAY).digest)
    assert not CaseClock.objects.filter(stopped_on=None).exists()


def test_nobody_decides_on_an_objection_to_his_own_decision(who, now, travel):
    before = objected(who, now, travel)
    assert case_desk.desk(who.mayor.user, now=DAY).lines == []  # he decided; above him the facts name nobody
    (line,) = case_desk.desk(who.drafter, now=DAY).lines
    assert line.act == "objection_outcome"
    for name in ("Walikota Misalkan", "drs. H. WALIKOTA MISALKAN, M.Si."):
        with refused("punisher"):
            settle(before, who.drafter, "upheld", was="objected", signer_name=name)
    assert state_of(before) == ("objected", "open")
    made = settle(before, who.drafter, "upheld", was="objected", signer_name="Walikota Misalkan", is_meant=True)
    assert state_of(made) == ("effective", "open")


def in_effect(who, now, travel, **more):
    """A decision that the night let take effect, some days after."""
    served = serve(record(drafted(who, now, travel, **more), who), who, HEARING, HEARING)
    later = served.effective_on + timedelta(days=2)
    travel.move_to(at(later))
    case_nights.tick_cases(at(later))
    assert state_of(served) == ("effective", "open")
    return served, later


LETTERS = [("object", "objection", {}, "target-objection"), ("appeal", "appeal", DISMISSED, "pp79-bpasn-decision")]


@pytest.mark.parametrize("is_executed", [False, True])
@pytest.mark.parametrize(("name", "letter", "more", "clock"), LETTERS)
def test_a_letter_that_is_recorded_after_the_effect_is_taken_with_its_reason_and_decided_on(
    who, now, travel, name, letter, more, clock, is_executed
):
    served, later = in_effect(who, now, travel, **more)
    case, was = served.respondent.case, "executed" if is_executed else "effective"
    if is_executed:
        told = {"execution-record": "surat pelaksanaan"}
        step(case, "execute", "effective", who.mayor.user, at(later), **told)
    said = {letter: HEARING + timedelta(days=3)}
    with lacks("in-effect-reason"):
        step(case, f"{name}-in-effect", was, who.mayor.user, at(later), **said)
    said["in-effect-reason"] = "diterima tata usaha, baru diteruskan"
    (taken,) = step(case, f"{name}-in-effect", was, who.mayor.user, at(later), **said)
    assert taken.on == later and taken.facts[letter] == "2024-10-31"
    clocks = CaseClock.objects.filter(respondent=served.respondent, stopped_on=None)
    assert clock in clocks.values_list("term", flat=True)
    assert not clocks.filter(term__in=("target-execute", "target-outcome")).exists()
    was = "objected" if name == "object" else "appealed"
    told = {"outcome": "upheld", "grounds": "tetap", "by": who.drafter, "now": at(later), "was": was}

    def ruled(on):
        return Paper("9/2024", on, None, scan(71, at(later)), signer_name="Ketua Rekaan")

    with pytest.raises(DatesInWrongOrder):  # no letter is decided on before it is written
        case_decisions.settle(served, ruled(HEARING + timedelta(days=2)), **told)
    ruling = HEARING + timedelta(days=9)  # before the letter was recorded, and before the effect
    made = case_decisions.settle(served, ruled(ruling), **told)
    taken = CaseStep.objects.get(step__in=case_rules.SETTLES)
    assert (taken.on, taken.facts["settled_on"]) == (later, ruling.isoformat())
    # The register names the day of the ruling, and not that of its record.
    outcome = "Putusan atas keberatan" if name == "object" else "Putusan BPASN atas banding"
    assert "nomor 9/2024, 6 November 2024, " in dict(case_papers.register_lines(made))[outcome]
    # It is in effect since its own day, and what was carried out is not carried out twice.
    stands = "executed" if is_executed else "effective"
    assert state_of(made) == (stands, "open") and made.effective_on == served.effective_on
    assert set(clocks.values_list("term", flat=True)) == {"target-outcome" if is_executed else "target-execute"}
    # What an outcome upheld is not objected to, nor appealed, once more.
    with lacks("effect-by-day"):
        step(case, f"{name}-in-effect", stands, who.mayor.user, at(later), **said)


@pytest.mark.parametrize(("outcome", "sanction"), [("cancelled", ""), ("lightened", "light-oral")])
def test_whose_dismissal_was_carried_out_and_does_not_last_is_restored_before_anything_else(
    who, now, travel, outcome, sanction
):
    served, later = in_effect(who, now, travel, **DISMISSED)
    case, by = served.respondent.case, who.mayor.user
    step(case, "execute", "effective", by, at(later), **{"execution-record": "SK pemberhentian"})
    step(case, "appeal-in-effect", "executed", by, at(later), **{"appeal": HEARING, "in-effect-reason": "tertahan"})
    made = settle(served, who.drafter, outcome, sanction, on=later)
    assert state_of(made) == ("restoring", "open")
    (clock,) = CaseClock.objects.filter(stopped_on=None)
    assert (clock.term, clock.kind, clock.owner) == ("target-restore", "target", Role.APPOINTING_AUTHORITY)
    (line,) = case_desk.desk(who.drafter, now=at(later)).lines
    assert line.act == "restore"
    late = at(clock.late_on)
    travel.move_to(late)
    assert case_nights.tick_cases(late).overdue == 1
    # Nobody is sanctioned by what does not last: it waits for his authority.
    (stand,) = case_watching.standings([who.bkn], late.date())
    assert (stand.waiting, stand.decided, stand.oldest_on) == (1, 0, later)
    name, other = ("restore-lightened", "restore") if sanction else ("restore", "restore-lightened")
    with lacks("restoration-letter"):
        step(case, name, "restoring", by, late)
    letter = {"restoration-letter": "SK 12/2024, 9 Desember 2024"}
    with lacks("nothing-left" if sanction else "sanction-left"):
        step(case, other, "restoring", by, late, **letter)
    # Also where nothing is left of what was decided, what was decided on stays as it is.
    with refused("decided"):
        cases.strike_respondent(made.respondent, reason="salah", by=who.bkn_officer, now=late)
    examiner, (stated,) = who.examiners[0], made.respondent.allegations.all()
    with refused("decided"):
        case_files.strike_allegation(stated, reason="salah", by=examiner, now=late)
    with refused("decided"):
        case_files.state_allegation(made.respondent, alleged("Tempat lain"), by=examiner, now=late)
    step(case, name, "restoring", by, late, **letter)
    if not sanction:
        assert state_of(made) == ("cleared", "not_proven")
        return
    assert state_of(made) == ("effective", "open")
    assert list(CaseClock.objects.filter(stopped_on=None).values_list("term", flat=True)) == ["target-execute"]
    case_decisions.confirm(made, by=who.lawyer, now=late)
    step(case, "execute", "effective", by, late, **{"execution-record": "SK teguran"})
    made.refresh_from_db()
    register = dict(case_papers.register_lines(made))
    assert register["Dipulihkan"] == f"{in_words(late.date())}, surat SK 12/2024, 9 Desember 2024"
    assert register["Dilaksanakan"] == in_words(late.date())


def test_a_dismissal_that_was_carried_out_and_becomes_another_one_restores_nobody(who, now, travel):
    served, later = in_effect(who, now, travel, **DISMISSED)
    case, by = served.respondent.case, who.mayor.user
    step(case, "execute", "effective", by, at(later), **{"execution-record": "SK pemberhentian"})
    step(case, "appeal-in-effect", "executed", by, at(later), **{"appeal": HEARING, "in-effect-reason": "tertahan"})
    made = settle(served, who.drafter, "aggravated", "ptdh", on=later)
    assert state_of(made) == ("effective", "open")


def test_what_an_outcome_changes_is_carried_out_anew_also_where_the_first_was_carried_out(who, now, travel):
    served, later = in_effect(who, now, travel)
    case = served.respondent.case
    step(case, "execute", "effective", who.mayor.user, at(later), **{"execution-record": "surat pelaksanaan"})
    said = {"objection": HEARING, "in-effect-reason": "tertahan"}
    step(case, "object-in-effect", "executed", who.mayor.user, at(later), **said)
    paper = Paper("9/2024", later, None, scan(71, at(later)), signer_name="Ketua Rekaan")
    told = {"outcome": "lightened", "sanction": OTHER, "grounds": "ringan", "was": "objected", "by": who.drafter}
    made = case_decisions.settle(served, paper, **told, now=at(later))
    assert state_of(made) == ("restoring", "open") and made.effective_on == later
    letter = {"restoration-letter": "SK 12/2024"}
    with lacks("nothing-left"):
        step(case, "restore", "restoring", who.mayor.user, at(later), **letter)
    step(case, "restore-lightened", "restoring", who.mayor.user, at(later), **letter)
    assert state_of(made) == ("effective", "open") and made.effective_on == later
    case_decisions.confirm(made, by=who.lawyer, now=at(later))
    assert step(case, "execute", "effective", who.mayor.user, at(later), **{"execution-record": "surat kedua"})


def objected_after_execution(who, now, travel, **more):
    """A sanction that is no dismissal, carried out before its objection was recorded."""
    served, later = in_effect(who, now, travel, **more)
    case, by = served.respondent.case, who.mayor.user
    step(case, "execute", "effective", by, at(later), **{"execution-record": "surat pelaksanaan"})
    said = {"objection": HEARING, "in-effect-reason": "tertahan"}
    step(case, "object-in-effect", "executed", by, at(later), **said)
    return served, later


def test_whose_sanction_was_carried_out_and_is_taken_away_by_an_objection_is_restored_first(who, now, travel):
    served, later = objected_after_execution(who, now, travel)
    case, by = served.respondent.case, who.mayor.user
    gone = settle(served, who.drafter, "granted", "", "objected", on=later)
    assert gone.ended_at and state_of(gone) == ("restoring", "open"), "not cleared yet: he is still demoted"
    assert CaseStep.objects.get(step="objection-cancels-executed").role == "appointing_authority"
    (clock,) = CaseClock.objects.filter(stopped_on=None)
    assert (clock.term, clock.owner) == ("target-restore", Role.APPOINTING_AUTHORITY)
    (line,) = case_desk.desk(who.drafter, now=at(later)).lines
    assert line.act == "restore"
    with lacks("restoration-letter"):
        step(case, "restore", "restoring", by, at(later))
    with lacks("sanction-left"):
        step(case, "restore-lightened", "restoring", by, at(later), **{"restoration-letter": "SK 12/2024"})
    step(case, "restore", "restoring", by, at(later), **{"restoration-letter": "SK 12/2024"})
    assert state_of(gone) == ("cleared", "not_proven")
    (row,) = case_referrals.beside(case)
    assert (row.decision, row.executed_on, row.restored_on) == (served, later, later)


def test_an_objection_that_makes_a_sanction_graver_restores_nobody_though_the_first_was_carried_out(who, now, travel):
    served, later = objected_after_execution(who, now, travel, sanction=OTHER, departure_reason="meringankan")
    made = settle(served, who.drafter, "aggravated", SANCTION, "objected", on=later)
    assert state_of(made) == ("effective", "open")
    assert CaseStep.objects.filter(step="objection-decided").exists()


def test_an_objection_that_is_granted_before_anything_was_carried_out_clears_at_once(who, now, travel):
    gone = settle(objected(who, now, travel), who.drafter, "granted", "", "objected")
    assert state_of(gone) == ("cleared", "not_proven")


def windows():
    rows = CaseClock.objects.filter(stopped_on=None, term__startswith="pp79").order_by("term")
    return list(rows.values_list("term", "start_on", "due_on"))


def test_a_dismissal_is_appealed_within_its_window_and_never_objected_to(who, now, travel):
    decided = record(drafted(who, now, travel, **DISMISSED), who)
    assert windows() == [("pp79-appeal", HEARING, date(2024, 11, 15))]
    served = serve(decided, who, HEARING, HEARING)
    assert [row[0] for row in windows()] == ["pp79-appeal"]
    with lacks("other-than-dismissal"):
        step(served.respondent.case, "object", "served", who.mayor.user, DAY, objection=HEARING)


def test_what_is_no_dismissal_is_objected_to_and_no_claim_leads_to_bpasn(who, now, travel):
    decided = record(drafted(who, now, travel), who)
    assert not windows()
    case = decided.respondent.case
    with lacks("dismissal"):
        step(case, "appeal", "decided", who.mayor.user, DAY, appeal=HEARING, dismissal=True)
    serve(decided, who, HEARING, HEARING)
    assert windows() == [("pp79-objection", HEARING, date(2024, 11, 11))]  # by its unverified reading in calendar days
    with lacks("dismissal"):
        step(case, "appeal", "served", who.mayor.user, DAY, appeal=HEARING)


def late_lines(who, now, late):
    scope = access.scope_of(accounts.grants_of(who.mayor.user, now=now), "case.view")
    return case_board.board(who.mayor.user, scope, Wanted(late=late), now=now).total


@pytest.mark.parametrize("is_old", [None, "late", "soon", "rests"])
def test_a_window_that_ends_unused_is_nobodys_lateness(who, now, travel, is_old):
    decided = record(drafted(who, now, travel, **DISMISSED), who)
    came, ended = date(2024, 11, 4), date(2024, 11, 20)  # the effect comes on 25 November, the window ended on the 15th
    travel.move_to(at(came))
    told = {"served_on": came, "received_on": came, "by": who.drafter, "now": at(came)}
    served = case_decisions.serve(decided, was="decided", **told)
    window = CaseClock.objects.filter(term="pp79-appeal")
    if is_old:  # it was begun as a limit that somebody owes, by a rulebook of that time
        began_as = {"late": (None, 3), "soon": (came, 0), "rests": (None, 2)}
        (next_on, stage), rest = began_as[is_old], {"from": came.isoformat(), "until": None, "reason": "banjir"}
        pauses = [rest] if is_old == "rests" else []
        window.update(next_on=next_on, stage=stage, pauses=pauses, rulebook_digest="0" * 64)
        case_steps.renew_lines([served.respondent_id])
        travel.move_to(at(came, 11))
        case_nights.tick_cases(at(came, 11))
        row = CaseRespondent.objects.get(pk=served.respondent_id)
        assert (row.stage, row.due_on) == (0, date(2024, 11, 25)) and late_lines(who, at(came), "late") == 0
        if is_old == "rests":
            case_clocks.resume(window.get(), on=came, by=who.bkn_officer, now=at(came, 11))
    for day in (date(2024, 11, 14), ended):
        travel.move_to(at(day))
        case_nights.tick_cases(at(day))
    told = [f"clock_{each}" for each in case_nights.STAGES.values()]
    assert window.get().stage == 0 and not served.respondent.steps.filter(step__in=told).exists()
    assert CaseRespondent.objects.get(pk=served.respondent_id).stage == 0
    assert [late_lines(who, at(ended), each) for each in ("", "near", "late")] == [1, 0, 0]
    assert case_nights.tick_cases(at(ended)).is_quiet
    # Made longer or counted anew by hand it is a right still.
    case_clocks.extend(window.get(), length=1, reason="banjir", basis="SE 1/2024", by=who.bkn_officer, now=at(ended))
    assert (window.get().stage, window.get().next_on) == (0, None)


@pytest.mark.parametrize(("name", "letter", "more"), [("object", "objection", {}), ("appeal", "appeal", DISMISSED)])
def test_a_letter_after_its_window_is_taken_with_a_written_reason_alone(who, now, travel, name, letter, more):
    served = serve(record(drafted(who, now, travel, **more), who), who, HEARING, HEARING)
    case, late = served.respondent.case, date(2024, 11, 18)
    travel.move_to(at(late))
    with lacks("late-reason"):
        step(case, name, "served", who.mayor.user, at(late), **{letter: late})
    with lacks("late-reason"):
        step(case, name, "served", who.mayor.user, at(late), **{letter: True, "after-window": False})
    said = {letter: late, "late-reason": "baru diterima sesudah banjir"}
    taken = step(case, name, "served", who.mayor.user, at(late), **said)[0]
    assert taken.facts["late-reason"] == "baru diterima sesudah banjir"


@pytest.mark.parametrize(("name", "letter", "more"), [("object", "objection", {}), ("appeal", "appeal", DISMISSED)])
def test_a_letter_of_the_last_day_needs_no_reason_also_where_it_is_recorded_later(who, now, travel, name, letter, more):
    served = serve(record(drafted(who, now, travel, **more), who), who, HEARING, HEARING)
    travel.move_to(at(date(2024, 11, 18)))
    said = {letter: date(2024, 11, 15)}
    assert step(served.respondent.case, name, "served", who.mayor.user, at(date(2024, 11, 18)), **said)


# --- the office that must act ------------------------------------------------------------------------------------


def office_of(case):
    return case.respondents.get().office


def test_the_office_that_must_act_stands_beside_the_state_and_nowhere_else(who, now, travel):
    case = recommended(who, now)
    assert office_of(case) == who.office
    step(case, "authority-accept", "recommended", who.mayor.user, now)
    assert office_of(case) == who.office  # of his agency nobody was given the case, and only he gives it
    name_team(case, who, now)
    assert office_of(case) is None  # it is their turn
    decision = drafted_of(who, now, travel, case)
    assert office_of(case) is None  # an unchecked rule: a second one confirms first
    case_decisions.confirm(decision, by=who.lawyer, now=DAY)
    assert office_of(case) == who.office
    case_decisions.discard(decision, by=who.drafter, now=DAY)
    assert office_of(case) is None


def drafted_of(who, now, travel, case):
    summon(case, who, now, HEARING)
    travel.move_to(DAY)
    step(case, "hear", "summoned", who.examiners[0], DAY, **{"hearing-record": "bap"})
    assert office_of(case) == who.office  # it forms the team
    step(case, "form-team", "heard", who.mayor.user, DAY, **{"team-order": "SK 5"})
    propose(case, who, "team")
    return case_decisions.draft(case.respondents.get(), sanction=SANCTION, grounds="terbukti", by=who.drafter, now=DAY)


# --- who examines ------------------------------------------------------------------------------------------------


def examiner_of(who, now):
    respondent = referred(who, now).respondents.get()
    return case_authority.examining(respondent, "severe", now.date())


def test_the_direct_superior_examines_unless_his_post_is_the_lower_one(who, now):
    type(who.budi.placement).objects.filter(pk=who.budi.placement.pk).update(level="jpt_pratama")
    found = examiner_of(who, now)
    assert found.placement.person == who.budi.person and not found.passed
    type(who.budi.placement).objects.filter(pk=who.budi.placement.pk).update(level="pengawas")
    found = case_authority.examining(found_respondent(), "severe", now.date())
    assert found.placement is None and [(each.person, why) for each, why in found.passed] == [(who.budi.person, "rank")]


def found_respondent():
    return CaseDecision.respondent.field.related_model.objects.select_related("case", "person").get()


def test_a_head_who_is_a_candidate_never_examines(who, city, now):
    root = city.units.get(parent=None)
    Placement.objects.filter(person=who.mayor.person).update(is_head=True, level="jpt_utama")
    for unit in ("SMPN-3", "DISDIK"):
        city.units.filter(code=unit).update(parent=root)
    who.budi.placement.__class__.objects.filter(pk=who.budi.placement.pk).update(level="pengawas")
    found = examiner_of(who, now)
    holding = Holding.objects.get(office=who.office)
    OfficeLeave.objects.create(
        holding=holding, kind="campaign", from_on=HEARING, last_on=HEARING + timedelta(days=9), from_at=DAY,
        until_at=DAY + timedelta(days=9),
    )  # fmt: skip
    assert found.placement.person == who.mayor.person
    after = case_authority.examining(found_respondent(), "severe", now.date())
    assert after.placement is None and [why for _each, why in after.passed] == ["rank", "candidate"]


# --- an authority who has no part ----------------------------------------------------------------------------------


def absent():
    return pytest.raises(CaseStepRefused, check=lambda error: error.reason == "absent")


def on_paper(case, who, name, was, at, **facts):
    """Record, as staff, what the head is said to have signed."""
    return cases.take_step(case, name, was=was, facts=facts, document=scan(9, at), by=who.drafter, now=at)


def test_nothing_is_recorded_in_the_name_of_a_head_who_has_no_part_and_above_whom_the_law_knows_nobody(who, now):
    case = recommended(who, now)
    conflict = case_files.recuse(case, why="relative", by=who.mayor.user, now=now)
    before = LogPayload.objects.count()
    for name, told in (("authority-accept", {}), ("authority-return", {"reason": "kurang bukti"})):
        with absent():
            on_paper(case, who, name, "recommended", now, **told)
    respondent = case.respondents.get()
    lent = cases.open_steps(respondent, by=who.drafter, now=now, in_name_of=Role.APPOINTING_AUTHORITY)
    said = {
        each.step.id: each.refusal and each.refusal.reason
        for each in lent
        if Role.APPOINTING_AUTHORITY in each.step.who
    }
    assert said == {"authority-accept": "absent", "authority-return": "absent"}
    assert LogPayload.objects.count() == before
    case_files.lift_conflict(conflict, reason="orang lain bernama sama", by=who.bkn_officer, now=now)
    assert on_paper(case, who, "authority-accept", "recommended", now)


def test_whoever_stands_in_for_a_head_who_has_no_part_acts_in_his_place(who, city, now):
    case = recommended(who, now)
    case_files.recuse(case, why="relative", by=who.mayor.user, now=now)
    acting = make_member(city.units.get(code="SETDA"), "197001011995031001", "Penjabat Andaikan", sex="m", post="Sekda")
    until = now + timedelta(days=9)
    leave = OfficeLeave.objects.create(
        holding=Holding.objects.get(office=who.office), kind="campaign", from_on=now.date(), last_on=until.date(), from_at=now,
        until_at=until,
    )  # fmt: skip
    Holding.objects.create(
        office=who.office, person=acting.person, leave=leave, capacity="pjs", from_at=now, until_at=until
    )
    assert on_paper(case, who, "authority-accept", "recommended", now)


def test_a_letter_against_a_decision_is_recorded_also_where_its_authority_has_no_part_since(who, now, travel):
    served = serve(record(drafted(who, now, travel), who), who, HEARING, HEARING)
    case_files.recuse(served.respondent.case, why="relative", by=who.mayor.user, now=DAY)
    assert on_paper(served.respondent.case, who, "object", "served", DAY, objection=HEARING)


def test_who_names_examiners_is_told_and_that_nobody_may_where_the_head_has_no_part(who, city, now):
    respondent = referred(who, now).respondents.get()
    found = case_authority.assigning(respondent, now)
    assert (found.office, found.names, found.is_conflicted) == (who.office, (who.mayor.person.full_name,), False)
    case_files.recuse(respondent.case, why="relative", by=who.mayor.user, now=now)
    assert case_authority.assigning(respondent, now) == case_authority.Assigning(who.office, (), True)
    user("Ppk", Role.APPOINTING_AUTHORITY, now, agency=city)
    assert case_authority.assigning(respondent, now).names == ("Ppk Rekaan",)


# --- from where something is drafted -------------------------------------------------------------------------------


def draft_at(respondent, state, sanction, who):
    """Try a draft where a respondent stands, and take it back; return the states that the table names, where it is refused."""
    type(respondent).objects.filter(pk=respondent.pk).update(state=state)
    told = {"sanction": sanction, "grounds": "terbukti", "departure_reason": "lain"}
    try:
        made = case_decisions.draft(respondent, **told, by=who.drafter, now=DAY)
    except CaseStepRefused as refusal:
        assert refusal.reason == "state"
        return refusal.about
    case_decisions.discard(made, by=who.drafter, now=DAY)
    return ()


@pytest.mark.parametrize(("sanction", "name"), [(SANCTION, "decide"), ("", "clear")])
def test_nothing_is_drafted_from_a_state_in_which_the_table_knows_no_such_decision(who, now, travel, sanction, name):
    case = referred(who, now)
    travel.move_to(DAY)
    respondent, row = case.respondents.get(), case_rules.procedure(case.procedure).steps[name]
    before = CaseDecision.objects.count()
    assert draft_at(respondent, "accepted", sanction, who) == row.from_states
    assert CaseDecision.objects.count() == before
    open_in = [
        each for each in case_rules.procedure(case.procedure).states if not draft_at(respondent, each, sanction, who)
    ]
    assert set(open_in) == set(row.from_states)


def test_nothing_is_drafted_where_nobody_may_decide_it(who, now, travel):
    case = proposed(who, now, travel)
    case_files.recuse(case, why="relative", by=who.mayor.user, now=DAY)
    with refused("authority"):
        case_decisions.draft(case.respondents.get(), sanction=SANCTION, grounds="terbukti", by=who.drafter, now=DAY)
    assert not CaseDecision.objects.exists()


def desk_acts(user):
    return [each.act for each in case_desk.desk(user, now=DAY).lines]


def test_where_nobody_is_known_who_could_decide_the_desk_says_that_and_not_that_something_is_to_be_drafted(
    who, now, travel
):
    proposed(who, now, travel)
    assert desk_acts(who.drafter) == ["draft"]
    Holding.objects.filter(office=who.office).update(until_at=DAY - timedelta(days=1))
    assert desk_acts(who.drafter) == ["nobody"]


def test_an_outdated_draft_is_told_as_one_on_both_desks_and_is_no_decision_that_waits(who, now, travel):
    decision = drafted(who, now, travel)
    assert (desk_acts(who.mayor.user), desk_acts(who.drafter)) == (["sign"], ["record"])
    recommend_again(decision.respondent.case, who, OTHER, "propose")
    assert (desk_acts(who.mayor.user), desk_acts(who.drafter)) == (["outdated"], ["renew"])
    assert case_desk.waiting(who.mayor.user, now=DAY).decides == 0
    assert case_desk.waiting(who.drafter, now=DAY).prepares == 1
    drafts = {decision.respondent: decision}
    assert case_decisions.outdated_among(drafts) == {
        decision.respondent_id: case_decisions.outdated(decision, decision.respondent)
    }


def test_a_draft_about_what_is_alleged_no_more_says_that_and_no_other_is_made(who, now, travel):
    decision = drafted(who, now, travel)
    respondent = decision.respondent
    case_files.strike_allegation(respondent.allegations.get(), reason="salah", by=who.examiners[0], now=DAY)
    with refused("no_allegation"):
        record(decision, who)
    assert (desk_acts(who.mayor.user), desk_acts(who.drafter)) == (["outdated"], ["renew"])
    case_decisions.discard(decision, by=who.drafter, now=DAY)
    for sanction in (SANCTION, ""):
        with refused("no_allegation"):
            told = {"sanction": sanction, "grounds": "x", "departure_reason": "x"}
            case_decisions.draft(respondent, **told, by=who.drafter, now=DAY)


def test_a_number_that_another_decision_of_the_agency_has_is_taken_only_where_it_is_meant(who, now, travel):
    first = record(drafted(who, now, travel), who)
    travel.move_to(now)
    second = drafted(who, now, travel)
    with refused("number_used", HEARING.isoformat()):
        record(second, who, number=" 800/12/2024 ", scanned=8)
    with refused("number_used"):
        case_decisions.sign_here(second, shown(second, first.number), was="proposed", by=who.mayor.user, now=DAY)
    assert record(second, who, scanned=8, is_meant=True).number == first.number


def test_what_is_measured_by_anothers_sanction_is_none_that_bpasn_comes_to():
    found = case_rules.catalogue(HEARING, "pns")
    assert "light-oral" in found and "severe-dismissal-honourable" in found and "heavier-than-subordinate" not in found
    with pytest.raises(SanctionOutsideBand):
        case_rules.check_catalogue("heavier-than-subordinate", HEARING, "pns")


def test_what_waits_for_a_head_who_has_no_part_in_it_stands_on_the_desk_of_his_staff_as_that(who, now):
    case, other = referred(who, now), referred(who, now, person=who.budi.person)
    assert case_desk.desk(who.drafter, now=now).lines == []
    case_files.state_conflict(case, why="relative", person=who.mayor.person, by=who.bkn_officer, now=now)
    respondent = case.respondents.get()
    assert [each.act for each in case_desk.desk(who.drafter, now=now).lines] == ["stopped"]
    assert case_queue.stopped(respondent, now) == case_authority.Assigning(who.office, (), True)
    assert case_queue.stopped(other.respondents.get(), now) is None
    assert not case_desk.waiting(who.drafter, now=now).any, "nobody waits for the staff"
    RoleGrant.objects.create(user=who.lawyer, role="appointing_authority", agency=respondent.agency, from_at=now)
    assert case_desk.desk(who.drafter, now=now).lines == [], "somebody acts in his place"
    RoleGrant.objects.filter(role="appointing_authority", user=who.lawyer).update(until_at=now)
    Holding.objects.filter(office=who.office).update(until_at=now)
    assert len(case_desk.desk(who.drafter, now=now).lines) == 2, "nobody holds the office"


def test_staff_are_told_at_night_of_limits_on_what_they_do_in_the_authoritys_name(who, now, travel):
    decision = record(drafted(who, now, travel), who)
    case, clock = decision.respondent.case, CaseClock.objects.get(term="pp94-decision-delivery", stopped_on=None)
    case_files.state_conflict(case, why="relative", user=who.lawyer, by=who.mayor.user, now=DAY)
    gone = user("Lama", Role.DRAFTER, now, agency=decision.respondent.agency)
    RoleGrant.objects.filter(user=gone).update(until_at=DAY)
    late = at(clock.late_on, 2)
    travel.move_to(late)
    case_nights.tick_cases(late)
    told = Notice.objects.get(kind="cases_due", user=who.drafter)
    assert told.values == Notice.objects.get(kind="decisions_due", person=who.mayor.person).values
    assert told.values["overdue"] == 1
    assert not Notice.objects.filter(kind="cases_due", user__in=[who.lawyer, gone, *who.examiners]).exists()
    assert case_desk.waiting(who.drafter, now=late).late_prepares == 1


def test_staff_are_told_of_nothing_that_waits_for_the_authority_itself(who, now, travel):
    late = at(recommended(who, now).clocks.get(term="target-decide", stopped_on=None).late_on, 2)
    travel.move_to(late)
    case_nights.tick_cases(late)
    assert not Notice.objects.filter(user=who.drafter).exists()


def test_after_a_missed_delivery_the_desk_asks_to_send_to_the_last_address_until_that_is_done(who, now, travel):
    decision = record(drafted(who, now, travel), who)

    def asked():
        (line,) = case_desk.desk(who.drafter, now=DAY).lines
        return line.act

    assert asked() == "serve"
    miss(decision, who, HEARING, DAY)
    assert asked() == "send"
    step(decision.respondent.case, "send-decision", "decided", who.mayor.user, DAY, on=HEARING)
    assert asked() == "serve"
