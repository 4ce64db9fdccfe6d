"""The file of an index of names: how it is built from a roster, written at once, and known to be whole when it is opened.

Entries are what a roster says of people, several of one person too. Names are the distinct rows of words that they bear.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ikrar.bulk import name_vocabulary
from ikrar.bulk.name_vocabulary import Arrays, postings
from ikrar.domain import name_words
from ikrar.domain.errors import NameIndexBroken
from ikrar.domain.names import post_words, unit_words

MAGIC = b"IKRAR-NAMES\n"
VERSION = 11
SLOTS = 6
"""Words of a name that are kept; few bear more, and further ones are not compared."""
NEVER_SINCE, NEVER_UNTIL = 0, 2**31 - 1
NO_YEAR = 0
SEXES = ("", "m", "f")
_OF_ANOTHER = -(1 << 40)
"""Below it begin the keys of those at whose number another name stands too."""
_ALIGNED = 64
_AT_ONCE = 200_000
_BREAKS = r"[\s\-_/()\[\]<>&+;:|]+"
_APOSTROPHES = r"['’‘`´ʼʻ″\"“”*]+"


class Entry(NamedTuple):
    """What a roster says of somebody for a time. `key` is the same in all entries of one person; `until`: first day no longer."""

    key: int
    number: str
    name: str
    unit: str = ""
    post: str = ""
    region: str = ""
    born: int | None = None
    since: date | None = None
    until: date | None = None


def born_of(number: str) -> int:
    """Return the year of birth that a NIP begins with, 0 where it is none.

    >>> born_of("198503152010012001"), born_of("3201")
    (1985, 0)
    """
    if len(number) == 18 and number.isdigit() and 1930 <= int(number[:4]) <= 2012 and 1 <= int(number[4:6]) <= 12:
        return int(number[:4])
    return NO_YEAR


def frames_of(entries: Iterable[Entry]) -> Iterator[pl.DataFrame]:
    """Put entries into frames, some at a time."""
    entries = iter(entries)
    while some := list(islice(entries, _AT_ONCE)):
        yield pl.DataFrame(
            {name: [getattr(each, name) for each in some] for name in _COLUMNS}, schema=_COLUMNS, strict=False
        )


_COLUMNS: dict[str, type[pl.DataType]] = {
    "key": pl.Int64, "number": pl.String, "name": pl.String, "unit": pl.String, "post": pl.String, "region": pl.String,
    "born": pl.Int32, "since": pl.Date, "until": pl.Date,
}  # fmt: skip
_TEXTS = ("unit", "post", "region")
_EPOCH = date(1970, 1, 1).toordinal()


class _Coder:
    """Gives texts numbers as they come."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def code(self, texts: pl.Series) -> NDArray:
        distinct = texts.unique()
        numbers = self.numbers
        codes = np.fromiter((numbers.setdefault(text, len(numbers)) for text in distinct), np.int32, len(distinct))
        return codes[texts.cast(pl.Enum(distinct)).to_physical().to_numpy()]

    def strings(self) -> list[str]:
        return list(self.numbers)


class _Builder:
    """Collects entries frame by frame and makes the arrays of the file."""

    def __init__(self, *, parts_numbers: bool = False) -> None:
        self.parts_numbers = parts_numbers
        self.tokens = _Coder()
        self.words: dict[str, int] = {}
        self.token_words: list[tuple[int, ...]] = []
        self.may_be_names: list[int] = []
        self.texts = {name: _Coder() for name in _TEXTS}
        self.odd_numbers: list[str] = []
        self.parts: dict[str, list[NDArray]] = {}
        self.spelled: list[bytes] = []

    def _keep(self, name: str, array: NDArray) -> None:
        self.parts.setdefault(name, []).append(array)

    def _take(self, name: str) -> NDArray:
        return np.concatenate(self.parts.pop(name))

    # --- reading ---------------------------------------------------------------------------------------------------

    def add(self, frame: pl.DataFrame) -> None:
        missing = [pl.lit(None, kind()).alias(name) for name, kind in _COLUMNS.items() if name not in frame.columns]
        frame = frame.with_columns(missing).select(
            pl.col(name).cast(kind).fill_null("") if kind is pl.String else pl.col(name).cast(kind)
            for name, kind in _COLUMNS.items()
        )
        self._keep("key", frame["key"].to_numpy())
        names = frame["name"].str.replace_all(r"[\n\r]", " ")
        self._keep("length", names.str.len_bytes().to_numpy().astype(np.uint32))
        self.spelled.append("".join(names.to_list()).encode())
        for name in _TEXTS:
            self._keep(name, self.texts[name].code(frame[name].str.replace_all(r"[\n\r]", " ")))
        self._add_numbers(frame)
        for name, never in (("since", NEVER_SINCE), ("until", NEVER_UNTIL)):
            days = frame[name].cast(pl.Int32) + _EPOCH
            self._keep(name, days.fill_null(never).to_numpy().astype(np.int32))
        flat = _flat(names)
        self._keep("slots", self._slots(names, flat))
        self._keep("sex", _sexes(names, flat))

    def _add_numbers(self, frame: pl.DataFrame) -> None:
        numbers = frame["number"].str.strip_chars()
        plain = numbers.str.contains(r"^[0-9]{1,18}$")
        value = (
            frame.select(pl.when(plain).then(numbers).otherwise(pl.lit("-1")).cast(pl.Int64).alias("n"))["n"]
            .to_numpy()
            .copy()
        )
        length = numbers.str.len_bytes().to_numpy().astype(np.int32)
        for row in np.flatnonzero(~plain.to_numpy()):
            if text := numbers[int(row)]:
                value[row] = -2 - len(self.odd_numbers)
                self.odd_numbers.append(text.replace("\n", " "))
        self._keep("number", value)
        self._keep("digits", np.minimum(length, 255).astype(np.uint8))
        year, month = value // 10**14, value // 10**12 % 100
        told = (length == 18) & (year >= 1930) & (year <= 2012) & (month >= 1) & (month <= 12)
        born = frame["born"].fill_null(NO_YEAR).to_numpy()
        self._keep("born", np.where(born > 0, born, np.where(told, year, NO_YEAR)).astype(np.int16))

    def _slots(self, names: pl.Series, flat: pl.Series) -> NDArray:
        """Return the numbers of each name's words, -1 where there are no more."""
        parts = pl.DataFrame({"name": flat}).select(
            before=pl.col("name").str.splitn(",", 2).struct[0].str.replace_all(_BREAKS, " "),
            behind=pl.col("name")
            .str.splitn(",", 2)
            .struct[1]
            .fill_null("")
            .str.replace_all(r"[\s\-_/()\[\]<>&+;:|,]+", " ,"),
        )
        lists = parts.select(tokens=(pl.col("before") + " ," + pl.col("behind")).str.split(" "))["tokens"]
        lengths = lists.list.len().to_numpy().astype(np.int64)
        codes = self.tokens.code(lists.explode())
        for token in islice(self.tokens.numbers, len(self.token_words), None):
            bare = token.lstrip(",")
            if bare.strip(".") in name_words.MAY_BE_NAMES:
                self.may_be_names.append(len(self.token_words))
            words = name_words.read_token(bare, bare != token)
            self.token_words.append(tuple(self.words.setdefault(word, len(self.words)) for word in words))
        counts = np.fromiter(map(len, self.token_words), np.int64, len(self.token_words))
        starts = np.concatenate(([0], np.cumsum(counts)))
        flat_words = np.fromiter((word for words in self.token_words for word in words), np.int32)
        of_token = counts[codes]
        rows = np.repeat(np.repeat(np.arange(len(names)), lengths), of_token)
        begin = np.concatenate(([0], np.cumsum(of_token)))
        within = np.arange(begin[-1]) - np.repeat(begin[:-1], of_token)
        words = flat_words[np.repeat(starts[codes], of_token) + within] if begin[-1] else np.zeros(0, np.int32)
        many = np.bincount(rows, minlength=len(names))
        first = np.concatenate(([0], np.cumsum(many)))
        column = np.arange(len(rows)) - first[rows]
        slots = np.full((len(names), SLOTS), -1, np.int32)
        fits = column < SLOTS
        slots[rows[fits], column[fits]] = words[fits]
        # Nothing but titles: then these are the name. And what is read by what stands behind it.
        by_itself = np.repeat(np.arange(len(names)), lengths)[np.isin(codes, self.may_be_names)]
        for row in np.union1d(np.flatnonzero(many == 0), by_itself):
            slots[row] = -1
            for at, word in enumerate(name_words.words_of(names[int(row)])[:SLOTS]):
                slots[row, at] = self.words.setdefault(word, len(self.words))
        return slots

    # --- making ----------------------------------------------------------------------------------------------------

    def arrays(self) -> Arrays:
        if not self.parts:
            self.add(pl.DataFrame(schema={"key": pl.Int64, "number": pl.String, "name": pl.String}))
        made: Arrays = {name: self._take(name) for name in ("key", "number", "digits", "born", "since", "until", "sex")}
        spelled_at = np.zeros(len(made["key"]) + 1, np.int64)
        np.cumsum(self._take("length"), out=spelled_at[1:])
        made["spelled_at"] = spelled_at.astype(np.uint32) if spelled_at[-1] < 2**32 else spelled_at
        made["spelled"] = np.frombuffer(b"".join(self.spelled), np.uint8)
        self.spelled.clear()
        made["odd_numbers"] = name_vocabulary.pack(self.odd_numbers)
        made["odd_count"] = np.array([len(self.odd_numbers)], np.int64)
        made["by_number"] = np.argsort(made["number"], kind="stable").astype(np.int32)
        made |= self._names(made)
        if self.parts_numbers:
            made["key"] = self._parted(made)
        order = made["by_number"]
        number, key = made["number"][order], made["key"][order]
        made["twice"] = np.unique(number[1:][(number[1:] == number[:-1]) & (number[1:] >= 0) & (key[1:] != key[:-1])])
        made |= self._places()
        return made

    def _names(self, made: Arrays) -> Arrays:
        words = sorted(self.words)
        renumbered = np.empty(len(words) + 1, np.int32)
        renumbered[-1] = -1
        for number, word in enumerate(words):
            renumbered[self.words[word]] = number
        slots = renumbered[self._take("slots")]
        count = (slots >= 0).sum(axis=1)
        key = np.zeros(len(slots), np.uint64)
        for column in range(SLOTS):
            key = (key ^ (slots[:, column] + 2).astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        # Names of few words come first, so that the beginning of every posting holds the names with the fewest others.
        key = (key >> np.uint64(3)) | (np.minimum(count, 7).astype(np.uint64) << np.uint64(61))
        _, first, of_entry = np.unique(key, return_index=True, return_inverse=True)
        del key, count
        slots = slots[first]
        of_entry = of_entry.astype(np.int32)
        found: Arrays = {"slots": slots, "entry_name": of_entry}
        found["name_at"], found["name_entries"] = postings(np.arange(len(of_entry)), of_entry, len(slots))
        found |= name_vocabulary.make(words, "words")
        sound_of = np.fromiter(
            (name_vocabulary._hash(name_words.sounds(word)[-1]) for word in words), np.uint64, len(words)
        )
        found["sound_of"] = sound_of
        found["word_weight"] = np.fromiter(map(name_words.weight, words), np.float32, len(words))
        mixed = np.append(mix(sound_of), np.uint64(0))
        bag = self.bag = mixed[slots].sum(axis=1, dtype=np.uint64)
        order = np.argsort(bag, kind="stable")
        found["bag"], found["bag_names"] = bag[order], order.astype(np.int32)
        rows, columns = np.nonzero(slots >= 0)
        found["word_at"], word_names = postings(rows, slots[rows, columns], len(words))
        found["word_names"] = word_names.astype(
            np.int64
        )  # as numpy wants what it is indexed by: no copy at each search
        return found

    def _parted(self, made: Arrays) -> NDArray:
        """Return the keys of entries where one number may stand at several names: each name is somebody of his own."""
        keys, order = made["key"].copy(), made["by_number"]
        number, bag = made["number"][order], self.bag[made["entry_name"][order]]
        is_same = number[1:] == number[:-1]
        others = np.unique(number[1:][is_same & (bag[1:] != bag[:-1]) & (number[1:] >= 0)])
        for start, end in zip(
            np.searchsorted(number, others).tolist(), np.searchsorted(number, others, "right").tolist(), strict=True
        ):
            of_name: dict[int, int] = {}
            for row, name in zip(order[start:end].tolist(), bag[start:end].tolist(), strict=True):
                own = int(keys[row]) if not of_name or keys[row] < 0 else _OF_ANOTHER - row
                keys[row] = of_name.setdefault(name, own)
        return keys

    def _places(self) -> Arrays:
        found: Arrays = {}
        for name, split in (
            ("unit", unit_words),
            ("post", lambda text: tuple(post_words(text))),
            ("region", lambda text: ()),
        ):
            strings = self.texts[name].strings()
            order = sorted(range(len(strings)), key=strings.__getitem__)
            renumbered = np.empty(len(strings), np.int32)
            renumbered[order] = np.arange(len(strings))
            strings = [strings[number] for number in order]
            coded = renumbered[self._take(name)] if strings else np.zeros(0, np.int32)
            found[name] = coded
            found[f"{name}.at"], found[f"{name}.entries"] = postings(np.arange(len(coded)), coded, len(strings))
            found[f"{name}.texts"], found[f"{name}.texts_count"] = (
                name_vocabulary.pack(strings),
                np.array([len(strings)], np.int64),
            )
            pairs = [(row, word) for row, text in enumerate(strings) for word in dict.fromkeys(split(text))]
            words = sorted({word for _, word in pairs})
            numbers = {word: number for number, word in enumerate(words)}
            found |= name_vocabulary.make(words, f"{name}.words")
            rows = np.fromiter((row for row, _ in pairs), np.int64, len(pairs))
            found[f"{name}.word_at"], found[f"{name}.word_rows"] = postings(
                rows, np.fromiter((numbers[word] for _, word in pairs), np.int64, len(pairs)), len(words)
            )
        return found


def _flat(names: pl.Series) -> pl.Series:
    """Return names in small letters, without apostrophes and accents."""
    flat = names.str.to_lowercase().str.replace_all(_APOSTROPHES, "")
    foreign = np.flatnonzero((names.str.len_bytes() != names.str.len_chars()).to_numpy())
    return flat.scatter(foreign, [name_words.plain(names[int(row)]) for row in foreign]) if len(foreign) else flat


_SAYS_SEX = rf"(^|\s)({'|'.join(sorted(name_words.SAY_SEX))})\.?(\s|,|$)"


def _sexes(names: pl.Series, flat: pl.Series) -> NDArray:
    """Say of each name what sex it says itself: 0 none, 1 m, 2 f."""
    found = np.zeros(len(names), np.uint8)
    for row in np.flatnonzero(flat.str.contains(_SAYS_SEX).to_numpy()).tolist():
        found[row] = SEXES.index(name_words.sex_of(names[row]))
    return found


def mix(values: NDArray) -> NDArray:
    """Spread numbers over 64 bits, so that sums of them tell rows of words apart."""
    values = (values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


# --- writing and opening ---------------------------------------------------------------------------------------------


def build(path: Path, entries: Iterable[Entry]) -> None:
    """Write the index of these entries."""
    build_frames(path, frames_of(entries))


def build_frames(
    path: Path,
    frames: Iterable[pl.DataFrame],
    source: str = "",
    *,
    parts_numbers: bool = False,
    notes: Mapping[str, Sequence[int]] | None = None,
) -> None:
    """Write the index of entries that come in frames. `source`: kept in its head, to know what it was built from; so are `notes`,
    which may be filled while the frames are read.

    `parts_numbers`: whoever made the entries took a number for somebody, and several names may stand at one.
    """
    builder = _Builder(parts_numbers=parts_numbers)
    for frame in frames:
        builder.add(frame)
    _write(path, builder.arrays(), source, dict(notes or {}))


def _write(path: Path, arrays: Arrays, source: str, notes: dict[str, Sequence[int]]) -> None:
    places, at = {}, 0
    for name, array in arrays.items():
        places[name] = {"at": at, "kind": array.dtype.str, "shape": array.shape}
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            head_size = 8192 + 256 * len(places)
            file.write(b"\0" * head_size)
            for array in arrays.values():
                whole = memoryview(np.ascontiguousarray(array)).cast("B") if array.nbytes else memoryview(b"")
                padding = b"\0" * (-array.nbytes % _ALIGNED)
                for piece in (whole, padding):
                    digest.update(piece)
                    file.write(piece)
            head = {
                "version": VERSION, "source": source, "size": at, "digest": digest.hexdigest(), "places": places, "notes": notes,
            }  # fmt: skip
            text = json.dumps(head).encode()
            head_digest = hashlib.sha256(text).hexdigest().encode()
            file.seek(0)
            file.write(MAGIC + head_digest + b"\n" + f"{head_size:012d} {len(text):012d}\n".encode() + text)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def read_head(path: Path) -> tuple[dict, int]:
    """Return the head of an index and where its arrays begin. Raises NameIndexBroken."""
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise NameIndexBroken("foreign")
            head_digest = file.read(65).strip()
            head_size, length = map(int, file.read(26).split())
            text = file.read(min(length, 10**7))
    except FileNotFoundError:
        raise NameIndexBroken("missing") from None
    except (OSError, ValueError):
        raise NameIndexBroken("broken") from None
    if hashlib.sha256(text).hexdigest().encode() != head_digest:
        raise NameIndexBroken("broken")
    head = json.loads(text)
    if head["version"] != VERSION:
        raise NameIndexBroken("version")
    return head, head_size


def open_arrays(path: Path) -> tuple[dict, Arrays]:
    """Return the head and the arrays of an index, which stay in the file. Raises NameIndexBroken."""
    head, begin = read_head(path)
    try:
        if path.stat().st_size != begin + head["size"]:
            raise NameIndexBroken("broken")
        digest = hashlib.sha256()
        with path.open("rb") as file:
            file.seek(begin)
            while piece := file.read(1 << 20):
                digest.update(piece)
        if digest.hexdigest() != head["digest"]:
            raise NameIndexBroken("broken")
        whole = np.memmap(path, np.uint8, "r", offset=0)
    except (OSError, ValueError):
        raise NameIndexBroken("broken") from None
    arrays: Arrays = {}
    for name, place in head["places"].items():
        kind = np.dtype(place["kind"])
        size = int(np.prod(place["shape"], dtype=np.int64)) * kind.itemsize
        start = begin + place["at"]
        arrays[name] = np.frombuffer(whole, np.uint8, size, start).view(kind).reshape(place["shape"])
    return head, arrays
