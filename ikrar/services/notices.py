"""Messages inside the product. Sending them elsewhere is for operators who configure it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min, Q, QuerySet

from ikrar.records.models import Notice, User
from ikrar.services import freshness, masses

# A message only says that something waits on another page; what happened is kept there and in the log, however old it is.
# After a year its round is over. One that nobody read outlasts every programme of an election before it goes.
READ_KEPT = timedelta(days=365)
UNREAD_KEPT = timedelta(days=3 * 365)
_NAMED = 100  # so many are told apart; for more, all that is kept is dropped
_LOOKED_THROUGH = 5_000
_DELETED_AT_ONCE = 2_000
_DELETIONS_A_RUN = 10
_MINUTES_A_DAY = 1_440


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


def tell_accounts(users: Iterable[User], kind: str, values: Mapping[str, Any], *, link: str, now: datetime) -> int:
    """Put one message into the inbox of each account, inside the caller's transaction; return how many.

    That is the inbox of its person; whoever stands on no roster has one at his account.
    """
    people, others = [], []
    for user in users:
        (people if user.person_id else others).append(user)
    told = tell(dict.fromkeys(user.person_id for user in people), kind, values, link=link, now=now)
    freshness.changed(*(f"user:{user.pk}" for user in others))
    Notice.objects.bulk_create(Notice(user=user, kind=kind, values=dict(values), link=link, at=now) for user in others)
    return told + len(others)


def tell_last(user: User, kind: str, values: Mapping[str, Any], *, now: datetime) -> None:
    """Put one message into the inbox of an account instead of the last one of its kind, inside the caller's transaction."""
    inbox(user).filter(kind=kind).delete()
    tell_accounts([user], kind, values, link="", now=now)


def inbox(user: User) -> QuerySet[Notice]:
    """Return the messages of an account, newest first."""
    return Notice.objects.filter(person=user.person_id) if user.person_id else Notice.objects.filter(user=user)


def mark_read(person: int, *, now: datetime) -> None:
    """Mark everything in a person's inbox as read."""
    Notice.objects.filter(person=person, read_at=None).update(read_at=now)
    freshness.changed(f"person:{person}")


def mark_own_read(user: User, *, now: datetime) -> None:
    """Mark everything in the inbox of an account as read."""
    if user.person_id:
        mark_read(user.person_id, now=now)
        return
    Notice.objects.filter(user=user, read_at=None).update(read_at=now)
    freshness.changed(f"user:{user.pk}")


def forget_old(now: datetime) -> int:
    """Delete what was read longer ago than READ_KEPT, and what came longer ago than UNREAD_KEPT and nobody read; return how
    many. Running it again changes nothing.

    A large table is looked through part by part, by key, each minute another one and all of it once a day: so it needs no
    index of its own, and the clock no more than a moment. What is left of a part where very many are over goes on later days.
    """
    ends = Notice.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return 0
    first, many = ends["first"], ends["last"] - ends["first"] + 1
    parts = min(_MINUTES_A_DAY, -(-many // _LOOKED_THROUGH))
    size = -(-many // parts)
    start = first + int(now.timestamp() // 60) % parts * size
    over = Q(read_at__lt=now - READ_KEPT) | Q(read_at=None, at__lt=now - UNREAD_KEPT)
    found = Notice.objects.filter(over, pk__gte=start, pk__lt=start + size).order_by("pk").values_list("pk", flat=True)
    deleted = 0
    for _ in range(_DELETIONS_A_RUN):
        keys = list(found[:_DELETED_AT_ONCE])
        with transaction.atomic(durable=True):
            deleted += Notice.objects.filter(pk__in=keys).delete()[0]
        if len(keys) < _DELETED_AT_ONCE:
            break
    return deleted
