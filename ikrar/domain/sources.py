"""What every rule of the rulebook carries: names in both languages, the days it held, its citations, how well it is known.

Forms (`…Document`) are the keys and types of a file; whoever reads files checks them before anything here is called.
"""

import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NotRequired, TypedDict

from ikrar.domain.errors import RulebookFault

Place = tuple[str | int, ...]
"""The way to a value of a file, such as ("versions", 0, "until")."""
LineOf = Callable[[Place], int]


class LabelDocument(TypedDict):
    id: str
    en: str


InForceDocument = TypedDict("InForceDocument", {"from": date | None, "until": date | None})

CitationDocument = TypedDict(
    "CitationDocument",
    {
        "source": str,
        "at": NotRequired[str],
        "for": NotRequired[str],
        "since": NotRequired[date],
        "until": NotRequired[date],
    },
)


class KnownDocument(TypedDict):
    """How something is known: a note, the addresses where it was read, and a word of Confidence."""

    notes: LabelDocument | None
    seen: list[str]
    confidence: str


class CitedDocument(KnownDocument):
    """What is known and stands in sources."""

    cites: list[CitationDocument]


class ReadingDocument(TypedDict):
    label: LabelDocument
    held_by: NotRequired[LabelDocument]
    seen: list[str]
    confidence: str


class SourceDocument(KnownDocument):
    source: str
    short: str
    label: LabelDocument
    in_force: InForceDocument
    not_before: NotRequired[date]
    surely_from: NotRequired[date]
    succeeds: NotRequired[str]


class SourcesDocument(TypedDict):
    sources: list[SourceDocument]


class Confidence(StrEnum):
    """How well a fact is known: two sources agree; one has it; inferred, cut off or disputed."""

    CONFIRMED = "confirmed"
    ONE_SOURCE = "one_source"
    UNCERTAIN = "uncertain"

    @property
    def rank(self) -> int:
        """Return 0 for the best known."""
        return list(Confidence).index(self)


def worst(found: Iterable[Confidence]) -> Confidence:
    """Return the least of some confidences: what rests on all of them is known no better."""
    return max(found, key=lambda each: each.rank)


@dataclass(frozen=True, slots=True)
class Label:
    """A name or sentence in both languages of the screen."""

    id: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English text for `en` and the Indonesian one for every other language."""
        return self.en if language == "en" else self.id


@dataclass(frozen=True, slots=True)
class InForce:
    """The days on which something held. `until_on` is the first day after; None: open on that side."""

    from_on: date | None
    until_on: date | None

    def holds(self, day: date) -> bool:
        """Say whether it held on a day.

        >>> InForce(date(2021, 8, 31), None).holds(date(2021, 8, 30))
        False
        """
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day < self.until_on)

    def overlaps(self, other: "InForce") -> bool:
        """Say whether there is a day on which both held."""
        begins = max(self.from_on or date.min, other.from_on or date.min)
        return begins < min(self.until_on or date.max, other.until_on or date.max)

    def is_within(self, outer: "InForce") -> bool:
        """Say whether the other held on every day on which this did."""
        begins = outer.from_on is None or (self.from_on is not None and outer.from_on <= self.from_on)
        ends = outer.until_on is None or (self.until_on is not None and self.until_on <= outer.until_on)
        return begins and ends

    @property
    def last_on(self) -> date | None:
        """Return the last day, as people say it; None: not known, or it still holds.

        >>> InForce(None, date(2021, 8, 31)).last_on
        datetime.date(2021, 8, 30)
        """
        return self.until_on and self.until_on - timedelta(days=1)

    def and_also(self, other: "InForce") -> "InForce":
        """Return the days on which both held; where there is none, it ends before it begins."""
        begins = [day for day in (self.from_on, other.from_on) if day is not None]
        ends = [day for day in (self.until_on, other.until_on) if day is not None]
        return InForce(max(begins, default=None), min(ends, default=None))


def spanned(windows: Collection[InForce]) -> InForce:
    """Return the days from the first on which one of some held until the last.

    >>> spanned([InForce(date(2021, 8, 31), None), InForce(date(2022, 4, 1), date(2024, 1, 1))])
    InForce(from_on=datetime.date(2021, 8, 31), until_on=None)
    """
    begins = [window.from_on for window in windows if window.from_on is not None]
    ends = [window.until_on for window in windows if window.until_on is not None]
    return InForce(
        min(begins) if begins and len(begins) == len(windows) else None,
        max(ends) if ends and len(ends) == len(windows) else None,
    )


def reaches(regions: Collection[str], region: str) -> bool:
    """Say whether what was said for some regions holds in one of them or within it; for no region: it holds everywhere.

    Regions are codes of the Ministry of Home Affairs.

    >>> reaches(["13"], "13.76"), reaches(["13"], "131"), reaches([], "74")
    (True, False, True)
    """
    return not regions or any(region == code or region.startswith(f"{code}.") for code in regions)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source. `text` is as an Indonesian letter cites it; `purpose` says what the rule takes from there."""

    source: str
    at: str
    purpose: str
    text: str


def distinct(cites: Iterable[Citation]) -> tuple[Citation, ...]:
    """Return citations once each, as a letter prints them, in their order."""
    found: dict[str, Citation] = {}
    for cite in cites:
        found.setdefault(cite.text, cite)
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """How something is known: `seen` are the addresses where it was read."""

    notes: Label | None = None
    seen: tuple[str, ...] = ()
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited(Known):
    """What is known and stands in sources."""

    cites: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Source(Known):
    """A legal instrument, or who said something, under the short name by which the field cites it (`PP 94/2021`).

    `not_before`: of an instrument whose first day is not known, the first on which it can have been in force at all.
    `surely_from`: then the first day on which it held for certain ("of 2022"). `succeeds`: the source that it took the
    place of. `days`: those on which it may be cited, as far as they are known.
    """

    id: str
    short: str
    label: Label
    in_force: InForce
    not_before: date | None = None
    surely_from: date | None = None
    succeeds: str | None = None
    days: InForce = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days = InForce(self.in_force.from_on or self.not_before, self.in_force.until_on)
        object.__setattr__(self, "days", days)

    @property
    def known_to_hold(self) -> InForce:
        """Return the days on which it held as far as anybody can tell."""
        return InForce(self.in_force.from_on or self.surely_from, self.in_force.until_on)


@dataclass(frozen=True, slots=True)
class Reading:
    """One of several ways to read what is disputed, and who holds it."""

    label: Label
    held_by: Label | None
    seen: tuple[str, ...]
    confidence: Confidence


class _KnownFields(TypedDict):
    notes: Label | None
    seen: tuple[str, ...]
    confidence: Confidence


class _CitedFields(_KnownFields):
    cites: tuple[Citation, ...]


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 80
_ADDRESS = re.compile(r"https?://[^\s/<>\"]+\.[^\s<>\"]+")


class Checker:
    """Turns the values of one file into values of the domain. Every method raises RulebookFault with file and line.

    `place` is the way to the value within the file: its keys, and its indexes in lists.
    """

    def __init__(self, file: str, line_of: LineOf, sources: Mapping[str, Source] | None = None) -> None:
        self.file = file
        self.line_of = line_of
        self.sources = sources if sources is not None else {}

    def fault(self, says: str, *place: str | int) -> RulebookFault:
        """Make the fault for a place of the file."""
        return RulebookFault(self.file, self.line_of(place), says)

    def id(self, id: str, *place: str | int) -> str:
        """Check how an id is written: small letters and digits, joined by hyphens, 80 characters at most."""
        if not _ID.fullmatch(id):
            raise self.fault(f"the id {id!r} is not made of small letters and digits, joined by hyphens", *place)
        if len(id) > _LONGEST_ID:
            raise self.fault(f"the id {id!r} is longer than {_LONGEST_ID} characters", *place)
        return id

    def new_id(self, id: str, found: Container[str], *place: str | int) -> str:
        """Refuse an id that stands in another file already."""
        if id in found:
            raise self.fault(f"the id {id!r} is given a second time", *place)
        return self.id(id, *place)

    def known_id(self, id: str, known: Container[str], what: str, *place: str | int) -> str:
        """Hold an id against those that there are; `what` names the kind of thing."""
        if id not in known:
            raise self.fault(f"there is no {what} {id!r}", *place)
        return id

    def word(self, word: str, known: Sequence[str], *place: str | int) -> str:
        """Hold a word against those that may stand there."""
        if word not in known:
            key = next((part for part in reversed(place) if isinstance(part, str)), "word")
            raise self.fault(f"the {key} {word!r} is not one of {', '.join(known)}", *place)
        return word

    def label(self, document: LabelDocument, *place: str | int) -> Label:
        if not document["id"].strip():
            raise self.fault("the Indonesian label is empty", *place, "id")
        if not document["en"].strip():
            raise self.fault("the English label is empty", *place, "en")
        return Label(**document)

    def optional_label(self, document: LabelDocument | None, *place: str | int) -> Label | None:
        return None if document is None else self.label(document, *place)

    def texts(self, texts: Sequence[str], *place: str | int) -> tuple[str, ...]:
        """Check that no text of a list is empty; the list may be."""
        for index, text in enumerate(texts):
            if not text.strip():
                raise self.fault("an empty line", *place, index)
        return tuple(texts)

    def addresses(self, texts: Sequence[str], *place: str | int) -> tuple[str, ...]:
        """Check that each text of a list is an address of the web (http, https); the list may be empty."""
        for index, text in enumerate(self.texts(texts, *place)):
            if not _ADDRESS.fullmatch(text):
                raise self.fault(f"{text[:80]!r} is no address that begins with http:// or https://", *place, index)
        return tuple(texts)

    def seen(self, texts: Sequence[str], *place: str | int) -> tuple[str, ...]:
        """Check the addresses where something was read: there is at least one."""
        if not texts:
            raise self.fault("no source is given", *place)
        return self.addresses(texts, *place)

    def confidence(self, word: str, *place: str | int) -> Confidence:
        return Confidence(self.word(word, list(Confidence), *place))

    def in_force(self, document: InForceDocument, *place: str | int) -> InForce:
        """Check that a rule held on a day at least."""
        first, after = document["from"], document["until"]
        if first and after and after <= first:
            says = f"until {after} is not after from {first}; it is the first day on which the rule no longer holds"
            raise self.fault(says, *place, "until")
        return InForce(first, after)

    def cites(self, documents: Sequence[CitationDocument], *place: str | int) -> tuple[Citation, ...]:
        """Check citations: there is at least one, and each names a source that is known."""
        if not documents:
            raise self.fault("no citation is given", *place)
        cites = []
        for index, document in enumerate(documents):
            if (source := self.sources.get(document["source"])) is None:
                raise self.fault(f"there is no source {document['source']!r}", *place, index, "source")
            at = document.get("at", "")
            cites.append(Citation(source.id, at, document.get("for", ""), f"{source.short} {at}".strip()))
        return tuple(cites)

    def cites_within(self, documents: Sequence[CitationDocument], in_force: InForce, *place: str | int) -> None:
        """Hold the days of cited sources against those of the rule that cites them.

        A source that began after the rule, or ended before it, is cited only with the day (`since`, `until`): that way
        nobody cites by mistake what was no law yet.
        """
        for index, document in enumerate(documents):
            if (source := self.sources.get(document["source"])) is None:
                continue
            days = source.days
            if not days.overlaps(in_force):
                raise self.fault(f"{source.short} was in force on no day of this version", *place, index, "source")
            later = days.from_on
            if later is not None and in_force.from_on is not None and later <= in_force.from_on:
                later = None
            ended = days.until_on
            if ended is not None and in_force.until_on is not None and in_force.until_on <= ended:
                ended = None
            for key, day, said in (("since", later, document.get("since")), ("until", ended, document.get("until"))):
                if said != day:
                    says = f"write {key}: {day}" if day else f"leave {key} out"
                    held = f"{days.from_on or '…'} until {days.until_on or '…'}"
                    raise self.fault(f"{source.short} was in force from {held}; {says}", *place, index, "source")

    def dated(self, own: InForce, cites: Sequence[Citation], *place: str | int) -> InForce:
        """Return on which of its days a rule is known to have held: those of the sources that say so (for: term)."""
        saying = [cite for cite in cites if cite.purpose == "term"] or cites
        found = own.and_also(spanned([self.sources[cite.source].known_to_hold for cite in saying]))
        if found.from_on and found.until_on and found.until_on <= found.from_on:
            raise self.fault("what is cited for it held on none of these days", *place)
        return found

    def known(self, document: KnownDocument, *place: str | int) -> _KnownFields:
        """Check how something is known; returns the fields of Known by name."""
        return {
            "notes": self.optional_label(document["notes"], *place, "notes"),
            "seen": self.seen(document["seen"], *place, "seen"),
            "confidence": self.confidence(document["confidence"], *place, "confidence"),
        }

    def cited(self, document: CitedDocument, *place: str | int) -> _CitedFields:
        """Check where something stands and how it is known; returns the fields of Cited by name."""
        return {"cites": self.cites(document["cites"], *place, "cites"), **self.known(document, *place)}

    def reading(self, document: ReadingDocument, *place: str | int) -> Reading:
        return Reading(
            label=self.label(document["label"], *place, "label"),
            held_by=self.optional_label(document.get("held_by"), *place, "held_by"),
            seen=self.addresses(document["seen"], *place, "seen"),
            confidence=self.confidence(document["confidence"], *place, "confidence"),
        )

    def cited_on_its_days(self, in_force: InForce, cites: Sequence[CitationDocument], *place: str | int) -> None:
        """See that what a rule is cited from held while the rule did: with the sources it took the place of, from its first
        day on; until its last, or until another that is cited took its place.

        A source that came later, beside those that held before, is cited `since` a day of its own.
        """
        windows = [self.sources[cite["source"]].known_to_hold for cite in cites if cite["source"] in self.sources]
        for index, cite in enumerate(cites):
            if (source := self.sources.get(cite["source"])) is None:
                continue  # told by `cites`
            at, window, since = (*place, "cites", index, "source"), source.known_to_hold, cite.get("since")
            if since is not None and not window.holds(since):
                raise self.fault(f"{source.short} did not hold on {since}", *at[:-1], "since")
            if not window.overlaps(in_force):
                raise self.fault(f"{source.short} held on none of the days of this rule", *at)
            first = self._first_of_line(source)
            if in_force.from_on and first and first > in_force.from_on and since is None:
                says = f"{source.short} holds since {first} only, and this rule since {in_force.from_on}: cite it `since` that day"
                raise self.fault(says, *at)
            goes_on = in_force.until_on is None or (window.until_on is not None and window.until_on < in_force.until_on)
            if goes_on and window.until_on is not None and all(each.from_on != window.until_on for each in windows):
                says = f"{source.short} held until {window.until_on}, the rule goes on, and nothing cited here took its place"
                raise self.fault(says, *at)

    def _first_of_line(self, source: Source) -> date | None:
        """Return since when a source, or what it took the place of, is known to have held; None: since nobody knows when."""
        while source.known_to_hold.from_on is not None and source.succeeds is not None:
            source = self.sources[source.succeeds]
        return source.known_to_hold.from_on

    def differing(self, ids: Sequence[str], part: str, key: str) -> None:
        """Refuse an id that stands twice in a list of the file."""
        seen: set[str] = set()
        for index, id in enumerate(ids):
            if id in seen:
                raise self.fault(f"the id {id!r} stands here a second time", part, index, key)
            seen.add(id)


def parse_sources(document: SourcesDocument, checker: Checker) -> list[Source]:
    """Make the sources of one file. Raises RulebookFault."""
    succeeded = {each["source"]: each.get("succeeds") for each in document["sources"]}
    checker.differing([each["source"] for each in document["sources"]], "sources", "source")
    found = []
    for index, each in enumerate(document["sources"]):
        place = ("sources", index)
        line = [each["source"]]
        while (before := succeeded[line[-1]]) is not None:
            if before not in succeeded or before in line:
                says = f"there is no other source {before!r} in this file that it could have taken the place of"
                raise checker.fault(says, *place, "succeeds")
            line.append(before)
        if not each["short"].strip():
            raise checker.fault("the short name is empty", *place, "short")
        in_force, surely = checker.in_force(each["in_force"], *place, "in_force"), each.get("surely_from")
        if surely and (in_force.from_on or (in_force.until_on and in_force.until_on <= surely)):
            says = "surely_from is for a source whose first day is not known, and lies before its last"
            raise checker.fault(says, *place, "surely_from")
        found.append(
            Source(
                id=checker.id(each["source"], *place, "source"),
                short=each["short"],
                label=checker.label(each["label"], *place, "label"),
                in_force=in_force,
                not_before=each.get("not_before"),
                surely_from=surely,
                succeeds=each.get("succeeds"),
                notes=checker.optional_label(each["notes"], *place, "notes"),
                seen=checker.addresses(each["seen"], *place, "seen"),
                confidence=checker.confidence(each["confidence"], *place, "confidence"),
            )
        )
    return found
