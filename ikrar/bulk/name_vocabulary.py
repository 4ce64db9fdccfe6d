"""Words in arrays: found by sound, by a letter or two that are wrong, by how they begin and end."""

import bisect
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from ikrar.domain import name_words
from ikrar.domain.name_words import sounds

Arrays = dict[str, NDArray]
_SHORTEST_MENDED, _LONGEST_MENDED = 3, 16
_TWO_WRONG_FROM = 6
_MOST_NEAR, _MOST_VERIFIED, _MOST_OFF = 40, 250, 2


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())


def _with_one_left_out(key: str) -> Iterator[str]:
    seen = ""
    for at, letter in enumerate(key):
        if letter != seen:  # leaving out either of two like letters gives the same
            yield key[:at] + key[at + 1 :]
        seen = letter


def _written_and_heard(word: str) -> set[str]:
    """Return the keys by which a misspelled word is found: how it sounds, and as it stands, since sounds lose letters."""
    return {word, *sounds(word)}


def _distances(ours: Sequence[str], theirs: Sequence[str]) -> NDArray:
    """Return of each word by how many letters it is off from the nearest of ours, where these are few."""
    return cdist(ours, theirs, scorer=OSA.distance, score_cutoff=_MOST_OFF, dtype=np.uint8).min(axis=0)


def pack(strings: Sequence[str]) -> NDArray:
    """Put texts into one array of bytes, a line each."""
    return np.frombuffer("\n".join(strings).encode("utf-8", "replace"), np.uint8)


def unpack(blob: NDArray, count: int) -> list[str]:
    return bytes(blob).decode().split("\n") if count else []


def make(words: Sequence[str], prefix: str) -> Arrays:
    """Return the arrays of a vocabulary of sorted words."""
    by_sound: list[tuple[int, int]] = []
    by_less: list[tuple[int, int]] = []
    for number, word in enumerate(words):
        by_sound += ((_hash(key), number) for key in sounds(word))
        for key in _written_and_heard(word):
            if _SHORTEST_MENDED <= len(key) <= _LONGEST_MENDED:
                by_less += ((_hash(key), number), *((_hash(less), number) for less in _with_one_left_out(key)))
    backwards = sorted(range(len(words)), key=lambda number: words[number][::-1])
    arrays = {
        "strings": pack(words),
        "sounds": pack([" ".join(sounds(word)) for word in words]),
        "alone": pack([name_words.joined_sound((word,)) for word in words]),
        "count": np.array([len(words)], np.int64),
        "backwards": np.array(backwards, np.int32),
    }
    for name, pairs in (("sound", by_sound), ("less", by_less)):
        table = np.array(pairs, np.int64).reshape(-1, 2)
        table = table[np.argsort(table[:, 0], kind="stable")]
        arrays[f"{name}_hash"], arrays[f"{name}_word"] = table[:, 0].astype(np.uint32), table[:, 1].astype(np.int32)
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


class Vocabulary:
    """A vocabulary as a file holds it."""

    def __init__(self, arrays: Mapping[str, NDArray], prefix: str) -> None:
        self.words = unpack(arrays[f"{prefix}.strings"], int(arrays[f"{prefix}.count"][0]))
        self.number = {word: number for number, word in enumerate(self.words)}
        # Found out once, when the file was made: of words that nobody asked for before it takes longer than to compare them.
        self._sounds = unpack(arrays[f"{prefix}.sounds"], len(self.words))
        self._alone = unpack(arrays[f"{prefix}.alone"], len(self.words))
        self._backwards = arrays[f"{prefix}.backwards"]
        # One key among many is found sooner without numpy.
        self._sound = memoryview(arrays[f"{prefix}.sound_hash"]), memoryview(arrays[f"{prefix}.sound_word"])
        self._less = arrays[f"{prefix}.less_hash"], arrays[f"{prefix}.less_word"]

    def __len__(self) -> int:
        return len(self.words)

    def _spoken(self, key: str) -> list[int]:
        """Return the words of one key of sound, and of keys that are hashed alike."""
        known, words = self._sound
        hashed = _hash(key)
        start = bisect.bisect_left(known, hashed)
        return words[start : bisect.bisect_right(known, hashed, start)].tolist()

    def _misspelled(self, keys: Iterable[str]) -> set[int]:
        """Return the words that are one of these keys with a letter left out or none, and those that are hashed alike."""
        known, words = self._less
        hashes = np.sort(np.fromiter({_hash(key) for key in keys}, np.uint32))
        starts = known.searchsorted(hashes)
        # Most keys are of no word.
        found = known.take(starts, mode="clip") == hashes if len(known) else np.zeros(len(hashes), bool)
        starts, ends = starts[found], known.searchsorted(hashes[found], "right")
        return set().union(*(words[start:end].tolist() for start, end in zip(starts, ends, strict=True)))

    def sounding(self, word: str) -> list[int]:
        """Return the words that are spellings of this one."""
        ours = sounds(word)
        found = {number for key in ours for number in self._spoken(key)}
        return [number for number in found if not set(ours).isdisjoint(self._sounds[number].split(" "))]

    def sound_alone(self, word: str) -> str:
        """Return how a word sounds with no other, by which words that were joined or parted are known (joined_sound)."""
        number = self.number.get(word)
        return name_words.joined_sound((word,)) if number is None else self._alone[number]

    def near(self, word: str, weights: NDArray) -> list[tuple[int, float]]:
        """Return words that this one may misspell, each with how likely, at most some dozens: the likest and heaviest."""
        ours = _written_and_heard(word)
        keys = {key for key in ours if len(key) >= _SHORTEST_MENDED}
        if not keys:
            return []
        less = {each for key in keys for each in _with_one_left_out(key)}
        if len(word) >= _TWO_WRONG_FROM:
            keys |= {each for key in less for each in _with_one_left_out(key)}
        found = self._misspelled(keys | less)
        found.discard(self.number.get(word, -1))
        if not found:
            return []
        numbers = np.fromiter(found, np.int64, len(found))
        if len(numbers) > _MOST_VERIFIED:
            numbers = numbers[np.argsort(-weights[numbers], kind="stable")[:_MOST_VERIFIED]]
        off = self._letters_off(word, numbers)
        mended = (off > 0) & (off <= _MOST_OFF)
        numbers, off = numbers[mended], off[mended]
        likely = [
            (quality, weight, number)
            for number, wrong, weight in zip(numbers.tolist(), off.tolist(), weights[numbers].tolist(), strict=True)
            if (quality := name_words.typo_fit(wrong, word, self.words[number]))
        ]
        likely.sort(reverse=True)
        return [(number, quality) for quality, _, number in likely[:_MOST_NEAR]]

    def _letters_off(self, word: str, numbers: NDArray) -> NDArray:
        """Return by how many letters words are off, as they are written or heard; none where they sound the same."""
        others = [self.words[number] for number in numbers.tolist()]
        keys = [self._sounds[number].split(" ") for number in numbers.tolist()]
        starts = np.cumsum([0, *map(len, keys[:-1])])
        heard = np.minimum.reduceat(_distances(sounds(word), list(chain.from_iterable(keys))), starts)
        return np.where(heard == 0, 0, np.minimum(heard, _distances([word], others)))

    def called(self, word: str) -> list[int]:
        """Return the words whose bearers are called so."""
        return [number for name in name_words.called(word) for number in self.sounding(name)]

    def beginning(self, word: str) -> range:
        """Return the words that begin with this one."""
        start = bisect.bisect_left(self.words, word)
        return range(start, bisect.bisect_left(self.words, word + "{", start))

    def ending(self, word: str) -> list[int]:
        """Return the words that end with this one."""
        back = word[::-1]

        def turned(number: int) -> str:
            return self.words[number][::-1]

        start = bisect.bisect_left(self._backwards, back, key=turned)
        end = bisect.bisect_left(self._backwards, back + "{", start, key=turned)
        return self._backwards[start:end].tolist()


def postings(rows: NDArray, words: NDArray, count: int) -> tuple[NDArray, NDArray]:
    """Return where the rows of each word begin, and the rows themselves, ascending within a word."""
    order = np.argsort(words, kind="stable")
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(words, minlength=count), out=starts[1:])
    return starts, rows[order].astype(np.int32)
