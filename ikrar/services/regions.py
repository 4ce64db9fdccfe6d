"""Regions of the country, loaded once from the lists that the build copied."""

import csv
import re
from pathlib import Path

from django.db.models import Value
from django.db.models.functions import Replace

from ikrar import records
from ikrar.domain.errors import RegionUnknown
from ikrar.records.models import Region
from ikrar.services import region_codes

_FOLDER = Path(records.__file__).parent / "regions"
_LEVELS = (
    ("provinces", None),
    ("regencies", "province_code"),
    ("districts", "regency_code"),
    ("villages", "district_code"),
)


def load() -> int:
    """Load every region that is not there yet, inside the caller's transaction; return how many were added."""
    known = set(Region.objects.values_list("code", flat=True))
    added = 0
    for level, parent in _LEVELS:
        with (_FOLDER / f"{level}.csv").open(encoding="utf-8", newline="") as file:
            fresh = [
                Region(
                    code=row["code"], name=region_codes.written(row["name"]), parent_id=row[parent] if parent else None
                )
                for row in csv.DictReader(file)
                if row["code"] not in known
            ]
        Region.objects.bulk_create(fresh, batch_size=5000)
        added += len(fresh)
    return added


def get(code: str) -> Region:
    """Return a region. Raises RegionUnknown."""
    if (region := Region.objects.filter(pk=code).first()) is None:
        raise RegionUnknown(code)
    return region


_KINDS = re.compile(r"^(?:(?:kota administrasi|kabupaten administrasi|kabupaten|kab|kota|provinsi) +|kab\. *)", re.I)
_MOST_FOUND = 20


def find(text: str) -> list[Region]:
    """Return the regions that people may mean by a name (province, regency, city) or a code (of any level).

    A name that is whole comes before names that hold it: `Padang` is not Padang Panjang. Whether a name is written in one
    word or two is nobody's mistake: `Pangkalpinang` is Pangkal Pinang.
    """
    typed = " ".join(text.split())
    if typed[:1].isdigit():
        return list(Region.objects.filter(pk=typed[:13]))
    if not (bare := _KINDS.sub("", typed).lower()):
        return []
    joined = Replace("name", Value(" "), Value(""))
    named = Region.objects.filter(parent__parent=None).annotate(joined=joined).order_by("code")
    holding = list(named.filter(joined__icontains=bare.replace(" ", "")))
    same = [each for each in holding if each.name.lower() == typed.lower()]
    alike = [each for each in holding if _joined(_KINDS.sub("", each.name)) == _joined(bare)]
    return same or alike or holding[:_MOST_FOUND]


def _joined(name: str) -> str:
    return name.lower().replace(" ", "")
