"""Messages that leave the installation: nothing in them, addresses that cannot be misused, pauses that grow."""

from datetime import timedelta
from itertools import pairwise

import pytest

from ikrar.domain import outbox


def test_a_message_says_that_something_waits_and_where_and_nothing_else():
    said = outbox.words("https://ikrar.example.go.id/pesan/") + outbox.short_words("https://ikrar.example.go.id/pesan/")
    assert "Ada pesan untuk Anda di Ikrar" in said and "https://ikrar.example.go.id/pesan/" in said
    for word in ("pakta", "edaran", "tugas", "laporan", "NIP"):
        assert word not in said.lower()


@pytest.mark.parametrize(
    "text",
    ["", "sari", "sari@", "@contoh.test", "a@b.test, c@d.test", "a@b.test\nBcc: c@d.test", "a b@c.test", "a@b..test", "<a@b.test>"],
)  # fmt: skip
def test_what_is_no_single_address_is_none(text):
    assert outbox.mail_address(text) == ""


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("081234567890", "6281234567890"), ("+62 812-3456-7890", "6281234567890"), ("81234567890", "6281234567890"),
        ("0752-12345", ""), ("", ""), ("0812 0000 0001", "6281200000001"), ("62 21 5551234", ""),
    ],
)  # fmt: skip
def test_a_mobile_number_is_written_as_messengers_take_it(phone, number):
    assert outbox.messenger_number(phone) == number


def test_pauses_grow_and_end():
    pauses = [outbox.pause_after(tries) for tries in range(1, 6)]
    assert all(first < second for first, second in pairwise(pauses))
    assert sum(pauses, timedelta()) < timedelta(days=1)
    assert outbox.pause_after(6) is None


def test_only_five_hundreds_are_for_good():
    assert [outbox.is_permanent(code) for code in (250, 421, 450, 500, 550, 599, 600)] == [
        False, False, False, True, True, True, False,
    ]  # fmt: skip
