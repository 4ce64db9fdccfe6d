"""`ikrar find-person`: who is meant by a name as people write it, a line of JSON in, a line of JSON out.

With --roster FILE.csv it answers from an index beside that file and needs no database; else from the installation.
"""

import argparse
import gc
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from ikrar.domain.days import WIB, local_day
from ikrar.domain.errors import A_DAY, DomainError, RegionUnknown, ValueUnknown
from ikrar.domain.names import Ask, Reason, not_yet, undated, unplaced
from ikrar.services import name_rosters, region_codes
from ikrar.web import messages, name_words
from ikrar.worker import lines

_REGION = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
_FORMS = ("13", "13.76", "13.76.01", "13.76.01.1001")
MOST = 5


class Candidate(Protocol):
    """Somebody who may be meant, as an answer tells him."""

    number: str
    name: str
    unit: str
    post: str
    score: int
    because: tuple[Reason, ...]


class Found(Protocol):
    people: Sequence[Any]
    more: int
    more_is_least: bool
    ask: Ask | None


Find = Callable[[str, str, date | None], Found]
"""Looks for a text in a region (or everywhere) on a day (or whatever the source takes for it)."""


def answer(line: bytes, find: Find) -> lines.Values:
    """Answer one line; what cannot be answered is an answer too, with `error`, `field` and `says`."""
    try:
        values = lines.asked_in(line)
        lines.only(values, "query", "region", "on")
        # A blank query is refused as one that names nobody.
        query = lines.text(values, "query", needed=values.get("query") is None)
        region = lines.text(values, "region", known=_FORMS)
        if region and not _REGION.fullmatch(region):
            raise ValueUnknown("region", region[:60], _FORMS)
        if region and not region_codes.is_known(region):
            raise RegionUnknown(region, region_codes.above(region))
        on = lines.day(values, "on") if lines.text(values, "on", known=(A_DAY,)) else None
        return _told(find(query, region, on))
    except lines.LineWrong as wrong:
        return wrong.told
    except DomainError as error:
        return lines.refused(error, {RegionUnknown.code: "region"})


def _told(found: Found) -> lines.Values:
    told = {
        "people": [
            {
                "nip": each.number or None,
                "name": each.name,
                "post": ", ".join(part for part in (each.post, each.unit) if part),
                "score": each.score,
                "because": [name_words.sentence(reason) for reason in each.because],
            }
            for each in _first(found.people)
        ],
        "more": found.more,
        "ask": found.ask and name_words.ask_sentence(found.ask),
    }
    return told | {"more_is_least": True} if found.more_is_least else told


def _with_names(ask: Ask | None) -> Ask | None:
    """Write the regions that a file tells by code with their names."""
    if ask is None or ask.what != "region":
        return ask
    return replace(ask, values=tuple(map(region_codes.named, ask.values)))


def _first(people: Iterable[Candidate]) -> list[Candidate]:
    return list(people)[:MOST]


def serve(find: Find) -> None:
    """Answer the lines of the standard input until it ends."""
    gc.freeze()  # what an index keeps in memory stays: looking through it again and again would hold answers up
    lines.serve(lambda line: answer(line, find), with_empty=True)


def main(arguments: Sequence[str]) -> int:
    """Answer from a file; returns the exit status: 0 done, 1 refused, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="ikrar find-person", description=__doc__)
    parser.add_argument(
        "--roster", type=Path, required=True, metavar="FILE.csv", help="columns nip, nama, unit; post, region"
    )
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    if not settings.configured:
        settings.configure(USE_I18N=False)  # sentences come in Indonesian; nothing else of the framework is used
    try:
        index = name_rosters.open_roster(options.roster)
    except DomainError as error:
        print(f"{error.code}: {messages.sentence(error)}", file=sys.stderr)
        return 1
    for what, (count, row) in index.notes.items():
        print(f"{options.roster.name}: {name_words.rows_sentence(what, count, row)}", file=sys.stderr)
    narrows = index.has_regions

    def find(query: str, region: str, on: date | None) -> Found:
        # A file that says of nobody where he serves cannot be narrowed by it, nor one that says it less exactly.
        if narrows and region and (above := index.region_above(region)):
            raise RegionUnknown(region, above)
        today = local_day(datetime.now(UTC), WIB)
        hits = index.search(query, region=region if narrows else "", most=MOST, on=on, today=today)
        # Nor does a file say since when anybody holds his post.
        notes = (unplaced(region),) if region and not narrows else ()
        if on is not None:
            notes += (not_yet(on) if on > today else undated(on),)
        people = tuple(each._replace(because=(*each.because, *notes)) for each in hits.people)
        return replace(hits, people=people, ask=_with_names(hits.ask))

    serve(find)
    return 0
