"""Copies of a report for another body: offered by an officer of the body it lies with, taken or declined by one of the other.

The officer's browser seals the key of the content to the holders of the other body, without whom the report excludes. Names and
dialogue go to another body by the reporter's own consent alone (services/mailbox.py), sealed by him.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from ikrar.domain import reports as domain
from ikrar.domain.errors import ReportActRefused
from ikrar.domain.keysets import KeySet
from ikrar.records.models import Body, Report, ReportAct, ReportCopy, ReportEnvelope, ReportPart, ReportReader, User
from ikrar.services import clock, intake, keysets, ledger, notices, report_exclusions, report_lines, reports
from ikrar.services.keysets import Reader
from ikrar.services.report_desk import Seen, number_of, own_keys

Act = ReportAct.Kind
State = ReportCopy.State
Reason = ReportCopy.Reason
_MOST_NAMES = 200
MOST_WAITING = 100  # so many offers of one body wait for an answer of another at most


@dataclass(frozen=True, slots=True)
class Place:
    """A body that may get a copy, with those of its holders who would open it."""

    body: Body
    key_set: KeySet
    readers: tuple[Reader, ...]
    excluded: frozenset[int]  # users whom the report is known to leave out


def places(found: Seen, region: str, *, now: datetime) -> list[Place]:
    """Return the bodies for a region that a copy may still be offered to."""
    report = found.report
    having = set(ReportReader.objects.filter(report=report).values_list("body", flat=True))
    asked = set(report.copies.filter(state=State.OFFERED).values_list("to_body", flat=True))
    without = {report.body_id} | having | asked
    excluded = report_exclusions.known([report.pk]).get(report.pk, frozenset())
    return [
        Place(offer.body, offer.key_set, tuple(offer.receiving), excluded)
        for offer in intake.offers(region, "plain", now=now)
        if offer.body.pk not in without
    ]


def of_report(report: Report) -> list[ReportCopy]:
    """Return the copies of a report, the first one first."""
    return list(report.copies.select_related("to_body", "from_body").order_by("offered_at", "pk"))


def going(report: Report) -> list[ReportCopy]:
    """Return the copies of a report that another body may take or took: one of these hands it over."""
    return [copy for copy in of_report(report) if copy.state in (State.OFFERED, State.TAKEN)]


def known_bodies(own: Collection[int]) -> list[str]:
    """Return the names of other bodies that work here, as a help for whoever writes one."""
    others = Body.objects.filter(ended_on=None).exclude(pk__in=own).order_by("name")
    return list(others.values_list("name", flat=True).distinct()[:_MOST_NAMES])


@transaction.atomic(durable=True)
def offer(
    found: Seen, body: Body, sealed: bytes, to: Sequence[int], opens: Sequence[str] = ("content",), *, key_set: str,
    by: User, files: Sequence[int] = (), now: datetime,
) -> ReportCopy:  # fmt: skip
    """Offer another body a copy: an envelope sealed to its holders and its offline key, without those whom the report excludes.

    `files`: places of the files that go with it; those of the dialogue do not. `key_set`: digest of the set that the browser
    sealed to. Identity and dialogue go with it only where the reporter consented to that body. Raises ReportActRefused
    (not_yours, unopened, erased, consent, keys_changed, nobody, recipients, excluded, offered, waiting), ReportRefused (form).
    """
    report = Report.objects.select_for_update().get(pk=found.report.pk)
    if not found.is_own or body.pk == report.body_id or "content" not in opens or not set(opens) <= found.opens:
        raise ReportActRefused("not_yours")
    if report.erased_on is not None:
        raise ReportActRefused("erased")
    acts = ReportAct.objects.filter(report=report)
    if not acts.filter(kind=Act.OPENED, user=by).exists():
        raise ReportActRefused("unopened")
    if set(opens) != {"content"} and not acts.filter(kind=Act.CONSENT, body=body).exists():
        raise ReportActRefused("consent")
    set_shown = keysets.current(body)
    if set_shown is None or set_shown.digest != key_set:
        raise ReportActRefused("keys_changed")
    _check_holders(report, set_shown, to, now)
    domain.check_envelope(sealed, "envelope")
    if domain.recipients_of(sealed) != len(to) + 1:
        raise ReportActRefused("recipients")
    parts = report.parts.filter(kind=ReportPart.Kind.FILE, place__lt=report.file_count)
    held = parts.values_list("place", flat=True)
    if len(set(files)) != len(files) or not set(files) <= set(held):
        raise ReportActRefused("not_yours")
    if ReportReader.objects.filter(report=report, body=body).exists():
        raise ReportActRefused("offered")
    offered = ReportCopy.objects.filter(from_body=report.body_id, to_body=body, state=State.OFFERED)
    if offered.count() >= MOST_WAITING:
        raise ReportActRefused("waiting")
    on = clock.today(reports.zone_of_body(report.body))
    envelope = ReportEnvelope.objects.create(
        report=report, body=body, opens=sorted(opens), to=sorted(to), sealed=sealed, by=by, made_on=on,
        key_set=keysets.row_of(set_shown),
    )  # fmt: skip
    try:
        with transaction.atomic():
            copy = ReportCopy.objects.create(
                report=report, to_body=body, from_body=report.body, envelope=envelope, opens=sorted(opens),
                files=sorted(files), offered_by=by, offered_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise ReportActRefused("offered") from None
    _act(report, Act.OFFERED, body, by, now)
    # Which body it is offered stands in no entry of the log, as with the report itself (docs/decisions/0019).
    said = {"report": number_of(report), "envelope": hashlib.sha256(sealed).hexdigest(), "by": by.pk}
    ledger.append("report.copy_offered", said, now=now)
    # However many are offered, one message stands in each inbox.
    for user in User.objects.filter(officer_keys__in=list(to)).distinct():
        notices.tell_last(user, "report_copy_offered", {"name": report.body.name}, now=now)
    return copy


def _check_holders(report: Report, found: KeySet, to: Sequence[int], now: datetime) -> None:
    if not to:
        raise ReportActRefused("nobody")
    receiving = {each.holder.key: each.user for each in keysets.readers(found, now=now) if each.receives}
    if len(set(to)) != len(to) or not set(to) <= receiving.keys():
        raise ReportActRefused("recipients")
    if report_exclusions.known([report.pk]).get(report.pk, frozenset()) & {receiving[key] for key in to}:
        raise ReportActRefused("excluded")


def _act(report: Report, kind: str, body: Body, by: User, now: datetime) -> None:
    on = clock.today(reports.zone_of_body(report.body))
    ReportAct.objects.create(report=report, kind=kind, user=by, body=body, at=now, on=on)


# --- the other side ----------------------------------------------------------------------------------------------


def offers(user: User, bodies: Collection[int]) -> list[ReportCopy]:
    """Return the copies that wait for an answer of somebody to whose key they were sealed."""
    keys = {key.pk for key in own_keys(user, bodies)}
    waiting = ReportCopy.objects.filter(to_body__in=bodies, state=State.OFFERED).exclude(envelope=None)
    rows = waiting.select_related("envelope", "from_body", "to_body", "report", "offered_by__person")
    rows = rows.defer("envelope__sealed")
    return [copy for copy in rows.order_by("offered_at", "pk") if copy.envelope and keys & set(copy.envelope.to)]


def count_of_offers(user: User, bodies: Collection[int]) -> int:
    """Count them: every page of an inbox says how many wait."""
    return count_sealed_to({key.pk for key in own_keys(user, bodies)}, bodies)


def count_sealed_to(keys: Collection[int], bodies: Collection[int]) -> int:
    """Count the copies that wait for an answer of these bodies and are sealed to one of these keys."""
    waiting = ReportCopy.objects.filter(to_body__in=bodies, state=State.OFFERED).exclude(envelope=None)
    return sum(not set(keys).isdisjoint(to) for to in waiting.values_list("envelope__to", flat=True))


def offered(user: User, bodies: Collection[int], number: int) -> ReportCopy:
    """Return a copy that was sealed to a key of somebody. Raises ReportCopy.DoesNotExist for everybody else."""
    keys = [key.pk for key in own_keys(user, bodies)]
    found = ReportCopy.objects.filter(pk=number, to_body__in=bodies).select_related(
        "envelope", "from_body", "to_body__agency", "report__body__agency"
    )
    copy = found.get()
    mine = ReportReader.objects.filter(report=copy.report_id, key__in=keys, body=copy.to_body_id)
    answered = Q(report=copy.report_id, kind=Act.DECLINED, user=user, body=copy.to_body_id)
    sealed_to_me = copy.envelope is not None and set(keys) & set(copy.envelope.to)
    if not (sealed_to_me or mine.exists() or ReportAct.objects.filter(answered).exists()):
        raise ReportCopy.DoesNotExist
    return copy


@transaction.atomic(durable=True)
def answer(copy: ReportCopy, *, take: bool, reason: str = "", by: User, now: datetime) -> None:
    """Take a copy, or decline it with a reason. Raises ReportActRefused (not_yours, reason_missing, answered)."""
    if not take and reason not in Reason.values:
        raise ReportActRefused("reason_missing")
    new = State.TAKEN if take else State.DECLINED
    claimed = ReportCopy.objects.filter(pk=copy.pk, state=State.OFFERED, report__erased_on=None)
    if not claimed.update(state=new, answered_by=by, answered_at=now, reason="" if take else reason):
        raise ReportActRefused("answered")
    envelope = ReportEnvelope.objects.filter(pk=copy.envelope_id).first()
    keys = {key.pk for key in own_keys(by, [copy.to_body_id])}
    if envelope is None or not keys & set(envelope.to):
        raise ReportActRefused("not_yours")
    report, digest = copy.report, hashlib.sha256(bytes(envelope.sealed)).hexdigest()
    if take:
        line = report_lines.for_newcomers(report.pk, region=reports.region_of(report.body))
        ReportReader.objects.bulk_create(
            [ReportReader(report=report, key_id=key, body_id=copy.to_body_id, **line) for key in envelope.to],
            ignore_conflicts=True,
        )
    else:
        # What was declined opens nothing any more.
        ReportCopy.objects.filter(pk=copy.pk).update(envelope=None)
        envelope.delete()
    _act(report, Act.TAKEN if take else Act.DECLINED, copy.to_body, by, now)
    said = {"report": number_of(report), "envelope": digest, "taken": take, "by": by.pk}
    ledger.append("report.copy_answered", said, now=now)


@transaction.atomic(durable=True)
def take_back(found: Seen, number: int, *, by: User, now: datetime) -> None:
    """Take an offer back that was not answered yet; its envelope is destroyed. Raises ReportActRefused (answered, not_yours)."""
    copy = ReportCopy.objects.filter(pk=number, report=found.report).select_related("envelope", "to_body").first()
    if copy is None or not found.is_own:
        raise ReportActRefused("not_yours")
    claimed = ReportCopy.objects.filter(pk=copy.pk, state=State.OFFERED)
    if not claimed.update(state=State.TAKEN_BACK, answered_by=by, answered_at=now, envelope=None):
        raise ReportActRefused("answered")
    digest = ""
    if copy.envelope is not None:
        digest = hashlib.sha256(bytes(copy.envelope.sealed)).hexdigest()
        copy.envelope.delete()
    _act(found.report, Act.TAKEN_BACK, copy.to_body, by, now)
    said = {"report": number_of(found.report), "envelope": digest, "by": by.pk}
    ledger.append("report.copy_taken_back", said, now=now)


# --- what the reporter sees --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A copy as its reporter sees it: days alone, and no officer's name."""

    body: str
    state: str
    on: date


def told(report: Report) -> list[Told]:
    """Return which bodies were offered a copy, and what they answered."""
    acts = report.acts.filter(kind__in=(Act.OFFERED, Act.TAKEN, Act.DECLINED, Act.TAKEN_BACK)).order_by("at", "pk")
    days = dict(acts.values_list("body", "on"))
    return [
        Told(copy.to_body.name, copy.state, days[copy.to_body_id])
        for copy in of_report(report)
        if copy.to_body_id in days
    ]
