"""A question read against the rulebook: its words understood, and what of offices and rules holds in that case."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from ikrar.domain import persons
from ikrar.domain.acts import LEVELS
from ikrar.domain.authority.question import Conflict, Holder, Question
from ikrar.domain.errors import FactMissing, ValueUnknown
from ikrar.domain.offices import (
    CONFLICTS,
    LADDER,
    POST_OF,
    UPWARD,
    AgencyKind,
    Authority,
    AuthorityBook,
    AuthorityRule,
    Capacity,
    Leave,
    Part,
    Seat,
)
from ikrar.domain.roster import LEVEL_WORDS, Level
from ikrar.domain.sources import Label

# --- words -------------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\s_-]+", " ", text.lower()).split())


_POSTS = {_plain(word): level for word, level in LEVEL_WORDS.items() if level}
_AGENCIES = {
    "central": AgencyKind.CENTRAL, "pusat": AgencyKind.CENTRAL, "province": AgencyKind.PROVINCE,
    "provinsi": AgencyKind.PROVINCE, "regency": AgencyKind.REGENCY, "kabupaten": AgencyKind.REGENCY,
    "city": AgencyKind.CITY, "kota": AgencyKind.CITY,
}  # fmt: skip


def post_level(word: str, fact: str = "post_level") -> str:
    """Return the post level (roster.Level) that a word stands for. Raises ValueUnknown, about `fact`.

    What a post is called says nothing of its level here: the facts do not tell that of a camat or a lurah.

    >>> post_level("JPT Pratama"), post_level("jf-ahli-madya")
    ('jpt_pratama', 'jf_ahli_madya')
    """
    if (level := _POSTS.get(_plain(word))) is None:
        raise ValueUnknown(fact, word[:60], tuple(Level))
    return level


def agency_kind(word: str) -> AgencyKind:
    """Return the kind of agency that a word stands for. Raises ValueUnknown."""
    if (kind := _AGENCIES.get(_plain(word))) is None:
        raise ValueUnknown("agency_kind", word[:60], tuple(AgencyKind))
    return kind


# --- the case ----------------------------------------------------------------------------------------------------


class Place(StrEnum):
    """Whom a conflict or a holding may be about beside an office of the matrix (Seat).

    FIRST: the office that the matrix names first. EXAMINER: the direct superior.
    """

    FIRST = "first"
    EXAMINER = "examiner"
    GOVERNOR = "governor"
    HOME_AFFAIRS = "home-affairs"


T = TypeVar("T", Conflict, Holder)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A conflict or a holder, and whom it is about."""

    place: Seat | Place
    told: T


_SECRETARY = re.compile(r"(?:(?:plt|plh|pjs|pj)(?: |\. ?))?(?:sekda|sekretaris daerah|regional secretary)\b")
_HEADS_OF_REGION = (Seat.PPK, Seat.REGIONAL_HEAD)


@dataclass(frozen=True, slots=True)
class Case:
    """A question whose words were understood, and the rulebook that answers it.

    `post` and `superior` are words of roster.Level, or empty, `levels_above` such words; `classes` words of
    persons.CLASSES. `is_assumed`: nobody said what the person is employed as, and a PNS is assumed. `kind` None: nobody
    said of what kind the agency is.
    """

    book: AuthorityBook
    question: Question
    post: str
    superior: str
    levels_above: tuple[str, ...]
    kind: AgencyKind | None
    classes: frozenset[str]
    is_assumed: bool
    conflicts: tuple[Placed[Conflict], ...]
    holders: tuple[Placed[Holder], ...]

    @property
    def day(self) -> date:
        return self.question.day

    @property
    def level(self) -> str:
        return self.question.level

    @property
    def employment(self) -> str:
        """Return how the person is employed, in the words of the question; of a post that tells it, the post."""
        return self.question.employment or ("pns" if self.is_assumed else self.question.post)

    @property
    def is_on_ladder(self) -> bool:
        """Say whether the post is a structural one; a functional post stands on no rung."""
        return self.post in LADDER

    @property
    def is_secretary(self) -> bool:
        """Say whether the person is a regional secretary, acting or not, by what the post is called."""
        return _SECRETARY.match(_plain(self.question.post)) is not None

    def levels_under(self, seat: Seat) -> int | None:
        """Return how many rungs the person stands under an office; None: one of both stands on none."""
        if seat not in POST_OF or not self.is_on_ladder:
            return None
        return LADDER.index(Level(self.post)) - LADDER.index(POST_OF[seat])

    def is_led_by(self, seat: Seat) -> bool:
        """Say whether an office is that of the direct superior: as told, or else one rung further up the ladder."""
        if self.superior:
            return POST_OF.get(seat) == self.superior
        return self.levels_under(seat) == 1

    def is_so(self, circumstance: str) -> bool:
        """Say whether a circumstance (a word of CIRCUMSTANCES) was told."""
        asked = self.question
        told = {
            "ppk": asked.is_ppk,
            "appointed-by-president": asked.appointed_by_president,
            "at-mission": asked.at_mission,
        }
        return told[circumstance]

    # --- what was told

    def conflicts_at(self, seat: Seat, *, is_first: bool) -> list[Conflict]:
        """Return the conflicts that were told of an office; `is_first`: the matrix names it first."""
        return [each.told for each in self.conflicts if self._is_about(each.place, seat, is_first)]

    def holders_of(self, seat: Seat, *, is_first: bool) -> list[Holder]:
        """Return who was told to hold an office; `is_first`: the matrix names it first."""
        return [each.told for each in self.holders if self._is_about(each.place, seat, is_first)]

    def conflict_of(self, place: Place) -> Conflict | None:
        """Return the first conflict that was told of somebody beside the offices of the matrix."""
        return next((each.told for each in self.conflicts if each.place is place), None)

    def _is_about(self, place: Seat | Place, seat: Seat, is_first: bool) -> bool:
        if place is Place.FIRST:
            return is_first
        if place is Place.EXAMINER:
            return self.is_led_by(seat)
        return place is seat or (place in _HEADS_OF_REGION and seat in _HEADS_OF_REGION)

    # --- what holds there

    def rule(self, id: str) -> AuthorityRule | None:
        """Return a rule (its id, of RULES) that is in force on the day."""
        rule = self.book.authority_rules[id]
        return rule if rule.in_force.holds(self.day) else None

    def heads_region(self, seat: Seat) -> bool:
        """Say whether whoever holds an office is head of a region: the PPK of every agency that is not central."""
        return seat in _HEADS_OF_REGION and self.kind is not AgencyKind.CENTRAL

    def above(self, seat: Seat) -> Seat | None:
        """Return the next office up in that kind of agency; None above the PPK, where the facts know none."""
        if seat is Seat.HEAD_OF_MISSION:
            return Seat.PPK
        if seat not in UPWARD or self.kind is None:
            return None
        rows = self.book.authorities.values()
        there = {row.seat for row in rows if row.part is Part.DISCIPLINE and self.kind in row.agencies}
        return next((each for each in UPWARD[UPWARD.index(seat) + 1 :] if each in there), None)

    def seat_name(self, seat: Seat) -> Label:
        """Return the name by which the matrix calls an office in that kind of agency."""
        rows = [row for row in self.book.authorities.values() if row.seat is seat]
        return next((row.label for row in rows if self.kind is None or self.kind in row.agencies), rows[0].label)

    def name(self, row: Authority) -> Label:
        """Return the name of a row's office; of the PPK, the one by which the matrix calls it there."""
        return self.seat_name(row.seat) if row.seat is Seat.PPK else row.label


# --- reading a question ------------------------------------------------------------------------------------------


def read(book: AuthorityBook, question: Question) -> Case:
    """Understand the words of a question.

    Raises ValueUnknown (level, dismissal, post_level, superior_level, agency_kind, conflicts, authority, capacity,
    leave), PersonUnknown, and FactMissing for an employment that may be any of two with different authorities.
    """
    if question.level not in LEVELS:
        raise ValueUnknown("level", question.level[:60], LEVELS)
    if question.dismissal and question.level in ("light", "moderate", "moral", "moral-plus"):
        raise ValueUnknown("dismissal", "true", ("false",))
    kind = agency_kind(question.agency_kind) if question.agency_kind else None
    if kind is None and question.at_mission:
        kind = AgencyKind.CENTRAL
    employment = question.employment or persons.office_of(question.post)
    is_assumed = not employment
    person = persons.person_of(employment or "pns", question.post)
    # A civil servant may hold an office of a village beside the own post: then two laws name who decides.
    classes = person.classes | (person.perhaps & persons.VILLAGE_OFFICES)
    if classes == frozenset({"asn"}):
        raise FactMissing("employment")  # PNS and PPPK have different authorities
    superior = post_level(question.superior_level, "superior_level") if question.superior_level else ""
    conflicts = [Conflict(each) if isinstance(each, str) else each for each in question.conflicts]
    for conflict in conflicts:
        _check(conflict.why, CONFLICTS, "conflicts")
        _check(conflict.capacity, ("", *Capacity), "capacity")
    for holder in question.holders:
        _check(holder.capacity, ("", *Capacity), "capacity")
        _check(holder.leave, ("", *Leave), "leave")
    return Case(
        book=book,
        question=question,
        post=post_level(question.post_level) if question.post_level else "",
        superior=superior,
        levels_above=tuple(post_level(each, "superior_level") for each in question.levels_above),
        kind=kind,
        classes=classes,
        is_assumed=is_assumed,
        conflicts=tuple(Placed(_place(book, each.authority, kind), each) for each in conflicts),
        holders=tuple(Placed(_place(book, each.authority, kind), each) for each in question.holders),
    )


def _check(word: str, known: tuple[str, ...], fact: str) -> None:
    if word not in known:
        raise ValueUnknown(fact, word[:60], tuple(each for each in known if each))


_PLACES = {
    "": Place.FIRST, "first": Place.FIRST, "examiner": Place.EXAMINER, "pemeriksa": Place.EXAMINER,
    "atasan langsung": Place.EXAMINER, "direct superior": Place.EXAMINER, "mendagri": Place.HOME_AFFAIRS,
    "menteri dalam negeri": Place.HOME_AFFAIRS, "home affairs": Place.HOME_AFFAIRS,
}  # fmt: skip
_HEADS = {
    "menteri": AgencyKind.CENTRAL, "minister": AgencyKind.CENTRAL, "gubernur": AgencyKind.PROVINCE,
    "governor": AgencyKind.PROVINCE, "bupati": AgencyKind.REGENCY, "regent": AgencyKind.REGENCY,
    "wali kota": AgencyKind.CITY, "walikota": AgencyKind.CITY, "mayor": AgencyKind.CITY,
}  # fmt: skip
_NO_OFFICE = (Seat.HIGHER, Seat.OUTSIDE, Seat.NOT_KNOWN)


def _place(book: AuthorityBook, word: str, kind: AgencyKind | None) -> Seat | Place:
    """Return whom a word names: an office by its name or its row, the head of that kind of agency (`Bupati`), a Place.

    Raises ValueUnknown: a conflict about somebody who is not understood must not be lost.
    """
    plain = _plain(word)
    if plain in _PLACES:
        return _PLACES[plain]
    if plain in _HEADS:
        if kind in (None, _HEADS[plain]):
            return Seat.PPK
        if _HEADS[plain] is AgencyKind.PROVINCE and kind in (AgencyKind.REGENCY, AgencyKind.CITY):
            return Place.GOVERNOR
    offices = [row for row in book.authorities.values() if row.seat not in _NO_OFFICE]
    for row in offices:
        if plain in (_plain(name) for name in (row.seat, row.id, row.label.id, row.label.en)):
            return row.seat
    raise ValueUnknown("authority", word[:60], tuple(dict.fromkeys(row.label.id for row in offices)))
