"""Who decides: for a person, a level of sanction and a day, who examines, recommends, sanctions, hears the objection.

The rows of the matrix say which office may sanction whom. An office that is vacant, or whose holder has an interest in
the matter, is passed over for the next one up, as far as the law knows one; above the appointing authority (PPK) it knows
none, and then the answer is "not known", with who must be told. Nothing here is guessed: what the rows do not hold is a
reason that names it, and every answer carries its citations and how well they are known.

Source: pp-94-2021 Pasal 16-24, 27; peraturan-bkn-6-2022 Pasal 29; pp-79-2021; pp-42-2004 Pasal 15-16.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ikrar.domain import persons
from ikrar.domain.acts import LEVELS
from ikrar.domain.assessment import Reason
from ikrar.domain.errors import FactMissing, UnknownField, ValueUnknown
from ikrar.domain.offices import (
    CONFLICTS,
    LADDER,
    OFFICES,
    POST_OF,
    RANK,
    UPWARD,
    VACANT_ROW,
    AgencyKind,
    Authority,
    AuthorityBook,
    Body,
    BodyPower,
    Capacity,
    Leave,
    Need,
    Part,
    Power,
    Seat,
)
from ikrar.domain.roster import LEVEL_WORDS, Level
from ikrar.domain.sources import (
    Citation,
    Confidence,
    InForce,
    Label,
    Reading,
    distinct,
)

# --- question and answer -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody who may not decide, and why (a word of CONFLICTS).

    `authority` empty: whoever the matrix names first. It may also be the examiner ("atasan langsung"), or who forms the
    ethics council of a regional secretary. `capacity`: only the holder in that capacity; without one, the whole office.
    """

    why: str
    authority: str = ""
    capacity: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an office on the day. `authority` empty: the office that the matrix names first.

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
    `levels_below`: how many levels under the head of mission, for somebody at one (`at_mission`). `reshuffle_ban`:
    whether the ban on replacing officials runs in that region on that day, as the calendar of the election tells.
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
    holders: tuple[Holder, ...] = ()
    conflicts: tuple[str | Conflict, ...] = ()
    reshuffle_ban: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """Who does one thing around a decision. `name` None: not known, and the reason says why."""

    name: Label | None
    reason: Reason
    cites: tuple[Citation, ...] = ()
    confidence: Confidence | None = None
    body: str | None = None
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """Whether a team examines, of whom it is made, and who forms it."""

    need: Need
    members: tuple[Label, ...]
    formed_by: Role
    reason: Reason
    cites: tuple[Citation, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Council:
    """The ethics council (Majelis Kode Etik), and who forms it."""

    name: Label
    formed_by: Role
    cites: tuple[Citation, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An office, or one holder of it, that does not decide.

    `why`: a word of CONFLICTS, or vacant, campaign_leave, leave_ended, term_ended.
    """

    authority: str
    seat: Seat
    why: str
    capacity: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Another office that a row names for the same person: which it is, and in what case it decides."""

    authority: str
    row: str
    reason: Reason
    cites: tuple[Citation, ...]
    confidence: Confidence
    basis_confidence: Confidence


@dataclass(frozen=True, slots=True)
class Answer:
    """Who decides, and all around it. `authority` None: not known, or outside; the reasons say which and why.

    `authority` and `row` are the name and the id of the reference; `office` what the office is called in that agency.
    A role that is None does not arise here (no appeal where nothing is ended); a Role without a name is not known.
    `told`: who must be told where nobody is left who may decide. `confidence` is the least of all that was needed.
    """

    authority: str | None = None
    label: Label | None = None
    row: str | None = None
    seat: Seat | None = None
    office: Label | None = None
    capacity: str | None = None
    examiner: Role | None = None
    team: Team | None = None
    council: Council | None = None
    recommender: Role | None = None
    finder: Role | None = None
    objection: Role | None = None
    appeal: Role | None = None
    told: tuple[Role, ...] = ()
    also: tuple[Other, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    cites: tuple[Citation, ...] = ()
    reasons: tuple[Reason, ...] = ()
    confidence: Confidence | None = None
    basis_confidence: Confidence | None = None

    @property
    def is_known(self) -> bool:
        return self.authority is not None

    @property
    def asks(self) -> tuple[Reason, ...]:
        """Return the reasons that leave something to a person who knows more."""
        return tuple(reason for reason in self.reasons if reason.code in ASKS)

    @property
    def all_cites(self) -> tuple[Citation, ...]:
        """Return the citations of the decision and of everything around it, once each."""
        around = [cite for role in self.roles() for cite in role.cites]
        if self.team is not None:
            around += self.team.cites
        if self.council is not None:
            around += self.council.cites
        return distinct([*self.cites, *around])

    def roles(self) -> Iterator[Role]:
        """Yield every role of the answer, named or not known."""
        for role in (self.examiner, self.recommender, self.finder, self.objection, self.appeal, *self.told):
            if role is not None:
                yield role
        if self.team is not None:
            yield self.team.formed_by
        if self.council is not None:
            yield self.council.formed_by


REASONS: dict[str, tuple[str, ...]] = {
    # who decides
    "row_names": ("authority", "row"),
    "agency_rules": ("row",),
    "on_proposal": ("of",),
    "superior_decides_which": ("superior_level", "authority"),
    "row_of_superior_names_no_functional": ("superior_level", "authority"),
    "none_between": ("superior_level", "authority"),
    "goes_up": ("passed", "authority"),
    "goes_up_by_reading": ("passed", "authority"),
    "employment_assumed": ("employment",),
    "civil_servant_not_village": ("post",),
    "article_number_uncertain": ("row", "confidence"),
    "pjs_stands_in": ("authority",),
    # another office beside it
    "if_its_official_leads": ("authority", "row"),
    "dismissal_elsewhere": ("authority", "row"),
    "rows_overlap": ("authority", "row"),
    "other_is_conflicted": ("authority", "why"),
    "substitute": ("authority", "for"),
    "other_law": ("authority", "row"),
    # not known, or to be asked
    "day_not_covered": ("row", "from", "until"),
    "not_in_data": ("row",),
    "no_row": ("post_level", "agency_kind", "level"),
    "no_row_for_the_ppk": ("post_level",),
    "level_for_nobody": ("level", "employment"),
    "person_not_in_data": ("employment",),
    "outside": ("row",),
    "superior_level_needed": ("post_level",),
    "superior_not_in_data": ("superior_level",),
    "levels_below_needed": ("row",),
    "nobody_above": ("authority",),
    "capacity_not_given": ("authority",),
    "acting_limits_not_in_data": ("capacity", "authority"),
    "leave_not_in_data": ("authority", "leave"),
    "leave_of_a_day": ("authority",),
    "stand_in_not_in_data": ("authority",),
    "reshuffle_ban": ("authority",),
    "ethics_after_new_act": (),
    "ethics_for_pppk": (),
    "local_rules_not_traced": ("row",),
    # around it
    "direct_superior_examines": ("rule",),
    "higher_superior_examines": ("why", "rule"),
    "examiner_conflicted": ("why",),
    "examiner_not_in_data": ("part",),
    "team": ("need", "rule"),
    "team_formed_by": ("rule",),
    "team_former_passed_over": ("authority",),
    "council_formed_by": ("rule",),
    "council_former_not_in_data": (),
    "council_former_conflicted": ("of", "why"),
    "body_oversees": ("body", "from"),
    "body_disputed": ("body", "from", "until"),
    "no_body_known": ("power", "day"),
    "body_ended_no_other": ("body", "until", "due"),
    "body_refers": ("body",),
    "body_told": ("body", "power"),
    "superior_hears": ("rule", "authority"),
    "superior_of_ppk_not_in_data": ("authority",),
    "superior_conflicted": ("authority", "why"),
    "remedy_not_in_data": ("part",),
    "remedy_against_president_not_in_data": (),
    "no_decider": (),
    "appeal_board": ("rule",),
}
"""Every reason that an answer may give, and the names of the values in it."""

ASKS = frozenset({
    "rows_overlap", "no_row", "no_row_for_the_ppk", "level_for_nobody", "person_not_in_data", "not_in_data",
    "day_not_covered", "superior_level_needed", "superior_not_in_data", "levels_below_needed", "nobody_above",
    "capacity_not_given", "acting_limits_not_in_data", "leave_not_in_data", "leave_of_a_day", "stand_in_not_in_data",
    "reshuffle_ban", "ethics_for_pppk", "local_rules_not_traced", "goes_up_by_reading",
})  # fmt: skip
"""The reasons that leave something to a person who knows more than the rulebook."""


# --- the question, read ------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\s_-]+", " ", text.lower()).split())


_POSTS = {_plain(word): level for word, level in LEVEL_WORDS.items() if level}
_AGENCIES = {
    "central": AgencyKind.CENTRAL, "pusat": AgencyKind.CENTRAL, "province": AgencyKind.PROVINCE,
    "provinsi": AgencyKind.PROVINCE, "regency": AgencyKind.REGENCY, "kabupaten": AgencyKind.REGENCY,
    "city": AgencyKind.CITY, "kota": AgencyKind.CITY,
}  # fmt: skip
_HEADS = {
    "menteri": AgencyKind.CENTRAL, "minister": AgencyKind.CENTRAL, "gubernur": AgencyKind.PROVINCE,
    "governor": AgencyKind.PROVINCE, "bupati": AgencyKind.REGENCY, "regent": AgencyKind.REGENCY,
    "wali kota": AgencyKind.CITY, "walikota": AgencyKind.CITY, "mayor": AgencyKind.CITY,
}  # fmt: skip
_SECRETARY = re.compile(r"(?:(?:plt|plh|pjs|pj)(?: |\. ?))?(?:sekda|sekretaris daerah|regional secretary)\b")

_FIRST, _EXAMINER, _GOVERNOR, _HOME_AFFAIRS = "first", "examiner", "governor", "home-affairs"
_PLACES = {
    "": _FIRST, "first": _FIRST, "examiner": _EXAMINER, "pemeriksa": _EXAMINER, "atasan langsung": _EXAMINER,
    "direct superior": _EXAMINER, "mendagri": _HOME_AFFAIRS, "menteri dalam negeri": _HOME_AFFAIRS,
    "home affairs": _HOME_AFFAIRS,
}  # fmt: skip
_NO_OFFICE = (Seat.HIGHER, Seat.OUTSIDE, Seat.NOT_KNOWN)


def post_level(word: str) -> str:
    """Return the post level (roster.Level) that a word stands for. Raises ValueUnknown.

    What a post is called says nothing of its level here: the facts do not tell that of a camat or a lurah.

    >>> post_level("JPT Pratama"), post_level("jf-ahli-madya")
    ('jpt_pratama', 'jf_ahli_madya')
    """
    if (level := _POSTS.get(_plain(word))) is None:
        raise ValueUnknown("post_level", word[:60], tuple(Level))
    return level


def agency_kind(word: str) -> AgencyKind:
    """Return the kind of agency that a word stands for. Raises ValueUnknown."""
    if (kind := _AGENCIES.get(_plain(word))) is None:
        raise ValueUnknown("agency_kind", word[:60], tuple(AgencyKind))
    return kind


_TEXTS = ("post_level", "agency_kind", "employment", "post", "superior_level")
_CLAIMS = ("appointed_by_president", "is_ppk", "at_mission")
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
    _only(person, (*_TEXTS, *_CLAIMS, "levels_below", "region"))
    levels_below = person.get("levels_below")
    if levels_below is not None and type(levels_below) is not int:
        raise ValueUnknown("levels_below", str(levels_below)[:60], ("1", "2"))
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
        levels_below=levels_below,
        holders=tuple(_holder_of(each) for each in _list(values, "holders")),
        conflicts=tuple(_conflict_of(each) for each in _list(values, "conflicts")),
        reshuffle_ban=_claim(values, "reshuffle_ban"),
    )


def _only(values: Mapping[str, object], known: Sequence[str]) -> None:
    for name in values:
        if name not in known:
            raise UnknownField(str(name)[:60])


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueUnknown(name, str(value)[:60], ("text",))
    return value


def _claim(values: Mapping[str, object], name: str) -> bool:
    value = values.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise ValueUnknown(name, str(value)[:60], ("true", "false"))
    return value


def _list(values: Mapping[str, object], name: str) -> Sequence[object]:
    value = values.get(name)
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise ValueUnknown(name, str(value)[:60], ("a list",))
    return value


def _conflict_of(value: object) -> Conflict:
    if isinstance(value, str):
        return Conflict(value)
    if not isinstance(value, Mapping):
        raise ValueUnknown("conflicts", str(value)[:60], CONFLICTS)
    _only(value, ("authority", "why", "capacity"))
    return Conflict(_text(value, "why"), _text(value, "authority"), _text(value, "capacity"))


def _holder_of(value: object) -> Holder:
    if not isinstance(value, Mapping):
        raise ValueUnknown("holders", str(value)[:60], ("keys with values",))
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
            raise ValueUnknown("until", str(value["until"])[:60], ("a day (2024-11-27)",))
    return Holder(**texts, vacant=_claim(value, "vacant"), candidate=_claim(value, "candidate"), until_on=until)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A conflict or a holder, and the office (or other place) it is about."""

    place: str
    conflict: Conflict | None = None
    holder: Holder | None = None

    def is_about(self, seat: Seat, *, is_first: bool, is_superior: bool) -> bool:
        """Say whether it concerns an office: the one that was asked first, or that of the direct superior, among them."""
        if self.place == _FIRST:
            return is_first
        if self.place == _EXAMINER:
            return is_superior
        heads = (Seat.PPK, Seat.REGIONAL_HEAD)
        return self.place == seat or (self.place in heads and seat in heads)


@dataclass(frozen=True, slots=True)
class _Case:
    """A question whose words were understood."""

    question: Question
    day: date
    level: str
    post: str
    superior: str
    kind: AgencyKind | None
    classes: frozenset[str]
    assumed: bool
    conflicts: tuple[_Placed, ...]
    holders: tuple[_Placed, ...]

    @property
    def employment(self) -> str:
        return self.question.employment or ("pns" if self.assumed else self.question.post)

    @property
    def stands_on_ladder(self) -> bool:
        return self.post in LADDER

    def is_led_by(self, seat: Seat) -> bool:
        """Say whether an office is that of the direct superior: as told, or else one rung further up the ladder."""
        if seat not in POST_OF:
            return False
        if self.superior or not self.stands_on_ladder:
            return POST_OF[seat] == self.superior
        return LADDER.index(Level(self.post)) - LADDER.index(POST_OF[seat]) == 1

    @property
    def is_secretary(self) -> bool:
        return _SECRETARY.match(_plain(self.question.post)) is not None

    def circumstance(self, when: str) -> bool:
        asked = self.question
        return {
            "ppk": asked.is_ppk,
            "appointed-by-president": asked.appointed_by_president,
            "at-mission": asked.at_mission,
        }[when]


def _read(book: AuthorityBook, question: Question) -> _Case:
    if question.level not in LEVELS:
        raise ValueUnknown("level", question.level[:60], LEVELS)
    if question.dismissal and question.level in ("light", "moderate", "moral", "moral-plus"):
        raise ValueUnknown("dismissal", "true", ("false",))
    kind = agency_kind(question.agency_kind) if question.agency_kind else None
    if kind is None and question.at_mission:
        kind = AgencyKind.CENTRAL
    classes = persons.classes_of(question.employment or "none", question.post)
    assumed = not question.employment and not (classes - {"none"})
    if assumed:
        classes = persons.classes_of("pns", question.post)
    if classes == frozenset({"asn"}):
        raise FactMissing("employment")  # PNS and PPPK have different authorities
    if question.superior_level and _plain(question.superior_level) not in _POSTS:
        raise ValueUnknown("superior_level", question.superior_level[:60], tuple(Level))
    conflicts = []
    for each in question.conflicts:
        conflict = Conflict(each) if isinstance(each, str) else each
        if conflict.why not in CONFLICTS:
            raise ValueUnknown("conflicts", conflict.why[:60], CONFLICTS)
        _check_capacity(conflict.capacity)
        conflicts.append(_Placed(_place(book, conflict.authority, kind), conflict=conflict))
    holders = []
    for holder in question.holders:
        _check_capacity(holder.capacity)
        if holder.leave and holder.leave not in tuple(Leave):
            raise ValueUnknown("leave", holder.leave[:60], tuple(Leave))
        holders.append(_Placed(_place(book, holder.authority, kind), holder=holder))
    return _Case(
        question=question,
        day=question.day,
        level=question.level,
        post=post_level(question.post_level) if question.post_level else "",
        superior=post_level(question.superior_level) if question.superior_level else "",
        kind=kind,
        classes=classes,
        assumed=assumed,
        conflicts=tuple(conflicts),
        holders=tuple(holders),
    )


def _check_capacity(word: str) -> None:
    if word and word not in tuple(Capacity):
        raise ValueUnknown("capacity", word[:60], tuple(Capacity))


def _place(book: AuthorityBook, word: str, kind: AgencyKind | None) -> str:
    """Return the seat (or other place) that a word names: an office by its name or its row, `Bupati`, the examiner.

    Raises ValueUnknown: a conflict about somebody who is not understood must not be lost.
    """
    plain = _plain(word)
    if plain in _PLACES:
        return _PLACES[plain]
    if plain in _HEADS:
        if kind in (None, _HEADS[plain]):
            return Seat.PPK
        if _HEADS[plain] is AgencyKind.PROVINCE and kind in (AgencyKind.REGENCY, AgencyKind.CITY):
            return _GOVERNOR
    for row in book.authorities.values():
        names = (row.seat, row.id, row.label.id, row.label.en)
        if row.seat not in _NO_OFFICE and plain in (_plain(name) for name in names):
            return row.seat
    known = dict.fromkeys(row.label.id for row in book.authorities.values() if row.seat not in _NO_OFFICE)
    raise ValueUnknown("authority", word[:60], tuple(known))


# --- which rows speak --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Match:
    row: Authority
    power: Power


def _speaks_of(row: Authority, case: _Case) -> bool:
    return "any" in row.who or bool(row.who & case.classes)


def _names_level(power: Power, level: str) -> bool:
    return level in power.levels or ("any" in power.levels and level != "criminal")


def _names_post(match: _Match, case: _Case) -> bool:
    power, row = match.power, match.row
    if power.posts and case.post not in power.posts:
        return False
    if power.below is None:
        return True
    if row.seat is Seat.HEAD_OF_MISSION:
        return case.question.levels_below == power.below
    return case.stands_on_ladder and LADDER.index(Level(case.post)) - LADDER.index(POST_OF[row.seat]) == power.below


def _candidates(book: AuthorityBook, case: _Case, *, any_day: bool = False) -> list[_Match]:
    """Return what speaks of such a person and level: on the day, or on any."""
    return [
        _Match(row, power)
        for row in book.authorities.values()
        if (any_day or row.in_force.holds(case.day)) and _speaks_of(row, case)
        for power in row.powers
        if _names_level(power, case.level)
    ]


def _matches(candidates: Iterable[_Match], case: _Case, dismissal: bool) -> list[_Match]:
    """Return what names this person, one match a row, from the lowest office up.

    A power that asks for a circumstance goes before those that ask for none. The PPK does not decide on himself.
    """
    found: dict[str, _Match] = {}
    for match in candidates:
        row, power = match.row, match.power
        if power.when and not case.circumstance(power.when):
            continue
        if case.level == "severe" and power.dismissal == ("excluded" if dismissal else "only"):
            continue
        if case.question.is_ppk and row.seat in (*UPWARD, Seat.HEAD_OF_MISSION):
            continue
        if (case.kind is None or case.kind in row.agencies) and _names_post(match, case):
            found.setdefault(row.id, match)
    matches = list(found.values())
    special = [match for match in matches if match.power.when]
    return sorted(special or matches, key=lambda match: RANK.get(match.row.seat, len(RANK)))


# --- the answer --------------------------------------------------------------------------------------------------


def resolve(book: AuthorityBook, question: Question) -> Answer:
    """Say who decides, and who stands around the decision, with reasons, citations and confidence.

    Raises ValueUnknown (level, post_level, agency_kind, conflicts, …), PersonUnknown, and FactMissing where a fact that
    tells the authority was not given (post_level, agency_kind, employment). What the data do not hold is an answer
    without an authority. Source: pp-94-2021 Pasal 16-24; sanctions that are not on its list: their own rows.
    """
    case = _read(book, question)
    candidates = _candidates(book, case)
    if not candidates:
        return _not_covered(book, case)
    parts = list(dict.fromkeys(match.row.part for match in candidates))
    first, *others = (_of_part(book, case, part, [m for m in candidates if m.row.part is part]) for part in parts)
    for other in others:
        if other.authority is None or other.row is None:
            continue
        row = book.authorities[other.row]
        about = Reason("other_law", (("authority", other.authority), ("row", other.row)))
        also = Other(other.authority, other.row, about, row.cites, row.confidence, row.basis_confidence)
        first = replace(first, also=(*first.also, also), reasons=(*first.reasons, about))
    return first


def _not_covered(book: AuthorityBook, case: _Case) -> Answer:
    """Answer where no row speaks on the day: a day that the data do not cover, or a person or level nobody names."""
    rows = [match.row for match in _candidates(book, case, any_day=True)]
    if rows:
        row = min(rows, key=lambda each: _distance(each.in_force, case.day))
        values = (("row", row.id), ("from", _iso(row.in_force.from_on)), ("until", _iso(row.in_force.until_on)))
        return _unknown(book, case, row.part, [Reason("day_not_covered", values)], row.cites)
    known = any(_speaks_of(row, case) and "any" not in row.who for row in book.authorities.values())
    reason = (
        Reason("level_for_nobody", (("level", case.level), ("employment", case.employment)))
        if known
        else Reason("person_not_in_data", (("employment", case.employment),))
    )
    return _unknown(book, case, None, [reason], book.authority_rules["seven-authorities"].cites)


def _distance(in_force: InForce, day: date) -> int:
    if in_force.from_on is not None and day < in_force.from_on:
        return (in_force.from_on - day).days
    return (day - in_force.until_on).days if in_force.until_on is not None else 0


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _of_part(book: AuthorityBook, case: _Case, part: Part, candidates: Sequence[_Match]) -> Answer:
    """Answer by the rows of one law."""
    only = candidates[0].row
    if only.seat in (Seat.OUTSIDE, Seat.NOT_KNOWN):
        code = "outside" if only.seat is Seat.OUTSIDE else "not_in_data"
        told = _tell(book, case, only.told)
        about = [Reason(code, (("row", only.id),)), *(role.reason for role in told)]
        return replace(_unknown(book, case, part, about, only.cites), told=told)
    if not case.post and any(m.power.posts or (m.power.below and not m.power.when) for m in candidates):
        raise FactMissing("post_level")
    mission = next((m.row for m in candidates if m.power.when == "at-mission"), None)
    if mission is not None and case.question.at_mission and case.question.levels_below is None:
        return _unknown(book, case, part, [Reason("levels_below_needed", (("row", mission.id),))], mission.cites)

    dismissal = case.question.dismissal
    matches = _matches(candidates, case, dismissal is True)
    ended = _matches(candidates, case, True) if case.level == "severe" and dismissal is None else []
    if case.kind is None and any(m.row.seat in (*UPWARD, Seat.HEAD_OF_MISSION) for m in matches):
        raise FactMissing("agency_kind")
    also = []
    if ended and (not matches or ended[0].row.seat is not matches[0].row.seat):
        # Of this post the severe sanctions are divided: a dismissal is for another office.
        also.append(_other(book, case, ended[0].row, "dismissal_elsewhere"))
    if not matches:
        reason = _no_row(case)
        cites = book.authority_rules["seven-authorities"].cites if part is Part.DISCIPLINE else only.cites
        return _with_others(book, case, _unknown(book, case, part, [reason], cites), also)
    if not case.stands_on_ladder and sum(m.row.seat in POST_OF for m in matches) > 1:
        chosen = _by_superior(book, case, matches)
        if isinstance(chosen, Reason):
            rows = [_other(book, case, m.row, "if_its_official_leads") for m in matches]
            of_rows = [cite for m in matches for cite in m.row.cites]
            return _with_others(book, case, _unknown(book, case, part, [chosen], of_rows), rows)
    else:
        chosen = _Start(matches[0].row, matches[0].row.seat, ())
    return _decide(book, case, part, matches, chosen, also)


def _no_row(case: _Case) -> Reason:
    if case.question.is_ppk:
        return Reason("no_row_for_the_ppk", (("post_level", case.post),))
    kind = case.kind.value if case.kind else ""
    return Reason("no_row", (("post_level", case.post), ("agency_kind", kind), ("level", case.level)))


@dataclass(frozen=True, slots=True)
class _Start:
    """The row that names somebody, the seat to begin with (its own, or one further up), and why this one."""

    row: Authority
    seat: Seat
    reasons: tuple[Reason, ...]


def _by_superior(book: AuthorityBook, case: _Case, matches: Sequence[_Match]) -> _Start | Reason:
    """Choose, for a functional post, the row of the official who leads its holder; a Reason where that is not known."""
    if not case.superior:
        return Reason("superior_level_needed", (("post_level", case.post),))
    rows = [match.row for match in matches if match.row.seat in POST_OF]
    for row in rows:
        if POST_OF[row.seat] == case.superior:
            return _led_by(book, case, row, row.seat, "superior_decides_which")
    if case.superior == Level.PENGAWAS:
        return _led_by(book, case, rows[0], rows[0].seat, "row_of_superior_names_no_functional")
    if case.superior == Level.JPT_MADYA and case.kind in (AgencyKind.CENTRAL, AgencyKind.PROVINCE):
        # Between them stands nobody whom a row names: as where that office is vacant, the power is one level up.
        return _led_by(book, case, rows[-1], Seat.JPT_MADYA, "none_between")
    return Reason("superior_not_in_data", (("superior_level", case.superior),))


def _led_by(book: AuthorityBook, case: _Case, row: Authority, seat: Seat, code: str) -> _Start:
    values = (("superior_level", case.superior), ("authority", _seat_name(book, case, seat).id))
    return _Start(row, seat, (Reason(code, values),))


@dataclass(frozen=True, slots=True)
class _Climb:
    """The way up from the office that a row names: where it ended, what was found there, and what was passed over.

    Where nobody there may decide, `seat` is the last office that was asked. `by_reading`: the way led past a conflict.
    """

    seat: Seat
    found: "_Look"
    passed: tuple[PassedOver, ...]
    cites: tuple[Citation, ...]
    by_reading: bool
    first_is_vacant: bool


def _climb(book: AuthorityBook, case: _Case, start: _Start) -> _Climb:
    """Go up from an office until somebody may decide, or the facts know nobody further up."""
    seat = start.seat
    found = _look(book, case, seat, is_first=True)
    passed, cites = list(found.passed), list(found.cites)
    first_is_vacant = not found.decides and all(each.why in ("vacant", "term_ended") for each in found.passed)
    by_reading = False
    while not found.decides and (above := _above(book, case, seat)) is not None:
        by_reading |= any(each.why in CONFLICTS for each in found.passed)
        seat = above
        found = _look(book, case, seat, is_first=False)
        passed += found.passed
        cites += found.cites
    return _Climb(seat, found, tuple(passed), tuple(cites), by_reading, first_is_vacant)


def _decide(
    book: AuthorityBook, case: _Case, part: Part, matches: Sequence[_Match], start: _Start, also: Sequence[Other]
) -> Answer:
    """Name the office that decides and all around it, beginning at the one that a row names."""
    climb = _climb(book, case, start)
    others = list(also)
    if climb.first_is_vacant and start.row.substitute is not None and case.level == "light":
        others.append(_substitute(start.row))
    first = _name(book, case, start.row).id
    reasons = [*_about_person(case), Reason("row_names", (("authority", first), ("row", start.row.id))), *start.reasons]
    if part is Part.PPPK:
        reasons.append(Reason("agency_rules", (("row", start.row.id),)))
    if not climb.found.decides:
        return _dead_end(book, case, part, climb, start, reasons, others)

    own = next((match.row for match in matches if match.row.seat is climb.seat), None)
    row = own or book.authorities[VACANT_ROW]
    name = _seat_name(book, case, climb.seat) if own is None else _name(book, case, own)
    cites = [*row.cites, *start.row.cites, *climb.cites]
    confidence = [climb.found.confidence, row.confidence]
    if own is None:
        confidence.append(start.row.confidence)
    if climb.seat is not start.seat:
        by_reading = climb.by_reading and own is None
        passed = (("passed", _seat_name(book, case, start.seat).id), ("authority", name.id))
        reasons.append(Reason("goes_up_by_reading" if by_reading else "goes_up", passed))
        if by_reading:
            rule = book.authority_rules["conflict-goes-up"]
            confidence.append(rule.confidence)
            cites += rule.cites
    for other in _overlapping(book, case, climb.seat, matches):
        if (why := _why_not(book, case, book.authorities[other.row].seat)) is None:
            # Two rows name an office each, and the facts do not say which goes before.
            others.append(other)
            confidence.append(Confidence.UNCERTAIN)
            cites += other.cites
        else:
            reasons.append(Reason("other_is_conflicted", (("authority", other.authority), ("why", why))))
    basis = row.basis_confidence
    if basis is not Confidence.CONFIRMED:
        reasons.append(Reason("article_number_uncertain", (("row", row.id), ("confidence", basis.value))))
    if row.on_proposal_of is not None:
        reasons.append(Reason("on_proposal", (("of", row.on_proposal_of.id),)))
    extra, extra_cites, doubt = _around(book, case, part, climb.seat, start.row)
    answer = Answer(
        authority=name.id,
        label=name,
        row=row.id,
        seat=climb.seat,
        office=_office(case, climb.seat),
        capacity=climb.found.capacity,
        passed_over=climb.passed,
        cites=distinct([*cites, *extra_cites]),
        reasons=(*reasons, *climb.found.reasons, *extra),
        confidence=_worst([*confidence, *doubt]),
        basis_confidence=basis,
    )
    return _with_roles(book, case, part, _with_others(book, case, answer, others), start)


def _worst(found: Iterable[Confidence]) -> Confidence:
    return max(found, key=lambda each: each.rank)


def _about_person(case: _Case) -> list[Reason]:
    reasons = [Reason("employment_assumed", (("employment", "pns"),))] if case.assumed else []
    if named := sorted(case.classes & {"lurah", "camat"}):
        reasons.append(Reason("civil_servant_not_village", (("post", named[0]),)))
    return reasons


def _unknown(
    book: AuthorityBook, case: _Case, part: Part | None, reasons: Sequence[Reason], cites: Sequence[Citation]
) -> Answer:
    """Make the answer that no authority is known."""
    answer = Answer(cites=distinct(cites), reasons=(*_about_person(case), *reasons))
    return answer if part is None else _with_roles(book, case, part, answer, None)


def _dead_end(
    book: AuthorityBook,
    case: _Case,
    part: Part,
    climb: _Climb,
    start: _Start,
    reasons: Sequence[Reason],
    others: Sequence[Other],
) -> Answer:
    """Answer where the last office that the law knows was passed over: nobody is made up; who must be told is named."""
    cites = [*start.row.cites, *climb.cites]
    told: tuple[Role, ...] = ()
    if climb.seat is Seat.PPK:
        told = _tell(book, case, ("reprimand", "control"))
        rule = book.authority_rules["ppk-regional-head-not-pns"]
        if case.kind is not AgencyKind.CENTRAL and rule.in_force.holds(case.day):
            cites += rule.cites
    end = Reason("nobody_above", (("authority", _seat_name(book, case, climb.seat).id),))
    answer = Answer(
        told=told,
        passed_over=climb.passed,
        cites=distinct(cites),
        reasons=(*reasons, end, *(role.reason for role in told)),
    )
    return _with_roles(book, case, part, _with_others(book, case, answer, others), start)


# --- offices, their holders, and the next one up -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """What is found at an office on the day: whether somebody there may decide, in which capacity, and who may not."""

    decides: bool
    capacity: str | None = None
    passed: tuple[PassedOver, ...] = ()
    reasons: tuple[Reason, ...] = ()
    cites: tuple[Citation, ...] = ()
    confidence: Confidence = Confidence.CONFIRMED


def _look(book: AuthorityBook, case: _Case, seat: Seat, *, is_first: bool) -> _Look:
    name = _seat_name(book, case, seat).id
    is_superior = case.is_led_by(seat)
    conflicts = [
        each.conflict
        for each in case.conflicts
        if each.conflict and each.is_about(seat, is_first=is_first, is_superior=is_superior)
    ]
    holders = [
        each.holder
        for each in case.holders
        if each.holder and each.is_about(seat, is_first=is_first, is_superior=is_superior)
    ]
    capacities = {holder.capacity for holder in holders}
    whole = [each for each in conflicts if not each.capacity or each.capacity not in capacities]
    if whole:
        return _Look(False, passed=tuple(PassedOver(name, seat, each.why, each.capacity or None) for each in whole))
    if not holders:
        is_held = (seat in RANK and seat is not Seat.PRESIDENT) or seat is Seat.REGIONAL_HEAD
        return _Look(True, reasons=(Reason("capacity_not_given", (("authority", name),)),) if is_held else ())
    passed: list[PassedOver] = []
    for holder in holders:
        whys = _why_holder_not(case, seat, holder, holders, conflicts)
        if not whys:
            return _held(book, case, seat, holder, passed)
        passed += [PassedOver(name, seat, why, holder.capacity or None) for why in whys]
    if any(each.why == "campaign_leave" for each in passed) and not capacities - {"", Capacity.DEFINITIVE}:
        return _stand_in(book, case, seat, passed)
    return _Look(False, passed=tuple(passed))


def _heads_region(case: _Case, seat: Seat) -> bool:
    return seat in (Seat.PPK, Seat.REGIONAL_HEAD) and case.kind is not AgencyKind.CENTRAL


def _why_holder_not(
    case: _Case, seat: Seat, holder: Holder, holders: Sequence[Holder], conflicts: Sequence[Conflict]
) -> list[str]:
    """Return why somebody in an office does not decide; nothing where he may."""
    if holder.vacant:
        return ["vacant"]
    if holder.has_ended(case.day):
        return ["term_ended"]
    whys = [each.why for each in conflicts if each.capacity == holder.capacity]
    if holder.candidate:
        whys.append("candidate")
    if _heads_region(case, seat):
        if holder.leave == Leave.CAMPAIGN:
            whys.append("campaign_leave")
        incumbent_is_back = any(
            each.capacity == Capacity.DEFINITIVE
            and each.leave != Leave.CAMPAIGN
            and not each.vacant
            and not each.has_ended(case.day)
            for each in holders
        )
        if holder.capacity == Capacity.PJS and incumbent_is_back:
            whys.append("leave_ended")
    return list(dict.fromkeys(whys))


def _held(book: AuthorityBook, case: _Case, seat: Seat, holder: Holder, passed: Sequence[PassedOver]) -> _Look:
    """Say what is known of an office whose holder has no conflict: in which capacity, and with which open questions."""
    name = _seat_name(book, case, seat).id
    reasons: list[Reason] = []
    cites: list[Citation] = []
    confidence = Confidence.CONFIRMED
    if not holder.capacity:
        reasons.append(Reason("capacity_not_given", (("authority", name),)))
    elif holder.capacity != Capacity.DEFINITIVE:
        rule = book.authority_rules["pjs-stands-in"]
        if holder.capacity == Capacity.PJS and _heads_region(case, seat) and rule.in_force.holds(case.day):
            reasons.append(Reason("pjs_stands_in", (("authority", name),)))
            cites += rule.cites
        values = (("capacity", holder.capacity), ("authority", name))
        reasons.append(Reason("acting_limits_not_in_data", values))
        confidence = Confidence.UNCERTAIN
    if holder.leave:
        rule = book.authority_rules["leave-of-heads-not-running"]
        if holder.leave == Leave.CAMPAIGN_DAY and _heads_region(case, seat) and rule.in_force.holds(case.day):
            reasons.append(Reason("leave_of_a_day", (("authority", name),)))
            cites += rule.cites
        else:
            reasons.append(Reason("leave_not_in_data", (("authority", name), ("leave", holder.leave))))
        confidence = Confidence.UNCERTAIN
    return _Look(True, holder.capacity or None, tuple(passed), tuple(reasons), tuple(cites), confidence)


def _stand_in(book: AuthorityBook, case: _Case, seat: Seat, passed: Sequence[PassedOver]) -> _Look:
    """Say who sits where a head of region is on campaign leave and nobody was named to stand in."""
    name = _seat_name(book, case, seat).id
    leave, rule = book.authority_rules["incumbent-on-campaign-leave"], book.authority_rules["pjs-stands-in"]
    cites = leave.cites if leave.in_force.holds(case.day) else ()
    if not rule.in_force.holds(case.day):
        reasons = (Reason("stand_in_not_in_data", (("authority", name),)),)
        return _Look(True, None, tuple(passed), reasons, cites, Confidence.UNCERTAIN)
    limits = (("capacity", Capacity.PJS.value), ("authority", name))
    stands = (Reason("pjs_stands_in", (("authority", name),)), Reason("acting_limits_not_in_data", limits))
    return _Look(True, Capacity.PJS, tuple(passed), stands, (*cites, *rule.cites), Confidence.UNCERTAIN)


def _why_not(book: AuthorityBook, case: _Case, seat: Seat) -> str | None:
    """Return why an office that was not asked first may not act in the matter; None where it may."""
    look = _look(book, case, seat, is_first=False)
    return None if look.decides else look.passed[0].why


def _above(book: AuthorityBook, case: _Case, seat: Seat) -> Seat | None:
    """Return the next office up in that kind of agency; None above the PPK, where the facts know none."""
    if seat is Seat.HEAD_OF_MISSION:
        return Seat.PPK
    if seat not in UPWARD or case.kind is None:
        return None
    there = {row.seat for row in book.authorities.values() if row.part is Part.DISCIPLINE and case.kind in row.agencies}
    return next((each for each in UPWARD[UPWARD.index(seat) + 1 :] if each in there), None)


def _name(book: AuthorityBook, case: _Case, row: Authority) -> Label:
    """Return the name of a row's office; of the PPK, the one by which the matrix calls it in that kind of agency."""
    return _seat_name(book, case, row.seat) if row.seat is Seat.PPK else row.label


def _seat_name(book: AuthorityBook, case: _Case, seat: Seat) -> Label:
    rows = [row for row in book.authorities.values() if row.seat is seat]
    return next((row.label for row in rows if case.kind is None or case.kind in row.agencies), rows[0].label)


def _office(case: _Case, seat: Seat) -> Label | None:
    return OFFICES.get(case.kind) if case.kind and seat in (Seat.PPK, Seat.REGIONAL_HEAD) else None


# --- other offices beside it ---------------------------------------------------------------------------------------


def _other(book: AuthorityBook, case: _Case, row: Authority, code: str) -> Other:
    name = _name(book, case, row).id
    reason = Reason(code, (("authority", name), ("row", row.id)))
    return Other(name, row.id, reason, row.cites, row.confidence, row.basis_confidence)


def _overlapping(book: AuthorityBook, case: _Case, seat: Seat, matches: Sequence[_Match]) -> list[Other]:
    """Return the offices further up that a row of their own names for the same case."""
    if not case.stands_on_ladder:
        return []
    above = [match.row for match in matches if RANK.get(match.row.seat, 0) > RANK.get(seat, 0)]
    return [_other(book, case, row, "rows_overlap") for row in above]


def _substitute(row: Authority) -> Other:
    assert row.substitute is not None
    about = Reason("substitute", (("authority", row.substitute.id), ("for", row.label.id)))
    return Other(row.substitute.id, row.id, about, row.cites, row.confidence, row.basis_confidence)


def _with_others(book: AuthorityBook, case: _Case, answer: Answer, others: Sequence[Other]) -> Answer:
    """Add other offices with their reasons, but none that may not act in the matter."""
    free = [
        each
        for each in others
        if each.reason.code == "substitute" or _why_not(book, case, book.authorities[each.row].seat) is None
    ]
    reasons = (*answer.reasons, *(each.reason for each in free))
    return replace(answer, also=tuple(free), reasons=tuple(dict.fromkeys(reasons)))


# --- what stands around a decision ---------------------------------------------------------------------------------


def _around(
    book: AuthorityBook, case: _Case, part: Part, seat: Seat, row: Authority
) -> tuple[list[Reason], list[Citation], list[Confidence]]:
    """Return what else must be looked at, with its citations and what it takes from the confidence."""
    reasons: list[Reason] = []
    cites: list[Citation] = []
    doubt: list[Confidence] = []
    ban = book.authority_rules["reshuffle-ban"]
    # The ban is on replacing senior officials, administrators, supervisors, and functionals with an extra duty.
    moves = case.level == "severe" and case.question.dismissal is not True and case.post != Level.PELAKSANA
    moves = moves and part is Part.DISCIPLINE
    if case.question.reshuffle_ban and moves and _heads_region(case, seat) and ban.in_force.holds(case.day):
        reasons.append(Reason("reshuffle_ban", (("authority", _seat_name(book, case, seat).id),)))
        cites += ban.cites
    if part is Part.ETHICS:
        if book.authority_rules["ethics-after-new-act"].in_force.holds(case.day):
            reasons.append(Reason("ethics_after_new_act"))
        if "pppk" in case.classes:
            reasons.append(Reason("ethics_for_pppk"))
            doubt.append(Confidence.UNCERTAIN)
    if part is Part.VILLAGE and case.classes & {"keuchik", "wali-nagari"}:
        reasons.append(Reason("local_rules_not_traced", (("row", row.id),)))
    return reasons, cites, doubt


_OF_CIVIL_SERVANTS = (Part.DISCIPLINE, Part.STATUS, Part.ETHICS, Part.PPPK)


def _with_roles(book: AuthorityBook, case: _Case, part: Part, answer: Answer, start: _Start | None) -> Answer:
    """Add who examines, recommends, and hears what is brought against the decision."""
    if part not in _OF_CIVIL_SERVANTS:
        remedy = Role(None, Reason("remedy_not_in_data", (("part", part.value),)))
        return replace(answer, objection=remedy if part in (Part.CONTRACT, Part.VILLAGE) else None)
    examiner = _examiner(book, case, part, answer, start)
    objection, appeal = _remedies(book, case, part, answer)
    return replace(
        answer,
        examiner=examiner,
        team=_team(book, case, part, answer, examiner),
        council=_council(book, case) if part is Part.ETHICS else None,
        recommender=_overseer(book, case.day),
        finder=_finder(book, case.day),
        objection=objection,
        appeal=appeal,
    )


_TEAM_RULES = {"light": "team-light-none", "moderate": "team-moderate-optional", "severe": "team-severe-mandatory"}
_NEEDS = {"light": Need.NONE, "moderate": Need.OPTIONAL, "severe": Need.MANDATORY}
_SUPERIOR = Label("Atasan langsung", "Direct superior")
_HIGHER_SUPERIOR = Label("Atasan yang lebih tinggi", "The next higher superior")
_TEAM_MEMBERS = (Label("Unsur pengawasan", "Oversight unit"), Label("Unsur kepegawaian", "Personnel unit"))


def _examiner(book: AuthorityBook, case: _Case, part: Part, answer: Answer, start: _Start | None) -> Role:
    """Return the direct superior, or the next higher one where that superior is involved in the matter."""
    name = _TEAM_RULES.get(case.level)
    rule = book.authority_rules[name] if name else None
    if part not in (Part.DISCIPLINE, Part.PPPK) or rule is None or not rule.in_force.holds(case.day):
        return Role(None, Reason("examiner_not_in_data", (("part", part.value),)))
    why = _why_examiner_not(case, answer, start)
    if not why:
        return Role(_SUPERIOR, Reason("direct_superior_examines", (("rule", rule.id),)), rule.cites, rule.confidence)
    involved = book.authority_rules["team-superior-involved"]
    if not involved.in_force.holds(case.day):
        return Role(None, Reason("examiner_conflicted", (("why", why),)), rule.cites)
    reason = Reason("higher_superior_examines", (("why", why), ("rule", involved.id)))
    return Role(_HIGHER_SUPERIOR, reason, (*rule.cites, *involved.cites), involved.confidence)


def _why_examiner_not(case: _Case, answer: Answer, start: _Start | None) -> str:
    """Return why the direct superior may not examine: told so, or the very office that a conflict passed over."""
    for each in case.conflicts:
        if each.conflict and each.place == _EXAMINER:
            return each.conflict.why
    if start is None or not case.is_led_by(start.seat):
        return ""
    return next((each.why for each in answer.passed_over if each.seat is start.seat and each.why in CONFLICTS), "")


def _team(book: AuthorityBook, case: _Case, part: Part, answer: Answer, examiner: Role) -> Team | None:
    """Return the team, of which whoever examines is a member; None where the rules around it say nothing."""
    name = _TEAM_RULES.get(case.level)
    if part not in (Part.DISCIPLINE, Part.PPPK) or name is None:
        return None
    rule, composition, rank = (book.authority_rules[each] for each in (name, "team-composition", "team-rank"))
    if not rule.in_force.holds(case.day):
        return None
    need = _NEEDS[case.level]
    reason = Reason("team", (("need", need.value), ("rule", rule.id)))
    if need is Need.NONE:
        nobody = Role(None, reason, rule.cites, rule.confidence)
        return Team(need, (), nobody, reason, rule.cites, rule.confidence)
    former = Role(
        Label("PPK atau pejabat yang ditunjuk", "The PPK or a designated official"),
        Reason("team_formed_by", (("rule", composition.id),)),
        composition.cites,
        composition.confidence,
    )
    blocked = answer.seat is None and any(each.seat is Seat.PPK for each in answer.passed_over)
    if blocked or _why_not(book, case, Seat.PPK) is not None:
        # The one who forms the team is out of it, and who forms it instead is not among the facts.
        values = (("authority", _seat_name(book, case, Seat.PPK).id),)
        former = Role(None, Reason("team_former_passed_over", values), composition.cites)
    cites = (*rule.cites, *composition.cites, *(rank.cites if rank.in_force.holds(case.day) else ()))
    members = _TEAM_MEMBERS if examiner.name is None else (examiner.name, *_TEAM_MEMBERS)
    return Team(need, members, former, reason, distinct(cites), rule.confidence)


def _council(book: AuthorityBook, case: _Case) -> Council:
    """Return the ethics council; who forms it is known for regional secretaries alone."""
    council, rule = book.authority_rules["ethics-council"], book.authority_rules["sekda-ethics-council"]
    formed_by = Role(None, Reason("council_former_not_in_data"))
    if case.is_secretary and case.kind not in (None, AgencyKind.CENTRAL) and rule.in_force.holds(case.day):
        place, label = (
            (_HOME_AFFAIRS, Label("Menteri Dalam Negeri", "Minister of Home Affairs"))
            if case.kind is AgencyKind.PROVINCE
            else (_GOVERNOR, Label("Gubernur", "Governor"))
        )
        reason = Reason("council_formed_by", (("rule", rule.id),))
        formed_by = Role(label, reason, rule.cites, rule.confidence)
        for each in case.conflicts:
            if each.conflict and each.place == place:
                values = (("of", label.id), ("why", each.conflict.why))
                formed_by = Role(None, Reason("council_former_conflicted", values), rule.cites)
    return Council(Label("Majelis Kode Etik", "Ethics council"), formed_by, council.cites, council.confidence)


def _remedies(book: AuthorityBook, case: _Case, part: Part, answer: Answer) -> tuple[Role | None, Role | None]:
    """Return who hears an objection, and the appeal board where the service or the contract ends; None: does not arise."""
    if part is Part.ETHICS:
        return Role(None, Reason("remedy_not_in_data", (("part", part.value),))), None
    ends = _ends_service(case)
    return (
        None if ends is True else _objection(book, case, part, answer),
        None if ends is False else _appeal(book, case, part, answer),
    )


def _ends_service(case: _Case) -> bool | None:
    """Say whether the sanction ends the service or the contract; None: its level alone does not tell."""
    if case.level in ("light", "moderate"):
        return False
    if case.level in ("dismissal-ptdh", "contract-termination"):
        return True
    return case.question.dismissal


def _objection(book: AuthorityBook, case: _Case, part: Part, answer: Answer) -> Role:
    rule = book.authority_rules["objection"]
    if not rule.in_force.holds(case.day):
        return Role(None, Reason("remedy_not_in_data", (("part", part.value),)))
    if answer.seat is None:
        return Role(None, Reason("no_decider"), rule.cites)
    if answer.seat is Seat.PRESIDENT:
        return Role(None, Reason("remedy_against_president_not_in_data"), rule.cites)
    above = _above(book, case, answer.seat)
    if above is None:
        values = (("authority", _seat_name(book, case, answer.seat).id),)
        return Role(None, Reason("superior_of_ppk_not_in_data", values), rule.cites)
    name = _seat_name(book, case, above)
    if (why := _why_not(book, case, above)) is not None:
        return Role(None, Reason("superior_conflicted", (("authority", name.id), ("why", why))), rule.cites)
    reason = Reason("superior_hears", (("rule", rule.id), ("authority", name.id)))
    return Role(name, reason, rule.cites, rule.confidence)


def _appeal(book: AuthorityBook, case: _Case, part: Part, answer: Answer) -> Role:
    rule = book.authority_rules["appeal"]
    found = _holding(book, "decide-appeal", case.day)
    if found is None or not rule.in_force.holds(case.day):
        return Role(None, Reason("remedy_not_in_data", (("part", part.value),)))
    body, power = found
    confidence = _worst((rule.confidence, power.confidence))
    divided = [each.row for each in answer.also if each.reason.code == "dismissal_elsewhere"]
    row = divided[0] if divided else answer.row
    if row is not None and book.authorities[row].seat is Seat.PRESIDENT:
        # The facts tell of appeals against the PPK; that the board hears one against the President is not shown.
        confidence = Confidence.UNCERTAIN
    cites = distinct((*rule.cites, *power.cites))
    return Role(body.label, Reason("appeal_board", (("rule", rule.id),)), cites, confidence, body.id)


# --- bodies --------------------------------------------------------------------------------------------------------


def _holding(
    book: AuthorityBook, power: str, day: date, kind: AgencyKind | None = None
) -> tuple[Body, BodyPower] | None:
    """Return the body that has a power on a day, if one is known; never one that does not exist on it."""
    for body in book.bodies.values():
        for each in body.powers:
            reaches = kind is None or kind in each.agencies
            if each.power == power and reaches and body.exists_on(day) and each.in_force.holds(day):
                return body, each
    return None


def _overseer(book: AuthorityBook, day: date) -> Role:
    """Return the national body that recommends on the day; where it is disputed or not known, why."""
    if (found := _holding(book, "oversee", day)) is not None:
        body, power = found
        values = (("body", body.id), ("from", _iso(power.in_force.from_on)))
        return Role(body.label, Reason("body_oversees", values), power.cites, power.confidence, body.id)
    for body in book.bodies.values():
        for dispute in body.disputed:
            if dispute.in_force.holds(day):
                days = (("from", _iso(dispute.in_force.from_on)), ("until", _iso(dispute.in_force.until_on)))
                reason = Reason("body_disputed", (("body", body.id), *days))
                return Role(None, reason, dispute.cites, readings=dispute.readings)
    ended = [
        (until, body)
        for body in book.bodies.values()
        for each in body.powers
        if each.power == "oversee" and (until := each.in_force.until_on) is not None and until <= day
    ]
    if ended:
        until, body = max(ended, key=lambda each: each[0])
        due = next((each.due_on for each in book.bodies.values() if each.exists is None and each.due_on), None)
        about = (("body", body.id), ("until", _iso(until)), ("due", _iso(due)))
        return Role(None, Reason("body_ended_no_other", about))
    return Role(None, Reason("no_body_known", (("power", "oversee"), ("day", day.isoformat()))))


def _finder(book: AuthorityBook, day: date) -> Role:
    """Return the body whose findings come to the overseer."""
    if (found := _holding(book, "refer", day)) is None:
        return Role(None, Reason("no_body_known", (("power", "refer"), ("day", day.isoformat()))))
    body, power = found
    return Role(body.label, Reason("body_refers", (("body", body.id),)), power.cites, power.confidence, body.id)


def _tell(book: AuthorityBook, case: _Case, powers: Iterable[str]) -> tuple[Role, ...]:
    """Return the bodies that have these powers on the day, each as somebody who must be told."""
    told = []
    for word in powers:
        if (found := _holding(book, word, case.day, case.kind)) is not None:
            body, power = found
            reason = Reason("body_told", (("body", body.id), ("power", power.power)))
            told.append(Role(body.label, reason, power.cites, power.confidence, body.id))
    return tuple(told)
