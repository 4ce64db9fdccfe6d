"""The operator's targets: how long a step may wait where the law gives no limit. Never called a limit.

The procedures of the rulebook name them and say how long each is at first; the administrator sets them otherwise. What is set
counts for the clocks that start afterwards: one that runs keeps the days with which it began.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from ikrar.domain.cases import Procedure, Target
from ikrar.domain.errors import TargetRefused
from ikrar.records.models import CaseTarget, User
from ikrar.services import ledger, rules


def of(procedure: Procedure) -> dict[str, Target]:
    """Return the targets of a procedure by their ids, as they are set today."""
    found = dict(procedure.targets)
    for row in CaseTarget.objects.filter(target__in=list(found)).order_by("target", "version"):
        found[row.target] = _as_set(found[row.target], row)
    return found


def _as_set(target: Target, row: CaseTarget) -> Target:
    return replace(target, days=row.days, warn_days=row.warn_days, long_days=row.long_days)


@dataclass(frozen=True)
class Line:
    """A target as the administrator sees it: what the rulebook says at first, what holds, and every change, the newest first."""

    target: Target
    at_first: Target
    changes: tuple[CaseTarget, ...] = ()

    @property
    def version(self) -> int:
        """Return which change holds; 0: none was made."""
        return self.changes[0].version if self.changes else 0


def lines() -> list[Line]:
    """Return all targets that the procedures name, in the order of the rulebook."""
    at_first: dict[str, Target] = {}
    for procedure in rules.book().procedures.values():
        at_first |= {id: target for id, target in procedure.targets.items() if id not in at_first}
    made: dict[str, list[CaseTarget]] = {}
    for row in CaseTarget.objects.select_related("by__person").order_by("-version"):
        made.setdefault(row.target, []).append(row)
    return [
        Line(_as_set(first, made[id][0]) if id in made else first, first, tuple(made.get(id, ())))
        for id, first in at_first.items()
    ]


@transaction.atomic(durable=True)
def change(id: str, *, days: int, warn_days: int, long_days: int, was: int, by: User, now: datetime) -> Target:
    """Set a target. `was`: the version that was shown.

    Raises TargetRefused (order, most, unchanged, changed, unknown).
    """
    line = next((each for each in lines() if each.target.id == id), None)
    if line is None:
        raise TargetRefused("unknown")
    if line.version != was:
        raise TargetRefused("changed")
    made = replace(line.target, days=days, warn_days=warn_days, long_days=long_days)
    if made == line.target:
        raise TargetRefused("unchanged")
    said = {"days": days, "warn_days": warn_days, "long_days": long_days}
    try:
        with transaction.atomic():
            CaseTarget.objects.create(target=id, version=was + 1, **said, by=by, at=now)
    except IntegrityError:
        raise TargetRefused("changed") from None
    ledger.append("case.target_set", {"target": id, "version": was + 1, **said, "by": by.pk}, now=now)
    return made
