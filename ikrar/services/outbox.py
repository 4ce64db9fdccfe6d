"""Messages that leave the installation: that something waits in the inbox, by e-mail or by a messenger.

Off unless the operator configured a way; then the tick makes at most one message a person and day, sends some a minute,
tries again after growing pauses, and sends nothing more to an address that refused one. What waits is never told outside.
"""

import logging
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from ikrar.domain import outbox
from ikrar.domain.days import WIB, local_day
from ikrar.domain.errors import AddressOfNobody
from ikrar.domain.outbox import PAUSES, mail_address, messenger_number, pause_after
from ikrar.gateways import mail, messengers
from ikrar.gateways.mail import Answer, Outcome
from ikrar.records.models import (
    FailingAddress,
    Installation,
    Notice,
    OutsideCalm,
    OutsideMessage,
    OutsideSilence,
    Person,
    Placement,
    User,
)

Way, State = OutsideMessage.Way, OutsideMessage.State
# A notice that is read at once needs no message; one that lay so long is told of no more.
_GRACE = timedelta(minutes=3)
_STALE = timedelta(days=3)
_KEPT = timedelta(days=30)
_LOST_AFTER = timedelta(hours=1)
_MADE_AT_ONCE = 2000
_MOST_LOOKS = 10  # in a run: whoever has no address is put down quickly, and does not keep others waiting
_MINUTES_AHEAD = 10  # so much stands ready to leave
_LEAST_AHEAD = 200
_SECONDS_A_RUN = 40.0
logger = logging.getLogger(__name__)


def ways() -> frozenset[str]:
    """Return the ways by which a person can be reached outside here: none unless the operator configured one."""
    found = {Way.EMAIL} if mail.configured() else set()
    return frozenset(found | ({Way.MESSENGER} if messengers.personal() else set()))


def run(now: datetime) -> None:
    """Do what the clock asks of the outbox; run by the tick. Where nothing is configured, nothing is opened or written."""
    if not ways() and not messengers.common():
        return
    if Installation.objects.filter(is_demo=True).exists():
        return  # the addresses of invented people may be somebody's
    _forget(now)
    if ways():
        _make(now)
    until = time.monotonic() + _SECONDS_A_RUN
    for way in sorted(ways()):
        _send(way, now, until)
    _tell_groups(now)


# --- making ------------------------------------------------------------------------------------------------------


def _make(now: datetime) -> None:
    """Make messages for those who have something unread and were not told of it: no more than leave soon.

    It goes on after the person to whom it came last, and round again: where more wait in a day than can leave, everybody is
    told in his turn, and nobody each day before others at all. What is looked for holds no right to write.
    """
    today = local_day(now, WIB)
    stock = max(_LEAST_AHEAD, _MINUTES_AHEAD * settings.OUTSIDE_A_MINUTE)
    room = stock - OutsideMessage.objects.filter(state=State.WAITING, on=today).count()
    failing = set(FailingAddress.objects.values_list("way", "address")) if room > 0 else set()
    for _ in range(_MOST_LOOKS):
        if room <= 0:
            return
        keys = _next_people(now, today)
        made = []
        people = Person.objects.only("email", "phone").in_bulk(keys)
        for person in (people[key] for key in keys):
            way, address = _reach(person, failing)
            # Who cannot be reached is put down too: he is not looked at again before tomorrow.
            made.append(
                OutsideMessage(
                    person=person, way=way, address=address, on=today, next_at=now, made_at=now,
                    state=State.WAITING if address else State.GIVEN_UP, answer="" if address else "no_address",
                )
            )  # fmt: skip
            room -= bool(address)
            if room <= 0:
                break
        with transaction.atomic(durable=True):
            OutsideMessage.objects.bulk_create(made, batch_size=1000, ignore_conflicts=True)
        if len(keys) < _MADE_AT_ONCE:
            return


def _next_people(now: datetime, today: date) -> list[int]:
    """Return some people who wait to be told, in the order of their keys after the one to whom it came last."""
    told = OutsideMessage.objects.filter(person=OuterRef("person"), made_at__gte=OuterRef("at"))
    waiting = Notice.objects.filter(
        ~Exists(told.exclude(state=State.GIVEN_UP)),
        ~Exists(OutsideMessage.objects.filter(person=OuterRef("person"), on=today)),
        ~Exists(OutsideSilence.objects.filter(person=OuterRef("person"))),
        read_at=None,
        at__gt=now - _STALE,
        at__lte=now - _GRACE,
        person__user__is_active=True,
    )
    people = waiting.order_by("person").values_list("person", flat=True).distinct()
    last = OutsideMessage.objects.order_by("-pk").values_list("person", flat=True).first() or 0
    found = list(people.filter(person__gt=last)[:_MADE_AT_ONCE])
    if len(found) < _MADE_AT_ONCE:
        found += people.filter(person__lte=last)[: _MADE_AT_ONCE - len(found)]
    return found


def _reach(person: Person, failing: set[tuple[str, str]]) -> tuple[str, str]:
    """Return the one way to reach somebody, and his address there; the address is empty where there is none."""
    for way, address in ((Way.EMAIL, mail_address(person.email)), (Way.MESSENGER, messenger_number(person.phone))):
        if way in ways() and address and (str(way), address) not in failing:
            return way, address
    return (Way.EMAIL if Way.EMAIL in ways() else Way.MESSENGER), ""


# --- sending -----------------------------------------------------------------------------------------------------


def _send(way: str, now: datetime, until: float) -> None:
    """Send what waits by one way: so many a minute, and none while the other side rests."""
    calm = OutsideCalm.objects.filter(pk=way).first()
    if calm and calm.until_at and calm.until_at > now:
        return
    due = OutsideMessage.objects.filter(way=way, state=State.WAITING, next_at__lte=now)
    rows = list(due.order_by("next_at", "pk")[: settings.OUTSIDE_A_MINUTE])
    claimed: list[OutsideMessage] = []
    sending = (_by_mail if way == Way.EMAIL else _by_messenger)(_claimed(rows, claimed, now, until))
    answered = refused = 0
    for number, answer in enumerate(sending):
        row = claimed[number]
        if answer.outcome is Outcome.UNREACHABLE:
            _put_back(row)
            if not refused:
                _rest(way, now)
            refused += 1
            continue
        answered += 1
        _note(row, answer, now)
    if answered and not refused:
        OutsideCalm.objects.filter(pk=way).update(failures=0, until_at=None)
    if answered or refused:
        logger.info("outside messages", extra={"way": way, "answered": answered, "unreachable": refused})


def _claimed(
    rows: list[OutsideMessage], claimed: list[OutsideMessage], now: datetime, until: float
) -> Iterator[OutsideMessage]:
    """Yield messages, each claimed in the moment before it leaves: whatever stops us, none is sent twice."""
    today = local_day(now, WIB)
    for row in rows:
        if time.monotonic() > until:
            return
        if row.on < today:
            _set(row, state=State.GIVEN_UP, answer="too_old", done_at=now)
            continue
        if _set(row, state=State.SENDING, next_at=now):
            claimed.append(row)
            yield row


@transaction.atomic(durable=True)
def _set(row: OutsideMessage, **changes: object) -> int:
    return OutsideMessage.objects.filter(pk=row.pk, state=State.WAITING).update(**changes)


@transaction.atomic(durable=True)
def _put_back(row: OutsideMessage) -> None:
    OutsideMessage.objects.filter(pk=row.pk, state=State.SENDING).update(state=State.WAITING)


def _by_mail(rows: Iterator[OutsideMessage]) -> Iterator[Answer]:
    address = f"{settings.BASE_URL}/pesan/"
    return mail.send((row.address, outbox.SUBJECT, outbox.words(address)) for row in rows)


def _by_messenger(rows: Iterator[OutsideMessage]) -> Iterator[Answer]:
    text, urls = outbox.short_words(f"{settings.BASE_URL}/pesan/"), messengers.personal()
    for row in rows:
        # These services do not tell an address that does not exist from one that rests.
        sent = messengers.send(urls, text, number=row.address)
        yield Answer(Outcome.SENT if sent else Outcome.LATER, "" if sent else "not_taken")


@transaction.atomic(durable=True)
def _note(row: OutsideMessage, answer: Answer, now: datetime) -> None:
    """Write down what became of a message."""
    mine = OutsideMessage.objects.filter(pk=row.pk, state=State.SENDING)
    if answer.outcome is Outcome.SENT:
        mine.update(state=State.SENT, done_at=now, answer="")
        return
    tries = row.tries + 1
    pause = None if answer.outcome is Outcome.REFUSED else pause_after(tries)
    if pause is not None:
        mine.update(state=State.WAITING, tries=tries, next_at=now + pause, answer=answer.code)
        return
    mine.update(state=State.GIVEN_UP, tries=tries, done_at=now, answer=answer.code)
    _stop(row.way, row.address, row.person_id, answer.code, None, now)


def _stop(way: str, address: str, person: int | None, answer: str, by: User | None, now: datetime) -> None:
    """Send nothing more to an address, inside the caller's transaction."""
    stopped = FailingAddress(way=way, address=address, person_id=person, answer=answer, since_at=now, by=by)
    FailingAddress.objects.bulk_create([stopped], ignore_conflicts=True)
    OutsideMessage.objects.filter(way=way, address=address, state=State.WAITING).update(
        state=State.GIVEN_UP, answer=answer, done_at=now
    )


@transaction.atomic(durable=True)
def _rest(way: str, now: datetime) -> None:
    """Try nothing by this way for a while, each time a longer one: the other side does not answer."""
    calm, _made = OutsideCalm.objects.get_or_create(pk=way)
    failures = calm.failures + 1
    pause = pause_after(failures) or PAUSES[-1]
    OutsideCalm.objects.filter(pk=way).update(failures=min(failures, 1000), until_at=now + pause)


def _tell_groups(now: datetime) -> None:
    """Tell groups that the operator named that there is news, once a day and only on a day with news."""
    urls, today = messengers.common(), local_day(now, WIB)
    if not urls or not Notice.objects.filter(read_at=None, at__gt=now - timedelta(days=1), at__lte=now).exists():
        return
    calm, _made = OutsideCalm.objects.get_or_create(pk=Way.MESSENGER)
    if calm.until_at and calm.until_at > now:
        return
    fresh = OutsideCalm.objects.filter(Q(group_told_on=None) | Q(group_told_on__lt=today), pk=Way.MESSENGER)
    if not fresh.update(group_told_on=today):
        return
    if not messengers.send(urls, f"Ada pesan baru di Ikrar. Silakan masuk dan baca: {settings.BASE_URL}/pesan/"):
        OutsideCalm.objects.filter(pk=Way.MESSENGER).update(group_told_on=calm.group_told_on)
        _rest(Way.MESSENGER, now)


@transaction.atomic(durable=True)
def _forget(now: datetime) -> None:
    """Delete what is old; put down as lost what was on its way when the machine stopped: it is not sent again."""
    OutsideMessage.objects.filter(made_at__lt=now - _KEPT).delete()
    OutsideMessage.objects.filter(state=State.SENDING, next_at__lt=now - _LOST_AFTER).update(
        state=State.GIVEN_UP, answer="lost", done_at=now
    )


# --- by its owner, and by officers -------------------------------------------------------------------------------


def is_silent(person: int) -> bool:
    """Say whether somebody wants no messages outside."""
    return OutsideSilence.objects.filter(person=person).exists()


@transaction.atomic(durable=True)
def set_silence(person: int, silent: bool, *, now: datetime) -> None:
    """Let somebody turn messages outside off or on again; what waits for him then is not sent."""
    if not silent:
        OutsideSilence.objects.filter(person=person).delete()
        return
    OutsideSilence.objects.bulk_create([OutsideSilence(person_id=person, since_at=now)], ignore_conflicts=True)
    OutsideMessage.objects.filter(person=person, state=State.WAITING).update(
        state=State.GIVEN_UP, answer="silenced", done_at=now
    )


def stopped_for(person: Person) -> FailingAddress | None:
    """Return that somebody's own address takes nothing, where that is so."""
    known = [(Way.EMAIL, mail_address(person.email)), (Way.MESSENGER, messenger_number(person.phone))]
    wanted = Q(pk__in=[])
    for way, address in known:
        if address:
            wanted |= Q(way=way, address=address)
    return FailingAddress.objects.filter(wanted).first()


def failing(agencies: frozenset[int] | None = None) -> QuerySet[FailingAddress]:
    """Return the addresses that take nothing: of people placed in these agencies now, or of everybody."""
    found = FailingAddress.objects.select_related("person", "by")
    if agencies is None:
        return found
    placed = Placement.objects.current().filter(person=OuterRef("person"), unit__agency__in=agencies)
    return found.filter(Exists(placed))


@transaction.atomic(durable=True)
def clear(stopped: FailingAddress) -> None:
    """Let an address be tried again with the next message."""
    FailingAddress.objects.filter(pk=stopped.pk).delete()


@transaction.atomic(durable=True)
def clear_named(address: str) -> None:
    """Let an address be tried again, by whatever way it is known. Raises AddressOfNobody where none such was stopped."""
    known = FailingAddress.objects.filter(
        Q(address__iexact=address.strip()) | Q(address=messenger_number(address) or "-")
    )
    if not known.delete()[0]:
        raise AddressOfNobody()


@transaction.atomic(durable=True)
def note_returned(address: str, *, agencies: frozenset[int] | None = None, by: User | None, now: datetime) -> None:
    """Stop an address whose letters come back to the operator's mailbox.

    Raises AddressOfNobody where nobody (of these agencies) has it.
    """
    wanted = mail_address(address)
    people = Person.objects.filter(email__iexact=wanted) if wanted else Person.objects.none()
    if agencies is not None:
        people = people.filter(placements__in=Placement.objects.current().filter(unit__agency__in=agencies))
    found = list(people[:20])
    if not found:
        raise AddressOfNobody()
    for person in found:
        _stop(Way.EMAIL, mail_address(person.email), person.pk, "returned", by, now)


def counted(now: datetime) -> dict[str, int]:
    """Count the messages of today by what became of them."""
    today = OutsideMessage.objects.filter(on=local_day(now, WIB))
    return {state: today.filter(state=state).count() for state in State.values}
