"""The inbox: the reports that somebody's own keys open, by facts that stand in clear; what is due first stands first.

One key and one state is one piece of an index, in its order: no page sorts what it does not show.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from operator import itemgetter

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from ikrar.domain import report_states
from ikrar.records.models import Body, CaseReport, IntakeCount, OfficerKey, Report, ReportReader, User
from ikrar.services import clock, report_desk, reports

PAGE = 50
SOON = timedelta(days=3)
_SMALLEST = 1  # KiB: a few sentences at most, and no file
_FEW = 2


class Part(IntEnum):
    """The parts of an inbox, in their order: a review that is late, what is due, what merely waits."""

    LATE = 0
    DUE = 1
    REST = 2


@dataclass(frozen=True, slots=True)
class After:
    """The last line of the page before: the part it stands in, its day there, its report."""

    part: Part
    day: date
    report: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the inbox asks for.

    `age`: at least and at most so many days since it was received. `due`: soon, over. `lacks`: nothing, few, much. `newest`: the
    newest first instead of what is due. `without_case`: of one's own body, and in no case. `after`: where the page begins.
    """

    states: tuple[str, ...] = tuple(report_states.OPEN)
    channel: str = ""
    body: int = 0
    on: date | None = None
    age: tuple[int | None, int | None] = (None, None)
    due: str = ""
    lacks: str = ""
    named: bool | None = None
    small: bool = False
    newest: bool = False
    without_case: bool = False
    after: After | None = None

    @property
    def by_age(self) -> bool:
        """Say whether the newest stand first: asked for, or since nothing of it is due any more."""
        return self.newest or not set(self.states) & set(report_states.OPEN)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the inbox: coarse facts alone. `days` since it was received, `days_left` until it is due."""

    report: Report
    due_on: date | None
    named: bool
    lacks: int
    days: int
    days_left: int | None

    @property
    def number(self) -> str:
        """Its number as the address has it."""
        return report_desk.number_of(self.report)

    @property
    def is_due(self) -> bool:
        """Say whether a day stands before it at all."""
        return self.due_on is not None and self.report.state in report_states.MAY_BE_SET_ASIDE


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox; `more` where another follows; `count`: how many reports match."""

    lines: tuple[Line, ...]
    more: After | None
    count: int


_Row = tuple[Part, date, int, date | None, bool, int]  # part, day in it, report, due on, named, lacks


def inbox(user: User, bodies: Collection[int], wanted: Wanted) -> Inbox:
    """Return a page of the reports that somebody's own keys open."""
    keys = _keys(user, bodies, wanted)
    today = clock.today()
    found: list[_Row] = []
    for part in _parts(wanted):
        pieces = [row for key in keys for state in wanted.states for row in _piece(key.pk, state, part, wanted, today)]
        # Who holds keys of two bodies may have a report twice: as its own and as a copy.
        once = {row[2]: row for row in pieces if row[2] not in {each[2] for each in found}}
        found += sorted(once.values(), key=itemgetter(1, 2), reverse=wanted.by_age)
        if len(found) > PAGE:
            break
    page = found[:PAGE]
    more = After(page[-1][0], page[-1][1], page[-1][2]) if len(found) > PAGE else None
    return Inbox(tuple(_lines(page, today)), more, _count(keys, wanted, today))


def _keys(user: User, bodies: Collection[int], wanted: Wanted) -> list[OfficerKey]:
    return [key for key in report_desk.own_keys(user, bodies) if wanted.body in (0, key.body_id)]


def _parts(wanted: Wanted) -> Sequence[Part]:
    if wanted.by_age:
        return (Part.REST,)
    first = wanted.after.part if wanted.after else Part.LATE
    return [part for part in Part if part >= first]


def _piece(key: int, state: str, part: Part, wanted: Wanted, today: date) -> Iterator[_Row]:
    rows = _within(
        _narrowed(ReportReader.objects.filter(key=key, state=state), wanted, today), state, part, wanted, today
    )
    if rows is None:
        return
    day = "received_on" if part is Part.REST else "due_on"
    down = wanted.by_age
    rows = rows.order_by(*((f"-{day}", "-report_id") if down else (day, "report_id")))
    pieces = [rows]
    if wanted.after is not None and wanted.after.part is part:
        beyond = "lt" if down else "gt"
        pieces = [
            rows.filter(**{day: wanted.after.day, f"report_id__{beyond}": wanted.after.report}),
            rows.filter(**{f"{day}__{beyond}": wanted.after.day}),
        ]
    left = PAGE + 1
    for piece in pieces:
        taken = piece.values_list(day, "report_id", "due_on", "named", "lacks")[:left]
        for row in taken:
            left -= 1
            yield (part, *row)
        if not left:
            return


def _within(
    rows: QuerySet[ReportReader], state: str, part: Part, wanted: Wanted, today: date
) -> QuerySet[ReportReader] | None:
    """Narrow the rows of a state to those of one part of the inbox; None where the state has none there."""
    is_waiting, is_unreviewed = state in report_states.MAY_BE_SET_ASIDE, state in report_states.UNREVIEWED
    if wanted.by_age or (part is Part.REST and not is_waiting):
        return rows
    if part is Part.LATE:
        return rows.filter(due_on__lt=today, named=True) if is_unreviewed else None
    if part is Part.DUE:
        return rows.filter(due_on__gte=today) if is_waiting else None
    over = Q(due_on__lt=today, named=False) if is_unreviewed else Q(due_on__lt=today)
    return rows.filter(Q(due_on=None) | over)


def _narrowed(rows: QuerySet[ReportReader], wanted: Wanted, today: date) -> QuerySet[ReportReader]:
    least, most = wanted.age
    if wanted.on:
        rows = rows.filter(received_on=wanted.on)
    if least is not None:
        rows = rows.filter(received_on__lte=today - timedelta(days=least))
    if most is not None:
        rows = rows.filter(received_on__gte=today - timedelta(days=most))
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.due:
        rows = (
            rows.filter(due_on__range=(today, today + SOON)) if wanted.due == "soon" else rows.filter(due_on__lt=today)
        )
    if wanted.lacks:
        ends = {"nothing": (0, 0), "few": (1, _FEW), "much": (_FEW + 1, 1000)}[wanted.lacks]
        rows = rows.filter(lacks__range=ends)
    if wanted.named is not None:
        rows = rows.filter(named=wanted.named)
    if wanted.without_case:
        cased = CaseReport.objects.filter(report=OuterRef("report"))
        rows = rows.filter(~Exists(cased), report__body=F("body"))
    return rows.filter(size_step=_SMALLEST) if wanted.small else rows


def _count(keys: Sequence[OfficerKey], wanted: Wanted, today: date) -> int:
    if len(keys) == 1:
        rows = ReportReader.objects.filter(key=keys[0], state__in=wanted.states)
        return _narrowed(rows, wanted, today).count()
    rows = ReportReader.objects.filter(key__in=keys, state__in=wanted.states)
    return _narrowed(rows, wanted, today).values("report").distinct().count()


def count_without_case(user: User, bodies: Collection[int]) -> int:
    """Count the registered reports of these bodies that lie in no case yet, of those that somebody's own keys open."""
    wanted = Wanted(states=(report_states.ReportState.REGISTERED,), without_case=True)
    return _count(_keys(user, bodies, wanted), wanted, clock.today())


def matching(user: User, bodies: Collection[int], wanted: Wanted) -> list[int]:
    """Return the numbers of all reports of one's own bodies that match, whatever page they stand on."""
    today = clock.today()
    found: set[int] = set()
    for key in _keys(user, bodies, wanted):
        rows = ReportReader.objects.filter(key=key, state__in=wanted.states, report__body=F("body"))
        found.update(_narrowed(rows, replace(wanted, after=None), today).values_list("report_id", flat=True))
    return sorted(found)


def _lines(rows: Sequence[_Row], today: date) -> Iterator[Line]:
    numbers = [row[2] for row in rows]
    kept = Report.objects.filter(pk__in=numbers).select_related("body").only(
        "body__name", "state", "channel", "received_on"
    )  # fmt: skip
    by_pk = {report.pk: report for report in kept}
    for _part, _day, number, due_on, named, lacks in rows:
        report = by_pk[number]
        left = (due_on - today).days if due_on else None
        yield Line(report, due_on, named, lacks, (today - report.received_on).days, left)


@dataclass(frozen=True, slots=True)
class Queue:
    """How many reports of a channel came today that an officer's key opens, and whether the channel takes no more.

    What is not sealed to him is not counted: else whom a reporter excludes would see that there is one more.
    """

    body: Body
    channel: str
    count: int
    is_full: bool


def queues(user: User, bodies: Collection[int]) -> list[Queue]:
    """Return the channels of bodies by which reports came today that somebody's own keys open, and those that are full."""
    found = []
    for key in report_desk.own_keys(user, bodies):
        today = clock.today(reports.zone_of_body(key.body))
        came = ReportReader.objects.filter(key=key, state__in=Report.State.values, received_on=today).order_by()
        counts = dict(came.values_list("channel").annotate(n=Count("pk")))
        taken = dict(IntakeCount.objects.filter(body=key.body, on=today).values_list("channel", "count"))
        full = {channel for channel, count in taken.items() if count >= settings.INTAKE_BUDGETS[channel]}
        found += [
            Queue(key.body, channel, counts.get(channel, 0), channel in full)
            for channel in sorted(full | counts.keys())
        ]
    return found
