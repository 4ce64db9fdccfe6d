"""The index of names: the right person among many, once, on the day and in the region; a broken file is known as one."""

import gc
import random
import threading
import time
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from ikrar.bulk import name_index
from ikrar.bulk.name_index import Entry
from ikrar.domain import names
from ikrar.domain.errors import NameFileWrong, NameIndexBroken, NameQueryRefused
from ikrar.domain.names import Comparer, read_query
from ikrar.services import name_rosters

JATI, RAYA = "Kecamatan Karang Jati", "Kecamatan Batu Raya"
PEOPLE = [
    Entry(1, "196801012005011001", "Dr. H. Moh. Ridwan, S.Sos", JATI, "Camat", "13.76.01", since=date(2022, 1, 1)),
    Entry(2, "197801012005011002", "Ridwan Hakim", "SMP Negeri 3 Karang Jati", "Guru", "13.76.01"),
    Entry(3, "198001012005012003", "Sri Wahyuni, S.Pd", "SMP Negeri 3 Karang Jati", "Guru", "13.76.01"),
    Entry(4, "198501012005012004", "Sri Wahyuni", "Puskesmas Batu Raya", "Perawat", "14.71"),
    Entry(5, "197001012005011005", "Kurniawan Saputra", "Dinas Pendidikan Karang Jati", "Staf", "13.76"),
    Entry(6, "197101012005011006", "Setiawan", "Dinas Pendidikan Karang Jati", "Staf", "13.76"),
    Entry(7, "197201012005011007", "Ridwan", "Dinas Pendidikan Karang Jati", "Analis", "13.76"),
    Entry(8, "", "Jonner Siregar", RAYA, "Camat", "14.71", until=date(2023, 6, 1)),
    Entry(9, "NRP-77", "Budi Santoso", RAYA, "Camat", "14.71", since=date(2023, 6, 1)),
    Entry(10, "198801012015011010", "Abdul Rahman", JATI, "Staf", "13.76.01"),
    Entry(11, "198801012015011011", "I Wayan Sudarma", JATI, "Staf", "13.76.01"),
    Entry(12, "198801012015011012", "Nur Hayati", JATI, "Staf", "13.76.01"),
    Entry(1, "196801012005011001", "Dr. H. Moh. Ridwan, S.Sos", RAYA, "Camat", "14.71", since=date(2019, 1, 1), until=date(2022, 1, 1)),
]  # fmt: skip


@pytest.fixture
def index(tmp_path):
    name_index.build(tmp_path / "names", PEOPLE)
    return name_index.open_index(tmp_path / "names")


def found(index, query, **narrowed):
    return [hit.key for hit in index.search(query, **narrowed).people]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("Pak Camat Karang Jati, Dr. H. Muhammad Ridwan, S.Sos", 1), ("MUHAMMADRIDWAN", 1), ("mochamad riduan", 1), ("Ridwna Hakim", 2), ("hakim ridwan", 2),
        ("bu sri wahyuni guru smp 3", 3), ("Sri Wahyuni perawat puskesmas", 4), ("198001012005012003", 3), ("NIP 19800101 200501 2 003 Budi", 3),
        ("Djonner Siregar", 8), ("Boedi Santosa", 9), ("Abdurrahman", 10), ("Wyn. Sudarma", 11), ("Nurhayati", 12), ("Camat Batu Raya", 9),
        ("Pak Camat Karng Jati", 1),
    ],
)  # fmt: skip
def test_the_right_person_comes_first(index, query, key):
    assert found(index, query, on=date(2024, 10, 14) if key != 8 else None)[0] == key


def test_a_person_with_several_entries_is_there_once(index):
    hits = index.search("Moh. Ridwan")
    assert [hit.key for hit in hits.people].count(1) == 1
    assert hits.more == 0


def test_who_held_a_post_is_found_by_its_days(index):
    assert found(index, "Camat Batu Raya", on=date(2020, 5, 1))[0] in (1, 8)
    assert 9 not in found(index, "Budi Santoso camat", on=date(2020, 5, 1))
    assert 8 in found(index, "Jonner Siregar", on=date(2023, 5, 31))
    assert 8 not in found(index, "Jonner Siregar", on=date(2023, 6, 1))
    (ridwan,) = [hit for hit in index.search("Moh. Ridwan", on=date(2020, 1, 1)).people if hit.key == 1]
    assert ridwan.unit == RAYA


def test_a_region_narrows_to_itself_and_what_lies_in_it(index):
    assert found(index, "Sri Wahyuni", region="13.76") == [3]
    assert found(index, "Sri Wahyuni", region="14.71") == [4]
    assert found(index, "Sri Wahyuni", region="13.7") == []
    assert found(index, "Sri Wahyuni", where=lambda region: region.startswith("14")) == [4]


def test_a_word_of_a_place_ranks_and_shuts_nobody_out(index):
    assert 2 in found(index, "Pak Camatt Ridwan Hakim dari Entah Berantah")
    assert 1 in found(index, "Camat Ridwan")


@pytest.mark.parametrize(
    ("query", "post"),
    [
        ("Pak Camat Karang Jati", "Camat"), ("sekcam karang jati", "Sekretaris Camat"), ("lurah karang jati", "Lurah"),
        ("kepala dinas kominfo", "Kepala Dinas"), ("kabid kominfo", "Kepala Bidang Aplikasi"), ("kasubbag kominfo", "Kepala Subbagian Umum"),
    ],
)  # fmt: skip
def test_whoever_holds_the_very_post_comes_first_and_others_do_not_fit_as_well(tmp_path, query, post):
    posts = {
        JATI: ("Sekretaris Camat", "Camat", "Staf Camat"),
        "Kelurahan Karang Jati": ("Sekretaris Lurah", "Lurah"),
        "Dinas Kominfo": ("Kepala Bidang Aplikasi", "Kepala Subbagian Umum", "Kepala Dinas"),
    }
    held = [(unit, each) for unit, several in posts.items() for each in several]
    people = [Entry(n, "", f"Orang Ke {'abcdefgh'[n] * 3}", unit, each) for n, (unit, each) in enumerate(held)]
    name_index.build(tmp_path / "names", people)
    hits = name_index.open_index(tmp_path / "names").search(query)
    assert (hits.people[0].post, hits.more, hits.ask) == (post, 0, None)


@pytest.mark.parametrize(
    "query", ["Fatimah Abdullah", "Wati Abdullah", "Suparman Camat Karang Jati", "Abdul Rahman", "Sudarma"]
)
def test_nobody_is_counted_who_does_not_fit_as_those_do_that_are_shown(tmp_path, query):
    bearers = [
        "Fatimah binti Abdullah", "Abdul Rahman", "Abd. Rachman Saleh", "Abdurrahman Wahid", "Abdullah Mendung", "Dullah", "Siti Hajar",
        "Fatmawati", "Ahmad bin Yusuf", "Moh. Ridwan", "Muhamad Ridho", "Ratna Wati", "I Wayan Sudarma", "Sudarmi", "Nur Hayati",
        "Nurhayati", "St. Nurhayati",
    ]  # fmt: skip
    people = [Entry(n, "", name, JATI, "Staf" if n else "Camat") for n, name in enumerate(bearers)]
    name_index.build(tmp_path / "names", people)
    hits = name_index.open_index(tmp_path / "names").search(query)
    comparer = Comparer(read_query(query))
    scores = [comparer.compare(each.name, each.unit, each.post).score for each in people]
    as_well = sum(
        score >= 40 and score >= max(scores) - (2 if max(scores) >= 90 and " " in query else 12) for score in scores
    )
    assert hits.more == max(0, as_well - sum(hit.score >= max(scores) - 12 for hit in hits.people))
    assert (hits.ask is None) == (as_well == 1 or max(scores) < 60)


@pytest.mark.parametrize("query", ["Camat Moh. Ridwan", "Pak Camat Dr. H. Moh. Ridwan, S.Sos", "Lurah Moh. Ridwan"])
def test_whoever_fits_as_well_is_shown_where_there_is_a_place_and_asked_about_by_what_he_is(tmp_path, query):
    surnames = [
        "Kapur",
        "Lempung",
        "Bambu",
        "Timbangan",
        "Tempayan",
        "Pualam",
        "Kwarsa",
        "Jembatan",
        "Marmer",
        "Belerang",
        "Serai",
        "Kunyit",
        "Manggis",
    ]
    units = ("Dinas Pasar", "Inspektorat", "SD Negeri 2", "Dinas Sosial")
    people = [
        Entry(n, "", f"{first}Ridwan {last}", units[n % 4] + f" {last}", "Staf", f"12.{n:02}")
        for n, (first, last) in enumerate((first, last) for first in ("", "Hasan ") for last in surnames)
    ]
    people += [
        Entry(900 + n, "", f"Wahyu Ridwan {word}", JATI, f"Sekretaris {word}", "12.40")
        for n, word in enumerate(("Camat", "Lurah"))
    ]
    people += [Entry(950 + n, "", f"Maryam Riduan{last}", JATI, "Camat", "12.41") for n, last in enumerate(surnames)]
    name_index.build(tmp_path / "names", people)
    hits = name_index.open_index(tmp_path / "names").search(query)
    assert len(hits.people) == 5 and hits.more > 0
    assert all(hit.score >= hits.people[0].score - 12 for hit in hits.people)
    assert hits.ask.what == "region" and len(hits.ask.values) > 1


FIRSTS = [
    "Moh. Ridwan",
    "Ridwan",
    "Muhammad",
    "Siti",
    "Sri",
    "Agus",
    "I Wayan",
    "Ni Made",
    "Ahmad",
    "Nur",
    "Abdul",
    "Bambang",
    "Kurniawan",
    "Dewi",
]
LASTS = ["Hakim", "Wahyuni", "bin Ridwan", "Santoso", "Lestari", "Rahman", "Sudarma", "Siregar", "Fauzi", "binti Yusuf"]
OFFICES = (
    ("SMP Negeri 3 Karang Jati", "Guru"), ("SMP Negeri 3 Karang Jati", "Guru Matematika"), ("SMP Negeri 1 Karang Jati", "Guru"), (JATI, "Pelaksana"),
    (RAYA, "Sekretaris Camat"), (RAYA, "Pelaksana"), ("Dinas Kesehatan", "Analis"), ("Puskesmas Batu Raya", "Perawat"),
)  # fmt: skip
VAGUE = (
    "Ridwan", "Pak Ridwan", "Siti", "Wayan", "Bu Wayan", "Muhammad Ridwan", "Abdul Rahman", "Sri Wahyuni", "Bu Sri Wahyuni", "guru SMP 3", "Kecamatan Batu Raya",
    "staf Camat Batu Raya", "Agus guru", "Bambang Santosa Hakim", "Iwan", "perawat puskesmas sukamaju", "Ahmad Dinas Kesehatan", "Sri guru SMP 3 umur 40-an", "Rahman lahir 1980",
    "Sri Wahyuni lahir 1 Januari 1980", "Rahman lahir Februari 1980", "IGA Made",
)  # fmt: skip


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    rng = random.Random(5)
    people = []
    for n in range(1500):
        unit, post = rng.choice(OFFICES)
        name = f"{rng.choice(FIRSTS)} {rng.choice(FIRSTS) + ' ' if rng.random() < 0.4 else ''}{rng.choice(LASTS)}"
        born = rng.randrange(1965, 1999)
        region = rng.choice(("13.75", "13.76.01", "13.76.02", "14.71"))
        people.append(Entry(n, f"{born}01012005011{n:03}"[:18], name, unit, post, region, born))
    path = tmp_path_factory.mktemp("crowd") / "names"
    name_index.build(path, people)
    return name_index.open_index(path), people


@pytest.mark.parametrize("query", VAGUE)
def test_others_who_fit_as_well_are_counted_as_if_each_were_compared(crowd, query, monkeypatch):
    index, people = crowd
    searches = []
    monkeypatch.setattr(name_index, "_Search", lambda *given: searches.append(made := _SEARCH(*given)) or made)
    for region in ("", "13", "13.76", "13.76.01", "14.71"):
        hits = index.search(query, region=region, on=date(2024, 10, 14))
        search = searches[-1]
        first = min(hits.people, key=search._order)
        fits = 0
        for each in people:
            if not each.region.startswith(region):
                continue
            found = search.comparer.compare(each.name, each.unit, each.post, "", each.born, each.number)
            fits += search._is_as_well(replace(first, score=found.score, where=found.where), first)
        assert hits.more == fits - sum(search._is_as_well(hit, first) for hit in hits.people), (query, region)
        assert not hits.more_is_least


_SEARCH = name_index._Search


@pytest.mark.parametrize("query", VAGUE)
def test_where_less_is_looked_through_no_more_are_counted(crowd, query):
    index, _people = crowd
    all_of_them = index.search(query, on=date(2024, 10, 14))
    assert index.search(query).more == all_of_them.more or "umur" in query
    for region in ("13", "13.76", "14.71"):
        some = index.search(query, region=region, on=date(2024, 10, 14))
        if some.people[0].score == all_of_them.people[0].score:
            assert some.more <= all_of_them.more


def test_of_more_than_a_thousand_it_is_said_that_so_many_are_the_least(tmp_path):
    people = [Entry(n, "", "Sri Wahyuni", f"SD Negeri {n % 90}", "Guru", f"13.{n % 3:02}") for n in range(4000)]
    name_index.build(tmp_path / "names", people)
    index = name_index.open_index(tmp_path / "names")
    for narrowed in ({}, {"region": "13"}, {"region": "13.01"}):
        hits = index.search("Sri Wahyuni", **narrowed)
        assert (hits.more, hits.more_is_least) == (1000, True)


def test_where_names_are_too_many_to_be_looked_at_it_is_said_that_there_may_be_more(tmp_path, monkeypatch):
    monkeypatch.setattr(name_index, "_MOST_SCORED", 100)
    people = [
        Entry(n, "", f"Ridwan {'abcdefghij'[n % 10] * 3}{'klmnopqrst'[n // 10 % 10] * 3}{n // 100 * 'u'}")
        for n in range(900)
    ]
    name_index.build(tmp_path / "names", people)
    hits = name_index.open_index(tmp_path / "names").search("Ridwan")
    assert 90 <= hits.more < 900 and hits.more_is_least


def test_the_columns_know_another_unit_as_the_domain_does(tmp_path):
    schools = (
        "SMPN 1 Karang",
        "SMPN 3 Karang",
        "SDN 03 Karang",
        "Kecamatan Karang Barat",
        "Kecamatan Karang Utara",
        "Nias Barat",
    )
    name_index.build(tmp_path / "names", [Entry(n, "", f"Sri {n}", unit) for n, unit in enumerate(schools)])
    units = name_index.open_index(tmp_path / "names")._units
    for words in (("smp", "3"), ("karang", "barat"), ("sd", "1"), ("smp", "3", "karang")):
        comparer = Comparer(read_query("Sri"))
        exact = {}
        for unit in schools:
            theirs = names.unit_words(unit)
            share = comparer._of_unit(list(words), theirs)[0]
            exact[unit] = share * names.OTHER_UNIT if names.are_other(words, theirs) else share
        assert dict(zip(units.strings, units.scores(words).tolist(), strict=True)) == pytest.approx(exact, abs=0.01)


def test_whoever_is_counted_as_fitting_as_well_is_shown_before_those_who_do_not(tmp_path):
    there = [
        Entry(n, "", name, "SMPN 3 Payakumbuh", "Staf")
        for n, name in enumerate(("Sri Maryam Jembatan", "Asni Sari Teduh"))
    ]
    elsewhere = [
        Entry(10 + n, "", f"Sri {name}", f"SDN 0{n} Tarutung", "Guru")
        for n, name in enumerate(("Bukit", "Lumut", "Serai", "Kapur", "Teduh", "Sawah"))
    ]
    name_index.build(tmp_path / "names", there + elsewhere)
    hits = name_index.open_index(tmp_path / "names").search("Sri guru SMP 3")
    assert hits.people[0].key == 0 and hits.more == 0
    assert hits.ask is None or 1 in [hit.key for hit in hits.people]


BUKITTINGGI = [
    Entry(1, "", "H. Nurdin Batuapung", "SMPN 1 Bukittinggi", "Kepala SMPN 1 Bukittinggi"), Entry(2, "", "Zahara Bukit", "SMPN 1 Medan", "Kepala SMPN 1 Medan"),
    Entry(3, "", "Tigor Bukit", "SMPN 4 Payakumbuh", "Kepala SMPN 4 Payakumbuh"), Entry(4, "", "Sri Bukit", "SDN 03 Guguak Panjang", "Guru"),
    Entry(5, "", "Hendra Lumut", "RSUD Bukittinggi", "Perawat"), Entry(6, "", "Hendra Kapur", "RSUD Medan", "Perawat"),
]  # fmt: skip


def test_what_only_units_are_called_is_a_place_and_no_part_of_a_name(tmp_path):
    name_index.build(tmp_path / "names", BUKITTINGGI)
    index = name_index.open_index(tmp_path / "names")
    head = index.search("kepala SMPN 1 Bukittinggi")
    assert head.people[0].key == 1 and head.ask is None
    assert all(hit.score < head.people[0].score - 12 for hit in head.people[1:])
    assert not index.search("Wali Kota Bukittinggi").people  # nobody here holds that post
    assert found(index, "Hendra Bukittinggi")[0] == 5
    # Alone it may still be a name, and is one where somebody bears it.
    assert 4 in found(index, "Bukittinggi")
    index.add(Entry(7, "", "Bukittinggi Sejahtera", "RSUD Medan", "Perawat"))
    assert found(index, "perawat Bukittinggi")[0] in (5, 7) and 7 in found(index, "perawat Bukittinggi")


@pytest.mark.parametrize("query", ["Siti Aisyah", "Aisyah Siti", "Nur Aisyah"])
def test_a_light_word_that_few_have_hides_nobody_who_bears_the_weighty_one(tmp_path, query):
    lasts = [
        f"{first}{second}{third}" for first in "bcdf" for second in ("andi", "ero") for third in ("sta", "lun", "gor")
    ]
    light = [f"{first} {last}" for first in ("Siti", "Nur") for last in lasts[:20]]
    bearers = [f"Aisyah {last}" for last in lasts] + [f"{last} Aisyah" for last in lasts]
    name_index.build(tmp_path / "names", [Entry(n, "", name, JATI) for n, name in enumerate(light + bearers)])
    hits = name_index.open_index(tmp_path / "names").search(query)
    assert len(hits.people) == 5 and hits.more > 0
    assert all("Aisyah" in hit.name and hit.score >= 50 for hit in hits.people)


def test_the_holder_of_a_post_is_found_among_hundreds_of_units_of_the_place(tmp_path):
    offices = [
        Entry(n, "", f"Orang {chr(97 + n % 26) * 3}", f"SDN {n} / Pemerintah Kota Bukittinggi", f"Kepala SDN {n}")
        for n in range(60)
    ]
    offices += [
        Entry(100 + n, "", f"Ketua {chr(97 + n) * 3}", f"Badan {what} Daerah / Pemerintah Kota Bukittinggi", f"{post} Badan {what} Daerah")
        for n, (post, what) in enumerate((post, what) for what in ("Aset", "Pendapatan", "Keuangan") for post in ("Kepala", "Sekretaris"))
    ]  # fmt: skip
    offices += [
        Entry(300 + n, "", f"Dodi {place}", f"Sekretariat Daerah / Pemerintah Kota {place}", "Sekretaris Daerah")
        for n, place in enumerate(("Bukittinggi", "Payakumbuh"))
    ]
    name_index.build(tmp_path / "names", offices)
    index = name_index.open_index(tmp_path / "names")
    for query in ("Sekda Bukittinggi", "Sekda Kota Bukittinggi", "Sekretaris Daerah Bukittinggi"):
        hits = index.search(query)
        assert (hits.people[0].key, hits.more, hits.ask) == (300, 0, None)


@pytest.mark.parametrize("query", ["MOHRIDWAN", "MUHAMMADRIDWAN", "DRMOHRIDWAN", "Moh. Ridwan"])
def test_nobody_who_fits_best_is_hidden_behind_others_whose_names_are_written_otherwise(tmp_path, query):
    bearers = ["H. Moh. bin Ridwan", "Muhammad Ridwan, S.Pd.", "Dr. H. Moh. Ridwan, S.Sos., M.Si."]
    bearers += [
        f"{first} Ridwan {last}" for first in ("M.", "Moh.", "Mochamad") for last in ("Hakim", "Kusuma", "Lestari")
    ]
    name_index.build(tmp_path / "names", [Entry(n, "", name, JATI, f"Staf {n}") for n, name in enumerate(bearers)])
    shown = name_index.open_index(tmp_path / "names").search(query).people
    assert {hit.key for hit in shown[:3]} == {0, 1, 2} and shown[2].score >= 96


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("DRMOHRIDWAN", "Dr. H. Mohammad Ridwan"), ("MOHRIDWAN", "Mohammad Ridwan"), ("ABDRACHMAN", "Abdul Rachman"), ("ABDRACHMANSALEH", "Abdul Rahman Saleh"), ("PAKRIDWAN", "Mohammad Ridwan"),
        ("IGNRAIWIBAWA", "I Gusti Ngurah Rai Wibawa"), ("SITIDJUBAEDAH", "Siti Jubaedah"), ("NOERHIDAJAT", "Nur Hidayat"),
    ],
)  # fmt: skip
def test_what_was_written_without_spaces_is_parted_however_its_parts_are_spelled(tmp_path, query, name):
    others = ["Hendra Batu", "Sri Wahyuni", "I Wayan Sudarma", "Rahmat Hidayat", "Siti Aminah", "Jonner Siregar"]
    people = [Entry(n, "", each, JATI) for n, each in enumerate((name, *others))]
    name_index.build(tmp_path / "names", people)
    shown = name_index.open_index(tmp_path / "names").search(query).people
    assert shown and shown[0].key == 0 and shown[0].score >= 85


def test_where_a_roster_knows_no_posts_whoever_is_of_the_unit_is_shown(tmp_path):
    name_index.build(tmp_path / "names", [Entry(1, "", "Nurdin Batuapung", "Dinas Pasar Bukittinggi")])
    assert found(name_index.open_index(tmp_path / "names"), "kepala dinas pasar bukittinggi") == [1]


ROSTER = [
    Entry(1, "", "Dr. H. Moh. Ridwan, S.Sos", JATI, "Camat"), Entry(2, "", "K.R.T. Hadiningrat", "Sekretariat Daerah", "Asisten"), Entry(3, "", "R. Ng. Prawirodirdjo", JATI, "Staf"),
    Entry(4, "", "I Wayan Sudarma", "Dinas Pariwisata", "Staf"), Entry(5, "", "Ni Wayan Sudarmi", "Dinas Pariwisata", "Staf"), Entry(6, "", "Anak Agung Gede Raka", "Dinas Pasar", "Staf"),
    Entry(7, "", "Ida Bagus Putu Mantra", "Dinas Pasar", "Staf"), Entry(8, "", "Abdurrahman Wahid", "MAN 1", "Guru"), Entry(9, "", "Sri Wahyuni", "SMP Negeri 3 Karang Jati", "Guru"),
    Entry(10, "", "Sri Wahyuningsih", "SMP Negeri 1 Karang Jati", "Guru"), Entry(11, "", "Agus Setiawan", "SMP Negeri 3 Karang Jati", "Staf"), Entry(12, "", "Raka Bumi", "Dinas Pasar", "Staf"),
]  # fmt: skip


@pytest.fixture
def roster_index(tmp_path):
    name_index.build(tmp_path / "roster", ROSTER)
    return name_index.open_index(tmp_path / "roster")


@pytest.mark.parametrize(
    ("query", "key", "least", "reason"),
    [
        ("pak camat karangjati", 1, 85, "post"), ("AA Gde Raka", 6, 90, "name_same"), ("IB Mantra", 7, 90, "name_same"), ("A.A. Gede Raka", 6, 90, "name_whole"),
        ("Bu Wayan", 5, 85, "sex_same"), ("Pak Wayan", 4, 85, "sex_same"), ("Ni Wayan", 5, 85, "sex_same"), ("Abdurrahman guru MAN", 8, 90, "unit"),
        ("Suparman Camat Karang Jati", 1, 50, "nowhere"), ("Suparman guru SMP 3", 9, 50, "nowhere"), ("Ridwan dan Sri Wahyuni", 1, 90, "several"),
        ("yang pakai kaos merah di lapangan itu, katanya staf, namanya agus", 11, 60, "name_same"), ("pak ridwan sedang berorasi berteriak lantang", 1, 60, "nowhere"),
        ("Ridwan'; DROP TABLE people;--", 1, 60, "nowhere"), ("<b>Moh. Ridwan</b> camat", 1, 98, "post"),
    ],
)  # fmt: skip
def test_whoever_is_meant_is_found_and_the_reason_says_how_far(roster_index, query, key, least, reason):
    hits = roster_index.search(query)
    assert hits.people[0].key == key and hits.people[0].score >= least
    codes = [each.code for each in hits.people[0].because]
    assert reason in codes and ("nowhere" not in codes or codes[0] == "nowhere")
    assert "nowhere" not in codes or hits.people[0].score < 75


@pytest.mark.parametrize("query", ["Bu Sri guru SMP 3", "Suparman Camat Karang Jati", "Pak Camat Karang Jati"])
def test_what_was_told_already_is_not_asked_for(roster_index, query):
    assert roster_index.search(query).ask is None


@pytest.mark.parametrize("added", [False, True])
def test_a_given_name_that_is_short_for_another_is_found_as_it_is(tmp_path, added):
    people = [
        Entry(1, "", "Iga Mawarni", JATI), Entry(2, "", "I Gusti Ayu Made Suryani", JATI), Entry(3, "", "Anak Agung Gede Oka", JATI),
        Entry(4, "", "Ida Ayu Komang Sri", JATI), Entry(5, "", "IGA Made Oka", JATI),
    ]  # fmt: skip
    name_index.build(tmp_path / "names", [] if added else people)
    index = name_index.open_index(tmp_path / "names")
    for entry in people if added else ():
        index.add(entry)
    assert found(index, "Iga")[0] == 1 and found(index, "Iga Mawarni")[:1] == [1]
    assert set(found(index, "Gusti")) == {2, 5} == set(found(index, "Gusti Ayu")[:2])
    assert 1 not in found(index, "Gusti Ayu") and 3 not in found(index, "Pak IGA")


@pytest.mark.parametrize("comma", [",", ""])
def test_of_a_name_a_post_and_a_unit_whoever_bears_the_name_there_is_first(tmp_path, comma):
    unit = "Kecamatan Payakumbuh Barat"
    people = [
        Entry(1, "", "Hafiz Ridwan Kapur", unit, "Pengadministrasi"), Entry(2, "", "Suhendra Batu, S.Sos", unit, "Camat"), Entry(3, "", "Ridwan", "Dinas Pasar Medan", "Staf"),
        Entry(4, "", "Ridwan Serai", "Kecamatan Payakumbuh Timur", "Camat"), Entry(5, "", "Sri Barat", "SMPN 1 Medan", "Guru"), Entry(6, "", "Payakumbuh Lumut", "SMPN 1 Medan", "Guru"),
    ]  # fmt: skip
    name_index.build(tmp_path / "names", people)
    hits = name_index.open_index(tmp_path / "names").search(f"Camat Ridwan{comma} Kecamatan Payakumbuh Barat")
    assert hits.people[0].key == 1 and "unit" in [each.code for each in hits.people[0].because]
    assert hits.ask is None or hits.ask.what != "unit"


def test_titles_of_nobility_are_no_initials(roster_index):
    assert not {2, 3} & set(found(roster_index, "Ridwan")) and not {2, 3} & set(found(roster_index, "Raka K."))
    assert found(roster_index, "KRT Hadiningrat")[0] == 2 and found(roster_index, "R. Ng. Prawirodirjo")[0] == 3


def test_a_sentence_without_a_name_is_refused_as_one(roster_index):
    with pytest.raises(NameQueryRefused) as refused:
        roster_index.search("mereka berteriak lantang menuju panggung membawa bendera besar")
    assert refused.value.reason == "sentence"


def test_a_sentence_about_looks_in_which_no_name_stands_finds_nobody_who_is_called_alike(tmp_path):
    name_index.build(
        tmp_path / "names", [Entry(n, "", f"Mega {word}", JATI) for n, word in enumerate(("Serai", "Kunyit", "Marmer"))]
    )
    index = name_index.open_index(tmp_path / "names")
    with pytest.raises(NameQueryRefused) as refused:
        index.search("bapak yang memakai baju merah itu")
    assert refused.value.reason == "sentence"
    alone = index.search("merah")
    assert all(hit.score < 60 for hit in alone.people) and alone.ask is None
    assert len(index.search("Pak Mega yang memakai baju merah").people) == 3


def test_where_posts_tell_people_apart_the_post_is_asked_for(tmp_path):
    people = [Entry(n, "", "Jonner Siregar", JATI, post) for n, post in enumerate(("Camat", "Staf"))]
    name_index.build(tmp_path / "names", people)
    ask = name_index.open_index(tmp_path / "names").search("Jonner Siregar Karang Jati").ask
    assert (ask.what, ask.values) == ("post", ("Camat", "Staf"))


def test_a_nickname_of_three_in_one_office_asks_and_is_sure_of_none(index):
    hits = index.search("Pak Iwan Dinas Pendidikan Karang Jati")
    assert {hit.key for hit in hits.people} >= {5, 6, 7}
    assert hits.ask is not None and max(hit.score for hit in hits.people) < 95


NIP, NOBODYS = "198001012005012003", "199912312020011009"


def told(hits):
    return {hit.key: (hit.score, [each.code for each in hit.because]) for hit in hits.people}


def test_a_number_and_a_name_of_another_are_both_shown_and_neither_is_certain(index):
    hits = index.search(f"NIP {NIP} Budi Santoso")
    assert hits.ask.what == "number_name" and hits.people[0].key == 3
    assert told(hits)[3] == (90, ["number", "number_name"])
    assert told(hits)[9][0] <= 85 and told(hits)[9][1] == ["name_whole", "number_other"]
    assert told(index.search(f"NIP {NIP} Jonner Siregar"))[8][1][-1] == "number_none"  # of whom none is recorded


@pytest.mark.parametrize(
    "query", [f"{NIP}", f"NIP {NIP} Sri Wahyuni", f"Bu Sri Wahyuni, S.Pd ({NIP})", f"NIP {NIP} guru SMP 3"]
)
def test_a_number_that_nothing_contradicts_is_certain(index, query):
    hits = index.search(query)
    assert [(hit.key, hit.score) for hit in hits.people] == [(3, 100)] and hits.ask is None


def test_words_that_are_nobodys_name_only_take_the_certainty_from_a_number(index):
    hits = index.search(f"NIP {NIP} zzkampq")
    assert [(hit.key, hit.score) for hit in hits.people] == [(3, 90)] and hits.ask is None


@pytest.mark.parametrize(("query", "key"), [("Sri Wahyuni guru", 3), ("Jonner Siregar", 8), ("Camat Karang Jati", 1)])
def test_a_number_of_nobody_is_said_of_whoever_fits_otherwise(index, query, key):
    hits = index.search(f"{query} NIP {NOBODYS}")
    assert hits.people[0].key == key and hits.people[0].score <= 85 and hits.ask.what == "number_nowhere"
    assert {"number_other", "number_none"} & set(told(hits)[key][1])


def test_of_two_numbers_both_bearers_are_shown(index):
    hits = index.search(f"{NIP} dan 196801012005011001, lapor {NIP}")
    assert {key: score for key, (score, _) in told(hits).items()} == {1: 90, 3: 90} and hits.ask.what == "numbers"
    lost = index.search(f"{NIP} {NOBODYS}")
    assert told(lost) == {3: (90, ["number_one", "number_lost"])} and lost.ask.what == "numbers"


def test_a_number_that_stands_at_two_names_is_of_two_people_and_at_one_name_of_one(tmp_path):
    path = roster(
        tmp_path,
        "nip,nama,unit\n"
        "198503132010012001,Dewi Lestari,Dinas A\n198503132010012001,Bambang Prasetyo,Dinas B\n"
        '197003132010012002,Sri Wahyuni,Dinas A\n197003132010012002,"Hj. Sri Wahyuni, S.Pd",Dinas B\n'
        '198503132010012001,"Dr. Lestari Dewi, M.Si",Dinas C\n',
    )
    index = name_rosters.open_roster(path)
    twice = index.search("198503132010012001")
    assert {hit.name.split()[0] for hit in twice.people} >= {"Bambang"} and len(twice.people) == 2
    assert all(score == 90 and "number_twice" in codes for score, codes in told(twice).values())
    assert twice.ask.what == "number_twice" and twice.more == 0
    named = index.search("NIP 198503132010012001 Bambang Prasetyo")
    assert named.people[0].name == "Bambang Prasetyo" and named.people[0].score == 90 and named.ask is None
    assert "number_twice" in [each.code for each in index.search("Bambang Prasetyo").people[0].because]
    for query in ("197003132010012002", "Sri Wahyuni"):
        once = index.search(query)
        assert [hit.score for hit in once.people] == [100] and (once.more, once.ask) == (0, None)
        assert "number_twice" not in [each.code for each in once.people[0].because]


@pytest.mark.parametrize(
    ("query", "code", "word"),
    [
        ("mantan Camat Karang Jati", "former", "mantan"), ("eks. camat Karang Jati", "former", "eks"), ("bekas Camat Karang Jati", "former", "bekas"),
        ("Plt Camat Karang Jati", "acting", "Plt"), ("Plt.Camat Karang Jati", "acting", "Plt"), ("Pj. Camat Karang Jati", "acting", "Pj"), ("Plh Camat Karang Jati", "acting", "Plh"),
        ("Pelaksana Tugas Camat Karang Jati", "acting", "Plt"), ("penjabat sementara camat Karang Jati", "acting", "Pjs"), ("Penjabat Camat Karang Jati", "acting", "Pj"),
    ],
)  # fmt: skip
def test_of_whoever_holds_a_post_today_it_is_said_that_another_holder_was_asked_for(roster_index, query, code, word):
    hits, plainly = roster_index.search(query), roster_index.search("Camat Karang Jati")
    first = hits.people[0]
    assert first.key == plainly.people[0].key == 1 and first.score < plainly.people[0].score
    assert code in [each.code for each in first.because] and code not in [
        each.code for each in plainly.people[0].because
    ]
    assert (hits.ask.what, hits.ask.values) == (code, (word,)) and plainly.ask is None
    by_name = roster_index.search(f"{query}, Moh. Ridwan")
    assert by_name.people[0].key == 1 and by_name.ask is None
    assert code in [each.code for each in by_name.people[0].because]


def test_a_former_holder_is_not_asked_about_where_a_day_is_given(roster_index):
    then = {"on": date(2024, 10, 14), "today": date(2026, 11, 29)}
    assert roster_index.search("mantan Camat Karang Jati", **then).ask is None
    assert roster_index.search("mantan Camat Karang Jati", on=then["today"], today=then["today"]).ask.what == "former"


def test_whom_the_roster_itself_says_to_stand_in_is_meant(tmp_path):
    people = [Entry(1, "", "Moh. Ridwan", JATI, "Camat"), Entry(2, "", "Sri Wahyuni", JATI, "Plt. Camat")]
    name_index.build(tmp_path / "names", people)
    index = name_index.open_index(tmp_path / "names")
    for query in ("Plt Camat Karang Jati", "Pelaksana Tugas Camat Karang Jati"):
        hits = index.search(query)
        assert hits.people[0].key == 2 and (hits.more, hits.ask) == (0, None)
        assert [each.code for each in hits.people[0].because] == ["post", "unit"]
    assert index.search("Pj Camat Karang Jati").ask.what == "acting"


SUPARMAN = [
    Entry(1, "197005122000031001", "Suparman", "SMP Negeri 3", "Guru"), Entry(2, "198903032010011002", "Suparman", "Dinas Pasar", "Staf"),
    Entry(3, "197011202000031003", "Suparman", "Dinas Pasar", "Staf"), Entry(4, "", "Suparman", "Dinas Sosial", "Staf", born=1970),
]  # fmt: skip


@pytest.mark.parametrize("told", ["lahir 3 Maret 1989", "03-03-1989", "lahir di Medan, 3/3/89", "lahir 3 Maret"])
def test_a_day_of_birth_tells_those_of_one_name_apart(tmp_path, told):
    name_index.build(tmp_path / "names", SUPARMAN)
    hits = name_index.open_index(tmp_path / "names").search(f"Suparman {told}")
    assert hits.people[0].key == 2 and (hits.more, hits.ask) == (0, None)
    assert {each.code for hit in hits.people for each in hit.because} <= {
        "name_whole",
        "birth",
        "birth_part",
        "birth_other",
        "born",
    }


def test_of_a_day_that_is_nobodys_nobody_is_said_to_be_surely_meant(tmp_path):
    name_index.build(tmp_path / "names", SUPARMAN[:3])
    index = name_index.open_index(tmp_path / "names")
    hits = index.search("Suparman 01-01-1970")
    assert {hit.key for hit in hits.people[:2]} == {1, 3} and hits.people[0].score < 95 and hits.ask.what == "unit"
    assert "birth" not in [each.code for hit in hits.people for each in hit.because]
    # Of whom only the year is known, he may be meant; the others were surely born on another day.
    index.add(SUPARMAN[3])
    assert found(index, "Suparman 01-01-1970")[0] == 4


def test_letters_for_i_gusti_ask_where_another_name_fits_as_well(tmp_path):
    bearers = (
        "Ignatius Agung Wirawan",
        "I Gusti Ngurah Agung Wirawan",
        "I Gusti Ayu Made Rai Kartini",
        "Made Rai Kartini",
    )
    name_index.build(tmp_path / "names", [Entry(n, "", name, f"Dinas {n}") for n, name in enumerate(bearers)])
    index = name_index.open_index(tmp_path / "names")
    either = index.search("IGN Agung Wirawan")
    assert {hit.key for hit in either.people[:2]} == {0, 1} and either.ask.what == "unit"
    for query, key in (("I.G.N. Agung Wirawan", 1), ("Ignatius Agung Wirawan", 0), ("IGA Made Rai Kartini", 2)):
        hits = index.search(query)
        assert hits.people[0].key == key and hits.people[0].score >= 95 and hits.ask is None


def test_whose_whole_name_is_what_was_asked_is_found_among_many_who_hold_the_post_in_it(tmp_path):
    teachers = [Entry(n, "", "Rehulina Singa", f"SMP Negeri {n}", "Guru") for n in range(60)]
    teachers += [Entry(100 + n, "", f"Rehulina Singa {word}", "SMP Negeri 3", "Guru") for n, word in enumerate(LASTS)]
    name_index.build(tmp_path / "names", [*teachers, Entry(999, "", "Rehulina Guru Singa", "Dinas Pasar", "Staf")])
    hits = name_index.open_index(tmp_path / "names").search("Rehulina Guru Singa")
    assert 999 in [hit.key for hit in hits.people if hit.score == hits.people[0].score] and hits.ask


def test_the_name_that_was_never_told_is_asked_for_before_the_year_of_birth(tmp_path):
    people = [Entry(n, "", f"Orang {'abcdefghi'[n] * 3}", "SMP Negeri 3", "Guru", born=1970 + n) for n in range(9)]
    name_index.build(tmp_path / "names", people)
    hits = name_index.open_index(tmp_path / "names").search("guru SMP 3")
    assert len(hits.people) == 5 and hits.more == 4 and hits.ask.what == "name"


def test_two_of_one_name_are_told_apart_by_what_was_not_said(index):
    hits = index.search("Sri Wahyuni")
    assert {hit.key for hit in hits.people[:2]} == {3, 4} and hits.ask.what == "unit"
    assert index.search("Sri Wahyuni", region="13.76").ask is None


def test_of_a_thousand_with_one_name_five_are_shown_and_the_others_counted(tmp_path):
    people = [
        Entry(
            n,
            f"{1970 + n % 25}0101200501{1 + n % 2}{n % 1000:03}",
            "Sri Wahyuni",
            f"SD Negeri {n}",
            "Guru",
            f"13.{n % 30:02}",
        )
        for n in range(1000)
    ]
    people += [Entry(5000, "", "Sri Wahyuningsih"), Entry(5001, "", "Sri Setyowati")]
    name_index.build(tmp_path / "names", people)
    hits = name_index.open_index(tmp_path / "names").search("Bu Sri Wahyuni, S.Pd")
    assert len(hits.people) <= 5 and hits.people[0].score == 100
    assert hits.more == 1000 - sum(hit.score >= 98 for hit in hits.people)
    assert hits.ask.what == "region" and len(hits.ask.values) == 5


def test_what_was_added_is_found_at_once_and_what_was_removed_is_not(index):
    index.add(Entry(100, "199001012020011001", "Muhammad Yusril", "Dinas Pasar", "Staf", "13.76@7"))
    assert found(index, "Moh. Jusril") == [100]
    assert found(index, "yusrl")[:1] == [100]
    assert found(index, "199001012020011001") == [100]
    assert (
        found(index, "Muhammad Yusril", region="13.76") == [100] and found(index, "Muhammad Yusril", region="14") == []
    )
    index.remove(100)
    index.remove(1)
    assert 100 not in found(index, "Muhammad Yusril") and 1 not in found(index, "Moh. Ridwan")
    assert index.search("196801012005011001").people == ()
    index.add(Entry(1, "196801012005011001", "Moh. Ridwan", JATI, "Lurah"))
    assert next((hit.key, hit.post) for hit in index.search("Moh Ridwan").people) == (1, "Lurah")


def test_adding_one_takes_less_than_a_millisecond(index):
    started = time.perf_counter()
    for number in range(500):
        index.add(Entry(1000 + number, "", f"Nama Orang Ke {number}", "Unit", "Staf"))
    assert (time.perf_counter() - started) / 500 < 0.001


@pytest.mark.parametrize("query", ["", "Pak", "Dr. H.", "x" * 10_000_000, "\u202e\u200b", "Camat"])
def test_what_names_nobody_is_refused(index, query):
    with pytest.raises(NameQueryRefused):
        index.search(query)


def test_an_empty_index_finds_nobody(tmp_path):
    name_index.build(tmp_path / "names", [])
    index = name_index.open_index(tmp_path / "names")
    for query in ("Ridwan", "Camat Karang Jati", "198001012005012003", "R. S."):
        assert index.search(query).people == ()
    index.add(Entry(1, "", "Ridwan"))
    assert found(index, "Ridwan") == [1]


def test_a_broken_or_foreign_file_is_refused(tmp_path):
    path = tmp_path / "names"
    with pytest.raises(NameIndexBroken) as wrong:
        name_index.open_index(path)
    assert wrong.value.reason == "missing"
    for content in (b"", b"nip,nama\n", b"IKRAR-NAMES\n", b"\0" * 10_000):
        path.write_bytes(content)
        with pytest.raises(NameIndexBroken):
            name_index.open_index(path)
    name_index.build(path, PEOPLE)
    whole = path.read_bytes()
    for changed in (
        whole[:-1],
        whole[: len(whole) // 2],
        whole + b"x",
        whole[:-100] + b"?" + whole[-99:],
        whole[:90] + b"?" + whole[91:],
    ):
        path.write_bytes(changed)
        with pytest.raises(NameIndexBroken):
            name_index.open_index(path)
    path.write_bytes(whole)
    assert found(name_index.open_index(path), "Jonner Siregar") == [8]


def test_frames_and_entries_make_the_same_index(tmp_path):
    frame = pl.DataFrame(
        [
            {
                name: getattr(each, name)
                for name in ("key", "number", "name", "unit", "post", "region", "since", "until")
            }
            for each in PEOPLE
        ],
        infer_schema_length=None,
    )
    name_index.build_frames(tmp_path / "frames", [frame[:5], frame[5:]])
    name_index.build(tmp_path / "entries", PEOPLE)
    for query in ("Moh. Ridwan", "iwan dinas pendidikan", "Camat Batu Raya"):
        assert found(name_index.open_index(tmp_path / "frames"), query) == found(
            name_index.open_index(tmp_path / "entries"), query
        )


def test_what_is_found_by_arrays_fits_as_the_domain_compares(tmp_path):
    rng = random.Random(3)
    firsts = ["Sri", "Dwi", "Moh.", "Muhammad", "Siti", "Agus", "Ahmad", "Nur", "Wayan", "Jonner"]
    lasts = ["Wahyuni", "Ridwan", "Hakim", "Santoso", "Siregar", "Lestari", "Fauzi", "Rahman", "Sudarma", "Wibowo"]
    people = [
        Entry(n, "", f"{rng.choice(firsts)} {rng.choice(lasts)} {rng.choice(lasts)}", f"Unit {n % 7}")
        for n in range(400)
    ]
    name_index.build(tmp_path / "names", people)
    index = name_index.open_index(tmp_path / "names")
    for query in ("Sri Wahyuni", "M Ridwan Hakim", "agus fauzy", "Nur Rahmna Lestari", "Siregar", "Wibowo Dwi"):
        comparer = Comparer(read_query(query))
        best = max(comparer.compare(each.name, each.unit).score for each in people)
        assert index.search(query).people[0].score == best


def test_several_at_once_get_their_own_answers(index):
    wrong = []

    def ask(query, key):
        for _ in range(20):
            if found(index, query)[0] != key:
                wrong.append(query)

    threads = [
        threading.Thread(target=ask, args=each)
        for each in (("Jonner Siregar", 8), ("Abdurrahman", 10), ("Nurhayati", 12))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and not np.any(index._count) and not np.any(index._table)


def roster(folder, text, encoding="utf-8"):
    path = folder / "pegawai.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_roster_is_indexed_beside_itself_and_again_when_it_changes(tmp_path):
    path = roster(
        tmp_path,
        "\ufeffNIP;NAMA;Unit Kerja;Jabatan\n'196801012005011001;Moh. Ridwan;Karang Jati;Camat\n\n;Tanpa Nomor;X\n",
    )
    first = name_rosters.open_roster(path)
    assert [hit.number for hit in first.search("Muhammad Ridwan").people] == ["196801012005011001"]
    assert first.search("Tanpa Nomor").people[0].score == 100
    stamp = name_rosters.index_beside(path).stat().st_mtime_ns
    assert name_rosters.open_roster(path).made_at == first.made_at
    assert name_rosters.index_beside(path).stat().st_mtime_ns == stamp
    roster(tmp_path, "nip,nama,unit\n1,Budi Santoso,Y\n")
    assert [hit.name for hit in name_rosters.open_roster(path).search("Budi Santoso").people] == ["Budi Santoso"]
    name_rosters.index_beside(path).write_bytes(b"broken")
    assert name_rosters.open_roster(path).search("Budi Santoso").people


@pytest.mark.parametrize(
    ("text", "column"),
    [("nip,unit\n1,x\n", "nama"), ("nama;unit\nx;y\n", "nip"), ("nip,nama\n1,x\n", "unit"), ("", "nip")],
)
def test_a_missing_column_is_named(tmp_path, text, column):
    with pytest.raises(NameFileWrong) as wrong:
        name_rosters.open_roster(roster(tmp_path, text))
    assert (wrong.value.reason, wrong.value.column) == ("columns", column)


def test_a_file_that_is_none_or_not_readable_is_refused(tmp_path):
    with pytest.raises(NameFileWrong) as wrong:
        name_rosters.open_roster(tmp_path / "tidak-ada.csv")
    assert wrong.value.reason == "missing"
    with pytest.raises(NameFileWrong) as wrong:
        name_rosters.open_roster(roster(tmp_path, "nip,nama,unit\n1,Jos\xe9,x\n", "latin-1"))
    assert wrong.value.reason == "unreadable"


def test_a_folder_that_takes_no_index_is_told(tmp_path, monkeypatch):
    path = roster(tmp_path, "nip,nama,unit\n1,Budi,Y\n")

    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(name_index.name_files.tempfile, "NamedTemporaryFile", refuse)
    with pytest.raises(NameFileWrong) as wrong:
        name_rosters.open_roster(path)
    assert wrong.value.reason == "folder"


def test_a_search_leaves_nothing_that_only_the_collector_could_find(tmp_path):
    people = [
        Entry(n, "", name, "SMPN 3 Karang", "Guru")
        for n, name in enumerate(("Sri Hartono", "Srihartono", "Siti Hajar"))
    ]
    name_index.build(tmp_path / "names", people)
    index = name_index.open_index(tmp_path / "names")
    index.search("Srihartono guru SMP 3")
    gc.collect()
    gc.disable()
    try:
        assert index.search("Srihartono guru SMP 3").people
        assert not gc.collect()
    finally:
        gc.enable()


def test_names_that_fit_alike_keep_their_order_and_stand_once():
    shares = np.array([0.5, 0.9, 0.5, 0.0, 0.9], np.float32)
    assert name_index._best_first(shares).tolist() == np.argsort(-shares, kind="stable").tolist()
    assert sorted(name_index._first_of_each(np.array([7, 3, 7, 9, 3])).tolist()) == [0, 1, 3]
    assert not len(name_index._first_of_each(np.zeros(0, np.int32)))
