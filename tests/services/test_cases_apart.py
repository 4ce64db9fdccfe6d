"""Who has no part in a case: by his person, whatever account he uses; and nobody hears of it who has none."""

import pytest

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused
from ikrar.records.models import CaseConflict, Notice, RoleGrant
from ikrar.services import case_authority, case_files, case_referrals, case_steps, cases
from ikrar.services.cases import Named
from tests.conftest import make_member
from tests.services.case_cast import alleged, assessed, opened, referred, user

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
    case_files.state_conflict(case, why="relative", user=near, by=who.ani, now=now)
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
