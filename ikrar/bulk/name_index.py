"""People by name, out of millions in milliseconds: candidates from arrays in a file, the last ranking by domain.names.

A search looks for the rows of words (names) first and for who bears them after: thousands bear the same. What it does is
bounded at each step, so that the commonest names cost no more than a few milliseconds too. Reasons: docs/names.md.
"""

import math
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ikrar.bulk import name_files, name_vocabulary
from ikrar.bulk.name_files import NO_YEAR, Entry, born_of, build, build_frames
from ikrar.bulk.name_vocabulary import Vocabulary
from ikrar.domain import name_words, names
from ikrar.domain.errors import NameQueryRefused
from ikrar.domain.names import Ask, Asked, Comparer, Reason

__all__ = ["Entry", "Hit", "Hits", "NameIndex", "build", "build_frames", "open_index"]

# How many ids a search touches at most, step by step.
_MOST_SAME, _MOST_NEAR = 120_000, 30_000
_MOST_SCORED, _MOST_TIED = 4_000, 10_000
_MOST_RANKED = 2_000
_MOST_COMPARED = 16
_MOST_IN_REGION = 60_000
_MOST_UNITS, _MOST_IN_UNITS = 40, 8_000
_MOST_ROWS = 40_000
_MOST_ONE_BY_ONE, _MOST_KINDS, _MOST_KINDS_TOLD, _MOST_HELD = 24, 64, 32, 20_000
_MOST_TOLD = 1_000
"""Others who fit as well are counted up to so many."""
_POINTS = 36
"""What a name has that holds all words of a query, before it is looked at: a byte has room for a name of six words each of which
may be any of those that were told.
"""
_MARGIN, _COARSE, _COARSE_OF_LIKE = 0.06, 0.7, 0.8
"""By how much the columns may take somebody for less than the domain does: with its weights, and with their own (the last
where only names fit that hold nearly all that was told).
"""
_ON_CUT = 0.8
_ELSEWHERE_LESS = 0.2
"""By how much less, at least, what was told beside the name fits in other units than those that fit best."""
_AS_WELL, _AS_WELL_UNSURE = 2, 12
"""People whose scores differ by no more fit as well as each other; the second where one word was given, or it is a guess."""
_SURE = 90
_FEWEST_COMMON, _COMMON_OF = 3, 2_000
"""A word is common that at least so many names have, and one of so many."""
_MOST_ALIKE_SHOWN, _NEARLY = 2, 25
_HOLDS_THERE, _NEARLY_THERE, _MOST_HOLDERS = 0.95, 0.75, 2
"""How well unit and post fit of whoever holds the post that was told, and of whoever is likely meant with it. Where more are
recorded to hold it, none is shown for it.
"""
_LEAST, _WELL = 40, 60
"""Whoever fits less is not shown; whoever fits less than the second does not fit well, and nothing tells such people apart."""
_WELL_ALL = 75
"""Whoever fits several names between commas so well may be one who bears all of them."""
_MOST_OF_A_NAME = 5
"""Words: of more nobody is called."""
_LACKING = ("neither", "unit_lacks")
"""Reasons that speak of words of a place that are nowhere in what is known of somebody."""
_FITS = 0.5
_RARE_COUNTS = 0.05
"""How much more a word tells that few have: little, so that of people who lack a word those with the weightier are compared."""
_GLUED_TITLES, _LONG = ("drs", "dra", "dr", "hj", "prof", "bapak", "pak", "ibu"), 5
"""What titles are written without a space before a name; a single word behind one is long at least."""
_GLUED_SHORT = ("ign", "iga", "igm", "igk", "igp", "igw")
_BY_SOUND_FROM, _LEAST_BY_SOUND, _MOST_BY_SOUND = 8, 4, 4
"""Letters of a word that is parted by the sound of its parts, letters of such a part, and how many parts there are at most."""
_JOINED_FROM = 6
"""Letters of a word that may be two of a place."""
_WITH_RARE_FROM, _CHILD_OF = 12, ("bin", "binti", "boru")
"""Letters of a word of which one part may be a word that hardly anybody bears, and what may stand between its parts."""
_MOST_BEGUN, _LETTERS_OF_SHORT = 3, 3
"""Words of units that begin alike are no place's short form where they are more; and letters that tell too little of a name."""
Where = Callable[[str], bool]


class Hit(NamedTuple):
    """Somebody who may be meant, with the reasons."""

    key: int
    number: str
    name: str
    unit: str
    post: str
    region: str
    born: int | None
    score: int
    because: tuple[Reason, ...]
    where: float = 0.0


@dataclass(frozen=True, slots=True)
class Hits:
    """Who may be meant, the likest first. `more`: how many others fit as well; `more_is_least`: so many at least. `ask`: what
    would tell them apart.
    """

    people: tuple[Hit, ...] = ()
    more: int = 0
    ask: Ask | None = None
    more_is_least: bool = False


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The entries of those who fit as well as the first, with their scores. `is_least`: there may be more of them."""

    rows: NDArray
    scores: NDArray
    is_least: bool = False


_NONE_FITTING = _Fitting(np.zeros(0, np.int32), np.zeros(0, np.int16))


@dataclass(frozen=True, slots=True)
class _Group:
    """The words of the index that a word of a query may mean, with how well each fits."""

    same: NDArray
    words: NDArray
    fits: NDArray
    weight: float
    ranges: tuple[tuple[int, int, float], ...] = ()


class _Groups(dict[str, _Group]):
    """What each word of a query may mean, as far as it was looked up. It does not know the search: where nothing points back at
    a search, all that it made is gone with it, and no query waits until the garbage of others is found.
    """

    def __init__(self, words: Vocabulary) -> None:
        super().__init__()
        self._words = words
        self._meant: dict[str, set[int]] = {}

    def may_fit(self, word: str, borne: str) -> bool:
        """Say of a word that was asked for and one of a name whether the index holds them for likely the same."""
        if (group := self.get(word)) is None or (number := self._words.number.get(borne)) is None:
            return True
        if (meant := self._meant.get(word)) is None:
            meant = self._meant[word] = set(group.words.tolist())
        return number in meant or any(start <= number < end for start, end, _ in group.ranges) or len(borne) == 1


def open_index(path: Path) -> "NameIndex":
    """Open an index. Raises NameIndexBroken where it is missing, cut, changed, of another version or no index at all."""
    return NameIndex(*name_files.open_arrays(path))


_READ_ALONE = ("key", "number", "digits", "born", "unit", "post", "region", "spelled_at", "spelled")
"""The columns of which a search reads single values."""


class _Texts:
    """Units, posts or regions: distinct texts and their words."""

    def __init__(self, arrays: Mapping[str, NDArray], prefix: str) -> None:
        self.strings = name_vocabulary.unpack(arrays[f"{prefix}.texts"], int(arrays[f"{prefix}.texts_count"][0]))
        self.is_blank = np.array([not text for text in self.strings], np.uint64)
        self.of_entry = arrays[prefix]
        self.at, self.entries = arrays[f"{prefix}.at"], arrays[f"{prefix}.entries"]
        self._words = Vocabulary(arrays, f"{prefix}.words")
        self._word_at, self._word_rows = arrays[f"{prefix}.word_at"], arrays[f"{prefix}.word_rows"]
        self._weights = np.diff(self._word_at).astype(np.float32)
        # Which texts bear a word of each kind of which a unit has one.
        self._bear = [self.texts_with(filter(is_one, self._words.words)) for is_one in names.KINDS]
        self._places: NDArray | None = None
        self._fits: dict[str, list[tuple[int, float]]] = {}

    def scores(self, words: Sequence[str], asked: Asked | None = None) -> NDArray:
        """Return for each text which share of these words it holds. `asked`: the query, where these are the words of its unit."""
        placed = frozenset(asked.sure_places) if asked and asked.sorts else frozenset()
        found = np.zeros(len(self.strings), np.uint8)
        scores, best = np.zeros(len(self.strings), np.float32), np.ones(len(self.strings), np.float32)
        apart = {
            word: "".join(pair) for pair in pairwise(words) for word in pair if "".join(pair) in self._words.number
        }
        for word in dict.fromkeys(words):
            fits = self._fits_of(word)
            elsewhere = best == 0 if word in names.SIDES else None
            best.fill(0)
            for number, fit in fits:
                best[self._rows_of(number)] = fit
            if word in apart:
                best[self._rows_of(self._words.number[apart[word]])] = 1.0
            elif word not in self._words.number:
                for cut in range(3, len(word) - 2):
                    one, other = self._words.number.get(word[:cut]), self._words.number.get(word[cut:])
                    if one is not None and other is not None:
                        best[np.intersect1d(self._rows_of(one), self._rows_of(other))] = 1.0
            if elsewhere is not None:
                best[elsewhere] = 0  # a side tells nothing of another place
            scores += best
            if word in placed:
                found += best > 0
        others = self._others(words)
        if asked and placed:
            is_placed_otherwise = self._of_another_place(asked, found)
            if asked.is_known_unit:
                others |= is_placed_otherwise
            else:
                is_placed_otherwise &= ~others
                np.multiply(scores, np.float32(names.OTHER_PLACE), out=scores, where=is_placed_otherwise)
        np.multiply(scores, np.float32(names.OTHER_UNIT), out=scores, where=others)
        return scores / max(1, len(set(words)))

    def _fits_of(self, word: str) -> list[tuple[int, float]]:
        """Return the words of these texts that one may mean, with how well each fits, the likest last.

        What the file's own words may mean is found out once; of no other word anything is kept.
        """
        if (known := self._fits.get(word)) is not None:
            return known
        fits: dict[int, float] = {}
        if not word.isdigit() and len(word) > 2:
            fits = {number: 0.8 * (len(word) > 3) for number, _ in self._words.near(word, self._weights)}
            fits |= dict.fromkeys(self._words.sounding(word), 0.95)
        for written in (word, *names.SCHOOLS) if word == names.SCHOOL else (word,):
            if written in self._words.number:
                fits[self._words.number[written]] = 1.0
        found = sorted(fits.items(), key=lambda pair: pair[1])
        if word in self._words.number:
            self._fits[word] = found
        return found

    def _others(self, words: Sequence[str]) -> NDArray:
        """Say of each text whether it is surely of another unit, as names.are_other does."""
        others = np.zeros(len(self.strings), bool)
        for is_one, bears in zip(names.KINDS, self._bear, strict=True):
            if asked := list(filter(is_one, words)):
                others |= bears & ~self.texts_with(asked)
        sorts, fields = names.fields_of(words)
        if fields:
            others |= self.texts_with(sorts) & ~self.texts_with(fields)
        for place, side in pairwise(words):
            if side in names.SIDES and place in self._words.number:
                of_place = self.texts_with([place]) & ~self.texts_with([side])
                others |= of_place & self.texts_with(names.SIDES)
        return others

    def _of_another_place(self, asked: Asked, found: NDArray) -> NDArray:
        """Say of each text whether it is of another place than was told, as the domain does; `found`: how many words of it fit."""
        if self._places is None:
            self._places = np.zeros(len(self.strings), np.uint8)
            for number, word in enumerate(self._words.words):
                if names.is_of_place(word):
                    self._places[self._rows_of(number)] += 1
        lacks = found < len(asked.sure_places)
        is_other = self._places > found if asked.is_known_unit else (self._places > 0) & (found == 0)
        return lacks & is_other & self.texts_with(asked.sorts)

    def texts_with(self, words: Iterable[str]) -> NDArray:
        """Say of each text whether it holds one of these words."""
        found = np.zeros(len(self.strings), bool)
        for word in words:
            if (number := self._words.number.get(word)) is not None:
                found[self._rows_of(number)] = True
        return found

    def entries_of(self, texts: Sequence[int] | NDArray) -> NDArray:
        """Return the entries of some of these texts."""
        parts = [self.entries[self.at[number] : self.at[number + 1]] for number in texts]
        return np.concatenate(parts) if parts else np.zeros(0, np.int32)

    def holding(self, words: Sequence[str]) -> NDArray:
        """Return for each text which share of these words stands in it, letter by letter."""
        return sum((self.texts_with([word]).astype(np.float32) for word in words), np.zeros(1, np.float32)) / len(words)

    def _rows_of(self, number: int) -> NDArray:
        return self._word_rows[self._word_at[number] : self._word_at[number + 1]]


class NameIndex:
    """An index that is open, with what was added and taken away since."""

    def __init__(self, head: dict, arrays: Mapping[str, NDArray]) -> None:
        self.made_at: str = head["digest"]
        self.source: str = head["source"]
        self.notes: dict[str, list[int]] = head["notes"]
        """What whoever built it noted of its rows: how many, and the first of them, by what is the matter."""
        self._key, self._number, self._digits = arrays["key"], arrays["number"], arrays["digits"]
        self._born, self._since, self._until = arrays["born"], arrays["since"], arrays["until"]
        self._sex = arrays["sex"]
        self._spelled_at, self._spelled = arrays["spelled_at"], arrays["spelled"]
        # One value among many is read sooner without numpy.
        self._one = {name: memoryview(arrays[name]) for name in _READ_ALONE}
        self._odd = name_vocabulary.unpack(arrays["odd_numbers"], int(arrays["odd_count"][0]))
        self._by_number, self._twice = arrays["by_number"], frozenset(arrays["twice"].tolist())
        self._slots, self._entry_name = arrays["slots"], arrays["entry_name"]
        self._name_at, self._name_entries = arrays["name_at"], arrays["name_entries"]
        self._bag, self._bag_names = arrays["bag"], arrays["bag_names"]
        self._word_at, self._word_names = arrays["word_at"], arrays["word_names"]
        self._sound_of = arrays["sound_of"]
        self._words = Vocabulary(arrays, "words")
        self._units, self._posts, self._regions = (_Texts(arrays, name) for name in ("unit", "post", "region"))
        self._heads = _heads(self._posts.strings)
        self._spread = np.diff(self._word_at).astype(np.float32)
        many = len(self._slots)
        # What a word of a name weighs; the last one stands for no word at all.
        self._weights = np.append(np.log1p(many / (self._spread + 1)), 0).astype(np.float32)
        # What the domain holds a word of a name to weigh, and of no word at all.
        self._told_weights = np.append(arrays["word_weight"], 0).astype(np.float32)
        self._table = np.zeros(len(self._words) + 1, np.float32)
        self._count = np.zeros(many, np.uint8)
        self._lock = threading.Lock()
        self._added = _Added()
        self._gone: set[int] = set()

    # --- changing --------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """Entries, those that were added since among them; those of whoever was taken away are still counted."""
        return len(self._key) + len(self._added.entries)

    @property
    def has_regions(self) -> bool:
        """Say whether the file tells of anybody in which region he serves."""
        return any(self._regions.strings)

    def region_above(self, region: str) -> str:
        """Return the code above a region down to which the file tells where people serve, where it tells no more; else empty.

        Such a file cannot be narrowed further: that nobody is found there would say nothing.
        """
        texts = self._regions.strings
        at = bisect_left(texts, region)
        if at < len(texts) and _is_within(texts[at], region):
            return ""
        above = region
        while above := above.rpartition(".")[0]:
            at = bisect_left(texts, above)
            if at < len(texts) and texts[at].partition("@")[0] == above:
                return above
        return ""

    def add(self, entry: Entry) -> None:
        """Add an entry; the next search sees it. It is kept in memory alone."""
        with self._lock:
            self._added.add(entry)

    def remove(self, key: int) -> None:
        """Take all entries of somebody away, in the file and added."""
        with self._lock:
            self._gone.add(key)
            self._added.remove(key)

    # --- searching -------------------------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        region: str = "",
        on: date | None = None,
        most: int = 5,
        where: Where | None = None,
        today: date | None = None,
    ) -> Hits:
        """Return who may be meant by these words, the likest first, each person once. Raises NameQueryRefused.

        `region` and `on` narrow: who does not stand there on that day is not found; nor whose region `where` says no to, asked
        once for each region there is. Unit, post and place in the words only rank. `today`: the day from which an age is counted
        back where no other is asked about.
        """
        asked = replace(names.read_query(query, on or today, self._is_name_alone), is_dated=on not in (None, today))
        with self._lock:

            @cache
            def run(read: Asked) -> _Search:
                search = _Search(self, read, region, on, most, where)
                search.run()
                return search

            asked = self._placed(self._posted(self._first_of_several(query, self._addressed(asked), run)))
            # How many fit as well is counted once, of the way to read it that is taken.
            likest = run(asked)
            for other in self._otherwise(asked, likest.best):
                again = run(other)
                likest = again if again.best > likest.best else likest
            hits = self._with_posts_not_held(self._with_holders(likest.told, asked, run, most), asked)
            hits = self._with_unknown_place(
                self._without_holder(hits, asked), asked, run, is_narrow=bool(region or where)
            )
            if not hits.people and (asked.looks or len(asked.name_words) > _MOST_OF_A_NAME):
                raise NameQueryRefused("sentence")
            if of_school := self._ask_of_school(asked, hits, region, where):
                # Of other schools nobody fits as well by what he is alone.
                is_named = any(word.role is names.Role.NAME for word in asked.words)
                more = (hits.more, hits.more_is_least) if is_named else (0, False)
                hits = replace(hits, more=more[0], more_is_least=more[1], ask=of_school)
            ask = hits.ask or _ask_of_post(asked, hits, region) or likest.ask_of_initials(hits)
            ask = ask or (None if hits.people else Ask("nobody"))
            return replace(hits, people=tuple(map(self._noted, hits.people)), ask=ask)

    @staticmethod
    def _with_posts_not_held(hits: Hits, asked: Asked) -> Hits:
        """Say of those who are shown who is not recorded to hold the post that was told; he fits less than who holds it."""
        people = []
        for hit in hits.people if asked.posts else ():
            note = names.not_held(asked, hit.name, hit.post, hit.because)
            because = (*(each for each in hit.because if each.code != "post_near"), *([note] if note else ()))
            people.append(hit._replace(score=min(hit.score, names.NOT_HELD), because=because) if note else hit)
        return replace(hits, people=tuple(sorted(people, key=lambda hit: -hit.score))) if people else hits

    @staticmethod
    def _without_holder(hits: Hits, asked: Asked) -> Hits:
        """Say that nobody is recorded to hold the post that is all that was told, where those found hold others: none of them is
        meant, and nobody else fits as well.
        """
        if not names.is_held_by_nobody(asked, [(hit.post, hit.because) for hit in hits.people]):
            return hits
        people = tuple(hit._replace(score=min(hit.score, names.MAY_KNOW)) for hit in hits.people)
        return Hits(people, ask=Ask("acting", (asked.acting.capitalize(),)) if asked.acting else Ask("holder"))

    def _with_unknown_place(
        self, hits: Hits, asked: Asked, run: "Callable[[Asked], _Search]", *, is_narrow: bool
    ) -> Hits:
        """Return who fits the rest where words of a place, told with a post and no name, are nothing that the roster knows: that
        nobody is found so does not say that nobody holds the post there.
        """
        is_named = any(
            word.role is names.Role.NAME or (word.text not in names.SIDES and self._is_name_alone(word.text))
            for word in asked.words
        )
        first = hits.people[0] if hits.people else None
        is_well = first is not None and first.score >= _WELL
        lacks = first is None or not is_well or any(each.code in _LACKING for each in first.because)
        if not asked.posts or asked.numbers or is_named or not lacks:
            return hits
        if not (unknown := self._unknown_places(asked)):
            return hits if is_well else self._with_unit_elsewhere(hits, asked, run)
        if is_well:
            return replace(hits, ask=hits.ask or Ask("place_unknown", unknown))
        rest = asked.without_unknown(unknown)
        if rest.place_words or (is_narrow and rest.units == asked.units):
            found = run(rest).told
            people = [
                hit._replace(score=min(hit.score, names.MAY_KNOW)) for hit in found.people if hit.where >= _NEARLY_THERE
            ]
            if people:
                return replace(found, people=tuple(people), ask=Ask("place_unknown", unknown))
        return replace(hits, ask=Ask("place_nobody", unknown))

    @staticmethod
    def _with_unit_elsewhere(hits: Hits, asked: Asked, run: "Callable[[Asked], _Search]") -> Hits:
        """Return who holds the post in the unit that was told, of a region whose name it does not bear: the few that there are."""
        rest = asked.without_places(asked.wider)
        if not asked.wider or not rest.place_words:
            return hits
        found = run(rest).told
        people = [hit for hit in found.people if hit.where >= _HOLDS_THERE]
        if not people or found.more:
            return hits
        words = " ".join(asked.wider)
        shown = tuple(
            hit._replace(
                score=min(hit.score, _WELL),
                because=(*hit.because, Reason("unit_lacks", (("unit", hit.unit), ("words", words)))),
            )
            for hit in people
        )
        return Hits(shown, ask=Ask("place_lacks", asked.wider))

    def _unknown_places(self, asked: Asked) -> tuple[str, ...]:
        """Return the words of a place that neither units nor posts nor names of the roster hold, nor any like them in units."""
        unknown = [word.text for word in asked.words if self._is_unknown(word.text) and word.text not in names.SIDES]
        of_units: list[str] = []
        for word in asked.units:
            if names.is_of_place(word) and (of_units if word in names.SIDES else self._is_unknown(word)):
                of_units.append(word)
        return tuple(dict.fromkeys((*unknown, *of_units)))

    def _is_unknown(self, word: str) -> bool:
        is_told = word in self._posts._words.number or self._added.sounding(f"unit {word}")
        return len(word) > 1 and not (is_told or self._is_borne(word) or self._is_near_a_unit(word))

    def _ask_of_school(self, asked: Asked, hits: Hits, region: str, where: Where | None) -> Ask | None:
        """Say that there is no school of the number that was told, in the region that is searched; where nobody of it is shown."""
        told = names.school_of(asked)
        if not told or asked.numbers or any(reason.code == "unit" for hit in hits.people for reason in hit.because):
            return None
        units, regions = self._units, self._regions
        school, number = told
        of_kind = units.texts_with([school]) & units.texts_with([number, number.lstrip("0"), f"0{number}"])
        places = np.unique(regions.of_entry[units.entries_of(np.flatnonzero(of_kind))]).tolist()
        texts = {regions.strings[place] for place in places} | self._added.regions_of(told)
        if any(_is_within(text, region) and (where is None or where(text)) for text in texts):
            return None
        return Ask("unit_nowhere", (f"{school.upper()} {number}",))

    def _noted(self, hit: Hit) -> Hit:
        """Say of somebody that another bears his number, where it is so."""
        is_twice = hit.number.isdecimal() and int(hit.number) in self._twice
        return hit._replace(because=(*hit.because, Reason("number_twice"))) if is_twice else hit

    def _rows_of_number(self, number: str) -> NDArray:
        """Return the entries of the file that bear a number."""
        if not number.isdecimal() or len(number) > 18:
            return np.zeros(0, np.int32)
        order, value = self._by_number, int(number)

        def number_at(place: int) -> int:
            return int(self._number[order[place]])

        # np.searchsorted would copy the whole order first.
        start = bisect_left(range(len(order)), value, key=number_at)
        rows = order[start : bisect_right(range(len(order)), value, start, key=number_at)]
        return rows[self._digits[rows] == len(number)]

    def _otherwise(self, asked: Asked, best: int) -> Iterable[Asked]:
        """Yield other ways to read a query for which nobody fits well; `best`: the highest score."""
        if not asked.words or best >= _WELL:
            return
        if _has_places(asked) and (other := self._placed(asked.with_all_as_names())).words != asked.words:
            yield other
        sure = [word.text for word in asked.words if word.role is names.Role.NAME]
        strange = [word for word in sure if not self._words.sounding(word)]
        # A sentence in which a name stands; where post and unit were told, that may be one word beside another (galak, Ridwan).
        if strange and len(strange) < len(sure) and (len(sure) >= 3 or (asked.posts and asked.place_words)):
            yield asked.without(strange)
        if sure and asked.posts and asked.place_words:
            yield asked.without(sure)  # who holds the post there, whatever he is called

    def _with_holders(self, hits: Hits, asked: Asked, run: "Callable[[Asked], _Search]", most: int) -> Hits:
        """Return those found with who holds the post in the unit that was told, where whoever is likest holds another or is
        elsewhere: of name and post one may be mistaken.
        """
        sure = [word.text for word in asked.words if word.role is names.Role.NAME]
        is_told = sure and asked.place_words and names.is_held_by_one(asked.posts)
        if not (is_told and hits.people) or hits.people[0].where >= _NEARLY_THERE:
            return hits
        shown = {hit.key for hit in hits.people}
        of_post = run(asked.without(sure)).told
        holders = [hit for hit in of_post.people if hit.where >= _HOLDS_THERE]
        new = [hit for hit in holders if hit.key not in shown]
        if not new or len(holders) > _MOST_HOLDERS or of_post.more:
            return hits
        kept, dropped = hits.people[: max(most - len(new), 1)], hits.people[max(most - len(new), 1) :]
        top = kept[0].score
        fitting = sum(hit.score >= top - (_AS_WELL if top >= _SURE else _AS_WELL_UNSURE) for hit in dropped)
        people = sorted((*kept, *new), key=lambda hit: -hit.score)[:most]
        return replace(hits, people=tuple(people), more=min(hits.more + fitting, _MOST_TOLD))

    def _first_of_several(self, query: str, asked: Asked, run: "Callable[[Asked], _Search]") -> Asked:
        """Return a query for the first of several people whom only commas part. Each is somebody's whole name, or somebody is
        surely meant by each and nobody well by all; what stands in the name of a unit is a place.
        """
        told = names.names_between_commas(query) if len(asked.name_words) > 1 else ()
        if not told or self._is_name(tuple(word.text for word in asked.name_words)):
            return asked
        if any(map(self._is_in_a_unit, told)):
            return asked
        parts = [asked.with_name(words) for words in told]
        if not all(map(self._is_name, told)) and (
            run(asked).best >= _WELL_ALL
            or any(run(part).best < _SURE for part in parts if len(part.words) > 1)
            or not all(self._is_borne(word) for words in told if len(words) == 1 for word in words)
        ):
            return asked
        return replace(parts[0], is_several=True)

    def _is_name(self, words: tuple[str, ...]) -> bool:
        """Say whether these are all words of somebody's name, by sound."""
        if self._added.sounding(name_words.joined_sound(words)):
            return True
        return len(self._names_of(list(words))) > 0

    def _names_of(self, words: list[str]) -> NDArray:
        """Return the names of exactly these words, by sound, in whatever order."""
        sounds = np.array([name_vocabulary._hash(name_words.sounds(word)[-1]) for word in words], np.uint64)
        bag = name_files.mix(sounds).sum(dtype=np.uint64)
        start, end = np.searchsorted(self._bag, bag), np.searchsorted(self._bag, bag, "right")
        return self._bag_names[start : min(end, start + 5000)]

    def _is_in_a_unit(self, words: Sequence[str]) -> bool:
        """Say whether these words stand in the name of a unit."""
        return bool(np.logical_and.reduce([self._units.texts_with([word]) for word in words]).any())

    def _posted(self, asked: Asked) -> Asked:
        """Return a query with the words behind a post as words of it that such posts bear, and neither names nor units."""
        many, of_posts = 0, None
        for word in asked.words_behind_post:
            is_of_others = word in self._units._words.number or self._is_borne(word)
            if is_of_others or word not in self._posts._words.number:
                break
            of_posts = self._posts.texts_with(asked.posts[:1]) if of_posts is None else of_posts
            of_posts &= self._posts.texts_with([word])
            if not of_posts.any():
                break
            many += 1
        return asked.with_posts(many) if many else asked

    def _addressed(self, asked: Asked) -> Asked:
        """Return a query with what was read as how somebody is addressed as a word where it stands so in a name or a unit."""
        if not asked.addressed:
            return asked
        pair = asked.addressed, asked.words[0].text
        is_word = self._is_borne_together(pair) or self._is_in_a_unit(pair)
        return asked.with_address() if is_word else asked

    def _meant(self, asked: Asked) -> dict[str, str]:
        """Return short forms of places among the words of a query with what they stand for, where one place alone fits."""
        told = (
            word.text
            for word in asked.words
            if names.may_be_short(word.text) or word.text in names.PLACES_SHORT or word.role is not names.Role.NAME
        )
        return {word: place for word in told if (place := self._meant_by(word))}

    def _meant_by(self, word: str) -> str:
        """Return the only place of the roster for which a word that neither names nor units hold may be short; else nothing."""
        units = self._units._words
        if word in units.number or self._is_borne(word):
            return ""
        if (place := names.PLACES_SHORT.get(word, "")) in units.number:
            return place
        if names.may_be_short(word):
            begun = units.beginning(word[0])
            found = [place for place in units.words[begun.start : begun.stop] if names.is_short_for(word, place)]
        elif len(word) >= names.FEWEST_BEGUN:
            begun = units.beginning(word)
            found = units.words[begun.start : begun.stop] if len(begun) <= _MOST_BEGUN else []
        else:
            return ""
        places = [place for place in found if names.is_of_place(place)]
        return places[0] if len(places) == 1 and not self._is_near_a_name(word) else ""

    def _is_near_a_name(self, word: str) -> bool:
        """Say whether a word is perhaps one of a name that was misspelled, or the beginning of one."""
        words = self._words
        return len(word) > _LETTERS_OF_SHORT and (
            bool(words.beginning(word)) or any(True for _ in words.near(word, self._spread))
        )

    def _placed(self, asked: Asked) -> Asked:
        """Return a query with the words as places that nobody bears and units do, where enough is left to look for."""
        if (meant := self._meant(asked)) and (asked.posts or asked.units or len(meant) < len(asked.words)):
            asked = asked.with_meant(meant)
        places = {word.text for word in asked.name_words if self._is_place_alone(word.text)}
        at = self._one_behind_the_other(asked, places) | {
            at for at, word in enumerate(asked.words) if word.text in places
        }
        is_left = any(word.role is not names.Role.PLACE and n not in at for n, word in enumerate(asked.words))
        if at and (asked.posts or asked.units or is_left):
            asked = asked.with_places(at)
        asked = asked.with_names(self._names_behind(asked))
        return replace(asked, is_known_unit=self._is_known_unit(asked))

    def _one_behind_the_other(self, asked: Asked, places: Collection[str]) -> set[int]:
        """Return where words stand that follow one another as in the name of a unit: behind a post or the sort of a unit, or else
        at the end. They are no place where somebody bears both, and there is no unit of that name of the sort that was told.

        `places`: those of which that is known already. Karangjati is Karang Jati.
        """
        words = asked.words
        is_read = [word.role is names.Role.PLACE or word.text in places for word in words]
        found = {at for at, word in enumerate(words) if not is_read[at] and self._is_joined_place(word.text)}
        ending = {len(words) - 1}
        for at in range(len(words) - 2, -1, -1):
            one, other = words[at], words[at + 1]
            is_told_behind = names.Role.NAME not in (one.role, other.role)
            if not (is_told_behind or at + 1 in ending):
                continue
            if is_read[at] and is_read[at + 1]:
                ending |= {at}
            elif self._is_in_a_row((one.text, other.text), asked.sorts_of_post if is_told_behind else ()):
                found |= {at, at + 1}
                ending |= {at}
        return found

    def _is_in_a_row(self, pair: tuple[str, str], sorts: Collection[str]) -> bool:
        """Say whether two words stand in a unit one behind the other: in one of these sorts, or else where nobody bears both."""
        units = self._units
        if not all(word in units._words.number for word in pair):
            return False
        holding = np.logical_and.reduce([units.texts_with([word]) for word in pair])
        for text in np.flatnonzero(holding & units.texts_with(sorts))[:_MOST_UNITS].tolist() if sorts else ():
            if pair in pairwise(names.unit_words(units.strings[text])):
                return True
        texts = np.flatnonzero(holding)[:_MOST_UNITS].tolist()
        is_there = any(pair in pairwise(names.unit_words(units.strings[text])) for text in texts)
        return is_there and not self._is_borne_together(pair)

    def _is_borne_together(self, pair: tuple[str, str]) -> bool:
        """Say whether somebody bears both words, however spelled."""
        ways = [name_words.sounds(word) for word in pair]
        if all(any(map(self._added.sounding, way)) for way in ways):
            return True
        names_of = [
            [
                self._word_names[self._word_at[number] : self._word_at[number + 1]]
                for number in self._words.sounding(word)
            ]
            for word in pair
        ]
        if not all(names_of):
            return False
        less, more = sorted((_distinct(np.concatenate(each)) for each in names_of), key=len)
        at = np.minimum(more.searchsorted(less), len(more) - 1)
        return bool((more[at] == less).any())

    def _is_joined_place(self, word: str) -> bool:
        """Say whether a word that nobody bears is two of a unit, written without a space between."""
        number = self._units._words.number
        if len(word) < _JOINED_FROM or word in number or self._is_borne(word):
            return False
        pairs = ((word[:cut], word[cut:]) for cut in range(3, len(word) - 2))
        return any(one in number and other in number and self._is_in_a_row((one, other), ()) for one, other in pairs)

    def _names_behind(self, asked: Asked) -> int:
        """Say how many words behind those of a place are a name, where none was read: each borne, and like nothing of a unit."""
        if not (_has_places(asked) and all(word.role is names.Role.PLACE for word in asked.words[-1:])):
            return 0
        if any(word.role is names.Role.NAME for word in asked.words):
            return 0
        many = 0
        for word in reversed(asked.words):
            if (
                word.role is not names.Role.PLACE
                or not self._is_name_alone(word.text)
                or self._is_near_a_unit(word.text)
            ):
                break
            many += 1
        return many

    def _is_near_a_unit(self, word: str) -> bool:
        """Say whether a word is perhaps one of a unit that was misspelled."""
        units = self._units
        return bool(units._words.sounding(word)) or any(True for _ in units._words.near(word, units._weights))

    def _is_known_unit(self, asked: Asked) -> bool:
        """Say whether the roster has a unit of the sort and the place that were told."""
        if not (asked.sorts and asked.sure_places):
            return False
        told = [self._units.texts_with(asked.sorts), *(self._units.texts_with([word]) for word in asked.sure_places)]
        return bool(np.logical_and.reduce(told).any())

    def _is_place_alone(self, word: str) -> bool:
        """Say whether a word stands in the name of a unit, and in nobody's, however spelled."""
        return word in self._units._words.number and not self._is_borne(word)

    def _is_name_alone(self, word: str) -> bool:
        """Say whether a word stands in somebody's name, and in that of no unit."""
        return word not in self._units._words.number and self._is_borne(word)

    def _is_borne(self, word: str) -> bool:
        """Say whether a word stands in somebody's name, however spelled."""
        return bool(self._words.sounding(word)) or any(map(self._added.sounding, name_words.sounds(word)))

    # --- reading an entry --------------------------------------------------------------------------------------------

    def entry(self, row: int) -> Entry:
        """Return an entry of the file as it was built; its days are left out."""
        one = self._one
        return Entry(
            one["key"][row], self.number(row), self.spelled(row), self._units.strings[one["unit"][row]],
            self._posts.strings[one["post"][row]], self._regions.strings[one["region"][row]], one["born"][row] or None,
        )  # fmt: skip

    def spelled(self, row: int) -> str:
        at = self._one["spelled_at"]
        return bytes(self._one["spelled"][at[row] : at[row + 1]]).decode()

    def number(self, row: int) -> str:
        value = self._one["number"][row]
        if value >= 0:
            return str(value).zfill(self._one["digits"][row])
        return self._odd[-2 - value] if value < -1 else ""


@dataclass(frozen=True, slots=True)
class _Heads:
    """The nouns of each post and how each begins, two at most, as numbers; and the number of each."""

    nouns: NDArray
    begins: NDArray
    number: Mapping[str | tuple[str, ...], int]


def _heads(posts: Sequence[str]) -> _Heads:
    number: dict[str | tuple[str, ...], int] = {}
    nouns, begins = np.full((len(posts), 2), -2, np.int32), np.full((len(posts), 2), -2, np.int32)
    for at, post in enumerate(posts):
        for place, noun in enumerate(sorted(names.post_heads(post))[:2]):
            nouns[at, place] = number.setdefault(noun, len(number))
        for place, begun in enumerate(sorted(names.post_begins(post) - {()})[:2]):
            begins[at, place] = number.setdefault(begun, len(number))
    return _Heads(nouns, begins, number)


def _is_within(text: str, region: str) -> bool:
    """Say whether a region is another or lies in it; behind an @ may stand more than a code.

    >>> _is_within("13.76.01", "13.76"), _is_within("13.76@7", "13.76"), _is_within("13.76", "13.7")
    (True, True, False)
    """
    return not region or (text.startswith(region) and text[len(region) : len(region) + 1] in ("", ".", "@"))


def _ask_of_post(asked: Asked, hits: Hits, region: str) -> Ask | None:
    """Ask where somebody is, or who he is, for whose post nobody was found, and of whom no name was told but perhaps behind it."""
    sure = {word.text for word in asked.words if word.role is names.Role.NAME}
    if hits.people or not asked.posts or asked.numbers or not sure.issubset(asked.words_behind_post):
        return None
    return Ask("holder") if region or asked.sure_places or names.school_of(asked) else Ask("where")


def _has_places(asked: Asked) -> bool:
    return any(word.role is names.Role.PLACE for word in asked.words)


class _Search:
    """One search, step by step. It is alone with the index while it runs."""

    def __init__(
        self, index: NameIndex, asked: Asked, region: str, on: date | None, most: int, where: Where | None
    ) -> None:
        self.index, self.asked, self.region, self.most = index, asked, region, most
        self.day = on.toordinal() if on else None
        self.on = on
        self.readings: list[tuple[str, ...]] = []
        """The words put together or parted otherwise, as far as the index was asked for them."""
        self._groups = _Groups(index._words)
        self.comparer = Comparer(asked, self.readings, self._groups.may_fit, index._words.sound_alone)
        self.known = False
        self.borne: dict[int, int] = {}
        self.name_of: dict[int, int] = {}
        self._hits: dict[int, Hit] = {}
        self._passes: list[list[str]] = []
        self._cut = 0.0
        """How well names fit at most that were left out, since there were too many."""
        self._saw_units = False
        """Whether everybody of the units that were told was looked at."""
        self._last_of_units = -1
        """Who fits least of those that were compared of these, where not all were."""
        self._is_unsure = False
        self.bearers: dict[int, Hit] = {}
        """Who bears a number that was told."""
        self.people: dict[int, Hit] = {}
        """Who may be meant, by key."""
        self._is_of_number = False
        self._names = np.zeros(0, np.int32), np.zeros(0, np.float32)
        self._told_beside: tuple[NDArray | None, NDArray | None] = (None, None)
        self.tells = bool(asked.born or asked.place_words or asked.posts)
        self.where = where
        self.allowed = self._allowed() if region or where else None
        self.narrows = self.allowed is not None or on is not None or bool(index._gone)

    @property
    def best(self) -> int:
        """Return the score of whoever fits best; 0: nobody does."""
        return max((hit.score for hit in self.people.values()), default=0)

    def run(self) -> None:
        """Look for people: `people` then holds who may be meant, and `told` what is said of them."""
        self.bearers = self._bearers()
        if self.bearers and (self._agreeing() or not self._is_named()):
            self.people, self._is_of_number = dict(self.bearers), True
            return
        words = [word.text for word in self.asked.name_words]
        context = self._told_beside = self._context()
        # Where a name of these words is borne and nothing narrows, nobody looks for misspellings.
        tells = bool(self.asked.place_words or self.asked.posts)
        self.known = len(words) > 1 and not self.narrows and not tells and len(self.index._names_of(words)) > 0
        rows = np.zeros(0, np.int32)
        if words:
            self._names = self._ranked(words)
        if self.asked.place_words or self.asked.posts:
            rows = self._in_units(words, context)
            self._last_of_units = int(rows[-1]) if len(rows) >= 4 * self.most else -1
        self.people = self._compare(self._names, np.concatenate((rows, self._called_so())), context)
        for hit in (*self._of_added(), *self.bearers.values()):
            self._take(hit, self.people)

    @cached_property
    def told(self) -> Hits:
        """Say who may be meant, how many others fit as well, and what would tell them apart."""
        if self._is_of_number:
            return self._told(self.people, lambda first: _NONE_FITTING, 0)
        many = len(self.asked.name_words)
        return self._told(self.people, lambda first: self._fitting(self._names, first, self._told_beside), many)

    def _called_so(self) -> NDArray:
        """Return the entries of some whose whole name is what was asked for, words of posts and units among it."""
        if not self.asked.called:
            return np.zeros(0, np.int32)
        rows, _ = self._rows_of(self.index._names_of(list(self.asked.called)))
        return rows[self._stands(rows)][: 4 * self.most]

    def _allowed(self) -> NDArray:
        """Say of each region of the file whether it may be searched."""
        texts = self.index._regions.strings
        allowed = np.zeros(len(texts), bool)
        for number in range(bisect_left(texts, self.region), len(texts)):
            if not texts[number].startswith(self.region):
                break
            allowed[number] = _is_within(texts[number], self.region) and (not self.where or self.where(texts[number]))
        return allowed

    # --- words -----------------------------------------------------------------------------------------------------

    def _group(self, word: str) -> _Group:
        if (known := self._groups.get(word)) is None:
            known = self._groups[word] = self._make_group(word)
        return known

    def _make_group(self, word: str) -> _Group:
        vocabulary, spread = self.index._words, self.index._spread
        many = len(self.index._slots)
        fits: dict[int, float] = {}
        ranges: list[tuple[int, int, float]] = []
        same = vocabulary.sounding(word)
        if len(word) > 1:
            if (initial := vocabulary.number.get(word[0])) is not None:
                fits[initial] = 0.72
            begun = vocabulary.beginning(word)
            if len(word) >= 3 and len(begun):
                ranges.append((begun.start, begun.stop, 0.65))
            if len(word) >= 4:
                fits |= dict.fromkeys(vocabulary.ending(word), 0.62)
                for size in range(3, len(word)):  # a name that is the beginning of what was asked for
                    if (shorter := vocabulary.number.get(word[:size])) is not None:
                        fits[shorter] = 0.55 + 0.25 * size / len(word)
            fits |= dict.fromkeys(vocabulary.called(word), 0.8)
            for number, fit in vocabulary.near(word, spread) if not self.known else ():
                fits[number] = max(fit, fits.get(number, 0))
        else:
            begun = vocabulary.beginning(word)
            ranges.append((begun.start, begun.stop, 0.72))
        for number in same:
            one_letter = 1 in (len(word), len(vocabulary.words[number]))
            fits[number] = 1.0 if vocabulary.words[number] == word else 0.9 if one_letter else 0.97
        numbers = np.fromiter(fits, np.int32, len(fits))
        values = np.fromiter(fits.values(), np.float32, len(fits))
        order = np.argsort(-values, kind="stable")
        borne = float(spread[same].sum()) if same else float(spread[numbers].max(initial=0)) if len(numbers) else 0.0
        # Of a word that nobody bears, nobody can tell how much it would have said.
        rare = math.log1p(many / (max(borne, many / 5000) + 1))
        # The domain compares in the end: whom its weights prefer has to be among those that it is shown.
        weight = name_words.weight(word) * (1 + _RARE_COUNTS * rare)
        return _Group(np.array(sorted(same), np.int32), numbers[order], values[order], weight, tuple(ranges))

    def _posting(self, number: int) -> NDArray:
        return self.index._word_names[self.index._word_at[number] : self.index._word_at[number + 1]]

    # --- names -----------------------------------------------------------------------------------------------------

    def _ranked(self, words: list[str]) -> tuple[NDArray, NDArray]:
        """Return the names that fit best, by id, with how well: a little coarser than domain.names compares."""
        ids: list[NDArray] = []
        fits: list[NDArray] = []
        for at, (reading, lost) in enumerate(self._readings(words)):
            self._passes.append(reading)
            if at:
                self.readings.append(tuple(reading))
            found, share = self._pass(reading, first=at == 0)
            ids.append(found)
            fits.append(share * (1 - lost))
        joined, shares = np.concatenate(ids), np.concatenate(fits)
        order = _best_first(shares)
        joined, shares = joined[order], shares[order]
        if len(ids) > 1:
            first = np.sort(_first_of_each(joined))
            joined, shares = joined[first], shares[first]
        return joined, shares

    def _readings(self, words: list[str]) -> Iterable[tuple[list[str], float]]:
        """Yield the words as they are, and put together or parted as names are borne."""
        yield words, 0.0
        if given := name_words.without_gusti(tuple(words)):
            yield list(given), 0.0
        yielded = 0
        vocabulary, spread = self.index._words, self.index._spread
        for at, (one, other) in enumerate(pairwise(words)):
            if len(one) > 1 and len(other) > 1 and yielded < 1:
                same = vocabulary.sounding(one + other) or vocabulary.sounding(name_words.joined_sound((one, other)))
                if same and spread[same].sum() >= 2:
                    word = max(same, key=lambda number: spread[number])
                    yield [*words[:at], vocabulary.words[word], *words[at + 2 :]], 0.02
                    yielded += 1
        for at, word in enumerate(words):
            is_word = word not in name_words.TOLD_SHORT
            if len(word) >= 6 and is_word and yielded < 2 and (parts := self._parted(word)):
                yield [*words[:at], *parts, *words[at + 1 :]], 0.02
                yielded += 1

    def _parted(self, word: str) -> list[str]:
        """Return the words that one was put together of, where their bearers make that likely."""
        vocabulary, spread, many = self.index._words, self.index._spread, len(self.index._slots)
        if word.startswith("abdu") and (parts := self._parted_abdul(word)):
            return parts
        if rest := name_words.without_muhammad(word):
            return ["muhammad", *(self._parted(rest) or [rest])]
        if parts := self._parted_from_title(word):
            return parts
        word = word[:48]
        known = vocabulary.sounding(word)
        whole = math.log(many / float(spread[known].sum()) + 1) + 1.5 if known else 60.0
        cost, parts = self._cheapest(word)
        if not parts and not known and len(word) >= _BY_SOUND_FROM:
            cost, parts = self._cheapest(word, by_sound=True)
            parts = parts if len(parts) <= _MOST_BY_SOUND else []
            if not parts and len(word) >= _WITH_RARE_FROM:
                cost, parts = self._cheapest(word, with_rare=True)
                parts = parts if sum(self._is_rare(part) for part in parts) <= 1 < len(parts) else []
        return parts if parts and (len(parts) > 1 or word[0] in "in") and cost < whole + 14 else []

    def _is_rare(self, part: str) -> bool:
        borne = self._borne_as(part, by_sound=False)
        return not borne or borne < min(3, len(self.index._slots) / 10_000)

    def _cheapest(self, word: str, *, by_sound: bool = False, with_rare: bool = False) -> tuple[float, list[str]]:
        """Return the words that one was likeliest put together of, with how unlikely that is; none where there is no way.

        `with_rare`: words that hardly anybody bears among them, and between them what says whose child somebody is.
        """
        many = len(self.index._slots)
        best: list[tuple[float, list[str]]] = [(0.0, [])] + [(math.inf, [])] * len(word)
        for particle in ("i", "ni"):  # of the Balinese, whose "I" and "Ni" are no words of a name
            if word.startswith(particle):
                best[len(particle)] = 3.0, []
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 16), end - 1):
                if math.isinf(best[start][0]) or (start == 0 and end == len(word)):
                    continue
                if with_rare and word[start:end] in _CHILD_OF and start > 0 and end < len(word):
                    best[end] = min(best[end], (best[start][0] + 3.0, best[start][1]), key=itemgetter(0))
                    continue
                borne = self._borne_as(word[start:end], by_sound=by_sound)
                least = 1 if with_rare and end - start >= _LEAST_BY_SOUND else min(3, many / 10_000)
                if not borne or borne < least:
                    continue
                short = 4.0 if end - start == 2 else 1.5 if end - start == 3 else 0.0
                cost = best[start][0] + math.log(many / borne + 1) + 1.5 + short
                if cost < best[end][0]:
                    best[end] = cost, [*best[start][1], word[start:end]]
        return best[-1]

    def _borne_as(self, part: str, *, by_sound: bool) -> float:
        """Return in how many names a part of a word stands: as it is spelled, or as it sounds where it is a short form (moh)."""
        vocabulary, spread = self.index._words, self.index._spread
        if (number := vocabulary.number.get(part)) is not None:
            return float(spread[number])
        if name_words.is_short_form(part) or (by_sound and len(part) >= _LEAST_BY_SOUND):
            return float(spread[vocabulary.sounding(part)].sum())
        return 0.0

    def _parted_from_title(self, word: str) -> list[str]:
        """Return the words of a name that nobody bears and that was put together with a title: DRMOHRIDWAN."""
        sounding = self.index._words.sounding
        titles = [] if sounding(word) else [title for title in _GLUED_TITLES if word.startswith(title)]
        rests = [word[len(title) :] for title in titles]
        ways = (self._parted(rest) or ([rest] if len(rest) >= _LONG and sounding(rest) else []) for rest in rests)
        if parts := next(filter(None, ways), []):
            return parts
        short = next((short for short in _GLUED_SHORT if word.startswith(short)), "")
        rest = self._parted(word[len(short) :]) if short and not sounding(word) else []
        return [*name_words.read_token(short), *rest] if rest else []

    def _parted_abdul(self, word: str) -> list[str]:
        """Part what was put together with Abdul: abdurrahim, abdussalam, abdulhamid, abdurahman."""
        vocabulary, spread = self.index._words, self.index._spread
        ways = [(float(spread[same].sum()), cut) for cut in (5, 4) if (same := vocabulary.sounding(word[cut:]))]
        return ["abdul", word[max(ways)[1] :]] if ways else []

    def _pass(self, words: list[str], *, first: bool) -> tuple[NDArray, NDArray]:
        groups = [self._group(word) for word in words]
        candidates = self._candidates(groups, words)
        if first and (whole := self._of_region()) is not None:
            candidates = whole
            self._cut = 0.0
        elif self.asked.is_initials:
            candidates = self._of_initials(len(words))
        if not len(candidates):
            return candidates, np.zeros(0, np.float32)
        shares = self._shares(groups, words, candidates)
        fitting = np.flatnonzero(shares >= 0.3)
        if len(fitting) > _MOST_RANKED and not self.narrows:
            least = np.partition(shares, -_MOST_RANKED)[-_MOST_RANKED]
            fitting = np.flatnonzero(shares >= least)[: 4 * _MOST_RANKED]
            self._cut = max(self._cut, float(least))
        return candidates[fitting], shares[fitting]

    def _of_region(self) -> NDArray | None:
        """Return all names of the region that is asked for, where it is small enough to look at each."""
        rows = self._rows_of_region()
        return None if rows is None else _distinct(self.index._entry_name[rows])

    def _of_initials(self, many: int) -> NDArray:
        """Return names to look at for letters that are all that was told of one, so many: no word leads to whom they fit.

        Of many names some are looked at, of as many words as letters: then there may be others.
        """
        index = self.index
        if self.allowed is not None:
            regions = index._regions
            parts, left = [], _MOST_IN_REGION
            for number in np.flatnonzero(self.allowed).tolist():
                parts.append(regions.entries[regions.at[number] : regions.at[number + 1]][:left])
                left -= len(parts[-1])
            self._cut = 1.0
            return _distinct(index._entry_name[np.concatenate(parts)]) if parts else np.zeros(0, np.int32)
        size = len(index._slots)
        if size <= _MOST_IN_REGION:
            self._cut = 0.0
            return np.arange(size, dtype=np.int32)
        self._cut = 1.0
        column = min(many, index._slots.shape[1]) - 1
        start = bisect_left(range(size), 1, key=lambda name: int(index._slots[name, column] >= 0))
        return np.arange(start, min(start + _MOST_IN_REGION, size), dtype=np.int32)

    def ask_of_initials(self, hits: Hits) -> Ask | None:
        """Ask where somebody is of whom letters were told, where there are too many to look at each."""
        is_there = bool(hits.people) and hits.people[0].where >= _FITS
        return Ask("initials") if self.asked.is_initials and self._cut and not is_there else None

    def _rows_of_region(self) -> NDArray | None:
        """Return all entries of the region that is asked for, where they are few enough."""
        if self.allowed is None:
            return None
        regions = self.index._regions
        chosen = np.flatnonzero(self.allowed)
        if (regions.at[chosen + 1] - regions.at[chosen]).sum() > _MOST_IN_REGION:
            return None
        rows = [regions.entries[regions.at[number] : regions.at[number + 1]] for number in chosen]
        return np.concatenate(rows) if rows else np.zeros(0, np.int32)

    def _candidates(self, groups: list[_Group], words: list[str]) -> NDArray:
        """Return ids of names worth to be scored: those that hold the rarest of the words and most of the others."""
        index = self.index
        count, spread = index._count, index._spread
        touched: list[NDArray] = []
        given: list[int] = []
        total = sum(group.weight for group in groups) or 1.0

        def touch(ids: NDArray, points: int) -> None:
            touched.append(ids)
            given.append(points)

        left = _MOST_SAME
        sized = sorted(((float(spread[group.same].sum()), at) for at, group in enumerate(groups) if len(group.same)))
        for size, at in sized:
            group = groups[at]
            if touched and size > left:
                continue
            for number in group.same.tolist():
                ids = self._posting(number)[: max(left, 1000)]
                touch(ids, max(1, round(_POINTS * group.weight / total)))
                left -= len(ids)
        left = _MOST_NEAR if touched else _MOST_SAME
        ways: list[tuple[float, float, int, int]] = []
        for at, group in enumerate(groups):
            same = set(group.same.tolist())
            for number, fit in zip(group.words.tolist(), group.fits.tolist(), strict=True):
                # An initial, or a part of a word, is a way to somebody only where there is no better one.
                if fit >= 0.6 and number not in same and len(index._words.words[number]) > 1:
                    ways.append((-fit, float(spread[number]), number, at))
        for negative, size, number, at in sorted(ways):
            if size > left:
                continue
            ids = self._posting(number)
            touch(ids, max(1, round(-_POINTS * negative * groups[at].weight / total)))
            left -= len(ids)
            if left <= 0:
                break
        if not touched or sum(map(len, touched)) < 200:
            for group, word in zip(groups, words, strict=True):
                for start, end, _ in group.ranges if len(word) > 1 else ():
                    begin, stop = index._word_at[start], index._word_at[end]
                    touch(_distinct(index._word_names[begin : min(stop, begin + 30_000)]), _POINTS // 10)
        bag = self.index._names_of(words)
        if not touched:
            return bag
        ids = np.concatenate(touched)
        places = ids.astype(np.intp)  # as whom numpy counts by would make them anew each time
        # All at once: most words have few names, and of each alone the call takes longer than what it does.
        np.add.at(count, places, np.repeat(np.array(given, np.uint8), [len(some) for some in touched]))
        points = count.take(places)
        most = _MOST_TIED if self.narrows else _MOST_SCORED
        if len(ids) > most:
            ids = self._with_most_points(ids, points, most)
        count.fill(0)
        return _distinct(np.concatenate((ids, bag)))

    def _with_most_points(self, ids: NDArray, points: NDArray, most: int) -> NDArray:
        """Return ids of the most points: all of a number of points as long as they are few, else those of the fewest words."""
        of_points = np.bincount(points)
        above = np.cumsum(of_points[::-1])[::-1]
        least = int(np.searchsorted(-above, -most))  # the fewest points of which no more than `most` have as many
        # Of so many, places are faster than a mask.
        kept = ids.take(np.flatnonzero(points >= least)) if least < len(above) else ids[:0]
        below = np.flatnonzero(of_points[:least])
        self._cut = max(self._cut, below[-1] / _POINTS if len(below) else 0.0)
        if len(kept) >= most // 2 or not least:
            return kept
        # Many are tied below: of these the beginning, in which names of few words stand.
        tied = below[-1]
        level, left = ids.take(np.flatnonzero(points == tied)), _MOST_TIED - len(kept)
        return np.concatenate((kept, np.partition(level, left)[:left] if len(level) > left else level))

    def _shares(self, groups: list[_Group], words: list[str], ids: NDArray) -> NDArray:
        """Say how well each name fits, as domain.names does but that a word of it may be counted for two of ours."""
        slots = self._slots(ids)
        used = np.zeros(slots.shape, bool)
        covered = np.zeros(len(ids), np.float32)
        total = np.zeros(len(ids), np.float32)
        sure = {word.text: self.asked.is_sure(word) for word in self.asked.name_words}
        for group, word in zip(groups, words, strict=True):
            fits = self._fits(group, slots)
            used |= fits > 0
            best = fits.max(axis=0)
            covered += np.float32(group.weight) * best
            if sure.get(word, True):
                total += np.float32(group.weight)
            else:
                total += np.where(best > 0, np.float32(group.weight), np.float32(0.3 * group.weight))
        weights = self.index._weights.take(slots)
        borne, whole = (weights * used).sum(axis=0), weights.sum(axis=0)
        return covered / np.maximum(total, 1e-6) * (0.84 + 0.16 * borne / np.maximum(whole, 1e-6))

    def _slots(self, ids: NDArray) -> NDArray:
        """Return the words of names, the first of each, then the second …: much faster than along rows of six."""
        slots = self.index._slots
        # Names of few words come first.
        columns = max(1, int((slots[ids.max()] >= 0).sum())) if len(ids) else 1
        return slots.take(ids, axis=0).T[:columns].astype(np.intp, order="C")

    def _fits(self, group: _Group, slots: NDArray) -> NDArray:
        """Return how well each word of names fits."""
        table = self.index._table
        for start, end, fit in group.ranges:
            table[start:end] = fit
        table[group.words] = group.fits
        fits = table.take(slots)
        for start, end, _ in group.ranges:
            table[start:end] = 0
        table[group.words] = 0
        return fits

    # --- where -----------------------------------------------------------------------------------------------------

    def _context(self) -> tuple[NDArray | None, NDArray | None]:
        """Return how well each unit and each post fits what was told of them; None where nothing was."""
        places, posts = self.asked.place_words, self.asked.posts
        return (
            self.index._units.scores(places, self.asked) if places else None,
            self.index._posts.scores(posts) * self._of_noun(posts) if posts else None,
        )

    def _of_noun(self, posts: Sequence[str]) -> NDArray:
        """Say of each post of the index whether it is of the kind that was asked for, or only holds its words."""
        heads = self.index._heads
        fits = (heads.nouns == heads.number.get(names.head_of(posts), -1)).any(axis=1)
        if (begun := names.begun_by(posts)) and begun[1] in names.HEADED:
            fits &= (heads.begins == heads.number.get(begun, -1)).any(axis=1) | ~self.index._posts.texts_with(begun[1:])
        return np.where(fits, np.float32(1), np.float32(names.OTHER_POST))

    def _in_units(self, words: list[str], context: tuple[NDArray | None, NDArray | None]) -> NDArray:
        """Return entries of the units (or else posts) that fit best, whose names fit a little at least."""
        index = self.index
        of_units, of_posts = context
        scores, texts = (of_units, index._units) if of_units is not None else (of_posts, index._posts)
        assert scores is not None
        if of_units is not None and (not len(scores) or scores.max() < _FITS) and of_posts is not None:
            scores, texts = of_posts, index._posts
        if not len(scores) or scores.max() < _FITS:
            return np.zeros(0, np.int32)
        if (rows := self._rows_of_region()) is not None:
            rows = rows[self._where(rows, context) >= _FITS]
            self._saw_units = True
        else:
            best = _fitting_texts(scores)
            rows = texts.entries_of(best[:_MOST_UNITS])
            self._saw_units = texts is index._units and len(best) <= _MOST_UNITS and len(rows) <= _MOST_IN_UNITS
            rows = rows[:_MOST_IN_UNITS]
            is_named = any(word.role is names.Role.NAME for word in self.asked.words)
            if len(best) > _MOST_UNITS and texts is index._units and of_posts is not None and not is_named:
                # The place is told and no unit of it, nor a name: whoever holds the post may be in any of them.
                rows = _distinct(np.concatenate((rows, self._holders(of_posts, context))))
        rows = rows[self._stands(rows)]
        if not len(rows):
            return rows
        if words:
            ids = index._entry_name[rows]
            shares = self._shares([self._group(word) for word in words], words, ids)
            where = self._where(rows, context)
            if any(word.role is names.Role.NAME for word in self.asked.words):
                fits = np.where(shares >= 0.35, shares + 0.3 * where, 0)
            else:
                fits = np.maximum(shares, 0.85 * where)  # perhaps none of the words is of a name
            order = np.argsort(-fits, kind="stable")[: 4 * self.most]
            return rows[order[fits[order] > 0]]
        return rows[np.argsort(-self._where(rows, context), kind="stable")][: 4 * self.most]

    def _holders(self, of_posts: NDArray, context: tuple[NDArray | None, NDArray | None]) -> NDArray:
        """Return the entries of the post that was asked for which are in its place, where they are few enough."""
        posts = self.index._posts
        best = _fitting_texts(of_posts)
        if (posts.at[best + 1] - posts.at[best]).sum() > _MOST_ROWS:
            return np.zeros(0, np.int32)
        rows = posts.entries_of(best)
        where = self._where(rows, context)
        return rows[np.argsort(-where, kind="stable")[:_MOST_IN_UNITS]] if len(rows) else rows

    def _where(self, rows: NDArray, context: tuple[NDArray | None, NDArray | None]) -> NDArray:
        """Say how well entries fit what was told beside the name, 0 to 1."""
        index = self.index
        found, parts = np.zeros(len(rows), np.float32), 0
        for scores, texts in zip(context, (index._units, index._posts), strict=True):
            if scores is not None:
                found += scores[texts.of_entry[rows]]
                parts += 1
        if self.asked.born:
            found += self._of_birth(rows, unknown=0.5)
            parts += 1
        return found / max(parts, 1)

    def _of_birth(self, rows: NDArray, *, unknown: float) -> NDArray:
        """Say how well the years and days of birth of entries fit, as the domain does; `unknown`: one of no year."""
        index = self.index
        low, high = self.asked.born or (0, 0)
        born = index._born[rows].astype(np.int32)
        off = np.maximum(np.maximum(low - born, born - high), 0)
        fits = np.select([born == NO_YEAR, off == 0, off <= 1, off <= 3], [unknown, 1, 0.6, 0.3], 0)
        if told := self.asked.birth:
            day = np.where(index._digits[rows] == 18, index._number[rows] // 10**10, 0)
            parts = (told[:4], day // 10**4), (told[4:6], day // 100 % 100), (told[6:], day % 100)
            is_of = np.logical_and.reduce([its == int(part) for part, its in parts if part.isdigit()])
            of_day = np.select([day <= 0, is_of], [names.UNKNOWN_DAY, 1], names.OTHER_DAY)
            fits = np.where((off == 0) & (born != NO_YEAR), of_day, fits)
        return fits

    def _stands(self, rows: NDArray) -> NDArray:
        """Say of entries whether they are of the region and hold on the day that was asked for."""
        index = self.index
        fine = np.ones(len(rows), bool)
        if self.allowed is not None:
            fine &= self.allowed[index._regions.of_entry[rows]]
        if self.day is not None:
            fine &= (index._since[rows] <= self.day) & (index._until[rows] > self.day)
        if index._gone:
            fine &= ~np.isin(index._key[rows], np.fromiter(index._gone, np.int64))
        return fine

    def _rows_of(self, ids: NDArray) -> tuple[NDArray, NDArray]:
        """Return the entries of names, and of each which of the names it bears (by place in `ids`); little more than can be
        looked at.
        """
        starts = self.index._name_at[ids]
        lengths = self.index._name_at[ids + 1] - starts
        ends = np.cumsum(lengths)
        enough = int(ends.searchsorted(_MOST_ROWS)) + 1
        starts, lengths, ends = starts[:enough], lengths[:enough], ends[:enough]
        owner = np.repeat(np.arange(len(ends)), lengths)
        rows = np.arange(len(owner)) + np.repeat(starts + lengths - ends, lengths)
        return self.index._name_entries[rows], owner

    # --- people ----------------------------------------------------------------------------------------------------

    def _compare(
        self, ranked: tuple[NDArray, NDArray], more_rows: NDArray, context: tuple[NDArray | None, NDArray | None]
    ) -> dict[int, Hit]:
        """Return the likest people."""
        ids, shares = ranked
        people: dict[int, Hit] = {}
        if len(ids):
            for row in self._likely(ids, shares, context, tells=self.tells).tolist():
                self._take(self._hit(row), people)
        for row in more_rows.tolist():
            self._take(self._hit(row), people)
        return people

    def _order(self, hit: Hit) -> tuple[int, int, str, int]:
        return -hit.score, -self._borne(hit), hit.number, hit.key

    def _is_as_well(self, hit: Hit, first: Hit) -> bool:
        """Say whether somebody fits as well as the first. Where unit and post fit the first, others have to fit them too."""
        if hit.score < self._enough(first.score):
            return False
        return first.where < _FITS or hit.score >= first.score - _AS_WELL or hit.where >= first.where - 0.1

    def _enough(self, top: int) -> int:
        """Return the score from which people fit as well as the best: one word, or a guess, tells people less apart."""
        is_unsure = self._is_unsure or top < _SURE or len(self.asked.name_words) == 1
        return max(top - (_AS_WELL_UNSURE if is_unsure else _AS_WELL), _LEAST)

    def _take(self, hit: Hit, people: dict[int, Hit]) -> None:
        if hit.score >= _LEAST and (hit.key not in people or people[hit.key].score < hit.score):
            people[hit.key] = hit

    def _likely(
        self, ids: NDArray, shares: NDArray, context: tuple[NDArray | None, NDArray | None], *, tells: bool
    ) -> NDArray:
        """Return the entries to compare, the likest first; of each name a few.

        How often a name is borne decides between names that fit alike.
        """
        index = self.index
        if not (self.narrows or tells):
            ids, shares = ids[:400], shares[:400]
            borne = index._name_at[ids + 1] - index._name_at[ids]
            kept = np.lexsort((-borne, -np.round(shares, 2)))[:_MOST_COMPARED]
            ids, borne = ids[kept], borne[kept]
            self.borne.update(zip(ids.tolist(), borne.tolist(), strict=True))
            exact = self._exact(ids)
            order = np.lexsort((-borne, -exact))
            found: list[NDArray] = []
            for turn, at in enumerate(order.tolist()):
                few = self.most + 1 if not turn else _MOST_ALIKE_SHOWN
                found.append(index._name_entries[index._name_at[ids[at]] : index._name_at[ids[at]] + few])
                if turn > self.most:
                    break
            return np.concatenate(found)
        if not self.narrows and len(ids) > _MOST_COMPARED:
            # Whoever is no likelier even where all else fits is not among the first.
            may_be = _whole(shares, 1.0) >= _whole(shares[_MOST_COMPARED - 1], 0.0) - 0.01
            ids, shares = ids[may_be], shares[may_be]
        rows, owner, whole = self._people_of(ids, shares, context, tells=tells)
        if not len(rows):
            return rows
        borne = np.bincount(owner, minlength=len(ids))
        # The best entry of each name, then the names among each other.
        best = np.zeros(len(ids), np.float32)
        np.maximum.at(best, owner, whole)
        likely = np.flatnonzero(best > 0)
        if len(likely) > 400:
            likely = likely[np.argpartition(-best[likely], 400)[:400]]
        kept = likely[np.lexsort((-borne[likely], -np.round(best[likely], 2)))[:_MOST_COMPARED]]
        self.borne.update(zip(ids[kept].tolist(), borne[kept].tolist(), strict=True))
        better = np.full(len(ids), -1, np.float32)
        better[kept] = self._exact(ids[kept])
        chosen = np.flatnonzero(better[owner] >= 0)
        share = better[owner[chosen]]
        if tells:
            share = _whole(share, self._where(rows[chosen], context))
        places: list[int] = []
        taken: dict[int, int] = {}
        for at in _best_first(share)[:2000].tolist():
            name = int(owner[chosen[at]])
            if taken.get(name, 0) < 2 * self.most:
                taken[name] = taken.get(name, 0) + 1
                places.append(int(chosen[at]))
                if len(places) >= 3 * self.most:
                    break
        return rows[places]

    def _exact(self, ids: NDArray) -> NDArray:
        """Return how well names fit as domain.names compares them."""
        return np.array([self.comparer.share(self._words_of(number)) for number in ids.tolist()], np.float32)

    def _words_of(self, name: int) -> tuple[str, ...]:
        words = self.index._words.words
        return tuple(words[number] for number in self.index._slots[name].tolist() if number >= 0)

    def _people_of(
        self, ids: NDArray, shares: NDArray, context: tuple[NDArray | None, NDArray | None], *, tells: bool
    ) -> tuple[NDArray, NDArray, NDArray]:
        """Return the entries of names that stand in region and time, whose each is, and how well it fits."""
        rows, owner = self._rows_of(ids)
        if len(rows) > _MOST_ROWS:
            rows, owner = rows[:_MOST_ROWS], owner[:_MOST_ROWS]
        if self.narrows:
            stands = self._stands(rows)
            rows, owner = rows[stands], owner[stands]
        whole = shares[owner]
        if tells:
            whole = _whole(whole, self._where(rows, context))
        return rows, owner, whole

    # --- how many fit as well ------------------------------------------------------------------------------------------

    def _fitting(
        self, ranked: tuple[NDArray, NDArray], first: Hit, context: tuple[NDArray | None, NDArray | None]
    ) -> _Fitting:
        """Return the entries of those who fit as well as the first.

        Few are compared one by one. Of many those are alike of whose names the same words fit, beside words that weigh the same,
        and whose unit, post, year and sex fit alike: one of each kind is compared for all of it.
        """
        saw_all = self._saw_all_like(first)
        if saw_all and 75 + 25 * (first.where - _ELSEWHERE_LESS) < first.score - _AS_WELL:
            return _NONE_FITTING  # nor does anybody elsewhere fit as well, even of the very name
        enough = self._enough(first.score)
        least = enough / 100 / self.comparer.scale - _MARGIN
        of_name = (least - 0.25) / 0.75 if self.tells else least
        rows, names_fit, kinds = self._bearing(ranked, of_name)
        is_least = len(rows) > _MOST_ROWS or (self._cut > max(_ON_CUT * of_name, 0) and not saw_all)
        if self.comparer.may_hold and self.tells:
            held, is_cut = self._holding(context)
            is_least |= is_cut
            bears = np.zeros(len(self.index._slots), bool)
            bears[self.index._entry_name[rows]] = True
            held = held[~bears[self.index._entry_name[held]]]
            rows, names_fit = np.concatenate((rows, held)), np.concatenate((names_fit, np.zeros(len(held), np.float32)))
            kinds = np.concatenate((kinds, np.zeros(len(held), np.uint64)))
        if self.narrows:
            stands = self._stands(rows)
            rows, names_fit, kinds = rows[stands], names_fit[stands], kinds[stands]
        whole = names_fit
        if self.tells and len(rows):
            where, of_where = self._told_where(rows, context)
            kinds = kinds ^ of_where
            whole = _whole(whole, where)
            if self.comparer.may_hold:
                whole = np.maximum(whole, 0.85 * where)
            if first.where >= _FITS:
                # As in _is_as_well: unit and post have to fit as well too.
                there = (where >= first.where - 0.25) | (whole >= least + (first.score - _AS_WELL - enough) / 100)
                rows, whole, kinds = rows[there], whole[there], kinds[there]
        if self.asked.sex:
            kinds = kinds * np.uint64(3) + self.index._sex[rows].astype(np.uint64)
        order = np.argsort(-whole, kind="stable")
        order = order[: np.searchsorted(-whole[order], -least, "right")]
        rows, kinds = rows[order], kinds[order]
        if len(rows) <= _MOST_ONE_BY_ONE:
            kinds = np.arange(len(rows))
        _, of_kind, kind = np.unique(kinds, return_index=True, return_inverse=True)
        scores, many, left = np.zeros(len(of_kind), np.int16), np.bincount(kind), 2 * _MOST_TOLD
        for turn, number in enumerate(np.argsort(of_kind).tolist()):
            if turn >= (_MOST_KINDS_TOLD if self.tells else _MOST_KINDS) or left <= 0:  # of so many no more are told
                is_least = True
                break
            scores[number] = self._score_as_well(int(rows[of_kind[number]]), first)
            left -= int(many[number]) if scores[number] else 0
        found = scores[kind]
        return _Fitting(rows[found > 0], found[found > 0], is_least)

    def _saw_all_like(self, first: Hit) -> bool:
        """Say whether whoever fits as well as the first is of units of which everybody was looked at, whatever he is called."""
        if not self._saw_units or first.where < _FITS:
            return False
        return self._last_of_units < 0 or not self._is_as_well(self._hit(self._last_of_units), first)

    def _score_as_well(self, row: int, first: Hit) -> int:
        """Return the score of somebody who fits as well as the first, else 0; by his name alone where nothing else was told."""
        asked = self.asked
        if self.tells or asked.looks or row in self._hits:
            hit = self._hit(row)
            return hit.score if self._is_as_well(hit, first) else 0
        share = self.comparer.share(self._words_of(int(self.index._entry_name[row]))) * self.comparer.scale
        if asked.sex and int(self.index._sex[row]) not in (0, name_files.SEXES.index(asked.sex)):
            share -= names.OTHER_SEX
        score = round(100 * share)
        return score if score >= self._enough(first.score) else 0

    def _bearing(self, ranked: tuple[NDArray, NDArray], least: float) -> tuple[NDArray, NDArray, NDArray]:
        """Return the entries of names that fit so well at least, how well, and of which kind the name is."""
        ids, shares = ranked
        ids = ids[shares >= (_COARSE_OF_LIKE if least >= _COARSE_OF_LIKE else _COARSE) * least]
        if not len(ids):
            return np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.uint64)
        if (self.index._name_at[ids + 1] - self.index._name_at[ids]).sum() <= _MOST_ONE_BY_ONE:
            rows, owner = self._rows_of(ids)
            return rows, np.ones(len(rows), np.float32), name_files.mix(ids[owner])
        fits, kinds = self._told_shares(ids)
        enough = fits >= least
        rows, owner = self._rows_of(ids[enough])
        rows, owner = rows[: _MOST_ROWS + 1], owner[: _MOST_ROWS + 1]
        return rows, fits[enough][owner], kinds[enough][owner]

    def _holding(self, context: tuple[NDArray | None, NDArray | None]) -> tuple[NDArray, bool]:
        """Return the entries of the units (or else posts) that were told, and whether there are more than can be looked at."""
        of_units, of_posts = context
        index = self.index
        told = [
            (scores, texts)
            for scores, texts in ((of_units, index._units), (of_posts, index._posts))
            if scores is not None
        ]
        told = [(scores, texts) for scores, texts in told if len(scores) and scores.max() >= _FITS]
        if not told:
            return np.zeros(0, np.int32), False
        scores, texts = told[0]
        if (rows := self._rows_of_region()) is not None:
            return rows[scores[texts.of_entry[rows]] >= _FITS], False
        chosen = np.flatnonzero(scores >= max(_FITS, float(scores.max()) - 0.25))
        parts, left = [], _MOST_HELD
        for number in chosen[np.argsort(-scores[chosen], kind="stable")].tolist():
            parts.append(texts.entries[texts.at[number] : texts.at[number + 1]])
            left -= len(parts[-1])
            if left < 0:
                return np.concatenate(parts)[:_MOST_HELD], True
        return np.concatenate(parts), False

    def _told_shares(self, ids: NDArray) -> tuple[NDArray, NDArray]:
        """Say how well names fit with the weights of the domain, and of which kind each is: of one kind are those in which the same
        words fit, in the same order, beside words that weigh as much.
        """
        fits, kinds = np.zeros(len(ids), np.float32), np.zeros(len(ids), np.uint64)
        if not self._passes or not len(ids):
            return fits, kinds
        slots = self._slots(ids)
        weights = self.index._told_weights.take(slots)
        ever = np.zeros(slots.shape, bool)
        whole = weights.sum(axis=0)
        sure = {word.text: self.asked.is_sure(word) for word in self.asked.name_words}
        of_word: dict[str, tuple[NDArray, NDArray]] = {}
        for word in dict.fromkeys(word for words in self._passes for word in words):
            fit_of = self._fits(self._group(word), slots)
            of_word[word] = fit_of > 0, fit_of.max(axis=0)
        for words in self._passes:
            covered, total = np.zeros(len(ids), np.float32), np.zeros(len(ids), np.float32)
            used = np.zeros(slots.shape, bool)
            for word in words:
                fits_slot, best = of_word[word]
                used |= fits_slot
                weight = np.float32(name_words.weight(word))
                missing = 0.3 if not sure.get(word, True) else 0.6 if len(word) == 1 else 1.0
                covered += weight * best
                total += weight * np.where(best > 0, np.float32(1), np.float32(missing))
            borne = (weights * used).sum(axis=0)
            share = covered / np.maximum(total, 1e-6) * (0.84 + 0.16 * borne / np.maximum(whole, 1e-6))
            np.maximum(fits, share, out=fits)
            ever |= used
        beside = np.round(1000 * (whole - (weights * ever).sum(axis=0))).astype(np.uint64)
        for column, is_used in zip(slots, ever, strict=True):
            kinds = np.where(is_used, name_files.mix(kinds + column.astype(np.uint64)), kinds)
        return fits, name_files.mix(kinds + beside)

    def _told_where(self, rows: NDArray, context: tuple[NDArray | None, NDArray | None]) -> tuple[NDArray, NDArray]:
        """Say how well entries fit what was told beside the name, weighed as the domain does, and of which kind each is."""
        index, asked = self.index, self.asked
        of_units, of_posts = context
        found, parts = np.zeros(len(rows), np.float32), 0.0
        kinds = np.zeros(len(rows), np.uint64)

        def count(fits: NDArray, weight: float) -> None:
            nonlocal found, parts, kinds
            found, parts = found + np.float32(weight) * fits, parts + weight
            kinds = name_files.mix(kinds + np.round(1000 * fits).astype(np.uint64))

        if of_units is not None:
            count(of_units[index._units.of_entry[rows]], 1.0 + 0.2 * len(set(asked.place_words)))
        if of_posts is not None:
            posts, units = index._posts.of_entry[rows], index._units.of_entry[rows]
            in_unit = index._units.holding(asked.posts)[units]
            kinds = name_files.mix(kinds + np.round(1000 * of_posts[posts]).astype(np.uint64))
            kinds = name_files.mix(kinds + index._posts.is_blank[posts])
            if of_post := asked.words_behind_post:
                borne = np.round(1000 * index._posts.holding(of_post)).astype(np.uint64)
                kinds = name_files.mix(kinds + borne[posts])
            if asked.acting:
                so_held = np.array([asked.acting in names.acting_of(post) for post in index._posts.strings], np.uint64)
                kinds = name_files.mix(kinds + so_held[posts])
            count(np.minimum(1, of_posts[posts] + in_unit), 1.0)
        if asked.born:
            count(self._of_birth(rows, unknown=0.99), 1.0)
        return found / np.float32(max(parts, 1e-6)), kinds

    def _hit(self, row: int) -> Hit:
        if (known := self._hits.get(row)) is not None:
            return known
        index = self.index
        name = int(index._entry_name[row])
        hit = self._hit_of(index.entry(row), self._words_of(name))
        self.name_of[hit.key] = name
        self._hits[row] = hit
        return hit

    def _hit_of(self, entry: Entry, words: tuple[str, ...] = ()) -> Hit:
        born = entry.born or born_of(entry.number) or None
        found = self.comparer.compare(entry.name, entry.unit, entry.post, "", born, entry.number, words=words)
        return Hit(
            entry.key,
            entry.number,
            entry.name,
            entry.unit,
            entry.post,
            entry.region,
            born,
            found.score,
            found.because,
            found.where,
        )

    def _bearers(self) -> dict[int, Hit]:
        """Return who bears the numbers that were told, with what makes that less than certain."""
        of_each = {number: self._by_number(number) for number in self.asked.numbers}
        found = {hit.key: hit for hits in of_each.values() for hit in hits}
        nowhere = [number for number, hits in of_each.items() if not hits]
        if nowhere and found:
            note = Reason("number_lost", (("numbers", ", ".join(nowhere)),))
            found = {key: hit._replace(because=(*hit.because, note)) for key, hit in found.items()}
        if len(self.asked.numbers) == 1 and len(found) > 1:
            # A number that stands at two names says of neither that he is meant.
            found = {
                key: hit._replace(score=names.DOUBTED if hit.score == 100 else names.DOUBTED - _AS_WELL_UNSURE - 1)
                for key, hit in found.items()
            }
        return found

    def _is_named(self) -> bool:
        """Say whether a word that is surely of a name was told, and is borne."""
        sure = (word.text for word in self.asked.words if word.role is names.Role.NAME)
        return any(self.index._words.sounding(word) for word in sure)

    def _agreeing(self) -> list[Hit]:
        """Return who bears a number that was told and is not called otherwise than was told."""
        return [hit for hit in self.bearers.values() if not any(each.code == "number_name" for each in hit.because)]

    def _by_number(self, number: str) -> list[Hit]:
        index = self.index
        found = index._rows_of_number(number)[:50]
        hits = [self._hit(row) for row in found[self._stands(found)].tolist()]
        hits += [self._hit_of(entry) for entry in index._added.numbered(number) if self._is_open(entry)]
        return [hit for hit in {hit.key: hit for hit in hits}.values() if hit.score >= _LEAST]

    def _is_open(self, entry: Entry) -> bool:
        if not _is_within(entry.region, self.region) or (self.where and not self.where(entry.region)):
            return False
        if self.on is None:
            return True
        return (entry.since is None or entry.since <= self.on) and (entry.until is None or self.on < entry.until)

    def _of_added(self) -> list[Hit]:
        return [self._hit_of(entry) for entry in self.index._added.near(self.asked) if self._is_open(entry)]

    # --- telling -----------------------------------------------------------------------------------------------------

    def _told(self, found: dict[int, Hit], fitting_as: Callable[[Hit], _Fitting], words: int) -> Hits:
        """Choose who is shown. Where those who fit alike are too many to be shown, no way to write the name fills the list:
        each is there twice at most as long as there are others that fit nearly as well.
        """
        if not found:
            return Hits()
        first = min(found.values(), key=self._order)
        top = first.score
        # Whose name goes on after words that say little is called so as well: nobody is surely meant.
        self._is_unsure = says_little = self._says_little()
        others = fitting_as(first)
        self._is_unsure = False
        alike, fitting = self._counted(
            found, first, others.rows[others.scores >= self._enough(top)] if says_little else others.rows
        )
        in_all, is_said = fitting, alike
        if says_little:
            self._is_unsure = True
            is_said, in_all = self._counted(found, first, others.rows)
            if fitting == 1:
                alike, fitting = is_said, in_all
        people = sorted(found.values(), key=self._order)
        as_well_keys = {hit.key for hit in alike}
        if fitting > self.most:
            people = self._varied(alike) + [hit for hit in people if hit.key not in as_well_keys]
            spelled: dict[object, int] = {}
            shown = []
            for hit in people:
                words_borne = self._spelled(hit)
                spelled[words_borne] = spelled.get(words_borne, 0) + 1
                if spelled[words_borne] <= _MOST_ALIKE_SHOWN and hit.score >= top - _NEARLY:
                    shown.append(hit)
            shown = (
                (shown + [hit for hit in people if hit not in shown])[: self.most] if len(shown) < self.most else shown
            )
            shown = sorted(shown[: self.most], key=lambda hit: -hit.score)
        else:
            # Somebody may score more by his name alone and fit less well: he takes nobody's place.
            others_known = [hit for hit in people if hit.key not in as_well_keys]
            shown = sorted([*alike, *others_known][: self.most], key=lambda hit: -hit.score)
        counted = {hit.key for hit in is_said}
        more = max(in_all - sum(hit.key in counted for hit in shown), 0)
        is_part = words == 1 or says_little or self.comparer.may_hold
        ask = self._ask(alike, is_part, fitting) if fitting > 1 and (more or top >= _WELL) else None
        ask = self._ask_of_number() or self._ask_as_held(shown) or ask
        return Hits(tuple(shown), min(more, _MOST_TOLD), ask, others.is_least or more > _MOST_TOLD)

    def _counted(self, found: dict[int, Hit], first: Hit, others: NDArray) -> tuple[list[Hit], int]:
        """Return of those who were found who fits as well as the first, and how many do in all, with the entries of `others`.

        Who fits as well is added to those found as long as there is a place, and asked about by what he is.
        """
        if sum(self._is_as_well(hit, first) for hit in found.values()) <= self.most:
            for row in others[: 2 * self.most].tolist():
                self._take(self._hit(row), found)
        alike = sorted((hit for hit in found.values() if self._is_as_well(hit, first)), key=self._order)
        # Whoever was compared himself is known exactly.
        keys = set(self.index._key[others].tolist())
        return alike, len(alike) + len(keys.difference(found))

    def _ask_of_number(self) -> Ask | None:
        """Ask about a number that was told and does not settle who is meant."""
        if not self.asked.numbers:
            return None
        if len(self.asked.numbers) > 1:
            return Ask("numbers")
        if not self.bearers:
            return Ask("number_nowhere")
        agreeing = self._agreeing()
        if not agreeing and self._is_named():
            return Ask("number_name")
        if len(self.bearers) > 1 and len(agreeing) != 1:
            return Ask("number_twice", tuple(sorted({hit.name for hit in self.bearers.values()})[:5]))
        return None

    def _ask_as_held(self, shown: Sequence[Hit]) -> Ask | None:
        """Ask for name or day where all that is told is a post, which whoever comes first is not known to hold in the way told."""
        codes = {reason.code for reason in shown[0].because}
        if not self.comparer.may_hold or codes & names.OF_NAME:
            return None
        notes = [reason for reason in shown[0].because if reason.code in names.AS_HELD]
        return Ask(notes[0].code, (dict(notes[0].values)["word"],)) if notes else None

    def _says_little(self) -> bool:
        """Say whether nothing was told but one or two words that many names have."""
        asked, words = self.asked, self.asked.name_words
        more = asked.tells_where or asked.place_words or asked.born or asked.numbers
        return 0 < len(words) <= 2 and not more and all(self._is_common(word.text) for word in words)

    def _is_common(self, word: str) -> bool:
        index = self.index
        borne = sum(float(index._spread[number]) for number in index._words.sounding(word))
        return name_words.weight(word) < 1 or borne >= max(_FEWEST_COMMON, len(index._slots) / _COMMON_OF)

    def _borne(self, hit: Hit) -> int:
        return self.borne.get(self.name_of.get(hit.key, -1), 1)

    def _varied(self, alike: list[Hit]) -> list[Hit]:
        """Put one of each way to write the name before a second one of any; but nobody before those who fit best."""
        seen: dict[object, int] = {}
        turns = []
        for hit in alike:
            spelled = self._spelled(hit)
            seen[spelled] = seen.get(spelled, 0) + 1
            turns.append((hit.score < alike[0].score - _AS_WELL, seen[spelled], hit))
        return [hit for *_, hit in sorted(turns, key=lambda turn: turn[:2])]

    def _spelled(self, hit: Hit) -> object:
        """Return what is the same for all whose names have the same words."""
        return self.name_of.get(hit.key) if hit.key in self.name_of else name_words.words_of(hit.name)

    def _ask(self, alike: list[Hit], is_part: bool, fitting: int) -> Ask:
        """Say what would tell apart those who fit as well; `is_part`: what was told may be a part of their names alone."""
        told_units = bool(self.asked.units) or _has_places(self.asked)
        regions = sorted({hit.region[:5] if hit.region[0].isdigit() else hit.region for hit in alike if hit.region})
        units = sorted({hit.unit for hit in alike if hit.unit})
        posts = sorted({hit.post for hit in alike if hit.post})
        has_names = is_part and len({name_words.words_of(hit.name) for hit in alike}) > 1
        # Few are told apart by what an officer knows sooner than a region.
        is_few = fitting <= self.most and (len(units) > 1 or has_names or len(posts) > 1)
        if not self.region and not told_units and len(regions) > 1 and not is_few:
            return Ask("region", tuple(regions[:5]))
        if len(units) > 1:
            return Ask("unit", tuple(units[:5]))
        if has_names:
            return Ask("name", tuple(sorted({hit.name for hit in alike})[:5]))
        if len(posts) > 1:
            return Ask("post", tuple(posts[:5]))
        born = sorted({str(hit.born) for hit in alike if hit.born})
        if len(born) > 1 and not self.asked.born:
            return Ask("born", tuple(born[:5]))
        return Ask("number")


def _whole(shares: NDArray, where: NDArray | float) -> NDArray:
    """Say how well people fit by their names and what was told beside, as the domain does."""
    return 0.75 * shares + 0.25 * where * np.minimum(1, 0.25 + shares)


def _fitting_texts(scores: NDArray) -> NDArray:
    """Return the units or posts that fit best, the likest first."""
    if not len(scores) or scores.max() < _FITS:
        return np.zeros(0, np.int64)
    best = np.flatnonzero(scores >= max(_FITS, float(scores.max()) - 0.15))
    return best[np.argsort(-scores[best], kind="stable")]


def _distinct(ids: NDArray) -> NDArray:
    """Return ids once each, ascending: by sorting, which for as many as here is faster than np.unique."""
    ids = np.sort(ids)
    return ids[np.concatenate(([True], ids[1:] != ids[:-1]))] if len(ids) else ids


def _first_of_each(ids: NDArray) -> NDArray:
    """Return where each id stands first."""
    ids, at = _sorted_with_places(ids.astype(np.uint64))
    return at[np.concatenate(([True], ids[1:] != ids[:-1]))] if len(ids) else at


def _best_first(shares: NDArray) -> NDArray:
    """Return the order of shares, none of them below nothing, the best first; those alike stay as they stand."""
    return _sorted_with_places((~shares.astype(np.float32).view(np.uint32)).astype(np.uint64))[1]


def _sorted_with_places(values: NDArray) -> tuple[NDArray, NDArray]:
    """Sort numbers of 32 bits and return where each stood: several times faster than np.argsort that keeps the order."""
    both = np.sort(values << np.uint64(32) | np.arange(len(values), dtype=np.uint64))
    return both >> np.uint64(32), (both & np.uint64(0xFFFFFFFF)).astype(np.intp)


class _Added:
    """What came since the file was built: few entries, in dictionaries by sound."""

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self._next = 0
        self._by_sound: dict[str, set[int]] = {}
        self._by_key: dict[int, list[int]] = {}
        self._by_number: dict[str, list[int]] = {}

    def add(self, entry: Entry) -> None:
        place = self._next
        self._next += 1
        self.entries[place] = entry
        self._by_key.setdefault(entry.key, []).append(place)
        if entry.number:
            self._by_number.setdefault(entry.number, []).append(place)
        for sound in self._ways(entry):
            self._by_sound.setdefault(sound, set()).add(place)

    def remove(self, key: int) -> None:
        for place in self._by_key.pop(key, ()):
            entry = self.entries.pop(place)
            if entry.number:
                self._by_number[entry.number].remove(place)
            for sound in self._ways(entry):
                self._by_sound[sound].discard(place)

    @staticmethod
    def _ways(entry: Entry) -> set[str]:
        words = name_words.words_of(entry.name)
        keys = {key for word in words for key in name_words.sounds(word)}
        ways = keys | {name_words.joined_sound(words)}
        ways |= {less for key in keys if len(key) > 3 for less in name_vocabulary._with_one_left_out(key)}
        return ways | {f"unit {word}" for word in (*names.unit_words(entry.unit), *names.post_words(entry.post))}

    def sounding(self, sound: str) -> bool:
        """Say whether somebody among them may have a word that sounds so."""
        return bool(self._by_sound.get(sound))

    def regions_of(self, words: Iterable[str]) -> set[str]:
        """Return where those serve in whose units all these words stand."""
        found = [self._by_sound.get(f"unit {word}", set()) for word in words]
        return {self.entries[place].region for place in set.intersection(*found)}

    def numbered(self, number: str) -> list[Entry]:
        return [self.entries[place] for place in self._by_number.get(number, ())]

    def near(self, asked: Asked, most: int = 300) -> list[Entry]:
        """Return entries that share a word with a query, those that share most first."""
        if not self.entries:
            return []
        counts: dict[int, float] = {}

        def count(way: str, points: float) -> None:
            for place in self._by_sound.get(way, ()):
                counts[place] = counts.get(place, 0) + points

        words = [word.text for word in asked.name_words]
        for word in dict.fromkeys((*words, *name_words.without_gusti(tuple(words)))):
            for key in name_words.sounds(word):
                count(key, name_words.weight(word))
                for less in name_vocabulary._with_one_left_out(key) if len(key) > 3 else ():
                    count(less, 0.3)
            for name in name_words.called(word):
                count(name_words.sounds(name)[0], 0.4)
        if words:
            count(name_words.joined_sound(tuple(words)), 2.0)
        for word in (*asked.place_words, *asked.posts):
            count(f"unit {word}", 0.2)
        best = sorted(counts, key=lambda place: -counts[place])[:most]
        return [self.entries[place] for place in best]
