"""How long reports are kept, and how they go: keys first, then all that they opened; of the report stays what the log needs.

Without its envelopes nothing of a report opens, whatever copies of its parts there are. Backups and free space of a disk hold
old envelopes for a while: docs/threats.md says how long.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from ikrar.domain import retention
from ikrar.domain.errors import RetentionRefused
from ikrar.domain.report_states import WITHDRAWN
from ikrar.domain.retention import TOMBSTONE_DAYS, WARNED_DAYS, HoldKind, Kept, Rule, Term
from ikrar.gateways import sealed_files
from ikrar.records.models import (
    Body,
    Report,
    ReportAct,
    ReportCopy,
    ReportEnvelope,
    ReportHold,
    ReportLeftOut,
    ReportPart,
    ReportReader,
    RetentionTerm,
    User,
)
from ikrar.services import clock, keysets, ledger, notices, report_doubles, reports

Act = ReportAct.Kind
_LOOKED_AT = 2_000  # reports a run
_ERASED_AT_ONCE = 200
_SHOWN = 200
_PATIENCE_MS = 250  # for readers of the database that stand in the way of clearing its journal


# --- terms -------------------------------------------------------------------------------------------------------


def terms_of(bodies: Collection[int] | None = None) -> dict[tuple[int, Kept], Term]:
    """Return the terms that bodies set themselves (None: all bodies)."""
    rows = RetentionTerm.objects.all() if bodies is None else RetentionTerm.objects.filter(body__in=bodies)
    return {(row.body_id, Kept(row.kind)): Term(row.days, row.before_days, row.set_on) for row in rows}


def term(body: int, kind: Kept) -> Term:
    """Return how long a body keeps one kind of its reports."""
    return terms_of([body]).get((body, kind), retention.default(kind))


@dataclass(frozen=True, slots=True)
class TermLine:
    """One kind of report at a body: the rule with its bounds, and the term that holds there."""

    rule: Rule
    term: Term
    may_change: bool

    @property
    def is_own(self) -> bool:
        """Say whether the body set it itself."""
        return self.term.set_on is not None


def lines(body: Body) -> list[TermLine]:
    """Return all terms of a body, the shortest first."""
    own, today = terms_of([body.pk]), clock.today(reports.zone_of_body(body))
    found = [(rule, own.get((body.pk, kind), retention.default(kind))) for kind, rule in retention.RULES.items()]
    return [TermLine(rule, each, each.may_change(today)) for rule, each in found]


@transaction.atomic(durable=True)
def set_term(body: Body, kind: Kept, days: int, *, by: User, now: datetime) -> None:
    """Set how long a body keeps one kind of its reports, and tell its other holders.

    A shorter term erases nothing within the next month that it would not have erased anyway (domain.retention.Term). Raises
    RetentionRefused (`reason`: bounds, unchanged, too_soon).
    """
    rule = retention.RULES[kind]
    if not rule.allows(days):
        raise RetentionRefused("bounds", rule.least, rule.most)
    today = clock.today(reports.zone_of_body(body))
    row = RetentionTerm.objects.select_for_update().filter(body=body, kind=kind).first()
    before = row.days if row else rule.days
    if days == before:
        raise RetentionRefused("unchanged")
    if row and not Term(row.days, row.before_days, row.set_on).may_change(today):
        raise RetentionRefused("too_soon")
    RetentionTerm.objects.update_or_create(
        body=body, kind=kind, defaults={"days": days, "before_days": before, "set_on": today, "by": by}
    )
    data = {"body": body.pk, "kind": str(kind), "days": days, "before": before, "by": by.pk}
    ledger.append("retention.changed", data, now=now)
    others = [user for user in keysets.may_open(body, now=now) if user.pk != by.pk]
    notices.tell_accounts(others, "retention_changed", {"body": body.pk, "name": body.name}, link="", now=now)


# --- until when --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keeping:
    """Until when a report is kept: the day on which it is erased, and the last day of the longest hold that stops it."""

    kind: Kept
    ends_on: date
    held_until: date | None = None
    holds: tuple[ReportHold, ...] = field(default=())

    @property
    def erased_from(self) -> date:
        """The first day on which it may be gone."""
        return max(self.ends_on, self.held_until + timedelta(days=1)) if self.held_until else self.ends_on


def keeping(report: Report) -> Keeping:
    """Return until when one report is kept."""
    return _keepings([report], clock.today(reports.zone_of_body(report.body)))[report.pk]


def _keepings(
    found: Sequence[Report], today: date, own: Mapping[tuple[int, Kept], Term] | None = None
) -> dict[int, Keeping]:
    """Return until when reports are kept. Where several bodies hold one, the longest term holds: they share its parts."""
    numbers = [report.pk for report in found]
    own = terms_of() if own is None else own
    withdrawn = set(
        ReportAct.objects.filter(report__in=numbers, kind=Act.STATE, note=WITHDRAWN).values_list("report", flat=True)
    )
    others: dict[int, list[tuple[int, date]]] = {}
    envelopes = ReportEnvelope.objects.filter(report__in=numbers, body__isnull=False).order_by()
    for number, body, made_on in (
        envelopes.values("report", "body").annotate(last=Max("made_on")).values_list("report", "body", "last")
    ):
        others.setdefault(number, []).append((body, made_on))
    holds: dict[int, list[ReportHold]] = {}
    for hold in _standing(today).filter(report__in=numbers).select_related("by__person").order_by("until_on", "pk"):
        holds.setdefault(hold.report_id, []).append(hold)
    out = {}
    for report in found:
        kind = retention.kind_of(report.state, withdrawn=report.pk in withdrawn)
        held = tuple(holds.get(report.pk, ()))
        ends = [own.get((report.body_id, kind), retention.default(kind)).ends(report.state_on)]
        for body, made_on in others.get(report.pk, ()):
            if body != report.body_id:
                since = max(report.state_on, made_on)
                ends.append(own.get((body, kind), retention.default(kind)).ends(since))
        out[report.pk] = Keeping(kind, max(ends), held[-1].until_on if held else None, held)
    return out


def _standing(today: date) -> QuerySet[ReportHold]:
    return ReportHold.objects.filter(ended_on=None, until_on__gte=today)


@dataclass(frozen=True, slots=True)
class Ending:
    """A report that is erased soon."""

    report: Report
    kept: Keeping

    @property
    def number(self) -> str:
        """Its number as addresses have it."""
        return f"{self.report.pk:016x}"


def ending(user: User, body: Body) -> list[Ending]:
    """Return the reports of a body that somebody's own key opens and that are erased within a month, the first first."""
    today = clock.today(reports.zone_of_body(body))
    own, limit = terms_of(), today + timedelta(days=WARNED_DAYS)
    out: list[Ending] = []
    for state in Report.State.values:
        # No term is counted from a day before that on which the report came: the index of the inbox finds these alone.
        shortest = _shortest(own, state)
        rows = Report.objects.filter(
            body=body, state=state, erased_on=None, received_on__lte=limit - shortest, state_on__lte=limit - shortest
        )
        mine = rows.filter(readers__key__user=user, readers__key__dropped_at=None).distinct()
        found = list(mine.select_related("body__agency", "body__region").order_by("state_on")[: 4 * _SHOWN])
        kept = _keepings(found, today, own)
        out += [Ending(report, kept[report.pk]) for report in found if kept[report.pk].erased_from <= limit]
    out.sort(key=lambda each: (each.kept.erased_from, each.report.pk))
    return out[:_SHOWN]


def _shortest(own: Mapping[tuple[int, Kept], Term], state: str) -> timedelta:
    """Return the shortest time for which any body keeps what is in a state."""
    kinds = [kind for kind in Kept if state in retention.STATES[kind]]
    days = [retention.RULES[kind].days for kind in kinds]
    days += [each.days for (_body, kind), each in own.items() if kind in kinds]
    return timedelta(days=min(days))


# --- holds -------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def hold(report: Report, kind: HoldKind, until_on: date, *, by: User, now: datetime) -> None:
    """Keep a report beyond its term, until a day. Raises RetentionRefused (`reason`: until, gone)."""
    today = clock.today(reports.zone_of_body(report.body))
    if not today < until_on <= today + timedelta(days=retention.LONGEST_HOLD_DAYS):
        raise RetentionRefused("until")
    if not Report.objects.select_for_update().filter(pk=report.pk, erased_on=None):
        raise RetentionRefused("gone")
    ReportHold.objects.create(report=report, kind=kind, by=by, from_on=today, until_on=until_on)
    data = {"report": f"{report.pk:016x}", "kind": str(kind), "until": until_on.isoformat(), "by": by.pk}
    ledger.append("report.held", data, now=now)


def holds_of(report: Report, body: int) -> frozenset[int]:
    """Return the holds that people of a body set: nobody else ends them, whatever of the report he reads.

    Who holds keys of two bodies that read a report sets a hold for the one that it lies with, as he opens it.
    """
    bodies: dict[int, int] = {}
    readers = ReportReader.objects.filter(report=report).order_by("key")
    for user, at in readers.values_list("key__user", "key__body"):
        if at == report.body_id or user not in bodies:
            bodies[user] = at
    holds = ReportHold.objects.filter(report=report).values_list("pk", "by")
    return frozenset(number for number, by in holds if bodies.get(by) == body)


@transaction.atomic(durable=True)
def end_hold(report: Report, number: int, *, body: int, by: User, now: datetime) -> None:
    """End a hold before its last day, for the body that set it. Raises RetentionRefused (`reason`: gone, another)."""
    today = clock.today(reports.zone_of_body(report.body))
    if ReportHold.objects.filter(pk=number, report=report).exists() and number not in holds_of(report, body):
        raise RetentionRefused("another")
    if not _standing(today).filter(pk=number, report=report).update(ended_on=today, ended_by=by):
        raise RetentionRefused("gone")
    ledger.append("report.hold_ended", {"report": f"{report.pk:016x}", "by": by.pk}, now=now)


# --- erasing -----------------------------------------------------------------------------------------------------


@dataclass
class _Round:
    """One way through all reports, some with each run of the clock; `after`: the last one that was looked at."""

    on: date
    after: int = -1
    erased: int = 0
    done: bool = False


_round: _Round | None = None
_owed = False  # bytes that were deleted may still stand in the database's journal
_sweeping = threading.Lock()


def sweep(now: datetime) -> int:
    """Erase some reports whose term ended; return how many. Once a day it goes through all, some thousand with each run."""
    global _round, _owed
    today = clock.today()
    with _sweeping:
        if _owed and _clear_journal():
            _owed = False
        if _round is None or _round.on != today:
            _round = _Round(today)
            _forget_codes(today)
        if _round.done:
            return 0
        numbers, after = _ended(today, _round.after)
        paths = _erase(numbers, today, now) if numbers else None
        if paths is not None:
            _owed = not _clear_journal()
            sealed_files.remove_many(reports.root(), paths, today)
            _round.erased += len(numbers)
        if after is None:
            _round.done = True
            if _round.erased:
                _vacuum()
        else:
            _round.after = after
        return len(numbers)


def begin_anew() -> None:
    """Go through all reports again with the next run, as a new start does."""
    global _round
    _round = None


def _ended(today: date, after: int) -> tuple[list[int], int | None]:
    """Look at some reports in the order of their keys; return which of them ended, and after which to go on (None: nowhere)."""
    rows = list(
        Report.objects.filter(pk__gt=after, erased_on=None)
        .only("pk", "body", "state", "state_on")
        .order_by("pk")[:_LOOKED_AT]
    )
    own = terms_of()
    shortest = {state: _shortest(own, state) for state in Report.State.values}
    near = [report for report in rows if report.state_on + shortest[report.state] <= today]
    kept = _keepings(near, today, own)
    over = [report.pk for report in near if kept[report.pk].erased_from <= today]
    if len(over) > _ERASED_AT_ONCE:
        return over[:_ERASED_AT_ONCE], over[_ERASED_AT_ONCE - 1]
    return over, rows[-1].pk if len(rows) == _LOOKED_AT else None


@transaction.atomic(durable=True)
def _erase(numbers: Sequence[int], today: date, now: datetime) -> list[str]:
    """Erase reports, of which each is looked at once more in this transaction; return the paths of their files."""
    report_doubles.hold(numbers)
    rows = list(Report.objects.select_for_update().filter(pk__in=numbers, erased_on=None).order_by("pk"))
    kept = _keepings(rows, today)
    gone = [report.pk for report in rows if kept[report.pk].erased_from <= today]
    # The keys go first: from here on nothing opens what follows.
    for model in (ReportCopy, ReportEnvelope, ReportReader, ReportLeftOut, ReportAct):
        model.objects.filter(report__in=gone).only("pk").delete()
    report_doubles.forget(gone)
    paths = list(ReportPart.objects.filter(report__in=gone).exclude(path="").values_list("path", flat=True))
    for model in (ReportPart, ReportHold):
        model.objects.filter(report__in=gone).only("pk").delete()
    Report.objects.filter(pk__in=gone).update(
        erased_on=today, known_on=None, regime="", ticks=[], content_to="", identity_to="", dialogue_to="", mailbox="",
        has_identity=False, file_count=0, before_aside="", triage=None,
    )  # fmt: skip
    ReportAct.objects.bulk_create(
        [ReportAct(report_id=number, kind=Act.ERASED, at=now, on=today, note=kept[number].kind) for number in gone]
    )
    data = [{"report": f"{number:016x}", "kind": str(kept[number].kind)} for number in gone]
    ledger.append_many("report.erased", data, now=now)
    return paths


@transaction.atomic(durable=True)
def _forget_codes(today: date) -> None:
    """Let the codes of reports that were erased long ago find nothing any more."""
    old = Report.objects.filter(erased_on__lt=today - timedelta(days=TOMBSTONE_DAYS), finder__isnull=False)
    old.update(finder=None)


def _clear_journal() -> bool:
    """Take out of SQLite's journal what was deleted; say whether it is out. Free pages are overwritten at once (secure_delete).

    A reader who stands in the way is waited for a moment alone: meanwhile nobody writes.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        patience = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not cursor.fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")


def _vacuum() -> None:
    """Let PostgreSQL give the space of deleted rows free, so that what comes next overwrites it."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        for model in (ReportEnvelope, ReportPart, ReportReader, ReportLeftOut, ReportAct, ReportCopy):
            cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
