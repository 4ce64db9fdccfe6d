"""How an officer concludes a report: as what, and for which of a few reasons. The reporter reads both in plain words.

A conclusion is written as `state:reason`; its sentences stand in web/messages.py by that word.
"""

from dataclasses import dataclass
from datetime import date

from ikrar.domain.errors import ReportActRefused
from ikrar.domain.report_states import ReportState

_S = ReportState
REASONS: dict[ReportState, tuple[str, ...]] = {
    _S.REGISTERED: ("complete", "finding"),
    _S.INITIAL_INFORMATION: ("unnamed", "incomplete", "late"),
    _S.NOT_A_BREACH: ("allowed", "not_asn", "not_shown"),
    _S.HANDED_OVER: ("outside", "other_region", "held"),
    _S.READ: ("new_facts", "objection", "mistake"),  # opened again
}


def note_of(to: str, reason: str) -> str:
    """Write a conclusion down. Raises ReportActRefused (reason_missing) for a reason that is none of this conclusion.

    >>> note_of("not_a_breach", "allowed")
    'not_a_breach:allowed'
    """
    if to not in REASONS or reason not in REASONS[ReportState(to)]:
        raise ReportActRefused("reason_missing")
    return f"{ReportState(to)}:{reason}"


def is_conclusion(note: str) -> bool:
    """Say whether the note of an act is a conclusion of this list.

    >>> is_conclusion("registered:complete"), is_conclusion("registered"), is_conclusion("closed:because")
    (True, False, False)
    """
    to, _colon, reason = note.partition(":")
    return to in REASONS and reason in REASONS[ReportState(to)]


# --- what stands in clear against it -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in clear of a report. `lacks`: how many requirements it does not meet, None where its rules ask for none.

    `until`: the last day of the time limit to report, None where nobody knows; `counts_on`: the day that is held against it.
    """

    named: bool
    lacks: int | None
    until: date | None
    counts_on: date


def contradicted_by(note: str, known: Known) -> str:
    """Return which clear fact a conclusion contradicts, in a word; empty: none that the system knows.

    `named` is plainly so; of `lacks`, `complete` and `in_time` the officer may know better than the ticks and the reporter's day.

    >>> day = date(2024, 10, 25)
    >>> contradicted_by("initial_information:late", Known(False, 4, date(2024, 11, 1), day))
    'in_time'
    >>> contradicted_by("initial_information:late", Known(False, 4, date(2024, 10, 24), day))
    ''
    """
    found = {
        "registered:complete": ("lacks", bool(known.lacks)),
        "initial_information:unnamed": ("named", known.named),
        "initial_information:incomplete": ("complete", known.lacks == 0),
        "initial_information:late": ("in_time", known.until is not None and known.counts_on <= known.until),
    }
    word, is_so = found.get(note, ("", False))
    return word if is_so else ""


# --- to whom it is handed over -----------------------------------------------------------------------------------

MOST_NAME, MOST_LETTER = 200, 80


@dataclass(frozen=True, slots=True)
class HandedTo:
    """The body that a report is handed to: one that was offered a copy here (`copy`, its key), or one that got a letter.

    Raises ReportActRefused (to_whom) where neither is said, or both are, or a letter has no number.
    """

    copy: int = 0
    name: str = ""
    letter: str = ""

    def __post_init__(self) -> None:
        is_letter = 0 < len(self.name) <= MOST_NAME and 0 < len(self.letter) <= MOST_LETTER
        is_copy = bool(self.copy) and not self.name and not self.letter
        if not is_copy and (self.copy or not is_letter):
            raise ReportActRefused("to_whom")
