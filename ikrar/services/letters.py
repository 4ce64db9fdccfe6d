"""Letters of an agency: its letterhead, how it numbers each kind, and the next number, taken once and without gaps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from ikrar.domain import letters
from ikrar.domain.errors import (
    DomainError,
    LetterheadTooLong,
    NumberingBackwards,
    NumberingsAlike,
    NumberingYearOver,
    NumberPatternWrong,
)
from ikrar.domain.letters import CODES, LetterKind, NumberPattern
from ikrar.records.models import Agency, LetterNumbering, User
from ikrar.services import ledger


@dataclass(frozen=True)
class Numbering:
    """How an agency numbers one kind of letter: its pattern, the last number used up this year, and the next."""

    kind: LetterKind
    pattern: str
    last: int
    next: str


def head_of(agency: Agency) -> tuple[str, ...]:
    """Return the lines of an agency's letterhead; its name where it has set none."""
    return lines_of(agency.letterhead) or (agency.name,)


def lines_of(letterhead: str) -> tuple[str, ...]:
    """Return the lines of a letterhead as it was kept."""
    return tuple(line for line in letterhead.splitlines() if line.strip())


def numberings(agency: Agency, day: date) -> list[Numbering]:
    """Return how an agency numbers each kind of letter, and what a letter of that day would bear next."""
    rows = {row.kind: row for row in LetterNumbering.objects.filter(agency=agency)}
    found = []
    for kind in LetterKind:
        row = rows.get(kind)
        pattern = NumberPattern.of(row.pattern if row else letters.USUAL_PATTERN)
        last = row.last if row and row.year == day.year else 0
        found.append(Numbering(kind, pattern.text, last, pattern.write(last + 1, day, CODES[kind])))
    return found


@transaction.atomic(durable=True)
def set_all(
    agency: Agency,
    *,
    letterhead: str,
    numberings: Mapping[LetterKind, tuple[str, int]],
    today: date,
    by: User,
    now: datetime,
) -> dict[str, DomainError]:
    """Set head and numbering of an agency in one act: pattern and last number of each kind. All of it, or nothing.

    Returns what was refused, by the name of what it was about (`letterhead`, `pattern_` or `last_` with the kind).
    """
    wrong: dict[str, DomainError] = {}
    with transaction.atomic():
        try:
            _set_letterhead(agency, letterhead, by, now)
        except LetterheadTooLong as error:
            wrong["letterhead"] = error
        for kind, (pattern, last) in numberings.items():
            try:
                _set_numbering(agency, kind, pattern, last, numberings, today, by, now)
            except (NumberingBackwards, NumberingYearOver) as error:
                wrong[f"last_{kind}"] = error
            except (NumberPatternWrong, NumberingsAlike) as error:
                wrong[f"pattern_{kind}"] = error
        if wrong:
            transaction.set_rollback(True)
    return wrong


@transaction.atomic(durable=True)
def set_letterhead(agency: Agency, text: str, *, by: User, now: datetime) -> None:
    """Set what stands at the head of an agency's letters from now on. Raises LetterheadTooLong.

    What was published keeps the head that it had.
    """
    _set_letterhead(agency, text, by, now)


def _set_letterhead(agency: Agency, text: str, by: User, now: datetime) -> None:
    tidied = letters.letterhead_of(text)
    if Agency.objects.filter(pk=agency.pk).exclude(letterhead=tidied).update(letterhead=tidied):
        ledger.append("letter.letterhead_set", {"agency": agency.pk, "by": by.pk}, now=now, zone=agency.zone)


@transaction.atomic(durable=True)
def set_numbering(
    agency: Agency, kind: LetterKind, *, pattern: str, last: int, today: date, by: User | None, now: datetime
) -> None:
    """Set how an agency numbers a kind of letter, and which number of this year is used up (on paper, before).

    Raises NumberPatternWrong; NumberingsAlike where another kind of the agency would bear the same numbers;
    NumberingBackwards where a lower number than the last one given is said to be the last; NumberingYearOver where a later
    year runs already.
    """
    _set_numbering(agency, kind, pattern, last, {}, today, by, now)


def _set_numbering(
    agency: Agency,
    kind: LetterKind,
    pattern: str,
    last: int,
    said: Mapping[LetterKind, tuple[str, int]],
    today: date,
    by: User | None,
    now: datetime,
) -> None:
    read = NumberPattern.of(pattern)
    _refuse_alike(agency, kind, read, said)
    row = _row(agency, kind)
    given = row.last if row.year == today.year else 0
    if last < given:
        raise NumberingBackwards(given)
    if row.year > today.year:
        raise NumberingYearOver(row.year)
    if (row.pattern, row.year, row.last) == (read.text, today.year, last):
        return
    # Claimed by the number that was read: one that is taken in this moment is not given again.
    claimed = LetterNumbering.objects.filter(pk=row.pk, year=row.year, last=row.last).update(
        pattern=read.text, year=today.year, last=last
    )
    if not claimed:
        raise NumberingBackwards(LetterNumbering.objects.values_list("last", flat=True).get(pk=row.pk))
    ledger.append(
        "letter.numbering_set",
        {"agency": agency.pk, "kind": kind.value, "last": last, "year": today.year, "by": by and by.pk},
        now=now,
        zone=agency.zone,
    )


def _refuse_alike(
    agency: Agency, kind: LetterKind, pattern: NumberPattern, said: Mapping[LetterKind, tuple[str, int]]
) -> None:
    """Refuse a pattern that another kind has: as it is said in the same act, else as it is kept."""
    kept = {row.kind: row.pattern for row in LetterNumbering.objects.filter(agency=agency)}
    for other in LetterKind:
        if other is not kind:
            theirs = said[other][0] if other in said else kept.get(other, letters.USUAL_PATTERN)
            try:
                alike = NumberPattern.of(theirs).alike(CODES[other])
            except NumberPatternWrong:
                continue  # refused on its own account
            if alike == pattern.alike(CODES[kind]):
                raise NumberingsAlike(other.value)


def _row(agency: Agency, kind: LetterKind) -> LetterNumbering:
    """Return how an agency numbers a kind; the usual way where it has not said."""
    mine = LetterNumbering.objects.filter(agency=agency, kind=kind)
    if (row := mine.first()) is None:
        made = LetterNumbering(agency=agency, kind=kind, pattern=letters.USUAL_PATTERN)
        LetterNumbering.objects.bulk_create([made], ignore_conflicts=True)
        row = mine.get()
    return row


def take_number(
    agency: Agency, kind: LetterKind, day: date, *, is_taken: Callable[[str], bool] = lambda number: False
) -> str:
    """Take the next number for a letter of that day, inside the caller's transaction.

    Two who ask at once get two numbers; an act that is refused afterwards gives its number back with all else. `is_taken`
    says whether a letter bears a number already that was given by hand: it is passed over. Raises NumberingYearOver for
    a day of a year before the one that is running.
    """
    while True:
        row = _row(agency, kind)
        if row.year > day.year:
            raise NumberingYearOver(row.year)
        pattern = NumberPattern.of(row.pattern)
        number = (row.last if row.year == day.year else 0) + 1
        while is_taken(written := pattern.write(number, day, CODES[kind])):
            number += 1
        # Claimed by what was read: whoever comes second reads again.
        mine = LetterNumbering.objects.filter(pk=row.pk, year=row.year, last=row.last, pattern=row.pattern)
        if mine.update(year=day.year, last=number):
            return written
