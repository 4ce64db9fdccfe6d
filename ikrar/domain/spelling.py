"""Misspelled words brought back to those of a list: one letter wrong (`balihoo`), or vowels left out (`spndk`)."""

from collections.abc import Iterable

SHORTEST_MENDED = 5
"""Shorter words are too near to too many others."""
_FEWEST_CONSONANTS = 4


class Mender:
    """Knows the words of a list, and the common words that are no misspellings of them."""

    def __init__(self, words: Iterable[str], common: Iterable[str]) -> None:
        long_enough = [word for word in words if len(word) >= SHORTEST_MENDED]
        self._near = _one_letter_off(long_enough)
        self._by_consonants = _by_consonants(word for word in long_enough if word.isalpha())
        self._common = {_consonants(word) for word in common}

    def mend(self, word: str) -> str:
        """Return the word of the list that this one misspells by one letter, the longest of several; empty: none."""
        candidates: set[str] = set(self._near.get(word, ()))
        for index in range(1, len(word)):
            candidates.update(self._near.get(word[:index] + word[index + 1 :], ()))
        fitting = [
            each
            for each in candidates
            if abs(len(each) - len(word)) <= 1 and each[0] == word[0] and _is_one_off(word, each)
        ]
        return min(fitting, key=lambda each: (-len(each), each), default="")

    def fill(self, word: str) -> str:
        """Return the word of the list that this one leaves vowels out of (`dklrasi`), the shortest of several; empty: none."""
        bones = _consonants(word)
        if len(bones) < _FEWEST_CONSONANTS or bones in self._common:
            return ""
        fitting = [each for each in self._by_consonants.get(bones, ()) if each[0] == word[0] and _is_within(word, each)]
        return min(fitting, key=lambda each: (len(each), each), default="")


def _one_letter_off(words: Iterable[str]) -> dict[str, list[str]]:
    """Return, for every word and every word with one letter left out, the words it may be.

    The first letter stays: nobody mistypes it without seeing it.
    """
    found: dict[str, list[str]] = {}
    for word in words:
        for index in range(1, len(word) + 1):
            found.setdefault(word[:index] + word[index + 1 :], []).append(word)
    return found


_VOWELS = str.maketrans("", "", "aeiou")


def _consonants(word: str) -> str:
    return word.translate(_VOWELS)


def _by_consonants(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(_consonants(word), []).append(word)
    return found


def _is_within(short: str, full: str) -> bool:
    """Say whether a word is another one with letters left out.

    >>> _is_within("spndk", "spanduk"), _is_within("spundk", "spanduk")
    (True, False)
    """
    letters = iter(full)
    return len(short) < len(full) and all(letter in letters for letter in short)


def _is_one_off(one: str, other: str) -> bool:
    """Say whether two words differ by one letter too many, one changed, or two neighbours swapped.

    >>> _is_one_off("balihoo", "baliho"), _is_one_off("sapnduk", "spanduk"), _is_one_off("rumah", "ramai")
    (True, True, False)
    """
    if one == other:
        return True
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    return (
        rest[1:] == others[1:]
        or rest[1:] == others
        or rest == others[1:]
        or (
            len(rest) > 1
            and len(others) > 1
            and rest[0] == others[1]
            and rest[1] == others[0]
            and rest[2:] == others[2:]
        )
    )
