"""The secret of a body that prints of its reports are keyed with: 32 bytes that an officer's browser makes and no server has.

Here lie envelopes alone. A browser seals the secret to holders of the signed key set that it checked itself; a newcomer gets
it from whatever other holder opens a report next. The secret of a version never changes; a new version leaves old prints
comparable among themselves.

Whether an envelope holds the secret the server cannot see. A browser that opens none of those that name its key says so once: the
officers are told, and another holder's browser seals the secret to that key anew, a few times at most.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ikrar.domain import reports as domain
from ikrar.domain.errors import ReportActRefused
from ikrar.domain.keysets import KeySet
from ikrar.gateways import sealing
from ikrar.records.models import Body, BodySecret, BodySecretEnvelope, BodySecretUnopened, OfficerKey, User
from ikrar.services import clock, keysets, ledger, notices, reports

_CHECK, _SIGNATURE = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")
_LARGEST = 16 * 1024  # forty holders need a quarter of it
MOST_TRIES = 3  # so often what does not open is sealed anew; then a new version is needed


@dataclass(frozen=True, slots=True)
class Held:
    """One version as a key has it: its check value, which its maker signed, and the envelopes that were sealed to this key."""

    version: int
    check: str
    verifier: str  # of the holder who made it
    signature: str
    envelopes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a body's secret stands, for one holder. `lacking`: keys of others who receive and lack the latest version.

    `unopened`: none of the envelopes to this key opened, and that was said: there is nothing new to try.
    """

    latest: Held | None
    lacking: tuple[int, ...]
    receiving: tuple[int, ...]
    unopened: bool = False


def standing(key: OfficerKey, *, now: datetime) -> Standing:
    """Return the latest secret of a key's body, as far as this key has it. Raises KeySetWrong."""
    receiving = _receiving(key.body, now)
    row = _latest(key.body)
    if row is None:
        return Standing(None, (), tuple(receiving))
    envelopes = list(row.envelopes.order_by("pk"))
    closed = _closed(row, envelopes)
    mine = tuple(bytes(each.sealed) for each in envelopes if key.pk in each.to)
    # Whoever could not open it has it for nobody else.
    is_open = bool(mine) and key.pk not in closed
    lacking = tuple(each for each in receiving if each in _lacking(receiving, envelopes, closed)) if is_open else ()
    held = Held(row.version, row.check_value, row.key.verifier, row.signature, mine)
    return Standing(held, lacking, tuple(receiving), key.pk in closed)


def _closed(row: BodySecret, envelopes: Collection[BodySecretEnvelope]) -> dict[int, int]:
    """Return the keys that no envelope of a secret opens to, as far as their browsers said, and how often they tried.

    Whom it was sealed to since is not among them: he has something new to try.
    """
    said = row.unopened.values_list("key", "envelope", "tries")
    last = {each: envelope.pk for envelope in envelopes for each in envelope.to}
    return {key: tries for key, envelope, tries in said if last.get(key, 0) <= envelope}


def _lacking(
    among: Collection[int], envelopes: Collection[BodySecretEnvelope], closed: Mapping[int, int]
) -> frozenset[int]:
    """Return those of some keys that a secret is to be sealed to: in no envelope, or in none that opened yet."""
    having = {each for envelope in envelopes for each in envelope.to}
    return frozenset(each for each in among if each not in having or 0 < closed.get(each, 0) < MOST_TRIES)


def secret_message(body: int, version: int, check: str) -> bytes:
    """Return what the maker of a secret signs: browsers take none that no holder of the body's chain of sets signed."""
    return f"ikrar/body-secret/v1\n{body}\n{version}\n{check}\n".encode()


def latest_version(body: Body) -> int:
    """Return the number of a body's latest secret; 0: it has none."""
    row = _latest(body)
    return row.version if row else 0


@transaction.atomic(durable=True)
def make(
    key: OfficerKey,
    sealed: bytes,
    to: Collection[int],
    *,
    version: int,
    check: str,
    signature: str,
    key_set: str,
    by: User,
    now: datetime,
) -> bool:
    """Keep a secret that a browser made; say whether it is now that of its version: where another was first, that stays.

    Raises ReportActRefused (keys_changed, recipients, not_yours, secret), ReportRefused (form, too_large).
    """
    found = _checked(key, sealed, to, key_set=key_set, by=by, now=now)
    if not _CHECK.fullmatch(check) or not _SIGNATURE.fullmatch(signature):
        raise ReportActRefused("secret")
    message = secret_message(key.body_id, version, check)
    if not sealing.verify(bytes.fromhex(key.verifier), bytes.fromhex(signature), message):
        raise ReportActRefused("secret")
    before = latest_version(key.body)
    if version <= before:
        return False
    if version != before + 1 or key.pk not in to:
        raise ReportActRefused("secret")
    try:
        with transaction.atomic():
            row = BodySecret.objects.create(
                body=key.body, version=version, check_value=check, key=key, signature=signature, made_by=by, made_at=now
            )
    except IntegrityError:
        return False
    _keep(row, sealed, to, found, by=by)
    ledger.append("body_secret.made", _said(row, to, by), now=now)
    return True


@transaction.atomic(durable=True)
def share(
    key: OfficerKey, sealed: bytes, to: Collection[int], *, version: int, key_set: str, by: User, now: datetime
) -> None:
    """Keep the latest secret, sealed by a holder to others who receive and lack it.

    Raises ReportActRefused (keys_changed, recipients, not_yours, secret), ReportRefused (form, too_large).
    """
    found = _checked(key, sealed, to, key_set=key_set, by=by, now=now)
    row = BodySecret.objects.select_for_update().filter(body=key.body).order_by("-version").first()
    if row is None or row.version != version:
        raise ReportActRefused("secret")
    envelopes = list(row.envelopes.order_by("pk"))
    closed = _closed(row, envelopes)
    if key.pk in closed or not any(key.pk in each.to for each in envelopes):
        raise ReportActRefused("not_yours")
    if not _lacking(to, envelopes, closed):
        return  # somebody else's browser was first
    _keep(row, sealed, to, found, by=by)
    ledger.append("body_secret.shared", _said(row, to, by), now=now)


@transaction.atomic(durable=True)
def keep_unopened(key: OfficerKey, *, version: int, by: User, now: datetime) -> bool:
    """Keep that a holder's browser opened none of the envelopes of the latest secret that name his key; say whether this is new.

    The officers of the body are told the first time; how often it was tried in vain is counted. Raises ReportActRefused
    (not_yours: nothing is sealed to this key, or it is another one's; secret: of another version).
    """
    row = BodySecret.objects.select_for_update().filter(body=key.body).order_by("-version").first()
    if row is None or row.version != version:
        raise ReportActRefused("secret")
    mine = [each.pk for each in row.envelopes.order_by("pk") if key.pk in each.to]
    if key.user_id != by.pk or key.dropped_at is not None or not mine:
        raise ReportActRefused("not_yours")
    found = row.unopened.filter(key=key).first()
    if found is not None:
        # Said before of the same envelopes: nothing is new.
        tried_more = row.unopened.filter(pk=found.pk, envelope__lt=mine[-1])
        return bool(tried_more.update(envelope=mine[-1], tries=found.tries + 1))
    BodySecretUnopened.objects.create(secret=row, key=key, envelope_id=mine[-1], first_at=now)
    said = {"body": key.body_id, "version": version, "key": key.pk, "by": by.pk}
    ledger.append("body_secret.unopened", said, now=now)
    values = {"body": key.body_id, "name": key.body.name, "version": version, "who": by.display_name}
    notices.tell_accounts(keysets.may_open(key.body, now=now), "body_secret_unopened", values, link="", now=now)
    return True


@dataclass(frozen=True, slots=True)
class Unopened:
    """Somebody to whom the latest secret of a body does not open, and since when."""

    name: str
    version: int
    since: datetime


def unopened(body: Body) -> list[Unopened]:
    """Return whom the latest secret of a body does not open to, by name. Whoever got another envelope since is not named."""
    row = _latest(body)
    if row is None:
        return []
    closed = _closed(row, list(row.envelopes.order_by("pk")))
    rows = row.unopened.filter(key__in=closed, key__dropped_at=None).select_related("key__user__person")
    found = [Unopened(each.key.user.display_name, row.version, each.first_at) for each in rows.order_by("pk")]
    return sorted(found, key=lambda each: each.name)


def _checked(key: OfficerKey, sealed: bytes, to: Collection[int], *, key_set: str, by: User, now: datetime) -> KeySet:
    """Check that bytes are an envelope to these receiving holders and the offline key. Raises as `make` says."""
    found = keysets.current(key.body)
    if found is None or found.digest != key_set:
        raise ReportActRefused("keys_changed")
    if key.user_id != by.pk or key.dropped_at is not None or key.pk not in {each.key for each in found.holders}:
        raise ReportActRefused("not_yours")
    if not to or len(set(to)) != len(to) or not set(to) <= set(_receiving(key.body, now)):
        raise ReportActRefused("recipients")
    domain.check_envelope(sealed, "envelope")
    if len(sealed) > _LARGEST or domain.recipients_of(sealed) != len(to) + 1:
        raise ReportActRefused("recipients")
    return found


def _receiving(body: Body, now: datetime) -> list[int]:
    found = keysets.current(body)
    return [each.holder.key for each in keysets.readers(found, now=now) if each.receives] if found else []


def _latest(body: Body) -> BodySecret | None:
    return BodySecret.objects.filter(body=body).select_related("key").order_by("-version").first()


def _keep(row: BodySecret, sealed: bytes, to: Collection[int], found: KeySet, *, by: User) -> None:
    on = clock.today(reports.zone_of_body(row.body))
    BodySecretEnvelope.objects.create(
        secret=row, to=sorted(to), sealed=sealed, key_set=keysets.row_of(found), by=by, made_on=on
    )


def _said(row: BodySecret, to: Collection[int], by: User) -> dict[str, object]:
    return {"body": row.body_id, "version": row.version, "to": sorted(to), "by": by.pk}
