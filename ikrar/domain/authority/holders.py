"""Who holds an office on the day and may decide, who is passed over, and the way up from one office to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from ikrar.domain.assessment import Reason
from ikrar.domain.authority.answer import PassedOver
from ikrar.domain.authority.case import Case
from ikrar.domain.authority.matrix import Start
from ikrar.domain.authority.question import Conflict, Holder
from ikrar.domain.offices import CONFLICTS, RANK, Capacity, Leave, Seat
from ikrar.domain.sources import Citation, Confidence


@dataclass(frozen=True, slots=True)
class Occupancy:
    """What is found at an office on the day: whether somebody there may decide, in which capacity, and who may not."""

    decides: bool
    capacity: str | None = None
    passed: tuple[PassedOver, ...] = ()
    reasons: tuple[Reason, ...] = ()
    cites: tuple[Citation, ...] = ()
    confidence: Confidence = Confidence.CONFIRMED


def occupancy(case: Case, seat: Seat, *, is_first: bool) -> Occupancy:
    """Look at an office; `is_first`: it is the one that the matrix names first, and what was told of that one counts.

    A conflict is one of the whole office, unless it was told of a capacity in which somebody holds it.
    """
    name = case.seat_name(seat).id
    conflicts, holders = case.conflicts_at(seat, is_first=is_first), case.holders_of(seat, is_first=is_first)
    capacities = {holder.capacity for holder in holders}
    whole = [each for each in conflicts if not each.capacity or each.capacity not in capacities]
    if whole:
        return Occupancy(False, passed=tuple(PassedOver(name, seat, each.why, each.capacity or None) for each in whole))
    if not holders:
        is_held = (seat in RANK and seat is not Seat.PRESIDENT) or seat is Seat.REGIONAL_HEAD
        return Occupancy(True, reasons=(Reason("capacity_not_given", (("authority", name),)),) if is_held else ())
    passed: list[PassedOver] = []
    for holder in holders:
        whys = _why_holder_not(case, seat, holder, holders, conflicts)
        if not whys:
            return _held(case, seat, holder, passed)
        passed += [PassedOver(name, seat, why, holder.capacity or None) for why in whys]
    if any(each.why == "campaign_leave" for each in passed) and not capacities - {"", Capacity.DEFINITIVE}:
        return _stand_in(case, seat, passed)
    return Occupancy(False, passed=tuple(passed))


def _why_holder_not(
    case: Case, seat: Seat, holder: Holder, holders: Sequence[Holder], conflicts: Sequence[Conflict]
) -> list[str]:
    """Return why somebody in an office does not decide; nothing where he may."""
    if holder.vacant:
        return ["vacant"]
    if holder.has_ended(case.day):
        return ["term_ended"]
    whys = [each.why for each in conflicts if each.capacity == holder.capacity]
    if holder.candidate:
        whys.append("candidate")
    if case.heads_region(seat):
        if holder.leave == Leave.CAMPAIGN:
            whys.append("campaign_leave")
        incumbent_is_back = any(
            each.capacity == Capacity.DEFINITIVE
            and each.leave != Leave.CAMPAIGN
            and not each.vacant
            and not each.has_ended(case.day)
            for each in holders
        )
        if holder.capacity == Capacity.PJS and incumbent_is_back:
            whys.append("leave_ended")
    return list(dict.fromkeys(whys))


def _held(case: Case, seat: Seat, holder: Holder, passed: Sequence[PassedOver]) -> Occupancy:
    """Say what is known of an office whose holder has no conflict: in which capacity, and with which open questions."""
    name = case.seat_name(seat).id
    reasons: list[Reason] = []
    cites: list[Citation] = []
    confidence = Confidence.CONFIRMED
    if not holder.capacity:
        reasons.append(Reason("capacity_not_given", (("authority", name),)))
    elif holder.capacity != Capacity.DEFINITIVE:
        is_pjs = holder.capacity == Capacity.PJS and case.heads_region(seat)
        if is_pjs and (rule := case.rule("pjs-stands-in")) is not None:
            reasons.append(Reason("pjs_stands_in", (("authority", name),)))
            cites += rule.cites
        values = (("capacity", holder.capacity), ("authority", name))
        reasons.append(Reason("acting_limits_not_in_data", values))
        confidence = Confidence.UNCERTAIN
    if holder.leave:
        is_of_a_day = holder.leave == Leave.CAMPAIGN_DAY and case.heads_region(seat)
        if is_of_a_day and (rule := case.rule("leave-of-heads-not-running")) is not None:
            reasons.append(Reason("leave_of_a_day", (("authority", name),)))
            cites += rule.cites
        else:
            reasons.append(Reason("leave_not_in_data", (("authority", name), ("leave", holder.leave))))
        confidence = Confidence.UNCERTAIN
    return Occupancy(True, holder.capacity or None, tuple(passed), tuple(reasons), tuple(cites), confidence)


def _stand_in(case: Case, seat: Seat, passed: Sequence[PassedOver]) -> Occupancy:
    """Say who sits where a head of region is on campaign leave and nobody was named to stand in."""
    name = case.seat_name(seat).id
    leave, rule = case.rule("incumbent-on-campaign-leave"), case.rule("pjs-stands-in")
    cites = leave.cites if leave else ()
    if rule is None:
        reasons = (Reason("stand_in_not_in_data", (("authority", name),)),)
        return Occupancy(True, None, tuple(passed), reasons, cites, Confidence.UNCERTAIN)
    limits = (("capacity", Capacity.PJS.value), ("authority", name))
    stands = (Reason("pjs_stands_in", (("authority", name),)), Reason("acting_limits_not_in_data", limits))
    return Occupancy(True, Capacity.PJS, tuple(passed), stands, (*cites, *rule.cites), Confidence.UNCERTAIN)


def why_not(case: Case, seat: Seat) -> str | None:
    """Return why an office that was not asked first may not act in the matter; None where it may."""
    found = occupancy(case, seat, is_first=False)
    return None if found.decides else found.passed[0].why


# --- the way up --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Climb:
    """The way up from the office that a row names: where it ended, what was found there, and what was passed over.

    Where nobody there may decide, `seat` is the last office that was asked. `by_reading`: the way led past a conflict,
    of which the facts say nothing. `first_is_vacant`: nobody holds the first office, and no conflict stands in the way.
    """

    seat: Seat
    found: Occupancy
    passed: tuple[PassedOver, ...]
    cites: tuple[Citation, ...]
    by_reading: bool
    first_is_vacant: bool


def climb(case: Case, start: Start) -> Climb:
    """Go up from an office until somebody may decide, or the facts know nobody further up."""
    seat = start.seat
    found = occupancy(case, seat, is_first=True)
    passed, cites = list(found.passed), list(found.cites)
    first_is_vacant = not found.decides and all(each.why in ("vacant", "term_ended") for each in found.passed)
    by_reading = False
    while not found.decides and (above := case.above(seat)) is not None:
        by_reading |= any(each.why in CONFLICTS for each in found.passed)
        seat = above
        found = occupancy(case, seat, is_first=False)
        passed += found.passed
        cites += found.cites
    return Climb(seat, found, tuple(passed), tuple(cites), by_reading, first_is_vacant)
