"""What is left of a clock: one answer for every page, in the unit in which the clock is counted."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from ikrar.domain.days import WIB
from ikrar.records.models import CaseClock
from ikrar.services import case_clocks, rules
from ikrar.services.case_clocks import Left
from ikrar.web import rule_words

pytestmark = pytest.mark.django_db
FRIDAY = date(2024, 10, 25)


def counted(term, start):
    """A clock of the law as it is kept, without a case."""
    found = rules.due(term, start, regime="pilkada")
    due_on = found.last_day.date() if isinstance(found.last_day, datetime) else found.last_day
    due_at = found.last_day.replace(tzinfo=WIB) if isinstance(found.last_day, datetime) else None
    count = rules.book().terms[term].count.value
    return CaseClock(
        term=term, kind="term", count=count, due_on=due_on, due_at=due_at, computation=case_clocks.told(found)
    )


def target(start, days, pauses=()):
    due_on, said = case_clocks._target(start, days, case_clocks._pauses(pauses), [])
    return CaseClock(
        term="target-decide", kind="target", count="calendar_days", due_on=due_on, pauses=list(pauses), computation=said
    )


def on(day, clock, hour=9):
    with time_machine.travel(datetime(day.year, day.month, day.day, hour, tzinfo=WIB), tick=False):
        return case_clocks.left(clock, case_clocks.minute_at(WIB))


def test_a_limit_whose_last_day_comes_of_calendar_days_is_told_in_calendar_days():
    window = counted("pp79-objection", FRIDAY)
    assert window.count == "working_days", "the first reading of its term; the earlier one by calendar days is shown"
    assert window.due_on == date(2024, 11, 8) and case_clocks.unit_of(window) == "calendar_days"
    assert on(date(2024, 11, 2), window) == Left(6, "calendar_days")
    assert rule_words.left(on(date(2024, 11, 2), window)) == "sisa 6 hari kalender"


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (FRIDAY, 7),
        (date(2024, 10, 26), 7),  # a Saturday takes none of them
        (date(2024, 10, 28), 6),
        (date(2024, 11, 1), 2),
        (date(2024, 11, 3), 2),
        (date(2024, 11, 4), 1),
        (date(2024, 11, 5), 0),
    ],
)
def test_working_days_are_told_as_working_days(day, amount):
    clock = counted("pp94-summons-to-exam", FRIDAY)
    assert clock.due_on == date(2024, 11, 5)
    assert on(day, clock) == Left(amount, "working_days")


def test_past_its_last_day_a_clock_is_told_by_calendar_days():
    clock = counted("pp94-summons-to-exam", FRIDAY)
    assert on(date(2024, 11, 9), clock) == Left(None, "working_days", 4)
    assert rule_words.left(on(date(2024, 11, 9), clock)) == "lewat 4 hari kalender"


def test_a_target_is_counted_in_calendar_days_without_those_of_a_pause_that_is_to_come():
    assert on(FRIDAY, target(FRIDAY, 14)) == Left(14, "calendar_days")
    rests = [{"from": "2024-10-28", "until": "2024-11-01", "reason": "libur"}]
    clock = target(FRIDAY, 14, rests)
    assert clock.due_on == date(2024, 11, 12) and on(FRIDAY, clock) == Left(14, "calendar_days")
    assert on(date(2024, 10, 30), clock) == Left(12, "calendar_days") == on(date(2024, 10, 27), clock)
    assert on(clock.due_on, clock) == Left(0, "calendar_days")
    assert rule_words.left(on(clock.due_on, clock)) == "hari terakhir"


def test_hours_are_told_in_hours_until_the_very_minute():
    start = datetime(2024, 10, 25, 10)
    clock = counted("pilkada-report-repair", start)
    assert clock.due_at is not None and clock.due_at.astimezone(UTC) == datetime(2024, 10, 27, 3, tzinfo=UTC)
    assert on(FRIDAY, clock, 11) == Left(47, "hours")
    assert on(date(2024, 10, 27), clock, 9) == Left(1, "hours")
    assert on(date(2024, 10, 27), clock, 11) == Left(None, "hours")
    assert rule_words.left(Left(0, "hours")) == "kurang dari 1 jam" and rule_words.left(Left(None, "hours")) == "lewat"


def test_an_older_row_without_its_days_is_told_by_the_days_to_come():
    clock = CaseClock(term="x", kind="term", count="calendar_days", due_on=FRIDAY + timedelta(days=3), computation={})
    assert on(FRIDAY, clock) == Left(3, "calendar_days")
