"""The same matter on another track: a case beside the first one, with whom and what of it that track answers.

Reports and evidence stay in the first one: a report lies in one case at most. Neither case waits for the other.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from ikrar.domain.access import Role
from ikrar.domain.cases import Track, steps_from
from ikrar.domain.errors import CaseActRefused, ProcedureUnknown
from ikrar.records.models import Case, CaseAllegation, CaseRespondent, User
from ikrar.services import case_files, case_rules, case_steps, cases
from ikrar.services.case_files import Alleged
from ikrar.services.case_steps import Doing, number_of
from ikrar.services.cases import Named

OPENED = "beside_opened"


def others(case: Case) -> list[Case]:
    """Return the cases of the same matter on the other tracks, in the order in which they were opened."""
    first = case.beside_id or case.pk
    rows = Case.objects.select_related("agency__region", "body__agency", "body__region", "handler")
    return list(rows.filter(Q(pk=first) | Q(beside=first)).exclude(pk=case.pk).order_by("opened_at", "pk"))


def tracks(case: Case, roles: Collection[Role]) -> list[str]:
    """Return the tracks that answer something of what stands in a case, that have no case of the matter yet, and on which
    somebody with these roles could take a first step.
    """
    taken = {case.track, *(each.track for each in others(case))}
    answering = case_rules.answering_tracks(_standing(case).values_list("kind", "respondent__employment"))
    return [each.value for each in Track if each in answering - taken and _begins(case, each, roles)]


def _standing(case: Case) -> QuerySet[CaseAllegation]:
    rows = CaseAllegation.objects.filter(respondent__case=case, struck_at=None)
    return rows.exclude(respondent__outcome=CaseRespondent.Outcome.ENTERED_WRONGLY)


def _begins(case: Case, track: str, roles: Collection[Role]) -> bool:
    try:
        found = case_rules.procedure_on(case.regime, track, case_steps.today_of(case))
    except ProcedureUnknown:
        return False
    first = steps_from(found, found.first_state)
    return any(set(each.who) & set(roles) and not found.is_end(each.to_state or found.first_state) for each in first)


@transaction.atomic(durable=True)
def open_beside(case: Case, track: str, *, by: User, now: datetime) -> Case:
    """Open the same matter on another track, with whom that track answers and what he is said to have done of it.

    It is opened by the body that has the case, and begins at its first state; the first case goes on as it stood. Who has no part
    in the first has none in it. Raises CaseActRefused (not_yours, conflict, relative, beside: that track answers nothing of it, or
    has a case of it), and what cases.register raises.
    """
    case = case_steps.lock(case.pk)
    first = case_steps.lock(case.beside_id) if case.beside_id else case
    roles = case_steps.require(by, case, "case.register", now=now)
    if track not in tracks(case, roles):
        raise CaseActRefused("beside", track)
    made = cases.add_case(
        [],
        case.handler or case.body,
        _named(case, track),
        regime=case.regime,
        track=track,
        by=by,
        now=now,
        beside=first,
    )
    case_files.carry_conflicts(case, made, now=now)
    told = {"track": track, "case": number_of(made)}
    case_steps.write(case, OPENED, Doing(by, case_steps.today_of(case), now), facts=told)
    return made


def _named(case: Case, track: str) -> list[Named]:
    """Return whom a track answers, each with what he is said to have done of it."""
    found: dict[int, list[CaseAllegation]] = {}
    people: dict[int, CaseRespondent] = {}
    for each in _standing(case).select_related("respondent__person").order_by("stated_at", "pk"):
        if not case_rules.answers(track, each.kind, each.respondent.employment):
            continue
        people[each.respondent_id] = each.respondent
        found.setdefault(each.respondent_id, []).append(each)
    return [
        Named(
            one.person, "" if one.person else one.described, one.employment, one.post,
            tuple(Alleged(a.act, a.on, a.place, a.gist, a.election, a.candidate_status) for a in found[pk]),
        )
        for pk, one in people.items()
    ]  # fmt: skip
