"""What a pasted post or article may tell: days, places, units, offices, what was announced; and how a page is addressed.

Nothing here is certain. Each fact names the words that it stands on, and an officer ticks or changes it.
"""

import bisect
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ikrar.domain import denials, short_forms
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
    YEAR_BESIDE = "year_beside"  # the year stands elsewhere in the sentence
    YEARS = "years"  # several years stand in the sentence
    SEVERAL = "several"  # several bear this name
    OTHERWISE = "otherwise"  # "besok" beside a date of another day
    ASIDE = "aside"  # behind "padahal": it may be the day of another act
    DENIED = "denied"  # the text says it to be denied
    NAME = "name"  # an office that may end with somebody's name
    BESIDE = "beside"  # between commas behind an office: it may be a place instead of a name
    CAPITALS = "capitals"  # a headline in capitals: where a name or an office ends in it is a guess


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
_NO_SPAN = "".join(
    rf"(?<!\b{word}\s)"
    for word in ("minggu", "mgg", "pekan", "bulan", "bln", "tahun", "thn", "senin", "selasa", "rabu", "kamis", "jumat", "jum'at",
                 "jum’at", "sabtu", "ahad")
)  # fmt: skip
_SAID = re.compile(
    r"\b(?P<word>hari ini|(?:(?:tadi|td|tdi) )?(?:pagi|siang|sore|malam|malem|mlm) (?:tadi|td|ini)"
    r"|(?:tadi|td|tdi) (?:pagi|siang|sore)"
    r"|(?:tadi|td|tdi) (?:malam|malem|mlm)|semalam|semalem"
    # `Minggu kemarin`, `bulan kemarin` are the last ones, and `Sabtu kemarin` is read as a weekday.
    rf"|{_NO_SPAN}(?:kemarin (?:dulu|lusa)|kemaren|kemarin|kmrn|kmren)|besok lusa|lusa|besok|bsk"
    r"|esok hari|esok)\b",
    re.IGNORECASE,
)
_AWAY = {"kemarin dulu": -2, "kemarin lusa": -2, "kemarin": -1, "kemaren": -1, "kmrn": -1, "kmren": -1, "semalam": -1,
         "semalem": -1, "tadi malam": -1, "malam tadi": -1, "tadi malam tadi": -1, "besok": 1, "bsk": 1, "esok": 1, "esok hari": 1,
         "lusa": 2, "besok lusa": 2}  # fmt: skip
_WRITTEN_OUT = {"td": "tadi", "tdi": "tadi", "malem": "malam", "mlm": "malam"}
_NEAR = re.compile(
    rf"\b(?:hari{_GAP})?(?P<weekday>Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu|Ahad|(?<=hari )minggu)\b"
    rf"(?:{_GAP}(?:pagi|siang|sore|malam))?(?:{_GAP}(?P<side>lalu|kemarin|kemaren|kmrn|yang lalu|depan|mendatang|nanti|besok|ini))?"
)


_COUNTED = {"dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "sepuluh": 10}
_DAYS_AGO = re.compile(
    rf"(?<![\d.,-])\b(?P<days>\d{{1,2}}|{'|'.join(_COUNTED)}){_GAP}hari{_GAP}(?:yang{_GAP}|yg{_GAP})?(?:lalu|silam)\b",
    re.IGNORECASE,
)


# A year that a sentence tells of: not that of a rule (`Nomor 94 Tahun 2021`) and not one that names an election or a budget.
_YEAR = r"(?:19|20)\d\d(?![\d/-])"
_YEARS_TOLD = re.compile(
    rf"\b(?P<not>(?:(?:nomor|no\.?|uu|pp|per\w{{2,6}}|pkpu){_GAP}\d{{1,4}}|pilkada|pemilu|pilpres|pileg|pilwako|pilgub|pilbup|serentak"
    rf"|anggaran|ajaran|pelajaran){_GAP}(?:tahun|thn|th\.?){_GAP}\d)"
    rf"|\b(?:(?:tahun|thn|th\.?|pada|{_MONTH}){_GAP}(?P<year>{_YEAR})|(?P<ago>{_YEAR}){_GAP}(?:lalu|silam|yang lalu)"
    rf"|tahun{_GAP}(?P<side>lalu|kemarin|silam|ini|depan))\b",
    re.IGNORECASE,
)
_YEARS_AWAY = {"lalu": -1, "kemarin": -1, "silam": -1, "ini": 0, "depan": 1}
_BESIDES = re.compile(r"\bpadahal\b[^.!?…;\n]{0,30}$", re.IGNORECASE)
_BEFORE = 40  # so many signs before a day are looked at


def _weekday(written: str) -> int:
    plain = re.sub(r"['’]", "", written.lower())
    return 6 if plain == "ahad" else _WEEKDAYS.index(plain)


def days_in(text: str, seen_on: date) -> list[Fact]:
    """Return the days that a text names, seen from the day on which it was seen. One without a year is the nearest.

    >>> [(fact.words, fact.value) for fact in days_in("Rapat Sabtu (12/10), apel besok", date(2024, 10, 13))]
    [('Sabtu (12/10)', '2024-10-12'), ('besok', '2024-10-14')]
    """
    found: list[Fact] = []
    told = _Years(text, seen_on)
    taken = bytearray(len(text))

    def add(match: re.Match[str], days: Sequence[tuple[date, str]]) -> None:
        start, end = match.span()
        if days and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.extend(Fact(Kind.DAY, day.isoformat(), start, end, match[0], doubt) for day, doubt in days)

    for match in _IN_WORDS.finditer(text):
        month = month_of(match["month"])
        ends = [match["day"], *([match["last"]] if match["last"] else [])]
        years = () if match["year"] else told.at(match.start())
        dated = [_days_of(int(day), month, match["year"], years, match["weekday"] if not place else None, seen_on)
                 for place, day in enumerate(ends)]  # fmt: skip
        add(match, [each for days in dated for each in days])
    for match in _IN_DIGITS.finditer(text):
        led = match["weekday"] or match["led"] or match["bare"]
        if not match["year"] and (not led or match["mark"] != "/"):
            continue  # 53/10 may be a number of anything
        if match["year"] and len(match["year"]) == 2 and not led:
            continue
        years = () if match["year"] else told.at(match.start())
        add(match, _days_of(int(match["day"]), int(match["month"]), match["year"], years, match["weekday"], seen_on))
    written: dict[int, list[int]] = {}  # places in `found`, by where the date begins
    for place, fact in enumerate(found):
        written.setdefault(fact.start, []).append(place)
    for match in _SAID.finditer(text):
        said = seen_on + timedelta(
            days=_AWAY.get(" ".join(_WRITTEN_OUT.get(word, word) for word in match["word"].lower().split()), 0)
        )
        gap = text[match.end() : match.end() + 4]
        beside = written.get(match.end() + len(gap) - len(gap.lstrip(" \t\n,")), [])
        is_otherwise = bool(beside) and all(found[place].value != said.isoformat() for place in beside)
        add(match, [(said, Doubt.OTHERWISE if is_otherwise else "")])
        for place in beside if is_otherwise else ():
            found[place] = replace(found[place], doubt=found[place].doubt or Doubt.OTHERWISE)
    for match in _DAYS_AGO.finditer(text):
        away = _COUNTED.get(match["days"].lower()) or int(match["days"])
        add(match, [(seen_on - timedelta(days=away), "")])
    for match in _NEAR.finditer(text):
        ago = (seen_on.weekday() - _weekday(match["weekday"])) % 7
        last, ahead = seen_on - timedelta(days=ago), seen_on + timedelta(days=7 - ago)
        side = match["side"]
        if side in ("lalu", "kemarin", "kemaren", "kmrn", "yang lalu"):
            add(match, [(last if ago else last - timedelta(days=7), "")])
        elif side in ("depan", "mendatang", "nanti", "besok"):
            add(match, [(ahead, "")])
        else:
            told_on = _after_last_date(text, match, [found[place] for places in written.values() for place in places])
            possible = dict.fromkeys(day for day in (told_on, last, ahead) if day is not None)
            add(match, [(day, Doubt.EITHER) for day in possible])
    return _first_ones([_of_what(text, fact) for fact in found])


# `…," ujarnya, Selasa`: a day of the article, and not of whoever reads it.
_SAYS_SO = re.compile(
    r"\b(?:ujar|kata|ucap|tutur|ungkap|jelas|tegas|sebut|tambah|papar|imbuh|terang|pungkas|beber)(?:nya)?\b[^.!?\n]{0,100},\s{1,4}$",
    re.IGNORECASE,
)


def _after_last_date(text: str, match: re.Match[str], dated: Sequence[Fact]) -> date | None:
    """Return the weekday after the last date that is written before it, where somebody is said to have spoken then."""
    before = [fact for fact in dated if fact.end <= match.start()]
    if not before or not _SAYS_SO.search(text, max(0, match.start() - 140), match.start()):
        return None
    last = date.fromisoformat(max(before, key=lambda fact: fact.end).value)
    try:
        return last + timedelta(days=(_weekday(match["weekday"]) - last.weekday()) % 7)
    except OverflowError:
        return None


def no_days_in(text: str) -> list[str]:
    """Return what is written as a date and is none.

    >>> no_days_in("Rapat 31/02/2024, bukan 30 Februari 2024, dan 28/02/2024")
    ['31/02/2024', '30 Februari 2024']
    """
    found = [
        (match.start(), match[0]) for match in _IN_WORDS.finditer(text) if _is_no_day(match, month_of(match["month"]))
    ]
    for match in _IN_DIGITS.finditer(text):
        is_date = match["year"] and len(match["year"]) == 4 and int(match["month"]) <= 12 and int(match["day"]) <= 31
        if is_date and _is_no_day(match, int(match["month"])):
            found.append((match.start(), match[0]))
    return list(dict.fromkeys(words for _, words in sorted(found)))[:_MOST_FACTS_A_KIND]


def _is_no_day(match: re.Match[str], month: int) -> bool:
    # Every four years there is a 29th of February: without a year it is a day.
    year = match["year"] or "2024"
    return _dated(int(match["day"]), month, year, None, date(2024, 1, 1)) is None


def _of_what(text: str, fact: Fact) -> Fact:
    """Doubt a day behind `padahal`: what was done then may be something else than what the text is about."""
    is_aside = _BESIDES.search(text[max(0, fact.start - _BEFORE) : fact.start])
    return replace(fact, doubt=fact.doubt or Doubt.ASIDE) if is_aside else fact


class _Years:
    """The years that the sentences of a text tell of."""

    def __init__(self, text: str, seen_on: date) -> None:
        self._ends: list[int] = []
        self._years: list[tuple[int, ...]] = []
        for start, end in denials.sentences(text):
            self._ends.append(end)
            self._years.append(tuple(sorted(set(_years_told(text, start, end, seen_on)))[:_MOST_YEARS]))

    def at(self, place: int) -> tuple[int, ...]:
        """Return those of the sentence in which a sign stands."""
        return self._years[min(bisect.bisect_right(self._ends, place), len(self._ends) - 1)]


_MOST_YEARS = 3


def _years_told(text: str, start: int, end: int, seen_on: date) -> Iterator[int]:
    for match in _YEARS_TOLD.finditer(text, start, end):
        if written := match["year"] or match["ago"]:
            yield int(written)
        elif match["side"]:
            yield seen_on.year + _YEARS_AWAY[match["side"].lower()]


def _days_of(
    day: int, month: int, year: str | None, years: Sequence[int], weekday: str | None, seen_on: date
) -> list[tuple[date, str]]:
    """Return a date, or one for each year that its sentence tells of where it has none, and what is doubtful about them."""
    nearest = _dated(day, month, year, weekday, seen_on)
    beside = [found for each in years if (found := _dated(day, month, str(each), weekday, seen_on))]
    if not beside or nearest is None:
        return [nearest] if nearest else []
    of_weekday = [each for each in beside if not each[1]]
    if weekday and not of_weekday and not nearest[1]:
        return [(nearest[0], Doubt.YEARS)]
    doubt = Doubt.YEARS if len(beside) > 1 else Doubt.YEAR_BESIDE
    return [(found, other or doubt) for found, other in (of_weekday or beside)]


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
    "kaban": ("badan",), "kadin": ("dinas",), "kadis": ("dinas",),
    "kadisdik": ("dinas", "pendidikan"), "kadinkes": ("dinas", "kesehatan"),
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
    return _first_ones(_wherever_named(text, names))


def _wherever_named(text: str, names: Sequence[Named]) -> list[Fact]:
    known: dict[tuple[str, ...], list[Named]] = {}
    schools: dict[tuple[str, ...], list[Named]] = {}  # by kind and number, without their town
    for each in names:
        tokens = tuple(token for token, _, _ in _tokens(each.name))
        if len(tokens) <= _LONGEST_NAME and (len(tokens) > 1 or len("".join(tokens)) > 4 or _is_initials(each.name)):
            known.setdefault(tokens, []).append(each)
            for short in short_forms.also_called(tokens) - {tokens}:
                known.setdefault(short, []).append(each)
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
            if meant and _is_written_as_name(text[start:end]):
                doubt = Doubt.SEVERAL if len(meant) > 1 else ""
                found += [Fact(each.kind, each.value, start, end, text[start:end], doubt) for each in meant[:3]]
                place += count
                break
        else:
            place += 1
    return found


def short_names(name: str) -> list[str]:
    """Return how an office on record is called for short.

    >>> short_names("Badan Penanggulangan Bencana Daerah")
    ['bpbd', 'kalaksa bpbd']
    """
    return sorted(" ".join(short) for short in short_forms.also_called([token for token, _, _ in _tokens(name)]))


def _is_initials(name: str) -> bool:
    return name.isupper() and name.isalpha() and len(name) >= short_forms.SHORTEST_INITIALS


def _is_written_as_name(words: str) -> bool:
    """Say whether few letters are written as initials are: `BKD`, but not `bkd`."""
    return len(words) >= short_forms.SURE_INITIALS or words.isupper()


# --- offices, persons, places ------------------------------------------------------------------------------------

# What a headline in capitals goes on with: in such a line no small letter tells where a name or an office ends.
_GOES_ON_WITH = frozenset((
    "di", "ke", "dari", "dan", "atau", "yang", "untuk", "dengan", "pada", "saat", "usai", "akan", "ikut", "hadiri", "ajak",
    "dukung", "imbau", "himbau", "buka", "pimpin", "resmikan", "foto", "bagikan", "diduga", "dilaporkan", "diperiksa",
    "dipanggil", "disanksi", "dicopot", "dilantik", "ditegur", "diminta", "terbukti", "terancam", "tak", "tidak", "belum",
    "sudah", "soal", "terkait", "karena", "jelang", "dalam", "oleh", "agar", "bersama", "kampanyekan", "sosialisasikan",
    "serahkan", "tegaskan", "tekankan", "ingatkan", "sampaikan", "minta", "lantik", "tinjau", "kunjungi", "jadi", "terima",
    "gelar", "larang", "bantah", "langgar", "netral", "kampanye", "apel", "rapat", "sebut", "nomor", "urut", "paslon",
    "calon", "caleg", "membantah", "membagikan", "menghadiri", "hadir", "bukan", "jangan", "joget", "goyang", "senam", "nyanyi",
    "viral",
))  # fmt: skip
# The same words end a name or an office also where they alone are written large: `Lurah Contoh TIDAK`, `Lurah Contoh Diduga`.
_IN_NAMES = {"dan", "bersama", "jadi", "terima", "soal", "apel", "netral", "gelar", "nomor", "dalam", "buka"}
_NO_NAME = "|".join(form for word in sorted(_GOES_ON_WITH - _IN_NAMES) for form in (word.upper(), word.capitalize()))
# A longer word before a full stop ends a sentence, but for the short forms of Muhammad; so do letters that are a degree.
_SHORT = r"(?:[A-Z]\w{0,2}|Mo(?:hd|ch|hm)|Mu(?:hd|ch)|(?!S\.[A-Z]\.)[A-Z](?:\.[A-Z]){1,3})"
_CAPITAL = rf"(?:{_SHORT}\.(?=\s)|[A-Z][\w'’-]{{0,40}}(?:\.\w{{1,20}}){{0,4}})"
_TITLE = (
    r"(?:Haji|Hajjah|H|Hj|Dr|dr|Drs|Dra|Drg|drg|Ir|Prof|KH|K\.\s?H|Ustaz|Ustadz|Ustadzah|Ustazah|Buya|Ny|Nyonya|Tn|Pdt|Pendeta|Pastor|Romo"
    r"|Dt|Datuk|Datuak|St(?=\.)|Sutan|Tgk|Teungku|Tuanku|Ns(?=\.))\b"
)
# When something was ends what is told of where it was and of whose office it is; Pasar Minggu is a place.
_WHEN = (
    rf"(?:(?<!\bPasar)(?={_GAP}(?:Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu|Ahad)\b)"
    rf"|(?={_GAP}(?:\d{{1,2}}(?:{_MAYBE_GAP}(?:-|–|s\.?/?d\.?|sampai|hingga){_MAYBE_GAP}\d{{1,2}})?[\s-]{{1,4}}(?i:{_MONTH})\b|\d{{1,2}}[/.-]\d"
    rf"|(?:Tanggal|Tgl|Pukul|Jam{_GAP}\d|Pada|Hari{_GAP}(?:Senin|Selasa|Rabu|Kamis|Jum|Sabtu|Minggu|Ahad|[Ii]ni))\b)))"
)
_REST = rf"(?:(?!{_WHEN}){_GAP}(?!{_TITLE})(?:{_CAPITAL}|\d{{1,3}}(?!\d)|dan(?={_GAP}[A-Z])))"
# In which capacity somebody holds an office, or held it: `Penjabat (Pj.) Wali Kota`, `mantan camat`.
_CAPACITY = (
    rf"(?:(?:[Pp]lt|[Pp]lh|[Pp]js?|[Pp]enjabat(?:{_GAP}[Ss]ementara)?|[Pp]elaksana{_GAP}(?:[Tt]ugas|[Hh]arian)|[Mm]antan|[Ee]ks|[Bb]ekas)\b\.?-?"
    rf"(?:{_MAYBE_GAP}\((?:[Pp]lt|[Pp]lh|[Pp]js?)\.?\))?{_MAYBE_GAP})"
)
_POST = (
    r"Plt|Plh|Pjs?|Wakil|Camat|Lurah|Bupati|Wali\s?[Kk]ota|Wali\s[Nn]agari|Gubernur|Sekda|Sekcam|Sekretaris|Kadis\w{0,20}|Kabag|Kabid|Kades"
    r"|Kepala|Kepsek|Staf|Asisten|Ketua|Anggota|Direktur|Menteri|Penjabat|Pelaksana|Mantan|Eks|Inspektur|Kaban|Kadin\w{0,12}|Kasu?b?[Bb]?ag|Sekwan"
)
# Who leads an office that is called by its short form: `Kepala BKPSDM`, `Kepala Satpol PP`.
_SHORT_OFFICE = (
    rf"(?:[A-Z]{{3,10}}\b|[Ss]atpol(?:{_GAP}PP)?\b|[Ss]atuan\b|[Kk]esbang\w{{0,8}}|[Bb]ap[a-z]{{3,14}}\b|[Dd]is[a-z]{{3,14}}\b|[Dd]in(?:kes|sos)\b"
    r"|[Ii]nspektorat\b|[Dd]ukcapil\b|[Ll]apas\b|[Rr]utan\b)"
)
# Whoever is named beside somebody else has a post of his own: `Sekda Contoh dan Kadis Umpama` are two.
_AND_POST = rf"(?!{_GAP}dan{_GAP}(?:{_POST})\b)"
_OFFICE = re.compile(
    rf"\b{_CAPACITY}{{0,2}}"
    rf"(?:[Ww]akil{_GAP})?(?:[Cc]amat|[Ll]urah|[Bb]upati|[Ww]ali\s?[Kk]ota|[Gg]ubernur|[Ss]ekda|[Ss]ekretaris{_GAP}[Dd]aerah|[Kk]adis\w{{0,20}}"
    rf"|[Kk]epala{_GAP}(?:[Dd]inas|[Bb]adan|[Bb]agian|[Bb]idang|[Ss]ekolah|[Dd]esa|[Pp]uskesmas|[Ss]eksi|[Kk]antor|[Bb]alai|[Uu]nit|{_SHORT_OFFICE})"
    rf"|Inspektur(?!{_GAP}(?:[Uu]pacara|[Aa]pel))|Sekwan|Kaban|Kadin\w{{0,12}}|Kasu?b?[Bb]?ag\b|Kasat(?:pol)?\b|Kalaksa"
    rf"|[Ss]ekretaris{_GAP}(?:[Dd]ewan|[Dd]inas|[Bb]adan|[Cc]amat|[Dd]esa|[Ll]urah)|(?:[Kk]etua|[Aa]nggota){_GAP}(?:DPRD?\b|[Dd]ewan)"
    rf"|[Ss]taf{_GAP}[Aa]hli|[Aa]sisten|[Kk]epsek|[Ww]ali{_GAP}[Nn]agari|[Kk]abid|[Kk]abag|[Ss]ekcam|[Gg]uru(?={_GAP}(?:SD|SMP|SMA|SMK|TK|MTs)))"
    rf"(?:(?!{_GAP}(?:{_NO_NAME}|DAN|BERSAMA|JADI)\b){_AND_POST}{_REST}){{0,5}}"
)
_ADDRESS = "Bapak|Pak|Ibu|Bu|Sdr|Sdri|Saudara|Saudari"
# Whose child somebody is stands in small letters within a name: Rotua br. Simanjuntak, Umar bin Contoh.
_CHILD_OF = r"(?:bin|binti|bt|bte|br|boru|beru)\b\.?"
# Capital words that are no part of a name before them: a post, a kind of unit or region, a form of address, and what headlines go
# on with.
_ENDS_NAME = (
    rf"(?:{_ADDRESS}|{_POST}|ASN|PNS|Dinas|Badan|Bagian|Kantor|Kecamatan|Kelurahan|Desa|Kabupaten|Kota|Provinsi|Pemerintah|Pemkot|Pemkab"
    r"|Pemprov|Di|Ke|Dari|Dan|Untuk|Dengan|Pada|Saat|Usai|Akan|Ikut|Hadiri|Ajak|Dukung|Imbau|Buka|Pimpin|Resmikan|Foto"
    rf"|Bagikan|Diduga|{_NO_NAME})\b"
)
_WITHIN_NAME = r"(?:[^\S\n]{1,4}|[^\S\n]?\n[^\S\n]?)"  # no name goes on behind an empty line
_NEXT = rf"{_WITHIN_NAME}(?:{_CHILD_OF}{_WITHIN_NAME})?(?!{_ENDS_NAME}){_CAPITAL}"
_PERSON = re.compile(
    rf"\b(?:(?:(?:{_ADDRESS})\b|{_TITLE})\.?{_GAP}){{1,6}}"
    # Who is addressed by his post is told with what it is the post of.
    rf"(?:(?=(?:{_POST})\b){_CAPITAL}(?:{_GAP}{_CAPITAL}){{0,3}}|{_CAPITAL}(?:{_NEXT}){{0,6}})"
    rf"(?:,{_MAYBE_GAP}(?:S|M)\.\s?\w{{1,20}}\.?){{0,4}}"
)
# `Camat Karang Jati, Contoh Belaka, hadir`: between commas behind an office somebody is named, or what it is a part of.
_NO_PERSON = (
    rf"{_ADDRESS}|{_TITLE}|Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu|Ahad|{'|'.join(MONTHS_ID)}|Kab|Kec|Kel|Prov|Nagari|Jalan|RT|RW"
    r"|Aceh|Sumatera|Riau|Kepulauan|Jambi|Bengkulu|Lampung|Bangka|DKI|Jakarta|Jawa|Banten|Bali|Nusa|Kalimantan|Sulawesi|Gorontalo|Maluku"
    r"|Papua|Indonesia|SD|SDN|SMP|SMPN|SMA|SMAN|SMK|SMKN|TK"
)
_BESIDE_OFFICE = re.compile(
    rf",{_GAP}(?P<name>(?!(?:{_NO_PERSON})\b|{_ENDS_NAME}){_CAPITAL}(?:{_NEXT}){{1,4}}(?:,{_MAYBE_GAP}(?:S|M)\.\s?\w{{1,20}}\.?){{0,4}})(?=,)"
)
# `Pak Camat` names nobody: the office is proposed.
_BARE_POST = re.compile(
    rf"(?:{_ADDRESS})\.?{_GAP}(?:Camat|Lurah|Bupati|Wali\s?[Kk]ota|Gubernur|Sekda|Sekcam|Kadis\w{{0,20}}|Kabag|Kabid|Kepsek|Asisten)"
)
# A street, a hospital, a school is called after somebody who is dead.
_CALLED_AFTER = re.compile(
    rf"\b(?:Jalan|Jln?\.?|Gang|Lapangan|Gedung|Stadion|RSUD|RS|Rumah{_GAP}Sakit|Masjid|Mesjid|Musala|Museum|Bandara|Pasar|Taman|GOR|Aula)"
    rf"{_GAP}$",
    re.IGNORECASE,
)
_HEAD = re.compile(  # what an office begins with, before what it is the office of
    rf"{_CAPACITY}{{0,2}}(?:[Kk]epala{_GAP}{_SHORT_OFFICE}|\w+{_GAP}(?:DPRD?\b|[Dd]ewan|[Dd]inas|[Dd]aerah|[Bb]adan|[Bb]agian|[Bb]idang|[Ss]ekolah"
    r"|[Dd]esa|[Pp]uskesmas|[Ss]eksi|[Kk]antor|[Bb]alai|[Uu]nit|[Kk]ota|[Nn]agari|[Aa]hli|[Cc]amat|[Gg]ubernur|[Bb]upati)|\w+)\b"
)
_MONTH_NAME = "|".join(MONTHS_ID)
_PLACE = re.compile(
    rf"\b(?:[Bb]ertempat{_GAP}di|di){_GAP}(?P<place>(?:[Aa]ula|[Ll]apangan|[Gg]edung|[Hh]alaman|[Kk]antor|[Bb]alai|[Pp]endopo|[Rr]uang|[Hh]otel|[Ss]tadion)"
    # A place may be called by a day: Lapangan 17 Agustus.
    rf"(?:{_GAP}\d{{1,2}}{_GAP}(?:{_MONTH_NAME})\b(?![\s,]{{1,4}}(?:19|20)\d\d){_REST}{{0,4}}|{_REST}{{1,6}})"
    rf"|(?:[Aa]ula|[Ll]apangan|[Hh]alaman)(?:(?!{_WHEN}){_GAP}[a-z]{{1,30}})?(?!{_WHEN}){_GAP}[A-Z]\w{{0,40}})"
)


_KEPT_LARGE = frozenset((
    "KH", "ASN", "PNS", "PPPK", "SD", "SDN", "SMP", "SMPN", "SMA", "SMAN", "SMK", "SMKN", "TK", "RSUD", "UPT",
    "DPR", "DPRD", "BKD", "BKN", "BKPSDM", "BPBD", "BPKAD", "PP",
))  # fmt: skip
_IN_CAPITALS = re.compile(r"[A-Z]{2,}")


def _in_small(text: str, units: Sequence[tuple[int, int]] = ()) -> str:
    """Return a headline in capitals as text is written, of the same length; `units`: where names on record stand in it.

    >>> _in_small("DR. H. CONTOH, S.SOS BAGIKAN SEMBAKO")
    'Dr. H. Contoh, S.Sos bagikan Sembako'
    """

    def in_small(match: re.Match[str]) -> str:
        word = match[0].lower()
        is_of_unit = any(start <= match.start() < end for start, end in units)
        return (
            word
            if word in _GOES_ON_WITH and not is_of_unit
            else match[0]
            if match[0] in _KEPT_LARGE
            else word.capitalize()
        )

    return _IN_CAPITALS.sub(in_small, text)


def _headlines(text: str) -> Iterator[tuple[int, str]]:
    """Yield where lines begin that are written in capitals, with them: those that follow each other as one."""
    start = at = 0
    held = ""
    for line in (*text.splitlines(keepends=True), ""):
        if line and line == line.upper() and len(_IN_CAPITALS.findall(line)) > 1:
            held += line
        else:
            if held:
                yield start, held
            start, held = at + len(line), ""
        at += len(line)


def people_in(text: str, units: Sequence[Fact] = ()) -> list[Fact]:
    """Return the offices and the persons that a text names, as it writes them; nobody is looked up.

    `units` on record that stand in it are no persons, and an office goes on as long as the name of its unit does.
    """
    headlines = list(_headlines(text))
    in_capitals = {at for start, line in headlines for at in range(start, start + len(line))}
    found: list[Fact] = []
    spans = [(each.start, each.end) for each in units]
    for kind, facts in _offices_and_persons(text).items():
        facts = [each for each in (_beside_units(text, each, spans) for each in facts) if each is not None]
        told = _first_ones([fact for fact in facts if fact.start not in in_capitals])
        read = [
            fact
            for start, line in headlines
            for fact in _of_headline(kind, start, line, spans)
            if not any(_is_longer(fact.value, other.value) for other in told)
        ]
        found += _first_ones(told + read)
    return found


def _beside_units(text: str, fact: Fact, units: Sequence[tuple[int, int]]) -> Fact | None:
    """Return an office as long as the unit that it is of; None for a person whose name is only that of a unit."""
    if fact.kind is Kind.PERSON:
        return None if any(start <= fact.start and fact.end <= end for start, end in units) else fact
    ends = [end for start, end in units if fact.start <= start < fact.end < end]
    if not ends:
        return fact
    words = text[fact.start : max(ends)]
    return replace(fact, value=words, words=words, end=max(ends))


def _of_headline(kind: Kind, start: int, line: str, units: Sequence[tuple[int, int]]) -> Iterator[Fact]:
    """Yield what a line in capitals, which begins there, names of one kind; where a name ends in it is doubted."""
    within = [(one - start, other - start) for one, other in units]
    for found in _offices_and_persons(_in_small(line, within))[kind]:
        if (fact := _beside_units(line, found, within)) is None:
            continue
        yield Fact(
            kind,
            line[fact.start : fact.start + len(fact.value)],
            start + fact.start,
            start + fact.end,
            line[fact.start : fact.end],
            Doubt.CAPITALS,
        )


def _is_longer(one: str, other: str) -> bool:
    """Say whether of two readings one only goes on longer than the other: what stands in small letters ends surely."""
    one, other = one.lower(), other.lower()
    return one.startswith(other) or other.startswith(one)


def _offices_and_persons(text: str) -> dict[Kind, list[Fact]]:
    offices = list(_OFFICE.finditer(text))
    beside = [match for office in offices if (match := _BESIDE_OFFICE.match(text, office.end()))]
    return {
        Kind.OFFICE: [Fact(Kind.OFFICE, match[0], *match.span(), match[0]) for match in offices],
        Kind.PERSON: [
            Fact(Kind.PERSON, match[0].rstrip(".,"), *match.span(), match[0])
            for match in _PERSON.finditer(text)
            if not _BARE_POST.fullmatch(match[0].rstrip(".,"))
            and not _CALLED_AFTER.search(text, max(0, match.start() - _BEFORE), match.start())
        ]
        + [Fact(Kind.PERSON, match["name"], *match.span("name"), match["name"], Doubt.BESIDE) for match in beside],
    }


# Words after which somebody is meant, however they are written. Nothing is proposed from them: they only raise the warning that
# people are named, so too many are better than too few.
_MEANS_SOMEBODY = re.compile(
    rf"(?<![\w.@])@\w[\w.]|\b(?:kadis|kadin|wali{_MAYBE_GAP}(?:kota|nagari|murid|kelas))"
    rf"|\b(?:bapak|bpk|pak|pk|ibu(?!{_GAP}?kota\b)|bu|ibuk|sdri?|saudar[ai]|haji|hajjah|hj|ust|ustad|ustadz|ustaz|buya|datuak|datuk|bang|kak"
    rf"|mas|mbak|uda|om|tante)\.?{_GAP}@?\w"
    r"|\b(?:(?:bu|pak)?(?:camat|lurah|kades|guru|kepsek|bupati)|kasie?|kasu?b?bag|kasubb?id|kabid|kabag|kaban|kapus|kapuskes|kadus|kakan"
    r"|kakankemenag|kalaksa|kasat|kasatpol|kapolsek|kapolres|danramil|dandim|sekcam|seklur|sekdes|sekda|sekwan|sekdis|sekretaris"
    r"|bendahara|wabup|wawako|wako|walkot|gubernur|gub|wagub|menteri|kepala|ketua|staf|staff|ajudan|asisten|plt|plh|pjs?|dosen|bidan"
    r"|perawat|dokter|penyuluh|jorong|keuchik|rektor|dekan|oknum|seorang|inisial|berinisial|bernama|namanya|a\.?n\.)\b",
    re.IGNORECASE,
)


def means_somebody(text: str) -> bool:
    """Say whether a text seems to mean somebody, also where no office and no name can be proposed from it.

    >>> means_somebody("parah bgt kadinkes @contohbelaka like postingan"), means_somebody("Apel pagi di lapangan besok")
    (True, False)
    """
    return _MEANS_SOMEBODY.search(text) is not None


_NO_NAME_OF_PERSON = (
    rf"(?:{_ENDS_NAME}|(?:Bawaslu|Panwas\w{{0,8}}|KPU|Komisi|Forum|Satgas|Satuan|Pol(?:res|da|sek|ri)|Kementerian|Menteri|Universitas|Lembaga|Majelis"
    r"|Surat|Edaran|Instruksi|Peraturan|Undang|Pasal|Pilkada|Pemilu|Pemilihan|Apel|Rapat|Sosialisasi|Deklarasi|Ikrar|Pakta|Integritas"
    r"|Tim|Partai|Pasangan|Calon|Paslon|Relawan|Aparatur|Sipil|Negara|Masyarakat|Warga|Pegawai|Guru|Balai|Aula|Lapangan|Gedung|Jalan|Pasar"
    r"|Hotel|Masjid|Sekolah|Puskesmas|Rumah|Nagari|Jorong|Dusun|Unit|Serentak|Nasional|Republik|Indonesia|Sumatera|Jawa|Kalimantan|Sulawesi"
    r"|Papua|Aceh|Riau|Nusa|Barat|Timur|Selatan|Tengah|Tenggara|Dalam|Menurut|Kegiatan|Acara|Para|Seluruh|Semua|Setiap|Sejumlah|Beberapa"
    r"|Ini|Itu|Ia|Dia|Mereka|Saat|Hari|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Ahad|Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus"
    r"|September|Oktober|November|Desember|Facebook|Instagram|Kampanye|Netralitas|Bersama|Kabar|Foto|Video|Selain|Dalam|Namun|Meski|Jika"
    r"|Bila|Karena|Setelah|Sebelum|Demikian|Sementara|Sedangkan|Tidak|Jangan|Hanya|Juga|Sudah|Telah|Akan|Besok|Kemarin|Gabungan|Pagi)\b)"
)
_WORD_OF_NAME = rf"(?!{_NO_NAME_OF_PERSON})[A-Z][a-z'’]{{1,30}}"
_DOES = (
    rf"{_GAP}(?:(?:hadir\w{{0,4}}|ikut\w{{0,3}}|turut|tampak|terlihat|bagi|jadi|sedang|akan|sudah|telah|pernah|tidak|juga|me[a-z]{{3,20}}"
    rf"|ber[a-z]{{3,20}}|di[a-z]{{4,20}}|foto|like|joget|pose|kampanye|orasi)\b|dan{_GAP}(?=[A-Z])(?!{_NO_NAME_OF_PERSON}))"
)
_SEEMS_NAMED = re.compile(
    rf"(?<![\w’'-])(?P<name>{_WORD_OF_NAME}(?:{_GAP}{_WORD_OF_NAME}){{1,4}}){_DOES}"
    rf"|\b(?:oleh|bersama|kepada|kata|ujar|ucap|tutur|bernama){_GAP}(?P<other>{_WORD_OF_NAME}(?:{_GAP}{_WORD_OF_NAME}){{1,4}})"
)


def seems_named(text: str, known: Sequence[Fact] = ()) -> bool:
    """Say whether somebody seems to be named without any title: words in capitals that do something, and are none of `known`.

    >>> seems_named("Contoh Rekaan hadir di kampanye."), seems_named("Pemerintah Kota menggelar apel.")
    (True, False)
    """
    spans = [(each.start, each.end) for each in known if each.kind in (Kind.UNIT, Kind.AGENCY, Kind.PLACE)]
    for match in _SEEMS_NAMED.finditer(text):
        group = "name" if match["name"] else "other"
        if not any(start < match.end(group) and match.start(group) < end for start, end in spans):
            return True
    return False


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


_OF_CANDIDATE = re.compile(
    rf"(?:{_GAP}\w{{1,20}}){{0,2}}{_GAP}(?:paslon|pasangan|bakal|calon|bacalon|balon|capres|pencalonan|dukungan|dukung|relawan|pemenangan"
    r"|kemenangan|tim)\b",
    re.IGNORECASE,
)
_BY_CANDIDATE = re.compile(
    r"\b(?:paslon|pasangan calon|bacalon|bakal calon|calon|relawan|pendukung|partai|kampanye)\b[^.!?\n]{0,30}$",
    re.IGNORECASE,
)
_OF_NEUTRALITY = re.compile(r"(?:netral|integritas|damai|asn\b|pns\b|pegawai)", re.IGNORECASE)


def _is_of_candidate(text: str, match: re.Match[str]) -> bool:
    """Say whether a declaration is that of candidates or their supporters: nothing that an agency holds."""
    if not match[0].lower().startswith("deklarasi") or _OF_NEUTRALITY.search(text, match.end(), match.end() + 40):
        return False
    before = text[max(0, match.start() - 60) : match.start()]
    return bool(_OF_CANDIDATE.match(text, match.end()) or _BY_CANDIDATE.search(before))


def announced_in(text: str) -> list[Fact]:
    """Return which activities and circulars a text speaks of, and the numbers of letters."""
    found = [
        Fact(Kind.ACTIVITY, kind, *match.span(), match[0])
        for kind, says in _ACTIVITIES
        for match in says.finditer(text)
        if not _is_of_candidate(text, match)
    ]
    letters = [
        Fact(Kind.CIRCULAR, kind, *match.span(), match[0]) for kind, says in _CIRCULARS for match in says.finditer(text)
    ]
    numbers = [
        Fact(Kind.NUMBER, match["number"].rstrip(".,-"), *match.span("number"), match["number"])
        for match in _NUMBER.finditer(text)
    ]
    return _first_ones(found) + _first_ones(letters) + _first_ones(numbers)


# A page that was copied with its tags: what stands in them was read by no visitor.
_TAGS = re.compile(r"<script\b[^>]{0,200}>[^<]{0,2000}</script>|</?[a-z!][^<>]{0,300}>", re.IGNORECASE)


def for_acts(text: str) -> str:
    """Return a text of the same length with the words alone that tell of acts: without tags, and without `tidak membantah`.

    >>> for_acts("<b>Camat</b> tidak membantah ikut")
    '   Camat                     ikut'
    """
    without_tags = _TAGS.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return denials.without_admissions(without_tags)


Suggested = Sequence[tuple[str, Sequence[str]]]
"""Acts that were suggested for a text (id, words of the writer)."""


def acts_in(text: str, suggested: Suggested, denied: Suggested = ()) -> list[Fact]:
    """Return acts that were suggested for what a text states, each at the first of its words, and those that it denies.

    >>> text = "Lurah membantah ikut kampanye"
    >>> [(fact.words, str(fact.doubt)) for fact in acts_in(text, [], [("kampanye", ["ikut kampanye"])])]
    [('ikut kampanye', 'denied')]
    """
    told = denials.told(text)
    found = list(_acts(told.stated, suggested))
    stated = {fact.value for fact in found}
    for (act, because), fact in zip(denied, (next(_acts(told.alleged, [each]), None) for each in denied), strict=True):
        if (
            fact is None
            or act in stated
            or not any(start < fact.end and fact.start < end for start, end in told.denied)
        ):
            continue
        # What weighs most of it may be stated, and only what it was done for stand in the denial.
        weighty = max(because, key=lambda words: (len(words.split()), len(words)))
        at = -1 if weighty.lower() == fact.words.lower() else told.stated.lower().find(weighty.lower())
        is_denied_too = any(weighty.lower() in text[start:end].lower() for start, end in told.denied)
        if at >= 0 and not is_denied_too:
            found.append(replace(fact, start=at, end=at + len(weighty)))
        else:
            found.append(replace(fact, doubt=Doubt.DENIED))
    return _first_ones(found)


def _acts(text: str, suggested: Suggested) -> Iterator[Fact]:
    small = text.lower()
    for act, because in suggested:
        for words in because:
            if (start := small.find(words.lower())) >= 0:
                yield Fact(Kind.ACT, act, start, start + len(words), ", ".join(because))
                break


# --- all of it ---------------------------------------------------------------------------------------------------


def propose(
    text: str, seen_on: date, *, names: Sequence[Named], suggested: Suggested, denied: Suggested = ()
) -> list[Fact]:
    """Return what a readable text may tell, kind by kind, each kind in the order of the text.

    `suggested`: acts for what it states; `denied`: acts for what is alleged in it, what it denies among that (see denials.told).
    """
    named = _wherever_named(text, names)
    found = [*days_in(text, seen_on), *places_in(text), *_first_ones(named), *acts_in(text, suggested, denied), *announced_in(text),
             *people_in(text, named)]  # fmt: skip
    order = list(Kind)
    found = [_perhaps_with_name(each, found) for each in found]
    return sorted(found, key=lambda each: (order.index(each.kind), each.start, each.value))


def _perhaps_with_name(fact: Fact, found: Sequence[Fact]) -> Fact:
    """Doubt an office of two words or more that is not known to end there: the last of them may be somebody's name."""
    if fact.kind is not Kind.OFFICE or fact.doubt or not (head := _HEAD.match(fact.words)):
        return fact
    rest = fact.words[head.end() :].split()
    is_known = any(each.kind in (Kind.UNIT, Kind.AGENCY) and each.end == fact.end for each in found)
    return fact if is_known or len(rest) < 2 or rest[0].isupper() else replace(fact, doubt=Doubt.NAME)


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
