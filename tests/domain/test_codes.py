"""Codes that people read aloud and type by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import codes
from ikrar.domain.codes import ALPHABET, grouped, new_code, tidy

CODES = st.text(ALPHABET, min_size=1, max_size=24)


@given(CODES, st.randoms())
def test_a_code_comes_back_however_it_was_typed(code, chance):
    typed = "".join(chance.choice((sign, sign.lower())) for sign in grouped(code))
    typed = typed.replace("-", chance.choice(("-", " ", "", " - ", ".")))
    assert tidy(f" {typed}\n") == code


@given(CODES)
def test_look_alikes_are_the_sign_they_look_like(code):
    for sign, twins in (("0", "oO"), ("1", "iIlL")):
        for twin in twins:
            assert tidy(code.replace(sign, twin)) == code


@given(st.text())
def test_a_tidied_code_is_tidy(text):
    once = tidy(text)
    assert tidy(once) == once
    assert set(once) <= set(ALPHABET) | {"U"}


@given(CODES)
def test_a_code_is_printed_in_groups_of_four(code):
    parts = grouped(code).split("-")
    assert "".join(parts) == code
    assert all(len(part) == 4 for part in parts[:-1]) and 1 <= len(parts[-1]) <= 4


def test_no_sign_of_the_alphabet_is_taken_for_another():
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("ILOU")
    assert tidy(ALPHABET) == ALPHABET


@pytest.mark.parametrize(("signs", "bits"), [(codes.SIGN_IN_SIGNS, 50), (codes.CERTIFICATE_SIGNS, 80)])
def test_a_code_cannot_be_guessed(signs, bits):
    assert signs * math.log2(len(ALPHABET)) >= bits
    drawn = [new_code(signs) for _ in range(500)]
    assert all(len(code) == signs and set(code) <= set(ALPHABET) for code in drawn)
    assert len(set(drawn)) == 500
    # Every sign can stand at every place: none is fixed or left out.
    assert all(len({code[place] for code in drawn}) > 24 for place in range(signs))
