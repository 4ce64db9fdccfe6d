"""Offices: who holds them, in which capacity, to the minute; leave and who stands in; bodies and their members.


Who holds an office is asked in one way (records: `Holding.objects.at`), at the programme's instant (clock.instant).
A leave ends nothing: the row of the one on leave stays, the one who stands in has a row beside it that ends with the leave.
So the office comes back in the minute in which the leave ends, without anybody's act.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from ikrar.domain.acts import Act
from ikrar.domain.days import WIB, local_day, utc_text
from ikrar.domain.errors import (
    CapacityNotActing,
    DatesInWrongOrder,
    DayTooFar,
    HandOverInPast,
    HolderFromOutside,
    HoldingRestedOn,
    LeaveNotRunning,
    LeaveOver,
    LeaveOverlaps,
    NameMissing,
    NotTheLatestHolder,
    OfficeAlreadyHeld,
    OfficeVacant,
    PersonNotOfAgency,
    ReasonMissing,
    StandInAway,
    StandInIsHolder,
    StandInOnLeave,
)
from ikrar.domain.offices import AuthorityRule
from ikrar.domain.roster import AWAY, GONE, IdentifierType, split_titles
from ikrar.records.kept import KeptObjects, KeptQuery
from ikrar.records.models import (
    Agency,
    Body,
    BodyMember,
    Holding,
    LogPayload,
    Office,
    OfficeLeave,
    Person,
    Placement,
    Region,
    User,
    WorkUnit,
)
from ikrar.services import clock, freshness, ledger, name_touches, notices, rules

Capacity = Holding.Capacity
ACTING = frozenset(Capacity) - {Capacity.DEFINITIVE}
_MINUTE = timedelta(minutes=1)


# --- who holds what ----------------------------------------------------------------------------------------------


def holder(office: Office, at: datetime) -> Holding | None:
    """Return who holds an office at an instant, with the person; None: nobody does."""
    found: Holding | None = _HOLDING.first(office=office.pk, when_at=at)
    return found


_HOLDING = KeptObjects(
    lambda office, when_at: (
        Holding.objects.filter(office=office).at(when_at).select_related("person").order_by("-from_at")
    ),
    "office",
    "when_at",
)


def holders(offices: QuerySet[Office] | Iterable[Office], at: datetime) -> dict[int, Holding]:
    """Return who holds each of these offices at an instant, by the office's key; an office without a holder is left out."""
    held = Holding.objects.at(at).filter(office__in=offices).select_related("person")
    return {each.office_id: each for each in held}


@dataclass(frozen=True)
class OfficeState:
    """An office at an instant: who holds it, whose it would be without a leave, the leave that lasts, and those ahead."""

    holding: Holding | None
    owner: Holding | None
    leave: OfficeLeave | None
    ahead: tuple[OfficeLeave, ...] = ()

    @property
    def is_gap(self) -> bool:
        """Say whether it has an owner who is on leave and nobody who stands in."""
        return self.holding is None and self.owner is not None


def state(office: Office, at: datetime) -> OfficeState:
    """Return an office as it stands at an instant."""
    return states([office], at)[office.pk]


def states(offices: Sequence[Office], at: datetime) -> dict[int, OfficeState]:
    """Return offices as they stand at an instant, in three queries however many they are."""
    keys = [each.pk for each in offices]
    held = holders(offices, at)
    owners = {
        each.office_id: each
        for each in Holding.objects.dated(at).filter(office__in=keys, leave=None).select_related("person")
    }
    leaves: dict[int, list[OfficeLeave]] = {}
    going_on = OfficeLeave.objects.filter(holding__office__in=keys, cancelled_at=None, until_at__gt=at)
    for leave in going_on.select_related("holding__person").prefetch_related("stand_ins__person"):
        leaves.setdefault(leave.holding.office_id, []).append(leave)
    return {
        key: OfficeState(
            held.get(key),
            owners.get(key),
            next((each for each in leaves.get(key, ()) if each.from_at <= at), None),
            tuple(each for each in leaves.get(key, ()) if each.from_at > at),
        )
        for key in keys
    }


@dataclass(frozen=True)
class UnitHead:
    """Who heads a unit in a minute: whom the roster names, or whoever holds the office of its head, or nobody.

    `away`: the one whom the roster names is on leave, and nobody stands in for him.
    """

    unit: int
    person: Person | None = None
    capacity: str = Capacity.DEFINITIVE
    away: bool = False

    @property
    def name(self) -> str:
        """Return who it is, with titles; empty where nobody is, or where the records name nobody."""
        return self.person.full_name if self.person else ""


def unit_heads(units: QuerySet[WorkUnit], at: datetime, day: date) -> dict[int, UnitHead]:
    """Return who heads each of these units at an instant of a day, in a few queries; a unit without a head is left out.

    The roster names heads by the day, the office of a unit's head to the minute. The later of the two counts: of the
    roster the day since which it names the same head, whatever else of his row changed since. Who is on leave heads
    nothing, and whoever stands in does.
    """
    keys = units.order_by().values("pk")
    return _judged(
        _rostered(keys, day), _held(keys, at), set(_away(keys, at, day).values_list("holding__person", flat=True))
    )


def unit_head(unit: int, at: datetime, day: date) -> UnitHead | None:
    """Return who heads one unit (see unit_heads), as pages ask of whoever is a head; None where it has no head."""
    rostered = _ROSTERED.rows(unit=unit, day_on=day)
    held = _HELD.rows(unit=unit, when_at=at)
    away = {row.holding_person for row in _AWAY.rows(unit=unit, when_at=at, day_on=day)} if rostered else set()
    return _judged(rostered, held, away).get(unit)


def _rostered(keys: Iterable[int] | QuerySet, day: date) -> QuerySet[Placement]:
    return Placement.objects.on(day).heading().filter(unit__in=keys).select_related("person").order_by("-pk")


def _held(keys: Iterable[int] | QuerySet, at: datetime) -> QuerySet[Holding]:
    of_heads = Holding.objects.filter(office__unit__in=keys, office__kind=Office.Kind.HEAD_OF_UNIT)
    return of_heads.at(at).select_related("office__agency", "person")


def _away(keys: Iterable[int] | QuerySet, at: datetime, day: date) -> QuerySet[OfficeLeave]:
    """Return the leaves of those whom the roster names. Few are on leave: asked from them to the roster, not the other way."""
    heading = Placement.objects.on(day).heading().filter(person=OuterRef("holding__person"), unit__in=keys)
    return OfficeLeave.objects.at(at).filter(Exists(heading))


_ROSTERED = KeptObjects(lambda unit, day_on: _rostered([unit], day_on), "unit", "day_on")
_HELD = KeptObjects(lambda unit, when_at: _held([unit], when_at), "unit", "when_at")
_AWAY = KeptQuery(
    lambda unit, when_at, day_on: _away([unit], when_at, day_on).values_list("holding__person"),
    "unit",
    "when_at",
    "day_on",
)


def _judged(placements: Iterable[Placement], holdings: Iterable[Holding], away: Collection[int]) -> dict[int, UnitHead]:
    """Return who heads the units of these rows: of the roster, of offices of their heads, and who of the roster is on leave."""
    rostered = {each.unit_id: each for each in placements}
    held = {each.office.unit_id: each for each in holdings}
    earlier = _heading_before(rostered, held)
    found: dict[int, UnitHead] = {}
    for unit in rostered.keys() | held.keys():
        placement, holding = rostered.get(unit), held.get(unit)
        is_away = placement is not None and (placement.status in AWAY or placement.person_id in away)
        if placement and holding and placement.status in AWAY and holding.person_id == placement.person_id:
            holding = None  # his own office: on leave by the roster he holds it no more than the unit
        if holding and (
            placement is None or is_away or holding.leave_id or unit in earlier or _since(holding) >= placement.from_on
        ):
            found[unit] = UnitHead(unit, holding.person, holding.capacity)
        elif placement and not is_away:
            found[unit] = UnitHead(unit, placement.person)
        elif placement:
            found[unit] = UnitHead(unit, away=True)
    return found


def _heading_before(rostered: Mapping[int, Placement], held: Mapping[int, Holding]) -> set[int]:
    """Return the units whose head by the roster headed them already when another one took over their office.

    His row may be younger than that (a new grade, a new post): it says nothing new of who heads the unit.
    """
    asked = {
        unit: (placement.person_id, _since(held[unit]))
        for unit, placement in rostered.items()
        if unit in held and held[unit].person_id != placement.person_id and _since(held[unit]) < placement.from_on
    }
    before: set[int] = set()
    if asked:
        rows = Placement.objects.heading().filter(unit__in=asked, person__in={person for person, _on in asked.values()})
        for unit, person, first, last in rows.values_list("unit", "person", "from_on", "until_on"):
            if person == asked[unit][0] and first <= asked[unit][1] and (last is None or last > asked[unit][1]):
                before.add(unit)
    return before


def heads_otherwise(units: QuerySet[WorkUnit], at: datetime, day: date) -> dict[int, UnitHead]:
    """Return who heads those of these units that somebody else heads than the roster says, or nobody, by the unit's key.

    Only units whose office is held, or whose head is on leave from one, are looked at: of many units these are few.
    """
    keys = units.order_by().values("pk")
    held = Holding.objects.at(at).filter(office__unit__in=keys, office__kind=Office.Kind.HEAD_OF_UNIT)
    away = OfficeLeave.objects.at(at).values("holding__person")
    heading = Placement.objects.on(day).heading().filter(unit__in=keys)
    asked = set(held.values_list("office__unit", flat=True)) | set(
        heading.filter(person__in=away).values_list("unit", flat=True)
    )
    if not asked:
        return {}
    named = dict(heading.filter(unit__in=asked).order_by("-pk").values_list("unit", "person"))
    heads = unit_heads(WorkUnit.objects.filter(pk__in=asked), at, day)
    return {
        unit: head
        for unit, head in heads.items()
        if unit not in named or head.person is None or head.person.pk != named[unit]
    }


def _since(holding: Holding) -> date:
    return local_day(holding.from_at, holding.office.agency.zone)


@dataclass(frozen=True)
class Seats:
    """What somebody holds in a minute: offices, and units that he heads, each with the capacity."""

    offices: tuple[Holding, ...] = ()
    units: tuple[tuple[WorkUnit, str], ...] = ()

    @property
    def office_keys(self) -> list[int]:
        """Return the keys of the offices."""
        return [each.office_id for each in self.offices]

    @property
    def unit_keys(self) -> list[int]:
        """Return the keys of the units."""
        return [unit.pk for unit, _capacity in self.units]


def seats_of(user: User, *, at: datetime | None = None) -> Seats:
    """Return what somebody holds at an instant (the programme's, where none is given)."""
    if not user.person_id:
        return Seats()
    placement = _PLACED.first(person=user.person_id)
    zone = placement.unit.agency.zone if placement else WIB
    instant = at or clock.instant(zone)
    offices = tuple(_OFFICES.rows(person=user.person_id, when_at=instant))
    mine = {each.office.unit_id for each in offices if each.office.kind == Office.Kind.HEAD_OF_UNIT}
    if placement and placement.is_head and placement.status not in GONE:
        mine.add(placement.unit_id)
    mine.discard(None)
    day = local_day(instant, zone)
    heads = {unit: unit_head(unit, instant, day) for unit in mine}
    return Seats(
        offices,
        tuple((unit, head.capacity) for unit in _units(mine) if (head := heads[unit.pk]) and _heads(head, user)),
    )


_PLACED = KeptObjects(
    lambda person: Placement.objects.current().filter(person=person).select_related("unit__agency").order_by("pk")[:1],
    "person",
)
_OFFICES = KeptObjects(
    lambda person, when_at: (
        Holding.objects.filter(person=person)
        .at(when_at)
        .select_related("office__agency", "office__unit__agency")
        .order_by("office")
    ),
    "person",
    "when_at",
)


def _sorted(keys: Iterable[int]) -> QuerySet[WorkUnit]:
    return WorkUnit.objects.filter(pk__in=keys).select_related("agency").order_by("agency", "position")


_UNIT = KeptObjects(lambda unit: _sorted([unit]), "unit")


def _units(keys: Collection[int]) -> Sequence[WorkUnit]:
    """Return units with their agency in the order of their tree; as a rule there is at most one."""
    if len(keys) > 1:
        return list(_sorted(keys))
    return [unit for key in keys for unit in _UNIT.rows(unit=key)]


def _heads(head: UnitHead, user: User) -> bool:
    return head.person is not None and head.person.pk == user.person_id


# --- the limits of acting heads ----------------------------------------------------------------------------------

# The rules of the rulebook that speak of heads of region on leave and of whoever stands in for them.
_RULES = ("incumbent-on-campaign-leave", "pjs-stands-in", "leave-of-heads-not-running", "reshuffle-ban")
_ACTING_HEAD = "acting-head"


@dataclass(frozen=True)
class Limits:
    """What the rulebook says of leave and of acting holders of an office on a day; empty where it says nothing."""

    rules: tuple[AuthorityRule, ...] = ()
    acts: tuple[Act, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules or self.acts)


def limits(office: Office, day: date) -> Limits:
    """Return the limits that the rulebook holds for acting holders of an office, each with its sources.

    It speaks of heads of region alone: for any other office nothing is answered, and nothing is made up.
    """
    if office.kind != Office.Kind.HEAD_OF_REGION:
        return Limits()
    book = rules.book()
    return Limits(
        tuple(rule for key in _RULES if (rule := book.authority_rules[key]).in_force.holds(day)),
        tuple(
            act for act in book.acts.values() if (version := act.on(day)) is not None and _ACTING_HEAD in version.who
        ),
    )


# --- taking over and leaving -------------------------------------------------------------------------------------

# How far from the day of the act a day of an office or a body may lie: beyond, a digit is wrong.
_BACK, _AHEAD = timedelta(days=50 * 365), timedelta(days=2 * 365)


def _refuse_far(now: datetime, *days: date) -> None:
    """Raise DayTooFar for a day that nobody can mean."""
    first, last = (now - _BACK).date(), (now + _AHEAD).date()
    for day in days:
        if not first <= day <= last:
            raise DayTooFar(day, first, last)


@transaction.atomic(durable=True)
def create_office(
    *, agency: Agency, unit: WorkUnit | None, title: str, kind: str, by: User | None, now: datetime
) -> Office:
    """Make an office of an agency."""
    return add_office(agency=agency, unit=unit, title=title, kind=kind, by=by, now=now)


def add_office(
    *, agency: Agency, unit: WorkUnit | None, title: str, kind: str, by: User | None, now: datetime
) -> Office:
    """Make an office inside the caller's transaction."""
    office = Office.objects.create(agency=agency, unit=unit, title=title, kind=kind)
    ledger.append(
        "office.created", {"office": office.pk, "agency": agency.pk, "by": by and by.pk}, now=now, zone=agency.zone
    )
    return office


@transaction.atomic(durable=True)
def office_of_head(unit: WorkUnit, *, by: User | None, now: datetime) -> Office:
    """Return the office of a unit's head, made with the head whom the roster names where there is none yet.

    So the leave of any head of a unit can be recorded, without offices for hundreds of schools beforehand.
    """
    return add_office_of_head(unit, by=by, now=now)


def title_of_head(unit: WorkUnit) -> str:
    """Return what the office of a unit's head is called, whether it has been made or not."""
    return f"Kepala {unit.name}"[:140]


def add_office_of_head(unit: WorkUnit, *, by: User | None, now: datetime) -> Office:
    """Return the office of a unit's head inside the caller's transaction (see office_of_head)."""
    WorkUnit.objects.select_for_update().get(pk=unit.pk)  # of two clicks one makes it
    kind = Office.Kind.HEAD_OF_UNIT
    office = Office.objects.filter(unit=unit, kind=kind).order_by("pk").first()
    if office is None:
        title = title_of_head(unit)
        if Office.objects.filter(agency=unit.agency_id, title=title).exists():
            title = f"{title[:140]} ({unit.code})"[:150]
        office = add_office(agency=unit.agency, unit=unit, title=title, kind=kind, by=by, now=now)
    head = Placement.objects.current().heading().filter(unit=unit).select_related("person").first()
    if head and not office.holdings.filter(person=head.person_id, leave=None, until_at=None).exists():
        begins = midnight(head.from_on, unit.agency.zone)
        latest = office.holdings.filter(leave=None).order_by("-from_at").first()
        if latest is None or latest.from_at < begins:
            _hold(office, head.person, Capacity.DEFINITIVE.value, begins, "", None, by, now)
    return office


@transaction.atomic(durable=True)
def take_over(
    office: Office,
    *,
    person: Person | None,
    capacity: str,
    from_at: datetime,
    letter_number: str,
    letter_on: date | None,
    recorded_late: bool = True,
    by: User | None,
    now: datetime,
) -> Holding:
    """Hand an office over at a minute: the one who held it ends in that minute, the new one begins.

    A leave of the old holder is over with it, and so is whoever stood in. Raises OfficeAlreadyHeld where somebody took
    it over at that minute or later, PersonNotOfAgency for a person of another agency in an office of a unit (acting
    heads of region come from outside), HandOverInPast for an earlier day unless it is said to be recorded late, DayTooFar.
    """
    _refuse_far(now, from_at.date())
    _lock(office)
    if (
        person
        and office.unit_id
        and not Placement.objects.current().filter(person=person, unit__agency=office.agency_id).exists()
    ):
        raise PersonNotOfAgency()
    latest = office.holdings.filter(leave=None).order_by("-from_at").first()
    if latest and latest.from_at >= from_at:
        raise OfficeAlreadyHeld(latest.from_at)
    _refuse_past(office, from_at, recorded_late)
    return _hold(office, person, capacity, from_at, letter_number, letter_on, by, now)


def capacities_from_outside(office: Office) -> frozenset[Capacity]:
    """Return in which capacities somebody who stands on no roster may hold an office; empty: in none.

    Acting heads come from outside to a head of region alone; another office that belongs to no unit may be elective, as a
    deputy's is. A secretary, and whoever heads a unit, is a civil servant of the agency.
    """
    if office.kind == Office.Kind.HEAD_OF_REGION:
        return frozenset(Capacity)
    if office.kind == Office.Kind.OTHER and not office.unit_id:
        return frozenset({Capacity.DEFINITIVE})
    return frozenset()


@transaction.atomic(durable=True)
def take_over_from_outside(
    office: Office,
    *,
    name: str,
    front_title: str = "",
    back_title: str = "",
    capacity: str,
    from_at: datetime,
    letter_number: str,
    letter_on: date | None,
    recorded_late: bool = True,
    by: User | None,
    now: datetime,
) -> Holding:
    """Hand an office to somebody who stands on no roster: an elected head of region, an acting head from elsewhere.

    A person without a number is made of the name; the same name in the same office is the same person. Raises
    NameMissing, HolderFromOutside (see capacities_from_outside), OfficeAlreadyHeld, HandOverInPast, DayTooFar.
    """
    _refuse_far(now, from_at.date())
    name = " ".join(name.split())
    if not name:
        raise NameMissing()
    if capacity not in capacities_from_outside(office):
        raise HolderFromOutside()
    _lock(office)
    latest = office.holdings.filter(leave=None).order_by("-from_at").first()
    if latest and latest.from_at >= from_at:
        raise OfficeAlreadyHeld(latest.from_at)
    _refuse_past(office, from_at, recorded_late)
    person = _outsider(office, front_title, name, back_title)
    return _hold(office, person, capacity, from_at, letter_number, letter_on, by, now)


def _outsider(office: Office, front_title: str, name: str, back_title: str) -> Person:
    """Return somebody who stands on no roster, by his name in an office; made where he is not known."""
    name = " ".join(name.split())[:150]
    person, _made = Person.objects.get_or_create(
        identifier_type=IdentifierType.NONE,
        identifier=f"office|{office.pk}|{name.upper()}",
        defaults={"name": name, "front_title": front_title.strip()[:60], "back_title": back_title.strip()[:120]},
    )
    return person


def _hold(
    office: Office,
    person: Person | None,
    capacity: str,
    from_at: datetime,
    letter_number: str,
    letter_on: date | None,
    by: User | None,
    now: datetime,
) -> Holding:
    before = _end_all(office, from_at, now)
    holding = Holding.objects.create(
        office=office,
        person=person,
        capacity=capacity,
        from_at=from_at,
        letter_number=letter_number,
        letter_on=letter_on,
    )
    name_touches.office(office)
    if person:
        freshness.changed(f"person:{person.pk}")  # from now on his offices are asked for
    if office.kind == Office.Kind.HEAD_OF_UNIT:
        # From now on the office is asked for, too, whether somebody whom the roster names heads the unit.
        marked = Placement.objects.current().filter(unit=office.unit_id, is_head=True).values_list("person", flat=True)
        freshness.changed(*(f"person:{key}" for key in marked))
    ledger.append(
        "office.taken_over",
        {"office": office.pk, "holding": holding.pk, "person": person and person.pk, "capacity": capacity,
         "before": before, "by": by and by.pk},
        now=now,
        zone=office.agency.zone,
    )  # fmt: skip
    return holding


def _end_all(office: Office, at: datetime, now: datetime) -> dict[str, Any]:
    """End whatever of an office reaches beyond a minute: holdings, leaves, and whoever stands in for them.

    Returns what stood before, for the log: a hand-over that is taken back leaves the office as it was.
    """
    reaching = Q(until_at=None) | Q(until_at__gt=at)
    leaves = OfficeLeave.objects.filter(holding__office=office, cancelled_at=None, until_at__gt=at)
    before = {
        "holdings": [
            [each.pk, each.until_at and utc_text(each.until_at)]
            for each in office.holdings.filter(reaching, from_at__lt=at).order_by("pk")
        ],
        "leaves": [[each.pk, utc_text(each.until_at), each.last_on.isoformat()] for each in leaves.order_by("pk")],
    }
    office.holdings.filter(reaching, from_at__lt=at).update(until_at=at)
    for leave in leaves:
        _cut(leave, at, office.agency.zone, now)
    return before


def _cut(leave: OfficeLeave, at: datetime, zone: timezone, now: datetime) -> None:
    """Let a leave end at a minute, or never begin; with it whoever stands in, and what hangs on his own leave."""
    if leave.from_at < at:
        last = max(leave.from_on, local_day(at - _MINUTE, zone))
        OfficeLeave.objects.filter(pk=leave.pk).update(until_at=at, last_on=last)
    else:
        OfficeLeave.objects.filter(pk=leave.pk).update(cancelled_at=now)
    for stand_in in leave.stand_ins.filter(until_at__gt=at):
        if stand_in.from_at < at:
            Holding.objects.filter(pk=stand_in.pk).update(until_at=at)
        for own in stand_in.leaves.filter(cancelled_at=None, until_at__gt=at):
            _cut(own, at, zone, now)


def _lock(office: Office) -> None:
    """Let acts on one office come one after the other, on PostgreSQL too."""
    Office.objects.select_for_update().get(pk=office.pk)


def _refuse_past(office: Office, at: datetime, recorded_late: bool) -> None:
    zone = office.agency.zone
    if not recorded_late and at < midnight(clock.today(zone), zone):
        raise HandOverInPast(at)


def midnight(day: date, zone: timezone) -> datetime:
    """Return the instant at which a local day begins."""
    return datetime.combine(day, time(), zone)


def withdraw_take_over(holding: Holding, *, by: User | None, now: datetime) -> None:
    """Take a hand-over back that was recorded wrongly: the office stands as it had not been.

    Whoever held it holds it on, until the end that was set for him before; a leave that was cut short or lapsed goes on,
    and so does whoever stood in. Only the last one. Its leaves go with it, unless somebody stood in. The log keeps what
    stood. Raises NotTheLatestHolder, HoldingRestedOn.
    """
    # Found before the transaction: the log keeps no order, and nobody who writes waits until it is read.
    before = _before(holding)
    _withdraw_take_over(holding, before, by, now)


def _before(holding: Holding) -> dict[str, Any] | None:
    """Return what stood before a hand-over, from its entry in the log; None where the entry does not tell or was erased."""
    told = LogPayload.objects.of_event("office.taken_over").saying(f'"holding":{holding.pk},')
    for payload in told:
        data: dict[str, Any] = json.loads(bytes(payload.payload))["data"]
        if data["holding"] == holding.pk:
            return data.get("before")
    return None


@transaction.atomic(durable=True)
def _withdraw_take_over(holding: Holding, before: dict[str, Any] | None, by: User | None, now: datetime) -> None:
    office = holding.office
    _lock(office)
    if holding.leave_id or office.holdings.filter(leave=None, from_at__gt=holding.from_at).exists():
        raise NotTheLatestHolder()
    if holding.leaves.filter(stand_ins__isnull=False).exists():
        raise HoldingRestedOn()
    try:
        holding.leaves.all().delete()
        gone = Holding.objects.filter(pk=holding.pk).delete()[0]
    except ProtectedError:
        raise HoldingRestedOn() from None
    if not gone:
        raise NotTheLatestHolder()
    if before is None:
        office.holdings.filter(leave=None, until_at=holding.from_at).update(until_at=None)
    else:
        _restore(office, holding.from_at, before, now)
    name_touches.office(office)
    if holding.person_id:
        name_touches.people([holding.person_id])
    freshness.everything_changed()
    zone = office.agency.zone
    ledger.append(
        "office.take_over_withdrawn",
        {"office": office.pk, "holding": holding.pk, "person": holding.person_id, "capacity": holding.capacity,
         "from": local_day(holding.from_at, zone).isoformat(), "by": by and by.pk},
        now=now,
        zone=zone,
    )  # fmt: skip


def _restore(office: Office, at: datetime, before: dict[str, Any], now: datetime) -> None:
    """Let go on what a hand-over at a minute ended, as far as it still stands as the hand-over left it."""
    for key, until in before["holdings"]:
        office.holdings.filter(pk=key, until_at=at).update(until_at=until and datetime.fromisoformat(until))
    for key, until, last_on in before["leaves"]:
        ends = datetime.fromisoformat(until)
        leave = OfficeLeave.objects.filter(Q(until_at=at) | Q(cancelled_at__isnull=False), pk=key).first()
        if leave is None or _leaves_between(Q(holding=leave.holding_id), leave.from_at, ends).exclude(pk=key).exists():
            continue  # taken back since, or another one has its days
        told_at = leave.ended_told_at if ends <= now else None  # of its end both are told when it comes
        OfficeLeave.objects.filter(pk=key).update(
            until_at=ends, last_on=date.fromisoformat(last_on), cancelled_at=None, ended_told_at=told_at
        )


@transaction.atomic(durable=True)
def withdraw_leave(leave: OfficeLeave, *, by: User | None, now: datetime) -> None:
    """Take a leave back that was recorded wrongly; the log keeps what stood.

    Raises HoldingRestedOn where somebody stood in: such a leave is ended, not forgotten.
    """
    office = leave.holding.office
    _lock(office)
    if leave.stand_ins.exists():
        raise HoldingRestedOn()
    try:
        gone = OfficeLeave.objects.filter(pk=leave.pk).delete()[0]
    except ProtectedError:
        raise HoldingRestedOn() from None
    if not gone:
        return
    freshness.everything_changed()
    ledger.append(
        "office.leave_withdrawn",
        {"office": office.pk, "leave": leave.pk, "kind": leave.kind, "from": leave.from_on.isoformat(),
         "last": leave.last_on.isoformat(), "by": by and by.pk},
        now=now,
        zone=office.agency.zone,
    )  # fmt: skip


@transaction.atomic(durable=True)
def leave_office(holding: Holding, *, until_at: datetime, by: User | None, now: datetime) -> None:
    """End a holding without a successor; with it his leave, and whoever stands in for him.

    Raises DatesInWrongOrder, DayTooFar.
    """
    _refuse_far(now, until_at.date())
    if until_at <= holding.from_at:
        raise DatesInWrongOrder(holding.from_at, until_at)
    _lock(holding.office)
    if not Holding.objects.filter(pk=holding.pk, until_at=None).update(until_at=until_at):
        return
    for leave in holding.leaves.filter(cancelled_at=None, until_at__gt=until_at):
        _cut(leave, until_at, holding.office.agency.zone, now)
    name_touches.office(holding.office)
    ledger.append(
        "office.left", {"office": holding.office_id, "holding": holding.pk, "by": by and by.pk},
        now=now, zone=holding.office.agency.zone,
    )  # fmt: skip


# --- leave, and who stands in ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StandIn:
    """Who stands in for somebody on leave: somebody of a roster, `name` of somebody on none, or nobody who is named."""

    capacity: str
    person: Person | None = None
    name: str = ""
    letter_number: str = ""
    letter_on: date | None = None


@transaction.atomic(durable=True)
def record_leave(
    holding: Holding,
    *,
    kind: str,
    from_on: date,
    last_on: date,
    note: str,
    from_at: datetime | None = None,
    stand_in: StandIn | None = None,
    recorded_late: bool = True,
    by: User | None,
    now: datetime,
) -> OfficeLeave:
    """Record a holder's leave and who stands in meanwhile, in one act.

    It begins at `from_at` (where none is given at midnight of its first day, or when the holder took over on that day)
    and ends with its last day. Then the office is
    the holder's again by itself, unless something else was recorded. Without `stand_in` nobody has the office meanwhile.
    Raises DatesInWrongOrder, DayTooFar, OfficeVacant, LeaveOverlaps, HandOverInPast, CapacityNotActing, StandInIsHolder,
    StandInOnLeave, StandInAway, PersonNotOfAgency.
    """
    _refuse_far(now, from_on, last_on)
    office, zone = holding.office, holding.office.agency.zone
    begins, ends = from_at or midnight(from_on, zone), midnight(last_on + timedelta(days=1), zone)
    if from_at is None and local_day(holding.from_at, zone) == from_on:
        begins = max(begins, holding.from_at)
    if last_on < from_on or ends <= begins:
        raise DatesInWrongOrder(from_on, last_on)
    _lock(office)
    if not Holding.objects.dated(begins).filter(pk=holding.pk).exists():
        raise OfficeVacant(begins)
    if other := _leaves_between(Q(holding=holding), begins, ends).first():
        raise LeaveOverlaps(other.from_on, other.last_on)
    _refuse_past(office, begins, recorded_late)
    leave = OfficeLeave.objects.create(
        holding=holding, kind=kind, from_on=from_on, last_on=last_on, from_at=begins, until_at=ends, note=note
    )
    ledger.append(
        "office.leave_recorded",
        {"office": holding.office_id, "leave": leave.pk, "kind": kind, "from": from_on.isoformat(),
         "last": last_on.isoformat(), "by": by and by.pk},
        now=now,
        zone=zone,
    )  # fmt: skip
    if stand_in:
        _stand_in(leave, stand_in, begins, by=by, now=now)
    return leave


def _leaves_between(whose: Q, begins: datetime, ends: datetime) -> QuerySet[OfficeLeave]:
    return OfficeLeave.objects.filter(whose, cancelled_at=None, from_at__lt=ends, until_at__gt=begins)


@transaction.atomic(durable=True)
def name_stand_in(
    leave: OfficeLeave,
    stand_in: StandIn,
    *,
    from_at: datetime,
    recorded_late: bool = True,
    by: User | None,
    now: datetime,
) -> Holding:
    """Let somebody stand in from a minute on: where nobody did, or in place of the one who did until then.

    Raises LeaveOver, LeaveNotRunning outside of the leave, OfficeAlreadyHeld where somebody stands in from that minute
    or a later one, and what record_leave raises about whoever stands in.
    """
    _lock(leave.holding.office)
    leave.refresh_from_db()
    if leave.cancelled_at:
        raise LeaveOver()
    if not leave.from_at <= from_at < leave.until_at:
        raise LeaveNotRunning(leave.from_on, leave.last_on)
    latest = leave.stand_ins.order_by("-from_at").first()
    if latest and latest.from_at >= from_at:
        raise OfficeAlreadyHeld(latest.from_at)
    _refuse_past(leave.holding.office, from_at, recorded_late)
    leave.stand_ins.filter(until_at__gt=from_at).update(until_at=from_at)
    for before in leave.stand_ins.all():
        for own in before.leaves.filter(cancelled_at=None, until_at__gt=from_at):
            _cut(own, from_at, leave.holding.office.agency.zone, now)
    return _stand_in(leave, stand_in, from_at, by=by, now=now)


def _stand_in(leave: OfficeLeave, stand_in: StandIn, begins: datetime, *, by: User | None, now: datetime) -> Holding:
    office = leave.holding.office
    _check_stand_in(leave, stand_in, begins)
    person = stand_in.person or (_outsider(office, *split_titles(stand_in.name)) if stand_in.name else None)
    holding = Holding.objects.create(
        office=office,
        person=person,
        leave=leave,
        capacity=stand_in.capacity,
        from_at=begins,
        until_at=leave.until_at,
        letter_number=stand_in.letter_number,
        letter_on=stand_in.letter_on,
    )
    name_touches.office(office)
    ledger.append(
        "office.stand_in_named",
        {"office": office.pk, "leave": leave.pk, "holding": holding.pk, "person": person and person.pk,
         "capacity": str(stand_in.capacity), "by": by and by.pk},
        now=now,
        zone=office.agency.zone,
    )  # fmt: skip
    if person:
        said = {
            "office": office.title, "capacity": stand_in.capacity, "last_on": leave.last_on.isoformat(),
            "from_on": local_day(begins, office.agency.zone).isoformat(),
        }  # fmt: skip
        notices.tell([person.pk], "stand_in_named", said, link="", now=now)
    return holding


def _check_stand_in(leave: OfficeLeave, stand_in: StandIn, begins: datetime) -> None:
    """Refuse who cannot stand in; see record_leave."""
    office, person, zone = leave.holding.office, stand_in.person, leave.holding.office.agency.zone
    if stand_in.capacity not in ACTING:
        raise CapacityNotActing()
    if person is None:
        if stand_in.name and office.kind != Office.Kind.HEAD_OF_REGION:
            raise PersonNotOfAgency()
        return
    if person.pk == leave.holding.person_id:
        raise StandInIsHolder()
    placement = Placement.objects.current().filter(person=person).select_related("unit").first()
    if placement is not None and placement.status in GONE:
        raise PersonNotOfAgency()
    if office.kind != Office.Kind.HEAD_OF_REGION and (
        placement is None or placement.unit.agency_id != office.agency_id
    ):
        raise PersonNotOfAgency()
    if placement and placement.status in AWAY and local_day(begins, zone) <= clock.today(zone):
        raise StandInAway()
    if own := _leaves_between(Q(holding__person=person), begins, leave.until_at).first():
        raise StandInOnLeave(own.from_on, own.last_on)


@transaction.atomic(durable=True)
def end_leave(leave: OfficeLeave, *, at: datetime, by: User | None, now: datetime) -> None:
    """Let a holder come back at a minute, before his leave would end; one that has not begun then never begins.

    Whoever stood in has nothing more in that minute; of whoever would have stood in later no row stays, only the log tells
    that he was named. Raises LeaveOver for one that is over by then.
    """
    _lock(leave.holding.office)
    leave.refresh_from_db()
    if leave.cancelled_at or leave.until_at <= at:
        raise LeaveOver()
    zone = leave.holding.office.agency.zone
    begun = leave.from_at < at
    people = {each.person_id for each in leave.stand_ins.filter(until_at__gte=at)} | {leave.holding.person_id}
    _cut(leave, at, zone, now)
    name_touches.office(leave.holding.office)  # also whoever is forgotten now
    _forget_never_held(leave)
    said = {"office": leave.holding.office_id, "leave": leave.pk, "by": by and by.pk}
    if begun:
        ledger.append("office.leave_ended", said, now=now, zone=zone)
    else:
        ledger.append("office.leave_cancelled", said, now=now, zone=zone)
    told = {"office": leave.holding.office.title, "on": local_day(at, zone).isoformat()}
    if begun:
        OfficeLeave.objects.filter(pk=leave.pk).update(
            ended_told_at=now, begun_told_at=Coalesce("begun_told_at", Value(now))
        )
        notices.tell(people - {None}, "leave_ended", told, link="", now=now)
    else:
        notices.tell(people - {None}, "leave_cancelled", told, link="", now=now)


def _forget_never_held(leave: OfficeLeave) -> None:
    """Delete whoever was named for a leave and never held the office, with leaves of his own that nothing rests on."""
    held = leave.stand_ins.ever_held().values("pk")
    for stand_in in leave.stand_ins.exclude(pk__in=list(held.values_list("pk", flat=True))):
        for own in stand_in.leaves.all():
            _forget_never_held(own)
        try:
            with transaction.atomic():
                stand_in.leaves.all().delete()
                stand_in.delete()
        except ProtectedError:
            continue  # duties were given for a leave of his: they keep telling which


# --- bodies ------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def create_body(
    *, agency: Agency | None, region: Region | None, kind: str, name: str, task: str, by: User | None, now: datetime
) -> Body:
    """Make a body: inside an agency, or outside all of them with a region."""
    body = Body.objects.create(agency=agency, region=region, kind=kind, name=name, task=task)
    ledger.append(
        "body.created", {"body": body.pk, "agency": agency and agency.pk, "kind": kind, "by": by and by.pk}, now=now
    )
    return body


@transaction.atomic(durable=True)
def add_member(
    body: Body,
    *,
    person: Person,
    duty: str,
    letter_number: str,
    letter_on: date,
    from_on: date,
    by: User | None,
    now: datetime,
) -> BodyMember:
    """Put somebody on a body by an assignment letter. Raises ReasonMissing without one, PersonNotOfAgency, DayTooFar."""
    _refuse_far(now, letter_on, from_on)
    if not letter_number.strip():
        raise ReasonMissing("letter_number")
    if body.agency_id and not Placement.objects.current().filter(person=person, unit__agency=body.agency_id).exists():
        raise PersonNotOfAgency()
    member = BodyMember.objects.create(
        body=body,
        person=person,
        duty=duty,
        letter_number=letter_number,
        letter_on=letter_on,
        from_on=from_on,
    )
    ledger.append(
        "body.member_added", {"body": body.pk, "member": member.pk, "person": person.pk, "by": by and by.pk}, now=now
    )
    return member


@transaction.atomic(durable=True)
def end_member(member: BodyMember, *, until_on: date, by: User | None, now: datetime) -> None:
    """End a membership. Raises DatesInWrongOrder, DayTooFar."""
    _refuse_far(now, until_on)
    if until_on < member.from_on:
        raise DatesInWrongOrder(member.from_on, until_on)
    if not BodyMember.objects.filter(pk=member.pk, until_on=None).update(until_on=until_on):
        return
    ledger.append("body.member_ended", {"body": member.body_id, "member": member.pk, "by": by and by.pk}, now=now)
