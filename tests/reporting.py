"""What tests of reports share: a body with officers who hold keys, and what a reporter would send."""

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    django.setup()

from django.db import connection

from ikrar.domain.access import Role
from ikrar.domain.keysets import Signature, parse
from ikrar.gateways.sealing import Key
from ikrar.records.models import Agency, Body, OfficerKey, RoleGrant, User
from ikrar.services import keysets

WRAPPED = "-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n-----END AGE ENCRYPTED FILE-----\n"


@dataclass
class Desk:
    """A body that takes reports: its officers, their keys, and the key in its safe."""

    body: Body
    users: list[User]
    keys: list[Key]
    rows: list[OfficerKey]
    offline: Key

    @property
    def ids(self) -> list[int]:
        return [row.pk for row in self.rows]

    def set(self) -> Any:
        return keysets.current(self.body)


def make_desk(body: Body, names: list[str], now: datetime) -> Desk:
    """Give a body officers with keys, and put their set in force."""
    users, keys, rows = [], [], []
    for name in names:
        user = User.objects.create(
            username=f"{name}-{body.pk}".replace(" ", "-")[:40], full_name=name, password="!", created_at=now
        )
        RoleGrant.objects.create(user=user, role=Role.INTAKE_OFFICER, body=body, from_at=now)
        key = Key.new()
        proof = key.sign(keysets.proof_message(user, body, key.recipient))
        row = keysets.make_key(
            user, body, recipient=key.recipient, verifier=key.verifier, wrapped=WRAPPED, proof=proof, now=now
        )
        users.append(user)
        keys.append(key)
        rows.append(row)
    offline = Key.new()
    proposal = keysets.propose(
        body, keys=[row.pk for row in rows], offline=(offline.recipient, offline.verifier), by=users[0], now=now
    )
    message = parse(bytes(proposal.document)).message
    assert keysets.sign(proposal, Signature(offline.verifier, offline.sign(message)), by=users[0], now=now)
    return Desk(body, users, keys, rows, offline)


def unguard(table: str, act: str) -> None:
    """Take a guard of the database away until the end of a test, as whoever has the database could."""
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_no_{act}{on}")


def main() -> None:
    """Give the installation of the environment two bodies with keys; print them as JSON."""
    agency = Agency.objects.get()
    now = datetime.now(UTC)
    out = []
    first = 5 if "--five" in sys.argv else 4
    for kind, name, count in (("bawaslu", "Bawaslu Contoh", first), ("task_force", "Satgas Contoh", 2)):
        body = Body.objects.create(agency=agency, region_id=agency.region_id, kind=kind, name=name)
        desk = make_desk(body, [f"Petugas {name} {number}" for number in range(1, count + 1)], now)
        out.append(
            {
                "body": body.pk,
                "region": agency.region_id,
                "keys": [key.secret.hex() for key in desk.keys],
                "ids": desk.ids,
                "offline": desk.offline.secret.hex(),
                "key_set": desk.set().digest,
                "recipients": [*(key.recipient for key in desk.keys), desk.offline.recipient],
            }
        )
    sys.stdout.write(json.dumps(out))


if __name__ == "__main__":
    main()
