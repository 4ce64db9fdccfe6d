"""Reports that an officer enters for somebody: by letter, by telephone, at the counter, found in the field, or handed over.

They are sealed as a reporter's own are, in the officer's browser or on receipt in memory, and count to a channel of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ikrar.domain import reports as domain
from ikrar.domain.errors import ReportRefused
from ikrar.domain.reports import Asks, Given
from ikrar.domain.return_codes import COUNT, ReturnCode
from ikrar.gateways.report_pdf import EntryReceipt, entry_receipt
from ikrar.records.models import Body, Installation, Report, User
from ikrar.services import answers as travelling
from ikrar.services import clock, intake, keysets, reports, scripted
from ikrar.services.intake import Offer
from ikrar.services.reports import Completeness, Filed, Sealed, SealedFile, Sealing

CHANNEL = str(Report.Channel.STAFF)
# How it came. A finding of the field has no reporter; what another body hands over comes with a letter of its own.
SOURCES = ("letter", "telephone", "visit", "finding", "body")
NO_REPORTER = "finding"
_PARTS = ("content", "envelope", "mailbox_envelope", "identity")


@dataclass(frozen=True, repr=False)
class Entered:
    """What was filed: its receipt, what it lacks by the rules, and the words of its code where this process knows them."""

    filed: Filed
    completeness: Completeness
    words: tuple[str, ...] = ()


def offer(body: Body, *, now: datetime) -> Offer | None:
    """Return a body as officers enter reports for it; None where it has no genuine key set, or nobody receives."""
    return intake.offer(body.pk, CHANNEL, now=now)


def begin(body: Body) -> str:
    """Make what a form without scripts carries: a code, so that a second click finds the first one's report."""
    return travelling.seal({"code": intake.new_code().value, "body": body.pk}, travelling.ENTRY)


def _code_of(state: str, body: Body) -> ReturnCode:
    """Read it again. Raises AnswersLost; ReportRefused (`reason`: form) for that of another form."""
    carried = travelling.unseal(state, travelling.ENTRY)
    if carried.get("body") != body.pk or "code" not in carried:
        raise ReportRefused("form")
    return ReturnCode(carried["code"])


def file(answers: Mapping[str, Any], sealing: Sealing, state: str, *, body: Body, by: User, now: datetime) -> Entered:
    """Seal what an officer typed and file it with the files sealed before.

    `answers`: as those of the intake door, and `source` (kind, from, number, on), `came_on`, `signed`, `gets_code`. Raises
    IntakeFull, StorageFull, AnswersLost, and ReportRefused as reports.receive and addressees.
    """
    code = _code_of(state, body)
    on = clock.today(reports.zone_of_body(body))
    to = reports.addressees(
        body, key_set=answers["key_set"], excluded=answers["exclude"], names=answers["names"], now=now
    )
    content = intake.content_of(answers, CHANNEL) | {"source": answers["source"]}
    identity = intake.identity_of(answers)
    given = domain.given_by(content, identity, len(sealing.sinks), answers["known"])
    found = completeness(given, body, came_on=answers["came_on"])
    sealed = sealing.finish(content, identity, to, code if answers["gets_code"] else None, on=on, lookup=code.lookup)
    met = [*found.met, *(_signature(found) if answers["signed"] and identity else [])]
    filed = reports.receive(
        sealed, body=body, channel=CHANNEL, known_on=answers["known"], regime=found.regime, ticks=met,
        filed_on=answers["came_on"], entered_by=by, now=now,
    )  # fmt: skip
    return Entered(filed, found, code.words if answers["gets_code"] else ())


def completeness(given: Given, body: Body, *, came_on: date) -> Completeness:
    """Hold a report against the rules of the day on which it reached the office: a letter counts from its arrival."""
    return reports.completeness(given, region=reports.region_of(body), on=came_on)


def _signature(found: Completeness) -> list[str]:
    """Return the requirements that an officer meets by looking at signature and identity card himself."""
    return [tick.requirement.id for tick in found.ticks if tick.requirement.asks is Asks.SIGNATURE]


def file_sealed(
    form: Mapping[str, Any],
    parts: Mapping[str, bytes],
    files: Sequence[SealedFile],
    *,
    body: Body,
    by: User,
    now: datetime,
) -> Entered:
    """File what the officer's browser sealed; the same sent again answers with its receipt.

    `form`: key_set, to, content_to, identity_to, dialogue_to, mailbox (empty where nobody gets a code), lookup, known_on, came_on,
    ticks, signed. What is refused leaves nothing. Raises IntakeFull, and ReportRefused as reports.receive.
    """
    try:
        if "content" not in parts or "envelope" not in parts or set(parts) - set(_PARTS):
            raise ReportRefused("form", "content")
        today = clock.today(reports.zone_of_body(body))
        known_on, came_on = scripted.day_in(form, "known_on"), scripted.day_in(form, "came_on") or today
        domain.check_known_on(came_on, today)
        told = form.get("ticks")
        if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
            raise ReportRefused("form", "ticks")
        given = Given(reporter="identity" in parts, known_on=known_on)
        found = completeness(given, body, came_on=came_on)
        own = (Asks.WITHIN_TIME, Asks.REPORTER)  # what the server sees itself
        signed = bool(form.get("signed")) and "identity" in parts
        met = []
        for tick in found.ticks:
            asks, id = tick.requirement.asks, tick.requirement.id
            if tick.met if asks in own else signed if asks is Asks.SIGNATURE else id in told:
                met.append(id)
        sealed = Sealed(
            key_set=scripted.word_in(form, "key_set"),
            to=scripted.numbers_in(form, "to"),
            content_to=scripted.word_in(form, "content_to"),
            identity_to=scripted.word_in(form, "identity_to"),
            dialogue_to=scripted.word_in(form, "dialogue_to"),
            content=parts["content"],
            envelope=parts["envelope"],
            identity=parts.get("identity", b""),
            mailbox=scripted.word_in(form, "mailbox"),
            mailbox_envelope=parts.get("mailbox_envelope", b""),
            lookup=scripted.lookup_of(form.get("lookup")),
            files=tuple(files),
        )
    except BaseException:
        reports.drop(files)
        raise
    filed = reports.receive(
        sealed, body=body, channel=CHANNEL, known_on=known_on, regime=found.regime, ticks=met, filed_on=came_on,
        entered_by=by, now=now,
    )  # fmt: skip
    return Entered(filed, scripted_completeness(found, met))


def scripted_completeness(found: Completeness, met: Sequence[str]) -> Completeness:
    """Return a meter with the ticks that a browser told."""
    ticks = tuple(domain.Tick(tick.requirement, tick.requirement.id in met) for tick in found.ticks)
    return Completeness(found.regime, ticks, found.last_day, found.days_left)


# --- what the browser needs ----------------------------------------------------------------------------------------


def told(body: Body, found: Offer) -> dict[str, Any]:
    """Return what a browser needs to seal for a body: its chain of key sets, who receives, the rules of its meter."""
    return {
        "body": body.pk,
        "chain": keysets.links(body),
        "key_set": found.key_set.digest,
        "holders": [{"key": each.holder.key, "name": each.name} for each in found.receiving],
        "requirements": scripted.rules_for(body)["requirements"],
        "most_files": domain.MOST_FILES,
        "most_bytes": domain.MOST_FILE_BYTES,
    }


# --- paper for the reporter ----------------------------------------------------------------------------------------


def carried(entered: Entered, body: Body) -> str:
    """Seal what the paper says for the form that asks for it: kept nowhere else."""
    values = {
        "words": list(entered.words), "receipt": entered.filed.receipt, "on": entered.filed.on.isoformat(), "body": body.pk,
    }  # fmt: skip
    return travelling.seal(values, travelling.ENTRY)


def paper(state: str, body: Body, *, with_code: bool, address: str) -> bytes:
    """Return the paper that whoever brought a report takes home, as PDF made in memory: receipt, code, where it opens.

    Where the browser made the code its words are not known here: there is room to write them down. Raises AnswersLost,
    ReportRefused (`reason`: form).
    """
    values = travelling.unseal(state, travelling.ENTRY)
    if values.get("body") != body.pk or "receipt" not in values:
        raise ReportRefused("form")
    words = values["words"] or [""] * COUNT
    here = Installation.objects.first()
    return entry_receipt(
        EntryReceipt(
            body=body.name,
            on=date.fromisoformat(values["on"]),
            words=tuple(words) if with_code else (),
            address=address,
            receipt=values["receipt"],
            demo=bool(here and here.is_demo),
        )
    )
