"""A flood at the intake door, over HTTP: 20,000 empty reports, 20,000 times the same one, and as many new ones as a channel takes and
half as many again. Meanwhile somebody files a report that matters, page by page, again and again.

What is measured: how long his pages take, what is left of the flood, and whether an officer finds him.
"""

import http.client
import json
import sys
import threading
import time
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from _place import ROOT, Place, place
from _table import Figure, end_within, percentile, say, show, size

sys.path.insert(0, str(ROOT))
from tests.reporter import Reporter, field_of, multipart_of

_BAR_P99_S = 1.0
_LINES = 8
_STORY = {
    "what": {
        "what": "Camat meminta semua lurah memilih pasangan tertentu lewat pesan suara di grup kerja, Senin pagi."
    },
    "when": {"when": "Senin pagi", "where": "Grup kantor", "known_on": (date.today() - timedelta(days=1)).isoformat()},
    "who": {"who-0-post": "Camat", "who-0-unit": "Kecamatan Contoh"},
    "support": {"witness-0-name": "Saksi Contoh"},
    "identity": {"named": "no"},
}
_JUNK = {"what": {"what": "x" * 40}, "identity": {"named": "no"}}
_FOUND = """
import django; django.setup()
import json, sys
from ikrar.records.models import IntakeCount, Report, User
from ikrar.services import report_inbox
from ikrar.services.report_inbox import Wanted
body = int(sys.argv[1])
officer = User.objects.filter(grants__body=body).first()
kept = dict.fromkeys(("plain", "scripted", "staff"), 0)
for channel in Report.objects.values_list("channel", flat=True): kept[channel] += 1
few = report_inbox.inbox(officer, [body], Wanted(lacks="few"))
print(json.dumps({"kept": kept, "few": len(few.lines)}))
"""


def flood(port: int, requests: list[tuple[str, str, bytes]], count: int) -> tuple[float, dict[int, int]]:
    """Send requests again and again, so many in all, over several lines; return how many a second, and what was answered."""
    answered: dict[int, int] = {}
    lock = threading.Lock()

    def work(start: int) -> None:
        line = http.client.HTTPConnection("localhost", port, timeout=60)
        for number in range(start, count, _LINES):
            path, kind, body = requests[number % len(requests)]
            line.request("POST", path, body, {"Content-Type": kind})
            answer = line.getresponse()
            answer.read()
            with lock:
                answered[answer.status] = answered.get(answer.status, 0) + 1

    began = time.monotonic()
    threads = [threading.Thread(target=work, args=(start,)) for start in range(_LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.monotonic() - began), answered


class Somebody(threading.Thread):
    """Files the report that matters, again and again, while the flood runs; notes how long each page took."""

    def __init__(self, port: int, desk: dict[str, Any]) -> None:
        super().__init__()
        self.port, self.desk, self.took, self.filed, self.stop = port, desk, [], 0, threading.Event()

    def run(self) -> None:
        while True:
            browser = Reporter(self.port)
            asked = browser.ask

            def timed(*arguments: Any, asked: Any = asked) -> tuple[int, str]:
                began = time.monotonic()
                answer = asked(*arguments)
                self.took.append(time.monotonic() - began)
                return answer

            browser.ask = timed  # type: ignore[method-assign]
            try:
                page, _code = browser.until_files(self.desk["region"], self.desk["body"], _STORY)
                self.filed += browser.send(page)[0] == 200
            except AssertionError:
                pass  # the channel is full: the page names the others
            if self.stop.wait(0.2):
                return


def during(port: int, desk: dict[str, Any], name: str, requests: list[tuple[str, str, bytes]], count: int) -> Somebody:
    somebody = Somebody(port, desk)
    somebody.start()
    rate, answered = flood(port, requests, count)
    somebody.stop.set()
    somebody.join()
    p99 = percentile(somebody.took, 0.99)
    say(
        f"{name}: {count:,} at {rate:.0f}/s, answered {answered}; {somebody.filed} that matter, p99 {p99 * 1000:.0f} ms"
    )
    return somebody


def last_pages(port: int, desk: dict[str, Any], count: int) -> list[tuple[str, str, bytes]]:
    """Walk so many invented journeys to their last page."""
    out: list[tuple[str, str, bytes]] = []

    def work(start: int) -> None:
        browser = Reporter(port)
        for _ in range(start, count, 4):
            page, _code = browser.until_files(desk["region"], desk["body"], _JUNK)
            out.append(("/lapor/kirim/", *multipart_of([("state", field_of(page, "state"))], [])))

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out


def found(here: Place, body: int) -> dict[str, Any]:
    here.env |= {"DJANGO_SETTINGS_MODULE": "ikrar.settings"}
    return json.loads(here.run(sys.executable, "-c", _FOUND, str(body)).splitlines()[-1])


def main() -> None:
    end_within(1800)
    many, budget = size(20_000, 500), size(600, 120)
    with place() as here:
        here.init()
        made = json.loads(here.run(sys.executable, "-m", "tests.reporting", "--five"))
        desk = made[0]
        here.env["IKRAR_INTAKE_PLAIN"] = str(budget)
        with here.serving() as port:
            browser = Reporter(port)
            _status, page = browser.post("/lapor/isi/", step="start", region=desk["region"])
            for fields in ({"body": desk["body"]}, {}):
                _status, page = browser.step(page, **fields)
            empty = urlencode({"state": field_of(page, "state"), "step": "what", "go": "next", "what": "   "}).encode()
            form = "application/x-www-form-urlencoded"
            people = [during(port, desk, "empty", [("/lapor/isi/", form, empty)], many)]
            junk = last_pages(port, desk, budget + budget // 2)
            people.append(during(port, desk, "doubled", junk[:1], many))
            people.append(during(port, desk, "new", junk, len(junk)))
            browser = Reporter(port)  # the line from before was idle too long
            _status, page = browser.post("/lapor/isi/", step="start", region=desk["region"])
            says = "penuh hari ini" in page and "telepon" in page
            # Another body, and the other channels of this one, take reports as before.
            page, _code = browser.until_files(desk["region"], made[1]["body"], _STORY)
            others = browser.send(page)[0] == 200 and browser.post("/lapor/rem/", body=desk["body"])[0] == 200
        left = found(here, desk["body"])
    filed = sum(each.filed for each in people)
    took = [each for somebody in people for each in somebody.took]
    p99 = percentile(took, 0.99)
    whole = left["kept"]["plain"] == budget + 1 and says and others and left["few"] >= min(filed, 50)
    say(f"left: {left}, filed meanwhile: {filed}")
    show(
        Figure(
            f"a flood of {many:,} empty and {many:,} doubled reports: p99 of the pages of somebody who files meanwhile",
            f"{p99 * 1000:.0f} ms", bar="≤ 1 s", reached=p99 <= _BAR_P99_S,
        ),
        Figure(
            "after it: one channel full and no other, nothing empty or twice, what matters found by one filter",
            f"{left['kept']['plain']} kept, {left['few']} found", bar="all", reached=whole,
        ),
    )  # fmt: skip


if __name__ == "__main__":
    main()
