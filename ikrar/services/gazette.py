"""Rules compared with the gazette: a legal bureau marks a version of a rule, or takes its mark back.

The rulebook's files carry how well a fact is known from open sources. Whether somebody here held it against the gazette is
kept in this installation, for exactly the content that was compared: when the rule says something else, the mark falls off.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from ikrar.domain.errors import (
    ComparedInFuture,
    GazetteCheckEnded,
    ReasonMissing,
    RuleAlreadyCompared,
    RuleVersionChanged,
    RuleVersionUnknown,
)
from ikrar.domain.versions import Key, RuleKind, RuleVersion, searched, versions
from ikrar.gateways import rulebook_files
from ikrar.records.models import Agency, GazetteCheck, User
from ikrar.services import ledger, rules

logger = logging.getLogger(__name__)


# --- the versions of the rulebook ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shelf:
    """Every version of the rulebook that is read now, by its key, with the digest of what it says and its text."""

    versions: Mapping[Key, RuleVersion]
    digests: Mapping[Key, str]
    texts: Mapping[Key, str]

    def find(self, text: str) -> list[RuleVersion]:
        """Return the versions in whose text every word stands, those first that have all of them in their names."""
        words = text.lower().split()
        hits = [self.versions[key] for key, said in self.texts.items() if words and all(word in said for word in words)]

        def is_named(version: RuleVersion) -> bool:
            names = f"{version.id} {version.label.id} {version.label.en}".lower()
            return all(word in names for word in words)

        return sorted(hits, key=lambda version: not is_named(version))


_shelves: dict[str, Shelf] = {}


def shelf() -> Shelf:
    """Return every version of the rulebook; worked out once for a rulebook."""
    book = rules.book()
    if (made := _shelves.get(book.digest)) is None:
        found = {each.key: each for each in versions(book)}
        digests = {key: each.digest for key, each in found.items()}
        made = Shelf(found, digests, {key: searched(each) for key, each in found.items()})
        _shelves.clear()
        _shelves[book.digest] = made
    return made


def is_local(kind: RuleKind, id: str) -> bool:
    """Say whether a rule comes from the region's own folder (IKRAR_LOCAL_RULES)."""
    return (kind.value, id) in rulebook_files.local_rules()


# --- what was compared --------------------------------------------------------------------------------------------


class State(StrEnum):
    """NOT_COMPARED: nobody here did. CHANGED: somebody did, and the rule says something else since."""

    NOT_COMPARED = "not_compared"
    COMPARED = "compared"
    CHANGED = "changed"


@dataclass(frozen=True)
class Mark:
    """Whether a version was compared, and the row that says so."""

    state: State
    check: GazetteCheck | None = None


def marks(keys: Iterable[Key] | None = None) -> Mapping[Key, Mark]:
    """Return the mark of each of these versions, or of all of them."""
    rows = {_key_of(row): row for row in GazetteCheck.objects.standing().select_related("agency")}
    digests = shelf().digests
    found = {}
    for key in digests if keys is None else keys:
        row = rows.get(key)
        if row is None:
            found[key] = Mark(State.NOT_COMPARED)
        else:
            found[key] = Mark(State.COMPARED if row.digest == digests.get(key) else State.CHANGED, row)
    return found


def counts() -> Mapping[RuleKind, Mapping[State, int]]:
    """Count the versions of each kind of rule by whether they were compared."""
    counted = {kind: dict.fromkeys(State, 0) for kind in RuleKind}
    for key, mark in marks().items():
        counted[key[0]][mark.state] += 1
    return counted


def lost() -> list[GazetteCheck]:
    """Return the marks that stand for versions which the rulebook no longer has: nobody sees them on a rule's page."""
    digests = shelf().digests
    rows = GazetteCheck.objects.standing().select_related("agency")
    return [row for row in rows if _key_of(row) not in digests]


def _key_of(row: GazetteCheck) -> Key | None:
    """Return the version a row is about; None for a kind that a later edition of the product no longer has."""
    return (RuleKind(row.kind), row.rule, row.from_on) if row.kind in list(RuleKind) else None


@transaction.atomic(durable=True)
def check(
    kind: str,
    rule: str,
    from_on: date | None,
    *,
    shown_digest: str,
    compared_on: date,
    reference: str,
    note: str,
    agency: Agency,
    by: User,
    today: date,
    now: datetime,
) -> GazetteCheck:
    """Record that a version of a rule, as it was shown, was compared with the gazette on a day.

    It takes the place of a comparison of what the version said before. Raises RuleVersionUnknown, RuleVersionChanged (it
    says something else than was shown), RuleAlreadyCompared, ComparedInFuture, ReasonMissing (no place in the gazette).
    """
    key = (RuleKind(kind), rule, from_on) if kind in list(RuleKind) else None
    if key is None or (digest := shelf().digests.get(key)) is None:
        raise RuleVersionUnknown(rule[:80])
    kind = key[0].value
    if digest != shown_digest:
        raise RuleVersionChanged(rule)
    if compared_on > today:
        raise ComparedInFuture(compared_on)
    if not (reference := reference.strip()):
        raise ReasonMissing("reference")
    earlier = GazetteCheck.objects.standing().filter(kind=kind, rule=rule, from_on=from_on)
    for row in earlier:
        if row.digest == digest:
            raise RuleAlreadyCompared(row.compared_on)
    earlier.update(ended_at=now, ended_by=by)
    try:
        with transaction.atomic():
            made = GazetteCheck.objects.create(
                kind=kind, rule=rule, from_on=from_on, digest=digest, compared_on=compared_on, reference=reference,
                note=note.strip(), agency=agency, by=by, recorded_at=now,
            )  # fmt: skip
    except IntegrityError:  # another officer was faster by a moment
        raise RuleAlreadyCompared(compared_on) from None
    ledger.append("gazette.checked", _said(made) | {"by": by.pk}, now=now, zone=agency.zone)
    logger.info("rule compared with the gazette", extra={"check": made.pk, "kind": kind, "rule": rule})
    return made


@transaction.atomic(durable=True)
def withdraw(row: GazetteCheck, *, reason: str, by: User, now: datetime) -> None:
    """Take a mark back, and say why. Raises ReasonMissing, GazetteCheckEnded."""
    if not (reason := reason.strip()):
        raise ReasonMissing("reason")
    # Claimed by its old state: of two officers only one takes it back.
    if not GazetteCheck.objects.standing().filter(pk=row.pk).update(ended_at=now, ended_by=by, ended_reason=reason):
        raise GazetteCheckEnded()
    said = _said(row) | {"reason_sha256": _digest(reason), "by": by.pk}
    ledger.append("gazette.check_withdrawn", said, now=now, zone=row.agency.zone)
    logger.info("mark of the gazette withdrawn", extra={"check": row.pk, "kind": row.kind, "rule": row.rule})


def _said(row: GazetteCheck) -> dict[str, str | int | None]:
    return {
        "check": row.pk,
        "kind": row.kind,
        "rule": row.rule,
        "from_on": row.from_on and row.from_on.isoformat(),
        "digest": row.digest,
        "compared_on": row.compared_on.isoformat(),
        "reference_sha256": _digest(row.reference),
        "note_sha256": _digest(row.note),
        "agency": row.agency_id,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
