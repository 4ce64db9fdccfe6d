"""Certificates in bulk: rendered and sealed, a second. No peer and no bar yet."""

from _place import AGENCY, place
from _table import Figure, end_within, show, size


def main() -> None:
    count = size(2000, 200)
    end_within(1200)
    with place() as here:
        here.init()
        roster = here.home / "roster.csv"
        here.ikrar("make-roster", "--people", str(count + count // 8 + 200), "--seed", "7", "--out", str(roster))
        here.ikrar("import-roster", str(roster), "--agency", AGENCY, "--json")
        done = here.inside("render", count)
    assert done["made"] == count, done
    show(
        Figure(
            f"certificates in bulk, {count:,}",
            f"{done['made'] / done['seconds']:.0f} a second, {done['bytes'] / done['made'] / 1000:.0f} KB each",
        )
    )


if __name__ == "__main__":
    main()
