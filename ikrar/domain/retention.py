"""How long a report is kept, from which day, and what a body may change about it.

No rule that we found says how long a supervisor keeps what it is told; the statute on personal data asks for an end without
naming one. So all terms here are our own (`BASIS`): a body sets its own within bounds, and a body that has a rule of its own
for its archives follows that. A term is no deadline of the law: it may be changed, and it stops while a report is held.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

BASIS = "own_default"


class Kept(StrEnum):
    """What kind of report is kept: each has a term of its own."""

    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    NOT_A_BREACH = "not_a_breach"
    SET_ASIDE = "set_aside"
    HANDED_OVER = "handed_over"
    INITIAL_INFORMATION = "initial_information"
    WAITING = "waiting"
    FORMAL = "formal"


class HoldKind(StrEnum):
    """Why a report is kept beyond its term."""

    CASE = "case"
    AUTHORITY = "authority"
    REPORTER = "reporter"
    OWN_RULE = "own_rule"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of report: how many days it is kept from its last change on, and the bounds within which a body sets that."""

    kind: Kept
    days: int
    least: int
    most: int

    def allows(self, days: int) -> bool:
        """Say whether a body may set so many days."""
        return self.least <= days <= self.most


_YEAR = 365
RULES = {
    rule.kind: rule
    for rule in (
        # A reporter who withdrew wants it gone; the month is for one who was made to withdraw.
        Rule(Kept.WITHDRAWN, 30, 7, _YEAR),
        # What ended stays until every objection, review and complaint about its end is over.
        Rule(Kept.CLOSED, _YEAR, 90, 5 * _YEAR),
        Rule(Kept.NOT_A_BREACH, _YEAR, 90, 5 * _YEAR),
        Rule(Kept.SET_ASIDE, 180, 90, 2 * _YEAR),
        Rule(Kept.HANDED_OVER, 2 * _YEAR, 180, 5 * _YEAR),
        # A piece of a picture that others may complete: until the election after next year is prepared.
        Rule(Kept.INITIAL_INFORMATION, 2 * _YEAR, 180, 5 * _YEAR),
        # Nobody ended these: long, so that no officer is rid of one by waiting.
        Rule(Kept.WAITING, 5 * _YEAR, 3 * _YEAR, 10 * _YEAR),
        Rule(Kept.FORMAL, 5 * _YEAR, 3 * _YEAR, 10 * _YEAR),
    )
}

_BY_STATE = {
    "closed": Kept.CLOSED,
    "not_a_breach": Kept.NOT_A_BREACH,
    "set_aside": Kept.SET_ASIDE,
    "handed_over": Kept.HANDED_OVER,
    "initial_information": Kept.INITIAL_INFORMATION,
    "formal": Kept.FORMAL,
    "registered": Kept.FORMAL,
}
STATES = {
    kind: tuple(state for state, each in _BY_STATE.items() if each is kind) for kind in Kept
} | {Kept.WITHDRAWN: ("closed",), Kept.WAITING: ("received", "read", "asked")}  # fmt: skip

WARNED_DAYS = 30
"""What ends within so many days is shown to officers; a shorter term erases nothing earlier than so long after it was set."""
LONGEST_HOLD_DAYS = 366
"""A hold names its last day, and is renewed by somebody who still wants it."""
TOMBSTONE_DAYS = 365
"""So long a return code still finds that its report was erased; then it finds nothing."""


def kind_of(state: str, *, withdrawn: bool) -> Kept:
    """Say which term holds for a report.

    >>> kind_of("closed", withdrawn=True).value, kind_of("asked", withdrawn=False).value
    ('withdrawn', 'waiting')
    """
    return Kept.WITHDRAWN if withdrawn and state == "closed" else _BY_STATE.get(state, Kept.WAITING)


@dataclass(frozen=True, slots=True)
class Term:
    """How long a body keeps one kind: `days`; where it was changed, from `before` days, on `set_on`."""

    days: int
    before: int | None = None
    set_on: date | None = None

    def ends(self, since: date) -> date:
        """Return the day on which a report is erased that has been as it is since a day.

        A term that was made shorter erases nothing before its readers and its reporter could see that for a month, unless
        it would have ended by then anyway.

        >>> Term(90, before=365, set_on=date(2025, 3, 1)).ends(date(2024, 11, 1))
        datetime.date(2025, 3, 31)
        >>> Term(90, before=365, set_on=date(2025, 3, 1)).ends(date(2024, 3, 10))
        datetime.date(2025, 3, 10)
        """
        end = since + timedelta(days=self.days)
        if self.before is None or self.set_on is None or self.before <= self.days:
            return end
        old = since + timedelta(days=self.before)
        return max(end, min(old, self.set_on + timedelta(days=WARNED_DAYS)))

    def may_change(self, today: date) -> bool:
        """Say whether it may be changed again: once within the month in which its last change is announced."""
        return self.set_on is None or today >= self.set_on + timedelta(days=WARNED_DAYS)


def default(kind: Kept) -> Term:
    """Return the term of a body that set none."""
    return Term(RULES[kind].days)
