"""The words of Indonesian names: which are titles, how each may be written otherwise, and how alike two of them are.

The tables are our own reading of common habits, no official list. A word here is small letters of a to z.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

# --- titles, salutations, particles ------------------------------------------------------------------------------

SALUTATIONS = frozenset(
    """pak pk bapak bpk bp pakde paklik bu ibu bude bulik mas mbak mba mbakyu bang abang kak kakak sdr sdri saudara saudari
    tuan tn nyonya ny nona om tante uda uni teh teteh kang akang cak ning yth terhormat mr mrs ms pace mace opung ito mama
    buk ibuk bg inyiak inyik oknum bernama nama namanya seorang saudaraku beliau si sang adik dik adek""".split()
)
"""How people are addressed or spoken of: no part of a name."""
ALONE_NAMES = frozenset(("uda", "uni"))
"""Of these, which are names where no other follows."""
ADDRESSES = frozenset("da ajo udo lae eda inang amang tulang namboru mak mamak angku ungku wak bli koh ci cik".split())
"""Addresses of a region that are names as well: no part of one where they begin a query and a name follows."""
OF_KIN = frozenset("cik etek tuo wo long ngah uncu usu gaek adang".split())
"""What stands between an address and a name (Pak Cik Dasril, Mak Tuo Rosma), and may be a name as well."""

_FRONT = frozenset(
    """prof profesor dr drs dra drg drh ir h hj haji hajjah hajah hjh kh kiai kyai nyai ust ustad ustadz ustadzah tgk tengku
    tgh buya gus apt ns ners pdt pendeta pastor romo pnt ev kol kolonel letkol mayjen brigjen letjen jenderal irjen
    kombes kompol akp akbp ipda iptu aipda aiptu bripka bripda briptu brigadir brigpol serka sertu serda pelda peltu
    praka letda lettu kapten laksma raden rd rr rngt krt krmt kph kpa gpa rm bendoro""".split()
)
_BACK = frozenset(
    """ssos spd spdi sag se sei sh shi skom skm ssi st stp sstp sst strkeb strkep stt sip sap sadm skep skeb skh sked
    skg sfarm sfil sfilh spsi spt sp sth spi sthi ssn sds sikom sptk shut sgz sars spdk spdsd spdaud sosi str strak
    msi mm mmpd mpd mpdi mag mh mhi mhum mkes mkm mt mti msc ma map mba mip mikom msos mse mak mecdev mpsi mfarm mkep
    mkeb mkn mars mgizi mtr mtp mp mpwk mkom amd amdkep amdkeb amdak amk amkeb amkg amaf amapd ama dess phd ph lc lcp llm
    bsc ba be bba bsw cfra cgcae crmp aifo spog spa spb spot spm sptht spthtkl spkj sprad span spjp spp spkk spn sppk
    sppd ak ca cpa akt bkp gr mmr mars ipm ipu asean eng nat pol pembina penata""".split()
)
# Written without points these are words too, so only a comma or a point between tells that they are titles.
_BACK_ALSO_WORDS = frozenset(
    "st ma ba be ama ak mak mp map sap spa spt sp gr eng nat pol pembina penata ph ca span".split()
)
_BACK_OR_NOBLE = _BACK | frozenset("krt krmt kph kpa gpa rngt".split())
# Balinese write the beginning of a name by its letters: two words or more in what stands between two spaces.
# What begins with I Gusti: "a" is Agung or Ayu, a word of its own that sounds like either, and "n" is Ngurah, as "ign" sounds.
_AGUNG_OR_AYU = "agungayu"
_GUSTI_LETTERS = {"a": _AGUNG_OR_AYU, "n": "ngurah", "m": "made", "p": "putu", "k": "ketut", "w": "wayan", "b": "bagus"}
_WRITTEN_SHORT = {
    "aa": ("anak", "agung"), "ib": ("ida", "bagus"), "ia": ("ida", "ayu"), "igst": ("gusti",),
    "ga": ("gusti", "ga"), "gn": ("gusti", "gn"),
    **{f"ig{letter}": ("gusti", word) for letter, word in _GUSTI_LETTERS.items()},
    **{
        f"ig{one}{other}": ("gusti", _GUSTI_LETTERS[one], word)
        for one in "an" for other, word in _GUSTI_LETTERS.items()
    },
}  # fmt: skip
_SHORT_BARE = {written: words for written, words in _WRITTEN_SHORT.items() if written != "ia"} | {
    "ign": ("gusti", "ign")
}
# What is short for I Gusti may be something else: Ign. is Ignatius too, Iga a name, and G.A. are two initials.
_NO_GUSTI = {"ign": ("ign",), _AGUNG_OR_AYU: ("iga",), "ga": ("g", "a"), "gn": ("g", "n")}
TOLD_SHORT = {_AGUNG_OR_AYU: "iga", "ga": "ga", "ign": "ign", "gn": "gn"}
"""Words that are read behind Gusti in what is written by letters alone, and how that is written."""
NEEDS_GUSTI = frozenset((_AGUNG_OR_AYU, "ga"))
"""Of these, which are Agung or Ayu of those alone who are a Gusti."""
MAY_BE_NAMES = frozenset(("iga", "ign"))
"""What is short for I Gusti in a name where it goes on as those of Balinese do, and is a given name where it does not."""
_GOES_ON = frozenset(
    """wayan wyn wy putu pt gede gde gd made md kadek kdk kd nyoman nym nymn komang kmg km ketut kt ktt nengah ngh ngurah ngr
    agung rai oka raka anom alit""".split()
)
_SHORT_FOR = frozenset((*_WRITTEN_SHORT.values(), *_SHORT_BARE.values()))
BEGIN_SHORT = frozenset(words[0] for words in _SHORT_FOR)
"""Words one of which is in every name that is written by letters: of others nobody need ask (see shortened)."""
_SONS, _DAUGHTERS = frozenset(("bin",)), frozenset("binti bt bte br boru beru".split())
SAY_SEX = _SONS | _DAUGHTERS | {"i", "ni"}
"""Words of a name by which it may say whose sex it is (see sex_of)."""
_PARTICLES = SAY_SEX | {"van", "de"}

MUHAMMAD, AHMAD, ABDUL, SITI = "muhamad", "amad", "abdul", "siti"
_MUHAMMAD = re.compile(r"m[uo]+(?:c?k?h+|k)?a?m+[ae]+[dt]+")
# Words that are written short or in a way that the rules of sound do not reach → how they sound.
_SOUNDS_LIKE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("moh mohd muh muhd moch mochd mhd mhmd muchd mokh mukh muham mohm mochm mch mouh".split(), (MUHAMMAD,)),
    "m": ("m", MUHAMMAD), "md": ("made", MUHAMMAD), "mo": ("mo", MUHAMMAD), "mu": ("mu", MUHAMMAD),
    **dict.fromkeys("ahmad achmad akhmad ahmat achmat akhmat ahmed ach akh ahm achm akhm".split(), (AHMAD,)),
    **dict.fromkeys("abdul abd abdoel abdl abdal".split(), (ABDUL,)), "ab": ("ab", ABDUL),
    **dict.fromkeys("siti sitti sity sitie siiti sti".split(), (SITI,)), "st": (SITI, "sutan"),
    **dict.fromkeys("nur noor nor noer nr".split(), ("nur",)),
    **dict.fromkeys("wayan wy wyn".split(), ("uaian",)), **dict.fromkeys("nyoman nym nymn".split(), ("nioman",)),
    **dict.fromkeys("ketut kt ktt".split(), ("ketut",)), **dict.fromkeys("kadek kdk kd".split(), ("kadek",)),
    **dict.fromkeys("komang kmg km".split(), ("komang",)), **dict.fromkeys("gede gde gd".split(), ("gede",)),
    **dict.fromkeys("nengah ngh".split(), ("nenga",)), **dict.fromkeys("putu pt".split(), ("putu",)),
    **dict.fromkeys("gusti gst".split(), ("gusti",)), **dict.fromkeys("ngurah ngr".split(), ("ngura",)),
    **dict.fromkeys("dewa dw".split(), ("deua",)), **dict.fromkeys("tubagus tb".split(), ("tubagus",)),
    **dict.fromkeys("daeng dg".split(), ("daing",)), **dict.fromkeys("teuku tk".split(), ("tuku",)),
    **dict.fromkeys("yohanes johanes johannes yohannes yoh joh".split(), ("iuanes",)),
    "ign": ("ignatius", "ngura"), "gn": ("gn", "ngura"), **dict.fromkeys((_AGUNG_OR_AYU, "ga"), ("agung", "aiu")), **dict.fromkeys("fransiskus franciscus fransiscus fx frans".split(), ("fransiskus",)),
    **dict.fromkeys("kristian christian chr kris".split(), ("kristian",)),
    **dict.fromkeys("sutan stn".split(), ("sutan",)), **dict.fromkeys("datuk datuak dt dtk".split(), ("datuk",)),
    **dict.fromkeys("tri tree".split(), ("tri",)),
    # Clans by their consonants, as lists and signatures of North Sumatra write them.
    "hrp": ("arap",), "nst": ("nasution",), "lbs": ("lubis",), "srg": ("siregar",), "hsb": ("asibuan",), "dly": ("daulai",),
    "rtg": ("ritonga",), "rkt": ("rangkuti",), "rky": ("rangkuti",), "pjt": ("paniaitan",), "smjtk": ("simaniuntak",),
    "smjk": ("simaniuntak",), "htg": ("utagaol", "utagalung"),
}  # fmt: skip

# How a family or friends call somebody → names that are called so. Most nicknames are a part of the name, and need no row.
_NICKNAMES: dict[str, tuple[str, ...]] = {
    "iwan": ("ridwan", "setiawan", "darmawan", "hermawan", "kurniawan", "gunawan", "irwan", "marwan", "safwan"),
    "wawan": ("setiawan", "darmawan", "hermawan", "kurniawan", "gunawan", "ridwan", "irawan"),
    "awan": ("setiawan", "darmawan", "hermawan", "kurniawan"),
    "yanti": ("sulistiyanti", "sulistyanti", "haryanti", "rusyanti", "widiyanti"),
    "anto": ("susanto", "haryanto", "suyanto", "budianto", "yulianto", "wiryanto"),
    "yanto": ("suyanto", "haryanto", "supriyanto", "sugiyanto", "mulyanto"),
    "didik": ("sidik", "suradi"), "dedi": ("suhardi", "junaedi"), "edi": ("suhaedi", "junaedi", "supriyadi"),
    "udin": ("jamaludin", "saifudin", "baharudin", "nurudin", "kamarudin", "samsudin", "syarifudin", "sirajudin"),
    "uding": ("jamaludin", "saifudin", "baharudin"), "ujang": ("jajang",), "amat": ("ahmad", "muhamad"),
    "mamat": ("muhamad", "rahmat", "ahmad"), "memet": ("muhamad", "rahmat", "slamet"), "ahok": (), "dul": ("abdul",),
    "dullah": ("abdullah",), "dula": ("abdullah",), "man": ("rahman", "usman", "sulaiman"), "eman": ("sulaiman", "usman"),
    "leman": ("sulaiman",), "mansur": ("mansyur",), "uci": ("susi", "lusi"), "ucok": (), "butet": (), "nonik": (),
    "tuti": ("astuti", "hastuti", "puji astuti"), "titi": ("hartati", "suhartati"), "tati": ("hartati", "suhartati", "sumiati"),
    "yati": ("suryati", "sumiyati", "haryati", "nurhayati", "suparyati"), "yayuk": ("rahayu", "sri rahayu"),
    "ayu": ("rahayu",), "nuning": ("nurhayati", "wahyuningsih"), "ning": ("wahyuningsih", "suryaningsih", "ningsih"),
    "nining": ("ningsih", "wahyuningsih", "suryaningsih"), "neneng": ("nengsih",), "eni": ("nuraeni", "suhaeni"),
    "yuni": ("wahyuni",), "uni": ("wahyuni",), "lis": ("sulistyowati", "lilis"), "lilis": ("sulistyowati", "sulastri"),
    "sulis": ("sulistyowati", "sulistiyono", "sulistyo"), "tri": ("sulastri", "sutri"), "atik": ("suhartatik", "kartika"),
    "tika": ("kartika", "atika"), "ika": ("kartika", "mustika", "rika"), "ina": ("marlina", "herlina", "rina"),
    "lina": ("marlina", "herlina", "berlina"), "ani": ("handayani", "suryani", "andriani"), "yani": ("suryani", "handayani", "mulyani", "fitriani"),
    "nani": ("suryani", "maryani"), "imah": ("fatimah", "halimah", "rohimah"), "iim": ("halimah", "ibrahim", "rohimah"),
    "ipah": ("hanifah", "syarifah", "latifah"), "ifah": ("hanifah", "latifah"), "upik": (), "romi": ("rahmi",),
    "rudi": ("rudianto", "hairudin"), "rahman": ("abdurrahman",), "joko": ("sujoko",), "gito": ("sugito", "sugiarto"),
    "narto": ("sunarto",), "harto": ("suharto",), "parman": ("suparman",), "karno": ("sukarno",), "marno": ("sumarno",),
    "bambang": (), "kus": ("kusnadi", "kuswanto", "kusmiati"), "maman": ("suparman", "herman", "rahman"),
    "yus": ("yusuf", "yusnidar"), "ucup": ("yusuf", "yusup"), "usup": ("yusuf",), "jon": ("yohanes",), "yon": ("suyono", "haryono"),
    "ito": ("sugito",), "oni": ("sutoni", "antoni"), "toni": ("hartono", "sutono", "antonius"), "nono": ("suharyono", "sumarno"),
    "beni": ("bernadus",), "roni": ("hasroni", "syahroni"), "ical": ("rizal", "faisal"), "rijal": ("rizal",),
    "pian": ("sofian", "alfian", "sopian"), "opan": ("sofyan",), "ipul": ("syaiful", "saiful"), "saipul": ("saiful",),
    "irul": ("khairul", "amirul"), "asep": (), "deden": (), "agus": (), "hari": ("suhari", "hariyanto"),
}  # fmt: skip

# What tells little, because thousands bear it: how much a word weighs.
_LIGHT = {
    MUHAMMAD: 0.3, AHMAD: 0.55, ABDUL: 0.5, SITI: 0.45, "nur": 0.6, "sri": 0.6, "dui": 0.7, "tri": 0.7, "eka": 0.7,
    "dedi": 0.8, "agus": 0.8, "budi": 0.8, "deui": 0.75, "uaian": 0.5, "made": 0.5, "nioman": 0.5, "ketut": 0.5, "putu": 0.5,
    "kadek": 0.5, "komang": 0.5, "gede": 0.5, "nenga": 0.5, "gusti": 0.3, "ida": 0.6, "bagus": 0.6, "aiu": 0.6, "dewa": 0.5,
    "datuk": 0.4, "sutan": 0.4, "tubagus": 0.5, "tuku": 0.5, "cut": 0.5, "daing": 0.4, "andi": 0.7, "al": 0.3, "el": 0.3,
}  # fmt: skip


# --- letters -----------------------------------------------------------------------------------------------------

_APOSTROPHES = re.compile(r"['’‘`´ʼʻ″\"“”*]+")
_NOT_LETTERS = re.compile(r"[^a-z]+")


def plain(text: str) -> str:
    """Return a text in small letters, without accents, apostrophes and signs that nobody sees (zero width, direction).

    >>> plain("Nu\\u2019man\\u200b \\u202eJOSÉ")
    'numan jose'
    """
    if text.isascii():
        return _APOSTROPHES.sub("", text.lower())
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text)))
    return "".join(
        " " if category == "Cc" or category.startswith("Z") else letter.lower()
        for letter in text
        if (category := unicodedata.category(letter)) not in ("Cf", "Mn", "Co", "Cs")
    )


@lru_cache(maxsize=60_000)
def read_token(token: str, is_behind: bool = False) -> tuple[str, ...]:
    """Return the words of a name in what stands between two spaces; titles and particles are none.

    `is_behind`: a comma stood before it, as before titles that follow a name. Takes the text as `plain` gives it.

    >>> read_token("dr.h.moh.ridwan"), read_token("s.sos"), read_token("st", True), read_token("st.")
    (('moh', 'ridwan'), (), (), ('st',))
    """
    pieces = [piece for piece in _NOT_LETTERS.split(token) if piece]
    if not pieces:
        return ()
    written = _WRITTEN_SHORT.get("".join(pieces)) if len(pieces) > 1 else _SHORT_BARE.get(pieces[0])
    if written and not is_behind:
        return written
    if is_behind and _is_behind_title(token, pieces):
        return ()
    words: list[str] = []
    at = 0
    while at < len(pieces):
        end = next(
            (
                end
                for end in range(len(pieces), at + 1, -1)
                if "".join(pieces[at:end]) in (_BACK if at or end - at < 3 else _BACK_OR_NOBLE) and len(pieces[at]) <= 4
            ),
            0,
        )
        if end:
            at = end
            continue
        piece = pieces[at]
        is_title = piece in _FRONT or piece in _PARTICLES or (piece in _BACK and piece not in _BACK_ALSO_WORDS)
        if not is_title:
            words.append(piece)
        at += 1
    return tuple(words)


def _is_behind_title(token: str, pieces: list[str]) -> bool:
    joined = "".join(pieces)
    if joined in _BACK or joined in _FRONT or joined in _PARTICLES:
        return True
    if "." in token.strip(".") and len(pieces[0]) <= 4 and len(joined) <= 10:
        return True
    return len(joined) <= 3 and joined not in _SOUNDS_LIKE


_NOBLE_APART = re.compile(r"^\s*r\.?\s*ng\.(?:\s*t\.)?(?=\s*[a-z]{3})")
_NAME_BREAKS = re.compile(r"[\s\-_/()\[\]<>&+;:|]+")


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name as rosters write it, without titles and particles; all of them where none is left.

    >>> words_of("Dr. H. Moh. Ridwan, S.Sos., M.Si"), words_of("I Wayan Koster Bin Made"), words_of("Drs")
    (('moh', 'ridwan'), ('wayan', 'koster', 'made'), ('drs',))
    >>> words_of("Iga Mawarni"), words_of("IGN Made Oka")
    (('iga', 'mawarni'), ('gusti', 'ign', 'made', 'oka'))
    """
    found: list[str] = []
    everything: list[str] = []
    before, _, behind = plain(name).partition(",")
    before = _NOBLE_APART.sub("", before)
    for text, is_behind in ((before, False), (behind.replace(",", " "), True)):
        tokens = list(filter(None, _NAME_BREAKS.split(text)))
        for token, next_one in pairwise((*tokens, "")):
            if is_given(token, next_one):
                found.append(token.strip("."))
            else:
                found += read_token(token, is_behind)
            everything += [piece for piece in _NOT_LETTERS.split(token) if piece]
    return tuple(found or everything)


def is_given(token: str, next_one: str) -> bool:
    """Say whether a token is a given name that is short for I Gusti in other names, by what stands behind it."""
    return token.strip(".") in MAY_BE_NAMES and next_one.strip(".") not in _GOES_ON


@lru_cache(maxsize=10_000)
def shortened(name: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return what is read of a name in place of letters that stand for several words, with the letters as they stand.

    >>> shortened("I.G.N. Agung Oka"), shortened("Iga Mawarni")
    (((('gusti', 'ngurah'), 'i.g.n.'),), ())
    """
    tokens = [token for token in _NAME_BREAKS.split(plain(name).partition(",")[0]) if token]
    found = []
    for token, next_one in pairwise((*tokens, "")):
        words = () if is_given(token, next_one) else read_token(token)
        if len(words) > 1 and words in _SHORT_FOR:
            found.append((words, token))
    return tuple(found)


@lru_cache(maxsize=10_000)
def sex_of(name: str) -> str:
    """Return m or f where a name says so itself: by I or Ni before it, or by bin, binti or boru in it; else nothing.

    >>> sex_of("Ni Wayan Sudarmi, S.E."), sex_of("Drs. I Made Artana"), sex_of("Sri Wahyuni")
    ('f', 'm', '')
    >>> sex_of("Rosma br. Ginting"), sex_of("I Gusti Ayu Rai")
    ('f', 'f')
    """
    tokens = plain(name).partition(",")[0].replace(".", "").split()
    if SAY_SEX.isdisjoint(tokens):
        return ""
    while tokens and is_title(tokens[0]):
        tokens = tokens[1:]
    inside = set(tokens[1:])
    if tokens[:1] == ["ni"] or inside & _DAUGHTERS or (tokens[:1] == ["i"] and "ayu" in tokens[2:3]):
        return "f"
    return "m" if tokens[:1] == ["i"] or inside & _SONS else ""


def without_gusti(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a name as they are where what was read as short for I Gusti is something else.

    >>> without_gusti(("gusti", "ign", "suharto")), without_gusti(("gusti", "randa"))
    (('ign', 'suharto'), ())
    """
    at = next((at for at, pair in enumerate(pairwise(words)) if pair[0] == "gusti" and pair[1] in _NO_GUSTI), -1)
    return (*words[:at], *_NO_GUSTI[words[at + 1]], *words[at + 2 :]) if at >= 0 else ()


_CLANS = frozenset(
    """harahap nasution lubis siregar hasibuan daulay ritonga rangkuti panjaitan simanjuntak hutagalung hutagaol pulungan dalimunthe
    batubara matondang tambunan tampubolon manurung marpaung napitupulu nababan pasaribu pardede silalahi sihombing simatupang
    simbolon sinaga sitorus sitompul situmorang sihotang siahaan hutapea hutabarat gultom aritonang purba saragih damanik
    tarigan ginting sembiring karokaro peranginangin""".split()
)
"""Clans of North Sumatra, by which what follows "marga" is known as one."""


def is_clan(word: str) -> bool:
    """Say whether a word is the name of a clan of North Sumatra, also by its short form.

    >>> is_clan("hrp"), is_clan("siregar"), is_clan("utama")
    (True, True, False)
    """
    return any(sound in _clan_sounds() for sound in sounds(word))


@lru_cache(maxsize=1)
def _clan_sounds() -> frozenset[str]:
    return frozenset(sound for clan in _CLANS for sound in sounds(clan))


def is_title(word: str) -> bool:
    """Say whether a word standing alone is a title."""
    return word in _FRONT or (word in _BACK and word not in _BACK_ALSO_WORDS)


# --- sound -------------------------------------------------------------------------------------------------------

_DOUBLED = re.compile(r"(.)\1+")
_CH_AS_C = re.compile(r"^ch(?=an|in|ic|el|er|ik|yn)")
_SAME_SOUND = (
    ("oe", "u"), ("ou", "u"), ("oo", "u"), ("uw", "u"), ("tj", "c"), ("dj", "j"), ("nj", "ni"), ("sj", "s"), ("sch", "s"),
    ("kh", "h"), ("chr", "kr"), ("ch", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("bh", "b"),
    ("sh", "s"), ("sy", "s"), ("dz", "s"), ("ts", "s"), ("ck", "k"), ("qu", "ku"), ("x", "ks"), ("q", "k"), ("v", "f"),
    ("z", "s"), ("y", "i"), ("w", "u"), ("h", ""), ("ae", "ai"), ("oi", "ai"), ("ei", "ai"), ("ie", "i"),
)  # fmt: skip


def _sound(word: str) -> str:
    word = _CH_AS_C.sub("c", word)
    for written, sound in _SAME_SOUND:
        if written in word:
            word = word.replace(written, sound)
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=60_000)
def sounds(word: str) -> tuple[str, ...]:
    """Return how a word may be meant to sound, as keys: words with one in common are spellings of each other.

    Old spelling (oe, dj, tj, nj, sj, ch and j for y), doubled letters and a dropped h make no difference.

    >>> sounds("soeharto") == sounds("suharto"), sounds("mochamad") == sounds("moh")
    (True, True)
    >>> set(sounds("widjaja")) & set(sounds("wijaya")), set(sounds("jusuf")) & set(sounds("yusuf"))
    ({'uijaia'}, {'iusuf'})
    """
    for written in (word, word.replace("oe", "u")):
        if written in _SOUNDS_LIKE:
            return _SOUNDS_LIKE[written]
        if _MUHAMMAD.fullmatch(written):
            return (MUHAMMAD,)
    first = _sound(word) or word
    if "j" not in word:
        return (first,)
    old = word.replace("dj", "\x01").replace("tj", "c").replace("nj", "ny").replace("sj", "sy").replace("j", "y")
    other = _sound(old.replace("\x01", "j")) or word
    return (first,) if other == first else (first, other)


def is_short_form(word: str) -> bool:
    """Say whether a word of three letters and more is read by a table as one that is written otherwise (moh, abd, gst)."""
    return len(word) >= 3 and word in _SOUNDS_LIKE


_MUHAMMAD_FIRST = re.compile(r"(m[uo]+(?:c?k?h+|k)?a?m+[ae]+[dt])([a-z]{3,})")


def without_muhammad(word: str) -> str:
    """Return what follows Muhammad, however spelled, in a word that was written without a space; empty: it is none.

    >>> without_muhammad("mochamadridwan"), without_muhammad("ridwan")
    ('ridwan', '')
    """
    match = _MUHAMMAD_FIRST.fullmatch(word)
    return match[2] if match else ""


@lru_cache(maxsize=50_000)
def joined_sound(words: tuple[str, ...]) -> str:
    """Return how words sound that were written without a space between.

    >>> joined_sound(("abdul", "rahman")) == joined_sound(("abdurrahman",))
    True
    """
    told = "".join(MUHAMMAD if MUHAMMAD in sounds(word) and len(word) > 1 else sounds(word)[0] for word in words)
    sound = _sound(told)
    for end in "rsndt" if "abdul" in sound else "":
        sound = sound.replace(f"abdul{end}", f"abdu{end}", 1)
    return _DOUBLED.sub(r"\1", sound)


@lru_cache(maxsize=50_000)
def weight(word: str) -> float:
    """Say how much a word of a name tells: 1, less for those that thousands bear and for initials."""
    if len(word) == 1:
        return 0.35
    return min(_LIGHT.get(sound, 1.0) for sound in sounds(word))


def called(nickname: str) -> tuple[str, ...]:
    """Return names whose bearers are called so, by the small table."""
    return _NICKNAMES.get(nickname, ())


# --- likeness ----------------------------------------------------------------------------------------------------


def distance(one: str, other: str, most: int = 2) -> int:
    """Count letters to change, drop, add or swap with the next one; `most` + 1 where there are more.

    >>> distance("ridwan", "ridawn"), distance("ridwan", "rizwan"), distance("abc", "xyz")
    (1, 1, 3)
    """
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        new = [i]
        for j, its in enumerate(other, 1):
            cost = row[j - 1] if letter == its else 1 + min(row[j - 1], row[j], new[j - 1])
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        if min(new) > most:
            return most + 1
        before, row = row, new
    return min(row[-1], most + 1)


_SHORT = 5


def _spelled_today(word: str) -> str:
    return word.replace("oe", "u").replace("dj", "j").replace("tj", "c")


SAME, SPELLING, TYPO, INITIAL, NICKNAME, PART = "same", "spelling", "typo", "initial", "nickname", "part"
_FULL = 1.0


def typo_fit(off: int, asked: str, borne: str) -> float:
    """Say how well a word fits that is so many letters off; 0 where it may be any other word.

    >>> typo_fit(1, "ridwna", "ridwan"), typo_fit(2, "rdwn", "ridwan"), typo_fit(2, "hendra", "nora")
    (0.88, 0.6, 0.0)
    """
    longest = max(len(asked), len(borne))
    if off == 1:
        return 0.88 if longest >= 6 else 0.8 if longest >= 4 else 0.6 if longest == 3 else 0.0
    if off == 2 and len(borne) >= 6:
        return 0.76 if longest >= 8 else 0.6
    return 0.0


@lru_cache(maxsize=2_000)
def _thirds(word: str) -> tuple[str, str, str]:
    one, two = len(word) // 3, 2 * len(word) // 3
    return word[:one], word[one:two], word[two:]


def _may_be_near(one: str, other: str) -> bool:
    """Say at once of most words that they are more than two letters off: a third of one stands whole in the other, else."""
    if abs(len(one) - len(other)) > 2:
        return False
    return any(third and third in other for third in _thirds(one))


@lru_cache(maxsize=60_000)
def likeness(asked: str, borne: str) -> tuple[float, str]:
    """Say how well a word that was asked for fits a word of a name, 0 to 1, and why.

    >>> likeness("moh", "muhammad"), likeness("ridwan", "ridwann"), likeness("iwan", "kurniawan"), likeness("budi", "siti")
    ((0.97, 'spelling'), (0.97, 'spelling'), (0.8, 'nickname'), (0.0, ''))
    """
    if asked == borne:
        return _FULL, SAME
    theirs, ours = sounds(borne), sounds(asked)
    if not set(theirs).isdisjoint(ours):
        return (0.9 if 1 in (len(asked), len(borne)) else 0.97), SPELLING
    if len(asked) == 1 or len(borne) == 1:
        return (0.72, INITIAL) if asked[0] == borne[0] or ours[0][:1] == theirs[0][:1] else (0.0, "")
    near = written = 3
    if _may_be_near(asked, borne):
        near = written = distance(asked, borne)
    for mine in ours if near > 1 else ():
        for its in theirs:
            if near > 1 and _may_be_near(mine, its):
                near = min(near, distance(mine, its))
    if near < written and min(len(asked), len(borne)) <= _SHORT:
        # Sounds lose letters: of a short word so many that with another letter off it is another word (rai, rahayu).
        near = distance(_spelled_today(asked), _spelled_today(borne))
    best = typo_fit(near, asked, borne)
    why = TYPO if best else ""
    if best < 0.8 and any(not set(sounds(each)).isdisjoint(theirs) for each in called(asked)):
        return 0.8, NICKNAME
    shorter, longer = (asked, borne) if len(asked) < len(borne) else (borne, asked)
    if best < 0.78 and len(shorter) >= 3:
        share = len(shorter) / len(longer)
        if longer.startswith(shorter):
            return max(best, 0.55 + 0.25 * share), PART
        if len(shorter) >= 4 and (longer.endswith(shorter) or sounds(longer)[0].endswith(sounds(shorter)[0])):
            return max(best, 0.5 + 0.25 * share), PART
    return best, why
