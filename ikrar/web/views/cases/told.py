"""What pages of cases tell of respondents: where each stands, what may be done next, what runs, what is alleged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ikrar.domain import access
from ikrar.domain.access import Role
from ikrar.domain.acts import Act
from ikrar.domain.assessment import Reason
from ikrar.domain.cases import Open, Procedure, Step
from ikrar.domain.errors import CaseActRefused
from ikrar.domain.sources import Confidence
from ikrar.records.models import Case, CaseAllegation, CaseClock, CaseDecision, CaseRespondent, CaseStep, User
from ikrar.services import (
    case_authority,
    case_beside,
    case_clocks,
    case_decisions,
    case_lines,
    case_queue,
    case_referrals,
    case_rules,
    case_steps,
    cases,
    clock,
    rules,
)
from ikrar.services.case_clocks import OVERDUE
from ikrar.web import messages, reasons
from ikrar.web.templatetags.ikrar import label
from ikrar.web.views.cases import common

_DECIDES = frozenset({case_rules.DECIDE, case_rules.DECIDE_MORAL, case_rules.CLEAR})
_DECIDED_THERE = _DECIDES | case_rules.SETTLES | {*case_rules.SERVES}


# --- what may be done next ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Next:
    """A step that this reader may take from a state. `href` empty: its page is not there. `lacks`: why it is not open yet.

    `is_aside`: a way of bodies that do not take the main one. `leads`: its page shows also what is not open yet, and why.
    """

    word: str
    href: str
    lacks: str = ""
    uncertain: bool = False
    with_paper: bool = False
    is_aside: bool = False
    leads: bool = False

    @property
    def is_link(self) -> bool:
        """Say whether its page is shown the way to."""
        return bool(self.href) and (self.leads or not self.lacks)


def next_steps(case: Case, respondent: CaseRespondent, user: User, *, now: datetime) -> list[Next]:
    """Return the steps that a reader may take for a respondent; those of other roles are left out.

    What he records from the paper of the authority is asked of the table in its name.
    """
    procedure, roles = common.procedure_of(case), case_steps.reach(user, case, now=now).over(respondent.pk)
    lent: dict[str, Open] = {}
    if Role.DRAFTER in roles:
        named = cases.open_steps(respondent, by=user, now=now, in_name_of=Role.APPOINTING_AUTHORITY)
        lent = {each.step.id: each for each in named if Role.APPOINTING_AUTHORITY in each.step.who}
    found = []
    for own in cases.open_steps(respondent, by=user, now=now):
        by_paper = own.step.id in lent and own.refusal is not None and own.refusal.reason == "role"
        each = lent[own.step.id] if by_paper else own
        if _is_none_of_ours(each):
            continue
        leads = each.step.id in _DECIDED_THERE
        found.append(
            Next(
                _settling(each.step.id) if each.step.id in case_rules.SETTLES else label(each.step.label),
                _page_of(case, respondent, each.step.id),
                _lacks_there(respondent, each.step, user, roles) if leads else _lacks(procedure, each),
                each.step.confidence is Confidence.UNCERTAIN,
                by_paper,
                each.step.is_aside,
                leads,
            )
        )
    return _once(found)


def _settling(step: str) -> str:
    """Return what is said of any step that records the outcome of an objection or of an appeal: they share one form."""
    return _("Catat putusan keberatan") if step in case_rules.SETTLES_OBJECTION else _("Catat putusan BPASN")


def _once(found: Sequence[Next]) -> list[Next]:
    """Return steps each once by its word: of those that share one the first, uncertain only where they all are."""
    told: dict[str, Next] = {}
    for each in found:
        first = told.get(each.word)
        told[each.word] = replace(first, uncertain=first.uncertain and each.uncertain) if first else each
    return list(told.values())


def _is_none_of_ours(each: Open) -> bool:
    """Say whether a step is for other people, a way of other bodies, or one that nothing done here opens."""
    if each.refusal is None:
        return False
    if each.refusal.reason == "missing":
        return not case_rules.NO_WAY_WITHOUT.isdisjoint(each.refusal.about)
    return each.refusal.reason in ("role", "scope", "interest")


def own_page(case: Case, step: str, respondent: CaseRespondent | None) -> str:
    """Return the page on which a step is taken that has one of its own; of nobody in particular that of all of the case."""
    key = common.key_of(case)
    if step not in _DECIDED_THERE:
        return common.there("case-referrals", key)
    of_one = common.there("case-decision-of", key, case_steps.number_of(respondent)) if respondent else ""
    return of_one or common.there("case-decision", key)


def _page_of(case: Case, respondent: CaseRespondent, step: str) -> str:
    """Return where a step is taken: its own page, or the form that its row makes."""
    key = common.key_of(case)
    if case_rules.has_own_act(step):
        return own_page(case, step, None)  # of all who stand there
    return f"{reverse('case-step', args=[key, step])}?dari={respondent.state}"


def _lacks(procedure: Procedure, each: Open) -> str:
    """Write what the records do not show yet, or another step gives; what is only to be told has a field on the step's page."""
    if each.refusal is not None and each.refusal.reason == "absent":
        return _("pejabat yang berwenang tidak ambil bagian, dan hukum tidak mengenal pejabat lain di atasnya")
    if each.refusal is None or each.refusal.reason != "missing":
        return ""
    shown = [common.lacking(procedure, fact) for fact in each.refusal.about if fact in case_rules.OF_RECORDS]
    first = case_rules.given_before(procedure.id, each.step.id, each.refusal.about)
    return "; ".join([*shown, *(label(row.label) for row in first)])


def _lacks_there(respondent: CaseRespondent, step: Step, user: User, roles: frozenset[Role]) -> str:
    """Write what an act of the page of decisions lacks: what it shows by itself (who decides, on which day) is no condition."""
    if step.id in case_rules.SERVES:
        return "" if roles & access.roles_with("case.serve") else _("penyampaiannya dicatat staf kepegawaian")
    if step.id not in _DECIDES:
        return ""
    draft = case_queue.standing_draft(respondent)
    found = case_decisions.who_decides(respondent, draft, at=clock.instant(case_steps.zone_of(respondent.case)))
    lacking = [] if draft is None else _draft_lacks(respondent, draft, step)
    if draft is None:
        lacking.append(_("konsep keputusan, yang disusun staf kepegawaian"))
    if found is None or not found.answer.is_known:
        lacking.append(_("pejabat yang berwenang hari ini"))
    elif Role.DRAFTER not in roles and not case_authority.is_holder(found, user):
        lacking.append(_("yang memutus hari ini bukan Anda"))
    return "; ".join(lacking)


def _draft_lacks(respondent: CaseRespondent, draft: CaseDecision, step: Step) -> list[str]:
    if case_rules.decision_step(respondent.case.track, draft.sanction) != step.id:
        return [_("konsep yang menyatakannya; konsep yang menunggu menyatakan yang lain")]
    if why := case_decisions.outdated(draft, respondent):
        nothing = _("dugaan yang masih berlaku; semuanya sudah dicoret")
        return [nothing if why == "no_allegation" else _("konsep yang baru; yang menunggu sudah usang")]
    return [] if case_queue.is_ready(draft) else [_("penegasan orang kedua atas konsepnya")]


@dataclass(frozen=True)
class Standing:
    """A respondent as a list shows him."""

    respondent: CaseRespondent
    key: str
    name: str
    state: str
    became: str
    is_open: bool
    ended: str


def standings(case: Case, rows: Sequence[CaseRespondent]) -> list[Standing]:
    """Return respondents with where they stand and what became of them since."""
    procedure = common.procedure_of(case)
    became = case_authority.serving(rows, case_steps.today_of(case))
    return [
        Standing(
            each,
            case_steps.number_of(each),
            name_of(each),
            common.state_word(procedure, each.state),
            became.get(each.pk, ""),
            each.outcome == CaseRespondent.Outcome.OPEN,
            common.ended_word(procedure, each),
        )
        for each in rows
    ]


def name_of(respondent: CaseRespondent) -> str:
    """Return the name of a respondent, or how he is described."""
    return respondent.person.full_name if respondent.person else respondent.described


def _referred_to(step: CaseStep) -> str:
    """Return to whom a step took a matter out of this installation, as far as it says; empty: that was not recorded."""
    return _("Sentra Gakkumdu") if step.step in case_rules.HANDS_OVER else str(step.facts.get("referred-to", ""))


def referred(case: Case, reach: case_steps.Reach) -> list[dict[str, Any]]:
    """Return the referrals to an authority that has no part in this installation, and hand-overs to the Gakkumdu centre: of whom,
    to whom, by which letter, on which day; and what was answered, with the day and the reason or the outcome.
    """
    procedure = common.procedure_of(case)
    return [
        {
            "step": each.sent, "name": name_of(each.sent.respondent), "to": _referred_to(each.sent),
            "letter": next((each.sent.facts[name] for name in case_rules.LETTERS if each.sent.facts.get(name)), ""),
            "is_handed_over": each.sent.step in case_rules.HANDS_OVER,
            "answers": [(row, common.step_word(procedure, row.step), _answered(row)) for row in each.answers],
        }
        for each in case_referrals.outside(case, reach)
    ]  # fmt: skip


def _answered(step: CaseStep) -> str:
    """Return in words what an authority outside answered: why it sent a matter back, or what came of it."""
    facts = step.facts
    return str(facts.get("referral-outcome") or facts.get("criminal-outcome") or facts.get("reason") or "")


@dataclass(frozen=True)
class Group:
    """Those who stand together in a state, and what may be done there next."""

    state: str
    count: int
    next: list[Next]
    whose: list[str]  # the roles that must act
    lacks_officer: bool  # nobody in the body that has the case has the role of the main way
    own_ways: list[str]  # of this reader, where nobody has that role
    has_own_ways: bool  # anybody there has such ways
    examiners_by: str  # who must appoint examiners before anything goes on; empty: nobody


def steps_by_state(case: Case, rows: Sequence[CaseRespondent], user: User, *, now: datetime) -> list[Group]:
    """Return for each state in which somebody stands who stands there and what may be done next.

    One of those who stand there is asked for all, and one of those whose authority is not here: what another lacks the page of
    the step tells.
    """
    procedure = common.procedure_of(case)
    groups: dict[str, list[CaseRespondent]] = {}
    for each in rows:
        if each.outcome == CaseRespondent.Outcome.OPEN:
            each.case = case
            groups.setdefault(each.state, []).append(each)
    lines, heavy = [], case_lines.heavy(case.pk)
    for state, found in groups.items():
        ways = sorted({(each.pk in heavy, each.agency_id or 0) for each in found})
        turns = [
            case_lines.turn(case.pk, case.procedure, state, agency or None, is_heavy=is_heavy)
            for is_heavy, agency in ways
        ]
        whose = list(dict.fromkeys(role for each in turns for role in each.roles))
        unexamined = any(each.names_examiners for each in turns)
        # While a case waits for the answer of another body the others of it are still of the one that has it.
        is_sent = state in case_rules.answered_in(case.procedure)
        at = case_steps.body_to_act(case) if is_sent else case.handler or case.body
        lacks = case_steps.lacks_officer(case, whose, now=now, body=at)
        there = case_steps.roles_at(at, now=now) - set(whose) if lacks else ()
        instead = [each for each in sorted(there) if _has_way(found, each, user, now=now)]
        words = [messages.word("role", each) for each in instead or whose]
        steps = _steps_of(case, found, user, now=now)
        lines.append(
            Group(
                state=common.state_word(procedure, state),
                count=len(found),
                next=steps,
                whose=words,
                lacks_officer=lacks,
                own_ways=[each.word for each in steps if each.is_aside or not each.lacks],
                has_own_ways=bool(instead),
                examiners_by=messages.word("role", Role.APPOINTING_AUTHORITY) if unexamined else "",
            )
        )
    return lines


@dataclass(frozen=True)
class Stopped:
    """Where some who stand together wait for a head in whose office nobody may act: agencies with why, and whether all do."""

    found: list[tuple[str, case_authority.Assigning]]
    is_all: bool


def stopped_by_state(case: Case, rows: Sequence[CaseRespondent]) -> dict[str, Stopped]:
    """Return the states, by their words, in which respondents wait for an act that nobody may take in this minute, with why."""
    procedure, at = common.procedure_of(case), clock.instant(case_steps.zone_of(case))
    waiting = [each for each in rows if each.outcome == CaseRespondent.Outcome.OPEN and _is_of_agency(case, each)]
    if not waiting:
        return {}
    heavy, drafted = case_lines.heavy(case.pk), case_queue.drafted(case)
    groups: dict[str, dict[Any, CaseRespondent]] = {}
    for each in waiting:
        each.case = case
        # Of those for whom the same act of the same office is waited for one is asked about.
        alike = each.agency_id, each.office_id, each.track, each.pk in heavy, each.pk in drafted
        groups.setdefault(each.state, {}).setdefault(alike, each)
    found = {}
    for state, people in groups.items():
        stopped = [(each, case_queue.stopped(each, at)) for each in people.values()]
        agencies = {each.agency.name: why for each, why in stopped if why is not None and each.agency is not None}
        if agencies:
            word = common.state_word(procedure, state)
            found[word] = Stopped(list(agencies.items()), all(why is not None for _each, why in stopped))
    return found


def _is_of_agency(case: Case, respondent: CaseRespondent) -> bool:
    """Say whether where somebody stands an act of his agency is waited for: of its head, or of whom he names to examine."""
    ways = (case_lines.owners_of(case.procedure, respondent.state, is_heavy=is_heavy) for is_heavy in (False, True))
    return respondent.agency_id is not None and any(
        {Role.APPOINTING_AUTHORITY, Role.EXAMINER}.intersection(each) for each in ways
    )


def _has_way(found: Sequence[CaseRespondent], role: Role, user: User, *, now: datetime) -> bool:
    """Say whether a role has a step of its own for any of those who stand together."""
    ways = (each for one in found for each in cases.open_steps(one, by=user, now=now, in_name_of=role))
    return any(not _is_none_of_ours(each) for each in ways)


def _steps_of(case: Case, found: Sequence[CaseRespondent], user: User, *, now: datetime) -> list[Next]:
    """Return the steps that a reader may take for any of those who stand together, each once: as it is open, where it is."""
    one_of_each: dict[bool, CaseRespondent] = {}
    for each in found:
        one_of_each.setdefault(case_rules.is_elsewhere(each.agency_id, each.employment), each)
    steps: dict[str, Next] = {}
    for each in one_of_each.values():
        for step in next_steps(case, each, user, now=now):
            if step.word not in steps or steps[step.word].lacks:
                steps[step.word] = step
    return list(steps.values())


# --- what became of a decision -----------------------------------------------------------------------------------


def became(row: case_referrals.Beside) -> list[dict[str, Any]]:
    """Return in words what objections and appeals made of the decision of an authority, in their order."""
    return [
        {
            "outcome": messages.word("case_became", each.outcome), "on": each.on, "by": each.official,
            "sanction": case_rules.sanction_label(each.sanction, label) if each.sanction else "",
        }
        for each in row.became
    ]  # fmt: skip


# --- what another track answers ----------------------------------------------------------------------------------


def off_track(case: Case, rows: Sequence[CaseRespondent]) -> list[tuple[str, str]]:
    """Return the respondents, by key and name, of whom nothing stands that the track of a case answers, where it needs that."""
    if case.closed_on is not None or not case_rules.needs_allegation_of_track(case.procedure):
        return []
    running = [each for each in rows if each.outcome == CaseRespondent.Outcome.OPEN]
    standing = CaseAllegation.objects.filter(respondent__in=running, struck_at=None)
    stated = standing.values_list("respondent", "kind", "respondent__employment")
    answered = {pk for pk, kind, employment in stated if case_rules.answers(case.track, kind, employment)}
    return [(case_steps.number_of(each), name_of(each)) for each in running if each.pk not in answered]


def tracks_beside(case: Case, user: User, *, now: datetime) -> list[tuple[str, str]]:
    """Return the tracks on which a reader could open the same matter beside a case, with their words."""
    try:
        roles = case_steps.require(user, case, "case.register", now=now)
    except CaseActRefused:
        return []
    return [(each, messages.word("case_track", each)) for each in case_beside.tracks(case, roles)]


def cases_beside(case: Case, user: User, *, now: datetime) -> list[tuple[str, Case]]:
    """Return the cases of the same matter on other tracks of which a reader has part, by key."""
    found = []
    for each in case_beside.others(case):
        try:
            case_steps.require(user, each, "case.view", now=now)
        except CaseActRefused:
            continue
        found.append((common.key_of(each), each))
    return found


# --- clocks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Running:
    """A clock that runs, and how its last day was computed."""

    clock: CaseClock
    word: str
    owner: str  # on whom it is, in words; of a role that nobody has there, who acts in its place
    left: case_clocks.Left
    unit: str  # hours, working_days, calendar_days
    late: str  # its level of lateness, as a word of case_stage
    is_window: bool  # a right of the respondent to write: nobody is late by it
    is_resting: bool
    rested_days: int
    by_itself: date | None  # its last day without what was done by hand, or without its pause; None: it is `due`
    start: date
    due: date
    counted: list[date]
    skipped: list[tuple[date, str]]
    otherwise: list[date]
    cites: list[str]


def clocks(case: Case, rows: Sequence[CaseRespondent], most: int = 50) -> list[Running]:
    """Return the clocks that run for respondents, what ends first in front."""
    procedure, now, here = common.procedure_of(case), clock.instant(), case_clocks.minute_at(case_steps.zone_of(case))
    found = CaseClock.objects.filter(respondent__in=rows, stopped_on=None).select_related("respondent__person")
    there = case_steps.roles_at(case.handler or case.body, now=now)
    return [
        _running(case, procedure, each, case_steps.in_place_of(each.owner, there), here)
        for each in found.order_by("due_on", "pk")[:most]
    ]


def _running(case: Case, procedure: Procedure, row: CaseClock, owner: str, here: datetime) -> Running:
    today = here.date()
    said, zone = row.computation, case_steps.zone_of(case)
    counted = [_moment(each) for each in said.get("counted", [])]
    due, left = case_clocks.due_of(row, zone), case_clocks.left(row, here)
    since, by_itself = case_clocks.rests_since(row), case_clocks.by_itself(row)
    read = {_moment(last) for _code, last in said.get("readings", []) if last}
    return Running(
        row,
        common.clock_word(procedure, row.term),
        common.owed_by(row, owner),
        left,
        left.unit,
        str(max(OVERDUE, row.stage)),
        case_clocks.is_window(row.term),
        since is not None,
        max(0, (today - since).days) if since else 0,
        by_itself if since or by_itself != row.due_on else None,
        _moment(said["start"]) if "start" in said else row.start_on,
        due,
        counted,
        [(_moment(day), _why(why)) for day, why, _label in said.get("skipped", [])],
        sorted(each for each in read if each != due),
        [cited(source, at) for source, at in said.get("cites", [])],
    )


def _moment(text: str) -> date:
    """Read a day, or a local time of a limit in hours."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _why(why: str) -> str:
    return reasons.word("skip", why)


def cited(source: str, at: str) -> str:
    """Write a citation that was kept: the short name of its source and the place in it."""
    known = rules.book().sources.get(source)
    return f"{known.short if known else source} {at}".strip()


# --- allegations -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """An allegation with what the rulebook answered when it was stated."""

    allegation: CaseAllegation
    key: str
    act: str
    kind: str
    level: str
    judged: str  # by which other act the rulebook answered, as this one is none of such a person or such a day; empty: by this
    beside: list[str]  # on which other tracks it answers too
    standing: str
    sanctions: list[str]
    reasons: list[str]
    cites: list[str]


def allegations(rows: Sequence[CaseRespondent]) -> dict[int, list[Said]]:
    """Return what each respondent is said to have done, in the order in which it was stated."""
    found: dict[int, list[Said]] = {}
    for each in (
        CaseAllegation.objects.filter(respondent__in=rows)
        .select_related("stated_by__person")
        .order_by("stated_at", "pk")
    ):
        found.setdefault(each.respondent_id, []).append(_said(each))
    return found


def _said(each: CaseAllegation) -> Said:
    book, verdict = rules.book(), each.verdict
    act = book.acts.get(each.act)
    known = [book.sanctions[id] for id in verdict.get("sanctions", []) if id in book.sanctions]
    answered, is_other = book.acts.get(verdict.get("act") or ""), verdict.get("act", each.act) != each.act
    kind = str(act.track) if act and is_other else each.kind
    return Said(
        each, f"{each.pk:016x}", label(act.label) if act else each.act, _word("track", kind),
        "" if is_other else _word("level", each.level), _judged(each, answered) if is_other else "",
        [_graded(more) for more in verdict.get("also", [])],
        _word("standing", verdict.get("standing") or ""), [label(one.label) for one in known],
        [said for code, values in verdict.get("reasons", []) if (said := _sentence(code, values))],
        [cited(source, at) for source, at, _purpose in verdict.get("cites", [])],
    )  # fmt: skip


def _judged(each: CaseAllegation, answered: Act | None) -> str:
    """Say that the act which is alleged is none of such a person or such a day, and by which one the rulebook answers instead."""
    if answered is None:
        return _("Menurut buku aturan pasal itu tidak menjangkau orang itu pada hari itu, dan tidak ada pasal lain.")
    said = {"act": label(answered.label), "grade": _graded({"kind": each.kind, "level": each.level})}
    return (
        _(
            "Menurut buku aturan pasal itu tidak menjangkau orang itu pada hari itu; yang menjangkaunya: %(act)s (%(grade)s)."
        )
        % said
    )


def _graded(verdict: Mapping[str, Any]) -> str:
    """Write on which track a breach is answered and how grave it is there: criminal is said once."""
    kind, level = _word("track", verdict["kind"]), _word("level", verdict["level"])
    return ", ".join(dict.fromkeys(part for part in (kind, level) if part))


def _word(kind: str, value: str) -> str:
    return str(reasons.WORDS[kind].get(value, value)) if value else ""


def _sentence(code: str, values: dict[str, Any]) -> str:
    """Write a reason as it was kept; one that the rulebook of today does not know any more is left out."""
    try:
        return reasons.sentence(rules.book(), Reason(code, tuple(values.items())))
    except KeyError:
        return ""


def officer_word(user: User, duty: str) -> str:
    """Write who works on a case as what."""
    return f"{user.display_name} ({messages.word('case_duty', duty)})"
