"""What is asked: on whom, with which sanction, on which day, who holds the offices and who may not decide.

Here a question is only put together of plain values; whether its words are known is seen when it is read (`case`).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ikrar.domain.acts import LEVELS
from ikrar.domain.errors import A_DAY, FactMissing, UnknownField, ValueUnknown
from ikrar.domain.offices import CONFLICTS, AgencyKind, Capacity, Leave
from ikrar.domain.roster import Level


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody who may not decide, and why (a word of CONFLICTS).

    `authority` empty: whoever the matrix names first. It may also be the direct superior ("atasan langsung"), as examiner
    and in the office that this is, or who forms the ethics council of a regional secretary. `capacity` (a word of
    Capacity): only the holder in that capacity; without one, the whole office.
    """

    why: str
    authority: str = ""
    capacity: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an office on the day. `authority` as in Conflict; `capacity` and `leave` are words of Capacity and Leave.

    `until_on` is the first day on which the holding has ended. An incumbent and who stands in may both be given.
    """

    authority: str = ""
    capacity: str = ""
    vacant: bool = False
    leave: str = ""
    candidate: bool = False
    until_on: date | None = None

    def has_ended(self, day: date) -> bool:
        """Say whether the holding was over on a day."""
        return self.until_on is not None and self.until_on <= day


@dataclass(frozen=True, slots=True)
class Question:
    """Who may decide on this person, with a sanction of this level, on this day?

    `level`: a word of acts.LEVELS. `day`: the day of the decision, not of the act. `post_level`: a word of roster.Level
    or what rosters call it; `superior_level` likewise, of the direct superior. `employment` empty: a civil servant (PNS)
    is assumed, and the answer says so, unless `post` tells another. `dismissal`: whether a severe sanction is one.
    `levels_above`: those of the heads above, the nearest first, up to the first whose level is not known: asked where the
    matrix says nothing of the superior's. `levels_below`: how many levels under the head of mission, for somebody at one
    (`at_mission`). `reshuffle_ban`: whether the ban on replacing officials runs in that region on that day, as the calendar
    of the election tells.
    """

    level: str
    day: date
    post_level: str = ""
    agency_kind: str = ""
    employment: str = ""
    post: str = ""
    dismissal: bool | None = None
    appointed_by_president: bool = False
    is_ppk: bool = False
    at_mission: bool = False
    levels_below: int | None = None
    superior_level: str = ""
    levels_above: tuple[str, ...] = ()
    holders: tuple[Holder, ...] = ()
    conflicts: tuple[str | Conflict, ...] = ()
    reshuffle_ban: bool = False


# --- of plain values ---------------------------------------------------------------------------------------------

_TEXTS = ("post_level", "agency_kind", "employment", "post", "superior_level")
_CLAIMS = ("appointed_by_president", "is_ppk", "at_mission")
# What a field takes where that is one of a few words.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "level": LEVELS,
    "post_level": tuple(Level),
    "superior_level": tuple(Level),
    "agency_kind": tuple(AgencyKind),
    "capacity": tuple(Capacity),
    "leave": tuple(Leave),
}
_HOLDER_TEXTS = ("authority", "capacity", "leave")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def question_of(values: Mapping[str, object], day: date) -> Question:
    """Make a question of plain values, as a line of JSON has them; `on` and `region` are left to the caller.

    Raises FactMissing (person, level), UnknownField, ValueUnknown.

    >>> question_of({"person": {"post_level": "administrator", "agency_kind": "regency"}, "level": "severe",
    ...     "conflicts": [{"authority": "Bupati", "why": "candidate"}]}, date(2024, 10, 1)).conflicts
    (Conflict(why='candidate', authority='Bupati', capacity=''),)
    """
    known = ("person", "level", "on", "region", "post", "conflicts", "holders", "dismissal", "reshuffle_ban")
    _only(values, known)
    person = values.get("person")
    if not isinstance(person, Mapping) or not person:
        raise FactMissing("person")
    _only(person, (*_TEXTS, *_CLAIMS, "levels_above", "levels_below", "region"))
    levels_below = person.get("levels_below")
    if levels_below is not None and type(levels_below) is not int:
        raise ValueUnknown("levels_below", _as_written(levels_below), ("1", "2"))
    level = _text(values, "level")
    if not level:
        raise FactMissing("level")
    texts = {name: _text(person, name) for name in _TEXTS}
    texts["post"] = texts["post"] or _text(values, "post")
    return Question(
        level=level,
        day=day,
        **texts,
        dismissal=None if values.get("dismissal") is None else _claim(values, "dismissal"),
        appointed_by_president=_claim(person, "appointed_by_president"),
        is_ppk=_claim(person, "is_ppk"),
        at_mission=_claim(person, "at_mission"),
        levels_above=tuple(_level_of(each) for each in _list(person, "levels_above")),
        levels_below=levels_below,
        holders=tuple(_holder_of(each) for each in _list(values, "holders")),
        conflicts=tuple(_conflict_of(each) for each in _list(values, "conflicts")),
        reshuffle_ban=_claim(values, "reshuffle_ban"),
    )


def _only(values: Mapping[str, object], known: Sequence[str]) -> None:
    for name in values:
        if name not in known:
            raise UnknownField(str(name)[:60], tuple(known))


def _as_written(value: object) -> str:
    """Return a value as a line of JSON has it."""
    return json.dumps(value, ensure_ascii=False, default=str)[:60]


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return ""
    if not isinstance(value, str):
        raise ValueUnknown(name, _as_written(value), _WORDS.get(name, ("text",)))
    return value


def _claim(values: Mapping[str, object], name: str) -> bool:
    value = values.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise ValueUnknown(name, _as_written(value), ("true", "false"))
    return value


def _list(values: Mapping[str, object], name: str) -> Sequence[object]:
    value = values.get(name)
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise ValueUnknown(name, _as_written(value), ("a list",))
    return value


def _level_of(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueUnknown("superior_level", _as_written(value), _WORDS["superior_level"])
    return value


def _conflict_of(value: object) -> Conflict:
    if isinstance(value, str):
        return Conflict(value)
    if not isinstance(value, Mapping):
        raise ValueUnknown("conflicts", _as_written(value), CONFLICTS)
    _only(value, ("authority", "why", "capacity"))
    return Conflict(_text(value, "why"), _text(value, "authority"), _text(value, "capacity"))


def _holder_of(value: object) -> Holder:
    if not isinstance(value, Mapping):
        raise ValueUnknown("holders", _as_written(value), ("keys with values",))
    _only(value, (*_HOLDER_TEXTS, "vacant", "candidate", "until"))
    texts = {name: _text(value, name) for name in _HOLDER_TEXTS}
    until = value.get("until")
    if until is not None and not isinstance(until, date):
        try:
            # Python reads other spellings of ISO 8601 too; a day is written one way here.
            until = date.fromisoformat(str(until)) if _DAY.fullmatch(str(until)) else None
        except ValueError:
            until = None
        if until is None:
            raise ValueUnknown("until", _as_written(value["until"]), (A_DAY,))
    return Holder(**texts, vacant=_claim(value, "vacant"), candidate=_claim(value, "candidate"), until_on=until)
