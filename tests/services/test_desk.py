"""The desk: what is missing, by what is due first; every figure the one of the page behind it."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from ikrar.domain.circulars import Reach
from ikrar.domain.days import WIB
from ikrar.domain.pacts import Grade, PactText
from ikrar.records.models import (
    Activity,
    Circular,
    Obligation,
    PaperScan,
    Placement,
    RosterImport,
    StoredFile,
)
from ikrar.services import coverage, desk, duties, offices, pacts
from ikrar.services.desk import Kind, Which
from ikrar.services.offices import StandIn
from tests.conftest import MORNING, NOW, TODAY, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def issued(pact_round, cast):
    """The round is issued to everybody, Sari and Budi and Rina, and due next week."""
    pact_round.due_on = TODAY + timedelta(days=7)
    pact_round.save()
    pacts.issue(pact_round, today=TODAY, by=cast.rina.user, now=NOW)
    pact_round.refresh_from_db()
    return pact_round


def lines(agency, at: datetime = NOW) -> dict[Kind, desk.Line]:
    return {line.kind: line for line in desk.of_agency(agency, at=at).lines}


def sign(pact_round, member, today: date = TODAY):
    duty = Obligation.objects.get(pact_round=pact_round, person=member.person)
    return pacts.sign(
        duty.pk, user=member.user, shown_digest=pact_round.text.digest, grade=Grade.PASSWORD, today=today, now=NOW
    )


def test_an_agency_without_people_has_an_empty_desk(city):
    found = desk.of_agency(city, at=NOW)
    assert found.is_empty and found.lines == ()


def test_the_missing_of_a_round_are_counted_as_coverage_counts_them_with_the_largest_units(issued, cast, city):
    found = lines(city)[Kind.ROUND]
    root = city.units.get(parent=None)
    assert found.count == coverage.coverage(issued, root, TODAY).missing == 3
    assert found.due_on == TODAY + timedelta(days=7) and not found.is_late(TODAY)
    assert [(unit.code, count) for unit, count in found.largest] == [("DISDIK", 2), ("BKPSDM", 1)]


def test_what_is_due_first_stands_first_and_what_has_no_day_last(issued, cast, city):
    issued.due_on = TODAY - timedelta(days=1)
    issued.save()
    duties.give(
        agency=city, text="Memantau", every="once", from_on=TODAY, due_on=TODAY + timedelta(days=3),
        of_units=[city.units.get(code="KEC-01")], by=cast.rina.user, now=NOW,
    )  # fmt: skip
    found = desk.of_agency(city, at=NOW)
    days = [line.due_on for line in found.lines]
    known = [day for day in days if day]
    assert known == sorted(known) and days[: len(known)] == known
    assert found.lines[0].kind is Kind.ROUND and found.lines[0].is_late(TODAY)


def test_excused_and_on_leave_stand_apart_and_are_not_missing(issued, cast, city):
    Placement.objects.filter(pk=cast.budi.placement.pk).update(status="leave")
    pacts.excuse(Obligation.objects.get(person=cast.sari.person), reason="tugas belajar", by=cast.rina.user, now=NOW)
    found = desk.of_agency(city, at=NOW)
    [standing] = found.rounds
    assert (standing.counted.on_leave, standing.counted.excused) == (1, 1)
    assert lines(city)[Kind.ROUND].count == 1


def names(pact_round, city, which: Which) -> list[str]:
    root = city.units.get(parent=None)
    return [each.person.name for each in desk.people(pact_round, root, TODAY, which)]


def test_each_line_about_people_has_a_list_of_as_many(issued, cast, city):
    sign(issued, cast.sari)
    contested = sign(issued, cast.rina)
    pacts.contest(contested, user=cast.rina.user, reason="bukan saya", now=NOW)
    pacts.refuse(Obligation.objects.get(person=cast.budi.person), user=cast.budi.user, reason="nurani", now=NOW)
    pacts.publish_text(issued, PactText.of("Baru", "", ["netral"], ""), by=cast.rina.user, now=NOW)
    issued.refresh_from_db()
    make_member(city.units.get(code="KEC-01"), "199203032019032001", "Lina Anggap", sex="f", post="Staf")
    Placement.objects.filter(pk=cast.budi.placement.pk).update(unit=city.units.get(code="SDN-01"))
    found = lines(city)
    assert names(issued, city, Which.OLD_TEXT) == ["Sari Contohwati"] and found[Kind.OLD_TEXT].count == 1
    assert names(issued, city, Which.CONTESTED) == ["Rina Umpama"] and found[Kind.CONTESTED].count == 1
    assert names(issued, city, Which.MOVED) == ["Budi Misalkan"]
    assert names(issued, city, Which.NEW) == ["Lina Anggap"]
    assert found[Kind.MOVED].count == 2  # who moved and who is new
    assert Kind.REFUSED not in found and names(issued, city, Which.REFUSED) == []  # he owes it elsewhere now
    [moved] = desk.people(issued, city.units.get(parent=None), TODAY, Which.MOVED)
    assert moved.duty_unit == "SMPN 3 Bukittinggi" and moved.unit.name == "SDN 01 Guguk Panjang"


def test_refused_are_listed_with_their_reason(issued, cast, city):
    pacts.refuse(Obligation.objects.get(person=cast.sari.person), user=cast.sari.user, reason="nurani", now=NOW)
    [refused] = desk.people(issued, city.units.get(parent=None), TODAY, Which.REFUSED)
    assert refused.duty_reason == "nurani" and lines(city)[Kind.REFUSED].count == 1


def test_duties_that_wait_and_that_are_late_are_one_line(cast, city):
    unit = city.units.get(code="KEC-01")
    for due_on in (TODAY - timedelta(days=2), TODAY + timedelta(days=2)):
        duties.give(
            agency=city, text="Memantau", every="once", from_on=TODAY - timedelta(days=5), due_on=due_on,
            of_units=[unit], by=cast.rina.user, now=NOW,
        )  # fmt: skip
    found = lines(city)[Kind.DUTY]
    assert (found.count, found.late) == (2, 1) and found.is_late(TODAY)


def mayor(city, cast):
    office = offices.create_office(
        agency=city, unit=None, title="Wali Kota", kind="head_of_region", by=cast.rina.user, now=NOW
    )
    return offices.take_over(
        office, person=cast.budi.person, capacity="definitive", from_at=datetime(2024, 1, 1, tzinfo=WIB),
        letter_number="", letter_on=None, by=cast.rina.user, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(("days", "shown"), [(5, True), (14, True), (16, False)])
def test_a_leave_that_begins_soon_without_a_stand_in_is_shown_two_weeks_ahead(cast, city, days, shown):
    begins = TODAY + timedelta(days=days)
    leave = offices.record_leave(
        mayor(city, cast), kind="campaign", from_on=begins, last_on=begins + timedelta(days=9), note="",
        by=cast.rina.user, now=NOW,
    )  # fmt: skip
    assert (Kind.LEAVE_WITHOUT in lines(city)) is shown
    offices.name_stand_in(leave, StandIn("pjs", cast.rina.person), from_at=leave.from_at, by=cast.rina.user, now=NOW)
    assert Kind.LEAVE_WITHOUT not in lines(city)


def test_an_office_that_nobody_has_during_a_leave_is_shown_today(cast, city):
    offices.record_leave(
        mayor(city, cast), kind="sick", from_on=TODAY, last_on=TODAY + timedelta(days=3), note="", by=cast.rina.user,
        now=NOW,
    )  # fmt: skip
    found = lines(city)[Kind.GAP]
    assert found.about.title == "Wali Kota" and found.due_on == TODAY
    assert Kind.GAP not in lines(city, NOW + timedelta(days=4))


def test_a_stand_in_who_is_on_leave_himself_is_a_gap_too(cast, city):
    offices.record_leave(
        mayor(city, cast), kind="campaign", from_on=TODAY, last_on=TODAY + timedelta(days=30), note="",
        stand_in=StandIn("pjs", cast.rina.person), by=cast.rina.user, now=NOW,
    )  # fmt: skip
    assert Kind.GAP not in lines(city)
    office = offices.create_office(agency=city, unit=None, title="Sekda", kind="secretary", by=None, now=NOW)
    own = offices.take_over(
        office, person=cast.rina.person, capacity="definitive", from_at=datetime(2024, 1, 1, tzinfo=WIB),
        letter_number="", letter_on=None, by=None, now=NOW,
    )  # fmt: skip
    offices.record_leave(own, kind="sick", from_on=TODAY, last_on=TODAY, note="", by=None, now=NOW)
    found = [line.about.title for line in desk.of_agency(city, at=NOW).lines if line.kind is Kind.GAP]
    assert sorted(found) == ["Sekda", "Wali Kota"]


def activity(city, on: date, state: str, **more) -> Activity:
    return Activity.objects.create(
        agency=city, kind="roll_call", title=f"Apel {on}", on=on, state=state, created_at=MORNING, **more
    )


def test_activities_of_this_week_and_those_without_minutes_are_shown(cast, city):
    activity(city, TODAY, "called")
    activity(city, TODAY + timedelta(days=7), "called")
    activity(city, TODAY + timedelta(days=8), "called")
    activity(city, TODAY - timedelta(days=3), "closed")
    activity(city, TODAY - timedelta(days=4), "closed", minutes_at=NOW)
    activity(city, TODAY, "cancelled")
    found = desk.of_agency(city, at=NOW).lines
    assert [line.due_on for line in found if line.kind is Kind.ACTIVITY] == [TODAY, TODAY + timedelta(days=7)]
    assert [line.about.on for line in found if line.kind is Kind.MINUTES] == [TODAY - timedelta(days=3)]


def test_scans_that_wait_for_somebody_and_for_a_second_person_are_shown_apart(cast, city):
    file = StoredFile.objects.create(
        path="2024/10/a.jpg", digest="0" * 64, name="a.jpg", media_type="image/jpeg", size=1, at=NOW
    )
    for number, state in enumerate(("waiting", "waiting", "reconciled", "confirmed")):
        PaperScan.objects.create(
            agency=city, file=file, digest=str(number) * 64, state=state, at=NOW, by=cast.rina.user,
            reconciled_by=cast.rina.user if state != "waiting" else None,
            decided_by=cast.budi.user if state == "confirmed" else None,
        )  # fmt: skip
    found = lines(city)
    assert (found[Kind.SCANS].count, found[Kind.SCANS_SECOND].count) == (2, 1)


@pytest.mark.parametrize(("age", "shown"), [(30, False), (31, True)])
def test_a_roster_that_was_not_brought_up_to_date_for_a_month_is_shown(cast, city, age, shown):
    RosterImport.objects.create(
        agency=city, file_name="a.csv", file_digest="0" * 64, state="applied", effective_on=TODAY - timedelta(days=age),
        started_at=NOW, applied_at=NOW - timedelta(days=age),
    )  # fmt: skip
    assert (Kind.ROSTER_OLD in lines(city)) is shown


def test_units_without_a_head_are_counted(cast, city):
    assert lines(city)[Kind.HEADLESS].count == city.units.exclude(parent=None).without_head(TODAY).count()


def test_nothing_of_another_agency_is_on_the_desk(issued, cast, other_city):
    found = desk.of_agency(other_city, at=NOW)
    assert {line.kind for line in found.lines} == {Kind.HEADLESS} and found.rounds == ()


def test_the_desk_asks_few_queries_whatever_stands_on_it(issued, cast, city, django_assert_max_num_queries):
    for number in range(6):
        activity(city, TODAY + timedelta(days=number), "called")
        duties.give(
            agency=city, text=f"Tugas {number}", every="day", from_on=TODAY, of_units=list(city.units.all()),
            by=cast.rina.user, now=NOW,
        )  # fmt: skip
    with django_assert_max_num_queries(40):
        desk.of_agency(city, at=NOW)


def test_a_circular_that_takes_long_to_count_is_not_counted_at_every_look(cast, city, settings, monkeypatch):
    settings.KEPT_S = 5
    clock_s, counts = [100.0], []
    took = lambda *given: counts.append(clock_s.append(clock_s.pop() + 2)) or (Reach(3), [], Reach())  # noqa: E731
    monkeypatch.setattr(desk.circulars, "reach_below", took)
    monkeypatch.setattr(desk.time, "monotonic", lambda: clock_s[0])
    monkeypatch.setattr(desk, "_reached", {})
    root = city.units.get(parent=None)
    circular = Circular(pk=1)
    for wait, counted in ((0, 1), (39, 1), (2, 2)):
        clock_s[0] += wait
        desk._reach(circular, root, TODAY)
        assert len(counts) == counted
