"""What files tell of whoever made them, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from ikrar.services.reports import FileSink
from ikrar.web.messages import WORDS

LABELS = WORDS["file_reveals"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One file: its name, what it tells, and whether it can be had without."""

    name: str
    lines: list[str]
    cleans: bool


def of(sinks: Iterable[FileSink]) -> list[Telling]:
    """Return what files tell, for a page."""
    return [
        Telling(
            sink.name,
            [f"{LABELS[each.kind]}: {each.value}" if each.value else str(LABELS[each.kind]) for each in sink.told],
            sink.cleans,
        )
        for sink in sinks
    ]
