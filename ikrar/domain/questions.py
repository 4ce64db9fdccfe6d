"""What a question in plain words asks: one to three activities, and what it tells of the asker and the circumstances."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from ikrar.domain.activities import Guidance, Verdict
from ikrar.domain.doers import Doers, as_refused
from ikrar.domain.indonesian import Heard, Mention
from ikrar.domain.lexicon import CONTEST, DAY, DAYS, EMPLOYMENT, RelationCue
from ikrar.domain.patterns import Match

MOST_ACTIVITIES = 3


class GuidanceHolder(Protocol):
    """What of the rulebook is needed here."""

    @property
    def guidance(self) -> Guidance: ...


@dataclass(frozen=True, slots=True)
class Found:
    """An activity that a text speaks of. `score` is from 0 to 1; `because` are the writer's words that led there.

    `positions` are the places of these words, `core` those without which it would not have been found. `time`: the year
    of another election than the one that runs, where it is told of that, or BEFORE for the last one.
    """

    activity: str
    score: float
    because: tuple[str, ...]
    positions: frozenset[int] = frozenset()
    core: frozenset[int] = frozenset()
    time: str = ""


BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Said:
    """A circumstance that a text tells, and the words that did, with their places."""

    circumstance: str
    present: bool
    because: tuple[str, ...]
    positions: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells of the asker: a relation, an employment, a contest or a day. Empty where it tells nothing.

    `positions` are the places of the words that told it.
    """

    value: str = ""
    because: tuple[str, ...] = ()
    positions: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it was understood. `others` are activities that it may have meant as well, for a list to pick from.

    `state`: `understood`; `not_found`, a question about nothing that the rulebook holds; `not_understood`, text of
    another language or of none; `empty`. `cut`: only the first LONGEST_TEXT characters were read.
    """

    state: str
    found: tuple[Found, ...]
    others: tuple[Found, ...]
    said: tuple[Said, ...]
    relation: Told
    employment: Told
    contest: Told
    day: Told
    cut: bool
    matches: tuple[Match, ...] = ()

    @property
    def activities(self) -> tuple[str, ...]:
        return tuple(each.activity for each in self.found)

    @property
    def facts(self) -> dict[str, bool]:
        """Return the circumstances that were told."""
        return {each.circumstance: each.present for each in self.said}

    def facts_of(self, activity: str) -> dict[str, bool]:
        """Return the circumstances that were told for one of the activities found.

        Who asks about two things at once tells of each: what another activity rests on (`foto dua jari`) is no
        circumstance of this one (`mendampingi suami kampanye`).
        """
        own = next((each.positions for each in self.found if each.activity == activity), frozenset())
        others = [each.core for each in self.found if each.activity != activity]
        return {
            said.circumstance: said.present
            for said in self.said
            if said.positions & own or not any(said.positions <= core for core in others)
        }


def understand(book: GuidanceHolder, text: str, *, relation: str = "", onlooker: bool = False) -> Understanding:
    """Return what a text asks. It never raises: what is not understood is said in `state`.

    `relation` is what the asker said to be to a candidate beside the text; it wins over the text. `onlooker`: the text
    tells what others did, as a description does; otherwise only what the asker does is asked.
    """
    guidance = book.guidance
    heard = guidance.lexicon.ear.hear(text)
    if not onlooker:
        heard = as_refused(heard)
    every = guidance.activity_matcher.find_all(heard)
    told = _relation(guidance, heard)
    doers = None if onlooker else Doers(heard, guidance.lexicon.people)
    chosen, rest = _choose(guidance, heard, every, relation or told.value, told, doers)
    times = _times(heard)
    return Understanding(
        state=_state(heard, chosen),
        found=tuple(_found(heard, match, times) for match in chosen),
        others=tuple(_found(heard, match) for match in rest),
        said=_said(guidance, heard, doers),
        relation=told,
        employment=_employment(heard, doers),
        contest=_first(heard, CONTEST),
        day=_first(heard, DAY),
        cut=heard.cut,
        matches=tuple({match.id: match for match in reversed(every)}.values())[::-1],
    )


def named_day(day: date, word: str) -> date | None:
    """Return the day that a word of DAYS means to somebody who asks on `day`: the next of that name, today included.

    >>> named_day(date(2024, 9, 20), "sunday")
    datetime.date(2024, 9, 22)
    """
    if word not in DAYS:
        return None
    if word in ("tomorrow", "day-after"):
        return day + timedelta(days=1 if word == "tomorrow" else 2)
    return day + timedelta(days=(DAYS.index(word) - day.weekday()) % 7)


# --- activities --------------------------------------------------------------------------------------------------

_ENOUGH = 0.85
_SECOND = 0.55
_FRESH = 0.5
_ALONE = 0.75
_OF_THE_RELATION = 1.4
_MOST_OTHERS = 5


def _found(heard: Heard, match: Match, times: Sequence[tuple[str, int, int]] = ()) -> Found:
    score = round(match.score / (match.score + 1), 3)
    start, end = min(match.core), max(match.core)
    time = next((told for told, first, after in times if first <= start and end < after), "")
    return Found(match.id, score, heard.said(match.positions), match.positions, match.core, time)


def _choose(
    guidance: Guidance, heard: Heard, ranked: Sequence[Match], relation: str, told: Told, doers: Doers | None
) -> tuple[list[Match], list[Match]]:
    """Return the activities that are asked, and the next likely ones.

    The second and third have to rest on words that the ones before did not use up: `like` and `share` are two
    questions, `foto` and `foto bersama calon` are one; `follow dan komen akun calon` are two that share one thing. Words
    that told what a relative does (`anak saya timses`), and what anybody else does, do not ask whether one may do it
    oneself; where nothing else was told, it is asked what the deed of another means for oneself.
    """
    likely = []
    anothers: list[Match] = []
    of_kin = told.positions if told.value in ("relative", "spouse-of-candidate") else frozenset()
    for match in ranked:
        activity = guidance.activities[match.id]
        if match.core <= of_kin and not activity.background:
            continue
        if doers is not None and not activity.of_others and doers.is_anothers(match):
            anothers.append(match)
            continue
        # Who is nobody's spouse does not ask what a candidate's spouse may do; relations are told in other words too.
        if relation and relation not in activity.relations:
            continue
        if not relation and activity.relations == ("spouse-of-candidate",):
            continue
        # An activity of that very relation is what somebody of it asks about.
        if relation and activity.relations == (relation,):
            match = replace(match, score=match.score * _OF_THE_RELATION)
        if match.score >= _ENOUGH:
            likely.append(match)
    likely.sort(key=lambda match: -round(match.score, 4))
    if doers is not None:
        likely = _beside_others(guidance, likely, anothers, doers)
    asked = [match for match in likely if not guidance.activities[match.id].background] or likely
    alone = [each for each in asked if guidance.activities[each.id].alone and each.score >= _ALONE * asked[0].score]
    chosen: list[Match] = []
    used: set[int] = set()
    for match in alone[:1] or asked:
        if len(chosen) == MOST_ACTIVITIES:
            break
        if any(match.id == each.id for each in chosen):
            continue
        fresh = match.core - used
        little = len(fresh) < _FRESH * len(match.core) and not _joined(heard, match)
        weak = match.score < _SECOND * (chosen[0].score if chosen else 0) or little
        if weak or match.head & used:
            continue
        chosen.append(match)
        used |= match.positions
    ids = {match.id for match in chosen}
    others = {match.id: match for match in reversed(likely) if match.id not in ids}
    return chosen, list(others.values())[::-1][:_MOST_OTHERS]


def _beside_others(guidance: Guidance, likely: list[Match], anothers: Sequence[Match], doers: Doers) -> list[Match]:
    """Return what is asked where all that was told is somebody else's: what it means for the asker.

    Whoever then joins in makes it his own; whoever does something else beside it, lends something of his, or asks about a
    colleague has to be asked what he means.
    """
    people = guidance.lexicon.people
    others = anothers[:1] if anothers and anothers[0].score >= _ENOUGH else []
    calm = [match for match in likely if guidance.activities[match.id].of_others]
    if not people.of_others or len(calm) < len(likely) or not (likely or others):
        return likely
    if others and doers.takes_part():
        return [*others, *likely]
    may = (Verdict.ALLOWED, Verdict.ALLOWED_IF)
    strict = [match for match in likely if guidance.activities[match.id].base not in may]
    if strict and len(strict) < len(likely) and not doers.stays_out():
        return strict
    if not strict and not doers.stays_out():
        return [replace((likely or others)[0], id=people.answer_to_others)]
    return likely or [replace(others[0], id=people.of_others)]


_JOINING = frozenset({"dan", "atau", "sama", "plus", "sekalian", "maupun", "and", "or"})


def _joined(heard: Heard, match: Match) -> bool:
    """Say whether a deed is joined to one before it: `follow` *dan komen*, `like` *, share*."""
    first = min(match.head)
    if not first:
        return False
    before, word = heard.words[first - 1], heard.words[first]
    return before.sentence == word.sentence and (before.plain in _JOINING or word.after_comma)


_INDONESIAN = 0.3
_FEW = 1


def _state(heard: Heard, chosen: Sequence[Match]) -> str:
    if not heard.text.strip():
        return "empty"
    if chosen:
        return "understood"
    known = sum(1 for word in heard.words if word.known and not word.plain.isdigit())
    return "not_found" if heard.known >= _INDONESIAN and known >= _FEW else "not_understood"


# --- another time ------------------------------------------------------------------------------------------------

_LONG_AGO = frozenset(
    {"dulu", "pernah", "waktu", "sempat", "lalu", "kemarin", "kemaren", "jaman", "zaman", "saat", "ketika", "ago"}
)
_GONE = frozenset({"lalu", "kemarin", "kemaren", "sebelumnya", "dulu"})
_NOW = frozenset({"sekarang", "kini", "now"})
_ELECTION_WORD = "politics"
_NEXT_TO_A_YEAR = 3


def _times(heard: Heard) -> list[tuple[str, int, int]]:
    """Return the parts of a text that tell of an older election: its year or BEFORE, the first word and the one after.

    A part ends with its sentence, or where the text comes back to now: `waktu pilkada 2020 saya like, sekarang boleh …`.
    """
    found = []
    words = heard.words
    for mention in heard.mentions:
        if mention.concept != _ELECTION_WORD:
            continue
        sentence = [index for index, word in enumerate(words) if word.sentence == mention.sentence]
        after = next(
            (index for index in sentence if index > mention.last and words[index].plain in _NOW), sentence[-1] + 1
        )
        first = next(
            (index + 1 for index in sentence[::-1] if index < mention.first and words[index].plain in _NOW), sentence[0]
        )
        near = [words[index].text for index in range(mention.last + 1, min(after, mention.last + 1 + _NEXT_TO_A_YEAR))]
        year = next((plain for plain in near if len(plain) == 4 and plain.startswith("20") and plain.isdigit()), "")
        told = {words[index].text for index in range(first, after)} | {
            words[index].plain for index in range(first, after)
        }
        if year and told & _LONG_AGO:
            found.append((year, first, after))
        elif near and near[0] in _GONE:
            found.append((BEFORE, first, after))
    return found


# --- circumstances -----------------------------------------------------------------------------------------------


def _said(guidance: Guidance, heard: Heard, doers: Doers | None) -> tuple[Said, ...]:
    """Return the circumstances that a text tells of the asker. Where it tells both, the one that is worse for him counts."""
    present, absent = guidance.cue_matchers
    told = (match for match in present.find_all(heard) if doers is None or not doers.is_anothers(match))
    so = {match.id: match.positions for match in reversed(list(told))}
    not_so = {match.id: match.positions for match in reversed(absent.find(heard))}
    for id, positions in _denied(guidance, heard):
        if id not in so:
            not_so.setdefault(id, positions)
    found = []
    for id, circumstance in guidance.circumstances.items():
        if id in so and (id not in not_so or not circumstance.favourable):
            found.append(Said(id, True, heard.said(so[id]), so[id]))
        elif id in not_so:
            found.append(Said(id, False, heard.said(not_so[id]), not_so[id]))
    return tuple(found)


def _denied(guidance: Guidance, heard: Heard) -> Iterable[tuple[str, frozenset[int]]]:
    """Yield the circumstances whose one telling concept was mentioned and denied: `tanpa seragam`, `nggak upload`."""
    denied: dict[str, Mention] = {}
    for mention in heard.mentions:
        if mention.denied:
            denied.setdefault(mention.concept, mention)
    for cue in guidance.lexicon.cues:
        for pattern in cue.present:
            if len(pattern.needed) != 1:
                continue
            for concept in pattern.needed[0].concepts:
                if found := denied.get(concept):
                    yield cue.circumstance, frozenset(range(max(0, found.first - 1), found.last + 1))


# --- the asker ---------------------------------------------------------------------------------------------------

_GAP = 4
_NEXT_TO = 3
_OF_SOMEBODY_ELSE = frozenset({"yang", "orang", "dia", "beliau", "bapak", "ibu", "baru"})


def _relation(guidance: Guidance, heard: Heard) -> Told:
    """Return what the asker is to a candidate. A spouse's or one's own candidacy comes before that of other kin."""
    for cue in guidance.lexicon.relations:
        for first in heard.mentions:
            if first.concept == cue.first and not first.denied and (span := _completes(guidance, heard, cue, first)):
                told = frozenset(span) | _whose(heard, span) if cue.then else frozenset()
                return Told(cue.relation, heard.said(span), told)
    return Told()


def _completes(guidance: Guidance, heard: Heard, cue: RelationCue, first: Mention) -> range | None:
    if cue.then is None:
        before = heard.words[first.first - 1].plain if first.first else ""
        return None if before in _OF_SOMEBODY_ELSE else range(first.first, first.last + 1)
    for then in heard.mentions:
        if then.concept != cue.then or then.denied or then.sentence != first.sentence or then.first <= first.last:
            continue
        between = heard.words[first.last + 1 : then.first]
        if len(between) <= _GAP and all(word.plain in guidance.lexicon.links for word in between):
            return range(first.first, then.last + 1)
    return None


def _whose(heard: Heard, span: range) -> frozenset[int]:
    """Return the places of a candidate named right after a relation: `kakak saya sopir` *calon bupati*."""
    for mention in heard.mentions:
        if mention.concept == "candidate" and 0 < mention.first - span[-1] <= _NEXT_TO:
            return frozenset(range(mention.first, mention.last + 1))
    return frozenset()


_BEFORE_THE_ASKER = frozenset(
    {"saya", "sebagai", "seorang", "selaku", "kami", "i", "am", "bolehkah", "boleh", "apakah"}
)


def _employment(heard: Heard, doers: Doers | None) -> Told:
    """Return the employment that stands with the asker, or else the first that is named and not told of another."""
    named = [
        mention
        for mention in heard.mentions
        if mention.concept.startswith(f"{EMPLOYMENT}-")
        and not _of_a_candidate(heard, mention)
        and not (doers is not None and doers.told_of_another(mention))
    ]
    if not named:
        return Told()
    for mention in named:
        before = heard.words[max(0, mention.first - 2) : mention.first]
        if any(word.plain in _BEFORE_THE_ASKER for word in before):
            return _told(heard, mention, EMPLOYMENT)
    return _told(heard, named[0], EMPLOYMENT)


_NOT_IN_OFFICE = frozenset(
    {"calon", "bakal", "wakil", "mantan", "eks", "anak", "istri", "suami", "sama", "dengan", "bareng"}
)


def _of_a_candidate(heard: Heard, mention: Mention) -> bool:
    """Say whether an office is one that somebody runs for, held, or is related to: `calon bupati`, `mantan camat`."""
    before = heard.words[mention.first - 1].plain if mention.first else ""
    return before in _NOT_IN_OFFICE


def _first(heard: Heard, kind: str) -> Told:
    """Return the longest name of the first place where one of a kind is named."""
    named = [mention for mention in heard.mentions if mention.concept.startswith(f"{kind}-")]
    return _told(heard, named[0], kind) if named else Told()


def _told(heard: Heard, mention: Mention, kind: str) -> Told:
    span = range(mention.first, mention.last + 1)
    return Told(mention.concept.removeprefix(f"{kind}-"), heard.said(span), frozenset(span))
