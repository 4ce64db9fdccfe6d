"""May I do it? One word first, then why, with citations: an activity × a person × a relation × a day.

The order of an answer: an act in force that the activity meets, then a local ban, then what is contested, then what
offices said, then what the activity rests on; what none of these covers is ASK. An act that is met only under a
circumstance becomes a condition of the answer where the circumstance was not told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Protocol

from ikrar.domain import persons
from ikrar.domain.activities import (
    Activity,
    Circumstance,
    Guidance,
    Judged,
    PledgePoint,
    Proviso,
    SpokenOf,
    Statement,
    Status,
    Verdict,
)
from ikrar.domain.acts import CONTESTS, Standing
from ikrar.domain.assessment import (
    DETERMINED,
    WOULD_BE,
    ActBook,
    Assessment,
    Reason,
    assess,
    contests_of,
    covered_days,
    standing_for,
    status_by_calendar,
    turns_of,
)
from ikrar.domain.elections import Election
from ikrar.domain.errors import (
    ActivityUnknown,
    DayOutside,
    ElectionOver,
    FactMissing,
    NotKnown,
    QuestionEmpty,
    QuestionNotUnderstood,
    RegionHasNoElection,
    RuleNotInForce,
    ValueUnknown,
)
from ikrar.domain.indonesian import LONGEST_TEXT
from ikrar.domain.questions import BEFORE, Understanding, named_day, understand
from ikrar.domain.sources import Citation, Label, Reading, distinct

__all__ = ["Advice", "Verdict", "Who", "advise", "answer", "election_for", "understand"]


class GuidanceBook(ActBook, Protocol):
    """What of the rulebook is needed here."""

    @property
    def guidance(self) -> Guidance: ...
    @property
    def elections(self) -> Mapping[str, Election]: ...


# --- who asks, and the answer ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks. `relation` is one of persons.RELATIONS, or empty where it was not said."""

    employment: str = ""
    post: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be so for the answer to hold. `because` is `act`, `statement` or `activity`, `source` its id.

    `optional`: a possibility that helps (`may take unpaid leave`), not a duty.
    """

    label: Label
    circumstance: str
    because: str
    source: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """The next day on which an answer is another one, and what it is then. `consequences`: kind and level of each act."""

    day: date
    verdict: Verdict
    consequences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ActivityAdvice:
    """The answer for one activity.

    `asked_as` is the activity that was asked where it is another one for this person. `acts` are those met now, the
    deciding one first; `risks` those met if a condition is not kept. `readings`: where it is contested, each way to read
    it and who holds it. `breach`: what would make it a breach. `changes`: first the next day on which anything is
    another, then, if that is a later one, the next day on which the verdict is; within a year.
    """

    activity: str
    asked_as: str
    verdict: Verdict
    conditions: tuple[Condition, ...]
    met: tuple[Condition, ...]
    advice: tuple[Label, ...]
    breach: Label | None
    acts: tuple[Assessment, ...]
    risks: tuple[Assessment, ...]
    statements: tuple[str, ...]
    readings: tuple[Reading, ...]
    pledge: tuple[PledgePoint, ...]
    basis: Label | None
    reasons: tuple[Reason, ...]
    cites: tuple[Citation, ...]
    alternatives: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer for all that was asked; its verdict is the strictest of them.

    `election` and `candidate_status` are those it was judged by, `named_day` the day that the question spoke of with the
    verdict on it. `understood` is what a question in words was taken for.
    """

    verdict: Verdict
    activities: tuple[ActivityAdvice, ...]
    day: date
    region: str
    who: Who
    election: str | None
    candidate_status: str | None
    contest: str | None
    reasons: tuple[Reason, ...]
    cites: tuple[Citation, ...]
    named_day: tuple[date, Verdict] | None = None
    understood: Understanding | None = None


# --- asking ------------------------------------------------------------------------------------------------------


def answer(
    book: GuidanceBook,
    question: str,
    *,
    day: date,
    region: str = "",
    who: Who,
    election: Election | None = None,
    candidate_status: str | None = None,
    contest: str | None = None,
) -> Advice:
    """Answer a question in plain words. What `who` says wins over the text, what the text tells fills what is missing.

    A question about nothing that the rulebook holds is answered ASK. Raises QuestionEmpty, QuestionNotUnderstood (text
    of another language, or none), and what advise raises.
    """
    _check_words(who, contest, election)
    understood = understand(book, question, relation=who.relation)
    if understood.state == "empty":
        raise QuestionEmpty()
    if understood.state == "not_understood":
        raise QuestionNotUnderstood(understood.cut)
    asker = replace(
        who,
        employment=who.employment or understood.employment.value,
        relation=who.relation or understood.relation.value,
    )
    advice = advise(
        book,
        understood.activities,
        day=day,
        region=region,
        who=asker,
        election=election,
        candidate_status=candidate_status,
        contest=contest or _contest_in(election, understood.contest.value) or None,
        facts=understood.facts,
        facts_of={each: understood.facts_of(each) for each in understood.activities},
        named=understood.day.value,
        times={each.activity: each.time for each in understood.found if each.time},
    )
    if understood.cut:
        cut = Reason("text_cut", (("characters", str(LONGEST_TEXT)),))
        advice = replace(advice, reasons=(*advice.reasons, cut))
    return replace(advice, understood=understood)


def advise(
    book: GuidanceBook,
    activity_ids: Sequence[str],
    *,
    day: date,
    region: str = "",
    who: Who,
    election: Election | None = None,
    candidate_status: str | None = None,
    contest: str | None = None,
    facts: Mapping[str, bool] | None = None,
    facts_of: Mapping[str, Mapping[str, bool]] | None = None,
    named: str = "",
    times: Mapping[str, str] | None = None,
) -> Advice:
    """Answer for activities, on a day, for somebody. `facts` are circumstances that were told, so or not so.

    `facts_of` are those of one activity, where they differ; `named` is a word of DAYS that the question used; `times` are
    the years of older elections that activities were told of (Found.time).

    Without an election the calendar's own is taken (`election_for`). A day that the rulebook does not cover is answered ASK.
    Raises ActivityUnknown, PersonUnknown, ValueUnknown, RegionHasNoElection, ElectionOver.
    """
    _check_words(who, contest, election)
    for id in activity_ids:
        if id not in book.guidance.activities:
            raise ActivityUnknown(id[:80])
    given = standing_for(book, election) if election is not None else None
    replaced = election.id if election is not None and election is not given else ""
    _check_election(given, day, region)
    case = _Case(
        book,
        day,
        region,
        who,
        given,
        candidate_status,
        contest,
        dict(facts or {}),
        replaced=replaced,
        times=times or {},
    )
    if not activity_ids:
        return _nothing(case, Reason("activity_not_found"))
    if not who.employment.strip():
        return _nothing(case, Reason("fact_missing", (("fact", "employment"),)))
    if persons.person_of(who.employment, who.post).is_unclear:
        return _nothing(case, Reason("fact_missing", (("fact", "employment"),)))
    if not book.covered.holds(day):
        first, last = covered_days(book)
        outside = Reason("day_outside", (("from", first.isoformat()), ("last", last.isoformat())))
        silent = tuple(_unjudged(_judge(case, id), outside) for id in activity_ids)
        return replace(_nothing(case, outside), activities=silent, election=None, candidate_status=None)
    cases = {id: replace(case, facts=(facts_of or {}).get(id, case.facts)) for id in activity_ids}
    # Two that were asked may be one for this person: the first stands.
    parts = tuple({part.activity: part for part in (_about(cases[id], id) for id in reversed(cases))}.values())[::-1]
    verdict = max((part.verdict for part in parts), key=lambda each: each.rank)
    asked_of = [book.guidance.activities[part.activity] for part in parts]
    # What belongs to an election that is not in the rulebook is judged by none that is.
    judged = next((each for each in asked_of if not each.outside), None)
    chosen = case.election_of(judged) if judged else None
    return Advice(
        verdict=verdict,
        activities=parts,
        day=day,
        region=region,
        who=who,
        election=chosen.id if chosen else None,
        candidate_status=case.status(chosen) if judged else None,
        contest=contest,
        reasons=case.setting(chosen) if judged else (Reason("election_not_covered"),),
        cites=distinct(cite for part in parts for cite in part.cites),
        named_day=_on_named_day(cases, parts, named),
    )


def _check_words(who: Who, contest: str | None, election: Election | None) -> None:
    if who.relation and who.relation not in persons.RELATIONS:
        raise ValueUnknown("relation", who.relation[:60], persons.RELATIONS)
    if contest is not None and contest not in CONTESTS:
        raise ValueUnknown("contest", contest[:60], CONTESTS)
    if contest is not None and election is not None and contest not in (held := contests_of(election)):
        raise ValueUnknown("contest", contest[:60], held)


def _contest_in(election: Election | None, contest: str) -> str:
    """Return a contest that was read in a text where the election that was named holds it, or nothing."""
    return contest if election is None or contest in contests_of(election) else ""


def _check_election(election: Election | None, day: date, region: str) -> None:
    """Refuse an election that was not held in a region, or was over on a day, where it was asked for by name."""
    if election is None:
        return
    if region and not election.concerns(region):
        raise RegionHasNoElection(region[:20], election.id)
    if day > election.last_on:
        raise ElectionOver(election.id, day, election.counted_until - timedelta(days=1))


def _nothing(case: "_Case", reason: Reason) -> Advice:
    chosen = case.election or election_for(case.book.elections, case.day, case.contest, region=case.region)
    return Advice(
        verdict=Verdict.ASK, activities=(), day=case.day, region=case.region, who=case.who,
        election=chosen.id if chosen else None, candidate_status=case.status(chosen), contest=case.contest,
        reasons=(reason,), cites=(),
    )  # fmt: skip


def _on_named_day(
    cases: Mapping[str, "_Case"], parts: Sequence[ActivityAdvice], word: str
) -> tuple[date, Verdict] | None:
    """Return the day that the question named and the verdict on it: it may be another one than today's."""
    on_day = [(replace(cases[part.asked_as], day=then), part.asked_as) for part in parts
              if (then := named_day(cases[part.asked_as].day, word)) is not None]  # fmt: skip
    if not on_day:
        return None
    return on_day[0][0].day, max((_judge(case, id).verdict for case, id in on_day), key=lambda each: each.rank)


# --- the election ------------------------------------------------------------------------------------------------

_FEW_REGIONS = 10
_AFTER_VOTE = timedelta(days=120)
_STILL = timedelta(days=90)


def election_for(
    elections: Mapping[str, Election],
    day: date,
    contest: str | None = None,
    *,
    after_vote: bool = False,
    region: str = "",
) -> Election | None:
    """Return the election that a day belongs to: the next vote, or the last one while it is still being counted.

    `after_vote` asks for the last one where there is one: who speaks of a victory does not mean the next. An election
    whose regions the facts name is one of these `region`s alone; of another handful it is nobody's by default.
    """
    held = [
        each
        for each in elections.values()
        if each.superseded_by is None
        and _is_held_in(each, region)
        and (contest is None or (each.kind == "pilkada") == (contest == "regional-head"))
    ]
    coming = min((each for each in held if day <= each.voting_on), key=lambda each: each.voting_on, default=None)
    past = max((each for each in held if each.voting_on < day), key=lambda each: each.voting_on, default=None)
    if past is not None:
        if after_vote and day <= past.voting_on + _AFTER_VOTE:
            return past
        if day <= _last_day(past) or (coming is None and day <= past.voting_on + _STILL):
            return past
    return coming


def _is_held_in(election: Election, region: str) -> bool:
    if election.region_codes:
        return any(f"{region}.".startswith(f"{code}.") for code in election.region_codes)
    return election.regions is None or election.regions.total >= _FEW_REGIONS


def _elsewhere(elections: Mapping[str, Election], day: date, region: str) -> Election | None:
    """Return an election that runs on a day in regions that the facts name, where this may be one of them.

    So it is where no region was told, or a province in which one of them lies.
    """
    for election in elections.values():
        if not election.region_codes or (region and not election.concerns(region)) or _is_held_in(election, region):
            continue
        begins = [stage.from_on for stage in election.stages if stage.from_on] + [each.day for each in election.derived]
        if min(begins) <= day <= _last_day(election):
            return election
    return None


def _last_day(election: Election) -> date:
    ends = [stage.last_on for stage in election.stages if not stage.conditional and stage.last_on is not None]
    return max([election.voting_on, *ends])


# --- the case ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Case:
    """All that an answer depends on beside the activity."""

    book: GuidanceBook
    day: date
    region: str
    who: Who
    election: Election | None
    given_status: str | None
    contest: str | None
    facts: Mapping[str, bool]
    replaced: str = ""
    times: Mapping[str, str] = field(default_factory=dict)

    @property
    def relation(self) -> str:
        return self.who.relation or "none"

    @property
    def classes(self) -> frozenset[str]:
        return persons.classes_of(self.who.employment, self.who.post)

    @property
    def circumstances(self) -> Mapping[str, Circumstance]:
        return self.book.guidance.circumstances

    def election_of(self, activity: Activity) -> Election | None:
        return self.election or election_for(
            self.book.elections, self.day, self.contest, after_vote=activity.after_vote, region=self.region
        )

    def status(self, election: Election | None) -> str | None:
        """Return the candidate's status: given, by the calendar, or would-be as long as no election is known."""
        if self.given_status is not None:
            return self.given_status
        if election is None:
            return WOULD_BE
        return status_by_calendar(election, self.day, self.contest)[0]

    def setting(self, election: Election | None) -> tuple[Reason, ...]:
        """Say by which election and status was judged, and how these are known."""
        status = self.status(election)
        reasons = []
        if election is not None:
            code = "election_given" if self.election is not None else "election_by_calendar"
            reasons.append(Reason(code, (("election", election.id),)))
            if self.replaced:
                reasons.append(Reason("election_replaced", (("election", self.replaced), ("by", election.id))))
            if self.region and election.in_some_regions:
                reasons.append(Reason("regions_not_named", (("election", election.id),)))
        else:
            reasons.append(Reason("no_election_known"))
        if (there := _elsewhere(self.book.elections, self.day, self.region)) is not None and self.election is None:
            reasons.append(Reason("election_elsewhere", (("election", there.id),)))
        if self.given_status is not None:
            reasons.append(Reason("status_given", (("status", self.given_status),)))
        elif status is None:
            reasons.append(Reason("contest_open"))
        else:
            reasons.append(Reason("status_by_calendar" if election else "status_assumed", (("status", status),)))
        return tuple(reasons)

    def tracks(
        self, form: str, election: Election | None, *, acting_as: str = "", status: str | None = None
    ) -> tuple[Assessment, ...]:
        """Return the acts of a form that this person would meet, on every track; none where no act of it applies.

        `status` is the candidate's where it is another than that of the day.
        """
        employment, post = self.who.employment, self.who.post
        if acting_as and "asn" in self.classes:
            employment, post = acting_as, ""
        found: dict[tuple[str | None, str], Assessment] = {}
        for contest in self._contests(election):
            answer = self._assess(form, election, employment, post, contest, status)
            for each in () if answer is None else (answer, *answer.also):
                if each.kind != "none":
                    found.setdefault((each.act, each.kind), each)
        return tuple(found.values())

    def _contests(self, election: Election | None) -> tuple[str | None, ...]:
        """Return the contest; where it is not known and would matter, each that there is: the strictest then counts."""
        if self.contest is not None:
            return (self.contest,)
        if election is None:
            return ("regional-head", "dpr")
        if election.determined_by_contest:
            return tuple(
                dict.fromkeys("dprd" if name.startswith("dprd") else name for name in election.determined_by_contest)
            )
        return (None,)

    def _assess(
        self, form: str, election: Election | None, employment: str, post: str, contest: str | None, ahead: str | None
    ) -> Assessment | None:
        status = ahead or self.given_status or (WOULD_BE if election is None else None)
        try:
            return assess(
                self.book, form=form, day=self.day, employment=employment, post=post, election=election,
                candidate_status=status, contest=contest,
            )  # fmt: skip
        except (RuleNotInForce, NotKnown, FactMissing, DayOutside, ElectionOver):
            # No act of the form is known for that day, person or election: the rulebook is silent.
            return None


# --- one activity ------------------------------------------------------------------------------------------------


def _about(case: _Case, id: str) -> ActivityAdvice:
    """Answer for one activity, with what may be done instead and what changes next."""
    advice = _judge(case, id)
    if (year := _another_time(case, id)) is not None:
        # A deed is judged by its own day, which the question does not tell.
        return _unjudged(advice, Reason("another_time", (("year", year),)))
    alternatives = []
    if advice.verdict is not Verdict.ALLOWED:
        for other in case.book.guidance.activities[advice.activity].alternatives:
            instead = _judge(replace(case, facts={}), other)
            if instead.verdict in (Verdict.ALLOWED, Verdict.ALLOWED_IF) or other == "ask-my-superior":
                alternatives.append(other)
    return replace(advice, alternatives=tuple(alternatives), changes=_changes(case, advice))


def _another_time(case: _Case, id: str) -> str | None:
    """Return the year of the older election that an activity was told of, empty where it was only called the last one."""
    told = case.times.get(id)
    election = case.election_of(case.book.guidance.activities[id])
    if not told:
        return None
    if told == BEFORE:
        return "" if election is not None and case.day <= election.voting_on else None
    held = election.voting_on.year if election is not None else None
    return told if int(told) < case.day.year and int(told) != held else None


def _unjudged(advice: ActivityAdvice, why: Reason) -> ActivityAdvice:
    """Return an answer that says only why nothing can be said."""
    return replace(
        advice, verdict=Verdict.ASK, conditions=(), met=(), advice=(), breach=None, acts=(), risks=(), statements=(),
        readings=(), pledge=(), basis=None, cites=(), alternatives=(), changes=(), reasons=(why,),
    )  # fmt: skip


@dataclass
class _Findings:
    """What was found on the way to an answer."""

    acts: list[Assessment]
    risks: list[Assessment]
    contested: list[Assessment]
    review: list[Assessment]
    conditions: list[Condition]
    met: list[Condition]
    permits: list[Statement]
    bans: list[Statement]
    disputes: list[Statement]
    discouraged: list[Statement]
    prohibited: list[Statement]
    cited: list[Statement]
    reasons: list[Reason]


def _judge(case: _Case, id: str) -> ActivityAdvice:
    """Answer for one activity, without looking at other days or other activities."""
    activities = case.book.guidance.activities
    activity = activities[activities[id].becomes.get(case.relation, id)]
    election = case.election_of(activity)
    found = _Findings([], [], [], [], [], [], [], [], [], [], [], [], [])
    if activity.id != id:
        found.reasons.append(Reason("read_as", (("activity", activity.id), ("relation", case.relation))))
    if case.relation == "relative":
        found.reasons.append(Reason("no_permission_for_relatives"))
    unbound = case.classes == {"none"}
    for rule in activity.judged_by:
        _hold_against(case, rule, election, found)
    # What one form is only perhaps may be sure by another.
    met = {(act.act, act.kind) for act in found.acts}
    found.review = [each for each in found.review if (each.act, each.kind) not in met]
    for spoken_of in activity.statements:
        _listen_to(case, spoken_of, election, found, unbound=unbound)
    verdict, basis, pledge = _decide(case, activity, found, unbound=unbound)
    told = _told(activity, id, verdict, basis, pledge, found)
    held = tuple(cite for cite in told.cites if case.book.sources[cite.source].days.holds(case.day))
    return replace(told, cites=held)


def _hold_against(case: _Case, rule: Judged, election: Election | None, found: _Findings) -> None:
    """Put the acts of one rule where they belong: met, met on a condition, contested, or lifted by what was told."""
    if not rule.in_force.holds(case.day) or not has_begun(rule, election, case.day):
        return
    state = _state(rule, case.facts)
    if state == "open" and rule.silent:
        return
    for form in rule.forms:
        tracks = case.tracks(form, election, acting_as=rule.acting_as, status=DETERMINED if rule.ahead else None)
        if not tracks:
            continue
        if state == "void":
            found.reasons += [
                Reason("act_lifted", (("form", form), ("circumstance", each))) for each in _lifting(rule, case)
            ]
            continue
        if state == "open":
            _add_condition(case, rule, form, found)
        for track in tracks:
            if track.standing is Standing.CONTESTED:
                bucket = found.contested if state == "applies" else found.risks
            elif track.standing is Standing.REVIEW:
                bucket = found.review if state == "applies" else found.risks
            else:
                bucket = found.acts if state == "applies" else found.risks
            if all((each.act, each.kind) != (track.act, track.kind) for each in bucket):
                bucket.append(track)


def has_begun(rule: Judged, election: Election | None, day: date) -> bool:
    """Say whether the derived date from which a rule counts is reached; where it is not known, it counts."""
    if not rule.since or election is None:
        return True
    start = next((each.day for each in election.derived if each.id == rule.since), None)
    return start is None or start <= day


def _state(rule: Judged, facts: Mapping[str, bool]) -> str:
    """Return whether a rule applies, is void, or stands open for want of a fact."""
    told = [facts.get(id) for id in rule.when]
    lifted = [facts.get(id) for id in rule.unless]
    if False in told or True in lifted:
        return "void"
    return "open" if None in told or None in lifted else "applies"


def _lifting(rule: Judged, case: _Case) -> Iterator[str]:
    yield from (id for id in rule.when if case.facts.get(id) is False)
    yield from (id for id in rule.unless if case.facts.get(id) is True)


def _add_condition(case: _Case, rule: Judged, form: str, found: _Findings) -> None:
    """Make a condition of the circumstances on which a rule turns: what the asker did not tell."""
    if rule.condition is not None:
        first = (*rule.unless, *rule.when)[0]
        _add(found.conditions, Condition(rule.condition, first, "act", form))
        return
    for id in rule.unless:
        if case.facts.get(id) is None:
            _add(found.conditions, Condition(case.circumstances[id].present, id, "act", form))
    if not rule.unless:
        for id in rule.when:
            if case.facts.get(id) is None:
                _add(found.conditions, Condition(case.circumstances[id].absent, id, "act", form))


def _add(conditions: list[Condition], condition: Condition) -> None:
    """Add a condition, unless the same is asked already: by an act first, then by a statement."""
    for each in conditions:
        same = each.circumstance and each.circumstance == condition.circumstance
        if each.label == condition.label or (same and not each.optional and not condition.optional):
            return
    conditions.append(condition)


# --- statements --------------------------------------------------------------------------------------------------


def _listen_to(case: _Case, spoken_of: SpokenOf, election: Election | None, found: _Findings, *, unbound: bool) -> None:
    statement = case.book.guidance.statements[spoken_of.statement]
    if not _speaks(case, statement, election, unbound=unbound, beyond=spoken_of.beyond_region):
        return
    if spoken_of.only_cited:
        found.cited.append(statement)
        return
    if unbound and statement.status not in (Status.ALLOWED, Status.ALLOWED_IF):
        return
    found.reasons.append(Reason(f"statement_{statement.status}", (("statement", statement.id),)))
    match statement.status:
        case Status.FORBIDDEN_LOCALLY:
            found.bans.append(statement)
        case Status.PROHIBITED:
            found.prohibited.append(statement)
        case Status.APPEAL | Status.CUSTOM:
            found.discouraged.append(statement)
        case Status.CONTESTED:
            found.disputes.append(statement)
            found.reasons += _broken(case, statement)
        case Status.ALLOWED | Status.ALLOWED_IF | Status.SUPERSEDED:
            if broken := _broken(case, statement):
                found.reasons += broken
                found.cited.append(statement)
            else:
                found.permits.append(statement)


def _speaks(case: _Case, statement: Statement, election: Election | None, *, unbound: bool, beyond: bool) -> bool:
    """Say whether a statement was said for that day, place, person and election."""
    # Contract staff answer for the forms of civil servants: what is open to these is open to them. And what is open to
    # those who are bound is open to those whom no rule binds.
    like_asn = "ppnpn" in case.classes or unbound
    return (
        statement.in_force.holds(case.day)
        and (beyond or statement.speaks_in(case.region))
        and (bool(statement.who & case.classes) or like_asn)
        and case.relation in statement.relations
        and (statement.election == "any" or election is None or election.kind == statement.election)
        and (not statement.elections or (election is not None and election.id in statement.elections))
    )


def _broken(case: _Case, statement: Statement) -> list[Reason]:
    """Return the conditions of a statement that are not kept by what was told."""
    return [
        Reason("statement_condition_broken", (("statement", statement.id), ("circumstance", term.circumstance)))
        for term in _broken_terms(case, statement.conditions)
    ]


def _broken_terms(case: _Case, terms: Iterable[Proviso]) -> list[Proviso]:
    """Return the terms that are not kept by what was told."""
    return [
        term
        for term in terms
        if term.circumstance
        and not term.optional
        and (told := case.facts.get(term.circumstance)) is not None
        and told is not term.must
    ]


def _terms(case: _Case, terms: Iterable[Proviso], because: str, source: str, found: _Findings) -> None:
    for term in terms:
        condition = Condition(term.label, term.circumstance, because, source, term.optional)
        kept = term.circumstance and case.facts.get(term.circumstance) is term.must
        _add(found.met if kept else found.conditions, condition)


# --- the word ----------------------------------------------------------------------------------------------------


def _decide(
    case: _Case, activity: Activity, found: _Findings, *, unbound: bool
) -> tuple[Verdict, Label | None, tuple[PledgePoint, ...]]:
    """Return the first word of the answer, with the basis and the points of the pledge that it rests on."""
    pledge = tuple(case.book.guidance.pledge.point(number) for number in activity.pledge)
    if unbound and activity.anybody:
        # These rules bind others; what other law says is not in the rulebook.
        found.reasons.append(Reason("rules_bind_others"))
        found.permits.clear()
        return Verdict.ALLOWED, None, ()
    if found.acts:
        found.reasons += [_act_reason("act_met", act) for act in found.acts]
        return Verdict.NOT_ALLOWED, None, pledge
    if found.bans:
        return Verdict.NOT_ALLOWED, None, pledge
    bound = "asn" in case.classes or "ppnpn" in case.classes
    if pledge and bound:
        found.reasons += [Reason("pledge", (("number", str(point.number)),)) for point in pledge]
        return Verdict.NOT_ALLOWED, None, pledge
    if found.contested or found.review or (found.disputes and not found.permits):
        found.reasons += [_act_reason("act_contested", act) for act in found.contested]
        found.reasons += [_act_reason("act_needs_review", act) for act in found.review]
        for statement in (*found.disputes, *found.permits):
            _terms(case, statement.conditions, "statement", statement.id, found)
        return Verdict.ASK, None, pledge
    if found.prohibited and not unbound:
        return Verdict.ASK, None, pledge
    for statement in found.permits:
        _terms(case, statement.conditions, "statement", statement.id, found)
    if broken := _broken_terms(case, activity.conditions):
        found.reasons += [
            Reason("condition_broken", (("activity", activity.id), ("circumstance", term.circumstance)))
            for term in broken
        ]
        if not found.permits:
            return Verdict.ASK, None, pledge
    _terms(case, activity.conditions, "activity", activity.id, found)
    based = activity.base if activity.base_for & case.classes and not broken else Verdict.ASK
    if based is not Verdict.ASK:
        found.reasons.append(Reason("basis", (("activity", activity.id),)))
    basis = activity.basis if based is not Verdict.ASK else None
    plain = any(each.status is Status.ALLOWED for each in found.permits) or based is Verdict.ALLOWED
    if found.discouraged and (based is not Verdict.ALLOWED or found.conditions):
        return Verdict.ALLOWED_IF, basis, pledge
    if not found.permits and based is Verdict.ASK:
        found.reasons.append(Reason("not_covered"))
        return Verdict.ASK, None, pledge
    from_acts = any(each.because in ("act", "activity") and not each.optional for each in found.conditions)
    return (Verdict.ALLOWED if plain and not from_acts else Verdict.ALLOWED_IF), basis, pledge


def _act_reason(code: str, act: Assessment) -> Reason:
    return Reason(code, (("act", act.act or ""), ("form", act.form), ("kind", act.kind), ("level", act.level)))


def _told(
    activity: Activity,
    asked_as: str,
    verdict: Verdict,
    basis: Label | None,
    pledge: tuple[PledgePoint, ...],
    found: _Findings,
) -> ActivityAdvice:
    deciding = [*found.acts, *found.contested, *found.review]
    promised = pledge if any(each.code == "pledge" for each in found.reasons) else ()
    statements = [*found.bans, *found.disputes, *found.permits, *found.discouraged, *found.prohibited, *found.cited]
    readings: list[Reading] = []
    if verdict is Verdict.ASK:
        readings += [reading for act in found.contested for reading in act.readings]
        readings += [_reading_of(each) for each in (*found.disputes, *found.permits)]
        readings += [_reading_against(each) for each in found.disputes if not found.contested]
    met_only = verdict is Verdict.NOT_ALLOWED
    return ActivityAdvice(
        activity=activity.id,
        asked_as=asked_as,
        verdict=verdict,
        conditions=() if met_only else tuple(found.conditions),
        met=() if met_only else tuple(found.met),
        advice=activity.advice,
        breach=activity.breach,
        acts=tuple(deciding),
        risks=() if met_only else tuple(found.risks),
        statements=tuple(each.id for each in statements),
        readings=tuple(dict.fromkeys(readings)),
        pledge=pledge,
        basis=basis,
        reasons=tuple(dict.fromkeys(found.reasons)),
        cites=distinct(
            cite
            for part in (
                [cite for act in deciding for cite in act.cites],
                [cite for point in promised for cite in point.cites],
                [cite for statement in statements for cite in statement.cites],
                [] if met_only else [cite for act in found.risks for cite in act.cites],
            )
            for cite in part
        ),
        alternatives=(),
        changes=(),
    )


def _reading_of(statement: Statement) -> Reading:
    return Reading(statement.label, statement.stated_by, statement.seen, statement.confidence)


def _reading_against(statement: Statement) -> Reading:
    """Return the other side of a dispute about a statement. A contested statement always says what stands against it."""
    against = statement.against or statement.label
    return Reading(against, None, statement.seen, statement.confidence)


# --- what changes ------------------------------------------------------------------------------------------------

_A_YEAR = timedelta(days=365)


def _changes(case: _Case, advice: ActivityAdvice) -> tuple[Change, ...]:
    """Return the next day on which the answer or its consequence is another one, and the next with another verdict."""
    now = (advice.verdict, _consequences(advice))
    first: Change | None = None
    activity = case.book.guidance.activities[advice.activity]
    known = case.election_of(activity) is not None
    for day in _days_of_change(case, advice.activity):
        later = replace(case, day=day)
        # Where the calendars that are known end, nothing is known to change.
        chosen = later.election_of(activity)
        if known and (chosen is None or day > chosen.last_on):
            break
        then = _judge(later, advice.asked_as)
        change = Change(day, then.verdict, _consequences(then))
        if first is None and (change.verdict, change.consequences) != now:
            first = change
        if change.verdict is not advice.verdict:
            return (change,) if first in (None, change) else (first, change) if first else (change,)
    return (first,) if first else ()


def _consequences(advice: ActivityAdvice) -> tuple[tuple[str, str], ...]:
    acts = advice.acts or advice.risks
    return tuple(dict.fromkeys((act.kind, act.level) for act in acts))


def _days_of_change(case: _Case, id: str) -> list[date]:
    """Return the days within a year on which anything that the answer rests on begins or ends."""
    guidance = case.book.guidance
    activity = guidance.activities[id]
    days: set[date | None] = set()
    acts = list(case.book.acts_of_any_form)
    for rule in activity.judged_by:
        days |= {rule.in_force.from_on, rule.in_force.until_on}
        acts += [act for form in rule.forms for act in case.book.acts_by_form.get(form, ())]
    windows = [version.in_force for act in acts for version in act.versions]
    days |= {day for window in windows for day in (window.from_on, window.until_on)}
    for spoken_of in activity.statements:
        in_force = guidance.statements[spoken_of.statement].in_force
        days |= {in_force.from_on, in_force.until_on}
    elections = [case.election] if case.election is not None else list(case.book.elections.values())
    for election in elections:
        days |= turns_of(election, acts) | {each.day for each in election.derived}
        if case.election is None:
            ends = (
                election.voting_on,
                _last_day(election),
                election.voting_on + _STILL,
                election.voting_on + _AFTER_VOTE,
            )
            days |= {end + timedelta(days=1) for end in ends}
    return sorted(day for day in days if day is not None and case.day < day <= case.day + _A_YEAR)
