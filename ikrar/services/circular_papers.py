"""Papers of a circular: itself on the letterhead of its agency, and the list of who acknowledged it, to print or to count."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet

from ikrar.domain.days import in_words
from ikrar.domain.errors import ListTooLong
from ikrar.gateways import pdf
from ikrar.gateways.pdf import LetterPaper, ReadersPaper
from ikrar.records.models import Circular, CircularReader, Holding, Installation, User, WorkUnit
from ikrar.services import circulars, clock, letters

State = Circular.State
# So many fit on a printed list: some fifty pages, made while somebody waits.
MOST_ON_PAPER = 2_000
_KINDS = {
    Circular.Kind.CIRCULAR: "Surat Edaran",
    Circular.Kind.INSTRUCTION: "Instruksi",
    Circular.Kind.APPEAL: "Surat Imbauan",
}


def address_of(circular: Circular) -> str:
    """Return where those who are addressed read it; nobody else is shown anything there."""
    return f"{settings.BASE_URL}/edaran/{circular.pk}/"


def as_letter(circular: Circular, *, now: datetime) -> bytes:
    """Return a circular as a PDF on its letterhead: as it was published, with what became of it since; or as a draft."""
    agency, text = circular.agency, circulars.text_of(circular)
    issuer = circular.issued_by
    place = agency.region.name if agency.region_id else ""
    attached = ""
    if circular.file:
        attached = f"Lampiran: {circular.file.name} (sidik SHA-256 {circular.file.digest})"
    return pdf.letter(
        LetterPaper(
            letterhead=letters.lines_of(circular.letterhead) or letters.head_of(agency),
            kind=_KINDS[Circular.Kind(circular.kind)],
            number=circular.number,
            subject=text.title,
            opening=tuple(text.opening.split("\n\n")),
            points=text.points,
            closing=tuple(text.closing.split("\n\n")),
            place=place.removeprefix("Kota ").removeprefix("Kabupaten "),
            issued_on=circular.issued_on if circular.state != State.DRAFT else None,
            office=issuer.title if issuer else agency.name,
            signer=_holder(circular),
            attached=attached,
            digest=circular.digest,
            address=address_of(circular),
            stamp=_stamp(circular),
            made_at=clock.instant(agency.zone, at=now),
            zone=agency.zone,
            demo=_is_demo(),
        )
    )


def _holder(circular: Circular) -> str:
    """Return who held the office that issued it when it was published; empty where the records name nobody."""
    if circular.issued_by is None or circular.published_at is None:
        return ""
    held = Holding.objects.filter(office=circular.issued_by).at(circular.published_at)
    holding = held.select_related("person").first()
    return holding.name if holding else ""


def _stamp(circular: Circular) -> str:
    if circular.state == State.DRAFT:
        return "RANCANGAN: belum terbit"
    if circular.state == State.WITHDRAWN:
        return f"DITARIK: {circular.withdrawn_because}"
    if circular.state == State.SUPERSEDED:
        newer = Circular.objects.get(supersedes=circular)
        return f"DIGANTIKAN oleh nomor {newer.number} tanggal {in_words(newer.issued_on)}"
    return ""


def _is_demo() -> bool:
    return Installation.objects.filter(is_demo=True).exists()


def as_list(circular: Circular, unit: WorkUnit, *, today: date, by: User, now: datetime) -> bytes:
    """Return all whom it reached in a unit, with what each did, as a PDF. The taking is logged. Raises ListTooLong."""
    counted = circulars.reach(circular, unit, today)
    if counted.delivered > MOST_ON_PAPER:
        raise ListTooLong(counted.delivered, MOST_ON_PAPER)
    rows = tuple(
        (
            reader.person.full_name,
            reader.unit.name,
            _minute(reader.opened_at, unit) or "belum",
            _minute(reader.acknowledged_at, unit) or "belum",
        )
        for reader in circulars.everybody(circular, unit)
    )
    content = pdf.readers(
        ReadersPaper(
            letterhead=letters.head_of(unit.agency),
            letter=f"{_KINDS[Circular.Kind(circular.kind)]} {circular.number}",
            subject=circular.title,
            unit=unit.name,
            figures=(
                (counted.delivered, "disampaikan"),
                (counted.opened, "dibuka"),
                (counted.acknowledged, "dikonfirmasi"),
                (counted.missing, "belum"),
                (counted.away, "sedang cuti"),
                (counted.left, "pindah atau berhenti"),
            ),
            rows=rows,
            day=today,
            made_at=clock.instant(unit.agency.zone, at=now),
            zone=unit.agency.zone,
            demo=_is_demo(),
        )
    )
    circulars.note_export(circular, unit, people=len(rows), by=by, now=now)
    return content


_COLUMNS = (
    "Nama", "Nomor (disamarkan)", "Unit", "Disampaikan", "Dibuka", "Dikonfirmasi", "Berapa kali menjawab",
    "Terakhir diingatkan", "Atasan diberi tahu", "Atasan",
)  # fmt: skip


def as_table(circular: Circular, unit: WorkUnit, *, by: User, now: datetime) -> Iterator[str]:
    """Yield the same as the lines of a CSV file, however many. The taking is logged before the first."""
    readers = circulars.everybody(circular, unit)
    circulars.note_export(circular, unit, people=readers.count(), by=by, now=now)
    return _lines(readers, unit)


def _lines(readers: QuerySet[CircularReader], unit: WorkUnit) -> Iterator[str]:
    yield "\ufeff" + _line(_COLUMNS)
    for reader in readers.select_related("escalated_to").iterator(chunk_size=2000):
        yield _line(
            (
                reader.person.full_name,
                reader.person.masked_identifier,
                reader.unit.name,
                _minute(reader.delivered_at, unit),
                _minute(reader.opened_at, unit),
                _minute(reader.acknowledged_at, unit),
                str(reader.tries),
                _minute(reader.reminded_at, unit),
                reader.escalated_on.isoformat() if reader.escalated_on else "",
                reader.escalated_to.full_name if reader.escalated_to else "",
            )
        )


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO(newline="")
    # A cell that begins like a formula is no formula here, and must not be one where the file is opened.
    csv.writer(text).writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell for cell in cells])
    return text.getvalue()


def _minute(instant: datetime | None, unit: WorkUnit) -> str:
    """Write an instant as the place reads it: 2024-10-25 08.15; empty where there is none."""
    return f"{instant.astimezone(unit.agency.zone):%Y-%m-%d %H.%M}" if instant else ""
