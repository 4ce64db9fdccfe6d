"""Holidays with their history: which days are free, since when, and how working days are counted with them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.days import (
    DayKind,
    FreeDay,
    HolidayList,
    HolidayListDocument,
    Holidays,
    Leave,
    Skip,
    parse_holidays,
)
from ikrar.domain.errors import HolidaysUnknown, RulebookFault
from ikrar.domain.sources import Checker, Label
from ikrar.gateways.rulebook_files import read

DAY = timedelta(days=1)
NAME = Label("Libur", "Free")
PUBLIC, COLLECTIVE = DayKind.PUBLIC_HOLIDAY, DayKind.COLLECTIVE_LEAVE


def free(day, kind=PUBLIC, **history):
    return FreeDay(day, kind, NAME, **history)


def of_year(year, *days, decreed_on=None):
    return HolidayList(year, True, decreed_on, tuple(sorted(days, key=lambda each: each.day)))


def holidays(*days, years=range(2022, 2028)):
    return Holidays(tuple(of_year(year, *(each for each in days if each.day.year == year)) for year in years))


# A decree of September, and its changes: a day added in March and withdrawn in May, another one made public late.
EID = free(date(2024, 5, 20), COLLECTIVE, decided_on=date(2024, 3, 9), withdrawn_on=date(2024, 5, 2))
VOTE = free(date(2024, 11, 27), decided_on=date(2024, 11, 21), known_on=date(2024, 11, 22))
XMAS = free(date(2024, 12, 25))
MOVED = free(date(2024, 8, 12), withdrawn_on=date(2024, 6, 18))
CHANGING = Holidays((of_year(2024, EID, VOTE, XMAS, MOVED, decreed_on=date(2023, 9, 12)),))

some_days = st.lists(
    st.tuples(st.dates(date(2022, 1, 1), date(2027, 12, 31)), st.sampled_from(list(DayKind))), max_size=60
).map(lambda found: [free(day, kind) for day, kind in dict(found).items()])
some_holidays = some_days.map(lambda found: holidays(*found))
starts = st.dates(date(2023, 1, 1), date(2026, 12, 31))


# --- history -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "on, expected",
    [
        (date(2024, 3, 8), {MOVED, XMAS}),
        (date(2024, 3, 9), {EID, MOVED, XMAS}),
        (date(2024, 5, 1), {EID, MOVED, XMAS}),
        (date(2024, 5, 2), {MOVED, XMAS}),
        (date(2024, 6, 17), {MOVED, XMAS}),
        (date(2024, 6, 18), {XMAS}),
        (date(2024, 11, 20), {XMAS}),
        (date(2024, 11, 21), {VOTE, XMAS}),
    ],
)
def test_a_day_is_free_from_its_decision_until_its_withdrawal(on, expected):
    then = CHANGING.as_decided(on)
    assert {each.day for each in (EID, VOTE, XMAS, MOVED) if each.day in then} == {each.day for each in expected}


def test_after_all_changes_only_what_was_not_withdrawn_is_free():
    assert [each.day in CHANGING for each in (EID, VOTE, XMAS, MOVED)] == [False, True, True, False]


def test_a_decision_that_was_made_public_later_could_not_be_known_before():
    assert VOTE.day in CHANGING.as_decided(date(2024, 11, 21))
    assert VOTE.day not in CHANGING.as_known(date(2024, 11, 21))
    assert VOTE.day in CHANGING.as_known(date(2024, 11, 22))


def test_what_was_known_on_a_day_stays_as_it_was_whatever_is_decided_later():
    later = CHANGING.with_days(free(date(2024, 10, 7), decided_on=date(2024, 10, 1)))
    for ask in (CHANGING, later):
        assert ask.as_known(date(2024, 9, 30)).nth_working_day(date(2024, 10, 4), 1) == date(2024, 10, 7)
    assert later.as_known(date(2024, 10, 1)).nth_working_day(date(2024, 10, 4), 1) == date(2024, 10, 8)


def test_the_list_after_all_changes_comes_back_from_one_of_a_day():
    then = CHANGING.as_known(date(2024, 3, 10))
    assert (then.known_by, then.decided_by) == (date(2024, 3, 10), None)
    assert then.as_decided(date(2024, 12, 31)) == CHANGING.as_decided(date(2024, 12, 31))


def test_a_day_that_was_withdrawn_and_decided_again_is_free_in_both_spans():
    again = Holidays(
        (
            of_year(
                2024,
                free(date(2024, 12, 31), withdrawn_on=date(2024, 5, 1)),
                free(date(2024, 12, 31), COLLECTIVE, decided_on=date(2024, 9, 1)),
            ),
        )
    )
    kinds = [again.as_decided(date(2024, month, 15)).free_day(date(2024, 12, 31)) for month in (3, 6, 10)]
    assert [each and each.kind for each in kinds] == [PUBLIC, None, COLLECTIVE]


# --- which years are covered -------------------------------------------------------------------------------------


def test_a_year_without_a_list_is_unknown_and_never_taken_for_a_year_without_holidays():
    known = holidays(years=[2024, 2025, 2026])
    assert known.years == {2024, 2025, 2026}
    for ask in (
        lambda: known.nth_working_day(date(2026, 12, 30), 2),
        lambda: known.nth_working_day(date(2026, 12, 31), 1),
        lambda: known.nth_working_day(date(2027, 3, 1), 1),
        lambda: known.is_working_day(date(2027, 1, 4)),
        lambda: date(2027, 1, 1) in known,
        lambda: known.working_days_between(date(2026, 12, 1), date(2027, 1, 4)),
    ):
        with pytest.raises(HolidaysUnknown) as refused:
            ask()
        assert refused.value.year == 2027
    for ask in (
        lambda: known.nth_working_day(date(2024, 1, 1), -1),
        lambda: known.nth_working_day(date(2024, 1, 8), -6),
    ):
        with pytest.raises(HolidaysUnknown) as refused:
            ask()
        assert refused.value.year == 2023


def test_a_year_that_is_listed_as_not_decreed_is_unknown():
    lists = (of_year(2026), HolidayList(2027, False, None, ()))
    with pytest.raises(HolidaysUnknown):
        Holidays(lists).nth_working_day(date(2026, 12, 30), 5)
    assert Holidays((*lists, of_year(2027))).nth_working_day(date(2026, 12, 30), 5) == date(2027, 1, 6)


def test_a_year_that_was_not_decreed_yet_could_not_be_known():
    lists = (of_year(2024), of_year(2025, decreed_on=date(2024, 10, 14)))
    assert Holidays(lists).as_known(date(2024, 10, 14)).years == {2024, 2025}
    with pytest.raises(HolidaysUnknown):
        Holidays(lists).as_known(date(2024, 10, 13)).nth_working_day(date(2024, 12, 30), 5)


def test_two_lists_for_one_year_are_refused():
    with pytest.raises(ValueError, match="two lists of holidays for 2024"):
        holidays(years=[2024, 2024])


def test_a_gap_between_covered_years_is_not_jumped():
    known = holidays(years=[2022, 2024])
    with pytest.raises(HolidaysUnknown) as refused:
        known.nth_working_day(date(2022, 12, 28), 5)
    assert refused.value.year == 2023
    assert known.nth_working_day(date(2022, 12, 26), 3) == date(2022, 12, 29)
    assert known.nth_working_day(date(2024, 1, 10), -3) == date(2024, 1, 5)


def test_a_weekend_needs_no_list():
    known = holidays(years=[2018])
    # Friday 29 December 2017: only the weekend lies between it and the first weekday of 2018.
    for start in date(2017, 12, 29), date(2017, 12, 30), date(2017, 12, 31):
        assert known.nth_working_day(start, 1) == date(2018, 1, 1)
    assert known.working_days_between(date(2017, 12, 30), date(2018, 1, 3)) == 2
    # The last weekday of 2022 is Friday the 30th.
    for start in date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2):
        assert holidays(years=[2022]).nth_working_day(start, -1) == date(2022, 12, 30)
    assert known.why_skipped(date(2017, 12, 30)) is Skip.SATURDAY
    with pytest.raises(HolidaysUnknown) as refused:
        known.nth_working_day(date(2017, 12, 28), 1)
    assert refused.value.year == 2017


def test_there_is_no_working_day_number_zero():
    with pytest.raises(ValueError):
        holidays().nth_working_day(date(2024, 1, 1), 0)


# --- days that are added -----------------------------------------------------------------------------------------


def test_a_local_holiday_is_free_in_its_region_alone():
    local = HolidayList(2025, True, None, (free(date(2025, 8, 27)),), adds=True, regions=("19.01", "19.71"))
    known = Holidays((of_year(2025), local))
    assert date(2025, 8, 27) not in known
    assert [date(2025, 8, 27) in known.in_region(each) for each in ("19.01", "19.01.04", "19.02", "19")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert known.in_region("19.01").why_skipped(date(2025, 8, 27)) is Skip.LOCAL_HOLIDAY
    assert known.in_region("19.01").why_skipped(date(2025, 8, 27), Leave.WORKED) is Skip.LOCAL_HOLIDAY


def test_a_day_that_is_free_elsewhere_alone_is_told_where_it_is_counted():
    there = HolidayList(
        2025, True, None, (free(date(2025, 8, 27)), free(date(2025, 8, 30))), adds=True, regions=("19.71",)
    )
    known = Holidays((*holidays().lists, there))
    assert [each.entry.day for each in known.local_days(date(2025, 9, 1), date(2025, 8, 25))] == [date(2025, 8, 27)]
    assert known.in_region("19.01").local_days(date(2025, 8, 25), date(2025, 9, 1))[0].regions == ("19.71",)
    assert not known.in_region("19.71.01").local_days(date(2025, 8, 25), date(2025, 9, 1))
    assert not known.local_days(date(2025, 8, 28), date(2025, 9, 1))


def test_a_list_that_adds_may_say_that_a_day_was_withdrawn():
    more = HolidayList(2024, True, None, (free(XMAS.day, withdrawn_on=date(2024, 12, 1)),), adds=True)
    known = Holidays((of_year(2024, XMAS), more))
    assert XMAS.day not in known and XMAS.day in known.as_known(date(2024, 11, 30))


def test_a_list_that_adds_covers_no_year():
    known = Holidays((of_year(2026), HolidayList(2027, True, None, (free(date(2027, 1, 1)),), adds=True)))
    with pytest.raises(HolidaysUnknown):
        known.nth_working_day(date(2026, 12, 31), 1)


def test_collective_leave_on_a_public_holiday_leaves_it_one():
    known = holidays(XMAS).with_days(free(XMAS.day, COLLECTIVE, decided_on=date(2024, 11, 1)))
    assert known.why_skipped(XMAS.day, Leave.WORKED) is Skip.PUBLIC_HOLIDAY


def test_a_list_without_some_days_counts_them():
    assert holidays(XMAS).without(XMAS.day).is_working_day(XMAS.day)


# --- counting ----------------------------------------------------------------------------------------------------


def test_collective_leave_is_read_both_ways():
    known = holidays(free(date(2024, 12, 26), COLLECTIVE), XMAS)
    assert known.nth_working_day(date(2024, 12, 24), 1, Leave.FREE) == date(2024, 12, 27)
    assert known.nth_working_day(date(2024, 12, 24), 1, Leave.WORKED) == date(2024, 12, 26)
    assert known.why_skipped(date(2024, 12, 26)) is Skip.COLLECTIVE_LEAVE
    assert known.why_skipped(date(2024, 12, 26), Leave.WORKED) is None
    assert [known.why_skipped(date(2024, 12, day)) for day in (25, 27, 28, 29)] == [
        Skip.PUBLIC_HOLIDAY, None, Skip.SATURDAY, Skip.SUNDAY,
    ]  # fmt: skip


@given(some_holidays, starts, st.integers(1, 120), st.sampled_from(list(Leave)))
def test_the_nth_working_day_is_the_one_that_going_day_by_day_finds(known, start, n, leave):
    for sign in 1, -1:
        day, left = start, n
        while left:
            day += sign * DAY
            left -= known.is_working_day(day, leave)
        assert known.nth_working_day(start, sign * n, leave) == day


@given(some_holidays, starts, starts, st.sampled_from(list(Leave)))
def test_working_days_between_two_days_are_those_that_one_finds_there(known, first, other, leave):
    days = [first + DAY * offset for offset in range((other - first).days)]
    assert known.working_days_between(first, other, leave) == sum(known.is_working_day(day, leave) for day in days)


@given(some_holidays, starts, st.integers(1, 120), st.sampled_from(list(Leave)))
def test_going_forward_and_back_again_returns_to_the_start_or_to_the_working_day_before_it(known, start, n, leave):
    back = known.nth_working_day(known.nth_working_day(start, n, leave), -n, leave)
    assert back == (start if known.is_working_day(start, leave) else known.nth_working_day(start, -1, leave))


@given(some_holidays, some_days, starts, st.integers(1, 90), st.sampled_from(list(Leave)))
def test_one_more_holiday_never_moves_a_day_nearer(known, more, start, n, leave):
    later = known.with_days(*more)
    for sign in 1, -1:
        moved = later.nth_working_day(start, sign * n, leave) - known.nth_working_day(start, sign * n, leave)
        assert moved.days * sign >= 0


@given(some_holidays, st.sampled_from(list(Leave)))
def test_the_working_ordinals_are_the_working_days_of_the_covered_years(known, leave):
    days = [date(2022, 1, 1) + DAY * offset for offset in range((date(2028, 1, 1) - date(2022, 1, 1)).days)]
    assert known.working_ordinals(leave) == [day.toordinal() for day in days if known.is_working_day(day, leave)]


# --- a list's file -----------------------------------------------------------------------------------------------

LIST = """\
year: 2030
decreed: true
decreed_on: 2029-09-12
basis:
  - SKB 3 menteri 1/2029 (12 September 2029)
notes: null
seen:
  - https://example.org/list
confidence: one_source
days:
  - day: 2030-01-01
    kind: public_holiday
    label: {id: Tahun Baru, en: New Year}
  - day: 2030-12-30
    kind: collective_leave
    label: {id: Cuti bersama, en: Joint leave}
    decided_on: 2030-04-09
    known_on: 2030-04-11
    withdrawn_on: 2030-12-01
"""


def parsed(tmp_path, text):
    path = tmp_path / "2030.yaml"
    path.write_text(text, encoding="utf-8")
    document = read(path, HolidayListDocument)
    return parse_holidays(document.data, Checker(document.file, document.line))


def test_a_file_becomes_a_list(tmp_path):
    found = parsed(tmp_path, LIST)
    assert (found.year, found.decreed, found.decreed_on) == (2030, True, date(2029, 9, 12))
    assert found.days[1] == FreeDay(
        date(2030, 12, 30),
        COLLECTIVE,
        Label("Cuti bersama", "Joint leave"),
        date(2030, 4, 9),
        date(2030, 4, 11),
        date(2030, 12, 1),
    )


@pytest.mark.parametrize(
    "old, new, line, says",
    [
        ("2030-01-01", "2031-01-01", 11, "2031-01-01 is no day of 2030"),
        ("public_holiday", "holiday", 12, "the kind 'holiday' is not one of"),
        ("decided_on: 2030-04-09", "decided_on: 2030-12-31", 17, "after the day itself"),
        ("withdrawn_on: 2030-12-01", "withdrawn_on: 2030-12-31", 19, "after the day itself"),
        ("withdrawn_on: 2030-12-01", "withdrawn_on: 2030-04-09", 19, "is not after decided_on"),
        ("known_on: 2030-04-11", "known_on: 2030-04-09", 18, "only where it is later"),
        ("    decided_on: 2030-04-09\n", "", 17, "only where it is later"),
        ("day: 2030-01-01", "day: 2030-12-31", 14, "the days stand in their order"),
        ("day: 2030-01-01", "day: 2030-12-30", 14, "a second time"),
        ("decreed: true", "decreed: false", 3, "no day of its decree"),
        ("decreed: true\ndecreed_on: 2029-09-12", "decreed: false\ndecreed_on: null", 10, "nothing is known"),
        ("basis:\n  - SKB 3 menteri 1/2029 (12 September 2029)", "basis: []", 4, "no decree is named"),
        ("seen:\n  - https://example.org/list", "seen: []", 7, "no source is given"),
        ("notes: null", "notes: null\nregions: ['19.01']", 7, "only a list that adds"),
        ("confidence: one_source", "confidence: good", 9, "the confidence 'good'"),
    ],
)
def test_a_list_that_cannot_be_is_refused_with_its_line(tmp_path, old, new, line, says):
    assert old in LIST
    with pytest.raises(RulebookFault) as refused:
        parsed(tmp_path, LIST.replace(old, new, 1))
    assert says in refused.value.says
    assert refused.value.line == line
