"""Officers of an inbox with keys, as their browsers would make them; for tests of sealed reports."""

from dataclasses import dataclass
from typing import Any

from ikrar.domain import keysets as sets
from ikrar.domain.access import Role
from ikrar.domain.keysets import Signature
from ikrar.gateways import sealing
from ikrar.gateways.sealing import Key
from ikrar.records.models import Body, KeySet, OfficerKey, RoleGrant, User
from ikrar.services import keysets

PASSPHRASE = "abadi bintang cendol damai elang fajar gamelan"
WRAPPED = sealing.wrap(Key(bytes(32)).identity, PASSPHRASE, log_n=2)


@dataclass
class Officer:
    """Somebody with the right to a body, and the secret that only his browser knows."""

    user: User
    key: Key
    row: OfficerKey | None = None

    def sign(self, row: KeySet) -> Signature:
        """Sign a proposal as his browser does."""
        return signature(self.key, row)


def signature(key: Key, row: KeySet) -> Signature:
    """Sign a proposal with a key."""
    return Signature(key.verifier, key.sign(sets.parse(bytes(row.document)).message))


def officer(name: str, body: Body, now: Any, *, with_key: bool = True) -> Officer:
    """Make somebody with the right to a body, and his key."""
    user = User.objects.create(username=name.upper(), full_name=f"{name} Rekaan", password="!", created_at=now)
    RoleGrant.objects.create(user=user, role=Role.INTAKE_OFFICER, body=body, from_at=now)
    made = Officer(user, Key.new())
    if with_key:
        made.row = make_key(made, body, now)
    return made


def make_key(one: Officer, body: Body, now: Any, **changes: str) -> OfficerKey:
    """Hand his key in."""
    said = {
        "recipient": one.key.recipient, "verifier": one.key.verifier, "wrapped": WRAPPED,
        "proof": one.key.sign(keysets.proof_message(one.user, body, one.key.recipient)),
    }  # fmt: skip
    return keysets.make_key(one.user, body, **said | changes, now=now)


def found(body: Body, officers: list[Officer], offline: Key, now: Any) -> KeySet:
    """Found the first set of a body."""
    keys = [each.row.pk for each in officers]
    row = keysets.propose(body, keys=keys, offline=(offline.recipient, offline.verifier), by=officers[0].user, now=now)
    assert keysets.sign(row, signature(offline, row), by=officers[0].user, now=now)
    row.refresh_from_db()
    return row
