"""People out of a file of names, without a database: an index is built beside the file, and built anew when the file changes."""

import csv
import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from ikrar.bulk import name_files, name_index
from ikrar.bulk.name_index import Hits, NameIndex
from ikrar.domain.errors import NameFileWrong, NameIndexBroken

__all__ = ["Hits", "NameIndex", "index_beside", "open_roster"]

# Headings of files, in small letters, by the column they stand for.
_HEADINGS = {
    "nip": "number", "nomor": "number", "nip baru": "number", "nama": "name", "nama lengkap": "name", "nama pegawai": "name",
    "unit": "unit", "unit kerja": "unit", "opd": "unit", "jabatan": "post", "post": "post", "wilayah": "region",
    "region": "region", "kode wilayah": "region",
}  # fmt: skip
_NEEDED = {"number": "nip", "name": "nama", "unit": "unit"}
_AT_ONCE = 200_000
_LONGEST_CELL = 1 << 20
# The limit is the whole process's: whoever reads longer cells has raised it further, and keeps that.
csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
_LONGEST = 1_000
"""Letters of a name, a unit or a post; nobody is called by more."""
_REGION = r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$"
_DIGITS_LOST = r"^[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+$"
_LOST = "?"
Faults = dict[str, list[int]]
"""What is the matter with rows: how many, and the first of them; nameless and long ones are left out, number: used without its
number, whose digits a spreadsheet lost; region: in none, since what stands there is no code.
"""


def index_beside(file: Path) -> Path:
    """Return where the index of a file stands."""
    return file.with_name(f"{file.name}.names")


def open_roster(file: Path) -> NameIndex:
    """Open the index of a CSV file of people, built or reused.

    The columns are nip, nama, unit and, if there are any, post (jabatan) and region (wilayah). Raises NameFileWrong.
    """
    try:
        digest = _digest(file)
    except OSError:
        raise NameFileWrong("missing") from None
    index = index_beside(file)
    try:
        if name_files.read_head(index)[0]["source"] == digest:
            return name_index.open_index(index)
    except NameIndexBroken:
        pass  # missing, of another version, or cut: built anew
    try:
        faults: Faults = {}
        name_index.build_frames(index, _frames(file, faults), source=digest, parts_numbers=True, notes=faults)
    except OSError:
        raise NameFileWrong("folder") from None
    return name_index.open_index(index)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _frames(file: Path, faults: Faults) -> Iterator[pl.DataFrame]:
    """Read a file some rows at a time, whatever separates its cells and however its headings are written."""
    number = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            head = opened.readline()
            separator = max(",;\t|", key=head.count)
            opened.seek(0)
            rows = csv.reader(opened, delimiter=separator)
            head_cells = next(rows, [])
            columns = _columns(head_cells)
            lines = rows.line_num
            while some := list(islice(rows, _AT_ONCE)):
                if rows.line_num > lines + len(some):
                    _check_quotes(some, separator, len(head_cells), number)
                lines = rows.line_num
                yield _frame(some, columns, number, faults)
                number += len(some)
    except csv.Error as error:
        # Only a quote that is never closed makes a cell so long.
        raise NameFileWrong("quote" if "field limit" in str(error) else "unreadable", line=number + 2) from None
    except UnicodeDecodeError:
        raise NameFileWrong("unreadable") from None


def _check_quotes(rows: list[list[str]], separator: str, width: int, first: int) -> None:
    """Refuse a file in which a cell holds whole rows: its quote is not closed where it should be. Raises NameFileWrong."""
    for at, row in enumerate(rows):
        for cell in row:
            if "\n" in cell and any(line.count(separator) >= width - 1 for line in cell.split("\n")[1:]):
                raise NameFileWrong("quote", line=_row(first + at))


def _row(place: int) -> int:
    """Return which row of the file one is, by its place among those behind the headings."""
    return place + 2


def _columns(head: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, heading in enumerate(head):
        if known := _HEADINGS.get(" ".join(heading.strip().lower().replace("_", " ").split())):
            columns.setdefault(known, place)
    for needed, heading in _NEEDED.items():
        if needed not in columns:
            raise NameFileWrong("columns", heading)
    return columns


def _frame(rows: list[list[str]], columns: dict[str, int], first: int, faults: Faults) -> pl.DataFrame:
    longest = max(columns.values())
    places = [place for place, row in enumerate(rows, first) if any(row)]
    rows = [row if len(row) > longest else [*row, *[""] * (longest + 1 - len(row))] for row in rows if any(row)]
    cells = {name: [row[place].strip() for row in rows] for name, place in columns.items()}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)).with_columns(
        number=pl.when(pl.col("number").str.contains(_DIGITS_LOST)).then(pl.lit(_LOST)).otherwise("number"),
        place=pl.Series(places, dtype=pl.Int64),
    )
    frame = _kept(frame, faults).with_columns(number=pl.col("number").str.replace_all(r"[\s'’.\-]", ""))
    # One person is one number; who has none is somebody of his own.
    has_number = pl.col("number").str.contains(r"^[0-9]{6,18}$")
    key = pl.when(has_number).then(pl.col("number").str.to_integer(strict=False)).otherwise(-1 - pl.col("place"))
    return frame.with_columns(key=key).drop("place")


def _kept(frame: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """Return the rows that can be used, and count what is the matter with the others, and with some of these."""
    texts = [name for name in frame.columns if name != "place"]
    is_long = pl.any_horizontal(pl.col(texts).str.len_chars() > _LONGEST)
    ways = {
        "nameless": pl.col("name") == "", "long": is_long, "number": pl.col("number") == _LOST,
        "region": (pl.col("region") != "") & ~pl.col("region").str.contains(_REGION) if "region" in texts else pl.lit(False),
    }  # fmt: skip
    for what, is_so in ways.items():
        found = frame.filter(is_so)["place"]
        if len(found):
            known = faults.setdefault(what, [0, _row(int(found[0]))])
            known[0] += len(found)
    return frame.filter((pl.col("name") != "") & ~is_long).with_columns(
        number=pl.when(pl.col("number") == _LOST).then(pl.lit("")).otherwise("number")
    )
