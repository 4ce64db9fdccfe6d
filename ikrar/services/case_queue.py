"""Which office must act on a respondent now: written beside his state, so that a desk is one query over an index.

The office is the one that the law names. Who holds it in this minute is asked when somebody opens his desk: a leave writes nothing
here. A conflict of interest of a unit's head does, as the law then names the office above; above an agency's head it names none.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from ikrar.domain.cases import HEAVY
from ikrar.domain.errors import CaseActRefused
from ikrar.records.kept import KeptObjects
from ikrar.records.models import Case, CaseDecision, CaseRespondent, Office, User, WorkUnit
from ikrar.services import case_authority, case_lines, case_rules, case_steps, ledger, offices

RECOMMENDED, OBJECTED, ACCEPTED = "recommended", "objected", "accepted"
Outcome = CaseRespondent.Outcome
EXAMINED = ("heard", "missed-twice")


def standing_draft(respondent: CaseRespondent) -> CaseDecision | None:
    """Return the draft that waits to be decided; None: there is none, or it was decided."""
    found: CaseDecision | None = _DRAFT.first(respondent=respondent.pk)
    return found


_DRAFT = KeptObjects(
    lambda respondent: CaseDecision.objects.filter(respondent=respondent, ended_at=None, decided_on=None), "respondent"
)


def drafted(case: Case) -> frozenset[int]:
    """Return the respondents of a case on whom a draft waits to be decided."""
    drafts = CaseDecision.objects.filter(respondent__case=case, ended_at=None, decided_on=None)
    return frozenset(drafts.values_list("respondent", flat=True))


def take_back(case: Case, draft: CaseDecision, *, by: User | None, now: datetime) -> None:
    """End a draft inside the caller's transaction, which holds the case. Raises CaseActRefused (decided)."""
    if not CaseDecision.objects.filter(pk=draft.pk, decided_on=None, ended_at=None).update(ended_at=now):
        raise CaseActRefused("decided")
    said = {"case": case_steps.number_of(case), "decision": f"{draft.pk:016x}", "by": by and by.pk}
    ledger.append("case.decision_withdrawn", said, now=now, zone=case_steps.zone_of(case))


def is_ready(decision: CaseDecision) -> bool:
    """Say whether a draft can be signed, or an outcome carried out: what it rests on was compared, or a second one confirmed it."""
    return not decision.unchecked or decision.confirmed_by_id is not None


def place_waited_for(respondent: CaseRespondent) -> Office | WorkUnit | None:
    """Return the office that must act on a respondent before anything goes on, or the unit whose head must; None: nobody's."""
    if respondent.outcome != Outcome.OPEN:
        return None
    draft = standing_draft(respondent)
    if draft is not None:
        return deciding_place(respondent, draft) if is_ready(draft) else None
    if respondent.state == OBJECTED:
        return objection_place(respondent)
    return case_authority.head_office(respondent) if act_waited_for(respondent) else None


def objection_place(respondent: CaseRespondent) -> Office | WorkUnit | None:
    """Return the office to which an objection to the decision that stands goes (see case_authority.objected_to); None: unknown."""
    decided = respondent.decisions.filter(ended_at=None).exclude(decided_on=None)
    decision = decided.select_related("office__unit", "signer").first()
    if decision is None:
        return None
    return case_authority.objected_to(respondent, decision, case_steps.today_of(respondent.case))


def act_waited_for(respondent: CaseRespondent) -> str:
    """Return what the head of an agency must do before anything goes on where no draft waits; empty: nothing.

    accept, objection, council, team, or assign: it is an examiner's turn, and of that agency nobody was given the case.
    """
    if respondent.state in (RECOMMENDED, OBJECTED):
        return "accept" if respondent.state == RECOMMENDED else "objection"
    if respondent.state == ACCEPTED and respondent.track == "ethics":
        return "council"
    if respondent.state in EXAMINED and is_heavy(respondent):
        return "team"
    of = (respondent.case_id, respondent.case.procedure, respondent.state, respondent.agency_id)
    return "assign" if case_lines.turn(*of).names_examiners else ""


def stopped(respondent: CaseRespondent, at: datetime) -> case_authority.Assigning | None:
    """Return whose act is waited for where nobody may take it in a minute: that of an agency's head, before anything is drafted.

    None: somebody may, or it is no act of his office that is waited for.
    """
    if respondent.outcome != Outcome.OPEN or respondent.agency_id is None or standing_draft(respondent) is not None:
        return None
    if act_waited_for(respondent) in ("", "objection"):
        return None
    found = case_authority.assigning(respondent, at)
    return None if found.names else found


def is_heavy(respondent: CaseRespondent) -> bool:
    """Say whether a severe penalty threatens, so that a team must examine."""
    return any(level in HEAVY for _act, _on, level in case_steps.alleged_of(respondent))


def heaviest_level(respondent: CaseRespondent) -> str:
    """Return the gravest level of what somebody is said to have done: by it the authority is found before anything is decided."""
    return case_rules.heaviest([level for _act, _on, level in case_steps.alleged_of(respondent)])


def deciding_place(respondent: CaseRespondent, draft: CaseDecision) -> Office | WorkUnit | None:
    """Return the office by rank for what a draft decides: its level, or that of the gravest breach where none is proven."""
    level = draft.level or heaviest_level(respondent)
    dismissal = case_rules.is_dismissal(draft.sanction) if level == "severe" else None
    return case_authority.place_by_rank(respondent, level, case_steps.today_of(respondent.case), dismissal=dismissal)


def renew(respondent: int, *, by: User | None, now: datetime) -> None:
    """Write which office must act on a respondent, after an act that may have changed it; inside the act's transaction."""
    rows = CaseRespondent.objects.select_related(
        "case__agency", "case__body__agency", "case__body__region", "agency__region", "unit__parent", "person"
    )
    renew_of(rows.get(pk=respondent), by=by, now=now)


def renew_of(found: CaseRespondent, *, by: User | None, now: datetime) -> None:
    """Do the same for a respondent as the caller read and changed him, in the transaction that holds his case."""
    place = place_waited_for(found)
    office = offices.add_office_of_head(place, by=by, now=now) if isinstance(place, WorkUnit) else place
    if found.office_id != (office and office.pk):
        CaseRespondent.objects.filter(pk=found.pk).update(office=office)


def renew_waiting(now: datetime) -> None:
    """Write it anew where a draft or an objection waits, for who came into a post above or left it since."""
    drafts = CaseDecision.objects.filter(decided_on=None, ended_at=None).values("respondent")
    waiting = CaseRespondent.objects.filter(Q(pk__in=drafts) | Q(state=OBJECTED), outcome=Outcome.OPEN)
    for respondent, case in waiting.order_by("pk").values_list("pk", "case"):
        with transaction.atomic(durable=True):
            case_steps.lock(case)
            renew(respondent, by=None, now=now)


def renew_unexamined(now: datetime) -> None:
    """Write it anew where a case waits for an examiner whose role has ended since, so that whoever assigns must act, or for
    whoever assigns although somebody examines again.
    """
    for case in case_lines.misnamed(now):
        with transaction.atomic(durable=True):
            renew_all(case_steps.lock(case), by=None, now=now)


def renew_all(case: Case, *, by: User | None, now: datetime) -> None:
    """Write it anew for every respondent of a case, and in its lines, after it was given to somebody or taken from him, or a
    conflict of interest was stated or lifted.
    """
    for respondent in case.respondents.filter(outcome=Outcome.OPEN).values_list("pk", flat=True):
        renew(respondent, by=by, now=now)
    case_lines.renew([case.pk], words=False)
