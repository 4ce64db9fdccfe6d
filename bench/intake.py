"""Reports without scripts: how many a second to five recipients, a peak hour, and what the whole journey weighs."""

import http.client
import json
import os
import random
import sys
import threading
import time
from typing import Any

from _place import ROOT, place
from _table import Figure, end_within, percentile, say, show, size

sys.path.insert(0, str(ROOT))
from tests.reporter import Reporter, field_of, multipart_of

_BAR_TEXT, _BAR_IMAGES, _BAR_P99_S, _BAR_BYTES = 200, 60, 1.0, 60_000
_PEER_TEXT = 62  # Hush Line on such a machine, to one recipient
_A_HOUR = 4_000
_ANSWERS = {
    "what": {
        "what": "Camat meminta semua lurah memilih pasangan tertentu lewat pesan suara di grup kerja, Senin pagi."
    },
    "when": {"when": "Senin pagi", "where": "Grup percakapan kantor", "known_on": ""},
    "who": {"who-0-post": "Camat", "who-0-unit": "Kecamatan Contoh"},
    "identity": {"named": "no"},
}


def _together(count: int, work: Any) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def filled(port: int, desk: dict[str, Any], count: int) -> list[str]:
    """Walk so many journeys to their last page; return what the last forms carry."""
    states: list[str] = []

    def work(number: int) -> None:
        browser = Reporter(port)
        for _ in range(number, count, 4):
            page, _code = browser.until_files(desk["region"], desk["body"], _ANSWERS)
            states.append(field_of(page, "state"))

    _together(4, work)
    return states


def rate(port: int, states: list[str], files: list[tuple[str, bytes]], lines: int) -> float:
    """Send all of them over so many lines; return how many a second were acknowledged."""
    bodies = [multipart_of([("state", state)], files) for state in states]
    failed: list[int] = []

    def work(number: int) -> None:
        line = http.client.HTTPConnection("localhost", port, timeout=60)
        for kind, body in bodies[number::lines]:
            line.request("POST", "/lapor/kirim/", body, {"Content-Type": kind})
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                failed.append(answer.status)

    began = time.monotonic()
    _together(lines, work)
    taken_s = time.monotonic() - began
    if failed:
        raise RuntimeError(f"{len(failed)} were not acknowledged: {set(failed)}")
    return len(states) / taken_s


def peak(port: int, desk: dict[str, Any], seconds: int) -> list[float]:
    """Let whole journeys begin at random, as many as in a peak hour; return how long each of their pages took."""
    took: list[float] = []
    chance = random.Random(7)

    def journey(_number: int) -> None:
        browser = Reporter(port)
        asked = browser.ask

        def timed(*arguments: Any) -> tuple[int, str]:
            began = time.monotonic()
            answer = asked(*arguments)
            took.append(time.monotonic() - began)
            return answer

        browser.ask = timed  # type: ignore[method-assign]
        page, _code = browser.until_files(desk["region"], desk["body"], _ANSWERS)
        browser.send(page)

    threads = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        threads.append(threading.Thread(target=journey, args=(0,)))
        threads[-1].start()
        time.sleep(chance.expovariate(_A_HOUR / 3600))
    for thread in threads:
        thread.join()
    return took


def weight(port: int, desk: dict[str, Any]) -> int:
    """Return the bytes of one whole journey over the wire: first page, what it loads, each page both ways, the receipt."""
    browser = Reporter(port, packed=True)
    _status, page = browser.ask("/lapor/")
    for part in {each for each in page.split('"') if each.startswith("/static/")}:
        browser.ask(part)
    page, _code = browser.until_files(desk["region"], desk["body"], _ANSWERS)
    browser.send(page)
    return browser.bytes


def main() -> None:
    end_within(900)
    with place() as ours:
        ours.init()
        desk = json.loads(ours.run(sys.executable, "-m", "tests.reporting"))[0]
        ours.env["IKRAR_INTAKE_PLAIN"] = "1000000"
        with ours.serving() as port:
            bytes_ = weight(port, desk)
            say(f"journey: {bytes_:,} bytes")
            states = filled(port, desk, size(1_000, 200))
            text = rate(port, states, [], 32)
            say(f"text only: {text:.0f}/s")
            image = [
                ("layar.jpg", b"\xff\xd8\xff" + os.urandom(200_000)),
                ("layar2.jpg", b"\xff\xd8\xff" + os.urandom(200_000)),
            ]
            images = rate(port, filled(port, desk, size(300, 60)), image, 16)
            say(f"with two images: {images:.0f}/s")
            took = peak(port, desk, size(60, 15))
    p99 = percentile(took, 0.99)
    show(
        Figure(
            "reports a second, text only, five recipients",
            f"{text:.0f}",
            f"{_PEER_TEXT}",
            f"{text / _PEER_TEXT:.1f}",
            f"≥ {_BAR_TEXT}",
            text >= _BAR_TEXT,
        ),
        Figure(
            "reports a second, two images of 200 KB",
            f"{images:.0f}",
            bar=f"≥ {_BAR_IMAGES}",
            reached=images >= _BAR_IMAGES,
        ),
        Figure(
            f"a peak hour of {_A_HOUR:,}, p99 of its pages",
            f"{p99 * 1000:.0f} ms",
            bar="≤ 1 s",
            reached=p99 <= _BAR_P99_S,
        ),
        Figure(
            "a report without files and scripts, over the wire",
            f"{bytes_ / 1000:.1f} KB",
            bar="≤ 60 KB",
            reached=bytes_ <= _BAR_BYTES,
        ),
    )


if __name__ == "__main__":
    main()
