"""A roster file on its way in: received, mapped by a person, previewed, applied in one transaction, perhaps undone.

Preview and application run the same reading of the same file; only the second writes. What was shown is bound by a
digest of the difference: if the roster changed in between, nothing is applied and the difference is shown anew.
"""

import hashlib
import io
import json
import secrets
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
from django.conf import settings
from django.db import connection, transaction
from django.db.models import CASCADE, Case, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, When

from ikrar.bulk import roster as bulk
from ikrar.bulk.ahead import at_once, read_ahead
from ikrar.domain import gatherings, roster
from ikrar.domain.errors import (
    ColumnsNotMapped,
    CompleteFileEmpty,
    DomainError,
    FileUnreadable,
    IdentifierInvalid,
    IdentifierTaken,
    ImportInterrupted,
    ImportNotUndoable,
    ImportStateWrong,
    ImportUnknown,
    ManyWouldEnd,
    ReasonMissing,
    RosterChangedSincePreview,
    SheetsNotChosen,
    UnitAlreadyHeaded,
    UnknownColumn,
    UnknownField,
)
from ikrar.domain.roster import EmployeeRow, Fault
from ikrar.gateways import spreadsheets
from ikrar.records.models import (
    Agency,
    CircularReader,
    ColumnMapping,
    FormerIdentifier,
    Invitation,
    Person,
    Placement,
    RosterChange,
    RosterImport,
    RosterReject,
    User,
    WorkUnit,
)
from ikrar.services import freshness, ledger, masses, name_touches, touches, units
from ikrar.services.unit_names import Unit, UnitNames
from ikrar.services.unnumbered import Unnumbered

_MOST_REJECTS_KEPT = 20_000
_MOST_REFUSED_HELD = 100_000  # of so many rows is asked whom they are about; of the others nobody can be told
_LOOK_AGAIN = 0  # a fingerprint that no row has
State = RosterImport.State
# Where an import stands again after work on it was cut.
_BEFORE = {State.READING: State.RECEIVED, State.APPLYING: State.PREVIEWED, State.UNDOING: State.APPLIED}


# --- receiving and mapping ---------------------------------------------------------------------------------------


def receive(
    *, agency: Agency, file: BinaryIO, name: str, effective_on: date, by: User | None, now: datetime
) -> RosterImport:
    """Store a file as it came, find its header, and propose what its columns hold.

    A mapping that a person made for headings like these is remembered. Raises FileUnreadable; nothing is kept then.
    """
    folder = settings.HOME / "rosters"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{secrets.token_hex(12)}{Path(name).suffix.lower()[:6]}"
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as target:
            while block := file.read(1_048_576):
                size += len(block)
                if size > settings.ROSTER_LIMIT_BYTES:
                    raise FileUnreadable("too_large")
                digest.update(block)
                target.write(block)
        table = spreadsheets.open_table(path, name)
        fields = _remembered(agency, table.headings) or _guessed(table.headings)
        return RosterImport.objects.create(
            agency=agency,
            file_name=Path(name).name[:200],
            file_path=str(path.relative_to(settings.HOME)),
            file_digest=digest.hexdigest(),
            headings=table.headings,
            sheets=_kept_sheets(table),
            fields=fields,
            new_units=not agency.units.exclude(parent=None).exists(),
            effective_on=effective_on,
            started_by=by,
            started_at=now,
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _kept_sheets(table: spreadsheets.Table) -> list[dict[str, Any]]:
    """Return the sheets of a workbook as they are kept with an import: name, why it cannot be read, group, whether it is."""
    return [
        {"name": sheet.name, "why": sheet.why, "group": sheet.group, "read": sheet.name in table.read}
        for sheet in table.sheets
    ]


def sheets_read(roster_import: RosterImport) -> list[str]:
    """Return the names of the sheets that are read as one table; none for a file without sheets, or before the choice."""
    return [sheet["name"] for sheet in roster_import.sheets if sheet["read"]]


def sheet_groups(roster_import: RosterImport) -> list[list[str]]:
    """Return the sheets that can be read, those with the same headings together."""
    groups: dict[int, list[str]] = {}
    for sheet in roster_import.sheets:
        if sheet["group"] is not None:
            groups.setdefault(sheet["group"], []).append(sheet["name"])
    return list(groups.values())


def sheets_unclear(roster_import: RosterImport) -> bool:
    """Say whether somebody has to choose first which sheets are read."""
    return bool(roster_import.sheets) and not sheets_read(roster_import)


def choose_sheets(roster_import: RosterImport, names: Sequence[str]) -> None:
    """Read these sheets of a workbook as one table, and propose anew what their columns hold.

    Raises FileUnreadable where they are not there or not alike, SheetsNotChosen, ImportStateWrong.
    """
    if not names:
        raise _not_chosen(roster_import)
    table = spreadsheets.open_table(_path(roster_import), roster_import.file_name, names)
    changed = RosterImport.objects.filter(pk=roster_import.pk, state__in=(State.RECEIVED, State.FAILED)).update(
        headings=table.headings,
        sheets=_kept_sheets(table),
        fields=_remembered(roster_import.agency, table.headings) or _guessed(table.headings),
        state=State.RECEIVED,
        error={},
    )
    if not changed:
        raise ImportStateWrong(roster_import.state)
    roster_import.refresh_from_db()


def _not_chosen(roster_import: RosterImport) -> SheetsNotChosen:
    return SheetsNotChosen(tuple(" + ".join(names) for names in sheet_groups(roster_import)))


def _path(roster_import: RosterImport) -> Path:
    """Return where the file lies. Raises FileUnreadable where it is there no more."""
    path = settings.HOME / roster_import.file_path
    if not roster_import.file_path or not path.is_file():
        raise FileUnreadable("gone")
    return path


def place_of(roster_import: RosterImport, line: int) -> str:
    """Return where a row stands in the file, for a reader: its line, and before it the sheet where there are several."""
    sheet, row = spreadsheets.place_of(line, sheets_read(roster_import))
    return f"{sheet}: {row}" if sheet else str(row)


def _headings_digest(headings: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(map(roster.heading_key, headings)).encode()).hexdigest()


def _remembered(agency: Agency, headings: Sequence[str]) -> dict[str, str | None] | None:
    kept = ColumnMapping.objects.filter(agency=agency, headings_digest=_headings_digest(headings)).first()
    return {heading: kept.fields.get(heading) for heading in headings} if kept else None


def _guessed(headings: Sequence[str]) -> dict[str, str | None]:
    fields: dict[str, str | None] = {}
    for heading in headings:
        guess = roster.guess_field(heading)
        fields[heading] = guess if guess not in fields.values() else None
    return fields


def map_columns(
    roster_import: RosterImport, fields: Mapping[str, str | None], *, complete: bool, new_units: bool
) -> None:
    """Record what each column holds. The next file of this shape is read the same way once this one was stored: a file
    that was only looked at decides nothing about another.

    Raises UnknownColumn, UnknownField (also for a field given twice), ColumnsNotMapped, SheetsNotChosen, ImportStateWrong.
    """
    if sheets_unclear(roster_import):
        raise _not_chosen(roster_import)
    for heading, name in fields.items():
        if heading not in roster_import.headings:
            raise UnknownColumn(heading)
        if name and name not in roster.FIELDS:
            raise UnknownField(name)
    mapped = [name for name in fields.values() if name]
    for name, count in Counter(mapped).items():
        if count > 1:
            raise UnknownField(name)
    missing = [name for name in roster.REQUIRED if name not in mapped]
    if not set(roster.REQUIRED_ONE_OF) & set(mapped):
        missing.append("unit")
    if missing:
        raise ColumnsNotMapped(tuple(missing))
    whole = {heading: fields.get(heading) or None for heading in roster_import.headings}
    with transaction.atomic(durable=True):
        changed = RosterImport.objects.filter(
            pk=roster_import.pk, state__in=(State.RECEIVED, State.PREVIEWED, State.FAILED)
        ).update(fields=whole, complete=complete, new_units=new_units, state=State.READING, rows_done=0, error={})
        if not changed:
            raise ImportStateWrong(roster_import.state)
    roster_import.refresh_from_db()


def _remember(roster_import: RosterImport) -> None:
    """Keep what the columns of a stored file held, for the next file of its shape."""
    ColumnMapping.objects.update_or_create(
        agency=roster_import.agency,
        headings_digest=_headings_digest(roster_import.headings),
        defaults={"fields": roster_import.fields},
    )


def first_values(roster_import: RosterImport) -> dict[str, list[str]]:
    """Return the first values of each column of a file that waits to be mapped, by heading; nothing once it is gone."""
    try:
        found = spreadsheets.first_values(_path(roster_import), roster_import.file_name, sheets_read(roster_import))
    except (FileUnreadable, OSError):
        return {}
    return dict(zip(roster_import.headings, found, strict=False))


# --- reading -----------------------------------------------------------------------------------------------------


@dataclass
class _Result:
    """What a reading found."""

    counts: Counter[str] = field(default_factory=Counter)
    rejects: list[RosterReject] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    changes: list[RosterChange] = field(default_factory=list)
    made: list[range] = field(default_factory=list)  # keys of new people
    digest: Any = field(default_factory=hashlib.sha256)
    units_made: list[Unit] = field(default_factory=list)
    placed: int = 0
    refused: list["_Refused"] = field(default_factory=list)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)  # by the unit's code: line and key of who heads it
    heads_kept: list[str] = field(default_factory=list)  # units whose head stays, since his own row was refused


@dataclass(frozen=True)
class _Refused:
    """Whom a refused row may be about: what stands for the name, how it names the unit, and whether it gives a number."""

    name: str
    unit: tuple[str, str, str]
    numbered: bool


class _Known:
    """Who is on an agency's roster: person, open placement and its print, found by key (type:number)."""

    def __init__(self, agency: Agency) -> None:
        open_now, units_here = Placement.objects.current(), agency.units.count()
        everywhere = WorkUnit.objects.count()
        if units_here == everywhere:
            here = open_now
        elif units_here * 2 > everywhere:
            # Most rows are wanted: read them as they lie, in a third of the time that going by the index of units takes.
            here = open_now.annotate(unit_key=F("unit_id") + 0).filter(unit_key__in=agency.units.values("pk"))
        else:
            here = open_now.filter(unit__in=agency.units.all())
        heading = Case(When(Q(is_head=True) & ~Q(status__in=roster.GONE), then=F("unit_id")))
        query = here.values_list(
            "person__identifier_type", "person__identifier", "person_id", "pk", "row_print", heading
        )
        schema = dict.fromkeys(("type", "number"), pl.String)
        schema |= dict.fromkeys(("person", "placement", "print", "heads"), pl.Int64)
        found = masses.read(query, schema)
        key = (found["type"] + ":" + found["number"]).alias("key")
        found = found.select(key, "person", "placement", "print", "heads")
        self.rows = found.with_columns(key.hash().alias("hash")).sort("hash")

    @property
    def count(self) -> int:
        return self.rows.height

    def join(self, read: pl.DataFrame) -> pl.DataFrame:
        """Add `person`, `placement` and `print` to rows with a `key`; null where nobody bears it."""
        names = ("person", "placement", "print")
        if not self.count:
            return read.with_columns(pl.lit(None, pl.Int64).alias(name) for name in names)
        # Looked up in the sorted hashes, in their order: to join would hash all people anew for each part of a file.
        asked = pl.DataFrame({"hash": read["key"].hash()}).with_row_index("row").sort("hash")
        place = self.rows["hash"].search_sorted(asked["hash"]).clip(0, self.count - 1)
        place = asked.select("row", place.alias("place")).sort("row")["place"]
        found = self.rows[place]
        here = found["key"] == read["key"]
        if (~here & (found["hash"] == read["key"].hash())).any():
            # Two people with one hash: not in a thousand years, and not wrong then.
            return read.join(self.rows.select("key", *names), on="key", how="left", maintain_order="left")
        return read.with_columns(pl.when(here).then(found[name]).alias(name) for name in names)


def _elsewhere(keys: list[tuple[str, str]]) -> dict[str, tuple[int, bool, int | None]]:
    """Return those of the (type, number) pairs who exist though not on this roster: person, whether he serves elsewhere
    now, and the open placement of one who left the service there.
    """
    found: dict[str, tuple[int, bool, int | None]] = {}
    by_type: dict[str, list[str]] = {}
    for kind, number in keys:
        by_type.setdefault(kind, []).append(number)
    placed = Placement.objects.current().filter(person=OuterRef("pk"))
    serves = Exists(placed.exclude(status__in=roster.GONE))
    left = Subquery(placed.filter(status__in=roster.GONE).values("pk")[:1])
    for kind, numbers in by_type.items():
        for start in range(0, len(numbers), 5000):
            people = Person.objects.filter(identifier_type=kind, identifier__in=numbers[start : start + 5000])
            rows = people.annotate(serves=serves, left=left).values_list("identifier", "pk", "serves", "left")
            found.update((f"{kind}:{number}", tuple(rest)) for number, *rest in rows)
    return found


@dataclass
class _Part:
    """A part of a file with all that is known of it without the roster of the day.

    `frame` and `cells` as they came; `read` its good rows by line, each with its unit (or `unit_fault`), key and print;
    `faults` what is wrong with others, by their index in the frame.
    """

    frame: pl.DataFrame
    cells: pl.DataFrame
    read: pl.DataFrame
    faults: list[tuple[int, list[Fault]]]


def _parts_of(
    table: spreadsheets.Table, columns: Mapping[str, str], found: UnitNames, agency: Agency, today: date
) -> Iterator[_Part]:
    """Read a file part by part. No query is made here: it goes on in a thread of its own while the part before is written."""
    for frame in table.frames():
        cells = frame.select(pl.col(index).alias(name) for name, index in columns.items())
        read, rest = bulk.read_frame(cells, today)
        read, faults = _read_rest(frame, cells, rest, read, today)
        read = read.with_columns(frame[spreadsheets.LINE].gather(read["row"]).alias("line"))
        read = _with_units(read.sort("line") if rest.len() else read, found)
        read = _with_name_keys(read, agency)
        key = pl.col("identifier_type") + ":" + pl.col("identifier")
        prints = bulk.fingerprints(bulk.joined(read.with_columns(pl.col("unit_code_found").alias("unit"))))
        yield _Part(frame, cells, read.with_columns(key.alias("key"), prints), faults)


_LARGE_FILE_BYTES = 20_000_000


def _is_first_load(roster_import: RosterImport) -> bool:
    """Say whether nobody was placed in this installation before, and a file comes that is large."""
    is_large = _path(roster_import).stat().st_size >= _LARGE_FILE_BYTES
    return is_large and not Placement.objects.exists()


def _run(
    roster_import: RosterImport,
    *,
    write: bool,
    progress: Callable[[int], None],
    first: bool = False,
) -> _Result:
    """Read the whole file against today's roster. With `write`, inside the caller's transaction, make it so; `first` where
    the placements are the first of all.
    """
    agency, today = roster_import.agency, roster_import.effective_on
    table = spreadsheets.open_table(_path(roster_import), roster_import.file_name, sheets_read(roster_import))
    columns = {
        name: str(index) for index, heading in enumerate(table.headings) if (name := roster_import.fields.get(heading))
    }
    found_units = UnitNames(agency, make=roster_import.new_units)
    with at_once(lambda: _look_ahead(table, columns, make=found_units.make)) as looked:
        known = _Known(agency)
        ahead = looked()
    _learn_units(ahead.namings, found_units)
    if write:
        found_units.save()
    result = _Result()
    result.placed = known.count
    suspects = _refused_before(roster_import, ahead, columns)
    heads = _Heads.now(roster_import, known, ahead, found_units)
    others_exist = Person.objects.count() > known.count or FormerIdentifier.objects.exists()
    seen: list[pl.Series] = []
    superiors: list[tuple[int, str]] = []
    nameless: set[str] = set()
    unnumbered = Unnumbered(agency, known.rows["key"])
    with masses.filling(Placement, aside=["unit"]) if first else nullcontext():
        for part in read_ahead(_parts_of(table, columns, found_units, agency, today)):
            frame, cells, read = part.frame, part.cells, part.read
            result.counts["rows"] += frame.height
            for row, faults in part.faults:
                line = frame[spreadsheets.LINE][row]
                _reject(result, roster_import, line, faults, _cells_of(frame, row, table))
            read = _refuse_twice(read, ahead.twice, frame, table, result, roster_import)
            read = _refuse_again(read, suspects, cells, frame, table, result, roster_import)
            read = _refuse_unknown_units(read, frame, table, result, roster_import)
            read = _refuse_same_nameless(read, nameless, frame, table, result, roster_import)
            read = _refuse_second_heads(read, heads, frame, table, result, roster_import)
            joined = known.join(read)
            same = joined["print"].is_not_null() & (joined["print"] == joined["row_print"])
            result.counts["same"] += int(same.sum())
            if roster_import.complete:
                seen.append(joined["person"].drop_nulls())
            if unnumbered.exist:
                unnumbered.see(joined)
            others = joined.filter(~same) if same.any() else joined
            _digest(result, others)
            fresh = others.filter(others["person"].is_null()) if known.count else others
            differing = others.filter(others["person"].is_not_null()) if known.count else others.head(0)
            if fresh.height and others_exist:
                fresh = _returning(
                    fresh, found_units, frame, table, result, roster_import, superiors, write=write, today=today
                )
            if unnumbered.exist and fresh.height:
                fresh = unnumbered.hold(fresh, lambda row, frame=frame: _cells_of(frame, row, table))
            for rows in (fresh, joined.filter(joined["person"].is_not_null()) if known.count else joined.head(0)):
                found_units.used.update(rows["unit_code_found"].unique().to_list())
            result.counts["new"] += fresh.height
            if write and fresh.height:
                result.made.append(_insert(fresh, roster_import, today, superiors))
            if differing.height:
                _change(differing, found_units, roster_import, result, superiors, ahead, write=write, today=today)
            progress(result.counts["rows"])
    kept = _settle(
        unnumbered, found_units, roster_import, result, seen, superiors, ahead, write=write, today=today
    )  # fmt: skip
    if write:
        masses.grew(Person, result.counts["new"])
        masses.grew(Placement, 0 if first else result.counts["new"])
    if roster_import.complete:
        if result.counts["rows"] == result.counts["rejected"]:
            raise CompleteFileEmpty()
        _absent(known.rows, seen, kept, ahead, found_units, roster_import, result, write=write, today=today)
    if write and superiors:
        _set_superiors(superiors, agency)
    _keep_heads(heads, found_units, agency, result, write=write)
    found_units.keep_used(write=write)
    result.units_made = found_units.fresh
    result.counts["units"] = len(found_units.fresh)
    result.digest.update(json.dumps(sorted(unit.name for unit in found_units.fresh)).encode())
    return result


@dataclass
class _Ahead:
    """What a row cannot know alone: all numbers of the file, lines whose number stood before, with that line, and how the
    rows name their units.
    """

    numbers: pl.Series
    twice: dict[int, int]
    namings: pl.DataFrame


def _look_ahead(table: spreadsheets.Table, columns: Mapping[str, str], *, make: bool) -> _Ahead:
    """Pass over the file once for what a row cannot know alone; with `make` also for the units named anywhere in it."""
    naming = [name for name in ("unit", "unit_code", "parent_unit") if name in columns and make]
    numbers = [pl.DataFrame(schema={"number": pl.String, "line": pl.UInt32})]
    namings = [pl.DataFrame(schema=dict.fromkeys(naming, pl.String))]
    only = {columns[name] for name in ("identifier", *naming) if name in columns}
    for frame in table.frames(only):
        if "identifier" in columns:
            cells = frame[columns["identifier"]]
            if not cells.str.contains(r"^[0-9]*$").all():
                # Tidied harder than the domain does: what is odd beyond that is refused there in any case.
                cells = cells.str.replace(r"^\s*(\d+)\.0+\s*$", "$1").str.replace_all(r"[^0-9A-Za-z]", "")
            lines = frame.select(cells.alias("number"), pl.col(spreadsheets.LINE).alias("line"))
            numbers.append(lines.filter(pl.col("number") != ""))
        if naming:
            whole = frame.filter(~pl.col(spreadsheets.EXTRA)) if frame[spreadsheets.EXTRA].any() else frame
            namings.append(whole.select(pl.col(columns[name]).alias(name) for name in naming).unique())
    lines = pl.concat(numbers)
    # Told by hashes, of which a file of millions needs a fraction of the room; what they tell is looked at.
    doubled = lines.filter(lines["number"].hash().is_duplicated())
    first: dict[str, int] = {}
    twice: dict[int, int] = {}
    for number, line in doubled.iter_rows():
        if number in first:
            twice[line] = first[number]
        else:
            first[number] = line
    return _Ahead(lines["number"], twice, pl.concat(namings).unique() if naming else namings[0])


def _learn_units(namings: pl.DataFrame, found: UnitNames) -> None:
    """Make the units that the file names before its rows are read; what no cell may hold names none."""
    if not namings.height:
        return
    good = []
    for row in namings.iter_rows(named=True):
        cells = {name: roster.read_cell(name, text) for name, text in row.items()}
        named = [cells.get(name, "") for name in ("unit", "unit_code", "parent_unit")]
        if not any(isinstance(text, Fault) for text in named):
            good.append(tuple(named))
    found.learn(good)


def _reject(
    result: _Result,
    roster_import: RosterImport,
    line: int,
    faults: Sequence[Fault],
    cells: Sequence[str],
) -> None:
    result.counts["rejected"] += 1
    result.reasons.update(fault.code for fault in faults)
    if roster_import.complete:
        _note_refused(result, roster_import, faults, cells)
    result.digest.update(f"{line}!{','.join(fault.code for fault in faults)}\n".encode())
    if len(result.rejects) < _MOST_REJECTS_KEPT:
        result.rejects.append(
            RosterReject(
                roster_import=roster_import,
                line=line,
                faults=[
                    {"field": fault.field, "code": fault.code, "value": roster.shown_cell(fault.value)}
                    for fault in faults
                ],
                cells=[roster.shown_cell(cell) for cell in cells],
            )
        )


# What is wrong with a row whose number is whose it is all the same.
_NUMBER_STANDS = frozenset({"identifier_twice", "person_of_other_agency", "identifier_former", "refused_before"})


def _note_refused(result: _Result, roster_import: RosterImport, faults: Sequence[Fault], cells: Sequence[str]) -> None:
    """Note whom a row may be about that was refused and whose number, if it has any, cannot be trusted."""
    text = {
        name: roster.clean(cell)
        for heading, cell in zip(roster_import.headings, cells, strict=False)
        if (name := roster_import.fields.get(heading)) in ("identifier", "name", "unit", "unit_code", "parent_unit")
    }
    number = text.get("identifier", "")
    if any(fault.code == "person_unclear" for fault in faults):
        return  # whom the row may be about is known, and keeps his placement
    at_fault = {fault.field for fault in faults if fault.code not in _NUMBER_STANDS}
    if number and not at_fault & {"", "identifier", "employment"}:
        return
    if len(result.refused) >= _MOST_REFUSED_HELD:
        result.counts["unmatched"] += 1
        return
    unit = (text.get("unit", ""), text.get("unit_code", ""), text.get("parent_unit", ""))
    result.refused.append(_Refused(_bare(text.get("name", "")), unit, bool(number)))


def _bare(name: str) -> str:
    """Return a name as two of them are compared: without titles, in capitals."""
    return " ".join(roster.split_titles(name)[1].upper().split())


def _cells_of(frame: pl.DataFrame, index: int, table: spreadsheets.Table) -> list[str]:
    return [str(cell) for cell in frame.row(index)[: len(table.headings)]]


def _read_rest(frame, cells, rest, read, today) -> tuple[pl.DataFrame, list[tuple[int, list[Fault]]]]:
    """Read by the domain what the columnar reader left, and join the good rows to the others; return beside them what is
    wrong with the rest, by its index in the frame.
    """
    extra = frame[spreadsheets.EXTRA]
    wide: set[int] = set()
    if extra.any():
        wide = set(extra.arg_true().to_list())
        read = read.filter(~pl.col("row").is_in(list(wide)))
        rest = pl.Series(sorted(set(rest.to_list()) | wide), dtype=pl.UInt32)
    good: list[EmployeeRow] = []
    indexes: list[int] = []
    faults: list[tuple[int, list[Fault]]] = []
    for index in rest.to_list():
        if index in wide:
            faults.append((index, [Fault("", "too_many_cells")]))
            continue
        row = roster.read_row(cells.row(index, named=True), today)
        if isinstance(row, EmployeeRow):
            good.append(row)
            indexes.append(index)
        else:
            faults.append((index, row))
    return (pl.concat([read, bulk.frame_of(good, indexes, read.schema)]) if good else read), faults


def _refuse(read, lines: Mapping[int, Fault], frame, table, result, roster_import) -> pl.DataFrame:
    """Refuse the rows of these lines, each for its one reason, and return the others."""
    if not lines:
        return read
    bad = read.filter(pl.col("line").is_in(list(lines)))
    for row, line in bad.select("row", "line").iter_rows():
        _reject(result, roster_import, line, [lines[line]], _cells_of(frame, row, table))
    return read.filter(~pl.col("line").is_in(list(lines)))


def _refuse_twice(read, twice, frame, table, result, roster_import) -> pl.DataFrame:
    lines = set(read["line"].to_list()) if twice else set()
    faults = {
        line: Fault("identifier", "identifier_twice", place_of(roster_import, twice[line]))
        for line in lines & set(twice)
    }
    return _refuse(read, faults, frame, table, result, roster_import)


_IMPORTS_REMEMBERED = 10


@dataclass(frozen=True)
class _Suspect:
    """A row that was refused before because its number stood in the file already: its cells, and where it stood."""

    cells: Mapping[str, str]
    place: str


def _refused_before(
    roster_import: RosterImport, ahead: "_Ahead", columns: Mapping[str, str]
) -> dict[str, list[_Suspect]]:
    """Return the rows of earlier files whose number stood twice and comes again in this one, by number."""
    if "identifier" not in columns:
        return {}
    earlier = RosterImport.objects.filter(agency=roster_import.agency, counts__reasons__has_key="identifier_twice")
    earlier = earlier.filter(state=State.APPLIED).exclude(pk=roster_import.pk)
    found: dict[str, list[_Suspect]] = {}
    for given in earlier.order_by("-pk")[:_IMPORTS_REMEMBERED]:
        for reject in given.rejects.iterator(chunk_size=2000):
            if not any(fault["code"] == "identifier_twice" for fault in reject.faults):
                continue
            text = {
                name: roster.clean(cell)
                for heading, cell in zip(given.headings, reject.cells, strict=False)
                if (name := given.fields.get(heading))
            }
            number = roster.tidy_number(text.get("identifier", ""))
            suspect = _Suspect(text, f"{given.file_name}, {place_of(given, reject.line)}")
            found.setdefault(number, []).append(suspect)
    come_again = set(ahead.numbers.filter(ahead.numbers.is_in(list(found))).to_list()) if found else set()
    return {number: found[number] for number in come_again}


def _refuse_again(
    read, suspects: dict[str, list[_Suspect]], cells, frame, table, result, roster_import
) -> pl.DataFrame:
    """Refuse what comes back as it was refused before, where its number is somebody else's on the roster: it would
    write over him. What was mended, or is about the same person, is taken.
    """
    come_back = read.filter(pl.col("identifier").is_in(list(suspects))) if suspects else read.head(0)
    if not come_back.height:
        return read
    bearing = Person.objects.filter(identifier__in=come_back["identifier"].to_list())
    names = {
        (kind, number): _bare(name)
        for kind, number, name in bearing.values_list("identifier_type", "identifier", "name")
    }
    faults = {}
    for row, line, kind, number, name in come_back.select(
        "row", "line", "identifier_type", "identifier", "name"
    ).iter_rows():
        now = {field: roster.clean(text) for field, text in cells.row(row, named=True).items()}
        for suspect in suspects[number]:
            common = now.keys() & suspect.cells.keys()
            if all(now[each] == suspect.cells[each] for each in common) and names.get(
                (kind, number), _bare(name)
            ) != _bare(name):
                faults[line] = Fault("identifier", "refused_before", suspect.place)
    return _refuse(read, faults, frame, table, result, roster_import)


@dataclass
class _Heads:
    """Who heads the units of the agency today and has a number, by the unit's code, as far as the file speaks of heads.

    `outside`: whom a file that is not complete does not name, so that he stays. `named`: whom the file names; of those `read`
    have a row that stands, so that it says whether he heads his unit still.
    """

    outside: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    @classmethod
    def now(cls, roster_import: RosterImport, known: _Known, ahead: "_Ahead", found: UnitNames) -> "_Heads":
        if "is_head" not in roster_import.fields.values():
            return cls()
        heads = known.rows.filter(pl.col("heads").is_not_null() & ~pl.col("key").str.starts_with("none:"))
        number = pl.col("key").str.splitn(":", 2).struct.field("field_1")
        heads = heads.select("heads", "key", number.is_in(ahead.numbers.implode()).alias("is_named"))
        codes = {unit.pk: unit.code for unit in found.by_code.values()}
        keys = {codes[unit]: (key, is_named) for unit, key, is_named in heads.iter_rows() if unit in codes}
        outside = (
            {} if roster_import.complete else {unit: key for unit, (key, is_named) in keys.items() if not is_named}
        )
        return cls(outside, {unit: key for unit, (key, is_named) in keys.items() if is_named})


def _refuse_second_heads(read, heads: _Heads, frame, table, result, roster_import) -> pl.DataFrame:
    """Refuse rows that would give a unit a second head: beside one of this file, or one whom it does not name."""
    marked = read.filter(pl.col("is_head") & ~pl.col("status").is_in([str(status) for status in roster.GONE]))
    faults = {}
    for line, unit, kind, number in marked.select(
        "line", "unit_code_found", "identifier_type", "identifier"
    ).iter_rows():
        if unit in result.heads:
            faults[line] = Fault("is_head", "unit_headed_twice", place_of(roster_import, result.heads[unit][0]))
        elif heads.outside.get(unit, f"{kind}:{number}") != f"{kind}:{number}":
            faults[line] = Fault("is_head", "unit_already_headed")
        else:
            result.heads[unit] = (line, f"{kind}:{number}")
    read = _refuse(read, faults, frame, table, result, roster_import)
    if heads.named:
        numbers = [key.partition(":")[2] for key in heads.named.values()]
        here = read.filter(pl.col("identifier").is_in(numbers)).select("identifier_type", "identifier")
        heads.read.update(f"{kind}:{number}" for kind, number in here.iter_rows())
    return read


def _keep_heads(heads: _Heads, found: UnitNames, agency: Agency, result: _Result, *, write: bool) -> None:
    """Let whoever heads a unit head it on where his own row was refused: the mark of a new head is not taken then."""
    for unit, key in heads.named.items():
        _line, new = result.heads.get(unit, (0, key))
        if new == key or key in heads.read:
            continue
        result.heads_kept.append(found.by_code[unit].name)
        if write:
            kind, _, number = new.partition(":")
            Placement.objects.current().filter(
                unit__agency=agency, unit__code=unit, person__identifier_type=kind, person__identifier=number
            ).update(is_head=False, row_print=_LOOK_AGAIN)


def _with_units(read: pl.DataFrame, found: UnitNames) -> pl.DataFrame:
    """Find the unit of each row (once for each distinct naming), or what is wrong with its naming."""
    naming = read.select("unit", "unit_code", "parent_unit").unique(maintain_order=True)
    meant = [found.find(name, code, parent) for name, code, parent in naming.iter_rows()]
    told = [(unit.code, unit.pk, None) if isinstance(unit, Unit) else (None, None, unit) for unit in meant]
    schema = {"unit_code_found": pl.String, "unit_id": pl.Int64, "unit_fault": pl.String}
    naming = naming.hstack(pl.DataFrame(told, schema=schema, orient="row"))
    return read.join(naming, on=["unit", "unit_code", "parent_unit"], how="left", maintain_order="left")


def _refuse_unknown_units(read, frame, table, result, roster_import) -> pl.DataFrame:
    """Refuse rows whose unit is not known."""
    if not read["unit_code_found"].has_nulls():
        return read
    bad = read.filter(pl.col("unit_code_found").is_null())
    lines = {
        line: _unit_fault(fault, *naming)
        for line, fault, *naming in bad.select("line", "unit_fault", "unit", "unit_code", "parent_unit").iter_rows()
    }
    return _refuse(read, lines, frame, table, result, roster_import)


def _unit_fault(fault: str, name: str, code: str, parent: str) -> Fault:
    """Return a fault of a row's unit, at the cell that has to be mended."""
    if fault == "unit_own_parent" or (code and fault == "unit_ambiguous"):
        return Fault("parent_unit", fault, parent[:40])
    if code:
        return Fault("unit_code", fault, code[:40])
    return Fault("unit", fault, (f"{parent} / {name}" if parent else name)[:100])


def _with_name_keys(read: pl.DataFrame, agency: Agency) -> pl.DataFrame:
    """Give people without a number the key that stands for one."""
    without = read.filter((pl.col("identifier_type") == "none") & pl.col("unit_code_found").is_not_null())
    if not without.height:
        return read
    keys = [
        roster.name_key(agency.code, unit, name, born)
        for unit, name, born in without.select("unit_code_found", "name", "birth_on").iter_rows()
    ]
    lines = without.select("line", pl.Series("_key", keys, dtype=pl.String))
    read = read.join(lines, on="line", how="left", maintain_order="left")
    return read.with_columns(pl.coalesce("_key", "identifier").alias("identifier")).drop("_key")


def _refuse_same_nameless(read, nameless: set[str], frame, table, result, roster_import) -> pl.DataFrame:
    """Refuse whoever has no number and the key of another in the file: the two cannot be told apart."""
    without = read.filter(pl.col("identifier_type") == "none")
    faults = {}
    for line, key, name in without.select("line", "identifier", "name").iter_rows():
        if key in nameless:
            faults[line] = Fault("name", "person_twice", name[:40])
        nameless.add(key)
    return _refuse(read, faults, frame, table, result, roster_import)


def _settle(
    unnumbered: Unnumbered,
    found: UnitNames,
    roster_import: RosterImport,
    result: _Result,
    seen: list[pl.Series],
    superiors: list[tuple[int, str]],
    ahead: "_Ahead",
    *,
    write: bool,
    today: date,
) -> set[int]:
    """Take the rows that were held for people without a number: who is on the roster already is moved or corrected there, who
    may be is refused with the place where he may stand, and the others are new. Return who is kept since a row may be his.
    """
    held = unnumbered.held
    if held is None:
        return set()
    decided = unnumbered.decide(complete=roster_import.complete)
    for line, may_be in sorted(decided.unclear.items()):
        places = ", ".join(dict.fromkeys(found.by_code[one.unit].name for one in may_be))
        _reject(result, roster_import, line, [Fault("name", "person_unclear", places)], unnumbered.cells[line])
    same = held.filter(pl.col("line").is_in(list(decided.same)))
    fresh = held.filter(~pl.col("line").is_in([*decided.same, *decided.unclear]))
    for rows in (same, fresh):
        found.used.update(rows["unit_code_found"].unique().to_list())
    result.counts["new"] += fresh.height
    if write and fresh.height:
        result.made.append(_insert(fresh, roster_import, today, superiors))
    if same.height:
        people = [decided.same[line].person for line in same["line"]]
        same = same.with_columns(pl.Series("person", people, dtype=pl.Int64))
        seen.append(same["person"])
        _change(same, found, roster_import, result, superiors, ahead, write=write, today=today)
    return {one.person for may_be in decided.unclear.values() for one in may_be}


def _digest(result: _Result, rows: pl.DataFrame) -> None:
    """Bind what is new or different into the digest of the difference: of each row its print, and the one that stood."""
    for name in ("row_print", "print"):
        result.digest.update(array("q", rows[name].fill_null(-1).to_list()).tobytes())


# --- writing -----------------------------------------------------------------------------------------------------

_PERSON_COLUMNS = (
    "id", "identifier_type", "identifier", "name", "front_title", "back_title", "birth_on", "sex", "start_on", "email",
    "phone",
)  # fmt: skip
_PLACEMENT_COLUMNS = (
    "unit_id", "employment", "post", "post_kind", "level", "grade", "is_head", "status", "from_on",
    "row_print", "roster_import_id",
)  # fmt: skip


_KINDS_IN_ORDER = {str(kind): place for place, kind in enumerate(sorted(roster.IdentifierType))}


def _insert(fresh: pl.DataFrame, roster_import: RosterImport, today: date, superiors: list[tuple[int, str]]) -> range:
    """Write new people and their placements, in the order of the unique index: it is filled from one side, not all over.

    Returns their keys.
    """
    # Numbers of up to 18 digits, by kind: nearly the order of their texts, and sorted in a tenth of the time.
    kind = pl.col("identifier_type").replace_strict(_KINDS_IN_ORDER, return_dtype=pl.Int64)
    number = pl.col("identifier").cast(pl.Int64, strict=False).fill_null(0)
    fresh = fresh.sort(kind * 10**18 + number)
    keys = masses.reserve_keys(Person, fresh.height)
    fresh = fresh.with_columns(
        pl.int_range(keys.start, keys.stop, dtype=pl.Int64, eager=True).alias("id"),
        pl.lit(roster_import.pk, pl.Int64).alias("roster_import_id"),
        pl.lit(today).alias("from_on"),
    )
    masses.load(Person, fresh.select(_PERSON_COLUMNS))
    masses.load(Placement, fresh.select(pl.col("id").alias("person_id"), *_PLACEMENT_COLUMNS))
    given = fresh.filter(pl.col("superior") != "")
    superiors.extend(given.select("id", "superior").iter_rows())
    return keys


def _returning(
    fresh,
    found: UnitNames,
    frame,
    table,
    result: _Result,
    roster_import: RosterImport,
    superiors,
    *,
    write: bool,
    today: date,
) -> pl.DataFrame:
    """Take out of the new rows those of people known already: refuse who serves elsewhere now or has another number
    by now, and place anew who serves nowhere: his open placement where he left the service ends with that.
    """
    pairs = list(fresh.select("identifier_type", "identifier").iter_rows())
    elsewhere, former = _elsewhere(pairs), _renumbered(pairs)
    if not elsewhere and not former:
        return fresh
    refused = {}
    for line, key in fresh.select("line", "key").iter_rows():
        if key in elsewhere and elsewhere[key][1]:
            refused[line] = Fault("identifier", "person_of_other_agency")
        elif key in former and key not in elsewhere:
            refused[line] = Fault("identifier", "identifier_former")
    fresh = _refuse(fresh, refused, frame, table, result, roster_import)
    back = fresh.filter(pl.col("key").is_in(list(elsewhere)))
    if back.height:
        result.counts["returned"] += back.height
        found.used.update(back["unit_code_found"].unique().to_list())
        people = [elsewhere[key][0] for key in back["key"].to_list()]
        served = Placement.objects.filter(unit__agency=roster_import.agency, person__in=people).order_by()
        result.counts["rejoined"] += served.values("person").distinct().count()
        unit_ids = dict(WorkUnit.objects.filter(agency=roster_import.agency).values_list("code", "pk"))
        for row in back.iter_rows(named=True):
            key, _serves, left = elsewhere[row["key"]]
            person = Person.objects.get(pk=key)
            changed = _person_change(person, row, roster_import)
            _record(result, roster_import, person, "returned", changed, left)
            if write:
                _end_where_he_left(left, today)
                Person.objects.filter(pk=person.pk).update(**{name: pair[1] for name, pair in changed.items()})
                Placement.objects.create(
                    person=person,
                    unit_id=unit_ids[row["unit_code_found"]],
                    from_on=today,
                    row_print=row["row_print"],
                    roster_import=roster_import,
                    **{name: row[name] for name in _PLAIN_PLACEMENT},
                )
                if row["superior"]:
                    superiors.append((person.pk, row["superior"]))
    return fresh.filter(~pl.col("key").is_in(list(elsewhere)))


def _end_where_he_left(placement: int | None, today: date) -> None:
    for unit, from_on in Placement.objects.filter(pk=placement).values_list("unit", "from_on"):
        Placement.objects.filter(pk=placement).update(until_on=max(today, from_on + timedelta(days=1)))
        touches.units({unit})


def _renumbered(pairs: list[tuple[str, str]]) -> set[str]:
    """Return those of the (type, number) pairs that somebody bore before being given another."""
    numbers = [number for _, number in pairs]
    found: set[str] = set()
    for start in range(0, len(numbers), 5000):
        found.update(
            f"{kind}:{number}"
            for kind, number in FormerIdentifier.objects.filter(
                identifier__in=numbers[start : start + 5000]
            ).values_list("identifier_type", "identifier")
        )
    return found


def _differs(name: str, pair: tuple[Any, Any], roster_import: RosterImport) -> bool:
    """Say whether a value is to be replaced. What the file has no column for stays as it is, unless the row tells it all
    the same (a NIP tells a birth date).
    """
    mapped = name in roster_import.fields.values()
    return pair[0] != pair[1] and (mapped or (bool(pair[1]) and name != "status"))


def _person_change(person: Person, row: Mapping[str, Any], roster_import: RosterImport) -> dict[str, tuple[Any, Any]]:
    both = {name: (getattr(person, name), row[name]) for name in roster.PERSON_FIELDS}
    return {name: pair for name, pair in both.items() if _differs(name, pair, roster_import)}


def _record(
    result: _Result,
    roster_import: RosterImport,
    person: Person,
    kind: str,
    changed: Mapping[str, tuple[Any, Any]],
    placement: int | None,
) -> None:
    """Keep what changes of somebody, and bind it into the digest of the difference."""
    before = {name: _plain(pair[0]) for name, pair in changed.items()}
    after = {name: _plain(pair[1]) for name, pair in changed.items()}
    result.digest.update(json.dumps([person.pk, kind, placement, before, after], sort_keys=True).encode())
    result.changes.append(
        RosterChange(
            roster_import=roster_import,
            person=person,
            kind=kind,
            before=before | {"_placement": placement},
            after=after,
        )
    )


_PLAIN_PLACEMENT = ("employment", "post", "post_kind", "level", "grade", "is_head", "status")


def _change(
    differing: pl.DataFrame,
    found: UnitNames,
    roster_import: RosterImport,
    result: _Result,
    superiors: list[tuple[int, str]],
    ahead: _Ahead,
    *,
    write: bool,
    today: date,
) -> None:
    """Compare rows with what is on record, field by field: correct the person, or end one placement and begin another."""
    for start in range(0, differing.height, 2000):
        part = differing.slice(start, 2000)
        open_now = {
            placement.person_id: placement
            for placement in Placement.objects.current()
            .filter(person__in=part["person"].to_list())
            .select_related("person", "unit", "superior")
        }
        known_superiors = _known_superiors(part["superior"], ahead, roster_import)
        _forget_foreign_superiors(open_now.values(), roster_import.agency)
        for row in part.iter_rows(named=True):
            _change_one(
                open_now[row["person"]], row, found, roster_import, result, superiors, known_superiors,
                write=write, today=today,
            )  # fmt: skip


def _known_superiors(numbers: pl.Series, ahead: _Ahead, roster_import: RosterImport) -> set[str]:
    """Return those of the numbers by which somebody of this agency can be tied: who is placed here and stays, or is in the
    file. Somebody of another agency is as unknown as a number that nobody bears.
    """
    given = {number for number in numbers.to_list() if number}
    if not given:
        return set()
    here, elsewhere = set(), set()
    for number, agency in (
        Placement.objects.current()
        .filter(person__identifier__in=given)
        .values_list("person__identifier", "unit__agency")
    ):
        (here if agency == roster_import.agency_id else elsewhere).add(number)
    named = set(ahead.numbers.filter(ahead.numbers.is_in(list(given))).to_list())
    if roster_import.complete:
        here &= named
    return here | (named - elsewhere)


def _forget_foreign_superiors(placements: Collection[Placement], agency: Agency) -> None:
    """Take from these rows in memory the superiors who serve elsewhere by now: nothing of them is shown or kept."""
    given = {placement.superior_id for placement in placements if placement.superior_id}
    here = set(
        Placement.objects.current().filter(unit__agency=agency, person__in=given).values_list("person", flat=True)
    )
    for placement in placements:
        if placement.superior_id and placement.superior_id not in here:
            placement.superior = None


def _change_one(
    placement, row, found, roster_import, result, superiors, known_superiors, *, write: bool, today: date
) -> None:
    person = placement.person
    place = {name: (getattr(placement, name), row[name]) for name in _PLAIN_PLACEMENT}
    place["superior"] = (placement.superior.identifier if placement.superior else "", row["superior"])
    person_change = _person_change(person, row, roster_import)
    place_change = {name: pair for name, pair in place.items() if _differs(name, pair, roster_import)}
    if "superior" in place_change and row["superior"] and row["superior"] not in known_superiors:
        # Nobody bears that number yet: nothing to tie, and nothing that changed.
        del place_change["superior"]
    if placement.unit.code != row["unit_code_found"]:
        place_change["unit"] = (placement.unit.code, row["unit_code_found"])
        if placement.is_head and "is_head" not in roster_import.fields.values():
            place_change["is_head"] = (True, False)  # he headed the unit that he leaves
    kind = "moved" if "unit" in place_change else "changed" if person_change or place_change else "same"
    result.counts[kind] += 1
    if kind != "same":
        _record(result, roster_import, person, kind, person_change | place_change, placement.pk)
    # Somebody without a number, found by what the row says of him: the next file finds him by the key of this one.
    rekeyed = person.identifier != row["identifier"]
    if rekeyed and kind != "same":
        result.changes[-1].before["_key"] = person.identifier
    if not write:
        return
    if rekeyed:
        Person.objects.filter(pk=person.pk).update(identifier=row["identifier"])
    if person_change:
        Person.objects.filter(pk=person.pk).update(**{name: pair[1] for name, pair in person_change.items()})
    if not place_change:
        untied = row["superior"] and row["superior"] not in known_superiors
        Placement.objects.filter(pk=placement.pk).update(row_print=_LOOK_AGAIN if untied else row["row_print"])
        return
    values = {name: place[name][name in place_change] for name in _PLAIN_PLACEMENT} | {
        "unit_id": found.by_code[row["unit_code_found"]].pk,
        "row_print": row["row_print"],
    }
    if placement.from_on >= today:
        # It began today: there is no day on which the old one held, so it is corrected in place.
        Placement.objects.filter(pk=placement.pk).update(**values)
    else:
        Placement.objects.filter(pk=placement.pk).update(until_on=today)
        Placement.objects.create(
            person=person, from_on=today, roster_import=roster_import, superior=placement.superior, **values
        )
    if "superior" in place_change:
        superiors.append((person.pk, row["superior"]))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _absent(
    known, seen, kept: set[int], ahead: _Ahead, found: UnitNames, roster_import, result, *, write: bool, today: date
) -> None:
    """End the placements of whom a complete file does not name, but for those who are `kept`."""
    present = pl.concat(seen) if seen else pl.Series([], dtype=pl.Int64)
    unseen = known.filter(~pl.col("person").is_in(present.implode()))
    # Whose row was refused stands in the file all the same: by his number, else by name and unit.
    gone = unseen.filter(~pl.col("key").str.split_exact(":", 1).struct.field("field_1").is_in(ahead.numbers.implode()))
    gone = gone.filter(~pl.col("person").is_in(list(kept))) if kept else gone
    if result.refused and gone.height:
        named = _named_without_number(gone, result, found)
        gone = gone.filter(~pl.col("placement").is_in(list(named)))
    result.counts["spared"] = unseen.height - gone.height
    result.counts["absent"] += gone.height
    for person, placement in gone.select("person", "placement").iter_rows():
        result.digest.update(f"{person}-\n".encode())
        result.changes.append(
            RosterChange(
                roster_import=roster_import, person_id=person, kind="absent", before={"_placement": placement}, after={}
            )
        )
    if write:
        placements = gone["placement"].to_list()
        for start in range(0, len(placements), 5000):
            part = Placement.objects.filter(pk__in=placements[start : start + 5000])
            part.filter(from_on__lt=today).update(until_on=today)
            # One that began today, or begins later, held for one day: it cannot end before it began.
            for key, from_on in part.filter(from_on__gte=today).values_list("pk", "from_on"):
                Placement.objects.filter(pk=key).update(until_on=from_on + timedelta(days=1))


def _named_without_number(gone: pl.DataFrame, result: _Result, found: UnitNames) -> set[int]:
    """Return the placements of those of whom a refused row speaks, as far as name and unit tell; count the rows of which
    nobody can be told.
    """
    by_name: dict[str, list[tuple[int, str]]] = {}
    keys = gone["placement"].to_list()
    for start in range(0, len(keys), 5000):
        part = Placement.objects.filter(pk__in=keys[start : start + 5000]).order_by()
        for placement, name, unit in part.values_list("pk", "person__name", "unit__code"):
            by_name.setdefault(_bare(name), []).append((placement, unit))
    named: set[int] = set()
    for refused in result.refused:
        called = by_name.get(refused.name, []) if refused.name else []
        unit = found.find(*refused.unit)
        here = unit.code if isinstance(unit, Unit) else None
        meant = [placement for placement, at in called if at == here]
        if not meant and (refused.numbered or here is None):
            # Somebody with a number may have moved, too; where the unit is what was wrong, the name is all there is.
            meant = [placement for placement, _ in called]
        named.update(meant)
        result.counts["unmatched"] += not meant
    return named


def _set_superiors(superiors: list[tuple[int, str]], agency: Agency) -> None:
    """Tie the superiors that rows name by number, of whoever is placed in the agency now; an unknown number leaves the
    one that follows from the tree.
    """
    numbers = list({number for _, number in superiors if number})
    placed = Placement.objects.current().filter(unit__agency=agency).order_by()
    people: dict[str, int] = {}
    for start in range(0, len(numbers), 5000):
        part = placed.filter(person__identifier__in=numbers[start : start + 5000])
        people.update(part.values_list("person__identifier", "person"))
    for person, number in superiors:
        superior = people.get(number)
        tied = {"superior": superior if superior != person else None}
        if number and superior is None:
            tied["row_print"] = _LOOK_AGAIN  # the next file may bring whoever bears that number
        Placement.objects.current().filter(person=person).update(**tied)


# --- the acts ----------------------------------------------------------------------------------------------------


def preview(roster_import: RosterImport, *, now: datetime) -> None:
    """Read the file and record the difference to today's roster: counts, refused rows, changes. Nothing else moves.

    A file that turns out unreadable is marked failed with its reason.
    """

    def progress(rows: int) -> None:
        RosterImport.objects.filter(pk=roster_import.pk).update(rows_done=rows)

    try:
        with masses.at_length():
            result = _run(roster_import, write=False, progress=progress)
        with transaction.atomic(durable=True):
            roster_import.rejects.all().delete()
            roster_import.changes.all().delete()
            _keep(roster_import, result)
            RosterImport.objects.filter(pk=roster_import.pk, state=State.READING).update(
                state=State.PREVIEWED,
                counts=_counts(result, roster_import),
                difference=result.digest.hexdigest(),
                rows_done=result.counts["rows"],
            )
    except DomainError as error:
        _fail(roster_import, error)
    except BaseException:
        RosterImport.objects.filter(pk=roster_import.pk, state=State.READING).update(
            state=State.RECEIVED, error=_told(ImportInterrupted())
        )
        raise
    roster_import.refresh_from_db()


def interrupted(*, queued: Collection[int]) -> None:
    """After a stop in the middle: what was being read, stored or taken back, and waits in no queue, waits for a person.

    Nothing of it was written: each is one transaction. Its page says what happened.
    """
    cut = RosterImport.objects.exclude(pk__in=queued)
    said = _told(ImportInterrupted())
    for in_work, waiting in _BEFORE.items():
        cut.filter(state=in_work).update(state=waiting, error=said)


def _counts(result: _Result, roster_import: RosterImport) -> dict[str, Any]:
    unread = [sheet["name"] for sheet in roster_import.sheets if sheet["group"] is not None and not sheet["read"]]
    names = ("rows", "new", "returned", "rejoined", "changed", "moved", "same", "absent", "rejected", "units")
    return {name: result.counts[name] for name in names} | {
        "reasons": dict(result.reasons.most_common(50)),
        "unit_names": [unit.name for unit in result.units_made[:200]],
        # What an undo takes away again; without a key where nothing was written.
        "unit_keys": [unit.pk for unit in result.units_made if unit.pk],
        "caution": {
            "placed": result.placed,
            "ends_many": roster.ends_many(result.counts["absent"], result.placed),
            "short": roster.is_short(result.counts["rows"], result.placed),
            # Refused rows: of how many people they kept the placement, and how many may be about somebody who is ended.
            "spared": result.counts["spared"],
            "unmatched": result.counts["unmatched"] if result.counts["absent"] else 0,
            # Sheets that could be read, too, and were not: whoever stands there alone is among those who are ended.
            "unread": unread if result.counts["absent"] else [],
        }
        | ({"heads_kept": result.heads_kept[:50]} if result.heads_kept else {}),
    }


def _keep(roster_import: RosterImport, result: _Result) -> None:
    RosterReject.objects.bulk_create(result.rejects, batch_size=500)
    RosterChange.objects.bulk_create(result.changes, batch_size=500)


def _fail(roster_import: RosterImport, error: DomainError) -> None:
    RosterImport.objects.filter(pk=roster_import.pk).update(state=State.FAILED, error=_told(error))
    roster_import.refresh_from_db()


def _told(error: DomainError) -> dict[str, str]:
    """Return a refusal as it is kept with an import, whose page tells it."""
    return {"code": error.code, **{name: str(value) for name, value in error.details().items()}}


def begin_applying(roster_import: RosterImport, *, ends: int | None = None) -> None:
    """Claim a previewed import for application; of two officers one wins. `ends` is how many placements it ends, as
    whoever stores it says: asked for where they are many, or where a refused row or a sheet left out may be about them.

    Raises ManyWouldEnd, ImportStateWrong.
    """
    if roster_import.state == State.PREVIEWED:
        _refuse_many_ends(roster_import.counts, ends)
    shown = RosterImport.objects.filter(pk=roster_import.pk, state=State.PREVIEWED, difference=roster_import.difference)
    if not shown.update(state=State.APPLYING, error={}):
        roster_import.refresh_from_db()
        raise ImportStateWrong(roster_import.state)
    roster_import.refresh_from_db()


def _refuse_many_ends(counts: Mapping[str, Any], ends: int | None) -> None:
    caution = counts.get("caution", {})
    asked = caution.get("ends_many") or caution.get("unmatched") or caution.get("unread")
    if asked and ends != counts["absent"]:
        raise ManyWouldEnd(counts["absent"], caution["placed"], caution.get("unmatched", 0))


def apply(roster_import: RosterImport, *, by: User | None, now: datetime) -> None:
    """Write the good rows of a previewed file in one transaction.

    Raises RosterChangedSincePreview where the difference is no longer the one shown (nothing is written and the import
    waits for a new preview), ImportStateWrong.
    """
    if roster_import.state != State.APPLYING:
        raise ImportStateWrong(roster_import.state)
    _write(roster_import, by=by, now=now, shown=roster_import.difference)


def store(roster_import: RosterImport, *, by: User | None, now: datetime, ends: int | None = None) -> None:
    """Read a mapped file and write its good rows in one pass, for whoever asked for no preview.

    Raises ManyWouldEnd where `ends` is not how many placements it ends and they are many, CompleteFileEmpty,
    ImportStateWrong.
    """
    if not RosterImport.objects.filter(pk=roster_import.pk, state=State.READING).update(state=State.APPLYING):
        raise ImportStateWrong(roster_import.state)
    _write(roster_import, by=by, now=now, shown=None, ends=ends)


def _write(
    roster_import: RosterImport, *, by: User | None, now: datetime, shown: str | None, ends: int | None = None
) -> None:
    try:
        first = _is_first_load(roster_import)
        unguarded = masses.unguarded() if first else nullcontext()
        with masses.at_length(), unguarded, transaction.atomic(durable=True):
            result = _run(roster_import, write=True, progress=lambda _: None, first=first)
            difference = result.digest.hexdigest()
            if shown is not None and difference != shown:
                raise RosterChangedSincePreview()
            counts = _counts(result, roster_import)
            if shown is None:
                _refuse_many_ends(counts, ends)
            roster_import.rejects.all().delete()
            roster_import.changes.all().delete()
            _keep(roster_import, result)
            _remember(roster_import)
            touches.agency(roster_import.agency)
            name_touches.many(*result.made, {change.person_id for change in result.changes})
            freshness.everything_changed()
            RosterImport.objects.filter(pk=roster_import.pk).update(
                state=State.APPLIED, applied_at=now, difference=difference, counts=counts, rows_done=counts["rows"]
            )
            ledger.append(
                "roster.imported",
                {
                    "import": roster_import.pk,
                    "agency": roster_import.agency_id,
                    "file_digest": roster_import.file_digest,
                    "difference": difference,
                    "counts": {name: count for name, count in counts.items() if isinstance(count, int)},
                    "by": by and by.pk,
                },
                now=now,
                zone=roster_import.agency.zone,
            )
    except RosterChangedSincePreview as error:
        RosterImport.objects.filter(pk=roster_import.pk).update(state=State.RECEIVED, error=_told(error))
        raise
    except DomainError as error:
        _fail(roster_import, error)
        raise
    except BaseException:
        RosterImport.objects.filter(pk=roster_import.pk, state=State.APPLYING).update(
            state=State.RECEIVED if shown is None else State.PREVIEWED, error=_told(ImportInterrupted())
        )
        raise
    _forget_file(roster_import)
    roster_import.refresh_from_db()


@transaction.atomic(durable=True)
def files_lost() -> int:
    """After a restore, which brings no roster files: give up what waits for one, in words; return how many that are."""
    waiting = RosterImport.objects.exclude(file_path="").filter(
        state__in=(State.RECEIVED, State.READING, State.PREVIEWED, State.APPLYING, State.FAILED)
    )
    lost = [each.pk for each in waiting if not (settings.HOME / each.file_path).is_file()]
    RosterImport.objects.filter(pk__in=lost).update(
        state=State.FAILED, file_path="", error=_told(FileUnreadable("gone"))
    )
    return len(lost)


def reopen(roster_import: RosterImport) -> None:
    """Let the columns of a previewed file be mapped again. Raises ImportStateWrong."""
    done = RosterImport.objects.filter(pk=roster_import.pk, state__in=(State.PREVIEWED, State.FAILED)).update(
        state=State.RECEIVED, error={}
    )
    if not done:
        raise ImportStateWrong(roster_import.state)


def drop(roster_import: RosterImport) -> None:
    """Give up an import that was not applied, and delete its file. Raises ImportStateWrong."""
    done = RosterImport.objects.filter(
        pk=roster_import.pk, state__in=(State.RECEIVED, State.PREVIEWED, State.FAILED)
    ).update(state=State.DROPPED)
    if not done:
        raise ImportStateWrong(roster_import.state)
    _forget_file(roster_import)


def _forget_file(roster_import: RosterImport) -> None:
    """Delete the file: the roster is on record now, and a copy would be one more place to guard."""
    if roster_import.file_path:
        (settings.HOME / roster_import.file_path).unlink(missing_ok=True)
        RosterImport.objects.filter(pk=roster_import.pk).update(file_path="")


def get_import(number: int) -> RosterImport:
    """Return an import by its number. Raises ImportUnknown."""
    if (found := RosterImport.objects.select_related("agency").filter(pk=number).first()) is None:
        raise ImportUnknown(number)
    return found


# --- taking back -------------------------------------------------------------------------------------------------

_UNDONE_AT_ONCE = 5000


def begin_undoing(roster_import: RosterImport) -> None:
    """Claim a stored import to be taken back; of two officers one wins.

    Raises ImportStateWrong, ImportNotUndoable where a later one stands.
    """
    if roster_import.state == State.APPLIED:
        _refuse_if_not_latest(roster_import)
    claimed = RosterImport.objects.filter(pk=roster_import.pk, state=State.APPLIED)
    if not claimed.update(state=State.UNDOING, error={}):
        roster_import.refresh_from_db()
        raise ImportStateWrong(roster_import.state)
    roster_import.refresh_from_db()


def undo(roster_import: RosterImport, *, by: User | None, now: datetime) -> None:
    """Take an import back: its new people go, its changes are reversed, units that it made and nothing uses are removed.

    Only the agency's latest, and only while nothing rests on it. One that is refused stays as it was and says why.
    Raises ImportStateWrong, ImportNotUndoable.
    """
    if roster_import.state != State.UNDOING:
        begin_undoing(roster_import)
    claimed = RosterImport.objects.filter(pk=roster_import.pk, state=State.UNDOING)
    try:
        with transaction.atomic(durable=True):
            if not claimed.update(state=State.UNDONE):
                raise ImportStateWrong(roster_import.state)
            _refuse_if_not_latest(roster_import)
            _undo(roster_import)
            ledger.append(
                "roster.import_undone",
                {"import": roster_import.pk, "agency": roster_import.agency_id, "by": by and by.pk},
                now=now,
                zone=roster_import.agency.zone,
            )
    except DomainError as error:
        claimed.update(state=State.APPLIED, error=_told(error))
        roster_import.refresh_from_db()
        raise
    except BaseException:
        claimed.update(state=State.APPLIED, error=_told(ImportInterrupted()))
        raise
    roster_import.refresh_from_db()


def _refuse_if_not_latest(roster_import: RosterImport) -> None:
    later = RosterImport.objects.filter(agency=roster_import.agency, pk__gt=roster_import.pk)
    if later.filter(state__in=(State.APPLYING, State.APPLIED, State.UNDOING)).exists():
        raise ImportNotUndoable("not_the_latest")


def _undo(roster_import: RosterImport) -> None:
    """Take an import back inside the caller's transaction, set by set."""
    changed = RosterChange.objects.filter(roster_import=roster_import, person=OuterRef("person"))
    others = Placement.objects.filter(person=OuterRef("person")).exclude(roster_import=roster_import)
    born = Placement.objects.filter(~Exists(changed), ~Exists(others), roster_import=roster_import)
    people = list(born.order_by("person").values_list("person", flat=True).distinct())
    _touch_names(roster_import, people)
    for part in _parts(people):
        _take_back_calls(part)
    _free(people)
    _refuse_if_changed_since(roster_import)
    codes = dict(WorkUnit.objects.filter(agency=roster_import.agency).values_list("code", "pk"))
    for changes in _batches(roster_import.changes.order_by("pk").values_list("person", "before")):
        _reverse(roster_import, changes, codes)
    for part in _parts(people):
        Placement.objects.filter(person__in=part).delete()
    for part in _parts(people):
        masses.delete(Person, part)
    units.remove_unused(roster_import.agency, roster_import.counts.get("unit_keys", []))
    touches.agency(roster_import.agency)
    freshness.everything_changed()


def _touch_names(roster_import: RosterImport, people: Sequence[int]) -> None:
    """Let the index of names forget these new people, and look anew at whom the import changed."""
    changed = roster_import.changes.order_by().values_list("person", flat=True)
    name_touches.many(people, changed[: name_touches.MOST + 1])


def _parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut keys into parts that a statement can take."""
    return (keys[start : start + _UNDONE_AT_ONCE] for start in range(0, len(keys), _UNDONE_AT_ONCE))


def _batches(query: QuerySet) -> Iterator[list[Any]]:
    rows = query.iterator(chunk_size=_UNDONE_AT_ONCE)
    while some := list(islice(rows, _UNDONE_AT_ONCE)):
        yield some


def _free(people: Sequence[int]) -> None:
    """Take away what was only told to these people; refuse where anything else rests on them beside their placements."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.related_model is Placement:
            continue
        name, rows = relation.field.name, relation.related_model._base_manager
        if not rows.exists():
            continue
        for part in _parts(people):
            resting = rows.filter(**{f"{name}__in": part})
            if relation.on_delete is CASCADE:
                resting.delete()
            elif resting.exists():
                raise ImportNotUndoable("in_use")
    for part in _parts(people):
        Placement.objects.filter(superior__in=part).update(superior=None)


def _take_back_calls(people: Sequence[int]) -> None:
    """Take back what reached new people by itself and none of them acted upon: circulars that they did not open, and
    calls to activities that are not yet held and that they did not answer.
    """
    unanswered = Invitation.objects.filter(person__in=people, answer=Invitation.Answer.NONE)
    unanswered.exclude(activity__state=gatherings.State.CLOSED).delete()
    CircularReader.objects.filter(person__in=people, opened_at=None, acknowledged_at=None).delete()
    CircularReader.objects.filter(escalated_to__in=people).update(escalated_to=None)


def _refuse_if_changed_since(roster_import: RosterImport) -> None:
    """Refuse where somebody whom the import brought, changed or ended was placed anew since."""
    if roster_import.placements.filter(Q(row_print=None) | Q(until_on__isnull=False)).exists():
        raise ImportNotUndoable("changed_since")
    for some in _batches(roster_import.changes.order_by("pk").values_list("person", "kind", "before")):
        kept = [before["_placement"] for _, kind, before in some if kind != "absent" and before["_placement"]]
        ended = [person for person, kind, _ in some if kind == "absent"]
        if (
            Placement.objects.filter(pk__in=kept, row_print=None, until_on=None).exists()
            or Placement.objects.current().filter(person__in=ended).exists()
        ):
            raise ImportNotUndoable("changed_since")


def _reverse(
    roster_import: RosterImport, changes: Sequence[tuple[int, dict[str, Any]]], codes: Mapping[str, int]
) -> None:
    """Put the values of these people and of their placements back as they were before the import."""
    kept = {before["_placement"]: before for _, before in changes if before["_placement"]}
    # What the import began goes first: of open placements a person has one.
    begun = Placement.objects.filter(roster_import=roster_import, person__in=[person for person, _ in changes])
    begun.exclude(pk__in=list(kept)).delete()
    _put_back(Person, roster.PERSON_FIELDS, dict(changes))
    keys = [(before["_key"], person) for person, before in changes if "_key" in before]
    masses.update(Person, ["identifier"], keys)
    superiors = _people_of(roster_import.agency, {before.get("superior") for before in kept.values()})
    columns = {"unit": codes, "superior": superiors}
    open_now = Placement.objects.filter(pk__in=list(kept), until_on=None).values_list("pk", flat=True)
    # Corrected in place, since it began on the day of the import. One that had ended says still what it said.
    corrected = {
        key: {name: columns[name].get(value) if name in columns else value for name, value in kept[key].items()}
        for key in open_now
    }
    _put_back(Placement, (*_PLAIN_PLACEMENT, *columns), corrected)
    for part in _parts(list(kept)):
        Placement.objects.filter(pk__in=part).update(until_on=None, row_print=_LOOK_AGAIN)


def _put_back(model: type[Model], names: Sequence[str], before: Mapping[int, Mapping[str, Any]]) -> None:
    """Set those of the columns of each row that `before` has a value for."""
    columns = [model._meta.get_field(name) for name in names]
    touched = [key for key, values in before.items() if not values.keys().isdisjoint(names)]
    rows = model._base_manager.filter(pk__in=touched).values_list("pk", *(field.attname for field in columns))
    masses.update(
        model,
        [field.column for field in columns],
        [
            [
                *(
                    field.get_db_prep_save(before[key].get(name, value), connection)
                    for name, field, value in zip(names, columns, now, strict=True)
                ),
                key,
            ]
            for key, *now in rows
        ],
    )


def _people_of(agency: Agency, numbers: Collection[str | None]) -> dict[str, int]:
    """Return who bears which of these numbers, of those who are or were placed in an agency."""
    wanted = [number for number in numbers if number]
    placed = Placement.objects.filter(unit__agency=agency, person__identifier__in=wanted).order_by("-person")
    return dict(placed.values_list("person__identifier", "person"))


# --- one person, by hand -----------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def change_identifier(
    person: Person, *, kind: str, number: str, reason: str, today: date, by: User, now: datetime
) -> None:
    """Give somebody another number (a PPPK's may change); the old one stays findable.

    It must fit the person as a row of a file must: birth date, sex, and the kind of number to the employment.

    Raises IdentifierInvalid, IdentifierTaken, ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing("reason")
    number = roster.tidy_number(number)
    placement = Placement.objects.filter(person=person).order_by("-from_on", "-pk").first()
    fault = roster.fault_of_number(
        roster.IdentifierType(kind), number, employment=placement.employment if placement else "",
        birth_on=person.birth_on, sex=person.sex, today=today,
    )  # fmt: skip
    if fault:
        raise IdentifierInvalid(fault.code)
    if Person.objects.filter(identifier_type=kind, identifier=number).exclude(pk=person.pk).exists():
        raise IdentifierTaken()
    if User.objects.filter(username=number).exclude(person=person).exists():
        raise IdentifierTaken()
    if person.identifier_type != roster.IdentifierType.NONE:
        FormerIdentifier.objects.create(
            person=person,
            identifier_type=person.identifier_type,
            identifier=person.identifier,
            changed_at=now,
        )
    Person.objects.filter(pk=person.pk).update(identifier_type=kind, identifier=number)
    User.objects.filter(person=person).update(username=number)
    freshness.changed(f"person:{person.pk}")
    name_touches.people([person.pk])
    Placement.objects.current().filter(person=person).update(row_print=None)
    ledger.append("person.changed", {"person": person.pk, "what": "identifier", "by": by.pk}, now=now)


@transaction.atomic(durable=True)
def place(person: Person, *, values: Mapping[str, Any], today: date, by: User, now: datetime) -> None:
    """Change somebody's placement from today by hand: unit, post, head of unit, superior, status and what else it holds.

    Raises UnitAlreadyHeaded.
    """
    placement = Placement.objects.current().get(person=person)
    wanted = {name: value for name, value in values.items() if getattr(placement, name) != value}
    if not wanted:
        return
    kept = (
        {name: getattr(placement, name) for name in (*_PLAIN_PLACEMENT, "unit", "superior")}
        | wanted
        | {"row_print": None}
    )
    # A head who moves with his mark, or comes back, would be a second one just as somebody newly marked.
    others = Placement.objects.current().heading().filter(unit=kept["unit"]).exclude(person=person)
    heads = kept["is_head"] and kept["status"] not in roster.GONE
    if heads and {"is_head", "unit", "status"} & wanted.keys() and others.exists():
        raise UnitAlreadyHeaded()
    if placement.from_on >= today:
        Placement.objects.filter(pk=placement.pk).update(**kept)
    else:
        Placement.objects.filter(pk=placement.pk).update(until_on=today)
        Placement.objects.create(person=person, from_on=today, **kept)
    touches.units({placement.unit_id, kept["unit"].pk})
    name_touches.people([person.pk])
    freshness.changed(f"person:{person.pk}")
    ledger.append(
        "person.changed", {"person": person.pk, "what": "placement", "fields": sorted(wanted), "by": by.pk}, now=now
    )


def save_rejects(roster_import: RosterImport, path: Path, sentence: Callable[[Mapping[str, str]], str]) -> None:
    """Write the refused rows to a CSV file as they came, each with its line and reasons."""
    spreadsheets.write_rejects(path, roster_import.headings, _rejected(roster_import, sentence))


def rejects_text(roster_import: RosterImport, sentence: Callable[[Mapping[str, str]], str]) -> str:
    """Return the refused rows as the text of a CSV file."""
    text = io.StringIO(newline="")
    spreadsheets.rejects_to(text, roster_import.headings, _rejected(roster_import, sentence))
    return "\ufeff" + text.getvalue()


def _rejected(
    roster_import: RosterImport, sentence: Callable[[Mapping[str, str]], str]
) -> Iterator[tuple[str, str, Sequence[str]]]:
    for reject in roster_import.rejects.iterator(chunk_size=2000):
        yield place_of(roster_import, reject.line), "; ".join(sentence(fault) for fault in reject.faults), reject.cells
