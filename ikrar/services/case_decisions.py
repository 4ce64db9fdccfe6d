"""Decisions on respondents: drafted by one, confirmed where a rule is unchecked, decided by the authority of that day, served.

"Recorded from a signed document" is a full way: offices sign on paper and number elsewhere; the scan's digest and the outside
number stand for it here. What was recommended stands beside what was decided, and to depart from it needs reasons.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused, CaseStepRefused, DatesInWrongOrder, DomainError
from ikrar.domain.versions import RuleKind
from ikrar.records.models import (
    Case,
    CaseAllegation,
    CaseDecision,
    CaseRespondent,
    CaseStep,
    Office,
    Person,
    StoredFile,
    User,
    WorkUnit,
)
from ikrar.services import (
    case_authority,
    case_clocks,
    case_files,
    case_papers,
    case_queue,
    case_rules,
    case_steps,
    cases,
    clock,
    gazette,
    ledger,
    rules,
)
from ikrar.services.case_steps import number_of

logger = logging.getLogger(__name__)

Way = CaseDecision.Way
SERVED = "served"
LAST_ADDRESS = "last_address"
DELIVERIES = ("handed", "post", "electronic", LAST_ADDRESS)
"""By which way a decision came to the respondent."""

SETTLEMENTS = ("upheld", "lightened", "aggravated", "changed", "cancelled", "granted")
"""What became of a decision in an objection or an appeal (pp-79-2021 Pasal 16 for BPASN); `granted`: an objection, in full."""

_CLEARS = ("cancelled", "granted")


# --- drafting ----------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def draft(
    respondent: CaseRespondent, *, sanction: str, grounds: str, departure_reason: str = "", by: User, now: datetime
) -> CaseDecision:
    """Draft what an authority is to decide: a sanction of the band, or none (`sanction` empty: not proven).

    Nothing is drafted that cannot be decided from where the respondent stands, nor where nobody is authorised to decide it. Raises
    CaseActRefused (not_yours, conflict, closed, drafted, no_allegation, departure, text, authority), CaseStepRefused (state),
    SanctionOutsideBand and what the resolver raises.
    """
    case = case_steps.lock(respondent.case_id)
    respondent.case = case
    case_steps.require_for(by, respondent, "case.draft", now=now)
    respondent = _open(case, respondent)
    if _standing_of(respondent) is not None:
        raise CaseActRefused("drafted")
    if not case_rules.may_decide(case.procedure, case.track, sanction, respondent.state):
        step = case_rules.decision_step(case.track, sanction)
        raise CaseStepRefused("state", step, case_rules.procedure(case.procedure).steps[step].from_states)
    if not case_steps.alleged_of(respondent):
        raise CaseActRefused("no_allegation")
    advice, departure_reason = advice_for(respondent), departure_reason.strip()
    if advice.differs(sanction) and not departure_reason:
        raise CaseActRefused("departure")
    level = check_band(respondent, sanction)
    grounds = case_steps.tidy(grounds, about="grounds")
    _deciding(
        respondent, CaseDecision(sanction=sanction, level=level), case_steps.today_of(case), at=_minute(case, now)
    )
    try:
        with transaction.atomic():
            made = CaseDecision.objects.create(
                respondent=respondent, sanction=sanction, level=level, recommended=advice.recommended,
                recommended_step=advice.recommended_step, proposed_step=advice.proposed_step,
                departure_reason=departure_reason, grounds=grounds, drafted_by=by, drafted_at=now,
                unchecked=unchecked_rules(respondent, sanction), replaces=_replaced(respondent),
            )  # fmt: skip
    except IntegrityError:
        raise CaseActRefused("drafted") from None
    ledger.append(
        "case.decision_drafted",
        _said(case, made, {"sanction": sanction, "grounds_sha256": case_steps.digest(grounds)}, by),
        now=now,
        zone=case_steps.zone_of(case),
    )
    case_queue.renew(respondent.pk, by=by, now=now)
    return made


def _standing_of(respondent: CaseRespondent) -> CaseDecision | None:
    """Return the draft or the decision that stands for a respondent."""
    return respondent.decisions.filter(ended_at=None).first()


def _open(case: Case, respondent: CaseRespondent) -> CaseRespondent:
    found = case.respondents.select_related("person", "unit", "agency__region").get(pk=respondent.pk)
    if found.outcome != CaseRespondent.Outcome.OPEN:
        raise CaseActRefused("closed")
    found.case = case
    return found


def _claimed_for(by: User, decision: CaseDecision, permission: str, now: datetime) -> Case:
    """Hold the case of a decision for whoever has a permission for its respondent. Raises CaseActRefused."""
    case = case_steps.lock(decision.respondent.case_id)
    decision.respondent.case = case
    case_steps.require_for(by, decision.respondent, permission, now=now)
    return case


def _replaced(respondent: CaseRespondent) -> CaseDecision | None:
    return respondent.decisions.exclude(ended_at=None).exclude(decided_on=None).filter(replaced_by=None).last()


def _said(case: Case, decision: CaseDecision, said: dict[str, object], by: User) -> dict[str, object]:
    return {"case": number_of(case), "decision": f"{decision.pk:016x}", **said, "by": by.pk}


@dataclass(frozen=True)
class Advice:
    """What an authority was told to decide: recommended by the supervisor's side, and proposed by its own examiners.

    Each is a sanction, empty where none is proven, with the step that says so; without a step nobody said anything.
    """

    recommended: str = ""
    recommended_step: CaseStep | None = None
    proposed: str = ""
    proposed_step: CaseStep | None = None

    def differs(self, sanction: str) -> bool:
        """Say whether a sanction is another one than either of the two."""
        return (self.recommended_step is not None and sanction != self.recommended) or (
            self.proposed_step is not None and sanction != self.proposed
        )


def advice_for(respondent: CaseRespondent) -> Advice:
    """Return what was recommended of a respondent at last, and what was proposed at last: neither takes the other's place."""
    return _advice(respondent.steps.filter(step__in=case_rules.RECOMMENDS).order_by(*case_steps.LATEST_FIRST))


def _advice(steps: Iterable[CaseStep]) -> Advice:
    """Return what steps recommend and propose; the latest first."""
    found: dict[bool, CaseStep] = {}
    for step in steps:
        if "sanction" in step.facts:
            found.setdefault(step.step == case_rules.RECOMMEND, step)
    first, second = found.get(True), found.get(False)
    return Advice(
        str(first.facts["sanction"]) if first else "", first, str(second.facts["sanction"]) if second else "", second
    )


def outdated(decision: CaseDecision, respondent: CaseRespondent) -> str:
    """Say why a draft cannot be decided as it is, in a word of CaseActRefused; empty: it says what the records say now.

    A word is `no_allegation` (nothing is alleged any more) or `outdated`: another sanction is recommended or proposed since, what
    is alleged allows it no more, or a rule became uncertain. One that was compared since is none: who confirmed knew less.
    """
    alleged, unchecked = case_steps.alleged_of(respondent), unchecked_rules(respondent, decision.sanction)
    return _why_outdated(decision, respondent, advice_for(respondent), alleged, unchecked)


def outdated_among(drafts: Mapping[CaseRespondent, CaseDecision]) -> dict[int, str]:
    """Say the same of many drafts, by the key of the respondent; those that say what the records say are left out."""
    keys = [each.pk for each in drafts]
    steps: dict[int, list[CaseStep]] = {}
    if keys:
        rows = CaseStep.objects.filter(respondent__in=keys, step__in=case_rules.RECOMMENDS)
        for step in rows.order_by(*case_steps.LATEST_FIRST):
            steps.setdefault(step.respondent_id or 0, []).append(step)
    stated: dict[int, list[CaseAllegation]] = {}
    for each in CaseAllegation.objects.filter(respondent__in=keys, struck_at=None) if keys else ():
        stated.setdefault(each.respondent_id, []).append(each)
    versions = {
        one: _versions(stated.get(one.pk, ()), draft.sanction, case_steps.today_of(one.case))
        for one, draft in drafts.items()
    }
    marks = gazette.marks({key for found in versions.values() for key in found}) if drafts else {}
    found = {}
    for one, draft in drafts.items():
        standing = [each for each in stated.get(one.pk, ()) if case_rules.answers(one.track, each.kind, one.employment)]
        alleged = [(each.act, each.on, each.level) for each in standing]
        unchecked = _unchecked({key: marks[key] for key in versions[one]})
        if why := _why_outdated(draft, one, _advice(steps.get(one.pk, ())), alleged, unchecked):
            found[one.pk] = why
    return found


def _why_outdated(
    decision: CaseDecision, respondent: CaseRespondent, advice: Advice, alleged: list[tuple[str, date, str]],
    unchecked: list[dict[str, str]],
) -> str:  # fmt: skip
    if not alleged:
        return "no_allegation"
    now = (advice.recommended, advice.recommended_step is None, advice.proposed, advice.proposed_step is None)
    before = (
        decision.recommended, decision.recommended_step_id is None, decision.proposed, decision.proposed_step_id is None,
    )  # fmt: skip
    is_same = now == before and not (advice.differs(decision.sanction) and not decision.departure_reason)
    is_allowed = case_rules.is_within_band(alleged, decision.sanction, respondent.employment)
    is_covered = all(each in decision.unchecked for each in unchecked)
    return "" if is_same and is_allowed and is_covered else "outdated"


def check_band(respondent: CaseRespondent, sanction: str) -> str:
    """See that a sanction lies within the band that the clauses of the allegations allow; return its level.

    Several breaches are answered by one sanction, that of the heaviest (pp-94-2021 Pasal 35). Raises SanctionOutsideBand.
    """
    if not sanction:
        return ""
    return case_rules.check_band(case_steps.alleged_of(respondent), sanction, respondent.employment)


def unchecked_rules(respondent: CaseRespondent, sanction: str) -> list[dict[str, str]]:
    """Return the rules a decision rests on that nobody here compared with the gazette, or that are disputed."""
    stated = respondent.allegations.filter(struck_at=None)
    return _unchecked(gazette.marks(_versions(stated, sanction, case_steps.today_of(respondent.case))))


def _versions(stated: Iterable[CaseAllegation], sanction: str, day: date) -> list[gazette.Key]:
    """Return the versions of rules on which a sanction for what is stated rests."""
    keys = []
    acts = {(each.act, each.on) for each in stated}
    for key in gazette.shelf().versions:
        kind, id, _from = key
        version = gazette.shelf().versions[key]
        is_act = kind is RuleKind.ACT and any(id == act and version.in_force.holds(on) for act, on in acts)
        is_sanction = kind is RuleKind.SANCTION and id == sanction and version.in_force.holds(day)
        if is_act or is_sanction:
            keys.append(key)
    return keys


def _unchecked(marks: Mapping[gazette.Key, gazette.Mark]) -> list[dict[str, str]]:
    found = []
    for key, mark in marks.items():
        disputed = bool(getattr(gazette.shelf().versions[key].value, "readings", ()))
        if mark.state is not gazette.State.COMPARED or disputed:
            state = "disputed" if disputed else mark.state.value
            found.append({"kind": key[0].value, "rule": key[1], "state": state})
    return sorted(found, key=lambda each: (each["kind"], each["rule"]))


def _standing(decision: CaseDecision) -> CaseDecision:
    """Return the decision that somebody read, as it is now and held, where it stands still. Raises CaseActRefused (changed)."""
    row = CaseDecision.objects.select_for_update(of=("self",)).filter(pk=decision.pk, ended_at=None).first()
    if row is None:
        raise CaseActRefused("changed")
    return row


@transaction.atomic(durable=True)
def confirm(decision: CaseDecision, *, by: User, now: datetime) -> None:
    """Confirm, as a second one, that a draft rests on rules that are unchecked or disputed, or that the outcome of an objection
    or an appeal does, before it is carried out. Raises CaseActRefused (not_yours, conflict, closed, same_person, changed).
    """
    case = _claimed_for(by, decision, "case.confirm", now)
    decision = _standing(decision)
    if by.pk == decision.drafted_by_id:
        raise CaseActRefused("same_person")
    _open(case, decision.respondent)
    rows = CaseDecision.objects.filter(pk=decision.pk, confirmed_by=None)
    if (decision.decided_on is not None and case_queue.is_ready(decision)) or not rows.update(
        confirmed_by=by, confirmed_at=now
    ):
        raise CaseActRefused("changed")
    ledger.append(
        "case.decision_confirmed",
        _said(case, decision, {"rules": len(decision.unchecked)}, by),
        now=now,
        zone=case_steps.zone_of(case),
    )
    case_queue.renew(decision.respondent_id, by=by, now=now)


@transaction.atomic(durable=True)
def discard(decision: CaseDecision, *, by: User, now: datetime) -> None:
    """Take a draft back. Raises CaseActRefused (not_yours, conflict, decided, changed)."""
    case = _claimed_for(by, decision, "case.draft", now)
    decision = _standing(decision)
    case_queue.take_back(case, decision, by=by, now=now)
    case_queue.renew(decision.respondent_id, by=by, now=now)


# --- deciding ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paper:
    """A decision as it was signed: its number from wherever it is numbered, its day, who signed, and the scan."""

    number: str
    on: date
    signer: Person | None = None
    document: StoredFile | None = None
    digest: str = ""  # of the words that were shown to whoever signs here: others are not signed
    signer_name: str = ""  # of one who signed in an office that is none of this installation
    is_meant: bool = False  # its number stands on another decision too, and whoever tells it was asked
    is_number_meant: bool = False  # of an outcome: its number stands on a decision or a ruling too, and that was asked


@transaction.atomic(durable=True)
def sign_here(decision: CaseDecision, paper: Paper, *, was: str, by: User, now: datetime) -> CaseDecision:
    """Decide, here and now, as whoever holds the office that the resolver names in this minute.

    Raises CaseActRefused (not_yours, not_holder, own_matter, relative, conflict, drafter, decided, not_confirmed, authority, gone,
    paper, number_used, changed, not_today), SanctionOutsideBand, and what the table raises (no hearing and no two no-shows, no
    team, …).
    """
    case, respondent, decision = _claimed(decision, by, "case.decide", now)
    if paper.on != case_steps.today_of(case):
        raise CaseActRefused("not_today", "on")
    found = _deciding(respondent, decision, paper.on, at=_minute(case, now))
    if not case_authority.is_holder(found, by):
        raise CaseActRefused("not_holder")
    signed = Paper(paper.number, paper.on, found.person, paper.document, paper.digest, is_meant=paper.is_meant)
    return _decide(case, respondent, decision, signed, Way.SIGNED_HERE, found, was=was, by=by, now=now)


@transaction.atomic(durable=True)
def record_signed(decision: CaseDecision, paper: Paper, *, was: str, by: User, now: datetime) -> CaseDecision:
    """Record a decision that the authority signed elsewhere: outside number, day, signer, and the scan with its digest.

    The signer must have held the office that the resolver names, on that day. Of an office that is none of this installation
    the document alone says who held it: the name of the signer is told from there. Where nobody holds an office that is one
    here, nothing is recorded. Raises as sign_here, and CaseActRefused (paper) without number, scan or signer.
    """
    case, respondent, decision = _claimed(decision, by, "case.record", now)
    case_steps.check_day(paper.on, case)
    if paper.document is None:
        raise CaseActRefused("paper", "document")
    found = _deciding(respondent, decision, paper.on)
    _check_signer(found, respondent, paper)
    return _decide(case, respondent, decision, paper, Way.RECORDED, found, was=was, by=by, now=now)


def _check_signer(found: case_authority.Deciding, respondent: CaseRespondent, paper: Paper) -> None:
    """See that a paper was signed by whoever held the office then, as far as it is one of this installation."""
    if case_authority.is_outside(found, respondent):
        if paper.signer is None and not paper.signer_name.strip():
            raise CaseActRefused("paper", "signer_name")
        return
    if found.office is None and found.person is None:
        raise CaseActRefused("authority")
    if paper.signer is None:
        raise CaseActRefused("paper", "signer")
    held = case_authority.held_on(found.office, paper.signer, paper.on) if found.office else None
    if held is None and (found.person is None or found.person.pk != paper.signer.pk):
        raise CaseActRefused("not_holder")


def _claimed(
    decision: CaseDecision, by: User, permission: str, now: datetime
) -> tuple[Case, CaseRespondent, CaseDecision]:
    case = _claimed_for(by, decision, permission, now)
    respondent = _open(case, decision.respondent)
    row = _standing(decision)
    if row.decided_on is not None:
        raise CaseActRefused("decided")
    if row.unchecked and row.confirmed_by_id is None:
        raise CaseActRefused("not_confirmed")
    if why := outdated(row, respondent):
        raise CaseActRefused(why)
    row.respondent = respondent
    return case, respondent, row


def _minute(case: Case, now: datetime) -> datetime:
    return clock.instant(case_steps.zone_of(case), at=now)


def _deciding(
    respondent: CaseRespondent, decision: CaseDecision, on: date, *, at: datetime | None = None
) -> case_authority.Deciding:
    level = decision.level or case_queue.heaviest_level(respondent)
    dismissal = case_rules.is_dismissal(decision.sanction) if level == "severe" else None
    found = case_authority.deciding(respondent, level, on, dismissal=dismissal, at=at)
    case_authority.require_known(found)
    return found


def who_decides(
    respondent: CaseRespondent, draft: CaseDecision | None, *, at: datetime
) -> case_authority.Deciding | None:
    """Return who decides in a minute of today, at what a draft says or the gravest breach; None: the rulebook lacks a fact."""
    level = (draft.level if draft else "") or case_queue.heaviest_level(respondent)
    dismissal = case_rules.is_dismissal(draft.sanction) if draft and level == "severe" else None
    try:
        return case_authority.deciding(
            respondent, level, case_steps.today_of(respondent.case), dismissal=dismissal, at=at
        )
    except DomainError:
        return None


def has_nobody(respondent: CaseRespondent, draft: CaseDecision | None, *, at: datetime) -> bool:
    """Say whether a respondent waits for a decision that nobody is known to take in a minute of today."""
    if not case_rules.may_decide(respondent.case.procedure, respondent.track, "", respondent.state):
        return False
    found = who_decides(respondent, draft, at=at)
    return found is None or case_authority.names_nobody(found, respondent)


def _decide(
    case: Case,
    respondent: CaseRespondent,
    decision: CaseDecision,
    paper: Paper,
    way: str,
    found: case_authority.Deciding,
    *,
    was: str,
    by: User,
    now: datetime,
) -> CaseDecision:
    number, text = paper.number.strip(), case_papers.text_of(decision)
    if not number:
        raise CaseActRefused("paper", "number")
    if way == Way.SIGNED_HERE and paper.digest != text.digest:
        raise CaseActRefused("changed")
    if not paper.is_meant and (other := numbered_on(respondent, number, paper.on.year)):
        raise CaseActRefused("number_used", other.isoformat())
    digest = paper.document.digest if paper.document else text.digest
    signer = paper.signer
    if signer is not None:
        if signer.pk in case_steps.people_out([case.pk]).get(case.pk, set()):
            raise CaseActRefused("own_matter" if signer.pk == respondent.person_id else "relative")
        if signer.pk in case_files.without([case.pk]).get(case.pk, case_files.NOBODY).people:
            raise CaseActRefused("conflict")  # a report leaves him out: which one, or that it does, is said nowhere
        if decision.drafted_by.person_id == signer.pk:
            raise CaseActRefused("drafter")
    if way == Way.SIGNED_HERE and decision.drafted_by_id == by.pk:
        raise CaseActRefused("drafter")
    serving = case_authority.serves(respondent, paper.on)
    if decision.sanction and serving and serving != "moved":
        raise CaseActRefused("gone", serving)
    check_band(respondent, decision.sanction)
    same = CaseDecision.objects.filter(pk=decision.pk, decided_on=None, ended_at=None)
    changed = same.update(
        way=way, office=found.office, authority=found.title[:120], capacity=found.capacity, signer=signer,
        signer_name=None if signer else paper.signer_name.strip()[:120] or None, decided_on=paper.on,
        recorded_by=by, recorded_at=now, number=number[:100], document=paper.document, digest=digest,
        text=case_papers.kept(text),
    )  # fmt: skip
    if not changed:
        raise CaseActRefused("decided")
    facts = {
        "decision": f"{decision.pk:016x}", "way": str(way), "number": number, "level": decision.level,
        "recommended": decision.recommended, "proposed": decision.proposed, "authority": found.title,
        "unchecked": len(decision.unchecked),
        "reason": decision.departure_reason or decision.grounds,
        "signed_by": signer.full_name if signer else paper.signer_name.strip()[:120],
    }  # fmt: skip
    shown = {
        "authority-named": True, "within-band": True, "decided-on": paper.on, "departs": bool(decision.departure_reason),
        "unchecked-rule": bool(decision.unchecked), "second-confirmation": decision.confirmed_by_id is not None,
    }  # fmt: skip
    cases.add_step(
        case, case_rules.decision_step(case.track, decision.sanction), was=was, facts=facts, on=paper.on, respondents=[respondent],
        document=paper.document, document_digest=digest, shown=shown, in_name_of=Role.APPOINTING_AUTHORITY, office=found.office,
        capacity=found.capacity, by=by, now=now,
    )  # fmt: skip
    decision.refresh_from_db()
    return decision


def numbered_on(respondent: CaseRespondent, number: str, year: int | None = None) -> date | None:
    """Return the day of the latest decision on somebody else of the same agency that has a number in a year; None: there is none.

    What an authority of the agency ruled on an objection is numbered in the same register, what stands and what only says that
    the decision stands or falls; what others ruled is not. `year` None: of any, as a new one may begin at one again.
    """
    if not number.strip() or respondent.agency_id is None:
        return None
    rows = CaseDecision.objects.filter(
        number__iexact=number.strip(), respondent__agency=respondent.agency_id, decided_on__isnull=False
    )
    found = [
        each.decided_on for each in rows.exclude(respondent=respondent) if each.authority not in (BPASN, OBJECTED_TO)
    ]
    ruled = _ruled(number, case_rules.SETTLES_OBJECTION).filter(respondent__agency=respondent.agency_id)
    found += [
        case_rules.ruled_on(each.facts, each.on)
        for each in ruled.exclude(respondent=respondent)
        if "official" in each.facts
    ]
    return max((each for each in found if year in (None, each.year)), default=None)


def ruling_numbered_on(respondent: CaseRespondent, number: str, year: int | None = None) -> date | None:
    """Return the day of the latest decision or ruling of another case here that has a number in a year; None: there is none.

    Whoever rules outside, as BPASN, numbers for itself: that number is of nobody else, whatever the agency.
    """
    if not number.strip():
        return None
    rows = CaseDecision.objects.filter(number__iexact=number.strip(), decided_on__isnull=False)
    found = [each.decided_on for each in rows.exclude(respondent__case=respondent.case_id)]
    ruled = _ruled(number, case_rules.SETTLES).exclude(case=respondent.case_id)
    found += [case_rules.ruled_on(each.facts, each.on) for each in ruled]
    return max((each for each in found if year in (None, each.year)), default=None)


def _ruled(number: str, steps: Collection[str]) -> QuerySet[CaseStep]:
    return CaseStep.objects.filter(step__in=list(steps), facts__number__iexact=number.strip())


# --- service and effect ------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def serve(
    decision: CaseDecision, *, was: str, served_on: date, received_on: date, document: StoredFile | None = None,
    delivery: str = "", by: User, now: datetime,
) -> CaseDecision:  # fmt: skip
    """Mark a decision as served and received; from the receipt the day of its effect is counted, and kept with how.

    `delivery`: by which way it came, a word of DELIVERIES. Source: peraturan-bkn-6-2022 Pasal 50 ayat (1), the 15th working day
    after receipt. Where it was appealed before it came the case stays with BPASN, whose outcome alone brings an effect; what is
    owed until the receipt ends with its day. Raises CaseActRefused (not_yours, conflict, not_decided, not_sent, changed, holidays),
    DatesInWrongOrder, DayInFuture.
    """
    case = _claimed_for(by, decision, "case.serve", now)
    respondent = _open(case, decision.respondent)
    row = _standing(decision)
    if row.decided_on is None:
        raise CaseActRefused("not_decided")
    if row.served_on is not None:
        raise CaseActRefused("changed")
    if served_on < row.decided_on:
        raise DatesInWrongOrder(row.decided_on, served_on)
    if received_on < served_on:
        raise DatesInWrongOrder(served_on, received_on)
    case_steps.check_day(received_on, case)
    if delivery == LAST_ADDRESS:
        _refuse_unsent(respondent, served_on)
    is_appealed = was == APPEALED
    effective_on, effect = (None, {}) if is_appealed else _effect(case, row, received_on)
    facts = {"decision": f"{row.pk:016x}", "served_on": served_on}
    if not is_appealed:
        facts["effective_on"] = effective_on
    if delivery in DELIVERIES:
        facts["delivery"] = delivery
    step = case_rules.SERVE_APPEALED if is_appealed else case_rules.SERVE
    (taken,) = cases.add_step(
        case, step, was=was, facts=facts,
        on=_after_appeal(respondent, received_on) if is_appealed else received_on, respondents=[respondent], document=document,
        shown={"received-on": received_on}, in_name_of=Role.APPOINTING_AUTHORITY,
        by=by, now=now,
    )  # fmt: skip
    case_clocks.ended_on(taken, received_on)
    same = CaseDecision.objects.filter(pk=row.pk, served_on=None)
    if not same.update(served_on=served_on, received_on=received_on, effective_on=effective_on, effect=effect):
        raise CaseActRefused("changed")
    row.refresh_from_db()
    return row


def _after_appeal(respondent: CaseRespondent, received_on: date) -> date:
    """Return on which day it is recorded that a decision came which was appealed: on that day, or by the latest step.

    The letter of appeal is often recorded first. Before a delivery that he missed, or a sending, nothing came. Raises
    DatesInWrongOrder.
    """
    taken = list(respondent.steps.exclude(to_state="").values_list("step", "on"))
    before = [on for step, on in taken if step in (case_rules.MISS_SERVICE, case_rules.SEND) and received_on < on]
    if before:
        raise DatesInWrongOrder(max(before), received_on)
    return max([received_on, *(on for _step, on in taken)])


def _refuse_unsent(respondent: CaseRespondent, served_on: date) -> None:
    """See that it was recorded that a decision goes to the last address, as it does where he did not come to receive it.

    Source: peraturan-bkn-6-2022 Pasal 49 ayat (8). Raises CaseActRefused (not_sent), DatesInWrongOrder.
    """
    sent = _sending(respondent)
    if sent is None:
        raise CaseActRefused("not_sent")
    if served_on < sent.on:
        raise DatesInWrongOrder(sent.on, served_on)


def was_sent(respondent: CaseRespondent) -> bool:
    """Say whether it was recorded that a decision goes to the last address, so that it may have come there."""
    return _sending(respondent) is not None


def _sending(respondent: CaseRespondent) -> CaseStep | None:
    return respondent.steps.filter(step=case_rules.SEND).order_by(*case_steps.LATEST_FIRST).first()


def take_effect(today: date, now: datetime) -> int:
    """Let decisions take effect whose day has come, each as a step of the clock in the authority's name; return how many.

    What an objection or an appeal stopped stands in another state, and waits. One that is refused keeps no other from its effect.
    """
    rows = CaseDecision.objects.filter(
        effective_on__lte=today,
        ended_at=None,
        respondent__state=SERVED,
        respondent__outcome=CaseRespondent.Outcome.OPEN,
    )
    done = 0
    for decision in rows.select_related("respondent").order_by("effective_on", "pk"):
        try:
            _take_effect(decision, now)
        except DomainError:
            logger.exception("a decision did not take effect", extra={"decision": f"{decision.pk:016x}"})
        else:
            done += 1
    return done


@transaction.atomic(durable=True)
def _take_effect(decision: CaseDecision, now: datetime) -> None:
    case = case_steps.lock(decision.respondent.case_id)
    cases.add_step(
        case, case_rules.TAKE_EFFECT, was=SERVED, facts={"decision": f"{decision.pk:016x}"}, on=decision.effective_on,
        respondents=[decision.respondent], in_name_of=Role.APPOINTING_AUTHORITY, by=None, now=now,
    )  # fmt: skip


def _effect(case: Case, decision: CaseDecision, received_on: date) -> tuple[date | None, dict[str, object]]:
    if not decision.sanction or case.track != "discipline":
        return None, {}
    found = rules.due("pp94-effective", received_on, regime=case.regime, region=case_steps.region_of(case))
    return found.last_day, case_clocks.told(found)


# --- objection and appeal ----------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def settle(
    decision: CaseDecision, paper: Paper, *, outcome: str, sanction: str = "", grounds: str, was: str, by: User, now: datetime
) -> CaseDecision:  # fmt: skip
    """Record what an objection or an appeal made of a decision, from the document that says so; return what stands now.

    `outcome`: a word of SETTLEMENTS, `grounds`: why, as the document says; `paper` names who signed it. What was lightened,
    aggravated or changed names the `sanction` that takes the old one's place: of an objection within the band and never the end
    of the service, of BPASN any of the catalogue, as it may aggravate. It carries the rules on its face that nobody compared,
    and is not carried out before a second one confirmed it. Cancelled by BPASN, or an objection granted in full, clears the
    respondent; the decision that is returned then has ended. Whose sanction was carried out, and is cancelled or granted or
    replaced (a dismissal by BPASN with what ends no service, another one by what is not graver), is neither cleared nor
    sanctioned yet: he awaits to be restored, and what takes its place is carried out after that. All that stands is in effect
    from the day of the document; what is upheld and was in effect before its letter was recorded, since its own day, and what
    was carried out and upheld stays so. A document may be older than the recording of the letter on which it decides, and never
    than that letter. Its number is its own, or is asked for once more (see _check_number).
    Raises CaseActRefused (not_yours, conflict, closed, not_decided, paper, text, outcome, own_proceeding, changed; punisher: the
    name is that of whoever decided, above whom an objection is decided; `paper.is_meant` says that it is another one; own_number,
    same_letter, number_used, ruling_number_used: see _check_number),
    SanctionOutsideBand, DatesInWrongOrder, DayInFuture, and what the table raises.
    """
    case = case_steps.lock(decision.respondent.case_id)
    decision.respondent.case = case
    is_national = _settles_by(decision.respondent, was, by, now)
    respondent = _open(case, decision.respondent)
    row = _standing(decision)
    if row.decided_on is None:
        raise CaseActRefused("not_decided")
    number = paper.number.strip()
    if not number or paper.document is None:
        raise CaseActRefused("paper", "document" if number else "number")
    signer = paper.signer_name.strip()[:120]
    if not signer:
        raise CaseActRefused("paper", "signer_name")
    grounds = case_steps.tidy(grounds, about="grounds")
    of_appeal = was == APPEALED
    case_steps.check_day(paper.on, case, not_before=max(row.decided_on, _letter_day(respondent, of_appeal=of_appeal)))
    above = None if of_appeal else case_authority.objected_to(respondent, row, paper.on)
    _check_number(row, respondent, paper, of_appeal=of_appeal, is_of_agency=above is not None)
    if not of_appeal and not paper.is_meant and is_of_decider(row, signer):
        raise CaseActRefused("punisher", signer)
    level = _check_settled(respondent, row, outcome, sanction, of_appeal=of_appeal)
    taken = list(respondent.steps.exclude(to_state="").values_list("step", "on"))
    done = {step for step, _on in taken}
    step = _settling_step(row, outcome, sanction, of_appeal=of_appeal, is_executed=case_rules.EXECUTE in done)
    stands = row
    if outcome == "upheld":
        # What was in effect before the letter was recorded stays so since its day.
        since = row.effective_on if case_rules.TAKE_EFFECT in done else paper.on
        effect = dict(row.effect) | {"settled": outcome}
        CaseDecision.objects.filter(pk=row.pk).update(effective_on=since, effect=effect)
    else:
        CaseDecision.objects.filter(pk=row.pk).update(ended_at=now)
        if outcome not in _CLEARS:
            stands = CaseDecision(
                respondent=respondent, sanction=sanction, level=level, recommended=row.recommended,
                recommended_step=row.recommended_step, proposed_step=row.proposed_step, way=Way.RECORDED, drafted_by=by,
                drafted_at=now, decided_on=paper.on, grounds=grounds, signer_name=signer,
                authority=BPASN if of_appeal else official(above), recorded_by=by, recorded_at=now, number=number[:100],
                document=paper.document, digest=paper.document.digest, effective_on=paper.on, effect={"settled": outcome},
                unchecked=unchecked_rules(respondent, sanction), replaces=row,
            )  # fmt: skip
            stands.text = case_papers.kept(case_papers.text_of(stands))
            stands.save(force_insert=True)
    told = "appeal-outcome" if of_appeal else "objection-outcome"
    facts = {
        "decision": f"{stands.pk:016x}",
        told: outcome,
        "settled": outcome,
        "before": row.sanction,
        "number": number,
        "signer": signer,
        "reason": grounds,
    }
    if above is not None:
        facts["official"] = official(above)
    if outcome not in ("upheld", *_CLEARS):
        facts["decided_sanction"] = sanction
    # The letter may have been recorded after it was decided on: nothing is recorded before what was recorded last.
    on = max(paper.on, *(day for _step, day in taken))
    if on != paper.on:
        facts["settled_on"] = paper.on
    cases.add_step(
        case, step, was=was, facts=facts, on=on, respondents=[respondent], document=paper.document,
        in_name_of=None if is_national else Role.APPOINTING_AUTHORITY, by=by, now=now,
    )  # fmt: skip
    stands.refresh_from_db()
    return stands


def has_number(decision: CaseDecision, number: str) -> bool:
    """Say whether a number is that of a decision."""
    return bool(number.strip()) and number.strip().casefold() == (decision.number or "").strip().casefold()


def _check_number(
    decision: CaseDecision, respondent: CaseRespondent, paper: Paper, *, of_appeal: bool, is_of_agency: bool
) -> None:
    """See that an outcome has a number of its own: one that another paper has too is asked for once more.

    That of its own decision, as another office may come to the same one; never on the same day too, for then it is the decision
    itself. Where an authority of the same agency ruled on an objection, one of the agency's register; of BPASN, one of another case
    here. Raises CaseActRefused (own_number, same_letter, number_used, ruling_number_used).
    """
    if has_number(decision, paper.number) and decision.decided_on is not None:
        of = {"on": decision.decided_on, "number": decision.number or ""}
        if paper.on == decision.decided_on:
            raise CaseActRefused("same_letter", **of)
        if not paper.is_number_meant:
            raise CaseActRefused("own_number", **of)
    if paper.is_number_meant:
        return
    if is_of_agency and (other := numbered_on(respondent, paper.number, paper.on.year)):
        raise CaseActRefused("number_used", other.isoformat())
    if of_appeal and (other := ruling_numbered_on(respondent, paper.number, paper.on.year)):
        raise CaseActRefused("ruling_number_used", other.isoformat())


def is_of_decider(decision: CaseDecision, name: str) -> bool:
    """Say whether a name is that of whoever took a decision."""
    decider = decision.signer.full_name if decision.signer else decision.signer_name or ""
    return case_authority.is_same_name(decider, name)


APPEALED, BPASN = "appealed", case_papers.BPASN
OBJECTED_TO = "Atasan pejabat yang menghukum"
"""Who decides on an objection where his office is not known here, as a paper says it (pp-79-2021, one source)."""


def official(above: Office | WorkUnit | None) -> str:
    """Write who decided on an objection, by the office above whoever decided first, as far as the records show it."""
    if isinstance(above, Office):
        return above.title[:120]
    return f"{OBJECTED_TO} ({above.name})"[:120] if above is not None else OBJECTED_TO


def _settles_by(respondent: CaseRespondent, was: str, by: User, now: datetime) -> bool:
    """Say whether it is the national body that records the outcome; else it is the agency. Raises CaseActRefused."""
    roles = case_steps.reach(by, respondent.case, now=now).over(respondent.pk)
    if roles & {Role.DRAFTER, Role.APPOINTING_AUTHORITY}:
        case_steps.refuse_conflict(by, respondent.case)
        return False
    if was == APPEALED:
        case_steps.require_for(by, respondent, "case.monitor", now=now)
        return True
    raise CaseActRefused("not_yours")


def _letter_day(respondent: CaseRespondent, *, of_appeal: bool) -> date:
    """Return the day of the letter on which an objection or an appeal stands, or on which it was recorded where none was told."""
    steps, name = (case_rules.APPEALS, "appeal") if of_appeal else (case_rules.OBJECTS, "objection")
    row = respondent.steps.filter(step__in=steps).order_by(*case_steps.LATEST_FIRST).first()
    if row is None:
        return date.min
    told = case_rules.as_facts(row.facts).get(name)
    return told if isinstance(told, date) else row.on


def _settling_step(row: CaseDecision, outcome: str, sanction: str, *, of_appeal: bool, is_executed: bool) -> str:
    if outcome == "upheld" and is_executed:
        return case_rules.APPEAL_UPHOLDS if of_appeal else case_rules.OBJECTION_UPHOLDS
    if not of_appeal and is_executed and not case_rules.is_graver(sanction, row.sanction):
        # What was carried out is undone before anything else; a graver one takes its place without that.
        cancels = outcome == "granted"
        return case_rules.OBJECTION_CANCELS_EXECUTED if cancels else case_rules.OBJECTION_LIGHTENS_EXECUTED
    if not of_appeal:
        return case_rules.OBJECTION_GRANTED if outcome == "granted" else case_rules.OBJECTION_DECIDED
    if is_executed and not case_rules.ends_service(sanction):
        # What is appealed is a dismissal: he awaits his place again before anything else.
        return case_rules.APPEAL_CANCELS_EXECUTED if outcome == "cancelled" else case_rules.APPEAL_LIGHTENS_EXECUTED
    return case_rules.APPEAL_CANCELS if outcome == "cancelled" else case_rules.APPEAL_DECIDED


def outcomes(decided: str, sanctions: Collection[str], *, of_appeal: bool) -> tuple[str, ...]:
    """Return the words of SETTLEMENTS that can be recorded of a decision, where these are the sanctions that it may come to."""
    found = {
        "lightened": case_rules.knows_lighter(sanctions, decided),
        "aggravated": case_rules.knows_graver(sanctions, decided),
        "changed": any(each != decided for each in sanctions),
        "cancelled": of_appeal,
        "granted": not of_appeal,
    }
    return tuple(each for each in SETTLEMENTS if found.get(each, True))


def _check_settled(
    respondent: CaseRespondent, row: CaseDecision, outcome: str, sanction: str, *, of_appeal: bool
) -> str:
    """See that the outcome is one, and that the sanction is what its word says; return the level. Raises CaseActRefused."""
    keeps = outcome in ("upheld", *_CLEARS)
    fits = {
        "upheld": sanction in ("", row.sanction), "cancelled": of_appeal and not sanction,
        "granted": not of_appeal and not sanction,
        "lightened": bool(sanction) and case_rules.is_known(sanction) and case_rules.is_graver(row.sanction, sanction),
        "aggravated": case_rules.is_known(sanction) and case_rules.is_graver(sanction, row.sanction),
        "changed": bool(sanction) and sanction != row.sanction,
    }  # fmt: skip
    if not fits.get(outcome, False):
        raise CaseActRefused("outcome", outcome)
    if keeps:
        return row.level
    if not of_appeal:
        # Our own reading: who objects does not lose the appeal that a dismissal has. BPASN is not bound by it.
        if case_rules.ends_service(sanction):
            raise CaseActRefused("own_proceeding", sanction)
        return check_band(respondent, sanction)
    day = max((on for _act, on, _level in case_steps.alleged_of(respondent)), default=row.decided_on)
    return case_rules.check_catalogue(sanction, day, respondent.employment)
