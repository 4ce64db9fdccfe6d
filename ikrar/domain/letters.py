"""Letters of an agency: their kinds, how each is numbered, and what stands at their head.

Offices number the letters of one kind from 1 anew each year and write the number between the signs of their own practice:
`045/SE/BKPSDM/X/2024`, the month in Roman figures. Which signs those are is the agency's to say, as a pattern.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ikrar.domain.errors import LetterheadTooLong, NumberPatternWrong


class LetterKind(StrEnum):
    """The kinds of letters that are numbered here, each in a row of its own."""

    CIRCULAR = "circular"
    INSTRUCTION = "instruction"
    APPEAL = "appeal"
    INVITATION = "invitation"
    MINUTES = "minutes"


# What `{code}` becomes: the abbreviations that Indonesian offices use.
CODES: dict[LetterKind, str] = {
    LetterKind.CIRCULAR: "SE",
    LetterKind.INSTRUCTION: "INS",
    LetterKind.APPEAL: "HIM",
    LetterKind.INVITATION: "UND",
    LetterKind.MINUTES: "BA",
}
# What an agency has that has not said otherwise.
USUAL_PATTERN = "{number:03}/{code}/{month_roman}/{year}"
FIELDS = ("number", "code", "month", "month_roman", "year")
LONGEST_PATTERN = 60

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_PART = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")
_FIELD = re.compile(r"([a-z_]+)(?::0([2-6]))?")
_PLAIN = re.compile(r"[A-Za-z0-9/.\- ]+")
_SEPARATORS = "/.- "
MOST_HEAD_LINES = 6
LONGEST_HEAD_LINE = 120


def roman_month(month: int) -> str:
    """Write a month from 1 as letters do.

    >>> roman_month(10)
    'X'
    """
    return _ROMAN[month - 1]


@dataclass(frozen=True)
class NumberPattern:
    """How the numbers of one kind of letter are written: pieces of plain text and fields, in their order.

    A field is its name with the digits it is filled up to with zeros (0: none).
    """

    text: str
    pieces: tuple[str | tuple[str, int], ...]

    @classmethod
    def of(cls, text: str) -> "NumberPattern":
        """Read a pattern.

        It holds `{number}` once, `{year}` at least once, and between two fields a separator (/ . - or a space): so that
        two letters of a kind can never bear the same number. Raises NumberPatternWrong (`reason`: empty, too_long, braces,
        field, number, year, joined, sign).

        >>> NumberPattern.of("800/{number:03}/{code}/BKPSDM/{month_roman}/{year}").write(7, date(2024, 10, 25), "SE")
        '800/007/SE/BKPSDM/X/2024'
        """
        tidied = " ".join(text.split())
        if not tidied:
            raise NumberPatternWrong("empty")
        if len(tidied) > LONGEST_PATTERN:
            raise NumberPatternWrong("too_long", str(LONGEST_PATTERN))
        pieces = tuple(_piece(match) for match in _PART.finditer(tidied))
        names = [piece[0] for piece in pieces if isinstance(piece, tuple)]
        if names.count("number") != 1:
            raise NumberPatternWrong("number")
        if "year" not in names:
            raise NumberPatternWrong("year")
        _refuse_joined(pieces)
        return cls(tidied, pieces)

    def write(self, number: int, day: date, code: str) -> str:
        """Return the number of a letter of that day. `number` is counted from 1; `code` is the kind's abbreviation.

        >>> NumberPattern.of("{number}.{month}.{year}").write(12, date(2024, 3, 1), "SE")
        '12.03.2024'
        """
        values = {
            "code": code,
            "month": f"{day.month:02}",
            "month_roman": roman_month(day.month),
            "year": str(day.year),
        }
        return "".join(
            piece if isinstance(piece, str) else values.get(piece[0], str(number).zfill(piece[1]))
            for piece in self.pieces
        )

    def alike(self, code: str) -> str:
        """Return what two patterns share that could write the same number: codes written out, zeros left aside.

        >>> NumberPattern.of("{number:03}/{code}/{year}").alike("SE") == NumberPattern.of("{number}/SE/{year}").alike("BA")
        True
        """
        fields: Mapping[str, str] = {"code": code}
        return "".join(
            piece if isinstance(piece, str) else fields.get(piece[0], f"{{{piece[0]}}}") for piece in self.pieces
        )


def _piece(match: re.Match[str]) -> str | tuple[str, int]:
    field, plain, stray = match.groups()
    if stray:
        raise NumberPatternWrong("braces", stray)
    if plain is not None:
        if not _PLAIN.fullmatch(plain):
            wrong = next(sign for sign in plain if not _PLAIN.fullmatch(sign))
            raise NumberPatternWrong("sign", wrong)
        return str(plain)
    read = _FIELD.fullmatch(field)
    if read is None or read[1] not in FIELDS or (read[2] and read[1] != "number"):
        raise NumberPatternWrong("field", f"{{{field}}}")
    return read[1], int(read[2] or 0)


def _refuse_joined(pieces: tuple[str | tuple[str, int], ...]) -> None:
    """Refuse a field that stands against another one, a letter or a figure: 1 and 12024 would look like 11 and 2024."""
    for place, piece in enumerate(pieces):
        if isinstance(piece, str):
            continue
        before = pieces[place - 1] if place else "/"
        after = pieces[place + 1] if place + 1 < len(pieces) else "/"
        if (
            isinstance(before, tuple)
            or isinstance(after, tuple)
            or before[-1] not in _SEPARATORS
            or after[0] not in _SEPARATORS
        ):
            raise NumberPatternWrong("joined", f"{{{piece[0]}}}")


def letterhead_of(text: str) -> str:
    """Tidy a letterhead: a line each for the government, the office, its address; empty lines go.

    Raises LetterheadTooLong.

    >>> letterhead_of("PEMERINTAH KOTA  BUKITTINGGI\\n\\n  Badan Kepegawaian ")
    'PEMERINTAH KOTA BUKITTINGGI\\nBadan Kepegawaian'
    """
    lines = [line for line in (" ".join(each.split()) for each in text.splitlines()) if line]
    if len(lines) > MOST_HEAD_LINES or any(len(line) > LONGEST_HEAD_LINE for line in lines):
        raise LetterheadTooLong(MOST_HEAD_LINES, LONGEST_HEAD_LINE)
    return "\n".join(lines)
