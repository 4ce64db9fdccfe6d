"""Time limits (terms): from when one is counted, how, until which day, and every day of the count with its reason.

Working days, calendar days, hours, months and years, after an event or before it. Where the rule leaves open how to
count, a term has several ways of counting and a computation gives the day by each of them.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NotRequired, TypedDict

from ikrar.domain.days import Holidays, Leave, LocalDay, Skip
from ikrar.domain.elections import Election, Kind
from ikrar.domain.errors import (
    DatesInWrongOrder,
    HolidaysUnknown,
    ReasonMissing,
    TermNotInForce,
    TermPaused,
    TermRegimeWrong,
    TermStartWrong,
    ValueUnknown,
)
from ikrar.domain.intake import IntakeHours, IntakeHoursDocument, LastIntake, StagesOn, last_intake, no_stages
from ikrar.domain.sources import (
    Checker,
    Citation,
    Cited,
    CitedDocument,
    Confidence,
    InForce,
    InForceDocument,
    Known,
    Label,
    LabelDocument,
)

# --- the form of a file ------------------------------------------------------------------------------------------


class LengthDocument(TypedDict):
    length: int
    count: str


class AlternativeDocument(TypedDict):
    length: int
    count: str
    count_certain: bool
    notes: LabelDocument | None
    seen: list[str]


class ExampleDocument(TypedDict):
    start: date
    reached: date
    origin: LabelDocument
    notes: LabelDocument | None
    seen: list[str]
    confidence: str


class TermDocument(CitedDocument):
    term: str
    label: LabelDocument
    length: int
    count: str
    count_certain: bool
    collective_leave: NotRequired[str]
    direction: str
    meaning: str
    also_read_as: NotRequired[str]
    also_read_by: NotRequired[LabelDocument]
    starts: list[str]
    start_on: NotRequired[date]
    counted_from: LabelDocument
    responsible: LabelDocument
    regime: str
    in_force: InForceDocument
    extends: NotRequired[str]
    at_most: NotRequired[LengthDocument]
    official_on: NotRequired[date]
    counted_on: NotRequired[date]
    due_on: NotRequired[date]
    disputed: NotRequired[bool]
    alternatives: NotRequired[list[AlternativeDocument]]
    examples: NotRequired[list[ExampleDocument]]
    intake: NotRequired[str]


class TermsDocument(TypedDict):
    terms: list[TermDocument]
    intake_hours: NotRequired[list[IntakeHoursDocument]]


# --- what a term is ----------------------------------------------------------------------------------------------


class Count(StrEnum):
    """What is counted. A day of a kind that the rule does not name ("hari") has count_certain false."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    HOURS = "hours"
    MONTHS = "months"
    YEARS = "years"


_DAYS = (Count.WORKING_DAYS, Count.CALENDAR_DAYS)


class Direction(StrEnum):
    """Whether the limit lies after the event it is counted from, or before it."""

    AFTER = "after"
    BEFORE = "before"


class Meaning(StrEnum):
    """What the day reached is, and so which of several readings is the safe one for the person who must act.

    LATEST: the act may be done on it at the latest. The earlier reading is safe: what was done by then is in time by
    every reading.
    BEGINS: a ban holds from it on. The earlier reading is safe: whoever keeps to it breaks the ban by no reading.
    EFFECTIVE: a decision takes effect on it. The later reading is safe for whoever records and carries out the
    decision: nothing is carried out that does not hold yet by some reading. Whoever wants to object has a term of his
    own, in which the earlier reading comes first.
    EARLIEST: the act may not be done before it. The later reading is safe.
    """

    LATEST = "latest"
    BEGINS = "begins"
    EFFECTIVE = "effective"
    EARLIEST = "earliest"

    @property
    def earlier_is_safe(self) -> bool:
        """Say whether of two readings the one with the earlier day is safe for whoever must act."""
        return self in (Meaning.LATEST, Meaning.BEGINS)


class StartEvent(StrEnum):
    """The events from which the law counts. They are different days of one case and are kept apart."""

    ACT = "act"
    KNOWLEDGE = "knowledge"
    DISCOVERY = "discovery"
    FILING = "filing"
    DEFECT_NOTICE = "defect_notice"
    RECEIPT = "receipt"
    REGISTRATION = "registration"
    EARLIER_LIMIT = "earlier_limit"
    REFERRAL = "referral"
    RECOMMENDATION = "recommendation"
    REPRIMAND = "reprimand"
    SUMMONS = "summons"
    MISSED_EXAMINATION = "missed_examination"
    DECISION = "decision"
    SERVICE = "service"
    MISSED_SERVICE = "missed_service"
    APPEAL_COPY = "appeal_copy"
    DETERMINATION = "determination"
    REGISTRATION_OPENING = "registration_opening"
    CAMPAIGN_DAY = "campaign_day"
    DATA_BREACH = "data_breach"
    WITHDRAWAL = "withdrawal"
    ENACTMENT = "enactment"
    RULING = "ruling"
    INAUGURATION = "inauguration"


class Basis(StrEnum):
    """Where a way of counting comes from.

    STATED: the rule's own length and kind of day. OTHER_DAYS: its length in the other kind of day, where the rule does
    not name the kind. ALTERNATIVE: another length that somebody holds. AT_MOST: the outer limit of the same rule.
    OFFICIAL: the date that was announced, whatever counting gives. READ_AS: the same count, taken for a day of another
    meaning. EXAMPLE: the day that an official worked example gives for this very start, whatever counting gives.
    """

    STATED = "stated"
    OTHER_DAYS = "other_days"
    ALTERNATIVE = "alternative"
    AT_MOST = "at_most"
    OFFICIAL = "official"
    READ_AS = "read_as"
    EXAMPLE = "example"

    @property
    def may_be_shown_first(self) -> bool:
        """Say whether it is the rule itself: what others hold and outer limits are told, never taken for the answer."""
        return self in (Basis.STATED, Basis.OTHER_DAYS, Basis.OFFICIAL)

    @property
    def is_extended(self) -> bool:
        """Say whether an extension makes it longer; the outer limit of a rule stays."""
        return self is not Basis.AT_MOST


@dataclass(frozen=True, slots=True)
class Way:
    """One way of counting a term. `leave` is None where collective leave does not matter."""

    length: int
    count: Count
    leave: Leave | None = None
    basis: Basis = Basis.STATED

    @property
    def code(self) -> str:
        """Name the way.

        >>> Way(14, Count.WORKING_DAYS, Leave.WORKED).code
        '14_working_days_leave_worked'
        """
        leave = f"_leave_{self.leave}" if self.leave else ""
        return f"{self.length}_{self.count}{leave}"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another length that somebody holds, and where it was seen; nowhere, for a mere supposition."""

    length: int
    count: Count
    count_certain: bool
    notes: Label | None = None
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Known):
    """A count that an authority worked out itself: from which day it reached which, and who says so (`origin`)."""

    start: date
    reached: date
    origin: Label


@dataclass(frozen=True, slots=True)
class Term(Cited):
    """One time limit of the law.

    `count_certain` False: the rule says "days" and not which. `leave`: whether collective leave is a working day; None:
    open. `also_read_as`: what somebody else (`also_read_by`) takes the day reached to be. `starts`: more than one where
    the rule names several events, the first of which to happen is then the safe one. `start_on`: the one day from which
    it was ever counted. `regime`: pilkada, pemilu, the id of an election, or any. `in_force`: the days on which it is
    known to have held, which are those of what it is cited from. `extends`: the term that this one prolongs. `at_most`:
    the outer limit, where the length is a lower one. `official_on` was announced where counting gives `counted_on`; it
    prevails. `due_on`: our own count from `start_on`. `disputed`: never the sole ground for a finding. `intake`: the hours
    (an id) in which what must be done by it is taken in. `ways`: every way of counting it, the rule's own first.
    """

    id: str
    label: Label
    length: int
    count: Count
    count_certain: bool
    direction: Direction
    meaning: Meaning
    starts: tuple[StartEvent, ...]
    counted_from: Label
    responsible: Label
    regime: str
    in_force: InForce
    leave: Leave | None = None
    also_read_as: Meaning | None = None
    also_read_by: Label | None = None
    start_on: date | None = None
    extends: str | None = None
    at_most: Way | None = None
    official_on: date | None = None
    counted_on: date | None = None
    due_on: date | None = None
    disputed: bool = False
    alternatives: tuple[Alternative, ...] = ()
    examples: tuple[Example, ...] = ()
    intake: str | None = None
    ways: tuple[Way, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ways = [*self._ways_of(self.length, self.count, self.count_certain, Basis.STATED)]
        for each in self.alternatives:
            ways += self._ways_of(each.length, each.count, each.count_certain, Basis.ALTERNATIVE)
        if self.at_most:
            ways.append(self.at_most)
        # What two lengths have in common is one way of counting: the first that names it keeps it.
        differing: dict[tuple[int, Count, Leave | None], Way] = {}
        for way in ways:
            differing.setdefault((way.length, way.count, way.leave), way)
        object.__setattr__(self, "ways", tuple(differing.values()))

    def _ways_of(self, length: int, count: Count, certain: bool, basis: Basis) -> Iterator[Way]:
        yield from self._with_leave(Way(length, count, None, basis))
        if not certain:
            other = Count.CALENDAR_DAYS if count is Count.WORKING_DAYS else Count.WORKING_DAYS
            other_basis = Basis.OTHER_DAYS if basis is Basis.STATED else basis
            yield from self._with_leave(Way(length, other, None, other_basis))

    def _with_leave(self, way: Way) -> Iterator[Way]:
        if way.count is not Count.WORKING_DAYS:
            yield way
            return
        for leave in Leave.WORKED, Leave.FREE:
            if self.leave in (None, leave):
                yield Way(way.length, way.count, leave, way.basis)

    @property
    def counts(self) -> frozenset[Count]:
        """Return every kind of day or span by which it may be counted."""
        return frozenset(way.count for way in self.ways)

    @property
    def in_hours(self) -> bool:
        """Say whether it is counted by the clock, from a local time rather than a day."""
        return self.count is Count.HOURS

    @property
    def sign(self) -> int:
        """Return 1 for a limit after its event, -1 for one before it."""
        return 1 if self.direction is Direction.AFTER else -1

    def origin_of(self, way: Way) -> tuple[Label | None, tuple[str, ...]]:
        """Return what is said of who counts it in a way that is not the rule's own, and where that was read."""
        if way.basis is Basis.ALTERNATIVE:
            for each in self.alternatives:
                if each.length == way.length and (each.count is way.count or not each.count_certain):
                    return each.notes, each.seen
        return (self.also_read_by, ()) if way.basis is Basis.READ_AS else (None, ())

    def fits(self, regime: Election | str | None) -> bool:
        """Say whether the term belongs to an election; a term for any election fits all, and no regime asks nothing.

        An election is given itself or by its id, whose first word is then taken for its kind. Raises ValueUnknown for
        an id of no kind.
        """
        if regime is None or regime == "any" or self.regime == "any":
            return True
        if isinstance(regime, Election):
            return self.regime in (regime.id, regime.kind)
        kind = regime.partition("-")[0]
        if kind not in list(Kind):
            raise ValueUnknown("regime", regime, ("any", *Kind))
        return self.regime in (regime, kind)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count: from a day until another, which counts again; None: the pause goes on.

    Raises DatesInWrongOrder, and ReasonMissing where nobody says why.
    """

    from_on: date
    until_on: date | None
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ReasonMissing("reason")
        if self.until_on is not None and self.until_on <= self.from_on:
            raise DatesInWrongOrder(self.from_on, self.until_on)


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer limit: so much more of what the term counts. Raises ReasonMissing where nobody says why."""

    length: int
    reason: str
    cites: tuple[Citation, ...] = ()

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ReasonMissing("reason")
        if self.length < 1:
            raise ValueUnknown("length", str(self.length), ("1 …",))


# --- a computed day, and why it is that day ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was not counted, and why; `label` names the holiday, on a weekend or in a pause too."""

    day: date
    why: Skip
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class TermReading:
    """The day by one way of counting, and what that day is taken to be (`meaning`).

    `last_day` None: it depends on the holidays of `unknown_year`. `counted` and `skipped` hold every day between the
    start and the day reached, in the order of counting. Of months, years and spans of 24 hours, `counted` holds the day
    (or the local time) on which each of them is full. `origin` and `seen`: who reads it so, and where that was read.
    """

    way: Way
    last_day: date | None
    meaning: Meaning
    counted: tuple[date, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unknown_year: int | None = None
    origin: Label | None = None
    seen: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Name the reading: how it is counted, or whose date it is."""
        basis = self.way.basis
        if basis is Basis.READ_AS:
            return f"{self.way.code}_as_{self.meaning}"
        return {Basis.OFFICIAL: "official_date", Basis.EXAMPLE: "official_example"}.get(basis, self.way.code)


@dataclass(frozen=True, slots=True)
class Computation:
    """When a term ends, and how that was found. `readings` holds the one shown (last_day, counted, skipped) first.

    `last_day` is a local time for terms in hours. Of a term counted backward it is the day reached. `holidays_on`: the
    day whose list of holidays was used; None: the list after all changes. `intake`: until when a desk takes in what must
    be done by then. `elsewhere`: days of the count that are free in some other region alone.
    """

    term: str
    start: date
    last_day: date
    meaning: Meaning
    counted: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    readings: tuple[TermReading, ...]
    cites: tuple[Citation, ...]
    confidence: Confidence
    also_read_as: Meaning | None = None
    disputed: bool = False
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    holidays_on: date | None = None
    intake: LastIntake | None = None
    elsewhere: tuple[LocalDay, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether readings differ, or one of them is not known: the day shown is the safe one, not the only one."""
        return len({reading.last_day for reading in self.readings}) > 1

    @property
    def is_taken_in_earlier(self) -> bool:
        """Say whether the desk closes before the limit is reached, for the last time or for all of it."""
        if self.intake is None:
            return False
        last = self.last_day
        end = last if isinstance(last, datetime) else datetime.combine(last + timedelta(days=1), time.min)
        return self.intake.at is None or self.intake.at < end

    @property
    def safe_day(self) -> date | None:
        """Return the day that is safe by every reading, also by those that others hold; None: one of them is not known.

        Whoever acts by it is in time whoever turns out to be right. The outer limit of a rule is no reading of its length.
        """
        days = [each.last_day for each in self.readings if each.way.basis is not Basis.AT_MOST]
        known = [day for day in days if day is not None]
        if len(known) < len(days):
            return None
        return min(known) if self.meaning.earlier_is_safe else max(known)


def due(
    term: Term,
    start: date,
    holidays: Holidays,
    *,
    regime: Election | str | None = None,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
    intake: IntakeHours | None = None,
    stages_on: StagesOn = no_stages,
) -> Computation:
    """Count a term from the day of its event, or back from it, and explain every day.

    The day of the event is not counted: seven working days from a Monday without holidays end on the Wednesday of the
    next week, and a limit of 15 working days "since receipt" is reached on the 15th working day after the day of
    receipt. Working days are Monday to Friday without public holidays; whether collective leave is one is open, and
    both readings are given where they differ. A calendar day that falls on a holiday stays where it is. Months and
    years lead to the same day number, or to the last day of a month that has no such day: a month after 31 January is
    the last of February, a year after 29 February is 28 February. Hours run day and night from a local time, which has
    no zone here: the place of the act has one, and its clocks are never moved.

    A pause leaves out its days; of months and years it adds so many days, of hours so many times 24. An extension adds
    to the length before counting.

    `last_day` is the reading that is safe for the person who must act (see Meaning), or the official date where one was
    announced for this very count. What somebody else holds stands among the readings and is never shown first: another
    length, another meaning of the day, what an official example gives for this very start.

    `intake`: the hours of the desk that takes in what must be done (the term names them); `stages_on` tells which stages
    of an election run on a day, for hours that hold throughout one.

    `start`: a date, or for hours a datetime without a zone. Raises TermStartWrong, TermRegimeWrong, TermNotInForce (on
    the day of the start), ValueUnknown for a regime of no kind, TermPaused, and HolidaysUnknown where the day shown
    depends on the holidays of a year that is not covered; another reading that does is given with that year.
    """
    _check_start(term, start)
    if not term.fits(regime):
        raise TermRegimeWrong(term.id, term.regime, regime.id if isinstance(regime, Election) else str(regime))
    if not term.in_force.holds(_day(start)):
        raise TermNotInForce(term.id, _day(start), _held(term.in_force))
    pauses, extensions = tuple(pauses), tuple(extensions)
    clock, ends = _run(term, start, holidays, pauses, extensions)
    readings = clock.readings(ends)
    shown = readings[0]
    assert shown.last_day is not None
    counted_days = {each.last_day for each in readings if each.way.basis is not Basis.EXAMPLE}
    in_doubt = term.also_read_as is not None or any(each.last_day not in counted_days for each in readings)
    return Computation(
        term=term.id,
        start=start,
        last_day=shown.last_day,
        meaning=term.meaning,
        counted=shown.counted,
        skipped=shown.skipped,
        readings=readings,
        cites=(*term.cites, *(cite for each in extensions for cite in each.cites)),
        confidence=term.confidence,
        also_read_as=term.also_read_as,
        disputed=term.disputed or in_doubt,
        pauses=pauses,
        extensions=extensions,
        holidays_on=holidays.decided_by if holidays.known_by is None else holidays.known_by,
        intake=last_intake(intake, start, shown.last_day, stages_on, holidays) if intake else None,
        elsewhere=holidays.local_days(_day(start), _day(shown.last_day)) if Count.WORKING_DAYS in term.counts else (),
    )


def last_day(
    term: Term, start: date, holidays: Holidays, *, pauses: Iterable[Pause] = (), extensions: Iterable[Extension] = ()
) -> date:
    """Return the day that `due` shows and nothing else, for a clock that runs already.

    Raises TermStartWrong, TermPaused, HolidaysUnknown.
    """
    clock, ends = _run(term, start, holidays, pauses, extensions)
    if clock.is_official(ends) and term.official_on:
        return term.official_on
    shown = ends[clock.shown(ends)]
    assert isinstance(shown, date)
    return shown


def last_days(
    term: Term, start: date, holidays: Holidays, *, pauses: Iterable[Pause] = (), extensions: Iterable[Extension] = ()
) -> tuple[date | None, ...]:
    """Return the day by each of the term's ways of counting, in their order; None: it depends on a year not covered.

    Raises TermStartWrong, TermPaused.
    """
    _, ends = _run(term, start, holidays, pauses, extensions)
    return tuple(end if isinstance(end, date) else None for end in ends)


def _run(
    term: Term, start: date, holidays: Holidays, pauses: Iterable[Pause], extensions: Iterable[Extension]
) -> "tuple[_Clock, list[date | HolidaysUnknown]]":
    _check_start(term, start)
    clock = _Clock(term, start, holidays, _joined(pauses), sum(each.length for each in extensions))
    try:
        return clock, clock.ends()
    except (OverflowError, ValueError):
        raise TermStartWrong(term.id, "nearer_day") from None


def _check_start(term: Term, start: date) -> None:
    has_time = isinstance(start, datetime)
    if has_time != term.in_hours or (isinstance(start, datetime) and start.tzinfo is not None):
        raise TermStartWrong(term.id, "local_time" if term.in_hours else "day")


def _held(in_force: InForce) -> str:
    return f"{in_force.from_on or '..'}/{in_force.last_on or '..'}"


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _months_later(start: date, months: int) -> date:
    """Return the same day of another month, or the last day of a month that has no such day.

    >>> _months_later(date(2024, 8, 31), -6), _months_later(date(2024, 2, 29), 12)
    (datetime.date(2024, 2, 29), datetime.date(2025, 2, 28))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("outside the calendar")
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


_Pauses = tuple[tuple[date, date | None], ...]


def _joined(pauses: Iterable[Pause]) -> _Pauses:
    """Return the paused days as spans in their order that do not touch."""
    found: list[tuple[date, date | None]] = []
    for each in sorted(pauses, key=lambda each: each.from_on):
        if found and (found[-1][1] is None or each.from_on <= found[-1][1]):
            first, until = found[-1]
            if until is not None and (each.until_on is None or each.until_on > until):
                found[-1] = (first, each.until_on)
        else:
            found.append((each.from_on, each.until_on))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Clock:
    """One term that runs from one start."""

    term: Term
    start: date
    holidays: Holidays
    pauses: _Pauses
    longer: int

    def ends(self) -> list[date | HolidaysUnknown]:
        """Return the day by each way of the term, or why it is not known."""
        found: list[date | HolidaysUnknown] = []
        for way in self.term.ways:
            try:
                found.append(self._end(way, self._length(way)))
            except HolidaysUnknown as unknown:
                found.append(unknown)
        return found

    def shown(self, ends: Sequence[date | HolidaysUnknown]) -> int:
        """Return the index of the way whose day is shown. Raises HolidaysUnknown where that cannot be told.

        A day that is not known lies further from the start than every known one of the same length. So it leaves the
        shown one as it is where the nearer of them is the safe one.
        """
        main = [index for index, way in enumerate(self.term.ways) if way.basis.may_be_shown_first]
        known = [(end, index) for index in main if isinstance(end := ends[index], date)]
        earlier = self.term.meaning.earlier_is_safe
        for index in main:
            if isinstance(end := ends[index], HolidaysUnknown) and (
                not known or earlier is not (self.term.direction is Direction.AFTER)
            ):
                raise end
        return min(known)[1] if earlier else max(known, key=lambda each: (each[0], -each[1]))[1]

    def is_official(self, ends: Sequence[date | HolidaysUnknown]) -> bool:
        """Say whether this is the very count for which another date was announced."""
        plain = not self.pauses and not self.longer
        return plain and self.term.official_on is not None and ends[0] == self.term.counted_on

    def readings(self, ends: Sequence[date | HolidaysUnknown]) -> tuple[TermReading, ...]:
        """Return the reading by each way of the term, the shown one first, and as one what is the same by both."""
        ways = self.term.ways
        if self.is_official(ends):
            found = [self._reading(way, end) for way, end in zip(ways, ends, strict=True)]
            official = replace(ways[0], leave=None, basis=Basis.OFFICIAL)
            counted = found[0]
            return (replace(counted, way=official, last_day=self.term.official_on), *found)
        shown = self.shown(ends)
        first, others = None, []
        index = 0
        while index < len(ways):
            way, end, here = ways[index], ends[index], index
            index += 1
            if index < len(ways) and self._is_same(way, end, ways[index], ends[index]):
                way = replace(way, leave=None)
                index += 1
            reading = self._reading(way, end)
            if here <= shown < index:
                first = reading
            else:
                others.append(reading)
        assert first is not None
        return (first, *others, *self._read_otherwise(ends), *self._examples())

    def _read_otherwise(self, ends: Sequence[date | HolidaysUnknown]) -> Iterator[TermReading]:
        """Yield the day that is safe for whoever takes it to be something else (`also_read_as`)."""
        if (meaning := self.term.also_read_as) is None:
            return
        found = [
            self._reading(replace(way, basis=Basis.READ_AS), end, meaning)
            for way, end in zip(self.term.ways, ends, strict=True)
            if way.basis.may_be_shown_first
        ]
        days = [each.last_day for each in found if each.last_day is not None]
        if len(days) < len(found):
            yield next(each for each in found if each.last_day is None)
            return
        safe = found[days.index(min(days) if meaning.earlier_is_safe else max(days))]
        yield replace(safe, way=replace(safe.way, leave=None)) if len(set(days)) == 1 else safe

    def _examples(self) -> Iterator[TermReading]:
        """Yield what official examples give for this very start."""
        for each in self.term.examples if not self.pauses and not self.longer else ():
            if each.start == self.start:
                way = replace(self.term.ways[0], leave=None, basis=Basis.EXAMPLE)
                yield TermReading(way, each.reached, self.term.meaning, origin=each.origin, seen=each.seen)

    def _is_same(self, way: Way, end: date | HolidaysUnknown, next_way: Way, next_end: date | HolidaysUnknown) -> bool:
        """Say whether two ways differ in collective leave alone, and that makes no difference here."""
        if way.leave is next_way.leave or replace(way, leave=None) != replace(next_way, leave=None):
            return False
        return end == next_end or not (isinstance(end, date) or isinstance(next_end, date))

    def _reading(self, way: Way, end: date | HolidaysUnknown, meaning: Meaning | None = None) -> TermReading:
        meaning = meaning or self.term.meaning
        origin, seen = self.term.origin_of(way)
        if isinstance(end, HolidaysUnknown):
            return TermReading(way, None, meaning, unknown_year=end.year, origin=origin, seen=seen)
        return TermReading(way, end, meaning, *self._explained(way, end), origin=origin, seen=seen)

    def _length(self, way: Way) -> int:
        return way.length + (self.longer if way.basis.is_extended else 0)

    def _end(self, way: Way, length: int) -> date:
        """Return the day on which so much is full."""
        sign = self.term.sign
        if way.count is Count.HOURS:
            return self._after_hours(timedelta(hours=sign * length))
        if way.count in (Count.MONTHS, Count.YEARS):
            end = _months_later(self.start, sign * length * (12 if way.count is Count.YEARS else 1))
            lost = sum(self._is_paused(day) for day in self._days_to(end)) if self.pauses else 0
            return self._step(end, Count.CALENDAR_DAYS, None, lost)
        if self.pauses:
            return self._step(self.start, way.count, way.leave, length)
        if way.count is Count.CALENDAR_DAYS:
            return self.start + timedelta(days=sign * length)
        return self.holidays.nth_working_day(self.start, sign * length, way.leave or Leave.FREE)

    def _step(self, day: date, count: Count, leave: Leave | None, length: int) -> date:
        """Go from a day so many days on that count and are not paused."""
        while length:
            day += timedelta(days=self.term.sign)
            if not self._is_paused(day) and (
                count is Count.CALENDAR_DAYS or self.holidays.is_working_day(day, leave or Leave.FREE)
            ):
                length -= 1
        return day

    def _after_hours(self, length: timedelta) -> datetime:
        assert isinstance(self.start, datetime)
        end = self.start + length
        forward = self.term.sign > 0
        for first, until in self.pauses if forward else reversed(self.pauses):
            from_at = datetime.combine(first, time.min)
            until_at = datetime.combine(until, time.min) if until else None
            if forward and from_at < end and (until_at is None or until_at > self.start):
                if until_at is None:
                    raise TermPaused(self.term.id, first)
                end += until_at - max(from_at, self.start)
            elif not forward and from_at < self.start and (until_at is None or until_at > end):
                end -= min(until_at or self.start, self.start) - from_at
        return end

    def _is_paused(self, day: date) -> bool:
        """Say whether a day does not count. Raises TermPaused where a pause that goes on is reached."""
        for first, until in self.pauses:
            if first <= day and (until is None or day < until):
                if until is None and self.term.sign > 0:
                    raise TermPaused(self.term.id, first)
                return True
        return False

    def _days_to(self, end: date) -> Iterator[date]:
        """Go through the days from the one next to the start to the end, in the order of counting.

        Of hours these are all days that they touch: that of the start too, and not the one that begins at their end.
        """
        day, last = _day(self.start), _day(end)
        if isinstance(self.start, datetime) and isinstance(end, datetime):
            latest = (max(self.start, end) - datetime.resolution).date()
            day, last = (day, latest) if self.term.sign > 0 else (latest, last)
            yield day
        while day != last:
            day += timedelta(days=self.term.sign)
            yield day

    def _explained(self, way: Way, end: date) -> tuple[tuple[date, ...], tuple[Skipped, ...]]:
        counted: list[date] = []
        skipped: list[Skipped] = []
        for day in self._days_to(end) if self.pauses or way.count in _DAYS else ():
            if self.pauses and self._is_paused(day):
                why: Skip | None = Skip.PAUSED
            elif way.count is Count.WORKING_DAYS:
                why = self.holidays.why_skipped(day, way.leave or Leave.FREE)
            else:
                why = None
            if why is None:
                counted.append(day)
            else:
                free = self.holidays.free_day(day) if day.year in self.holidays.years else None
                skipped.append(Skipped(day, why, free.label if free else None))
        if way.count not in _DAYS:
            length = self._length(way)
            span = 24 if way.count is Count.HOURS else 1
            counted = [self._end(way, each) for each in (*range(span, length, span), length)]
        return tuple(counted), tuple(skipped)


# --- what changed ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TermChange:
    """How a computation differs from an earlier one of the same term; pairs hold the earlier and the later value.

    `no_longer_counted` and `counted_now` are days that both counts passed. `readings` holds those that moved, by code.
    """

    term: str
    start: tuple[date, date]
    last_day: tuple[date, date]
    no_longer_counted: tuple[Skipped, ...]
    counted_now: tuple[Skipped, ...]
    readings: tuple[tuple[str, date | None, date | None], ...]


def changed(before: Computation, after: Computation) -> TermChange | None:
    """Tell what changed between two computations of a term; None: no day by any reading.

    A start that moved and reaches the same days by every reading is a change too. Raises ValueError for two terms.
    """
    if before.term != after.term:
        raise ValueError(f"{before.term} and {after.term} are two terms")
    earlier, later = _by_way(before), _by_way(after)
    moved = []
    dropped: dict[date, Skipped] = {}
    gained: dict[date, Skipped] = {}
    for code in [*later, *(code for code in earlier if code not in later)]:
        old, new = earlier.get(code), later.get(code)
        old_day, new_day = old.last_day if old else None, new.last_day if new else None
        if old_day != new_day:
            moved.append((code, old_day, new_day))
        if old and new:
            was_counted, is_counted = set(old.counted), set(new.counted)
            dropped |= {each.day: each for each in new.skipped if each.day in was_counted}
            gained |= {each.day: each for each in old.skipped if each.day in is_counted}
    if not moved and before.start == after.start and before.last_day == after.last_day:
        return None
    return TermChange(
        term=after.term,
        start=(before.start, after.start),
        last_day=(before.last_day, after.last_day),
        no_longer_counted=tuple(dropped[day] for day in sorted(dropped)),
        counted_now=tuple(gained[day] for day in sorted(gained)),
        readings=tuple(moved),
    )


def _by_way(computation: Computation) -> dict[str, TermReading]:
    """Return the readings by code; what was the same with and without collective leave stands under both."""
    found: dict[str, TermReading] = {}
    for reading in computation.readings:
        way = reading.way
        if way.count is Count.WORKING_DAYS and way.leave is None and way.basis not in (Basis.OFFICIAL, Basis.EXAMPLE):
            found |= {replace(reading, way=replace(way, leave=leave)).code: reading for leave in Leave}
        else:
            found[reading.code] = reading
    return found


# --- from files --------------------------------------------------------------------------------------------------

_LONGEST = 1000


def parse_terms(document: TermsDocument, checker: Checker, elections: Collection[str] = ()) -> list[Term]:
    """Make the terms of one file and check what they say. Raises RulebookFault.

    `elections` are the ids for which a term may be alone.
    """
    ids = [each["term"] for each in document["terms"]]
    hours = [each["intake_hours"] for each in document.get("intake_hours", [])]
    checker.differing(ids, "terms", "term")
    for index, each in enumerate(document["terms"]):
        if "extends" in each and (each["extends"] not in ids or each["extends"] == each["term"]):
            raise checker.fault(f"there is no other term {each['extends']!r} in this file", "terms", index, "extends")
        if "intake" in each and each["intake"] not in hours:
            raise checker.fault(f"there are no intake hours {each['intake']!r} in this file", "terms", index, "intake")
    return [_term(each, checker, elections, "terms", index) for index, each in enumerate(document["terms"])]


def _term(document: TermDocument, checker: Checker, elections: Collection[str], *place: str | int) -> Term:
    id = checker.id(document["term"], *place, "term")
    count = _count(document["length"], document["count"], checker, *place)
    alternatives = tuple(
        _alternative(each, checker, *place, "alternatives", index)
        for index, each in enumerate(document.get("alternatives", []))
    )
    _check_certain(count, document["count_certain"], checker, *place)
    if document.get("disputed") and not alternatives:
        raise checker.fault("what is disputed has its alternatives", *place, "disputed")
    if not document["starts"]:
        raise checker.fault("no event is named from which it counts", *place, "starts")
    for key, other in (("official_on", "counted_on"), ("counted_on", "official_on")):
        if key in document and other not in document:
            raise checker.fault(
                f"an official date and the one that counting gives belong together: {other}", *place, key
            )
    leave = checker.word(document.get("collective_leave", "open"), ("open", *Leave), *place, "collective_leave")
    at_most = document.get("at_most")
    cited = checker.cited(document, *place)
    in_force = checker.in_force(document["in_force"], *place, "in_force")
    term = Term(
        id=id,
        label=checker.label(document["label"], *place, "label"),
        length=document["length"],
        count=count,
        count_certain=document["count_certain"],
        direction=Direction(checker.word(document["direction"], list(Direction), *place, "direction")),
        meaning=Meaning(checker.word(document["meaning"], list(Meaning), *place, "meaning")),
        starts=tuple(
            StartEvent(checker.word(each, list(StartEvent), *place, "starts", index))
            for index, each in enumerate(document["starts"])
        ),
        counted_from=checker.label(document["counted_from"], *place, "counted_from"),
        responsible=checker.label(document["responsible"], *place, "responsible"),
        regime=checker.word(document["regime"], ("any", *Kind, *elections), *place, "regime"),
        in_force=checker.dated(in_force, cited["cites"], *place, "in_force"),
        **cited,
        leave=None if leave == "open" else Leave(leave),
        also_read_as=_other_meaning(document, checker, *place),
        also_read_by=checker.optional_label(document.get("also_read_by"), *place, "also_read_by"),
        start_on=document.get("start_on"),
        extends=document.get("extends"),
        at_most=at_most and _at_most(at_most, checker, *place, "at_most"),
        official_on=document.get("official_on"),
        counted_on=document.get("counted_on"),
        due_on=document.get("due_on"),
        disputed=document.get("disputed", False),
        alternatives=alternatives,
        examples=tuple(
            _example(each, checker, *place, "examples", index)
            for index, each in enumerate(document.get("examples", []))
        ),
        intake=document.get("intake"),
    )
    _check_dates(term, checker, *place)
    return term


def _count(length: int, count: str, checker: Checker, *place: str | int) -> Count:
    if not 1 <= length <= _LONGEST:
        raise checker.fault(f"the length {length} is not between 1 and {_LONGEST}", *place, "length")
    return Count(checker.word(count, list(Count), *place, "count"))


def _other_meaning(document: TermDocument, checker: Checker, *place: str | int) -> Meaning | None:
    if (word := document.get("also_read_as")) is None:
        return None
    if "also_read_by" not in document:
        raise checker.fault("whoever reads it so is named: also_read_by", *place, "also_read_as")
    others = [each for each in Meaning if each != document["meaning"]]
    return Meaning(checker.word(word, others, *place, "also_read_as"))


def _check_certain(count: Count, certain: bool, checker: Checker, *place: str | int) -> None:
    if not certain and count not in _DAYS:
        raise checker.fault(f"only days can be of a kind that is not certain, not {count}", *place, "count_certain")


def _alternative(document: AlternativeDocument, checker: Checker, *place: str | int) -> Alternative:
    count = _count(document["length"], document["count"], checker, *place)
    _check_certain(count, document["count_certain"], checker, *place)
    return Alternative(
        length=document["length"],
        count=count,
        count_certain=document["count_certain"],
        notes=checker.optional_label(document["notes"], *place, "notes"),
        seen=checker.addresses(document["seen"], *place, "seen"),
    )


def _example(document: ExampleDocument, checker: Checker, *place: str | int) -> Example:
    return Example(
        start=document["start"],
        reached=document["reached"],
        origin=checker.label(document["origin"], *place, "origin"),
        **checker.known(document, *place),
    )


def _at_most(document: LengthDocument, checker: Checker, *place: str | int) -> Way:
    count = _count(document["length"], document["count"], checker, *place)
    return Way(document["length"], count, None, Basis.AT_MOST)


def _check_dates(term: Term, checker: Checker, *place: str | int) -> None:
    if term.in_hours and (term.start_on or term.official_on or term.due_on or term.alternatives or term.at_most):
        raise checker.fault("a term in hours has a time, and no dates or lengths beside it", *place, "count")
    for index, each in enumerate(term.examples):
        if term.in_hours or (each.reached - each.start).days * term.sign <= 0:
            says = "an example goes from a day to another in the direction of the term"
            raise checker.fault(says, *place, "examples", index, "reached")
    if term.due_on is None:
        return
    if term.start_on is None:
        raise checker.fault("a day that was counted needs start_on, from which it was", *place, "due_on")
    if term.count is Count.WORKING_DAYS or not term.count_certain:
        raise checker.fault("a day that depends on holidays is counted when it is asked for", *place, "due_on")
    counted = last_day(term, term.start_on, Holidays(()))
    if counted != term.due_on:
        raise checker.fault(f"counting from {term.start_on} gives {counted}, not {term.due_on}", *place, "due_on")
