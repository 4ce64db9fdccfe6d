"""A roster file on its way in: what is shown is what is written, what is wrong comes back, and all of it can be undone."""

import csv
import io
import itertools
import json
import re
from collections import Counter
from datetime import date, timedelta

import pytest
import xlsxwriter
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikrar.domain import roster as rules
from ikrar.domain.errors import (
    ColumnsNotMapped,
    CompleteFileEmpty,
    FileUnreadable,
    IdentifierInvalid,
    IdentifierTaken,
    ImportNotUndoable,
    ImportStateWrong,
    ImportUnknown,
    ManyWouldEnd,
    ReasonMissing,
    RosterChangedSincePreview,
    SheetsNotChosen,
    UnitTreeHasCycle,
    UnknownColumn,
    UnknownField,
)
from ikrar.records.models import (
    Agency,
    Body,
    BodyMember,
    ColumnMapping,
    FormerIdentifier,
    LogEntry,
    LogPayload,
    Notice,
    Obligation,
    Person,
    Placement,
    RosterChange,
    RosterImport,
    User,
    WorkUnit,
)
from ikrar.services import invented, ledger, roster, tick, units
from tests.conftest import NOW, TODAY, make_agency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

COLUMNS = {
    "identifier": "NIP", "name": "Nama", "front_title": "Gelar Depan", "back_title": "Gelar Belakang",
    "employment": "Status Kepegawaian", "unit": "Unit Kerja", "unit_code": "Kode Unit", "parent_unit": "Unit Induk",
    "post": "Jabatan", "post_kind": "Jenis Jabatan", "level": "Jenjang", "grade": "Golongan", "is_head": "Kepala Unit",
    "superior": "NIP Atasan", "birth_on": "Tanggal Lahir", "sex": "Jenis Kelamin", "start_on": "TMT CPNS", "status": "Status",
    "email": "Email", "phone": "No HP", "identifier_type": "Jenis Nomor",
}  # fmt: skip
ROSTER_ON = date(2024, 9, 1)
BEFORE = NOW - timedelta(days=40)

SARI = {
    "identifier": "198503152010012001", "name": "Sari Contohwati", "employment": "PNS", "unit_code": "SMPN-3",
    "post": "Guru Ahli Muda", "level": "Ahli Muda", "grade": "III/c", "email": "sari@example.test", "phone": "0812 0000 0001",
}  # fmt: skip
BUDI = {
    "identifier": "197208171998031002", "name": "Budi Misalkan", "employment": "PNS", "unit_code": "SMPN-3",
    "post": "Kepala Sekolah", "level": "Ahli Madya", "grade": "IV/a", "is_head": "Ya",
}  # fmt: skip
RINI = {
    "identifier": "199001012022212001", "name": "Rini Rekaan, S.Pd", "employment": "PPPK", "unit_code": "SDN-01",
    "post": "Guru Pertama",
}  # fmt: skip
ALI = {
    "identifier": "", "name": "Ali Andaikan", "employment": "Honorer", "unit_code": "SMPN-3", "post": "Penjaga Sekolah",
    "birth_on": "1990-02-01",
}  # fmt: skip


def file_of(rows, fields=None):
    """Write rows (by field) as a CSV file under the headings of an export."""
    names = fields or [name for name in COLUMNS if any(name in row for row in rows)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([COLUMNS[name] for name in names])
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return text.getvalue().encode()


def received(agency, data, *, name="pegawai.csv", on=TODAY, now=NOW):
    return roster.receive(agency=agency, file=io.BytesIO(data), name=name, effective_on=on, by=None, now=now)


def previewed(agency, rows, *, complete=False, new_units=False, fields=None, on=TODAY, **more):
    """Bring rows (or the bytes of a file) as far as the preview."""
    data = rows if isinstance(rows, bytes) else file_of(rows, fields)
    given = received(agency, data, on=on, **more)
    roster.map_columns(given, given.fields, complete=complete, new_units=new_units)
    roster.preview(given, now=NOW)
    return given


def applied(agency, rows, *, now=NOW, **more):
    """Bring rows onto the roster."""
    given = previewed(agency, rows, now=now, **more)
    assert given.state == "previewed", given.error
    roster.begin_applying(given)
    roster.apply(given, by=None, now=now)
    assert given.state == "applied"
    return given


def dump(*, prints=True):
    """Everything that is on the roster; without `prints` but for what only speeds up the next import."""
    placements = list(Placement.objects.order_by("pk").values())
    if not prints:
        for placement in placements:
            del placement["row_print"]
    return list(Person.objects.order_by("pk").values()), placements


def counts(given, *names):
    return {name: given.counts[name] for name in names or given.counts if isinstance(given.counts[name], int)}


def rejected(given):
    """Return what is wrong by line: {line: [(field, code), …]}."""
    return {reject.line: [(fault["field"], fault["code"]) for fault in reject.faults] for reject in given.rejects.all()}


def current(identifier):
    return Placement.objects.current().select_related("unit", "person").get(person__identifier=identifier)


def logged(event):
    entries = [json.loads(bytes(payload.payload)) for payload in LogPayload.objects.all()]
    return [entry["data"] for entry in entries if entry["event"] == event]


# --- a town of invented people -----------------------------------------------------------------------------------


def tree_of(count):
    """The units of an invented town for so many people."""
    districts = [(f"13.77.{number:02}", f"Rekaan {number}") for number in (1, 2, 3)]
    wards = [(f"{code}.1{ward:03}", f"Koto {ward}") for code, _ in districts for ward in range(1, 5)]
    place = invented.Place("13.77", "KOTA PARIAMAN", districts, wards)
    return invented.units(place, invented.Size.for_people(count).fitted(place))


def town_of(count, seed=7):
    """An invented town: its units and the rows of its people."""
    made = tree_of(count)
    return made, list(invented.people(made, count, seed, ROSTER_ON, contract=0.2))


@pytest.fixture
def town(regions):
    """An agency that has nothing but its root."""
    return make_agency("13.77", "Pemerintah Kota Pariaman", None, [])


def test_some_hundred_people_are_written_as_the_file_says(town):
    made, rows = town_of(400)
    given = applied(town, rows, new_units=True, complete=True, on=ROSTER_ON)
    assert counts(given, "rows", "new", "rejected", "units") == {
        "rows": 400, "new": 400, "rejected": 0, "units": len(made),
    }  # fmt: skip
    placed = {p.person.identifier: p for p in Placement.objects.select_related("person", "unit__parent")}
    assert len(placed) == Person.objects.count() == 400
    without_number = 0
    for raw in rows:
        row = rules.read_row(raw, ROSTER_ON)
        key = row.identifier or rules.name_key("13.77", row.unit_code, row.name, row.birth_on)
        without_number += not row.identifier
        placement = placed[key]
        person = placement.person
        for name in rules.PERSON_FIELDS:
            assert getattr(person, name) == getattr(row, name), (name, raw)
        for name in ("employment", "post", "post_kind", "level", "grade", "is_head", "status"):
            assert getattr(placement, name) == getattr(row, name), (name, raw)
        assert (person.identifier_type, placement.unit.code, placement.unit.name) == (
            row.identifier_type, row.unit_code, row.unit,
        )  # fmt: skip
        assert (placement.from_on, placement.until_on, placement.roster_import_id) == (ROSTER_ON, None, given.pk)
    assert without_number > 3


def test_the_tree_of_units_is_the_one_that_the_file_tells(town):
    made, rows = town_of(400)
    applied(town, rows, new_units=True)
    found = {unit.code: unit for unit in town.units.select_related("parent")}
    assert len(found) == len(made) + 1
    for unit in made:
        assert (found[unit.code].name, found[unit.code].parent.code) == (unit.name, unit.parent_code or "13.77")
    for unit in found.values():
        assert (
            unit.parent is None
            or unit.parent.position < unit.position <= unit.last_position <= unit.parent.last_position
        )


def test_one_entry_of_the_log_tells_of_an_import_by_ids_and_counts_alone(town):
    _, rows = town_of(60)
    given = applied(town, rows, new_units=True)
    (entry,) = logged("roster.imported")
    assert LogEntry.objects.count() == 1
    assert entry == {
        "import": given.pk, "agency": town.pk, "file_digest": given.file_digest, "difference": given.difference,
        "counts": counts(given), "by": None,
    }  # fmt: skip
    assert ledger.verify_all() == (1, [])


def test_37_bad_rows_come_back_with_line_field_and_reason_and_the_others_go_in(town):
    _, rows = town_of(1170)
    applied(town, [row for row in rows if row["is_head"]], new_units=True, on=ROSTER_ON)
    hows = [*invented.ROW_SPOILS, *invented.FILE_SPOILS]
    spoilt, spoiled = invented.spoil(rows, 1170, 37, 4, hows)
    spoilt = list(spoilt)
    assert len(spoiled) == 37 and {each.how for each in spoiled} == set(hows)

    given = previewed(town, spoilt, on=ROSTER_ON, fields=list(invented.FIELDS))
    heads = sum(bool(row["is_head"]) for row in rows)
    assert counts(given, "rows", "new", "same", "rejected") == {
        "rows": 1170, "new": 1170 - heads - 37, "same": heads, "rejected": 37,
    }  # fmt: skip
    assert rejected(given) == {each.row + 1: [(each.field, each.code)] for each in spoiled}
    assert given.counts["reasons"] == Counter(each.code for each in spoiled)
    for each, reject in zip(spoiled, given.rejects.all(), strict=True):
        raw = spoilt[each.row - 1]
        assert reject.cells == [rules.shown_cell(raw[name]) for name in invented.FIELDS]

    roster.begin_applying(given)
    roster.apply(given, by=None, now=NOW)
    assert Person.objects.count() == 1170 - 37
    bad_numbers = {spoilt[each.row - 1]["identifier"] for each in spoiled if each.how != invented.DUPLICATE} - {""}
    assert not Person.objects.filter(identifier__in=bad_numbers).exists()
    assert given.rejects.count() == 37


def test_a_number_that_stands_twice_names_the_line_it_stood_on_first(city):
    given = previewed(city, [SARI, BUDI, SARI | {"name": "Sari Lain"}, SARI])
    faults = {reject.line: reject.faults for reject in given.rejects.all()}
    assert faults == {
        line: [{"field": "identifier", "code": "identifier_twice", "value": "2"}] for line in (4, 5)
    }  # fmt: skip
    assert given.counts["new"] == 2


@pytest.mark.parametrize(
    "written",
    [
        "19850315 201001 2 001", "'198503152010012001", "198503152010012001.0", "198503152010012001.00", "19850315-201001-2-001",
        "\u2018198503152010012001\u2019", "19850315\u00a0201001\u00a02\u00a0001", "\u200b198503152010012001",
    ],
)  # fmt: skip
def test_a_number_that_stands_twice_is_found_however_it_is_written(city, written):
    given = applied(city, [SARI, BUDI, SARI | {"identifier": written, "name": "Sari Lain"}])
    assert rejected(given) == {4: [("identifier", "identifier_twice")]}
    assert Person.objects.get(identifier=SARI["identifier"]).name == "Sari Contohwati"


def test_a_row_of_too_many_cells_is_refused_as_a_whole(city):
    data = file_of([SARI, BUDI]).replace(b"Sari Contohwati", b"Sari Contohwati, S.Pd")
    given = applied(city, data)
    assert rejected(given) == {2: [("", "too_many_cells")]}
    assert list(Person.objects.values_list("name", flat=True)) == ["Budi Misalkan"]


def test_a_name_of_ten_megabytes_is_refused_and_its_neighbours_go_in(city):
    for place in (0, 70):
        rows = [BUDI | {"identifier": f"1972081719980310{number:02}", "is_head": ""} for number in range(10, 90)]
        rows[place] = rows[place] | {"name": "x" * 10_000_000}
        given = previewed(city, rows)
        assert given.state == "previewed", given.error
        assert rejected(given) == {place + 2: [("name", "too_long")]}
        assert given.counts["new"] == 79
        assert all(len(cell) <= 200 for cell in given.rejects.get().cells)


# --- refused rows of a complete file -----------------------------------------------------------------------------

BY_NAME = {
    "no number and a bad phone": (ALI, ALI | {"phone": "rahasia"}),
    "a number that lost its digits": (RINI, RINI | {"identifier": "1.99001E+17"}),
    "a number with a digit too few": (RINI, RINI | {"identifier": RINI["identifier"][:-1]}),
    "a number left out": (RINI, RINI | {"identifier": ""}),
    "titles written otherwise": (RINI, RINI | {"identifier": "1.99001E+17", "name": "Dra. RINI  rekaan, M.Pd"}),
    "an unknown unit": (ALI, ALI | {"unit_code": "SMPN-99"}),
    "moved, with a number that lost its digits": (RINI, RINI | {"identifier": "1.99001E+17", "unit_code": "SMPN-3"}),
    "a number that stands, and a bad phone": (RINI, RINI | {"phone": "rahasia"}),
}


@pytest.mark.parametrize(("before", "refused"), BY_NAME.values(), ids=BY_NAME)
def test_whose_row_was_refused_stands_in_a_complete_file_all_the_same(city, before, refused):
    applied(city, [SARI, BUDI, before], on=ROSTER_ON)
    given = previewed(city, [SARI, BUDI, refused], complete=True)
    assert counts(given, "rejected", "absent") == {"rejected": 1, "absent": 0}
    assert given.counts["caution"] == QUIET | {"placed": 3, "spared": 1}
    roster.begin_applying(given)
    roster.apply(given, by=None, now=NOW)
    assert Placement.objects.current().count() == 3


def test_a_refused_row_of_which_nobody_can_be_told_is_told_where_somebody_would_be_ended(city):
    applied(city, [SARI, BUDI, RINI], on=ROSTER_ON)
    lost = RINI | {"identifier": "1.99001E+17", "name": "R. Rekaan"}
    given = previewed(city, [SARI, BUDI, lost], complete=True)
    assert given.counts["absent"] == 1 and given.counts["caution"]["unmatched"] == 1
    for wrong in (None, 0, 2):
        with pytest.raises(ManyWouldEnd) as caught:
            roster.begin_applying(given, ends=wrong)
        assert (caught.value.ends, caught.value.unmatched) == (1, 1)
    roster.begin_applying(given, ends=1)
    roster.apply(given, by=None, now=NOW)
    assert Placement.objects.current().count() == 2
    assert previewed(city, [SARI, BUDI, lost], complete=True).counts["caution"]["unmatched"] == 0, (
        "nobody would be ended"
    )


@pytest.mark.parametrize(
    "other",
    [
        RINI | {"identifier": "199505052020122003", "employment": "PNS", "phone": "rahasia"},
        ALI | {"name": "Rini Rekaan", "phone": "rahasia"},
    ],
    ids=["a number of her own", "no number, in another unit"],
)
def test_a_refused_namesake_keeps_nobody(city, other):
    applied(city, [SARI, BUDI, RINI], on=ROSTER_ON)
    given = previewed(city, [SARI, BUDI, other], complete=True)
    assert given.counts["absent"] == 1 and given.counts["caution"]["spared"] == 0


def test_of_more_refused_rows_than_are_held_the_others_are_counted(city, monkeypatch):
    monkeypatch.setattr(roster, "_MOST_REFUSED_HELD", 2)
    applied(city, [SARI, BUDI, RINI], on=ROSTER_ON)
    rows = [ALI | {"name": f"Orang {chr(97 + number)}", "phone": "rahasia"} for number in range(5)]
    given = previewed(city, [SARI, *rows], complete=True)
    assert given.counts["caution"]["unmatched"] == 5


# --- doubles that come back, and two heads -----------------------------------------------------------------------


def test_a_double_that_comes_back_as_it_was_refused_does_not_write_over_whom_the_number_belongs_to(city):
    wrong = SARI | {"name": "Budi Baru", "unit_code": "SDN-01"}
    first = applied(city, [SARI, wrong])
    assert rejected(first) == {3: [("identifier", "identifier_twice")]}
    before = dump()
    back = roster.rejects_text(first, lambda fault: fault["code"]).encode()
    given = previewed(city, back)
    assert rejected(given) == {2: [("identifier", "refused_before")]}
    assert given.rejects.get().faults[0]["value"] == "pegawai.csv, 3" and dump() == before
    mended = previewed(city, [wrong | {"identifier": "199505052020122003"}])
    assert counts(mended, "new", "rejected") == {"new": 1, "rejected": 0}


def test_a_double_of_the_same_person_may_come_again(city):
    first = applied(city, [SARI, SARI | {"unit_code": "SDN-01"}])
    given = previewed(city, roster.rejects_text(first, lambda fault: fault["code"]).encode())
    assert counts(given, "moved", "rejected") == {"moved": 1, "rejected": 0}


def test_a_double_that_was_changed_in_any_cell_may_come_again(city):
    wrong = SARI | {"name": "Budi Baru"}
    applied(city, [SARI, wrong])
    given = previewed(city, [wrong | {"post": "Guru Madya"}])
    assert counts(given, "changed", "rejected") == {"changed": 1, "rejected": 0}


def test_a_file_does_not_give_a_unit_two_heads(city):
    given = applied(city, [BUDI, SARI | {"is_head": "Ya"}, ALI | {"unit_code": "SDN-01", "is_head": "Ya"}])
    assert rejected(given) == {3: [("is_head", "unit_headed_twice")]}
    assert given.rejects.get().faults[0]["value"] == "2"
    assert Placement.objects.current().heading().count() == 2


def test_beside_a_head_whom_the_file_does_not_name_it_gives_none(city):
    applied(city, [BUDI, SARI], on=ROSTER_ON)
    given = previewed(city, [SARI | {"is_head": "Ya"}])
    assert rejected(given) == {2: [("is_head", "unit_already_headed")]}
    for rows, complete in (
        ([BUDI | {"is_head": ""}, SARI | {"is_head": "Ya"}], False),
        ([SARI | {"is_head": "Ya"}, BUDI | {"unit_code": "SDN-01"}], False),
        ([SARI | {"is_head": "Ya"}], True),
        ([BUDI | {"status": "Pensiun"}, SARI | {"is_head": "Ya"}], False),
    ):
        assert previewed(city, rows, complete=complete).counts["rejected"] == 0


@pytest.mark.parametrize("complete", [False, True])
def test_a_head_whose_own_row_is_refused_heads_on_and_the_preview_says_so(city, complete):
    applied(city, [BUDI, SARI], on=ROSTER_ON)
    rows = [BUDI | {"phone": "abc"}, SARI | {"is_head": "Ya"}]
    given = applied(city, rows, complete=complete)
    assert given.counts["caution"]["heads_kept"] == [city.units.get(code="SMPN-3").name]
    heading = Placement.objects.current().heading().filter(unit__code="SMPN-3")
    assert [each.person.identifier for each in heading] == [BUDI["identifier"]]
    # Once his row is mended and gives the mark up, the new head is taken.
    given = applied(city, [BUDI | {"is_head": ""}, SARI | {"is_head": "Ya"}], complete=complete, on=TODAY)
    assert "heads_kept" not in given.counts["caution"]
    assert [each.person.identifier for each in heading.all()] == [SARI["identifier"]]


def test_who_left_the_service_elsewhere_is_taken_on_and_back_again_by_an_undo(city, other_city):
    applied(city, [BUDI | {"status": "Mengundurkan diri"}], on=ROSTER_ON)
    applied(other_city, [BUDI | {"status": "Aktif", "unit_code": "", "unit": "Dinas"}], new_units=True)
    assert current(BUDI["identifier"]).unit.agency == other_city
    taken = RosterImport.objects.latest("pk")
    roster.undo(taken, by=None, now=NOW)
    back = current(BUDI["identifier"])
    assert (back.unit.agency, back.status) == (city, "resigned")


def test_a_unit_that_only_refused_rows_name_is_not_made(city, other_city):
    applied(city, [BUDI])
    given = applied(other_city, [BUDI | {"unit_code": "", "unit": "Dinas Hantu"}], new_units=True)
    assert given.counts["rejected"] == 1 and given.counts["units"] == 0
    assert not other_city.units.filter(name="Dinas Hantu").exists()


def test_who_moves_to_another_unit_by_a_file_without_heads_heads_it_no_more(city):
    applied(city, [BUDI], on=ROSTER_ON)
    given = applied(
        city, [{name: value for name, value in BUDI.items() if name != "is_head"} | {"unit_code": "SDN-01"}]
    )
    assert given.changes.get().after == {"unit": "SDN-01", "is_head": False}
    assert not current(BUDI["identifier"]).is_head


# --- several sheets ----------------------------------------------------------------------------------------------


def book(tmp_path, sheets):
    """Write a workbook of rows (by field) on named sheets."""
    path = tmp_path / "pegawai.xlsx"
    with xlsxwriter.Workbook(path) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            names = [each for each in COLUMNS if any(each in row for row in rows)]
            for number, cells in enumerate(
                [[COLUMNS[each] for each in names], *([row.get(each, "") for each in names] for row in rows)]
            ):
                sheet.write_row(number, 0, cells)
    return path.read_bytes()


def test_sheets_with_the_same_headings_are_read_as_one_file(city, tmp_path):
    twice = SARI | {"name": "Orang Lain"}
    names = ("identifier", "name", "employment", "unit_code", "post", "phone")
    data = book(
        tmp_path,
        {
            "PNS": [{name: row.get(name, "") for name in names} for row in (SARI, BUDI)],
            "PPPK": [{name: row.get(name, "") for name in names} for row in (RINI | {"phone": "rahasia"}, twice)],
        },
    )
    given = previewed(city, data, name="pegawai.xlsx", complete=True)
    assert roster.sheets_read(given) == ["PNS", "PPPK"]
    assert counts(given, "rows", "new", "rejected") == {"rows": 4, "new": 2, "rejected": 2}
    phone, double = given.rejects.all()
    assert [roster.place_of(given, each.line) for each in (phone, double)] == ["PPPK: 2", "PPPK: 3"]
    assert double.faults[0]["value"] == "PNS: 2"
    assert "PPPK: 3," in roster.rejects_text(given, lambda fault: fault["code"])
    roster.begin_applying(given)
    roster.apply(given, by=None, now=NOW)
    assert Person.objects.count() == 2


def test_of_sheets_with_different_headings_somebody_chooses_before_anything_is_read(city, tmp_path):
    data = book(tmp_path, {"PNS": [SARI, BUDI], "Honorer": [ALI]})
    given = received(city, data, name="pegawai.xlsx")
    assert roster.sheets_unclear(given) and roster.sheet_groups(given) == [["PNS"], ["Honorer"]]
    for names in (None, []):
        with pytest.raises(SheetsNotChosen):
            roster.map_columns(given, given.fields, complete=False, new_units=False) if names is None else (
                roster.choose_sheets(given, names)
            )
    roster.choose_sheets(given, ["Honorer"])
    assert COLUMNS["birth_on"] in given.headings and roster.sheets_read(given) == ["Honorer"]
    roster.map_columns(given, given.fields, complete=False, new_units=False)
    roster.preview(given, now=NOW)
    assert counts(given, "rows", "new") == {"rows": 1, "new": 1}
    roster.reopen(given)
    roster.choose_sheets(given, ["PNS"])
    roster.map_columns(given, given.fields, complete=False, new_units=False)
    roster.preview(given, now=NOW)
    assert counts(given, "rows", "new") == {"rows": 2, "new": 2}


def test_a_complete_workbook_of_which_a_sheet_of_people_was_left_out_ends_nobody_without_a_word(city, tmp_path):
    applied(city, [SARI, BUDI, ALI], on=ROSTER_ON)
    given = received(city, book(tmp_path, {"PNS": [SARI, BUDI], "Honorer": [ALI]}), name="pegawai.xlsx")
    roster.choose_sheets(given, ["PNS"])
    roster.map_columns(given, given.fields, complete=True, new_units=False)
    roster.preview(given, now=NOW)
    assert given.counts["absent"] == 1 and given.counts["caution"]["unread"] == ["Honorer"]
    with pytest.raises(ManyWouldEnd):
        roster.begin_applying(given)
    roster.begin_applying(given, ends=1)


def test_a_file_that_is_gone_is_told_of_and_not_looked_for_for_ever(city, home):
    given = previewed(city, [SARI])
    (home / given.file_path).unlink()
    roster.begin_applying(given)
    with pytest.raises(FileUnreadable):
        roster.apply(given, by=None, now=NOW)
    assert (given.state, given.error["reason"]) == ("failed", "gone")


# --- the same again ----------------------------------------------------------------------------------------------


def test_the_same_file_again_touches_no_row(town):
    _, rows = town_of(300)
    applied(town, rows, new_units=True, complete=True, on=ROSTER_ON)
    before, tree = dump(), list(WorkUnit.objects.order_by("pk").values())

    given = previewed(town, rows, complete=True, on=TODAY)
    assert counts(given) == {
        "rows": 300, "same": 300, "new": 0, "returned": 0, "rejoined": 0, "changed": 0, "moved": 0, "absent": 0,
        "rejected": 0, "units": 0,
    }  # fmt: skip
    roster.begin_applying(given)
    with CaptureQueriesContext(connection) as queries:
        roster.apply(given, by=None, now=NOW)
    writing = [query["sql"] for query in queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert writing, "the import itself is written"
    assert not [sql for sql in writing if re.search("records_(person|placement|workunit)", sql.split("WHERE")[0])]
    assert dump() == before and list(WorkUnit.objects.order_by("pk").values()) == tree
    assert not RosterChange.objects.filter(roster_import=given).exists()


def test_the_same_people_in_another_order_and_notation_are_the_same(city):
    applied(city, [SARI, BUDI, ALI])
    before = dump()
    again = [
        BUDI | {"identifier": "19720817 199803 1 002", "grade": "iv/A", "is_head": "1"},
        ALI | {"birth_on": "1 Februari 1990", "name": "  Ali   Andaikan "},
        SARI | {"identifier": "'198503152010012001"},
    ]
    given = applied(city, again, fields=[name for name in COLUMNS if any(name in row for row in (SARI, BUDI, ALI))])
    assert counts(given, "same", "rows", "new") == {"same": 3, "rows": 3, "new": 0}
    assert dump() == before


# --- what changes ------------------------------------------------------------------------------------------------


def test_a_move_ends_one_placement_and_begins_another_on_the_day(city):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    given = applied(city, [SARI | {"unit_code": "SDN-01"}, BUDI])
    assert counts(given, "moved", "changed", "same", "new") == {"moved": 1, "changed": 0, "same": 1, "new": 0}
    old, new = Placement.objects.filter(person__identifier=SARI["identifier"]).order_by("from_on")
    assert (old.unit.code, old.from_on, old.until_on) == ("SMPN-3", ROSTER_ON, TODAY)
    assert (new.unit.code, new.from_on, new.until_on, new.post) == ("SDN-01", TODAY, None, "Guru Ahli Muda")
    change = given.changes.get()
    assert (change.kind, change.before["unit"], change.after) == ("moved", "SMPN-3", {"unit": "SDN-01"})


def test_a_correction_of_the_person_changes_no_placement(city):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    _, placements = dump(prints=False)
    given = applied(city, [SARI | {"email": "baru@example.test", "name": "Sari Contohwati, S.Pd"}, BUDI])
    assert counts(given, "changed", "same", "moved") == {"changed": 1, "same": 1, "moved": 0}
    person = Person.objects.get(identifier=SARI["identifier"])
    assert (person.email, person.back_title) == ("baru@example.test", "S.Pd")
    assert dump(prints=False)[1] == placements
    change = given.changes.get()
    assert change.before | change.after == {
        "email": "baru@example.test", "back_title": "S.Pd", "_placement": current(SARI["identifier"]).pk,
    }  # fmt: skip
    assert (change.before["email"], change.before["back_title"]) == ("sari@example.test", "")


def test_a_change_of_post_or_status_is_dated_like_a_move(city):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    given = applied(city, [SARI | {"post": "Guru Ahli Madya", "status": "Cuti"}, BUDI])
    assert counts(given, "changed", "moved") == {"changed": 1, "moved": 0}
    old, new = Placement.objects.filter(person__identifier=SARI["identifier"]).order_by("from_on")
    assert (old.post, old.status, old.until_on) == ("Guru Ahli Muda", "active", TODAY)
    assert (new.post, new.status, new.from_on) == ("Guru Ahli Madya", "leave", TODAY)


def test_a_placement_that_began_today_is_corrected_where_it_stands(city):
    applied(city, [SARI], on=TODAY)
    applied(city, [SARI | {"post": "Guru Kelas", "unit_code": "SDN-01"}], on=TODAY)
    only = Placement.objects.get()
    assert (only.post, only.unit.code, only.from_on, only.until_on) == ("Guru Kelas", "SDN-01", TODAY, None)


def test_whoever_a_complete_file_does_not_name_leaves_and_a_part_of_a_roster_ends_nobody(city):
    applied(city, [SARI, BUDI, ALI], on=ROSTER_ON)
    partial = applied(city, [SARI])
    assert partial.counts["absent"] == 0 and Placement.objects.current().count() == 3
    whole = applied(city, [SARI], complete=True)
    assert whole.counts["absent"] == 2
    assert list(Placement.objects.current().values_list("person__name", flat=True)) == ["Sari Contohwati"]
    assert set(Placement.objects.exclude(until_on=None).values_list("until_on", flat=True)) == {TODAY}
    assert {change.kind for change in whole.changes.all()} == {"absent"}


def test_whose_row_was_refused_is_not_taken_for_absent(city):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    given = previewed(city, [SARI | {"phone": "rahasia"}, BUDI], complete=True)
    assert given.counts["rejected"] == 1
    assert given.counts["absent"] == 0, "she stands in the file; only her telephone number is wrong"


@pytest.mark.parametrize("on", [ROSTER_ON, TODAY - timedelta(days=60), ROSTER_ON + timedelta(days=1)])
def test_an_absence_never_ends_a_placement_before_it_began(city, on):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    applied(city, [BUDI], complete=True, on=on)
    ended = Placement.objects.get(person__identifier=SARI["identifier"])
    assert ended.until_on > ended.from_on


def test_somebody_who_comes_back_gets_a_new_placement_and_keeps_the_old(city):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    applied(city, [BUDI], complete=True, on=date(2024, 10, 1))
    person = Person.objects.get(identifier=SARI["identifier"])
    given = applied(city, [SARI | {"unit_code": "SDN-01"}, BUDI], complete=True)
    assert counts(given, "returned", "new", "absent") == {"returned": 1, "new": 0, "absent": 0}
    assert Person.objects.get(identifier=SARI["identifier"]).pk == person.pk
    spans = Placement.objects.filter(person=person).order_by("from_on").values_list("unit__code", "from_on", "until_on")
    assert list(spans) == [("SMPN-3", ROSTER_ON, date(2024, 10, 1)), ("SDN-01", TODAY, None)]


def test_who_comes_back_to_this_agency_is_told_apart_from_who_comes_from_another(city, other_city):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    applied(city, [BUDI], complete=True, on=date(2024, 10, 1))
    applied(other_city, [RINI | {"unit_code": "SMPN-1"}, ALI | {"unit_code": "SMPN-1"}], on=ROSTER_ON)
    applied(other_city, [ALI | {"unit_code": "SMPN-1"}], complete=True, on=date(2024, 10, 1))
    given = previewed(city, [SARI, RINI, BUDI])
    assert counts(given, "returned", "rejoined", "new") == {"returned": 2, "rejoined": 1, "new": 0}
    assert {change.kind for change in given.changes.all()} == {"returned"}


def test_a_column_that_is_not_mapped_wipes_nothing(city):
    full = SARI | {
        "front_title": "Hj.", "back_title": "S.Pd", "sex": "P", "birth_on": "1985-03-15", "start_on": "2010-01-01",
        "status": "Cuti", "is_head": "Ya", "superior": BUDI["identifier"], "post_kind": "Fungsional",
    }  # fmt: skip
    applied(city, [full, BUDI | {"is_head": ""}], on=ROSTER_ON)
    before = dump(prints=False)
    bare = [{name: row[name] for name in ("identifier", "name", "employment", "unit_code")} for row in (SARI, BUDI)]
    given = applied(city, bare)
    assert counts(given, "changed", "moved", "new", "rejected") == {"changed": 0, "moved": 0, "new": 0, "rejected": 0}
    assert dump(prints=False) == before


def test_an_empty_cell_of_a_mapped_column_does_wipe(city):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    given = applied(city, [SARI | {"phone": ""}, BUDI])
    assert given.counts["changed"] == 1
    assert Person.objects.get(identifier=SARI["identifier"]).phone == ""


def test_a_column_that_is_not_mapped_wipes_nothing_of_somebody_who_comes_back(city):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    applied(city, [BUDI], complete=True, on=date(2024, 10, 1))
    applied(city, [{name: SARI[name] for name in ("identifier", "name", "employment", "unit_code")}])
    person = Person.objects.get(identifier=SARI["identifier"])
    assert (person.email, person.phone) == (SARI["email"], SARI["phone"])


def test_a_superior_is_tied_by_number_even_to_somebody_further_down(city):
    given = applied(city, [SARI | {"superior": "19720817 199803 1 002"}, BUDI])
    assert current(SARI["identifier"]).superior.identifier == BUDI["identifier"]
    assert given.counts["new"] == 2
    applied(city, [SARI | {"superior": ""}, BUDI], on=TODAY)
    assert current(SARI["identifier"]).superior is None


def test_an_unknown_superior_and_oneself_leave_the_one_of_the_tree(city):
    applied(city, [SARI | {"superior": "197001011990011001"}, BUDI | {"superior": BUDI["identifier"]}])
    assert current(SARI["identifier"]).superior is None and current(BUDI["identifier"]).superior is None


def test_a_superior_who_comes_onto_the_roster_later_is_tied_by_the_next_file(city):
    sari = SARI | {"superior": BUDI["identifier"]}
    applied(city, [sari], on=ROSTER_ON)
    applied(city, [sari, BUDI])
    assert current(SARI["identifier"]).superior == Person.objects.get(identifier=BUDI["identifier"])


# --- superiors of another agency ---------------------------------------------------------------------------------


def test_a_superior_of_another_agency_is_as_unknown_as_a_number_nobody_bears(city, cast):
    tono = cast.tono.person
    known, unknown = SARI | {"superior": tono.identifier}, SARI | {"superior": "197001011990011001"}
    for rows in ([known, ALI | {"superior": tono.identifier}], [unknown, ALI | {"superior": "197001011990011001"}]):
        given = applied(city, rows)
        assert not Placement.objects.exclude(superior=None).exists()
        assert tono.identifier not in json.dumps([[each.before, each.after] for each in given.changes.all()])
    assert units.superior(cast.sari.person).name == "Budi Misalkan"


def test_a_superior_of_another_agency_stays_unknown_even_if_the_file_names_him(city, cast):
    tono = cast.tono.person
    row = {"identifier": tono.identifier, "name": "Tono", "employment": "PNS", "unit_code": "SMPN-3"}
    given = applied(city, [SARI | {"superior": tono.identifier}, row])
    assert rejected(given) == {3: [("identifier", "person_of_other_agency")]}
    assert current(SARI["identifier"]).superior is None
    assert not [each for each in given.changes.all() if "superior" in each.after]


def test_a_tie_to_somebody_who_serves_elsewhere_is_not_told_and_not_carried_on(city, cast):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    Placement.objects.filter(person=cast.sari.person, until_on=None).update(superior=cast.tono.person, row_print=None)
    given = applied(city, [SARI | {"unit_code": "SDN-01", "superior": BUDI["identifier"]}, BUDI])
    (change,) = given.changes.filter(kind="moved")
    assert (change.before["superior"], change.after["superior"]) == ("", BUDI["identifier"])
    assert cast.tono.person.identifier not in json.dumps([[each.before, each.after] for each in given.changes.all()])


def test_a_superior_whom_a_complete_file_does_not_name_is_not_tied(city, cast):
    given = applied(city, [SARI | {"superior": cast.rina.person.identifier}, BUDI], complete=True)
    assert given.counts["absent"] == 1 and current(SARI["identifier"]).superior is None
    assert not [each for each in given.changes.all() if "superior" in each.after]


# --- a complete file ---------------------------------------------------------------------------------------------


QUIET = {"ends_many": False, "short": False, "spared": 0, "unmatched": 0, "unread": []}


def soldiers(count):
    return [
        {
            "identifier": f"9000{number:03}",
            "name": f"Orang {chr(97 + number % 26)}",
            "employment": "TNI",
            "unit_code": "SMPN-3",
        }
        for number in range(count)
    ]


@pytest.mark.parametrize("rows", [[], [SARI | {"phone": "rahasia"}]], ids=["header alone", "no good row"])
def test_a_complete_file_without_a_good_row_ends_nobody(city, cast, rows):
    before = dump()
    data = file_of(rows, list(SARI))
    shown = previewed(city, data, complete=True)
    assert (shown.state, shown.error["code"]) == ("failed", "complete_file_empty")
    given = received(city, data)
    roster.map_columns(given, given.fields, complete=True, new_units=False)
    with pytest.raises(CompleteFileEmpty):
        roster.store(given, by=None, now=NOW, ends=3)
    assert dump() == before and not LogEntry.objects.exists()
    assert previewed(city, data).state == "previewed", "as a part of a roster it does no harm"


@pytest.mark.parametrize(("kept", "asked"), [(21, False), (11, False), (10, True), (1, True)])
def test_a_complete_file_that_ends_most_placements_is_stored_only_by_who_says_how_many(city, kept, asked):
    applied(city, soldiers(21), on=ROSTER_ON)
    before, ends = dump(prints=False), 21 - kept
    shown = previewed(city, soldiers(kept), complete=True)
    assert shown.counts["caution"] == QUIET | {"placed": 21, "ends_many": asked, "short": kept < 11}
    for wrong in (None, ends - 1, 0) if asked else ():
        with pytest.raises(ManyWouldEnd) as caught:
            roster.begin_applying(shown, ends=wrong)
        assert (caught.value.ends, caught.value.placed) == (ends, 21)
        given = received(city, file_of(soldiers(kept)))
        roster.map_columns(given, given.fields, complete=True, new_units=False)
        with pytest.raises(ManyWouldEnd):
            roster.store(given, by=None, now=NOW, ends=wrong)
        assert dump(prints=False) == before and given.state == "failed" and len(logged("roster.imported")) == 1
    roster.begin_applying(shown, ends=ends if asked else None)
    roster.apply(shown, by=None, now=NOW)
    assert Placement.objects.current().count() == kept


def test_of_a_small_agency_and_of_a_part_of_a_roster_nothing_is_asked(city):
    applied(city, soldiers(9), on=ROSTER_ON)
    assert previewed(city, soldiers(1), complete=True).counts["caution"]["ends_many"] is False
    applied(city, soldiers(30), on=ROSTER_ON)
    part = previewed(city, soldiers(1))
    assert part.counts["caution"] == QUIET | {"placed": 30, "short": True}


def test_a_preview_that_was_made_anew_after_it_was_shown_is_not_applied(city):
    given = previewed(city, [SARI])
    stale = RosterImport.objects.get(pk=given.pk)
    RosterImport.objects.filter(pk=given.pk).update(difference="0" * 64)
    with pytest.raises(ImportStateWrong):
        roster.begin_applying(stale)


def test_an_import_is_found_by_its_number(city):
    given = previewed(city, [SARI])
    assert roster.get_import(given.pk) == given
    with pytest.raises(ImportUnknown):
        roster.get_import(given.pk + 1)


# --- who may not come in -----------------------------------------------------------------------------------------


def test_a_person_who_serves_in_another_agency_is_refused_and_stays_there(city, cast):
    tono = {"identifier": cast.tono.person.identifier, "name": "Tono Lain", "employment": "PNS", "unit_code": "SMPN-3"}
    before = dump()
    given = applied(city, [tono])
    assert rejected(given) == {2: [("identifier", "person_of_other_agency")]}
    assert counts(given, "new", "returned") == {"new": 0, "returned": 0}
    assert dump() == before


def test_a_complete_file_ends_nobody_of_another_agency(city, cast):
    given = applied(city, [SARI], complete=True, on=date(2024, 10, 1))
    assert given.counts["absent"] == 2  # Budi and Rina
    assert current(cast.tono.person.identifier).unit.agency != city


def test_people_without_a_number_are_told_apart_by_name_unit_and_birth_date(city):
    rows = [ALI, ALI | {"birth_on": "1991-02-01"}, ALI | {"name": "Ali Lain"}, ALI | {"unit_code": "SDN-01"}, ALI]
    given = applied(city, [*rows, ALI | {"name": "ALI  andaikan"}])
    assert given.counts["new"] == 4 == Person.objects.filter(identifier_type="none").count()
    assert rejected(given) == {6: [("name", "person_twice")], 7: [("name", "person_twice")]}
    again = applied(city, [ALI], on=TODAY)
    assert counts(again, "same", "new", "changed") == {"same": 1, "new": 0, "changed": 0}


def test_people_without_a_number_of_two_agencies_are_two(city, other_city):
    applied(city, [ALI])
    applied(other_city, [ALI | {"unit_code": "SMPN-1"}])
    assert Person.objects.filter(name=ALI["name"]).count() == 2


# Two of one name, and the guards of two schools who share neither birth date nor unit.
ALI_SD = ALI | {"unit_code": "SDN-01"}
GUARD = {"identifier": "", "name": "Umar Umpama", "employment": "Honorer", "unit_code": "SDN-01", "post": "Penjaga"}


def unnumbered(agency):
    """Who is placed now without a number: (name, unit, birth date)."""
    placed = Placement.objects.current().filter(unit__agency=agency, person__identifier_type="none").order_by("pk")
    rows = [
        (each.person.name, each.unit.code, each.person.birth_on) for each in placed.select_related("unit", "person")
    ]
    return sorted(rows, key=lambda row: row[:2])


def test_somebody_without_a_number_who_changes_his_unit_in_a_complete_file_stays_the_same_person(city, monkeypatch):
    monkeypatch.setattr(roster.spreadsheets, "_BLOCK_BYTES", 150)
    applied(city, [SARI, ALI, GUARD], on=ROSTER_ON)
    ali = Person.objects.get(name=ALI["name"])
    moved = previewed(city, [ALI_SD | {"post": "Penjaga Malam"}, SARI, GUARD], complete=True)
    assert counts(moved, "moved", "new", "absent", "rejected") == {"moved": 1, "new": 0, "absent": 0, "rejected": 0}
    assert moved.changes.get().after["unit"] == "SDN-01", "the preview shows whom it moves, and where"
    roster.begin_applying(moved)
    roster.apply(moved, by=None, now=NOW)
    assert Person.objects.filter(name=ALI["name"]).get() == ali
    spans = Placement.objects.filter(person=ali).order_by("pk").values_list("unit__code", "until_on")
    assert list(spans) == [("SMPN-3", TODAY), ("SDN-01", None)]
    again = previewed(city, [ALI_SD | {"post": "Penjaga Malam"}, SARI, GUARD], complete=True)
    assert counts(again, "same", "new", "absent") == {"same": 3, "new": 0, "absent": 0}


def test_a_transfer_without_a_number_is_taken_back_with_its_import(city):
    applied(city, [SARI, ALI], on=ROSTER_ON)
    before = dump(prints=False)
    given = applied(city, [SARI, ALI_SD], complete=True)
    roster.undo(given, by=None, now=NOW)
    assert dump(prints=False) == before


@pytest.mark.parametrize(
    ("known", "row", "becomes"),
    [
        ({}, {}, "moved"),
        ({"birth_on": ""}, {"birth_on": ""}, "rejected"),  # a name alone
        ({"birth_on": ""}, {"birth_on": "1990-02-01"}, "rejected"),
        ({}, {"birth_on": "1991-02-01"}, "new"),  # somebody else of that name
        ({"sex": "L"}, {"sex": "P"}, "new"),
        ({"birth_on": "", "phone": "0812 0000 0009"}, {"birth_on": "", "phone": "081200000009"}, "moved"),
        ({"birth_on": "", "email": "ali@contoh.test"}, {"email": "Ali@contoh.test"}, "moved"),
        ({"birth_on": "", "start_on": "2020-01-01"}, {"birth_on": "", "start_on": "2020-01-01"}, "rejected"),
        ({}, {"name": "ALI  ANDAIKAN", "employment": "Kontrak"}, "moved"),
    ],
)
def test_beside_the_name_something_more_tells_who_moved_or_an_officer_is_asked(city, known, row, becomes):
    applied(city, [SARI, ALI | known], on=ROSTER_ON)
    given = previewed(city, [SARI, ALI_SD | row], complete=True)
    wanted = {name: int(name == becomes) for name in ("moved", "new", "rejected")}
    assert counts(given, *wanted) == wanted
    assert counts(given, "absent") == {"absent": int(becomes == "new")}
    if becomes == "rejected":
        fault = given.rejects.get().faults[0]
        assert (fault["code"], fault["value"]) == ("person_unclear", "SMPN 3 Bukittinggi")
        roster.begin_applying(given)
        roster.apply(given, by=None, now=NOW)
        assert [unit for _, unit, _ in unnumbered(city)] == ["SMPN-3"], "whoever may be meant was ended"


@pytest.mark.parametrize(
    ("known", "rows", "moved", "new", "rejected"),
    [
        # One of two doubles stays, and the other could be either of them.
        (["SMPN-3", "SDN-01"], ["SDN-01", "KEC-01"], 0, 0, 1),
        # Both go, to two units.
        (["SMPN-3", "SDN-01"], ["KEC-01", "DISDIK"], 0, 0, 2),
        # One goes; the file has him in two new units.
        (["SMPN-3"], ["KEC-01", "DISDIK"], 0, 0, 2),
        # One stays and has a second work: nobody is missing.
        (["SMPN-3"], ["SMPN-3", "KEC-01"], 0, 1, 0),
    ],
)
def test_of_doubles_nobody_is_moved_by_a_guess(city, known, rows, moved, new, rejected):
    applied(city, [SARI, *(ALI | {"unit_code": unit} for unit in known)], on=ROSTER_ON)
    before = Placement.objects.current().filter(person__identifier_type="none").count()
    given = applied(city, [SARI, *(ALI | {"unit_code": unit} for unit in rows)], complete=True)
    assert counts(given, "moved", "new", "rejected", "absent") == {
        "moved": moved, "new": new, "rejected": rejected, "absent": 0,
    }  # fmt: skip
    assert Placement.objects.current().filter(person__identifier_type="none").count() == before + new


def test_whom_a_birth_date_tells_elsewhere_is_not_taken_for_a_namesake_where_he_stood(city):
    applied(city, [SARI, ALI], on=ROSTER_ON)
    given = applied(city, [SARI, ALI | {"birth_on": "", "post": "Pengemudi"}, ALI_SD], complete=True)
    assert counts(given, "moved", "new", "absent", "rejected") == {"moved": 1, "new": 1, "absent": 0, "rejected": 0}
    assert unnumbered(city) == [("Ali Andaikan", "SDN-01", date(1990, 2, 1)), ("Ali Andaikan", "SMPN-3", None)]


def test_doubles_with_other_birth_dates_move_each_for_himself(city):
    other = {"birth_on": "1991-02-01"}
    applied(city, [SARI, ALI, ALI_SD | other], on=ROSTER_ON)
    given = applied(city, [SARI, ALI_SD, ALI | other | {"unit_code": "KEC-01"}], complete=True)
    assert counts(given, "moved", "new", "absent", "rejected") == {"moved": 2, "new": 0, "absent": 0, "rejected": 0}
    assert [unit for _, unit, _ in unnumbered(city)] == ["KEC-01", "SDN-01"]
    assert Person.objects.filter(name=ALI["name"]).count() == 2


def test_an_officer_who_moves_him_by_hand_has_answered(city, cast):
    applied(city, [SARI, GUARD], on=ROSTER_ON)
    row = GUARD | {"unit_code": "SMPN-3"}
    assert rejected(previewed(city, [SARI, row], complete=True)) == {3: [("name", "person_unclear")]}
    umar = Person.objects.get(name=GUARD["name"])
    values = {"unit": city.units.get(code="SMPN-3")}
    roster.place(umar, values=values, today=TODAY, by=cast.rina.user, now=NOW)
    for _ in range(2):
        given = applied(city, [SARI, row], complete=True)
        assert counts(given, "new", "rejected") == {"new": 0, "rejected": 0}
        assert (
            Person.objects.get(name=GUARD["name"]) == umar and Placement.objects.current().filter(person=umar).exists()
        )


def test_an_officer_who_writes_down_that_the_other_left_has_answered(city, cast):
    applied(city, [SARI, GUARD], on=ROSTER_ON)
    umar = Person.objects.get(name=GUARD["name"])
    roster.place(umar, values={"status": "resigned"}, today=TODAY, by=cast.rina.user, now=NOW)
    given = applied(city, [SARI, GUARD | {"unit_code": "SMPN-3"}], complete=True)
    assert counts(given, "new", "rejected") == {"new": 1, "rejected": 0}


def test_a_birth_date_that_a_later_file_brings_makes_nobody_new(city):
    applied(city, [SARI, GUARD], on=ROSTER_ON)
    umar = Person.objects.get(name=GUARD["name"])
    for complete in (False, True):
        given = applied(city, [SARI, GUARD | {"birth_on": "1988-03-04"}], complete=complete)
        assert given.counts["new"] == 0 and Person.objects.get(name=GUARD["name"]) == umar
    umar.refresh_from_db()
    assert umar.birth_on == date(1988, 3, 4)


def test_a_file_of_some_units_moves_nobody_without_a_number_and_asks_about_him(city):
    applied(city, [SARI, ALI, GUARD], on=ROSTER_ON)
    given = applied(city, [ALI_SD, GUARD | {"unit_code": "SMPN-3"}])
    # Of the guard there is nothing but a name: without a complete file he may be anybody.
    assert rejected(given) == {2: [("name", "person_unclear")]} and given.counts["new"] == 1
    assert ("Ali Andaikan", "SMPN-3", date(1990, 2, 1)) in unnumbered(city)


def test_whoever_has_the_name_in_another_agency_is_not_asked_about(city, other_city):
    applied(city, [ALI])
    given = applied(other_city, [ALI | {"unit_code": "SMPN-1"}], complete=True)
    assert counts(given, "new", "rejected") == {"new": 1, "rejected": 0}


def test_two_of_the_same_name_without_a_number_are_found_across_blocks(city, monkeypatch):
    monkeypatch.setattr(roster.spreadsheets, "_BLOCK_BYTES", 150)
    given = applied(city, [ALI, SARI, BUDI, ALI, SARI])
    assert rejected(given) == {5: [("name", "person_twice")], 6: [("identifier", "identifier_twice")]}


def test_a_file_read_in_many_blocks_gives_the_same_difference(town, monkeypatch):
    _, rows = town_of(120)
    rows, _ = invented.spoil(rows, 120, 20, 3)
    rows = list(rows)
    whole = previewed(town, rows, new_units=True)
    monkeypatch.setattr(roster.spreadsheets, "_BLOCK_BYTES", 700)
    parts = previewed(town, rows, new_units=True)
    assert counts(parts) == counts(whole) and rejected(parts) == rejected(whole)
    roster.begin_applying(parts)
    roster.apply(parts, by=None, now=NOW)
    assert Person.objects.count() == 100 and town.units.count() == parts.counts["units"] + 1


# --- any two rosters ---------------------------------------------------------------------------------------------

SOMEBODY = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["Dinas A", "Dinas B", "Dinas C"]), "post": st.sampled_from(["", "Staf", "Guru"]),
        "email": st.sampled_from(["", "x@example.test", "y@example.test"]), "status": st.sampled_from(["Aktif", "Cuti"]),
        "is_head": st.sampled_from(["", "Ya"]), "superior": st.integers(0, 4), "name": st.sampled_from(["Ani", "Ani, S.H"]),
    }
)  # fmt: skip
ROSTERS = st.dictionaries(st.integers(0, 4), SOMEBODY, min_size=1)


def as_rows(people, prefix):
    """Rows of soldiers, whose numbers may be anything; a superior stands in the same file or is left out, and of those
    who head a unit the first does.
    """
    heads = {somebody["unit"]: key for key, somebody in reversed(people.items()) if somebody["is_head"]}
    return [
        {"identifier": f"{prefix}{key}", "employment": "TNI", "front_title": ""} | somebody
        | {"superior": f"{prefix}{somebody['superior']}" if somebody["superior"] in people else ""}
        | {"is_head": somebody["is_head"] if heads.get(somebody["unit"]) == key else ""}
        for key, somebody in people.items()
    ]  # fmt: skip


def on_roster(agency):
    """Who is on an agency's roster now, as a file would say it."""
    found = {}
    for placement in (
        Placement.objects.current().filter(unit__agency=agency).select_related("person", "unit", "superior")
    ):
        person = placement.person
        found[person.identifier] = (
            placement.unit.name, placement.post, placement.status, placement.is_head, person.email, person.back_title,
            placement.superior.identifier if placement.superior else "",
        )  # fmt: skip
    return found


def as_expected(rows):
    return {
        row["identifier"]: (
            row["unit"], row["post"], rules.STATUS_WORDS[row["status"].lower()], row["is_head"] == "Ya", row["email"],
            row["name"].partition(", ")[2], row["superior"] if row["superior"] != row["identifier"] else "",
        )
        for row in rows
    }  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROSTERS, second=ROSTERS, on=st.sampled_from([ROSTER_ON, TODAY]))
def test_of_any_two_complete_rosters_the_second_holds_and_undone_the_first_again(db, home, first, second, on):
    # Each pair in an agency of its own: what is in the log cannot be taken out again between two of them.
    prefix = f"{1000 + Person.objects.count() + RosterImport.objects.count()}0"
    agency = make_agency(prefix, f"Kota {prefix}", None, [])
    by = User.objects.create(username=prefix, password="!", created_at=NOW)
    fields = ["identifier", "name", "employment", "unit", "post", "email", "status", "is_head", "superior"]

    rows = as_rows(first, prefix)
    applied(agency, rows, complete=True, new_units=True, fields=fields, on=ROSTER_ON)
    assert on_roster(agency) == as_expected(rows)
    before = dump(prints=False)
    titles = dict(Person.objects.values_list("identifier", "back_title"))

    rows = as_rows(second, prefix)
    given = applied(agency, rows, complete=True, new_units=True, fields=fields, on=on)
    expected = as_expected(rows)
    for key, value in on_roster(agency).items():
        # A back title has no column of its own here: a name without one does not take it away.
        title = expected[key][5] or titles.get(key, "")
        assert value == (*expected[key][:5], title, expected[key][6])
    assert set(on_roster(agency)) == set(expected)

    roster.undo(given, by=by, now=NOW)
    assert dump(prints=False) == before


# --- units -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("DINAS a", "Dinas A"), ("Dinas A", "DINAS A"), ("dinas a", "Dinas A")])
def test_of_two_spellings_of_a_new_unit_the_one_that_names_are_written_in_is_kept(town, names):
    for order in (names, names[::-1]):
        rows = [NAMELESS | {"name": f"Orang {chr(97 + at)}", "unit": name} for at, name in enumerate(order)]
        assert previewed(town, rows, new_units=True).counts["unit_names"] == ["Dinas A"]


def test_an_unknown_unit_is_refused_unless_it_was_asked_to_make_it(city):
    rows = [SARI | {"unit_code": "SMPN-9", "unit": "SMPN 9"}, BUDI]
    before = city.units.count()
    refused = previewed(city, rows)
    assert rejected(refused) == {2: [("unit_code", "unit_unknown")]}
    assert counts(refused, "units", "new") == {"units": 0, "new": 1}
    made = previewed(city, rows, new_units=True)
    assert counts(made, "units", "new", "rejected") == {"units": 1, "new": 2, "rejected": 0}
    assert made.counts["unit_names"] == ["SMPN 9"] and city.units.count() == before
    roster.begin_applying(made)
    roster.apply(made, by=None, now=NOW)
    unit = city.units.get(code="SMPN-9")
    assert (unit.name, unit.kind, unit.parent.code) == ("SMPN 9", "school", "13.75")
    assert current(SARI["identifier"]).unit == unit and unit.position


def test_a_unit_is_found_by_its_name_and_one_of_two_by_the_one_above(city, now, cast):
    root = city.units.get(parent=None)
    for parent, code in (("KEC-01", "KEC-01-TU"), ("DISDIK", "DISDIK-TU")):
        units.create_unit(
            parent=city.units.get(code=parent), code=code, name="Subbagian Umum", kind="section", by=cast.rina.user, now=now
        )  # fmt: skip
    base = {name: value for name, value in SARI.items() if name != "unit_code"}
    rows = [
        base | {"unit": "smpn 3  BUKITTINGGI"},
        BUDI | {"unit_code": "", "unit": "Subbagian Umum", "parent_unit": "Dinas Pendidikan"},
        ALI | {"unit_code": "", "unit": "Subbagian Umum", "parent_unit": "KEC-01"},
        ALI | {"unit_code": "", "unit": "Subbagian Umum"},
        ALI | {"unit_code": "", "unit": "Subbagian Umum", "parent_unit": "Dinas Kesehatan"},
        ALI | {"unit_code": "", "unit": root.name},
    ]
    given = applied(city, rows, now=now)
    assert rejected(given) == {5: [("unit", "unit_ambiguous")], 6: [("unit", "unit_ambiguous")]}
    assert current(SARI["identifier"]).unit.code == "SMPN-3"
    assert current(BUDI["identifier"]).unit.code == "DISDIK-TU"
    placed = Placement.objects.filter(person__name=ALI["name"]).values_list("unit__code", flat=True)
    assert sorted(placed) == ["13.75", "KEC-01-TU"]


def test_units_that_turn_up_in_a_later_block_are_made_too(town, monkeypatch):
    monkeypatch.setattr(roster.spreadsheets, "_BLOCK_BYTES", 100)
    base = {name: value for name, value in ALI.items() if name != "unit_code"}
    rows = [base | {"name": f"Orang {chr(97 + at)}", "unit": f"Dinas {at % 7}"} for at in range(21)]
    given = applied(town, rows, new_units=True)
    assert counts(given, "new", "units") == {"new": 21, "units": 7}
    assert tree(town) == {town.name: None} | {f"Dinas {at}": town.name for at in range(7)}
    assert all(unit.placements.count() == 3 for unit in town.units.exclude(parent=None))


def test_a_unit_that_was_closed_takes_nobody(city):
    WorkUnit.objects.filter(code="SMPN-3").update(closed_on=date(2024, 1, 1))
    given = previewed(city, [SARI])
    assert rejected(given) == {2: [("unit_code", "unit_unknown")]}


def tree(agency):
    return {unit.name: unit.parent and unit.parent.name for unit in agency.units.select_related("parent")}


def test_the_parent_of_a_unit_may_be_named_further_down(town):
    base = {name: value for name, value in ALI.items() if name != "unit_code"}
    rows = [
        base | {"name": "Satu", "unit": "SMPN 3", "parent_unit": "Dinas Pendidikan"},
        base | {"name": "Dua", "unit": "Dinas Pendidikan", "parent_unit": "Sekretariat Daerah"},
        base | {"name": "Tiga", "unit": "Seksi Kurikulum", "parent_unit": "SMPN 3"},
        base | {"name": "Empat", "unit": "Sekretariat Daerah", "parent_unit": town.name},
        base | {"name": "Lima", "unit": "SMPN 3", "parent_unit": ""},
        base | {"name": "Enam", "unit": "Kelurahan Koto", "parent_unit": "Kecamatan Koto"},
    ]
    applied(town, rows, new_units=True)
    assert tree(town) == {
        town.name: None, "Sekretariat Daerah": town.name, "Dinas Pendidikan": "Sekretariat Daerah",
        "SMPN 3": "Dinas Pendidikan", "Seksi Kurikulum": "SMPN 3", "Kecamatan Koto": town.name,
        "Kelurahan Koto": "Kecamatan Koto",
    }  # fmt: skip
    depth = {unit.name: unit.depth for unit in town.units.all()}
    assert depth["Seksi Kurikulum"] == 4 and depth["Kelurahan Koto"] == 2


@pytest.mark.parametrize("new_units", [True, False])
@pytest.mark.parametrize(
    "naming", [{"unit": "Dinas Satu"}, {"unit": "Dinas Satu", "unit_code": "D-1"}, {"unit": "X", "unit_code": "Dinas Satu"}]
)  # fmt: skip
def test_a_unit_that_names_itself_as_its_parent_is_refused(town, naming, new_units):
    base = {name: value for name, value in ALI.items() if name != "unit_code"}
    good = base | {"name": "Baik", "unit": "Dinas Dua", "parent_unit": town.name}
    applied(town, [good], new_units=True)
    given = applied(town, [good, base | naming | {"parent_unit": "DINAS  satu"}], new_units=new_units)
    assert rejected(given) == {3: [("parent_unit", "unit_own_parent")]}
    assert tree(town) == {town.name: None, "Dinas Dua": town.name}


@pytest.mark.parametrize("above", ["", "  the town ", "99.99"])
def test_the_agency_itself_may_bear_a_code_of_the_file_and_is_named_by_it(town, above):
    base = {name: value for name, value in ALI.items() if name != "unit_code"}
    rows = [
        base
        | {
            "name": "Satu",
            "unit": town.name,
            "unit_code": "99.99",
            "parent_unit": above.replace("the town", town.name),
        },
        base | {"name": "Dua", "unit": "Dinas Satu", "unit_code": "D-1", "parent_unit": town.name},
        base | {"name": "Tiga", "unit": "Dinas Dua", "unit_code": "D-2", "parent_unit": "99.99"},
    ]
    assert rejected(applied(town, rows, new_units=True)) == {}
    assert tree(town) == {town.name: None, "Dinas Satu": town.name, "Dinas Dua": town.name}
    again = applied(town, rows[:2], new_units=False)
    assert rejected(again) == {} and again.counts["new"] == 0


def test_the_root_may_stand_as_its_own_parent_for_nothing_is_above_it(town):
    base = {name: value for name, value in ALI.items() if name != "unit_code"}
    applied(town, [base | {"unit": town.name, "parent_unit": town.name}], new_units=True)
    assert Placement.objects.get().unit.parent is None and town.units.count() == 1


# --- units of one name -------------------------------------------------------------------------------------------

NAMELESS = {name: value for name, value in ALI.items() if name != "unit_code"}
OFFICES = ["Dinas Satu", "Dinas Dua", "Dinas Tiga"]
OF_ONE_NAME = [NAMELESS | {"name": f"Orang {each}", "unit": "Sekretariat", "parent_unit": each} for each in OFFICES]
AT_HOME = [NAMELESS | {"name": f"Kepala {each}", "unit": each, "parent_unit": ""} for each in OFFICES]
WHERE = {f"Orang {each}": ("Sekretariat", each) for each in OFFICES}


def where(agency):
    """Where everybody stands: {name: (unit, parent)}."""
    placed = Placement.objects.current().filter(unit__agency=agency).select_related("person", "unit__parent")
    return {each.person.name: (each.unit.name, each.unit.parent and each.unit.parent.name) for each in placed}


@pytest.mark.parametrize("block", [24_000_000, 120], ids=["one block", "many blocks"])
@pytest.mark.parametrize("rows", list(itertools.permutations(OF_ONE_NAME)), ids=lambda rows: rows[0]["parent_unit"])
def test_units_of_one_name_under_different_parents_are_as_many(town, monkeypatch, rows, block):
    monkeypatch.setattr(roster.spreadsheets, "_BLOCK_BYTES", block)
    given = applied(town, [*rows], new_units=True, complete=True)
    assert counts(given, "new", "units", "rejected") == {"new": 3, "units": 6, "rejected": 0}
    assert where(town) == WHERE
    before, tree_before = dump(), list(WorkUnit.objects.order_by("pk").values())
    for new_units in (True, False):
        again = applied(town, [*reversed(rows)], new_units=new_units, complete=True)
        assert counts(again, "same", "units", "rejected", "moved", "absent") == {
            "same": 3, "units": 0, "rejected": 0, "moved": 0, "absent": 0,
        }  # fmt: skip
    assert dump() == before and list(WorkUnit.objects.order_by("pk").values()) == tree_before


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*OF_ONE_NAME, *AT_HOME]), made=st.permutations(range(6)))
def test_the_order_of_the_rows_decides_nothing_about_the_tree(db, home, order, made):
    agency = make_agency(f"T{Agency.objects.count()}", "Kota", None, [])
    applied(agency, order, new_units=True)
    placed = where(agency)
    assert {name: placed[name] for name in WHERE} == WHERE and agency.units.count() == 7
    codes = {
        f"{unit.parent and unit.parent.name}/{unit.name}": unit.code for unit in agency.units.select_related("parent")
    }
    again = make_agency(f"T{Agency.objects.count()}", "Kota", None, [])
    applied(again, [order[at] for at in made], new_units=True)
    codes_again = {
        f"{unit.parent and unit.parent.name}/{unit.name}": unit.code for unit in again.units.select_related("parent")
    }
    assert {k: v for k, v in codes.items() if v != agency.code} == {
        k: v for k, v in codes_again.items() if v != again.code
    }


def test_a_unit_of_the_name_under_another_parent_takes_nobody(town):
    applied(town, OF_ONE_NAME[:1], new_units=True)
    refused = previewed(town, OF_ONE_NAME)
    assert rejected(refused) == {3: [("unit", "unit_unknown")], 4: [("unit", "unit_unknown")]}
    assert [fault["value"] for reject in refused.rejects.all() for fault in reject.faults] == [
        "Dinas Dua / Sekretariat", "Dinas Tiga / Sekretariat",
    ]  # fmt: skip
    given = applied(town, OF_ONE_NAME, new_units=True)
    assert counts(given, "new", "same", "units") == {"new": 2, "same": 1, "units": 4} and where(town) == WHERE


def test_a_name_alone_that_several_bear_is_refused_whichever_row_comes_first(town):
    alone = NAMELESS | {"name": "Orang Lain", "unit": "Sekretariat", "parent_unit": ""}
    for rows in ([alone, *OF_ONE_NAME], [*OF_ONE_NAME, alone]):
        given = previewed(town, rows, new_units=True)
        assert list(rejected(given).values()) == [[("unit", "unit_ambiguous")]] and given.counts["units"] == 6
    only = previewed(town, [alone, OF_ONE_NAME[0]], new_units=True)
    assert counts(only, "new", "units", "rejected") == {"new": 2, "units": 2, "rejected": 0}


def test_a_parent_that_several_units_are_called_is_not_guessed(town):
    below = NAMELESS | {"name": "Orang Bawah", "unit": "Subbagian Umum", "parent_unit": "Sekretariat"}
    coded = NAMELESS | {"name": "Orang Kode", "unit": "Subbagian Lain", "unit_code": "SL", "parent_unit": "Sekretariat"}
    given = applied(town, [below, *OF_ONE_NAME, coded], new_units=True)
    assert rejected(given) == {2: [("unit", "unit_ambiguous")], 6: [("parent_unit", "unit_ambiguous")]}
    assert where(town) == WHERE and town.units.count() == 7


def test_a_unit_and_its_parent_may_bear_names_that_others_bear_too(town):
    rows = [
        NAMELESS | {"name": f"Orang {part}", "unit": "Tata Usaha", "parent_unit": part} for part in ("SMPN 1", "SMPN 2")
    ] + [
        NAMELESS | {"name": f"Kepala {part}", "unit": part, "parent_unit": "Dinas Pendidikan"}
        for part in ("SMPN 1", "SMPN 2")
    ]
    for order in (rows, rows[::-1]):
        assert previewed(town, order, new_units=True).counts["units"] == 5
    applied(town, rows, new_units=True)
    assert where(town)["Orang SMPN 2"] == ("Tata Usaha", "SMPN 2")
    assert where(town)["Kepala SMPN 2"] == ("SMPN 2", "Dinas Pendidikan")


def test_a_parent_may_be_called_by_its_code_and_a_unit_with_a_code_is_told_by_it(city):
    rows = [
        NAMELESS | {"name": "Satu", "unit": "Subbagian Umum", "parent_unit": "DISDIK"},
        NAMELESS | {"name": "Dua", "unit": "Subbagian Umum", "parent_unit": "dinas pendidikan"},
        NAMELESS | {"name": "Tiga", "unit": "Subbagian Umum", "parent_unit": "Sekretariat Daerah"},
        NAMELESS | {"name": "Empat", "unit": "Subbagian Umum", "unit_code": "KEC-TU", "parent_unit": "KEC-01"},
    ]
    given = applied(city, rows, new_units=True)
    assert given.counts["units"] == 3
    assert {name: above for name, (_, above) in where(city).items()} == {
        "Satu": "Dinas Pendidikan", "Dua": "Dinas Pendidikan", "Tiga": "Sekretariat Daerah", "Empat": "Kecamatan Guguk Panjang",
    }  # fmt: skip


def test_a_new_code_with_a_colon_and_one_that_was_closed_make_no_unit(city):
    WorkUnit.objects.filter(code="SDN-01").update(closed_on=date(2024, 1, 1))
    rows = [ALI | {"unit_code": "A:B", "unit": "Unit"}, ALI | {"unit_code": "SDN-01"}, ALI | {"unit_code": "X" * 61}]
    before = city.units.count()
    given = applied(city, [SARI, *rows], new_units=True)
    assert rejected(given) == {
        3: [("unit_code", "unit_code_colon")], 4: [("unit_code", "unit_unknown")], 5: [("unit_code", "too_long")],
    }  # fmt: skip
    assert city.units.count() == before


def test_a_file_of_many_units_in_a_long_chain_is_read_in_a_moment(town):
    rows = [NAMELESS | {"name": "Orang Satu", "unit": "Unit 0001", "parent_unit": "Unit 0000"}] + [
        NAMELESS
        | {"name": f"Orang {chr(97 + at % 26)}{at}", "unit": f"Unit {at:04}", "parent_unit": f"Unit {at - 1:04}"}
        for at in range(1500, 1, -1)
    ]
    assert previewed(town, rows, new_units=True).counts["units"] == 1501


@pytest.mark.parametrize("length", [2, 3, 12])
def test_a_cycle_in_the_tree_is_refused_and_nothing_is_written(town, length):
    base = {name: value for name, value in ALI.items() if name != "unit_code"}
    rows = [
        base | {"name": f"Orang {chr(97 + at)}", "unit": f"Dinas {at}", "parent_unit": f"Dinas {(at + 1) % length}"}
        for at in range(length)
    ]
    given = previewed(town, rows, new_units=True)
    if given.state == "previewed":
        roster.begin_applying(given)
        with pytest.raises(UnitTreeHasCycle) as caught:
            roster.apply(given, by=None, now=NOW)
        assert caught.value.unit
    given.refresh_from_db()
    assert (given.state, given.error["code"]) == ("failed", "unit_tree_has_cycle")
    assert not Person.objects.exists() and town.units.count() == 1 and not LogEntry.objects.exists()


def test_a_cycle_is_seen_in_the_preview(town):
    base = {name: value for name, value in ALI.items() if name != "unit_code"}
    rows = [
        base | {"name": "Satu", "unit": "Dinas A", "parent_unit": "Dinas B"},
        base | {"name": "Dua", "unit": "Dinas B", "parent_unit": "Dinas A"},
    ]
    given = previewed(town, rows, new_units=True)
    assert (given.state, given.error.get("code")) == ("failed", "unit_tree_has_cycle")


def test_a_refused_row_makes_no_unit(town):
    base = {name: value for name, value in ALI.items() if name != "unit_code"}
    good = base | {"unit": "Dinas Satu", "parent_unit": town.name}
    for bad in ({"unit": "Dinas Dua", "sex": "X"}, {"unit": "=Dinas Tiga"}, {"unit": "-Dinas Empat"}):
        row = base | {"name": "Orang Buruk", "parent_unit": town.name} | bad
        given = previewed(
            town, [good, row], new_units=True, fields=["name", "employment", "unit", "parent_unit", "sex"]
        )
        assert given.counts["rejected"] == 1
        assert given.counts["unit_names"] == ["Dinas Satu"], bad


def test_a_row_whose_cells_slipped_makes_no_unit_of_what_stands_in_the_wrong_column(town):
    fields = ["name", "employment", "unit", "parent_unit", "post"]
    base = {name: value for name, value in ALI.items() if name != "unit_code"}
    rows = [base | {"unit": "Dinas Satu", "parent_unit": town.name}, base | {"name": "Budi", "unit": "Dinas Satu"}]
    data = file_of(rows, fields).replace(b"Budi,", b"Budi, S.Pd,")
    given = applied(town, data, new_units=True)
    assert rejected(given) == {3: [("", "too_many_cells")]}
    assert tree(town) == {town.name: None, "Dinas Satu": town.name}


# --- columns -----------------------------------------------------------------------------------------------------


def test_columns_are_guessed_and_what_a_person_said_is_remembered_for_the_next_file(city, other_city):
    data = b"Nomor,Nama Orang,Nama,Kedudukan,OPD,Catatan\n198503152010012001,x,Sari,PNS,SMPN 3 Bukittinggi,y\n"
    first = received(city, data)
    assert first.fields == {
        "Nomor": None, "Nama Orang": None, "Nama": "name", "Kedudukan": None, "OPD": "unit", "Catatan": None,
    }  # fmt: skip
    first_guess = dict(first.fields)
    said = first.fields | {"Nomor": "identifier", "Kedudukan": "employment"}
    roster.map_columns(first, said, complete=False, new_units=False)
    roster.preview(first, now=NOW)
    assert received(city, data).fields == first_guess and not ColumnMapping.objects.exists(), "it was only looked at"
    roster.begin_applying(first)
    roster.apply(first, by=None, now=NOW)
    assert received(city, data.replace(b"Sari", b"Budi")).fields == said
    assert received(city, data.replace(b"Catatan", b"Keterangan")).fields["Nomor"] is None, "another shape of file"
    assert received(other_city, data).fields["Nomor"] is None, "another agency's mapping"
    second = received(city, data)
    roster.map_columns(second, said | {"Catatan": "post"}, complete=False, new_units=False)
    roster.store(second, by=None, now=NOW)
    assert received(city, data).fields["Catatan"] == "post" and ColumnMapping.objects.count() == 1


def test_of_two_columns_that_could_hold_one_field_the_first_is_taken(city):
    given = received(city, b"NIP,NIP Baru,Nama,Status Kepegawaian,Unit Kerja\n1,2,Sari,PNS,x\n")
    assert given.fields["NIP"] == "identifier" and given.fields["NIP Baru"] is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"Nama": None}, ColumnsNotMapped), ({"Kode Unit": None}, ColumnsNotMapped), ({"Nama": "height"}, UnknownField),
        ({"Jabatan": "name"}, UnknownField), ({"Tinggi": "name"}, UnknownColumn),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_hold_together_is_refused_and_not_remembered(city, change, error):
    given = received(city, file_of([SARI]))
    with pytest.raises(error):
        roster.map_columns(given, given.fields | change, complete=False, new_units=False)
    given.refresh_from_db()
    assert given.state == "received" and not ColumnMapping.objects.exists()


def test_what_is_missing_is_named(city):
    given = received(city, b"NIP,Jabatan\n1,x\n")
    with pytest.raises(ColumnsNotMapped) as caught:
        roster.map_columns(given, given.fields, complete=False, new_units=False)
    assert caught.value.missing == ("name", "employment", "unit")


# --- files that cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "empty"), (b"a,b\n1,2\n", "no_header"), (b"PK\x03\x04", "cut"), (b"\x00" * 900, "not_a_table")],
)
def test_of_a_file_that_is_no_table_nothing_is_kept(city, home, data, why):
    with pytest.raises(FileUnreadable) as caught:
        received(city, data)
    assert caught.value.reason == why
    assert not RosterImport.objects.exists() and not list((home / "rosters").iterdir())


def test_a_file_that_is_too_large_is_refused_and_not_kept(city, home, settings):
    settings.ROSTER_LIMIT_BYTES = 1000
    with pytest.raises(FileUnreadable) as caught:
        received(city, file_of([SARI] * 20))
    assert caught.value.reason == "too_large" and not list((home / "rosters").iterdir())


def test_a_file_cut_in_half_is_refused_at_the_preview_and_nothing_is_written(city):
    data = file_of([SARI, BUDI, ALI] * 30)
    cut = data[: data.index(b"Penjaga", len(data) // 2)]
    given = previewed(city, cut)
    assert (given.state, given.error) == (
        "failed",
        {"code": "file_unreadable", "reason": "cut", "line": "None", "sheets": ""},
    )
    with pytest.raises(ImportStateWrong):
        roster.begin_applying(given)
    assert not Person.objects.exists() and not LogEntry.objects.exists()


def test_a_file_name_of_ten_megabytes_or_with_a_path_in_it_does_no_harm(city, home):
    given = received(city, file_of([SARI]), name="x" * 10_000_000 + ".csv")
    assert len(given.file_name) <= 200
    given = received(city, file_of([SARI]), name="../../etc/passwd")
    assert (home / given.file_path).resolve().parent == home / "rosters" and given.file_name == "passwd"


def test_a_workbook_goes_the_same_way_as_a_csv(city, tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 5, "PEMERINTAH KOTA")
        for row, cells in enumerate(csv.reader(io.StringIO(file_of([SARI, BUDI, ALI, SARI]).decode())), 4):
            sheet.write_row(row, 0, cells)
    given = applied(city, path.read_bytes(), name="pegawai.xlsx")
    assert counts(given, "rows", "new", "rejected") == {"rows": 4, "new": 3, "rejected": 1}
    assert rejected(given) == {9: [("identifier", "identifier_twice")]}


# --- preview and application -------------------------------------------------------------------------------------


def test_a_preview_moves_nothing(city, cast):
    before, tree_before = dump(), list(WorkUnit.objects.values())
    rows = [SARI | {"unit_code": "BARU", "unit": "Unit Baru"}, ALI, BUDI | {"post": "Guru"}]
    given = previewed(city, rows, new_units=True, complete=True)
    assert counts(given, "new", "moved", "changed", "absent", "units") == {
        "new": 1, "moved": 1, "changed": 1, "absent": 1, "units": 1,
    }  # fmt: skip
    assert dump() == before and list(WorkUnit.objects.values()) == tree_before
    assert not LogEntry.objects.exists()


def test_a_second_preview_replaces_the_first(city, cast):
    rows = [SARI | {"unit_code": "SDN-01"}, ALI | {"name": ""}]
    given = previewed(city, rows)
    roster.map_columns(given, given.fields, complete=True, new_units=False)
    roster.preview(given, now=NOW)
    assert given.rejects.count() == 1 and sorted(given.changes.values_list("kind", flat=True)) == [
        "absent",
        "absent",
        "moved",
    ]


def test_of_two_officers_who_apply_at_once_one_wins(city):
    given = previewed(city, [SARI])
    first, second = RosterImport.objects.get(pk=given.pk), RosterImport.objects.get(pk=given.pk)
    roster.begin_applying(first)
    with pytest.raises(ImportStateWrong) as caught:
        roster.begin_applying(second)
    assert caught.value.state == "applying"
    roster.apply(first, by=None, now=NOW)
    with pytest.raises(ImportStateWrong):
        roster.begin_applying(second)
    assert Person.objects.count() == 1 and len(logged("roster.imported")) == 1


def test_a_file_stored_without_a_preview_is_written_as_one_with_a_preview_is(town, regions):
    _, rows = town_of(120)
    rows, spoiled = invented.spoil(rows, 120, 20, 3)
    rows = list(rows)
    shown = applied(town, rows, new_units=True, complete=True)
    names = {unit.pk: unit.code for unit in WorkUnit.objects.all()}
    expected = sorted(
        (p.person.identifier, names[p.unit_id], p.post) for p in Placement.objects.select_related("person")
    )
    roster.undo(shown, by=User.objects.create(username="R", password="!", created_at=NOW), now=NOW)

    given = received(town, file_of(rows))
    roster.map_columns(given, given.fields, complete=True, new_units=True)
    roster.store(given, by=None, now=NOW)
    assert given.state == "applied" and given.difference
    assert counts(given) == counts(shown) and rejected(given) == rejected(shown)
    found = sorted(
        (p.person.identifier, p.unit.code, p.post) for p in Placement.objects.select_related("person", "unit")
    )
    assert found == expected and len(spoiled) == given.counts["rejected"] == 20
    assert counts(given) in [entry["counts"] for entry in logged("roster.imported")]
    with pytest.raises(ImportStateWrong):
        roster.store(given, by=None, now=NOW)


@pytest.mark.parametrize("state", ["received", "previewed", "applying", "applied", "failed", "undone", "dropped"])
def test_only_a_mapped_file_is_stored(city, state):
    given = received(city, file_of([SARI]))
    RosterImport.objects.filter(pk=given.pk).update(state=state)
    given.refresh_from_db()
    with pytest.raises(ImportStateWrong):
        roster.store(given, by=None, now=NOW)
    assert not Person.objects.exists()


def test_a_file_that_cannot_be_read_to_its_end_is_not_stored(city):
    data = file_of([SARI, BUDI, ALI] * 30)
    given = received(city, data[: data.index(b"Penjaga", len(data) // 2)])
    roster.map_columns(given, given.fields, complete=False, new_units=False)
    with pytest.raises(FileUnreadable):
        roster.store(given, by=None, now=NOW)
    assert (given.state, given.error["reason"]) == ("failed", "cut")
    assert not Person.objects.exists() and not LogEntry.objects.exists()


@pytest.mark.parametrize("state", ["received", "reading", "previewed", "applied", "failed", "undone", "dropped"])
def test_only_a_claimed_import_is_applied(city, state):
    given = previewed(city, [SARI])
    RosterImport.objects.filter(pk=given.pk).update(state=state)
    given.refresh_from_db()
    with pytest.raises(ImportStateWrong):
        roster.apply(given, by=None, now=NOW)
    assert not Person.objects.exists()


def test_an_import_that_is_on_its_way_is_not_mapped_again_nor_dropped(city):
    given = previewed(city, [SARI])
    roster.begin_applying(given)
    for act in (
        lambda: roster.map_columns(given, given.fields, complete=False, new_units=False),
        lambda: roster.drop(given),
        lambda: roster.reopen(given),
    ):
        with pytest.raises(ImportStateWrong):
            act()
    roster.apply(given, by=None, now=NOW)


def test_the_file_is_gone_once_the_roster_is_on_record_or_the_import_is_given_up(city, home):
    one, other = previewed(city, [SARI]), previewed(city, [SARI])
    assert len(list((home / "rosters").iterdir())) == 2
    roster.begin_applying(one)
    roster.apply(one, by=None, now=NOW)
    roster.drop(other)
    assert not list((home / "rosters").iterdir())
    other.refresh_from_db()
    assert (one.file_path, other.state) == ("", "dropped")


CHANGES_BETWEEN = {
    "somebody was moved by hand": lambda cast, city: roster.place(
        cast.sari.person, values={"unit": city.units.get(code="SDN-01")}, today=TODAY, by=cast.rina.user, now=NOW
    ),
    "somebody's post was changed by hand": lambda cast, city: roster.place(
        cast.budi.person, values={"post": "Guru"}, today=TODAY, by=cast.rina.user, now=NOW
    ),
    "another file was applied": lambda cast, city: applied(city, [BUDI | {"name": "Budi Baru"}]),
    "a new one came by another file": lambda cast, city: applied(city, [ALI]),
    "somebody left by another file": lambda cast, city: applied(
        city, [SARI | {"unit_code": "SDN-01"}, BUDI], complete=True
    ),
    "a number was changed": lambda cast, city: roster.change_identifier(
        cast.sari.person, kind="nip", number="198503152010012009", reason="salah", today=TODAY, by=cast.rina.user, now=NOW
    ),
    "the unit was closed": lambda cast, city: WorkUnit.objects.filter(code="SDN-01").update(closed_on=TODAY),
}  # fmt: skip


@pytest.mark.parametrize("known", ["by hand", "by a file"])
@pytest.mark.parametrize("happens", CHANGES_BETWEEN.values(), ids=CHANGES_BETWEEN)
def test_a_roster_that_changed_after_the_preview_is_refused_and_nothing_is_written(city, cast, happens, known):
    if known == "by a file":
        applied(city, [SARI, BUDI], on=ROSTER_ON)
    given = previewed(city, [SARI | {"unit_code": "SDN-01"}, BUDI, ALI], complete=True)
    happens(cast, city)
    before, entries = dump(), LogEntry.objects.count()
    roster.begin_applying(given)
    with pytest.raises(RosterChangedSincePreview):
        roster.apply(given, by=None, now=NOW)
    given.refresh_from_db()
    assert given.state == "received" and given.applied_at is None
    assert given.error == {"code": "roster_changed_since_preview"}
    assert dump() == before and LogEntry.objects.count() == entries
    roster.map_columns(given, given.fields, complete=True, new_units=False)
    roster.preview(given, now=NOW)
    roster.begin_applying(given)
    roster.apply(given, by=None, now=NOW)


def test_an_import_that_a_stop_cut_off_keeps_the_reason_until_somebody_goes_on(city, cast):
    applying, reading = previewed(city, [SARI]), received(city, file_of([BUDI]))
    roster.begin_applying(applying)
    roster.map_columns(reading, reading.fields, complete=False, new_units=False)
    tick.recover()
    for each, state in ((applying, "previewed"), (reading, "received")):
        each.refresh_from_db()
        assert (each.state, each.error) == (state, {"code": "import_interrupted"})
    roster.begin_applying(applying)
    roster.apply(applying, by=None, now=NOW)
    assert (applying.state, applying.error) == ("applied", {})


def test_a_file_that_is_gone_is_told_when_it_would_be_read(city, cast):
    given = previewed(city, [SARI])
    (django_settings.HOME / given.file_path).unlink()
    roster.begin_applying(given)
    with pytest.raises(FileUnreadable):
        roster.apply(given, by=None, now=NOW)
    given.refresh_from_db()
    assert given.state == "failed" and given.error["reason"] == "gone"


def test_an_import_is_written_whole_or_not_at_all(city, cast, monkeypatch):
    given = previewed(city, [SARI | {"unit_code": "SDN-01"}, ALI, BUDI | {"post": "Guru"}], complete=True)
    before = dump()
    roster.begin_applying(given)
    monkeypatch.setattr(roster.ledger, "append", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        roster.apply(given, by=None, now=NOW)
    given.refresh_from_db()
    assert dump() == before and given.state == "previewed"


# --- undo --------------------------------------------------------------------------------------------------------

ROUNDS = {
    "people who came": lambda city: [SARI, BUDI, ALI],
    "a move": lambda city: [SARI | {"unit_code": "SDN-01"}, BUDI],
    "a correction": lambda city: [SARI | {"email": "x@example.test", "name": "Sari, S.Pd", "phone": ""}, BUDI],
    "a change of post, grade and status": lambda city: [
        SARI | {"post": "Guru", "grade": "IV/a", "status": "Cuti", "level": "Ahli Madya"}, BUDI | {"is_head": ""},
    ],
    "another superior": lambda city: [SARI | {"superior": "198811042012122003"}, BUDI],
    "people who left": lambda city: [BUDI],
    "all at once": lambda city: [SARI | {"unit_code": "SDN-01", "email": "", "superior": BUDI["identifier"]}, ALI],
}  # fmt: skip


@pytest.mark.parametrize("first_on", [ROSTER_ON, TODAY], ids=["placed before", "placed today"])
@pytest.mark.parametrize("rows", ROUNDS.values(), ids=ROUNDS)
def test_an_import_that_is_undone_leaves_people_and_placements_as_they_were(city, cast, rows, first_on):
    """All but the fingerprint of a row, which only tells the next import whether it must look closer."""
    for member in (cast.sari, cast.budi, cast.rina, cast.tono):
        Placement.objects.filter(pk=member.placement.pk).update(from_on=first_on)
    Placement.objects.filter(pk=cast.sari.placement.pk).update(superior=cast.rina.person)
    before = dump(prints=False)
    given = applied(city, rows(city), complete=True)
    assert dump(prints=False) != before
    roster.undo(given, by=cast.rina.user, now=NOW)
    assert dump(prints=False) == before
    given.refresh_from_db()
    assert given.state == "undone"
    assert logged("roster.import_undone") == [{"import": given.pk, "agency": city.pk, "by": cast.rina.user.pk}]
    with pytest.raises(ImportStateWrong):
        roster.undo(given, by=cast.rina.user, now=NOW)


def test_a_large_import_is_undone_to_the_last_row(town, cast):
    _, rows = town_of(300)
    applied(town, rows[:200], new_units=True, on=ROSTER_ON)
    before = dump(prints=False)
    moved = [
        row | {"email": "baru@example.test", "unit_code": "SETDA", "unit": "Sekretariat Daerah"} for row in rows[50:90]
    ]
    given = applied(town, [*moved, *rows[90:]], complete=True, new_units=True)
    assert min(counts(given, "new", "changed", "moved", "absent").values()) >= 0 and given.counts["absent"] >= 50
    roster.undo(given, by=cast.rina.user, now=NOW)
    assert dump(prints=False) == before


def test_somebody_who_came_back_leaves_again_as_before(city, cast):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    applied(city, [BUDI], complete=True, on=date(2024, 10, 1))
    before = dump(prints=False)
    given = applied(city, [SARI | {"email": "lain@example.test", "name": "Sari Contohwati, S.Pd"}])
    assert given.counts["returned"] == 1
    roster.undo(given, by=cast.rina.user, now=NOW)
    assert dump(prints=False) == before


def test_an_undone_import_can_be_made_again(city, cast):
    given = applied(city, [SARI | {"unit_code": "SDN-01"}, ALI])
    after = [placement["unit_id"] for placement in dump()[1]]
    roster.undo(given, by=cast.rina.user, now=NOW)
    again = applied(city, [SARI | {"unit_code": "SDN-01"}, ALI])
    assert counts(again) == counts(given) and [placement["unit_id"] for placement in dump()[1]] == after


def test_only_the_latest_import_of_an_agency_is_undone(city, other_city, cast):
    first = applied(city, [ALI])
    elsewhere = applied(other_city, [ALI | {"unit_code": "SMPN-1"}])
    second = applied(city, [ALI | {"post": "Satpam"}])
    before = dump()
    with pytest.raises(ImportNotUndoable) as caught:
        roster.undo(first, by=cast.rina.user, now=NOW)
    assert caught.value.reason == "not_the_latest" and dump() == before
    roster.undo(second, by=cast.rina.user, now=NOW)
    roster.undo(first, by=cast.rina.user, now=NOW)
    roster.undo(elsewhere, by=cast.tono.user, now=NOW)
    assert not Person.objects.filter(name=ALI["name"]).exists()


def test_the_import_before_one_that_was_undone_can_be_undone(city, cast):
    first = applied(city, [ALI], on=ROSTER_ON)
    second = applied(city, [ALI | {"post": "Satpam"}])
    roster.undo(second, by=cast.rina.user, now=NOW)
    roster.undo(first, by=cast.rina.user, now=NOW)
    assert not Person.objects.filter(name=ALI["name"]).exists()


def test_an_import_can_be_undone_while_another_file_waits_in_its_preview(city, cast):
    first = applied(city, [ALI], on=ROSTER_ON)
    previewed(city, [ALI | {"post": "Satpam"}])
    roster.undo(first, by=cast.rina.user, now=NOW)
    assert not Person.objects.filter(name=ALI["name"]).exists()


def test_undoing_asks_the_database_for_sets_and_not_for_each_row(city, cast):
    asked = []
    for count in (40, 400):
        before = applied(city, soldiers(count), on=ROSTER_ON) and dump(prints=False)
        brought = [row | {"identifier": f"8{row['identifier']}"} for row in soldiers(count)]
        changed = [row | {"post": "Satpam", "email": "baru@example.test"} for row in soldiers(count)]
        given = applied(city, changed + brought)
        with CaptureQueriesContext(connection) as queries:
            roster.undo(given, by=cast.rina.user, now=NOW)
        asked.append(len(queries))
        assert dump(prints=False) == before
    assert asked[1] <= asked[0] + 3, asked


def test_an_import_is_claimed_before_it_is_taken_back_and_one_that_is_refused_stands_as_before(city, cast):
    given = applied(city, [ALI])
    give_account(Person.objects.get(name=ALI["name"]), city, cast)
    roster.begin_undoing(given)
    with pytest.raises(ImportStateWrong):
        roster.begin_undoing(given)
    with pytest.raises(ImportNotUndoable):
        roster.undo(given, by=cast.rina.user, now=NOW)
    assert given.state == "applied" and given.error == {"code": "import_not_undoable", "reason": "in_use"}


def test_an_import_is_not_undone_once_whom_it_ended_serves_elsewhere(city, other_city, cast):
    applied(city, [SARI, BUDI], on=ROSTER_ON)
    given = applied(city, [BUDI], complete=True, on=date(2024, 10, 1))
    applied(other_city, [SARI | {"unit_code": "SMPN-1"}])
    before = dump()
    with pytest.raises(ImportNotUndoable) as caught:
        roster.undo(given, by=cast.rina.user, now=NOW)
    assert caught.value.reason == "changed_since" and dump() == before


def test_whatever_rests_on_somebody_whom_an_import_brought_keeps_it(city, cast):
    """Every table that names a person is asked, and what he was only told goes with him."""
    given = applied(city, [ALI])
    person = Person.objects.get(name=ALI["name"])
    Notice.objects.create(person=person, kind="pact_missing", values={}, at=NOW)
    roster.undo(given, by=cast.rina.user, now=NOW)
    assert not Person.objects.filter(pk=person.pk).exists() and not Notice.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite looks")
def test_whose_superior_somebody_is_made_is_found_by_an_index(db):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN SELECT id FROM records_placement WHERE superior_id = 7")
        assert "placement_superior_given" in str(cursor.fetchall())


def give_account(person, city, cast):
    User.objects.create(username="IK000001", person=person, password="!", created_at=NOW)


def put_on_a_body(person, city, cast):
    body = Body.objects.create(agency=city, kind="desk", name="Desk Pilkada")
    BodyMember.objects.create(body=body, person=person, letter_number="ST/1", letter_on=TODAY, from_on=TODAY)


def give_office(person, city, cast):
    city.offices.create(title="Wali Kota").holdings.create(person=person, capacity="pj", from_at=NOW)


def give_number(person, city, cast):
    for number in ("1371010102900001", "1371010102900002"):
        roster.change_identifier(
            person, kind="nik", number=number, reason="terbit", today=TODAY, by=cast.rina.user, now=NOW
        )
        person.refresh_from_db()


@pytest.mark.parametrize("rests", [give_account, put_on_a_body, give_office, give_number])
def test_an_import_on_which_something_rests_is_not_undone(city, cast, rests):
    given = applied(city, [ALI, SARI | {"unit_code": "SDN-01"}])
    rests(Person.objects.get(name=ALI["name"]), city, cast)
    before = dump()
    with pytest.raises(ImportNotUndoable) as caught:
        roster.undo(given, by=cast.rina.user, now=NOW)
    assert caught.value.reason == "in_use" and dump() == before


def test_an_import_whose_people_owe_a_pact_is_not_undone(city, cast, pact_round):
    given = applied(city, [ALI])
    Obligation.objects.create(
        pact_round=pact_round,
        person=Person.objects.get(name=ALI["name"]),
        unit=city.units.get(code="SMPN-3"),
        issued_at=NOW,
    )
    with pytest.raises(ImportNotUndoable):
        roster.undo(given, by=cast.rina.user, now=NOW)


@pytest.mark.parametrize("later", [TODAY, TODAY + timedelta(days=3)], ids=["the same day", "days later"])
@pytest.mark.parametrize("who", ["somebody it moved", "somebody it brought"])
def test_an_import_after_which_somebody_was_placed_by_hand_is_refused_or_undone_whole(city, cast, who, later):
    before = dump(prints=False)
    given = applied(city, [SARI | {"unit_code": "SDN-01"}, ALI])
    person = cast.sari.person if who == "somebody it moved" else Person.objects.get(name=ALI["name"])
    roster.place(person, values={"post": "Guru Piket"}, today=later, by=cast.rina.user, now=NOW)
    standing = dump(prints=False)
    try:
        roster.undo(given, by=cast.rina.user, now=NOW)
    except ImportNotUndoable:
        assert dump(prints=False) == standing
    else:
        assert dump(prints=False) == before


def test_an_undone_import_takes_the_units_it_made_with_it(town, cast):
    _, rows = town_of(60)
    before = list(WorkUnit.objects.order_by("pk").values())
    given = applied(town, rows, new_units=True)
    assert town.units.count() > 3
    roster.undo(given, by=cast.rina.user, now=NOW)
    assert list(WorkUnit.objects.order_by("pk").values()) == before
    again = applied(town, rows, new_units=True)
    assert counts(again) == counts(given)


@pytest.mark.parametrize("rests", ["a unit made by hand", "an office", "people of an earlier placement"])
def test_a_unit_that_an_import_made_stays_with_what_is_above_it_where_something_rests_on_it(town, cast, rests):
    rows = [
        NAMELESS | {"name": "Satu", "unit": "Sekretariat", "parent_unit": "Dinas Satu"},
        NAMELESS | {"name": "Dua", "unit": "Sekretariat", "parent_unit": "Dinas Dua"},
    ]
    given = applied(town, rows, new_units=True)
    unit = town.units.get(name="Sekretariat", parent__name="Dinas Satu")
    if rests == "a unit made by hand":
        units.create_unit(parent=unit, code="BARU", name="Subbagian", kind="section", by=cast.rina.user, now=NOW)
    elif rests == "an office":
        town.offices.create(title="Sekretaris", unit=unit)
    else:
        Placement.objects.create(
            person=cast.rina.person, unit=unit, employment="pns", from_on=date(2020, 1, 1), until_on=date(2021, 1, 1)
        )
    roster.undo(given, by=cast.rina.user, now=NOW)
    assert set(town.units.exclude(parent=None).values_list("name", flat=True)) >= {"Sekretariat", "Dinas Satu"}
    assert not town.units.filter(name="Dinas Dua").exists()
    unit.refresh_from_db()
    assert unit.parent.name == "Dinas Satu" and unit.position > unit.parent.position > 0


# --- rejects -----------------------------------------------------------------------------------------------------


def test_refused_rows_come_back_as_they_came_with_line_and_reasons_and_no_formula_runs(city, tmp_path):
    rows = [
        SARI,
        BUDI | {"post": '=HYPERLINK("http://example.test","klik")', "email": "salah"},
        ALI | {"name": "@SUM(1)", "phone": "+cmd|' /C calc'!A0"},
        ALI | {"name": "-2+3\x00"},
    ]
    given = previewed(city, rows)
    path = tmp_path / "rejects.csv"

    def sentence(fault):
        return f"{fault['field']}:{fault['code']}"

    roster.save_rejects(given, path, sentence)
    text = path.read_bytes().decode("utf-8-sig")
    assert text == roster.rejects_text(given, sentence).removeprefix("\ufeff")
    head, *lines = csv.reader(io.StringIO(text, newline=""))
    fields = [name for name in COLUMNS if any(name in row for row in rows)]
    assert head == ["Baris", "Alasan", *(COLUMNS[name] for name in fields)]
    assert [line[0] for line in lines] == ["3", "4", "5"]
    assert [set(line[1].split("; ")) for line in lines] == [
        {"post:formula", "email:email_malformed"}, {"name:formula", "phone:phone_malformed"}, {"name:nul_byte"},
    ]  # fmt: skip
    assert all(cell[:1] not in ("=", "+", "-", "@") for line in lines for cell in line)
    assert lines[0][2 + fields.index("post")] == "'" + rows[1]["post"]


def test_refused_rows_that_come_back_unmended_are_refused_again_each_with_its_reason(city, tmp_path):
    rows = [
        BUDI | {"post": '=HYPERLINK("http://example.test","klik")'}, BUDI | {"post": "-1+2"}, BUDI | {"name": "@SUM(1)"},
        BUDI | {"name": "=HYPERLINK(1)"}, BUDI | {"name": "Budi\x00 Misalkan"}, BUDI | {"name": "B" * 300},
        BUDI | {"post": "Kepala " * 60}, BUDI | {"email": "x" * 400}, BUDI | {"name": "+62 Budi"},
    ]  # fmt: skip
    rows = [row | {"identifier": f"1972081719980310{at:02}", "is_head": ""} for at, row in enumerate(rows, 10)]
    given = applied(city, [SARI, *rows])
    assert given.counts["rejected"] == len(rows)
    again = applied(city, roster.rejects_text(given, lambda fault: fault["code"]).encode())
    assert rejected(again) == {
        2: [("post", "formula")], 3: [("post", "formula")], 4: [("name", "formula")], 5: [("name", "formula")],
        6: [("name", "nul_shown")], 7: [("name", "cell_cut")], 8: [("post", "cell_cut")], 9: [("email", "cell_cut")],
        10: [("name", "formula")],
    }  # fmt: skip
    assert again.counts["new"] == 0 and Person.objects.count() == 1


def test_cells_that_were_right_come_back_as_they_were_however_they_had_to_be_shown(city):
    rows = [SARI | {"phone": "+62 812 0000 0001", "grade": "-", "post": "-", "level": "-", "email": "salah"}]
    refused = previewed(city, rows)
    assert rejected(refused) == {2: [("email", "email_malformed")]}
    mended = roster.rejects_text(refused, lambda fault: fault["code"]).replace("salah", "sari@example.test")
    given = applied(city, mended.encode())
    assert counts(given, "new", "rejected") == {"new": 1, "rejected": 0}
    placement = current(SARI["identifier"])
    assert (placement.person.phone, placement.post, placement.grade) == ("+62 812 0000 0001", "-", "")


# --- one person, by hand -----------------------------------------------------------------------------------------


def change(cast, **more):
    fields = {
        "kind": "nip", "number": "19850315 201001 2 009", "reason": "SK baru", "today": TODAY, "by": cast.rina.user, "now": NOW,
    }  # fmt: skip
    roster.change_identifier(cast.sari.person, **{**fields, **more})


def test_a_new_number_replaces_the_old_one_which_stays_findable(city, cast):
    applied(city, [SARI], on=ROSTER_ON)
    change(cast)
    person = Person.objects.get(pk=cast.sari.person.pk)
    assert (person.identifier, person.identifier_type) == ("198503152010012009", "nip")
    former = FormerIdentifier.objects.get()
    assert (former.person_id, former.identifier, former.identifier_type) == (person.pk, SARI["identifier"], "nip")
    assert User.objects.get(person=person).username == "198503152010012009"
    (entry,) = logged("person.changed")
    assert entry == {"person": person.pk, "what": "identifier", "by": cast.rina.user.pk}
    again = applied(city, [SARI | {"identifier": "198503152010012009"}])
    assert counts(again, "new", "moved", "changed") == {"new": 0, "moved": 0, "changed": 0}


def test_a_roster_that_still_has_the_old_number_makes_no_second_person(city, cast):
    change(cast)
    given = applied(city, [SARI])
    assert given.counts["new"] == 0
    assert Person.objects.filter(name="Sari Contohwati").count() == 1


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"number": "19850315201001200"}, IdentifierInvalid), ({"number": "198513152010012001"}, IdentifierInvalid),
        ({"number": ""}, IdentifierInvalid), ({"number": "198602202011011007"}, IdentifierInvalid),
        ({"number": "198503152010011009"}, IdentifierInvalid),
        ({"kind": "nik", "number": "1371015503850001"}, IdentifierInvalid), ({"reason": "  "}, ReasonMissing),
    ],
)  # fmt: skip
def test_a_number_that_is_wrong_or_taken_or_without_a_reason_changes_nothing(cast, more, error):
    before = dump()
    with pytest.raises(error):
        change(cast, **more)
    assert dump() == before and not FormerIdentifier.objects.exists() and not LogEntry.objects.exists()


def test_a_number_of_somebody_else_is_taken(cast):
    Person.objects.create(identifier_type="nip", identifier="198503152010012009", name="Lain")
    with pytest.raises(IdentifierTaken):
        change(cast)


def test_a_number_that_another_account_signs_in_with_is_taken(cast):
    User.objects.create(username="198503152010012009", full_name="Lain", password="!", created_at=NOW)
    with pytest.raises(IdentifierTaken):
        change(cast)


def test_a_placement_by_hand_is_dated_and_logged_without_its_values(city, cast):
    school = city.units.get(code="SDN-01")
    roster.place(cast.sari.person, values={"unit": school, "status": "leave"}, today=TODAY, by=cast.rina.user, now=NOW)
    old, new = Placement.objects.filter(person=cast.sari.person).order_by("from_on")
    assert (old.unit.code, old.until_on, old.status) == ("SMPN-3", TODAY, "active")
    assert (new.unit, new.from_on, new.until_on, new.status, new.post) == (school, TODAY, None, "leave", old.post)
    assert logged("person.changed") == [
        {"person": cast.sari.person.pk, "what": "placement", "fields": ["status", "unit"], "by": cast.rina.user.pk}
    ]
    roster.place(cast.sari.person, values={"post": "Guru Kelas"}, today=TODAY, by=cast.rina.user, now=NOW)
    assert Placement.objects.filter(person=cast.sari.person).count() == 2
    assert current(SARI["identifier"]).post == "Guru Kelas"


def test_a_placement_by_hand_that_changes_nothing_leaves_no_trace(city, cast):
    before = dump()
    roster.place(
        cast.sari.person, values={"post": "Guru Ahli Muda", "status": "active"}, today=TODAY, by=cast.rina.user, now=NOW
    )
    assert dump() == before and not LogEntry.objects.exists()


def test_what_was_changed_by_hand_is_looked_at_again_by_the_next_file(city, cast):
    applied(city, [SARI], on=ROSTER_ON)
    roster.place(cast.sari.person, values={"post": "Guru Piket"}, today=TODAY, by=cast.rina.user, now=NOW)
    given = applied(city, [SARI], on=TODAY)
    assert given.counts["changed"] == 1 and current(SARI["identifier"]).post == SARI["post"]
