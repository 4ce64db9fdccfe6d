"""Circulars: what is published and its digest, whom it is addressed to, the questions that show it was understood.

A circular (surat edaran), an instruction or an appeal is a draft until it is published; from then on its words never
change. A newer one takes its place, or it is withdrawn with a reason.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from ikrar.domain.errors import (
    AnswersWrong,
    CircularDayWrong,
    CircularNotOpen,
    CircularTextEmpty,
    CircularTextTooLong,
    QuestionFaulty,
    QuestionsTooMany,
    RegionUnknown,
    ValueUnknown,
)
from ikrar.domain.roster import Employment, Level, PostKind


class State(StrEnum):
    """Where a circular stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What is done with a circular, as far as its state decides it."""

    EDIT = "edit"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


# From which state each act is possible. Nothing leads back: what was published, replaced or withdrawn stays so.
POSSIBLE_FROM: dict[Act, State] = {
    Act.EDIT: State.DRAFT,
    Act.PUBLISH: State.DRAFT,
    Act.SUPERSEDE: State.PUBLISHED,
    Act.WITHDRAW: State.PUBLISHED,
}


def require(act: Act, state: str) -> None:
    """Refuse an act that a state does not allow. Raises CircularNotOpen, with the state.

    >>> require(Act.SUPERSEDE, "withdrawn")
    Traceback (most recent call last):
    ikrar.domain.errors.CircularNotOpen: circular_not_open: state=withdrawn
    """
    if POSSIBLE_FROM[act] != state:
        raise CircularNotOpen(str(state))


def in_force(state: str, valid_until: date | None, day: date) -> bool:
    """Say whether a circular holds on a day: published, and its last day (None: no end) not over."""
    return state == State.PUBLISHED and (valid_until is None or day <= valid_until)


def require_in_force(state: str, valid_until: date | None, day: date) -> None:
    """Refuse to deliver, acknowledge or remind of a circular that does not hold on a day.

    Raises CircularNotOpen, with the state; `over` where its last day has passed.
    """
    if not in_force(state, valid_until, day):
        raise CircularNotOpen("over" if state == State.PUBLISHED else str(state))


# --- the text ----------------------------------------------------------------------------------------------------

LONGEST_TITLE = 300
MOST_POINTS = 60
LONGEST_TEXT = 60_000
_BLANK_LINES = re.compile(r"\n\s*\n")


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _paragraphs(text: str) -> str:
    parts = _BLANK_LINES.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n\n".join(part for part in map(_line, parts) if part)


@dataclass(frozen=True)
class CircularText:
    """The words of a circular: its matter (title), opening paragraphs, numbered points, closing paragraphs.

    Paragraphs are parted by a blank line; what two people see alike is alike. Without points and paragraphs it is a
    cover for the file that comes with it.
    """

    title: str
    opening: str = ""
    points: tuple[str, ...] = ()
    closing: str = ""

    @classmethod
    def of(cls, title: str, opening: str, points: Sequence[str], closing: str) -> "CircularText":
        """Tidy the parts into a text. Raises CircularTextEmpty without a title, CircularTextTooLong.

        >>> CircularText.of(" Netralitas  ASN", "Yth.\\n\\n\\nDasar: UU.", ["netral ", ""], "").opening
        'Yth.\\n\\nDasar: UU.'
        """
        tidied = tuple(point for point in map(_line, points) if point)
        text = cls(_line(title), _paragraphs(opening), tidied, _paragraphs(closing))
        if not text.title:
            raise CircularTextEmpty("title")
        if len(text.title) > LONGEST_TITLE:
            raise CircularTextTooLong(MOST_POINTS, LONGEST_TITLE, "title")
        if len(tidied) > MOST_POINTS or len(text.body()) > LONGEST_TEXT:
            raise CircularTextTooLong(MOST_POINTS, LONGEST_TEXT)
        return text

    @property
    def is_cover(self) -> bool:
        """Say whether it has nothing but a title."""
        return not (self.opening or self.points or self.closing)

    def body(self) -> str:
        """Return the whole text as one string: a part a paragraph, the points numbered.

        >>> print(CircularText.of("Netralitas", "", ["netral"], "Demikian.").body())
        Netralitas
        <BLANKLINE>
        1. netral
        <BLANKLINE>
        Demikian.
        """
        numbered = [f"{number}. {point}" for number, point in enumerate(self.points, 1)]
        return "\n\n".join(part for part in [self.title, self.opening, *numbered, self.closing] if part)


def digest(
    *,
    kind: str,
    number: str,
    issued_on: date,
    valid_until: date | None,
    letterhead: str,
    text: CircularText,
    file_digest: str,
) -> str:
    """Return the SHA-256 (hex) of what is published: head, kind, number, days, words, and the file's own digest.

    Each part is written with its length before it, so that no two letters have the same bytes.
    """
    last = valid_until.isoformat() if valid_until else ""
    parts = [letterhead, kind, number, issued_on.isoformat(), last, text.body(), file_digest]
    written = b"".join(b"%d:%s\n" % (len(part), part) for part in (each.encode("utf-8") for each in parts))
    return hashlib.sha256(written).hexdigest()


# --- its days ----------------------------------------------------------------------------------------------------


def check_days(
    *, today: date, due_on: date | None, escalate_on: date | None, valid_until: date | None, issued_on: date | None
) -> None:
    """Refuse days that cannot be meant, naming the field. Raises CircularDayWrong.

    To be acknowledged by today at the earliest; superiors told from today at the earliest; both within the validity. The
    date of a letter that was numbered on paper may be past, never to come.

    >>> check_days(today=date(2024, 10, 25), due_on=date(2024, 10, 24), escalate_on=None, valid_until=None, issued_on=None)
    Traceback (most recent call last):
    ikrar.domain.errors.CircularDayWrong: circular_day_wrong: reason=past, day=2024-10-24, limit=2024-10-25, field=due_on
    """
    for field, day in (("valid_until", valid_until), ("due_on", due_on), ("escalate_on", escalate_on)):
        if day is not None and day < today:
            raise CircularDayWrong("past", day, today, field)
        if day is not None and valid_until is not None and day > valid_until:
            raise CircularDayWrong("after_end", day, valid_until, field)
    if due_on is not None and escalate_on is not None and escalate_on < due_on:
        raise CircularDayWrong("before_due", escalate_on, due_on, "escalate_on")
    if issued_on is not None and issued_on > today:
        raise CircularDayWrong("future", issued_on, today, "issued_on")


def superiors_told_from(
    *, escalate_on: date | None, due_on: date | None, published_on: date, valid_until: date | None
) -> date | None:
    """Return from which day superiors are told of who has not acknowledged a circular; None: never.

    On the day that was said, but to nobody is anything late before its last day is over: at the earliest the day after
    `due_on`, and without one the day after the publication. Never where the circular has ended by then. All are local days.

    >>> superiors_told_from(
    ...     escalate_on=date(2024, 10, 25), due_on=date(2024, 10, 25), published_on=date(2024, 10, 25), valid_until=None
    ... )
    datetime.date(2024, 10, 26)
    """
    if escalate_on is None:
        return None
    first = max(escalate_on, max(due_on or published_on, published_on) + timedelta(days=1))
    return None if valid_until is not None and valid_until < first else first


# --- whom it is addressed to -------------------------------------------------------------------------------------

_REGION = re.compile(r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?")


@dataclass(frozen=True)
class Target:
    """Who of the addressed agencies is meant. Each line that is empty leaves everybody in; those that are not all hold.

    `units` are keys of work units, each with all below it; `places` are region codes, each with all within it, and mean
    the units that stand there with all below them. `unit_kinds` is said of the unit in which somebody serves.
    """

    units: tuple[int, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    heads_only: bool = False
    post_kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    employments: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        *,
        units: Iterable[int] = (),
        unit_kinds: Iterable[str] = (),
        places: Iterable[str] = (),
        heads_only: bool = False,
        post_kinds: Iterable[str] = (),
        levels: Iterable[str] = (),
        employments: Iterable[str] = (),
    ) -> "Target":
        """Return a target in its one form: sorted, each once. Raises ValueUnknown, RegionUnknown.

        >>> Target.of(employments=["pppk", "pns", "pns"]).employments
        ('pns', 'pppk')
        """
        for place in places:
            if not _REGION.fullmatch(place):
                raise RegionUnknown(place)
        return cls(
            tuple(sorted({int(unit) for unit in units})),
            tuple(sorted(set(unit_kinds))),
            tuple(sorted(set(places))),
            bool(heads_only),
            _known("post_kind", post_kinds, [each.value for each in PostKind]),
            _known("level", levels, [each.value for each in Level]),
            _known("employment", employments, [each.value for each in Employment]),
        )

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Target":
        """Return a target as it was kept. Raises TypeError for a line that no target has."""
        return cls.of(**document)

    def as_document(self) -> dict[str, Any]:
        """Return what is kept of it: the lines that say something.

        >>> Target.read(Target.of(heads_only=True, units=[3]).as_document()) == Target.of(heads_only=True, units=[3])
        True
        """
        lines = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: list(line) if isinstance(line, tuple) else line for name, line in lines.items() if line}


def _known(fact: str, values: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    chosen = {str(value) for value in values}
    for value in sorted(chosen - set(known)):
        raise ValueUnknown(fact, value, tuple(known))
    return tuple(sorted(chosen))


# --- the questions -----------------------------------------------------------------------------------------------

MOST_QUESTIONS = 2
MOST_ANSWERS = 4
_LONGEST_QUESTION = 300
_LONGEST_ANSWER = 200
_LONGEST_EXPLANATION = 500


@dataclass(frozen=True)
class Question:
    """One question with two to four answers, of which one is right (`right`: its place from 0)."""

    question: str
    answers: tuple[str, ...]
    right: int
    explanation: str = ""

    @classmethod
    def of(cls, question: str, answers: Sequence[str], right: int, explanation: str, *, place: int) -> "Question":
        """Tidy a question. `place` is its number from 1, for the refusal. Raises QuestionFaulty.

        >>> Question.of("Boleh?", ["ya", "tidak"], 1, "", place=1).answers
        ('ya', 'tidak')
        >>> Question.of("Boleh?", ["ya"], 0, "", place=2)
        Traceback (most recent call last):
        ikrar.domain.errors.QuestionFaulty: question_faulty: fault=few, place=2
        """
        tidied = tuple(answer for answer in map(_line, answers) if answer)
        asked = cls(_line(question), tidied, right, _line(explanation))
        if not asked.question:
            raise QuestionFaulty("empty", place)
        too_long = len(asked.question) > _LONGEST_QUESTION or len(asked.explanation) > _LONGEST_EXPLANATION
        if too_long or any(len(answer) > _LONGEST_ANSWER for answer in tidied):
            raise QuestionFaulty("too_long", place)
        if len(tidied) < 2:
            raise QuestionFaulty("few", place)
        if len(tidied) > MOST_ANSWERS:
            raise QuestionFaulty("many", place)
        if len({answer.casefold() for answer in tidied}) < len(tidied):
            raise QuestionFaulty("alike", place)
        if not 0 <= right < len(tidied):
            raise QuestionFaulty("right", place)
        return asked


def check_questions(questions: Collection[Question]) -> None:
    """Refuse more than two questions. Raises QuestionsTooMany."""
    if len(questions) > MOST_QUESTIONS:
        raise QuestionsTooMany(MOST_QUESTIONS)


def check_answers(right: Sequence[int], given: Sequence[int | None]) -> None:
    """Refuse answers (places from 0; None: not answered) of which one is wrong. Raises AnswersWrong, naming which.

    >>> check_answers([1, 0], [1, 1])
    Traceback (most recent call last):
    ikrar.domain.errors.AnswersWrong: answers_wrong: places=('2',)
    """
    padded = [*given, *([None] * len(right))][: len(right)]
    wrong = tuple(str(place) for place, pair in enumerate(zip(right, padded, strict=True), 1) if pair[0] != pair[1])
    if wrong:
        raise AnswersWrong(wrong)


# --- counting ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reach:
    """Counts of one unit (with all below it) for one circular on one day. Persons, never percentages.

    `away` and `left` are of those who have not acknowledged it: on leave that day, or no longer on the unit's roster.
    """

    delivered: int = 0
    opened: int = 0
    acknowledged: int = 0
    away: int = 0
    left: int = 0

    def __add__(self, other: "Reach") -> "Reach":
        return Reach(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def missing(self) -> int:
        """Those from whom an acknowledgement is awaited: delivered = acknowledged + away + left + missing."""
        return self.delivered - self.acknowledged - self.away - self.left

    @property
    def expected(self) -> int:
        """Those who acknowledged it or still must."""
        return self.acknowledged + self.missing

    def overdue(self, due_on: date | None, day: date) -> int:
        """Return how many are late on a day."""
        return self.missing if due_on is not None and day > due_on else 0
