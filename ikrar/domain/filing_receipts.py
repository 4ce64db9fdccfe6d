"""The receipt of a report: the commitment of its entry in the log and the day, signed by the log's key as a signed note.

It promises that the entry stands in the log, and names neither body nor content (c2sp.org/signed-note).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ikrar.domain.commitments import COMMITMENT_BYTES
from ikrar.domain.errors import FilingReceiptWrong

_FIRST = "ikrar/filing/v1"
_ED25519 = 1
_HASH_BYTES, _SIGNATURE_BYTES, _KEY_BYTES = 4, 64, 32
_MOST_SIGNS = 4000
_SIGNED = re.compile("\u2014 [^ +]+ [A-Za-z0-9+/]+=*")

# Says whether a signature of an Ed25519 key (32 bytes) on a message is good.
Verify = Callable[[bytes, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Who checks: the log's name, the first four bytes of the key's hash, and the key."""

    name: str
    key_hash: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class FilingReceipt:
    """What is promised: an entry with this commitment (32 bytes) was made on this day, in the log of this name."""

    log: str
    on: date
    commitment: bytes

    @property
    def text(self) -> str:
        """What is signed: four lines, each ended.

        >>> FilingReceipt("log.example", date(2024, 10, 25), bytes(32)).text.splitlines()[:3]
        ['ikrar/filing/v1', 'log.example', '2024-10-25']
        """
        return f"{_FIRST}\n{self.log}\n{self.on.isoformat()}\n{base64.b64encode(self.commitment).decode()}\n"

    def note(self, key: VerifierKey, signature: bytes) -> str:
        """Return the signed note: the text, an empty line, and the line of the signature."""
        return f"{self.text}\n\u2014 {key.name} {base64.b64encode(key.key_hash + signature).decode()}\n"


def read_key(text: str) -> VerifierKey:
    """Read a verifier key: name, hash and key joined by plus signs. Raises FilingReceiptWrong (`reason`: key).

    >>> read_key("log.example+b252d0cf+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4").name
    'log.example'
    """
    name, _, rest = text.strip().partition("+")
    told, _, body = rest.partition("+")
    try:
        public = base64.b64decode(body, validate=True)
        key_hash = bytes.fromhex(told)
    except (ValueError, binascii.Error):
        raise FilingReceiptWrong("key") from None
    right = hashlib.sha256(name.encode() + b"\n" + public).digest()[:_HASH_BYTES]
    if not name or len(public) != _KEY_BYTES + 1 or public[0] != _ED25519 or key_hash != right:
        raise FilingReceiptWrong("key")
    return VerifierKey(name, key_hash, public[1:])


def read(note: str, key: VerifierKey, verify: Verify) -> FilingReceipt:
    """Read a receipt and check that the key signed it.

    Raises FilingReceiptWrong, `reason`: form (no receipt, or cut), other_log (another log's, or another key's), unsigned.
    """
    tidy = "\n".join(line.strip() for line in note[:_MOST_SIGNS].replace("\r", "").strip().split("\n"))
    text, parted, signatures = tidy.partition("\n\n")
    lines = text.split("\n")
    if not parted or len(lines) != 4 or lines[0] != _FIRST:
        raise FilingReceiptWrong("form")
    try:
        receipt = FilingReceipt(lines[1], date.fromisoformat(lines[2]), base64.b64decode(lines[3], validate=True))
    except (ValueError, binascii.Error):
        raise FilingReceiptWrong("form") from None
    if len(receipt.commitment) != COMMITMENT_BYTES or receipt.text != text + "\n":
        raise FilingReceiptWrong("form")
    if receipt.log != key.name:
        raise FilingReceiptWrong("other_log")
    # What stands beside the signatures nobody signed: a receipt with such a line is none.
    if not all(_SIGNED.fullmatch(line) for line in signatures.split("\n")):
        raise FilingReceiptWrong("form")
    ours = [found for line in signatures.split("\n") if (found := _signature(line, key)) is not None]
    if not ours:
        raise FilingReceiptWrong("other_log")
    if not any(verify(key.key, signature, receipt.text.encode()) for signature in ours):
        raise FilingReceiptWrong("unsigned")
    return receipt


def _signature(line: str, key: VerifierKey) -> bytes | None:
    """Return the signature of a line, if it is one of this key's."""
    mark, _, rest = line.partition(" ")
    name, _, body = rest.partition(" ")
    try:
        found = base64.b64decode(body, validate=True)
    except (ValueError, binascii.Error):
        return None
    same = mark == "\u2014" and name == key.name and found[:_HASH_BYTES] == key.key_hash
    return found[_HASH_BYTES:] if same and len(found) == _HASH_BYTES + _SIGNATURE_BYTES else None
