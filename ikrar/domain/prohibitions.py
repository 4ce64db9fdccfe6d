"""Where a text only tells of a rule: what somebody forbids, reminds of, warns of, explains, and asks nobody to do.

Whoever is told to have broken a rule stays told: a rule reaches to where its clause ends, and not into what somebody did after it,
before it, or all the same.
"""

import re
from collections.abc import Iterator, Sequence

_NEGATION = r"(?:tidak|tak|tdk|gak|nggak|enggak|ga|bukan|belum|tanpa)"
_SERVANT = r"(?:asn|pns|cpns|pppk|p3k|pegawai|aparatur|aparat|abdi\snegara|guru|honorer|perangkat|jajaran|staf|pejabat)"
_POST = (
    r"(?:camat|lurah|bupati|wali\s?kota|wali\snagari|gubernur|sekda|sekcam|sekwan|kadis\w{0,12}|kabag|kabid|kaban|kasi|kasubag"
    r"|kepsek|kades"
    r"|kepala|plt|plh|pjs?|wakil|ajudan|guru|bidan|dosen|pak|bu|bapak|ibu|haji|drs?|dra|oknum|seorang|sejumlah|beberapa"
    r"|salah\ssatu|ada|dua|tiga"
    r"|empat|lima|asn\s(?:di|yang|berinisial)|pegawai\s(?:di|berinisial)|pns\s(?:di|berinisial)|staf\w{0,3}\s(?:kelurahan"
    r"|kecamatan|dinas))"
)
_NOT_BEFORE = "".join(
    rf"(?<!\b{no}\s{able})"
    for no in ("tidak", "tak", "tdk", "gak", "nggak", "belum", "bukan", "tanpa")
    for able in ("", r"pernah\s", r"bisa\s", r"mampu\s", r"mau\s", r"akan\s", r"sempat\s")
)
_FORBIDS = re.compile(
    rf"\b(?P<active>{_NOT_BEFORE}(?:me?larang(?!an)|larang(?!an)|pelarangan|mewanti-wanti|wanti-wanti|mengharamkan|mencegah|cegah"
    rf"|pencegahan"
    r"|menghindari|hindari|menghindarkan|menjauhi|jauhi|menahan\sdiri"
    r"|menolak(?=\s(?:politik|segala|semua|pemberian|ajakan|suap|hadiah|ikut|terlibat|hadir))))\b"
    r"|\b(?:tidak|tak|tdk|enggan)\s(?:ingin|menghendaki|men?toleransi|membenarkan|mengizinkan|membolehkan|memperbolehkan"
    r"|memperkenankan)\b"
    rf"|\bharam(?=\s\w)|\b{_SERVANT}\s(?:\w{{1,15}}\s)?(?:hanya\s)?boleh\b"
    r"|\b(?P<asks>bolehkah|apakah\s(?:\w{1,12}\s){0,2}boleh|apa\sboleh)\b",
    re.IGNORECASE,
)
# A ban as a thing; whoever breaks or ignores one does a deed.
_BAN = re.compile(r"\blarangan\b", re.IGNORECASE)
_BREAKS_IT = re.compile(
    r"\b(?:(?:me|di|ter|pe)?langgar\w{0,3}|(?:meng|di)?abaikan|mengindahkan|(?:me|di)?(?:n|t)abrak|(?:me|di)?(?:n|t)erobos"
    r"|di\stengah|meski\w{0,3}\sada"
    rf"|walau\w{{0,3}}\sada|kendati\sada|mem(?:andang|edulikan)|{_NEGATION}\s(?:tahu|peduli|patuh\w{{0,3}}"
    rf"|taat\w{{0,3}}))\b[^,.;]{{0,40}}$",
    re.IGNORECASE,
)
_IS_BROKEN = re.compile(
    r"\bdi(?:langgar|abaikan|tabrak|terobos)\b|\b(?:tidak|tak|tdk)\s(?:digubris|diindahkan|dipatuhi|ditaati|dihiraukan|mempan"
    r"|membuat)\b",
    re.IGNORECASE,
)
_TOPIC = (
    r"(?:aturan|peraturan|larangan|netralitas|netral|regulasi|ketentuan|pengawasan|pencegahan|sanksi|pelanggaran|undang-undang|uu"
    r"|pkpu|hukum"
    r"|kode\setik|disiplin|etika|integritas)"
)
_EVENT = (
    r"(?:(?:men?g?)?sosialisasi(?:kan)?|menyosialisasikan|disosialisasikan|penyuluhan|bimtek|bimbingan\steknis|pembinaan"
    r"|pengarahan|pembekalan"
    r"|edukasi|diskusi|webinar|seminar|pelatihan|rakor|rapat\skoordinasi|surat\sedaran|edaran|instruksi|imbauan|himbauan"
    r"|peringatan|materi"
    r"|paparan|buku\ssaku|panduan|pedoman|apel|ikrar|deklarasi|pakta)"
)
_EXPLAINS = (
    r"(?:menjelaskan|jelaskan|memaparkan|paparkan|menerangkan|menguraikan|merinci|mengulas|membahas|bahas|memahami|pahami"
    r"|mempelajari|mengatur|memuat|berisi|mengingatkan|ingatkan|diingatkan|menyampaikan|sampaikan|menegaskan|tegaskan|menekankan|tekankan"
    r"|menyosialisasi|mengedukasi)"
)
# Not between an event and what it is about: `deklarasi paslon yang melanggar netralitas`.
_NO_LINK = (
    r"(?:sambil|sembari|lalu|paslon|pasangan|calon|bacalon|dukungan|pemenangan|tim|relawan|dihadiri|diikuti|yang|(?:me)?langgar"
    r"|pelanggaran)"
)
_TELLS_RULES = re.compile(
    rf"\b(?:(?P<event>{_EVENT})|{_EXPLAINS})\s(?:(?!{_NO_LINK}\b)[\w/-]{{1,20}}\s){{0,5}}{_TOPIC}\b"
    rf"|\b(?:contoh|bentuk|jenis|ragam|macam)(?:-\w{{1,10}})?\spelanggaran(?:nya)?(?=:|\s(?:netralitas|asn|pns|disiplin|antara"
    rf"|meliputi|yaitu|yang\sdilarang))",
    re.IGNORECASE,
)
_BESIDE_EVENT = re.compile(
    r"\b(?:sambil|sembari|lalu|kemudian|usai|setelah|(?:dan|serta|juga)\s(?:ikut|turut|me\w{4,14}|ber\w{4,14}|bagi\w{0,12})"
    r"|(?<!asn )(?<!pns )(?<!pppk )(?<!pegawai )(?<!aparatur )(?<!guru )yang\s(?:me|ber|ikut))",
    re.IGNORECASE,
)
_BESIDE_WORDS = re.compile(r"\b(?:sambil|sembari|lalu|kemudian)\b", re.IGNORECASE)
_ASKS_NOT = re.compile(
    r"\b(?:(?P<verb>(?:me|di)?minta|(?:meng|di)?h?imbau(?:an|kan)?|(?:(?:meng|di)?|(?:memper|diper))ingatkan|(?:menye|dise|berse)ru(?:kan)?"
    r"|(?:meng|di)?instruksikan|(?:mene|di)?tegaskan|(?:meng|di)ajak|ajak)|agar|supaya|harus|wajib|hendaknya|sebaiknya|diharapkan|berharap"
    r"|komitmen|berkomitmen|berjanji|(?:men)?jaga)\b"
    r"(?:[^.;:!?\n]{0,120}?\s)(?P<not>(?:untuk\s)?(?:tidak|tak|tdk|jangan)\s(?:lagi\s|ada\s|boleh\s|pernah\s)?)"
    r"(?!netral\b|ragu|lupa|takut|salah|khawatir|malu|golput|abstain|terpengaruh|tahu|ada\b|hanya|perlu|sabar|cukup"
    r"|hadir\sterlambat|di(?:gubris|indahkan|patuhi|taati|hiraukan)|mempan)\w",
    re.IGNORECASE,
)
_ASKS_NEUTRAL = re.compile(
    r"\b(?P<verb>(?:me|di)?minta|(?:meng|di)?h?imbau(?:an|kan)?|(?:menye|dise|berse)ru(?:kan)?|(?:meng|di)?instruksikan|(?:meng|di)ajak|ajak)"
    r"(?:\s(?!tidak\b|tak\b|tdk\b|jangan\b|gak\b)[\w,/-]{1,20}){0,8}\s(?:netral|netralitas)\b",
    re.IGNORECASE,
)
_ASKS_TO_DO = re.compile(
    r"\b(?!menjaga|bersikap|menjunjung|bertindak|bekerja|melayani|mematuhi|menaati|bijak)"
    r"(?:me[a-z]{4,20}|ber[a-z]{3,20}|ikut|hadir|dukung|pilih|coblos)\b",
    re.IGNORECASE,
)
# What befalls everybody who did so: `ASN yang ikut kampanye bisa dipidana`. `Camat itu`, `tiga ASN` are somebody.
_EVERYBODY = re.compile(
    rf"(?:(?P<if>\b(?:jika|bila|apabila|kalau|jikalau|bilamana)\s(?:(?:ada|terdapat|ditemukan|menemukan|melihat|mendapati"
    rf"|mengetahui)\s)?)"
    rf"|(?:\b(?:setiap|semua|seluruh|para|bagi|terhadap|kepada|bahwa|mengingatkan|menegaskan|tegaskan|ingatkan"
    rf"|siapa\spun)\s{{1,2}}|(?:^|(?<=[.!?;\n]))[\s\"“]{{0,4}}|,\s|[\"“]))"
    rf"(?:seorang\s|oknum\s|para\s)?{_SERVANT}\b(?:\s(?!itu\b|ini\b|tersebut\b|tadi\b|di\b)\w{{1,20}}){{0,2}}\s(?(if)"
    rf"|yang\s)(?!{_NEGATION}\b)",
    re.IGNORECASE,
)
_BEFALLS = re.compile(
    r"\b(?:akan|bisa|dapat|terancam|bakal|siap-siap|harus|wajib|pasti|mesti|berpotensi|rawan|berisiko)\s(?:\w{1,15}\s){0,2}"
    r"(?:di(?:sanksi|kenai|kenakan|hukum|pecat|pidana|tindak|proses|berhentikan|jatuhi|beri|ganjar|copot|penjara|laporkan)\w{0,4}"
    r"|sanksi|hukuman|kena|pidana|penjara|pecat|berhadapan|menerima|pemecatan|melanggar)",
    re.IGNORECASE,
)
_WAITS = re.compile(
    r"\b(?:(?:silakan|segera|bisa|dapat|agar|untuk|diminta|meminta|minta|diimbau|mengimbau|mengajak)\s(?:me)?lapor(?:kan)?|akan"
    r"|bakal|siap|tak\ssegan\w{0,8}|tidak\ssegan\w{0,8}|mengancam|ancam|menanti|ancaman|(?:sanksi|hukuman|pidana|toleransi|ampun"
    r"|peringatan)"
    rf"\s(?:\w{{1,15}}\s){{0,2}}(?:bagi|untuk|terhadap|kepada))\s(?:\w{{1,15}}\s){{0,4}}{_SERVANT}"
    rf"\s(?:\w{{1,15}}\s){{0,2}}(?:yang|jika|bila|apabila)\s(?!{_NEGATION}\b)",
    re.IGNORECASE,
)
# `…terancam sanksi jika ikut kampanye`; whoever would be punished if it were proven is accused of it.
_IF_AFTER = re.compile(
    r"\b(?:sanksi|pidana|penjara|hukuman|di(?:sanksi|pidana|hukum|pecat|copot|tindak|proses|berhentikan|penjara))\b[^.:;!?\n]{0,40}"
    r"\b(?P<if>(?:jika|bila|apabila|kalau|bilamana)\s)(?!(?:\w{1,15}\s){0,2}terbukti)",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b(?:itu|tersebut|tadi|kemarin|semalam|barusan|diduga|berinisial|inisial|oleh\s(?:camat|lurah|kadis|kepala))\b",
    re.IGNORECASE,
)
# A deed that is forbidden by what stands behind it: `Memakai mobil dinas untuk kampanye dilarang`.
_DEED_FIRST = re.compile(
    rf"(?:^|(?<=[.!?;\n,:]))[\s\"“]{{0,4}}(?:\d{{1,2}}\s)?"
    r"(?:(?!meski|menurut|mereka|menteri|menjelang|bersama|berdasar|berikut|beberapa|berita)(?:me|ber)[a-z]{3,20}|pe[a-z]{3,20}an"
    r"|ke[a-z]{3,20}an|ikut"
    rf"|kampanye|foto|like|share|komentar|hadir|mobil|fasilitas)\b(?P<deed>[^.;:!?,\n]{{1,160}}?)\b"
    rf"(?:(?<!yang )(?<!sudah )(?<!telah )(?:dilarang|haram|{_NEGATION}\s(?:boleh|dibolehkan|diper(?:boleh|kenan)kan|dibenarkan))"
    r"|(?:merupakan|adalah|termasuk|(?:bisa|dapat)\s(?:jadi|menjadi|dianggap|dikategorikan|masuk))\s(?:\w{1,12}\s)?"
    r"(?:pelanggaran|larangan|tindakan\sterlarang))\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:me[a-z]{4,20}|ber[a-z]{3,20}|ikut|turut|hadir|like|share|komen|foto|kampanye|pakai|pasang|dukung)\b",
    re.IGNORECASE,
)
_ALL_THE_SAME = re.compile(
    r",\s(?=[^,.;]{0,80}\b(?:tetap(?!\s(?:netral|menjaga|jaga|profesional|bekerja|melayani))|nekat|malah|justru|masih|kedapatan"
    r"|ketahuan|tertangkap|terlihat|terekam"
    r"|terpantau|tampak|diduga|dilaporkan|terbukti|ternyata|sudah|telah|sempat)\b"
    r"|(?:lalu\s|kemudian\s)?(?:ia|dia|beliau|ybs)\s(?:sendiri\s)?(?!mengatakan|menyebut|menambahkan|menegaskan|mengingatkan"
    r"|menjelaskan|meminta"
    r"|mengimbau|menyatakan|berharap|berkata|menilai|mengaku)(?:me|ber|hadir|ikut|turut|sudah|telah)"
    # `…, harus dukung paslon 2`: what the same text orders.
    r"|[^,.;]{0,40}\b(?:harus|wajib|mesti|suruh|menyuruh|disuruh|minta|meminta)\s(?:\w{1,15}\s){0,2}(?:men)?(?:dukung|memilih"
    r"|pilih|coblos|menangkan))",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    rf"\b(?:setelah|usai|sesudah|sejak|menyusul|karena|lantaran|sebab|gara-gara|buntut|akibat|berkaca\sdari|menanggapi)\s{_POST}\b",
    re.IGNORECASE,
)
# `dilarang pulang sebelum foto dua jari`: what is forbidden leans on what is demanded.
_UNLESS = re.compile(
    r"\b(?:sebelum|sampai|hingga|(?:kalau|kalo|klo|jika|bila|apabila|selama)\s(?:\w{1,12}\s)?(?:tidak|tak|tdk|gak|nggak"
    r"|belum))\s(?=\w)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"(?:,|\s(?:dan|serta|sementara|sedangkan))\s(?=(?:Camat|Lurah|Bupati|Wali\s?[Kk]ota|Gubernur|Sek(?:da|cam|wan|retaris)"
    r"|Kadis\w{0,12}|Kepala|Kab(?:ag|id|an)"
    r"|Kasu?b?[Bb]?ag|Kepsek|Plt|Plh|Pjs?|Pak|Bu|Bapak|Ibu|Drs?|Dra|H|Hj|Ir|Guru|Staf|Oknum)\b"
    r"|(?!(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Wakil|Surat|Undang|Peraturan|Pasal|Kota"
    r"|Kabupaten)\b)[A-Z][a-z]{2,20}\s[A-Z][a-z]{2,20}\b)"
)
_CONCEDES = re.compile(
    r"[\s\"“]{0,4}(?:meski|walau|kendati|sekali|biar)(?:pun)?\b|\b(?:padahal|walaupun|meskipun)\b", re.IGNORECASE
)
_A_WORD = re.compile(r"\w")
_ITEM = re.compile(r"[^\S\n]{0,8}(?:[-•*–▪●‣]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)])\s?")
_ITEM_ENDS = re.compile(r"(?<!\b\d)(?<!\b\d\d)[.!?](?=\s|$)|\n")
_BLANK_LINE = re.compile(r"[^\S\n]{0,8}\n\s{0,8}")
_PUBLIC = re.compile(
    r"\s(?:\w{1,12}\s){0,2}(?:warga|masyarakat|pemilih|rakyat|jemaah|jamaah|siswa|mahasiswa|wali\smurid|orang\stua|penduduk)\b",
    re.IGNORECASE,
)
# Whoever tells voters whom not to vote for does a deed of his own.
_ABOUT_VOTES = re.compile(r"(?:mem|di|men|nyo)?(?:pilih|coblos|blos)", re.IGNORECASE)
WATCHES = re.compile(
    r"\b(?:bawaslu|panwas\w{0,6}|kpu|gakkumdu|kasn|bkn|kemen\w{0,10}|edaran|aturan|peraturan|undang|uu|pkpu|polisi|polri|polres"
    r"|kejaksaan)\b",
    re.IGNORECASE,
)
_LONGEST_REACH = 600
_LOOKED_BACK = 120
_MOST_ITEMS = 40


def spans(text: str, clauses: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what in these clauses of a text is only told as a rule, in the order of the text.

    >>> text = "Wali kota melarang ASN menyukai unggahan calon, Camat Contoh tetap menyukai"
    >>> [text[start:end] for start, end in spans(text, [(0, len(text))])]
    ['melarang ASN menyukai unggahan calon']
    """
    done = 0
    for start, end in clauses:
        if end <= done:
            continue
        for at, until in _of_clause(text, max(start, done), end):
            if at >= done:
                yield at, until
                done = until


def _of_clause(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    found = [*_forbidden(text, start, end), *_explained(text, start, end), *_conditional(text, start, end)]
    found += [
        (match.start(), match.end()) for match in _DEED_FIRST.finditer(text, start, end) if _is_general(match["deed"])
    ]
    yield from sorted(found, key=lambda each: (each[0], -each[1]))


def _forbidden(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    done = start  # what a rule reached over is not read again
    for match in _FORBIDS.finditer(text, start, end):
        if match.start() < done:
            continue
        if match["active"] and _is_for_the_public(text, start, match):
            continue
        until = reach(text, start, match.end(), end)
        if _A_WORD.search(text, match.end(), until):
            yield match.start(), until
            done = until
    for match in _ASKS_NEUTRAL.finditer(text, start, end):
        if not _ASKS_TO_DO.search(text, match.end("verb"), match.end()):
            yield match.span()
    for match in _ASKS_NOT.finditer(text, start, end):
        if _ABOUT_VOTES.match(text, match.end() - 1) or _PUBLIC.search(text, match.start(), match.start("not")):
            continue
        # Who only asks to leave something undone urges nobody to do anything.
        if match["verb"] and not _ASKS_TO_DO.search(text, match.end("verb"), match.start("not")):
            yield match.span("verb")
        yield match.start("not"), reach(text, start, match.end(), end)


def _explained(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    done = start
    for match in _BAN.finditer(text, start, end):
        if match.start() >= done and not _is_broken(text, start, match, end):
            done = reach(text, start, match.end(), end)
            yield match.start(), done
    for match in _TELLS_RULES.finditer(text, start, end):
        if _is_broken(text, start, match, end):
            continue
        is_event = match["event"] is not None
        until = reach(text, start, match.end(), end, is_event=is_event)
        beside = (_BESIDE_EVENT if is_event else _BESIDE_WORDS).search(text, match.end(), until)
        yield match.start(), beside.start() if beside else until


def _is_broken(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Say whether a text tells beside a rule that somebody broke it or did not care."""
    return bool(
        _BREAKS_IT.search(text, max(start, match.start() - _LOOKED_BACK), match.start())
        or _IS_BROKEN.search(text, match.end(), min(end, match.end() + _LOOKED_BACK))
    )


def _conditional(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _EVERYBODY.finditer(text, start, end):
        stop = min(end, match.end() + _LONGEST_REACH)
        if match["if"]:
            comma = text.find(",", match.end(), stop)
            until = stop if comma < 0 else comma
        else:
            befalls = _BEFALLS.search(text, match.end(), stop)
            if befalls is None:
                continue
            until = befalls.end()
        if _is_general(text[match.start() : until]):
            yield match.start(), until

    for match in _IF_AFTER.finditer(text, start, end):
        yield match.start("if"), reach(text, start, match.end(), end)
    for match in _WAITS.finditer(text, start, end):
        until = reach(text, start, match.end(), end)
        if _is_general(text[match.start() : until]):
            yield match.start(), until


def _is_general(told: str) -> bool:
    return not _SOMEBODY.search(told)


def _is_for_the_public(text: str, start: int, match: re.Match[str]) -> bool:
    """Say whether an official forbids something to the public: that may be a deed of his own."""
    back = max(start, match.start() - _LOOKED_BACK)
    return bool(_PUBLIC.match(text, match.end())) and not WATCHES.search(text, back, match.start())


def reach(text: str, start: int, at: int, end: int, *, is_event: bool = False) -> int:
    """Return how far a rule reaches that is told from there on, or an event about rules: beside that others are told of sooner."""
    end = min(end, at + _LONGEST_REACH)
    ends = [end]
    ends += [
        match.start() for pattern in (_ALL_THE_SAME, _BECAUSE, _UNLESS) if (match := pattern.search(text, at, end))
    ]
    another = (
        match.start() for match in _ANOTHER.finditer(text, at, end) if is_event or _VERB.search(text, at, match.start())
    )
    ends += [place for place in (next(another, None),) if place is not None]
    if _CONCEDES.match(text, start, at):
        ends += [comma for comma in (text.find(",", at, end),) if comma >= 0]
    until = min(ends)
    ends_in_colon = text[at:until].rstrip().endswith(":") or text[until : until + 1] == ":"
    is_in_list = until == end and ":" in text[at:until] and text[until - 1 : until] == ";"
    return _listed(text, until) if ends_in_colon or is_in_list else until


def _listed(text: str, at: int) -> int:
    """Return where the list ends that a rule goes on with: to the full stop of its line, and through the lines of items below."""
    place = at
    for _ in range(_MOST_ITEMS):
        if text[place - 1 : place] != "\n":
            stop = _ITEM_ENDS.search(text, place, min(len(text), place + _LONGEST_REACH))
            if stop is None:
                return min(len(text), place + _LONGEST_REACH)
            place = stop.end()
            if stop[0] != "\n" and not _BLANK_LINE.match(text, place):
                return place
        blank = _BLANK_LINE.match(text, place)
        start = blank.end() if blank else place
        if not _ITEM.match(text, start):
            break
        place = start + 1
    return place
