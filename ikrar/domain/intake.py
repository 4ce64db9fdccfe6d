"""The hours in which a body takes reports in, by local time."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NotRequired, TypedDict

from ikrar.domain.elections import Election, Kind
from ikrar.domain.sources import Checker, Cited, CitedDocument, Label, LabelDocument

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


@dataclass(frozen=True, slots=True)
class IntakeHours(Cited):
    """When a body takes reports in, by local time. Of public holidays the rule says nothing, and so neither does this."""

    id: str
    label: Label
    regime: str
    openings: tuple[Opening, ...]

    def opening_on(self, day: date, stages: Collection[str] = ()) -> Opening | None:
        """Return the hours of a day on which these stages run (ids of the calendar); None: none. A stage goes first."""
        by_stage = (each for each in self.openings if each.stage in stages)
        by_weekday = (each for each in self.openings if each.stage is None and day.weekday() in each.weekdays)
        return next(by_stage, None) or next(by_weekday, None)

    def is_open(self, at: datetime, stages: Collection[str] = ()) -> bool:
        """Say whether a report is taken in at a local time."""
        opening = self.opening_on(at.date(), stages)
        return opening is not None and opening.from_minute <= at.hour * 60 + at.minute < opening.until_minute


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
    return IntakeHours(
        id=checker.id(document["intake_hours"], *place, "intake_hours"),
        label=checker.label(document["label"], *place, "label"),
        regime=checker.word(document["regime"], ("any", *Kind, *elections), *place, "regime"),
        openings=tuple(
            _opening(each, checker, stages, *place, "opens", index) for index, each in enumerate(document["opens"])
        ),
        **checker.cited(document, *place),
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
