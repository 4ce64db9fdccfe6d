"""Reports over HTTP, sealed to five holders and the offline key, each durable before it is acknowledged.

The peer is Hush Line (62 reports a second here, to one recipient, text only). It needs its own database and Tor service and is not
started by this bench: its figure stands in the table as it was measured.
"""

import json
import subprocess
import sys
from typing import Any

from _place import HERE, ROOT, Place, place
from _table import Figure, end_within, percentile, say, show, size

_CONNECTIONS = 32
_PEAK = 4_000
_PEAK_A_SECOND = 66  # the reports of the peak hour within a minute
_PEER = "62/s (Hush Line, one recipient)"


def _desk(here: Place) -> dict[str, Any]:
    made = here.run(sys.executable, "-m", "tests.reporting", "--five")
    return json.loads(made.splitlines()[-1])[0]


def _file(here: Place, port: int, desk: dict[str, Any], count: int, files: int = 0, pace: int = 0) -> dict[str, Any]:
    job = {"port": port, "connections": _CONNECTIONS, "count": count, "files": files, "pace": pace, "desk": desk}
    done = subprocess.run(
        [sys.executable, str(HERE / "_reports.py")], env=here.env | {"PYTHONPATH": str(ROOT)}, input=json.dumps(job),
        capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout.splitlines()[-1])
    found["rate"] = count / found["seconds"]
    found["p99_ms"] = 1000 * percentile(found["took_s"], 0.99)
    for each in found["wrong"][:3]:
        say(f"WRONG ({len(found['wrong'])}): {each}")
    return found


def main() -> None:
    text, pictures, peak = size(3_000, 800), size(500, 150), size(_PEAK, 800)
    end_within(1500)
    with place() as here:
        # The load shows less work than a browser does: its own hashes are not what is measured. One check costs the server the same.
        here.env |= {"IKRAR_INTAKE_WORK_BITS": "4"}
        here.init()
        desk = _desk(here)
        with here.served() as (_process, port):
            _file(here, port, desk, 200)
            plain = _file(here, port, desk, text)
            say(f"text: {plain['rate']:.0f}/s, p99 {plain['p99_ms']:.0f} ms")
            heavy = _file(here, port, desk, pictures, files=2)
            say(f"with two pictures: {heavy['rate']:.0f}/s, p99 {heavy['p99_ms']:.0f} ms")
            rush = _file(here, port, desk, peak, pace=_PEAK_A_SECOND)
            say(f"peak: {rush['rate']:.0f}/s for {rush['seconds']:.0f} s, p99 {rush['p99_ms']:.0f} ms")
        count = "import django; django.setup(); from ikrar.records.models import Report; print(Report.objects.count())"
        here.env |= {"DJANGO_SETTINGS_MODULE": "ikrar.settings"}
        kept = int(here.run(sys.executable, "-c", count))
    say(f"{kept} reports stand")
    wrong = plain["wrong"] + heavy["wrong"] + rush["wrong"]
    if kept != 200 + text + pictures + peak:
        wrong.append("not all are kept")
    show(
        Figure("reports, text, five holders", f"{plain['rate']:,.0f}/s, p99 {plain['p99_ms']:.0f} ms", _PEER,
               f"{plain['rate'] / 62:.1f}", "≥ 200/s, all kept", not wrong and plain["rate"] >= 200),
        Figure("reports with two pictures of 200 KB", f"{heavy['rate']:,.0f}/s, p99 {heavy['p99_ms']:.0f} ms", "", "",
               "≥ 60/s", not wrong and heavy["rate"] >= 60),
        Figure("a peak hour of 4,000, within a minute", f"p99 {rush['p99_ms']:.0f} ms", "", "", "p99 ≤ 1 s",
               not wrong and rush["p99_ms"] <= 1000),
    )  # fmt: skip


if __name__ == "__main__":
    main()
