"""Duties that go on: over which days each doing of them is due, what was done, and what was missed.

A duty is due once, or again in every period (day, week, month) counted from its first day. All days are local days of
the agency.
"""

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Every(StrEnum):
    """How often something is due."""

    ONCE = "once"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Standing(StrEnum):
    """How a duty of one owner stands on a day, the most pressing first."""

    OVERDUE = "overdue"
    DUE = "due"
    DONE = "done"
    AHEAD = "ahead"
    OVER = "over"


@dataclass(frozen=True)
class Period:
    """The days, both included, within which something is due; `last` None: no day was set."""

    first: date
    last: date | None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Course:
    """A duty over its days: how often it is due, from which day, and until which day; `last` None: without an end."""

    every: Every
    first: date
    last: date | None = None

    def start(self, number: int) -> date:
        """Return the first day of a period, the first being number 0. A month without that day has its last day.

        >>> Course(Every.MONTH, date(2024, 1, 31)).start(1)
        datetime.date(2024, 2, 29)
        """
        if self.every is Every.MONTH:
            year, month = divmod(self.first.month - 1 + number, 12)
            year += self.first.year
            return date(year, month + 1, min(self.first.day, monthrange(year, month + 1)[1]))
        return self.first + timedelta(days=number * {Every.DAY: 1, Every.WEEK: 7}.get(self.every, 0))

    def number_on(self, day: date) -> int:
        """Return the number of the period that holds a day; days before the first are in none (-1 or less).

        >>> Course(Every.WEEK, date(2024, 9, 25)).number_on(date(2024, 10, 2))
        1
        """
        if self.every is Every.ONCE:
            return 0 if day >= self.first else -1
        if self.every is Every.MONTH:
            number = (day.year - self.first.year) * 12 + day.month - self.first.month
            return number if self.start(number) <= day else number - 1
        return (day - self.first).days // (1 if self.every is Every.DAY else 7)

    def period(self, number: int) -> Period:
        """Return a period by its number; the last one ends with the duty."""
        if self.every is Every.ONCE:
            return Period(self.first, self.last)
        end = self.start(number + 1) - timedelta(days=1)
        return Period(self.start(number), min(end, self.last) if self.last else end)

    def ended_by(self, day: date) -> int:
        """Return how many periods have ended before a day, which nobody can still keep."""
        if day <= self.first:
            return 0
        if self.every is Every.ONCE:
            return int(self.last is not None and self.last < day)
        if self.last is not None and self.last < day:
            return self.number_on(self.last) + 1
        return self.number_on(day)

    def current(self, day: date) -> Period | None:
        """Return the period that holds a day; None before the first and after the last. What is due once stays."""
        if day < self.first:
            return None
        if self.every is not Every.ONCE and self.last is not None and day > self.last:
            return None
        return self.period(self.number_on(day))


@dataclass(frozen=True)
class Progress:
    """What became of a duty of one owner by a day.

    `due` is the period that is asked for now, None where none is; `missed` counts periods that ended without a doing,
    `latest_missed` names the newest of them: both only where the whole history was read (see progress).
    """

    standing: Standing
    due: Period | None
    missed: int = 0
    latest_missed: tuple[Period, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether something is still to be done now."""
        return self.standing in (Standing.OVERDUE, Standing.DUE)


_MISSED_NAMED = 6


def since_when(course: Course, today: date) -> date:
    """Return the day since which doings decide how a duty stands on a day: this period and the last one that ended.

    >>> since_when(Course(Every.DAY, date(2020, 9, 25)), date(2020, 12, 1))
    datetime.date(2020, 11, 30)
    """
    if course.every is Every.ONCE:
        return course.first
    return course.start(max(0, min(course.number_on(today), course.ended_by(today)) - 1))


def stand(course: Course, done_on: Collection[date], today: date, *, ended: bool = False) -> Progress:
    """Say how a duty stands on a day, from the doings since then (see since_when), without what was missed before.

    `ended`: it is asked of nobody any more.
    """
    numbers = {course.number_on(day) for day in done_on if course.first <= day <= today}
    ended_periods = course.ended_by(today)
    due = course.current(today)
    if today < course.first:
        standing = Standing.AHEAD
    elif course.every is Every.ONCE:
        late = course.last is not None and course.last < today
        standing = Standing.DONE if 0 in numbers else Standing.OVERDUE if late else Standing.DUE
    elif due is None:
        standing = Standing.OVER
    elif course.number_on(today) in numbers:
        standing = Standing.DONE
    else:
        # What was missed and is asked for again presses more than what is asked for the first time.
        standing = Standing.OVERDUE if ended_periods and ended_periods - 1 not in numbers else Standing.DUE
    if ended and standing is not Standing.DONE:
        standing = Standing.OVER
    return Progress(standing, due if standing is not Standing.OVER else None)


def progress(course: Course, done_on: Collection[date], today: date, *, ended: bool = False) -> Progress:
    """Say how a duty stands on a day and what was missed, from all days up to then on which it was done (see stand).

    >>> daily = Course(Every.DAY, date(2020, 9, 25), date(2020, 12, 5))
    >>> now = progress(daily, [date(2020, 9, 25)], date(2020, 9, 27))
    >>> now.standing.value, now.missed, now.due.last
    ('overdue', 1, datetime.date(2020, 9, 27))
    """
    now = stand(course, done_on, today, ended=ended)
    numbers = {course.number_on(day) for day in done_on if course.first <= day <= today}
    ended_periods = course.ended_by(today)
    missed = max(0, ended_periods - sum(number < ended_periods for number in numbers))
    newest = tuple(_newest_missed(course, numbers, ended_periods)) if missed else ()
    return Progress(now.standing, now.due, missed, newest)


def _newest_missed(course: Course, numbers: set[int], ended_periods: int) -> Iterator[Period]:
    found = 0
    for number in range(ended_periods - 1, -1, -1):
        if number not in numbers:
            yield course.period(number)
            found += 1
            if found == _MISSED_NAMED:
                return
