"""The procedure as one table: the states of a case, who may take which step, what it requires, which clocks it moves.

A step names its clocks by the ids of terms. Where the law has no limit there is an operator's target, and it says so of
itself. Pages, permissions, the diagram in the docs and the tests derive from the rows; nothing here is another procedure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NotRequired, Protocol, TypedDict

from ikrar.domain.access import Role
from ikrar.domain.days import Holidays
from ikrar.domain.elections import Kind
from ikrar.domain.errors import CaseStepRefused, PersonUnknown, ProcedureUnknown, TargetRefused
from ikrar.domain.persons import VILLAGE_OFFICES, class_of
from ikrar.domain.sources import Checker, Cited, CitedDocument, InForce, InForceDocument, Label, LabelDocument

# --- the form of a file ------------------------------------------------------------------------------------------


class StateDocument(TypedDict):
    state: str
    label: LabelDocument
    outcome: NotRequired[str]


class FactDocument(TypedDict):
    fact: str
    label: LabelDocument
    told_with: NotRequired[list[str]]


class TargetDocument(TypedDict):
    target: str
    label: LabelDocument
    days: int
    warn_days: int
    long_days: int


ClockDocument = TypedDict(
    "ClockDocument",
    {
        "clock": str, "owner": str, "from": NotRequired[str], "after": NotRequired[str], "if": NotRequired[str],
        "until": NotRequired[str],
    },
)  # fmt: skip
ConditionDocument = TypedDict("ConditionDocument", {"if": str, "requires": list[str]})


_StepWords = TypedDict("_StepWords", {"from": list[str]})


class StepDocument(CitedDocument, _StepWords):
    step: str
    label: LabelDocument
    tracks: list[str]
    regimes: NotRequired[list[str]]
    to: str
    who: list[str]
    aside: NotRequired[bool]
    requires: NotRequired[list[str]]
    conditions: NotRequired[list[ConditionDocument]]
    working_days: NotRequired[list[str]]
    letters: NotRequired[list[str]]
    order: NotRequired[list[str]]
    apart: NotRequired[list[list[str]]]
    voids: NotRequired[list[str]]
    starts: NotRequired[list[ClockDocument]]
    stops: NotRequired[list[str]]
    pauses: NotRequired[list[str]]
    resumes: NotRequired[list[str]]
    document: LabelDocument | None
    in_force: InForceDocument


class ProcedureDocument(CitedDocument):
    procedure: str
    label: LabelDocument
    regime: str
    track: str
    first_state: str
    starts: NotRequired[list[ClockDocument]]
    in_force: InForceDocument


class ProceduresDocument(TypedDict):
    states: list[StateDocument]
    facts: list[FactDocument]
    targets: list[TargetDocument]
    steps: list[StepDocument]
    procedures: list[ProcedureDocument]


# --- what a procedure is -----------------------------------------------------------------------------------------


class Track(StrEnum):
    """How a matter is answered. REFERRAL: by an authority of its own (TNI, Polri, village, some PPPK)."""

    DISCIPLINE = "discipline"
    ETHICS = "ethics"
    CRIMINAL = "criminal"
    REFERRAL = "referral"


_OUTSIDE = VILLAGE_OFFICES | {"tni", "polri"}


def stands_outside(employment: str) -> bool:
    """Say whether no appointing authority of civil servants answers for somebody of an employment: TNI, Polri, a village.

    >>> [stands_outside(each) for each in ("tni", "kepala desa", "keuchik", "pns", "pppk", "")]
    [True, True, True, False, False, False]
    """
    try:
        return class_of(employment) in _OUTSIDE
    except PersonUnknown:
        return False


def answered_on(kind: str, employment: str) -> frozenset[Track]:
    """Return the tracks that answer an act of a kind (discipline, ethics, criminal, none) for somebody of an employment.

    >>> asked = [("discipline", "pns"), ("discipline", "village-head"), ("none", "pns")]
    >>> [sorted(map(str, answered_on(*each))) for each in asked]
    [['discipline'], ['referral'], []]
    """
    if stands_outside(employment):
        return frozenset({Track.CRIMINAL, Track.REFERRAL} if kind == Track.CRIMINAL else {Track.REFERRAL})
    return frozenset({Track(kind)} if kind in list(Track) else ())


def suits(track: str, kind: str, employment: str) -> bool:
    """Say whether a case on a track is a usual way for such an act, so that nobody is warned of it.

    What a referral is for stands in no family; an act of discipline or ethics of a civil servant his agency answers itself.
    """
    return track in answered_on(kind, employment) or (track == Track.REFERRAL and kind in ("none", "criminal"))


SAME = "same"
"""The word of a row that leaves a case where it stands."""

HEAVY = ("severe", "dismissal-ptdh")
"""Levels of a breach at which a severe penalty threatens, so that a team must examine (pp-94-2021 Pasal 27)."""

WINDOWS = {"objection": "pp79-objection", "appeal": "pp79-appeal"}
"""The window within which a letter may come against a decision, by the letter. It is a right of the respondent: when it ends
unused nobody is late.
"""

OUTCOMES = ("proven", "not_proven", "referred", "closed")
"""How a case ends."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands. `outcome` (a word of OUTCOMES): it ends there."""

    id: str
    label: Label
    outcome: str = ""


MOST_TARGET_DAYS = 730
"""The most after which a target may call something long overdue: what waits for more than two years has no target."""


@dataclass(frozen=True, slots=True)
class Target:
    """An operator's own time where the law gives none: not a legal limit. Two lateness levels, and a warning before.

    All are days from its start. Raises TargetRefused (order, most).
    """

    id: str
    label: Label
    days: int
    warn_days: int
    long_days: int

    def __post_init__(self) -> None:
        if not 0 < self.warn_days < self.days < self.long_days:
            raise TargetRefused("order")
        if self.long_days > MOST_TARGET_DAYS:
            raise TargetRefused("most", MOST_TARGET_DAYS)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that a step starts: a term of the rulebook or a target, who owns it, and the fact that it is counted from.

    `from_fact` empty: from the day of the step. `after`: the clock after whose last day it is counted, where that one runs.
    `if_fact`: it starts only where that fact is true. `until_fact`: a day that is appointed no later than its last one.
    """

    id: str
    kind: str
    owner: Role
    from_fact: str = ""
    after: str = ""
    if_fact: str = ""
    until_fact: str = ""


@dataclass(frozen=True, slots=True)
class Step(Cited):
    """One row of the table. `to_state` empty: the case stays where it is.

    Each of `conditions`: where that fact is true, these are required too. `order`: days that follow one another, and
    none of which is later than the step, `working_days` apart: those are appointed, and to come. `letters`: days of letters,
    which are written on working days too. `apart`: pairs of days, the second of which is a later one than the first. `voids`: what
    was told before and does not count any more: it is told anew. `is_aside`: a way of bodies that do not take the main one, or of
    what was carried out already.
    """

    id: str
    label: Label
    from_states: tuple[str, ...]
    to_state: str
    who: tuple[Role, ...]
    requires: tuple[str, ...]
    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    working_days: tuple[str, ...]
    letters: tuple[str, ...]
    order: tuple[str, ...]
    apart: tuple[tuple[str, str], ...]
    voids: tuple[str, ...]
    starts: tuple[Clock, ...]
    stops: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    document: Label | None
    in_force: InForce
    tracks: frozenset[Track]
    regimes: frozenset[str]
    is_aside: bool = False

    def required(self, facts: Mapping[str, date | bool]) -> tuple[str, ...]:
        """Return the facts that this step requires of a case with these facts."""
        more = [each for fact, needed in self.conditions if facts.get(fact) for each in needed]
        return tuple(dict.fromkeys((*self.requires, *more)))


@dataclass(frozen=True, slots=True)
class Procedure(Cited):
    """The rows of one regime and track, as they held between two days. `starts`: clocks since a respondent came in.

    `told_with`: the steps with which alone a fact may be told, of those facts that have such; told with another it does not count.
    """

    id: str
    label: Label
    regime: str
    track: Track
    in_force: InForce
    first_state: str
    starts: tuple[Clock, ...]
    states: Mapping[str, State]
    facts: Mapping[str, Label]
    targets: Mapping[str, Target]
    steps: Mapping[str, Step]
    told_with: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def may_tell(self, fact: str, step: str) -> bool:
        """Say whether a fact may be told with a step."""
        return step in self.told_with.get(fact, (step,))

    def is_end(self, state: str) -> bool:
        """Say whether a case ends in a state."""
        return bool(self.states[state].outcome)


# --- which procedure, which steps --------------------------------------------------------------------------------


class ProcedureBook(Protocol):
    """What of the rulebook is needed here: procedures by id."""

    @property
    def procedures(self) -> Mapping[str, Procedure]: ...


def procedure(book: ProcedureBook, id: str) -> Procedure:
    """Return a procedure by its id: an old case keeps its own. Raises ProcedureUnknown."""
    if (found := book.procedures.get(id)) is None:
        raise ProcedureUnknown(id)
    return found


def procedure_on(book: ProcedureBook, regime: str, track: str, day: date) -> Procedure:
    """Return the procedure of a regime and track on a day. Raises ProcedureUnknown where none is encoded."""
    for each in book.procedures.values():
        if each.regime == regime and each.track == track and each.in_force.holds(day):
            return each
    raise ProcedureUnknown(f"{regime}-{track}", day.isoformat())


def steps_from(procedure: Procedure, state: str) -> tuple[Step, ...]:
    """Return the rows that begin in a state."""
    return tuple(each for each in procedure.steps.values() if state in each.from_states)


def main_way(procedure: Procedure) -> tuple[Step, ...]:
    """Return the shortest way from the first state to an end at which the matter was answered: for a picture of the rows."""
    ways: dict[str, tuple[Step, ...]] = {procedure.first_state: ()}
    waiting = [procedure.first_state]
    for state in waiting:
        for step in steps_from(procedure, state):
            to = step.to_state or state
            if to not in ways and not step.is_aside:
                ways[to] = (*ways[state], step)
                waiting.append(to)
    answered = (state for word in _ANSWERED for state in waiting if procedure.states[state].outcome == word)
    return ways[next(answered, procedure.first_state)]


_ANSWERED = ("proven", "referred")


def next_step(procedure: Procedure, state: str, facts: Collection[str] = ()) -> Step | None:
    """Return the next step from a state on the shortest way to an answer, for a case of which these facts are so.

    Where that step then requires what another one gives that begins there too, it is this other one. Beside the way it is the
    first that leads on: none that leaves the case where it stands, unless there are only such.
    """
    here = sorted(steps_from(procedure, state), key=lambda step: not step.to_state)
    step = next((step for step in main_way(procedure) if state in step.from_states), next(iter(here), None))
    if step is None:
        return None
    needed = [each for fact, some in step.conditions if fact in facts for each in some]
    given_by = {id for each in needed if not procedure.may_tell(each, step.id) for id in procedure.told_with[each]}
    return next((each for each in steps_from(procedure, state) if each.id in given_by), step)


class Actor(StrEnum):
    """Who acts by a row, where its role alone says too little.

    BY_LEVEL: whoever the law names by the level of the penalty and the respondent's post (see domain.authority). STAFF: the
    personnel staff, who record it in the authority's name. ASSIGNED: an examiner to whom the authority gave the case.
    """

    BY_LEVEL = "by_level"
    STAFF = "staff"
    ASSIGNED = "assigned"


AUTHORITY_NAMED = "authority-named"


def after_decision(procedure: Procedure) -> frozenset[str]:
    """Return the states that a case comes to only once it was decided."""
    decided = {row.to_state for row in procedure.steps.values() if AUTHORITY_NAMED in row.requires}
    return frozenset().union(*(_reached(each, procedure.steps.values()) for each in decided))


def actors(procedure: Procedure, step: Step, after: Collection[str]) -> tuple[Role | Actor, ...]:
    """Return who acts by a row. `after`: the states that follow a decision (after_decision).

    A moral sanction is the appointing authority's, whatever the post (pp-42-2004 Pasal 15).
    """

    def actor(role: Role) -> Role | Actor:
        if role is Role.EXAMINER:
            return Actor.ASSIGNED
        if role is not Role.APPOINTING_AUTHORITY:
            return role
        if AUTHORITY_NAMED in step.requires and procedure.track is Track.DISCIPLINE:
            return Actor.BY_LEVEL
        return Actor.STAFF if set(step.from_states) <= set(after) else role

    return tuple(actor(each) for each in step.who)


def given_by_others(procedure: Procedure, step: Step, facts: Collection[str]) -> tuple[Step, ...]:
    """Return the rows that alone give some facts which a row cannot tell itself: they come first."""
    ids = {id for fact in facts if not procedure.may_tell(fact, step.id) for id in procedure.told_with[fact]}
    return tuple(row for id, row in procedure.steps.items() if id in ids)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as the table asks for it: its state, what is known (a day, or that it is so), running and resting clocks.

    `last_on`: the day of the latest step (`last_step`); nothing is dated before it.
    """

    state: str
    facts: Mapping[str, date | bool] = field(default_factory=dict)
    running: frozenset[str] = frozenset()
    resting: frozenset[str] = frozenset()
    last_on: date | None = None
    last_step: str = ""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who would take a step: his roles, whether the case lies within his scope, what stands between (words of CONFLICTS).

    A recused officer has an interest as well: `recused`. `absent`: roles in which nobody acts in this case, as whoever the law
    names has an interest and it names no other one.
    """

    roles: frozenset[Role]
    within_scope: bool = True
    interests: tuple[str, ...] = ()
    absent: frozenset[Role] = frozenset()


RECUSED = "recused"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step does: the new state, and what becomes of the clocks."""

    state: str
    starts: tuple[Clock, ...]
    stops: frozenset[str]
    pauses: frozenset[str]
    resumes: frozenset[str]

    def after(self, case: CaseFacts, day: date) -> CaseFacts:
        """Return the case after the step."""
        started = {each.id for each in self.starts}
        running = (case.running - self.stops - self.pauses) | self.resumes | started
        resting = (case.resting | self.pauses) - self.stops - self.resumes - started
        return replace(case, state=self.state, running=running, resting=resting, last_on=day)


@dataclass(frozen=True, slots=True)
class Open:
    """A step as it stands for somebody: `refusal` None: he may take it; else why not."""

    step: Step
    refusal: CaseStepRefused | None


def steps_open(
    procedure: Procedure, case: CaseFacts, taker: Taker, day: date, holidays: Holidays | None = None
) -> tuple[Open, ...]:
    """Return the rows that begin in the state of a case, each with the reason why it is not open."""
    found = []
    for step in steps_from(procedure, case.state):
        try:
            take(procedure, step.id, case, taker, day, holidays)
        except CaseStepRefused as refusal:
            found.append(Open(step, refusal))
        else:
            found.append(Open(step, None))
    return tuple(found)


def take(
    procedure: Procedure, step_id: str, case: CaseFacts, taker: Taker, day: date, holidays: Holidays | None = None
) -> Effect:
    """Return what a step does to a case. Raises CaseStepRefused, and then nothing is to be done."""
    step = procedure.steps.get(step_id)
    if step is None:
        raise CaseStepRefused("unknown", step_id)
    if procedure.is_end(case.state):
        raise CaseStepRefused("ended", step_id, (case.state,))
    if case.state not in step.from_states:
        raise CaseStepRefused("state", step_id, step.from_states)
    _check_taker(step, taker)
    if missing := tuple(each for each in step.required(case.facts) if not case.facts.get(each)):
        raise CaseStepRefused("missing", step_id, missing)
    _check_days(step, case, day, holidays)
    known = case.running | case.resting
    state = step.to_state or case.state
    stops = known if procedure.is_end(state) else known.intersection(step.stops)
    return Effect(
        state=state,
        starts=tuple(each for each in step.starts if not each.if_fact or case.facts.get(each.if_fact)),
        stops=frozenset(stops),
        pauses=case.running.intersection(step.pauses) - stops,
        resumes=case.resting.intersection(step.resumes) - stops,
    )


def _check_taker(step: Step, taker: Taker) -> None:
    acting = taker.roles.intersection(step.who)
    if not acting:
        raise CaseStepRefused("role", step.id, tuple(step.who))
    if not taker.within_scope:
        raise CaseStepRefused("scope", step.id)
    if taker.interests:
        raise CaseStepRefused("interest", step.id, taker.interests)
    if acting <= taker.absent:
        raise CaseStepRefused("absent", step.id)


def _check_days(step: Step, case: CaseFacts, day: date, holidays: Holidays | None) -> None:
    if case.last_on is not None and day < case.last_on:
        raise _before(step, case.last_on, day, since=case.last_step)
    for fact in (*step.order, *(each.from_fact for each in step.starts)):
        known = case.facts.get(fact)
        if isinstance(known, date) and fact not in step.working_days and known > day:
            raise _before(step, known, day, fact, since=fact)
    days = [(fact, found) for fact in step.order if isinstance(found := case.facts.get(fact), date)]
    for (first, earlier), (fact, later) in pairwise(days):
        if later < earlier:
            raise _before(step, earlier, later, fact, since=first)
    for first, fact in step.apart:
        before, after = case.facts.get(first), case.facts.get(fact)
        if isinstance(before, date) and isinstance(after, date) and after <= before:
            raise CaseStepRefused("not_later", step.id, (before.isoformat(), after.isoformat()), fact, first)
    for fact in step.letters:
        written = case.facts.get(fact)
        if isinstance(written, date) and _is_free(written, holidays):
            raise CaseStepRefused("holiday", step.id, (written.isoformat(),), fact)
    for fact in step.working_days:
        appointed = case.facts.get(fact)
        if not isinstance(appointed, date):
            raise CaseStepRefused("missing", step.id, (fact,))
        if appointed < day:
            raise _before(step, day, appointed, fact, since=step.id)
        if _is_free(appointed, holidays):
            raise CaseStepRefused("holiday", step.id, (appointed.isoformat(),), fact)


def _before(step: Step, earlier: date, told: date, fact: str = "", *, since: str) -> CaseStepRefused:
    return CaseStepRefused("before", step.id, (earlier.isoformat(), told.isoformat()), fact, since)


def _is_free(day: date, holidays: Holidays | None) -> bool:
    """Say whether nobody works on a day; of a year whose holidays are not known the weekend alone is told."""
    if holidays is not None and day.year in holidays.years and holidays.free_day(day) is not None:
        return True
    return day.weekday() >= _SATURDAY


_SATURDAY = 5


# --- from files --------------------------------------------------------------------------------------------------

_REGIMES = tuple(Kind)


def parse_procedures(document: ProceduresDocument, checker: Checker, terms: Collection[str]) -> list[Procedure]:
    """Make the procedures of a file, each with its rows. Raises RulebookFault."""
    for part, key in (
        ("states", "state"), ("facts", "fact"), ("targets", "target"), ("steps", "step"), ("procedures", "procedure"),
    ):  # fmt: skip
        checker.differing([each[key] for each in document[part]], part, key)  # type: ignore[literal-required]
    states = {each["state"]: _state(each, checker, "states", at) for at, each in enumerate(document["states"])}
    facts = {
        checker.id(each["fact"], "facts", at, "fact"): checker.label(each["label"], "facts", at, "label")
        for at, each in enumerate(document["facts"])
    }
    targets = {each["target"]: _target(each, checker, "targets", at) for at, each in enumerate(document["targets"])}
    ids = {each["step"] for each in document["steps"]}
    told_with = {
        each["fact"]: frozenset(
            checker.known_id(step, ids, "step", "facts", at, "told_with", index) for index, step in enumerate(named)
        )
        for at, each in enumerate(document["facts"])
        if (named := each.get("told_with"))
    }
    known = _Known(states, facts, targets, terms, told_with)
    steps = [_step(each, checker, known, "steps", at) for at, each in enumerate(document["steps"])]
    found = [
        _procedure(each, checker, known, steps, "procedures", at) for at, each in enumerate(document["procedures"])
    ]
    for at, each in enumerate(found):
        for before in found[:at]:
            same = (before.regime, before.track) == (each.regime, each.track)
            if same and before.in_force.overlaps(each.in_force):
                raise checker.fault(f"{each.id} overlaps {before.id}", "procedures", at, "in_force")
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What a row may name."""

    states: Mapping[str, State]
    facts: Mapping[str, Label]
    targets: Mapping[str, Target]
    terms: Collection[str]
    told_with: Mapping[str, frozenset[str]]


def _state(document: StateDocument, checker: Checker, *place: str | int) -> State:
    outcome = document.get("outcome", "")
    if outcome:
        checker.word(outcome, OUTCOMES, *place, "outcome")
    return State(
        checker.id(document["state"], *place, "state"), checker.label(document["label"], *place, "label"), outcome
    )


def _target(document: TargetDocument, checker: Checker, *place: str | int) -> Target:
    try:
        return Target(
            checker.id(document["target"], *place, "target"), checker.label(document["label"], *place, "label"),
            document["days"], document["warn_days"], document["long_days"],
        )  # fmt: skip
    except TargetRefused as error:
        raise checker.fault(_TARGET_FAULTS[error.reason], *place, "days") from None


_TARGET_FAULTS = {
    "order": "a target is warned of before its days, and long overdue after them",
    "most": f"a target is long overdue after {MOST_TARGET_DAYS} days at most",
}


def _step(document: StepDocument, checker: Checker, known: _Known, *place: str | int) -> Step:
    def named(ids: Sequence[str], of: Collection[str], what: str, *at: str | int) -> tuple[str, ...]:
        return tuple(checker.known_id(id, of, what, *place, *at, index) for index, id in enumerate(ids))

    if not document["from"] or not document["who"]:
        raise checker.fault("a step begins in some state and somebody takes it", *place)
    clocks = {*known.terms, *known.targets}
    froms = named(document["from"], known.states, "state", "from")
    for index, state in enumerate(froms):
        if known.states[state].outcome:
            raise checker.fault(f"a case ends in {state!r}; no step begins there", *place, "from", index)
    return Step(
        id=checker.id(document["step"], *place, "step"),
        label=checker.label(document["label"], *place, "label"),
        from_states=froms,
        to_state=""
        if document["to"] == SAME
        else checker.known_id(document["to"], known.states, "state", *place, "to"),
        who=tuple(
            Role(checker.word(word, list(Role), *place, "who", index)) for index, word in enumerate(document["who"])
        ),
        requires=named(document.get("requires", []), known.facts, "fact", "requires"),
        conditions=tuple(
            (
                checker.known_id(each["if"], known.facts, "fact", *place, "conditions", index, "if"),
                named(each["requires"], known.facts, "fact", "conditions", index, "requires"),
            )
            for index, each in enumerate(document.get("conditions", []))
        ),
        working_days=named(document.get("working_days", []), known.facts, "fact", "working_days"),
        letters=named(document.get("letters", []), known.facts, "fact", "letters"),
        order=named(document.get("order", []), known.facts, "fact", "order"),
        apart=tuple(
            _pair(each, checker, known, *place, "apart", at) for at, each in enumerate(document.get("apart", []))
        ),
        voids=named(document.get("voids", []), known.facts, "fact", "voids"),
        starts=tuple(
            _clock(each, checker, known, *place, "starts", index)
            for index, each in enumerate(document.get("starts", []))
        ),
        stops=named(document.get("stops", []), clocks, "term or target", "stops"),
        pauses=named(document.get("pauses", []), clocks, "term or target", "pauses"),
        resumes=named(document.get("resumes", []), clocks, "term or target", "resumes"),
        document=checker.optional_label(document["document"], *place, "document"),
        in_force=checker.in_force(document["in_force"], *place, "in_force"),
        tracks=frozenset(
            Track(checker.word(word, list(Track), *place, "tracks", index))
            for index, word in enumerate(document["tracks"])
        ),
        regimes=frozenset(
            checker.word(word, _REGIMES, *place, "regimes", index)
            for index, word in enumerate(document.get("regimes", list(_REGIMES)))
        ),
        is_aside=document.get("aside", False),
        **checker.cited(document, *place),
    )


def _pair(facts: Sequence[str], checker: Checker, known: _Known, *place: str | int) -> tuple[str, str]:
    if len(facts) != len(("first", "second")):
        raise checker.fault("of two days the second is the later one: name both", *place)
    first, second = (checker.known_id(each, known.facts, "fact", *place, at) for at, each in enumerate(facts))
    return first, second


def _clock(document: ClockDocument, checker: Checker, known: _Known, *place: str | int) -> Clock:
    id, fact = document["clock"], document.get("from", "")
    checker.known_id(id, {*known.terms, *known.targets}, "term or target", *place, "clock")
    if fact:
        checker.known_id(fact, known.facts, "fact", *place, "from")
    if after := document.get("after", ""):
        checker.known_id(after, {*known.terms, *known.targets}, "term or target", *place, "after")
        if fact:
            raise checker.fault("a clock is counted from a fact or after another clock, not both", *place, "after")
    if only := document.get("if", ""):
        checker.known_id(only, known.facts, "fact", *place, "if")
    if until := document.get("until", ""):
        checker.known_id(until, known.facts, "fact", *place, "until")
    owner = Role(checker.word(document["owner"], list(Role), *place, "owner"))
    return Clock(id, "target" if id in known.targets else "term", owner, fact, after, only, until)


def _first_clock(document: ClockDocument, checker: Checker, known: _Known, *place: str | int) -> Clock:
    """Make a clock that starts before any step: nothing was told yet that it could be counted from."""
    found = _clock(document, checker, known, *place)
    if found.from_fact or found.after or found.if_fact:
        raise checker.fault("a clock that starts with the procedure is counted from that day alone", *place)
    return found


def _procedure(
    document: ProcedureDocument, checker: Checker, known: _Known, steps: Sequence[Step], *place: str | int
) -> Procedure:
    regime = checker.word(document["regime"], _REGIMES, *place, "regime")
    track = Track(checker.word(document["track"], list(Track), *place, "track"))
    in_force = checker.in_force(document["in_force"], *place, "in_force")
    first = checker.known_id(document["first_state"], known.states, "state", *place, "first_state")
    rows = {
        each.id: each
        for each in steps
        if track in each.tracks and regime in each.regimes and in_force.is_within(each.in_force)
    }
    reached = _reached(first, rows.values())
    for each in rows.values():
        if reached.isdisjoint(each.from_states):
            raise checker.fault(f"the step {each.id!r} is never reached", *place)
    for state in reached:
        if not known.states[state].outcome and not any(state in each.from_states for each in rows.values()):
            raise checker.fault(f"no step leads on from {state!r}", *place)
    return Procedure(
        id=checker.id(document["procedure"], *place, "procedure"),
        label=checker.label(document["label"], *place, "label"),
        regime=regime,
        track=track,
        in_force=in_force,
        first_state=first,
        starts=tuple(
            _first_clock(each, checker, known, *place, "starts", index)
            for index, each in enumerate(document.get("starts", []))
        ),
        states={id: state for id, state in known.states.items() if id in reached},
        facts=known.facts,
        targets=known.targets,
        steps={
            id: replace(row, from_states=tuple(each for each in row.from_states if each in reached))
            for id, row in rows.items()
        },
        told_with=known.told_with,
        **checker.cited(document, *place),
    )


def _reached(first: str, rows: Collection[Step]) -> frozenset[str]:
    reached: set[str] = set()
    waiting = {first}
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting |= {each.to_state or state for each in rows if state in each.from_states} - reached
    return frozenset(reached)
