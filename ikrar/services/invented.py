"""Invented work units and staff for the demo, tests and measurements: offices as they are, nobody in them exists.

Pure: all follows from the arguments, so that the same seed and day give the same roster on every machine. A name is an
ordinary first name with a thing for a surname ("Rina Pualam"), so that no reader takes it for a real person. The last
digits of a number are counted down from the top, where real ones, counted up from 001, hardly ever come.
"""

import random
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

# --- work units --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InventedUnit:
    """A work unit. `kind` is a word of WorkUnit.Kind; an empty `parent_code`: directly under the agency."""

    code: str
    name: str
    kind: str
    parent_code: str
    region_code: str
    weight: int  # how many people it has, against other units


@dataclass(frozen=True, slots=True)
class Place:
    """A regency or city, with (code, name) of its districts and villages as the Ministry of Home Affairs has them."""

    code: str
    name: str
    districts: Sequence[tuple[str, str]]
    villages: Sequence[tuple[str, str]]

    def wards_of(self, districts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the villages of a town (kelurahan: 1 after the last point) in these districts.

        The others (desa) are no work units: a kepala desa is elected, not an official of the agency.
        """
        codes = {code for code, _ in districts}
        parts = ((village, *village[0].rpartition(".")) for village in self.villages)
        return [village for village, district, _, last in parts if last.startswith("1") and district in codes]


@dataclass(frozen=True, slots=True)
class Size:
    """How many units of each sort. None: as many districts or wards as the place has."""

    offices: int
    schools: int
    health_centres: int
    districts: int | None = None
    wards: int | None = None
    sections: int = 9

    @classmethod
    def for_people(cls, people: int, most_units: int = 60_000) -> "Size":
        """Return a usual size for so many people: fewer schools a head in a small town, a bare frame for a handful.

        `most_units` matters where many places share one roster.

        >>> Size.for_people(11_700)
        Size(offices=42, schools=310, health_centres=27, districts=None, wards=None, sections=9)
        """
        units = people // 6
        if units < 100:
            return cls(max(3, units // 3), units // 6, units // 12, units // 24, units // 6, min(9, units // 12))
        offices = min(24 + people // 650, len(_OFFICES))
        schools, centres = round(310 * (people / 11_700) ** 1.5), round(people / 433)
        if units <= most_units:
            return cls(offices, schools, centres, wards=None if people >= 4_000 else units // 4)
        # One of many places in one roster: the frame stays, wards and schools share what is left.
        offices, centres, districts = min(offices, 30), min(centres, most_units // 12), most_units // 6
        rest = max(0, most_units - offices - centres - districts - 11)
        return cls(offices, min(schools, rest * 3 // 4), centres, districts, rest // 4)

    def fitted(self, place: Place) -> "Size":
        """Return this size with no more districts and wards than the place has."""
        districts = place.districts[: self.districts]
        wards = len(place.wards_of(districts)[: self.wards])
        return replace(self, districts=len(districts), wards=wards)


# The usual offices of a regency or city, those found everywhere first: code, name, kind, weight.
_OFFICES = (
    ("SETDA", "Sekretariat Daerah", "secretariat", 14),
    ("DISDIK", "Dinas Pendidikan", "education_office", 45),
    ("DINKES", "Dinas Kesehatan", "office", 45),
    ("SETWAN", "Sekretariat DPRD", "secretariat", 30),
    ("ITDA", "Inspektorat", "office", 30),
    ("BKPSDM", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "office", 30),
    ("KESBANGPOL", "Badan Kesatuan Bangsa dan Politik", "office", 20),
    ("SATPOLPP", "Satuan Polisi Pamong Praja", "office", 90),
    ("DUKCAPIL", "Dinas Kependudukan dan Pencatatan Sipil", "office", 30),
    ("BAPPEDA", "Badan Perencanaan Pembangunan Daerah", "office", 35),
    ("BPKAD", "Badan Pengelolaan Keuangan dan Aset Daerah", "office", 45),
    ("DPUPR", "Dinas Pekerjaan Umum dan Penataan Ruang", "office", 60),
    ("DINSOS", "Dinas Sosial", "office", 25),
    ("DISHUB", "Dinas Perhubungan", "office", 60),
    ("DISKOMINFO", "Dinas Komunikasi dan Informatika", "office", 30),
    ("DLH", "Dinas Lingkungan Hidup", "office", 60),
    ("DPMPTSP", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "office", 30),
    ("DISPERKIM", "Dinas Perumahan dan Kawasan Permukiman", "office", 30),
    ("DP3AP2KB", "Dinas Pemberdayaan Perempuan, Perlindungan Anak dan Keluarga Berencana", "office", 35),
    ("BPBD", "Badan Penanggulangan Bencana Daerah", "office", 40),
    ("DISKOPUKM", "Dinas Koperasi dan Usaha Kecil Menengah", "office", 25),
    ("DISARPUS", "Dinas Kearsipan dan Perpustakaan", "office", 25),
    ("DISPAR", "Dinas Pariwisata", "office", 30),
    ("DISPORA", "Dinas Kepemudaan dan Olahraga", "office", 22),
    ("DISTAN", "Dinas Pertanian", "office", 45),
    ("BAPENDA", "Badan Pendapatan Daerah", "office", 45),
    ("DISNAKER", "Dinas Tenaga Kerja", "office", 25),
    ("DAMKAR", "Dinas Pemadam Kebakaran dan Penyelamatan", "office", 60),
    ("DISPERINDAG", "Dinas Perindustrian dan Perdagangan", "office", 35),
    ("DISPANGAN", "Dinas Ketahanan Pangan", "office", 22),
    ("DPMD", "Dinas Pemberdayaan Masyarakat dan Desa", "office", 25),
    ("DISKAN", "Dinas Perikanan", "office", 25),
    ("DISBUD", "Dinas Kebudayaan", "office", 20),
    ("DISNAK", "Dinas Peternakan dan Kesehatan Hewan", "office", 30),
    ("BRIDA", "Badan Riset dan Inovasi Daerah", "office", 18),
    ("DISBUN", "Dinas Perkebunan", "office", 25),
    ("DPPKB", "Dinas Pengendalian Penduduk", "office", 30),
    ("DISTANAH", "Dinas Pertanahan", "office", 18),
    ("DISTRANS", "Dinas Transmigrasi", "office", 18),
    ("DSDA", "Dinas Sumber Daya Air", "office", 35),
    ("DBM", "Dinas Bina Marga", "office", 40),
    ("DISPASAR", "Dinas Pengelolaan Pasar", "office", 30),
    ("DISANDI", "Dinas Statistik dan Persandian", "office", 16),
    ("DISTAKO", "Dinas Tata Kota dan Pertamanan", "office", 40),
    ("DISHUT", "Dinas Kehutanan dan Konservasi", "office", 25),
    ("DISESDM", "Dinas Energi dan Sumber Daya Mineral", "office", 20),
    ("BPBJ", "Badan Pengadaan Barang dan Jasa", "office", 18),
    ("BPD", "Badan Penghubung Daerah", "office", 14),
)
_SECTIONS = (
    ("BAG-UMUM", "Bagian Umum"),
    ("BAG-HUKUM", "Bagian Hukum"),
    ("BAG-ORG", "Bagian Organisasi"),
    ("BAG-PEM", "Bagian Pemerintahan"),
    ("BAG-KESRA", "Bagian Kesejahteraan Rakyat"),
    ("BAG-EKON", "Bagian Perekonomian"),
    ("BAG-PROKOPIM", "Bagian Protokol dan Komunikasi Pimpinan"),
    ("BAG-PBJ", "Bagian Pengadaan Barang dan Jasa"),
    ("BAG-ADBANG", "Bagian Administrasi Pembangunan"),
)


def units(place: Place, size: Size, *, apart: bool = False) -> list[InventedUnit]:
    """Return the units of a regency or city, every parent before its children; codes and names are unique.

    With `apart` all stands below one unit for the place and carries its name, so that many places fit one roster.
    Raises ValueError where more of a real thing is asked than there is.

    >>> town = Place("13.75", "KOTA BUKITTINGGI", [("13.75.01", "Guguk Panjang")], [("13.75.01.1001", "Tarok Dipo")])
    >>> [unit.code for unit in units(town, Size(offices=3, schools=1, health_centres=1, sections=0))]
    ['SETDA', 'DISDIK', 'DINKES', 'KEC-01', 'KEL-01-001', 'PKM-01', 'SDN-001']
    """
    districts = place.districts[: size.districts]
    wards = place.wards_of(districts)[: size.wards]
    for what, asked, there in (
        ("offices", size.offices, len(_OFFICES)),
        ("sections", size.sections, len(_SECTIONS)),
        ("districts", size.districts, len(districts)),
        ("wards", size.wards, len(wards)),
    ):
        if asked is not None and not 0 <= asked <= there:
            raise ValueError(f"{what}: {asked} asked, {place.code} has {there}")
    if size.offices < 3:
        raise ValueError(f"offices: {size.offices} asked; schools and health centres need three above them")

    full = _written(place.name)
    short = full.removeprefix("Kota ").removeprefix("Kabupaten ")
    made: list[InventedUnit] = []
    taken: set[str] = set()
    top = place.code.replace(".", "") if apart else ""

    def add(code: str, name: str, kind: str, parent: str, region: str, weight: int, apart_by: str = "") -> None:
        # Of two wards of one name the second says in which district it lies; of two there, which code it has.
        options = (name, f"{name} ({apart_by})", f"{name} ({code})")
        name = next(option for option in options if option.casefold() not in taken)
        taken.add(name.casefold())
        if apart:
            code, name, parent = f"{top}-{code}", f"{name} {full}", f"{top}-{parent}" if parent else top
        made.append(InventedUnit(code, name, kind, parent, region, weight))

    if apart:
        made.append(InventedUnit(top, f"Pemerintah {full}", "office", "", place.code, 4))
    for code, name, kind, weight in _OFFICES[: size.offices]:
        add(code, name, kind, "", place.code, weight)
        if code == "SETDA":
            for section, title in _SECTIONS[: size.sections]:
                add(section, title, "section", "SETDA", place.code, 12)
    name_of = dict(districts)
    for code, name in districts:
        add(f"KEC-{code[-2:]}", f"Kecamatan {name}", "district", "", code, 20)
    for code, name in wards:
        district = code.rpartition(".")[0]
        parent = f"KEC-{district[-2:]}"
        own = f"KEL-{district[-2:]}-{code[-3:]}"
        add(own, f"Kelurahan {name}", "ward", parent, district, 8, apart_by=name_of[district])

    # What lies in a district is named after it; where there is no district, after the place.
    spots = districts or [(place.code, short)]
    if size.offices >= 20:
        add("RSUD", "RSUD" if apart else f"RSUD {short}", "hospital", "DINKES", place.code, 150)
    for number in range(size.health_centres):
        region, name = spots[number % len(spots)]
        again = f" {number // len(spots) + 1}" if number >= len(spots) else ""
        add(f"PKM-{number + 1:02}", f"Puskesmas {name}{again}", "health_centre", "DINKES", region, 38)
    juniors = size.schools // 6
    for number in range(size.schools - juniors):
        region, name = spots[number % len(spots)]
        add(f"SDN-{number + 1:03}", f"SDN {number // len(spots) + 1:02} {name}", "school", "DISDIK", region, 16)
    for number in range(juniors):
        name = f"SMPN {number + 1}" if apart else f"SMPN {number + 1} {short}"
        add(f"SMPN-{number + 1:02}", name, "school", "DISDIK", spots[number % len(spots)][0], 34)
    return made


def _written(name: str) -> str:
    """Return a place's name as a letter writes it: the list of regencies has it in capitals."""
    return name.title() if name.isupper() else name


PEOPLE_A_PLACE = 12_000


def units_of_many(places: Sequence[Place], people: int, most_units: int = 60_000) -> list[InventedUnit]:
    """Return the units of as many places as so many people fill, in their order: one unit a place, its own below."""
    needed = min(len(places), -(-people // PEOPLE_A_PLACE))
    made: list[InventedUnit] = []
    for place in places[:needed]:
        size = Size.for_people(people // needed, most_units // needed)
        made += units(place, size.fitted(place), apart=True)
    return made


# --- people: what they do ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Career:
    """What somebody works as. `family` says by which ladder: expert, skilled (functional posts) or executor."""

    post: str
    family: str
    titles: str = "office"
    women: int = 34  # of 64


_TEACHERS = tuple(
    _Career(f"Guru {what}", "expert", "teacher", 42)
    for what in ("Kelas", "Kelas", "Mata Pelajaran", "Pendidikan Jasmani", "Pendidikan Agama", "Bimbingan Konseling")
)
_CLERKS = tuple(
    _Career(post, "executor", titles)
    for post, titles in (
        ("Penelaah Teknis Kebijakan", "office"),
        ("Penata Layanan Operasional", "office"),
        ("Pengolah Data dan Informasi", "short"),
        ("Pengelola Layanan Operasional", "short"),
        ("Pengadministrasi Perkantoran", "none"),
        ("Operator Layanan Operasional", "none"),
    )
)
_EXPERTS = tuple(
    _Career(post, "expert")
    for post in ("Analis Kebijakan", "Perencana", "Analis SDM Aparatur", "Pranata Komputer", "Arsiparis")
)
_BOOKKEEPER, _LIBRARIAN = _Career("Arsiparis", "skilled", "short"), _Career("Pustakawan", "skilled", "short")
_DOCTOR, _DENTIST = _Career("Dokter", "expert", "doctor", 36), _Career("Dokter Gigi", "expert", "dentist", 44)
_NURSE, _CHIEF_NURSE = _Career("Perawat", "skilled", "nurse", 46), _Career("Perawat", "expert", "chief_nurse", 46)
_MIDWIFE = _Career("Bidan", "skilled", "midwife", 64)
_PHARMACIST = _Career("Apoteker", "expert", "pharmacist", 44)
_LABORANT = _Career("Pranata Laboratorium", "skilled", "short")
_SANITARIAN, _DIETICIAN = _Career("Sanitarian", "skilled", "short"), _Career("Nutrisionis", "skilled", "short", 50)
_AUDITOR = _Career("Auditor", "expert")
_PATROL = _Career("Polisi Pamong Praja", "skilled", "none", 10)
_SERGEANT = _Career("Polisi Pamong Praja", "expert", "office", 10)

# Who works in a unit of a sort besides its head: 64 places, so that six bits of chance choose one.
_CAREERS: dict[str, tuple[_Career, ...]] = {
    "school": _TEACHERS * 9 + (_CLERKS[4],) * 5 + (_CLERKS[5],) * 3 + (_LIBRARIAN,) * 2,
    "health_centre": (_NURSE,) * 20 + (_MIDWIFE,) * 16 + (_CHIEF_NURSE,) * 4 + (_DOCTOR,) * 4 + (_DENTIST,) * 2
    + (_PHARMACIST,) * 3 + (_LABORANT,) * 3 + (_SANITARIAN,) * 3 + (_DIETICIAN,) * 3 + _CLERKS,
    "hospital": (_NURSE,) * 24 + (_MIDWIFE,) * 8 + (_CHIEF_NURSE,) * 8 + (_DOCTOR,) * 8 + (_DENTIST,)
    + (_PHARMACIST,) * 3 + (_LABORANT,) * 3 + (_DIETICIAN,) * 3 + _CLERKS,
    "inspectorate": (_AUDITOR,) * 34 + _EXPERTS[:3] * 4 + _CLERKS * 3,
    "patrol": (_PATROL,) * 40 + (_SERGEANT,) * 12 + _CLERKS * 2,
    "ward": _CLERKS * 10 + (_BOOKKEEPER,) * 4,
    "district": _CLERKS * 9 + _EXPERTS + (_BOOKKEEPER,) * 5,
    "office": _CLERKS * 7 + _EXPERTS * 3 + (_BOOKKEEPER,) * 7,
}  # fmt: skip
# Who stands under the head, in this order, as far as a unit is large enough: post, level as exports write it.
_DEPUTIES: dict[str, tuple[tuple[str, str], ...]] = {
    "setda": (
        ("Asisten Pemerintahan dan Kesejahteraan Rakyat", "II.b"),
        ("Asisten Perekonomian dan Pembangunan", "II.b"),
        ("Asisten Administrasi Umum", "II.b"),
        ("Staf Ahli Bidang Pemerintahan", "II.b"),
        ("Staf Ahli Bidang Kemasyarakatan", "II.b"),
    ),
    "setwan": (
        ("Kepala Bagian Umum dan Keuangan", "III.a"),
        ("Kepala Bagian Persidangan", "III.a"),
        ("Kepala Subbagian Tata Usaha", "IV.a"),
    ),
    "inspectorate": (
        ("Sekretaris Inspektorat", "III.a"),
        ("Inspektur Pembantu I", "III.a"),
        ("Inspektur Pembantu II", "III.a"),
        ("Inspektur Pembantu III", "III.a"),
        ("Kepala Subbagian Umum", "IV.a"),
    ),
    "office": (
        ("Sekretaris", "III.a"),
        ("Kepala Bidang Pelayanan", "III.b"),
        ("Kepala Bidang Pembinaan", "III.b"),
        ("Kepala Subbagian Umum dan Kepegawaian", "IV.a"),
        ("Kepala Bidang Data dan Informasi", "III.b"),
        ("Kepala Subbagian Perencanaan dan Keuangan", "IV.a"),
    ),
    "section": (("Kepala Subbagian Tata Usaha", "IV.a"), ("Kepala Subbagian Pelaporan", "IV.a")),
    "district": (
        ("Sekretaris Camat", "III.b"),
        ("Kepala Seksi Pemerintahan", "IV.a"),
        ("Kepala Seksi Ketenteraman dan Ketertiban Umum", "IV.a"),
        ("Kepala Seksi Pemberdayaan Masyarakat", "IV.a"),
        ("Kepala Subbagian Umum dan Kepegawaian", "IV.b"),
    ),
    "ward": (("Sekretaris Lurah", "IV.b"), ("Kepala Seksi Pemerintahan", "IV.b"), ("Kepala Seksi Pelayanan", "IV.b")),
    "health_centre": (("Kepala Subbagian Tata Usaha Puskesmas", "IV.b"),),
    "hospital": (
        ("Wakil Direktur Pelayanan", "III.b"),
        ("Wakil Direktur Umum dan Keuangan", "III.b"),
        ("Kepala Bagian Tata Usaha", "III.b"),
        ("Kepala Subbagian Keuangan", "IV.a"),
    ),
    "school": (),
}  # fmt: skip

_PERTAMA, _MUDA, _MADYA = "Ahli Pertama", "Ahli Muda", "Ahli Madya"
# Level and grade of a civil servant (PNS) by ladder, for six ages from under 30 to over 53, four likely cases each.
_LADDERS: dict[str, tuple[tuple[tuple[str, str], ...], ...]] = {
    "expert": (
        ((_PERTAMA, "III/a"), (_PERTAMA, "III/a"), (_PERTAMA, "III/a"), (_PERTAMA, "III/b")),
        ((_PERTAMA, "III/a"), (_PERTAMA, "III/b"), (_PERTAMA, "III/b"), (_MUDA, "III/c")),
        ((_PERTAMA, "III/b"), (_MUDA, "III/c"), (_MUDA, "III/c"), (_MUDA, "III/d")),
        ((_MUDA, "III/c"), (_MUDA, "III/d"), (_MUDA, "III/d"), (_MADYA, "IV/a")),
        ((_MUDA, "III/d"), (_MADYA, "IV/a"), (_MADYA, "IV/a"), (_MADYA, "IV/b")),
        ((_MADYA, "IV/a"), (_MADYA, "IV/a"), (_MADYA, "IV/b"), (_MADYA, "IV/c")),
    ),
    "skilled": (
        (("Terampil", "II/c"), ("Terampil", "II/c"), ("Terampil", "II/c"), ("Terampil", "II/d")),
        (("Terampil", "II/d"), ("Terampil", "II/d"), ("Mahir", "III/a"), ("Mahir", "III/a")),
        (("Terampil", "II/d"), ("Mahir", "III/a"), ("Mahir", "III/b"), ("Mahir", "III/b")),
        (("Mahir", "III/a"), ("Mahir", "III/b"), ("Mahir", "III/b"), ("Penyelia", "III/c")),
        (("Mahir", "III/b"), ("Penyelia", "III/c"), ("Penyelia", "III/c"), ("Penyelia", "III/d")),
        (("Penyelia", "III/c"), ("Penyelia", "III/c"), ("Penyelia", "III/d"), ("Penyelia", "III/d")),
    ),
    "executor": tuple(
        tuple(("Pelaksana", grade) for grade in grades.split())
        for grades in (
            "II/a II/c II/c III/a",
            "II/b II/d III/a III/a",
            "II/c II/d III/a III/b",
            "II/d III/a III/b III/c",
            "II/d III/b III/b III/c",
            "II/d III/b III/c III/d",
        )
    ),
}
_CPNS_LADDERS = {
    "expert": ((_PERTAMA, "III/a"),) * 4,
    "skilled": (("Terampil", "II/c"),) * 4,
    "executor": (("Pelaksana", "II/a"), ("Pelaksana", "II/c"), ("Pelaksana", "II/c"), ("Pelaksana", "III/a")),
}
_PPPK_LADDERS = {
    "expert": ((_PERTAMA, "IX"), (_PERTAMA, "IX"), (_PERTAMA, "IX"), (_PERTAMA, "X")),
    "skilled": (("Terampil", "VII"),) * 4,
    "executor": (("Pelaksana", "V"), ("Pelaksana", "V"), ("Pelaksana", "VII"), ("Pelaksana", "IX")),
}
_CONTRACT_POSTS = {
    "teacher": ("Guru Tidak Tetap", "Guru Tidak Tetap", "Tenaga Kependidikan", "Penjaga Sekolah"),
    "nurse": ("Tenaga Kesehatan Kontrak",) * 4,
    "midwife": ("Tenaga Kesehatan Kontrak",) * 4,
}
_ANY_CONTRACT_POST = ("Petugas Kebersihan", "Petugas Keamanan", "Pengemudi", "Operator Komputer")
# Grades of those who hold a structural post, and between which years of age they are.
_GRADES_OF_LEVEL = {
    "II.a": ("IV/c", "IV/d", "IV/d", "IV/e"), "II.b": ("IV/b", "IV/b", "IV/c", "IV/c"),
    "III.a": ("III/d", "IV/a", "IV/a", "IV/b"), "III.b": ("III/d", "III/d", "IV/a", "IV/a"),
    "IV.a": ("III/c", "III/c", "III/d", "III/d"), "IV.b": ("III/b", "III/c", "III/c", "III/d"),
    _MADYA: ("IV/a", "IV/a", "IV/b", "IV/b"),
}  # fmt: skip
_AGES_OF_LEVEL = {
    "II.a": (50, 58), "II.b": (46, 58), "III.a": (40, 57), "III.b": (38, 57), "IV.a": (35, 56), "IV.b": (33, 56),
    _MADYA: (42, 58),
}  # fmt: skip

# --- people: what they are called --------------------------------------------------------------------------------

_MEN = (
    "Adrian", "Afrizal", "Agus", "Ahmad", "Aldi", "Amran", "Andri", "Arif", "Asril", "Aswandi", "Bagus", "Bakri",
    "Bambang", "Basri", "Binsar", "Budi", "Cahyo", "Chairul", "Dani", "Darman", "Dedi", "Dodi", "Edwar", "Efrizal",
    "Eko", "Erwin", "Fadli", "Fahmi", "Ferdi", "Gatot", "Hafiz", "Hamdan", "Hardi", "Hendra", "Heru", "Ibrahim",
    "Ilham", "Indra", "Irwan", "Jamal", "Joko", "Jonggi", "Khairul", "Lukman", "Mangasi", "Marjohan", "Maruli",
    "Masri", "Mukhlis", "Nasrul", "Nofrizal", "Nurdin", "Pardamean", "Parlin", "Poltak", "Purnomo", "Rahmat", "Ridwan",
    "Rusdi", "Sahat", "Saiful", "Saut", "Slamet", "Sutrisno", "Syafril", "Taufik", "Tigor", "Togar", "Tono", "Wahyu",
    "Yanto", "Yusrizal", "Zainal", "Zulfikar", "Zulkifli",
)  # fmt: skip
_WOMEN = (
    "Aminah", "Anita", "Asnimar", "Asni", "Ayu", "Betty", "Citra", "Darmawati", "Delima", "Desi", "Desmawati", "Dewi",
    "Dian", "Duma", "Elfina", "Elida", "Endang", "Erna", "Eva", "Fatimah", "Fitri", "Gusneti", "Hasnah", "Herlina",
    "Hotnida", "Ida", "Indah", "Irma", "Juliana", "Kartini", "Lamria", "Lastri", "Leni", "Lestari", "Lina", "Marlina",
    "Maryam", "Mega", "Mimi", "Murni", "Nani", "Netti", "Nining", "Nora", "Novita", "Nurhayati", "Nurlela", "Nurmaida",
    "Putri", "Rahmi", "Ratna", "Reni", "Rika", "Rina", "Romauli", "Rosinta", "Rosmani", "Rukmini", "Sari", "Siti",
    "Sri", "Sulastri", "Susi", "Syamsidar", "Tiarma", "Tiur", "Tuti", "Upik", "Wati", "Wirda", "Yeni", "Yulinar",
    "Yusnidar", "Zahara", "Zuraida",
)  # fmt: skip
# Things for surnames: nobody is called so, and the first say it outright (rekaan: invented, misal: for example).
_THINGS = (
    "Rekaan", "Umpama", "Misalkan", "Andaikan", "Contohnya", "Tiruan", "Khayalan", "Ibarat", "Seumpama", "Misalnya",
    "Bambu", "Rotan", "Ilalang", "Pandan", "Kemuning", "Meranti", "Mahoni", "Beringin", "Pakis", "Lumut",
    "Rambutan", "Manggis", "Belimbing", "Langsat", "Kenari", "Kemiri", "Ketumbar", "Serai", "Kunyit", "Lengkuas",
    "Pualam", "Granit", "Kerikil", "Lempung", "Marmer", "Batuapung", "Belerang", "Kwarsa", "Kapur", "Basal",
    "Gerimis", "Mendung", "Kabut", "Embun", "Halilintar", "Kemarau", "Angin", "Ombak", "Teduh", "Hujan",
    "Lentera", "Payung", "Dayung", "Jangkar", "Layar", "Kompas", "Lesung", "Tampah", "Kendi", "Tempayan",
    "Genteng", "Anyaman", "Bakul", "Timbangan", "Penggaris", "Gergaji", "Cangkul", "Tangga", "Gerbang", "Jendela",
    "Lembah", "Tebing", "Muara", "Telaga", "Rawa", "Ngarai", "Bukit", "Pematang", "Sawah", "Jembatan",
)  # fmt: skip

_Titles = tuple[tuple[tuple[tuple[str, str], ...], ...], ...]


def _titles(backs: str, *, front: str = "", scholars: str = "", pilgrims: int = 1) -> _Titles:
    """Return titles (front, back) by sex and by seniority, 64 of each. Between backs stands a stroke."""
    junior = [(front, back) for back in backs.split("|")]
    tables = []
    for pilgrim, scholar in (("H.", "Drs."), ("Hj.", "Dra.")):
        senior = junior * 3 + [(f"{front} {pilgrim}".strip(), back) for _, back in junior] * pilgrims
        if scholars:
            senior += [(scholar, back) for back in scholars.split("|")]
        tables.append(tuple(tuple(of[slot % len(of)] for slot in range(64)) for of in (junior, senior)))
    return tuple(tables)


_TITLES = {
    "none": _titles("", pilgrims=0),
    "short": _titles("|A.Md|A.Md|A.Md.Kom"),
    "office": _titles("S.E|S.Sos|S.H|S.IP|S.Kom|S.T|S.AP|S.E., M.M|S.Sos., M.Si|", scholars="|M.Si"),
    "teacher": _titles("S.Pd|S.Pd|S.Pd|S.Pd.SD|S.Pd.I|S.Pd., Gr|S.Pd., M.Pd", scholars="|M.Pd"),
    "doctor": _titles("||M.Kes", front="dr."),
    "dentist": _titles("||M.Kes", front="drg."),
    "nurse": _titles("A.Md.Kep|A.Md.Kep|S.Kep"),
    "chief_nurse": _titles("S.Kep., Ns|S.Kep., Ns., M.Kep"),
    "midwife": _titles("A.Md.Keb|A.Md.Keb|S.Tr.Keb"),
    "pharmacist": _titles("S.Farm|S.Si", front="apt."),
    "leader": _titles("S.Sos., M.Si|S.H., M.H|S.E., M.M|S.STP., M.Si|S.T., M.T|S.IP", scholars="M.Si|M.M|"),
    "head_of_school": _titles("S.Pd., M.Pd|S.Pd|S.Pd., M.M", scholars="M.Pd|"),
    "head_of_centre": _titles("S.KM|S.KM., M.Kes|S.Kep., Ns|S.Tr.Keb., M.KM"),
}  # fmt: skip

# --- people: the roster ------------------------------------------------------------------------------------------

FIELDS = (
    "identifier", "name", "front_title", "back_title", "employment", "unit", "unit_code", "parent_unit", "post",
    "post_kind", "level", "grade", "is_head", "birth_on", "sex", "start_on", "status", "email", "phone",
)  # fmt: skip
Row = dict[str, str]

# Of anybody, of a younger woman: 256 of each. 249 serve, the others are away.
_STATUSES = tuple(
    ("Aktif",) * 249 + leaves
    for leaves in (
        ("Cuti Besar", "Cuti Besar", "Cuti Sakit", "Tugas Belajar", "Tugas Belajar", "Tugas Belajar", "CLTN"),
        ("Cuti Melahirkan", "Cuti Melahirkan", "Cuti Melahirkan", "Cuti Sakit", "Tugas Belajar", "CLTN", "CLTN"),
    )
)
_OLDEST, _YOUNGEST = 59, 20


@dataclass(frozen=True, slots=True)
class Mix:
    """How many people of each employment."""

    pns: int
    cpns: int
    pppk: int
    contract: int = 0

    @classmethod
    def of(cls, count: int, contract: float = 0.03) -> "Mix":
        """Return the usual mix: of the civil servants 2 in 100 CPNS and 21 in 100 PPPK.

        >>> Mix.of(1000)
        Mix(pns=747, cpns=19, pppk=204, contract=30)
        """
        if not 0 <= contract < 1:
            raise ValueError(f"contract: a share from 0 to under 1, not {contract}")
        others = round(count * contract)
        asn = count - others
        cpns, pppk = round(asn * 0.02), round(asn * 0.21)
        return cls(asn - cpns - pppk, cpns, pppk, others)

    @property
    def count(self) -> int:
        return self.pns + self.cpns + self.pppk + self.contract


# Who sits where: first day of birth and how many from there, outcomes by age and chance, titles, women of 64.
_Seat = tuple[int, int, tuple[tuple[str, str, str, str], ...], _Titles, int]


class _Seats:
    """The seats for one day: computed once for each employment and career, each head and each deputy."""

    def __init__(self, today: date) -> None:
        self.first = date(today.year - _OLDEST, 1, 1)
        self.year = today.year
        self.made: dict[str, tuple[tuple[_Seat, ...], ...]] = {}
        self.born_for = {level: self.born(*ages) for level, ages in _AGES_OF_LEVEL.items()}

    def born(self, youngest: int, oldest: int) -> tuple[int, int]:
        """Return the first day and the number of days on which one is born who turns so old this year."""
        first = (date(self.year - oldest, 1, 1) - self.first).days
        return first, (date(self.year - youngest, 12, 31) - self.first).days - first + 1

    def of(self, sort: str) -> tuple[tuple[_Seat, ...], ...]:
        """Return the seats in a unit of a sort: 64 for PNS, CPNS, PPPK and contract staff each."""
        if sort not in self.made:
            careers = _CAREERS.get(sort, _CAREERS["office"])
            self.made[sort] = tuple(
                tuple(map(make, careers)) for make in (self._pns, self._cpns, self._pppk, self._contract)
            )
        return self.made[sort]

    def _pns(self, career: _Career) -> _Seat:
        return self._seat((24, 57), career, [step for tier in _LADDERS[career.family] for step in tier])

    def _cpns(self, career: _Career) -> _Seat:
        return self._seat((21, 34), career, _CPNS_LADDERS[career.family] * 6)

    def _pppk(self, career: _Career) -> _Seat:
        return self._seat((23, 55), career, _PPPK_LADDERS[career.family] * 6)

    def _contract(self, career: _Career) -> _Seat:
        posts = _CONTRACT_POSTS.get(career.titles, _ANY_CONTRACT_POST)
        return *self.born(20, 54), tuple((post, "", "", "") for post in posts) * 6, _TITLES["none"], career.women

    def _seat(self, ages: tuple[int, int], career: _Career, steps: Sequence[tuple[str, str]]) -> _Seat:
        clerk = career.family == "executor"
        outcomes = tuple(
            (career.post if clerk else f"{career.post} {level}", "Pelaksana" if clerk else "Fungsional", level, grade)
            for level, grade in steps
        )
        return *self.born(*ages), outcomes, _TITLES[career.titles], career.women

    def leading(self, post: str, level: str, titles: str) -> _Seat:
        """Return the seat of a head or deputy: one post, a grade that fits its level."""
        kind = "Fungsional" if level == _MADYA else "Struktural"
        outcomes = tuple([(post, kind, level, grade) for grade in _GRADES_OF_LEVEL[level]]) * 6
        return *self.born_for[level], outcomes, _TITLES[titles], 24


def _sort_of(unit: InventedUnit) -> str:
    """Return the word under which careers and deputies of such a unit stand above."""
    if unit.kind == "secretariat":
        return "setda" if unit.name.startswith("Sekretariat Daerah") else "setwan"
    for start, sort in (("Inspektorat", "inspectorate"), ("Satuan Polisi Pamong Praja", "patrol")):
        if unit.name.startswith(start):
            return sort
    return "office" if unit.kind == "education_office" else unit.kind


def _head_of(unit: InventedUnit, sort: str) -> tuple[str, str, str]:
    """Return post, level and titles of the one who heads a unit."""
    name = unit.name
    if name.startswith("Pemerintah "):
        return f"Sekretaris Daerah {name.removeprefix('Pemerintah ')}", "II.a", "leader"
    if sort == "setda":
        # In a roster of many places the secretary sits at the top of his place.
        post, level = ("Asisten Administrasi Umum", "II.b") if unit.parent_code else ("Sekretaris Daerah", "II.a")
        return post, level, "leader"
    if sort == "school":
        return f"Kepala {name}", _MADYA, "head_of_school"
    if sort == "health_centre":
        return f"Kepala {name}", _MADYA, "head_of_centre"
    post, level = {
        "setwan": (name.replace("Sekretariat", "Sekretaris", 1), "II.b"),
        "inspectorate": (name.replace("Inspektorat", "Inspektur", 1), "II.b"),
        "section": (f"Kepala {name}", "III.a"),
        "district": (name.replace("Kecamatan", "Camat", 1), "III.a"),
        "ward": (name.replace("Kelurahan", "Lurah", 1), "IV.a"),
        "hospital": (f"Direktur {name}", "III.a"),
    }.get(sort, (f"Kepala {name}", "II.b"))
    if name.startswith("Badan Penanggulangan Bencana"):
        post = f"Kepala Pelaksana {name}"
    return post, level, "leader"


def people(
    units: Sequence[InventedUnit],
    count: int,
    seed: int,
    today: date,
    *,
    contract: float = 0.03,
    headless: int = 0,
    mix: Mix | None = None,
    top_serial: int = 999,
) -> Iterator[Row]:
    """Invent so many people for the units, unit by unit, as rows of a roster with the words that exports use.

    Every number is given once. Each unit has one head but `headless` ones, chosen among those below another unit as
    long as there are. `mix` says the employments exactly, else `contract` is the share of contract staff, of whom some
    have no number. Dates are written 1985-03-15. Rosters of two agencies in one installation share no number when the
    `top_serial` of the second lies below what the first used (fifty below is plenty for a city).
    Raises ValueError where the people do not suffice for the units, or the numbers for the people.

    >>> town = Place("13.75", "KOTA BUKITTINGGI", [("13.75.01", "Guguk Panjang")], [])
    >>> row = next(people(units(town, Size(3, 1, 1)), 60, seed=1, today=date(2024, 10, 1)))
    >>> row["post"], row["level"], row["is_head"], row["unit_code"]
    ('Sekretaris Daerah', 'II.a', 'Ya', 'SETDA')
    """
    mix = mix or Mix.of(count, contract)
    if mix.count != count or min(mix.pns, mix.cpns, mix.pppk, mix.contract) < 0:
        raise ValueError(f"the mix holds {mix.count} people, {count} are asked")
    if not 1 <= top_serial <= 999:
        raise ValueError(f"top_serial: from 1 to 999, not {top_serial}")
    if not units or count < len(units):
        raise ValueError(f"{count} people do not suffice for {len(units)} units: each has at least one")
    if not 0 <= headless <= len(units):
        raise ValueError(f"headless: {headless} asked of {len(units)} units")
    chance = random.Random(f"ikrar {seed}")  # noqa: S311 - nothing here is a secret
    lower = [place for place, unit in enumerate(units) if unit.parent_code]
    without_head = set(chance.sample(lower if len(lower) >= headless else range(len(units)), headless))
    if mix.pns < len(units) - headless:
        raise ValueError(f"{mix.pns} PNS do not suffice for the heads of {len(units)} units")
    return _rows(units, mix, chance, today, without_head, top_serial)


def _sizes(units: Sequence[InventedUnit], count: int) -> list[int]:
    """Divide the people: one for each unit, the others by weight, so that the sum is exact."""
    rest, total = count - len(units), sum(unit.weight for unit in units)
    sizes, weight, given = [], 0, 0
    for unit in units:
        weight += unit.weight
        upto = rest * weight // total
        sizes.append(1 + upto - given)
        given = upto
    return sizes


def _rows(
    units: Sequence[InventedUnit], mix: Mix, chance: random.Random, today: date, without_head: set[int], top_serial: int
) -> Iterator[Row]:
    # One straight loop over tables made beforehand: a roster of millions must not take minutes.
    seats = _Seats(today)
    last = date(today.year - _YOUNGEST, 12, 31)
    days = [seats.first + timedelta(days=at) for at in range((last - seats.first).days + 1)]
    # Of each birthday: the date, its digits, its year, and where the cases of that age begin among the 24 of a seat.
    born = [
        (
            day.isoformat(),
            day.isoformat().replace("-", ""),
            day.year,
            min(5, max(0, (today.year - day.year - 24) // 6)) * 4,
        )
        for day in days
    ]
    used = (array("H", [0]) * len(days), array("H", [0]) * len(days))
    serials = [f"{serial:03}" for serial in range(top_serial, 0, -1)]
    starts, cpns_starts, pppk_starts = _starts(today)
    pns_until, digit, firsts = today.year - 2, ("1", "2"), (_MEN, _WOMEN)
    pairs = tuple([f"{first} {thing}" for first, thing in product(names, _THINGS)] for names in firsts)

    name_of = {unit.code: unit.name for unit in units}
    sizes = _sizes(units, mix.count)
    sorts = [_sort_of(unit) for unit in units]
    lines = [_DEPUTIES.get(sort, _DEPUTIES["office"]) for sort in sorts]
    # Heads and deputies are PNS and are set aside; where too few are left, nobody is a deputy.
    heads = len(units) - len(without_head)
    deputies = [min(len(line), (size - 1) // 2) for line, size in zip(lines, sizes, strict=True)]
    if heads + sum(deputies) > mix.pns:
        deputies = [0] * len(units)
    # Drawn without putting back, so that every employment has exactly its number in the end. Counted twice, and PPPK
    # up to three times, as they are above all teachers and nurses.
    pns, cpns, others = 2 * (mix.pns - heads - sum(deputies)), 2 * mix.cpns, 2 * mix.contract
    pppk = mix.pppk

    bits, share = chance.getrandbits, chance.random
    number = 0
    for place, unit in enumerate(units):
        sort = sorts[place]
        headed = place not in without_head
        leading = [seats.leading(*_head_of(unit, sort))] if headed else []
        for post, level in lines[place][: deputies[place]]:
            leading.append(seats.leading(f"Sekretaris {unit.name}" if post == "Sekretaris" else post, level, "leader"))
        leaders = len(leading)
        pns_seats, cpns_seats, pppk_seats, contract_seats = seats.of(sort)
        pull = 3 if sort in ("school", "health_centre", "hospital") else 1
        # What all of a unit share is copied: half as slow as to write nineteen cells anew for each.
        fixed = dict.fromkeys(FIELDS, "") | {
            "unit": unit.name,
            "unit_code": unit.code,
            "parent_unit": name_of.get(unit.parent_code, ""),
            "status": "Aktif",
        }
        nik_region = f"{unit.region_code.replace('.', '')}0101"[:6]
        unnumbered: set[tuple[str, int]] = set()

        for at in range(sizes[place]):
            number += 1
            if at < leaders:
                employment = "PNS"
                first, span, outcomes, titles, women = leading[at]
            else:
                drawn = share() * (pns + cpns + others + pull * pppk)
                if drawn < pns:
                    employment = "PNS"
                    pns -= 2
                    first, span, outcomes, titles, women = pns_seats[bits(6)]
                elif drawn < pns + others:
                    employment = "Kontrak"
                    others -= 2
                    first, span, outcomes, titles, women = contract_seats[bits(6)]
                elif drawn < pns + others + cpns:
                    employment = "CPNS"
                    cpns -= 2
                    first, span, outcomes, titles, women = cpns_seats[bits(6)]
                else:
                    employment = "PPPK"
                    pppk -= 1
                    first, span, outcomes, titles, women = pppk_seats[bits(6)]
            woman = bits(6) < women
            day = first + (bits(20) * span >> 20)
            count = used[woman]
            turn = count[day]
            if turn == top_serial:
                day = _free_day(count, first, span, top_serial)
                turn = count[day]
            count[day] = turn + 1
            birth_on, digits, year, tier = born[day]

            row = fixed.copy()
            pair = pairs[woman]
            name = pair[bits(20) * len(pair) >> 20]
            if bits(3) < 3:
                given = firsts[woman]
                name = f"{given[bits(10) * len(given) >> 10]} {name}"
            row["name"] = name
            row["front_title"], row["back_title"] = titles[woman][tier >= 12][bits(6)]
            row["employment"] = employment
            row["post"], row["post_kind"], row["level"], row["grade"] = outcomes[tier + bits(2)]
            row["birth_on"] = birth_on
            row["sex"] = "P" if woman else "L"
            if employment == "PNS":
                # Who leads began young.
                start = year + 21 + (bits(4) if at >= leaders else bits(2))
                month, row["start_on"] = starts[start if start < pns_until else pns_until][bits(3)]
                row["identifier"] = f"{digits}{month}{digit[woman]}{serials[turn]}"
                if at >= leaders:
                    row["status"] = _STATUSES[woman and tier < 12][bits(8)]
            elif employment == "PPPK":
                month, row["start_on"] = pppk_starts[bits(4)]
                row["identifier"] = f"{digits}{month}{digit[woman]}{serials[turn]}"
                row["status"] = _STATUSES[woman and tier < 12][bits(8)]
            elif employment == "CPNS":
                month, row["start_on"] = cpns_starts[bits(3)]
                row["identifier"] = f"{digits}{month}{digit[woman]}{serials[turn]}"
            else:
                start = max(year + 19 + bits(4), today.year - 15)
                row["start_on"] = starts[min(start, today.year - 1)][bits(3)][1]
                # Unit, name and birth date stand for the number of those who have none, so no two are alike there.
                if bits(3) == 0 and (name, day) not in unnumbered:
                    unnumbered.add((name, day))
                else:
                    born_nik = f"{int(digits[6:]) + 40 * woman:02}{digits[4:6]}{digits[2:4]}"
                    row["identifier"] = f"{nik_region}{born_nik}9{serials[turn]}"
            if bits(5) == 0:
                row["email"] = f"{name.replace(' ', '.').lower()}.{number}@example.test"
            if headed and at == 0:
                row["is_head"] = "Ya"
            yield row


_Start = tuple[str, str]  # as it stands in the number, and the date


def _starts(today: date) -> tuple[dict[int, list[_Start]], list[_Start], list[_Start]]:
    """Return likely starts of service, of which chance takes one: 8 of each year, 8 of CPNS, 16 of PPPK contracts."""

    def back(months: int) -> tuple[int, int]:
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        return year, month + 1

    by_year = {
        year: [(f"{year}{month:02}", f"{year}-{month:02}-01") for month in (1, 1, 2, 3, 3, 4, 12, 12)]
        for year in range(today.year - _OLDEST + 18, today.year)
    }
    cpns = [(f"{year}{month:02}", f"{year}-{month:02}-01") for year, month in map(back, (0, 2, 3, 5, 6, 9, 12, 14))]
    months = (0, 3, 8, 9, 15, 19, 20, 21, 24, 27, 30, 33, 36, 38, 42, 45)
    return by_year, cpns, [(f"{year}21", f"{year}-{month:02}-01") for year, month in map(back, months)]


def _free_day(count: Sequence[int], first: int, span: int, top_serial: int) -> int:
    """Return the first day of the span on which numbers are left. Raises ValueError where there is none."""
    for day in range(first, first + span):
        if count[day] < top_serial:
            return day
    raise ValueError(f"no number is left: {top_serial} on each of {span} birthdays")


# --- rows that must be refused -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A row that was spoiled: the how-manieth of the data it is (from 1), how, and the fault to be found in it."""

    row: int
    how: str
    field: str
    code: str


def _numbered(row: Row, *employments: str) -> str:
    """Return the number, if the row is of one of these employments and has one."""
    return row["identifier"] if row["employment"] in employments else ""


_ASN = ("PNS", "CPNS", "PPPK")
_Cells = dict[str, str] | None  # what is written over a row; None: it cannot be spoiled so


def _other_birthday(row: Row) -> _Cells:
    day = "02" if row["birth_on"].endswith("01") else "01"
    return {"birth_on": row["birth_on"][:8] + day} if _numbered(row, *_ASN) else None


def _as_science(row: Row) -> _Cells:
    number = _numbered(row, *_ASN)
    return {"identifier": f"{number[0]}.{number[1:6]}E+17"} if number else None


def _cut(start: int, middle: str, end: int, *employments: str) -> Callable[[Row], _Cells]:
    """Return what puts something else into the middle of a number."""

    def cells(row: Row) -> _Cells:
        number = _numbered(row, *employments)
        return {"identifier": number[:start] + middle + number[end:]} if number else None

    return cells


def _put(**cells: str) -> Callable[[Row], _Cells]:
    return lambda row: cells


# How a row can be spoiled so that reading it alone finds the fault: the field and code of the fault, what is written.
_SPOILS: dict[str, tuple[str, str, Callable[[Row], _Cells]]] = {
    "name_missing": ("name", "missing", _put(name="")),
    "name_of_digits": ("name", "name_without_letters", _put(name="12345")),
    "name_overlong": ("name", "too_long", lambda row: {"name": " ".join([row["name"]] * 20)[:400]}),
    "name_formula": ("name", "formula", _put(name='=HYPERLINK("http://example.test","klik")')),
    "post_formula": ("post", "formula", _put(post="@SUM(1+1)")),
    "post_nul": ("post", "nul_byte", lambda row: {"post": f"{row['post']}\x00"}),
    "cell_overlong": ("post", "too_long", lambda row: {"post": "staf " * 250}),
    "employment_missing": ("employment", "missing", _put(employment="")),
    "employment_unknown": ("employment", "employment_unknown", _put(employment="Magang")),
    "unit_missing": ("unit", "missing", _put(unit="", unit_code="")),
    "number_missing": ("identifier", "missing", lambda row: {"identifier": ""} if row["employment"] in _ASN else None),
    "number_with_letter": ("identifier", "identifier_not_digits", _cut(17, "O", 18, *_ASN)),
    "number_short": ("identifier", "identifier_length", _cut(15, "", 16, *_ASN, "Kontrak")),
    "number_science": ("identifier", "identifier_lost_digits", _as_science),
    "number_zeros": ("identifier", "identifier_lost_digits", _cut(15, "000", 18, *_ASN)),
    "number_birth": ("identifier", "identifier_birth_date", _cut(4, "13", 6, *_ASN)),
    "number_sex": ("identifier", "identifier_sex", _cut(14, "3", 15, *_ASN)),
    "number_start": ("identifier", "identifier_start_month", _cut(12, "13", 14, "PNS", "CPNS")),
    "birth_other": ("birth_on", "birth_date_differs_from_identifier", _other_birthday),
    "birth_unreadable": ("birth_on", "date_unreadable", _put(birth_on="31-02-1980")),
    "start_in_future": ("start_on", "date_out_of_range", _put(start_on="2199-01-01")),
    "sex_other": (
        "sex",
        "sex_differs_from_identifier",
        lambda row: {"sex": "L" if row["sex"] == "P" else "P"} if row["identifier"] else None,
    ),
    "sex_unknown": ("sex", "sex_unknown", _put(sex="X")),
    "post_kind_unknown": ("post_kind", "post_kind_unknown", _put(post_kind="Lainnya")),
    "level_unknown": ("level", "level_unknown", _put(level="VI.c")),
    "grade_unknown": ("grade", "grade_unknown", _put(grade="III/g")),
    "is_head_unknown": ("is_head", "is_head_unknown", _put(is_head="mungkin")),
    "status_unknown": ("status", "status_unknown", _put(status="Tidak jelas")),
    "email_malformed": ("email", "email_malformed", _put(email="surel.example.test")),
    "phone_malformed": ("phone", "phone_malformed", _put(phone="sama dengan yang lama")),
}
ROW_SPOILS = tuple(_SPOILS)
# What only the rest of the file, or the tree of units, gives away.
DUPLICATE, UNKNOWN_UNIT = "number_twice", "unit_unknown"
FILE_SPOILS = (DUPLICATE, UNKNOWN_UNIT)


def spoil(
    rows: Iterable[Row], count: int, bad: int, seed: int, hows: Sequence[str] = (*ROW_SPOILS, DUPLICATE)
) -> tuple[Iterator[Row], list[Spoiled]]:
    """Spoil exactly `bad` of `count` rows, each way in turn; heads of units are left whole as long as others are there.

    The list is complete when the rows are used up. A duplicate repeats number, birth date and sex of an earlier good
    row. UNKNOWN_UNIT is not among the usual ways: an import that makes new units has nothing against it.
    Raises ValueError where more are to be spoiled than there are.

    >>> rows, spoiled = spoil([{"name": "Rina Umpama", "is_head": "", "employment": "PNS"}], 1, 1, 0, ["name_missing"])
    >>> list(rows)[0]["name"], spoiled
    ('', [Spoiled(row=1, how='name_missing', field='name', code='missing')])
    """
    if not 0 <= bad <= count:
        raise ValueError(f"bad: {bad} asked of {count} rows")
    if unknown := set(hows) - set(ROW_SPOILS) - set(FILE_SPOILS):
        raise ValueError(f"hows: {', '.join(sorted(unknown))} not known")
    chance = random.Random(f"ikrar spoils {seed}")  # noqa: S311 - nothing here is a secret
    chosen = sorted(chance.sample(range(1, count + 1), bad))
    waiting = list(hows)
    chance.shuffle(waiting)
    spoiled: list[Spoiled] = []
    return _spoiled_rows(rows, count, chosen, waiting, spoiled), spoiled


def _spoiled_rows(
    rows: Iterable[Row], count: int, chosen: list[int], waiting: list[str], spoiled: list[Spoiled]
) -> Iterator[Row]:
    bad, reached = len(chosen), 0
    earlier: Row = {}
    for at, row in enumerate(rows, 1):
        if reached < bad and chosen[reached] == at:
            reached += 1
        # A head, or a row that none of the ways fits, lets the next one take its place as long as there are enough.
        spare = count - at >= bad - len(spoiled)
        if len(spoiled) < reached and not (spare and row["is_head"]):
            for how in waiting:
                field, code, cells = _spoil_one(how, row, earlier)
                if cells is not None:
                    break
            if cells is not None:
                # The ways come in turn; one that did not fit stays in front.
                waiting.remove(how)
                waiting.append(how)
                spoiled.append(Spoiled(at, how, field, code))
                yield row | cells
                continue
            if not spare:
                raise ValueError(f"row {at} can be spoiled in none of these ways: {', '.join(waiting)}")
        if not row["is_head"] and row.get("identifier") and row["employment"] in _ASN:
            earlier = row
        yield row


def _spoil_one(how: str, row: Row, earlier: Row) -> tuple[str, str, _Cells]:
    if how == DUPLICATE:
        fits = earlier and row["employment"] == earlier["employment"]
        again = {of: earlier[of] for of in ("identifier", "birth_on", "sex")} if fits else None
        return "identifier", "identifier_twice", again
    if how == UNKNOWN_UNIT:
        return (
            "unit_code",
            "unit_unknown",
            {"unit": "Dinas yang Tidak Ada", "unit_code": "TIDAK-ADA", "parent_unit": ""},
        )
    field, code, cells_of = _SPOILS[how]
    return field, code, cells_of(row)
