"""Certificates as services: made on demand, checked by anybody by code or by file, and never with a number in them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ikrar.domain import codes
from ikrar.domain.errors import NothingToPrint
from ikrar.domain.pacts import Grade, PactText
from ikrar.gateways import pdf, signing
from ikrar.records.models import CertificateFile, Installation, LogPayload, Placement, Signature, WorkUnit
from ikrar.services import accounts, certificates, coverage, pacts, roster, units
from tests.services.test_paper import needs_pdftotext, pages, text_of
from tests.web import stage as stages
from tests.web.stage import (
    MORNING,
    SARI,
    TODAY,
    account,
    agency,
    duty_of,
    install,
    issue,
    make_round,
    outsider,
    person,
    sign,
)

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(hours=1)


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    return stages.make_home(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def one_act_at_a_time(settings, keys):
    settings.COMMIT_TOGETHER = False
    settings.HOME = keys


class Signed:
    """Sari of a school, with a signature under the pact of her city."""

    def __init__(self, demo: bool = False) -> None:
        install(demo=demo)
        self.agency, self.root = agency("13.75", "Pemerintah Kota Bukittinggi")
        self.unit = self.root
        self.sari = person("Sari Dewi", SARI, self.root, post="Guru", back_title="S.Pd")
        self.user = account(self.sari)
        self.officer = outsider("RINA", "Rina")
        self.pact = make_round(self.agency)
        issue(self.pact)
        self.signature = sign(duty_of(self.pact, self.sari), self.user, Grade.PASSKEY)

    def read(self) -> Signature:
        return Signature.objects.select_related(
            "unit__agency", "version", "person", "obligation__pact_round__text"
        ).get(pk=self.signature.pk)

    def paper(self, now=MORNING) -> bytes:
        return certificates.render(self.read(), now=now)

    def change(self, how: str) -> None:
        """Let something happen after which the signature counts no more."""
        if how == "new text":
            pacts.publish_text(self.pact, PactText.of("Baru", "", ["lain"], ""), by=self.officer, now=LATER)
        elif how == "contest":
            pacts.contest(self.read(), user=self.user, reason="bukan saya", now=LATER)
        elif how == "transfer":
            other = self.agency.units.create(code="X", name="Lain", kind="office", parent=self.root)
            units.renumber(self.agency)
            self.root.refresh_from_db()
            self._place(unit=other)
        else:
            self._place(status=how)

    def _place(self, **values) -> None:
        roster.place(self.sari, values=values, today=TODAY + timedelta(days=1), by=self.officer, now=LATER)


@pytest.fixture
def signed(db):
    return Signed()


GONE = ("new text", "contest", "transfer", "retired", "died")

# --- the file ----------------------------------------------------------------------------------------------------


def test_a_certificate_is_one_sealed_page_whose_digest_is_kept(signed, keys):
    content = signed.paper()
    assert content.startswith(b"%PDF-") and pages(content) == 1
    check = signing.check(content, (keys / "keys" / signing.CERTIFICATE).read_bytes())
    assert check.good and check.signed_at == MORNING
    kept = CertificateFile.objects.get()
    assert (kept.signature_id, kept.made_at) == (signed.signature.pk, MORNING)


@needs_pdftotext
def test_a_certificate_says_name_unit_text_day_and_grade_and_masks_the_number(signed):
    said = text_of(signed.paper())
    for part in ("Sari Dewi, S.Pd", "Pemerintah Kota Bukittinggi", stages.TEXT.title, "25 Oktober 2024", "passkey"):
        assert part in said
    squeezed = said.replace(" ", "")  # letters that are kerned come out of a PDF with a gap between them
    assert codes.grouped(signed.signature.code) in squeezed and signed.signature.text_digest in squeezed
    for start in range(len(SARI) - 4):
        assert SARI[start : start + 5] not in said, "digits of the number stand on the paper"


@needs_pdftotext
def test_the_masked_number_does_not_tell_the_sex(signed):
    """A NIP ends in one digit for the sex and three of a serial: with four digits left open the paper tells the sex."""
    said = text_of(signed.paper())
    assert SARI[-4:] not in said


@needs_pdftotext
def test_somebody_without_a_number_has_a_certificate_without_that_line(signed):
    nobody = person("Tanpa Nomor", "13.75|X|TANPA NOMOR|1990-01-01", signed.root, kind="none", employment="pns")
    issue(signed.pact)
    signature = sign(duty_of(signed.pact, nobody), account(nobody))
    said = text_of(certificates.render(Signature.objects.get(pk=signature.pk), now=MORNING))
    assert "Tanpa Nomor" in said and "1990" not in said and "|" not in said


@needs_pdftotext
def test_a_certificate_of_a_demo_says_so(db):
    assert "DEMO" in text_of(Signed(demo=True).paper()).upper()


@needs_pdftotext
def test_a_certificate_of_a_real_installation_does_not_say_demo(signed):
    assert not Installation.objects.get().is_demo
    assert "DEMO" not in text_of(signed.paper()).upper()


def test_a_certificate_taken_twice_is_genuine_twice(signed):
    first, second = signed.paper(), signed.paper(LATER)
    assert first != second
    for content in (first, second):
        assert certificates.by_file(content).file == "genuine"


def test_an_old_signature_keeps_its_own_text_and_unit_on_paper(signed):
    before = signed.paper()
    signed.change("new text")
    after = signed.read()
    assert after.version.title == stages.TEXT.title
    assert certificates.by_file(before).signature == after


@needs_pdftotext
def test_paper_and_check_name_unit_and_agency_as_they_were_called_when_it_was_signed(signed):
    school = signed.agency.units.create(code="SD", name="SD Lama", kind="school", parent=signed.root)
    units.renumber(signed.agency)
    signed.root.refresh_from_db()
    budi = person("Budi Misal", stages.BUDI, school, post="Guru")
    issue(signed.pact)
    key = sign(duty_of(signed.pact, budi), account(budi)).pk
    for name, at in (("SD Tengah", LATER), ("SD Baru", LATER + timedelta(days=1))):
        units.change_unit(
            school, name=name, kind="school", parent=signed.root, closed_on=None, by=signed.officer, now=at
        )
        units.change_agency(
            signed.agency, name=f"Pemkot {name}", parent=None, letterhead="KOP BARU", by=signed.officer, now=at
        )
    found = certificates.by_code(Signature.objects.get(pk=key).code).signature
    assert (found.unit.name, found.unit.agency.name) == ("SD Lama", "Pemerintah Kota Bukittinggi")
    said = text_of(certificates.render(Signature.objects.get(pk=key), now=LATER + timedelta(days=2)))
    assert "SD Lama" in said and "Baru" not in said and "KOP" not in said
    assert school.former_names.count() == 2 and WorkUnit.objects.get(pk=school.pk).name == "SD Baru"


# --- checking by code --------------------------------------------------------------------------------------------


def test_a_code_is_found_however_it_is_typed(signed):
    code = signed.signature.code
    typed = [code, codes.grouped(code), code.lower(), f"  {codes.grouped(code.lower())} ", code.replace("0", "O")]
    for each in typed:
        found = certificates.by_code(each)
        assert found.signature == signed.signature and found.stands and found.file is None, each


@pytest.mark.parametrize("code", ["", "-", "0" * 16, "KODE", "K" * 500, "\x00", "%", "' OR 1=1 --", "१२३४"])
def test_an_unknown_code_finds_nothing(signed, code):
    assert certificates.by_code(code) == certificates.Check(None)


def test_a_code_with_something_behind_it_is_another_code(signed):
    assert certificates.by_code(signed.signature.code + "XYZ").signature is None


@pytest.mark.parametrize("how", GONE)
def test_a_certificate_that_counts_no_more_is_genuine_and_says_so(signed, how):
    content = signed.paper()
    assert certificates.by_code(signed.signature.code).stands
    signed.change(how)
    by_code, by_file = certificates.by_code(signed.signature.code), certificates.by_file(content)
    assert by_code.signature and not by_code.stands
    assert by_file.file == "genuine" and not by_file.stands


# --- checking by file --------------------------------------------------------------------------------------------


def test_a_genuine_file_is_known_byte_by_byte(signed):
    found = certificates.by_file(signed.paper())
    assert (found.file, found.signature, found.stands) == ("genuine", signed.signature, True)


@pytest.mark.parametrize("where", [0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 0.999])
def test_one_altered_byte_is_caught_wherever_it_stands(signed, where):
    content = bytearray(signed.paper())
    at = min(int(len(content) * where), len(content) - 1)
    content[at] ^= 0x01
    found = certificates.by_file(bytes(content))
    assert found.signature is None and found.file in ("altered", "foreign"), f"byte {at} of {len(content)}"
    assert not found.stands


def test_a_file_whose_seal_was_broken_is_called_altered(signed):
    """Changed where the paper is drawn: the seal is ours and does not fit any more."""
    content = bytearray(signed.paper())
    at = bytes(content).index(b"stream") + 40
    content[at] ^= 0x01
    assert certificates.by_file(bytes(content)).file == "altered"


def test_a_cut_or_lengthened_certificate_is_no_genuine_one(signed):
    content = signed.paper()
    for changed in (content[:-1], content[: len(content) // 2], content + b"\n", content + content, b"\n" + content):
        assert certificates.by_file(changed).file in ("altered", "foreign")
        assert certificates.by_file(changed).signature is None


def test_a_certificate_of_another_installation_is_foreign(signed, settings, tmp_path):
    ours = settings.HOME
    settings.HOME = stages.make_home(tmp_path)
    certificates._signer.cache_clear()
    theirs = signing.Signer.load(tmp_path / "keys").sign(
        pdf.certificate(certificates._paper(signed.read(), demo=False, now=MORNING)), at=MORNING, reason="x"
    )
    settings.HOME = ours
    certificates._signer.cache_clear()
    assert certificates.by_file(theirs) == certificates.Check(None, file="foreign")


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"halo", b"\x00" * 1000, b"PK\x03\x04" + b"\x00" * 100, b"%PDF-1.7\n%%EOF", b"Ikrar", b"<html>Ikrar</html>"],
    ids=["empty", "head", "text", "nul", "zip", "bare", "our name", "page with our name"],
)  # fmt: skip
def test_what_is_no_certificate_is_foreign(signed, content):
    found = certificates.by_file(content)
    assert found == certificates.Check(None, file="foreign"), "called an altered certificate of ours"


def test_a_bundle_that_left_here_is_not_called_altered(signed):
    """It is whole, byte by byte; whoever checks it must not be told that somebody tampered with it."""
    content = certificates.bundle(signed.pact, signed.root, today=TODAY, by=signed.officer, now=MORNING)
    assert certificates.by_file(content).file != "altered"


# --- a unit's bundle ---------------------------------------------------------------------------------------------


def bundle(signed: Signed) -> bytes:
    return certificates.bundle(signed.pact, signed.root, today=TODAY, by=signed.officer, now=MORNING)


@needs_pdftotext
def test_a_bundle_holds_a_cover_and_a_page_a_signature(signed):
    second = person("Ujang Rahmat", "199001012015031005", signed.root)
    third = person("Belum Tanda", "199001012015031006", signed.root)
    issue(signed.pact)
    sign(duty_of(signed.pact, second), account(second))
    content = bundle(signed)
    said = text_of(content)
    assert pages(content) == 3
    assert "Sari Dewi" in said and "Ujang Rahmat" in said and third.name not in said
    assert signing.check(content, (certificates.settings.HOME / "keys" / signing.CERTIFICATE).read_bytes()).good


def test_taking_a_bundle_is_logged(signed):
    bundle(signed)
    said = [json.loads(bytes(each.payload)) for each in LogPayload.objects.all()]
    found = [each["data"] for each in said if each["event"] == "certificate.bundled"]
    assert found == [{"round": signed.pact.pk, "unit": signed.root.pk, "people": 1, "by": signed.officer.pk}]


@pytest.mark.parametrize("how", GONE)
def test_a_bundle_holds_the_signatures_that_count_and_no_others(signed, how):
    """Its cover says how many count; the pages behind it must be those."""
    signed.change(how)
    day = TODAY + timedelta(days=1)
    assert (
        len(list(certificates.standing(signed.root, signed.pact)))
        == coverage.coverage(signed.pact, signed.root, day).valid
    )


def test_a_bundle_of_one_round_holds_nothing_of_another(signed):
    second = make_round(signed.agency, "Kedua", PactText.of("Kedua", "", ["satu"], ""))
    issue(second)
    sign(duty_of(second, signed.sari), signed.user)
    assert [each.obligation.pact_round for each in certificates.standing(signed.root, signed.pact)] == [signed.pact]
    assert len(certificates.standing(signed.root)) == 2


def test_the_certificates_of_a_unit_come_one_by_one_and_each_is_genuine(signed):
    made = dict(certificates.of_unit(signed.root, now=MORNING))
    assert set(made) == {signed.signature}
    for signature, content in made.items():
        assert certificates.by_file(content).signature == signature


def test_a_unit_where_nobody_signed_has_no_bundle(signed):
    empty = signed.agency.units.create(
        code="Y", name="Kosong", kind="office", parent=signed.root, position=90, last_position=90
    )
    with pytest.raises(NothingToPrint):
        certificates.bundle(signed.pact, empty, today=TODAY, by=signed.officer, now=MORNING)
    assert list(certificates.of_unit(empty, now=MORNING)) == []


# --- slips -------------------------------------------------------------------------------------------------------


@needs_pdftotext
def test_a_slip_says_name_sign_in_name_code_and_until_when(signed):
    placements = list(Placement.objects.select_related("person", "unit"))
    made = accounts.issue_codes(placements, by=signed.officer, now=MORNING)
    said = text_of(certificates.slips(made, signed.agency, now=MORNING))
    (slip,) = made
    squeezed = said.replace(" ", "")
    assert codes.grouped(slip.code) in squeezed and SARI in squeezed and "Sari Dewi" in said
    assert "8 November 2024" in said


@needs_pdftotext
def test_the_last_day_on_a_slip_is_a_day_on_which_its_code_works(signed):
    """Made late in the evening: the day that is printed is local, and the code must still work on that day."""
    late = datetime(2024, 10, 25, 16, 30, tzinfo=UTC)
    placements = list(Placement.objects.select_related("person", "unit"))
    (slip,) = accounts.issue_codes(placements, by=signed.officer, now=late)
    said = text_of(certificates.slips([slip], signed.agency, now=late))
    assert "8 November 2024" in said
    morning_of_that_day = datetime(2024, 11, 8, 1, 0, tzinfo=UTC)
    assert accounts.by_code(SARI, slip.code, now=morning_of_that_day)
