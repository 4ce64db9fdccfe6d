"""A reporter without scripts, over the wire: what a browser would send, and how many bytes go either way."""

import gzip
import html
import http.client
import re
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

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
