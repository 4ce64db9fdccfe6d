"""What a pasted text may tell: days seen from the day of capture, units by their short names, offices and persons as words."""

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import clippings
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


def test_what_is_doubtful_about_a_day_is_said():
    def doubt(text):
        return [str(fact.doubt) for fact in clippings.days_in(text, SUNDAY)]

    assert doubt("Sabtu (13/10)") == ["weekday"]
    assert doubt("13 Oktober") == ["year"]
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


def test_what_is_announced_is_proposed_with_its_place_and_number():
    found = propose("Apel bersama dan deklarasi di Lapangan Contoh Raya. Surat Edaran Nomor 800/12/BKPSDM/2024 terbit.")
    assert values(found, Kind.ACTIVITY) == ["roll_call", "declaration"]
    assert values(found, Kind.PLACE) == ["Lapangan Contoh Raya"]
    assert values(found, Kind.CIRCULAR) == ["circular"] and values(found, Kind.NUMBER) == ["800/12/BKPSDM/2024"]
    assert values(found, Kind.DAY) == []


@given(st.text(max_size=400))
def test_any_text_is_read_and_every_fact_stands_on_words_of_it(text):
    shown = clippings.readable(text)
    facts = propose(text, KARANG)
    assert all(0 <= fact.start < fact.end <= len(shown) for fact in facts)
    assert "".join(piece for piece, _ in clippings.marked(shown, facts)) == shown


PATTERNS = {
    **{name: each for name, each in vars(clippings).items() if isinstance(each, re.Pattern)},
    **dict(clippings._ACTIVITIES),
    **dict(clippings._CIRCULARS),
}
# What each pattern would read on and on, and what it begins with.
PIECES = ("senin", "nomor", "tanggal", "Pak", "hari", "kepala", "bertempat", "di Aula", "1", "", "senin ", "no.", "no ", "no a",
          "no 1/", "dr ", "H ", "Pak A, S.", "Pak Aa A.A ", "1 ", "1/", "12/10/", "(", "(1/1)", "1 s.d. ", "1 jan ", "besok ", "Senin ",
          "di Aula ", "di aula a ", "Pak Aa br. ", "Pak Aa bin ", "Pak Camat ", "br. ", "asisten ", "plt ", "kadis", "penandatanganan ikrar", "A ", "A.", "Aa", "a-", "/")  # fmt: skip


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
