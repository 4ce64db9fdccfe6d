"""Certificates, bundles and slips: what they say, that no text is read as markup, and that nothing leaves its page."""

import hashlib
import html
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from ikrar.domain.codes import new_code
from ikrar.domain.days import WIB, WIT
from ikrar.domain.pacts import Grade
from ikrar.gateways import pdf
from ikrar.gateways.pdf import BundleCover, CertificatePaper, LetterPaper, SlipPaper

pytestmark = pytest.mark.once

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not installed")

ADDRESS = "https://ikrar.payakumbuhkota.go.id/masuk"
LETTERHEAD = (
    "PEMERINTAH KOTA PAYAKUMBUH",
    "BADAN KEPEGAWAIAN DAN PENGEMBANGAN SUMBER DAYA MANUSIA",
    "Jalan Veteran 70",
)
MADE_AT = datetime(2024, 10, 26, 1, 0, tzinfo=UTC)
SARI = CertificatePaper(
    letterhead=LETTERHEAD,
    name="Dra. Sari Wulandari, M.Pd.",
    post="Guru Ahli Muda",
    unit="SMP Negeri 3 Payakumbuh",
    identifier="NIP 1985•••• •••••• • ••2",
    pact_title="Pakta Integritas Netralitas ASN",
    opening="Saya berjanji:",
    points=("Tidak memihak siapa pun.", "Melayani semua orang dengan sama."),
    closing="Demikian pakta ini dibuat.",
    digest="a1b2c3d4e5f60718" * 4,
    signed_at=datetime(2024, 10, 25, 10, 5, 9, tzinfo=UTC),
    zone=WIB,
    grade=Grade.PASSKEY,
    code="K7QF3MNPXWT00001",
    check_url="https://ikrar.payakumbuhkota.go.id/cek/K7QF3MNPXWT00001",
    check_address="ikrar.payakumbuhkota.go.id/cek",
    made_at=MADE_AT,
)
COVER = BundleCover(
    letterhead=LETTERHEAD,
    unit="SMP Negeri 3 Payakumbuh",
    pact_title="Pakta Integritas Netralitas ASN",
    figures=((1234, "orang wajib menandatangani"), (1230, "orang dengan tanda tangan berlaku")),
    day=date(2024, 10, 25),
    made_at=MADE_AT,
    zone=WIB,
)
SLIP = SlipPaper("Budi Santoso, S.Pd.", "SMP Negeri 3", "198503152010011012", "K7QF3MNPXWT0", date(2024, 11, 8))

HOSTILE = [
    '#import "@preview/cetz:0.3.0": *',
    "#panic() $x^2$ *a* _b_ `c` ```typ #d```",
    '\\ \\" \\u{41} " \')) #whole(()) //',
    "= Judul <label> @acuan ~ -- --- ...",
    "#sys.inputs #read(\"/etc/passwd\") #image('x')",
    "[#] ]] }} {{ %%EOF endobj stream",
]


def pages(document: bytes) -> int:
    return PdfFileReader(BytesIO(document)).root["/Pages"]["/Count"]


def text_of(document: bytes) -> str:
    """The text of all pages, single-spaced."""
    run = subprocess.run(["pdftotext", "-", "-"], input=document, capture_output=True, check=True)
    return " ".join(run.stdout.decode().replace("\u200b", "").split())


def words_of(document: bytes) -> list[tuple[float, float, float, float, str]]:
    """Every word with its box (left, top, right, bottom) in points."""
    run = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=document, capture_output=True, check=True)
    found = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', run.stdout.decode()
    )
    return [(*map(float, box), html.unescape(word)) for *box, word in found]


def print_slips(*papers: SlipPaper, **changes) -> bytes:
    settled = {"address": ADDRESS, "issuer": "Kota Payakumbuh", "made_at": MADE_AT, "zone": WIB} | changes
    return pdf.slips(papers, **settled)


# --- what is said ------------------------------------------------------------------------------------------------


@needs_pdftotext
def test_a_certificate_says_who_signed_what_when_how_and_how_to_check_it():
    text = text_of(pdf.certificate(SARI))
    for part in [
        "PEMERINTAH KOTA PAYAKUMBUH", "Sertifikat Pakta Integritas", SARI.name, SARI.post, SARI.unit, SARI.identifier,
        SARI.pact_title, "Jumat, 25 Oktober 2024, pukul 17.05 WIB", "passkey", "a1b2 c3d4 e5f6 0718", SARI.digest,
        "K7QF-3MNP-XWT0-0001", "Siapa pun dapat memeriksa sertifikat ini, tanpa akun", SARI.check_address,
        "1. Tidak memihak siapa pun.", "2. Melayani semua orang dengan sama.", "Dibuat Sabtu, 26 Oktober 2024",
    ]:  # fmt: skip
        assert part in text
    assert "DEMO" not in text


@needs_pdftotext
def test_the_day_on_a_certificate_is_that_of_the_place_of_the_act():
    late = replace(SARI, signed_at=datetime(2024, 10, 25, 15, 30, tzinfo=UTC), zone=WIT)
    assert "Sabtu, 26 Oktober 2024, pukul 00.30 WIT" in text_of(pdf.certificate(late))


@needs_pdftotext
@pytest.mark.parametrize("grade", Grade)
def test_every_route_of_signing_has_words(grade):
    assert "tingkat bukti" in text_of(pdf.certificate(replace(SARI, grade=grade)))


@needs_pdftotext
@pytest.mark.parametrize("grade", Grade)
def test_a_certificate_of_a_demo_claims_no_grade_of_proof(grade):
    said = text_of(pdf.certificate(replace(SARI, grade=grade, demo=True)))
    assert "tidak seorang pun membuktikan dirinya" in said
    assert "kata sandi" not in said and "dari 4" not in said


@needs_pdftotext
def test_a_person_without_a_post_or_a_number_gets_a_certificate_without_empty_lines():
    text = text_of(pdf.certificate(replace(SARI, post="", identifier="")))
    assert f"{SARI.name} {SARI.unit} yang telah menandatangani" in text


@needs_pdftotext
def test_every_page_of_a_demo_says_that_all_persons_are_invented():
    bundle = pdf.bundle(replace(COVER, demo=True), [replace(SARI, demo=True, points=("Netral. " * 25,) * 40)])
    assert pages(bundle) == 3
    assert text_of(bundle).count("DEMO: semua orang di sini rekaan") == 2 * 3
    slips = text_of(print_slips(SLIP, SLIP, SLIP, demo=True))
    assert slips.count("DEMO: semua orang di sini rekaan") == 3


@needs_pdftotext
def test_a_bundle_is_a_cover_with_its_counts_and_all_certificates():
    bundle = pdf.bundle(COVER, [SARI, replace(SARI, name="Budi Santoso"), replace(SARI, name="Rina Marlina")])
    assert pages(bundle) == 4
    text = text_of(bundle)
    for part in ["1.234 ", "1.230 ", "Keadaan pada Jumat, 25 Oktober 2024", "Budi Santoso", "Rina Marlina", "memuat 3"]:
        assert part in text


def test_a_bundle_without_certificates_is_its_cover():
    assert pages(pdf.bundle(COVER, [])) == 1


@needs_pdftotext
def test_a_slip_holds_what_its_owner_needs_to_sign_in():
    text = text_of(print_slips(SLIP))
    for part in [
        SLIP.name, SLIP.unit, SLIP.sign_in_name, "K7QF-3MNP-XWT0", "ikrar.payakumbuhkota.go.id/masuk", "8 November",
        "Buka alamat di atas", "lipat ke atas di sini", "segel", "1 slip · lembar 1 dari 1",
    ]:  # fmt: skip
        assert part in text


def test_slips_stand_eight_a_page_and_each_unit_begins_a_new_page():
    other = replace(SLIP, unit="Dinas Kesehatan")
    assert pages(print_slips(*[SLIP] * 8)) == 1
    assert pages(print_slips(*[SLIP] * 9)) == 2
    assert pages(print_slips(SLIP, other, SLIP)) == 2


def test_no_slips_is_an_error_and_not_an_empty_page():
    with pytest.raises(ValueError, match="no slips"):
        print_slips()


def test_the_qr_code_of_a_slip_holds_the_address_and_no_code(monkeypatch):
    coded = []
    make = segno.make_qr
    monkeypatch.setattr(segno, "make_qr", lambda text, **how: coded.append(text) or make(text, **how))
    print_slips(SLIP, replace(SLIP, code="AAAABBBBCCCC"))
    assert coded == [ADDRESS.encode()]


def test_qr_codes_made_in_series_are_those_that_segno_makes():
    addresses = [f"https://ikrar.example.go.id/cek/{new_code(16)}" for _ in range(40)] + ["https://x", "https://ä/ü"]
    series = pdf._QrSeries()
    for address in addresses:
        code = segno.make_qr(address.encode(), mode="byte", error="m", boost_error=False, mask=3)
        assert series(address) == pdf._svg(b"".join(map(bytes, code.matrix))) == pdf._qr(address)


# --- pages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("demo", [False, True])
def test_twelve_points_of_two_hundred_signs_fit_one_page(demo):
    point = ("Tidak memihak siapa pun dan melayani semua orang dengan sama. " * 4)[:200]
    wordy = replace(SARI, points=(point,) * 12, demo=demo, name="Dr. H. Muhammad Hidayatullah Nasution, S.Pd., M.Pd.")
    assert pages(pdf.certificate(wordy)) == 1


@needs_pdftotext
def test_forty_points_flow_to_a_second_page_that_still_carries_the_code():
    document = pdf.certificate(replace(SARI, points=tuple(f"Butir {number} " + "netral " * 25 for number in range(40))))
    assert pages(document) == 2
    text = text_of(document)
    assert "Butir 39" in text
    assert text.count("K7QF-3MNP-XWT0-0001") == 3  # the panel once, the foot of each page


@needs_pdftotext
@pytest.mark.parametrize("name", ["W" * 340, "Sitti " * 56, "Muhammad-Hidayatullah" * 16])
def test_the_longest_names_stay_within_the_frame(name):
    document = pdf.certificate(replace(SARI, name=name, post="J" * 200, unit="U" * 200, pact_title="T" * 300))
    assert pages(document) <= 2
    for left, top, right, low, word in words_of(document):
        assert left > 35 and right < 560 and top > 45 and low < 797, word


@needs_pdftotext
def test_long_texts_of_one_slip_do_not_reach_into_the_next():
    def right_half(*papers):
        return [word for left, top, _, _, word in words_of(print_slips(*papers)) if left > 298 and top > 57]

    budi = replace(SLIP, unit="U" * 200)
    long = replace(budi, name="W" * 340, sign_in_name="9" * 60, code="K" * 40)
    assert right_half(long, budi) == right_half(budi, budi)


# --- text is data ------------------------------------------------------------------------------------------------


@needs_pdftotext
@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_text_is_printed_as_it_was_written(text):
    paper = replace(SARI, name=text, post=text, unit=text, pact_title=text, points=(text,), opening=text, closing=text)
    printed = text_of(pdf.certificate(paper))
    assert printed.count(" ".join(text.split())) == 7
    assert " ".join(text.split()) in text_of(print_slips(replace(SLIP, name=text)))
    assert " ".join(text.split()) in text_of(pdf.bundle(replace(COVER, unit=text), []))


@needs_pdftotext
def test_signs_that_turn_the_reading_direction_are_not_printed():
    text = text_of(pdf.certificate(replace(SARI, name="Sari\u202e\u2066\x00\u200bWulandari\n\tM.Pd.")))
    assert "Sari Wulandari M.Pd." in text


def test_names_in_other_scripts_are_set():
    for name in ["شريف هداية الله", "ꦱꦫꦶ", "王秀英", "Сари", "👍", "Ǻ\u0301\u0302\u0303"]:
        assert pages(pdf.certificate(replace(SARI, name=name))) == 1


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=80))
def test_no_text_of_a_person_stops_the_press(text):
    assert pdf.certificate(replace(SARI, name=text, points=(text,))).startswith(b"%PDF-")
    assert print_slips(replace(SLIP, name=text, unit=text, sign_in_name=text)).startswith(b"%PDF-")


# --- the same in, the same out -----------------------------------------------------------------------------------


def test_the_same_paper_gives_the_same_bytes_alone_in_bulk_and_in_another_process():
    several = [
        replace(SARI, name=f"Sari {number}", code=code, check_url=f"https://ikrar.payakumbuhkota.go.id/cek/{code}")
        for number, code in enumerate(new_code(16) for _ in range(250))
    ]
    in_bulk = list(pdf.certificates(several))
    assert in_bulk == [pdf.certificate(paper) for paper in several]
    assert list(pdf.certificates(several[:3], threads=1)) == in_bulk[:3]
    assert print_slips(SLIP) == print_slips(SLIP)
    assert pdf.bundle(COVER, several[:2]) == pdf.bundle(COVER, several[:2])
    program = (
        "import hashlib; from tests.services.test_paper import SARI, pdf;"
        " print(hashlib.sha256(pdf.certificate(SARI)).hexdigest(), hashlib.sha256(pdf.certificate(SARI)).hexdigest())"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.split() == [hashlib.sha256(pdf.certificate(SARI)).hexdigest()] * 2


def test_bulk_printing_can_be_left_before_its_end():
    printing = pdf.certificates([SARI] * 50)
    assert next(printing).startswith(b"%PDF-")
    printing.close()


def test_bulk_printing_of_nothing_is_nothing():
    assert list(pdf.certificates([])) == []


# --- letters and records -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [{}, {"closing": ("butir awal", "butir penutup")}, {"attached": "Lampiran butir"}])
def test_the_signature_takes_the_end_of_the_text_along_to_a_further_page(end):
    values = {
        "letterhead": ("Pemerintah Kota Contoh",), "kind": "Catatan disiplin", "number": "1", "subject": "Catatan", "closing": (),
        "opening": ("Untuk dicatat:",), "place": "Contoh", "issued_on": date(2024, 10, 28), "office": "Badan", "signer": "Rina",
        "attached": "", "digest": "a" * 64, "address": "", "stamp": "", "made_at": datetime(2024, 10, 28, tzinfo=UTC), "zone": WIB,
    } | end  # fmt: skip
    most = 0
    for count in range(10, 22):
        points = tuple(f"butir {n}: " + "isi yang panjang " * 6 for n in range(count))
        sheets = list(pypdfium2.PdfDocument(pdf.letter(LetterPaper(points=points, **values))))
        most = max(most, len(sheets))
        assert len(sheets) == 1 or "butir" in sheets[-1].get_textpage().get_text_range(), count
    assert most == 2


@needs_pdftotext
def test_a_digest_in_a_letter_begins_a_line_and_is_copied_as_it_is():
    digest = "0123456789abcdef" * 4
    points = ("Nama: Sari", f"Sidik keputusan: {digest} (SHA-256 dari naskah)", "x" * 70)
    document = pdf.letter(letter_of(points=points, number="", about="Putusan BPASN nomor 7/BPASN"))
    (box,) = [each for each in words_of(document) if each[4] == digest]
    on_its_line = [each for each in words_of(document) if each[1] < box[3] and each[3] > box[1]]
    assert min(on_its_line)[4] == digest, "no line before it is stretched"
    told = text_of(document)
    assert "Putusan BPASN nomor 7/BPASN" in told and "Nomor: belum ada" not in told
    assert "Nomor: belum ada" in text_of(pdf.letter(letter_of(points=points, number="")))


def letter_of(**changes):
    values = {
        "letterhead": LETTERHEAD, "kind": "Catatan", "number": "1", "subject": "Catatan", "opening": ("Untuk dicatat:",),
        "points": (), "closing": (), "place": "", "issued_on": None, "office": "Kota Payakumbuh", "signer": "", "attached": "",
        "digest": "", "address": "", "stamp": "", "made_at": MADE_AT, "zone": WIB,
    }  # fmt: skip
    return LetterPaper(**values | changes)
