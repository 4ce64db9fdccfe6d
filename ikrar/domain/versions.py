"""Every rule as dated versions: what each says, in one digest; what held on a day; what is another on a second day.

A digest speaks for what a version says of the law. Where it was read and how well it is known are left out: a comparison
with the gazette stays good when only those change.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from ikrar.domain.acts import Act, ActVersion, Sanction
from ikrar.domain.days import HolidayList
from ikrar.domain.offices import Body
from ikrar.domain.rulebook import Rulebook
from ikrar.domain.sources import Confidence, InForce, Label

# --- one version -------------------------------------------------------------------------------------------------


class RuleKind(StrEnum):
    """What a rule is, in the order in which they are told. AUTHORITY_RULE: what holds around a decision."""

    ACT = "act"
    SANCTION = "sanction"
    TERM = "term"
    INTAKE_HOURS = "intake_hours"
    AUTHORITY = "authority"
    AUTHORITY_RULE = "authority_rule"
    BODY = "body"
    STATEMENT = "statement"
    PRINCIPLE = "principle"
    HOLIDAYS = "holidays"
    ELECTION = "election"
    SOURCE = "source"


Key = tuple[RuleKind, str, date | None]
"""Names one version: kind, id of the rule, and the first day on which the version held (None: not known)."""


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as it was between two days. `value` is what the rulebook holds of it; an act also has its own `act`."""

    kind: RuleKind
    id: str
    label: Label
    in_force: InForce
    confidence: Confidence
    value: Any
    act: Act | None = None

    @property
    def key(self) -> Key:
        return self.kind, self.id, self.in_force.from_on

    @property
    def content(self) -> Mapping[str, Any]:
        """Return what the version says of the law, as values of JSON."""
        says: dict[str, Any] = {"kind": self.kind.value, "id": self.id, "says": plain(self.value, leave_out=_KNOWLEDGE)}
        if self.act is not None:
            own = ("form", "label", "track", "any_form", "also_forms", "perhaps_forms", "catch_all", "free")
            says["act"] = {name: plain(getattr(self.act, name), leave_out=_KNOWLEDGE) for name in own}
        return says

    @property
    def digest(self) -> str:
        """Return the SHA-256 (hex) of what the version says, as JSON with sorted keys and no white space."""
        text = json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


# What tells how we know a rule, and nothing of what it says.
_KNOWLEDGE = frozenset({"seen", "confidence", "breach_confidence", "sanction_confidence", "basis_confidence"})


def plain(value: Any, *, leave_out: AbstractSet[str] = frozenset()) -> Any:
    """Return a value of the rulebook as values of JSON: fields by name, days as ISO text, sets in order.

    >>> plain(InForce(date(2021, 8, 31), None))
    {'from_on': '2021-08-31', 'until_on': None}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name), leave_out=leave_out)
            for field in fields(value)
            if field.init and field.name not in leave_out
        }
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(each, leave_out=leave_out) for key, each in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(plain(each, leave_out=leave_out) for each in value)
    if isinstance(value, Iterable):
        return [plain(each, leave_out=leave_out) for each in value]
    raise TypeError(type(value))


def versions(book: Rulebook) -> Iterator[RuleVersion]:
    """Yield every version of every rule, kind by kind, in the order of the files."""
    for act in book.acts.values():
        for version in act.versions:
            yield RuleVersion(RuleKind.ACT, act.id, act.label, version.in_force, version.confidence, version, act)
    dated: tuple[tuple[RuleKind, Mapping[str, Any]], ...] = (
        (RuleKind.SANCTION, book.sanctions),
        (RuleKind.TERM, book.terms),
        (RuleKind.INTAKE_HOURS, book.intake_hours),
        (RuleKind.AUTHORITY, book.authorities),
        (RuleKind.AUTHORITY_RULE, book.authority_rules),
        (RuleKind.STATEMENT, book.guidance.statements),
        (RuleKind.SOURCE, book.sources),
    )
    for kind, rules in dated:
        for each in rules.values():
            yield RuleVersion(kind, each.id, each.label, each.in_force, each.confidence, each)
    undated: tuple[tuple[RuleKind, Mapping[str, Any]], ...] = (
        (RuleKind.PRINCIPLE, book.principles),
        (RuleKind.ELECTION, book.elections),
    )
    for kind, rules in undated:
        for each in rules.values():
            yield RuleVersion(kind, each.id, each.label, _OPEN, each.confidence, each)
    for body in book.bodies.values():
        yield RuleVersion(RuleKind.BODY, body.id, body.label, body.exists or _OPEN, body.confidence, body)
    for id, days in holiday_ids(book.holiday_lists):
        year = InForce(date(days.year, 1, 1), date(days.year + 1, 1, 1))
        label = Label(f"Hari libur {days.year}", f"Holidays of {days.year}")
        yield RuleVersion(RuleKind.HOLIDAYS, id, label, year, days.confidence, days)


_OPEN = InForce(None, None)


def holiday_ids(lists: Iterable[HolidayList]) -> Iterator[tuple[str, HolidayList]]:
    """Name each list of holidays: by its year, and by a number where it adds to that of the year."""
    added: dict[int, int] = {}
    for each in lists:
        if each.adds:
            added[each.year] = added.get(each.year, 0) + 1
        yield f"{each.year}-plus-{added[each.year]}" if each.adds else str(each.year), each


# --- what is another on a second day -----------------------------------------------------------------------------


class What(StrEnum):
    """PASSED: it began after the first day and was over before the second."""

    BEGAN = "began"
    CHANGED = "changed"
    ENDED = "ended"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing in which two versions differ: its name, and what it was and is, as words of the rulebook or as labels."""

    name: str
    before: tuple[str | Label, ...] = ()
    after: tuple[str | Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that is another on the second day. `before` and `after` are its versions of the two days."""

    what: What
    kind: RuleKind
    id: str
    before: RuleVersion | None
    after: RuleVersion | None
    details: tuple[Detail, ...] = ()

    @property
    def version(self) -> RuleVersion:
        """Return the later of the two versions that are there."""
        found = self.after or self.before
        assert found is not None
        return found


def difference(all_versions: Iterable[RuleVersion], first: date, second: date) -> list[Change]:
    """Tell what began, ended or became another after the first day, until and on the second, in the order given.

    What holds on both days and says the same is left out, and so is what has no days at all.
    """
    by_rule: dict[tuple[RuleKind, str], list[RuleVersion]] = {}
    for version in all_versions:
        by_rule.setdefault((version.kind, version.id), []).append(version)
    found: list[Change] = []
    for (kind, id), rule in by_rule.items():
        before = next((each for each in rule if _holds(each, first)), None)
        after = next((each for each in rule if _holds(each, second)), None)
        if before is None and after is None:
            passed = [each for each in rule if _came_and_went(each.in_force, first, second)]
            found += [Change(What.PASSED, kind, id, each, each) for each in passed]
        elif before is None:
            found.append(Change(What.BEGAN, kind, id, None, after))
        elif after is None:
            found.append(Change(What.ENDED, kind, id, before, None))
        elif details := tuple(_details(before, after, first, second)):
            found.append(Change(What.CHANGED, kind, id, before, after, details))
    return found


def _holds(version: RuleVersion, day: date) -> bool:
    """Say whether a version is there on a day. A list of holidays is, once it was decreed: its days lie ahead."""
    value = version.value
    if isinstance(value, HolidayList):
        return value.decreed and (value.decreed_on is None or value.decreed_on <= day)
    if isinstance(value, Body) and value.exists is None:
        return False
    return version.in_force.holds(day)


def _came_and_went(window: InForce, first: date, second: date) -> bool:
    begins, until = window.from_on, window.until_on
    return begins is not None and until is not None and first < begins and until <= second


def _details(before: RuleVersion, after: RuleVersion, first: date, second: date) -> Iterator[Detail]:
    was, now = before.value, after.value
    if isinstance(was, ActVersion):
        if was is not now:
            yield from _of_acts(was, now)
    elif isinstance(was, Sanction):
        yield from _of_sanction(was, first, second)
    elif isinstance(was, Body):
        yield from _of_body(was, first, second)
    elif isinstance(was, HolidayList):
        yield from _of_holidays(was, first, second)


def _of_acts(was: ActVersion, now: ActVersion) -> Iterator[Detail]:
    for name in (
        "who",
        "phase",
        "window",
        "election",
        "contests",
        "level",
        "standing",
        "sanctions",
        "cites",
        "readings",
        "notes",
    ):
        old, new = getattr(was, name), getattr(now, name)
        if old != new:
            yield Detail(name, _words(old), _words(new))


def _words(value: Any) -> tuple[str | Label, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (str(value),)
    if isinstance(value, Label):
        return (value,)
    parts: Sequence[Any] = sorted(value) if isinstance(value, AbstractSet) else tuple(value)
    return tuple(each if isinstance(each, str) else getattr(each, "text", None) or each.label for each in parts)


def _of_sanction(sanction: Sanction, first: date, second: date) -> Iterator[Detail]:
    could, can = sanction.may_be_chosen(first), sanction.may_be_chosen(second)
    if could != can:
        pauses = [each.because for each in sanction.suspended if each.in_force.holds(first if can else second)]
        yield Detail("resumed", tuple(pauses), ()) if can else Detail("suspended", (), tuple(pauses))


def _of_body(body: Body, first: date, second: date) -> Iterator[Detail]:
    was = [power for power in body.powers if power.in_force.holds(first)]
    now = [power for power in body.powers if power.in_force.holds(second)]
    if was != now:
        gone = tuple(power.label for power in was if power not in now)
        new = tuple(power.label for power in now if power not in was)
        yield Detail("powers", gone, new)
    had = [each for each in body.disputed if each.in_force.holds(first)]
    has = [each for each in body.disputed if each.in_force.holds(second)]
    if had != has:
        over = tuple(reading.label for each in had if each not in has for reading in each.readings)
        begun = tuple(reading.label for each in has if each not in had for reading in each.readings)
        yield Detail("disputed", over, begun)


def _of_holidays(days: HolidayList, first: date, second: date) -> Iterator[Detail]:
    was = {each.day: each.label for each in days.days if each.stands(first)}
    now = {each.day: each.label for each in days.days if each.stands(second)}
    gone = tuple(day.isoformat() for day in was if day not in now)
    new = tuple(day.isoformat() for day in now if day not in was)
    if gone or new:
        yield Detail("days", gone, new)


# --- to find one's way --------------------------------------------------------------------------------------------


def change_days(all_versions: Iterable[RuleVersion], since: date) -> Mapping[date, int]:
    """Return the days, in order, on which rules began or no longer held, each with how many; lists of holidays apart."""
    counted: dict[date, int] = {}
    for version in all_versions:
        if version.kind is not RuleKind.HOLIDAYS:
            for day in (version.in_force.from_on, version.in_force.until_on):
                if day is not None and day >= since:
                    counted[day] = counted.get(day, 0) + 1
    return dict(sorted(counted.items()))


def searched(version: RuleVersion) -> str:
    """Return the text in which a reader's words are looked for: id, names, citations and notes, in small letters."""
    value = version.value
    parts = [version.id, version.label.id, version.label.en]
    parts += [cite.text for cite in getattr(value, "cites", ())]
    parts.append(getattr(value, "short", ""))
    for name in ("notes", "offenders", "stated_by", "responsible", "counted_from"):
        if (label := getattr(value, name, None)) is not None:
            parts += [label.id, label.en]
    return " ".join(parts).lower()
