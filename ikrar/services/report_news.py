"""What officers are told of sealed reports: once a day, in the morning, in one message of mere counts.

A message that came when a report comes would keep the hour in which somebody filed it. So what came on the days before is told at
a fixed hour, to whoever holds a key that opens it, and the next message replaces the last. It names nobody and nothing.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from ikrar.domain import report_states
from ikrar.domain.days import WIB
from ikrar.domain.report_states import ReportState
from ikrar.domain.retention import WARNED_DAYS
from ikrar.records.models import OfficerKey, Report, ReportPart, ReportReader, User
from ikrar.services import clock, keysets, notices, report_copies, retention

FIRST_HOUR = 5  # in the west, where it is earliest: six and seven in the other zones
CLOSING_DAYS = 2
LATE_DAYS = 3
_PEOPLE_A_RUN = 50
_OPEN = [str(state) for state in report_states.OPEN]


@dataclass(frozen=True, slots=True)
class News:
    """Counts of what waits for somebody; `fresh`: whether any of it came since he was told at last."""

    new: int = 0
    answers: int = 0
    copies: int = 0
    closing: int = 0
    late: int = 0
    ending: int = 0
    fresh: bool = False


def tell(now: datetime) -> int:
    """Tell some of those who were not told today what came before today; return how many looked fresh. Run by the tick."""
    if now.astimezone(WIB).hour < FIRST_HOUR:
        return 0
    today, told = clock.today(), 0
    waiting = OfficerKey.objects.filter(Q(told_on=None) | Q(told_on__lt=today), dropped_at=None)
    for number in waiting.order_by("user").values_list("user", flat=True).distinct()[:_PEOPLE_A_RUN]:
        told += _tell(number, today, now)
    return told


def _tell(number: int, today: date, now: datetime) -> bool:
    """Tell one officer what came since he was told at last. What is counted holds no right to write."""
    due = Q(told_on=None) | Q(told_on__lt=today)
    keys = list(
        OfficerKey.objects.filter(due, user=number, dropped_at=None)
        .select_related("body__agency", "body__region", "user")
        .order_by("pk")
    )
    parts = [of_key(key, today) for key in keys if keysets.has_right(key.user, key.body, now=now)]
    counts = None
    if any(each.fresh for each in parts):
        counts = {name: sum(getattr(each, name) for each in parts) for name in asdict(News()) if name != "fresh"}
    return bool(keys) and _put(keys, counts, today, now)


@transaction.atomic(durable=True)
def _put(keys: list[OfficerKey], counts: dict[str, int] | None, today: date, now: datetime) -> bool:
    """Keep that an officer was told, and the message itself where there is one; once, whoever else does it in this moment."""
    claimed = [
        key for key in keys if OfficerKey.objects.filter(pk=key.pk, told_on=key.told_on).update(told_on=today)
    ]  # fmt: skip
    if counts is None or len(claimed) != len(keys):
        return False
    notices.tell_last(keys[0].user, "report_news", counts, now=now)
    return True


def of_key(key: OfficerKey, today: date) -> News:
    """Count what waits for the owner of a key, and see whether any of it is new since the day on which he was told at last."""
    since = key.told_on or today - timedelta(days=1)
    mine = ReportReader.objects.filter(key=key)
    came = {"received_on__gte": since, "received_on__lt": today}
    new = mine.filter(state__in=list(Report.State.values), **came).count()
    said = ReportPart.objects.filter(
        kind=ReportPart.Kind.MESSAGE, from_reporter=True, put_on__gte=since, put_on__lt=today,
        report__body=key.body_id, report__readers__key=key,
    )  # fmt: skip
    answers = said.values("report").distinct().count()
    copies = report_copies.count_sealed_to(
        [key.pk], [key.body_id]
    )  # that one was offered was told at once: an officer's hour is no secret
    due = mine.filter(state__in=_OPEN, due_on__gte=today, due_on__lte=today + timedelta(days=CLOSING_DAYS))
    closing = due.exclude(state__in=report_states.FILED)
    unopened = mine.filter(state=ReportState.RECEIVED, report__state_on__lte=today - timedelta(days=LATE_DAYS))
    ending = retention.ending(key.user, key.body)
    fresh = (
        new
        or answers
        or closing.filter(due_on__gt=since + timedelta(days=CLOSING_DAYS)).exists()
        or unopened.filter(report__state_on__gt=since - timedelta(days=LATE_DAYS)).exists()
        or any(each.kept.erased_from > since + timedelta(days=WARNED_DAYS) for each in ending)
    )
    return News(new, answers, copies, closing.count(), unopened.count(), len(ending), bool(fresh))


def unread(user: User, bodies: Collection[int]) -> int:
    """Count the reports of these bodies that somebody's own keys open and that wait to be read, for the first time or again."""
    if not bodies:
        return 0
    mine = ReportReader.objects.filter(key__user=user, key__body__in=bodies, key__dropped_at=None)
    return mine.filter(state=ReportState.RECEIVED).count()
