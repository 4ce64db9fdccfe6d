"""J7 (4), as far as duties go: a mayor on campaign leave, and the acting head who has his queue the same minute."""

import re
import time
from datetime import datetime, timedelta, timezone

import pytest

from tests.journeys.conftest import audit, codes_in, demo_place, text_of

PASSWORD = "jam gadang sore hari"
WIB = timezone(timedelta(hours=7))
DAILY = "Memeriksa laporan genangan dari kecamatan"
ANYWAY = "Meneruskan pekerjaan yang sudah diputuskan"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """The demo of Bukittinggi on 25 October 2024, served; a mayor takes office here, so it is nobody else's."""
    place = demo_place(tmp_path_factory, "city", "bukittinggi-2024")
    place.serve()
    yield place
    place.stop()


def print_slip(page, link: str, path) -> tuple[str, str]:
    """Print a slip with a code from an office's page; return the name to sign in with and the code."""
    page.locator(f"main a:has-text('{link}')").last.click()
    audit(page)
    with page.expect_download() as download:
        page.click("button:has-text('Cetak slip')")
    download.value.save_as(path)
    text = text_of(path)
    return re.search(r"\bIK\w+", text)[0], codes_in(text)[0]


def enter(page, name: str, code: str) -> None:
    page.goto("/masuk/kode/")
    page.fill("[name=name]", name)
    page.fill("[name=code]", code)
    page.click("button:has-text('Lanjut')")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("button:has-text('Simpan dan masuk')")
    page.wait_for_url("**/beranda/")


def soon() -> datetime:
    """Return the minute after the next, in Bukittinggi; wait if it is of another day, for the day stands still here."""
    while (found := datetime.now(WIB) + timedelta(minutes=2)).date() != datetime.now(WIB).date():
        time.sleep(5)
    return found.replace(second=0, microsecond=0)


def queue(page) -> str:
    page.goto("/tugas/")
    return page.inner_text("main")


def test_the_acting_head_has_the_queue_in_the_minute_in_which_the_leave_begins(city, desk, phone, tmp_path):
    head, acting, officer = phone(city), phone(city), desk(city)
    officer.goto("/")
    officer.click("button[value=programme_officer]")
    officer.wait_for_url("**/beranda/")

    # The mayor's office, held since the first of the month by one who is on no roster; he enters with his slip.
    officer.goto("/jabatan/")
    audit(officer)
    officer.get_by_role("link", name="Wali Kota Bukittinggi", exact=True).click()
    audit(officer)
    assert "(nama tidak dicatat)" in officer.inner_text("main"), "the source names nobody"
    address = officer.url
    officer.click("text=Catat serah terima")
    audit(officer)
    officer.fill("[name=name]", "Drs. Terpilih Misalkan")
    officer.fill("[name=from_at]", "2024-10-01T08:00")
    officer.click("main button[type=submit]")
    # It was on an earlier day: that is asked about, and nothing typed is lost.
    assert "sudah lewat" in officer.inner_text(".errors")
    assert officer.input_value("[name=name]") == "Drs. Terpilih Misalkan"
    audit(officer)
    officer.check("[name=late]")
    officer.click("main button[type=submit]")
    assert officer.url == address and "Sekarang: Definitif" in officer.inner_text("main")
    enter(head, *print_slip(officer, "Cetak slip kodenya", tmp_path / "his.pdf"))
    # His office has a duty of every day.
    officer.goto("/tugas-instansi/baru/")
    audit(officer)
    officer.fill("[name=text]", DAILY)
    officer.get_by_label("Wali Kota", exact=False).first.check()
    officer.select_option("[name=every]", "day")
    officer.click("main button[type=submit]")
    assert DAILY in officer.inner_text("main")
    audit(officer)
    assert DAILY in queue(head)
    audit(head)

    # One act: leave from a minute, who stands in, as what, by which letter.
    begins = soon()
    officer.goto(address)
    officer.click("text=Catat cuti dan penggantinya")
    audit(officer)
    officer.select_option("[name=kind]", "campaign")
    officer.fill("[name=from_on]", "2024-10-25")
    officer.fill("[name=hour]", f"{begins:%H:%M}")
    officer.fill("[name=last_on]", "2024-11-23")
    officer.select_option("[name=capacity]", "pjs")
    officer.fill("[name=letter_number]", "100.2.1/77")
    officer.fill("[name=number]", "198001012005011999")
    officer.click("main button[type=submit]")
    assert "Tidak ada orang" in officer.inner_text(".errors")
    assert officer.input_value("[name=letter_number]") == "100.2.1/77"
    officer.fill("[name=number]", "")
    officer.fill("[name=name]", "Rekaan Provinsi, M.Si.")
    officer.click("main button[type=submit]")
    assert officer.url == address and "100.2.1/77" in officer.inner_text("main")
    audit(officer)
    # What goes on during the leave; and officials are briefed before it begins.
    officer.click("text=Beri tugas selama cuti")
    officer.fill("[name=text]", ANYWAY)
    officer.check("[name=groups][value=district]")
    officer.click("main button[type=submit]")
    assert ANYWAY in officer.inner_text("main")
    officer.goto(address)
    officer.click("text=Lembar serah terima")
    audit(officer)
    assert DAILY in officer.inner_text("main")
    with officer.expect_download() as download:
        officer.locator("a[href$='.pdf']").first.click()
    download.value.save_as(tmp_path / "sheet.pdf")
    sheet = text_of(tmp_path / "sheet.pdf")
    assert all(each in sheet for each in ("Memeriksa laporan", "100.2.1/77", "Terpilih Misalkan", "Rekaan Provinsi"))

    officer.goto(address)
    enter(acting, *print_slip(officer, "Cetak slip kodenya", tmp_path / "hers.pdf"))

    # Before the minute, and in it.
    assert DAILY not in queue(acting) and "Anda akan menggantikan" in acting.inner_text("main")
    audit(acting)
    acting.click("text=Lembar serah terima")
    assert DAILY in acting.inner_text("main")
    sheet_address = acting.url
    audit(acting)
    assert DAILY in queue(head)
    assert datetime.now(WIB) < begins, "the machine is too slow for a leave that begins within two minutes"
    time.sleep(max(0.0, (begins - datetime.now(WIB)).total_seconds()))
    assert DAILY in queue(acting) and "Pjs." in acting.inner_text("main")
    assert "Yang terus berjalan di Pemerintah Kota Bukittinggi" in acting.inner_text("main")
    audit(acting)
    assert DAILY not in queue(head) and "Anda cuti dari" in head.inner_text("main")
    audit(head)
    assert datetime.now(WIB) < begins + timedelta(minutes=1), "asked in the minute itself"

    # She does it, with evidence; what he had open in another window says that it is no longer his.
    acting.click("text=Catat yang sudah dikerjakan")
    audit(acting)
    theirs = acting.url
    acting.fill("[name=evidence]", "Tiga laporan diperiksa")
    acting.click("main button[type=submit]")
    assert "Catat yang sudah dikerjakan" not in queue(acting)
    assert head.goto(theirs).status == 404
    # The duties of the whole agency ask her for a second step, as every role over others does.
    acting.goto("/tugas/")
    watched = acting.get_attribute("a:has-text('Lihat tiap tugas dan penanggung jawabnya')", "href")
    acting.click("text=Lihat tiap tugas dan penanggung jawabnya")
    acting.wait_for_url("**/dua-langkah/**")
    officer.goto("/tugas-instansi/")
    audit(officer)
    officer.get_by_role("link", name=DAILY).first.click()
    audit(officer)
    assert "Tiga laporan diperiksa" in officer.inner_text("main")
    officer.goto("/meja/")
    audit(officer)

    # The day after the leave the office is his again, and nobody had to write it down.
    officer.goto("/")
    officer.fill("#demo-day", "2024-11-24")
    officer.click("button:has-text('Pindahkan hari')")
    assert DAILY in queue(head) and DAILY not in queue(acting)
    assert "Pjs." not in acting.inner_text("main")
    # Her term has ended: what she had open is nobody's of hers now, and nothing more opens to her.
    assert acting.goto(theirs).status in (403, 404)
    agency = re.search(r"/instansi-saya/\d+/tugas/", watched)[0]
    for address in (agency, sheet_address, "/jabatan/", "/tugas-instansi/", "/cakupan/"):
        assert acting.goto(address).status in (403, 404), address
