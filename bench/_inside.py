"""What a bench prepares and checks inside an installation, through the product's own services and models.

Runs as a process of its own, in the environment of that installation (see _place.Place.inside): an act and its
arguments, JSON on stdin for the acts that ask for it, one JSON line as the answer.
"""

import json
import random
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ikrar.domain.access import Role
from ikrar.domain.circulars import CircularText
from ikrar.domain.pacts import Grade, PactText, State
from ikrar.gateways import pdf
from ikrar.records.models import (
    Activity,
    Agency,
    Attendance,
    FailingAddress,
    LogEntry,
    LogPayload,
    Obligation,
    Person,
    Placement,
    RosterChange,
    Signature,
    User,
    WorkUnit,
)
from ikrar.services import (
    accounts,
    activities,
    attendance,
    certificates,
    circulars,
    clock,
    coverage,
    ledger,
    masses,
    outbox,
    pacts,
    scenarios,
    touches,
)
from ikrar.services import units as services_units
from ikrar.services.activities import Plan
from ikrar.worker.management.commands.serve import Command as Serve


def _issue(count: int) -> list[Obligation]:
    """Issue the demo's pact to everybody, and return so many obligations of people in active service."""
    agency, now = Agency.objects.get(), timezone.now()
    text = scenarios.read("bukittinggi-2024")["synthetic"]["pacts"][0]["text"]
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


def gathering() -> dict[str, Any]:
    """Open an activity of the whole agency today; return its key, and the secret that its codes are made of."""
    agency, now = Agency.objects.get(), timezone.now()
    today = clock.today(agency.zone)
    plan = Plan("declaration", "Deklarasi untuk pengukuran", today)
    made = activities.draft(agency=agency, unit=None, plan=plan, today=today, by=None, now=now)
    root = WorkUnit.objects.get(parent=None)
    activities.invite_unit(made, root, heads_only=False, quota=None, by=None, now=now)
    activities.open_list(made, today=today, by=None, now=now)
    return {"activity": made.pk, "secret": made.secret}


def attended(acknowledged: list[int]) -> dict[str, Any]:
    """Hold the acknowledged check-ins (obligations of those who came) against the database, and the counts of the pages."""
    wrong: Counter[str] = Counter()
    rows: dict[int, list[Attendance]] = {}
    for row in Attendance.objects.select_related("entry__payload"):
        rows.setdefault(row.person_id, []).append(row)
    people = dict(Obligation.objects.filter(pk__in=acknowledged).values_list("pk", "person"))
    for duty in acknowledged:
        wrong["acknowledged and missing"] += people[duty] not in rows
    for own in rows.values():
        wrong["doubled"] += len(own) > 1
        for each in own:
            payload = json.loads(bytes(each.entry.payload.payload))
            tells = payload["event"] == "activity.attended" and payload["data"]["person"] == each.person_id
            wrong["log entry of something else"] += not tells
            wrong["log entry that does not open"] += not ledger.read(each.entry.payload)
    events = (json.loads(bytes(each))["event"] for each in LogPayload.objects.values_list("payload", flat=True))
    wrong["log entries without a row"] += abs(sum(event == "activity.attended" for event in events) - len(rows))
    counted = attendance.turnout(Activity.objects.get(), WorkUnit.objects.get(parent=None)).came
    wrong["counted otherwise"] += counted != len(rows)
    return {"people": len(rows), "wrong": {name: count for name, count in wrong.items() if count}}


def codes() -> dict[int, str]:
    """Return the certificate code of each signed obligation: a word that stands in its row and nowhere before."""
    return dict(Signature.objects.values_list("obligation", "code"))


def render(count: str) -> dict[str, float]:
    """Sign for so many people, then set all their certificates in bulk, and once more set and seal them."""
    duties = _issue(int(count))
    now, today = timezone.now(), clock.today()
    with transaction.atomic():
        for duty, user in zip(duties, _with_accounts(duties), strict=True):
            digest = duty.pact_round.text.digest
            pacts.add_signature(duty.pk, user=user, shown_digest=digest, grade=Grade.PASSWORD, today=today, now=now)
    root = WorkUnit.objects.get(parent=None)
    papers = [certificates._paper(each, demo=False, now=now) for each in certificates.standing(root)]
    sum(1 for _ in pdf.certificates(papers[:20]))  # fonts are read once a process
    started = time.perf_counter()
    plain = sum(map(len, pdf.certificates(papers)))
    plain_s = time.perf_counter() - started
    started, made, size_bytes = time.perf_counter(), 0, 0
    for _, content in certificates.of_unit(root, now=now):
        made += 1
        size_bytes += len(content)
    return {
        "made": made, "seconds": time.perf_counter() - started, "bytes": size_bytes,
        "plain_seconds": plain_s, "plain_bytes": plain,
    }  # fmt: skip


# --- a country ---------------------------------------------------------------------------------------------------

_PEOPLE_A_STEP = 200_000
_SIGNED_OF_TEN = 6


def country(count: str, units: str) -> dict[str, Any]:
    """Make so many people in so many units, four levels deep, who owe a pact; six of ten have signed it. Then count."""
    agency, now = Agency.objects.get(), timezone.now()
    today = clock.today(agency.zone)
    root = agency.units.get(parent=None)
    wanted = int(units) - 1
    shape = [max(1, min(38, wanted // 40)), max(1, min(2_000, wanted // 8))]
    level = [root]
    for depth, many in enumerate([*shape, wanted - sum(shape)]):
        level = WorkUnit.objects.bulk_create(
            [
                WorkUnit(agency=agency, parent=level[n % len(level)], code=f"{depth}-{n}", name=f"Unit {depth}-{n}")
                for n in range(many)
            ],
            batch_size=2000,
        )
    services_units.renumber(agency)
    places = [unit.pk for unit in level]
    text = scenarios.read("bukittinggi-2024")["synthetic"]["pacts"][0]["text"]
    pact = pacts.create_round(
        agency=agency, title=text["title"], by=None, now=now,
        text=PactText.of(text["title"], text["opening"], text["points"], text["closing"]),
    )  # fmt: skip
    stored = connection.ops.adapt_datetimefield_value(now)
    for first in range(1, int(count) + 1, _PEOPLE_A_STEP):
        keys = range(first, min(first + _PEOPLE_A_STEP, int(count) + 1))
        _write_people(keys, places, today, stored)
    pacts.issue(pact, today=today, by=None, now=now)
    _write_signatures(pact, today, stored)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    started = time.perf_counter()
    counted = coverage.count_touched(now)
    return {"units": counted, "seconds": time.perf_counter() - started}


def _write_people(keys: range, places: list[int], today: Any, stored: Any) -> None:
    many = len(keys)
    on = connection.ops.adapt_datefield_value(today)
    with transaction.atomic():
        masses.insert(
            Person,
            {
                "id": keys, "identifier_type": ["nip"] * many, "identifier": [f"{key:018d}" for key in keys],
                "name": [f"Rina Pualam {key}" for key in keys], "front_title": [""] * many, "back_title": [""] * many,
                "sex": [""] * many, "email": [""] * many, "phone": [""] * many,
            },
        )  # fmt: skip
        masses.insert(
            Placement,
            {
                "id": keys, "person_id": keys, "unit_id": [places[key % len(places)] for key in keys],
                "employment": ["pns"] * many, "post": ["Guru"] * many, "post_kind": [""] * many, "level": [""] * many,
                "grade": [""] * many, "is_head": [False] * many,
                "status": ["leave" if key % 50 == 0 else "active" for key in keys], "from_on": [on] * many,
            },
        )  # fmt: skip


def _write_signatures(pact: Any, today: Any, stored: Any) -> None:
    """Write signatures past the log and the clock: only what coverage reads must be as it would be."""
    on = connection.ops.adapt_datefield_value(today)
    duties = Obligation.objects.filter(pact_round=pact).order_by("pk").values_list("pk", "person", "unit")
    text = pact.text
    entries = 1
    for start in range(0, duties.count(), _PEOPLE_A_STEP):
        some = [each for each in duties[start : start + _PEOPLE_A_STEP] if each[1] % 10 < _SIGNED_OF_TEN]
        keys, many = range(entries, entries + len(some)), len(some)
        entries += many
        with transaction.atomic():
            masses.insert(LogEntry, {"id": [2**62 + key for key in keys], "commitment": [b"-" * 32] * many})
            masses.insert(
                Signature,
                {
                    "id": keys, "obligation_id": [each[0] for each in some], "version_id": [text.pk] * many,
                    "attempt": [0] * many, "person_id": [each[1] for each in some],
                    "unit_id": [each[2] for each in some], "post": ["Guru"] * many, "name": ["Rina Pualam"] * many,
                    "text_digest": [text.digest] * many, "grade": ["password"] * many, "signed_at": [stored] * many,
                    "signed_on": [on] * many, "code": [f"{key:016d}" for key in keys],
                    "entry_id": [2**62 + key for key in keys],
                },
            )  # fmt: skip
            masses.update(
                Obligation, ["state", "signature_id"],
                [("signed", key, each[0]) for key, each in zip(keys, some, strict=True)],
            )  # fmt: skip


def look(count: str) -> dict[str, list[float]]:
    """Ask for the coverage of so many units of every depth, with what stands directly below; milliseconds each.

    `after` is the same while some units were touched and not yet counted.
    """
    agency = Agency.objects.get()
    pact, today = agency.pact_rounds.get(), clock.today(agency.zone)
    chance = random.Random(7)
    by_depth: dict[int, list[WorkUnit]] = {}
    for unit in agency.units.all():
        by_depth.setdefault(unit.depth, []).append(unit)
    some = [chance.choice(by_depth[chance.choice(list(by_depth))]) for _ in range(int(count))]
    looked = {"kept": _look_at(pact, some, today)}
    duties = pact.obligations.filter(state="issued").order_by("pk")[:20]
    with transaction.atomic():
        touches.units([duty.unit_id for duty in duties], pact.pk)
    return looked | {"after": _look_at(pact, some, today)}


def _look_at(pact: Any, some: list[WorkUnit], today: Any) -> list[float]:
    took = []
    for unit in some:
        started = time.perf_counter()
        below = coverage.coverage_below(pact, unit, today)
        took.append((time.perf_counter() - started) * 1e3)
        if not below.total.adds_up() or below.as_of:
            raise SystemExit(f"{unit}: wrong counts, or not those of now")
    return took


# --- an officer of a country -------------------------------------------------------------------------------------

_ADDRESSES_STOPPED_OF = 100


def busy() -> dict[str, Any]:
    """Let a country's officer have all at once: a circular to everybody, activities, a reminder to all who are missing."""
    agency, now, began = Agency.objects.get(), timezone.now(), time.perf_counter()
    today = clock.today(agency.zone)
    root, pact = agency.units.get(parent=None), agency.pact_rounds.get()
    officer = User.objects.create(username="petugas-ukur", full_name="Petugas Ukur", password="!", created_at=now)
    accounts.grant_role(
        officer, Role.PROGRAMME_OFFICER, agency=agency, body=None, until_at=None, reason="", by=None, now=now
    )
    text = CircularText.of("Netralitas", "Yth.", ["netral"], "")
    due_on = today + timedelta(days=3)
    draft = circulars.create(
        agency, circulars.Draft("circular", text, (agency,), due_on=due_on), today=today, by=officer, now=now
    )
    circulars.publish(draft, shown_mark=None, today=today, by=officer, now=now)
    for number in range(5):
        plan = Plan("roll_call", f"Apel {number}", today + timedelta(days=number))
        made = activities.draft(agency=agency, unit=None, plan=plan, today=today, by=None, now=now)
        unit = agency.units.exclude(parent=None).order_by("-depth", "pk")[number]
        activities.invite_unit(made, unit, heads_only=False, quota=None, by=None, now=now)
        activities.call(made, today=today, by=None, now=now)
    for first in range(0, Person.objects.latest("pk").pk + 1, _PEOPLE_A_STEP):
        _open_accounts(range(first, first + _PEOPLE_A_STEP), now)
    told = pacts.remind(pact, root, link="/pakta/", today=today, by=officer, now=now).people
    people = Person.objects.annotate(part=F("pk") % _ADDRESSES_STOPPED_OF).filter(part=0).values_list("pk", flat=True)
    stopped = FailingAddress.objects.bulk_create(
        (
            FailingAddress(way="email", address=f"{key}@contoh.test", person_id=key, answer="returned", since_at=now)
            for key in people
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    coverage.count_touched(now)
    return {"told": told, "stopped": len(stopped), "seconds": time.perf_counter() - began}


def _open_accounts(keys: range, now: datetime) -> None:
    """Give an account to whoever has none, since others are told nothing outside."""
    rows = Person.objects.filter(pk__gte=keys.start, pk__lt=keys.stop, user=None).values_list("pk", "identifier")
    User.objects.bulk_create(
        (User(username=number, person_id=key, password="!", created_at=now) for key, number in rows), batch_size=2000
    )


def officer(count: str) -> dict[str, list[float]]:
    """Open the pages of that officer so often, and ask whom the outbox tells next; milliseconds each."""
    agency, user = Agency.objects.get(), User.objects.get(username="petugas-ukur")
    pact, root = agency.pact_rounds.get(), agency.units.get(parent=None)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session, now = client.session, time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "reauthenticated": True},
        {"method": "mfa", "type": "totp", "at": now, "reauthenticated": True},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    pages = {
        "desk": reverse("desk"), "page of a round": reverse("round", args=[pact.pk]),
        "its coverage": reverse("coverage-unit", args=[pact.pk, root.pk]),
        "who is missing": reverse("missing", args=[pact.pk, root.pk]),
        "addresses that take nothing": reverse("failing-addresses"),
    }  # fmt: skip
    looked = {name: [_open(client, path) for _ in range(int(count))] for name, path in pages.items()}
    later = timezone.now() + timedelta(minutes=5)
    return looked | {"whom the outbox tells next": [_next(later) for _ in range(int(count))]}


def _open(client: Client, path: str) -> float:
    began = time.perf_counter()
    response = client.get(path)
    took = (time.perf_counter() - began) * 1e3
    if response.status_code != 200:
        raise SystemExit(f"{path}: status {response.status_code}")
    return took


def _next(now: datetime) -> float:
    began = time.perf_counter()
    outbox._next_people(now, clock.today())
    return (time.perf_counter() - began) * 1e3


_ACTS = {
    "people": people, "census": census, "codes": codes, "render": render, "gathering": gathering, "country": country,
    "look": look, "busy": busy, "officer": officer,
}  # fmt: skip


def main() -> None:
    act, *arguments = sys.argv[1:]
    held = {"signed": signed, "attended": attended}
    answer = held[act](json.load(sys.stdin)) if act in held else _ACTS[act](*arguments)
    print(json.dumps(answer))
