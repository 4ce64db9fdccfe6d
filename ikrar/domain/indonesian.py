"""Everyday Indonesian, read by rule: words with their spelling mended, roots, and what concepts a text mentions.

No model and no dictionary of the language: only the words of the rulebook's lexicon matter, so a word is brought back
to *one of those* (`ngelike`, `dilike`, `ke-like` to `like`; `nyalonin` to `calon`), and everything else is passed over.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NotRequired, TypedDict

from ikrar.domain.numerals import without_others
from ikrar.domain.sources import Checker
from ikrar.domain.spelling import SHORTEST_MENDED, Mender

LONGEST_TEXT = 4_000
"""So many characters of a text are read; whoever reads says that the rest was cut."""


# --- the form of a file ------------------------------------------------------------------------------------------


class CommonDocument(TypedDict):
    id: str
    en: str


class ConceptDocument(TypedDict):
    concept: str
    says: list[str]
    weight: int
    implies: NotRequired[list[str]]
    aside: NotRequired[bool]
    whole: NotRequired[bool]


# --- words -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as it was written, as it is spelled, and the words of the lexicon that it comes back to.

    `start` and `end` are its place in the text that was read; `sentence` counts from 0; `sure` is below 1 where the
    word was taken for a misspelling; `known`: it is a word of Indonesian or English at all.
    """

    text: str
    plain: str
    keys: tuple[str, ...]
    sentence: int
    start: int
    end: int
    sure: float = 1.0
    after_comma: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept where a text speaks of it: words `first` to `last`, both included. `denied`: said not to be so."""

    concept: str
    first: int
    last: int
    sentence: int
    sure: float
    denied: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A text as it was understood, word by word. `known` is the share of words that are Indonesian or English at all."""

    text: str
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    known: float
    cut: bool

    def said(self, positions: Iterable[int]) -> tuple[str, ...]:
        """Return the words at these positions as they were written, neighbours together, in the order of the text.

        One of their letters may have been beyond the writer's keyboard; nothing is mended here.
        """
        wanted = sorted(set(positions))
        runs: list[list[int]] = []
        for position in wanted:
            if runs and position == runs[-1][-1] + 1 and self._joined(runs[-1][-1], position):
                runs[-1].append(position)
            else:
                runs.append([position])
        return tuple(self.text[self.words[run[0]].start : self.words[run[-1]].end] for run in runs)

    def _joined(self, one: int, other: int) -> bool:
        between = self.text[self.words[one].end : self.words[other].start]
        return self.words[one].sentence == self.words[other].sentence and not between.strip()


_EMOJI = {
    "👍": "jempol", "👎": "emoji", "❤": "love", "♥": "love", "🥰": "", "😍": "", "🔥": "", "💪": "", "✌": "2 jari",
    "☝": "1 jari", "👆": "1 jari", "🤟": "metal", "🤘": "metal", "🫰": "jari hati", "👌": "ok sign", "✊": "kepalan",
    "👊": "kepalan", "🖐": "5 jari", "✋": "5 jari",
}  # fmt: skip
_DIGITS = {
    "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5", "ciek": "1", "duo": "2", "tigo": "3", "ampek": "4",
    "limo": "5", "siji": "1", "loro": "2", "telu": "3", "papat": "4", "hiji": "1", "dua dua": "2", "one": "1", "two": "2",
    "three": "3", "four": "4",
}  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+(?:[-'’`][a-z0-9]+)*|[.?!;\n]+|[,:()]")
_REDUPLICATED = re.compile(r"([a-z]{3,})2(an|nya|in|kan)?")
_NUMBERED = re.compile(r"(no|nomor|nomer|nmr|paslon|gaya|pose|jari|salam|urut)0*([1-9])")
_PAIR = re.compile(r"0[1-9]")
_COUNTED = frozenset(
    {"nomor", "urut", "paslon", "jam", "pukul", "tanggal", "tgl", "rt", "rw", "tps", "kelas", "sd", "smp", "sma"}
)
_DIGIT_FIRST = re.compile(r"0*([0-9]+)([a-z]+)")
_THRICE = re.compile(r"([a-z])\1{2,}")
_TWICE = re.compile(r"([a-z])\1+")
_SPOKEN_PREFIXES = frozenset(
    {"nge", "ng", "di", "ke", "me", "mem", "men", "meng", "ber", "ter", "se", "per", "pe", "n", "ny", "ngo"}
)
_ENDINGS = frozenset({"nya", "in", "kan", "an", "i", "lah", "kah", "ku", "mu"})


def fold(text: str) -> str:
    """Return a text in small letters of one form, its hand signs and thumbs as words.

    >>> fold("FOTO ✌️ Yuk")
    'foto 2 jari yuk'
    """
    if text.isascii():
        return text.lower().strip()
    plain = unicodedata.normalize("NFKC", text).replace("\ufe0f", "").lower()
    for sign, word in _EMOJI.items():
        if sign in plain:
            plain = plain.replace(sign, f" {word} ").replace("  ", " ")
    return plain.strip()


@lru_cache(maxsize=10_000)
def _pieces(written: str) -> tuple[str, ...]:
    """Return the spoken words of one written token: `di-share`, `teman2`, `2jari`, `yel-yel`, `nomor2`."""
    if written.isalpha():
        return (written,)
    parts = re.split(r"[-'’`]", written)
    if len(parts) > 1:
        if parts[0] in _SPOKEN_PREFIXES:
            parts = parts[1:]
        if len(parts) > 1 and parts[-1] in _ENDINGS:
            parts = parts[:-1]
        # A doubled word is one word (`teman-teman`, `arak-arakan`), and so is a changed double (`jelek-jelekin`).
        if len(parts) == 2 and parts[0][-3:] in parts[1] and len(parts[0]) > 2:
            parts = parts[:1]
    found = []
    for part in parts:
        if match := _NUMBERED.fullmatch(part):
            found += [match[1], match[2]]
        elif match := _REDUPLICATED.fullmatch(part):
            found.append(match[1])
        elif match := _DIGIT_FIRST.fullmatch(part):
            found += [match[1], match[2]]
        elif part.isdigit():
            found.append(part.lstrip("0") or "0")
        else:
            found.append(part)
    return tuple(found)


# --- roots -------------------------------------------------------------------------------------------------------

_PARTICLES = ("lah", "kah", "tah", "pun", "nyo", "nya", "ku", "mu", "ki", "na", "ka", "ko", "mi", "ji")
_SUFFIXES = ("kan", "an", "in", "i", "ing", "ed", "s", "e", "ke", "no")
# A prefix, and the letters that may have stood where it ends (`mem-` before `pasang` gives `memasang`).
_PREFIXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("memper", ("",)), ("diper", ("",)), ("pemper", ("",)), ("menge", ("",)), ("penge", ("",)), ("meng", ("", "k")),
    ("peng", ("", "k")), ("meny", ("s", "c")), ("peny", ("s",)), ("mem", ("", "p")), ("pem", ("", "p")),
    ("men", ("", "t")), ("pen", ("", "t")), ("me", ("",)), ("pe", ("",)), ("mang", ("", "k")), ("many", ("s",)),
    ("mam", ("", "p")), ("man", ("", "t")), ("ma", ("",)), ("nga", ("",)), ("nge", ("",)), ("ng", ("", "k")), ("ny", ("s", "c")),
    ("geu", ("",)), ("dipa", ("",)),
    ("n", ("t", "")), ("m", ("p", "")), ("diber", ("",)), ("di", ("",)), ("ke", ("",)), ("se", ("",)), ("ter", ("",)),
    ("ta", ("",)), ("ber", ("",)), ("be", ("",)), ("ba", ("",)), ("per", ("",)), ("ka", ("",)), ("sa", ("",)),
)  # fmt: skip
_SHORTEST_ROOT = 3
_SURE_PREFIXES = frozenset({"di", "nge", "meng", "menge", "mem", "men", "me"})


def stems(word: str) -> Iterator[str]:
    """Yield what a word may be an inflection of, the nearest first, itself among it. Most of these are no words.

    >>> "calon" in stems("nyalonin"), "pasang" in stems("memasangkannya"), "dukung" in stems("pendukungnya")
    (True, True, True)
    """
    bases = [word]
    for base in (word, *(word[: -len(end)] for end in _PARTICLES if word.endswith(end) and len(word) > len(end) + 2)):
        if base not in bases:
            bases.append(base)
        for end in _SUFFIXES:
            shorter = base[: -len(end)]
            if base.endswith(end) and len(shorter) >= _SHORTEST_ROOT and shorter not in bases:
                bases.append(shorter)
                if end == "in":  # spoken for both of these: `bagiin`, `datengin`
                    bases += [f"{shorter}kan", f"{shorter}i"]
    yield from bases
    for base in bases:
        for prefix, restored in _PREFIXES:
            if base.startswith(prefix):
                rest = base[len(prefix) :]
                # What is left of a word by way of a rare beginning, or of an ending too, is soon no word any more.
                shortest = _SHORTEST_ROOT if base == word and prefix in _SURE_PREFIXES else _SHORTEST_ROOT + 1
                for letter in restored:
                    if len(letter + rest) >= shortest:
                        yield letter + rest


def _without_active_prefix(word: str) -> tuple[str, ...]:
    """Return a verb of the lexicon and what is left without its active prefix: `membagikan` is `bagikan` too.

    Its ending stays, for `menangkan` and `menang` are two things.
    """
    if len(word) < _SHORTEST_ACTIVE or not word.startswith("me") or word in _NEVER_SHORTENED:
        return (word,)
    found = [word]
    for prefix, restored in _PREFIXES:
        if prefix.startswith("me") and word.startswith(prefix) and prefix != "memper":
            found += [letter + word[len(prefix) :] for letter in restored if len(word) - len(prefix) >= _SHORTEST_ROOT]
    return tuple(dict.fromkeys(found))


_SHORTEST_ACTIVE = 6
# `ajak memilih` calls to vote, `ajak pilih` goes on with whom; and a few that are no verbs without it.
_NEVER_SHORTENED = frozenset(
    {"memilih", "mencalon", "merapat", "mereka", "menteri", "media", "meter", "merdeka", "mendagri", "member", "memohon"}
)  # fmt: skip


# --- the lexicon -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing under all the names it goes by. `weight`: how much it tells, in tenths of an ordinary word.

    `implies`: mentioning it mentions these too. `aside`: heard beside other names, and hides none of them. `whole`: it
    hides everything inside it, even what is otherwise heard within a longer name (`calon ketua RT`, `calon pengantin`).
    """

    id: str
    says: tuple[str, ...]
    weight: int
    implies: tuple[str, ...]
    aside: bool = False
    whole: bool = False


def parse_concepts(documents: Sequence[ConceptDocument], checker: Checker, *place: str | int) -> list[Concept]:
    """Make the concepts of one file. Raises RulebookFault."""
    found = []
    for index, each in enumerate(documents):
        if not each["says"]:
            raise checker.fault("a concept has at least one name", *place, index, "says")
        if not 1 <= each["weight"] <= 20:
            raise checker.fault("a weight is a number from 1 to 20", *place, index, "weight")
        says: list[str] = []
        for number, written in enumerate(each["says"]):
            for phrase in _alternatives(written):
                words = _phrase(phrase)
                if not words or not all(any(letter.isalnum() for letter in word) for word in words):
                    raise checker.fault(f"no word in {phrase!r}", *place, index, "says", number)
                says.append(phrase)
        found.append(
            Concept(
                id=checker.id(each["concept"], *place, index, "concept"),
                says=checker.texts(says, *place, index, "says"),
                weight=each["weight"],
                implies=tuple(each.get("implies", [])),
                aside=each.get("aside", False),
                whole=each.get("whole", False),
            )
        )
    return found


def _alternatives(phrase: str) -> list[str]:
    """Return the phrases that one phrase of a file stands for; words with a slash between them are alternatives.

    >>> _alternatives("calon/nyalon ketua rt/rw")
    ['calon ketua rt', 'calon ketua rw', 'nyalon ketua rt', 'nyalon ketua rw']
    """
    if "/" not in phrase:
        return [phrase]
    return [" ".join(words) for words in product(*(word.split("/") for word in phrase.split()))]


def _doubles(before: "Word", piece: str, sentence: int) -> bool:
    """Say whether a word is the second half of a doubled one that was written apart: `yel yel`, `arak arakan`."""
    first = before.text if before.text.isalpha() else before.plain
    return before.sentence == sentence and len(first) >= _SHORTEST_ROOT and piece.isalpha() and piece.startswith(first)


def _phrase(text: str) -> tuple[str, ...]:
    """Return the words of a phrase of the lexicon; `=` before a word asks for it as it stands."""
    found: list[str] = []
    if text.isascii() and text.isalpha():
        word = text.lower()
        return (_DIGITS.get(word, word),)
    for written in fold(text).split():
        exact = written.startswith("=")
        for piece in _pieces(written.lstrip("=")):
            if found and len(found[-1]) >= _SHORTEST_ROOT and piece.isalpha() and piece.startswith(found[-1]):
                continue
            right = _DIGITS.get(piece, piece)
            found.append(f"={right}" if exact else right)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Name:
    concept: str
    words: tuple[str, ...]


_DENIALS = frozenset({"tidak", "bukan", "tanpa", "belum", "jangan", "lepas", "copot", "not", "without", "never", "no"})
# A denial right after one of these asks (`boleh gak`, `kena sanksi gak`) and denies nothing.
_ASKING = frozenset({
    "boleh", "bolehkah", "bisa", "bisakah", "apa", "apakah", "kena", "melanggar", "salah", "dosa", "aman", "masalah",
    "termasuk", "dilarang", "larang", "perlu", "harus", "wajib", "sanksi", "ya", "atau", "or", "oke", "hukuman",
    "pelanggaran", "netral", "dihukum", "kenapa", "terlarang", "diperbolehkan", "oleh", "pareng", "angsal",
})  # fmt: skip
# A denial right before one of these is about the question itself (`nggak apa-apa`, `tidak masalah`, `tidak boleh`).
_ABOUT_THE_QUESTION = frozenset({
    "apa", "apakah", "papa", "masalah", "melanggar", "dilarang", "boleh", "salah", "kena", "bisa", "tahu", "tau",
    "ngerti", "paham", "ya", "sih", "perlu", "harus", "takut", "yakin", "mengapa", "termasuk",
})  # fmt: skip
_BREAKS = frozenset({
    "tapi", "kalau", "sambil", "hanya", "asal", "asalkan", "terus", "kemudian", "lalu", "malah", "melainkan", "cuma",
    "kan", "but", "only", "while", "if",
})  # fmt: skip
_AND = frozenset({"dan", "atau", "maupun", "and", "or", "ataupun"})
_REACH = 3
_FILLERS = frozenset({"pernah", "si", "sih", "yang", "itu", "ini", "para", "mas", "mbak", "pak", "bu", "the", "a"})


class Ear:
    """Hears the lexicon's concepts in a text. Made once of a lexicon; `hear` takes about a millisecond.

    `spelling` has for a right word the other ways to write it, parted by spaces; `common` are words that mean no concept;
    `links` small words that matter between concepts.
    """

    def __init__(
        self,
        spelling: Mapping[str, str],
        common: Iterable[str],
        concepts: Iterable[Concept],
        links: Collection[str] = (),
    ) -> None:
        self.concepts = {each.id: each for each in concepts}
        self._spelled = {variant: right for right, variants in spelling.items() for variant in variants.split()}
        self._common = set(common) | set(links)
        self._names: dict[str, list[_Name]] = defaultdict(list)
        self._vocabulary: set[str] = set(links)
        written = set(links)
        for concept in self.concepts.values():
            for phrase in concept.says:
                said = _phrase(phrase)
                written.update(said)
                for words in self._ways_to_say(said):
                    self._names[words[0]].append(_Name(concept.id, words))
                    self._vocabulary.update(words)
        self._vocabulary = {word.lstrip("=") for word in self._vocabulary}
        self._known = self._vocabulary | self._common | set(self._spelled.values()) | _DENIALS
        # A word is only mended to one that the lexicon has written out, never to what is left of a verb.
        self._mender = Mender((word for word in written if word[0] != "="), self._common)
        self._roots: dict[str, tuple[str, tuple[str, ...], float]] = {}

    def hear(self, text: str) -> Heard:
        """Return what a text mentions. Only its first LONGEST_TEXT characters are read."""
        cut = len(text) > LONGEST_TEXT
        read = fold(text[:LONGEST_TEXT])
        words = self._words(without_others(read))
        mentions = self._mentions(words)
        known = sum(word.known for word in words)
        return Heard(read, words, mentions, known / len(words) if words else 0.0, cut)

    def _ways_to_say(self, said: Iterable[str]) -> Iterator[tuple[str, ...]]:
        words = [word if word[0] == "=" else self._spelled.get(word, word) for word in said]
        yield from product(*(_without_active_prefix(word) for word in words))

    # --- words

    def _words(self, text: str) -> tuple[Word, ...]:
        found: list[Word] = []
        sentence = 0
        comma = False
        for match in _WORD.finditer(text):
            written = match.group()
            if written[0] in ".?!;\n":
                sentence += 1
                continue
            if written in (",", ":", "(", ")"):
                comma = True
                continue
            pieces = _pieces(written)
            # `02` is how people write the number of a pair, unless the word before already says what is counted. Numbers of
            # days, letters, houses are none any more here.
            if _PAIR.fullmatch(written) and not (found and found[-1].plain in _COUNTED):
                pieces = ("paslon", *pieces)
            for piece in pieces:
                if found and _doubles(found[-1], piece, sentence):
                    continue
                plain, keys, sure = self._root(piece)
                known = bool(keys) or plain in self._known or plain.isdigit()
                found.append(Word(written, plain, keys, sentence, match.start(), match.end(), sure, comma, known))
                comma = False
        return tuple(found)

    def _root(self, piece: str) -> tuple[str, tuple[str, ...], float]:
        """Return how a word is spelled, what of the lexicon it comes back to, and how surely."""
        if len(piece) > _LONGEST_WORD:
            return piece, (), 1.0
        if (known := self._roots.get(piece)) is not None:
            return known
        answer = self._find_root(piece)
        if len(self._roots) > 20_000:
            self._roots.clear()
        self._roots[piece] = answer
        return answer

    def _find_root(self, piece: str) -> tuple[str, tuple[str, ...], float]:
        if piece in _DIGITS:
            piece = _DIGITS[piece]
        for plain in (piece, _THRICE.sub(r"\1", piece), _TWICE.sub(r"\1", piece)):
            plain = self._spelled.get(plain, plain)
            if keys := self._keys(plain):
                return plain, keys, 1.0
            if plain in self._known:
                return plain, (), 1.0
        plain = self._spelled.get(piece, piece)
        if not any(each in self._common for each in stems(plain)):
            for stem in stems(plain):
                # The more letters were taken off, the more easily the rest looks like something else.
                enough = SHORTEST_MENDED if stem == plain else _SHORTEST_MENDED_ROOT
                if len(stem) >= enough and (mended := self._mender.mend(stem)):
                    return plain, (mended,), _MENDED
            if filled := self._mender.fill(plain):
                return plain, (filled,), _MENDED
        return plain, (), 1.0

    def _keys(self, plain: str) -> tuple[str, ...]:
        found = [plain] if plain in self._vocabulary else []
        if plain in self._common:
            return tuple(found)
        for stem in stems(plain):
            stem = self._spelled.get(stem, stem) if len(stem) > 3 else stem
            if stem in self._vocabulary and stem not in found and stem not in _NO_ROOTS:
                found.append(stem)
        return tuple(found)

    # --- concepts

    def _mentions(self, words: Sequence[Word]) -> tuple[Mention, ...]:
        denied, asking = _denied(words)
        found: dict[tuple[str, int, int], float] = {}
        for first, word in enumerate(words):
            if first in asking:
                continue
            for key in {*word.keys, f"={word.plain}", *(f"={key}" for key in word.keys if key == word.plain)}:
                for name in self._names.get(key, ()):
                    last = _last(words, first, name.words)
                    if last is not None:
                        sure = min(words[index].sure for index in range(first, last + 1))
                        place = (name.concept, first, last)
                        found[place] = max(found.get(place, 0.0), sure)
        kept = self._longest(found)
        mentions = []
        for (concept, first, last), sure in kept.items():
            no = first in denied
            for id in (concept, *self.concepts[concept].implies):
                mentions.append(Mention(id, first, last, words[first].sentence, sure, no))
        return tuple(sorted(mentions, key=lambda each: (each.first, -each.last, each.concept)))

    def _longest(self, found: Mapping[tuple[str, int, int], float]) -> dict[tuple[str, int, int], float]:
        """Drop a name inside a longer one: who says `kaos partai` speaks of a shirt, and did not mention a party."""
        kept = {}
        known = self.concepts
        spans = {(first, last) for concept, first, last in found if not known[concept].aside and last > first}
        wholes = {(first, last) for concept, first, last in found if known[concept].whole}
        for (concept, first, last), sure in found.items():
            inside = any(one <= first and last <= other and other - one > last - first for one, other in spans)
            hidden = any(one <= first and last <= other for one, other in wholes) and not known[concept].whole
            heard_there = concept in _HEARD_INSIDE or known[concept].aside
            if not hidden and (not inside or heard_there):
                kept[(concept, first, last)] = sure
        return kept


_LONGEST_WORD = 40
_MENDED = 0.8
_SHORTEST_MENDED_ROOT = 7
# Roots that too many other words seem to come from: these are heard as they stand only.
_NO_ROOTS = frozenset(
    {"suka", "pos", "desa", "mama", "ani", "ter", "pin", "kain", "dari", "sisi", "gas", "data", "dana", "urun", "utas"}
)
# Heard within a longer name too: who says `calon bupati` or `foto calon` did speak of a candidate.
_HEARD_INSIDE = frozenset({"candidate", "run", "run-verb", "spouse", "kin", "self", "election-office", "vote-for"})


def _last(words: Sequence[Word], first: int, wanted: Sequence[str]) -> int | None:
    """Return the position of the last word of a name that begins at `first`, or None where it does not stand there."""
    position = first
    for index, want in enumerate(wanted):
        if index:
            position += 1
            # One little word may stand between: `mobil si dinas`, `kaos yang partai`.
            if (
                position + 1 < len(words)
                and words[position].plain in _FILLERS
                and not _is(words[position], want)
                and words[position].sentence == words[first].sentence
            ):
                position += 1
        if position >= len(words) or words[position].sentence != words[first].sentence:
            return None
        if not _is(words[position], want):
            return None
    return position


def _is(word: Word, want: str) -> bool:
    return word.plain == want[1:] if want[0] == "=" else (want in word.keys or word.plain == want)


def _denied(words: Sequence[Word]) -> tuple[set[int], set[int]]:
    """Return the positions of words that a denial before them reaches, and those of denials that only ask."""
    found: set[int] = set()
    asking: set[int] = set()
    for index, word in enumerate(words):
        if word.plain not in _DENIALS:
            continue
        before = words[index - 1] if index and words[index - 1].sentence == word.sentence else None
        after = words[index + 1] if index + 1 < len(words) else None
        if (
            before is not None
            and before.plain in _ASKING
            and word.plain in ("tidak", "belum", "no", "not")
            and not _asked_already(words, index)
        ):
            asking.add(index)
            continue
        if after is None or after.sentence != word.sentence or after.plain in _ABOUT_THE_QUESTION:
            continue
        reach = index + _REACH
        position = index + 1
        while position <= reach and position < len(words) and words[position].sentence == word.sentence:
            next_word = words[position]
            if next_word.plain in _BREAKS or (next_word.after_comma and position > index + 1):
                break
            if next_word.plain in _AND:
                reach = position + 2
            found.add(position)
            position += 1
    return found, asking


def _asked_already(words: Sequence[Word], index: int) -> bool:
    """Say whether a denial after `boleh` denies: where the question is asked by another word (`apakah boleh tidak …`).

    So it is before a word that only a denial takes, too: `boleh gak usah datang`.
    """
    sentence = words[index].sentence
    if index + 1 < len(words) and words[index + 1].sentence == sentence and words[index + 1].plain == "usah":
        return True
    if words[index].text not in ("tidak", "tdk", "tak"):
        return False
    asked = (word.plain for word in words[: max(0, index - 1)] if word.sentence == sentence)
    return words[index - 1].plain == "bolehkah" or any(plain in ("apakah", "bolehkah") for plain in asked)
