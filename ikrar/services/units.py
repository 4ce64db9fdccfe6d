"""Agencies and the trees of their work units."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from ikrar.domain.agencies import may_stand_under
from ikrar.domain.errors import (
    AgencyParentWrong,
    AgencyUnknown,
    RegionTaken,
    RegionUnknown,
    UnitAmbiguous,
    UnitCodeColon,
    UnitInUse,
    UnitTreeHasCycle,
    UnitUnknown,
)
from ikrar.domain.letters import letterhead_of
from ikrar.domain.roster import GONE, superior_of
from ikrar.records.models import Agency, FormerName, OfficeLeave, Person, Placement, Region, User, WorkUnit
from ikrar.services import clock, freshness, ledger, masses, name_touches, offices, touches

# As a government lists its parts: secretariats, offices, then places, then what serves the public in them.
_KINDS = WorkUnit.Kind
_ORDER_OF_KINDS = {
    _KINDS.SECRETARIAT: 0,
    _KINDS.OFFICE: 1,
    _KINDS.EDUCATION_OFFICE: 1,
    _KINDS.HOSPITAL: 2,
    _KINDS.DISTRICT: 3,
    _KINDS.WARD: 4,
    _KINDS.HEALTH_CENTRE: 5,
    _KINDS.SCHOOL: 6,
    _KINDS.SECTION: 7,
}


@transaction.atomic(durable=True)
def create_agency(
    *,
    code: str,
    name: str,
    kind: str,
    region: str | None,
    parent: Agency | None,
    letterhead: str = "",
    by: User | None,
    now: datetime,
) -> Agency:
    """Make an agency with its root unit. Without a letterhead its name stands there.

    Raises RegionUnknown, RegionTaken, AgencyParentWrong, UnitCodeColon.
    """
    return add_agency(
        code=code, name=name, kind=kind, region=region, parent=parent, letterhead=letterhead, by=by, now=now
    )


def add_agency(
    *,
    code: str,
    name: str,
    kind: str,
    region: str | None,
    parent: Agency | None,
    letterhead: str = "",
    by: User | None,
    now: datetime,
) -> Agency:
    """Make an agency inside the caller's transaction (see create_agency)."""
    if ":" in code:
        raise UnitCodeColon(code)
    if region and not Region.objects.filter(pk=region).exists():
        raise RegionUnknown(region)
    _refuse_second_government(region, kind)
    _refuse_parent(name, kind, region, parent)
    agency = Agency.objects.create(
        code=code, name=name, kind=kind, region_id=region, parent=parent, letterhead=letterhead_of(letterhead) or name
    )
    WorkUnit.objects.create(
        agency=agency, code=code, name=name, kind=WorkUnit.Kind.ROOT, region_id=region, position=1, last_position=1
    )
    ledger.append("agency.created", {"agency": agency.pk, "code": code, "by": by and by.pk}, now=now, zone=agency.zone)
    return agency


# A ministry's branch may stand in a region that has its own government; of governments a region has one.
_GOVERNMENTS = (Agency.Kind.PROVINCE, Agency.Kind.REGENCY, Agency.Kind.CITY)


def _refuse_second_government(region: str | None, kind: str) -> None:
    if region and kind in _GOVERNMENTS:
        other = Agency.objects.filter(region=region, kind__in=_GOVERNMENTS).first()
        if other is not None:
            raise RegionTaken(region, other.name)


def _refuse_parent(name: str, kind: str, region: str | None, parent: Agency | None) -> None:
    if parent is not None and not may_stand_under(kind, region or "", parent.kind, parent.region_id or ""):
        raise AgencyParentWrong(name, kind, parent.name, parent.kind)


def stands_wrongly(agency: Agency) -> bool:
    """Say whether an agency stands under one that it may not: recorded before that was refused."""
    above = agency.parent
    return above is not None and not may_stand_under(
        agency.kind, agency.region_id or "", above.kind, above.region_id or ""
    )


def get_agency(code: str) -> Agency:
    """Return an agency by its code. Raises AgencyUnknown."""
    if (agency := Agency.objects.filter(code=code).first()) is None:
        raise AgencyUnknown(code)
    return agency


def get_unit(code: str) -> WorkUnit:
    """Return a unit by `CODE`, or `AGENCY:CODE` where several agencies have the same. Raises UnitUnknown, UnitAmbiguous."""
    agency, _, unit = code.rpartition(":")
    found = WorkUnit.objects.select_related("agency").filter(code=unit)
    if agency:
        found = found.filter(agency__code=agency)
    units = list(found[:20])
    if not units:
        raise UnitUnknown(code)
    if len(units) > 1:
        raise UnitAmbiguous(code, tuple(f"{each.agency.code}:{each.code}" for each in units))
    return units[0]


@transaction.atomic(durable=True)
def create_unit(*, parent: WorkUnit, code: str, name: str, kind: str, by: User, now: datetime) -> WorkUnit:
    """Make a unit under another. Raises UnitCodeColon."""
    if ":" in code:
        raise UnitCodeColon(code)
    unit = WorkUnit.objects.create(agency=parent.agency, code=code, name=name, kind=kind, parent=parent)
    renumber(parent.agency)
    ledger.append(
        "unit.created",
        {"unit": unit.pk, "agency": parent.agency_id, "code": code, "parent": parent.pk, "by": by.pk},
        now=now,
        zone=parent.agency.zone,
    )
    return unit


@transaction.atomic(durable=True)
def change_unit(
    unit: WorkUnit, *, name: str, kind: str, parent: WorkUnit | None, closed_on: date | None, by: User, now: datetime
) -> None:
    """Rename, move or close a unit. Raises UnitTreeHasCycle if it would hang below itself, UnitInUse."""
    above = parent
    while above is not None:
        if above.pk == unit.pk:
            raise UnitTreeHasCycle(unit.code)
        above = above.parent
    if closed_on and not unit.closed_on:
        _refuse_if_in_use(unit)
    _keep_name(unit, name, now)
    if unit.kind != kind:
        name_touches.unit(unit.pk)
    WorkUnit.objects.filter(pk=unit.pk).update(
        name=name, kind=kind, parent=parent if unit.parent_id else None, closed_on=closed_on
    )
    renumber(unit.agency)
    ledger.append(
        "unit.changed",
        {"unit": unit.pk, "parent": parent and parent.pk, "kind": kind, "by": by.pk},
        now=now,
        zone=unit.agency.zone,
    )


def _keep_name(unit: WorkUnit, name: str, now: datetime) -> None:
    """Keep what a unit was called until now, where that changes."""
    for before in WorkUnit.objects.filter(pk=unit.pk).exclude(name=name).values_list("name", flat=True):
        FormerName.objects.create(unit=unit, name=before, until_at=now)
        name_touches.unit(unit.pk)


def _refuse_if_in_use(unit: WorkUnit) -> None:
    """Refuse to close a unit in which people stand, or units below it: their rows would have no place any more."""
    people = Placement.objects.current().of_unit(unit).count()
    below = unit.below().open().exclude(pk=unit.pk).count()
    if people or below:
        raise UnitInUse(people, below)


def remove_unused(agency: Agency, keys: Collection[int]) -> None:
    """Remove those of the units on which nothing else in the records rests, inside the caller's transaction."""
    above = dict(WorkUnit.objects.filter(agency=agency).values_list("pk", "parent"))
    going = {key for key in keys if above.get(key) is not None}
    used: set[int] = set()
    for relation in WorkUnit._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.related_model is not WorkUnit:
            name, rows = relation.field.name, relation.related_model._base_manager
            for part in _parts(going):
                used.update(rows.filter(**{f"{name}__in": part}).values_list(name, flat=True))
    # Whatever stays keeps all that it hangs below.
    for key in [key for key in above if key in used or key not in going]:
        at: int | None = key
        while at is not None and (at in going or at == key):
            going.discard(at)
            at = above[at]
    if going:
        remove(going, WorkUnit.objects.get(agency=agency, parent=None))


def remove(keys: Collection[int], root: WorkUnit) -> None:
    """Delete units of a tree on which nothing rests, inside the caller's transaction, and number the tree anew."""
    parts = [WorkUnit.objects.filter(pk__in=part) for part in _parts(keys)]
    for part in parts:
        part.update(parent=root)  # a unit cannot go while another hangs below it
    for part in parts:
        part.delete()
    renumber(root.agency)


def _parts(keys: Collection[int]) -> list[list[int]]:
    """Cut keys into lists that a statement can take."""
    every = list(keys)
    return [every[start : start + 5000] for start in range(0, len(every), 5000)]


def renumber(agency: Agency) -> None:
    """Number the tree anew from the root down, so that a unit with all below it is one range of positions.

    Raises UnitTreeHasCycle, naming a unit that the root does not reach.
    """
    rows = WorkUnit.objects.filter(agency=agency).values_list(
        "pk", "parent", "kind", "name", "code", "position", "last_position", "depth"
    )
    units = sorted(rows, key=lambda unit: (_ORDER_OF_KINDS.get(unit[2], 0), unit[3], unit[0]))
    below: dict[int | None, list[int]] = {}
    for key, parent, *_ in units:
        below.setdefault(parent, []).append(key)
    numbers: dict[int, tuple[int, int, int]] = {}
    position = 0
    # Depth first without recursion; a unit is met twice, the second time when all below it are numbered.
    todo: list[tuple[int, int, int]] = [(root, 0, 0) for root in below.get(None, [])]
    while todo:
        key, depth, own = todo.pop()
        if own:
            numbers[key] = (own, position, depth)
            continue
        position += 1
        todo.append((key, depth, position))
        todo.extend((child, depth + 1, 0) for child in reversed(below.get(key, ())))
    if len(numbers) != len(units):
        raise UnitTreeHasCycle(next(code for key, _, _, _, code, *_ in units if key not in numbers))
    before = {key: (first, last, depth) for key, _, _, _, _, first, last, depth in units}
    changed = [(*number, key) for key, number in numbers.items() if before[key] != number]
    masses.update(WorkUnit, ["position", "last_position", "depth"], changed)
    touches.agency(agency)
    freshness.everything_changed()


_FEW = 20


def superior(person: Person, day: date | None = None) -> Person | None:
    """Return a person's direct superior on a day (today's where none is given); see superiors."""
    on = day or clock.today()
    placement = Placement.objects.on(on).select_related("unit__agency").filter(person=person).first()
    found = superiors(placement.unit.agency, [person.pk], on).get(person.pk) if placement else None
    return Person.objects.get(pk=found) if found else None


def superiors(agency: Agency, people: Collection[int], day: date) -> dict[int, int]:
    """Return the direct superior of each of these people of an agency on a day, where there is one (see superior).

    Heads are those of this minute: whoever stands in counts, who is on leave does not. However many people: some queries,
    and the tree in memory.
    """
    here = Placement.objects.on(day).filter(unit__agency=agency)
    now = clock.instant(agency.zone)
    wanted = set(people)
    # Of a few only their own rows and what lies above them are read, of many all of the agency: so many keys are no filter.
    rows, chosen = here, WorkUnit.objects.filter(agency=agency)
    if len(wanted) <= _FEW:
        rows = here.filter(person__in=wanted)
        chosen = chosen.filter(_above(chosen.filter(Q(placements__in=rows) | Q(kind=WorkUnit.Kind.EDUCATION_OFFICE))))
    tree = {each.pk: each for each in chosen.only("kind", "parent")}
    if len(wanted) <= _FEW:
        chosen = WorkUnit.objects.filter(pk__in=list(tree))  # four queries ask for their heads
    acting = offices.unit_heads(chosen, now, day).values()
    heads = {head.unit: head.person.pk for head in acting if head.person}
    standing = {
        person: (unit, given)
        for person, unit, given in rows.values_list("person", "unit", "superior").iterator(chunk_size=5000)
        if person in wanted
    }
    named = {given for _unit, given in standing.values() if given}
    serving = set(here.filter(person__in=named).values_list("person", flat=True)) if named else set()
    # Who is on leave from his office is nobody's superior meanwhile, also where the roster names him as one.
    serving -= set(
        OfficeLeave.objects.at(now).filter(holding__person__in=serving).values_list("holding__person", flat=True)
    )
    over = _over(tree)
    found = {
        person: superior_of(person, unit, given=given if given in serving else None, head_of=heads.get, above=over)
        for person, (unit, given) in standing.items()
    }
    return {person: superior for person, superior in found.items() if superior}


def line_above(unit: WorkUnit) -> list[WorkUnit]:
    """Return a unit and those over it, nearest first, as superiors are found: over a school stands the education office."""
    chosen = WorkUnit.objects.filter(agency=unit.agency_id)
    wanted = Q(pk=unit.pk) | Q(kind=WorkUnit.Kind.EDUCATION_OFFICE)
    tree = {each.pk: each for each in chosen.filter(_above(chosen.filter(wanted)))}
    over, line = _over(tree), []
    at: int | None = unit.pk
    while at is not None and at in tree:
        line.append(tree.pop(at))
        at = over(at)
    return line


def _over(tree: Mapping[int, WorkUnit]) -> Callable[[int], int | None]:
    """Return what gives the unit over one of these: its parent's key; of a school elsewhere that of the education office."""
    kinds = {key: each.kind for key, each in tree.items()}
    parents = {key: each.parent_id for key, each in tree.items()}
    education = next((key for key, kind in kinds.items() if kind == WorkUnit.Kind.EDUCATION_OFFICE), None)

    def over(unit: int) -> int | None:
        parent = parents[unit]
        is_school = kinds[unit] == WorkUnit.Kind.SCHOOL and kinds.get(parent) != WorkUnit.Kind.EDUCATION_OFFICE
        return education if is_school and education else parent

    return over


def _above(units: QuerySet[WorkUnit]) -> Q:
    """Return these units and all above them, as a condition on units of the same agency."""
    reach = Q(pk__in=[])
    for position in set(units.order_by().values_list("position", flat=True)):
        reach |= Q(position__lte=position, last_position__gte=position)
    return reach


def heads_over(agency: Agency, standing: Mapping[int, tuple[int, int | None]], day: date) -> dict[int, tuple[int, int]]:
    """Return who heads the unit that each of these people stands in, and which unit that is: nearest first, nobody himself.

    `standing` gives unit and superior by hand of each person; that superior is taken where he heads a unit above the
    person. Heads are those of this minute: whoever stands in counts, who is on leave does not. Three queries, and the tree
    in memory.
    """
    now = clock.instant(agency.zone)
    units = WorkUnit.objects.filter(agency=agency)
    heads = {head.unit: head.person.pk for head in offices.unit_heads(units, now, day).values() if head.person}
    above = dict(units.values_list("pk", "parent"))
    found: dict[int, tuple[int, int]] = {}
    for person, (unit, given) in standing.items():
        at: int | None = unit
        while at is not None:
            head = heads.get(at)
            if head is not None and head != person:
                found.setdefault(person, (head, at))
                if given in (None, person) or head == given:
                    found[person] = (head, at)
                    break
            at = above.get(at)
    return found


def headcounts(agency: Agency, today: date) -> dict[int, int]:
    """Return how many people each unit of an agency has today with all below it, by the unit's key."""
    own = dict(
        Placement.objects.on(today)
        .filter(unit__agency=agency)
        .exclude(status__in=GONE)
        .order_by()
        .values_list("unit")
        .annotate(people=Count("pk"))
    )
    units = list(
        WorkUnit.objects.filter(agency=agency).order_by("position").values_list("pk", "position", "last_position")
    )
    # Positions run from 1 without a gap: a running total answers for every range.
    running = [0] * (len(units) + 2)
    for key, position, _last in units:
        running[min(position, len(units))] += own.get(key, 0)
    for position in range(1, len(running)):
        running[position] += running[position - 1]
    return {key: running[min(last, len(units))] - running[max(position - 1, 0)] for key, position, last in units}


def heads(agency: Agency, today: date) -> dict[int, str]:
    """Return the name of each unit's head now, by the unit's key: whom the roster names, or who has the office instead.

    The head who is on leave stays named where nobody stands in for him.
    """
    found = Placement.objects.on(today).heading().filter(unit__agency=agency).select_related("person")
    names = {placement.unit_id: placement.person.full_name for placement in found}
    return names | {unit: head.name for unit, head in _otherwise(agency, today).items() if not head.away}


def headless(agency: Agency, today: date) -> set[int]:
    """Return the open units that nobody heads, neither by the roster nor by an office, not even somebody on leave."""
    without = set(WorkUnit.objects.filter(agency=agency).without_head(today).values_list("pk", flat=True))
    return without - _otherwise(agency, today).keys() if without else without


def headed_otherwise(unit: WorkUnit, today: date) -> offices.UnitHead | None:
    """Return who heads a unit now where that is not whom the roster names; None: the roster is right."""
    at = clock.instant(unit.agency.zone)
    return offices.heads_otherwise(WorkUnit.objects.filter(pk=unit.pk), at, today).get(unit.pk)


def _otherwise(agency: Agency, today: date) -> dict[int, offices.UnitHead]:
    return offices.heads_otherwise(WorkUnit.objects.filter(agency=agency), clock.instant(agency.zone), today)


@transaction.atomic(durable=True)
def change_agency(
    agency: Agency, *, name: str, parent: Agency | None, letterhead: str, by: User, now: datetime
) -> None:
    """Rename an agency, or put it under another.

    Raises UnitTreeHasCycle if it would be above itself, AgencyParentWrong, LetterheadTooLong.
    """
    head = letterhead_of(letterhead)
    above = parent
    while above is not None:
        if above.pk == agency.pk:
            raise UnitTreeHasCycle(agency.code)
        above = above.parent
    _refuse_parent(name, agency.kind, agency.region_id, parent)
    before = Agency.objects.select_for_update().get(pk=agency.pk)
    if (before.name, before.letterhead) != (name, head):
        FormerName.objects.create(agency=agency, name=before.name, letterhead=before.letterhead, until_at=now)
    root = agency.units.get(parent=None)
    _keep_name(root, name, now)
    if before.name != name:
        name_touches.agency(root)
    Agency.objects.filter(pk=agency.pk).update(name=name, parent=parent, letterhead=head)
    WorkUnit.objects.filter(agency=agency, parent=None).update(name=name)
    ledger.append("agency.changed", {"agency": agency.pk, "parent": parent and parent.pk, "by": by.pk}, now=now)
