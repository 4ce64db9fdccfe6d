"""Papers in bulk: slips with codes and volumes of certificates, made in parts and kept until they were fetched.

A part is written to the disk first; only then, in one transaction, do its codes hold. So a code that holds is always on
a file that can be fetched again, whatever is cut on the way: the worker, the line, the machine.
"""

import logging
import os
import secrets
import shutil
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from ikrar.domain.errors import NothingToPrint, PapersGone
from ikrar.domain.roster import GONE
from ikrar.records.models import AccessCode, Activity, PactRound, PaperOrder, Placement, User, WorkUnit
from ikrar.services import accounts, certificates, clock, ledger

# So many may be made while their page waits; more are left to the worker.
DIRECT = 60
# How many people stand in one file: it bounds the memory of the worker, some 220 MB for slips and 340 MB for certificates.
A_PART = {PaperOrder.Kind.SLIPS: 400, PaperOrder.Kind.CERTIFICATES: 250}
# A file that went out whole stays a little: the line may have been cut behind our back.
KEPT_AFTER_FETCHING = timedelta(hours=1)
CERTIFICATES_KEPT = timedelta(days=1)
_KEYS_A_STATEMENT = 5000
_KEPT_AFTER_LOSS = timedelta(days=14)
Kind, State = PaperOrder.Kind, PaperOrder.State
logger = logging.getLogger(__name__)


class _TakenOver(Exception):
    """Another worker makes this order."""


# --- ordering ----------------------------------------------------------------------------------------------------


def codes_voided(placements: QuerySet[Placement], *, now: datetime) -> int:
    """Count the open codes that new ones would withdraw."""
    return AccessCode.objects.filter(
        user__person__in=placements.order_by().values("person"), used_at=None, withdrawn_at=None, expires_at__gt=now
    ).count()


def codes_replaced(order: PaperOrder) -> int:
    """Count the people of whose slips in a finished order a newer one was made since: what is printed there opens nothing."""
    if order.kind != Kind.SLIPS or order.ready_at is None:
        return 0
    people: set[int] = set()
    for start in range(0, len(order.wanted), _KEYS_A_STATEMENT):
        some = Placement.objects.filter(pk__in=order.wanted[start : start + _KEYS_A_STATEMENT]).values("person")
        newer = AccessCode.objects.filter(user__person__in=some, issued_at__gt=order.ready_at)
        people.update(newer.values_list("user", flat=True))
    return len(people)


@transaction.atomic(durable=True)
def order_slips(unit: WorkUnit, placements: QuerySet[Placement], *, by: User, now: datetime) -> PaperOrder:
    """Order slips with fresh codes for these people; no code changes before its slip is on the disk.

    Raises NothingToPrint where there is nobody.
    """
    return _order(Kind.SLIPS, unit, None, placements.values_list("pk", flat=True), by=by, now=now)


@transaction.atomic(durable=True)
def order_certificates(pact_round: PactRound, unit: WorkUnit, *, by: User, now: datetime) -> PaperOrder:
    """Order all certificates of a unit in volumes. The taking is logged. Raises NothingToPrint where there is none."""
    keys = certificates.standing_keys(unit, pact_round)
    order = _order(Kind.CERTIFICATES, unit, pact_round, keys, by=by, now=now)
    ledger.append(
        "certificate.bundled",
        {"round": pact_round.pk, "unit": unit.pk, "people": order.people, "by": by.pk},
        now=now,
        zone=unit.agency.zone,
    )
    return order


@transaction.atomic(durable=True)
def order_certificates_at(activity: Activity, *, by: User, now: datetime) -> PaperOrder:
    """Order all certificates signed at an activity in volumes. The taking is logged. Raises NothingToPrint."""
    unit = activity.unit or activity.agency.units.get(parent=None)
    keys = certificates.standing_keys_at(activity)
    order = _order(Kind.CERTIFICATES, unit, activity.pact_round, keys, activity=activity, by=by, now=now)
    ledger.append(
        "certificate.bundled",
        {"activity": activity.pk, "people": order.people, "by": by.pk},
        now=now,
        zone=activity.agency.zone,
    )
    return order


def _order(
    kind: Kind,
    unit: WorkUnit,
    pact_round: PactRound | None,
    keys: Iterable[int],
    *,
    activity: Activity | None = None,
    by: User,
    now: datetime,
) -> PaperOrder:
    wanted = list(keys)
    if not wanted:
        raise NothingToPrint()
    return PaperOrder.objects.create(
        kind=kind,
        unit=unit,
        pact_round=pact_round,
        activity=activity,
        by=by,
        wanted=wanted,
        people=len(wanted),
        folder=secrets.token_hex(12),
        ordered_at=now,
    )


@transaction.atomic(durable=True)
def order_again(order: PaperOrder) -> bool:
    """Let an order that failed go on where it stopped; say whether there was anything to go on with."""
    return bool(PaperOrder.objects.filter(pk=order.pk, state=State.FAILED).update(state=State.WAITING))


def waiting_after_a_stop() -> list[int]:
    """After a stop in the middle: return the orders that must be made; what stands of them stays."""
    PaperOrder.objects.filter(state=State.RUNNING).update(state=State.WAITING)
    return list(PaperOrder.objects.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True))


@transaction.atomic(durable=True)
def files_lost(*, now: datetime) -> int:
    """After a restore, which brings no papers: let what was not fetched yet be made again from its first part, when
    somebody asks for it; return how many orders that are. A slip that nobody fetched gets another code then.
    """
    made = PaperOrder.objects.exclude(state=State.GONE).exclude(done=0)
    lost = [order for order in made if not _is_whole(order)]
    again = [order.pk for order in lost if order.fetched_at is None]
    PaperOrder.objects.filter(pk__in=again).update(
        state=State.FAILED, done=0, parts=[], archive="", ready_at=now, keep_until=now + _KEPT_AFTER_LOSS
    )
    PaperOrder.objects.filter(pk__in=[order.pk for order in lost if order.fetched_at]).update(
        state=State.GONE, wanted=[], parts=[], archive=""
    )
    return len(again)


def _is_whole(order: PaperOrder) -> bool:
    names = [order.archive] if order.archive else order.parts
    return all((_folder(order) / name).is_file() for name in names)


# --- making ------------------------------------------------------------------------------------------------------


def make(order: PaperOrder, *, now: datetime) -> None:
    """Make what is missing of an order, part by part. A failure is on the order, where its page shows it."""
    if not PaperOrder.objects.filter(pk=order.pk, state=State.WAITING).update(state=State.RUNNING):
        return
    try:
        while _make_part(order.pk, now):
            certificates.forget_paper()
        _finish(order.pk, State.READY, now)
    except _TakenOver:
        return
    except Exception:
        logger.exception("papers were not made", extra={"order": order.pk})
        _finish(order.pk, State.FAILED, now)


def _make_part(key: int, now: datetime) -> bool:
    """Make the next part; say whether there was one to make."""
    related = ("unit__agency", "by", "pact_round__text", "activity__agency", "activity__pact_round__text")
    order = PaperOrder.objects.select_related(*related).get(pk=key)
    if order.done >= order.people:
        return False
    size = A_PART[Kind(order.kind)]
    keys = order.wanted[order.done : order.done + size]
    drawn: list[accounts.Slip] = []
    content = b""
    if order.kind == Kind.SLIPS:
        placements = {each.pk: each for each in _placements(keys)}
        drawn = accounts.draw_codes([placements[each] for each in keys if each in placements], now=now)
        if drawn:
            content = certificates.slips(drawn, order.unit.agency, now=now)
    else:
        today = clock.today(order.unit.agency.zone)
        number, volumes = order.done // size + 1, -(-order.people // size)
        if order.activity:
            content = certificates.volume_at(order.activity, keys, (number, volumes), today=today, now=now)
        else:
            content = certificates.volume(order.pact_round, order.unit, keys, (number, volumes), today=today, now=now)
    name = f"{secrets.token_hex(8)}.pdf"
    path = _write(order, name, content)
    try:
        with transaction.atomic(durable=True):
            # Claimed by how far it was: of two workers only one goes on.
            claimed = PaperOrder.objects.filter(pk=key, state=State.RUNNING, done=order.done).update(
                done=order.done + len(keys), parts=[*order.parts, name] if content else order.parts
            )
            if claimed != 1:
                raise _TakenOver()
            accounts.put_in_force(drawn, by=order.by, now=now)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return True


def _placements(keys: list[int]) -> QuerySet[Placement]:
    return Placement.objects.filter(pk__in=keys).exclude(status__in=GONE).select_related("person", "unit")


def _folder(order: PaperOrder) -> Path:
    return settings.HOME / "papers" / order.folder


def _write(order: PaperOrder, name: str, content: bytes) -> Path:
    folder = _folder(order)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return path


def _finish(key: int, state: State, now: datetime) -> None:
    """Put the parts into one file to be fetched; after a failure those that were made, since their codes hold."""
    order = PaperOrder.objects.get(pk=key)
    archive = _archive(order)
    # A slip is worth something as long as its code lives.
    kept = timedelta(days=settings.CODE_LIFE_DAYS) if order.kind == Kind.SLIPS else CERTIFICATES_KEPT
    PaperOrder.objects.filter(pk=key, state=State.RUNNING).update(
        state=state, archive=archive, ready_at=now, keep_until=now + kept
    )
    if state == State.READY:
        for name in order.parts:
            if name != archive:
                (_folder(order) / name).unlink(missing_ok=True)


def _archive(order: PaperOrder) -> str:
    """Return the name of the one file: the only part itself, or all parts in a ZIP."""
    if len(order.parts) < 2:
        return "".join(order.parts)
    name = f"{secrets.token_hex(8)}.zip"
    path = _write(order, name, b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number, part in enumerate(order.parts, 1):
            archive.write(_folder(order) / part, f"{_label(order)}-{number:02d}.pdf")
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return name


def _label(order: PaperOrder) -> str:
    return "slip" if order.kind == Kind.SLIPS else "sertifikat"


# --- fetching ----------------------------------------------------------------------------------------------------


def file_of(order: PaperOrder) -> tuple[Path, str]:
    """Return the file of a finished order and the name to give it. Raises PapersGone where it is not there any more."""
    path = _folder(order) / order.archive
    if not order.archive or not path.is_file():
        raise PapersGone()
    return path, f"{_label(order)}-{order.pk}{path.suffix}"


@transaction.atomic(durable=True)
def note_fetched(order: PaperOrder, *, now: datetime) -> None:
    """Record that the file went out whole; it is deleted a little later."""
    PaperOrder.objects.filter(pk=order.pk, fetched_at=None).update(fetched_at=now, keep_until=now + KEPT_AFTER_FETCHING)


@transaction.atomic(durable=True)
def discard(order: PaperOrder) -> None:
    """Delete the files of an order at once."""
    finished = PaperOrder.objects.filter(pk=order.pk, state__in=(State.READY, State.FAILED))
    if finished.update(state=State.GONE, wanted=[], parts=[], archive=""):
        shutil.rmtree(_folder(order), ignore_errors=True)


def of_user(user: User) -> QuerySet[PaperOrder]:
    """Return what somebody ordered and may still fetch or must wait for, newest first."""
    return (
        PaperOrder.objects.filter(by=user)
        .exclude(state=State.GONE)
        .select_related("unit", "pact_round", "activity")
        .defer("wanted")
    )


def clear(now: datetime) -> None:
    """Delete the files whose time is over; run by the tick."""
    for order in PaperOrder.objects.filter(keep_until__lt=now, state__in=(State.READY, State.FAILED)):
        discard(order)


def is_small(order: PaperOrder) -> bool:
    """Say whether an order is made while its page waits."""
    return order.people <= DIRECT


def unit_people(unit: WorkUnit, day: date, *, everybody: bool = False) -> QuerySet[Placement]:
    """Return who of a unit gets a slip, in the order of the paper: who cannot enter by himself yet, or everybody."""
    chosen = Placement.objects.on(day).of_unit(unit).exclude(status__in=GONE)
    if not everybody:
        chosen = chosen.filter(~Exists(accounts.entering().filter(person=OuterRef("person"))))
    return chosen.order_by("unit__position", "person__name", "person")
