"""Pages of leave, duties, hand-over, the desk, acts on a selection, and messages outside."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ikrar.records.models import (
    Duty,
    DutyDone,
    FailingAddress,
    Holding,
    Notice,
    Obligation,
    Office,
    OfficeLeave,
    OutsideSilence,
    PaperOrder,
    PaperSheet,
    Placement,
)
from ikrar.services import duties, offices
from ikrar.services.offices import StandIn
from tests.web import stage as stages
from tests.web.stage import MORNING, PDF, TODAY, browser, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina(stage):
    return browser(stage.rina)


def errors_of(response) -> str:
    page = response.content.decode()
    return html.unescape(page[page.index('class="errors"') :].split("</div>")[0])


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def mayor(stage, someone=None) -> Holding:
    """Let somebody of the city be its mayor since this month."""
    return offices.take_over(
        stage.home.held_office, person=someone or stage.home.head, capacity="definitive",
        from_at=datetime(2024, 10, 1, tzinfo=UTC), letter_number="", letter_on=None, by=stage.rina, now=MORNING,
    )  # fmt: skip


LEAVE = {"kind": "campaign", "from_on": "2024-10-25", "last_on": "2024-11-23", "hour": "10:30"}


# --- leave -------------------------------------------------------------------------------------------------------


def test_leave_and_stand_in_are_recorded_on_one_page(stage, rina):
    mayor(stage)
    form = LEAVE | {"capacity": "pjs", "number": stages.SARI, "letter_number": "821/77", "letter_on": "2024-10-20"}
    response = rina.post(reverse("record-leave", args=[stage.home.held_office.pk]), form)
    assert response.status_code == 302
    leave = OfficeLeave.objects.latest("pk")
    assert leave.from_at == datetime(2024, 10, 25, 3, 30, tzinfo=UTC)
    page = text_of(rina.get(reverse("office", args=[stage.home.held_office.pk])))
    assert "Sekarang: Definitif Budi Santoso" in page and "Pjs. Sari Dewi" in page and "821/77" in page
    with time_machine.travel(datetime(2024, 10, 25, 3, 30, tzinfo=UTC)):
        page = text_of(rina.get(reverse("office", args=[stage.home.held_office.pk])))
        assert "Sekarang: Pjs. Sari Dewi" in page and "menggantikan Budi Santoso" in page


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"last_on": "2024-10-01"}, "last_on", "mendahului"),
        ({"capacity": "pjs", "number": "198001012005011999"}, "number", "Tidak ada orang"),
        ({"capacity": "", "number": stages.SARI}, "capacity", "Pilih kedudukan"),
        ({"capacity": "pjs", "number": stages.BUDI}, "number", "dirinya sendiri"),
        ({"capacity": "definitive", "number": stages.SARI}, "capacity", ""),
        ({"from_on": "2024-10-03", "hour": ""}, "from_on", "sudah lewat"),
        ({"from_on": "2024-09-03", "late": "on"}, "from_on", "tidak ada pemegangnya"),
        ({"hour": "25:99"}, "hour", ""),
    ],
)
def test_what_is_wrong_with_a_leave_is_said_at_its_field_and_nothing_typed_is_lost(stage, rina, change, field, says):
    # The mayor took over on 1 October; before it the office was held by somebody whom nobody named.
    Holding.objects.filter(office=stage.home.held_office).update(from_at=datetime(2024, 9, 25, tzinfo=UTC))
    mayor(stage)
    before = OfficeLeave.objects.count()
    response = rina.post(
        reverse("record-leave", args=[stage.home.held_office.pk]), LEAVE | {"note": "surat menyusul"} | change
    )
    assert response.status_code == 422 and OfficeLeave.objects.count() == before
    assert f"#id_{field}" in errors_of(response) and says in errors_of(response)
    assert "surat menyusul" in response.content.decode()


def test_leave_that_overlaps_another_names_its_days(stage, rina):
    holding = mayor(stage)
    form = LEAVE | {"from_on": "2024-10-26", "hour": ""}
    assert rina.post(reverse("record-leave", args=[stage.home.held_office.pk]), form).status_code == 302
    response = rina.post(reverse("record-leave", args=[stage.home.held_office.pk]), form)
    assert response.status_code == 422 and "26 Oktober 2024 sampai 23 November 2024" in errors_of(response)
    assert holding.leaves.count() == 1


def test_an_acting_head_from_another_agency_is_found_by_number_and_name_together_and_for_a_head_of_region_alone(
    stage, rina
):
    mayor(stage)
    path = reverse("record-leave", args=[stage.home.held_office.pk])
    away = stage.away.teacher
    said = []
    for form in (
        {"number": away.identifier}, {"number": away.identifier, "name": "Orang Lain"},
        {"number": "198001012005011999", "name": away.name},
    ):  # fmt: skip
        response = rina.post(path, LEAVE | {"capacity": "pjs"} | form)
        assert response.status_code == 422
        said.append(errors_of(response))
    assert len(set(said)) == 1, "an answer tells whether somebody serves elsewhere"
    form = LEAVE | {"capacity": "pjs", "number": away.identifier, "name": f"Drs. {away.name}, M.Si"}
    assert rina.post(path, form).status_code == 302
    assert Holding.objects.latest("pk").person == away
    secretary = offices.create_office(
        agency=stage.home.agency, unit=None, title="Sekda", kind="secretary", by=None, now=MORNING
    )
    offices.take_over(
        secretary, person=stage.home.head, capacity="definitive", from_at=datetime(2024, 1, 1, tzinfo=UTC),
        letter_number="", letter_on=None, by=None, now=MORNING,
    )  # fmt: skip
    response = rina.post(reverse("record-leave", args=[secretary.pk]), form)
    assert response.status_code == 422 and "Tidak ada orang" in errors_of(response)


def test_an_acting_head_from_outside_is_written_by_name(stage, rina):
    mayor(stage)
    form = LEAVE | {"capacity": "pjs", "name": "Dr. H. Contoh Rekaan, M.Si"}
    assert rina.post(reverse("record-leave", args=[stage.home.held_office.pk]), form).status_code == 302
    assert Holding.objects.latest("pk").person.full_name == "Dr. H. Contoh Rekaan, M.Si"


def test_an_elected_head_takes_over_by_name(stage, rina):
    form = {"name": "H. Terpilih Misalkan", "capacity": "definitive", "from_at": "2024-10-25T09:00"}
    assert rina.post(reverse("take-over", args=[stage.home.held_office.pk]), form).status_code == 302
    assert Holding.objects.latest("pk").person.full_name == "H. Terpilih Misalkan"
    response = rina.post(reverse("take-over", args=[stage.home.office.pk]), form)
    assert response.status_code == 422 and "hanya untuk pegawai di daftar pegawai instansi ini" in errors_of(response)


def test_a_hand_over_of_an_earlier_day_is_asked_about(stage, rina):
    form = {"number": stages.SARI, "capacity": "plt", "from_at": "2024-10-20T09:00"}
    response = rina.post(reverse("take-over", args=[stage.home.held_office.pk]), form)
    assert response.status_code == 422 and "sudah lewat" in errors_of(response)
    assert rina.post(reverse("take-over", args=[stage.home.held_office.pk]), form | {"late": "on"}).status_code == 302


def test_a_leave_is_ended_early_or_cancelled_after_asking(stage, rina):
    leave = stage.home.leave  # next month
    asked = rina.get(reverse("end-leave", args=[leave.pk]))
    assert "Batalkan cuti ini" in text_of(asked)
    assert rina.post(reverse("end-leave", args=[leave.pk])).status_code == 302
    leave.refresh_from_db()
    assert leave.cancelled_at is not None
    response = rina.post(reverse("end-leave", args=[leave.pk]), follow=True)
    assert response.status_code == 200 and "sudah dibatalkan" in text_of(response)


def test_a_minute_that_a_form_fills_in_is_the_local_one(stage, rina):
    later = rina.get(reverse("name-stand-in", args=[stage.home.leave.pk])).content.decode()
    assert 'value="2024-11-24T00:00"' in later, "the leave begins at midnight in Bukittinggi"
    begun = offices.record_leave(
        mayor(stage), kind="annual", from_on=TODAY, last_on=date(2024, 11, 1), note="", by=stage.rina, now=MORNING
    )
    assert 'value="2024-10-25T10:' in rina.get(reverse("end-leave", args=[begun.pk])).content.decode()


def test_an_acting_head_from_outside_enters_before_the_minute_and_finds_the_hand_over_sheet_but_no_duty(stage, rina):
    office = stage.home.held_office
    mayor(stage)
    give(stage)
    form = LEAVE | {"capacity": "pjs", "name": "Dr. Rekaan Provinsi, M.Si."}
    assert rina.post(reverse("record-leave", args=[office.pk]), form).status_code == 302
    coming = Holding.objects.latest("pk")
    slip = f"{reverse('holder-slip', args=[office.pk])}?pengganti={coming.pk}"
    assert slip in html.unescape(rina.get(reverse("office", args=[office.pk])).content.decode())
    for wrong in ("x", "0", "9" * 40, str(stage.home.holding.pk)):
        assert rina.post(slip.replace(f"={coming.pk}", f"={wrong}")).status_code == 404, wrong
    assert rina.post(slip)["Content-Type"] == "application/pdf"
    acting = browser(coming.person.user)
    page = text_of(acting.get(reverse("my-duties")))
    assert "Menandatangani nota dinas" not in page and "Anda akan menggantikan Wali Kota" in page
    assert acting.get(reverse("my-hand-over", args=[coming.leave_id])).status_code == 200
    offices.end_leave(coming.leave, at=MORNING, by=stage.rina, now=MORNING)
    assert browser(coming.person.user).get(reverse("my-duties")).status_code == 403


def test_whoever_is_on_no_roster_and_on_leave_keeps_his_own_pages(stage, rina):
    form = {"name": "H. Terpilih Misalkan", "capacity": "definitive", "from_at": "2024-10-25T09:00"}
    assert rina.post(reverse("take-over", args=[stage.home.held_office.pk]), form).status_code == 302
    holding = Holding.objects.latest("pk")
    rina.post(reverse("holder-slip", args=[stage.home.held_office.pk]))
    offices.record_leave(
        holding, kind="campaign", from_on=TODAY, last_on=date(2024, 11, 23), note="",
        from_at=MORNING + timedelta(hours=2), by=stage.rina, now=MORNING,
    )  # fmt: skip
    with time_machine.travel(MORNING + timedelta(hours=3), tick=False):
        page = text_of(browser(holding.person.user).get(reverse("my-duties")))
    assert "Anda cuti dari Wali Kota" in page


def test_the_office_of_a_head_of_unit_is_made_when_his_leave_is_to_be_recorded(stage, rina):
    response = rina.post(reverse("unit-office", args=[stage.home.other_school.pk]))
    made = Office.objects.get(unit=stage.home.other_school)
    assert response["Location"] == reverse("office", args=[made.pk])
    assert "Wati Amir" in text_of(rina.get(response["Location"]))
    rina.post(reverse("unit-office", args=[stage.home.other_school.pk]))
    assert Office.objects.filter(unit=stage.home.other_school).count() == 1
    assert rina.post(reverse("unit-office", args=[stage.home.root.pk])).status_code == 404


def test_limits_of_acting_heads_stand_on_the_page_with_their_sources_and_none_is_made_up(stage, rina):
    page = text_of(rina.get(reverse("office", args=[stage.home.held_office.pk])))
    assert "Permendagri 1/2018 Pasal 4 ayat (1)" in page and "tidak ada dalam data" in page
    page = text_of(rina.get(reverse("office", args=[stage.home.office.pk])))
    assert "belum memuat batas" in page and "Pasal" not in page


# --- duties: J7.4 ------------------------------------------------------------------------------------------------


def give(stage, **more) -> Duty:
    given = {
        "agency": stage.home.agency, "text": "Menandatangani nota dinas", "every": "day", "from_on": TODAY,
        "of_offices": [stage.home.held_office], "by": stage.rina, "now": MORNING,
    } | more  # fmt: skip
    return duties.give(**given)


def test_the_queue_is_the_acting_heads_in_the_minute_in_which_the_leave_begins(stage):
    give(stage)
    begins = MORNING + timedelta(minutes=10)
    offices.record_leave(
        mayor(stage), kind="campaign", from_on=TODAY, last_on=date(2024, 11, 20), note="", from_at=begins,
        stand_in=StandIn("pjs", stage.home.teacher), by=stage.rina, now=MORNING,
    )  # fmt: skip
    head, acting = browser(stage.budi), browser(stage.sari)
    text = "Menandatangani nota dinas"
    with time_machine.travel(begins - timedelta(seconds=1), tick=False):
        assert text in text_of(head.get(reverse("my-duties")))
        assert text not in text_of(acting.get(reverse("my-duties")))
    with time_machine.travel(begins, tick=False):
        page = text_of(head.get(reverse("my-duties")))
        assert text not in page and "Anda cuti dari Wali Kota" in page
        page = text_of(acting.get(reverse("my-duties")))
        assert (
            text in page and "Pjs. Wali Kota" in page and "Yang terus berjalan di Pemerintah Kota Bukittinggi" in page
        )
    with time_machine.travel(datetime(2024, 11, 20, 17, 0, tzinfo=UTC), tick=False):  # midnight in Bukittinggi
        assert text in text_of(browser(stage.budi).get(reverse("my-duties")))
        page = text_of(browser(stage.sari).get(reverse("my-duties")))
        assert text not in page and "Wali Kota" not in page.replace("Panitia", "")


def test_the_acting_head_opens_the_duties_of_the_agency_and_nothing_more_when_his_time_is_over(stage):
    give(stage)
    leave = offices.record_leave(
        mayor(stage), kind="campaign", from_on=TODAY, last_on=date(2024, 10, 30), note="",
        stand_in=StandIn("pjs", stage.home.teacher), by=stage.rina, now=MORNING,
    )  # fmt: skip
    acting = browser(stage.sari)
    watched = reverse("watched-duties", args=[stage.home.agency.pk])
    coverage = reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.root.pk])
    sheet = reverse("my-hand-over", args=[leave.pk])
    for path in (watched, coverage, sheet):
        assert acting.get(path).status_code == 200, path
    assert browser(stage.budi).get(sheet).status_code == 404  # he is on leave
    with time_machine.travel(datetime(2024, 10, 30, 17, 0, tzinfo=UTC), tick=True):
        acting = browser(stage.sari)
        assert acting.get(watched).status_code == 403
        assert acting.get(coverage).status_code == 403
        assert acting.get(sheet).status_code == 404
        assert browser(stage.budi).get(sheet).status_code == 200


def test_a_duty_is_marked_done_with_text_and_file(stage):
    made = give(stage, of_offices=[], of_units=[stage.home.school])
    owner = made.owners.get()
    client = browser(stage.budi)
    form = {"on": TODAY.isoformat(), "evidence": "sudah semua", "file": SimpleUploadedFile("bukti.pdf", PDF)}
    assert client.post(reverse("duty-do", args=[owner.pk]), form).status_code == 302
    doing = DutyDone.objects.get(owner=owner)
    assert client.get(reverse("duty-file", args=[doing.pk]))["Content-Type"] == "application/pdf"
    assert "sudah semua" in text_of(client.get(reverse("duty-do", args=[owner.pk])))
    assert "Sudah dikerjakan" in text_of(client.get(reverse("my-duties")))
    assert browser(stage.sari).get(reverse("duty-file", args=[doing.pk])).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"evidence": "   "}, "evidence"), ({"on": "2024-10-26"}, "on"), ({"on": "2024-10-01"}, "on"),
        ({"file": SimpleUploadedFile("a.gif", b"GIF89a")}, "file"), ({"file": SimpleUploadedFile("a.pdf", b"")}, "file"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_doing_is_said_at_its_field(stage, change, field):
    made = give(stage, of_offices=[], of_units=[stage.home.school])
    form = {"on": TODAY.isoformat(), "evidence": "yang sudah saya tulis"} | change
    response = browser(stage.budi).post(reverse("duty-do", args=[made.owners.get().pk]), form)
    assert response.status_code == 422 and f"#id_{field}" in errors_of(response)
    assert not DutyDone.objects.filter(owner__duty=made).exists()


def test_duties_are_given_to_all_heads_of_one_kind(stage, rina):
    form = {
        "agency": stage.home.agency.pk, "text": "Memeriksa papan pengumuman", "groups": ["school", "opd"],
        "every": "week", "from_on": TODAY.isoformat(),
    }  # fmt: skip
    response = rina.post(reverse("new-duty"), form)
    made = Duty.objects.get(text="Memeriksa papan pengumuman")
    assert response["Location"] == reverse("duty", args=[made.pk])
    assert {owner.unit.code for owner in made.owners.select_related("unit")} == {"SMPN1", "SMPN2", "DISDIK", "BKPSDM"}
    page = text_of(rina.get(response["Location"]))
    assert "Budi Santoso" in page and "tidak ada pada siapa pun" in page  # the personnel office has no head


def test_a_duty_of_a_leave_takes_its_first_day_from_it(stage, rina):
    page = rina.get(reverse("new-duty"), {"cuti": stage.home.leave.pk}).content.decode()
    assert 'value="2024-11-24"' in page
    assert rina.get(reverse("new-duty"), {"cuti": "x"}).status_code == 200
    assert rina.get(reverse("new-duty"), {"cuti": stage.away.leave.pk}).status_code == 200
    for wrong, field in (({"groups": []}, "groups"), ({"text": " "}, "text"), ({"due_on": "2024-01-01"}, "due_on")):
        form = {
            "agency": stage.home.agency.pk,
            "text": "x",
            "groups": ["school"],
            "every": "once",
            "from_on": TODAY.isoformat(),
        }
        response = rina.post(reverse("new-duty"), form | wrong)
        assert response.status_code == 422 and f"#id_{field}" in errors_of(response)
    form |= {"leave": stage.away.leave.pk}
    assert rina.post(reverse("new-duty"), form).status_code == 422


def test_duties_are_listed_by_owner_overdue_first_and_by_how_they_stand(stage, rina):
    give(stage, text="Terlambat dua hari", every="once", from_on=date(2024, 10, 1), due_on=date(2024, 10, 23))
    page = text_of(rina.get(reverse("duties")))
    assert page.index("Terlambat dua hari") < page.index("Membuka loket")
    only = text_of(rina.get(reverse("duties"), {"keadaan": "overdue"}))
    assert "Terlambat dua hari" in only
    assert rina.get(reverse("duties"), {"keadaan": "<x>", "hal": "x"}).status_code == 200


def test_the_sheet_is_a_page_and_a_paper(stage, rina):
    give(stage)
    for name in ("hand-over", "hand-over-paper"):
        response = rina.get(reverse(name, args=[stage.home.leave.pk]))
        assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF")


def test_notices_about_leave_and_duties_are_sentences(stage):
    mayor(stage)
    give(stage, of_offices=[], of_units=[stage.home.school])
    offices.record_leave(
        Holding.objects.at(MORNING).get(office=stage.home.held_office), kind="campaign", from_on=TODAY,
        last_on=date(2024, 11, 23), note="", stand_in=StandIn("pjs", stage.home.teacher), by=stage.rina, now=MORNING,
    )  # fmt: skip
    duties.tell_turns(MORNING)
    for user in (stage.sari, stage.budi):
        page = text_of(browser(user).get(reverse("inbox")))
        assert "%(" not in page and "2024-11-23" not in page and "pjs" not in page
    assert "Pjs. Wali Kota, mulai 25 Oktober 2024 sampai 23 November 2024" in text_of(
        browser(stage.sari).get(reverse("inbox"))
    )


# --- the desk ----------------------------------------------------------------------------------------------------


def test_the_desk_is_what_an_officer_sees_first_and_each_line_leads_to_its_page(stage, rina):
    for name in ("home", "desk"):
        response = rina.get(reverse(name))
        page = text_of(response)
        assert "belum menandatangani “Pakta 2024 Pemerintah Kota Bukittinggi”" in page, name
        assert "Payakumbuh" not in page and "Tono" not in page
    shown = [line for _desk, lines in response.context["desks"] for line in lines]
    assert len(shown) >= 4
    for line in shown:
        for href in (line.href, *(href for _name, _count, href in line.parts)):
            assert rina.get(href).status_code == 200, f"{line.says}: {href}"


def test_the_figure_of_a_line_is_that_of_its_page(stage, rina):
    response = rina.get(reverse("desk"))
    [line] = [
        line
        for _desk, lines in response.context["desks"]
        for line in lines
        if "belum menandatangani “Pakta 2024" in line.says
    ]
    page = rina.get(line.href)
    assert line.says.split()[0] == str(page.context["page_of"].paginator.count)


@pytest.mark.parametrize("which", ["moved", "new", "old_text", "refused", "contested", "excused", "on_leave"])
def test_every_list_of_people_opens(stage, rina, which):
    for unit in (stage.home.root, stage.home.other_school):
        response = rina.get(reverse("round-people", args=[stage.home.pact.pk, unit.pk, which]))
        assert response.status_code == 200
    assert rina.get(reverse("round-people", args=[stage.home.pact.pk, stage.home.root.pk, "all"])).status_code == 404
    assert rina.get(reverse("round-people", args=[stage.home.pact.pk, stage.away.root.pk, which])).status_code == 404


def test_excused_people_are_listed_with_their_reason(stage, rina):
    page = text_of(rina.get(reverse("round-people", args=[stage.home.pact.pk, stage.home.root.pk, "excused"])))
    assert "Ujang Rahmat" in page and "tugas belajar" in page


def test_a_reason_told_to_the_former_agency_is_not_on_the_list_of_those_who_moved(stage):
    shared, teacher = stage.home.pact, stage.home.teacher
    shared.agencies.add(stage.away.agency)
    Obligation.objects.filter(pk=stage.home.duty.pk).update(state="refused", reason="rahasia keluarga saya")
    teacher.placements.filter(until_on=None).update(until_on=TODAY)
    teacher.placements.create(unit=stage.away.school, employment="pns", from_on=TODAY)
    page = text_of(
        browser(stage.away_officer).get(reverse("round-people", args=[shared.pk, stage.away.root.pk, "moved"]))
    )
    assert "Sari Dewi" in page and "rahasia" not in page and "SMP Negeri 1" not in page and "instansi lain" in page


def test_texts_for_messengers_hold_an_address_and_nobodys_name(stage, rina):
    page = text_of(rina.get(reverse("desk-texts")))
    assert "Pakta 2024 Pemerintah Kota Bukittinggi" in page and "/pakta/" in page and "Edaran Pemerintah Kota" in page
    body = page[page.index("Teks untuk grup percakapan") :]
    for name in ("Sari Dewi", "Budi Santoso", "Payakumbuh", stages.SARI):
        assert name not in body


# --- acts on a selection -----------------------------------------------------------------------------------------


def act(client, stage, act: str, *people, unit=None, **more):
    path = reverse("selected", args=[stage.home.pact.pk, (unit or stage.home.root).pk])
    return client.post(path, {"act": act, "person": [each.pk for each in people]} | more)


def test_only_the_selected_are_reminded(stage, rina):
    response = act(rina, stage, "remind", stage.home.teacher)
    assert response.status_code == 302
    assert list(Notice.objects.filter(kind="pact_missing").values_list("person", flat=True)) == [stage.home.teacher.pk]


def test_nobody_selected_is_said_and_nothing_happens(stage, rina):
    for name in ("remind", "excuse", "slips", "sheets", "issue"):
        response = act(rina, stage, name)
        page = text_of(rina.get(response["Location"]))
        assert response.status_code == 302 and "Tidak ada yang terpilih" in page, name
    assert not Notice.objects.filter(kind="pact_missing").exists()


def test_people_of_another_agency_or_unit_are_nobody_on_this_list(stage, rina):
    for person in (stage.away.teacher, stage.home.other_teacher):  # the other one is excused
        assert "Tidak ada yang terpilih" in text_of(rina.get(act(rina, stage, "excuse", person)["Location"]))
    school = act(rina, stage, "excuse", stage.home.teacher, unit=stage.home.other_school)
    assert "Tidak ada yang terpilih" in text_of(rina.get(school["Location"]))


def test_the_selected_are_excused_with_one_reason_after_asking_once_more(stage, rina):
    people = (stage.home.teacher, stage.home.head)
    asked = act(rina, stage, "excuse", *people)
    assert asked.status_code == 200 and "Kecualikan 2 orang" in text_of(asked)
    kept = re.search(r'name="people" value="([\d,]+)"', asked.content.decode())[1]
    assert {int(key) for key in kept.split(",")} == {each.pk for each in people}
    empty = act(rina, stage, "excuse", people=kept, sure="1", reason=" ")
    assert empty.status_code == 422 and kept in empty.content.decode()
    assert act(rina, stage, "excuse", people=kept, sure="1", reason="tugas belajar").status_code == 302
    assert Obligation.objects.filter(pact_round=stage.home.pact, state="excused", reason="tugas belajar").count() == 3


def test_everybody_on_the_list_is_meant_where_that_is_ticked(stage, rina):
    asked = act(rina, stage, "excuse", all="1")
    assert 'name="all" value="1"' in asked.content.decode()
    count = re.search(r"Kecualikan (\d+) orang", text_of(asked))[1]
    done = act(rina, stage, "excuse", all="1", sure="1", reason="x")
    excused = Obligation.objects.filter(pact_round=stage.home.pact, reason="x").count()
    assert excused == int(count) - 1
    assert f"{excused} orang dikecualikan. 1 orang dilewati" in text_of(rina.get(done["Location"]))  # not issued yet


def test_slips_and_sheets_are_printed_for_the_selected(stage, rina):
    asked = act(rina, stage, "slips", stage.home.teacher)
    assert "kode baru" in text_of(asked) and not PaperOrder.objects.filter(kind="slips").exists()
    response = act(rina, stage, "slips", stage.home.teacher, sure="1")
    order = PaperOrder.objects.get(kind="slips")
    assert response["Location"] == reverse("paper", args=[order.pk]) and order.people == 1
    response = act(rina, stage, "sheets", stage.home.teacher)
    assert response["Content-Type"] == "application/pdf"
    assert PaperSheet.objects.filter(obligation=stage.home.duty).exists()


def test_a_round_is_issued_to_the_selected_new_ones(stage, rina):
    new = [stages.person(f"Baru {n}", f"1993010120190310{n:02d}", stage.home.school, since=TODAY) for n in (31, 32)]
    assert "Terbitkan" in text_of(act(rina, stage, "issue", new[0]))
    act(rina, stage, "issue", new[0], sure="1")
    assert Obligation.objects.filter(pact_round=stage.home.pact, person__in=new).count() == 1
    foreign = stage.away.pact
    foreign.agencies.add(stage.home.agency)
    path = reverse("selected", args=[foreign.pk, stage.home.root.pk])
    assert rina.post(path, {"act": "issue", "person": new[0].pk, "sure": "1"}).status_code == 404


def test_everybody_on_the_list_is_issued_the_round_however_many_they_are(stage, rina, monkeypatch):
    monkeypatch.setattr("ikrar.web.views.desk._MOST_SELECTED", 1)
    new = [
        stages.person(f"Baru {n}", f"1993010120190310{n:02d}", stage.home.school, since=TODAY) for n in range(31, 35)
    ]
    act(rina, stage, "issue", all="1", sure="1")
    assert Obligation.objects.filter(pact_round=stage.home.pact, person__in=new).count() == 4


@pytest.mark.parametrize("what", ["remind", "excuse", "slips", "sheets", "issue"])
def test_more_than_may_be_ticked_is_refused_before_anything_is_done(stage, rina, monkeypatch, what):
    monkeypatch.setattr("ikrar.web.views.desk._MOST_SELECTED", 1)
    people = (stage.home.teacher, stage.home.head)
    response = act(rina, stage, what, *people, sure="1", reason="terlalu banyak")
    page = text_of(rina.get(response["Location"]))
    assert "2 orang terpilih" in page and "paling banyak 1" in page and "Belum ada yang dilakukan" in page
    assert not Notice.objects.filter(kind="pact_missing").exists()
    assert not Obligation.objects.filter(reason="terlalu banyak").exists()
    assert not PaperOrder.objects.filter(kind="slips").exists()


def test_more_sheets_than_are_printed_at_once_are_refused_with_both_numbers_and_none_is_made(stage, rina, monkeypatch):
    monkeypatch.setattr("ikrar.services.sheets.MOST_SHEETS", 1)
    before = PaperSheet.objects.count()
    response = act(rina, stage, "sheets", stage.home.teacher, stage.home.head)
    page = text_of(rina.get(response["Location"]))
    assert "2 orang terpilih" in page and "paling banyak 1 lembar" in page and "cetak per unit" in page
    assert PaperSheet.objects.count() == before


def test_who_gets_no_sheet_among_the_selected_is_counted_on_the_next_page(stage, rina):
    new = stages.person("Baru Sekali", "199301012019031041", stage.home.school, since=TODAY)
    response = act(rina, stage, "sheets", stage.home.teacher, new)
    assert response["Content-Type"] == "application/pdf"
    page = text_of(rina.get(reverse("missing", args=[stage.home.pact.pk, stage.home.root.pk])))
    assert "1 orang tidak mendapat lembar" in page


@pytest.mark.parametrize("garbage", ["x", "-1", "9" * 30, "1;2", "٣", ""])
def test_keys_that_are_none_select_nobody(stage, rina, garbage):
    path = reverse("selected", args=[stage.home.pact.pk, stage.home.root.pk])
    assert rina.post(path, {"act": "remind", "person": garbage}).status_code == 302
    assert not Notice.objects.filter(kind="pact_missing").exists()


def test_an_act_that_is_none_does_not_exist(stage, rina):
    assert act(rina, stage, "delete", stage.home.teacher).status_code == 404


def test_older_messages_stand_on_the_next_page_and_the_inbox_says_how_long_they_are_kept(stage):
    sari = stage.home.teacher
    Notice.objects.filter(person=sari).delete()
    for number in range(101):
        at = MORNING - timedelta(hours=number)
        Notice.objects.create(person=sari, kind="pact_missing", values={"title": f"Pakta ke-{number}"}, at=at)
    client = browser(stage.sari)
    first, second = (text_of(client.get(f"{reverse('inbox')}?hal={page}")) for page in (1, 2))
    assert "Pakta ke-0" in first and "Pakta ke-100" not in first and "Halaman 1 dari 2" in first
    assert "Pakta ke-100" in second and "dihapus sesudah satu tahun" in second


# --- messages outside --------------------------------------------------------------------------------------------


def test_somebody_turns_messages_outside_off_and_on(stage, settings):
    settings.MAIL_CONFIGURED = True
    client = browser(stage.sari)
    assert "Matikan pemberitahuan" in text_of(client.get(reverse("account")))
    assert client.post(reverse("outside-messages"), {"silent": "1"}).status_code == 302
    assert OutsideSilence.objects.filter(person=stage.home.teacher).exists()
    assert "Nyalakan pemberitahuan" in text_of(client.get(reverse("account")))
    client.post(reverse("outside-messages"), {"silent": "0"})
    assert not OutsideSilence.objects.exists()


def test_the_account_page_says_that_nothing_is_sent_where_nothing_is_configured(stage):
    assert "Tidak ada yang dikirim ke luar" in text_of(browser(stage.sari).get(reverse("account")))


def test_an_officer_sees_and_clears_the_failing_addresses_of_his_people_alone(stage, rina):
    page = text_of(rina.get(reverse("failing-addresses")))
    assert "guru@13.75.test" in page and "guru@13.76.test" not in page
    assert rina.post(reverse("clear-address", args=[stage.away.failing.pk])).status_code == 404
    assert rina.post(reverse("clear-address", args=[stage.home.failing.pk])).status_code == 302
    assert list(FailingAddress.objects.values_list("address", flat=True)) == ["guru@13.76.test"]
    response = rina.post(reverse("failing-addresses"), {"address": "guru@13.76.test"})
    assert response.status_code == 422 and "Tidak ada orang di sini" in errors_of(response)
    assert rina.post(reverse("failing-addresses"), {"address": "guru@13.75.test"}).status_code == 302


def test_an_account_without_a_person_has_no_messages_outside(stage):
    user = outsider("TANPA", "Tanpa Orang")
    client = browser(user)
    assert client.post(reverse("outside-messages"), {"silent": "1"}).status_code == 302
    assert not OutsideSilence.objects.exists() and client.get(reverse("account")).status_code == 200


def test_heads_of_unit_on_leave_lose_their_pages_and_whoever_stands_in_has_them(stage, rina):
    rina.post(reverse("unit-office", args=[stage.home.school.pk]))
    office = Office.objects.filter(unit=stage.home.school, kind="head_of_unit").order_by("pk").first()
    form = LEAVE | {"hour": "", "capacity": "plh", "number": stages.SARI}
    assert rina.post(reverse("record-leave", args=[office.pk]), form).status_code == 302
    path = reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.school.pk])
    assert browser(stage.budi).get(path).status_code in (403, 404)
    assert browser(stage.sari).get(path).status_code == 200
    assert Placement.objects.filter(person=stage.home.head, is_head=True).exists()
