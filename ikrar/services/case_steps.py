"""How a step of a case is kept: who reaches a case, who has no part in it, the row of the step with its entry in the log.

Nothing here opens a transaction: what is written belongs to the act that asks for it.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ikrar.domain import access
from ikrar.domain.access import GIVEN_OVER, Grant, Over, Role
from ikrar.domain.cases import answered_on
from ikrar.domain.errors import CaseActRefused, DatesInWrongOrder, DayInFuture
from ikrar.records.kept import KeptObjects, KeptQuery
from ikrar.records.models import (
    Body,
    Case,
    CaseConflict,
    CaseOfficer,
    CaseReferral,
    CaseRespondent,
    CaseStep,
    LogEntry,
    Office,
    RoleGrant,
    StoredFile,
    User,
)
from ikrar.services import accounts, case_lines, clock, ledger, masses, report_exclusions, reports

LONGEST_TEXT = 20_000


def number_of(row: Case | CaseRespondent) -> str:
    """Write a key as addresses and the log have it: 16 hexadecimal digits."""
    return f"{row.pk:016x}"


def region_of(case: Case) -> str:
    """Return the code of the region in which a case lies; empty: the whole country."""
    return (case.agency.region_id if case.agency else "") or reports.region_of(case.body)


def zone_of(case: Case) -> Any:
    """Return the zone in which a case counts its days."""
    return case.agency.zone if case.agency else reports.zone_of_body(case.body)


def today_of(case: Case) -> date:
    """Return the local day where a case lies."""
    return clock.today(zone_of(case))


def digest(text: str) -> str:
    """Return the SHA-256 (hex) of a text: what the log has of words."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def tidy(text: str, most: int = LONGEST_TEXT, *, about: str = "text") -> str:
    """Return a text without blanks around it. Raises CaseActRefused (text) for an empty or a longer one."""
    text = text.strip()
    if not text or len(text) > most:
        raise CaseActRefused("text", about)
    return text


# --- who reaches it ----------------------------------------------------------------------------------------------


READING = frozenset({"case.view", "case.follow", "case.monitor"})
"""What a body keeps of a case that it had, or sent, once another one has it; all else is for whoever has it now."""

_NO_ROLES: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Reach:
    """By which roles somebody reaches a case.

    `here`: over the body that has the case, `before`: over others that had part in it, who read and act no more; `of`: over where
    a respondent serves, by his key: such a role reaches him and no other one of the case. `bodies`, `agencies`: over which.
    """

    here: frozenset[Role] = _NO_ROLES
    before: frozenset[Role] = _NO_ROLES
    of: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    bodies: frozenset[int] = frozenset()
    agencies: frozenset[int] = frozenset()

    @property
    def roles(self) -> frozenset[Role]:
        """Return all roles by which somebody reads anything of the case."""
        return self.here.union(self.before, *self.of.values())

    @property
    def acting(self) -> frozenset[Role]:
        """Return the roles by which somebody does something in the case, whomever of it he reaches."""
        return self.here.union(*self.of.values())

    @property
    def is_whole(self) -> bool:
        """Say whether somebody reads of every respondent: who serves a body that had part does."""
        return bool(self.here or self.before)

    def over(self, respondent: int) -> frozenset[Role]:
        """Return the roles by which somebody does something about a respondent."""
        return self.here | self.of.get(respondent, _NO_ROLES)

    def reads(self, respondent: int) -> frozenset[Role]:
        """Return the roles by which somebody reads of a respondent."""
        return self.over(respondent) | self.before

    def shown(self, rows: QuerySet[CaseRespondent]) -> QuerySet[CaseRespondent]:
        """Return of these respondents those of whom somebody reads."""
        return rows if self.is_whole else rows.filter(pk__in=list(self.of))


def _bodies(case: Case) -> set[int]:
    """Return the bodies that have part in a case: that registered it, that handles it, and those that accepted it in between."""
    found = {case.body_id, case.handler_id or case.body_id}
    for pair in _ANSWERED.rows(case=case.pk):
        found.update(pair)
    return found


def _of_agency(case: Case) -> list[tuple[int, int, int | None]]:
    """Return the respondents who were recommended to their authority: key, agency, place of his unit in its tree."""
    return [(pk, agency, position) for pk, agency, position in _SERVING.rows(case=case.pk)]


_ANSWERED = KeptQuery(
    lambda case: CaseReferral.objects.filter(case=case, state__in=("accepted", "returned")).values_list(
        "from_body", "to_body"
    ),
    "case",
)
_SERVING = KeptQuery(
    lambda case: CaseRespondent.objects.filter(
        Exists(CaseStep.objects.filter(respondent=OuterRef("pk"), step="recommend")), case=case, agency__isnull=False
    ).values_list("pk", "agency", "unit__position"),
    "case",
)


def reach(user: User, case: Case, *, now: datetime) -> Reach:
    """Return the roles by which somebody reaches a case in this minute.

    Officers of a body read what their body has part in, and act in what it has now. Those of an agency reach a respondent who
    serves there once he was recommended to its authority: not while a supervisor still reviews him, and none of another agency. A
    unit's head reaches the matters of those who serve in his units; whoever heads the agency, or stands in for him, all of its:
    the queue is the office's, so a leave moves it by its holder.
    """
    grants = accounts.grants_of(user, now=now)
    overs = {GIVEN_OVER[grant.role] for grant in grants}
    bodies = _bodies(case) if Over.BODY in overs else set()
    of_agency = _of_agency(case) if overs & {Over.AGENCY, Over.SUBTREE} else []
    at = case.handler_id or case.body_id
    here = {grant.role for grant in grants if GIVEN_OVER[grant.role] is Over.BODY and grant.body == at}
    before = {grant.role for grant in grants if GIVEN_OVER[grant.role] is Over.BODY and grant.body in bodies - {at}}
    of: dict[int, frozenset[Role]] = {}
    for respondent, agency, position in of_agency:
        if roles := frozenset(each.role for each in grants if _covers(each, agency, position)):
            of[respondent] = roles
    there = {agency for _respondent, agency, _position in of_agency}
    of_agencies = {each.agency for each in grants if GIVEN_OVER[each.role] is Over.AGENCY and each.agency in there}
    return Reach(
        frozenset(here), frozenset(before), of,
        bodies=frozenset(each.body for each in grants if each.body is not None and each.body in bodies),
        agencies=frozenset(each for each in of_agencies if each is not None),
    )  # fmt: skip


def _covers(grant: Grant, agency: int, position: int | None) -> bool:
    """Say whether a role reaches who serves at that place of an agency."""
    over = GIVEN_OVER[grant.role]
    if grant.agency != agency or over not in (Over.AGENCY, Over.SUBTREE):
        return False
    if over is Over.AGENCY:
        return True
    span = grant.unit_span
    return span is not None and position is not None and span[0] <= position <= span[1]


def could_have(case: Case, permission: str, *, now: datetime) -> list[User]:
    """Return whose given role carries a permission and reaches a case now, by name; who has no part in it is among them."""
    bodies = _bodies(case) if permission in READING else {case.handler_id or case.body_id}
    where = Q(body__in=bodies) | Q(agency__in={agency for _pk, agency, _position in _of_agency(case)})
    roles = [str(each) for each in access.roles_with(permission)]
    grants = RoleGrant.objects.at(now).filter(where, role__in=roles).select_related("user__person")
    found = {each.user_id: each.user for each in grants if each.user.is_active}
    return sorted(found.values(), key=lambda user: user.display_name)


def body_to_act(case: Case) -> Body:
    """Return the body that must act in a case: that it was sent to and that has not answered yet, else the one that has it."""
    sent = case.referrals.filter(state=CaseReferral.State.SENT).select_related("to_body").first()
    return sent.to_body if sent else case.handler or case.body


def lacks_officer(case: Case, roles: Iterable[Role], *, now: datetime, body: Body | None = None) -> bool:
    """Say whether nobody has any of these roles of a body in the body that must act, or in another one of the case (`body`); of
    other roles nothing is said.
    """
    wanted = list(roles)
    if not wanted or any(GIVEN_OVER[each] is not Over.BODY for each in wanted):
        return False
    return roles_at(body or body_to_act(case), now=now).isdisjoint(wanted)


INSTEAD: Mapping[Role, tuple[Role, ...]] = {Role.SUPERVISOR_BODY: (Role.NATIONAL_BODY, Role.INTAKE_OFFICER)}
"""Who acts in a body where nobody has a role that the table names: a body without a supervisor goes ways of its own."""


def roles_at(body: Body, *, now: datetime) -> frozenset[Role]:
    """Return the roles that somebody has over a body."""
    here = RoleGrant.objects.at(now).filter(body=body, user__is_active=True)
    return frozenset(Role(each) for each in here.values_list("role", flat=True))


def in_place_of(role: str, there: Collection[Role]) -> str:
    """Return the role that acts where these are given: the one that is named, or who acts in its place there."""
    named = Role(role)
    instead = (each for each in INSTEAD.get(named, ()) if each in there)
    return role if named in there else str(next(instead, named).value)


_REVIEW = (Role.SUPERVISOR_BODY, Role.NATIONAL_BODY)


def intake_only(bodies: Collection[int], *, now: datetime) -> frozenset[int]:
    """Return which of these bodies take in reports and have nobody who reviews them: they hand a case on to a body that does."""
    if not bodies:
        return frozenset()
    grants = RoleGrant.objects.at(now).filter(
        body__in=bodies, user__is_active=True, role__in=[str(each) for each in _REVIEW]
    )
    return frozenset(bodies) - set(grants.values_list("body", flat=True))


def require(user: User, case: Case, permission: str, *, now: datetime) -> frozenset[Role]:
    """Return by which roles somebody has a permission for something of a case, and has part in it. Raises CaseActRefused."""
    found = reach(user, case, now=now)
    roles = (found.roles if permission in READING else found.acting) & access.roles_with(permission)
    return _required(roles, user, case)


def require_for(user: User, respondent: CaseRespondent, permission: str, *, now: datetime) -> frozenset[Role]:
    """Return by which roles somebody has a permission for a respondent, and has part in his case. Raises CaseActRefused."""
    found = reach(user, respondent.case, now=now)
    roles = found.reads(respondent.pk) if permission in READING else found.over(respondent.pk)
    return _required(roles & access.roles_with(permission), user, respondent.case)


def require_reports(user: User, case: Case, *, now: datetime) -> None:
    """See that somebody may put reports of his body into a case, and bring something out of them.

    That stays with the body that registered the case, whose reports these are, also while another one has it. Raises
    CaseActRefused.
    """
    grants = accounts.grants_of(user, now=now)
    roles = {each.role for each in grants if each.body in (case.body_id, case.handler_id) and each.body is not None}
    _required(frozenset(roles) & access.roles_with("case.register"), user, case)


def _required(roles: frozenset[Role], user: User, case: Case) -> frozenset[Role]:
    if not roles:
        raise CaseActRefused("not_yours")
    refuse_conflict(user, case)
    return roles


def conflict(user: User, case: Case) -> str:
    """Say why somebody has no part in a case; empty: nothing is known that keeps him out.

    He is its respondent; he recused himself or somebody said a conflict of him; or a report in it leaves him out. Of the last the
    word is `excluded`, which says no more than what the missing key says anyway.
    """
    if user.person_id and _ACCUSED.rows(case=case.pk, person=user.person_id):
        return "accused"
    found = _CONFLICTS.rows(case=case.pk, user=user.pk)
    if user.person_id:
        found += _CONFLICTS_OF_PERSON.rows(case=case.pk, person=user.person_id)
    if found:
        return str(found[0].why)
    if user.pk in excluded_from(case):
        return "excluded"
    return ""


_ACCUSED = KeptQuery(
    lambda case, person: (
        CaseRespondent.objects.filter(case=case, person=person)
        .exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY)
        .values_list("pk")[:1]
    ),
    "case",
    "person",
)
_CONFLICTS = KeptQuery(
    lambda case, user: CaseConflict.objects.filter(case=case, user=user, lifted_at=None).values_list("why")[:1],
    "case",
    "user",
)
_CONFLICTS_OF_PERSON = KeptQuery(
    lambda case, person: CaseConflict.objects.filter(case=case, person=person, lifted_at=None).values_list("why")[:1],
    "case",
    "person",
)


def excluded_from(case: Case) -> frozenset[int]:
    """Return the users whom a report of a case leaves out."""
    return report_exclusions.known_of_case(case.pk)


def refuse_conflict(user: User, case: Case) -> None:
    """See that somebody may have part in a case. Raises CaseActRefused (own_matter, relative, conflict)."""
    why = conflict(user, case)
    if why:
        raise CaseActRefused({"accused": "own_matter", "relative": "relative"}.get(why, "conflict"))


# --- what is written ---------------------------------------------------------------------------------------------


def lock(case: int) -> Case:
    """Hold a case for the act of this transaction, as it is now. Raises Case.DoesNotExist."""
    held: Case | None = _HELD.first(case=case)
    if held is None:
        raise Case.DoesNotExist
    return held


_HELD = KeptObjects(
    lambda case: (
        Case.objects.select_for_update(of=("self",))
        .select_related("agency__region", "body__agency", "body__region")
        .filter(pk=case)
    ),
    "case",
)


def check_day(on: date, case: Case, *, not_before: date | None = None) -> None:
    """See that something happened by today, and not before what it follows. Raises DayInFuture, DatesInWrongOrder."""
    if on > today_of(case):
        raise DayInFuture(on)
    if not_before is not None and on < not_before:
        raise DatesInWrongOrder(not_before, on)


@dataclass(frozen=True)
class Doing:
    """Who does something, by which role, and on which day it happened. `by` None: the clock."""

    by: User | None
    on: date
    now: datetime
    role: str = ""
    office: Office | None = None
    capacity: str = ""


def write(
    case: Case,
    step: str,
    doing: Doing,
    *,
    respondent: CaseRespondent | None = None,
    old: str = "",
    new: str = "",
    facts: Mapping[str, Any] | None = None,
    document: StoredFile | None = None,
    document_digest: str = "",
) -> CaseStep:
    """Write one step with its entry in the log, inside the caller's transaction: ids, days and digests there, never a word."""
    said = {
        "case": number_of(case), "respondent": respondent and number_of(respondent), "step": step, "from": old, "to": new,
        "on": doing.on.isoformat(), "by": doing.by and doing.by.pk, "role": doing.role,
        "office": doing.office and doing.office.pk, "facts_sha256": digest(_canonical(facts or {})),
        "document": document_digest or (document.digest if document else ""),
    }  # fmt: skip
    entry = ledger.append("case.step_taken", said, now=doing.now, zone=zone_of(case))
    return keep(
        case, step, doing, entry, respondent=respondent, old=old, new=new, facts=facts, document=document,
        document_digest=str(said["document"]),
    )  # fmt: skip


def keep(
    case: Case,
    step: str,
    doing: Doing,
    entry: LogEntry,
    *,
    respondent: CaseRespondent | None = None,
    old: str = "",
    new: str = "",
    facts: Mapping[str, Any] | None = None,
    document: StoredFile | None = None,
    document_digest: str = "",
) -> CaseStep:
    """Write one step whose act has its own entry in the log already; the act holds the case, so that each step has its place."""
    last = _LAST.first(case=case.pk)
    return CaseStep.objects.create(
        case=case, respondent=respondent, step=step, from_state=old, to_state=new, by=doing.by, role=doing.role,
        office=doing.office, capacity=doing.capacity, at=doing.now, on=doing.on, facts=dict(facts or {}), document=document,
        document_digest=document_digest, entry_id=entry.pk, serial=last.serial + 1 if last else 1,
    )  # fmt: skip


_LAST = KeptQuery(lambda case: CaseStep.objects.filter(case=case).order_by("-serial").values_list("serial")[:1], "case")
TAKEN = ("at", "on", "serial", "pk")
"""The order in which steps of a case were taken: those of one moment by day and place; those of a night have no place."""
LATEST_FIRST = tuple(f"-{each}" for each in TAKEN)


def _canonical(facts: Mapping[str, Any]) -> str:
    return "\n".join(f"{name}={facts[name]!r}" for name in sorted(facts))


def renew_lines(respondents: Iterable[int]) -> None:
    """Repeat at respondents, and in the lines of the board, what clocks, steps and referrals of their cases say."""
    case_lines.renew(CaseRespondent.objects.filter(pk__in=list(respondents)).values_list("case", flat=True))


def officers(case: Case) -> list[CaseOfficer]:
    """Return who works on a case now."""
    return list(case.officers.filter(until_at=None).select_related("user__person").order_by("from_at", "pk"))


def examiners(respondent: CaseRespondent, *, now: datetime) -> list[CaseOfficer]:
    """Return who examines a respondent: of those who work on his case whoever reaches him, and none of another agency."""
    found = [each for each in officers(respondent.case) if each.duty != CaseOfficer.Duty.DRAFTER]
    if len({agency for _pk, agency, _position in _of_agency(respondent.case)}) < 2:
        return found
    return [each for each in found if reach(each.user, respondent.case, now=now).over(respondent.pk)]


def roles_of_examiners(respondent: CaseRespondent) -> frozenset[Role]:
    """Return by which roles somebody examines a respondent: once his authority was asked that is for an agency to do."""
    at_authority = {pk for pk, _agency, _position in _of_agency(respondent.case)}
    return frozenset({Role.EXAMINER}) if respondent.pk in at_authority else access.roles_with("case.examine")


def examines(user: User, respondent: CaseRespondent, *, now: datetime) -> bool:
    """Say whether somebody examines a respondent: it was given to him, and he has the role of those who do so now."""
    if all(each.user_id != user.pk for each in examiners(respondent, now=now)):
        return False
    return bool(reach(user, respondent.case, now=now).over(respondent.pk) & roles_of_examiners(respondent))


def team(respondent: CaseRespondent, *, now: datetime) -> list[CaseOfficer]:
    """Return the team that examines a respondent: whom his own agency named for an element of it, and who still serves there."""
    named = [each for each in officers(respondent.case) if each.duty == CaseOfficer.Duty.TEAM and each.element]
    serving = RoleGrant.objects.at(now).filter(
        user__in=[each.user_id for each in named], agency=respondent.agency_id,
        role__in=[str(role) for role in access.roles_with("case.examine")],
    )  # fmt: skip
    known = set(serving.values_list("user", flat=True)) if named else set()
    return [each for each in named if each.user_id in known]


def lacking_elements(respondent: CaseRespondent, *, now: datetime) -> tuple[str, ...]:
    """Return the elements that a team for a respondent lacks still: the superior, oversight, personnel (pp-94-2021 Pasal 27)."""
    there = {each.element for each in team(respondent, now=now)}
    return tuple(each for each in CaseOfficer.Element.values if each not in there)


# --- whom and what a case is about -------------------------------------------------------------------------------


def alleged_of(respondent: CaseRespondent) -> list[tuple[str, date, str]]:
    """Return what somebody is said to have done that is a breach on the track of his case: act, day, level."""
    standing = respondent.allegations.filter(struck_at=None).values_list("act", "on", "level", "kind")
    track, employment = respondent.track, respondent.employment
    return [(act, on, level) for act, on, level, kind in standing if track in answered_on(kind, employment)]


def respondents_of(case: Case) -> set[int]:
    """Return the people who are respondents of a case; who was entered wrongly is none."""
    rows = case.respondents.exclude(person=None).exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY)
    return set(rows.values_list("person", flat=True))


def people_out(cases: Iterable[int]) -> dict[int, set[int]]:
    """Return the people who have no part in each of these cases: its respondents, and of whom a conflict stands."""
    found: dict[int, set[int]] = {}
    wanted = masses.among(list(cases))
    respondents = CaseRespondent.objects.filter(case__in=wanted).exclude(person=None)
    respondents = respondents.exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY)
    for case, person in respondents.values_list("case", "person"):
        found.setdefault(case, set()).add(person)
    standing = CaseConflict.objects.filter(
        Q(person__isnull=False) | Q(user__person__isnull=False), case__in=wanted, lifted_at=None
    )
    for case, person, of_user in standing.values_list("case", "person", "user__person"):
        found.setdefault(case, set()).add(person or of_user)
    return found
