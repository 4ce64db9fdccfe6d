"""What a text says not to have happened: what is denied in it, what it says nobody did, and what it asks nobody to do.

An appeal to leave something undone tells of no deed, and a denial only that somebody was told to have done it. Where it is not
clear how far a denial reaches it is read as short: a deed that the text states is not lost.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ikrar.domain import prohibitions

# A full stop behind these ends no sentence.
_NO_END = "".join(
    rf"(?<!\b{short}\.)"
    for short in ("[A-Z]", "[Dd]r", "[Dd]rs", "[Dd]ra", "[Ii]r", "Hj", "[Kk]ec", "[Kk]el", "[Kk]ab", "[Nn]o", "[Tt]gl", "[Tt]h",
                  "[Tt]hn", "[Pp]l[th]", "[Pp]j", "s\\.d", "[Bb]pk")
)  # fmt: skip
_SENTENCE_ENDS = re.compile(rf"(?:[!?…]|\.{_NO_END})(?=[\s\"”’')]|$)|[\n;]")
_NEGATION = r"(?:tidak|tak|tdk|gak|nggak|enggak|ga|bukan|belum)"
# What somebody may be said not to have done. Others (`tidak mengajukan cuti`) say nothing of the deed that they stand beside.
_DEED = (
    r"(?:ikut|turut|hadir|terlibat|tergabung|bergabung|kampanye|berkampanye|berfoto|foto|berpihak|like|share|komen|follow|menghadiri"
    r"|menyukai|membagikan|mengomentari|berkomentar|mengunggah|memposting|mengikuti|mendukung|memihak|membuat|menjadi|mengajak"
    r"|mengarahkan|mengerahkan|menggunakan|memasang|melakukan|menyebarkan|menyebarluaskan|memberi|memberikan|membantu"
    r"|mendeklarasikan|mengampanyekan|mengkampanyekan|memfasilitasi|menghadirkan|menandatangani|anggota|bagian|tim|pengurus"
    r"|kader|pendukung|relawan|peserta)\b"
)
_DENIES = re.compile(
    rf"\b(?P<admits>{_NEGATION}\s(?:bisa\s|dapat\s|mampu\s)?)?(?:(?P<passive>(?:dibantah|disangkal|ditampik)(?:nya)?)"
    r"|membantah|menyangkal|menampik|bantah|sangkal|tampik|menepis|menolak\s(?:disebut|dikatakan|dituduh|dituding))\b",
    re.IGNORECASE,
)
# Whoever denies without a word of what denies what stands before it: "…, tapi ia membantah", "…, menurut pengakuannya tidak".
_HE = r"(?:ia|dia|beliau|mereka|keduanya|ybs|yang\sbersangkutan|terlapor|terduga)"
_IT = r"(?:(?:hal|tuduhan|tudingan|dugaan|kabar|berita|isu|laporan|perbuatan)\s(?:itu|ini|tersebut|tadi)|semua(?:nya)?|itu|ini)"
_HOW = r"(?:juga|sudah|telah|tegas|keras|dengan\s(?:tegas|keras)|langsung|kemudian|lalu|akhirnya|belakangan)"
_SIGNS = r"[\s.,;:!?…\"”’')(]{0,8}"
_SAYS_NO = re.compile(
    rf"\b(?:menurut\s(?:(?:pengakuan|keterangan|pernyataan)(?:nya|\s{_HE})?|{_HE})|(?:ia|dia)?\s?mengaku|pengakuannya)(?:\s{_HE})?"
    rf"\s{_NEGATION}(?:\s(?:pernah\s)?(?:ikut|terlibat|demikian|begitu|melakukan(?:nya|\s{_IT})?|berbuat\s(?:demikian|begitu)))?"
    rf"(?=,|{_SIGNS}$)",
    re.IGNORECASE,
)
_REFERS = re.compile(rf"{_SIGNS}(?:{_IT}|oleh\s{_HE})?{_SIGNS}", re.IGNORECASE)
_UNTRUE = re.compile(r"\b(?:tidak|tak|tdk)\s(?:benar(?!-benar)|(?P<proven>terbukti))\b", re.IGNORECASE)
# What is told of somebody, before the word that it is not so: `kabar camat ikut kampanye itu hoaks`.
_ACCUSES = r"(?:tuduhan|tudingan|dugaan|sangkaan)"
_CLAIM = rf"(?:{_ACCUSES}|kabar|isu|rumor|berita|informasi|info)"
_CLAIMS = re.compile(rf"\b(?:(?P<accuses>{_ACCUSES})|{_CLAIM})\b", re.IGNORECASE)
_FALSE = re.compile(
    r"\b(?:(?:itu|ini|tersebut|tadi|adalah|ialah|hanya|hanyalah|cuma|merupakan|dipastikan|dinyatakan|ternyata)\s){1,3}"
    r"(?:(?:kabar|berita|isu)\s)?(?:(?P<lie>hoaks|hoax|fitnah|bohong)|keliru|palsu|mengada-ada|(?:tidak|tak|tdk)\sberdasar)\b",
    re.IGNORECASE,
)
# Whoever spreads what is not true does a deed of his own.
_SPREADS = (
    r"(?:(?:me|di)(?:m|n|ng|ny)?(?:sebar|ebar|bagi|unggah|posting|kirim|irim|terus|erus|buat)\w{0,10}|sebar(?:kan|luaskan)?|unggah"
    r"|posting|share|bagikan)"
)
_SPREAD = re.compile(rf"\b{_SPREADS}(?:\s\w{{1,12}}){{0,2}}\s{{1,4}}$", re.IGNORECASE)
_SPREADS_NEWS = re.compile(
    rf"\b{_SPREADS}(?:\s\w{{1,20}}){{0,3}}\s(?:{_CLAIM}|hoaks|hoax|fitnah|narasi|unggahan|postingan|video|konten)\b",
    re.IGNORECASE,
)
_NO_PROOF = re.compile(
    r"\b(?:tidak|tak|tdk|belum)\s(?:menemukan|ditemukan|mendapat|mendapatkan|terdapat|cukup)\s"
    r"(?:(?:cukup|satu|alat)\s){0,2}bukti\b",
    re.IGNORECASE,
)
# Who found no proof, and since when: before that nothing else of its sentence is told. A witness without proof denies nothing.
_WHO_FOUND = re.compile(rf"{_SIGNS}(?:(?!(?:saya|aku|kami|kita|warga|pelapor)\s)\w{{1,20}}\s){{0,6}}", re.IGNORECASE)
_A_WORD = re.compile(r"\w")
_OWNS_UP = re.compile(
    rf"mengaku(?:i(?:nya)?)?(?:\s(?:perbuatannya|kesalahannya|salah|bersalah|khilaf|melakukannya|{_IT}))?(?=,|{_SIGNS}$)",
    re.IGNORECASE,
)
_REFUTED = re.compile(
    rf"{_SIGNS}(?:(?:tetapi|tapi|namun|padahal|ternyata|nyatanya|faktanya|kenyataannya)\s)?"
    rf"(?:(?P<accused>{_ACCUSES}(?:nya)?)\s|(?P<claim>{_CLAIM})\s|(?:hal|semua)\s)?(?P<that>(?:itu|ini|tersebut|tadi)\s)?(?:{_HOW}\s)?",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(r"\s{1,4}yang\b", re.IGNORECASE)
_SAYS_MORE = re.compile(r"\s{1,4}\w")
_FORBIDS = re.compile(
    rf"\b(?:dilarang|{_NEGATION}\s(?:boleh|diperbolehkan|dibolehkan|diperkenankan|dibenarkan|diizinkan)"
    r"|jangan(?!\s(?:lupa|ragu|salah|takut|khawatir|malu|sungkan|netral|diam|sampai\s(?:\w{1,12}\s){0,3}kalah)\b))\b",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(rf"\b{_NEGATION}\s(?:pernah\s|akan\s|sedang\s|mau\s)?(?={_DEED})", re.IGNORECASE)
# Whoever is made to suffer because he did not: `memindahkan guru yang tidak mendukung calon`.
_BECAUSE_NOT = re.compile(
    r"\b(?:yang|yg|kalau|kalo|klo|jika|bila|apabila|karena|krn|lantaran|sebab|gara-gara|akibat)\s{1,3}(?:\w{1,15}\s{1,3}){0,2}$",
    re.IGNORECASE,
)
_MADE_TO_SUFFER = re.compile(
    r"(?:mutasi|pindah|copot|pecat|ancam|coret|potong|persulit|ganti|geser|nonjob|rumahkan|berhentikan|putus|cabut|intimidasi|tekan\b|sanksi"
    r"|hukum|(?:di|me)(?:n)?tahan|tidak\s(?:dapat|akan|diberi|dikasih|dilayani|diperpanjang))",
    re.IGNORECASE,
)
_URGES = re.compile(r"\b(?:(?:meng|di)?h?imbau(?:an|kan)?|(?:meng|di)?ingatkan)\b", re.IGNORECASE)
_IS_ASKED = re.compile(
    r"\b(?:h?imbau|\w{0,4}h?imbau|\w{0,4}ingatkan|minta|\w{0,3}minta|agar|supaya|untuk|harus)\b", re.IGNORECASE
)
_TURNING = (
    r"tetapi|tapi|tp|namun|padahal|sedangkan|sementara|melainkan|malah|justru|meski|meskipun|walau|walaupun|nyatanya"
    r"|ternyata|faktanya|kenyataannya"
)
_TURNS = re.compile(rf"\b(?:{_TURNING})\b", re.IGNORECASE)
# What stands before a denial in its sentence, where it is of the sentence before.
_LEADS = re.compile(rf"{_SIGNS}(?:(?:{_TURNING})\s)?(?:(?:{_HE}|{_IT})\s)?(?:{_HOW}\s)?", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\b(?:saat|ketika|sebelum|setelah|sesudah|sambil|usai|lalu|kemudian|sehingga|karena|lantaran|sebab|dengan(?=\s(?:me|ber|cara))|yang)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    rf"\s{{0,2}}(?:(?:atau|maupun|ataupun|dan|serta|juga)\s)?{_DEED}|\s{{0,2}}(?:atau|maupun|ataupun)\b", re.IGNORECASE
)
_OR = re.compile(r"\b(?:atau|maupun|ataupun)\b", re.IGNORECASE)
_PARTS = re.compile(r",|\s(?:dan|serta)\s")
# Whoever tells voters whom not to vote for does a deed of his own.
_ABOUT_VOTES = re.compile(r"\s{0,2}(?:mem|di|men|nyo)?(?:pilih|coblos|blos)", re.IGNORECASE)
_VOTERS = re.compile(
    r"\b(?:warga|masyarakat|pemilih|rakyat|jemaah|jamaah|siswa|mahasiswa|wali murid|orang tua)\b", re.IGNORECASE
)
_SERVANTS = re.compile(
    r"\b(?:asn|pns|pppk|pegawai|aparatur|aparat|guru|staf|jajaran|perangkat|camat|lurah)\b", re.IGNORECASE
)
_LOOKED_BACK = 120
_LONGEST_REACH = 400


@dataclass(frozen=True, slots=True)
class Told:
    """A text by what it says to have happened; all of them are as long as it is.

    `stated`: without what it denies, says not to have been done, or asks not to do. `alleged`: with what it denies, as if it
    were not denied. `denied`: where that stands.
    """

    stated: str
    alleged: str
    denied: tuple[tuple[int, int], ...]


def told(text: str) -> Told:
    """Read what a text says to have happened, and what it denies.

    >>> told("Lurah membantah ikut kampanye, camat hadir.").stated
    'Lurah .                      , camat hadir.'
    >>> told("Lurah ikut kampanye, tapi ia membantah. Camat hadir.").stated.split()
    ['.', 'Camat', 'hadir.']
    >>> told("ASN diimbau tidak menyukai, membagikan, atau mengomentari unggahan calon").alleged.split()
    ['ASN', '.', '.']
    """
    left_out: list[tuple[int, int]] = []
    denied: list[tuple[int, int]] = []
    denials: list[tuple[int, int]] = []
    clauses = list(_clauses(text))
    for (start, end, since), after in itertools.zip_longest(clauses, clauses[1:]):
        is_owned = after is not None and _owns_up(text, after[0], after[1], start)
        found = () if is_owned else (*_denied(text, start, end), *_denied_before(text, start, end, since))
        for span, words in found:
            if span not in denied[-1:]:
                denied.append(span)
            denials.append(words)
        left_out += _undone(text, start, end)
    left_out += prohibitions.spans(text, [(start, end) for start, end, _since in clauses])
    alleged = _without(_without(text, left_out, "."), denials, " ")
    return Told(_without(_without(text, left_out, "."), denied, "."), alleged, tuple(denied))


def without_admissions(text: str) -> str:
    """Return a text of the same length without the words by which somebody does not deny, or first denied what he owned up to: the
    negation in them is none of what is told beside it.

    >>> without_admissions("Camat tidak membantah ikut kampanye.")
    'Camat                 ikut kampanye.'
    """
    spans = [match.span() for match in _DENIES.finditer(text) if match["admits"]]
    clauses = list(_clauses(text))
    for (start, end, _since), after in itertools.pairwise(clauses):
        if _owns_up(text, after[0], after[1], start):
            spans += [match.span() for match in _DENIES.finditer(text, start, end)]
    return _without(text, spans, " ")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where each sentence goes.

    >>> [("tgl. 17 Mei. Lalu"[start:end]) for start, end in sentences("tgl. 17 Mei. Lalu")]
    ['tgl. 17 Mei.', ' Lalu']
    """
    start = 0
    for match in _SENTENCE_ENDS.finditer(text):
        if match.end() > start:
            yield start, match.end()
        start = match.end()
    yield start, len(text)


def _clauses(text: str) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Yield the sentences of a text, cut where one turns: `tetapi`, `padahal`; each part with where its sentence begins, and where
    the one before does that stands on the same line.
    """
    before = 0
    for start, end in sentences(text):
        if text[start - 1 : start] == "\n":
            before = start
        since = start, before
        before = start
        for match in _TURNS.finditer(text, start, end):
            yield start, match.start(), since
            start = match.start()
        yield start, end, since


def _owns_up(text: str, start: int, end: int, since: int) -> bool:
    """Say whether in a clause somebody owns up to what stands before it, on the same line: `…, tetapi kemudian mengaku`."""
    match = _OWNS_UP.search(text, start, end)
    return (
        match is not None and "\n" not in text[since:start] and _LEADS.fullmatch(text, start, match.start()) is not None
    )


def _denied(text: str, start: int, end: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield what a clause denies, each with the words that do."""
    for match in _FALSE.finditer(text, start, end):
        if (claim := _claim_of(text, start, match)) is not None:
            yield (claim, match.end()), match.span()
    for match in _NO_PROOF.finditer(text, start, end):
        until = _until(text, match.end(), end, is_rule=False)
        if _A_WORD.search(text, match.end(), until):
            yield (match.start(), until), match.span()
    for match in _UNTRUE.finditer(text, start, end):
        until = _until(text, match.end(), end, is_rule=True) if match["proven"] else start
        # Where "tidak terbukti" goes on, that was not proven, and what stands before it may have been.
        goes_on = re.search(r"\w", text[match.end() : until]) is not None
        yield (match.start(), until) if goes_on else (start, end), match.span()
    for match in _DENIES.finditer(text, start, end):
        if match["admits"]:
            continue
        if match["passive"]:
            yield (start, end), match.span()
        elif (until := _until(text, match.end(), end, is_rule=True)) > match.end():
            yield (match.start(), until), match.span()


def _denied_before(
    text: str, start: int, end: int, since: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield what a clause denies that stands before it, in its sentence or, where that tells of nothing else, in the one before."""
    sentence, before = since
    for match in (*_FALSE.finditer(text, start, end), *_UNTRUE.finditer(text, start, end)):
        yield from _refuted_before(text, start, match, since)
    for match in _NO_PROOF.finditer(text, start, end):
        until = text.find(",", match.end(), end)
        is_all = not _A_WORD.search(text, match.end(), end if until < 0 else until)
        if is_all and _WHO_FOUND.fullmatch(text, start, match.start()):
            yield (before if start == sentence else sentence, match.end()), match.span()
    for match in _SAYS_NO.finditer(text, start, end):
        yield (_back(text, sentence, before, match), match.end()), match.span()
    for match in _DENIES.finditer(text, start, end):
        if match["admits"]:
            continue
        if match["passive"]:
            is_of_before = _LEADS.fullmatch(text, start, match.start()) is not None
        else:
            until = text.find(",", match.end(), end)
            is_of_before = _REFERS.fullmatch(text, match.end(), end if until < 0 else until) is not None
        if is_of_before:
            yield (_back(text, sentence, before, match), match.end()), match.span()


def _refuted_before(
    text: str, start: int, match: re.Match[str], since: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield what is said not to be true by a clause that only points at it: `tuduhan itu keliru`, `ternyata hoaks`."""
    leads = _REFUTED.fullmatch(text, start, match.start())
    if leads is None:
        return
    sentence, before = since
    back = before if start == sentence else sentence
    is_pointed = leads["that"] or leads["accused"] or match.re is _FALSE
    # `Itu keliru` may be said of the deed: it ought not to have been done.
    is_of_claim = (
        leads["accused"]
        or leads["claim"]
        or (match["lie"] if match.re is _FALSE else not _SAYS_MORE.match(text, match.end()))
    )
    if not (is_pointed and is_of_claim):
        return
    if not leads["accused"] and _SPREADS_NEWS.search(text, back, match.start()):
        return
    if back < start:
        yield (back, match.end()), match.span()


def _claim_of(text: str, start: int, match: re.Match[str]) -> int | None:
    """Return where in a clause that begins there the claim begins that is said not to be true; None where there is none, and where
    it is of a claim that somebody spread.
    """
    claim = _CLAIMS.search(text, max(start, match.start() - _LONGEST_REACH), match.start())
    if claim is None or not text[claim.end() : match.start()].strip():
        return None
    is_spread = _SPREAD.search(text, max(start, claim.start() - _LOOKED_BACK), claim.start())
    is_of_somebody = _OF_SOMEBODY.match(text, claim.end()) is not None and not claim["accuses"]
    return None if is_spread or is_of_somebody else claim.start()


def _back(text: str, sentence: int, before: int, match: re.Match[str]) -> int:
    return before if _LEADS.fullmatch(text, sentence, match.start()) else sentence


def _undone(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what a clause says not to have been done, or asks not to do."""
    done = start  # what a rule reached over is not read again
    for match in (*_FORBIDS.finditer(text, start, end), *_NOT_DONE.finditer(text, start, end)):
        if match.re is _FORBIDS and match.start() < done:
            continue
        back = max(start, match.start() - _LOOKED_BACK)
        is_rule = match.re is _FORBIDS or _IS_ASKED.search(text, back, match.start()) is not None
        if is_rule and _is_about_votes(text, back, match):
            continue
        if match.re is _NOT_DONE and _makes_suffer(text, back, match, end):
            continue
        if match.re is _FORBIDS and text[match.end() : match.end() + 1] != ",":
            until = prohibitions.reach(text, start, match.end(), end)
        else:
            until = _until(text, match.end(), end, is_rule=is_rule)
        if _A_WORD.search(text, match.end(), until):
            yield match.start(), until
            done = max(done, until)
            for urges in _URGES.finditer(text, back, match.start()):
                yield urges.span()


def _makes_suffer(text: str, back: int, match: re.Match[str], end: int) -> bool:
    """Say whether what somebody left undone is told as why another harms him."""
    if not _BECAUSE_NOT.search(text, max(back, match.start() - 50), match.start()):
        return False
    return _MADE_TO_SUFFER.search(text, back, min(end, match.end() + _LOOKED_BACK)) is not None


def _is_about_votes(text: str, back: int, match: re.Match[str]) -> bool:
    if _ABOUT_VOTES.match(text, match.end()):
        return True
    if prohibitions.WATCHES.search(text, back, match.start()):
        return False
    # Who is asked stands nearest: `Camat meminta warga jangan …`.
    voters = max((each.end() for each in _VOTERS.finditer(text, back, match.start())), default=-1)
    servants = max((each.end() for each in _SERVANTS.finditer(text, back, match.start())), default=-1)
    return voters > servants


def _until(text: str, at: int, end: int, *, is_rule: bool) -> int:
    """Return how far a denial reaches: through what it lists, and not into what somebody else did."""
    end = min(end, at + _LONGEST_REACH)
    if not is_rule and (goes_on := _GOES_ON.search(text, at, end)):
        end = goes_on.start()
    is_list = is_rule or _OR.search(text, at, end) is not None
    for match in _PARTS.finditer(text, at, end):
        if not text[at : match.start()].strip():
            return at
        next_is_small = match[0] != "," and text[match.end() : match.end() + 1].islower()
        if is_list and (_LISTED.match(text, match.end(), end) or (is_rule and next_is_small)):
            continue
        return match.start()
    return end


def _without(text: str, spans: list[tuple[int, int]], instead: str) -> str:
    """Return a text of the same length without these parts."""
    signs = list(text)
    for start, end in spans:
        signs[start:end] = [sign if sign == "\n" else " " for sign in signs[start:end]]
        signs[start] = instead
    return "".join(signs)
