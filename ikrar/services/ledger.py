"""Appending to the log, in the transaction of the act itself."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction

from ikrar.domain import commitments
from ikrar.domain.commitments import EVENTS
from ikrar.domain.days import WIB
from ikrar.records.models import LogEntry, LogPayload
from ikrar.records.models.fields import random_key
from ikrar.services import masses


@dataclass(frozen=True)
class Prepared:
    """An entry that is ready to be written: its key, what is committed to, and the commitment."""

    key: int
    commitment: bytes
    salt: bytes
    payload: bytes


def prepare(event: str, data: Mapping[str, Any], *, now: datetime, zone: timezone = WIB) -> Prepared:
    """Make an entry outside of any transaction; `write` writes it in that of its act.

    `event` is a name of `commitments.EVENTS`; `data` holds ids and digests, never a name, number or address. Raises
    KeyError for an event that was not declared, PayloadNotCanonical for data without one canonical form.
    """
    payload = commitments.payload_of(EVENTS[event], now, zone, data)
    salt = secrets.token_bytes(commitments.SALT_BYTES)
    return Prepared(random_key(), commitments.commit(payload, salt), salt, payload)


def write(entries: Sequence[Prepared]) -> None:
    """Write prepared entries inside the caller's transaction.

    Raises RuntimeError outside a transaction: an entry without its act would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a log entry is written in the transaction of its act")
    if not entries:
        return
    keys = [entry.key for entry in entries]
    masses.insert(LogEntry, {"id": keys, "commitment": [entry.commitment for entry in entries]})
    masses.insert(
        LogPayload,
        {
            "entry_id": keys,
            "salt": [entry.salt for entry in entries],
            "payload": [entry.payload for entry in entries],
        },
    )


def append(event: str, data: Mapping[str, Any], *, now: datetime, zone: timezone = WIB) -> LogEntry:
    """Append one entry inside the caller's transaction, and return it (see prepare and write for what is raised)."""
    entry = prepare(event, data, now=now, zone=zone)
    write([entry])
    return LogEntry(pk=entry.key, commitment=entry.commitment)


def append_many(
    event: str, all_data: Sequence[Mapping[str, Any]], *, now: datetime, zone: timezone = WIB
) -> list[LogEntry]:
    """Append one entry for each of `all_data` (see append)."""
    entries = [prepare(event, data, now=now, zone=zone) for data in all_data]
    write(entries)
    return [LogEntry(pk=entry.key, commitment=entry.commitment) for entry in entries]


def read(payload: LogPayload) -> bool:
    """Say whether a payload still opens its commitment: false once somebody edited either."""
    return commitments.opens(bytes(payload.entry.commitment), bytes(payload.payload), bytes(payload.salt))


def verify_all(using: str = DEFAULT_DB_ALIAS) -> tuple[int, list[int]]:
    """Check every payload that was kept. Returns how many entries there are and the keys of those that do not open."""
    payloads = LogPayload.objects.using(using).select_related("entry")
    broken = [payload.pk for payload in payloads.iterator(chunk_size=5000) if not read(payload)]
    return LogEntry.objects.using(using).count(), broken


@transaction.atomic(durable=True)
def record(event: str, data: Mapping[str, Any], *, now: datetime, zone: timezone = WIB) -> LogEntry:
    """Append an entry that is an act of its own (a start, a restore, the taking of a paper that is made meanwhile)."""
    return append(event, data, now=now, zone=zone)
