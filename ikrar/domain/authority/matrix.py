"""Which rows of the matrix speak of a person and a level, and at which office the way up begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ikrar.domain.assessment import Reason
from ikrar.domain.authority.case import Case
from ikrar.domain.offices import POST_OF, RANK, UPWARD, AgencyKind, Authority, Power, Seat
from ikrar.domain.roster import Level
from ikrar.domain.sources import Confidence


@dataclass(frozen=True, slots=True)
class Match:
    """A row, and that of its powers which names the person."""

    row: Authority
    power: Power


def speaks_of(row: Authority, case: Case) -> bool:
    """Say whether a row is for people of that kind, whatever their post."""
    return "any" in row.who or bool(row.who & case.classes)


def candidates(case: Case, *, any_day: bool = False) -> list[Match]:
    """Return every power over such people with such a sanction: on the day, or on any."""
    return [
        Match(row, power)
        for row in case.book.authorities.values()
        if (any_day or row.in_force.holds(case.day)) and speaks_of(row, case)
        for power in row.powers
        if _names_level(power, case.level)
    ]


def _names_level(power: Power, level: str) -> bool:
    return level in power.levels or ("any" in power.levels and level != "criminal")


def matches(found: Iterable[Match], case: Case, *, dismissal: bool) -> list[Match]:
    """Return those of the candidates that name this person, one match a row, from the lowest office up.

    A power that asks for a circumstance goes before those that ask for none. The PPK does not decide on himself.
    """
    by_row: dict[str, Match] = {}
    for match in found:
        row, power = match.row, match.power
        if power.when and not case.is_so(power.when):
            continue
        if case.level == "severe" and power.dismissal == ("excluded" if dismissal else "only"):
            continue
        if case.question.is_ppk and row.seat in (*UPWARD, Seat.HEAD_OF_MISSION):
            continue
        if (case.kind is None or case.kind in row.agencies) and _names_post(match, case):
            by_row.setdefault(row.id, match)
    every = list(by_row.values())
    special = [match for match in every if match.power.when]
    return sorted(special or every, key=lambda match: RANK.get(match.row.seat, len(RANK)))


def _names_post(match: Match, case: Case) -> bool:
    power, seat = match.power, match.row.seat
    if power.posts and case.post not in power.posts:
        return False
    if power.below is None:
        return True
    return power.below == (case.question.levels_below if seat is Seat.HEAD_OF_MISSION else case.levels_under(seat))


# --- where the way up begins -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """The row that names somebody, the seat to begin with (its own, or one further up), why this one, and how sure that is."""

    row: Authority
    seat: Seat
    reasons: tuple[Reason, ...]
    confidence: Confidence = Confidence.CONFIRMED


def first_office(case: Case, found: Sequence[Match]) -> Start | Reason:
    """Choose the row to begin with: the lowest, or for a functional post that of its leader; a Reason: not known which."""
    if case.is_on_ladder or sum(match.row.seat in POST_OF for match in found) < 2:
        return Start(found[0].row, found[0].row.seat, ())
    if not case.superior:
        return Reason("superior_level_needed", (("post_level", case.post),))
    rows = [match.row for match in found if match.row.seat in POST_OF]
    known = _led_by(case, rows, case.superior) or _next_above(case, rows)
    return known or Reason("superior_not_in_data", (("superior_level", case.superior),))


def _led_by(case: Case, rows: Sequence[Authority], level: str) -> Start | None:
    """Return where it begins for a functional post that is led by a post of some level; None: not in the data."""
    for row in rows:
        if POST_OF[row.seat] == level:
            return _start(case, row, row.seat, "superior_decides_which")
    if level == Level.PENGAWAS:
        return _start(case, rows[0], rows[0].seat, "row_of_superior_names_no_functional")
    if level == Level.JPT_MADYA and case.kind in (AgencyKind.CENTRAL, AgencyKind.PROVINCE):
        # Between them stands nobody whom a row names: as where that office is vacant, the power is one level up.
        return _start(case, rows[-1], Seat.JPT_MADYA, "none_between")
    return None


def _start(case: Case, row: Authority, seat: Seat, code: str) -> Start:
    values = (("superior_level", case.superior), ("authority", case.seat_name(seat).id))
    return Start(row, seat, (Reason(code, values),))


def _next_above(case: Case, rows: Sequence[Authority]) -> Start | None:
    """Return the nearest office above that the matrix knows, where it knows nothing of the superior: a head who is functional too.

    That the power is the next one's is a reading, as where an office is vacant; the answer says so and is uncertain.
    """
    for level in case.levels_above:
        if led := _led_by(case, rows, level):
            values = (
                ("superior_level", case.superior), ("above_level", level), ("authority", case.seat_name(led.seat).id),
            )  # fmt: skip
            return Start(led.row, led.seat, (Reason("next_above_decides", values),), Confidence.UNCERTAIN)
    return None
