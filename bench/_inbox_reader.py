"""An officer turns the pages of a list: filled, asked over HTTP by every filter, each answer timed."""

import http.client
import json
import re
import sys
import time
from collections.abc import Sequence
from html import unescape
from typing import Any
from urllib.parse import urlencode

from _place import HERE, ROOT, Place

FILTERS = (
    {}, {"urut": "baru"}, {"keadaan": "received"}, {"keadaan": "closed"}, {"keadaan": "set_aside"}, {"tempo": "soon"}, {"tempo": "over"},
    {"umur": "today"}, {"umur": "7"}, {"umur": "over_30"}, {"lengkap": "nothing"}, {"lengkap": "much"}, {"nama": "yes"},
    {"ukuran": "kecil"}, {"saluran": "staff"}, {"lengkap": "nothing", "nama": "yes", "saluran": "staff"},
    {"keadaan": "received", "ukuran": "kecil", "lengkap": "much", "saluran": "plain"}, {"umur": "over_30", "tempo": "over", "nama": "yes"},
)  # fmt: skip
_DEEP = 6  # pages that follow


class Reader:
    """An officer's browser on one connection."""

    def __init__(self, port: int, cookie: str, path: str, **headers: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.path = path
        self.headers = {"Cookie": cookie, "Accept-Encoding": "gzip, br", **headers}
        self.took: list[float] = []

    def page(self, query: str) -> str:
        """Fetch a page; return where the next one begins, or nothing."""
        begun = time.perf_counter()
        self.line.request("GET", f"{self.path}?{query}", headers=self.headers)
        answer = self.line.getresponse()
        body = answer.read()
        self.took.append(1000 * (time.perf_counter() - begun))
        if answer.status != 200:
            raise RuntimeError(f"{query}: {answer.status}")
        found = re.search(r"sesudah=([0-9a-f.-]+)", unescape(body.decode()))
        return found[1] if found else ""


def fill_inbox(here: Place, count: int, *how: str) -> dict[str, Any]:
    """Found a body with five officers in a new place, and fill the inbox of its first one; `how`: see _inbox.py."""
    here.init()
    desk = json.loads(here.run(sys.executable, "-m", "tests.reporting", "--five"))[0]
    here.env = here.env | {"DJANGO_SETTINGS_MODULE": "ikrar.settings", "PYTHONPATH": str(ROOT)}
    said = here.run(sys.executable, str(HERE / "_inbox.py"), str(desk["body"]), str(count), *how)
    return dict(json.loads(said.splitlines()[-1]))


def measured(
    port: int, filled: dict[str, Any], path: str, filters: Sequence[dict[str, str]], rounds: int, **headers: str
) -> tuple[list[float], str]:
    """Ask for every filter and the pages that follow; return the milliseconds of each page, and the query of the slowest."""
    reader = Reader(port, f"{filled['cookie']}={filled['session']}", path, **headers)
    reader.page("")
    reader.took.clear()
    worst, slowest = 0.0, ""
    for _ in range(rounds):
        for wanted in filters:
            before = len(reader.took)
            after = reader.page(urlencode(wanted))
            for _deeper in range(_DEEP):
                if not after:
                    break
                after = reader.page(urlencode(wanted | {"sesudah": after}))
            if max(reader.took[before:]) > worst:
                worst, slowest = max(reader.took[before:]), urlencode(wanted)
    return reader.took, slowest
