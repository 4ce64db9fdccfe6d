"""Codes of the country's regions as the build copied them: known without any database."""

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "records" / "regions"
_LEVELS = ("provinces", "regencies", "districts", "villages")


def is_known(code: str) -> bool:
    """Say whether a region of this code exists.

    >>> is_known("13.76"), is_known("13.76.99")
    (True, False)
    """
    level = code.count(".")
    return level < len(_LEVELS) and code in _codes(_LEVELS[level])


def above(code: str) -> str:
    """Return the nearest code above one that exists; empty where there is none.

    >>> above("13.76.99.1001"), above("99.01")
    ('13.76', '')
    """
    while (code := code.rpartition(".")[0]) and not is_known(code):
        pass
    return code


@cache
def _codes(level: str) -> frozenset[str]:
    """Read the codes of one level, when one of them is asked for."""
    with (_FOLDER / f"{level}.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))
