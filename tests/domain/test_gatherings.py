"""Activities: what may be done when, which code opens a door and for how long, who is let in."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import gatherings
from ikrar.domain.codes import ALPHABET, grouped
from ikrar.domain.errors import (
    ActivityDayAbsurd,
    ActivityInPast,
    ActivityNotYet,
    ActivityStateWrong,
    HoursInWrongOrder,
    NotInvited,
    OnLeaveNow,
    QuotaFull,
)
from ikrar.domain.gatherings import Called, Comer, State, Step, Turnout

SECRET, OTHER = "5e" * 32, "0f" * 32
START = datetime(2024, 10, 25, 1, 0, tzinfo=UTC)
DAY = date(2024, 10, 25)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def shown(activity: int = 7, secret: str = SECRET, instant: datetime = START) -> str:
    return gatherings.code_of(secret, activity, gatherings.window_of(instant))


# --- the code ----------------------------------------------------------------------------------------------------


def test_a_code_opens_while_it_is_shown_and_two_minutes_after():
    code = shown()
    for seconds in (0, 29, 31, 149, 179):
        assert gatherings.is_good_code(code, SECRET, 7, at(seconds)), seconds


def test_a_code_that_was_photographed_is_dead_within_three_minutes():
    code = shown()
    for seconds in (180, 181, 600, 86_400):
        assert not gatherings.is_good_code(code, SECRET, 7, at(seconds)), seconds


def test_a_phone_that_kept_its_check_in_has_two_minutes_more_and_no_longer():
    code = shown()
    assert gatherings.is_good_code(code, SECRET, 7, at(299), opened_at=at(10))
    assert not gatherings.is_good_code(code, SECRET, 7, at(300), opened_at=at(10))


def test_who_had_not_opened_the_page_while_the_code_lived_gains_nothing():
    code = shown(instant=at(60))
    for opened in (0, 59, 240, 250):
        assert not gatherings.is_good_code(code, SECRET, 7, at(300), opened_at=at(opened)), opened
    assert gatherings.is_good_code(code, SECRET, 7, at(300), opened_at=at(239))


def test_a_code_opens_nothing_before_it_is_shown():
    later = shown(instant=at(30))
    assert not gatherings.is_good_code(later, SECRET, 7, at(29))


def test_a_code_of_another_activity_or_another_secret_opens_nothing():
    assert not gatherings.is_good_code(shown(activity=8), SECRET, 7, START)
    assert not gatherings.is_good_code(shown(secret=OTHER), SECRET, 7, START)
    assert not gatherings.is_good_code(shown(), "", 7, START), "an activity that is not open has no secret"


def test_there_is_a_new_code_every_half_minute():
    codes = [shown(instant=at(seconds)) for seconds in range(0, 3600, gatherings.WINDOW_S)]
    assert len(set(codes)) == len(codes)
    assert shown(instant=at(29.9)) == shown()


@given(st.integers(0, 2**40), st.integers(1, 2**31))
def test_a_code_is_eight_signs_that_can_be_read_aloud(window, activity):
    code = gatherings.code_of(SECRET, activity, window)
    assert len(code) == gatherings.CODE_SIGNS and set(code) <= set(ALPHABET)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered_and_nothing_guessed_opens(typed):
    assert not gatherings.is_good_code(typed, SECRET, 7, START)


def test_a_code_is_good_as_people_type_it():
    code = shown()
    for typed in (code.lower(), grouped(code), f" {grouped(code).lower().replace('-', ' ')} "):
        assert gatherings.is_good_code(typed, SECRET, 7, START)


def test_when_a_code_dies_is_when_it_opens_no_more():
    end = gatherings.dies_at(gatherings.window_of(START))
    assert gatherings.is_good_code(shown(), SECRET, 7, datetime.fromtimestamp(end - 1, UTC))
    assert not gatherings.is_good_code(shown(), SECRET, 7, datetime.fromtimestamp(end, UTC))


# --- states and times --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", list(Step))
def test_a_cancelled_activity_takes_no_step(step):
    with pytest.raises(ActivityStateWrong):
        gatherings.must(step, State.CANCELLED)


def test_nobody_checks_in_before_the_opening_or_after_the_closing():
    assert gatherings.STEPS[Step.CHECK_IN] == {State.OPEN}


def test_every_step_says_from_where_it_may_be_taken():
    assert set(gatherings.STEPS) == set(Step)


@pytest.mark.parametrize("on", [date(1, 1, 1), date(1999, 12, 31), date(2028, 1, 1), date(9999, 12, 31)])
def test_an_absurd_day_is_refused(on):
    with pytest.raises(ActivityDayAbsurd):
        gatherings.check_times(on, None, None, DAY)


@pytest.mark.parametrize(
    ("starts", "ends"), [(time(9), time(8)), (time(9), time(9)), (None, time(9)), (time(23), time(0, 30))]
)
def test_hours_that_run_backwards_are_refused(starts, ends):
    with pytest.raises(HoursInWrongOrder):
        gatherings.check_times(DAY, starts, ends, DAY)


def test_hours_may_be_left_open():
    for starts, ends in ((None, None), (time(9), None), (time(0), time(23, 59))):
        gatherings.check_times(DAY, starts, ends, DAY)


def test_nobody_is_called_to_yesterday_and_no_list_opens_today_for_tomorrow():
    with pytest.raises(ActivityInPast):
        gatherings.check_call(DAY - timedelta(days=1), DAY)
    with pytest.raises(ActivityNotYet):
        gatherings.check_open(DAY + timedelta(days=1), DAY)
    gatherings.check_call(DAY, DAY)
    gatherings.check_open(DAY, DAY)


def test_what_was_held_long_ago_is_recorded_without_phones():
    assert gatherings.takes_phones(State.OPEN, DAY, DAY)
    assert not gatherings.takes_phones(State.OPEN, DAY, DAY + timedelta(days=2))
    assert not gatherings.takes_phones(State.CLOSED, DAY, DAY)


# --- who may come ------------------------------------------------------------------------------------------------

CITY = Called(agency=1, first=1, last=100)
SCHOOL = Called(agency=1, first=10, last=12)


def comer(position: int = 11, *, agency: int | None = 1, status: str = "active", is_head=False, invited=False) -> Comer:
    return Comer(agency, position, status, is_head, invited)


def admit(who: Comer, *units: Called, open_to_units=True, quota=None, came=0, by_officer=False) -> Called | None:
    return gatherings.admit(who, units, open_to_units=open_to_units, quota=quota, came=came, by_officer=by_officer)


def test_whoever_stands_in_a_called_unit_may_come():
    assert admit(comer(), SCHOOL) is None


def test_a_person_of_another_unit_or_agency_is_refused():
    for other in (comer(13), comer(9), comer(11, agency=2), comer(11, agency=None)):
        with pytest.raises(NotInvited):
            admit(other, SCHOOL)


def test_where_names_decide_the_unit_does_not_help():
    with pytest.raises(NotInvited):
        admit(comer(), SCHOOL, open_to_units=False)
    admit(comer(invited=True), SCHOOL, open_to_units=False)


def test_whoever_was_invited_by_name_may_come_from_anywhere():
    admit(comer(99, invited=True), SCHOOL)


def test_where_heads_are_called_nobody_else_may_come():
    heads = Called(1, 1, 100, heads_only=True)
    admit(comer(is_head=True), heads)
    with pytest.raises(NotInvited):
        admit(comer(), heads)


def test_what_is_said_of_a_school_goes_before_what_is_said_of_the_city():
    heads_of_school = Called(1, 10, 12, heads_only=True)
    with pytest.raises(NotInvited):
        admit(comer(), CITY, heads_of_school)
    admit(comer(20), CITY, heads_of_school)


def test_whoever_left_the_service_may_not_come_even_with_an_invitation():
    for status in ("retired", "died", "dismissed", "resigned"):
        with pytest.raises(NotInvited):
            admit(comer(status=status, invited=True), SCHOOL)


@pytest.mark.parametrize("status", ["leave", "cltn"])
def test_somebody_on_leave_is_let_in_by_an_officer_and_not_by_his_phone(status):
    with pytest.raises(OnLeaveNow):
        admit(comer(status=status), SCHOOL)
    admit(comer(status=status), SCHOOL, by_officer=True)


def test_somebody_on_leave_of_another_unit_is_told_that_he_is_not_called():
    with pytest.raises(NotInvited):
        admit(comer(50, status="leave"), SCHOOL)


def test_a_full_hall_takes_nobody():
    admit(comer(), SCHOOL, quota=10, came=9)
    for who in (comer(), comer(invited=True)):
        with pytest.raises(QuotaFull):
            admit(who, SCHOOL, quota=10, came=10)


def test_a_units_share_is_counted_and_ends():
    share = Called(1, 10, 12, quota=2, came=1)
    assert admit(comer(), share) is share
    with pytest.raises(QuotaFull):
        admit(comer(), Called(1, 10, 12, quota=2, came=2))


def test_whoever_was_invited_by_name_takes_no_place_of_the_units_share():
    assert admit(comer(invited=True), Called(1, 10, 12, quota=2, came=2)) is None


def test_a_turnout_adds_up():
    turnout = Turnout(3, 1, 2, 4) + Turnout(came=1)
    assert (turnout.invited, turnout.came, turnout.expected) == (11, 4, 8)
