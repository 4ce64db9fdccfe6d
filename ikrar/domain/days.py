"""Days as people of a place live them. A date is local to the place of the act (WIB, WITA or WIT), never a UTC date."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")
ZONES = {"WIB": WIB, "WITA": WITA, "WIT": WIT}

# Provinces by Kemendagri code that do not keep WIB. Source: Keppres 41/1987 and the laws that divided provinces since.
_WITA_PROVINCES = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT_PROVINCES = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})

MONTHS_ID = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_MONTH_WORDS = {name.lower(): number for number, name in enumerate(MONTHS_ID, 1)} | {
    "jan": 1, "feb": 2, "peb": 2, "pebruari": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "agu": 8, "agt": 8,
    "ags": 8, "sep": 9, "okt": 10, "nop": 11, "nov": 11, "nopember": 11, "des": 12,
    "january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "august": 8, "aug": 8, "october": 10,
    "oct": 10, "december": 12, "dec": 12,
}  # fmt: skip


def zone_of(region_code: str) -> timezone:
    """Return the zone of a region by the first two digits of its Kemendagri code; the central government keeps WIB.

    >>> zone_of("13.75").tzname(None), zone_of("71").tzname(None), zone_of("91.01").tzname(None)
    ('WIB', 'WITA', 'WIT')
    """
    province = region_code[:2]
    if province in _WITA_PROVINCES:
        return WITA
    if province in _WIT_PROVINCES:
        return WIT
    return WIB


def local_day(instant: datetime, zone: timezone) -> date:
    """Return the local date on which an instant (with a zone) falls.

    >>> local_day(datetime(2024, 10, 24, 18, 30, tzinfo=UTC), WIB)
    datetime.date(2024, 10, 25)
    """
    return instant.astimezone(zone).date()


_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$")
_IN_WORDS = re.compile(r"^(\d{1,2})[-/. ]+([A-Za-z]+)[-/. ,]+(\d{4})$")


def parse_day(text: str) -> date:
    """Read a date as personnel systems write it: 1985-03-15, 15-03-1985 (or / . between), 15 Maret 1985, 19850315.

    Day before month always, as Indonesian offices write. Raises ValueError for anything else.

    >>> parse_day("15/03/1985") == parse_day("1985-03-15 00:00:00") == parse_day("15 Maret 1985") == date(1985, 3, 15)
    True
    """
    text = text.strip()
    if match := _ISO.match(text) or _COMPACT.match(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.match(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if (match := _IN_WORDS.match(text)) and (month := _MONTH_WORDS.get(match[2].lower())):
        return date(int(match[3]), month, int(match[1]))
    raise ValueError(f"not a date: {text[:40]!r}")


def in_words(day: date) -> str:
    """Write a date as an Indonesian letter does.

    >>> in_words(date(2024, 11, 27))
    '27 November 2024'
    """
    return f"{day.day} {MONTHS_ID[day.month - 1]} {day.year}"


def utc_text(instant: datetime) -> str:
    """Write an instant as the log does: UTC, to the second, with a Z.

    >>> utc_text(datetime(2024, 10, 25, 17, 5, 9, 123, tzinfo=WIB))
    '2024-10-25T10:05:09Z'
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
