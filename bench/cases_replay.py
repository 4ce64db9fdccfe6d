"""2,007 reports replayed in the proportions of 2020, every step by its role through the services, from filing to the record.

No state may stand that the table of the procedure forbids, and each number of the funnel must come out alike by every way of counting.
"""

import json
import sys

from _place import HERE, ROOT, place
from _table import Figure, end_within, say, show, size

_BAR_S = 300


def main() -> None:
    end_within(1800)
    count = size(2_007, 100)
    with place() as here:
        here.env |= {"DJANGO_SETTINGS_MODULE": "ikrar.settings", "PYTHONPATH": str(ROOT)}
        told = json.loads(here.run(sys.executable, str(HERE / "_replay.py"), str(count)).splitlines()[-1])
    say(f"{told['steps']:,} steps; " + ", ".join(f"{what} {took:.1f} s" for what, took in told["parts"].items()))
    for name, numbers in told["funnel"].items():
        say(f"{name}: {' = '.join(map(str, numbers))}")
    agree = all(len(set(numbers)) == 1 for numbers in told["funnel"].values())
    say(f"forbidden by the table: {', '.join(told['forbidden']) or 'none'}")
    show(
        Figure(
            f"{count:,} reports replayed in the proportions of 2020",
            f"{told['took']:.0f} s; funnel {'agrees' if agree else 'DISAGREES'}; {len(told['forbidden'])} forbidden", "", "",
            f"≤ {_BAR_S} s; no forbidden state; sums agree", told["took"] <= _BAR_S and agree and not told["forbidden"],
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
