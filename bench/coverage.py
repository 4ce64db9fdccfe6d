"""Coverage of any unit in a country: a city's size and the nation's, in one run; as kept, and while some are touched."""

from _place import place
from _table import Figure, end_within, percentile, say, show, size

_LOOKS = 400
_SLOWEST_MS = 50
_TIMES = 2


def _measure(people: int, units: int) -> dict[str, float]:
    """Return the 99th percentile in ms of looking at a unit, kept and after a touch."""
    with place() as here:
        here.init()
        made = here.inside("country", people, units)
        say(f"{people:,} people: {made['units']:,} units counted in {made['seconds']:.1f} s")
        looked = here.inside("look", _LOOKS)
    for name, took in looked.items():
        say(
            f"  {name}: p50 {percentile(took, 0.5):.1f} ms, p99 {percentile(took, 0.99):.1f} ms, longest {max(took):.1f} ms"
        )
    return {name: percentile(took, 0.99) for name, took in looked.items()}


def main() -> None:
    end_within(3000)
    people, units = size(4_700_000, 200_000), size(60_000, 3_000)
    small, large = _measure(10_000, 1_700), _measure(people, units)
    for_all = max(large.values())
    ratio = max(large[name] / small[name] for name in large)
    show(
        Figure(
            f"coverage of any unit, {people:,} people in {units:,} units",
            f"p99 {for_all:.1f} ms",
            f"{max(small.values()):.1f} ms at 10,000 people",
            f"{ratio:.2f}",
            f"≤ {_SLOWEST_MS} ms, ≤ {_TIMES} × the small one",
            for_all <= _SLOWEST_MS and ratio <= _TIMES,
        ),
    )


if __name__ == "__main__":
    main()
