"""Signed PDFs: whole until a byte changes, known by one certificate, stamped if an authority is set. The log's key."""

import base64
import hashlib
import random
import socket
import stat
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from asn1crypto import keys, tsp
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from ikrar.gateways import log_key, signing
from tests.services.test_paper import SARI, pdf

pytestmark = pytest.mark.once

MADE_AT = datetime(2024, 9, 1, tzinfo=UTC)
SIGNED_AT = datetime(2024, 10, 25, 10, 5, 9, tzinfo=UTC)
STAMPED_AT = datetime(2024, 10, 25, 10, 5, 11, tzinfo=UTC)
REASON = "Sertifikat pakta integritas"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys")
    signing.make_key(path, "Kota Payakumbuh", MADE_AT)
    return path


@pytest.fixture(scope="module")
def certificate(folder):
    return (folder / signing.CERTIFICATE).read_bytes()


@pytest.fixture(scope="module")
def unsigned():
    return pdf.certificate(SARI)


@pytest.fixture(scope="module")
def signed(folder, unsigned):
    return signing.Signer.load(folder).sign(unsigned, at=SIGNED_AT, reason=REASON)


def hexadecimal_of(document: bytes) -> range:
    """Where the signature itself stands, in hexadecimal signs."""
    start = document.rindex(b"/Contents <") + len(b"/Contents <")
    return range(start, document.index(b">", start))


# --- the key -----------------------------------------------------------------------------------------------------


def test_the_key_is_for_its_owner_alone_and_the_certificate_names_the_installation(folder, certificate):
    assert stat.S_IMODE((folder / signing.KEY).stat().st_mode) == 0o600
    made = x509.load_pem_x509_certificate(certificate)
    assert made.subject.rfc4514_string() == "CN=Ikrar Kota Payakumbuh"
    assert made.not_valid_before_utc == MADE_AT
    assert made.not_valid_after_utc - MADE_AT == timedelta(days=3653)
    usage = made.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and usage.content_commitment and not usage.key_cert_sign
    made.verify_directly_issued_by(made)


def test_a_key_is_never_overwritten(folder, certificate, tmp_path):
    with pytest.raises(FileExistsError):
        signing.make_key(folder, "Lain", MADE_AT)
    assert (folder / signing.CERTIFICATE).read_bytes() == certificate
    (tmp_path / signing.KEY).write_text("half made")
    with pytest.raises(FileExistsError):
        signing.make_key(tmp_path, "Lain", MADE_AT)
    assert not (tmp_path / signing.CERTIFICATE).exists()


def test_a_long_name_of_an_installation_is_cut_to_what_a_certificate_holds(tmp_path):
    made = signing.make_key(tmp_path, "Pemerintah Daerah Provinsi Kepulauan Bangka Belitung é" * 2, MADE_AT)
    name = x509.load_pem_x509_certificate(made.encode()).subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert len(name.encode()) <= 64


def test_a_signer_is_not_made_without_its_key_or_with_the_certificate_of_another(folder, tmp_path):
    with pytest.raises(FileNotFoundError):
        signing.Signer.load(tmp_path)
    signing.make_key(tmp_path, "Lain", MADE_AT)
    (tmp_path / signing.CERTIFICATE).write_bytes((folder / signing.CERTIFICATE).read_bytes())
    with pytest.raises(ValueError, match="another key"):
        signing.Signer.load(tmp_path)


# --- signing and checking ----------------------------------------------------------------------------------------


def test_a_signed_certificate_is_found_whole_and_ours(signed, certificate):
    found = signing.check(signed, certificate)
    assert found.good
    assert found == signing.SignatureCheck(
        signed=True, intact=True, covers_whole=True, ours=True, signed_at=SIGNED_AT, stamped_at=None
    )


def test_the_signature_is_pades_baseline_and_holds_for_another_validator(signed, unsigned, certificate):
    signature = PdfFileReader(BytesIO(signed)).embedded_signatures[0]
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.sig_object["/Reason"] == REASON
    attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
    assert {"content_type", "message_digest", "signing_certificate_v2"} <= attributes
    assert "signing_time" not in attributes  # in PAdES the time stands in the PDF
    root = Certificate.load(x509.load_pem_x509_certificate(certificate).public_bytes(serialization.Encoding.DER))
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root], moment=SIGNED_AT))
    assert status.bottom_line
    assert signed.startswith(unsigned)


def test_one_signer_signs_many_papers_each_for_itself(folder, certificate):
    signer = signing.Signer.load(folder)
    several = [signer.sign(paper, at=SIGNED_AT, reason=REASON) for paper in pdf.certificates([SARI, SARI])]
    assert several[0] != several[1]
    assert all(signing.check(document, certificate).good for document in several)


def test_an_unsigned_file_is_readable_and_not_signed(unsigned, certificate):
    assert signing.check(unsigned, certificate) == signing.SignatureCheck()


def test_a_change_of_any_byte_outside_the_signature_is_found(signed, certificate):
    chance = random.Random(7)
    outside = sorted(set(range(len(signed))) - set(hexadecimal_of(signed)))
    for position in chance.sample(outside, 200):
        changed = bytearray(signed)
        changed[position] ^= chance.randrange(1, 256)
        assert not signing.check(bytes(changed), certificate).good, position


def test_a_change_inside_the_signature_is_found_even_in_the_room_it_does_not_use(signed, certificate):
    place = hexadecimal_of(signed)
    chance = random.Random(8)
    for position in [*chance.sample(place, 40), place[-1]]:
        changed = bytearray(signed)
        changed[position] = ord("1") if changed[position] != ord("1") else ord("2")
        assert not signing.check(bytes(changed), certificate).good, position


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.7, 0.9, 0.97, 0.999])
def test_a_cut_file_is_found(signed, certificate, share):
    assert not signing.check(signed[: int(len(signed) * share)], certificate).good


def test_what_was_added_behind_the_signature_is_found(signed, certificate, folder):
    assert not signing.check(signed + b"\n", certificate).good
    assert not signing.check(signed + b"%comment\n", certificate).good
    update = b"\n4 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 0\ntrailer\n<</Size 5>>\nstartxref\n0\n%%EOF\n"
    assert not signing.check(signed + update, certificate).good


def test_a_signature_of_somebody_else_is_not_ours(unsigned, certificate, tmp_path):
    other = signing.make_key(tmp_path, "Kota Payakumbuh", MADE_AT)
    forged = signing.Signer.load(tmp_path).sign(unsigned, at=SIGNED_AT, reason=REASON)
    found = signing.check(forged, certificate)
    assert found.signed and found.intact and not found.ours and not found.good
    assert signing.check(forged, other.encode()).good


@given(st.binary(max_size=400))
def test_a_file_of_any_kind_gets_an_answer(certificate, data):
    assert not signing.check(data, certificate).good
    assert not signing.check(b"%PDF-1.7\n" + data + b"\nstartxref\n9\n%%EOF\n", certificate).good


# --- time stamps -------------------------------------------------------------------------------------------------


@contextmanager
def server(answer):
    """Serve `answer(body) -> (type, body)` on loopback; give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            kind, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/tsa"
        finally:
            http.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def authority():
    """An authority that knows RSA only, as the one of pyHanko does."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TSA percobaan")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(MADE_AT).not_valid_after(MADE_AT + timedelta(days=3650))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    der = serialization.Encoding.DER
    private = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return DummyTimeStamper(
        Certificate.load(made.public_bytes(der)), keys.PrivateKeyInfo.load(private), fixed_dt=STAMPED_AT
    )


def stamped_by(authority):
    def answer(body):
        return "application/timestamp-reply", authority.request_tsa_response(tsp.TimeStampReq.load(body)).dump()

    return answer


def test_a_time_stamp_authority_gives_the_signature_its_time(folder, certificate, unsigned, authority):
    with server(stamped_by(authority)) as url:
        document = signing.Signer.load(folder, tsa_url=url).sign(unsigned, at=SIGNED_AT, reason=REASON)
    found = signing.check(document, certificate)
    assert found.good
    assert (found.signed_at, found.stamped_at) == (SIGNED_AT, STAMPED_AT)


def test_a_stamp_for_another_signature_is_refused(folder, unsigned, authority):
    stamped = stamped_by(authority)

    def answer(body):
        request = tsp.TimeStampReq.load(body)
        request["message_imprint"]["hashed_message"] = bytes(32)
        return stamped(request.dump())

    with server(answer) as url, pytest.raises(signing.TimeStampUnavailable, match="another signature"):
        signing.Signer.load(folder, tsa_url=url).sign(unsigned, at=SIGNED_AT, reason=REASON)


@pytest.mark.parametrize(
    "answer", [("text/html", b"<h1>Masuk dahulu</h1>"), ("application/timestamp-reply", b"rubbish")]
)
def test_an_answer_that_is_no_stamp_is_refused(folder, unsigned, answer):
    with server(lambda _: answer) as url, pytest.raises(signing.TimeStampUnavailable) as caught:
        signing.Signer.load(folder, tsa_url=url).sign(unsigned, at=SIGNED_AT, reason=REASON)
    assert caught.value.url == url


def test_an_authority_that_cannot_be_reached_is_an_error_and_nothing_is_signed(folder, unsigned):
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/tsa"
    with pytest.raises(signing.TimeStampUnavailable) as caught:
        signing.Signer.load(folder, tsa_url=url).sign(unsigned, at=SIGNED_AT, reason=REASON)
    assert caught.value.code == "time_stamp_unavailable"


# --- the log's key -----------------------------------------------------------------------------------------------


def test_the_logs_key_is_made_once_and_read_again(tmp_path):
    verifier_key = log_key.make(tmp_path, "ikrar.example.go.id/log")
    assert stat.S_IMODE((tmp_path / log_key.KEY).stat().st_mode) == 0o600
    assert log_key.public_note_key("ikrar.example.go.id/log", log_key.load(tmp_path)) == verifier_key
    assert (tmp_path / log_key.VERIFIER_KEY).read_text() == verifier_key + "\n"
    with pytest.raises(FileExistsError):
        log_key.make(tmp_path, "lain")


def test_a_key_of_another_kind_is_not_the_logs_key(folder, tmp_path):
    with pytest.raises(FileNotFoundError):
        log_key.load(tmp_path)
    (tmp_path / log_key.KEY).write_bytes((folder / signing.KEY).read_bytes())
    with pytest.raises(ValueError, match="no Ed25519"):
        log_key.load(tmp_path)


def test_the_verifier_key_is_that_of_a_signed_note():
    # Origin: the example of golang.org/x/mod/sumdb/note, whose private key is
    # PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz.
    seed = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
    key = Ed25519PrivateKey.from_private_bytes(seed)
    expected = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert log_key.public_note_key("PeterNeumann", key) == expected
    public = base64.b64decode(expected.rsplit("+", 1)[1])
    assert hashlib.sha256(b"PeterNeumann\n" + public).hexdigest()[:8] == "c74f20a3"


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "no\u00a0break"])
def test_a_name_that_a_signed_note_cannot_hold_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="not a name"):
        log_key.make(tmp_path, name)
    assert not (tmp_path / log_key.KEY).exists()
