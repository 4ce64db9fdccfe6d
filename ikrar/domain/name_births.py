"""When somebody was born, as a text says it beside his name: a date in words or figures, with the place before it."""

import re
from datetime import date
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1930, 2012
"""Whoever serves was born in one of these years; a date of another one is of something else."""

MONTHS = {
    written: number
    for number, month in enumerate(
        (
            "januari january jan", "februari pebruari february feb peb", "maret march mar mrt", "april apr", "mei may",
            "juni june jun", "juli july jul", "agustus august agust agu agt ags aug", "september sept sep",
            "oktober october okt oct", "november nopember nov nop", "desember december des dec",
        ),
        1,
    )
    for written in month.split()
}  # fmt: skip
_DATE = re.compile(
    rf"""(?<![0-9])(?=[0-9])(?:
        (?:[0-9]{{1,2}}\s*(?:[-–/]|dan|sampai|s\.?/?d\.?)\s*(?=[0-9]{{1,2}}[\s.]*[a-z]))?
            (?P<day>[0-9]{{1,2}})[\s.\-/]*(?P<month>{"|".join(sorted(MONTHS, key=len, reverse=True))})(?![a-z])
            (?:[\s.,\-/]*(?P<year>[0-9]{{4}}|[0-9]{{2}})(?![0-9]))?
        | (?P<day_>[0-9]{{1,2}})(?P<sign>\s*[\-/.]\s*|\s+)(?P<month_>[0-9]{{1,2}})(?P=sign)(?P<year_>[0-9]{{4}}|[0-9]{{2}})(?![0-9])
        | (?P<_year>[0-9]{{4}})[\-/.](?P<_month>[0-9]{{1,2}})[\-/.](?P<_day>[0-9]{{1,2}})(?![0-9])
        | (?P<day__>[0-9]{{1,2}})(?P<sign_>[\-/.])(?P<month__>[0-9]{{1,2}})(?![0-9]|[\-/.][0-9])
        | (?P<only>[0-9]{{4}}|[0-9]{{2}})(?![0-9]|-?an\b|\s*(?:tahun|thn|th)\b)
    )""",
    re.VERBOSE,
)
# What says that a birth is told, with the place between it and the date.
_SAID = re.compile(
    r"""\b(?:tempat\W{1,3}(?:dan\W{1,3})?)?(?:(?:tgl|tanggal|tg)\b\W{0,3})?
        (?:lahir|kelahiran|(?P<ttl>ttl|t\.t\.l))\b\W*
        (?:(?P<at>di)\W+)?(?P<place>(?:[a-z.]+\W+){0,4}?)
        (?:(?:pada|tgl|tanggal|hari|bulan|tahun|thn|th)\b\W*)*(?:\b(?P<of_month>__MONTHS__)\W+)?$""".replace(
        "__MONTHS__", "|".join(MONTHS)
    ),
    re.VERBOSE,
)
_MAY_TELL = re.compile(
    r"[0-9]{2}|lahir|ttl|[0-9]\W*(?:[-/.:]|jan|feb|peb|mar|mrt|apr|mei|may|jun|jul|ag|aug|sep|okt|oct|nov|nop|des|dec)|jam|pukul|pkl"
)
WEEKDAYS = frozenset("senin selasa rabu kamis jumat sabtu minggu ahad".split())
_DAY = "|".join(sorted(WEEKDAYS))
# What stands before a date and belongs to it; whoever is addressed before it may be called like a day (Pak Kamis).
_LEAD = re.compile(
    rf"""(?<!\bpak\s)(?<!\bbapak\s)(?<!\bbu\s)
        \b(?:(?:sejak|tmt|mulai|pada|dilantik|per|tanggal|tgl|tg|hari(?=\W+(?:{_DAY}|tanggal|tgl))|{_DAY}|bulan|tahun|thn)\b\W*)+$""",
    re.VERBOSE,
)
_OF_SOMETHING_ELSE = re.compile(r"\b(?:sejak|tmt|mulai|pada|dilantik|per|tanggal|tgl)\b")
_COUNTED = re.compile(
    r"""\b(?:sdn?|smpn?|sman?|smkn?|mtsn?|tkn?|man|min|sltp|slta|smu|stm|slb|paud|sekolah|puskesmas|pkm|upt|uptd|pos|posyandu|tps|dapil
        |kua|kelas|asisten|golongan|gol|zona|km|rt|rw|no|nomor|urut|blok|umur|usia|berumur|berusia|umurnya|usianya)
        (?:\W+(?:negeri|negri|neg|n))?\W*$""",
    re.VERBOSE,
)
_TIME = re.compile(
    r"""\b(?:pukul|jam|pkl)\W{0,2}[0-9]{1,2}(?:[.:][0-9]{2})?(?:\s*(?:-|–|s\.?/?d\.?|sampai)\s*[0-9]{1,2}(?:[.:][0-9]{2})?)?
            (?![0-9])(?:\s*(?:wib|wita|wit)\b)?(?:\s*(?:pagi|siang|sore|malam)\b)?
        |(?<![0-9.:])[0-9]{1,2}(?::[0-9]{2}(?:\s*(?:wib|wita|wit)\b)?|\.[0-9]{2}\s*(?:wib|wita|wit)\b)(?![0-9:])""",
    re.VERBOSE,
)
_MONTH_BEFORE = re.compile(rf"\b(?:{'|'.join(MONTHS)})\W{{1,3}}$")
_LAST_TOLD = 2099
"""Of a later year nothing is told; four digits of a higher number are none."""


class Birth(NamedTuple):
    """When somebody was born, as told: the first and the last year, and the day as a NIP begins with it.

    Points stand for what was not told of the day; it is empty where only the year was.
    """

    years: tuple[int, int]
    day: str


_AT_ANOTHER_TIME = Birth((0, 0), "")


def read(text: str) -> tuple[str, Birth | None]:
    """Return a text in small letters without the dates in it, and the birth that one of them tells.

    >>> read("suparman lahir di medan, 3 maret 1989")
    ('suparman  ', Birth(years=(1989, 1989), day='19890303'))
    >>> read("guru smp 3, 03-03-89"), read("sri, 27 november 2024")
    (('guru smp 3,  ', Birth(years=(1989, 1989), day='19890303')), ('sri,  ', None))
    >>> read("purnomo, pada sabtu (12/10) pukul 10.00 wib"), read("guru smpn 12")
    (('purnomo,  )  ', None), ('guru smpn 12', None))
    """
    kept: list[str] = []
    birth: Birth | None = None
    at, is_surely = 0, False
    if not _MAY_TELL.search(text):
        return text, None
    text = _TIME.sub(" ", text)
    for found in _DATE.finditer(text):
        before = text[at : found.start()]
        said = _SAID.search(before)
        if not (told := _told(found, said, before)):
            continue
        if not said and found["only"]:
            before = _MONTH_BEFORE.sub("", before)
        lead = said or _LEAD.search(before)
        other = None if said or not lead else _OF_SOMETHING_ELSE.search(lead[0])
        kept.append(before[: lead.start()] if lead else before)
        if said and not _is_birthplace(said, before):
            kept.append(said["place"])
        kept.append(" ")
        at = found.end()
        is_birth = FIRST_YEAR <= told.years[0] <= LAST_YEAR and not other
        if is_birth and (birth is None or (said and not is_surely)):
            birth, is_surely = told, bool(said)
    return "".join((*kept, text[at:])), birth


def _is_birthplace(said: re.Match[str], before: str) -> bool:
    """Say whether the words between are where he was born: "tanggal lahir Budi 3 Maret 1989" names him there."""
    return bool(said["at"] or said["ttl"] or before[: said.start()].strip(" ,.;:-"))


def _told(found: re.Match[str], said: re.Match[str] | None, before: str) -> Birth | None:
    """Return what a date tells, where it is one; where nothing says that a birth is told, a day without its year is of another
    time, as is a year in which nobody was born who serves.
    """
    if only := found["only"]:
        if not said:
            is_later = LAST_YEAR < int(only) <= _LAST_TOLD and len(only) == 4 and not _COUNTED.search(before)
            return _AT_ANOTHER_TIME if is_later else None
        return None if len(only) == 2 and said["place"] else _birth(_year(only), MONTHS.get(said["of_month"], 0), 0)
    ways = (
        ("day", "month", "year"),
        ("day_", "month_", "year_"),
        ("_day", "_month", "_year"),
        ("day__", "month__", "sign_"),
    )
    day, month, year = next(parts for names in ways if (parts := found.group(*names))[0])
    if found["sign_"]:
        year = ""
    if not said:
        is_spaced = bool(found["sign"]) and not found["sign"].strip()
        is_counted = bool(_COUNTED.search(before)) and not (year and len(year) == 4 and not is_spaced)
        if is_spaced or is_counted:
            return None
        if not year:
            return _day_alone(day, month, found["sign_"] or "", before)
    told = _birth(_year(year) if year else 0, _month(month), int(day))
    return told if said or told.day or (year and len(year) == 4) else None


def _day_alone(day: str, month: str, sign: str, before: str) -> Birth | None:
    """Return that a day without a year is of another time; None where it is no day, or may be another number (12-10)."""
    if sign and sign != "/" and not _LEAD.search(before):
        return None
    return _AT_ANOTHER_TIME if _birth(0, _month(month), int(day)).day else None


def _month(written: str) -> int:
    return MONTHS[written] if written in MONTHS else int(written)


_ONES = {word: n for n, word in enumerate("satu dua tiga empat lima enam tujuh delapan sembilan".split(), 1)}
_ONE = "|".join(_ONES)
_IN_WORDS = re.compile(
    rf"\b(?P<tens>{_ONE})\s+(?P<of>puluh|belas)(?P<about>-?an\b)?(?:\s+(?P<ones>{_ONE})\b)?(?![a-z])"
)
_AGE_SAID = re.compile(
    r"\b(?:umur|usia|berumur|berusia|umurnya|usianya)\W+(?:(?:kira|sekitar|kurang|lebih|hampir)\W+)*$"
)
_YEARS = re.compile(r"\s*(?:tahun|thn|th)\b")


def with_ages_in_figures(text: str) -> str:
    """Return a text in small letters with the ages in it as figures that were written in words.

    >>> with_ages_in_figures("umur lima puluh dua tahun"), with_ages_in_figures("empat puluhan"), with_ages_in_figures("dua puluh")
    ('umur 52 tahun', '40-an', 'dua puluh')
    """
    if "puluh" not in text and "belas" not in text:
        return text

    def in_figures(found: re.Match[str]) -> str:
        is_age = found["about"] or _YEARS.match(text, found.end()) or _AGE_SAID.search(text[: found.start()])
        if not is_age:
            return found[0]
        ten = _ONES[found["tens"]]
        number = 10 + ten if found["of"] == "belas" else 10 * ten + _ONES.get(found["ones"] or "", 0)
        return f"{number}{'-an' if found['about'] else ''}"

    return _IN_WORDS.sub(in_figures, text)


def _year(written: str) -> int:
    number = int(written)
    if len(written) == 4:
        return number
    return 1900 + number if number > LAST_YEAR % 100 else 2000 + number


def _birth(year: int, month: int, day: int) -> Birth:
    """Return a birth; of a day that there is not, the year alone."""
    try:
        date(year or 2000, month or 1, day or 1)
    except ValueError:
        month = day = 0
    written = f"{year:04}" if year else "....", f"{month:02}" if month else "..", f"{day:02}" if day else ".."
    return Birth((year, year) if year else (FIRST_YEAR, LAST_YEAR), "".join(written) if month else "")


def day_of(number: str) -> str:
    """Return the day of birth that a NIP begins with, empty where it is none.

    >>> day_of("198903032010011001"), day_of("3201")
    ('19890303', '')
    """
    if len(number) != 18 or not number.isdecimal() or not FIRST_YEAR <= int(number[:4]) <= LAST_YEAR:
        return ""
    return number[:8] if _birth(*map(int, (number[:4], number[4:6], number[6:8]))).day == number[:8] else ""


def is_of(day: str, told: str) -> bool:
    """Say whether a day is the one that was told, as far as it was.

    >>> is_of("19890303", "1989...."), is_of("19890303", "....0304")
    (True, False)
    """
    return all(digit in (".", its) for digit, its in zip(told, day, strict=True))
