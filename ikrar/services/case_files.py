"""What lies in a case file: allegations with what the rulebook answered, evidence, notes, tasks, officers, and who has no part.

What comes out of a sealed report comes by an officer's act, part by part; its identity never does: there is no field for one.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from ikrar.domain import access
from ikrar.domain.access import GIVEN_OVER, Over, Role
from ikrar.domain.assessment import Assessment
from ikrar.domain.days import in_words
from ikrar.domain.errors import CaseActRefused
from ikrar.domain.offices import CONFLICTS, LADDER
from ikrar.domain.roster import Level
from ikrar.records.models import (
    Agency,
    Body,
    Case,
    CaseAllegation,
    CaseConflict,
    CaseEvidence,
    CaseNote,
    CaseOfficer,
    CaseRespondent,
    CaseStep,
    CaseTask,
    Holding,
    Person,
    Placement,
    Report,
    ReportAct,
    ReportLeftOut,
    ReportPart,
    ReportReader,
    RoleGrant,
    StoredFile,
    User,
)
from ikrar.services import accounts, case_authority, case_queue, case_steps, clock, ledger, masses, notices, rules
from ikrar.services.case_steps import Doing, Reach, number_of

Duty, Element = CaseOfficer.Duty, CaseOfficer.Element
_BROUGHT_OUT = (ReportPart.Kind.CONTENT, ReportPart.Kind.FILE, ReportPart.Kind.MESSAGE)
WORKS_BY = {Duty.EXAMINER: "case.examine", Duty.TEAM: "case.examine", Duty.DRAFTER: "case.draft"}


def _said(case: Case, data: Mapping[str, Any], by: User) -> dict[str, Any]:
    return {"case": number_of(case), **data, "by": by.pk}


# --- allegations -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Alleged:
    """What somebody is said to have done: an act of the rulebook on a day at a place, perhaps in an election."""

    act: str
    on: date
    place: str
    gist: str = ""
    election: str = ""
    candidate_status: str = ""


def verdict(found: Assessment) -> dict[str, Any]:
    """Return an answer of the rulebook as it is kept with an allegation."""
    return {
        "act": found.act, "form": found.form, "kind": found.kind, "level": found.level,
        "standing": found.standing.value if found.standing else None, "sanctions": list(found.sanctions),
        "cites": [[each.source, each.at, each.purpose] for each in found.cites], "stage": found.stage,
        "candidate_status": found.candidate_status, "confidence": found.confidence.value if found.confidence else None,
        "reasons": [[each.code, dict(each.values)] for each in found.reasons],
        "readings": len(found.readings), "also": [verdict(each) for each in found.also],
    }  # fmt: skip


@transaction.atomic(durable=True)
def state_allegation(respondent: CaseRespondent, alleged: Alleged, *, by: User, now: datetime) -> CaseAllegation:
    """State what a respondent is said to have done, with what the rulebook answers today, kept with its digest.

    Raises CaseActRefused (not_yours, conflict, closed, decided, text), DayInFuture, and what domain.assessment.assess raises.
    """
    case = respondent.case = case_steps.lock(respondent.case_id)
    case_steps.require_for(by, respondent, "case.examine", now=now)
    made = add_allegation(case, respondent, alleged, by=by, now=now)
    _renew_owners(respondent, by=by, now=now)
    return made


def _renew_owners(respondent: CaseRespondent, *, by: User, now: datetime) -> None:
    """Repeat whose step is next, which may be another's by how grave is what he is said to have done."""
    case_steps.renew_lines([respondent.pk])
    case_queue.renew(respondent.pk, by=by, now=now)


def add_allegation(
    case: Case, respondent: CaseRespondent, alleged: Alleged, *, by: User, now: datetime
) -> CaseAllegation:
    """State an allegation inside the caller's transaction (see state_allegation)."""
    if respondent.outcome != CaseRespondent.Outcome.OPEN:
        raise CaseActRefused("closed")
    _refuse_decided(respondent)
    case_steps.check_day(alleged.on, case)
    place = case_steps.tidy(alleged.place, 200, about="place")
    found = rules.assess(
        rules.Person(respondent.employment, respondent.post), alleged.on, act=alleged.act, election_id=alleged.election,
        candidate_status=alleged.candidate_status or None, region=case_steps.region_of(case),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made = CaseAllegation.objects.create(
                respondent=respondent, act=alleged.act, on=alleged.on, place=place, gist=alleged.gist.strip(),
                election=alleged.election, candidate_status=found.candidate_status or "", kind=found.kind,
                level=found.level, verdict=verdict(found), rulebook_digest=rules.book().digest, stated_by=by, stated_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise CaseActRefused("evidence", "allegation") from None
    said = {"respondent": number_of(respondent), "allegation": f"{made.pk:016x}", "act": made.act, "on": made.on.isoformat(),
            "gist_sha256": case_steps.digest(made.gist), "rulebook": made.rulebook_digest}  # fmt: skip
    ledger.append("case.allegation_stated", _said(case, said, by), now=now, zone=case_steps.zone_of(case))
    return made


def _refuse_decided(respondent: CaseRespondent) -> None:
    """See that what a respondent is said to have done was not decided on yet. Raises CaseActRefused (decided)."""
    if is_decided(respondent):
        raise CaseActRefused("decided")


def is_decided(respondent: CaseRespondent) -> bool:
    """Say whether a decision on a respondent was taken, also where an outcome left nothing of it."""
    return bool(respondent.decisions.exclude(decided_on=None).exists())


@transaction.atomic(durable=True)
def strike_allegation(allegation: CaseAllegation, *, reason: str, by: User, now: datetime) -> None:
    """Strike an allegation that was stated wrongly; it stays in the file, struck. Raises CaseActRefused (…, decided)."""
    case = allegation.respondent.case = case_steps.lock(allegation.respondent.case_id)
    case_steps.require_for(by, allegation.respondent, "case.examine", now=now)
    _refuse_decided(allegation.respondent)
    reason = case_steps.tidy(reason, 500, about="reason")
    if not CaseAllegation.objects.filter(pk=allegation.pk, struck_at=None).update(struck_at=now):
        raise CaseActRefused("changed")
    said = {"allegation": f"{allegation.pk:016x}", "reason_sha256": case_steps.digest(reason)}
    entry = ledger.append("case.allegation_struck", _said(case, said, by), now=now, zone=case_steps.zone_of(case))
    doing = Doing(by, case_steps.today_of(case), now)
    facts = {"allegation": f"{allegation.pk:016x}", "reason": reason}
    case_steps.keep(case, "allegation_struck", doing, entry, respondent=allegation.respondent, facts=facts)
    _renew_owners(allegation.respondent, by=by, now=now)


# --- evidence, notes, tasks --------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def bring_out(
    case: Case,
    report: Report,
    part: int,
    *,
    label: str,
    text: str = "",
    file: StoredFile | None = None,
    by: User,
    now: datetime,
) -> CaseEvidence:
    """Put into a case what an officer brings out of one part of a sealed report of it: what he wrote of it, or a file he saved.

    Nobody brings out of a report what he did not open himself, and nobody the part with the identity. Raises CaseActRefused
    (not_yours, conflict, unopened, evidence, text).
    """
    case = case_steps.lock(case.pk)
    case_steps.require_reports(by, case, now=now)
    readers = ReportReader.objects.filter(report=report, key__user=by, key__dropped_at=None)
    if not case.case_reports.filter(report=report).exists() or not readers.exists():
        raise CaseActRefused("not_yours")
    if not ReportAct.objects.filter(report=report, kind=ReportAct.Kind.OPENED, user=by).exists():
        raise CaseActRefused("unopened")
    found = ReportPart.objects.filter(report=report, pk=part, kind__in=_BROUGHT_OUT).first()
    if found is None:
        raise CaseActRefused("evidence", "part")
    return _put(case, label, text, file, by=by, now=now, report=report, part_digest=found.digest)


@transaction.atomic(durable=True)
def add_evidence(
    case: Case, *, label: str, text: str = "", file: StoredFile | None = None, by: User, now: datetime
) -> CaseEvidence:
    """Put a file or words into a case that came from no report. Raises CaseActRefused (not_yours, conflict, evidence, text)."""
    case = case_steps.lock(case.pk)
    case_steps.require(by, case, "case.examine", now=now)
    return _put(case, label, text, file, by=by, now=now)


REPLY = "Jawaban terlapor"
"""How the label of what a respondent answered begins; the papers of a case are Indonesian."""


@transaction.atomic(durable=True)
def record_reply(
    respondent: CaseRespondent, *, on: date, text: str = "", file: StoredFile | None = None, by: User, now: datetime
) -> CaseEvidence:
    """Put into a case what a respondent answered on a day: his words, a file, or both. Only those who examine him write it.

    Raises CaseActRefused (not_yours, conflict, not_examiner, closed, evidence, text), DayInFuture, DatesInWrongOrder.
    """
    case = respondent.case = case_steps.lock(respondent.case_id)
    case_steps.require_for(by, respondent, "case.examine", now=now)
    if not case_steps.examines(by, respondent, now=now):
        raise CaseActRefused("not_examiner")
    case_steps.check_day(on, case, not_before=case.opened_on)
    name = respondent.person.full_name if respondent.person else respondent.described
    label = f"{REPLY} {name}, {in_words(on)}"
    return _put(case, label[:200], text, file, by=by, now=now, respondent=respondent)


def replies_of_others(case: Case, respondents: Iterable[int]) -> set[int]:
    """Return the evidence of a case that is the answer of none of these respondents, but of others."""
    rows = case.evidence.exclude(respondent=None).exclude(respondent__in=list(respondents))
    return set(rows.values_list("pk", flat=True))


def _put(
    case: Case, label: str, text: str, file: StoredFile | None, *, by: User, now: datetime, report: Report | None = None,
    part_digest: str = "", respondent: CaseRespondent | None = None,
) -> CaseEvidence:  # fmt: skip
    if case.closed_on:
        raise CaseActRefused("closed")
    label, text = case_steps.tidy(label, 200, about="label"), text.strip()
    if file is None:
        text = case_steps.tidy(text)
    digest = file.digest if file else hashlib.sha256(text.encode("utf-8")).hexdigest()
    try:
        with transaction.atomic():
            made = CaseEvidence.objects.create(
                case=case,
                report=report,
                part_digest=part_digest,
                label=label,
                text=text,
                file=file,
                digest=digest,
                respondent=respondent,
                by=by,
                at=now,
            )
    except IntegrityError:
        raise CaseActRefused("evidence", "there") from None
    ledger.append(
        "case.evidence_added",
        _said(case, {"evidence": f"{made.pk:016x}", "digest": digest, "part": part_digest}, by),
        now=now,
        zone=case_steps.zone_of(case),
    )
    return made


@transaction.atomic(durable=True)
def add_note(case: Case, text: str, *, by: User, now: datetime) -> CaseNote:
    """Put a note into a case for those who handle it on the writer's side. Raises CaseActRefused (not_yours, conflict, text)."""
    case = case_steps.lock(case.pk)
    case_steps.require(by, case, "case.view", now=now)
    side = side_of(case, case_steps.reach(by, case, now=now))
    made = CaseNote.objects.create(
        case=case, text=case_steps.tidy(text), by=by, at=now,
        body=side if isinstance(side, Body) else None, agency=side if isinstance(side, Agency) else None,
    )  # fmt: skip
    ledger.append(
        "case.note_added",
        _said(case, {"note_sha256": case_steps.digest(made.text)}, by),
        now=now,
        zone=case_steps.zone_of(case),
    )
    return made


def side_of(case: Case, reach: Reach) -> Body | Agency | None:
    """Return for whom somebody handles a case: a body, the one that has the case first, or an agency; None: for nobody."""
    bodies = Body.objects.filter(pk__in=reach.bodies)
    found = sorted(bodies, key=lambda body: (body.pk != case.handler_id, body.pk != case.body_id, body.pk))
    if found:
        return found[0]
    agencies = Agency.objects.filter(pk__in=reach.agencies)
    return next(iter(sorted(agencies, key=lambda agency: (agency.pk != case.agency_id, agency.pk))), None)


def notes_for(case: Case, user: User, reach: Reach) -> QuerySet[CaseNote]:
    """Return the notes of a case that somebody reads: those of his own side, and his own."""
    return case.notes.filter(Q(body__in=reach.bodies) | Q(agency__in=reach.agencies) | Q(by=user))


def has_reports(case: Case, reach: Reach) -> bool:
    """Say whether somebody serves the body that has the reports of a case: nobody else learns how many there are, and of when."""
    return case.body_id in reach.bodies


def steps_for(case: Case, reach: Reach) -> QuerySet[CaseStep]:
    """Return what happened in a case as somebody is shown it: of the case itself and
    of the respondents whom he reaches; when a report came, only to the body that has it.
    """
    rows = case.steps.all() if has_reports(case, reach) else case.steps.exclude(step="report_added")
    return rows if reach.is_whole else rows.filter(Q(respondent=None) | Q(respondent__in=list(reach.of)))


@transaction.atomic(durable=True)
def give_task(case: Case, text: str, owner: User, due_on: date, *, by: User, now: datetime) -> CaseTask:
    """Give somebody who reaches the case something to do by a day. Raises CaseActRefused (not_yours, conflict, text, dates)."""
    case = case_steps.lock(case.pk)
    case_steps.require(by, case, "case.examine", now=now)
    case_steps.require(owner, case, "case.view", now=now)
    if due_on < case_steps.today_of(case):
        raise CaseActRefused("dates", "due_on")
    text = case_steps.tidy(text, 300)
    made = CaseTask.objects.create(case=case, text=text, owner=owner, due_on=due_on, given_by=by, given_at=now)
    ledger.append(
        "case.task_given",
        _said(case, {"task": f"{made.pk:016x}", "owner": owner.pk, "due": due_on.isoformat()}, by),
        now=now,
        zone=case_steps.zone_of(case),
    )
    return made


@transaction.atomic(durable=True)
def finish_task(task: CaseTask, *, by: User, now: datetime) -> None:
    """Mark a task as done, by its owner. Raises CaseActRefused (not_yours, changed)."""
    case = case_steps.lock(task.case_id)
    if task.owner_id != by.pk:
        raise CaseActRefused("not_yours")
    case_steps.require(by, case, "case.view", now=now)
    if not CaseTask.objects.filter(pk=task.pk, done_at=None).update(done_at=now):
        raise CaseActRefused("changed")
    ledger.append(
        "case.task_done", _said(case, {"task": f"{task.pk:016x}"}, by), now=now, zone=case_steps.zone_of(case)
    )


# --- officers, and who has no part in it -------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """For whom somebody arranges who works on a case, and who has no part in it: the body that has it, or agencies."""

    body: int | None = None
    agencies: frozenset[int] = frozenset()

    @property
    def grants(self) -> QuerySet[RoleGrant]:
        """Return the roles that were ever given on this side."""
        here = Q(body=self.body) if self.body is not None else Q(agency__in=self.agencies)
        return RoleGrant.objects.filter(here)


def side_that_assigns(case: Case, by: User, *, now: datetime) -> Side:
    """Return for whom somebody arranges who works on a case."""
    reach, assigns = case_steps.reach(by, case, now=now), access.roles_with("case.assign")
    if reach.here & assigns:
        return Side(body=case.handler_id or case.body_id)
    found = case.respondents.filter(pk__in=[pk for pk, roles in reach.of.items() if roles & assigns])
    return Side(agencies=frozenset(found.exclude(agency=None).values_list("agency", flat=True)))


def is_for_agency(case: Case) -> bool:
    """Say whether all who stand in a case were recommended to their authority, so that to examine them is for an agency to give."""
    standing = case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN)
    return all(case_steps.roles_of_examiners(each) == {Role.EXAMINER} for each in standing)


def may_give(case: Case, by: User, *, now: datetime) -> bool:
    """Say whether somebody's side gives the examination of a case now: while a body reviews it that body, then its agencies."""
    side = side_that_assigns(case, by, now=now)
    return bool(side.agencies) or (side.body is not None and not is_for_agency(case))


def workers(case: Case, by: User, permission: str, *, now: datetime) -> list[User]:
    """Return whom somebody may give work on a case that asks for a permission: people of his own side, by name.

    Nobody where that is not for his side to give (see may_give).
    """
    if not may_give(case, by, now=now):
        return []
    here = set(_on_side(case, by, permission, now=now).values_list("user", flat=True))
    return [each for each in case_steps.could_have(case, permission, now=now) if each.pk in here]


def _on_side(case: Case, by: User, permission: str, *, now: datetime) -> QuerySet[RoleGrant]:
    roles = [str(each) for each in access.roles_with(permission)]
    return side_that_assigns(case, by, now=now).grants.at(now).filter(role__in=roles)


@transaction.atomic(durable=True)
def assign(
    case: Case, user: User, duty: str, *, element: str = "", why: str = "", by: User, now: datetime
) -> CaseOfficer:
    """Give somebody of one's own side the examination of a case, a place in its team, or its drafting.

    A member of a team is named for the `element` that he stands for in it, nobody else for any; several may stand for oversight
    or personnel, which are units, while each respondent has one direct superior. `why`: why somebody stands for the direct
    superior, or examines where no team does, who is none by the records of the day; it is told in the case and on the paper of
    its decision. Raises CaseActRefused: not_yours, text (`why` is required and none), no_role (he
    has none that such work asks for), other_side, conflict, own_matter, relative, superior (he serves under a respondent), rank
    (his post is below that of a respondent: peraturan-bkn-6-2022 Pasal 29), element, element_taken, assigned, closed,
    of_agency (all who stand in it were recommended to their authority: who examines them then is for their agency to say).
    """
    case = case_steps.lock(case.pk)
    case_steps.require(by, case, "case.assign", now=now)
    if case.closed_on or duty not in Duty.values:
        raise CaseActRefused("closed")
    if (duty == Duty.TEAM) != (element in Element.values):
        raise CaseActRefused("element")
    if duty != Duty.DRAFTER and not may_give(case, by, now=now):
        raise CaseActRefused("of_agency")
    _refuse_without_role(case, user, WORKS_BY[Duty(duty)], by=by, now=now)
    if duty != Duty.DRAFTER:
        _refuse_below(case, user, now)
    if element == Element.SUPERIOR:
        _refuse_further_superior(case, by=by, now=now)
    named = _not_of_records(case, user, duty, element, by=by, now=now)
    if named and not (why.strip() or _is_prepared_for_a_team(case, element)):
        raise CaseActRefused("text", "why")
    why = case_steps.tidy(why, 500, about="why") if named and why.strip() else ""
    try:
        with transaction.atomic():
            made = CaseOfficer.objects.create(
                case=case, user=user, duty=duty, element=element, from_at=now, given_by=by
            )
    except IntegrityError:
        raise CaseActRefused("assigned") from None
    ledger.append(
        "case.officer_assigned",
        _said(case, {"user": user.pk, "duty": str(duty)} | ({"element": str(element)} if element else {}), by),
        now=now,
        zone=case_steps.zone_of(case),
    )
    if why:
        facts = {"assigned": user.display_name, "of-records": ", ".join(named), "reason": why, "user": user.pk}
        case_steps.write(case, APART, Doing(by, case_steps.today_of(case), now), facts=facts)
    told = {"number": case.number, "case": case_steps.number_of(case)}
    notices.tell_accounts([user], "case_assigned", told, link="", now=now)
    case_queue.renew_all(case, by=by, now=now)
    return made


APART = "examiner_apart"
"""What the timeline calls it that somebody examines as direct superior who is none by the records."""


def _not_of_records(case: Case, user: User, duty: str, element: str, *, by: User, now: datetime) -> list[str]:
    """Return who by the records examines the respondents of an agency as their superior, where somebody else is to do it.

    Asked of who stands for the superior in a team, and of who examines without one (pp-94-2021 Pasal 27). Nothing where the
    records name nobody, and for a body, which only reviews.
    """
    side = side_that_assigns(case, by, now=now)
    if side.body is not None or case.track != "discipline" or duty == Duty.DRAFTER:
        return []
    rows = case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN, agency__in=side.agencies)
    found: dict[int, str] = {}
    for each in rows.select_related("person", "unit", "agency__region").order_by("pk")[:_MOST_ASKED]:
        each.case = case
        if element == Element.SUPERIOR or duty == Duty.EXAMINER:
            placed = case_authority.superior_of_records(each)
            found |= {placed.person_id: placed.person.full_name} if placed else {}
    return [] if user.person_id in found else list(found.values())


def _is_prepared_for_a_team(case: Case, element: str) -> bool:
    """Say whether an examiner of a case only prepares what a team examines, for whose superior a reason is asked then."""
    standing = case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN)
    return element != Element.SUPERIOR and all(case_queue.is_heavy(each) for each in standing)


_MOST_ASKED = 50


@dataclass(frozen=True)
class Apart:
    """Who examines as direct superior without being it by the records, whom they name, and the reason that was given for it."""

    user: User
    of_records: str
    why: str


def apart(respondent: CaseRespondent, *, now: datetime) -> list[Apart]:
    """Return who examines a respondent in the place of his direct superior, as it stands now; nobody where he does it himself."""
    if respondent.track != "discipline" or case_steps.roles_of_examiners(respondent) != {Role.EXAMINER}:
        return []
    there = [each for each in case_steps.team(respondent, now=now) if each.element == Element.SUPERIOR]
    if not there:
        there = [each for each in case_steps.examiners(respondent, now=now) if each.duty == Duty.EXAMINER]
    placed = case_authority.superior_of_records(respondent) if there else None
    if placed is None or any(each.user.person_id == placed.person_id for each in there):
        return []
    rows = respondent.case.steps.filter(step=APART).order_by(*case_steps.TAKEN)
    told = {each.facts.get("user"): str(each.facts.get("reason", "")) for each in rows}
    return [Apart(each.user, placed.person.full_name, told.get(each.user_id, "")) for each in there]


def _refuse_without_role(case: Case, user: User, permission: str, *, by: User, now: datetime) -> None:
    """See that somebody has a role by which he may be given work, on the side of who gives it.

    Raises CaseActRefused (no_role, with those of this side; other_side, and what case_steps.refuse_conflict raises).
    """
    roles, granted = access.roles_with(permission), {grant.role for grant in accounts.grants_of(user, now=now)}
    if roles.isdisjoint(granted):
        over = Over.BODY if side_that_assigns(case, by, now=now).body is not None else Over.AGENCY
        raise CaseActRefused("no_role", ",".join(sorted(str(each) for each in roles if GIVEN_OVER[each] is over)))
    if roles.isdisjoint(case_steps.reach(user, case, now=now).acting):
        raise CaseActRefused("other_side")
    case_steps.refuse_conflict(user, case)
    if not _on_side(case, by, permission, now=now).filter(user=user).exists():
        raise CaseActRefused("other_side")


def _refuse_further_superior(case: Case, *, by: User, now: datetime) -> None:
    """See that no more stand for the direct superior than there are respondents on a side. Raises CaseActRefused."""
    side = side_that_assigns(case, by, now=now)
    there = case.officers.filter(until_at=None, element=Element.SUPERIOR, user__in=side.grants.at(now).values("user"))
    led = case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN)
    if side.body is None:
        led = led.filter(agency__in=side.agencies)
    if there.count() >= led.count():
        raise CaseActRefused("element_taken")


def _refuse_below(case: Case, user: User, now: datetime) -> None:
    """See that nobody examines whom he serves under, or who stands above him. Raises CaseActRefused (superior, rank).

    Asked of those whom he would examine: not of the respondents of another agency, nor of one who was entered wrongly.
    """
    if user.person_id is None:
        return
    day = case_steps.today_of(case)
    own = Placement.objects.on(day).filter(person=user.person_id).select_related("unit").first()
    if own is None:
        return
    reach = case_steps.reach(user, case, now=now)
    standing = case.respondents.exclude(person=None).exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY)
    for each in standing:
        if not reach.over(each.pk):
            continue
        heads = Placement.objects.on(day).heading().filter(person=each.person_id, unit__agency=own.unit.agency_id)
        if own.superior_id == each.person_id or heads.filter(
            unit__position__lte=own.unit.position, unit__last_position__gte=own.unit.position
        ).exists():  # fmt: skip
            raise CaseActRefused("superior")
        on_ladder = own.level in LADDER and each.post_level in LADDER and case.track == "discipline"
        if on_ladder and LADDER.index(Level(own.level)) > LADDER.index(Level(each.post_level)):
            raise CaseActRefused("rank")


@transaction.atomic(durable=True)
def withdraw(officer: CaseOfficer, *, by: User, now: datetime) -> None:
    """Take off a case somebody who was given it on one's own side. Raises CaseActRefused (not_yours, other_side, conflict,
    not_assigned).
    """
    case = case_steps.lock(officer.case_id)
    case_steps.require(by, case, "case.assign", now=now)
    if officer not in ended_by(case, [officer], by, now=now):
        raise CaseActRefused("other_side")
    if not _end(case, officer.user, by=by, now=now):
        raise CaseActRefused("not_assigned")
    case_queue.renew_all(case, by=by, now=now)


def ended_by(case: Case, officers: Iterable[CaseOfficer], by: User, *, now: datetime) -> list[CaseOfficer]:
    """Return whose work on a case somebody may end: of those who were on his own side when it was given to them."""
    side = side_that_assigns(case, by, now=now)
    return [each for each in officers if side.grants.at(each.from_at).filter(user=each.user_id).exists()]


def _end(case: Case, user: User | None, *, by: User, now: datetime) -> int:
    rows = CaseOfficer.objects.filter(case=case, user=user, until_at=None) if user else CaseOfficer.objects.none()
    ended = rows.update(until_at=now)
    if ended and user:
        ledger.append(
            "case.officer_withdrawn", _said(case, {"user": user.pk}, by), now=now, zone=case_steps.zone_of(case)
        )
    return ended


@transaction.atomic(durable=True)
def recuse(case: Case, *, why: str, by: User, now: datetime) -> CaseConflict:
    """Step back from a case: whoever says so of himself has no part from now on. Raises CaseActRefused (not_yours, reason)."""
    case = case_steps.lock(case.pk)
    if not case_steps.reach(by, case, now=now).roles:
        raise CaseActRefused("not_yours")
    user, person = (None, by.person) if by.person_id else (by, None)  # whatever account he uses
    return _conflict(case, CaseConflict.Kind.RECUSED, why, user=user, person=person, by=by, now=now)


@transaction.atomic(durable=True)
def state_conflict(
    case: Case, *, why: str, user: User | None = None, person: Person | None = None, by: User, now: datetime
) -> CaseConflict:
    """Say that somebody has no part in a case: an officer of one's own side, or whoever would decide.

    Raises CaseActRefused (not_yours, other_side, reason).
    """
    case = case_steps.lock(case.pk)
    case_steps.require(by, case, "case.assign", now=now)
    if not sayable(case, by, [each for each in (user, person) if each is not None], now=now):
        raise CaseActRefused("other_side")
    if user is not None and user.person_id:
        user, person = None, user.person  # whatever account he uses
    return _conflict(case, CaseConflict.Kind.CONFLICT, why, user=user, person=person, by=by, now=now)


def sayable(case: Case, by: User, whom: Iterable[User | Person], *, now: datetime) -> list[User | Person]:
    """Return of whom somebody may say that he has no part in a case, and take that back.

    An agency says it of those who serve there, and of nobody who serves a body: it keeps none of its overseers out. A body says it
    of its own officers and of people who serve none; those of another body step back themselves, or theirs says it.
    """
    side, wanted = side_that_assigns(case, by, now=now), list(whom)
    person_of = {each: each.person_id if isinstance(each, User) else each.pk for each in wanted}
    people = {each for each in person_of.values() if each is not None}
    accounts = {each.pk for each in wanted if isinstance(each, User)}
    bodies: dict[tuple[str, int], set[int]] = {}
    agencies: dict[tuple[str, int], set[int]] = {}
    given = RoleGrant.objects.at(now).filter(Q(user__in=accounts) | Q(user__person__in=people))
    for user, person, body, agency in given.values_list("user", "user__person", "body", "agency"):
        for key in (("user", user), ("person", person)):
            bodies.setdefault(key, set()).add(body)
            agencies.setdefault(key, set()).add(agency)
    at = clock.instant(case_steps.zone_of(case), at=now)
    served = [
        *Placement.objects.on(case_steps.today_of(case))
        .filter(person__in=people)
        .values_list("person", "unit__agency"),
        *Holding.objects.dated(at).filter(person__in=people).values_list("person", "office__agency"),
    ]
    for person, agency in served:
        agencies.setdefault(("person", person), set()).add(agency)

    def may(each: User | Person) -> bool:
        person = person_of[each]
        key = ("person", person) if person is not None else ("user", each.pk)
        of_bodies = bodies.get(key, set()) - {None}
        if side.body is not None:
            return of_bodies <= {side.body}
        return not of_bodies and not side.agencies.isdisjoint(agencies.get(key, set()))

    return [each for each in wanted if may(each)]


def _conflict(
    case: Case, kind: str, why: str, *, user: User | None = None, person: Person | None = None, by: User, now: datetime
) -> CaseConflict:
    if why not in CONFLICTS or (user is None) == (person is None):
        raise CaseActRefused("reason")
    if why == "accused" and (person is None or person.pk not in case_steps.respondents_of(case)):
        raise CaseActRefused("reason")  # he is none of its respondents
    try:
        with transaction.atomic():
            made = CaseConflict.objects.create(case=case, user=user, person=person, kind=kind, why=why, by=by, at=now)
    except IntegrityError:
        raise CaseActRefused("changed") from None
    said = _said(case, {"user": user and user.pk, "person": person and person.pk, "why": why}, by)
    zone = case_steps.zone_of(case)
    if kind == CaseConflict.Kind.RECUSED:
        event, entry = "recused", ledger.append("case.recused", said, now=now, zone=zone)
    else:
        event, entry = "conflict_stated", ledger.append("case.conflict_stated", said, now=now, zone=zone)
    case_steps.keep(case, event, Doing(by, case_steps.today_of(case), now), entry, facts={"why": why})
    _end(case, user or User.objects.filter(person=person).first(), by=by, now=now)
    case_queue.renew_all(case, by=by, now=now)
    return made


def carry_conflicts(case: Case, into: Case, *, now: datetime) -> None:
    """Let what keeps somebody out of a case keep him out of another one about the same matter, inside the caller's transaction.

    Whom a report of the first leaves out is out of the other one without a word here (see report_exclusions).
    """
    respondents = case_steps.respondents_of(into)
    for each in case.conflicts.filter(lifted_at=None).select_related("user", "person", "by").order_by("at", "pk"):
        if each.why != "accused" or each.person_id in respondents:
            _conflict(into, each.kind, each.why, user=each.user, person=each.person, by=each.by, now=now)


@transaction.atomic(durable=True)
def lift_conflict(conflict: CaseConflict, *, reason: str, by: User, now: datetime) -> None:
    """Lift a conflict of somebody of whom one may say it too, for a reason; nobody lifts his own. Raises CaseActRefused."""
    case = case_steps.lock(conflict.case_id)
    case_steps.require(by, case, "case.assign", now=now)
    if conflict.user_id == by.pk or (by.person_id and conflict.person_id == by.person_id):
        raise CaseActRefused("same_person")
    whom = conflict.user or conflict.person
    if whom is None or not sayable(case, by, [whom], now=now):
        raise CaseActRefused("other_side")
    reason = case_steps.tidy(reason, 300, about="reason")
    rows = CaseConflict.objects.filter(pk=conflict.pk, lifted_at=None)
    if not rows.update(lifted_at=now, lifted_by=by, lifted_reason=reason):
        raise CaseActRefused("changed")
    said = {"conflict": f"{conflict.pk:016x}", "reason_sha256": case_steps.digest(reason)}
    entry = ledger.append("case.conflict_lifted", _said(case, said, by), now=now, zone=case_steps.zone_of(case))
    case_steps.keep(case, "conflict_lifted", Doing(by, case_steps.today_of(case), now), entry, facts={"reason": reason})
    case_queue.renew_all(case, by=by, now=now)


@dataclass(frozen=True)
class Without:
    """Who has no part in a case: people, whatever account they use, and accounts of their own."""

    people: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()

    def has(self, user: int, person: int | None) -> bool:
        """Say whether an account, or the person whose it is, has no part."""
        return user in self.users or (person is not None and person in self.people)


NOBODY = Without()


def without(cases: Iterable[int]) -> dict[int, Without]:
    """Return who has no part in each of these cases: its respondents, of whom a conflict stands, whom a report leaves out."""
    keys = list(cases)
    people, wanted = case_steps.people_out(keys), masses.among(keys)
    users: dict[int, set[int]] = {}
    standing = CaseConflict.objects.filter(case__in=wanted, lifted_at=None, user__isnull=False)
    left_out = ReportLeftOut.objects.filter(report__in_case__case__in=wanted)
    beside = ReportLeftOut.objects.filter(report__in_case__case__tracks__in=wanted)
    rows = [
        *standing.values_list("case", "user", "user__person"),
        *left_out.values_list("report__in_case__case", "key__user", "key__user__person"),
        *beside.values_list("report__in_case__case__tracks", "key__user", "key__user__person"),
    ]
    for case, user, person in rows:
        users.setdefault(case, set()).add(user)
        if person is not None:
            people.setdefault(case, set()).add(person)
    return {
        case: Without(frozenset(people.get(case, ())), frozenset(users.get(case, ()))) for case in {*people, *users}
    }
