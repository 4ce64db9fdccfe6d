"""Regions of the country, loaded once from the lists that the build copied."""

import csv
from pathlib import Path

from ikrar import records
from ikrar.domain.errors import RegionUnknown
from ikrar.records.models import Region

_FOLDER = Path(records.__file__).parent / "regions"
_LEVELS = (
    ("provinces", None),
    ("regencies", "province_code"),
    ("districts", "regency_code"),
    ("villages", "district_code"),
)
_SMALL = {"DI": "DI", "DKI": "DKI"}


def load() -> int:
    """Load every region that is not there yet, inside the caller's transaction; return how many were added."""
    known = set(Region.objects.values_list("code", flat=True))
    added = 0
    for level, parent in _LEVELS:
        with (_FOLDER / f"{level}.csv").open(encoding="utf-8", newline="") as file:
            fresh = [
                Region(code=row["code"], name=_name(row["name"]), parent_id=row[parent] if parent else None)
                for row in csv.DictReader(file)
                if row["code"] not in known
            ]
        Region.objects.bulk_create(fresh, batch_size=5000)
        added += len(fresh)
    return added


def _name(name: str) -> str:
    """Write a name as people do: provinces and regencies stand in capitals in the list."""
    if not name.isupper():
        return name
    return " ".join(_SMALL.get(word, word.capitalize()) for word in name.split())


def get(code: str) -> Region:
    """Return a region. Raises RegionUnknown."""
    if (region := Region.objects.filter(pk=code).first()) is None:
        raise RegionUnknown(code)
    return region
