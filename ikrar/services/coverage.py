"""Coverage: who has signed and whose signature counts, unit by unit, against the roster of the day.

A unit of some thousand people is counted when somebody looks. For more, the counts of every unit are kept: with those
placed in it, and with all below it. Acts mark the units that they touch (services.touches); a worker counts those anew,
and a reader counts what is marked but not yet counted himself, so that a figure is right at once. Where more was touched
than a reader can count in a moment, the kept figure is shown with the time at which it was right.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When

from ikrar.domain.pacts import Coverage, KeepsOn, State
from ikrar.domain.roster import AWAY, GONE
from ikrar.records.models import (
    Agency,
    CountedRound,
    PactRound,
    Placement,
    Signature,
    UnitCount,
    UnitTouch,
    WorkUnit,
)
from ikrar.services import clock
from ikrar.services.pacts import KEPT, with_owed

# Up to so many people are counted at once, however much happens meanwhile.
COUNTED_AT_ONCE = 2_000
# So many units, and so many people in them, that a reader counts himself where they were touched since the last count.
_MOST_TOUCHED = 40
_MOST_PEOPLE_TOUCHED = 2_000
_UNITS_A_STEP = 500
_LOCK = 4_713_001  # PostgreSQL's number for "somebody is counting"


@dataclass(frozen=True)
class Below:
    """A unit's counts: all of it, each unit directly under it with all below that, and those placed in it itself.

    `as_of` is when these counts were right, where more happened since than could be counted at once; None: they are right.
    """

    total: Coverage
    rows: list[tuple[WorkUnit, Coverage]]
    own: Coverage
    as_of: datetime | None = None


def coverage(pact_round: PactRound, unit: WorkUnit, day: date) -> Coverage:
    """Count a unit with all below it, against the roster of the day."""
    if kept := _kept(pact_round, unit, [], day):
        return kept.total
    return sum(_of_places(pact_round, Placement.objects.on(day).of_unit(unit), day).values(), Coverage())


def coverage_below(pact_round: PactRound, unit: WorkUnit, day: date) -> Below:
    """Count a unit, each unit directly under it (with all below that), and those placed in the unit itself."""
    children = list(WorkUnit.objects.filter(parent=unit).order_by("position"))
    if kept := _kept(pact_round, unit, children, day):
        return kept
    counted = _of_places(pact_round, Placement.objects.on(day).of_unit(unit), day)
    positions = dict(WorkUnit.objects.filter(pk__in=counted).values_list("pk", "position"))
    by_position = {positions[key]: counts for key, counts in counted.items()}
    rows = [
        (
            child,
            sum((c for pos, c in by_position.items() if child.position <= pos <= child.last_position), Coverage()),
        )
        for child in children
    ]
    return Below(sum(counted.values(), Coverage()), rows, counted.get(unit.pk, Coverage()))


# --- counting ----------------------------------------------------------------------------------------------------


def _of_places(pact_round: PactRound, placements: QuerySet[Placement], day: date) -> dict[int, Coverage]:
    """Count placements of a day by unit, in one query."""
    kept = KEPT[KeepsOn(pact_round.keeps_on)]
    # Who moved since and owes it anew elsewhere: what was signed in the place of that day still counts for that day.
    there = Signature.objects.filter(
        {
            KeepsOn.SAME_AGENCY: Q(unit__agency=OuterRef("unit__agency")),
            KeepsOn.SAME_POST: Q(unit=OuterRef("unit"), post=OuterRef("post")),
            KeepsOn.SAME_UNIT: Q(unit=OuterRef("unit")),
        }[KeepsOn(pact_round.keeps_on)],
        obligation__pact_round=pact_round,
        obligation__office=None,
        person=OuterRef("person"),
        version=pact_round.text_id,
        signed_on__lte=day,
        contest=None,
    )
    moved_since = ~kept & Exists(there)
    done = kept & Q(owed__signature__signed_on__lte=day)
    rows = (
        with_owed(placements.exclude(status__in=GONE), pact_round)
        .annotate(
            place=Case(
                When(owed__isnull=True, then=Value("none")),
                When(kept | moved_since, then=Value("same")),
                default=Value("moved"),
                output_field=CharField(),
            ),
            done=Case(When(done | moved_since, then=Value(True)), default=Value(False)),
            counts=Case(
                When(done & Q(owed__signature__version=pact_round.text_id) | moved_since, then=Value(True)),
                default=Value(False),
            ),
        )
        .values("unit_id", "employment", "status", "owed__state", "place", "done", "counts")
        .annotate(people=Count("pk"))
        .order_by()
    )
    counted: dict[int, dict[str, int]] = {}
    for row in rows:
        cell = counted.setdefault(row["unit_id"], dict.fromkeys(Coverage.__dataclass_fields__, 0))
        for name in _counts_of(row, pact_round.employments):
            cell[name] += row["people"]
    return {unit: Coverage(**cell) for unit, cell in counted.items()}


def _counts_of(row: Mapping[str, Any], employments: Sequence[str]) -> list[str]:
    """Return the counts that people of one kind belong to."""
    names = ["roster"]
    state = row["owed__state"]
    if row["employment"] not in employments:
        return [*names, "not_obliged"]
    if row["place"] == "same" and state == State.EXCUSED:
        return [*names, "excused"]
    if row["status"] in AWAY and not row["counts"]:
        return [*names, "on_leave"]
    if row["place"] != "same":
        return [*names, "not_issued"]
    names.append("issued")
    if row["done"] and (row["counts"] or state != State.REFUSED):
        names += ["opened", "signed"]
    elif state == State.OPENED:
        names.append("opened")
    elif state == State.REFUSED:
        # Also whoever signed an older text and refuses the one in force.
        names.append("refused")
    if row["counts"]:
        names.append("valid")
    return names


# --- what was counted before -------------------------------------------------------------------------------------


def _kept(pact_round: PactRound, unit: WorkUnit, children: list[WorkUnit], day: date) -> Below | None:
    """Return kept counts of a unit, put right by what was touched since; None where it is to be counted at once."""
    wanted = [unit.pk, *(child.pk for child in children)]
    counted = UnitCount.objects.filter(pact_round=pact_round, unit__in=wanted, pact_round__counted__day=day)
    rows = {row.unit_id: row for row in counted}
    if unit.pk not in rows or Coverage(*rows[unit.pk].whole).roster <= COUNTED_AT_ONCE:
        return None
    # The counts are read once more after the touches: what is counted in between is then compared with itself.
    touched = _touched_in(pact_round, unit)
    rows = {row.unit_id: row for row in counted.all()}
    if unit.pk not in rows:
        return None  # a new day began
    total = Coverage(*rows[unit.pk].whole)
    found = {key: Coverage(*row.whole) for key, row in rows.items()}
    own = Coverage(*rows[unit.pk].own)
    if touched is None:
        as_of = CountedRound.objects.get(pact_round=pact_round).at
        return Below(total, [(child, found.get(child.pk, Coverage())) for child in children], own, as_of)
    for place, change in _changes(pact_round, touched, day):
        total += change
        if place.pk == unit.pk:
            own += change
        for child in children:
            if child.position <= place.position <= child.last_position:
                found[child.pk] = found.get(child.pk, Coverage()) + change
    return Below(total, [(child, found.get(child.pk, Coverage())) for child in children], own)


def _touched_in(pact_round: PactRound, unit: WorkUnit) -> list[WorkUnit] | None:
    """Return the units below (and this one) that were touched since they were counted; None: too many to count now."""
    touches = UnitTouch.objects.filter(Q(pact_round=None) | Q(pact_round=pact_round))
    if touches.filter(agency=unit.agency_id).exists():
        return None
    touched = touches.filter(
        unit__agency=unit.agency_id, unit__position__gte=unit.position, unit__position__lte=unit.last_position
    )
    keys = list(touched.order_by().values_list("unit", flat=True).distinct()[: _MOST_TOUCHED + 1])
    if len(keys) > _MOST_TOUCHED:
        return None
    counts = UnitCount.objects.filter(pact_round=pact_round, unit__in=keys).values_list("own", flat=True)
    if sum(Coverage(*own).roster for own in counts) > _MOST_PEOPLE_TOUCHED:
        return None
    return list(WorkUnit.objects.filter(pk__in=keys))


def _changes(pact_round: PactRound, touched: list[WorkUnit], day: date) -> Iterator[tuple[WorkUnit, Coverage]]:
    """Count units anew and give what changed since they were counted last."""
    if not touched:
        return
    now = _of_places(pact_round, Placement.objects.on(day).filter(unit__in=touched), day)
    before = _own_counts(pact_round, [unit.pk for unit in touched])
    for unit in touched:
        yield unit, _less(now.get(unit.pk, Coverage()), before.get(unit.pk, Coverage()))


def _own_counts(pact_round: PactRound, units: Iterable[int]) -> dict[int, Coverage]:
    rows = UnitCount.objects.filter(pact_round=pact_round, unit__in=list(units)).values_list("unit", "own")
    return {unit: Coverage(*own) for unit, own in rows}


def _less(one: Coverage, other: Coverage) -> Coverage:
    return Coverage(*(a - b for a, b in zip(astuple(one), astuple(other), strict=True)))


# --- counting anew -----------------------------------------------------------------------------------------------


def count_touched(now: datetime) -> int:
    """Count anew what was touched, and everything where a day began or a round was never counted; return how many units.

    Run by the worker, one at a time: where somebody counts already, nothing is done. What is touched meanwhile stays
    marked. Each step is a transaction of its own; being stopped in the middle loses nothing.
    """
    with _alone() as alone:
        if not alone:
            return 0
        touches = list(UnitTouch.objects.values_list("pk", "pact_round", "unit", "agency"))
        counted = 0
        of_staff = PactRound.objects.filter(for_offices=False).exclude(state=PactRound.State.DRAFT)
        for pact_round in of_staff.prefetch_related("agencies"):
            mine = {(unit, agency) for _, which, unit, agency in touches if which in (None, pact_round.pk)}
            counted += _count_round(pact_round, mine, now)
        # These and no others: one with a smaller key may be committed while this counts.
        for start in range(0, len(touches), 5_000):
            UnitTouch.objects.filter(pk__in=[key for key, *_ in touches[start : start + 5_000]]).delete()
        return counted


def _count_round(pact_round: PactRound, touches: set[tuple[int | None, int | None]], now: datetime) -> int:
    agencies = list(pact_round.agencies.all())
    day = clock.today(pact_round.agency.zone)
    state, _made = CountedRound.objects.get_or_create(pact_round=pact_round, defaults={"at": now})
    anew = {agency for _, agency in touches if agency}
    touched = {unit for unit, _ in touches if unit}
    whole = state.day is None or state.day > day
    if state.day is not None and state.day < day:
        touched |= _moved_between(agencies, state.day, day)
    done = 0
    for agency in agencies:
        if whole or agency.pk in anew:
            done += _count_agency(pact_round, agency, day)
        elif mine := touched & set(agency.units.values_list("pk", flat=True)) if touched else set():
            done += _count_units(pact_round, agency, sorted(mine), day)
    if done or state.day != day:
        CountedRound.objects.filter(pk=state.pk).update(day=day, at=now)
    return done


def _moved_between(agencies: list[Agency], last: date, day: date) -> set[int]:
    """Return the units whose roster another day changes by itself: a placement begins or ends after one day, up to another."""
    dated = Q(from_on__gt=last, from_on__lte=day) | Q(until_on__gt=last, until_on__lte=day)
    return set(Placement.objects.filter(dated, unit__agency__in=agencies).values_list("unit", flat=True))


def _count_agency(pact_round: PactRound, agency: Agency, day: date) -> int:
    """Count every unit of an agency, and add up its tree."""
    parents = dict(WorkUnit.objects.filter(agency=agency).order_by("position").values_list("pk", "parent"))
    keys = list(parents)
    own: dict[int, Coverage] = {}
    for start in range(0, len(keys), _UNITS_A_STEP):
        places = Placement.objects.on(day).filter(unit__in=keys[start : start + _UNITS_A_STEP])
        own |= _of_places(pact_round, places, day)
    whole = {key: list(astuple(own.get(key, Coverage()))) for key in keys}
    for key in reversed(keys):  # from the leaves up: what stands below comes later in the tree's order
        if (above := parents[key]) is not None:
            whole[above] = [a + b for a, b in zip(whole[above], whole[key], strict=True)]
    with transaction.atomic(durable=True):
        UnitCount.objects.filter(pact_round=pact_round, unit__agency=agency).delete()
        UnitCount.objects.bulk_create(
            (
                UnitCount(pact_round=pact_round, unit_id=key, own=astuple(own.get(key, Coverage())), whole=whole[key])
                for key in keys
            ),
            batch_size=2000,
        )
    return len(keys)


def _count_units(pact_round: PactRound, agency: Agency, keys: list[int], day: date) -> int:
    """Count some units of an agency and carry what changed up to the root."""
    if UnitCount.objects.filter(pact_round=pact_round, unit__in=keys).count() < len(keys):
        return _count_agency(pact_round, agency, day)  # a unit that was never counted has nothing to be compared with
    parents = dict(WorkUnit.objects.filter(agency=agency).values_list("pk", "parent"))
    for start in range(0, len(keys), _UNITS_A_STEP):
        some = keys[start : start + _UNITS_A_STEP]
        here = set(some)
        counted = _of_places(pact_round, Placement.objects.on(day).filter(unit__in=some), day)
        before = _own_counts(pact_round, some)
        changes: dict[int, Coverage] = {}
        for key in some:
            change = _less(counted.get(key, Coverage()), before.get(key, Coverage()))
            above: int | None = key if any(astuple(change)) else None
            while above is not None:
                changes[above] = changes.get(above, Coverage()) + change
                above = parents[above]
        with transaction.atomic(durable=True):
            rows = list(UnitCount.objects.filter(pact_round=pact_round, unit__in=changes))
            for row in rows:
                row.whole = astuple(Coverage(*row.whole) + changes[row.unit_id])
                if row.unit_id in here:
                    row.own = astuple(counted.get(row.unit_id, Coverage()))
            UnitCount.objects.bulk_update(rows, ["own", "whole"], batch_size=500)
    return len(keys)


@contextmanager
def _alone() -> Iterator[bool]:
    """Say whether nobody else counts. On SQLite one worker a place is all there is."""
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
