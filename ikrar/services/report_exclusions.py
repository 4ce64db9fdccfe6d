"""Whom a reporter excludes, as far as the server can tell.

The rule itself is sealed with the content: browsers read it before they seal to anybody. But a holder of the set that was shown
who certainly received on the day of the filing, and to whom the report was not sealed, was left out by its reporter. To him,
whatever key he makes later and whatever other body he serves, the server takes no envelope.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F

from ikrar.domain import keysets as sets
from ikrar.records.models import Body, KeySet, OfficerKey, Report, ReportEnvelope
from ikrar.services import keysets, reports


def known(numbers: Collection[int]) -> dict[int, frozenset[int]]:
    """Return for each report the users whom its reporter left out when he filed it, as far as the envelopes tell."""
    filed_to = {
        report: set(to)
        for report, to in ReportEnvelope.objects.filter(
            report__in=numbers, body=F("report__body"), by=None
        ).values_list("report", "to")
    }
    shown: dict[tuple[int, date], dict[int, int]] = {}
    out = {}
    for report in Report.objects.filter(pk__in=filed_to).select_related("body__agency", "key_set"):
        place = (report.key_set_id, report.received_on)
        if place not in shown:
            shown[place] = _received(report.key_set, report)
        out[report.pk] = frozenset(user for key, user in shown[place].items() if key not in filed_to[report.pk])
    return out


def _received(key_set: KeySet, report: Report) -> dict[int, int]:
    """Return key and user of the holders who certainly received reports on the day of one: from its first minute to its last."""
    body, zone = report.body, reports.zone_of_body(report.body)
    first = datetime.combine(report.received_on, time(), zone)
    last = first + timedelta(days=1) - timedelta(minutes=1)
    holders = {each.key: each for each in sets.parse(bytes(key_set.document)).holders}
    keys = OfficerKey.objects.filter(pk__in=holders).select_related("user__person")
    return {
        key.pk: key.user_id
        for key in keys
        if (key.dropped_at is None or key.dropped_at > last)
        and all(keysets.has_right(key.user, body, now=moment) for moment in (first, last))
    }


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
    named = OfficerKey.objects.filter(pk__in=excluded).select_related("user__person")
    owners = {key.user_id: key.user.display_name for key in named}
    keys = {key for held in keys_of(owners).values() for key in held}
    return keys | excluded, [*(str(name) for name in rule.get("names") or ()), *owners.values()]


def owners_of(body: Body) -> dict[int, str]:
    """Return the names of those who ever had a key of a body: so that a rule which names a key excludes his name too."""
    keys = OfficerKey.objects.filter(body=body).select_related("user__person")
    return {key.pk: key.user.display_name for key in keys}
