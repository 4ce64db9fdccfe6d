"""Time limits: until which day, by which reading, and every day of the count with its reason."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import errors
from ikrar.domain.days import FreeDay, Holidays, Leave, Skip
from ikrar.domain.elections import Election, Kind
from ikrar.domain.intake import IntakeHours, Opening, last_intake, no_stages, parse_intake_hours
from ikrar.domain.sources import Checker, Confidence, InForce, Label, Source
from ikrar.domain.terms import (
    Alternative,
    Basis,
    Count,
    Direction,
    Example,
    Extension,
    Meaning,
    Pause,
    StartEvent,
    Term,
    TermsDocument,
    Way,
    changed,
    due,
    last_day,
    last_days,
    parse_terms,
)
from ikrar.gateways import rulebook_files
from ikrar.gateways.rulebook_files import read
from tests.domain.test_working_days import (
    COLLECTIVE,
    DAY,
    PUBLIC,
    free,
    holidays,
    some_days,
    some_holidays,
    starts,
)

MONDAY = date(2024, 10, 7)
PLAIN = holidays()
LABEL = Label("Batas", "Limit")


def term(length=7, count=Count.WORKING_DAYS, *, certain=True, direction="after", meaning="latest", **more):
    values = {
        "id": "limit",
        "label": LABEL,
        "length": length,
        "count": Count(count),
        "count_certain": certain,
        "direction": Direction(direction),
        "meaning": Meaning(meaning),
        "starts": (StartEvent.RECEIPT,),
        "counted_from": LABEL,
        "responsible": LABEL,
        "regime": "any",
        "in_force": InForce(None, None),
        "cites": (),
        "confidence": Confidence.CONFIRMED,
    }
    return Term(**(values | more))


def days_of(answer):
    return {each.code: each.last_day for each in answer.readings}


lengths = st.integers(1, 70)
directions = st.sampled_from(list(Direction))
meanings = st.sampled_from(list(Meaning))
day_terms = st.builds(
    lambda length, count, certain, direction, meaning: term(
        length, count, certain=certain, direction=direction, meaning=meaning
    ),
    lengths,
    st.sampled_from([Count.WORKING_DAYS, Count.CALENDAR_DAYS]),
    st.booleans(),
    directions,
    meanings,
)
all_terms = st.one_of(
    day_terms,
    st.builds(
        lambda length, count, direction, meaning: term(length, count, direction=direction, meaning=meaning),
        st.integers(1, 8),
        st.sampled_from([Count.MONTHS, Count.YEARS]),
        directions,
        meanings,
    ),
)
pause_lists = st.lists(
    st.tuples(st.dates(date(2023, 1, 1), date(2027, 6, 1)), st.integers(1, 40)).map(
        lambda found: Pause(found[0], found[0] + found[1] * DAY, "Menunggu putusan")
    ),
    max_size=3,
)


# --- how days are counted ----------------------------------------------------------------------------------------


def test_the_day_of_the_event_is_not_counted():
    answer = due(term(1), MONDAY, PLAIN)
    assert answer.last_day == date(2024, 10, 8) and answer.counted == (date(2024, 10, 8),)


def test_the_fifteenth_working_day_since_receipt_leaves_the_day_of_receipt_out():
    assert due(term(15, meaning="effective"), MONDAY, PLAIN).last_day == date(2024, 10, 28)


def test_an_event_on_a_weekend_counts_from_monday_on():
    assert due(term(1), date(2024, 10, 5), PLAIN).counted == (MONDAY,)


def test_calendar_days_pass_over_nothing_and_end_where_they_end():
    known = holidays(free(date(2024, 12, 25)))
    answer = due(term(7, "calendar_days"), date(2024, 12, 18), known)
    assert answer.last_day == date(2024, 12, 25) and not answer.skipped and len(answer.counted) == 7


def test_every_skipped_day_says_why_and_a_holiday_its_name():
    known = holidays(
        FreeDay(date(2024, 12, 25), PUBLIC, Label("Natal", "Christmas")),
        FreeDay(date(2024, 12, 26), COLLECTIVE, Label("Cuti bersama Natal", "Joint leave")),
        FreeDay(date(2024, 12, 28), PUBLIC, Label("Hari jadi", "Founding day")),
    )
    answer = due(term(4), date(2024, 12, 23), known)
    free_reading = next(each for each in answer.readings if each.way.leave is Leave.FREE)
    assert [(each.day.day, each.why, each.label and each.label.id) for each in free_reading.skipped] == [
        (25, Skip.PUBLIC_HOLIDAY, "Natal"),
        (26, Skip.COLLECTIVE_LEAVE, "Cuti bersama Natal"),
        (28, Skip.SATURDAY, "Hari jadi"),
        (29, Skip.SUNDAY, None),
    ]


def test_a_limit_before_an_event_is_counted_back_from_it():
    answer = due(term(7, direction="before"), date(2024, 9, 22), holidays(free(date(2024, 9, 16))))
    assert answer.last_day == date(2024, 9, 11)
    assert answer.counted[0] == date(2024, 9, 20) and answer.counted[-1] == date(2024, 9, 11)


@pytest.mark.parametrize(
    "start, length, count, direction, expected",
    [
        (date(2024, 1, 31), 1, "months", "after", date(2024, 2, 29)),
        (date(2023, 1, 31), 1, "months", "after", date(2023, 2, 28)),
        (date(2024, 8, 31), 6, "months", "before", date(2024, 2, 29)),
        (date(2024, 8, 31), 1, "months", "after", date(2024, 9, 30)),
        (date(2024, 2, 29), 1, "years", "after", date(2025, 2, 28)),
        (date(2024, 2, 29), 4, "years", "after", date(2028, 2, 29)),
        (date(2024, 2, 29), 6, "months", "before", date(2023, 8, 29)),
        (date(2024, 3, 31), 13, "months", "before", date(2023, 2, 28)),
        (date(2024, 12, 5), 1, "months", "after", date(2025, 1, 5)),
        (date(2024, 1, 5), 1, "months", "before", date(2023, 12, 5)),
        (date(2024, 2, 28), 1, "calendar_days", "after", date(2024, 2, 29)),
        (date(2024, 2, 29), 1, "calendar_days", "after", date(2024, 3, 1)),
        (date(2023, 2, 28), 1, "calendar_days", "after", date(2023, 3, 1)),
    ],
)
def test_months_and_years_keep_the_day_number_or_end_with_the_month(start, length, count, direction, expected):
    assert due(term(length, count, direction=direction), start, Holidays(())).last_day == expected


def test_each_month_is_counted_from_the_start_so_that_a_short_one_costs_the_next_nothing():
    answer = due(term(3, "months"), date(2024, 1, 31), PLAIN)
    assert answer.counted == (date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30))


def test_hours_run_day_and_night():
    answer = due(term(72, "hours"), datetime(2024, 11, 26, 22, 15), holidays(free(date(2024, 11, 27))))
    assert answer.last_day == datetime(2024, 11, 29, 22, 15)
    assert answer.counted == tuple(datetime(2024, 11, day, 22, 15) for day in (27, 28, 29))
    assert due(term(30, "hours"), datetime(2024, 1, 1), PLAIN).counted == (
        datetime(2024, 1, 2),
        datetime(2024, 1, 2, 6),
    )
    assert due(term(5, "hours", direction="before"), datetime(2024, 1, 1, 2), PLAIN).last_day == datetime(
        2023, 12, 31, 21
    )


def test_only_working_days_need_the_list_of_holidays():
    for count in "calendar_days", "months", "years":
        assert due(term(1, count), date(2027, 5, 3), Holidays(())).last_day
    with pytest.raises(errors.HolidaysUnknown) as refused:
        due(term(1), date(2027, 5, 3), Holidays(()))
    assert refused.value.year == 2027


# --- readings ----------------------------------------------------------------------------------------------------

XMAS_LEAVE = holidays(free(date(2024, 12, 26), COLLECTIVE))


@pytest.mark.parametrize(
    "direction, meaning, shown",
    [
        ("after", "latest", "2_working_days_leave_worked"),
        ("after", "begins", "2_working_days_leave_worked"),
        ("after", "effective", "2_working_days_leave_free"),
        ("after", "earliest", "2_working_days_leave_free"),
        ("before", "latest", "2_working_days_leave_free"),
        ("before", "begins", "2_working_days_leave_free"),
        ("before", "effective", "2_working_days_leave_worked"),
        ("before", "earliest", "2_working_days_leave_worked"),
    ],
)
def test_with_collective_leave_on_the_way_the_safe_reading_is_shown_and_the_other_told(direction, meaning, shown):
    start = date(2024, 12, 24) if direction == "after" else date(2024, 12, 28)
    answer = due(term(2, direction=direction, meaning=meaning), start, XMAS_LEAVE)
    assert answer.readings[0].code == shown
    assert len(answer.readings) == 2 and answer.is_open
    by_leave = {each.way.leave: each.last_day for each in answer.readings}
    if direction == "after":
        assert by_leave == {Leave.WORKED: date(2024, 12, 26), Leave.FREE: date(2024, 12, 27)}
    else:
        assert by_leave == {Leave.WORKED: date(2024, 12, 26), Leave.FREE: date(2024, 12, 25)}


def test_without_collective_leave_on_the_way_there_is_one_reading():
    answer = due(term(2), MONDAY, XMAS_LEAVE)
    assert days_of(answer) == {"2_working_days": date(2024, 10, 9)} and not answer.is_open


def test_a_rule_that_settles_collective_leave_has_one_reading():
    answer = due(term(2, leave=Leave.FREE), date(2024, 12, 24), XMAS_LEAVE)
    assert days_of(answer) == {"2_working_days_leave_free": date(2024, 12, 27)}


@pytest.mark.parametrize("count", ["working_days", "calendar_days"])
def test_days_of_a_kind_that_the_rule_does_not_name_are_read_both_ways(count):
    after = due(term(7, count, certain=False), MONDAY, PLAIN)
    assert after.last_day == date(2024, 10, 14)
    assert days_of(after) == {"7_calendar_days": date(2024, 10, 14), "7_working_days": date(2024, 10, 16)}
    before = due(term(7, count, certain=False, direction="before"), date(2024, 10, 14), PLAIN)
    assert before.last_day == date(2024, 10, 3)
    assert days_of(before) == {"7_working_days": date(2024, 10, 3), "7_calendar_days": date(2024, 10, 7)}


def test_an_open_kind_of_day_and_open_leave_give_three_readings():
    answer = due(term(3, certain=False), date(2024, 12, 24), XMAS_LEAVE)
    assert days_of(answer) == {
        "3_calendar_days": date(2024, 12, 27),
        "3_working_days_leave_worked": date(2024, 12, 27),
        "3_working_days_leave_free": date(2024, 12, 30),
    }
    assert answer.readings[0].last_day == answer.last_day == date(2024, 12, 27)


def test_another_length_that_somebody_holds_is_told_and_never_shown_first():
    disputed = term(10, "calendar_days", disputed=True, alternatives=(Alternative(5, Count.WORKING_DAYS, False),))
    answer = due(disputed, MONDAY, PLAIN)
    assert answer.disputed and answer.last_day == date(2024, 10, 17)
    assert [(each.code, each.way.basis) for each in answer.readings] == [
        ("10_calendar_days", Basis.STATED),
        ("5_working_days", Basis.ALTERNATIVE),
        ("5_calendar_days", Basis.ALTERNATIVE),
    ]


def test_what_two_lengths_have_in_common_is_one_reading():
    both = term(14, certain=False, alternatives=(Alternative(14, Count.CALENDAR_DAYS, False),))
    assert [each.code for each in both.ways] == [
        "14_working_days_leave_worked", "14_working_days_leave_free", "14_calendar_days",
    ]  # fmt: skip
    assert both.ways[2].basis is Basis.OTHER_DAYS


def test_a_lower_limit_has_its_outer_limit_among_the_readings():
    gap = term(2, "years", meaning="earliest", at_most=Way(30, Count.MONTHS, None, Basis.AT_MOST))
    answer = due(gap, date(2029, 10, 1), PLAIN)
    assert days_of(answer) == {"2_years": date(2031, 10, 1), "30_months": date(2032, 4, 1)}
    assert answer.last_day == date(2031, 10, 1)


def test_what_others_hold_is_told_with_who_holds_it_and_the_day_that_is_safe_by_all():
    copy = Label("Satu salinan menulis hari saja", "One copy drops the word")
    both = term(
        14, disputed=True, alternatives=(Alternative(14, Count.CALENDAR_DAYS, False, copy, ("https://x.org",)),)
    )
    answer = due(both, MONDAY, PLAIN)
    assert answer.last_day == date(2024, 10, 25) and answer.readings[0].origin is None
    assert [(each.code, each.last_day, each.origin, each.seen) for each in answer.readings[1:]] == [
        ("14_calendar_days", date(2024, 10, 21), copy, ("https://x.org",))
    ]
    assert answer.safe_day == date(2024, 10, 21) and answer.disputed
    later = due(term(14, meaning="effective", alternatives=both.alternatives), MONDAY, PLAIN)
    assert later.safe_day == date(2024, 10, 25)


def test_a_day_that_is_not_known_by_some_reading_leaves_none_that_is_safe_by_all():
    answer = due(term(7, "calendar_days", certain=False), date(2026, 12, 29), holidays(years=[2026]))
    assert answer.last_day == date(2027, 1, 5) and answer.safe_day is None


def test_the_day_that_somebody_takes_for_the_earliest_is_a_reading_safe_for_that():
    """By both readings the seventh day is right: not after it, and not before it."""
    reader = Label("satu penerap", "one implementer")
    summons = term(7, also_read_as=Meaning.EARLIEST, also_read_by=reader)
    answer = due(summons, MONDAY, PLAIN)
    assert answer.disputed
    assert [(each.code, each.last_day, each.meaning, each.origin) for each in answer.readings] == [
        ("7_working_days", date(2024, 10, 16), Meaning.LATEST, None),
        ("7_working_days_as_earliest", date(2024, 10, 16), Meaning.EARLIEST, reader),
    ]
    with_leave = due(term(2, also_read_as=Meaning.EARLIEST, also_read_by=reader), date(2024, 12, 24), XMAS_LEAVE)
    assert with_leave.readings[0].last_day == date(2024, 12, 26)
    assert (with_leave.readings[-1].code, with_leave.readings[-1].last_day) == (
        "2_working_days_leave_free_as_earliest", date(2024, 12, 27),
    )  # fmt: skip
    unknown = due(term(6, also_read_as=Meaning.EARLIEST, also_read_by=reader), date(2026, 12, 23), holidays(
        free(date(2026, 12, 24), COLLECTIVE), years=[2026]
    ))  # fmt: skip
    assert (unknown.readings[-1].last_day, unknown.readings[-1].unknown_year) == (None, 2027)


def test_an_official_example_is_a_reading_of_its_own_start_alone():
    origin = Label("contoh resmi", "official example")
    seen = ("https://example.org",)
    example = Example(
        start=MONDAY, reached=date(2024, 10, 15), origin=origin, seen=seen, confidence=Confidence.ONE_SOURCE
    )
    asked = term(7, meaning="effective", examples=(example,))
    answer = due(asked, MONDAY, PLAIN)
    assert days_of(answer) == {"7_working_days": date(2024, 10, 16), "official_example": date(2024, 10, 15)}
    assert (answer.readings[-1].origin, answer.readings[-1].seen) == (origin, seen)
    assert answer.disputed and answer.last_day == date(2024, 10, 16)
    same = due(term(6, meaning="effective", examples=(example,)), MONDAY, PLAIN)
    assert "official_example" in days_of(same) and not same.disputed
    for other in (
        due(asked, MONDAY + DAY, PLAIN),
        due(asked, MONDAY, PLAIN, extensions=[Extension(1, "Perlu")]),
        due(asked, MONDAY, PLAIN, pauses=[Pause(MONDAY, MONDAY + DAY, "Menunggu")]),
    ):
        assert "official_example" not in days_of(other)


ANNOUNCED = term(
    40, "calendar_days", direction="before", official_on=date(2024, 7, 17), counted_on=date(2024, 7, 18)
)  # fmt: skip


def test_an_official_date_prevails_over_the_count_that_it_replaced_and_over_no_other():
    answer = due(ANNOUNCED, date(2024, 8, 27), PLAIN)
    assert answer.last_day == last_day(ANNOUNCED, date(2024, 8, 27), PLAIN) == date(2024, 7, 17)
    assert days_of(answer) == {"official_date": date(2024, 7, 17), "40_calendar_days": date(2024, 7, 18)}
    assert len(answer.counted) == 40 and answer.counted[-1] == date(2024, 7, 18)
    assert days_of(due(ANNOUNCED, date(2029, 8, 27), PLAIN)) == {"40_calendar_days": date(2029, 7, 18)}


def test_a_reading_that_needs_an_unknown_year_is_told_as_unknown_where_the_safe_one_is_known():
    known = holidays(years=[2026])
    answer = due(term(7, "calendar_days", certain=False), date(2026, 12, 29), known)
    assert answer.last_day == date(2027, 1, 5) and answer.is_open
    assert [(each.code, each.last_day, each.unknown_year) for each in answer.readings[1:]] == [
        ("7_working_days", None, 2027)
    ]


def test_a_day_is_unknown_where_the_safe_reading_might_be_the_unknown_one():
    known = holidays(years=[2026])
    for asked, start in [
        (term(7, "calendar_days", certain=False, meaning="effective"), date(2026, 12, 29)),
        (term(7, "calendar_days", certain=False, direction="before"), date(2026, 1, 5)),
        (term(7), date(2026, 12, 29)),
    ]:
        with pytest.raises(errors.HolidaysUnknown):
            due(asked, start, known)
        with pytest.raises(errors.HolidaysUnknown):
            last_day(asked, start, known)


def test_a_later_reading_that_crosses_into_an_unknown_year_leaves_the_safe_one():
    known = holidays(free(date(2026, 12, 24), COLLECTIVE), years=[2026])
    answer = due(term(5), date(2026, 12, 23), known)
    assert [
        (each.code, each.last_day, each.unknown_year) for each in due(term(6), date(2026, 12, 23), known).readings
    ] == [
        ("6_working_days_leave_worked", date(2026, 12, 31), None),
        ("6_working_days_leave_free", None, 2027),
    ]
    assert answer.last_day == date(2026, 12, 30)


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked, start, needs",
    [
        (term(7), datetime(2024, 10, 7, 8, 0), "day"),
        (term(7, "calendar_days"), datetime(2024, 10, 7), "day"),
        (term(48, "hours"), date(2024, 10, 7), "local_time"),
        (term(48, "hours"), datetime(2024, 10, 7, tzinfo=UTC), "local_time"),
        (term(7, "calendar_days"), date.max, "nearer_day"),
        (term(7, "calendar_days", direction="before"), date.min, "nearer_day"),
        (term(7, "months"), date.max, "nearer_day"),
        (term(7, "years", direction="before"), date.min, "nearer_day"),
        (term(7, "hours"), datetime.max, "nearer_day"),
        (term(7), date.max, "nearer_day"),
        (term(7, direction="before"), date.min, "nearer_day"),
    ],
)
def test_a_start_that_the_term_cannot_count_from_is_refused_by_its_field(asked, start, needs):
    for count in due, last_day, last_days:
        with pytest.raises(errors.TermStartWrong) as refused:
            count(asked, start, PLAIN)
        assert (refused.value.needs, refused.value.field, refused.value.term) == (needs, "start", "limit")


def election(id, kind):
    return Election(id, LABEL, kind, MONDAY, (), None, None, {}, (), (), (), Confidence.CONFIRMED)


@pytest.mark.parametrize(
    "own, given, fits",
    [
        ("any", "pemilu-2024", True),
        ("pilkada", None, True),
        ("pilkada", "any", True),
        ("pilkada", "pilkada-2024", True),
        ("pilkada", "pemilu-2024", False),
        ("pemilu", "pilkada-2020", False),
        ("pilkada-2020", "pilkada-2020", True),
        ("pilkada-2020", "pilkada-2024", False),
        ("pilkada-2020", "pilkada-2020-original", False),
        ("pilkada", election("kota-x", Kind.PILKADA), True),
        ("pemilu", election("kota-x", Kind.PILKADA), False),
        ("pilkada-2020", election("pilkada-2020", Kind.PILKADA), True),
    ],
)
def test_a_term_belongs_to_its_kind_of_election_or_to_one(own, given, fits):
    asked = term(7, regime=own)
    if fits:
        assert due(asked, MONDAY, PLAIN, regime=given).last_day
        return
    with pytest.raises(errors.TermRegimeWrong) as refused:
        due(asked, MONDAY, PLAIN, regime=given)
    assert refused.value.field == "regime" and refused.value.regime == own
    assert refused.value.given == (given if isinstance(given, str) else given.id)


def test_a_regime_that_is_no_election_is_refused():
    for unknown in "x", "", "pilkades-2024":
        with pytest.raises(errors.ValueUnknown) as refused:
            due(term(7, regime="pilkada"), MONDAY, PLAIN, regime=unknown)
        assert refused.value.fact == "regime"


def test_a_term_counts_only_from_days_on_which_it_was_in_force():
    asked = term(10, in_force=InForce(date(2020, 9, 10), date(2022, 9, 22)))
    assert due(asked, date(2022, 9, 21), PLAIN).last_day > date(2022, 9, 22)
    for day in date(2020, 9, 9), date(2022, 9, 22):
        with pytest.raises(errors.TermNotInForce) as refused:
            due(asked, day, PLAIN)
        assert (refused.value.field, refused.value.day, refused.value.held) == ("start", day, "2020-09-10/2022-09-21")


# --- pauses and extensions ---------------------------------------------------------------------------------------


def test_paused_days_do_not_count_and_say_so():
    pause = Pause(date(2024, 10, 9), date(2024, 10, 14), "Menunggu putusan sela")
    answer = due(term(3), MONDAY, PLAIN, pauses=[pause])
    assert answer.counted == (date(2024, 10, 8), date(2024, 10, 14), date(2024, 10, 15))
    assert {each.why for each in answer.skipped} == {Skip.PAUSED} and len(answer.skipped) == 5
    assert answer.pauses == (pause,)


def test_pauses_that_touch_or_overlap_are_one():
    pauses = [
        Pause(date(2024, 10, 10), date(2024, 10, 12), "a"),
        Pause(date(2024, 10, 9), date(2024, 10, 11), "b"),
        Pause(date(2024, 10, 12), date(2024, 10, 14), "c"),
        Pause(date(2024, 10, 9), date(2024, 10, 10), "d"),
    ]
    one = [Pause(date(2024, 10, 9), date(2024, 10, 14), "e")]
    for asked, start in (term(3), MONDAY), (term(1, "months"), MONDAY), (term(48, "hours"), datetime(2024, 10, 8, 9)):
        assert last_day(asked, start, PLAIN, pauses=pauses) == last_day(asked, start, PLAIN, pauses=one)


def test_a_pause_adds_its_days_to_months_and_its_hours_to_hours():
    pause = [Pause(date(2024, 10, 9), date(2024, 10, 12), "Menunggu")]
    months = due(term(1, "months"), MONDAY, PLAIN, pauses=pause)
    assert months.last_day == date(2024, 11, 10) and len(months.skipped) == 3
    assert due(term(48, "hours"), datetime(2024, 10, 8, 9), PLAIN, pauses=pause).last_day == datetime(2024, 10, 13, 9)
    # Begun in the middle of a pause, a time runs from its end; over before it, a time is not touched.
    assert last_day(term(48, "hours"), datetime(2024, 10, 10, 9), PLAIN, pauses=pause) == datetime(2024, 10, 14)
    assert last_day(term(2, "hours"), datetime(2024, 10, 8, 9), PLAIN, pauses=pause) == datetime(2024, 10, 8, 11)
    back = term(48, "hours", direction="before")
    assert last_day(back, datetime(2024, 10, 13, 9), PLAIN, pauses=pause) == datetime(2024, 10, 8, 9)
    assert last_day(back, datetime(2024, 10, 20, 9), PLAIN, pauses=pause) == datetime(2024, 10, 18, 9)


def test_a_clock_that_stands_still_has_no_last_day_unless_it_ran_out_before():
    pause = [Pause(date(2024, 10, 10), None, "Menunggu")]
    assert last_day(term(2), MONDAY, PLAIN, pauses=pause) == date(2024, 10, 9)
    for asked, start in (term(3), MONDAY), (term(1, "months"), MONDAY), (term(72, "hours"), datetime(2024, 10, 7, 8)):
        with pytest.raises(errors.TermPaused) as refused:
            due(asked, start, PLAIN, pauses=pause)
        assert refused.value.since == date(2024, 10, 10)


def test_of_hours_every_day_that_they_touch_is_explained_and_no_other():
    def told(pause, start, direction="after"):
        answer = due(term(48, "hours", direction=direction), start, PLAIN, pauses=[pause])
        return answer.last_day, [each.day.day for each in answer.skipped]

    # Reached at the midnight with which a pause begins, a limit is not touched by it, though it never ends.
    assert told(Pause(date(2024, 10, 5), None, "Menunggu"), datetime(2024, 10, 3)) == (datetime(2024, 10, 5), [])
    pause = Pause(date(2024, 10, 9), date(2024, 10, 11), "Menunggu")
    assert told(pause, datetime(2024, 10, 9, 9)) == (datetime(2024, 10, 13), [9, 10])
    assert told(pause, datetime(2024, 10, 8, 9)) == (datetime(2024, 10, 12, 9), [9, 10])
    assert told(pause, datetime(2024, 10, 10, 9), "before") == (datetime(2024, 10, 7), [10, 9])
    assert told(pause, datetime(2024, 10, 9), "before") == (datetime(2024, 10, 7), [])


def test_counted_back_from_within_an_open_pause_a_limit_lies_before_it():
    pause = [Pause(date(2024, 10, 9), None, "Menunggu")]
    back = due(term(3, direction="before"), date(2024, 10, 11), PLAIN, pauses=pause)
    assert back.last_day == date(2024, 10, 4) and [each.day.day for each in back.skipped] == [10, 9, 6, 5]
    hours = term(5, "hours", direction="before")
    assert last_day(hours, datetime(2024, 10, 11, 9), PLAIN, pauses=pause) == datetime(2024, 10, 8, 19)


def test_a_pause_or_an_extension_without_a_reason_is_refused():
    for make in (lambda: Pause(MONDAY, None, " "), lambda: Extension(2, "")):
        with pytest.raises(errors.ReasonMissing):
            make()
    with pytest.raises(errors.DatesInWrongOrder):
        Pause(MONDAY, MONDAY, "Menunggu")
    with pytest.raises(errors.ValueUnknown):
        Extension(0, "Perlu keterangan")


def test_an_extension_adds_to_the_length_and_leaves_outer_limits_and_official_dates():
    more = [Extension(2, "Perlu keterangan"), Extension(1, "Saksi sakit")]
    answer = due(term(3, "calendar_days"), MONDAY, PLAIN, extensions=more)
    assert answer.last_day == date(2024, 10, 13) and len(answer.counted) == 6
    assert answer.extensions == tuple(more)
    gap = term(2, "years", meaning="earliest", at_most=Way(30, Count.MONTHS, None, Basis.AT_MOST))
    assert last_days(gap, MONDAY, PLAIN, extensions=more) == (date(2029, 10, 7), date(2027, 4, 7))
    assert last_day(ANNOUNCED, date(2024, 8, 27), PLAIN, extensions=more) == date(2024, 7, 15)
    # Another count that happens to end on the same day is not the one for which a date was announced.
    assert last_day(ANNOUNCED, date(2024, 8, 30), PLAIN, extensions=more) == date(2024, 7, 18)


# --- what must hold of every count -------------------------------------------------------------------------------


@given(day_terms, starts, some_holidays, some_days)
def test_one_more_holiday_never_moves_a_limit_forward_nearer_nor_one_backward_later(asked, start, known, more):
    before, after = due(asked, start, known), due(asked, start, known.with_days(*more))
    assert (after.last_day - before.last_day).days * asked.sign >= 0
    pairs = zip(last_days(asked, start, known), last_days(asked, start, known.with_days(*more)), strict=True)
    assert all((later - earlier).days * asked.sign >= 0 for earlier, later in pairs)


@given(all_terms, starts, starts, some_holidays)
def test_a_later_start_never_ends_earlier(asked, one, other, known):
    first, second = sorted((one, other))
    assert due(asked, first, known).last_day <= due(asked, second, known).last_day


@given(all_terms, starts, some_holidays)
def test_a_longer_limit_never_ends_nearer(asked, start, known):
    longer = replace(asked, length=asked.length + 1)
    assert (last_day(longer, start, known) - last_day(asked, start, known)).days * asked.sign >= 0


@given(day_terms, starts, some_holidays, pause_lists)
def test_counted_and_skipped_are_exactly_the_days_between(asked, start, known, pauses):
    answer = due(asked, start, known, pauses=pauses)
    for reading in answer.readings:
        days = [start + asked.sign * DAY * (number + 1) for number in range(abs((reading.last_day - start).days))]
        found = [*reading.counted, *(each.day for each in reading.skipped)]
        assert sorted(found) == sorted(days)
        assert len(reading.counted) == asked.length and reading.counted[-1] == reading.last_day
        assert not any(each.from_on <= day < each.until_on for day in reading.counted for each in pauses)
    assert (answer.last_day, answer.counted, answer.skipped) == (
        answer.readings[0].last_day, answer.readings[0].counted, answer.readings[0].skipped,
    )  # fmt: skip


@given(all_terms, starts, some_holidays, pause_lists)
def test_the_quick_day_is_the_explained_one(asked, start, known, pauses):
    answer = due(asked, start, known, pauses=pauses)
    assert last_day(asked, start, known, pauses=pauses) == answer.last_day
    assert {each.last_day for each in answer.readings} == set(last_days(asked, start, known, pauses=pauses))
    assert len(answer.counted) == asked.length


@given(all_terms, starts, some_holidays, pause_lists)
def test_a_pause_never_moves_a_limit_nearer(asked, start, known, pauses):
    moved = last_day(asked, start, known, pauses=pauses) - last_day(asked, start, known)
    assert moved.days * asked.sign >= 0


@given(st.integers(1, 500), directions, st.datetimes(datetime(2023, 1, 1), datetime(2026, 1, 1)), pause_lists)
def test_hours_with_pauses_are_the_hours_that_one_counts_one_by_one(length, direction, start, pauses):
    asked = term(length, "hours", direction=direction)
    hour, left = timedelta(hours=1), timedelta(hours=length)
    moment = start
    while left:
        # From here to the next full hour, or to the end of what is left.
        if asked.sign > 0:
            edge = moment.replace(minute=0, second=0, microsecond=0) + hour
        else:
            edge = (moment - timedelta(microseconds=1)).replace(minute=0, second=0, microsecond=0)
        within = min(moment, edge).date()
        step = abs(edge - moment)
        if any(each.from_on <= within < each.until_on for each in pauses):
            moment = edge
            continue
        step = min(step, left)
        moment += asked.sign * step
        left -= step
    found = last_day(asked, start, PLAIN, pauses=pauses)
    assert found == moment


@given(lengths, starts, some_holidays, meanings)
def test_collective_leave_as_free_days_never_ends_earlier_going_forward(length, start, known, meaning):
    worked, free_days = last_days(term(length, meaning=meaning), start, known)
    assert worked <= free_days
    worked, free_days = last_days(term(length, meaning=meaning, direction="before"), start, known)
    assert worked >= free_days


@given(lengths, starts, some_holidays, st.sampled_from(list(Leave)))
def test_forward_and_back_again_is_the_start_or_the_working_day_before_it(length, start, known, leave):
    reached = last_day(term(length, leave=leave), start, known)
    back = last_day(term(length, leave=leave, direction="before"), reached, known)
    assert back == (start if known.is_working_day(start, leave) else known.nth_working_day(start, -1, leave))


@given(st.integers(1, 400), starts)
def test_calendar_days_forward_and_back_again_are_the_start(length, start):
    reached = last_day(term(length, "calendar_days"), start, PLAIN)
    assert last_day(term(length, "calendar_days", direction="before"), reached, PLAIN) == start


@given(st.integers(1, 100), starts, directions)
def test_months_keep_the_day_or_end_with_the_month(length, start, direction):
    reached = last_day(term(length, "months", direction=direction), start, PLAIN)
    months = (reached.year - start.year) * 12 + reached.month - start.month
    assert abs(months) == length
    assert reached.day == start.day or (reached.day < start.day and (reached + DAY).day == 1)


# --- what changed, and what was known ----------------------------------------------------------------------------


def test_a_holiday_decreed_late_moves_the_day_and_says_which_it_is():
    vote = FreeDay(
        date(2024, 11, 27), PUBLIC, Label("Pemungutan suara", "Voting"), date(2024, 11, 21), date(2024, 11, 22)
    )
    now = holidays(vote)
    known = now.as_known(date(2024, 11, 20))
    before, after = due(term(7), date(2024, 11, 25), known), due(term(7), date(2024, 11, 25), now)
    assert (before.last_day, before.holidays_on) == (date(2024, 12, 4), date(2024, 11, 20))
    assert (after.last_day, after.holidays_on) == (date(2024, 12, 5), None)
    change = changed(before, after)
    assert change.last_day == (date(2024, 12, 4), date(2024, 12, 5))
    assert [(each.day, each.label.en) for each in change.no_longer_counted] == [(date(2024, 11, 27), "Voting")]
    assert not change.counted_now
    back = changed(after, before)
    assert [each.day for each in back.counted_now] == [date(2024, 11, 27)] and not back.no_longer_counted


def test_collective_leave_decreed_late_moves_a_reading_and_leaves_the_safe_day():
    before = due(term(2), date(2024, 12, 24), PLAIN)
    after = due(term(2), date(2024, 12, 24), XMAS_LEAVE)
    change = changed(before, after)
    assert change.last_day == (date(2024, 12, 26), date(2024, 12, 26))
    assert change.readings == (("2_working_days_leave_free", date(2024, 12, 26), date(2024, 12, 27)),)
    assert [each.day for each in change.no_longer_counted] == [date(2024, 12, 26)]


def test_a_stage_that_moved_is_a_change_of_the_start():
    before, after = (
        due(term(6, "months", direction="before"), date(2020, month, day), PLAIN) for month, day in ((7, 8), (9, 23))
    )
    change = changed(before, after)
    assert change.start == (date(2020, 7, 8), date(2020, 9, 23))
    assert change.last_day == (date(2020, 1, 8), date(2020, 3, 23))


def test_a_day_that_becomes_known_is_a_change():
    asked = term(7, "calendar_days", certain=False)
    before = due(asked, date(2026, 12, 29), holidays(years=[2026]))
    after = due(asked, date(2026, 12, 29), holidays(years=[2026, 2027]))
    assert {code: days for code, *days in changed(before, after).readings} == {
        "7_working_days_leave_worked": [None, date(2027, 1, 7)],
        "7_working_days_leave_free": [None, date(2027, 1, 7)],
    }


def test_two_terms_are_not_compared():
    with pytest.raises(ValueError):
        changed(due(term(1), MONDAY, PLAIN), due(term(1, id="other"), MONDAY, PLAIN))


@given(day_terms, starts, some_holidays, some_days)
def test_nothing_changed_means_the_same_day_by_every_reading(asked, start, known, more):
    later = known.with_days(*more)
    same = last_days(asked, start, known) == last_days(asked, start, later)
    assert (changed(due(asked, start, known), due(asked, start, later)) is None) == same


# --- intake hours ------------------------------------------------------------------------------------------------

DESK = IntakeHours(
    "desk",
    LABEL,
    "pilkada",
    (
        Opening(frozenset({0, 1, 2, 3}), None, 480, 960),
        Opening(frozenset({4}), None, 480, 990),
        Opening(frozenset(), "quiet-period", 0, 1440),
    ),
    cites=(),
    confidence=Confidence.ONE_SOURCE,
)


@pytest.mark.parametrize(
    "at, stages, is_open",
    [
        (datetime(2024, 10, 7, 7, 59), (), False),
        (datetime(2024, 10, 7, 8, 0), (), True),
        (datetime(2024, 10, 7, 15, 59), (), True),
        (datetime(2024, 10, 7, 16, 0), (), False),
        (datetime(2024, 10, 11, 16, 29), (), True),
        (datetime(2024, 10, 12, 10, 0), (), False),
        (datetime(2024, 11, 24, 23, 59), ("quiet-period",), True),
        (datetime(2024, 11, 25, 3, 0), ("campaign", "quiet-period"), True),
        (datetime(2024, 11, 25, 3, 0), ("campaign",), False),
    ],
)
def test_a_desk_is_open_on_its_weekdays_and_through_the_stages_that_keep_it_open(at, stages, is_open):
    assert DESK.is_open(at, stages) is is_open


AROUND = holidays(free(date(2024, 10, 10)), free(date(2024, 10, 11), COLLECTIVE))


@pytest.mark.parametrize(
    "start, limit, known, at, passed",
    [
        # A day's limit on a Thursday ends with the desk's hours; on a Sunday, with those of the Friday before.
        (MONDAY, date(2024, 10, 10), PLAIN, datetime(2024, 10, 10, 16), []),
        (MONDAY, date(2024, 10, 13), PLAIN, datetime(2024, 10, 11, 16, 30), []),
        # Of holidays the rule says nothing: whoever comes before is safe.
        (MONDAY, date(2024, 10, 13), AROUND, datetime(2024, 10, 9, 16), [10, 11]),
        # Hours that run out while the desk is open end then; at night, with the hours before; a weekend has none.
        (datetime(2024, 10, 7, 10), datetime(2024, 10, 9, 10), PLAIN, datetime(2024, 10, 9, 10), []),
        (datetime(2024, 10, 7, 7), datetime(2024, 10, 9, 7), PLAIN, datetime(2024, 10, 8, 16), []),
        (datetime(2024, 10, 11, 17), datetime(2024, 10, 13, 17), PLAIN, None, []),
        (datetime(2024, 10, 11, 16, 29), datetime(2024, 10, 13, 16, 29), PLAIN, datetime(2024, 10, 11, 16, 30), []),
    ],
)
def test_the_last_moment_before_a_limit_is_within_the_hours_of_the_desk(start, limit, known, at, passed):
    found = last_intake(DESK, start, limit, no_stages, known)
    assert (found.at, [day.day for day in found.passed]) == (at, passed)
    assert (found.hours, found.confidence) == ("desk", Confidence.ONE_SOURCE)


def test_a_stage_keeps_the_desk_open_through_weekends_and_holidays():
    known = holidays(free(date(2024, 11, 24)))
    found = last_intake(DESK, date(2024, 11, 17), date(2024, 11, 24), lambda day: ("quiet-period",), known)
    assert found.at == datetime(2024, 11, 25, 0, 0) and not found.passed


def test_hours_that_are_not_known_for_the_day_of_the_limit_say_nothing():
    later = replace(DESK, in_force=InForce(date(2024, 9, 30), None))
    assert last_intake(later, date(2024, 9, 20), date(2024, 9, 27), no_stages, PLAIN) is None
    assert last_intake(later, date(2024, 9, 25), date(2024, 10, 2), no_stages, PLAIN).at == datetime(2024, 10, 2, 16)
    assert last_intake(DESK, date(9999, 12, 24), date.max, no_stages, PLAIN) is None


def test_a_term_tells_until_when_the_desk_takes_in_what_must_be_done():
    answer = due(term(7, "calendar_days"), date(2024, 10, 6), PLAIN, intake=DESK)
    assert answer.last_day == date(2024, 10, 13) and answer.intake.at == datetime(2024, 10, 11, 16, 30)
    assert due(term(7, "calendar_days"), date(2024, 10, 6), PLAIN).intake is None


# --- a term's file -----------------------------------------------------------------------------------------------

FILE = """\
terms:
  - term: limit-a
    label: {id: Batas A, en: Limit A}
    length: 2
    count: years
    count_certain: true
    direction: after
    meaning: latest
    starts: [ruling]
    start_on: 2025-10-16
    counted_from: {id: sejak putusan, en: since the ruling}
    responsible: {id: Pelapor, en: Reporter}
    regime: any
    in_force: {from: 2025-10-16, until: null}
    due_on: 2027-10-16
    cites:
      - {source: uu-1-2030, at: Pasal 1, for: term}
    notes: null
    seen:
      - https://example.org/a
    confidence: confirmed
  - term: limit-b
    label: {id: Batas B, en: Limit B}
    length: 10
    count: working_days
    count_certain: false
    direction: before
    meaning: begins
    starts: [receipt, registration]
    counted_from: {id: sejak diterima, en: since receipt}
    responsible: {id: Pelapor, en: Reporter}
    regime: pilkada-2030
    in_force: {from: null, until: 2031-01-01}
    extends: limit-a
    official_on: 2030-07-17
    counted_on: 2030-07-18
    disputed: true
    alternatives:
      - length: 14
        count: working_days
        count_certain: true
        notes: null
        seen: []
    cites:
      - {source: uu-1-2030}
    notes: {id: Catatan, en: A note}
    seen:
      - https://example.org/b
    confidence: uncertain
intake_hours:
  - intake_hours: desk
    label: {id: Jam, en: Hours}
    regime: pilkada
    opens:
      - {days: [mon, fri], from: 08:00, until: 16:30}
      - {stage: voting, from: 00:00, until: 24:00}
    cites:
      - {source: uu-1-2030, for: term}
    notes: null
    seen:
      - https://example.org/c
    confidence: one_source
"""
SOURCES = {
    "uu-1-2030": Source(
        "uu-1-2030", "UU 1/2030", LABEL, InForce(None, None), surely_from=date(2020, 1, 1), confidence=Confidence.CONFIRMED
    )
}  # fmt: skip


def parsed(tmp_path, text=FILE):
    path = tmp_path / "limits.yaml"
    path.write_text(text, encoding="utf-8")
    document = read(path, TermsDocument)
    checker = Checker(document.file, document.line, SOURCES)
    elections = {"pilkada-2030": rulebook_files.elections()["pilkada-2024"]}
    return parse_terms(document.data, checker, elections), parse_intake_hours(
        document.data["intake_hours"], checker, elections
    )


def test_a_file_becomes_terms_and_intake_hours(tmp_path):
    (first, second), (desk,) = parsed(tmp_path)
    assert (first.start_on, first.due_on, first.count) == (date(2025, 10, 16), date(2027, 10, 16), Count.YEARS)
    assert second.starts == (StartEvent.RECEIPT, StartEvent.REGISTRATION)
    assert (second.direction, second.meaning, second.extends) == (Direction.BEFORE, Meaning.BEGINS, "limit-a")
    assert second.in_force == InForce(date(2020, 1, 1), date(2031, 1, 1)) and second.disputed
    assert desk.in_force == InForce(date(2020, 1, 1), None)
    assert [each.text for each in (*first.cites, *second.cites)] == ["UU 1/2030 Pasal 1", "UU 1/2030"]
    assert desk.openings == (Opening(frozenset({0, 4}), None, 480, 990), Opening(frozenset(), "voting", 0, 1440))


@pytest.mark.parametrize(
    "old, new, line, says",
    [
        ("term: limit-b", "term: Limit B", 22, "not made of small letters"),
        ("term: limit-b", "term: limit-a", 22, "a second time"),
        ("length: 2\n", "length: 0\n", 4, "is not between 1 and"),
        ("length: 10\n", "length: 100000\n", 24, "is not between 1 and"),
        ("count: years\n    count_certain: true", "count: weeks\n    count_certain: true", 5, "the count 'weeks'"),
        ("count: years\n    count_certain: true", "count: years\n    count_certain: false", 6, "only days can be"),
        ("direction: before", "direction: back", 27, "the direction 'back'"),
        ("meaning: begins", "meaning: never", 28, "the meaning 'never'"),
        ("meaning: begins", "meaning: begins\n    also_read_as: begins\n    also_read_by: {id: a, en: b}", 29,
         "the also_read_as 'begins'"),
        ("meaning: begins", "meaning: begins\n    also_read_as: latest", 29, "whoever reads it so is named"),
        ("extends: limit-a", "extends: limit-a\n    intake: no-desk", 35, "no intake hours 'no-desk'"),
        ("from: 2025-10-16, until: null", "from: 2019-10-16, until: 2020-01-01", 14, "held on none of these days"),
        ("    alternatives:\n", "    examples:\n      - start: 2030-01-01\n        reached: 2030-01-09\n"
         "        origin: {id: a, en: b}\n        notes: null\n        seen: [https://example.org]\n"
         "        confidence: confirmed\n    alternatives:\n", 40, "in the direction of the term"),
        ("starts: [ruling]", "starts: []", 9, "no event is named"),
        ("starts: [ruling]", "starts: [guess]", 9, "'guess' is not one of"),
        ("regime: pilkada-2030", "regime: pilkada-2031", 32, "the regime 'pilkada-2031'"),
        ("until: 2031-01-01", "until: 2031-01-01, at: x", 33, "the key `at` is not known"),
        ("from: 2025-10-16, until: null", "from: 2025-10-16, until: 2025-10-16", 14, "is not after from"),
        ("due_on: 2027-10-16", "due_on: 2027-10-15", 15, "gives 2027-10-16, not 2027-10-15"),
        ("    start_on: 2025-10-16\n", "", 14, "needs start_on"),
        ("counted_on: 2030-07-18", "due_on: 2030-07-18", 35, "belong together: counted_on"),
        ("extends: limit-a", "extends: limit-b", 34, "no other term 'limit-b'"),
        ("extends: limit-a", "extends: limit-c", 34, "no other term 'limit-c'"),
        ("    alternatives:\n      - length: 14\n        count: working_days\n        count_certain: true\n"
         "        notes: null\n        seen: []\n", "", 37, "has its alternatives"),
        ("count: working_days\n    count_certain: false", "count: working_days\n    count_certain: false\n"
         "    collective_leave: maybe", 27, "the collective_leave 'maybe'"),
        ("cites:\n      - {source: uu-1-2030, at: Pasal 1, for: term}", "cites: []", 16, "no citation is given"),
        ("source: uu-1-2030, at: Pasal 1", "source: uu-9-2030, at: Pasal 1", 17, "no source 'uu-9-2030'"),
        ("seen:\n      - https://example.org/b", "seen: []", 47, "no source is given"),
        ("days: [mon, fri]", "days: [mon, jumat]", 55, "'jumat' is not one of"),
        ("stage: voting", "stage: votting", 56, "there is no stage 'votting'"),
        ("days: [mon, fri]", "days: [mon], stage: voting", 55, "for some days or for a stage"),
        ("days: [mon, fri], from: 08:00", "days: [mon], from: 8:00", 55, "no time of the day"),
        ("until: 24:00", "until: 24:30", 56, "no time of the day"),
        ("from: 08:00, until: 16:30", "from: 16:30, until: 16:30", 55, "is not after from"),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_is_refused_with_its_line(tmp_path, old, new, line, says):
    assert FILE.count(old) == 1
    with pytest.raises(errors.RulebookFault) as refused:
        parsed(tmp_path, FILE.replace(old, new))
    assert says in refused.value.says
    assert refused.value.line == line
