"""`ikrar import-roster` and `ikrar undo-import`: what they refuse before anything is stored, and how it is taken back."""

import json

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from ikrar.records.models import ColumnMapping, Installation, Person, Placement, RosterImport
from tests.conftest import NOW, TODAY
from tests.services.test_roster import SARI, file_of, soldiers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def ikrar(city, tmp_path, capsys):
    """Run the command on rows; return what it said on either stream."""
    Installation.objects.create(name="Uji", is_demo=True, demo_today=TODAY, created_at=NOW)

    def run(rows, *options):
        path = tmp_path / "pegawai.csv"
        path.write_bytes(rows if isinstance(rows, bytes) else file_of(rows))
        call_command("import-roster", str(path), "--agency", "13.75", *options)
        return capsys.readouterr()

    return run


def test_a_preview_changes_nothing_that_the_next_import_reads(ikrar):
    rows = file_of([SARI]).replace(b"Jabatan", b"Catatan")
    ikrar(rows, "--map", "Catatan=post", "--preview")
    assert not ColumnMapping.objects.exists() and not Person.objects.exists()
    ikrar(rows)
    assert Placement.objects.get().post == ""
    ikrar(rows, "--map", "Catatan=post")
    assert ColumnMapping.objects.get().fields["Catatan"] == "post"


def test_a_path_for_rejects_that_cannot_be_written_is_refused_before_anything_is_stored(ikrar, tmp_path):
    for path in (tmp_path / "nowhere" / "x.csv", tmp_path):
        with pytest.raises(CommandError, match=str(path)):
            ikrar([SARI], "--rejects", str(path))
    assert not RosterImport.objects.exists() and not Person.objects.exists()
    ikrar([SARI, SARI], "--rejects", str(tmp_path / "x.csv"))
    assert "identifier" not in (tmp_path / "x.csv").read_text() and Person.objects.count() == 1


def test_a_refused_file_leaves_no_empty_file_of_rejects(ikrar, tmp_path):
    with pytest.raises(CommandError, match="complete_file_empty"):
        ikrar(file_of([], list(SARI)), "--rejects", str(tmp_path / "x.csv"), "--complete")
    assert not (tmp_path / "x.csv").exists()


def test_a_complete_file_that_ends_most_placements_wants_their_number_which_its_preview_tells(ikrar):
    ikrar(soldiers(30))
    said = ikrar(soldiers(4), "--complete", "--preview")
    assert "--ends 26" in said.err and "terpotong" in said.err
    told = json.loads(ikrar(soldiers(4), "--complete", "--preview", "--json").out.splitlines()[-1])
    assert (told["absent"], told["placed"], told["ends_many"], told["short"]) == (26, 30, True, True)
    for wrong in ((), ("--ends", "30")):
        with pytest.raises(CommandError, match="many_would_end"):
            ikrar(soldiers(4), "--complete", *wrong)
    assert Placement.objects.current().count() == 30
    ikrar(soldiers(4), "--complete", "--ends", "26")
    assert Placement.objects.current().count() == 4


def test_an_import_tells_how_it_is_taken_back_and_is(ikrar, capsys):
    said = ikrar([SARI | {"unit_code": "BARU"}], "--new-units").out
    made = RosterImport.objects.get()
    assert f"ikrar undo-import {made.pk}" in said
    call_command("undo-import", str(made.pk))
    made.refresh_from_db()
    assert made.state == "undone" and not Person.objects.exists() and not made.agency.units.filter(code="BARU").exists()
    with pytest.raises(CommandError, match="import_state_wrong"):
        call_command("undo-import", str(made.pk))
    with pytest.raises(CommandError, match="import_unknown"):
        call_command("undo-import", "999999")


def workbook(path, sheets):
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    return path


def test_sheets_are_chosen_by_name_where_their_headings_differ_and_told_where_a_row_stands(city, tmp_path, capsys):
    Installation.objects.create(name="Uji", is_demo=True, demo_today=TODAY, created_at=NOW)
    headings, other = ["NIP", "Nama", "Status Kepegawaian", "Kode Unit"], ["Nama", "Status Kepegawaian", "Kode Unit"]
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "PNS": [headings, [SARI["identifier"], SARI["name"], "PNS", "SMPN-3"]],
            "PPPK": [headings, ["123", "Rudi", "PPPK", "SMPN-3"]],
            "Honorer": [other, ["Ali", "Honorer", "SMPN-3"]],
        },
    )
    with pytest.raises(CommandError, match=r"sheets_not_chosen.*PNS \+ PPPK, Honorer"):
        call_command("import-roster", str(path), "--agency", "13.75")
    assert not Person.objects.exists() and RosterImport.objects.get().state == "dropped"
    with pytest.raises(CommandError, match="tidak sama"):
        call_command("import-roster", str(path), "--agency", "13.75", "--sheet", "PNS", "--sheet", "Honorer")
    call_command("import-roster", str(path), "--agency", "13.75", "--json", "--sheet", "PNS", "--sheet", "PPPK")
    fault, told = map(json.loads, capsys.readouterr().out.splitlines())
    assert (fault["sheet"], fault["line"], told["new"]) == ("PPPK", 2, 1)
    call_command("import-roster", str(path), "--agency", "13.75", "--sheet", "Honorer")
    assert "lembar PNS tidak dibaca" in capsys.readouterr().err and Person.objects.count() == 2
