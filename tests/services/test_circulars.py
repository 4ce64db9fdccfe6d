"""Circulars: published once and to whom, read, answered, reminded of, replaced, withdrawn; and who sees what of it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections, transaction
from django.test.utils import CaptureQueriesContext

from ikrar.domain.access import Scope
from ikrar.domain.circulars import CircularText, Question, Reach, Target
from ikrar.domain.days import WIB
from ikrar.domain.errors import (
    AgencyUnknown,
    AnswersWrong,
    CircularAlreadyReplaced,
    CircularChanged,
    CircularDayWrong,
    CircularNotOpen,
    CircularReachesNobody,
    CircularTextEmpty,
    ImportNotUndoable,
    LetterNumberTaken,
    NotAddressed,
    QuestionsTooMany,
    ReasonMissing,
    RegionUnknown,
    RemindersUsedUp,
    ReminderTooSoon,
    UnitUnknown,
    ValueUnknown,
)
from ikrar.domain.files import FileKind
from ikrar.records.models import (
    Agency,
    Circular,
    CircularReader,
    LogEntry,
    LogPayload,
    Notice,
    Placement,
    Region,
    StoredFile,
    WorkUnit,
)
from ikrar.services import circulars, files, letters, offices, roster, units
from ikrar.services.circulars import Draft
from ikrar.services.pacts import MOST_REMINDERS, REMINDER_PAUSE
from tests.conftest import NOW, TODAY, make_agency, make_member

DAY = timedelta(days=1)
TEXT = CircularText.of("Netralitas ASN", "Yth. seluruh pegawai.", ["netral", "jujur"], "Demikian.")
QUESTIONS = (
    Question.of("Boleh menyukai unggahan calon?", ["boleh", "tidak boleh"], 1, "Lihat butir 1.", place=1),
    Question.of("Boleh memilih?", ["boleh", "tidak boleh"], 0, "", place=2),
)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def staff(cast, city):
    """The cast and more: the head of the education office, a second school with its head, a clerk without a number."""
    unit = city.units.get
    made = {
        "rahma": make_member(
            unit(code="DISDIK"), "196907072000032006", "Rahma Umpama", sex="f", post="Kepala Dinas", is_head=True,
            post_kind="structural", level="jpt_pratama",
        ),
        "wati": make_member(
            unit(code="SDN-01"), "197905052005012004", "Wati Misalkan", sex="f", post="Kepala Sekolah", is_head=True
        ),
        "ujang": make_member(unit(code="SDN-01"), "199001012015031005", "Ujang Contoh", sex="m", post="Guru", employment="pppk"),
        "lia": make_member(
            unit(code="KEL-01"), "1990011501900001", "Lia Andaikan", sex="f", post="Operator", kind="nik",
            employment="contract",
        ),
        "yusuf": make_member(unit(code="SMPN-3"), "199205052019031009", "Yusuf Seumpama", sex="m", post="Guru", status="leave"),
        "gone": make_member(unit(code="SMPN-3"), "195205052019031009", "Nur Sudah", sex="f", post="Guru", status="retired"),
    }  # fmt: skip
    return {"sari": cast.sari, "budi": cast.budi, "rina": cast.rina, **made}


def a_draft(agency, **more):
    return Draft(**{"kind": "circular", "text": TEXT, "agencies": (agency,)} | more)


def make(agency, *, today=TODAY, now=NOW, by=None, **more):
    return circulars.create(agency, a_draft(agency, **more), today=today, by=by, now=now)


def publish(circular, *, today=TODAY, now=NOW, by=None, mark=None):
    return circulars.publish(circular, shown_mark=mark, today=today, by=by, now=now)


def published(agency, *, today=TODAY, now=NOW, **more):
    circular = make(agency, today=today, now=now, **more)
    publish(circular, today=today, now=now)
    return circular


def names(circular):
    return sorted(reader.person.name.split()[0].lower() for reader in circular.readers.select_related("person"))


def copy_of(circular, member):
    return circulars.reader_of(circular.pk, member.user)


def acknowledge(circular, member, *, answers=(), today=TODAY, now=NOW, digest=None):
    circulars.acknowledge(
        copy_of(circular, member), shown_digest=digest or circular.digest, answers=list(answers), today=today, now=now
    )


def told(kind, member=None):
    found = Notice.objects.filter(kind=kind)
    return found.filter(person=member.person).count() if member else found.count()


def events():
    return sorted(bytes(each.payload).decode().split('"event":"')[1].split('"')[0] for each in LogPayload.objects.all())


def move(member, unit, *, on=TODAY):
    Placement.objects.filter(person=member.person, until_on=None).update(until_on=on)
    return Placement.objects.create(person=member.person, unit=unit, employment="pns", post="Guru", from_on=on)


# --- drafts ------------------------------------------------------------------------------------------------------


def test_a_draft_reaches_nobody_and_bears_no_number(staff, city):
    circular = make(city, due_on=TODAY, questions=QUESTIONS)
    assert (circular.state, circular.number, circular.readers.count()) == ("draft", "", 0)
    assert circulars.text_of(circular) == TEXT and circulars.questions_of(circular) == list(QUESTIONS)
    assert not Notice.objects.exists() and events() == ["circular.drafted"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"due_on": TODAY - DAY}, CircularDayWrong),
        ({"issued_on": TODAY}, CircularDayWrong),
        ({"agencies": ()}, AgencyUnknown),
        ({"target": Target.of(units=[10**9])}, UnitUnknown),
        ({"target": Target.of(places=["99.99"])}, RegionUnknown),
        ({"target": Target.of(unit_kinds=["istana"])}, ValueUnknown),
        ({"questions": QUESTIONS + QUESTIONS[:1]}, QuestionsTooMany),
    ],
)
def test_a_draft_that_cannot_be_meant_is_refused_and_leaves_nothing(staff, city, wrong, error):
    with pytest.raises(error):
        make(city, **wrong)
    assert not Circular.objects.exists() and not LogEntry.objects.exists()


def test_a_unit_of_another_agency_is_unknown_here(staff, city, other_city):
    foreign = other_city.units.get(code="SMPN-1")
    with pytest.raises(UnitUnknown):
        make(city, target=Target.of(units=[foreign.pk]))


def test_a_unit_that_was_closed_is_unknown(staff, city):
    city.units.filter(code="KEL-01").update(closed_on=TODAY)
    with pytest.raises(UnitUnknown):
        make(city, target=Target.of(units=[city.units.get(code="KEL-01").pk]))


def test_only_agencies_below_are_addressed(staff, city, other_city):
    with pytest.raises(AgencyUnknown):
        make(city, agencies=(city, other_city))
    Agency.objects.filter(pk=other_city.pk).update(parent=city)
    assert [each.pk for each in circulars.addressable(city)] == [city.pk, other_city.pk]
    assert make(city, agencies=(city, other_city)).agencies.count() == 2


def test_a_draft_is_changed_whole_and_a_published_one_never(staff, city):
    circular = make(city, questions=QUESTIONS)
    changed = a_draft(city, text=replace(TEXT, title="Lain"), target=Target.of(heads_only=True))
    circulars.edit(circular, changed, today=TODAY, by=staff["rina"].user, now=NOW)
    circular.refresh_from_db()
    assert (circular.title, circular.target, circular.questions.count()) == ("Lain", {"heads_only": True}, 0)
    publish(circular)
    with pytest.raises(CircularNotOpen):
        circulars.edit(circular, changed, today=TODAY, by=staff["rina"].user, now=NOW)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Circular.objects.filter(pk=circular.pk).update(title="Diam-diam")
    with pytest.raises(CircularNotOpen):
        circulars.discard(circular, by=staff["rina"].user, now=NOW)


def test_a_draft_is_thrown_away_with_its_file(staff, city, home):
    stored = files.receive(SimpleUploadedFile("se.pdf", PDF), kinds={FileKind.PDF}, most_bytes=10**6, by=None, now=NOW)
    circular = make(city, file=stored)
    path = files.path_of(stored)
    circulars.discard(circular, by=staff["rina"].user, now=NOW)
    assert not Circular.objects.exists() and not StoredFile.objects.exists() and not path.exists()
    assert events() == ["circular.discarded", "circular.drafted"]


def test_a_file_that_is_replaced_in_a_draft_goes(staff, city, home):
    old, new = (
        files.receive(SimpleUploadedFile(name, PDF), kinds={FileKind.PDF}, most_bytes=10**6, by=None, now=NOW)
        for name in ("satu.pdf", "dua.pdf")
    )
    circular = make(city, file=old)
    path = files.path_of(old)
    circulars.edit(circular, a_draft(city, file=new), today=TODAY, by=staff["rina"].user, now=NOW)
    assert not path.exists() and files.path_of(new).exists()


# --- who is addressed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "reached"),
    [
        ({}, "budi lia rahma rina sari ujang wati yusuf"),
        ({"heads_only": True}, "budi rahma wati"),
        ({"unit_kinds": ["school"], "heads_only": True}, "budi wati"),
        ({"unit_kinds": ["school"]}, "budi sari ujang wati yusuf"),
        ({"units": ["DISDIK"]}, "budi rahma sari ujang wati yusuf"),
        ({"units": ["DISDIK", "SDN-01"]}, "budi rahma sari ujang wati yusuf"),
        ({"units": ["SDN-01", "KEC-01"]}, "lia ujang wati"),
        ({"employments": ["pppk"]}, "ujang"),
        ({"employments": ["contract", "pppk"]}, "lia ujang"),
        ({"post_kinds": ["structural"]}, "rahma"),
        ({"levels": ["jpt_pratama"]}, "rahma"),
        ({"places": ["13.75.01"]}, "lia"),
        ({"places": ["13.75"]}, "budi lia rahma rina sari ujang wati yusuf"),
        ({"places": ["13.75.01"], "units": ["DISDIK"]}, ""),
    ],
)
def test_a_target_reaches_those_it_says_by_the_roster_of_the_day(staff, city, chosen, reached):
    """Also whoever is on leave, never whoever is gone; a unit and a place with all below them."""
    Region.objects.create(code="13.75.01", name="Guguk Panjang", parent_id="13.75")
    city.units.filter(code="KEC-01").update(region_id="13.75.01")
    if "units" in chosen:
        chosen = chosen | {"units": [city.units.get(code=code).pk for code in chosen["units"]]}
    circular = make(city, target=Target.of(**chosen))
    before = circulars.counted_before(circular, TODAY)
    assert before == [(city, len(reached.split()))]
    if not reached:
        with pytest.raises(CircularReachesNobody):
            publish(circular)
        circular.refresh_from_db()
        assert circular.state == "draft" and letters.numberings(city, TODAY)[0].last == 0
        return
    assert publish(circular) == len(reached.split())
    assert " ".join(names(circular)) == reached


def test_the_roster_is_that_of_the_programmes_day(staff, city):
    move(staff["ujang"], city.units.get(code="BKPSDM"), on=TODAY + 7 * DAY)
    in_school = published(city, target=Target.of(unit_kinds=["school"]))
    assert "ujang" in names(in_school)
    later = published(city, target=Target.of(unit_kinds=["school"]), today=TODAY + 7 * DAY)
    assert "ujang" not in names(later)


def test_publishing_costs_the_same_number_of_queries_for_few_and_many(staff, city):
    with CaptureQueriesContext(connections["default"]) as few:
        published(city, target=Target.of(units=[city.units.get(code="SDN-01").pk]))
    with CaptureQueriesContext(connections["default"]) as many:
        published(city)
    assert len(many) <= len(few)


def acting(city, unit, someone, *, since=NOW - 2 * DAY, capacity="plt"):
    """Let somebody act as the head of a unit, as an officer writes it down by hand; nothing changes in the roster."""
    common = {"by": None, "now": NOW}
    post = offices.create_office(agency=city, unit=unit, title=f"Kepala {unit.code}", kind="head_of_unit", **common)
    return offices.take_over(
        post, person=someone.person, capacity=capacity, from_at=since, letter_number="SP 1", letter_on=None, **common
    )


def test_heads_alone_means_the_acting_head_and_not_the_one_whom_he_replaced(staff, city):
    school = city.units.get(code="SDN-01")
    acting(city, school, staff["sari"])
    assert names(published(city, target=Target.of(heads_only=True))) == ["budi", "rahma", "sari"]
    # Units and kinds mean the unit that he heads, not the one in which he serves.
    assert names(published(city, target=Target.of(heads_only=True, units=[school.pk]))) == ["sari"]
    assert names(published(city, target=Target.of(heads_only=True, units=[city.units.get(code="SMPN-3").pk]))) == [
        "budi"
    ]
    assert names(published(city, target=Target.of(heads_only=True, unit_kinds=["education_office"]))) == ["rahma"]
    circular = published(city, target=Target.of(heads_only=True, unit_kinds=["school"]))
    assert names(circular) == ["budi", "sari"]
    assert circulars.counted_before(circular, TODAY) == [(city, 2)]


def test_a_head_who_takes_over_later_is_reached_by_the_clock_and_one_whose_time_is_over_by_no_new_one(staff, city):
    circular = published(city, target=Target.of(heads_only=True))
    assert names(circular) == ["budi", "rahma", "wati"]
    post = acting(city, city.units.get(code="SDN-01"), staff["sari"], since=NOW + timedelta(hours=1))
    assert circulars.deliver(circular, today=TODAY, by=None, now=NOW) == 0
    assert circulars.deliver(circular, today=TODAY, by=None, now=NOW + timedelta(hours=2)) == 1
    assert names(circular) == ["budi", "rahma", "sari", "wati"]
    offices.leave_office(post, until_at=NOW + timedelta(hours=3), by=None, now=NOW)
    later = {"today": TODAY, "now": NOW + timedelta(hours=4)}
    assert names(published(city, target=Target.of(heads_only=True), **later)) == ["budi", "rahma", "wati"]


def test_a_head_on_leave_for_whom_nobody_stands_in_is_reached_when_he_is_back(staff, city):
    post = acting(city, city.units.get(code="SDN-01"), staff["wati"], capacity="definitive")
    offices.record_leave(post, kind="annual", from_on=TODAY, last_on=TODAY, note="", by=None, now=NOW)
    circular = published(city, target=Target.of(heads_only=True))
    assert names(circular) == ["budi", "rahma"]
    circulars.deliver(circular, today=TODAY + DAY, by=None, now=NOW + DAY)
    assert names(circular) == ["budi", "rahma", "wati"]


def test_a_new_grade_of_the_one_who_was_replaced_does_not_end_the_acting_heads_time(staff, city):
    school = city.units.get(code="SDN-01")
    acting(city, school, staff["sari"], since=NOW - 9 * DAY)
    old = staff["wati"].placement
    Placement.objects.filter(pk=old.pk).update(until_on=TODAY - DAY)
    row = {"unit": school, "employment": "pns", "post": "Kepala", "grade": "IV/a", "is_head": True}
    Placement.objects.create(person=staff["wati"].person, from_on=TODAY - DAY, **row)
    assert names(published(city, target=Target.of(heads_only=True, units=[school.pk]))) == ["sari"]


# --- publishing --------------------------------------------------------------------------------------------------


def test_a_published_circular_bears_number_head_and_digest_and_everybody_is_told_once(staff, city):
    letters.set_letterhead(city, "PEMERINTAH KOTA BUKITTINGGI\nWALI KOTA", by=staff["rina"].user, now=NOW)
    circular = published(city, due_on=TODAY + DAY)
    assert (circular.state, circular.number, circular.issued_on) == ("published", "001/SE/X/2024", TODAY)
    assert circular.letterhead == "PEMERINTAH KOTA BUKITTINGGI\nWALI KOTA" and len(circular.digest) == 64
    assert told("circular_published") == 8 and told("circular_published", staff["sari"]) == 1
    said = Notice.objects.filter(kind="circular_published").first().values
    assert said == {"circular": circular.pk, "number": "001/SE/X/2024", "title": "Netralitas ASN"}
    assert "circular.published" in events()
    letters.set_letterhead(city, "KOP BARU", by=staff["rina"].user, now=NOW)
    circular.refresh_from_db()
    assert circular.letterhead.startswith("PEMERINTAH"), "what was published keeps the head that it had"


def test_a_circular_with_neither_text_nor_file_is_not_published(staff, city, home):
    circular = make(city, text=CircularText("Hanya judul"))
    with pytest.raises(CircularTextEmpty):
        publish(circular)
    stored = files.receive(SimpleUploadedFile("a.pdf", PDF), kinds={FileKind.PDF}, most_bytes=10**6, by=None, now=NOW)
    circulars.edit(
        circular,
        a_draft(city, text=CircularText("Hanya judul"), file=stored),
        today=TODAY,
        by=staff["rina"].user,
        now=NOW,
    )
    assert publish(circular) == 8


def test_a_draft_that_lay_until_its_days_were_over_is_not_published(staff, city):
    circular = make(city, due_on=TODAY)
    with pytest.raises(CircularDayWrong):
        publish(circular, today=TODAY + DAY)
    assert not Notice.objects.exists()


def test_what_is_published_is_what_was_shown(staff, city):
    circular = make(city)
    mark = circulars.shown(circular)
    circulars.edit(
        circular, a_draft(city, text=replace(TEXT, points=("memihak",))), today=TODAY, by=staff["rina"].user, now=NOW
    )
    with pytest.raises(CircularChanged):
        publish(circular, mark=mark)
    circular.refresh_from_db()
    assert circular.state == "draft"
    publish(circular, mark=circulars.shown(circular))


@pytest.mark.parametrize(
    "other",
    [
        {"target": Target.of(heads_only=True)}, {"due_on": TODAY}, {"questions": QUESTIONS[:1]}, {"number": "7"},
        {"kind": "appeal"}, {"valid_until": TODAY},
    ],
)  # fmt: skip
def test_every_part_of_a_draft_is_in_its_mark(staff, city, other):
    circular = make(city)
    before = circulars.shown(circular)
    circulars.edit(circular, a_draft(city, **other), today=TODAY, by=staff["rina"].user, now=NOW)
    circular.refresh_from_db()
    assert circulars.shown(circular) != before


def test_two_circulars_never_bear_the_same_number(staff, city):
    make(city, number="001/SE/X/2024", issued_on=TODAY - 3 * DAY)
    with pytest.raises(LetterNumberTaken):
        make(city, number="001/SE/X/2024")
    assert published(city).number == "002/SE/X/2024", "the number of a paper is passed over"
    first = Circular.objects.get(number="001/SE/X/2024")
    publish(first)
    assert first.issued_on == TODAY - 3 * DAY


def test_a_number_that_is_taken_in_the_same_moment_is_refused_in_words(staff, city, monkeypatch):
    published(city, number="7/SE/2024")
    monkeypatch.setattr(circulars, "_check", lambda *_args: None)
    with pytest.raises(LetterNumberTaken):
        make(city, number="7/SE/2024")
    mine = make(city)
    with pytest.raises(LetterNumberTaken):
        circulars.edit(mine, a_draft(city, number="7/SE/2024"), today=TODAY, by=staff["rina"].user, now=NOW)


def test_two_officers_who_publish_at_once_publish_once(staff, city):
    circular = make(city)
    stale = Circular.objects.get(pk=circular.pk)
    publish(circular)
    with pytest.raises(CircularNotOpen) as caught:
        publish(stale)
    assert caught.value.state == "published"
    assert told("circular_published") == 8 and letters.numberings(city, TODAY)[0].last == 1


# --- those who come later ----------------------------------------------------------------------------------------


def test_whoever_comes_since_is_reached_and_nobody_twice(staff, city):
    circular = published(city, target=Target.of(unit_kinds=["school"]))
    assert circulars.deliver(circular, today=TODAY, by=None, now=NOW) == 0
    late = make_member(city.units.get(code="SDN-01"), "199105052019031001", "Baru Datang", sex="m", post="Guru")
    assert circulars.deliver(circular, today=TODAY, by=None, now=NOW) == 1
    assert circulars.deliver(circular, today=TODAY, by=None, now=NOW) == 0
    assert told("circular_published", late) == 1 and told("circular_published") == circular.readers.count() == 6
    assert events().count("circular.delivered") == 1


def test_what_is_unread_follows_who_moves_and_what_is_read_stays(staff, city):
    circular = published(city)
    acknowledge(circular, staff["ujang"])
    there = city.units.get(code="KEL-01")
    for name in ("ujang", "sari"):
        move(staff[name], there)
    circulars.deliver(circular, today=TODAY, by=None, now=NOW)
    assert copy_of(circular, staff["sari"]).unit == there
    assert copy_of(circular, staff["ujang"]).unit.code == "SDN-01"


def test_the_clock_reaches_who_came_since_and_looks_again_only_after_a_while(staff, city, monkeypatch):
    monkeypatch.setattr(circulars.clock, "today", lambda zone=None: TODAY)
    circular = published(city)
    make_member(city.units.get(code="SDN-01"), "199105052019031001", "Baru Datang", sex="m", post="Guru")
    circulars.sweep(NOW + timedelta(minutes=1))
    assert circular.readers.count() == 8, "looked at a minute ago"
    circulars.sweep(NOW + timedelta(minutes=20))
    circulars.sweep(NOW + timedelta(minutes=20))
    assert circular.readers.count() == 9
    make_member(city.units.get(code="SDN-01"), "199105052019031002", "Lagi Datang", sex="m", post="Guru")
    monkeypatch.setattr(circulars.clock, "today", lambda zone=None: TODAY + DAY)
    circulars.sweep(NOW + timedelta(minutes=21))
    assert circular.readers.count() == 10, "on a new day at once"


@pytest.mark.parametrize("ended", ["withdrawn", "over"])
def test_the_clock_leaves_alone_what_does_not_stand(staff, city, monkeypatch, ended):
    circular = published(city, valid_until=TODAY)
    if ended == "withdrawn":
        circulars.withdraw(circular, reason="keliru", by=staff["rina"].user, now=NOW)
    make_member(city.units.get(code="SDN-01"), "199105052019031001", "Baru Datang", sex="m", post="Guru")
    monkeypatch.setattr(circulars.clock, "today", lambda zone=None: TODAY + DAY)
    circulars.sweep(NOW + DAY)
    assert circular.readers.count() == 8
    if ended == "withdrawn":
        with pytest.raises(CircularNotOpen):
            circulars.deliver(circular, today=TODAY, by=None, now=NOW)


# --- reading and acknowledging -----------------------------------------------------------------------------------


def test_one_reads_ones_own_copy_and_no_other(staff, city, cast):
    circular = published(city, target=Target.of(heads_only=True))
    assert copy_of(circular, staff["budi"]).person == staff["budi"].person
    for nobody in (staff["sari"], cast.tono):
        with pytest.raises(NotAddressed):
            copy_of(circular, nobody)
    with pytest.raises(NotAddressed):
        copy_of(make(city), staff["budi"])


def test_an_opening_is_remembered_once(staff, city):
    circular = published(city)
    for later in (0, 5):
        circulars.opened(copy_of(circular, staff["sari"]), today=TODAY, now=NOW + timedelta(minutes=later))
    assert copy_of(circular, staff["sari"]).opened_at == NOW


def test_an_acknowledgement_stands_with_its_day_and_the_second_changes_nothing(staff, city):
    circular = published(city)
    acknowledge(circular, staff["sari"])
    acknowledge(circular, staff["sari"], now=NOW + timedelta(hours=1))
    copy = copy_of(circular, staff["sari"])
    assert copy.acknowledged_at == copy.opened_at == NOW
    assert events().count("circular.acknowledged") == 1


def test_a_wrong_answer_is_counted_and_may_be_followed_by_the_right_one(staff, city):
    circular = published(city, questions=QUESTIONS)
    for answers, wrong in (([0, 0], ("1",)), ([0, 1], ("1", "2")), ([], ("1", "2")), ([None, 0], ("1",))):
        with pytest.raises(AnswersWrong) as caught:
            acknowledge(circular, staff["sari"], answers=answers)
        assert caught.value.places == wrong
    assert (copy_of(circular, staff["sari"]).tries, copy_of(circular, staff["sari"]).acknowledged_at) == (4, None)
    acknowledge(circular, staff["sari"], answers=[1, 0])
    copy = copy_of(circular, staff["sari"])
    assert (copy.tries, copy.acknowledged_at) == (5, NOW)


def test_a_circular_withdrawn_while_it_is_read_is_acknowledged_by_nobody(staff, city):
    circular = published(city)
    copy = copy_of(circular, staff["sari"])
    circulars.withdraw(circular, reason="salah tanggal", by=staff["rina"].user, now=NOW)
    with pytest.raises(CircularNotOpen) as caught:
        circulars.acknowledge(copy, shown_digest=circular.digest, answers=[], today=TODAY, now=NOW)
    assert caught.value.state == "withdrawn"
    assert told("circular_withdrawn", staff["sari"]) == 1
    assert copy_of(circular, staff["sari"]).acknowledged_at is None
    assert copy_of(circular, staff["sari"]).circular.withdrawn_because == "salah tanggal"


def test_something_else_than_was_shown_is_not_acknowledged(staff, city):
    circular = published(city)
    with pytest.raises(CircularChanged):
        acknowledge(circular, staff["sari"], digest="0" * 64)


def test_what_waits_stands_first(staff, city):
    first, second = published(city), published(city, now=NOW + timedelta(minutes=1))
    acknowledge(second, staff["sari"])
    mine = list(circulars.of_person(staff["sari"].person.pk, TODAY))
    assert [each.circular for each in mine] == [first, second]
    assert [each.circular for each in circulars.waiting_for(staff["sari"].person.pk, TODAY)] == [first]
    circulars.withdraw(first, reason="keliru", by=staff["rina"].user, now=NOW)
    assert not circulars.waiting_for(staff["sari"].person.pk, TODAY).exists()


# --- replacing and withdrawing -----------------------------------------------------------------------------------


def test_a_newer_one_takes_the_place_of_an_older_and_each_is_told_once(staff, city):
    old = published(city, questions=QUESTIONS)
    new = circulars.begin_successor(old, by=staff["rina"].user, now=NOW)
    assert circulars.text_of(new) == TEXT and circulars.questions_of(new) == list(QUESTIONS)
    old.refresh_from_db()
    assert old.state == "published", "a draft replaces nothing yet"
    circulars.edit(
        new, a_draft(city, target=Target.of(unit_kinds=["school"])), today=TODAY, by=staff["rina"].user, now=NOW
    )
    late = make_member(city.units.get(code="SDN-01"), "199105052019031001", "Baru Datang", sex="m", post="Guru")
    Notice.objects.all().delete()
    publish(new)
    old.refresh_from_db()
    assert (old.state, old.superseded_by, new.supersedes) == ("superseded", new, old)
    assert told("circular_renewed") == 5 and told("circular_published", late) == 1 == told("circular_published")
    assert told("circular_superseded") == 3 and told("circular_superseded", staff["rina"]) == 1
    with pytest.raises(CircularNotOpen) as caught:
        acknowledge(old, staff["sari"], answers=[1, 0])
    assert caught.value.state == "superseded"


def test_one_circular_has_one_successor(staff, city):
    old = published(city)
    draft = circulars.begin_successor(old, by=staff["rina"].user, now=NOW)
    with pytest.raises(CircularAlreadyReplaced):
        circulars.begin_successor(old, by=staff["rina"].user, now=NOW)
    circulars.discard(draft, by=staff["rina"].user, now=NOW)
    again = circulars.begin_successor(old, by=staff["rina"].user, now=NOW)
    publish(again)
    with pytest.raises(CircularNotOpen):
        circulars.begin_successor(old, by=staff["rina"].user, now=NOW)
    third = circulars.begin_successor(again, by=staff["rina"].user, now=NOW)
    publish(third)
    assert [third.supersedes, third.supersedes.supersedes] == [again, old], "a chain of three"


def test_a_circular_that_was_withdrawn_meanwhile_stays_withdrawn(staff, city):
    old = published(city)
    new = circulars.begin_successor(old, by=staff["rina"].user, now=NOW)
    circulars.withdraw(old, reason="keliru", by=staff["rina"].user, now=NOW)
    publish(new)
    old.refresh_from_db()
    assert old.state == "withdrawn" and not told("circular_superseded") and not told("circular_renewed")


def test_a_withdrawal_needs_a_reason_and_happens_once(staff, city):
    circular = published(city)
    with pytest.raises(ReasonMissing):
        circulars.withdraw(circular, reason="  ", by=staff["rina"].user, now=NOW)
    circulars.withdraw(circular, reason="keliru", by=staff["rina"].user, now=NOW)
    with pytest.raises(CircularNotOpen):
        circulars.withdraw(circular, reason="keliru", by=staff["rina"].user, now=NOW)
    with pytest.raises(CircularNotOpen):
        circulars.withdraw(make(city), reason="keliru", by=staff["rina"].user, now=NOW)
    assert told("circular_withdrawn") == 8


# --- counting ----------------------------------------------------------------------------------------------------


def test_figures_add_up_by_unit_and_leave_is_told_apart(staff, city):
    circular = published(city)
    circulars.opened(copy_of(circular, staff["ujang"]), today=TODAY, now=NOW)
    acknowledge(circular, staff["sari"])
    Placement.objects.filter(person=staff["wati"].person).update(status="retired")
    root = city.units.get(parent=None)
    total, rows, own = circulars.reach_below(circular, root, TODAY)
    assert total == circulars.reach(circular, root, TODAY) == Reach(8, 2, 1, away=1, left=1)
    assert total.missing == 5 == circulars.missing(circular, root, TODAY).count() and total.expected == 6
    assert {unit.code: counted.delivered for unit, counted in rows} == {"BKPSDM": 1, "DISDIK": 6, "KEC-01": 1}
    assert sum((counted for _, counted in rows), own) == total
    assert circulars.reach_by_agency(circular, TODAY) == [(city, total)]
    school = city.units.get(code="SMPN-3")
    assert [each.person.name for each in circulars.missing(circular, school, TODAY)] == ["Budi Misalkan"]
    assert [each.person.name for each in circulars.everybody(circular, school)] == [
        "Budi Misalkan", "Sari Contohwati", "Yusuf Seumpama",
    ]  # fmt: skip


def test_whoever_serves_another_agency_now_is_not_asked_for_any_more(staff, city, other_city):
    circular = published(city)
    move(staff["sari"], other_city.units.get(code="SMPN-1"))
    school = city.units.get(code="SMPN-3")
    counted = circulars.reach(circular, school, TODAY)
    assert (counted.delivered, counted.left, counted.away, counted.missing) == (3, 1, 1, 1)
    assert staff["sari"].person not in [each.person for each in circulars.missing(circular, school, TODAY)]


def test_counting_asks_as_often_for_a_city_as_for_a_school(staff, city):
    circular = published(city)
    found = []
    for unit in (city.units.get(parent=None), city.units.get(code="SDN-01")):
        with CaptureQueriesContext(connections["default"]) as queries:
            circulars.reach(circular, unit, TODAY)
        found.append(len(queries))
    assert found == [2, 2]


# --- several agencies --------------------------------------------------------------------------------------------


@pytest.fixture
def province(staff, city, other_city):
    """A province above both cities, with one person of its own."""
    made = make_agency("13", "Pemerintah Provinsi", "13", [("SETDAPROV", "Sekretariat", "secretariat", "13")])
    Agency.objects.filter(pk__in=[city.pk, other_city.pk]).update(parent=made)
    make_member(made.units.get(code="SETDAPROV"), "199105052019031001", "Pro Vinsi", sex="m", post="Analis")
    return made


def test_a_province_reaches_its_cities_and_sees_numbers_of_them_alone(province, city, other_city, cast):
    circular = published(province, agencies=(province, city, other_city))
    assert circular.readers.count() == 10
    counted = dict(circulars.reach_by_agency(circular, TODAY))
    assert (counted[province].delivered, counted[city].delivered, counted[other_city].delivered) == (1, 8, 1)
    acknowledge(circular, cast.tono)
    own = Scope(agencies=frozenset({province.pk}))
    assert circular in circulars.visible(own)
    neighbour = Scope(agencies=frozenset({other_city.pk}))
    assert circular in circulars.visible(neighbour), "whoever runs an addressed agency sees it"
    only_city = published(province, agencies=(city,))
    assert only_city not in circulars.visible(neighbour)
    assert make(province) not in circulars.visible(Scope(agencies=frozenset({city.pk})))


def test_a_head_sees_what_reached_his_people(staff, city):
    everyone, heads = published(city), published(city, target=Target.of(units=[city.units.get(code="KEC-01").pk]))
    school = city.units.get(code="SMPN-3")
    scope = Scope(spans=frozenset({(city.pk, school.position, school.last_position)}))
    assert list(circulars.visible(scope)) == [everyone]
    make(city)
    assert set(circulars.visible(Scope(agencies=frozenset({city.pk})))) == set(Circular.objects.all())
    assert not circulars.visible(Scope()).exists() and heads.pk


# --- reminding ---------------------------------------------------------------------------------------------------


def remind(circular, unit, *, today=TODAY, by, now=NOW):
    return circulars.remind(circular, unit, today=today, by=by, now=now)


def test_only_those_who_are_missing_are_reminded(staff, city):
    circular, root = published(city), city.units.get(parent=None)
    acknowledge(circular, staff["sari"])
    sent = remind(circular, root, by=staff["rina"].user)
    assert (sent.people, sent.too_soon, sent.used_up) == (6, 0, 0)
    assert told("circular_reminded") == 6
    assert not told("circular_reminded", staff["sari"]) and not told("circular_reminded", staff["yusuf"])


def test_nobody_is_reminded_again_within_the_pause_by_whatever_unit_is_pressed(staff, city):
    circular, root, by = published(city), city.units.get(parent=None), staff["rina"].user
    school = city.units.get(code="SDN-01")
    assert remind(circular, school, by=by).people == 2
    with pytest.raises(ReminderTooSoon) as caught:
        remind(circular, school, by=by, today=TODAY + DAY)
    assert caught.value.next_on == TODAY + REMINDER_PAUSE
    rest = remind(circular, root, by=by, today=TODAY + DAY, now=NOW + DAY)
    assert (rest.people, rest.too_soon) == (5, 2)
    again = remind(circular, school, by=by, today=TODAY + REMINDER_PAUSE, now=NOW + 2 * DAY)
    assert again.people == 2


def test_a_reminder_loop_ends(staff, city):
    circular, school, by = published(city), city.units.get(code="SDN-01"), staff["rina"].user
    for turn in range(MOST_REMINDERS):
        day = turn * REMINDER_PAUSE
        assert remind(circular, school, by=by, today=TODAY + day, now=NOW + day).people == 2
    day = 30 * DAY
    with pytest.raises(RemindersUsedUp):
        remind(circular, school, by=by, today=TODAY + day, now=NOW + day)
    assert told("circular_reminded") == 2 * MOST_REMINDERS


def test_nobody_is_left_to_remind_and_that_is_no_error(staff, city):
    circular = published(city, target=Target.of(units=[city.units.get(code="KEL-01").pk]))
    acknowledge(circular, staff["lia"])
    assert remind(circular, city.units.get(code="KEL-01"), by=staff["rina"].user).people == 0
    circulars.withdraw(circular, reason="keliru", by=staff["rina"].user, now=NOW)
    with pytest.raises(CircularNotOpen):
        remind(circular, city.units.get(code="KEL-01"), by=staff["rina"].user)


# --- telling superiors -------------------------------------------------------------------------------------------


def escalate(circular, agency, *, today=TODAY + DAY, now=NOW + DAY):
    return circulars.escalate(circular, agency, today=today, now=now)


def test_superiors_are_told_from_the_day_on_and_once_a_day(staff, city):
    circular = published(city, due_on=TODAY, escalate_on=TODAY + DAY)
    assert escalate(circular, city, today=TODAY) == 0
    acknowledge(circular, staff["sari"])
    assert escalate(circular, city) == 2
    assert escalate(circular, city) == 0
    # Rahma hears of the heads of her two schools; they of their own people; whoever has nobody above him is told of to no one.
    found = {
        reader.person.name.split()[0].lower(): reader.escalated_to.name.split()[0].lower()
        for reader in circular.readers.exclude(escalated_to=None)
    }
    assert found == {"budi": "rahma", "wati": "rahma", "ujang": "wati"}
    said = Notice.objects.get(kind="circular_unread", person=staff["rahma"].person).values
    assert said == {"circular": circular.pk, "number": "001/SE/X/2024", "title": "Netralitas ASN", "people": 2}
    assert "Budi" not in str(said)
    reported = circulars.reported_to(staff["rahma"].person, TODAY + DAY)
    assert {each.person for each in reported} == {staff["budi"].person, staff["wati"].person}
    acknowledge(circular, staff["budi"], today=TODAY + DAY, now=NOW + DAY)
    assert escalate(circular, city, today=TODAY + 2 * DAY, now=NOW + 2 * DAY) == 2
    said = Notice.objects.filter(kind="circular_unread", person=staff["rahma"].person).latest("pk").values
    assert said["people"] == 1
    assert events().count("circular.escalated") == 2


@pytest.mark.parametrize("due_on", [TODAY, None])
def test_no_superior_is_told_before_the_last_day_for_it_is_over(staff, city, due_on, monkeypatch):
    circular = published(city, due_on=due_on, escalate_on=TODAY)
    monkeypatch.setattr(circulars.clock, "today", lambda zone=None: TODAY)
    for minutes in (16, 32, 48):
        circulars.sweep(NOW + timedelta(minutes=minutes))
    assert not told("circular_unread") and circulars.superiors_told_from(circular, TODAY) == TODAY + DAY
    monkeypatch.setattr(circulars.clock, "today", lambda zone=None: TODAY + DAY)
    circulars.sweep(NOW + DAY)
    assert told("circular_unread")


def test_the_last_day_is_over_at_midnight_of_the_place(staff, city):
    Region.objects.create(code="91", name="Papua")
    Agency.objects.filter(pk=city.pk).update(region="91")
    circular = published(Agency.objects.get(pk=city.pk), due_on=TODAY, escalate_on=TODAY)
    evening = datetime.combine(TODAY, time(22, 1), WIB)  # in Papua the next day has begun
    for moment, is_told in ((evening - timedelta(minutes=2), False), (evening, True)):
        with time_machine.travel(moment, tick=False):
            circulars.sweep(moment)
        assert bool(told("circular_unread")) is is_told
    assert circular.readers.exclude(escalated_on=None).exists()


def test_a_superior_is_told_of_one_person_on_a_few_days_and_no_more(staff, city):
    circular = published(city, escalate_on=TODAY, target=Target.of(units=[city.units.get(code="SDN-01").pk]))
    after = range(1, MOST_REMINDERS + 4)
    days = [escalate(circular, city, today=TODAY + n * DAY, now=NOW + n * DAY) for n in after]
    assert days == [2] * MOST_REMINDERS + [0] * 3


@pytest.mark.parametrize("ended", ["withdrawn", "over", "never"])
def test_no_superior_hears_of_what_is_not_awaited(staff, city, ended):
    over = {"over": {"escalate_on": TODAY, "valid_until": TODAY}, "never": {}}.get(ended, {"escalate_on": TODAY})
    circular = published(city, **over)
    if ended == "withdrawn":
        circulars.withdraw(circular, reason="keliru", by=staff["rina"].user, now=NOW)
    assert escalate(circular, city) == 0 and not told("circular_unread")


def test_a_superior_who_was_given_by_hand_is_told(staff, city):
    Placement.objects.filter(person=staff["rina"].person).update(superior=staff["wati"].person)
    circular = published(city, escalate_on=TODAY, target=Target.of(units=[city.units.get(code="BKPSDM").pk]))
    assert escalate(circular, city) == 1
    assert circulars.reported_to(staff["wati"].person, TODAY + DAY).get().person == staff["rina"].person


def test_of_the_people_of_a_head_on_leave_whoever_stands_in_is_told(staff, city):
    common = {"by": staff["rina"].user, "now": NOW}
    unit = WorkUnit.objects.get(pk=staff["wati"].placement.unit_id)
    post = offices.create_office(agency=city, unit=unit, title="Kepala", kind="head_of_unit", **common)
    holding = offices.take_over(
        post, person=staff["wati"].person, capacity="definitive", from_at=NOW - 9 * DAY, letter_number="SK 1",
        letter_on=None, **common,
    )  # fmt: skip
    stand_in = offices.StandIn("plh", staff["sari"].person, letter_number="SP 2")
    offices.record_leave(
        holding, kind="annual", from_on=TODAY - DAY, last_on=TODAY + 5 * DAY, note="", stand_in=stand_in, **common
    )
    circular = published(city, escalate_on=TODAY, target=Target.of(units=[unit.pk]))
    with time_machine.travel(NOW + DAY, tick=False):
        escalate(circular, city)
    reader = circular.readers.get(person=staff["ujang"].person)
    assert reader.escalated_to == staff["sari"].person


def test_a_superior_who_went_to_another_agency_reads_no_names_of_the_old_one(staff, city, other_city):
    circular = published(city, escalate_on=TODAY)
    escalate(circular, city)
    assert circulars.reported_to(staff["rahma"].person, TODAY + DAY).exists()
    Placement.objects.filter(person=staff["rahma"].person).update(unit=other_city.units.get(code="SMPN-1"))
    assert not circulars.reported_to(staff["rahma"].person, TODAY + DAY).exists()


@pytest.mark.parametrize("few", [0, 20])
def test_the_superior_of_many_is_that_of_each(staff, city, few, monkeypatch):
    """However many are asked for: of a few only what lies above them is read."""
    acting(city, city.units.get(code="SDN-01"), staff["sari"])
    people = [each.person for each in staff.values()]
    one_by_one = {each.pk: found.pk for each in people if (found := units.superior(each, TODAY))}
    assert one_by_one[staff["ujang"].person.pk] == staff["sari"].person.pk
    monkeypatch.setattr(units, "_FEW", few)
    assert units.superiors(city, [each.pk for each in people], TODAY) == one_by_one


def test_superiors_in_each_agency_hear_of_their_own_people(province, city, other_city, cast):
    Placement.objects.filter(person=cast.tono.person).update(unit=other_city.units.get(code="SMPN-1"))
    head = make_member(
        other_city.units.get(code="SMPN-1"), "197001012000031001", "Kepala Lain", sex="m", post="Kepala", is_head=True
    )
    circular = published(province, agencies=(province, city, other_city), escalate_on=TODAY)
    assert escalate(circular, other_city, today=TODAY + DAY, now=NOW + DAY) == 1
    assert told("circular_unread", head) == 1 == told("circular_unread")
    assert circulars.reported_to(head.person, TODAY).get().person == cast.tono.person


def test_the_next_day_the_clock_tells_superiors(staff, city, monkeypatch):
    monkeypatch.setattr(circulars.clock, "today", lambda zone=None: TODAY + DAY)
    published(city, due_on=TODAY, escalate_on=TODAY + DAY)
    for _ in range(2):
        circulars.sweep(NOW + DAY)
    assert told("circular_unread") == 3


# --- a demo's day ------------------------------------------------------------------------------------------------


def test_moments_are_of_the_programmes_day(staff, city):
    """A demo stands on a day of its own: what people see of when somebody read it is that day, with the clock's hour."""
    circular = make(city)
    later = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    publish(circular, now=later)
    acknowledge(circular, staff["sari"], now=later)
    copy = copy_of(circular, staff["sari"])
    zone = city.zone
    assert copy.acknowledged_at.astimezone(zone).date() == copy.delivered_at.astimezone(zone).date() == TODAY


def test_an_opening_waits_for_nobody(staff, city, settings):
    circular = published(city)
    settings.COMMIT_TOGETHER = True
    with transaction.atomic():
        circulars.opened(copy_of(circular, staff["sari"]), today=TODAY, now=NOW)
    assert copy_of(circular, staff["sari"]).opened_at == NOW


def test_the_list_that_leaves_is_logged(staff, city):
    circular = published(city)
    circulars.note_export(circular, city.units.get(parent=None), people=8, by=staff["rina"].user, now=NOW)
    assert "circular.exported" in events()


def test_what_is_over_is_awaited_from_nobody(staff, city):
    circular = published(city, valid_until=TODAY)
    tomorrow = {"today": TODAY + DAY, "now": NOW + DAY}
    assert circulars.waiting_for(staff["sari"].person.pk, TODAY).exists()
    assert not circulars.waiting_for(staff["sari"].person.pk, TODAY + DAY).exists()
    for act in (
        lambda: acknowledge(circular, staff["sari"], **tomorrow),
        lambda: remind(circular, city.units.get(parent=None), by=staff["rina"].user, **tomorrow),
        lambda: circulars.deliver(circular, by=None, **tomorrow),
    ):
        with pytest.raises(CircularNotOpen) as caught:
            act()
        assert caught.value.state == "over"
    circulars.begin_successor(circular, by=staff["rina"].user, now=NOW + DAY)


def test_an_import_is_taken_back_with_the_copies_that_nobody_opened_and_not_with_one_that_was(staff, city, home):
    circular = published(city)
    for opened in (False, True):
        lines = ["NIP;Nama;Status Kepegawaian;Kode Unit;Jabatan", "199105052019031001;Baru Datang;PNS;SDN-01;Guru"]
        given = roster.receive(
            agency=city, file=BytesIO("\n".join(lines).encode()), name="a.csv", effective_on=TODAY, by=None, now=NOW
        )
        roster.map_columns(given, given.fields, complete=False, new_units=False)
        roster.preview(given, now=NOW)
        roster.begin_applying(given)
        roster.apply(given, by=None, now=NOW)
        assert circulars.deliver(circular, today=TODAY, by=None, now=NOW) == 1
        if opened:
            CircularReader.objects.filter(person__identifier="199105052019031001").update(opened_at=NOW)
            with pytest.raises(ImportNotUndoable) as caught:
                roster.undo(given, by=None, now=NOW)
            assert caught.value.reason == "in_use"
        else:
            roster.undo(given, by=None, now=NOW)
            assert (
                circular.readers.count() == 8 and not CircularReader.objects.filter(person__name="Baru Datang").exists()
            )
