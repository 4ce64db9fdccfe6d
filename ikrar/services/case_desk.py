"""The desk of decisions: what waits for the office that somebody holds in this minute, and what its staff have to prepare.

The authority sees nothing but what needs a decision of his; the staff what is to be drafted, confirmed, recorded, served, carried
out and restored. Where an agency has no such staff its head sees of that what he may do himself: what is to be answered,
recorded, carried out and restored, and never what is to be drafted, confirmed or served. One query over the queue of an office or
the board of an agency; a page is read, and it says when there is more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ikrar.domain import access
from ikrar.domain.access import Grant, Role
from ikrar.domain.cases import HEAVY
from ikrar.records.models import (
    CaseAllegation,
    CaseClock,
    CaseConflict,
    CaseDecision,
    CaseReport,
    CaseRespondent,
    Holding,
    Office,
    RoleGrant,
    User,
)
from ikrar.services import (
    accounts,
    case_authority,
    case_clocks,
    case_decisions,
    case_lines,
    case_queue,
    case_rules,
    clock,
    offices,
)
from ikrar.services.case_steps import number_of

A_PAGE = 25
_LAST_PAGE = 400
_OPEN = CaseRespondent.Outcome.OPEN


@dataclass(frozen=True)
class Line:
    """One matter on the desk. `act`: a word for what is to be done; `clock` the one that ends first of those its office owns."""

    key: str
    respondent: str
    number: str
    name: str
    post: str
    unit: str
    agency: str
    state: str
    act: str
    sanction: str
    due: date | None
    left: case_clocks.Left | None
    clock: CaseClock | None


@dataclass(frozen=True)
class Page:
    """A page of the desk; `has_more` says that it goes on."""

    lines: Sequence[Line]
    page: int
    has_more: bool
    decides: bool
    drafts: bool
    offices: Sequence[str]


@dataclass(frozen=True)
class Waiting:
    """How many matters wait for somebody: for a decision of his, of these past their last day; to be prepared or recorded, and for
    his word as the second person; of what is to be prepared `late_prepares` past the last day. Of the first COUNTED on his desk:
    `is_bounded` where there are more.
    """

    decides: int = 0
    late: int = 0
    prepares: int = 0
    confirms: int = 0
    is_bounded: bool = False
    late_prepares: int = 0

    @property
    def any(self) -> bool:
        """Say whether something waits."""
        return bool(self.decides or self.prepares or self.confirms)


COUNTED = 4 * A_PAGE
_OF_OFFICE = ("sign", "accept", "assign", "objection", "objection_paper", "council", "team")
_OF_OTHERS = ("await_confirm", "follow", "outdated")


def waiting(user: User, *, now: datetime) -> Waiting:
    """Count what stands on somebody's desk (see desk); nothing without a desk."""
    seen = _seen(user, now)
    found = list(_ordered(seen.rows)[: COUNTED + 1])
    lines = _lines(found[:COUNTED], user, seen) if found else []
    mine = [each for each in lines if each.act in _OF_OFFICE]
    confirms = sum(each.act == "confirm" for each in lines)
    prepares = [each for each in lines if each.act not in (*_OF_OFFICE, *_OF_OTHERS, "confirm")]
    return Waiting(len(mine), _late(mine), len(prepares), confirms, len(found) > COUNTED, _late(prepares))


def _late(lines: Sequence[Line]) -> int:
    return sum(each.left is not None and each.left.amount is None for each in lines)


def desk(user: User, *, page: int = 1, now: datetime) -> Page:
    """Return what waits for somebody: for the offices that he holds in this minute, and for the staff of his agencies.

    Nothing of which he is the respondent, from which a conflict or a report keeps him out. What is due first stands first.
    """
    page = min(max(page, 1), _LAST_PAGE)
    start = (page - 1) * A_PAGE
    seen = _seen(user, now)
    found = list(_ordered(seen.rows)[start : start + A_PAGE + 1])
    seats = seen.seats
    lines = _lines(found[:A_PAGE], user, seen)
    return Page(
        _with_nobody(lines, found, now), page, len(found) > A_PAGE, decides=bool(seen.held or seen.units or seen.given),
        drafts=seen.drafts,
        offices=[each.office.title for each in seats.offices if each.office.kind == Office.Kind.HEAD_OF_REGION]
        + [unit.name for unit, _capacity in seats.units],
    )  # fmt: skip


@dataclass(frozen=True)
class _Seen:
    """What reaches somebody's desk, and by what: offices that he holds, units that he heads, agencies whose authority he is by
    hand, and those that he heads and that have no staff for it; `drafts` as their staff.
    """

    rows: QuerySet[CaseRespondent]
    seats: offices.Seats
    held: set[int]
    units: set[int]
    given: set[int | None]
    alone: frozenset[int]
    drafts: bool


def _seen(user: User, now: datetime) -> _Seen:
    grants = accounts.grants_of(user, now=now)
    seats = offices.seats_of(user, at=clock.instant(at=now))
    drafting = frozenset(access.scope_of([each for each in grants if each.role is Role.DRAFTER], "case.draft").agencies)
    given, alone = _given(grants, seats), _without_staff(grants, now)
    wanted = _waits(seats, given, alone, now)
    if drafting:
        wanted |= Q(agency__in=drafting, state__in=case_lines.STAFF_STATES)
        for agency in sorted(drafting):
            wanted |= _without_head(agency, now)
    rows = CaseRespondent.objects.filter(wanted, outcome=_OPEN).exclude(Exists(_conflicts(user.pk, user.person_id)))
    if user.person_id:
        rows = rows.exclude(Exists(_own(user.person_id)))
    held = {each.office_id for each in seats.offices}
    return _Seen(rows, seats, held, set(seats.unit_keys), given, alone, bool(drafting))


def _without_head(agency: int, now: datetime) -> Q:
    """Say who of an agency waits for its head where nobody may act in his office: its staff alone can see to that.

    It is the question of case_queue.stopped, put to all rows at once.
    """
    held = Holding.objects.at(clock.instant(at=now)).filter(
        office__agency=agency, office__kind=Office.Kind.HEAD_OF_REGION, person__isnull=False
    )
    by_hand = RoleGrant.objects.at(now).filter(agency=agency, role=Role.APPOINTING_AUTHORITY, user__is_active=True)
    mine = Q(agency=agency) & _of_authority(now) & ~Q(state=case_queue.OBJECTED)
    for person in held.values_list("person", flat=True):
        mine &= Q(Exists(_conflicts(None, person))) | Q(Exists(_own(person)))
    ever = Holding.objects.filter(office__agency=agency, office__kind=Office.Kind.HEAD_OF_REGION, person__isnull=False)
    for user, person in by_hand.exclude(user__person__in=ever.values("person")).values_list("user", "user__person"):
        out = Q(Exists(_conflicts(user, person)))
        mine &= out | Q(Exists(_own(person))) if person else out
    return mine


def waiting_for_head(user: User, *, now: datetime) -> QuerySet[CaseRespondent]:
    """Return who waits for somebody as the authority or the head that he is in this minute.

    Both the desk and the board ask this. Each leaves out where he has no part; to what he has by another role, as staff or as an
    officer, each adds that.
    """
    grants = accounts.grants_of(user, now=now)
    seats = offices.seats_of(user, at=clock.instant(at=now))
    waits = _waits(seats, _given(grants, seats), _without_staff(grants, now), now)
    return CaseRespondent.objects.filter(waits, outcome=_OPEN)


def _given(grants: Collection[Grant], seats: offices.Seats) -> set[int | None]:
    """Return the agencies whose authority somebody is by hand, as its office is none of this installation."""
    of = {each.agency for each in grants if each.role is Role.APPOINTING_AUTHORITY}
    return of - {each.office.agency_id for each in seats.offices}


def _without_staff(grants: Collection[Grant], now: datetime) -> frozenset[int]:
    """Return the agencies whose authority somebody is and that have nobody who prepares and records in its name."""
    of = {each.agency for each in grants if each.role is Role.APPOINTING_AUTHORITY and each.agency is not None}
    if not of:
        return frozenset()
    staff = RoleGrant.objects.at(now).filter(agency__in=of, role=Role.DRAFTER, user__is_active=True)
    return frozenset(of - set(staff.values_list("agency", flat=True)))


def _waits(seats: offices.Seats, given: Collection[int | None], alone: Collection[int], now: datetime) -> Q:
    """Say which respondents wait for whoever has these seats: for the office, and what is recorded of an agency without staff."""
    mine = Q(office__in=seats.office_keys)
    if seats.unit_keys:
        mine |= Q(office__unit__in=seats.unit_keys, office__kind=Office.Kind.HEAD_OF_UNIT)
    # What nobody's office waits for is his who has the role by hand.
    if given:
        mine |= Q(office=None, agency__in=given) & _of_authority(now)
    if alone:
        mine |= Q(agency__in=alone, state__in=case_lines.HEADS_STATES)
    return mine


def _of_authority(now: datetime) -> Q:
    """Say which respondents wait for the authority before anything was drafted, in the words of case_queue.act_waited_for."""
    grave = CaseAllegation.objects.filter(
        respondent=OuterRef("pk"), struck_at=None, level__in=HEAVY, kind=F("respondent__track")
    )
    return (
        Q(state__in=(case_queue.RECOMMENDED, case_queue.OBJECTED))
        | Q(state=case_queue.ACCEPTED, track="ethics")
        | Q(Exists(grave), state__in=case_queue.EXAMINED)
        | Q(~case_lines.is_given(now), state__in=sorted(case_lines.own_states_of(Role.EXAMINER)))
    )


def _ordered(rows: QuerySet[CaseRespondent]) -> QuerySet[CaseRespondent]:
    related = rows.select_related(
        "case__agency", "case__body__agency", "case__body__region", "person", "unit", "agency", "office"
    )
    return related.order_by("due_on", "pk")


def _conflicts(user: int | None, person: int | None) -> QuerySet[CaseConflict]:
    same = Q(user=user) if user else Q(user__person=person)
    same = same | Q(person=person) if person else same
    return CaseConflict.objects.filter(same, case=OuterRef("case"), lifted_at=None)


def _own(person: int) -> QuerySet[CaseRespondent]:
    rows = CaseRespondent.objects.filter(case=OuterRef("case"), person=person)
    return rows.exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY)


def _lines(found: Sequence[CaseRespondent], user: User, seen: _Seen) -> list[Line]:
    keys = [each.pk for each in found]
    decisions = {each.respondent_id: each for each in CaseDecision.objects.filter(respondent__in=keys, ended_at=None)}
    drafts = {each: decisions[each.pk] for each in found if each.pk in decisions and not decisions[each.pk].decided_on}
    outdated = case_decisions.outdated_among(drafts)
    clocks = _clocks(found, seen.alone)
    hidden = _hidden({each.case_id for each in found}, user)
    minutes: dict[timezone, datetime] = {}
    lines = []
    for each in found:
        if each.case_id in hidden:
            continue
        decision = decisions.get(each.pk)
        is_his = each.office_id in seen.held or bool(each.office and each.office.unit_id in seen.units)
        is_his = is_his or (each.office_id is None and each.agency_id in seen.given)
        running = clocks.get(each.pk)
        act = _act_of_office(each, decision, user) if is_his else _act_of_staff(each, decision, user, running)
        if each.agency_id in seen.alone:
            act = _act_of_staff(each, decision, user, running) if act == "follow" else act
            act = _OF_MISSING_STAFF.get(act, act)
        if each.pk in outdated:
            act = "outdated" if is_his else "renew"
        zone = each.agency.zone if each.agency else clock.WIB
        name = each.person.full_name if each.person else each.described
        unit = each.unit.name if each.unit else ""
        agency = each.agency.name if each.agency else ""
        here = minutes.get(zone) or minutes.setdefault(zone, case_clocks.minute_at(zone))
        left = case_clocks.left(running, here) if running else None
        due = case_clocks.due_of(running, zone) if running else None
        sanction = decision.sanction if decision else ""
        key, own = number_of(each.case), number_of(each)
        line = Line(
            key, own, each.case.number, name, each.post, unit, agency, each.state, act, sanction, due, left, running
        )
        lines.append(line)
    return lines


def _with_nobody(lines: Sequence[Line], found: Sequence[CaseRespondent], now: datetime) -> list[Line]:
    """Say of what is to be drafted where nobody is known who could decide it, and of what waits for a head where nobody may act:
    there is nothing to do for it here then.
    """
    of = {number_of(each): each for each in found}

    def told(line: Line) -> Line:
        if line.act == "follow" and case_queue.stopped(of[line.respondent], clock.instant(at=now)) is not None:
            return replace(line, act="stopped")
        if line.act != "draft" or not case_decisions.has_nobody(of[line.respondent], None, at=clock.instant(at=now)):
            return line
        return replace(line, act="nobody")

    return [told(each) for each in lines]


def _act_of_office(respondent: CaseRespondent, decision: CaseDecision | None, user: User) -> str:
    if decision is not None and decision.decided_on is None:
        return "sign"
    act = case_queue.act_waited_for(respondent) or "follow"
    # What was decided above whoever decided first is recorded by his side; nobody decides on an objection to his own decision.
    is_own = decision is not None and decision.signer_id is not None and decision.signer_id == user.person_id
    if act == "objection" and (is_own or respondent.office_id is None):
        return "objection_outcome"
    # A unit's head decides on paper: what he wrote is recorded by staff.
    is_of_unit = respondent.office is not None and respondent.office.kind == Office.Kind.HEAD_OF_UNIT
    return "objection_paper" if act == "objection" and is_of_unit else act


def _act_of_staff(
    respondent: CaseRespondent, decision: CaseDecision | None, user: User, running: CaseClock | None
) -> str:
    """Return what staff have to do; of an appeal what the clock that ends first is for: its line says what that one asks for."""
    if respondent.state == case_rules.RESTORING:
        return "restore"  # what takes the place of the dismissal is confirmed before it is carried out itself
    if decision is not None and not case_queue.is_ready(decision):
        return "await_confirm" if decision.drafted_by_id == user.pk else "confirm"
    if decision is not None and decision.decided_on is None:
        return "record"
    if respondent.state == "decided" and respondent.track == "ethics":
        return "announce"
    if respondent.state == "decided" and running is not None and running.term == _SENDING:
        return "send"
    if respondent.state == case_decisions.APPEALED and running is not None:
        return _BEFORE_OUTCOME.get(running.term, "appeal_outcome")
    return {
        "proposed": "draft", "decided": "serve", "effective": "execute", "objected": "objection_outcome",
        "appealed": "appeal_outcome",
    }.get(respondent.state, "follow")  # fmt: skip


_SENDING = "pp94-decision-sending"
"""The limit of sending a decision to the last address, after its respondent did not come to receive it."""
_BEFORE_OUTCOME = {
    "pp94-decision-delivery": "serve", _SENDING: "send", "pp79-ppk-response": "answer_appeal",
}  # fmt: skip
_OF_MISSING_STAFF = {"confirm": "await_confirm", "serve": "follow"}
"""What the head of an agency without staff waits for, as it is never his: the second word on what he recorded, and the service."""


def _clocks(respondents: Sequence[CaseRespondent], alone: Collection[int]) -> Mapping[int, CaseClock]:
    """Return of each respondent the clock that ends first, of the authority's own where one runs; none that rests.

    Of the agencies whose head is `alone` none of the service, which is never his.
    """
    runs = Q(next_on__isnull=False) | Q(stage=case_clocks.LONG_OVERDUE)
    keys = [each.pk for each in respondents]
    rows = CaseClock.objects.filter(runs, respondent__in=keys, stopped_on=None).order_by("due_on", "pk")
    of_head = {each.pk for each in respondents if each.agency_id in alone}
    found: dict[int, CaseClock] = {}
    for each in rows:
        if each.respondent_id in of_head and _BEFORE_OUTCOME.get(each.term) == "serve":
            continue
        before = found.get(each.respondent_id)
        own = each.owner == Role.APPOINTING_AUTHORITY
        if before is None or (own and before.owner != Role.APPOINTING_AUTHORITY):
            found[each.respondent_id] = each
    return found


def _hidden(cases: set[int], user: User) -> set[int]:
    """Return the cases among these of which a report leaves somebody out: their own, or one of the case that they stand beside."""
    left_out = CaseReport.objects.filter(report__left_out__key__user=user)
    own = left_out.filter(case__in=cases).values_list("case", flat=True)
    beside = left_out.filter(case__tracks__in=cases).values_list("case__tracks", flat=True)
    return set(own) | set(beside)


def is_of_head(user: User, respondent: CaseRespondent, *, now: datetime) -> bool:
    """Say whether a head of a unit follows the matter of a respondent: he decides on him or did, or leads him directly."""
    if user.person_id is None:
        return False
    if respondent.decisions.filter(signer=user.person_id).exists():
        return True
    if respondent.office is not None:
        seats = offices.seats_of(user, at=clock.instant(at=now))
        if respondent.office_id in seats.office_keys or respondent.office.unit_id in seats.unit_keys:
            return True
    zone = respondent.agency.zone if respondent.agency else clock.WIB
    return case_authority.leads(user, respondent, clock.today(zone))
