"""An election and its calendar: which stages run on a day, for the nation and where a region moved them.

A stage has its first day and the first day after it; people say the last day, and so do `last_on` and `with_moves`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import NotRequired, Protocol, TypedDict

from ikrar.domain.errors import DatesInWrongOrder, RulebookFault, StageUnknown

# --- the form of a file: keys and types, as a reader of files checks them ----------------------------------------


class LabelDocument(TypedDict):
    id: str
    en: str


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
    candidates_determined_on: date | None
    determination_by_contest: dict[str, date] | None
    sources: list[str]
    confidence: str
    stages: list[StageDocument]
    derived: list[DerivedDocument]


Place = tuple[str | int, ...]
"""The way to a value of a file, such as ("stages", 3, "until")."""
LineOf = Callable[[Place], int]


# --- what an election is -----------------------------------------------------------------------------------------


class Kind(StrEnum):
    """PILKADA: regional election (pemilihan). PEMILU: general election."""

    PILKADA = "pilkada"
    PEMILU = "pemilu"


class Confidence(StrEnum):
    """How well a date is known: two sources agree; one has it; inferred, cut off or disputed."""

    CONFIRMED = "confirmed"
    ONE_SOURCE = "one_source"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages of the screen."""

    id: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English name for `en` and the Indonesian one for every other language."""
        return self.en if language == "en" else self.id


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
    """One election with its calendar. `superseded_by` names the election whose calendar replaced this one."""

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


def with_moves(election: Election, moves: Mapping[str, tuple[date, date]]) -> Election:
    """Return the election as a region holds it, with some stages on other days (first and last day, both included).

    The day of voting and the days on which candidates are determined go with their stages. Derived dates stay as they
    are: each was announced or counted for the nation. Raises StageUnknown, DatesInWrongOrder.
    """
    for id, (first, last) in moves.items():
        election.stage(id)
        if last < first:
            raise DatesInWrongOrder(first, last)
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
    """Put a stage on other days. Its notes and sources spoke for the old ones; whoever moved it is the one source."""
    return replace(
        stage,
        from_on=first,
        until_on=last + timedelta(days=1),
        notes=None,
        sources=(),
        confidence=Confidence.ONE_SOURCE,
        moved=True,
    )


# --- from a file to an election ----------------------------------------------------------------------------------

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 60
# What may not overlap, in this order; the second round has the same order, after all of the first.
_IN_ORDER = {"registration": 0, "determination": 1, "campaign": 2, "quiet-period": 3, "voting": 4}
_SECOND_ROUND = "second-round-"


class _Fault(Protocol):
    """Makes the fault for a place of the file that is being read."""

    def __call__(self, says: str, *place: str | int) -> RulebookFault: ...


def parse(document: ElectionDocument, file: str, line_of: LineOf) -> Election:
    """Make an election of a file's values, whose keys and types were checked, and check what they say.

    `line_of` names the line of a place in the file. Raises RulebookFault at the first thing that cannot be.
    """

    def fault(says: str, *place: str | int) -> RulebookFault:
        return RulebookFault(file, line_of(place), says)

    _check_id(document["id"], fault, "id")
    if document["kind"] not in set(Kind):
        raise fault(f"the kind {document['kind']!r} is not one of {', '.join(Kind)}", "kind")
    if not document["basis"]:
        raise fault("no regulation is named as the basis", "basis")
    regions = document["regions"]
    election = Election(
        id=document["id"],
        label=_label(document["label"], fault, "label"),
        kind=Kind(document["kind"]),
        voting_on=document["voting_on"],
        basis=_texts(document["basis"], fault, "basis"),
        regions=RegionTotals(**regions) if regions else None,
        candidates_determined_on=document["candidates_determined_on"],
        determined_by_contest=document["determination_by_contest"] or {},
        stages=tuple(_stage(stage, fault, "stages", index) for index, stage in enumerate(document["stages"])),
        derived=tuple(_derived(derived, fault, "derived", index) for index, derived in enumerate(document["derived"])),
        sources=_sources(document["sources"], fault, "sources"),
        confidence=_confidence(document["confidence"], fault, "confidence"),
        superseded_by=document.get("superseded_by"),
    )
    _check_ids_differ(election, fault)
    _check_regions(election, fault)
    _check_voting(election, fault)
    _check_determination(election, fault)
    _check_order(election, fault)
    return election


def _stage(document: StageDocument, fault: _Fault, *place: str | int) -> Stage:
    _check_id(document["id"], fault, *place, "id")
    first, after = document["from"], document["until"]
    if first and after and after <= first:
        raise fault(f"until {after} is not after from {first}; it is the first day after the stage", *place, "until")
    contests = document.get("contests", [])
    if contests and not document["phase_switch"]:
        raise fault("contests are named for a stage that switches no phase", *place, "contests")
    return Stage(
        id=document["id"],
        label=_label(document["label"], fault, *place, "label"),
        from_on=first,
        until_on=after,
        conditional=document["conditional"],
        phase_switch=document["phase_switch"],
        contests=tuple(contests),
        notes=document["notes"],
        sources=_sources(document["sources"], fault, *place, "sources"),
        confidence=_confidence(document["confidence"], fault, *place, "confidence"),
    )


def _derived(document: DerivedDocument, fault: _Fault, *place: str | int) -> DerivedDate:
    _check_id(document["id"], fault, *place, "id")
    confidence = _confidence(document["confidence"], fault, *place, "confidence")
    # A date that we counted ourselves has no source; then it is uncertain, and the note says how it was counted.
    if not document["sources"] and (confidence is not Confidence.UNCERTAIN or not document["notes"]):
        raise fault("a date without a source is uncertain, and its notes say how it was counted", *place, "sources")
    return DerivedDate(
        id=document["id"],
        label=_label(document["label"], fault, *place, "label"),
        day=document["day"],
        counted_on=document.get("counted_day"),
        notes=document["notes"],
        sources=_texts(document["sources"], fault, *place, "sources"),
        confidence=confidence,
    )


def _label(document: LabelDocument, fault: _Fault, *place: str | int) -> Label:
    if not document["id"].strip():
        raise fault("the Indonesian label is empty", *place, "id")
    if not document["en"].strip():
        raise fault("the English label is empty", *place, "en")
    return Label(**document)


def _texts(texts: Sequence[str], fault: _Fault, *place: str | int) -> tuple[str, ...]:
    for index, text in enumerate(texts):
        if not text.strip():
            raise fault("an empty line", *place, index)
    return tuple(texts)


def _sources(sources: Sequence[str], fault: _Fault, *place: str | int) -> tuple[str, ...]:
    if not sources:
        raise fault("no source is given", *place)
    return _texts(sources, fault, *place)


def _confidence(word: str, fault: _Fault, *place: str | int) -> Confidence:
    if word not in set(Confidence):
        raise fault(f"the confidence {word!r} is not one of {', '.join(Confidence)}", *place)
    return Confidence(word)


def _check_id(id: str, fault: _Fault, *place: str | int) -> None:
    if not _ID.fullmatch(id):
        raise fault(f"the id {id!r} is not made of small letters and digits, joined by hyphens", *place)
    if len(id) > _LONGEST_ID:
        raise fault(f"the id {id!r} is longer than {_LONGEST_ID} characters", *place)


def _check_ids_differ(election: Election, fault: _Fault) -> None:
    """Stages and derived dates share one set of ids: both become entries of one calendar feed."""
    seen: set[str] = set()
    rows = [("stages", index, stage.id) for index, stage in enumerate(election.stages)]
    rows += [("derived", index, derived.id) for index, derived in enumerate(election.derived)]
    for part, index, id in rows:
        if id in seen:
            raise fault(f"the id {id!r} stands here a second time", part, index, "id")
        seen.add(id)


def _check_regions(election: Election, fault: _Fault) -> None:
    if (regions := election.regions) is None:
        return
    counts = {"provinces": regions.provinces, "regencies": regions.regencies, "cities": regions.cities}
    for name, count in counts.items():
        if count < 0:
            raise fault(f"{count} {name}", "regions", name)
    if regions.total != sum(counts.values()):
        raise fault(f"the total {regions.total} is not the sum, {sum(counts.values())}", "regions", "total")


def _check_voting(election: Election, fault: _Fault) -> None:
    for index, stage in enumerate(election.stages):
        if stage.id == "voting":
            if not stage.runs_on(election.voting_on):
                raise fault(f"voting_on {election.voting_on} is not within this stage", "stages", index, "from")
            return
    raise fault("there is no stage with the id voting", "stages")


def _check_determination(election: Election, fault: _Fault) -> None:
    """Every day of determination is the last day of one stage that switches, and every such stage has its day."""
    by_contest, one_day = election.determined_by_contest, election.candidates_determined_on
    if by_contest and one_day:
        raise fault("one day for all, or a day for each contest: not both", "candidates_determined_on")
    for index, stage in enumerate(election.stages):
        for number, contest in enumerate(stage.contests):
            if contest not in by_contest:
                says = f"determination_by_contest has no contest {contest!r}"
                raise fault(says, "stages", index, "contests", number)
    for contest, day in by_contest.items():
        _check_switch(election, contest, day, fault, "determination_by_contest", contest)
    if not by_contest:
        _check_switch(election, None, one_day, fault, "candidates_determined_on")


def _check_switch(election: Election, contest: str | None, day: date | None, fault: _Fault, *place: str | int) -> None:
    found = [(index, stage) for index, stage in enumerate(election.stages) if stage.switches(contest)]
    if len(found) > 1:
        says = f"a second stage determines the same candidates as {found[0][1].id}"
        raise fault(says, "stages", found[1][0], "phase_switch")
    if found and found[0][1].last_on != day:
        _, stage = found[0]
        raise fault(f"{stage.id} determines the candidates on its last day, {stage.last_on}, not on {day}", *place)
    # A calendar that was replaced before that day switched nothing.
    if not found and day and not election.superseded_by:
        raise fault("no stage has phase_switch: true for this day", *place)


def _check_order(election: Election, fault: _Fault) -> None:
    ranked = [(rank, index, stage) for index, stage in enumerate(election.stages) if (rank := _rank(stage)) is not None]
    ranked.sort(key=lambda each: each[:2])
    for (rank, _, before), (later_rank, index, after) in combinations(ranked, 2):
        if rank < later_rank and before.until_on and after.from_on and after.from_on < before.until_on:
            says = f"{after.id} begins on {after.from_on}, before {before.id} is over ({before.last_on})"
            raise fault(says, "stages", index, "from")


def _rank(stage: Stage) -> int | None:
    name = "determination" if stage.phase_switch else stage.id.removeprefix(_SECOND_ROUND)
    rank = _IN_ORDER.get(name)
    return rank if rank is None or not stage.id.startswith(_SECOND_ROUND) else rank + len(_IN_ORDER)
