"""People without a number in a roster file: which of them is somebody on the roster who is found under another key by now.

Such a person is known by unit, name and birth date. Whoever changes his unit, or whose birth date is told for the first time,
has another key: taken for a new person he would lose his duties and signatures. So a row that nobody bears is held against
those of the same name whom the file does not name where they stood. What is told by more than the name, and on both sides
of one alone, is the same person. What could be he and could be another is decided by nobody but an officer.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from ikrar.domain.roster import GONE, Likeness, are_one, may_be_one
from ikrar.records.models import Agency, Placement

_LIKENESS = ("name", "birth_on", "sex", "email", "phone")


@dataclass(frozen=True)
class Standing:
    """Somebody without a number on the roster: where he is placed today, and what else is known of him."""

    person: int
    placement: int
    unit: str
    like: Likeness


@dataclass(frozen=True)
class _Row:
    line: int
    unit: str
    like: Likeness


@dataclass
class Decided:
    """What became of rows that were held, by line: whom each is about, or who it may be about; any other is of a new person."""

    same: dict[int, Standing] = field(default_factory=dict)
    unclear: dict[int, tuple[Standing, ...]] = field(default_factory=dict)


class Unnumbered:
    """The rows of a file that are held until all of it was read, and the people they may be about."""

    def __init__(self, agency: Agency, keys: pl.Series) -> None:
        """`keys` are those of everybody on the roster of the agency."""
        self.exist = bool(len(keys)) and bool(keys.str.starts_with("none:").any())
        self.cells: dict[int, list[str]] = {}
        self._agency = agency
        self._standing: dict[str, list[Standing]] | None = None
        self._present: set[int] = set()
        self._held: list[pl.DataFrame] = []

    def see(self, joined: pl.DataFrame) -> None:
        """Note whom rows name by the key that they are known by."""
        here = joined.filter((pl.col("identifier_type") == "none") & pl.col("person").is_not_null())
        self._present.update(here["person"].to_list())

    def hold(self, fresh: pl.DataFrame, cells_of: Callable[[int], list[str]]) -> pl.DataFrame:
        """Hold the rows of people without a number whose name somebody on the roster bears, and return the others."""
        mine = fresh.filter(pl.col("identifier_type") == "none")
        if not mine.height:
            return fresh
        named = self._by_name()
        lines = [line for line, name in mine.select("line", "name").iter_rows() if _fold(name) in named]
        if not lines:
            return fresh
        held = fresh.filter(pl.col("line").is_in(lines))
        self._held.append(held)
        self.cells.update((line, cells_of(row)) for line, row in held.select("line", "row").iter_rows())
        return fresh.filter(~pl.col("line").is_in(lines))

    def _by_name(self) -> dict[str, list[Standing]]:
        if self._standing is None:
            self._standing = {}
            placed = Placement.objects.current().filter(unit__agency=self._agency, person__identifier_type="none")
            columns = ("person", "pk", "unit__code", *(f"person__{name}" for name in _LIKENESS))
            for person, placement, unit, *like in placed.exclude(status__in=GONE).order_by("pk").values_list(*columns):
                one = Standing(person, placement, unit, Likeness(*like))
                self._standing.setdefault(_fold(one.like.name), []).append(one)
        return self._standing

    @property
    def held(self) -> pl.DataFrame | None:
        """All rows that were held, with the columns that they came with."""
        return pl.concat(self._held) if self._held else None

    def decide(self, *, complete: bool) -> Decided:
        """Decide about each row that was held, once the whole file was read.

        A file that is not `complete` does not say that somebody left the place where he stood: there, whoever has the name
        and the birth date of somebody elsewhere is asked about.
        """
        decided = Decided()
        rows: dict[str, list[_Row]] = {}
        for frame in self._held:
            for line, unit, *like in frame.select("line", "unit_code_found", *_LIKENESS).iter_rows():
                rows.setdefault(_fold(like[0]), []).append(_Row(line, unit, Likeness(*like)))
        for name, some in rows.items():
            self._decide(self._by_name()[name], some, decided, complete=complete)
        return decided

    def _decide(self, named: list[Standing], rows: list[_Row], decided: Decided, *, complete: bool) -> None:
        """Decide about the rows of one name."""
        taken: set[int] = set()

        def missing(one: Standing) -> bool:
            return one.person not in self._present and one.person not in taken

        def settle(found: Iterable[tuple[Standing, _Row]]) -> None:
            for one, row in list(found):
                decided.same[row.line] = one
                taken.add(one.person)

        def left() -> list[_Row]:
            return [row for row in rows if row.line not in decided.same]

        def here_for_sure(one: Standing, row: _Row) -> bool:
            return one.unit == row.unit and one.like.birth_on == row.like.birth_on and may_be_one(one.like, row.like)

        def here(one: Standing, row: _Row) -> bool:
            if one.unit != row.unit or not may_be_one(one.like, row.like):
                return False
            # Not where another row tells by more than the name that he is the one who moved.
            return not any(are_one(one.like, each.like) for each in left() if each is not row)

        # Where he is placed today is where the file has him: an officer moved him before, or his birth date is new.
        settle(_pairs(filter(missing, named), left(), here_for_sure))
        settle(_pairs(filter(missing, named), left(), here))
        if complete:
            # Whoever the file names elsewhere all the same is asked, too: of two alike nobody knows which one moved.
            others = [one for one in named if one.person not in taken]
            moved = _pairs(others, left(), lambda one, row: are_one(one.like, row.like))
            settle((one, row) for one, row in moved if missing(one))
        alike = may_be_one if complete else are_one
        for row in left():
            doubtful = tuple(one for one in named if missing(one) and alike(one.like, row.like))
            if doubtful:
                decided.unclear[row.line] = doubtful


def _pairs(
    named: Iterable[Standing], rows: list[_Row], alike: Callable[[Standing, _Row], bool]
) -> Iterator[tuple[Standing, _Row]]:
    """Yield who and which row are like each other and like nobody else."""
    people = list(named)
    of_row = {row.line: [one for one in people if alike(one, row)] for row in rows}
    for row in rows:
        if len(of_row[row.line]) == 1:
            one = of_row[row.line][0]
            if sum(one in each for each in of_row.values()) == 1:
                yield one, row


def _fold(name: str) -> str:
    return " ".join(name.upper().split())
