"""Return codes: nine words that are hard to lose and hard to guess, and read as people type them."""

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import passphrases, return_codes
from ikrar.domain.code_words import WORDS
from ikrar.domain.errors import ReturnCodeWrong
from ikrar.domain.return_codes import ReturnCode
from tests.domain.sealing_corpus import vectors

values = st.integers(0, (1 << return_codes.BITS) - 1)


def test_the_list_of_words_is_what_its_readers_rely_on():
    assert len(WORDS) == len(set(WORDS)) == 1024
    assert len({word[:4] for word in WORDS}) == 1024
    assert all(4 <= len(word) <= 8 and word.isascii() and word.isalpha() and word.islower() for word in WORDS)
    slips = [
        (word, other)
        for place, word in enumerate(WORDS)
        for other in WORDS[place + 1 :]
        if abs(len(word) - len(other)) < 2 and return_codes._one_slip(word, other)
    ]
    assert slips == []


def test_the_values_of_the_words_never_change():
    assert hashlib.sha256(" ".join(WORDS).encode()).hexdigest() == (
        "bc52d1858f76d742c27be74729e667bf2f281ba30224e6e4532ce326a6d3c7dd"
    )


@given(values)
def test_a_code_is_read_as_it_was_shown(value):
    code = ReturnCode(value)
    assert len(code.words) == return_codes.COUNT == 9
    assert return_codes.read(code.text) == code


@given(values, st.randoms())
def test_a_code_is_read_in_any_case_with_signs_between_and_by_four_letters(value, chance):
    code = ReturnCode(value)
    typed = "".join(
        (word if chance.random() < 0.5 else word[:4]).upper() + chance.choice([" ", ", ", "\n", " - ", ". 3 "])
        for word in code.words
    )
    assert return_codes.read(typed) == code


@given(values, st.integers(0, 8), st.sampled_from(WORDS))
def test_a_wrong_word_is_noticed_fifteen_times_in_sixteen_and_never_opens_the_same_box(value, place, word):
    code = ReturnCode(value)
    words = [*code.words[:place], word, *code.words[place + 1 :]]
    try:
        other = return_codes.read(" ".join(words))
    except ReturnCodeWrong as error:
        assert (error.word, error.count) == ("", 9)
    else:
        assert (other == code) == (word == code.words[place])


def test_the_check_lets_one_wrong_word_in_sixteen_through():
    chance = random.Random(7)
    taken = 0
    for _ in range(4000):
        words = list(ReturnCode(chance.getrandbits(86)).words)
        words[chance.randrange(9)] = chance.choice(WORDS)
        try:
            return_codes.read(" ".join(words))
        except ReturnCodeWrong:
            continue
        taken += 1
    assert 4000 / 16 * 0.7 < taken < 4000 / 16 * 1.4


@given(st.text(max_size=500))
def test_whatever_is_typed_is_a_code_or_is_refused_with_no_more_than_twenty_of_its_signs(text):
    try:
        return_codes.read(text)
    except ReturnCodeWrong as error:
        assert len(error.word) <= 20


@given(values, values)
def test_what_finds_a_mailbox_opens_none_and_differs_by_code_and_by_key(one, other):
    code = ReturnCode(one)
    derived = {code.lookup, code.secret(), code.finder(b"p" * 32), code.finder(b"q" * 32)}
    assert len(derived) == 4 and {len(each) for each in derived} == {32}
    if one != other:
        assert code.lookup != ReturnCode(other).lookup and code.secret() != ReturnCode(other).secret()


@given(values)
def test_the_server_finds_the_same_box_by_the_code_and_by_what_a_browser_sends_of_it(value):
    code = ReturnCode(value)
    assert return_codes.finder_of(code.lookup, b"pepper") == code.finder(b"pepper")


def test_a_code_is_not_shown_where_it_is_printed_by_mistake():
    code = return_codes.new(bytes)
    assert "abadi" not in repr(code) and "value" not in repr(code)


@pytest.mark.parametrize("vector", vectors()["codes"], ids=lambda each: each["drawn"])
def test_a_code_is_that_of_the_vectors(vector):
    code = return_codes.new(lambda count: bytes.fromhex(vector["drawn"])[:count])
    assert (code.text, code.lookup.hex(), code.secret().hex()) == (vector["text"], vector["lookup"], vector["secret"])


@pytest.mark.parametrize("vector", vectors()["typed"], ids=lambda each: each["typed"][:30] or "empty")
def test_what_is_typed_is_read_as_in_the_vectors(vector):
    try:
        found = {"text": return_codes.read(vector["typed"]).text}
    except ReturnCodeWrong as error:
        found = {"word": error.word, "meant": error.meant, "count": error.count}
    assert found == {name: value for name, value in vector.items() if name != "typed"}


@given(st.binary(min_size=9, max_size=9))
def test_a_passphrase_is_seven_words_of_the_list(drawn):
    words = passphrases.new(lambda count: drawn[:count]).split()
    assert len(words) == passphrases.COUNT == 7 and set(words) <= set(WORDS)
    value = 0
    for word in words:
        value = value << 10 | WORDS.index(word)
    assert value == int.from_bytes(drawn) & (1 << 70) - 1, "all of its seventy bits count"
