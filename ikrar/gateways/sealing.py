"""Sealing in the age format (age-encryption.org/v1), so that anybody's age tool opens it with the right key.

The server holds no key that opens what reporters send; what it opens for a reporter without scripts it opens with the code
that was just typed, in memory.
"""

import base64
import hashlib
import hmac
import io
import json
import os
import textwrap
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ikrar.domain.age_keys import identity_text, recipient_of
from ikrar.domain.errors import RecipientWrong, SealBroken
from ikrar.domain.return_codes import hkdf

_SIGN = b"ikrar/sign/v1"
STEP = 1024  # bytes; the least that a sealed text is padded to
_PAD = b" "


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A secret of 32 bytes: opens what is sealed to `recipient`, and signs as `verifier`."""

    secret: bytes

    @classmethod
    def new(cls) -> "Key":
        """Make a key."""
        return cls(os.urandom(32))

    @property
    def recipient(self) -> str:
        """The public half, as age writes it."""
        return recipient_of(X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw())

    @property
    def identity(self) -> str:
        """The secret half, as age writes it."""
        return identity_text(self.secret)

    @property
    def verifier(self) -> str:
        """The key that checks signatures, in hex."""
        return self._signer.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """Sign, as an officer's browser does (static/sealing)."""
        return self._signer.sign(message).hex()

    @property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hkdf(self.secret, _SIGN))


def verify(verifier: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether an Ed25519 signature is good."""
    try:
        Ed25519PublicKey.from_public_bytes(verifier).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _recipients(texts: Iterable[str]) -> list[pyrage.x25519.Recipient]:
    try:
        return [pyrage.x25519.Recipient.from_str(text) for text in texts]
    except pyrage.RecipientError:
        raise RecipientWrong() from None


def seal(content: bytes, to: Sequence[str]) -> bytes:
    """Seal bytes to recipients, each of whom opens it alone. Raises RecipientWrong; ValueError for no recipient."""
    if not to:
        raise ValueError("sealed to nobody")
    return pyrage.encrypt(content, _recipients(to))


def padded(document: Mapping[str, object]) -> bytes:
    """Write a document as JSON, filled with blanks to the next power of two from STEP on: its size tells little."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    size = STEP
    while size < len(text):
        size *= 2
    return text.ljust(size, _PAD)


def unseal(sealed: bytes, identity: str) -> bytes:
    """Open sealed bytes with an identity of age. Raises SealBroken for a wrong key or changed bytes."""
    try:
        return pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise SealBroken() from None


SCRYPT_LOG_N = 16  # 64 MiB and about 0.2 s a guess, as the browser does it


def wrap(identity: str, passphrase: str, *, log_n: int = SCRYPT_LOG_N) -> str:
    """Seal an identity under a passphrase as an officer's browser does: an armoured age file.

    pyrage would give it as much work as takes this machine a second, which is too much for the browser that opens it.
    """
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    label = b"age-encryption.org/v1/scrypt" + salt
    key = hashlib.scrypt(passphrase.encode(), salt=label, n=1 << log_n, r=8, p=1, maxmem=2048 << log_n, dklen=32)
    body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
    header = f"age-encryption.org/v1\n-> scrypt {_base64(salt)} {log_n}\n{_base64(body)}\n---".encode()
    mac = hmac.new(HKDF(SHA256(), 32, None, b"header").derive(file_key), header, hashlib.sha256).digest()
    stream_key = HKDF(SHA256(), 32, nonce, b"payload").derive(file_key)
    last_chunk = bytes(11) + b"\x01"
    content = ChaCha20Poly1305(stream_key).encrypt(last_chunk, f"{identity}\n".encode(), None)
    whole = base64.b64encode(header + f" {_base64(mac)}\n".encode() + nonce + content).decode()
    lines = "\n".join(textwrap.wrap(whole, 64))
    return f"-----BEGIN AGE ENCRYPTED FILE-----\n{lines}\n-----END AGE ENCRYPTED FILE-----\n"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


class Sealer:
    """Seals what is written to it, chunk by chunk, into a file: no more than a few chunks stand in memory, none in clear
    on a disk.

    `close` ends the sealing; `abandon` ends it for a caller who throws the file away. Both are safe to call twice.
    """

    def __init__(self, to: Sequence[str], target: BinaryIO) -> None:
        recipients = _recipients(to)
        if not recipients:
            raise ValueError("sealed to nobody")
        reading, writing = os.pipe()
        self._writing: io.FileIO | None = io.FileIO(writing, "w")
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(reading, target, recipients), daemon=True)
        self._thread.start()

    def _run(self, reading: int, target: BinaryIO, recipients: list[pyrage.x25519.Recipient]) -> None:
        with open(reading, "rb", buffering=1 << 16) as source:
            try:
                pyrage.encrypt_io(source, target, recipients)
            except BaseException as error:  # handed to whoever writes
                self._error = error
                while source.read(1 << 16):
                    pass

    def write(self, chunk: bytes) -> None:
        """Seal some more. Raises OSError where the target took no more."""
        if self._writing is None:
            raise ValueError("this seal is closed")
        view = memoryview(chunk)
        while view:
            view = view[self._writing.write(view) :]
        if self._error is not None:
            self._raise()

    def close(self) -> None:
        """End the sealing; what was written can be opened from now on. Raises OSError where the target took no more."""
        self._end()
        if self._error is not None:
            self._raise()

    def abandon(self) -> None:
        """End without caring for what was written."""
        self._end()

    def _end(self) -> None:
        if self._writing is not None:
            self._writing.close()
            self._writing = None
            self._thread.join()

    def _raise(self) -> None:
        if isinstance(self._error, OSError):
            raise self._error
        raise OSError("sealing failed") from self._error
