"""J1 (1-4) and J10 (1): an empty installation, its administrator and officer, and a regency's real-size roster."""

import re
import time

import pytest

from tests.journeys.conftest import audit, new_place, totp

PASSWORD = "angin laut sore hari"
PEOPLE, BAD, HEADLESS = 11_700, 37, 3


@pytest.fixture(scope="module")
def regency(tmp_path_factory):
    """A real installation for a regency of 11,700, served; the first code as `init` printed it."""
    place = new_place(tmp_path_factory.mktemp("regency"), bare=True)
    said = place.run(
        "init", "--agency", "12.09", "--agency-name", "Pemerintah Kabupaten Asahan", "--admin", "KEPALA"
    ).stdout
    place.code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", said)[0]
    roster = place.home / "pegawai.csv"
    place.run(
        "make-roster", "--people", str(PEOPLE), "--seed", "7", "--out", str(roster), "--region", "12.09",
        "--contract", "0.1795", "--bad", str(BAD), "--headless", str(HEADLESS), "--offices", "42", "--districts", "20",
        "--schools", "310", "--health-centres", "27", "--today", "2024-10-25",
    )  # fmt: skip
    place.roster = roster
    place.serve()
    yield place
    place.stop()


def enter_with_code(page, name: str, code: str) -> None:
    page.goto("/masuk/kode/")
    page.fill("[name=name]", name)
    page.fill("[name=code]", code)
    page.click("button:has-text('Lanjut')")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("button:has-text('Simpan dan masuk')")
    page.wait_for_url("**/beranda/")


def set_up_second_step(page) -> str:
    """Install an authenticator, sign out, and in again with both steps; return the authenticator's secret."""
    page.goto("/akun/dua-langkah/")
    audit(page)
    page.click("text=Pasang aplikasi autentikator")
    audit(page)
    secret = page.inner_text("main code")
    page.fill("[name=code]", totp(secret))
    page.click("button:has-text('Aktifkan')")
    page.wait_for_load_state()
    page.click("button:has-text('Keluar')")
    return secret


def sign_in(page, name: str, secret: str) -> None:
    page.goto("/masuk/")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Masuk') >> nth=0")
    page.wait_for_url("**/langkah-kedua/")
    audit(page)
    # The code that installed the authenticator is used up: wait for the next half minute where it is the same.
    for _ in range(70):
        page.fill("[name=code]", totp(secret))
        page.click("button:has-text('Lanjut masuk')")
        page.wait_for_load_state()
        if "/beranda/" in page.url:
            return
        time.sleep(1)
    raise AssertionError("the second step was never taken")


def wait_for(page, text: str, seconds: int = 90) -> None:
    for _ in range(seconds * 2):
        if text in page.inner_text("main"):
            return
        time.sleep(0.5)
        page.reload()
    raise AssertionError(f"{text!r} did not come: {page.inner_text('main')[:500]}")


def numbers(page) -> dict[str, int]:
    """Return the figures of a page's list of numbers."""
    found = {}
    for block in page.locator(".numbers div").all():
        found[block.locator("dt").inner_text().strip(" −=")] = int(block.locator("dd").inner_text().replace(".", ""))
    return found


def upload(page, file) -> None:
    page.goto("/impor/")
    page.set_input_files("[name=file]", file)
    page.click("button:has-text('Unggah')")
    audit(page)
    page.click("button:has-text('Baca berkas')")


def test_an_officer_carries_a_roster_into_a_pact(regency, desk, browser, tmp_path):
    # J10: an empty, real installation; its administrator enters with the code that `init` printed.
    admin = desk(regency)
    admin.goto("/")
    assert "DEMO" not in admin.inner_text("body")
    audit(admin)
    enter_with_code(admin, "KEPALA", regency.code)
    admin.goto("/peran/")
    assert "/dua-langkah/" in admin.url  # no officer's page without a second step
    sign_in(admin, "KEPALA", set_up_second_step(admin))
    admin.goto("/akun-luar/")
    admin.fill("[name=username]", "rina")
    admin.fill("[name=full_name]", "Rina Umpama")
    admin.click("button:has-text('Buat akun ini')")
    code = admin.locator("dd code").nth(1).inner_text()
    admin.goto("/peran/")
    audit(admin)
    admin.fill("[name=name]", "rina")
    admin.select_option("[name=role]", "programme_officer")
    admin.select_option("[name=agency]", label="Pemerintah Kabupaten Asahan")
    admin.fill("[name=reason]", "Surat tugas 1/2024")
    admin.click("button:has-text('Beri peran ini')")
    assert "Rina Umpama" in admin.inner_text("main table")

    page = desk(regency)
    enter_with_code(page, "rina", code)
    sign_in(page, "rina", set_up_second_step(page))

    # Step 1: 11,700 rows, 37 bad: a row-by-row list, good rows in, bad rows as a file, the same import changes nothing.
    upload(page, regency.roster)
    wait_for(page, "Bedanya dengan daftar pegawai hari ini")
    audit(page)
    counted = numbers(page)
    assert counted["Baris di berkas"] == PEOPLE and counted["ditolak"] == BAD and counted["orang baru"] == PEOPLE - BAD
    assert page.locator("tbody tr").count() == BAD
    with page.expect_download() as download:
        page.click("text=Unduh baris yang ditolak")
    rejects = tmp_path / "rejects.csv"
    download.value.save_as(rejects)
    assert rejects.read_text(encoding="utf-8-sig").count("\n") >= BAD + 1
    page.click("button:has-text('Simpan baris yang baik')")
    wait_for(page, "Tersimpan")
    upload(page, regency.roster)
    wait_for(page, "Bedanya dengan daftar pegawai hari ini")
    counted = numbers(page)
    assert (counted["orang baru"], counted["berubah"], counted["pindah unit"]) == (0, 0, 0)
    assert counted["tetap"] == PEOPLE - BAD
    page.click("button:has-text('Tinggalkan')")

    # Step 2: the tree, and the units without a head.
    page.goto("/unit/")
    assert page.locator("tbody tr").count() > 400
    page.click(f"text={HEADLESS} unit tanpa kepala")
    assert page.locator("tbody tr").count() == HEADLESS
    audit(page)

    # Step 3: the pact to everybody obliged; the identity of the figures.
    page.goto("/program/")
    page.click("text=Buat pakta baru")
    audit(page)
    page.fill("[name=title]", "Pakta Integritas 2024")
    page.fill("[name=text_title]", "Pakta Integritas Netralitas")
    page.fill("[name=opening]", "Saya berjanji:")
    page.fill("[name=points]", "menjaga netralitas\n\nmenolak politik uang")
    page.click("button:has-text('Simpan rancangan')")
    audit(page)
    page.click("text=Terbitkan kepada semua")
    audit(page)
    page.click("button:has-text('Terbitkan sekarang')")
    page.click("text=Cakupan per unit")
    audit(page)
    counted = numbers(page)
    assert counted["Pegawai di daftar hari ini"] == PEOPLE - BAD
    assert counted["tidak wajib"] > 1_900 and counted["cuti"] > 0
    left = counted["Pegawai di daftar hari ini"] - counted["tidak wajib"] - counted["cuti"] - counted["dikecualikan"]
    assert counted["sudah diterbitkan"] == left == counted["wajib"]

    # Step 4: down to one school, and a message to its missing staff alone.
    page.locator("main table").get_by_role("link", name="Dinas Pendidikan", exact=True).click()
    page.locator("main table").get_by_role("link", name=re.compile("^SDN")).first.click()
    school = page.inner_text("h1")
    owing = numbers(page)["wajib"]
    page.click("text=orang yang belum")
    audit(page)
    page.click("text=Ingatkan hanya mereka")
    audit(page)
    assert f"{owing} orang" in page.inner_text("main")
    page.click("button:has-text('Kirim pengingat')")
    assert f"{owing} orang" in page.inner_text(".message")
    page.click("text=Ingatkan hanya mereka")
    page.click("button:has-text('Kirim pengingat')")
    assert "baru saja diingatkan" in page.inner_text(".message")
    assert school in page.inner_text("main")

    # J10: last night's backup is restored elsewhere and verified; the same password and second step open it.
    archive = regency.home / "malam.tar.gz"
    regency.run("backup", str(archive))
    second = new_place(tmp_path / "second", bare=True)
    said = second.run("restore", str(archive)).stdout
    assert "Dipulihkan dan diperiksa" in said
    second.serve()
    try:
        again = browser.new_context(base_url=second.url).new_page()
        again.goto("/masuk/")
        again.fill("[name=name]", "KEPALA")
        again.fill("[name=password]", PASSWORD)
        again.click("main button:has-text('Masuk') >> nth=0")
        again.wait_for_url("**/langkah-kedua/")
        again.context.close()
    finally:
        second.stop()
    cut = regency.home / "terpotong.tar.gz"
    cut.write_bytes(archive.read_bytes()[:-20_000])
    third = new_place(tmp_path / "third", bare=True)
    refused = third.run("restore", str(cut), check=False)
    assert refused.returncode == 1 and "backup_unusable" in refused.stderr
    assert "not_installed" in third.run("coverage", "--unit", "12.09", check=False).stderr
