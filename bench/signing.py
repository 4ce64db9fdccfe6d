"""Reading and signing a pact over HTTP, against a plain Django page, in turn, over the same number of connections.

On SQLite, or where DATABASE_URL names a PostgreSQL server, on two fresh databases there, one for each:
`DATABASE_URL=postgres://user:password@host/postgres .venv/bin/python bench/signing.py`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from _place import (
    HERE,
    Place,
    free_port,
    load,
    outcome,
    peer_place,
    place,
    spent_s,
    stop,
    wait_for,
    wants_postgresql,
)
from _table import Figure, end_within, percentile, say, show, size

_CONNECTIONS = 64
_TURNS = 6
_SHARE = 1.0
_SLOWEST_MS = 250


# The peer never waits for a disk, so more threads bring it nothing: with 8 it answers as many as with 32, and sooner.
_PEER_THREADS = 8


@contextmanager
def _peer(here: Place, count: int, workers: int) -> "Iterator[tuple[subprocess.Popen[bytes], int, dict[str, Any]]]":
    """Serve the peer; yield its process, its port and its people."""
    env = here.env | {"PEER_HOME": str(here.home), "PYTHONPATH": str(HERE)}
    script, log = str(HERE / "_peer_page.py"), here.home / "peer.log"
    made = json.loads(subprocess.check_output([sys.executable, script, "people", str(count)], env=env, cwd=HERE))
    port = free_port()
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, script, "serve", str(port), str(workers), str(_PEER_THREADS)],
            env=env, cwd=HERE, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(port, process, log)
        yield process, port, made
    finally:
        stop(process)


def _ask(here: Place, port: int, act: str, cookie: str, people: list[Any]) -> dict[str, Any]:
    job = {"act": act, "port": port, "connections": _CONNECTIONS, "cookie": cookie, "people": people}
    return outcome(load(here.env, job))


def main() -> None:
    count, warming = size(9000, 1500), 300
    a_turn = (count - warming) // _TURNS
    end_within(1500)
    with place() as here, peer_place(here) as other:
        here.init()
        ours = here.people(count)
        with (
            here.served() as (server, port),
            _peer(other, count, ours["workers"]) as (peer, peer_port, theirs),
        ):
            say(
                f"{count:,} people on {'PostgreSQL' if wants_postgresql() else 'SQLite'}; {ours['workers']} processes"
                f" of {ours['threads']} threads each, as served by default; the peer has {_PEER_THREADS}"
            )
            spent, asked = {"ours": 0.0, "peer": 0.0}, {"ours": 0, "peer": 0}
            worked = {"ours": 0.0, "peer": 0.0}
            reading, signing, waiting, acknowledged, wrong = [], [], [], [], []
            for turn in range(_TURNS + 1):
                # The first turn only warms both: templates, connections, caches.
                start, stop_at = (0, warming) if turn == 0 else (warming + a_turn * (turn - 1), warming + a_turn * turn)
                before = {"peer": spent_s(peer.pid), "ours": spent_s(server.pid)}
                got = _ask(here, peer_port, "page", theirs["cookie"], theirs["people"][start:stop_at])
                own = _ask(here, port, "sign", ours["cookie"], ours["people"][start:stop_at])
                after = {"peer": spent_s(peer.pid), "ours": spent_s(server.pid)}
                wrong += got["wrong"] + own["wrong"]
                acknowledged += own["acknowledged"]
                if turn == 0:
                    continue
                waiting += got["reading_s"]
                reading += own["reading_s"]
                signing += own["signing_s"]
                for name, each in (("peer", got), ("ours", own)):
                    answers = len(each["reading_s"]) + len(each["signing_s"])
                    spent[name] += each["seconds"]
                    asked[name] += answers
                    worked[name] += after[name] - before[name]
                    say(f"turn {turn}, {name}: {answers} answers, {answers / each['seconds']:,.0f} a second")
        found = here.inside("signed", given=acknowledged)
    for name in ("peer", "ours"):
        # The steadier figure where others use the machine, too. A database server is not counted.
        say(f"{name}: {1000 * worked[name] / asked[name]:.2f} ms of a processor an answer")
    for name, values in (("peer's page", waiting), ("reading", reading), ("signing", signing)):
        p50, p99 = (1000 * percentile(values, share) for share in (0.5, 0.99))
        say(f"{name}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {1000 * max(values):.0f} ms")
    good = not wrong and not found["wrong"] and found["signatures"] == len(acknowledged) == warming + a_turn * _TURNS
    say(
        f"{len(acknowledged)} acknowledged, {found['signatures']} in the database; wrong: {found['wrong'] or 'nothing'}"
    )
    for each in wrong[:5]:
        say(f"WRONG ({len(wrong)}): {each}")
    rate, peer_rate = asked["ours"] / spent["ours"], asked["peer"] / spent["peer"]
    p99 = 1000 * max(percentile(reading, 0.99), percentile(signing, 0.99))
    show(
        Figure(
            f"read and sign, {_CONNECTIONS} connections, {'PostgreSQL' if wants_postgresql() else 'SQLite'}",
            f"{rate:,.0f} requests/s",
            f"{peer_rate:,.0f} requests/s",
            f"{rate / peer_rate:.2f}",
            f"≥ {_SHARE} × peer, all kept",
            good and rate >= _SHARE * peer_rate,
        ),
        Figure(
            "read and sign, p99 of the slower",
            f"{p99:.0f} ms",
            f"{1000 * percentile(waiting, 0.99):.0f} ms",
            "",
            f"≤ {_SLOWEST_MS} ms",
            good and p99 <= _SLOWEST_MS,
        ),
    )


if __name__ == "__main__":
    main()
