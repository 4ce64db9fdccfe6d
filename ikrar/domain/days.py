"""Days as people of a place live them. A date is local to the place of the act (WIB, WITA or WIT), never a UTC date."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from itertools import groupby, pairwise
from typing import NotRequired, TypedDict

from ikrar.domain.errors import HolidaysUnknown
from ikrar.domain.sources import Checker, Confidence, Label, LabelDocument, reaches

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")
ZONES = {"WIB": WIB, "WITA": WITA, "WIT": WIT}

# Provinces by Kemendagri code that do not keep WIB. Source: Keppres 41/1987 and the laws that divided provinces since.
_WITA_PROVINCES = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT_PROVINCES = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})

MONTHS_ID = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_MONTH_WORDS = {name.lower(): number for number, name in enumerate(MONTHS_ID, 1)} | {
    "jan": 1, "feb": 2, "peb": 2, "pebruari": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "agu": 8, "agt": 8,
    "ags": 8, "sep": 9, "okt": 10, "nop": 11, "nov": 11, "nopember": 11, "des": 12,
    "january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "august": 8, "aug": 8, "october": 10,
    "oct": 10, "december": 12, "dec": 12,
}  # fmt: skip


def zone_of(region_code: str) -> timezone:
    """Return the zone of a region by the first two digits of its Kemendagri code; the central government keeps WIB.

    >>> zone_of("13.75").tzname(None), zone_of("71").tzname(None), zone_of("91.01").tzname(None)
    ('WIB', 'WITA', 'WIT')
    """
    province = region_code[:2]
    if province in _WITA_PROVINCES:
        return WITA
    if province in _WIT_PROVINCES:
        return WIT
    return WIB


def local_day(instant: datetime, zone: timezone) -> date:
    """Return the local date on which an instant (with a zone) falls.

    >>> local_day(datetime(2024, 10, 24, 18, 30, tzinfo=UTC), WIB)
    datetime.date(2024, 10, 25)
    """
    return instant.astimezone(zone).date()


_ISO = re.compile(r"^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$")
_IN_WORDS = re.compile(r"^(\d{1,2})[-/. ]+([A-Za-z]+)[-/. ,]+(\d{4})$")


def parse_day(text: str) -> date:
    """Read a date as personnel systems write it: 1985-03-15, 15-03-1985 (both with / or . too), 15 Maret 1985, 19850315.

    Day before month always, as Indonesian offices write. Raises ValueError for anything else.

    >>> parse_day("15/03/1985") == parse_day("1985-03-15 00:00:00") == parse_day("15 Maret 1985") == date(1985, 3, 15)
    True
    """
    text = text.strip()
    if match := _ISO.match(text):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.match(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.match(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if (match := _IN_WORDS.match(text)) and (month := _MONTH_WORDS.get(match[2].lower())):
        return date(int(match[3]), month, int(match[1]))
    raise ValueError(f"not a date: {text[:40]!r}")


def month_of(word: str) -> int:
    """Return the number of a month by its name or a usual short form. Raises KeyError.

    >>> month_of("Agustus"), month_of("Nop.")
    (8, 11)
    """
    plain = word.lower().rstrip(".")
    return _MONTH_WORDS.get(plain) or _MONTH_WORDS[plain[:3]]


def in_words(day: date) -> str:
    """Write a date as an Indonesian letter does.

    >>> in_words(date(2024, 11, 27))
    '27 November 2024'
    """
    return f"{day.day} {MONTHS_ID[day.month - 1]} {day.year}"


def utc_text(instant: datetime) -> str:
    """Write an instant as the log does: UTC, to the second, with a Z.

    >>> utc_text(datetime(2024, 10, 25, 17, 5, 9, 123, tzinfo=WIB))
    '2024-10-25T10:05:09Z'
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- days on which nobody works: the form of a file --------------------------------------------------------------


class FreeDayDocument(TypedDict):
    day: date
    kind: str
    label: LabelDocument
    decided_on: NotRequired[date]
    known_on: NotRequired[date]
    withdrawn_on: NotRequired[date]


class HolidayListDocument(TypedDict):
    year: int
    decreed: bool
    decreed_on: date | None
    adds: NotRequired[bool]
    regions: NotRequired[list[str]]
    basis: list[str]
    days: list[FreeDayDocument]
    notes: LabelDocument | None
    seen: list[str]
    confidence: str


# --- days on which nobody works ----------------------------------------------------------------------------------


class DayKind(StrEnum):
    """What makes a day free: a public holiday (libur nasional) or collective leave (cuti bersama)."""

    PUBLIC_HOLIDAY = "public_holiday"
    COLLECTIVE_LEAVE = "collective_leave"


class Leave(StrEnum):
    """How to read collective leave where working days are counted; which of the two is right is an open question.

    FREE: it is no working day. WORKED: it is one, as if nobody were on leave.
    """

    FREE = "free"
    WORKED = "worked"


class Skip(StrEnum):
    """Why a day was not counted."""

    PAUSED = "paused"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    PUBLIC_HOLIDAY = "public_holiday"
    LOCAL_HOLIDAY = "local_holiday"
    COLLECTIVE_LEAVE = "collective_leave"


@dataclass(frozen=True, slots=True)
class FreeDay:
    """One entry of a list of holidays. A day that was decided, withdrawn and decided again has two of them.

    `decided_on` None: it stood in the first decree of its year. `known_on`: when the decision was made public, where
    that was later. `withdrawn_on`: the first day on which it was no longer free.
    """

    day: date
    kind: DayKind
    label: Label
    decided_on: date | None = None
    known_on: date | None = None
    withdrawn_on: date | None = None

    def stands(self, on: date | None = None, *, public: bool = False) -> bool:
        """Say whether the day counts as free on date `on`; None: after all changes.

        `public` asks what could be known on that date rather than what had been decided.

        >>> eid = Label("Cuti bersama Iduladha", "Collective leave")
        >>> late = FreeDay(date(2023, 6, 28), DayKind.COLLECTIVE_LEAVE, eid, date(2023, 6, 16), date(2023, 6, 20))
        >>> late.stands(date(2023, 6, 17)), late.stands(date(2023, 6, 17), public=True)
        (True, False)
        """
        if on is None:
            return self.withdrawn_on is None
        since = (self.known_on if public else None) or self.decided_on
        return (since is None or since <= on) and (self.withdrawn_on is None or self.withdrawn_on > on)

    @property
    def _decision(self) -> tuple[date, DayKind, date | None]:
        return self.day, self.kind, self.decided_on


@dataclass(frozen=True, slots=True)
class HolidayList:
    """The free days of one year with their history.

    `decreed` False: nobody has decreed the year, and nothing about its working days is known. `adds`: no list of its
    own, but days to be added to that of the year, in some regions (and all within them) or everywhere.
    """

    year: int
    decreed: bool
    decreed_on: date | None
    days: tuple[FreeDay, ...]
    basis: tuple[str, ...] = ()
    notes: Label | None = None
    seen: tuple[str, ...] = ()
    confidence: Confidence = Confidence.UNCERTAIN
    adds: bool = False
    regions: tuple[str, ...] = ()

    def reaches(self, region: str) -> bool:
        """Say whether the list speaks for a region (Kemendagri code, such as 19.01), or for the nation."""
        return reaches(self.regions, region)


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day that is free in some regions alone (Kemendagri codes)."""

    entry: FreeDay
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """Years in a row whose lists are known, with the ordinals of their working days, in order."""

    first_year: int
    last_year: int
    working: list[int]


@dataclass(frozen=True, slots=True)
class Holidays:
    """The free days of some years, as they stand after all changes or as they stood on a day. Never changes itself.

    A year whose list is missing, not decreed, or decreed only later is not covered: whatever needs to know one of its
    weekdays raises HolidaysUnknown. A day that an office could not yet have known of: see `as_known`.
    """

    lists: tuple[HolidayList, ...]
    decided_by: date | None = None
    known_by: date | None = None
    region: str = ""
    years: frozenset[int] = field(init=False, compare=False, repr=False)
    _free: Mapping[int, FreeDay] = field(init=False, compare=False, repr=False)
    _local: frozenset[int] = field(init=False, compare=False, repr=False)
    _runs: dict[Leave, Mapping[int, _Run]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        on = self.decided_by if self.known_by is None else self.known_by
        public = self.known_by is not None
        national: dict[int, HolidayList] = {}
        for each in self.lists:
            if not each.decreed or each.adds:
                continue
            if each.year in national:
                raise ValueError(f"two lists of holidays for {each.year}")
            national[each.year] = each
        decreed = {
            year: each
            for year, each in national.items()
            if on is None or each.decreed_on is None or each.decreed_on <= on
        }
        added = [each for each in self.lists if each.adds and each.reaches(self.region)]
        # A list that adds may also tell of a decision of the year's own list that its day was withdrawn since.
        told = {entry._decision for each in added for entry in each.days}
        entries = [entry for each in decreed.values() for entry in each.days if entry._decision not in told]
        entries += [entry for each in added for entry in each.days]
        free: dict[int, FreeDay] = {}
        for entry in entries:
            # Of two decisions on one day the public holiday counts: it is free whatever collective leave means.
            if entry.stands(on, public=public) and (
                entry.day.toordinal() not in free or entry.kind is DayKind.PUBLIC_HOLIDAY
            ):
                free[entry.day.toordinal()] = entry
        local = {id(entry) for each in added if each.regions for entry in each.days}
        object.__setattr__(self, "years", frozenset(decreed))
        object.__setattr__(self, "_local", frozenset(day for day, entry in free.items() if id(entry) in local))
        object.__setattr__(self, "_free", free)
        object.__setattr__(self, "_runs", {})

    def as_decided(self, day: date) -> "Holidays":
        """Return the list by the decisions taken until a day.

        What the law held on that day; see `as_known` for what an office could know of it.
        """
        return replace(self, decided_by=day, known_by=None)

    def as_known(self, day: date) -> "Holidays":
        """Return the list by the decisions made public until a day: what an office that counted then had to go by."""
        return replace(self, decided_by=None, known_by=day)

    def in_region(self, region: str) -> "Holidays":
        """Return the list of a region, with the days that are free only there (a repeated election, a local feast)."""
        return replace(self, region=region)

    def with_days(self, *days: FreeDay) -> "Holidays":
        """Return a list with more free days, each of a year that is covered or not; it covers no more years."""
        by_year = groupby(sorted(days, key=lambda each: each.day), key=lambda each: each.day.year)
        more = (HolidayList(year, True, None, tuple(found), adds=True) for year, found in by_year)
        return replace(self, lists=(*self.lists, *more))

    def without(self, *days: date) -> "Holidays":
        """Return a list in which some days are as all others, to see what each of them does to a count."""
        lists = (
            replace(each, days=tuple(entry for entry in each.days if entry.day not in days)) for each in self.lists
        )
        return replace(self, lists=tuple(lists))

    def free_day(self, day: date) -> FreeDay | None:
        """Return what makes a day free, weekends apart. Raises HolidaysUnknown."""
        if day.year not in self.years:
            raise HolidaysUnknown(day.year)
        return self._free.get(day.toordinal())

    def local_days(self, one: date, other: date) -> tuple[LocalDay, ...]:
        """Return the weekdays from one day to another that are working days here and free in some other region, in order."""
        first, last = sorted((one, other))
        on = self.decided_by if self.known_by is None else self.known_by
        found = [
            LocalDay(entry, each.regions)
            for each in self.lists
            if each.regions and not each.reaches(self.region)
            for entry in each.days
            if first <= entry.day <= last
            and entry.stands(on, public=self.known_by is not None)
            and entry.day.weekday() < 5
            and entry.day.toordinal() not in self._free
        ]
        return tuple(sorted(found, key=lambda local: local.entry.day))

    def __contains__(self, day: date) -> bool:
        """Say whether a day is a public holiday or collective leave. Raises HolidaysUnknown."""
        return self.free_day(day) is not None

    def why_skipped(self, day: date, leave: Leave = Leave.FREE) -> Skip | None:
        """Say why a day is no working day; None: it is one. Raises HolidaysUnknown for a weekday of a year not covered.

        >>> Holidays(()).why_skipped(date(2027, 1, 2))
        <Skip.SATURDAY: 'saturday'>
        """
        weekday = day.weekday()
        if weekday > 4:
            return Skip.SATURDAY if weekday == 5 else Skip.SUNDAY
        free = self.free_day(day)
        if free is None or (leave is Leave.WORKED and free.kind is DayKind.COLLECTIVE_LEAVE):
            return None
        if free.kind is DayKind.PUBLIC_HOLIDAY and day.toordinal() in self._local:
            return Skip.LOCAL_HOLIDAY
        return Skip(free.kind.value)

    def is_working_day(self, day: date, leave: Leave = Leave.FREE) -> bool:
        """Say whether a day is a working day (hari kerja): Monday to Friday and not free. Raises HolidaysUnknown."""
        return self.why_skipped(day, leave) is None

    def nth_working_day(self, start: date, n: int, leave: Leave = Leave.FREE) -> date:
        """Return the n-th working day after a day, or before it where n is negative. The day itself is not counted.

        Raises HolidaysUnknown where a weekday of a year that is not covered lies on the way, ValueError for n = 0.

        >>> year = HolidayList(2024, True, None, (FreeDay(date(2024, 11, 27), DayKind.PUBLIC_HOLIDAY, Label("a", "b")),))
        >>> Holidays((year,)).nth_working_day(date(2024, 11, 25), 2)
        datetime.date(2024, 11, 28)
        """
        if n == 0:
            raise ValueError("the day that is none after and none before")
        runs = self._runs_of(leave)
        ordinal = start.toordinal()
        run = runs.get(start.year)
        if run is None:
            # Beside the covered years: a weekend between the day and the first weekday on the way needs no list.
            weekday = date.fromordinal(_next_weekday(ordinal) if n > 0 else _weekday_before(ordinal))
            if (run := runs.get(weekday.year)) is None:
                raise HolidaysUnknown(weekday.year)
        working = run.working
        index = bisect_right(working, ordinal) + n - 1 if n > 0 else bisect_left(working, ordinal) + n
        if index >= len(working):
            raise HolidaysUnknown(run.last_year + 1)
        if index < 0:
            raise HolidaysUnknown(run.first_year - 1)
        return date.fromordinal(working[index])

    def working_days_between(self, from_on: date, until_on: date, leave: Leave = Leave.FREE) -> int:
        """Return how many working days there are from a day until another, which is no longer one of them.

        Raises HolidaysUnknown where a weekday of a year that is not covered lies among them.
        """
        total, first, after = 0, from_on.toordinal(), until_on.toordinal()
        while (first := _next_weekday(first - 1)) < after:
            year = date.fromordinal(first).year
            if (run := self._runs_of(leave).get(year)) is None:
                raise HolidaysUnknown(year)
            total += bisect_left(run.working, after) - bisect_left(run.working, first)
            first = date(run.last_year, 12, 31).toordinal() + 1
        return total

    def working_ordinals(self, leave: Leave = Leave.FREE) -> list[int]:
        """Return the ordinals of all working days of the covered years, in order."""
        runs = self._runs_of(leave)
        return [ordinal for year in sorted(runs) if runs[year].first_year == year for ordinal in runs[year].working]

    def _runs_of(self, leave: Leave) -> Mapping[int, _Run]:
        """Return the run of each covered year; worked out when it is first asked for."""
        if (found := self._runs.get(leave)) is None:
            found = self._runs[leave] = self._work_out(leave)
        return found

    def _work_out(self, leave: Leave) -> Mapping[int, _Run]:
        found: dict[int, _Run] = {}
        free = self._free
        if leave is Leave.WORKED:
            free = {key: each for key, each in free.items() if each.kind is not DayKind.COLLECTIVE_LEAVE}
        for _, group in groupby(enumerate(sorted(self.years)), key=lambda each: each[1] - each[0]):
            years = [year for _, year in group]
            first, last = date(years[0], 1, 1).toordinal(), date(years[-1], 12, 31).toordinal()
            # The first day of the calendar, with ordinal 1, is a Monday.
            working = [each for each in range(first, last + 1) if 0 < each % 7 < 6 and each not in free]
            run = _Run(years[0], years[-1], working)
            found |= dict.fromkeys(years, run)
        return found


def _next_weekday(ordinal: int) -> int:
    """Return the first day after a day that is no weekend."""
    return ordinal + (1, 1, 1, 1, 1, 3, 2)[ordinal % 7]


def _weekday_before(ordinal: int) -> int:
    return ordinal - (2, 3, 1, 1, 1, 1, 1)[ordinal % 7]


# --- from a file to a list ---------------------------------------------------------------------------------------


def parse_holidays(document: HolidayListDocument, checker: Checker) -> HolidayList:
    """Make one year's list of a file's values and check what they say. Raises RulebookFault."""
    year, adds = document["year"], document.get("adds", False)
    if document["decreed_on"] is not None and not document["decreed"]:
        raise checker.fault("a list that is not decreed has no day of its decree", "decreed_on")
    if not document["decreed"] and (document["days"] or adds):
        raise checker.fault(f"{year} is not decreed, so nothing is known of its days", "days")
    if document.get("regions") and not adds:
        raise checker.fault("only a list that adds days (adds: true) is for some regions", "regions")
    if document["decreed"] and not document["basis"]:
        raise checker.fault("no decree is named as the basis", "basis")
    days = tuple(_free_day(each, year, checker, "days", index) for index, each in enumerate(document["days"]))
    for index, (before, after) in enumerate(pairwise(days), 1):
        if after.day < before.day:
            raise checker.fault(f"{after.day} stands after {before.day}; the days stand in their order", "days", index)
        if after.day == before.day and not (
            before.withdrawn_on and after.decided_on and before.withdrawn_on <= after.decided_on
        ):
            says = f"{after.day} stands here a second time, and was not withdrawn before it was decided again"
            raise checker.fault(says, "days", index)
    return HolidayList(
        year=year,
        decreed=document["decreed"],
        decreed_on=document["decreed_on"],
        days=days,
        basis=checker.texts(document["basis"], "basis"),
        notes=checker.optional_label(document["notes"], "notes"),
        seen=(checker.seen if document["decreed"] else checker.addresses)(document["seen"], "seen"),
        confidence=checker.confidence(document["confidence"], "confidence"),
        adds=adds,
        regions=checker.texts(document.get("regions", []), "regions"),
    )


def _free_day(document: FreeDayDocument, year: int, checker: Checker, *place: str | int) -> FreeDay:
    day = document["day"]
    if day.year != year:
        raise checker.fault(f"{day} is no day of {year}", *place, "day")
    kind = checker.word(document["kind"], list(DayKind), *place, "kind")
    decided, known, withdrawn = document.get("decided_on"), document.get("known_on"), document.get("withdrawn_on")
    # A decision about a day that is over would change what people have already counted on.
    for key, on in (("decided_on", decided), ("withdrawn_on", withdrawn)):
        if on and on > day:
            raise checker.fault(f"{key} {on} is after the day itself, {day}", *place, key)
    if known and (decided is None or known <= decided):
        raise checker.fault("known_on is given only where it is later than decided_on", *place, "known_on")
    if decided and withdrawn and withdrawn <= decided:
        raise checker.fault(f"withdrawn_on {withdrawn} is not after decided_on {decided}", *place, "withdrawn_on")
    label = checker.label(document["label"], *place, "label")
    return FreeDay(day, DayKind(kind), label, decided, known, withdrawn)
