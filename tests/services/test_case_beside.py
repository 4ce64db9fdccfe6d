"""A matter whose allegation another track answers: refused early, and opened on that track beside the first case."""

import pytest

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused, CaseStepRefused
from ikrar.records.models import Case, CaseReferral, CaseStep
from ikrar.services import case_beside, case_board, case_files, case_referrals, case_steps, cases
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named
from tests.services.case_cast import ACT, SANCTION, alleged, assessed, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]

ETHICS = "skb22-ethics-04-social-media-engagement"


def refused(reason):
    return pytest.raises(CaseActRefused, check=lambda error: error.reason == reason)


def missing(fact):
    return pytest.raises(CaseStepRefused, check=lambda error: error.reason == "missing" and fact in error.about)


def of_ethics(who, day):
    return Alleged(
        ETHICS, day.replace(month=9, day=10), "Media sosial", "menyukai unggahan", candidate_status="would-be"
    )


def astray(who, now, body=None, by=None):
    """Open a case on the track of ethics whose only allegation is one of discipline."""
    named = [Named(person=who.sari.person, allegations=(alleged(),))]
    return cases.register([], body or who.bawaslu, named, regime="pilkada", track="ethics", by=by or who.ani, now=now)


def reviewed(case, who, now):
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)


def send(case, who, now):
    return case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)


def test_a_case_without_an_allegation_of_its_track_is_not_passed_on(who, now):
    case = astray(who, now)
    reviewed(case, who, now)
    with missing("allegation-of-track"):
        send(case, who, now)
    assert not CaseReferral.objects.exists() and case.respondents.get().state == "assessed"
    case_files.state_allegation(case.respondents.get(), of_ethics(who, now.date()), by=who.ani, now=now)
    sent = send(case, who, now)
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    step(case, "recommend", "with-national", who.bkn_officer, now, review=True, sanction="moral-open")
    assert case.respondents.get().state == "recommended"


def test_nothing_is_recommended_without_an_allegation_of_the_track(who, now):
    case = astray(who, now, who.bkn, who.bkn_officer)
    step(case, "national-take", "received", who.bkn_officer, now)
    with missing("allegation-of-track"):
        step(case, "recommend", "with-national", who.bkn_officer, now, review=True, sanction=SANCTION)


def test_the_matter_is_opened_beside_on_the_track_that_answers_it(who, now):
    case = astray(who, now)
    assert case_beside.tracks(case, {Role.SUPERVISOR_BODY}) == ["discipline"]
    made = case_beside.open_beside(case, "discipline", by=who.ani, now=now)
    respondent = made.respondents.get()
    assert (made.track, made.beside, made.body, made.regime) == ("discipline", case, who.bawaslu, "pilkada")
    assert (respondent.person, respondent.state) == (who.sari.person, "received")
    kept = respondent.allegations.get()
    assert (kept.act, kept.kind, kept.place, kept.gist) == (ACT, "discipline", "Lapangan Wirabraja", "mengajak memilih")
    assert case.respondents.get().state == "received" and case.respondents.get().allegations.count() == 1
    told = CaseStep.objects.get(case=case, step="beside_opened")
    assert told.facts == {"track": "discipline", "case": case_steps.number_of(made)}
    assert case_beside.others(case) == [made] and case_beside.others(made) == [case]
    reviewed(made, who, now)
    assert send(made, who, now).state == CaseReferral.State.SENT


def test_a_track_is_opened_beside_once_and_for_what_it_answers(who, now):
    case = astray(who, now)
    for track in ("ethics", "criminal", "referral", "nothing"):
        with refused("beside"):
            case_beside.open_beside(case, track, by=who.ani, now=now)
    made = case_beside.open_beside(case, "discipline", by=who.ani, now=now)
    for each in (case, made):
        with refused("beside"):
            case_beside.open_beside(each, "discipline", by=who.ani, now=now)
    assert case_beside.tracks(made, {Role.SUPERVISOR_BODY}) == [] and Case.objects.count() == 2


def test_what_was_struck_opens_nothing_and_an_outsider_keeps_his_description(who, now):
    described = Named(described="Orang luar", employment="pns", post="Guru", allegations=(alleged(),))
    case = cases.register([], who.bawaslu, [described], regime="pilkada", track="ethics", by=who.ani, now=now)
    made = case_beside.open_beside(case, "discipline", by=who.ani, now=now).respondents.get()
    assert (made.person, made.described, made.employment, made.post) == (None, "Orang luar", "pns", "Guru")
    other = astray(who, now)
    case_files.strike_allegation(other.respondents.get().allegations.get(), reason="salah", by=who.ani, now=now)
    with refused("beside"):
        case_beside.open_beside(other, "discipline", by=who.ani, now=now)


def test_whoever_does_not_register_in_a_case_opens_none_beside_it(who, now):
    case = astray(who, now)
    for each in (who.bkn_officer, who.inspector, who.sari.user, who.mayor.user, who.drafter, who.stranger):
        with refused("not_yours"):
            case_beside.open_beside(case, "discipline", by=each, now=now)
    case_files.state_conflict(case, why="relative", user=who.beni, by=who.ani, now=now)
    with refused("relative"):
        case_beside.open_beside(case, "discipline", by=who.beni, now=now)
    assert Case.objects.count() == 1


def test_a_national_body_that_has_the_case_opens_the_other_track_at_its_own_desk(who, now):
    case = assessed(who, now)
    case_files.state_allegation(case.respondents.get(), of_ethics(who, now.date()), by=who.ani, now=now)
    case_referrals.accept(send(case, who, now), was="forwarded", by=who.bkn_officer, now=now)
    with refused("not_yours"):
        case_beside.open_beside(case, "ethics", by=who.ani, now=now)
    made = case_beside.open_beside(case, "ethics", by=who.bkn_officer, now=now)
    assert made.body == who.bkn and made.respondents.get().allegations.get().act == ETHICS
    step(made, "national-take", "received", who.bkn_officer, now)


def test_who_has_no_part_in_the_first_case_has_none_beside_it(who, now):
    case = astray(who, now)
    case_files.state_conflict(case, why="relative", user=who.beni, by=who.ani, now=now)
    made = case_beside.open_beside(case, "discipline", by=who.ani, now=now)
    assert case_steps.conflict(who.beni, made) == "relative"
    assert made.pk in case_board.out_of(who.beni) and made.conflicts.get().why == "relative"
