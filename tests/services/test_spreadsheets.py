"""Files as personnel systems write them, whole, cut, disguised or hostile: what is read, on which line, or why not."""

import csv
import io
import re
import struct
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import roster
from ikrar.domain.errors import FileUnreadable
from ikrar.gateways import spreadsheets
from ikrar.gateways.spreadsheets import EXTRA, LINE, first_values, harmless, open_table

pytestmark = pytest.mark.once

HEADINGS = ["NIP", "Nama", "Unit Kerja"]
ROWS = [["198503152010012001", "Sari Contohwati", "SMPN 3"], ["197208171998031002", "Budi Misalkan", "SMPN 3"]]


@pytest.fixture
def opened(tmp_path):
    """Return what opens bytes as a file of a name."""

    def open_bytes(data, name="pegawai.csv"):
        path = tmp_path / "upload"
        path.write_bytes(data)
        return open_table(path, name)

    return open_bytes


def text_of(rows, delimiter=",", end="\n"):
    """Write rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


def rows_of(table):
    """Return each row as (line, cells)."""
    frames = list(table.frames())
    width = len(table.headings)
    return [(row[LINE], [row[str(i)] for i in range(width)]) for frame in frames for row in frame.iter_rows(named=True)]


def reason(opened, data, name="pegawai.csv"):
    """Return why bytes are refused, at opening or at reading."""
    with pytest.raises(FileUnreadable) as caught:
        rows_of(opened(data, name))
    return caught.value.reason


# --- where the header is -----------------------------------------------------------------------------------------


def test_titles_above_the_header_are_passed_over_and_lines_are_those_of_the_file(opened):
    titles = [["PEMERINTAH KOTA BUKITTINGGI", "", ""], ["DAFTAR PEGAWAI", "", ""], ["Keadaan Oktober 2024", "", ""], []]
    table = opened(text_of([*titles, HEADINGS, *ROWS]).encode())
    assert (table.headings, table.header_line) == (HEADINGS, 5)
    assert rows_of(table) == [(6, ROWS[0]), (7, ROWS[1])]


def test_a_title_of_several_lines_and_a_heading_of_two_keep_the_count(opened):
    table = opened(text_of([["PEMERINTAH\nKOTA", "", ""], ["NIP", "Nama\nPegawai", "Unit\nKerja"], *ROWS]).encode())
    assert table.headings == ["NIP", "Nama Pegawai", "Unit Kerja"]
    assert rows_of(table) == [(6, ROWS[0]), (7, ROWS[1])]


def test_the_row_with_the_most_known_headings_is_the_header(opened):
    table = opened(text_of([["Nama", "Unit", ""], ["Laporan", "NIP", ""], HEADINGS, *ROWS]).encode())
    assert table.header_line == 3 and len(rows_of(table)) == 2


def test_a_heading_that_stands_twice_or_is_empty_gets_a_name_of_its_own(opened):
    table = opened(b"NIP,Nama,,Nama,Unit,,\n1,Sari,x,y,SMPN 3,,\n")
    assert table.headings == ["NIP", "Nama", "Kolom 3", "Nama (2)", "Unit"]
    assert rows_of(table) == [(2, ["1", "Sari", "x", "y", "SMPN 3"])]


@pytest.mark.parametrize(
    "data",
    [
        b"a,b,c\n1,2,3\n",
        b"NIP\n1\n",
        b"Nama,Catatan\nSari,x\n",
        b"\n \n\t\n",
        b"x\n" * 30 + b"NIP,Nama,Unit\n1,Sari,x\n",
        b"{\"nip\": \"1\", \"nama\": \"Sari\"}",
        b"<html><table><tr><td>NIP</td></tr></table></html>",
    ],
)  # fmt: skip
def test_a_file_without_a_header_near_its_top_is_refused(opened, data):
    assert reason(opened, data) == "no_header"


def test_a_header_on_the_thirtieth_line_is_still_found(opened):
    table = opened(b"x,,\n" * 29 + text_of([HEADINGS, *ROWS]).encode())
    assert table.header_line == 30 and rows_of(table) == [(31, ROWS[0]), (32, ROWS[1])]


def test_three_hundred_columns_are_read_and_one_more_is_refused(opened):
    for count in (300, 301):
        more = [f"Catatan {number}" for number in range(count - 3)]
        data = text_of([[*HEADINGS, *more], [*ROWS[0], *map(str, range(count - 3))]]).encode()
        if count == 300:
            assert rows_of(opened(data)) == [(2, [*ROWS[0], *map(str, range(297))])]
        else:
            assert reason(opened, data) == "too_many_columns"


# --- how it is written -------------------------------------------------------------------------------------------

ACCENTED = [["198503152010012001", "André Contoh", "Café é"]]


ENCODINGS = {
    "utf-8": lambda text: text.encode(), "utf-8 with its mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"), "utf-16, big end first": lambda text: ("\ufeff" + text).encode("utf-16-be"),
    "windows-1252": lambda text: text.encode("cp1252"),
}  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_every_dialect_is_read_alike(opened, encode, delimiter, end):
    table = opened(encode(text_of([["PEMERINTAH KOTA", "", ""], HEADINGS, *ACCENTED], delimiter, end)))
    assert table.headings == HEADINGS and rows_of(table) == [(3, ACCENTED[0])]


def test_cells_that_hold_the_other_signs_stay_whole(opened):
    rows = [["1;2", "Sari, S.Pd", "a\tb"], ["'1", 'kata "penting"', "x|y"]]
    for delimiter in ",;\t|":
        assert rows_of(opened(text_of([HEADINGS, *rows], delimiter).encode())) == [(2, rows[0]), (3, rows[1])]


def test_one_accent_near_the_end_of_a_long_file_is_read_in_windows_1252(opened):
    rows = [["1", "Sari", "x"]] * 60_000 + [["2", "André", "y"]]
    found = rows_of(opened(text_of([HEADINGS, *rows]).encode("cp1252")))
    assert found[-1] == (60_002, ["2", "André", "y"]) and len(found) == 60_001


def test_a_line_end_inside_quotes_belongs_to_its_cell_and_is_counted(opened):
    rows = [["1", "Sari\nContohwati", "x"], ["2", "Budi", "a\n\n\nb"], ["3", "Rina", "y"]]
    for end in ("\n", "\r\n"):
        assert rows_of(opened(text_of([HEADINGS, *rows], end=end).encode())) == [
            (2, rows[0]),
            (4, rows[1]),
            (8, rows[2]),
        ]


def test_blank_lines_are_passed_over_and_counted(opened):
    data = b"\n\nNIP,Nama,Unit\n\n1,Sari,x\n\n\n  \n,,\n2,Budi,y\n\n"
    found = [(line, cells) for line, cells in rows_of(opened(data)) if cells[0].strip()]
    assert found == [(5, ["1", "Sari", "x"]), (10, ["2", "Budi", "y"])]


def test_a_row_with_more_cells_than_headings_is_marked(opened):
    data = b"NIP,Nama,Unit\n1,Sari, S.Pd,x\n2,Budi,y\n3,Rina,z,,,\n4,Tono,w,,\n"
    frame = pl.concat(opened(data).frames())
    assert frame[EXTRA].to_list() == [True, False, False, False]
    assert frame[LINE].to_list() == [2, 3, 4, 5]


def test_lines_are_right_below_a_row_whose_surplus_cell_holds_line_ends(opened):
    assert rows_of(opened(b'NIP,Nama,Unit\n1,Sari,x,"a\nb"\n2,Budi,y\n')) == [
        (2, ["1", "Sari", "x"]),
        (4, ["2", "Budi", "y"]),
    ]


def test_a_row_with_fewer_cells_ends_in_empty_ones(opened):
    assert rows_of(opened(b"NIP,Nama,Unit\n1,Sari\n2\n3,Rina,z\n")) == [
        (2, ["1", "Sari", ""]), (3, ["2", "", ""]), (4, ["3", "Rina", "z"]),
    ]  # fmt: skip


def test_a_nul_byte_is_kept_for_the_row_to_be_refused(opened):
    assert rows_of(opened(b"NIP,Nama,Unit\n1,Sa\x00ri,x\n2,Budi,y\n")) == [
        (2, ["1", "Sa\x00ri", "x"]), (3, ["2", "Budi", "y"]),
    ]  # fmt: skip


@pytest.mark.parametrize("place", [1, 60, 119])
def test_one_cell_of_ten_megabytes_spoils_no_other_row(opened, place):
    rows = [[str(number), "Sari", "x"] for number in range(120)]
    rows[place] = [str(place), "x" * 10_000_000, "x"]
    found = rows_of(opened(text_of([HEADINGS, *rows]).encode()))
    assert [line for line, _ in found] == list(range(2, 122))
    assert [len(cells[1]) for _, cells in found] == [10_000_000 if at == place else 4 for at in range(120)]


def test_ten_megabytes_in_the_last_row_without_a_line_end_are_read(opened):
    rows = [[str(number), "Sari", "x"] for number in range(60)]
    data = text_of([HEADINGS, *rows, ["60", "x" * 10_000_000, "y"]]).encode().removesuffix(b"\n")
    assert len(rows_of(opened(data))) == 61


@pytest.mark.parametrize(
    "bad",
    ['1,Sari 5" tinggi,x', '1,"Sari" Contoh,x', '1,Sari,"x', '1,a"b,x\n2,Budi,y\n3,c"d,z', '"1,Sari,x', '1,"",""x'],
)
def test_a_stray_quote_is_read_or_refused_but_no_row_is_swallowed(opened, bad):
    count = bad.count("\n") + 3
    data = f"NIP,Nama,Unit\n0,Awal,a\n{bad}\n9,Akhir,z\n".encode()
    try:
        found = rows_of(opened(data))
    except FileUnreadable as error:
        assert error.reason in ("quote_never_closed", "cut", "not_a_table")
        return
    assert len(found) == count and found[0] == (2, ["0", "Awal", "a"]) and found[-1] == (count + 1, ["9", "Akhir", "z"])


# --- files that are none -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "pegawai.csv", "empty"),
        (b"", "pegawai.xlsx", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "pegawai.xls", "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "pegawai.csv", "old_excel"),
        (bytes(range(256)) * 40, "pegawai.csv", "no_header"),
        (b"\x00\x01\x02" * 4000, "pegawai.csv", "not_a_table"),
        (b"%PDF-1.7\n" + b"\x93\x8c\x8b\x9e" * 900, "pegawai.xlsx", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "pegawai.xlsx", "locked"),
        (b"PK\x03\x04", "pegawai.xlsx", "cut"),
        (b"PK\x03\x04 not really", "pegawai.csv", "cut"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(opened, data, name, why):
    assert reason(opened, data, name) == why


def test_a_zip_that_is_no_workbook_is_refused(opened):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert reason(opened, data.getvalue(), "surat.xlsx") == "not_a_table"


def test_a_csv_cut_in_the_middle_of_a_row_is_refused(opened):
    rows = [[f"{number:018}", f"Sari {number}", '"Unit", satu'] for number in range(400)]
    whole = text_of([HEADINGS, *rows]).encode()
    half = len(whole) // 2
    # Wherever the file stops before the last column of a row, it is seen; at the end of a row nothing can tell.
    for size in range(half, half + 60):
        part = whole[:size]
        last = part[part.rfind(b"\n") + 1 :]
        if last and (last.count(b",") < 2 or last.count(b'"') % 2):
            assert reason(opened, part) == "cut", last
        elif not last:
            assert len(rows_of(opened(part))) == part.count(b"\n") - 1


def test_a_last_row_without_its_line_end_is_read(opened):
    assert rows_of(opened(text_of([HEADINGS, *ROWS]).encode().removesuffix(b"\n")))[-1] == (3, ROWS[1])


@pytest.mark.parametrize("before", [0, 1, 300])
@pytest.mark.parametrize("after", [b"3,Rina,z\n", b"3,Rina,z\n" * 200, b'3,"Rina, S.Pd",z\n' * 200])
@pytest.mark.parametrize("block", [64, 24_000_000])
def test_a_quote_that_is_never_closed_is_refused_with_the_line_on_which_it_opened(
    opened, monkeypatch, before, after, block
):
    monkeypatch.setattr("ikrar.gateways.spreadsheets._BLOCK_BYTES", block)
    data = b'"NIP",Nama,Unit\r\n' + b'1,"Sari\nDewi",x\n' * before + b'2,"Budi,y\n' + after
    for whole in (data, data.removesuffix(b"\n") + b"\n4,Akhir,z"):
        with pytest.raises(FileUnreadable) as caught:
            rows_of(opened(whole))
        assert (caught.value.reason, caught.value.line) == ("quote_never_closed", 2 + 2 * before)


def test_the_first_values_of_a_column_are_shown_without_the_empty_ones(tmp_path):
    rows = [["1", "", "x" * 5000], ["2", "Budi", ""], ["", " Rina  Umpama", "z"], ["4", "Ali", "y"], ["5", "Ani", "w"]]
    expected = [["1", "2", "4"], ["Budi", "Rina Umpama", "Ali"], ["x" * 1000, "z", "y"]]
    table = [["DAFTAR PEGAWAI"], [], HEADINGS, *rows]
    for encoding in ("utf-8", "utf-16", "cp1252"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text_of(table).encode(encoding))
        assert first_values(path, path.name) == expected
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(table):
            sheet.write_row(number, 0, cells)
    assert first_values(path, path.name) == expected


def test_of_a_large_file_only_the_beginning_is_read_for_its_first_values(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(text_of([HEADINGS, *[[str(number), "Sari André", "x"] for number in range(50_000)]]).encode())
    assert first_values(path, path.name) == [["0", "1", "2"], ["Sari André"] * 3, ["x"] * 3]


def test_a_file_cut_inside_a_letter_is_not_read_in_another_encoding(opened):
    data = text_of([HEADINGS, ["1", "André", "Kafe"], ["2", "Béa", "Café"]]).encode().removesuffix(b"\n")
    try:
        found = rows_of(opened(data[:-1]))
    except FileUnreadable as error:
        assert error.reason == "cut"
    else:
        assert found[0] == (2, ["1", "André", "Kafe"])


# --- blocks ------------------------------------------------------------------------------------------------------

TABLE = [
    ["DAFTAR\nPEGAWAI", "", ""],
    HEADINGS,
    ["1", "Sari\nContohwati", "é"],
    ["2", 'kata "penting"', ""],
    [],
    ["3", "", "x,y"],
    ["4", "André", "a\n\n\nb"],
    ["5", "Tono", "z", "lebih"],
    ["6", "", "akhir"],
]


def everything(table):
    frames = list(table.frames())
    return [row for frame in frames for row in frame.rows()], table.headings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_where_a_block_ends_changes_nothing(opened, monkeypatch, encoding, end):
    table = opened(text_of(TABLE, end=end).encode(encoding))
    whole = everything(table)
    assert [row[-2:] for row in whole[0]] == [(False, 4), (False, 6), (False, 8), (False, 9), (True, 13), (False, 14)]
    for size in range(1, 130):
        monkeypatch.setattr(spreadsheets, "_BLOCK_BYTES", size)
        assert everything(table) == whole, f"blocks of {size}"


CELL = st.text(st.sampled_from("ab \"\n,é'x"), max_size=6)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8), block=st.integers(1, 80))
def test_any_table_is_read_as_the_standard_library_reads_it(tmp_path_factory, end, rows, block):
    text = text_of([HEADINGS, *rows], end=end)
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(text.encode())
    reader, expected, before = csv.reader(io.StringIO(text, newline="")), [], 0
    for number, cells in enumerate(reader):
        if number and any(cells):
            expected.append((before + 1, cells))
        before = reader.line_num
    with patch.object(spreadsheets, "_BLOCK_BYTES", block):
        assert rows_of(open_table(path, "any.csv")) == expected


# --- workbooks ---------------------------------------------------------------------------------------------------


def workbook(path, fill):
    """Write a workbook; `fill` gets the book and its first sheet."""
    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("Pegawai"))
    return path


def fill_plainly(book, sheet):
    sheet.merge_range(0, 0, 0, 2, "PEMERINTAH KOTA BUKITTINGGI")
    sheet.merge_range(1, 0, 2, 2, "DAFTAR PEGAWAI")
    sheet.write_row(4, 0, HEADINGS)
    sheet.write_row(5, 0, ROWS[0])
    sheet.write_row(7, 0, ROWS[1])


def test_a_workbook_is_read_below_its_merged_titles_and_rows_keep_their_place(tmp_path):
    table = open_table(workbook(tmp_path / "a.xlsx", fill_plainly), "a.xlsx")
    assert (table.headings, table.header_line) == (HEADINGS, 5)
    assert rows_of(table) == [(6, ROWS[0]), (8, ROWS[1])]


def test_a_workbook_under_another_name_is_a_workbook(tmp_path):
    path = workbook(tmp_path / "a.xlsx", fill_plainly)
    assert len(rows_of(open_table(path, "pegawai.csv"))) == 2


def test_a_sheet_that_begins_below_and_beside_its_corner_is_read(tmp_path):
    def fill(book, sheet):
        sheet.write_row(9, 2, HEADINGS)
        sheet.write_row(10, 2, ROWS[0])

    found = rows_of(open_table(workbook(tmp_path / "a.xlsx", fill), "a.xlsx"))
    assert [(line, [cell for cell in cells if cell]) for line, cells in found] == [(11, ROWS[0])]


def test_dates_truths_and_formulas_of_a_workbook_come_as_text_that_the_domain_can_judge(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, [*HEADINGS, "Tanggal Lahir", "Kepala Unit", "Jabatan"])
        sheet.write_row(1, 0, ROWS[0])
        sheet.write_datetime(1, 3, datetime(1985, 3, 15), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_boolean(1, 4, True)
        sheet.write_formula(1, 5, '=CONCATENATE("Guru"," Muda")', value="Guru Muda")
        sheet.write_string(2, 5, "=HYPERLINK()")

    (_, cells), (_, formula) = rows_of(open_table(workbook(tmp_path / "a.xlsx", fill), "a.xlsx"))
    assert roster.parse_day(cells[3]).isoformat() == "1985-03-15"
    assert roster.HEAD_WORDS[cells[4].lower()] is True
    assert cells[5] == "Guru Muda"
    assert formula[5] == "=HYPERLINK()"


# --- several sheets ----------------------------------------------------------------------------------------------


def book_of(path, sheets):
    """Write a workbook of named sheets; one whose name begins with a point is hidden."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.lstrip("."))
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
            if name.startswith("."):
                sheet.hide()
    return path


PNS = [["PEMERINTAH KOTA"], [], HEADINGS, ROWS[0]]
PPPK = [HEADINGS, ["199001012022211001", "Ujang Rekaan", "SDN 01"], ["199001012022211002", "Wati Rekaan", "SDN 01"]]
COVER = [["Rekapitulasi"], ["Dibuat oleh BKPSDM"]]


def test_sheets_whose_headings_are_alike_are_one_table_and_each_row_knows_its_sheet(tmp_path):
    turned = [[HEADINGS[1], "nip ", HEADINGS[2]], ["Rudi Rekaan", "199001012022211003", "SDN 02"]]
    path = book_of(tmp_path / "a.xlsx", {"Sampul": COVER, "PNS": PNS, "PPPK": PPPK, "Baru": turned, "Kosong": []})
    table = open_table(path, "a.xlsx")
    assert table.read == ("PNS", "PPPK", "Baru") and table.headings == HEADINGS
    assert {sheet.name: sheet.why for sheet in table.sheets} == {
        "Sampul": "no_header", "PNS": "", "PPPK": "", "Baru": "", "Kosong": "empty",
    }  # fmt: skip
    places = [(spreadsheets.place_of(line, table.read), cells) for line, cells in rows_of(table)]
    assert places == [
        (("PNS", 4), ROWS[0]),
        (("PPPK", 2), PPPK[1]),
        (("PPPK", 3), PPPK[2]),
        (("Baru", 2), ["199001012022211003", "Rudi Rekaan", "SDN 02"]),
    ]


def test_columns_with_the_same_heading_stay_apart(tmp_path):
    rows = [["NIP", "Nama", "NAMA ", "Unit Kerja"], ["1", "a", "b", "X"]]
    path = book_of(tmp_path / "a.xlsx", {"Satu": rows, "Dua": rows})
    assert [cells for _, cells in rows_of(open_table(path, "a.xlsx"))] == [rows[1], rows[1]]


def test_a_cover_before_the_only_sheet_of_people_leaves_its_lines_as_they_are(tmp_path):
    table = open_table(book_of(tmp_path / "a.xlsx", {"Sampul": COVER, "Data": PPPK}), "a.xlsx")
    assert table.read == ("Data",) and [line for line, _ in rows_of(table)] == [2, 3]
    assert spreadsheets.place_of(3, table.read) == ("", 3)


@pytest.mark.parametrize(
    ("sheets", "read", "why"),
    [
        ({"PNS": PNS, ".Arsip": PPPK}, ("PNS",), {"Arsip": "hidden"}),
        ({".Arsip": PPPK}, ("Arsip",), {}),
        ({"Rekap": [["Unit Kerja", "Golongan", "Jumlah"], ["SMPN 3", "III/a", "7"]], "PNS": PNS}, ("PNS",), {"Rekap": "other"}),
        ({"PNS": PNS, "PPPK": [HEADINGS]}, ("PNS",), {"PPPK": "empty"}),
    ],
    ids=["one is hidden", "all are hidden", "a table that names nobody", "headings alone"],
)  # fmt: skip
def test_a_sheet_that_is_left_out_is_named_with_its_reason(tmp_path, sheets, read, why):
    table = open_table(book_of(tmp_path / "a.xlsx", sheets), "a.xlsx")
    assert table.read == read and {sheet.name: sheet.why for sheet in table.sheets if sheet.why} == why


def test_of_sheets_with_different_headings_none_is_read_before_somebody_chose(tmp_path):
    other = [[*HEADINGS, "Golongan"], [*ROWS[1], "IV/a"]]
    path = book_of(tmp_path / "a.xlsx", {"PNS": PNS, "Honorer": other, "PPPK": PPPK})
    table = open_table(path, "a.xlsx")
    assert table.read == () and rows_of(table) == []
    assert [(sheet.name, sheet.group) for sheet in table.sheets] == [("PNS", 0), ("Honorer", 1), ("PPPK", 0)]
    chosen = open_table(path, "a.xlsx", ["Honorer"])
    assert chosen.read == ("Honorer",) and [cells for _, cells in rows_of(chosen)] == other[1:]
    assert len(rows_of(open_table(path, "a.xlsx", ["PPPK", "PNS"]))) == 3
    assert first_values(path, "a.xlsx", ["Honorer"])[3] == ["IV/a"]
    for wrong in (["PNS", "Honorer"], ["Tidak ada"]):
        with pytest.raises(FileUnreadable) as caught:
            open_table(path, "a.xlsx", wrong)
        assert caught.value.reason == "sheets_differ"


def test_where_no_sheet_has_a_header_the_refusal_names_those_that_were_looked_at(tmp_path):
    with pytest.raises(FileUnreadable) as caught:
        open_table(book_of(tmp_path / "a.xlsx", {"Sampul": COVER, "Catatan": COVER}), "a.xlsx")
    assert (caught.value.reason, caught.value.sheets) == ("no_header_in_sheets", "Sampul, Catatan")


def test_more_sheets_than_anybody_has_are_refused(tmp_path):
    with pytest.raises(FileUnreadable) as caught:
        open_table(book_of(tmp_path / "a.xlsx", {f"Lembar {number}": COVER for number in range(101)}), "a.xlsx")
    assert caught.value.reason == "too_many_sheets"


def test_a_chart_between_the_sheets_is_no_sheet(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        chart = book.add_chart({"type": "bar"})
        book.add_chartsheet("Grafik").set_chart(chart)
        sheet = book.add_worksheet("PPPK")
        for number, cells in enumerate(PPPK):
            sheet.write_row(number, 0, cells)
        chart.add_series({"values": "=PPPK!$A$1:$A$2"})
    table = open_table(tmp_path / "a.xlsx", "a.xlsx")
    assert table.read == ("PPPK",) and len(rows_of(table)) == 2


def test_numbers_that_lost_digits_are_told_on_every_sheet(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name, rows in (("PNS", ROWS), ("PPPK", PPPK[1:])):
            sheet = book.add_worksheet(name)
            sheet.write_row(2, 1, HEADINGS)
            sheet.write_number(3, 1, int(rows[0][0]))
            sheet.write_row(3, 2, rows[0][1:])
    found = [cells[0] for _, cells in rows_of(open_table(tmp_path / "a.xlsx", "a.xlsx"))]
    assert found == ["1.98503E+17", "1.99001E+17"]


@pytest.mark.parametrize("value", ["<v></v>", "<v/>", ""], ids=["an empty value", "a closed one", "none"])
def test_a_formula_whose_result_is_not_in_the_file_is_no_empty_cell(tmp_path, value):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["Nama", "NIP", "Unit Kerja", "Jabatan"])
        sheet.write_formula(1, 0, "=A9", value=7)
        sheet.write_row(1, 1, ["198503152010012001", "SMPN 3"])
        sheet.write_formula(1, 3, '=IF(TRUE,"")', value="")
        sheet.write_formula(2, 0, "=A9", value="Budi")
        sheet.write_row(2, 1, ["197208171998031002", "SMPN 3"])

    path = rewritten(
        workbook(tmp_path / "a.xlsx", fill),
        sheet=lambda xml: xml.replace(b"<v>7</v>", value.encode(), 1).replace(b'<c r="D2">', b'<c r="D2" t="str">'),
    )
    (_, first), (_, second) = rows_of(open_table(path, "a.xlsx"))
    assert first == [roster.UNCALCULATED, "198503152010012001", "SMPN 3", ""] and second[0] == "Budi"
    assert roster.read_cell("name", first[0]).code == "formula_uncalculated"


def test_a_table_of_text_is_read_as_what_it_is_whatever_its_name(opened):
    assert [cells for _, cells in rows_of(opened(text_of([HEADINGS, *ROWS]).encode(), "pegawai.xlsx"))] == ROWS


SHEET = "xl/worksheets/sheet1.xml"


def rewritten(path, *, sheet=lambda xml: xml, name="sheet1.xml"):
    """Write a workbook anew with its first sheet's XML changed, or that sheet under another name."""
    with zipfile.ZipFile(path) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    members[f"xl/worksheets/{name}"] = sheet(members.pop(SHEET))
    for index in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        members[index] = members[index].replace(b"worksheets/sheet1.xml", f"worksheets/{name}".encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for each, data in members.items():
            target.writestr(each, data)
    return path


def with_a_prefix(xml):
    return re.sub(rb"<(/?)(\w+)", rb"<\1x:\2", xml.partition(b"?>")[2]).replace(b" xmlns=", b" xmlns:x=")


# The same cells as other programs write them (openpyxl, the Open XML SDK, …), and what XML allows besides.
WRITERS = {
    "as Excel does": {},
    "with their kind": {"sheet": lambda xml: re.sub(rb'<c r="(\w+)">', rb'<c r="\1" t="n">', xml)},
    "the style first": {"sheet": lambda xml: re.sub(rb'<c r="(\w+)"( t="s")?>', rb'<c s="0" r="\1"\2>', xml)},
    "in single quotes": {"sheet": lambda xml: re.sub(rb'<c r="(\w+)"', rb"<c r='\1'", xml)},
    "on lines of their own": {"sheet": lambda xml: xml.replace(b"<c ", b"<c\n ").replace(b"<v>", b"\n<v>")},
    "with a prefix": {"sheet": with_a_prefix},
    "without their places": {"sheet": lambda xml: re.sub(rb'<c r="\w+"', b"<c", xml)},
    "in a sheet of another name": {"name": "data.xml"},
}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("serial", ["001", "123", "987"])
def test_a_nip_that_a_workbook_holds_as_a_number_is_never_read_as_another(tmp_path, serial, writer):
    number = f"198503152010012{serial}"

    def fill(book, sheet):
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_number(1, 0, int(number))
        sheet.write_row(1, 1, ROWS[0][1:])

    path = rewritten(workbook(tmp_path / "a.xlsx", fill), **writer)
    ((_, cells),) = rows_of(open_table(path, "a.xlsx"))
    row = roster.read_row(
        {"identifier": cells[0], "name": "Sari", "employment": "PNS", "unit": "x"}, date(2024, 10, 25)
    )
    assert isinstance(row, list) or row.identifier == number, f"read as {row.identifier}"


@pytest.mark.parametrize(
    "written", ["198503152010012123", "198503152010012123.0", "1.98503152010012123E17", "1.98503152010012123E+017"]
)
def test_a_number_of_too_many_digits_is_refused_in_whatever_notation_the_workbook_has_it(tmp_path, written):
    def fill(book, sheet):
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_number(1, 0, 7)
        sheet.write_row(1, 1, ROWS[0][1:])

    path = workbook(tmp_path / "a.xlsx", fill)
    rewritten(path, sheet=lambda xml: xml.replace(b"<v>7</v>", f"<v>{written}</v>".encode()))
    ((_, cells),) = rows_of(open_table(path, "a.xlsx"))
    row = roster.read_row(
        {"identifier": cells[0], "name": "Sari", "employment": "PNS", "unit": "x"}, date(2024, 10, 25)
    )
    assert [(fault.field, fault.code) for fault in row] == [("identifier", "identifier_lost_digits")]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.9, 0.99])
def test_a_workbook_cut_while_it_was_sent_is_refused(tmp_path, share):
    data = workbook(tmp_path / "a.xlsx", fill_plainly).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(FileUnreadable) as caught:
        open_table(path, "cut.xlsx")
    assert caught.value.reason == "cut"


def test_a_workbook_with_a_byte_changed_is_refused_or_read_as_it_was(tmp_path):
    data = workbook(tmp_path / "a.xlsx", fill_plainly).read_bytes()
    path = tmp_path / "changed.xlsx"
    for place in range(10, len(data), len(data) // 60):
        changed = bytearray(data)
        changed[place] ^= 0x55
        path.write_bytes(changed)
        try:
            found = rows_of(open_table(path, "changed.xlsx"))
        except FileUnreadable:
            continue
        assert found == [(6, ROWS[0]), (8, ROWS[1])], place


def test_a_workbook_of_too_many_columns_is_refused(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, [*HEADINGS, *(f"Catatan {number}" for number in range(298))])
        sheet.write_row(1, 0, ROWS[0])

    path = workbook(tmp_path / "a.xlsx", fill)
    with pytest.raises(FileUnreadable) as caught:
        open_table(path, "a.xlsx")
    assert caught.value.reason == "too_many_columns"


# --- workbooks that are made to hurt -----------------------------------------------------------------------------


def bomb(path, megabytes, *, lying=False):
    """Write a small workbook whose shared strings unpack to so many megabytes; a lying one says they are 5 KB."""
    plain = workbook(path.with_suffix(".plain"), fill_plainly)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            if info.filename != "xl/sharedStrings.xml":
                target.writestr(info.filename, source.read(info))
        with target.open("xl/sharedStrings.xml", "w") as member:
            member.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>')
            for _ in range(megabytes):
                member.write(b"A" * 1_000_000)
            member.write(b"</t></si></sst>")
        info = target.getinfo("xl/sharedStrings.xml")
    if lying:
        data = bytearray(path.read_bytes())
        struct.pack_into("<I", data, info.header_offset + 22, 5000)
        at = data.rindex(b"xl/sharedStrings.xml") - 46
        assert data[at : at + 4] == b"PK\x01\x02"
        struct.pack_into("<I", data, at + 24, 5000)
        path.write_bytes(data)
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = bomb(tmp_path / "bomb.xlsx", 200)
    assert path.stat().st_size < 300_000
    unpacked = patch.object(spreadsheets.fastexcel, "read_excel", side_effect=AssertionError("it was unpacked"))
    with unpacked, pytest.raises(FileUnreadable) as caught:
        open_table(path, "bomb.xlsx")
    assert caught.value.reason == "bomb"


def opened_within(path, megabytes):
    """Open a file in a process that may take so much address space; return its answer."""
    program = (
        "import resource, sys, pathlib\n"
        "from ikrar.gateways import spreadsheets\n"
        "from ikrar.domain.errors import FileUnreadable\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({megabytes}_000_000, {megabytes}_000_000))\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "try:\n"
        "    rows = sum(f.height for f in spreadsheets.open_table(path, path.name).frames())\n"
        "    print('rows', rows)\n"
        "except FileUnreadable as error:\n"
        "    print(error.reason)\n"
        # Not ru_maxrss: that begins with what the process was that started this one.
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"the process died ({done.returncode}): {done.stderr[:300]}"
    answer, peak = done.stdout.split("\n")[:2]
    return answer, int(peak) // 1000


def test_a_zip_bomb_that_lies_about_its_size_is_refused_before_it_fills_the_memory(tmp_path):
    answer, peak_mb = opened_within(bomb(tmp_path / "bomb.xlsx", 300, lying=True), 8000)
    assert answer == "bomb"
    assert peak_mb < 300


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("column", [250, 16_383])
def test_one_cell_in_the_far_corner_of_a_sheet_does_not_take_the_server_down(tmp_path, column, writer):
    def fill(book, sheet):
        fill_plainly(book, sheet)
        sheet.write(1_048_575, column, "x")

    path = rewritten(workbook(tmp_path / "far.xlsx", fill), **writer)
    assert path.stat().st_size < 10_000
    answer, peak_mb = opened_within(path, 8000)
    assert answer in ("rows 2", "rows 3", "too_many_columns", "bomb", "not_a_table")
    assert peak_mb < 1000


# --- rows that come back -----------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=10))
def test_no_cell_that_is_given_back_runs_as_a_formula(text):
    for cell in (text, *(f"{sign}{text}" for sign in "=+-@\t\r\x00"), f"\x00={text}"):
        written = harmless(cell)
        assert "\x00" not in written
        assert written[:1] not in ("=", "+", "-", "@", "\t", "\r") or written in ("+", "-")
        assert written.removeprefix("'") == cell.replace("\x00", "").removeprefix("'")


def test_refused_rows_come_back_as_a_file_with_line_and_reason(tmp_path):
    path = tmp_path / "rejects.csv"
    spreadsheets.write_rejects(
        path, [*HEADINGS, "=Rumus"], iter([(7, "nama: kosong; NIP: salah", ["1", "é", '=HYPERLINK("x")', "-1\nb"])])
    )
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    assert rows == [
        ["Baris", "Alasan", *HEADINGS, "'=Rumus"],
        ["7", "nama: kosong; NIP: salah", "1", "é", '\'=HYPERLINK("x")', "'-1\nb"],
    ]
