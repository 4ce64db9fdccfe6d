"""J2, steps 2 and 3: a teacher asks what she may do; a candidate's wife asks about leave and hand signs."""

import re
import time

import pytest

from tests.journeys.conftest import audit

BROTHER = "abang saya jadi sopir calon, boleh saya ikut rapat umum bersama keluarga, tanpa seragam, hari Minggu?"
MOST_BYTES, MOST_REQUESTS = 60_000, 6


def ask(page, question: str) -> None:
    page.goto("/bolehkah/")
    page.fill("[name=question]", question)
    page.click("button:has-text('Cari jawabannya')")
    page.wait_for_url("**/bolehkah/maksud/**")


def say_who(page, status: str) -> None:
    page.wait_for_url("**/bolehkah/siapa/**")
    page.check(f"[name=status][value={status}]")
    page.click("button:has-text('Lanjutkan')")
    page.wait_for_url("**/bolehkah/kapan/**")


def say_when(page, day: str = "", place: str = "") -> None:
    if day:
        page.fill("[name=day]", day)
    page.fill("[name=place]", place)
    page.click("button:has-text('Lihat jawabannya')")
    page.wait_for_url("**/bolehkah/jawaban/**")


def on_day(page, day: str) -> None:
    """Ask the same about another day, from the page of the answer."""
    page.click("summary:has-text('Lihat jawaban untuk hari lain')")
    page.fill("#other-day", day)
    page.click("button:text-is('Lihat')")
    page.wait_for_url(f"**hari={day}**")


def cites(page) -> str:
    return " | ".join(page.locator("main cite").all_inner_texts())


def test_a_teacher_asks_about_the_rally_before_and_after_the_candidates_are_determined(demo, phone):
    page = phone(demo)
    page.goto("/")
    page.click("header >> text=Bolehkah saya")
    audit(page)
    ask(page, BROTHER)
    audit(page)
    assert page.is_checked("[name=kegiatan][value=attend-campaign]")
    assert page.is_checked("[name=keadaan][value=-attributes]"), "without uniform"
    page.click("button:has-text('Ya, lanjutkan')")
    audit(page)
    assert page.is_checked("[name=hubungan][value=relative]"), "her brother works for a candidate"
    say_who(page, "pns")
    audit(page)
    assert page.input_value("[name=day]") == "2024-10-27", "the Sunday that she named"

    # Before the candidates are determined: a rally is a matter of ethics.
    say_when(page, "2024-09-15", "Bukittinggi")
    audit(page)
    before, before_cites = page.inner_text("main"), cites(page)
    assert page.inner_text("h1") == "Tidak boleh"
    assert "bakal calon, belum ditetapkan" in before and "jalur: kode etik; tingkat: sanksi moral" in before
    assert "PP 42/2004 Pasal 11 huruf c" in before_cites and "SKB 2022 Lampiran II huruf A angka 6" in before_cites
    assert "Mulai 22 September 2024 jawabannya menjadi “Tanyakan”" in before

    # After: contested, with both readings and who holds them, and severe discipline where it is more than listening.
    on_day(page, "2024-10-27")
    audit(page)
    after, after_cites = page.inner_text("main"), cites(page)
    assert page.inner_text("h1") == "Tanyakan"
    assert "Cara membacanya masih diperdebatkan" in after and after.count("Dipegang oleh") >= 2
    assert "jalur disiplin, tingkat berat" in after and "tingkat: sanksi moral" not in after
    assert "PP 94/2021 Pasal 5 huruf n angka 1" in after_cites and "PP 42/2004" not in after_cites
    assert "sopir" not in page.url and "abang" not in page.url

    # A receipt is kept; a friend verifies it by its code.
    page.click("button:has-text('Simpan bukti jawaban')")
    audit(page)
    kept = page.inner_text("main")
    assert "Buku aturan hari ini menjawab sama" in kept
    code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", kept)[0]
    friend = phone(demo)
    friend.goto("/bolehkah/bukti/")
    audit(friend)
    friend.fill("[name=code]", code.lower())
    friend.click("button:has-text('Periksa bukti ini')")
    assert friend.inner_text("main") == kept
    friend.goto("/bolehkah/bukti/0000000000000000/")
    assert "Kode ini tidak dikenal" in friend.inner_text("main")
    audit(friend)


def test_a_candidates_wife_asks_about_leave_and_hand_signs(demo, phone):
    page = phone(demo)
    ask(page, "suami saya calon bupati, boleh saya ikut kampanye suami kalau ambil cuti, dan foto dua jari?")
    for activity in ("take-leave-for-spouse", "spouse-hand-sign"):
        page.check(f"[name=kegiatan][value={activity}]")
    page.click("button:has-text('Ya, lanjutkan')")
    assert page.is_checked("[name=hubungan][value=spouse-of-candidate]")
    say_who(page, "pns")
    say_when(page, "2024-10-27", "13.75")
    audit(page)
    assert page.inner_text("h1") == "Tidak boleh", "the strictest of what she asks stands first"
    said = page.inner_text("main")
    leave = next(each for each in said.split("\n") if "Mengambil cuti di luar tanggungan negara" in each)
    assert leave and "Boleh, asal…" in said
    assert "cuti itu CLTN yang sudah disetujui, bukan cuti tahunan" in said
    assert "Tidak boleh: Menunjukkan simbol tangan bersama suami atau istri" in said
    assert "jalur: disiplin; tingkat: berat" in said
    assert "SE Menpan-RB 18/2023" in cites(page) and "PP 94/2021" in cites(page)
    # Instead: the photo without a sign.
    page.click("main a:has-text('Foto keluarga dengan suami atau istri')")
    assert page.inner_text("h1").startswith("Boleh")
    audit(page)


def test_one_day_decides_between_ethics_and_severe_discipline_for_the_same_like(demo, phone):
    page = phone(demo)
    ask(page, "boleh saya like postingan calon bupati?")
    page.click("button:has-text('Ya, lanjutkan')")
    say_who(page, "pns")
    say_when(page, "2024-09-21", "Bukittinggi")
    assert page.inner_text("h1") == "Tidak boleh"
    assert "jalur: kode etik; tingkat: sanksi moral" in page.inner_text("main")
    assert "PP 42/2004 Pasal 11 huruf c" in cites(page)
    page.click("main a:has-text('Lihat jawaban 22 September 2024')")
    page.wait_for_url("**hari=2024-09-22**")
    assert page.inner_text("h1") == "Tidak boleh"
    assert "jalur: disiplin; tingkat: berat" in page.inner_text("main")
    assert "PP 94/2021 Pasal 5 huruf n angka 5" in cites(page) and "PP 42/2004" not in cites(page)


def test_a_stranger_learns_within_a_minute_whether_he_may_go_with_his_wife_to_the_registration(demo, browser):
    context = browser.new_context(base_url=demo.url, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    began = time.monotonic()
    page.goto("/")
    page.click("main >> text=Bolehkah saya")
    page.fill("[name=question]", "istri saya mau daftar jadi calon ke KPU, boleh saya mendampingi?")
    page.click("button:has-text('Cari jawabannya')")
    page.click("button:has-text('Ya, lanjutkan')")
    say_who(page, "pns")
    say_when(page, "2024-08-28")
    assert page.inner_text("h1") == "Boleh, asal…"
    said = page.inner_text("main")
    assert "Mendampingi suami atau istri yang mendaftar sebagai calon" in said
    assert "tanpa atribut" in said and "cuti di luar tanggungan negara" in said
    assert "SE Menpan-RB 18/2023" in cites(page)
    assert time.monotonic() - began < 60
    context.close()


def test_everything_works_with_scripts_off(demo, browser):
    context = browser.new_context(base_url=demo.url, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/bolehkah/")
    page.click("button:has-text('Cari jawabannya')", no_wait_after=True)
    page.evaluate("document.querySelector('[name=question]').removeAttribute('required')")
    page.fill("[name=question]", "wieso weshalb warum nur heute")
    page.click("button:has-text('Cari jawabannya')")
    assert "Apa yang ingin Anda lakukan?" in page.inner_text(".errors")
    assert page.input_value("[name=question]") == "wieso weshalb warum nur heute"
    # From the list, several at once.
    page.click("summary:has-text('Media sosial')")
    page.check("[name=kegiatan][value=like-candidate-post]")
    page.click("summary:has-text('Memilih dan mengajak memilih')")
    page.check("[name=kegiatan][value=vote]")
    page.click("button:has-text('Tanyakan yang saya centang')")
    say_who(page, "pppk")
    page.fill("[name=place]", "solok")
    page.click("button:has-text('Lihat jawabannya')")
    assert "Ada beberapa wilayah" in page.inner_text("main")
    page.check("[name=pilih][value='13.72']")
    page.click("button:has-text('Lihat jawabannya')")
    page.wait_for_url("**/bolehkah/jawaban/**")
    said = page.inner_text("main")
    assert page.inner_text("h1") == "Tidak boleh" and "Kota Solok" in said
    assert "Boleh: Memberikan suara di TPS" in said
    page.click("button:has-text('Simpan bukti jawaban')")
    page.wait_for_url("**/bolehkah/bukti/**")
    assert "menjawab sama" in page.inner_text("main")
    context.close()


def test_an_office_is_asked_without_a_name_and_its_opinion_is_fetched_and_read_by_others(demo, phone, desk):
    page = phone(demo)
    page.goto("/bolehkah/jawaban/?kegiatan=attend-campaign&status=pns&hubungan=relative&wilayah=13.75&hari=2024-10-27")
    page.click("a:has-text('Tanyakan kepada petugas')")
    audit(page)
    question = f"Abang saya sopir calon. Boleh saya datang ke rapat umum? ({time.time() % 1_000_000:.0f})"
    page.fill("[name=text]", question)
    page.select_option("[name=office]", label="Pemerintah Kota Bukittinggi")
    page.click("button:has-text('Sampaikan pertanyaan ini')")
    audit(page)
    code = page.inner_text("p.code code")
    assert code.replace("-", "") not in page.url
    page.goto("/bolehkah/pendapat/")
    audit(page)
    page.fill("[name=code]", code)
    page.click("button:has-text('Ambil pendapatnya')")
    assert "Belum dijawab" in page.inner_text("main")
    audit(page)

    officer = desk(demo)
    officer.goto("/")
    officer.click("button[value=programme_officer]")
    officer.click("main >> text=Baca dan jawab")
    audit(officer)
    officer.locator("main table a").last.click()
    audit(officer)
    assert question in officer.inner_text("main")
    officer.check("[name=verdict][value=allowed_if]")
    officer.fill("[name=text]", "Boleh hadir untuk menyimak, tanpa seragam dan tanpa atribut.")
    officer.locator("[name=cites]").first.check()
    officer.click("button:has-text('Berikan pendapat')")
    officer.click("main >> text=Siapkan untuk perpustakaan")
    audit(officer)
    officer.fill("[name=question]", "Bolehkah hadir di rapat umum bila saudara bekerja untuk calon?")
    officer.check("[name=looked_again]")
    officer.click("button:has-text('Terbitkan di perpustakaan')")
    assert "Ada di perpustakaan" in officer.inner_text("main")
    audit(officer)

    page.goto("/bolehkah/pendapat/")
    page.fill("[name=code]", code.lower().replace("-", " "))
    page.click("button:has-text('Ambil pendapatnya')")
    said = page.inner_text("main")
    assert "Boleh hadir untuk menyimak" in said and "Berlaku sampai" in said
    audit(page)
    other = phone(demo)
    other.goto("/bolehkah/perpustakaan/")
    other.fill("[name=words]", "saudara rapat")
    other.click("button:has-text('Cari pendapat')")
    audit(other)
    other.locator("main ul.list a").first.click()
    assert "Boleh hadir untuk menyimak" in other.inner_text("main") and question not in other.inner_text("main")
    audit(other)

    neighbour = desk(demo)
    neighbour.goto("/")
    neighbour.click("button[value=other_officer]")
    assert neighbour.goto(officer.url.removeprefix(demo.url)).status == 404


PAGES = {
    "what": "/bolehkah/",
    "the answer": "/bolehkah/jawaban/?kegiatan=attend-campaign&status=pns&hubungan=relative&wilayah=13.75&hari=2024-10-27",
    "an answer to many": "/bolehkah/jawaban/?" + "&".join(
        f"kegiatan={each}"
        for each in ("attend-campaign", "like-candidate-post", "photo-with-candidate", "attend-declaration", "vote")
    ) + "&status=pns&hubungan=none&wilayah=13.75&hari=2024-10-27",
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_on_first_load(demo, browser, name):
    context = browser.new_context(base_url=demo.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    loaded = []
    page.on("requestfinished", lambda request: loaded.append(request))
    page.goto(PAGES[name])
    page.wait_for_load_state("networkidle")
    sizes = [request.sizes() for request in loaded]
    weight = sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)
    assert len(loaded) <= MOST_REQUESTS and weight <= MOST_BYTES, [(request.url, request.sizes()) for request in loaded]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_answers_of_every_word_are_accessible(demo, browser, scheme):
    context = browser.new_context(base_url=demo.url, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    common = "status=pns&hari=2024-10-27&wilayah=13.75"
    words = {
        "Boleh": f"kegiatan=vote&{common}",
        "Boleh, asal…": f"kegiatan=accompany-spouse-registration&hubungan=spouse-of-candidate&{common}",
        "Tanyakan": f"kegiatan=attend-campaign&{common}",
        "Tidak boleh": f"kegiatan=like-candidate-post&kegiatan=vote&kegiatan=attend-campaign&{common}",
    }
    for word, query in words.items():
        page.goto(f"/bolehkah/jawaban/?{query}")
        assert page.inner_text("h1") == word
        for summary in page.locator("main summary").all():
            summary.click()
        audit(page)
    page.goto("/bolehkah/?kegiatan=vote&kegiatan=attend-campaign&kegiatan=like-candidate-post")
    audit(page)
    page.goto("/bolehkah/siapa/")
    audit(page)
    context.close()
