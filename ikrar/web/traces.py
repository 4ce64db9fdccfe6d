"""What files tell of whoever made them, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as lazy

from ikrar.services.reports import FileSink

LABELS = {
    "place": lazy("tempat"), "device": lazy("alat"), "time": lazy("waktu"), "author": lazy("nama pembuat"),
    "title": lazy("judul"), "software": lazy("program"), "comment": lazy("keterangan"), "xmp": lazy("metadata XMP"),
    "iptc": lazy("metadata IPTC"), "container": lazy("data wadah"), "format": lazy("format"),
    "acts": lazy("perintah yang berjalan bila dibuka; petugas diperingatkan sebelum menyimpannya"),
}  # fmt: skip


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
