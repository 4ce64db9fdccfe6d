"""Pages of activities: what one sees of one's own, checking in over the pages, what an organiser does from draft to record."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ikrar.domain.gatherings import State, code_of, window_of
from ikrar.records.models import (
    Activity,
    ActivityPhoto,
    Attendance,
    Decision,
    Guest,
    Invitation,
    Notice,
    Placement,
    StoredFile,
)
from ikrar.services import activities, attendance
from tests.services.test_paper import needs_pdftotext, text_of
from tests.web.stage import MORNING, PASSWORD, TODAY, account, browser, gather, person, set_password

pytestmark = pytest.mark.django_db


def shown(activity: Activity, ago_s: float = 0) -> str:
    activity = Activity.objects.get(pk=activity.pk)
    return code_of(activity.secret, activity.pk, window_of(timezone.now() - timedelta(seconds=ago_s)))


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def gathering(stage):
    """The declaration of the whole city, open."""
    return stage.home.gatherings.city


@pytest.fixture
def sari(stage):
    return browser(stage.sari)


@pytest.fixture
def rina(stage):
    return browser(stage.rina)


# --- checking in -------------------------------------------------------------------------------------------------


def test_the_qr_code_leads_to_one_button_and_that_checks_in(stage, gathering, sari):
    page = sari.get(reverse("check-in-code", args=[gathering.pk, shown(gathering)]))
    assert page.status_code == 200
    assert not Attendance.objects.filter(person=stage.sari.person, activity=gathering).exists()
    assert "Catat kehadiran saya" in text(page)
    typed = re.search(r'name="code"[^>]*value="([^"]+)"', page.content.decode(), re.S)[1]
    answer = sari.post(reverse("check-in", args=[gathering.pk]), {"code": typed, "kept": ""}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("my-activity", args=[gathering.pk])
    assert "Anda tercatat hadir pukul 10.00 WIB" in text(answer)
    assert Attendance.objects.get(person=stage.sari.person, activity=gathering).way == "phone"


def test_a_second_try_says_when_it_was_and_changes_nothing(stage, gathering, sari):
    for _ in range(2):
        answer = sari.post(reverse("check-in", args=[gathering.pk]), {"code": shown(gathering)}, follow=True)
    assert "Anda sudah tercatat pukul 10.00 WIB" in text(answer)
    assert Attendance.objects.filter(person=stage.sari.person, activity=gathering).count() == 1
    assert "Anda sudah tercatat hadir" in text(sari.get(reverse("check-in", args=[gathering.pk])))


def test_whoever_is_not_signed_in_comes_back_to_the_code_after_signing_in(stage, gathering, client):
    set_password(stage.sari)
    address = reverse("check-in-code", args=[gathering.pk, shown(gathering)])
    away = client.get(address)
    assert away.status_code == 302 and away["Location"].startswith(reverse("account_login"))
    back = client.post(away["Location"], {"name": stage.sari.username, "password": PASSWORD, "next": address})
    assert back["Location"] == address
    assert "Catat kehadiran saya" in text(client.get(address))


@pytest.mark.parametrize("code", ["", "AAAA-AAAA", "x" * 200, "'; DROP TABLE", "\N{SNOWMAN}" * 8])
def test_a_wrong_code_is_refused_in_words_and_what_was_typed_stays(gathering, sari, code):
    answer = sari.post(reverse("check-in", args=[gathering.pk]), {"code": code})
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert not Attendance.objects.filter(activity=gathering, way="phone").exists()
    if code == "AAAA-AAAA":
        assert 'value="AAAA-AAAA"' in answer.content.decode()


def test_a_code_that_died_says_what_to_do(gathering, sari):
    old = shown(gathering, ago_s=400)
    page = text(sari.get(reverse("check-in-code", args=[gathering.pk, old])))
    assert "Kode dari tautan ini sudah lewat" in page
    answer = sari.post(reverse("check-in", args=[gathering.pk]), {"code": old})
    assert answer.status_code == 422 and "Kode ini tidak berlaku" in text(answer)


def opened_on(page) -> str:
    return re.search(r'name="opened" value="([^"]+)"', page.content.decode())[1]


def test_a_phone_that_kept_its_check_in_may_send_it_a_little_later(stage, gathering, sari):
    address = reverse("check-in", args=[gathering.pk])
    with time_machine.travel(timezone.now() - timedelta(seconds=220), tick=False):
        code = shown(gathering)
        opened = opened_on(sari.get(reverse("check-in-code", args=[gathering.pk, code])))
    assert sari.post(address, {"code": code, "opened": opened}).status_code == 422
    assert sari.post(address, {"code": code, "opened": opened, "kept": "1"}).status_code == 302


def test_a_code_sent_to_a_friend_at_home_has_no_grace_whatever_he_says_of_it(stage, gathering, sari):
    address = reverse("check-in", args=[gathering.pk])
    with time_machine.travel(timezone.now() - timedelta(seconds=220), tick=False):
        code = shown(gathering)
        of_another = opened_on(browser(stage.rina).get(address))
    late = opened_on(sari.get(address))
    for opened in (late, of_another, late[:-1], "", "x" * 400, "\x00"):
        answer = sari.post(address, {"code": code, "opened": opened, "kept": "1"})
        assert answer.status_code == 422, opened
    assert not Attendance.objects.filter(activity=gathering, person=stage.sari.person).exists()


def test_a_person_of_another_unit_is_refused_in_words(stage):
    school = stage.home.gatherings.opened
    stranger = browser(account(person("Orang Lain", "198001012005011777", stage.home.other_school)))
    page = stranger.get(reverse("check-in", args=[school.pk]))
    assert page.status_code == 200 and "tidak termasuk yang diundang" in text(page)
    answer = stranger.post(reverse("check-in", args=[school.pk]), {"code": shown(school)})
    assert answer.status_code == 422 and "tidak termasuk yang diundang" in text(answer)
    assert not Attendance.objects.filter(activity=school).exists()


def test_an_activity_of_another_agency_does_not_exist_even_with_its_code(stage, gathering):
    tono = browser(stage.tono)
    assert tono.get(reverse("check-in-code", args=[gathering.pk, shown(gathering)])).status_code == 404
    assert tono.post(reverse("check-in", args=[gathering.pk]), {"code": shown(gathering)}).status_code == 404


def test_somebody_on_leave_is_told_whom_to_ask(stage, gathering, sari):
    Placement.objects.filter(person=stage.sari.person).update(status="leave")
    answer = sari.post(reverse("check-in", args=[gathering.pk]), {"code": shown(gathering)})
    assert answer.status_code == 422 and "sedang cuti" in text(answer)


def test_after_the_closing_the_page_says_so(stage, sari):
    closed = stage.home.gatherings.closed
    assert "sedang tidak dibuka" in text(sari.get(reverse("check-in", args=[closed.pk])))
    answer = sari.post(reverse("check-in", args=[closed.pk]), {"code": "AAAA-AAAA"})
    assert answer.status_code == 422 and "sudah ditutup" in text(answer)


# --- one's own ---------------------------------------------------------------------------------------------------


def test_one_sees_what_comes_and_what_is_over(stage, sari):
    page = text(sari.get(reverse("my-activities")))
    home = stage.home.gatherings
    for activity in (home.city, home.opened, home.called, home.closed):
        assert activity.title in page
    assert home.draft.title not in page
    assert "Payakumbuh" not in page


def test_whoever_was_not_there_reads_so_when_it_is_over(stage, sari):
    over = stage.home.gatherings.closed
    assert "Anda tidak tercatat hadir" in text(sari.get(reverse("my-activity", args=[over.pk])))


def test_a_draft_and_the_activity_of_others_do_not_exist(stage, sari):
    draft = stage.home.gatherings.draft
    other = gather(stage.home, stage.home.other_school, "Rapat lain", stage.rina, "called")
    for activity in (draft, other, stage.away.gatherings.city):
        assert sari.get(reverse("my-activity", args=[activity.pk])).status_code == 404


def test_one_says_that_one_comes_or_why_not(stage, sari):
    called = stage.home.gatherings.called
    address = reverse("answer-activity", args=[called.pk])
    answer = sari.post(address, {"comes": "no", "reason": ""})
    assert answer.status_code == 422 and "Tulis alasannya" in text(answer)
    assert sari.post(address, {"comes": "no", "reason": "rawat inap"}).status_code == 302
    row = Invitation.objects.get(activity=called, person=stage.sari.person)
    assert (row.answer, row.reason) == ("excused", "rawat inap")
    assert sari.post(address, {"comes": "perhaps"}).status_code == 422


def test_the_home_page_leads_to_what_is_open_now(stage, gathering, sari):
    page = sari.get(reverse("home")).content.decode()
    assert reverse("check-in", args=[gathering.pk]) in page
    sari.post(reverse("check-in", args=[gathering.pk]), {"code": shown(gathering)})
    assert reverse("check-in", args=[gathering.pk]) not in sari.get(reverse("home")).content.decode()


def test_messages_are_written_in_words_and_lead_to_the_activity(stage, sari):
    page = sari.get(reverse("inbox"))
    city = stage.home.gatherings.city
    assert f"Anda diundang ke “{city.title}”: 25 Oktober 2024, 08.00 WIB. Tempat: Aula." in text(page)
    assert reverse("my-activity", args=[city.pk]) in page.content.decode()


def test_every_kind_of_message_can_be_read(stage, rina, sari):
    called = stage.home.gatherings.called
    rina.post(reverse("move-activity", args=[called.pk]), {"on": "2024-10-28", "place": "Lapangan", "reason": "hujan"})
    rina.post(reverse("cancel-activity", args=[called.pk]), {"reason": "banjir"})
    city, school = stage.home.gatherings.city, stage.home.school
    rina.post(reverse("check-in-by-hand", args=[city.pk, school.pk]), {"person": [stage.sari.person_id]})
    row = Attendance.objects.get(activity=city, person=stage.sari.person)
    rina.post(reverse("strike", args=[row.pk]), {"reason": "tidak di tempat"})
    activities.invite_unit(city, school, heads_only=False, quota=2, by=stage.rina, now=MORNING)
    said = text(sari.get(reverse("inbox")))
    assert "berubah: 28 Oktober 2024" in said and "dibatalkan. Alasan: banjir" in said
    assert "Panitia mencatat Anda hadir" in said and "mencoret kehadiran Anda" in said
    head = text(browser(stage.budi).get(reverse("inbox")))
    assert "dapat mengirim 2 orang" in head and "Keputusan rapat menjadi tugas Anda" in head
    assert "%(" not in said + head


def test_a_decision_is_found_and_told_done_by_its_owner(stage):
    budi = browser(stage.budi)
    mine = stage.home.gatherings.final_decision
    assert mine.text in text(budi.get(reverse("my-decisions")))
    address = reverse("my-decision-done", args=[mine.pk])
    assert budi.post(address, {"evidence": " "}).status_code == 422
    assert budi.post(address, {"evidence": "papan terpasang"}).status_code == 302
    assert Decision.objects.get(pk=mine.pk).done_on == TODAY
    assert "papan terpasang" in text(budi.get(reverse("my-decisions")))
    assert budi.get(address).status_code == 404


# --- the organiser -----------------------------------------------------------------------------------------------

WRITTEN = {"kind": "declaration", "title": "Deklarasi baru", "on": "2024-10-28", "starts_at": "08:00", "ends_at": "10:00",
           "place": "Aula", "points": "1. netral\n2. jujur", "open_to_units": "on"}  # fmt: skip


def new(client, **changes) -> Activity:
    answer = client.post(reverse("new-activity"), WRITTEN | changes)
    assert answer.status_code == 302, text(answer)
    return Activity.objects.get(pk=int(re.search(r"\d+", answer["Location"])[0]))


def test_an_activity_is_drafted_called_and_everybody_told(stage, rina):
    made = new(rina)
    assert (made.state, made.points, made.unit) == ("draft", ["netral", "jujur"], None)
    answer = rina.post(reverse("invitees", args=[made.pk]), {"act": "unit", "unit": stage.home.school.pk})
    assert answer.status_code == 302
    answer = rina.post(reverse("call-activity", args=[made.pk]), {"number": ""}, follow=True)
    people = Placement.objects.current().filter(unit=stage.home.school).count()
    assert f"Undangan masuk ke kotak pesan {people} orang." in text(answer)
    assert Notice.objects.filter(kind="activity_called", values__activity=made.pk).count() == people


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"on": "0202-10-25"}, "Periksa tahunnya"),
        ({"on": "2099-10-25"}, "bukan tanggal yang masuk akal"),
        ({"on": "besok"}, "tanggal"),
        ({"ends_at": "07:00"}, "Jam selesai harus sesudah jam mulai"),
        ({"starts_at": "22:00", "ends_at": "01:00"}, "melewati tengah malam, kosongkan jam selesai"),
        ({"starts_at": "25:99"}, "waktu"),
        ({"quota": "-3"}, "1"),
        ({"title": ""}, "tidak boleh kosong"),
    ],
)
def test_absurd_days_and_hours_are_refused_at_their_field_and_nothing_typed_is_lost(rina, changes, says):
    count = Activity.objects.count()
    answer = rina.post(reverse("new-activity"), WRITTEN | changes)
    page = answer.content.decode()
    assert answer.status_code == 422 and says in text(answer)
    assert 'class="errors"' in page and Activity.objects.count() == count
    if "title" not in changes:
        assert "Deklarasi baru" in page


def test_nobody_is_called_to_yesterday_and_the_page_says_what_to_do(stage, rina):
    made = new(rina, on="2024-10-24")
    rina.post(reverse("invitees", args=[made.pk]), {"act": "unit", "unit": stage.home.school.pk})
    answer = rina.post(reverse("call-activity", args=[made.pk]), {"number": ""})
    assert answer.status_code == 422 and "sudah lewat" in text(answer)


def test_a_number_of_another_agency_is_answered_like_one_that_nobody_has(stage, rina):
    made = new(rina)
    address = reverse("invitees", args=[made.pk])
    said = []
    for number in (stage.away.teacher.identifier, "198001012005011999"):
        answer = rina.post(address, {"act": "people", "numbers": f"{stage.sari.username}\n{number}"})
        assert answer.status_code == 422
        assert stage.sari.username in answer.content.decode(), "what was typed stays"
        said.append(re.sub(r"value=\"\w{64}\"", "", answer.content.decode().replace(number, "…")))
    assert said[0] == said[1]
    assert not made.invitations.exists()
    assert rina.post(address, {"act": "people", "numbers": stage.sari.username}).status_code == 302
    assert made.invitations.get().person == stage.sari.person


def test_what_is_wrong_further_down_a_long_page_is_told_at_its_top(stage, rina):
    draft = stage.home.gatherings.draft
    page = rina.post(reverse("invitees", args=[draft.pk]), {"act": "people", "numbers": "12345"}).content.decode()
    assert page.index('href="#orang"') < page.index("<table>") < page.index('id="orang"')
    page = rina.get(reverse("invitees", args=[draft.pk])).content.decode()
    assert 'href="#orang"' not in page and 'role="alert"' not in page


def test_a_head_calls_his_own_unit_and_no_other(stage):
    budi = browser(stage.budi)
    made = new(budi, title="Apel sekolah")
    assert (made.unit, made.agency) == (stage.home.school, stage.home.agency)
    for unit in (stage.home.other_school, stage.home.root, stage.away.school):
        answer = budi.post(reverse("invitees", args=[made.pk]), {"act": "unit", "unit": unit.pk})
        assert answer.status_code == 422, unit
    answer = budi.post(
        reverse("invitees", args=[made.pk]), {"act": "people", "numbers": stage.home.other_teacher.identifier}
    )
    assert answer.status_code == 422
    assert (
        budi.post(reverse("invitees", args=[made.pk]), {"act": "unit", "unit": stage.home.school.pk}).status_code == 302
    )
    assert budi.get(reverse("activity", args=[stage.home.gatherings.city.pk])).status_code == 404


def test_a_form_reaches_into_no_other_agency(stage, rina):
    for changes in (
        {"led_by": stage.away.office.pk}, {"pact_round": stage.away.pact.pk}, {"called_by": stage.away.body.pk},
        {"owner": f"agency-{stage.away.agency.pk}"},
    ):  # fmt: skip
        answer = rina.post(reverse("new-activity"), WRITTEN | changes)
        if "owner" in changes:
            assert Activity.objects.latest("pk").agency == stage.home.agency, "there is one choice, and it is taken"
        else:
            assert answer.status_code == 422, changes


def test_whoever_serves_two_agencies_says_for_which(stage):
    from ikrar.domain.access import Role
    from ikrar.services import accounts

    accounts.add_grant(stage.rina, Role.PROGRAMME_OFFICER, agency=stage.away.agency, by=None, now=MORNING)
    rina = browser(stage.rina)
    assert rina.post(reverse("new-activity"), WRITTEN).status_code == 422
    away = stage.away
    made = new(rina, owner=f"agency-{away.agency.pk}", led_by=away.office.pk)
    assert made.agency == away.agency
    answer = rina.post(
        reverse("new-activity"), WRITTEN | {"owner": f"agency-{away.agency.pk}", "led_by": stage.home.office.pk}
    )
    assert answer.status_code == 422 and "bukan milik instansi itu" in text(answer)


@needs_pdftotext
def test_heads_who_are_called_are_named_as_heads_on_page_and_letter(stage, rina):
    home, common = stage.home, {"heads_only": True, "quota": None, "by": stage.rina, "now": MORNING}
    for unit in (home.root, home.other_school):
        activities.invite_unit(home.gatherings.draft, unit, **common)
    activities.call(home.gatherings.draft, today=TODAY, by=stage.rina, now=MORNING)
    page = text(rina.get(reverse("activity", args=[home.gatherings.draft.pk])))
    letter = rina.get(reverse("invitation-letter", args=[home.gatherings.draft.pk]))
    for said in (page, " ".join(text_of(letter.content).split())):
        assert "Para kepala unit di Pemerintah Kota Bukittinggi" in said
        assert "Kepala SMP Negeri 2 Bukittinggi" in said and "Kepala SMP Negeri 1" not in said


def test_a_move_tells_everybody_and_stays_on_the_page(stage, rina, sari):
    called = stage.home.gatherings.called
    address = reverse("move-activity", args=[called.pk])
    same = {"on": called.on, "starts_at": "08:00", "ends_at": "10:00", "place": "Aula"}
    assert "masih sama" in text(rina.post(address, same | {"reason": "x"}))
    assert rina.post(address, same | {"place": "Lapangan", "reason": ""}).status_code == 422
    assert rina.post(address, same | {"place": "Lapangan", "reason": "hujan"}).status_code == 302
    page = text(sari.get(reverse("my-activity", args=[called.pk])))
    assert "Lapangan" in page and "Semula 25 Oktober 2024, Aula" in page and "hujan" in page


def test_two_tabs_that_open_or_close_at_once_do_it_once(stage, rina):
    opened = stage.home.gatherings.opened
    for _ in range(2):
        answer = rina.post(reverse("close-activity", args=[opened.pk]))
    assert answer.status_code == 422 and "sudah ditutup" in text(answer)
    called = stage.home.gatherings.called
    assert rina.post(reverse("open-activity", args=[called.pk]))["Location"] == reverse("venue", args=[called.pk])
    answer = rina.post(reverse("open-activity", args=[called.pk]), follow=True)
    assert "tidak dapat diambil" in text(answer)


def test_a_list_is_not_opened_before_its_day(stage, rina):
    made = new(rina)
    rina.post(reverse("invitees", args=[made.pk]), {"act": "unit", "unit": stage.home.school.pk})
    answer = rina.post(reverse("open-activity", args=[made.pk]), follow=True)
    assert "baru dapat dibuka pada harinya, 28 Oktober 2024" in text(answer)
    assert Activity.objects.get(pk=made.pk).state == State.DRAFT


# --- the venue's screen ------------------------------------------------------------------------------------------


def test_the_screen_shows_a_code_that_opens_and_those_that_follow(stage, gathering, rina, sari):
    page = rina.get(reverse("venue", args=[gathering.pk]))
    shown_now = page.context["first"]["code"]
    assert shown_now == shown(gathering)
    assert 'http-equiv="refresh"' in page.content.decode() and "<noscript>" in page.content.decode()
    codes = page.context["shown"]["codes"]
    assert len(codes) == 40 and codes[0]["picture"].startswith("data:image/svg+xml")
    assert sari.post(reverse("check-in", args=[gathering.pk]), {"code": shown_now}).status_code == 302
    fresh = rina.get(reverse("venue-codes", args=[gathering.pk])).json()
    assert fresh["came"] == 2 and fresh["codes"][0]["code"] == shown(gathering)


def test_the_screen_is_handed_only_what_it_lacks(gathering, rina):
    has = rina.get(reverse("venue", args=[gathering.pk])).context["shown"]["codes"]
    asked = {"sejak": has[-3]["from_s"]}
    assert rina.get(reverse("venue-codes", args=[gathering.pk]), asked).json()["codes"] == has[-2:]
    more = rina.get(reverse("venue-codes", args=[gathering.pk]), {"sejak": has[-1]["from_s"]}).json()
    assert more["codes"] == [] and more["open"]
    for odd in ("", "-1", "x", "9" * 40, "²"):
        assert len(rina.get(reverse("venue-codes", args=[gathering.pk]), {"sejak": odd}).json()["codes"]) == 40


def test_the_screen_is_never_kept_by_a_browser(gathering, rina):
    for name in ("venue", "venue-codes"):
        assert "no-store" in rina.get(reverse(name, args=[gathering.pk]))["Cache-Control"]


def test_before_the_opening_there_is_no_screen(stage, rina):
    called = stage.home.gatherings.called
    answer = rina.get(reverse("venue", args=[called.pk]))
    assert answer.status_code == 302
    told = rina.get(reverse("venue-codes", args=[called.pk])).json()
    assert told["codes"] == [] and not told["open"]


# --- who came ----------------------------------------------------------------------------------------------------


def test_the_list_is_searched_by_name_and_by_whole_number(stage, gathering, rina):
    address = reverse("attendance", args=[gathering.pk, stage.home.root.pk])
    assert "Sari Dewi" in text(rina.get(address))
    found = text(rina.get(address, {"q": "sari dewi"}))
    assert "Sari Dewi" in found and "Ujang" not in found
    found = text(rina.get(address, {"q": stage.sari.username}))
    assert "Sari Dewi" in found and "Ujang" not in found
    assert "Sari Dewi" not in text(rina.get(address, {"q": stage.sari.username[:12]}))
    assert "Tidak ada yang cocok" in text(rina.get(address, {"q": "Tono"}))
    assert "Sari Dewi" not in text(rina.get(address, {"tampil": "hadir"}))


def test_whoever_has_no_phone_is_ticked_on_the_list(stage, gathering, rina):
    address = reverse("check-in-by-hand", args=[gathering.pk, stage.home.school.pk])
    assert "Centang dulu" in text(rina.post(address, {}, follow=True))
    answer = rina.post(address, {"person": [stage.sari.person_id, stage.budi.person_id], "way": "paper"}, follow=True)
    assert "1 orang dicatat hadir." in text(answer), "Budi was there already"
    assert Attendance.objects.get(activity=gathering, person=stage.sari.person).way == "paper"


def test_by_hand_nobody_of_another_unit_or_agency_is_reached(stage, gathering, rina):
    strangers = [stage.home.other_teacher.pk, stage.tono.person_id, 2**70, "x"]
    answer = rina.post(
        reverse("check-in-by-hand", args=[gathering.pk, stage.home.school.pk]), {"person": strangers}, follow=True
    )
    assert "Centang dulu" in text(answer)
    assert Attendance.objects.filter(activity=gathering).count() == 1


def test_a_head_sees_and_ticks_his_own_people_at_an_activity_of_the_city(stage, gathering):
    budi = browser(stage.budi)
    page = budi.get(reverse("attendance", args=[gathering.pk, stage.home.school.pk]))
    assert page.status_code == 200 and "Sari Dewi" in text(page) and "Ujang" not in text(page)
    assert f'href="{reverse("activity", args=[gathering.pk])}"' not in page.content.decode()
    answer = budi.post(
        reverse("check-in-by-hand", args=[gathering.pk, stage.home.school.pk]), {"person": [stage.sari.person_id]}
    )
    assert answer.status_code == 302
    assert attendance.came(gathering) == 2


def test_a_head_sees_nothing_of_an_activity_that_calls_none_of_his(stage):
    other = gather(stage.home, stage.home.other_school, "Rapat lain", stage.rina, "open")
    budi = browser(stage.budi)
    assert budi.get(reverse("attendance", args=[other.pk, stage.home.school.pk])).status_code == 404
    draft = gather(stage.home, None, "Rancangan kota", stage.rina, "draft")
    assert budi.get(reverse("attendance", args=[draft.pk, stage.home.school.pk])).status_code == 404


def test_whoever_was_not_there_is_struck_out_and_reads_why(stage, gathering, rina, sari):
    sari.post(reverse("check-in", args=[gathering.pk]), {"code": shown(gathering)})
    row = Attendance.objects.get(activity=gathering, person=stage.sari.person)
    assert rina.post(reverse("strike", args=[row.pk]), {"reason": ""}).status_code == 422
    assert rina.post(reverse("strike", args=[row.pk]), {"reason": "titip absen"}).status_code == 302
    assert "titip absen" in text(sari.get(reverse("my-activity", args=[gathering.pk])))
    answer = sari.post(reverse("check-in", args=[gathering.pk]), {"code": shown(gathering)})
    assert answer.status_code == 422 and "Panitia mencoret kehadiran ini: titip absen" in text(answer)
    answer = rina.post(reverse("strike", args=[row.pk]), {"reason": "lagi"})
    assert answer.status_code == 422


def test_the_page_of_a_unit_shows_the_same_counts(stage, rina):
    gathering = gather(stage.home, None, "Deklarasi terakhir", stage.rina, "open")
    page = rina.get(reverse("unit", args=[stage.home.school.pk]))
    shown_there = dict(page.context["activities"])
    assert shown_there[gathering] == attendance.turnout(gathering, stage.home.school)
    assert reverse("attendance", args=[gathering.pk, stage.home.school.pk]) in page.content.decode()


def test_no_page_loses_the_frame_with_the_way_about(stage, gathering, rina):
    """What a view calls its values must not hide those of the frame."""
    unit = stage.home.school.pk
    for address in (
        reverse("activities"), reverse("new-activity"), reverse("my-activities"), reverse("my-decisions"),
        reverse("check-in", args=[gathering.pk]), reverse("attendance", args=[gathering.pk, unit]),
        *(
            reverse(name, args=[gathering.pk])
            for name in ("activity", "invitees", "venue", "guests", "minutes", "activity-photos", "my-activity")
        ),
    ):  # fmt: skip
        if address == reverse("my-activity", args=[gathering.pk]):
            activities.invite_people(gathering, [stage.rina.person], by=stage.rina, now=MORNING)
        page = rina.get(address).content.decode()
        assert 'class="menu' in page and "Rina Marlina" in page, address


def test_lists_hold_nothing_of_the_other_agency(stage, rina):
    for name in ("activities", "my-activities", "my-decisions"):
        page = rina.get(reverse(name)).content.decode()
        assert "Payakumbuh" not in page and "Tono" not in page, name
    assert "Payakumbuh" not in rina.get(reverse("activities"), {"lampau": "1"}).content.decode()


# --- guests, minutes, photos, papers -----------------------------------------------------------------------------


def test_a_guest_is_named_at_the_door(stage, rina):
    guest = stage.home.gatherings.guest
    assert rina.post(reverse("guest-arrived", args=[guest.pk]), {"name": ""}).status_code == 422
    assert rina.post(reverse("guest-arrived", args=[guest.pk]), {"name": "Tamu Satu"}).status_code == 302
    answer = rina.post(reverse("guest-arrived", args=[guest.pk]), {"name": "Tamu Dua"})
    assert answer.status_code == 422 and Guest.objects.get(pk=guest.pk).name == "Tamu Satu"
    answer = rina.post(reverse("remove-guest", args=[guest.pk]), follow=True)
    assert "Tidak ada yang diubah" in text(answer) and Guest.objects.filter(pk=guest.pk).exists()


def test_minutes_are_written_decided_made_final_and_then_only_read(stage, rina):
    closed = stage.home.gatherings.closed
    address = reverse("minutes", args=[closed.pk])
    rina.post(address, {"act": "minutes", "minutes": "Rapat dibuka.\nRapat ditutup.", "points": "netral"})
    typed = {"act": "decision", "text": "Pasang papan", "unit": stage.home.school.pk, "due_on": "2020-11-01"}
    answer = rina.post(address, typed)
    assert answer.status_code == 422 and "due_on" in answer.context["decision_form"].errors
    said = answer.content.decode()
    assert "1 November 2020 mendahului hari kegiatannya" in said and "Pasang papan" in said
    answer = rina.post(address, {"act": "decision", "text": "Pasang papan", "office": "", "unit": ""})
    assert (
        answer.status_code == 422 and "Pilih satu penanggung jawab" in text(answer) and "Pasang papan" in text(answer)
    )
    assert (
        rina.post(address, {"act": "decision", "text": "Pasang papan", "unit": stage.away.school.pk}).status_code == 422
    )
    rina.post(
        address, {"act": "decision", "text": "Pasang papan", "unit": stage.home.school.pk, "due_on": "2024-11-01"}
    )
    assert rina.post(reverse("finish-minutes", args=[closed.pk]), {"number": ""}).status_code == 302
    page = rina.get(address)
    assert "Isinya tidak berubah lagi" in text(page) and "<textarea" not in page.content.decode()
    answer = rina.post(address, {"act": "minutes", "minutes": "Lain"})
    assert answer.status_code == 422 and Activity.objects.get(pk=closed.pk).minutes.startswith("Rapat dibuka.")
    decision = closed.decisions.get(text="Pasang papan")
    assert "Pasang papan" in text(rina.get(reverse("activities")))
    assert rina.post(reverse("remove-decision", args=[decision.pk])).status_code == 422
    assert rina.post(reverse("decision-done", args=[decision.pk]), {"evidence": "foto papan"}).status_code == 302
    assert "Pasang papan" not in text(rina.get(reverse("activities")))


def test_a_photo_that_is_none_is_refused_at_its_field(stage, rina):
    opened = stage.home.gatherings.opened
    address = reverse("activity-photos", args=[opened.pk])
    for content in (b"<html>", b"%PDF-1.7 %%EOF", b""):
        answer = rina.post(address, {"file": SimpleUploadedFile("a.jpg", content), "caption": "Apel"})
        assert answer.status_code == 422, content
    assert rina.post(address, {"caption": "Apel"}).status_code == 422
    assert ActivityPhoto.objects.count() == 2, "those of the stage"
    photo = stage.home.gatherings.photo
    answer = rina.get(reverse("activity-photo", args=[photo.pk]))
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    before = StoredFile.objects.count()
    rina.post(reverse("remove-photo", args=[photo.pk]))
    assert StoredFile.objects.count() == before - 1


def test_papers_are_pdf_and_name_who_was_there(stage, gathering, rina, sari):
    sari.post(reverse("check-in", args=[gathering.pk]), {"code": shown(gathering)})
    root = stage.home.root.pk
    sheet = text_of(rina.get(reverse("attendance-sheet", args=[gathering.pk, root])).content)
    assert "Sari Dewi" in sheet and "Ujang" not in sheet and stage.sari.username not in sheet
    ink = text_of(rina.get(reverse("ink-sheet", args=[gathering.pk, root])).content)
    assert "Sari Dewi" in ink and "Ujang" in ink and "Tanda tangan" in ink
    record = text_of(rina.get(reverse("activity-record", args=[stage.home.gatherings.closed.pk])).content)
    assert "Undangan" in record and "Notulen" in record and "Semua hadir." in record and "Catat" in record


def test_more_names_than_one_paper_holds_are_printed_unit_by_unit(stage, gathering, rina, monkeypatch):
    monkeypatch.setattr("ikrar.services.activity_papers.MOST_NAMES", 1)
    root = stage.home.root.pk
    answer = rina.get(reverse("ink-sheet", args=[gathering.pk, root]), follow=True)
    assert "cetak per unit" in text(answer)
    assert rina.get(reverse("activity-record", args=[gathering.pk]))["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("name", ["activities", "new-activity", "my-activities", "my-decisions"])
def test_a_page_asked_for_nonsense_answers_all_the_same(rina, name):
    for query in ({"hal": "x"}, {"hal": "99999"}, {"q": "%_'\"" * 20}, {"lampau": "["}):
        assert rina.get(reverse(name), query).status_code == 200


# --- whom a head sends -------------------------------------------------------------------------------------------


def test_a_head_chooses_who_comes_and_both_sides_see_it(stage, rina):
    share, budi = stage.home.gatherings.share, browser(stage.budi)
    address = reverse("unit-share", args=[share.activity_id, share.unit_id])
    assert address in budi.get(reverse("my-activity", args=[share.activity_id])).content.decode()
    page = text(budi.get(address, {"q": "sari"}))
    assert "Tempat yang tersisa 2" in page and stage.sari.person.name in page
    assert f"{stage.budi.person.full_name} datang" not in page
    assert budi.post(address, {"person": [stage.sari.person_id]}).status_code == 302
    assert "Tempat yang tersisa 1" in text(budi.get(address))
    organiser = rina.get(reverse("invitees", args=[share.activity_id]))
    assert stage.sari.person.name in text(organiser) and address in organiser.content.decode()
    assert "Anda diundang ke" in text(browser(stage.sari).get(reverse("inbox")))


def test_what_is_wrong_with_a_choice_is_said_and_the_ticks_stay(stage):
    share, budi = stage.home.gatherings.share, browser(stage.budi)
    address = reverse("unit-share", args=[share.activity_id, share.unit_id])
    answer = budi.post(address, {})
    assert answer.status_code == 422 and "Centang dulu siapa yang datang" in text(answer)
    type(share).objects.update(quota=1)
    answer = budi.post(address, {"person": [stage.sari.person_id, stage.budi.person_id]})
    assert answer.status_code == 422 and "tempat yang tersisa 1" in text(answer)
    assert answer.content.decode().count("checked") == 2
    stranger = budi.post(address, {"person": [stage.tono.person_id, "9" * 30]})
    assert stranger.status_code == 422 and not Invitation.objects.filter(activity=share.activity_id).exists()


def test_nobody_but_the_head_or_those_above_chooses(stage, sari):
    share = stage.home.gatherings.share
    address = reverse("unit-share", args=[share.activity_id, share.unit_id])
    assert sari.get(address).status_code in (403, 404)
    assert address not in sari.get(reverse("my-activity", args=[share.activity_id])).content.decode()
    assert browser(stage.tono).post(address, {"person": [stage.sari.person_id]}).status_code in (403, 404)
    assert not Invitation.objects.filter(activity=share.activity_id).exists()
