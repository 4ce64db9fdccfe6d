"""Sheets that are signed in ink: the code on them, how it is found in a picture, and which day may stand on one."""

from collections.abc import Iterable
from datetime import date

from ikrar.domain import codes
from ikrar.domain.errors import SheetDayWrong

SHEET_SIGNS = 16  # 80 bits: it stands on paper for ever
# Before the code in its QR: other codes that lie on the same table are no sheets. All signs are of QR's short alphabet.
_MARK = "IKR:"


def qr_text(code: str) -> str:
    """Return what the QR code of a sheet holds.

    >>> qr_text("K7QF3MNPXWT0K7QF")
    'IKR:K7QF3MNPXWT0K7QF'
    """
    return f"{_MARK}{code}"


def codes_in(texts: Iterable[str]) -> list[str]:
    """Return the codes of sheets among what was read from a picture, each once, in order.

    >>> codes_in(["https://example.test", "IKR:K7QF3MNPXWT0K7QF", "IKR:K7QF3MNPXWT0K7QF", "IKR:KURANG"])
    ['K7QF3MNPXWT0K7QF']
    """
    found = (codes.tidy(text.removeprefix(_MARK)) for text in texts if text.startswith(_MARK))
    return list(dict.fromkeys(code for code in found if len(code) == SHEET_SIGNS))


def check_day(signed_on: date, *, printed_on: date, today: date) -> None:
    """Refuse a day on which nobody can have signed a sheet: before it was printed, or still to come.

    Raises SheetDayWrong.
    """
    if not printed_on <= signed_on <= today:
        raise SheetDayWrong(signed_on, printed_on, today)
