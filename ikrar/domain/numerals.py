"""Numbers that are no candidate's: those of a day, an hour, a house, a quarter, a telephone, a letter, a school, an amount.

People write a pair as `02`, and so is the month of 02/10/2024 written. Where it is not clear what a number counts, it is left.
"""

import re

_GAP = r"\s{1,3}"
_DOT = r"(?:\.\s?|\s{1,3})"
_NO = r"(?:no|nmr|nomor|nomer)"
# Words right behind which a number is a candidate's, whatever stands behind it: `paslon 02 hari ini`.
_NAMES_PAIR = (
    r"(?:paslon\w{0,4}|pasangan|calon\w{0,4}|ca(?:bup|gub|wal|leg|pres)\w{0,8}|bacalon|urut|(?:men)?dukung\w{0,4}|(?:pilih"
    r"|memilih)\w{0,4}"
    r"|(?:men)?coblos\w{0,4}|kubu|menangkan|memenangkan|jagoan)"
)
# Words that a candidate's number stands behind, so that it is none of what is written before them.
_OF_CANDIDATE = (
    rf"(?:{_NAMES_PAIR}|dukungan|pendukung|tim\w{{0,4}}|timses|relawan|suara|ajak\w{{0,5}}|mengajak|menang\w{{0,5}}|pemenangan"
    rf"|kampanye"
    r"|bareng|bersama|sama|buat|untuk|dengan|jari|salam|pose|gaya|kaos|baju|stiker|baliho|spanduk)"
)
_MONTHS = (
    r"(?:jan(?:uari)?|[fp]eb(?:ruari)?|mar(?:et)?|apr(?:il)?|mei|jun[ie]?|jul[iy]?|agu(?:stus)?|agt|agust|sept?(?:ember)?"
    r"|okt(?:ober)?"
    r"|no[vp](?:ember)?|des(?:ember)?)"
)
_UNITS = (
    r"(?:orang|org|unit|buah|bh|lembar|helai|kardus|dus|karung|sak|paket|bungkus|kotak|kali|hari|pekan|bulan|bln|tahun|thn|jam"
    r"|menit|detik"
    r"|meter|m|km|cm|kg|gram|liter|ton|rupiah|ribu|rb|juta|jt|miliar|persen|jiwa|kk|titik|lokasi|kelurahan|kecamatan|desa|nagari"
    r"|tps"
    r"|sekolah|peserta|pegawai|asn|pns|warga|guru|siswa|kursi|rumah|wib|wita|wit)"
)
_COUNTS = (
    r"(?:r\.?\s?t|r\.?\s?w|tps|sdn?|smpn?|sman?|smkn?|mtsn?|tk|paud|negeri|kelas|lantai|lt|ruang|ruangan|kamar|blok|kavling|pasal"
    r"|ayat"
    r"|bab|butir|km|pukul|pkl|jam|tanggal|tgl|bulan|bln|tahun|thn|th|halaman|hal|lampiran|jilid|edisi|seri|zona|dapil|golongan"
    r"|gol|tahap|putaran"
    r"|periode|jalur|rute|umur|usia|antrean|antrian|undian|juara"
    r"|peringkat|regu|kloter|shift|sesi|gelombang|puskesmas|posyandu|gedung|sebanyak|sejumlah|huruf\s[a-z]\s{1,3}angka|rp)"
)
_LETTERS = (
    r"(?:surat|edaran|se(?=\s(?:no|men|wa|bup|gub|sek|bkn|bawaslu))|sk|spt|perda|perwako|perwali|perbup|pergub|pkpu|perbawaslu"
    r"|perpres"
    r"|keppres|inpres|permen\w{0,10}|uu|undang|pp|peraturan|keputusan|instruksi|putusan)"
)
_HOUSES = r"(?:rumah|jalan|jl|jln|gang|gg|blok|komplek|kompleks|perumahan|perum|ruko)"
_LISTS = (
    r"(?:laporan|register|registrasi|tiket|rekening|rek|polisi|plat|hp|wa|telp|telpon|telepon|kamar|antrean|antrian|kursi|meja"
    r"|punggung"
    r"|halaman|urutan)"
)
_WORD = rf"(?:(?!{_OF_CANDIDATE}\b|{_NO}\b)[a-z][a-z-]{{0,25}}\.?{_GAP})"
# No name of a street is a verb: `jalan memegang nomor 2`.
_OF_STREET = rf"(?:(?!me[mn]|di[a-z]{{4}}|ber[a-z]{{3}}|{_OF_CANDIDATE}\b|{_NO}\b)[a-z][a-z-]{{0,25}}\.?{_GAP})"
_NUMBER = rf"{_NO}\.?:?\s{{0,3}}(?P<number>\d{{1,5}})"
_JOINED = re.compile(r"(?<![\w/.:,-])\d{1,6}(?:(?:[/.:,]|\s?[-–]\s?)\d{1,6}){1,6}(?![\w])")
_TWO_PAIRS = re.compile(r"0?[1-9][/,-]0?[1-9]")
_BEHIND_PAIR = re.compile(rf"\b(?:{_NAMES_PAIR}(?:{_GAP}{_NO})?|{_NO})\.?{_GAP}$")
_BEHIND_NAME = re.compile(rf"\b{_NAMES_PAIR}{_GAP}$")
_FARTHEST = 30  # so many signs before a number are looked at
# What may be a candidate's number all the same, right behind a word that names one.
_PERHAPS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w/.-])(?P<number>0?[1-9])(?:{_GAP}|-){_MONTHS}\b",
        rf"(?<![\w/.-])(?P<number>0[1-9]){_GAP}{_UNITS}\b",
    )
)
_NEVER = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_COUNTS}{_DOT}?(?:{_NO}{_DOT})?(?P<number>\d{{1,4}}(?:\s?[/&-]\s?(?:r\.?w\.?\s?)?\d{{1,4}})?)(?!\w)",
        # A telephone: groups of figures, one of them long.
        r"(?<![\w/.-])(?P<number>\d{3,5}(?:[\s-]\d{2,5}){2,5}|(?:\+62|0\d{2,4})(?:[\s-]{1,2}\d{2,5}){1,5})(?!\w)",
        # Surat Edaran Wali Kota Nomor 2, Jalan Umpama No. 2, jl. Umpama 02, 02/SE/2024.
        rf"\b{_LETTERS}{_DOT}{_WORD}{{0,6}}{_NUMBER}(?!\w)",
        rf"\b{_HOUSES}{_DOT}{_OF_STREET}{{0,3}}{_NUMBER}(?!\w)",
        rf"\b{_LISTS}{_DOT}{_WORD}{{0,1}}{_NUMBER}(?!\w)",
        rf"\b(?:jl|jln)\.?\s{{0,2}}{_OF_STREET}{{1,3}}(?P<number>\d{{1,3}})(?!\w)",
        r"(?<![\w/.-])(?P<number>\d{1,5})(?=[/.-][a-z][\w.-]{0,30}[/.-][\w.-]{1,30})",
        rf"\b{_NUMBER}(?=/[a-z])",
    )
)
_OF_YEAR = re.compile(rf"\b{_NUMBER}{_GAP}(?:tahun|thn|th)\b")


def without_others(text: str) -> str:
    """Return a text in small letters, of the same length, in which the figures of numbers that are no candidate's are 0.

    >>> without_others("rapat 02/10/2024 di jl. umpama no. 2, dukung 02")
    'rapat 0000000000 di jl. umpama no. 0, dukung 02'
    """
    if not any(sign.isdigit() for sign in text):
        return text
    spans = [match.span("number") for pattern in _NEVER for match in pattern.finditer(text)]
    for match in _JOINED.finditer(text):
        if not (_TWO_PAIRS.fullmatch(match[0]) and _is_behind(_BEHIND_PAIR, text, match.start())):
            spans.append(match.span())
    for pattern in _PERHAPS:
        found = (match.span("number") for match in pattern.finditer(text))
        spans += [(start, end) for start, end in found if not _is_behind(_BEHIND_PAIR, text, start)]
    for match in _OF_YEAR.finditer(text):
        if not _is_behind(_BEHIND_NAME, text, match.start()):
            spans.append(match.span("number"))
    signs = list(text)
    for start, end in spans:
        signs[start:end] = "0" * (end - start)
    return "".join(signs)


def _is_behind(words: re.Pattern[str], text: str, at: int) -> bool:
    return words.search(text[max(0, at - _FARTHEST) : at]) is not None
