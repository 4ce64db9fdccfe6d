"""The mailbox of a report: opened with the return code, in memory, for the length of a request.

What a reporter does here is kept to the day. No address is looked at: wrong codes are counted for all who come to this process, and
a right one is let in however many wrong ones came before (86 bits are not guessed; docs/threats.md).
"""

import hashlib
import hmac
import json
import re
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ikrar.domain import conclusions, report_states, return_codes
from ikrar.domain import reports as domain
from ikrar.domain.days import in_words
from ikrar.domain.errors import MailboxBusy, MailboxUnknown, ReportRefused, ReportStands, SealBroken
from ikrar.domain.report_states import WITHDRAWN
from ikrar.domain.reports import Requirement
from ikrar.domain.return_codes import ReturnCode
from ikrar.gateways import sealing
from ikrar.gateways.report_pdf import FormPart, ReportForm, report_form
from ikrar.gateways.sealing import Key
from ikrar.records.models import (
    Body,
    Installation,
    KeySet,
    OfficerKey,
    Report,
    ReportAct,
    ReportCopy,
    ReportEnvelope,
    ReportLeftOut,
    ReportPart,
    ReportReader,
)
from ikrar.services import clock, intake, ledger, report_exclusions, report_lines, reports, retention, rules, storage
from ikrar.services.reports import Completeness, SealedFile, Sealing
from ikrar.services.retention import Keeping

State = Report.State
_CLOSED = (State.CLOSED, State.NOT_A_BREACH)
_WRONG_A_MINUTE = 30
_wrong: deque[float] = deque(maxlen=_WRONG_A_MINUTE)
MOST_TEXT = 20_000
_LATER_FILES = 100  # so many a report has at most, those of later days included
# Messages of a reporter: a mailbox is no way to fill a disk, and each of its pages opens all of them.
MOST_MESSAGES_A_DAY = 20
MOST_MESSAGES = 200


@dataclass(frozen=True, repr=False)
class Message:
    """A message of the dialogue, opened. `broken`: what was stored opens no more."""

    from_reporter: bool
    on: date
    text: str
    asks: tuple[Requirement, ...] = ()
    files: tuple[str, ...] = ()
    broken: bool = False
    digests: tuple[str, ...] = ()  # SHA-256 (hex) of the files as they came


@dataclass(frozen=True, repr=False)
class Box:
    """What a code opens: the report, its keys, and what they open. It lives as long as a request."""

    report: Report
    keys: Mapping[str, str]
    content: Mapping[str, Any]
    identity: Mapping[str, Any] | None
    messages: tuple[Message, ...]
    completeness: Completeness
    asked: tuple[Requirement, ...] = ()
    withdrawn: bool = False
    further: tuple[Body, ...] = field(default=())  # bodies that the reporter consented to

    @property
    def is_closed(self) -> bool:
        """Say whether nothing can be added any more."""
        return self.report.state in _CLOSED or self.report.erased_on is not None

    @property
    def concluded(self) -> ReportAct | None:
        """Return the act of its last conclusion (domain/conclusions.py), where its state is that one's."""
        acts = self.report.acts.filter(kind=ReportAct.Kind.STATE, at__isnull=False).order_by("-at")
        last = acts.only("note", "handed_to", "letter").first()
        if last is None or not conclusions.is_conclusion(last.note):
            return None
        return last if last.note.startswith(f"{self.report.state}:") else None

    @property
    def kept(self) -> Keeping | None:
        """Until when all this is kept; None: it is gone."""
        return None if self.report.erased_on is not None else retention.keeping(self.report)

    @property
    def can_withdraw(self) -> bool:
        """Say whether it may be withdrawn: a registered one cannot."""
        return not self.is_closed and self.report.state not in report_states.FILED

    @property
    def can_be_named(self) -> bool:
        """Say whether its reporter may step forward."""
        return not self.is_closed and not self.report.has_identity


def open_box(code: ReturnCode) -> Box:
    """Open the mailbox of a code. Raises MailboxUnknown; MailboxBusy after too many wrong codes within a minute."""
    report = (
        Report.objects.filter(finder=code.finder(reports.pepper()))
        .select_related("body__agency", "body__region", "entry__payload")
        .first()
    )
    if report is None:
        raise _wrong_one()
    envelope = ReportEnvelope.objects.filter(report=report, body=None).first()
    keys: dict[str, str] = {}
    if envelope is not None and report.erased_on is None:
        try:
            keys = json.loads(sealing.unseal(bytes(envelope.sealed), Key(code.secret()).identity))
        except (SealBroken, ValueError):
            keys = {}
    return _read(report, keys)


@dataclass(frozen=True, repr=False)
class ClosedBox:
    """A mailbox as a browser gets it that opens it itself: what is sealed, beside what the server sees anyway."""

    box: Box
    envelope: bytes
    messages: tuple[bytes, ...]
    content: bytes = b""
    identity: bytes = b""  # the latest


def find(lookup: bytes) -> ClosedBox:
    """Return the mailbox that a lookup finds, unopened. Raises as open_box."""
    finder = return_codes.finder_of(lookup, reports.pepper())
    report = (
        Report.objects.filter(finder=finder).select_related("body__agency", "body__region", "entry__payload").first()
    )
    if report is None:
        raise _wrong_one()
    envelope = ReportEnvelope.objects.filter(report=report, body=None).first()
    parts = list(report.parts.filter(kind=ReportPart.Kind.MESSAGE).order_by("place", "put_on"))
    closed = tuple(Message(part.from_reporter, part.put_on, "", broken=True) for part in parts)
    consents = _consents(report)
    withdrawn = report.acts.filter(kind=ReportAct.Kind.STATE, note=WITHDRAWN).exists()
    box = Box(report, {}, {}, None, closed, _completeness(report), (), withdrawn, consents)
    sealed = bytes(envelope.sealed) if envelope is not None and report.erased_on is None else b""
    whole = {
        part.kind: bytes(part.sealed or b"")
        for part in report.parts.filter(kind__in=(ReportPart.Kind.CONTENT, ReportPart.Kind.IDENTITY)).order_by("place")
    }
    return ClosedBox(
        box, sealed, tuple(bytes(part.sealed or b"") for part in parts),
        whole.get(ReportPart.Kind.CONTENT, b""), whole.get(ReportPart.Kind.IDENTITY, b""),
    )  # fmt: skip


def reply_sealed(
    box: Box,
    sealed: bytes,
    files: Sequence[SealedFile],
    answered: Sequence[str],
    *,
    turn: str,
    first: int,
    now: datetime,
) -> None:
    """Put a message into the dialogue that a browser sealed, with files that lie on the disk; the same one once.

    `first`: the place that the sealed message gives the first of its files. Where another stands there by now, its officer would
    find one file under the name of another: refused.

    `turn`: 64 hex digits that the browser draws from the code and from what is said, so that a message whose answer was lost
    is known when it comes again, sealed anew. What is refused leaves nothing. Raises ReportStands, ReportRefused (`reason`:
    form, too_large, files, moved, messages).
    """
    report = box.report
    try:
        _check_open(box)
        domain.check_sealed(sealed, domain.MOST_MESSAGE_STEP, "message")
        met = [each for each in answered if each in rules.book().requirements]
        if not _put(report, sealed, files, met, first=first, key=_key_of_turn(report, turn), now=now):
            reports.drop(files)
    except BaseException:
        reports.drop(files)
        raise


_TURN = re.compile(r"[0-9a-f]{64}")


def _key_of_turn(report: Report, turn: str) -> int:
    """Return the key of the message of a turn: drawn as the random ones are, and the same each time."""
    if not _TURN.fullmatch(turn):
        raise ReportRefused("form", "turn")
    return int.from_bytes(hashlib.sha256(f"{report.pk}:{turn}".encode()).digest()[:8]) >> 1


def step_forward_sealed(box: Box, sealed: bytes, *, now: datetime) -> None:
    """File formally with an identity that a browser sealed. Raises ReportStands, ReportRefused (`reason`: form, too_large)."""
    _check_open(box)
    if box.report.has_identity:
        raise ReportStands("named")
    domain.check_sealed(sealed, domain.MOST_IDENTITY_STEP, "identity")
    _file_formally(box.report, sealed, now)


def _wrong_one() -> MailboxUnknown | MailboxBusy:
    now = time.monotonic()
    busy = len(_wrong) == _WRONG_A_MINUTE and now - _wrong[0] < 60
    _wrong.append(now)
    return MailboxBusy() if busy else MailboxUnknown()


def _read(report: Report, keys: Mapping[str, str]) -> Box:
    parts = list(report.parts.exclude(kind=ReportPart.Kind.FILE).order_by("kind", "place"))
    book = rules.book().requirements
    by_kind: dict[str, list[ReportPart]] = {}
    for part in parts:
        by_kind.setdefault(part.kind, []).append(part)
    contents = [_opened(part, keys.get("content", "")) for part in by_kind.get("content", [])]
    identities = [_opened(part, keys.get("identity", "")) for part in by_kind.get("identity", [])]
    messages = []
    for part in by_kind.get("message", []):
        read = _opened(part, keys.get("dialogue", ""))
        messages.append(
            Message(
                part.from_reporter,
                part.put_on,
                str((read or {}).get("text", "")),
                tuple(book[each] for each in (read or {}).get("asks", []) if each in book),
                tuple(str(each.get("name", "")) for each in (read or {}).get("files", [])),
                broken=read is None,
                digests=tuple(str(each.get("sha256", "")) for each in (read or {}).get("files", [])),
            )
        )
    asked: dict[str, Requirement] = {}
    for message in messages:
        for each in message.asks:
            if message.from_reporter:
                asked.pop(each.id, None)
            else:
                asked[each.id] = each
    content = next((each for each in contents if each is not None), {})
    identity = next((each for each in reversed(identities) if each is not None), None)
    consents = _consents(report)
    withdrawn = report.acts.filter(kind=ReportAct.Kind.STATE, note=WITHDRAWN).exists()
    return Box(
        report, keys, content, identity, tuple(messages), _completeness(report), tuple(asked.values()), withdrawn,
        consents,
    )  # fmt: skip


def _consents(report: Report) -> tuple[Body, ...]:
    """Return the further bodies to which a reporter opened his report, by name."""
    named = report.acts.filter(kind=ReportAct.Kind.CONSENT).values("body")
    return tuple(Body.objects.filter(pk__in=named).order_by("name", "pk"))


def _opened(part: ReportPart, identity: str) -> dict[str, Any] | None:
    if not identity or part.sealed is None:
        return None
    try:
        found = json.loads(sealing.unseal(bytes(part.sealed), identity))
    except (SealBroken, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _completeness(report: Report) -> Completeness:
    """Show the ticks that stand at the report today, with its window."""
    region = reports.region_of(report.body)
    on = clock.today(reports.zone_of_body(report.body))
    found = reports.completeness(
        domain.Given(known_on=report.known_on), region=region, on=report.filed_on or on, regime=report.regime
    )
    ticks = tuple(domain.Tick(each.requirement, each.requirement.id in report.ticks) for each in found.ticks)
    left = (found.last_day - on).days if found.last_day else None
    return Completeness(found.regime, ticks, found.last_day, left)


# --- what the reporter does --------------------------------------------------------------------------------------


def adding(box: Box) -> Sealing:
    """Begin to seal files to a report that exists. Raises ReportStands."""
    _check_open(box)
    return _Later(box.report.content_to)


class _Later(Sealing):
    """Files that are added to a report: sealed to the keys that it has."""

    def __init__(self, content_to: str) -> None:
        super().__init__()
        self._to = content_to

    @property
    def _content_to(self) -> str:
        return self._to


def _check_open(box: Box) -> None:
    if box.report.erased_on is not None:
        raise ReportStands("erased")
    if box.is_closed:
        raise ReportStands("closed")


def reply(box: Box, text: str, answered: Sequence[str], added: Sealing, *, now: datetime) -> None:
    """Put a message with files into the dialogue; `answered`: ids of what had been asked for and is answered by it.

    What is refused leaves nothing. Raises ReportStands; ReportRefused (`reason`: form where it says nothing, files, too_large,
    moved, messages); StorageFull and ReportFileWrong of the files.
    """
    report = box.report
    try:
        _check_open(box)
        if not text.strip() and not added.sinks:
            raise ReportRefused("form", "text")
        today = clock.today(reports.zone_of_body(report.body))
        for sink in added.sinks:
            sink.finish()
        if _is_said_again(box, text[:MOST_TEXT], answered, added):
            added.drop()
            return
        files = tuple(sink.keep(today) for sink in added.sinks)
        first = report.parts.filter(kind=ReportPart.Kind.FILE).count()
        ticks = [each for each in answered if each in {asked.id for asked in box.asked}]
        document = {
            "v": 1,
            "text": text[:MOST_TEXT],
            "asks": ticks,
            "files": [sink.described(first + number) for number, sink in enumerate(added.sinks)],
        }
        sealed = sealing.seal(sealing.padded(document), [report.dialogue_to])
        domain.check_sealed(sealed, domain.MOST_MESSAGE_STEP, "message")
        turn = _turn_of(box, document)
        if not _put(report, sealed, files, ticks, first=first, key=_key_of_turn(report, turn), now=now):
            added.drop()
    except BaseException:
        added.drop()
        raise


def _turn_of(box: Box, document: Mapping[str, Any]) -> str:
    """Draw the turn of a message that is sealed here as a browser would: a second click at once draws the same."""
    said = json.dumps(
        [len(box.messages), document["text"], document["asks"], [each["sha256"] for each in document["files"]]]
    )
    return hmac.digest(box.keys["dialogue"].encode(), said.encode(), "sha256").hex()


def _is_said_again(box: Box, text: str, answered: Sequence[str], added: Sealing) -> bool:
    """Say whether this is the last message once more: the page was sent again, from the history or after a break."""
    last = box.messages[-1] if box.messages else None
    if last is None or not last.from_reporter or last.broken:
        return False
    digests = tuple(str(sink.described(0).get("sha256", "")) for sink in added.sinks)
    return (last.text, last.digests) == (text, digests) and set(answered) <= {each.id for each in last.asks}


def _evidence(report: Report, files: Sequence[Any]) -> list[str]:
    """Return the ids of requirements that added files meet."""
    held = rules.book().requirements.values()
    return [each.id for each in held if files and each.regime == report.regime and each.asks is domain.Asks.EVIDENCE]


@storage.room()
@transaction.atomic(durable=True)
def _put(
    report: Report,
    sealed: bytes,
    files: Sequence[SealedFile],
    met: Sequence[str],
    *,
    first: int,
    key: int,
    now: datetime,
) -> bool:
    """Put a message with its files; say whether it is new. `first`: the place of its first file, which is sealed in it."""
    zone = reports.zone_of_body(report.body)
    today = clock.today(zone)
    if not Report.objects.select_for_update().filter(pk=report.pk, erased_on=None):
        raise ReportStands("erased")
    held = report.parts.filter(kind=ReportPart.Kind.MESSAGE)
    if held.filter(pk=key).exists():
        return False
    own = held.filter(from_reporter=True)
    if own.count() >= MOST_MESSAGES or own.filter(put_on=today).count() >= MOST_MESSAGES_A_DAY:
        raise ReportRefused("messages")
    there = report.parts.filter(kind=ReportPart.Kind.FILE).count()
    if there + len(files) > _LATER_FILES:
        raise ReportRefused("files")
    if files and first != there:
        raise ReportRefused("moved")
    _claim(report, {"state": State.RECEIVED, "state_on": today}, [*met, *_evidence(report, files)])
    digest = hashlib.sha256(sealed).hexdigest()
    ReportPart.objects.create(
        pk=key, report=report, kind=ReportPart.Kind.MESSAGE, put_on=today, place=held.count(), sealed=sealed, digest=digest,
        size_step=domain.size_step(len(sealed)),
    )  # fmt: skip
    ReportPart.objects.bulk_create(reports.file_parts(report, files, today, first))
    report_lines.renew(report.pk, region=reports.region_of(report.body))
    ledger.append("report.message_put", {"message": digest}, now=now, zone=zone)
    return True


def _claim(report: Report, values: Mapping[str, Any], met: Sequence[str] = ()) -> None:
    """Change a report that is still open, inside the caller's transaction. A formal or handed-over one keeps its state, and is
    younger all the same: how long it is kept counts from its last change.
    """
    state, ticks = Report.objects.select_for_update().values_list("state", "ticks").get(pk=report.pk)
    stays = state in report_states.FILED or state == State.HANDED_OVER
    kept = {key: value for key, value in values.items() if not (stays and key == "state")}
    ticks = [*ticks, *(each for each in dict.fromkeys(met) if each not in ticks)]
    open_ones = Report.objects.filter(pk=report.pk, erased_on=None).exclude(state__in=_CLOSED)
    if not open_ones.update(**kept, ticks=ticks):
        raise ReportStands("closed")
    if "state" in kept:
        ReportReader.objects.filter(report=report).update(state=kept["state"])


def step_forward(box: Box, identity: Mapping[str, str], *, now: datetime) -> None:
    """File formally what came without a name: the identity is sealed to the holders of the chosen body, and to nobody else.

    The first day stays beside that of the formal report; which of them counts the supervisor decides. Raises ReportStands
    (`reason`: named, closed, erased), ReportRefused (`reason`: form without name and address).
    """
    _check_open(box)
    if box.report.has_identity:
        raise ReportStands("named")
    if not all(identity.get(key, "").strip() for key in ("name", "address")):
        raise ReportRefused("form", "identity")
    sealed = sealing.seal(sealing.padded({"v": 1, **identity}), [box.report.identity_to])
    domain.check_sealed(sealed, domain.MOST_IDENTITY_STEP, "identity")
    _file_formally(box.report, sealed, now)


@storage.room()
@transaction.atomic(durable=True)
def _file_formally(report: Report, sealed: bytes, now: datetime) -> None:
    zone = reports.zone_of_body(report.body)
    today = clock.today(zone)
    held = rules.book().requirements.values()
    met = [each.id for each in held if each.regime == report.regime and each.asks is domain.Asks.REPORTER]
    if not Report.objects.filter(pk=report.pk, has_identity=False).update(has_identity=True, filed_on=today):
        raise ReportStands("named")
    _claim(report, {"state": State.RECEIVED, "state_on": today}, met)
    part = reports.identity_part(report, sealed, today)
    ReportPart.objects.bulk_create([part])
    report_lines.renew(report.pk, region=reports.region_of(report.body))
    ledger.append("report.filed_formally", {"identity": part.digest}, now=now, zone=zone)


def further_bodies(box: Box, *, now: datetime) -> list[intake.Offer]:
    """Return the bodies that could get the name as well: those that a copy was offered to first."""
    offered = set(ReportCopy.objects.filter(report=box.report).values_list("to_body", flat=True))
    known = {box.report.body_id, *(body.pk for body in box.further)}
    found = intake.offers(reports.region_of(box.report.body), "plain", now=now)
    return sorted(
        (offer for offer in found if offer.body.pk not in known), key=lambda offer: offer.body.pk not in offered
    )


def consent(box: Box, body: Body, *, key_set: str, now: datetime) -> None:
    """Let one further body open the report with name and dialogue: sealed to its holders, without whom the reporter excludes.

    A rule that cannot be read is no rule that excludes nobody: it stops. Raises ReportStands, and ReportRefused (`reason`: body: it
    has no keys, or is the report's own; keys_changed, nobody).
    """
    _check_open(box)
    if not box.keys:
        raise ReportStands("erased")
    rule = box.content.get("exclude")
    if not isinstance(rule, dict) or not all(isinstance(rule.get(each), list) for each in ("keys", "names")):
        raise ReportStands("unread")
    keys, names = report_exclusions.widened(rule)
    left_out = report_exclusions.known_of_reporters([box.report.pk]).get(box.report.pk, frozenset())
    keys |= {key for held in report_exclusions.keys_of(left_out).values() for key in held}
    to = reports.addressees(body, key_set=key_set, excluded=keys, names=names, now=now)
    sealed = sealing.seal(sealing.padded(dict(box.keys)), to.recipients)
    _let_in(box.report, body, sealed, to.to, key_set, now)


def consent_sealed(box: Box, body: Body, sealed: bytes, *, key_set: str, to: Sequence[int], now: datetime) -> None:
    """Let one further body open the report, sealed to its holders by the reporter's browser.

    Raises as consent, and ReportRefused with `reason`: form.
    """
    _check_open(box)
    reports.check_addressed(body, key_set=key_set, to=to, now=now)
    excluded = report_exclusions.known_of_reporters([box.report.pk]).get(box.report.pk, frozenset())
    if excluded & set(OfficerKey.objects.filter(pk__in=list(to)).values_list("user", flat=True)):
        raise ReportRefused("keys_changed")
    domain.check_envelope(sealed, "envelope")
    _let_in(box.report, body, sealed, to, key_set, now)


@storage.room()
@transaction.atomic(durable=True)
def _let_in(report: Report, body: Body, sealed: bytes, to: Sequence[int], key_set: str, now: datetime) -> None:
    if body.pk == report.body_id:
        raise ReportRefused("body")
    zone = reports.zone_of_body(report.body)
    today = clock.today(zone)
    _claim(report, {})
    if ReportAct.objects.filter(report=report, kind=ReportAct.Kind.CONSENT, body=body).exists():
        raise ReportStands("named")
    ReportEnvelope.objects.create(
        report=report, body=body, opens=list(reports.KEYS), to=sorted(to), sealed=sealed, made_on=today,
        key_set=KeySet.objects.get(body=body, digest=key_set),
    )  # fmt: skip
    # What an officer's browser said of the rule gives way to the reporter, whose rule it is.
    users = OfficerKey.objects.filter(pk__in=list(to)).values("user")
    ReportLeftOut.objects.filter(report=report, key__user__in=users).exclude(by=None).delete()
    line = report_lines.for_newcomers(report.pk, region=reports.region_of(report.body)) | {"received_on": today}
    ReportReader.objects.bulk_create(
        [ReportReader(report=report, key_id=key, body=body, **line) for key in to], ignore_conflicts=True
    )
    ReportAct.objects.create(report=report, kind=ReportAct.Kind.CONSENT, body=body, on=today)
    ledger.append("report.consent_given", {"envelope": hashlib.sha256(sealed).hexdigest()}, now=now, zone=zone)


def withdraw(box: Box, *, now: datetime) -> None:
    """Withdraw a report that is not registered: it is closed, and stays sealed until the rule of retention erases it.

    Raises ReportStands (`reason`: registered, closed, erased).
    """
    _check_open(box)
    if not box.can_withdraw:
        raise ReportStands("registered")
    _close(box.report, now)


@storage.room()
@transaction.atomic(durable=True)
def _close(report: Report, now: datetime) -> None:
    zone = reports.zone_of_body(report.body)
    today = clock.today(zone)
    claimed = Report.objects.filter(pk=report.pk, erased_on=None).exclude(state__in=[*_CLOSED, *report_states.FILED])
    if not claimed.update(state=State.CLOSED, state_on=today):
        raise ReportStands("registered")
    ReportReader.objects.filter(report=report).update(state=State.CLOSED)
    ReportAct.objects.create(report=report, kind=ReportAct.Kind.STATE, on=today, note=WITHDRAWN)
    ledger.append("report.withdrawn", {"content": _digest_of_content(report)}, now=now, zone=zone)


def _digest_of_content(report: Report) -> str:
    return report.parts.filter(kind=ReportPart.Kind.CONTENT).values_list("digest", flat=True).first() or ""


# --- the official form -------------------------------------------------------------------------------------------


_IDENTITY_FIELDS = (
    ("name", "Nama"),
    ("birth", "Tempat, tanggal lahir"),
    ("sex", "Jenis kelamin"),
    ("job", "Pekerjaan"),
    ("citizenship", "Kewarganegaraan"),
    ("address", "Alamat"),
    ("phone", "Telepon"),
    ("email", "Surel"),
    ("id_number", "Nomor kartu identitas"),
)


_SIGNED_BY_HAND = "Pelapor menandatangani formulir ini sesuai kartu identitasnya."
_FROM_SECOND_HAND = (
    "Bidang mengikuti formulir laporan yang dikenal dari sumber kedua; cocokkan dengan formulir resmi di kantor."
)
_WHICH_DAY = "Hari mana yang dihitung sebagai hari laporan diputuskan oleh pengawas."


def form_words(report: Report) -> dict[str, Any]:
    """Return what a browser writes on the official form beside what it opened itself."""
    later = report.filed_on and report.filed_on != report.received_on
    return {
        "title": f"Formulir laporan kepada {report.body.name}",
        "identity": _IDENTITY_FIELDS,
        "days": [
            ("Hari diketahui", _day(report.known_on)),
            ("Disampaikan pertama kali", _day(report.received_on)),
            *([("Disampaikan resmi", _day(report.filed_on))] if later else []),
        ],
        "notes": [_SIGNED_BY_HAND, _FROM_SECOND_HAND, *([_WHICH_DAY] if later else [])],
    }


def form(box: Box) -> bytes:
    """Return the official form of a report as PDF, for its reporter to print and sign; made in memory. Raises ReportStands."""
    if not box.content:
        raise ReportStands("erased")
    report, content = box.report, box.content
    identity = box.identity or {}
    who = [each for each in content.get("who", []) if isinstance(each, Mapping)]
    days = [("Disampaikan pertama kali", _day(report.received_on))]
    notes = [
        _SIGNED_BY_HAND,
        _FROM_SECOND_HAND,
    ]
    if report.filed_on and report.filed_on != report.received_on:
        days.append(("Disampaikan resmi", _day(report.filed_on)))
        notes.append(_WHICH_DAY)
    parts = [
        FormPart("Pelapor", [(label, str(identity.get(key, ""))) for key, label in _IDENTITY_FIELDS]),
        *(
            FormPart(
                "Terlapor",
                [("Nama", str(each.get("name", ""))), ("Jabatan", str(each.get("post", ""))),
                 ("Unit atau alamat", str(each.get("unit", ""))), ("Telepon", "")],
            )
            for each in who or [{}]
        ),
        FormPart(
            "Peristiwa",
            [("Tempat kejadian", str(content.get("where", ""))), ("Waktu kejadian", str(content.get("when", ""))),
             ("Hari diketahui", _day(report.known_on)), *days],
        ),
        FormPart(
            "Saksi",
            [(str(each.get("name", "")), str(each.get("contact", ""))) for each in content.get("witnesses", [])],
        ),
        FormPart("Bukti", _evidence_rows(box)),
        FormPart("Uraian kejadian", (), str(content.get("what", ""))),
    ]  # fmt: skip
    here = Installation.objects.first()
    return report_form(
        ReportForm(
            report.body.name,
            parts,
            notes,
            str(identity.get("name", "")),
            clock.today(reports.zone_of_body(report.body)),
            demo=bool(here and here.is_demo),
        )
    )


def _evidence_rows(box: Box) -> list[tuple[str, str]]:
    files = [str(each.get("name", "")) for each in box.content.get("files", [])]
    files += [name for message in box.messages if message.from_reporter for name in message.files]
    links = [f"{each.get('address', '')} {each.get('captured', '')}" for each in box.content.get("links", [])]
    return [
        *((f"Berkas {number}", name) for number, name in enumerate(files, 1)),
        *(("Tautan", each) for each in links),
    ]


def _day(day: date | None) -> str:
    return in_words(day) if day else ""


def body_of(pk: int) -> Body | None:
    """Return a body that takes reports."""
    return Body.objects.filter(pk=pk, key_sets__serial=1).select_related("agency").first()
