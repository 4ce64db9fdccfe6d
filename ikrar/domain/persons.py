"""Who a rule speaks of. The law names people by employment, by post and by task; one person can be several of these.

Source of every word: `applies_to` of the acts. Which word includes which is our reading of the same facts
(`uudesa-29-village-head`, `lurah-camat-as-civil-servant`, `pilkada-71-1-school-head`), never of the law beyond them.
What a post is called tells more of whoever may hold it and never makes somebody of another employment: a school head who
is PPPK stays PPPK. Where the facts leave open whether a rule reaches a person, that is kept apart (`Person.perhaps`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ikrar.domain.errors import PersonUnknown

# A word a person can be described by → the words by which rules speak of the same person.
_INCLUDES: Mapping[str, tuple[str, ...]] = {
    "pns": ("asn",),
    "cpns": ("asn",),
    "pppk": ("asn",),
    "asn": (),
    "pns-direct-superior": ("pns", "asn"),
    "disciplinary-authority": (),
    "asn-official": ("pns", "asn"),
    "lurah": ("asn-official", "pns", "asn"),
    "camat": ("asn-official", "pns", "asn"),
    "school-head": ("pns", "asn"),
    "ppnpn": (),
    "honorer": ("ppnpn",),
    "tni": (),
    "polri": (),
    "village-head": (),
    "wali-nagari": ("village-head",),
    "keuchik": ("village-head",),
    "kuwu": ("village-head",),
    "village-staff": (),
    "bpd": (),
    "organiser": (),
    "candidate": (),
    "campaigner": (),
    "governor": (),
    "regent": (),
    "mayor": (),
    "deputy-head": (),
    "acting-head": (),
    "state-official": (),
    "regional-official": (),
    "judge": (),
    "soe-official": (),
    "other-official": (),
    "none": (),
}
CLASSES = tuple(_INCLUDES)
"""Every word that a rule may use for a person; `none`: nobody of these."""
CIVIL_SERVANTS = frozenset({"pns", "cpns", "pppk", "asn"})
"""The words for every civil servant (ASN), whatever the post."""
RELATIONS = ("none", "spouse-of-candidate", "relative", "candidate")
"""What the person who asks is to a candidate."""

SORTS_OF_ASN = frozenset({"pns", "cpns", "pppk"})

# Words of the roster and of everyday life for the same people; any other local name of a village head is one too.
_ALSO = {
    "contract": "ppnpn", "kontrak": "ppnpn", "non-asn": "ppnpn", "tenaga honorer": "honorer", "honorer": "honorer",
    "village": "village-head", "kepala desa": "village-head", "kades": "village-head", "wali nagari": "wali-nagari",
    "geuchik": "keuchik", "peratin": "village-head", "pambakal": "village-head", "hukum tua": "village-head",
    "perbekel": "village-head", "petinggi": "village-head", "kepala kampung": "village-head", "lembang": "village-head",
    "perangkat desa": "village-staff", "perangkat nagari": "village-staff", "sekretaris desa": "village-staff",
    "sekdes": "village-staff", "tuha peut": "bpd", "anggota bpd": "bpd", "penyelenggara": "organiser",
    "kpps": "organiser", "kepala sekolah": "school-head", "kepsek": "school-head", "gubernur": "governor",
    "bupati": "regent", "wali kota": "mayor", "walikota": "mayor", "anggota tni": "tni", "tentara": "tni",
    "prajurit": "tni", "polisi": "polri", "hakim": "judge",
}  # fmt: skip

# Whom a rule may reach where the facts do not say: a word → the words of rules that are open for the same person.
# PPPK: the level of a PNS row is mapped to the rules of the agency, and the use of the older rows is not verified
# (header of the acts; rows of ethics before 2022). A school head: `school_head_status: contested`. A PNS may be a
# superior. Heads of region are not told apart as officials of state or region.
_OPEN: Mapping[str, tuple[str, ...]] = {
    "pns": ("pns-direct-superior", "disciplinary-authority"),
    "pppk": ("pns", "cpns"),
    "school-head": ("asn-official",),
    "governor": ("state-official", "regional-official"),
    "regent": ("state-official", "regional-official"),
    "mayor": ("state-official", "regional-official"),
    "deputy-head": ("state-official", "regional-official"),
    "acting-head": ("asn-official", "state-official", "regional-official"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as rules speak of people: by `classes` surely, by `perhaps` where the facts leave it open.

    `uncounted` are offices that the post names and that nobody of this employment holds.
    """

    classes: frozenset[str]
    perhaps: frozenset[str]
    uncounted: tuple[str, ...] = ()
    named: frozenset[str] = field(init=False, repr=False, compare=False)
    """All words by which rules speak of the person or may."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "named", self.classes | self.perhaps)

    @property
    def is_unclear(self) -> bool:
        """Say whether the employment has to be told anew.

        So it is of a civil servant who may be PNS or PPPK, and of somebody of no employment who holds a public office by
        what the post is called: one of both is wrong.
        """
        if self.classes == {"none"}:
            return not _PUBLIC.isdisjoint(self.uncounted)
        return "asn" in self.classes and self.classes.isdisjoint(SORTS_OF_ASN)


# --- words -------------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip().lower())


def class_of(word: str) -> str:
    """Return the word of CLASSES for how somebody was described.

    Raises PersonUnknown for a word that is not known; an empty one too: whether a rule reaches a person with no
    employment cannot be told.

    >>> class_of("Kepala Desa"), class_of("PNS")
    ('village-head', 'pns')
    """
    plain = _plain(word)
    for form in (plain, plain.replace(" ", "-"), plain.replace("_", "-")):
        if form in _INCLUDES:
            return form
    if plain in _ALSO:
        return _ALSO[plain]
    raise PersonUnknown(word[:60])


@lru_cache(maxsize=10_000)  # a post is free text: not every one of them is kept
def person_of(employment: str, post: str = "") -> Person:
    """Return how rules speak of somebody, by employment and (where it tells more) by post.

    `post` is free text; only a post that rules speak of tells anything. Raises PersonUnknown for the employment.

    >>> sorted(person_of("pns", "Lurah Tarok Dipo").classes)
    ['asn', 'asn-official', 'lurah', 'pns']
    >>> person_of("honorer", "Staf kantor lurah").classes == person_of("honorer").classes
    True
    """
    own = class_of(employment)
    classes = {own, *_INCLUDES[own]}
    perhaps: set[str] = set()
    uncounted: list[str] = []
    for office, is_sure in _offices(post):
        if office in classes:
            continue
        refined = {office} | (set(_INCLUDES[office]) - _OF_EMPLOYMENT)
        if _HELD_BY[office] & classes:
            (classes if is_sure else perhaps).update(refined)
        elif office in _BESIDE and classes & _BESIDE[office]:
            perhaps |= refined
        elif is_sure:
            uncounted.append(office)
    for word in tuple(classes):
        perhaps.update(_OPEN.get(word, ()))
    return Person(frozenset(classes), frozenset(perhaps - classes), tuple(dict.fromkeys(uncounted)))


def classes_of(employment: str, post: str = "") -> frozenset[str]:
    """Return the words by which rules surely speak of somebody (see person_of). Raises PersonUnknown."""
    return person_of(employment, post).classes


@lru_cache(maxsize=20_000)
def office_of(post: str) -> str:
    """Return the office of which rules speak that a post names surely, as a word of CLASSES; empty: none."""
    return next((office for office, is_sure in _offices(post) if is_sure and office in _OFFICES_THAT_TELL), "")


# --- what a post is called ---------------------------------------------------------------------------------------

_OF_EMPLOYMENT = {"pns", "asn"}
_CIVIL = frozenset({"asn"})
_VILLAGE = frozenset({"village-head"})
# Whoever holds an office is one of these by employment; and one of those may hold it beside their own.
_HELD_BY: Mapping[str, frozenset[str]] = {
    "asn-official": _CIVIL, "lurah": _CIVIL, "camat": _CIVIL, "school-head": _CIVIL, "acting-head": _CIVIL,
    "village-head": _VILLAGE, "wali-nagari": _VILLAGE, "keuchik": _VILLAGE, "kuwu": _VILLAGE,
    "village-staff": frozenset({"village-staff"}), "bpd": frozenset({"bpd"}),
    "governor": frozenset({"state-official", "regional-official"}),
    "regent": frozenset({"state-official", "regional-official"}),
    "mayor": frozenset({"state-official", "regional-official"}),
    "deputy-head": frozenset({"state-official", "regional-official"}),
    "regional-official": frozenset({"state-official", "regional-official"}),
}  # fmt: skip
_HEADS_OF_REGION = {"governor", "regent", "mayor", "deputy-head", "regional-official"}
VILLAGE_OFFICES = frozenset({"village-head", "wali-nagari", "keuchik", "kuwu", "village-staff", "bpd"})
_BESIDE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(VILLAGE_OFFICES, _CIVIL),
    "acting-head": frozenset({"tni", "polri"}),
}
_OFFICES_THAT_TELL = {"school-head", "lurah", "camat", "wali-nagari", "keuchik", "kuwu", "village-head"}
# Of a school, a company or a house others are heads and officials too.
_PUBLIC = frozenset(_HELD_BY) - {"school-head", "asn-official"}

# Several posts of one person are written with these between them.
_BETWEEN = re.compile(r"[,;/()|&+•]|\s[-–]\s|\b(?:dan|and|merangkap|rangkap|sekaligus|selaku|sebagai)\b")
_IN_BRACKETS = re.compile(r"\((pj|pjs|plt|plh)\.?\)")
_POLITE = re.compile(r"^(?:(?:bapak|ibu|pak|bu|saudara|seorang|jabatan|posisi)\b[\s:]*)+")
_ACTING = re.compile(
    r"^(?:(?:pj|pjs|plt|plh|penjabat(?: sementara)?|pelaksana (?:tugas|harian)|acting|acting-head)\b[.\s]*)+"
)
# How a title begins → its office. It stands first in what a post is called: a deputy, an aide, a former head and the
# staff of an office begin with another word.
_SCHOOL = r"sekolah\w*|madrasah|taman kanak|(?:sdn?|smpn?|sman?|smkn?|slbn?|tkn?|paud|min?|mtsn?|man?) ?\d*"
_TITLES: tuple[tuple[re.Pattern[str], str, bool], ...] = tuple(
    (re.compile(rf"(?:{pattern})\b"), office, is_sure)
    for pattern, office, is_sure in (
        (r"gubernur|governor", "governor", True),
        (r"bupati|regent", "regent", True),
        (r"wali ?kota|mayor", "mayor", True),
        (r"kepala daerah", "regional-official", True),
        (r"wakil (?:gubernur|bupati|wali ?kota|kepala daerah)|wagub|wabup|wawako|deputy-head", "deputy-head", True),
        (rf"kepala (?:{_SCHOOL})|kepsek|school[- ]head", "school-head", True),
        (r"lurah|kepala kelurahan", "lurah", True),
        (r"camat", "camat", True),
        (r"wali[- ]nagari", "wali-nagari", True),
        (r"keuchik|geuchik", "keuchik", True),
        (r"kuwu", "kuwu", True),
        (
            r"kepala (?:desa|kampung)|kades|peratin|pambakal|hukum tua|perbekel|petinggi(?=$| desa)|lembang(?=$)"
            r"|village[- ]head",
            "village-head",
            True,
        ),
        (r"perangkat (?:desa|nagari)|sekretaris desa|sekdes|village[- ]staff", "village-staff", True),
        (r"tuha peut|(?:anggota|ketua) bpd|bpd(?=$)", "bpd", True),
        # The levels of posts that the facts list as those of officials (pilkada-71-2-reshuffle).
        (
            r"pejabat (?:struktural|asn|administrator|pengawas|pimpinan tinggi)|asn[- ]official|jpt|pimpinan tinggi"
            r"|jabatan (?:administrator|pengawas|pimpinan tinggi)|administrator(?=$)|pengawas(?=$)|ess?elon [iv1-4]+",
            "asn-official",
            True,
        ),
        # Titles of leading posts. Of which level each is, and whether an extra duty makes an official, no fact says.
        (
            r"kepala (?!(?:desa|kampung|dusun|jorong|lingkungan|keluarga|suku|regu|rumah tangga)\b)\w+"
            r"|sekretaris (?:daerah|dinas|badan|dprd|dewan|inspektorat|jenderal|utama|direktorat)"
            r"|sekda\w*|sekwan|sekjen|kadis\w*|kaban|kabag|kabid|kasi|kasie|kasubb?ag|kasubb?id|kakan|kapus|karo"
            r"|inspektur|irban|direktur|asisten (?:[iv1-4]+|sekda|daerah|sekretaris|pemerintahan|perekonomian|administrasi|bidang)"
            r"|staf ahli",
            "asn-official",
            False,
        ),
    )
)


def _offices(post: str) -> Iterator[tuple[str, bool]]:
    """Yield the offices of which rules speak that a post names, each with whether the name tells it surely."""
    if not post:
        return
    for part in _BETWEEN.split(_IN_BRACKETS.sub(r"\1", _plain(post))):
        title = _POLITE.sub("", part.strip())
        plain = _ACTING.sub("", title)
        if title == "acting-head":
            yield title, True
            continue
        for pattern, office, is_sure in _TITLES:
            if pattern.match(plain):
                is_acting_head = plain != title and office in _HEADS_OF_REGION
                yield ("acting-head" if is_acting_head else office), is_sure
                break
