"""Who is meant, out of the database: as of a day, within one's reach, and always as the records are now."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ikrar.bulk import name_index
from ikrar.domain.days import WIB
from ikrar.domain.errors import FindingRefused, NameQueryRefused
from ikrar.domain.names import Reason
from ikrar.records.models import Body, LogPayload, NameTouch, Office, Person, Placement, Throttle
from ikrar.services import finding, name_entries, name_touches, offices, roster, tasks, units
from ikrar.services.finding import Reach
from tests.conftest import NOW, TODAY
from tests.services.test_roster import BUDI, RINI, SARI, applied

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

LATER = TODAY + timedelta(days=10)


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch):
    """Each test begins as a process that has mapped nothing and counted nobody."""
    forget()
    finding._asked.clear()


def forget():
    """Be another process: nothing is mapped yet."""
    finding._mapped = None


def names(text, **more):
    return [each.name for each in finding.find(text, **more).people]


def only(text, **more):
    found = finding.find(text, **more)
    assert len(found.people) == 1, found
    return found.people[0]


def head_of_district(city, person, *, title="Camat Guguk Panjang", at=None, capacity="definitive"):
    office, _made = Office.objects.get_or_create(
        agency=city, unit=city.units.get(code="KEC-01"), title=title, kind="head_of_unit"
    )
    offices.take_over(
        office, person=person, capacity=capacity, from_at=at or datetime(2024, 3, 1, 9, 0, tzinfo=WIB),
        letter_number="SK 1", letter_on=None, by=None, now=NOW,
    )  # fmt: skip
    return office


# --- what is found -----------------------------------------------------------------------------------------------


def test_somebody_is_found_with_what_the_roster_says_of_him(cast):
    found = only("Bu Sari Contohwati, guru")
    assert (found.key, found.number, found.post, found.unit, found.agency) == (
        cast.sari.person.pk, "198503152010012001", "Guru Ahli Muda", "SMPN 3 Bukittinggi", "Pemerintah Kota Bukittinggi",
    )  # fmt: skip
    assert found.because and found.score > 50


def test_titles_stand_with_the_name(cast):
    Person.objects.filter(pk=cast.sari.person.pk).update(front_title="Dr.", back_title="M.Pd.")
    assert names("Sari Contohwati") == ["Dr. Sari Contohwati, M.Pd."]


def test_nobody_is_asked_for_by_a_title_alone(cast):
    with pytest.raises(NameQueryRefused):
        finding.find("Pak Dr. H.")


def test_who_held_a_post_on_a_day_is_answered_by_that_day(cast, city):
    office = head_of_district(city, cast.budi.person)
    head_of_district(city, cast.rina.person, at=datetime(2024, 9, 1, 9, 0, tzinfo=WIB))
    assert office.holdings.count() == 2
    assert names("Camat Guguk Panjang", on=date(2024, 8, 31))[0] == "Budi Misalkan"
    assert names("Camat Guguk Panjang", on=date(2024, 9, 2))[0] == "Rina Umpama"
    # On the day of a hand-over both held it.
    assert set(names("Camat Guguk Panjang", on=date(2024, 9, 1))[:2]) == {"Budi Misalkan", "Rina Umpama"}


def test_an_office_beside_a_placement_is_one_person_with_both_posts(cast, city):
    head_of_district(city, cast.budi.person, capacity="plt")
    found = finding.find("Budi Misalkan")
    assert [each.key for each in found.people] == [cast.budi.person.pk] and found.more == 0
    assert found.people[0].post == "Plt. Camat Guguk Panjang; Kepala Sekolah"


def test_whoever_stands_in_is_known_by_it_and_of_a_former_holder_the_day_is_asked_for(cast, city):
    head_of_district(city, cast.budi.person, capacity="plt")
    found = finding.find("Plt Camat Guguk Panjang")
    assert found.people[0].key == cast.budi.person.pk and found.ask is None
    assert "acting" not in [each.code for each in found.people[0].because]
    assert finding.find("Pj Camat Guguk Panjang").ask.what == "acting"
    assert finding.find("mantan Camat Guguk Panjang").ask.what == "former"
    assert finding.find("mantan Camat Guguk Panjang", on=date(2024, 8, 31)).ask is None


def test_somebody_who_moved_is_found_where_he_was(cast, city):
    roster.place(
        cast.sari.person, values={"unit": city.units.get(code="BKPSDM"), "post": "Analis"}, today=TODAY,
        by=cast.rina.user, now=NOW,
    )  # fmt: skip
    then, now = only("Sari Contohwati", on=TODAY - timedelta(days=1)), only("Sari Contohwati", on=TODAY)
    assert (then.unit, then.post) == ("SMPN 3 Bukittinggi", "Guru Ahli Muda")
    assert (now.unit, now.post) == ("Badan Kepegawaian", "Analis")


def test_before_the_first_roster_somebody_is_found_and_that_is_said(cast):
    found = only("Sari Contohwati", on=date(2023, 2, 1))
    assert found.known_from == date(2024, 1, 1)
    assert found.because[-1] == Reason("known_from", (("day", "2024-01-01"),))
    later = only("Sari Contohwati", on=date(2024, 2, 1))
    assert later.known_from is None and later.because[-1].code not in ("known_from", "not_yet")


def test_of_a_day_that_has_not_come_it_is_said_that_the_records_are_of_today(cast):
    assert only("Sari Contohwati", on=date(2090, 2, 1)).because[-1] == Reason("not_yet", (("day", "2090-02-01"),))


@pytest.mark.parametrize("day", [date.min, date.min + timedelta(days=1), date.max - timedelta(days=1), date.max])
@pytest.mark.parametrize("text", ["Budi Misalkan", "Budi Misalkan umur 52"])
def test_the_first_and_the_last_day_of_the_calendar_are_days_like_others(cast, city, day, text):
    head_of_district(city, cast.budi.person)
    found = finding.find(text, on=day)
    assert [each.name for each in found.people] == ["Budi Misalkan"] and found.on == day


def test_who_left_is_not_found_afterwards(cast):
    Placement.objects.filter(person=cast.sari.person).update(until_on=TODAY)
    assert names("Sari Contohwati", on=TODAY) == []
    assert names("Sari Contohwati", on=TODAY - timedelta(days=1)) == ["Sari Contohwati"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("wali kota", "Wali Kota"), ("Pak Walikota Bukittinggi", "Wali Kota"), ("Wali Kota Bukittinggi", "Wali Kota"), ("sekda", "Sekretaris Daerah"), ("Sekda Bukittinggi", "Sekretaris Daerah"),
        ("Sekretaris Daerah Kota Bukittinggi", "Sekretaris Daerah"),
    ],
)  # fmt: skip
def test_heads_of_a_region_are_found_by_their_post(city, cast, text, title):
    holders = {"Wali Kota": cast.budi.person, "Sekretaris Daerah": cast.rina.person}
    for each, person in holders.items():
        office = Office.objects.create(agency=city, unit=None, title=f"{each} Bukittinggi", kind="other")
        offices.take_over(
            office, person=person, capacity="definitive", from_at=NOW - timedelta(days=90), letter_number="", letter_on=None,
            by=None, now=NOW,
        )  # fmt: skip
    for reach in (None, Reach(regions=frozenset({city.region_id}))):
        found = finding.find(text, scope=reach)
        assert found.people[0].key == holders[title].pk and found.ask is None and found.more == 0


def test_whoever_has_no_name_in_the_records_is_not_shown_as_a_person(city):
    office = Office.objects.create(agency=city, unit=None, title="Wali Kota Bukittinggi", kind="head_of_region")
    offices.take_over_from_outside(
        office, name="(nama tidak dicatat)", capacity="definitive", from_at=NOW - timedelta(days=30), letter_number="",
        letter_on=None, by=None, now=NOW,
    )  # fmt: skip
    assert names("wali kota") == names("nama dicatat") == []
    finding.build()
    forget()
    assert names("wali kota bukittinggi") == []


def test_a_head_of_region_from_outside_any_roster_is_found(city):
    office = Office.objects.create(agency=city, unit=None, title="Wali Kota Bukittinggi", kind="head_of_region")
    offices.take_over_from_outside(
        office, name="Erman Perumpamaan", front_title="H.", capacity="definitive",
        from_at=datetime(2021, 2, 26, 9, 0, tzinfo=WIB), letter_number="SK", letter_on=None, by=None, now=NOW,
    )  # fmt: skip
    found = only("Wali Kota Bukittinggi, Erman Perumpamaan")
    assert (found.name, found.number, found.post, found.unit) == (
        "H. Erman Perumpamaan", "", "Wali Kota Bukittinggi", "Pemerintah Kota Bukittinggi",
    )  # fmt: skip
    assert names("Erman Perumpamaan", on=date(2020, 1, 1)) == []


def test_a_unit_is_called_as_it_was_on_the_day(cast, city):
    school = city.units.get(code="SMPN-3")
    units.change_unit(
        school, name="SMP Rekaan Jaya", kind="school", parent=school.parent, closed_on=None, by=cast.rina.user, now=NOW
    )
    assert only("Sari Contohwati", on=TODAY - timedelta(days=1)).unit == "SMPN 3 Bukittinggi"
    assert only("Sari Contohwati", on=LATER).unit == "SMP Rekaan Jaya"


# --- reach -------------------------------------------------------------------------------------------------------


def test_a_body_outside_all_agencies_reaches_its_region_and_no_other(cast):
    bawaslu = Body.objects.create(region_id="13.75", kind="bawaslu", name="Bawaslu Kota Contoh")
    reach = finding.reach_of([bawaslu.pk])
    assert reach == Reach(regions=frozenset({"13.75"}))
    assert names("Sari Contohwati", scope=reach) == ["Sari Contohwati"]
    assert names("Tono Andaikan", scope=reach) == []
    assert names("Tono Andaikan") == ["Tono Andaikan"]


def test_a_body_of_an_agency_reaches_that_agency_alone(cast, city):
    inspectorate = Body.objects.create(agency=city, kind="inspectorate", name="Inspektorat Contoh")
    reach = finding.reach_of([inspectorate.pk])
    assert reach == Reach(agencies=frozenset({city.pk}))
    assert names("Budi Misalkan", scope=reach) == ["Budi Misalkan"]
    assert names("Tono Andaikan", scope=reach) == []


def test_a_province_reaches_its_cities_and_no_body_reaches_nobody(cast):
    province = Body.objects.create(region_id="13", kind="bawaslu", name="Bawaslu Provinsi Contoh")
    assert names("Tono Andaikan", scope=finding.reach_of([province.pk])) == ["Tono Andaikan"]
    assert names("Tono Andaikan", scope=finding.reach_of([])) == []
    nation = Body.objects.create(kind="bkn", name="BKN Contoh")
    assert finding.reach_of([nation.pk]).everybody


def test_a_body_within_the_administration_that_names_neither_agency_nor_region_reaches_nobody(cast):
    for kind in ("desk", "task_force", "inspectorate", "other"):
        body = Body.objects.create(kind=kind, name="Satgas Contoh")
        assert (
            finding.reach_of([body.pk]) == Reach() and names("Sari Contohwati", scope=finding.reach_of([body.pk])) == []
        )


def test_a_body_outside_that_was_entered_under_an_agency_reaches_the_region_of_that_agency(cast, city):
    body = Body.objects.create(agency=city, kind="kpu", name="KPU Kota Contoh")
    assert finding.reach_of([body.pk]) == Reach(regions=frozenset({"13.75"}))


def test_whoever_moved_out_of_reach_is_found_for_the_days_in_it(cast, other_city):
    roster_reach = Reach(regions=frozenset({"13.75"}))
    Placement.objects.filter(person=cast.sari.person).update(until_on=TODAY)
    Placement.objects.create(
        person=cast.sari.person,
        unit=other_city.units.get(code="BKPSDM"),
        post="Analis",
        employment="pns",
        from_on=TODAY,
    )
    assert names("Sari Contohwati", scope=roster_reach, on=TODAY - timedelta(days=1)) == ["Sari Contohwati"]
    assert names("Sari Contohwati", scope=roster_reach, on=TODAY) == []


def test_a_region_narrows_and_one_out_of_reach_is_refused(cast):
    reach = Reach(regions=frozenset({"13.75"}))
    assert names("Tono Andaikan", region="13.75") == []
    assert names("Tono Andaikan", region="13.76") == names("Tono Andaikan", region="13") == ["Tono Andaikan"]
    assert names("Sari Contohwati", region="13", scope=reach) == ["Sari Contohwati"]
    for region in ("13.76", "71", "99"):
        with pytest.raises(FindingRefused):
            finding.find("Tono Andaikan", region=region, scope=reach)


def test_where_all_are_in_one_region_what_else_differs_is_asked_for(cast):
    Person.objects.filter(pk__in=[cast.sari.person.pk, cast.budi.person.pk]).update(name="Sri Contoh")
    ask = finding.find("Sri Contoh").ask
    assert ask.what == "unit" and len(ask.values) > 1
    hits = name_index.Hits(
        tuple(name_index.Hit(n, "", f"Sri {n}", "A", "B", "13.75.!1", None, 90, ()) for n in (1, 2)), 9
    )
    of_region = finding.Ask("region", ("13.75.!1", "13.75.!2"))
    assert finding._named(replace(hits, ask=of_region)) == finding.Ask("name", ("Sri 1", "Sri 2"))
    alike = replace(hits, people=hits.people[:1], ask=of_region)
    assert finding._named(alike) == finding.Ask("number")


def test_places_to_choose_are_those_within_reach(cast):
    assert finding.places(Reach(regions=frozenset({"13.75"}))) == [("13.75", "Kota Bukittinggi")]
    assert [code for code, _name in finding.places(finding.EVERYBODY)] == ["13.75", "13.76"]


# --- what changes after the index was made ------------------------------------------------------------------------


def test_each_act_that_changes_somebody_is_seen_by_the_next_search(cast, city):
    finding.build()
    assert names("Sari Contohwati") == ["Sari Contohwati"]
    roster.change_identifier(
        cast.sari.person, kind="nip", number="198503152010012009", reason="salah ketik", today=TODAY, by=cast.rina.user,
        now=NOW,
    )  # fmt: skip
    assert only("Sari Contohwati").number == "198503152010012009"
    assert names("198503152010012009") == ["Sari Contohwati"]
    office = head_of_district(city, cast.budi.person)
    assert names("Camat Guguk Panjang")[0] == "Budi Misalkan"
    offices.withdraw_take_over(office.holdings.get(), by=None, now=NOW)
    assert all(each.post != "Camat Guguk Panjang" for each in finding.find("Budi Misalkan").people)
    school = city.units.get(code="SMPN-3")
    units.change_unit(
        school, name="SMP Negeri Perumpamaan", kind="school", parent=school.parent, closed_on=None, by=cast.rina.user,
        now=NOW,
    )  # fmt: skip
    assert "Sari Contohwati" in names("Sari guru SMP Negeri Perumpamaan", on=LATER)


def test_an_import_is_seen_and_taken_back_again(city):
    applied(city, [SARI, BUDI])
    finding.build()
    assert names("Rini Rekaan") == []
    given = applied(city, [SARI | {"name": "Sari Perumpamaan"}, RINI])
    assert names("Rini Rekaan") == ["Rini Rekaan, S.Pd"]
    assert names("Sari Perumpamaan") == ["Sari Perumpamaan"]
    roster.undo(given, by=None, now=NOW)
    assert names("Rini Rekaan") == []
    assert names("Sari Perumpamaan") in ([], ["Sari Contohwati"])
    assert names("Sari Contohwati") == ["Sari Contohwati"]


def test_a_complete_file_that_names_somebody_no_more_ends_him(city):
    applied(city, [SARI, BUDI, RINI], on=TODAY)
    finding.build()
    applied(city, [BUDI, RINI], complete=True, on=LATER)
    assert names("Sari Contohwati", on=LATER) == []
    assert names("Sari Contohwati", on=LATER - timedelta(days=1)) == ["Sari Contohwati"]


def test_another_process_sees_what_this_one_changed(cast):
    finding.build()
    assert names("Sari Contohwati") == ["Sari Contohwati"]
    here = finding._mapped
    forget()
    Person.objects.filter(pk=cast.sari.person.pk).update(name="Sari Bandingan")
    name_touches.people([cast.sari.person.pk])
    assert names("Sari Bandingan") == ["Sari Bandingan"]
    finding._mapped = here  # the other one again
    assert names("Sari Bandingan") == ["Sari Bandingan"]


def test_who_is_gone_is_gone_from_the_answers_even_unmarked(cast):
    finding.build()
    Placement.objects.filter(person=cast.tono.person).delete()
    assert names("Tono Andaikan") == []


def test_the_marks_are_looked_at_once_and_cost_two_small_queries(cast):
    finding.build()
    name_touches.people([cast.sari.person.pk])
    names("Sari Contohwati")
    before = NameTouch.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        names("Sari Contohwati")
    assert NameTouch.objects.count() == before == 1
    touching = [query for query in asked if "nametouch" in query["sql"]]
    assert len(touching) == 1 and len(asked) <= 8


def test_an_act_that_fails_leaves_no_mark(cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        name_touches.people([cast.sari.person.pk])
        raise RuntimeError
    assert not NameTouch.objects.exists()


def test_many_people_are_marked_by_one_row_and_a_small_place_makes_the_index_anew(cast, monkeypatch):
    finding.build()
    monkeypatch.setattr(name_touches, "MOST", 2)
    name_touches.many([1, 2], range(7, 9))
    assert list(NameTouch.objects.values_list("person", flat=True)) == [None]
    Person.objects.filter(pk=cast.sari.person.pk).update(name="Sari Bandingan")
    found = finding.find("Sari Bandingan")
    assert found.people and not found.is_behind
    assert not NameTouch.objects.exists()


def test_a_large_place_answers_from_what_it_has_and_says_so(cast, monkeypatch):
    finding.build()
    monkeypatch.setattr(finding, "SMALL", 1)
    name_touches.everything()
    found = finding.find("Sari Contohwati")
    assert found.people and found.is_behind
    finding.build()
    assert not finding.find("Sari Contohwati").is_behind


def test_a_large_place_without_an_index_says_that_it_is_being_made(cast, monkeypatch):
    monkeypatch.setattr(finding, "SMALL", 1)
    with pytest.raises(FindingRefused) as refused:
        finding.find("Sari Contohwati")
    assert refused.value.reason == "index"


# --- making it ---------------------------------------------------------------------------------------------------


def test_what_is_marked_while_the_index_is_made_stays_marked(cast, monkeypatch):
    name_touches.people([cast.budi.person.pk])
    frames = name_entries.frames

    def while_it_is_read():
        yield from frames()
        Person.objects.filter(pk=cast.sari.person.pk).update(name="Sari Bandingan")
        name_touches.people([cast.sari.person.pk])

    monkeypatch.setattr(name_entries, "frames", while_it_is_read)
    finding.build()
    assert list(NameTouch.objects.values_list("person", flat=True)) == [cast.sari.person.pk]
    assert names("Sari Bandingan") == ["Sari Bandingan"]


def test_a_file_that_took_the_place_of_another_is_opened_and_the_old_one_still_serves_who_has_it(cast):
    finding.build()
    names("Sari Contohwati")
    old = finding._mapped.index
    Person.objects.filter(pk=cast.sari.person.pk).update(
        name="Sari Bandingan"
    )  # told to nobody: the file alone shows it
    finding.build()
    assert old.search("Sari Contohwati").people
    assert names("Sari Bandingan") == ["Sari Bandingan"]
    assert finding._mapped.index is not old


def test_while_one_opens_a_new_file_all_others_are_answered_from_the_old_one(cast, monkeypatch):
    finding.build()
    names("Sari Contohwati")
    finding.build()
    opening, go_on, told = threading.Event(), threading.Event(), []
    open_index = name_index.open_index

    def slow(path):
        opening.set()
        assert go_on.wait(30)
        return open_index(path)

    monkeypatch.setattr(name_index, "open_index", slow)
    file, old = finding._file(), finding._mapped
    opener = threading.Thread(target=lambda: told.append(finding._opened(file, wait=False)))
    opener.start()
    try:
        assert opening.wait(30)
        found = finding.find("Sari Contohwati")  # not held up
        assert [each.name for each in found.people] == ["Sari Contohwati"] and found.is_behind
        assert finding._mapped is old
    finally:
        go_on.set()
        opener.join(30)
    assert told[0].file == file and finding._mapped is told[0]
    assert not finding.find("Sari Contohwati").is_behind


def test_where_none_is_open_yet_it_is_opened_once_for_all_who_ask(cast, monkeypatch):
    finding.build()
    file, told, opened = finding._file(), [], []
    open_index = name_index.open_index

    def slow(path):
        opened.append(path)
        time.sleep(0.2)
        return open_index(path)

    monkeypatch.setattr(name_index, "open_index", slow)
    asking = [threading.Thread(target=lambda: told.append(finding._opened(file, wait=False))) for _ in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join(30)
    assert len(told) == 4 and len(opened) == 1 and all(each is finding._mapped for each in told)


def test_one_that_is_cut_leaves_the_old_one(cast, monkeypatch):
    finding.build()
    frames = name_entries.frames

    def cut():
        yield from frames()
        raise KeyboardInterrupt

    name_touches.people([cast.sari.person.pk])
    monkeypatch.setattr(name_entries, "frames", cut)
    with pytest.raises(KeyboardInterrupt):
        finding.build()
    assert NameTouch.objects.count() == 1
    assert names("Sari Contohwati") == ["Sari Contohwati"]
    monkeypatch.setattr(name_entries, "frames", frames)
    (finding.path().parent / "index.left.of.another").write_bytes(b"x")
    finding.build()
    assert {path.name for path in finding.path().parent.iterdir()} == {"index", "lock"}


def test_a_broken_file_is_made_anew(cast):
    finding.build()
    finding.path().write_bytes(b"not an index")
    assert names("Sari Contohwati") == ["Sari Contohwati"]


def test_one_makes_it_at_a_time_and_whoever_dies_lets_go(cast, home):
    finding.build()
    lock = finding.path().parent / "lock"
    program = f"""
        import fcntl, time
        held = open({str(lock)!r}, "ab")
        fcntl.flock(held, fcntl.LOCK_EX)
        print("held", flush=True)
        time.sleep(60)
    """
    other = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "held\n"
        assert finding.build() is False
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert finding.build() is True
    finally:
        other.kill()
        other.stdout.close()
        other.wait()


def test_nobody_else_on_the_machine_reads_the_index(cast):
    finding.build()
    assert finding.path().stat().st_mode & 0o077 == 0
    assert finding.path().parent.stat().st_mode & 0o077 == 0


def test_the_frames_say_the_same_as_the_entries_of_each(cast, city):
    head_of_district(city, cast.budi.person)
    roster.place(
        cast.sari.person, values={"unit": city.units.get(code="BKPSDM")}, today=TODAY, by=cast.rina.user, now=NOW
    )
    Placement.objects.filter(person=cast.tono.person).update(post="", is_head=True)
    by_frames = sorted(
        (name_index.Entry(**row) for frame in name_entries.frames() for row in frame.iter_rows(named=True)), key=repr
    )
    each = name_entries.of_people(Person.objects.values_list("pk", flat=True))
    assert by_frames == sorted((entry for entries in each.values() for entry in entries), key=repr)
    assert len(by_frames) == 6


def test_the_clock_has_it_made_where_it_is_due_and_only_once(cast):
    now = timezone.now()
    assert finding.is_due(now)
    tasks.want_index_of_names(now)
    tasks.want_index_of_names(now)
    assert DBTaskResult.objects.filter(task_path=tasks.index_names.module_path).count() == 1
    tasks.index_names.call()
    assert not finding.is_due(timezone.now())
    name_touches.people([cast.sari.person.pk])
    assert not finding.is_due(timezone.now()) and finding.is_due(timezone.now() + timedelta(days=1))
    name_touches.everything()
    assert finding.is_due(timezone.now())


def test_an_officer_who_asks_faster_than_anybody_types_is_told_to_wait(cast):
    for _ in range(120):
        finding.count_search(cast.rina.user, now=NOW)
    with pytest.raises(FindingRefused) as refused:
        finding.count_search(cast.rina.user, now=NOW)
    assert refused.value.reason == "pace"
    finding.count_search(cast.sari.user, now=NOW)


def test_thousands_of_searches_in_an_hour_are_slowed_in_all_processes_and_told_once_in_the_log(cast, caplog):
    for number in range(finding.SEARCHES_AN_HOUR):
        if number % 100 == 0:
            finding._asked.clear()  # ten processes, and no minute is too fast
        finding.count_search(cast.rina.user, now=NOW)
    finding._asked.clear()
    told = LogPayload.objects.of_event("person.searches_slowed")
    assert not told.exists()
    with caplog.at_level("WARNING"):
        for minute in (20, 40):
            with pytest.raises(FindingRefused) as refused:
                finding.count_search(cast.rina.user, now=NOW + timedelta(minutes=minute))
            assert (refused.value.reason, refused.value.minutes) == ("hour", 60 - minute)
    assert told.count() == 1
    (line,) = [each for each in caplog.records if each.name == "ikrar.services.finding"]
    assert line.user == cast.rina.user.pk
    finding.count_search(cast.sari.user, now=NOW)
    finding.count_search(cast.rina.user, now=NOW + timedelta(hours=1))
    # What is counted is how often, under a digest: nothing of whom, nor of what.
    assert {len(row.key) for row in Throttle.objects.all()} == {64}
