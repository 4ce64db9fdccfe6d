"""Elections as a region holds them: its pairs, voters and polling stations, and the stages that moved there."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from ikrar.domain import ics
from ikrar.domain.days import zone_of
from ikrar.domain.elections import DerivedDate, Election, Stage, check_move, out_of_order, with_moves
from ikrar.domain.errors import DomainError, ElectionUnknown, ReasonMissing, StageOutOfOrder
from ikrar.domain.sources import Confidence
from ikrar.gateways import rulebook_files
from ikrar.records.models import RegionalElection, StageMove, User
from ikrar.services import ledger, regions

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RegionCalendar:
    """One election in one region. `moves` are those in force there, its own and those of the regions above it."""

    national: Election
    election: Election
    row: RegionalElection | None
    moves: tuple[StageMove, ...]

    @property
    def is_uncertain_here(self) -> bool:
        """Say whether only some regions elect, and neither the facts nor anybody here says that this one does."""
        return self.national.in_some_regions and self.row is None


def calendar_of(region_code: str) -> list[RegionCalendar]:
    """Return the elections of the rulebook that a region holds or may hold, as they stand there, by national day of voting.

    What moved in a province moved in its regencies and cities too; of several moves of a stage the latest counts,
    whoever recorded it. Raises RegionUnknown.
    """
    region = regions.get(region_code)
    rows = {row.election: row for row in RegionalElection.objects.filter(region=region)}
    recorded: dict[str, list[StageMove]] = {}
    above = _with_those_above(region_code)
    moves = StageMove.objects.filter(regional_election__region__in=above, withdrawn_at=None)
    for move in moves.select_related("regional_election").order_by("recorded_at", "pk"):
        recorded.setdefault(move.regional_election.election, []).append(move)
    calendars = []
    for national in rulebook_files.elections().values():
        if not national.concerns(region_code) and national.id not in rows:
            continue
        latest = {move.stage: move for move in _that_fit(national, recorded.get(national.id, []))}
        mine = list(latest.values())
        moved = with_moves(national, {move.stage: (move.from_on, move.last_on) for move in mine})
        calendars.append(RegionCalendar(national, moved, rows.get(national.id), tuple(mine)))
    return calendars


def current(region_code: str, today: date) -> list[RegionCalendar]:
    """Return a region's elections without the calendars that another one replaced, the nearest to a day first.

    Those that perhaps are not held there come after all that are. Raises RegionUnknown.
    """
    known = [each for each in calendar_of(region_code) if not each.election.superseded_by]
    return sorted(known, key=lambda each: (each.is_uncertain_here, abs(each.election.voting_on - today)))


@transaction.atomic(durable=True)
def set_region(
    *,
    election: str,
    region_code: str,
    candidate_pairs: int | None,
    voters: int | None,
    polling_stations: int | None,
    note: str,
    source: str,
    by: User | None,
    now: datetime,
) -> RegionalElection:
    """Record what a region adds to an election, in place of what was recorded before.

    Raises ElectionUnknown, RegionUnknown.
    """
    _get_election(election)
    region = regions.get(region_code)
    numbers = {"candidate_pairs": candidate_pairs, "voters": voters, "polling_stations": polling_stations}
    row, _ = RegionalElection.objects.update_or_create(
        election=election, region=region, defaults={**numbers, "note": note, "source": source}
    )
    ledger.append(
        "election.region_set",
        {
            "election": election,
            "region": region_code,
            **numbers,
            "note_sha256": _digest(note),
            "source_sha256": _digest(source),
            "by": by and by.pk,
        },
        now=now,
        zone=zone_of(region_code),
    )
    logger.info("election set for region", extra={"election": election, "region": region_code})
    return row


@transaction.atomic(durable=True)
def move_stage(
    *,
    election: str,
    region_code: str,
    stage: str,
    from_on: date,
    last_on: date,
    reason: str,
    sure: bool = False,
    by: User | None,
    now: datetime,
) -> StageMove:
    """Record that a stage runs on other days in a region (first and last day, both included), and why.

    Earlier moves stay; the latest counts. Raises ElectionUnknown, RegionUnknown, StageUnknown, DatesInWrongOrder,
    DayTooFar, ReasonMissing, and StageOutOfOrder unless it is `sure`.
    """
    national = _get_election(election)
    check_move(national, stage, from_on, last_on)
    region = regions.get(region_code)
    here = next((each.election for each in calendar_of(region_code) if each.national.id == election), national)
    if not sure and (other := out_of_order(national, here, stage, from_on, last_on)) is not None:
        raise StageOutOfOrder(other.id)
    if not (reason := reason.strip()):
        raise ReasonMissing("reason")
    row, _ = RegionalElection.objects.get_or_create(election=election, region=region)
    move = StageMove.objects.create(
        regional_election=row, stage=stage, from_on=from_on, last_on=last_on, reason=reason, recorded_at=now
    )
    ledger.append(
        "election.stage_moved",
        {
            "election": election,
            "region": region_code,
            "stage": stage,
            "from_on": from_on.isoformat(),
            "last_on": last_on.isoformat(),
            "reason_sha256": _digest(reason),
            "by": by and by.pk,
        },
        now=now,
        zone=zone_of(region_code),
    )
    logger.info("stage moved", extra={"election": election, "region": region_code, "stage": stage})
    return move


@transaction.atomic(durable=True)
def take_back_move(move: StageMove, *, by: User | None, now: datetime) -> None:
    """Let a move count no more: the one before it counts, or the national calendar. A second time changes nothing."""
    if not StageMove.objects.filter(pk=move.pk, withdrawn_at=None).update(withdrawn_at=now):
        return
    row = move.regional_election
    ledger.append(
        "election.stage_move_withdrawn",
        {"election": row.election, "region": row.region_id, "stage": move.stage, "move": move.pk, "by": by and by.pk},
        now=now,
        zone=zone_of(row.region_id),
    )


def ics_of(region_code: str, now: datetime) -> str:
    """Return a region's calendar as text for calendar programs, in Indonesian. Raises RegionUnknown.

    A calendar that another one replaced is left out: its days never came.
    """
    region = regions.get(region_code)
    entries = [
        entry
        for calendar in calendar_of(region_code)
        if not calendar.election.superseded_by
        for entry in _entries(calendar, region_code)
    ]
    return ics.to_ics(entries, name=f"Kalender pemilihan {region.name}", stamped_at=now)


def _entries(calendar: RegionCalendar, region_code: str) -> Iterator[ics.Entry]:
    election = calendar.election
    reasons = {move.stage: move.reason for move in calendar.moves}
    for stage in election.stages:
        # With one end unknown the known day becomes the entry and says which it is; with neither known there is none.
        first, after, which = stage.from_on, stage.until_on, ""
        if first is None and after is not None:
            first, which = after - timedelta(days=1), " (hari terakhir)"
        elif first is not None and after is None:
            after, which = first + timedelta(days=1), " (hari pertama)"
        if first is None or after is None:
            continue
        lines = _whether_here(calendar)
        if stage.conditional:
            lines.append("Bersyarat: hanya berlangsung bila syaratnya terpenuhi.")
        if stage.moved:
            lines.append(f"Dijadwalkan tersendiri di daerah ini: {reasons[stage.id]}")
        else:
            lines += _about(stage)
        yield ics.Entry(
            uid=f"{election.id}-{stage.id}@{region_code}.ikrar",
            summary=f"{stage.label.id}{which} – {election.label.id}",
            from_on=first,
            until_on=after,
            description="\n".join(lines),
            is_tentative=stage.conditional or calendar.is_uncertain_here,
        )
    for derived in election.derived:
        yield ics.Entry(
            uid=f"{election.id}-{derived.id}@{region_code}.ikrar",
            summary=f"{derived.label.id} – {election.label.id}",
            from_on=derived.day,
            until_on=derived.day + timedelta(days=1),
            description="\n".join([*_whether_here(calendar), *_about(derived)]),
            is_tentative=calendar.is_uncertain_here,
        )


def _whether_here(calendar: RegionCalendar) -> list[str]:
    if not calendar.is_uncertain_here or calendar.national.regions is None:
        return []
    return [f"{calendar.national.regions.total} daerah; periksa apakah daerah Anda termasuk."]


_CONFIDENCE = {
    Confidence.ONE_SOURCE: "Tanggal menurut satu sumber.",
    Confidence.UNCERTAIN: "Tanggal belum pasti.",
}


def _about(row: Stage | DerivedDate) -> list[str]:
    lines = [row.notes] if row.notes else []
    if row.confidence in _CONFIDENCE:
        lines.append(_CONFIDENCE[row.confidence])
    return [*lines, *(f"Sumber: {source}" for source in row.sources)]


def _get_election(id: str) -> Election:
    found = rulebook_files.elections().get(id)
    if found is None:
        raise ElectionUnknown(id)
    return found


def _with_those_above(region_code: str) -> list[str]:
    """Return the codes of a region and of those it lies in: 13.75 lies in 13."""
    parts = region_code.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _that_fit(national: Election, moves: list[StageMove]) -> list[StageMove]:
    """Leave out, aloud, the moves that cannot be: of stages that a later edition of the rulebook no longer has, or of days
    that were not checked when they were written. One row must not take a region's calendar away.
    """
    fitting = []
    for move in moves:
        try:
            check_move(national, move.stage, move.from_on, move.last_on)
            fitting.append(move)
        except DomainError as error:
            logger.warning(
                "a moved stage does not fit its election",
                extra={"move": move.pk, "election": national.id, "why": error.code},
            )
    return fitting


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def named(id: str) -> Election | None:
    """Return an election of the rulebook by its id; None where no such election is known (any more)."""
    return rulebook_files.elections().get(id)


def choices(region_codes: Iterable[str], today: date) -> list[Election]:
    """Return the elections that a programme of these regions may be for, the nearest to a day first.

    Without a region (a ministry) all are, since its people work everywhere.
    """
    regions_here = list(region_codes)
    known = [
        each
        for each in rulebook_files.elections().values()
        if not each.superseded_by and (not regions_here or any(map(each.concerns, regions_here)))
    ]
    return sorted(known, key=lambda each: (each.in_some_regions, abs(each.voting_on - today)))
