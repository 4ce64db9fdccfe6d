"""What the table of the procedure says, as the services of cases ask it: the one place where they meet it.

Which step is open, who may take it, what it must be able to show, and which clocks it starts stand in the table; here its words are
tied to what the records hold.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from ikrar.domain.acts import BANDS
from ikrar.domain.errors import CaseActRefused, CaseStepRefused, HolidaysUnknown, ProcedureUnknown, SanctionOutsideBand
from ikrar.services import rules
from ikrar.services.case_clocks import Limit

# Steps with an act of their own, which writes a decision or a referral beside them.
DECIDE, DECIDE_NOT_PROVEN, SERVE, TAKE_EFFECT = "decide", "clear", "serve", "take_effect"
REFER, ACCEPT, REFUSE, RETURN = "refer", "accept_referral", "refuse_referral", "return_referral"
_OWN_ACTS = frozenset({DECIDE, DECIDE_NOT_PROVEN, SERVE, TAKE_EFFECT, REFER, ACCEPT, REFUSE, RETURN})
RECOMMENDS = ("recommend", "propose")
NO_SHOWS = ("no_show",)
HEARINGS = ("hold_hearing",)
SHOWN_BY_REFERRAL = ("referral",)
HEAVY = ("severe", "dismissal-ptdh")
TEAM_OF = 3  # superior, oversight, personnel: pp-94-2021 Pasal 27


@dataclass(frozen=True)
class Start:
    """A clock that a step starts: by a term of the law or a target of so many days, from a day among the facts or the step's own."""

    term: str
    owner: str
    from_fact: str = ""
    target_days: int | None = None
    warn_days: int = 2
    long_days: int = 14


@dataclass(frozen=True)
class Rule:
    """One line of the table: from where, who may, what it needs, where to, which clocks."""

    step: str
    states: tuple[str, ...]
    to_state: str
    who: tuple[str, ...]
    needs_facts: tuple[str, ...] = ()
    needs_shown: tuple[str, ...] = ()
    starts: tuple[Start, ...] = ()
    stops: tuple[str, ...] = ()
    outcome: str = ""

    def limits(self, told: Mapping[str, Any], on: date, at: datetime, zone: tzinfo) -> list[Limit]:
        """Return the clocks that start, each from its day."""
        found = []
        for each in self.starts:
            begins = date.fromisoformat(str(told[each.from_fact])) if each.from_fact in told else on
            term = rules.book().terms.get(each.term)
            start: date = begins
            if each.target_days is None and term is not None and term.in_hours:
                start = at.astimezone(zone).replace(tzinfo=None)
            found.append(Limit(each.term, each.owner, start, each.target_days, each.warn_days, each.long_days))
        return found


@dataclass(frozen=True)
class Procedure:
    """The table of one regime and track, as it holds from a day until another."""

    id: str
    regime: str
    track: str
    first: str
    lines: tuple[Rule, ...]
    from_on: date | None = None
    until_on: date | None = None
    at_opening: tuple[Start, ...] = field(default=())

    def holds(self, day: date) -> bool:
        """Say whether it is the procedure of a day."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day < self.until_on)


def procedures() -> Mapping[str, Procedure]:
    """Return every procedure by its id."""
    return _procedures()


_procedures: Callable[[], Mapping[str, Procedure]] = dict


def procedure_on(regime: str, track: str, day: date) -> Procedure:
    """Return the procedure of a regime and a track on a day. Raises ProcedureUnknown."""
    for each in procedures().values():
        if each.regime in (regime, "any") and each.track == track and each.holds(day):
            return each
    raise ProcedureUnknown(f"{regime}-{track}", day)


def procedure(id: str) -> Procedure:
    """Return a procedure by its id: an old case keeps the one of its day."""
    return procedures()[id]


def first_state(id: str) -> str:
    """Return the state in which a respondent begins."""
    return procedure(id).first


def limits_at_opening(found: Procedure, day: date) -> list[Limit]:
    """Return the clocks that the opening of a case starts."""
    return [
        Limit(each.term, each.owner, day, each.target_days, each.warn_days, each.long_days) for each in found.at_opening
    ]


def has_own_act(step: str) -> bool:
    """Say whether a step is taken by an act of its own alone (a decision, a referral)."""
    return step in _OWN_ACTS


def lines_from(id: str, state: str) -> list[Rule]:
    """Return the lines of a procedure that begin in a state."""
    return [each for each in procedure(id).lines if state in each.states]


def check(
    id: str, state: str, step: str, *, roles: Collection[str], facts: Mapping[str, Any], shown: Collection[str]
) -> Rule:
    """Return the line by which a step is taken. Raises CaseStepRefused.

    `reason`: state (the step does not begin there), role (it is another's), missing (something must be told, or the records do not
    show what it needs); `about` names which.
    """
    rule = next((each for each in lines_from(id, state) if each.step == step), None)
    if rule is None:
        raise CaseStepRefused("state", step, _states_of(id, step))
    if not any(role in rule.who for role in roles):
        raise CaseStepRefused("role", step, rule.who)
    missing = [name for name in rule.needs_facts if not facts.get(name)]
    missing += [name for name in rule.needs_shown if name not in shown]
    if missing:
        raise CaseStepRefused("missing", step, tuple(missing))
    return rule


def _states_of(id: str, step: str) -> tuple[str, ...]:
    return next((each.states for each in procedure(id).lines if each.step == step), ())


def open_to(id: str, state: str, *, roles: Collection[str], shown: Collection[str]) -> list[Rule]:
    """Return the lines that somebody with these roles may take from a state, by what the records show."""
    return [
        each
        for each in lines_from(id, state)
        if any(role in each.who for role in roles)
        and all(name in shown for name in each.needs_shown if name not in ("decision", "referral"))
    ]


def conditions(
    *, taken: Collection[str], no_shows: int, duties: Sequence[str], has_evidence: bool, has_allegation: bool,
    levels: Collection[str], serves: str,
) -> set[str]:  # fmt: skip
    """Return what the records show, in the words of the table."""
    shown = {f"taken:{step}" for step in taken}
    if any(step in taken for step in HEARINGS):
        shown.add("hearing")
    if no_shows >= 2:
        shown.add("two_no_shows")
    if shown & {"hearing", "two_no_shows"}:
        shown.add("heard")
    examining = [each for each in duties if each in ("examiner", "team")]
    if examining:
        shown.add("examiner")
    if not set(levels) & set(HEAVY) or len(examining) >= TEAM_OF:
        shown.add("team_where_heavy")
    if any(step in taken for step in RECOMMENDS):
        shown.add("recommendation")
    if has_evidence:
        shown.add("evidence")
    if has_allegation:
        shown.add("allegation")
    if not serves or serves == "moved":
        shown.add("serves")
    return shown


def is_working_day(day: date, region: str) -> bool:
    """Say whether work is done on a day in a region. Raises CaseActRefused (holidays) for a year that nobody knows yet."""
    holidays = rules.book().holidays
    try:
        return (holidays.in_region(region) if region else holidays).is_working_day(day)
    except HolidaysUnknown:
        raise CaseActRefused("holidays", str(day.year)) from None


# --- sanctions ---------------------------------------------------------------------------------------------------

_GRAVITY = ("moral", "moral-plus", "light", "moderate", "severe", "dismissal-ptdh")


def heaviest(levels: Collection[str]) -> str:
    """Return the gravest of levels; of levels that stand on no scale the first.

    >>> heaviest(["moderate", "severe", "light"])
    'severe'
    """
    known = [each for each in levels if each in _GRAVITY]
    return max(known, key=_GRAVITY.index) if known else next(iter(levels), "")


def check_band(alleged: Sequence[tuple[str, date, Mapping[str, Any]]], sanction: str, respondent: Any) -> str:
    """See that a sanction lies within the band of the heaviest clause; return its level. Raises SanctionOutsideBand."""
    answers = [each for _act, _on, verdict in alleged for each in (verdict, *verdict.get("also", ()))]
    kinds = [each for each in answers if each.get("standing") == "breach" and each.get("kind") == respondent.track]
    top = heaviest([str(each["level"]) for each in kinds])
    allowed = {
        name
        for each in kinds
        if each["level"] == top
        for name in each["sanctions"]
        if (known := rules.book().sanctions.get(name)) is not None and known.level in BANDS.get(top, ())
    }
    if sanction not in allowed:
        raise SanctionOutsideBand(sanction, tuple(sorted(allowed)))
    return str(rules.book().sanctions[sanction].level)


def is_dismissal(sanction: str) -> bool | None:
    """Say whether a sanction ends the service; None: it is none of the rulebook."""
    return "dismissal" in sanction if sanction in rules.book().sanctions else None


def decision_step(sanction: str, *, signed_here: bool) -> str:
    """Return the step by which a decision is taken: a sanction, or that nothing was proven."""
    return DECIDE if sanction else DECIDE_NOT_PROVEN


def shown_by_decision(level: str) -> tuple[str, ...]:
    """Return what a decision shows that was written by its own act."""
    return ("decision",)
