"""What a text speaks of: named things, each told by patterns of concepts that a text mentions together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ikrar.domain.indonesian import Heard, Mention
from ikrar.domain.sources import Checker

NEEDED, HELPFUL, FORBIDDEN, DENIED = "needed", "helpful", "forbidden", "denied"
"""What a concept is to a pattern: to be mentioned, the better if so, not to be, or to be mentioned as not so."""


@dataclass(frozen=True, slots=True)
class Element:
    """One part of a pattern: any of some concepts, and its role, such as NEEDED.

    `follows`: it stands within a few words after the one before it.
    """

    concepts: tuple[str, ...]
    role: str
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to speak of something: the concepts that must be mentioned together, and those that make it surer."""

    elements: tuple[Element, ...]

    @property
    def needed(self) -> tuple[Element, ...]:
        """Return the elements without which it tells nothing, those that must be denied among them."""
        return tuple(each for each in self.elements if each.role in (NEEDED, DENIED))


def parse_pattern(text: str, known: Mapping[str, object], checker: Checker, *place: str | int) -> Pattern:
    """Make a pattern of its notation, `like + candidate? + -election-office`. Raises RulebookFault.

    `?` helps, `-` forbids, `!` asks for it denied, `>` for it a few words after the one before, `/` parts alternatives.
    """
    elements = []
    for part in text.split("+"):
        word = part.strip()
        follows = word.startswith(">")
        word = word.lstrip(">").strip()
        role = NEEDED
        if word.endswith("?"):
            role, word = HELPFUL, word[:-1].strip()
        elif word.startswith("-"):
            role, word = FORBIDDEN, word[1:].strip()
        elif word.startswith("!"):
            role, word = DENIED, word[1:].strip()
        concepts = tuple(each.strip() for each in word.split("/"))
        for concept in concepts:
            checker.known_id(concept, known, "concept", *place)
        elements.append(Element(concepts, role, follows))
    if not elements or elements[0].role not in (NEEDED, DENIED):
        raise checker.fault("a pattern begins with a concept that it needs", *place)
    return Pattern(tuple(elements))


# --- matching ----------------------------------------------------------------------------------------------------

# Words in two sentences tell less than in one, and so do words with more than a few others between them; a helpful
# concept adds a share of its weight.
_ACROSS_SENTENCES = 0.8
_FOR_DISTANCE = 0.02
_NEAR = 6
_HELP = 0.6
_FOLLOWS_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What a text speaks of: the name, how much tells so (1 is one ordinary clear word), and the words that did.

    `core` are the words without which it would not have been found, `head` those of the first concept among them;
    `needed` are the mentions that `core` is made of, in the order of the pattern.
    """

    id: str
    score: float
    positions: frozenset[int]
    core: frozenset[int]
    head: frozenset[int]
    needed: tuple[Mention, ...] = ()


class Matcher:
    """Finds which of many named things a text speaks of, by their patterns."""

    def __init__(self, patterns: Iterable[tuple[str, Pattern]], weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._by_head: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
        self._order: dict[str, int] = {}
        for id, pattern in patterns:
            self._order.setdefault(id, len(self._order))
            for concept in pattern.elements[0].concepts:
                self._by_head[concept].append((id, pattern))

    def find(self, heard: Heard) -> list[Match]:
        """Return everything that a text speaks of, the surest first; one match a name."""
        best: dict[str, Match] = {}
        for match in self.find_all(heard):
            best.setdefault(match.id, match)
        return list(best.values())

    def find_all(self, heard: Heard) -> list[Match]:
        """Return the match of every pattern, the surest first: a name may be told by several sets of words."""
        by_concept: dict[str, list[Mention]] = defaultdict(list)
        for mention in heard.mentions:
            by_concept[mention.concept].append(mention)
        found = []
        for concept in by_concept:
            for id, pattern in self._by_head.get(concept, ()):
                match = self._match(id, pattern, by_concept)
                if match is not None:
                    found.append(match)
        return sorted(found, key=lambda match: (-round(match.score, 4), self._order[match.id]))

    def _match(self, id: str, pattern: Pattern, by_concept: Mapping[str, Sequence[Mention]]) -> Match | None:
        best: Match | None = None
        head = pattern.elements[0]
        for start in _mentions_of(head, by_concept):
            match = self._from(id, pattern, start, by_concept)
            if match is not None and (best is None or match.score > best.score):
                best = match
        return best

    def _from(
        self, id: str, pattern: Pattern, head: Mention, by_concept: Mapping[str, Sequence[Mention]]
    ) -> Match | None:
        used: list[Mention] = [head]
        score = self._weights[head.concept] * head.sure
        for element in pattern.elements[1:]:
            if element.role in (NEEDED, DENIED):
                mention = _nearest(element, head, used, by_concept)
                if mention is None:
                    return None
                used.append(mention)
                score += self._weights[mention.concept] * mention.sure
        sentences = {mention.sentence for mention in used}
        for element in pattern.elements:
            if element.role == FORBIDDEN and any(
                not mention.denied and mention.sentence in sentences
                for concept in element.concepts
                for mention in by_concept.get(concept, ())
            ):
                return None
        core = frozenset(index for mention in used for index in range(mention.first, mention.last + 1))
        needed = tuple(used)
        if len(sentences) > 1:
            score *= _ACROSS_SENTENCES
        score /= 1 + _FOR_DISTANCE * max(0, max(core) - min(core) + 1 - len(core) - _NEAR)
        for element in pattern.elements[1:]:
            if element.role == HELPFUL:
                mention = _nearest(element, head, used, by_concept)
                if mention is not None:
                    used.append(mention)
                    share = _HELP if mention.sentence in sentences else _HELP * _ACROSS_SENTENCES
                    score += share * self._weights[mention.concept] * mention.sure
        positions = frozenset(index for mention in used for index in range(mention.first, mention.last + 1))
        return Match(id, score, positions, core, frozenset(range(head.first, head.last + 1)), needed)


def _mentions_of(element: Element, by_concept: Mapping[str, Sequence[Mention]]) -> Iterator[Mention]:
    for concept in element.concepts:
        for mention in by_concept.get(concept, ()):
            if mention.denied == (element.role == DENIED):
                yield mention


def _nearest(
    element: Element, head: Mention, used: Sequence[Mention], by_concept: Mapping[str, Sequence[Mention]]
) -> Mention | None:
    """Return the mention nearest to the head that is made of other words than those that were counted before."""
    best: Mention | None = None
    best_rank: tuple[bool, int] | None = None
    for mention in _mentions_of(element, by_concept):
        if any(mention.first == each.first and mention.last == each.last for each in used):
            continue
        if element.follows and not 0 < mention.first - used[-1].last <= _FOLLOWS_WITHIN:
            continue
        rank = (mention.sentence != head.sentence, abs(mention.first - head.first))
        if best_rank is None or rank < best_rank:
            best, best_rank = mention, rank
    return best
