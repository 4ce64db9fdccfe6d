"""What a bench prepares and checks inside an installation, through the product's own services and models.

Runs as a process of its own, in the environment of that installation (see _place.Place.inside): an act and its
arguments, JSON on stdin for the acts that ask for it, one JSON line as the answer.
"""

import json
import sys
import time
from collections import Counter
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from ikrar.domain.pacts import Grade, PactText, State
from ikrar.records.models import (
    Agency,
    LogPayload,
    Obligation,
    Person,
    Placement,
    RosterChange,
    Signature,
    User,
    WorkUnit,
)
from ikrar.services import accounts, certificates, clock, demo, ledger, pacts
from ikrar.worker.management.commands.serve import Command as Serve


def _issue(count: int) -> list[Obligation]:
    """Issue the demo's pact to everybody, and return so many obligations of people in active service."""
    agency, now = Agency.objects.get(), timezone.now()
    text = demo.read("bukittinggi-2024")["synthetic"]["pacts"][0]["text"]
    pact_round = pacts.create_round(
        agency=agency,
        title=text["title"],
        text=PactText.of(text["title"], text["opening"], text["points"], text["closing"]),
        by=None,
        now=now,
    )
    pacts.issue(pact_round, today=clock.today(agency.zone), by=None, now=now)
    active = Placement.objects.current().filter(status="active").values("person")
    chosen = Obligation.objects.filter(pact_round=pact_round, person__in=active).select_related("person")
    duties = list(chosen.order_by("pk")[:count])
    if len(duties) < count:
        raise SystemExit(f"only {len(duties)} people owe the pact, {count} were asked for")
    return duties


def _with_accounts(duties: list[Obligation]) -> list[User]:
    now, password = timezone.now(), make_password("kata-sandi-untuk-pengukuran")
    return User.objects.bulk_create(
        [
            User(username=accounts.sign_in_name(duty.person), person=duty.person, password=password, created_at=now)
            for duty in duties
        ],
        batch_size=500,
    )


def people(count: str) -> dict[str, Any]:
    """Give so many people an account and a session as after signing in by password and confirming it just now."""
    duties = _issue(int(count))
    store_of, now = import_module(settings.SESSION_ENGINE).SessionStore, time.time()
    keys = []
    with transaction.atomic():
        for user in _with_accounts(duties):
            store = store_of()
            store.update(
                {
                    SESSION_KEY: str(user.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: user.get_session_auth_hash(),
                    "account_authentication_methods": [
                        {"method": "password", "at": now},
                        {"method": "password", "at": now, "reauthenticated": True},
                    ],
                    "account_authentication_methods_user": str(user.pk),
                }
            )
            store.set_expiry(timedelta(hours=12))
            store.create()
            keys.append(store.session_key)
    serve = Serve().create_parser("ikrar", "serve")
    return {
        "people": [[duty.pk, key] for duty, key in zip(duties, keys, strict=True)],
        "cookie": settings.SESSION_COOKIE_NAME,
        "workers": serve.get_default("workers"),
        "threads": serve.get_default("threads"),
    }


def census() -> dict[str, int]:
    """Count what a roster import writes."""
    newest = Placement.objects.order_by("-pk").values_list("pk", flat=True).first()
    return {
        "people": Person.objects.count(),
        "placements": Placement.objects.count(),
        "newest_placement": newest or 0,
        "changes": RosterChange.objects.count(),
        "units": WorkUnit.objects.count(),
    }


def signed(acknowledged: list[int]) -> dict[str, Any]:
    """Hold the acknowledged signatures against the database: everything that is wrong is counted by its name."""
    wrong: Counter[str] = Counter()
    signatures: dict[int, list[Signature]] = {}
    for signature in Signature.objects.select_related("entry__payload"):
        signatures.setdefault(signature.obligation_id, []).append(signature)
    for duty in acknowledged:
        wrong["acknowledged and missing"] += duty not in signatures
    for duty, state, standing in Obligation.objects.values_list("pk", "state", "signature"):
        own = signatures.get(duty, [])
        wrong["doubled"] += len(own) > 1
        wrong["signed without a signature"] += state == State.SIGNED and standing not in [each.pk for each in own]
        wrong["signature on an obligation that is not signed"] += bool(own) and state != State.SIGNED
        for each in own:
            payload = json.loads(bytes(each.entry.payload.payload))
            tells = payload["event"] == "pact.signed" and payload["data"]["obligation"] == duty
            wrong["log entry that does not open"] += not ledger.read(each.entry.payload)
            wrong["log entry of something else"] += not tells
    events = (json.loads(bytes(each))["event"] for each in LogPayload.objects.values_list("payload", flat=True))
    logged = sum(event == "pact.signed" for event in events)
    total = sum(map(len, signatures.values()))
    wrong["log entries without a signature"] += abs(logged - total)
    wrong["other log entries that do not open"] += len(ledger.verify_all()[1])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            wrong["damaged database"] += cursor.fetchone()[0] != "ok"
    return {"signatures": total, "wrong": {name: count for name, count in wrong.items() if count}}


def codes() -> dict[int, str]:
    """Return the certificate code of each signed obligation: a word that stands in its row and nowhere before."""
    return dict(Signature.objects.values_list("obligation", "code"))


def render(count: str) -> dict[str, float]:
    """Sign for so many people, then render and seal all their certificates in bulk."""
    duties = _issue(int(count))
    now, today = timezone.now(), clock.today()
    with transaction.atomic():
        for duty, user in zip(duties, _with_accounts(duties), strict=True):
            digest = duty.pact_round.text.digest
            pacts.add_signature(duty.pk, user=user, shown_digest=digest, grade=Grade.PASSWORD, today=today, now=now)
    root = WorkUnit.objects.get(parent=None)
    started, made, size_bytes = time.perf_counter(), 0, 0
    for _, content in certificates.of_unit(root, now=now):
        made += 1
        size_bytes += len(content)
    return {"made": made, "seconds": time.perf_counter() - started, "bytes": size_bytes}


_ACTS = {"people": people, "census": census, "codes": codes, "render": render}


def main() -> None:
    act, *arguments = sys.argv[1:]
    answer = signed(json.load(sys.stdin)) if act == "signed" else _ACTS[act](*arguments)
    print(json.dumps(answer))
