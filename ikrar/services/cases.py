"""Cases: from registered reports to a decision that takes effect, by one way through the table of the procedure.

A report and its case are written in one transaction or not at all. Every step asks the table in the domain, claims each respondent
by the state that was shown, starts and stops clocks, and appends to the timeline and the log. What a step must be able to show (a
hearing, two documented no-shows, a team, a recommendation) is asked of the records: nobody claims it by a fact of his own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ikrar.domain import access
from ikrar.domain.access import Role, Scope
from ikrar.domain.cases import HEAVY, CaseFacts, Effect, Open, Step, Taker
from ikrar.domain.errors import CaseActRefused, CaseStepRefused, DomainError, SanctionOutsideBand
from ikrar.domain.report_states import ReportState
from ikrar.domain.retention import LONGEST_HOLD_DAYS, HoldKind
from ikrar.records.kept import KeptObjects, KeptQuery
from ikrar.records.models import (
    Body,
    Case,
    CaseAllegation,
    CaseDecision,
    CaseReport,
    CaseRespondent,
    CaseStep,
    Office,
    Person,
    Placement,
    Report,
    ReportAct,
    ReportHold,
    StoredFile,
    User,
)
from ikrar.services import (
    accounts,
    case_authority,
    case_clocks,
    case_files,
    case_lines,
    case_queue,
    case_rules,
    case_steps,
    clock,
    ledger,
    report_desk,
    reports,
    rules,
)
from ikrar.services.case_files import Alleged
from ikrar.services.case_steps import Doing, number_of

Outcome = CaseRespondent.Outcome
MOST_REPORTS = 200
MOST_RESPONDENTS = 100
# A report may become part of a case from where an officer has read it; one that ended stays where it ended.
MAY_BE_REGISTERED = (
    ReportState.READ,
    ReportState.ASKED,
    ReportState.INITIAL_INFORMATION,
    ReportState.FORMAL,
    ReportState.REGISTERED,
)

RECORDED_AS = "recorded_as"
"""With a step that was recorded in the name of another role: that of whoever recorded it."""


@dataclass(frozen=True)
class Named:
    """Whom a case is about: somebody of a roster, or an outsider as the officer describes him; and what he is said to have done."""

    person: Person | None = None
    described: str = ""
    employment: str = ""
    post: str = ""
    allegations: tuple[Alleged, ...] = field(default=())


# --- opening -----------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def register(
    found: Sequence[Report],
    body: Body,
    respondents: Sequence[Named],
    *,
    regime: str,
    track: str,
    by: User,
    now: datetime,
) -> Case:
    """Open a case of reports that an officer opened himself, or of none (a finding of the body), about one or more respondents.

    All of it is written in one transaction with what becomes of the reports, or nothing is. Raises CaseActRefused (not_yours,
    unopened, in_case, report_state, respondents, person, nobody_placed, own_matter), and what case_rules.procedure and
    add_allegation raise.
    """
    return add_case(found, body, respondents, regime=regime, track=track, by=by, now=now)


def add_case(
    found: Sequence[Report],
    body: Body,
    respondents: Sequence[Named],
    *,
    regime: str,
    track: str,
    by: User,
    now: datetime,
    beside: Case | None = None,
) -> Case:
    """Open a case inside the caller's transaction (see register)."""
    scope = accounts_scope(by, "case.register", now=now)
    if not (scope.everything or body.pk in scope.bodies):
        raise CaseActRefused("not_yours")
    if not 0 < len(respondents) <= MOST_RESPONDENTS or len(found) > MOST_REPORTS:
        raise CaseActRefused("respondents")
    today = _today(body)
    days = [each.on for one in respondents for each in one.allegations]
    procedure = case_rules.procedure_on(regime, track, today)
    placed = [_placed(one, min(days, default=today), today) for one in respondents]
    agencies = {each.unit.agency_id: each.unit.agency for each in placed if each is not None}
    case = Case.objects.create(
        body=body, agency=next(iter(agencies.values())) if len(agencies) == 1 else body.agency if not agencies else None,
        beside=beside, regime=regime, track=track, procedure=procedure.id, rulebook_digest=rules.book().digest,
        opened_on=today, opened_at=now, opened_by=by,
    )  # fmt: skip
    entry = ledger.append(
        "case.opened",
        {"case": number_of(case), "body": body.pk, "regime": regime, "track": track, "procedure": procedure.id, "by": by.pk},
        now=now, zone=case_steps.zone_of(case),
    )  # fmt: skip
    for report in found:
        _add_report(case, report, by=by, now=now)
    made = [_add_respondent(case, one, place, by=by, now=now) for one, place in zip(respondents, placed, strict=True)]
    row = case_steps.keep(case, "opened", Doing(by, today, now), entry)
    case_steps.refuse_conflict(by, case)
    for each in made:
        _begin(each, row)
    case_steps.renew_lines([each.pk for each in made])
    return case


def accounts_scope(user: User, permission: str, *, now: datetime) -> Scope:
    """Return how far a permission reaches for somebody in this minute."""
    return access.scope_of(accounts.grants_of(user, now=now), permission)


def _today(body: Body) -> date:
    return clock.today(reports.zone_of_body(body))


def employed_as(person: Person, day: date) -> str:
    """Return as what somebody was employed on a day, or is today; empty: the roster knows neither."""
    rows = Placement.objects.filter(person=person)
    found = rows.on(day).first() or rows.on(clock.today()).first()
    return str(found.employment) if found else ""


def _placed(one: Named, day: date, today: date) -> Placement | None:
    """Return where somebody served on the day of the act, or serves today. Raises CaseActRefused (person, nobody_placed)."""
    if (one.person is None) == (not one.described.strip()):
        raise CaseActRefused("person")
    if one.person is None:
        return None
    rows = Placement.objects.filter(person=one.person).select_related("unit__agency__region")
    found = rows.on(day).first() or rows.on(today).first()
    if found is None:
        raise CaseActRefused("nobody_placed")
    return found


def _add_respondent(case: Case, one: Named, placed: Placement | None, *, by: User, now: datetime) -> CaseRespondent:
    # By it the band is found: of whom the roster knows it is not typed.
    employment = (placed.employment if placed else "") or one.employment.strip()
    if not employment:
        raise CaseActRefused("person", "employment")
    try:
        with transaction.atomic():
            made = CaseRespondent.objects.create(
                case=case, person=one.person, described=one.described.strip()[:300], employment=employment[:16],
                post=(placed.post if placed else one.post)[:200], post_level=placed.level if placed else "",
                unit=placed.unit if placed else None, agency=placed.unit.agency if placed else None,
                body=case.handler or case.body, regime=case.regime, track=case.track,
                state=case_rules.procedure(case.procedure).first_state, state_on=case_steps.today_of(case),
            )  # fmt: skip
    except IntegrityError:
        raise CaseActRefused("respondents", "twice") from None
    said = {"case": number_of(case), "respondent": number_of(made), "person": one.person and one.person.pk, "by": by.pk}
    ledger.append("case.respondent_added", said, now=now, zone=case_steps.zone_of(case))
    for alleged in one.allegations:
        case_files.add_allegation(case, made, alleged, by=by, now=now)
    return made


def _begin(respondent: CaseRespondent, row: CaseStep) -> None:
    """Start the clocks of somebody who came into a case by a step."""
    case = respondent.case
    for limit in case_rules.first_limits(case.procedure, row.on, row.at, case_steps.zone_of(case)):
        case_clocks.start(respondent, limit, row)


@transaction.atomic(durable=True)
def add_respondent(case: Case, one: Named, *, by: User, now: datetime) -> CaseRespondent:
    """Add a respondent to an open case: he begins at its first state. Raises CaseActRefused (see register)."""
    case = _open(case, "case.register", by=by, now=now)
    today = case_steps.today_of(case)
    placed = _placed(one, min((each.on for each in one.allegations), default=today), today)
    made = _add_respondent(case, one, placed, by=by, now=now)
    _begin(made, case_steps.write(case, "respondent_added", Doing(by, today, now), respondent=made))
    case_steps.renew_lines([made.pk])
    return made


def _open(case: Case, permission: str, *, by: User, now: datetime) -> Case:
    case = case_steps.lock(case.pk)
    case_steps.require(by, case, permission, now=now)
    if case.closed_on is not None:
        raise CaseActRefused("closed")
    return case


def _add_report(case: Case, report: Report, *, by: User, now: datetime) -> None:
    """Put a report into a case and give it the state of a registered one. Raises CaseActRefused."""
    row = Report.objects.select_for_update(of=("self",)).filter(pk=report.pk, erased_on=None).first()
    if row is None or row.body_id != case.body_id:
        raise CaseActRefused("not_yours")
    if not ReportAct.objects.filter(report=row, kind=ReportAct.Kind.OPENED, user=by).exists():
        raise CaseActRefused("unopened")
    if CaseReport.objects.filter(report=row).exists():
        raise CaseActRefused("in_case")
    if row.state not in MAY_BE_REGISTERED:
        raise CaseActRefused("report_state")
    today = case_steps.today_of(case)
    CaseReport.objects.create(case=case, report=row, added_on=today, added_by=by)
    if row.state != ReportState.REGISTERED:
        report_desk.register(row, row.state, by=by, now=now)
    # It is kept while the case goes on: a night that erases reports asks for holds.
    until = date.fromordinal(today.toordinal() + LONGEST_HOLD_DAYS)
    ReportHold.objects.create(report=row, kind=HoldKind.CASE, by=by, from_on=today, until_on=until)
    said = {"case": number_of(case), "report": report_desk.number_of(row), "by": by.pk}
    ledger.append("case.report_added", said, now=now, zone=case_steps.zone_of(case))


@transaction.atomic(durable=True)
def give_number(case: Case, number: str, *, by: User, now: datetime) -> None:
    """Record the number that a case got in the register of its body, once.

    Raises CaseActRefused (not_yours, conflict, closed, text, number).
    """
    case = _open(case, "case.register", by=by, now=now)
    number = case_steps.tidy(number, 60, about="number")
    try:
        with transaction.atomic():
            if not Case.objects.filter(pk=case.pk, number="").update(number=number):
                raise CaseActRefused("number", "has_one")
    except IntegrityError:
        raise CaseActRefused("number", "taken") from None
    case_steps.write(case, "numbered", Doing(by, case_steps.today_of(case), now), facts={"number": number})
    case_lines.renew([case.pk])


@transaction.atomic(durable=True)
def add_report(case: Case, report: Report, *, by: User, now: datetime) -> None:
    """Put a further report into an open case: a double, or another side of the same matter. Raises CaseActRefused."""
    case = case_steps.lock(case.pk)
    case_steps.require_reports(by, case, now=now)
    if case.closed_on is not None:
        raise CaseActRefused("closed")
    _add_report(case, report, by=by, now=now)
    case_steps.refuse_conflict(by, case)  # also by the rule of the report that came
    case_steps.write(case, "report_added", Doing(by, case_steps.today_of(case), now))


# --- steps -------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def take_step(
    case: Case,
    step: str,
    *,
    was: str,
    facts: Mapping[str, Any] | None = None,
    on: date | None = None,
    respondents: Collection[CaseRespondent] | None = None,
    document: StoredFile | None = None,
    by: User,
    now: datetime,
) -> list[CaseStep]:
    """Take a step of the procedure for respondents of a case that stand where it was shown (`was`): one step of each.

    `respondents` None: all of them that stand there. `on`: the local day on which it happened, today where not given. Raises
    CaseActRefused (not_yours, conflict, own_matter, changed, step, scan, closed, dates, gone, …), what the table raises for a step
    that is not open there or lacks something, SanctionOutsideBand, DayInFuture, DatesInWrongOrder.
    """
    case = case_steps.lock(case.pk)
    if case_rules.has_own_act(step):
        raise CaseActRefused("step", step)
    in_name_of = None
    if document is not None and (drafted := _drafted_by(case, step, was, respondents, by=by, now=now)):
        # Personnel staff draft, the head signs on paper: a step of the authority is recorded from what he signed.
        in_name_of, respondents = Role.APPOINTING_AUTHORITY, drafted
    try:
        return add_step(
            case,
            step,
            was=was,
            facts=facts,
            on=on,
            respondents=respondents,
            document=document,
            in_name_of=in_name_of,
            by=by,
            now=now,
        )
    except CaseStepRefused as error:
        if document is None and error.reason == "role" and _drafted_by(case, step, was, respondents, by=by, now=now):
            raise CaseActRefused("scan", "document") from error
        raise


def _drafted_by(
    case: Case, step: str, was: str, respondents: Collection[CaseRespondent] | None, *, by: User, now: datetime
) -> Collection[CaseRespondent]:
    """Return the respondents for whom somebody records a step of the authority by paper: those meant, where he drafts for them
    all; else none. What his own role is for he takes himself.
    """
    row = case_rules.procedure(case.procedure).steps.get(step)
    if row is None or Role.APPOINTING_AUTHORITY not in row.who:
        return ()
    drafts = {
        pk
        for pk, roles in case_steps.reach(by, case, now=now).of.items()
        if Role.DRAFTER in roles and roles.isdisjoint(row.who)
    }
    if respondents is not None:
        return respondents if all(each.pk in drafts for each in respondents) else ()
    return list(case.respondents.filter(pk__in=drafts, outcome=Outcome.OPEN, state=was)) if drafts else ()


def add_step(
    case: Case,
    step: str,
    *,
    was: str,
    facts: Mapping[str, Any] | None = None,
    on: date | None = None,
    respondents: Collection[CaseRespondent] | None = None,
    document: StoredFile | None = None,
    document_digest: str = "",
    shown: Mapping[str, Any] | None = None,
    in_name_of: Role | None = None,
    office: Office | None = None,
    capacity: str = "",
    by: User | None,
    now: datetime,
) -> list[CaseStep]:
    """Take a step inside the caller's transaction, which holds the case (see take_step). `by` None: the clock, in somebody's name.

    `shown`: what the act that asks for it has written itself (a decision, a referral), in the words of the table. `in_name_of`: the
    role in whose name somebody does it whom that act let in already (a drafter, of the authority that signed); who recorded it
    without having that role is kept with the step. A role of an agency moves the respondents of that agency: of none in particular
    the others stay where they are, one who was named is refused.
    """
    if by is not None:
        case_steps.refuse_conflict(by, case)
    found = _STANDING_AT.rows(case=case.pk, was=was)
    if respondents is not None:
        wanted = {each.pk for each in respondents}
        found = [each for each in found if each.pk in wanted]
    if not found or (respondents is not None and len(found) != len(wanted)):
        raise CaseActRefused("changed", was)
    lent = frozenset({in_name_of}) if in_name_of is not None else None
    reach = case_steps.Reach(here=lent) if lent else case_steps.reach(by, case, now=now) if by else case_steps.Reach()
    own = case_steps.reach(by, case, now=now) if lent and by else None
    found = _within(reach, found, chosen=respondents is not None)
    today = on or case_steps.today_of(case)
    told = _plain(
        {name: value for name, value in (facts or {}).items() if case_rules.may_tell(case.procedure, name, step)}
    )
    written, has_ended = [], False
    for respondent in found:
        respondent.case = case
        known = _known(case, respondent, told, step, on=today)
        known.facts.update(shown or {})
        taker = _taker(respondent, reach.over(respondent.pk), today, step)
        effect, new, role = _taken(case, respondent, step, known, taker, today, told)
        case_steps.check_day(today, case, not_before=case.opened_on if in_name_of is None else None)
        if role == Role.EXAMINER and (by is None or not _is_assigned(case, by)):
            raise CaseActRefused("not_assigned")
        doing = Doing(by, today, now, role=role, office=office, capacity=capacity)
        recorded = _recorded_as(own.over(respondent.pk), Role(role)) if own else {}
        row = case_steps.write(
            case, step, doing, respondent=respondent, old=was, new=new, facts=told | _plain(shown or {}) | recorded,
            document=document, document_digest=document_digest,
        )  # fmt: skip
        _move(respondent, was, new, effect, known, str(told.get("reason", "")), row)
        written.append(row)
        has_ended = has_ended or bool(case_rules.outcome(case.procedure, new))
    case_lines.renew([case.pk], words=False)
    if has_ended:
        _close_if_done(case, today)
    return written


_STANDING_AT = KeptObjects(
    lambda case, was: (
        CaseRespondent.objects.select_for_update(of=("self",))
        .filter(case=case, outcome=Outcome.OPEN, state=was)
        .select_related("person", "unit", "agency__region")
        .order_by("pk")
    ),
    "case",
    "was",
    text=("was",),
)


def _recorded_as(own: frozenset[Role], role: Role) -> dict[str, str]:
    """Return by which of his roles somebody records a step in the name of another one; nothing: he has that role himself."""
    mine = next((each for each in (role, Role.DRAFTER, Role.EXAMINER) if each in own), role)
    return {} if mine is role else {RECORDED_AS: str(mine.value)}


def _within(reach: case_steps.Reach, found: list[CaseRespondent], *, chosen: bool) -> list[CaseRespondent]:
    """Return the respondents about whom somebody may do anything. Raises CaseActRefused (not_yours).

    Of one who has no role in the case at all the table says what role the step is for.
    """
    mine = [each for each in found if reach.over(each.pk)]
    if len(mine) == len(found) or (mine and not chosen):
        return mine
    if reach.acting:
        raise CaseActRefused("not_yours")
    return found


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as they are kept: days as texts, texts without blanks around them, nothing that is empty."""
    told: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, date):
            told[name] = value.isoformat()
        elif isinstance(value, str):
            if value.strip():
                told[name] = case_steps.tidy(value, about=name)
        elif value is not None and value is not False:
            told[name] = value
    return told


def _taken(
    case: Case, respondent: CaseRespondent, step: str, known: "_Known", taker: Taker, on: date, told: Mapping[str, Any],
) -> tuple[Effect, str, str]:  # fmt: skip
    """Ask the table for a step of a respondent.

    Raises CaseStepRefused, CaseActRefused (holidays; team: its order was told, and it is short), SanctionOutsideBand.
    """
    asked = known.asked(respondent.state)
    try:
        taken = case_rules.take(case.procedure, step, asked, taker, on, region=case_steps.region_of(case))
    except CaseStepRefused as error:
        if error.reason == "missing" and "team-order" in error.about and told.get("team-order"):
            elements = case_steps.lacking_elements(respondent, now=clock.now())
            raise CaseActRefused("team", ",".join(elements)) from error
        lacking = set(error.about) if error.reason == "missing" and step == case_rules.RECOMMEND else set()
        if case_rules.WITHIN_BAND in lacking and lacking.isdisjoint(case_rules.COMES_BEFORE_BAND):
            raise _outside_band(respondent, str(told.get("sanction", ""))) from error
        raise
    for each in taken[0].starts:
        appointed, start = asked.facts.get(each.until_fact), asked.facts.get(each.from_fact)
        if isinstance(appointed, date):
            last = case_clocks.latest(case, each.id, start if isinstance(start, date) else on)
            if appointed > last:
                raise CaseStepRefused("after", step, (last.isoformat(),), each.until_fact)
    return taken


def _outside_band(respondent: CaseRespondent, sanction: str) -> SanctionOutsideBand:
    """Say of whom a sanction lies outside the band, and what his own clause allows."""
    whom = respondent.person.full_name if respondent.person else respondent.described
    return SanctionOutsideBand(sanction, band_of(respondent), whom)


def _taker(respondent: CaseRespondent, roles: frozenset[Role], on: date, step: str = "") -> Taker:
    """Return who takes a step with these roles.

    Of the authority whom the law names none other than one who has no part in the case, nobody acts in its name, on paper neither:
    until something is decided. What follows a decision comes from others (a letter, a day, an office above), and is recorded all
    the same. A decision asks by itself who may take it.
    """
    if Role.APPOINTING_AUTHORITY not in roles or case_rules.has_own_act(step) or case_files.is_decided(respondent):
        return Taker(roles)
    is_absent = case_authority.is_absent(respondent, case_queue.heaviest_level(respondent), on)
    return Taker(roles, absent=frozenset({Role.APPOINTING_AUTHORITY}) if is_absent else frozenset())


def _is_assigned(case: Case, by: User) -> bool:
    return any(each.user_id == by.pk and each.duty != "drafter" for each in case_steps.officers(case))


@dataclass(frozen=True)
class _Known:
    """What is known of a respondent in the words of the table, which clocks run, and his last step with its day."""

    facts: dict[str, Any]
    running: case_clocks.Running
    last_on: date | None
    last_step: str

    def asked(self, state: str) -> CaseFacts:
        """Return it as the table asks for it."""
        running = self.running
        return CaseFacts(
            state, case_rules.as_facts(self.facts), running.terms, running.resting, self.last_on, self.last_step
        )


def _known(
    case: Case, respondent: CaseRespondent, told: Mapping[str, Any], step: str = "", *, on: date | None = None
) -> _Known:
    """Return what was told before and now, and what the records show on a day (today); for one step what it can require alone."""
    last_on, last_step = None, ""
    registered_on = accepted_on = None
    was_missed = was_answered = was_executed = False
    moves = _MOVES.rows(respondent=respondent.pk)
    facts = case_rules.told_in(case.procedure, ((taken, kept) for taken, kept, _day, _to in moves))
    # Nothing that follows a step happened before it.
    for taken, _kept, day, to_state in moves:
        if last_on is None or day >= last_on:
            last_on, last_step = day, taken
        registered_on = day if to_state == case_rules.REGISTERED else registered_on
        accepted_on = day if taken == case_rules.AUTHORITY_ACCEPT else accepted_on
        was_missed = was_missed or taken == case_rules.MISS_SERVICE
        was_answered = was_answered or taken == case_rules.ANSWER_APPEAL
        was_executed = was_executed or taken == case_rules.EXECUTE
    facts |= {
        name: value for name, value in told.items() if not step or case_rules.may_tell(case.procedure, name, step)
    }
    for name in case_rules.OF_RECORDS:
        facts.pop(name, None)
    facts["registered-on"], facts["accepted-on"] = registered_on, accepted_on
    facts[case_rules.SERVICE_NOT_MISSED], facts[case_rules.APPEAL_UNANSWERED] = not was_missed, not was_answered
    facts[case_rules.EXECUTED_BEFORE] = was_executed
    counts = case_rules.no_show_counts(respondent.state, facts)
    facts[case_rules.NO_SHOW_COUNTS], facts[case_rules.NO_SHOW_UNCOUNTED] = counts, not counts
    facts[case_rules.RECOMMENDED_SANCTION] = bool(told.get("sanction"))
    running = case_clocks.running(respondent)
    asked, proposed = case_rules.may_require(case.procedure, step), str(told.get("sanction", ""))
    _show(case, respondent, facts, proposed, running, asked, on or case_steps.today_of(case))
    return _Known(facts, running, last_on, last_step)


_MOVES = KeptQuery(
    lambda respondent: (
        CaseStep.objects.filter(respondent=respondent)
        .exclude(to_state="")
        .order_by(*case_steps.TAKEN)
        .values_list("step", "facts", "on", "to_state")
    ),
    "respondent",
)
# Of a case on another track the reports lie in the first one.
_REPORTS = KeptQuery(
    lambda case, beside: CaseReport.objects.filter(case__in=(case, beside)).values_list("pk")[:2], "case", "beside"
)
_STATED = KeptQuery(
    lambda respondent: CaseAllegation.objects.filter(respondent=respondent, struck_at=None).values_list(
        "act", "on", "level", "kind"
    ),
    "respondent",
)


def _show(
    case: Case, respondent: CaseRespondent, facts: dict[str, Any], proposed: str, running: case_clocks.Running,
    asked: frozenset[str], on: date,
) -> None:  # fmt: skip
    """Write beside what was told what the records show, on the day of a step, of the facts that are asked for."""
    today = case_steps.today_of(case)
    stated = _STATED.rows(respondent=respondent.pk)
    alleged = [
        (act, on, level)
        for act, on, level, kind in stated
        if case_rules.answers(respondent.track, kind, respondent.employment)
    ]
    facts["allegation"], facts[case_rules.ALLEGATION_OF_TRACK] = bool(stated), bool(alleged)
    is_elsewhere = case_rules.is_elsewhere(respondent.agency_id, respondent.employment)
    facts[case_rules.AGENCY_HERE], facts[case_rules.AGENCY_ELSEWHERE] = not is_elsewhere, is_elsewhere
    facts["heavy"] = any(level in HEAVY for _act, _on, level in alleged)
    if "team-order" in facts and case_steps.lacking_elements(respondent, now=clock.now()):
        facts.pop("team-order")  # a letter forms no team that has no members here
    if case_rules.WITHIN_BAND in asked:
        facts[case_rules.WITHIN_BAND] = bool(alleged or not proposed) and case_rules.is_within_band(
            alleged, proposed, respondent.employment
        )
    if asked & case_rules.OF_DECISION:
        decided = respondent.decisions.filter(ended_at=None).exclude(decided_on=None).first()
        facts |= _shown_of(decided, today) if decided is not None else {}
        facts[case_rules.SANCTION_LEFT], facts[case_rules.NOTHING_LEFT] = decided is not None, decided is None
    facts[case_rules.AFTER_WINDOW] = case_rules.is_after_window(asked, facts, running.latest, today)
    facts["target-passed"] = running.has_passed(min(on, today))
    if case_rules.OPENED_HERE in asked:
        facts[case_rules.OPENED_HERE] = case.handler_id is None
    if case_rules.INTAKE_ONLY in asked:
        facts[case_rules.INTAKE_ONLY] = bool(case_steps.intake_only([case.handler_id or case.body_id], now=clock.now()))
    if asked & {case_rules.REPORTED, case_rules.SEVERAL_REPORTS}:
        reports = len(_REPORTS.rows(case=case.pk, beside=case.beside_id or case.pk))
        facts[case_rules.REPORTED], facts[case_rules.SEVERAL_REPORTS] = reports > 0, reports > 1
    if "respondent-gone" in asked:
        facts["respondent-gone"] = case_authority.serves(respondent, today) not in ("", "moved")


def _shown_of(decided: CaseDecision, today: date) -> dict[str, Any]:
    """Return what the decision that stands shows; its day of effect once that has come, so that no step is dated before it."""
    ends = case_rules.ends_service(decided.sanction)
    came = decided.effective_on is not None and decided.effective_on <= today
    return {
        "decided-on": decided.decided_on, "received-on": decided.received_on,
        "fifteenth-day": decided.effective_on if came else None, "dismissal": ends, "other-than-dismissal": not ends,
        "unchecked-rule": bool(decided.unchecked), "second-confirmation": decided.confirmed_by_id is not None,
        case_rules.NOT_RECEIVED: decided.received_on is None, case_rules.EFFECT_BY_DAY: "settled" not in decided.effect,
    }  # fmt: skip


def _facts(case: Case, respondent: CaseRespondent, told: Mapping[str, Any], step: str = "") -> dict[str, Any]:
    """Return what is known of a respondent in the words of the table: what was told before and now, and what the records show."""
    return _known(case, respondent, told, step).facts


def _move(
    respondent: CaseRespondent, was: str, new: str, effect: Effect, known: _Known, reason: str, row: CaseStep
) -> None:
    """Claim a respondent by his old state, and let the step's clocks stop, rest and start. Raises CaseActRefused (changed)."""
    case = respondent.case
    ended = case_rules.outcome(case.procedure, new)
    same = CaseRespondent.objects.filter(pk=respondent.pk, state=was, outcome=Outcome.OPEN)
    # Since when he stands there is kept by what leaves him there: so old is what waits.
    since = {"state_on": row.on} if new != was else {}
    if not same.update(state=new, outcome=ended or Outcome.OPEN, outcome_reason=reason[:500], **since):
        raise CaseActRefused("changed", was)
    case_clocks.stop(respondent, None if ended else sorted(effect.stops), row)
    if ended and (draft := case_queue.standing_draft(respondent)):
        case_queue.take_back(case, draft, by=row.by, now=row.at)  # nobody is asked to decide what has ended
    if not ended:
        case_clocks.rest(respondent, effect.pauses, row)
        case_clocks.run_on(respondent, effect.resumes, row)
        facts, zone, ends = case_rules.as_facts(known.facts), case_steps.zone_of(case), known.running.ends
        for limit in case_rules.limits(case.procedure, effect.starts, facts, row.on, row.at, zone, ends=ends):
            case_clocks.start(respondent, limit, row)
    respondent.state, respondent.outcome = new, ended or Outcome.OPEN
    case_queue.renew_of(respondent, by=row.by, now=row.at)


def _close_if_done(case: Case, on: date) -> None:
    if not case.respondents.filter(outcome=Outcome.OPEN).exists():
        Case.objects.filter(pk=case.pk, closed_on=None).update(closed_on=max(on, case.opened_on))


# --- what became of a respondent ---------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def strike_respondent(respondent: CaseRespondent, *, reason: str, by: User, now: datetime) -> None:
    """Take out of a case somebody who was entered wrongly; his line stays in the file, struck, with the reason.

    A draft that waits for him is taken back.
    Raises CaseActRefused (not_yours, conflict, text, changed, decided).
    """
    case = _open(respondent.case, "case.register", by=by, now=now)
    reason = case_steps.tidy(reason, 500, about="reason")
    if case_files.is_decided(respondent):
        raise CaseActRefused("decided")
    today = case_steps.today_of(case)
    row = case_steps.write(
        case,
        "respondent_struck",
        Doing(by, today, now),
        respondent=respondent,
        old=respondent.state,
        facts={"reason": reason},
    )
    same = CaseRespondent.objects.filter(pk=respondent.pk, outcome=Outcome.OPEN, state=respondent.state)
    if not same.update(outcome=Outcome.ENTERED_WRONGLY, outcome_reason=reason, state_on=today):
        raise CaseActRefused("changed")
    if draft := case_queue.standing_draft(respondent):
        case_queue.take_back(case, draft, by=by, now=now)
    case_clocks.stop(respondent, None, row)
    case_steps.renew_lines([respondent.pk])
    case_queue.renew(respondent.pk, by=by, now=now)
    _close_if_done(case, today)


@transaction.atomic(durable=True)
def follow_move(respondent: CaseRespondent, *, by: User, now: datetime) -> CaseRespondent:
    """Let a matter follow a respondent who serves elsewhere since: unit, agency and post level are those of today.

    What he was on the day of the act stays with the allegations. Raises CaseActRefused (not_yours, conflict, gone, changed).
    """
    case = _open(respondent.case, "case.assign", by=by, now=now)
    respondent.case = case
    case_steps.require_for(by, respondent, "case.assign", now=now)
    today = case_steps.today_of(case)
    rows = (
        Placement.objects.on(today).filter(person=respondent.person)
        if respondent.person_id
        else Placement.objects.none()
    )
    placed = rows.select_related("unit__agency").first()
    if placed is None:
        raise CaseActRefused("gone")
    same = CaseRespondent.objects.filter(pk=respondent.pk, outcome=Outcome.OPEN).exclude(unit=placed.unit)
    if not same.update(unit=placed.unit, agency=placed.unit.agency, post_level=placed.level, office=None):
        raise CaseActRefused("changed")
    facts = {"unit": placed.unit_id, "agency": placed.unit.agency_id, "before": respondent.unit_id}
    case_steps.write(case, "respondent_moved", Doing(by, today, now), respondent=respondent, facts=facts)
    case_steps.renew_lines([respondent.pk])
    case_queue.renew(respondent.pk, by=by, now=now)
    respondent.refresh_from_db()
    return respondent


# --- reading -----------------------------------------------------------------------------------------------------


def band_of(respondent: CaseRespondent) -> tuple[str, ...]:
    """Return the sanctions that the clauses allow for what stands against somebody; none where they name none."""
    try:
        return case_rules.band(case_steps.alleged_of(respondent), respondent.employment)
    except DomainError:
        return ()


def lacks(respondent: CaseRespondent, step: Step) -> tuple[str, ...]:
    """Return the facts that a step asks of a respondent and that nobody told yet: what its form has fields for."""
    procedure = respondent.case.procedure
    known = _known(respondent.case, respondent, {}, step.id).facts
    asked = (*step.required(case_rules.as_facts(known)), *case_rules.if_late(step), *step.working_days, *step.order,
             *(each.from_fact for each in step.starts))  # fmt: skip
    return tuple(
        dict.fromkeys(
            each for each in asked if each and not known.get(each) and case_rules.may_tell(procedure, each, step.id)
        )
    )


def lacks_of_others(respondent: CaseRespondent, step: Step) -> tuple[str, ...]:
    """Return the facts that a step requires of a respondent, that are not there yet, and that are not told with it: other steps
    alone give them, or the records show them.
    """
    procedure = respondent.case.procedure
    known = _known(respondent.case, respondent, {}, step.id).facts
    return tuple(
        each
        for each in step.required(case_rules.as_facts(known))
        if not known.get(each)
        and each != case_rules.RECOMMENDED_SANCTION
        and not case_rules.may_tell(procedure, each, step.id)
    )


def open_steps(respondent: CaseRespondent, *, by: User, now: datetime, in_name_of: Role | None = None) -> list[Open]:
    """Return the steps from where a respondent stands, each with why it is not open to somebody, or that it is.

    `in_name_of`: asked for a drafter who records what another one signed.
    """
    case = respondent.case
    if respondent.outcome != Outcome.OPEN or case_steps.conflict(by, case):
        return []
    asked = _known(case, respondent, {}).asked(respondent.state)
    roles = case_steps.reach(by, case, now=now).over(respondent.pk)
    if in_name_of is not None:
        roles = frozenset({in_name_of})
    today = case_steps.today_of(case)
    taker = _taker(respondent, roles, today)
    return case_rules.open_to(case.procedure, asked, taker, today, region=case_steps.region_of(case))
