"""Key sets: to whose keys a body's reports are sealed, and which change of them is genuine.

A set is a document that names the one before; two holders of the one before sign it, or its offline key. The first is
signed by its own offline key. Whoever reads a set checks the whole chain, so that no row that somebody wrote past the
officers is believed.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ikrar.domain.age_keys import public_bytes
from ikrar.domain.commitments import canonical
from ikrar.domain.errors import KeySetWrong, PayloadNotCanonical, RecipientWrong

_TAG = b"ikrar/key-set/v1\x00"
_FORM = 1
SIGNERS = 2  # so many holders change a set together
MOST_HOLDERS = 40
LEAST_HOLDERS = 2  # loss of one key shall lose nothing, and two are needed to change
_HEX = re.compile(r"[0-9a-f]{64}")
_GROUP = 4

# Says whether a signature of an Ed25519 key (32 bytes) on a message is good.
Verify = Callable[[bytes, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Holder:
    """One who opens: the key's id in the records, his age recipient, and his verifier (Ed25519, hex)."""

    key: int
    recipient: str
    verifier: str


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys of a body from a day on. `previous` is the digest (hex) of the set before; empty for the first."""

    body: int
    serial: int
    previous: str
    on: date
    holders: tuple[Holder, ...]
    offline: Holder  # its key id is 0: it lies on paper

    @property
    def document(self) -> bytes:
        """The one byte form, which is what is signed and digested."""
        return canonical(
            {
                "body": self.body,
                "holders": [_written(holder) for holder in self.holders],
                "offline": _written(self.offline),
                "on": self.on.isoformat(),
                "previous": self.previous,
                "serial": self.serial,
                "v": _FORM,
            }
        )

    @property
    def message(self) -> bytes:
        """What a signer signs."""
        return _TAG + self.document

    @property
    def digest(self) -> str:
        """SHA-256 of the document, in hex."""
        return hashlib.sha256(self.message).hexdigest()

    @property
    def fingerprint(self) -> str:
        """What people compare with a paper: the first 80 bits of the digest as five groups of four signs."""
        return " ".join(self.digest[start : start + _GROUP] for start in range(0, 20, _GROUP))

    @property
    def recipients(self) -> tuple[str, ...]:
        """All recipients, the offline key last."""
        return (*(holder.recipient for holder in self.holders), self.offline.recipient)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a set changes against the one before: keys that come, go and stay, and whether the offline key is another."""

    coming: tuple[Holder, ...]
    going: tuple[Holder, ...]
    staying: tuple[Holder, ...]
    offline_is_new: bool


def difference(made: KeySet, before: KeySet | None) -> Difference:
    """Compare a set with the one before it; with none, everybody comes."""
    old = before.holders if before else ()
    return Difference(
        coming=tuple(holder for holder in made.holders if holder not in old),
        going=tuple(holder for holder in old if holder not in made.holders),
        staying=tuple(holder for holder in made.holders if holder in old),
        offline_is_new=before is None or made.offline != before.offline,
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed (verifier, hex) and the 64 bytes (hex)."""

    verifier: str
    signature: str


def _written(holder: Holder) -> dict[str, Any]:
    return {"key": holder.key, "recipient": holder.recipient, "verifier": holder.verifier}


def parse(document: bytes) -> KeySet:
    """Read a set from its document. Raises KeySetWrong (`reason`: form) for anything that `document` would not write."""
    try:
        data = json.loads(document)
        read = KeySet(
            body=data["body"],
            serial=data["serial"],
            previous=data["previous"],
            on=date.fromisoformat(data["on"]),
            holders=tuple(Holder(**each) for each in data["holders"]),
            offline=Holder(**data["offline"]),
        )
        same = read.document == document and _has_its_types(read)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, PayloadNotCanonical):
        raise KeySetWrong("form") from None
    if not same:
        raise KeySetWrong("form")
    return read


def _has_its_types(read: KeySet) -> bool:
    """Say whether numbers are numbers and texts texts: JSON would let `true` pass for 1."""
    keys = (*read.holders, read.offline)
    numbers = (read.body, read.serial, *(holder.key for holder in keys))
    words = (read.previous, *(word for holder in keys for word in (holder.recipient, holder.verifier)))
    return {type(each) for each in numbers} == {int} and {type(each) for each in words} == {str}


def check(made: KeySet, before: KeySet | None, signatures: Collection[Signature], verify: Verify) -> None:
    """Check one set against the one before it.

    Raises KeySetWrong, `reason`: form, holders (fewer than two, or too many), double (a key stands twice), chain (does not
    follow), unsigned (not by two holders of the one before, nor by its offline key), unchanged.
    """
    _check_form(made)
    if before is None:
        if made.serial != 1 or made.previous:
            raise KeySetWrong("chain")
    else:
        if made.body != before.body or made.serial != before.serial + 1 or made.previous != before.digest:
            raise KeySetWrong("chain")
        if made.on < before.on:
            raise KeySetWrong("chain")
        if (made.holders, made.offline) == (before.holders, before.offline):
            raise KeySetWrong("unchanged")
    by = signed_by(made, before, signatures, verify)
    offline = (before or made).offline.verifier
    if offline not in by and len(by) < SIGNERS:
        raise KeySetWrong("unsigned")


def may_sign(made: KeySet, before: KeySet | None) -> frozenset[str]:
    """Return the verifiers whose signatures count: the holders of the set before and its offline key; of the first set
    its own offline key alone.
    """
    if before is None:
        return frozenset({made.offline.verifier})
    return frozenset({before.offline.verifier, *(holder.verifier for holder in before.holders)})


def signed_by(made: KeySet, before: KeySet | None, signatures: Collection[Signature], verify: Verify) -> frozenset[str]:
    """Return the verifiers that signed a set among those whose signatures count."""
    counts = may_sign(made, before)
    return frozenset(
        each.verifier
        for each in signatures
        if each.verifier in counts
        and _HEX.fullmatch(each.verifier)
        and verify(bytes.fromhex(each.verifier), _bytes(each.signature), made.message)
    )


def _check_form(made: KeySet) -> None:
    if not LEAST_HOLDERS <= len(made.holders) <= MOST_HOLDERS:
        raise KeySetWrong("holders")
    keys = [*made.holders, made.offline]
    for holder in keys:
        try:
            public_bytes(holder.recipient)
        except RecipientWrong:
            raise KeySetWrong("form") from None
        if not _HEX.fullmatch(holder.verifier):
            raise KeySetWrong("form")
    for part in ("key", "recipient", "verifier"):
        if len({getattr(holder, part) for holder in keys}) != len(keys):
            raise KeySetWrong("double")
    if made.offline.key != 0 or list(made.holders) != sorted(made.holders, key=lambda holder: holder.key):
        raise KeySetWrong("form")


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def check_chain(links: Iterable[tuple[bytes, Sequence[Signature]]], verify: Verify) -> KeySet:
    """Check a chain from its first document on and return the latest set. Raises KeySetWrong (also: empty)."""
    latest: KeySet | None = None
    for document, signatures in links:
        made = parse(document)
        check(made, latest, signatures, verify)
        latest = made
    if latest is None:
        raise KeySetWrong("empty")
    return latest


def to_seal_to(
    latest: KeySet, *, may_open: Collection[int], excluded: Collection[int] = ()
) -> tuple[tuple[Holder, ...], Holder]:
    """Return the holders to whom a report is sealed today, and the offline key.

    `may_open`: ids of keys whose owners still have the right to this body; `excluded`: ids whom the reporter leaves out. A
    set that nobody could open raises KeySetWrong (`reason`: nobody).
    """
    holders = tuple(holder for holder in latest.holders if holder.key in may_open and holder.key not in excluded)
    if not holders:
        raise KeySetWrong("nobody")
    return holders, latest.offline
