"""Papers of an activity as PDF: the invitation, the list of those present, a sheet for ink, the whole record in one.

Paper is written in Indonesian. Everything is set by the compiler of gateways.pdf; what is text there is tidied there.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from ikrar.gateways.pdf import (
    RecordPaper,
    _author,
    _heading,
    _moment,
    _number,
    _plain,
    _set,
    _tidy,
    _tidy_all,
    _titled,
    signed_data,
)

_WAYS = {"phone": "ponsel", "officer": "dicatat panitia", "paper": "tinta di kertas"}
_TEMPLATE = "activity.typ"


@dataclass(frozen=True)
class ActivityHead:
    """What stands on top of every paper of an activity. `when` and `facts` (name, value) come in words."""

    letterhead: tuple[str, ...]
    title: str
    kind: str
    when: str
    facts: tuple[tuple[str, str], ...]
    made_at: datetime
    zone: timezone
    demo: bool = False


@dataclass(frozen=True)
class InvitationLetter:
    """The invitation: its number, to whom it goes, what it is about, and by which office it is sent."""

    number: str
    dated: str
    addressed: tuple[str, ...]
    purpose: str
    points: tuple[str, ...]
    sender: str
    moves: tuple[str, ...] = ()


@dataclass(frozen=True)
class PresentRow:
    """Somebody on the list. `identifier` comes masked; `came` is the local hour, empty where it is a sheet for ink."""

    name: str
    identifier: str
    post: str
    came: str = ""
    way: str = ""


@dataclass(frozen=True)
class PresentUnit:
    """The people of one unit, in their order."""

    unit: str
    rows: tuple[PresentRow, ...]


@dataclass(frozen=True)
class GuestRow:
    """A guest by body and post; the name where somebody came."""

    body: str
    post: str
    name: str
    came: str = ""


@dataclass(frozen=True)
class PresentList:
    """Who was there, unit by unit, the guests, and the counts (number, words).

    `summary`: unit, then invited, came, excused, on leave, absent. `note` stands where the names are too many for one
    paper.
    """

    units: tuple[PresentUnit, ...]
    guests: tuple[GuestRow, ...]
    figures: tuple[tuple[int, str], ...] = ()
    summary: tuple[tuple[str, int, int, int, int, int], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class DecisionRow:
    """A decision with its owner, the day until which it is to be done, and what became of it, in words."""

    text: str
    owner: str
    due: str
    done: str


@dataclass(frozen=True)
class MinutesPart:
    """The minutes: number, text, what was said point by point, the decisions. `final`: since when they change no more."""

    number: str
    text: str
    points: tuple[str, ...]
    decisions: tuple[DecisionRow, ...]
    final: str


@dataclass(frozen=True)
class PhotoPart:
    """A picture (JPEG or PNG, small enough for a page) with its caption."""

    caption: str
    content: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class ActivityRecord:
    """All that is kept of an activity, to be bound in one PDF; `signed` where a pact was signed there."""

    head: ActivityHead
    present: PresentList
    invitation: InvitationLetter | None = None
    signed: RecordPaper | None = None
    minutes: MinutesPart | None = None
    photos: tuple[PhotoPart, ...] = field(default=())


def invitation(head: ActivityHead, letter: InvitationLetter) -> bytes:
    """Return the letter that calls people."""
    return _document(head, f"Undangan {head.title}", [_letter(letter)])


def attendance(head: ActivityHead, present: PresentList) -> bytes:
    """Return the list of those who were there."""
    return _document(head, f"Daftar hadir {head.title}", [_present(present)])


def sheet_for_ink(head: ActivityHead, called: PresentList, *, empty_rows: int = 10) -> bytes:
    """Return a sheet to be signed in ink by those who are called, with some empty rows for others."""
    part = _present(called) | {"kind": "ink", "empty_rows": empty_rows}
    return _document(head, f"Lembar tanda tangan {head.title}", [part])


def record(whole: ActivityRecord) -> bytes:
    """Return everything that is kept of an activity in one PDF."""
    parts: list[dict[str, Any]] = []
    if whole.invitation is not None:
        parts.append(_letter(whole.invitation))
    parts.append(_present(whole.present))
    if whole.signed is not None:
        parts.append({"kind": "signed", **signed_data(whole.signed)})
    if whole.minutes is not None:
        parts.append(_minutes(whole.minutes))
    if whole.photos:
        parts.append({"kind": "photos", "photos": [_photo(each) for each in whole.photos]})
    return _document(whole.head, f"Berkas kegiatan {whole.head.title}", parts)


# --- data for the template ---------------------------------------------------------------------------------------


def _document(head: ActivityHead, title: str, parts: Sequence[Mapping[str, Any]]) -> bytes:
    data = {
        "title": _titled(_plain(title), head.demo),
        "author": _author(head.letterhead),
        "letterhead": _tidy_all(head.letterhead),
        "heading": _heading(head.title),
        "kind": _tidy(head.kind),
        "when": _tidy(head.when),
        "facts": _facts(head.facts),
        "made": f"Dibuat {_moment(head.made_at, head.zone)}",
        "demo": head.demo,
        "parts": parts,
    }
    return _set(_TEMPLATE, data, head.made_at)


def _facts(facts: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [[_tidy(name), _tidy(value)] for name, value in facts if value]


def _letter(letter: InvitationLetter) -> dict[str, Any]:
    return {
        "kind": "letter",
        "number": _tidy(letter.number),
        "dated": _tidy(letter.dated),
        "addressed": _tidy_all(letter.addressed),
        "purpose": _paragraphs(letter.purpose),
        "points": _tidy_all(letter.points),
        "sender": _tidy(letter.sender),
        "moves": _tidy_all(letter.moves),
    }


def _present(present: PresentList) -> dict[str, Any]:
    return {
        "kind": "present",
        "figures": [[_number(count), _tidy(words)] for count, words in present.figures],
        "summary": [[_tidy(unit), *map(_number, counts)] for unit, *counts in present.summary],
        "note": _tidy(present.note),
        "units": [
            {
                "unit": _tidy(each.unit),
                "rows": [
                    [_tidy(row.name), _tidy(row.identifier), _tidy(row.post), row.came, _WAYS.get(row.way, "")]
                    for row in each.rows
                ],
            }
            for each in present.units
        ],
        "guests": [[_tidy(each.body), _tidy(each.post), _tidy(each.name), each.came] for each in present.guests],
    }


def _minutes(minutes: MinutesPart) -> dict[str, Any]:
    return {
        "kind": "minutes",
        "number": _tidy(minutes.number),
        "text": _paragraphs(minutes.text),
        "points": _tidy_all(minutes.points),
        "decisions": [[_tidy(each.text), _tidy(each.owner), each.due, _tidy(each.done)] for each in minutes.decisions],
        "final": _tidy(minutes.final),
    }


def _paragraphs(text: str) -> list[str]:
    return _tidy_all(text.splitlines())


def _photo(photo: PhotoPart) -> dict[str, Any]:
    """Wrap a picture in an SVG: the template takes text alone."""
    inside = base64.b64encode(photo.content).decode("ascii")
    return {
        "caption": _tidy(photo.caption),
        "tall": photo.height > photo.width,
        "svg": (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
            f' viewBox="0 0 {photo.width} {photo.height}" width="{photo.width}" height="{photo.height}">'
            f'<image width="{photo.width}" height="{photo.height}"'
            f' xlink:href="data:{photo.media_type};base64,{inside}"/></svg>'
        ),
    }
