"""Roster import of a nation's civil servants through the product, against a bare load of the same rows into the same
tables, and against django-import-export's default.

By the command an officer runs, process start included; of the peers only the loading itself is timed. All on PostgreSQL where
DATABASE_URL asks for it.
"""

import json
import sys

from _place import HERE, Place, place, wants_postgresql
from _table import QUICK, Figure, end_within, say, show, size
from roster_import import import_file, peer

_TIMES_PEER = 50
_TIMES_BARE = 1.5
_MOST_BYTES = 2.5 * 2**30
_ROWS_A_STATEMENT = (1, 40)


def _bare(source: Place) -> float:
    """Load what was imported barely into fresh installations; return the seconds of the fastest way."""
    of = source.env.get("DATABASE_URL") or str(source.home / "ikrar.sqlite3")
    best = float("inf")
    for rows in (1,) if wants_postgresql() else _ROWS_A_STATEMENT:
        with place() as there:
            there.init()
            there.env |= {"DJANGO_SETTINGS_MODULE": "ikrar.settings", "PYTHONPATH": str(HERE.parent)}
            done = json.loads(there.run(sys.executable, str(HERE / "_bare_roster.py"), of, str(rows)))
        how = "COPY" if wants_postgresql() else f"{rows} rows a statement"
        say(f"bare, {how}: {done['rows']:,} in {done['seconds']:.1f} s, {done['processor_seconds']:.1f} s of processor")
        best = min(best, done["seconds"])
    return best


def main() -> None:
    rows = size(4_700_000, 300_000)
    end_within(3600)
    where = "PostgreSQL" if wants_postgresql() else "SQLite"
    with place() as here:
        here.init()
        file = here.home / "roster.csv"
        here.ikrar("make-roster", "--people", str(rows), "--seed", "1", "--out", str(file))
        say(f"{rows:,} rows, {file.stat().st_size / 1e6:.0f} MB, {where}")
        # The peers around ours, and their best time counts: another program's noise shall not help us.
        peer_rate = peer(here, str(file))
        seconds, peak, counts = import_file(here, str(file))
        say(f"first: {counts}")
        bare_s = _bare(here)
        peer_rate = max(peer_rate, peer(here, str(file)))
        before = here.inside("census")
        again_s, again_peak, again = import_file(here, str(file))
        say(f"again: {again}")
        whole = counts["new"] == counts["rows"] == rows == before["people"] == before["placements"]
        unchanged = here.inside("census") == before and again["same"] == rows
        if not (whole and unchanged):
            say(f"WRONG: every row new at first: {whole}; nothing changed the second time: {unchanged}")
    rate, peak = rows / seconds, max(peak, again_peak)
    # A smaller file is all start and units: it shows that the script works, and reaches nothing.
    show(
        Figure(
            f"roster import, {rows:,} rows, {where}",
            f"{seconds:.1f} s",
            f"{bare_s:.1f} s (bare load)",
            f"{seconds / bare_s:.2f}",
            f"≤ {_TIMES_BARE} × bare load",
            None if QUICK else whole and seconds <= _TIMES_BARE * bare_s,
        ),
        Figure(
            f"roster import, {rows:,} rows, {where}",
            f"{rate:,.0f} rows/s",
            f"{peer_rate:,.0f} rows/s",
            f"{rate / peer_rate:.1f}",
            f"≥ {_TIMES_PEER} × peer",
            None if QUICK else whole and rate >= _TIMES_PEER * peer_rate,
        ),
        Figure(
            f"roster import, {rows:,} rows, {where}, peak memory",
            f"{peak / 2**30:.2f} GiB",
            bar="≤ 2.5 GiB",
            reached=peak <= _MOST_BYTES,
        ),
        Figure(
            f"roster import, {rows:,} rows, {where}, same file again",
            f"{again_s:.1f} s",
            f"{seconds:.1f} s at first",
            f"{again_s / seconds:.2f}",
            "nothing changed",
            unchanged,
        ),
    )


if __name__ == "__main__":
    main()
