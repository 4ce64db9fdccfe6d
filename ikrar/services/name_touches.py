"""Marks that the index of names does not show somebody as he is now, written with what changed him (see services.finding)."""

from collections.abc import Collection, Iterable
from itertools import chain

from django.db.models import QuerySet

from ikrar.records.models import Holding, NameTouch, Office, Placement, WorkUnit
from ikrar.services import masses

# From so many people on one mark stands for all: the index is made anew, and nobody looks each of them up.
MOST = 2_000


def people(keys: Iterable[int]) -> None:
    """Mark people, inside the caller's transaction."""
    marked = sorted(set(keys))
    if len(marked) > MOST:
        everything()
    elif marked:
        masses.insert(NameTouch, {"person": marked})


def everything() -> None:
    """Say that more changed than is worth naming, inside the caller's transaction."""
    NameTouch.objects.create(person=None)


def unit(key: int) -> None:
    """Mark whoever is or was placed in a unit itself, or held an office of it: it is called otherwise now."""
    _found(Placement.objects.filter(unit=key).values_list("person", flat=True))
    _found(Holding.objects.filter(office__unit=key, person__isnull=False).values_list("person", flat=True))


def office(which: Office) -> None:
    """Mark whoever holds or held an office: who did when is written anew."""
    _found(Holding.objects.filter(office=which, person__isnull=False).values_list("person", flat=True))


def agency(root: WorkUnit) -> None:
    """Mark whoever stands under the name of an agency itself: in its root, or in an office of no unit."""
    unit(root.pk)
    of_agency = Holding.objects.filter(office__agency=root.agency_id, office__unit=None, person__isnull=False)
    _found(of_agency.values_list("person", flat=True))


def many(*which: Collection[int]) -> None:
    """Mark whom one act brought, changed or ended, however many they are, inside its transaction."""
    if sum(map(len, which)) > MOST:
        everything()
    else:
        people(chain.from_iterable(which))


def _found(found: "QuerySet[Placement, int] | QuerySet[Holding, int]") -> None:
    people(found.order_by().distinct()[: MOST + 1])
