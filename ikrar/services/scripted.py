"""Reports that the reporter's own browser sealed: what comes is ciphertext, read as it comes; nothing here opens it.

A browser shows some work for each report (SHA-256 with leading zero bits). The work is done over the lookup of the report's own
code: done once, it files one report, however often it is sent.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from ikrar.domain import reports as domain
from ikrar.domain.errors import AnswersLost, ReportRefused
from ikrar.domain.reports import Asks, Given
from ikrar.gateways import travel
from ikrar.records.models import Body, IntakeCount
from ikrar.services import clock, report_lines, reports
from ikrar.services.reports import CipherSink, Filed, Sealed, SealedFile

CHANNEL = "scripted"
_PURPOSE = "work"
LIFE_S = 1_800  # of a challenge: a slow line has time for two hundred megabytes
_HARDER = 4  # bits more, when the day's budget is nearly spent
_HEX_32 = re.compile(r"[0-9a-f]{64}")
_PARTS = {"content": True, "envelope": True, "mailbox_envelope": True, "identity": False}


# --- work --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a browser has to work on: `bits` leading zero bits of SHA-256 over "text.lookup.number"."""

    text: str
    bits: int


def challenge(body: Body) -> Challenge:
    """Make a challenge for reports to a body; the fuller its day, the harder."""
    budget = settings.INTAKE_BUDGETS[CHANNEL]
    today = clock.today(reports.zone_of_body(body))
    count = (
        IntakeCount.objects.filter(body=body, channel=CHANNEL, on=today).values_list("count", flat=True).first() or 0
    )
    bits = settings.INTAKE_WORK_BITS + min(_HARDER, _HARDER * count // budget)
    return Challenge(travel.seal({"body": body.pk, "bits": bits}, _PURPOSE, LIFE_S), bits)


def is_worked(text: str, lookup: str, number: int, bits: int) -> bool:
    """Say whether a number solves a challenge."""
    found = hashlib.sha256(f"{text}.{lookup}.{number}".encode()).digest()
    return int.from_bytes(found) >> (256 - bits) == 0


def _check_work(form: Mapping[str, Any], lookup: str) -> None:
    text, number = form.get("challenge"), form.get("number")
    if not isinstance(text, str) or type(number) is not int or number < 0:
        raise ReportRefused("work")
    try:
        given = travel.unseal(text, _PURPOSE)
    except AnswersLost:
        raise ReportRefused("work") from None
    if given["body"] != form.get("body") or not is_worked(text, lookup, number, given["bits"]):
        raise ReportRefused("work")


# --- files -------------------------------------------------------------------------------------------------------


class Coming:
    """What comes of one report: its form, its sealed parts, its sealed files."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        self.sinks: list[CipherSink] = []

    def file(self) -> CipherSink:
        """Begin a file. Raises ReportRefused (`reason`: files) for one too many."""
        if len(self.sinks) >= domain.MOST_FILES:
            raise ReportRefused("files")
        self.sinks.append(CipherSink())
        return self.sinks[-1]

    def drop(self) -> None:
        """Take away what lies on the disk."""
        for sink in self.sinks:
            sink.drop()

    def keep(self, on: date) -> tuple[SealedFile, ...]:
        """Put the files on the disk, or none of them (see CipherSink.keep for what is raised)."""
        try:
            return tuple(sink.keep(on) for sink in self.sinks)
        except BaseException:
            self.drop()
            raise


# --- filing ------------------------------------------------------------------------------------------------------


def word_in(form: Mapping[str, Any], name: str) -> str:
    """Read a short text of a form. Raises ReportRefused (`reason`: form)."""
    value = form.get(name, "")
    if not isinstance(value, str) or len(value) > 200:
        raise ReportRefused("form", name)
    return value


def numbers_in(form: Mapping[str, Any], name: str) -> tuple[int, ...]:
    """Read the keys that a form lists. Raises ReportRefused (`reason`: form)."""
    value = form.get(name)
    if not isinstance(value, list) or not all(type(each) is int and abs(each) < 2**63 for each in value):
        raise ReportRefused("form", name)
    return tuple(value)


def day_in(form: Mapping[str, Any], name: str) -> date | None:
    """Read a day, or none. Raises ReportRefused (`reason`: form, day)."""
    text = word_in(form, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ReportRefused("day", name) from None


def lookup_of(text: object) -> bytes:
    """Read a lookup (hex). Raises ReportRefused (`reason`: form)."""
    if not isinstance(text, str) or not _HEX_32.fullmatch(text):
        raise ReportRefused("form", "lookup")
    return bytes.fromhex(text)


def admit(form: Mapping[str, Any], *, now: datetime) -> Body:
    """Look at the form of a report, which comes first, before anything that follows it is kept: body, work, and the day's budget.

    Raises IntakeFull, ReportRefused (`reason`: body, form, work).
    """
    pk = form.get("body")
    door = reports.door_of(pk, now=now) if type(pk) is int and 0 < pk < 2**63 else None
    if door is None:
        raise ReportRefused("body")
    lookup = lookup_of(form.get("lookup"))
    _check_work(form, lookup.hex())
    if reports.filed_before(lookup) is None:
        reports.check_channel(door.body, CHANNEL)
    return door.body


def file(form: Mapping[str, Any], coming: Coming, *, body: Body, now: datetime) -> Filed:
    """File what a browser sealed. What is refused leaves nothing; the same report sent again answers with its receipt.

    `form`: key_set, to, content_to, identity_to, dialogue_to, mailbox, lookup, known_on, ticks. `body`: see admit.
    Raises IntakeFull, StorageFull, and ReportRefused (as reports.receive).
    """
    try:
        sealed, known_on, ticks, regime = _read(form, coming, body)
        if (before := reports.filed_before(sealed.lookup)) is not None:
            coming.drop()
            return before
        on = clock.today(reports.zone_of_body(body))
        files = coming.keep(on)
    except BaseException:
        coming.drop()
        raise
    sealed = Sealed(**{name: getattr(sealed, name) for name in Sealed.__slots__ if name != "files"}, files=files)
    filed = reports.receive(sealed, body=body, channel=CHANNEL, known_on=known_on, regime=regime, ticks=ticks, now=now)
    return filed


def _read(form: Mapping[str, Any], coming: Coming, body: Body) -> tuple[Sealed, date | None, list[str], str]:
    """Read a form into what is filed. Raises ReportRefused."""
    for name, needed in _PARTS.items():
        if needed and name not in coming.parts:
            raise ReportRefused("form", name)
    known_on = day_in(form, "known_on")
    ticks, regime = _ticks(form, body, known_on, has_identity="identity" in coming.parts)
    sealed = Sealed(
        key_set=word_in(form, "key_set"),
        to=numbers_in(form, "to"),
        content_to=word_in(form, "content_to"),
        identity_to=word_in(form, "identity_to"),
        dialogue_to=word_in(form, "dialogue_to"),
        content=coming.parts["content"],
        envelope=coming.parts["envelope"],
        identity=coming.parts.get("identity", b""),
        mailbox=word_in(form, "mailbox"),
        mailbox_envelope=coming.parts["mailbox_envelope"],
        lookup=lookup_of(form.get("lookup")),
    )
    return sealed, known_on, ticks, regime


def _ticks(form: Mapping[str, Any], body: Body, known_on: date | None, *, has_identity: bool) -> tuple[list[str], str]:
    """Take the ticks that a browser tells; those that the server can see itself it sets itself."""
    told = form.get("ticks")
    if not isinstance(told, list) or len(told) > 50 or not all(isinstance(each, str) for each in told):
        raise ReportRefused("form", "ticks")
    on = clock.today(reports.zone_of_body(body))
    given = Given(reporter=has_identity, known_on=known_on)
    found = reports.completeness(given, region=reports.region_of(body), on=on)
    seen = (Asks.WITHIN_TIME, Asks.REPORTER, Asks.SIGNATURE)
    met = [
        tick.requirement.id
        for tick in found.ticks
        if (tick.met if tick.requirement.asks in seen else tick.requirement.id in told)
    ]
    return met, found.regime


# --- what a browser is told before -------------------------------------------------------------------------------

_DAYS_SHOWN = 45


def rules_for(body: Body) -> dict[str, Any]:
    """Return what a browser shows as the meter: requirements, and for each recent day of knowledge the last day to file."""
    region = reports.region_of(body)
    today = clock.today(reports.zone_of_body(body))
    found = reports.completeness(Given(), region=region, on=today)
    asked = [tick.requirement for tick in found.ticks]
    last_days: dict[str, str] = {}
    for back in range(_DAYS_SHOWN):
        known_on = today - timedelta(days=back)
        days = report_lines.last_days(asked, known_on, regime=found.regime, region=region)
        if days:
            last_days[known_on.isoformat()] = min(days.values()).isoformat()
    return {
        "today": today.isoformat(),
        "requirements": [{"id": tick.requirement.id, "asks": tick.requirement.asks.value} for tick in found.ticks],
        "last_days": last_days,
    }
