"""What stands around a decision: who examines and with whom, the ethics council, who hears what is brought against it."""

from dataclasses import replace

from ikrar.domain.assessment import Reason
from ikrar.domain.authority.answer import Answer, Council, Role, Team
from ikrar.domain.authority.bodies import body_with, finder, overseer
from ikrar.domain.authority.case import Case, Place
from ikrar.domain.authority.holders import why_not
from ikrar.domain.authority.matrix import Start
from ikrar.domain.offices import CONFLICTS, AgencyKind, Authority, AuthorityRule, Need, Part, Seat
from ikrar.domain.roster import Level
from ikrar.domain.sources import Citation, Confidence, Label, distinct, worst


def open_questions(
    case: Case, part: Part, seat: Seat, row: Authority
) -> tuple[list[Reason], list[Citation], list[Confidence]]:
    """Return what else must be looked at before the decision, with its citations and what it takes from the confidence."""
    reasons: list[Reason] = []
    cites: list[Citation] = []
    doubt: list[Confidence] = []
    # The ban is on replacing senior officials, administrators, supervisors, and functionals with an extra duty.
    moves = case.level == "severe" and case.question.dismissal is not True and case.post != Level.PELAKSANA
    in_question = case.question.reshuffle_ban and part is Part.DISCIPLINE and moves and case.heads_region(seat)
    if in_question and (ban := case.rule("reshuffle-ban")) is not None:
        reasons.append(Reason("reshuffle_ban", (("authority", case.seat_name(seat).id),)))
        cites += ban.cites
    if part is Part.ETHICS:
        if case.rule("ethics-after-new-act") is not None:
            reasons.append(Reason("ethics_after_new_act"))
        if "pppk" in case.classes:
            reasons.append(Reason("ethics_for_pppk"))
            doubt.append(Confidence.UNCERTAIN)
    if part is Part.VILLAGE and case.classes & {"keuchik", "wali-nagari"}:
        reasons.append(Reason("local_rules_not_traced", (("row", row.id),)))
    return reasons, cites, doubt


_OF_CIVIL_SERVANTS = (Part.DISCIPLINE, Part.STATUS, Part.ETHICS, Part.PPPK)
_EXAMINED_BY_TEAM_RULES = (Part.DISCIPLINE, Part.PPPK)


def with_roles(case: Case, part: Part, answer: Answer, start: Start | None) -> Answer:
    """Add to an answer who examines, recommends, and hears what is brought against the decision."""
    if part not in _OF_CIVIL_SERVANTS:
        remedy = Role(None, Reason("remedy_not_in_data", (("part", part.value),)))
        return replace(answer, objection=remedy if part in (Part.CONTRACT, Part.VILLAGE) else None)
    rule = _team_rule(case) if part in _EXAMINED_BY_TEAM_RULES else None
    examiner = (
        Role(None, Reason("examiner_not_in_data", (("part", part.value),)))
        if rule is None
        else _examiner(case, rule, answer, start)
    )
    objection, appeal = _remedies(case, part, answer)
    return replace(
        answer,
        examiner=examiner,
        team=None if rule is None else _team(case, rule, answer, examiner),
        council=_council(case) if part is Part.ETHICS else None,
        recommender=overseer(case),
        finder=finder(case),
        objection=objection,
        appeal=appeal,
    )


# --- who examines ------------------------------------------------------------------------------------------------

_TEAM_RULES = {"light": "team-light-none", "moderate": "team-moderate-optional", "severe": "team-severe-mandatory"}
_NEEDS = {"light": Need.NONE, "moderate": Need.OPTIONAL, "severe": Need.MANDATORY}
_SUPERIOR = Label("Atasan langsung", "Direct superior")
_HIGHER_SUPERIOR = Label("Atasan yang lebih tinggi", "The next higher superior")
_TEAM_MEMBERS = (Label("Unsur pengawasan", "Oversight unit"), Label("Unsur kepegawaian", "Personnel unit"))
_TEAM_FORMER = Label("PPK atau pejabat yang ditunjuk", "The PPK or a designated official")


def _team_rule(case: Case) -> AuthorityRule | None:
    """Return the rule that says whether a team examines for a sanction of that level, if one holds on the day."""
    id = _TEAM_RULES.get(case.level)
    return None if id is None else case.rule(id)


def _examiner(case: Case, rule: AuthorityRule, answer: Answer, start: Start | None) -> Role:
    """Return the direct superior, or the next higher one where that superior is involved in the matter."""
    why = _why_not_the_superior(case, answer, start)
    if not why:
        return Role(_SUPERIOR, Reason("direct_superior_examines", (("rule", rule.id),)), rule.cites, rule.confidence)
    if (involved := case.rule("team-superior-involved")) is None:
        return Role(None, Reason("examiner_conflicted", (("why", why),)), rule.cites)
    reason = Reason("higher_superior_examines", (("why", why), ("rule", involved.id)))
    return Role(_HIGHER_SUPERIOR, reason, (*rule.cites, *involved.cites), involved.confidence)


def _why_not_the_superior(case: Case, answer: Answer, start: Start | None) -> str:
    """Return why the direct superior may not examine: told so, or the very office that a conflict passed over."""
    if (conflict := case.conflict_of(Place.EXAMINER)) is not None:
        return conflict.why
    if start is None or not case.is_led_by(start.seat):
        return ""
    return next((each.why for each in answer.passed_over if each.seat is start.seat and each.why in CONFLICTS), "")


def _team(case: Case, rule: AuthorityRule, answer: Answer, examiner: Role) -> Team:
    """Return whether a team examines, of which whoever examines is then a member, and who forms it."""
    need = _NEEDS[case.level]
    reason = Reason("team", (("need", need.value), ("rule", rule.id)))
    if need is Need.NONE:
        nobody = Role(None, reason, rule.cites, rule.confidence)
        return Team(need, (), nobody, reason, rule.cites, rule.confidence)
    composition, rank = case.book.authority_rules["team-composition"], case.rule("team-rank")
    formed_by = Role(
        _TEAM_FORMER,
        Reason("team_formed_by", (("rule", composition.id),)),
        composition.cites,
        composition.confidence,
    )
    is_blocked = answer.seat is None and any(each.seat is Seat.PPK for each in answer.passed_over)
    if is_blocked or why_not(case, Seat.PPK) is not None:
        # The one who forms the team is out of it, and who forms it instead is not among the facts.
        values = (("authority", case.seat_name(Seat.PPK).id),)
        formed_by = Role(None, Reason("team_former_passed_over", values), composition.cites)
    cites = (*rule.cites, *composition.cites, *(rank.cites if rank else ()))
    members = _TEAM_MEMBERS if examiner.name is None else (examiner.name, *_TEAM_MEMBERS)
    return Team(need, members, formed_by, reason, distinct(cites), rule.confidence)


# --- the ethics council ------------------------------------------------------------------------------------------

_COUNCIL = Label("Majelis Kode Etik", "Ethics council")
_GOVERNOR = Label("Gubernur", "Governor")
_HOME_AFFAIRS = Label("Menteri Dalam Negeri", "Minister of Home Affairs")


def _council(case: Case) -> Council:
    """Return the ethics council; who forms it is known for regional secretaries alone."""
    council = case.book.authority_rules["ethics-council"]
    return Council(_COUNCIL, _council_formed_by(case), council.cites, council.confidence)


def _council_formed_by(case: Case) -> Role:
    rule = case.rule("sekda-ethics-council")
    if rule is None or not case.is_secretary or case.kind in (None, AgencyKind.CENTRAL):
        return Role(None, Reason("council_former_not_in_data"))
    of_province = case.kind is AgencyKind.PROVINCE
    name = _HOME_AFFAIRS if of_province else _GOVERNOR
    if (conflict := case.conflict_of(Place.HOME_AFFAIRS if of_province else Place.GOVERNOR)) is not None:
        return Role(None, Reason("council_former_conflicted", (("of", name.id), ("why", conflict.why))), rule.cites)
    return Role(name, Reason("council_formed_by", (("rule", rule.id),)), rule.cites, rule.confidence)


# --- who hears what is brought against it ------------------------------------------------------------------------


def _remedies(case: Case, part: Part, answer: Answer) -> tuple[Role | None, Role | None]:
    """Return who hears an objection, and the appeal board where the service or the contract ends; None: does not arise."""
    if part is Part.ETHICS:
        return Role(None, Reason("remedy_not_in_data", (("part", part.value),))), None
    ends = _ends_service(case)
    return None if ends is True else _objection(case, part, answer), None if ends is False else _appeal(
        case, part, answer
    )


def _ends_service(case: Case) -> bool | None:
    """Say whether the sanction ends the service or the contract; None: its level alone does not tell."""
    if case.level in ("light", "moderate"):
        return False
    if case.level in ("dismissal-ptdh", "contract-termination"):
        return True
    return case.question.dismissal


def _objection(case: Case, part: Part, answer: Answer) -> Role:
    """Return the superior of whoever decides. Source: pp-79-2021 Pasal 2-20."""
    if (rule := case.rule("objection")) is None:
        return Role(None, Reason("remedy_not_in_data", (("part", part.value),)))
    if answer.seat is None:
        return Role(None, Reason("no_decider"), rule.cites)
    if answer.seat is Seat.PRESIDENT:
        return Role(None, Reason("remedy_against_president_not_in_data"), rule.cites)
    above = case.above(answer.seat)
    if above is None:
        values = (("authority", case.seat_name(answer.seat).id),)
        return Role(None, Reason("superior_of_ppk_not_in_data", values), rule.cites)
    name = case.seat_name(above)
    if (why := why_not(case, above)) is not None:
        return Role(None, Reason("superior_conflicted", (("authority", name.id), ("why", why))), rule.cites)
    reason = Reason("superior_hears", (("rule", rule.id), ("authority", name.id)))
    return Role(name, reason, rule.cites, rule.confidence)


def _appeal(case: Case, part: Part, answer: Answer) -> Role:
    """Return the appeal board. Source: pp-79-2021 Pasal 21-27."""
    rule, found = case.rule("appeal"), body_with(case, "decide-appeal")
    if found is None or rule is None:
        return Role(None, Reason("remedy_not_in_data", (("part", part.value),)))
    body, power = found
    confidence = worst((rule.confidence, power.confidence))
    divided = [each.row for each in answer.also if each.reason.code == "dismissal_elsewhere"]
    row = divided[0] if divided else answer.row
    if row is not None and case.book.authorities[row].seat is Seat.PRESIDENT:
        # The facts tell of appeals against the PPK; that the board hears one against the President is not shown.
        confidence = Confidence.UNCERTAIN
    cites = distinct((*rule.cites, *power.cites))
    return Role(body.label, Reason("appeal_board", (("rule", rule.id),)), cites, confidence, body.id)
