"""Who does what a text tells of: a rule judges the asker's deed, and nobody else's; and what is refused is not done."""

import pytest

from ikrar.domain.doers import Doers, as_refused
from ikrar.domain.questions import BEFORE, understand
from ikrar.gateways import rulebook_files

BOOK = rulebook_files.rulebook()
GUIDANCE = BOOK.guidance


def hear(text):
    return as_refused(GUIDANCE.lexicon.ear.hear(text))


def told_of_another(text, concept):
    heard = hear(text)
    mention = next(each for each in heard.mentions if each.concept == concept)
    return Doers(heard, GUIDANCE.lexicon.people).told_of_another(mention)


def asked(text):
    return [each.activity for each in understand(BOOK, text).found]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("boleh antar ibu saya yang jurkam ke lokasi kampanye?", "speak"),
        ("tetangga sebelah pasang spanduk paslon di pagarnya, boleh saya diam?", "put-up"),
        ("kemarin dia naik panggung kampanye cabup. saya apa ikut kena?", "speak"),
        ("bapak saya mantan bupati, sekarang dukung jagoannya. saya netral", "support-word"),
        ("rumah kami dipasang baliho caleg", "put-up"),
        ("acara yang disponsori partai", "donate"),
        ("pak camat nge-like postingan calon, saya harus apa?", "like"),
        ("guru bk di sekolah kami share video paslon", "share"),
        ("boleh saya jadi pengurus PKK saat istri bupati nyalon?", "run-verb"),
        ("Teman sekantor (PNS juga) hobi like postingan paslon", "like"),
        ("bolehkah istri saya ikut senam bareng paslon?", "attend"),
    ],
)
def test_what_somebody_else_does_is_not_the_askers(text, concept):
    assert told_of_another(text, concept)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("boleh like postingan calon?", "like"),
        ("pns boleh pasang stiker calon?", "put-up"),
        ("lurah boleh naik panggung kampanye?", "speak"),
        ("karena paslonnya teman SMA, like postingannya boleh kan?", "like"),
        ("suami saya caleg, ikut kampanye boleh?", "attend"),
        ("adik saya minta saya sebarin posternya ke grup kantor", "share"),
        ("kakak saya nyaleg, saya bikin video promosinya boleh?", "make-content"),
        ("boleh motor saya dipasangi stiker paslon?", "put-up"),
        ("pak camat ngajak foto bareng paslon trus saya upload", "publish"),
    ],
)
def test_what_the_asker_does_stays_his_with_other_people_around(text, concept):
    assert not told_of_another(text, concept)


def test_where_all_that_was_told_is_somebody_elses_it_is_asked_what_that_means_for_oneself():
    assert asked("Teman sekantor hobi like postingan paslon, apa saya ikut salah?") == ["deed-of-others"]
    assert asked("suami saya pasang baliho caleg di rumah kami, boleh?") == ["props-at-family-home"]
    assert asked("anak saya jadi admin medsos timses cagub. sy guru aman ga?") == ["relative-in-team"]


@pytest.mark.parametrize(
    ("text", "activity"),
    [
        ("ibu2 pkk bagi brosur paslon keliling, saya ikut bantu bawain. kena?", "deed-of-others"),
        ("paslon mau pakai halaman sekolah, saya izinkan aja ya bu?", "deed-of-others"),
        ("paslon mau pinjem aula puskesmas buat rapat tim, boleh sy kasih?", "deed-of-others"),
        ("caleg nitip amplop lewat saya buat ibu2 pengajian, saya cuma nyampein", "deed-of-others"),
        ("mertua mau pakai rumah saya buat rapat timses, boleh?", "relative-in-team"),
        ("tetangga mau pasang baliho caleg di tanah saya, boleh?", "deed-of-others"),
        ("istri saya pns juga, dia like postingan caleg, boleh?", "relative-in-team"),
        ("kakak ipar maju wabup, keluarga sepakat iuran, saya transfer 500rb. boleh?", "relative-in-team"),
    ],
)
def test_whoever_joins_in_or_does_something_in_answer_is_never_told_that_it_is_anothers_matter(text, activity):
    assert activity not in asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "boleh menolak perintah atasan untuk dukung calon?",
        "boleh saya nolak diajak pak kadis ke acara deklarasi?",
        "boleh menolak amplop dari tim sukses?",
        "apakah saya boleh tidak hadir waktu camat kumpulin pegawai buat dengerin arahan dukung paslon?",
    ],
)
def test_what_is_refused_is_not_done(text):
    assert asked(text) == ["refuse-to-take-part"]


@pytest.mark.parametrize(
    ("text", "activity"),
    [
        ("saya menolak jadi timses tapi tetap posting dukungan di fb, boleh?", "post-support"),
        ("boleh menolak melayani warga yang beda pilihan?", "refuse-to-take-part"),
        ("boleh tolak tanda tangan pakta integritas?", "refuse-to-take-part"),
        ("boleh tidak nge-like postingan calon?", "like-candidate-post"),
    ],
)
def test_a_refusal_reaches_no_further_than_what_is_refused(text, activity):
    assert (activity in asked(text)) == (activity != "refuse-to-take-part")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("dulu waktu pilkada 2020 saya sempat like postingan calon. sekarang boleh nyoblos?", "2020"),
        ("pemilu kemarin saya jadi relawan, masih bisa dihukum?", BEFORE),
        ("boleh like postingan calon pilkada 2024?", ""),
        ("sekarang boleh like postingan calon?", ""),
    ],
)
def test_a_deed_of_an_older_election_is_heard_as_one(text, time):
    assert understand(BOOK, text).found[0].time == time


def test_an_onlooker_tells_what_others_did_and_all_of_it_counts():
    text = "tetangga saya PNS pasang spanduk paslon di pagarnya"
    assert [each.activity for each in understand(BOOK, text, onlooker=True).found] == ["campaign-props"]


def test_where_a_lexicon_says_nothing_of_doers_everything_is_the_askers():
    from ikrar.domain.doers import NOBODY

    heard = hear("tetangga saya pasang spanduk paslon")
    doers = Doers(heard, NOBODY)
    assert not any(doers.told_of_another(each) for each in heard.mentions)
