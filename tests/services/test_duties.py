"""Duties that go on: they belong to offices and units, and whoever holds those in this minute has them."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from ikrar.domain.days import WIB
from ikrar.domain.duties import Standing
from ikrar.domain.errors import (
    DatesInWrongOrder,
    DutyDayWrong,
    DutyNotYours,
    DutyOver,
    DutyTextEmpty,
    DutyWithoutOwner,
    EvidenceMissing,
    FileKindWrong,
    LeaveOver,
)
from ikrar.records.models import Duty, DutyDone, DutyOwner, LogPayload, Notice, StoredFile, WorkUnit
from ikrar.services import duties, handover, offices, scenarios
from ikrar.services.offices import StandIn
from tests.services.test_leave import BEGINS, ENDS, FIRST, LAST, MINUTE, NOW, City
from tests.services.test_paper import needs_pdftotext, text_of
from tests.web import stage as stages

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def in_september(settings, home):
    settings.COMMIT_TOGETHER = False
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def city(db):
    return City()


def give(city: City, **more) -> Duty:
    given = {
        "agency": city.agency, "text": "Memantau genangan di kecamatan", "every": "once", "from_on": NOW.date(),
        "due_on": date(2020, 9, 30), "of_units": [city.district], "by": city.by, "now": NOW,
    } | more  # fmt: skip
    return duties.give(**given)


def mine(someone, at: datetime = NOW) -> list[str]:
    user = stages.account(someone)
    return [part.duty.text for part in duties.of_user(user, at=at).open]


def entries(event: str) -> list[dict]:
    said = (json.loads(bytes(each.payload)) for each in LogPayload.objects.all())
    return [each["data"] for each in said if each["event"] == event]


# --- a city that did it ------------------------------------------------------------------------------------------

_OWNERS = {"camat": "district", "opd-heads": "opd"}


def test_what_medan_gave_its_heads_before_the_leave_of_2020_goes_on_here(city):
    """Its acting mayor went on campaign leave himself; heads of districts and offices were told what must go on."""
    document = scenarios.read("medan-2020")
    (fact,) = document["leaves"]
    assert (fact["office"], fact["kind"], fact["from"]) == ("wali-kota", "campaign-leave", FIRST)
    office = stages._unit(city.agency, city.root, "DPU", "Dinas PU", "office")
    stages.units.renumber(city.agency)
    engineer = stages.person("Eko Rekaan", "198001012005011001", office, is_head=True, since=date(2019, 1, 2))
    # The mayor's office had an acting holder, and the acting holder goes on leave: somebody stands in for him too.
    acting = city.hold(city.mayor, city.ali, datetime(2019, 10, 18, tzinfo=WIB), "plt")
    leave = city.leave(acting, city.dewi, from_on=fact["from"])
    for each in document["duties_during_leave"]:
        give(
            city, text=each["duty"], every="day", from_on=fact["from"], due_on=None, leave=leave,
            of_units=list(duties.owners_of_kind(city.agency, duties.GROUPS[_OWNERS[each["owner"]]])),
        )  # fmt: skip
    of = {name: [each["duty"] for each in document["duties_during_leave"] if each["owner"] == name] for name in _OWNERS}
    noon = BEGINS + timedelta(hours=12)
    assert sorted(mine(city.cici, noon)) == sorted(of["camat"]) and len(of["camat"]) == 2
    assert mine(engineer, noon) == of["opd-heads"]
    # Briefed before the leave begins: the sheet holds all of it, and so does the page of whoever stands in.
    sheet = handover.sheet(leave, at=BEGINS - MINUTE)
    assert {group.duty.text for group in sheet.groups} == {each["duty"] for each in document["duties_during_leave"]}
    dewi = stages.account(city.dewi)
    assert [each.pk for each in duties.of_user(dewi, at=noon).leads] == [city.agency.pk]
    assert duties.of_user(stages.account(city.ali), at=noon).leads == ()
    assert mine(city.cici, ENDS + timedelta(hours=12)) == [], "they ended with the leave"


# --- whose it is -------------------------------------------------------------------------------------------------


def test_the_head_of_a_unit_has_its_duty_and_nobody_else(city):
    give(city)
    assert mine(city.cici) == ["Memantau genangan di kecamatan"]
    assert mine(city.ali) == mine(city.budi) == mine(city.dewi) == []
    assert Notice.objects.filter(person=city.cici, kind="duty_given").count() == 1


def test_the_duty_of_an_office_is_the_acting_holders_in_the_minute_in_which_the_leave_begins(city):
    """J7: the head goes on leave at a minute; the acting head has the queue the same minute, the one on leave does not."""
    give(city, text="Menandatangani surat dinas", of_units=[], of_offices=[city.mayor])
    city.leave(someone=city.dewi)
    text = ["Menandatangani surat dinas"]
    assert (mine(city.ali, BEGINS - MINUTE), mine(city.dewi, BEGINS - MINUTE)) == (text, [])
    assert (mine(city.ali, BEGINS), mine(city.dewi, BEGINS)) == ([], text)
    assert (mine(city.ali, ENDS), mine(city.dewi, ENDS)) == (text, [])


def test_what_goes_on_in_the_agency_is_listed_for_whoever_heads_it_in_this_minute(city):
    give(city)
    city.leave(someone=city.dewi)
    ali, dewi = stages.account(city.ali), stages.account(city.dewi)
    assert [each.code for each in duties.of_user(ali, at=NOW).leads] == ["13.75"]
    assert duties.of_user(dewi, at=NOW).leads == ()
    assert duties.of_user(ali, at=BEGINS).leads == ()
    assert [each.code for each in duties.of_user(dewi, at=BEGINS).leads] == ["13.75"]
    assert [each.code for each in duties.of_user(ali, at=ENDS).leads] == ["13.75"]


def test_during_a_gap_nobody_has_the_duty_and_the_officer_sees_that(city):
    give(city, of_units=[], of_offices=[city.mayor])
    city.leave()
    assert mine(city.ali, BEGINS) == []
    part = duties.parts(DutyOwner.objects.all(), city.agency, at=BEGINS)[0]
    assert part.is_vacant and part.holder is None


def test_all_heads_of_one_kind_have_it_each_for_his_own_unit(city):
    for number in range(2, 5):
        stages._unit(city.agency, city.root, f"KEC-0{number}", f"Kecamatan {number}", "district")
    stages.units.renumber(city.agency)
    camat = duties.owners_of_kind(city.agency, duties.GROUPS["district"])
    made = give(city, of_units=list(camat))
    assert made.owners.count() == 4
    assert {part.is_vacant for part in duties.parts(made.owners.all(), city.agency)} == {True, False}


def test_leaders_of_opd_are_the_heads_of_offices_directly_under_the_agency(city):
    dinas = stages._unit(city.agency, city.root, "DINAS", "Dinas", "office")
    stages._unit(city.agency, dinas, "UPT", "UPT Dinas", "office")
    stages._unit(city.agency, city.root, "SETDA", "Sekretariat Daerah", "secretariat")
    stages.units.renumber(city.agency)
    names = {unit.name for unit in duties.owners_of_kind(city.agency, duties.GROUPS["opd"])}
    assert names == {"Dinas", "Sekretariat Daerah"}


# --- making ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"text": "  "}, DutyTextEmpty),
        ({"of_units": []}, DutyWithoutOwner),
        ({"due_on": NOW.date() - timedelta(days=1)}, DatesInWrongOrder),
    ],
)
def test_a_duty_without_text_owner_or_sense_is_refused(city, change, error):
    with pytest.raises(error):
        give(city, **change)
    assert not Duty.objects.exists() and not entries("duty.created")


def test_a_duty_is_given_to_nobody_of_another_agency(city):
    for change in (
        {"of_units": [WorkUnit.objects.get(agency=city.other, parent=None)]},
        {"agency": city.other},
        {
            "leave": city.leave(),
            "agency": city.other,
            "of_units": [WorkUnit.objects.get(agency=city.other, parent=None)],
        },
    ):
        with pytest.raises(DutyWithoutOwner):
            give(city, **change)


def test_a_unit_that_is_named_twice_has_it_once(city):
    assert give(city, of_units=[city.district, city.district]).owners.count() == 1


def test_a_duty_of_a_leave_ends_with_it_also_where_it_ends_early(city):
    leave = city.leave(someone=city.dewi)
    made = give(city, every="day", leave=leave, from_on=FIRST, due_on=None)
    assert duties.course_of(made).last == LAST
    offices.end_leave(leave, at=datetime(2020, 10, 10, 12, 0, tzinfo=WIB), by=city.by, now=NOW)
    assert duties.course_of(Duty.objects.select_related("leave").get()).last == date(2020, 10, 10)


def test_a_duty_of_a_leave_that_is_cancelled_is_asked_of_nobody(city):
    leave = city.leave(someone=city.dewi)
    give(city, leave=leave, from_on=FIRST)
    offices.end_leave(leave, at=NOW, by=city.by, now=NOW)
    assert mine(city.cici, BEGINS) == []
    with pytest.raises(LeaveOver):
        give(city, leave=type(leave).objects.get(pk=leave.pk), from_on=FIRST)


# --- doing -------------------------------------------------------------------------------------------------------


def do(city: City, user=None, **more) -> DutyDone:
    owner = DutyOwner.objects.select_related("duty__agency", "duty__leave").get()
    given = {
        "user": user or stages.account(city.cici),
        "evidence": "12 saluran diperiksa",
        "on": NOW.date(),
        "now": NOW,
    }
    return duties.mark_done(owner, **given | more)


def test_it_is_done_with_what_shows_it_and_stays_on_record(city):
    give(city)
    doing = do(city, file=SimpleUploadedFile("laporan.pdf", PDF))
    assert mine(city.cici) == [] and doing.file.media_type == "application/pdf"
    assert entries("duty.done") == [
        {
            "duty": doing.owner.duty_id, "owner": doing.owner_id, "doing": doing.pk, "on": "2020-09-23",
            "file": doing.file.digest, "by": doing.by_id,
        }
    ]  # fmt: skip


def test_the_same_said_twice_is_one_record(city):
    give(city)
    first = do(city, file=SimpleUploadedFile("laporan.pdf", PDF))
    assert do(city, file=SimpleUploadedFile("laporan.pdf", PDF)) == first
    assert DutyDone.objects.count() == StoredFile.objects.count() == 1
    assert do(city, evidence="yang benar 13 saluran") != first


def test_without_evidence_nothing_is_recorded(city):
    give(city)
    with pytest.raises(EvidenceMissing):
        do(city, evidence=" \n ")
    assert not DutyDone.objects.exists()


@pytest.mark.parametrize("day", [NOW.date() + timedelta(days=1), NOW.date() - timedelta(days=1)])
def test_it_was_not_done_tomorrow_nor_before_it_began(city, day):
    give(city)
    with pytest.raises(DutyDayWrong):
        do(city, on=day)


def test_nobody_else_marks_it_done_but_an_officer_writes_down_what_he_is_told(city):
    give(city)
    with pytest.raises(DutyNotYours):
        do(city, stages.account(city.ali))
    with pytest.raises(DutyNotYours):
        do(city, stages.account(city.ali), file=SimpleUploadedFile("a.pdf", PDF))
    assert not StoredFile.objects.exists()
    assert do(city, stages.account(city.ali), for_owner=True).by == stages.account(city.ali)


def test_the_one_on_leave_does_not_mark_it_done_and_whoever_stands_in_does(city):
    give(city, of_units=[], of_offices=[city.mayor], due_on=None)
    city.leave(someone=city.dewi)
    ali, dewi = stages.account(city.ali), stages.account(city.dewi)
    later = BEGINS + timedelta(hours=9)
    with time_machine.travel(later, tick=False):
        with pytest.raises(DutyNotYours):
            do(city, ali, on=FIRST, now=later)
        do(city, dewi, on=FIRST, now=later)
    with time_machine.travel(ENDS, tick=False), pytest.raises(DutyNotYours):
        do(city, dewi, on=LAST, now=ENDS)


def test_a_file_of_another_kind_is_refused_and_nothing_stays(city):
    give(city)
    with pytest.raises(FileKindWrong):
        do(city, file=SimpleUploadedFile("a.exe", b"MZ" + b"0" * 100))
    assert not DutyDone.objects.exists() and not StoredFile.objects.exists()


def test_nothing_is_recorded_of_a_duty_that_was_ended(city):
    made = give(city)
    duties.end(made, on=NOW.date(), by=city.by, now=NOW)
    with pytest.raises(DutyOver):
        do(city)
    with pytest.raises(DutyOver):
        duties.end(made, on=NOW.date(), by=city.by, now=NOW)
    assert mine(city.cici) == [] and len(entries("duty.ended")) == 1


def test_what_was_done_is_never_changed(city):
    give(city)
    doing = do(city)
    with pytest.raises(Exception, match="never"), stages.transaction.atomic():
        DutyDone.objects.filter(pk=doing.pk).update(evidence="lain")


# --- how they stand ----------------------------------------------------------------------------------------------


def test_missed_days_are_shown_and_the_overdue_come_first(city):
    give(city, text="Setiap hari", every="day", from_on=FIRST, due_on=LAST)
    give(city, text="Sekali", from_on=FIRST, due_on=date(2020, 10, 20))
    at = datetime(2020, 10, 1, 9, 0, tzinfo=WIB)
    with time_machine.travel(at, tick=False):
        owner = DutyOwner.objects.select_related("duty__agency", "duty__leave").get(duty__text="Setiap hari")
        for day in (FIRST, date(2020, 9, 27)):
            duties.mark_done(owner, user=stages.account(city.cici), evidence=str(day), on=day, now=at)
    first, second = duties.with_missed(duties.parts(duties.of_agency(city.agency), city.agency, at=at), at=at)
    assert (first.duty.text, first.progress.standing, first.progress.missed) == ("Setiap hari", Standing.OVERDUE, 4)
    assert (second.duty.text, second.progress.standing) == ("Sekali", Standing.DUE)


@pytest.mark.parametrize("every", ["once", "day", "week", "month"])
def test_what_is_counted_is_what_is_listed(city, every):
    give(city, text="Satu", every=every, from_on=FIRST, due_on=date(2020, 11, 20))
    give(city, text="Dua", every=every, from_on=FIRST, due_on=date(2020, 10, 1))
    user = stages.account(city.cici)
    for number, day in enumerate([FIRST, date(2020, 9, 28), date(2020, 10, 3), date(2020, 10, 26), date(2020, 11, 19)]):
        owner = DutyOwner.objects.select_related("duty__agency", "duty__leave").get(
            duty__text=("Satu", "Dua")[number % 2]
        )
        at = datetime(day.year, day.month, day.day, 12, 0, tzinfo=WIB)
        with time_machine.travel(at, tick=False):
            duties.mark_done(owner, user=user, evidence="ya", on=day, now=at)
            found = duties.parts(duties.of_agency(city.agency), city.agency, at=at)
            now = [part.progress.standing for part in found]
            counted = duties.counted(city.agency, day)
            assert (counted.overdue, counted.due, counted.done) == (
                now.count(Standing.OVERDUE), now.count(Standing.DUE), now.count(Standing.DONE),
            )  # fmt: skip


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_how_a_duty_stands_is_read_from_its_last_periods_and_is_what_its_whole_history_says(city, every):
    give(city, every=every, from_on=date(2020, 1, 31), due_on=None)
    owner, user = DutyOwner.objects.get(), stages.account(city.cici)
    day = date(2020, 1, 31)
    while day < date(2020, 9, 10):
        DutyDone.objects.create(owner=owner, on=day, evidence="ya", at=NOW, by=user)
        day += timedelta(days=1 if day.month % 2 else 9)
    for day in (date(2020, 3, 5), date(2020, 4, 1), date(2020, 6, 30), date(2020, 9, 9), date(2020, 9, 30)):
        at = datetime(day.year, day.month, day.day, 12, 0, tzinfo=WIB)
        found = duties.parts(duties.of_agency(city.agency), city.agency, at=at)
        (whole,) = duties.with_missed(found, at=at)
        assert (found[0].progress.standing, found[0].progress.due) == (whole.progress.standing, whole.progress.due)
    assert DutyDone.objects.count() > 80
    courses = {owner.duty_id: duties.course_of(owner.duty)}
    lately = duties._done_lately(DutyOwner.objects.all(), courses, date(2020, 9, 9))
    assert len(lately[owner.pk]) <= {"day": 2, "week": 14, "month": 41}[every]


def test_parts_of_many_owners_are_asked_in_few_queries(city, django_assert_max_num_queries):
    for number in range(2, 40):
        stages._unit(city.agency, city.root, f"KEC-{number:02d}", f"Kecamatan {number}", "district")
    stages.units.renumber(city.agency)
    give(city, of_units=list(duties.owners_of_kind(city.agency, ["district"])))
    with django_assert_max_num_queries(8):
        duties.parts(duties.of_agency(city.agency), city.agency, at=NOW)
    with django_assert_max_num_queries(5):
        duties.counted(city.agency, NOW.date())


# --- the hand-over sheet -----------------------------------------------------------------------------------------


def test_the_sheet_lists_what_is_open_in_the_agency_and_is_printed(city):
    leave = city.leave(stand_in=StandIn("pjs", city.dewi, letter_number="821/77"))
    give(city)
    give(city, text="Sudah selesai", of_units=[], of_offices=[city.secretary])
    done = DutyOwner.objects.select_related("duty__agency", "duty__leave").get(duty__text="Sudah selesai")
    duties.mark_done(done, user=stages.account(city.budi), evidence="ya", on=NOW.date(), now=NOW)
    sheet = handover.sheet(leave)
    assert [part.duty.text for part in sheet.parts] == ["Memantau genangan di kecamatan"]
    assert handover.paper(leave, now=NOW).startswith(b"%PDF")


def test_a_duty_that_is_told_to_end_later_goes_on_until_then(city):
    give(city)
    duty = Duty.objects.get()
    duties.end(duty, on=NOW.date() + timedelta(days=3), by=city.by, now=NOW)
    assert duties.of_agency(city.agency).exists()
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        assert not duties.of_agency(city.agency).exists()


@needs_pdftotext
def test_the_printed_sheet_says_whether_the_office_comes_back(city):
    leave = city.leave(stand_in=StandIn("pjs", city.dewi))
    assert "jabatan kembali sendiri" in text_of(handover.paper(leave, now=NOW))
    city.hold(city.mayor, city.budi, BEGINS + timedelta(days=3), "pj")
    leave.refresh_from_db()
    assert "dan tidak kembali" in text_of(handover.paper(leave, now=NOW))


def test_the_sheet_of_another_office_holds_its_own_matters_alone(city):
    give(city)
    give(city, text="Menyusun agenda", of_units=[], of_offices=[city.mayor])
    treasurer = city.office("Bendahara")
    leave = city.leave(city.hold(treasurer, city.budi))
    give(city, text="Menutup buku", of_units=[], of_offices=[treasurer])
    sheet = handover.sheet(leave)
    assert [part.duty.text for part in sheet.parts] == ["Menutup buku"] and sheet.rounds == ()
