"""What the index of names holds of the database: each placement and each office that somebody held, with its days."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db.models import Case, Count, IntegerField, Min, Q, When

from ikrar.bulk.name_index import Entry
from ikrar.domain.days import WIB, local_day
from ikrar.domain.roster import IdentifierType, full_name
from ikrar.records.models import FormerName, Holding, Placement, WorkUnit
from ikrar.services import masses

_MINUTE = timedelta(minutes=1)
_KEYS_AT_ONCE = 5_000
# What whoever heads a unit of a kind is called, for rosters that only mark him as its head.
_HEADS = {
    WorkUnit.Kind.DISTRICT: "Camat",
    WorkUnit.Kind.WARD: "Lurah",
    WorkUnit.Kind.SCHOOL: "Kepala Sekolah",
    WorkUnit.Kind.HEALTH_CENTRE: "Kepala Puskesmas",
    WorkUnit.Kind.HOSPITAL: "Direktur",
    WorkUnit.Kind.SECRETARIAT: "Sekretaris",
}
_HEAD = "Kepala"
# A name in brackets only says that none is recorded: its bearer is nobody who could be meant.
_UNNAMED_BEGINS, _UNNAMED_ENDS = "(", ")"
_UNNAMED = Q(person__name__startswith=_UNNAMED_BEGINS, person__name__endswith=_UNNAMED_ENDS)
_AGENCY = ".!"
_SCHEMA: dict[str, type[pl.DataType]] = {
    "key": pl.Int64, "unit_key": pl.Int64, "title": pl.String, "heads": pl.Int64, "begins": pl.String, "ends": pl.String,
    "kind": pl.String, "identifier": pl.String, "front": pl.String, "bare": pl.String, "back": pl.String, "birth": pl.String,
}  # fmt: skip
_COLUMNS = ("key", "number", "name", "unit", "post", "region", "born", "since", "until")


def place_of(region: str, agency: int) -> str:
    """Return how an entry says where: of which agency, as if that were a part of the region.

    >>> place_of("13.76", 7)
    '13.76.!7'
    """
    return f"{region}{_AGENCY}{agency}"


def parted(place: str) -> tuple[str, int]:
    """Return region and agency of an entry's place; 0 where it names no agency.

    >>> parted("13.76.!7"), parted("13.76")
    (('13.76', 7), ('13.76', 0))
    """
    region, _sign, agency = place.partition(_AGENCY)
    return region, int(agency or 0)


def _with_agency(unit: str, agency: str) -> str:
    return unit if agency in unit else f"{unit} / {agency}"


@dataclass(frozen=True)
class _Unit:
    """A unit as entries name it: all that it was ever called, where it is, and what its head is called."""

    name: str
    place: str
    head: str
    agency: str

    @property
    def headed(self) -> str:
        """Return the name with that of the government, by which people speak of its heads: the Sekda of a city."""
        return _with_agency(self.name, self.agency)


def _units(keys: Collection[int] | None = None) -> dict[int, _Unit]:
    units, former = WorkUnit.objects.order_by(), FormerName.objects.exclude(unit=None)
    if keys is not None:
        units, former = units.filter(pk__in=keys), former.filter(unit__in=keys)
    called: dict[int, list[str]] = {}
    for unit, name in former.values_list("unit", "name"):
        called.setdefault(unit, []).append(name)
    return {
        key: _Unit(
            " / ".join(dict.fromkeys([name, *called.get(key, ())])),
            place_of(region or of_agency or "", agency),
            _HEADS.get(WorkUnit.Kind(kind), _HEAD),
            called_agency,
        )
        for key, name, region, agency, of_agency, kind, called_agency in units.values_list(
            "pk", "name", "region", "agency", "agency__region", "kind", "agency__name"
        )
    }


def frames() -> Iterator[pl.DataFrame]:
    """Yield all entries of the database, some ten thousand rows at a time, each part as it is when it is read.

    What is earliest known of somebody has no first day: he served before his agency's first file was read, as a rule.
    """
    units = _units()
    named = pl.DataFrame(
        [(key, unit.name, unit.headed, unit.place, unit.head) for key, unit in units.items()],
        schema={"unit_key": pl.Int64, **dict.fromkeys(("unit", "headed", "region", "head"), pl.String)},
        orient="row",
    )
    moved = Placement.objects.order_by().values("person").annotate(count=Count("pk")).filter(count__gt=1)
    first = pl.DataFrame(
        list(moved.annotate(first=Min("from_on")).values_list("person", "first")),
        schema={"key": pl.Int64, "first": pl.Date},
        orient="row",
    )
    query = Placement.objects.values_list(
        "person_id", "unit_id", "post", Case(When(is_head=True, then=1), default=0, output_field=IntegerField()),
        "from_on", "until_on", "person__identifier_type", "person__identifier", "person__front_title", "person__name",
        "person__back_title", "person__birth_on",
    )  # fmt: skip
    bare = pl.col("bare")
    for part in masses.read_parts(query, _SCHEMA):
        begins = pl.col("begins").str.to_date(strict=False)
        part = part.filter(~(bare.str.starts_with(_UNNAMED_BEGINS) & bare.str.ends_with(_UNNAMED_ENDS)))
        joined = part.join(named, on="unit_key").join(first, on="key", how="left")
        yield joined.select(
            "key",
            pl.when(pl.col("kind") == str(IdentifierType.NONE))
            .then(pl.lit(""))
            .otherwise("identifier")
            .alias("number"),
            pl.concat_str(
                pl.when(pl.col("front") == "").then(pl.lit("")).otherwise(pl.col("front") + " "),
                "bare",
                pl.when(pl.col("back") == "").then(pl.lit("")).otherwise(", " + pl.col("back")),
            ).alias("name"),
            pl.when(pl.col("heads") == 1).then("headed").otherwise("unit").alias("unit"),
            pl.when((pl.col("heads") == 1) & (pl.col("title") == "")).then("head").otherwise("title").alias("post"),
            "region",
            pl.col("birth").str.slice(0, 4).cast(pl.Int32, strict=False).alias("born"),
            pl.when(begins > pl.col("first")).then(begins).alias("since"),
            pl.col("ends").str.to_date(strict=False).alias("until"),
        )
    held = [tuple(getattr(each, name) for name in _COLUMNS) for each in _offices(Q())]
    kinds = (pl.Int64, *[pl.String] * 5, pl.Int32, pl.Date, pl.Date)
    yield pl.DataFrame(held, schema=dict(zip(_COLUMNS, kinds, strict=True)), orient="row")


def of_people(people: Iterable[int]) -> dict[int, list[Entry]]:
    """Return the entries of some people as the database has them now; none for whoever is gone, or was never anywhere."""
    keys = sorted(people)
    found: dict[int, list[Entry]] = {key: [] for key in keys}
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys[start : start + _KEYS_AT_ONCE]
        placed = list(
            Placement.objects.filter(person__in=some)
            .exclude(_UNNAMED)
            .select_related("person")
            .order_by("person", "from_on")
        )
        units = _units({each.unit_id for each in placed})
        for each in placed:
            found[each.person_id].append(_placed(each, units[each.unit_id], first=not found[each.person_id]))
        for entry in _offices(Q(person__in=some)):
            found[entry.key].append(entry)
    return found


def _placed(placement: Placement, unit: _Unit, *, first: bool) -> Entry:
    person = placement.person
    return Entry(
        **_of_person(person),
        unit=unit.headed if placement.is_head else unit.name,
        post=placement.post or (unit.head if placement.is_head else ""),
        region=unit.place,
        since=None if first else placement.from_on,
        until=placement.until_on,
    )


def _of_person(person: Any) -> dict[str, Any]:
    return {
        "key": person.pk,
        "number": "" if person.identifier_type == IdentifierType.NONE else person.identifier,
        "name": full_name(person.front_title, person.name, person.back_title),
        "born": person.birth_on.year if person.birth_on else None,
    }


def _offices(which: Q) -> Iterator[Entry]:
    """Yield whoever held an office, also one who stood in: on the day of a hand-over both did."""
    held = (
        Holding.objects.filter(which, person__isnull=False).exclude(_UNNAMED).ever_held().order_by("person", "from_at")
    )
    for holding in held.select_related("person", "office__agency", "office__unit"):
        office, agency, unit = holding.office, holding.office.agency, holding.office.unit
        region = (unit.region_id if unit else None) or agency.region_id or ""
        yield Entry(
            **_of_person(holding.person),
            unit=_with_agency(unit.name, agency.name) if unit else agency.name,
            post=held_as(office.title, holding.capacity),
            region=place_of(region, agency.pk),
            since=local_day(holding.from_at, agency.zone),
            until=day_after(holding, agency.zone),
        )


def held_as(title: str, capacity: str) -> str:
    """Return a post with how it is held, where that is not definitively.

    >>> held_as("Camat", "plt"), held_as("Camat", "definitive")
    ('Plt. Camat', 'Camat')
    """
    return title if capacity in ("", Holding.Capacity.DEFINITIVE) else f"{capacity.capitalize()}. {title}"


def day_after(holding: Holding, zone: Any = WIB) -> date | None:
    """Return the first local day on which an office was not held any more; None: it is."""
    if holding.until_at is None:
        return None
    return local_day(holding.until_at - _MINUTE, zone) + timedelta(days=1)
