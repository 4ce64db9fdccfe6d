"""Many clocks at once: the same days as the domain, and after a late holiday only the clocks that changed."""

import time
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikrar.bulk import terms as bulk
from ikrar.domain.days import DayKind, FreeDay, Holidays
from ikrar.domain.errors import HolidaysUnknown, TermPaused, TermStartWrong, TermUnknown
from ikrar.domain.sources import Label
from ikrar.domain.terms import (
    Alternative,
    Basis,
    Count,
    Direction,
    Extension,
    Meaning,
    Pause,
    Way,
    last_day,
    last_days,
)
from tests.domain.packaged_terms import packaged
from tests.domain.test_terms import ANNOUNCED, term
from tests.domain.test_working_days import free, holidays, some_days

pytestmark = pytest.mark.once

NAME = Label("Libur", "Free")
PAUSES = pl.List(pl.Struct({"from_on": pl.Date, "until_on": pl.Date}))
SCHEMA = {
    "clock": pl.Int64,
    "term": pl.String,
    "start": pl.Datetime("us"),
    "extension": pl.Int64,
    "pauses": PAUSES,
}

# Every kind of term by every direction and meaning, and those with something beside their length.
TERMS = {
    f"{count}-{length}-{direction}-{meaning}-{certain}": term(
        length, count, certain=certain, direction=direction, meaning=meaning
    )
    for count, length in ((Count.WORKING_DAYS, 7), (Count.CALENDAR_DAYS, 12), (Count.HOURS, 50), (Count.MONTHS, 7), (Count.YEARS, 2))
    for direction in Direction
    for meaning in Meaning
    for certain in ((True, False) if count in (Count.WORKING_DAYS, Count.CALENDAR_DAYS) else (True,))
} | {
    "long": term(65),
    "announced": ANNOUNCED,
    "disputed": term(10, "calendar_days", certain=False, alternatives=(Alternative(14, Count.WORKING_DAYS, False),)),
    "gap": term(2, "years", meaning="earliest", at_most=Way(30, Count.MONTHS, None, Basis.AT_MOST)),
}  # fmt: skip


def midnight(day):
    return day if day is None or isinstance(day, datetime) else datetime(day.year, day.month, day.day)


def by_the_domain(found, start, known, longer, pauses):
    """What the domain says of one clock, in the words of the frame."""
    how = {
        "pauses": [Pause(each["from_on"], each["until_on"], "Menunggu") for each in pauses],
        "extensions": [Extension(longer, "Perlu keterangan")] if longer else [],
    }
    moment = start if found.in_hours else start.date()
    try:
        ends = [midnight(each) for each in last_days(found, moment, known, **how)]
    except TermPaused:
        return None, [None] * len(found.ways), None
    try:
        return midnight(last_day(found, moment, known, **how)), ends, None
    except HolidaysUnknown as unknown:
        return None, ends, unknown.year


def frame(rows):
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@st.composite
def clocks(draw, terms=None):
    terms = terms or TERMS
    rows = []
    for clock in range(draw(st.integers(0, 25))):
        id = draw(st.sampled_from(sorted(terms)))
        start = draw(st.datetimes(datetime(2021, 12, 20), datetime(2028, 1, 15)))
        if not terms[id].in_hours:
            start = midnight(start.date())
        pauses = [
            {"from_on": first, "until_on": first + timedelta(days=length) if length else None}
            for first, length in draw(
                st.lists(st.tuples(st.dates(date(2022, 1, 1), date(2027, 12, 1)), st.integers(0, 30)), max_size=2)
            )
        ]
        rows.append(
            (
                clock,
                id,
                start,
                draw(st.one_of(st.none(), st.integers(0, 9))),
                draw(st.sampled_from([None, [], pauses])),
            )
        )
    return frame(rows)


some_years = st.sets(st.integers(2021, 2028)).map(sorted)
known_days = st.tuples(some_days, some_years).map(lambda found: holidays(*found[0], years=found[1]))


# --- the same as the domain --------------------------------------------------------------------------------------


@given(clocks(), known_days)
def test_many_clocks_reach_the_days_that_the_domain_gives_one_by_one(asked, known):
    answer = bulk.recompute(asked, TERMS, known)
    assert answer["clock"].to_list() == asked["clock"].to_list()
    for id, start, longer, pauses, *found in answer.select(
        "term", "start", "extension", "pauses", "last_day", "last_days", "unknown_year"
    ).iter_rows():
        assert tuple(found) == by_the_domain(TERMS[id], start, known, longer or 0, pauses or []), (id, start)


@given(clocks(), some_days, some_days)
@settings(max_examples=60)
def test_after_a_late_holiday_only_the_clocks_that_moved_come_back(asked, days, late):
    before = holidays(*days)
    after = before.with_days(*late)
    stored = bulk.recompute(asked, TERMS, before)
    moved = bulk.changed(stored, TERMS, after)
    expected = {}
    for clock, id, start, longer, pauses, was, ways in stored.select(
        "clock", "term", "start", "extension", "pauses", "last_day", "last_days"
    ).iter_rows():
        now, now_ways, _ = by_the_domain(TERMS[id], start, after, longer or 0, pauses or [])
        if (now, now_ways) != (was, ways):
            expected[clock] = (was, now, now_ways)
    found = {
        clock: (was, now, ways)
        for clock, was, now, ways in moved.select("clock", "last_day_before", "last_day", "last_days").iter_rows()
    }
    assert found == expected
    assert bulk.changed(stored.update(moved.select("clock", "last_day"), on="clock"), TERMS, after).height <= len(moved)


def test_every_packaged_term_is_counted_as_the_domain_counts_it():
    book = packaged()
    rows = [
        (0, id, midnight(start) + timedelta(hours=9 if found.in_hours else 0), None, None)
        for id, found in book.terms.items()
        for start in (
            date(2017, 12, 29), date(2018, 1, 1), date(2020, 2, 29), date(2020, 5, 18), date(2024, 8, 27),
            date(2024, 11, 20), date(2024, 12, 16), date(2026, 12, 1), date(2026, 12, 31), date(2027, 3, 1),
        )
    ]  # fmt: skip
    answer = bulk.recompute(frame(rows), book.terms, book.holidays)
    for id, start, *found in answer.select("term", "start", "last_day", "last_days", "unknown_year").iter_rows():
        assert tuple(found) == by_the_domain(book.terms[id], start, book.holidays, 0, []), (id, start)


@pytest.mark.parametrize("years", [[2021], [2022], [2023], [2021, 2023], [2021, 2022]])
def test_around_the_turn_of_a_year_the_same_is_known_as_in_the_domain(years):
    """A weekend there needs no list of either year; the turns of 2021 to 2024 fall on different weekdays."""
    known = holidays(years=years)
    rows = [
        (0, id, datetime(year, 1, 1) + timedelta(days=offset), None, None)
        for id in ("working_days-7-after-latest-True", "working_days-7-before-latest-True", "one", "one-before")
        for year in (2021, 2022, 2023, 2024)
        for offset in range(-9, 10)
    ]
    terms = TERMS | {"one": term(1), "one-before": term(1, direction="before")}
    answer = bulk.recompute(frame(rows), terms, known)
    for id, start, *found in answer.select("term", "start", "last_day", "last_days", "unknown_year").iter_rows():
        assert tuple(found) == by_the_domain(terms[id], start, known, 0, []), (id, start)


def test_an_official_date_is_taken_for_its_own_count_alone():
    rows = [(0, "announced", datetime(2024, 8, 27), None, None), (1, "announced", datetime(2024, 8, 30), 3, None)]
    answer = bulk.recompute(frame(rows), TERMS, holidays())
    assert answer["last_day"].to_list() == [datetime(2024, 7, 17), datetime(2024, 7, 18)]


def test_without_any_list_only_working_days_are_unknown():
    rows = [(0, "pp94-second-summons", datetime(2024, 10, 7), None, None)]
    rows.append((1, "pilkada-report-window", datetime(2024, 10, 7), None, None))
    answer = bulk.recompute(frame(rows), packaged().terms, Holidays(()))
    assert answer["last_day"].to_list() == [None, datetime(2024, 10, 14)]
    assert answer["unknown_year"].to_list() == [2024, None]


# --- what changed ------------------------------------------------------------------------------------------------


def test_a_clock_that_moved_comes_back_with_its_day_before_and_all_its_own_columns():
    vote = FreeDay(date(2024, 11, 27), DayKind.PUBLIC_HOLIDAY, NAME, date(2024, 11, 21))
    asked = pl.DataFrame(
        {
            "clock": [7, 8],
            "office": ["BKPSDM", "DISDIK"],
            "term": ["pp94-second-summons", "pilkada-report-window"],
            "start": [date(2024, 11, 25)] * 2,
            "last_day": [date(2024, 12, 4), date(2024, 12, 2)],
        }
    )
    moved = bulk.changed(asked, packaged().terms, holidays(vote))
    assert moved.select("clock", "office", "last_day_before", "last_day").rows() == [
        (7, "BKPSDM", date(2024, 12, 4), date(2024, 12, 5))
    ]
    again = asked.update(moved.select("clock", "last_day"), on="clock")
    assert bulk.changed(again, packaged().terms, holidays(vote)).is_empty()


def test_collective_leave_that_moves_another_reading_alone_is_seen_where_the_readings_are_kept():
    leave = holidays(free(date(2024, 12, 26), DayKind.COLLECTIVE_LEAVE))
    asked = pl.DataFrame({"term": ["pp94-decision-sending"], "start": [date(2024, 12, 24)]})
    stored = bulk.recompute(asked, packaged().terms, holidays())
    assert bulk.changed(stored.drop("last_days"), packaged().terms, leave).is_empty()
    moved = bulk.changed(stored, packaged().terms, leave)
    assert moved["last_days"].to_list() == [[date(2024, 12, 27), date(2024, 12, 30)]]
    assert moved["last_day_before"].to_list() == moved["last_day"].to_list() == [date(2024, 12, 27)]


def test_a_clock_that_was_unknown_comes_back_when_its_year_is_decreed():
    asked = pl.DataFrame({"term": ["pp94-second-summons"], "start": [date(2026, 12, 28)]})
    stored = bulk.recompute(asked, packaged().terms, packaged().holidays)
    assert stored["last_day"].to_list() == [None] and stored["unknown_year"].to_list() == [2027]
    moved = bulk.changed(stored, packaged().terms, holidays(years=[2026, 2027]))
    assert moved["last_day"].to_list() == [date(2027, 1, 6)] and moved["unknown_year"].to_list() == [None]


def test_a_stage_that_moved_is_counted_from_its_new_day():
    asked = pl.DataFrame(
        {
            "term": ["pilkada-reshuffle-ban-start", "pilkada-programme-ban-start"],
            "start": [date(2020, 9, 23), date(2020, 7, 8)],
            "last_day": [date(2020, 1, 8), date(2020, 1, 8)],
        }
    )
    moved = bulk.changed(asked, packaged().terms, packaged().holidays)
    assert moved.select("term", "last_day").rows() == [("pilkada-reshuffle-ban-start", date(2020, 3, 23))]


def test_no_clocks_give_no_clocks():
    empty = pl.DataFrame(schema={"term": pl.String, "start": pl.Date, "last_day": pl.Date})
    assert bulk.changed(empty, packaged().terms, packaged().holidays).is_empty()


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "id, starts, error",
    [
        ("no-such-term", [date(2024, 1, 1)], TermUnknown),
        ("pdp-breach-notice", [date(2024, 1, 1)], TermStartWrong),
        ("pp79-appeal", [datetime(2024, 1, 1, 8)], TermStartWrong),
        ("pp79-appeal", [None, date(2024, 1, 1)], TermStartWrong),
        ("pp79-appeal", ["2024-01-01"], TermStartWrong),
    ],
)
def test_a_clock_that_cannot_be_counted_is_refused(id, starts, error):
    asked = pl.DataFrame({"term": [id] * len(starts), "start": starts})
    with pytest.raises(error):
        bulk.recompute(asked, packaged().terms, packaged().holidays)


def test_a_time_with_a_zone_is_refused():
    asked = pl.DataFrame({"term": ["pdp-breach-notice"], "start": [datetime(2024, 1, 1)]})
    with pytest.raises(TermStartWrong):
        bulk.recompute(
            asked.with_columns(pl.col("start").dt.replace_time_zone("Asia/Jakarta")),
            packaged().terms,
            packaged().holidays,
        )


# --- how fast ----------------------------------------------------------------------------------------------------


def test_a_hundred_thousand_clocks_are_counted_again_in_less_than_two_seconds():
    book = packaged()
    ids = sorted(book.terms)
    first = datetime(2024, 9, 1)
    asked = pl.DataFrame(
        {
            "term": [ids[number % len(ids)] for number in range(100_000)],
            "start": [first + timedelta(days=number % 97) for number in range(100_000)],
        }
    )
    stored = bulk.recompute(asked, book.terms, book.holidays.as_known(date(2024, 11, 20)))
    began = time.perf_counter()
    moved = bulk.changed(stored, book.terms, book.holidays.as_known(date(2024, 11, 22)))
    assert time.perf_counter() - began < 2
    assert 0 < len(moved) < len(asked)
