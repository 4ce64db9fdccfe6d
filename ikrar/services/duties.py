"""Duties that go on while a head is on leave, or at any time: who has them this minute, what was done, what is still open.

A duty belongs to offices and to units, never to a person: whoever holds the office, heads the unit, or stands in for him
has it in that minute. A leave therefore moves no row.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from ikrar.domain.commitments import days_text
from ikrar.domain.days import local_day
from ikrar.domain.duties import Course, Every, Progress, Standing, progress, since_when, stand
from ikrar.domain.errors import (
    DatesInWrongOrder,
    DomainError,
    DutyDayWrong,
    DutyNotYours,
    DutyOver,
    DutyTextEmpty,
    DutyWithoutOwner,
    EvidenceMissing,
    LeaveOver,
)
from ikrar.domain.files import FileKind
from ikrar.records.models import (
    Agency,
    Duty,
    DutyDone,
    DutyOwner,
    Holding,
    Office,
    OfficeLeave,
    Person,
    StoredFile,
    User,
    WorkUnit,
)
from ikrar.services import clock, files, ledger, notices, offices
from ikrar.services.offices import Seats

EVIDENCE_LIMIT_BYTES = 15_000_000
_LONGEST_EVIDENCE = 500
_TURNS_AT_ONCE = 500
_PRESSING = (Standing.OVERDUE, Standing.DUE, Standing.AHEAD, Standing.DONE, Standing.OVER)


# --- making and ending -------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def give(
    *,
    agency: Agency,
    text: str,
    every: str,
    from_on: date,
    due_on: date | None = None,
    leave: OfficeLeave | None = None,
    of_offices: Sequence[Office] = (),
    of_units: Sequence[WorkUnit] = (),
    by: User | None,
    now: datetime,
) -> Duty:
    """Give offices and units of an agency a duty: once, or again in every day, week or month, perhaps during a leave.

    Whoever has it in this minute is told. Raises DutyTextEmpty, DutyWithoutOwner, DatesInWrongOrder, LeaveOver.
    """
    text = " ".join(text.split())[:300]
    if not text:
        raise DutyTextEmpty()
    if due_on and due_on < from_on:
        raise DatesInWrongOrder(from_on, due_on)
    if leave and (leave.cancelled_at or leave.last_on < from_on):
        raise LeaveOver()
    _refuse_others(agency, leave, of_offices, of_units)
    duty = Duty.objects.create(
        agency=agency, text=text, every=every, leave=leave, from_on=from_on, due_on=due_on, created_at=now,
        created_by=by,
    )  # fmt: skip
    _add_owners(duty, of_offices, of_units)
    ledger.append(
        "duty.created",
        {
            "duty": duty.pk, "agency": agency.pk, "every": str(duty.every), "leave": leave and leave.pk,
            "owners": duty.owners.count(), "by": by and by.pk,
        },
        now=now,
        zone=agency.zone,
    )  # fmt: skip
    said = {"text": text, "from_on": days_text(from_on)}
    notices.tell(_people(duty.owners.all(), agency, now), "duty_given", said, link="", now=now)
    return duty


def _refuse_others(
    agency: Agency, leave: OfficeLeave | None, of_offices: Sequence[Office], of_units: Sequence[WorkUnit]
) -> None:
    """Refuse a duty for nobody, and one for what is another agency's."""
    strange = any(each.agency_id != agency.pk for each in (*of_offices, *of_units))
    if strange or not (of_offices or of_units) or (leave and leave.holding.office.agency_id != agency.pk):
        raise DutyWithoutOwner()


def _add_owners(duty: Duty, of_offices: Sequence[Office], of_units: Sequence[WorkUnit]) -> None:
    DutyOwner.objects.bulk_create(
        [
            *(DutyOwner(duty=duty, office=office) for office in {each.pk: each for each in of_offices}.values()),
            *(DutyOwner(duty=duty, unit=unit) for unit in {each.pk: each for each in of_units}.values()),
        ],
        batch_size=2000,
    )


def _people(owners: QuerySet[DutyOwner], agency: Agency, now: datetime) -> set[int]:
    """Return who has these parts of a duty in this minute, each once."""
    at = clock.instant(agency.zone, at=now)
    held = offices.holders(Office.objects.filter(duties__in=owners), at).values()
    heads = offices.unit_heads(WorkUnit.objects.filter(duties__in=owners), at, local_day(at, agency.zone)).values()
    return {each.person_id for each in held if each.person_id} | {head.person.pk for head in heads if head.person}


@transaction.atomic(durable=True)
def end(duty: Duty, *, on: date, by: User, now: datetime) -> None:
    """End a duty: from that day on nothing more is asked; what was done stays. Raises DutyOver."""
    if not Duty.objects.filter(pk=duty.pk, ended_on=None).update(ended_on=on):
        raise DutyOver()
    ledger.append("duty.ended", {"duty": duty.pk, "by": by.pk}, now=now, zone=duty.agency.zone)


# --- how they stand ----------------------------------------------------------------------------------------------


def course_of(duty: Duty) -> Course:
    """Return over which days a duty is due: one that was made for a leave ends with it, also where that ends early."""
    ends = [day for day in (duty.due_on, duty.leave.last_on if duty.leave else None) if day]
    return Course(Every(duty.every), duty.from_on, max(duty.from_on, min(ends)) if ends else None)


def is_over(duty: Duty, day: date) -> bool:
    """Say whether nothing more is asked of anybody: it was ended, or its leave never began."""
    ended = duty.ended_on is not None and duty.ended_on <= day
    return ended or (duty.leave is not None and duty.leave.cancelled_at is not None)


@dataclass(frozen=True)
class Part:
    """One owner's part of a duty as it stands on a day, and who has it in this minute.

    `holder` is empty where nobody holds the office or heads the unit, and where the records name nobody.
    """

    owner: DutyOwner
    course: Course
    progress: Progress
    holder: Person | None = None
    capacity: str = ""
    is_vacant: bool = True

    @property
    def duty(self) -> Duty:
        """Return the duty that it is a part of."""
        return self.owner.duty

    @property
    def owner_name(self) -> str:
        """Return the office or the unit."""
        return self.owner.office.title if self.owner.office else self.owner.unit.name

    @property
    def sort_key(self) -> tuple[int, date, int]:
        """Return what brings the most pressing to the front: overdue first, then by the day on which it is due."""
        last = self.progress.due.last if self.progress.due and self.progress.due.last else date.max
        return (_PRESSING.index(self.progress.standing), last, self.owner.pk)


def parts(owners: QuerySet[DutyOwner], agency: Agency, *, at: datetime | None = None) -> list[Part]:
    """Return parts of duties of one agency as they stand today, the most pressing first, each with who has it now.

    Only the doings of the last periods are read, however long they go on; what was missed before: see with_missed.
    """
    instant = at or clock.instant(agency.zone)
    found = _standing(owners.select_related("office", "unit"), local_day(instant, agency.zone))
    return sorted(_held(found, agency, instant), key=lambda part: part.sort_key)


def with_missed(found: Sequence[Part], *, at: datetime | None = None) -> list[Part]:
    """Return these parts, in their order, with what was missed of each: their whole history is read, so show a page of them."""
    done: dict[int, list[date]] = {}
    doings = DutyDone.objects.filter(owner__in=[part.owner.pk for part in found]).order_by()
    for owner, on in doings.values_list("owner", "on").distinct():
        done.setdefault(owner, []).append(on)
    told = []
    for part in found:
        zone = part.duty.agency.zone
        today = local_day(at or clock.instant(zone), zone)
        whole = progress(part.course, done.get(part.owner.pk, ()), today, ended=is_over(part.duty, today))
        told.append(replace(part, progress=whole))
    return told


def _standing(owners: QuerySet[DutyOwner], today: date) -> list[Part]:
    rows = list(owners.select_related("duty__agency", "duty__leave", "office", "unit"))
    courses = {owner.duty_id: course_of(owner.duty) for owner in rows}
    done = _done_lately(owners, courses, today)
    found = []
    for owner in rows:
        course = courses[owner.duty_id]
        found.append(
            Part(owner, course, stand(course, done.get(owner.pk, ()), today, ended=is_over(owner.duty, today)))
        )
    return found


def _done_lately(owners: QuerySet[DutyOwner], courses: Mapping[int, Course], today: date) -> dict[int, list[date]]:
    """Return on which days each owner did his part, of those that decide how it stands: of the last periods alone."""
    since: dict[date | None, list[int]] = {}
    for key, course in courses.items():
        # What is due once has hardly a history; the others share few first days, however many they are.
        first = None if course.every is Every.ONCE else since_when(course, today)
        since.setdefault(first, []).append(key)
    lately = Q(pk__in=[])
    for first, keys in since.items():
        lately |= Q(owner__duty__in=keys) if first is None else Q(owner__duty__in=keys, on__gte=first)
    done: dict[int, list[date]] = {}
    doings = DutyDone.objects.filter(lately, owner__in=owners.order_by().values("pk")).order_by()
    for owner, on in doings.values_list("owner", "on"):
        done.setdefault(owner, []).append(on)
    return done


def _held(found: Sequence[Part], agency: Agency, at: datetime) -> list[Part]:
    held = offices.holders({part.owner.office_id for part in found} - {None}, at)
    keys = {part.owner.unit_id for part in found} - {None}
    heads = offices.unit_heads(WorkUnit.objects.filter(pk__in=keys), at, local_day(at, agency.zone)) if keys else {}
    named = []
    for part in found:
        holder = held.get(part.owner.office_id) or heads.get(part.owner.unit_id)
        vacant = holder is None or getattr(holder, "away", False)
        named.append(
            Part(
                part.owner, part.course, part.progress, holder.person if holder else None,
                holder.capacity if holder else "", vacant,
            )
        )  # fmt: skip
    return named


def of_agency(agency: Agency) -> QuerySet[DutyOwner]:
    """Return the parts of all duties of an agency that are not over."""
    return DutyOwner.objects.filter(_goes_on(clock.today(agency.zone)), duty__agency=agency).exclude(
        duty__leave__cancelled_at__isnull=False
    )


def _goes_on(day: date) -> Q:
    """Return that a duty is not ended yet (see is_over): one may be told today to end on a later day."""
    return Q(duty__ended_on=None) | Q(duty__ended_on__gt=day)


@dataclass(frozen=True)
class Mine:
    """What somebody has in this minute: parts of duties by what he holds, and the agencies that he heads."""

    seats: Seats
    parts: tuple[Part, ...] = ()
    leads: tuple[Agency, ...] = ()

    @property
    def open(self) -> tuple[Part, ...]:
        """Return what is still to be done now."""
        return tuple(part for part in self.parts if part.progress.is_open)


def of_user(user: User, *, at: datetime | None = None) -> Mine:
    """Return what somebody has to do in this minute, the most pressing first; nothing of an office he is on leave from."""
    seats = offices.seats_of(user, at=at)
    led = {each.office.agency_id: each.office.agency for each in seats.offices if _leads(each)}
    owners = DutyOwner.objects.filter(Q(office__in=seats.office_keys) | Q(unit__in=seats.unit_keys))
    owners = owners.filter(_goes_on(clock.today())).exclude(duty__leave__cancelled_at__isnull=False)
    if not seats.office_keys and not seats.unit_keys:
        return Mine(seats)
    by_agency = {owner.duty.agency for owner in owners.select_related("duty__agency")}
    found = [part for agency in by_agency for part in parts(owners.filter(duty__agency=agency), agency, at=at)]
    return Mine(seats, tuple(sorted(found, key=lambda part: part.sort_key)), tuple(led.values()))


def _leads(holding: Holding) -> bool:
    return bool(holding.office.kind == Office.Kind.HEAD_OF_REGION)


@dataclass(frozen=True)
class Counted:
    """How many parts of an agency's duties stand how; `due_on` is the nearest day by which one of them is due."""

    overdue: int = 0
    due: int = 0
    done: int = 0
    due_on: date | None = None


def counted(agency: Agency, today: date) -> Counted:
    """Count the parts of an agency's duties by how they stand, from the doings of the last periods alone."""
    owners = of_agency(agency)
    duties = Duty.objects.filter(pk__in=owners.values("duty")).select_related("leave")
    courses = {each.pk: course_of(each) for each in duties}
    done = _done_lately(owners, courses, today)
    numbers = dict.fromkeys(Standing, 0)
    nearest: date | None = None
    for owner, key in owners.order_by().values_list("pk", "duty"):
        now = stand(courses[key], done.get(owner, ()), today)
        numbers[now.standing] += 1
        if now.is_open and now.due and now.due.last:
            nearest = min(nearest or now.due.last, now.due.last)
    return Counted(numbers[Standing.OVERDUE], numbers[Standing.DUE], numbers[Standing.DONE], nearest)


# --- doing -------------------------------------------------------------------------------------------------------


def mark_done(
    owner: DutyOwner,
    *,
    user: User,
    evidence: str,
    on: date,
    file: files.Upload | None = None,
    for_owner: bool = False,
    now: datetime,
) -> DutyDone:
    """Record that a part of a duty was done on a day, and what shows it; the same said twice is one record.

    `for_owner`: an officer of the agency writes down what the owner told him. Raises EvidenceMissing, DutyDayWrong,
    DutyOver, DutyNotYours where it is another's in this minute, and what files.receive raises.
    """
    if not evidence.strip():
        raise EvidenceMissing()
    _refuse_day(owner.duty, on, now)
    stored = None
    if file is not None:
        _refuse_stranger(owner, user, for_owner, now)
        kinds = frozenset(FileKind)
        stored = files.receive(file, kinds=kinds, most_bytes=EVIDENCE_LIMIT_BYTES, by=user, now=now)
    try:
        doing = _write_done(owner, user, evidence.strip()[:_LONGEST_EVIDENCE], on, stored, for_owner, now)
    except DomainError:
        if stored:
            files.discard(stored)
        raise
    if stored and doing.file_id != stored.pk:
        files.discard(stored)
    return doing


def _refuse_day(duty: Duty, on: date, now: datetime) -> None:
    today = local_day(clock.instant(duty.agency.zone, at=now), duty.agency.zone)
    if not duty.from_on <= on <= today:
        raise DutyDayWrong(duty.from_on, today)
    if is_over(duty, today):
        raise DutyOver()


def _refuse_stranger(owner: DutyOwner, user: User, for_owner: bool, now: datetime) -> None:
    if for_owner:
        return
    seats = offices.seats_of(user, at=clock.instant(owner.duty.agency.zone, at=now))
    if owner.office_id not in seats.office_keys and owner.unit_id not in seats.unit_keys:
        raise DutyNotYours()


@transaction.atomic(durable=True)
def _write_done(
    owner: DutyOwner,
    user: User,
    evidence: str,
    on: date,
    stored: StoredFile | None,
    for_owner: bool,
    now: datetime,
) -> DutyDone:
    DutyOwner.objects.select_for_update().get(pk=owner.pk)  # of two clicks the second finds what the first wrote
    _refuse_stranger(owner, user, for_owner, now)
    if same := owner.doings.filter(on=on, evidence=evidence, by=user).first():
        return same
    doing = DutyDone.objects.create(owner=owner, on=on, evidence=evidence, file=stored, at=now, by=user)
    ledger.append(
        "duty.done",
        {
            "duty": owner.duty_id, "owner": owner.pk, "doing": doing.pk, "on": days_text(on),
            "file": stored.digest if stored else "", "by": user.pk,
        },
        now=now,
        zone=owner.duty.agency.zone,
    )  # fmt: skip
    return doing


# --- turns -------------------------------------------------------------------------------------------------------


def tell_turns(now: datetime) -> None:
    """Tell holders and stand-ins of leaves that began or ended, once each; run by the tick.

    Nothing depends on it: the offices changed hands in their minute, whether somebody was told or not.
    """
    # A demo's day may be set back and forth: each leave is looked at by the instant of its own place.
    horizon = clock.instant(at=now) + timedelta(days=1)
    begins, ends = Q(begun_told_at=None, from_at__lt=horizon), Q(ended_told_at=None, until_at__lt=horizon)
    waiting = OfficeLeave.objects.filter(begins | ends, cancelled_at=None)
    for leave in waiting.select_related("holding__office__agency").order_by("pk")[:_TURNS_AT_ONCE]:
        at = clock.instant(leave.holding.office.agency.zone, at=now)
        if leave.begun_told_at is None and leave.from_at <= at < leave.until_at:
            _tell_begun(leave, at, now)
        if leave.ended_told_at is None and leave.until_at <= at:
            _tell_ended(leave, at, now)


@transaction.atomic(durable=True)
def _tell_begun(leave: OfficeLeave, at: datetime, now: datetime) -> None:
    if not OfficeLeave.objects.filter(pk=leave.pk, begun_told_at=None, cancelled_at=None).update(begun_told_at=now):
        return
    office = leave.holding.office
    said = {"office": office.title, "last_on": days_text(leave.last_on)}
    if leave.holding.person_id:
        notices.tell([leave.holding.person_id], "leave_begun", said, link="", now=now)
    standing_in = Holding.objects.at(at).filter(leave=leave).exclude(person=None).values_list("person", flat=True)
    told = said | {"open": _open_in(office, at)}
    notices.tell(list(standing_in), "stand_in_begun", told, link="", now=now)


@transaction.atomic(durable=True)
def _tell_ended(leave: OfficeLeave, at: datetime, now: datetime) -> None:
    if not OfficeLeave.objects.filter(pk=leave.pk, ended_told_at=None, cancelled_at=None).update(
        ended_told_at=now, begun_told_at=leave.begun_told_at or now
    ):
        return
    office = leave.holding.office
    said = {"office": office.title, "on": days_text(local_day(leave.until_at, office.agency.zone))}
    stood_in = leave.stand_ins.filter(until_at=leave.until_at).exclude(person=None).values_list("person", flat=True)
    notices.tell(list(stood_in), "stand_in_ended", said, link="", now=now)
    back = Holding.objects.at(at).filter(pk=leave.holding_id).exclude(person=None).values_list("person", flat=True)
    notices.tell(list(back), "leave_over", said | {"open": _open_in(office, at)}, link="", now=now)


def _open_in(office: Office, at: datetime) -> int:
    """Count what waits for whoever has an office now: its own duties; of a head of region those of the agency."""
    agency = office.agency
    owners = of_agency(agency) if office.kind == Office.Kind.HEAD_OF_REGION else of_agency(agency).filter(office=office)
    return sum(part.progress.is_open for part in _standing(owners, local_day(at, agency.zone)))


def owners_of_kind(agency: Agency, kinds: Collection[str]) -> QuerySet[WorkUnit]:
    """Return the open units of some kinds, such as all districts; of offices those directly under the agency alone."""
    units = WorkUnit.objects.filter(agency=agency, kind__in=kinds).open()
    own = WorkUnit.Kind.OFFICE
    return units.exclude(~Q(parent__parent=None), kind=own).order_by("position")


# The groups that a form offers: what their heads are called, and which units they head.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "district": (WorkUnit.Kind.DISTRICT,),
    "opd": (WorkUnit.Kind.SECRETARIAT, WorkUnit.Kind.OFFICE, WorkUnit.Kind.EDUCATION_OFFICE),
    "ward": (WorkUnit.Kind.WARD,),
    "school": (WorkUnit.Kind.SCHOOL,),
    "health_centre": (WorkUnit.Kind.HEALTH_CENTRE,),
    "hospital": (WorkUnit.Kind.HOSPITAL,),
}
