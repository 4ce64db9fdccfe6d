"""J1 (5) and J2 (6): a circular to heads of school with a two-question check; a teacher who answers wrong, then right."""

import re
import time

import pytest

from tests.journeys.conftest import audit, demo_place, text_of


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The demo of Bukittinggi on 25 October 2024, served; its day is moved here, so it is nobody else's."""
    place = demo_place(tmp_path_factory, "town", "bukittinggi-2024")
    place.serve()
    yield place
    place.stop()


def become(page, part: str) -> None:
    page.goto("/")
    page.click(f"button[value={part}]")
    page.wait_for_url("**/beranda/")


def move_day(page, day: str) -> None:
    page.goto("/")
    page.fill("#demo-day", day)
    page.click("button:has-text('Pindahkan hari')")


def figure(page) -> int:
    """Return the large number of a page."""
    return int(page.locator(".figure strong").first.inner_text().replace(".", ""))


def publish(officer, title: str) -> None:
    """Publish a short circular to everybody."""
    officer.goto("/surat-edaran/baru/")
    officer.fill("[name=title]", title)
    officer.fill("[name=points]", "Berkumpul pukul 07.30.")
    officer.click("button:has-text('Simpan rancangan')")
    officer.click("text=Periksa dan terbitkan")
    officer.click("button:has-text('Terbitkan kepada')")


def test_an_officer_publishes_to_heads_of_school_and_next_day_sees_who_was_told(town, desk, phone, tmp_path):
    page = desk(town)
    become(page, "programme_officer")

    # The office's own head and numbers first.
    page.click("nav.menu:not(.folded) >> text=Surat edaran")
    audit(page)
    page.click("main >> text=Kop dan nomor surat")
    audit(page)
    page.fill("[name=letterhead]", "PEMERINTAH KOTA BUKITTINGGI\nBADAN KEPEGAWAIAN\nJalan Rekaan 1")
    page.fill("[name=pattern_circular]", "{number}{year}")
    page.click("button:has-text('Simpan kop')")
    assert "harus ada pemisah" in page.inner_text(".errors")
    audit(page)
    page.fill("[name=pattern_circular]", "{number:03}/{code}/BKPSDM/{month_roman}/{year}")
    page.fill("[name=last_circular]", "44")
    page.click("button:has-text('Simpan kop')")
    assert "045/SE/BKPSDM/X/2024" in page.inner_text("main")

    # Step 5: to heads of school, with a two-question check.
    page.goto("/surat-edaran/")
    page.click("text=Tulis edaran baru")
    audit(page)
    page.fill("[name=title]", "Netralitas di Lingkungan Sekolah")
    page.fill("[name=opening]", "Yth. para kepala sekolah.")
    page.fill("[name=points]", "1. Sekolah tidak dipakai untuk kampanye.\n2. Guru mengajar tanpa mengarahkan pilihan.")
    page.check("[name=heads_only]")
    page.check("[name=unit_kinds][value=school]")
    page.fill("[name=due_on]", "2024-10-24")
    page.click("summary:has-text('Dua pertanyaan')")
    page.fill("[name=question_1]", "Bolehkah sekolah dipakai untuk kampanye?")
    page.fill("[name=answers_1]", "Boleh\nTidak boleh")
    page.select_option("[name=right_1]", "2")
    page.fill("[name=explanation_1]", "Lihat butir 1.")
    page.fill("[name=question_2]", "Bolehkah guru mengarahkan pilihan?")
    page.fill("[name=answers_2]", "Tidak boleh")
    page.click("button:has-text('Simpan rancangan')")
    # A day that is past, and a question with one answer: nothing that was typed is lost.
    assert "sekurangnya dua jawaban" in page.inner_text(".errors")
    audit(page)
    page.fill("[name=answers_2]", "Tidak boleh\nBoleh di luar kelas")
    page.select_option("[name=right_2]", "1")
    page.click("button:has-text('Simpan rancangan')")
    assert "24 Oktober 2024 sudah lewat" in page.inner_text(".errors")
    assert page.input_value("[name=points]").startswith("1. Sekolah")
    page.fill("[name=due_on]", "2024-10-25")
    page.fill("[name=escalate_on]", "2024-10-26")
    page.click("button:has-text('Simpan rancangan')")
    audit(page)
    heads = figure(page)
    assert heads > 20
    page.click("text=Periksa dan terbitkan")
    audit(page)
    assert "045/SE/BKPSDM/X/2024" in page.inner_text("main") and figure(page) == heads
    page.click(f"button:has-text('Terbitkan kepada {heads} orang')")
    assert f"kotak pesan {heads} orang" in page.inner_text(".message")
    audit(page)
    address = page.url
    with page.expect_download() as download:
        page.click("text=Unduh dengan kop surat")
    download.value.save_as(tmp_path / "letter.pdf")
    letter = text_of(tmp_path / "letter.pdf")
    assert "BADAN KEPEGAWAIAN" in letter and "045/SE/BKPSDM/X/2024" in letter

    # One head reads it and answers; a teacher has none of it.
    head = phone(town)
    become(head, "unit_head")
    head.click("text=Baca dan konfirmasi >> nth=0")
    assert "Netralitas di Lingkungan Sekolah" in head.inner_text("h1")
    audit(head)
    theirs = head.url
    head.check("[name=answer_1][value='1']")
    head.check("[name=answer_2][value='0']")
    head.click("button:has-text('Kirim jawaban dan konfirmasi')")
    assert "Anda mengonfirmasi edaran ini pada 25 Oktober 2024" in head.inner_text("main")
    audit(head)
    teacher = phone(town)
    become(teacher, "civil_servant")
    assert teacher.goto(theirs).status == 404

    # Next day: who has not read it, and whose superior was told. The clock does that by itself.
    move_day(page, "2024-10-26")
    page.goto(address)
    page.click("text=orang belum")
    for _ in range(50):
        if "26 Oktober 2024" in page.inner_text("main table"):
            break
        time.sleep(3)
        page.reload()
    audit(page)
    rows = page.locator("tbody tr")
    late = rows.count()
    assert late == int(re.match(r"\d+", page.inner_text("h1"))[0]) < heads
    assert "lewat batas" in page.inner_text("main")
    told = {row.locator("td").nth(5).inner_text() for row in rows.all()}
    assert len(told) == 1 and re.search(r"\w+.*, 26 Oktober 2024", told.pop()), (
        "the head of the education office, that day"
    )
    page.click("button:has-text('Ingatkan hanya mereka')")
    assert f"kotak pesan {late} orang" in page.inner_text(".message")
    page.click("button:has-text('Ingatkan hanya mereka')")
    assert "baru saja diingatkan" in page.inner_text(".message")
    page.click("nav.crumbs >> nth=0 >> a >> nth=1")
    audit(page)
    with page.expect_download() as download:
        page.click("text=Unduh daftar konfirmasi (PDF)")
    download.value.save_as(tmp_path / "list.pdf")
    assert "Daftar Konfirmasi" in text_of(tmp_path / "list.pdf")
    with page.expect_download() as download:
        page.click("text=Unduh daftar konfirmasi (CSV)")
    download.value.save_as(tmp_path / "list.csv")
    lines = (tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == heads + 1 and not re.search(r"\d{15,}", "\n".join(lines))

    # Replaced by a newer one: whoever had the old is led to the new.
    page.goto(address)
    page.click("text=Ganti dengan yang baru")
    audit(page)
    page.click("button:has-text('Buat rancangan pengganti')")
    page.fill("[name=points]", "Sekolah tidak dipakai untuk kampanye, juga pada hari libur.")
    page.click("button:has-text('Simpan rancangan')")
    page.click("text=Periksa dan terbitkan")
    page.click("button:has-text('Terbitkan kepada')")
    assert "046/SE/BKPSDM/X/2024" in page.inner_text(".message")
    head.goto(theirs)
    assert "Edaran ini sudah digantikan" in head.inner_text("main")
    head.click("text=Baca yang baru")
    assert "juga pada hari libur" in head.inner_text("main")


def test_a_teacher_answers_wrong_then_right_and_a_withdrawn_one_not_at_all(town, desk, phone, browser):
    page = phone(town)
    become(page, "civil_servant")

    # Step 6: read the circular, answer the check wrong, then right.
    page.click("nav.menu >> text=Edaran saya")
    audit(page)
    page.click("text=Baca dan konfirmasi")
    audit(page)
    address = page.url
    assert "Menggunakan Hak Pilih" in page.inner_text("h1")
    page.check("[name=answer_1][value='1']")
    page.check("[name=answer_2][value='1']")
    page.click("button:has-text('Kirim jawaban dan konfirmasi')")
    said = page.inner_text("main")
    assert "Jawaban untuk pertanyaan 1 belum tepat" in said and "Lihat butir 2." in said
    assert page.is_checked("[name=answer_2][value='1']"), "what was right stays chosen"
    audit(page)
    page.check("[name=answer_1][value='0']")
    page.click("button:has-text('Kirim jawaban dan konfirmasi')")
    assert page.url == address and "Anda mengonfirmasi edaran ini pada" in page.inner_text("main")
    audit(page)
    page.emulate_media(media="print")
    assert "Gunakan hak pilih" in page.inner_text("article") and not page.is_visible("nav.menu")
    page.emulate_media(media="screen")

    # A circular that is withdrawn while somebody reads it: with scripts off, on the same old phone.
    officer = desk(town)
    become(officer, "programme_officer")
    publish(officer, "Apel Senin Pagi")
    plain = browser.new_context(base_url=town.url, java_script_enabled=False, viewport={"width": 390, "height": 844})
    reader = plain.new_page()
    become(reader, "civil_servant")
    reader.click("text=Baca dan konfirmasi")
    assert "Berkumpul pukul 07.30." in reader.inner_text("main")
    officer.click("text=Tarik edaran ini")
    audit(officer)
    officer.fill("[name=reason]", "Harinya keliru")
    officer.click("button:has-text('Tarik edaran ini')")
    reader.click("button:has-text('Saya sudah membaca edaran ini')")
    said = reader.inner_text("main")
    assert "Edaran ini sudah ditarik" in said and "Alasan: Harinya keliru" in said
    assert reader.locator("button:has-text('Saya sudah membaca')").count() == 0
    # The next one stands, and is acknowledged on the same phone.
    publish(officer, "Apel Selasa Pagi")
    reader.goto("/edaran/")
    reader.click("text=Baca dan konfirmasi")
    reader.click("button:has-text('Saya sudah membaca edaran ini')")
    assert "Apel Selasa Pagi" in reader.inner_text("h1")
    assert "Anda mengonfirmasi edaran ini pada" in reader.inner_text("main")
    plain.close()
    page.goto("/pesan/")
    assert "ditarik. Alasannya ada di halamannya" in page.inner_text("main")
    audit(page)
