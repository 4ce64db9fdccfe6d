"""Duties that go on: periods, what is due, what was missed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.duties import Course, Every, Standing, progress

FIRST, LAST = date(2020, 9, 25), date(2020, 12, 5)


def test_what_is_due_once_is_due_until_it_is_done():
    course = Course(Every.ONCE, FIRST, date(2020, 9, 30))
    assert progress(course, [], FIRST - timedelta(days=1)).standing is Standing.AHEAD
    assert progress(course, [], date(2020, 9, 30)).standing is Standing.DUE
    late = progress(course, [], date(2020, 10, 1))
    assert late.standing is Standing.OVERDUE and late.due.last == date(2020, 9, 30) and late.missed == 1
    assert progress(course, [date(2020, 10, 4)], date(2020, 11, 1)).standing is Standing.DONE


def test_what_is_due_once_without_a_day_is_never_late():
    assert progress(Course(Every.ONCE, FIRST), [], FIRST + timedelta(days=900)).standing is Standing.DUE


def test_a_day_that_was_missed_stays_missed_and_is_named():
    course = Course(Every.DAY, FIRST, LAST)
    now = progress(course, [FIRST, FIRST + timedelta(days=2)], FIRST + timedelta(days=4))
    assert now.missed == 2
    assert [period.first for period in now.latest_missed] == [FIRST + timedelta(days=3), FIRST + timedelta(days=1)]
    assert now.standing is Standing.OVERDUE  # yesterday was missed, and today is asked for


def test_done_today_is_done_whatever_was_missed_before():
    now = progress(Course(Every.DAY, FIRST, LAST), [FIRST + timedelta(days=4)], FIRST + timedelta(days=4))
    assert now.standing is Standing.DONE and now.missed == 4


def test_a_week_is_counted_from_the_first_day():
    course = Course(Every.WEEK, FIRST, LAST)
    assert course.period(1).first == date(2020, 10, 2) and course.period(1).last == date(2020, 10, 8)
    assert progress(course, [date(2020, 9, 29)], date(2020, 10, 8)).standing is Standing.DUE
    assert progress(course, [], date(2020, 10, 8)).standing is Standing.OVERDUE


def test_a_month_without_that_day_ends_with_its_last_day():
    course = Course(Every.MONTH, date(2024, 1, 31))
    assert [course.start(number) for number in range(4)] == [
        date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30),
    ]  # fmt: skip
    assert course.number_on(date(2024, 2, 28)) == 0 and course.number_on(date(2024, 2, 29)) == 1


def test_the_last_period_ends_with_the_duty_and_after_it_nothing_is_asked():
    course = Course(Every.WEEK, FIRST, date(2020, 10, 5))
    assert course.period(1).last == date(2020, 10, 5)
    after = progress(course, [], date(2020, 10, 6))
    assert after.standing is Standing.OVER and after.due is None and after.missed == 2


def test_what_was_ended_is_asked_of_nobody_but_what_was_done_stays_done():
    course = Course(Every.ONCE, FIRST, LAST)
    assert progress(course, [], LAST, ended=True).standing is Standing.OVER
    assert progress(course, [FIRST], LAST, ended=True).standing is Standing.DONE


def test_a_doing_before_the_first_day_counts_for_nothing():
    assert progress(Course(Every.DAY, FIRST, LAST), [FIRST - timedelta(days=1)], FIRST).standing is Standing.DUE


@given(
    st.sampled_from(Every),
    st.integers(0, 80),
    st.sets(st.integers(0, 100), max_size=30),
    st.integers(-3, 120),
)
def test_no_more_periods_are_missed_than_have_ended(every, length, done, today):
    course = Course(every, FIRST, FIRST + timedelta(days=length))
    now = progress(course, [FIRST + timedelta(days=each) for each in done], FIRST + timedelta(days=today))
    ended = course.ended_by(FIRST + timedelta(days=today))
    assert 0 <= now.missed <= ended
    assert now.missed >= ended - len(done)
    assert len(now.latest_missed) <= now.missed


@pytest.mark.parametrize("every", [Every.DAY, Every.WEEK, Every.MONTH])
@given(day=st.integers(0, 2000))
def test_every_day_is_in_the_period_that_its_number_names(every, day):
    course = Course(every, date(2024, 1, 31))
    at = course.first + timedelta(days=day)
    assert at in course.period(course.number_on(at))
