"""The one table of all benches: a script prints its rows, run.sh joins them."""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType

QUICK = os.environ.get("QUICK", "") not in ("", "0")
HEAD = ("figure", "ours", "peer", "ratio", "bar", "reached")


@dataclass(frozen=True)
class Figure:
    """One row. `reached` is None where no bar is set yet or nothing could be measured."""

    figure: str
    ours: str
    peer: str = ""
    ratio: str = ""
    bar: str = ""
    reached: bool | None = None

    def cells(self) -> tuple[str, ...]:
        reached = {True: "yes", False: "NO", None: ""}[self.reached]
        return (self.figure, self.ours, self.peer, self.ratio, self.bar, reached)


def show(*figures: Figure) -> None:
    """Print the rows and end the script: status 1 where a bar was missed."""
    for cells in (HEAD, *(figure.cells() for figure in figures)):
        print(f"| {' | '.join(cells)} |", flush=True)
    sys.exit(int(any(figure.reached is False for figure in figures)))


def say(text: str) -> None:
    """Tell what goes on; the table is not disturbed by it."""
    print(f"  {text}", flush=True)


def size(full: int, quick: int) -> int:
    """Return how much work to do."""
    return quick if QUICK else full


def end_within(seconds: int) -> None:
    """End the script, cleaning up, if it is not done by then."""

    def too_long(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not done within {seconds} s")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all values does not exceed.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, round(share * len(ordered)) - 1)]
