"""What tests of reports share: a body with officers who hold keys, and what a reporter would send."""

import html
import http.client
import json
import os
import re
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    django.setup()

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


# --- over the wire -----------------------------------------------------------------------------------------------

Upload = tuple[str, bytes]


class Reporter:
    """A browser without scripts, on one connection: files a report page by page."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("localhost", port, timeout=60)
        self.sent = self.received = 0

    def ask(
        self, path: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str]:
        headers = {"Content-Type": kind} if body is not None else {}
        self.line.request("POST" if body is not None else "GET", path, body, headers)
        answer = self.line.getresponse()
        page = answer.read().decode("utf-8", "replace")
        return answer.status, page

    def post(self, path: str, **fields: Any) -> tuple[int, str]:
        return self.ask(path, urlencode(fields, doseq=True).encode())

    def upload(self, path: str, fields: Sequence[tuple[str, str]], files: Sequence[Upload]) -> tuple[int, str]:
        kind, body = multipart_of(fields, files)
        return self.ask(path, body, kind)

    def step(self, page: str, **fields: Any) -> tuple[int, str]:
        return self.post("/lapor/isi/", state=field_of(page, "state"), step=field_of(page, "step"), go="next", **fields)

    def until_files(self, region: str, body: int, answers: dict[str, dict[str, Any]]) -> tuple[str, str]:
        """Walk to the last page; return it with the code."""
        _status, page = self.post("/lapor/isi/", step="start", region=region)
        code = ""
        while (at := field_of(page, "step")) != "files":
            if at == "code":
                code = " ".join(re.findall(r"<li><strong>(\w+)</strong></li>", page))
            fields = {"body": body} if at == "body" else {"code": code} if at == "retype" else answers.get(at, {})
            status, page = self.step(page, **fields)
            assert status == 200, f"{at}: {status}"
        return page, code

    def send(self, page: str, files: Sequence[Upload] = ()) -> tuple[int, str]:
        return self.upload("/lapor/kirim/", [("state", field_of(page, "state"))], files)

    def open(self, code: str) -> tuple[int, str]:
        return self.post("/lapor/kotak/", code=code)


def field_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return html.unescape(found[1])


def receipt_in(page: str) -> str:
    return html.unescape(re.search(r"readonly>([^<]+)<", page)[1])


def multipart_of(fields: Sequence[tuple[str, str]], files: Sequence[Upload]) -> tuple[str, bytes]:
    mark = secrets.token_hex(12)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    parts += [
        f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in files
    ]
    return f"multipart/form-data; boundary={mark}", b"".join(parts) + f"--{mark}--\r\n".encode()


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
