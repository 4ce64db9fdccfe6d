"""Referrals between bodies, a two-sided act: sent by one, accepted or refused with a reason by the other, perhaps returned later.

While it waits for an answer the case stays with the body that sent it: a case never lies between two desks.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ikrar.domain import access
from ikrar.domain.errors import CaseActRefused
from ikrar.records.models import (
    Body,
    Case,
    CaseDecision,
    CaseEvidence,
    CaseReferral,
    CaseRespondent,
    CaseStep,
    RoleGrant,
    StoredFile,
    User,
)
from ikrar.services import (
    accounts,
    case_decisions,
    case_files,
    case_lines,
    case_papers,
    case_rules,
    case_steps,
    cases,
    ledger,
    notices,
    outside_bodies,
    rules,
)
from ikrar.services.case_steps import number_of
from ikrar.services.outside_bodies import exists_on

State = CaseReferral.State
# The powers by which a kind of body gets a case by a step: it oversees, or refers what it reviewed to the one that does.
_POWERS = {case_rules.FORWARD: ("oversee",), case_rules.PASS_ON: ("refer", "oversee")}


def bodies(case: Case, step: str) -> list[Body]:
    """Return the bodies to which a case could be sent by a step: those outside the agencies that have, or had, the power for it
    and are not the one it is with; those of the case's own place first. One that the law dissolved is among them, so that who
    looks for it is told who took over.
    """
    here, place = case.handler_id or case.body_id, case_steps.region_of(case)
    powers = _POWERS[step]
    kinds = [each.id for each in rules.book().bodies.values() if any(p.power in powers for p in each.powers)]
    rows = Body.objects.outside().at_work(case_steps.today_of(case)).filter(kind__in=kinds).exclude(pk=here)
    found = list(rows.select_related("region").order_by("name", "pk"))
    return sorted(found, key=lambda body: _nearness(body.region_id, place))


def _nearness(region: str | None, place: str) -> int:
    """Return a key that sorts regions: the smallest one around a place first, then the whole country, then those elsewhere."""
    if not region:
        return 0
    return -len(region) if place.startswith(region) else 1


def _acceptors(case: Case, step: str, body: Body, now: datetime) -> bool:
    """Say whether somebody serves a body who could accept there what is sent by a step."""
    row = case_rules.procedure(case.procedure).steps.get(case_rules.SENDS[step][0])
    return row is None or RoleGrant.objects.at(now).filter(body=body, role__in=row.who).exists()


@transaction.atomic(durable=True)
def send(
    case: Case, to: Body, *, number: str, words: str, was: str, parts: Collection[CaseEvidence] | None = None,
    document: StoredFile | None = None, on: date | None = None, by: User, now: datetime,
) -> CaseReferral:  # fmt: skip
    """Send a case to another body with what is recommended. It is the other's when it accepts.

    `parts`: the evidence that goes with it; the rest stays with those who have it (see withheld). None: all of it. Who reported
    goes nowhere: no row of a case knows it, and to another body a reporter shows himself by his own consent alone.

    Raises CaseActRefused (not_yours, conflict, closed, body_gone, sent, nobody, behind, evidence, paper, text, changed), and what
    the table raises.
    """
    case = case_steps.lock(case.pk)
    roles = case_steps.require(by, case, "case.refer", now=now)
    today = on or case_steps.today_of(case)
    case_steps.check_day(today, case, not_before=case.opened_on)
    if case.closed_on is not None:
        raise CaseActRefused("closed")
    to = Body.objects.select_for_update(of=("self",)).get(pk=to.pk)  # it does not end before this is sent
    if not exists_on(to, today):
        raise CaseActRefused("body_gone", ",".join(each.id for each in outside_bodies.took_over(to, today)))
    here = case.handler or case.body
    if to.pk == here.pk or case.referrals.filter(state=State.SENT).exists():
        raise CaseActRefused("sent")
    # Where there is none, the table says of the main one why it is not open.
    step = case_rules.sending(case.procedure, was, roles) or case_rules.FORWARD
    if not _acceptors(case, step, to, now):
        raise CaseActRefused("nobody")
    going = _going(case, was)
    chosen = _going_along(case, parts, by, now)
    number, words = case_steps.tidy(number, 100, about="number"), case_steps.tidy(words, about="words")
    try:
        with transaction.atomic():
            made = CaseReferral.objects.create(
                case=case, from_body=here, to_body=to, number=number, words=words, parts=chosen, document=document,
                sent_by=by, sent_at=now, sent_on=today,
            )  # fmt: skip
    except IntegrityError:
        raise CaseActRefused("sent") from None
    said = {"case": number_of(case), "referral": f"{made.pk:016x}", "from": here.pk, "to": to.pk,
            "words_sha256": case_steps.digest(words), "parts": chosen, "by": by.pk}  # fmt: skip
    ledger.append("case.referred", said, now=now, zone=case_steps.zone_of(case))
    facts: dict[str, Any] = {"referral": f"{made.pk:016x}", "to": to.pk, "number": number}
    if step == case_rules.FORWARD:
        facts["review"] = True  # it goes along; who only takes in reports writes none
    cases.add_step(case, step, was=was, facts=facts, on=today, respondents=going, document=document, by=by, now=now)
    notices.tell_accounts(
        _officers(case, to, now), "case_referred", {"name": here.name, "case": number_of(case)}, link="", now=now
    )
    return made


def _going(case: Case, was: str) -> list[CaseRespondent] | None:
    """Return who goes by the step with which a case goes to another body; None: nobody stands in that state any more.

    Nobody else may stand elsewhere, since at the other body nobody could act on him, but for those whose part an authority
    outside has or gave back: whoever has the case acts on them one by one. Who came back goes where nobody else does.
    Raises CaseActRefused (behind).
    """
    standing, back = list(case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN)), came_back(case)
    there = [each for each in standing if each.state == was]
    going = [each for each in there if each.pk not in back] or there
    apart = back | {each.pk for each in standing if each.state in case_rules.WITH_OUTSIDE} | {each.pk for each in going}
    if any(each.pk not in apart for each in standing):
        raise CaseActRefused("behind")
    return going or None


def came_back(case: Case) -> frozenset[int]:
    """Return the respondents of a case whom an authority outside gave back last, and on whom nobody acted since."""
    standing = case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN, state=case_rules.RETURNED)
    known = case_rules.procedure(case.procedure).steps
    returns = [id for id, row in known.items() if row.to_state == case_rules.RETURNED]
    rows = case.steps.filter(respondent__in=standing, step__in=returns).order_by(*case_steps.TAKEN)
    last = dict(rows.values_list("respondent", "step"))
    return frozenset(pk for pk, step in last.items() if step == case_rules.OUTSIDE_BACK)


def _going_along(case: Case, parts: Collection[CaseEvidence] | None, by: User, now: datetime) -> list[str] | None:
    """Return the keys of the evidence that goes with a referral; None: all of it. Nobody sends on what was kept back from him.

    Raises CaseActRefused (evidence).
    """
    if parts is None and not withheld(case, by, now=now):
        return None
    seen = set(evidence_for(case, by, now=now).values_list("pk", flat=True))
    chosen = seen if parts is None else {each.pk for each in parts}
    if chosen - seen:
        raise CaseActRefused("evidence", "parts")
    return sorted(f"{each:016x}" for each in chosen)


def _officers(case: Case, body: Body, now: datetime) -> list[User]:
    """Return who answers for a body where a case is sent to it or comes back, without those who have no part in the case."""
    roles = [str(each) for each in access.roles_with("case.accept")]
    grants = RoleGrant.objects.at(now).filter(body=body, role__in=roles, user__is_active=True).select_related("user")
    out = case_files.without([case.pk]).get(case.pk, case_files.NOBODY)
    found = {each.user_id: each.user for each in grants if not out.has(each.user_id, each.user.person_id)}
    return [found[key] for key in sorted(found)]


def offered(case: Case, by: User, *, now: datetime) -> list[CaseReferral]:
    """Return the referrals of a case to bodies for which somebody answers, the last first: what he sees of a case that is not
    (or not any more) with his body. Nothing where he has no part in the case.
    """
    scope = cases.accounts_scope(by, "case.accept", now=now)
    rows = case.referrals.filter(to_body__in=scope.bodies).select_related("from_body", "to_body", "sent_by")
    found = list(rows.order_by("-sent_on", "-sent_at", "-pk"))
    return [] if found and case_steps.conflict(by, case) else found


def parts_of(referral: CaseReferral) -> QuerySet[CaseEvidence]:
    """Return the evidence that goes with a referral."""
    rows = referral.case.evidence.filter(at__lte=referral.sent_at)
    if referral.parts is not None:
        rows = rows.filter(pk__in=[int(each, 16) for each in referral.parts])
    return rows.select_related("file").order_by("at", "pk")


def withheld(case: Case, by: User, *, now: datetime) -> frozenset[int]:
    """Return the evidence of a case that somebody does not get to see: what a body that sent it kept back.

    Those who serve a body that sent the case see all of it; everybody after that what was chosen then, and what came since; an
    agency no answer of a respondent whom it does not reach.
    """
    sent = [
        each
        for each in case.referrals.order_by("sent_at", "pk")
        if each.parts is not None and each.state != State.REFUSED
    ]
    serves = {grant.body for grant in accounts.grants_of(by, now=now) if grant.body is not None}
    out: set[int] = set()
    for each in sent:
        if each.from_body_id in serves:
            continue
        chosen = {int(key, 16) for key in each.parts}
        out |= set(case.evidence.filter(at__lte=each.sent_at).exclude(pk__in=chosen).values_list("pk", flat=True))
    reach = case_steps.reach(by, case, now=now)
    if reach.of and not reach.is_whole:
        out |= case_files.replies_of_others(case, reach.of)
    return frozenset(out)


def evidence_for(case: Case, by: User, *, now: datetime) -> QuerySet[CaseEvidence]:
    """Return the evidence of a case that somebody gets to see (see withheld)."""
    return case.evidence.exclude(pk__in=withheld(case, by, now=now))


def replies_for(respondent: CaseRespondent, by: User, *, now: datetime) -> list[CaseEvidence]:
    """Return what a respondent himself answered, in its order, as far as somebody gets to see it."""
    rows = evidence_for(respondent.case, by, now=now).filter(respondent=respondent)
    return list(rows.select_related("file", "by").order_by("at", "pk"))


@transaction.atomic(durable=True)
def accept(referral: CaseReferral, *, was: str, on: date | None = None, by: User, now: datetime) -> CaseReferral:
    """Accept a case: from now on it is handled here. Raises CaseActRefused (not_yours, conflict, answered, changed)."""
    return _answer(referral, State.ACCEPTED, "", was=was, on=on, by=by, now=now)


@transaction.atomic(durable=True)
def refuse(
    referral: CaseReferral, *, reason: str, was: str, on: date | None = None, by: User, now: datetime
) -> CaseReferral:
    """Refuse a case, with the reason; it stays where it came from. Raises CaseActRefused (as accept, and text)."""
    return _answer(
        referral, State.REFUSED, case_steps.tidy(reason, 500, about="reason"), was=was, on=on, by=by, now=now
    )


def _answer(
    referral: CaseReferral, state: str, reason: str, *, was: str, on: date | None, by: User, now: datetime
) -> CaseReferral:
    case = case_steps.lock(referral.case_id)
    scope = cases.accounts_scope(by, "case.accept", now=now)
    if not (scope.everything or referral.to_body_id in scope.bodies):
        raise CaseActRefused("not_yours")
    case_steps.refuse_conflict(by, case)
    today = on or case_steps.today_of(case)
    case_steps.check_day(today, case, not_before=referral.sent_on)
    same = CaseReferral.objects.filter(pk=referral.pk, state=State.SENT)
    if not same.update(state=state, answered_by=by, answered_on=today, reason=reason):
        raise CaseActRefused("answered")
    _log_answer(case, referral, state, reason, by, now)
    # The step is the other body's, also where it refuses: it is taken while the case lies with it, and then goes back.
    _hand_over(case, referral.to_body)
    step = case_rules.answering(case.procedure, was, accepts=state == State.ACCEPTED)
    facts = {"referral": f"{referral.pk:016x}", "reason": reason}
    cases.add_step(case, step, was=was, facts=facts, on=today, by=by, now=now)
    if state == State.REFUSED:
        _hand_over(case, referral.from_body)
    notices.tell_accounts(
        _officers(case, referral.from_body, now),
        "case_referral_answered",
        {"name": referral.to_body.name, "state": str(state), "case": number_of(case)},
        link="",
        now=now,
    )
    referral.refresh_from_db()
    return referral


def _hand_over(case: Case, body: Body) -> None:
    handler = None if body.pk == case.body_id else body
    Case.objects.filter(pk=case.pk).update(handler=handler)
    CaseRespondent.objects.filter(case=case).update(body=body)
    case.handler = handler
    case_lines.renew([case.pk])


def _log_answer(case: Case, referral: CaseReferral, state: str, reason: str, by: User, now: datetime) -> None:
    said = {"case": number_of(case), "referral": f"{referral.pk:016x}", "state": str(state),
            "reason_sha256": case_steps.digest(reason), "by": by.pk}  # fmt: skip
    ledger.append("case.referral_answered", said, now=now, zone=case_steps.zone_of(case))


@transaction.atomic(durable=True)
def give_back(
    referral: CaseReferral, *, reason: str, was: str, on: date | None = None, by: User, now: datetime
) -> CaseReferral:
    """Return a case that was accepted, with the reason: it lies with the body that sent it again. Raises CaseActRefused."""
    case = case_steps.lock(referral.case_id)
    reason = case_steps.tidy(reason, 500, about="reason")
    if (case.handler_id or case.body_id) != referral.to_body_id:
        raise CaseActRefused("answered")
    case_steps.require(by, case, "case.accept", now=now)
    if referral.to_body_id not in cases.accounts_scope(by, "case.accept", now=now).bodies:
        raise CaseActRefused("not_yours")
    going = _going(case, was)
    today = on or case_steps.today_of(case)
    same = CaseReferral.objects.filter(pk=referral.pk, state=State.ACCEPTED)
    if not same.update(state=State.RETURNED, returned_on=today, reason=reason):
        raise CaseActRefused("answered")
    _log_answer(case, referral, State.RETURNED, reason, by, now)
    facts = {"referral": f"{referral.pk:016x}", "reason": reason}
    cases.add_step(case, case_rules.GIVE_BACK, was=was, facts=facts, on=today, respondents=going, by=by, now=now)
    _hand_over(case, referral.from_body)
    notices.tell_accounts(
        _officers(case, referral.from_body, now),
        "case_referral_answered",
        {"name": referral.to_body.name, "state": "returned", "case": number_of(case)},
        link="",
        now=now,
    )
    referral.refresh_from_db()
    return referral


# --- outside this installation -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outside:
    """A referral of a respondent to an authority that has no part here, or the hand-over of a criminal matter to the Gakkumdu
    centre, and beside it what was recorded as its answer, in order.
    """

    sent: CaseStep
    answers: tuple[CaseStep, ...] = ()


def outside(case: Case, reach: case_steps.Reach) -> list[Outside]:
    """Return the referrals to authorities outside as somebody is shown them, the last first, each with its answers."""
    known = case_rules.procedure(case.procedure).steps
    sends, there = (*case_rules.REFERS, *case_rules.HANDS_OVER), {*case_rules.WITH_OUTSIDE, *case_rules.WITH_GAKKUMDU}
    answers = [id for id, row in known.items() if there.issuperset(row.from_states)]
    rows = case_files.steps_for(case, reach).filter(step__in=(*sends, *answers), respondent__isnull=False)
    sent: list[CaseStep] = []
    answered: dict[int, list[CaseStep]] = {}
    last: dict[int | None, int] = {}
    for each in rows.select_related("document", "respondent__person").order_by(*case_steps.TAKEN):
        if each.step in sends:
            sent.append(each)
            last[each.respondent_id] = each.pk
        elif each.respondent_id in last:
            answered.setdefault(last[each.respondent_id], []).append(each)
    return [Outside(each, tuple(answered.get(each.pk, ()))) for each in reversed(sent)]


# --- side by side ------------------------------------------------------------------------------------------------

RECOMMEND = "recommend"
_EXECUTED = ("execute", "announce")


@dataclass(frozen=True)
class Became:
    """What an objection or an appeal made of a decision: a word of case_decisions.SETTLEMENTS, its day, who ruled, and the sanction
    that took the old one's place.
    """

    outcome: str
    on: date
    official: str
    sanction: str = ""


@dataclass(frozen=True)
class Beside:
    """What was recommended of a respondent, and beside it what the authority decided and carried out, as far as it did.

    `decision`: the one that the authority took itself, whatever `became` of it since. `restored_on`: since when somebody is
    restored whose sanction was carried out and did not last.
    """

    respondent: CaseRespondent
    recommended: str = ""
    recommended_on: date | None = None
    decision: CaseDecision | None = None
    cleared_on: date | None = None
    executed_on: date | None = None
    became: tuple[Became, ...] = ()
    restored_on: date | None = None

    @property
    def departs(self) -> bool:
        """Say whether the authority decided something else than was recommended."""
        if not self.recommended:
            return False
        decided = self.decision is not None and self.decision.decided_on is not None
        return self.cleared_on is not None or (decided and self.decision.sanction != self.recommended)


def beside(case: Case) -> list[Beside]:
    """Return recommendation and execution of each respondent side by side."""
    rows = case.respondents.exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY).select_related("person", "agency")
    steps: dict[int, dict[str, CaseStep]] = {}
    wanted = (RECOMMEND, case_rules.CLEAR, *_EXECUTED, *case_rules.RESTORES)
    for step in case.steps.filter(step__in=wanted, respondent__isnull=False).order_by("on", *case_steps.TAKEN):
        steps.setdefault(step.respondent_id, {})[step.step] = step
    decided = (
        CaseDecision.objects.filter(respondent__case=case).exclude(decided_on=None).select_related("office", "signer")
    )
    # What another one ruled on it took its place: that is what became of it.
    taken_here = [each for each in decided.order_by("drafted_at", "pk") if not case_papers.is_of_others(each)]
    decisions = {each.respondent_id: each for each in taken_here}
    became = _became(case)
    found = []
    for row in rows.order_by("pk"):
        taken = steps.get(row.pk, {})
        said, cleared = taken.get(RECOMMEND), taken.get(case_rules.CLEAR)
        done = next((taken[name] for name in _EXECUTED if name in taken), None)
        restored = next((taken[name] for name in case_rules.RESTORES if name in taken), None)
        found.append(
            Beside(
                row, str(said.facts.get("sanction", "")) if said else "", said.on if said else None,
                decisions.get(row.pk), cleared.on if cleared else None, done.on if done else None,
                tuple(became.get(row.pk, ())), restored.on if restored else None,
            )
        )  # fmt: skip
    return found


def _became(case: Case) -> dict[int, list[Became]]:
    """Return what objections and appeals made of the decisions of a case, by respondent, in their order."""
    found: dict[int, list[Became]] = {}
    rows = case.steps.filter(step__in=case_rules.SETTLES, respondent__isnull=False).order_by(*case_steps.TAKEN)
    for each in rows:
        of_objection = each.step in case_rules.SETTLES_OBJECTION
        facts = each.facts
        above = str(facts.get("official", "")) or case_decisions.OBJECTED_TO
        became = Became(
            str(facts.get("settled", "")), case_rules.ruled_on(facts, each.on), above if of_objection else case_decisions.BPASN,
            str(facts.get("decided_sanction", "")),
        )  # fmt: skip
        found.setdefault(each.respondent_id or 0, []).append(became)
    return found
