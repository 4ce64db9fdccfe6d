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
        name_index.build_frames(index, _frames(file), source=digest, parts_numbers=True)
    except OSError:
        raise NameFileWrong("folder") from None
    return name_index.open_index(index)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _frames(file: Path) -> Iterator[pl.DataFrame]:
    """Read a file some rows at a time, whatever separates its cells and however its headings are written."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            head = opened.readline()
            separator = max(",;\t|", key=head.count)
            opened.seek(0)
            rows = csv.reader(opened, delimiter=separator)
            columns = _columns(next(rows, []))
            number = 0
            while some := list(islice(rows, _AT_ONCE)):
                yield _frame(some, columns, number)
                number += len(some)
    except (UnicodeDecodeError, csv.Error):
        raise NameFileWrong("unreadable") from None


def _columns(head: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, heading in enumerate(head):
        if known := _HEADINGS.get(" ".join(heading.strip().lower().replace("_", " ").split())):
            columns.setdefault(known, place)
    for needed, heading in _NEEDED.items():
        if needed not in columns:
            raise NameFileWrong("columns", heading)
    return columns


def _frame(rows: list[list[str]], columns: dict[str, int], first: int) -> pl.DataFrame:
    longest = max(columns.values())
    rows = [row if len(row) > longest else [*row, *[""] * (longest + 1 - len(row))] for row in rows if any(row)]
    cells = {name: [row[place].strip() for row in rows] for name, place in columns.items()}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)).with_columns(
        number=pl.col("number").str.replace_all(r"[\s'’.\-]", "")
    )
    # One person is one number; who has none is somebody of his own.
    has_number = pl.col("number").str.contains(r"^[0-9]{6,18}$")
    own = -1 - (first + pl.int_range(pl.len(), dtype=pl.Int64))
    key = pl.when(has_number).then(pl.col("number").str.to_integer(strict=False)).otherwise(own)
    return frame.filter(pl.col("name") != "").with_columns(key=key) if len(frame) else frame.with_columns(key=own)
