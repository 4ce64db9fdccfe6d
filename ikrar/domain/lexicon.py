"""The words by which people are understood: concepts under all their names, and what they tell of a question."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NotRequired, TypedDict

from ikrar.domain import persons
from ikrar.domain.acts import CONTESTS
from ikrar.domain.doers import NOBODY, DoersDocument, People, parse_people
from ikrar.domain.indonesian import CommonDocument, Concept, ConceptDocument, Ear, parse_concepts
from ikrar.domain.patterns import Pattern, parse_pattern
from ikrar.domain.sources import Checker

# --- the form of a file ------------------------------------------------------------------------------------------


class CueDocument(TypedDict):
    circumstance: str
    present: list[str]
    absent: list[str]


class FormWordsDocument(TypedDict):
    form: str
    heard_as: list[str]


class RelationDocument(TypedDict):
    relation: str
    first: str
    then: str | None


class EmploymentDocument(TypedDict):
    employment: str
    says: list[str]


class ContestDocument(TypedDict):
    contest: str
    says: list[str]


class DayDocument(TypedDict):
    day: str
    says: list[str]


class MoreNamesDocument(TypedDict):
    concept: str
    says: list[str]


class LexiconDocument(TypedDict):
    """One file of words; each holds the parts that it has something of. `more` adds names to a concept of another file."""

    spelling: NotRequired[dict[str, str]]
    common: NotRequired[CommonDocument]
    concepts: NotRequired[list[ConceptDocument]]
    more: NotRequired[list[MoreNamesDocument]]
    cues: NotRequired[list[CueDocument]]
    forms: NotRequired[list[FormWordsDocument]]
    back_off: NotRequired[list[FormWordsDocument]]
    partisan: NotRequired[str]
    relations: NotRequired[list[RelationDocument]]
    links: NotRequired[str]
    employments: NotRequired[list[EmploymentDocument]]
    contests: NotRequired[list[ContestDocument]]
    days: NotRequired[list[DayDocument]]
    doers: NotRequired[DoersDocument]


# --- what stands there -------------------------------------------------------------------------------------------

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow", "day-after")
"""Words by which a question names a day."""


@dataclass(frozen=True, slots=True)
class Cue:
    """How a text tells a circumstance."""

    circumstance: str
    present: tuple[Pattern, ...]
    absent: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class RelationCue:
    """How a text tells a relation: the concept `first`, and where it is given `then` a few words later."""

    relation: str
    first: str
    then: str | None


EMPLOYMENT, CONTEST, DAY = "employment", "contest", "day"
"""What the concepts of a file's people, votes and days begin with, before a hyphen and their own word."""


@dataclass(frozen=True)
class Lexicon:
    """Every word by which people are understood. `links` may stand between the two parts of a relation.

    `forms` describe a form of act, `back_off` the setting of one: who speaks of it may mean that form. A description that
    mentions none of the concepts in `partisan` is about something else.
    """

    spelling: Mapping[str, str]
    common: frozenset[str]
    concepts: Mapping[str, Concept]
    cues: tuple[Cue, ...]
    forms: Mapping[str, tuple[Pattern, ...]]
    back_off: Mapping[str, tuple[Pattern, ...]]
    relations: tuple[RelationCue, ...]
    links: frozenset[str]
    partisan: frozenset[str]
    people: People

    @cached_property
    def ear(self) -> Ear:
        """Return what hears with these words; made once."""
        return Ear(self.spelling, self.common, self.concepts.values(), self.links)

    @cached_property
    def weights(self) -> dict[str, float]:
        """Return how much each concept tells: 1 is one ordinary clear word."""
        return {id: concept.weight / 10 for id, concept in self.concepts.items()}


# --- from files --------------------------------------------------------------------------------------------------

LexiconFiles = Sequence[tuple[LexiconDocument, Checker]]


def make_lexicon(files: LexiconFiles, forms: Container[str], circumstances: Container[str]) -> Lexicon:
    """Make one lexicon of several files, in any order: each may add to what another says. Raises RulebookFault.

    `forms` and `circumstances` are the ids of those that may be told.
    """
    concepts = _concepts(files)
    return Lexicon(
        spelling=_spelling(files),
        common=frozenset(word for words in _common(files) for word in words.split()),
        concepts=concepts,
        cues=tuple(cue for file in files for cue in _cues(*file, concepts, circumstances)),
        forms=_told_by(files, "forms", forms, concepts),
        back_off=_told_by(files, "back_off", forms, concepts),
        relations=tuple(cue for file in files for cue in _relations(*file, concepts)),
        links=frozenset(word for document, _ in files for word in document.get("links", "").split()),
        partisan=frozenset(
            checker.known_id(id, concepts, "concept", "partisan")
            for document, checker in files
            for id in document.get("partisan", "").split()
        ),
        people=_people(files, concepts),
    )


def _spelling(files: LexiconFiles) -> dict[str, str]:
    found: dict[str, str] = {}
    for document, _ in files:
        for word, variants in document.get("spelling", {}).items():
            found[word] = f"{found.get(word, '')} {variants}".strip()
    return found


def _common(files: LexiconFiles) -> Iterator[str]:
    for document, _ in files:
        if words := document.get("common"):
            yield from (words["id"], words["en"])


def _concepts(files: LexiconFiles) -> dict[str, Concept]:
    found: dict[str, Concept] = {}
    for document, checker in files:
        for key, documents in _concepts_by_key(document, checker).items():
            for index, concept in enumerate(parse_concepts(documents, checker, key)):
                found[checker.new_id(concept.id, found, key, index)] = concept
    for document, checker in files:
        for index, more in enumerate(document.get("more", [])):
            id = checker.known_id(more["concept"], found, "concept", "more", index, "concept")
            names = checker.texts(more["says"], "more", index, "says")
            found[id] = replace(found[id], says=(*found[id].says, *names))
        for index, concept_document in enumerate(document.get("concepts", [])):
            for number, implied in enumerate(concept_document.get("implies", [])):
                checker.known_id(implied, found, "concept", "concepts", index, "implies", number)
    return found


def _concepts_by_key(document: LexiconDocument, checker: Checker) -> dict[str, list[ConceptDocument]]:
    """Return the concepts of a file by the key they stand under; its people, votes and days have names of their own."""
    return {
        "concepts": document.get("concepts", []),
        "employments": [
            _hidden(
                EMPLOYMENT,
                checker.word(each["employment"], persons.CLASSES, "employments", index, "employment"),
                each["says"],
            )
            for index, each in enumerate(document.get("employments", []))
        ],
        "contests": [
            _hidden(CONTEST, checker.word(each["contest"], CONTESTS, "contests", index, "contest"), each["says"])
            for index, each in enumerate(document.get("contests", []))
        ],
        "days": [
            _hidden(DAY, checker.word(each["day"], DAYS, "days", index, "day"), each["says"])
            for index, each in enumerate(document.get("days", []))
        ],
    }


def _hidden(kind: str, id: str, says: list[str]) -> ConceptDocument:
    return ConceptDocument(concept=f"{kind}-{id}", says=says, weight=1, aside=True)


def _cues(
    document: LexiconDocument, checker: Checker, concepts: Mapping[str, Concept], circumstances: Container[str]
) -> Iterator[Cue]:
    for index, cue in enumerate(document.get("cues", [])):
        place = ("cues", index)
        yield Cue(
            checker.known_id(cue["circumstance"], circumstances, "circumstance", *place, "circumstance"),
            parse_patterns(cue["present"], concepts, checker, *place, "present"),
            parse_patterns(cue["absent"], concepts, checker, *place, "absent"),
        )


def _people(files: LexiconFiles, concepts: Mapping[str, Concept]) -> People:
    found = NOBODY
    for document, checker in files:
        if "doers" in document:
            if found is not NOBODY:
                raise checker.fault("doers are told apart a second time", "doers")
            found = parse_people(document["doers"], concepts, checker)
    return found


def _told_by(
    files: LexiconFiles, key: Literal["forms", "back_off"], forms: Container[str], concepts: Mapping[str, Concept]
) -> dict[str, tuple[Pattern, ...]]:
    """Return the patterns that tell each form, by its id."""
    found: dict[str, tuple[Pattern, ...]] = {}
    for document, checker in files:
        for index, each in enumerate(document.get(key, [])):
            form = checker.known_id(each["form"], forms, "form", key, index, "form")
            patterns = parse_patterns(each["heard_as"], concepts, checker, key, index, "heard_as")
            found[form] = (*found.get(form, ()), *patterns)
    return found


def _relations(document: LexiconDocument, checker: Checker, concepts: Mapping[str, Concept]) -> Iterator[RelationCue]:
    for index, each in enumerate(document.get("relations", [])):
        relation = checker.word(each["relation"], persons.RELATIONS, "relations", index, "relation")
        for part in (each["first"], each["then"]):
            if part is not None:
                checker.known_id(part, concepts, "concept", "relations", index)
        yield RelationCue(relation, each["first"], each["then"])


def parse_patterns(
    texts: Sequence[str], concepts: Mapping[str, Concept], checker: Checker, *place: str | int
) -> tuple[Pattern, ...]:
    """Make the patterns of a list (see parse_pattern). Raises RulebookFault."""
    return tuple(parse_pattern(text, concepts, checker, *place, index) for index, text in enumerate(texts))
