"""The workbench: conclusions on one opened report, or on many at once. Each report gets an act of its own.

What a report says never comes here: the officer's browser opened it, and sends what he concluded.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ikrar.domain.conclusions import HandedTo
from ikrar.domain.errors import DomainError, ReportActRefused
from ikrar.records.models import Report, User
from ikrar.services import report_desk

MOST = 100  # reports in one request


@dataclass(frozen=True, slots=True)
class Chosen:
    """A report that an officer chose: the state that he saw, and what his browser sealed for its reporter."""

    number: int
    was: str
    sealed: bytes = b""


@dataclass(frozen=True, slots=True)
class Concluded:
    """What became of many: the reports that it was done with, and why each of the others was refused."""

    done: tuple[int, ...]
    refused: Mapping[int, DomainError]


def conclude(
    user: User, bodies: Collection[int], chosen: Sequence[Chosen], *, to: str, reason: str, handed: HandedTo | None = None,
    sure: Collection[str] = (), now: datetime,
) -> Concluded:  # fmt: skip
    """Conclude reports that somebody's own keys open, each in a transaction of its own, so that one refusal stops no other.

    `handed` and `sure` hold for all of them (see report_desk.conclude).
    """
    done: list[int] = []
    refused: dict[int, DomainError] = {}
    for each in {one.number: one for one in chosen}.values():
        try:
            found = report_desk.seen(user, bodies, each.number)
            report_desk.conclude(
                found, to, reason, was=each.was, sealed=each.sealed, handed=handed, sure=sure, by=user, now=now
            )
            done.append(each.number)
        except Report.DoesNotExist:
            # Who has no key learns nothing of it: neither that it exists nor that it does not.
            refused[each.number] = ReportActRefused("not_yours")
        except DomainError as error:
            refused[each.number] = error
    return Concluded(tuple(done), refused)
