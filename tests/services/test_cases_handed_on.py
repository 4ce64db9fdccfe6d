"""Bodies that do not take the main way: who only takes in reports hands a case on, a national body takes up its own."""

from datetime import timedelta

import pytest

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseStepRefused
from ikrar.records.models import CaseClock, CaseRespondent, Notice, RoleGrant
from ikrar.services import (
    case_board,
    case_lines,
    case_nights,
    case_referrals,
    case_rules,
    case_steps,
    case_watching,
    cases,
)
from ikrar.services.cases import Named
from tests.services.case_cast import SANCTION, alleged, assessed, opened, step, user
from tests.services.test_cases_files import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]


def lacking():
    return pytest.raises(CaseStepRefused, check=lambda error: error.reason == "missing")


def opened_at(body, by, who, now):
    named = [Named(person=who.sari.person, allegations=(alleged(),))]
    return cases.register([], body, named, regime="pilkada", track="discipline", by=by, now=now)


def taken_in(who, now):
    """Bring a case of the inspectorate to where its own people cannot bring it on."""
    case = opened_at(who.inspectorate, who.inspector, who, now)
    step(case, "pilkada-review", "received", who.inspector, now)
    step(case, "pilkada-register", "reviewing", who.inspector, now, **{"requirements-met": True})
    return case


def hand_on(case, who, now, was="registered", to=None):
    words = {"number": "7/ITKO/2024", "words": "mohon dikaji"}
    return case_referrals.send(case, to or who.bawaslu, **words, was=was, by=who.inspector, now=now)


def running(case):
    return set(CaseClock.objects.filter(case=case, stopped_on=None).values_list("term", "owner"))


def mine(account, now):
    scope = cases.accounts_scope(account, "case.view", now=now)
    return case_board.mine(account, scope, now=now).total


def test_a_body_that_only_takes_in_reports_hands_a_case_to_a_supervisor_who_reviews_it_from_the_start(who, now):
    case = taken_in(who, now)
    assert (mine(who.inspector, now), mine(who.ani, now)) == (1, 0)
    assert [each.name for each in case_referrals.bodies(case, case_rules.PASS_ON)] == ["Bawaslu Rekaan", "BKN Rekaan"]
    sent = hand_on(case, who, now)
    assert running(case) == {("target-accept", "supervisor_body")}
    assert list(case_watching.waiting([who.bawaslu], who.ani)) == [sent]
    for each in (who.inspector, who.bkn_officer, who.mayor.user):
        with refused("not_yours"):
            case_referrals.accept(sent, was="passed-on", by=each, now=now)
    case_referrals.accept(sent, was="passed-on", by=who.ani, now=now)
    case.refresh_from_db()
    respondent = case.respondents.get()
    assert (case.handler, respondent.body, respondent.state) == (who.bawaslu, who.bawaslu, "received")
    assert running(case) == {("target-review", "supervisor_body")}
    assert (mine(who.inspector, now), mine(who.ani, now)) == (0, 1)
    # Who handed it on reads on, and does nothing any more; the supervisor goes the whole way.
    with pytest.raises(CaseStepRefused):
        step(case, "pilkada-review", "received", who.inspector, now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)
    case_referrals.send(case, who.bkn, number="8", words="mohon", was="assessed", by=who.ani, now=now)
    assert case.respondents.get().state == "forwarded"


def test_what_was_handed_on_tells_no_review_that_nobody_wrote(who, now):
    case = taken_in(who, now)
    hand_on(case, who, now)
    assert "review" not in case.steps.get(step="pass-on").facts


def test_a_refused_one_says_why_and_is_handed_to_another_body_or_ended(who, now):
    case = taken_in(who, now)
    sent = hand_on(case, who, now)
    with refused("text", "reason"):
        case_referrals.refuse(sent, reason=" ", was="passed-on", by=who.ani, now=now)
    case_referrals.refuse(sent, reason="di luar wilayah", was="passed-on", by=who.ani, now=now)
    case.refresh_from_db()
    assert (case.handler, case.respondents.get().state, running(case)) == (
        None, "returned", {("target-forward", "intake_officer")},
    )  # fmt: skip
    assert mine(who.inspector, now) == 1
    again = hand_on(case, who, now, was="returned", to=who.bkn)
    case_referrals.accept(again, was="passed-on", by=who.bkn_officer, now=now)
    assert mine(who.bkn_officer, now) == 1
    with lacking():
        step(case, "national-close", "received", who.bkn_officer, now, reason="bukan perkara sendiri")
    step(case, "national-take", "received", who.bkn_officer, now)
    case_referrals.give_back(again, reason="berkas kurang", was="with-national", by=who.bkn_officer, now=now)
    with lacking():
        step(case, "end-refused", "returned", who.inspector, now)
    step(case, "end-refused", "returned", who.inspector, now, reason="tidak ada badan yang menerima")
    case.refresh_from_db()
    assert case.closed_on is not None and not running(case)


def test_who_takes_in_reports_beside_a_supervisor_hands_nothing_on_and_ends_nothing(who, now, morning):
    """It is the way of bodies without one: else an officer of the intake would lead cases past his own supervisors."""
    intake = user("Terima", Role.INTAKE_OFFICER, morning, body=who.bawaslu)
    case = opened(who, now)
    with lacking():
        case_referrals.send(case, who.bkn, number="1", words="mohon", was="received", by=intake, now=now)
    respondent = case.respondents.get()
    shown = {each.step.id: each.refusal for each in cases.open_steps(respondent, by=intake, now=now)}
    assert shown["pass-on"].about == ("intake-only",)
    case = assessed(who, now, person=who.budi.person)
    sent = case_referrals.send(case, who.bkn, number="2", words="mohon", was="assessed", by=who.ani, now=now)
    case_referrals.refuse(sent, reason="kurang", was="forwarded", by=who.bkn_officer, now=now)
    with lacking():
        step(case, "end-refused", "returned", intake, now, reason="selesai saja")


def test_who_was_made_supervisor_there_takes_the_main_way(who, now, morning):
    case = taken_in(who, now)
    RoleGrant.objects.create(user=who.beni, role="supervisor_body", body=who.inspectorate, from_at=morning)
    with lacking():
        hand_on(case, who, now)
    assert mine(who.inspector, now) == 0
    step(case, "pilkada-assess", "registered", who.beni, now, review=True)


def test_a_national_body_takes_up_what_came_to_it_directly(who, now):
    case = opened_at(who.bkn, who.bkn_officer, who, now)
    assert mine(who.bkn_officer, now) == 1
    step(case, "national-take", "received", who.bkn_officer, now)
    assert running(case) == {("target-examine", "national_body")}
    assert mine(who.bkn_officer, now) == 1
    step(case, "recommend", "with-national", who.bkn_officer, now, review=True, sanction=SANCTION)
    step(case, "authority-accept", "recommended", who.mayor.user, now)
    assert case.respondents.get().state == "accepted"


def test_a_national_body_ends_its_own_case_with_a_reason_and_no_other(who, now):
    for was in ("received", "with-national"):
        case = opened_at(who.bkn, who.bkn_officer, who, now)
        if was != "received":
            step(case, "national-take", "received", who.bkn_officer, now)
        with lacking():
            step(case, "national-close", was, who.bkn_officer, now)
        step(case, "national-close", was, who.bkn_officer, now, reason="bukan pelanggaran")
        case.refresh_from_db()
        assert case.closed_on is not None
    case = assessed(who, now)
    sent = case_referrals.send(case, who.bkn, number="2", words="mohon", was="assessed", by=who.ani, now=now)
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    with lacking():
        step(case, "national-close", "with-national", who.bkn_officer, now, reason="tidak perlu dijawab")


def test_ways_aside_change_nobody_s_next_step(who, now):
    assert case_lines.owner_of("pilkada-discipline-2021", "received") == "supervisor_body"
    assert case_lines.owner_of("pilkada-discipline-2021", "returned") == "supervisor_body"
    assert case_lines.owner_of("pilkada-discipline-2021", "passed-on") == "supervisor_body"
    assert mine(who.ani, now) == 0


@pytest.mark.parametrize("handed", [True, False])
def test_who_leaves_a_referral_unanswered_is_warned_and_not_who_sent_it(who, now, travel, handed):
    if handed:
        case, owner, sender = taken_in(who, now), who.ani, who.inspector
        hand_on(case, who, now)
    else:
        case, owner, sender = assessed(who, now), who.bkn_officer, who.ani
        case_referrals.send(case, who.bkn, number="2", words="mohon", was="assessed", by=who.ani, now=now)
    Notice.objects.all().delete()
    later = now + timedelta(days=9)
    travel.move_to(later)
    case_nights.tick_cases(later)
    told = set(Notice.objects.filter(kind__startswith="case").values_list("user", flat=True))
    assert owner.pk in told and sender.pk not in told


def test_a_case_stays_where_nobody_at_the_other_body_could_accept_it_and_goes_to_none_of_its_own(who, now):
    case = taken_in(who, now)
    RoleGrant.objects.filter(body=who.bawaslu).update(until_at=now - timedelta(days=1))
    with refused("nobody"):
        hand_on(case, who, now)
    with refused("sent"):
        hand_on(case, who, now, to=who.inspectorate)
    assert CaseRespondent.objects.get(case=case).state == "registered" and not case.referrals.exists()


def test_nobody_is_left_behind_when_a_case_goes_to_another_body_or_back(who, now):
    named = [Named(person=each.person, allegations=(alleged(),)) for each in (who.sari, who.budi)]
    case = cases.register([], who.bawaslu, named, regime="pilkada", track="discipline", by=who.ani, now=now)
    step(case, "pilkada-review", "received", who.ani, now)
    sari, budi = case.respondents.get(person=who.sari.person), case.respondents.get(person=who.budi.person)
    bring = {"by": who.ani, "now": now}
    cases.take_step(
        case, "pilkada-register", was="reviewing", facts={"requirements-met": True}, respondents=[sari], **bring
    )
    cases.take_step(case, "pilkada-assess", was="registered", facts={"review": True}, respondents=[sari], **bring)
    words = {"number": "1", "words": "mohon", "was": "assessed"}
    with refused("behind"):
        case_referrals.send(case, who.bkn, **words, **bring)
    cases.take_step(
        case, "pilkada-dismiss", was="reviewing", facts={"reason": "tidak cukup"}, respondents=[budi], **bring
    )
    sent = case_referrals.send(case, who.bkn, **words, **bring)
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    # Whom the national body adds begins at the first state, and it takes him up itself.
    cases.add_respondent(case, Named(person=who.mayor.person, allegations=(alleged(),)), by=who.bkn_officer, now=now)
    with refused("behind"):
        case_referrals.give_back(sent, reason="kurang", was="with-national", by=who.bkn_officer, now=now)
    step(case, "national-take", "received", who.bkn_officer, now)
    case_referrals.give_back(sent, reason="kurang", was="with-national", by=who.bkn_officer, now=now)


def test_a_case_that_was_sent_waits_for_the_other_body_and_lacks_nobody(who, now):
    case = assessed(who, now)
    case_referrals.send(case, who.bkn, number="2", words="mohon", was="assessed", by=who.ani, now=now)
    whose = case_lines.owners_of(case.procedure, "forwarded")
    assert case_steps.body_to_act(case) == who.bkn and not case_steps.lacks_officer(case, whose, now=now)
    RoleGrant.objects.filter(body=who.bkn).update(until_at=now - timedelta(days=1))
    assert case_steps.lacks_officer(case, whose, now=now)
