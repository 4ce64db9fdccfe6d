"""Fill an installation with open cases as rows, each with its clock, and run a night twice: `_cases.py COUNT`, one JSON line.

The rows are those that the services write. Three clocks in five come to a new stage on the night of today.
"""

import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from ikrar.records.models import (  # noqa: E402
    Agency,
    Body,
    Case,
    CaseClock,
    CaseRespondent,
    CaseStep,
    Placement,
    User,
)
from ikrar.records.models.fields import random_key  # noqa: E402
from ikrar.services import case_lines, case_nights, clock, ledger, masses, rules  # noqa: E402

_AT_ONCE = 10_000
_OWNERS = (*["examiner"] * 5, *["appointing_authority"] * 3, *["national_body"] * 2)


def fill(count: int) -> None:
    """Write so many cases about people of the roster."""
    chance, today, now = random.Random(9), clock.today(), datetime.now(UTC)
    agency = Agency.objects.get()
    body = Body.objects.create(region=agency.region, kind="bawaslu", name="Bawaslu Rekaan")
    user = User.objects.create(username="PETUGAS", full_name="Petugas Rekaan", password="!", created_at=now)
    people = list(Placement.objects.current().values_list("person", "unit"))
    digest, is_text = rules.book().digest, connection.vendor == "sqlite"
    said = json.dumps({"counted": [(today - timedelta(days=each)).isoformat() for each in range(14)]})

    def told(day):
        return day.isoformat() if is_text else day

    at = connection.ops.adapt_datetimefield_value(now)
    for start in range(0, count, _AT_ONCE):
        n = min(_AT_ONCE, count - start)
        cases, respondents, steps = ([random_key() for _ in range(n)] for _ in range(3))
        with transaction.atomic():
            entry = ledger.append("case.clocks_run", {"bench": start}, now=now)
            opened = [told(today - timedelta(days=chance.randrange(60, 90))) for _ in range(n)]
            masses.insert(Case, {
                "id": cases, "body_id": [body.pk] * n, "agency_id": [agency.pk] * n, "number": [""] * n, "regime": ["pilkada"] * n,
                "track": ["discipline"] * n, "procedure": ["pilkada-discipline-2021"] * n, "rulebook_digest": [digest] * n,
                "opened_on": opened, "opened_at": [at] * n, "opened_by_id": [user.pk] * n,
            })  # fmt: skip
            placed = [chance.choice(people) for _ in range(n)]
            due = [today + timedelta(days=chance.randrange(-40, 40)) for _ in range(n)]
            masses.insert(CaseRespondent, {
                "id": respondents, "case_id": cases, "person_id": [person for person, _unit in placed],
                "unit_id": [unit for _person, unit in placed], "body_id": [body.pk] * n, "agency_id": [agency.pk] * n,
                "regime": ["pilkada"] * n, "track": ["discipline"] * n, "state": ["accepted"] * n, "state_on": opened,
                "outcome": ["open"] * n, "due_on": [told(day) for day in due], "stage": [0] * n, "employment": ["pns"] * n,
                **{name: [""] * n for name in ("described", "post", "post_level", "outcome_reason")},
            })  # fmt: skip
            masses.insert(CaseStep, {
                "id": steps, "case_id": cases, "respondent_id": respondents, "step": ["authority-accept"] * n,
                "from_state": ["recommended"] * n, "to_state": ["accepted"] * n, "at": [at] * n, "on": opened, "facts": ["{}"] * n,
                "entry_id": [entry.pk] * n, **{name: [""] * n for name in ("role", "capacity", "document_digest")},
            })  # fmt: skip
            masses.insert(CaseClock, {
                "id": [random_key() for _ in range(n)], "case_id": cases, "respondent_id": respondents, "kind": ["target"] * n,
                "term": ["target-examine"] * n, "owner": [chance.choice(_OWNERS) for _ in range(n)],
                "count": ["calendar_days"] * n, "start_on": [told(day - timedelta(days=14)) for day in due],
                "due_on": [told(day) for day in due], "warn_on": [told(day - timedelta(days=7)) for day in due],
                "late_on": [told(day + timedelta(days=1)) for day in due], "long_on": [told(day + timedelta(days=15)) for day in due],
                "next_on": [told(day - timedelta(days=7)) for day in due], "stage": [0] * n, "computation": [said] * n,
                "rulebook_digest": [""] * n, "pauses": ["[]"] * n, "extensions": ["[]"] * n, "started_by_id": steps,
            })  # fmt: skip


def main() -> None:
    count = int(sys.argv[1])
    begun = time.monotonic()
    fill(count)
    with transaction.atomic():
        case_lines.renew_missing()  # the acts that open a case would have made its lines
    filled = time.monotonic()
    first = case_nights.tick_cases(datetime.now(UTC))
    done = time.monotonic()
    second = case_nights.tick_cases(datetime.now(UTC))
    ended = time.monotonic()
    # Another rulebook: every clock is a term that it has to count; then once more, and none of them moves.
    of_law = {"kind": "term", "term": "pp94-decision-delivery", "count": "working_days"}
    CaseClock.objects.update(**of_law, rulebook_digest="0" * 64)
    anew = time.monotonic()
    recounted = case_nights.tick_cases(datetime.now(UTC)).recounted
    moved = time.monotonic()
    CaseClock.objects.update(rulebook_digest="1" * 64)
    again = time.monotonic()
    unmoved = case_nights.tick_cases(datetime.now(UTC)).recounted
    still = time.monotonic()
    changed = first.warned + first.overdue + first.long_overdue
    print(json.dumps({
        "filled": filled - begun, "first": done - filled, "second": ended - done, "changed": changed, "told": first.told,
        "recounted": recounted, "anew": moved - anew, "unmoved": unmoved, "still": still - again,
        "again": second.warned + second.overdue + second.long_overdue + second.recounted,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
