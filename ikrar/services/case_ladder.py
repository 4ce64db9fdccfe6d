"""The heads above somebody, nearest first: of which rank each post is, and who holds it in a minute.

A rank is a post's, not its holder's: whoever stands in for a head holds a post of that head's rank. What the records do not say is
told apart from what they say there is not: of a head whose rank is unknown nobody may conclude that a rank is vacant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from ikrar.domain.offices import Capacity
from ikrar.domain.roster import Level
from ikrar.records.models import Person, Placement, WorkUnit
from ikrar.services import offices, units
from ikrar.services.offices import UnitHead


@dataclass(frozen=True)
class Rung:
    """A head above somebody. `rank`: a word of Level; empty: not known. `person` None: on leave, and nobody stands in.

    `unit` None: the roster names him as the superior, and he heads no unit above.
    """

    rank: str
    unit: WorkUnit | None
    person: Person | None
    capacity: str = ""


@dataclass(frozen=True)
class Ladder:
    """The heads above somebody, nearest first, whom the roster names as his superior before them."""

    rungs: tuple[Rung, ...] = ()

    @property
    def is_known(self) -> bool:
        """Say whether the rank of every head is known, so that a rank that is not among them is vacant."""
        return all(rung.rank for rung in self.rungs)

    @property
    def ranks(self) -> tuple[str, ...]:
        """Return the ranks of the heads, nearest first, up to the first whose rank is not known."""
        return tuple(takewhile(bool, (rung.rank for rung in self.rungs)))

    def at(self, rank: str) -> Rung | None:
        """Return the nearest head of a rank; None: the records show none."""
        return next((rung for rung in self.rungs if rung.rank == rank), None)


def level_of(person: Person | None, day: date) -> str:
    """Return the level of the post that somebody has on a day; empty: none is known."""
    return _levels([person.pk], day).get(person.pk, "") if person else ""


def above(person: Person | None, unit: WorkUnit, superior: Person | None, day: date, at: datetime) -> Ladder:
    """Return the heads above somebody who serves in a unit, on a day and in a minute of it; `superior`: whom the roster names."""
    line = units.line_above(unit)
    heads = offices.unit_heads(WorkUnit.objects.filter(pk__in=[each.pk for each in line]), at, day)
    before = _headed_before(line, day)
    levels = _levels(
        {each.person.pk for each in heads.values() if each.person} | ({superior.pk} if superior else set()), day
    )
    own = person.pk if person else None
    rungs = [
        rung for each in line if (rung := _rung(each, heads.get(each.pk), before.get(each.pk), levels, own)) is not None
    ]
    if superior is not None and superior.pk != own:
        led = next((rung for rung in rungs if rung.person is not None and rung.person.pk == superior.pk), None)
        rungs.insert(0, led or Rung(levels.get(superior.pk, ""), None, superior))
    return Ladder(tuple(rungs))


def _rung(
    unit: WorkUnit, head: UnitHead | None, before: tuple[int, str] | None, levels: Mapping[int, str], own: int | None
) -> Rung | None:
    """Return the head of a unit; None: it has none, or it is the one whose heads are asked for."""
    if head is None or (head.person is not None and head.person.pk == own):
        return None
    if head.person is not None and head.capacity == Capacity.DEFINITIVE:
        return Rung(levels.get(head.person.pk, ""), unit, head.person, head.capacity)
    if head.person is None and before is not None and before[0] == own:
        return None
    return Rung(before[1] if before else "", unit, head.person, head.capacity if head.person else "")


def _headed_before(line: Iterable[WorkUnit], day: date) -> dict[int, tuple[int, str]]:
    """Return who headed each unit by the roster last until a day, and the level of that post."""
    rows = Placement.objects.heading().filter(unit__in=[each.pk for each in line], from_on__lte=day)
    found = rows.order_by("from_on", "pk").values_list("unit", "person", "level")
    return {unit: (person, _known(level)) for unit, person, level in found}


def _levels(people: Iterable[int], day: date) -> dict[int, str]:
    rows = Placement.objects.on(day).filter(person__in=list(people)).values_list("person", "level")
    return {person: _known(level) for person, level in rows}


def _known(level: str) -> str:
    return level if level in list(Level) else ""
