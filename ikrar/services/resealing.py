"""Sealing the reports that lie in an inbox to those who came later: newcomers of a key set, and whoever lost a key and made
another one.

An officer's browser does it. The server hands out what his own key opens, the sealed content among it, in which the rule of
the report stands, and keeps that it did so; it takes the envelopes that come back, and nothing that is opened. Of what his key
does not open he learns nothing here, not even that it is there, unless he proves that he has the body's offline key from the
safe: that opens all, and seals what its holders can no longer.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ikrar.domain import report_states
from ikrar.domain import reports as domain
from ikrar.domain.errors import ReportActRefused
from ikrar.domain.keysets import KeySet
from ikrar.domain.report_states import ReportState
from ikrar.gateways import sealing
from ikrar.records.models import (
    Body,
    OfficerKey,
    Report,
    ReportAct,
    ReportCopy,
    ReportEnvelope,
    ReportLeftOut,
    ReportPart,
    ReportReader,
    User,
)
from ikrar.records.models import KeySet as KeySetRow
from ikrar.services import clock, keysets, ledger, report_exclusions, reports
from ikrar.services.keysets import Offline, Reader
from ikrar.services.report_desk import number_of

Act = ReportAct.Kind
STATES = (*report_states.OPEN, ReportState.HANDED_OVER)  # all in which something is still done with a report
BATCH = 20
_PROOF_DIGITS = 128
MOST = 5_000  # so many reports one page goes through; the next look shows the rest


@dataclass(frozen=True, slots=True)
class Safe:
    """An offline key of a body in the hands of one of its officers, who proved that he has it.

    One that was `replaced` may have been so because it leaked: it opens what would be lost without it, and that to nobody whom
    a report is known to exclude.
    """

    body: Body
    offline: Offline
    user: int
    replaced: bool

    @property
    def body_id(self) -> int:
        """The body's number, as a key of an officer has it."""
        return self.body.pk


Hand = OfficerKey | Safe


def safe(user: User, body: Body, proof: str) -> Safe:
    """Return the offline key that somebody proves to have: `proof` is his signature (hex) with it on `proof_message`.

    A key that a set of former days names counts too (see Safe). Raises ReportActRefused (not_yours), KeySetWrong.
    """
    found = keysets.current(body)
    if found is not None and len(proof) == _PROOF_DIGITS and set(proof) <= set("0123456789abcdef"):
        message = proof_message(user, found, clock.today(reports.zone_of_body(body)))
        for offline in keysets.offline_keys(body):
            if sealing.verify(bytes.fromhex(offline.holder.verifier), bytes.fromhex(proof), message):
                return Safe(body, offline, user.pk, replaced=offline.holder != found.offline)
    raise ReportActRefused("not_yours")


def proof_message(user: User, found: KeySet, on: date) -> bytes:
    """Return what somebody signs with an offline key to seal with it on one day, while this set is in force."""
    return f"ikrar/offline-reseal/v1\n{found.body}\n{user.pk}\n{found.digest}\n{on.isoformat()}\n".encode()


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
    unsafe: int = 0  # how many of them the offline key of today does not open


def waiting(hand: Hand, *, now: datetime) -> Waiting:
    """Return what a key opens and keys of today's set do not: of his own body, and of the copies that it has.

    Whoever is known to be left out of a report does not lack it.
    """
    if keysets.current(hand.body) is None:
        return Waiting((), ())
    others = _others(hand, now)
    wanted = [each.holder.key for each in others]
    mine = _mine(hand, now)
    keys = report_exclusions.keys_of([each.user for each in others])
    all_of_mine = mine.count()
    out_of_it = _left_out(others)
    having = ReportReader.objects.filter(key__in=wanted, report__in=mine.values("report")).order_by()
    has = Counter(dict(having.values_list("key").annotate(count=Count("pk"))))
    without = out_of_it.filter(report__in=mine.values("report")).order_by()
    is_out = Counter(dict(without.values_list("key__user").annotate(count=Count("report", distinct=True))))
    newcomers = [
        Newcomer(each, tuple(keys[each.user]), all_of_mine - has[each.holder.key] - is_out[each.user])
        for each in others
    ]  # fmt: skip
    lacking = [each for each in newcomers if each.lacking > 0]
    unsafe = mine.exclude(_in_the_safe(hand.body)).count()
    if not lacking and not unsafe:
        return Waiting((), ())
    lines = mine.annotate(
        having=_count(ReportReader.objects.filter(report=OuterRef("report"), key__in=wanted), "key"),
        left_out=_count(out_of_it.filter(report=OuterRef("report")), "key__user"),
        safe=_in_the_safe(hand.body),
    ).filter(Q(having__lt=len(wanted) - F("left_out")) | Q(safe=False))
    numbers = lines.order_by("received_on", "report").values_list("report", flat=True)[:MOST]
    return Waiting(tuple(lacking), tuple(numbers), unsafe)


def _left_out(others: Sequence[Reader]) -> QuerySet[ReportLeftOut]:
    """Return that reports leave out these holders, by whatever key of theirs, and were not sealed to them all the same."""
    keys = [each.holder.key for each in others]
    has_it = ReportReader.objects.filter(report=OuterRef("report"), key__in=keys, key__user=OuterRef("key__user"))
    return ReportLeftOut.objects.filter(~Exists(has_it), key__user__in=[each.user for each in others])


def _count(rows: QuerySet, what: str) -> Coalesce:
    counted = rows.order_by().values("report").annotate(count=Count(what, distinct=True)).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _in_the_safe(body: Body) -> Exists:
    """Say of a line whether the offline key of today opens its report."""
    return Exists(_sealed_to(keysets.offline_keys(body)[-1], body).filter(report=OuterRef("report")))


def _sealed_to(offline: Offline, body: Body) -> QuerySet[ReportEnvelope]:
    sealed_to_it = Q(key_set__in=offline.rows) | Q(key_set=None, report__key_set__in=offline.rows)
    return ReportEnvelope.objects.filter(sealed_to_it, body=body)


def _others(hand: Hand, now: datetime) -> list[Reader]:
    found = keysets.current(hand.body)
    own = hand.pk if isinstance(hand, OfficerKey) else 0
    if found is None:
        return []
    return [each for each in keysets.readers(found, now=now) if each.receives and each.holder.key != own]


def _mine(hand: Hand, now: datetime) -> QuerySet[ReportReader]:
    """Return one line for each report that a hand opens and that others shall open."""
    running = ReportReader.objects.filter(state__in=STATES)
    if isinstance(hand, OfficerKey):
        return running.filter(key=hand)
    lines = ReportReader.objects.filter(body=hand.body).order_by().values("report").annotate(first=Min("pk"))
    found = running.filter(pk__in=lines.values("first"))
    if not hand.replaced:
        return found
    of_it = {"report": OuterRef("report")}
    opened = ReportReader.objects.filter(key__in=[each.holder.key for each in _others(hand, now)], **of_it)
    excluded = ReportLeftOut.objects.filter(key__user=hand.user, **of_it)
    saved = Exists(_sealed_to(hand.offline, hand.body).filter(**of_it))
    return found.filter(saved, ~Exists(opened), ~Exists(excluded), ~_in_the_safe(hand.body))


@dataclass(frozen=True, slots=True)
class Handed:
    """One report as the officer's browser gets it to seal it to others: his envelopes and the sealed content."""

    report: Report
    envelopes: tuple[bytes, ...]
    content: bytes
    to: tuple[int, ...]  # keys of newcomers to whom it was not sealed, without whom the reporter is known to exclude
    unsafe: bool = False  # today's offline key does not open it


@transaction.atomic(durable=True)
def hand_out(hand: Hand, numbers: Sequence[int], *, by: User, now: datetime) -> list[Handed]:
    """Hand out reports to be sealed to newcomers, and keep that and when: it is what opens them. At most BATCH of them.

    What nobody lacks any more, and what this key does not open, is left out.
    """
    opened = _mine(hand, now).filter(report__in=numbers[:BATCH])
    mine = set(opened.values_list("report", flat=True))
    in_the_safe = set(opened.filter(_in_the_safe(hand.body)).values_list("report", flat=True) if mine else ())
    others = {each.holder.key: each.user for each in _others(hand, now)}
    excluded = report_exclusions.known(mine)
    having: dict[int, set[int]] = {number: set() for number in mine}
    for number, other in ReportReader.objects.filter(report__in=mine, key__in=others).values_list("report", "key"):
        having[number].add(other)
    envelopes = _envelopes(hand, mine)
    contents = {
        part.report_id: part
        for part in ReportPart.objects.filter(report__in=mine, kind=ReportPart.Kind.CONTENT).order_by("place")
    }
    out = []
    for report in Report.objects.filter(pk__in=mine, erased_on=None).select_related("body__agency", "body__region"):
        out_of_it = excluded.get(report.pk, frozenset())
        to = tuple(pk for pk, user in others.items() if pk not in having[report.pk] and user not in out_of_it)
        part = contents.get(report.pk)
        unsafe = report.pk not in in_the_safe
        if (to or unsafe) and part is not None and part.sealed is not None and envelopes[report.pk]:
            sealed = tuple(bytes(each.sealed) for each in envelopes[report.pk])
            out.append(Handed(report, sealed, bytes(part.sealed), to, unsafe))
    order = {number: place for place, number in enumerate(numbers)}
    out.sort(key=lambda each: order[each.report.pk])
    note = "" if isinstance(hand, OfficerKey) else "offline"
    _keep_acts([each.report for each in out], Act.RULE_READ, by=by, body=hand.body, now=now, notes=[note] * len(out))
    key = hand.pk if isinstance(hand, OfficerKey) else 0
    said = {"reports": [number_of(each.report) for each in out], "user": by.pk, "key": key}
    if out:
        ledger.append("report.rules_read", said, now=now)
    return out


def _envelopes(hand: Hand, numbers: Collection[int]) -> dict[int, list[ReportEnvelope]]:
    """Return the envelopes of reports that a hand opens. What another body was merely offered opens nothing yet.

    To which offline key each was sealed the browser finds out by trying.
    """
    unanswered = ReportCopy.objects.exclude(state=ReportCopy.State.TAKEN).exclude(envelope=None).values("envelope")
    found: dict[int, list[ReportEnvelope]] = {number: [] for number in numbers}
    rows = (
        ReportEnvelope.objects.filter(report__in=numbers).exclude(body=None).exclude(pk__in=unanswered).order_by("pk")
    )
    if isinstance(hand, Safe) and hand.replaced:
        rows = rows.filter(pk__in=_sealed_to(hand.offline, hand.body).values("pk"))
    for envelope in rows:
        opens = hand.pk in envelope.to if isinstance(hand, OfficerKey) else envelope.body_id == hand.body.pk
        if opens:
            found[envelope.report_id].append(envelope)
    return found


def _keep_acts(
    found: Sequence[Report], kind: str, *, by: User, body: Body, now: datetime, notes: Sequence[str] = ()
) -> None:
    zones = {reports.zone_of_body(report.body) for report in found}
    days = {zone: clock.today(zone) for zone in zones}
    ReportAct.objects.bulk_create(
        ReportAct(
            report=report, kind=kind, user=by, body=body, at=now, on=days[reports.zone_of_body(report.body)],
            note=notes[place] if notes else "",
        )
        for place, report in enumerate(found)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resealed:
    """An envelope that a browser made: a report's keys, sealed to newcomers' keys and to the offline key of today.

    `left_out`: keys that the report's rule excludes. Nothing is sealed where nobody is left, and the offline key opens it already.
    """

    number: int
    to: tuple[int, ...]
    sealed: bytes
    left_out: tuple[int, ...] = ()


@transaction.atomic(durable=True)
def keep(hand: Hand, made: Sequence[Resealed], *, key_set: str, by: User, now: datetime) -> int:
    """Keep envelopes to newcomers; return how many. What somebody else sealed meanwhile, or what was closed, is left out.

    `key_set`: digest of the set that the browser sealed to. Raises ReportActRefused (keys_changed: another is in force; nobody;
    recipients: somebody who receives nothing, or has it already and is left out, or another number of them in the envelope;
    not_yours; unopened: it was not handed out to him; excluded: the reporter left him out), ReportRefused (form).
    """
    found_set = keysets.current(hand.body)
    if found_set is None or found_set.digest != key_set:
        raise ReportActRefused("keys_changed")
    numbers = [each.number for each in made]
    if len(set(numbers)) != len(numbers) or len(numbers) > BATCH:
        raise ReportActRefused("recipients")
    others = {each.holder.key: each.user for each in _others(hand, now)}
    # Rows are claimed in one order, so that two officers who do the same wait for each other.
    held = set(
        Report.objects.select_for_update()
        .filter(pk__in=numbers, state__in=STATES, erased_on=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    lines = {line.report_id: line for line in _mine(hand, now).filter(report__in=held)}
    handed = set(
        ReportAct.objects.filter(report__in=held, user=by, kind__in=(Act.RULE_READ, Act.OPENED)).values_list(
            "report", flat=True
        )
    )
    excluded = report_exclusions.known(held)
    having = set(ReportReader.objects.filter(report__in=held).values_list("report", "key"))
    envelopes = _envelopes(hand, held)
    kept = []
    for each in made:
        told = [*each.to, *each.left_out]
        if not each.sealed and (each.to or not each.left_out):
            raise ReportActRefused("nobody")
        if len(set(told)) != len(told) or not set(told) <= others.keys():
            raise ReportActRefused("recipients")
        if each.sealed:
            domain.check_envelope(each.sealed, "envelope")
            if domain.recipients_of(each.sealed) != len(each.to) + 1:
                raise ReportActRefused("recipients")
        if each.number not in held:
            continue
        if each.number not in lines:
            raise ReportActRefused("not_yours")
        if each.number not in handed:
            raise ReportActRefused("unopened")
        if excluded.get(each.number, frozenset()) & {others[pk] for pk in each.to}:
            raise ReportActRefused("excluded")
        if any((each.number, pk) in having for pk in each.left_out):
            raise ReportActRefused("recipients")
        if not any((each.number, pk) in having for pk in each.to):
            kept.append(each)
    rows = Report.objects.filter(pk__in=[each.number for each in kept]).select_related("body__agency")
    found = {report.pk: report for report in rows}
    _leave_out(hand, [each for each in kept if each.left_out], found, by=by, now=now)
    sealed = [each for each in kept if each.sealed]
    _write(hand, sealed, lines, envelopes, found, keysets.row_of(found_set), by=by, now=now)
    return len(sealed)


def _leave_out(
    hand: Hand, kept: Sequence[Resealed], found: Mapping[int, Report], *, by: User, now: datetime
) -> None:  # fmt: skip
    """Keep whom his browser left out, so that nobody looks for it again, and he is refused; and that it did."""
    on = clock.today(reports.zone_of_body(hand.body))
    ReportLeftOut.objects.bulk_create(
        [ReportLeftOut(report_id=each.number, key_id=key, by=by, on=on) for each in kept for key in each.left_out],
        ignore_conflicts=True,
    )
    of = [(found[each.number], each.left_out) for each in kept]
    ledger.append_many("report.left_out", _say(Act.LEFT_OUT, of, hand.body, by, now), now=now)


def _say(
    kind: str, of: Sequence[tuple[Report, Collection[int]]], body: Body, by: User, now: datetime
) -> list[dict[str, Any]]:
    """Keep at each report that somebody did this; return what the log says: whose keys they are stands at the report alone."""
    notes = [_keys_note(keys) for _report, keys in of]
    _keep_acts([report for report, _keys in of], kind, by=by, body=body, now=now, notes=notes)
    return [{"report": number_of(report), "by": by.pk, "keys": len(keys)} for report, keys in of]


def _keys_note(keys: Collection[int]) -> str:
    return ("keys:" + " ".join(map(str, sorted(keys))))[:300]


def _write(
    hand: Hand, kept: Sequence[Resealed], lines: dict[int, ReportReader], envelopes: dict[int, list[ReportEnvelope]],
    found: Mapping[int, Report], row: KeySetRow, *, by: User, now: datetime,
) -> None:  # fmt: skip
    if not kept:
        return
    ReportEnvelope.objects.bulk_create(
        ReportEnvelope(
            report_id=each.number, body=hand.body, by=by, to=sorted(each.to), sealed=each.sealed,
            key_set=row,
            opens=sorted({kind for envelope in envelopes[each.number] for kind in envelope.opens}),
            made_on=clock.today(reports.zone_of_body(found[each.number].body)),
        )
        for each in kept
    )  # fmt: skip
    ReportReader.objects.bulk_create(
        [_line(lines[each.number], pk, hand.body_id) for each in kept for pk in each.to], ignore_conflicts=True
    )
    _keep_acts(
        [found[each.number] for each in kept], Act.RESEALED, by=by, body=hand.body, now=now,
        notes=[_keys_note(each.to) for each in kept],
    )  # fmt: skip
    digests = [hashlib.sha256(each.sealed).hexdigest() for each in kept]
    said = [
        {"report": f"{each.number:016x}", "envelope": digest, "by": by.pk}
        for each, digest in zip(kept, digests, strict=True)
    ]
    ledger.append_many("report.resealed", said, now=now)


def _line(mine: ReportReader, key: int, body: int) -> ReportReader:
    """Return a newcomer's line: what mine says, under his key."""
    return ReportReader(
        report_id=mine.report_id, key_id=key, body_id=body, state=mine.state, received_on=mine.received_on,
        channel=mine.channel, due_on=mine.due_on, named=mine.named, lacks=mine.lacks, size_step=mine.size_step,
    )  # fmt: skip


# --- whom browsers left out --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A holder whom the browser of one officer left out of reports that I open: how many, and who that officer is."""

    key: int
    name: str
    user: int
    by: str
    count: int


def left_out(hand: OfficerKey, *, now: datetime) -> list[LeftOut]:
    """Return whom browsers of other officers left out of the running reports that a key opens.

    Nobody learns of a report here that his own key does not open.
    """
    rows = _left_out_by_others(hand, now).order_by().values_list("key", "by").annotate(count=Count("pk"))
    counted = list(rows)
    keys = OfficerKey.objects.filter(pk__in=[key for key, _by, _count in counted]).select_related("user__person")
    names = {key.pk: key.user.display_name for key in keys}
    officers = User.objects.filter(pk__in=[by for _key, by, _count in counted]).select_related("person")
    by_pk = {user.pk: user.display_name for user in officers}
    found = [LeftOut(key, names[key], by, by_pk[by], count) for key, by, count in counted]
    return sorted(found, key=lambda each: (each.name, each.by, each.key))


def _left_out_by_others(hand: OfficerKey, now: datetime) -> QuerySet[ReportLeftOut]:
    mine = ReportLeftOut.objects.filter(report__in=_mine(hand, now).values("report")).exclude(by=None)
    return mine.exclude(by=hand.user_id).exclude(key__user=hand.user_id)


@transaction.atomic(durable=True)
def ask_again(hand: OfficerKey, key: int, left_by: int, *, by: User, now: datetime) -> int:
    """Let other browsers look once more at the rules of reports out of which one officer's browser left a holder; return how many.

    A second person does it, for the reports that his own key opens, MOST at once. What a reporter left out himself stays. Raises
    ReportActRefused (second_holder: he did it himself; nothing).
    """
    if left_by == by.pk:
        raise ReportActRefused("second_holder")
    rows = _left_out_by_others(hand, now).filter(key=key, by=left_by).order_by("report")[:MOST]
    found = {row.report_id: row.pk for row in rows}
    rows_of = Report.objects.select_for_update(of=("self",)).select_related("body__agency")
    claimed = list(rows_of.filter(pk__in=found, erased_on=None).order_by("pk"))
    gone, _each = ReportLeftOut.objects.filter(pk__in=[found[report.pk] for report in claimed]).delete()
    if not gone:
        raise ReportActRefused("nothing")
    of = [(report, (key,)) for report in claimed]
    ledger.append_many("report.asked_again", _say(Act.ASK_AGAIN, of, hand.body, by, now), now=now)
    return len(claimed)
