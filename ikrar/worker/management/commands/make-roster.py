"""`ikrar make-roster`: write a roster of invented people for demonstrations, tests and measurements; no database."""

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.management.base import CommandError

from ikrar import records
from ikrar.domain import days
from ikrar.domain.errors import RegionUnknown
from ikrar.services import invented
from ikrar.worker import command

_REGIONS = Path(records.__file__).parent / "regions"
# Beyond this many people the roster is that of many places, each with a government of its own.
_MOST_OF_ONE_PLACE = 20_000
_MOST_ROWS_OF_A_SHEET = 1_048_576

# The headings of real exports, each with the field that domain.roster guesses from it.
_PLAIN = (
    ("NIP", "identifier"), ("Nama", "name"), ("Gelar Depan", "front_title"), ("Gelar Belakang", "back_title"),
    ("Status Kepegawaian", "employment"), ("Unit Kerja", "unit"), ("Kode Unit", "unit_code"),
    ("Unit Induk", "parent_unit"), ("Jabatan", "post"), ("Jenis Jabatan", "post_kind"), ("Eselon/Jenjang", "level"),
    ("Golongan", "grade"), ("Pimpinan Unit", "is_head"), ("Tanggal Lahir", "birth_on"), ("Jenis Kelamin", "sex"),
    ("TMT CPNS", "start_on"), ("Status", "status"), ("Email", "email"), ("HP", "phone"),
)  # fmt: skip
_MESSY = (
    ("NO", ""), ("NIP/NIK", "identifier"), ("NAMA LENGKAP", "name"), ("JENIS PEGAWAI", "employment"),
    ("UNOR", "unit"), ("KODE UNOR", "unit_code"), ("UNOR INDUK", "parent_unit"), ("NAMA JABATAN", "post"),
    ("JENIS JABATAN", "post_kind"), ("ESELON", "level"), ("GOL. RUANG", "grade"), ("PIMPINAN", "is_head"),
    ("TGL. LAHIR", "birth_on"), ("L/P", "sex"), ("TMT CPNS", "start_on"), ("KEDUDUKAN HUKUM", "status"),
    ("SUREL", "email"), ("NO. HP", "phone"), ("KETERANGAN", ""),
)  # fmt: skip

Cells = Sequence[str]


def _whole(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if (found := int(text)) < least:
            raise argparse.ArgumentTypeError(f"{text}: not below {least}")
        return found

    number.__name__ = "whole number"
    return number


def _share(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < 1:
        raise argparse.ArgumentTypeError(f"{text}: a share from 0 to under 1")
    return found


def _out(text: str) -> Path:
    if (path := Path(text)).suffix.lower() not in (".csv", ".xlsx"):
        raise argparse.ArgumentTypeError(f"{text}: a name that ends in .csv or .xlsx")
    return path


class Command(command.Command):
    help = "Write a roster of invented people; the same seed and day give the same file."
    needs_installation = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--people", required=True, type=_whole(1), metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument("--out", required=True, type=_out, metavar="FILE.csv|xlsx")
        parser.add_argument(
            "--region", default="13.75", metavar="CODE", help="regency or city, Kemendagri code (13.75)"
        )
        parser.add_argument("--bad", type=_whole(0), default=0, metavar="K", help="rows that must be refused")
        parser.add_argument("--contract", type=_share, default=0.03, metavar="SHARE", help="contract staff (0.03)")
        parser.add_argument("--headless", type=_whole(0), default=0, metavar="N", help="units without a head")
        parser.add_argument("--today", type=command.day, metavar="D", help="day of the roster (default: today)")
        parser.add_argument(
            "--style", choices=["plain", "messy"], default="plain", help="as a system, or as a person, writes it"
        )
        for name in ("offices", "districts", "wards", "schools", "health-centres"):
            parser.add_argument(f"--{name}", type=_whole(0), metavar="N", help="exactly so many (default: what fits)")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, **options: Any) -> None:
        people, out, messy = options["people"], options["out"], options["style"] == "messy"
        today = options["today"] or days.local_day(datetime.now(UTC), days.zone_of(options["region"]))
        places = _places(options["region"])
        try:
            units = _units(places, people, options)
            rows = invented.people(
                units, people, options["seed"], today, contract=options["contract"], headless=options["headless"]
            )
            spoiled: list[invented.Spoiled] = []
            if options["bad"]:
                rows, spoiled = invented.spoil(rows, people, options["bad"], options["seed"])
            titles = _titles(places[0].name, today) if messy else []
            if out.suffix.lower() == ".xlsx" and people + len(titles) + 1 > _MOST_ROWS_OF_A_SHEET:
                raise CommandError(
                    f"sheet_too_small: Satu lembar memuat {_MOST_ROWS_OF_A_SHEET} baris. Tulis .csv untuk {people} orang."
                )
            _write(out, titles, _messy(rows) if messy else _plain(rows), messy=messy)
        except ValueError as error:
            raise CommandError(f"roster_impossible: Daftar seperti itu tidak dapat dibuat ({error}).") from error
        for each in spoiled:
            line = each.row + len(titles) + 1
            if options["json"]:
                self.line(line=line, how=each.how, field=each.field, code=each.code)
            else:
                self.stdout.write(f"baris {line}: {each.field} {each.code} ({each.how})")
        if options["json"]:
            self.line(file=out, people=people, units=len(units), bad=len(spoiled), today=today)
        else:
            self.stdout.write(
                f"{out}: {people} orang rekaan di {len(units)} unit, {len(spoiled)} baris rusak, per {today}"
            )


# --- which units -------------------------------------------------------------------------------------------------


def _places(code: str) -> list[invented.Place]:
    """Return every regency and city: the one asked for first, then its province's, then the others. RegionUnknown."""
    if not (_REGIONS / "villages.csv").exists():
        raise CommandError("regions_missing: Daftar wilayah belum ada. Jalankan 'make install'.")
    below: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for level in ("districts", "villages"):
        for own, _, name in _table(level):
            below[own[:5], level].append((own, name))
    places = [
        invented.Place(own, name, below[own, "districts"], below[own, "villages"])
        for own, _, name in _table("regencies")
    ]
    if not any(place.code == code for place in places):
        raise RegionUnknown(code)
    return sorted(places, key=lambda place: (place.code != code, place.code[:2] != code[:2], place.code))


def _table(level: str) -> Iterator[list[str]]:
    with (_REGIONS / f"{level}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


def _units(places: list[invented.Place], people: int, options: dict[str, Any]) -> list[invented.InventedUnit]:
    """Return the units; raises ValueError."""
    asked = {
        name: options[name]
        for name in ("offices", "districts", "wards", "schools", "health_centres")
        if options[name] is not None
    }
    if people > _MOST_OF_ONE_PLACE and not asked:
        return invented.units_of_many(places, people)
    size = invented.Size.for_people(people)
    # What was asked is asked exactly, and refused where the place has less; the rest is cut to what it has.
    if "districts" in asked:
        size = invented.replace(size, districts=asked["districts"])
    return invented.units(places[0], invented.replace(size.fitted(places[0]), **asked))


# --- how it is written -------------------------------------------------------------------------------------------


def _plain(rows: Iterable[invented.Row]) -> Iterator[Cells]:
    yield [heading for heading, _ in _PLAIN]
    yield from map(itemgetter(*(field for _, field in _PLAIN)), rows)


def _titles(place: str, today: date) -> list[str]:
    """Return what a clerk sets above the table."""
    return [
        f"PEMERINTAH {place.upper()}",
        "DAFTAR PEGAWAI (REKAAN, TIDAK ADA ORANGNYA)",
        f"KEADAAN {days.in_words(today)}",
        "",
    ]


def _messy(rows: Iterable[invented.Row]) -> Iterator[Cells]:
    """Yield the table as a person keeps it: titles in names, apostrophes before numbers, dates in three notations."""
    yield [heading for heading, _ in _MESSY]
    cells_of = itemgetter(*(field for _, field in _MESSY if field))
    for number, row in enumerate(rows, 1):
        name, identifier = row["name"], row["identifier"]
        if name[:1].isalpha():
            name = f"{row['front_title']} {name}".strip() + (f", {row['back_title']}" if row["back_title"] else "")
        if identifier.isdigit():
            identifier = f"'{identifier}"
        dates = {field: _notation(row[field], number) for field in ("birth_on", "start_on")}
        yield [str(number), *cells_of(row | dates | {"name": name, "identifier": identifier}), "rekaan"]


def _notation(text: str, number: int) -> str:
    """Write a date in one of three ways in turn; what is no date in our own notation stays."""
    if len(text) != 10 or text[4] != "-":
        return text
    year, month, day = text.split("-")
    if number % 3 == 0:
        return f"{int(day)} {days.MONTHS_ID[int(month) - 1]} {year}"
    return f"{day}/{month}/{year}" if number % 3 == 1 else f"{day}-{month}-{year}"


def _write(out: Path, titles: list[str], table: Iterator[Cells], *, messy: bool) -> None:
    """Write the file under another name first, so that a broken one never stands under the one asked for."""
    part = out.with_name(f".{out.name}.part")
    try:
        if out.suffix.lower() == ".csv":
            _write_csv(part, titles, table, messy=messy)
        else:
            _write_sheet(part, titles, table)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


class _Echo:
    """Hands back what it is given to write, so that a writer of CSV can be asked for the text of a row."""

    def write(self, text: str) -> str:
        return text


def _write_csv(path: Path, titles: list[str], table: Iterator[Cells], *, messy: bool) -> None:
    encoding, delimiter = ("cp1252", ";") if messy else ("utf-8", ",")
    above = ([title] + [""] * (len(_MESSY) - 1) for title in titles)
    quoted = csv.writer(_Echo(), delimiter=delimiter).writerow

    def line(cells: Cells) -> str:
        # One row in five needs quotes; the others are joined in a third of the time that the writer takes.
        text = delimiter.join(cells)
        if text.count(delimiter) == len(cells) - 1 and '"' not in text and "\n" not in text and "\r" not in text:
            return f"{text}\r\n"
        return quoted(cells)

    lines = map(line, chain(above, table))
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        while some := list(islice(lines, 1000)):
            file.write("".join(some))


def _write_sheet(path: Path, titles: list[str], table: Iterator[Cells]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Pegawai")
        bold = book.add_format({"bold": True})
        for row, title in enumerate(titles):
            if title:
                sheet.merge_range(row, 0, row, len(_MESSY) - 1, title, bold)
        # Text in every cell: a number of 18 digits would lose its last three as a number.
        for row, cells in enumerate(table, len(titles)):
            for column, text in enumerate(cells):
                if text:
                    sheet.write_string(row, column, text)
