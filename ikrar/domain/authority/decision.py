"""Who decides: from the rows that speak, by the holders of offices, to one answer with its reasons."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ikrar.domain.assessment import Reason
from ikrar.domain.authority.answer import Answer, Other, Role
from ikrar.domain.authority.around import open_questions, with_roles
from ikrar.domain.authority.bodies import iso, told
from ikrar.domain.authority.case import Case, read
from ikrar.domain.authority.holders import Climb, climb, why_not
from ikrar.domain.authority.matrix import Match, Start, candidates, first_office, matches, speaks_of
from ikrar.domain.authority.question import Question
from ikrar.domain.errors import FactMissing
from ikrar.domain.offices import OFFICES, RANK, UPWARD, VACANT_ROW, AgencyKind, Authority, AuthorityBook, Part, Seat
from ikrar.domain.sources import Citation, Confidence, InForce, distinct, worst


def resolve(book: AuthorityBook, question: Question) -> Answer:
    """Say who decides, and who stands around the decision, with reasons, citations and confidence.

    Raises ValueUnknown (level, post_level, agency_kind, conflicts, …), PersonUnknown, and FactMissing where a fact that
    tells the authority was not given (post_level, agency_kind, employment). What the data do not hold is an answer
    without an authority. Source: pp-94-2021 Pasal 16-24; sanctions that are not on its list: their own rows.
    """
    case = read(book, question)
    by_part: dict[Part, list[Match]] = {}
    for match in candidates(case):
        by_part.setdefault(match.row.part, []).append(match)
    if not by_part:
        return _not_covered(case)
    first, *others = (_of_part(case, part, found) for part, found in by_part.items())
    for other in others:
        if other.authority is None or other.row is None:
            continue
        row = case.book.authorities[other.row]
        about = Reason("other_law", (("authority", other.authority), ("row", other.row)))
        also = Other(other.authority, other.row, about, row.cites, row.confidence, row.basis_confidence)
        first = replace(first, also=(*first.also, also), reasons=(*first.reasons, about))
    return first


def _not_covered(case: Case) -> Answer:
    """Answer where no row speaks on the day: a day that the data do not cover, or a person or level nobody names."""
    rows = [match.row for match in candidates(case, any_day=True)]
    if rows:
        row = min(rows, key=lambda each: _distance(each.in_force, case.day))
        values = (("row", row.id), ("from", iso(row.in_force.from_on)), ("until", iso(row.in_force.until_on)))
        return _unknown(case, row.part, [Reason("day_not_covered", values)], row.cites)
    known = any(speaks_of(row, case) and "any" not in row.who for row in case.book.authorities.values())
    reason = (
        Reason("level_for_nobody", (("level", case.level), ("employment", case.employment)))
        if known
        else Reason("person_not_in_data", (("employment", case.employment),))
    )
    return _unknown(case, None, [reason], case.book.authority_rules["seven-authorities"].cites)


def _distance(in_force: InForce, day: date) -> int:
    if in_force.from_on is not None and day < in_force.from_on:
        return (in_force.from_on - day).days
    return (day - in_force.until_on).days if in_force.until_on is not None else 0


def _of_part(case: Case, part: Part, found: Sequence[Match]) -> Answer:
    """Answer by the rows of one law."""
    only = found[0].row
    if only.seat in (Seat.OUTSIDE, Seat.NOT_KNOWN):
        code = "outside" if only.seat is Seat.OUTSIDE else "not_in_data"
        bodies = told(case, only.told)
        about = [Reason(code, (("row", only.id),)), *(role.reason for role in bodies)]
        return replace(_unknown(case, part, about, only.cites), told=bodies)
    if not case.post and any(m.power.posts or (m.power.below and not m.power.when) for m in found):
        raise FactMissing("post_level")
    mission = next((m.row for m in found if m.power.when == "at-mission"), None)
    if mission is not None and case.question.at_mission and case.question.levels_below is None:
        return _unknown(case, part, [Reason("levels_below_needed", (("row", mission.id),))], mission.cites)

    dismissal = case.question.dismissal
    named = matches(found, case, dismissal=dismissal is True)
    ended = matches(found, case, dismissal=True) if case.level == "severe" and dismissal is None else []
    if case.kind is None and any(m.row.seat in (*UPWARD, Seat.HEAD_OF_MISSION) for m in named):
        raise FactMissing("agency_kind")
    also = []
    if ended and (not named or ended[0].row.seat is not named[0].row.seat):
        # Of this post the severe sanctions are divided: a dismissal is for another office.
        also.append(_other(case, ended[0].row, "dismissal_elsewhere"))
    if not named:
        reason = _no_row(case)
        cites = case.book.authority_rules["seven-authorities"].cites if part is Part.DISCIPLINE else only.cites
        return _with_others(case, _unknown(case, part, [reason], cites), also)
    start = first_office(case, named)
    if isinstance(start, Reason):
        rows = [_other(case, m.row, "if_its_official_leads") for m in named]
        of_rows = [cite for m in named for cite in m.row.cites]
        return _with_others(case, _unknown(case, part, [start], of_rows), rows)
    return _decide(case, part, named, start, also)


def _no_row(case: Case) -> Reason:
    if case.question.is_ppk:
        return Reason("no_row_for_the_ppk", (("post_level", case.post),))
    kind = case.kind.value if case.kind else ""
    return Reason("no_row", (("post_level", case.post), ("agency_kind", kind), ("level", case.level)))


def _decide(case: Case, part: Part, named: Sequence[Match], start: Start, also: Sequence[Other]) -> Answer:
    """Name the office that decides and all around it, beginning at the one that a row names."""
    way = climb(case, start)
    others = list(also)
    if way.first_is_vacant and start.row.substitute is not None and case.level == "light":
        others.append(_substitute(start.row))
    first = case.name(start.row).id
    reasons = [*_about_person(case), Reason("row_names", (("authority", first), ("row", start.row.id))), *start.reasons]
    if part is Part.PPPK:
        reasons.append(Reason("agency_rules", (("row", start.row.id),)))
    if not way.found.decides:
        return _dead_end(case, part, way, start, reasons, others)

    own = next((match.row for match in named if match.row.seat is way.seat), None)
    row = own or case.book.authorities[VACANT_ROW]
    name = case.seat_name(way.seat) if own is None else case.name(own)
    cites = [*row.cites, *start.row.cites, *way.cites]
    confidence = [way.found.confidence, row.confidence, start.confidence]
    if own is None:
        confidence.append(start.row.confidence)
    if way.seat is not start.seat:
        by_reading = way.by_reading and own is None
        passed = (("passed", case.seat_name(start.seat).id), ("authority", name.id))
        reasons.append(Reason("goes_up_by_reading" if by_reading else "goes_up", passed))
        if by_reading:
            rule = case.book.authority_rules["conflict-goes-up"]
            confidence.append(rule.confidence)
            cites += rule.cites
    for other in _overlapping(case, way.seat, named):
        if (why := why_not(case, case.book.authorities[other.row].seat)) is None:
            # Two rows name an office each, and the facts do not say which goes before.
            others.append(other)
            confidence.append(Confidence.UNCERTAIN)
            cites += other.cites
        else:
            reasons.append(Reason("other_is_conflicted", (("authority", other.authority), ("why", why))))
    basis = row.basis_confidence
    if basis is not Confidence.CONFIRMED:
        reasons.append(Reason("article_number_uncertain", (("row", row.id), ("confidence", basis.value))))
    if row.on_proposal_of is not None:
        reasons.append(Reason("on_proposal", (("of", row.on_proposal_of.id),)))
    extra, extra_cites, doubt = open_questions(case, part, way.seat, start.row)
    answer = Answer(
        authority=name.id,
        label=name,
        row=row.id,
        seat=way.seat,
        office=OFFICES.get(case.kind) if case.kind and case.heads_region(way.seat) else None,
        capacity=way.found.capacity,
        passed_over=way.passed,
        cites=distinct([*cites, *extra_cites]),
        reasons=(*reasons, *way.found.reasons, *extra),
        confidence=worst([*confidence, *doubt]),
        basis_confidence=basis,
    )
    return with_roles(case, part, _with_others(case, answer, others), start)


def _about_person(case: Case) -> list[Reason]:
    reasons = [Reason("employment_assumed", (("employment", "pns"),))] if case.is_assumed else []
    if named := sorted(case.classes & {"lurah", "camat"}):
        reasons.append(Reason("civil_servant_not_village", (("post", named[0]),)))
    return reasons


def _unknown(case: Case, part: Part | None, reasons: Sequence[Reason], cites: Sequence[Citation]) -> Answer:
    """Make the answer that no authority is known."""
    answer = Answer(cites=distinct(cites), reasons=(*_about_person(case), *reasons))
    return answer if part is None else with_roles(case, part, answer, None)


def _dead_end(
    case: Case,
    part: Part,
    way: Climb,
    start: Start,
    reasons: Sequence[Reason],
    others: Sequence[Other],
) -> Answer:
    """Answer where the last office that the law knows was passed over: nobody is made up; who must be told is named."""
    cites = [*start.row.cites, *way.cites]
    bodies: tuple[Role, ...] = ()
    if way.seat is Seat.PPK:
        bodies = told(case, ("reprimand", "control"))
        rule = case.rule("ppk-regional-head-not-pns")
        if case.kind is not AgencyKind.CENTRAL and rule is not None:
            cites += rule.cites
    end = Reason("nobody_above", (("authority", case.seat_name(way.seat).id),))
    answer = Answer(
        told=bodies,
        passed_over=way.passed,
        cites=distinct(cites),
        reasons=(*reasons, end, *(role.reason for role in bodies)),
    )
    return with_roles(case, part, _with_others(case, answer, others), start)


# --- other offices beside it --------------------------------------------------------------------------------------


def _other(case: Case, row: Authority, code: str) -> Other:
    name = case.name(row).id
    reason = Reason(code, (("authority", name), ("row", row.id)))
    return Other(name, row.id, reason, row.cites, row.confidence, row.basis_confidence)


def _overlapping(case: Case, seat: Seat, named: Sequence[Match]) -> list[Other]:
    """Return the offices further up that a row of their own names for the same case."""
    if not case.is_on_ladder:
        return []
    above = [match.row for match in named if RANK.get(match.row.seat, 0) > RANK.get(seat, 0)]
    return [_other(case, row, "rows_overlap") for row in above]


def _substitute(row: Authority) -> Other:
    assert row.substitute is not None
    about = Reason("substitute", (("authority", row.substitute.id), ("for", row.label.id)))
    return Other(row.substitute.id, row.id, about, row.cites, row.confidence, row.basis_confidence)


def _with_others(case: Case, answer: Answer, others: Sequence[Other]) -> Answer:
    """Add other offices with their reasons, but none that may not act in the matter."""
    free = [
        each
        for each in others
        if each.reason.code == "substitute" or why_not(case, case.book.authorities[each.row].seat) is None
    ]
    reasons = (*answer.reasons, *(each.reason for each in free))
    return replace(answer, also=tuple(free), reasons=tuple(dict.fromkeys(reasons)))
