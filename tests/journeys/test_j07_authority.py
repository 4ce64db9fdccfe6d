"""J7 (1, 2, 4): the appointing authority sees what needs a decision of his, decides, serves; a leave moves the queue."""

import pytest

from tests.journeys.case_place import Person, made, move_to
from tests.journeys.conftest import LOOKS, audit, text_of, violations


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A city on 25 October 2024 with four drafts to decide, one of them about a relative of its mayor, and a case about himself."""
    found = made(tmp_path_factory.mktemp("authority"))
    yield found
    found.stop()


def sign(person, case, number):
    person.decision(case)
    person.page.click("text=Baca dan putuskan")
    audit(person.page)
    person.page.fill("[name=number]", number)
    person.page.check("[name=agree]")
    person.page.click("text=Tandatangani keputusan")
    person.page.wait_for_load_state()
    return person.text


def test_a_mayor_sees_what_needs_his_decision_decides_prints_and_has_it_served(place, phone, desk, tmp_path):
    mayor, drafter = Person(place, "mayor", phone(place)), Person(place, "drafter", desk(place))
    # 1. Only what needs a decision: not what is being examined, nor his own matter, nor that of a relative.
    text = mayor.desk()
    assert all(name in text for name in ("Dewi Rekaan", "Erna Rekaan", "Fitri Rekaan"))
    assert not any(name in text for name in ("Sari Contohwati", "Gita Rekaan"))
    assert "sisa 14 hari" in text and "Bukan batas waktu hukum" in text and "wewenang tidak berpindah" in text
    audit(mayor.page)

    # 2. He reads recommendation and draft side by side, with the rules that nobody compared, and signs here.
    text = mayor.decision("here")
    assert "Direkomendasikan" in text and "Konsep" in text and "Ditegaskan orang kedua" in text
    audit(mayor.page)
    assert "Keputusan ditandatangani" in sign(mayor, "here", "800/12/2024")
    audit(mayor.page)
    with mayor.page.expect_download() as download:
        mayor.page.click("text=Unduh untuk dicetak")
    paper = tmp_path / "keputusan.pdf"
    download.value.save_as(paper)
    assert "800/12/2024" in text_of(paper) and "Dewi Rekaan" in text_of(paper)
    assert "Dewi Rekaan" not in mayor.desk()

    # Another one he signs on paper: the staff record it with its number and scan.
    drafter.desk()
    audit(drafter.page)
    drafter.page.click("text=Erna Rekaan")
    audit(drafter.page)
    drafter.fill("record-signed", number="800/13/2024")
    drafter.attach("record-signed", "keputusan-bertanda-tangan.pdf")
    text = drafter.send("record-signed")
    assert "Keputusan tercatat" in text and "keputusan-bertanda-tangan.pdf" in text

    # Served: never before the day of the decision, and the day of effect is counted from its receipt.
    drafter.fill("serve", served_on="2024-10-24")
    text = drafter.send("serve")
    assert "Belum dapat diteruskan" in text and "24 Oktober 2024" in text
    drafter.fill("serve", served_on="2024-10-25")
    drafter.page.select_option("[name=serve-delivery]", "post")
    text = drafter.send("serve")
    assert "Pos tercatat" in text and "Mulai berlaku" in text
    drafter.page.click("text=Bagaimana hari berlakunya dihitung")
    assert "Hari kerja yang dihitung" in drafter.text
    for scheme in ("dark", "light"):
        drafter.page.emulate_media(color_scheme=scheme)
        assert not violations(drafter.page, LOOKS)


def test_he_decides_neither_his_own_matter_nor_that_of_a_relative(place, phone, desk):
    mayor = Person(place, "mayor", phone(place))
    mayor.desk()
    for case in ("own", "relative"):
        key, respondent = place.told["cases"][case], place.told["respondents"][case]
        for path in (f"/perkara/{key}/pemeriksaan/", f"/perkara/{key}/putusan/{respondent}/tanda-tangan/"):
            assert mayor.page.goto(path).status == 404, path
        mayor.desk()
        status, _text = mayor.post(
            f"/perkara/{key}/putusan/{respondent}/tanda-tangan/", was="proposed", number="1", agree="on", shown="0" * 64
        )
        assert status == 404
    # The staff read why, and that no level above is invented.
    drafter = Person(place, "drafter", desk(place))
    text = drafter.decision("relative")
    assert (
        "Hari ini tidak ada yang berwenang memutus" in text and "ia berkeluarga dengan orang dalam perkara ini" in text
    )
    audit(drafter.page)


def test_nobody_changes_a_recommendation(place, phone):
    mayor = Person(place, "mayor", phone(place))
    text = mayor.decision("leave")
    assert "tidak dapat diubah di sini" in text
    told = {
        "propose-sanction": "severe-demotion-12m",
        "propose-proposal": "lebih ringan",
        "propose-report": "-",
        "propose-on": "2024-10-25",
    }
    key = place.told["cases"]["leave"]
    status, text = mayor.post(f"/perkara/{key}/pemeriksaan/", act="propose", was="proposed", **told)
    assert status == 422
    status, text = mayor.post(
        mayor.page.url,
        act="draft",
        was="proposed",
        **{"draft-sanction": "severe-demotion-12m", "draft-grounds": "lebih ringan"},
    )
    assert status == 422 and "tidak termasuk wewenang Anda" in text
    assert mayor.decision("leave").count("Pembebasan dari jabatan menjadi jabatan pelaksana selama 12 bulan") >= 2


def test_the_acting_head_has_the_queue_in_the_minute_in_which_the_leave_begins(place, phone):
    mayor, acting = Person(place, "mayor", phone(place)), Person(place, "acting", phone(place))
    move_to(place, "2024-11-01")
    assert "Fitri Rekaan" in mayor.desk()
    assert acting.page.goto("/perkara/putusan/").status == 403
    move_to(place, "2024-11-02")
    assert "Fitri Rekaan" in acting.desk()
    audit(acting.page)
    assert mayor.page.goto("/perkara/putusan/").status == 403
    assert "Keputusan ditandatangani" in sign(acting, "leave", "800/20/2024")
    assert "Pjs" in acting.text
