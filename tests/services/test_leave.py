"""Leave and who stands in: the office changes hands in a minute and comes back by itself; nobody acts whose time is over."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine

from ikrar.domain.access import Role
from ikrar.domain.days import WIB
from ikrar.domain.errors import (
    CapacityNotActing,
    DatesInWrongOrder,
    HandOverInPast,
    LeaveNotRunning,
    LeaveOver,
    LeaveOverlaps,
    OfficeAlreadyHeld,
    OfficeVacant,
    PersonNotOfAgency,
    StandInAway,
    StandInIsHolder,
    StandInOnLeave,
)
from ikrar.records.models import Holding, LogPayload, Notice, OfficeLeave
from ikrar.services import accounts, duties, offices
from ikrar.services.offices import StandIn
from tests.web import stage as stages
from tests.web.stage import agency, install, outsider, person

pytestmark = pytest.mark.django_db

NOW = datetime(2020, 9, 23, 10, 0, tzinfo=WIB)
SINCE = datetime(2019, 2, 1, 0, 0, tzinfo=WIB)
FIRST, LAST = date(2020, 9, 25), date(2020, 12, 5)
BEGINS, ENDS = datetime(2020, 9, 25, 0, 0, tzinfo=WIB), datetime(2020, 12, 6, 0, 0, tzinfo=WIB)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def in_september(settings):
    settings.COMMIT_TOGETHER = False
    with time_machine.travel(NOW, tick=False):
        yield


class City:
    """A city whose mayor runs again: Ali is mayor, Budi his secretary, Cici heads a district; Dewi serves elsewhere."""

    def __init__(self) -> None:
        install()
        self.agency, self.root = agency("13.75", "Kota Bukittinggi")
        self.other, other_root = agency("13.76", "Kota Payakumbuh")
        self.district = stages._unit(self.agency, self.root, "KEC-01", "Kecamatan Satu", "district")
        stages.units.renumber(self.agency)
        for unit in (self.root, self.district):
            unit.refresh_from_db()
        since = date(2019, 1, 2)
        self.ali = person("Ali Misalkan", "196501011990031001", self.root, since=since)
        self.budi = person("Budi Santoso", stages.BUDI, self.root, since=since)
        self.cici = person("Cici Contohwati", stages.WATI, self.district, is_head=True, since=since)
        self.dewi = person("Dewi Rekaan", stages.TONO, other_root, since=since)
        self.by = outsider("RINA", "Rina")
        self.mayor = self.office("Wali Kota", kind="head_of_region")
        self.secretary = self.office("Sekretaris Daerah", kind="secretary")
        self.holding = self.hold(self.mayor, self.ali)
        self.secretarys = self.hold(self.secretary, self.budi)

    def office(self, title, *, unit=None, kind="other"):
        return offices.create_office(agency=self.agency, unit=unit, title=title, kind=kind, by=self.by, now=NOW)

    def hold(self, office, someone, from_at=SINCE, capacity="definitive"):
        return offices.take_over(
            office, person=someone, capacity=capacity, from_at=from_at, letter_number="SK", letter_on=None, by=self.by,
            now=NOW,
        )  # fmt: skip

    def leave(self, holding=None, someone=None, **more) -> OfficeLeave:
        given = {"kind": "campaign", "from_on": FIRST, "last_on": LAST, "note": "", "by": self.by, "now": NOW} | more
        if someone:
            given["stand_in"] = StandIn("pjs", someone, letter_number="SK 7", letter_on=FIRST)
        return offices.record_leave(holding or self.holding, **given)

    def holds(self, at: datetime, office=None):
        found = offices.holder(office or self.mayor, at)
        return found.person if found else None


@pytest.fixture
def city(db):
    return City()


def entries(event: str) -> list[dict]:
    said = (json.loads(bytes(each.payload)) for each in LogPayload.objects.all())
    return [each["data"] for each in said if each["event"] == event]


# --- one act -----------------------------------------------------------------------------------------------------


def test_leave_and_stand_in_are_one_act_and_the_office_changes_hands_in_that_minute(city):
    city.leave(someone=city.dewi)
    assert city.holds(BEGINS - MINUTE) == city.ali
    assert city.holds(BEGINS) == city.dewi
    assert city.holds(ENDS - MINUTE) == city.dewi
    assert city.holds(ENDS) == city.ali
    assert len(entries("office.leave_recorded")) == len(entries("office.stand_in_named")) == 1


def test_it_may_begin_at_any_minute_of_its_first_day(city):
    nine = datetime(2020, 9, 25, 9, 41, tzinfo=WIB)
    city.leave(someone=city.dewi, from_at=nine)
    assert city.holds(nine - MINUTE) == city.ali
    assert city.holds(nine) == city.dewi


def test_without_a_stand_in_nobody_has_the_office_and_that_is_shown(city):
    city.leave()
    assert city.holds(BEGINS) is None
    state = offices.state(city.mayor, BEGINS)
    assert state.is_gap and state.owner.person == city.ali and state.leave is not None
    assert not offices.state(city.mayor, ENDS).is_gap


def test_the_office_is_shown_with_the_leave_that_is_ahead(city):
    leave = city.leave(someone=city.dewi)
    state = offices.state(city.mayor, NOW)
    assert (state.holding.person, state.leave, state.ahead) == (city.ali, None, (leave,))


def test_at_most_one_holds_an_office_at_any_minute(city):
    city.leave(someone=city.dewi)
    later = datetime(2020, 10, 10, 12, 0, tzinfo=WIB)
    offices.name_stand_in(OfficeLeave.objects.get(), StandIn("plh", city.cici), from_at=later, by=city.by, now=NOW)
    at = SINCE
    while at < ENDS + timedelta(days=3):
        assert Holding.objects.at(at).filter(office=city.mayor).count() == 1, at
        at += timedelta(days=1)


def test_whoever_stands_in_is_told_and_so_is_the_one_on_leave_when_it_begins_and_ends(city):
    city.leave(someone=city.budi)
    assert Notice.objects.filter(person=city.budi, kind="stand_in_named").count() == 1
    with time_machine.travel(BEGINS + MINUTE):
        for _ in range(3):
            duties.tell_turns(BEGINS + MINUTE)
    assert Notice.objects.filter(person=city.budi, kind="stand_in_begun").count() == 1
    assert Notice.objects.filter(person=city.ali, kind="leave_begun").count() == 1
    with time_machine.travel(ENDS + MINUTE):
        for _ in range(3):
            duties.tell_turns(ENDS + MINUTE)
    assert Notice.objects.filter(person=city.budi, kind="stand_in_ended").count() == 1
    assert Notice.objects.filter(person=city.ali, kind="leave_over").count() == 1


# --- something else is recorded ----------------------------------------------------------------------------------


def test_whoever_comes_back_early_has_the_office_from_that_minute_and_the_stand_in_nothing_more(city):
    leave = city.leave(someone=city.dewi)
    back = datetime(2020, 11, 2, 8, 0, tzinfo=WIB)
    offices.end_leave(leave, at=back, by=city.by, now=NOW)
    assert city.holds(back - MINUTE) == city.dewi
    assert city.holds(back) == city.ali
    leave.refresh_from_db()
    assert leave.last_on == date(2020, 11, 2) and len(entries("office.leave_ended")) == 1
    with pytest.raises(LeaveOver):
        offices.end_leave(leave, at=back, by=city.by, now=NOW)


def test_a_leave_that_is_cancelled_before_it_begins_never_was(city):
    leave = city.leave(someone=city.dewi)
    offices.end_leave(leave, at=NOW, by=city.by, now=NOW)
    assert city.holds(BEGINS + MINUTE) == city.ali
    assert len(entries("office.leave_cancelled")) == 1 and not entries("office.leave_ended")
    assert city.leave(someone=city.budi).pk != leave.pk


def test_of_a_leave_that_never_began_no_stand_in_stays_though_he_is_told(city):
    leave = city.leave(someone=city.budi)
    standing_in = leave.stand_ins.get()
    city.leave(standing_in, city.dewi, kind="sick", from_on=date(2020, 10, 5), last_on=date(2020, 10, 9))
    offices.end_leave(leave, at=NOW, by=city.by, now=NOW)
    assert not Holding.objects.filter(leave__isnull=False).exists()
    assert list(OfficeLeave.objects.all()) == [leave]
    assert Notice.objects.filter(person=city.budi, kind="leave_cancelled").count() == 1
    assert len(entries("office.stand_in_named")) == 2
    # He never headed the agency, so what was given to him by hand is his still.
    budi = stages.account(city.budi)
    accounts.add_grant(budi, Role.APPOINTING_AUTHORITY, agency=city.agency, by=None, now=NOW)
    assert Role.APPOINTING_AUTHORITY in roles(budi, NOW)


def test_of_a_leave_that_ends_midway_those_stay_who_stood_in_until_that_minute(city):
    leave = city.leave(someone=city.dewi)
    later = datetime(2020, 11, 10, 8, 0, tzinfo=WIB)
    offices.name_stand_in(leave, StandIn("plh", city.budi), from_at=later, by=city.by, now=NOW)
    back = datetime(2020, 11, 2, 8, 0, tzinfo=WIB)
    offices.end_leave(leave, at=back, by=city.by, now=NOW)
    (stood_in,) = leave.stand_ins.all()
    assert (stood_in.person, stood_in.until_at) == (city.dewi, back)
    assert Notice.objects.filter(person=city.budi, kind="leave_ended").count() == 1


def test_whoever_was_named_for_a_leave_that_a_hand_over_let_lapse_is_not_in_the_offices_history(city):
    city.leave(someone=city.dewi)
    city.hold(city.mayor, city.budi, datetime(2020, 9, 24, 9, 0, tzinfo=WIB), "pj")
    assert [each.person for each in city.mayor.holdings.ever_held()] == [city.budi, city.ali]


def test_a_hand_over_during_a_leave_ends_it_with_whoever_stood_in(city):
    city.leave(someone=city.dewi)
    at = datetime(2020, 10, 1, 9, 0, tzinfo=WIB)
    city.hold(city.mayor, city.budi, at, "pj")
    assert city.holds(at - MINUTE) == city.dewi
    assert city.holds(at) == city.budi
    assert city.holds(ENDS + MINUTE) == city.budi


def test_a_hand_over_before_a_recorded_leave_lets_it_lapse(city):
    leave = city.leave(someone=city.dewi)
    at = datetime(2020, 9, 24, 9, 0, tzinfo=WIB)
    city.hold(city.mayor, city.budi, at, "pj")
    assert city.holds(BEGINS + MINUTE) == city.budi
    leave.refresh_from_db()
    assert leave.cancelled_at is not None


def test_a_hand_over_that_is_taken_back_lets_the_leave_and_whoever_stood_in_go_on(city):
    leave = city.leave(someone=city.budi)
    later, sick = datetime(2020, 11, 10, 8, 0, tzinfo=WIB), date(2020, 10, 20)
    offices.name_stand_in(leave, StandIn("plh", city.dewi), from_at=later, by=city.by, now=NOW)
    standing_in = leave.stand_ins.get(person=city.budi)
    city.leave(standing_in, city.dewi, kind="sick", from_on=sick, last_on=sick)
    duties.give(
        agency=city.agency, text="Apel", every="day", from_on=FIRST, leave=leave, of_offices=[city.mayor], by=city.by,
        now=NOW,
    )  # fmt: skip
    rows = state_of(city)
    for at in (datetime(2020, 9, 24, 9, 0, tzinfo=WIB), datetime(2020, 10, 1, 9, 0, tzinfo=WIB), ENDS - 9 * MINUTE):
        wrong = city.hold(city.mayor, city.cici, at, "pj")
        assert state_of(city) != rows
        with time_machine.travel(at + 2 * MINUTE, tick=False):
            duties.tell_turns(at + 2 * MINUTE)
            offices.withdraw_take_over(wrong, by=city.by, now=at + 2 * MINUTE)
        assert state_of(city) == rows
        assert city.holds(datetime(2020, 10, 1, 12, 0, tzinfo=WIB)) == city.budi and city.holds(ENDS) == city.ali
        assert city.holds(later) == city.dewi
    assert not OfficeLeave.objects.filter(ended_told_at__isnull=False, until_at=ENDS).exists()


def state_of(city) -> list[list[tuple]]:
    """Return what the records hold of the mayor's office, but for what was told to whom."""
    return [
        list(city.mayor.holdings.order_by("pk").values_list("pk", "person", "from_at", "until_at", "leave")),
        list(OfficeLeave.objects.order_by("pk").values_list("pk", "from_at", "until_at", "last_on", "cancelled_at")),
    ]


def test_a_leave_that_was_taken_back_meanwhile_does_not_come_back_with_the_office(city):
    leave = city.leave()
    wrong = city.hold(city.mayor, city.cici, datetime(2020, 10, 1, 9, 0, tzinfo=WIB), "pj")
    offices.withdraw_leave(leave, by=city.by, now=NOW)
    offices.withdraw_take_over(wrong, by=city.by, now=NOW)
    assert not OfficeLeave.objects.exists() and city.holds(BEGINS) == city.ali


def test_an_office_that_is_left_during_a_leave_is_vacant_though_somebody_stood_in(city):
    city.leave(someone=city.dewi)
    at = datetime(2020, 10, 1, 9, 0, tzinfo=WIB)
    offices.leave_office(city.holding, until_at=at, by=city.by, now=NOW)
    assert city.holds(at - MINUTE) == city.dewi
    assert city.holds(at) is None


def test_a_stand_in_is_replaced_to_the_minute(city):
    leave = city.leave(someone=city.dewi)
    at = datetime(2020, 10, 1, 9, 0, tzinfo=WIB)
    offices.name_stand_in(leave, StandIn("plh", city.budi), from_at=at, by=city.by, now=NOW)
    assert (city.holds(at - MINUTE), city.holds(at), city.holds(ENDS)) == (city.dewi, city.budi, city.ali)
    with pytest.raises(OfficeAlreadyHeld):
        offices.name_stand_in(leave, StandIn("plh", city.cici), from_at=at, by=city.by, now=NOW)
    with pytest.raises(LeaveNotRunning):
        offices.name_stand_in(leave, StandIn("plh", city.cici), from_at=ENDS, by=city.by, now=NOW)


# --- an acting head who is on leave himself ----------------------------------------------------------------------


def test_whoever_stands_in_and_goes_on_leave_himself_leaves_a_gap(city):
    city.leave(someone=city.budi)
    own = city.leave(city.secretarys, kind="annual", from_on=date(2020, 10, 5), last_on=date(2020, 10, 6))
    assert own.holding.office == city.secretary
    assert city.holds(datetime(2020, 10, 4, 12, tzinfo=WIB)) == city.budi
    assert city.holds(datetime(2020, 10, 5, 12, tzinfo=WIB)) is None  # on leave from one office is on leave
    assert city.holds(datetime(2020, 10, 7, 0, tzinfo=WIB)) == city.budi


def test_a_stand_in_has_a_stand_in_of_his_own_and_both_end_with_the_first_leave(city):
    city.leave(someone=city.budi)
    standing_in = Holding.objects.get(leave__isnull=False)
    city.leave(standing_in, city.dewi, kind="sick", from_on=date(2020, 10, 5), last_on=date(2020, 10, 9))
    assert city.holds(datetime(2020, 10, 6, tzinfo=WIB)) == city.dewi
    offices.end_leave(
        OfficeLeave.objects.get(holding=city.holding), at=datetime(2020, 10, 7, 8, tzinfo=WIB), by=city.by, now=NOW
    )
    assert city.holds(datetime(2020, 10, 7, 8, tzinfo=WIB)) == city.ali
    assert city.holds(datetime(2020, 10, 8, tzinfo=WIB)) == city.ali


# --- refused -----------------------------------------------------------------------------------------------------


def test_nobody_goes_on_leave_from_a_vacant_office(city):
    early = datetime(2018, 1, 1, tzinfo=WIB)
    with pytest.raises(OfficeVacant):
        city.leave(from_on=early.date(), last_on=date(2018, 1, 5))


def test_two_leaves_of_one_holder_do_not_overlap_not_even_by_a_day(city):
    city.leave(someone=city.dewi)
    with pytest.raises(LeaveOverlaps) as refused:
        city.leave(kind="annual", from_on=LAST, last_on=LAST + timedelta(days=3))
    assert (refused.value.first, refused.value.last) == (FIRST, LAST)
    city.leave(kind="annual", from_on=LAST + timedelta(days=1), last_on=LAST + timedelta(days=3))


def test_a_double_click_records_one_leave(city):
    city.leave(someone=city.dewi)
    with pytest.raises(LeaveOverlaps):
        city.leave(someone=city.dewi)
    assert OfficeLeave.objects.count() == 1 and Holding.objects.filter(leave__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"last_on": FIRST - timedelta(days=1)}, DatesInWrongOrder),
        ({"from_at": datetime(2020, 12, 6, 0, 0, tzinfo=WIB)}, DatesInWrongOrder),
    ],
)
def test_a_leave_ends_after_it_begins(city, change, error):
    with pytest.raises(error):
        city.leave(**change)
    assert not OfficeLeave.objects.exists()


def test_a_refused_stand_in_leaves_no_leave_behind(city):
    for stand_in, error in (
        (StandIn("definitive", city.budi), CapacityNotActing),
        (StandIn("pjs", city.ali), StandInIsHolder),
    ):
        with pytest.raises(error):
            city.leave(stand_in=stand_in)
        assert not OfficeLeave.objects.exists() and not entries("office.leave_recorded")


def test_nobody_stands_in_who_is_on_leave_on_some_of_these_days(city):
    city.leave(city.secretarys, kind="annual", from_on=date(2020, 12, 4), last_on=date(2020, 12, 9))
    with pytest.raises(StandInOnLeave):
        city.leave(someone=city.budi)


def test_nobody_stands_in_who_is_away_by_the_roster_when_it_begins(city):
    city.budi.placements.update(status="leave")
    with pytest.raises(StandInAway):
        city.leave(someone=city.budi, from_on=NOW.date())
    assert city.leave(someone=city.budi)  # by the day it begins he may be back


def test_an_acting_head_of_region_may_come_from_another_agency_and_no_other_acting_head(city):
    assert city.leave(someone=city.dewi)
    with pytest.raises(PersonNotOfAgency):
        city.leave(city.secretarys, city.dewi)


def test_an_acting_head_of_region_may_stand_on_no_roster(city):
    city.leave(stand_in=StandIn("pjs", name="Dr. H. Contoh Rekaan, M.Si"))
    sent = offices.holder(city.mayor, BEGINS).person
    assert sent.full_name == "Dr. H. Contoh Rekaan, M.Si" and not sent.placements.exists()
    with pytest.raises(PersonNotOfAgency):
        city.leave(city.secretarys, stand_in=StandIn("plh", name="Orang Luar"))


def test_whoever_left_the_service_stands_in_for_nobody(city):
    city.budi.placements.update(status="retired")
    with pytest.raises(PersonNotOfAgency):
        city.leave(someone=city.budi)


def test_an_earlier_day_is_refused_unless_it_is_said_to_be_recorded_afterwards(city):
    past = {"from_on": date(2020, 9, 1), "last_on": date(2020, 9, 30)}
    with pytest.raises(HandOverInPast):
        city.leave(recorded_late=False, **past)
    assert city.leave(recorded_late=True, **past)
    with pytest.raises(HandOverInPast):
        offices.take_over(
            city.secretary, person=city.cici, capacity="plt", from_at=datetime(2020, 9, 22, 23, 59, tzinfo=WIB),
            letter_number="", letter_on=None, recorded_late=False, by=city.by, now=NOW,
        )  # fmt: skip


def test_an_hour_ago_today_is_no_earlier_day(city):
    assert offices.take_over(
        city.secretary, person=city.cici, capacity="plt", from_at=NOW - timedelta(hours=3), letter_number="",
        letter_on=None, recorded_late=False, by=city.by, now=NOW,
    )  # fmt: skip


# --- what somebody holds, and his roles --------------------------------------------------------------------------


def roles(user, at: datetime) -> set[Role]:
    with time_machine.travel(at, tick=False):
        return {grant.role for grant in accounts.grants_of(accounts.User.objects.get(pk=user.pk), now=at)}


def test_the_roles_of_an_office_are_those_of_whoever_holds_it_in_that_minute(city):
    ali, dewi = stages.account(city.ali), stages.account(city.dewi)
    city.leave(someone=city.dewi)
    head = Role.APPOINTING_AUTHORITY
    assert head in roles(ali, BEGINS - MINUTE) and head not in roles(dewi, BEGINS - MINUTE)
    assert head not in roles(ali, BEGINS) and head in roles(dewi, BEGINS)
    assert head in roles(ali, ENDS) and head not in roles(dewi, ENDS)


def test_an_acting_head_whose_time_is_over_has_nothing_more_even_if_the_role_was_given_by_hand(city):
    dewi = stages.account(city.dewi)
    accounts.add_grant(dewi, Role.APPOINTING_AUTHORITY, agency=city.agency, by=None, now=NOW)
    city.leave(someone=city.dewi)
    assert Role.APPOINTING_AUTHORITY in roles(dewi, BEGINS)
    assert Role.APPOINTING_AUTHORITY not in roles(dewi, ENDS)
    assert offices.seats_of(dewi, at=ENDS).offices == ()


def test_a_delegate_who_never_held_the_office_keeps_what_he_was_given(city):
    cici = stages.account(city.cici)
    accounts.add_grant(cici, Role.APPOINTING_AUTHORITY, agency=city.agency, by=None, now=NOW)
    assert Role.APPOINTING_AUTHORITY in roles(cici, NOW)


def test_a_head_of_unit_on_leave_heads_nothing_and_whoever_stands_in_does(city):
    cici, budi = stages.account(city.cici), stages.account(city.budi)
    office = offices.office_of_head(city.district, by=city.by, now=NOW)
    assert offices.office_of_head(city.district, by=city.by, now=NOW) == office
    holding = offices.holder(office, NOW)
    assert holding.person == city.cici
    assert Role.UNIT_HEAD in roles(cici, NOW)
    city.leave(holding, city.budi, kind="sick")
    assert Role.UNIT_HEAD not in roles(cici, BEGINS) and Role.UNIT_HEAD in roles(budi, BEGINS)
    assert Role.UNIT_HEAD in roles(cici, ENDS) and Role.UNIT_HEAD not in roles(budi, ENDS)
    units = stages.WorkUnit.objects.filter(pk=city.district.pk)
    head = offices.unit_heads(units, BEGINS, FIRST)[city.district.pk]
    assert (head.person, head.capacity, head.away) == (city.budi, "pjs", False)


def test_a_head_by_the_roster_heads_nothing_while_an_acting_head_has_the_office(city, settings):
    """Also where the one whom the roster names never held the office himself; in the minute, not seconds later."""
    settings.KEPT_S = 60
    cici, budi = stages.account(city.cici), stages.account(city.budi)

    def now(user):
        return {grant.role for grant in accounts.grants_of(accounts.account(user.pk), now=NOW)}

    assert Role.UNIT_HEAD in now(cici) and Role.UNIT_HEAD not in now(budi)
    acting = city.hold(city.office("Camat Satu", unit=city.district, kind="head_of_unit"), city.budi, NOW, "plt")
    assert Role.UNIT_HEAD not in now(cici) and Role.UNIT_HEAD in now(budi)
    assert not duties.of_user(cici, at=NOW).seats.units
    with time_machine.travel(NOW + 2 * MINUTE):
        offices.leave_office(acting, until_at=NOW + MINUTE, by=city.by, now=NOW)
        assert Role.UNIT_HEAD in roles(cici, NOW + 2 * MINUTE)


def test_whoever_has_the_office_of_a_head_is_on_leave_with_it_by_the_roster_too(city):
    offices.office_of_head(city.district, by=city.by, now=NOW)
    city.cici.placements.update(status="leave")
    head = offices.unit_heads(stages.WorkUnit.objects.filter(pk=city.district.pk), NOW, NOW.date())[city.district.pk]
    assert head.away and head.person is None


def test_a_unit_with_an_acting_head_has_one_on_every_list(city):
    stages.Placement.objects.filter(person=city.cici).update(is_head=False)
    assert offices_named(city) == ({}, True)
    city.hold(city.office("Camat Satu", unit=city.district, kind="head_of_unit"), city.budi, NOW, "plt")
    assert offices_named(city) == ({city.district.pk: "Budi Santoso"}, False)
    assert stages.units.superior(city.cici, NOW.date()) == city.budi


def offices_named(city) -> tuple[dict[int, str], bool]:
    """Return the heads that the list of units names, and whether it calls the district headless."""
    return stages.units.heads(city.agency, NOW.date()), city.district.pk in stages.units.headless(
        city.agency, NOW.date()
    )


def test_a_head_of_unit_who_is_away_by_the_roster_is_a_gap(city):
    city.cici.placements.update(status="leave")
    head = offices.unit_heads(stages.WorkUnit.objects.filter(pk=city.district.pk), NOW, NOW.date())[city.district.pk]
    assert head.away and head.person is None


def test_the_later_of_roster_and_office_says_who_heads_a_unit(city):
    office = city.office("Camat Satu", unit=city.district, kind="head_of_unit")
    units = stages.WorkUnit.objects.filter(pk=city.district.pk)
    city.hold(office, city.budi, datetime(2018, 5, 1, tzinfo=WIB), "plt")
    assert offices.unit_heads(units, NOW, NOW.date())[city.district.pk].person == city.cici  # placed in 2019
    city.hold(office, city.budi, datetime(2020, 5, 1, tzinfo=WIB), "plt")
    assert offices.unit_heads(units, NOW, NOW.date())[city.district.pk].person == city.budi


def test_the_head_of_one_unit_is_the_one_that_lists_of_units_name(city):
    """In every minute of a leave, and while its own head is away by the roster alone."""

    def same(*moments):
        units = stages.WorkUnit.objects.filter(agency=city.agency)
        for at in moments:
            every = offices.unit_heads(units, at, at.date())
            assert {unit.pk: offices.unit_head(unit.pk, at, at.date()) for unit in units} == {
                unit.pk: every.get(unit.pk) for unit in units
            }

    same(NOW)
    holding = offices.holder(offices.office_of_head(city.district, by=city.by, now=NOW), NOW)
    city.leave(holding, city.budi, kind="sick")
    same(NOW, BEGINS - MINUTE, BEGINS, ENDS - MINUTE, ENDS)
    city.cici.placements.update(status="leave")
    same(NOW, BEGINS, ENDS)


def test_heads_of_many_units_are_asked_in_three_queries(city, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        offices.unit_heads(stages.WorkUnit.objects.filter(agency=city.agency), NOW, NOW.date())


# --- what the law says -------------------------------------------------------------------------------------------


def test_limits_are_those_of_the_rulebook_with_sources_and_of_heads_of_region_alone(city):
    found = offices.limits(city.mayor, date(2024, 10, 25))
    assert {rule.id for rule in found.rules} == {
        "incumbent-on-campaign-leave", "pjs-stands-in", "leave-of-heads-not-running", "reshuffle-ban",
    }  # fmt: skip
    assert all(rule.cites for rule in found.rules) and found.acts
    assert "pjs-stands-in" not in {rule.id for rule in offices.limits(city.mayor, date(2020, 9, 1)).rules}
    assert not offices.limits(city.secretary, date(2024, 10, 25))
