"""How others write a name: each habit a class, named as the table of docs/names.md names it."""

import random
from collections.abc import Callable

from _names import BACK, FRONT

_SALUTATIONS = [
    "Pak",
    "Bu",
    "Bapak",
    "Ibu",
    "Sdr.",
    "Sdri.",
    "Mas",
    "Mbak",
    "Bpk.",
    "Kak",
    "Yth. Bapak",
    "Oknum",
    "pak",
]
_MUHAMMADS = [
    "Muhammad",
    "Muhamad",
    "Moh.",
    "Mohammad",
    "Muh.",
    "M.",
    "Mochamad",
    "Mohamad",
    "Mochammad",
    "Moch.",
    "Mohd.",
    "moh",
    "Muchamad",
    "Mhd.",
]
_KEYS = {
    "a": "sq",
    "i": "uo",
    "u": "yi",
    "e": "wr",
    "o": "ip",
    "n": "mb",
    "m": "n",
    "r": "te",
    "t": "ry",
    "s": "ad",
    "d": "sf",
    "k": "jl",
    "l": "k",
    "h": "gj",
    "y": "tu",
    "w": "qe",
}
Random = random.Random


class NotHere(Exception):
    """The habit does not touch this name."""


def _longest(words: list[str], least: int = 4) -> list[int]:
    found = [at for at, word in enumerate(words) if len(word) >= least]
    if not found:
        raise NotHere
    return found


def _mistyped(word: str, rng: Random) -> str:
    at = rng.randrange(1, len(word))
    kind = rng.choice(("drop", "swap", "other", "twice", "more"))
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "swap" and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "other":
        return word[:at] + rng.choice(_KEYS.get(word[at], "aeiou")) + word[at + 1 :]
    if kind == "twice":
        return word[:at] + word[at] + word[at:]
    return word[:at] + rng.choice("aeiounrh") + word[at:]


def typo(words: list[str], rng: Random) -> list[str]:
    at = rng.choice(_longest(words))
    words[at] = _mistyped(words[at], rng)
    return words


def two_typos(words: list[str], rng: Random) -> list[str]:
    places = _longest(words, 5)
    for at in rng.sample(places, min(2, len(places))):
        words[at] = _mistyped(words[at], rng)
    return words


def _respelled(words: list[str], rng: Random, ways: list[tuple[str, str]], least: int = 1) -> list[str]:
    fitting = [(at, old, new) for at, word in enumerate(words) for old, new in ways if old in word and len(word) > 2]
    if not fitting:
        raise NotHere
    for at, old, new in rng.sample(fitting, min(len(fitting), rng.choice((1, 2, 2, 3)))):
        words[at] = words[at].replace(old, new)
    return words


def old_spelling(words: list[str], rng: Random) -> list[str]:
    if "j" in "".join(words) or "c" in "".join(words):
        words = [word.replace("j", "dj").replace("c", "tj") for word in words]
        return [word.replace("u", "oe") for word in words] if rng.random() < 0.7 else words
    return _respelled(words, rng, [("u", "oe"), ("y", "j"), ("sy", "sj"), ("ny", "nj")])


def sound_spelling(words: list[str], rng: Random) -> list[str]:
    ways = [
        ("y", "i"),
        ("i", "y"),
        ("f", "v"),
        ("z", "s"),
        ("kh", "h"),
        ("sy", "s"),
        ("h", ""),
        ("dh", "d"),
        ("ai", "ae"),
        ("v", "f"),
        ("q", "k"),
        ("th", "t"),
    ]
    return _respelled(words, rng, [(old, new) for old, new in ways if (old, new) != ("h", "") or rng.random() < 0.5])


def doubled(words: list[str], rng: Random) -> list[str]:
    ways = [(letter, letter * 2) for letter in "mnslrtdai"] + [(letter * 2, letter) for letter in "mnslrtdai"]
    fitting = [(at, old, new) for at, word in enumerate(words) for old, new in ways if old in word and len(word) > 3]
    if not fitting:
        raise NotHere
    at, old, new = rng.choice(fitting)
    words[at] = words[at].replace(old, new, 1)
    return words


def muhammad(words: list[str], rng: Random) -> list[str]:
    known = {each.strip(".").lower() for each in _MUHAMMADS}
    if words[0] not in known or len(words) < 2:
        raise NotHere
    return [rng.choice(_MUHAMMADS), *words[1:]]


def abdul(words: list[str], rng: Random) -> list[str]:
    if "abdul" not in words[:-1]:
        raise NotHere
    at = words.index("abdul")
    if rng.random() < 0.5:
        return [*words[:at], rng.choice(("Abd.", "Abd", "Abdoel")), *words[at + 1 :]]
    last = words[at + 1]
    joined = f"abdu{last[0]}{last}" if last[0] in "rsn" and rng.random() < 0.7 else f"abdul{last}"
    return [*words[:at], joined, *words[at + 2 :]]


def siti(words: list[str], rng: Random) -> list[str]:
    if words[0] not in ("siti", "sitti", "st") or len(words) < 2:
        raise NotHere
    return [rng.choice(("St.", "Sitti", "St", "Siti")), *words[1:]]


def swapped(words: list[str], rng: Random) -> list[str]:
    if len(words) < 2:
        raise NotHere
    return [*words[1:], words[0]] if rng.random() < 0.7 else words[::-1]


def joined(words: list[str], rng: Random) -> list[str]:
    if len(words) < 2:
        raise NotHere
    at = rng.randrange(len(words) - 1)
    return [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]


def parted(words: list[str], rng: Random) -> list[str]:
    at = rng.choice(_longest(words, 7))
    cut = rng.randrange(3, len(words[at]) - 2)
    return [*words[:at], words[at][:cut], words[at][cut:], *words[at + 1 :]]


def no_spaces(words: list[str], rng: Random) -> list[str]:
    if len(words) < 2:
        raise NotHere
    return ["".join(words).upper()]


def initial(words: list[str], rng: Random) -> list[str]:
    if len(words) < 3:
        raise NotHere
    at = rng.choice(range(len(words)))
    if words[at] in ("i", "ni"):
        raise NotHere
    return [*words[:at], words[at][0].upper() + rng.choice((".", "")), *words[at + 1 :]]


def part_missing(words: list[str], rng: Random) -> list[str]:
    if len(words) < 3:
        raise NotHere
    common = [
        at
        for at, word in enumerate(words)
        if word in ("muhammad", "abdul", "siti", "nur", "i", "ni", "sri", "ahmad", "bin")
    ]
    at = rng.choice(common or [len(words) - 2])
    return [*words[:at], *words[at + 1 :]]


def balinese(words: list[str], rng: Random) -> list[str]:
    if words[0] not in ("i", "ni"):
        raise NotHere
    short = {
        "wayan": "Wyn.",
        "nyoman": "Nym.",
        "ketut": "Kt.",
        "made": "Md.",
        "putu": "Pt.",
        "gede": "Gd.",
        "kadek": "Kdk",
        "komang": "Km.",
    }
    words = [short.get(words[1], words[1]), *words[2:]] if rng.random() < 0.5 else words[1:]
    return words


def plain(words: list[str], rng: Random) -> list[str]:
    return words


def two_habits(words: list[str], rng: Random) -> list[str]:
    for habit in rng.sample((typo, sound_spelling, doubled, swapped, muhammad, old_spelling), 4):
        try:
            words = habit(list(words), rng)
        except NotHere:
            continue
    return words


HABITS: dict[str, Callable[[list[str], Random], list[str]]] = {
    "as it is": plain, "one typo": typo, "two typos": two_typos, "old spelling": old_spelling, "spelled by ear": sound_spelling,
    "doubled letters": doubled, "Muhammad/Moh./M.": muhammad, "Abdul/Abd.": abdul, "Siti/St.": siti, "parts swapped": swapped,
    "two words joined": joined, "a word parted": parted, "capitals, no spaces": no_spaces, "an initial": initial,
    "a part left out": part_missing, "Balinese short": balinese, "several habits": two_habits,
}  # fmt: skip


LOSING = ("an initial", "a part left out", "Balinese short")
"""Habits by which a part of the name is lost."""


def kept(habit: str, name: str, text: str) -> list[str]:
    """Return the words of a name that a query still holds."""
    found = set(text.lower().replace(",", " ").replace(".", " ").split())
    return [word for word in name.split() if word in found]


def query(habit: str, name: str, unit: str, post: str, rng: Random) -> str:
    """Write a name by a habit, as in a report: with salutation, titles, post and unit now and then. Raises NotHere."""
    words = HABITS[habit](name.split(), rng)
    text = " ".join(words)
    if habit != "capitals, no spaces":
        text = rng.choice((text, text.title(), text.title(), text.upper()))
    if rng.random() < 0.25:
        text = f"{rng.choice(FRONT)} {text}"
    if rng.random() < 0.25:
        text = f"{text}, {rng.choice(BACK)}"
    chance = rng.random()
    if chance < 0.15:
        return f"{rng.choice(_SALUTATIONS)} {text} {post.lower()} {unit}"
    if chance < 0.25:
        return f"Pak {post} {unit}, {text}"
    return f"{rng.choice(_SALUTATIONS)} {text}" if chance < 0.5 else text
