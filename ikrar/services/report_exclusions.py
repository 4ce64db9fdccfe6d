"""Whom a reporter excludes, as far as the server can tell.

The rule itself is sealed with the content: browsers read it before they seal to anybody. But a holder of the set that was shown
who received already on the day before the filing, and to whom the report was not sealed, was left out by its reporter; that is
kept when it is filed (services/reports.py), as is whom an officer's browser left out (services/resealing.py). To him, whatever
key he makes later and whatever other body he serves, the server takes no envelope.
"""

from collections.abc import Collection, Mapping
from typing import Any

from ikrar.records.kept import KeptQuery
from ikrar.records.models import Body, OfficerKey, ReportLeftOut


def known(numbers: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the users whom reports are known to exclude; a report that excludes nobody is not among them."""
    return _users(ReportLeftOut.objects.filter(report__in=numbers))


def known_of_case(case: int) -> frozenset[int]:
    """Return the users whom the reports of a case are known to exclude, and those of the case that it was opened beside."""
    return frozenset(user for (user,) in _OF_CASE.rows(case=case))


_OF_CASE = KeptQuery(
    lambda case: (
        ReportLeftOut.objects.filter(report__in_case__case=case)
        .values_list("key__user")
        .union(ReportLeftOut.objects.filter(report__in_case__case__tracks=case).values_list("key__user"))
    ),
    "case",
)


def known_of_reporters(numbers: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the users whom reporters themselves left out. What an officer's browser says of a rule binds no reporter."""
    return _users(ReportLeftOut.objects.filter(report__in=numbers, by=None))


def _users(rows: Any) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for report, user in rows.values_list("report", "key__user"):
        found.setdefault(report, set()).add(user)
    return {report: frozenset(users) for report, users in found.items()}


def keys_of(users: Collection[int]) -> dict[int, list[int]]:
    """Return all keys that users ever had, at whatever body: a rule that names one of them means its owner."""
    out: dict[int, list[int]] = {user: [] for user in users}
    for key, user in OfficerKey.objects.filter(user__in=users).order_by("pk").values_list("pk", "user"):
        out[user].append(key)
    return out


def widened(rule: Mapping[str, Any]) -> tuple[set[int], list[str]]:
    """Return the keys and the names that an opened rule excludes at another body: all keys of the owners of those that it names,
    and their names, since somebody may serve two bodies by two accounts.
    """
    excluded = {key for key in rule.get("keys") or () if type(key) is int and 0 < key < 1 << 63}
    named = OfficerKey.objects.filter(pk__in=excluded).select_related("user__person").order_by("pk")
    owners = {key.user_id: key.user.display_name for key in named}
    keys = {key for held in keys_of(owners).values() for key in held}
    return keys | excluded, [*(str(name) for name in rule.get("names") or ()), *owners.values()]


def owners_of(body: Body) -> dict[int, str]:
    """Return the names of those who ever had a key of a body: so that a rule which names a key excludes his name too.

    By key: the order in which a database happens to have rows would tell which of them changed last.
    """
    keys = OfficerKey.objects.filter(body=body).select_related("user__person").order_by("pk")
    return {key.pk: key.user.display_name for key in keys}
