"""Sealing the reports that lie in an inbox to those who came later: newcomers of a key set, and whoever lost a key and made
another one.

An officer's browser does it. The server hands out what his own key opens, the sealed content among it, in which the rule of
the report stands, and keeps that it did so; it takes the envelopes that come back, and nothing that is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ikrar.domain import report_states
from ikrar.domain import reports as domain
from ikrar.domain.errors import ReportActRefused
from ikrar.domain.report_states import ReportState
from ikrar.records.models import (
    Body,
    OfficerKey,
    Report,
    ReportAct,
    ReportCopy,
    ReportEnvelope,
    ReportPart,
    ReportReader,
    User,
)
from ikrar.services import clock, keysets, ledger, report_exclusions, reports
from ikrar.services.keysets import Reader
from ikrar.services.report_desk import number_of

Act = ReportAct.Kind
STATES = (*report_states.OPEN, ReportState.HANDED_OVER)  # all in which something is still done with a report
BATCH = 20
MOST = 5_000  # so many reports one page goes through; the next look shows the rest


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A holder who receives today. `lacking`: how many of the reports that I open were not sealed to him."""

    reader: Reader
    keys: tuple[int, ...]  # all that he ever had: a rule may name an older one
    lacking: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one officer can seal to others: to whom, and the numbers of the reports, the oldest first."""

    newcomers: tuple[Newcomer, ...]
    numbers: tuple[int, ...]


def waiting(key: OfficerKey, *, now: datetime) -> Waiting:
    """Return what an officer's key opens and keys of today's set do not: of his own body, and of the copies that it has."""
    others = _others(key, now)
    wanted = [each.holder.key for each in others]
    mine = _mine(key)
    keys = report_exclusions.keys_of([each.user for each in others])
    all_of_mine = mine.count()
    counts = dict(
        ReportReader.objects.filter(key__in=wanted, report__in=mine.values("report"))
        .order_by()
        .values_list("key")
        .annotate(count=Count("pk"))
    )
    newcomers = [
        Newcomer(each, tuple(keys[each.user]), all_of_mine - counts.get(each.holder.key, 0)) for each in others
    ]
    lacking = [each for each in newcomers if each.lacking]
    if not lacking:
        return Waiting((), ())
    having = (
        ReportReader.objects.filter(report=OuterRef("report"), key__in=wanted)
        .order_by()
        .values("report")
        .annotate(count=Count("pk"))
        .values("count")
    )
    rows = mine.annotate(having=Coalesce(Subquery(having, output_field=IntegerField()), 0)).filter(
        having__lt=len(wanted)
    )
    numbers = rows.order_by("received_on", "report").values_list("report", flat=True)[:MOST]
    return Waiting(tuple(lacking), tuple(numbers))


def _others(key: OfficerKey, now: datetime) -> list[Reader]:
    found = keysets.current(key.body)
    if found is None:
        return []
    return [each for each in keysets.readers(found, now=now) if each.receives and each.holder.key != key.pk]


def _mine(key: OfficerKey) -> QuerySet[ReportReader]:
    return ReportReader.objects.filter(key=key, state__in=STATES)


@dataclass(frozen=True, slots=True)
class Handed:
    """One report as the officer's browser gets it to seal it to others: his envelopes and the sealed content."""

    report: Report
    envelopes: tuple[bytes, ...]
    content: bytes
    to: tuple[int, ...]  # keys of newcomers to whom it was not sealed, without whom the reporter is known to exclude


@transaction.atomic(durable=True)
def hand_out(key: OfficerKey, numbers: Sequence[int], *, by: User, now: datetime) -> list[Handed]:
    """Hand out reports to be sealed to newcomers, and keep that and when: it is what opens them. At most BATCH of them.

    What nobody lacks any more, and what this key does not open, is left out.
    """
    mine = set(_mine(key).filter(report__in=numbers[:BATCH]).values_list("report", flat=True))
    others = {each.holder.key: each.user for each in _others(key, now)}
    excluded = report_exclusions.known(mine)
    having: dict[int, set[int]] = {number: set() for number in mine}
    for number, other in ReportReader.objects.filter(report__in=mine, key__in=others).values_list("report", "key"):
        having[number].add(other)
    envelopes = _envelopes(key, mine)
    contents = {
        part.report_id: part
        for part in ReportPart.objects.filter(report__in=mine, kind=ReportPart.Kind.CONTENT).order_by("place")
    }
    out = []
    for report in Report.objects.filter(pk__in=mine, erased_on=None).select_related("body__agency", "body__region"):
        out_of_it = excluded.get(report.pk, frozenset())
        to = tuple(pk for pk, user in others.items() if pk not in having[report.pk] and user not in out_of_it)
        part = contents.get(report.pk)
        if to and part is not None and part.sealed is not None and envelopes[report.pk]:
            sealed = tuple(bytes(each.sealed) for each in envelopes[report.pk])
            out.append(Handed(report, sealed, bytes(part.sealed), to))
    order = {number: place for place, number in enumerate(numbers)}
    out.sort(key=lambda each: order[each.report.pk])
    _keep_acts([each.report for each in out], Act.RULE_READ, by=by, body=key.body, now=now)
    said = {"reports": [number_of(each.report) for each in out], "user": by.pk, "key": key.pk}
    if out:
        ledger.append("report.rules_read", said, now=now)
    return out


def _envelopes(key: OfficerKey, numbers: set[int]) -> dict[int, list[ReportEnvelope]]:
    """Return the envelopes of reports that a key opens. What another body was merely offered opens nothing yet."""
    unanswered = ReportCopy.objects.exclude(state=ReportCopy.State.TAKEN).exclude(envelope=None).values("envelope")
    found: dict[int, list[ReportEnvelope]] = {number: [] for number in numbers}
    rows = ReportEnvelope.objects.filter(report__in=numbers).exclude(body=None).exclude(pk__in=unanswered)
    for envelope in rows:
        if key.pk in envelope.to:
            found[envelope.report_id].append(envelope)
    return found


def _keep_acts(
    found: Sequence[Report], kind: str, *, by: User, body: Body, now: datetime, notes: Sequence[str] = ()
) -> None:
    ReportAct.objects.bulk_create(
        ReportAct(
            report=report, kind=kind, user=by, body=body, at=now, on=clock.today(reports.zone_of_body(report.body)),
            note=notes[place] if notes else "",
        )
        for place, report in enumerate(found)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resealed:
    """An envelope that a browser made: a report's keys, sealed to newcomers' keys."""

    number: int
    to: tuple[int, ...]
    sealed: bytes


@transaction.atomic(durable=True)
def keep(key: OfficerKey, made: Sequence[Resealed], *, by: User, now: datetime) -> int:
    """Keep envelopes to newcomers; return how many. What somebody else sealed meanwhile, or what was closed, is left out.

    Raises ReportActRefused (nobody; recipients: somebody who receives nothing; not_yours; unopened: it was not handed out to
    him; excluded: the reporter left him out), ReportRefused (form).
    """
    numbers = [each.number for each in made]
    if len(set(numbers)) != len(numbers) or len(numbers) > BATCH:
        raise ReportActRefused("recipients")
    others = {each.holder.key: each.user for each in _others(key, now)}
    # Rows are claimed in one order, so that two officers who do the same wait for each other.
    held = set(
        Report.objects.select_for_update()
        .filter(pk__in=numbers, state__in=STATES, erased_on=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    lines = {line.report_id: line for line in _mine(key).filter(report__in=held)}
    handed = set(
        ReportAct.objects.filter(report__in=held, user=by, kind__in=(Act.RULE_READ, Act.OPENED)).values_list(
            "report", flat=True
        )
    )
    excluded = report_exclusions.known(held)
    having = set(ReportReader.objects.filter(report__in=held).values_list("report", "key"))
    envelopes = _envelopes(key, held)
    kept = []
    for each in made:
        if not each.to:
            raise ReportActRefused("nobody")
        if len(set(each.to)) != len(each.to) or not set(each.to) <= others.keys():
            raise ReportActRefused("recipients")
        domain.check_envelope(each.sealed, "envelope")
        if each.number not in held:
            continue
        if each.number not in lines:
            raise ReportActRefused("not_yours")
        if each.number not in handed:
            raise ReportActRefused("unopened")
        if excluded.get(each.number, frozenset()) & {others[pk] for pk in each.to}:
            raise ReportActRefused("excluded")
        if not any((each.number, pk) in having for pk in each.to):
            kept.append(each)
    _write(key, kept, lines, envelopes, by=by, now=now)
    return len(kept)


def _write(
    key: OfficerKey, kept: Sequence[Resealed], lines: dict[int, ReportReader],
    envelopes: dict[int, list[ReportEnvelope]], *, by: User, now: datetime,
) -> None:  # fmt: skip
    found = {
        report.pk: report
        for report in Report.objects.filter(pk__in=[each.number for each in kept]).select_related("body__agency")
    }
    ReportEnvelope.objects.bulk_create(
        ReportEnvelope(
            report_id=each.number, body=key.body, by=by, to=sorted(each.to), sealed=each.sealed,
            opens=sorted({kind for envelope in envelopes[each.number] for kind in envelope.opens}),
            made_on=clock.today(reports.zone_of_body(found[each.number].body)),
        )
        for each in kept
    )  # fmt: skip
    ReportReader.objects.bulk_create(
        [_line(lines[each.number], pk, key.body_id) for each in kept for pk in each.to], ignore_conflicts=True
    )
    notes = ["keys:" + " ".join(map(str, sorted(each.to))) for each in kept]
    _keep_acts(
        [found[each.number] for each in kept], Act.RESEALED, by=by, body=key.body, now=now,
        notes=[note[:300] for note in notes],
    )  # fmt: skip
    said = [{"report": f"{each.number:016x}", "keys": sorted(each.to), "by": by.pk} for each in kept]
    ledger.append_many("report.resealed", said, now=now)


def _line(mine: ReportReader, key: int, body: int) -> ReportReader:
    """Return a newcomer's line: what mine says, under his key."""
    return ReportReader(
        report_id=mine.report_id, key_id=key, body_id=body, state=mine.state, received_on=mine.received_on,
        channel=mine.channel, due_on=mine.due_on, named=mine.named, lacks=mine.lacks, size_step=mine.size_step,
    )  # fmt: skip
