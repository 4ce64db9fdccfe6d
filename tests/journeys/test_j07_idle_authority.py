"""J3 (5) and J7 (3): a superior is warned before he answers for it; of an idle authority those are told who may act."""

import pytest

from tests.journeys.test_j05_referrals import enter, look, staged


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = staged(tmp_path_factory.mktemp("idle"), "late")
    yield found
    found.stop()


def test_a_unit_head_is_warned_of_a_late_summons_and_one_in_conflict_is_not(place, phone, desk):
    page = enter(phone(place), place, "head")
    page.goto("/beranda/")
    told = page.inner_text("main")
    assert "Perkara bawahan Anda menunggu pemeriksaan" in told and "PP 94/2021 Pasal 28" in told
    assert "Sari" not in told, "he opens no case by it"
    look(page, "warned-home")
    page.goto("/pesan/")
    assert "berat daripada bawahannya" in page.inner_text("main")
    look(page, "warned-inbox")
    other = enter(desk(place), place, "other_head")
    other.goto("/beranda/")
    assert "Perkara bawahan" not in other.inner_text("main")
    other.goto("/pesan/")
    assert "berat daripada bawahannya" not in other.inner_text("main")


def test_those_who_may_act_on_an_idle_authority_are_told_and_act_as_dated_steps(place, desk, phone):
    # BKN: told by a message that leads to the page; warns.
    page = enter(desk(place), place, "national_body")
    page.goto("/pesan/")
    page.locator("a[href='/perkara/nasional/']").last.click()
    told = page.inner_text("main")
    assert "Pejabat yang belum bertindak melewati target" in told and "yang dapat bertindak diberi tahu" in told
    look(page, "national-idle")
    page.locator("a:has-text('Catat tindakan')").first.click()
    look(page, "national-measure")
    page.select_option("[name=step]", label="Peringatan BKN")
    page.click("button:has-text('Catat tindakan ini')")
    assert "/perkara/nasional/" in page.url and page.locator("[name=reason]").count(), "a reason is asked for"
    page.fill("[name=reason]", "Surat B-77/2024: belum memutus")
    page.click("button:has-text('Catat tindakan ini')")
    assert "Perkaranya tetap pada pejabat yang sama" in page.inner_text("main")
    assert "16 November 2024: Peringatan BKN" in page.inner_text("main")

    # Home Affairs reprimands; it opens no case.
    other = enter(phone(place), place, "home_affairs")
    other.goto("/perkara/nasional/")
    look(other, "national-home-affairs")
    other.locator("a:has-text('Catat tindakan')").first.click()
    assert "Peringatan BKN" not in other.inner_text("form:has([name=step])")
    other.fill("[name=reason]", "Teguran 700/1/2024")
    other.click("button:has-text('Catat tindakan ini')")
    assert "Catat teguran Mendagri" in other.inner_text("main")
    assert other.goto(f"/perkara/{place.told['idle']}/rujukan/").status == 404

    # It shows with the case itself, and the term of the reprimand runs.
    page.goto(f"/perkara/{place.told['idle']}/tenggat/")
    assert "Batas waktu hukum" in page.inner_text("main")
    look(page, "clocks-after-reprimand")


def test_the_administrator_makes_and_ends_a_body_outside_the_agencies(place, desk, phone):
    page = enter(desk(place), place, "administrator")
    page.goto("/badan-luar/")
    look(page, "outside-bodies")
    page.fill("#make-name", "Kantor Wilayah Rekaan")
    page.select_option("#make-kind", "bkn")
    page.click("button:has-text('Tambah badan ini')")
    assert "Kantor Wilayah Rekaan tercatat" in page.inner_text("main")
    page.locator("a:has-text('Akhiri Kantor Wilayah Rekaan')").click()
    look(page, "outside-ending")
    page.click("button:has-text('Akhiri badan ini')")
    assert "berakhir 16 November 2024" in page.inner_text("main")
    small = enter(phone(place), place, "administrator")
    small.goto("/badan-luar/")
    look(small, "outside-bodies")
