"""Receiving reports: both ways end here, sealed in the reporter's browser or sealed on receipt, in memory.

What is stored is ciphertext and a handful of coarse facts (docs/threats.md). A report is acknowledged when it is on the disk
with its files; one that is refused leaves nothing.
"""

import hashlib
import os
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import Min

from ikrar.domain import filing_receipts, keysets, return_codes
from ikrar.domain import reports as domain
from ikrar.domain.age_keys import public_bytes
from ikrar.domain.days import zone_of
from ikrar.domain.elections import Kind
from ikrar.domain.errors import (
    FilingReceiptWrong,
    IntakeFull,
    KeySetWrong,
    RecipientWrong,
    ReportFileWrong,
    ReportRefused,
)
from ikrar.domain.file_traces import Trace, Traces
from ikrar.domain.filing_receipts import FilingReceipt
from ikrar.domain.reports import Given, Requirement, Tick
from ikrar.domain.return_codes import ReturnCode
from ikrar.gateways import log_key, sealed_files, sealing
from ikrar.gateways.sealing import Key
from ikrar.records.kept import change, fetch
from ikrar.records.models import (
    Body,
    IntakeCount,
    KeySet,
    OfficerKey,
    Report,
    ReportAct,
    ReportEnvelope,
    ReportLeftOut,
    ReportPart,
    ReportReader,
    RoleGrant,
    User,
)
from ikrar.services import clock, commits, ledger, masses, report_lines, rules, storage
from ikrar.services import keysets as key_sets
from ikrar.services.keysets import Reader
from ikrar.services.ledger import Prepared

Channel = Report.Channel
KEYS = ("content", "identity", "dialogue")
_REVEALING = frozenset(("place", "device", "time", "author"))
_PEPPER = "mailbox-pepper"
_PEPPER_BYTES = 32


def root() -> Path:
    """Return the folder of sealed files."""
    folder: Path = settings.HOME / "sealed"
    return folder


# --- what comes ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class SealedFile:
    """A sealed file that lies below `root()` already, on the disk (see FileSink.keep and sealed_files.Draft)."""

    path: str
    digest: str
    size_bytes: int


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """A report as it comes: ciphertext, to whom, and the public halves of its keys.

    `key_set`: digest (hex) of the set that was shown; `to`: ids of the officer keys in `envelope`. A report that its reporter
    comes back to has `mailbox` (a recipient), `mailbox_envelope` and `lookup` (32 bytes; domain.return_codes). One that an officer
    enters for somebody may have `lookup` alone (random): it keeps a second click from a second report.
    """

    key_set: str
    to: tuple[int, ...]
    content_to: str
    identity_to: str
    dialogue_to: str
    content: bytes
    envelope: bytes
    identity: bytes = b""
    mailbox: str = ""
    mailbox_envelope: bytes = b""
    lookup: bytes = b""
    files: tuple[SealedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """What is answered: the signed receipt, its day, and whether this very report had come before (a second click)."""

    report: int
    receipt: str
    on: date
    again: bool = False


@dataclass(frozen=True)
class Door:
    """A body as reports come to it, at a moment: its genuine key set, the row of that, and who holds its keys."""

    body: Body
    key_set: keysets.KeySet
    row: int
    readers: tuple[Reader, ...]
    at: datetime

    @property
    def receiving(self) -> frozenset[int]:
        """The ids of the keys to which a report is sealed today."""
        return frozenset(reader.holder.key for reader in self.readers if reader.receives)

    @cached_property
    def surely_shown(self) -> frozenset[int]:
        """Those of them whose owners had the right a day before: they stood in every form of this set that comes today."""
        keys = OfficerKey.objects.filter(pk__in=self.receiving).select_related("user__person")
        before = self.at - timedelta(days=1)
        return frozenset(key.pk for key in keys if key_sets.has_right(key.user, self.body, now=before))


_doors: dict[int, tuple[float, datetime | None, Door]] = {}


def door_of(body: int, *, now: datetime) -> Door | None:
    """Return a body with its keys; None where it has no genuine key set.

    What was found may be remembered for KEPT_S seconds (docs/decisions/0010): thousands file in an hour. A holder whose right
    was given until an instant receives nothing from that instant on; one whose right is taken stops to receive within them.
    """
    kept = _doors.get(body)
    if kept and time.monotonic() - kept[0] < settings.KEPT_S and (kept[1] is None or now < kept[1]):
        return kept[2]
    found = Body.objects.filter(pk=body, key_sets__serial=1).select_related("agency", "region").first()
    if found is None:
        return None
    try:
        current = key_sets.current(found)
    except KeySetWrong:
        return None
    if current is None:
        return None
    row = KeySet.objects.values_list("pk", flat=True).get(digest=current.digest)
    door = Door(found, current, row, tuple(key_sets.readers(current, now=now)), now)
    _doors[body] = (time.monotonic(), _next_end(found, now), door)
    return door


def _next_end(body: Body, now: datetime) -> datetime | None:
    """Return when the next right to a body ends that was given until then."""
    ends = RoleGrant.objects.filter(body=body, until_at__gt=now).aggregate(first=Min("until_at"))
    return cast("datetime | None", ends["first"])


def _shown(body: Body, digest: str, *, now: datetime) -> Door:
    """Return a body with its keys if they are those that were shown. Raises ReportRefused."""
    door = door_of(body.pk, now=now)
    if door is None:
        raise ReportRefused("body")
    if door.key_set.digest != digest:
        raise ReportRefused("keys_changed")
    return door


def zone_of_body(body: Body) -> Any:
    """Return the zone in which a body counts its days."""
    return zone_of(region_of(body) or "31")


def region_of(body: Body) -> str:
    """Return the code of the region that a body looks after; empty: the whole country."""
    return body.region_id or (body.agency.region_id if body.agency_id and body.agency else "") or ""


# --- one durable transaction a report --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class _Ready:
    """A report with all its rows, as they will be written."""

    report: Report
    parts: tuple[ReportPart, ...]
    envelopes: tuple[ReportEnvelope, ...]
    readers: tuple[ReportReader, ...]
    entries: tuple[Prepared, ...]  # the first is what the receipt promises
    budget: int = field(default=0)
    acts: tuple[ReportAct, ...] = ()
    left_out: tuple[ReportLeftOut, ...] = ()


def receive(
    sealed: Sealed,
    *,
    body: Body,
    channel: str,
    known_on: date | None = None,
    regime: str = "",
    ticks: Sequence[str] = (),
    filed_on: date | None = None,
    entered_by: User | None = None,
    now: datetime,
) -> Filed:
    """Take a report in, durably, and return its receipt. What is refused leaves nothing, its files included.

    `ticks`: ids of requirements that are met. An officer who enters it for somebody is `entered_by`, and `filed_on` the day
    on which a named one reached his office. Raises IntakeFull, StorageFull; ReportRefused, `reason`: body (it has no keys),
    keys_changed (another set is in force than was shown, or somebody in `to` receives nothing any more), nobody, form,
    too_large, day, files.
    """
    try:
        ready = _prepared(
            sealed, body=body, channel=channel, known_on=known_on, regime=regime, ticks=ticks, filed_on=filed_on,
            entered_by=entered_by, now=now,
        )  # fmt: skip
        # What was filed before and is sent again is seen before it is written (reporters' doors look even before it is sealed):
        # written with others it would make all of them be written once more, each alone.
        if entered_by is not None and ready.report.finder and (known := _known(bytes(ready.report.finder))):
            return _twice(sealed, known)
        try:
            with storage.room():
                refused = commits.gather(_write, ready)
        except IntegrityError:
            # The same code came a moment ago: a second click, or the same page sent from the browser's history. Or this very
            # report was committed by a line that broke before it could say so, and was written once more.
            if known := _known(bytes(ready.report.finder or b"")) or _known(ready.report.pk):
                return _twice(sealed, known)
            raise
        if isinstance(refused, IntakeFull):
            _full[body.pk, channel] = (ready.report.received_on, ready.budget)
            raise IntakeFull(channel, open_channels(body))
        if refused is not None:
            raise refused
    except BaseException:
        drop(sealed.files)
        raise
    on = ready.report.received_on
    return Filed(ready.report.pk, _receipt(ready.entries[0].commitment, on), on)


def filed_before(lookup: bytes) -> Filed | None:
    """Return what was answered to a report if this very one came before: a double costs a look, and no seal."""
    finder = return_codes.finder_of(lookup, pepper())
    if not fetch("SELECT 1 FROM records_report WHERE finder = %s", [finder]) or (known := _known(finder)) is None:
        return None
    receipt, on = receipt_of(known)
    return Filed(known.pk, receipt, on, again=True)


def _known(what: bytes | int) -> Report | None:
    """Return a report by its finder or its number."""
    found = Report.objects.filter(pk=what) if isinstance(what, int) else Report.objects.filter(finder=what)
    return found.select_related("entry__payload", "body__agency").first()


def _twice(sealed: Sealed, known: Report) -> Filed:
    drop(sealed.files)
    receipt, on = receipt_of(known)
    return Filed(known.pk, receipt, on, again=True)


def drop(files: Sequence[SealedFile]) -> None:
    """Take sealed files away that belong to no report: never one that a row names, whatever failed after it was written."""
    if not files:
        return
    try:
        held = set(ReportPart.objects.filter(path__in=[file.path for file in files]).values_list("path", flat=True))
    except DatabaseError:
        return  # not known now: the sweep takes what belongs to nothing
    for file in files:
        if file.path not in held:
            sealed_files.remove(root(), file.path)


def _prepared(
    sealed: Sealed,
    *,
    body: Body,
    channel: str,
    known_on: date | None,
    regime: str,
    ticks: Sequence[str],
    now: datetime,
    filed_on: date | None = None,
    entered_by: User | None = None,
) -> _Ready:
    """Check what came and make its rows. Raises ReportRefused."""
    zone = zone_of_body(body)
    today = clock.today(zone)
    door = _shown(body, sealed.key_set, now=now)
    _check_recipients(door, sealed.to)
    _check_parts(sealed, channel)
    domain.check_known_on(known_on, today)
    domain.check_known_on(filed_on, today)
    if regime not in ("", *Kind) or channel not in Channel.values:
        raise ReportRefused("form", "regime")
    known_ticks = rules.book().requirements
    content_digest = hashlib.sha256(sealed.content).hexdigest()
    entries = [ledger.prepare("report.filed", {"content": content_digest}, now=now, zone=zone)]
    report = Report(
        body=body,
        key_set_id=door.row,
        channel=channel,
        received_on=today,
        known_on=known_on,
        regime=regime,
        ticks=[each for each in dict.fromkeys(ticks) if each in known_ticks],
        content_to=sealed.content_to,
        identity_to=sealed.identity_to,
        dialogue_to=sealed.dialogue_to,
        has_identity=bool(sealed.identity),
        file_count=len(sealed.files),
        finder=return_codes.finder_of(sealed.lookup, pepper()) if sealed.lookup else None,
        mailbox=sealed.mailbox,
        state_on=today,
        filed_on=(filed_on or today) if sealed.identity else None,
        entry_id=entries[0].key,
    )
    parts = [
        ReportPart(
            report=report, kind=ReportPart.Kind.CONTENT, put_on=today, sealed=sealed.content,
            digest=content_digest, size_step=domain.size_step(len(sealed.content)),
        )
    ]  # fmt: skip
    if sealed.identity:
        parts.append(identity_part(report, sealed.identity, today))
    parts += file_parts(report, sealed.files, today)
    envelopes = [
        ReportEnvelope(
            report=report, body=body, opens=list(KEYS), to=sorted(sealed.to), sealed=sealed.envelope, made_on=today
        )
    ]
    if sealed.mailbox:
        envelopes.append(ReportEnvelope(report=report, opens=list(KEYS), sealed=sealed.mailbox_envelope, made_on=today))
    sizes = [part.size_step for part in parts if part.kind != ReportPart.Kind.IDENTITY]
    line = report_lines.facts(report, region=region_of(body), sizes=sizes)
    readers = [ReportReader(report=report, key_id=key, body=body, **line) for key in sealed.to]
    without = door.receiving.difference(sealed.to)
    excluded = without & door.surely_shown if without else ()
    left_out = [ReportLeftOut(report=report, key_id=key, on=today) for key in excluded]
    acts = []
    if entered_by is not None:
        # The hour would tell when somebody stood at the counter.
        acts.append(ReportAct(report=report, kind=ReportAct.Kind.ENTERED, user=entered_by, body=body, on=today))
        entered = {"content": content_digest, "by": entered_by.pk}
        entries.append(ledger.prepare("report.entered", entered, now=now, zone=zone))
    budget = settings.INTAKE_BUDGETS[channel]
    return _Ready(
        report, tuple(parts), tuple(envelopes), tuple(readers), tuple(entries), budget, tuple(acts), tuple(left_out)
    )  # fmt: skip


def identity_part(report: Report, sealed: bytes, on: date) -> ReportPart:
    """Make the row of an identity."""
    return ReportPart(
        report=report, kind=ReportPart.Kind.IDENTITY, put_on=on, sealed=sealed,
        digest=hashlib.sha256(sealed).hexdigest(), size_step=domain.size_step(len(sealed)),
    )  # fmt: skip


def file_parts(report: Report, files: Sequence[SealedFile], on: date, first: int = 0) -> list[ReportPart]:
    """Make the rows of files, of which the first has this place."""
    return [
        ReportPart(
            report=report, kind=ReportPart.Kind.FILE, put_on=on, place=first + number, path=file.path,
            digest=file.digest, size_step=domain.size_step(file.size_bytes),
        )
        for number, file in enumerate(files)
    ]  # fmt: skip


def _check_recipients(door: Door, to: Sequence[int]) -> None:
    """See that a report reaches somebody, and nobody who is no holder today. Raises ReportRefused."""
    if not to:
        raise ReportRefused("nobody")
    if len(set(to)) != len(to) or not set(to) <= door.receiving:
        raise ReportRefused("keys_changed")


def _check_parts(sealed: Sealed, channel: str) -> None:
    try:
        for recipient in {sealed.content_to, sealed.identity_to, sealed.dialogue_to}:
            public_bytes(recipient)
        if sealed.mailbox:
            public_bytes(sealed.mailbox)
    except RecipientWrong:
        raise ReportRefused("form", "recipient") from None
    if len({sealed.content_to, sealed.identity_to, sealed.dialogue_to, sealed.mailbox}) != 4:
        raise ReportRefused("form", "recipient")
    domain.check_sealed(sealed.content, domain.MOST_CONTENT_STEP, "content")
    if sealed.identity:
        domain.check_sealed(sealed.identity, domain.MOST_IDENTITY_STEP, "identity")
    domain.check_envelope(sealed.envelope, "envelope")
    without_box = bool(sealed.lookup) and not sealed.mailbox
    if bool(sealed.mailbox) > bool(sealed.lookup) or (without_box and channel != Channel.STAFF):
        raise ReportRefused("form", "lookup")
    if sealed.lookup and len(sealed.lookup) != _PEPPER_BYTES:
        raise ReportRefused("form", "lookup")
    if sealed.mailbox:
        domain.check_envelope(sealed.mailbox_envelope, "envelope")
    if len(sealed.files) > domain.MOST_FILES:
        raise ReportRefused("files")
    if any(file.size_bytes > 2 * domain.padded_size(domain.MOST_FILE_BYTES) for file in sealed.files):
        raise ReportRefused("too_large", "file")


def _write(waiting: Sequence[_Ready]) -> list[Exception | None]:
    """Write the reports that wait, inside the caller's transaction; answer for each with nothing, or why it is refused."""
    taken = _within_budgets(waiting)
    chosen = [ready for ready, take in zip(waiting, taken, strict=True) if take]
    ledger.write([entry for ready in chosen for entry in ready.entries])
    masses.insert_objects([ready.report for ready in chosen])
    masses.insert_objects([part for ready in chosen for part in ready.parts])
    masses.insert_objects([envelope for ready in chosen for envelope in ready.envelopes])
    masses.insert_objects([reader for ready in chosen for reader in ready.readers])
    masses.insert_objects([act for ready in chosen for act in ready.acts])
    masses.insert_objects([each for ready in chosen for each in ready.left_out])
    return [None if take else IntakeFull(ready.report.channel) for ready, take in zip(waiting, taken, strict=True)]


def _within_budgets(waiting: Sequence[_Ready]) -> list[bool]:
    """Count the reports to the day of their body and channel, and say which of them still fit."""
    taken = [False] * len(waiting)
    by_count: dict[tuple[int, str, date], list[int]] = {}
    for place, ready in enumerate(waiting):
        report = ready.report
        by_count.setdefault((report.body_id, report.channel, report.received_on), []).append(place)
    for (body, channel, on), places in sorted(by_count.items()):
        budget = waiting[places[0]].budget
        day = connection.ops.adapt_datefield_value(on)
        # Claimed by its old state: many processes may count at once, and none goes beyond the budget.
        fits = len(places)
        if not change(_COUNT, [fits, body, channel, day, budget - fits]):
            IntakeCount.objects.bulk_create([IntakeCount(body_id=body, channel=channel, on=on)], ignore_conflicts=True)
            while fits and not change(_COUNT, [fits, body, channel, day, budget - fits]):
                fits -= 1
        for place in places[:fits]:
            taken[place] = True
    return taken


_COUNT = 'UPDATE records_intakecount SET "count" = "count" + %s WHERE body_id = %s AND channel = %s AND "on" = %s AND "count" <= %s'


# --- budgets -----------------------------------------------------------------------------------------------------


_full: dict[
    tuple[int, str], tuple[date, int]
] = {}  # the day on which a channel of a body filled a budget, and that budget


def check_channel(body: Body, channel: str) -> None:
    """Refuse at once what comes into a channel that this process found full today: a flood costs no seals. Raises IntakeFull."""
    found = _full.get((body.pk, channel))
    if found and found == (clock.today(zone_of_body(body)), settings.INTAKE_BUDGETS[channel]):
        raise IntakeFull(channel, open_channels(body))


def is_open(body: Body, channel: str) -> bool:
    """Say whether a channel of a body takes reports now."""
    today = clock.today(zone_of_body(body))
    budget = settings.INTAKE_BUDGETS[channel]
    return not IntakeCount.objects.filter(body=body, channel=channel, on=today, count__gte=budget).exists()


def open_channels(body: Body) -> tuple[str, ...]:
    """Return the channels of a body that take reports now."""
    today = clock.today(zone_of_body(body))
    counted = dict(IntakeCount.objects.filter(body=body, on=today).values_list("channel", "count"))
    return tuple(each for each in Channel.values if counted.get(each, 0) < settings.INTAKE_BUDGETS[each])


# --- the code ----------------------------------------------------------------------------------------------------


def pepper() -> bytes:
    """Return the key under which codes find their mailboxes; made on first need, in a file that no database holds."""
    return _pepper(settings.HOME / "keys")


@lru_cache(maxsize=4)
def _pepper(folder: Path) -> bytes:
    path = folder / _PEPPER
    if not path.exists():
        with suppress(FileExistsError):  # another process made it
            log_key.write_once(path, os.urandom(_PEPPER_BYTES))
    found = path.read_bytes()
    if len(found) != _PEPPER_BYTES:
        raise ValueError(f"{path} holds no pepper")
    return found


# --- receipts ----------------------------------------------------------------------------------------------------


def receipt_of(report: Report) -> tuple[str, date]:
    """Return the receipt of a report anew, with its day: the programme's, as everywhere else that its reporter looks."""
    return _receipt(bytes(report.entry.commitment), report.received_on), report.received_on


def _receipt(commitment: bytes, on: date) -> str:
    key, signer = _signer(settings.HOME / "keys")
    receipt = FilingReceipt(key.name, on, commitment)
    return receipt.note(key, signer.sign(receipt.text.encode()))


@lru_cache(maxsize=4)
def _signer(folder: Path) -> tuple[filing_receipts.VerifierKey, Any]:
    return filing_receipts.read_key((folder / log_key.VERIFIER_KEY).read_text()), log_key.load(folder)


def check_receipt(note: str, *, verifier_key: str = "") -> FilingReceipt:
    """Check a receipt by its signature alone; `verifier_key`: another log's than this installation's.

    Raises FilingReceiptWrong.
    """
    return filing_receipts.read(note, filing_receipts.read_key(verifier_key or log_verifier_key()), sealing.verify)


def log_verifier_key() -> str:
    """Return the key by which anybody checks what this installation's log signed."""
    return (settings.HOME / "keys" / log_key.VERIFIER_KEY).read_text().strip()


def check_kept(receipt: FilingReceipt) -> None:
    """See that the promise of a receipt was kept: the entry stands in the log. Raises FilingReceiptWrong (unkept).

    Ask for a receipt alone whose signature is good: the search goes through all reports.
    """
    if not Report.objects.filter(entry__commitment=receipt.commitment).exists():
        raise FilingReceiptWrong("unkept")


# --- requirements ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Completeness:
    """What a report has and lacks, by the rules of a regime. `last_day`: until when it may be filed; None: nobody knows."""

    regime: str
    ticks: tuple[Tick, ...]
    last_day: date | None
    days_left: int | None

    @property
    def met(self) -> list[str]:
        """The ids of requirements that are met."""
        return [tick.requirement.id for tick in self.ticks if tick.met]

    @property
    def missing(self) -> list[Requirement]:
        """What is not met."""
        return [tick.requirement for tick in self.ticks if not tick.met]


def completeness(given: Given, *, region: str, on: date, regime: str | None = None) -> Completeness:
    """Hold what a report brings against the rules of its region on a day (`regime`: those it was filed under)."""
    return _completeness(given, region, on, regime)


@lru_cache(maxsize=4096)
def _completeness(given: Given, region: str, on: date, regime: str | None) -> Completeness:
    book = rules.book()
    if regime is None:
        found = domain.regime_of(book.elections.values(), region, on)
        regime = found.value if found else ""
    requirements = domain.requirements_on(book.requirements.values(), regime, on)
    last_days = {}
    if given.known_on is not None:
        last_days = report_lines.last_days(requirements, given.known_on, regime=regime, region=region)
    last_day = min(last_days.values(), default=None)
    ticks = tuple(domain.ticks_of(requirements, given, on, last_days))
    return Completeness(regime, ticks, last_day, (last_day - on).days if last_day else None)


def as_day(moment: date) -> date:
    """Return the day of a limit that may be a local time."""
    return moment.date() if isinstance(moment, datetime) else moment


# --- sealing on receipt ------------------------------------------------------------------------------------------


class FileSink:
    """Takes the bytes of one file as they come and seals them to a report, chunk by chunk; none lies in clear on a disk.

    The sealed bytes are filled up to a power of two: the file's own size stands inside the seal of the content alone. With
    `leaves_out` it is sealed without what tells of whoever made it, as far as its type can be had without.
    """

    def __init__(
        self, to: str, name: str, most_bytes: int = domain.MOST_FILE_BYTES, *, leaves_out: bool = False
    ) -> None:
        self.name, self.type, self.size_bytes = name, "", 0  # the size of what is sealed
        self._to, self._most_bytes, self._leaves_out = to, most_bytes, leaves_out
        self._came_bytes, self._is_finished = 0, False
        self._digest = hashlib.sha256()
        self._head = b""
        self._traces: Traces | None = None
        self._draft: sealed_files.Draft | None = None
        self._kept: SealedFile | None = None
        self._sealer: sealing.Sealer | None = None

    def write(self, chunk: bytes) -> None:
        """Seal some more. Raises ReportFileWrong (`reason`: kind, size) and StorageFull; then call `drop`."""
        self._came_bytes += len(chunk)
        if self._came_bytes > self._most_bytes:
            raise ReportFileWrong("size", self.name)
        if self._traces is None:
            self._head += chunk
            if len(self._head) >= domain.HEAD_BYTES:
                self._begin()
        else:
            self._put(self._traces.feed(chunk))

    def _begin(self) -> None:
        self.type = domain.type_of(self._head[: domain.HEAD_BYTES])
        if not self.type:
            raise ReportFileWrong("kind", self.name)
        self._draft = sealed_files.Draft(root())
        self._sealer = sealing.Sealer([self._to], self._draft)  # type: ignore[arg-type]
        self._traces = Traces(self.type, leaves_out=self._leaves_out)
        self._put(self._traces.feed(self._head))
        self._head = b""

    def _put(self, chunk: bytes) -> None:
        self.size_bytes += len(chunk)
        self._digest.update(chunk)
        self._seal(chunk)

    def _seal(self, chunk: bytes) -> None:
        assert self._sealer is not None and self._draft is not None
        try:
            self._sealer.write(chunk)
        except OSError as error:
            raise sealed_files.refusal(self._draft.error or error) from error

    def finish(self) -> None:
        """End the file: what it tells is known then.

        Raises ReportFileWrong (`reason`: empty, kind, traces where what was to be left out stays) and StorageFull.
        """
        if self._is_finished:
            return
        if not self._came_bytes:
            raise ReportFileWrong("empty", self.name)
        if self._traces is None:
            self._begin()
        assert self._traces is not None
        self._put(self._traces.end())
        self._is_finished = True
        if self._traces.stays:
            raise ReportFileWrong("traces", self.name)

    @property
    def told(self) -> tuple[Trace, ...]:
        """What the file tells of whoever made it."""
        return tuple(self._traces.told) if self._traces else ()

    @property
    def cleans(self) -> bool:
        """Say whether a file of this type can be had without what it tells."""
        return self._traces is not None and self._traces.cleans

    @property
    def is_without(self) -> bool:
        """Say whether it was sealed without that."""
        return self._traces is not None and self._traces.leaves_out

    def keep(self, on: date) -> SealedFile:
        """Put the sealed file on the disk (see finish for what is raised)."""
        self.finish()
        rest = domain.padded_size(self.size_bytes) - self.size_bytes
        while rest:
            step = min(rest, 1 << 16)
            self._seal(bytes(step))
            rest -= step
        assert self._sealer is not None and self._draft is not None
        try:
            self._sealer.close()
        except OSError as error:
            raise sealed_files.refusal(self._draft.error or error) from error
        self._draft.keep(on)
        self._kept = SealedFile(self._draft.path, self._draft.digest, self._draft.size_bytes)
        return self._kept

    def drop(self) -> None:
        """Take it away again, if it belongs to no report."""
        if self._kept is not None:
            drop([self._kept])
            return
        if self._sealer is not None:
            self._sealer.abandon()
        if self._draft is not None:
            self._draft.drop()

    def described(self, part: int) -> dict[str, Any]:
        """Return what the content says of the file: `part` is its place among the report's files.

        A name may tell as much as what was left out: then the file has none of its own.
        """
        return {
            "part": part, "name": f"salinan-{part + 1}" if self.is_without else self.name, "type": self.type,
            "size": self.size_bytes, "sha256": self._digest.hexdigest(), "working_of": None,
            "told": [] if self.is_without else [str(trace) for trace in self.told],
            "left_out": list(dict.fromkeys(["original", *(trace.kind for trace in self.told)])) if self.is_without else [],
        }  # fmt: skip


class CipherSink:
    """Takes a file that was sealed in the reporter's browser, as it comes. Then call `keep`, or `drop`."""

    def __init__(self) -> None:
        self._draft = sealed_files.Draft(root())
        self._kept: SealedFile | None = None
        self._head = b""

    def write(self, chunk: bytes) -> None:
        """Keep some more. Raises ReportRefused (`reason`: form for what is no age file, too_large) and StorageFull."""
        if len(self._head) < domain.AGE_MARK_BYTES:
            self._head = (self._head + chunk)[: domain.AGE_MARK_BYTES]
            domain.check_mark(self._head)
        if self._draft.size_bytes + len(chunk) > 2 * domain.padded_size(domain.MOST_FILE_BYTES):
            raise ReportRefused("too_large", "file")
        try:
            self._draft.write(chunk)
        except OSError as error:
            raise sealed_files.refusal(error) from error

    def keep(self, on: date) -> SealedFile:
        """Put it on the disk. Raises ReportRefused (`reason`: form for one that was cut at its start) and StorageFull."""
        if len(self._head) < domain.AGE_MARK_BYTES:
            raise ReportRefused("form", "file")
        self._draft.keep(on)
        self._kept = SealedFile(self._draft.path, self._draft.digest, self._draft.size_bytes)
        return self._kept

    def drop(self) -> None:
        """Take it away again, if it belongs to no report."""
        if self._kept is not None:
            drop([self._kept])
        else:
            self._draft.drop()


@dataclass(frozen=True, slots=True, repr=False)
class Addressees:
    """To whom a report is sealed: the set that was shown, the keys of holders, and the recipients with the offline key."""

    key_set: str
    to: tuple[int, ...]
    recipients: tuple[str, ...]


def addressees(
    body: Body, *, key_set: str, excluded: Collection[int] = (), names: Sequence[str] = (), now: datetime
) -> Addressees:
    """Return to whom a report is sealed, without whom its reporter excludes (by key, or by a name that may be his).

    Raises ReportRefused, `reason`: body, keys_changed, nobody.
    """
    door = _shown(body, key_set, now=now)
    left_out = set(excluded) | {
        reader.holder.key for reader in door.readers for name in names if domain.means(name, reader.name)
    }
    try:
        holders, offline = keysets.to_seal_to(door.key_set, may_open=door.receiving, excluded=left_out)
    except KeySetWrong:
        raise ReportRefused("nobody") from None
    recipients = (*(holder.recipient for holder in holders), offline.recipient)
    return Addressees(key_set, tuple(holder.key for holder in holders), recipients)


def check_addressed(body: Body, *, key_set: str, to: Sequence[int], now: datetime) -> None:
    """See that what a browser sealed goes to holders of the set that was shown. Raises ReportRefused, `reason`: body,
    keys_changed, nobody.
    """
    _check_recipients(_shown(body, key_set, now=now), to)


class Sealing:
    """One report while it is sealed on receipt: three keys of its own, which stand in its envelopes and nowhere else."""

    def __init__(self) -> None:
        self.keys = {kind: Key.new() for kind in KEYS}
        self.recipients = {kind: key.recipient for kind, key in self.keys.items()}  # each costs a multiplication
        self.sinks: list[FileSink] = []
        self.leaves_out = False  # whether files are sealed without what tells of whoever made them

    def file(self, name: str) -> FileSink:
        """Begin a file. Raises ReportRefused (`reason`: files) for one too many."""
        if len(self.sinks) >= domain.MOST_FILES:
            raise ReportRefused("files")
        self.sinks.append(FileSink(self._content_to, name, leaves_out=self.leaves_out))
        return self.sinks[-1]

    @property
    def _content_to(self) -> str:
        return self.recipients["content"]

    @property
    def revealing(self) -> list[FileSink]:
        """The files that tell a place, a device, a time or a name, once all are finished."""
        return [sink for sink in self.sinks if any(trace.kind in _REVEALING for trace in sink.told)]

    def drop(self) -> None:
        """Take everything away again that lies on the disk."""
        for sink in self.sinks:
            sink.drop()

    def finish(
        self,
        content: Mapping[str, Any],
        identity: Mapping[str, Any] | None,
        to: Addressees,
        code: ReturnCode | None,
        *,
        on: date,
        lookup: bytes = b"",
    ) -> Sealed:
        """Seal the documents and the envelopes; `code`: that of the mailbox, None where there is none (`lookup`: see Sealed)."""
        try:
            files = tuple(sink.keep(on) for sink in self.sinks)
        except BaseException:
            self.drop()
            raise
        described = [sink.described(number) for number, sink in enumerate(self.sinks)]
        envelope = sealing.padded({kind: key.identity for kind, key in self.keys.items()})
        box = Key(code.secret()).recipient if code else ""
        return Sealed(
            key_set=to.key_set,
            to=to.to,
            content_to=self.recipients["content"],
            identity_to=self.recipients["identity"],
            dialogue_to=self.recipients["dialogue"],
            content=sealing.seal(sealing.padded({**content, "files": described}), [self.recipients["content"]]),
            identity=sealing.seal(sealing.padded(identity), [self.recipients["identity"]]) if identity else b"",
            envelope=sealing.seal(envelope, to.recipients),
            mailbox=box,
            mailbox_envelope=sealing.seal(envelope, [box]) if box else b"",
            lookup=code.lookup if code else lookup,
            files=files,
        )


# --- sweeping ----------------------------------------------------------------------------------------------------

_swept: date | None = None
_sweeping = threading.Lock()


def sweep(now: datetime) -> None:
    """Once a day: delete sealed files that belong to nothing (the machine stopped in between), and still the times of others."""
    global _swept
    today = now.astimezone(UTC).date()
    with _sweeping:
        if _swept == today:
            return
        known = set(ReportPart.objects.exclude(path="").values_list("path", flat=True))
        for path in sealed_files.all_before(root(), today - timedelta(days=1)):
            if path not in known:
                sealed_files.remove(root(), path)
        sealed_files.still(root(), today)
        _swept = today


def open_file(part: ReportPart) -> BinaryIO:
    """Open the sealed bytes of a file. Raises FileLost."""
    return sealed_files.open_one(root(), part.path)
