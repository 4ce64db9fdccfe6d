"""Everything that is wrong with the rulebook, not the first thing alone: for whoever mends its files.

What a rule cannot be made of is told and left out, and the rest is read again; what only follows from that is not told.
"""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ikrar.domain.errors import RulebookFault
from ikrar.domain.sources import (
    Checker,
    Citation,
    CitationDocument,
    InForce,
    InForceDocument,
    Label,
    LabelDocument,
    Source,
)
from ikrar.gateways.rulebook_files import ID_OF_FILE, KINDS, Documents, check, folders, named_in, together
from ikrar.gateways.strict_yaml import Document, read_all


def faults() -> list[RulebookFault]:
    """Return everything that is wrong, file by file."""
    try:
        here = folders()
    except RulebookFault as fault:
        return [fault]
    found = list(here.strays)
    documents: dict[str, list[Document[Any]]] = {kind: [] for kind in KINDS}
    for kind, form in KINDS.items():
        for path in here.of_kind[kind]:
            document, wrong = read_all(path, form)
            found += wrong
            if document is not None:
                documents[kind].append(document)
    found += _Search(documents, is_whole=not found).faults()
    if not found:
        with contextlib.suppress(RulebookFault):
            check()
    in_order = {str(path): place for place, path in enumerate(here.names)}
    return sorted(found, key=lambda fault: (in_order.get(fault.file, -1), fault.file, fault.line))


@dataclass(frozen=True)
class _Searched(Document[Any]):
    """A file that is searched for faults: those that leave the rest of it to be read are told here."""

    told: list[RulebookFault]

    def checker(self, sources: Mapping[str, Source] | None = None) -> Checker:
        """Return one that tells and goes on."""
        return _Telling(self, sources)


class _Telling(Checker):
    """A checker that tells what is wrong with a value and goes on with what is left, where anything is."""

    def __init__(self, document: _Searched, sources: Mapping[str, Source] | None) -> None:
        super().__init__(document.file, document.line, sources)
        self.told = document.told

    def id(self, id: str, *place: str | int) -> str:
        return self._or(id, super().id, id, *place)

    def word(self, word: str, known: Sequence[str], *place: str | int) -> str:
        return self._or(known[0], super().word, word, known, *place)

    def label(self, document: LabelDocument, *place: str | int) -> Label:
        return self._or(Label(**document), super().label, document, *place)

    def texts(self, texts: Sequence[str], *place: str | int) -> tuple[str, ...]:
        return self._or(tuple(texts), super().texts, texts, *place)

    def addresses(self, texts: Sequence[str], *place: str | int) -> tuple[str, ...]:
        for index, text in enumerate(texts):
            one_by_one = [*["https://example.org"] * index, text]
            self._or((), super().addresses, one_by_one, *place)
        return tuple(texts)

    def seen(self, texts: Sequence[str], *place: str | int) -> tuple[str, ...]:
        return self._or(tuple(texts), super().seen, texts, *place)

    def in_force(self, document: InForceDocument, *place: str | int) -> InForce:
        return self._or(InForce(document["from"], None), super().in_force, document, *place)

    def cites(self, documents: Sequence[CitationDocument], *place: str | int) -> tuple[Citation, ...]:
        known = [each for each in documents if each["source"] in self.sources]
        self._or((), super().cites, documents, *place)
        return super().cites(known, *place) if known else ()

    def cited_on_its_days(self, in_force: InForce, cites: Sequence[CitationDocument], *place: str | int) -> None:
        self._or(None, super().cited_on_its_days, in_force, cites, *place)

    def _or(self, otherwise: Any, check: Callable[..., Any], *given: Any) -> Any:
        try:
            return check(*given)
        except RulebookFault as fault:
            self.told.append(fault)
            return otherwise


_MOST_FAULTS = 200


class _Search:
    """Looks for every fault of files that are of their form: what cannot be read is taken out, and the rest read again.

    `is_whole`: every file could be read, so that what is not there is a fault of its own.
    """

    def __init__(self, documents: Documents, *, is_whole: bool) -> None:
        self.documents = {
            kind: [_Searched(each.file, each.data, each.lines, []) for each in found]
            for kind, found in documents.items()
        }
        self.is_whole = is_whole
        self.found: dict[str, RulebookFault] = {}
        self.taken_out: set[str] = set()

    def faults(self) -> list[RulebookFault]:
        """Return what is wrong, each thing once."""
        for _ in range(_MOST_FAULTS):
            try:
                together(self.documents)
                fault = None
            except RulebookFault as one:
                fault = one
            except (KeyError, IndexError):  # something rests on what was taken out
                break
            self._gather()
            if fault is None or not self._take_out(fault):
                break
        return list(self.found.values())

    def _gather(self) -> None:
        for kind in self.documents.values():
            for document in kind:
                for each in document.told:
                    self._tell(each)
                document.told.clear()

    def _tell(self, fault: RulebookFault) -> None:
        if not self._follows(fault):
            self.found.setdefault(str(fault), fault)
        if misspelt := re.match(r"the id '(.*)' is ", fault.says):
            self.taken_out.update(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", misspelt[1]))

    def _follows(self, fault: RulebookFault) -> bool:
        """Say whether a fault may be there only because of what could not be read."""
        if not self.is_whole and re.search(
            r"there is no|stands in no file|must be there|no file has|needs one", fault.says
        ):
            return True
        return any(re.search(rf"(?<![\w-]){re.escape(id)}(?![\w-])", fault.says) for id in self.taken_out)

    def _take_out(self, fault: RulebookFault) -> bool:
        """Tell a fault and leave out the part of a file that has it; False where there is none to leave out."""
        for kind, found in self.documents.items():
            for place, document in enumerate(found):
                if document.file != fault.file:
                    continue
                part, index = _part_at(document, fault.line) if kind not in ID_OF_FILE else ("", None)
                first, last = _lines_of(document, part, index)
                # Beside a value that was told, the rest of its part may only seem wrong.
                if not any(each.file == fault.file and first <= each.line <= last for each in self.found.values()):
                    self._tell(fault)
                left = None if index is None else _without(document, part, index)
                gone = document.data if left is None else document.data[part][index]
                self.taken_out.update(_ids(kind, gone) if left is None else _ids("", gone))
                found[place : place + 1] = [] if left is None else [left]
                return True
        return False


def _part_at(document: Document[Any], line: int) -> tuple[str, int | None]:
    """Return the list of a file, and the place in it, that a line belongs to; no place where it belongs to none."""
    key = max(document.data, key=lambda each: (document.line((each,)) <= line, document.line((each,))))
    value = document.data[key]
    if not isinstance(value, list) or not value:
        return key, None
    return key, max((i for i in range(len(value)) if document.line((key, i)) <= line), default=0)


def _lines_of(document: Document[Any], part: str, index: int | None) -> tuple[int, int]:
    if index is None:
        return 0, sys.maxsize
    lines = [line for place, line in document.lines.items() if place[:2] == (part, index)]
    return min(lines), max(lines)


def _without(document: _Searched, part: str, index: int) -> _Searched:
    """Return a file without one of the things that it lists."""
    lines = {}
    for place, line in document.lines.items():
        if len(place) > 1 and place[0] == part and isinstance(place[1], int):
            if place[1] == index:
                continue
            place = (part, place[1] - (place[1] > index), *place[2:])
        lines[place] = line
    listed = document.data[part]
    data = document.data | {part: [*listed[:index], *listed[index + 1 :]]}
    return _Searched(document.file, data, lines, [])


def _ids(kind: str, gone: Any) -> Iterator[str]:
    """Yield the ids that went with what was taken out: of a whole file of a kind, or of one thing that a file lists."""
    if kind:
        yield from (id for _, id in named_in(kind, gone))
    parts = gone.values() if kind else [[gone]]
    for listed in parts:
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict):
                yield from (each[key] for key in _ID_KEYS if isinstance(each.get(key), str))


_ID_KEYS = (
    "source", "form", "sanction", "principle", "term", "intake_hours", "requirement", "authority", "rule", "body", "statement",
    "circumstance", "conduct", "theme", "activity", "concept",
)  # fmt: skip
