"""What a pasted text may tell: days seen from the day of capture, units by their short names, offices and persons as words."""

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import clippings, denials, prohibitions
from ikrar.domain.clippings import Kind, Named
from ikrar.domain.errors import ClippingRefused

SUNDAY = date(2024, 10, 13)
KARANG = Named(Kind.UNIT, "7", "Kecamatan Karang Jati")


def days(text, seen_on=SUNDAY):
    return [fact.value for fact in clippings.days_in(text, seen_on)]


def values(facts, kind):
    return [fact.value for fact in facts if fact.kind is kind]


def propose(text, *names):
    return clippings.propose(clippings.readable(text), SUNDAY, names=names, suggested=[])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sabtu (12/10)", ["2024-10-12"]),
        ("Sabtu, 12 Oktober 2024", ["2024-10-12"]),
        ("12 Okt 2024", ["2024-10-12"]),
        ("tanggal 12/10", ["2024-10-12"]),
        ("12/10/2024", ["2024-10-12"]),
        ("12-10-2024", ["2024-10-12"]),
        ("14-16 Oktober 2024", ["2024-10-14", "2024-10-16"]),
        ("14 s.d. 16 Oktober 2024", ["2024-10-14", "2024-10-16"]),
        ("besok", ["2024-10-14"]),
        ("lusa", ["2024-10-15"]),
        ("kemarin", ["2024-10-12"]),
        ("semalam", ["2024-10-12"]),
        ("tadi malem", ["2024-10-12"]),
        ("tadi mlm", ["2024-10-12"]),
        ("td malam", ["2024-10-12"]),
        ("malam td", ["2024-10-12"]),
        ("td pagi", ["2024-10-13"]),
        ("semalem", ["2024-10-12"]),
        ("kmrn", ["2024-10-12"]),
        ("Kemarin lusa", ["2024-10-11"]),
        ("tadi pagi", ["2024-10-13"]),
        ("hari ini", ["2024-10-13"]),
        ("Senin depan", ["2024-10-14"]),
        ("Jum'at lalu", ["2024-10-11"]),
        ("Minggu lalu kami rapat", ["2024-10-06"]),
        ("Jumat malam", ["2024-10-11", "2024-10-18"]),
        ("UU 5/2014 dan PP 53/10", []),
        ("nomor 800/12/10/2024", []),
        ("minggu lalu", []),
        ("minggu kemarin", []),
        ("minggu kmrn", []),
        ("akhir pekan kemarin", []),
        ("bulan kemarin", []),
        ("Sabtu kemarin", ["2024-10-12"]),
        ("hari minggu kemarin", ["2024-10-06"]),
        ("kemarin sore", ["2024-10-12"]),
        ("2 hari lalu", ["2024-10-11"]),
        ("tiga hari yang lalu", ["2024-10-10"]),
        ("1.002 hari lalu", []),
        ("32 Oktober 2024", []),
        ("30 Februari", []),
        ("skor 2-1", []),
    ],
)
def test_a_day_is_read_as_it_is_written(text, expected):
    assert days(text) == expected


def test_a_day_without_a_year_is_the_nearest_to_the_day_of_capture():
    assert days("28 Desember", date(2025, 1, 3)) == ["2024-12-28"]
    assert days("Sabtu (4/1)", date(2024, 12, 30)) == ["2025-01-04"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Foto itu diambil tahun 2019 pada 17 Agustus.", [("2019-08-17", "year_beside")]),
        ("Pada 2019 lalu, tepatnya 17 Agustus, ia hadir", [("2019-08-17", "year_beside")]),
        ("17 Agustus tahun lalu", [("2023-08-17", "year_beside")]),
        ("tanggal 17/8 tahun 2019", [("2019-08-17", "year_beside")]),
        ("14 Oktober dan 16 Oktober 2019", [("2019-10-14", "year_beside"), ("2019-10-16", "")]),
        ("Foto tahun 2018 atau tahun 2019, 17 Agustus", [("2018-08-17", "years"), ("2019-08-17", "years")]),
        ("Foto tahun 2018 atau tahun 2019, Sabtu 17 Agustus", [("2019-08-17", "years")]),
        ("Tidak seperti tahun 2019, apel Sabtu (12/10) ramai", [("2019-10-12", "year_beside")]),
        ("Tidak seperti tahun 2018, apel Sabtu (12/10) ramai", [("2024-10-12", "years")]),
        ("Foto lama, tahun 2019. Diunggah 17 Agustus.", [("2024-08-17", "year")]),
        ("PP Nomor 94 Tahun 2021 dan Pilkada tahun 2020: apel 17 Agustus", [("2024-08-17", "year")]),
        ("Foto tgl. 17 Agustus itu dari tahun 2019", [("2019-08-17", "year_beside")]),
    ],
)
def test_a_year_elsewhere_in_the_sentence_is_that_of_the_day(text, expected):
    assert [(fact.value, str(fact.doubt)) for fact in clippings.days_in(text, SUNDAY)] == expected


def test_what_is_doubtful_about_a_day_is_said():
    def doubt(text):
        return [str(fact.doubt) for fact in clippings.days_in(text, SUNDAY)]

    assert doubt("Sabtu (13/10)") == ["weekday"]
    assert doubt("13 Oktober") == ["year"]
    assert doubt("ikut foto tadi pagi, padahal kemarin baru ikrar") == ["", "aside"]
    assert doubt("Rabu") == ["either", "either"]
    assert doubt("Sabtu, 12 Oktober 2024") == [""]
    assert doubt("besok, Selasa 15 Oktober 2024") == ["otherwise", "otherwise"]
    assert doubt("besok, Senin 14 Oktober 2024") == [""] and doubt("besok 14-16 Oktober 2024") == ["", ""]


@pytest.mark.parametrize(
    "text",
    [
        "Camat Karang Jati",
        "Kec. Karang Jati",
        "KECAMATAN KARANG  JATI",
        "kecamatan karang\njati",
        "Kecamatan\u200b Karang Jati",
    ],
)
def test_a_unit_is_found_by_its_short_name_and_by_who_leads_it(text):
    assert values(propose(f"Ikut hadir {text}, kata warga.", KARANG), Kind.UNIT) == ["7"]


def test_a_unit_is_not_found_in_a_longer_name_of_another():
    other = Named(Kind.UNIT, "8", "Kecamatan Karang Jati Timur")
    assert values(propose("Kecamatan Karang Jati Timur", KARANG, other), Kind.UNIT) == ["8"]
    assert values(propose("Karang Jati Timur", KARANG, other), Kind.UNIT) == []


def test_a_school_is_found_however_its_kind_is_shortened():
    school = Named(Kind.UNIT, "3", "SMP Negeri 3 Umpama")
    for text in ("SMPN 3 Umpama", "SMP N 3 Umpama", "smp negeri 3 umpama"):
        assert values(propose(text, school), Kind.UNIT) == ["3"], text
    assert values(propose("SMPN 13 Umpama", school), Kind.UNIT) == []


def test_a_school_is_found_without_its_town_but_not_as_that_of_another():
    school = Named(Kind.UNIT, "3", "SMPN 3 Umpama")
    assert values(propose("guru SMPN 3, kata warga", school), Kind.UNIT) == ["3"]
    assert values(propose("guru SMPN 3 yang ikut", school), Kind.UNIT) == ["3"]
    assert values(propose("guru SMPN 3 Misalkan", school), Kind.UNIT) == []


def test_an_office_is_found_by_the_short_name_of_who_leads_it():
    office = Named(Kind.UNIT, "5", "Dinas Komunikasi dan Informatika")
    for text in ("Kadis Kominfo", "Diskominfo", "Kepala Dinas Kominfo"):
        assert values(propose(text, office), Kind.UNIT) == ["5"], text


def test_namesakes_are_all_told_and_doubted():
    twins = [Named(Kind.UNIT, str(number), "Seksi Pemerintahan") for number in range(5)]
    found = [fact for fact in propose("Seksi Pemerintahan", *twins) if fact.kind is Kind.UNIT]
    assert [fact.value for fact in found] == ["0", "1", "2"] and {str(fact.doubt) for fact in found} == {"several"}


def test_offices_and_persons_are_words_and_nobody_is_looked_up():
    found = propose("Plt. Camat Karang Jati, Dr. H. Contoh Belaka, dan Pak Umpama ikut foto dua jari.")
    assert values(found, Kind.OFFICE) == ["Plt. Camat Karang Jati"]
    assert values(found, Kind.PERSON) == ["Dr. H. Contoh Belaka", "Pak Umpama"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bapak I Gusti Ngurah Rai Wibawa hadir.", "Bapak I Gusti Ngurah Rai Wibawa"),
        ("Pak Anak Agung Gede Ngurah Rai Contoh Umpama hadir.", "Pak Anak Agung Gede Ngurah Rai Contoh Umpama"),
        ("Ir. Rotua br. Simanjuntak hadir.", "Ir. Rotua br. Simanjuntak"),
        ("Ibu Rotua boru Simanjuntak, S.Pd., M.Si hadir.", "Ibu Rotua boru Simanjuntak, S.Pd., M.Si"),
        ("Bu Contoh beru Umpama", "Bu Contoh beru Umpama"),
        ("Pak Contoh bin Umpama memimpin", "Pak Contoh bin Umpama"),
        ("H. Contoh\nBelaka binti Umpama, dan lain-lain", "H. Contoh\nBelaka binti Umpama"),
    ],
)
def test_a_name_is_proposed_whole(text, name):
    assert values(propose(text), Kind.PERSON) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Pak Contoh Belaka menghadiri Apel", "Pak Contoh Belaka"),
        ("Pak Contoh Belaka, Camat Karang Jati", "Pak Contoh Belaka"),
        ("Pak Contoh Belaka Camat Karang Jati", "Pak Contoh Belaka"),
        ("Bu Contoh Belaka Plt. Kepala Dinas Umpama", "Bu Contoh Belaka"),
        ("Pak Contoh Belaka Kota Umpama Raya", "Pak Contoh Belaka"),
        ("Pak Contoh Belaka Ikut Foto Dua Jari", "Pak Contoh Belaka"),
        ("Pak Contoh Belaka\n\nApel Bersama Digelar", "Pak Contoh Belaka"),
        ("Ir. Rotua br. hadir", "Ir. Rotua"),
        ("Bapak Wali Kota Umpama hadir", "Bapak Wali Kota Umpama"),
        ("Pak Camat Karang Jati hadir", "Pak Camat Karang Jati"),
    ],
)
def test_a_name_ends_where_the_sentence_goes_on(text, name):
    assert values(propose(text), Kind.PERSON) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "wkwkwk parah bgt bu kadinkes @contohbelaka like + share postingan paslon 02 tadi malem",
        "kasi trantib kec contoh barat jg ikutan",
        "kadisdik jg", "kadis kominfo like", "camat contoh senyum", "lurah umpama diam", "itu guru sdn 3 umpama",
        "pak rekaan ikut", "bu umpama ikut", "pak @contoh", "kata @contoh_belaka", "ada oknum pns inisial CB", "PLT KADISHUB",
        "sekcam ikutan", "kabid di dinas itu",
    ],
)  # fmt: skip
def test_whoever_is_meant_in_small_letters_is_warned_of(text):
    assert clippings.means_somebody(text)


@pytest.mark.parametrize(
    "text", ["Apel pagi di lapangan besok.", "surel: warga@contoh.example", "ibu kota baru", "paslon 02 menang", ""]
)
def test_a_text_without_anybody_is_not_warned_of(text):
    assert not clippings.means_somebody(text)


def test_what_is_announced_is_proposed_with_its_place_and_number():
    found = propose("Apel bersama dan deklarasi di Lapangan Contoh Raya. Surat Edaran Nomor 800/12/BKPSDM/2024 terbit.")
    assert values(found, Kind.ACTIVITY) == ["roll_call", "declaration"]
    assert values(found, Kind.PLACE) == ["Lapangan Contoh Raya"]
    assert values(found, Kind.CIRCULAR) == ["circular"] and values(found, Kind.NUMBER) == ["800/12/BKPSDM/2024"]
    assert values(found, Kind.DAY) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Apel digelar di Aula Balai Kota 16 Oktober 2024.", "Aula Balai Kota"),
        ("Apel digelar di Aula Balai Kota 16/10/2024.", "Aula Balai Kota"),
        ("Apel digelar di Aula Balai Kota Senin 14 Oktober 2024.", "Aula Balai Kota"),
        ("Apel digelar di Aula Balai Kota Sabtu (12/10) pagi", "Aula Balai Kota"),
        ("Rapat di Aula Kantor Camat 14 s.d. 16 Oktober 2024", "Aula Kantor Camat"),
        ("Apel di Lapangan Merdeka Pukul 08.00", "Lapangan Merdeka"),
        ("Apel di Lapangan Pasar Minggu Sabtu (12/10)", "Lapangan Pasar Minggu"),
        ("Apel di Lapangan 17 Agustus, besok", "Lapangan 17 Agustus"),
        ("Rapat di Gedung 2 Lantai 3 Balai", "Gedung 2 Lantai 3 Balai"),
    ],
)
def test_a_place_ends_where_the_day_begins(text, place):
    assert values(clippings.places_in(text), Kind.PLACE) == [place]


def test_an_office_ends_where_the_day_begins_and_where_another_one_does():
    def offices(text):
        return values(clippings.people_in(text), Kind.OFFICE)

    assert offices("Camat Karang Jati 16 Oktober 2024") == ["Camat Karang Jati"]
    assert offices("Camat Pasar Minggu hadir") == ["Camat Pasar Minggu"]
    assert offices("Sekda Contoh Umpama dan Kadis Pendidikan Belaka hadir") == [
        "Sekda Contoh Umpama",
        "Kadis Pendidikan Belaka",
    ]
    assert offices("VIDEO CAMAT JOGET BARENG PASLON") == ["CAMAT"]


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("Camat Karang Jati, Contoh Belaka, ikut kampanye.", [("Contoh Belaka", "beside")]),
        ("Camat Karang Jati, Contoh Belaka, S.STP, membantah.", [("Contoh Belaka, S.STP", "beside")]),
        ("Camat Karang Jati, Pak Contoh Belaka, hadir.", [("Pak Contoh Belaka", "")]),
        ("Camat Karang Jati, Kota Umpama, hadir.", []),
        ("Camat Karang Jati, Sumatera Barat, hadir.", []),
        ("Camat Karang Jati, Lurah Contoh Raya, hadir.", []),
        ("Camat Karang Jati, Senin Pagi, hadir.", []),
        ("Camat Karang Jati, Contoh, hadir.", []),
    ],
)
def test_who_is_named_between_commas_behind_an_office_is_proposed_and_doubted(text, persons):
    found = [(fact.value, str(fact.doubt)) for fact in clippings.people_in(text) if fact.kind is Kind.PERSON]
    assert found == persons


@given(st.text(max_size=400))
def test_any_text_is_read_and_every_fact_stands_on_words_of_it(text):
    shown = clippings.readable(text)
    facts = propose(text, KARANG)
    assert all(0 <= fact.start < fact.end <= len(shown) for fact in facts)
    assert "".join(piece for piece, _ in clippings.marked(shown, facts)) == shown


PATTERNS = {
    **{name: each for name, each in vars(clippings).items() if isinstance(each, re.Pattern)},
    **{name: each for name, each in vars(denials).items() if isinstance(each, re.Pattern)},
    **{name: each for name, each in vars(prohibitions).items() if isinstance(each, re.Pattern)},
    **dict(clippings._ACTIVITIES),
    **dict(clippings._CIRCULARS),
}
# What each pattern would read on and on, and what it begins with.
PIECES = ("senin", "nomor", "tanggal", "Pak", "hari", "kepala", "bertempat", "di Aula", "1", "", "senin ", "no.", "no ", "no a",
          "no 1/", "dr ", "H ", "Pak A, S.", "Pak Aa A.A ", "1 ", "1/", "12/10/", "(", "(1/1)", "1 s.d. ", "1 jan ", "besok ", "Senin ",
          "di Aula ", "di aula a ", "Pak Aa br. ", "Pak Aa bin ", "Pak Camat ", "PAK AA ", "PAK AA\n", "CAMAT AA DI\n", "br. ", "asisten ", "plt ", "kadis", "pak ", "@", "a@", "ibu  ", "padahal ", "kemarin padahal ", "deklarasi ", "calon deklarasi ", "Lurah Aa TIDAK ", "tahun 2019 ", "1 jan tahun 2019 ", "1 jan. ", "jangan ", "tidak ikut, ", "membantah ", "dibantah ", "itu hoaks ", "kabar itu hoaks ", "tuduhan itu keliru. ", "belum menemukan bukti ", "membagikan a ", "membantah, lalu mengaku ", "<a ", "<script>", "di Aula 16 ", "2 hari lalu ", "imbau tidak ikut ", "agar a ", "melarang a ", "larangan ", "sosialisasi a ", "jika asn ", "asn yang a ", "akan a asn ", "dilarang: ", "dilarang:\n1. a\n",
          "Aa Aa ", "Aa ", "oleh Aa ", "penjabat (pj) ", "kepala BKD ", "ujarnya, Senin ", "ujarnya ", "1 jan 2024 ujarnya, Senin ", "31/02/2024 ", "Jalan H Aa ",
          "ikut a ", "meski melarang, ", "melarang ikut, Aa Aa ", "melarang setelah camat ", "tidak boleh, ikut, ", "penandatanganan ikrar", "A ", "A.", "Aa", "a-", "/")  # fmt: skip


def long_text(piece):
    """Return a text as long as one may be: a piece again and again."""
    filled = piece if piece and not piece.isalpha() else f"{piece} "
    return (filled * clippings.LONGEST_TEXT)[: clippings.LONGEST_TEXT]


def seconds(read):
    """Return the least time of this process that reading takes, of three: others share the machine."""
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        read()
        best = min(best, time.process_time() - began)
        if best < 0.05:
            break
    return best


@pytest.mark.parametrize("name", PATTERNS)
def test_no_text_makes_a_pattern_read_for_long(name):
    for piece in PIECES:
        for text in (
            long_text(piece),
            piece + " " * (clippings.LONGEST_TEXT - len(piece)),
            long_text(piece).replace(" ", ""),
        ):
            took = seconds(lambda text=text: sum(1 for _ in PATTERNS[name].finditer(text)))
            assert took < 0.2, (name, piece, took)


@pytest.mark.parametrize("piece", PIECES)
def test_any_long_text_is_read_whole_at_once(piece):
    longest = Named(Kind.UNIT, "9", " ".join([*"1aH", *"bcdefghij"]))
    for text in (long_text(piece), piece + " " * (clippings.LONGEST_TEXT - len(piece)), "1" * clippings.LONGEST_TEXT):
        took = seconds(lambda text=text: propose(text, longest))
        assert took < 0.5, (piece, took)


def test_a_gap_of_a_few_blanks_is_read_over():
    assert days("Sabtu,  ( 12  Oktober   2024") == ["2024-10-12"]
    assert days("14  s.d.  16 Oktober 2024") == ["2024-10-14", "2024-10-16"]
    assert values(propose("Surat Edaran Nomor : 800/12/BKPSDM/2024"), Kind.NUMBER) == ["800/12/BKPSDM/2024"]
    assert values(propose("Plt.  Camat  Karang Jati"), Kind.OFFICE) == ["Plt.  Camat  Karang Jati"]


def test_signs_that_nobody_sees_are_left_out_and_counted():
    text = "Ca\u200bmat \u202eKarang\u2066 Jati\ufeff"
    assert clippings.readable(text) == "Camat Karang Jati" and clippings.hidden(text) == 4


def test_a_text_is_kept_as_pasted_or_refused_as_a_whole():
    assert clippings.checked("a\r\nb\u202e", "") == "a\nb\u202e"
    for text, reason in (
        ("", "empty"),
        (" \u200b\n", "empty"),
        ("x" * 15_001, "too_long"),
        ("x" * 10_000_000, "too_long"),
    ):
        with pytest.raises(ClippingRefused) as caught:
            clippings.checked(text, "")
        assert caught.value.reason == reason
    assert clippings.checked("", "https://a.example") == ""


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\u200bscript:alert(1)", "data:text/html,x", "ftp://a.example", "file:///etc/passwd",
     "localhost", "https://", "https://a b.example", "https://[::1", "https://a.example:99999/", "https://a.example/" + "x" * 2_000],
)  # fmt: skip
def test_an_address_that_is_no_page_is_refused(address):
    with pytest.raises(ClippingRefused) as caught:
        clippings.address_of(address)
    assert caught.value.reason == "address"


def test_an_address_with_a_password_is_refused():
    with pytest.raises(ClippingRefused) as caught:
        clippings.address_of("https://nama:sandi@berita.example/")
    assert caught.value.reason == "credentials"


def test_an_address_is_kept_as_pasted_and_shown_without_what_follows_its_reader():
    pasted = "HTTPS://Berita.example/a?utm_source=wa&id=7&fbclid=abc&igshid=1#bagian"
    assert clippings.address_of(f"  {pasted} ") == pasted
    assert clippings.shown_address(pasted) == "https://berita.example/a?id=7"
    assert clippings.shown_address("https://a.example/?q=a%20b") == "https://a.example/?q=a%20b"
    assert clippings.shown_address("https://bеrita.example/") == "https://xn--brita-zwe.example/"  # a Cyrillic е
    assert clippings.shown_address("") == ""


@pytest.mark.parametrize(
    ("text", "offices", "persons"),
    [
        (
            "Camat Karang Jati Drs. H. Mohd. Contohwan Umpama, M.Si hadir.", ["Camat Karang Jati"],
            ["Drs. H. Mohd. Contohwan Umpama, M.Si"],
        ),
        ("Tampak Drs. K.H. Abd. Contoh, M.Pd. Ia diam.", [], ["Drs. K.H. Abd. Contoh, M.Pd."]),
        ("Bapak Moch. Ridwan Andai. Kemarin ia hadir.", [], ["Bapak Moch. Ridwan Andai"]),
        ("Pak Ridwan Umpama S.H. Kemarin ia hadir.", [], ["Pak Ridwan Umpama S.H"]),
        ("Kabag Hukum Drs. Contoh dan para guru", ["Kabag Hukum"], ["Drs. Contoh"]),
        ("seorang guru SMPN 3 Bukit", ["guru SMPN 3 Bukit"], []),
    ],
)  # fmt: skip
def test_short_forms_end_no_name_and_titles_end_an_office(text, offices, persons):
    found = clippings.people_in(text)
    assert [each.words for each in found if each.kind is Kind.OFFICE] == offices
    assert [each.words for each in found if each.kind is Kind.PERSON] == persons


@pytest.mark.parametrize(
    ("text", "offices", "persons"),
    [
        ("CAMAT KARANG JATI DIDUGA DUKUNG PASLON", ["CAMAT KARANG JATI"], []),
        ("DR. H. MOH. CONTOHWAN, S.SOS HADIRI KAMPANYE", [], ["DR. H. MOH. CONTOHWAN, S.SOS"]),
        ("PAK CONTOH BELAKA\nIKUT FOTO DUA JARI\n\nIsinya lain.", [], ["PAK CONTOH BELAKA"]),
        ("GURU SMPN 3 BUKIT JADI TERSANGKA", ["GURU SMPN 3 BUKIT"], []),
        ("PLT. KADIS KOMINFO AJAK ASN NETRAL", ["PLT. KADIS KOMINFO"], []),
        ("KH. CONTOH UMPAMA DUKUNG PASLON", [], ["KH. CONTOH UMPAMA"]),
        ("PEMERINTAH KOTA CONTOH\nDINAS PENDIDIKAN", [], []),
    ],
)
def test_a_headline_in_capitals_is_read_and_its_ends_are_doubted(text, offices, persons):
    found = clippings.people_in(text)
    assert [each.words for each in found if each.kind is Kind.OFFICE] == offices
    assert [each.value for each in found if each.kind is Kind.PERSON] == persons
    assert {each.doubt for each in found} <= {clippings.Doubt.CAPITALS}
    assert all(text[each.start : each.end] == each.words for each in found)


def test_what_the_text_tells_in_small_letters_is_not_proposed_from_its_headline_too():
    text = "CAMAT KARANG JATI BAGI SEMBAKO\n\nCamat Karang Jati, Pak Contoh Belaka, hadir.\nPAK CONTOH BELAKA DIPERIKSA"
    found = clippings.people_in(text)
    assert [(each.value, each.doubt) for each in found] == [("Camat Karang Jati", ""), ("Pak Contoh Belaka", "")]


def stated(text):
    return " ".join(denials.told(text).stated.split())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Lurah membantah ikut kampanye. Camat hadir.", "Lurah . Camat hadir."),
        ("Lurah terbukti ikut kampanye, tidak terbukti membagikan uang", "Lurah terbukti ikut kampanye, ."),
        ("Tuduhan ikut kampanye itu tidak terbukti. Camat hadir.", ". Camat hadir."),
        ("Lurah menyangkal dirinya menjadi tim ahli dan ikut kampanye, kata dia.", "Lurah . , kata dia."),
        ("Kabar ikut kampanye dibantah lurah, namun camat hadir", ". namun camat hadir"),
        ("Bawaslu mengimbau ASN tidak menyukai, membagikan, atau mengomentari unggahan calon.", "Bawaslu . ASN ."),
        ("ASN dilarang membuat unggahan dan komentar, Camat Contoh malah hadir", "ASN . , Camat Contoh malah hadir"),
        ("lurah tidak ikut kampanye dan camat ikut kampanye", "lurah . dan camat ikut kampanye"),
        ("lurah tak pernah ikut kampanye, tapi camat ikut", "lurah . , tapi camat ikut"),
        ("jangan ikut kampanye!", "."),
    ],
)
def test_what_is_denied_or_asked_not_to_be_done_is_not_stated(text, left):
    assert stated(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Lurah tidak membantah ikut kampanye",
        "Camat tidak benar-benar netral, ikut kampanye",
        "Lurah tak dapat menampik ikut kampanye",
        "Camat tidak mengajukan cuti saat ikut kampanye",
        "Camat tidak hanya ikut kampanye",
        "Meski dilarang, camat ikut kampanye",
        "Jangan lupa coblos nomor 2",
        "Camat mengimbau warga tidak memilih paslon 01",
        "Camat mengimbau warga memilih paslon 02",
    ],
)
def test_what_only_stands_beside_a_negation_is_still_stated(text):
    assert stated(text) == text


def test_an_act_that_is_denied_is_doubted_unless_it_is_stated_elsewhere():
    act = [("join", ["ikut kampanye"])]

    def proposed(text, suggested):
        return [(fact.start, str(fact.doubt)) for fact in clippings.acts_in(text, suggested, act)]

    assert proposed("Lurah membantah ikut kampanye.", []) == [(16, "denied")]
    assert proposed("Lurah membantah ikut kampanye. Camat ikut kampanye.", act) == [(37, "")]
    assert proposed("Lurah diminta tidak ikut kampanye.", []) == []
    assert proposed("Lurah ikut kampanye, tapi ia membantah.", []) == [(6, "denied")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Lurah ikut kampanye, tapi ia membantah. Camat hadir.", "Camat hadir"),
        ("Lurah ikut kampanye, namun yang bersangkutan membantah hal itu", ""),
        ("Lurah ikut kampanye, dia menyangkal, kata camat yang hadir", ", kata camat yang hadir"),
        ("Lurah ikut kampanye, menurut pengakuannya tidak.", ""),
        ("Camat hadir. Lurah ikut kampanye. Ia mengaku tidak.", "Camat hadir"),
        ("Lurah ikut kampanye, tapi menurut dia tidak demikian", ""),
        ("Lurah ikut kampanye, dibantah oleh yang bersangkutan", ""),
        ("Lurah ikut kampanye tetapi hal itu dibantahnya.", ""),
        ("Lurah ikut kampanye. Dibantah oleh yang bersangkutan.", ""),
        ("Lurah ikut kampanye. Kabar itu dibantah camat.", ""),
    ],
)
def test_a_denial_with_nothing_behind_it_is_of_what_stands_before_it(text, left):
    assert " ".join(stated(text).replace(".", " ").split()) == left


@pytest.mark.parametrize(
    "text",
    [
        "Lurah ikut kampanye. Camat membantah",
        "Lurah ikut kampanye.\nIa membantah",
        "Lurah ikut kampanye, tapi ia tidak membantah",
        "Lurah ikut kampanye, menurut pengakuannya tidak dibayar",
    ],
)
def test_a_denial_of_somebody_else_or_of_another_matter_leaves_the_deed_stated(text):
    assert "Lurah ikut kampanye" in stated(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Kabar camat ikut kampanye itu hoaks, kata Kominfo. Lurah hadir.", ", kata Kominfo Lurah hadir"),
        ("Isu bahwa camat ikut kampanye adalah fitnah", ""),
        ("Kabar camat ikut kampanye ternyata hoaks.", ""),
        ("Sekda menyebut tuduhan camat ikut kampanye itu tidak berdasar", "Sekda menyebut"),
        ("Camat dituduh ikut kampanye. Tuduhan itu keliru, kata Inspektorat.", ", kata Inspektorat"),
        ("Camat dituduh ikut kampanye. Tuduhan itu tidak terbukti.", ""),
        ("Camat ikut kampanye. Kabar itu tidak benar.", ""),
        ("Camat ikut kampanye. Itu hoaks.", ""),
        ("Camat diduga ikut kampanye. Hingga kini Bawaslu belum menemukan cukup bukti.", ""),
        ("Bawaslu belum menemukan bukti camat ikut kampanye, lurah hadir", "Bawaslu , lurah hadir"),
        ("Lurah menolak disebut ikut kampanye", "Lurah"),
    ],
)
def test_what_is_called_untrue_or_without_proof_is_denied(text, left):
    assert " ".join(stated(text).replace(".", " ").split()) == left


@pytest.mark.parametrize(
    "text",
    [
        "Camat menyebarkan kabar paslon 01 korupsi itu hoaks",
        "Camat membagikan berita paslon 01, padahal berita itu hoaks",
        "Berita yang dibagikan camat itu hoaks",
        "Camat mengunggah fitnah kepada paslon 01",
        "Camat ikut kampanye. Itu keliru.",
        "Camat ikut kampanye. Saya tidak menemukan bukti.",
    ],
)
def test_whoever_spreads_an_untruth_or_does_wrong_is_told_to_have_done_it(text):
    assert "kampanye" in stated(text) or stated(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Camat sempat membantah ikut kampanye, tetapi kemudian mengaku.",
        "Camat membantah ikut kampanye. Ia akhirnya mengakui perbuatannya.",
    ],
)
def test_what_somebody_denied_and_then_owned_up_to_is_stated(text):
    assert stated(text) == text and "membantah" not in clippings.for_acts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Camat membantah ikut kampanye, tetapi lurah mengaku.",
        "Camat membantah ikut kampanye, tetapi kemudian mengaku tidak tahu.",
        "Camat membantah ikut kampanye.\nAkhirnya mengaku.",
    ],
)
def test_what_another_owns_up_to_leaves_the_denial(text):
    assert "ikut kampanye" not in stated(text)


def test_the_words_that_acts_are_looked_for_in_have_no_tags_and_no_negated_denial():
    text = "<script>alert('x')</script><b>Camat</b> tidak membantah\nikut kampanye, 2 < 3"
    kept = clippings.for_acts(text)
    assert kept.split() == ["Camat", "ikut", "kampanye,", "2", "<", "3"] and len(kept) == len(text)


def test_an_act_whose_weightiest_words_are_stated_is_not_denied_by_what_is_told_beside_it():
    text = "Tuduhan memasang spanduk paslon tidak terbukti. Lurah menjadi anggota tim kampanye."
    alleged = [("props", ["memasang spanduk paslon"]), ("team", ["paslon", "tim kampanye"])]
    found = {
        fact.value: (fact.words, str(fact.doubt), text[fact.start : fact.end])
        for fact in clippings.acts_in(text, [], alleged)
    }
    assert found["team"] == ("paslon, tim kampanye", "", "tim kampanye")
    assert found["props"][1] == "denied"


@given(st.text(max_size=200))
def test_what_is_left_out_of_a_text_keeps_its_places(text):
    found = denials.told(text)
    assert len(found.stated) == len(found.alleged) == len(text)


@pytest.mark.parametrize(
    ("text", "offices", "persons"),
    [
        ("Lurah Contoh TIDAK ikut kampanye", ["Lurah Contoh"], []),
        ("Lurah Contoh Diduga Ikut Kampanye", ["Lurah Contoh"], []),
        ("Lurah Contoh Membantah", ["Lurah Contoh"], []),
        ("Lurah Contoh Dalam hadir", ["Lurah Contoh Dalam"], []),
        ("Pak Rekaan Belaka TIDAK hadir", [], ["Pak Rekaan Belaka"]),
        ("Pak Camat diam saja", ["Camat"], []),
        ("Kepala Dinas Komunikasi dan Informatika hadir", ["Kepala Dinas Komunikasi dan Informatika"], []),
    ],
)
def test_what_a_sentence_goes_on_with_in_capitals_is_no_part_of_an_office(text, offices, persons):
    found = clippings.people_in(text)
    assert values(found, Kind.OFFICE) == offices and values(found, Kind.PERSON) == persons


def test_an_office_that_may_end_with_a_name_is_doubted():
    def doubts(text, *names):
        return [str(fact.doubt) for fact in propose(text, *names) if fact.kind is Kind.OFFICE]

    assert doubts("Kadis Kesehatan Contoh Belaka hadir") == ["name"]
    assert doubts("Camat Karang Jati hadir", KARANG) == [""]
    assert doubts("Camat Karang Jati Contoh hadir", KARANG) == ["name"]
    assert doubts("Camat Karang hadir") == doubts("Kepala Dinas Kesehatan hadir") == doubts("guru SMPN 3 Bukit") == [""]


@pytest.mark.parametrize(
    ("text", "activities"),
    [
        ("Paslon 02 gelar deklarasi di lapangan", []),
        ("DEKLARASI PASLON 02", []),
        ("deklarasi dukungan kepada calon", []),
        ("Deklarasi netralitas ASN jelang pemilihan calon", ["declaration"]),
        ("KPU mengundang paslon ke deklarasi kampanye damai", ["declaration"]),
        ("Besok deklarasi di balai kota", ["declaration"]),
    ],
)
def test_a_declaration_of_candidates_is_no_activity_of_an_agency(text, activities):
    assert values(clippings.announced_in(text), Kind.ACTIVITY) == activities


def rules_left(text):
    return " ".join(stated(text).replace(".", " ").split())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Wali kota melarang ASN menyukai unggahan pasangan calon.", "Wali kota"),
        ("Surat edaran itu melarang ASN memakai mobil dinas untuk kampanye paslon nomor 1.", "Surat edaran itu"),
        ("BKN melarang PNS, PPPK, dan honorer menyukai atau membagikan unggahan paslon.", "BKN"),
        ("Wali Kota Larang ASN Like Unggahan Paslon", "Wali Kota"),
        ("Bawaslu menggelar sosialisasi aturan kampanye bagi ASN di aula kantor camat", "Bawaslu menggelar"),
        ("Sekda mengingatkan pegawai untuk tidak memakai atribut paslon saat kampanye.", "Sekda pegawai"),
        ("Camat meminta lurah tidak memakai fasilitas negara untuk kampanye.", "Camat lurah"),
        ("Bawaslu mencegah ASN terlibat kampanye paslon 02", "Bawaslu"),
        ("Larangan ASN memasang baliho paslon terbit.", ""),
        ("Bawaslu menjelaskan larangan dan sanksi bagi ASN yang ikut kampanye paslon.", "Bawaslu"),
        ("Menggunakan mobil dinas untuk kampanye dilarang", ""),
        ("Like unggahan calon bisa jadi pelanggaran", ""),
        ("Memasang stiker paslon di kantor lurah tidak boleh", ""),
        ("Sekda mengatakan, ASN yang memihak paslon akan ditindak", "Sekda mengatakan"),
        ("Camat hadir. ASN yang ikut kampanye bisa dipidana.", "Camat hadir"),
        ("Setiap ASN yang menyukai unggahan paslon bisa dipidana, kata Sekda", ", kata Sekda"),
        ("Jika ada ASN yang ikut kampanye, laporkan", ", laporkan"),
        ("Sanksi menanti ASN yang ikut kampanye paslon", "Sanksi"),
        ("Warga diminta melaporkan ASN yang ikut kampanye", "Warga"),
        ("Apakah ASN boleh ikut kampanye paslon?", ""),
        ("ASN dilarang:\n1. Menyukai unggahan paslon;\n2. Memasang baliho paslon.\n\nCamat hadir", "ASN Camat hadir"),
        ("Larangan bagi ASN: (1) menyukai unggahan; (2) memasang spanduk. Camat hadir", "Camat hadir"),
        ("Bentuk pelanggaran netralitas: memasang spanduk, like, dan ikut kampanye. Camat hadir", "Camat hadir"),
        ("Wali kota tak ingin ada ASN yang ikut kampanye paslon.", "Wali kota"),
        ("Pegawai yang tidak ikut kampanye hadir di apel", "Pegawai yang"),
        ("Bupati meminta seluruh ASN menjaga netralitas. Lurah hadir", "Bupati Lurah hadir"),
        ("ASN Haram Ikut Kampanye Paslon", "ASN"),
        ("ASN terancam sanksi berat jika ikut kampanye paslon", "ASN terancam sanksi berat"),
        ("ASN boleh hadir di kampanye asal tidak pakai atribut", ""),
        ("ASN diminta menghindari foto bersama calon dan menjauhi deklarasi calon", "ASN diminta"),
        ("Camat mengajak pegawai netral dan tidak berfoto dengan paslon", "Camat dan"),
    ],
)
def test_what_is_only_told_as_a_rule_is_not_stated(text, left):
    assert rules_left(text) == left


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Meski wali kota melarang, camat Umpama tetap memakai mobil dinas untuk kampanye", "camat Umpama tetap memakai mobil dinas"),
        ("Meski wali kota melarang ASN ikut, Camat Umpama memakai mobil dinas", "Camat Umpama memakai mobil dinas"),
        ("Meski dilarang ikut kampanye, camat hadir di kampanye paslon 1", "camat hadir di kampanye paslon 1"),
        ("Wali kota melarang ASN ikut kampanye, camat Umpama malah ikut kampanye", "malah ikut kampanye"),
        ("Wali kota melarang ASN ikut kampanye setelah Camat Umpama memakai mobil dinas", "setelah Camat Umpama memakai mobil dinas"),
        ("Wali kota melarang ASN ikut kampanye. Camat Umpama ikut kampanye", "Camat Umpama ikut kampanye"),
        ("Wali kota menegur camat yang memakai mobil dinas dan melarang ASN lain ikut", "camat yang memakai mobil dinas"),
        ("Camat melanggar larangan kampanye dengan memakai mobil dinas", "larangan kampanye dengan memakai mobil dinas"),
        ("Larangan itu dilanggar Camat Umpama yang memakai mobil dinas", "Camat Umpama yang memakai mobil dinas"),
        ("Camat mengabaikan larangan memakai mobil dinas untuk kampanye", "memakai mobil dinas untuk kampanye"),
        ("Camat melarang warga menghadiri kampanye paslon 1", "melarang warga menghadiri kampanye paslon 1"),
        ("Kepala dinas tidak melarang stafnya ikut kampanye", "tidak melarang stafnya ikut kampanye"),
        ("Camat menggelar sosialisasi netralitas sambil membagikan stiker paslon 2", "membagikan stiker paslon 2"),
        ("Dalam sosialisasi aturan kampanye, Lurah Umpama mengajak warga", "Lurah Umpama mengajak warga"),
        ("Deklarasi paslon dihadiri ASN yang melanggar netralitas", "Deklarasi paslon dihadiri ASN"),
        ("Tiga ASN yang ikut kampanye paslon terancam dipecat", "ASN yang ikut kampanye paslon"),
        ("ASN yang ikut kampanye paslon itu akan disanksi", "ASN yang ikut kampanye paslon"),
        ("Kadis larang pegawai dukung paslon 1, katanya harus dukung paslon 2", "harus dukung paslon 2"),
        ("Camat meminta staf ikut kampanye paslon 2 dan tidak boleh bercerita", "meminta staf ikut kampanye paslon 2"),
        ("Camat mengajak staf tidak netral dan dukung paslon 2", "dukung paslon 2"),
        ("Camat meminta staf memilih paslon 2 walau ASN harus netral", "meminta staf memilih paslon 2"),
        ("Camat terancam sanksi bila terbukti ikut kampanye", "ikut kampanye"),
        ("Sekda melarang ASN ikut kampanye, lalu ia sendiri hadir di kampanye", "ia sendiri hadir di kampanye"),
        ("Imbauan netralitas tidak digubris, camat membagikan stiker paslon", "camat membagikan stiker paslon"),
        ("Camat meminta warga jangan datang ke kampanye paslon 1", "jangan datang ke kampanye paslon 1"),
        ("Kepala dinas memutasi guru yang tidak mendukung paslon 2", "memutasi guru yang tidak mendukung paslon 2"),
        ("Kepsek mengancam guru yang tidak mendukung paslon 2 akan dimutasi", "guru yang tidak mendukung paslon 2 akan dimutasi"),
        ("Siapa yang tidak ikut kampanye akan dipindahkan", "Siapa yang tidak ikut kampanye akan dipindahkan"),
        ("Staf dilarang pulang sebelum foto dua jari bareng paslon", "sebelum foto dua jari bareng paslon"),
        ("Guru tidak boleh cuti kalau tidak dukung paslon 2", "kalau tidak dukung paslon 2"),
        ("Camat mengajak staf agar jangan netral, dukung paslon 2", "jangan netral, dukung paslon 2"),
        ("Camat memasang baliho paslon agar tidak dimutasi", "Camat memasang baliho paslon"),
        ("Camat membuat instruksi soal dukungan pegawai kepada paslon", "soal dukungan pegawai kepada paslon"),
    ],
)  # fmt: skip
def test_what_is_done_in_spite_of_a_rule_or_beside_it_stays_stated(text, deed):
    assert deed in stated(text)


def test_a_weekday_behind_what_somebody_said_is_that_after_the_last_date_too():
    told = 'Apel digelar 2 Oktober 2024. "Penting," ujarnya kepada warga, Selasa.'
    seen_on = date(2024, 10, 30)
    found = [(fact.value, str(fact.doubt)) for fact in clippings.days_in(told, seen_on) if fact.words == "Selasa"]
    assert found == [("2024-10-08", "either"), ("2024-10-29", "either"), ("2024-11-05", "either")]
    assert days("Apel digelar 2 Oktober 2024. Apel lagi Selasa.", seen_on) == ["2024-10-02", "2024-10-29", "2024-11-05"]
    assert days('"Penting," ujarnya, Selasa.', seen_on) == ["2024-10-29", "2024-11-05"]


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("Rapat 31/02/2024.", ["31/02/2024"]),
        ("Rapat 30 Februari 2024 dan 29 Februari 2023", ["30 Februari 2024", "29 Februari 2023"]),
        ("Rapat 31 April, lalu 30 April", ["31 April"]),
        ("Rapat 29 Februari dan 29/02/2024", []),
        ("Nomor 45/13/2024, skor 31-02, PP 53/10", []),
    ],
)
def test_a_date_that_no_calendar_has_is_told(text, none):
    assert [words.strip() for words in clippings.no_days_in(text)] == none


OFFICES_ON_RECORD = [
    Named(Kind.UNIT, str(number), name)
    for number, name in enumerate((
        "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "Satuan Polisi Pamong Praja",
        "Badan Perencanaan Pembangunan Daerah", "Badan Penanggulangan Bencana Daerah", "Badan Kesatuan Bangsa dan Politik",
        "Dinas Lingkungan Hidup", "BKD", "Kelurahan Umpama Panjang", "Kelurahan Umpama Panjang Dalam", "Kecamatan Datuk Umpama",
    ))
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Rapat di BKPSDM Kota Umpama.", ["0"]),
        ("Kepala BKPSDM hadir", ["0"]),
        ("bkpsdm umumkan", ["0"]),
        ("Satpol PP menurunkan baliho", ["1"]),
        ("Kasatpol PP hadir", ["1"]),
        ("Bappeda rapat", ["2"]),
        ("Kepala BPBD dan Kaban Kesbangpol", ["3", "4"]),
        ("Kalaksa BPBD", ["3"]),
        ("petugas DLH menyapu", ["5"]),
        ("BKD rapat", ["6"]),
        ("dlh bkd pp nomor 94", []),
        ("Badan itu menggelar rapat; DLHK juga", []),
    ],
)
def test_an_office_on_record_is_found_by_its_short_form(text, units):
    assert values(propose(text, *OFFICES_ON_RECORD), Kind.UNIT) == units


def test_offices_of_the_same_first_letters_are_all_told_and_doubted():
    twins = [Named(Kind.UNIT, "1", "Badan Keuangan Daerah"), Named(Kind.UNIT, "2", "Badan Kepegawaian Daerah")]
    found = [fact for fact in propose("BKD rapat", *twins) if fact.kind is Kind.UNIT]
    assert [(fact.value, str(fact.doubt)) for fact in found] == [("1", "several"), ("2", "several")]


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Penjabat Wali Kota Umpama Suprayitno membuka acara.", "Penjabat Wali Kota Umpama Suprayitno"),
        ("Penjabat (Pj.) Wali Kota Umpama hadir", "Penjabat (Pj.) Wali Kota Umpama"),
        ("Pelaksana Tugas Camat Karang Jati hadir", "Pelaksana Tugas Camat Karang Jati"),
        ("Pelaksana Harian Sekda Umpama hadir", "Pelaksana Harian Sekda Umpama"),
        ("Penjabat Sementara Bupati Umpama hadir", "Penjabat Sementara Bupati Umpama"),
        ("Plh. Sekda Umpama hadir", "Plh. Sekda Umpama"),
        ("tampak mantan Camat Karang Jati", "mantan Camat Karang Jati"),
        ("tampak eks Lurah Contoh", "eks Lurah Contoh"),
        ("PENJABAT WALI KOTA UMPAMA BUKA ACARA", "PENJABAT WALI KOTA UMPAMA"),
        ("MANTAN CAMAT UMPAMA HADIR", "MANTAN CAMAT UMPAMA"),
        ("Kepala BKPSDM Contoh Rekaan Belaka menghadiri rapat", "Kepala BKPSDM Contoh Rekaan Belaka"),
        ("Kepala Satpol PP Rekaan hadir", "Kepala Satpol PP Rekaan"),
        ("Inspektur Contoh Rekaan Belaka menghadiri rapat.", "Inspektur Contoh Rekaan Belaka"),
        ("Anggota DPRD Contoh Rekaan hadir", "Anggota DPRD Contoh Rekaan"),
        ("Sekwan Contoh Rekaan hadir", "Sekwan Contoh Rekaan"),
        ("Kasubag Umum hadir", "Kasubag Umum"),
        ("Kaban Kesbangpol hadir", "Kaban Kesbangpol"),
        ("Kadin Pendidikan hadir", "Kadin Pendidikan"),
    ],
)
def test_an_office_is_proposed_with_its_capacity_and_by_its_short_forms(text, office):
    assert values(propose(text, *OFFICES_ON_RECORD), Kind.OFFICE) == [office]


def test_a_name_behind_a_short_form_is_doubted_and_an_inspector_of_a_roll_call_is_no_office():
    for text in (
        "Kepala BKPSDM Contoh Rekaan hadir",
        "Anggota DPRD Contoh Rekaan hadir",
        "Inspektur Contoh Rekaan hadir",
    ):
        assert [str(fact.doubt) for fact in propose(text) if fact.kind is Kind.OFFICE] == ["name"], text
    assert values(propose("Inspektur Upacara hadir, Inspektur apel juga"), Kind.OFFICE) == []


@pytest.mark.parametrize(
    ("text", "office", "unit"),
    [
        ("LURAH UMPAMA PANJANG DALAM CONTOH REKAAN HADIRI KAMPANYE", "LURAH UMPAMA PANJANG DALAM CONTOH REKAAN", "8"),
        ("LURAH UMPAMA PANJANG DALAM RAPAT DI AULA", "LURAH UMPAMA PANJANG DALAM", "8"),
        ("LURAH UMPAMA PANJANG HADIR DALAM RAPAT", "LURAH UMPAMA PANJANG", "7"),
        ("Camat Datuk Umpama hadir di kantor Kecamatan Datuk Umpama", "Camat Datuk Umpama", "9"),
    ],
)
def test_an_office_is_of_the_longest_unit_on_record(text, office, unit):
    found = propose(text, *OFFICES_ON_RECORD)
    assert (values(found, Kind.OFFICE), values(found, Kind.UNIT)) == ([office], [unit])
    assert values(found, Kind.PERSON) == []


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("Ny. Rotua boru Umpama dan Pdt. T. Rekaan hadir.", ["Ny. Rotua boru Umpama", "Pdt. T. Rekaan"]),
        ("Dt. Contoh Putiah dan Sutan Rajo Rekaan serta St. Umpama hadir", ["Dt. Contoh Putiah", "Sutan Rajo Rekaan", "St. Umpama"]),
        ("Buya Contoh Rekaan dan drg. Umpama hadir", ["Buya Contoh Rekaan", "drg. Umpama"]),
        ("Rapat di Jalan Sutan Rekaan, lalu di RSUD Dr. Umpama dan Gedung H. Contoh", []),
    ],
)  # fmt: skip
def test_titles_of_the_region_lead_names_and_streets_are_nobody(text, persons):
    assert values(propose(text), Kind.PERSON) == persons


@pytest.mark.parametrize(
    "text",
    [
        "Contoh Rekaan hadir di kampanye.", "Foto itu dibagikan oleh Contoh Rekaan.", "Contoh Rekaan Belaka mengajak warga",
        "Tampak Contoh Rekaan dan Umpama Belaka", '"Benar," kata Contoh Rekaan.',
    ],
)  # fmt: skip
def test_a_name_without_a_title_is_warned_of(text):
    assert clippings.seems_named(text)


@pytest.mark.parametrize(
    "text",
    [
        "Apel netralitas digelar besok.", "Pemerintah Kota Umpama menggelar apel.", "Apel Bersama digelar", "Surat Edaran mengatur",
        "Pilkada Serentak digelar Rabu", "dibacakan oleh Bawaslu Kota", "Tim Pemenangan Paslon bergerak", "Warga hadir", "",
    ],
)  # fmt: skip
def test_what_is_no_name_in_capitals_is_not_warned_of(text):
    assert not clippings.seems_named(text)


def test_a_unit_on_record_is_no_name():
    text = "Karang Jati menggelar apel"
    unit = Named(Kind.UNIT, "1", "Karang Jati")
    assert clippings.seems_named(text) and not clippings.seems_named(text, clippings.named_in(text, [unit]))
