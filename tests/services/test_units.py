"""Agencies and their trees: numbered so that a unit with all below it is one range, and who is above whom."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikrar.domain.errors import (
    AgencyParentWrong,
    AgencyUnknown,
    LetterheadTooLong,
    RegionTaken,
    RegionUnknown,
    UnitAmbiguous,
    UnitCodeColon,
    UnitInUse,
    UnitTreeHasCycle,
    UnitUnknown,
)
from ikrar.records.models import Agency, LogEntry, LogPayload, Placement, Region, User, WorkUnit
from ikrar.services import units
from tests.conftest import MORNING, NOW, TODAY, make_agency, make_member

pytestmark = pytest.mark.django_db


def logged():
    return [json.loads(bytes(payload.payload)) for payload in LogPayload.objects.all()]


def unit(code, agency="13.75"):
    return WorkUnit.objects.select_related("agency", "parent").get(agency__code=agency, code=code)


def below(tree, root):
    """A unit with all below it, found by walking from child to parent: the slow and sure way."""
    found = {root}
    while more := {child for child, parent in tree.items() if parent in found} - found:
        found |= more
    return found


# --- numbering ---------------------------------------------------------------------------------------------------


def assert_numbered(agency):
    """Every unit's range holds it and all below it and nothing else; positions run from 1 without a gap."""
    found = list(agency.units.all())
    tree = {each.pk: each.parent_id for each in found}
    assert sorted(each.position for each in found) == list(range(1, len(found) + 1))
    for each in found:
        inside = set(each.below().values_list("pk", flat=True))
        assert inside == below(tree, each.pk)
        assert each.last_position - each.position + 1 == len(inside)
        assert each.depth == (0 if each.parent_id is None else each.parent.depth + 1)


# Each unit after the first hangs under one of those before it.
TREES = st.integers(1, 14).flatmap(lambda size: st.tuples(*[st.integers(0, at) for at in range(size)]))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parents=TREES, kinds=st.lists(st.sampled_from(WorkUnit.Kind.values[1:]), min_size=14, max_size=14), data=st.data()
)
def test_in_any_tree_a_unit_and_all_below_it_are_one_range(db, parents, kinds, data):
    agency = Agency.objects.create(code=f"A{Agency.objects.count()}", name="Rekaan", kind="other")
    made = [WorkUnit.objects.create(agency=agency, code="root", name="Akar", kind="root")]
    for number, parent in enumerate(parents):
        made.append(
            WorkUnit.objects.create(
                agency=agency, code=str(number), name=f"Unit {number % 5}", kind=kinds[number], parent=made[parent]
            )
        )
    units.renumber(agency)
    assert_numbered(agency)

    # Moved anywhere it can go, and to where it would hang below itself.
    moving, target = data.draw(st.integers(1, len(made) - 1)), data.draw(st.integers(0, len(made) - 1))
    by = User.objects.create(username=agency.code, password="!", created_at=MORNING)
    chosen, parent = agency.units.get(code=made[moving].code), agency.units.get(code=made[target].code)
    inside = parent.pk in below({each.pk: each.parent_id for each in agency.units.all()}, chosen.pk)
    before = list(agency.units.order_by("pk").values())
    fields = {"name": chosen.name, "kind": chosen.kind, "parent": parent, "closed_on": None, "by": by, "now": NOW}
    if inside:
        with pytest.raises(UnitTreeHasCycle) as caught:
            units.change_unit(chosen, **fields)
        assert caught.value.unit == chosen.code
        assert list(agency.units.order_by("pk").values()) == before
    else:
        units.change_unit(chosen, **fields)
        assert agency.units.get(pk=chosen.pk).parent_id == parent.pk
        assert_numbered(agency)


def test_numbering_a_tree_that_is_numbered_writes_nothing(city):
    before = list(city.units.order_by("pk").values())
    with CaptureQueriesContext(connection) as queries:
        units.renumber(city)
    assert not [query for query in queries if "UPDATE" in query["sql"] and not query["sql"].startswith("0 times")]
    assert list(city.units.order_by("pk").values()) == before


def test_a_cycle_that_stands_in_the_rows_is_found_and_one_of_its_units_named(city):
    school, education = unit("SMPN-3"), unit("DISDIK")
    WorkUnit.objects.filter(pk=education.pk).update(parent=school)
    before = list(city.units.order_by("pk").values())
    with pytest.raises(UnitTreeHasCycle) as caught:
        units.renumber(city)
    assert caught.value.unit in ("DISDIK", "SMPN-3", "SDN-01")
    assert list(city.units.order_by("pk").values()) == before


def test_the_trees_of_two_agencies_are_numbered_apart(city, other_city):
    assert_numbered(city)
    assert_numbered(other_city)
    assert unit("BKPSDM").below().count() == 1
    assert not set(city.units.get(parent=None).below()) & set(other_city.units.all())


# --- making and changing -----------------------------------------------------------------------------------------


def test_an_agency_comes_with_its_root_and_one_entry_of_the_log(regions):
    agency = units.create_agency(code="13.75", name="Kota", kind="city", region="13.75", parent=None, by=None, now=NOW)
    root = agency.units.get()
    assert (root.code, root.kind, root.parent, root.position, root.last_position) == ("13.75", "root", None, 1, 1)
    (entry,) = logged()
    assert (entry["event"], entry["data"]) == ("agency.created", {"agency": agency.pk, "code": "13.75", "by": None})


def test_an_agency_of_an_unknown_region_is_not_made(regions):
    with pytest.raises(RegionUnknown):
        units.create_agency(code="99", name="X", kind="city", region="99.99", parent=None, by=None, now=NOW)
    assert not Agency.objects.exists() and not LogEntry.objects.exists()


def test_a_new_unit_stands_below_its_parent_and_widens_every_range_above(city, cast):
    made = units.create_unit(
        parent=unit("KEL-01"), code="RW-01", name="RW 1", kind="section", by=cast.rina.user, now=NOW
    )
    assert_numbered(city)
    for above in ("KEL-01", "KEC-01", "13.75"):
        assert made.pk in unit(above).below().values_list("pk", flat=True)
    assert made.pk not in unit("DISDIK").below().values_list("pk", flat=True)
    (entry,) = logged()
    assert entry["event"] == "unit.created" and entry["data"]["unit"] == made.pk


@pytest.mark.parametrize(
    ("moving", "under"), [("DISDIK", "SMPN-3"), ("DISDIK", "DISDIK"), ("13.75", "KEL-01"), ("KEC-01", "KEL-01")]
)
def test_a_unit_cannot_hang_below_itself(city, cast, moving, under):
    before = list(city.units.order_by("pk").values())
    with pytest.raises(UnitTreeHasCycle):
        units.change_unit(
            unit(moving), name="x", kind="office", parent=unit(under), closed_on=None, by=cast.rina.user, now=NOW
        )
    assert list(city.units.order_by("pk").values()) == before and not LogEntry.objects.exists()


def test_the_root_keeps_its_place_when_it_is_renamed(city, cast):
    root = unit("13.75")
    units.change_unit(
        root, name="Kota Bukittinggi", kind="root", parent=None, closed_on=None, by=cast.rina.user, now=NOW
    )
    assert (unit("13.75").name, unit("13.75").parent) == ("Kota Bukittinggi", None)
    assert_numbered(city)


def test_a_unit_is_not_hung_under_one_of_another_agency(city, other_city, cast):
    before = list(WorkUnit.objects.order_by("pk").values())
    with pytest.raises(UnitTreeHasCycle):
        units.change_unit(
            unit("SMPN-3"), name="x", kind="school", parent=unit("SMPN-1", "13.76"), closed_on=None,
            by=cast.rina.user, now=NOW,
        )  # fmt: skip
    assert list(WorkUnit.objects.order_by("pk").values()) == before


def test_a_renamed_agency_renames_its_root_and_cannot_be_above_itself(city, other_city, cast):
    province = units.create_agency(code="13", name="P", kind="province", region=None, parent=None, by=None, now=NOW)
    units.change_agency(other_city, name="Payakumbuh", parent=province, letterhead="KOP", by=cast.rina.user, now=NOW)
    other_city.refresh_from_db()
    assert (other_city.name, other_city.parent, unit("13.76", "13.76").name) == ("Payakumbuh", province, "Payakumbuh")
    for parent in (other_city, province):
        with pytest.raises(UnitTreeHasCycle):
            units.change_agency(province, name="X", parent=parent, letterhead="", by=cast.rina.user, now=NOW)
    province.refresh_from_db()
    assert province.name != "X" and province.parent is None


def test_a_city_stands_under_its_own_province_and_under_nothing_else(city, other_city, cast):
    own = units.create_agency(code="13", name="P", kind="province", region="13", parent=None, by=None, now=NOW)
    Region.objects.create(code="14", name="Jauh")
    far = units.create_agency(code="14", name="J", kind="province", region="14", parent=None, by=None, now=NOW)
    for parent in (other_city, far):
        with pytest.raises(AgencyParentWrong):
            units.change_agency(city, name="X", parent=parent, letterhead="", by=cast.rina.user, now=NOW)
    with pytest.raises(AgencyParentWrong):
        units.create_agency(code="15", name="Y", kind="province", region=None, parent=own, by=None, now=NOW)
    units.change_agency(city, name=city.name, parent=own, letterhead="", by=cast.rina.user, now=NOW)
    branch = units.create_agency(code="KP", name="Kantor", kind="other", region=None, parent=city, by=None, now=NOW)
    assert not units.stands_wrongly(branch) and not units.stands_wrongly(Agency.objects.get(pk=city.pk))
    Agency.objects.filter(pk=city.pk).update(parent=other_city)
    assert units.stands_wrongly(Agency.objects.get(pk=city.pk)), "written before it was refused"


def close(code, cast, on=TODAY):
    found = unit(code)
    units.change_unit(
        found, name=found.name, kind=found.kind, parent=found.parent, closed_on=on, by=cast.rina.user, now=NOW
    )


@pytest.mark.parametrize(
    ("code", "people", "below"), [("SMPN-3", 2, 0), ("DISDIK", 2, 2), ("KEC-01", 0, 1), ("SETDA", 0, 1)]
)
@pytest.mark.parametrize("on", [TODAY, TODAY + timedelta(days=30)])
def test_a_unit_with_people_or_open_units_below_is_not_closed_and_it_says_how_many(cast, code, people, below, on):
    with pytest.raises(UnitInUse) as caught:
        close(code, cast, on)
    assert (caught.value.people, caught.value.below) == (people, below)
    assert unit(code).closed_on is None and not LogEntry.objects.exists()


def test_an_empty_unit_is_closed_and_what_stood_above_it_then_too(cast):
    for code in ("KEL-01", "KEC-01"):
        close(code, cast)
    assert unit("KEC-01").closed_on == unit("KEL-01").closed_on == TODAY
    close("KEC-01", cast, TODAY + timedelta(days=1))
    assert unit("KEC-01").closed_on == TODAY + timedelta(days=1), "the day of one that is closed can be mended"


def test_a_code_with_a_colon_is_refused_since_nobody_could_ask_for_it(city, cast):
    with pytest.raises(UnitCodeColon):
        units.create_unit(parent=unit("DISDIK"), code="A:B", name="X", kind="office", by=cast.rina.user, now=NOW)
    with pytest.raises(UnitCodeColon):
        units.add_agency(code="13:77", name="X", kind="city", region=None, parent=None, by=None, now=NOW)
    assert not WorkUnit.objects.filter(code__contains=":").exists()


def test_a_region_has_one_government_and_may_hold_branches_of_others(city):
    with pytest.raises(RegionTaken) as caught:
        units.create_agency(
            code="BKT", name="Pemko Bukittinggi", kind="city", region="13.75", parent=None, by=None, now=NOW
        )
    assert (caught.value.region, caught.value.agency) == ("13.75", city.name)
    units.create_agency(
        code="KEMENAG", name="Kantor Kemenag", kind="ministry", region="13.75", parent=None, by=None, now=NOW
    )
    assert set(Agency.objects.filter(region="13.75").values_list("code", flat=True)) == {"13.75", "KEMENAG"}


# --- finding -----------------------------------------------------------------------------------------------------


def test_a_unit_is_found_by_its_code_and_where_two_agencies_have_it_by_agency_and_code(city, other_city):
    assert units.get_unit("SMPN-3").agency == city
    with pytest.raises(UnitAmbiguous) as caught:
        units.get_unit("BKPSDM")
    assert set(caught.value.agencies) == {"13.75:BKPSDM", "13.76:BKPSDM"}
    for choice in caught.value.agencies:
        assert units.get_unit(choice).agency.code == choice.partition(":")[0]


@pytest.mark.parametrize("code", ["", "TIDAK-ADA", "13.76:SMPN-3", "99:BKPSDM", ":SMPN-1", "smpn-3"])
def test_a_unit_that_is_not_there_is_refused_by_name(city, other_city, code):
    if code == ":SMPN-1":
        assert units.get_unit(code).code == "SMPN-1"
        return
    with pytest.raises(UnitUnknown) as caught:
        units.get_unit(code)
    assert caught.value.unit == code


def test_an_agency_that_is_not_there_is_refused_by_name(city):
    assert units.get_agency("13.75") == city
    with pytest.raises(AgencyUnknown):
        units.get_agency("13.77")


# --- who is above whom -------------------------------------------------------------------------------------------


@pytest.fixture
def chiefs(city, cast):
    """The heads above Sari's school: of the education office, and of the agency itself."""
    return {
        "DISDIK": make_member(
            unit("DISDIK"), "196901011990031001", "Doni Umpama", sex="m", post="Kepala Dinas", is_head=True
        ),
        "13.75": make_member(
            unit("13.75"), "196801011990031001", "Ani Rekaan", sex="m", post="Sekretaris Daerah", is_head=True
        ),
    }


def superior(member, day=TODAY):
    found = units.superior(member.person, day)
    return found and found.name


def test_the_chain_of_superiors_climbs_the_tree(cast, chiefs):
    assert superior(cast.sari) == "Budi Misalkan"
    assert superior(cast.budi) == "Doni Umpama"
    assert superior(chiefs["DISDIK"]) == "Ani Rekaan"
    assert superior(chiefs["13.75"]) is None


def test_a_unit_without_a_head_is_passed_over(cast, chiefs):
    Placement.objects.filter(pk=cast.budi.placement.pk).update(is_head=False)
    assert superior(cast.sari) == superior(cast.budi) == "Doni Umpama"
    Placement.objects.filter(pk=chiefs["DISDIK"].placement.pk).update(is_head=False)
    assert superior(cast.sari) == "Ani Rekaan"


def test_a_school_answers_to_the_education_office_wherever_it_hangs(city, cast, chiefs):
    WorkUnit.objects.filter(code="SMPN-3").update(parent=unit("KEC-01"))
    units.renumber(city)
    assert superior(cast.budi) == "Doni Umpama"
    WorkUnit.objects.filter(code="DISDIK").update(kind="office")
    assert superior(cast.budi) == "Ani Rekaan"


def test_a_superior_who_was_given_comes_first(cast, chiefs):
    Placement.objects.filter(pk=cast.sari.placement.pk).update(superior=cast.rina.person)
    assert superior(cast.sari) == "Rina Umpama"


@pytest.mark.parametrize("left", [False, True], ids=["serves in another agency", "serves nowhere"])
def test_a_superior_who_was_given_and_is_not_of_this_agency_is_not_shown(cast, chiefs, left):
    Placement.objects.filter(pk=cast.sari.placement.pk).update(superior=cast.tono.person)
    if left:
        Placement.objects.filter(pk=cast.tono.placement.pk).update(until_on=TODAY)
    assert superior(cast.sari) == "Budi Misalkan"


@pytest.mark.parametrize("status", ["died", "retired", "dismissed", "resigned"])
def test_a_head_who_is_gone_is_nobodys_superior(cast, chiefs, status):
    Placement.objects.filter(pk=cast.budi.placement.pk).update(status=status)
    assert superior(cast.sari) == "Doni Umpama"
    assert unit("SMPN-3").pk not in units.heads(unit("SMPN-3").agency, TODAY)


def test_a_superior_is_the_one_of_the_day_that_is_asked_for(cast, chiefs):
    Placement.objects.filter(pk=cast.budi.placement.pk).update(until_on=TODAY)
    assert superior(cast.sari, TODAY - timedelta(days=1)) == "Budi Misalkan"
    assert superior(cast.sari, TODAY) == "Doni Umpama"


def test_somebody_without_a_placement_that_day_has_no_superior(cast):
    assert superior(cast.sari, cast.sari.placement.from_on - timedelta(days=1)) is None


# --- counting ----------------------------------------------------------------------------------------------------


def test_a_units_people_are_those_of_it_and_of_all_below_it(city, other_city, cast, chiefs):
    found = {each.code: units.headcounts(city, TODAY)[each.pk] for each in city.units.all()}
    assert found == {
        "13.75": 5, "SETDA": 0, "BAG-HUKUM": 0, "BKPSDM": 1, "DISDIK": 3, "SMPN-3": 2, "SDN-01": 0, "KEC-01": 0, "KEL-01": 0,
    }  # fmt: skip
    assert units.headcounts(other_city, TODAY)[unit("13.76", "13.76").pk] == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=TREES, data=st.data())
def test_headcounts_are_what_counting_each_range_gives(db, parents, data):
    agency = Agency.objects.create(code=f"H{Agency.objects.count()}", name="Rekaan", kind="other")
    made = [WorkUnit.objects.create(agency=agency, code="root", name="Akar", kind="root")]
    for number, parent in enumerate(parents):
        made.append(WorkUnit.objects.create(agency=agency, code=str(number), name=f"U{number}", parent=made[parent]))
    units.renumber(agency)
    for number in range(data.draw(st.integers(0, 8))):
        make_member(
            made[data.draw(st.integers(0, len(made) - 1))],
            f"19850315{agency.pk:06}{number:04}",
            "Orang Rekaan",
            sex="f",
            post="",
        )
    expected = {
        each.pk: Placement.objects.on(TODAY).of_unit(each).count() for each in WorkUnit.objects.filter(agency=agency)
    }
    assert units.headcounts(agency, TODAY) == expected


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ({"status": "leave"}, 2), ({"status": "cltn"}, 2), ({"status": "retired"}, 1), ({"status": "died"}, 1),
        ({"until_on": TODAY}, 1), ({"until_on": TODAY + timedelta(days=1)}, 2), ({"from_on": TODAY + timedelta(days=1)}, 1),
    ],
)  # fmt: skip
def test_whoever_is_away_is_counted_and_whoever_is_gone_is_not(city, cast, change, counted):
    Placement.objects.filter(pk=cast.sari.placement.pk).update(**change)
    assert units.headcounts(city, TODAY)[unit("SMPN-3").pk] == counted


def test_the_heads_of_an_agency_are_named_with_their_titles(city, cast, chiefs):
    cast.budi.person.back_title = "M.Pd"
    cast.budi.person.save()
    assert units.heads(city, TODAY) == {
        unit("SMPN-3").pk: "Budi Misalkan, M.Pd", unit("DISDIK").pk: "Doni Umpama", unit("13.75").pk: "Ani Rekaan",
    }  # fmt: skip


def test_units_without_a_head_are_the_open_ones_that_nobody_heads(city, cast, chiefs):
    WorkUnit.objects.filter(code="SDN-01").update(closed_on=TODAY)
    lacking = set(city.units.without_head(TODAY).values_list("code", flat=True))
    assert lacking == {"SETDA", "BAG-HUKUM", "BKPSDM", "KEC-01", "KEL-01"}


def test_a_unit_whose_head_is_gone_has_none(city, cast):
    Placement.objects.filter(pk=cast.budi.placement.pk).update(status="died")
    assert "SMPN-3" in city.units.without_head(TODAY).values_list("code", flat=True)


def test_an_agency_without_people_counts_none(regions):
    empty = make_agency("13.75", "Kota", "13.75", [("A", "A", "office", "13.75")])
    assert set(units.headcounts(empty, TODAY).values()) == {0}


def test_the_letterhead_typed_with_a_new_agency_is_kept_tidied_and_one_that_is_too_long_is_refused(db):
    typed = {"code": "KOP", "kind": "other", "region": None, "parent": None, "by": None, "now": NOW}
    made = units.create_agency(name="Badan", letterhead="PEMERINTAH  KOTA\n\n Badan ", **typed)
    assert Agency.objects.get(pk=made.pk).letterhead == "PEMERINTAH KOTA\nBadan"
    assert units.create_agency(name="Dinas", **typed | {"code": "TANPA"}).letterhead == "Dinas"
    with pytest.raises(LetterheadTooLong):
        units.create_agency(name="Dinas", letterhead="x\n" * 9, **typed | {"code": "LAIN"})
    assert not Agency.objects.filter(code="LAIN").exists()
