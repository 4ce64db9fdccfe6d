"""Messages inside the product. Sending them elsewhere is for operators who configure it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from ikrar.records.models import Notice
from ikrar.services import freshness, masses

_NAMED = 100  # so many are told apart; for more, all that is kept is dropped


def tell(people: Iterable[int], kind: str, values: Mapping[str, Any], *, link: str, now: datetime) -> int:
    """Put one message into the inbox of each person, inside the caller's transaction; return how many.

    People are keys, or a query whose one value is a person's key: then no key passes through here, however many they are.
    """
    if isinstance(people, QuerySet):
        freshness.everything_changed()
        same = {
            "kind": kind,
            "values": json.dumps(dict(values)),
            "link": link,
            "at": connection.ops.adapt_datetimefield_value(now),
        }
        return masses.insert_chosen(Notice, ["person_id"], people, same)
    told, waiting = 0, iter(people)
    while some := list(islice(waiting, 2000)):
        if len(some) <= _NAMED:
            freshness.changed(*(f"person:{person}" for person in some))
        else:
            freshness.everything_changed()
        Notice.objects.bulk_create(
            Notice(person_id=person, kind=kind, values=dict(values), link=link, at=now) for person in some
        )
        told += len(some)
    return told


def mark_read(person: int, *, now: datetime) -> None:
    """Mark everything in a person's inbox as read."""
    Notice.objects.filter(person=person, read_at=None).update(read_at=now)
    freshness.changed(f"person:{person}")
