"""Roster import through the product, against django-import-export's default: rows a second, memory, and once more.

Reading, checking, the difference, people, placements and log, by the command an officer runs, process start included;
of the peer only the import itself is timed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

from _place import AGENCY, HERE, ROOT, Place, peer_place, place
from _table import Figure, end_within, say, show, size

_PEER_ROWS = 10_000
_TIMES = 20
_MOST_BYTES = 1.5 * 2**30


def import_file(here: Place, file: str) -> tuple[float, int, dict[str, int]]:
    """Import a file; return the seconds on the wall, the peak of resident memory in bytes, and what was counted."""
    said = here.home / "import.log"
    started = time.perf_counter()
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "ikrar", "import-roster", file, "--agency", AGENCY, "--json"],
            env=here.env, cwd=ROOT, stdout=out, stderr=out,
        )  # fmt: skip
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
    seconds = time.perf_counter() - started
    say(
        f"{seconds:.1f} s on the wall, {used.ru_utime + used.ru_stime:.1f} s of processor, {used.ru_maxrss / 1024:,.0f} MiB"
    )
    lines = said.read_text().splitlines()
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError("\n".join(lines[-20:]))
    return seconds, used.ru_maxrss * 1024, json.loads(lines[-1])


def peer(here: Place, file: str) -> float:
    """Let the peer import the first rows of the file into a database of its own; return its rows a second."""
    with tempfile.TemporaryDirectory(dir=here.home) as folder, peer_place(here) as there:
        done = json.loads(there.run(sys.executable, str(HERE / "_peer_roster.py"), file, str(_PEER_ROWS), folder))
    say(f"peer: {done['rows']:,} rows in {done['seconds']:.1f} s, {done['processor_seconds']:.1f} s of processor")
    return done["rows"] / done["seconds"]


def main() -> None:
    rows = size(1_000_000, 100_000)
    end_within(3000)
    with place() as here:
        here.init()
        file = here.home / "roster.csv"
        here.ikrar("make-roster", "--people", str(rows), "--seed", "1", "--out", str(file))
        say(f"{rows:,} rows, {file.stat().st_size / 1e6:.0f} MB")
        # The peer in turn with ours, and its best time counts: another program's noise shall not help us.
        peer_rate = peer(here, str(file))
        first_s, first_peak, counts = import_file(here, str(file))
        rate = rows / first_s
        say(f"first: {counts}")
        whole = counts["new"] == counts["rows"] == rows
        peer_rate = max(peer_rate, peer(here, str(file)))
        before = here.inside("census")
        again_s, again_peak, counts = import_file(here, str(file))
        say(f"again: {counts}")
        peer_rate = max(peer_rate, peer(here, str(file)))
        unchanged = here.inside("census") == before and counts["same"] == rows
        if not (whole and unchanged):
            say(f"WRONG: every row new at first: {whole}; nothing changed the second time: {unchanged}")
    peak = max(first_peak, again_peak)
    show(
        Figure(
            f"roster import, {rows:,} rows",
            f"{rate:,.0f} rows/s",
            f"{peer_rate:,.0f} rows/s",
            f"{rate / peer_rate:.1f}",
            f"≥ {_TIMES} × peer",
            whole and rate >= _TIMES * peer_rate,
        ),
        Figure("roster import, peak memory", f"{peak / 2**30:.2f} GiB", "", "", "≤ 1.5 GiB", peak <= _MOST_BYTES),
        Figure(
            "roster import, same file again",
            f"{again_s:.1f} s",
            f"{first_s:.1f} s at first",
            f"{again_s / first_s:.2f}",
            "≤ 0.5, nothing changed",
            unchanged and again_s <= first_s / 2,
        ),
    )


if __name__ == "__main__":
    main()
