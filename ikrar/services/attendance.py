"""Who was there: checking in by phone with the code of the venue, by an officer from the list, and the counts by unit.

Hundreds check in within a minute, over networks that come and go: a check-in is on the disk before it is answered, one
that is sent again finds the first, and those that arrive together share one commit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from ikrar.domain import gatherings
from ikrar.domain.days import local_day
from ikrar.domain.errors import (
    ActivityStateWrong,
    AttendanceSettled,
    AttendanceStruck,
    CheckInCodeWrong,
    DomainError,
    NotInvited,
    ReasonMissing,
)
from ikrar.domain.gatherings import Called, Comer, State, Step, Turnout
from ikrar.domain.roster import AWAY, GONE, Status
from ikrar.gateways import qr
from ikrar.records.models import (
    Activity,
    Attendance,
    Invitation,
    InvitedUnit,
    Obligation,
    Office,
    Placement,
    User,
    WorkUnit,
)
from ikrar.services import accounts, clock, commits, ledger, notices, offices, pacts

Way = Attendance.Way
Answer = Invitation.Answer
_GUESSES = "check-in-code"
_SOON = timedelta(days=14)


@dataclass(frozen=True)
class CheckedIn:
    """Somebody is on the list of those present; `first`: he was not before."""

    attendance: Attendance
    first: bool


# --- coming ------------------------------------------------------------------------------------------------------


def check_in(
    activity: Activity, *, user: User, code: str, opened_at: datetime | None = None, now: datetime
) -> CheckedIn:
    """Check in as oneself, by the code that the venue shows now. Durable when it returns; a second try finds the first.

    `opened_at`: when the phone, which kept it while the network was away, had opened the page. Raises NotInvited,
    AttendanceStruck, ActivityStateWrong, CheckInCodeWrong, TooManyGuesses, OnLeaveNow, QuotaFull.
    """
    if user.person_id is None:
        raise NotInvited()
    there = Attendance.objects.filter(activity=activity, person=user.person_id).first()
    if there is not None and there.struck_at is None:
        return CheckedIn(there, first=False)
    gatherings.must(Step.CHECK_IN, activity.state)
    if there is not None and not _is_of_another_day(there):
        raise AttendanceStruck(there.struck_because)
    _check_code(activity, user, code, opened_at, now)
    placement = _placement(user.person_id)
    arrival = _arrival(activity, placement, _Room.of(activity), user, Way.PHONE, now, person=user.person_id)
    answer = commits.gather(_write, arrival)
    if isinstance(answer, DomainError):
        raise answer
    return answer


def _is_of_another_day(struck: Attendance) -> bool:
    """Say whether somebody was struck off the list of a day from which the activity was moved since: he may come anew."""
    moves = struck.activity.moves.filter(at__gte=struck.struck_at).exclude(on=struck.activity.on)
    return moves.exists()


def _check_code(activity: Activity, user: User, code: str, opened_at: datetime | None, now: datetime) -> None:
    """Raise where this is no code that the venue showed within the last minutes; wrong ones are counted by account."""
    accounts.refuse_after_wrong_codes(user, _GUESSES, now=now)
    shows = gatherings.takes_phones(activity.state, activity.on, clock.today(activity.agency.zone))
    if not (shows and gatherings.is_good_code(code, activity.secret, activity.pk, now, opened_at=opened_at)):
        accounts.count_wrong_code(user, _GUESSES, now=now)
        raise CheckInCodeWrong()


def may_come(activity: Activity, *, user: User) -> None:
    """Raise why somebody could not check in now, whatever code he has: NotInvited, OnLeaveNow, QuotaFull."""
    if user.person_id is None:
        raise NotInvited()
    placement, room = _placement(user.person_id), _Room.of(activity)
    _arrival(activity, placement, room, user, Way.PHONE, clock.now(), person=user.person_id)


def check_in_by_hand(
    activity: Activity, placements: Iterable[Placement], *, way: str = Way.OFFICER, by: User, now: datetime
) -> list[CheckedIn]:
    """Put people on the list whom an officer saw, or who signed in ink: all of them, or nobody.

    Whoever was struck out stands again. Whoever is newly on the list is told who put him there. Raises
    ActivityStateWrong, NotInvited, QuotaFull.
    """
    gatherings.must(Step.CHECK_IN, activity.state)
    room = _Room.of(activity)
    arrivals = [_arrival(activity, each, room, by, Way(way), now) for each in placements]
    return _write_by_hand(arrivals, now)


@transaction.atomic(durable=True)
def _write_by_hand(arrivals: Sequence["_Arrival"], now: datetime) -> list[CheckedIn]:
    done = []
    for answer in _write(arrivals):
        if isinstance(answer, DomainError):
            raise answer
        done.append(answer)
    if arrivals:
        activity = arrivals[0].activity
        people = [each.attendance.person_id for each in done if each.first]
        told = {"activity": activity.pk, "title": activity.title}
        notices.tell(people, "attendance_recorded", told, link="", now=now)
    return done


def add_present(activity: Activity, placements: Sequence[Placement], *, way: str, now: datetime) -> int:
    """Put people on the list inside the caller's transaction, without telling them: for programmes that are told again.

    Nobody is asked whether he may come. Returns how many were not on it before.
    """
    there = set(Attendance.objects.filter(activity=activity).values_list("person", flat=True))
    fresh = [each for each in placements if each.person_id not in there]
    entries = [
        ledger.prepare(
            "activity.attended",
            {"activity": activity.pk, "person": each.person_id, "unit": each.unit_id, "way": way, "by": None},
            now=now,
            zone=activity.agency.zone,
        )
        for each in fresh
    ]
    ledger.write(entries)
    Attendance.objects.bulk_create(
        (
            Attendance(
                activity=activity, person_id=each.person_id, unit_id=each.unit_id, way=way, at=now, entry_id=entry.key
            )
            for each, entry in zip(fresh, entries, strict=True)
        ),
        batch_size=1000,
    )
    return len(fresh)


@dataclass
class _Room:
    """What an activity has room for: the units that are called, whether it is open to them, and how many came."""

    activity: int
    units: list[Called] = field(default_factory=list)
    open_to_units: bool = True
    quota: int | None = None
    came: int = 0

    @classmethod
    def of(cls, activity: Activity) -> "_Room":
        """Read it as it is now; who came is counted only where that decides."""
        called = list(InvitedUnit.objects.filter(activity=activity).select_related("unit"))
        units = []
        for each in called:
            unit, took = each.unit, 0
            if each.quota is not None:
                took = _on_share(each, called).count()
            units.append(Called(unit.agency_id, unit.position, unit.last_position, each.heads_only, each.quota, took))
        total = came(activity) if activity.quota is not None else 0
        return cls(activity.pk, units, activity.open_to_units, activity.quota, total)

    @property
    def asks_for_heads(self) -> bool:
        """Say whether of some unit the heads alone are called."""
        return any(unit.heads_only for unit in self.units)

    def admit(self, comer: Comer, *, by_officer: bool) -> None:
        """Let somebody in and count him, or raise why not."""
        nearest = gatherings.admit(
            comer, self.units, open_to_units=self.open_to_units, quota=self.quota, came=self.came, by_officer=by_officer
        )
        self.came += 1
        if nearest is not None:
            self.units[self.units.index(nearest)] = Called(
                nearest.agency, nearest.first, nearest.last, nearest.heads_only, nearest.quota, nearest.came + 1
            )


@dataclass(frozen=True)
class _Arrival:
    """Somebody who may come in by what was read; ready to be written, if there is still room."""

    activity: Activity
    person: int
    unit: int
    comer: Comer
    way: Way
    by: User
    at: datetime
    entry: ledger.Prepared


def _placement(person: int) -> Placement | None:
    return Placement.objects.current().select_related("unit").filter(person=person).first()


def _arrival(
    activity: Activity,
    placement: Placement | None,
    room: _Room,
    by: User,
    way: Way,
    now: datetime,
    *,
    person: int | None = None,
) -> _Arrival:
    """Look at somebody who wants in, and refuse him where no more need be known. `person`: who comes without a placement."""
    key = placement.person_id if placement is not None else person
    invited = Invitation.objects.filter(activity=activity, person=key).exists()
    duty = signing_duty(activity, key) if key is not None and not (invited and placement) else None
    if placement is not None:
        comer = Comer(
            agency=placement.unit.agency_id,
            position=placement.unit.position,
            status=placement.status,
            is_head=_heads_a_unit(placement, activity, now) if room.asks_for_heads else placement.is_head,
            invited=invited or duty is not None,
        )
        unit = placement.unit_id
    elif duty is not None:
        comer, unit = (
            Comer(duty.unit.agency_id, duty.unit.position, Status.ACTIVE, is_head=True, invited=True),
            duty.unit_id,
        )
    else:
        raise NotInvited()
    gatherings.admit(
        comer, room.units, open_to_units=room.open_to_units, quota=room.quota, came=room.came,
        by_officer=way != Way.PHONE,
    )  # fmt: skip
    said = {
        "activity": activity.pk, "person": key, "unit": unit, "way": way.value, "by": by.pk,
    }  # fmt: skip
    entry = ledger.prepare("activity.attended", said, now=now, zone=activity.agency.zone)
    return _Arrival(activity, key, unit, comer, way, by, now, entry)


def _heads_a_unit(placement: Placement, activity: Activity, now: datetime) -> bool:
    """Say whether somebody heads a unit in this minute; the one on leave does as long as nobody has it in his place."""
    at = clock.instant(activity.agency.zone, at=now)
    if offices.seats_of(User(person_id=placement.person_id), at=at).units:
        return True
    own = WorkUnit.objects.filter(pk=placement.unit_id)
    day = local_day(at, activity.agency.zone)
    return placement.is_head and placement.unit_id not in offices.heads_otherwise(own, at, day)


def _write(arrivals: Sequence[_Arrival]) -> list[CheckedIn | DomainError]:
    """Write arrivals inside the caller's transaction; a refusal stands in the place of whoever came too late.

    The row of the activity is locked: whether it is still open and has room is asked while nobody else comes in.
    """
    answers: list[CheckedIn | DomainError] = [NotInvited() for _ in arrivals]
    for key in sorted({each.activity.pk for each in arrivals}):
        places = [place for place, each in enumerate(arrivals) if each.activity.pk == key]
        locked = Activity.objects.select_for_update(no_key=True).get(pk=key)
        if locked.state != State.OPEN:
            for place in places:
                answers[place] = ActivityStateWrong(locked.state)
            continue
        _write_one_activity(locked, arrivals, places, answers)
    return answers


def _write_one_activity(
    locked: Activity, arrivals: Sequence[_Arrival], places: Sequence[int], answers: list[CheckedIn | DomainError]
) -> None:
    room = _Room.of(locked)
    people = [arrivals[place].person for place in places]
    known = {each.person_id: each for each in Attendance.objects.filter(activity=locked, person__in=people)}
    made: list[Attendance] = []
    again: list[Attendance] = []
    entries: list[ledger.Prepared] = []
    for place in places:
        each = arrivals[place]
        there = known.get(each.person)
        if there is not None and there.struck_at is None:
            answers[place] = CheckedIn(there, first=False)
            continue
        if there is not None and each.way == Way.PHONE and not _is_of_another_day(there):
            answers[place] = AttendanceStruck(there.struck_because)
            continue
        try:
            room.admit(each.comer, by_officer=each.way != Way.PHONE)
        except DomainError as refused:
            answers[place] = refused
            continue
        entries.append(each.entry)
        row = Attendance(
            pk=there and there.pk, activity=locked, person_id=each.person, unit_id=each.unit, way=each.way.value,
            at=each.at, by=None if each.way == Way.PHONE else each.by, entry_id=each.entry.key,
        )  # fmt: skip
        known[each.person] = row
        (made if there is None else again).append(row)
        answers[place] = CheckedIn(row, first=True)
    ledger.write(entries)
    Attendance.objects.bulk_create(made, batch_size=500)
    for row in again:
        Attendance.objects.filter(pk=row.pk).update(
            unit=row.unit_id, way=row.way, at=row.at, by=row.by, entry=row.entry_id,
            struck_at=None, struck_because="", struck_by=None,
        )  # fmt: skip


@transaction.atomic(durable=True)
def strike(attendance: Attendance, *, reason: str, by: User, now: datetime) -> None:
    """Say that somebody on the list was not there; he is told why. Raises ActivityStateWrong, ReasonMissing, AttendanceSettled."""
    activity = attendance.activity
    gatherings.must(Step.STRIKE, activity.state)
    if not reason.strip():
        raise ReasonMissing("reason")
    standing = Attendance.objects.filter(pk=attendance.pk, struck_at=None)
    if not standing.update(struck_at=now, struck_because=reason.strip()[:300], struck_by=by):
        raise AttendanceSettled()
    told = {"activity": activity.pk, "title": activity.title, "reason": reason.strip()[:300]}
    notices.tell([attendance.person_id], "attendance_struck", told, link="", now=now)
    ledger.append(
        "activity.attendance_struck",
        {"activity": activity.pk, "attendance": attendance.pk, "person": attendance.person_id, "by": by.pk},
        now=now,
        zone=activity.agency.zone,
    )


def signing_duty(activity: Activity, person: int) -> Obligation | None:
    """Return what somebody is to sign at an activity with an office that he holds in this minute. He may come for that, on
    whatever roster he stands, or on none.
    """
    if activity.pact_round_id is None:
        return None
    owed = Obligation.objects.filter(pact_round=activity.pact_round_id, person=person).exclude(office=None)
    duties = list(owed.select_related("unit"))
    held = pacts.held_now(duties)
    return next((duty for duty in duties if (duty.office_id, duty.person_id) in held), None)


def signing_holders(activity: Activity) -> dict[int, int]:
    """Return who holds the offices of an activity's pact in this minute, each with the unit that he owes it in."""
    if activity.pact_round_id is None:
        return {}
    duties = list(Obligation.objects.filter(pact_round=activity.pact_round_id).exclude(office=None))
    held = pacts.held_now(duties)
    return {duty.person_id: duty.unit_id for duty in duties if (duty.office_id, duty.person_id) in held}


def signing_offices(activity: Activity) -> QuerySet[Office]:
    """Return the offices whose holders are asked to sign the pact of an activity there; none where it is no such pact."""
    if activity.pact_round is None or not activity.pact_round.for_offices:
        return Office.objects.none()
    return activity.pact_round.offices.select_related("agency").order_by("agency__code", "pk")


# --- the code of the venue ---------------------------------------------------------------------------------------

# For so long a venue's screen goes on showing codes while its network is away.
AHEAD = timedelta(minutes=20)


@dataclass(frozen=True)
class ShownCode:
    """A code, the address in its QR picture, and from when on it is shown (seconds since 1970)."""

    code: str
    address: str
    picture: str
    from_s: int


def check_in_address(activity: Activity, code: str) -> str:
    """Return the address at which somebody checks in with a code."""
    return f"{settings.BASE_URL}/hadir/{activity.pk}/{code}/"


def codes_ahead(activity: Activity, *, after_s: int = 0, now: datetime) -> list[ShownCode] | None:
    """Return the code that the venue shows now and those that follow, so that its screen needs no network for a while;
    without those up to `after_s` (seconds since 1970), which it has. None where no phone checks in now.
    """
    if not gatherings.takes_phones(activity.state, activity.on, clock.today(activity.agency.zone)):
        return None
    first = gatherings.window_of(now)
    found = []
    for window in range(first, first + int(AHEAD.total_seconds()) // gatherings.WINDOW_S):
        if window * gatherings.WINDOW_S <= after_s:
            continue
        code = gatherings.code_of(activity.secret, activity.pk, window)
        address = check_in_address(activity, code)
        found.append(ShownCode(code, address, qr.picture(address), window * gatherings.WINDOW_S))
    return found


def is_shown(activity: Activity, code: str, *, now: datetime) -> bool:
    """Say whether a code would open now."""
    shows = gatherings.takes_phones(activity.state, activity.on, clock.today(activity.agency.zone))
    return shows and gatherings.is_good_code(code, activity.secret, activity.pk, now)


def came(activity: Activity) -> int:
    """Count who is there."""
    return Attendance.objects.filter(activity=activity, struck_at=None).count()


def from_elsewhere(activity: Activity) -> int:
    """Count who is there for another agency: the holders of its offices, who sign at an activity of the one above."""
    here = Attendance.objects.filter(activity=activity, struck_at=None)
    return here.exclude(unit__agency=activity.agency_id).count()


def standing(activity: Activity, person: int | None) -> Attendance | None:
    """Return that somebody was there, unless he was struck out."""
    return Attendance.objects.filter(activity=activity, person=person, struck_at=None).first() if person else None


# --- one's own ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mine:
    """An activity as one of those called sees it."""

    activity: Activity
    invitation: Invitation | None
    attendance: Attendance | None
    unit_quota: int | None = None


def of_person(person: int) -> list[Mine]:
    """Return the activities that somebody is called to, may come to in his unit's quota, or was at; newest day first."""
    placement = _placement(person)
    invitations = {each.activity_id: each for each in Invitation.objects.filter(person=person)}
    there = {each.activity_id: each for each in Attendance.objects.filter(person=person)}
    shares: dict[int, int] = {}
    if placement is not None and placement.status not in GONE:
        unit = placement.unit
        found = InvitedUnit.objects.filter(
            unit__agency=unit.agency_id, unit__position__lte=unit.position, unit__last_position__gte=unit.position,
            quota__isnull=False, activity__open_to_units=True,
        )  # fmt: skip
        shares = dict(found.values_list("activity", "quota"))
    keys = invitations.keys() | there.keys() | shares.keys()
    activities = Activity.objects.filter(pk__in=keys).exclude(state=State.DRAFT).select_related("agency", "unit")
    return [
        Mine(each, invitations.get(each.pk), there.get(each.pk), shares.get(each.pk))
        for each in activities
        if each.state != State.CANCELLED or each.pk in invitations
    ]


def waiting_for(person: int, today: date) -> QuerySet[Invitation]:
    """Return the invitations that want something of somebody now: it is open and he is not there, or it asks for an answer."""
    there = Attendance.objects.filter(activity=OuterRef("activity"), person=person)
    soon = Q(activity__state=State.CALLED, answer=Answer.NONE, activity__on__range=(today, today + _SOON))
    return (
        Invitation.objects.filter(
            soon | Q(activity__state=State.OPEN, activity__on=today), ~Exists(there), person=person
        )
        .select_related("activity__agency")
        .order_by("activity__on", "pk")
    )


def running(activities: QuerySet[Activity], today: date) -> QuerySet[Activity]:
    """Return those of the activities that want something of who runs them today: it is the day, or nobody closed them."""
    of_today = Q(state__in=(State.DRAFT, State.CALLED), on=today)
    return activities.filter(of_today | Q(state=State.OPEN)).select_related("agency", "unit").order_by("on", "pk")


def mine(activity: Activity, person: int) -> Mine:
    """Return one activity as somebody sees it. Raises NotInvited where it does not concern him."""
    for each in of_person(person):
        if each.activity.pk == activity.pk:
            return each
    # Whoever heads a unit with a share, perhaps from another one, was told how many it may send.
    units = offices.seats_of(User(person_id=person), at=clock.instant(activity.agency.zone)).unit_keys
    share = InvitedUnit.objects.filter(activity=activity, unit__in=units).exclude(quota=None).first()
    if share is None or activity.state == State.DRAFT:
        raise NotInvited()
    return Mine(activity, None, standing(activity, person), share.quota)


# --- counts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Below:
    """The turnout of a unit: all of it, each unit directly under it with all below, and those of the unit itself."""

    total: Turnout
    rows: list[tuple[WorkUnit, Turnout]]
    own: Turnout


def turnout(activity: Activity, unit: WorkUnit) -> Turnout:
    """Count one activity in a unit with all below it."""
    return turnouts([activity], unit)[activity.pk]


def turnouts(activities: Sequence[Activity], unit: WorkUnit) -> dict[int, Turnout]:
    """Count several activities in a unit with all below it, by the activity's key."""
    counted = _counted(activities, unit)
    empty = _empty_seats(activities, unit)
    return {
        each.pk: sum(counted[each.pk].values(), Turnout()) + Turnout(absent=sum(empty[each.pk].values()))
        for each in activities
    }


def turnout_below(activity: Activity, unit: WorkUnit) -> Below:
    """Count one activity in a unit, each unit directly under it (with all below that), and in the unit itself."""
    counted = _counted([activity], unit)
    empty = _empty_seats([activity], unit)[activity.pk]
    own = counted[activity.pk]
    positions = dict(WorkUnit.objects.filter(pk__in=own.keys() | empty.keys()).values_list("pk", "position"))
    children = list(WorkUnit.objects.filter(parent=unit).order_by("position"))

    def inside(child: WorkUnit) -> Turnout:
        """A share that is still empty is known of the unit that has it, not of those below."""
        held = [key for key, position in positions.items() if child.position <= position <= child.last_position]
        people = sum((own[key] for key in held if key in own), Turnout())
        return people + Turnout(absent=sum(empty.get(key, 0) for key in held))

    rows = [(child, inside(child)) for child in children]
    total = sum(own.values(), Turnout()) + Turnout(absent=sum(empty.values()))
    here = own.get(unit.pk, Turnout()) + Turnout(absent=empty.get(unit.pk, 0))
    return Below(total, [(child, counts) for child, counts in rows if counts.invited], here)


def _in(unit: WorkUnit) -> Q:
    return Q(unit__agency=unit.agency_id, unit__position__gte=unit.position, unit__position__lte=unit.last_position)


def _counted(activities: Sequence[Activity], unit: WorkUnit) -> dict[int, dict[int, Turnout]]:
    """Count those invited by name and those who came besides, by activity and unit, in two queries."""
    keys = [each.pk for each in activities]
    there = Attendance.objects.filter(activity=OuterRef("activity"), person=OuterRef("person"), struck_at=None)
    day = OuterRef("activity__on")
    away = Placement.objects.filter(
        Q(until_on=None) | Q(until_on__gt=day), person=OuterRef("person"), from_on__lte=day, status__in=AWAY
    )
    found: dict[int, dict[int, Turnout]] = {key: {} for key in keys}

    def add(activity: int, place: int, counts: Turnout) -> None:
        found[activity][place] = found[activity].get(place, Turnout()) + counts

    rows = (
        Invitation.objects.filter(_in(unit), activity__in=keys)
        .annotate(came=Exists(there), away=Exists(away))
        .order_by()
        .values_list("activity", "unit", "answer", "came", "away")
        .annotate(people=Count("pk"))
    )
    for activity, place, answer, is_there, is_away, people in rows:
        if is_there:
            add(activity, place, Turnout(came=people))
        elif answer == Answer.EXCUSED:
            add(activity, place, Turnout(excused=people))
        elif is_away:
            add(activity, place, Turnout(on_leave=people))
        else:
            add(activity, place, Turnout(absent=people))
    for activity, place, people in (
        _besides(keys).filter(_in(unit)).values_list("activity", "unit").annotate(n=Count("pk"))
    ):
        add(activity, place, Turnout(came=people))
    return found


def _besides(activities: Sequence[int]) -> QuerySet[Attendance]:
    """Return who was there without an invitation of his own, in a place of his unit."""
    invited = Invitation.objects.filter(activity=OuterRef("activity"), person=OuterRef("person"))
    return Attendance.objects.filter(~Exists(invited), activity__in=activities, struck_at=None).order_by()


def _empty_seats(activities: Sequence[Activity], unit: WorkUnit) -> dict[int, dict[int, int]]:
    """Return how many places of a unit's share nobody took, by activity and by the unit that has the share.

    Shares of units inside `unit` count; of one that holds `unit` nobody can say who leaves it empty.
    """
    called = list(InvitedUnit.objects.filter(activity__in=activities).select_related("unit"))
    empty: dict[int, dict[int, int]] = {each.pk: {} for each in activities}
    for share in called:
        if share.quota is not None and _is_inside(share.unit, unit):
            others = [each for each in called if each.activity_id == share.activity_id]
            empty[share.activity_id][share.unit_id] = max(0, share.quota - _on_share(share, others).count())
    return empty


def _is_inside(unit: WorkUnit, outer: WorkUnit) -> bool:
    return unit.agency_id == outer.agency_id and outer.position <= unit.position <= outer.last_position


def _on_share(share: InvitedUnit, called: Sequence[InvitedUnit]) -> QuerySet[Attendance]:
    """Return who came on a unit's share: of it and below, but of no called unit inside it, and not invited by name."""
    found = _besides([share.activity_id]).filter(_in(share.unit))
    for other in called:
        if other.unit_id != share.unit_id and _is_inside(other.unit, share.unit):
            found = found.exclude(_in(other.unit))
    return found


# --- places of a unit's share -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """How many a unit may send: the places that nobody has yet, who came on one, and who is called by name from there."""

    invited: InvitedUnit
    left: int
    came: int
    named: QuerySet[Invitation]


def share_of(invited: InvitedUnit) -> Share:
    """Return a unit's share as it stands now. Whoever is called by name has his own place and takes none of those left."""
    called = list(InvitedUnit.objects.filter(activity=invited.activity_id).select_related("unit"))
    came = _on_share(invited, called).count()
    named = Invitation.objects.filter(_in(invited.unit), activity=invited.activity_id)
    for inner in _inside(invited, called):
        named = named.exclude(_in(inner))
    return Share(
        invited, max(0, (invited.quota or 0) - came), came,
        named.select_related("person", "unit").order_by("unit__position", "person__name", "pk"),
    )  # fmt: skip


def _inside(share: InvitedUnit, called: Sequence[InvitedUnit]) -> list[WorkUnit]:
    """Return the called units inside that of a share: what is said of them goes before."""
    return [each.unit for each in called if each.unit_id != share.unit_id and _is_inside(each.unit, share.unit)]


def nameable(invited: InvitedUnit) -> QuerySet[Placement]:
    """Return who may be named for a unit's share: of it and below, in service, not called by name yet, and not there."""
    called = list(InvitedUnit.objects.filter(activity=invited.activity_id).select_related("unit"))
    has = Invitation.objects.filter(activity=invited.activity_id, person=OuterRef("person"))
    was = Attendance.objects.filter(activity=invited.activity_id, person=OuterRef("person"))
    found = Placement.objects.current().of_unit(invited.unit).exclude(status__in=GONE)
    for inner in _inside(invited, called):
        found = found.exclude(_in(inner))
    if invited.heads_only:
        found = found.heading()
    found = found.filter(~Exists(has), ~Exists(was)).select_related("person", "unit")
    return found.order_by("unit__position", "person__name", "pk")


# --- the list ----------------------------------------------------------------------------------------------------


def roll(
    activity: Activity, unit: WorkUnit, *, words: str = "", number: str = "", show: str = ""
) -> QuerySet[Placement]:
    """Return the placements of a unit, with all below, whose holders are called or were there, in the order of the tree.

    `words` are looked for in names, `number` is a whole identifier; `show`: came, waiting, excused. Each has `answer`,
    `attendance` (key of one that stands), `came_at` and `struck`. Without an invitation of their own whole units with
    a share, and those who may come though they are new there, are found when they are looked for.
    """
    of_all = Attendance.objects.filter(activity=activity, person=OuterRef("person"))
    there = of_all.filter(struck_at=None)
    invitation = Invitation.objects.filter(activity=activity, person=OuterRef("person"))
    found = (
        Placement.objects.current()
        .of_unit(unit)
        .annotate(
            invited=Exists(invitation),
            answer=invitation.values("answer")[:1],
            attendance=there.values("pk")[:1],
            came_at=there.values("at")[:1],
            way=there.values("way")[:1],
            struck=Exists(of_all.exclude(struck_at=None)),
        )
        .select_related("person", "unit")
    )
    for word in words.split()[:6]:
        found = found.filter(person__name__icontains=word)
    if number:
        found = found.filter(person__identifier=number)
    on_list = Q(invited=True) | Q(attendance__isnull=False) | Q(struck=True)
    found = found.filter(on_list | _may_come(activity) if words or number else on_list)
    narrowed = {
        "came": Q(attendance__isnull=False),
        "waiting": Q(attendance=None) & ~Q(answer=Answer.EXCUSED),
        "excused": Q(attendance=None, answer=Answer.EXCUSED),
    }
    if show in narrowed:
        found = found.filter(narrowed[show])
    return found.order_by("unit__position", "person__name", "pk")


def _may_come(activity: Activity) -> Q:
    """Return the condition of a placement that lies in a called unit; heads and quotas are asked at the door."""
    inside = Q(pk=None)
    if activity.open_to_units:
        for each in InvitedUnit.objects.filter(activity=activity).select_related("unit"):
            unit = each.unit
            inside |= Q(
                unit__agency=unit.agency_id, unit__position__gte=unit.position, unit__position__lte=unit.last_position
            ) & ~Q(status__in=GONE)
    return inside


def present(activity: Activity, unit: WorkUnit | None = None) -> QuerySet[Attendance]:
    """Return who was there, in the order of the tree; of a unit with all below it, where one is given."""
    found = Attendance.objects.filter(activity=activity, struck_at=None).select_related("person", "unit")
    if unit is not None:
        found = found.filter(_in(unit))
    return found.order_by("unit__position", "person__name", "pk")


def concerns(activity: Activity, unit: WorkUnit) -> bool:
    """Say whether people of a unit or below it are called to an activity, or were there."""
    around = activity.units.filter(
        unit__agency=unit.agency_id, unit__position__lte=unit.last_position, unit__last_position__gte=unit.position
    )
    return (
        around.exists()
        or activity.invitations.filter(_in(unit)).exists()
        or activity.attendances.filter(_in(unit)).exists()
    )


def of_unit(unit: WorkUnit, most: int = 5) -> list[tuple[Activity, Turnout]]:
    """Return the latest activities that call people of a unit or below it, each with the turnout there."""
    called = Invitation.objects.filter(_in(unit), activity=OuterRef("pk"))
    around = InvitedUnit.objects.filter(
        activity=OuterRef("pk"), unit__agency=unit.agency_id,
        unit__position__lte=unit.last_position, unit__last_position__gte=unit.position,
    )  # fmt: skip
    found = (
        Activity.objects.filter(Exists(called) | Exists(around), agency=unit.agency_id)
        .exclude(state__in=(State.DRAFT, State.CANCELLED))
        .select_related("agency")
        .order_by(F("on").desc(), "-pk")
    )
    some: list[Any] = list(found[:most])
    counts = turnouts(some, unit)
    return [(each, counts[each.pk]) for each in some]
