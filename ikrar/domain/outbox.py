"""Messages that leave the installation: what they may say, when one that failed is tried again, and which addresses exist."""

import re
from datetime import timedelta

# How long is waited after each failed try; after the last one the message is given up.
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
SUBJECT = "Ada pesan untuk Anda di Ikrar"


def words(address: str) -> str:
    """Return what leaves the house: that something waits, and where. Never what, from whom, or to whom.

    >>> print(words("https://ikrar.example.go.id/pesan/"))
    Ada pesan untuk Anda di Ikrar.
    <BLANKLINE>
    Baca di: https://ikrar.example.go.id/pesan/
    <BLANKLINE>
    Surat ini dikirim oleh sistem, paling banyak satu kali sehari. Kata sandi dan kode tidak pernah diminta lewat pesan.
    Bila tidak ingin menerimanya lagi, matikan di halaman akun Anda.
    """
    return (
        f"{SUBJECT}.\n\nBaca di: {address}\n\n"
        "Surat ini dikirim oleh sistem, paling banyak satu kali sehari. Kata sandi dan kode tidak pernah diminta lewat"
        " pesan.\nBila tidak ingin menerimanya lagi, matikan di halaman akun Anda."
    )


def short_words(address: str) -> str:
    """Return the same in one line, for messengers."""
    return f"{SUBJECT}. Baca di: {address}"


def pause_after(tries: int) -> timedelta | None:
    """Return how long to wait after so many failed tries (1 or more); None: it is given up.

    >>> pause_after(1), pause_after(6) is None
    (datetime.timedelta(seconds=300), True)
    """
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None


def is_permanent(code: int) -> bool:
    """Say whether an answer of a mail server (RFC 5321, 4.2.1) will be the same tomorrow: 5xx.

    >>> is_permanent(550), is_permanent(451)
    (True, False)
    """
    return 500 <= code <= 599


_MAIL = re.compile(r"[^@\s,;<>\"\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?\.[A-Za-z0-9-]{2,}")


def mail_address(text: str) -> str:
    """Return an e-mail address as it is written to; empty where it is none, so that nothing can be slipped in.

    >>> mail_address(" sari@contoh.test "), mail_address("a@b.test, c@d.test"), mail_address("sari")
    ('sari@contoh.test', '', '')
    """
    text = text.strip()
    return text if _MAIL.fullmatch(text) and ".." not in text else ""


def messenger_number(phone: str) -> str:
    """Return a mobile number with the country's code and without signs, as messengers take it; empty where it is none.

    >>> messenger_number("0812-3456 7890"), messenger_number("+62 812 3456 7890"), messenger_number("(0752) 12345")
    ('6281234567890', '6281234567890', '')
    """
    digits = re.sub(r"\D", "", phone)
    if digits.startswith("0"):
        digits = f"62{digits[1:]}"
    elif digits.startswith("8"):
        digits = f"62{digits}"
    return digits if re.fullmatch(r"628\d{7,11}", digits) else ""
