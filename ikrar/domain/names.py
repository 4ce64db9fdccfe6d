"""Who is meant: a name as people write it, with titles, post and place, read and compared with the names of a roster.

Nothing here decides. Whoever asks gets a score from 0 to 100 and the reasons for it; a person chooses.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from ikrar.domain import name_births, name_words
from ikrar.domain.errors import NameQueryRefused
from ikrar.domain.name_words import joined_sound, likeness, plain, sounds, weight
from ikrar.domain.persons import office_of

LONGEST_QUERY = 1000
"""Letters; what names somebody is one line, and longer texts are refused before anything of them is read."""
MOST_WORDS = 12
"""Further words of a query are not compared."""


class Role(StrEnum):
    """What a word of a query is: of the name, of the unit or place, or one of both that only the roster can tell."""

    NAME = "name"
    PLACE = "place"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    role: Role = Role.NAME


def _as_names(words: Sequence[Word], in_units: Sequence[bool]) -> tuple[Word, ...]:
    """Return words of a query, of which some may be a name where none is surely of one.

    "Pak Camat Ridwan": what follows the post may be who as well as where. What follows the word of a unit is where, unless
    nothing else may be who.
    """
    if any(word.role is Role.NAME for word in words):
        return tuple(words)
    is_all = all(in_units)
    return tuple(
        replace(word, role=Role.EITHER) if is_all or not is_sure else word
        for word, is_sure in zip(words, in_units, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, read. `units` are words of the unit that are no words of a name (smp, 3, dinas); `posts` those of the post."""

    words: tuple[Word, ...]
    posts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    born: tuple[int, int] | None = None
    birth: str = ""
    """The day of birth as a NIP begins with it, where it was told; points stand for what was not told of it."""
    sex: str = ""
    is_several: bool = False
    """More than one was named; these are the words of the first."""
    lost: tuple[str, ...] = ()
    """Words that were asked for and are not looked for any more, since nobody bears them."""
    denied: tuple[str, ...] = ()
    """Words of what was said not to be meant ("bukan …"), as they were written: nothing of it is looked for."""
    looks: tuple[str, ...] = ()
    """Words of how somebody looked or what he did, as in a sentence about one whose name may not be known."""
    is_guess: bool = False
    """What was taken for a place was made a name: nobody fits by the place alone."""
    acting: str = ""
    """In what way the post is held, where that was told: plt, plh, pj or pjs."""
    former: str = ""
    """The word that says that the post is held no more: mantan, eks or bekas."""
    is_dated: bool = False
    """Another day than today was told, on which the post was held."""
    called: tuple[str, ...] = ()
    """All words before the first comma, where some of them were read as a post or a unit: somebody may be called so."""
    behind: tuple[int, int, int] = (0, 0, 0)
    """Where in words, posts and units begins what stood behind that comma."""
    behind_post: tuple[int, int] = (0, 0)
    """From where to where in words stands what followed a post and may be of it (guru PJOK Diana)."""
    in_units: tuple[bool, ...] = ()
    """Of each word, whether it stood behind the word of a unit."""
    is_known_unit: bool = False
    """The roster has a unit of the sort and the place that were told: one of that sort in another place is surely another."""
    addressed: str = ""
    """A word before the first that was read as how somebody is addressed, and is a name as well (ajo, lae)."""
    clans: tuple[str, ...] = ()
    """Words that were said to be of a clan ("suku Koto"), which many do not bear in what is recorded of them."""
    meant: tuple[tuple[str, str], ...] = ()
    """Short forms of places with what they were read as, since it alone fits in the roster."""
    wider: tuple[str, ...] = ()
    """Words of the region that was told as one (kota Batu): of its units not all bear its name."""
    unknown: tuple[str, ...] = ()
    """Words of a place or a unit that the roster knows nothing of, and that are not looked for any more."""

    @property
    def name_words(self) -> tuple[Word, ...]:
        """The words that may be of the name."""
        return tuple(word for word in self.words if word.role is not Role.PLACE)

    @property
    def is_initials(self) -> bool:
        """Say whether single letters are all that was told of a name."""
        named = self.name_words
        return bool(named) and all(len(word.text) == 1 for word in named)

    def is_sure(self, word: Word) -> bool:
        """Say whether whoever does not bear a word is likely another: not one that is perhaps of a place, nor a clan's."""
        return word.role is Role.NAME and word.text not in self.clans

    @property
    def place_words(self) -> tuple[str, ...]:
        """The words that may be of the unit or its place."""
        may_be = (
            word for word in self.words if word.role is Role.PLACE or (word.role is Role.EITHER and word.text[1:])
        )
        return (*self.units, *(word.text for word in may_be if word.text not in self.clans))

    @property
    def sure_places(self) -> tuple[str, ...]:
        """The words that are surely of a place."""
        return tuple(dict.fromkeys(word.text for word in self.words if word.role is Role.PLACE))

    @property
    def sorts(self) -> frozenset[str]:
        """The sorts of units that were told of which every place has its own: by themselves, or by who leads them (camat)."""
        led = {sort for sort, head in _OF_A_HEAD.items() if head in self.posts}
        return _PLACED_SORTS.intersection(self.units) | led

    @property
    def sorts_of_post(self) -> frozenset[str]:
        """The sorts of units that were told, also by a post that is named after one (kapus, kepala SMP)."""
        return self.sorts | _PLACED_SORTS.intersection(self.posts)

    @property
    def tells_where(self) -> bool:
        """Say whether unit, place or post were given beside the name."""
        return bool(self.units or self.posts or any(word.role is Role.PLACE for word in self.words))

    def with_all_as_names(self) -> "Asked":
        """Return the query with every word as one that may be of the name: what was taken for a place may be none."""
        return replace(self, words=tuple(Word(word.text, Role.EITHER) for word in self.words), is_guess=True)

    def with_places(self, places: Collection[int]) -> "Asked":
        """Return the query with some of its words as a place, by where they stand: none is of a name."""
        placed = (Word(word.text, Role.PLACE if at in places else word.role) for at, word in enumerate(self.words))
        return replace(self, words=tuple(placed))

    def with_names(self, many: int) -> "Asked":
        """Return the query with its last words as a name, so many, and no other that may be a place as one."""
        if not many:
            return self
        before, behind = self.words[:-many], self.words[-many:]
        return replace(
            self,
            words=(
                *(replace(word, role=Role.PLACE) for word in before),
                *(replace(word, role=Role.NAME) for word in behind),
            ),
        )

    def with_name(self, words: Sequence[str]) -> "Asked":
        """Return the query with these words as a name, and without post and unit: they are of somebody else whom it names."""
        return replace(
            self,
            words=tuple(map(Word, words)),
            posts=(),
            units=(),
            called=(),
            behind=(0, 0, 0),
            behind_post=(0, 0),
            in_units=(),
            acting="",
            former="",
        )

    def with_called(self) -> "Asked":
        """Return the query with all words before the first comma as the name."""
        words, posts, units = self.behind
        return replace(
            self,
            words=(*map(Word, self.called), *(Word(word.text, Role.PLACE) for word in self.words[words:])),
            posts=self.posts[posts:],
            units=self.units[units:],
            called=(),
            behind_post=(0, 0),
            acting="",
            former="",
            is_known_unit=False,
        )

    @property
    def words_behind_post(self) -> tuple[str, ...]:
        """The words that followed a post and may be of it."""
        start, end = self.behind_post
        return tuple(word.text for word in self.words[start:end])

    def with_posts(self, many: int) -> "Asked":
        """Return the query with the first of the words that followed a post as words of it."""
        start, end = self.behind_post
        new = tuple(word for word in self.words_behind_post[:many] if word not in self.posts)
        words, posts, units = self.behind
        is_before = start < words
        in_units = (*self.in_units[:start], *self.in_units[start + many :])
        at = posts if is_before else len(self.posts)
        return replace(
            self,
            words=_as_names((*self.words[:start], *self.words[start + many :]), in_units),
            in_units=in_units,
            posts=tuple(dict.fromkeys((*self.posts[:at], *new, *self.posts[at:]))),
            behind=(words - many, posts + len(new), units) if is_before else self.behind,
            behind_post=(start, end - many),
        )

    def with_address(self) -> "Asked":
        """Return the query with the first word as one of a name or place that was read as how somebody is addressed."""
        words, posts, units = self.behind
        start, end = self.behind_post
        return replace(
            self,
            words=(Word(self.addressed, self.words[0].role), *self.words)[:MOST_WORDS],
            in_units=(self.in_units[0], *self.in_units)[:MOST_WORDS],
            behind=(words + 1, posts, units) if self.called else self.behind,
            behind_post=(start + 1, end + 1) if end else (0, 0),
            addressed="",
        )

    def with_meant(self, meant: Mapping[str, str]) -> "Asked":
        """Return the query with places written out for which short forms stand; they are surely places."""
        words = (Word(meant[word.text], Role.PLACE) if word.text in meant else word for word in self.words)
        return replace(self, words=tuple(words), meant=tuple(meant.items()))

    def without_unknown(self, words: Collection[str]) -> "Asked":
        """Return the query without words of a place that the roster knows nothing of."""
        return replace(self.without_places(words), unknown=tuple(words))

    def without_places(self, words: Collection[str]) -> "Asked":
        """Return the query without words of a place; what is left is of a place as well."""
        kept = [at for at, word in enumerate(self.words) if word.text not in words]
        return replace(
            self,
            words=tuple(Word(self.words[at].text, Role.PLACE) for at in kept),
            in_units=tuple(self.in_units[at] for at in kept if at < len(self.in_units)),
            units=tuple(word for word in self.units if word not in words),
            called=(),
            behind=(0, 0, 0),
            behind_post=(0, 0),
            is_known_unit=False,
        )

    def without(self, words: Collection[str]) -> "Asked":
        """Return the query without some of its words: whoever is found then lacks them."""
        left = tuple(word for word in self.words if word.role is Role.PLACE or word.text not in words)
        lost = tuple(dict.fromkeys((*self.lost, *words)))
        return replace(self, words=left, lost=lost, behind_post=(0, 0))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody fits, or how he does not. The sentence stands in web/name_words.py, by code."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


def known_from(day: date) -> Reason:
    """Return the note that the records begin on a day after the one that was asked about."""
    return Reason("known_from", (("day", day.isoformat()),))


def not_yet(day: date) -> Reason:
    """Return the note that a day has not come: what is told is of today."""
    return Reason("not_yet", (("day", day.isoformat()),))


def undated(day: date) -> Reason:
    """Return the note that a file without days cannot tell who held a post on the one that was asked about."""
    return Reason("undated", (("day", day.isoformat()),))


def unplaced(region: str) -> Reason:
    """Return the note that a file without regions cannot tell who serves in the one that was asked about."""
    return Reason("unplaced", (("region", region),))


class Likeness(NamedTuple):
    """How well somebody fits a query, 0 to 100, and why. `where`: how well what was told beside the name fits, 0 to 1."""

    score: int
    because: tuple[Reason, ...] = ()
    where: float = 0.0


@dataclass(frozen=True, slots=True)
class Ask:
    """What would tell who is meant: `what` is region, unit, post, born, number or name where several fit as well; acting or
    former where a post is not known to be held as was told, of which `values` is the word; numbers, number_nowhere, number_twice or number_name
    where the number that was told does not say it. Where nobody is found for a post: where (in which place), holder (who holds it
    in the place that was told); unit_nowhere where there is no school of the number that was told; place_unknown and place_nobody
    where the roster knows nothing of words of a place, of those who fit the rest or of nobody; place_lacks where those who fit
    the rest are not recorded to be of the region that was told; initials where these alone were told
    and there are too many people to look at each; nobody where nothing else would help than to write it otherwise.
    """

    what: str
    values: tuple[str, ...] = ()


# --- posts and units -----------------------------------------------------------------------------------------------

# Short forms of everyday speech → the words that a roster writes.
_POST_WORDS: dict[str, tuple[str, ...]] = {
    "kadis": ("kepala", "dinas"), "kadin": ("kepala", "dinas"), "kaban": ("kepala", "badan"), "kabid": ("kepala", "bidang"),
    "kabag": ("kepala", "bagian"), "kasi": ("kepala", "seksi"), "kasie": ("kepala", "seksi"),
    "kasubag": ("kepala", "subbagian"), "kasubbag": ("kepala", "subbagian"), "kasubid": ("kepala", "subbidang"),
    "kepsek": ("kepala", "sekolah"), "kasek": ("kepala", "sekolah"), "kapus": ("kepala", "puskesmas"),
    "kapuskesmas": ("kepala", "puskesmas"), "kades": ("kepala", "desa"), "sekdes": ("sekretaris", "desa"),
    "sekda": ("sekretaris", "daerah"), "sekcam": ("sekretaris", "camat"), "sekdis": ("sekretaris", "dinas"),
    "sekdin": ("sekretaris", "dinas"), "seklur": ("sekretaris", "lurah"), "walikota": ("wali", "kota"), "wako": ("wali", "kota"), "wawako": ("wakil", "wali", "kota"), "walinagari": ("wali", "nagari"), "sekwan": ("sekretaris", "dprd"), "wakasek": ("wakil", "kepala", "sekolah"),
    "cmt": ("camat",), "kakan": ("kepala", "kantor"), "kacabdin": ("kepala", "cabang", "dinas"),
    "kades.": ("kepala", "desa"), "wagub": ("wakil", "gubernur"), "wabup": ("wakil", "bupati"), "ka": ("kepala",),
    "plt": (), "plh": (), "pj": (), "pjs": (), "mantan": (), "eks": (), "bekas": (),
    **{word: (word,) for word in (
        "kepala", "camat", "lurah", "guru", "dosen", "perawat", "bidan", "dokter", "staf", "pegawai", "bendahara",
        "operator", "penyuluh", "pengawas", "analis", "asisten", "inspektur", "direktur", "sopir", "supir", "ajudan",
        "sekretaris", "keuchik", "geuchik", "kuwu", "jorong", "auditor", "arsiparis", "pustakawan",
        "apoteker", "pengadministrasi", "pramu", "penata", "pranata", "peneliti", "widyaiswara", "rektor", "dekan", "wakil",
        "bupati", "gubernur", "pelaksana", "kasubbagian", "pengelola", "kapolsek", "kapolres", "danramil", "dandim", "verifikator", "perencana", "ahli",
    )},
    "staff": ("staf",), "dr.": (), "pns": (), "asn": (), "cpns": (), "pppk": (), "p3k": (), "honorer": (), "kepegawaian": ("kepegawaian",),
}  # fmt: skip
_UNIT_WORDS: dict[str, tuple[str, ...]] = {
    "sdn": ("sd",), "sdit": ("sd",), "smpn": ("smp",), "sltp": ("smp",), "sman": ("sma",), "smu": ("sma",), "slta": ("sma",), "smun": ("sma",),
    "smkn": ("smk",), "stm": ("smk",), "tkn": ("tk",), "mtsn": ("mts",), "pkm": ("puskesmas",), "kec": ("kecamatan",),
    "kel": ("kelurahan",), "ds": ("desa",), "kab": ("kabupaten",), "prov": ("provinsi",), "prop": ("provinsi",),
    "propinsi": ("provinsi",), "disdik": ("dinas", "pendidikan"), "diknas": ("dinas", "pendidikan"),
    "disdikbud": ("dinas", "pendidikan"), "dinkes": ("dinas", "kesehatan"), "dishub": ("dinas", "perhubungan"), "dinsos": ("dinas", "sosial"),
    "dispora": ("dinas", "pemuda", "olahraga"), "disdukcapil": ("dinas", "kependudukan"), "dukcapil": ("dinas", "kependudukan"),
    "disnaker": ("dinas", "tenaga", "kerja"), "diskominfo": ("dinas", "komunikasi"), "kominfo": ("komunikasi",),
    "distan": ("dinas", "pertanian"), "dispar": ("dinas", "pariwisata"), "dlh": ("dinas", "lingkungan", "hidup"),
    "dpmd": ("dinas", "pemberdayaan"), "satpol": ("satuan", "polisi"), "pp": (),
    "satpolpp": ("satuan", "polisi"), "bkd": ("badan", "kepegawaian"), "bkpp": ("badan", "kepegawaian"),
    "bkpsdm": ("badan", "kepegawaian", "pengembangan"), "bkpsdmd": ("badan", "kepegawaian", "pengembangan"),
    "bpkad": ("badan", "keuangan", "aset"), "bkad": ("badan", "keuangan", "aset"), "bpkd": ("badan", "keuangan"),
    "bappeda": ("badan", "perencanaan", "pembangunan"), "bapenda": ("badan", "pendapatan"),
    "bpbd": ("badan", "penanggulangan", "bencana"), "kesbangpol": ("kesatuan", "bangsa", "politik"),
    "pu": ("pekerjaan", "umum"), "dpu": ("dinas", "pekerjaan", "umum"), "trantib": ("ketenteraman", "ketertiban"), "tramtib": ("ketenteraman", "ketertiban"),
    "ketentraman": ("ketenteraman",), "pupr": ("pekerjaan", "umum"), "dpupr": ("dinas", "pekerjaan", "umum"), "dpmptsp": ("dinas", "penanaman", "modal"),
    "disperindag": ("dinas", "perindustrian", "perdagangan"), "disperkim": ("dinas", "perumahan"),
    "disparpora": ("dinas", "pariwisata", "pemuda", "olahraga"), "damkar": ("pemadam", "kebakaran"),
    "setda": ("sekretariat", "daerah"), "setwan": ("sekretariat", "dprd"),
    "kua": ("kantor", "urusan", "agama"), "bappelitbangda": ("badan", "perencanaan", "pembangunan"), "bappelitbang": ("badan", "perencanaan", "pembangunan"),
    "uptd": ("upt",), "rs": ("rsud",), "negeri": (), "negri": (), "neg": (), "n": (),
    **{word: (word,) for word in (
        "sd", "smp", "sma", "smk", "tk", "paud", "mts", "slb", "sekolah", "madrasah", "puskesmas", "rsud", "dinas", "badan", "kantor",
        "kecamatan", "kelurahan", "desa", "kabupaten", "kota", "provinsi", "nagari", "bagian", "bidang", "seksi", "subbagian",
        "inspektorat", "sekretariat", "dprd", "upt",
        "pustu", "posyandu", "kemenag", "universitas", "politeknik", "perpustakaan", "pasar", "terminal",
        "pendidikan", "kesehatan", "perhubungan", "sosial", "pertanian", "perikanan", "kehutanan", "pariwisata", "kebudayaan",
        "perdagangan", "perindustrian", "koperasi", "keuangan", "pendapatan", "pekerjaan", "umum", "perumahan", "lingkungan",
        "hidup", "ketahanan", "pangan", "kependudukan", "pemberdayaan", "masyarakat", "komunikasi", "informatika", "kearsipan",
        "penanaman", "modal", "pemuda", "olahraga", "peternakan", "transmigrasi", "penanggulangan", "bencana", "kebakaran", "hukum",
        "organisasi", "protokol", "daerah",
    )},
}  # fmt: skip


# Provinces by the short forms that stand for nothing else, but that of Jawa Barat, which is a name too.
_PROVINCES: dict[str, tuple[str, ...]] = {
    "sumut": ("sumatera", "utara"), "sumbar": ("sumatera", "barat"), "sumsel": ("sumatera", "selatan"), "kepri": ("kepulauan", "riau"),
    "babel": ("bangka", "belitung"), "jabar": ("jawa", "barat"), "jateng": ("jawa", "tengah"), "jatim": ("jawa", "timur"),
    "kalbar": ("kalimantan", "barat"), "kalteng": ("kalimantan", "tengah"), "kalsel": ("kalimantan", "selatan"),
    "kaltim": ("kalimantan", "timur"), "kaltara": ("kalimantan", "utara"), "sulut": ("sulawesi", "utara"), "sulteng": ("sulawesi", "tengah"),
    "sulsel": ("sulawesi", "selatan"), "sultra": ("sulawesi", "tenggara"), "sulbar": ("sulawesi", "barat"), "malut": ("maluku", "utara"),
    "ntb": ("nusa", "tenggara", "barat"), "ntt": ("nusa", "tenggara", "timur"), "dki": ("jakarta",),
}  # fmt: skip
_PROVINCES_OR_NAMES = frozenset(("jabar",))
PLACES_SHORT = {
    "pyk": "payakumbuh", "bkt": "bukittinggi", "pdg": "padang", "mdn": "medan", "pku": "pekanbaru", "plg": "palembang", "jkt": "jakarta",
    "bdg": "bandung", "smg": "semarang", "sby": "surabaya", "dps": "denpasar", "mks": "makassar",
}  # fmt: skip
"""Cities by the letters that stand for them in everyday writing; others are known by what alone fits in a roster."""
_VOWELS = frozenset("aeiou")
_FEWEST_LETTERS, _MOST_LETTERS = 3, 5
FEWEST_BEGUN = 4
"""Letters with which the name of a place is begun that is meant by them."""


def may_be_short(word: str) -> bool:
    """Say whether a word may be the consonants of a place: no vowel follows its first letter, and it is no short form of a name."""
    is_as_long = _FEWEST_LETTERS <= len(word) <= _MOST_LETTERS
    return is_as_long and _VOWELS.isdisjoint(word[1:]) and not name_words.is_short_form(word)


def is_short_for(short: str, place: str) -> bool:
    """Say whether letters are those of a place without its vowels, in their order: its first ones, or with its last one behind.

    >>> is_short_for("pyk", "payakumbuh"), is_short_for("pdg", "padang"), is_short_for("pdg", "pandai")
    (True, True, False)
    """
    if len(place) <= len(short) or short[0] != place[0]:
        return False
    bare = place[0] + "".join(letter for letter in place[1:] if letter not in _VOWELS)
    left = iter(bare)
    return bare.startswith(short) or (bare.endswith(short[-1]) and all(letter in left for letter in short))


_TWICE = re.compile(r"(.)\1")
_LETTERS_ONCE = {
    _TWICE.sub(r"\1", written): written
    for table in (_POST_WORDS, _UNIT_WORDS)
    for written, words in table.items()
    if len(written) > 5 and words != (written,) and _TWICE.search(written)
}


def _headed(token: str) -> tuple[str, ...]:
    """Return the words of the unit whose head a short form names, where it is one: kadinkes, kasatpol, kabkpsdm."""
    of_unit = _UNIT_WORDS.get(token[2:], ()) if token.startswith("ka") else ()
    return of_unit if len(of_unit) > 1 else ()


# Of these a region has one, so that the post names somebody where the region is known.
_ONE_OF_A_REGION = (
    ("sekretaris", "daerah"), ("wali", "kota"), ("bupati",), ("gubernur",), ("wakil", "wali", "kota"), ("wakil", "bupati"),
    ("wakil", "gubernur"), ("inspektur",), ("sekretaris", "dprd"),
)  # fmt: skip
_OF_UNITS_TOO = ("kepegawaian",)
# By these words alone no unit is meant: there are many of each.
_SORTS_OF_UNITS = frozenset(
    """kepala sekolah madrasah sd smp sma smk tk paud mts slb dinas badan kantor kecamatan kelurahan desa nagari bagian bidang
    seksi subbagian puskesmas pustu posyandu upt sekretariat""".split()
)
_PLACED_SORTS = frozenset(
    "sd smp sma smk tk paud mts slb kecamatan kelurahan desa nagari puskesmas pustu posyandu".split()
)
# Units that are named by these words in everyday speech, beside those of the sorts above.
_OFFICES = frozenset("satpol satpolpp damkar inspektorat setda setwan rsud rs kua bappeda kesbangpol".split())
HEADED = _SORTS_OF_UNITS | {"daerah", "satuan", "dprd"}
# Where such a word stood, what follows is where rather than who.
_PLACE_FOLLOWS = frozenset(
    """dari di pada kecamatan kelurahan desa kabupaten kota provinsi nagari camat lurah kades sekcam sekdes sd smp sma smk tk mts
    puskesmas sekolah rsud kantor kuwu keuchik geuchik walinagari upt kepsek kapus seklur bupati walikota wako gubernur wabup wagub
    wawako sekda sekwan kasek kapuskesmas kasi kasie kabid kabag kasubag kasubbag kasubid kadis kadin kaban sekdis tinggal asal wilayah""".split()
)
_PASSED_OVER = frozenset(
    """yang itu ini dan bersama serta beserta vs versus atau selaku sebagai jabatan an alias dengan kelahiran lahir umur usia tahun thn th
    berumur berusia umurnya usianya tanggal tgl wib wita wit katanya kata sedang sudah untuk karena saat waktu ada juga lagi tadi kemarin
    sekitar kira kurang lebih hampir nip nik nrp dikenal dipanggil panggilan biasa orang unit kerja bertugas dinasnya mengajar adalah""".split()
)
_FROM = frozenset("dari di pada tinggal asal wilayah".split())
_CANDIDATES = frozenset("paslon caleg capres cawapres cagub cawagub cabup cawabup cawali cawawali".split())
_OF_LOOKS = _CANDIDATES | frozenset(
    """pakai memakai mengenakan kaos kaus baju berkaos berkaus berbaju foto berfoto swafoto berswafoto selfie ikut hadir
    menghadiri pose berpose bergaya acungkan mengacungkan mengacung menunjukkan kampanye berkampanye""".split()
)
_INITIALS = frozenset("inisial berinisial inisialnya".split())
_MOST_INITIALS = 3
"""Letters without points that are initials where it is said so; more are a word."""
_BEGIN_NAMES = frozenset(
    "pak pk bapak bpk bp bu ibu buk ibuk bg sdr sdri saudara saudari tn tuan ny nyonya yth".split()
)
"""Salutations behind which a name begins, also where a place was read before."""
_BEFORE_PU = frozenset("dinas kadis kadin sekdis sekdin bidang kabid seksi kasi".split())
"""Behind these, and not elsewhere, PU is public works."""
_COUNTS = frozenset("satu dua tiga empat lima enam tujuh delapan sembilan sepuluh".split())
# What these are of is told of nobody but where such a word stood before, up to a comma: Salam is a name.
_WITH_LOOKS = _COUNTS | frozenset(
    """jari jempol tangan salam metal nomor no nomer urut simbol lambang pasangan calon kandidat partai warna berwarna merah putih
    hitam hijau kuning biru oranye ungu abu bersama sambil atribut tanda dukungan gaya""".split()
)
_SEEN_WITH = _OF_LOOKS | {"pasangan", "calon"}
_NUMBERED = frozenset(("urut", "nomor", "nomer", "no", *_CANDIDATES))
_NOT, _BUT = "bukan", frozenset("tapi tetapi melainkan".split())
_ENDS_DENIAL = frozenset(",;)\n")
_AND = frozenset(("dan", "serta", "beserta", "bersama", "&", "+"))
_AGAINST = frozenset(("vs", "versus"))
_WITH = frozenset(("sama", "dengan", *_AGAINST))
"""Words that part people where another surely begins behind them; "Sama" may be a name."""
_AND_OTHERS = frozenset("dkk d.k.k cs c.s".split())
_AND_SIGNS = ("&", "+", "/")
_SCHOOLS_OR_NAMES = ("man", "min")
_NAME_FOLLOWS = frozenset(("bernama", "nama", "namanya"))
_WOMEN = frozenset(
    "bu ibu buk ibuk bude bulik mbak mba mbakyu saudari sdri nyonya ny nona tante teh teteh ni uni mrs".split()
)
_MEN = frozenset("pak pk bapak bpk bp tn pakde paklik bang abang bg kang akang tuan om i mr uda inyiak inyik".split())
_SEX_OF_ADDRESS = dict.fromkeys("mak inang namboru".split(), "f") | dict.fromkeys(
    "da udo ajo lae amang tulang".split(), "m"
)
_AGE_BEFORE = frozenset("umur usia berumur berusia umurnya usianya".split())
_ABOUT = frozenset("kira sekitar kurang lebih hampir".split())
_AGE_BEHIND = frozenset("tahun thn th".split())
_BORN_BEFORE = frozenset("lahir kelahiran".split())
_PARTS_OF_DAY = frozenset("pagi siang sore malam".split())
_BEFORE_DAY_PARTS = name_births.WEEKDAYS | {"hari", "kemarin", "tadi"}


def _is_of_day(word: str, before: str, behind: str) -> bool:
    """Say whether a word tells on which day something was, and is no name: Hari and Kamis are names where they stand alone."""
    if word == "hari":
        return behind in name_births.WEEKDAYS or behind in ("ini", "itu", "tanggal", "tgl")
    if word == "bulan" or (word in name_births.MONTHS and before == "bulan"):
        return word != "bulan" or behind in name_births.MONTHS
    if word in name_births.WEEKDAYS:
        return before == "hari" or behind in _PARTS_OF_DAY or behind in ("kemarin", "lalu")
    return (word in _PARTS_OF_DAY and before in _BEFORE_DAY_PARTS) or (
        word == "lalu" and before in name_births.WEEKDAYS
    )


@lru_cache(maxsize=20_000)
def unit_words(text: str) -> tuple[str, ...]:
    """Return the words by which units are compared: short forms written out, numbers apart, `negeri` left out.

    >>> unit_words("SMPN 3 Karang Jati") == unit_words("SMP Negeri 03 Karang Jati")
    True
    """
    found: list[str] = []
    for token in re.findall(r"[a-z]+|[0-9]+", plain(text)):
        found += (str(int(token)),) if token.isdigit() and len(token) < 10 else _written_out(token)
    return tuple(found)


def _written_out(token: str) -> tuple[str, ...]:
    return _UNIT_WORDS.get(token) or (() if token in _UNIT_WORDS else _PROVINCES.get(token, (token,)))


@lru_cache(maxsize=20_000)
def post_words(text: str) -> frozenset[str]:
    """Return the words by which posts are compared.

    >>> sorted(post_words("Plt. Kadis Kesehatan"))
    ['dinas', 'kepala', 'kesehatan']
    """
    return frozenset(_post_words(text))


def _post_words(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for token in re.findall(r"[a-z]+|[0-9]+", plain(text)):
        if of_unit := _headed(token):
            found += ("kepala", *of_unit)
        else:
            found += _POST_WORDS.get(token) or (() if token in _POST_WORDS else _UNIT_WORDS.get(token, (token,)))
    return _said_alike(found)


_OF_A_HEAD = {"kecamatan": "camat", "kelurahan": "lurah"}


def _said_alike(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a post as one way to write them: the head of a district is its camat, and its secretary his."""
    found: list[str] = []
    for word in words:
        if found and found[-1] == "sub" and word in ("bagian", "bidang"):
            found[-1] = f"sub{word}"
        elif found and found[-1] == "sekretaris" and word in _OF_A_HEAD:
            found.append(_OF_A_HEAD[word])
        elif found == ["kepala"] and word in _OF_A_HEAD:
            found = [_OF_A_HEAD[word]]
        else:
            found.append(word)
    return tuple(found)


_ACTING = frozenset(("plt", "plh", "pj", "pjs"))
_ACTING_IN_FULL = {
    ("pelaksana", "tugas"): "plt", ("pelaksana", "harian"): "plh", ("penjabat", "sementara"): "pjs", ("pejabat", "sementara"): "pjs",
}  # fmt: skip
_FORMER = frozenset(("mantan", "eks", "bekas"))


def _acting(word: str, behind: str) -> str:
    """Return in what way a post is held that this word stands before; empty where it says nothing of that."""
    if word in _ACTING:
        return word
    return _ACTING_IN_FULL.get((word, behind), "pj" if word == "penjabat" else "")


@lru_cache(maxsize=20_000)
def acting_of(post: str) -> frozenset[str]:
    """Return in which ways a post is held, as a roster writes it; nothing where it is held definitively.

    >>> sorted(acting_of("Guru; Plt. Kepala Sekolah")), acting_of("Penjabat Bupati"), acting_of("Camat")
    (['plt'], frozenset({'pj'}), frozenset())
    """
    words = re.findall(r"[a-z]+", plain(post))
    return frozenset(_acting(word, behind) for word, behind in zip(words, [*words[1:], ""], strict=True)) - {""}


# What stands before the noun of a post and says how high or in what way it is held; what a head of less than the whole heads.
_BEFORE_NOUN = frozenset(
    """ahli pertama muda madya utama terampil mahir penyelia pelaksana tugas harian penjabat sementara jabatan fungsional
    tenaga jft jfu""".split()
)
_PARTS = frozenset("bidang bagian seksi subbagian subbidang cabang urusan instalasi ruang ruangan kelompok tim".split())
OTHER_POST = 0.4
"""How much a post fits whose noun is another one than that of the post asked for: it only holds its words."""


def head_of(words: Sequence[str]) -> str:
    """Return the noun of a post, of its words in their order: with what is headed where that is only a part.

    >>> head_of(("sekretaris", "camat")), head_of(("kepala", "bidang", "pasar")), head_of(("kepala", "dinas"))
    ('sekretaris', 'kepala bidang', 'kepala')
    """
    for at, word in enumerate(words):
        if word not in _BEFORE_NOUN and not word.isdigit():
            behind = words[at + 1] if word == "kepala" and at + 1 < len(words) else ""
            return f"{word} {behind}" if behind in _PARTS else word
    return ""


_HELD_BY_ONE = frozenset(
    "kepala camat lurah sekretaris wali wakil bupati gubernur inspektur direktur rektor dekan keuchik geuchik kuwu jorong".split()
)


def is_held_by_one(posts: Sequence[str]) -> bool:
    """Say whether one alone holds a post in a unit: its head, or who is next to him.

    >>> is_held_by_one(("camat",)), is_held_by_one(("kepala", "bidang")), is_held_by_one(("guru",)), is_held_by_one(())
    (True, True, False, False)
    """
    return head_of(posts).partition(" ")[0] in _HELD_BY_ONE


_PERSONS = frozenset("guru dosen perawat bidan dokter staf ajudan".split())
_SKIPPED = _BEFORE_NOUN | {"upt"}
_OVER = frozenset(("kepala", "sekretaris"))


def begun_by(words: Sequence[str]) -> tuple[str, ...]:
    """Return how a post begins that is held over something: its noun and what it is over, of its words in their order.

    >>> begun_by(("kepala", "pelaksana", "badan", "bencana")), begun_by(("sekretaris", "badan", "aset", "daerah"))
    (('kepala', 'badan'), ('sekretaris', 'badan'))
    >>> begun_by(("guru", "matematika", "smp")), begun_by(("kepala",))
    ((), ())
    """
    told = tuple(word for word in words if word not in _SKIPPED and not word.isdigit())[:2]
    return told if len(told) == 2 and told[0] in _OVER else ()


SIDES = frozenset("barat timur utara selatan tengah tenggara pusat hulu hilir ulu ilir".split())
"""What tells two places of one name apart, behind that name."""
SCHOOL = "sekolah"
"""Whoever says so means a school of any kind."""
SCHOOLS = frozenset("tk paud sd smp sma smk mts man min slb".split())
KINDS: tuple[Callable[[str], bool], ...] = (str.isdigit, SCHOOLS.__contains__)
"""Words of which a unit bears one: where somebody named one and a unit bears another, another unit was meant."""
TURNED = 0.6
"""How much of what fits of a unit is left where it holds the words of a place in another order, as another place does."""
OTHER_PLACE = 0.5
"""How much of what fits of a unit is left where it is of another place than was told, and the roster has no such unit there."""
OTHER_UNIT = 0.25
"""How much of what fits of a unit is left where another one was meant; and of the whole, of all that was told beside the name:"""
_ELSEWHERE = 0.75


def are_other(asked: Sequence[str], theirs: Sequence[str]) -> bool:
    """Say whether a unit is surely another than that which was named: by number, kind of school, side of the same place, or
    by what a unit of the same sort is for (Dinas Sosial is no Dinas Kesehatan).

    >>> are_other(("smp", "3"), ("smp", "1", "karang")), are_other(("karang", "barat"), ("camat", "karang", "utara"))
    (True, True)
    >>> are_other(("dinas", "kesehatan"), ("dinas", "sosial")), are_other(("dinas", "kesehatan"), ("puskesmas", "karang"))
    (True, False)
    >>> are_other(("smp", "3", "nias", "utara"), ("smp", "3", "lahomi", "nias", "utara")), are_other(("smp", "3"), ("smp",))
    (False, False)
    """
    return _Which(asked).is_other_than(theirs)


class _Which:
    """What was told of which unit of several of one name is meant, read once."""

    def __init__(self, asked: Sequence[str]) -> None:
        self._kinds = [(is_one, ours) for is_one in KINDS if (ours := set(filter(is_one, asked)))]
        self._sorts, self._fields = fields_of(asked)
        self._sides = [pair for pair in pairwise(asked) if pair[1] in SIDES]

    def is_other_than(self, theirs: Sequence[str]) -> bool:
        """Say whether a unit is surely another (`are_other`)."""
        for is_one, ours in self._kinds:
            its = set(filter(is_one, theirs))
            if its and ours.isdisjoint(its):
                return True
        if not (self._fields or self._sides):
            return False
        places = set(pairwise(theirs))
        is_named = self._fields and any(one in self._sorts and other not in _GOVERNMENTS for one, other in places)
        if is_named and not any(_holds(theirs, field) for field in self._fields):
            return True
        parted = {place for place, side in places if side in SIDES}
        return any(pair[0] in parted and pair not in places for pair in self._sides)


_OF_UNITS = frozenset(word for words in _UNIT_WORDS.values() for word in words)


def is_of_place(word: str) -> bool:
    """Say whether a word in the name of a unit is of its place: neither of its sort or what it is for, nor its number."""
    return word not in _OF_UNITS and not word.isdigit()


_REGIONS = frozenset("kota kabupaten provinsi".split())
_GOVERNMENTS = frozenset("kota kabupaten provinsi daerah pemerintah".split())
_OF_AN_UPT = frozenset(
    written for written, words in _UNIT_WORDS.items() if not (SCHOOLS | {"puskesmas", "rsud"}).isdisjoint(words)
)


def _is_state_school(before: str, behind: str) -> bool:
    """Say whether an N between these is for negeri: SMP N 3."""
    return behind[:1].isdigit() and not SCHOOLS.isdisjoint(_UNIT_WORDS.get(before, ()))


_SORTS_WITH_FIELD = frozenset("dinas badan kantor bagian bidang seksi subbagian satuan".split())
_FIELDS = (
    _OF_UNITS
    - _SORTS_OF_UNITS
    - SCHOOLS
    - frozenset(
        "urusan kota kabupaten provinsi daerah umum satuan rsud pasar terminal kua universitas politeknik".split()
    )
)


def fields_of(words: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return of which sort a unit is that was named (dinas, badan …), and what it is for, as far as the words are known."""
    sorts = _SORTS_WITH_FIELD.intersection(words)
    return sorts, _FIELDS.intersection(words) if sorts else frozenset()


def _holds(theirs: Sequence[str], word: str) -> bool:
    return word in theirs or any(_near(word, other) for other in theirs if len(other) >= 4 and not other.isdigit())


_BETWEEN_POSTS = re.compile(r"[,;/()]|\s[-–]\s|\b(?:merangkap|sekaligus)\b")


@lru_cache(maxsize=20_000)
def post_heads(text: str) -> frozenset[str]:
    """Return the nouns of a post as a roster writes it, of each where there are several.

    >>> sorted(post_heads("Ahli Muda - Guru; Plt. Kepala Sekolah"))
    ['guru', 'kepala']
    """
    heads = {head_of(_post_words(part)) for part in _BETWEEN_POSTS.split(plain(text))}
    return frozenset(heads - {""})


@lru_cache(maxsize=20_000)
def post_begins(text: str) -> frozenset[tuple[str, ...]]:
    """Return how a post as a roster writes it begins (`begun_by`), each where there are several."""
    return frozenset(begun_by(_post_words(part)) for part in _BETWEEN_POSTS.split(plain(text)))


@lru_cache(maxsize=20_000)
def lent_to_posts(text: str) -> frozenset[str]:
    """Return the words that a unit lends to a post of it ("Kepala" of a Dinas is its Kepala Dinas).

    "Daerah" ends the names of many: whoever is secretary there is no secretary of the region.

    >>> sorted(lent_to_posts("Badan Pendapatan Daerah")), sorted(lent_to_posts("Sekretariat Daerah"))
    (['badan', 'pendapatan'], ['daerah', 'sekretariat'])
    """
    parts = [_post_words(part) for part in text.split("/")]
    return frozenset(word for part in parts for at, word in enumerate(part) if at < 2 or word != "daerah")


# --- reading a query -------------------------------------------------------------------------------------------------

_CLAN = frozenset(("suku", "bersuku", "marga", "bermarga"))
"""Before the name of a clan. Marga is a name as well."""


def _is_of_clan(word: str, behind: str) -> bool:
    """Say whether a word says that what follows is the name of a clan."""
    return word in _CLAN and _is_of_name(behind) and (word != "marga" or name_words.is_clan(behind))


_KIN = frozenset(
    """istri suami anak adik kakak menantu keponakan ponakan sepupu ipar mertua ayah bapak ibu saudara teman rekan kawan bawahan
    atasan sopir""".split()
)
_OF_HIS = "nya"


def _is_of_his(word: str) -> bool:
    """Say whether a word is who somebody is to another: stafnya, istrinya."""
    who = word.removesuffix(_OF_HIS)
    return who != word and (who in _KIN or bool(_POST_WORDS.get(who)))


_TOKEN = re.compile(r"[a-z]+(?:\.[a-z]+)*\.?|[0-9]+(?:-?an\b)?|,|[;:()\[\]\n&/+]")
_NUMBER = re.compile(r"(?<![0-9])[0-9](?:[ .\-]?[0-9]){15,17}(?![0-9])")
_DIGIT = re.compile("[0-9]")
_ACTING_GLUED = re.compile(r"\b(plt|plh|pjs|pj)\.(?=[a-z])")
_SALUTED = re.compile(
    r"\b(pak|bapak|bpk|bp|buk|bu|ibuk|ibu|mas|mbak|mba|bang|bg|abang|kang|kak|sdr|sdri|saudara|saudari|tuan|tn|nyonya|ny|nona|teh|yth)"
    r"\.\s*(?=[a-z])"
)
"""A salutation with a point behind it, before what it is of, with a space between or none."""
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,300}>")


def read_query(text: str, on: date | None = None, is_name: Callable[[str], bool] = lambda word: False) -> Asked:
    """Read how somebody is spoken of. `on`: the day from which an age is counted back to a year of birth. `is_name`: whoever
    knows the roster says of a word that somebody is called so, and no unit.

    Raises NameQueryRefused where nothing is left to look for: empty, too_long, titles_only, salutation_only, letter_only,
    post_only, denied_only, sentence, unreadable.

    >>> asked = read_query("Pak Camat Karang Jati, Dr. H. Moh. Ridwan, S.Sos")
    >>> [word.text for word in asked.name_words], asked.place_words, asked.posts
    (['moh', 'ridwan'], ('karang', 'jati'), ('camat',))
    >>> read_query("Bu Sri guru SMP 3 umur 40-an", date(2024, 10, 14)).born
    (1974, 1984)
    >>> read_query("Sri lahir di Medan, 3 Maret 1989").birth
    '19890303'
    """
    if len(text) > LONGEST_QUERY:
        raise NameQueryRefused("too_long", longest=LONGEST_QUERY)
    flat = plain(_TAG.sub(" ", text.replace("&amp;", "&")))
    if not flat.strip():
        raise NameQueryRefused("empty" if not text.strip() else "unreadable")
    reading = _Reading(on, is_name)
    if _NUMBER.search(flat):
        numbers = (re.sub(r"[^0-9]", "", each[0]) for each in _NUMBER.finditer(flat))
        reading.numbers = list(dict.fromkeys(numbers))
        flat = _NUMBER.sub(" ", flat)
    if "pe" in flat or "aparatur" in flat or "aktif" in flat:
        flat = _SERVANTS.sub(" asn ", flat)
    if "sat" in flat:
        flat = _POLICE.sub("satpol", flat)
    flat = name_births.with_ages_in_figures(flat)
    if _DIGIT.search(flat):
        flat, reading.birth = name_births.read(flat)
    reading.read(_TOKEN.findall(_SALUTED.sub(r"\1 ", _ACTING_GLUED.sub(r"\1. ", flat))))
    asked = reading.asked()
    if not (asked.words or asked.posts or asked.units or asked.numbers):
        if reading.denied:
            raise NameQueryRefused("denied_only")
        if reading.looks:
            raise NameQueryRefused("sentence")
        if reading.saw_post or reading.acting or reading.former:
            raise NameQueryRefused("post_only")
        if reading.saw_title:
            raise NameQueryRefused("titles_only")
        if reading.saw_salutation:
            raise NameQueryRefused("salutation_only")
        raise NameQueryRefused("unreadable")
    is_post_alone = bool(asked.posts) and not (asked.words or asked.numbers or _is_one_of_a_region(asked.posts))
    if is_post_alone and _SORTS_OF_UNITS.issuperset(asked.units):
        # A post alone is borne by too many to name anybody.
        raise NameQueryRefused("post_only")
    if len(asked.words) == 1 and len(asked.words[0].text) == 1 and not (asked.numbers or asked.tells_where):
        raise NameQueryRefused("letter_only")
    return asked


_POLICE = re.compile(r"(?<=\bka)sat\.?\s*pol\b|\bsat\.?\s+pol\b")
"""The police of a region, in two words."""
_BETWEEN_NAMES = re.compile(r"[,;\n]")
_OF_THE_SAME = re.compile(
    r"\b(?:alias|di(?:panggil|kenal|sebut)|panggilan|biasa|yang|bin|binti|bt|bte|br|boru|beru|anak|istri|suami)\b"
)


def names_between_commas(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of each name where a text is nothing but names between commas, each of two words at least or three of
    them; else none. Behind the last of several a post or a unit may stand.

    >>> names_between_commas("Moh. Ridwan, S.Sos, Jusuf Effendi, Camat Karang Jati")
    (('moh', 'ridwan'), ('jusuf', 'effendi'))
    >>> names_between_commas("Ridwan, Jusuf dan Siti")
    (('ridwan',), ('jusuf',))
    >>> names_between_commas("Effendi, Jusuf"), names_between_commas("Moh. Ridwan, guru SMP 3"), names_between_commas("Moh. Ridwan, S.Sos")
    ((), (), ())
    """
    parts = _BETWEEN_NAMES.split(text)
    if len(parts) < 2 or _OF_THE_SAME.search(plain(text)):
        return ()
    found: list[tuple[str, ...]] = []
    others = 0
    for part in parts:
        try:
            asked = read_query(part)
        except NameQueryRefused as refused:
            if refused.reason in ("titles_only", "empty"):
                continue
            if refused.reason == "post_only" and len(found) > 1:
                break
            return ()
        words = tuple(word.text for word in asked.name_words)
        if asked.numbers or asked.born or asked.looks or asked.denied:
            return ()
        if asked.tells_where and len(found) > 1:
            break
        if asked.tells_where or not words:
            return ()
        found.append(words)
        if asked.is_several:
            others = 1
            break
    is_told = len(found) + others >= _FEWEST_SHORT or min(map(len, found), default=0) > 1
    return tuple(found) if len(found) > 1 and is_told else ()


_FEWEST_SHORT = 3
"""So many names of one word between commas are several people's; of two one may be the other's first."""


def _is_one_of_a_region(posts: tuple[str, ...]) -> bool:
    return any(posts[: len(post)] == post for post in _ONE_OF_A_REGION)


_SERVANTS = re.compile(
    r"""\b(?:(?:calon\s+)?pegawai\s+negeri(?:\s+sipil)?(?:\s+aktif)?|aparatur(?:\s+sipil)?(?:\s+negara)?(?:\s+aktif)?
        |pegawai\s+pemerintah(?:\s+dengan\s+perjanjian\s+kerja)?|(?:pns|asn|cpns|pppk|p3k|pegawai)\s+aktif
        |pejabat(?!\s+(?:sementara|pembuat|pelaksana))(?:\s+(?:negara|daerah|aktif))?)\b""",
    re.VERBOSE,
)
"""What is said of every civil servant, in several words: nothing of it tells who is meant."""


_SERVANTS_OF_A_UNIT = frozenset("pegawai staf staff karyawan karyawati anggota".split())
"""What is said of everybody of a unit, where it stands before one; elsewhere some of these are posts."""


def _is_servant(word: str, behind: str) -> bool:
    """Say whether a word means no more than that somebody is of the unit that follows: pegawai Dinas Sosial, staf di kelurahan."""
    is_unit = (
        behind in ("di", "pada", "dari")
        or not _SORTS_OF_UNITS.isdisjoint(_UNIT_WORDS.get(behind, ()))
        or behind in _OFFICES
    )
    return word in _SERVANTS_OF_A_UNIT and is_unit


def _is_of_name(token: str) -> bool:
    """Say whether a token may be a word of a name: none of a post or a unit, nor a salutation."""
    bare = token.strip(".")
    known = any(bare in words for words in (_POST_WORDS, _UNIT_WORDS, _PASSED_OVER, _OF_LOOKS, name_words.SALUTATIONS))
    return not known and bool(name_words.read_token(token)) and len(bare) > 2


def _ends_names(word: str) -> bool:
    """Say whether a word is of a post or a unit, or stands between other things: no name goes on with it."""
    return any(word in words for words in (_POST_WORDS, _UNIT_WORDS, _PASSED_OVER, _FROM))


_BETWEEN = _ABOUT | _AGE_BEHIND | {"("}


def _before_that(tokens: Sequence[str], at: int) -> str:
    """Return the word before figures that says what they are of: before what says that they are no more than about so."""
    return next((bare for token in reversed(tokens[:at]) if (bare := token.strip(".")) not in _BETWEEN), "")


def _is_post_of_one(word: str) -> bool:
    """Say whether a post begins with this word that one alone holds in a unit."""
    return is_held_by_one(_POST_WORDS.get(word) or (word,)) or bool(_headed(word))


_PARTING = frozenset(",;\n")


def _parted_at_commas(tokens: Sequence[str]) -> list[list[str]]:
    """Return the tokens between commas; the first part may be empty."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token in _PARTING:
            parts.append([])
        else:
            parts[-1].append(token)
    return [parts[0], *filter(None, parts[1:])]


def _is_all_titles(tokens: Sequence[str]) -> bool:
    """Say whether titles that follow a name are all that stands between commas."""
    return not any(name_words.read_token(token, True) for token in tokens)


@dataclass
class _Reading:
    """A query while it is read, token by token."""

    on: date | None
    is_name: Callable[[str], bool]
    words: list[Word] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    born: tuple[int, int] | None = None
    birth: name_births.Birth | None = None
    saw_title: bool = False
    saw_post: bool = False
    saw_salutation: bool = False
    place_next: bool = False
    is_of_unit: bool = False
    """A place follows the word of a unit, or "from": it is surely none of a name, where the name may stand elsewhere."""
    in_units: list[bool] = field(default_factory=list)
    """Of each word, whether it stood so."""
    is_behind: bool = False
    sex: str = ""
    is_several: bool = False
    denied: list[str] = field(default_factory=list)
    in_denial: bool = False
    """What follows "bukan", up to a comma, says what is not meant."""
    looks: list[str] = field(default_factory=list)
    in_looks: bool = False
    of_others: bool = False
    """What follows is of a candidate with whom somebody was seen."""
    head: tuple[int, int, int] = (0, 0, 0)
    """How many words, posts and units stood before the first comma."""
    head_tokens: Sequence[str] = ()
    acting: str = ""
    former: str = ""
    of_post: tuple[int, int] = (0, 0)
    """The words that followed a post, not behind the word of a unit, and may be of the post."""
    follows_post: bool = False
    before_post: int = 0
    """How many words stood before the first post."""
    addressed: str = ""
    clans: list[str] = field(default_factory=list)
    wider: list[str] = field(default_factory=list)
    in_wider: bool = False
    """What follows is the name of a region."""

    def read(self, tokens: Sequence[str]) -> None:
        for at, token in enumerate(tokens):
            before = tokens[at - 1].strip(".") if at else ""
            behind = tokens[at + 1].strip(".") if at + 1 < len(tokens) else ""
            many, posts = len(self.words), len(self.posts)
            if self._read_denial(token, behind):
                self.follows_post = False
                continue
            if token in _PARTING and self._begins_behind_comma(tokens[at + 1 :]):
                self.is_several = True
                self._end_head(tokens[:at])
                break
            if token == ",":
                # Titles follow a name; what follows a place may be the name itself.
                self.is_behind = any(word.role is Role.NAME for word in self.words)
                self.place_next = self.in_looks = self.of_others = False
                self._end_head(tokens[:at])
            elif self._parts_people(token, before, tokens[at + 1 :]):
                self.is_several = True
                break
            elif self.words and token.strip(".") in _AND_OTHERS:
                self.is_several, self.place_next = True, False
            elif token in _AND_SIGNS:
                pass
            elif not token[0].isalnum():
                self.is_behind = self.place_next = False
            elif token[0].isdigit():
                self._read_digits(token, before, behind, _before_that(tokens, at))
            else:
                self._read_word(token, behind, before)
            self._keep_of_post(token, many, posts)
        self._end_head(tokens)

    def _read_denial(self, token: str, behind: str) -> bool:
        """Say whether a token is of what is said not to be meant, and nothing else: its words are kept to be told."""
        bare = token.strip(".")
        if token in _ENDS_DENIAL or bare in _NAME_FOLLOWS:
            self.in_denial = False
        elif bare in _BUT and (self.in_denial or behind == _NOT):
            self.in_denial = False  # what follows is meant, or is denied by a word of its own
            return True
        elif bare == _NOT:
            self.in_denial, self.place_next = True, False
            return True
        elif self.in_denial and token[0].isalnum() and len(self.denied) < MOST_WORDS:
            self.denied.append(bare)
        return self.in_denial

    def _end_head(self, tokens: Sequence[str]) -> None:
        """Keep what stood before the first comma, where it comes or where the text ends."""
        if not self.head_tokens:
            self.head_tokens, self.head = tokens, (len(self.words), len(self.posts), len(self.units))

    def _parts_people(self, token: str, before: str, behind: Sequence[str]) -> bool:
        """Say whether this stands between two people; a slash also stands between other things than names."""
        if token == "/":
            return self._ends_a_name(before) and _is_of_name(behind[0] if behind else "")
        word = token.strip(".")
        is_and = token in _AND
        if not (is_and or word in _WITH) or self.of_others or (behind and behind[0].strip(".") in _SEEN_WITH):
            return False
        if self._begins_another(word, before, behind):
            return True
        return is_and and self._ends_a_name(before) and any(map(_is_of_name, behind))

    def _begins_behind_comma(self, behind: Sequence[str]) -> bool:
        """Say whether somebody else is begun behind a comma: by a second post that one alone holds, by a second salutation and
        a name, or by a name where name and post were told and a post or nothing but borne words follow.
        """
        parts = _parted_at_commas(behind)
        told = [bare for token in parts[0] if (bare := token.strip(".")) and not name_words.is_title(bare)]
        saluted = bool(told) and told[0] in name_words.SALUTATIONS and told[0] not in _NAME_FOLLOWS
        while told and told[0] in name_words.SALUTATIONS and told[0] not in _NAME_FOLLOWS:
            del told[0]
        if not told or not (self.words or self.posts):
            return False
        if _is_post_of_one(told[0]) and is_held_by_one(self.posts):
            return True
        if self.posts and self._is_named_next(parts[0], with_post=True) and self._is_anybody_named():
            return True
        if not self._has_name_before_post() or not all(map(_is_of_name, parts[0][-len(told) :])):
            return False
        if saluted and self.saw_salutation:
            return True
        words = [word for token in told for word in name_words.read_token(token)]
        if not self.posts or len(words) < 2:
            return False
        ahead = next((part[0].strip(".") for part in parts[1:] if not _is_all_titles(part)), "")
        return bool(_POST_WORDS.get(ahead)) or _is_post_of_one(ahead) or all(map(self.is_name, words))

    def _is_named_next(self, tokens: Sequence[str], *, with_post: bool = False) -> bool:
        """Say whether a name begins here of which each word is borne, up to a post or, unless one has to follow, to the end."""
        words: list[str] = []
        for token in tokens:
            bare = token.strip(".")
            if token in _PARTING:
                break
            if _is_of_name(token):
                words += name_words.read_token(token)
            elif token not in "()" and not token[0].isdigit() and not name_words.is_title(bare):
                is_post = bool(_POST_WORDS.get(bare)) or _is_post_of_one(bare)
                return is_post and bool(words) and all(map(self.is_name, words))
        return bool(words) and not with_post and all(map(self.is_name, words))

    def _is_anybody_named(self) -> bool:
        """Say whether a word that somebody bears and no unit was told, before a post or behind it."""
        return any(self.is_name(word.text) for word in self.words)

    def _has_name_before_post(self) -> bool:
        """Say whether somebody was named who is borne so, before his post where that was told: what follows it may be a place."""
        before = self.words[: self.before_post] if self.posts else self.words
        return any(word.role is Role.NAME and self.is_name(word.text) for word in before)

    def _begins_another(self, word: str, before: str, behind: Sequence[str]) -> bool:
        """Say whether somebody else is surely begun behind a word: by a salutation, a post of a person or a borne name."""
        titled = (token for token in behind[:4] if token[0].isalpha())
        told = next((bare for each in titled if (bare := each.strip(".")) and not name_words.is_title(bare)), "")
        if not told or not (self.words or self.posts):
            return False
        if (told in name_words.SALUTATIONS and told not in _NAME_FOLLOWS) or _is_of_his(told):
            return True
        if self.posts and self._is_named_next(behind) and self._is_anybody_named():
            return True
        if before in _POST_WORDS or before in _SORTS_OF_UNITS:
            return False  # of somebody of two posts
        if _is_post_of_one(told):
            return True
        if before in _UNIT_WORDS:
            return False  # of a unit for two things
        if told in _PERSONS:
            return True
        return bool(self.words) and _is_of_name(told) and (word in _AGAINST or self.is_name(told))

    def _ends_a_name(self, before: str) -> bool:
        """Say whether a name stands before this and not the name of a unit, which may have an "and" in it."""
        if self.place_next or before in _UNIT_WORDS:
            return False
        return any(word.role is Role.NAME for word in self.words)

    def _keep_of_post(self, token: str, many: int, posts: int) -> None:
        """Keep where the words stand that follow the first post; before this token there were so many words and posts."""
        start, end = self.of_post
        if len(self.posts) > posts:
            self.follows_post = start == end
            self.before_post = self.before_post if posts else many
        elif self.follows_post and len(self.words) > many and not self.in_units[-1]:
            self.of_post = start if end else many, len(self.words)
        elif token not in _ABOUT_SUBJECTS:
            self.follows_post = False

    def _is_address(self, bare: str, before: str, behind: str) -> bool:
        """Say whether somebody is addressed by a word that may be a name: at the beginning, where a name follows."""
        is_one = bare in name_words.ADDRESSES or (
            bare in name_words.OF_KIN and (before in name_words.SALUTATIONS or before in name_words.ADDRESSES)
        )
        return is_one and not self.words and _is_of_name(behind)

    def _is_only_name(self, before: str, behind: str) -> bool:
        """Say whether a word between these is all that is told of a name: alone, or with an address before it and none behind."""
        is_begun = before in name_words.SALUTATIONS if before else not behind
        return is_begun and not self.words and not _is_of_name(behind)

    def _read_word(self, token: str, behind: str, before: str) -> None:
        bare = token.strip(".")
        if bare in _LETTERS_ONCE and bare not in _POST_WORDS and bare not in _UNIT_WORDS:
            bare = _LETTERS_ONCE[bare]
        elif bare == "dir" and behind in _UNIT_WORDS:
            bare = "direktur"
        if self._read_initials(bare, before):
            return
        if bare in _WOMEN or bare in _MEN:
            self.sex = self.sex or ("f" if bare in _WOMEN else "m")
        if bare == "ayu" and before in ("gusti", "gst", "dewa") and self.sex:
            self.sex = "f"  # whose "I" before it is that of a family
        if self._read_looks(bare, behind):
            return
        if bare in _NAME_FOLLOWS:
            # What was said before was about him, and none of it his name.
            self.in_looks = self.of_others = False
            kept = [at for at, word in enumerate(self.words) if word.role is not Role.NAME]
            self.words, self.in_units = [self.words[at] for at in kept], [self.in_units[at] for at in kept]
            self.of_post = 0, 0
        if self._is_address(bare, before, behind):
            self.saw_salutation, self.addressed = True, bare
            self.sex = self.sex or _SEX_OF_ADDRESS.get(bare, "")
        elif _is_of_clan(bare, behind):
            pass  # its name follows
        elif (
            bare in name_words.SALUTATIONS
            and (token == bare or len(bare) > 2)
            and not (bare in name_words.ALONE_NAMES and self._is_only_name(before, behind))
        ):
            self.saw_salutation = True
            if bare in name_words.ALONE_NAMES and not self.words and _is_of_name(behind):
                self.addressed = bare
            # There is a place called Ibu.
            if bare in _BEGIN_NAMES and not (bare == "ibu" and (before in _PLACE_FOLLOWS or behind in SIDES)):
                self.place_next = self.is_of_unit = False
        elif bare in _PASSED_OVER or _is_of_day(bare, before, behind):
            self.place_next = self.place_next and bare in ("dan", "serta")
        elif bare in _FROM:
            self.place_next = self.is_of_unit = True
        elif bare == "wali" and behind == "kelas":
            self.posts.append("guru")
            self.saw_post = True
        elif bare == "kelas" and before == "wali":
            pass  # read with the word before it
        elif bare == "wali" and behind in ("nagari", "kota"):
            self.posts.append(bare)
        elif bare == "wali" and before in _BEGIN_NAMES and not behind[:1].isalpha():
            self.posts += ("wali", "kota")  # so called where nothing else is said
            self.saw_post = True
        elif self.posts[-1:] == ["guru"] and (
            bare == "mapel" or (bare, behind) == _SUBJECT or (before, bare) == _SUBJECT
        ):
            pass  # every teacher is one of a subject
        elif not self.posts and _is_servant(bare, behind):
            self.saw_post = True
        elif bare in _OF_UNITS_TOO and self.place_next and (self.units or self.posts == ["kepala", "badan"]):
            self.posts += () if self.units else (bare,)
            self.units.append(bare)
        elif acting := _acting(bare, behind):
            self.acting = self.acting or acting
        elif (before, bare) in _ACTING_IN_FULL:
            pass  # read with the word before it
        elif bare in _FORMER:
            self.former = self.former or bare
        elif bare in _POST_WORDS and (token != "ka." or behind in _UNIT_WORDS):
            self.saw_post = True
            self.posts += _POST_WORDS[bare]
            self.place_next, self.is_of_unit = bare in _PLACE_FOLLOWS, False
        elif of_unit := _headed(bare):
            self.posts += ("kepala", of_unit[0])
            self.units += of_unit
            self.place_next, self.is_of_unit = True, False
        elif bare in _SCHOOLS_OR_NAMES and (behind[:1].isdigit() or (self.words and self.posts[-1:] == ["guru"])):
            self.units.append(bare)
            self.place_next = self.is_of_unit = True
        elif bare in ("kota", "nagari") and before == "wali":
            self.posts.append(bare)
            self.place_next, self.is_of_unit = True, False
        elif bare in ("upt", "uptd") and behind in _OF_AN_UPT:
            pass  # it is the unit that follows, which rosters write with it or without
        elif (
            bare in _UNIT_WORDS
            and (bare != "n" or _is_state_school(before, behind))
            and (bare != "pu" or before in _BEFORE_PU)
        ):
            of_unit = _UNIT_WORDS[bare]
            self.in_wider = not _REGIONS.isdisjoint(of_unit)
            self.wider += of_unit if self.in_wider else ()
            is_field = bare == "umum" or not _FIELDS.isdisjoint(of_unit[:1])
            is_of_part = is_field and before in _PARTS and self.posts[-1:] == [before]  # Kepala Seksi Trantib
            is_over = before in _OVER and self.posts == [before]  # Ridwan, Kepala Seksi …
            is_over = is_over or (is_field and before in _POST_WORDS)
            is_behind_post = self.posts and not self.units and (not self.words or is_over)
            is_of_post = bool(is_of_part or is_behind_post)
            if is_of_post:
                self.posts += of_unit if is_field else of_unit[:1]
            self.units += of_unit
            is_of_post = is_of_post or (self.place_next and not self.is_of_unit and not self.words)
            self.place_next, self.is_of_unit = True, not is_of_post
        elif bare in _PROVINCES and (self.place_next or bare not in _PROVINCES_OR_NAMES):
            self.units += _PROVINCES[bare]
        else:
            found = name_words.read_token(token, self.is_behind) or self._initial(bare, before, behind)
            if _is_of_clan(before, bare) and self.words:
                self.clans += found
            self.in_units += [self.place_next and self.is_of_unit] * len(found)
            if not found:
                self.saw_title = True
                self.titles += [piece for piece in token.split(".") if piece]
            role = Role.PLACE if self.place_next else Role.NAME
            self.wider += found if self.in_wider and self.place_next else ()
            self.words += (Word(word, role) for word in found)

    def _read_initials(self, bare: str, before: str) -> bool:
        """Say whether a word says that initials follow, or is of such letters: each is one of a name, and none a title."""
        if bare in _INITIALS:
            self.place_next = self.is_of_unit = self.is_behind = False
            return True
        letters = bare.replace(".", "")
        if before not in _INITIALS or not (len(letters) <= _MOST_INITIALS or max(map(len, bare.split("."))) == 1):
            return False
        self.words += map(Word, letters)
        self.in_units += [False] * len(letters)
        return True

    def _initial(self, bare: str, before: str, behind: str) -> tuple[str, ...]:
        """Return H. as an initial where it ends a name; Haji stands before one, or behind a comma."""
        is_name_behind = behind[:1].isalpha() and not (behind[1:] and _ends_names(behind))
        ends = bare == "h" and not is_name_behind and bool(self.words) and before == self.words[-1].text
        return (bare,) if ends else ()

    def _read_looks(self, bare: str, behind: str) -> bool:
        """Say whether a word tells how somebody looked or what he did, and no name: kept with the others that do."""
        begins = bare in _OF_LOOKS or (bare in _COUNTS and behind == "jari")
        begins = begins or (
            bare == "salam" and (behind in _COUNTS or behind in ("jari", "metal") or behind[:1].isdigit())
        )
        begins = begins or (bare, behind) in _TWO_OF_LOOKS
        if begins or (self.in_looks and bare in _WITH_LOOKS):
            self.in_looks, self.place_next = True, False
            self.of_others = self.of_others or ((bare in _CANDIDATES or bare == "calon") and bool(self.words))
        elif not (self.of_others and _is_of_name(bare)):
            return False
        self.looks.append(bare)
        return True

    def _read_digits(self, token: str, before: str, behind: str, told_by: str) -> None:
        """Read figures; `told_by`: the word before them that says what they are of (umur kira-kira 35)."""
        if before == "kelas" and self.posts[-1:] == ["guru"]:
            return  # whose class it is
        if behind == "jari" or (self.in_looks and before in _NUMBERED):
            self.in_looks = True
            self.looks.append(token)
            return
        if before in ("tanggal", "tgl"):
            return  # a day of which no more was told
        digits = token.removesuffix("an").removesuffix("-")
        number = int(digits[:9])
        is_about = token != digits or (behind == "an" and not number % 10 and told_by not in _UNIT_WORDS)
        is_age = told_by in _AGE_BEFORE or behind in _AGE_BEHIND
        if len(digits) == 4 and 1930 <= number <= 2012:
            self.born = (number, number + 9 if is_about else number)
        elif len(digits) == 2 and (told_by in _BORN_BEFORE or (is_about and before in _AGE_BEHIND)):
            self.born = (1900 + number, 1900 + number + (9 if is_about else 0))
        elif len(digits) == 2 and (is_age or is_about):
            self._read_age(number, 10 if is_about else 1, 2 if before in _ABOUT else 0)
        elif before == "(" and behind == ")" and len(digits) <= 3 and told_by not in _UNIT_WORDS:
            self._read_age(number, 1, 0)  # as newspapers write it behind a name
        elif len(digits) > 4:
            self.numbers = self.numbers or [digits]
        else:
            self.units.append(str(number))

    def _read_age(self, number: int, years: int, about: int) -> None:
        """Count an age back to the years of birth that it leaves: somebody of fifty was born 50 or 51 years ago, and "50-an" is
        one in his fifties.
        """
        if self.on and 15 <= number <= 80:
            self.born = (self.on.year - number - years - about, self.on.year - number + about)

    def asked(self) -> Asked:
        words = _as_names(self.words, self.in_units)
        called = self._called()
        return Asked(
            words[:MOST_WORDS],
            tuple(dict.fromkeys(_said_alike(self.posts))),
            tuple(self.units),
            tuple(self.numbers),
            self.birth.years if self.birth else self.born,
            self.birth.day if self.birth else "",
            self.sex,
            self.is_several,
            denied=tuple(self.denied),
            looks=tuple(dict.fromkeys(self.looks)),
            acting=self.acting,
            former=self.former,
            called=called,
            behind=self._behind() if called else (0, 0, 0),
            in_units=tuple(self.in_units[:MOST_WORDS]),
            behind_post=(min(self.of_post[0], MOST_WORDS), min(self.of_post[1], MOST_WORDS)),
            addressed=self.addressed if words else "",
            clans=tuple(self.clans),
            wider=tuple(self.wider),
        )

    def _called(self) -> tuple[str, ...]:
        """Return all words before the first comma, where one of them was read as something else than a word of a name."""
        words, posts, units = self.head
        if not words or not (posts or units) or any(token[0].isdigit() or token == _NOT for token in self.head_tokens):
            return ()
        called = [word for token in self.head_tokens for word in name_words.read_token(token)]
        while called and called[0] in name_words.SALUTATIONS:
            del called[0]
        return tuple(called) if words < len(called) <= _LONGEST_NAME else ()

    def _behind(self) -> tuple[int, int, int]:
        """Return where in what was read begins what stood behind the first comma."""
        words, posts, units = self.head
        return words, len(dict.fromkeys(_said_alike(self.posts[:posts]))), units


_LONGEST_NAME = 6
"""Words; of longer names an index keeps no more."""
_SUBJECT = ("mata", "pelajaran")
_ABOUT_SUBJECTS = (*_SUBJECT, "mapel")
_TWO_OF_LOOKS = (("nomor", "urut"), ("no", "urut"), ("nomer", "urut"), ("pasangan", "calon"))


# --- comparing -------------------------------------------------------------------------------------------------------

_ALIKE = 0.93
_SOUND_LOSES = 5
"""Letters by which spellings of the same sound differ at most, or nearly so: where they differ by more, none is computed."""
_ALONE = 0.75
"""What is left of the score where all that was told is one short word that is another one letter off."""
_LOST = 0.7
"""What is left of the score of somebody who lacks words that were asked for, and was looked for without them."""
_TORN = 0.9
"""What is left of the score of somebody of another post whose name is one half of what followed the post, and his unit the other."""
_HOLDS = 0.6
"""Whose post fits less does not hold the one that was asked for."""
_OTHER_NUMBER, _AGREES = 0.85, 0.5
"""What is left of the score of somebody who does not bear the number that was told; and how well a name agrees with a number."""
DOUBTED = 90
"""The score of somebody who bears the number that was told where it does not settle who is meant."""
OTHER_SEX = 0.03
"""By how much less somebody fits whose name says another sex than the salutation."""
_AS_HELD = 0.15
"""By how much less somebody fits whose post is not known to be held as was told, where it is all that tells who is meant."""
_WHERE = 0.25
"""How much of the score unit, place, post and age may take where they were given."""
OTHER_DAY, UNKNOWN_DAY = 0.7, 0.85
"""How well a birth fits whose year was told but not its day, and one of which only the year is known."""


_UNLIKE = 0.0, ""


_CHILD = re.compile(r"\bbin(?:ti)?\b")
_NOBLE = re.compile(r"\b(?:raden|rd)\b\.?(?:\s{1,3}(mas|ayu|ajeng)\b)?|\br(m)\b")
_ENDS_H = re.compile(r"[A-Za-z.] *[ .][Hh]\.? *(?:,|$)")


class _OfName(NamedTuple):
    """How well a name fits, why (found out of those alone that may be shown), and which words of the query it used up."""

    share: float
    why: Callable[[], tuple[Reason, ...]] = tuple
    used: frozenset[str] = frozenset()


class _Pair(NamedTuple):
    asked: str
    borne: str
    share: float
    why: str


class _Nears(dict[str, float]):
    """How well each word of a unit fits one of a place that is written otherwise: of a word found out once."""

    def __init__(self, word: str) -> None:
        self._word = word if len(word) >= 4 and not word.isdigit() else ""

    def __missing__(self, other: str) -> float:
        near = self[other] = _near(self._word, other) if self._word and not other.isdigit() else 0.0
        return near


class Comparer:
    """Compares the names of a roster with one query."""

    def __init__(
        self,
        asked: Asked,
        readings: Sequence[tuple[str, ...]] = (),
        may_fit: Callable[[str, str], bool] = lambda asked, borne: True,
        sound_alone: Callable[[str], str] = lambda word: joined_sound((word,)),
    ) -> None:
        """Whoever knows the roster helps: `readings` are the words of the name put together or parted otherwise, `may_fit` says
        at once of two words that they are nothing to each other, and `sound_alone` how a word sounds that stands alone.
        """
        self.asked = asked
        self._readings = readings
        self._may_fit = may_fit
        self._sound_alone = sound_alone
        self._words = tuple(word.text for word in asked.name_words)
        self._denied = [Reason("denied", (("words", " ".join(asked.denied)),))] if asked.denied else []
        self._called = asked.called
        self._behind_post = asked.words_behind_post
        self._with_posts: dict[int, Comparer] = {}
        self._whole: Comparer | None = None
        self._told_short = not name_words.TOLD_SHORT.keys().isdisjoint(self._words)
        self._without_gusti = name_words.without_gusti(self._words)
        self._sure = tuple(map(asked.is_sure, asked.name_words))
        self._named = tuple(word for word, sure in zip(self._words, self._sure, strict=True) if sure)
        self._posts = frozenset(asked.posts)
        self._head = head_of(asked.posts)
        self._begun = begun_by(asked.posts)
        self._office = office_of(" ".join(asked.posts)) if asked.posts else ""
        self._units = tuple(dict.fromkeys(asked.place_words))
        self._proper = frozenset(word.text for word in asked.words if word.role is not Role.NAME)
        self._either = frozenset(word.text for word in asked.words if word.role is Role.EITHER)
        self._placed = asked.sure_places
        self._sorts = asked.sorts if self._placed else frozenset()
        self._which, self._which_post = _Which(self._units), _Which(asked.posts)
        self._pairs = [joined_sound(pair) if len(min(pair, key=len)) > 1 else "" for pair in pairwise(self._words)]
        self._shortest_pair = min((len(pair) for pair in self._pairs), default=0)
        self._longest = max(map(len, self._words), default=0)
        self._letters = sum(map(len, self._words))
        self._ends_h = self._words[-1:] == ("h",)
        self._tells_letters = "b" in self._words[1:-1] or (self._words[:1] == ("r",) and len(self._words) > 1)
        self._alone = {joined_sound((word,)) for word in self._words}
        self._names: dict[tuple[str, ...], _OfName] = {}
        self._reasons: dict[tuple[str, ...], tuple[Reason, ...]] = {}
        self._fits: dict[str, dict[str, tuple[float, str]]] = defaultdict(dict)
        self._nears = cache(_Nears)

    @property
    def scale(self) -> float:
        """What is left of every score, whoever it is of."""
        return (_LOST if self.asked.lost else 1.0) * (_OTHER_NUMBER if self.asked.numbers else 1.0)

    @property
    def may_hold(self) -> bool:
        """Say whether somebody may be meant for his unit and post alone: nothing that was told is surely of a name."""
        return not self._named and not self.asked.is_guess

    def compare(
        self,
        name: str,
        unit: str = "",
        post: str = "",
        region_name: str = "",
        born: int | None = None,
        number: str = "",
        *,
        words: tuple[str, ...] = (),
    ) -> Likeness:
        """Say how well somebody fits. The name counts most; what was told of unit, post and age ranks those alike.

        `words`: those of the name, where they are known already.

        >>> comparer = Comparer(read_query("Pak Camat Karang Jati, Moh. Ridwan"))
        >>> comparer.compare("Dr. H. Muhamad Ridwan, S.Sos", "Kecamatan Karang Jati", "Camat").score
        99
        >>> comparer.compare("Ridwan Hakim", "SD Negeri 1 Sukamaju", "Guru").score < 75
        True
        """
        found = self._compared(name, unit, post, region_name, born, number, words)
        if many := self._behind_post and self._borne_by_post(post, unit):
            if (comparer := self._with_posts.get(many)) is None:
                told = self._behind_post[:many]
                readings = [tuple(word for word in reading if word not in told) for reading in self._readings]
                comparer = self._with_posts[many] = Comparer(
                    self.asked.with_posts(many), readings, self._may_fit, self._sound_alone
                )
            of_post = comparer.compare(name, unit, post, region_name, born, number, words=words)
            return of_post if of_post.score >= found.score else found
        return found

    def _borne_by_post(self, post: str, unit: str) -> int:
        """Say how many of the words that followed the post that was told are words of the post of somebody who holds it."""
        theirs = post_words(post)
        if not (self._behind_post[0] in theirs and self._posts <= theirs):
            return 0
        places = unit_words(unit)
        ours = ((at, word) for at, word in enumerate(self._behind_post) if word not in theirs or word in places)
        return next(ours, (len(self._behind_post), ""))[0]

    def _compared(
        self,
        name: str,
        unit: str,
        post: str,
        region_name: str,
        born: int | None,
        number: str,
        words: tuple[str, ...],
    ) -> Likeness:
        words = words or name_words.words_of(name)
        if self._ends_h and _ENDS_H.search(name.partition(",")[0]):
            words = (*words, "h")  # as it was told; a roster's H. is no word of a name elsewhere
        if self._tells_letters:
            words = self._with_letters(name, words)
        if self._called and self._is_called(words):
            self._whole = self._whole or Comparer(self.asked.with_called())
            return self._whole.compare(name, unit, post, region_name, born, number, words=words)
        share, _, used = self._of_name(words)
        because = self._why(words)
        short = () if name_words.BEGIN_SHORT.isdisjoint(words) else name_words.shortened(name)
        if short or self._told_short:
            because = _as_written(because, short)
        if self.asked.numbers and number:
            if number in self.asked.numbers:
                return self._of_number(number, share, because)
            if not (self._words or self._units or self._posts):
                return Likeness(0)
        told: dict[str, tuple[float, float]] = {}
        # Of a sentence about somebody's looks, in which no word is surely one of his name, nothing may be.
        is_vague = bool(self.asked.looks and share) and not any(reason.code in _SURELY for reason in because)
        lost = self.asked.lost if used else (*self.asked.lost, *self._named)
        reasons = [Reason("looks", (("words", " ".join(self.asked.looks)),))] if is_vague else []
        reasons += [Reason("nowhere", (("words", " ".join(lost)),))] if lost else []
        reasons += self._denied
        if self.asked.unknown:
            reasons.append(Reason("place_unknown", (("words", " ".join(self.asked.unknown)),)))
        reasons += because
        may_hold, is_torn = True, False
        theirs = unit_words(f"{unit} {region_name}") if self._units else ()
        is_placed_otherwise = bool(self._sorts) and self._is_of_another_place(theirs)
        is_elsewhere = self._which.is_other_than(theirs) or (is_placed_otherwise and self.asked.is_known_unit)
        if self._posts:
            fits = self._of_post(post, unit)
            may_hold = fits > 0 or not post
            told["post"] = 1.0, fits
            if fits == 1 and (self._posts >= post_words(post) or not self._which.is_other_than(unit_words(post))):
                reasons.append(Reason("post", (("post", post or unit),)))
            elif fits > 0:
                reasons.append(Reason("post_near", (("post", post or unit),)))
            if fits >= 0.6 and (not_so := self._not_as_told(post)):
                reasons.append(not_so)
        # What a post is of (Seksi Pemerintahan) may follow it like a place.
        of_post: frozenset[str] = frozenset()
        if "post" in told and told["post"][1] >= _HOLDS:
            of_post = post_words(post).intersection(self._proper | self._posts).difference(theirs)
        places = [word for word in self._units if word not in used and word not in of_post]
        if places:
            fits, is_whole = self._of_unit(places, theirs)
            if fits and not self._is_in_order(places, theirs):
                fits, is_whole = fits * TURNED, False
            if fits >= 0.5 and post and self._is_torn(used, told):
                is_torn, is_whole = True, False
            if is_elsewhere:
                fits *= OTHER_UNIT
            told["unit"] = (
                1.0 + 0.2 * len(places),
                fits * (OTHER_PLACE if is_placed_otherwise and not is_elsewhere else 1),
            )
            reasons += (
                Reason("place_short", (("short", short), ("place", place))) for short, place in self.asked.meant
            )
            if fits >= 0.5:
                reasons.append(Reason("unit" if is_whole else "unit_near", (("unit", unit or region_name),)))
            elif is_elsewhere:
                reasons.append(Reason("unit_other", (("unit", unit or region_name),)))
            if not is_elsewhere and not is_whole and (lacking := self._lacking(places, theirs)):
                reasons.append(Reason("unit_lacks", (("unit", unit or region_name), ("words", " ".join(lacking)))))
            if theirs and (strange := self._strange(places, theirs, because)):
                reasons.append(Reason("neither", (("words", " ".join(strange)),)))
        if self.asked.born and born:
            fits, of_birth = self._of_birth(born, number)
            told["born"] = 1.0, fits
            reasons += of_birth
        whole, where = share, 0.0
        if told:
            where = _mean(told)
            if is_elsewhere:
                where *= _ELSEWHERE
            whole = (1 - _WHERE) * share + _WHERE * where * min(1.0, 0.25 + share)
            if is_torn:
                whole *= _TORN
            if self.may_hold and may_hold:
                # Nothing is surely of a name: "Camat Karang Jati" means whoever holds the post, where it is known.
                where_told = [word for word in self._units if word not in of_post]
                whole = max(whole, 0.85 * self._as_holder(told, places, where_told, theirs))
                whole -= _AS_HELD if any(reason.code in AS_HELD for reason in reasons) else 0.0
        if self.asked.lost or is_vague:
            whole *= _LOST
        if self.asked.sex and (sex := name_words.sex_of(name)):
            if sex != self.asked.sex:
                whole -= OTHER_SEX
            reasons.append(Reason("sex_same" if sex == self.asked.sex else "sex_other"))
        if self.asked.is_several:
            reasons.append(Reason("several"))
        if self.asked.numbers:
            whole *= _OTHER_NUMBER
            reasons.append(Reason("number_other", (("number", number),)) if number else Reason("number_none"))
        return Likeness(round(100 * max(0.0, min(1.0, whole))), tuple(reasons), where)

    def _with_letters(self, name: str, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words of a name with the letters that were told for what is no word of it: b. for bin, R. M. for Raden Mas."""
        flat = plain(name)
        if "b" in self._words[1:-1] and (child := _CHILD.search(flat)):
            at = len(name_words.words_of(flat[: child.start()]))
            words = (*words[:at], "b", *words[at:])
        if self._words[0] == "r" and (noble := _NOBLE.search(flat)):
            behind = noble[1] or noble[2] or ""
            if not behind or self._words[1] != behind[0]:
                return "r", *words
            return "r", behind[0], *words[words[:1] == (behind,) :]
        return words

    def _is_called(self, words: tuple[str, ...]) -> bool:
        """Say whether somebody's whole name is what was asked for, word for word, however spelled."""
        return len(self._called) == len(words) and all(
            one == other or not set(sounds(one)).isdisjoint(sounds(other))
            for one, other in zip(self._called, words, strict=True)
        )

    def _of_birth(self, born: int, number: str) -> tuple[float, list[Reason]]:
        """Say how well a year of birth fits, and the day that a number begins with where a day was told."""
        assert self.asked.born
        low, high = self.asked.born
        off, told = max(low - born, born - high, 0), self.asked.birth
        year = (("born", str(born)),)
        if off:
            return (0.6, [Reason("born_near", year)]) if off == 1 else (0.3 if off <= 3 else 0.0, [])
        if not told:
            return 1.0, [Reason("born", year)]
        if not (day := name_births.day_of(number)):
            return UNKNOWN_DAY, [Reason("born", year)] if low == high else []
        if not name_births.is_of(day, told):
            return OTHER_DAY, [Reason("birth_other", year)]
        # A day is shown that was told; of another no more than the year.
        return 1.0, [
            Reason("birth", (("day", f"{day[:4]}-{day[4:6]}-{day[6:]}"),))
            if day == told
            else Reason("birth_part", year)
        ]

    def _strange(self, places: Sequence[str], theirs: Sequence[str], because: Sequence[Reason]) -> list[str]:
        """Return the words that may be of a name or a place and are of neither, as far as no other reason says so."""
        said = {
            word
            for each in because
            if each.code in ("missing", "clan_none")
            for word in dict(each.values)["words"].split()
        }
        return [
            word
            for word in places
            if word in self._either and word not in said and not self._of_unit([word], theirs)[0]
        ]

    def _lacking(self, places: Sequence[str], theirs: Sequence[str]) -> list[str]:
        """Return the words that are surely of a place or a unit and stand in nothing that is known of theirs."""
        return [word for word in places if theirs and word not in self._either and not self._of_unit([word], theirs)[0]]

    def _is_of_another_place(self, theirs: Sequence[str]) -> bool:
        """Say whether a unit of the sort that was told is of another place. Where the roster has one there, a place is another
        of which some words fit and that goes on otherwise; else only one of which none fit.
        """
        if self._sorts.isdisjoint(theirs):
            return False
        fits = self._fits_of(self._placed, theirs)
        found, many = sum(map(bool, fits)), sum(map(is_of_place, theirs))
        if found == len(fits):
            return False
        return many > found if self.asked.is_known_unit else many > 0 == found

    def _is_torn(self, used: frozenset[str], told: Mapping[str, tuple[float, float]]) -> bool:
        """Say whether what followed a post that somebody does not hold would be half his name and half where he is."""
        is_held = "post" not in told or told["post"][1] >= _HOLDS
        return not is_held and not self._named and bool(used & self._proper) and not self._either <= used

    def _as_holder(
        self,
        told: dict[str, tuple[float, float]],
        places: Sequence[str],
        all_places: Sequence[str],
        theirs: Sequence[str],
    ) -> float:
        """Say how well somebody fits what was told beside the name where every word is of the place, and none of a name."""
        if len(places) < len(all_places):
            told = told | {"unit": (1.0 + 0.2 * len(all_places), self._of_unit(all_places, theirs)[0])}
        return _mean(told)

    def _of_number(self, number: str, share: float, because: tuple[Reason, ...]) -> Likeness:
        """Return how well somebody fits who bears a number that was told: surely, unless the name or a second number says another."""
        reasons = [Reason("number") if len(self.asked.numbers) == 1 else Reason("number_one", (("number", number),))]
        agrees = not self._named or share >= _AGREES
        if self._named:
            reasons += because if agrees else [Reason("number_name", (("words", " ".join(self._named)),))]
        reasons += self._denied
        if self.asked.is_several:
            reasons.append(Reason("several"))
        return Likeness(100 if agrees and len(self.asked.numbers) == 1 else DOUBTED, tuple(reasons))

    # --- the name ----------------------------------------------------------------------------------------------------

    def share(self, words: tuple[str, ...]) -> float:
        """Say how well a name of these words fits, whoever bears it, 0 to 1."""
        return self._of_name(words).share

    def known(self, words: tuple[str, ...]) -> float | None:
        """Say how well a name of these words fits, where it was compared already."""
        found = self._names.get(words)
        return None if found is None else found.share

    def _of_name(self, borne: tuple[str, ...]) -> _OfName:
        if (known := self._names.get(borne)) is None:
            known = self._names[borne] = self._read_name(borne)
        return known

    def _why(self, borne: tuple[str, ...]) -> tuple[Reason, ...]:
        """Return why a name fits as it does: of a name that many bear found out once."""
        if (known := self._reasons.get(borne)) is None:
            known = self._of_name(borne).why()
            if self.asked.clans:
                known = tuple(each for reason in known for each in self._said_of_clan(reason))
            self._reasons[borne] = known
        return known

    def _said_of_clan(self, reason: Reason) -> tuple[Reason, ...]:
        """Return a reason with what is missing of a clan apart: many do not bear theirs in what is recorded of them."""
        if reason.code != "missing":
            return (reason,)
        words = dict(reason.values)["words"].split()
        of_clan = [word for word in words if word in self.asked.clans]
        others = [word for word in words if word not in self.asked.clans]
        return (
            *((Reason("missing", (("words", " ".join(others)),)),) if others else ()),
            *((Reason("clan_none", (("words", " ".join(of_clan)),)),) if of_clan else ()),
        )

    def _read_name(self, borne: tuple[str, ...]) -> _OfName:
        if not self._words or not borne:
            return _OfName(0.0)
        best = self._aligned(self._words, self._sure, borne)
        if words := self._without_gusti:
            best = max(best, self._aligned(words, (True,) * len(words), borne), key=_share)
        if best.share < _ALIKE:
            for words in self._readings:
                found = self._aligned(words, (True,) * len(words), borne, joined=0.02)
                if found.share > best.share:
                    best = found._replace(used=frozenset(self._words))
        if best.share < _ALIKE:
            # Words that were joined or parted: two of ours are one of theirs, or the other way round.
            theirs = {self._sound_alone(word) for word in borne if len(word) + _SOUND_LOSES >= self._shortest_pair}
            for at, joined in enumerate(self._pairs) if theirs else ():
                if joined in theirs:
                    words = (*self._words[:at], self._words[at] + self._words[at + 1], *self._words[at + 2 :])
                    sure = (*self._sure[: at + 1], *self._sure[at + 2 :])
                    found = self._aligned(words, sure, borne, joined=0.02)
                    if found.share > best.share:
                        best = found._replace(used=found.used | {self._words[at], self._words[at + 1]})
            for at, pair in enumerate(pairwise(borne)):
                if len(pair[0]) + len(pair[1]) <= self._longest + _SOUND_LOSES and joined_sound(pair) in self._alone:
                    words = (*borne[:at], "".join(pair), *borne[at + 2 :])
                    best = max(best, self._aligned(self._words, self._sure, words, joined=0.02), key=_share)
            # An H. that ends a name is heard in no other.
            is_as_long = not self._ends_h and abs(self._letters - sum(map(len, borne))) <= 2 * _SOUND_LOSES
            if best.share < _ALIKE and is_as_long and joined_sound(self._words) == joined_sound(borne):
                best = _OfName(0.95, lambda: (Reason("joined"),), frozenset(self._words))
        return best

    def _aligned(
        self, words: tuple[str, ...], sure: tuple[bool, ...], borne: tuple[str, ...], joined: float = 0.0
    ) -> _OfName:
        """Pair each word of ours with at most one of theirs, the likest first."""
        ways = []
        is_no_gusti = self._told_short and not any("gusti" in sounds(other) for other in borne)
        for i, word in enumerate(words):
            if is_no_gusti and word in name_words.NEEDS_GUSTI:
                continue
            known = self._fits[word]
            for j, other in enumerate(borne):
                if (fit := known.get(other)) is None:
                    fit = known[other] = likeness_joined(word, other) if self._may_fit(word, other) else _UNLIKE
                if fit[0] > 0:
                    ways.append((-fit[0], abs(i - j), i, j, fit[1]))
        ways.sort()
        ours: dict[int, int] = {}
        theirs: set[int] = set()
        pairs: dict[int, _Pair] = {}
        for negative, _, i, j, why in ways:
            if i not in ours and j not in theirs:
                ours[i] = j
                theirs.add(j)
                pairs[i] = _Pair(words[i], borne[j], -negative, why)
        if not pairs:
            return _OfName(0.0)
        # An initial may stand for what rosters leave out (R., Raden); a word that is perhaps none of the name counts little.
        covered = total = 0.0
        for i, (word, weighs) in enumerate(zip(words, map(weight, words), strict=True)):
            if i in pairs:
                covered += weighs * pairs[i].share
                total += weighs
            else:
                total += weighs * (0.3 if not sure[i] else 0.6 if len(word) == 1 else 1.0)
        covered /= total
        of_name = list(map(weight, borne))
        borne_share = sum([of_name[j] for j in theirs]) / sum(of_name)
        # A word of the name that nobody spoke of is no fault, but whoever has none fits better.
        share = covered * (0.84 + 0.16 * borne_share)
        order = [ours[i] for i in sorted(ours)]
        swapped = order != sorted(order)
        if len(words) == len(pairs) == 1 and pairs[0].why == name_words.TYPO and len(words[0]) < 6:
            share *= _ALONE
        share -= (0.015 if swapped else 0.0) + joined
        # No word of weight fits: two people called Muhammad are not alike, nor is a whole word what one letter stands for.
        if borne_share < 0.9 and (len(words) > 1 or len(pairs[0].borne) == 1 < len(words[0])):
            is_light = max([of_name[ours[i]] * pair.share for i, pair in pairs.items()]) < 0.5
            share *= 0.6 if is_light else 1.0
        reasons = partial(_reasons, pairs, words, borne, swapped=swapped, joined=bool(joined))
        return _OfName(max(share, 0.0), reasons, frozenset([words[i] for i in pairs]))

    # --- the rest ----------------------------------------------------------------------------------------------------

    def _of_post(self, post: str, unit: str) -> float:
        theirs = post_words(post)
        if not theirs:
            return 0.0
        is_other = self._which_post.is_other_than((*theirs, *unit_words(unit)))
        if self._office and self._office == office_of(post) and not is_other:
            return 1.0
        if not self._posts & theirs:
            return 0.0
        missing = self._posts - theirs
        fits = 1 - len(missing - lent_to_posts(unit)) / len(self._posts) if missing else 1.0
        # Of a secretary of the region every secretary holds the words whose office has "region" at the end of its name.
        headed = self._begun[1] if self._begun else ""
        is_apart = headed in HEADED and headed in theirs and self._begun not in post_begins(post)
        return fits if self._head in post_heads(post) and not is_other and not is_apart else fits * OTHER_POST

    def _is_in_order(self, places: Sequence[str], ordered: Sequence[str]) -> bool:
        """Say whether the words of a place stand in a unit one after the other, as far as they stand there."""
        last = -1
        for word in places:
            if word in self._proper:
                nears = self._nears(word)
                at = [i for i, other in enumerate(ordered) if word == other] or [
                    i for i, other in enumerate(ordered) if nears[other]
                ]
                if at and at[-1] <= last:
                    return False
                last = next((i for i in at if i > last), last)
        return True

    def _not_as_told(self, post: str) -> Reason | None:
        """Return the note that a post is not known to be held as was told: by one who stands in, or no more."""
        asked = self.asked
        if asked.acting and asked.acting not in acting_of(post):
            return Reason("acting", (("word", asked.acting.capitalize()),))
        if asked.former and not asked.is_dated:
            return Reason("former", (("word", asked.former),))
        return None

    def _of_unit(self, places: Sequence[str], ordered: Sequence[str]) -> tuple[float, bool]:
        """Say how well the words of a unit fit what was told of it, and whether all of them do."""
        theirs = set(ordered)
        if not theirs:
            return 0.0, False
        if theirs.issuperset(places):
            return 1.0, True
        fits = self._fits_of(places, ordered)
        return sum(fits) / len(places), all(fits)

    def _fits_of(self, places: Sequence[str], ordered: Sequence[str]) -> list[float]:
        """Say of each word that was told of a unit how well the words of a unit fit it."""
        theirs = set(ordered)
        fits: list[float] = []
        whole = {*theirs, *map("".join, pairwise(ordered))}
        whole.update(word for pair in pairwise(places) if "".join(pair) in theirs for word in pair)
        if not SCHOOLS.isdisjoint(theirs):
            whole.add(SCHOOL)
        for word in places:
            if word in SIDES and fits and not fits[-1]:
                fits.append(0.0)  # a side tells nothing of another place
            else:
                fits.append(1.0 if word in whole else max(map(self._nears(word).__getitem__, theirs)))
        return fits


def _mean(told: dict[str, tuple[float, float]]) -> float:
    return sum(part * fits for part, fits in told.values()) / sum(part for part, _ in told.values())


def _share(found: _OfName) -> float:
    return found.share


def likeness_joined(word: str, other: str) -> tuple[float, str]:
    """Compare two words of which one may have been put together of two."""
    fit = likeness(word, other)
    if fit[0] < 0.9 and len(word) > 6 and len(other) > 6 and joined_sound((word,)) == joined_sound((other,)):
        return 0.96, name_words.SPELLING
    return fit


@lru_cache(maxsize=100_000)
def _near(word: str, other: str) -> float:
    if not set(sounds(word)).isdisjoint(sounds(other)):
        return 0.95
    return 0.8 if len(other) >= 4 and name_words.distance(word, other, 1) == 1 else 0.0


NOT_HELD = 84
"""Whoever is not known to hold the post that was told fits no better: less than whoever holds it and nothing else was told."""
MAY_KNOW = 59
"""Nor does anybody who holds another post than the one that is all that was told, and who may know at most who holds it."""
_SAID_OF_POST = frozenset(("post", "post_near", "number", "number_one", "number_name"))
_LIKE_SCHOOLS = SCHOOLS | {SCHOOL, "madrasah"}


def is_other_post(asked: Asked, post: str) -> bool:
    """Say whether a post of which words fit is another than the one that was told, of those that one alone holds in a unit.

    >>> told = read_query("Kadis Sosial")
    >>> is_other_post(told, "Kepala Bidang Perencanaan"), is_other_post(told, "Kepala Sekolah"), is_other_post(told, "Kepala")
    (True, True, False)
    >>> is_other_post(read_query("kepala sekolah SD 1"), "Kepala SD Negeri 1")
    False
    """
    if not is_held_by_one(asked.posts) or (len(asked.posts) == 1 and asked.posts[0] in _OVER):
        return False
    if head_of(asked.posts) not in post_heads(post):
        return True
    begun = begun_by(asked.posts)
    theirs = {its for its in post_begins(post) if its}
    if not (begun and begun[1] in HEADED and theirs) or begun in theirs:
        return False
    is_of_school = begun[1] in _LIKE_SCHOOLS
    return all(its[1] in HEADED and not (is_of_school and its[1] in _LIKE_SCHOOLS) for its in theirs)


def not_held(asked: Asked, name: str, post: str, because: Sequence[Reason]) -> Reason | None:
    """Return the note that somebody is not recorded to hold the post that was told; none where his is not known, where the post
    is nearly that, or where what was told of a post is his name or what everybody of a unit is.

    >>> not_held(read_query("Pak Camat Karang Jati, Ridwan"), "Ridwan", "Staf", ())
    Reason(code='post_not', values=(('told', 'camat'), ('post', 'Staf')))
    """
    codes = {reason.code for reason in because}
    if "post_near" in codes and is_other_post(asked, post):
        codes.discard("post_near")
    if not (asked.posts and post) or codes & _SAID_OF_POST or asked.former:
        return None
    if not _SERVANTS_OF_A_UNIT.isdisjoint(asked.posts[:1]):
        return None
    if asked.called and Comparer(asked)._is_called(name_words.words_of(name)):
        return None
    return Reason("post_not", (("told", " ".join(asked.posts)), ("post", post)))


def is_held_by_nobody(asked: Asked, posts: Sequence[tuple[str, Sequence[Reason]]]) -> bool:
    """Say whether a post is all that was told, one alone holds it, and nobody does of those who were found: the post of each and
    the reasons why he was.
    """
    is_named = bool(asked.numbers) or any(word.role is Role.NAME for word in asked.words)
    if not posts or is_named or not is_held_by_one(asked.posts):
        return False
    for post, because in posts:
        codes = {reason.code for reason in because}
        is_other = "post_not" in codes or (asked.former and "post_near" in codes and is_other_post(asked, post))
        if not is_other or codes & OF_NAME:
            return False
    return True


def school_of(asked: Asked) -> tuple[str, ...]:
    """Return kind and number of a school that was told, where it is one alone.

    >>> school_of(read_query("Dewi guru SMPN 9 Karang")), school_of(read_query("Dewi guru SMP")), school_of(read_query("Dewi SD 1 SMP 2"))
    (('smp', '9'), (), ())
    """
    told = tuple(word for is_one in reversed(KINDS) for word in dict.fromkeys(filter(is_one, asked.units)))
    return told if len(told) == len(KINDS) and told[1].isdigit() and not told[0].isdigit() else ()


AS_HELD = ("acting", "former")
"""Notes that a post is not known to be held as was told."""
_SURELY = ("name_whole", "name_same", "spelling", "short", "joined")
_BY_WHY = {
    name_words.SPELLING: "spelling",
    name_words.TYPO: "typo",
    name_words.INITIAL: "initial",
    name_words.NICKNAME: "nickname",
    name_words.PART: "part",
}
OF_NAME = frozenset(("name_whole", "name_same", "short", *_BY_WHY.values()))
"""Reasons that speak of a word of the name."""


def _reasons(
    pairs: dict[int, _Pair],
    words: tuple[str, ...],
    borne: tuple[str, ...],
    *,
    swapped: bool,
    joined: bool,
) -> tuple[Reason, ...]:
    same = [pair.borne for _, pair in sorted(pairs.items()) if pair.why == name_words.SAME]
    found = []
    if len(same) == len(words) == len(borne):
        found.append(Reason("name_whole"))
    elif same:
        found.append(Reason("name_same", (("words", " ".join(same)),)))
    found += [
        Reason(_BY_WHY[pair.why], (("asked", pair.asked), ("borne", pair.borne)))
        for _, pair in sorted(pairs.items())
        if pair.why in _BY_WHY
    ]
    if swapped:
        found.append(Reason("swapped"))
    if joined:
        found.append(Reason("joined"))
    missing = [word for i, word in enumerate(words) if i not in pairs]
    if missing:
        found.append(Reason("missing", (("words", " ".join(missing)),)))
    return tuple(found)


def _as_written(reasons: Sequence[Reason], short: Sequence[tuple[tuple[str, ...], str]]) -> tuple[Reason, ...]:
    """Return reasons in the words that stand in a name and in the query, where the beginning of either is written by letters.

    `short`: what was read in place of such letters in the name (name_words.shortened).
    """
    pairs: list[tuple[str, str, str]] = []
    before: list[Reason] = []
    rest: list[Reason] = []
    for reason in reasons:
        values = dict(reason.values)
        if reason.code == "name_same":
            pairs += ((word, word, "") for word in values["words"].split())
        elif "borne" in values:
            pairs.append((values["asked"], values["borne"], reason.code))
        elif reason.code == "missing":
            rest.append(Reason("missing", (("words", _told_as_written(values["words"])),)))
        else:
            (before if reason.code == "name_whole" else rest).append(reason)
    letters: list[Reason] = []
    for words, written in short:
        if not (of_these := [pair for pair in pairs if pair[1] in words]):
            continue
        at = pairs.index(of_these[0])
        pairs = [pair for pair in pairs if pair not in of_these]
        told = [asked for asked, _, _ in of_these]
        if told == list(words):
            pairs.insert(at, (written, written, ""))
        elif told[-1] in name_words.TOLD_SHORT:
            pairs.insert(at, (name_words.TOLD_SHORT[told[-1]], written, "spelling"))
        else:
            letters.append(Reason("short", (("short", written), ("full", " ".join(told)))))
    for pair in [pair for pair in pairs if pair[0] in name_words.TOLD_SHORT and pair[2] == "spelling" and not short]:
        of_these = [*[each for each in pairs if each[0] == "gusti"][:1], pair]
        pairs = [each for each in pairs if each not in of_these]
        full = " ".join(borne for _, borne, _ in of_these)
        letters.append(Reason("short", (("short", name_words.TOLD_SHORT[pair[0]]), ("full", full))))
    same = [borne for _, borne, code in pairs if not code]
    found = [Reason("name_same", (("words", " ".join(same)),))] if same else []
    found += [Reason(code, (("asked", asked), ("borne", borne))) for asked, borne, code in pairs if code]
    return (*before, *found, *letters, *rest)


def _told_as_written(words: str) -> str:
    """Return words of a query as they were written, where one stands for letters.

    >>> _told_as_written("gusti agungayu putra"), _told_as_written("gusti")
    ('iga putra', 'gusti')
    """
    told = words.split()
    kept = [word for word, behind in pairwise((*told, "")) if word != "gusti" or behind not in name_words.TOLD_SHORT]
    return " ".join(name_words.TOLD_SHORT.get(word, word) for word in kept)
