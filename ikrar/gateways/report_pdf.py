"""The official form of a report as PDF, made in memory for its reporter. Paper is written in Indonesian."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ikrar.domain.days import in_words
from ikrar.gateways.pdf import _heading, _plain, _set, _tidy, _tidy_all, forget


@dataclass(frozen=True)
class FormPart:
    """One part of the form: its heading, its fields (name, value), and running text."""

    heading: str
    rows: Sequence[tuple[str, str]] = ()
    text: str = ""


@dataclass(frozen=True)
class ReportForm:
    """What the form says. `notes` stand small before the signature; `made_on` is a day: a reporter's act has no hour."""

    body: str
    parts: Sequence[FormPart]
    notes: Sequence[str]
    signer: str
    made_on: date
    demo: bool = False


def report_form(form: ReportForm) -> bytes:
    """Return the form as a PDF."""
    data = {
        "title": "Formulir laporan",
        "author": _plain(form.body),
        "heading": "Laporan Dugaan Pelanggaran",
        "body": _heading(f"kepada {form.body}"),
        "parts": [
            {
                "heading": _heading(part.heading),
                "rows": [[_tidy(name), _tidy(value) or "–"] for name, value in part.rows],
                "text": _tidy_all(part.text.splitlines()),
            }
            for part in form.parts
        ],
        "notes": _tidy_all(form.notes),
        "signed": "Pelapor,",
        "signer": _heading(form.signer),
        "made": f"Dibuat {in_words(form.made_on)}",
        "demo": form.demo,
    }
    day = form.made_on
    try:
        return _set("report.typ", data, datetime(day.year, day.month, day.day, tzinfo=UTC))
    finally:
        forget()  # what it remembers of one paper for the next would be the reporter's


@dataclass(frozen=True, repr=False)
class EntryReceipt:
    """What whoever brought a report takes home. `words`: of his code (empty ones are room to write); none where he gets none.

    `address`: where the code opens his mailbox; empty where this installation opens none.
    """

    body: str
    on: date
    words: Sequence[str]
    address: str
    receipt: str
    demo: bool = False


def entry_receipt(paper: EntryReceipt) -> bytes:
    """Return that paper as a PDF."""
    data = {
        "title": "Tanda terima laporan",
        "author": _plain(paper.body),
        "heading": "Tanda Terima Laporan",
        "body": _heading(paper.body),
        "said": f"Laporan diterima pada {in_words(paper.on)}, dicatat oleh petugas, dan disegel: hanya pemegang kunci badan ini"
        " dapat membukanya.",
        "code": {
            "heading": "Kode Anda",
            "words": list(paper.words),
            "said": "Dengan sembilan kata ini, menurut urutannya, kotak laporan terbuka: keadaan laporan, pertanyaan petugas,"
            " tambahan berkas. Simpan di tempat yang tidak dibuka orang lain. Kode ini tidak disimpan dan tidak dapat dibuat lagi;"
            " petugas yang mencatat laporan ini sudah melihatnya.",
            "address": paper.address,
        }
        if paper.words
        else None,
        "receipt": {
            "heading": "Bukti penerimaan",
            "said": "Janji bertanda tangan bahwa laporan ini tercatat. Ia tidak memuat isi, badan, atau nama; siapa pun dapat"
            " memeriksanya.",
            "lines": paper.receipt.splitlines(),
        },
        "made": f"Dibuat {in_words(paper.on)}",
        "demo": paper.demo,
    }
    day = paper.on
    try:
        return _set("entry.typ", data, datetime(day.year, day.month, day.day, tzinfo=UTC))
    finally:
        forget()
