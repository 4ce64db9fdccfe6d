"""Activities from the draft to the minutes: who is told, what changes no more, whose matter a decision is."""

import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from ikrar.domain.days import WIB
from ikrar.domain.errors import (
    ActivityAttended,
    ActivityDayAbsurd,
    ActivityInPast,
    ActivityNotYet,
    ActivityStateWrong,
    AttendanceSettled,
    DecisionDueTooEarly,
    DecisionSettled,
    DecisionWithoutOwner,
    EvidenceMissing,
    FileKindWrong,
    HoursInWrongOrder,
    MinutesEmpty,
    MinutesFinal,
    NobodyInvited,
    NothingMoved,
    NotInvited,
    NotOfShare,
    PersonNotOfAgency,
    PhotosFull,
    QuotaFull,
    ReasonMissing,
    ShareExceeded,
)
from ikrar.domain.gatherings import State
from ikrar.records.models import (
    Activity,
    Guest,
    Invitation,
    InvitedUnit,
    LogPayload,
    Notice,
    Office,
    Person,
    Placement,
    StoredFile,
)
from ikrar.services import activities, activity_papers, attendance, files, offices
from ikrar.services.activities import Plan
from tests.conftest import MORNING, NOW, TODAY
from tests.services.test_paper import needs_pdftotext, text_of

pytestmark = pytest.mark.django_db
PLAN = Plan("declaration", "Deklarasi Netralitas", TODAY, time(8), time(10), "Aula Balaikota")


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    """The programme's clock stands at the hour of the tests."""
    monkeypatch.setattr("ikrar.services.clock.now", lambda: NOW)


def drafted(city, rina=None, **changes) -> Activity:
    return activities.draft(
        agency=city, unit=None, plan=replace(PLAN, **changes), today=TODAY, by=rina and rina.user, now=MORNING
    )


def invite(activity, unit, heads_only=False, quota=None) -> int:
    return activities.invite_unit(activity, unit, heads_only=heads_only, quota=quota, by=None, now=MORNING)


def called(city, cast, unit="SMPN-3", **changes) -> Activity:
    activity = drafted(city, **changes)
    invite(activity, city.units.get(code=unit))
    activities.call(activity, today=TODAY, by=cast.rina.user, now=MORNING)
    return activity


def opened(city, cast, **changes) -> Activity:
    activity = called(city, cast, **changes)
    activities.open_list(activity, today=TODAY, by=cast.rina.user, now=NOW)
    return activity


def closed(city, cast) -> Activity:
    activity = opened(city, cast)
    activities.close(activity, by=cast.rina.user, now=NOW)
    return activity


def told(kind: str) -> list[Person]:
    return [each.person for each in Notice.objects.filter(kind=kind).select_related("person").order_by("person")]


def events() -> list[str]:
    return sorted(
        each.payload.tobytes().decode() if isinstance(each.payload, memoryview) else bytes(each.payload).decode()
        for each in LogPayload.objects.all()
    )


def state_of(activity: Activity) -> str:
    return Activity.objects.get(pk=activity.pk).state


# --- drafting and calling ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"on": date(202, 10, 25)}, ActivityDayAbsurd),
        ({"on": date(2044, 10, 25)}, ActivityDayAbsurd),
        ({"starts_at": time(9), "ends_at": time(8)}, HoursInWrongOrder),
        ({"starts_at": None}, HoursInWrongOrder),
    ],
)
def test_an_absurd_day_or_hour_is_refused_and_nothing_is_kept(city, changes, error):
    with pytest.raises(error):
        drafted(city, **changes)
    assert not Activity.objects.exists() and not LogPayload.objects.exists()


def test_a_call_reaches_everybody_of_a_unit_and_below_and_nobody_else(city, cast):
    called(city, cast, unit="DISDIK")
    people = {cast.sari.person, cast.budi.person}
    assert {each.person for each in Invitation.objects.all()} == people
    assert set(told("activity_called")) == people


def test_whoever_left_the_service_is_not_called(city, cast):
    Placement.objects.filter(person=cast.sari.person).update(status="retired")
    called(city, cast)
    assert told("activity_called") == [cast.budi.person]


def test_nobody_is_told_of_a_draft(city, cast):
    activity = drafted(city)
    invite(activity, city.units.get(code="SMPN-3"))
    activities.invite_people(activity, [cast.rina.person], by=None, now=MORNING)
    assert not Notice.objects.exists()
    assert [each.person for each in activity.invitations.all()] == [cast.rina.person]


def test_a_call_without_anybody_is_refused(city, cast):
    activity = drafted(city)
    with pytest.raises(NobodyInvited):
        activities.call(activity, today=TODAY, by=None, now=MORNING)
    assert state_of(activity) == State.DRAFT


def test_guests_alone_can_be_called(city, cast):
    activity = drafted(city)
    activities.add_guest(activity, kind="bawaslu", body="Bawaslu Kota", by=None, now=MORNING)
    assert activities.call(activity, today=TODAY, by=None, now=MORNING) == 0


def test_nobody_is_called_to_a_day_that_is_over(city, cast):
    activity = drafted(city, on=TODAY - timedelta(days=1))
    invite(activity, city.units.get(code="SMPN-3"))
    with pytest.raises(ActivityInPast):
        activities.call(activity, today=TODAY, by=None, now=MORNING)


def test_an_activity_is_called_once(city, cast):
    activity = called(city, cast)
    stale = Activity.objects.get(pk=activity.pk)
    stale.state = State.DRAFT
    with pytest.raises(ActivityStateWrong) as refused:
        activities.call(stale, today=TODAY, by=None, now=MORNING)
    assert refused.value.state == State.CALLED
    assert len(told("activity_called")) == 2


def test_invitations_are_numbered_by_the_agency_or_as_they_bear_it(city, cast):
    first, second = called(city, cast), called(city, cast)
    assert (first.invitation_number, second.invitation_number) == ("001/UND/X/2024", "002/UND/X/2024")
    third = drafted(city)
    invite(third, city.units.get(code="SMPN-3"))
    activities.call(third, number="005/77/Kesbangpol", today=TODAY, by=None, now=MORNING)
    assert third.invitation_number == "005/77/Kesbangpol"


def test_where_heads_alone_are_called_the_acting_head_is_called_and_not_the_one_who_is_away(city, cast):
    activity = drafted(city)
    invite(activity, city.units.get(parent=None), heads_only=True)
    activities.call(activity, today=TODAY, by=None, now=MORNING)
    assert told("activity_called") == [cast.budi.person]
    Placement.objects.filter(person=cast.budi.person).update(status="leave")
    office = offices.create_office(
        agency=city,
        unit=city.units.get(code="SMPN-3"),
        title="Kepala SMPN 3",
        kind="head_of_unit",
        by=None,
        now=MORNING,
    )
    offices.take_over(
        office, person=cast.rina.person, capacity="plt", from_at=MORNING - timedelta(days=1), letter_number="SK",
        letter_on=None, by=None, now=MORNING,
    )  # fmt: skip
    second = drafted(city)
    invite(second, city.units.get(parent=None), heads_only=True)
    activities.call(second, today=TODAY, by=None, now=MORNING)
    assert [each.person for each in second.invitations.all()] == [cast.rina.person]


def test_what_is_said_of_a_school_goes_before_what_is_said_of_its_office(city, cast):
    activity = drafted(city)
    invite(activity, city.units.get(parent=None))
    invite(activity, city.units.get(code="SMPN-3"), heads_only=True)
    activities.call(activity, today=TODAY, by=None, now=MORNING)
    assert {each.person for each in activity.invitations.all()} == {cast.budi.person, cast.rina.person}


def test_of_a_unit_with_a_share_its_head_alone_is_told_how_many(city, cast):
    activity = drafted(city)
    invite(activity, city.units.get(code="SMPN-3"), quota=1)
    activities.call(activity, today=TODAY, by=None, now=MORNING)
    notice = Notice.objects.get()
    assert (notice.kind, notice.person, notice.values["quota"]) == ("activity_quota", cast.budi.person, 1)
    assert not activity.invitations.exists()


def test_who_is_invited_later_is_told_then_and_the_others_not_again(city, cast):
    activity = called(city, cast)
    assert activities.invite_people(activity, [cast.rina.person, cast.sari.person], by=None, now=MORNING) == 1
    people = told("activity_called")
    assert sorted(map(str, people)) == sorted(map(str, [cast.sari.person, cast.budi.person, cast.rina.person]))


def test_nobody_of_another_agency_is_invited(city, cast, other_city):
    activity = drafted(city)
    with pytest.raises(PersonNotOfAgency):
        activities.invite_people(activity, [cast.sari.person, cast.tono.person], by=None, now=MORNING)
    with pytest.raises(PersonNotOfAgency):
        invite(activity, other_city.units.get(parent=None))
    assert not activity.invitations.exists() and not activity.units.exists()


def test_the_list_of_a_draft_can_be_taken_back_and_that_of_a_call_not(city, cast):
    activity = drafted(city)
    invite(activity, city.units.get(code="SMPN-3"))
    activities.invite_people(activity, [cast.rina.person], by=None, now=MORNING)
    activities.uninvite_unit(activity.units.get(), by=cast.rina.user, now=MORNING)
    activities.uninvite(activity.invitations.get(), by=cast.rina.user, now=MORNING)
    assert not activity.units.exists() and not activity.invitations.exists()
    done = called(city, cast)
    with pytest.raises(ActivityStateWrong):
        activities.uninvite(done.invitations.first(), by=cast.rina.user, now=MORNING)


def test_an_agency_of_thousands_is_called_with_a_handful_of_questions(city, cast):
    school = city.units.get(code="SDN-01")
    people = Person.objects.bulk_create(
        Person(identifier_type="none", identifier=f"x{n}", name=f"Rekaan {n}") for n in range(3000)
    )
    Placement.objects.bulk_create(
        Placement(person=each, unit=school, employment="pns", from_on=date(2024, 1, 1)) for each in people
    )
    activity = drafted(city)
    invite(activity, city.units.get(parent=None))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert activities.call(activity, today=TODAY, by=None, now=MORNING) == 3003
    assert len(asked) < 40
    assert Notice.objects.filter(kind="activity_called").count() == 3003


# --- editing and moving ------------------------------------------------------------------------------------------


def test_once_people_were_invited_day_hours_and_place_change_by_a_move_alone(city, cast):
    activity = called(city, cast)
    plan = replace(PLAN, title="Ikrar Bersama", on=TODAY + timedelta(days=3), place="Lapangan", starts_at=time(7))
    activities.edit(activity, plan, today=TODAY, by=cast.rina.user, now=NOW)
    now = Activity.objects.get(pk=activity.pk)
    assert (now.title, now.on, now.place, now.starts_at) == ("Ikrar Bersama", TODAY, "Aula Balaikota", time(8))


def test_what_is_open_or_over_is_not_edited(city, cast):
    with pytest.raises(ActivityStateWrong):
        activities.edit(opened(city, cast), PLAN, today=TODAY, by=cast.rina.user, now=NOW)


def move(activity, **changes) -> None:
    where = {
        "on": activity.on, "starts_at": activity.starts_at, "ends_at": activity.ends_at, "place": activity.place,
        "reason": "Aula dipakai",
    }  # fmt: skip
    activities.move(activity, **where | changes, today=TODAY, by=None, now=NOW)


def test_a_move_tells_all_who_were_invited_and_keeps_what_it_was(city, cast):
    activity = called(city, cast)
    activities.answer(
        activity.invitations.get(person=cast.sari.person), user=cast.sari.user, comes=False, reason="sakit", now=NOW
    )
    move(activity, on=TODAY + timedelta(days=3), place="Lapangan")
    assert set(told("activity_moved")) == {cast.sari.person, cast.budi.person}
    was = activity.moves.get()
    assert (was.on, was.place, was.reason) == (TODAY, "Aula Balaikota", "Aula dipakai")
    assert activity.invitations.get(person=cast.sari.person).answer == "none", "she is asked again for the new day"


@needs_pdftotext
def test_an_invitation_bears_the_day_of_the_call_and_tells_of_a_move_and_of_the_end(city, cast):
    activity = called(city, cast)
    later = NOW + timedelta(days=1)
    assert "25 Oktober 2024" in text_of(activity_papers.invitation(activity, now=later)).partition("Tempat")[0]
    move(activity, place="Lapangan")
    said = text_of(activity_papers.invitation(activity, now=later))
    assert "Alasan: Aula dipakai" in said and "Dibatalkan" not in said
    activities.cancel(activity, reason="Hujan deras", by=cast.rina.user, now=NOW)
    assert "Hujan deras" in text_of(activity_papers.invitation(activity, now=later))


@needs_pdftotext
def test_an_invitation_is_addressed_to_units_and_to_whoever_is_called_by_name_beside_them(city, cast):
    activity = drafted(city)
    invite(activity, city.units.get(code="SMPN-3"))
    activities.invite_people(activity, [cast.rina.person], by=None, now=MORNING)
    activities.call(activity, today=TODAY, by=None, now=MORNING)
    said = text_of(activity_papers.invitation(activity, now=NOW))
    assert cast.rina.person.full_name in said and cast.sari.person.full_name not in said


def test_a_move_of_the_hall_alone_leaves_the_answers(city, cast):
    activity = called(city, cast)
    activities.answer(
        activity.invitations.get(person=cast.sari.person), user=cast.sari.user, comes=True, reason="", now=NOW
    )
    move(activity, place="Lapangan")
    assert activity.invitations.get(person=cast.sari.person).answer == "comes"


def test_with_another_day_the_codes_of_the_old_one_die(city, cast):
    activity = opened(city, cast)
    secret = activity.secret
    move(activity, on=TODAY + timedelta(days=1))
    now = Activity.objects.get(pk=activity.pk)
    assert (now.state, now.secret) == (State.CALLED, "")
    activities.open_list(now, today=TODAY + timedelta(days=1), by=None, now=NOW)
    assert now.secret and now.secret != secret


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, NothingMoved),
        ({"on": TODAY - timedelta(days=1)}, ActivityInPast),
        ({"on": date(2124, 10, 25)}, ActivityDayAbsurd),
        ({"ends_at": time(7)}, HoursInWrongOrder),
        ({"place": "Lapangan", "reason": "  "}, ReasonMissing),
    ],
)
def test_a_move_that_is_none_or_leads_nowhere_is_refused(city, cast, changes, error):
    activity = called(city, cast)
    with pytest.raises(error):
        move(activity, **changes)
    assert not activity.moves.exists() and not told("activity_moved")


def test_the_day_is_not_moved_from_under_those_who_are_there(city, cast):
    activity = opened(city, cast)
    attendance.check_in_by_hand(activity, [cast.sari.placement], by=cast.rina.user, now=NOW)
    with pytest.raises(ActivityAttended):
        move(activity, on=TODAY + timedelta(days=1))
    with pytest.raises(ActivityAttended):
        activities.cancel(activity, reason="hujan", by=cast.rina.user, now=NOW)
    move(activity, place="Lapangan")
    assert state_of(activity) == State.OPEN


def test_a_cancelled_activity_tells_why_and_takes_no_more(city, cast):
    activity = called(city, cast)
    with pytest.raises(ReasonMissing):
        activities.cancel(activity, reason="", by=cast.rina.user, now=NOW)
    activities.cancel(activity, reason="Banjir", by=cast.rina.user, now=NOW)
    assert {each.values["reason"] for each in Notice.objects.filter(kind="activity_cancelled")} == {"Banjir"}
    with pytest.raises(ActivityStateWrong):
        activities.open_list(activity, today=TODAY, by=None, now=NOW)


def test_a_draft_is_dropped_without_a_word(city, cast):
    activity = drafted(city)
    activities.cancel(activity, reason="keliru", by=cast.rina.user, now=NOW)
    assert not Notice.objects.exists()


# --- answering ---------------------------------------------------------------------------------------------------


def test_one_answers_for_oneself_alone(city, cast):
    activity = called(city, cast)
    own = activity.invitations.get(person=cast.sari.person)
    with pytest.raises(NotInvited):
        activities.answer(own, user=cast.budi.user, comes=True, reason="", now=NOW)
    with pytest.raises(ReasonMissing):
        activities.answer(own, user=cast.sari.user, comes=False, reason=" ", now=NOW)
    activities.answer(own, user=cast.sari.user, comes=False, reason="rawat inap", now=NOW)
    own.refresh_from_db()
    assert (own.answer, own.reason) == ("excused", "rawat inap")
    activities.answer(own, user=cast.sari.user, comes=True, reason="", now=NOW)
    own.refresh_from_db()
    assert (own.answer, own.reason) == ("comes", "")


# --- opening and closing -----------------------------------------------------------------------------------------


def test_the_list_is_not_opened_before_the_day(city, cast):
    activity = drafted(city, on=TODAY + timedelta(days=1))
    invite(activity, city.units.get(code="SMPN-3"))
    activities.call(activity, today=TODAY, by=None, now=MORNING)
    with pytest.raises(ActivityNotYet):
        activities.open_list(activity, today=TODAY, by=None, now=NOW)


def test_a_roll_call_of_the_morning_is_opened_without_a_call_and_nobody_is_told(city, cast):
    activity = drafted(city, kind="roll_call")
    invite(activity, city.units.get(code="SMPN-3"))
    activities.open_list(activity, today=TODAY, by=cast.rina.user, now=NOW)
    assert activity.invitations.count() == 2 and not Notice.objects.exists()


def test_what_was_closed_is_opened_again_with_other_codes_until_its_minutes_are_final(city, cast):
    activity = closed(city, cast)
    assert Activity.objects.get(pk=activity.pk).secret == ""
    activities.open_list(activity, today=TODAY, by=None, now=NOW)
    activities.close(activity, by=None, now=NOW)
    activities.write_minutes(activity, "Semua hadir.", points=[], by=cast.rina.user, now=NOW)
    activities.finish_minutes(activity, today=TODAY, by=cast.rina.user, now=NOW)
    with pytest.raises(MinutesFinal):
        activities.open_list(activity, today=TODAY, by=None, now=NOW)


def test_the_letterhead_stays_as_it_was_when_people_were_called(city, cast):
    activity = called(city, cast)
    type(city).objects.update(letterhead="PEMERINTAH LAIN")
    assert Activity.objects.get(pk=activity.pk).letterhead == "Pemerintah Kota Bukittinggi"


# --- guests ------------------------------------------------------------------------------------------------------


def test_a_guest_comes_by_body_and_is_named_at_the_door(city, cast):
    activity = opened(city, cast)
    guest = activities.add_guest(activity, kind="kpu", body="KPU Kota", post="Ketua", is_witness=True, by=None, now=NOW)
    with pytest.raises(ReasonMissing):
        activities.receive_guest(guest, name=" ", post="Ketua", by=None, now=NOW)
    activities.receive_guest(guest, name="Rekaan Satu", post="Anggota", by=cast.rina.user, now=NOW)
    with pytest.raises(AttendanceSettled):
        activities.receive_guest(guest, name="Rekaan Dua", post="Ketua", by=None, now=NOW)
    with pytest.raises(AttendanceSettled):
        activities.remove_guest(guest, by=cast.rina.user, now=NOW)
    assert Guest.objects.values_list("name", "post", "arrived_at").get() == ("Rekaan Satu", "Anggota", NOW)
    activities.strike_guest(guest, by=cast.rina.user, now=NOW)
    activities.remove_guest(guest, by=cast.rina.user, now=NOW)
    assert not Guest.objects.exists()


def test_a_guest_does_not_arrive_before_the_opening_or_after_the_closing(city, cast):
    for activity in (called(city, cast), closed(city, cast)):
        guest = Guest.objects.create(activity=activity, kind="police", body="Polres")
        with pytest.raises(ActivityStateWrong):
            activities.receive_guest(guest, name="Rekaan", post="", by=None, now=NOW)


# --- minutes and decisions ---------------------------------------------------------------------------------------


def final(city, cast, **owner) -> Activity:
    activity = closed(city, cast)
    activities.write_minutes(activity, "Rapat dibuka pukul 08.00.", points=["netral"], by=cast.rina.user, now=NOW)
    activities.add_decision(
        activity, text="Pasang pengumuman", **{"office": None, "unit": None} | owner, due_on=TODAY, by=None, now=NOW
    )
    activities.finish_minutes(activity, today=TODAY, by=cast.rina.user, now=NOW)
    return activity


def test_final_minutes_bear_a_number_and_change_no_more(city, cast):
    activity = final(city, cast, unit=city.units.get(code="SMPN-3"))
    kept = Activity.objects.get(pk=activity.pk)
    assert kept.minutes_number == "001/BA/X/2024" and kept.minutes_at == NOW
    with pytest.raises(MinutesFinal):
        activities.write_minutes(activity, "Lain", points=[], by=cast.rina.user, now=NOW)
    with pytest.raises(MinutesFinal):
        activities.finish_minutes(activity, today=TODAY, by=cast.rina.user, now=NOW)
    with pytest.raises(MinutesFinal):
        activities.remove_decision(activity.decisions.get(), by=cast.rina.user, now=NOW)
    with pytest.raises(MinutesFinal):
        activities.add_decision(
            activity, text="Lagi", office=None, unit=city.units.get(code="SMPN-3"), due_on=None, by=None, now=NOW
        )
    assert Activity.objects.get(pk=activity.pk).minutes == "Rapat dibuka pukul 08.00."


def test_the_database_itself_refuses_to_change_final_minutes(city, cast):
    activity = final(city, cast, unit=city.units.get(code="SMPN-3"))
    for change in ({"minutes": "Lain"}, {"minutes_number": "9"}, {"minutes_at": None}, {"points": []}):
        with pytest.raises(DatabaseError, match="final minutes"), transaction.atomic():
            Activity.objects.filter(pk=activity.pk).update(**change)
    Activity.objects.filter(pk=activity.pk).update(source="berita")


def test_final_minutes_prove_themselves_by_the_log(city, cast):
    activity = final(city, cast, unit=city.units.get(code="SMPN-3"))
    said = next(each for each in events() if "minutes_finished" in each)
    assert activities.minutes_digest(activity) in said
    activity.decisions.update(text="Lain")  # as somebody with the database in hand would
    assert activities.minutes_digest(activity) not in said


def test_minutes_are_not_final_while_empty_or_while_people_come(city, cast):
    activity = opened(city, cast)
    activities.write_minutes(activity, "Sedang berjalan", points=[], by=cast.rina.user, now=NOW)
    with pytest.raises(ActivityStateWrong):
        activities.finish_minutes(activity, today=TODAY, by=cast.rina.user, now=NOW)
    activities.close(activity, by=None, now=NOW)
    activities.write_minutes(activity, "  ", points=[], by=cast.rina.user, now=NOW)
    with pytest.raises(MinutesEmpty):
        activities.finish_minutes(activity, today=TODAY, by=cast.rina.user, now=NOW)


def test_a_decision_has_one_owner(city, cast):
    activity = closed(city, cast)
    unit = city.units.get(code="SMPN-3")
    office = Office.objects.create(agency=city, title="Sekda")
    for owners in ({"office": None, "unit": None}, {"office": office, "unit": unit}):
        with pytest.raises(DecisionWithoutOwner):
            activities.add_decision(activity, text="x", **owners, due_on=None, by=None, now=NOW)


def test_nothing_that_was_decided_is_due_before_the_day_of_the_activity(city, cast):
    activity, unit = closed(city, cast), city.units.get(code="SMPN-3")
    given = {"text": "x", "office": None, "unit": unit, "by": None, "now": NOW}
    for day in (TODAY.replace(year=2020), TODAY - timedelta(days=1)):
        with pytest.raises(DecisionDueTooEarly) as refused:
            activities.add_decision(activity, due_on=day, **given)
        assert (refused.value.day, refused.value.first, refused.value.field) == (day, TODAY, "due_on")
    assert not activity.decisions.exists()
    assert activities.add_decision(activity, due_on=TODAY, **given)


def test_decisions_that_are_taken_out_leave_no_gap(city, cast):
    activity = closed(city, cast)
    unit = city.units.get(code="SMPN-3")
    for text in "abc":
        activities.add_decision(activity, text=text, office=None, unit=unit, due_on=None, by=None, now=NOW)
    activities.remove_decision(activity.decisions.get(text="a"), by=cast.rina.user, now=NOW)
    assert list(activity.decisions.values_list("number", "text")) == [(1, "b"), (2, "c")]


def test_a_decision_is_the_matter_of_whoever_heads_the_unit_in_that_minute(city, cast):
    unit = city.units.get(code="SMPN-3")
    activity = final(city, cast, unit=unit)
    decision = activity.decisions.get()
    assert activities.owner_of(decision, NOW) == cast.budi.person
    assert list(activities.open_decisions_of(cast.budi.user, NOW)) == [decision]
    assert list(activities.open_decisions_of(cast.budi.person, NOW)) == [decision]
    assert not activities.open_decisions_of(cast.sari.user, NOW)
    assert told("decision_yours") == [cast.budi.person]
    # From the minute in which another one takes the office over, it is his.
    office = offices.create_office(agency=city, unit=unit, title="Kepala SMPN 3", kind="head_of_unit", by=None, now=NOW)
    offices.take_over(
        office, person=cast.sari.person, capacity="plt", from_at=NOW + timedelta(hours=1), letter_number="SK",
        letter_on=None, by=None, now=NOW,
    )  # fmt: skip
    later = NOW + timedelta(hours=1)
    assert list(activities.open_decisions_of(cast.sari.user, later)) == [decision]
    assert not activities.open_decisions_of(cast.budi.user, later)


def test_a_decision_of_an_office_is_the_matter_of_its_holder(city, cast):
    office = offices.create_office(agency=city, unit=None, title="Asisten I", kind="other", by=None, now=MORNING)
    offices.take_over(
        office, person=cast.rina.person, capacity="definitive", from_at=datetime(2024, 1, 1, tzinfo=WIB),
        letter_number="SK", letter_on=None, by=None, now=MORNING,
    )  # fmt: skip
    activity = final(city, cast, office=office)
    assert list(activities.open_decisions_of(cast.rina.user, NOW)) == [activity.decisions.get()]


def test_a_decision_of_minutes_that_are_not_final_is_nobodys_matter_yet(city, cast):
    activity = closed(city, cast)
    unit = city.units.get(code="SMPN-3")
    decision = activities.add_decision(activity, text="x", office=None, unit=unit, due_on=None, by=None, now=NOW)
    assert not activities.open_decisions_of(cast.budi.user, NOW)
    with pytest.raises(DecisionSettled):
        activities.finish_decision(decision, evidence="sudah", on=TODAY, by=cast.budi.user, now=NOW)


def test_a_decision_is_done_once_and_with_what_shows_it(city, cast):
    decision = final(city, cast, unit=city.units.get(code="SMPN-3")).decisions.get()
    with pytest.raises(EvidenceMissing):
        activities.finish_decision(decision, evidence=" ", on=TODAY, by=cast.budi.user, now=NOW)
    activities.finish_decision(decision, evidence="Papan pengumuman terpasang", on=TODAY, by=cast.budi.user, now=NOW)
    with pytest.raises(DecisionSettled):
        activities.finish_decision(decision, evidence="lagi", on=TODAY, by=cast.budi.user, now=NOW)
    assert not activities.open_decisions_of(cast.budi.user, NOW)
    assert list(activities.decisions_of(cast.budi.user, NOW)) == [decision]


# --- photos ------------------------------------------------------------------------------------------------------


def upload(content=None) -> SimpleUploadedFile:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Telepon Rekaan"
    Image.new("RGB", (30, 20)).save(written, "JPEG", exif=exif)
    return SimpleUploadedFile("apel.jpg", content or written.getvalue())


def test_a_photo_is_kept_without_what_the_camera_wrote(city, cast, home):
    activity = opened(city, cast)
    photo = activities.add_photo(activity, upload(), caption="Apel pagi", by=cast.rina.user, now=NOW)
    assert b"Telepon" not in files.bytes_of(photo.file)
    activities.remove_photo(photo, by=cast.rina.user, now=NOW)
    assert not StoredFile.objects.exists() and not list((home / "files").rglob("*.jpg"))


def test_a_photo_that_is_none_or_too_many_leaves_nothing(city, cast, home, monkeypatch):
    activity = opened(city, cast)
    with pytest.raises(FileKindWrong):
        activities.add_photo(activity, upload(b"%PDF-1.7 %%EOF"), caption="x", by=cast.rina.user, now=NOW)
    monkeypatch.setattr(activities, "MOST_PHOTOS", 1)
    activities.add_photo(activity, upload(), caption="x", by=cast.rina.user, now=NOW)
    with pytest.raises(PhotosFull):
        activities.add_photo(activity, upload(), caption="x", by=cast.rina.user, now=NOW)
    with pytest.raises(ActivityStateWrong):
        activities.add_photo(called(city, cast), upload(), caption="x", by=cast.rina.user, now=NOW)
    assert StoredFile.objects.count() == 1


# --- the log -----------------------------------------------------------------------------------------------------


def test_the_log_tells_no_name_and_no_text(city, cast):
    final(city, cast, unit=city.units.get(code="SMPN-3"))
    said = " ".join(events())
    for word in ("Sari", "Deklarasi", "Aula", "pengumuman", "Rapat"):
        assert word not in said
    assert {"activity.drafted", "activity.called", "activity.opened", "activity.closed"} <= {
        event
        for event in ("activity.drafted", "activity.called", "activity.opened", "activity.closed")
        if event in said
    }


# --- whom a head sends -------------------------------------------------------------------------------------------


def share(city, cast, quota=1, **changes):
    """The share of the school at an activity of the city that was called."""
    activity = drafted(city, **changes)
    invite(activity, city.units.get(code="SMPN-3"), quota=quota)
    activities.call(activity, today=TODAY, by=None, now=MORNING)
    return activity.units.get()


def name(share, *people, by):
    return activities.name_for_share(share, [each.person.pk for each in people], by=by.user, now=NOW)


def test_a_head_names_who_comes_and_they_are_called_and_what_is_left_goes_down(city, cast):
    found = share(city, cast, quota=2)
    assert name(found, cast.sari, by=cast.budi) == 1
    assert told("activity_called") == [cast.sari.person]
    found.refresh_from_db()
    now_there = attendance.share_of(found)
    assert (found.quota, now_there.left, now_there.named.get().person) == (1, 1, cast.sari.person)
    assert any('"left":1,"people":1' in each and "activity.share_named" in each for each in events())
    assert attendance.turnout(found.activity, city.units.get(parent=None)).invited == 2


def test_nobody_is_named_above_the_number_and_then_nobody_at_all(city, cast):
    found = share(city, cast, quota=1)
    with pytest.raises(ShareExceeded):
        name(found, cast.sari, cast.budi, by=cast.budi)
    assert not Invitation.objects.exists()
    name(found, cast.sari, by=cast.budi)
    with pytest.raises(ShareExceeded):
        name(found, cast.budi, by=cast.budi)
    assert Invitation.objects.get().person == cast.sari.person


def test_only_people_of_the_unit_who_are_not_called_yet_are_named(city, cast):
    found = share(city, cast, quota=3)
    with pytest.raises(NotOfShare):
        name(found, cast.rina, cast.sari, by=cast.budi)
    assert not Invitation.objects.exists()
    name(found, cast.sari, by=cast.budi)
    with pytest.raises(NotOfShare):
        name(found, cast.sari, by=cast.budi)
    assert InvitedUnit.objects.get().quota == 2


def test_when_all_places_are_named_nobody_else_comes_in(city, cast):
    found = share(city, cast, quota=1)
    name(found, cast.sari, by=cast.budi)
    activity = found.activity
    activities.open_list(activity, today=TODAY, by=None, now=NOW)
    with pytest.raises(QuotaFull):
        attendance.check_in_by_hand(activity, [cast.budi.placement], by=cast.rina.user, now=NOW)
    [done] = attendance.check_in_by_hand(activity, [cast.sari.placement], by=cast.rina.user, now=NOW)
    assert done.first


def test_who_came_before_anybody_was_named_has_taken_a_place(city, cast):
    found = share(city, cast, quota=1)
    activities.open_list(found.activity, today=TODAY, by=None, now=NOW)
    attendance.check_in_by_hand(found.activity, [cast.budi.placement], by=cast.rina.user, now=NOW)
    with pytest.raises(ShareExceeded):
        name(found, cast.sari, by=cast.budi)


def test_nobody_is_named_for_a_draft_or_after_the_end(city, cast):
    activity = drafted(city)
    invite(activity, city.units.get(code="SMPN-3"), quota=1)
    with pytest.raises(ActivityStateWrong):
        name(activity.units.select_related("activity").get(), cast.sari, by=cast.budi)
    found = share(city, cast)
    activities.open_list(found.activity, today=TODAY, by=None, now=NOW)
    activities.close(found.activity, by=None, now=NOW)
    with pytest.raises(ActivityStateWrong):
        name(found, cast.sari, by=cast.budi)


@needs_pdftotext
def test_whom_a_head_named_stands_in_the_letter_and_a_full_share_does_not(city, cast):
    found = share(city, cast, quota=1)
    letter = " ".join(text_of(activity_papers.invitation(found.activity, now=NOW)).split())
    assert f"{found.unit.name} (1 orang)" in letter and "Sari Contohwati" not in letter
    name(found, cast.sari, by=cast.budi)
    letter = " ".join(text_of(activity_papers.invitation(found.activity, now=NOW)).split())
    assert f"Sari Contohwati, {found.unit.name}" in letter and "(1 orang)" not in letter
