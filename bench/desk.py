"""The pages of a programme officer whose agency is as large as a country: desk, coverage, the missing, what goes outside."""

from _place import place
from _table import Figure, end_within, percentile, say, show, size

_LOOKS = 100


def _measure(people: int, units: int) -> dict[str, list[float]]:
    """Return how many ms each look took, by page."""
    with place() as here:
        here.init()
        made = here.inside("country", people, units)
        say(f"{people:,} people: {made['units']:,} units counted in {made['seconds']:.1f} s")
        busy = here.inside("busy")
        say(
            f"{busy['told']:,} messages wait in inboxes, {busy['stopped']:,} addresses take none; {busy['seconds']:.1f} s"
        )
        looked = here.inside("officer", _LOOKS)
    for name, took in looked.items():
        say(
            f"  {name}: p50 {percentile(took, 0.5):.0f} ms, p99 {percentile(took, 0.99):.0f} ms, longest {max(took):.0f} ms"
        )
    return looked


def main() -> None:
    end_within(3000)
    people, units = size(500_000, 20_000), size(6_000, 600)
    small, large = _measure(10_000, 600), _measure(people, units)
    show(
        *(
            Figure(
                f"{name}, {people:,} people in {units:,} units",
                f"p50 {percentile(took, 0.5):.0f} ms, p99 {percentile(took, 0.99):.0f} ms",
                f"{percentile(small[name], 0.5):.0f} ms, {percentile(small[name], 0.99):.0f} ms at 10,000 people",
                f"{percentile(took, 0.99) / percentile(small[name], 0.99):.2f}",
            )
            for name, took in large.items()
        )
    )


if __name__ == "__main__":
    main()
