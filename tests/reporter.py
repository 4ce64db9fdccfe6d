"""A reporter without scripts, over the wire: what a browser would send, and how many bytes go either way."""

import gzip
import hashlib
import html
import http.client
import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ikrar.domain import return_codes
from ikrar.domain.return_codes import ReturnCode
from ikrar.gateways import sealing
from ikrar.gateways.sealing import Key

Upload = tuple[str, bytes]


class Reporter:
    """A browser without scripts, on one connection: files a report page by page."""

    def __init__(self, port: int, *, packed: bool = False) -> None:
        self.line = http.client.HTTPConnection("localhost", port, timeout=60)
        self.packed = packed  # asks for packed pages, as browsers do
        self.bytes = 0  # over the wire, either way, with heads

    def ask(
        self, path: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str]:
        headers = {"Content-Type": kind} if body is not None else {}
        if self.packed:
            headers |= {
                "Accept-Encoding": "gzip",
                "User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
            }
        self.line.request("POST" if body is not None else "GET", path, body, headers)
        answer = self.line.getresponse()
        content = answer.read()
        said = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 20
        asked = (
            sum(len(name) + len(value) + 4 for name, value in headers.items()) + 120
        )  # the line, the host, the length
        self.bytes += len(content) + said + len(body or b"") + asked
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return answer.status, content.decode("utf-8", "replace")

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


class ScriptedReporter(Reporter):
    """A browser with scripts, as far as the server sees one: it seals by itself and sends ciphertext."""

    def __init__(self, port: int, desk: Mapping[str, Any]) -> None:
        super().__init__(port)
        self.desk = desk  # of tests.reporting
        self.keys = {kind: Key.new() for kind in ("content", "identity", "dialogue")}
        self.code: ReturnCode = return_codes.new(os.urandom)

    def file(
        self,
        content: Mapping[str, Any],
        identity: Mapping[str, Any] | None = None,
        files: Sequence[Upload] = (),
        parts: Mapping[str, bytes] | None = None,
        **changes: Any,
    ) -> tuple[int, str]:
        """Seal a report and send it. `parts` and `changes` stand in for what is sent, as a hostile browser would."""
        status, text = self.post("/lapor/rem/", body=self.desk["body"])
        assert status == 200, status
        asked, lookup = json.loads(text), self.code.lookup.hex()
        box = Key(self.code.secret())
        envelope = sealing.padded({kind: key.identity for kind, key in self.keys.items()})
        described = [
            {"part": place, "name": name, "type": "text/plain", "size": len(body), "sha256": hashlib.sha256(body).hexdigest(),
             "working_of": None, "told": [], "left_out": []}
            for place, (name, body) in enumerate(files)
        ]  # fmt: skip
        sent = {
            "content": sealing.seal(sealing.padded({"v": 1, **content, "files": described}), [self.to("content")]),
            "envelope": sealing.seal(envelope, self.desk["recipients"]),
            "mailbox_envelope": sealing.seal(envelope, [box.recipient]),
        }
        if identity is not None:
            sent["identity"] = sealing.seal(sealing.padded({"v": 1, **identity}), [self.to("identity")])
        form = {
            "body": self.desk["body"], "key_set": self.desk["key_set"], "to": self.desk["ids"], "lookup": lookup,
            "known_on": "", "ticks": [], "content_to": self.to("content"), "identity_to": self.to("identity"),
            "dialogue_to": self.to("dialogue"), "mailbox": box.recipient, "challenge": asked["challenge"],
            "number": _work(asked["challenge"], lookup, asked["bits"]),
        }  # fmt: skip
        sealed = [sealing.seal(_filled_up(body), [self.to("content")]) for _name, body in files]
        return self._send("/lapor/kirim/segel/", form | changes, {**sent, **(parts or {})}, sealed)

    def to(self, kind: str) -> str:
        return self.keys[kind].recipient

    def reply(self, text: str) -> tuple[int, str]:
        message = sealing.padded({"v": 1, "text": text, "asks": [], "files": []})
        form = {"lookup": self.code.lookup.hex(), "act": "reply", "answered": [], "turn": secrets.token_hex(32)}
        return self._send(
            "/lapor/kotak/segel/kirim/", form, {"message": sealing.seal(message, [self.to("dialogue")])}, []
        )

    def open_sealed(self) -> tuple[int, str]:
        return self.post("/lapor/kotak/segel/", lookup=self.code.lookup.hex())

    def _send(
        self, path: str, form: Mapping[str, Any], parts: Mapping[str, bytes], files: Sequence[bytes]
    ) -> tuple[int, str]:
        mark, out = secrets.token_hex(12), b""
        for name, content in [("form", json.dumps(form).encode()), *parts.items(), *(("file", each) for each in files)]:
            named = "" if name == "form" else f'; filename="{name}"'
            out += (
                f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"
            )
        return self.ask(path, out + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}")


def _filled_up(body: bytes) -> bytes:
    size = 1024
    while size < len(body):
        size *= 2
    return body.ljust(size, b"\0")


def _work(text: str, lookup: str, bits: int) -> int:
    number = 0
    while int.from_bytes(hashlib.sha256(f"{text}.{lookup}.{number}".encode()).digest()[:4]) >> (32 - bits):
        number += 1
    return number
