"""A gathering that people are called to (kegiatan): its states, who may come, and the code that the venue shows.

The rulebook's activities (domain.activities) are what somebody asks about; these are briefings, roll-calls, meetings and
declarations that an office holds. Records, services and pages call them activities.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from ikrar.domain.codes import ALPHABET, tidy
from ikrar.domain.commitments import canonical, days_text
from ikrar.domain.errors import (
    ActivityDayAbsurd,
    ActivityInPast,
    ActivityNotYet,
    ActivityStateWrong,
    DecisionDueTooEarly,
    HoursInWrongOrder,
    NotInvited,
    OnLeaveNow,
    QuotaFull,
)
from ikrar.domain.roster import AWAY, GONE

# --- states and steps --------------------------------------------------------------------------------------------


class State(StrEnum):
    """Where an activity stands."""

    DRAFT = "draft"
    CALLED = "called"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What can be done with an activity."""

    EDIT = "edit"
    INVITE = "invite"
    NAME = "name"
    CALL = "call"
    MOVE = "move"
    CANCEL = "cancel"
    ANSWER = "answer"
    OPEN = "open"
    CHECK_IN = "check_in"
    STRIKE = "strike"
    ADD_GUEST = "add_guest"
    RECEIVE_GUEST = "receive_guest"
    CLOSE = "close"
    WRITE = "write"
    PHOTOGRAPH = "photograph"


# From which states each step may be taken. What was closed can be opened again until its minutes are final: the service
# asks that too, as it asks for MOVE and CANCEL whether somebody checked in.
STEPS: dict[Step, frozenset[State]] = {
    Step.EDIT: frozenset({State.DRAFT, State.CALLED}),
    Step.INVITE: frozenset({State.DRAFT, State.CALLED, State.OPEN}),
    Step.NAME: frozenset({State.CALLED, State.OPEN}),
    Step.CALL: frozenset({State.DRAFT}),
    Step.MOVE: frozenset({State.CALLED, State.OPEN}),
    Step.CANCEL: frozenset({State.DRAFT, State.CALLED, State.OPEN}),
    Step.ANSWER: frozenset({State.CALLED, State.OPEN}),
    Step.OPEN: frozenset({State.DRAFT, State.CALLED, State.CLOSED}),
    Step.CHECK_IN: frozenset({State.OPEN}),
    Step.STRIKE: frozenset({State.OPEN, State.CLOSED}),
    Step.ADD_GUEST: frozenset({State.DRAFT, State.CALLED, State.OPEN}),
    Step.RECEIVE_GUEST: frozenset({State.OPEN}),
    Step.CLOSE: frozenset({State.OPEN}),
    Step.WRITE: frozenset({State.OPEN, State.CLOSED}),
    Step.PHOTOGRAPH: frozenset({State.OPEN, State.CLOSED}),
}


def can(step: Step, state: str) -> bool:
    """Say whether a step may be taken from a state.

    >>> can(Step.CHECK_IN, State.CLOSED)
    False
    """
    return state in STEPS[step]


def must(step: Step, state: str) -> None:
    """Raise ActivityStateWrong where a step may not be taken from a state."""
    if not can(step, state):
        raise ActivityStateWrong(state)


# --- days and hours ----------------------------------------------------------------------------------------------

_EARLIEST = date(2000, 1, 1)
_FARTHEST_AHEAD = timedelta(days=3 * 365)


def check_times(on: date, starts_at: time | None, ends_at: time | None, today: date) -> None:
    """Refuse a day that nobody means and hours that run backwards.

    Raises ActivityDayAbsurd (before 2000, or more than three years ahead of `today`), HoursInWrongOrder.
    """
    if not _EARLIEST <= on <= today + _FARTHEST_AHEAD:
        raise ActivityDayAbsurd(on)
    if ends_at is not None and (starts_at is None or ends_at <= starts_at):
        raise HoursInWrongOrder()


def check_call(on: date, today: date) -> None:
    """Raise ActivityInPast where people would be called to a day that is over."""
    if on < today:
        raise ActivityInPast(on, today)


def check_due(due_on: date | None, on: date) -> None:
    """Raise DecisionDueTooEarly where a decision would be due before the day of its activity.

    >>> check_due(date(2020, 10, 28), date(2024, 10, 25))
    Traceback (most recent call last):
    ikrar.domain.errors.DecisionDueTooEarly: decision_due_too_early: day=2020-10-28, first=2024-10-25, field=due_on
    """
    if due_on is not None and due_on < on:
        raise DecisionDueTooEarly(due_on, on)


def check_open(on: date, today: date) -> None:
    """Raise ActivityNotYet where the list of those present would be opened before the day."""
    if today < on:
        raise ActivityNotYet(on)


def takes_phones(state: str, on: date, today: date) -> bool:
    """Say whether the venue shows codes: while it is open, on its day and through the night after it.

    What was held earlier may be recorded later from the list, but nobody checks in by phone then.

    >>> takes_phones(State.OPEN, date(2024, 10, 25), date(2024, 10, 26))
    True
    >>> takes_phones(State.OPEN, date(2024, 10, 25), date(2024, 10, 27))
    False
    """
    return state == State.OPEN and on <= today <= on + timedelta(days=1)


# --- the code that the venue shows -------------------------------------------------------------------------------

WINDOW_S = 30  # a new code so often
LIFE_S = 180  # from the first moment in which it is shown
GRACE_S = 120  # more, for a check-in that a phone kept while the network was away
CODE_SIGNS = 8  # 40 bits: dies in minutes, and wrong ones are counted


def window_of(instant: datetime) -> int:
    """Return the number of the half minute that an instant falls in."""
    return int(instant.timestamp()) // WINDOW_S


def code_of(secret: str, activity: int, window: int) -> str:
    """Return the code that one activity shows in one window: HMAC-SHA-256 under its secret (hex), eight signs of it.

    >>> code_of("00" * 32, 7, 57660480)
    '1S58D0J8'
    """
    message = f"ikrar/check-in/v1\x00{activity}\x00{window}".encode()
    digest = hmac.new(bytes.fromhex(secret), message, hashlib.sha256).digest()
    return "".join(ALPHABET[byte & 31] for byte in digest[:CODE_SIGNS])


def is_good_code(
    typed: str, secret: str, activity: int, instant: datetime, *, opened_at: datetime | None = None
) -> bool:
    """Say whether a code, as somebody typed it, was shown by this activity within the last minutes.

    `opened_at`: when the phone, which kept the check-in while the network was away, had opened its page; the server itself
    signed that. Only whoever had it open while the code lived has the grace: a code that reaches a friend later gains nothing.
    """
    if not secret:
        return False
    kept = opened_at is not None and is_good_code(typed, secret, activity, opened_at)
    given, newest = tidy(typed[:40]), window_of(instant)
    windows = (LIFE_S + (GRACE_S if kept else 0)) // WINDOW_S
    good = False
    for window in range(newest, newest - windows, -1):
        good |= hmac.compare_digest(given, code_of(secret, activity, window))
    return good


def dies_at(window: int) -> int:
    """Return when the code of a window opens nothing more, in seconds since 1970; the grace not counted."""
    return window * WINDOW_S + LIFE_S


# --- who may come ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Called:
    """A unit that is called, as positions in the tree of its agency, both included; and how many came on its quota."""

    agency: int
    first: int
    last: int
    heads_only: bool = False
    quota: int | None = None
    came: int = 0

    def holds(self, agency: int, position: int) -> bool:
        """Say whether a place lies in this unit or below it."""
        return agency == self.agency and self.first <= position <= self.last


@dataclass(frozen=True)
class Comer:
    """Somebody of the roster who wants in: where he stands that day, and whether he has an invitation of his own."""

    agency: int | None
    position: int
    status: str
    is_head: bool
    invited: bool


def innermost(units: Sequence[Called], agency: int, position: int) -> Called | None:
    """Return the called unit that is nearest to a place: what is said of a school goes before what is said of its office."""
    holding = [unit for unit in units if unit.holds(agency, position)]
    return min(holding, key=lambda unit: unit.last - unit.first, default=None)


def admit(
    comer: Comer,
    units: Sequence[Called],
    *,
    open_to_units: bool,
    quota: int | None,
    came: int,
    by_officer: bool = False,
) -> Called | None:
    """Let somebody in, or raise the reason against it. Returns the unit on whose quota he comes, if that is counted.

    Whoever has an invitation of his own needs no place in his unit's quota. `quota` and `came` are of the whole activity.
    Somebody on leave is let in by an officer who sees him (`by_officer`), never by his phone alone. Raises NotInvited,
    OnLeaveNow, QuotaFull.
    """
    if comer.agency is None or comer.status in GONE:
        raise NotInvited()
    nearest = innermost(units, comer.agency, comer.position) if open_to_units else None
    if nearest is not None and nearest.heads_only and not comer.is_head:
        nearest = None
    if not comer.invited and nearest is None:
        raise NotInvited()
    if comer.status in AWAY and not by_officer:
        raise OnLeaveNow()
    if quota is not None and came >= quota:
        raise QuotaFull(quota)
    if comer.invited or nearest is None or nearest.quota is None:
        return None
    if nearest.came >= nearest.quota:
        raise QuotaFull(nearest.quota)
    return nearest


# --- minutes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decided:
    """A decision as the minutes hold it; the owner is an office or a unit by its key in the records."""

    text: str
    office: int | None
    unit: int | None
    due_on: date | None


def minutes_digest(number: str, text: str, points: Sequence[str], decisions: Sequence[Decided]) -> str:
    """Return the SHA-256 (hex) of final minutes: of their canonical JSON (commitments.canonical).

    >>> minutes_digest("001/BA/X/2024", "Semua hadir.", ["netral"], [])[:16]
    'c5bc1dbbb2c26a7b'
    """
    whole = {
        "number": number,
        "text": text,
        "points": list(points),
        "decisions": [
            {"text": each.text, "office": each.office, "unit": each.unit, "due_on": days_text(each.due_on)}
            for each in decisions
        ],
    }
    return hashlib.sha256(canonical(whole)).hexdigest()


# --- counts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turnout:
    """How many were called and what became of them: `invited` is always the sum of the four others."""

    came: int = 0
    excused: int = 0
    on_leave: int = 0
    absent: int = 0

    @property
    def invited(self) -> int:
        """Return how many were called, and whoever came in a place of a called unit."""
        return self.came + self.excused + self.on_leave + self.absent

    @property
    def expected(self) -> int:
        """Return of how many it is asked that they come: without those who are excused or on leave."""
        return self.came + self.absent

    def __add__(self, other: "Turnout") -> "Turnout":
        return Turnout(
            self.came + other.came,
            self.excused + other.excused,
            self.on_leave + other.on_leave,
            self.absent + other.absent,
        )
