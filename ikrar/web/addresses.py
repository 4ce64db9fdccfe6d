"""Addresses by name and key, as the pages that thousands open ask for them: looked up once, then filled in."""

from functools import cache

from django.urls import reverse

_NUMBER = 7_777_000_000_000_000_001


def of(name: str, key: int) -> str:
    """Return the address of this name whose one argument is a key."""
    before, after = _around(name)
    return f"{before}{key}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_NUMBER]).partition(str(_NUMBER))
    return before, after
