"""Keys of officers and key sets of bodies: made in browsers, changed by two holders or the offline key, checked as a chain."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from django.db import IntegrityError, transaction

from ikrar.domain import access, keysets
from ikrar.domain.age_keys import public_bytes
from ikrar.domain.errors import KeySetProposed, KeySetWrong, OfficerKeyWrong
from ikrar.domain.keysets import Holder, Signature
from ikrar.gateways import sealing
from ikrar.records.models import Body, KeySet, OfficerKey, User
from ikrar.services import accounts, clock, ledger, notices

PERMISSION = "report.open"
_WRAPPED = ("-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----")
_LONGEST_WRAPPED = 4000


# --- officers' keys ----------------------------------------------------------------------------------------------


def may_open(body: Body, *, now: datetime) -> list[User]:
    """Return who has the right to open reports of a body now, by name."""
    roles = access.roles_with(PERMISSION)
    given = User.objects.filter(grants__body=body, grants__role__in=roles).select_related("person").distinct()
    having = (user for user in given if has_right(user, body, now=now))
    return sorted(having, key=lambda user: (user.display_name, user.pk))


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
    return sorted(out, key=lambda each: (each.name, each.holder.key))


@dataclass(frozen=True)
class Offline:
    """An offline key that a body's sets name or named, and the stored rows of the sets that name it."""

    holder: Holder
    rows: frozenset[int]


def offline_keys(body: Body) -> list[Offline]:
    """Return the offline keys of a body's chain, the one in force last. Raises KeySetWrong where the chain is not genuine."""
    if current(body) is None:
        return []
    rows: dict[Holder, set[int]] = {}
    for pk, document in KeySet.objects.chain(body.pk).values_list("pk", "document"):
        offline = keysets.parse(bytes(document)).offline
        rows[offline] = rows.pop(offline, set()) | {pk}
    return [Offline(holder, frozenset(pks)) for holder, pks in rows.items()]


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

    Raises KeySetProposed where one waits already, KeySetWrong (`reason` as keysets.check, and offline).
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
        on=max(clock.today(), before.on) if before else clock.today(),
        holders=holders,
        offline=Holder(0, *offline) if offline else before.offline,
    )
    try:
        keysets.check(made, before, [], sealing.verify)
    except KeySetWrong as error:
        if error.reason != "unsigned":
            raise
    try:
        with transaction.atomic():
            row = KeySet.objects.create(
                body=body, document=made.document, digest=made.digest, proposed_by=by, proposed_at=now
            )
    except IntegrityError:
        raise KeySetProposed() from None
    ledger.append("key_set.proposed", {"body": body.pk, "digest": made.digest, "by": by.pk}, now=now)
    said = {"body": body.pk, "name": body.name}
    notices.tell_accounts(_others(body, by, now), "key_set_proposed", said, link="", now=now)
    return row


def _others(body: Body, by: User, now: datetime) -> list[User]:
    """Return the others who may open reports of a body."""
    return [user for user in may_open(body, now=now) if user.pk != by.pk]


@transaction.atomic(durable=True)
def sign(proposal: KeySet, signature: Signature, *, by: User, now: datetime) -> bool:
    """Add a signature to a proposal; say whether the set is in force now.

    Raises KeySetWrong (`reason`: gone where it was withdrawn, unsigned where the signature is nobody's who may change the
    set, or as keysets.check where the set changed meanwhile).
    """
    found = KeySet.objects.select_for_update().filter(pk=proposal.pk).select_related("body").first()
    if found is None:
        raise KeySetWrong("gone")
    if found.serial is not None:
        return True
    before = current(found.body)
    made = keysets.parse(bytes(found.document))
    if not keysets.signed_by(made, before, [signature], sealing.verify):
        raise KeySetWrong("unsigned")
    kept = [each for each in _signatures(found) if each.verifier != signature.verifier] + [signature]
    written = [{"verifier": each.verifier, "signature": each.signature} for each in kept]
    try:
        keysets.check(made, before, kept, sealing.verify)
    except KeySetWrong as error:
        if error.reason != "unsigned":
            raise
        KeySet.objects.filter(pk=found.pk).update(signatures=written)
        return False
    entry = ledger.append(
        "key_set.changed",
        {
            "body": found.body_id,
            "serial": made.serial,
            "digest": made.digest,
            "previous": made.previous,
            "by": by.pk,
        },
        now=now,
    )
    KeySet.objects.filter(pk=found.pk).update(
        signatures=written, serial=made.serial, in_force_at=now, entry_id=entry.pk
    )
    said = {"body": found.body_id, "name": found.body.name}
    notices.tell_accounts(_others(found.body, by, now), "key_set_changed", said, link="", now=now)
    return True


def _signatures(row: KeySet) -> list[Signature]:
    return [Signature(each["verifier"], each["signature"]) for each in row.signatures]


def may_withdraw(proposal: KeySet, user: User, before: keysets.KeySet | None) -> bool:
    """Say whether somebody may throw a proposal away: whoever may sign it, and who made it where he has a key. Nobody else has
    a say in whom reports are sealed to. Before the first set it is those whose keys are proposed.
    """
    if signing_key(user, before) is not None:
        return True
    own = own_key(user, proposal.body)
    if own is None:
        return False
    named = {holder.key for holder in keysets.parse(bytes(proposal.document)).holders} if before is None else set()
    return proposal.proposed_by_id == user.pk or own.pk in named


@transaction.atomic(durable=True)
def withdraw(proposal: KeySet, *, by: User, now: datetime) -> None:
    """Throw a proposal away that is not in force, and tell the others. Raises KeySetWrong (`reason`: withdraw, or chain)."""
    found = KeySet.objects.select_for_update().filter(pk=proposal.pk, serial=None).select_related("body").first()
    if found is None:
        return
    if not may_withdraw(found, by, current(found.body)):
        raise KeySetWrong("withdraw")
    found.delete()
    ledger.append("key_set.withdrawn", {"body": found.body_id, "digest": found.digest, "by": by.pk}, now=now)
    said = {"body": found.body_id, "name": found.body.name}
    notices.tell_accounts(_others(found.body, by, now), "key_set_withdrawn", said, link="", now=now)


# --- what pages show ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One set of a body, in force or proposed: what it changes against the one before, and who signed it."""

    row: KeySet
    made: keysets.KeySet
    coming: list[Reader]
    going: list[Reader]
    staying: list[Reader]
    offline_is_new: bool
    signers: list[str]  # names of holders of the set before
    by_offline: bool

    @property
    def missing(self) -> int:
        """How many signatures of holders are missing; the offline key alone would do as well."""
        return 0 if self.by_offline else max(0, keysets.SIGNERS - len(self.signers))

    @property
    def log_entry(self) -> tuple[str, str] | None:
        """The log's entry about its coming into force: key and commitment, in hex."""
        entry = self.row.entry
        return (f"{entry.pk:x}", bytes(entry.commitment).hex()) if entry else None


def proposal_of(body: Body) -> KeySet | None:
    """Return the change of a body's set that waits for signatures."""
    return KeySet.objects.filter(body=body, serial=None).select_related("proposed_by__person", "body").first()


def change(row: KeySet, before: keysets.KeySet | None, *, now: datetime) -> Change:
    """Put a set into words: names beside the keys that come, go and stay."""
    made = keysets.parse(bytes(row.document))
    difference = keysets.difference(made, before)
    told = {each.holder: each for each in readers(made, now=now)}
    told |= {each.holder: each for each in (readers(before, now=now) if before else ())}
    by = keysets.signed_by(made, before, _signatures(row), sealing.verify)
    offline = (before or made).offline.verifier
    return Change(
        row=row,
        made=made,
        coming=[told[holder] for holder in difference.coming],
        going=[told[holder] for holder in difference.going],
        staying=[told[holder] for holder in difference.staying],
        offline_is_new=difference.offline_is_new,
        signers=sorted(each.name for holder, each in told.items() if holder.verifier in by),
        by_offline=offline in by,
    )


def history(body: Body, *, now: datetime) -> list[Change]:
    """Return all sets of a body that are in force or were, the latest first. Raises KeySetWrong for a row of no form."""
    found, before = [], None
    for row in KeySet.objects.chain(body.pk).select_related("proposed_by__person", "entry"):
        found.append(change(row, before, now=now))
        before = found[-1].made
    return found[::-1]


def links(body: Body) -> list[dict[str, object]]:
    """Return the chain of a body as a browser checks it: documents with their signatures, the first one first."""
    rows = KeySet.objects.chain(body.pk).values_list("document", "signatures")
    return [{"document": bytes(document).decode(), "signatures": signatures} for document, signatures in rows]


def keys_of(body: Body, *, now: datetime) -> list[OfficerKey]:
    """Return the keys that could stand in the next set: those of whoever has the right to the body now, by name."""
    keys = OfficerKey.objects.filter(body=body, dropped_at=None).select_related("user__person")
    return sorted(
        (key for key in keys if has_right(key.user, body, now=now)), key=lambda key: (key.user.display_name, key.pk)
    )


def signing_key(user: User, before: keysets.KeySet | None) -> OfficerKey | None:
    """Return the key by which somebody may sign the next set: his in the set before, also where he made another since."""
    if before is None:
        return None
    verifiers = [holder.verifier for holder in before.holders]
    return OfficerKey.objects.filter(user=user, body=before.body, verifier__in=verifiers).order_by("-made_at").first()


class Standing(StrEnum):
    """How somebody's own key stands to the set in force."""

    NONE = "none"  # he has no key
    WAITING = "waiting"  # no set names his key yet
    HOLDS = "holds"
    OLD_ONE = "old_one"  # the set names a key that he dropped


@dataclass(frozen=True)
class Place:
    """A body as somebody sees it who may open its reports: his key, the set in force, what waits for signatures."""

    body: Body
    key: OfficerKey | None
    standing: Standing
    found: keysets.KeySet | None
    broken: bool  # the stored chain is not genuine: nothing is sealed to it
    readers: list[Reader]
    proposal: KeySet | None

    @property
    def waits(self) -> bool:
        """Whether something of it waits for its officers: a key that is missing, a change to be signed, a chain that broke."""
        return self.broken or self.standing is Standing.NONE or self.found is None or self.proposal is not None

    @property
    def receiving(self) -> list[Reader]:
        """The holders whom a report of today reaches."""
        return [each for each in self.readers if each.receives]

    @property
    def resting(self) -> list[Reader]:
        """The holders whom it does not reach: their right ended, or they made another key."""
        return [each for each in self.readers if not each.receives]


def place(body: Body, user: User, *, now: datetime) -> Place:
    """Say how a body's keys stand, for one of those who may open its reports."""
    key = own_key(user, body)
    found, broken = None, False
    try:
        found = current(body)
    except KeySetWrong:
        broken = True
    holders = readers(found, now=now) if found else []
    mine = [each for each in holders if each.user == user.pk]
    if any(key and each.holder.key == key.pk for each in mine):
        standing = Standing.HOLDS
    elif mine:
        standing = Standing.OLD_ONE
    else:
        standing = Standing.WAITING if key else Standing.NONE
    return Place(body, key, standing, found, broken, holders, proposal_of(body))
