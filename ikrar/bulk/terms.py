"""Columnar twin of domain.terms: the last days of many running clocks at once, and which of them changed.

Clocks are counted term by term, on arrays that say how many working days there are up to each day of the covered
years. Tests hold the result equal to the domain's, which alone explains a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

import polars as pl

from ikrar.domain.days import Holidays, Leave
from ikrar.domain.errors import HolidaysUnknown, TermPaused, TermStartWrong, TermUnknown
from ikrar.domain.terms import Count, Direction, Extension, Pause, Term, Way, last_day, last_days

_EPOCH = date(1970, 1, 1).toordinal()
_DAYS = pl.Int32
_TIME = pl.Datetime("us")


def recompute(clocks: pl.DataFrame, terms: Mapping[str, Term], holidays: Holidays) -> pl.DataFrame:
    """Count every clock of a frame with a list of holidays, and return the frame in its order with the days reached.

    A clock is a row with `term` (an id) and `start`: a Date, or a Datetime without a zone, which has the time of terms
    in hours and is midnight for all others. It may have `extension` (how much longer, in what the term counts) and
    `pauses` (a list of structs from_on, until_on). Its other columns stay as they are.

    Added, or put in the place of older ones: `last_day`, as domain.terms.last_day gives it; `last_days`, the day by
    each way of counting of the term, in their order; both of the type of `start`. Null where it is not known:
    `unknown_year` is the year whose holidays it needs, and a clock whose pause goes on has none. Whether the term was
    in force, and for this election, was asked when the clock was started. Raises TermUnknown, TermStartWrong.
    """
    kind = clocks.schema["start"]
    if kind != pl.Date and (not isinstance(kind, pl.Datetime) or kind.time_zone is not None):
        raise TermStartWrong("", "local_time")
    kept = clocks.drop("last_day", "last_days", "unknown_year", strict=False)
    rows = kept.with_row_index("_row").with_columns(
        _start=pl.col("start").cast(_TIME),
        _longer=pl.col("extension").fill_null(0).cast(_DAYS) if "extension" in kept.columns else pl.lit(0, _DAYS),
        _paused=pl.col("pauses").list.len().fill_null(0) > 0 if "pauses" in kept.columns else pl.lit(False),
    )
    calendars = {leave: _Calendar.of(holidays, leave) for leave in Leave}
    found = []
    for (id, is_paused), group in rows.partition_by("term", "_paused", as_dict=True).items():
        if (term := terms.get(id)) is None:
            raise TermUnknown(str(id))
        _check_starts(term, group, kind)
        found.append(_one_by_one(term, group, holidays) if is_paused else _at_once(term, group, calendars))
    done = pl.concat(found).sort("_row") if found else _nothing()
    done = done.with_columns(pl.col("last_day").cast(kind), pl.col("last_days").cast(pl.List(kind)))
    return pl.concat([kept, done.drop("_row")], how="horizontal")


def changed(clocks: pl.DataFrame, terms: Mapping[str, Term], holidays: Holidays) -> pl.DataFrame:
    """Count again clocks whose `last_day` is known, and return those alone whose day is another one now.

    Where the frame has `last_days` too, another day by any way of counting is a change. What stood there before is in
    `last_day_before`; all else is as in `recompute`. A clock whose start moved is given with its new start.
    """
    after = recompute(clocks, terms, holidays)
    differs = after["last_day"].ne_missing(clocks["last_day"].cast(after.schema["last_day"]))
    if "last_days" in clocks.columns:
        before = clocks["last_days"].cast(after.schema["last_days"])
        differs |= before.is_null() | (_packed(after["last_days"]) != _packed(before))
    return after.with_columns(last_day_before=clocks["last_day"]).filter(differs)


def _packed(lists: pl.Series) -> pl.Series:
    """Return each list of days as one text, so that lists can be compared."""
    return lists.cast(pl.List(pl.Int64)).cast(pl.List(pl.String)).list.eval(pl.element().fill_null("-")).list.join(" ")


def _nothing() -> pl.DataFrame:
    schema = {"_row": pl.UInt32, "last_day": _TIME, "last_days": pl.List(_TIME), "unknown_year": pl.Int32}
    return pl.DataFrame(schema=schema)


def _check_starts(term: Term, group: pl.DataFrame, kind: pl.DataType) -> None:
    if group["start"].null_count() or (term.in_hours and kind == pl.Date):
        raise TermStartWrong(term.id, "local_time" if term.in_hours else "day")
    if not term.in_hours and (group["_start"] != group["_start"].dt.truncate("1d")).any():
        raise TermStartWrong(term.id, "day")


# --- one term, many starts ---------------------------------------------------------------------------------------


def _at_once(term: Term, group: pl.DataFrame, calendars: Mapping[Leave, "_Calendar"]) -> pl.DataFrame:
    """Count all clocks of one term by each of its ways, and choose the day that is shown as domain.terms does."""
    starts = group["_start"]
    ends, years, main = [], [], []
    for index, way in enumerate(term.ways):
        longer = group["_longer"] if way.basis.is_extended else pl.zeros(len(group), _DAYS, eager=True)
        end, year = _ends(term, way, starts, way.length + longer, calendars)
        ends.append(end.alias(f"end{index}"))
        years.append(year.alias(f"year{index}"))
        if way.basis.may_be_shown_first:
            main.append(index)
    frame = pl.DataFrame([group["_row"], group["_longer"], *ends, *years])
    shown_ends = [pl.col(f"end{index}") for index in main]
    shown = pl.min_horizontal(shown_ends) if term.meaning.earlier_is_safe else pl.max_horizontal(shown_ends)
    if term.meaning.earlier_is_safe is not (term.direction is Direction.AFTER):
        # The day that is not known might be the safe one.
        shown = pl.when(~pl.any_horizontal(each.is_null() for each in shown_ends)).then(shown)
    if term.official_on:
        is_official = (pl.col("_longer") == 0) & (pl.col("end0") == pl.lit(term.counted_on).cast(_TIME))
        shown = pl.when(is_official).then(pl.lit(term.official_on).cast(_TIME)).otherwise(shown)
    return frame.with_columns(last_day=shown).select(
        "_row",
        "last_day",
        pl.concat_list(each.name for each in ends).alias("last_days"),
        pl.when(pl.col("last_day").is_null())
        .then(pl.coalesce(pl.col(f"year{index}") for index in main))
        .alias("unknown_year"),
    )


def _ends(
    term: Term, way: Way, starts: pl.Series, lengths: pl.Series, calendars: Mapping[Leave, "_Calendar"]
) -> tuple[pl.Series, pl.Series]:
    """Return the day reached from each start, and for the unknown ones the year that is missing."""
    known = pl.repeat(None, len(starts), dtype=pl.Int32, eager=True)
    signed = lengths * term.sign
    if way.count is Count.HOURS:
        return starts + (signed.cast(pl.Int64) * 3_600_000_000).cast(pl.Duration("us")), known
    if way.count in (Count.MONTHS, Count.YEARS):
        months = (signed * (12 if way.count is Count.YEARS else 1)).cast(pl.String) + "mo"
        return pl.select(pl.lit(starts).dt.offset_by(pl.lit(months))).to_series(), known
    days = starts.cast(pl.Date).cast(_DAYS)
    if way.count is Count.CALENDAR_DAYS:
        return (days + signed).cast(pl.Date).cast(_TIME), known
    end, year = calendars[way.leave or Leave.FREE].reached(days, signed, forward=term.sign > 0)
    return end.cast(pl.Date).cast(_TIME), year


def _one_by_one(term: Term, group: pl.DataFrame, holidays: Holidays) -> pl.DataFrame:
    """Count clocks that were paused; there are few of them, and the domain knows how."""
    rows = [
        (row, *_paused(term, start, longer, pauses or [], holidays))
        for row, start, longer, pauses in group.select("_row", "_start", "_longer", "pauses").iter_rows()
    ]
    return pl.DataFrame(rows, schema=_nothing().schema, orient="row")


def _paused(
    term: Term, start: datetime, longer: int, pauses: list[dict[str, date | None]], holidays: Holidays
) -> tuple[datetime | None, list[datetime | None], int | None]:
    given = [Pause(each["from_on"], each["until_on"], "paused") for each in pauses]
    more = [Extension(longer, "extended")] if longer else []
    moment = start if term.in_hours else start.date()
    try:
        by_way = [_midnight(end) for end in last_days(term, moment, holidays, pauses=given, extensions=more)]
    except TermPaused:
        return None, [None] * len(term.ways), None
    try:
        return _midnight(last_day(term, moment, holidays, pauses=given, extensions=more)), by_way, None
    except HolidaysUnknown as unknown:
        return None, by_way, unknown.year


def _midnight(moment: date | None) -> datetime | None:
    """Return the local time with which a day begins; a time as it is."""
    return moment if moment is None or isinstance(moment, datetime) else datetime.combine(moment, time.min)


# --- working days as arrays --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Calendar:
    """The covered years, as arrays. Days are numbers of days since 1970; place 0 is the day before the first one.

    `up_to`: how many working days there are until that day, with it. `next_gap` and `last_gap`: the first weekday after
    it, and the last one until it, whose year is not covered.
    """

    first: int
    after: int
    working: pl.Series
    up_to: pl.Series
    next_gap: pl.Series
    last_gap: pl.Series

    @classmethod
    def of(cls, holidays: Holidays, leave: Leave) -> "_Calendar":
        years = sorted(holidays.years) or [1970]
        first = date(years[0], 1, 1).toordinal() - _EPOCH
        after = date(years[-1] + 1, 1, 1).toordinal() - _EPOCH
        working = [ordinal - _EPOCH for ordinal in holidays.working_ordinals(leave)]
        gaps = [
            day
            for year in range(years[0] - 1, years[-1] + 2)
            if year not in holidays.years
            for day in range(date(year, 1, 1).toordinal() - _EPOCH, date(year, 12, 31).toordinal() - _EPOCH + 1)
            if (day + 3) % 7 < 5
        ]
        places = pl.DataFrame({"day": pl.arange(first - 1, after, eager=True, dtype=_DAYS)}).set_sorted("day")
        gap = pl.DataFrame({"gap": pl.Series(gaps, dtype=_DAYS)}).set_sorted("gap")
        last = places.join_asof(gap, left_on="day", right_on="gap", coalesce=False)["gap"]
        following = places.with_columns(pl.col("day") + 1).set_sorted("day")
        coming = following.join_asof(gap, left_on="day", right_on="gap", strategy="forward", coalesce=False)["gap"]
        up_to = places["day"].is_in(working).cast(_DAYS).cum_sum()
        return cls(first, after, pl.Series(working, dtype=_DAYS), up_to, coming, last)

    def reached(self, days: pl.Series, lengths: pl.Series, *, forward: bool) -> tuple[pl.Series, pl.Series]:
        """Return the working day so far from each day, and for those that are not known the year that is missing."""
        weekday = (days + 3) % 7
        # Weekends beside the day need no list of holidays, so they are gone over before anything is looked up.
        if forward:
            place = pl.select(
                _=days + pl.when(weekday == 4).then(2).when(weekday == 5).then(1).otherwise(0)
            ).to_series()
            beside = place + 1
        else:
            back = pl.when(weekday == 0).then(3).when(weekday == 6).then(2).otherwise(1)
            place = beside = pl.select(_=days - back).to_series()
        index = place - (self.first - 1)
        inside = (index >= 0) & (place < self.after)
        index = index.clip(0, len(self.up_to) - 1)
        gap = (self.next_gap if forward else self.last_gap).gather(index)
        rank = self.up_to.gather(index) + lengths - (1 if forward else 0)
        has_rank = (rank >= 0) & (rank < len(self.working))
        end = self.working.gather(rank.clip(0, max(len(self.working) - 1, 0))) if len(self.working) else gap
        known = inside & has_rank & ((end < gap) if forward else (end > gap))
        frame = pl.DataFrame({"end": end, "known": known, "inside": inside, "gap": gap, "beside": beside})
        missing = pl.when("inside").then("gap").otherwise("beside").cast(pl.Date).dt.year()
        return tuple(
            frame.select(
                pl.when("known").then("end").alias("end"), pl.when(~pl.col("known")).then(missing).alias("year")
            ).get_columns()
        )
