"""The states of a report that officers work on: which follows which, and which is told its reporter with a reason."""

from collections.abc import Collection
from enum import StrEnum


class ReportState(StrEnum):
    """Where a report stands, in the words of the records."""

    RECEIVED = "received"
    READ = "read"
    ASKED = "asked"
    INITIAL_INFORMATION = "initial_information"
    FORMAL = "formal"
    REGISTERED = "registered"  # as a case: what follows is done there
    HANDED_OVER = "handed_over"
    NOT_A_BREACH = "not_a_breach"
    CLOSED = "closed"
    SET_ASIDE = "set_aside"


WITHDRAWN = "withdrawn"  # the note of the act by which a reporter closed his own report
_S = ReportState
OPEN = (_S.RECEIVED, _S.READ, _S.ASKED, _S.INITIAL_INFORMATION, _S.FORMAL, _S.REGISTERED)
DONE = (_S.HANDED_OVER, _S.NOT_A_BREACH, _S.CLOSED)
# Opening a report makes it read, a completion request makes it asked; the others an officer chooses.
_CHOSEN = {
    _S.READ: (_S.INITIAL_INFORMATION, _S.FORMAL, _S.REGISTERED, *DONE),
    _S.ASKED: (_S.INITIAL_INFORMATION, _S.FORMAL, _S.REGISTERED, *DONE),
    _S.INITIAL_INFORMATION: (_S.FORMAL, _S.REGISTERED, *DONE),
    _S.FORMAL: (_S.REGISTERED, *DONE),
    # Its reporter was told that it is followed here: whoever registered it by mistake opens it again first.
    _S.REGISTERED: (_S.READ, _S.NOT_A_BREACH, _S.CLOSED),
    # What ended is opened again by whoever says why.
    _S.HANDED_OVER: (_S.READ, _S.CLOSED),
    _S.NOT_A_BREACH: (_S.READ,),
    _S.CLOSED: (_S.READ,),
}
MAY_BE_ASKED = frozenset({_S.READ, _S.ASKED, _S.INITIAL_INFORMATION, _S.FORMAL})
WITH_REASON = frozenset(DONE)
# What its reporter can no longer withdraw, and what a message of his leaves as it is.
FILED = frozenset({_S.FORMAL, _S.REGISTERED})
# What may be set aside unopened, with many others: nothing that is registered, handed over or ended. It comes back to the state
# that it had.
MAY_BE_SET_ASIDE = (_S.RECEIVED, _S.READ, _S.ASKED, _S.INITIAL_INFORMATION)
# A named report that waits for its first review is late when that is over; an unnamed one may then merely be filed no more.
UNREVIEWED = (_S.RECEIVED, _S.READ, _S.ASKED)


def choices(state: str, *, named: bool) -> tuple[ReportState, ...]:
    """Return the states that an officer may choose next. Without a name no report is a formal one.

    >>> [each.value for each in choices("initial_information", named=False)]
    ['registered', 'handed_over', 'not_a_breach', 'closed']
    """
    return tuple(each for each in _CHOSEN.get(ReportState(state), ()) if named or each is not ReportState.FORMAL)


def before(state: str) -> tuple[ReportState, ...]:
    """Return the states from which an officer may choose this one.

    >>> [each.value for each in before("read")]
    ['registered', 'handed_over', 'not_a_breach', 'closed']
    """
    return tuple(each for each, after in _CHOSEN.items() if state in after)


def needs_reason(state: str, new: str) -> bool:
    """Say whether the reporter must be told why: of every end, and where an end or a registration is taken back.

    >>> needs_reason("read", "closed"), needs_reason("registered", "read"), needs_reason("read", "formal")
    (True, True, False)
    """
    return new in WITH_REASON or state in DONE or new == _S.READ


def officers_ticks(note: str, known: Collection[str]) -> list[str]:
    """Read the requirements that an officer found met from the words of his act.

    >>> officers_ticks("met:a b", {"a"})
    ['a']
    """
    return [each for each in note.removeprefix("met:").split() if each in known]
