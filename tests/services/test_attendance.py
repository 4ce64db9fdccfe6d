"""Who was there: one row a person, whatever the network does; who is refused and in which words; the counts by unit."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from ikrar.domain import gatherings
from ikrar.domain.errors import (
    ActivityStateWrong,
    AttendanceSettled,
    AttendanceStruck,
    CheckInCodeWrong,
    NotInvited,
    OnLeaveNow,
    QuotaFull,
    ReasonMissing,
    TooManyGuesses,
)
from ikrar.domain.gatherings import State, Turnout
from ikrar.domain.pacts import Grade
from ikrar.records.models import Activity, Attendance, LogEntry, LogPayload, Notice, Person, Placement, Throttle
from ikrar.services import activities, attendance, ledger, offices, pacts
from tests.conftest import MORNING, NOW, TEXT, TODAY, make_member
from tests.services.test_activities import PLAN, closed, drafted, invite, move, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    """The programme's clock stands at the hour of the tests."""
    monkeypatch.setattr("ikrar.services.clock.now", lambda: NOW)


def shown(activity: Activity, ago_s: float = 0) -> str:
    return gatherings.code_of(activity.secret, activity.pk, gatherings.window_of(NOW - timedelta(seconds=ago_s)))


def check_in(activity: Activity, member, *, code: str | None = None, ago_s: float = 0, opened_ago_s=None, now=NOW):
    return attendance.check_in(
        activity,
        user=member.user,
        code=shown(activity, ago_s) if code is None else code,
        now=now,
        opened_at=None if opened_ago_s is None else now - timedelta(seconds=opened_ago_s),
    )


@pytest.fixture
def activity(city, cast):
    """A declaration of Sari's school, open."""
    return opened(city, cast)


# --- by phone ----------------------------------------------------------------------------------------------------


def test_somebody_checks_in_with_the_code_of_the_venue(activity, cast):
    done = check_in(activity, cast.sari)
    row = Attendance.objects.get()
    assert done.first and done.attendance == row
    assert (row.person, row.unit, row.way, row.at, row.by) == (
        cast.sari.person, cast.sari.placement.unit, "phone", NOW, None,
    )  # fmt: skip
    assert ledger.read(LogPayload.objects.get(entry=row.entry_id))


def test_a_second_try_finds_the_first_and_changes_nothing(activity, cast):
    first = check_in(activity, cast.sari)
    entries = LogEntry.objects.count()
    later = NOW + timedelta(minutes=4)
    again = check_in(activity, cast.sari, now=later)
    assert not again.first and again.attendance == first.attendance and again.attendance.at == NOW
    assert Attendance.objects.count() == 1 and LogEntry.objects.count() == entries


def test_a_second_try_is_answered_so_even_after_the_closing_and_with_a_dead_code(activity, cast):
    check_in(activity, cast.sari)
    activities.close(activity, by=cast.rina.user, now=NOW)
    assert not check_in(activity, cast.sari, code="XXXXXXXX").first


def test_two_check_ins_at_once_are_one(activity, cast):
    """Both were looked at before either was written."""
    room = attendance._Room.of(activity)
    both = [
        attendance._arrival(activity, cast.sari.placement, room, cast.sari.user, attendance.Way.PHONE, NOW)
        for _ in range(2)
    ]
    assert [done.first for done in attendance._write(both)] == [True, False]
    assert attendance._write(both[:1])[0].first is False
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("ago_s", [0, 30, 140])
def test_a_code_of_the_last_minutes_opens(activity, cast, ago_s):
    assert check_in(activity, cast.sari, ago_s=ago_s).first


def test_a_code_that_was_sent_home_is_dead_soon(activity, cast):
    with pytest.raises(CheckInCodeWrong):
        check_in(activity, cast.sari, ago_s=200)
    assert check_in(activity, cast.sari, ago_s=200, opened_ago_s=190).first
    with pytest.raises(CheckInCodeWrong):
        check_in(activity, cast.budi, ago_s=330, opened_ago_s=320)
    for opened_ago_s in (0, 5, 3600):  # at home, when the photo came; or long before, to have it open
        with pytest.raises(CheckInCodeWrong):
            check_in(activity, cast.budi, ago_s=220, opened_ago_s=opened_ago_s)


def test_a_code_of_another_activity_opens_nothing(activity, city, cast):
    with pytest.raises(CheckInCodeWrong):
        check_in(activity, cast.sari, code=shown(opened(city, cast)))


def test_a_code_of_the_old_day_opens_nothing_after_a_move(activity, cast):
    old = shown(activity)
    move(activity, on=TODAY + timedelta(days=1))
    with pytest.raises(ActivityStateWrong):
        check_in(activity, cast.sari, code=old)


def test_a_guessed_code_is_refused_and_guesses_are_counted_by_account(activity, cast):
    for _ in range(10):
        with pytest.raises(CheckInCodeWrong):
            check_in(activity, cast.sari, code="AAAAAAAA")
    with pytest.raises(TooManyGuesses):
        check_in(activity, cast.sari, code="AAAAAAAA")
    with pytest.raises(TooManyGuesses):
        check_in(activity, cast.sari)
    assert check_in(activity, cast.budi).first, "a school shares one address, not one account"
    later = NOW + timedelta(minutes=16)
    code = gatherings.code_of(activity.secret, activity.pk, gatherings.window_of(later))
    assert check_in(activity, cast.sari, code=code, now=later).first


def test_whoever_types_right_is_not_counted(activity, cast):
    check_in(activity, cast.sari)
    assert not Throttle.objects.exists()


def test_a_person_of_another_unit_is_refused(activity, cast):
    with pytest.raises(NotInvited):
        check_in(activity, cast.rina)
    assert not Attendance.objects.exists()


def test_a_person_of_another_agency_and_an_account_without_a_person_are_refused(activity, cast):
    with pytest.raises(NotInvited):
        check_in(activity, cast.tono)
    cast.rina.user.person = None
    with pytest.raises(NotInvited):
        check_in(activity, cast.rina)


def test_whoever_came_into_the_unit_after_the_call_may_come(activity, cast):
    Placement.objects.filter(person=cast.rina.person).update(unit=cast.sari.placement.unit)
    assert check_in(activity, cast.rina).attendance.unit == cast.sari.placement.unit


def test_whoever_moved_away_after_the_call_still_has_an_invitation(activity, city, cast):
    Placement.objects.filter(person=cast.sari.person).update(unit=city.units.get(code="BKPSDM"))
    assert check_in(activity, cast.sari).first


def test_somebody_on_leave_is_sent_to_the_officer(activity, cast):
    Placement.objects.filter(person=cast.sari.person).update(status="leave")
    with pytest.raises(OnLeaveNow):
        check_in(activity, cast.sari)
    cast.sari.placement.refresh_from_db()
    attendance.check_in_by_hand(activity, [cast.sari.placement], by=cast.rina.user, now=NOW)
    assert Attendance.objects.get().way == "officer"


def test_nobody_checks_in_before_the_opening_or_after_the_closing(city, cast):
    activity = closed(city, cast)
    with pytest.raises(ActivityStateWrong):
        check_in(activity, cast.sari, code="AAAAAAAA")
    with pytest.raises(ActivityStateWrong):
        attendance.check_in_by_hand(activity, [cast.sari.placement], by=cast.rina.user, now=NOW)


def test_whoever_comes_in_the_moment_of_the_closing_is_refused(activity, cast):
    """It was read as open, and is closed by the time it is written."""
    Activity.objects.filter(pk=activity.pk).update(state=State.CLOSED)
    with pytest.raises(ActivityStateWrong):
        check_in(activity, cast.sari)
    assert not Attendance.objects.exists()


def test_at_an_activity_that_goes_past_midnight_the_code_opens_and_a_pact_is_signed_there(
    city, cast, pact_round, duty, monkeypatch
):
    activity = opened(city, cast, starts_at=time(22), ends_at=None, pact_round=pact_round)
    late = NOW.replace(hour=17, minute=30)  # half past midnight in Bukittinggi
    monkeypatch.setattr("ikrar.services.clock.now", lambda: late)
    code = gatherings.code_of(activity.secret, activity.pk, gatherings.window_of(late))
    assert check_in(activity, cast.sari, code=code, now=late).first
    signature = pacts.sign(
        duty.pk, user=cast.sari.user, shown_digest=TEXT.digest(), grade=Grade.PASSWORD,
        today=TODAY + timedelta(days=1), now=late,
    )  # fmt: skip
    assert (signature.activity_id, signature.signed_on) == (activity.pk, TODAY + timedelta(days=1))


def test_two_days_later_no_phone_checks_in(activity, cast, monkeypatch):
    late = NOW + timedelta(days=2)
    monkeypatch.setattr("ikrar.services.clock.now", lambda: late)
    code = gatherings.code_of(activity.secret, activity.pk, gatherings.window_of(late))
    with pytest.raises(CheckInCodeWrong):
        check_in(activity, cast.sari, code=code, now=late)
    attendance.check_in_by_hand(activity, [cast.sari.placement], way="paper", by=cast.rina.user, now=late)
    assert Attendance.objects.get().way == "paper"


def test_a_door_for_heads_alone_asks_who_has_the_office_in_that_minute(city, cast):
    activity = drafted(city)
    invite(activity, city.units.get(parent=None), heads_only=True)
    common = {"by": None, "now": MORNING}
    school = city.units.get(code="SMPN-3")
    post = offices.create_office(agency=city, unit=school, title="Kepala SMPN 3", kind="head_of_unit", **common)
    offices.take_over(
        post, person=cast.sari.person, capacity="plt", from_at=MORNING - timedelta(days=1), letter_number="SP 1",
        letter_on=None, **common,
    )  # fmt: skip
    activities.call(activity, today=TODAY, **common)
    activities.open_list(activity, today=TODAY, by=cast.rina.user, now=NOW)
    with pytest.raises(NotInvited):
        check_in(activity, cast.budi)
    assert check_in(activity, cast.sari).first


# --- quotas ------------------------------------------------------------------------------------------------------


def test_a_full_hall_takes_nobody_and_says_so(city, cast):
    activity = opened(city, cast, quota=1)
    check_in(activity, cast.sari)
    with pytest.raises(QuotaFull):
        check_in(activity, cast.budi)
    with pytest.raises(QuotaFull):
        attendance.check_in_by_hand(activity, [cast.budi.placement], by=cast.rina.user, now=NOW)
    attendance.strike(Attendance.objects.get(), reason="titip absen", by=cast.rina.user, now=NOW)
    assert check_in(activity, cast.budi).first


def test_of_two_who_take_the_last_place_at_once_one_gets_it(city, cast):
    activity = opened(city, cast, quota=1)
    room = attendance._Room.of(activity)
    both = [
        attendance._arrival(activity, each.placement, room, each.user, attendance.Way.PHONE, NOW)
        for each in (cast.sari, cast.budi)
    ]
    first, second = attendance._write(both)
    assert first.first and isinstance(second, QuotaFull)
    assert Attendance.objects.count() == 1


def shared(city, cast, quota: int) -> Activity:
    """An open activity to which the school may send some."""
    activity = drafted(city)
    invite(activity, city.units.get(code="SMPN-3"), quota=quota)
    activities.call(activity, today=TODAY, by=None, now=MORNING)
    activities.open_list(activity, today=TODAY, by=None, now=NOW)
    return activity


def test_a_units_share_is_taken_by_whoever_comes_first(city, cast):
    activity = shared(city, cast, 1)
    check_in(activity, cast.sari)
    with pytest.raises(QuotaFull):
        check_in(activity, cast.budi)
    with pytest.raises(NotInvited):
        check_in(activity, cast.rina)


def test_whoever_is_invited_by_name_takes_no_place_of_the_share(city, cast):
    activity = shared(city, cast, 1)
    activities.invite_people(activity, [cast.budi.person], by=None, now=NOW)
    check_in(activity, cast.budi)
    assert check_in(activity, cast.sari).first
    assert attendance.turnout(activity, city.units.get(parent=None)) == Turnout(came=2)


# --- by hand -----------------------------------------------------------------------------------------------------


def test_whoever_has_no_phone_is_put_on_the_list_and_told(activity, cast):
    done = attendance.check_in_by_hand(
        activity, [cast.sari.placement, cast.budi.placement], way="paper", by=cast.rina.user, now=NOW
    )
    assert [each.first for each in done] == [True, True]
    assert set(Attendance.objects.values_list("way", "by")) == {("paper", cast.rina.user.pk)}
    assert {each.person for each in Notice.objects.filter(kind="attendance_recorded")} == {
        cast.sari.person, cast.budi.person,
    }  # fmt: skip


def test_by_hand_all_are_written_or_nobody(activity, cast):
    with pytest.raises(NotInvited):
        attendance.check_in_by_hand(activity, [cast.sari.placement, cast.rina.placement], by=cast.rina.user, now=NOW)
    assert not Attendance.objects.exists() and not Notice.objects.filter(kind="attendance_recorded").exists()


def test_who_checked_in_by_phone_is_not_written_again_by_hand(activity, cast):
    check_in(activity, cast.sari)
    (done,) = attendance.check_in_by_hand(activity, [cast.sari.placement], by=cast.rina.user, now=NOW)
    assert not done.first and Attendance.objects.get().way == "phone"


def test_whoever_was_not_there_is_struck_out_with_a_reason_and_told(activity, cast):
    row = check_in(activity, cast.sari).attendance
    with pytest.raises(ReasonMissing):
        attendance.strike(row, reason=" ", by=cast.rina.user, now=NOW)
    attendance.strike(row, reason="tidak di tempat", by=cast.rina.user, now=NOW)
    with pytest.raises(AttendanceSettled):
        attendance.strike(row, reason="lagi", by=cast.rina.user, now=NOW)
    assert attendance.came(activity) == 0 and attendance.standing(activity, cast.sari.person.pk) is None
    notice = Notice.objects.get(kind="attendance_struck")
    assert (notice.person, notice.values["reason"]) == (cast.sari.person, "tidak di tempat")


def test_a_phone_does_not_undo_what_an_officer_struck_out(activity, cast):
    row = check_in(activity, cast.sari).attendance
    attendance.strike(row, reason="tidak di tempat", by=cast.rina.user, now=NOW)
    with pytest.raises(AttendanceStruck) as refused:
        check_in(activity, cast.sari)
    assert refused.value.reason == "tidak di tempat"
    (done,) = attendance.check_in_by_hand(activity, [cast.sari.placement], by=cast.rina.user, now=NOW)
    assert done.first and attendance.came(activity) == 1
    row.refresh_from_db()
    assert (row.struck_at, row.way, row.by) == (None, "officer", cast.rina.user)
    assert Attendance.objects.count() == 1


def test_whoever_was_there_may_be_struck_out_after_the_closing(activity, cast):
    row = check_in(activity, cast.sari).attendance
    activities.close(activity, by=None, now=NOW)
    row = Attendance.objects.get(pk=row.pk)
    attendance.strike(row, reason="titip absen", by=cast.rina.user, now=NOW)
    assert attendance.came(activity) == 0


# --- counts ------------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(city, cast):
    """The whole city is called: one came, one is excused, one on leave, one absent; and somebody came besides."""
    school, other = city.units.get(code="SMPN-3"), city.units.get(code="SDN-01")
    away = make_member(other, "199001012015031005", "Ujang Contoh", sex="m", post="Guru", status="leave")
    activity = drafted(city)
    invite(activity, city.units.get(parent=None))
    activities.call(activity, today=TODAY, by=None, now=MORNING)
    activities.open_list(activity, today=TODAY, by=None, now=NOW)
    new = make_member(school, "199101012015031006", "Wati Contoh", sex="f", post="Guru")
    check_in(activity, cast.sari)
    check_in(activity, new)
    activities.answer(
        activity.invitations.get(person=cast.budi.person), user=cast.budi.user, comes=False, reason="sakit", now=NOW
    )
    return activity, away


def test_the_counts_of_the_whole_add_up(tree, city):
    activity, _ = tree
    assert attendance.turnout(activity, city.units.get(parent=None)) == Turnout(came=2, excused=1, on_leave=1, absent=1)


def test_the_counts_go_down_unit_by_unit_and_add_up_on_each_level(tree, city):
    activity, _ = tree
    root = attendance.turnout_below(activity, city.units.get(parent=None))
    by_code = {unit.code: counts for unit, counts in root.rows}
    assert by_code == {
        "DISDIK": Turnout(came=2, excused=1, on_leave=1),
        "BKPSDM": Turnout(absent=1),
    }
    assert sum(by_code.values(), root.own) == root.total
    office = attendance.turnout_below(activity, city.units.get(code="DISDIK"))
    assert {unit.code: counts for unit, counts in office.rows} == {
        "SMPN-3": Turnout(came=2, excused=1),
        "SDN-01": Turnout(on_leave=1),
    }
    school = attendance.turnout_below(activity, city.units.get(code="SMPN-3"))
    assert school.rows == [] and school.own == school.total == Turnout(came=2, excused=1)


def test_whoever_came_counts_as_there_though_he_was_excused_or_on_leave(tree, city, cast):
    activity, away = tree
    away.placement.refresh_from_db()
    attendance.check_in_by_hand(activity, [away.placement, cast.budi.placement], by=cast.rina.user, now=NOW)
    assert attendance.turnout(activity, city.units.get(parent=None)) == Turnout(came=4, absent=1)


def test_an_empty_place_of_a_share_counts_where_the_share_is(city, cast):
    activity = shared(city, cast, 3)
    check_in(activity, cast.sari)
    root = attendance.turnout_below(activity, city.units.get(parent=None))
    assert root.total == Turnout(came=1, absent=2)
    assert attendance.turnout(activity, city.units.get(code="SMPN-3")) == Turnout(came=1, absent=2)


def test_a_unit_shows_its_latest_activities_with_its_own_counts(tree, city, cast):
    activity, _ = tree
    drafted(city)
    found = attendance.of_unit(city.units.get(code="SMPN-3"))
    assert found == [(activity, Turnout(came=2, excused=1))]
    assert attendance.of_unit(city.units.get(code="BKPSDM")) == [(activity, Turnout(absent=1))]


# --- lists -------------------------------------------------------------------------------------------------------


def names(found) -> list[str]:
    return [each.person.name for each in found]


def test_the_list_holds_whoever_is_called_or_was_there(tree, city):
    activity, _ = tree
    root = city.units.get(parent=None)
    assert names(attendance.roll(activity, root)) == [
        "Rina Umpama", "Ujang Contoh", "Budi Misalkan", "Sari Contohwati", "Wati Contoh",
    ]  # fmt: skip
    assert names(attendance.roll(activity, root, show="came")) == ["Sari Contohwati", "Wati Contoh"]
    assert names(attendance.roll(activity, root, show="waiting")) == ["Rina Umpama", "Ujang Contoh"]
    assert names(attendance.roll(activity, root, show="excused")) == ["Budi Misalkan"]
    assert names(attendance.roll(activity, root, words="sari contoh")) == ["Sari Contohwati"]
    assert names(attendance.roll(activity, root, number="198503152010012001")) == ["Sari Contohwati"]
    assert names(attendance.roll(activity, root, number="1985031520")) == []
    assert names(attendance.roll(activity, city.units.get(code="BKPSDM"))) == ["Rina Umpama"]


def test_of_a_unit_with_a_share_whoever_may_come_is_found_by_name(city, cast):
    activity = shared(city, cast, 2)
    school = city.units.get(code="SMPN-3")
    assert names(attendance.roll(activity, school)) == []
    assert names(attendance.roll(activity, school, words="sari")) == ["Sari Contohwati"]
    assert names(attendance.roll(activity, city.units.get(parent=None), words="rina")) == []


def test_one_sees_what_one_is_called_to_and_was_at(tree, city, cast):
    activity, _ = tree
    second = shared(city, cast, 2)
    drafted(city)
    mine = attendance.of_person(cast.sari.person.pk)
    assert {each.activity for each in mine} == {activity, second}
    assert {each.unit_quota for each in mine} == {None, 2}
    assert [each.activity for each in attendance.of_person(cast.rina.person.pk)] == [activity]
    assert attendance.of_person(cast.tono.person.pk) == []
    with pytest.raises(NotInvited):
        attendance.mine(second, cast.rina.person.pk)


def test_a_cancelled_activity_stays_with_those_who_were_invited(city, cast):
    activity = drafted(city)
    invite(activity, city.units.get(code="SMPN-3"))
    activities.call(activity, today=TODAY, by=None, now=MORNING)
    activities.cancel(activity, reason="banjir", by=cast.rina.user, now=NOW)
    assert [each.activity.state for each in attendance.of_person(cast.sari.person.pk)] == ["cancelled"]


def test_hundreds_who_come_together_are_written_in_few_questions(city, cast, django_assert_max_num_queries):
    school = city.units.get(code="SMPN-3")
    people = Person.objects.bulk_create(
        Person(identifier_type="none", identifier=f"x{n}", name=f"Rekaan {n}") for n in range(120)
    )
    placed = Placement.objects.bulk_create(
        Placement(person=each, unit=school, employment="pns", from_on=date(2024, 1, 1)) for each in people
    )
    activity = activities.draft(
        agency=city, unit=None, plan=replace(PLAN, kind="roll_call"), today=TODAY, by=None, now=MORNING
    )
    invite(activity, school)
    activities.open_list(activity, today=TODAY, by=None, now=NOW)
    room = attendance._Room.of(activity)
    ready = [attendance._arrival(activity, each, room, cast.rina.user, attendance.Way.PHONE, NOW) for each in placed]
    with django_assert_max_num_queries(12):
        assert all(done.first for done in attendance._write(ready))
    assert attendance.came(activity) == 120
