"""Who has no part in a case: by his person, whatever account he uses; and nobody hears of it who has none."""

from datetime import timedelta

import pytest

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused
from ikrar.records.models import CaseConflict, CaseOfficer, Notice, RoleGrant
from ikrar.services import case_authority, case_files, case_referrals, case_steps, cases
from ikrar.services.cases import Named
from tests.conftest import make_member
from tests.services.case_cast import Two, alleged, assessed, opened, recommended, referred, step, to_authority, user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]


def refused(reason):
    return pytest.raises(CaseActRefused, check=lambda error: error.reason == reason)


def passed(case, now):
    found = case_authority.examining(case.respondents.get(), "severe", now.date())
    return {placed.person.name: why for placed, why in found.passed}


def test_a_superior_who_recused_himself_is_passed_over_for_the_reason_that_he_told(who, now):
    case = referred(who, now)
    case_files.recuse(case, why="patron", by=who.budi.user, now=now)
    conflict = case.conflicts.get()
    assert (conflict.user, conflict.person) == (None, who.budi.person)
    assert passed(case, now)["Budi Misalkan"] == "patron"


def test_what_was_said_of_an_account_holds_for_its_person(who, now):
    case = referred(who, now)
    CaseConflict.objects.create(
        case=case, user=who.budi.user, kind="recused", why="candidate", by=who.budi.user, at=now
    )
    assert passed(case, now)["Budi Misalkan"] == "candidate"


def test_nobody_is_called_a_respondent_who_is_none(who, now):
    case = referred(who, now)
    for act in (
        lambda: case_files.recuse(case, why="accused", by=who.budi.user, now=now),
        lambda: case_files.state_conflict(case, why="accused", person=who.budi.person, by=who.mayor.user, now=now),
        lambda: case_files.state_conflict(case, why="accused", user=who.lawyer, by=who.mayor.user, now=now),
    ):
        with refused("reason"):
            act()
    assert not case.conflicts.exists()


def test_whoever_was_entered_wrongly_has_part_again(who, now):
    case = opened(who, now)
    made = cases.add_respondent(case, Named(person=who.budi.person, allegations=(alleged(),)), by=who.ani, now=now)
    assert case_steps.people_out([case.pk]) == {case.pk: {who.sari.person.pk, who.budi.person.pk}}
    cases.strike_respondent(made, reason="orang lain", by=who.ani, now=now)
    assert case_steps.people_out([case.pk]) == {case.pk: {who.sari.person.pk}}


def test_a_referral_is_told_to_those_who_answer_it_and_have_part_in_the_case(who, now, morning):
    case = assessed(who, now)
    clerk = user("Bilik", Role.INTAKE_OFFICER, morning, body=who.bkn)
    watcher = user("Auditor", Role.AUDITOR, morning, body=who.bkn)
    RoleGrant.objects.create(user=who.sari.user, role=Role.NATIONAL_BODY, body=who.bkn, from_at=morning)
    near = user("Dekat", Role.NATIONAL_BODY, morning, body=who.bkn)
    CaseConflict.objects.create(case=case, user=near, kind="recused", why="relative", by=near, at=now)
    case_files.recuse(case, why="relative", by=who.beni, now=now)
    sent = case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)
    told = Notice.objects.filter(kind="case_referred")
    assert {each.user for each in told} == {who.bkn_officer, clerk}
    assert not {watcher, near} & {each.user for each in told} and not told.filter(person=who.sari.person).exists()
    case_referrals.refuse(sent, reason="kurang", was="forwarded", by=who.bkn_officer, now=now)
    assert [each.user for each in Notice.objects.filter(kind="case_referral_answered")] == [who.ani]


def test_those_above_a_respondent_are_known_for_whom_a_conflict_may_be_stated(
    who, city, now, django_assert_max_num_queries
):
    above = make_member(
        city.units.get(code="DISDIK"),
        "196501011990031009",
        "Dinas Misalkan",
        sex="m",
        post="Kepala Dinas",
        is_head=True,
    )
    case = referred(who, now)
    kept = list(case.respondents.select_related("unit"))

    def names():
        with django_assert_max_num_queries(14):
            return {person.name: post for person, post in case_authority.concerned(case, kept, at=now)}

    assert names() == {
        "Budi Misalkan": "Kepala Sekolah", "Dinas Misalkan": "Kepala Dinas", "Walikota Misalkan": "Wali Kota"
    }  # fmt: skip
    case_files.state_conflict(case, why="relative", person=above.person, by=who.mayor.user, now=now)
    assert set(names()) == {"Budi Misalkan", "Walikota Misalkan"}
    assert not case_authority.concerned(case, [], at=now)


# --- each side arranges its own people ---------------------------------------------------------------------------


def test_the_authority_keeps_none_of_its_overseers_out_of_a_case(who, now):
    case = recommended(who, now)
    for overseer in (who.bkn_officer, who.ani, who.inspector):
        with refused("other_side"):
            case_files.state_conflict(case, why="patron", user=overseer, by=who.mayor.user, now=now)
    kin = make_member(case.respondents.get().unit, "199001012015031055", "Dua Rekaan", sex="f", post="Analis")
    RoleGrant.objects.create(user=kin.user, role=Role.NATIONAL_BODY, body=who.bkn, from_at=now)
    for whom in ({"user": kin.user}, {"person": kin.person}):  # whoever serves both is an overseer
        with refused("other_side"):
            case_files.state_conflict(case, why="relative", by=who.mayor.user, now=now, **whom)
    assert case_steps.conflict(who.bkn_officer, case) == ""
    case_files.state_conflict(case, why="relative", user=who.lawyer, by=who.mayor.user, now=now)
    with refused("other_side"):
        case_files.state_conflict(case, why="relative", user=who.stranger, by=who.mayor.user, now=now)


def test_a_body_says_it_of_its_own_officers_and_of_the_agency_and_lifts_no_more(who, now, morning):
    case = recommended(who, now)
    colleague = user("Rekan", Role.NATIONAL_BODY, morning, body=who.bkn)
    for whom in ({"user": colleague}, {"user": who.examiners[0]}, {"person": who.mayor.person}):
        case_files.state_conflict(case, why="relative", by=who.bkn_officer, now=now, **whom)
    with refused("other_side"):
        case_files.state_conflict(case, why="relative", user=who.ani, by=who.bkn_officer, now=now)
    foreign = CaseConflict.objects.create(case=case, user=who.ani, kind="recused", why="relative", by=who.ani, at=now)
    with refused("other_side"):
        case_files.lift_conflict(foreign, reason="tidak jadi", by=who.bkn_officer, now=now)
    case_files.lift_conflict(case.conflicts.get(user=colleague), reason="salah orang", by=who.bkn_officer, now=now)


def given_to(user, case, now, **more):
    """Write that somebody of a body works on a case, given to him while the body had it to review."""
    values = {"duty": "examiner", "element": ""} | more
    return CaseOfficer.objects.create(case=case, user=user, from_at=now, given_by=user, **values)


@pytest.mark.parametrize(("duty", "element"), [("examiner", ""), ("team", "oversight")])
def test_a_body_gives_no_examination_of_what_is_with_an_agency(who, now, duty, element):
    case = assessed(who, now)
    assert who.beni in case_files.workers(case, who.ani, "case.examine", now=now)
    case_files.assign(case, who.beni, duty, element=element, by=who.ani, now=now)  # while it reviews
    to_authority(case, who, now)
    with refused("of_agency"):
        case_files.assign(case, who.bkn_officer, duty, element=element, by=who.bkn_officer, now=now)
    assert case_files.workers(case, who.bkn_officer, "case.examine", now=now) == []
    assert not case_files.may_give(case, who.bkn_officer, now=now)
    assert case_files.may_give(case, who.mayor.user, now=now)


def test_a_body_still_gives_the_examination_of_whom_no_agency_has(who, other_city, now, morning):
    two = Two(who, other_city, now, morning)
    two.recommend(two.here)
    case_files.assign(two.case, who.bkn_officer, "examiner", by=who.bkn_officer, now=now)


def test_each_side_assigns_and_ends_its_own_people_alone(who, now):
    case = assessed(who, now)
    with refused("other_side"):
        case_files.assign(case, who.examiners[0], "examiner", by=who.ani, now=now)
    to_authority(case, who, now)
    step(case, "authority-accept", "recommended", who.mayor.user, now)
    with refused("other_side"):
        case_files.assign(case, who.bkn_officer, "examiner", by=who.mayor.user, now=now)
    theirs = given_to(who.bkn_officer, case, now)
    ours = case_files.assign(
        case, who.examiners[0], "team", element="superior", why="berhalangan", by=who.mayor.user, now=now
    )
    for officer, by in ((theirs, who.mayor.user), (ours, who.bkn_officer)):
        with refused("other_side"):
            case_files.withdraw(officer, by=by, now=now)
    RoleGrant.objects.filter(user=who.examiners[0]).update(until_at=now + timedelta(hours=1))
    case_files.withdraw(ours, by=who.mayor.user, now=now + timedelta(hours=2))  # also who serves there no more


def test_a_team_has_one_of_each_element_and_its_order_says_what_is_missing(who, now):
    case = referred(who, now)
    for duty, element in (("team", ""), ("team", "entah"), ("examiner", "superior")):
        with refused("element"):
            case_files.assign(case, who.examiners[0], duty, element=element, by=who.mayor.user, now=now)
    for each in who.examiners:  # three of them, and all of one element
        case_files.assign(case, each, "team", element="personnel", by=who.mayor.user, now=now)
    respondent = case.respondents.get()
    assert case_steps.lacking_elements(respondent, now=now) == ("superior", "oversight")
    type(respondent).objects.filter(pk=respondent.pk).update(state="heard")
    order = {"facts": {"team-order": "SK 5/2024"}, "was": "heard", "by": who.mayor.user, "now": now}
    with pytest.raises(
        CaseActRefused, check=lambda error: (error.reason, error.about) == ("team", "superior,oversight")
    ):
        cases.take_step(case, "form-team", **order)
    given_to(who.bkn_officer, case, now, duty="team", element="superior")
    assert "superior" in case_steps.lacking_elements(respondent, now=now)  # of another side
    for officer, element in zip(case.officers.filter(user__in=who.examiners), case_files.Element.values, strict=True):
        type(officer).objects.filter(pk=officer.pk).update(element=element)
    cases.take_step(case, "form-team", **order)
