"""Whose authority is not here is referred to his own, and each respondent keeps the band of his own clause."""

import pytest

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused, CaseStepRefused, SanctionOutsideBand
from ikrar.records.models import CaseClock, CaseRespondent, CaseStep, Notice
from ikrar.services import (
    case_beside,
    case_board,
    case_clocks,
    case_files,
    case_nights,
    case_referrals,
    case_steps,
    case_watching,
    cases,
)
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named
from tests.services.case_cast import SANCTION, alleged, at, step, user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]

LIGHT, SEVERE, VILLAGE = "pp94-3f-integrity-fallback", "pp94-5n3-mobilise-civil-servants", "uudesa-29-village-head"
GRAVE, MILD = "severe-demotion-12m", "light-oral"
LETTER = {"referred-to": "PPK Kementerian Rekaan", "referral-letter": "R-9/2024"}


def missing(*facts):
    return pytest.raises(
        CaseStepRefused, check=lambda error: error.reason == "missing" and set(facts) <= set(error.about)
    )


def of(act, now):
    return Alleged(act, now.date(), "Lapangan", "mengajak memilih", candidate_status="determined")


def elsewhere(employment="pns", act=None, now=None):
    """Somebody of no roster here, as an officer describes him."""
    said = alleged() if act is None else of(act, now)
    return Named(described="Orang kementerian", employment=employment, post="Analis", allegations=(said,))


def with_national(who, now, *named, track="discipline"):
    """Bring a case about several to the national body, which took it up itself."""
    case = cases.register([], who.bkn, named, regime="pilkada", track=track, by=who.bkn_officer, now=now)
    step(case, "national-take", "received", who.bkn_officer, now)
    return case


def unequal(who, now):
    """Bring Sari under a light clause and Budi under a severe one to the national body; return the case and both."""
    named = [
        Named(person=each.person, allegations=(of(act, now),)) for each, act in ((who.sari, LIGHT), (who.budi, SEVERE))
    ]
    case = with_national(who, now, *named)
    return case, case.respondents.get(person=who.sari.person), case.respondents.get(person=who.budi.person)


def recommend(case, who, now, sanction, *respondents):
    return cases.take_step(
        case, "recommend", was="with-national", facts={"review": True, "sanction": sanction},
        respondents=respondents or None, by=who.bkn_officer, now=now,
    )  # fmt: skip


def refer(case, who, now, was="with-national", *respondents):
    return cases.take_step(
        case, "refer-outside", was=was, facts={"review": True, **LETTER}, respondents=respondents or None,
        by=who.bkn_officer, now=now,
    )  # fmt: skip


def mine(account, now):
    scope = cases.accounts_scope(account, "case.view", now=now)
    return case_board.mine(account, scope, now=now).total


# --- the band of each --------------------------------------------------------------------------------------------


def test_nothing_is_recommended_outside_the_band_of_any_and_nothing_is_half_done(who, now):
    case, sari, budi = unequal(who, now)
    for sanction, refused_for, whom in ((GRAVE, sari, who.sari), (MILD, budi, who.budi)):
        for respondents in ((), (sari, budi), (refused_for,)):
            with pytest.raises(SanctionOutsideBand) as caught:
                recommend(case, who, now, sanction, *respondents)
            assert caught.value.whom == whom.person.full_name
            assert caught.value.allowed == cases.band_of(refused_for) and sanction not in caught.value.allowed
    assert not CaseStep.objects.filter(step="recommend").exists()
    assert {each.state for each in case.respondents.all()} == {"with-national"}
    recommend(case, who, now, MILD, sari)
    recommend(case, who, now, GRAVE, budi)
    assert {each.state for each in case.respondents.all()} == {"recommended"}


# --- an authority that is not here --------------------------------------------------------------------------------


def test_who_serves_at_no_agency_here_is_recommended_to_nobody_and_referred_to_his_own_authority(who, now):
    case = with_national(who, now, elsewhere(), Named(person=who.sari.person, allegations=(alleged(),)))
    outside, sari = case.respondents.get(person=None), case.respondents.get(person=who.sari.person)
    for respondents in ((), (outside,)):
        with missing("agency-here"):
            recommend(case, who, now, SANCTION, *respondents)
    with missing("agency-elsewhere"):
        refer(case, who, now, "with-national", sari)
    recommend(case, who, now, SANCTION, sari)
    refer(case, who, now, "with-national", outside)
    outside.refresh_from_db()
    assert outside.state == "referred" and mine(who.bkn_officer, now) == 1
    assert {each.term for each in outside.clocks.filter(stopped_on=None)} == {"target-outcome"}
    step(case, "outside-accepted", "referred", who.bkn_officer, now)
    step(case, "outside-outcome", "referral-accepted", who.bkn_officer, now, **{"referral-outcome": "teguran"})
    outside.refresh_from_db()
    assert (outside.state, outside.outcome) == ("handed-over", CaseRespondent.Outcome.REFERRED)
    assert not outside.clocks.filter(stopped_on=None).exists()
    case.refresh_from_db()
    assert case.closed_on is None  # the other one goes on


def test_a_supervisor_refers_after_his_review_and_what_comes_back_goes_out_again_or_ends(who, now):
    case = cases.register([], who.bawaslu, [elsewhere()], regime="pilkada", track="discipline", by=who.ani, now=now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)
    with missing("referred-to", "referral-letter"):
        step(case, "refer-outside", "assessed", who.ani, now)
    step(case, "refer-outside", "assessed", who.ani, now, **LETTER)
    assert mine(who.ani, now) == 1
    step(case, "outside-back", "referred", who.ani, now, reason="salah alamat")
    step(case, "refer-outside", "returned", who.ani, now, **LETTER)
    step(case, "outside-back", "referred", who.ani, now, reason="bukan pegawainya")
    step(case, "close-returned", "returned", who.ani, now, reason="tidak ada yang berwenang")
    case.refresh_from_db()
    assert case.closed_on is not None


def test_what_comes_back_to_the_national_body_waits_at_its_desk_until_it_ends_it(who, now):
    case = with_national(who, now, elsewhere())
    refer(case, who, now)
    step(case, "outside-back", "referred", who.bkn_officer, now, reason="bukan pegawainya")
    assert mine(who.bkn_officer, now) == 1
    step(case, "outside-end", "returned", who.bkn_officer, now, reason="tidak ada yang berwenang")
    case.refresh_from_db()
    assert case.closed_on is not None and not CaseClock.objects.filter(case=case, stopped_on=None).exists()


def recommended_before(who, now):
    """Leave an outsider where such a one could be recommended before: with a target that an authority owns."""
    case = with_national(who, now, elsewhere(), Named(person=who.sari.person, allegations=(alleged(),)))
    recommend(case, who, now, SANCTION, case.respondents.get(person=who.sari.person))
    outside = case.respondents.get(person=None)
    clock = case.clocks.get(respondent__person=who.sari.person, term="target-decide")
    clock.pk, clock.respondent, clock._state.adding = None, outside, True
    clock.id = outside.pk // 2
    clock.save()
    CaseRespondent.objects.filter(pk=outside.pk).update(state="recommended")
    return case, outside, clock


def both_assessed(who, now):
    """Bring Sari, and somebody whose authority is not here, to the written review of the supervisor; return the case and him."""
    named = [Named(person=who.sari.person, allegations=(alleged(),)), elsewhere()]
    case = cases.register([], who.bawaslu, named, regime="pilkada", track="discipline", by=who.ani, now=now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)
    return case, case.respondents.get(person=None)


def refer_one(case, whom, was, by, now):
    cases.take_step(
        case, "refer-outside", was=was, facts={"review": True, **LETTER}, respondents=[whom], by=by, now=now
    )


def send(case, who, now, was="assessed"):
    return case_referrals.send(case, who.bkn, number="1", words="mohon", was=was, by=who.ani, now=now)


def states_of(case):
    return dict(case.respondents.values_list("person__name", "state"))


@pytest.mark.parametrize("back", [False, True])
def test_who_is_with_an_authority_outside_or_came_back_from_there_holds_up_nobody_else(who, now, back):
    case, outside = both_assessed(who, now)
    refer_one(case, outside, "assessed", who.ani, now)
    if back:
        step(case, "outside-back", "referred", who.ani, now, reason="bukan pegawainya")
    sent = send(case, who, now)
    stays = "returned" if back else "referred"
    assert states_of(case) == {who.sari.person.name: "forwarded", None: stays}
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    # Whoever has the case has him too: the national body goes on with him by himself.
    if back:
        refer_one(case, outside, "returned", who.bkn_officer, now)
    step(case, "outside-back", "referred", who.bkn_officer, now, reason="bukan pegawainya juga")
    case_referrals.give_back(sent, reason="kurang", was="with-national", by=who.bkn_officer, now=now)
    # Both stand where a return leads to, but only one of them goes on with the others.
    send(case, who, now, was="returned")
    assert states_of(case) == {who.sari.person.name: "forwarded", None: "returned"}


def test_who_came_back_from_outside_goes_on_by_himself_where_nobody_else_is_left(who, now):
    case, outside = both_assessed(who, now)
    refer_one(case, outside, "assessed", who.ani, now)
    step(case, "outside-back", "referred", who.ani, now, reason="bukan pegawainya")
    with pytest.raises(CaseActRefused, match="behind"):
        send(case, who, now, was="returned")
    sari = case.respondents.get(person=who.sari.person)
    cases.take_step(
        case,
        "pilkada-dismiss",
        was="assessed",
        facts={"reason": "tidak cukup"},
        respondents=[sari],
        by=who.ani,
        now=now,
    )
    send(case, who, now, was="returned")
    assert states_of(case)[None] == "forwarded"


def test_what_lies_with_the_national_body_waits_for_no_supervisor_who_had_it_before(who, now):
    case, outside = both_assessed(who, now)
    case_files.state_allegation(outside, alleged("Balai"), by=who.ani, now=now)
    case_referrals.accept(send(case, who, now), was="forwarded", by=who.bkn_officer, now=now)
    refer_one(case, outside, "with-national", who.bkn_officer, now)
    assert (mine(who.ani, now), mine(who.bkn_officer, now)) == (0, 2)
    step(case, "outside-back", "referred", who.bkn_officer, now, reason="bukan pegawainya")
    cases.add_respondent(case, Named(person=who.budi.person, allegations=(alleged(),)), by=who.bkn_officer, now=now)
    assert (mine(who.ani, now), mine(who.bkn_officer, now)) == (0, 3)
    case.refresh_from_db()
    there = case_steps.roles_at(case.handler, now=now)
    owners = set(case.clocks.filter(stopped_on=None).values_list("owner", flat=True))
    assert Role.SUPERVISOR_BODY in owners
    assert {case_steps.in_place_of(each, there) for each in owners} == {Role.NATIONAL_BODY}
    hands = case_clocks.hands(who.bkn_officer, case, now=now)
    assert not any(hands.over(each) for each in case.clocks.filter(stopped_on=None)), (
        "what binds it, it does not change"
    )


def test_what_was_sent_again_waits_for_the_body_that_had_it_before(who, now):
    case, outside = both_assessed(who, now)
    refer_one(case, outside, "assessed", who.ani, now)
    sent = send(case, who, now)
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    case_referrals.give_back(sent, reason="kurang", was="with-national", by=who.bkn_officer, now=now)
    assert mine(who.ani, now) == 2 and mine(who.bkn_officer, now) == 0
    send(case, who, now, was="returned")
    assert mine(who.ani, now) == 1 and mine(who.bkn_officer, now) == 1


def test_nobody_is_told_of_an_authority_that_does_not_exist_and_who_stands_there_is_referred(who, now, travel):
    case, outside, clock = recommended_before(who, now)
    late = at(clock.late_on, 2)
    travel.move_to(late)
    case_nights.tick_cases(late)
    assert [each.respondent.person for each in CaseStep.objects.filter(step="authority_idle")] == [who.sari.person]
    bodies = [who.bkn]
    idle = case_watching.idle(bodies, who.bkn_officer, late.date())
    assert [each.respondent.person for each in idle] == [who.sari.person]
    assert list(case_watching.elsewhere(bodies, who.bkn_officer)) == [outside]
    with missing("agency-here"):
        cases.take_step(
            case, "bkn-warning", was="recommended", facts={}, respondents=[outside], by=who.bkn_officer, now=late
        )
    refer(case, who, late, "recommended", outside)
    outside.refresh_from_db()
    assert outside.state == "referred"
    assert Notice.objects.filter(kind="authority_idle", user=who.bkn_officer).count() == 1


def test_the_standings_count_who_serves_outside_as_a_line_of_its_own(who, now, city, morning):
    case = with_national(who, now, elsewhere(), Named(person=who.sari.person, allegations=(alleged(),)))
    assert case_watching.standings([who.bkn], now.date()) == []
    recommend(case, who, now, SANCTION, case.respondents.get(person=who.sari.person))
    refer(case, who, now)
    step(case, "outside-accepted", "referred", who.bkn_officer, now)
    lines = {each.agency: each for each in case_watching.standings([who.bkn], now.date())}
    assert set(lines) == {city, None}
    assert (lines[None].recommended, lines[None].referred, lines[None].waiting, lines[None].answered) == (0, 1, 1, 0)
    step(case, "outside-outcome", "referral-accepted", who.bkn_officer, now, **{"referral-outcome": "teguran"})
    lines = {each.agency: each for each in case_watching.standings([who.bkn], now.date())}
    assert (lines[None].recommended, lines[None].referred, lines[None].waiting, lines[None].answered) == (0, 1, 0, 1)
    assert lines[None].decided == 0
    for each in lines.values():
        assert each.recommended + each.referred == each.waiting + each.decided + each.cleared + each.answered
    assert not case_watching.elsewhere([who.bkn], who.bkn_officer).exists()
    other = user("Lain", Role.NATIONAL_BODY, morning, body=who.bkn)
    assert not case_watching.elsewhere([who.bawaslu], other).exists()


# --- which track answers whom -------------------------------------------------------------------------------------


def test_a_village_head_is_answered_by_the_referral_and_no_other_track_is_opened_beside(who, now):
    named = [elsewhere("village-head", VILLAGE, now)]
    case = cases.register([], who.bawaslu, named, regime="pilkada", track="referral", by=who.ani, now=now)
    assert case.respondents.get().allegations.get().kind == "discipline"
    assert case_beside.tracks(case, {Role.SUPERVISOR_BODY}) == []
    assert case_steps.alleged_of(case.respondents.get())


def test_a_village_head_in_a_discipline_case_is_passed_on_to_nobody_and_referred(who, now):
    named = [elsewhere("village-head", VILLAGE, now)]
    case = cases.register([], who.bawaslu, named, regime="pilkada", track="discipline", by=who.ani, now=now)
    assert case_beside.tracks(case, {Role.SUPERVISOR_BODY}) == ["referral"]
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)
    with missing("allegation-of-track"):
        case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)
    made = case_beside.open_beside(case, "referral", by=who.ani, now=now)
    assert made.respondents.get().allegations.get().act == VILLAGE
    step(case, "refer-outside", "assessed", who.ani, now, **LETTER)
    assert case.respondents.get().state == "referred"
