"""How an officer concludes a report: as what, and for which of a few reasons. The reporter reads both in plain words.

A conclusion is written as `state:reason`; its sentences stand in web/messages.py by that word.
"""

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
