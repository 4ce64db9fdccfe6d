"""The hours in which a body takes reports in, by local time."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NotRequired, TypedDict

from ikrar.domain.days import Holidays
from ikrar.domain.elections import Election, Kind
from ikrar.domain.sources import Checker, Citation, Cited, CitedDocument, Confidence, InForce, Label, LabelDocument

# --- the form of a file ------------------------------------------------------------------------------------------

OpeningDocument = TypedDict(
    "OpeningDocument", {"days": NotRequired[list[str]], "stage": NotRequired[str], "from": str, "until": str}
)


class IntakeHoursDocument(CitedDocument):
    intake_hours: str
    label: LabelDocument
    regime: str
    opens: list[OpeningDocument]


# --- what the hours are ------------------------------------------------------------------------------------------

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours on some weekdays (0: Monday), or on every day of a stage. Minutes since midnight, local; until: not within."""

    weekdays: frozenset[int]
    stage: str | None
    from_minute: int
    until_minute: int


_ALWAYS = InForce(None, None)


@dataclass(frozen=True, slots=True)
class IntakeHours(Cited):
    """When a body takes reports in, by local time. Of public holidays the rule says nothing, and so neither does this.

    `in_force`: the days on which what it is cited from is known to have held.
    """

    id: str
    label: Label
    regime: str
    openings: tuple[Opening, ...]
    in_force: InForce = _ALWAYS

    def opening_on(self, day: date, stages: Collection[str] = ()) -> Opening | None:
        """Return the hours of a day on which these stages run (ids of the calendar); None: none. A stage goes first."""
        by_stage = (each for each in self.openings if each.stage in stages)
        by_weekday = (each for each in self.openings if each.stage is None and day.weekday() in each.weekdays)
        return next(by_stage, None) or next(by_weekday, None)

    def is_open(self, at: datetime, stages: Collection[str] = ()) -> bool:
        """Say whether a report is taken in at a local time."""
        opening = self.opening_on(at.date(), stages)
        return opening is not None and opening.from_minute <= at.hour * 60 + at.minute < opening.until_minute


# --- the last moment before a limit ------------------------------------------------------------------------------

StagesOn = Callable[[date], Collection[str]]
"""Which stages (ids of the calendar) run on a day."""


def no_stages(day: date) -> Collection[str]:
    """Tell of no stage, where nobody knows which election is meant."""
    return ()


@dataclass(frozen=True, slots=True)
class LastIntake:
    """When a desk takes in for the last time before a limit; `at` None: not once between start and limit.

    A local time until which it is taken in; the limit itself where that comes while the desk is open. `passed`: free days
    on which the desk might have been open, as the rule says nothing of them; whoever comes before is safe.
    """

    hours: str
    label: Label
    at: datetime | None
    passed: tuple[date, ...]
    cites: tuple[Citation, ...]
    confidence: Confidence


def last_intake(
    hours: IntakeHours, start: date, limit: date, stages_on: StagesOn, holidays: Holidays
) -> LastIntake | None:
    """Say until when something can be handed in between a start and its limit, each a day or a local time.

    None where the hours are not known to have held on the day of the limit.
    """
    first_day, last_day = (each.date() if isinstance(each, datetime) else each for each in (start, limit))
    if not hours.in_force.holds(last_day) or last_day == date.max:
        return None
    passed: list[date] = []
    for back in range((last_day - first_day).days + 1):
        day = last_day - timedelta(days=back)
        if (opening := hours.opening_on(day, stages_on(day))) is None:
            continue
        midnight = datetime.combine(day, time.min)
        opens, closes = (midnight + timedelta(minutes=each) for each in (opening.from_minute, opening.until_minute))
        if isinstance(start, datetime):
            opens = max(opens, start)
        if isinstance(limit, datetime):
            closes = min(closes, limit)
        if opens < closes and (opening.stage is not None or not _is_free(day, holidays)):
            return LastIntake(hours.id, hours.label, closes, tuple(passed), hours.cites, hours.confidence)
        if opens < closes:
            passed.insert(0, day)
    return LastIntake(hours.id, hours.label, None, tuple(passed), hours.cites, hours.confidence)


def _is_free(day: date, holidays: Holidays) -> bool:
    return day.year in holidays.years and holidays.free_day(day) is not None


# --- from files --------------------------------------------------------------------------------------------------

_CLOCK_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")


def parse_intake_hours(
    documents: Sequence[IntakeHoursDocument], checker: Checker, elections: Mapping[str, Election]
) -> list[IntakeHours]:
    """Make the intake hours of a file of terms; a stage is one of those of the elections. Raises RulebookFault."""
    checker.differing([each["intake_hours"] for each in documents], "intake_hours", "intake_hours")
    return [_intake(each, checker, elections, "intake_hours", index) for index, each in enumerate(documents)]


def _intake(
    document: IntakeHoursDocument, checker: Checker, elections: Mapping[str, Election], *place: str | int
) -> IntakeHours:
    stages = {stage.id for election in elections.values() for stage in election.stages}
    if not document["opens"]:
        raise checker.fault("no hours are given", *place, "opens")
    cited = checker.cited(document, *place)
    return IntakeHours(
        id=checker.id(document["intake_hours"], *place, "intake_hours"),
        label=checker.label(document["label"], *place, "label"),
        regime=checker.word(document["regime"], ("any", *Kind, *elections), *place, "regime"),
        openings=tuple(
            _opening(each, checker, stages, *place, "opens", index) for index, each in enumerate(document["opens"])
        ),
        in_force=checker.dated(_ALWAYS, cited["cites"], *place),
        **cited,
    )


def _opening(document: OpeningDocument, checker: Checker, stages: Collection[str], *place: str | int) -> Opening:
    days, stage = document.get("days", []), document.get("stage")
    if bool(days) == bool(stage):
        raise checker.fault("hours are for some days or for a stage", *place)
    if stage is not None:
        checker.known_id(stage, stages, "stage", *place, "stage")
    for index, word in enumerate(days):
        checker.word(word, WEEKDAYS, *place, "days", index)
    for key, text in (("from", document["from"]), ("until", document["until"])):
        if not _CLOCK_TIME.fullmatch(text):
            raise checker.fault(f"{text!r} is no time of the day (08:00; 24:00 is the end of it)", *place, key)
    from_minute, until_minute = (_minute(document[key]) for key in ("from", "until"))
    if until_minute <= from_minute:
        raise checker.fault(f"until {document['until']} is not after from {document['from']}", *place, "until")
    return Opening(frozenset(map(WEEKDAYS.index, days)), stage, from_minute, until_minute)


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
