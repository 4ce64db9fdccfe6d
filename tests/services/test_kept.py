"""Kept queries answer as the queries that they were built from, each time with other values."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db.models import Count
from django.db.transaction import TransactionManagementError

from ikrar.records.kept import KeptObjects, KeptQuery
from ikrar.records.models import Holding, Office, Placement, WorkUnit

pytestmark = pytest.mark.django_db
OF_UNIT = KeptObjects(
    lambda unit: Placement.objects.filter(unit=unit).select_related("person", "unit__parent").order_by("pk"), "unit"
)
BY_CODE = KeptQuery(
    lambda code: WorkUnit.objects.filter(code=code).values_list("name", "parent__code"), "code", text=("code",)
)
HELD = KeptObjects(
    lambda office, when_at: Holding.objects.filter(office=office).at(when_at).select_related("person"),
    "office",
    "when_at",
)
ON_DAY = KeptQuery(
    lambda unit, day_on: Placement.objects.on(day_on).filter(unit__in=[unit]).values_list("post"), "unit", "day_on"
)


def test_objects_come_with_those_beside_them_and_nothing_is_asked_twice(cast, city, django_assert_num_queries):
    for code in ("SMPN-3", "BKPSDM", "SMPN-3"):
        unit = city.units.get(code=code)
        with django_assert_num_queries(1):
            found = OF_UNIT.rows(unit=unit.pk)
            said = [(each.person.name, each.unit.code, each.unit.parent.code, each.from_on) for each in found]
        rows = Placement.objects.filter(unit=unit).select_related("person", "unit__parent").order_by("pk")
        assert found == list(rows) and said
        assert said == [(each.person.name, each.unit.code, each.unit.parent.code, each.from_on) for each in rows]


def test_an_object_of_a_kept_query_is_saved_as_any_other(cast, city):
    found = OF_UNIT.first(unit=city.units.get(code="SMPN-3").pk)
    found.post = "Guru Ahli Madya"
    found.save(update_fields=["post"])
    assert Placement.objects.get(pk=found.pk).post == "Guru Ahli Madya"


def test_what_is_not_there_is_none_also_beside_an_object(city, morning):
    office = Office.objects.create(agency=city, title="Wali Kota", kind="head_of_region")
    Holding.objects.create(office=office, person=None, capacity="definitive", from_at=morning)
    assert HELD.first(office=office.pk, when_at=morning - timedelta(minutes=1)) is None
    assert HELD.first(office=office.pk, when_at=morning).person is None
    assert OF_UNIT.rows(unit=0) == [] and OF_UNIT.first(unit=1 << 70) is None


def test_a_query_asked_for_another_day_answers_for_that_day(cast):
    placed = cast.sari.placement
    placed.until_on = date(2024, 10, 1)
    placed.save()
    for day, there in ((date(2023, 12, 31), False), (date(2024, 1, 1), True), (placed.until_on, False)):
        assert (placed.post in {row.post for row in ON_DAY.rows(unit=placed.unit_id, day_on=day)}) is there


@pytest.mark.parametrize(("code", "rows"), [("SMPN-3", [("SMPN 3 Bukittinggi", "DISDIK")]), ("'; --", []), ("", [])])
def test_values_are_named_and_texts_are_values(city, code, rows):
    assert [tuple(row) for row in BY_CODE.rows(code=code)] == rows
    assert not rows or BY_CODE.first(code=code).parent_code == "DISDIK"


def test_rows_are_held_in_a_transaction_alone_each_time(cast, city, monkeypatch):
    held = KeptObjects(lambda unit: Placement.objects.select_for_update().filter(unit=unit), "unit")
    unit = city.units.get(code="SMPN-3").pk
    assert held.rows(unit=unit)
    monkeypatch.setattr("ikrar.records.kept.connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(TransactionManagementError):
        held.rows(unit=unit)


@pytest.mark.parametrize("lost", [{"annotate": {"n": Count("placements")}}, {"prefetch_related": "placements"}])
def test_what_would_be_lost_is_refused(city, lost):
    def build(unit):
        rows = WorkUnit.objects.filter(pk=unit)
        return (
            rows.annotate(**lost["annotate"]) if "annotate" in lost else rows.prefetch_related(lost["prefetch_related"])
        )

    with pytest.raises(ValueError, match="objects alone"):
        KeptObjects(build, "unit").rows(unit=1)
