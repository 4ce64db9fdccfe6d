"""What in a text tells who somebody is: numbers for certain, names as far as their form shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.anonymity import likely_name, number_in, runs


@pytest.mark.parametrize(
    "text",
    [
        "NIP 198503152010012001", "NIP 19850315 201001 2 001", "hubungi 0812-3456-7890", "+62 812 3456 7890",
        "NIK 1375 0123 4567 8901", "tulis ke sari@contoh.id", "telepon (0751) 123 4567 89", "hp 08123456789 ya",
    ],
)  # fmt: skip
def test_a_number_or_a_mailbox_of_a_person_is_found(text):
    assert number_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "PP 94/2021 Pasal 5", "SKB 800-5474/2022, 246/2022", "27 November 2024", "27-11-2024 08.00 s.d. 28-11-2024 10.30",
        "2024-11-27 sampai 2024-12-01", "TPS 012 dan 2.800 pegawai", "Rp1.500.000.000 tunai", "13.75.01.1001", "",
    ],
)  # fmt: skip
def test_numbers_of_the_law_days_hours_and_sums_say_nothing_of_anybody(text):
    assert number_in(text) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("rekan kami Herlina Seumpama, S.Pd ikut kampanye", "Herlina Seumpama"),
        ("Ibu Rina Pualam menyuruh saya", "Rina Pualam"),
        ("Drs. Anwar Batu bilang boleh", "Anwar Batu"),
        ("nama saya budi santoso, guru", "budi santoso"),
        ("surat a.n. Budi", "Budi"),
    ],
)
def test_what_looks_like_a_name_is_shown(text, name):
    assert likely_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "Bu Camat menyuruh kami hadir", "Pak Bupati dan Bapak Ibu Admin", "nama saya ditulis di SK tim", "nama saya tidak ada",
        "Assalamualaikum Bapak/Ibu, bolehkah saya hadir?", "Saya guru di Bukittinggi", "Pak RT jadi timses", "bang saya mau tanya",
    ],
)  # fmt: skip
def test_an_office_and_a_place_are_no_name(text):
    assert likely_name(text) == ""


def test_every_run_of_words_is_looked_for_and_one_word_alone_only_with_a_capital():
    assert set(runs("guru di SDN 01 Tarok.", 3)) >= {"SDN 01 TAROK", "GURU DI", "TAROK"}
    assert "GURU" not in set(runs("guru di SDN", 3))


@given(st.text(max_size=300))
def test_no_text_breaks_the_search(text):
    assert isinstance(number_in(text), str) and isinstance(likely_name(text), str)
    assert all(each == each.upper() for each in runs(text.encode("ascii", "ignore").decode(), 3))
