"""Appending to the log, in the transaction of the act itself."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction

from ikrar.domain import commitments
from ikrar.domain.commitments import EVENTS
from ikrar.domain.days import WIB
from ikrar.records.models import LogEntry, LogPayload


def append(event: str, data: Mapping[str, Any], *, now: datetime, zone: timezone = WIB) -> LogEntry:
    """Append one entry inside the caller's transaction, and return it.

    `event` is a name of `commitments.EVENTS`; `data` holds ids and digests, never a name, number or address. Raises
    KeyError for an event that was not declared, PayloadNotCanonical for data without one canonical form, and
    RuntimeError outside a transaction: an entry without its act would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a log entry is written in the transaction of its act")
    payload = commitments.payload_of(EVENTS[event], now, zone, data)
    salt = secrets.token_bytes(commitments.SALT_BYTES)
    entry = LogEntry.objects.create(commitment=commitments.commit(payload, salt))
    LogPayload.objects.create(entry=entry, salt=salt, payload=payload)
    return entry


def append_many(
    event: str, all_data: Sequence[Mapping[str, Any]], *, now: datetime, zone: timezone = WIB
) -> list[LogEntry]:
    """Append one entry for each of `all_data` (see append)."""
    if not connection.in_atomic_block:
        raise RuntimeError("a log entry is written in the transaction of its act")
    entries, payloads = [], []
    for data in all_data:
        payload = commitments.payload_of(EVENTS[event], now, zone, data)
        salt = secrets.token_bytes(commitments.SALT_BYTES)
        entry = LogEntry(commitment=commitments.commit(payload, salt))
        entries.append(entry)
        payloads.append(LogPayload(entry=entry, salt=salt, payload=payload))
    LogEntry.objects.bulk_create(entries, batch_size=2000)
    LogPayload.objects.bulk_create(payloads, batch_size=2000)
    return entries


def read(payload: LogPayload) -> bool:
    """Say whether a payload still opens its commitment: false once somebody edited either."""
    return commitments.opens(bytes(payload.entry.commitment), bytes(payload.payload), bytes(payload.salt))


def verify_all(using: str = DEFAULT_DB_ALIAS) -> tuple[int, list[int]]:
    """Check every payload that was kept. Returns how many entries there are and the keys of those that do not open."""
    payloads = LogPayload.objects.using(using).select_related("entry")
    broken = [payload.pk for payload in payloads.iterator(chunk_size=5000) if not read(payload)]
    return LogEntry.objects.using(using).count(), broken


@transaction.atomic(durable=True)
def record(event: str, data: Mapping[str, Any], *, now: datetime) -> LogEntry:
    """Append an entry that is an act of its own (a start, a restore)."""
    return append(event, data, now=now)
