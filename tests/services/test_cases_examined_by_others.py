"""Who examines as direct superior without being it by the records does so with a reason, which is told wherever it counts."""

from datetime import date, timedelta

import pytest

from ikrar.domain.errors import CaseActRefused
from ikrar.records.models import CaseOfficer, CaseStep, LogPayload, RoleGrant
from ikrar.services import case_authority, case_files, case_papers, case_referrals, cases
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named
from tests.services.case_cast import assessed, drafted, opened, referred, step, to_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
WHY = "Budi Misalkan sedang tugas belajar (rekaan)"


def refused(reason, about=None):
    return pytest.raises(
        CaseActRefused, check=lambda error: error.reason == reason and (about is None or error.about == about)
    )


def examiner(who, member, now):
    """Give somebody of the roster the right to examine in the city."""
    agency = who.office.agency
    RoleGrant.objects.create(user=member.user, role="examiner", agency=agency, from_at=now - timedelta(days=9))
    type(member.user).objects.filter(pk=member.user.pk).update(is_active=True)
    return member.user


def moderate(who, now):
    """Bring a matter to the agency of which a severe penalty does not threaten: no team examines it."""
    said = Alleged(
        "pp94-5n2-attributes", date(2024, 10, 20), "Lapangan", "memakai atribut", candidate_status="determined"
    )
    named = [Named(person=who.sari.person, allegations=(said,))]
    case = cases.register([], who.bawaslu, named, regime="pilkada", track="discipline", by=who.ani, now=now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)
    sent = case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    sanction = cases.band_of(case.respondents.get())[0]
    step(case, "recommend", "with-national", who.bkn_officer, now, review=True, sanction=sanction)
    step(case, "authority-accept", "recommended", who.mayor.user, now)
    return case


def give(case, user, who, now, duty="team", element="superior", why=""):
    return case_files.assign(case, user, duty, element=element, why=why, by=who.mayor.user, now=now)


def test_somebody_else_in_the_place_of_the_superior_is_refused_without_a_reason_and_nothing_is_written(who, now):
    case = referred(who, now)
    before = LogPayload.objects.count()
    for why in ("", "   "):
        with refused("text", "why"):
            give(case, who.examiners[0], who, now, why=why)
    assert LogPayload.objects.count() == before and not CaseOfficer.objects.exists()


def test_the_reason_stands_in_the_timeline_with_both_names(who, now):
    case = referred(who, now)
    give(case, who.examiners[0], who, now, why=WHY)
    told = CaseStep.objects.get(case=case, step=case_files.APART).facts
    assert (told["assigned"], told["of-records"], told["reason"]) == ("Periksa0 Rekaan", "Budi Misalkan", WHY)
    (found,) = case_files.apart(case.respondents.get(), now=now)
    assert (found.user, found.of_records, found.why) == (who.examiners[0], "Budi Misalkan", WHY)


def test_the_superior_of_the_records_and_other_elements_need_no_reason(who, now):
    case = referred(who, now)
    give(case, examiner(who, who.budi, now), who, now)
    for user, element in zip(who.examiners[1:], ("oversight", "personnel"), strict=True):
        give(case, user, who, now, element=element)
    assert not CaseStep.objects.filter(step=case_files.APART).exists()
    assert case_files.apart(case.respondents.get(), now=now) == []


def test_where_the_superior_has_no_part_in_the_case_the_one_above_is_named_and_nobody_needs_a_reason(who, now):
    case = referred(who, now)
    case_files.state_conflict(case, why="relative", person=who.budi.person, by=who.bkn_officer, now=now)
    assert case_authority.superior_of_records(case.respondents.get()) is None, "above him the records name nobody here"
    give(case, who.examiners[0], who, now)
    assert case_files.apart(case.respondents.get(), now=now) == []


def test_who_examines_alone_what_needs_no_team_is_asked_as_the_superior_is(who, now):
    case = moderate(who, now)
    with refused("text", "why"):
        give(case, who.examiners[0], who, now, "examiner", "")
    officer = give(case, who.examiners[0], who, now, "examiner", "", WHY)
    assert [each.why for each in case_files.apart(case.respondents.get(), now=now)] == [WHY]
    give(case, examiner(who, who.budi, now), who, now, "examiner", "")
    assert case_files.apart(case.respondents.get(), now=now) == [], "the superior examines as well"
    assert officer.duty == "examiner"


def test_who_prepares_a_grave_matter_before_its_team_needs_no_reason_and_is_told_all_the_same(who, now):
    case = referred(who, now)
    give(case, who.examiners[0], who, now, "examiner", "")
    (found,) = case_files.apart(case.respondents.get(), now=now)
    assert (found.user, found.of_records, found.why) == (who.examiners[0], "Budi Misalkan", "")
    assert not CaseStep.objects.filter(step=case_files.APART).exists()
    with refused("text", "why"):
        give(case, who.examiners[1], who, now)
    give(case, examiner(who, who.budi, now), who, now)
    assert case_files.apart(case.respondents.get(), now=now) == [], "the team has its superior"


def test_a_body_that_reviews_gives_no_reason(who, now):
    case = assessed(who, now)
    case_files.assign(case, who.beni, "team", element="superior", by=who.ani, now=now)
    assert not CaseStep.objects.filter(step=case_files.APART).exists()
    assert case_files.apart(case.respondents.get(), now=now) == []
    assert opened(who, now, person=who.budi.person).officers.count() == 0
    to_authority(case, who, now)


def test_the_paper_of_a_decision_says_who_examined_and_why(who, now, travel):
    case = drafted(who, now, travel).respondent.case
    says = " ".join(case_papers.text_of(case.respondents.get().decisions.get()).opening)
    assert (
        "Yang memeriksa sebagai atasan langsung: Periksa0 Rekaan; menurut daftar pegawai atasannya Budi Misalkan."
        in says
    )
    assert "Alasannya: atasan menurut daftar pegawai berhalangan (rekaan)" in says
    CaseOfficer.objects.filter(case=case, element="superior").update(user=examiner(who, who.budi, now))
    says = " ".join(case_papers.text_of(case.respondents.get().decisions.get()).opening)
    assert "sebagai atasan langsung" not in says
