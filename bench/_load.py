"""The load generator: many kept connections, each with one question at a time, every answer checked.

Reads one JSON job from stdin: `port`, `connections`, `cookie` (name of the session cookie), `people` as pairs of an
obligation and a session key, and `act`: "sign" (read the pact, then sign exactly what was shown) or "page" (the peer's
page, twice). Says "begun" when all connections stand, and at the end prints one JSON line: seconds, latencies of reading
and of signing, who was acknowledged, and every answer that was wrong. With `may_break` the server may vanish, and every
signature is told as soon as it is acknowledged.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterator
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *csrftoken=(\w+)", re.IGNORECASE)
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
_DIGEST = re.compile(rb'name="shown_digest" value="(\w+)"')
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)
_SLOWEST_S = 60


class Line(asyncio.Protocol):
    """One connection that is kept."""

    def __init__(self) -> None:
        self._got = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(b"\r\n\r\n")
        if end < 0 or self._answer is None or self._answer.done():
            return
        head = bytes(self._got[:end])
        length = _LENGTH.search(head)
        if length is None:
            self._answer.set_exception(ValueError("an answer without a length"))
        elif len(self._got) >= (whole := end + 4 + int(length[1])):
            body = bytes(self._got[end + 4 : whole])
            del self._got[:whole]
            self._answer.set_result((int(head[9:12]), head, body))

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("the server closed the connection"))

    async def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        if self._transport is None:
            raise ConnectionResetError("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer


class Load:
    """One job and what came of it."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.people: Iterator[tuple[int, str]] = iter(job["people"])
        self.reading_s: list[float] = []
        self.signing_s: list[float] = []
        self.acknowledged: list[int] = []
        self.found_signed: list[int] = []
        self.broken = 0
        self.wrong: list[str] = []

    def _head(self, method: str, path: str, cookies: str, more: str = "") -> bytes:
        return (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.job['port']}\r\nAccept: text/html\r\n"
            f"Accept-Encoding: gzip, br\r\nCookie: {self.job['cookie']}={cookies}\r\n{more}\r\n"
        ).encode()

    async def _timed(self, line: Line, request: bytes, into: list[float]) -> tuple[int, bytes, bytes]:
        begun = time.perf_counter()
        answer = await line.ask(request)
        into.append(time.perf_counter() - begun)
        return answer

    async def _page(self, line: Line, key: str) -> None:
        for _ in range(2):
            status, _head, body = await self._timed(line, self._head("GET", "/", key), self.reading_s)
            if status != 200 or b"Halo, " not in body:
                self.wrong.append(f"page: {status}")

    async def _sign(self, line: Line, duty: int, key: str) -> None:
        path = f"/pakta/{duty}/"
        status, head, body = await self._timed(line, self._head("GET", path, key), self.reading_s)
        cookie, token, digest = _COOKIE.search(head), _TOKEN.search(body), _DIGEST.search(body)
        if status == 200 and digest is None and self.job.get("may_break"):
            self.found_signed.append(duty)  # signed before the server vanished, and its answer was lost
            return
        if status != 200 or not (cookie and token and digest):
            self.wrong.append(f"read: {status} {body[:200]!r}")
            return
        form = f"csrfmiddlewaretoken={token[1].decode()}&shown_digest={digest[1].decode()}&agree=on"
        request = self._head(
            "POST",
            f"{path}tanda-tangan/",
            f"{key}; csrftoken={cookie[1].decode()}",
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n",
        )
        status, head, body = await self._timed(line, request + form.encode(), self.signing_s)
        location = _LOCATION.search(head)
        if status == 302 and location and location[1].decode() == path:
            self.acknowledged.append(duty)
            if self.job.get("may_break"):
                print("acknowledged", flush=True)
        else:
            self.wrong.append(f"sign: {status} {location[1] if location else body[:200]!r}")

    async def _one_after_another(self, line: Line) -> None:
        for duty, key in self.people:
            try:
                async with asyncio.timeout(_SLOWEST_S):
                    await (self._sign(line, duty, key) if self.job["act"] == "sign" else self._page(line, key))
            except (ConnectionError, TimeoutError) as error:
                self.broken += 1
                if not self.job.get("may_break"):
                    self.wrong.append(f"{type(error).__name__}: {error}")
                return

    async def run(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        lines = [
            (await loop.create_connection(Line, "127.0.0.1", self.job["port"]))[1]
            for _ in range(self.job["connections"])
        ]
        print("begun", flush=True)
        begun = time.perf_counter()
        await asyncio.gather(*map(self._one_after_another, lines))
        return {
            "seconds": time.perf_counter() - begun,
            "reading_s": self.reading_s,
            "signing_s": self.signing_s,
            "acknowledged": self.acknowledged,
            "found_signed": self.found_signed,
            "broken": self.broken,
            "wrong": self.wrong,
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(Load(json.load(sys.stdin)).run())))
