"""The load of bench/reports.py: reports as a browser seals them, made before the clock runs, then sent over kept connections.

Reads one JSON job from stdin (port, connections, count, files, pace, desk) and prints one JSON line: seconds, how long each took,
what was wrong. `pace`: so many a second, each at its own time whatever the others do; 0: as fast as they are answered.
"""

import asyncio
import hashlib
import json
import os
import sys
import time
import urllib.parse
import urllib.request
from typing import Any

from _load import Line

from ikrar.domain import return_codes
from ikrar.gateways import sealing
from ikrar.gateways.sealing import Key

_STORY = "Seorang pejabat mengirim pesan suara kepada bawahannya agar memilih satu pasangan calon. " * 5


def _multipart(parts: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    mark = os.urandom(12).hex()
    body = b"".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n".encode()
        + part
        + b"\r\n"
        for name, part in parts
        if name != "form"
    )
    [form] = [part for name, part in parts if name == "form"]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="form"\r\n\r\n'.encode() + form + b"\r\n"
    return mark, head + body + f"--{mark}--\r\n".encode()


def _work(text: str, lookup: str, bits: int) -> int:
    shared = hashlib.sha256(f"{text}.{lookup}.".encode())
    number = 0
    while True:
        tried = shared.copy()
        tried.update(b"%d" % number)
        if int.from_bytes(tried.digest()[:4]) >> (32 - bits) == 0:
            return number
        number += 1


def _request(job: dict[str, Any], asked: dict[str, Any], files: list[bytes]) -> bytes:
    """Make one report, sealed, as the whole request."""
    desk = job["desk"]
    keys = {kind: Key.new() for kind in ("content", "identity", "dialogue")}
    code = return_codes.new(os.urandom)
    box = Key(code.secret())
    envelope = sealing.padded({kind: key.identity for kind, key in keys.items()})
    content = sealing.padded({"v": 1, "what": _STORY, "who": [{"name": "", "post": "Camat"}], "files": []})
    lookup = code.lookup.hex()
    form = {
        "body": desk["body"], "key_set": desk["key_set"], "to": desk["ids"], "lookup": lookup, "known_on": "", "ticks": [],
        "content_to": keys["content"].recipient, "identity_to": keys["identity"].recipient,
        "dialogue_to": keys["dialogue"].recipient, "mailbox": box.recipient, "challenge": asked["challenge"],
        "number": _work(asked["challenge"], lookup, asked["bits"]),
    }  # fmt: skip
    mark, body = _multipart(
        [
            ("form", json.dumps(form).encode()),
            ("content", sealing.seal(content, [keys["content"].recipient])),
            ("envelope", sealing.seal(envelope, desk["recipients"])),
            ("mailbox_envelope", sealing.seal(envelope, [box.recipient])),
            *(("file", sealing.seal(each, [keys["content"].recipient])) for each in files),
        ]
    )
    head = (
        f"POST /lapor/kirim/segel/ HTTP/1.1\r\nHost: 127.0.0.1:{job['port']}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: multipart/form-data; boundary={mark}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _run(job: dict[str, Any], requests: list[bytes]) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    lines = [(await loop.create_connection(Line, "127.0.0.1", job["port"]))[1] for _ in range(job["connections"])]
    took: list[float] = []
    wrong: list[str] = []
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def work(line: Line) -> None:
        while True:
            begun, request = await waiting.get()
            if not request:
                return
            status, _head, body = await line.ask(request)
            took.append(time.perf_counter() - begun)
            if status != 200 or b"Laporan diterima" not in body:
                wrong.append(f"{status} {body[:200]!r}")

    async def steadily(line: Line) -> None:
        while requests:
            request = requests.pop()
            begun = time.perf_counter()
            status, _head, body = await line.ask(request)
            took.append(time.perf_counter() - begun)
            if status != 200 or b"Laporan diterima" not in body:
                wrong.append(f"{status} {body[:200]!r}")

    begun = time.perf_counter()
    if not job["pace"]:
        await asyncio.gather(*map(steadily, lines))
    else:
        workers = [asyncio.create_task(work(line)) for line in lines]
        for number, request in enumerate(requests):
            due = begun + number / job["pace"]
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            # Counted from when it was due: whoever waits for a line waits.
            waiting.put_nowait((due, request))
        for _ in lines:
            waiting.put_nowait((0.0, b""))
        await asyncio.gather(*workers)
    return {"seconds": time.perf_counter() - begun, "took_s": took, "wrong": wrong}


def main() -> None:
    job = json.load(sys.stdin)
    form = urllib.parse.urlencode({"body": job["desk"]["body"]}).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{job['port']}/lapor/rem/", form, timeout=30) as answer:
        asked = json.load(answer)
    files = [os.urandom(200_000).ljust(262_144, b"\0") for _ in range(job["files"])]
    requests = [_request(job, asked, files) for _ in range(job["count"])]
    print("begun", flush=True)
    print(json.dumps(asyncio.run(_run(job, requests))))


if __name__ == "__main__":
    main()
