"""Signatures on the installation's PDFs: PAdES with its own P-256 key, so that a changed file shows it.

The certificate is made by the installation for itself. A reader program calls its name unknown; that the file is
unchanged it shows all the same, and the page that checks certificates knows the certificate.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from asn1crypto import cms
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import simple_cms_attribute
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_signer_info,
    extract_tst_data_iter,
    message_imprint_checker,
    validate_sig_integrity,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ikrar.domain.errors import DomainError
from ikrar.gateways.log_key import private_pem, write_once

KEY = "signing-key.pem"
CERTIFICATE = "signing-certificate.pem"

_LIFE = timedelta(days=3653)  # ten years
_FIELD = "Ikrar"
_LONGEST_NAME = 64  # of a common name, in X.520
# Room for the signature in hexadecimal signs: certificate and signature take some 2,200, a time stamp up to 12 KB more.
_ROOM = 4_096
_ROOM_STAMPED = 32_768
_SOME_DIGEST = hashlib.sha256(b"stands where the digest of a document will stand").digest()


@dataclass(eq=False)
class TimeStampUnavailable(DomainError):
    """The time stamp authority did not answer, or its answer is none; nothing was signed."""

    code = "time_stamp_unavailable"
    url: str
    reason: str


@dataclass(frozen=True)
class SignatureCheck:
    """What a PDF's signature says about it. Only `good` means: these bytes left this installation.

    `unreadable` is a file that is no PDF, or too broken to be read; a readable one may still not be `signed`. `intact`
    says that the signed bytes are those that were signed, by whomever; `ours`, that the signer is this installation.
    `signed_at` is the signer's own word, `stamped_at` that of a time stamp made for this signature; whether its
    authority is to be trusted is not looked at.
    """

    unreadable: bool = False
    signed: bool = False
    intact: bool = False
    covers_whole: bool = False
    ours: bool = False
    signed_at: datetime | None = None
    stamped_at: datetime | None = None

    @property
    def good(self) -> bool:
        return self.intact and self.covers_whole and self.ours


def make_key(folder: Path, name: str, now: datetime) -> str:
    """Make the key and a certificate it signs for itself, for ten years; return the certificate as PEM.

    Raises FileExistsError where a key exists: what it signed could not be checked any more.
    """
    if (folder / CERTIFICATE).exists():
        raise FileExistsError(folder / CERTIFICATE)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key, name, now).public_bytes(serialization.Encoding.PEM)
    write_once(folder / KEY, private_pem(key))
    write_once(folder / CERTIFICATE, certificate, mode=0o644)
    return certificate.decode("ascii")


def _certificate(key: ec.EllipticCurvePrivateKey, name: str, now: datetime) -> x509.Certificate:
    common_name = f"Ikrar {name}".encode()[:_LONGEST_NAME].decode("utf-8", "ignore").strip()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    public = key.public_key()
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + _LIFE)
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


class Signer:
    """Signs PDFs with a key that was read once. Threads may share it.

    pyHanko writes the signature into the PDF and, once, a CMS object by which all further ones are made: with one
    signer they differ in the document's digest and the signature's value alone. To build one anew takes 20 ms, and to
    encode one anew as long: asn1crypto takes a length whose last byte is 80 for an open one, and encodes all again and
    again. So one is encoded for each length that a value of ECDSA can have (68 to 72 bytes, as a rule).
    """

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, *, tsa_url: str = "") -> None:
        if key.public_key() != certificate.public_key():
            raise ValueError("the certificate belongs to another key")
        self._key = key
        self._tsa_url = tsa_url
        self._pyhanko = _pyhanko_signer(key, certificate)
        model = asyncio.run(self._pyhanko.async_sign(_SOME_DIGEST, "sha256", use_pades=True))
        attributes = model["content"]["signer_infos"][0]["signed_attrs"].untag().dump()
        self._model, self._attributes = model.dump(), attributes
        self._of_length: dict[int, bytes] = {}
        assert self._model.count(_SOME_DIGEST) == attributes.count(_SOME_DIGEST) == 1

    @classmethod
    def load(cls, folder: Path, *, tsa_url: str = "") -> "Signer":
        """Read key and certificate. Raises FileNotFoundError where none were made."""
        key = serialization.load_pem_private_key((folder / KEY).read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{folder / KEY} holds no elliptic curve key")
        return cls(key, x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes()), tsa_url=tsa_url)

    def sign(self, pdf: bytes, *, at: datetime, reason: str) -> bytes:
        """Return the PDF signed: PAdES baseline B-B, or B-T where a time stamp authority is set.

        The signature allows no later change. Raises TimeStampUnavailable.
        """
        intent = PdfSignatureMetadata(
            field_name=_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason,
            name=self._pyhanko.subject_name, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES,
        )  # fmt: skip
        session = PdfSigner(intent, self._pyhanko).init_signing_session(IncrementalPdfFileWriter(BytesIO(pdf)))
        session.system_time = at
        room = _ROOM_STAMPED if self._tsa_url else _ROOM
        document = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
        prepared, output = document.digest_tbs_document()
        prepared.fill_with_cms(output, self._cms(prepared.document_digest))
        return output.getvalue()

    def _cms(self, digest: bytes) -> bytes:
        value = self._key.sign(self._attributes.replace(_SOME_DIGEST, digest), ec.ECDSA(hashes.SHA256()))
        if not self._tsa_url:
            if len(value) not in self._of_length:
                self._of_length[len(value)] = _with_signature(self._model, _some_value(len(value))).dump()
            model = self._of_length[len(value)]
            return model.replace(_SOME_DIGEST, digest).replace(_some_value(len(value)), value)
        signed = _with_signature(self._model.replace(_SOME_DIGEST, digest), value)
        stamp = simple_cms_attribute("signature_time_stamp_token", _time_stamp(self._tsa_url, value))
        signed["content"]["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([stamp])
        return signed.dump()


def _with_signature(model: bytes, value: bytes) -> cms.ContentInfo:
    signed = cms.ContentInfo.load(model)
    signed["content"]["signer_infos"][0]["signature"] = value
    return signed


def _some_value(length: int) -> bytes:
    """Return bytes that stand where a signature's value of that length will stand."""
    return (hashlib.sha512(b"stands where the value of a signature will stand").digest() * 2)[:length]


def _pyhanko_signer(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> SimpleSigner:
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return SimpleSigner(
        signing_cert=Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore(),
    )


def _time_stamp(url: str, value: bytes) -> cms.ContentInfo:
    """Ask the authority for a stamp on a signature's value (RFC 3161)."""
    digest = hashlib.sha256(value).digest()
    try:
        token = asyncio.run(HTTPTimeStamper(url).async_timestamp(digest, "sha256"))
        stamped = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
        fits = stamped["hashed_message"].native == digest and len(token.dump()) * 2 < _ROOM_STAMPED - _ROOM
    except Exception as error:  # whatever an outside server sends or fails to send, it is no stamp
        raise TimeStampUnavailable(url, f"{type(error).__name__}: {error}"[:200]) from error
    if not fits:
        raise TimeStampUnavailable(url, "the stamp is for another signature, or too long")
    return token


def check(pdf: bytes, certificate_pem: bytes) -> SignatureCheck:
    """Say what the signature of a PDF is worth, checked with this certificate. A file of any kind gets an answer."""
    certificate = Certificate.load(
        x509.load_pem_x509_certificate(certificate_pem).public_bytes(serialization.Encoding.DER)
    )
    try:
        signatures = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
        return _checked(signatures[-1], certificate) if signatures else SignatureCheck()
    except Exception:  # the file comes from anybody; a reader may stumble over it in every way
        return SignatureCheck(unreadable=True)


def _checked(signature: EmbeddedPdfSignature, certificate: Certificate) -> SignatureCheck:
    info, contents, signer = signature.signer_info, signature.pkcs7_content, signature.signer_cert
    unchanged, valid = validate_sig_integrity(info, signer, "data", signature.compute_digest())
    # What stands behind the CMS object is room that was not needed: nothing but zeros.
    used = len(cms.ContentInfo.load(contents).dump())
    start, first, second, _ = signature.byte_range
    gap_is_signature = start == 0 and second == first + 2 * len(contents) + 2
    coverage = signature.evaluate_signature_coverage()
    return SignatureCheck(
        signed=True,
        intact=unchanged and valid and not contents[used:].strip(b"\0"),
        covers_whole=gap_is_signature and coverage is SignatureCoverageLevel.ENTIRE_FILE,
        ours=signer.dump() == certificate.dump(),
        signed_at=signature.self_reported_timestamp,
        stamped_at=_stamped_at(info),
    )


def _stamped_at(info: cms.SignerInfo) -> datetime | None:
    """Return the time of the first stamp that is whole and was made for this signature."""
    for stamp in extract_tst_data_iter(info, signed=False):
        content = stamp["encap_content_info"]["content"]
        imprint = content.parsed["message_imprint"]
        stamped = message_imprint_checker(info)(imprint["hash_algorithm"]["algorithm"].native)
        stamper = extract_signer_info(stamp)
        certificate = extract_certs_for_validation(stamp).signer_cert
        digest = hashlib.new(stamper["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
        whole = all(validate_sig_integrity(stamper, certificate, "tst_info", digest))
        if whole and imprint["hashed_message"].native == stamped:
            return content.parsed["gen_time"].native
    return None
