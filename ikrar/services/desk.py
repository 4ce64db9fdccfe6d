"""The programme officer's desk: what is missing in an agency today, what is due first, and where each thing is done.

It counts and names nobody. The lists of people stand behind the lines.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from ikrar.domain.days import local_day
from ikrar.domain.pacts import Coverage, KeepsOn, State
from ikrar.domain.roster import AWAY
from ikrar.records.models import (
    Activity,
    Agency,
    Circular,
    Decision,
    Holding,
    OfficeLeave,
    PactRound,
    PaperScan,
    Placement,
    RosterImport,
    SignatureContest,
    WorkUnit,
)
from ikrar.services import circulars, clock, coverage, duties, offices, pacts, units

_AHEAD = timedelta(days=7)
_LEAVES_AHEAD = timedelta(days=14)
_ROSTER_LIFE = timedelta(days=30)
_MINUTES_ASKED = timedelta(days=60)
_LARGEST = 5
_CIRCULARS_ASKED = timedelta(days=60)  # after its day a circular is no work of a desk any more; its own page goes on
_SLOW_S = 0.05
_MOST_REACHED = 1000
Reached = tuple[circulars.Reach, list[tuple[WorkUnit, circulars.Reach]]]


class Kind(StrEnum):
    """What a line of the desk is about, in the order in which lines without a day follow each other."""

    ROUND = "round"
    CIRCULAR = "circular"
    ACTIVITY = "activity"
    DECISION = "decision"
    DUTY = "duty"
    LEAVE_WITHOUT = "leave_without"
    GAP = "gap"
    MOVED = "moved"
    OLD_TEXT = "old_text"
    CONTESTED = "contested"
    REFUSED = "refused"
    SCANS = "scans"
    SCANS_SECOND = "scans_second"
    MINUTES = "minutes"
    HEADLESS = "headless"
    ROSTER_OLD = "roster_old"


@dataclass(frozen=True)
class Line:
    """One thing that is missing: what it is about, how many, by which day, and the largest parts of it.

    `about` is the record that its page shows: a round, a circular, an activity, an office. `late` counts those whose day
    is over, where only some of them are.
    """

    kind: Kind
    count: int
    about: Any = None
    due_on: date | None = None
    late: int = 0
    largest: tuple[tuple[WorkUnit, int], ...] = ()

    def is_late(self, today: date) -> bool:
        """Say whether the day by which it is due is over."""
        return self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class Standing:
    """How a round stands: its counts, and those who are apart from the missing."""

    pact_round: PactRound
    counted: Coverage


@dataclass(frozen=True)
class Desk:
    """An agency's desk on a day: lines by what is due first, and how its rounds stand."""

    agency: Agency
    root: WorkUnit
    today: date
    lines: tuple[Line, ...]
    rounds: tuple[Standing, ...]
    is_empty: bool = False


def of_agency(agency: Agency, *, at: datetime | None = None) -> Desk:
    """Return an agency's desk as it stands now."""
    instant = at or clock.instant(agency.zone)
    today = local_day(instant, agency.zone)
    root = agency.units.get(parent=None)
    if not Placement.objects.on(today).of_unit(root).exists():
        return Desk(agency, root, today, (), (), is_empty=True)
    lines: list[Line] = []
    standings: list[Standing] = []
    for standing, some in _rounds(agency, root, today):
        standings.append(standing)
        lines += some
    lines += _contested(agency, [each.pact_round for each in standings])
    lines += _circulars(agency, root, today)
    lines += _activities(agency, today)
    lines += _decisions(agency, today)
    lines += _duties(agency, today)
    lines += _leaves(agency, instant, today)
    lines += _rest(agency, today)
    order = list(Kind)
    lines.sort(key=lambda line: (line.due_on or date.max, order.index(line.kind)))
    return Desk(agency, root, today, tuple(lines), tuple(standings))


def _rounds(agency: Agency, root: WorkUnit, today: date) -> Iterator[tuple[Standing, list[Line]]]:
    """Yield each round that people owe by the roster, with what is missing of it."""
    issued = PactRound.objects.running(today).filter(agencies=agency, for_offices=False)
    for pact_round in issued.select_related("agency", "text").order_by(F("due_on").asc(nulls_last=True), "pk"):
        below = coverage.coverage_below(pact_round, root, today)
        total, found = below.total, []
        if total.missing:
            largest = sorted(below.rows, key=lambda row: -row[1].missing)[:_LARGEST]
            parts = tuple((unit, counted.missing) for unit, counted in largest if counted.missing)
            found.append(Line(Kind.ROUND, total.missing, pact_round, pact_round.due_on, largest=parts))
        for kind, count in (
            (Kind.MOVED, total.not_issued),
            (Kind.OLD_TEXT, total.signed - total.valid),
            (Kind.REFUSED, total.refused),
        ):
            if count > 0:
                found.append(Line(kind, count, pact_round))
        yield Standing(pact_round, total), found


def _contested(agency: Agency, rounds: Iterable[PactRound]) -> Iterator[Line]:
    """Yield how many signatures were contested and not made anew, round by round."""
    counted = dict(
        SignatureContest.objects.filter(signature__unit__agency=agency, signature__obligation__signature=None)
        .order_by()
        .values_list("signature__obligation__pact_round")
        .annotate(people=Count("signature__obligation", distinct=True))
    )
    for pact_round in rounds:
        if people := counted.get(pact_round.pk):
            yield Line(Kind.CONTESTED, people, pact_round)


_reached: dict[tuple[int, int, date], tuple[float, Reached]] = {}


def _reach(circular: Circular, root: WorkUnit, today: date) -> Reached:
    """Count a circular below a unit. Where that took long, what was counted is shown for twenty times as long, five minutes at
    the most: looking at a desk takes no more than a twentieth of a core, however many people there are.
    """
    key = (circular.pk, root.pk, today)
    kept = _reached.get(key)
    if kept and time.monotonic() < kept[0]:
        return kept[1]
    began = time.monotonic()
    below, rows, _own = circulars.reach_below(circular, root, today)
    ended = time.monotonic()
    if settings.KEPT_S > 0 and ended - began > _SLOW_S:
        if len(_reached) >= _MOST_REACHED:
            _reached.clear()
        _reached[key] = (ended + min(20 * (ended - began), 300), (below, rows))
    return below, rows


def _circulars(agency: Agency, root: WorkUnit, today: date) -> Iterator[Line]:
    """Yield the circulars that are to be acknowledged and are not yet by everybody."""
    by_tonight = Circular.objects.published_by(offices.midnight(today + timedelta(days=1), agency.zone))
    standing = by_tonight.filter(
        Q(valid_until=None) | Q(valid_until__gte=today), agencies=agency, due_on__gte=today - _CIRCULARS_ASKED
    )
    for circular in standing.order_by("due_on", "pk"):
        below, rows = _reach(circular, root, today)
        if below.missing:
            largest = sorted(rows, key=lambda row: -row[1].missing)[:_LARGEST]
            parts = tuple((unit, counted.missing) for unit, counted in largest if counted.missing)
            late = below.missing if circular.due_on and circular.due_on < today else 0
            yield Line(Kind.CIRCULAR, below.missing, circular, circular.due_on, late=late, largest=parts)


def _activities(agency: Agency, today: date) -> Iterator[Line]:
    """Yield what is held today and within a week, and what was held and has no final minutes."""
    states = Activity.State
    coming = Activity.objects.filter(agency=agency, state__in=(states.CALLED, states.OPEN), on__lte=today + _AHEAD)
    for activity in coming.filter(on__gte=today - _MINUTES_ASKED).order_by("on", "starts_at", "pk"):
        yield Line(Kind.ACTIVITY, 1, activity, activity.on)
    held = Activity.objects.filter(
        agency=agency, state=states.CLOSED, minutes_at=None, on__gte=today - _MINUTES_ASKED, on__lte=today
    )
    for activity in held.order_by("on", "pk"):
        yield Line(Kind.MINUTES, 1, activity)


# A decision of final minutes that nobody has carried out.
_WAITING = {"done_on": None, "activity__minutes_at__isnull": False}


def _decisions(agency: Agency, today: date) -> Iterator[Line]:
    waiting = Decision.objects.filter(
        Q(office__agency=agency) | Q(unit__agency=agency), **_WAITING, activity__on__lte=today
    ).exclude(due_on=None)
    days = list(waiting.filter(due_on__lte=today + _AHEAD).order_by("due_on").values_list("due_on", flat=True))
    if days:
        yield Line(Kind.DECISION, len(days), due_on=days[0], late=sum(day < today for day in days))


def _duties(agency: Agency, today: date) -> Iterator[Line]:
    counted = duties.counted(agency, today)
    if counted.overdue or counted.due:
        # A duty of every day is due today; what was missed of it makes it late.
        due_on = today - timedelta(days=1) if counted.overdue else counted.due_on
        yield Line(Kind.DUTY, counted.overdue + counted.due, due_on=due_on, late=counted.overdue)


def _leaves(agency: Agency, at: datetime, today: date) -> Iterator[Line]:
    """Yield offices that nobody has during a leave: now, and from a day within two weeks."""
    near = OfficeLeave.objects.filter(
        holding__office__agency=agency, cancelled_at=None, until_at__gt=at, from_at__lte=at + _LEAVES_AHEAD
    )
    held = set(Holding.objects.at(at).filter(office__agency=agency).values_list("office", flat=True))
    for leave in near.select_related("holding__office").prefetch_related("stand_ins").order_by("from_at", "pk"):
        office = leave.holding.office
        if leave.from_at <= at and office.pk not in held:
            yield Line(Kind.GAP, 1, office, today)
        elif leave.from_at > at and not leave.stand_ins.all():
            yield Line(Kind.LEAVE_WITHOUT, 1, office, leave.from_on)


def _rest(agency: Agency, today: date) -> Iterator[Line]:
    scans = dict(
        PaperScan.objects.filter(agency=agency, state__in=("waiting", "reconciled"))
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    if scans.get("waiting"):
        yield Line(Kind.SCANS, scans["waiting"])
    if scans.get("reconciled"):
        yield Line(Kind.SCANS_SECOND, scans["reconciled"])
    if headless := len(units.headless(agency, today)):
        yield Line(Kind.HEADLESS, headless)
    applied = RosterImport.objects.filter(agency=agency, state=RosterImport.State.APPLIED)
    latest = applied.aggregate(on=Max("effective_on"), at=Max("applied_at"))
    if latest["on"]:
        # A file holds from its day; in a demo the clock runs apart from the programme's days.
        read = local_day(latest["at"], agency.zone) if latest["at"] else latest["on"]
        last = max(latest["on"], read) if read <= today else latest["on"]
        if last < today - _ROSTER_LIFE:
            yield Line(Kind.ROSTER_OLD, (today - last).days)


def waiting_decisions(owners: Q, at: datetime, today: date) -> list[tuple[Decision, str]]:
    """Return the decisions of final minutes that these owners have not carried out, most urgent first, with who has each now."""
    waiting = Decision.objects.filter(owners, **_WAITING, activity__on__lte=today)
    rows = sorted(
        waiting.select_related("activity__agency", "office", "unit"),
        key=lambda each: (each.due_on or date.max, each.pk),
    )
    held = offices.holders({each.office_id for each in rows} - {None}, at)
    headed = WorkUnit.objects.filter(pk__in={each.unit_id for each in rows} - {None})
    heads = offices.unit_heads(headed, at, today) if rows else {}
    found = []
    for each in rows:
        holder = held.get(each.office_id) or heads.get(each.unit_id)
        found.append((each, holder.name if holder else ""))
    return found


def decisions_of(agency: Agency) -> list[tuple[Decision, str]]:
    """Return the decisions that wait for offices and units of an agency (see waiting_decisions)."""
    at = clock.instant(agency.zone)
    owners = Q(office__agency=agency) | Q(unit__agency=agency)
    return waiting_decisions(owners, at, local_day(at, agency.zone))


# --- the people behind a line ------------------------------------------------------------------------------------


class Which(StrEnum):
    """The lists of people of a round that stand apart from the missing, or are a part of them."""

    MOVED = "moved"
    NEW = "new"
    OLD_TEXT = "old_text"
    REFUSED = "refused"
    CONTESTED = "contested"
    EXCUSED = "excused"
    ON_LEAVE = "on_leave"


def people(pact_round: PactRound, unit: WorkUnit, day: date, which: Which) -> QuerySet[Placement]:
    """Return placements of a unit and below by how their holders stand with a round, with what they owe of it.

    Each has `duty` (its key), `duty_state` and `duty_reason`, and where it was issued: `duty_unit`, `duty_post`,
    `duty_agency`; empty where it never was.
    """
    base = pacts.with_owed(pacts.owing_on(pact_round, day).of_unit(unit), pact_round)
    kept = pacts.KEPT[KeepsOn(pact_round.keeps_on)]
    here = base.exclude(status__in=AWAY)
    valid = Q(owed__signature__version=pact_round.text_id, owed__signature__signed_on__lte=day)
    found = {
        Which.MOVED: lambda: here.filter(owed__isnull=False).exclude(kept),
        Which.NEW: lambda: here.filter(owed__isnull=True),
        Which.OLD_TEXT: lambda: here.filter(kept, owed__signature__isnull=False, owed__state=State.SIGNED).exclude(
            valid
        ),
        Which.REFUSED: lambda: here.filter(kept, owed__state=State.REFUSED),
        Which.CONTESTED: lambda: here.filter(
            Exists(SignatureContest.objects.filter(signature__obligation=OuterRef("owed__pk"))),
            owed__signature__isnull=True,
        ),
        Which.EXCUSED: lambda: base.filter(kept, owed__state=State.EXCUSED),
        Which.ON_LEAVE: lambda: (
            base.filter(status__in=AWAY).exclude(kept & Q(owed__state=State.EXCUSED)).exclude(kept & valid)
        ),
    }[which]()
    return (
        found.annotate(
            duty=F("owed__pk"),
            duty_state=F("owed__state"),
            duty_reason=F("owed__reason"),
            duty_unit=F("owed__unit__name"),
            duty_post=F("owed__post"),
            duty_agency=F("owed__unit__agency"),
        )
        .select_related("person", "unit")
        .order_by("unit__position", "person__name", "pk")
    )
