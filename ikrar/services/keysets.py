"""Keys of officers and key sets of bodies: made in browsers, changed by two holders or the offline key, checked as a chain."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import IntegrityError, transaction

from ikrar.domain import access, keysets
from ikrar.domain.age_keys import public_bytes
from ikrar.domain.errors import KeySetProposed, KeySetWrong, OfficerKeyWrong
from ikrar.domain.keysets import Holder, Signature
from ikrar.gateways import sealing
from ikrar.records.models import Body, KeySet, OfficerKey, User
from ikrar.services import accounts, clock, ledger

PERMISSION = "report.open"
_WRAPPED = ("-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----")
_LONGEST_WRAPPED = 4000


# --- officers' keys ----------------------------------------------------------------------------------------------


def may_open(body: Body, *, now: datetime) -> list[User]:
    """Return who has the right to open reports of a body now, by name."""
    roles = access.roles_with(PERMISSION)
    given = User.objects.filter(grants__body=body, grants__role__in=roles).select_related("person").distinct()
    return sorted((user for user in given if has_right(user, body, now=now)), key=lambda user: user.display_name)


def has_right(user: User, body: Body, *, now: datetime) -> bool:
    """Say whether somebody may open reports of a body now. A role rests while its owner has left the service."""
    if not user.is_active:
        return False
    return body.pk in access.scope_of(accounts.grants_of(user, now=now), PERMISSION).bodies


def own_key(user: User, body: Body) -> OfficerKey | None:
    """Return the key that somebody opens reports of a body with."""
    return OfficerKey.objects.filter(user=user, body=body, dropped_at=None).first()


@transaction.atomic(durable=True)
def make_key(
    user: User, body: Body, *, recipient: str, verifier: str, wrapped: str, proof: str, now: datetime
) -> OfficerKey:
    """Keep the public half of a key that somebody made in his browser, and its secret half as he wrapped it.

    `proof` is his signature (hex) on `proof_message`: he has the key that he names. A key that he had before is dropped; the
    set names it until it is changed. Raises RecipientWrong, OfficerKeyWrong (`reason`: right, form, proof, taken).
    """
    if not has_right(user, body, now=now):
        raise OfficerKeyWrong("right")
    public_bytes(recipient)
    if not (
        wrapped.startswith(_WRAPPED[0]) and wrapped.strip().endswith(_WRAPPED[1]) and len(wrapped) < _LONGEST_WRAPPED
    ):
        raise OfficerKeyWrong("form")
    try:
        told, signature = bytes.fromhex(verifier), bytes.fromhex(proof)
    except ValueError:
        raise OfficerKeyWrong("form") from None
    if verifier != told.hex() or not sealing.verify(told, signature, proof_message(user, body, recipient)):
        raise OfficerKeyWrong("proof")
    dropped = OfficerKey.objects.filter(user=user, body=body, dropped_at=None)
    old = [key.pk for key in dropped]
    dropped.update(dropped_at=now)
    try:
        with transaction.atomic():
            made = OfficerKey.objects.create(
                user=user, body=body, recipient=recipient, verifier=verifier, wrapped=wrapped.strip(), made_at=now
            )
    except IntegrityError:
        raise OfficerKeyWrong("taken") from None
    ledger.append(
        "officer_key.made",
        {
            "body": body.pk,
            "key": made.pk,
            "user": user.pk,
            "recipient": recipient,
            "verifier": verifier,
            "dropped": old,
        },
        now=now,
    )
    return made


def proof_message(user: User, body: Body, recipient: str) -> bytes:
    """Return what the owner of a new key signs with it."""
    return f"ikrar/officer-key/v1\n{body.pk}\n{user.pk}\n{recipient}\n".encode()


# --- sets --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reader:
    """A holder of the set in force as people see him: his name, and whether what is sealed today reaches him."""

    holder: Holder
    name: str
    user: int
    receives: bool


def current(body: Body) -> keysets.KeySet | None:
    """Return the set in force after its whole chain was checked; None: the body has none.

    Raises KeySetWrong where the stored chain is not genuine: nothing is sealed to it then.
    """
    rows = KeySet.objects.chain(body.pk).values_list("document", "signatures", "serial")
    links = tuple(
        (bytes(document), tuple((each["verifier"], each["signature"]) for each in signatures))
        for document, signatures, _serial in rows
    )
    if not links:
        return None
    found = _checked(links)
    if found.body != body.pk:
        raise KeySetWrong("chain")
    return found


@lru_cache(maxsize=256)
def _checked(links: tuple[tuple[bytes, tuple[tuple[str, str], ...]], ...]) -> keysets.KeySet:
    """Check a chain, once for the same bytes."""
    return keysets.check_chain(
        ((document, [Signature(*each) for each in signatures]) for document, signatures in links), sealing.verify
    )


def row_of(found: keysets.KeySet) -> KeySet:
    """Return the stored row of a set that was read by `current`."""
    return KeySet.objects.get(body=found.body, serial=found.serial)


def readers(found: keysets.KeySet, *, now: datetime) -> list[Reader]:
    """Return who holds the keys of a set, by name. Whoever lost his right, or made another key since, receives nothing."""
    keys = OfficerKey.objects.filter(pk__in=[holder.key for holder in found.holders]).select_related(
        "user__person", "body"
    )
    by_pk = {key.pk: key for key in keys}
    out = []
    for holder in found.holders:
        key = by_pk.get(holder.key)
        # What was signed is believed; the row beside it only narrows it.
        genuine = key is not None and (key.recipient, key.verifier) == (holder.recipient, holder.verifier)
        receives = genuine and key.dropped_at is None and has_right(key.user, key.body, now=now)
        name = key.user.display_name if key is not None else ""
        out.append(Reader(holder, name, key.user_id if key is not None else 0, receives))
    return sorted(out, key=lambda each: each.name)


def to_seal_to(
    body: Body, *, excluded: Collection[int] = (), now: datetime
) -> tuple[keysets.KeySet, tuple[Holder, ...], Holder]:
    """Return the set in force, the holders to whom a report is sealed now, and the offline key.

    `excluded` are ids of officers' keys. Raises KeySetWrong (`reason`: empty where the body has no set, nobody where no
    holder is left).
    """
    found = current(body)
    if found is None:
        raise KeySetWrong("empty")
    receiving = {each.holder.key for each in readers(found, now=now) if each.receives}
    return found, *keysets.to_seal_to(found, may_open=receiving, excluded=excluded)


@transaction.atomic(durable=True)
def propose(body: Body, *, keys: Sequence[int], offline: tuple[str, str] | None, by: User, now: datetime) -> KeySet:
    """Write the document of the next set, for its signatures. `keys` are ids of officers' keys of this body; `offline` is
    recipient and verifier of a new offline key (None: it stays; the first set needs one).

    Raises KeySetProposed where one waits already, KeySetWrong (`reason` as keysets.check, and offline), RecipientWrong.
    """
    before = current(body)
    if KeySet.objects.filter(body=body, serial=None).exists():
        raise KeySetProposed()
    if offline is None and before is None:
        raise KeySetWrong("offline")
    chosen = OfficerKey.objects.filter(pk__in=keys, body=body, dropped_at=None).select_related("user").order_by("pk")
    holders = tuple(Holder(key.pk, key.recipient, key.verifier) for key in chosen if has_right(key.user, body, now=now))
    if len(holders) != len(set(keys)):
        raise KeySetWrong("holders")
    made = keysets.KeySet(
        body=body.pk,
        serial=before.serial + 1 if before else 1,
        previous=before.digest if before else "",
        on=clock.today(),
        holders=holders,
        offline=Holder(0, *offline) if offline else before.offline,
    )
    try:
        keysets.check(made, before, [], sealing.verify)
    except KeySetWrong as error:
        if error.reason != "unsigned":
            raise
    row = KeySet.objects.create(body=body, document=made.document, digest=made.digest, proposed_by=by, proposed_at=now)
    ledger.append("key_set.proposed", {"body": body.pk, "digest": made.digest, "by": by.pk}, now=now)
    return row


@transaction.atomic(durable=True)
def sign(proposal: KeySet, signature: Signature, *, by: User, now: datetime) -> bool:
    """Add a signature to a proposal; say whether the set is in force now.

    Raises KeySetWrong (`reason`: unsigned where the signature is nobody's who may change the set, or as keysets.check where
    the set changed meanwhile).
    """
    proposal = KeySet.objects.select_for_update().get(pk=proposal.pk)
    if proposal.serial is not None:
        return True
    before = current(proposal.body)
    made = keysets.parse(bytes(proposal.document))
    signers = {holder.verifier for holder in before.holders} | {before.offline.verifier} if before else set()
    signers |= {made.offline.verifier} if before is None else set()
    good = signature.verifier in signers and sealing.verify(
        bytes.fromhex(signature.verifier), bytes.fromhex(signature.signature), made.message
    )
    if not good:
        raise KeySetWrong("unsigned")
    kept = [Signature(**each) for each in proposal.signatures if each["verifier"] != signature.verifier] + [signature]
    written = [{"verifier": each.verifier, "signature": each.signature} for each in kept]
    try:
        keysets.check(made, before, kept, sealing.verify)
    except KeySetWrong as error:
        if error.reason != "unsigned":
            raise
        KeySet.objects.filter(pk=proposal.pk).update(signatures=written)
        return False
    KeySet.objects.filter(pk=proposal.pk).update(signatures=written, serial=made.serial, in_force_at=now)
    ledger.append(
        "key_set.changed",
        {
            "body": proposal.body_id,
            "serial": made.serial,
            "digest": made.digest,
            "previous": made.previous,
            "by": by.pk,
        },
        now=now,
    )
    return True


@transaction.atomic(durable=True)
def withdraw(proposal: KeySet, *, by: User, now: datetime) -> None:
    """Throw a proposal away that is not in force."""
    gone, _ = KeySet.objects.filter(pk=proposal.pk, serial=None).delete()
    if gone:
        ledger.append("key_set.withdrawn", {"body": proposal.body_id, "digest": proposal.digest, "by": by.pk}, now=now)
