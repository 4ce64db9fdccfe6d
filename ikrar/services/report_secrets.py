"""The secret of a body that prints of its reports are keyed with: 32 bytes that an officer's browser makes and no server has.

Here lie envelopes alone. A browser seals the secret to holders of the signed key set that it checked itself; a newcomer gets
it from whatever other holder opens a report next. The secret of a version never changes; a new version leaves old prints
comparable among themselves.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ikrar.domain import reports as domain
from ikrar.domain.errors import ReportActRefused
from ikrar.domain.keysets import KeySet
from ikrar.gateways import sealing
from ikrar.records.models import Body, BodySecret, BodySecretEnvelope, OfficerKey, User
from ikrar.services import clock, keysets, ledger, reports

_CHECK, _SIGNATURE = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")
_LARGEST = 16 * 1024  # forty holders need a quarter of it


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
    """How a body's secret stands, for one holder. `lacking`: keys of others who receive and lack the latest version."""

    latest: Held | None
    lacking: tuple[int, ...]
    receiving: tuple[int, ...]


def standing(key: OfficerKey, *, now: datetime) -> Standing:
    """Return the latest secret of a key's body, as far as this key has it. Raises KeySetWrong."""
    receiving = _receiving(key.body, now)
    row = _latest(key.body)
    if row is None:
        return Standing(None, (), tuple(receiving))
    envelopes = list(row.envelopes.order_by("pk"))
    having = {each for envelope in envelopes for each in envelope.to}
    mine = tuple(bytes(each.sealed) for each in envelopes if key.pk in each.to)
    lacking = tuple(each for each in receiving if each not in having) if mine else ()
    return Standing(
        Held(row.version, row.check_value, row.key.verifier, row.signature, mine), lacking, tuple(receiving)
    )


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
    having = {each for envelope in row.envelopes.all() for each in envelope.to}
    if key.pk not in having:
        raise ReportActRefused("not_yours")
    if having.issuperset(to):
        return  # somebody else's browser was first
    _keep(row, sealed, to, found, by=by)
    ledger.append("body_secret.shared", _said(row, to, by), now=now)


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
