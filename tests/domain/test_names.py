"""How Indonesian names are read and compared: by habit, a row each, and what must hold of any text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import name_words, names
from ikrar.domain.errors import NameQueryRefused
from ikrar.domain.names import Reason

ON = date(2024, 10, 14)


def score(query, name, unit="", post="", born=None):
    return names.Comparer(names.read_query(query, ON)).compare(name, unit, post, "", born).score


def codes(query, name, **about):
    return {reason.code for reason in names.Comparer(names.read_query(query, ON)).compare(name, **about).because}


SAME = [
    # titles, salutations
    ("Pak Dr. H. Moh. Ridwan, S.Sos., M.Si", "Moh. Ridwan"), ("DR.H.MOH.RIDWAN", "Moh Ridwan"), ("Bu Hj. Siti Aminah, S.Pd", "SITI AMINAH"),
    ("Prof. Dr. Ir. Bonar Sitompul, M.T.", "Bonar Sitompul, ST"), ("Sdri. Ni Made Suartini SE", "Ni Made Suartini, S.E."), ("KH. Zainal Arifin", "Zainal Arifin"),
    ("Ns. Tuti Handayani S.Kep", "Tuti Handayani"), ("H. Umpama Rekaan Lc", "Umpama Rekaan"), ("R. Suryo Wibowo", "Raden Suryo Wibowo"), ("Letkol Budi Santoso", "Budi Santoso"), ("Ridwan Hakim SPD", "Ridwan Hakim, S.Pd"),
    # Muhammad, Ahmad, Abdul, Siti
    ("Muhammad Ridwan", "Moh. Ridwan"), ("M. Ridwan", "Muhammad Ridwan"), ("Mochamad Ridwan", "Muh. Ridwan"), ("Mohd Ridwan", "MUHAMAD RIDWAN"), ("Mhd. Ridwan", "Mohammad Ridwan"),
    ("Achmad Fauzi", "Ahmad Fauzi"), ("Akhmad Fauzi", "Ahmad Fauzy"), ("Abd. Rahman", "Abdul Rahman"), ("Abdurrahman", "Abdul Rahman"), ("Abdurahman", "Abdul Rahman"),
    ("St. Aminah", "Siti Aminah"), ("Sitti Aminah", "Siti Aminah"), ("Noer Hidayat", "Nur Hidayat"),
    # spelling
    ("Soeharto", "Suharto"), ("Djoko Tjahjono", "Joko Cahyono"), ("Jusuf", "Yusuf"), ("Sjafruddin", "Syafrudin"), ("Widjaja", "Wijaya"), ("Oentoeng", "Untung"),
    ("Khairul Anwar", "Choirul Anwar"), ("Syaiful", "Saeful"), ("Fauziyah", "Fauziah"), ("Rizki", "Risky"), ("Sofyan", "Sovian"), ("Nurhayati", "Nur Hayati"), ("Sri Wahyuni", "SRIWAHYUNI"),
    ("Ma'ruf", "Maruf"), ("Sholeh", "Soleh"), ("Chandra", "Candra"), ("MUHAMMADRIDWAN", "Muhammad Ridwan"), ("Ridwan Hakim", "Hakim Ridwan"),
    # order names, clans, fathers
    ("Wyn. Sudarma", "I Wayan Sudarma"), ("Nym Sukerti", "Ni Nyoman Sukerti"), ("Kt. Artana", "I Ketut Artana"), ("Ahmad bin Yusuf", "Ahmad Yusuf"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "name"), SAME)
def test_a_name_is_known_however_it_is_written(query, name):
    assert score(query, name) >= 88


ALMOST = [
    ("Ridwna Hakim", "Ridwan Hakim", "typo"), ("Wahyunni Lestrai", "Wahyuni Lestari", "typo"), ("Sri W.", "Sri Wahyuni", "initial"), ("S. Wahyuni", "Sri Wahyuni", "initial"),
    ("Pak Iwan", "Kurniawan", "nickname"), ("Bu Sulis", "Sulistyowati", "nickname"), ("Wayan Sudarma", "I Wayan Sudarma Putra", "name_same"), ("Jonner Siregar", "Jonner Parlindungan Siregar", "name_same"),
    ("Yanto", "Suharyanto", "part"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "name", "code"), ALMOST)
def test_what_fits_less_says_why(query, name, code):
    assert 50 <= score(query, name) < 98
    assert code in codes(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Muhammad Ridwan", "Muhammad Fauzi"),
        ("Siti Aminah", "Siti Rohani"),
        ("Sri Wahyuni", "Budi Santoso"),
        ("Agus", "Bambang"),
    ],
)
def test_a_common_word_alone_makes_nobody_alike(query, name):
    assert score(query, name) < 50


@pytest.mark.parametrize(("query", "name"), [("Hendra Lentera", "Nora Lentera"), ("Hendra Lentera", "Indah Lentera")])
def test_a_short_name_of_which_half_is_other_is_not_misspelled_but_another(query, name):
    assert "typo" not in codes(query, name) and score(query, name) < score(query, "Hendri Lentera") - 20


def test_post_and_place_are_told_apart_from_the_name():
    asked = names.read_query("Pak Camat Karang Jati, Dr. H. Moh. Ridwan, S.Sos")
    assert [word.text for word in asked.name_words] == ["moh", "ridwan"]
    assert asked.place_words == ("karang", "jati") and asked.posts == ("camat",)


def test_what_follows_a_post_may_be_the_name_where_no_other_is():
    asked = names.read_query("Pak Camat Ridwan")
    assert [(word.text, word.role) for word in asked.words] == [("ridwan", names.Role.EITHER)]


def test_unit_post_place_and_age_rank_those_whose_names_fit_alike():
    here = {"unit": "SMP Negeri 3 Karang Jati", "post": "Guru Ahli Muda", "born": 1978}
    there = {"unit": "SMA Negeri 1 Batu Raya", "post": "Kepala Sekolah", "born": 1995}
    for query in (
        "Sri Wahyuni guru SMP 3",
        "Sri Wahyuni SMPN 3 Karang Jati",
        "Bu Guru Sri Wahyuni, umur 40-an",
        "Sri Wahyuni lahir 1978",
    ):
        assert score(query, "Sri Wahyuni", **here) > score(query, "Sri Wahyuni", **there)


POSTS = [
    # asked for; whoever holds it; whose post only holds the word
    ("Camat Karang Jati", "Camat", "Sekretaris Camat"), ("camat Karang Jati", "Plt. Camat", "Staf Camat"), ("Lurah Karang Jati", "Lurah", "Sekretaris Lurah"),
    ("sekcam Karang Jati", "Sekretaris Kecamatan", "Camat"), ("seklur Karang Jati", "Sekretaris Lurah", "Lurah"), ("kepala dinas kominfo", "Kepala Dinas", "Kepala Bidang Kominfo"),
    ("kadis kominfo", "Kepala", "Kepala Sub Bagian Kominfo"), ("kabid kominfo", "Kepala Bidang Informatika", "Kepala Dinas"), ("kasubbag kominfo", "Kepala Sub Bagian Umum", "Kepala Bagian Umum"),
    ("guru smp 3", "Ahli Muda - Guru", "Pengawas Guru"), ("kepsek smp 3", "Kepala Sekolah", "Wakil Kepala Sekolah"), ("sekda kota", "Sekretaris Daerah", "Asisten Sekretaris Daerah"),
    ("walikota Karang Jati", "Wali Kota", "Wakil Wali Kota"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "held", "only_like"), POSTS)
def test_a_post_is_fitted_by_its_noun_and_not_by_a_word_that_another_holds(query, held, only_like):
    unit = "Kecamatan Karang Jati Dinas Kominfo SMP Negeri 3 Kota"
    assert score(query, "Jonner Siregar", unit, held) > score(query, "Jonner Siregar", unit, only_like) + 8
    assert "post" in codes(query, "Jonner Siregar", unit=unit, post=held)
    assert "post" not in codes(query, "Jonner Siregar", unit=unit, post=only_like)


@pytest.mark.parametrize("query", ["Sekda", "Sekda Jati", "Sekretaris Daerah Kota Jati"])
@pytest.mark.parametrize(
    ("post", "unit"),
    [
        ("Sekretaris Badan Pendapatan Daerah", "Badan Pendapatan Daerah"),
        ("Sekretaris", "Badan Pendapatan Daerah"),
        ("Sekretaris Badan", "Badan Pengelolaan Keuangan dan Aset Daerah"),
    ],
)
def test_a_post_with_other_words_in_between_only_resembles(query, post, unit):
    government = "Pemerintah Kota Jati"
    because = names.Comparer(names.read_query(query)).compare("Sri", f"{unit} / {government}", post).because
    assert "post_near" in [each.code for each in because]
    assert score(query, "Sri", f"{unit} / {government}", post) < 70
    for held in ("Sekretaris Daerah", "Plt. Sekretaris Daerah", "Sekretaris"):
        assert score(query, "Sri", f"Sekretariat Daerah / {government}", held) == 85
        assert "post" in codes(query, "Sri", unit=f"Sekretariat Daerah / {government}", post=held)


@pytest.mark.parametrize(
    ("query", "post"),
    [
        ("kepala dinas", "Kepala Pelaksana Dinas Pasar"), ("kepala puskesmas Jati", "Kepala UPTD Puskesmas Jati"), ("guru SMP 3 Jati", "Guru Matematika SMP 3 Jati"),
        ("wakil kepala sekolah Jati", "Wakil Kepala Sekolah"), ("kabid pasar", "Kepala Bidang Pasar"),
    ],
)  # fmt: skip
def test_words_that_say_how_a_post_is_held_or_what_is_taught_make_it_no_other(query, post):
    assert "post" in codes(f"Sri, {query}", "Sri", unit="Dinas Jati", post=post)


TORN = [
    # told; the unit; whose name and unit are each a half of it
    ("Lurah Tanjung Pauh", "Kelurahan Tanjung Pauh", "Moh. Tanjung", "Kecamatan Pauh Timur"),
    ("Camat Koto Tangah", "Kecamatan Koto Tangah", "Mangasi Tanga", "Kecamatan Koto Selayan"),
]


@pytest.mark.parametrize(("query", "unit", "name", "elsewhere"), TORN)
def test_what_follows_a_post_is_a_place_before_it_is_half_of_a_name(query, unit, name, elsewhere):
    post = query.split()[0]
    assert score(query, "Ngatijo", unit, post) == 85 > score(query, name, elsewhere, "Pelaksana") + 5
    assert {"unit_near"} == {"unit", "unit_near"} & set(codes(query, name, unit=elsewhere, post="Pelaksana"))
    # Who holds the post there is meant by his name as well.
    assert score(f"{post} Ridwan Jati", "Ridwan", f"{unit} Jati", post) > 80


@pytest.mark.parametrize(
    "other", ["Kelurahan Balai Tongah Koto", "Kelurahan Padang Tangah Payobadar / Pemerintah Kota"]
)
def test_the_words_of_a_place_in_another_order_fit_in_part(other):
    query = "Lurah Koto Tangah"
    assert score(query, "Sri", "Kelurahan Koto Tangah", "Lurah") == 85 > score(query, "Sri", other, "Lurah") + 12
    assert "unit_near" in codes(query, "Sri", unit=other, post="Lurah")


@pytest.mark.parametrize(("asked", "borne"), [("rai", "rahayu"), ("wahyu", "rahayu"), ("ari", "rahayu")])
def test_a_short_word_is_no_misspelling_of_one_that_only_sounds_nearly_so(asked, borne):
    assert name_words.likeness(asked, borne)[0] <= 0.6 < name_words.likeness("kteoet", "ketut")[0]


def test_exact_words_are_above_a_guess():
    query = "Joko bin Wahyu"
    assert score(query, "Djoko Wahyu Aziz") > score(query, "Joko Rahayu") + 10


@pytest.mark.parametrize("query", ["Hakim, M. Ridwan", "Hakim M Ridwan"])
def test_no_reason_names_a_word_that_nobody_wrote(query):
    because = names.Comparer(names.read_query(query)).compare("M. Ridwan Hakim").because
    assert "hakimm" not in str(because) and score(query, "M. Ridwan Hakim") >= 95


@pytest.mark.parametrize("query", ["Kasi Pemerintahan Pauh Barat", "kepala seksi pemerintahan kecamatan pauh barat"])
def test_what_a_post_is_of_is_no_name_that_is_missing(query):
    found = names.Comparer(names.read_query(query)).compare(
        "Bambang Harahap", "Kecamatan Pauh Barat", "Kepala Seksi Pemerintahan"
    )
    assert found.score == 85 and {each.code for each in found.because} == {"post", "unit"}


def test_a_sentence_about_looks_makes_nobody_likely_by_one_word_that_resembles_his_name():
    vague = "bapak yang memakai baju bunga itu"
    assert score(vague, "Munga Lentera") < 40
    because = names.Comparer(names.read_query(vague)).compare("Munga Lentera").because
    assert because[0] == names.Reason("looks", (("words", "memakai baju"),))
    # Whoever's name is told surely is found, whatever he wore; and a long word that is one letter off is no guess.
    assert "looks" not in codes("Pak Ridwan yang memakai baju merah", "Ridwan Hakim")
    assert score("bunga", "Munga") <= 60 < score("Ridwna", "Ridwan")


def test_a_word_that_a_name_only_resembles_makes_nobody_the_holder_of_the_post_asked_for():
    assert score("kepala SMPN 1 Bukittinggi", "Zahara Bukit", "SMPN 1 Medan", "Kepala SMPN 1 Medan") < 75
    assert score("kepala SMPN 1 Bukittinggi", "Nurdin", "SMPN 1 Bukittinggi", "Kepala SMPN 1 Bukittinggi") == 85


@pytest.mark.parametrize(
    ("text", "names_", "places"),
    [
        ("Camat Ridwan, Kecamatan Payakumbuh Barat", ["ridwan"], ("kecamatan", "payakumbuh", "barat")), ("Camat Ridwan Kec. Payakumbuh Barat", ["ridwan"], ("kecamatan", "payakumbuh", "barat")),
        ("Kepala Dinas Pendidikan Suhendra Kota Payakumbuh", ["suhendra"], ("dinas", "pendidikan", "kota", "payakumbuh")), ("Lurah Ridwan dari Karang Jati", ["ridwan"], ("karang", "jati")),
    ],
)  # fmt: skip
def test_what_follows_the_word_of_a_unit_is_a_place_where_a_name_may_stand_elsewhere(text, names_, places):
    asked = names.read_query(text)
    assert [word.text for word in asked.name_words] == names_
    assert tuple(word for word in asked.place_words if word not in names_) == places


@pytest.mark.parametrize(
    "text", ["Kepsek SMPN 3 Ridwan", "Pak Camat dari Ridwan", "Kecamatan Ridwan", "Kadisdik Ridwan"]
)
def test_where_nothing_else_may_be_the_name_what_follows_a_unit_may(text):
    assert [word.text for word in names.read_query(text).name_words] == ["ridwan"]


def test_whoever_is_of_the_very_unit_and_bears_the_name_is_said_to_be_of_it():
    unit = "Kecamatan Payakumbuh Barat"
    for query in ("Camat Ridwan, Kecamatan Payakumbuh Barat", "Camat Ridwan Kecamatan Payakumbuh Barat"):
        assert "unit" in codes(query, "Hafiz Ridwan Kapur", unit=unit, post="Pengadministrasi")
        there = score(query, "Hafiz Ridwan Kapur", unit, "Pengadministrasi")
        assert there > score(query, "Ridwan", "Dinas Pasar", "Staf") and there > score(query, "Suhendra", unit, "Camat")


def test_a_word_that_is_of_neither_name_nor_unit_is_said_to_be_of_neither():
    query, unit = "Kadisdik Suhendra Payakumbuh", "Dinas Pendidikan / Pemerintah Kota Payakumbuh"
    found = names.Comparer(names.read_query(query)).compare("H. Basri Kemuning", unit, "Kepala Dinas Pendidikan")
    assert found.because[-1] == names.Reason("neither", (("words", "suhendra"),))
    assert "neither" not in codes("Kadisdik Payakumbuh", "H. Basri", unit=unit, post="Kepala Dinas Pendidikan")
    assert "neither" not in codes("Camat Karang Jati", "H. Basri", post="Camat")  # whose unit nobody knows


OTHERS = [
    # told; whoever is of that unit, though he holds another post; who is of one that it cannot be
    ("Sri guru SMP 3", "SMPN 3 Payakumbuh", "SMPN 1 Payakumbuh"), ("Sri guru SMP 3", "SMPN 3 Payakumbuh", "SDN 03 Payakumbuh"),
    ("Camat Payakumbuh Barat, Pak Sri", "Kecamatan Payakumbuh Barat", "Kecamatan Payakumbuh Utara"),
    ("Kepala SMPN 1 Bukittinggi, Sri", "SMPN 1 Bukittinggi", "SMPN 4 Bukittinggi"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "there", "elsewhere"), OTHERS)
def test_another_number_school_or_side_fits_nothing_and_no_reason_says_that_it_does(query, there, elsewhere):
    post = f"{query.split()[0]} {elsewhere}" if query.startswith("Kepala") else "Guru Camat"
    assert score(query, "Sri Rapi", there, "Staf") > score(query, "Sri Rapi", elsewhere, post)
    assert "unit" in codes(query, "Sri Rapi", unit=there)
    assert not {"unit", "unit_near"} & set(codes(query, "Sri Rapi", unit=elsewhere))
    if query.startswith("Kepala"):
        assert "post" not in codes(query, "Sri Rapi", unit=elsewhere, post=post)


def test_a_unit_of_which_a_word_was_not_told_so_fits_only_in_part():
    query = "Sri guru SMPN 1 Bukittinggi"
    assert "unit" in codes(query, "Sri", unit="SMP Negeri 1 Bukitinggi")
    assert "unit_near" in codes(query, "Sri", unit="SMPN 1 Medan")
    # The same side of another place is none of this one.
    assert not {"unit", "unit_near"} & set(
        codes("Sri, Camat Payakumbuh Barat", "Sri", unit="Kantor Kabupaten Nias Barat")
    )


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("Ridwan umur 52", (1971, 1972)),
        ("Ridwan, 40-an", (1974, 1984)),
        ("Ridwan 52 tahun", (1971, 1972)),
        ("Ridwan kelahiran 1972", (1972, 1972)),
        ("Ridwan berusia 52 tahun", (1971, 1972)),
        ("Ridwan, usianya 52", (1971, 1972)),
        ("Ridwan (52)", (1971, 1972)),
        ("Ridwan usia kira-kira 35", (1986, 1991)),
        ("Ridwan sekitar 35 tahun", (1986, 1991)),
        ("Ridwan usia 30 an", (1984, 1994)),
        ("Ridwan kelahiran tahun 80-an", (1980, 1989)),
        ("Ridwan umur lima puluh dua tahun", (1971, 1972)),
        ("Ridwan berumur delapan belas", (2005, 2006)),
        ("Ridwan empat puluhan", (1974, 1984)),
        ("Ridwan", None),
    ],
)
def test_an_age_is_counted_back_from_the_day(text, born):
    asked = names.read_query(text, ON)
    assert (asked.born, asked.units, [word.text for word in asked.words]) == (born, (), ["ridwan"])


def test_a_number_in_brackets_is_a_unit_only_behind_the_word_of_one():
    assert names.read_query("Guru SMPN (3)", ON).units == ("smp", "3")
    asked = names.read_query("Ridwan (3)", ON)
    assert (asked.units, asked.born) == ((), None)


@pytest.mark.parametrize(
    ("told", "born", "birth"),
    [
        ("lahir 3 Maret 1989", 1989, "19890303"), ("03-03-1989", 1989, "19890303"), ("(3/3/89)", 1989, "19890303"), ("1989-03-03", 1989, "19890303"),
        ("lahir di Medan, 3 Maret 1989", 1989, "19890303"), ("TTL: Kota Medan/03-03-1989", 1989, "19890303"), ("tempat, tgl. lahir: Medan, 3.3.1989", 1989, "19890303"),
        ("lahir 3 3 1989", 1989, "19890303"), ("lahir Maret 1989", 1989, "198903.."), ("kelahiran Medan tahun 1989", 1989, ""), ("lahir tahun 89", 1989, ""), ("lahir 31-02-1989", 1989, ""),
    ],
)  # fmt: skip
def test_a_date_beside_a_name_is_a_birth_and_no_unit_place_or_name(told, born, birth):
    asked = names.read_query(f"Suparman, {told}, guru SMP 12")
    assert (asked.born, asked.birth) == ((born, born), birth)
    assert ([word.text for word in asked.words], asked.units) == (["suparman"], ("smp", "12"))


@pytest.mark.parametrize(
    "text", ["Suparman, 27 November 2024", "Suparman sejak 1 Maret 2005", "Suparman TMT 01-03-2005", "Suparman"]
)
def test_a_date_of_another_time_is_no_birth_and_nothing_else(text):
    asked = names.read_query(text)
    assert (asked.born, asked.units, [word.text for word in asked.words]) == (None, (), ["suparman"])


@pytest.mark.parametrize(
    ("text", "words", "units"),
    [
        ("Purnomo 12 Oktober", ["purnomo"], ()), ("Ridwan, Sabtu (12/10)", ["ridwan"], ()), ("12 Okt, Purnomo", ["purnomo"], ()), ("Ridwan Sabtu 12-10", ["ridwan"], ()),
        ("Camat Payakumbuh Barat pada 12 Oktober", ["payakumbuh", "barat"], ()), ("Guru SMPN 3 tanggal 12 Oktober", [], ("smp", "3")),
        ("Hari Suparno, pada hari Sabtu tanggal 12 Oktober pukul 10.00 WIB", ["hari", "suparno"], ()), ("Ridwan jam 9 pagi", ["ridwan"], ()), ("Ridwan Sabtu malam", ["ridwan"], ()),
        ("Ridwan 12-13 Oktober 2024", ["ridwan"], ()), ("Ridwan, Oktober 2024", ["ridwan"], ()), ("Ridwan pada bulan Oktober", ["ridwan"], ()), ("Ridwan tgl 12", ["ridwan"], ()),
        ("Guru SMP 3 pukul 10.00-12.00", [], ("smp", "3")), ("Pak Kamis 12 Oktober", ["kamis"], ()),
    ],
)  # fmt: skip
def test_a_day_without_its_year_is_no_unit_place_or_name(text, words, units):
    asked = names.read_query(text, ON)
    assert ([word.text for word in asked.words], asked.units, asked.born) == (words, units, None)


@pytest.mark.parametrize(
    ("text", "words", "units"),
    [
        ("Oktober Simanjuntak", ["oktober", "simanjuntak"], ()), ("Agustus", ["agustus"], ()), ("Januar", ["januar"], ()), ("Pak Maret", ["maret"], ()), ("Kamis Suprapto", ["kamis", "suprapto"], ()),
        ("Guru SMPN 12 Oktober Simanjuntak", ["oktober", "simanjuntak"], ("smp", "12")), ("SD Negeri 3 Mei Lestari", ["mei", "lestari"], ("sd", "3")), ("Juni Ardi guru SMP 12", ["juni", "ardi"], ("smp", "12")),
        ("Kepala SDN 12-10", [], ("sd", "12", "10")), ("Agustus Siregar lahir 1980", ["agustus", "siregar"], ()),
    ],
)  # fmt: skip
def test_a_month_is_a_name_where_no_day_or_year_says_that_it_is_a_date(text, words, units):
    asked = names.read_query(text)
    assert ([word.text for word in asked.words], asked.units) == (words, units)


def test_what_only_looks_like_a_date_stays_what_it_is():
    assert names.read_query("Juli Lestari guru SMP 3").units == ("smp", "3")
    assert [word.text for word in names.read_query("SD 3 Mei Lestari").words] == ["mei", "lestari"]
    assert names.read_query("Sri SD 01/02/03").units == ("sd", "1", "2", "3")
    assert [word.text for word in names.read_query("tanggal lahir Suparman 3 Maret 1989").words] == ["suparman"]
    assert names.read_query("Sri kelahiran 80-an").born == (1980, 1989)


def test_a_day_of_birth_that_fits_is_above_one_of_the_same_year_that_does_not():
    of_day, of_year = "198903032010011002", "198911202010011003"
    found = [
        names.Comparer(names.read_query("Suparman lahir 3 Maret 1989")).compare("Suparman", born=born, number=number)
        for number, born in ((of_day, 1989), ("", 1989), (of_year, 1989), ("197005122000031001", 1970))
    ]
    assert [each.score for each in found] == sorted({each.score for each in found}, reverse=True)
    assert [each.because[-1].code for each in found] == ["birth", "born", "birth_other", "name_whole"]
    assert found[0].because[-1].values == (("day", "1989-03-03"),)
    # A day that was not told is not shown, but the year alone.
    assert found[2].because[-1].values == (("born", "1989"),)
    month = names.Comparer(names.read_query("Suparman lahir Maret 1989")).compare("Suparman", born=1989, number=of_day)
    assert month.because[-1] == names.Reason("birth_part", (("born", "1989"),))
    # Of a day without a year, no year is said to fit.
    alone = names.Comparer(names.read_query("Suparman lahir 3 Maret"))
    assert [each.code for each in alone.compare("Suparman", born=1989).because] == ["name_whole"]
    assert alone.compare("Suparman", born=1989, number=of_day).score == 100


@pytest.mark.parametrize(
    ("query", "born", "code"),
    [
        ("Sri lahir 1989", 1989, "born"), ("Sri lahir 1989", 1988, "born_near"), ("Sri lahir 1989", 1990, "born_near"), ("Sri lahir 1989", 1987, ""),
        ("Sri umur 36", 1987, "born"), ("Sri umur 36", 1988, "born"), ("Sri umur 36", 1986, "born_near"), ("Sri umur 36", 1989, "born_near"), ("Sri 40-an", 1985, "born_near"),
    ],
)  # fmt: skip
def test_a_year_off_is_said_to_fit_nearly(query, born, code):
    because = names.Comparer(names.read_query(query, ON)).compare("Sri", born=born).because
    assert [each.code for each in because[1:]] == [code] * bool(code)


GUSTI = [
    ("IGN Agung Wirawan", "I Gusti Ngurah Agung Wirawan"), ("Ign. Agung Wirawan", "I Gusti Ngurah Agung Wirawan"), ("I.G.N. Agung Wirawan", "I Gusti Ngurah Agung Wirawan"),
    ("GN Agung Wirawan", "I Gusti Ngurah Agung Wirawan"), ("IGN Agung Wirawan", "Ignatius Agung Wirawan"), ("IGA Made Rai Kartini", "I Gusti Ayu Made Rai Kartini"),
    ("IGAM Rai Kartini", "I Gusti Ayu Made Rai Kartini"), ("I.G.A. Made Rai Kartini", "I Gusti Ayu Made Rai Kartini"), ("GA Putra", "I Gusti Agung Putra"), ("IGA Putra", "I Gusti Agung Putra"),
    ("I.G.M. Oka", "I Gusti Made Oka"), ("I Gusti Ngurah Agung Wirawan", "IGN Agung Wirawan"), ("Ignatius Suharto", "Ign. Suharto"), ("Gunawan Adi Siregar", "Gunawan Adi Siregar"), ("Iga Mawarni", "Iga Mawarni"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "name"), GUSTI)
def test_i_gusti_is_written_by_its_letters_which_may_mean_another_name_too(query, name):
    assert score(query, name) >= 95


def test_letters_that_may_be_either_make_neither_likelier():
    both = (
        score("IGN Agung Wirawan", "Ignatius Agung Wirawan"),
        score("IGN Agung Wirawan", "I Gusti Ngurah Agung Wirawan"),
    )
    assert abs(both[0] - both[1]) <= 2
    # With points between, only one of them is.
    assert score("I.G.N. Agung Wirawan", "Ignatius Agung Wirawan") < 70
    assert score("G.A. Siregar", "Gunawan Adi Siregar") >= 85


@pytest.mark.parametrize(
    ("query", "name", "because"),
    [
        ("Iga", "Iga Mawarni", [("name_same", "iga")]), ("IGA Mawarni", "Iga Mawarni", [("name_whole",)]), ("Iga", "IGA Made Oka", [("name_same", "iga")]),
        ("IGA Made Rai", "I Gusti Ayu Made Suryani", [("name_same", "made"), ("short", "iga", "gusti ayu"), ("missing", "rai")]),
        ("I Gusti Ayu Made", "IGA Made Oka", [("name_same", "made"), ("short", "iga", "gusti ayu")]), ("I Gusti Ngurah Rai Agung", "I.G.N. Rai Oka", [("name_same", "i.g.n. rai"), ("missing", "agung")]),
        ("IGA Kartini", "Kartini", [("name_same", "kartini"), ("missing", "iga")]),
    ],
)  # fmt: skip
def test_reasons_speak_of_words_as_they_stand_in_the_name(query, name, because):
    found = names.Comparer(names.read_query(query)).compare(name).because
    assert [(each.code, *(value for _, value in each.values)) for each in found] == because


def test_iga_alone_is_a_given_name_and_its_bearer_no_gusti():
    assert name_words.words_of("Iga Mawarni") == ("iga", "mawarni")
    assert score("Gusti", "Iga Mawarni") == 0 and score("Gusti Ayu", "Iga Mawarni") == 0
    assert score("Gusti Ayu", "I Gusti Ayu Made Suryani") >= 85
    assert score("Pak IGA", "Anak Agung Gede Oka") == 0 and score("Pak IGA", "Ida Ayu Komang Sri") <= 40
    assert "spelling" not in codes("Pak IGA", "Ida Ayu Komang Sri")


@pytest.mark.parametrize("written", ["br", "br.", "boru", "Boru", "beru", "binti"])
def test_what_stands_between_a_daughter_and_her_clan_is_no_word(written):
    for name in ("Hj. Nurhayati Lubis", "Nurhayati br. Lubis", "Nurhayati Boru Lubis"):
        assert score(f"Nurhayati {written} Lubis", name) == 100
    assert name_words.sex_of(f"Nurhayati {written} Lubis") == "f"
    assert "sex_same" in codes("Bu Nurhayati Lubis", f"Nurhayati {written} Lubis")


def test_i_gusti_ayu_is_a_woman_for_all_the_i_before_it():
    assert name_words.sex_of("I Gusti Ayu Rai") == "f" and name_words.sex_of("I Gusti Ngurah Rai") == "m"
    assert "sex_same" in codes("Bu I Gusti Ayu Rai", "I Gusti Ayu Rai")
    assert "sex_other" not in codes("I Gusti Ayu Rai", "I Gusti Ayu Rai")


@pytest.mark.parametrize(
    "query",
    ["Rehulina Guru Singa", "Pak Rehulina Guru Singa, S.Pd", "Rehulina Guru Singah", "Rehulina Guru Singa, staf SMP 3"],
)
def test_whose_whole_name_is_what_was_asked_is_meant_though_a_word_of_it_is_a_post(query):
    herself = names.Comparer(names.read_query(query)).compare("Rehulina Guru Singa", "SMP Negeri 3", "Staf")
    assert herself.score >= 99 and herself.score >= score(query, "Rehulina Singa", "SMP Negeri 3", "Guru")
    assert herself.because[0].code in ("name_whole", "name_same")
    assert "missing" not in str(herself.because)


def test_a_post_beside_a_name_is_no_part_of_it():
    assert score("Moh. Ridwan camat", "Moh. Ridwan", "Kecamatan Karang Jati", "Camat") == 100
    assert "post" in codes("Moh. Ridwan camat", "Moh. Ridwan", unit="Kecamatan Karang Jati", post="Camat")


SEEN = [
    "ikut foto dua jari", "pose dua jari bersama paslon", "pose dua jari", "salam dua jari", "acungkan 2 jari", "foto bersama paslon nomor urut 02", "pakai kaos merah nomor 2",
    "berfoto dengan pasangan calon Budi Santoso", "ikut kampanye paslon no. 1 Budi dan Sri", "mengenakan baju warna kuning", "nomor urut dua",
]  # fmt: skip


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("comma", [", ", " "])
def test_how_somebody_was_seen_takes_nothing_from_his_name(seen, comma):
    asked = names.read_query(f"Pak Camat Karang Jati, Dr. H. Moh. Ridwan{comma}{seen}")
    assert ([word.text for word in asked.name_words], asked.place_words) == (["moh", "ridwan"], ("karang", "jati"))
    assert not asked.is_several and asked.looks
    assert names.Comparer(asked).compare("Moh. Ridwan", "Kecamatan Karang Jati", "Camat").score == 100


def test_words_of_looks_are_names_where_no_such_phrase_begins():
    assert score("Salam Harahap", "Salam Harahap") == 100
    assert [word.text for word in names.read_query("ikut foto dua jari, Abdul Salam").words] == ["abdul", "salam"]
    assert names.read_query("Ridwan ikut foto bersama Sri Wahyuni").is_several


def test_a_number_among_the_words_is_read_as_one():
    asked = names.read_query("Ridwan NIP 19800101 200501 1 001")
    assert asked.numbers == ("198001012005011001",) and [word.text for word in asked.words] == ["ridwan"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"), ("  \n ", "empty"), ("Pak", "salutation_only"), ("Bapak Ibu", "salutation_only"), ("Dr. H.", "titles_only"), ("Pak Drs.", "titles_only"),
        ("pegawai negeri sipil", "post_only"), ("PNS aktif", "post_only"), ("pejabat", "post_only"), ("Pak Pejabat negara", "post_only"), ("aparatur sipil negara", "post_only"), ("seorang pegawai negeri", "post_only"),
        ("PNS", "post_only"), ("ASN", "post_only"), ("honorer", "post_only"), ("Plt.", "post_only"), ("ikut foto dua jari", "sentence"), ("Camat", "post_only"), ("kepala sekolah", "post_only"), ("Pak Kepala Dinas", "post_only"), ("kepala puskesmas", "post_only"), ("bukan Zainal Manggis", "denied_only"), ("bukan yang camat", "denied_only"), ("camat bukan Zainal", "post_only"), ("R", "letter_only"), ("Pak M.", "letter_only"), ("<b></b>", "unreadable"), ("\u200b\u202e\u2066", "unreadable"), ("محمد رضوان", "unreadable"), ("!!!", "unreadable"), ("x" * 10_000_000, "too_long"),
    ],
)  # fmt: skip
def test_what_names_nobody_is_refused_by_its_reason(text, reason):
    with pytest.raises(NameQueryRefused) as refused:
        names.read_query(text)
    assert refused.value.reason == reason


def test_what_is_said_of_every_civil_servant_is_no_word_of_a_name():
    for text in ("Ridwan, pegawai negeri sipil", "Ridwan PNS aktif", "aparatur sipil negara Ridwan", "pejabat Ridwan"):
        assert [word.text for word in names.read_query(text).name_words] == ["ridwan"]
    assert names.read_query("Pejabat sementara Wali Kota Bukittinggi").acting == "pjs"
    assert [word.text for word in names.read_query("Aktif Ridwan").words] == ["aktif", "ridwan"]
    assert names.read_query("guru SD Negeri 3 Ridwan").units == ("sd", "3")


def test_a_place_that_was_told_and_stands_in_nothing_of_the_unit_is_said():
    told = {"unit": "Kecamatan Koto Tangah", "post": "Camat"}
    said = [
        dict(each.values)
        for each in names.Comparer(names.read_query("Camat Suka Maju, Abdul Saleh"))
        .compare("Abdul Saleh", **told)
        .because
        if each.code == "unit_lacks"
    ]
    assert said == [{"unit": "Kecamatan Koto Tangah", "words": "suka maju"}]
    assert "unit_lacks" in codes(
        "guru SD 01 Suka Maju, Sri Rapi", "Sri Rapi", unit="SD Negeri 01 Karang Jati", post="Guru"
    )
    assert "unit_lacks" not in codes("Camat Koto Tangah, Abdul Saleh", "Abdul Saleh", **told)
    assert "unit_lacks" not in codes(
        "Camat Suka Maju, Abdul Saleh", "Abdul Saleh", post="Camat"
    )  # whose unit nobody knows


@pytest.mark.parametrize(
    "text", ["pegawai SMP 3", "oknum pegawai di SMP 3", "staf SMPN 3", "karyawan SMP 3", "ASN SMP 3", "anggota SMP 3"]
)
def test_of_whom_no_more_is_said_than_that_he_is_of_a_unit_everybody_of_it_fits_alike(text):
    asked = names.read_query(text)
    assert (asked.posts, asked.words, asked.place_words) == ((), (), ("smp", "3"))
    compare = names.Comparer(asked).compare
    assert (
        compare("Siti Contoh", "SMP Negeri 3", "Guru").score
        == compare("Budi Andai", "SMP Negeri 3", "Kepala Sekolah").score
        == 85
    )


def test_what_is_said_of_everybody_of_a_unit_stays_a_post_or_a_name_where_no_unit_follows():
    assert names.read_query("Ridwan, staf keuangan").posts[0] == "staf"
    assert [word.text for word in names.read_query("Anggota Ridwan").words] == ["anggota", "ridwan"]
    assert [word.text for word in names.read_query("anggota Satpol PP Budi Harjo").words] == ["budi", "harjo"]


@pytest.mark.parametrize(
    "text",
    [
        "kepala dinas kesehatan",
        "kepala badan kepegawaian",
        "Kadis Kominfo",
        "kepala SMP 3",
        "Sekda",
        "Dinas Kesehatan",
        "kasi umum kecamatan",
    ],
)
def test_a_post_with_a_unit_is_no_post_alone(text):
    assert names.read_query(text)


def test_signs_that_nobody_sees_and_markup_change_nothing():
    plain = names.read_query("Ridwan Hakim")
    assert names.read_query("\u202eRid\u200bwan\u00a0Ha\u00adkim\u2069") == plain
    assert names.read_query("Ｒｉｄｗａｎ Hákim") == plain
    assert names.read_query("<b>Ridwan</b> <i class='x'>Hakim</i>") == plain
    assert [word.text for word in names.read_query("<script>alert('Ridwan')</script>").words] == ["alert", "ridwan"]


@pytest.mark.parametrize(
    ("text", "words", "posts", "several"),
    [
        ("Suharto & Suharti", ["suharto"], (), True), ("Suharto &amp; Suharti", ["suharto"], (), True), ("Suharto/Suharti", ["suharto"], (), True), ("Suharto + Bu Suharti", ["suharto"], (), True),
        ("Ridwan, guru/staf SMP 3", ["ridwan"], ("guru", "staf"), False), ("Ridwan S.Pd/M.Pd", ["ridwan"], (), False), ("Ridwan, Dinas Pendidikan & Kebudayaan", ["ridwan"], (), False),
        ("Ridwan dan Sri Wahyuni", ["ridwan"], (), True), ("Ridwan dan kawan", ["ridwan"], (), True), ("Kepala Dinas Kependudukan dan Pencatatan Sipil", ["pencatatan", "sipil"], ("kepala", "dinas"), False),
        ("Ridwan bukan camat", ["ridwan"], (), False), ("yang di lapangan itu, namanya agus", ["agus"], (), False), ("K.R.T. Surya", ["surya"], (), False),
    ],
)  # fmt: skip
def test_what_stands_beside_a_name_is_read_as_what_it_is(text, words, posts, several):
    asked = names.read_query(text)
    assert [word.text for word in asked.name_words] == words
    assert (asked.posts, asked.is_several) == (posts, several)


@pytest.mark.parametrize(
    ("text", "words", "posts", "units", "denied"),
    [
        ("pak supriyadi bukan lurah genuk", ["supriyadi"], (), (), "lurah genuk"), ("pak ridwan bukan yang camat", ["ridwan"], (), (), "yang camat"),
        ("Ridwan, bukan Ridwan Hakim, guru SMP 3", ["ridwan"], ("guru",), ("smp", "3"), "ridwan hakim"), ("Ridwan (bukan camat) guru", ["ridwan"], ("guru",), (), "camat"),
        ("Ridwan tapi bukan camat", ["ridwan"], (), (), "camat"), ("bukan camat melainkan lurah Genuk, Ridwan", ["ridwan"], ("lurah",), (), "camat"),
        ("bukan Zainal tapi Ridwan", ["ridwan"], (), (), "zainal"), ("Tapi Omas", ["tapi", "omas"], (), (), ""), ("Ridwan bukan Bu Sri dan Agus", ["ridwan"], (), (), "bu sri dan agus"),
    ],
)  # fmt: skip
def test_what_is_said_not_to_be_meant_is_not_looked_for_and_that_is_said(text, words, posts, units, denied):
    asked = names.read_query(text)
    assert [word.text for word in asked.name_words if word.role is names.Role.NAME] == words
    assert (asked.posts, asked.units, " ".join(asked.denied)) == (posts, units, denied)
    assert not asked.is_several and not asked.sex.startswith("f") and not asked.called
    said = [
        dict(each.values)["words"] for each in names.Comparer(asked).compare("Ridwan").because if each.code == "denied"
    ]
    assert said == ([denied] if denied else [])


@pytest.mark.parametrize(
    ("query", "words", "posts", "several"),
    [
        ("Camat Bergas Ridwan Kamil bersama Kasatpol PP Gunawan", ["bergas", "ridwan", "kamil"], ("camat",), True), ("Camat Karang Jati Ridwan dan Lurah Genuk Supri", ["karang", "jati", "ridwan"], ("camat",), True),
        ("Pak Ridwan sama Bu Nurul", ["ridwan"], (), True), ("Pak Ridwan dengan Bu Nurul", ["ridwan"], (), True), ("Ridwan vs Gunawan", ["ridwan"], (), True), ("Ridwan vs. Drs. Gunawan", ["ridwan"], (), True),
        ("camat karang jati dan lurah genuk", ["karang", "jati"], ("camat",), True), ("Ridwan sama Gunawan", ["ridwan"], (), True), ("Camat Jati Ridwan dan H. Gunawan", ["jati", "ridwan"], ("camat",), True),
        ("Kepala Dinas Sosial dan Kepala Dinas Kesehatan", [], ("kepala", "dinas"), True), ("Dinas Sosial dan Perawat, Ridwan", ["ridwan"], ("perawat",), False),
        ("Sama Ridwan", ["sama", "ridwan"], (), False), ("Pak Ridwan Sama", ["ridwan", "sama"], (), False), ("Ridwan, guru dan wakil kepala sekolah", ["ridwan"], ("guru", "wakil", "kepala"), False),
        ("Ridwan dengan Jabatan camat", ["ridwan"], ("camat",), False), ("Dinas Pemberdayaan Perempuan dan Perlindungan Anak, Ridwan", ["ridwan"], (), False), ("Ridwan bersama paslon nomor urut 2", ["ridwan"], (), False),
    ],
)  # fmt: skip
def test_two_people_are_parted_where_another_is_surely_begun(query, words, posts, several):
    asked = names.read_query(query, is_name=lambda word: word == "gunawan")
    assert ([word.text for word in asked.name_words], asked.posts, asked.is_several) == (words, posts, several)


@pytest.mark.parametrize(
    ("query", "named", "posts"),
    [
        ("inisial R camat karang jati", ["r"], ("camat",)), ("camat karang jati berinisial MR", ["m", "r"], ("camat",)), ("camat karang jati, inisial S.E. (45)", ["s", "e"], ("camat",)),
        ("guru berinisial Ridwan", ["ridwan"], ("guru",)), ("lurah Genuk inisialnya H.", ["h"], ("lurah",)),
    ],
)  # fmt: skip
def test_letters_that_are_said_to_be_initials_are_read_as_such(query, named, posts):
    asked = names.read_query(query)
    assert [word.text for word in asked.words if word.role is names.Role.NAME] == named
    assert (asked.posts, asked.units, asked.sex) == (posts, (), "")
    assert "initial" in codes("inisial MR, camat Jati", "Moh. Ridwan", unit="Kecamatan Jati", post="Camat")


@pytest.mark.parametrize(
    ("query", "named", "places"),
    [
        ("Kasi Trantib Kec. Payakumbuh Barat Pak Taufik", ["taufik"], ("payakumbuh", "barat")), ("lurah kel genuk sdr. Taufik", ["taufik"], ("genuk",)), ("camat Bu Sri", ["sri"], ()),
        ("camat Ibu Utara", [], ("ibu", "utara")), ("SMPN 3 Jati Ibu Sri", ["sri"], ("jati",)), ("kadis PU", [], ()), ("Pu Yi", ["pu", "yi"], ()), ("pak wali Rahman", ["wali", "rahman"], ()),
    ],
)  # fmt: skip
def test_a_salutation_begins_a_name_also_behind_a_place(query, named, places):
    asked = names.read_query(query)
    assert [word.text for word in asked.words if word.role is names.Role.NAME] == named
    assert asked.sure_places == places or not named


@pytest.mark.parametrize(
    ("query", "unit", "post"),
    [
        ("kadis PU", "Dinas Pekerjaan Umum", "Kepala Dinas"), ("dinas pu kepala", "Dinas Pekerjaan Umum dan Penataan Ruang", "Kepala Dinas"), ("sekdin pendidikan", "Dinas Pendidikan", "Sekretaris Dinas"),
        ("kasi trantib kec batu", "Kecamatan Batu", "Kepala Seksi Ketentraman dan Ketertiban"), ("kasi ketenteraman dan ketertiban kec batu", "Kecamatan Batu", "Kasi Trantib"), ("pak wali", "Kota Batu", "Wali Kota"), ("pak walikota", "", "Wali Kota"),
    ],
)  # fmt: skip
def test_short_forms_of_posts_and_fields_are_read_as_a_roster_writes_them(query, unit, post):
    assert score(query, "Ridwan", unit, post) == 85 and {"post"} <= codes(query, "Ridwan", unit=unit, post=post)
    assert not {"unit_lacks", "unit_other", "unit_near", "missing", "neither"} & codes(
        query, "Ridwan", unit=unit, post=post
    )


@pytest.mark.parametrize(
    ("query", "sex", "several"),
    [
        ("Bpk.Supriyadi", "m", False), ("Sdr.Supriyadi", "", False), ("Pak.Supriyadi", "m", False), ("Yth.Bpk.Supriyadi", "m", False), ("Bu. Supriyadi", "f", False), ("Tn.Supriyadi", "m", False),
        ("Bp. H.Supriyadi, MBA.", "m", False), ("pak supriyadi dkk", "m", True), ("supriyadi dkk.", "", True), ("bu supriyadi cs", "f", True), ("Supriyadi cs., guru", "", True), ("Supriyadi c.s.", "", True),
    ],
)  # fmt: skip
def test_a_glued_salutation_and_those_with_him_are_no_words_of_a_name(query, sex, several):
    asked = names.read_query(query)
    assert [word.text for word in asked.name_words] == ["supriyadi"]
    assert (asked.sex, asked.is_several) == (sex, several)


@pytest.mark.parametrize(
    ("query", "name", "unit", "post"),
    [
        ("diana sari guru pjok", "Diana Sari", "SMP Negeri 1", "Guru PJOK"), ("guru pjok diana sari", "Diana Sari", "SMP Negeri 1", "Guru PJOK"),
        ("Guru Bahasa Indonesia SMP 3 Nurul Hidayah", "Nurul Hidayah", "SMP Negeri 3", "Guru Bahasa Indonesia"), ("dokter gigi Hidayati", "Hidayati", "Puskesmas Batu", "Dokter Gigi"),
        ("guru mata pelajaran Tuti", "Tuti", "SMP Negeri 3", "Guru IPA"), ("guru mapel matematika Tuti", "Tuti", "SMP Negeri 3", "Guru Matematika"),
        ("Joko Widodo Pengadministrasi Umum dinas sosial", "Joko Widodo", "Dinas Sosial", "Pengadministrasi Umum"), ("analis kebijakan Joko, dinas sosial", "Joko", "Dinas Sosial", "Analis Kebijakan Ahli Muda"),
        ("Kepala Bidang Lalu Lintas dishub, Endang", "Endang", "Dinas Perhubungan", "Kepala Bidang Lalu Lintas"), ("Endang kasi trantib kecamatan Batu", "Endang", "Kecamatan Batu", "Kepala Seksi Trantib"), ("Kepala Seksi Kesehatan Kecamatan Batu, Endang", "Endang", "Kecamatan Batu", "Kepala Seksi Kesehatan"),
        ("kepala seksi pemerintahan kecamatan Batu, Endang", "Endang", "Kecamatan Batu", "Kepala Seksi Pemerintahan"),
    ],
)  # fmt: skip
def test_words_behind_a_post_that_somebodys_post_bears_are_of_the_post_for_him(query, name, unit, post):
    assert not {"missing", "neither", "unit_lacks", "nowhere", "post_near"} & codes(query, name, unit=unit, post=post)
    assert score(query, name, unit, post) >= 99


def test_a_word_behind_a_post_stays_one_of_the_name_of_whoever_bears_it():
    query = "dokter gigi handayani"
    assert codes(query, "Gigi Handayani", post="Dokter") == {"name_whole", "post"}
    assert codes(query, "Gigi Handayani", post="Dokter Gigi") == {"name_whole", "post"}
    assert "missing" in codes(query, "Handayani", post="Dokter Umum")
    assert score("guru kelas sari", "Sari", post="Guru Kelas") > score("guru kelas sari", "Sari", post="Guru IPA")


def test_of_a_number_too_it_is_said_that_somebody_is_not_meant():
    asked = names.read_query("196801012005011001 bukan Supriyadi")
    found = names.Comparer(asked).compare("Ridwan", number="196801012005011001")
    assert {"number", "denied"} <= {each.code for each in found.because}


@given(st.text(max_size=200))
def test_no_text_makes_the_reading_fail(text):
    try:
        asked = names.read_query(text, ON)
    except NameQueryRefused:
        return
    found = names.Comparer(asked).compare("Dr. H. Moh. Ridwan, S.Sos", "Kecamatan Karang Jati", "Camat", "", 1980)
    assert 0 <= found.score <= 100


@given(st.text(max_size=80))
def test_no_name_makes_the_comparing_fail(name):
    comparer = names.Comparer(names.read_query("Pak Moh. Ridwan guru SMP 3 umur 40-an", ON))
    assert 0 <= comparer.compare(name, name, name, name).score <= 100


CAST = [
    "Moh. Ridwan",
    "Ridwan Hakim",
    "Sri Wahyuni",
    "Sri Wahyuningsih",
    "Siti Aminah",
    "I Wayan Sudarma",
    "Suparman",
    "Jonner Siregar",
    "Abdul Rahman",
]


@given(
    st.sampled_from(CAST),
    st.sampled_from(["Dr.", "H.", "Drs.", "Ir.", "Pak", "Bu", "Sdr."]),
    st.sampled_from([", S.Sos", ", M.Pd", " SE", ", S.T., M.T.", ""]),
)
def test_titles_never_change_who_fits_best(name, front, back):
    def best(query):
        comparer = names.Comparer(names.read_query(query))
        return max(CAST, key=lambda each: comparer.compare(each).score)

    assert best(f"{front} {name}{back}") == best(name) == name


@given(st.sampled_from(CAST))
def test_the_same_name_fits_whole(name):
    assert score(name, name) == 100
    assert score(name, f"Dr. {name}, S.Sos") == 100


@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
)
def test_a_distance_is_the_same_in_both_directions(one, other):
    assert name_words.distance(one, other) == name_words.distance(other, one)
    assert (name_words.distance(one, other) == 0) == (one == other)
    assert 0 <= name_words.likeness(one, other)[0] <= 1


def test_an_h_behind_a_name_is_an_initial_and_before_it_or_behind_a_comma_a_title():
    def words(query):
        return [word.text for word in names.read_query(query).name_words]

    assert words("Ridwan H.") == words("guru SMP 3 Ridwan H.") == words("Guru SMP 3, Ridwan H.") == ["ridwan", "h"]
    assert (
        words("Ridwan H. guru SMP 3") == words("Ridwan H. dan Sri Rapi") == words("Ridwan H., S.Pd") == ["ridwan", "h"]
    )
    assert words("Ridwan H. M. Yusuf") == ["ridwan", "m", "yusuf"] and words("Ridwan H. Effendi") == [
        "ridwan",
        "effendi",
    ]
    assert words("H. Ridwan") == words("Ridwan, H.") == words("Dr. H. Ridwan, M.Si") == ["ridwan"]
    query, about = "guru SMP 3 Ridwan H.", ("SMP Negeri 3", "Guru")
    assert score(query, "Ridwan Hakim", *about) > score(query, "Ridwan", *about) > score(query, "Nur Ridwan", *about)
    assert (
        "initial" in codes(query, "Ridwan Hakim")
        and "joined" not in codes(query, "Ridwan")
        and score(query, "Ridwan", *about) > 75
    )
    assert score("Ridwan H.", "Ridwan H., S.Pd") == 100 and score("Ridwan H.", "RIDWAN H") == 100


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Aisyah Hrp", "Aisyah Harahap"), ("Marzuki Nst", "Marzuki Nasution"), ("Fauzi Lbs.", "Fauzi Lubis"), ("Jonner Srg", "Jonner Siregar"), ("Rosma Hsb", "Rosma Hasibuan"),
        ("Ali Dly", "Ali Daulay"), ("Nur Rtg", "Nur Ritonga"), ("Yasir Rkt", "Yasir Rangkuti"), ("Enjel br Pjt", "Enjel boru Panjaitan"), ("Rosma Smjtk", "Rosma br. Simanjuntak"),
        ("Tumpal Htg", "Tumpal Hutagalung"), ("Tumpal Htg", "Tumpal Hutagaol"), ("Aisyah Harahap", "AISYAH HRP"), ("Datuak Rajo Umpama", "Umpama Dt. Rajo"),
        ("Abdurrahman b. Yusuf", "Abdurrahman bin Yusuf"), ("Rosma b. Umar", "Rosma binti Umar"), ("R.M. Bambang Subroto", "Raden Mas Bambang Subroto"), ("R. M. Bambang", "RM Bambang"),
        ("R.A. Sekar Rekaan", "Raden Ayu Sekar Rekaan"), ("Umpama suku Koto", "Umpama Koto"), ("Umpama marga Siregar", "Umpama Siregar"), ("Umpama bermarga Nst", "Umpama Nasution"),
    ],
)  # fmt: skip
def test_clans_fathers_and_nobles_are_known_by_their_short_forms(query, name):
    assert score(query, name) >= 94 and "missing" not in codes(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Aisyah Hrp", "Aisyah Harapan"), ("Marzuki Nst", "Marzuki Nasrit"), ("Ridwan B. Hakim", "Ridwan Hakim"), ("R.M. Simanjuntak", "Bambang Simanjuntak"), ("R.M. Bambang", "Raden Bambang"),
        ("Ridwan bin Hakim", "Ridwan B. Hakim"), ("B. Yusuf", "Abdurrahman bin Yusuf"),
    ],
)  # fmt: skip
def test_a_letter_that_is_an_initial_and_letters_of_no_clan_stay_so(query, name):
    assert score(query, name) < 100 and "name_whole" not in codes(query, name)


def test_initials_before_a_bataks_clan_are_of_his_name():
    assert "initial" in codes("R.M. Simanjuntak", "Rudi Martua Simanjuntak")
    assert "initial" in codes("Ridwan B. Hakim", "Ridwan Budi Hakim")


def test_a_clan_that_is_not_recorded_costs_little_and_is_said_as_that():
    without = names.Comparer(names.read_query("Umpama suku Koto")).compare("Umpama Rekaan")
    assert Reason("clan_none", (("words", "koto"),)) in without.because
    assert "missing" not in [reason.code for reason in without.because]
    assert score("Umpama Koto", "Umpama Rekaan") + 15 < without.score < score("Umpama suku Koto", "Umpama Koto")
    # Of any other word it stays as it was.
    assert "missing" in codes("Umpama Contoh suku Koto", "Umpama Koto")


@pytest.mark.parametrize(
    ("text", "words", "clans"),
    [
        ("Umpama suku Koto", ["umpama", "koto"], ("koto",)), ("suku Koto", ["koto"], ()), ("Made Marga Utama", ["made", "marga", "utama"], ()), ("Suku Dinas Sosial, Umpama", ["suku", "umpama"], ()),
        ("Umpama marga Hrp", ["umpama", "hrp"], ("hrp",)), ("Umpama Suku", ["umpama", "suku"], ()),
    ],
)  # fmt: skip
def test_what_follows_suku_or_marga_is_a_clan(text, words, clans):
    asked = names.read_query(text)
    assert [word.text for word in asked.name_words] == words and asked.clans == clans


@pytest.mark.parametrize(
    ("text", "words", "sex"),
    [
        ("Buk Rosma", ["rosma"], "f"), ("Ibuk Rosma", ["rosma"], "f"), ("Bg Umpama", ["umpama"], "m"), ("Bg. Umpama", ["umpama"], "m"), ("lae Umpama", ["umpama"], "m"), ("Inyiak Umpama", ["umpama"], "m"),
        ("da Umpama", ["umpama"], "m"), ("uda Umpama", ["umpama"], "m"), ("uni Rosma", ["rosma"], "f"), ("ajo Umpama", ["umpama"], "m"), ("tulang Umpama", ["umpama"], "m"), ("namboru Rosma", ["rosma"], "f"), ("pak cik Umpama", ["umpama"], "m"), ("Mak Tuo Rosma", ["rosma"], "f"),
        ("camat ajo Umpama", ["umpama"], "m"),
        # Behind a name, alone, or with nothing that may be a name behind, it is one.
        ("Umpama Ajo", ["umpama", "ajo"], ""), ("Ajo", ["ajo"], ""), ("Ajo A.", ["ajo", "a"], ""), ("Cik Umpama", ["umpama"], ""), ("Long Umpama", ["long", "umpama"], ""), ("Umpama Tuo", ["umpama", "tuo"], ""),
        ("Uni", ["uni"], "f"), ("Bu Uni guru SMP 3", ["uni"], "f"), ("Pak Uda", ["uda"], "m"), ("uni Rosma guru", ["rosma"], "f"), ("guru SMP 3 uni Rosma", ["rosma"], "f"),
    ],
)  # fmt: skip
def test_addresses_of_the_regions_are_no_words_of_a_name_before_one(text, words, sex):
    asked = names.read_query(text)
    assert ([word.text for word in asked.name_words], asked.sex) == (words, sex)


@pytest.mark.parametrize(
    ("query", "unit", "post"),
    [
        ("wako Batu", "Sekretariat Daerah Kota Batu", "Wali Kota"), ("kepala KUA", "Kantor Urusan Agama", "Kepala Kantor Urusan Agama"), ("kepala KUA Karang Jati", "KUA Karang Jati", "Kepala KUA"),
        ("kepala bapeda", "Badan Perencanaan Pembangunan Daerah", "Kepala Badan"), ("dir rsud", "RSUD Umpama", "Direktur"), ("dir. RSUD", "RSUD Umpama", "Direktur"),
        ("kaban kepegawaian", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "Kepala Badan"), ("gubernur sumbar", "Pemerintah Provinsi Sumatera Barat", "Gubernur"), ("gubernur sumbar", "Pemprov Sumbar", "Gubernur"),
        ("kadis kesehatan jateng", "Dinas Kesehatan Provinsi Jawa Tengah", "Kepala Dinas"), ("gubernur jabar", "Pemerintah Provinsi Jawa Barat", "Gubernur"),
    ],
)  # fmt: skip
def test_more_short_forms_are_read_as_a_roster_writes_them(query, unit, post):
    assert score(query, "Rekaan", unit, post) >= 80 and "post" in codes(query, "Rekaan", unit=unit, post=post)
    assert not {"unit_lacks", "unit_other", "missing", "neither"} & codes(query, "Rekaan", unit=unit, post=post)


@pytest.mark.parametrize(
    ("query", "words"), [("Abdul Jabar", ["abdul", "jabar"]), ("Dir Umpama", ["dir", "umpama"]), ("gubernur sumut", [])]
)
def test_a_province_is_no_name_and_a_name_no_province(query, words):
    asked = names.read_query(query)
    assert [word.text for word in asked.name_words] == words


def test_another_side_of_an_island_is_another_province():
    assert "unit_other" in codes("gubernur sumut", "Lumut Umpama", unit="Provinsi Sumatera Barat", post="Gubernur")


BORNE = {"umpama", "rekaan", "contoh", "wati"}


@pytest.mark.parametrize(
    ("query", "words", "posts"),
    [
        ("Umpama kadis, Rekaan sekcam", ["umpama"], ("kepala", "dinas")), ("Umpama kadis pendidikan, Rekaan sekcam timur", ["umpama"], ("kepala", "dinas", "pendidikan")),
        ("Umpama (kadisdik), Rekaan (kadis kominfo)", ["umpama"], ("kepala", "dinas")), ("Umpama camat dan Contoh Wati guru SD 12", ["umpama"], ("camat",)), ("Umpama camat dan Wati", ["umpama"], ("camat",)), ("Umpama (52) camat dan Drs. Wati (40) guru", ["umpama"], ("camat",)),
        ("kadis pendidikan Umpama, Drs. Rekaan kadis kominfo", ["umpama"], ("kepala", "dinas", "pendidikan")), ("lurah umpama dan stafnya wati", ["umpama"], ("lurah",)), ("lurah umpama beserta istrinya", ["umpama"], ("lurah",)),
        ("Umpama guru; Rekaan kepala sekolah", ["umpama"], ("guru",)), ("Umpama kadis sosial dan Rekaan", ["umpama"], ("kepala", "dinas", "sosial")),
    ],
)  # fmt: skip
def test_a_second_person_is_noticed_by_name_and_post_or_by_what_he_is_to_the_first(query, words, posts):
    asked = names.read_query(query, is_name=BORNE.__contains__)
    assert ([word.text for word in asked.name_words], asked.posts, asked.is_several) == (words, posts, True)


@pytest.mark.parametrize(
    "query",
    [
        "Umpama, guru dan wakil kepala sekolah", "Umpama camat, Karang Jati", "Umpama kadis pendidikan dan kebudayaan", "Umpama guru dan operator SD 12", "Umpama, Rekaan", "Rekaan, guru, kepala sekolah",
        "Umpama camat alias Rekaan lurah", "Umpama camat, anak Rekaan kepala desa", "Umpama camat, bin Rekaan kepala desa", "Umpama camat dan SD 3 Karang Jati",
        "mantan sekda, Rekaan kepala bappeda", "Umpama guru, Bukit Raya kepala sekolah", "Staf Umpama, kepala seksi sosial", "Nyanya Umpama camat",
    ],
)  # fmt: skip
def test_a_second_post_or_a_place_is_nobody_else(query):
    assert not names.read_query(query, is_name=BORNE.__contains__).is_several


@pytest.mark.parametrize(
    ("short", "place", "is_so"),
    [
        ("pyk", "payakumbuh", True), ("bkt", "bukittinggi", True), ("pdg", "padang", True), ("ibh", "ibuh", True), ("jrg", "jaring", True), ("pky", "payakumbuh", False), ("pyk", "padang", False),
        ("pdg", "pendidikan", False), ("pyk", "pyk", False), ("kyb", "payakumbuh", False),
    ],
)  # fmt: skip
def test_letters_of_a_place_without_its_vowels_are_short_for_it(short, place, is_so):
    assert names.is_short_for(short, place) == is_so


def test_what_has_vowels_or_is_short_for_a_name_is_no_short_form_of_a_place():
    assert [word for word in ("pyk", "ibh", "hrp", "moh", "padang", "pk", "ptr") if names.may_be_short(word)] == [
        "pyk",
        "ibh",
        "ptr",
    ]
