"""A line of JSON in, a line of JSON out: how a command reads what is asked, and how it answers."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ikrar.domain.errors import A_DAY, DomainError, FactMissing, UnknownField, ValueUnknown
from ikrar.web import messages

Values = Mapping[str, Any]
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


# --- reading a line ----------------------------------------------------------------------------------------------


class LineWrong(Exception):
    """A line that holds no question at all. `field`: what of it has to be mended."""

    def __init__(self, code: str, field: str, says: str) -> None:
        super().__init__(code)
        self.told = {"error": code, "field": field, "says": says}


def asked_in(line: bytes) -> Values:
    """Read one object of JSON, in which every key stands once and every text can be written again."""
    if not line:
        raise LineWrong("line_wrong", "line", "Baris ini kosong. Tulis satu objek JSON pada setiap baris.")
    try:
        values = json.loads(line.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number)
        if not isinstance(values, dict):
            raise ValueError
        for name, value in values.items():
            writable(name, "line")
            writable(json.dumps(value, ensure_ascii=False), name)
    except (ValueError, RecursionError):
        raise LineWrong("line_wrong", "line", "Baris ini bukan satu objek JSON.") from None
    return values


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            writable(name, "line")
            raise LineWrong("key_twice", name[:60], f"Kunci “{name[:60]}” ditulis dua kali. Tulis sekali saja.")
        found[name] = value
    return found


def _no_number(text: str) -> Any:
    raise ValueError(text)


def writable(text: str, field: str) -> None:
    """Refuse half of a sign: what cannot be written as UTF-8 is no text."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        says = "Teks ini memuat tanda yang terpotong (surogat tanpa pasangan). Tulis tanda itu seutuhnya."
        raise LineWrong("line_wrong", field[:60], says) from None


def only(values: Values, *known: str) -> None:
    """Refuse keys that nobody knows. Raises UnknownField."""
    for name in values:
        if name not in known:
            raise UnknownField(name[:60], known)


def text(values: Values, name: str, *, needed: bool = False, known: Sequence[str] = ("text",)) -> str:
    """Return a text of a line; empty where it is absent. Raises FactMissing where it is needed, ValueUnknown for another kind."""
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueUnknown(name, as_written(value), tuple(known))
    if value is None or not value.strip():
        if needed:
            raise FactMissing(name)
        return ""
    return value


def day(values: Values, name: str) -> date:
    """Return a day of a line. Raises FactMissing, and ValueUnknown where it is none."""
    told = text(values, name, needed=True, known=(A_DAY,))
    try:
        if DAY.fullmatch(told):
            return date.fromisoformat(told)
    except ValueError:
        pass
    raise ValueUnknown(name, told[:60], (A_DAY,))


def as_written(value: object) -> str:
    """Return a value as the line wrote it, cut where it is long."""
    return json.dumps(value, ensure_ascii=False)[:60]


# --- writing an answer -------------------------------------------------------------------------------------------


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return str(value)


def line_of(values: Values) -> str:
    """Return an answer as one line of JSON."""
    return json.dumps(values, ensure_ascii=False, default=_plain)


def refused(error: DomainError, field_of: Mapping[str, str]) -> dict[str, Any]:
    """Return a refusal as an answer. `field_of`: which field an error is about, where the error does not say so itself."""
    details = error.details()
    field = details.get("fact", details.get("field", field_of.get(error.code)))
    told = {name: value for name, value in details.items() if name not in ("fact", "field") and value not in ("", ())}
    return {"error": error.code, "field": field, "says": messages.sentence(error), **told}


_MARK = "\ufeff".encode()  # some programs begin a file of UTF-8 with it


def asked(lines: Iterable[bytes], *, with_empty: bool = False) -> Iterator[bytes]:
    """Yield the lines that ask something; `with_empty`: also those that ask nothing, for whoever pairs answers with lines."""
    for line in lines:
        if (told := line.removeprefix(_MARK).strip()) or with_empty:
            yield told


def say(told: Values) -> None:
    """Write one answer at once."""
    sys.stdout.buffer.write(f"{line_of(told)}\n".encode())
    sys.stdout.buffer.flush()


def serve(answer: Callable[[bytes], Values], *, with_empty: bool = False) -> None:
    """Answer line by line until there are no more, or nobody listens."""
    try:
        for line in asked(sys.stdin.buffer, with_empty=with_empty):
            say(answer(line))
    except BrokenPipeError:  # whoever asked has gone
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  for the last flush
