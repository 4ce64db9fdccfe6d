"""Which agency stands under which: a province above its regencies and cities, and nothing that its kind does not allow."""

from collections.abc import Mapping

# What an agency of a kind may stand under. A province leads the regencies and cities of its region; governments and
# ministries stand under none of another sort. What is neither (a branch, a secretariat, a company) hangs where it belongs.
_ABOVE: Mapping[str, frozenset[str]] = {
    "province": frozenset(),
    "regency": frozenset({"province"}),
    "city": frozenset({"province"}),
    "ministry": frozenset({"ministry"}),
    "other": frozenset({"ministry", "province", "regency", "city", "other"}),
}


def kinds_above(kind: str) -> frozenset[str]:
    """Return the kinds of agency under which one of this kind may stand.

    >>> sorted(kinds_above("city")), sorted(kinds_above("province"))
    (['province'], [])
    """
    return _ABOVE[kind]


def may_stand_under(kind: str, region: str, above: str, region_above: str) -> bool:
    """Say whether an agency may stand under another. Regions are Kemendagri codes; empty: none is known.

    >>> may_stand_under("city", "13.75", "province", "13"), may_stand_under("city", "13.75", "province", "32")
    (True, False)
    >>> may_stand_under("city", "13.75", "city", "13.76")
    False
    """
    if above not in _ABOVE[kind]:
        return False
    in_region = not region or not region_above or region.startswith(f"{region_above}.")
    return in_region or above != "province" or kind == "other"
