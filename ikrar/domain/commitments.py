"""One entry of the log: what a payload is, how it becomes a 32-byte commitment, how coarse its time is.

The form is fixed for ever (docs/log.md): entries that were published cannot be written again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from enum import Enum
from typing import Any

from ikrar.domain.days import utc_text
from ikrar.domain.errors import PayloadNotCanonical

DOMAIN_TAG = b"ikrar/log/v1\x00"
SALT_BYTES = 32
COMMITMENT_BYTES = 32
_LARGEST_INTEGER = 2**53 - 1  # what every JSON reader holds exactly


class Grain(Enum):
    """How exactly an entry tells its time. Coarser where the moment itself could give somebody away."""

    SECOND = "second"
    DAY = "day"


@dataclass(frozen=True)
class EventType:
    """A kind of entry: its name in the past tense and the grain of its time."""

    name: str
    grain: Grain = Grain.SECOND


def canonical(payload: Mapping[str, Any]) -> bytes:
    """Return the one byte form of a payload: JSON as in RFC 8785, narrowed until no two writers can differ.

    UTF-8, no white space, keys of lower-case ASCII sorted, strings with only the escapes that JSON demands; integers
    within 2^53, no fractions. Raises PayloadNotCanonical, naming the place.

    >>> canonical({"unit": "13.75", "count": 3, "agreed": True})
    b'{"agreed":true,"count":3,"unit":"13.75"}'
    """
    _check(payload, "payload")
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _check(value: Any, where: str) -> None:
    if value is None or value is True or value is False:
        return
    if type(value) is int:
        if abs(value) > _LARGEST_INTEGER:
            raise PayloadNotCanonical(where)
    elif type(value) is str:
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise PayloadNotCanonical(where) from None
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _check(item, f"{where}[{index}]")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if type(key) is not str or not key.isascii() or not key.replace("_", "").replace(".", "").isalnum():
                raise PayloadNotCanonical(f"{where}.{key!r}")
            if key != key.lower():
                raise PayloadNotCanonical(f"{where}.{key}")
            _check(item, f"{where}.{key}")
    else:
        raise PayloadNotCanonical(where)


def payload_of(event: EventType, at: datetime, zone: timezone, data: Mapping[str, Any]) -> bytes:
    """Return the canonical payload of an act: event, time in the event's grain, and what was done.

    `at` is an instant with a zone; a day is the local day in `zone`.
    """
    when = utc_text(at) if event.grain is Grain.SECOND else at.astimezone(zone).date().isoformat()
    return canonical({"data": data, "event": event.name, "time": when, "v": 1})


def commit(payload: bytes, salt: bytes) -> bytes:
    """Return the 32-byte commitment to a payload: SHA-256 over tag, salt and payload.

    The salt (32 random bytes) hides the payload from whoever guesses; SHA-256 binds it. With payload and salt erased,
    the commitment tells nothing and every proof about it still holds. Raises ValueError for a salt of another size.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(DOMAIN_TAG + salt + payload).digest()


def opens(commitment: bytes, payload: bytes, salt: bytes) -> bool:
    """Say whether payload and salt are the ones that were committed to."""
    return len(salt) == SALT_BYTES and commit(payload, salt) == commitment


def days_text(day: date | None) -> str | None:
    """Write a local date, or its absence, for a payload."""
    return day.isoformat() if day else None


EVENTS: dict[str, EventType] = {
    event.name: event
    for event in (
        EventType("installation.created"),
        EventType("installation.started"),
        EventType("installation.restored"),
        EventType("agency.created"),
        EventType("agency.changed"),
        EventType("unit.created"),
        EventType("unit.changed"),
        EventType("roster.imported"),
        EventType("roster.import_undone"),
        EventType("person.changed"),
        EventType("person.searches_slowed"),
        EventType("office.created"),
        EventType("office.taken_over"),
        EventType("office.take_over_withdrawn"),
        EventType("office.left"),
        EventType("office.leave_recorded"),
        EventType("office.stand_in_named"),
        EventType("office.leave_ended"),
        EventType("office.leave_cancelled"),
        EventType("office.leave_withdrawn"),
        EventType("duty.created"),
        EventType("duty.done"),
        EventType("duty.ended"),
        EventType("body.created"),
        EventType("body.ended"),
        EventType("body.member_added"),
        EventType("body.member_ended"),
        EventType("election.region_set"),
        EventType("election.stage_moved"),
        EventType("election.stage_move_withdrawn"),
        EventType("role.granted"),
        EventType("role.ended"),
        EventType("code.issued"),
        EventType("credential.set"),
        EventType("credential.removed"),
        EventType("credential.reset"),
        EventType("pact.round_created"),
        EventType("pact.text_published"),
        EventType("pact.addressed"),
        EventType("pact.issued"),
        EventType("pact.signed"),
        EventType("pact.refused"),
        EventType("pact.excused"),
        EventType("pact.excuse_ended"),
        EventType("pact.contested"),
        EventType("pact.round_closed"),
        EventType("pact.reminded"),
        EventType("pact.escalated"),
        EventType("certificate.bundled"),
        EventType("pact.offices_chosen"),
        EventType("witness.appointed"),
        EventType("witness.withdrawn"),
        EventType("witness.words_set"),
        EventType("witness.signed"),
        EventType("ceremony.recorded"),
        EventType("kiosk.opened"),
        EventType("sheet.printed"),
        EventType("scan.received"),
        EventType("scan.reconciled"),
        EventType("scan.reopened"),
        EventType("scan.refused"),
        EventType("letter.letterhead_set"),
        EventType("letter.numbering_set"),
        EventType("circular.drafted"),
        EventType("circular.changed"),
        EventType("circular.discarded"),
        EventType("circular.published"),
        EventType("circular.delivered"),
        EventType("circular.acknowledged"),
        EventType("circular.superseded"),
        EventType("circular.withdrawn"),
        EventType("circular.reminded"),
        EventType("circular.escalated"),
        EventType("circular.exported"),
        EventType("clipping.kept"),
        EventType("clipping.became"),
        EventType("clipping.taken_to_report", Grain.DAY),  # the minute would tell which entry came of it
        EventType("clipping.erased"),
        EventType("roster.exported"),
        EventType("gazette.checked"),
        EventType("gazette.check_withdrawn"),
        # Guidance: the minute could single out who asked.
        EventType("guidance.receipted", Grain.DAY),
        EventType("opinion.asked", Grain.DAY),
        EventType("opinion.given"),
        EventType("opinion.published"),
        EventType("opinion.withdrawn"),
        EventType("activity.drafted"),
        EventType("activity.changed"),
        EventType("activity.invited"),
        EventType("activity.share_named"),
        EventType("activity.called"),
        EventType("activity.moved"),
        EventType("activity.cancelled"),
        EventType("activity.answered"),
        EventType("activity.opened"),
        EventType("activity.closed"),
        EventType("activity.attended"),
        EventType("activity.attendance_struck"),
        EventType("activity.guest_added"),
        EventType("activity.guest_removed"),
        EventType("activity.guest_arrived"),
        EventType("activity.guest_arrival_struck"),
        EventType("activity.minutes_finished"),
        EventType("activity.decision_done"),
        EventType("activity.photo_added"),
        EventType("activity.photo_removed"),
        EventType("activity.printed"),
        EventType("opinion.lapsed"),
        EventType("case.opened"),
        EventType("case.report_added"),
        EventType("case.respondent_added"),
        EventType("case.allegation_stated"),
        EventType("case.allegation_struck"),
        EventType("case.evidence_added"),
        EventType("case.note_added"),
        EventType("case.task_given"),
        EventType("case.task_done"),
        EventType("case.officer_assigned"),
        EventType("case.officer_withdrawn"),
        EventType("case.recused"),
        EventType("case.conflict_stated"),
        EventType("case.conflict_lifted"),
        EventType("case.step_taken"),
        EventType("case.target_set"),
        EventType("case.clock_extended"),
        EventType("case.clock_paused"),
        EventType("case.clocks_run"),
        EventType("case.clocks_recounted"),
        EventType("case.decision_drafted"),
        EventType("case.decision_confirmed"),
        EventType("case.decision_withdrawn"),
        EventType("case.referred"),
        EventType("case.referral_answered"),
        EventType("log.payload_erased"),
        # A filed report tells only its day: the minute could single out who filed it.
        EventType("report.filed", Grain.DAY),
        EventType("officer_key.made"),
        EventType("key_set.proposed"),
        EventType("key_set.withdrawn"),
        EventType("key_set.changed"),
        EventType("report.message_put", Grain.DAY),
        EventType("report.opened"),
        EventType("report.part_opened"),
        EventType("report.part_confirmed"),
        EventType("report.completeness_checked"),
        EventType("report.state_changed"),
        EventType("report.rules_read"),
        EventType("report.resealed"),
        EventType("report.left_out"),
        EventType("report.asked_again"),
        EventType("report.copy_offered"),
        EventType("report.copy_answered"),
        EventType("report.copy_taken_back"),
        EventType("report.consent_given", Grain.DAY),
        EventType("report.filed_formally", Grain.DAY),
        EventType("report.withdrawn", Grain.DAY),
        EventType("report.erased"),
        EventType("report.held"),
        EventType("report.hold_ended"),
        EventType("retention.changed"),
        EventType("report.entered", Grain.DAY),
        EventType("report.set_aside"),
        EventType("report.restored"),
        EventType("body_secret.made"),
        EventType("body_secret.shared"),
        EventType("body_secret.unopened"),
        EventType("report.unopened"),
        EventType("report.prints_kept"),
        EventType("report.merged"),
        EventType("report.unmerged"),
        EventType("report.doubles_dismissed"),
    )
}
