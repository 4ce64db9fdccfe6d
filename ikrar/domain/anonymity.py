"""What in a text tells who somebody is: numbers and mailboxes for certain, names as far as their form shows.

No list of names is kept here: whoever holds one looks for the `runs` of a text in it.
"""

import re
from collections.abc import Iterator

# --- numbers -----------------------------------------------------------------------------------------------------

_MAILBOX = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LONG_NUMBER = re.compile(r"\+?\d(?:[ .\-()]{0,2}\d){8,}")
# Days, hours and sums have long runs of digits too, and say nothing of anybody.
_NO_NUMBER_OF_A_PERSON = re.compile(
    r"\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b|\b\d{1,2}[-./]\d{1,2}[-./]\d{2,4}\b|\b\d{1,2}[.:]\d{2}(?:[.:]\d{2})?\b(?!\.\d)"
    r"|(?<![\d.])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\d.])"
)


def number_in(text: str) -> str:
    """Return the first number or mailbox of a person in a text, or nothing.

    >>> number_in("NIP 19850315 201001 2 001"), number_in("rapat 27-11-2024 08.00, Rp 1.500.000.000")
    ('19850315 201001 2 001', '')
    """
    if found := _MAILBOX.search(text):
        return found[0]
    plain = _NO_NUMBER_OF_A_PERSON.sub(lambda match: " " + "·" * (len(match[0]) - 2) + " ", text)
    found = _LONG_NUMBER.search(plain)
    return found[0].strip() if found else ""


# --- names -------------------------------------------------------------------------------------------------------

_CAPITAL = r"[A-Z][a-z'’.]+(?:-[A-Z][a-z]+)?"
_NAME = rf"{_CAPITAL}(?:\s+(?:{_CAPITAL}|bin|binti)){{0,4}}"
_DEGREE = (
    r"(?:S\.?\s?(?:Pd|E|H|Kom|Sos|Ag|Si|T|IP|P|Kep|STP|Tr|Psi|Hum|Farm|Ked|KM|Gz)|M\.?\s?(?:Pd|Si|M|H|AP|Kes|T|Kom|Ag|Hum|E|Sc|PH)"
    r"|A\.?\s?Md|SKM|SST|Ners|Ph\.?D)"
)
_WITH_DEGREE = re.compile(rf"\b({_NAME})\s*,\s*{_DEGREE}\b\.?")
_WITH_FRONT = re.compile(rf"\b(?:Drs?|Dra|Ir|dr|drg|Hj?|Prof|KH|Ust)\.\s*({_NAME})")
_CALLED = re.compile(rf"\b(?:Pak|Bu|Bapak|Ibu|Bpk|Sdri?|Saudara|Saudari|Kak|Mas|Mbak|Bang|Uda|Uni)\.?\s+({_NAME})")
_INTRODUCED = re.compile(
    r"\b(?:nama\s+(?:lengkap\s+)?(?:saya|sy|aku)|saya\s+bernama|bernama|atas\s+nama|a\.?\s?n\.)\s+(?:adalah\s+|yaitu\s+)?"
    r"([\w'’]+(?:\s+[\w'’]+){0,2})",
    re.IGNORECASE,
)
# After `nama saya` many things follow that are no name, and `Ibu` is followed by an office as often as by a name.
_NO_NAMES = frozenset({
    "yang", "tidak", "tak", "ada", "masuk", "dan", "di", "ke", "juga", "ikut", "sudah", "belum", "pernah",
    "sendiri", "calon", "partai", "tim", "kantor", "dinas", "sekolah", "pemda", "pribadi", "orang", "kami",
    "rakyat", "pada", "dalam", "untuk", "itu", "ini", "saja", "kok", "kepala", "camat", "lurah", "bupati", "wali",
    "gubernur", "kadis", "sekda", "guru", "admin", "petugas", "kepsek", "presiden", "menteri", "kades", "keuchik",
    "ketua", "anggota", "pejabat", "pimpinan", "hakim", "jaksa", "dokter", "bidan", "perawat", "dosen", "rektor",
    "caleg", "paslon", "wakil", "sekretaris", "bendahara", "pj", "plt", "kabid", "kabag", "kasi", "staf", "bos",
    "atasan", "kita", "mereka", "bawaslu", "kpu", "bkn", "pns", "asn", "pppk", "rt", "rw", "bapak", "ibu", "pak",
    "bu", "yth", "tni", "polri", "mendagri", "menpan", "saya",
})  # fmt: skip
_PASSIVE = re.compile(r"(?:di|ter)[a-z]{3,}")


def likely_name(text: str) -> str:
    """Return what looks like the name of somebody in a text, or nothing. It may be none, and a name may be missed.

    >>> likely_name("rekan saya Herlina Seumpama, S.Pd ikut kampanye"), likely_name("nama saya dicatut partai, Bu Camat tahu")
    ('Herlina Seumpama', '')
    """
    for pattern in (_WITH_DEGREE, _WITH_FRONT, _CALLED):
        for match in pattern.finditer(text):
            words = match[1].split()
            while words and words[0].lower().strip(".") in _NO_NAMES:
                words = words[1:] if pattern is _WITH_DEGREE else []
            if words:
                return " ".join(words)
    for match in _INTRODUCED.finditer(text):
        first = match[1].split()[0].lower()
        if first not in _NO_NAMES and not _PASSIVE.fullmatch(first) and not first.isdigit():
            return match[1]
    return ""


_WORD = re.compile(r"[\w'’.-]*\w")


def runs(text: str, most: int) -> Iterator[str]:
    """Yield every run of up to so many neighbouring words of a text, in capitals, for a look into a list of names.

    One word alone is a name only where it is written as one: with a capital.

    >>> sorted(runs("di SDN 01 Tarok", 2))
    ['01 TAROK', 'DI SDN', 'SDN', 'SDN 01', 'TAROK']
    """
    words = [match[0].strip(".-'’") for match in _WORD.finditer(text)]
    for start in range(len(words)):
        for length in range(1, most + 1):
            if start + length > len(words):
                break
            if length > 1 or words[start][:1].isupper():
                yield " ".join(words[start : start + length]).upper()
