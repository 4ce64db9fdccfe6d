"""Offices: who holds them, in which capacity, to the minute; leave; bodies and their members by assignment letter."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from ikrar.domain.days import local_day
from ikrar.domain.errors import (
    DatesInWrongOrder,
    DayTooFar,
    NotTheLatestHolder,
    OfficeAlreadyHeld,
    PersonNotOfAgency,
    ReasonMissing,
)
from ikrar.records.models import (
    Agency,
    Body,
    BodyMember,
    Holding,
    Office,
    OfficeLeave,
    Person,
    Placement,
    Region,
    User,
    WorkUnit,
)
from ikrar.services import ledger

# How far from the day of the act a day of an office or a body may lie: beyond, a digit is wrong.
_BACK, _AHEAD = timedelta(days=50 * 365), timedelta(days=2 * 365)


def _refuse_far(now: datetime, *days: date) -> None:
    """Raise DayTooFar for a day that nobody can mean."""
    first, last = (now - _BACK).date(), (now + _AHEAD).date()
    for day in days:
        if not first <= day <= last:
            raise DayTooFar(day, first, last)


@transaction.atomic(durable=True)
def create_office(
    *, agency: Agency, unit: WorkUnit | None, title: str, kind: str, by: User | None, now: datetime
) -> Office:
    """Make an office of an agency."""
    office = Office.objects.create(agency=agency, unit=unit, title=title, kind=kind)
    ledger.append(
        "office.created", {"office": office.pk, "agency": agency.pk, "by": by and by.pk}, now=now, zone=agency.zone
    )
    return office


@transaction.atomic(durable=True)
def take_over(
    office: Office,
    *,
    person: Person | None,
    capacity: str,
    from_at: datetime,
    letter_number: str,
    letter_on: date | None,
    by: User | None,
    now: datetime,
) -> Holding:
    """Hand an office over at a minute: the one who held it ends in that minute, the new one begins.

    Raises OfficeAlreadyHeld where somebody took it over at that minute or later, PersonNotOfAgency for a person of
    another agency in an office of a unit (acting heads of region come from outside), DayTooFar.
    """
    _refuse_far(now, from_at.date())
    if (
        person
        and office.unit_id
        and not Placement.objects.current().filter(person=person, unit__agency=office.agency_id).exists()
    ):
        raise PersonNotOfAgency()
    latest = office.holdings.order_by("-from_at").first()
    if latest and latest.from_at >= from_at:
        raise OfficeAlreadyHeld(latest.from_at)
    office.holdings.filter(Q(until_at=None) | Q(until_at__gt=from_at)).update(until_at=from_at)
    holding = Holding.objects.create(
        office=office,
        person=person,
        capacity=capacity,
        from_at=from_at,
        letter_number=letter_number,
        letter_on=letter_on,
    )
    ledger.append(
        "office.taken_over",
        {"office": office.pk, "holding": holding.pk, "person": person and person.pk, "capacity": capacity,
         "by": by and by.pk},
        now=now,
        zone=office.agency.zone,
    )  # fmt: skip
    return holding


@transaction.atomic(durable=True)
def withdraw_take_over(holding: Holding, *, by: User | None, now: datetime) -> None:
    """Take a hand-over back that was recorded wrongly: the one before holds the office on, as if it had not been.

    Only the last one. Its leaves go with it; the log keeps what stood. Raises NotTheLatestHolder.
    """
    office = holding.office
    if office.holdings.filter(from_at__gt=holding.from_at).exists():
        raise NotTheLatestHolder()
    holding.leaves.all().delete()
    if not Holding.objects.filter(pk=holding.pk).delete()[0]:
        raise NotTheLatestHolder()
    office.holdings.filter(until_at=holding.from_at).update(until_at=None)
    zone = office.agency.zone
    ledger.append(
        "office.take_over_withdrawn",
        {"office": office.pk, "holding": holding.pk, "person": holding.person_id, "capacity": holding.capacity,
         "from": local_day(holding.from_at, zone).isoformat(), "by": by and by.pk},
        now=now,
        zone=zone,
    )  # fmt: skip


@transaction.atomic(durable=True)
def withdraw_leave(leave: OfficeLeave, *, by: User | None, now: datetime) -> None:
    """Take a leave back that was recorded wrongly; the log keeps what stood."""
    office = leave.holding.office
    if not OfficeLeave.objects.filter(pk=leave.pk).delete()[0]:
        return
    ledger.append(
        "office.leave_withdrawn",
        {"office": office.pk, "leave": leave.pk, "kind": leave.kind, "from": leave.from_on.isoformat(),
         "last": leave.last_on.isoformat(), "by": by and by.pk},
        now=now,
        zone=office.agency.zone,
    )  # fmt: skip


@transaction.atomic(durable=True)
def leave_office(holding: Holding, *, until_at: datetime, by: User | None, now: datetime) -> None:
    """End a holding without a successor. Raises DatesInWrongOrder, DayTooFar."""
    _refuse_far(now, until_at.date())
    if until_at <= holding.from_at:
        raise DatesInWrongOrder(holding.from_at, until_at)
    if not Holding.objects.filter(pk=holding.pk, until_at=None).update(until_at=until_at):
        return
    ledger.append(
        "office.left", {"office": holding.office_id, "holding": holding.pk, "by": by and by.pk},
        now=now, zone=holding.office.agency.zone,
    )  # fmt: skip


@transaction.atomic(durable=True)
def record_leave(
    holding: Holding, *, kind: str, from_on: date, last_on: date, note: str, by: User | None, now: datetime
) -> OfficeLeave:
    """Record a holder's leave. Raises DatesInWrongOrder, DayTooFar."""
    if last_on < from_on:
        raise DatesInWrongOrder(from_on, last_on)
    _refuse_far(now, from_on, last_on)
    leave = OfficeLeave.objects.create(holding=holding, kind=kind, from_on=from_on, last_on=last_on, note=note)
    ledger.append(
        "office.leave_recorded",
        {"office": holding.office_id, "leave": leave.pk, "kind": kind, "from": from_on.isoformat(),
         "last": last_on.isoformat(), "by": by and by.pk},
        now=now,
        zone=holding.office.agency.zone,
    )  # fmt: skip
    return leave


@transaction.atomic(durable=True)
def create_body(
    *, agency: Agency | None, region: Region | None, kind: str, name: str, task: str, by: User | None, now: datetime
) -> Body:
    """Make a body: inside an agency, or outside all of them with a region."""
    body = Body.objects.create(agency=agency, region=region, kind=kind, name=name, task=task)
    ledger.append(
        "body.created", {"body": body.pk, "agency": agency and agency.pk, "kind": kind, "by": by and by.pk}, now=now
    )
    return body


@transaction.atomic(durable=True)
def add_member(
    body: Body,
    *,
    person: Person,
    duty: str,
    letter_number: str,
    letter_on: date,
    from_on: date,
    by: User | None,
    now: datetime,
) -> BodyMember:
    """Put somebody on a body by an assignment letter. Raises ReasonMissing without one, PersonNotOfAgency, DayTooFar."""
    _refuse_far(now, letter_on, from_on)
    if not letter_number.strip():
        raise ReasonMissing("letter_number")
    if body.agency_id and not Placement.objects.current().filter(person=person, unit__agency=body.agency_id).exists():
        raise PersonNotOfAgency()
    member = BodyMember.objects.create(
        body=body,
        person=person,
        duty=duty,
        letter_number=letter_number,
        letter_on=letter_on,
        from_on=from_on,
    )
    ledger.append(
        "body.member_added", {"body": body.pk, "member": member.pk, "person": person.pk, "by": by and by.pk}, now=now
    )
    return member


@transaction.atomic(durable=True)
def end_member(member: BodyMember, *, until_on: date, by: User | None, now: datetime) -> None:
    """End a membership. Raises DatesInWrongOrder, DayTooFar."""
    _refuse_far(now, until_on)
    if until_on < member.from_on:
        raise DatesInWrongOrder(member.from_on, until_on)
    if not BodyMember.objects.filter(pk=member.pk, until_on=None).update(until_on=until_on):
        return
    ledger.append("body.member_ended", {"body": member.body_id, "member": member.pk, "by": by and by.pk}, now=now)
