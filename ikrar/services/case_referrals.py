"""Referrals between bodies, a two-sided act: sent by one, accepted or refused with a reason by the other, perhaps returned later.

While it waits for an answer the case stays with the body that sent it: a case never lies between two desks.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ikrar.domain.errors import CaseActRefused
from ikrar.records.models import Body, Case, CaseReferral, CaseRespondent, RoleGrant, StoredFile, User
from ikrar.services import case_lines, case_rules, case_steps, cases, ledger, notices, rules
from ikrar.services.case_steps import number_of

State = CaseReferral.State


def exists_on(body: Body, day: date) -> bool:
    """Say whether a body exists on a day, as far as the rulebook knows the kind of body: some are dissolved by law."""
    found = rules.book().bodies.get(body.kind)
    return found is None or found.exists_on(day)


@transaction.atomic(durable=True)
def send(
    case: Case, to: Body, *, number: str, words: str, was: str, document: StoredFile | None = None, on: date | None = None,
    by: User, now: datetime,
) -> CaseReferral:  # fmt: skip
    """Send a case to another body with what is recommended. It is the other's when it accepts.

    Raises CaseActRefused (not_yours, conflict, closed, body_gone, sent, paper, text, changed), and what the table raises.
    """
    case = case_steps.lock(case.pk)
    case_steps.require(by, case, "case.refer", now=now)
    today = on or case_steps.today_of(case)
    case_steps.check_day(today, case, not_before=case.opened_on)
    if case.closed_on is not None:
        raise CaseActRefused("closed")
    if not exists_on(to, today):
        raise CaseActRefused("body_gone")
    here = case.handler or case.body
    if to.pk == here.pk:
        raise CaseActRefused("sent")
    number, words = case_steps.tidy(number, 100, about="number"), case_steps.tidy(words, about="words")
    try:
        with transaction.atomic():
            made = CaseReferral.objects.create(
                case=case, from_body=here, to_body=to, number=number, words=words, document=document, sent_by=by, sent_at=now,
                sent_on=today,
            )  # fmt: skip
    except IntegrityError:
        raise CaseActRefused("sent") from None
    said = {"case": number_of(case), "referral": f"{made.pk:016x}", "from": here.pk, "to": to.pk,
            "words_sha256": case_steps.digest(words), "by": by.pk}  # fmt: skip
    ledger.append("case.referred", said, now=now, zone=case_steps.zone_of(case))
    facts = {"referral": f"{made.pk:016x}", "to": to.pk, "number": number, "review": True}
    cases.add_step(case, case_rules.FORWARD, was=was, facts=facts, on=today, document=document, by=by, now=now)
    notices.tell_accounts(_officers(to, now), "case_referred", {"name": here.name}, link="", now=now)
    return made


def _officers(body: Body, now: datetime) -> QuerySet[User]:
    return User.objects.filter(grants__in=body_grants(body, now), is_active=True).distinct()


def body_grants(body: Body, now: datetime) -> Collection[int]:
    """Return the keys of the roles that people hold over a body now."""
    return list(RoleGrant.objects.at(now).filter(body=body).values_list("pk", flat=True))


def waiting(bodies: Collection[int]) -> list[CaseReferral]:
    """Return the referrals that wait for an answer of these bodies, the first first."""
    rows = CaseReferral.objects.filter(to_body__in=bodies, state=State.SENT).select_related(
        "case", "from_body", "to_body"
    )
    return list(rows.order_by("sent_on", "pk"))


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
    step = case_rules.ACCEPT if state == State.ACCEPTED else case_rules.GIVE_BACK
    facts = {"referral": f"{referral.pk:016x}", "reason": reason}
    cases.add_step(case, step, was=was, facts=facts, on=today, by=by, now=now)
    if state == State.REFUSED:
        _hand_over(case, referral.from_body)
    notices.tell_accounts(
        _officers(referral.from_body, now),
        "case_referral_answered",
        {"name": referral.to_body.name, "state": str(state)},
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
    if case.handler_id != referral.to_body_id and case.body_id != referral.to_body_id:
        raise CaseActRefused("answered")
    case_steps.require(by, case, "case.accept", now=now)
    today = on or case_steps.today_of(case)
    same = CaseReferral.objects.filter(pk=referral.pk, state=State.ACCEPTED)
    if not same.update(state=State.RETURNED, returned_on=today, reason=reason):
        raise CaseActRefused("answered")
    _log_answer(case, referral, State.RETURNED, reason, by, now)
    facts = {"referral": f"{referral.pk:016x}", "reason": reason}
    cases.add_step(case, case_rules.GIVE_BACK, was=was, facts=facts, on=today, by=by, now=now)
    _hand_over(case, referral.from_body)
    notices.tell_accounts(
        _officers(referral.from_body, now),
        "case_referral_answered",
        {"name": referral.to_body.name, "state": "returned"},
        link="",
        now=now,
    )
    referral.refresh_from_db()
    return referral
