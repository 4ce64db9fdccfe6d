"""Tables as personnel systems write them (CSV of any dialect, XLSX), read as frames of text in bounded memory.

Every cell stays text: numbers, dates and formulas are judged by the domain. A frame carries the line of each row.
"""

import codecs
import csv
import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

import fastexcel
import polars as pl

from ikrar.domain.errors import FileUnreadable
from ikrar.domain.roster import UNCALCULATED, clean, guess_field, heading_key

LINE = "__line__"
EXTRA = "__extra__"
_BLOCK_BYTES = 24_000_000
_SAMPLE_BYTES = 262_144
_MOST_COLUMNS = 300
_LONGEST_ROW_BYTES = 64_000_000
_HEADER_SEARCH_ROWS = 30
_FIRST_ROWS = 200
_LONGEST_ROW_SHOWN = 1000
_MOST_CELLS = 60_000_000
_MOST_SHEETS = 100
# How far the lines of one sheet lie from those of the next, where several are read as one table: more than a sheet can have.
_SHEET_STEP = 1 << 21
csv.field_size_limit(_LONGEST_ROW_BYTES)
# An xlsx is a zip: what it may grow to, and how much more than its own size, before we stop believing it.
_UNPACKED_LIMIT_BYTES = 3_000_000_000
_UNPACKED_RATIO = 250


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook. Those of one `group` have the same headings, and are read as one table.

    `why` it is not among those that can be read: hidden, empty, no_header, or other (it has headings, but names nobody).
    """

    name: str
    why: str = ""
    group: int | None = None


@dataclass
class Table:
    """A file with its header found: `headings` in the order of the columns, and frames of the rows below.

    Of a workbook, `sheets` are all its sheets and `read` the names of those that make the table, in their order. Where
    there are several groups and nobody said which is meant, nothing is read.
    """

    path: Path
    headings: list[str]
    header_line: int
    sheets: tuple[Sheet, ...] = ()
    read: tuple[str, ...] = ()
    _encoding: str = ""
    _delimiter: str = ","
    _bodies: list[pl.DataFrame] | None = field(default=None, repr=False)

    def frames(self, only: Collection[str] = ()) -> Iterator[pl.DataFrame]:
        """Yield frames of text columns `0`, `1`, …, LINE (line of the file, from 1; for a workbook see `place_of`) and
        EXTRA (true where a row has more cells than the header, so that its cells cannot be trusted to stand in their
        columns).

        With `only` these text columns and no others are read; rows in which they are empty may then be among them.
        Raises FileUnreadable where the file ends in the middle of a row.
        """
        if self._bodies is not None:
            step = 100_000
            for body in self._bodies:
                some = body.select(*only, LINE, EXTRA) if only else body
                for start in range(0, body.height, step):
                    yield some.slice(start, step)
        else:
            yield from _csv_frames(self, only)


def place_of(line: int, read: Sequence[str]) -> tuple[str, int]:
    """Return the sheet and the row in it for a LINE of a table that was read from these sheets; no sheet where one is all.

    >>> place_of(7, ["PNS"]), place_of((1 << 21) + 7, ["PNS", "PPPK"])
    (('', 7), ('PPPK', 7))
    """
    if len(read) < 2:
        return "", line
    sheet, row = divmod(line, _SHEET_STEP)
    return read[sheet], row


def open_table(path: Path, name: str, sheets: Sequence[str] = ()) -> Table:
    """Open a file by what it is and find its header. `sheets`: those of a workbook that make the table.

    Raises FileUnreadable with the reason.
    """
    if path.stat().st_size == 0:
        raise FileUnreadable("empty")
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    if start[:2] == b"PK":
        return _open_book(path, sheets)
    if start[:4] == b"\xd0\xcf\x11\xe0":
        if name.lower().endswith((".xlsx", ".xlsm")):
            raise FileUnreadable("locked")  # a workbook with a password is kept in the form of the old ones
        raise FileUnreadable("old_excel")
    if start[:5] == b"%PDF-":
        raise FileUnreadable("not_a_table")
    return _open_csv(path, start)


def write_rejects(path: Path, headings: Sequence[str], rows: Iterator[tuple[str, str, Sequence[str]]]) -> None:
    """Write refused rows as they came, each with its line and what is wrong, so that they can be mended and sent again."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rejects_to(file, headings, rows)


def rejects_to(file: io.TextIOBase, headings: Sequence[str], rows: Iterator[tuple[str, str, Sequence[str]]]) -> None:
    """Write refused rows to an open text file."""
    writer = csv.writer(file)
    writer.writerow(["Baris", "Alasan", *map(harmless, headings)])
    for line, reason, cells in rows:
        writer.writerow([line, reason, *map(harmless, cells)])


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula: one that could be begins with an apostrophe."""
    text = text.replace("\x00", "")
    runs = text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and len(text) > 1)
    return f"'{text}" if runs else text


def first_values(path: Path, name: str, sheets: Sequence[str] = (), most: int = 3) -> list[list[str]]:
    """Return the first values of each column below the header, for whoever has to say what the columns hold.

    Of a CSV only the beginning is read, of a workbook the first of `sheets`. Raises FileUnreadable.
    """
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    is_book = start[:2] == b"PK"
    rows = _first_rows_of_sheet(path, next(iter(sheets), 0)) if is_book else _first_rows_of_csv(path, start)
    headings, header_line = _find_header(iter(rows))
    values: list[list[str]] = [[] for _ in headings]
    for row in rows[header_line:]:
        for found, cell in zip(values, row, strict=False):
            if len(found) < most and (cell := clean(cell[:_LONGEST_ROW_SHOWN])):
                found.append(cell)
    return values


def _first_rows_of_csv(path: Path, start: bytes) -> list[Sequence[str]]:
    if len(start) == _SAMPLE_BYTES:
        start = start[: start.rfind(b"\n") + 1] or start  # the last row is not whole
    try:
        text = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError:
        text = start.decode(_encoding_of(path, start), errors="replace")
    text = text.lstrip("\ufeff").replace("\x00", "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text.splitlines(keepends=True)))
    return list(itertools.islice(_as_far_as_readable(rows), _FIRST_ROWS))


def _first_rows_of_sheet(path: Path, sheet: str | int) -> list[Sequence[str]]:
    return list(_load(fastexcel.read_excel(path), sheet, _FIRST_ROWS).iter_rows())


# --- CSV ---------------------------------------------------------------------------------------------------------


def _open_csv(path: Path, start: bytes) -> Table:
    encoding = _encoding_of(path, start)
    text = start.decode(encoding, errors="replace").lstrip("\ufeff")
    if encoding.startswith("utf-16") is False and start.count(b"\x00") > len(start) // 20:
        raise FileUnreadable("not_a_table")
    lines = text.splitlines(keepends=True)
    delimiter = _delimiter_of(lines)
    rows = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter)
    try:
        headings, header_line = _find_header(rows)
    except csv.Error:
        raise FileUnreadable("not_a_table") from None
    return Table(path, headings, header_line, _encoding=encoding, _delimiter=delimiter)


def _encoding_of(path: Path, start: bytes) -> str:
    """Tell UTF-16 by its mark, UTF-8 by reading the whole file as such, else Windows-1252."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(8_000_000):
                # Looking whether all is plain costs a tenth of decoding it.
                if decoder.getstate()[0] or not block.isascii():
                    decoder.decode(block)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter_of(lines: list[str]) -> str:
    """Return the sign that parts the most columns in the most lines of the beginning."""
    sample = [line for line in lines[:200] if line.strip()]
    return max(",;\t|", key=lambda sign: sum(line.count(sign) for line in sample))


def _as_far_as_readable(rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield rows until one cannot be read: the beginning of a file may break off in a huge cell below the header."""
    try:
        yield from rows
    except csv.Error:
        return


def _find_header(rows: Iterator[Sequence[str]]) -> tuple[list[str], int]:
    """Return the headings and their line: the row, near the top, in which the most known headings stand."""
    best, best_known, best_line = None, 0, 0
    for number, row in enumerate(_as_far_as_readable(rows), 1):
        known = sum(1 for cell in row if guess_field(cell))
        if known > best_known:
            best, best_known, best_line = row, known, number
        if number >= _HEADER_SEARCH_ROWS:
            break
    if best is None or best_known < 2:
        raise FileUnreadable("no_header")
    headings = [" ".join(cell.split())[:100] or f"Kolom {number}" for number, cell in enumerate(best, 1)]
    while headings and headings[-1].startswith("Kolom ") and not best[len(headings) - 1].strip():
        headings.pop()
    if len(headings) > _MOST_COLUMNS:
        raise FileUnreadable("too_many_columns")
    seen: dict[str, int] = {}
    for index, heading in enumerate(headings):
        seen[heading] = seen.get(heading, 0) + 1
        if seen[heading] > 1:
            headings[index] = f"{heading} ({seen[heading]})"
    return headings, best_line


def _csv_frames(table: Table, only: Collection[str]) -> Iterator[pl.DataFrame]:
    """Cut the file into blocks at ends of rows (an even number of quotes before them) and parse each."""
    width = len(table.headings)
    wanted = sorted(map(int, only)) or range(width)
    line, skip = 1, table.header_line
    for block in _blocks(table):
        lines_in_block = block.count(b"\n")
        if skip:
            # The rows above the data: titles and the header itself, which may hold quoted line ends.
            start = 0
            while skip and start < len(block):
                end = block.find(b"\n", start)
                end = len(block) if end < 0 else end + 1
                if block.count(b'"', 0, end) % 2 == 0:
                    skip -= 1
                line += 1
                lines_in_block -= 1
                start = end
            block = block[start:]
            if not block:
                continue
        frame = _parse(block, table._delimiter, width, wanted)
        if frame.height != lines_in_block + 1:
            # Quoted cells hold line ends of their own: they are made plain, and each row's line is looked for.
            block = block.replace(b"\r\n", b"\n")
            frame = _parse(block, table._delimiter, width, range(width))
            frame = _number(frame, block, table._delimiter, line).select(*map(str, wanted), EXTRA, LINE)
        else:
            lines = (pl.int_range(pl.len()) + (line - 1)).cast(pl.UInt32)
            frame = frame.with_columns(lines.alias(LINE), pl.col(EXTRA) != "")[1:]
        yield frame if only else frame.filter(~pl.all_horizontal(pl.col(str(index)) == "" for index in range(width)))
        line += lines_in_block


def _blocks(table: Table) -> Iterator[bytes]:
    """Yield blocks of whole rows as UTF-8; rows end with a plain line end or one after a return."""
    rest, passed = b"", 0
    for data in _utf8(table):
        data = rest + data
        end = len(data)
        while True:
            end = data.rfind(b"\n", 0, end)
            if end < 0 or data.count(b'"', 0, end) % 2 == 0:
                break
        if end < 0:
            rest = data
            if len(rest) > _LONGEST_ROW_BYTES:
                raise FileUnreadable("quote_never_closed", _line_after(table, passed))
            continue
        yield data[: end + 1]
        passed += end + 1
        rest = data[end + 1 :]
    if rest:
        # The last row has no line end: with fewer cells than the header it was cut while it was sent.
        text = rest.decode("utf-8", errors="replace")
        rest = text.encode()
        if rest.count(b'"') % 2 and b"\n" in rest:
            # No end of a row was found from here on, so the quote opened in the first of these lines.
            raise FileUnreadable("quote_never_closed", _line_after(table, passed))
        last = next(csv.reader(io.StringIO(text, newline=""), delimiter=table._delimiter), [])
        if rest.count(b'"') % 2 or len(last) < len(table.headings):
            raise FileUnreadable("cut")
        yield rest + b"\n"


def _line_after(table: Table, size: int) -> int:
    """Return the line on which the byte after so many of the file's (as UTF-8 with plain line ends) stands, from 1."""
    line = 1
    for data in _utf8(table):
        line += data.count(b"\n", 0, size)
        size -= len(data)
        if size <= 0:
            break
    return line


_LONE_RETURN = re.compile(rb"\r(?!\n)")


def _utf8(table: Table) -> Iterator[bytes]:
    """Yield the file's bytes as UTF-8 without its mark, each line ending with a plain line end, perhaps after a return; a
    file that is UTF-8 is not decoded for it.
    """
    if table._encoding == "utf-8":
        with table.path.open("rb") as file:
            data = file.read(_BLOCK_BYTES).removeprefix(codecs.BOM_UTF8)
            while data:
                following = file.read(_BLOCK_BYTES)
                if data.endswith(b"\r") and following:
                    data, following = data[:-1], b"\r" + following
                if _LONE_RETURN.search(data):
                    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
                yield data
                data = following
    else:
        # Text mode makes every kind of line end plain.
        with table.path.open("r", encoding=table._encoding, errors="replace", newline=None) as file:
            while text := file.read(_BLOCK_BYTES):
                yield text.lstrip("\ufeff").encode("utf-8", errors="replace")


def _parse(block: bytes, delimiter: str, width: int, wanted: Sequence[int]) -> pl.DataFrame:
    """Return rows of so many cells as text, of which the columns wanted and EXTRA, with an empty row before the first."""
    # The parser wants the first row of a block to be whole.
    try:
        return pl.read_csv(
            (delimiter * width).encode() + b"\n" + block,
            has_header=False,
            separator=delimiter,
            columns=[*wanted, width],
            schema=dict.fromkeys([*map(str, range(width)), EXTRA], pl.String),
            empty_string_is_null=False,
            truncate_ragged_lines=True,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError as error:
        raise FileUnreadable("not_a_table") from error


def _number(frame: pl.DataFrame, block: bytes, delimiter: str, line: int) -> pl.DataFrame:
    """Add the line of each row where quoted cells hold line ends of their own, and take the empty row away."""
    if (starts := _starts(block, delimiter)) is not None and len(starts) == frame.height - 1:
        lines = pl.lit(pl.Series([line - 1, *(line + start for start in starts)], dtype=pl.UInt32))
    else:
        ends = pl.sum_horizontal(pl.col(pl.String).str.count_matches("\n", literal=True))
        lines = (pl.int_range(pl.len()).cast(pl.Int64) + (line - 1) + (ends.cum_sum() - ends)).cast(pl.UInt32)
    return frame.with_columns(lines.alias(LINE), pl.col(EXTRA) != "")[1:]


def _starts(block: bytes, delimiter: str) -> list[int] | None:
    """Return on which line of a block each row begins, where quoted cells hold line ends; None if it cannot be told."""
    reader = csv.reader(io.StringIO(block.decode("utf-8", errors="replace"), newline=""), delimiter=delimiter)
    starts, before = [], 0
    try:
        for _ in reader:
            starts.append(before)
            before = reader.line_num
    except csv.Error:
        return None
    return starts


# --- XLSX --------------------------------------------------------------------------------------------------------


def _load(book: fastexcel.ExcelReader, sheet: str | int, most: int | None = None) -> pl.DataFrame:
    """Return a sheet as text from its first row on, without heading names; columns are numbered from the first in use."""
    try:
        loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=most, dtypes="string").to_polars()
    except Exception as error:  # whatever the reader finds wrong, the file is what is wrong
        raise FileUnreadable("not_a_table") from error
    if loaded.width > _MOST_COLUMNS:
        raise FileUnreadable("too_many_columns")
    loaded = loaded.select(pl.all().cast(pl.String).fill_null(""))
    loaded.columns = [str(index) for index in range(loaded.width)]
    return loaded


@dataclass
class _Found:
    """A sheet with its header: what was scanned of it, its headings and their row."""

    scan: "_SheetScan"
    headings: list[str]
    header_line: int

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(sorted(map(heading_key, self.headings)))

    @property
    def names_people(self) -> bool:
        return any(guess_field(heading) == "name" for heading in self.headings)


def _open_book(path: Path, wanted: Sequence[str]) -> Table:
    scans = _look_inside(path)
    try:
        book = fastexcel.read_excel(path)
    except Exception as error:  # whatever the reader finds wrong, the file is what is wrong
        raise FileUnreadable("not_a_table") from error
    found = {scan.name: header for scan in scans if (header := _header_of(book, scan, alone=len(scans) == 1))}
    if not found:
        raise FileUnreadable("no_header_in_sheets", sheets=", ".join(scan.name for scan in scans))
    sheets, groups = _grouped(scans, found)
    if wanted:
        read = [scan.name for scan in scans if scan.name in wanted and scan.name in found]
        if set(read) != set(wanted) or len({found[name].key for name in read}) > 1:
            raise FileUnreadable("sheets_differ", sheets=", ".join(wanted))
    else:
        read = groups[0] if len(groups) == 1 else []
    first = found[read[0] if read else groups[0][0]]
    if sum(found[name].scan.cells for name in read) > _MOST_CELLS:
        raise FileUnreadable("too_large")
    bodies = [_body(book, found[name], first.headings, number * _SHEET_STEP) for number, name in enumerate(read)]
    return Table(path, first.headings, first.header_line, sheets=sheets, read=tuple(read), _bodies=bodies)


def _header_of(book: fastexcel.ExcelReader, scan: "_SheetScan", *, alone: bool) -> _Found | None:
    """Find the header of a sheet; none where it has none, unless it is the only sheet."""
    if not scan.first_column and not alone:
        return None
    try:
        headings, line = _find_header(_load(book, scan.name, _HEADER_SEARCH_ROWS).iter_rows())
    except FileUnreadable as error:
        if error.reason != "no_header" or alone:
            raise
        return None
    return _Found(scan, headings, line)


def _grouped(scans: "Sequence[_SheetScan]", found: dict[str, _Found]) -> tuple[tuple[Sheet, ...], list[list[str]]]:
    """Put the sheets that can be read into groups of the same headings; say of every other why it is none of them.

    A sheet that is hidden, has headings alone, or names nobody while another does, is read only where somebody asks for it.
    """
    why: dict[str, str] = {}
    for scan in scans:
        if scan.name not in found:
            why[scan.name] = "no_header" if scan.first_column else "empty"
        elif scan.last_row <= found[scan.name].header_line:
            why[scan.name] = "empty"
        elif scan.is_hidden:
            why[scan.name] = "hidden"
    people = [name for name, sheet in found.items() if name not in why and sheet.names_people]
    if people:
        why |= {name: "other" for name in found if name not in why and name not in people}
    groups: dict[tuple[str, ...], list[str]] = {}
    chosen = [name for name in found if name not in why] or list(found)
    for name in chosen:
        groups.setdefault(found[name].key, []).append(name)
    place = {name: number for number, names in enumerate(groups.values()) for name in names}
    sheets = tuple(
        Sheet(scan.name, "" if scan.name in place else why.get(scan.name, "other"), place.get(scan.name))
        for scan in scans
    )
    return sheets, list(groups.values())


def _body(book: fastexcel.ExcelReader, found: _Found, headings: Sequence[str], offset: int) -> pl.DataFrame:
    """Return the rows below a sheet's header, its columns in the order of `headings`."""
    sheet = _load(book, found.scan.name)
    columns = sheet.columns[: len(found.headings)]
    body = sheet.select(columns).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias(LINE), pl.lit(value=False).alias(EXTRA)
    )
    body = body.slice(found.header_line).filter(~pl.all_horizontal(pl.col(name) == "" for name in columns))
    for column, rows in found.scan.long_numbers.items():
        name = found.scan.column_name(column)
        if name in columns:
            lost = pl.col(name).str.slice(0, 1) + "." + pl.col(name).str.slice(1, 5) + "E+17"
            told = pl.col(LINE).is_in(rows) & pl.col(name).str.contains(r"^[0-9]{16,}(?:\.0*)?$")
            body = body.with_columns(pl.when(told).then(lost).otherwise(pl.col(name)).alias(name))
    for column, rows in found.scan.uncalculated.items():
        name = found.scan.column_name(column)
        if name in columns:
            told = pl.col(LINE).is_in(rows) & (pl.col(name) == "")
            body = body.with_columns(pl.when(told).then(pl.lit(UNCALCULATED)).otherwise(pl.col(name)).alias(name))
    # Of two columns with the same heading the first stands for the first.
    waiting: dict[str, list[str]] = {}
    for heading, column in zip(found.headings, columns, strict=True):
        waiting.setdefault(heading_key(heading), []).append(column)
    ordered = [pl.col(waiting[heading_key(each)].pop(0)).alias(str(index)) for index, each in enumerate(headings)]
    return body.select(*ordered, (pl.col(LINE) + offset).cast(pl.UInt32).alias(LINE), EXTRA)


def _look_inside(path: Path) -> "list[_SheetScan]":
    """Look at a workbook before a reader unpacks it; return what its sheets hold, in their order.

    Raises FileUnreadable: cut, a bomb (also one that lies about its size), too wide, too many sheets, no workbook.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.filename: member for member in archive.infolist()}
            if "xl/workbook.xml" not in members:
                raise FileUnreadable("not_a_table")
            limit = min(_UNPACKED_LIMIT_BYTES, _UNPACKED_RATIO * max(path.stat().st_size, 20_000))
            unpacked, scans = 0, {}
            for member in archive.infolist():
                # Which part holds which sheet stands in another part; every part that could be one is looked at.
                scan = _SheetScan() if member.filename.endswith((".xml", ".rels")) else None
                for part in _unpacked(path, member):
                    unpacked += len(part)
                    if unpacked > limit:
                        raise FileUnreadable("bomb")
                    if scan:
                        scan.feed(part)
                if scan and scan.is_sheet:
                    scan.close()
                    scans[member.filename] = scan
            named = list(_sheets_of(path, members, scans))
    except (zipfile.BadZipFile, zlib.error, OSError, struct.error):
        raise FileUnreadable("cut") from None
    except (expat.ExpatError, ElementTree.ParseError, ValueError):
        raise FileUnreadable("not_a_table") from None
    if not named:
        raise FileUnreadable("not_a_table")
    if len(named) > _MOST_SHEETS:
        raise FileUnreadable("too_many_sheets")
    return named


def _sheets_of(
    path: Path, members: dict[str, zipfile.ZipInfo], scans: "dict[str, _SheetScan]"
) -> "Iterator[_SheetScan]":
    """Yield what was scanned of each sheet with its name, in the order of the workbook's own index; charts are no sheets."""

    def elements(name: str, tag: str) -> Iterator[dict[str, str]]:
        if name in members:
            document = b"".join(_unpacked(path, members[name]))
            for element in ElementTree.fromstring(document).iter():  # noqa: S314  no doctype stands in it: see _SheetScan
                if element.tag.rpartition("}")[2] == tag:
                    yield {key.rpartition("}")[2]: value for key, value in element.attrib.items()}

    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in elements("xl/_rels/workbook.xml.rels", "Relationship")
    }
    for sheet in elements("xl/workbook.xml", "sheet"):
        target = targets.get(sheet.get("id"), "")
        scan = scans.get(target[1:] if target.startswith("/") else f"xl/{target}")
        if scan is not None:
            scan.name, scan.is_hidden = sheet.get("name", ""), sheet.get("state", "visible") != "visible"
            yield scan


def _unpacked(path: Path, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member really unpacks to, whatever the archive says of its size."""
    with path.open("rb") as file:
        file.seek(member.header_offset)
        head = file.read(30)
        name_size, extra_size = struct.unpack("<HH", head[26:30])
        file.seek(name_size + extra_size, 1)
        left = member.compress_size
        if member.compress_type == zipfile.ZIP_STORED:
            while left > 0 and (part := file.read(min(left, 1_048_576))):
                left -= len(part)
                yield part
            return
        unpacker = zlib.decompressobj(-15)
        while left > 0 and (packed := file.read(min(left, 65_536))):
            left -= len(packed)
            while packed:
                yield unpacker.decompress(packed, 4_194_304)
                packed = unpacker.unconsumed_tail


# A number of more digits than a number can hold (15): the last of them are lost already in the file.
_LONG_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]{16,}(?:\.[0-9]*)?|[0-9](?:\.[0-9]*)?[eE]\+?0*1[5-9])\s*")
_TEXT_KINDS = frozenset({"s", "str", "inlineStr", "b", "e", "d"})
_DIGITS = "0123456789"


class _SheetScan:
    """Reads a sheet's XML as it streams by: how far its cells reach, which of them hold a number that lost digits, and
    which a formula whose result is not in the file.

    Raises FileUnreadable as soon as the cells reach too far: a reader would make room for all between.
    """

    def __init__(self) -> None:
        self.is_sheet = self.is_hidden = False
        self.name = ""
        self.first_column = 0
        self.last_row = 0
        self.long_numbers: dict[int, list[int]] = {}
        self.uncalculated: dict[int, list[int]] = {}
        self._row = self._column = self._last_column = 0
        self._numeric = False
        self._awaits_result = False
        self._text: list[str] = []
        self._columns: dict[str, int] = {}
        self._parser: expat.XMLParserType | None = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._root
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, part: bytes) -> None:
        """Read on. Raises FileUnreadable, ExpatError."""
        if self._parser:
            self._parser.Parse(part, False)

    def close(self) -> None:
        """Raise ExpatError where the sheet ended in the middle."""
        if self._parser:
            self._parser.Parse(b"", True)
        self._end_formula()

    @property
    def cells(self) -> int:
        """How many cells a reader makes room for."""
        return self.last_row * self._last_column

    def column_name(self, column: int) -> str:
        """Return how a reader calls a column: it gives the columns from the first that holds anything."""
        return str(column - self.first_column)

    def _refuse(self, *_: object) -> None:
        raise FileUnreadable("bomb")  # no program writes entities into a workbook

    def _root(self, name: str, _: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "worksheet":
            self.is_sheet = True
            self._parser.StartElementHandler = self._start
        else:
            self._parser.StartElementHandler = None
            self._parser = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" c") or name == "c":
            self._end_formula()
            place = attributes.get("r")
            if place:
                letters = place.rstrip(_DIGITS)
                self._column = self._columns.get(letters) or self._learn(letters)
                self._row = int(place[len(letters) :] or self._row)
            else:
                self._column += 1
            self._numeric = attributes.get("t") not in _TEXT_KINDS
        elif name.endswith((" v", " is")) or name in ("v", "is"):
            if not self._awaits_result:
                self._reach()
            if self._numeric:
                self._text = []
                self._parser.CharacterDataHandler = self._text.append
                self._parser.EndElementHandler = self._end
            elif self._awaits_result:
                self._awaits_result = False  # a text may be empty
                self._reach()
        elif name.endswith(" row") or name == "row":
            self._end_formula()
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0
        elif name.endswith(" f") or name == "f":
            self._awaits_result = True

    def _reach(self) -> None:
        """Note that a value stands here."""
        column = self._column
        if column < self.first_column or not self.first_column:
            self.first_column = column
        if column > self._last_column:
            self._last_column = column
        self.last_row = self._row
        if self._row * self._last_column > _MOST_CELLS:
            raise FileUnreadable("too_many_columns")

    def _end(self, _: str) -> None:
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        text = "".join(self._text)
        if self._awaits_result:
            if not text.strip():
                return  # told at the end of the cell
            self._awaits_result = False
            self._reach()
        if _LONG_NUMBER.fullmatch(text):
            self.long_numbers.setdefault(self._column, []).append(self._row)

    def _end_formula(self) -> None:
        if self._awaits_result:
            self._awaits_result = False
            self.uncalculated.setdefault(self._column, []).append(self._row)

    def _learn(self, letters: str) -> int:
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        self._columns[letters] = number
        return number
