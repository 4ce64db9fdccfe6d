"""Invented rosters with real habits: names by people and region, as often as they are borne, and how others write them.

The lists are our own; how often a name is borne falls with its place in its list (Zipf), so thousands are called Sri Wahyuni and
most names stand alone. Nobody of these is meant.
"""

import numpy as np
import polars as pl

_JAVA_FIRST = """sri dwi tri eka agus budi bambang siti nur endang joko wahyu sugeng slamet tuti heru yuni ari rini eko retno
teguh indah puji suci dian ratna titik edi yanti suryo catur nanik anik sulis purwo tutik mulyo dewi nining rahayu tejo ngatini
paijo wiwik hesti arif didik danang bayu galih hendro imam joni kukuh lestari mujiono novita prasetyo qodir rudi supri tono untung
vina widi yoga zaenal ajeng bagas citra desi erna fajar gatot hari ika jarwo kartika lilik maya ninik okta panji""".split()
_JAVA_LAST = """wahyuni setiawan lestari santoso wibowo rahayu hidayat susanti purnomo nugroho handayani utomo astuti saputra
kusuma hartono kurniawan suryani prasetyo widodo rahmawati ningsih sulistyowati hermawan gunawan mulyani yulianti hidayati
sulistyo pratiwi wijaya puspitasari susilo haryanto sunarto prabowo wulandari kuncoro ernawati kristanto raharjo irawan
suprapto setyowati nurhayati winarno supriyadi sugiarto sutrisno suharto mulyono budiman indrawati saraswati permana
widiastuti maryati sumarni suparmi haryati kusnadi darmawan hapsari kartini pamungkas anggraini utami wardani laksono pangestu
andriani fitriani sukmawati novitasari marlina yuliana subekti priyono sudarmo widyastuti purwanti cahyono riyanto""".split()
_JAVA_SINGLE = """suparman sukarni suyatno sumarni tukiman wagiyem ngadimin sutarno paryono kasiyem jumadi rukmini suharti parjo
samsuri saminah muryani sukirman tugiman supardi warsito mulyadi sumiyati sutini poniman giyanto karmin suwarni ngatmin sarjono""".split()
_JAVA_BEGIN = "su har wi mul sugi supri yuli budi rus kar dar sar sum hari sut prih wid mar pur cip was tar nur dju mur kus ris".split()
_JAVA_END = "yanto yono yati manto narto tarno wanto tini tati parno nardi santo diyono darto kirno tikno wati mini jono joyo diono".split()
_SUNDA_FIRST = """asep dede dadang ujang cecep yayan neneng euis iis tatang enang aan ade ai engkos jajang nandang rohmat lilis
entin cucu eti iwan deden dudung wawan tita nia elis oman encep atep nunung imas ikah""".split()
_SUNDA_LAST = """hidayat suryana sutisna kurnia rohaeti mulyana sobari nurjanah suherman rohayati permana kosasih supriatna
nugraha sumarna rukmana juariah komariah gunawan suhendar ruhiyat solihin koswara sukmana setiadi hermansyah maryam""".split()
_MUSLIM_FIRST = """muhammad ahmad abdul siti nur muhammad abdul siti ahmad zainal syamsul khairul nurul rizki fitri ali umar hasan
yusuf ibrahim ismail amir fauzi ridwan saiful syahrul taufik zulkifli idris rahmat hamzah aisyah fatimah khadijah halimah rohani
zubaidah aminah maimunah salma nuraini mariam ruqayyah sofyan usman arifin badrul fakhrul husnul lukman mahmud mustafa""".split()
_MUSLIM_LAST = """ridwan hakim rahman aziz rahim karim hidayah aminah fauzi hasanah zahra anwar ramadhan akbar fadli hamid latif
majid malik salam wahid ghani jamil yusuf syukur muin fattah basir halim khadijah maryam rohmah jannah laila azizah mukarramah
firdaus iskandar effendi siregar lubis harahap nasution fahmi ilham rizal arsyad basri bakri darwis kadir kasim marzuki ramli
saleh sulaiman thaha tahir usman yahya zakaria fadhilah mardhiyah qomariah sa'diyah ulfah wardah yasin zulaikha hidayatullah
abdullah nasrullah saifullah amrullah hasbullah habibullah jamaluddin kamaruddin syarifuddin nuruddin baharuddin saifuddin""".split()
_BATAK_FIRST = """jonner parlindungan tiurma rosmaida hotman bonar marudut saut tigor lamhot poltak rotua lasma dumaria robert
maruli togar binsar mangasi pardamean elfrida nurmala tiomas romauli sahat ramses jumonggo roida""".split()
_MARGA = """simanjuntak siregar hutapea sitompul nainggolan simbolon silalahi manurung sinaga purba saragih damanik tarigan
ginting sembiring karokaro perangin-angin lubis nasution harahap pasaribu siahaan tampubolon panjaitan hutabarat lumbantobing
sihombing simamora manullang marpaung napitupulu sitorus situmorang pakpahan gultom samosir pane batubara tanjung daulay""".split()
_MINANG_LAST = """chaniago piliang koto tanjung sikumbang jambak caniago guci melayu pitopang bodi mandailing dalimo panyalai""".split()
_MINANG_FIRST = """yusrizal afrizal syafrizal erizal yulmaneli desmawati nelwati ermawati zulfahmi hendri yosrizal asrul dasril
syahril efrizal novialdi gusmawati eliza masni rosnidar yarmis khairani refdi jufri nasrul armen fauziah""".split()
_BUGIS_FIRST = "andi daeng muhammad sitti nurhaedah hasnawati syamsuddin arifuddin jumriati baharuddin rosdiana sudirman kaharuddin st besse tenri patta".split()
_BUGIS_LAST = "mappanyukki tenri palaguna mallarangeng sose makkulau pangerang rasyid tahir mustari amiruddin haeruddin nurdin sappewali paturusi".split()
_BALI_LEAD = ["i", "ni"]
_BALI_ORDER = "wayan made nyoman ketut putu kadek komang gede nengah".split()
_BALI_LAST = """sudarma suartini astawa sukerti widiana ariani sutama murniati suardana parwata sumerta adnyana suryawan dewi
wirawan mahendra budiasa sudiana puspawati suryani artana antari sugiarta wijaya darmawan yudiana sukadana suweca""".split()
_EAST_FIRST = """yohanes maria fransiskus antonius yosef agustinus petrus paulus martha yuliana kristina stefanus markus ferdinand
jefry meity novie deisy ronny johny welly frederik theresia margaretha elisabeth ignatius benediktus dominikus marthen""".split()
_EAST_LAST = """wenas mandagi rumengan pangemanan lumentut kandou walangitan sumual runtuwene supit pattiasina tuhumury latuconsina
leiwakabessy manuputty wattimena sahetapy nahumury da-costa fernandez nggadas bria seran klau tefa manafe wonda kogoya
wenda tabuni yikwa rumbiak kambuaya mandacan worabay mofu krey sroyer""".split()
_CHINESE_LAST = "halim tanoto wijaya salim gunawan lim tan susanto widjaja hartanto liem tjandra hadi kosasih".split()

_SOUND_ON, _SOUND_IN = "b c d f g h j k l m n p r s t w y z kh sy ny ng".split(), "a i u e o a i u".split()
_MUHAMMADS = ["muhammad", "muhamad", "moh", "mohammad", "muh", "m", "mochamad", "mohamad", "mochammad", "moch", "mohd"]
_MUHAMMAD_SHARE = [0.42, 0.12, 0.11, 0.1, 0.07, 0.05, 0.04, 0.04, 0.03, 0.01, 0.01]
FRONT = ["Dr.", "H.", "Hj.", "Drs.", "Dra.", "Ir.", "dr.", "Dr. H.", "Prof. Dr.", "Drs. H."]
BACK = [
    "S.Pd",
    "S.Sos",
    "S.E.",
    "S.H.",
    "S.Kom",
    "S.Pd.I",
    "S.Ag",
    "A.Md",
    "S.Kep",
    "S.Pd., M.Pd",
    "S.Sos., M.Si",
    "S.STP",
    "ST, MT",
    "SE., MM",
    "S.KM",
    "S.Pd.SD",
    "A.Md.Keb",
    "S.ST",
    "M.Kes",
    "S.IP",
]
_PLACES_1 = "karang suka tanjung batu sungai lubuk muara kampung cipta pasir gunung bukit padang sumber banjar wono kali".split()
_PLACES_2 = "jati maju mulya sari indah agung raya baru rejo harapan makmur tengah timur jaya asri kencana".split()
_UNITS = [
    "SD Negeri {n} {p}",
    "SMP Negeri {n} {p}",
    "SMA Negeri {n} {p}",
    "Puskesmas {p}",
    "Kecamatan {p}",
    "Kelurahan {p}",
    "Dinas Pendidikan Kabupaten {p}",
    "Dinas Kesehatan Kabupaten {p}",
    "Badan Keuangan Daerah Kabupaten {p}",
    "Satpol PP Kabupaten {p}",
]
_POSTS = ["Guru", "Guru", "Guru", "Perawat", "Camat", "Lurah", "Kepala Dinas", "Bidan", "Analis", "Staf"]


class Maker:
    """Makes names of people, always the same ones for a seed."""

    def __init__(self, seed: int = 7) -> None:
        self.random = np.random.default_rng(seed)
        r = self.random
        compounds = [b + e for b in _JAVA_BEGIN for e in _JAVA_END]
        r.shuffle(compounds)
        rare = {
            "".join(r.choice(_SOUND_ON) + r.choice(_SOUND_IN) for _ in range(k))
            + r.choice(["", "n", "h", "s", "r", "ti", "na"])
            for k in (2, 3, 4)
            for _ in range(14_000)
        }
        self.rare = np.array(sorted(rare))
        r.shuffle(self.rare)
        self.compounds = np.array(compounds)

    def _pick(self, words: list[str] | np.ndarray, count: int, flat: float = 0.85) -> np.ndarray:
        shares = 1.0 / np.arange(2, len(words) + 2) ** flat
        return np.asarray(words, dtype=object)[self.random.choice(len(words), count, p=shares / shares.sum())]

    def bare(self, count: int) -> np.ndarray:
        """Return names without titles, in small letters."""
        r = self.random
        kind = r.choice(9, count, p=[0.36, 0.13, 0.24, 0.05, 0.05, 0.05, 0.03, 0.06, 0.03])
        made = np.empty(count, dtype=object)
        for number in range(9):
            rows = np.flatnonzero(kind == number)
            made[rows] = getattr(self, f"_kind_{number}")(len(rows))
        # A word more, borne by few: most names stand alone by it.
        more = np.flatnonzero(r.random(count) < 0.33)
        made[more] = made[more] + " " + self._pick(self.rare, len(more), 0.6)
        is_muhammad = np.flatnonzero([name.startswith("muhammad ") for name in made])
        spelled = r.choice(_MUHAMMADS, len(is_muhammad), p=_MUHAMMAD_SHARE)
        for row, spelling in zip(is_muhammad, spelled, strict=True):
            made[row] = spelling + made[row][8:]
        return made

    def _kind_0(self, n: int) -> np.ndarray:
        r = self.random
        lasts = np.where(r.random(n) < 0.6, self._pick(_JAVA_LAST, n), self._pick(self.compounds, n, 0.7))
        firsts = np.where(r.random(n) < 0.8, self._pick(_JAVA_FIRST, n), self._pick(self.compounds, n, 0.7))
        names = firsts + " " + lasts
        single = r.random(n) < 0.13
        names[single] = np.where(
            r.random(single.sum()) < 0.4,
            self._pick(_JAVA_SINGLE, single.sum()),
            self._pick(self.compounds, single.sum(), 0.7),
        )
        three = r.random(n) < 0.1
        names[three] = names[three] + " " + self._pick(_JAVA_LAST, three.sum())
        return names

    def _kind_1(self, n: int) -> np.ndarray:
        return self._pick(_SUNDA_FIRST, n) + " " + self._pick(_SUNDA_LAST + _MUSLIM_LAST[:30], n)

    def _kind_2(self, n: int) -> np.ndarray:
        names = self._pick(_MUSLIM_FIRST, n, 0.8) + " " + self._pick(_MUSLIM_LAST, n, 0.6)
        three = self.random.random(n) < 0.25
        names[three] = names[three] + " " + self._pick(_MUSLIM_LAST[::-1], three.sum(), 0.6)
        father = self.random.random(n) < 0.02
        names[father] = names[father] + " bin " + self._pick(_MUSLIM_LAST, father.sum(), 0.6)
        return names

    def _kind_3(self, n: int) -> np.ndarray:
        firsts = np.where(self.random.random(n) < 0.6, self._pick(_BATAK_FIRST, n), self._pick(_EAST_FIRST, n))
        return firsts + " " + self._pick(_MARGA, n, 0.6)

    def _kind_4(self, n: int) -> np.ndarray:
        names = self._pick(_MINANG_FIRST, n, 0.6)
        clan = self.random.random(n) < 0.5
        names[clan] = names[clan] + " " + self._pick(_MINANG_LAST, clan.sum())
        other = ~clan
        names[other] = names[other] + " " + self._pick(_MUSLIM_LAST, other.sum(), 0.5)
        return names

    def _kind_5(self, n: int) -> np.ndarray:
        return self._pick(_BUGIS_FIRST, n) + " " + self._pick(_BUGIS_LAST + _MUSLIM_LAST, n, 0.6)

    def _kind_6(self, n: int) -> np.ndarray:
        lead = np.asarray(_BALI_LEAD, dtype=object)[self.random.integers(0, 2, n)]
        return lead + " " + self._pick(_BALI_ORDER, n, 0.5) + " " + self._pick(_BALI_LAST, n, 0.6)

    def _kind_7(self, n: int) -> np.ndarray:
        return self._pick(_EAST_FIRST, n, 0.7) + " " + self._pick(_EAST_LAST, n, 0.6)

    def _kind_8(self, n: int) -> np.ndarray:
        return self._pick(_JAVA_FIRST, n) + " " + self._pick(_CHINESE_LAST, n)

    def people(self, count: int, first: int = 0) -> pl.DataFrame:
        """Return people with numbers, titles, units, posts and regions."""
        r = self.random
        bare = self.bare(count)
        shown = pl.Series("name", bare.tolist()).str.to_titlecase()
        front = pl.Series(np.where(r.random(count) < 0.14, r.choice(FRONT, count), ""))
        back = pl.Series(np.where(r.random(count) < 0.62, r.choice(BACK, count), ""))
        capitals = pl.Series(r.random(count) < 0.3)
        unit = r.integers(0, 60_000, count)
        kind, place = unit % len(_UNITS), unit // len(_UNITS)
        places = [f"{one} {two}".title() for one in _PLACES_1 for two in _PLACES_2]
        units = [
            _UNITS[u % 10].format(n=1 + u // 10 % 9, p=places[u // 10 % len(places)])
            + ("" if u < 3000 else f" {u // 3000}")
            for u in range(60_000)
        ]
        years, months = r.integers(1966, 2001, count), r.integers(1, 13, count)
        return pl.DataFrame({"name": shown, "front": front, "back": back, "capitals": capitals}).select(
            key=pl.lit(first) + pl.int_range(count, dtype=pl.Int64),
            number=pl.format(
                "{}{}15{}01{}{}",
                pl.Series(years),
                pl.Series(months).cast(pl.String).str.zfill(2),
                pl.Series(years + 25),
                1 + pl.int_range(count) % 2,
                (pl.int_range(count) % 999 + 1).cast(pl.String).str.zfill(3),
            ),
            name=(
                pl.when(pl.lit("") != "front").then(pl.col("front") + " ").otherwise(pl.lit(""))
                if False
                else pl.concat_str(
                    pl.when(pl.col("front") != "").then(pl.col("front") + " ").otherwise(pl.lit("")),
                    pl.when("capitals").then(pl.col("name").str.to_uppercase()).otherwise("name"),
                    pl.when(pl.col("back") != "").then(", " + pl.col("back")).otherwise(pl.lit("")),
                )
            ),
            bare=pl.Series(bare.tolist()),
            unit=pl.Series([units[u] for u in unit.tolist()]),
            post=pl.Series([_POSTS[k] for k in kind.tolist()]),
            region=pl.format(
                "{}.{}", pl.Series(11 + place % 38), (1 + pl.Series(place // 38) % 20).cast(pl.String).str.zfill(2)
            ),
        )
