"""The national body's workbench, what a superior reads on his home page, and the administrator's page of outside bodies."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.records.models import Body, CaseOfficer, CaseStep, Notice, Region, RoleGrant
from ikrar.services import accounts, case_files
from ikrar.web.middleware import LANGUAGE_COOKIE
from tests.web.case_stage import assessed, national, night, page_of, recommended, sent, step, watcher
from tests.web.stage import MORNING, outsider

pytestmark = pytest.mark.django_db
PAGE = "/perkara/nasional/"
BODIES = "/badan-luar/"


def said(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def idle(stage):
    """A case whose authority did not decide by the operator's target; the morning after that night."""
    case = recommended(stage)
    stage.home.case.clocks.filter(stopped_on=None).update(next_on=None)
    clock = case.clocks.get(term="target-decide", stopped_on=None)
    night(clock.late_on)
    with time_machine.travel(MORNING + (clock.late_on - MORNING.date()), tick=True):
        yield case


def key_of(case):
    return f"{case.respondents.get().pk:016x}"


# --- the workbench -----------------------------------------------------------------------------------------------


def test_an_idle_authority_shows_with_what_may_be_done_about_it(stage, idle):
    page = said(page_of(national(stage)).get(PAGE))
    assert "Pemerintah Kota Bukittinggi" in page and "lewat 1 hari" in page
    assert "yang dapat bertindak diberi tahu" in page and f"?tindakan={key_of(idle)}" in page
    assert "hukum tidak mengenal pejabat pengganti" in page
    assert "Sari Dewi" not in page
    form = said(page_of(national(stage)).get(f"{PAGE}?tindakan={key_of(idle)}"))
    assert "Peringatan BKN" in form and "Pemblokiran layanan SIASN" in form and "teguran Mendagri" not in form


def test_a_decision_that_is_not_executed_is_told_as_that_and_nobody_is_said_not_to_have_decided(stage, idle):
    idle.clocks.filter(term="target-decide").update(term="target-execute")
    idle.respondents.update(state="effective")
    page = said(page_of(national(stage)).get(PAGE))
    assert "Target operator melaksanakan" in page and "belum bertindak melewati target" in page
    assert "belum memutus" not in page and "yang terlambat bukan seorang pejabat" not in page


@pytest.mark.parametrize(("state", "awaits"), [("summoned", True), ("recommended", False), ("effective", False)])
def test_a_line_with_the_examiner_says_so_and_offers_its_measures(stage, idle, state, awaits):
    examiner = outsider("X.PERIKSA", "Pemeriksa Rekaan")
    accounts.add_grant(examiner, Role.EXAMINER, agency=idle.respondents.get().agency, by=None, now=MORNING)
    CaseOfficer.objects.create(case=idle, user=examiner, duty="examiner", from_at=MORNING, given_by=examiner)
    idle.respondents.update(state=state)
    page = said(page_of(national(stage)).get(PAGE))
    assert ("sekarang menunggu: Pemeriksa" in page) is awaits
    assert f"?tindakan={key_of(idle)}" in page and "tidak mempunyai wewenang atas pejabat" not in page
    assert "tindakan di bawah" not in page


@pytest.mark.parametrize(("language", "says"), [("id", "diam melewati target"), ("en", "stayed idle past the target")])
def test_the_history_tells_of_clocks_and_idle_authorities_in_words(stage, idle, language, says):
    browser = page_of(national(stage))
    browser.cookies[LANGUAGE_COOKIE] = language
    page = said(browser.get(reverse("case", args=[f"{idle.pk:016x}"])))
    assert says in page and "authority_idle" not in page and "clock_" not in page


def test_a_measure_is_recorded_and_shows(stage, idle):
    browser = page_of(national(stage))
    typed = {
        "matter": key_of(idle),
        "step": "bkn-warning",
        "on": "2024-11-09",
        "reason": "B-1/2024",
        "was": "recommended",
    }
    response = browser.post(PAGE, typed, follow=True)
    assert "Tindakan tercatat" in said(response) and "9 November 2024: Peringatan BKN" in said(response)
    assert CaseStep.objects.get(step="bkn-warning").facts["reason"] == "B-1/2024"


def test_a_measure_against_an_authority_that_acted_meanwhile_is_refused_and_its_reason_not_lost(stage, idle):
    form = {
        "matter": key_of(idle),
        "step": "bkn-warning",
        "on": "2024-11-09",
        "reason": "B-1/2024",
        "was": "recommended",
    }
    idle.clocks.filter(term="target-decide").update(stopped_on=MORNING.date())
    response = page_of(national(stage)).post(PAGE, form)
    assert response.status_code == 422 and "sudah berubah" in said(response) and "B-1/2024" in said(response)
    assert not CaseStep.objects.filter(step="bkn-warning").exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reason": ""}, "reason"), ({"on": "2024-11-30"}, "on"), ({"on": "2024-11-01"}, "on"), ({"step": ""}, "step"),
        ({"step": "reprimand"}, "step"), ({"was": "proposed"}, ""),
    ],
)  # fmt: skip
def test_a_measure_that_cannot_be_is_refused_at_its_field(stage, idle, typed, field):
    form = {"matter": key_of(idle), "step": "bkn-warning", "on": "2024-11-09", "reason": "B-1", "was": "recommended"}
    response = page_of(national(stage)).post(PAGE, form | typed)
    assert response.status_code == 422 and (not field or f'href="#id_{field}"' in said(response))
    assert not CaseStep.objects.filter(step="bkn-warning").exists()


def test_a_measure_of_a_day_on_which_the_target_still_ran_is_refused_with_its_true_reason(stage, idle):
    form = {"matter": key_of(idle), "step": "bkn-warning", "on": "2024-11-08", "reason": "B-1", "was": "recommended"}
    page = said(page_of(national(stage)).post(PAGE, form))
    assert "Pada hari itu target pejabatnya belum lewat" in page and "9 November 2024 atau sesudahnya" in page
    assert "hari libur" not in page and 'href="#id_on"' in page
    assert page_of(national(stage)).post(PAGE, form | {"on": "2024-11-09"}).status_code == 302


def test_home_affairs_sees_the_authority_without_the_case_and_reprimands(stage, idle):
    body = Body.objects.create(kind="kemendagri", name="Kemendagri Rekaan")
    officer = watcher("Dagri", body)
    browser = page_of(officer)
    page = said(browser.get(PAGE))
    assert "Pemerintah Kota Bukittinggi" in page and "Menegur kepala daerah" in page
    assert browser.get(reverse("case-referrals", args=[f"{idle.pk:016x}"])).status_code == 404
    form = {
        "matter": key_of(idle),
        "step": "reprimand",
        "on": "2024-11-09",
        "reason": "700/1/2024",
        "was": "recommended",
    }
    response = browser.post(PAGE, form, follow=True)
    assert "teguran Mendagri" in said(response)
    assert idle.clocks.filter(term="ppk-act-after-reprimand", stopped_on=None).exists()


def test_a_body_of_another_region_sees_nothing_of_it(stage, idle):
    body = Body.objects.create(kind="kemendagri", name="Wakil di sana", region_id="13.76")
    page = said(page_of(watcher("Sana", body)).get(PAGE))
    assert "Bukittinggi" not in page and "Belum ada perkara yang direkomendasikan" in page
    response = page_of(watcher("Sini", body)).post(PAGE, {"matter": key_of(idle), "step": "reprimand"}, follow=True)
    assert "sudah berubah" in said(response)


def test_who_has_no_part_in_a_case_sees_no_line_of_it(stage, idle):
    case_files.state_conflict(idle, why="relative", user=national(stage), by=national(stage), now=MORNING)
    assert key_of(idle) not in said(page_of(national(stage)).get(PAGE))


def test_the_workbench_asks_as_many_questions_for_many_lines_as_for_few(stage, idle, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        page_of(national(stage)).get(PAGE)


def test_a_message_about_a_referral_leads_to_it_and_one_about_an_idle_authority_to_the_workbench(stage, idle):
    case = assessed(stage, person=stage.home.other_teacher)
    sent(stage, case)
    page = said(page_of(national(stage)).get("/pesan/"))
    assert reverse("case-referrals", args=[f"{case.pk:016x}"]) in page and PAGE in page


# --- the superior ------------------------------------------------------------------------------------------------


def test_the_head_of_a_unit_reads_on_his_home_page_that_a_matter_of_his_people_waits(stage):
    case = recommended(stage)
    step(case, "authority-accept", "recommended", _mayor(stage))
    clock = case.clocks.get(term="target-examine", stopped_on=None)
    night(clock.late_on)
    with time_machine.travel(MORNING + (clock.late_on - MORNING.date()) + timedelta(hours=1), tick=True):
        page = said(page_of(stage.budi).get("/beranda/"))
        assert "Perkara bawahan Anda menunggu pemeriksaan" in page and "Lewat: 1." in page and "Pasal 28" in page
        assert "Sari Dewi" not in page
        assert "Perkara bawahan" not in said(page_of(stage.sari).get("/beranda/"))
        assert "berat daripada bawahannya" in said(page_of(stage.budi).get("/pesan/"))
        case_files.state_conflict(case, why="relative", person=stage.home.head, by=national(stage), now=MORNING)
        assert "Perkara bawahan" not in said(page_of(stage.budi).get("/beranda/"))
    assert Notice.objects.filter(kind="superior_warned").count() == 1


def _mayor(stage):
    return stage.accounts[Role.APPOINTING_AUTHORITY].user


# --- bodies outside ----------------------------------------------------------------------------------------------


@pytest.fixture
def admin(stage):
    return stage.accounts[Role.ADMINISTRATOR].client()


def test_the_administrator_makes_a_body_gives_it_an_officer_and_ends_it(stage, admin):
    response = admin.post(
        BODIES, {"act": "make", "name": "Kementerian Dalam Negeri", "kind": "kemendagri", "region": ""}, follow=True
    )
    assert "Menegur kepala daerah" in said(response) and "belum ada" in said(response)
    body = Body.objects.get(kind="kemendagri")
    outsider("DAGRI1", "Petugas Dagri")
    given = {
        "act": "give",
        "body": body.pk,
        "name": "dagri1",
        "role": "national_body",
        "reason": "ST 1",
        "until_on": "",
    }
    response = admin.post(BODIES, given, follow=True)
    assert "Petugas Dagri" in said(response) and RoleGrant.objects.filter(body=body, role="national_body").exists()
    response = admin.get(f"{BODIES}?akhiri={body.pk}")
    assert "Akhiri Kementerian Dalam Negeri?" in said(response)
    response = admin.post(BODIES, {"act": "end", "body": body.pk})
    assert response.status_code == 422 and "Akhiri dulu perannya" in said(response)
    admin.post(reverse("end-role", args=[RoleGrant.objects.get(body=body).pk]))
    response = admin.post(BODIES, {"act": "end", "body": body.pk}, follow=True)
    assert "berakhir 25 Oktober 2024" in said(response)
    body.refresh_from_db()
    assert body.ended_on is not None
    # Nobody acts for it any more.
    response = admin.post(BODIES, given)
    assert response.status_code == 422 and 'href="#give-body"' in said(response)


def test_the_page_of_bodies_offers_provinces_and_regencies_and_stays_small(stage, admin):
    Region.objects.bulk_create(
        [
            Region(code="97", name="Provinsi Rekaan"), Region(code="97.01", name="Kabupaten Rekaan", parent_id="97"),
            Region(code="97.01.01", name="Kecamatan Rekaan", parent_id="97.01"),
            *(Region(code=f"97.01.01.{n}", name=f"Desa Rekaan {n}", parent_id="97.01.01") for n in range(2000, 5000)),
        ]
    )  # fmt: skip
    page = admin.get(BODIES).content
    assert b"Provinsi Rekaan (97)" in page and b"Kabupaten Rekaan (97.01)" in page
    assert b"Kecamatan Rekaan" not in page and b"Desa Rekaan" not in page and len(page) < 150_000
    refused = admin.post(BODIES, {"act": "make", "name": "Panwas", "kind": "bawaslu", "region": "97.01.01.2000"})
    assert refused.status_code == 422 and 'href="#make-region"' in said(refused)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"act": "make", "name": "", "kind": "bkn"}, "make-name"),
        ({"act": "make", "name": "Desk", "kind": "desk"}, "make-kind"),
        ({"act": "give", "name": "siapa", "role": "national_body", "reason": "ST"}, "give-name"),
        ({"act": "give", "name": "siapa", "role": "administrator", "reason": "ST"}, "give-role"),
    ],
)
def test_what_is_wrong_with_a_body_is_told_at_its_field(stage, admin, typed, field):
    response = admin.post(BODIES, {"body": stage.national.pk} | typed)
    assert response.status_code == 422 and f'href="#{field}"' in said(response)


def test_a_dissolved_kind_says_who_took_over(stage, admin):
    Body.objects.create(kind="kasn", name="KASN Rekaan")
    page = said(admin.get(BODIES))
    assert "tidak ada lagi menurut hukum" in page and "Kementerian PANRB" in page


def test_a_body_inside_an_agency_is_not_the_administrators_to_end(stage, admin):
    assert admin.post(BODIES, {"act": "end", "body": stage.home.body.pk}).status_code == 404
    assert stage.home.body.name not in said(admin.get(BODIES))
