"""J5 (2–4): from an opened report to a registered case with its team; what the supervisor body must not be able to do."""

import re
from datetime import date, timedelta

import pytest

from tests.journeys.conftest import audit, sideways
from tests.journeys.test_j05_intake import (  # noqa: F401
    _STORED,
    Bench,
    file_reports,
    look,
    mark,
    served,
)
from tests.journeys.test_staff_entry import run

_SUPERVISORS = """
import django; django.setup()
from ikrar.records.models import RoleGrant
RoleGrant.objects.filter(body__kind="bawaslu").update(role="supervisor_body")
print("{}")
"""
TOLD = "Bu Camat mengajak hadirin memilih satu pasangan calon di pendopo."
REPORTER = "Pelapor Rekaan"


@pytest.fixture(scope="module")
def place(served):  # noqa: F811
    """The body of the journey, its officers as supervisors, and a roster with the one who is meant."""
    run(served, _SUPERVISORS)
    return served


def to_bench(place, page, name):
    officer = Bench(place, page, name)
    officer.sit_down()
    return officer


def open_case(page, day, regime="pemilu"):
    """Fill in whom a case is about and what he is said to have done, by search and suggestion, and open it."""
    page.select_option("#case_regime", regime)
    page.fill("#id_t0-q", "Bu Cempaka camat")
    page.click("button:has-text('Cari orangnya')")
    page.click("button:has-text('Pilih'):has-text('Cempaka Umpamawati')")
    page.wait_for_selector("strong:has-text('Cempaka Umpamawati')")
    page.fill("#id_t0-gist", "mengajak hadirin memilih pasangan calon di pendopo")
    page.click("button:has-text('Usulkan perbuatan')")
    assert page.is_visible("fieldset:has-text('Usulan dari uraian') button")
    look(page, "case-new")
    page.select_option("#id_t0-act", "pp94-5n6-partisan-activities")
    page.fill("#id_t0-on", day.isoformat())
    page.fill("#id_t0-place", "Pendopo rekaan")
    page.select_option("#id_t0-candidate_status", "determined")
    page.click("button:has-text('Buka perkara ini')")
    page.wait_for_url("**/perkara/*/")


def take(page, step, **fields):
    """Take a step from the file of a case."""
    page.click(f"a:text-is('{step}')")
    for name, value in fields.items():
        field = page.locator(f"[name='fact-{name.replace('_', '-')}'], [name='{name}']")
        if value is True:
            field.check()
        else:
            field.fill(value)
    page.click(f"main form button:text-is('{step}')")
    page.wait_for_selector(f"p.message.success:has-text('{step}')")


def test_a_report_becomes_a_case_with_a_team_and_its_limits_are_told(place, desk, phone):
    ((number, _code),) = file_reports(place, {"what": TOLD, "named": True})
    officer = to_bench(place, desk(place, java_script_enabled=True), "Ani")
    officer.press("n")
    officer.page.wait_for_selector(f"#bench-shown[data-compared='{number}']")
    with officer.page.context.expect_page() as opened:
        officer.press("v")
    page = opened.value
    page.wait_for_load_state()
    page.wait_for_selector("h1:has-text('Buka perkara')")
    assert number[:6] in page.inner_text("main") and page.url.endswith("/perkara/baru/")
    open_case(page, date.today() - timedelta(days=2))
    case = re.search(r"/perkara/([0-9a-f]{16})/", page.url)[1]
    look(page, "case-file")
    # The preliminary review, and what of the limits is told.
    take(page, "Mulai kajian awal")
    assert "Kajian awal" in page.inner_text("main") and "jatuh tempo" in page.inner_text("main")
    # Formal requirements are not met: completion is asked for.
    take(page, "Minta kelengkapan", defects="Saksi belum disebut; bukti tempatnya belum ada.")
    assert "Menunggu kelengkapan" in page.inner_text("main") and "Saksi belum disebut" in page.inner_text("main")
    take(page, "Daftarkan", requirements_met=True)
    page.click("summary:has-text('Catat nomor perkara')")
    page.fill("#numberform_number", "007/REG/2026")
    page.click("button:has-text('Catat nomor ini')")
    page.wait_for_selector("h1:has-text('007/REG/2026')")
    take(page, "Klarifikasi", reason="Keterangan saksi belum didengar.")
    # A limit of working days skips what is none, and says which days and why.
    page.click("li:has-text('hari kerja') summary:has-text('Dihitung begini')")
    computed = page.inner_text("li:has-text('hari kerja') details[open]")
    assert "Hari yang dilewati" in computed and "Sabtu" in computed and "Minggu" in computed and "Dasar" in computed
    look(page, "case-clocks")
    # The team, without the member of the respondent's family.
    page.click("a:text-is('Tim')")
    page.click("summary:has-text('Catat konflik')")
    page.select_option("#conflict_user", label="Budi Rekaan")
    page.select_option("#conflict_why", "relative")
    page.click("button:has-text('Catat bahwa ia tidak ambil bagian')")
    page.wait_for_selector("p.message.success")
    page.select_option("#assign_user", label="Budi Rekaan")
    page.click("button:has-text('Tugaskan dalam perkara ini')")
    page.wait_for_selector(".errors:has-text('Perkara keluarga sendiri')")
    page.select_option("#assign_user", label="Citra Rekaan")
    page.select_option("#assign_duty", "team-superior")
    page.click("button:has-text('Tugaskan dalam perkara ini')")
    page.wait_for_selector("strong:has-text('Citra Rekaan')")
    look(page, "case-team")
    kin = Bench(place, desk(place), "Budi").page
    assert kin.goto(f"/perkara/{case}/").status == 404
    kin.goto("/perkara/")
    assert "007/REG/2026" not in kin.inner_text("main")
    # On a phone the file stands without scrolling sideways.
    small = Bench(place, phone(place), "Citra").page
    for path in ("/perkara/", f"/perkara/{case}/", f"/perkara/{case}/tim/", f"/perkara/{case}/langkah/pilkada-review/"):
        small.goto(path)
        assert not sideways(small)
    small.goto(f"/perkara/{case}/")
    look(small, "case-file-phone")
    small.goto("/perkara/")
    look(small, "case-board-phone")
    assert REPORTER not in small.inner_text("body") and not officer.errors


def test_nothing_is_closed_without_a_reason(place, desk):
    page = Bench(place, desk(place), "Ani").page
    page.goto("/perkara/baru/")
    open_case(page, date.today() - timedelta(days=3), "pilkada")
    take(page, "Mulai kajian awal")
    page.click("a:text-is('Hentikan dengan alasan')")
    page.wait_for_selector("h1:has-text('Hentikan')")
    page.fill("[name=fact-reason]", "   ")
    page.click("main form button:text-is('Hentikan dengan alasan')")
    page.wait_for_selector(".errors:has-text('Alasan tertulis')")
    audit(page)
    look(page, "case-step-refused")
    page.click("nav.crumbs a")
    assert "Kajian awal" in page.inner_text("main") and "Dihentikan" not in page.inner_text("main table")


def test_the_name_of_the_reporter_leaves_no_report(place, desk):
    ((number, _code),) = file_reports(place, {"what": f"{TOLD} Dua kali.", "named": True})
    officer = to_bench(place, desk(place, java_script_enabled=True), "Ani")
    officer.press("n")
    officer.page.wait_for_selector(f"#bench-shown[data-compared='{number}']")
    with officer.page.context.expect_page() as opened:
        officer.press("v")
    page = opened.value
    sent = []
    page.on("request", lambda request: sent.append((request.post_data_buffer or b"") + request.url.encode()))
    page.wait_for_load_state()
    open_case(page, date.today() - timedelta(days=4))
    case = re.search(r"/perkara/([0-9a-f]{16})/", page.url)[1]
    page.click("a:text-is('Keluarkan bagian ke perkara')")
    # Before the report is open the page cannot tell whom it must not name: nothing is sent.
    page.fill("#out_label", "Keterangan")
    page.fill("#out_text", f"menurut {REPORTER}")
    page.click("button:has-text('Keluarkan ke perkara')")
    page.wait_for_selector("#out-says:has-text('buka dulu laporannya')")
    page.fill("#out_text", "")
    page.fill("#passphrase", officer.told["words"])
    page.click("button:has-text('Buka laporan')")
    page.wait_for_selector("#opened:not([hidden])")
    assert REPORTER in page.inner_text("#told")
    # Marked, or typed: the page sends neither.
    mark(page, REPORTER)
    page.click("#take-marked")
    page.wait_for_selector("#out-says:has-text('Itu identitas pelapor')")
    assert page.input_value("#out_text") == ""
    page.fill("#out_label", "Keterangan")
    page.fill("#out_text", "menurut pelapor  rekaan ia melihatnya sendiri")
    page.click("button:has-text('Keluarkan ke perkara')")
    page.wait_for_selector("#out-says:has-text('terbaca identitas pelapor (namanya)')")
    page.fill("#out_text", "Re\u200bkaan, P\u0435lapor, di Jl. Rekaan No. 7")
    page.click("button:has-text('Keluarkan ke perkara')")
    page.wait_for_selector("#out-says:has-text('(namanya, alamatnya)')")
    look(page, "case-from-report")
    # What was told of the act goes, from the part it stands in.
    page.fill("#out_text", "")
    mark(page, "mengajak hadirin memilih")
    page.click("#take-marked")
    assert page.input_value("#out_text") == "mengajak hadirin memilih"
    page.click("button:has-text('Keluarkan ke perkara')")
    page.wait_for_selector("#brought li:has-text('mengajak hadirin memilih')")
    assert not [each for each in sent if REPORTER.encode() in each or REPORTER.replace(" ", "+").encode() in each]
    page.goto(f"/perkara/{case}/")
    shown = page.inner_text("main")
    assert (
        "mengajak hadirin memilih" in shown and "dikeluarkan dari laporan tersegel" in shown and REPORTER not in shown
    )
    assert run(place, _STORED, REPORTER) == []


def test_the_board_is_worked_by_keys_and_keeps_filters(place, desk):
    page = Bench(place, desk(place, java_script_enabled=True), "Ani").page
    page.goto("/perkara/")
    assert page.locator("#case-lines tbody tr").count() >= 3
    look(page, "case-board")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("x")
    assert page.locator("#case-lines input:checked").count() == 1
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.getAttribute('href')") != second
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{second}")
    page.goto("/perkara/?jalur=discipline")
    page.fill("#filter_name", "Disiplin saya")
    page.click("button:has-text('Simpan saringan ini')")
    page.wait_for_selector("nav a:text-is('Disiplin saya')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "keadaan"
    # Several at once, without the script as well.
    plain = Bench(place, desk(place, java_script_enabled=False), "Ani").page
    plain.goto("/perkara/")
    for box in plain.locator("#case-lines input[type=checkbox]").all()[:2]:
        box.check()
    plain.click("button:has-text('Tugaskan yang dipilih')")
    plain.select_option("#id_user", label="Ani Rekaan")
    plain.click("button:text-is('Tugaskan')")
    plain.wait_for_selector("p.message.success:has-text('2 perkara selesai')")


def test_a_form_waits_where_the_session_ended(place, desk):
    opening = Bench(place, desk(place), "Ani").page
    opening.goto("/perkara/baru/")
    open_case(opening, date.today() - timedelta(days=2), "pilkada")
    take(opening, "Mulai kajian awal")
    path, words, button = (
        opening.url,
        "Saksi rekaan belum disebut.",
        "main form button:text-is('Hentikan dengan alasan')",
    )
    session = {"name": "ikrar", "value": place.bodies["bawaslu"]["officers"]["Ani"]["session"], "url": place.url}
    for scripts in (False, True):
        page = desk(place, java_script_enabled=scripts)
        page.context.add_cookies([session])
        page.goto(path)
        page.click("a:text-is('Hentikan dengan alasan')")
        page.fill("[name=fact-reason]", words)
        page.context.clear_cookies(name="ikrar")
        if not scripts:
            page.click(button)
            page.wait_for_selector("h1:has-text('Anda sudah keluar')")
            assert page.input_value("textarea[readonly]") == words
            continue
        # He was in another tab meanwhile.
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.click(button)
        page.wait_for_selector("#still-in:has-text('Anda sudah keluar')")
        assert page.input_value("[name=fact-reason]") == words
        audit(page)
        # Signed in again in another tab, with a token of its own: the same button sends what stands there.
        page.context.clear_cookies()
        page.context.add_cookies([session])
        page.click(button)
        page.wait_for_selector("p.message.success:has-text('Hentikan dengan alasan')")
