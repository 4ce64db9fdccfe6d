"""Certificates with QR in bulk, against the same page set by WeasyPrint; and the same sealed (PAdES, P-256)."""

import json
import sys

from _place import AGENCY, HERE, place
from _table import Figure, end_within, say, show, size

_LEAST, _TIMES, _LEAST_SEALED = 300, 6, 80


def main() -> None:
    count = size(2000, 300)
    end_within(1200)
    with place() as here:
        here.init()
        roster = here.home / "roster.csv"
        here.ikrar("make-roster", "--people", str(count + count // 8 + 200), "--seed", "7", "--out", str(roster))
        here.ikrar("import-roster", str(roster), "--agency", AGENCY, "--json")
        peer = json.loads(here.run(sys.executable, str(HERE / "_peer_certificate.py"), str(size(200, 40))))
        done = here.inside("render", count)
    assert done["made"] == count, done
    plain, sealed = count / done["plain_seconds"], count / done["seconds"]
    peers = peer["made"] / peer["seconds"]
    say(f"{done['plain_bytes'] / count / 1000:.0f} KB each, {done['bytes'] / count / 1000:.0f} KB sealed")
    show(
        Figure(
            f"certificates with QR in bulk, {count:,}",
            f"{plain:.0f} a second",
            f"{peers:.0f} a second (WeasyPrint)",
            f"{plain / peers:.1f}",
            f"≥ {_LEAST}/s, ≥ {_TIMES} × peer",
            plain >= _LEAST and plain >= _TIMES * peers,
        ),
        Figure(
            "the same set and sealed", f"{sealed:.0f} a second", "", "", f"≥ {_LEAST_SEALED}/s", sealed >= _LEAST_SEALED
        ),
    )


if __name__ == "__main__":
    main()
