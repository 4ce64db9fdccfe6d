"""Messages inside the product. Sending them elsewhere is for operators who configure it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ikrar.records.models import Notice


def tell(people: Iterable[int], kind: str, values: Mapping[str, Any], *, link: str, now: datetime) -> int:
    """Put one message into the inbox of each person, inside the caller's transaction; return how many."""
    fresh = [Notice(person_id=person, kind=kind, values=dict(values), link=link, at=now) for person in people]
    Notice.objects.bulk_create(fresh, batch_size=2000)
    return len(fresh)


def mark_read(person: int, *, now: datetime) -> None:
    """Mark everything in a person's inbox as read."""
    Notice.objects.filter(person=person, read_at=None).update(read_at=now)
