"""A night over 100,000 open cases: clocks that come to a new stage, their steps, and who is told; a second run changes nothing.

After another rulebook every clock is counted anew: once so that each moves, once so that none does.
"""

import json
import sys

from _place import HERE, ROOT, place
from _table import Figure, end_within, say, show, size

_BAR_S = 10


def main() -> None:
    end_within(2400)
    count = size(100_000, 10_000)
    with place() as here:
        here.init()
        here.ikrar("make-roster", "--people", "3000", "--seed", "7", "--out", str(here.home / "roster.csv"))
        here.ikrar("import-roster", str(here.home / "roster.csv"), "--agency", "13.75", "--json")
        here.env |= {"DJANGO_SETTINGS_MODULE": "ikrar.settings", "PYTHONPATH": str(ROOT)}
        told = json.loads(here.run(sys.executable, str(HERE / "_cases.py"), str(count)).splitlines()[-1])
    say(
        f"{count:,} open cases written in {told['filled']:.0f} s; changed this night: {told['changed']:,}, told: {told['told']}"
    )
    show(
        Figure(
            f"night over {count:,} open cases", f"{told['first']:.1f} s; second run {told['second']:.2f} s, {told['again']} changed",
            "", "", f"≤ {_BAR_S} s; the second changes nothing", told["first"] <= _BAR_S and not told["again"],
        ),
        Figure(
            f"another rulebook over {count:,} clocks", f"{told['anew']:.1f} s, {told['recounted']:,} moved; {told['still']:.1f} s, {told['unmoved']} moved",
            "", "", "where no day changes, none moves", not told["unmoved"],
        ),
    )  # fmt: skip


if __name__ == "__main__":
    main()
