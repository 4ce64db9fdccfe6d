"""Marks that counts of a unit may have changed, written with the act that changed them (see services.coverage)."""

from collections.abc import Iterable, Sequence

from ikrar.records.kept import change
from ikrar.records.models import Agency, PactRound, UnitTouch
from ikrar.services import masses


def units(keys: Iterable[int], pact_round: int | None = None) -> None:
    """Mark units, for one round or for all, inside the caller's transaction."""
    marked = sorted(set(keys))
    if marked:
        masses.insert(UnitTouch, {"unit_id": marked, "pact_round_id": [pact_round] * len(marked)})


def signed(pairs: Iterable[tuple[int, int]]) -> None:
    """Mark (unit, round) pairs, inside the caller's transaction."""
    marked = sorted(set(pairs))
    if marked:
        masses.insert(
            UnitTouch, {"unit_id": [unit for unit, _ in marked], "pact_round_id": [each for _, each in marked]}
        )


def obligations(keys: Sequence[int]) -> None:
    """Mark the units that obligations were issued in, inside the caller's transaction."""
    touched, values = masses.given("touched", {"duty": "bigint"}, [(key,) for key in keys])
    change(
        "INSERT INTO records_unittouch (pact_round_id, unit_id) SELECT DISTINCT pact_round_id, unit_id"
        f" FROM records_obligation AS o JOIN {touched} ON o.id = touched.duty",
        values,
    )


def agency(which: Agency) -> None:
    """Mark a whole agency, for all rounds: its tree changed, or so much of its roster that it is counted anew."""
    UnitTouch.objects.create(agency=which)


def pact_round(which: PactRound) -> None:
    """Mark all units that a round reaches: it was issued, or its text changed."""
    UnitTouch.objects.bulk_create(UnitTouch(agency=each, pact_round=which) for each in which.agencies.all())
