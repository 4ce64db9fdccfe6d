"""The board of 100,000 cases: several scopes, every filter alone and several together, in every order, as the service answers it.

The peer is the same question put to the rows of cases, respondents, clocks and referrals by the ORM, in the same installation.
"""

import json
import sys

from _place import HERE, ROOT, place
from _table import Figure, end_within, percentile, say, show, size

_BAR_MS = 100


def main() -> None:
    end_within(1800)
    count, rounds = size(100_000, 10_000), size(3, 1)
    with place() as here:
        here.init()
        here.ikrar("make-roster", "--people", "3000", "--seed", "7", "--out", str(here.home / "roster.csv"))
        here.ikrar("import-roster", str(here.home / "roster.csv"), "--agency", "13.75", "--json")
        here.env |= {"DJANGO_SETTINGS_MODULE": "ikrar.settings", "PYTHONPATH": str(ROOT)}
        told = json.loads(here.run(sys.executable, str(HERE / "_board.py"), str(count), str(rounds)).splitlines()[-1])
    say(f"{count:,} cases written in {told['filled']:.0f} s, their lines made by the service in {told['lines']:.0f} s")
    for name, took in told["took"].items():
        say(
            f"{name}: p50 {percentile(took, 0.5):.1f} ms, p99 {percentile(took, 0.99):.1f} ms, longest {max(took):.1f} ms"
        )
    say(f"slowest: {told['slowest'][1]}")
    took, peer = [ms for some in told["took"].values() for ms in some], told["peer"]
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    peer50, same50 = percentile(peer, 0.5), percentile(told["beside"], 0.5)
    show(
        Figure(
            f"board of {count:,} cases, any filter", f"p50 {p50:.0f} ms, p99 {p99:.0f} ms",
            f"plain board: p50 {peer50:.0f} ms (the ORM over the rows), ours {same50:.0f} ms", f"{peer50 / same50:.0f} times", f"p99 ≤ {_BAR_MS} ms",
            p99 <= _BAR_MS,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
