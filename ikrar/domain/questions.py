"""What a question in plain words asks: one to three activities, and what it tells of the asker and the circumstances."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from ikrar.domain.activities import Guidance
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

    `positions` are the places of these words, `core` those without which it would not have been found.
    """

    activity: str
    score: float
    because: tuple[str, ...]
    positions: frozenset[int] = frozenset()
    core: frozenset[int] = frozenset()


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


def understand(book: GuidanceHolder, text: str, *, relation: str = "") -> Understanding:
    """Return what a text asks. It never raises: what is not understood is said in `state`.

    `relation` is what the asker said to be to a candidate beside the text; it wins over the text.
    """
    guidance = book.guidance
    heard = guidance.lexicon.ear.hear(text)
    every = guidance.activity_matcher.find_all(heard)
    told = _relation(guidance, heard)
    chosen, rest = _choose(guidance, heard, every, relation or told.value, told)
    return Understanding(
        state=_state(heard, chosen),
        found=tuple(_found(heard, match) for match in chosen),
        others=tuple(_found(heard, match) for match in rest),
        said=_said(guidance, heard),
        relation=told,
        employment=_employment(guidance, heard),
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


def _found(heard: Heard, match: Match) -> Found:
    score = round(match.score / (match.score + 1), 3)
    return Found(match.id, score, heard.said(match.positions), match.positions, match.core)


def _choose(
    guidance: Guidance, heard: Heard, ranked: Sequence[Match], relation: str, told: Told
) -> tuple[list[Match], list[Match]]:
    """Return the activities that are asked, and the next likely ones.

    The second and third have to rest on words that the ones before did not use up: `like` and `share` are two
    questions, `foto` and `foto bersama calon` are one. Words that told what a relative does (`anak saya timses`) do not
    ask whether one may do it oneself.
    """
    likely = []
    of_others = told.positions if told.value in ("relative", "spouse-of-candidate") else frozenset()
    for match in ranked:
        activity = guidance.activities[match.id]
        if (match.core <= of_others or _done_by_kin(heard, match)) and not activity.background:
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
        weak = match.score < _SECOND * (chosen[0].score if chosen else 0) or len(fresh) < _FRESH * len(match.core)
        if weak or match.head & used:
            continue
        chosen.append(match)
        used |= match.positions
    ids = {match.id for match in chosen}
    others = {match.id: match for match in reversed(likely) if match.id not in ids}
    return chosen, list(others.values())[::-1][:_MOST_OTHERS]


_KIN = ("kin", "spouse")
_TOGETHER = frozenset(
    {
        "dan",
        "sama",
        "dengan",
        "bareng",
        "bersama",
        "ajak",
        "bawa",
        "ke",
        "untuk",
        "dari",
        "rumah",
        "foto",
        "with",
        "and",
    }
)


def _done_by_kin(heard: Heard, match: Match) -> bool:
    """Say whether what was found is told of a relative right before it: `adik saya` *pasang stiker*, `istri` *jadi timses*."""
    start = min(match.core)
    for mention in heard.mentions:
        if mention.concept not in _KIN or mention.denied or mention.first in match.core:
            continue
        between = [word.plain for word in heard.words[mention.last + 1 : start]]
        if mention.last < start and between in ([], ["saya"]) and mention.sentence == heard.words[start].sentence:
            before = heard.words[mention.first - 1].plain if mention.first else ""
            return before not in _TOGETHER
    return False


_INDONESIAN = 0.3
_FEW = 1


def _state(heard: Heard, chosen: Sequence[Match]) -> str:
    if not heard.text.strip():
        return "empty"
    if chosen:
        return "understood"
    known = sum(1 for word in heard.words if word.known and not word.plain.isdigit())
    return "not_found" if heard.known >= _INDONESIAN and known >= _FEW else "not_understood"


# --- circumstances -----------------------------------------------------------------------------------------------


def _said(guidance: Guidance, heard: Heard) -> tuple[Said, ...]:
    """Return the circumstances that a text tells. Where it tells both, the one that is worse for the asker counts."""
    present, absent = guidance.cue_matchers
    so = {match.id: match.positions for match in reversed(present.find(heard))}
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


def _employment(guidance: Guidance, heard: Heard) -> Told:
    """Return the employment that stands with the asker, or else the first that is named."""
    named = [
        mention
        for mention in heard.mentions
        if mention.concept.startswith(f"{EMPLOYMENT}-") and not _of_a_candidate(heard, mention)
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
