"""Numbers of days, hours, houses, letters and telephones are no candidate's, and a candidate's is left as it is."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.numerals import without_others
from ikrar.domain.suggestion import suggest
from ikrar.gateways import rulebook_files

BOOK = rulebook_files.rulebook()
DAY = date(2024, 10, 12)
OTHERS = (
    "Camat Karang Jati rapat pada 02/10/2024.",
    "Camat Karang Jati rapat pada 12/02/2024 dan 02/10/2024.",
    "Camat rapat 31/02/2024.",
    "Camat rapat pada Rabu (02/10) pukul 08.02 WIB",
    "Camat 02.10.2024 rapat",
    "Camat rapat 2024-02-10",
    "Camat rapat pada 02 Oktober 2024.",
    "Camat rapat Rabu, 02 Okt",
    "Camat rapat 02 Maret dan 02 Agustus",
    "Camat rapat jam 8.02",
    "Camat rapat pukul 02.00",
    "Camat tinggal di RT 02/03",
    "Camat tinggal di RT 02/RW 03",
    "Camat tinggal di RT02/RW03",
    "Camat tinggal di Jalan Umpama nomor 2",
    "Camat tinggal di Jl. Contoh Raya 02",
    "Camat tinggal di gang Umpama No 2",
    "Camat menelepon 0752 02 03 04",
    "Camat punya hp 0800-02-03",
    "Camat menerbitkan surat nomor 02/SE/2024",
    "Camat menerbitkan Surat Edaran Nomor 2 Tahun 2024",
    "Camat membahas Peraturan Wali Kota Nomor 1",
    "Camat membahas PP Nomor 2 Tahun 2021",
    "Camat membahas Pasal 02 ayat 03",
    "Camat rapat di SDN 02 Umpama",
    "Camat rapat di SMP Negeri 02",
    "Camat di lantai 02",
    "Puskesmas 02 Umpama rapat bersama camat",
    "Nomor antrean 02 silakan maju, kata camat",
    "Camat membawa 02 kardus",
    "Camat menang 02-01 di lapangan",
)
PAIRS = (
    "camat dukung 02",
    "camat pilih 02",
    "camat ikut kampanye 02",
    "camat dukung paslon 01/02",
    "camat dukung no 02",
    "camat ajak warga coblos nomor 2",
    "camat ajak warga dukung paslon 02 hari ini",
    "camat ajak warga pilih 02 kali ini",
    "camat ajak dukung nomor 2 tahun 2024",
    "camat jalan bareng nomor 2",
    "rumah camat ditempel stiker nomor 2",
    "camat pindah ke 02",
    "kaos 02 dipakai camat",
    "surat ajakan pilih nomor 2 dari camat",
    "posko 02 dijaga lurah",
)


@pytest.mark.parametrize("text", OTHERS)
def test_a_number_of_something_else_is_no_candidate(text):
    assert suggest(BOOK, text, day=DAY) == []


@pytest.mark.parametrize("text", PAIRS)
def test_the_number_of_a_candidate_is_left(text):
    assert "2" in without_others(text)
    assert suggest(BOOK, text, day=DAY)


def test_what_was_done_is_still_found_beside_a_date():
    found = suggest(BOOK, "Camat ikut kampanye paslon 02 pada 02/10/2024 di RT 02/03", day=DAY)
    assert "paslon 02" in " ".join(found[0].because)
    assert suggest(BOOK, "lurah wajib setor nama 5 orang per RT", day=DAY)


@given(st.text(max_size=200))
def test_a_text_keeps_its_length(text):
    assert len(without_others(text.lower())) == len(text.lower())


PIECES = ("1 ", "02/", "nomor ", "surat a ", "jalan a ", "1", "0752 ", "nomor 1/", "surat a a a a a a nomor ", "rt ", "se no ", "1-",
          "02 ", "a ", "12 - ", "paslon 01/02 ", "jl. a ", "huruf a angka ", "rt 1 / rw 1 ", ".", "/")  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_is_read_for_long(piece):
    text = (piece * 4_000)[:4_000]
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        without_others(text)
        best = min(best, time.process_time() - began)
    assert best < 0.1
