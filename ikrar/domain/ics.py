"""Calendar text as RFC 5545 has it: whole days only, which is all that an election calendar needs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

_LINE_OCTETS = 75
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of one or more whole days. `until_on` is the first day after it; `uid` never changes for one entry."""

    uid: str
    summary: str
    from_on: date
    until_on: date
    description: str = ""
    is_tentative: bool = False


def to_ics(entries: Iterable[Entry], *, name: str, stamped_at: datetime) -> str:
    """Write a calendar: lines end in CR LF and are folded at 75 octets, texts are escaped.

    `stamped_at` is the instant (with a zone) at which the calendar is written. Entries leave people free: a stage of
    weeks must not fill their days.

    >>> quiet = Entry("1@13.ikrar", "Masa tenang", date(2024, 11, 24), date(2024, 11, 27))
    >>> text = to_ics([quiet], name="Pilkada", stamped_at=datetime(2024, 1, 2, tzinfo=UTC))
    >>> print(text.replace("\\r\\n", "\\n"), end="")
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Ikrar//
    NAME:Pilkada
    X-WR-CALNAME:Pilkada
    BEGIN:VEVENT
    UID:1@13.ikrar
    DTSTAMP:20240102T000000Z
    DTSTART;VALUE=DATE:20241124
    DTEND;VALUE=DATE:20241127
    SUMMARY:Masa tenang
    TRANSP:TRANSPARENT
    END:VEVENT
    END:VCALENDAR
    """
    stamp = stamped_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ikrar//", f"NAME:{_text(name)}"]
    lines.append(f"X-WR-CALNAME:{_text(name)}")  # for clients that do not know NAME (RFC 7986)
    for entry in entries:
        lines += _event(entry, stamp)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines)


def _event(entry: Entry, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{_day(entry.from_on)}"
    yield f"DTEND;VALUE=DATE:{_day(entry.until_on)}"
    yield f"SUMMARY:{_text(entry.summary)}"
    if entry.description:
        yield f"DESCRIPTION:{_text(entry.description)}"
    if entry.is_tentative:
        yield "STATUS:TENTATIVE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(text: str) -> str:
    """Escape a text value (RFC 5545, 3.3.11). Control characters have no place in one and are left out."""
    text = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold a line (RFC 5545, 3.1) between characters, never inside one; the space of a new line counts as an octet."""
    parts, part, octets = [], "", 0
    for character in line:
        size = len(character.encode("utf-8"))
        if octets + size > _LINE_OCTETS:
            parts.append(part)
            part, octets = " ", 1
        part += character
        octets += size
    return "\r\n".join([*parts, part])
