"""An employee's row in a roster: which columns it may have, how each is read, and what is wrong with it.

Everything a file says is text until it was read here. A row is accepted whole or refused whole, with every reason.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ikrar.domain.days import parse_day


class Employment(StrEnum):
    """How somebody serves. The first three are civil servants (ASN)."""

    PNS = "pns"
    CPNS = "cpns"
    PPPK = "pppk"
    CONTRACT = "contract"
    TNI = "tni"
    POLRI = "polri"
    ORGANISER = "organiser"
    VILLAGE = "village"


ASN = frozenset({Employment.PNS, Employment.CPNS, Employment.PPPK})


class IdentifierType(StrEnum):
    """What kind of number a person has. NONE: no number, known by unit, name and birth date (see are_one for who moved)."""

    NIP = "nip"
    NI_PPPK = "ni_pppk"
    NIK = "nik"
    NRP = "nrp"
    NONE = "none"


class PostKind(StrEnum):
    STRUCTURAL = "structural"
    FUNCTIONAL = "functional"
    EXECUTOR = "executor"


class Level(StrEnum):
    """The levels that the authority to sanction is divided by. Source: pp-94-2021 Pasal 16, matrix of 17 rows."""

    JPT_UTAMA = "jpt_utama"
    JPT_MADYA = "jpt_madya"
    JPT_PRATAMA = "jpt_pratama"
    ADMINISTRATOR = "administrator"
    PENGAWAS = "pengawas"
    JF_AHLI_UTAMA = "jf_ahli_utama"
    JF_AHLI_MADYA = "jf_ahli_madya"
    JF_AHLI_MUDA = "jf_ahli_muda"
    JF_AHLI_PERTAMA = "jf_ahli_pertama"
    JF_SKILLED = "jf_skilled"
    PELAKSANA = "pelaksana"


class Status(StrEnum):
    ACTIVE = "active"
    LEAVE = "leave"
    CLTN = "cltn"
    RETIRED = "retired"
    DIED = "died"
    DISMISSED = "dismissed"
    RESIGNED = "resigned"


# Away for a time, so that nothing is asked of them now; and gone from the service, so that nothing is owed.
AWAY = frozenset({Status.LEAVE, Status.CLTN})
GONE = frozenset({Status.RETIRED, Status.DIED, Status.DISMISSED, Status.RESIGNED})

# Fields a column can be mapped to; those without which no row can be read; what each is called in real exports.
FIELDS = (
    "identifier", "name", "employment", "unit", "unit_code", "parent_unit", "post", "post_kind", "level", "grade",
    "is_head", "superior", "birth_on", "sex", "start_on", "status", "email", "phone", "front_title", "back_title",
    "identifier_type",
)  # fmt: skip
REQUIRED = ("name", "employment")
REQUIRED_ONE_OF = ("unit", "unit_code")
LONGEST = {
    "name": 150, "post": 200, "unit": 200, "unit_code": 60, "email": 254, "phone": 25, "front_title": 60, "back_title": 120,
}  # fmt: skip

HEADINGS: dict[str, tuple[str, ...]] = {
    "identifier": ("nip", "nip baru", "nip/ni pppk", "nip / ni pppk", "nomor induk", "nomor induk pegawai", "nip/nik",
                   "ni pppk", "identifier", "no induk", "nrp", "nik", "nip18"),
    "name": ("nama", "nama lengkap", "nama pegawai", "nama asn", "name"),
    "employment": ("status kepegawaian", "kedudukan pegawai", "jenis pegawai", "jenis kepegawaian", "employment",
                   "status asn", "kepegawaian"),
    "unit": ("unit kerja", "unit", "unor", "unor nama", "nama unor", "opd", "skpd", "satuan kerja", "perangkat daerah",
             "nama unit kerja"),
    "unit_code": ("kode unit", "kode unor", "kode unit kerja", "unor id", "unit_code"),
    "parent_unit": ("unit induk", "unor induk", "unor induk nama", "induk unit", "parent_unit"),
    "post": ("jabatan", "nama jabatan", "jabatan nama", "post", "jabatan terakhir"),
    "post_kind": ("jenis jabatan", "jenis jabatan nama", "post_kind"),
    "level": ("jenjang", "eselon", "level", "jenjang jabatan", "eselon/jenjang"),
    "grade": ("golongan", "gol", "gol ruang", "pangkat/golongan", "gol. ruang", "golongan ruang", "gol akhir nama",
              "grade"),
    "is_head": ("kepala unit", "pimpinan unit", "is_head", "pimpinan"),
    "superior": ("nip atasan", "atasan langsung", "nip atasan langsung", "superior"),
    "birth_on": ("tanggal lahir", "tgl lahir", "tgl. lahir", "birth_on", "tanggal lahir (dd-mm-yyyy)"),
    "sex": ("jenis kelamin", "jk", "l/p", "kelamin", "sex"),
    "start_on": ("tmt cpns", "tmt", "tmt pns", "tanggal mulai", "tmt kerja", "start_on"),
    "status": ("status", "status aktif", "kedudukan hukum", "kedudukan hukum nama", "keaktifan"),
    "email": ("email", "e-mail", "surel", "alamat email"),
    "phone": ("hp", "no hp", "nomor hp", "telepon", "no telepon", "no. hp", "phone", "nomor telepon"),
    "front_title": ("gelar depan", "front_title"),
    "back_title": ("gelar belakang", "back_title"),
    "identifier_type": ("jenis nomor", "identifier_type"),
}  # fmt: skip
_FIELD_OF_HEADING = {heading: field for field, headings in HEADINGS.items() for heading in headings}


def heading_key(heading: str) -> str:
    """Return a heading as headings are compared: small letters, single spaces, no marks at the ends."""
    return " ".join(heading.lower().replace("_", " ").split()).strip(" .:*")


_FIELD_OF_KEY = {heading_key(heading): field for heading, field in _FIELD_OF_HEADING.items()}


def guess_field(heading: str) -> str | None:
    """Return the field that a column of this heading holds, if headings like it are known.

    >>> guess_field("TGL. LAHIR"), guess_field("Catatan")
    ('birth_on', None)
    """
    return _FIELD_OF_KEY.get(heading_key(heading))


# --- words that files use ----------------------------------------------------------------------------------------

EMPLOYMENT_WORDS = {
    "pns": "pns", "pegawai negeri sipil": "pns", "cpns": "cpns", "calon pns": "cpns", "pppk": "pppk", "p3k": "pppk",
    "pns daerah": "pns", "pns pusat": "pns", "pns aktif": "pns",
    "pegawai negeri sipil daerah": "pns", "pegawai negeri sipil pusat": "pns",
    "calon pegawai negeri sipil": "cpns", "pegawai pemerintah dengan perjanjian kerja": "pppk",
    "pppk paruh waktu": "pppk", "pppk penuh waktu": "pppk", "p3k paruh waktu": "pppk", "p3k penuh waktu": "pppk",
    "honorer": "contract", "thl": "contract",
    "tenaga harian lepas": "contract", "kontrak": "contract", "non asn": "contract", "non-asn": "contract",
    "ppnpn": "contract", "pjlp": "contract", "tenaga kontrak": "contract", "contract": "contract", "tni": "tni",
    "polri": "polri", "penyelenggara": "organiser", "organiser": "organiser", "perangkat desa": "village",
    "village": "village",
}  # fmt: skip
STATUS_WORDS = {
    "": "active", "aktif": "active", "active": "active", "cuti": "leave", "leave": "leave", "cuti besar": "leave",
    "cuti melahirkan": "leave", "cuti sakit": "leave", "tugas belajar": "leave", "cltn": "cltn",
    "cuti di luar tanggungan negara": "cltn", "cuti diluar tanggungan negara": "cltn",
    "pensiun": "retired", "retired": "retired", "bup": "retired",
    "meninggal": "died", "meninggal dunia": "died", "wafat": "died", "died": "died", "diberhentikan": "dismissed",
    "dismissed": "dismissed", "mengundurkan diri": "resigned", "resigned": "resigned",
    # Freed of their duties for a time, and still in the service.
    "masa persiapan pensiun": "leave", "mpp": "leave", "pemberhentian sementara": "leave",
    "diberhentikan sementara": "leave",
}  # fmt: skip
SEX_WORDS = {
    "": "", "l": "m", "laki-laki": "m", "laki laki": "m", "pria": "m", "m": "m",
    "p": "f", "perempuan": "f", "wanita": "f", "f": "f",
}  # fmt: skip
KIND_WORDS = {
    "": "", "struktural": "structural", "structural": "structural", "jabatan struktural": "structural",
    "fungsional": "functional", "functional": "functional", "jabatan fungsional": "functional",
    "jabatan fungsional tertentu": "functional", "jft": "functional", "pelaksana": "executor",
    "executor": "executor", "jabatan pelaksana": "executor", "jfu": "executor", "jabatan fungsional umum": "executor",
}  # fmt: skip
# The echelons of old, with the letters they have, as files write them.
_ECHELONS = (
    ("i", "ab", "jpt_madya"), ("ii", "ab", "jpt_pratama"), ("iii", "ab", "administrator"), ("iv", "ab", "pengawas"),
    ("v", "a", "pelaksana"),
)  # fmt: skip
_ECHELON_WORDS = {
    f"{before}{roman}{sign}{letter}": level
    for roman, letters, level in _ECHELONS
    for letter in letters
    for sign in (".", "/", "-", " ", "")
    for before in ("", "eselon ", "esl. ", "es. ")
} | {f"eselon {roman}": level for roman, _letters, level in _ECHELONS}
_NAMED_LEVELS = ("administrator", "pengawas", "pelaksana")
LEVEL_WORDS = {
    "": "", **{level.value: level.value for level in Level}, **{level.value.replace("_", " "): level.value for level in Level},
    **_ECHELON_WORDS,
    **{f"{level} ({word})": level for word, level in _ECHELON_WORDS.items() if level in _NAMED_LEVELS},
    **{f"jabatan {level}": level for level in _NAMED_LEVELS}, "pelaksana/staf": "pelaksana", "staf/pelaksana": "pelaksana",
    "jpt pratama": "jpt_pratama", "ahli utama": "jf_ahli_utama", "ahli madya": "jf_ahli_madya", "ahli muda": "jf_ahli_muda",
    "ahli pertama": "jf_ahli_pertama", "penyelia": "jf_skilled", "mahir": "jf_skilled", "terampil": "jf_skilled",
    "pemula": "jf_skilled", "non eselon": "pelaksana", "staf": "pelaksana", "-": "",
}  # fmt: skip
HEAD_WORDS = {
    "": False, "0": False, "tidak": False, "t": False, "false": False, "no": False, "-": False,
    "1": True, "ya": True, "y": True, "true": True, "yes": True, "x": True,
}  # fmt: skip
# Front titles as they stand before a name, with or without their points; back titles stand after the first comma.
# Written without look-around, so that the columnar twin uses the same pattern.
FRONT_TITLES = (
    r"^((?:(?:Prof|Dr|dr|DR|drg|Drg|Drs|Dra|Ir|Hj|H|Apt|apt|Ns|Tgk|Ust|KH|Kol|Letkol|Mayor|Kompol|AKP|AKBP)\.\s*"
    r"|(?:Prof|Drs|Dra|drg|Ir|Hj)\s+)+)(\S.*)$"
)
_FRONT = re.compile(FRONT_TITLES)
# A name that is nothing but such titles: the rest of it was lost on the way.
TITLES_ALONE = r"^(?:(?:Prof|Dr|dr|DR|drg|Drg|Drs|Dra|Ir|Hj|H|Apt|apt|Ns|Tgk|Ust|KH)(?:\.\s*|\s+|$))+$"
_TITLES_ALONE = re.compile(TITLES_ALONE)
EMAIL = r"^[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+$"
PHONE = r"^\+?[0-9][0-9 .()-]{5,22}$"
GRADE = r"^(?:(?:I|II|III|IV)/[a-e]|I{1,3}|I?V|VI{0,3}|I?X|XI{0,3}|XI?V|XVI{0,2})$"
_DIRT = re.compile(r"[\s'`\u2018\u2019\u00a0.\-/]+")
_FLOAT = re.compile(r"^(\d+)\.0+$")
_SERIAL = re.compile(r"^([1-9]\d{4})(?:\.0+)?$")  # from 1927 on; dates of before are written out
_SCIENCE = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
_EMAIL, _PHONE, _GRADE = re.compile(EMAIL), re.compile(PHONE), re.compile(GRADE)
_LETTER = re.compile(r"[^\W\d_]")
# How a refused cell shows a NUL byte, and that it was cut.
NUL_SHOWN, CUT = "␀", "…"
# What stands for a formula whose result is not in the file.
UNCALCULATED = "=?"
_LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of a row: a stable code, and the text that was there (cut short)."""

    field: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class EmployeeRow:
    """A row as it was understood. Words are those of the enums; `unit` is still what the file calls it."""

    identifier_type: str
    identifier: str
    name: str
    front_title: str
    back_title: str
    employment: str
    unit: str
    unit_code: str
    parent_unit: str
    post: str
    post_kind: str
    level: str
    grade: str
    is_head: bool
    superior: str
    birth_on: date | None
    sex: str
    start_on: date | None
    status: str
    email: str
    phone: str


def clean(text: str) -> str:
    """Return a cell's text composed, without marks that cannot be seen, single-spaced."""
    if text.isascii() and text.isprintable() and "  " not in text and text == text.strip():
        return text
    text = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if c.isprintable() else " " for c in text if unicodedata.category(c) != "Cf").split())


def read_cell(field: str, text: str) -> str | Fault:
    """Return a cell's text as it is kept, or what no cell of that field may hold.

    Among that are the marks by which refused rows were handed back (see `shown_cell` and the gateway that writes them):
    what was changed to be shown must not come in again as if it had stood there.

    >>> read_cell("post", "  Guru   Kelas "), read_cell("post", "'=HYPERLINK(1)").code, read_cell("name", "Sari Cont…").code
    ('Guru Kelas', 'formula', 'cell_cut')
    """
    if "\x00" in text:
        return Fault(field, "nul_byte")
    if len(text) > 1000:
        return Fault(field, "too_long", text[:40])
    text = clean(text)
    if field == "phone" and _PHONE.match(text.removeprefix("'")):
        return text.removeprefix("'")
    bare = text.removeprefix("'")
    if text == UNCALCULATED:
        return Fault(field, "formula_uncalculated")
    if bare[:1] in ("=", "@") or (bare[:1] in ("+", "-") and len(bare) > 1 and field != "phone"):
        return Fault(field, "formula", text[:40])
    if NUL_SHOWN in text:
        return Fault(field, "nul_shown", text[:40])
    if text.endswith(CUT):
        return Fault(field, "cell_cut", text[-40:])
    return text if len(text) <= LONGEST.get(field, 200) else Fault(field, "too_long", text[:40])


def shown_cell(text: str) -> str:
    """Return a refused cell as it is kept and handed back: a NUL byte as a sign that can be seen, cut where it is long."""
    text = text[: _LONGEST_SHOWN + 1].replace("\x00", NUL_SHOWN)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + CUT


def split_titles(name: str) -> tuple[str, str, str]:
    """Part a name as people write it into front titles, bare name and back titles.

    >>> split_titles("Dr. H. Moh. Ridwan, S.Sos., M.Si")
    ('Dr. H.', 'Moh. Ridwan', 'S.Sos., M.Si')
    """
    bare, _, back = name.partition(",")
    if match := _FRONT.match(bare):
        return " ".join(match[1].split()), match[2].strip(), back.strip(" ,")
    return "", bare.strip(), back.strip(" ,")


def has_lost_digits(text: str) -> bool:
    """Say whether a cell holds a number as a spreadsheet writes it that could not hold all its digits.

    >>> has_lost_digits("1.98503E+17"), has_lost_digits("198503152010012001")
    (True, False)
    """
    return bool(_SCIENCE.match(text))


def tidy_number(text: str) -> str:
    """Return an identifier without spaces, apostrophes, points and dashes, and without the `.0` of a spreadsheet."""
    text = text.strip()
    if match := _FLOAT.match(text):
        return match[1]
    return _DIRT.sub("", text)


@dataclass(frozen=True)
class _NumberCheck:
    fault: str | None = None
    birth_on: date | None = None
    sex: str = ""


def check_number(kind: IdentifierType, number: str, today: date) -> _NumberCheck:
    """Check an identifier by its kind and read what it tells.

    NIP (PNS, CPNS): 18 digits: birth date, month of appointment, sex (1 male, 2 female), serial from 001.
    NI PPPK: 18 digits, birth date first; digits 9 to 14 are no start month. NIK: 16 digits, a woman's day plus 40.
    NRP (TNI, Polri): 5 to 18 digits. Source: law.md section 11; the form of a NIP is common knowledge of personnel systems.

    >>> check_number(IdentifierType.NIP, "198503152010012001", date(2024, 10, 1)).sex
    'f'
    >>> check_number(IdentifierType.NIP, "198513152010012001", date(2024, 10, 1)).fault
    'identifier_birth_date'
    """
    if not number.isascii() or not number.isdigit():
        return _NumberCheck("identifier_not_digits")
    if kind is IdentifierType.NRP:
        return _NumberCheck() if 5 <= len(number) <= 18 else _NumberCheck("identifier_length")
    if kind is IdentifierType.NIK:
        if len(number) != 16:
            return _NumberCheck("identifier_length")
        day = int(number[6:8])
        if not (1 <= day <= 31 or 41 <= day <= 71) or not 1 <= int(number[8:10]) <= 12:
            return _NumberCheck("identifier_birth_date")
        return _NumberCheck(sex="f" if day > 40 else "m")
    if len(number) != 18:
        return _NumberCheck("identifier_length")
    try:
        birth = date(int(number[:4]), int(number[4:6]), int(number[6:8]))
    except ValueError:
        return _NumberCheck("identifier_birth_date")
    if not 1930 <= birth.year <= today.year - 16:
        return _NumberCheck("identifier_birth_date")
    if number[14] not in "12":
        return _NumberCheck("identifier_sex")
    if number[15:] == "000":
        # A serial starts at 001; three zeros are what a spreadsheet leaves of digits it could not hold.
        return _NumberCheck("identifier_lost_digits")
    if kind is IdentifierType.NIP:
        year, month = int(number[8:12]), int(number[12:14])
        if not 1 <= month <= 12 or not birth.year + 16 <= year <= today.year + 1:
            return _NumberCheck("identifier_start_month")
    return _NumberCheck(None, birth, "m" if number[14] == "1" else "f")


def _kind_of_number(employment: str, number: str) -> IdentifierType:
    if not number:
        return IdentifierType.NONE
    if employment in (Employment.TNI, Employment.POLRI):
        return IdentifierType.NRP
    if employment == Employment.PPPK:
        return IdentifierType.NI_PPPK
    if employment in (Employment.PNS, Employment.CPNS):
        return IdentifierType.NIP
    return IdentifierType.NIK


def kinds_of_number(employment: str) -> frozenset[IdentifierType]:
    """Return which kinds of number somebody of an employment may be given by hand: his own, or that to which he rises.

    >>> sorted(kinds_of_number("pns"))
    [<IdentifierType.NIP: 'nip'>]
    """
    if employment in (Employment.PNS, Employment.CPNS):
        return frozenset({IdentifierType.NIP})
    if employment == Employment.PPPK:
        return frozenset({IdentifierType.NI_PPPK, IdentifierType.NIP})
    if employment in (Employment.TNI, Employment.POLRI):
        return frozenset({IdentifierType.NRP})
    return frozenset({IdentifierType.NIK, IdentifierType.NI_PPPK, IdentifierType.NIP})


def fault_of_number(
    kind: IdentifierType, number: str, *, employment: str, birth_on: date | None, sex: str, today: date
) -> Fault | None:
    """Return what is wrong with a number for somebody who is known already, as an import would say it; None: nothing.

    >>> about = {"employment": "pns", "birth_on": date(1985, 3, 15), "sex": "f", "today": date(2024, 10, 1)}
    >>> fault_of_number(IdentifierType.NIP, "198603152010012001", **about).code
    'birth_date_differs_from_identifier'
    """
    check = check_number(kind, number, today)
    if check.fault:
        return Fault("identifier", check.fault)
    if kind not in kinds_of_number(employment):
        return Fault("identifier_type", "identifier_kind_differs")
    if check.birth_on and birth_on and check.birth_on != birth_on:
        return Fault("birth_on", "birth_date_differs_from_identifier")
    return Fault("sex", "sex_differs_from_identifier") if check.sex and sex and check.sex != sex else None


def day_of_cell(text: str) -> date:
    """Read a date as a cell gives it: with the apostrophe that keeps it a text, or as a spreadsheet counts days.

    Raises ValueError.

    >>> day_of_cell("'04/04/1985"), day_of_cell("31270")
    (datetime.date(1985, 4, 4), datetime.date(1985, 8, 11))
    """
    text = text.lstrip("'`\u2018\u2019")
    if match := _SERIAL.match(text):
        return date(1899, 12, 30) + timedelta(days=int(match[1]))
    return parse_day(text)


def read_row(raw: Mapping[str, str], today: date) -> EmployeeRow | list[Fault]:
    """Read one row, or return everything that is wrong with it.

    `raw` holds the cell's text by field name (see FIELDS); a field without a column is absent. `today` is the
    programme's day: nobody is born or appointed after it.

    >>> row = read_row({"name": "Hj. SITI Aminah, S.Pd", "employment": "PNS", "unit": "SMPN 3",
    ...                 "identifier": "19850315 201001 2 001", "birth_on": "15-03-1985"}, date(2024, 10, 1))
    >>> row.name, row.back_title, row.identifier
    ('SITI Aminah', 'S.Pd', '198503152010012001')
    """
    faults: list[Fault] = []
    cells: dict[str, str] = {}
    for field, text in raw.items():
        cell = read_cell(field, text)
        if isinstance(cell, Fault):
            faults.append(cell)
        cells[field] = "" if isinstance(cell, Fault) else cell
    at_fault = {fault.field for fault in faults}

    def word(field: str, known: Mapping[str, str]) -> str:
        text = cells.get(field, "").lower()
        if (found := known.get(text)) is None:
            faults.append(Fault(field, f"{field}_unknown", cells[field][:40]))
            return ""
        return found

    def day(field: str) -> date | None:
        text = cells.get(field, "")
        if not text:
            return None
        try:
            found = day_of_cell(text)
        except ValueError:
            faults.append(Fault(field, "date_unreadable", text[:40]))
            return None
        if not found.year >= 1900 or found > today:
            faults.append(Fault(field, "date_out_of_range", text[:40]))
        return found

    if not cells.get("employment"):
        if "employment" not in at_fault:
            faults.append(Fault("employment", "missing"))
        employment = ""
    else:
        employment = word("employment", EMPLOYMENT_WORDS)

    front, name, back = split_titles(cells.get("name", ""))
    if not name:
        if "name" not in at_fault:
            faults.append(Fault("name", "missing"))
    elif name[0] in "=@+-" or back[:1] in ("=", "@", "+", "-"):
        faults.append(Fault("name", "formula", cells["name"][:40]))
    elif not _LETTER.search(name):
        faults.append(Fault("name", "name_without_letters", name[:40]))
    elif _TITLES_ALONE.match(name):
        faults.append(Fault("name", "name_is_title", name[:40]))
    front, back = cells.get("front_title") or front, cells.get("back_title") or back
    if len(back) > LONGEST["back_title"]:
        faults.append(Fault("back_title", "too_long", back[:40]))

    if not cells.get("unit") and not cells.get("unit_code") and not {"unit", "unit_code"} & at_fault:
        faults.append(Fault("unit", "missing"))

    birth_on, start_on = day("birth_on"), day("start_on")
    sex = word("sex", SEX_WORDS)

    number, is_lost = cells.get("identifier", ""), False
    if has_lost_digits(number):
        faults.append(Fault("identifier", "identifier_lost_digits", number[:40]))
        number, is_lost = "", True
    number = tidy_number(number)
    kind = _kind_of_number(employment, number)
    if given := cells.get("identifier_type", "").lower():
        try:
            kind = IdentifierType(given)
        except ValueError:
            faults.append(Fault("identifier_type", "identifier_type_unknown", given[:40]))
    if number and employment:
        check = check_number(kind, number, today)
        if check.fault:
            faults.append(Fault("identifier", check.fault, number[:40]))
        else:
            if check.birth_on and birth_on and check.birth_on != birth_on:
                faults.append(Fault("birth_on", "birth_date_differs_from_identifier", birth_on.isoformat()))
            if check.sex and sex and check.sex != sex:
                faults.append(Fault("sex", "sex_differs_from_identifier", cells["sex"]))
            birth_on, sex = birth_on or check.birth_on, sex or check.sex
    elif employment in ASN and not is_lost and "identifier" not in at_fault:
        faults.append(Fault("identifier", "missing"))

    post_kind, level = word("post_kind", KIND_WORDS), word("level", LEVEL_WORDS)
    if not post_kind and level:
        post_kind = str(kind_of_level(level))
    status = word("status", STATUS_WORDS)
    grade = read_grade(cells.get("grade", ""))
    if grade and not _GRADE.match(grade):
        faults.append(Fault("grade", "grade_unknown", grade[:40]))
    head = cells.get("is_head", "").lower()
    if head not in HEAD_WORDS:
        faults.append(Fault("is_head", "is_head_unknown", head[:40]))
    superior = tidy_number(cells.get("superior", ""))
    email = cells.get("email", "")
    if email and not _EMAIL.match(email):
        faults.append(Fault("email", "email_malformed", email[:40]))
    phone = cells.get("phone", "")
    if phone and not _PHONE.match(phone):
        faults.append(Fault("phone", "phone_malformed", phone[:40]))

    if faults:
        return faults
    return EmployeeRow(
        identifier_type=kind.value,
        identifier=number,
        name=name,
        front_title=front,
        back_title=back,
        employment=employment,
        unit=cells.get("unit", ""),
        unit_code=cells.get("unit_code", ""),
        parent_unit=cells.get("parent_unit", ""),
        post=cells.get("post", ""),
        post_kind=post_kind,
        level=level,
        grade=grade,
        is_head=HEAD_WORDS[head],
        superior=superior,
        birth_on=birth_on,
        sex=sex,
        start_on=start_on,
        status=status,
        email=email,
        phone=phone,
    )


def read_grade(text: str) -> str:
    """Return a grade as it is kept, whatever letters and spaces it was written with; nothing where none was given.

    >>> read_grade("iii / C"), read_grade("ix"), read_grade("-")
    ('III/c', 'IX', '')
    """
    roman, slash, letter = text.replace(" ", "").partition("/")
    grade = roman.upper() + (f"/{letter.lower()}" if slash else "")
    return "" if grade == "-" else grade


def kind_of_level(level: str) -> str:
    """Return the kind of post that a level belongs to."""
    if level.startswith("jf_"):
        return PostKind.FUNCTIONAL
    return PostKind.EXECUTOR if level == Level.PELAKSANA else PostKind.STRUCTURAL


def ends_many(ending: int, placed: int) -> bool:
    """Say whether a complete file would end so many placements that whoever stores it has to name their number.

    It is more than half of them, and ten at least: a file that was cut, or another office's, does the same.

    >>> ends_many(9, 9), ends_many(10, 20), ends_many(11, 20)
    (False, False, True)
    """
    return ending >= 10 and ending * 2 > placed


def is_short(rows: int, placed: int) -> bool:
    """Say whether a file is much shorter than the roster. One that was cut at the end of a row shows it by nothing else."""
    return placed >= 20 and rows * 2 < placed


def name_key(agency: str, unit: str, name: str, birth_on: date | None) -> str:
    """Return what stands for the number of somebody who has none: agency, unit, name in capitals, birth date.

    >>> name_key("13.75", "DISDIK", "Ali  Usman", date(1990, 1, 2))
    '13.75|DISDIK|ALI USMAN|1990-01-02'
    """
    return f"{agency}|{unit}|{' '.join(name.upper().split())}|{birth_on.isoformat() if birth_on else ''}"


@dataclass(frozen=True)
class Likeness:
    """What tells people of one name apart where they have no number. What is not known is None or empty."""

    name: str
    birth_on: date | None = None
    sex: str = ""
    email: str = ""
    phone: str = ""


def may_be_one(one: Likeness, other: Likeness) -> bool:
    """Say whether two of one name may be one person: nothing that is known of both differs.

    >>> may_be_one(Likeness("Ali", date(1990, 1, 2)), Likeness("Ali"))
    True
    >>> may_be_one(Likeness("Ali", sex="m"), Likeness("Ali", sex="f"))
    False
    """
    born_apart = one.birth_on is not None and other.birth_on is not None and one.birth_on != other.birth_on
    return not born_apart and not (one.sex and other.sex and one.sex != other.sex)


def are_one(one: Likeness, other: Likeness) -> bool:
    """Say whether more than their name tells that two are one person: birth date, e-mail or telephone, and nothing against it.

    An e-mail or a telephone may have changed; a day of appointment is no sign, since many share one.

    >>> are_one(Likeness("Ali", date(1990, 1, 2)), Likeness("Ali", date(1990, 1, 2))), are_one(Likeness("Ali"), Likeness("Ali"))
    (True, False)
    """
    if not may_be_one(one, other):
        return False
    same_day = one.birth_on is not None and one.birth_on == other.birth_on
    same_mail = bool(one.email) and one.email.lower() == other.email.lower()
    digits = "".join(filter(str.isdigit, one.phone))
    same_phone = bool(digits) and digits == "".join(filter(str.isdigit, other.phone))
    return same_day or same_mail or same_phone


SEPARATOR = "\x1f"


def fingerprint(joined: str) -> int:
    """Return 63 bits that tell whether a row says the same as last time. `joined`: its values, with SEPARATOR between."""
    return int.from_bytes(hashlib.blake2b(joined.encode(), digest_size=8).digest(), "little") >> 1


# Values whose change is a change of placement (dated) rather than of the person (corrected in place).
PLACEMENT_FIELDS = ("employment", "unit", "post", "post_kind", "level", "grade", "is_head", "superior", "status")
PERSON_FIELDS = ("name", "front_title", "back_title", "birth_on", "sex", "start_on", "email", "phone")
ROW_FIELDS = ("identifier_type", "identifier", *PERSON_FIELDS, *PLACEMENT_FIELDS)


def superior_of(
    person: int,
    unit: int,
    *,
    given: int | None,
    head_of: Callable[[int], int | None],
    above: Callable[[int], int | None],
) -> int | None:
    """Return the direct superior: the one given, else the head of the unit, for a head the head of the unit above.

    Nobody is his own superior, whatever was given. `head_of` gives the head of a unit, `above` the unit over it (a
    school's is the education office). A unit without a head is passed over. None at the top.
    """
    if given is not None and given != person:
        return given
    at: int | None = unit
    while at is not None:
        head = head_of(at)
        if head is not None and head != person:
            return head
        at = above(at)
    return None


def full_name(front_title: str, name: str, back_title: str) -> str:
    """Write a name with its titles, as a letter does.

    >>> full_name("Dr.", "Rina Pualam", "S.Pd.")
    'Dr. Rina Pualam, S.Pd.'
    """
    front = f"{front_title} " if front_title else ""
    return f"{front}{name}" + (f", {back_title}" if back_title else "")
