"""The programmes of Medan and Sumatera Utara as a visitor opens them: province, ceremony, leave; each page against WCAG 2.2 AA."""

import pytest

from tests.journeys.conftest import audit, demo_place, text_of


@pytest.fixture(scope="module")
def north(tmp_path_factory):
    """A demo of the three programmes on 25 October 2024, served; its day is moved here, so it is nobody else's."""
    place = demo_place(tmp_path_factory, "north", "medan-2020", "sumut-2022", "sumut-2024")
    place.serve()
    yield place
    place.stop()


def become(page, part: str) -> None:
    page.goto("/")
    page.click(f"button[value={part}]")
    page.wait_for_url("**/beranda/")


def looked_at(page, link: str) -> str:
    """Follow a link, hold its page against the rules, and return what it says."""
    page.get_by_role("link", name=link).first.click()
    audit(page)
    return page.inner_text("main")


def opened(page, address: str) -> str:
    page.goto(address)
    audit(page)
    return page.inner_text("main")


def test_the_pact_of_the_heads_of_region_is_shown_with_its_witnesses(north, phone, tmp_path):
    page = phone(north)
    assert "33 kepala daerah" in opened(page, "/")
    become(page, "officer-sumut-2022")
    page.goto("/kegiatan/?lampau=1")
    said = looked_at(page, "Penandatanganan Pakta Integritas")
    assert "Ketua Bawaslu Sumut (saksi)" in said and "instansi lain yang hadir: 33" in said
    said = looked_at(page, "Penandatanganan, saksi")
    assert "33 orang sudah menandatangani" in said and "sesudah 33 orang" in said
    with page.expect_download() as download:
        page.click("text=Berita acara (PDF)")
    download.value.save_as(tmp_path / "record.pdf")
    record = text_of(tmp_path / "record.pdf")
    assert "Bupati Asahan" in record and "Polda Sumut" in record
    page.goto("/program/")
    said = looked_at(page, "Pakta Integritas Netralitas ASN pada Pemilu")
    assert said.count("Ditandatangani dan disaksikan, berlaku") == 33
    with page.expect_download() as download:
        page.goto("/kegiatan/?lampau=1")
        page.get_by_role("link", name="Penandatanganan Pakta Integritas").first.click()
        page.click("text=Seluruh berkas kegiatan dalam satu PDF")
    download.value.save_as(tmp_path / "file.pdf")
    present = text_of(tmp_path / "file.pdf")
    assert (
        "Dinas Kominfo" in present and "Pemegang jabatan dari instansi lain" in present and "Bupati Asahan" in present
    )


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_province_reads_the_figures_of_the_33_and_no_name_of_theirs(north, request, size):
    page = request.getfixturevalue(size)(north, color_scheme="dark")
    become(page, "province_officer")
    said = opened(page, "/provinsi/")
    assert "33 instansi di bawah" in said and "Pemerintah Kabupaten Nias Selatan" in said
    page.goto("/program/")
    assert "Diterbitkan juga ke 33 instansi" in looked_at(page, "Ikrar Netralitas ASN")
    page.goto("/surat-edaran/")
    said = looked_at(page, "Netralitas ASN pada Pilkada")
    assert "34 instansi" in said and "Siapa orangnya hanya terlihat oleh instansi itu sendiri" in said
    page.goto("/kegiatan/?lampau=1")
    assert "Badan Kesatuan Bangsa dan Politik" in looked_at(page, "Deklarasi Netralitas ASN")


def test_on_a_day_of_the_leave_the_acting_head_has_what_goes_on_in_medan(north, phone, desk, tmp_path):
    officer = desk(north)
    officer.goto("/")
    officer.fill("#demo-day", "2020-09-28")
    officer.click("button:has-text('Pindahkan hari')")
    acting = phone(north)
    become(acting, "acting_head")
    said = opened(acting, "/tugas/")
    assert "Pjs. Wali Kota Medan" in said and "Yang terus berjalan di Pemerintah Kota Medan" in said
    said = looked_at(acting, "Lembar serah terima")
    assert "genangan air" in said and "petugas P3SU" in said and "pekerjaan yang sudah diputuskan" in said
    with acting.expect_download() as download:
        acting.click("text=Unduh untuk dicetak")
    download.value.save_as(tmp_path / "sheet.pdf")
    assert "P3SU" in text_of(tmp_path / "sheet.pdf")
    acting.goto("/tugas/")
    acting.click("text=Lihat tiap tugas")
    audit(acting)
    assert "Kecamatan Medan Tuntungan" in acting.inner_text("main") and "Terlambat" not in acting.inner_text("main")
    become(officer, "officer-medan-2020")
    officer.goto("/jabatan/")
    said = looked_at(officer, "Wali Kota Medan")
    assert "Cuti kampanye: Plt." in said and "pengarahan sebelum cuti" in said
    assert "Menunggu: 67" in opened(officer, "/tugas-instansi/")
