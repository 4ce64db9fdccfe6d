"""What a pasted post or article may tell: days, places, units, offices, what was announced; and how a page is addressed.

Nothing here is certain. Each fact names the words that it stands on, and an officer ticks or changes it.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ikrar.domain.addresses import follows_reader
from ikrar.domain.days import MONTHS_ID, month_of
from ikrar.domain.errors import ClippingRefused

LONGEST_TEXT = 15_000
"""So many signs are kept: a long article, and what a sealed report can hold. More is refused as a whole: half an article says
something else."""
LONGEST_ADDRESS = 2_000
LONGEST_NOTE = 500
KEPT_DAYS = 730
"""Our own default: through the election and the year after it."""
DISCARDED_DAYS = 90
"""So long a clipping that was discarded can be looked at again."""
_MOST_FACTS_A_KIND = 12


class Kind(StrEnum):
    """What a fact is about."""

    DAY = "day"
    PLACE = "place"
    UNIT = "unit"
    AGENCY = "agency"
    ACT = "act"
    PERSON = "person"
    OFFICE = "office"
    ACTIVITY = "activity"
    CIRCULAR = "circular"
    NUMBER = "number"


class Became(StrEnum):
    """What an officer made of a clipping."""

    ACTIVITY = "activity"
    CIRCULAR = "circular"
    INITIAL_INFORMATION = "initial_information"
    KEPT = "kept"
    DISCARDED = "discarded"


class Doubt(StrEnum):
    """Why a fact may be another one than it seems."""

    WEEKDAY = "weekday"  # the weekday that is written is not that of the date
    EITHER = "either"  # a weekday alone: the last one or the next
    YEAR = "year"  # no year is written: the nearest
    SEVERAL = "several"  # several bear this name
    OTHERWISE = "otherwise"  # "besok" beside a date of another day


@dataclass(frozen=True, slots=True)
class Fact:
    """A proposal: what it may be, and the words (`start` to `end` of the readable text) that it stands on."""

    kind: Kind
    value: str
    start: int
    end: int
    words: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the records that a text may name. `value` is its key there."""

    kind: Kind
    value: str
    name: str


# --- the text ----------------------------------------------------------------------------------------------------


def checked(text: str, address: str) -> str:
    """Return the text as it is kept. Raises ClippingRefused where there is nothing, or too much."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(kept) > LONGEST_TEXT:
        raise ClippingRefused("too_long", len(kept), LONGEST_TEXT)
    if not readable(kept).strip() and not address:
        raise ClippingRefused("empty")
    return kept if readable(kept).strip() else ""


def readable(text: str) -> str:
    """Return a text as it is shown and read: without signs that nobody sees or that turn the direction of others.

    >>> readable("Ca\\u200bmat\\u202e Karang")
    'Camat Karang'
    """
    if text.isascii():
        return text
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cf", "Cc"))


def hidden(text: str) -> int:
    """Return how many signs of a text are not shown."""
    return len(text) - len(readable(text))


# --- the address of a page ---------------------------------------------------------------------------------------

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_HOST = re.compile(r"^(?=.{1,253}$)[^\s./@]+(\.[^\s./@]+)+$")


def address_of(pasted: str) -> str:
    """Return the address of a page as it is kept: as pasted, with its scheme. Raises ClippingRefused (`reason`: address).

    >>> address_of(" berita.example/rapat?id=7 ")
    'https://berita.example/rapat?id=7'
    """
    address = readable(pasted).strip()
    if not address:
        return ""
    if not _SCHEME.match(address):
        address = f"https://{address.removeprefix('//')}"
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise ClippingRefused("address") from None
    is_web = parts.scheme.lower() in ("http", "https")
    if not is_web or not _HOST.match(host) or re.search(r"\s", address) or len(address) > LONGEST_ADDRESS:
        raise ClippingRefused("address")
    if "@" in parts.netloc:
        raise ClippingRefused("credentials")
    return address


def shown_address(address: str) -> str:
    """Return an address without what only follows its reader, and a foreign script in its host as the net writes it.

    >>> shown_address("https://berita.example/rapat?id=7&utm_source=wa&fbclid=x#atas")
    'https://berita.example/rapat?id=7'
    """
    if not address:
        return ""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    fields = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in fields if not follows_reader(name.lower(), host)]
    query = parts.query if len(kept) == len(fields) else urlencode(kept)
    host = parts.netloc.lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            host = ascii(host)[1:-1]
    return urlunsplit((parts.scheme.lower(), host, parts.path, query, ""))


# --- days --------------------------------------------------------------------------------------------------------

_WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_WEEKDAY = r"(?P<weekday>senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad)"
_MONTH = "|".join([*(name.lower() for name in MONTHS_ID), "jan", "feb", "peb", "mar", "apr", "jun", "jul", "agu", "agt", "agust",
                   "sept", "sep", "okt", "nov", "nop", "des", "pebruari", "nopember"])  # fmt: skip
# A text comes from whoever publishes a page, so no pattern may read far ahead: every gap and every repetition has its end.
_GAP, _MAYBE_GAP = r"\s{1,4}", r"\s{0,4}"
_IN_WORDS = re.compile(
    rf"(?:{_WEEKDAY}[\s,(]{{0,6}})?(?<![\d/.])(?P<day>\d{{1,2}})"
    rf"(?:{_MAYBE_GAP}(?:-|–|s\.?/?d\.?|sampai(?: dengan)?|hingga){_MAYBE_GAP}(?P<last>\d{{1,2}}))?"
    rf"[\s-]{{1,4}}(?P<month>{_MONTH})\b\.?(?:[\s,-]{{1,4}}(?P<year>(?:19|20)\d\d)\b)?",
    re.IGNORECASE,
)
_IN_DIGITS = re.compile(
    rf"(?:(?:{_WEEKDAY}[\s,]{{0,4}}|(?P<led>\b(?:tanggal|tgl\.?|pada){_GAP}))(?P<open>\()?|(?P<bare>\())?(?<![\d/.-])"
    r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?:(?P=mark)(?P<year>(?:19|20)\d\d|\d\d))?(?![\d/]|[.-]\d)\)?",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?P<word>hari ini|(?:tadi )?(?:pagi|siang|sore|malam) (?:tadi|ini)|tadi (?:pagi|siang|sore)|tadi malam|semalam"
    r"|kemarin (?:dulu|lusa)|kemaren|kemarin|besok lusa|lusa|besok|esok hari|esok)\b",
    re.IGNORECASE,
)
_AWAY = {"kemarin dulu": -2, "kemarin lusa": -2, "kemarin": -1, "kemaren": -1, "semalam": -1, "tadi malam": -1,
         "malam tadi": -1, "tadi malam tadi": -1, "besok": 1, "esok": 1, "esok hari": 1, "lusa": 2, "besok lusa": 2}  # fmt: skip
_NEAR = re.compile(
    rf"\b(?:hari{_GAP})?(?P<weekday>Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu|Ahad|(?<=hari )minggu)\b"
    rf"(?:{_GAP}(?:pagi|siang|sore|malam))?(?:{_GAP}(?P<side>lalu|kemarin|yang lalu|depan|mendatang|nanti|besok|ini))?"
)


def _weekday(written: str) -> int:
    plain = re.sub(r"['’]", "", written.lower())
    return 6 if plain == "ahad" else _WEEKDAYS.index(plain)


def days_in(text: str, seen_on: date) -> list[Fact]:
    """Return the days that a text names, seen from the day on which it was seen. One without a year is the nearest.

    >>> [(fact.words, fact.value) for fact in days_in("Rapat Sabtu (12/10), apel besok", date(2024, 10, 13))]
    [('Sabtu (12/10)', '2024-10-12'), ('besok', '2024-10-14')]
    """
    found: list[Fact] = []

    taken = bytearray(len(text))

    def add(match: re.Match[str], days: Sequence[tuple[date, str]]) -> None:
        start, end = match.span()
        if days and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.extend(Fact(Kind.DAY, day.isoformat(), start, end, match[0], doubt) for day, doubt in days)

    for match in _IN_WORDS.finditer(text):
        month = month_of(match["month"])
        ends = [match["day"], *([match["last"]] if match["last"] else [])]
        dated = [_dated(int(day), month, match["year"], match["weekday"] if not place else None, seen_on)
                 for place, day in enumerate(ends)]  # fmt: skip
        add(match, [each for each in dated if each])
    for match in _IN_DIGITS.finditer(text):
        led = match["weekday"] or match["led"] or match["bare"]
        if not match["year"] and (not led or match["mark"] != "/"):
            continue  # 53/10 may be a number of anything
        if match["year"] and len(match["year"]) == 2 and not led:
            continue
        each = _dated(int(match["day"]), int(match["month"]), match["year"], match["weekday"], seen_on)
        add(match, [each] if each else [])
    written: dict[int, list[int]] = {}  # places in `found`, by where the date begins
    for place, fact in enumerate(found):
        written.setdefault(fact.start, []).append(place)
    for match in _SAID.finditer(text):
        said = seen_on + timedelta(days=_AWAY.get(" ".join(match["word"].lower().split()), 0))
        gap = text[match.end() : match.end() + 4]
        beside = written.get(match.end() + len(gap) - len(gap.lstrip(" \t\n,")), [])
        is_otherwise = bool(beside) and all(found[place].value != said.isoformat() for place in beside)
        add(match, [(said, Doubt.OTHERWISE if is_otherwise else "")])
        for place in beside if is_otherwise else ():
            found[place] = replace(found[place], doubt=found[place].doubt or Doubt.OTHERWISE)
    for match in _NEAR.finditer(text):
        ago = (seen_on.weekday() - _weekday(match["weekday"])) % 7
        last, ahead = seen_on - timedelta(days=ago), seen_on + timedelta(days=7 - ago)
        side = match["side"]
        if side in ("lalu", "kemarin", "yang lalu"):
            add(match, [(last if ago else last - timedelta(days=7), "")])
        elif side in ("depan", "mendatang", "nanti", "besok"):
            add(match, [(ahead, "")])
        else:
            add(match, [(last, Doubt.EITHER), (ahead, Doubt.EITHER)])
    return _first_ones(found)


def _dated(day: int, month: int, year: str | None, weekday: str | None, seen_on: date) -> tuple[date, str] | None:
    """Return a date and what is doubtful about it; None for what is none."""
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else [seen_on.year + step for step in (-1, 0, 1)]
    possible = []
    for each in years:
        try:
            possible.append(date(each, month, day))
        except ValueError:
            continue
    if not possible:
        return None
    nearest = min(possible, key=lambda each: abs(each - seen_on))
    if weekday and nearest.weekday() != _weekday(weekday):
        return nearest, Doubt.WEEKDAY
    # Of the three years only one has the weekday as it is written, as far as anybody looks back.
    return nearest, "" if year or weekday else Doubt.YEAR


# --- units and agencies ------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
# How names of units are shortened, and who leads one: `Camat Karang Jati` names the district.
_SAME: Mapping[str, tuple[str, ...]] = {
    "kec": ("kecamatan",), "camat": ("kecamatan",), "kel": ("kelurahan",), "lurah": ("kelurahan",),
    "disdik": ("dinas", "pendidikan"), "dinkes": ("dinas", "kesehatan"), "dishub": ("dinas", "perhubungan"),
    "dinsos": ("dinas", "sosial"), "pemkot": ("pemerintah", "kota"),
    "pemkab": ("pemerintah", "kabupaten"), "pemprov": ("pemerintah", "provinsi"), "kab": ("kabupaten",), "sdn": ("sd", "negeri"),
    "smpn": ("smp", "negeri"), "sman": ("sma", "negeri"), "smkn": ("smk", "negeri"),
    "kominfo": ("komunikasi", "dan", "informatika"), "diskominfo": ("dinas", "komunikasi", "dan", "informatika"),
    "kadiskominfo": ("dinas", "komunikasi", "dan", "informatika"), "setda": ("sekretariat", "daerah"),
    "kadis": ("dinas",), "kadisdik": ("dinas", "pendidikan"), "kadinkes": ("dinas", "kesehatan"),
}  # fmt: skip
_ALIKE = ({"smp", "sma", "sd", "smk"}, "n")  # SMP N 3
_GOES_ON = re.compile(r"\s{1,4}[A-Z]")  # SMPN 3 Lain Kota is a school of another town
_LONGEST_NAME = 12


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text, shortened ones written out, each with its place."""
    found: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(text):
        plain = match[0].lower()
        if plain == _ALIKE[1] and found and found[-1][0] in _ALIKE[0]:
            plain = "negeri"
        found.extend((each, *match.span()) for each in _SAME.get(plain, (plain,)))
    return found


def named_in(text: str, names: Sequence[Named]) -> list[Fact]:
    """Return what of these a text names, the longest name first where one stands in another. Of namesakes three are told.

    >>> karang = Named(Kind.UNIT, "7", "Kecamatan Karang Jati")
    >>> [fact.words for fact in named_in("Kemarin Camat Karang Jati hadir.", [karang])]
    ['Camat Karang Jati']
    """
    known: dict[tuple[str, ...], list[Named]] = {}
    schools: dict[tuple[str, ...], list[Named]] = {}  # by kind and number, without their town
    for each in names:
        tokens = tuple(token for token, _, _ in _tokens(each.name))
        if len(tokens) <= _LONGEST_NAME and (len(tokens) > 1 or len("".join(tokens)) > 4):
            known.setdefault(tokens, []).append(each)
        if len(tokens) > 3 and tokens[0] in _ALIKE[0] and tokens[1] == "negeri" and tokens[2].isdecimal():
            schools.setdefault(tokens[:3], []).append(each)
    longest: dict[str, int] = {}  # by the word that a name begins with
    for tokens in known:
        longest[tokens[0]] = max(longest.get(tokens[0], 0), len(tokens))
    words, found, place = _tokens(text), [], 0
    while place < len(words):
        for count in range(min(longest.get(words[place][0], 0), len(words) - place), 0, -1):
            tokens = tuple(token for token, _, _ in words[place : place + count])
            start, end = words[place][1], words[place + count - 1][2]
            meant = known.get(tokens)
            if not meant and tokens in schools and not _GOES_ON.match(text, end):
                meant = schools[tokens]
            if meant:
                doubt = Doubt.SEVERAL if len(meant) > 1 else ""
                found += [Fact(each.kind, each.value, start, end, text[start:end], doubt) for each in meant[:3]]
                place += count
                break
        else:
            place += 1
    return _first_ones(found)


# --- offices, persons, places ------------------------------------------------------------------------------------

_CAPITAL = r"(?:[A-Z]\w{0,2}\.(?=\s)|[A-Z][\w'’-]{0,40}(?:\.\w{1,20}){0,4})"  # a longer word before a full stop ends a sentence
_REST = rf"(?:{_GAP}(?:{_CAPITAL}|\d{{1,3}}|dan(?={_GAP}[A-Z])))"
_OFFICE = re.compile(
    rf"\b(?:(?:[Pp]lt|[Pp]lh|[Pp]js?)\.?{_GAP})?"
    rf"(?:[Ww]akil{_GAP})?(?:[Cc]amat|[Ll]urah|[Bb]upati|[Ww]ali\s?[Kk]ota|[Gg]ubernur|[Ss]ekda|[Ss]ekretaris{_GAP}[Dd]aerah|[Kk]adis\w{{0,20}}"
    rf"|[Kk]epala{_GAP}(?:[Dd]inas|[Bb]adan|[Bb]agian|[Bb]idang|[Ss]ekolah|[Dd]esa|[Pp]uskesmas|[Ss]eksi|[Kk]antor|[Bb]alai|[Uu]nit)"
    rf"|[Ss]taf{_GAP}[Aa]hli|[Aa]sisten|[Kk]epsek|[Ww]ali{_GAP}[Nn]agari)"
    rf"{_REST}{{0,5}}"
)
_ADDRESS = "Bapak|Pak|Ibu|Bu|Sdr|Sdri|Saudara|Saudari"
# Whose child somebody is stands in small letters within a name: Rotua br. Simanjuntak, Umar bin Contoh.
_CHILD_OF = r"(?:bin|binti|bt|bte|br|boru|beru)\b\.?"
# Capital words that are no part of a name before them: a post, a kind of unit or region, a form of address, and what headlines go
# on with.
_POST = (
    r"Plt|Plh|Pjs?|Wakil|Camat|Lurah|Bupati|Wali\s?[Kk]ota|Wali\s[Nn]agari|Gubernur|Sekda|Sekcam|Sekretaris|Kadis\w{0,20}|Kabag|Kabid|Kades"
    r"|Kepala|Kepsek|Staf|Asisten|Ketua|Anggota|Direktur|Menteri"
)
_ENDS_NAME = (
    rf"(?:{_ADDRESS}|{_POST}|ASN|PNS|Dinas|Badan|Bagian|Kantor|Kecamatan|Kelurahan|Desa|Kabupaten|Kota|Provinsi|Pemerintah|Pemkot|Pemkab"
    r"|Pemprov|Di|Ke|Dari|Dan|Untuk|Dengan|Pada|Saat|Usai|Akan|Ikut|Hadiri|Ajak|Dukung|Imbau|Buka|Pimpin|Resmikan|Foto"
    r"|Bagikan|Diduga)\b"
)
_WITHIN_NAME = r"(?:[^\S\n]{1,4}|[^\S\n]?\n[^\S\n]?)"  # no name goes on behind an empty line
_NEXT = rf"{_WITHIN_NAME}(?:{_CHILD_OF}{_WITHIN_NAME})?(?!{_ENDS_NAME}){_CAPITAL}"
_PERSON = re.compile(
    rf"\b(?:(?:{_ADDRESS}|Haji|Hajjah|H|Hj|Dr|dr|Drs|Dra|Ir|Prof|KH|Ustaz|Ustadz)\b\.?{_GAP}){{1,6}}"
    # Who is addressed by his post is told with what it is the post of.
    rf"(?:(?=(?:{_POST})\b){_CAPITAL}(?:{_GAP}{_CAPITAL}){{0,3}}|{_CAPITAL}(?:{_NEXT}){{0,6}})"
    rf"(?:,{_MAYBE_GAP}(?:S|M)\.\s?\w{{1,20}}\.?){{0,4}}"
)
_PLACE = re.compile(
    rf"\b(?:[Bb]ertempat{_GAP}di|di){_GAP}(?P<place>(?:[Aa]ula|[Ll]apangan|[Gg]edung|[Hh]alaman|[Kk]antor|[Bb]alai|[Pp]endopo|[Rr]uang|[Hh]otel|[Ss]tadion)"
    rf"{_REST}{{1,6}}|(?:[Aa]ula|[Ll]apangan|[Hh]alaman){_GAP}(?:[a-z]{{1,30}}{_GAP})?[A-Z]\w{{0,40}})"
)


def people_in(text: str) -> list[Fact]:
    """Return the offices and the persons that a text names, as it writes them; nobody is looked up."""
    offices = [Fact(Kind.OFFICE, match[0], *match.span(), match[0]) for match in _OFFICE.finditer(text)]
    persons = [Fact(Kind.PERSON, match[0].rstrip(".,"), *match.span(), match[0]) for match in _PERSON.finditer(text)]
    return _first_ones(offices) + _first_ones(persons)


def places_in(text: str) -> list[Fact]:
    """Return where a text says that something was or will be."""
    return _first_ones(
        [Fact(Kind.PLACE, match["place"], *match.span("place"), match["place"]) for match in _PLACE.finditer(text)]
    )


# --- what is announced -------------------------------------------------------------------------------------------

_ACTIVITIES: Sequence[tuple[str, re.Pattern[str]]] = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for kind, words in (
        (
            "declaration",
            r"deklarasi|ikrar (?:bersama|netralitas)|penandatanganan (?:pakta|ikrar)\w{0,20}(?: integritas)?",
        ),
        ("roll_call", r"apel(?: (?:pagi|siang|sore|bersama|gabungan|gelar pasukan))?|upacara bendera"),
        ("coordination", r"rapat (?:koordinasi|kerja|evaluasi)|rakor|raker"),
        ("fgd", r"FGD|diskusi (?:kelompok terpumpun|terarah)|focus group discussion"),
        ("briefing", r"sosialisasi|pembinaan|bimtek|bimbingan teknis|pengarahan|penyuluhan"),
    )
)
_CIRCULARS: Sequence[tuple[str, re.Pattern[str]]] = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for kind, words in (
        ("circular", r"surat edaran|edaran|SE (?=nomor|no\.)"),
        ("instruction", r"instruksi (?:bupati|wali ?kota|gubernur)|instruksi"),
        ("appeal", r"surat imbauan|surat himbauan|imbauan|himbauan"),
    )
)
_NUMBER = re.compile(
    rf"\b(?:nomor|no\.?){_MAYBE_GAP}:?{_MAYBE_GAP}(?P<number>[A-Z0-9][\w.-]{{0,60}}(?:/[\w.-]{{1,60}}){{1,10}})",
    re.IGNORECASE,
)


def announced_in(text: str) -> list[Fact]:
    """Return which activities and circulars a text speaks of, and the numbers of letters."""
    found = [
        Fact(Kind.ACTIVITY, kind, *match.span(), match[0])
        for kind, says in _ACTIVITIES
        for match in says.finditer(text)
    ]
    letters = [
        Fact(Kind.CIRCULAR, kind, *match.span(), match[0]) for kind, says in _CIRCULARS for match in says.finditer(text)
    ]
    numbers = [
        Fact(Kind.NUMBER, match["number"].rstrip(".,-"), *match.span("number"), match["number"])
        for match in _NUMBER.finditer(text)
    ]
    return _first_ones(found) + _first_ones(letters) + _first_ones(numbers)


def acts_in(text: str, suggested: Sequence[tuple[str, Sequence[str]]]) -> list[Fact]:
    """Return acts that were suggested for a text (id, words of the writer), each at the first of its words."""
    found = []
    for act, because in suggested:
        for words in because:
            if (start := text.lower().find(words.lower())) >= 0:
                found.append(Fact(Kind.ACT, act, start, start + len(words), ", ".join(because)))
                break
    return _first_ones(found)


# --- all of it ---------------------------------------------------------------------------------------------------


def propose(
    text: str, seen_on: date, *, names: Sequence[Named], suggested: Sequence[tuple[str, Sequence[str]]]
) -> list[Fact]:
    """Return what a readable text may tell, kind by kind, each kind in the order of the text."""
    found = [*days_in(text, seen_on), *places_in(text), *named_in(text, names), *acts_in(text, suggested), *announced_in(text),
             *people_in(text)]  # fmt: skip
    order = list(Kind)
    return sorted(found, key=lambda each: (order.index(each.kind), each.start, each.value))


def _first_ones(facts: Sequence[Fact]) -> list[Fact]:
    """Return facts in the order of the text, each value once and where it is first written; so many of a kind at most."""
    found: dict[tuple[Kind, str], Fact] = {}
    for each in sorted(facts, key=lambda each: (each.start, each.value)):
        found.setdefault((each.kind, each.value.lower()), each)
    return list(found.values())[:_MOST_FACTS_A_KIND]


def marked(text: str, facts: Sequence[Fact]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Cut a text into pieces, each with the places (in `facts`) of what stands on it.

    >>> list(marked("apel besok", days_in("apel besok", date(2024, 10, 13))))
    [('apel ', ()), ('besok', (0,))]
    """
    cuts = sorted({0, len(text), *(each.start for each in facts), *(each.end for each in facts)})
    for start, end in itertools.pairwise(cuts):
        yield (
            text[start:end],
            tuple(place for place, each in enumerate(facts) if each.start <= start and end <= each.end),
        )
