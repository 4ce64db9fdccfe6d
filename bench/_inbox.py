"""Fill the inbox of a body with many reports as rows, and open a session of one of its officers.

Runs in the environment of an installation: `_inbox.py BODY COUNT [--open]` (`--open`: none of them ended), one JSON line as the answer. The rows are those that filing
writes, without sealed parts: an inbox reads none.
"""

import json
import random
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from ikrar.gateways.sealing import Key  # noqa: E402
from ikrar.records.models import Body, KeySet, OfficerKey, Report, ReportReader  # noqa: E402
from ikrar.records.models.fields import random_key  # noqa: E402
from ikrar.services import ledger, masses, report_lines, reports  # noqa: E402

_STATES = (*["received"] * 70, *["read"] * 8, *["asked"] * 4, *["initial_information"] * 6, *["formal"] * 2, *["closed"] * 6,
           *["set_aside"] * 4)  # fmt: skip
_OPEN = (
    *["received"] * 70,
    *["read"] * 10,
    *["asked"] * 5,
    *["initial_information"] * 7,
    *["formal"] * 3,
    *["registered"] * 5,
)
_CHANNELS = (*["scripted"] * 6, *["plain"] * 3, "staff")
_AT_ONCE = 10_000


def _made(
    body: Body, region: str, asked: list[str], chance: random.Random, today: date, states: Sequence[str]
) -> tuple[Report, dict[str, Any]]:
    """Make one report of the last two months, and the values of its lines."""
    on = today - timedelta(days=min(59, int(chance.expovariate(1 / 9))))
    known = on - timedelta(days=chance.randrange(9)) if chance.random() < 0.6 else None
    named = chance.random() < 0.05
    report = Report(
        body=body, channel=chance.choice(_CHANNELS), received_on=on, known_on=known, regime="pilkada", has_identity=named,
        ticks=[each for each in asked if chance.random() < 0.5], state=chance.choice(states), state_on=on,
        filed_on=on if named else None,
    )  # fmt: skip
    return report, report_lines.facts(report, region=region, sizes=[chance.choice((1, 1, 1, 2, 4, 512))])


def fill(body: Body, count: int, states: Sequence[str] = _STATES) -> None:
    """Write so many reports, each with a line for every holder."""
    chance, today = random.Random(7), timezone.localdate()
    asked = [each.id for each in report_lines.requirements("pilkada", today)]
    key_set, keys = KeySet.objects.get(body=body, serial=1), list(OfficerKey.objects.filter(body=body))
    to, region = Key.new().recipient, reports.region_of(body)
    text_days = connection.vendor == "sqlite"

    def told(day: date | None) -> Any:
        return day.isoformat() if day and text_days else day

    for start in range(0, count, _AT_ONCE):
        made = [_made(body, region, asked, chance, today, states) for _ in range(min(_AT_ONCE, count - start))]
        found = [report for report, _line in made]
        with transaction.atomic():
            entry = ledger.append("report.filed", {"content": "0" * 64}, now=timezone.now())
            same = {"body_id": body.pk, "key_set_id": key_set.pk, "content_to": to, "identity_to": to, "dialogue_to": to,
                    "mailbox": "", "before_aside": "", "file_count": 0, "entry_id": entry.pk}  # fmt: skip
            columns = {name: [value] * len(found) for name, value in same.items()}
            columns |= {
                "id": [report.pk for report in found],
                "ticks": [json.dumps(report.ticks) for report in found],
                "has_identity": [int(report.has_identity) if text_days else report.has_identity for report in found],
                **{name: [getattr(report, name) for report in found] for name in ("channel", "regime", "state")},
                **{name: [told(getattr(report, name)) for report in found] for name in ("received_on", "known_on", "state_on", "filed_on")},
            }  # fmt: skip
            masses.insert(Report, columns)
            lines = [(report.pk, key.pk, line) for report, line in made for key in keys]
            masses.insert(
                ReportReader,
                {
                    "id": [random_key() for _ in lines],
                    "report_id": [report for report, _key, _line in lines],
                    "key_id": [key for _report, key, _line in lines],
                    "body_id": [body.pk] * len(lines),
                    "named": [int(line["named"]) if text_days else line["named"] for _report, _key, line in lines],
                    **{
                        name: [line[name] for *_rest, line in lines]
                        for name in ("state", "channel", "lacks", "size_step")
                    },
                    **{name: [told(line[name]) for *_rest, line in lines] for name in ("received_on", "due_on")},
                },
            )


def session(key: OfficerKey) -> str:
    """Open a session as after signing in with a second factor."""
    user, now = key.user, time.time()
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    ways = [{"method": "password", "at": now, "reauthenticated": True}, {"method": "mfa", "type": "totp", "at": now}]
    store.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            "account_authentication_methods": ways,
            "account_authentication_methods_user": str(user.pk),
        }
    )
    store.set_expiry(timedelta(hours=12))
    store.create()
    return str(store.session_key)


def main() -> None:
    body, count = Body.objects.select_related("agency").get(pk=sys.argv[1]), int(sys.argv[2])
    begun = time.monotonic()
    fill(body, count, _OPEN if "--open" in sys.argv else _STATES)
    opened = session(OfficerKey.objects.filter(body=body).order_by("pk").first())
    print(json.dumps({"seconds": time.monotonic() - begun, "cookie": settings.SESSION_COOKIE_NAME, "session": opened}))


if __name__ == "__main__":
    main()
