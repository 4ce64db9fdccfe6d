"""J6: an examiner receives a referral, summons twice, hears with a team, records the reply, and proposes within the band."""

import pytest

from tests.journeys.case_place import Person, made, move_to
from tests.journeys.conftest import LOOKS, audit, violations


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A city whose mayor runs for office, on 25 October 2024."""
    found = made(tmp_path_factory.mktemp("examiner"))
    yield found
    found.stop()


def test_an_examiner_from_the_referral_to_the_proposal(place, desk, phone):
    examiner, mayor = Person(place, "examiner", desk(place)), Person(place, "mayor", phone(place))
    # 1. The referral is here: who examines is named by rank and by this day, and never the mayor who is a candidate.
    text = examiner.examination("examined")
    assert "Budi Misalkan, Kepala Dinas, tidak memeriksa: jabatannya lebih rendah" in text
    assert "Walikota Misalkan, Wali Kota, tidak memeriksa: ia sendiri calon." in text
    for member in ("Atasan langsung: Periksa0", "Unsur pengawasan: Periksa1", "Unsur kepegawaian: Periksa2"):
        assert f"{member} Rekaan." in text
    audit(examiner.page)
    here = examiner.page.url

    # Must fail: a proposal before anybody was heard, sent by a form of one's own.
    told = {"sanction": "severe-release-12m", "proposal": "sudah jelas", "report": "jelas", "on": "2024-10-25"}
    sent = {f"propose-{name}": value for name, value in told.items()}
    status, answer = examiner.post(here, act="propose", was="accepted", **sent)
    assert status == 422 and "ada langkah yang belum ditempuh" in answer

    # 2. A summons to a holiday is refused, and what was typed stays.
    examiner.fill("summon", summons="2024-10-25", hearing_on="2024-12-25")
    text = examiner.send("summon")
    assert "Hari itu bukan hari kerja: 25 Desember 2024" in text
    assert examiner.page.input_value("[name=summon-summons]") == "2024-10-25"
    examiner.fill("summon", hearing_on="2024-10-28")
    assert "Panggilan pertama: tercatat" in examiner.send("summon")
    # She does not come; nobody proposes anything after one no-show either.
    move_to(place, "2024-10-28")
    examiner.examination("examined")
    examiner.fill("miss-first", no_show_record="ditunggu sampai pukul 12 di ruang rapat")
    assert "Catat tidak hadir pertama: tercatat" in examiner.send("miss-first")
    status, answer = examiner.post(here, act="propose", was="missed-once", **sent)
    assert status == 422 and "ada langkah yang belum ditempuh" in answer
    examiner.fill("summon-again", second_summons="2024-10-28", second_hearing_on="2024-10-30")
    assert "Panggilan kedua: tercatat" in examiner.send("summon-again")
    # She comes the second time, and is heard.
    move_to(place, "2024-10-30")
    examiner.examination("examined")
    examiner.fill("hear", hearing_record="hadir dengan pendamping; mengaku hadir di lapangan")
    examiner.attach("hear", "berita-acara.pdf")
    text = examiner.send("hear")
    assert "mengaku hadir di lapangan" in text and "berita-acara.pdf" in text
    assert not examiner.page.query_selector("#propose"), "heavy: a team examines first"
    mayor.examination("examined")
    audit(mayor.page)
    mayor.fill("form-team", team_order="SK 800/5/2024, 30 Oktober 2024")
    assert "Bentuk tim pemeriksa: tercatat" in mayor.send("form-team")

    # 3. Her reply and her file.
    examiner.examination("examined")
    examiner.page.click("#reply summary")
    examiner.fill("reply", text="Saya lewat di sana dan tidak mengajak siapa pun.")
    examiner.attach("reply", "jawaban.pdf")
    text = examiner.send("reply")
    assert "Saya lewat di sana" in text and "jawaban.pdf" in text

    # 4. The clause fixes the band; what is outside is refused by the rule, whatever the page was made to send.
    offered = examiner.page.locator("#propose [type=radio]").evaluate_all("all => all.map(each => each.value)")
    assert offered == ["severe-demotion-12m", "severe-release-12m", "severe-dismissal-honourable"]
    examiner.page.locator("#propose [type=radio]").first.evaluate("each => { each.value = 'light-oral' }")
    examiner.page.locator("#propose [type=radio]").first.check()
    examiner.fill("propose", proposal="cukup ditegur", report="laporan tim")
    text = examiner.send("propose")
    assert "di luar rentang" in text and "Pembebasan dari jabatan" in text
    assert examiner.page.input_value("[name=propose-proposal]") == "cukup ditegur"
    examiner.page.check("#propose [value=severe-release-12m]")
    assert "Usul tercatat" in examiner.send("propose")
    assert "Diusulkan" in examiner.text
    for scheme in ("dark", "light"):
        examiner.page.emulate_media(color_scheme=scheme)
        assert not violations(examiner.page, LOOKS)


def test_a_case_does_not_exist_for_an_examiner_of_another_agency(place, phone):
    stranger = Person(place, "stranger", phone(place))
    answer = stranger.page.goto(f"/perkara/{place.told['cases']['examined']}/pemeriksaan/")
    assert answer.status == 404
    assert "Contohwati" not in stranger.page.content()
