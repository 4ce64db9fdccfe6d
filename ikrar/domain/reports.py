"""Reports: which requirements they meet, until when they may be filed, and what of them is told in steps alone."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NotRequired, TypedDict

from ikrar.domain.elections import Election, Kind
from ikrar.domain.errors import ReportRefused
from ikrar.domain.sources import Checker, Cited, CitedDocument, InForce, InForceDocument, Label, LabelDocument

# --- the form of a file ------------------------------------------------------------------------------------------


class RequirementDocument(CitedDocument):
    requirement: str
    label: LabelDocument
    regime: str
    nature: str
    asks: str
    term: NotRequired[str]
    in_force: InForceDocument
    reporter: LabelDocument
    officer: LabelDocument


class RequirementsDocument(TypedDict):
    requirements: list[RequirementDocument]


# --- requirements ------------------------------------------------------------------------------------------------


class Nature(StrEnum):
    """What kind of requirement it is: without a formal one a report is none, without a material one it has no case."""

    FORMAL = "formal"
    MATERIAL = "material"


class Asks(StrEnum):
    """What a requirement asks for. SIGNATURE is met before an officer alone, with the identity card."""

    REPORTER = "reporter"
    RESPONDENT = "respondent"
    WITHIN_TIME = "within_time"
    SIGNATURE = "signature"
    TIME_AND_PLACE = "time_and_place"
    ACCOUNT = "account"
    EVIDENCE = "evidence"


class ReportKind(StrEnum):
    """What a report is: without its reporter's name no more than initial information (`informasi awal`)."""

    INITIAL_INFORMATION = "initial_information"
    FORMAL = "formal"


@dataclass(frozen=True, slots=True)
class Requirement(Cited):
    """One thing that a report must have. `reporter` and `officer`: what each of them is told while it is missing."""

    id: str
    label: Label
    regime: Kind
    nature: Nature
    asks: Asks
    term: str
    in_force: InForce
    reporter: Label
    officer: Label


def parse_requirements(document: RequirementsDocument, checker: Checker, terms: Collection[str]) -> list[Requirement]:
    """Make the requirements of one file; a term is one of those of the rulebook. Raises RulebookFault."""
    parts = document["requirements"]
    checker.differing([each["requirement"] for each in parts], "requirements", "requirement")
    return [_requirement(each, checker, terms, "requirements", index) for index, each in enumerate(parts)]


def _requirement(
    document: RequirementDocument, checker: Checker, terms: Collection[str], *place: str | int
) -> Requirement:
    asks = Asks(checker.word(document["asks"], tuple(Asks), *place, "asks"))
    term = document.get("term", "")
    if (asks is Asks.WITHIN_TIME) != bool(term):
        raise checker.fault("a requirement names a term if it asks for being in time, and else none", *place)
    if term:
        checker.known_id(term, terms, "term", *place, "term")
    return Requirement(
        id=checker.id(document["requirement"], *place, "requirement"),
        label=checker.label(document["label"], *place, "label"),
        regime=Kind(checker.word(document["regime"], tuple(Kind), *place, "regime")),
        nature=Nature(checker.word(document["nature"], tuple(Nature), *place, "nature")),
        asks=asks,
        term=term,
        in_force=checker.in_force(document["in_force"], *place, "in_force"),
        reporter=checker.label(document["reporter"], *place, "reporter"),
        officer=checker.label(document["officer"], *place, "officer"),
        **checker.cited(document, *place),
    )


def regime_of(elections: Iterable[Election], region: str, day: date) -> Kind | None:
    """Return by whose rules a report of a region is held on a day: those of the election that is nearest to it.

    An election that was replaced by another counts for nothing. None: the region has no election in the rulebook.
    """
    near = [
        (abs((each.voting_on - day).days), each.voting_on, each.kind)
        for each in elections
        if each.superseded_by is None and each.concerns(region)
    ]
    return min(near)[2] if near else None


def requirements_on(requirements: Iterable[Requirement], regime: str, day: date) -> list[Requirement]:
    """Return what a report of a regime must have on a day, the formal things first."""
    held = [each for each in requirements if each.regime == regime and each.in_force.holds(day)]
    return sorted(held, key=lambda each: list(Nature).index(each.nature))


# --- completeness ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """What a report brings, as yes and no; `known_on`: the day from which its reporter knows it."""

    reporter: bool = False
    respondent: bool = False
    time_and_place: bool = False
    account: bool = False
    evidence: bool = False
    known_on: date | None = None

    def meets(self, asks: Asks, filed_on: date, last_day: date | None) -> bool:
        """Say whether one thing is there. In time is what was filed by `last_day`; without a known day nothing is.

        >>> Given(known_on=date(2024, 10, 20)).meets(Asks.WITHIN_TIME, date(2024, 10, 25), date(2024, 10, 27))
        True
        """
        if asks is Asks.WITHIN_TIME:
            return self.known_on is not None and last_day is not None and self.known_on <= filed_on <= last_day
        if asks is Asks.SIGNATURE:
            return False
        return bool(getattr(self, asks.value))


def given_by(
    content: Mapping[str, object], identity: Mapping[str, object] | None, files: int, known_on: date | None
) -> Given:
    """Read what a report brings from its documents (see docs/reports.md for their form).

    >>> given_by({"what": "Ia mengajak", "who": [{"name": "", "post": "camat"}]}, None, 1, None)
    Given(reporter=False, respondent=True, time_and_place=False, account=True, evidence=True, known_on=None)
    """
    who, witnesses, links = (_parts(content, key) for key in ("who", "witnesses", "links"))
    return Given(
        reporter=identity is not None and all(str(identity.get(key, "")).strip() for key in ("name", "address")),
        respondent=any(str(each.get("name", "")).strip() or str(each.get("post", "")).strip() for each in who),
        time_and_place=all(str(content.get(key, "")).strip() for key in ("when", "where")),
        account=bool(str(content.get("what", "")).strip()),
        evidence=bool(files or witnesses or links),
        known_on=known_on,
    )


def _parts(content: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    found = content.get(key)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


@dataclass(frozen=True, slots=True)
class Tick:
    """One requirement, and whether it is met."""

    requirement: Requirement
    met: bool


def ticks_of(
    requirements: Iterable[Requirement], given: Given, filed_on: date, last_days: Mapping[str, date]
) -> list[Tick]:
    """Hold a report against what it must have; `last_days` by term."""
    return [
        Tick(each, given.meets(each.asks, filed_on, last_days.get(each.term) if each.term else None))
        for each in requirements
    ]


def kind_of(given: Given) -> ReportKind:
    """Say what a report is when it comes: whoever gives his name files formally, complete or not."""
    return ReportKind.FORMAL if given.reporter else ReportKind.INITIAL_INFORMATION


# --- who is left out ---------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]{2,}")
_APART = re.compile("[,;]")
_APOSTROPHES = str.maketrans("", "", "'`\u2018\u2019\u02bc")


def _set_of(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# Twins of these three stand in static/sealing/names.js; tests/corpora/sealing.json holds both to the same answers.
_TITLES = _set_of(
    "dr drs dra drg drh ir prof haji hajah hj hjh kh kyai kiai ustaz ustad ustadz ust tgk teungku",
    "bapak bpk pak ibu bu sdr sdri mr mrs ms",
)
_DEGREES = _set_of(
    "si sos pd kom sh mh mm se me ip stp sstp ag ap hut ma ba sc msc mba mph mpa map phd lc sp spt pt pi st mt ss tp",
    "ak akt kes kep ked keb farm apt gz ns md amd hum psi ikom kn th fil hi sy sn ds or ling tr str trip ssit sit",
    "skm skep skom ssos sip sag spd spdi spsi shut ssi msi mpd mkes mkom mhum mkn mag mak pdi",
)
_MUHAMMAD = _set_of("moh muh moch mohd mohamad mohammad mochamad mochammad muhamad muhammad")


def _words(text: str) -> list[str]:
    found = _WORD.findall(unicodedata.normalize("NFKC", text).lower().translate(_APOSTROPHES))
    return ["muhammad" if word in _MUHAMMAD else word for word in found]


def _core(text: str, *, short: bool = True) -> set[str]:
    """Return the words of a name by which it is known. `short`: where nothing but degrees is left they are taken for a name."""
    words = {word for word in _words(text) if word not in _TITLES}
    core = words - _DEGREES - {"muhammad"}
    return core if core or not short else words


def means(typed: str, name: str) -> bool:
    """Say whether what a reporter excludes may be this holder: all words of one stand in the other's, whatever titles.

    Several names may stand in a line. It rather leaves out one too many than one too few.

    >>> means("pak budi misalkan", "Budi Misalkan, S.Sos."), means("Budi", "Budiman Contoh"), means("Dr.", "Dr. Sari")
    (True, False, False)
    >>> means("Hj. Siti Aminah, SH", "Siti Aminah, S.Pd."), means("Siti Aminah Contoh", "Siti Aminah")
    (True, True)
    """
    own = name.partition(",")[0]
    known, core = set(_words(own)), _core(own)
    for place, piece in enumerate(_APART.split(typed)):
        wanted = _core(piece, short=not place)
        if wanted and (wanted <= known or (core and core <= wanted)):
            return True
    return False


# --- sizes, and what comes sealed --------------------------------------------------------------------------------

KIB = 1024
_HEADER = 700  # bytes that the seal of one recipient may take, with what some writers add to it
_CHUNK, _TAG = 64 * KIB, 16
MOST_FILES = 20
MOST_FILE_BYTES = 50 * 1000 * 1000
MOST_CONTENT_STEP = 256  # KiB
MOST_IDENTITY_STEP = 16
MOST_MESSAGE_STEP = 64
_LONGEST_ENVELOPE = 16 * KIB
_AGE = b"age-encryption.org/v1\n"
AGE_MARK_BYTES = len(_AGE)
_EARLIEST = date(2000, 1, 1)


def padded_size(size_bytes: int) -> int:
    """Return to how many bytes something is filled up before it is sealed: the next power of two, from 1 KiB on.

    >>> padded_size(0), padded_size(1025), padded_size(200_000)
    (1024, 2048, 262144)
    """
    size = KIB
    while size < size_bytes:
        size *= 2
    return size


def size_step(sealed_bytes: int) -> int:
    """Return the step (KiB, a power of two) in which the size of a sealed part is told.

    What was filled up as it should is told by its own size, without what the seal adds.

    >>> size_step(1024 + 200), size_step(262144 + 264), size_step(3000)
    (1, 256, 4)
    """
    step = 1
    while sealed_bytes > step * KIB + _HEADER + _TAG * (step * KIB // _CHUNK + 1):
        step *= 2
    return step


def check_sealed(part: bytes, most_step: int, what: str) -> None:
    """See that a part is an age file of a size that is taken. Raises ReportRefused (`reason`: form, too_large)."""
    if not part.startswith(_AGE):
        raise ReportRefused("form", what)
    if size_step(len(part)) > most_step:
        raise ReportRefused("too_large", what)


def check_mark(head: bytes) -> None:
    """See that bytes begin as an age file does, as far as they go. Raises ReportRefused (`reason`: form)."""
    if head != _AGE[: len(head)]:
        raise ReportRefused("form", "file")


def check_envelope(part: bytes, what: str) -> None:
    """See that an envelope is an age file, and a small one. Raises ReportRefused (`reason`: form)."""
    if not part.startswith(_AGE) or len(part) > _LONGEST_ENVELOPE:
        raise ReportRefused("form", what)


def recipients_of(sealed: bytes) -> int:
    """Count the keys to which an age file is sealed, by its head: nobody can tell whose they are.

    >>> recipients_of(b"age-encryption.org/v1\\n-> X25519 a\\nb\\n-> X25519 c\\nd\\n-> x-grease\\n\\n--- mac\\n-> X25519 e")
    2
    """
    head = sealed.partition(b"\n--- ")[0]
    return sum(line.startswith(b"-> X25519 ") for line in head.split(b"\n"))


def check_known_on(known_on: date | None, today: date) -> None:
    """See that the day from which something is known is none to come. Raises ReportRefused (`reason`: day)."""
    if known_on is not None and not _EARLIEST <= known_on <= today:
        raise ReportRefused("day", "known_on")


# --- which files are taken ---------------------------------------------------------------------------------------

_MARKS: Sequence[tuple[int, bytes, str]] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"BM", "image/bmp"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"mif1", b"msf1", b"hevc"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
_RIFF = b"RIFF"
_MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
HEAD_BYTES = 4096  # so many of its first bytes tell what a file is


def type_of(head: bytes) -> str:
    """Tell the media type of a file by its first bytes, whatever its name says; empty for one that is not taken.

    Taken are text, pictures, sound, film and PDF. What draws or runs something (SVG, HTML) is text here and is shown as
    text; nothing of a file is ever run.

    >>> type_of(b"%PDF-1.7"), type_of(b"MZ\\x90\\x00"), type_of(b"<svg onload='x'>"), type_of("Pesan suara".encode())
    ('application/pdf', '', 'text/plain', 'text/plain')
    """
    for place, mark, kind in _MARKS:
        if head[place : place + len(mark)] == mark and (place == 0 or head.startswith(_RIFF)):
            return kind
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:2] in _MARKS_OF_UTF_16 and _is_text(head):
        return "text/plain"
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0:
        return "audio/aac" if head[1] & 0xF6 == 0xF0 else "audio/mpeg"
    return "text/plain" if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    coding = "utf-16" if head[:2] in _MARKS_OF_UTF_16 else "utf-8"
    for cut in range(4 if len(head) >= HEAD_BYTES else 1):  # a head that was cut off may end inside a sign
        try:
            text = head[: len(head) - cut].decode(coding)
        except UnicodeDecodeError:
            continue
        return bool(text) and not _NOT_IN_TEXT.search(text)
    return False
