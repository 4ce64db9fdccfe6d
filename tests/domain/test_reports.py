"""Reports: requirements, the window, what a file is, sizes in steps, and receipts that cannot be forged."""

from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import filing_receipts, reports
from ikrar.domain.errors import FilingReceiptWrong, ReportRefused
from ikrar.domain.filing_receipts import FilingReceipt
from ikrar.domain.reports import Asks, Given, Nature, ReportKind
from ikrar.gateways import log_key, rulebook_files, sealing

DAY = date(2024, 10, 25)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = filing_receipts.read_key(log_key.public_note_key("log.example/log", KEY))


def test_whoever_stays_unnamed_gives_initial_information():
    assert reports.kind_of(Given(account=True)) is ReportKind.INITIAL_INFORMATION
    assert reports.kind_of(Given(reporter=True)) is ReportKind.FORMAL


def test_the_formal_things_stand_first_and_each_regime_has_its_own():
    book = rulebook_files.rulebook().requirements.values()
    for regime in ("pilkada", "pemilu"):
        found = reports.requirements_on(book, regime, DAY)
        natures = [each.nature for each in found]
        assert natures == sorted(natures, key=list(Nature).index) and {each.regime for each in found} == {regime}
        assert {Asks.REPORTER, Asks.RESPONDENT, Asks.WITHIN_TIME, Asks.ACCOUNT, Asks.EVIDENCE} <= {
            each.asks for each in found
        }
    assert Asks.SIGNATURE in {each.asks for each in reports.requirements_on(book, "pilkada", DAY)}


def test_what_is_filed_a_day_too_late_or_before_it_was_known_is_not_in_time():
    given_ = Given(known_on=date(2024, 10, 18))
    assert given_.meets(Asks.WITHIN_TIME, DAY, DAY)
    assert not given_.meets(Asks.WITHIN_TIME, date(2024, 10, 26), DAY)
    assert not Given(known_on=date(2024, 10, 26)).meets(Asks.WITHIN_TIME, DAY, date(2024, 11, 2))
    assert not Given().meets(Asks.WITHIN_TIME, DAY, DAY)


def test_a_name_without_an_address_is_no_reporter():
    assert not reports.given_by({}, {"name": "A", "address": " "}, 0, None).reporter
    assert reports.given_by({}, {"name": "A", "address": "B"}, 0, None).reporter


@given(st.integers(0, 60_000_000))
def test_a_size_is_told_in_the_step_it_was_filled_up_to(size):
    padded = reports.padded_size(size)
    sealed = padded + 200 + 16 * (padded // 65_536 + 1)
    assert padded >= size and reports.size_step(sealed) * 1024 == padded


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"RIFF\0\0\0\0WAVE", "audio/wav"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        ("Surat édaran".encode("utf-16"), "text/plain"),
        (("é" * 2048).encode()[: reports.HEAD_BYTES - 1] + b"\xc3", "text/plain"),
        (b"PK\x03\x04", ""),
        (b"\x7fELF\x02", ""),
        (b"", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ""),
    ],
)
def test_a_file_is_what_its_bytes_say(head, kind):
    assert reports.type_of(head) == kind


@given(st.binary(max_size=200))
def test_any_bytes_have_a_type_or_none(head):
    assert isinstance(reports.type_of(head), str)


def test_what_is_no_age_file_is_refused():
    for part in (b"", b"{}", b"age-encryption.org/v2\n" + bytes(300)):
        with pytest.raises(ReportRefused):
            reports.check_sealed(part, 4, "content")
    with pytest.raises(ReportRefused) as caught:
        reports.check_sealed(b"age-encryption.org/v1\n" + bytes(20_000), 4, "content")
    assert caught.value.reason == "too_large"


def _note():
    receipt = FilingReceipt(VERIFIER.name, DAY, bytes(range(32)))
    return receipt, receipt.note(VERIFIER, KEY.sign(receipt.text.encode()))


def test_a_receipt_is_read_back_as_it_was_signed():
    receipt, note = _note()
    assert filing_receipts.read(note, VERIFIER, sealing.verify) == receipt
    mangled = "  " + note.replace("\n", "\r\n  ") + "\r\n\r\n"
    assert filing_receipts.read(mangled, VERIFIER, sealing.verify) == receipt, "as people paste it"


@given(st.integers(0, 400), st.characters(codec="ascii", categories=["L", "N"]))
def test_a_receipt_of_which_one_sign_was_changed_is_none(place, sign):
    _receipt, note = _note()
    if place >= len(note) or note[place] in (sign, "\n") or note[place].isspace():
        return
    changed = note[:place] + sign + note[place + 1 :]
    try:
        read = filing_receipts.read(changed, VERIFIER, sealing.verify)
    except FilingReceiptWrong:
        return
    raise AssertionError(f"{read} was read from {changed!r}")


def test_a_receipt_of_another_key_is_another_logs():
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    verifier = filing_receipts.read_key(log_key.public_note_key("log.example/log", other))
    with pytest.raises(FilingReceiptWrong) as caught:
        filing_receipts.read(_note()[1], verifier, sealing.verify)
    assert caught.value.reason == "other_log"


def test_a_key_that_is_none_is_refused():
    for text in ("", "a+b+c", "log+00000000+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"):
        with pytest.raises(FilingReceiptWrong):
            filing_receipts.read_key(text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Hj. Siti Aminah", "Siti Aminah, S.Pd."),
        ("Siti Aminah, SH, MH", "Hj. Siti Aminah"),
        ("Ir. H. Siti Aminah S.Hut., M.M.", "Siti Aminah, S.STP"),
        ("Siti Aminah S.Xyz", "Siti Aminah"),
        ("Siti Aminah Contoh", "Siti Aminah, S.Ag."),
        ("Budi Misalkan, Siti Aminah", "Siti Aminah, S.IP."),
        ("Moh. Rizki", "Muhammad Rizki, A.P."),
        ("Muhammad", "Moch. Rizki"),
        ("Maruf Rekaan", "Ma'ruf Rekaan"),
    ],
)
def test_a_name_means_its_holder_whatever_titles_either_of_them_writes(typed, name):
    assert reports.means(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Budi Misalkan, S.Xyz", "Siti Aminah, S.Xyz"),
        ("Hj.", "Hj. Sari"),
        (", S.Pd.", "Sari, S.Pd."),
        ("Siti Rahma", "Siti Aminah"),
        ("Sari", ""),
    ],
)
def test_titles_alone_mean_nobody(typed, name):
    assert not reports.means(typed, name)
