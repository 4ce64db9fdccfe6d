"""An election and its calendar: which stages run on a day, for the nation and where a region moved them.

A stage has its first day and the first day after it; people say the last day, and so do `last_on` and `with_moves`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import NotRequired, TypedDict

from ikrar.domain.errors import DatesInWrongOrder, DayTooFar, StageUnknown
from ikrar.domain.sources import Checker, Confidence, Label, LabelDocument

# --- the form of a file: keys and types, as a reader of files checks them ----------------------------------------


class RegionsDocument(TypedDict):
    total: int
    provinces: int
    regencies: int
    cities: int


StageDocument = TypedDict(
    "StageDocument",
    {
        "id": str,
        "label": LabelDocument,
        "from": date | None,
        "until": date | None,
        "conditional": bool,
        "phase_switch": bool,
        "contests": NotRequired[list[str]],
        "notes": str | None,
        "sources": list[str],
        "confidence": str,
    },
)


class DerivedDocument(TypedDict):
    id: str
    label: LabelDocument
    day: date
    counted_day: NotRequired[date]
    notes: str | None
    sources: list[str]
    confidence: str


class ElectionDocument(TypedDict):
    id: str
    label: LabelDocument
    kind: str
    voting_on: date
    superseded_by: NotRequired[str]
    basis: list[str]
    regions: RegionsDocument | None
    region_codes: NotRequired[list[str]]
    candidates_determined_on: date | None
    determination_by_contest: dict[str, date] | None
    sources: list[str]
    confidence: str
    stages: list[StageDocument]
    derived: list[DerivedDocument]


# Of 38 provinces and 514 regencies and cities all but a few elect in an election of the whole country.
_NATIONWIDE = 500
_AFTER_COUNT = timedelta(days=120)
# How far from the national day of voting a region's stage may lie: all stages of an election with their repetitions do.
_FARTHEST = timedelta(days=3 * 365)
_REGION_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2})?")

# --- what an election is -----------------------------------------------------------------------------------------


class Kind(StrEnum):
    """PILKADA: regional election (pemilihan). PEMILU: general election."""

    PILKADA = "pilkada"
    PEMILU = "pemilu"


@dataclass(frozen=True, slots=True)
class RegionTotals:
    """How many regions elect."""

    total: int
    provinces: int
    regencies: int
    cities: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage (tahapan). `until_on` is the first day after it.

    `conditional`: scheduled, but held only if its condition is met (a second round). `phase_switch`: on its last day
    the candidates are determined, of `contests` or, where that is empty, of all. `moved`: on the region's own days.
    """

    id: str
    label: Label
    from_on: date | None
    until_on: date | None
    conditional: bool = False
    phase_switch: bool = False
    contests: tuple[str, ...] = ()
    notes: str | None = None
    sources: tuple[str, ...] = ()
    confidence: Confidence = Confidence.UNCERTAIN
    moved: bool = False

    @property
    def last_on(self) -> date | None:
        """Return the last day, or None where it is not known."""
        return self.until_on and self.until_on - timedelta(days=1)

    def runs_on(self, day: date) -> bool:
        """Say whether the stage is known to run on a day.

        An end that is not known leaves the stage running. A beginning that is not known does not: nobody recorded
        since when, and it was not for ever, so only the last day counts.

        >>> quiet = Stage("quiet-period", Label("Masa tenang", "Quiet period"), date(2024, 11, 24), date(2024, 11, 27))
        >>> quiet.runs_on(date(2024, 11, 26)), quiet.runs_on(date(2024, 11, 27))
        (True, False)
        """
        if self.from_on is None:
            return day == self.last_on
        return self.from_on <= day and (self.until_on is None or day < self.until_on)

    def switches(self, contest: str | None) -> bool:
        """Say whether this stage determines the candidates of a contest."""
        return self.phase_switch and (not self.contests or contest in self.contests)


@dataclass(frozen=True, slots=True)
class DerivedDate:
    """A date that follows from the calendar. `day` is the one to use, `counted_on` what plain counting would give."""

    id: str
    label: Label
    day: date
    counted_on: date | None = None
    notes: str | None = None
    sources: tuple[str, ...] = ()
    confidence: Confidence = Confidence.UNCERTAIN


@dataclass(frozen=True, slots=True)
class Election:
    """One election with its calendar. `superseded_by` names the election whose calendar replaced this one.

    `region_codes` names the regions that elect, where the facts do (Kemendagri codes); empty: they do not.
    """

    id: str
    label: Label
    kind: Kind
    voting_on: date
    basis: tuple[str, ...]
    regions: RegionTotals | None
    candidates_determined_on: date | None
    determined_by_contest: Mapping[str, date] = field(hash=False)
    stages: tuple[Stage, ...]
    derived: tuple[DerivedDate, ...]
    sources: tuple[str, ...]
    confidence: Confidence
    superseded_by: str | None = None
    region_codes: tuple[str, ...] = ()
    counted_until: date = field(init=False, repr=False, compare=False)
    last_on: date = field(init=False, repr=False, compare=False)
    edges: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Set what follows from the calendar.

        `counted_until`: the first day after all its stages. `last_on`: the last day that is judged by this election.
        Calendars end with the count, and no law names a day: until this one whoever celebrates means the vote that was
        held, and later days are those of another election. That is our reading. `edges`: the days from which on anything
        of the election is another than the day before, in order.
        """
        ends = [stage.until_on for stage in self.stages if not stage.conditional and stage.until_on is not None]
        counted_until = max([self.voting_on + timedelta(days=1), *ends])
        last_on = counted_until - timedelta(days=1) + _AFTER_COUNT
        days = {self.voting_on, self.candidates_determined_on, *self.determined_by_contest.values()}
        days |= {day for stage in self.stages for day in (stage.from_on, stage.last_on, stage.until_on)}
        days |= {each.day for each in self.derived} | {counted_until, last_on + timedelta(days=1)}
        object.__setattr__(self, "counted_until", counted_until)
        object.__setattr__(self, "last_on", last_on)
        object.__setattr__(self, "edges", tuple(sorted(day for day in days if day is not None)))

    @property
    def in_some_regions(self) -> bool:
        """Say whether only some regions of the country elect, and the facts do not name them."""
        return self.regions is not None and not self.region_codes and self.regions.total < _NATIONWIDE

    def concerns(self, region: str) -> bool:
        """Say whether a region elects, lies in one that does or holds one that does, as far as the facts tell.

        Where they name no region, every one may.
        """
        around = (
            code for code in self.region_codes if f"{region}.".startswith(f"{code}.") or code.startswith(f"{region}.")
        )
        return not self.region_codes or any(around)

    def stage(self, id: str) -> Stage:
        """Return a stage. Raises StageUnknown."""
        for stage in self.stages:
            if stage.id == id:
                return stage
        raise StageUnknown(id)

    def stages_on(self, day: date, *, conditional: bool = False) -> tuple[Stage, ...]:
        """Return the stages known to run on a local day, in the order of the file.

        Conditional ones are left out unless asked for: they run only if their condition was met, and once it was, the
        file no longer calls them conditional.
        """
        return tuple(stage for stage in self.stages if stage.runs_on(day) and (conditional or not stage.conditional))

    def determined_on(self, contest: str | None) -> date | None:
        """Return the day on which the candidates of a contest are determined; None: not known yet.

        A general election has a day for each contest. Without a contest it answers only if the days are all the same,
        and None otherwise: there is no one day. Raises ValueError for a contest that this election does not hold.
        """
        if not self.determined_by_contest:
            return self.candidates_determined_on
        if contest is None:
            days = set(self.determined_by_contest.values())
            return days.pop() if len(days) == 1 else None
        if contest not in self.determined_by_contest:
            raise ValueError(f"{self.id} has no contest {contest!r}; it has {', '.join(self.determined_by_contest)}")
        return self.determined_by_contest[contest]


_COUNT_OF_DAYS = re.compile(r" \(\d+ (?:hari|days)\)$")


def check_move(election: Election, stage: str, first: date, last: date) -> None:
    """Raise where a stage cannot be moved to these days: StageUnknown, DatesInWrongOrder, DayTooFar."""
    election.stage(stage)
    if last < first:
        raise DatesInWrongOrder(first, last)
    ends = election.voting_on - _FARTHEST, election.voting_on + _FARTHEST
    for day in (first, last):
        if not ends[0] <= day <= ends[1]:
            raise DayTooFar(day, *ends)


def _follows(stage: Stage, other: Stage) -> bool:
    """Say whether `other` begins once `stage` is over."""
    return stage.until_on is not None and other.from_on is not None and stage.until_on <= other.from_on


def _outlasts(stage: Stage, other: Stage) -> bool:
    """Say whether `other` begins with `stage` or within it, and goes on when that is over."""
    if stage.from_on is None or stage.until_on is None or other.from_on is None or other.until_on is None:
        return False
    return stage.from_on <= other.from_on < stage.until_on < other.until_on


def out_of_order(national: Election, here: Election, stage: str, first: date, last: date) -> Stage | None:
    """Return a stage with which these days would change the order of the calendar; None: it stays.

    `here` is the election as the region holds it now. Only stages count that in the national calendar lie wholly before or
    after the moved one, or begin with it and outlast it (the counting, the voting), are not conditional, and have known days.
    """
    moved = national.stage(stage)
    for other in national.stages:
        now = here.stage(other.id)
        if other.id == stage or other.conditional or now.from_on is None or now.until_on is None:
            continue
        if _follows(moved, other) and last >= now.from_on:
            return now
        if _follows(other, moved) and first < now.until_on:
            return now
        if _outlasts(moved, other) and first > now.from_on:
            return now
    return None


def with_moves(election: Election, moves: Mapping[str, tuple[date, date]]) -> Election:
    """Return the election as a region holds it, with some stages on other days (first and last day, both included).

    One that was moved to the days that it has anyway is not moved.
    The day of voting and the days on which candidates are determined go with their stages. Derived dates stay as they
    are: each was announced or counted for the nation. Raises StageUnknown, DatesInWrongOrder, DayTooFar.
    """
    for id, (first, last) in moves.items():
        check_move(election, id, first, last)
    moves = {id: days for id, days in moves.items() if days != (election.stage(id).from_on, election.stage(id).last_on)}
    if not moves:
        return election
    stages = tuple(_moved(stage, *moves[stage.id]) if stage.id in moves else stage for stage in election.stages)
    switches = [stage for stage in stages if stage.id in moves and stage.phase_switch]
    determined = election.candidates_determined_on
    by_contest = dict(election.determined_by_contest)
    for stage in switches:
        if not by_contest:
            determined = stage.last_on
        for contest in by_contest:
            if stage.switches(contest) and stage.last_on:
                by_contest[contest] = stage.last_on
    return replace(
        election,
        stages=stages,
        voting_on=moves["voting"][0] if "voting" in moves else election.voting_on,
        candidates_determined_on=determined,
        determined_by_contest=by_contest,
    )


def _moved(stage: Stage, first: date, last: date) -> Stage:
    """Put a stage on other days. Its notes and sources spoke for the old ones, and so did a number of days in its name;
    whoever moved it is the one source.
    """
    return replace(
        stage,
        label=Label(*(_COUNT_OF_DAYS.sub("", text) for text in (stage.label.id, stage.label.en))),
        from_on=first,
        until_on=last + timedelta(days=1),
        notes=None,
        sources=(),
        confidence=Confidence.ONE_SOURCE,
        moved=True,
    )


@dataclass(frozen=True, slots=True)
class StageChange:
    """A stage that begins, ends or determines the candidates between two days; `day` is the first on which it is so."""

    day: date
    election: Election
    stage: Stage
    what: str


BEGINS, ENDS, DETERMINES = "begins", "ends", "determines"


def stage_changes(elections: Iterable[Election], first: date, second: date) -> list[StageChange]:
    """Return what changed in calendars after a first day until a second, in the order of days.

    Calendars that were replaced changed nothing, and a stage that was held only if something happened is left out.
    """
    found = []
    for election in elections:
        if election.superseded_by is not None:
            continue
        for stage in election.stages:
            if stage.conditional:
                continue
            days = [(stage.from_on, BEGINS), (stage.until_on, ENDS)]
            if stage.phase_switch:
                days.append((stage.last_on, DETERMINES))
            found += [StageChange(day, election, stage, what) for day, what in days if day and first < day <= second]
    order = (BEGINS, DETERMINES, ENDS)
    return sorted(found, key=lambda each: (each.day, each.election.voting_on, order.index(each.what)))


# --- from a file to an election ----------------------------------------------------------------------------------

# What may not overlap, in this order; the second round has the same order, after all of the first.
_IN_ORDER = {"registration": 0, "determination": 1, "campaign": 2, "quiet-period": 3, "voting": 4}
_SECOND_ROUND = "second-round-"


def parse(document: ElectionDocument, checker: Checker) -> Election:
    """Make an election of a file's values, whose keys and types were checked, and check what they say.

    Raises RulebookFault at the first thing that cannot be.
    """
    checker.id(document["id"], "id")
    checker.word(document["kind"], list(Kind), "kind")
    if not document["basis"]:
        raise checker.fault("no regulation is named as the basis", "basis")
    regions = document["regions"]
    election = Election(
        id=document["id"],
        label=checker.label(document["label"], "label"),
        kind=Kind(document["kind"]),
        voting_on=document["voting_on"],
        basis=checker.texts(document["basis"], "basis"),
        regions=RegionTotals(**regions) if regions else None,
        candidates_determined_on=document["candidates_determined_on"],
        determined_by_contest=document["determination_by_contest"] or {},
        stages=tuple(_stage(stage, checker, "stages", index) for index, stage in enumerate(document["stages"])),
        derived=tuple(
            _derived(derived, checker, "derived", index) for index, derived in enumerate(document["derived"])
        ),
        sources=checker.seen(document["sources"], "sources"),
        confidence=checker.confidence(document["confidence"], "confidence"),
        superseded_by=document.get("superseded_by"),
        region_codes=tuple(document.get("region_codes", [])),
    )
    _check_ids_differ(election, checker)
    _check_regions(election, checker)
    _check_voting(election, checker)
    _check_determination(election, checker)
    _check_order(election, checker)
    return election


def _stage(document: StageDocument, checker: Checker, *place: str | int) -> Stage:
    checker.id(document["id"], *place, "id")
    first, after = document["from"], document["until"]
    if first and after and after <= first:
        raise checker.fault(
            f"until {after} is not after from {first}; it is the first day after the stage", *place, "until"
        )
    contests = document.get("contests", [])
    if contests and not document["phase_switch"]:
        raise checker.fault("contests are named for a stage that switches no phase", *place, "contests")
    return Stage(
        id=document["id"],
        label=checker.label(document["label"], *place, "label"),
        from_on=first,
        until_on=after,
        conditional=document["conditional"],
        phase_switch=document["phase_switch"],
        contests=tuple(contests),
        notes=document["notes"],
        sources=checker.seen(document["sources"], *place, "sources"),
        confidence=checker.confidence(document["confidence"], *place, "confidence"),
    )


def _derived(document: DerivedDocument, checker: Checker, *place: str | int) -> DerivedDate:
    checker.id(document["id"], *place, "id")
    confidence = checker.confidence(document["confidence"], *place, "confidence")
    # A date that we counted ourselves has no source; then it is uncertain, and the note says how it was counted.
    if not document["sources"] and (confidence is not Confidence.UNCERTAIN or not document["notes"]):
        raise checker.fault(
            "a date without a source is uncertain, and its notes say how it was counted", *place, "sources"
        )
    return DerivedDate(
        id=document["id"],
        label=checker.label(document["label"], *place, "label"),
        day=document["day"],
        counted_on=document.get("counted_day"),
        notes=document["notes"],
        sources=checker.addresses(document["sources"], *place, "sources"),
        confidence=confidence,
    )


def _check_ids_differ(election: Election, checker: Checker) -> None:
    """Stages and derived dates share one set of ids: both become entries of one calendar feed."""
    seen: set[str] = set()
    rows = [("stages", index, stage.id) for index, stage in enumerate(election.stages)]
    rows += [("derived", index, derived.id) for index, derived in enumerate(election.derived)]
    for part, index, id in rows:
        if id in seen:
            raise checker.fault(f"the id {id!r} stands here a second time", part, index, "id")
        seen.add(id)


def _check_regions(election: Election, checker: Checker) -> None:
    for index, code in enumerate(election.region_codes):
        if not _REGION_CODE.fullmatch(code):
            raise checker.fault(f"{code!r} is not the code of a province, regency or city", "region_codes", index)
    if (regions := election.regions) is None:
        return
    counts = {"provinces": regions.provinces, "regencies": regions.regencies, "cities": regions.cities}
    for name, count in counts.items():
        if count < 0:
            raise checker.fault(f"{count} {name}", "regions", name)
    if regions.total != sum(counts.values()):
        raise checker.fault(f"the total {regions.total} is not the sum, {sum(counts.values())}", "regions", "total")
    if election.region_codes and len(set(election.region_codes)) != regions.total:
        raise checker.fault(f"{len(set(election.region_codes))} regions are named, not {regions.total}", "region_codes")


def _check_voting(election: Election, checker: Checker) -> None:
    for index, stage in enumerate(election.stages):
        if stage.id == "voting":
            if not stage.runs_on(election.voting_on):
                raise checker.fault(f"voting_on {election.voting_on} is not within this stage", "stages", index, "from")
            return
    raise checker.fault("there is no stage with the id voting", "stages")


def _check_determination(election: Election, checker: Checker) -> None:
    """Every day of determination is the last day of one stage that switches, and every such stage has its day."""
    by_contest, one_day = election.determined_by_contest, election.candidates_determined_on
    if by_contest and one_day:
        raise checker.fault("one day for all, or a day for each contest: not both", "candidates_determined_on")
    for index, stage in enumerate(election.stages):
        for number, contest in enumerate(stage.contests):
            if contest not in by_contest:
                says = f"determination_by_contest has no contest {contest!r}"
                raise checker.fault(says, "stages", index, "contests", number)
    for contest, day in by_contest.items():
        _check_switch(election, contest, day, checker, "determination_by_contest", contest)
    if not by_contest:
        _check_switch(election, None, one_day, checker, "candidates_determined_on")


def _check_switch(
    election: Election, contest: str | None, day: date | None, checker: Checker, *place: str | int
) -> None:
    found = [(index, stage) for index, stage in enumerate(election.stages) if stage.switches(contest)]
    if len(found) > 1:
        says = f"a second stage determines the same candidates as {found[0][1].id}"
        raise checker.fault(says, "stages", found[1][0], "phase_switch")
    if found and found[0][1].last_on != day:
        _, stage = found[0]
        raise checker.fault(
            f"{stage.id} determines the candidates on its last day, {stage.last_on}, not on {day}", *place
        )
    # A calendar that was replaced before that day switched nothing.
    if not found and day and not election.superseded_by:
        raise checker.fault("no stage has phase_switch: true for this day", *place)


def _check_order(election: Election, checker: Checker) -> None:
    ranked = [(rank, index, stage) for index, stage in enumerate(election.stages) if (rank := _rank(stage)) is not None]
    ranked.sort(key=lambda each: each[:2])
    for (rank, _, before), (later_rank, index, after) in combinations(ranked, 2):
        if rank < later_rank and before.until_on and after.from_on and after.from_on < before.until_on:
            says = f"{after.id} begins on {after.from_on}, before {before.id} is over ({before.last_on})"
            raise checker.fault(says, "stages", index, "from")


def _rank(stage: Stage) -> int | None:
    name = "determination" if stage.phase_switch else stage.id.removeprefix(_SECOND_ROUND)
    rank = _IN_ORDER.get(name)
    return rank if rank is None or not stage.id.startswith(_SECOND_ROUND) else rank + len(_IN_ORDER)
