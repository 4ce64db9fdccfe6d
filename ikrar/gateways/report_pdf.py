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
