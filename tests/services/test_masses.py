"""Rows written past the model layer are the rows that the model layer would have written, on either database."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikrar.records import kept
from ikrar.records.kept import change
from ikrar.records.models import ColumnMapping, Person, WorkUnit
from ikrar.services import masses, touches

pytestmark = pytest.mark.django_db

_COLUMNS = ("identifier_type", "identifier", "name", "front_title", "back_title", "sex", "email", "phone")


def people(count, **more):
    """Columns of so many people with keys of their own."""
    keys = list(masses.reserve_keys(Person, count))
    plain = {name: [""] * count for name in _COLUMNS}
    return plain | {
        "id": keys, "identifier_type": ["nrp"] * count, "identifier": [f"9{key:08}" for key in keys],
        "name": [f"Orang {number}" for number in range(count)],
    } | more  # fmt: skip


def added(name="Sesudahnya"):
    """Add somebody the ordinary way."""
    return Person.objects.create(identifier_type="nrp", identifier=f"8{Person.objects.count():08}", name=name)


# One statement holds forty rows: below, at and above it, and several.
@pytest.mark.parametrize("count", [1, 2, 39, 40, 41, 79, 80, 81, 400])
def test_every_row_arrives_once_and_in_its_place(count):
    columns = people(count)
    masses.insert(Person, columns)
    found = list(Person.objects.order_by("pk").values_list("pk", "identifier", "name"))
    assert found == list(zip(columns["id"], columns["identifier"], columns["name"], strict=True))


@pytest.mark.parametrize("count", [1, 3, 41])
def test_rows_of_ours_are_a_table_that_a_statement_may_name(count):
    """Each value in its row and column, of any kind that is stored, and nothing where there is none."""
    masses.insert(Person, people(count))
    keys = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    rows = [(key, f"Nama {number} '; %s ?" if number else None) for number, key in enumerate(keys)]
    given, values = masses.given("given", {"key": "bigint", "name": "text"}, rows)
    changed = change(
        f"UPDATE records_person SET name = COALESCE(given.name, 'tanpa') FROM {given} WHERE records_person.id = given.key",
        values,
    )
    assert changed == count
    assert list(Person.objects.order_by("pk").values_list("name", flat=True)) == [name or "tanpa" for _, name in rows]


def test_nothing_is_inserted_where_there_is_nothing():
    masses.insert(Person, {name: [] for name in _COLUMNS})
    assert not Person.objects.exists()


AWKWARD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(AWKWARD, min_size=1, max_size=45))
def test_any_text_is_stored_as_it_is(db, names):
    columns = people(len(names), name=names)
    masses.insert(Person, columns)
    assert list(Person.objects.filter(pk__in=columns["id"]).order_by("pk").values_list("name", flat=True)) == names


@pytest.mark.parametrize(
    "text", ["\\N", "\\.", "a\tb", "a\nb", "a\\b", "'; DROP TABLE records_person; --", "%s ? {}", "", "NULL"]
)
def test_no_text_is_taken_for_a_sign_of_the_database(text):
    masses.insert(Person, people(41, name=[text] * 41, phone=[text[:25]] * 41))
    assert set(Person.objects.values_list("name", "phone")) == {(text, text[:25])}


def test_what_is_not_known_is_null_in_its_row_alone():
    days = ["1985-03-15", None, "1990-12-31"] * 14
    masses.insert(Person, people(42, birth_on=days, start_on=[None] * 42))
    found = Person.objects.order_by("pk").values_list("birth_on", "start_on")
    expected = [date(1985, 3, 15), None, date(1990, 12, 31)] * 14
    assert [born for born, _ in found] == expected and {start for _, start in found} == {None}


def test_columns_of_unequal_length_are_refused_and_nothing_is_written():
    with pytest.raises(ValueError), transaction.atomic():
        masses.insert(Person, people(3, name=["a", "b"]))
    assert not Person.objects.exists()


def test_a_row_that_breaks_a_rule_takes_all_rows_with_it():
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"), transaction.atomic():
        masses.insert(Person, people(90, identifier=["1"] * 90))
    assert not Person.objects.exists()
    masses.insert(Person, people(2))
    assert Person.objects.count() == 2


# --- keys --------------------------------------------------------------------------------------------------------


def test_reserved_keys_are_used_by_nobody_else():
    before = added()
    columns = people(100)
    assert len(set(columns["id"])) == 100 and before.pk not in columns["id"]
    masses.insert(Person, columns)
    after = added()
    again = people(5)
    assert after.pk not in columns["id"] and not {after.pk, before.pk, *columns["id"]} & set(again["id"])
    masses.insert(Person, again)
    assert added().pk not in {*columns["id"], *again["id"]} and Person.objects.count() == 108


def test_a_key_is_never_given_again_to_somebody_else():
    columns = people(10)
    masses.insert(Person, columns)
    Person.objects.all().delete()
    assert not set(masses.reserve_keys(Person, 10)) & set(columns["id"])
    assert added().pk not in columns["id"]


def test_reserving_none_takes_none():
    assert list(masses.reserve_keys(Person, 0)) == []
    assert added().pk


def test_keys_are_counted_for_each_table_alone(city):
    people_keys = masses.reserve_keys(Person, 1000)
    assert masses.reserve_keys(ColumnMapping, 1)[0] < people_keys[-1]


# --- updates -----------------------------------------------------------------------------------------------------


def test_each_row_is_set_to_its_own_values_and_no_other_is_touched(city):
    units = list(city.units.order_by("pk"))
    others = {unit.pk: unit.name for unit in units[5:]}
    masses.update(WorkUnit, ["name", "depth"], [(f"Unit {unit.pk} % '?'", unit.pk, unit.pk) for unit in units[:5]])
    for unit in units[:5]:
        unit.refresh_from_db()
        assert (unit.name, unit.depth) == (f"Unit {unit.pk} % '?'", unit.pk)
    assert {unit.pk: unit.name for unit in WorkUnit.objects.filter(pk__in=others)} == others


def test_an_update_of_nothing_changes_nothing(city):
    before = list(WorkUnit.objects.values())
    masses.update(WorkUnit, ["name"], [])
    assert list(WorkUnit.objects.values()) == before


def test_an_update_that_breaks_a_rule_is_refused(city):
    units = list(city.units.order_by("pk")[:2])
    with pytest.raises(IntegrityError), transaction.atomic():
        masses.update(WorkUnit, ["code"], [("SAMA", unit.pk) for unit in units])
    assert not WorkUnit.objects.filter(code="SAMA").exists()


def test_what_goes_past_djangos_cursor_is_counted_like_any_query(cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        kept.fetch("SELECT 1", [])
        kept.change("UPDATE records_person SET name = name WHERE id < %s", [0])
        touches.units({cast.sari.placement.unit_id})


@pytest.mark.parametrize("count", [0, 1, 200, 201, 1_000])
def test_rows_are_found_by_however_many_keys(city, count):
    root, unit = (WorkUnit.objects.get(code=code) for code in ("13.75", "SETDA"))
    missing = range(10**15, 10**15 + count)
    wanted = masses.among([unit.pk, *missing][: max(count, 1)] if count else [])
    assert list(WorkUnit.objects.filter(pk__in=wanted)) == ([unit] if count else [])
    children = WorkUnit.objects.filter(parent__in=masses.among([root.pk, *missing]))
    assert set(children) == set(WorkUnit.objects.filter(parent=root))
    assert unit not in WorkUnit.objects.exclude(pk__in=masses.among([unit.pk, *missing]))
