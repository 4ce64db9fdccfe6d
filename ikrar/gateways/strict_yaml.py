"""YAML read strictly: a key means one thing, a thing is said once, nothing is guessed, a fault has its file and line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict

import yaml

from ikrar.domain.errors import RulebookFault
from ikrar.domain.sources import Checker, Place, Source

T = TypeVar("T")

# Keys that YAML 1.1 reads as booleans, so that two readers of one file would see two different files.
_BOOLEAN_LIKE = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false"})
_TAGS = "tag:yaml.org,2002:"
_DEEPEST = 20  # no form has half as many levels
_WORDS = {str: "text", int: "a whole number", bool: "true or false", date: "a day (2024-11-27)", NoneType: "null"}


@dataclass(frozen=True)
class Document(Generic[T]):
    """The values of one file, of a form whose keys and types were checked, and the line each of them stands on."""

    file: str
    data: T
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a value, or of the nearest one around it that has a line."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def checker(self, sources: Mapping[str, Source] | None = None) -> Checker:
        """Return what checks the values of this file; citations are of these sources."""
        return Checker(self.file, self.line, sources)


def read(path: Path, form: type[T]) -> Document[T]:
    """Read one file as a form (a TypedDict: its keys, which of them may be left out, and their types).

    Raises RulebookFault for anything that is not plain YAML of exactly that form.
    """
    document, faults = read_all(path, form)
    if document is None:
        raise faults[0]
    return document


def read_all(path: Path, form: type[T]) -> tuple[Document[T] | None, list[RulebookFault]]:
    """Read one file as `read` does, and return everything in which it is not of that form; of a file that is, the document."""
    file = str(path)
    try:
        node = _node(path, file)
    except RulebookFault as fault:
        return None, [fault]
    reader = _Reader(file)
    data = reader.plain(node, ())
    reader.check(data, form, ())
    return (None, reader.faults) if reader.faults else (Document(file, data, reader.lines), [])


def _node(path: Path, file: str) -> yaml.Node:
    text = _text(path.read_bytes(), file)
    try:
        node: yaml.Node | None = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _syntax_fault(error, file) from None
    if node is None:
        raise RulebookFault(file, 1, "the file is empty")
    return node


def _text(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RulebookFault(file, content.count(b"\n", 0, error.start) + 1, "this is not UTF-8") from None
    if "\t" in text:
        raise RulebookFault(file, text.count("\n", 0, text.index("\t")) + 1, "a tab; indent and separate with spaces")
    if unfit := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, unfit.start()) + 1
        raise RulebookFault(file, line, f"a character that cannot stand here: U+{ord(unfit[0]):04X}")
    return text


def _syntax_fault(error: yaml.MarkedYAMLError, file: str) -> RulebookFault:
    """Say what is wrong and where; and where it began, for an open quote is noticed only at the end of the file."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    says = error.problem or error.context or "this is not YAML"
    if error.context and error.context_mark and error.context_mark.line + 1 != line:
        says += f", {error.context} from line {error.context_mark.line + 1}"
    return RulebookFault(file, line, says)


class _Loader(yaml.composer.Composer, yaml.CSafeLoader):
    """YAML without its surprises: booleans are `true` and `false`, dates are ISO days, nothing is written `null`.

    libyaml reads the text, which takes most of the time; what its events are made into is decided here.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}
    _depth = 0

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        yaml.composer.Composer.__init__(self)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose the next node; refuse references and tags: what a file says stands where it is said."""
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag:
            raise yaml.composer.ComposerError(None, None, "no anchors, references or tags here", event.start_mark)
        if self._depth == _DEEPEST:
            raise yaml.composer.ComposerError(None, None, "values within values within values", event.start_mark)
        self._depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


_Loader.add_implicit_resolver(f"{_TAGS}null", re.compile(r"null$"), ["n"])
_Loader.add_implicit_resolver(f"{_TAGS}bool", re.compile(r"(true|false)$"), ["t", "f"])
_Loader.add_implicit_resolver(f"{_TAGS}int", re.compile(r"(0|-?[1-9][0-9]{0,17})$"), list("-0123456789"))
_Loader.add_implicit_resolver(f"{_TAGS}timestamp", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}$"), list("0123456789"))


_hints = cache(get_type_hints)
_BROKEN = object()  # stands for a value whose fault was told


class _Reader:
    """Turns one file's nodes into plain values, remembers their lines, and holds them against a form.

    `faults` gathers what is wrong, in the order in which it was found.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Place, int] = {}
        self.faults: list[RulebookFault] = []

    def _tell(self, line: int, says: str) -> None:
        self.faults.append(RulebookFault(self.file, line, says))

    def plain(self, node: yaml.Node, place: Place) -> Any:
        """Return the value of a node. The line of a mapping's value is the line of its key."""
        line = self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*place, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if node.value == "" and not node.style:
            self._tell(line, "a value is missing; where there is none, write null")
            return _BROKEN
        if node.tag == f"{_TAGS}null":
            return None
        if node.tag == f"{_TAGS}bool":
            return node.value == "true"
        if node.tag == f"{_TAGS}int":
            return int(node.value)
        if node.tag == f"{_TAGS}timestamp":
            try:
                return date.fromisoformat(node.value)
            except ValueError:
                self._tell(line, f"{node.value} is no day of the calendar")
                return _BROKEN
        return node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if isinstance(key, str) and key.lower() in _BOOLEAN_LIKE:
                self._tell(line, f"the key `{key}` can be read as a boolean; use another word")
                continue
            if key_node.tag != f"{_TAGS}str":
                self._tell(line, "a key is a word")
                continue
            if key in values:
                self._tell(line, f"the key `{key}` is given twice, first on line {self.lines[(*place, key)]}")
                continue
            self.lines[(*place, key)] = line
            values[key] = self.plain(value_node, (*place, key))
        return values

    def check(self, value: Any, form: Any, place: Place) -> None:
        """Hold a value against a type."""
        if value is _BROKEN:
            return
        if get_origin(form) in (UnionType, Union):
            if value is None and NoneType in get_args(form):
                return
            (inner,) = (each for each in get_args(form) if each is not NoneType)
            self._check_one(value, inner, place, or_null=NoneType in get_args(form))
        else:
            self._check_one(value, form, place, or_null=False)

    def _check_one(self, value: Any, form: Any, place: Place, *, or_null: bool) -> None:
        if is_typeddict(form):
            if self._expect(isinstance(value, dict), "keys with values", place, or_null):
                self._check_keys(value, form, place)
        elif get_origin(form) is list:
            if self._expect(isinstance(value, list), "a list", place, or_null):
                for index, item in enumerate(value):
                    self.check(item, get_args(form)[0], (*place, index))
        elif get_origin(form) is dict:
            if self._expect(isinstance(value, dict), "keys with values", place, or_null):
                for key, item in value.items():
                    self.check(item, get_args(form)[1], (*place, key))
        else:
            # Not isinstance: to Python true is a whole number too.
            self._expect(type(value) is form, _WORDS[form], place, or_null)

    def _check_keys(self, value: dict[str, Any], form: Any, place: Place) -> None:
        hints = _hints(form)
        for key, item in value.items():
            if key not in hints:
                self._tell(
                    self.lines[(*place, key)], f"the key `{key}` is not known here; known are {', '.join(hints)}"
                )
                continue
            self.check(item, hints[key], (*place, key))
        if missing := [key for key in hints if key in form.__required_keys__ and key not in value]:
            self._tell(self.lines[place], f"missing here: {', '.join(missing)}")

    def _expect(self, holds: bool, words: str, place: Place, or_null: bool) -> bool:
        if not holds:
            name = next((f"`{part}`" for part in reversed(place) if isinstance(part, str)), "the file")
            self._tell(self.lines[place], f"{name} should be {words}{' or null' if or_null else ''}")
        return holds
