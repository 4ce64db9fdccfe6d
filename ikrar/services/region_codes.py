"""Codes of the country's regions as the build copied them: known without any database."""

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "records" / "regions"
_SHORT = ("DI", "DKI")
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


def named(code: str) -> str:
    """Return a code with the name of its region before it; the code alone where no region has it.

    >>> named("13.76"), named("99.01")
    ('Kota Payakumbuh (13.76)', '99.01')
    """
    level = code.count(".")
    name = _codes(_LEVELS[level]).get(code, "") if level < len(_LEVELS) else ""
    return f"{written(name)} ({code})" if name else code


def written(name: str) -> str:
    """Write a name as people do: provinces and regencies stand in capitals in the list.

    >>> written("DKI JAKARTA"), written("Karang Jati")
    ('DKI Jakarta', 'Karang Jati')
    """
    if not name.isupper():
        return name
    return " ".join(word if word in _SHORT else word.capitalize() for word in name.split())


@cache
def _codes(level: str) -> dict[str, str]:
    """Read the codes of one level with their names, when one of them is asked for."""
    with (_FOLDER / f"{level}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}
