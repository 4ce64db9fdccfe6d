"""Paper: certificates, the bundle of a unit, and slips with one-time codes, set by typst in this process.

Text of people goes in as data (strings of one JSON value), so that no name can be read as markup. Only the fonts that
typst carries are used and nothing is taken from the network: the same input gives the same bytes on every machine.
"""

import json
import math
import os
import re
import threading
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timezone
from itertools import islice
from pathlib import Path
from typing import Any

import segno
import typst

from ikrar.domain.codes import grouped
from ikrar.domain.days import in_words, local_day
from ikrar.domain.pacts import Grade
from ikrar.domain.sheets import qr_text

TEMPLATES = Path(__file__).parent / "paper"
SLIPS_A_PAGE = 8

_DAYS_ID = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_ROUTES = {
    Grade.PASSKEY: "dengan kunci sandi (passkey) di perangkat sendiri; tingkat bukti 1 dari 4, yang terkuat",
    Grade.SINGLE_SIGN_ON: "melalui akun tunggal (SSO) instansi; tingkat bukti 2 dari 4",
    Grade.PASSWORD: "dengan nama masuk dan kata sandi; tingkat bukti 3 dari 4",
    Grade.PAPER: "di atas kertas, lalu dicatat oleh petugas; tingkat bukti 4 dari 4",
}
_ROUTE_OF_DEMO = "dalam demo: tidak seorang pun membuktikan dirinya, jadi tanpa tingkat bukti"
_INSTRUCTION = (
    "Buka alamat di atas atau pindai kode QR, lalu isikan nama masuk dan kode ini."
    " Setelah itu Anda membuat kunci masuk sendiri dan kode ini tidak berlaku lagi."
    " Kode ini hanya untuk Anda: jangan berikan kepada siapa pun, juga tidak kepada petugas."
)


@dataclass(frozen=True)
class CertificatePaper:
    """What a certificate says. `identifier` comes masked, with its kind ("NIP 1985…"); empty where there is none.

    `letterhead` holds the government, the agency, then lines of its address. `zone` is that of the place of the act;
    its name is printed. `check_url` is in the QR code, `check_address` is what somebody types by hand.
    """

    letterhead: tuple[str, ...]
    name: str
    post: str
    unit: str
    identifier: str
    pact_title: str
    points: tuple[str, ...]
    digest: str
    signed_at: datetime
    zone: timezone
    grade: Grade
    code: str
    check_url: str
    check_address: str
    made_at: datetime
    opening: str = ""
    closing: str = ""
    occasion: str = ""  # the activity at which it was signed, with its place
    witnessed: str = ""  # who witnessed it, by post and body
    demo: bool = False


@dataclass(frozen=True)
class BundleCover:
    """The first page of certificates that are bound: of a unit or an activity, with its figures on that local day.

    `volume` is the number of this one and of all, where they are bound in several.
    """

    letterhead: tuple[str, ...]
    unit: str
    pact_title: str
    figures: tuple[tuple[int, str], ...]
    day: date
    made_at: datetime
    zone: timezone
    volume: tuple[int, int] = (1, 1)
    demo: bool = False


@dataclass(frozen=True)
class SlipPaper:
    """One person's way in. `sign_in_name` is printed whole: it is needed to sign in, and lies inside the slip."""

    name: str
    unit: str
    sign_in_name: str
    code: str
    valid_until: date


@dataclass(frozen=True)
class SheetPaper:
    """A sheet that one person signs in ink: his name, the text, and the code by which it is found again.

    `occasion`: title, day and place of the activity at which it is signed; empty: at none.
    """

    letterhead: tuple[str, ...]
    name: str
    post: str
    unit: str
    pact_title: str
    points: tuple[str, ...]
    digest: str
    code: str
    opening: str = ""
    closing: str = ""
    occasion: str = ""


@dataclass(frozen=True)
class WitnessSlipPaper:
    """A witness's way in, for one activity: for which body and post, and the code in clear."""

    witness: str
    activity: str
    when: str
    place: str
    code: str


@dataclass(frozen=True)
class StatementPaper:
    """What a pact witness signed: the statement as he was shown it, his name, and when. `signed` had signed by then."""

    letterhead: tuple[str, ...]
    statement: str
    name: str
    digest: str
    signed: int
    signed_at: datetime
    zone: timezone
    made_at: datetime
    demo: bool = False


@dataclass(frozen=True)
class RecordPaper:
    """The record of a ceremony: what was signed, by whom, before which witnesses.

    `facts` are (name, value); `signed` is how many signed, also where `signers` are left out. `signers` are (name, post
    and unit, way, hour, code); `witnesses` are (whom he speaks for, name, when, statement).
    """

    letterhead: tuple[str, ...]
    title: str
    facts: tuple[tuple[str, str], ...]
    pact_title: str
    points: tuple[str, ...]
    digest: str
    signed: int
    signers: tuple[tuple[str, str, str, str, str], ...]
    witnesses: tuple[tuple[str, str, str, str], ...]
    made_at: datetime
    zone: timezone
    opening: str = ""
    closing: str = ""
    demo: bool = False


@dataclass(frozen=True)
class LetterPaper:
    """A circular as it is printed. `kind` is its name ("Surat Edaran"), `number` is empty while it is a draft.

    `opening` and `closing` are paragraphs. `place` is where it was issued, `office` who issued it, `signer` the holder's
    name where it is known. `stamp` says across the head that it is a draft, replaced or withdrawn; empty: in force. `origin`
    says at the foot where it comes from; empty: that it was issued here to be read at `address`. `about` stands where a paper
    that never has a number of its own has none: what it is about.
    """

    letterhead: tuple[str, ...]
    kind: str
    number: str
    subject: str
    opening: tuple[str, ...]
    points: tuple[str, ...]
    closing: tuple[str, ...]
    place: str
    issued_on: date | None
    office: str
    signer: str
    attached: str
    digest: str
    address: str
    stamp: str
    made_at: datetime
    zone: timezone
    demo: bool = False
    origin: str = ""
    about: str = ""


@dataclass(frozen=True)
class ReadersPaper:
    """A list of those whom a letter reached. `figures` are (number, words); a row is name, unit, opened, acknowledged."""

    letterhead: tuple[str, ...]
    letter: str
    subject: str
    unit: str
    figures: tuple[tuple[int, str], ...]
    rows: tuple[tuple[str, str, str, str], ...]
    day: date
    made_at: datetime
    zone: timezone
    demo: bool = False


@dataclass(frozen=True)
class HandOverPaper:
    """What is open in an office when it is handed over. Days are local to `zone`.

    `giver` and `taker` are (capacity, name), empty where nobody is recorded; `letter` is its number and day. A duty is
    (text, its owners with who has each, due on, owners who are late), a decision (text, owner, who has it, due on), an
    unread circular (title, number, due on, heads), a round (title, valid, obliged, due on). `comes_back` is whether the
    office is the giver's again when the leave ends.
    """

    letterhead: tuple[str, ...]
    office: str
    from_at: datetime
    last_on: date
    comes_back: bool
    giver: tuple[str, str]
    taker: tuple[str, str]
    letter: tuple[str, date | None]
    duties: tuple[tuple[str, tuple[tuple[str, str], ...], date | None, tuple[str, ...]], ...]
    decisions: tuple[tuple[str, str, str, date | None], ...]
    unread: tuple[tuple[str, str, date | None, int], ...]
    rounds: tuple[tuple[str, int, int, date | None], ...]
    day: date
    made_at: datetime
    zone: timezone
    demo: bool = False


def certificate(paper: CertificatePaper) -> bytes:
    """Return one certificate as a PDF: one page, more only where the pact is long."""
    return _set("certificate.typ", _certificate_data(paper, _qr), paper.made_at)


def certificates(papers: Sequence[CertificatePaper], *, threads: int | None = None) -> Iterator[bytes]:
    """Yield a PDF for each paper, in order, each equal byte by byte to what `certificate` returns for it.

    The work is shared out among threads, by default one a core: typst leaves the interpreter free while it sets. Papers
    are taken as results are taken away, so memory does not grow with their number.
    """
    qr = _qr_for(len(papers))
    threads = threads or os.cpu_count() or 1

    def one(paper: CertificatePaper) -> bytes:
        return _set("certificate.typ", _certificate_data(paper, qr), paper.made_at)

    waiting = iter(papers)
    with ThreadPoolExecutor(threads, thread_name_prefix="paper") as pool:
        running = deque(pool.submit(one, paper) for paper in islice(waiting, 8 * threads))
        try:
            while running:
                done = running.popleft().result()
                running.extend(pool.submit(one, paper) for paper in islice(waiting, 1))
                yield done
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def bundle(cover: BundleCover, papers: Sequence[CertificatePaper]) -> bytes:
    """Return a unit's certificates as one PDF behind a cover, with a bookmark for each name.

    It takes some 0.7 MB of memory and 5 ms a certificate: thousands are better bound in volumes.
    """
    qr = _qr_for(len(papers))
    number, volumes = cover.volume
    holds = f"memuat {_number(len(papers))} sertifikat."
    data = {
        "cover": {
            "title": _titled(f"Himpunan Sertifikat Pakta Integritas: {_plain(cover.unit)}", cover.demo),
            "letterhead": _tidy_all(cover.letterhead),
            "unit": _heading(cover.unit),
            "pact_title": _heading(cover.pact_title),
            "figures": [[_number(count), words] for count, words in cover.figures],
            "day": f"Keadaan pada {_day(cover.day)}",
            "note": f"Jilid {number} dari {volumes} {holds}" if volumes > 1 else f"Himpunan ini {holds}",
            "author": _author(cover.letterhead),
            "made": f"Dibuat {_moment(cover.made_at, cover.zone)}",
            "demo": cover.demo,
        },
        "papers": [_certificate_data(paper, qr) for paper in papers],
    }
    return _set("bundle.typ", data, cover.made_at)


def slips(
    papers: Sequence[SlipPaper], *, address: str, issuer: str, made_at: datetime, zone: timezone, demo: bool = False
) -> bytes:
    """Return slips with one-time codes, eight a page. Each unit begins a new page, units in the order of first sight.

    The QR code holds the address alone, never a code. It takes some 0.2 MB of memory and 2 ms a slip: thousands are
    better printed in parts. Raises ValueError where there is nothing to print.
    """
    if not papers:
        raise ValueError("no slips to print")
    by_unit: dict[str, list[SlipPaper]] = {}
    for paper in papers:
        by_unit.setdefault(paper.unit, []).append(paper)
    data = {
        "title": _titled("Slip kode masuk", demo),
        "sheets": [sheet for unit, members in by_unit.items() for sheet in _sheets(unit, members)],
        "address": _tidy(address.removeprefix("https://")),
        "qr": _qr(address),
        "instruction": _INSTRUCTION,
        "author": _plain(issuer),
        "made": f"Dibuat {_moment(made_at, zone)}",
        "demo": demo,
    }
    return _set("slips.typ", data, made_at)


def sheets(papers: Sequence[SheetPaper], *, made_at: datetime, zone: timezone, demo: bool = False) -> bytes:
    """Return sheets to be signed in ink, one person a page; a long text flows on, with its code on each page."""
    data = {
        "title": _titled("Lembar pakta untuk ditandatangani di atas kertas", demo),
        "author": _author(papers[0].letterhead),
        "made": f"Dicetak {_moment(made_at, zone)}",
        "sheets": [
            {
                "letterhead": _tidy_all(paper.letterhead),
                "name": _heading(paper.name),
                "post": _tidy(paper.post),
                "unit": _tidy(paper.unit),
                "occasion": _tidy(paper.occasion),
                "pact_title": _heading(paper.pact_title),
                "opening": _tidy(paper.opening),
                "points": _tidy_all(paper.points),
                "closing": _tidy(paper.closing),
                "digest_start": grouped(_plain(paper.digest)[:16]).replace("-", " "),
                "code": grouped(_plain(paper.code)),
                "qr": _sheet_qr(paper.code),
            }
            for paper in papers
        ],
        "demo": demo,
    }
    return _set("sheets.typ", data, made_at)


def witness_slips(
    papers: Sequence[WitnessSlipPaper],
    *,
    address: str,
    issuer: str,
    made_at: datetime,
    zone: timezone,
    demo: bool = False,
) -> bytes:
    """Return slips for pact witnesses, six a page. The QR code holds the address alone, never a code."""
    data = {
        "title": _titled("Slip saksi pakta", demo),
        "author": _plain(issuer),
        "address": _tidy(address.removeprefix("https://")),
        "qr": _qr(address),
        "made": f"Dibuat {_moment(made_at, zone)}",
        "slips": [
            {
                "witness": _heading(paper.witness),
                "activity": _heading(paper.activity),
                "when": _tidy(paper.when),
                "place": _tidy(paper.place),
                "code": grouped(_plain(paper.code)),
            }
            for paper in papers
        ],
        "demo": demo,
    }
    return _set("witness-slips.typ", data, made_at)


def statement(paper: StatementPaper) -> bytes:
    """Return a witness's statement as he signed it."""
    _head, _, rest = paper.statement.partition("\n\n")
    about, _, words = rest.partition("\n\n")
    data = {
        "title": _titled(f"Pernyataan saksi: {_plain(paper.name)}", paper.demo),
        "author": _author(paper.letterhead),
        "letterhead": _tidy_all(paper.letterhead),
        "facts": [[_tidy(part) for part in line.split(": ", 1)] for line in about.split("\n") if ": " in line],
        "words": _tidy_all(words.split("\n")),
        "name": _heading(paper.name),
        "when": f"Ditandatangani {_moment(paper.signed_at, paper.zone)}, dengan kode saksi yang hanya berlaku pada acara ini.",
        "signed": (
            f"Sampai saat itu tercatat {_number(paper.signed)} orang telah menandatangani pakta pada acara ini. Lembar kertas"
            " acara ini yang dicocokkan sesudahnya disebut tersendiri dalam berita acara."
        ),
        "digest": f"Sidik pernyataan (SHA-256): {_plain(paper.digest)}",
        "made": f"Dibuat {_moment(paper.made_at, paper.zone)}",
        "demo": paper.demo,
    }
    return _set("statement.typ", data, paper.made_at)


def record(paper: RecordPaper) -> bytes:
    """Return the record of a ceremony. Some thousand names take seconds."""
    data = {
        "title": _titled(f"Berita acara penandatanganan: {_plain(paper.title)}", paper.demo),
        "author": _author(paper.letterhead),
        "letterhead": _tidy_all(paper.letterhead),
        "heading": _heading(paper.title),
        "facts": [[_tidy(name), _tidy(value)] for name, value in paper.facts],
        **signed_data(paper),
        "made": f"Dibuat {_moment(paper.made_at, paper.zone)}",
        "demo": paper.demo,
    }
    return _set("record.typ", data, paper.made_at)


def signed_data(paper: RecordPaper) -> dict[str, Any]:
    """Return what the template says of the text, of who signed it and of the witnesses."""
    return {
        "pact_title": _heading(paper.pact_title),
        "opening": _tidy(paper.opening),
        "points": _tidy_all(paper.points),
        "closing": _tidy(paper.closing),
        "digest": f"Sidik teks pakta (SHA-256): {_plain(paper.digest)}",
        "signers": [[_tidy(part) for part in signer[:4]] + [grouped(_plain(signer[4]))] for signer in paper.signers],
        "witnesses": [
            {"body": _tidy(body), "name": _tidy(name), "when": _tidy(when), "words": _tidy_all(words.split("\n"))}
            for body, name, when, words in paper.witnesses
        ],
        "count": f"{_number(paper.signed)} orang menandatangani",
    }


def letter(paper: LetterPaper) -> bytes:
    """Return a circular on its letterhead as a PDF; a long one flows on to further pages."""
    issued = []
    if paper.issued_on:
        issued = [f"Ditetapkan di {_tidy(paper.place)}"] if paper.place else []
        issued.append(f"pada tanggal {in_words(paper.issued_on)}")
    data = {
        "title": _titled(f"{_plain(paper.kind)} {_plain(paper.number)}: {_plain(paper.subject)}", paper.demo),
        "author": _author(paper.letterhead),
        "letterhead": _tidy_all(paper.letterhead),
        "kind": _plain(paper.kind),
        "number": f"Nomor {_tidy(paper.number)}" if paper.number else _tidy(paper.about) or "Nomor: belum ada",
        "subject": _heading(paper.subject),
        "opening": _tidy_all(paper.opening),
        "points": [tidied for tidied in map(_with_digests, paper.points) if tidied],
        "closing": _tidy_all(paper.closing),
        "issued": issued,
        "office": _heading(paper.office),
        "signer": _heading(paper.signer),
        "attached": _tidy(paper.attached),
        "digest": _plain(paper.digest),
        "origin": _tidy(paper.origin)
        or f"Naskah ini diterbitkan lewat Ikrar; pegawai yang dituju membacanya di {_tidy(paper.address)}.",
        "stamp": _tidy(paper.stamp),
        "made": f"Dicetak {_moment(paper.made_at, paper.zone)}",
        "demo": paper.demo,
    }
    return _set("letter.typ", data, paper.made_at)


def readers(paper: ReadersPaper) -> bytes:
    """Return the list of those whom a letter reached as a PDF. It takes some 0.5 ms a person."""
    data = {
        "title": _titled(f"Daftar konfirmasi {_plain(paper.letter)}: {_plain(paper.unit)}", paper.demo),
        "author": _author(paper.letterhead),
        "letterhead": _tidy_all(paper.letterhead),
        "heading": "Daftar Konfirmasi",
        "letter": _tidy(paper.letter),
        "subject": _heading(paper.subject),
        "unit": _heading(paper.unit),
        "figures": [[_number(number), words] for number, words in paper.figures],
        "columns": ["No.", "Nama", "Unit", "Dibuka", "Dikonfirmasi"],
        "rows": [[str(number), *map(_tidy, row)] for number, row in enumerate(paper.rows, 1)],
        "day": f"Keadaan pada {_day(paper.day)}",
        "made": f"Dibuat {_moment(paper.made_at, paper.zone)}",
        "demo": paper.demo,
    }
    return _set("readers.typ", data, paper.made_at)


_CAPACITIES = {"definitive": "", "plt": "Plt. ", "plh": "Plh. ", "pj": "Pj. ", "pjs": "Pjs. ", "": ""}
_NOBODY_NAMED = "(………………………………………)"


def hand_over(paper: HandOverPaper) -> bytes:
    """Return the sheet of an office that is handed over as a PDF, to be signed by both."""
    begins = _moment(paper.from_at, paper.zone)
    number, letter_on = paper.letter
    data = {
        "title": _titled(f"Lembar serah terima: {_plain(paper.office)}", paper.demo),
        "author": _author(paper.letterhead),
        "letterhead": _tidy_all(paper.letterhead),
        "heading": "Lembar Serah Terima Tugas",
        "office": _heading(paper.office),
        "span": f"Cuti mulai {begins}, sampai {_day(paper.last_on)}",
        "letter": (
            f"Surat penunjukan: {_tidy(number)}{f', tanggal {in_words(letter_on)}' if letter_on else ''}"
            if number.strip()
            else ""
        ),
        "day": f"Yang masih terbuka pada {_moment(paper.made_at, paper.zone)}. "
        + (
            "Sesudah cuti berakhir, jabatan kembali sendiri."
            if paper.comes_back
            else "Jabatan beralih kepada pemegang lain sebelum cuti berakhir, dan tidak kembali."
        ),
        "duties": {
            "heading": f"1. Tugas yang terus berjalan ({_number(len(paper.duties))})",
            "empty": "Tidak ada tugas yang terbuka.",
            "columns": ["No.", "Tugas", "Penanggung jawab", "Jatuh tempo", "Keadaan"],
            "rows": [
                [str(order), _tidy(text), _owners(owners), _due(due_on), _late(late, len(owners))]
                for order, (text, owners, due_on, late) in enumerate(paper.duties, 1)
            ],
        },
        "decisions": {
            "heading": f"2. Keputusan rapat yang belum selesai ({_number(len(paper.decisions))})",
            "empty": "Tidak ada keputusan yang menunggu.",
            "columns": ["No.", "Keputusan", "Penanggung jawab", "Jatuh tempo"],
            "rows": [
                [str(order), _tidy(text), _owned(owner, who), _due(due_on)]
                for order, (text, owner, who, due_on) in enumerate(paper.decisions, 1)
            ],
        },
        "unread": {
            "heading": f"3. Surat edaran yang belum dikonfirmasi kepala unit ({_number(len(paper.unread))})",
            "empty": "Semua surat edaran sudah dikonfirmasi oleh para kepala unit.",
            "columns": ["No.", "Perihal", "Nomor", "Batas", "Kepala unit"],
            "rows": [
                [str(order), _tidy(title), _tidy(number) or "–", _due(due_on), _number(heads)]
                for order, (title, number, due_on, heads) in enumerate(paper.unread, 1)
            ],
        },
        "rounds": {
            "heading": f"4. Pakta integritas yang berjalan ({_number(len(paper.rounds))})",
            "empty": "Tidak ada pakta yang sedang berjalan.",
            "columns": ["No.", "Pakta", "Batas", "Sah dari yang wajib"],
            "rows": [
                [str(order), _tidy(title), _due(due_on), f"{_number(valid)} dari {_number(obliged)}"]
                for order, (title, valid, obliged, due_on) in enumerate(paper.rounds, 1)
            ],
        },
        "notes": "Catatan",
        "giver": ["Yang menyerahkan,", _heading(f"{_CAPACITIES[paper.giver[0]]}{paper.giver[1]}") or _NOBODY_NAMED],
        "taker": ["Yang menerima,", _heading(f"{_CAPACITIES[paper.taker[0]]}{paper.taker[1]}") or _NOBODY_NAMED],
        "made": f"Dibuat {_moment(paper.made_at, paper.zone)}",
        "demo": paper.demo,
    }
    return _set("hand-over.typ", data, paper.made_at)


def _owned(owner: str, who: str) -> str:
    return f"{_tidy(owner)} ({_tidy(who)})" if who.strip() else _tidy(owner)


def _due(day: date | None) -> str:
    return in_words(day) if day else "–"


_OWNERS_NAMED = 6


def _owners(owners: Sequence[tuple[str, str]]) -> str:
    """Write one owner with who has it, several by their names, many by their number."""
    if len(owners) == 1:
        return _owned(*owners[0])
    if len(owners) <= _OWNERS_NAMED:
        return "; ".join(_tidy(owner) for owner, _who in owners)
    return f"{_number(len(owners))} penanggung jawab"


def _late(late: Sequence[str], every: int) -> str:
    if not late:
        return "terbuka"
    if len(late) == every or len(late) > _OWNERS_NAMED:
        return f"terlambat: {_number(len(late))}"
    return f"terlambat: {'; '.join(map(_tidy, late))}"


# --- data for the templates --------------------------------------------------------------------------------------


def _certificate_data(paper: CertificatePaper, qr: Callable[[str], str]) -> dict[str, Any]:
    digest = _plain(paper.digest)
    return {
        "title": _titled(f"Sertifikat Pakta Integritas: {_plain(paper.name)}", paper.demo),
        "letterhead": _tidy_all(paper.letterhead),
        "author": _author(paper.letterhead),
        "name": _heading(paper.name),
        "post": _tidy(paper.post),
        "unit": _heading(paper.unit),
        "identifier": _tidy(paper.identifier),
        "pact_title": _heading(paper.pact_title),
        "opening": _tidy(paper.opening),
        "points": _tidy_all(paper.points),
        "closing": _tidy(paper.closing),
        "digest": digest,
        "digest_start": grouped(digest[:16]).replace("-", " "),
        "when": f"pada {_when(paper)},",
        "occasion": _tidy(paper.occasion),
        "witnessed": f"Disaksikan oleh: {_tidy(paper.witnessed)}" if paper.witnessed else "",
        "route": _ROUTE_OF_DEMO if paper.demo else _ROUTES[paper.grade],
        "code": grouped(_plain(paper.code)),
        "qr": qr(paper.check_url),
        "check_url": _plain(paper.check_url),
        "how_to_check": (
            "Siapa pun dapat memeriksa sertifikat ini, tanpa akun: pindai kode QR, atau buka"
            f" {_tidy(paper.check_address)} dan ketik kode ini."
        ),
        "made": f"Dibuat {_moment(paper.made_at, paper.zone)}",
        "demo": paper.demo,
    }


def _when(paper: CertificatePaper) -> str:
    """Write when it was signed; of paper only the day is known that stands on it."""
    if paper.grade is Grade.PAPER:
        return _day(local_day(paper.signed_at, paper.zone))
    return _moment(paper.signed_at, paper.zone)


def _sheets(unit: str, members: Sequence[SlipPaper]) -> Iterator[dict[str, Any]]:
    pages = -(-len(members) // SLIPS_A_PAGE)
    for number in range(1, pages + 1):
        on_page = members[(number - 1) * SLIPS_A_PAGE : number * SLIPS_A_PAGE]
        yield {
            "unit": _heading(unit),
            "number": number,
            "count": f"{len(members)} slip · lembar {number} dari {pages}",
            "slips": [
                {
                    "name": _heading(slip.name),
                    "unit": _heading(slip.unit),
                    "sign_in_name": _tidy(slip.sign_in_name),
                    "code": grouped(_plain(slip.code)),
                    "valid_until": in_words(slip.valid_until),
                }
                for slip in on_page
            ],
        }


def _day(day: date) -> str:
    return f"{_DAYS_ID[day.weekday()]}, {in_words(day)}"


def _moment(instant: datetime, zone: timezone) -> str:
    """Write an instant as the place of the act reads it: Jumat, 25 Oktober 2024, pukul 17.05 WIB."""
    local = instant.astimezone(zone)
    return f"{_day(local_day(instant, zone))}, pukul {local:%H.%M} {local.tzname()}"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _titled(title: str, demo: bool) -> str:
    return f"DEMO: {title}" if demo else title


def _author(letterhead: Sequence[str]) -> str:
    return _plain(" ".join(letterhead[:2]))


_PIECE = 10  # signs between two places to break, in a word that is too long for a line
_ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(r"\S{41,}")
_LONG_WORD_OF_A_HEADING = re.compile(r"\S{25,}")


def _plain(text: str) -> str:
    """Return a text as one paragraph, without control signs and marks that turn the reading direction.

    >>> _plain("Sari\\x00\\n \\u202eWulandari")
    'Sari Wulandari'
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_visible, unicodedata.normalize("NFC", text)))
    return " ".join(text.split())


def _visible(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cs":  # half of a sign; no UTF-8 can hold it
        return "\ufffd"
    return {"Cc": " ", "Cf": ""}.get(kind, char)


def _tidy(text: str) -> str:
    """Return a plain text in which words longer than a line have places to break."""
    return _LONG_WORD.sub(_breakable, _plain(text))


_DIGEST = re.compile(r"[0-9a-f]{64}")


def _with_digests(text: str) -> str:
    """Return a tidy text in which a digest is whole: it is set small at the beginning of a line, and copied as it is."""
    return _LONG_WORD.sub(lambda word: word[0] if _DIGEST.fullmatch(word[0]) else _breakable(word), _plain(text))


def _heading(text: str) -> str:
    """Return a plain text to be set large."""
    return _LONG_WORD_OF_A_HEADING.sub(_breakable, _plain(text))


def _breakable(word: re.Match[str]) -> str:
    text = word[0]
    return _ZERO_WIDTH_SPACE.join(text[start : start + _PIECE] for start in range(0, len(text), _PIECE))


def _tidy_all(texts: Sequence[str]) -> list[str]:
    return [tidied for tidied in map(_tidy, texts) if tidied]


# --- QR codes ----------------------------------------------------------------------------------------------------

_WORTH_A_SERIES = 200
_RUN = re.compile(rb"\x01+")


def _qr_for(papers: int) -> Callable[[str], str]:
    return _QrSeries() if papers >= _WORTH_A_SERIES else _qr


def _qr(address: str) -> str:
    """Return the QR code of an address as SVG."""
    return _svg(_modules(address.encode("utf-8", "replace")))


def _sheet_qr(code: str) -> str:
    """Return the QR code of a sheet as SVG: of QR's short alphabet and well protected, since it is photographed by hand."""
    made = segno.make_qr(qr_text(code), mode="alphanumeric", error="q", boost_error=False)
    return _svg(b"".join(map(bytes, made.matrix)))


def _modules(text: bytes) -> bytes:
    """Return the modules of a QR code row by row, a byte each, 1 for dark.

    The mask is fixed: to try all eight, as an encoder may, takes four times as long, and readers find it in the code.
    """
    code = segno.make_qr(text, mode="byte", error="m", boost_error=False, mask=3)
    return b"".join(map(bytes, code.matrix))


def _svg(modules: bytes) -> str:
    side = math.isqrt(len(modules))
    lines = "".join(
        f"M{run.start() - row * side} {row}.5h{len(run[0])}"
        for row in range(side)
        for run in _RUN.finditer(modules, row * side, (row + 1) * side)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path stroke="#000" d="{lines}"/></svg>'
    )


class _QrSeries:
    """Makes QR codes of many addresses of a few lengths, each the same as `_qr` makes it, in a sixth of the time.

    With length, version and mask fixed, every module is a sum modulo 2 of bits of the text: Reed-Solomon codes are
    linear. So a code is that of the first address of its length, plus one pattern for each bit in which they differ.
    """

    def __init__(self) -> None:
        self._first: dict[int, tuple[bytes, bytes]] = {}  # by length: a text and its modules
        self._flips: dict[tuple[int, int], int] = {}  # by length and bit: which modules turn with it

    def __call__(self, address: str) -> str:
        text = address.encode("utf-8", "replace")
        if len(text) not in self._first:
            self._first.setdefault(len(text), (text, _modules(text)))
        first, modules = self._first[len(text)]
        pattern = int.from_bytes(modules)
        different = int.from_bytes(text) ^ int.from_bytes(first)
        while different:
            bit = different & -different
            pattern ^= self._flip(first, modules, bit)
            different ^= bit
        return _svg(pattern.to_bytes(len(modules)))

    def _flip(self, first: bytes, modules: bytes, bit: int) -> int:
        key = (len(first), bit)
        if key not in self._flips:
            turned = (int.from_bytes(first) ^ bit).to_bytes(len(first))
            self._flips[key] = int.from_bytes(_modules(turned)) ^ int.from_bytes(modules)
        return self._flips[key]


# --- the compiler ------------------------------------------------------------------------------------------------

_OWN = threading.local()  # a compiler refuses two threads at once


def _compiler() -> typst.Compiler:
    if not hasattr(_OWN, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False)
        _OWN.compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts)
    return _OWN.compiler


def _set(template: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """Compile a template's `whole` with the data.

    The data are one string literal of JSON in ASCII: with its backslashes and quotes escaped, nothing in it can end
    the literal. As `sys_inputs` it would do as well, but then typst forgets what it had set before, points and
    letterhead among it, and takes twice as long for the next paper of a round.
    """
    literal = json.dumps(data, ensure_ascii=True).replace("\\", "\\\\").replace('"', '\\"')
    main = f'#import "{template}": whole\n#whole(json(bytes("{literal}")))'
    return _compiler().compile(input=main.encode("ascii"), format="pdf", timestamp=int(made_at.timestamp()))


_COMPILATIONS_REMEMBERED = 10


def forget() -> None:
    """Let typst forget what it set before, after a large paper: it remembers the last ten, some hundred MB each.

    There is no call for it; what ages out are compilations, so this makes as many that are almost nothing.
    """
    for number in range(_COMPILATIONS_REMEMBERED + 1):
        _compiler().compile(input=f"#set page(width: 1cm, height: 1cm)\n{number}".encode("ascii"), format="pdf")
