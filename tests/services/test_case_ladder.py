"""Who decides below the head of the agency: ranks above a respondent that are held, on leave, stood in for, unknown, or not there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ikrar.domain.errors import CaseActRefused
from ikrar.domain.offices import Seat
from ikrar.domain.sources import Confidence
from ikrar.records.models import CaseConflict, CaseDecision, Holding, Office, OfficeLeave, WorkUnit
from ikrar.services import case_authority, case_decisions, case_desk, case_ladder, case_nights, case_queue, units
from ikrar.services.case_decisions import Paper
from tests.conftest import make_member
from tests.services.case_cast import HEARING, at, opened, scan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
DAY = at(HEARING)
PASSED = {"light": ["Pengawas", "Administrator"], "moderate": ["Administrator"]}


def ranked(member, level):
    member.placement.level = level
    member.placement.save(update_fields=["level"])
    return member


@pytest.fixture
def respondent(who, now):
    """Sari, whose post is the lowest, at a school that a teacher leads."""
    ranked(who.sari, "pelaksana")
    ranked(who.budi, "jf_ahli_madya")
    return opened(who, now).respondents.get()


@pytest.fixture
def head(city):
    """The head of the education office."""
    made = make_member(
        city.units.get(code="DISDIK"),
        "197001011995031001",
        "Kepala Misalkan",
        sex="m",
        post="Kepala Dinas",
        is_head=True,
    )
    return ranked(made, "jpt_pratama")


def deciding(respondent, level="light"):
    return case_authority.deciding(respondent, level, HEARING)


def over(found):
    return [(each.authority, each.why) for each in found.answer.passed_over]


@pytest.mark.parametrize("level", PASSED)
def test_a_rank_that_nobody_above_has_is_vacant_and_the_next_one_decides(who, respondent, level):
    found = deciding(respondent, level)
    assert (found.office, found.person) == (who.office, who.mayor.person)
    assert over(found)[: len(PASSED[level])] == [(each, "vacant") for each in PASSED[level]]
    assert "goes_up" in [each.code for each in found.answer.reasons]


@pytest.mark.parametrize("level", PASSED)
def test_the_first_head_of_a_sufficient_rank_decides(respondent, head, level):
    found = deciding(respondent, level)
    assert (found.person, found.unit, found.capacity) == (head.person, head.placement.unit, "definitive")
    assert over(found) == [(each, "vacant") for each in PASSED[level]]


@pytest.mark.parametrize("level", PASSED)
def test_whoever_decides_by_his_rank_is_called_by_his_office_and_not_by_the_rank(respondent, head, level):
    found = deciding(respondent, level)
    assert found.name.startswith("JPT Pratama") and found.title == f"Kepala {head.placement.unit.name}"


def test_of_a_rank_whose_holder_no_unit_here_shows_an_official_of_that_rank_is_told(respondent, who, city):
    ranked(who.budi, "administrator")
    found = deciding(respondent)
    assert (found.name, found.title) == ("Administrator", f"Kepala {who.budi.placement.unit.name}")
    assert replace(found, unit=None, office=None).title == "Pejabat administrator"
    office = Office(title="Camat Rekaan", unit=found.unit)
    assert replace(found, office=office).title == "Camat Rekaan"


def test_the_head_of_the_agency_keeps_the_name_that_the_rulebook_has_for_him(who, respondent):
    found = deciding(respondent, "severe")
    assert found.title == found.name


@pytest.mark.parametrize(
    ("authority", "word"),
    [("Administrator", "Pejabat administrator"), ("Pengawas", "Pejabat pengawas"), ("BPASN", "BPASN"), ("", ""),
     ("Wali Kota", "Wali Kota")],
)  # fmt: skip
def test_what_was_kept_as_a_rank_before_is_told_as_an_official_of_it(authority, word):
    assert case_authority.office_of(CaseDecision(authority=authority)) == word


def leave_by_roster(head, who):
    head.placement.status = "leave"
    head.placement.save(update_fields=["status"])


def leave_of_office(head, who):
    office = Office.objects.create(
        agency=who.office.agency, unit=head.placement.unit, title="Kepala Dinas", kind="head_of_unit"
    )
    holding = Holding.objects.create(
        office=office, person=head.person, capacity="definitive", from_at=DAY - timedelta(days=99)
    )
    OfficeLeave.objects.create(
        holding=holding, kind="sick", from_on=HEARING, last_on=HEARING, from_at=DAY - timedelta(hours=9),
        until_at=DAY + timedelta(hours=9),
    )  # fmt: skip
    return holding


@pytest.mark.parametrize("leave", [leave_by_roster, leave_of_office])
def test_a_head_on_leave_makes_no_rank_vacant_and_the_queue_stays_his(who, respondent, head, leave):
    before = case_authority.place_by_rank(respondent, "light", HEARING)
    leave(head, who)
    found = deciding(respondent)
    assert (found.unit, found.person) == (head.placement.unit, None)
    assert "Wali Kota" not in str(found.office) and not case_authority.is_outside(found, respondent)
    place = case_authority.place_by_rank(respondent, "light", HEARING)
    assert getattr(place, "unit", place) == getattr(before, "unit", before) == head.placement.unit


def test_whoever_stands_in_holds_a_post_of_the_heads_rank_and_not_of_his_own(who, city, respondent, head):
    holding = leave_of_office(head, who)
    acting = ranked(
        make_member(
            city.units.get(code="DISDIK"), "198001011999031002", "Pengganti Misalkan", sex="m", post="Sekretaris"
        ),
        "administrator",
    )
    Holding.objects.create(
        office=holding.office, person=acting.person, capacity="plh", leave=holding.leaves.get(), from_at=DAY - timedelta(hours=9),
        until_at=DAY + timedelta(hours=9),
    )  # fmt: skip
    found = deciding(respondent, "moderate")
    assert found.answer.seat == Seat.JPT_PRATAMA and (found.person, found.capacity) == (acting.person, "plh")


@pytest.mark.parametrize("unknown", ["school", "office"])
def test_where_the_rank_of_a_head_above_is_unknown_nobody_is_named_and_nothing_recorded(
    who, now, respondent, head, unknown
):
    ranked(who.budi if unknown == "school" else head, "")
    found = deciding(respondent)
    assert (found.person, found.office, found.unit) == (None, None, None)
    assert not case_authority.is_outside(found, respondent)
    with pytest.raises(CaseActRefused, match="authority"):
        case_decisions._check_signer(found, respondent, Paper("800/1", HEARING, who.mayor.person, scan(7, DAY)))


def test_whom_the_roster_names_as_superior_decides_where_he_has_the_rank(who, city, respondent):
    chosen = ranked(
        make_member(city.units.get(code="BKPSDM"), "198101012000031001", "Atasan Misalkan", sex="m", post="Sekretaris"),
        "pengawas",
    )
    who.sari.placement.superior = chosen.person
    who.sari.placement.save(update_fields=["superior"])
    found = deciding(respondent)
    assert (found.person, found.office, found.unit) == (chosen.person, None, None)
    CaseConflict.objects.create(
        case=respondent.case, person=chosen.person, kind="stated", why="relative", by=who.ani, at=DAY
    )
    assert over(deciding(respondent))[0] == ("Pengawas", "relative")


def test_over_a_school_of_a_district_stands_the_education_office(city, respondent, head):
    school, district = city.units.get(code="SMPN-3"), city.units.get(code="KEC-01")
    WorkUnit.objects.filter(pk=school.pk).update(parent=district)
    units.renumber(city)
    school.refresh_from_db()
    assert [each.code for each in units.line_above(school)] == ["SMPN-3", "DISDIK", "13.75"]
    respondent.unit = school
    assert deciding(respondent).person == head.person


def test_nobody_decides_on_himself_and_the_line_goes_on_above_him(who, now, city, head):
    ranked(who.budi, "administrator")
    matter = opened(who, now, person=who.budi.person).respondents.get()
    ladder = case_ladder.above(who.budi.person, who.budi.placement.unit, head.person, HEARING, DAY)
    assert [(rung.rank, rung.person) for rung in ladder.rungs] == [
        ("jpt_pratama", head.person),
        ("jpt_pratama", head.person),
    ]
    assert deciding(matter).person == head.person


@pytest.mark.parametrize("level", PASSED)
def test_a_vacant_head_of_the_agency_empties_no_queue_but_lets_nobody_decide(who, respondent, level):
    Holding.objects.filter(office=who.office).update(until_at=DAY - timedelta(days=1))
    found = deciding(respondent, level)
    assert not found.answer.is_known and found.person is None
    assert case_authority.place_by_rank(respondent, level, HEARING) == who.office


def test_a_conflict_of_the_head_of_the_agency_stands_beside_what_is_vacant(who, respondent):
    CaseConflict.objects.create(
        case=respondent.case, person=who.mayor.person, kind="stated", why="relative", by=who.ani, at=DAY
    )
    found = deciding(respondent)
    assert not found.answer.is_known and over(found)[-1][1] == "relative"
    assert case_authority.place_by_rank(respondent, "light", HEARING) == who.office


def test_a_ministry_is_asked_by_its_own_head(who, city, respondent):
    city.kind = "ministry"
    city.save(update_fields=["kind"])
    respondent.refresh_from_db()
    held = deciding(respondent)
    assert held.person == who.mayor.person and over(held)
    Holding.objects.filter(office=who.office).update(until_at=DAY - timedelta(days=1))
    assert not deciding(respondent).answer.is_known


def test_the_heads_above_are_asked_for_once_however_many_ranks_are_vacant(respondent, django_assert_max_num_queries):
    with django_assert_max_num_queries(34):
        assert len(over(deciding(respondent))) == 3


def test_a_night_brings_a_draft_to_the_desk_of_whoever_came_since(who, now, respondent, head, travel):
    respondent.office = who.office
    respondent.save(update_fields=["office"])
    draft = CaseDecision.objects.create(
        respondent=respondent, sanction="light-oral", level="light", drafted_by=who.drafter, drafted_at=now, grounds="terbukti",
        unchecked=[],
    )  # fmt: skip
    case_nights.tick_cases(DAY)
    respondent.refresh_from_db()
    assert respondent.office.unit == head.placement.unit and draft.ended_at is None


# --- a superior of whom the matrix says nothing --------------------------------------------------------------------


@pytest.fixture
def teacher(who, now):
    """Sari, who teaches at a school that a teacher leads."""
    ranked(who.sari, "jf_ahli_pertama")
    ranked(who.budi, "jf_ahli_madya")
    return opened(who, now).respondents.get()


@pytest.mark.parametrize("level", PASSED)
def test_over_a_teacher_who_leads_teachers_the_next_head_that_the_matrix_knows_decides_and_that_is_uncertain(
    teacher, head, level
):
    found = deciding(teacher, level)
    assert (found.person, found.unit) == (head.person, head.placement.unit)
    assert "next_above_decides" in [each.code for each in found.answer.reasons]
    assert found.answer.confidence == Confidence.UNCERTAIN and not case_authority.names_nobody(found, teacher)


def test_where_the_rank_between_is_unknown_nobody_is_taken_for_the_next_head(who, teacher, head):
    ranked(head, "")
    found = deciding(teacher, "moderate")
    assert not found.answer.is_known and case_authority.names_nobody(found, teacher)


def test_a_conflict_of_the_next_head_above_passes_the_power_on(who, teacher, head):
    CaseConflict.objects.create(
        case=teacher.case, person=head.person, kind="stated", why="relative", by=who.ani, at=DAY
    )
    found = deciding(teacher, "moderate")
    assert found.person == who.mayor.person and over(found) == [(head_name(found), "relative")]


def head_name(found):
    return found.answer.passed_over[0].authority


# --- to whom an objection goes -----------------------------------------------------------------------------------


def decided_by(respondent, signer, office=None):
    return CaseDecision(respondent=respondent, signer=signer, office=office, decided_on=HEARING)


def objected_to(respondent, decision):
    place = case_authority.objected_to(respondent, decision, HEARING)
    return getattr(place, "unit", None) or place


def test_an_objection_goes_to_the_head_above_whoever_decided(who, respondent, head):
    # Budi heads the school; above it stands the education office, above that the mayor, and above him nobody is known.
    assert objected_to(respondent, decided_by(respondent, who.budi.person)) == head.placement.unit
    assert objected_to(respondent, decided_by(respondent, head.person)) == who.office
    assert objected_to(respondent, decided_by(respondent, who.mayor.person, who.office)) is None
    assert (
        objected_to(respondent, decided_by(respondent, None)) is None
    )  # a name on a paper: nothing is known of his superior


def test_an_objection_goes_to_nobody_who_decided_or_has_no_part(who, respondent, head):
    decision = decided_by(respondent, who.budi.person)
    CaseConflict.objects.create(
        case=respondent.case, person=head.person, kind="stated", why="relative", by=who.ani, at=DAY
    )
    assert objected_to(respondent, decision) == who.office
    CaseConflict.objects.create(
        case=respondent.case, person=who.mayor.person, kind="stated", why="relative", by=who.ani, at=DAY
    )
    assert objected_to(respondent, decision) is None


def test_the_desk_of_a_units_head_says_that_he_decides_on_paper(who, respondent, head):
    decided = decided_by(respondent, who.budi.person)
    decided.level, decided.sanction, decided.drafted_by, decided.drafted_at = "light", "light-oral", who.drafter, DAY
    decided.way, decided.recorded_by, decided.recorded_at, decided.number = "recorded", who.drafter, DAY, "800/1"
    decided.document, decided.digest, decided.grounds, decided.text = scan(7, DAY), f"{7:064x}", "terbukti", {"a": "b"}
    decided.save(force_insert=True)
    type(respondent).objects.filter(pk=respondent.pk).update(state="objected")
    case_queue.renew(respondent.pk, by=None, now=DAY)
    (line,) = case_desk.desk(head.user, now=DAY).lines
    assert line.act == "objection_paper" and case_desk.waiting(head.user, now=DAY).decides == 1
    assert case_desk.desk(who.budi.user, now=DAY).lines == []
    (line,) = case_desk.desk(who.drafter, now=DAY).lines
    assert line.act == "objection_outcome"


def test_an_objection_waits_for_a_head_who_is_on_leave(who, respondent, head):
    leave_of_office(head, who)
    assert objected_to(respondent, decided_by(respondent, who.budi.person)) == head.placement.unit
