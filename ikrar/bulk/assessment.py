"""Columnar twin of domain.assessment for millions of rows: equal questions are asked once.

Between two boundaries of a form's acts and of the calendar an answer is the same for all days, but for the stage that
runs, which is looked up beside it. So a million rows ask only some thousands of different questions; each is answered by
the domain itself, and tests hold the two equal.
"""

import contextlib
import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from ikrar.domain.assessment import Assessment, assess, stage_of, standing_for, turns_of
from ikrar.domain.elections import Election
from ikrar.domain.errors import DomainError, ElectionUnknown
from ikrar.domain.rulebook import Rulebook

COLUMNS = ("act", "form", "employment", "post", "election", "candidate_status", "contest")
"""Text columns of a frame of questions, beside `day`; those that are absent count as empty."""
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Answers:
    """`index`: for each row, which of `answers` is its answer (or what the domain raised), but for the stage of its day.

    `stages`: for each row, the stage that runs on its day, or null.
    """

    index: pl.Series
    answers: Sequence[Assessment | DomainError]
    stages: pl.Series

    def column(self, name: str) -> pl.Series:
        """Return `kind`, `level`, `act`, `form`, `candidate_status` or `confidence` of every row; null for an error."""
        values = [None if isinstance(each, DomainError) else getattr(each, name) for each in self.answers]
        return pl.Series(name, values, dtype=pl.String).gather(self.index)

    def errors(self) -> pl.Series:
        """Return the code of the error of every row; null where there is an answer."""
        values = [each.code if isinstance(each, DomainError) else None for each in self.answers]
        return pl.Series("error", values, dtype=pl.String).gather(self.index)

    def row(self, number: int) -> Assessment | DomainError:
        """Return the whole answer of one row, as the domain gives it."""
        answer = self.answers[self.index[number]]
        if isinstance(answer, DomainError):
            return answer
        stage = self.stages[number]
        return replace(answer, stage=stage, also=tuple(replace(each, stage=stage) for each in answer.also))


def assess_frame(book: Rulebook, frame: pl.DataFrame) -> Answers:
    """Judge every row of a frame: `day` (Date) and any of COLUMNS (text, or an Enum or Categorical of it).

    Null and empty text mean "not given". A row that cannot be judged has the error the domain raises for it.
    """
    if frame.is_empty():
        return Answers(pl.Series("index", [], dtype=pl.UInt32), [], pl.Series("stage", [], dtype=pl.String))
    columns = {name: _Column(frame[name]) for name in COLUMNS if name in frame.columns}
    days = frame["day"].to_physical()
    first = int(days.min())  # type: ignore[arg-type]
    span = pl.Series(range(first, int(days.max()) + 1), dtype=pl.Int32)  # type: ignore[arg-type]
    place = (days - first).cast(pl.UInt32)
    elections = columns.get("election") or _Column(pl.repeat("", frame.height, eager=True))
    forms = _forms(book, columns, frame.height)

    # The period of a day, by form and election: one table of small numbers, looked up by row.
    periods = [
        span_periods
        for form in forms.values
        for election in elections.values
        for span_periods in [_periods(_bounds(book, form, book.elections.get(election)), span)]
    ]
    pair = forms.codes * len(elections.values) + elections.codes
    key = pl.concat(periods).gather(pair * len(span) + place).cast(pl.UInt64)
    size = max(int(each.max()) for each in periods) + 1  # type: ignore[arg-type]
    for column in columns.values():
        key = key + column.codes.cast(pl.UInt64) * size
        size *= len(column.values)
        if size >= 2**63:
            raise OverflowError("too many different values in one frame; give it in parts")
    distinct, index = _numbered(key)
    asked = frame.select("day")[distinct].with_columns(
        pl.Series(name, [column.values[code] for code in column.codes.gather(distinct)], dtype=pl.String)
        for name, column in columns.items()
    )
    stages = [_stages(book, book.elections.get(election), span) for election in elections.values]
    with _without_collecting():
        answers = [_answer(book, values) for values in asked.iter_rows(named=True)]
    return Answers(
        index=index,
        answers=answers,
        stages=pl.concat(stages).gather(elections.codes * len(span) + place),
    )


class _Column:
    """A column of text as codes into those of its values that occur; null and empty are one."""

    def __init__(self, column: pl.Series) -> None:
        if not isinstance(column.dtype, pl.Enum):
            text = column.cast(pl.String).fill_null("")
            column = text.cast(pl.Enum(text.unique(maintain_order=True)))
        assert isinstance(column.dtype, pl.Enum)
        known: list[str] = [*column.dtype.categories, ""]
        codes = column.to_physical().cast(pl.UInt32).fill_null(known.index(""))
        used = codes.unique().sort()
        self.values = [known[code] for code in used]
        renumbered = pl.zeros(len(known), dtype=pl.UInt32, eager=True).scatter(used, range(len(used)))
        self.codes = renumbered.gather(codes)


def _forms(book: Rulebook, columns: Mapping[str, _Column], height: int) -> _Column:
    """Return the form that each row is about: of the act where one is named."""
    acts, forms = columns.get("act"), columns.get("form")
    if acts is None:
        return forms or _Column(pl.repeat("", height, eager=True))
    of_act = [book.acts[id].form if id in book.acts else "" for id in acts.values]
    told = _Column(pl.Series(of_act, dtype=pl.String).gather(acts.codes))
    if forms is None:
        return told
    named = pl.Series(told.values, dtype=pl.String).gather(told.codes)
    other = pl.Series(forms.values, dtype=pl.String).gather(forms.codes)
    return _Column(pl.select(pl.when(named == "").then(other).otherwise(named)).to_series())


def _bounds(book: Rulebook, form: str, election: Election | None) -> list[date]:
    """Return the days from which on an answer about a form may be another, in order."""
    acts = (*book.acts_by_form.get(form, ()), *book.acts_of_any_form)
    windows = [book.covered, *(version.in_force for act in acts for version in act.versions)]
    for act in acts:
        for version in act.versions:
            for id in version.sanctions:
                sanction = book.sanctions[id]
                windows += [sanction.in_force, *(pause.in_force for pause in sanction.suspended)]
            windows += [book.sources[cite.source].days for cite in version.cites]
    days = {day for window in windows for day in (window.from_on, window.until_on) if day}
    return sorted(days | (turns_of(standing_for(book, election), acts) if election is not None else set()))


def _periods(bounds: Iterable[date], span: pl.Series) -> pl.Series:
    """Return in which period between two bounds each day of a span (days since 1970) lies."""
    edges = pl.Series([day.toordinal() - _EPOCH for day in bounds], dtype=pl.Int32)
    return edges.search_sorted(span, side="right").cast(pl.UInt16)


def _stages(book: Rulebook, named: Election | None, span: pl.Series) -> pl.Series:
    """Return the stage that runs on each day of a span, in the election that is judged by."""
    if named is None:
        return pl.repeat(None, len(span), dtype=pl.String, eager=True)
    election = standing_for(book, named)
    within = [stage_of(election, day) if day <= election.last_on else None for day in (date.min, *election.edges)]
    return pl.Series("stage", within, dtype=pl.String).gather(_periods(election.edges, span))


def _numbered(key: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return one row for each different key, and for each row the number of its key."""
    different = key.unique()
    numbers = pl.DataFrame({"key": different, "index": pl.Series(range(len(different)), dtype=pl.UInt32)})
    index = pl.DataFrame({"key": key}).join(numbers, on="key", how="left", maintain_order="left")["index"]
    first = pl.DataFrame({"index": index}).with_row_index("row").group_by("index").agg(pl.col("row").first())
    return first.sort("index")["row"], index


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the collector from walking the whole rulebook again and again: answers are many, and hold no circles."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _answer(book: Rulebook, values: Mapping[str, str | date]) -> Assessment | DomainError:
    texts = {name: str(values.get(name) or "") for name in COLUMNS}
    day = values["day"]
    assert isinstance(day, date)
    election = book.elections.get(texts["election"])
    try:
        if texts["election"] and election is None and not texts["candidate_status"]:
            raise ElectionUnknown(texts["election"])
        return assess(
            book,
            act=texts["act"],
            form=texts["form"],
            day=day,
            employment=texts["employment"],
            post=texts["post"],
            election=election,
            candidate_status=texts["candidate_status"] or None,
            contest=texts["contest"] or None,
        )
    except DomainError as error:
        return error.with_traceback(None)  # whose frames would hold what they were about
