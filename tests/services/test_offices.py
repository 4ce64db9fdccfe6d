"""Offices and bodies: one holder at any minute, hand-over without a gap, leave, members by assignment letter."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from ikrar.domain.errors import (
    DatesInWrongOrder,
    DayTooFar,
    HolderFromOutside,
    HoldingRestedOn,
    NotTheLatestHolder,
    OfficeAlreadyHeld,
    PersonNotOfAgency,
    ReasonMissing,
)
from ikrar.records.models import Body, BodyMember, Holding, LogPayload, Office, OfficeLeave, Person
from ikrar.services import offices
from tests.web import stage as stages
from tests.web.stage import MORNING, TODAY, agency, install, outsider, person

pytestmark = pytest.mark.django_db

NOON = datetime(2024, 10, 25, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def one_act_at_a_time(settings):
    settings.COMMIT_TOGETHER = False


class Town:
    def __init__(self) -> None:
        install()
        self.agency, self.root = agency("13.75", "Kota Bukittinggi")
        self.other, other_root = agency("13.76", "Kota Payakumbuh")
        self.budi = person("Budi Santoso", stages.BUDI, self.root)
        self.wati = person("Wati Amir", stages.WATI, self.root)
        self.tono = person("Tono Hartono", stages.TONO, other_root)
        self.by = outsider("RINA", "Rina")
        self.mayor = self.office("Wali Kota", unit=None, kind="head_of_region")
        self.head = self.office("Kepala Dinas", unit=self.root, kind="head_of_unit")

    def office(self, title: str, *, unit, kind: str) -> Office:
        return offices.create_office(agency=self.agency, unit=unit, title=title, kind=kind, by=self.by, now=MORNING)

    def take_over(self, office: Office, someone, from_at: datetime, capacity: str = "definitive") -> Holding:
        return offices.take_over(
            office, person=someone, capacity=capacity, from_at=from_at, letter_number="SK 1", letter_on=TODAY,
            by=self.by, now=MORNING,
        )  # fmt: skip

    def add(self, body: Body, someone, **more) -> BodyMember:
        given = {"duty": "Anggota", "letter_number": "ST 1", "letter_on": TODAY, "from_on": TODAY} | more
        return offices.add_member(body, person=someone, **given, by=self.by, now=MORNING)


@pytest.fixture
def town(db):
    return Town()


@pytest.fixture
def desk(town):
    return offices.create_body(
        agency=town.agency, region=town.agency.region, kind="desk", name="Desk Pilkada", task="memantau", by=town.by,
        now=MORNING,
    )  # fmt: skip


def holders(office: Office, instant: datetime) -> list:
    return [each.person for each in office.holdings.at(instant)]


def entries(event: str) -> list[dict]:
    said = (json.loads(bytes(each.payload)) for each in LogPayload.objects.all())
    return [each["data"] for each in said if each["event"] == event]


# --- hand-over ---------------------------------------------------------------------------------------------------


def test_a_new_office_is_vacant(town):
    assert holders(town.mayor, NOON) == []
    assert len(entries("office.created")) == 2


def test_the_old_holder_ends_in_the_minute_in_which_the_new_one_begins(town):
    first = town.take_over(town.mayor, town.budi, NOON)
    second = town.take_over(town.mayor, town.wati, NOON + MINUTE, "plt")
    first.refresh_from_db()
    assert first.until_at == second.from_at == NOON + MINUTE
    assert holders(town.mayor, NOON - MINUTE) == []
    assert holders(town.mayor, NOON) == [town.budi]
    assert holders(town.mayor, NOON + MINUTE - timedelta(microseconds=1)) == [town.budi]
    assert holders(town.mayor, NOON + MINUTE) == [town.wati]
    assert [each["capacity"] for each in entries("office.taken_over")] in (["definitive", "plt"], ["plt", "definitive"])


@pytest.mark.parametrize("earlier", [timedelta(0), -MINUTE, -timedelta(days=3)])
def test_an_office_is_not_taken_over_at_or_before_the_minute_of_the_last_hand_over(town, earlier):
    town.take_over(town.mayor, town.budi, NOON)
    before = LogPayload.objects.count()
    with pytest.raises(OfficeAlreadyHeld) as refused:
        town.take_over(town.mayor, town.wati, NOON + earlier)
    assert refused.value.since == NOON
    assert holders(town.mayor, NOON) == [town.budi]
    assert LogPayload.objects.count() == before


def test_a_hand_over_may_be_recorded_ahead(town):
    town.take_over(town.mayor, town.budi, NOON)
    town.take_over(town.mayor, None, NOON + timedelta(days=30), "pjs")
    assert holders(town.mayor, NOON + timedelta(days=29)) == [town.budi]
    assert holders(town.mayor, NOON + timedelta(days=30)) == [None]


def test_where_the_source_names_nobody_the_holder_stays_empty(town):
    holding = town.take_over(town.mayor, None, NOON, "pjs")
    assert holding.person is None and holding.capacity == "pjs"


def test_an_acting_head_of_region_may_come_from_outside(town):
    assert town.take_over(town.mayor, town.tono, NOON, "pj").person == town.tono


def test_an_office_of_a_unit_is_held_by_somebody_of_its_agency(town):
    with pytest.raises(PersonNotOfAgency):
        town.take_over(town.head, town.tono, NOON)
    assert holders(town.head, NOON) == []
    town.wati.placements.update(until_on=TODAY)
    with pytest.raises(PersonNotOfAgency):
        town.take_over(town.head, town.wati, NOON)
    assert not entries("office.taken_over")


def test_one_person_may_hold_two_offices(town):
    town.take_over(town.mayor, town.budi, NOON)
    town.take_over(town.head, town.budi, NOON, "plt")
    assert Holding.objects.at(NOON).filter(person=town.budi).count() == 2


def test_the_database_holds_no_two_open_holdings_of_one_office(town):
    town.take_over(town.mayor, town.budi, NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(office=town.mayor, capacity="plt", from_at=NOON + MINUTE)


# --- leaving -----------------------------------------------------------------------------------------------------


def test_an_office_that_was_left_is_vacant_from_that_minute(town):
    holding = town.take_over(town.mayor, town.budi, NOON)
    offices.leave_office(holding, until_at=NOON + MINUTE, by=town.by, now=MORNING)
    assert holders(town.mayor, NOON) == [town.budi]
    assert holders(town.mayor, NOON + MINUTE) == []
    assert entries("office.left") == [{"office": town.mayor.pk, "holding": holding.pk, "by": town.by.pk}]


@pytest.mark.parametrize("until", [NOON, NOON - MINUTE])
def test_an_office_is_not_left_before_it_was_taken(town, until):
    holding = town.take_over(town.mayor, town.budi, NOON)
    with pytest.raises(DatesInWrongOrder):
        offices.leave_office(holding, until_at=until, by=town.by, now=MORNING)
    assert not entries("office.left")


def test_leaving_twice_changes_nothing_and_logs_nothing_more(town):
    """The log says what happened; a second leaving did not happen."""
    holding = town.take_over(town.mayor, town.budi, NOON)
    offices.leave_office(holding, until_at=NOON + MINUTE, by=town.by, now=MORNING)
    offices.leave_office(holding, until_at=NOON + 2 * MINUTE, by=town.by, now=MORNING)
    holding.refresh_from_db()
    assert holding.until_at == NOON + MINUTE
    assert len(entries("office.left")) == 1


def test_an_office_has_one_holder_at_any_minute_also_where_the_old_one_was_to_leave_later(town):
    """Budi was to leave at noon tomorrow; Wati takes over this evening: from this evening on it is Wati alone."""
    holding = town.take_over(town.mayor, town.budi, NOON)
    offices.leave_office(holding, until_at=NOON + timedelta(days=1), by=town.by, now=MORNING)
    evening = NOON + timedelta(hours=5)
    try:
        town.take_over(town.mayor, town.wati, evening)
    except OfficeAlreadyHeld:
        return
    assert holders(town.mayor, evening + timedelta(hours=1)) == [town.wati]


@pytest.mark.parametrize(
    ("kind", "capacity", "allowed"),
    [
        ("head_of_region", "definitive", True), ("head_of_region", "pj", True), ("other", "definitive", True),
        ("other", "plt", False), ("secretary", "definitive", False), ("secretary", "pj", False),
        ("head_of_unit", "definitive", False),
    ],
)  # fmt: skip
def test_from_outside_the_roster_come_heads_of_region_and_who_is_elected_beside_them(town, kind, capacity, allowed):
    office = offices.create_office(agency=town.agency, unit=None, title="Jabatan", kind=kind, by=town.by, now=MORNING)
    given = {
        "capacity": capacity,
        "from_at": NOON,
        "letter_number": "SK",
        "letter_on": None,
        "by": town.by,
        "now": MORNING,
    }
    if allowed:
        assert offices.take_over_from_outside(office, name="Orang Luar", **given).person.name == "Orang Luar"
        return
    with pytest.raises(HolderFromOutside):
        offices.take_over_from_outside(office, name="Orang Luar", **given)
    assert not office.holdings.exists() and not Person.objects.filter(name="Orang Luar").exists()


def test_nobody_of_a_unit_comes_from_outside_the_roster(town):
    unit = town.root.children.first() or town.root
    office = offices.create_office(agency=town.agency, unit=unit, title="Staf", kind="other", by=town.by, now=MORNING)
    assert not offices.capacities_from_outside(office)


def test_an_office_is_taken_over_after_a_vacancy(town):
    holding = town.take_over(town.mayor, town.budi, NOON)
    offices.leave_office(holding, until_at=NOON + MINUTE, by=town.by, now=MORNING)
    town.take_over(town.mayor, town.wati, NOON + 10 * MINUTE)
    holding.refresh_from_db()
    assert holding.until_at == NOON + MINUTE
    assert holders(town.mayor, NOON + 5 * MINUTE) == []


# --- leave of a holder -------------------------------------------------------------------------------------------


def test_campaign_leave_is_recorded_with_its_days(town):
    holding = town.take_over(town.mayor, town.budi, NOON)
    leave = offices.record_leave(
        holding,
        kind="campaign",
        from_on=date(2024, 10, 26),
        last_on=date(2024, 11, 23),
        note="",
        by=town.by,
        now=MORNING,
    )
    assert (leave.from_on, leave.last_on) == (date(2024, 10, 26), date(2024, 11, 23))
    assert entries("office.leave_recorded") == [
        {
            "office": town.mayor.pk, "leave": leave.pk, "kind": "campaign", "from": "2024-10-26", "last": "2024-11-23",
            "by": town.by.pk,
        }
    ]  # fmt: skip


def test_a_leave_of_one_day_is_a_leave_and_one_that_ends_before_it_begins_is_none(town):
    holding = town.take_over(town.mayor, town.budi, NOON)
    given = {"kind": "sick", "note": "", "by": town.by, "now": MORNING}
    offices.record_leave(holding, from_on=TODAY, last_on=TODAY, **given)
    with pytest.raises(DatesInWrongOrder):
        offices.record_leave(holding, from_on=TODAY, last_on=TODAY - timedelta(days=1), **given)
    assert OfficeLeave.objects.count() == 1


@pytest.mark.parametrize("when", [datetime.min, datetime.max], ids=["the first minute", "the last minute"])
def test_a_hand_over_a_leave_or_a_letter_on_a_day_that_nobody_can_mean_is_refused(town, desk, when):
    when = when.replace(second=0, microsecond=0, tzinfo=UTC)
    holding = town.take_over(town.mayor, town.budi, NOON)
    member = town.add(desk, town.budi)
    before = LogPayload.objects.count()
    given = {"kind": "annual", "note": "", "by": town.by, "now": MORNING}
    first, last = sorted([when.date(), TODAY])
    acts = [
        lambda: town.take_over(town.head, town.wati, when),
        lambda: offices.record_leave(holding, from_on=first, last_on=last, **given),
        lambda: town.add(desk, town.wati, letter_on=when.date()),
        lambda: town.add(desk, town.wati, from_on=when.date()),
    ]
    if when.year > 2024:
        acts += [
            lambda: offices.leave_office(holding, until_at=when, by=town.by, now=MORNING),
            lambda: offices.end_member(member, until_on=when.date(), by=town.by, now=MORNING),
        ]
    for act in acts:
        with pytest.raises(DayTooFar):
            act()
    assert LogPayload.objects.count() == before


def test_a_wrong_hand_over_is_taken_back_and_the_holder_before_holds_on(town):
    first = town.take_over(town.mayor, town.budi, NOON)
    wrong = town.take_over(town.mayor, town.wati, NOON + timedelta(days=300))
    day = (NOON + timedelta(days=301)).date()
    offices.record_leave(wrong, kind="annual", from_on=day, last_on=day, note="", by=town.by, now=MORNING)
    with pytest.raises(NotTheLatestHolder):
        offices.withdraw_take_over(first, by=town.by, now=MORNING)
    offices.withdraw_take_over(wrong, by=town.by, now=MORNING)
    first.refresh_from_db()
    assert first.until_at is None and not OfficeLeave.objects.exists()
    assert holders(town.mayor, NOON + timedelta(days=301)) == [town.budi]
    (entry,) = entries("office.take_over_withdrawn")
    assert (entry["office"], entry["holding"], entry["person"]) == (town.mayor.pk, wrong.pk, town.wati.pk)
    with pytest.raises(NotTheLatestHolder):
        offices.withdraw_take_over(wrong, by=town.by, now=MORNING)
    town.take_over(town.mayor, town.wati, NOON + MINUTE)


def test_who_left_before_the_wrong_hand_over_does_not_come_back_with_its_withdrawal(town):
    first = town.take_over(town.mayor, town.budi, NOON)
    offices.leave_office(first, until_at=NOON + MINUTE, by=town.by, now=MORNING)
    wrong = town.take_over(town.mayor, town.wati, NOON + timedelta(days=1))
    offices.withdraw_take_over(wrong, by=town.by, now=MORNING)
    first.refresh_from_db()
    assert first.until_at == NOON + MINUTE and holders(town.mayor, NOON + timedelta(days=2)) == []


@pytest.mark.parametrize("days", [0, 3])
def test_the_end_that_was_set_before_the_wrong_hand_over_stands_again(town, days):
    """Somebody's term ends at a minute, and a successor was recorded wrongly for that minute or an earlier one."""
    first = town.take_over(town.mayor, town.budi, NOON)
    ends = NOON + timedelta(days=5)
    offices.leave_office(first, until_at=ends, by=town.by, now=MORNING)
    wrong = town.take_over(town.mayor, town.wati, ends - timedelta(days=days))
    offices.withdraw_take_over(wrong, by=town.by, now=MORNING)
    first.refresh_from_db()
    assert first.until_at == ends and holders(town.mayor, ends) == []


def test_where_the_log_tells_no_more_what_stood_the_one_before_holds_on(town):
    first = town.take_over(town.mayor, town.budi, NOON)
    wrong = town.take_over(town.mayor, town.wati, NOON + MINUTE)
    LogPayload.objects.all().delete()
    offices.withdraw_take_over(wrong, by=town.by, now=MORNING)
    first.refresh_from_db()
    assert first.until_at is None


def test_a_wrong_leave_is_taken_back(town):
    holding = town.take_over(town.mayor, town.budi, NOON)
    leave = offices.record_leave(
        holding, kind="annual", from_on=TODAY, last_on=TODAY + timedelta(days=700), note="", by=town.by, now=MORNING
    )
    offices.withdraw_leave(leave, by=town.by, now=MORNING)
    offices.withdraw_leave(leave, by=town.by, now=MORNING)
    assert not OfficeLeave.objects.exists()
    (entry,) = entries("office.leave_withdrawn")
    assert entry["leave"] == leave.pk and entry["from"] == TODAY.isoformat()


# --- bodies ------------------------------------------------------------------------------------------------------


def test_a_member_needs_an_assignment_letter(town, desk):
    for number in ("", "   "):
        with pytest.raises(ReasonMissing):
            town.add(desk, town.budi, letter_number=number)
    assert not BodyMember.objects.exists() and not entries("body.member_added")


def test_a_member_of_a_body_inside_an_agency_serves_there(town, desk):
    with pytest.raises(PersonNotOfAgency):
        town.add(desk, town.tono)
    member = town.add(desk, town.budi, duty="Ketua")
    assert entries("body.member_added") == [
        {"body": desk.pk, "member": member.pk, "person": town.budi.pk, "by": town.by.pk}
    ]


def test_a_body_outside_all_agencies_takes_members_from_anywhere(town):
    bawaslu = offices.create_body(
        agency=None, region=town.agency.region, kind="bawaslu", name="Bawaslu", task="", by=town.by, now=MORNING
    )
    assert town.add(bawaslu, town.tono).body.agency is None


def test_nobody_is_a_member_twice_at_a_time(town, desk):
    member = town.add(desk, town.budi)
    with pytest.raises(IntegrityError), transaction.atomic():
        BodyMember.objects.create(body=desk, person=town.budi, letter_number="x", letter_on=TODAY, from_on=TODAY)
    offices.end_member(member, until_on=TODAY, by=town.by, now=MORNING)
    assert town.add(desk, town.budi).pk != member.pk


def test_a_membership_does_not_end_before_it_began(town, desk):
    member = town.add(desk, town.budi)
    with pytest.raises(DatesInWrongOrder):
        offices.end_member(member, until_on=TODAY - timedelta(days=1), by=town.by, now=MORNING)
    assert not entries("body.member_ended")


def test_ending_a_membership_twice_changes_nothing_and_logs_nothing_more(town, desk):
    member = town.add(desk, town.budi)
    offices.end_member(member, until_on=TODAY, by=town.by, now=MORNING)
    offices.end_member(member, until_on=TODAY + timedelta(days=9), by=town.by, now=MORNING)
    member.refresh_from_db()
    assert member.until_on == TODAY
    assert len(entries("body.member_ended")) == 1


def test_nothing_of_offices_in_the_log_names_a_person(town, desk):
    town.take_over(town.mayor, town.budi, NOON)
    town.add(desk, town.wati)
    said = b"".join(bytes(each.payload) for each in LogPayload.objects.all()).decode()
    for private in ("Budi", "Wati", stages.BUDI, stages.WATI, "SK 1", "ST 1"):
        assert private not in said


def test_what_others_acted_upon_is_ended_and_not_taken_back(town):
    holding = town.take_over(town.mayor, town.budi, NOON)
    day = (NOON + timedelta(days=2)).date()
    leave = offices.record_leave(
        holding, kind="campaign", from_on=day, last_on=day, note="", by=town.by, now=MORNING,
        stand_in=offices.StandIn("pjs", town.wati),
    )  # fmt: skip
    for act in (
        lambda: offices.withdraw_leave(leave, by=town.by, now=MORNING),
        lambda: offices.withdraw_take_over(holding, by=town.by, now=MORNING),
    ):
        with pytest.raises(HoldingRestedOn):
            act()
    with pytest.raises(NotTheLatestHolder):
        offices.withdraw_take_over(leave.stand_ins.get(), by=town.by, now=MORNING)
    assert not entries("office.take_over_withdrawn") and not entries("office.leave_withdrawn")
