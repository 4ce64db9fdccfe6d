"""The integrity pact: the exact text and its digest, what counts as signed, what counts as valid."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ikrar.domain.errors import DayTooFar, DueInPast, PactTextEmpty, PactTextTooLong
from ikrar.domain.roster import AWAY, GONE


class State(StrEnum):
    """Where an obligation stands. What the roster says of the person that day comes before what was done."""

    ISSUED = "issued"
    OPENED = "opened"
    SIGNED = "signed"
    WITNESSED = "witnessed"
    REFUSED = "refused"
    EXCUSED = "excused"
    ON_LEAVE = "on_leave"
    MOVED = "moved"
    RETIRED = "retired"


class Grade(StrEnum):
    """By which route a signature was made, strongest first. A certificate carries it."""

    PASSKEY = "passkey"
    SINGLE_SIGN_ON = "single_sign_on"
    PASSWORD = "password"
    PAPER = "paper"


class KeepsOn(StrEnum):
    """Which change of placement a signature survives. The round decides; a transfer ends it unless the round says so."""

    SAME_POST = "same_post"
    SAME_UNIT = "same_unit"
    SAME_AGENCY = "same_agency"


_MOST_POINTS = 40
_LONGEST_TEXT = 40_000
# What a list that was pasted bears before each point: 1. 2) (3) a. - • and the like.
_MARK = re.compile(r"(?:\(?\d{1,3}[.)]|\(?[a-z][.)]|\(?[A-Z]\)|[-–—•·*])\s+")


def _tidy(text: str) -> str:
    """One line, composed characters, single spaces: what two people see alike is alike."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def points_of(pasted: str) -> list[str]:
    """Return the points of a list as somebody typed or pasted it: a line each, without the mark before it.

    The text numbers its points itself; a number that came along would be printed twice.

    >>> points_of("1. netral\\n2) jujur\\n\\n- hadir\\nUU No. 20/2023 saya patuhi")
    ['netral', 'jujur', 'hadir', 'UU No. 20/2023 saya patuhi']
    """
    lines = (line.strip() for line in pasted.splitlines())
    return [bare for line in lines if (bare := _MARK.sub("", line, count=1) if _MARK.match(line) else line)]


@dataclass(frozen=True)
class PactText:
    """The text that is shown and signed: a title, an opening, numbered points, a closing. All are single paragraphs."""

    title: str
    opening: str
    points: tuple[str, ...]
    closing: str

    @classmethod
    def of(cls, title: str, opening: str, points: Sequence[str], closing: str) -> "PactText":
        """Tidy the parts into a text. Raises PactTextEmpty where title or points are missing, PactTextTooLong."""
        tidied = tuple(point for point in map(_tidy, points) if point)
        text = cls(_tidy(title), _tidy(opening), tidied, _tidy(closing))
        if not text.title or not tidied:
            raise PactTextEmpty()
        if len(tidied) > _MOST_POINTS or len(text.body()) > _LONGEST_TEXT:
            raise PactTextTooLong(_MOST_POINTS, _LONGEST_TEXT)
        return text

    def body(self) -> str:
        """Return the whole text as one string, as it is hashed: a part a paragraph, the points numbered.

        >>> print(PactText.of("Pakta", "Saya berjanji:", ["netral", "jujur"], "Demikian.").body())
        Pakta
        <BLANKLINE>
        Saya berjanji:
        <BLANKLINE>
        1. netral
        <BLANKLINE>
        2. jujur
        <BLANKLINE>
        Demikian.
        """
        numbered = [f"{number}. {point}" for number, point in enumerate(self.points, 1)]
        return "\n\n".join(part for part in [self.title, self.opening, *numbered, self.closing] if part)

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the body in UTF-8: the name of exactly this text."""
        return hashlib.sha256(self.body().encode("utf-8")).hexdigest()


def state_of(stored: State, *, status: str | None, same_place: bool, witnessed: bool = False) -> State:
    """Return the state to show for an obligation.

    `stored` is what was done; `status` is the person's status in the roster of the day (None: no longer on it);
    `same_place` says whether the placement is still one that the round keeps; `witnessed`, whether a witness of the
    activity at which it was signed put his name to that afterwards. An act that was completed stays visible; a duty that
    no longer exists is told by the roster's reason.

    >>> state_of(State.ISSUED, status="leave", same_place=True).value
    'on_leave'
    >>> state_of(State.SIGNED, status="active", same_place=False).value
    'moved'
    """
    if status is None or status in GONE:
        return State.RETIRED
    if not same_place:
        return State.MOVED
    if stored in (State.ISSUED, State.OPENED) and status in AWAY:
        return State.ON_LEAVE
    return State.WITNESSED if stored is State.SIGNED and witnessed else stored


def state_of_holder(stored: State, *, holds: bool, witnessed: bool = False) -> State:
    """Return the state to show for what is owed as holder of an office: it goes with the office, not with a placement.

    >>> state_of_holder(State.SIGNED, holds=False).value
    'moved'
    """
    return state_of(stored, status="active", same_place=holds, witnessed=witnessed)


_YEARS_AHEAD = 10


def last_due(today: date) -> date:
    """Return the last day on which a pact that is made today may be due.

    >>> last_due(date(2024, 2, 29)).isoformat()
    '2034-02-28'
    """
    year = today.year + _YEARS_AHEAD
    return today.replace(year=year, day=28) if (today.month, today.day) == (2, 29) else today.replace(year=year)


def require_due(due_on: date | None, today: date) -> None:
    """Refuse a day by which nobody can mean a pact to be signed. Raises DueInPast, DayTooFar."""
    if due_on is None:
        return
    if due_on < today:
        raise DueInPast(due_on, today)
    if due_on > last_due(today):
        raise DayTooFar(due_on, today, last_due(today))


_CAPACITIES = {"plt": "Plt.", "plh": "Plh.", "pj": "Pj.", "pjs": "Pjs."}


def post_of_holder(title: str, capacity: str) -> str:
    """Return how the holder of an office is called under a pact, with the capacity in which he holds it.

    >>> post_of_holder("Bupati Asahan", "pjs")
    'Pjs. Bupati Asahan'
    """
    return f"{_CAPACITIES.get(capacity, '')} {title}".strip()


def is_valid(
    *, signed_digest: str | None, digest_in_force: str, same_place: bool, contested: bool, on_roster: bool
) -> bool:
    """Say whether a signature counts today: of the text in force, in the placement it was issued for, not contested.

    >>> is_valid(signed_digest="a", digest_in_force="b", same_place=True, contested=False, on_roster=True)
    False
    """
    return signed_digest == digest_in_force and same_place and not contested and on_roster


@dataclass(frozen=True)
class Coverage:
    """Counts of one unit (with all below it) for one round on one day. Persons, never percentages."""

    roster: int = 0
    not_obliged: int = 0
    on_leave: int = 0
    excused: int = 0
    not_issued: int = 0
    issued: int = 0
    opened: int = 0
    signed: int = 0
    valid: int = 0
    refused: int = 0

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(
            *(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__),
        )

    @property
    def obliged(self) -> int:
        """Those who owe a signature now: the roster less not obliged, on leave and excused."""
        return self.roster - self.not_obliged - self.on_leave - self.excused

    @property
    def missing(self) -> int:
        """Those who owe one and have no valid one."""
        return self.obliged - self.valid

    def adds_up(self) -> bool:
        """The identity that every page rests on: issued = roster - not obliged - on leave - excused - not yet issued."""
        return self.issued + self.not_issued == self.obliged
