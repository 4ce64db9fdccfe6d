"""How letters are numbered and headed: what a pattern may hold, and that no two letters ever bear the same number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.errors import LetterheadTooLong, NumberPatternWrong
from ikrar.domain.letters import (
    CODES,
    LONGEST_PATTERN,
    MOST_HEAD_LINES,
    USUAL_PATTERN,
    LetterKind,
    NumberPattern,
    letterhead_of,
    roman_month,
)

DAY = date(2024, 10, 25)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("{number:03}/{code}/BKPSDM/{month_roman}/{year}", "007/SE/BKPSDM/X/2024"),
        ("800/{number}/{month}/{year}", "800/7/10/2024"),
        ("  {number}-{code}   BKD-{year} ", "7-SE BKD-2024"),
        ("SE.{number:05}.{year}", "SE.00007.2024"),
    ],
)
def test_a_number_is_written_as_the_office_writes_it(pattern, written):
    assert NumberPattern.of(pattern).write(7, DAY, "SE") == written


def test_a_number_longer_than_its_zeros_is_written_whole():
    assert NumberPattern.of("{number:03}/{year}").write(1234, DAY, "SE") == "1234/2024"


@pytest.mark.parametrize(
    ("pattern", "reason", "about"),
    [
        ("", "empty", ""),
        ("   ", "empty", ""),
        ("{number}/{year}" + "/x" * LONGEST_PATTERN, "too_long", "60"),
        ("{code}/{year}", "number", ""),
        ("{number}/{number}/{year}", "number", ""),
        ("{number}/{code}", "year", ""),
        ("{number}/{tahun}/{year}", "field", "{tahun}"),
        ("{number:3}/{year}", "field", "{number:3}"),
        ("{number:09}/{year}", "field", "{number:09}"),
        ("{year:02}/{number}", "field", "{year:02}"),
        ("{}/{number}/{year}", "field", "{}"),
        ("{number}{year}", "joined", "{number}"),
        ("1{number}/{year}", "joined", "{number}"),
        ("{number}/{year}a", "joined", "{year}"),
        ("{number/{year}", "braces", "{"),
        ("{number}}/{year}", "braces", "}"),
        ("{number}/{year}/<b>", "sign", "<"),
        ("{number}/{year}/é", "sign", "é"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_refused_with_the_part_that_is_wrong(pattern, reason, about):
    with pytest.raises(NumberPatternWrong) as caught:
        NumberPattern.of(pattern)
    assert (caught.value.reason, caught.value.about) == (reason, about)


SEPARATOR = st.sampled_from(["/", "-", ".", " / "])
PLAIN = st.from_regex(r"\A[A-Z0-9]{1,4}\Z")


@st.composite
def patterns(draw):
    parts = ["{number}", "{year}", *draw(st.lists(st.sampled_from(["{code}", "{month}", "{month_roman}"]), max_size=2))]
    parts += draw(st.lists(PLAIN, max_size=2))
    parts = draw(st.permutations(parts))
    return draw(SEPARATOR.map(lambda sign: sign.join(parts)).filter(lambda text: len(text) <= LONGEST_PATTERN))


@given(patterns(), st.lists(st.tuples(st.integers(1, 3000), st.dates(date(2020, 1, 1), date(2031, 1, 1))), max_size=6))
def test_two_letters_of_a_kind_never_bear_one_number(pattern, letters):
    read = NumberPattern.of(pattern)
    written = {(number, day.year): set() for number, day in letters}
    for number, day in letters:
        written[number, day.year].add(read.write(number, day, "SE"))
    seen = [each for group in written.values() for each in group]
    assert len(seen) == len(set(seen)), "two numbers of a year, or one of two years, look alike"


def test_patterns_that_write_the_same_number_for_two_kinds_are_alike():
    same = NumberPattern.of("{number:03}/BKPSDM/{year}").alike("SE") == NumberPattern.of(
        "{number}/BKPSDM/{year}"
    ).alike("BA")
    assert same
    assert NumberPattern.of(USUAL_PATTERN).alike("SE") != NumberPattern.of(USUAL_PATTERN).alike("BA")


def test_every_kind_of_letter_has_a_code_of_its_own_and_the_usual_pattern_can_be_read():
    assert set(CODES) == set(LetterKind) and len(set(CODES.values())) == len(LetterKind)
    for kind in LetterKind:
        assert NumberPattern.of(USUAL_PATTERN).write(1, DAY, CODES[kind]) == f"001/{CODES[kind]}/X/2024"


def test_months_are_written_in_roman_figures():
    assert [roman_month(month) for month in (1, 4, 5, 9, 12)] == ["I", "IV", "V", "IX", "XII"]


def test_a_letterhead_is_a_few_lines_without_empty_ones():
    assert letterhead_of("\r\n PEMERINTAH  KOTA \r\n\r\nJalan\tSudirman 1 ") == "PEMERINTAH KOTA\nJalan Sudirman 1"
    assert letterhead_of("  \n ") == ""
    for text in ("\n".join("abcdefg"[:MOST_HEAD_LINES] + "x"), "x" * 121):
        with pytest.raises(LetterheadTooLong):
            letterhead_of(text)
