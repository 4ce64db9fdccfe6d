"""The key that signs the log's checkpoints: Ed25519, made once, kept in the installation's folder.

Whoever wants to check the log needs the verifier key, which names the log and holds the public half. Its form is
that of the C2SP signed note (c2sp.org/signed-note).
"""

import base64
import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

KEY = "log-key.pem"
VERIFIER_KEY = "log-key.pub"

_ED25519 = b"\x01"  # the algorithm's number in a signed note


def make(folder: Path, name: str) -> str:
    """Make the key and return its verifier key, which is written beside it. Raises FileExistsError where one exists.

    `name` is the log's name in its checkpoints, such as "ikrar.example.go.id/log".
    """
    key = Ed25519PrivateKey.generate()
    verifier_key = public_note_key(name, key)
    write_once(folder / KEY, private_pem(key))
    write_once(folder / VERIFIER_KEY, f"{verifier_key}\n".encode(), mode=0o644)
    return verifier_key


def load(folder: Path) -> Ed25519PrivateKey:
    """Read the key. Raises FileNotFoundError where none was made, ValueError where the file holds another kind."""
    key = serialization.load_pem_private_key((folder / KEY).read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{folder / KEY} holds no Ed25519 key")
    return key


def public_note_key(name: str, key: Ed25519PrivateKey) -> str:
    """Return the verifier key: name, key hash and public key, joined by plus signs. Raises ValueError for a bad name.

    >>> seed = bytes(range(32))
    >>> public_note_key("log.example", Ed25519PrivateKey.from_private_bytes(seed))
    'log.example+b252d0cf+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'
    """
    if not name or "+" in name or any(char.isspace() for char in name):
        raise ValueError(f"not a name for a log: {name!r} is empty or has a space or a plus sign")
    public = _ED25519 + key.public_key().public_bytes_raw()
    key_hash = hashlib.sha256(name.encode("utf-8") + b"\n" + public).digest()[:4]
    return f"{name}+{key_hash.hex()}+{base64.b64encode(public).decode('ascii')}"


def write_once(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file that must not exist yet, whole and on the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def private_pem(key: PrivateKeyTypes) -> bytes:
    """Return a private key as PEM, not encrypted: the file's mode is its guard."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
