"""What of cases waits for somebody, on his home page: each role its own, with a way to it, and nothing of others."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ikrar.records.models import Notice
from ikrar.services import case_decisions, case_desk, case_files, case_nights, cases, notices
from ikrar.services.cases import Named
from ikrar.web import messages
from tests.services import case_cast
from tests.services.case_cast import HEARING, SANCTION, at, make_cast, recommended, referred, step
from tests.web.stage import browser

pytestmark = pytest.mark.django_db
NOW = at(date(2024, 10, 25))
NOTHING = "Tidak ada yang menunggu Anda sekarang."


@pytest.fixture
def who(cast, city, other_city, stage_home, morning):
    return make_cast(cast, city, other_city, stage_home, morning)


@pytest.fixture(autouse=True)
def travel(who):
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def home(user, **more):
    return re.sub(r"\s+", " ", browser(user, **more).get("/beranda/").content.decode())


def test_an_authority_reads_how_many_matters_wait_for_its_decision_and_how_many_are_late(who, travel):
    case = recommended(who, NOW)
    page = home(who.mayor.user)
    assert "1 perkara menunggu keputusan Anda." in page and "/perkara/putusan/" in page and NOTHING not in page
    assert "Lewat hari terakhirnya" not in page and "menunggu langkah Anda" not in page
    for other in (who.drafter, who.stranger, who.budi.user, who.inspector):
        assert "menunggu keputusan" not in home(other) and "langkah Anda" not in home(other)
    travel.move_to(NOW + timedelta(days=20))
    assert "Lewat hari terakhirnya: 1." in home(who.mayor.user)
    case_files.state_conflict(case, why="relative", person=who.mayor.person, by=who.bkn_officer, now=NOW)
    assert "menunggu keputusan" not in home(who.mayor.user)


def of_message(user):
    """Return where the message of a night leads, and what stands there."""
    reader = browser(user, strong=True)
    page = reader.get("/pesan/").content.decode()
    found = re.search(r'Perkara (?:yang menunggu Anda|dengan tenggat pada).*?<a href="([^"]+)">', page, re.DOTALL)
    address = found[1].replace("&amp;", "&")
    return address, reader.get(address).content.decode()


def test_the_message_of_a_night_leads_to_what_waits_on_the_desk_or_on_the_board_as_my_late_ones(who, travel):
    case = recommended(who, NOW)
    clock = case.clocks.get(term="target-decide", stopped_on=None)
    travel.move_to(at(clock.late_on, 2))
    case_nights.tick_cases(at(clock.late_on, 2))
    address, page = of_message(who.mayor.user)
    assert address == "/perkara/putusan/" and "Sari Contohwati" in page


def test_the_message_of_a_night_leads_officers_to_the_board_with_what_waits_for_them(who, travel):
    case = case_cast.opened(who, NOW)
    clock = case.clocks.get(stopped_on=None)
    for day, query in ((clock.warn_on, "?giliran=me"), (clock.late_on, "?giliran=me&tempo=late")):
        Notice.objects.all().delete()
        travel.move_to(at(day, 2))
        case_nights.tick_cases(at(day, 2))
        address, page = of_message(who.ani)
        assert address == f"/perkara/{query}" and "Sari Contohwati" in page


def test_a_message_of_what_waits_leads_nobody_to_a_page_that_is_not_his_any_more(who, travel):
    values = {"warned": 1, "overdue": 0, "long_overdue": 0}
    for kind, user, page in (
        ("decisions_due", who.ani, "/perkara/?giliran=me"), ("cases_due", who.budi.user, "/perkara/putusan/"),
    ):  # fmt: skip
        notices.tell_accounts([user], kind, values, link="", now=NOW)
        assert of_message(user)[0] == page
    notices.tell_accounts([who.sari.user], "decisions_due", values, link="", now=NOW)
    page = browser(who.sari.user).get("/pesan/").content.decode()
    assert "Perkara dengan tenggat pada jabatan Anda" in page and ">Buka</a>" not in page


def test_without_a_second_factor_nobody_reads_that_a_case_waits(who):
    recommended(who, NOW)
    assert "menunggu keputusan" not in home(who.mayor.user, strong=False)


def test_an_examiner_reads_of_the_cases_that_were_given_to_him(who, travel):
    case = referred(who, NOW)
    mine, other = who.examiners[:2]
    case_files.assign(case, mine, "examiner", by=who.mayor.user, now=NOW)
    page = home(mine)
    assert "1 perkara menunggu langkah Anda." in page and "/perkara/?giliran=me" in page
    assert NOTHING in home(other)
    travel.move_to(NOW + timedelta(days=11))
    assert "Mendekati hari terakhirnya: 1." in home(mine) and "tempo=near" in home(mine)
    travel.move_to(NOW + timedelta(days=30))
    assert "Lewat hari terakhirnya: 1." in home(mine) and "tempo=late" in home(mine)
    case_files.state_conflict(case, why="relative", user=mine, by=who.bkn_officer, now=NOW)
    assert "menunggu langkah" not in home(mine)


def test_a_supervisor_reads_of_cases_past_a_limit(who, travel):
    case = case_cast.opened(who, NOW)
    step(case, "pilkada-review", "received", who.ani, NOW)
    assert "1 perkara menunggu langkah Anda." in home(who.ani)
    travel.move_to(NOW + timedelta(days=14))
    page = home(who.beni)
    assert "Lewat hari terakhirnya: 1." in page and "batas waktu hukum atau target operator" in page


def test_a_national_body_reads_of_cases_that_it_handles(who):
    case = case_cast.assessed(who, NOW)
    case_cast.to_authority(case, who, NOW)
    step(case, "authority-return", "recommended", who.mayor.user, NOW, reason="bukti kurang")
    assert "1 perkara menunggu langkah Anda." in home(who.bkn_officer)


def test_staff_read_what_is_to_be_written_and_what_waits_for_a_second_person(who, travel):
    case = case_cast.proposed(who, NOW, travel)
    assert "1 perkara menunggu disiapkan" in home(who.drafter) and "/perkara/putusan/" in home(who.drafter)
    now = at(HEARING)
    case_decisions.draft(case.respondents.get(), sanction=SANCTION, grounds="terbukti", by=who.drafter, now=now)
    assert NOTHING in home(who.drafter), "it waits for somebody else"
    assert "1 konsep menunggu penegasan Anda sebagai orang kedua." in home(who.lawyer)


def test_more_cases_ask_no_more_questions_and_are_counted_up_to_a_bound(who, monkeypatch):
    recommended(who, NOW)
    client = browser(who.mayor.user)
    client.get("/beranda/")
    with CaptureQueriesContext(connection) as few:
        client.get("/beranda/")
    recommended(who, NOW)
    recommended(who, NOW)
    with CaptureQueriesContext(connection) as more:
        assert "3 perkara menunggu" in client.get("/beranda/").content.decode()
    assert len(few) == len(more)
    monkeypatch.setattr(case_desk, "COUNTED", 2)
    page = client.get("/beranda/").content.decode()
    assert "2 perkara menunggu" in page and "Masih ada lagi" in page


# --- who must act ------------------------------------------------------------------------------------------------


def file_of(user, case):
    return re.sub(r"\s+", " ", browser(user).get(f"/perkara/{case.pk:016x}/").content.decode())


def test_a_case_that_was_just_opened_says_by_when_and_who_must_act(who):
    case = case_cast.opened(who, NOW)
    page = file_of(who.ani, case)
    assert "Yang harus bertindak sekarang: Badan pengawas, Petugas penerima laporan." in page
    assert "Target operator memulai kajian awal; bukan batas waktu hukum" in page and "sisa 3 hari" in page
    assert "belum ada yang memegang peran itu" not in page
    assert "1 perkara menunggu langkah Anda." in home(who.ani)


def test_a_body_that_only_takes_in_reports_goes_on_and_is_told_its_own_way(who):
    named = Named(person=who.sari.person, allegations=(case_cast.alleged(),))
    case = cases.register(
        [], who.inspectorate, [named], regime="pilkada", track="discipline", by=who.inspector, now=NOW
    )
    assert "Mulai kajian awal" in file_of(who.inspector, case) and "1 perkara menunggu langkah" in home(who.inspector)
    step(case, "pilkada-review", "received", who.inspector, NOW)
    step(case, "pilkada-register", "reviewing", who.inspector, NOW, **{"requirements-met": True})
    page = file_of(who.inspector, case)
    assert (
        "Di Inspektorat Rekaan tidak ada yang memegang peran di jalan biasanya" in page
        and "Limpahkan ke badan pengawas" in page
    )
    assert "1 perkara menunggu langkah" in home(who.inspector)


def test_a_file_says_that_nobody_can_act_and_why_instead_of_asking_a_head_who_has_no_part_in_it(who):
    case = referred(who, NOW)
    assert "Berikutnya: Pejabat" in file_of(who.bkn_officer, case)
    case_files.state_conflict(case, why="relative", person=who.mayor.person, by=who.bkn_officer, now=NOW)
    for reader in (who.bkn_officer, who.drafter):
        page = file_of(reader, case)
        assert "Hari ini tidak ada yang dapat bertindak di Pemerintah Kota" in page
        assert "Itu tindakan pemangku jabatan Wali Kota, dan ia tidak ambil bagian dalam perkara ini." in page
        assert "dicabut petugas BKN Rekaan" in page
        assert "Yang harus bertindak sekarang" not in page and "menugaskan pemeriksa, yang mengambil" not in page
    desk = browser(who.drafter).get("/perkara/putusan/").content.decode()
    assert "Hari ini tidak ada yang dapat bertindak" in desk and f'href="/perkara/{case.pk:016x}/"' in desk


def test_a_body_is_offered_no_examiner_to_name_for_what_is_with_an_agency(who):
    case = referred(who, NOW)
    team = f"/perkara/{case.pk:016x}/tim/"
    assert "Tugaskan pemeriksa</a>" in file_of(who.mayor.user, case)
    assert "Tugaskan pemeriksa</a>" not in file_of(who.bkn_officer, case)
    page = browser(who.bkn_officer).get(team).content.decode()
    assert "ditugaskan pejabat yang berwenang di instansi itu" in page and "Tugaskan dalam perkara ini" not in page
    assert "Tugaskan dalam perkara ini" in browser(who.mayor.user).get(team).content.decode()


def test_the_national_workbench_says_of_such_a_matter_that_nobody_can_act(who, travel):
    case = recommended(who, NOW)
    late = at(case.clocks.get(term="target-decide", stopped_on=None).late_on, 2)
    travel.move_to(late)
    case_nights.tick_cases(late)
    assert "tidak ada yang dapat bertindak" not in browser(who.bkn_officer).get("/perkara/nasional/").content.decode()
    case_files.state_conflict(case, why="relative", person=who.mayor.person, by=who.bkn_officer, now=late)
    page = browser(who.bkn_officer).get("/perkara/nasional/").content.decode()
    assert "Hari ini tidak ada yang dapat bertindak." in page and "ia tidak ambil bagian dalam perkara ini" in page


def test_staff_read_at_home_how_much_of_what_is_to_be_prepared_is_late(who, travel):
    case_cast.proposed(who, NOW, travel)
    assert "Lewat hari terakhirnya" not in home(who.drafter)
    travel.move_to(NOW + timedelta(days=60))
    assert "1 perkara menunggu disiapkan, dicatat, atau disampaikan. Lewat hari terakhirnya: 1." in home(who.drafter)


@pytest.mark.parametrize("kind", ["cases_due", "superior_warned"])
def test_only_superiors_are_told_that_they_answer_for_what_nobody_examines(kind):
    told = messages.NOTICES[kind] % {"warned": 1, "overdue": 0, "long_overdue": 0}
    assert ("Atasan yang tidak memanggil atau memeriksa" in told) == (kind == "superior_warned")
