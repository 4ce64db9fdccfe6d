"""Activities: drafted, called, moved, opened, closed; their guests, minutes, decisions and photos.

Who was there stands in services.attendance, what is printed in services.activity_papers.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet

from ikrar.domain import gatherings
from ikrar.domain.commitments import days_text
from ikrar.domain.days import local_day
from ikrar.domain.errors import (
    ActivityAttended,
    ActivitySigned,
    ActivityStateWrong,
    AttendanceSettled,
    DecisionSettled,
    DecisionWithoutOwner,
    EvidenceMissing,
    MinutesEmpty,
    MinutesFinal,
    NobodyInvited,
    NothingMoved,
    NotInvited,
    NotOfShare,
    PersonNotOfAgency,
    PhotosFull,
    ReasonMissing,
    ShareExceeded,
)
from ikrar.domain.files import PICTURES
from ikrar.domain.gatherings import Decided, State, Step
from ikrar.domain.letters import LetterKind
from ikrar.domain.roster import GONE
from ikrar.records.models import (
    Activity,
    ActivityMove,
    ActivityPhoto,
    Agency,
    Attendance,
    Body,
    Decision,
    Guest,
    Invitation,
    InvitedUnit,
    Office,
    PactRound,
    Person,
    Placement,
    Signature,
    User,
    Witness,
    WorkUnit,
)
from ikrar.services import attendance, clock, files, ledger, letters, masses, notices, offices

Answer = Invitation.Answer
MOST_PHOTOS = 30
PHOTO_LIMIT_BYTES = 15_000_000


# --- what it is --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What an organiser writes of an activity. Hours are local to its agency."""

    kind: str
    title: str
    on: date
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    purpose: str = ""
    points: tuple[str, ...] = ()
    organiser: str = ""
    called_by: Body | None = None
    led_by: Office | None = None
    pact_round: PactRound | None = None
    election: str = ""
    quota: int | None = None
    open_to_units: bool = True
    source: str = ""

    def fields(self) -> dict[str, Any]:
        """Return it as fields of the record."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"points": list(self.points)}


# What only a move changes once people were invited.
_MOVED_ONLY = ("on", "starts_at", "ends_at", "place")


@transaction.atomic(durable=True)
def draft(
    *, agency: Agency, unit: WorkUnit | None, plan: Plan, today: date, by: User | None, now: datetime
) -> Activity:
    """Write an activity down; nobody is told yet. `unit`: whose head runs it, else the agency.

    Raises ActivityDayAbsurd, HoursInWrongOrder.
    """
    return add_draft(agency=agency, unit=unit, plan=plan, today=today, by=by, now=now)


def add_draft(
    *, agency: Agency, unit: WorkUnit | None, plan: Plan, today: date, by: User | None, now: datetime
) -> Activity:
    """Do what `draft` does inside the caller's transaction."""
    gatherings.check_times(plan.on, plan.starts_at, plan.ends_at, today)
    activity = Activity.objects.create(agency=agency, unit=unit, created_at=now, created_by=by, **plan.fields())
    ledger.append(
        "activity.drafted",
        _of(activity, by) | {"on": days_text(plan.on), "unit": unit and unit.pk},
        now=now,
        zone=activity.agency.zone,
    )
    return activity


@transaction.atomic(durable=True)
def edit(activity: Activity, plan: Plan, *, today: date, by: User, now: datetime) -> None:
    """Change what is written of an activity; once people were invited its day, hours and place change by `move` alone.

    Raises ActivityStateWrong, ActivityDayAbsurd, HoursInWrongOrder, ActivitySigned.
    """
    gatherings.must(Step.EDIT, activity.state)
    fields = plan.fields()
    if activity.state == State.DRAFT:
        gatherings.check_times(plan.on, plan.starts_at, plan.ends_at, today)
    else:
        fields = {name: value for name, value in fields.items() if name not in _MOVED_ONLY}
        _refuse_if_signed(activity)
    _claim(activity, **fields)
    ledger.append("activity.changed", _of(activity, by), now=now, zone=activity.agency.zone)


def _claim(activity: Activity, **changes: Any) -> None:
    """Change an activity that still stands where it was read, inside the caller's transaction."""
    if not Activity.objects.filter(pk=activity.pk, state=activity.state).update(**{"state": activity.state} | changes):
        raise ActivityStateWrong(Activity.objects.values_list("state", flat=True).get(pk=activity.pk))
    for name, value in changes.items():
        setattr(activity, name, value)


def _read_anew(activity: Activity) -> None:
    """Lock an activity inside the caller's transaction and read where it stands: its list and its minutes exclude each other."""
    anew = Activity.objects.select_for_update(no_key=True)
    activity.refresh_from_db(fields=["state", "minutes_at"], from_queryset=anew)


def _of(activity: Activity, by: User | None) -> dict[str, Any]:
    """Return what every entry of the log about an activity tells."""
    return {"activity": activity.pk, "by": by and by.pk}


# --- who is called -----------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def invite_unit(
    activity: Activity, unit: WorkUnit, *, heads_only: bool, quota: int | None, by: User | None, now: datetime
) -> int:
    """Call a unit with all below it; what was said of it before is replaced. Returns how many are newly invited.

    With a quota nobody is invited by name: its head is told how many it may send. Raises ActivityStateWrong,
    PersonNotOfAgency for a unit of another agency.
    """
    gatherings.must(Step.INVITE, activity.state)
    if unit.agency_id != activity.agency_id:
        raise PersonNotOfAgency()
    _claim(activity)
    InvitedUnit.objects.update_or_create(
        activity=activity, unit=unit, defaults={"heads_only": heads_only, "quota": quota}
    )
    invited = _invite_more(activity, {}, now)
    if quota is not None and activity.state in (State.CALLED, State.OPEN):
        at = clock.instant(activity.agency.zone, at=now)
        head = head_of(unit.pk, at, local_day(at, activity.agency.zone))
        told = _told(activity, quota=quota)
        notices.tell([head.pk] if head else [], "activity_quota", told, link="", now=now)
    said = {"unit": unit.pk, "heads_only": heads_only, "quota": quota, "people": invited}
    ledger.append("activity.invited", _of(activity, by) | said, now=now, zone=activity.agency.zone)
    return invited


@transaction.atomic(durable=True)
def invite_people(activity: Activity, people: Sequence[Person], *, by: User | None, now: datetime) -> int:
    """Call people by name; returns how many were not called before. Raises ActivityStateWrong, PersonNotOfAgency."""
    gatherings.must(Step.INVITE, activity.state)
    placed = dict(
        Placement.objects.current()
        .filter(person__in=people, unit__agency=activity.agency_id)
        .exclude(status__in=GONE)
        .values_list("person", "unit")
    )
    if len(placed) < len({person.pk for person in people}):
        raise PersonNotOfAgency()
    _claim(activity)
    invited = _invite_more(activity, placed, now)
    ledger.append("activity.invited", _of(activity, by) | {"people": invited}, now=now, zone=activity.agency.zone)
    return invited


@transaction.atomic(durable=True)
def name_for_share(invited: InvitedUnit, people: Sequence[int], *, by: User, now: datetime) -> int:
    """Say who comes for a unit that may send a number: all of them, or nobody. Each has an invitation of his own from then on.

    What is left of the share goes down by as many. Returns how many were named. Raises ActivityStateWrong, ShareExceeded,
    NotOfShare.
    """
    activity = invited.activity
    gatherings.must(Step.NAME, activity.state)
    _claim(activity)  # of two who name at once the second sees what the first left
    invited.refresh_from_db(fields=["quota", "heads_only"])
    chosen = set(people)
    placed = dict(attendance.nameable(invited).filter(person__in=chosen).values_list("person", "unit"))
    if not chosen or len(placed) < len(chosen):
        raise NotOfShare()
    left = attendance.share_of(invited).left
    if len(placed) > left:
        raise ShareExceeded(len(placed), left)
    _insert(activity, placed, now)
    InvitedUnit.objects.filter(pk=invited.pk).update(quota=F("quota") - len(placed))
    notices.tell(sorted(placed), "activity_called", _told(activity), link="", now=now)
    said = {"unit": invited.unit_id, "people": len(placed), "left": left - len(placed)}
    ledger.append("activity.share_named", _of(activity, by) | said, now=now, zone=activity.agency.zone)
    return len(placed)


@transaction.atomic(durable=True)
def uninvite_unit(invited: InvitedUnit, *, by: User, now: datetime) -> None:
    """Take a unit from the list of a draft. Raises ActivityStateWrong once people were told."""
    activity = invited.activity
    gatherings.must(Step.CALL, activity.state)
    _claim(activity)
    InvitedUnit.objects.filter(pk=invited.pk).delete()
    ledger.append("activity.changed", _of(activity, by) | {"unit": invited.unit_id}, now=now, zone=activity.agency.zone)


@transaction.atomic(durable=True)
def uninvite(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Take a person from the list of a draft. Raises ActivityStateWrong once people were told."""
    activity = invitation.activity
    gatherings.must(Step.CALL, activity.state)
    _claim(activity)
    Invitation.objects.filter(pk=invitation.pk).delete()
    ledger.append(
        "activity.changed", _of(activity, by) | {"person": invitation.person_id}, now=now, zone=activity.agency.zone
    )


def _invite_more(activity: Activity, named: Mapping[int, int], now: datetime) -> int:
    """Invite these (person and unit), and, of one that was called, whoever stands in its units; all who are new are told."""
    before = Invitation.objects.filter(activity=activity).aggregate(last=Max("pk"))["last"] or 0
    _insert(activity, named, now)
    fresh = Invitation.objects.filter(activity=activity, pk__gt=before)
    if activity.state in (State.CALLED, State.OPEN):
        _insert_units(activity, now)
        notices.tell(fresh.values_list("person"), "activity_called", _told(activity), link="", now=now)
    return fresh.count()


def _insert(activity: Activity, named: Mapping[int, int], now: datetime) -> None:
    """Write an invitation for each of these who has none: person and the unit he comes from."""
    rows = (
        Invitation(activity=activity, person_id=person, unit_id=unit, invited_at=now) for person, unit in named.items()
    )
    Invitation.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def _insert_units(activity: Activity, now: datetime) -> None:
    """Write an invitation for whoever is called through a unit and has none: an inner unit goes before the outer."""
    called = list(InvitedUnit.objects.filter(activity=activity).select_related("unit"))
    same = {
        "activity_id": activity.pk, "answer": Answer.NONE.value, "reason": "",
        "invited_at": connection.ops.adapt_datetimefield_value(now),
    }  # fmt: skip
    for invited in called:
        if invited.quota is not None:
            continue
        unit = invited.unit
        inner = [other.unit for other in called if other.unit_id != unit.pk and _is_inside(other.unit, unit)]
        if invited.heads_only:
            _insert(activity, _heads(unit, inner, activity, now), now)
            continue
        placed = Placement.objects.current().of_unit(unit).exclude(status__in=GONE)
        for other in inner:
            placed = placed.exclude(unit__position__gte=other.position, unit__position__lte=other.last_position)
        masses.insert_chosen(Invitation, ["person_id", "unit_id"], placed.values_list("person", "unit"), same)


def _is_inside(unit: WorkUnit, outer: WorkUnit) -> bool:
    return outer.position <= unit.position <= outer.last_position


def _heads(unit: WorkUnit, inner: Sequence[WorkUnit], activity: Activity, now: datetime) -> dict[int, int]:
    """Return who heads this unit and each below it, acting or not, with the unit; without those inside `inner`."""
    units = unit.below().open()
    for other in inner:
        units = units.exclude(position__gte=other.position, position__lte=other.last_position)
    at = clock.instant(activity.agency.zone, at=now)
    heads = offices.unit_heads(units, at, local_day(at, activity.agency.zone)).values()
    return {head.person.pk: head.unit for head in heads if head.person is not None}


def head_of(unit: int, at: datetime, day: date) -> Person | None:
    """Return who heads a unit at an instant of a day, acting or not, where it is somebody of a roster."""
    head = offices.unit_head(unit, at, day)
    return head.person if head else None


def _told(activity: Activity, **more: Any) -> dict[str, Any]:
    """Return what a message about an activity holds; days and hours are put into words when it is read."""
    return {
        "activity": activity.pk,
        "title": activity.title,
        "on": activity.on.isoformat(),
        "clock": f", {activity.starts_at:%H.%M} {activity.agency.zone.tzname(None)}" if activity.starts_at else "",
        "place": activity.place or "–",
        **more,
    }


def _quota_heads(activity: Activity, now: datetime) -> dict[int, int]:
    """Return the heads of the units that may send a number of people, each with that number."""
    at = clock.instant(activity.agency.zone, at=now)
    shares = dict(InvitedUnit.objects.filter(activity=activity).exclude(quota=None).values_list("unit", "quota"))
    heads = offices.unit_heads(
        WorkUnit.objects.filter(pk__in=shares), at, local_day(at, activity.agency.zone)
    )  # fmt: skip
    return {head.person.pk: shares[unit] for unit, head in heads.items() if head.person is not None}


def _heads_besides(activity: Activity, now: datetime) -> set[int]:
    """Return the heads of units with a share who have no invitation of their own: they were told of it too."""
    heads = _quota_heads(activity, now).keys()
    return heads - set(activity.invitations.filter(person__in=heads).values_list("person", flat=True))


# --- from the draft to the end -----------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def call(activity: Activity, *, number: str = "", today: date, by: User | None, now: datetime) -> int:
    """Call everybody who is on its list, in one act; they are told. Returns how many were invited by name.

    The invitation is numbered: as given, else by the agency's numbering. Raises ActivityStateWrong, ActivityInPast,
    NobodyInvited.
    """
    gatherings.must(Step.CALL, activity.state)
    gatherings.check_call(activity.on, today)
    _insert_units(activity, now)
    _insert(activity, attendance.signing_holders(activity), now)
    invited = Invitation.objects.filter(activity=activity)
    people = invited.count()
    shares = InvitedUnit.objects.filter(activity=activity).exclude(quota=None)
    if not people and not shares.exists() and not activity.guests.exists():
        raise NobodyInvited()
    _claim(
        activity,
        state=State.CALLED.value,
        invitation_number=number.strip()
        or letters.take_number(
            activity.agency, LetterKind.INVITATION, today, is_taken=_has(activity, "invitation_number")
        ),
        letterhead=activity.agency.letterhead or activity.agency.name,
        called_on=today,
    )
    notices.tell(invited.values_list("person"), "activity_called", _told(activity), link="", now=now)
    for head, quota in _quota_heads(activity, now).items():
        notices.tell([head], "activity_quota", _told(activity, quota=quota), link="", now=now)
    ledger.append(
        "activity.called",
        _of(activity, by) | {"people": people, "on": days_text(activity.on)},
        now=now,
        zone=activity.agency.zone,
    )
    return people


def _has(activity: Activity, field: str) -> Callable[[str], bool]:
    """Return whether another activity of the agency bears a number already that was given by hand."""
    return lambda number: Activity.objects.filter(agency=activity.agency_id, **{field: number}).exists()


@transaction.atomic(durable=True)
def move(
    activity: Activity,
    *,
    on: date,
    starts_at: time | None,
    ends_at: time | None,
    place: str,
    reason: str,
    today: date,
    by: User | None,
    now: datetime,
) -> None:
    """Move an activity after people were invited: all of them are told, and what it was before is kept.

    With another day the codes of the old one die, whoever answered is asked again, and one that was open is called anew.
    Raises ActivityStateWrong, ReasonMissing, NothingMoved, ActivityDayAbsurd, ActivityInPast, HoursInWrongOrder, and
    ActivityAttended where the day would change after somebody checked in, ActivitySigned once a pact was signed there.
    """
    gatherings.must(Step.MOVE, activity.state)
    if not reason.strip():
        raise ReasonMissing("reason")
    place = place.strip()
    before = (activity.on, activity.starts_at, activity.ends_at, activity.place)
    if before == (on, starts_at, ends_at, place):
        raise NothingMoved()
    gatherings.check_times(on, starts_at, ends_at, today)
    _refuse_if_signed(activity)
    changes: dict[str, Any] = {"on": on, "starts_at": starts_at, "ends_at": ends_at, "place": place}
    if on != activity.on:
        gatherings.check_call(on, today)
        _refuse_if_attended(activity)
        changes |= {"state": State.CALLED.value, "secret": "", "opened_at": None}
        # No guest of the old day is there yet; the log has who was.
        Guest.objects.filter(activity=activity).update(arrived_at=None, arrived_by=None)
        Invitation.objects.filter(activity=activity).exclude(answer=Answer.NONE).update(answer=Answer.NONE, reason="")
    ActivityMove.objects.create(
        activity=activity, on=activity.on, starts_at=activity.starts_at, place=activity.place,
        reason=reason.strip()[:300], at=now, by=by,
    )  # fmt: skip
    _claim(activity, **changes)
    told = _told(activity, reason=reason.strip()[:300])
    notices.tell(activity.invitations.values_list("person"), "activity_moved", told, link="", now=now)
    notices.tell(_heads_besides(activity, now), "activity_moved", told, link="", now=now)
    ledger.append(
        "activity.moved",
        _of(activity, by) | {"from": days_text(before[0]), "to": days_text(on)},
        now=now,
        zone=activity.agency.zone,
    )


def _refuse_if_signed(activity: Activity) -> None:
    """Raise where a pact was signed, or witnessed, at an activity: certificates and statements name its title, place and day
    for ever, also where somebody was struck off the list of those present since.
    """
    Activity.objects.select_for_update(no_key=True).filter(pk=activity.pk).first()
    people = Signature.objects.filter(activity=activity).count()
    if people or Witness.objects.filter(guest__activity=activity, signed_at__isnull=False).exists():
        raise ActivitySigned(people)


def _refuse_if_attended(activity: Activity) -> None:
    """Raise where somebody checked in. The row is locked first: a check-in of this moment waits or is seen."""
    Activity.objects.select_for_update(no_key=True).filter(pk=activity.pk).first()
    if people := Attendance.objects.filter(activity=activity, struck_at=None).count():
        raise ActivityAttended(people)


@transaction.atomic(durable=True)
def cancel(activity: Activity, *, reason: str, by: User | None, now: datetime) -> None:
    """Cancel an activity; all who were invited are told why.

    Raises ActivityStateWrong, ReasonMissing, ActivityAttended once somebody checked in, ActivitySigned once a pact was
    signed there.
    """
    gatherings.must(Step.CANCEL, activity.state)
    if not reason.strip():
        raise ReasonMissing("reason")
    _refuse_if_signed(activity)
    _refuse_if_attended(activity)
    was_called = activity.state != State.DRAFT
    _claim(activity, state=State.CANCELLED.value, cancelled_because=reason.strip()[:500], secret="")
    if was_called:
        told = _told(activity, reason=reason.strip()[:500])
        notices.tell(activity.invitations.values_list("person"), "activity_cancelled", told, link="", now=now)
        notices.tell(_heads_besides(activity, now), "activity_cancelled", told, link="", now=now)
    ledger.append("activity.cancelled", _of(activity, by), now=now, zone=activity.agency.zone)


@transaction.atomic(durable=True)
def answer(invitation: Invitation, *, user: User, comes: bool, reason: str, now: datetime) -> None:
    """Say as the one who is invited that one comes, or cannot and why.

    Raises NotInvited for anybody else's invitation, ActivityStateWrong, ReasonMissing.
    """
    if user.person_id is None or invitation.person_id != user.person_id:
        raise NotInvited()
    gatherings.must(Step.ANSWER, invitation.activity.state)
    if not comes and not reason.strip():
        raise ReasonMissing("reason")
    Invitation.objects.filter(pk=invitation.pk).update(
        answer=Answer.COMES if comes else Answer.EXCUSED, reason="" if comes else reason.strip()[:300]
    )
    said = {"invitation": invitation.pk, "comes": comes}
    ledger.append(
        "activity.answered", _of(invitation.activity, user) | said, now=now, zone=invitation.activity.agency.zone
    )


@transaction.atomic(durable=True)
def open_list(activity: Activity, *, today: date, by: User | None, now: datetime) -> None:
    """Open the list of those present. From now on the venue shows codes, if it is the day.

    A draft may be opened without a call (a roll-call of the morning, or one that others held before): whoever stands in
    its units is on the list then, and nobody is told. One that was closed may be opened again until its minutes are
    final. Raises ActivityStateWrong, ActivityNotYet, MinutesFinal.
    """
    _read_anew(activity)
    gatherings.must(Step.OPEN, activity.state)
    gatherings.check_open(activity.on, today)
    if activity.minutes_at is not None:
        raise MinutesFinal()
    if activity.state == State.DRAFT:
        _insert_units(activity, now)
    _claim(
        activity, state=State.OPEN.value, secret=secrets.token_hex(32), opened_at=activity.opened_at or now,
        closed_at=None, letterhead=activity.letterhead or activity.agency.letterhead or activity.agency.name,
    )  # fmt: skip
    ledger.append("activity.opened", _of(activity, by), now=now, zone=activity.agency.zone)


@transaction.atomic(durable=True)
def close(activity: Activity, *, by: User | None, now: datetime) -> None:
    """Close the list of those present: nobody checks in any more, and its codes are dead. Raises ActivityStateWrong."""
    gatherings.must(Step.CLOSE, activity.state)
    _claim(activity, state=State.CLOSED.value, secret="", closed_at=now)
    people = Attendance.objects.filter(activity=activity, struck_at=None).count()
    ledger.append("activity.closed", _of(activity, by) | {"people": people}, now=now, zone=activity.agency.zone)


# --- guests ------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def add_guest(
    activity: Activity,
    *,
    kind: str,
    body: str,
    post: str = "",
    name: str = "",
    is_witness: bool = False,
    by: User | None,
    now: datetime,
) -> Guest:
    """Invite somebody from outside by body and post, perhaps as a witness. Raises ActivityStateWrong."""
    gatherings.must(Step.ADD_GUEST, activity.state)
    _claim(activity)
    guest = Guest.objects.create(
        activity=activity, kind=kind, body=body.strip(), post=post.strip(), name=name.strip(), is_witness=is_witness
    )
    ledger.append(
        "activity.guest_added",
        _of(activity, by) | {"guest": guest.pk, "kind": kind, "witness": is_witness},
        now=now,
        zone=activity.agency.zone,
    )
    return guest


@transaction.atomic(durable=True)
def remove_guest(guest: Guest, *, by: User, now: datetime) -> None:
    """Take a guest from the list who has not come. Raises ActivityStateWrong, AttendanceSettled."""
    gatherings.must(Step.ADD_GUEST, guest.activity.state)
    waiting = Guest.objects.filter(pk=guest.pk, arrived_at=None, witness=None)
    if not waiting.delete()[0]:
        raise AttendanceSettled()
    ledger.append(
        "activity.guest_removed",
        _of(guest.activity, by) | {"guest": guest.pk},
        now=now,
        zone=guest.activity.agency.zone,
    )


@transaction.atomic(durable=True)
def receive_guest(guest: Guest, *, name: str, post: str, by: User | None, now: datetime) -> None:
    """Mark that somebody came for a body, under which name and post.

    Raises ActivityStateWrong, ReasonMissing, AttendanceSettled.
    """
    gatherings.must(Step.RECEIVE_GUEST, guest.activity.state)
    if not name.strip():
        raise ReasonMissing("name")
    _claim(guest.activity)
    came = Guest.objects.filter(pk=guest.pk, arrived_at=None)
    if not came.update(name=name.strip()[:150], post=post.strip()[:150], arrived_at=now, arrived_by=by):
        raise AttendanceSettled()
    ledger.append(
        "activity.guest_arrived",
        _of(guest.activity, by) | {"guest": guest.pk},
        now=now,
        zone=guest.activity.agency.zone,
    )


@transaction.atomic(durable=True)
def strike_guest(guest: Guest, *, by: User, now: datetime) -> None:
    """Take back that a guest came, where it was marked by mistake; not once he signed as a witness.

    Raises ActivityStateWrong, AttendanceSettled.
    """
    gatherings.must(Step.RECEIVE_GUEST, guest.activity.state)
    _claim(guest.activity)  # he does not sign in this moment
    came = Guest.objects.filter(pk=guest.pk, arrived_at__isnull=False)
    if not came.exclude(witness__signed_at__isnull=False).update(arrived_at=None, arrived_by=None):
        raise AttendanceSettled()
    ledger.append(
        "activity.guest_arrival_struck",
        _of(guest.activity, by) | {"guest": guest.pk},
        now=now,
        zone=guest.activity.agency.zone,
    )


# --- minutes and decisions ---------------------------------------------------------------------------------------


def _claim_minutes(activity: Activity, **changes: Any) -> None:
    """Change what the minutes tell, as long as they are not final, inside the caller's transaction."""
    gatherings.must(Step.WRITE, activity.state)
    if not Activity.objects.filter(pk=activity.pk, minutes_at=None).update(**changes or {"minutes_at": None}):
        raise MinutesFinal()


@transaction.atomic(durable=True)
def write_minutes(activity: Activity, text: str, *, points: Sequence[str], by: User | None, now: datetime) -> None:
    """Keep a draft of the minutes, with what was said there. Raises ActivityStateWrong, MinutesFinal."""
    _claim_minutes(activity, minutes=text.strip(), points=list(points), minutes_by=by)
    ledger.append("activity.changed", _of(activity, by), now=now, zone=activity.agency.zone)


@transaction.atomic(durable=True)
def finish_minutes(activity: Activity, *, number: str = "", today: date, by: User | None, now: datetime) -> None:
    """Make the minutes final: they and the decisions change no more, and each decision's owner is told.

    They are numbered: as given, else by the agency's numbering. Raises ActivityStateWrong while the list of those
    present is open, MinutesEmpty, MinutesFinal.
    """
    _read_anew(activity)
    if activity.state != State.CLOSED:
        raise ActivityStateWrong(activity.state)
    written = Activity.objects.values_list("minutes", flat=True).get(pk=activity.pk)
    if not written.strip():
        raise MinutesEmpty()
    at = clock.instant(activity.agency.zone, at=now)
    number = number.strip() or letters.take_number(
        activity.agency, LetterKind.MINUTES, today, is_taken=_has(activity, "minutes_number")
    )
    _claim_minutes(activity, minutes_at=at, minutes_by=by, minutes_number=number)
    activity.minutes_at, activity.minutes_number = at, number
    decisions = list(activity.decisions.select_related("office", "unit__agency"))
    for decision in decisions:
        if (owner := owner_of(decision, at)) is not None:
            told = {"text": decision.text, "due_on": days_text(decision.due_on) or "–"}
            notices.tell([owner.pk], "decision_yours", told, link="", now=now)
    ledger.append(
        "activity.minutes_finished",
        _of(activity, by) | {"digest": minutes_digest(activity), "decisions": len(decisions)},
        now=now,
        zone=activity.agency.zone,
    )


def minutes_digest(activity: Activity) -> str:
    """Return the SHA-256 (hex) of an activity's minutes and decisions as they stand: final ones have it in the log."""
    kept = Activity.objects.values_list("minutes_number", "minutes", "points").get(pk=activity.pk)
    decided = activity.decisions.order_by("number").values_list("text", "office", "unit", "due_on")
    return gatherings.minutes_digest(*kept, [Decided(*each) for each in decided])


@transaction.atomic(durable=True)
def add_decision(
    activity: Activity,
    *,
    text: str,
    office: Office | None,
    unit: WorkUnit | None,
    due_on: date | None,
    by: User | None,
    now: datetime,
) -> Decision:
    """Write down what was decided, who does it and by when, on the day of the activity at the earliest.

    Raises ActivityStateWrong, MinutesFinal, DecisionWithoutOwner, DecisionDueTooEarly.
    """
    if (office is None) == (unit is None):
        raise DecisionWithoutOwner()
    gatherings.check_due(due_on, activity.on)
    _claim_minutes(activity)
    last = activity.decisions.aggregate(last=Max("number"))["last"] or 0
    decision = Decision.objects.create(
        activity=activity, number=last + 1, text=text.strip()[:500], office=office, unit=unit, due_on=due_on
    )
    ledger.append("activity.changed", _of(activity, by) | {"decision": decision.pk}, now=now, zone=activity.agency.zone)
    return decision


@transaction.atomic(durable=True)
def remove_decision(decision: Decision, *, by: User, now: datetime) -> None:
    """Take a decision from minutes that are not final; those after it move up. Raises ActivityStateWrong, MinutesFinal."""
    _claim_minutes(decision.activity)
    Decision.objects.filter(pk=decision.pk).delete()
    after = Decision.objects.filter(activity=decision.activity_id, number__gt=decision.number)
    for each in after.order_by("number"):
        Decision.objects.filter(pk=each.pk).update(number=F("number") - 1)
    ledger.append(
        "activity.changed",
        _of(decision.activity, by) | {"decision": decision.pk},
        now=now,
        zone=decision.activity.agency.zone,
    )


@transaction.atomic(durable=True)
def finish_decision(decision: Decision, *, evidence: str, on: date, by: User | None, now: datetime) -> None:
    """Say that a decision was carried out, and what shows it. Raises EvidenceMissing, DecisionSettled."""
    if not evidence.strip():
        raise EvidenceMissing()
    waiting = Decision.objects.filter(pk=decision.pk, done_on=None, activity__minutes_at__isnull=False)
    if not waiting.update(done_on=on, done_by=by, evidence=evidence.strip()[:500]):
        raise DecisionSettled()
    said = {"decision": decision.pk, "on": days_text(on)}
    ledger.append(
        "activity.decision_done", _of(decision.activity, by) | said, now=now, zone=decision.activity.agency.zone
    )


def owner_of(decision: Decision, at: datetime) -> Person | None:
    """Return whose matter a decision is at the programme's instant: who holds its office, or heads its unit, acting or not."""
    if decision.office is not None:
        holding = offices.holder(decision.office, at)
        return holding.person if holding else None
    return head_of(decision.unit_id, at, local_day(at, decision.unit.agency.zone))


def decisions_of(who: User | Person, at: datetime) -> QuerySet[Decision]:
    """Return the decisions of final minutes that are somebody's matter at the programme's instant, done or not."""
    seats = offices.seats_of(who if isinstance(who, User) else User(person=who), at=at)
    return (
        Decision.objects.filter(Q(office__in=seats.office_keys) | Q(unit__in=seats.unit_keys))
        .filter(activity__minutes_at__isnull=False)
        .select_related("activity__agency", "office", "unit__agency")
        .order_by(F("due_on").asc(nulls_last=True), "activity", "number")
    )


def open_decisions_of(who: User | Person, at: datetime) -> QuerySet[Decision]:
    """Return the decisions that are somebody's matter at the programme's instant and not done yet, the most urgent first."""
    return decisions_of(who, at).filter(done_on=None)


# --- photos ------------------------------------------------------------------------------------------------------


def add_photo(activity: Activity, file: files.Upload, *, caption: str, by: User, now: datetime) -> ActivityPhoto:
    """Keep a picture of an activity, without what the camera wrote into it.

    Raises ActivityStateWrong, PhotosFull, and what files.receive raises.
    """
    _refuse_photo(activity)
    stored = files.receive(file, kinds=PICTURES, most_bytes=PHOTO_LIMIT_BYTES, by=by, now=now)
    try:
        return _keep_photo(activity, stored, caption, by, now)
    except BaseException:
        files.discard(stored)
        raise


def _refuse_photo(activity: Activity) -> None:
    gatherings.must(Step.PHOTOGRAPH, activity.state)
    if activity.photos.count() >= MOST_PHOTOS:
        raise PhotosFull(MOST_PHOTOS)


@transaction.atomic(durable=True)
def _keep_photo(activity: Activity, stored: Any, caption: str, by: User, now: datetime) -> ActivityPhoto:
    Activity.objects.select_for_update(no_key=True).filter(pk=activity.pk).first()
    _refuse_photo(activity)
    photo = ActivityPhoto.objects.create(activity=activity, file=stored, caption=caption.strip()[:200], at=now, by=by)
    ledger.append(
        "activity.photo_added",
        _of(activity, by) | {"photo": photo.pk, "digest": stored.digest},
        now=now,
        zone=activity.agency.zone,
    )
    return photo


def remove_photo(photo: ActivityPhoto, *, by: User, now: datetime) -> None:
    """Take a picture away, with its file."""
    _forget_photo(photo, by, now)
    files.discard(photo.file)


@transaction.atomic(durable=True)
def _forget_photo(photo: ActivityPhoto, by: User, now: datetime) -> None:
    if ActivityPhoto.objects.filter(pk=photo.pk).delete()[0]:
        said = {"photo": photo.pk, "digest": photo.file.digest}
        ledger.append(
            "activity.photo_removed", _of(photo.activity, by) | said, now=now, zone=photo.activity.agency.zone
        )
