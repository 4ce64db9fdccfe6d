"""Which codes of regions there are, from the lists that the build copied: read without a database, as far as asked for."""

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "records" / "regions"
# The list that holds a code, by the number of its parts: 13, 13.76, 13.76.01, 13.76.01.1001.
_LISTS = ("provinces", "regencies", "districts", "villages")


def is_known(code: str) -> bool:
    """Say whether there is a region of that code (Kemendagri); of a list that the build did not copy, any may be."""
    return code in codes if (codes := _codes(code.count("."))) else True


@cache
def _codes(dots: int) -> frozenset[str]:
    try:
        with (_FOLDER / f"{_LISTS[dots]}.csv").open(encoding="utf-8", newline="") as file:
            return frozenset(row["code"] for row in csv.DictReader(file))
    except FileNotFoundError:
        return frozenset()
