"""The demo's inboxes: bodies that take reports, invented officers with keys, and their secrets, which the demo tells.

Nothing here is a secret: whoever visits a demo may walk through all of it. An installation that is no demo is never touched.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ikrar.domain import passphrases
from ikrar.domain.access import Role
from ikrar.domain.errors import KeySetWrong
from ikrar.domain.keysets import Signature, parse
from ikrar.gateways import sealing
from ikrar.records.models import Agency, Body, Installation, KeySet, OfficerKey, User
from ikrar.services import accounts, keysets, offices

_ROLES = {
    Body.Kind.TASK_FORCE: Role.INTAKE_OFFICER,
    Body.Kind.INSPECTORATE: Role.INTAKE_OFFICER,
    Body.Kind.BAWASLU: Role.SUPERVISOR_BODY,
    Body.Kind.BKN: Role.NATIONAL_BODY,
}
_FIRST = ("Laras", "Bayu", "Intan", "Galih", "Melati", "Surya", "Kirana", "Wira", "Puspa", "Elang", "Ratih", "Satria")
_LAST = ("Contoh", "Misalkan", "Umpama", "Rekaan", "Andaikan")
_OFFICERS = 3
_LOG_N = 12  # what everybody may read need not be dear to guess, and a visitor's phone opens it at once


@dataclass(frozen=True)
class Published:
    """What a demo tells of its secrets; empty where a visitor has replaced them by his own."""

    passphrase: str
    offline: str


def set_up(agencies: Collection[Agency], *, now: datetime) -> None:
    """Give agencies of the demo their inspectorate and the Bawaslu of their region, and every inbox its officers and key set."""
    for agency in agencies:
        region = agency.region
        named = region.name if region.parent_id else f"Provinsi {region.name}"
        of_agency = agency.name.removeprefix("Pemerintah ")
        _body(Body.Kind.INSPECTORATE, f"Inspektorat {of_agency}", agency=agency, region=region, now=now)
        _body(Body.Kind.BAWASLU, f"Bawaslu {named}", agency=None, region=region, now=now)
    _body(Body.Kind.BKN, "Badan Kepegawaian Negara", agency=None, region=None, now=now)
    for body in Body.objects.filter(kind__in=_ROLES, key_sets=None).order_by("pk"):
        _found(body, now)


def _body(kind: str, name: str, *, now: datetime, **place: object) -> None:
    if not Body.objects.filter(kind=kind, **place).exists():
        offices.create_body(kind=str(kind), name=name, task="", by=None, now=now, **place)


def _found(body: Body, now: datetime) -> None:
    """Give an inbox three invented officers with a key each, and a set that its offline key signed."""
    users = [_officer(body, number, now) for number in range(_OFFICERS)]
    keys = [_make_key(user, body, now) for user in users]
    offline = _offline(body)
    proposal = keysets.propose(
        body, keys=[key.pk for key in keys], offline=(offline.recipient, offline.verifier), by=users[0], now=now
    )
    message = parse(bytes(proposal.document)).message
    keysets.sign(proposal, Signature(offline.verifier, offline.sign(message)), by=users[0], now=now)


def _officer(body: Body, number: int, now: datetime) -> User:
    place = body.pk * _OFFICERS + number
    name = f"{_FIRST[place % len(_FIRST)]} {_LAST[place % len(_LAST)]}"
    with transaction.atomic():
        user = User(username=f"LAPOR{body.pk}.{number + 1}", full_name=name, password="!", created_at=now)
        user.save(force_insert=True)
        accounts.add_grant(user, _ROLES[body.kind], body=body, reason="demo", by=None, now=now)
    return user


def _make_key(user: User, body: Body, now: datetime) -> OfficerKey:
    key = sealing.Key.new()
    return keysets.make_key(
        user, body, recipient=key.recipient, verifier=key.verifier,
        wrapped=sealing.wrap(key.identity, _passphrase(user), log_n=_LOG_N),
        proof=key.sign(keysets.proof_message(user, body, key.recipient)), now=now,
    )  # fmt: skip


def _passphrase(user: User) -> str:
    drawn = hashlib.sha256(f"ikrar/demo/passphrase/{user.username}".encode()).digest()
    return passphrases.new(lambda count: drawn[:count])


def _offline(body: Body) -> sealing.Key:
    return sealing.Key(hashlib.sha256(f"ikrar/demo/offline/{body.pk}".encode()).digest())


def published(user: User, body: Body) -> Published | None:
    """Return what a demo tells this officer: his passphrase and the offline key of the body. None on a real installation."""
    if not Installation.objects.filter(is_demo=True).exists():
        return None
    keys = OfficerKey.objects.filter(user=user, body=body)
    made_here = keys.count() == 1 and user.username.startswith("LAPOR")
    try:
        found = keysets.current(body)
    except KeySetWrong:
        found = None
    offline = _offline(body)
    holds = found is not None and found.offline.recipient == offline.recipient
    return Published(_passphrase(user) if made_here else "", offline.identity if holds else "")


def officers() -> list[list[User]]:
    """Return the officers of each inbox: that of the largest task force or inspectorate first, then of a Bawaslu."""
    firsts = KeySet.objects.filter(serial=1).order_by("body_id").values_list("body", "body__kind")
    found = []
    for kinds in ((Body.Kind.TASK_FORCE,), (Body.Kind.INSPECTORATE,), (Body.Kind.BAWASLU,), (Body.Kind.BKN,)):
        body = next((pk for pk, kind in firsts if kind in kinds), None)
        if body is not None:
            keys = OfficerKey.objects.filter(body=body, user__username__startswith="LAPOR").select_related("user")
            found.append([key.user for key in keys.order_by("user__username", "pk")])
    return found
