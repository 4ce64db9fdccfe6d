"""One activity: hundreds check in and sign within minutes, over a network that is cut twice; none is lost, none doubled.

Everybody goes through a small relay in front of the server, which is slow as a weak signal. When the network is cut, every line through it breaks where
it stands (a request on its way, an answer on its way back) and no new one is taken until it is back. Whoever got no
answer tries again, as the page's script does: with the code he has, and with a fresh one from the screen when that died.
"""

import asyncio
import random
import re
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from _place import free_port, place
from _table import Figure, end_within, percentile, say, show, size

from ikrar.domain import gatherings

_MINUTES = 5
_PATIENCE_S = 20  # as the page's script waits for an answer
_PAUSE_S = 1
_SLOW_S = (0.1, 0.6)
_COOKIE = re.compile(rb"\r\nset-cookie: *csrftoken=(\w+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
_DIGEST = re.compile(rb'name="shown_digest" value="(\w+)"')


class Relay:
    """Lines from a port of its own to the server's; all of them can be broken at once."""

    def __init__(self, port: int) -> None:
        self.port, self.own = port, free_port()
        self.broken = 0
        self._lines: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def up(self) -> None:
        self._server = await asyncio.start_server(self._line, "127.0.0.1", self.own)

    async def down(self) -> None:
        assert self._server
        self._server.close()
        self.broken += len(self._lines) // 2
        for writer in list(self._lines):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.transport.abort()
            return
        self._lines |= {writer, back}
        try:
            await asyncio.gather(_pour(reader, back), _pour(there, writer))
        except asyncio.CancelledError:
            return  # the bench is over
        finally:
            self._lines -= {writer, back}
            for each in (writer, back):
                each.transport.abort()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Carry what comes on, as slowly as a weak signal does."""
    try:
        while data := await source.read(65_536):
            await asyncio.sleep(random.uniform(*_SLOW_S))
            sink.write(data)
            await sink.drain()
        sink.write_eof()
    except OSError:
        sink.transport.abort()


@dataclass
class Crowd:
    """Those who come, and what they were told."""

    port: int
    cookie: str
    activity: int
    secret: str
    checked_in: list[int] = field(default_factory=list)
    signed: list[int] = field(default_factory=list)
    tries: int = 0
    fresh_codes: int = 0
    waited_s: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def shown(self) -> str:
        """Return the code on the screen at this moment."""
        return gatherings.code_of(self.secret, self.activity, gatherings.window_of(datetime.now(UTC)))

    async def ask(
        self, method: str, path: str, cookies: dict[str, str], form: dict[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        """Ask once over a line of its own. Raises OSError, TimeoutError, IncompleteReadError where the network is away."""
        self.tries += 1
        body = urlencode(form).encode() if form else b""
        kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {kept}\r\nConnection: close\r\n"
        if form is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        async with asyncio.timeout(_PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(head.encode() + b"\r\n" + body)
                await writer.drain()
                top = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(top)
                answer = await reader.readexactly(int(length[1])) if length else await reader.read()
            finally:
                writer.transport.abort()
        if token := _COOKIE.search(top):
            cookies["csrftoken"] = token[1].decode()
        location = _LOCATION.search(top)
        return int(top[9:12]), location[1].decode() if location else "", answer

    async def insist(self, what: Coroutine[Any, Any, bool]) -> bool:
        """Await one try; False where the network swallowed it."""
        try:
            return await what
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            await asyncio.sleep(_PAUSE_S)
            return False

    async def come(self, duty: int, key: str, after_s: float) -> None:
        """Come after a while, check in, then sign the pact of the activity; try again until it is done."""
        await asyncio.sleep(after_s)
        begun, cookies, kept = time.perf_counter(), {self.cookie: key}, {"code": "", "again": ""}
        while not await self.insist(self._check_in(duty, cookies, kept)):
            kept["again"] = "1" if kept["code"] else ""
        while not await self.insist(self._sign(duty, cookies)):
            pass
        self.waited_s.append(time.perf_counter() - begun)

    async def _check_in(self, duty: int, cookies: dict[str, str], kept: dict[str, str]) -> bool:
        kept["code"] = kept["code"] or self.shown()
        path = f"/hadir/{self.activity}/"
        status, _, page = await self.ask("GET", f"{path}{kept['code']}/", cookies)
        if status != 200 or not (token := _TOKEN.search(page)):
            self.wrong.append(f"page of the code: {status}")
            return False
        form = {"csrfmiddlewaretoken": token[1].decode(), "code": kept["code"], "kept": kept["again"]}
        status, goes_to, page = await self.ask("POST", path, cookies, form)
        if status == 302 and goes_to == f"/kegiatan-saya/{self.activity}/":
            self.checked_in.append(duty)
            return True
        if status == 422 and b"Kode ini tidak berlaku" in page:
            self.fresh_codes += 1
            kept["code"] = kept["again"] = ""
        else:
            self.wrong.append(f"check-in: {status} {goes_to}")
        return False

    async def _sign(self, duty: int, cookies: dict[str, str]) -> bool:
        status, _, page = await self.ask("GET", f"/pakta/{duty}/", cookies)
        token, digest = _TOKEN.search(page), _DIGEST.search(page)
        if status == 200 and digest is None and b"Anda sudah menandatangani" in page:
            self.signed.append(duty)  # it arrived, and the answer was lost
            return True
        if status != 200 or not (token and digest):
            self.wrong.append(f"page of the pact: {status}")
            return False
        form = {"csrfmiddlewaretoken": token[1].decode(), "shown_digest": digest[1].decode(), "agree": "on"}
        status, goes_to, _ = await self.ask("POST", f"/pakta/{duty}/tanda-tangan/", cookies, form)
        if status == 302 and goes_to == f"/pakta/{duty}/":
            self.signed.append(duty)
            return True
        self.wrong.append(f"signing: {status} {goes_to}")
        return False


async def _rush(port: int, made: dict[str, Any], gathering: dict[str, Any], span_s: float, cut_s: float) -> Any:
    relay = Relay(port)
    await relay.up()
    crowd = Crowd(relay.own, made["cookie"], gathering["activity"], gathering["secret"])
    chance = random.Random(7)
    begun = time.perf_counter()
    coming = [asyncio.create_task(crowd.come(duty, key, chance.uniform(0, span_s))) for duty, key in made["people"]]
    for share in (0.3, 0.65):
        await asyncio.sleep(max(0.0, begun + share * span_s - time.perf_counter()))
        await relay.down()
        say(
            f"network cut after {time.perf_counter() - begun:.0f} s; {len(crowd.checked_in)} in, {len(crowd.signed)} signed"
        )
        await asyncio.sleep(cut_s)
        await relay.up()
    await asyncio.gather(*coming)
    return crowd, relay, time.perf_counter() - begun


def main() -> None:
    count = size(500, 120)
    span_s, cut_s = size(200, 20), size(25, 4)
    end_within(900)
    with place() as here:
        here.init()
        made = here.people(count)
        gathering = here.inside("gathering")
        with here.serving() as port:
            crowd, relay, took_s = asyncio.run(_rush(port, made, gathering, span_s, cut_s))
        there = here.inside("attended", given=crowd.checked_in)
        signed = here.inside("signed", given=crowd.signed)
    for each in crowd.wrong[:5]:
        say(f"WRONG ({len(crowd.wrong)}): {each}")
    say(
        f"{crowd.tries} requests, {relay.broken} lines broken in the middle, {crowd.fresh_codes} codes had died and were"
        f" scanned again; half were done {percentile(crowd.waited_s, 0.5):.1f} s after they came, the last"
        f" {max(crowd.waited_s):.0f} s"
    )
    say(f"on the list: {there['people']}, wrong: {there['wrong'] or 'nothing'}")
    say(f"signatures: {signed['signatures']}, wrong: {signed['wrong'] or 'nothing'}")
    lost = 2 * count - there["people"] - signed["signatures"]
    doubled = there["wrong"].get("doubled", 0) + signed["wrong"].get("doubled", 0)
    good = not (crowd.wrong or there["wrong"] or signed["wrong"] or lost) and relay.broken > 0
    show(
        Figure(
            f"{count} people check in and sign at one activity, network cut twice for {cut_s} s",
            f"{took_s:.0f} s; {lost} lost, {doubled} doubled",
            "",
            "",
            f"≤ {60 * _MINUTES} s, none lost, none doubled",
            good and took_s <= 60 * _MINUTES,
        )
    )


if __name__ == "__main__":
    main()
