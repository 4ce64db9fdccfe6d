"""What people ask about: activities, the circumstances they turn on, and what offices said of them.

Everything here is data of the rulebook and how it is checked. The verdict stands in `guidance`, the hearing of a
question in `questions`, the words for it in `lexicon`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import NotRequired, TypedDict

from ikrar.domain import persons
from ikrar.domain.acts import ELECTIONS
from ikrar.domain.elections import DerivedDate, Election
from ikrar.domain.lexicon import Lexicon, LexiconDocument, make_lexicon, parse_patterns
from ikrar.domain.patterns import Matcher, Pattern
from ikrar.domain.sources import (
    Checker,
    Citation,
    CitationDocument,
    Cited,
    CitedDocument,
    InForce,
    InForceDocument,
    Known,
    KnownDocument,
    Label,
    LabelDocument,
    reaches,
)

# --- the form of a file ------------------------------------------------------------------------------------------


class CircumstanceDocument(TypedDict):
    circumstance: str
    favourable: NotRequired[bool]
    present: LabelDocument
    absent: LabelDocument


class ConductDocument(TypedDict):
    conduct: str
    label: LabelDocument
    counts: NotRequired[list[str]]
    perhaps: NotRequired[list[str]]
    forms: list[str]


class JudgedDocument(TypedDict):
    form: NotRequired[str]
    conduct: NotRequired[str]
    when: NotRequired[list[str]]
    unless: NotRequired[list[str]]
    condition: NotRequired[LabelDocument]
    in_force: NotRequired[InForceDocument]
    silent: NotRequired[bool]
    acting_as: NotRequired[str]
    since: NotRequired[str]
    ahead: NotRequired[bool]


class ConditionDocument(TypedDict):
    label: LabelDocument
    circumstance: NotRequired[str]
    must: NotRequired[bool]
    optional: NotRequired[bool]


class SpokenOfDocument(TypedDict):
    statement: str
    only_cited: NotRequired[bool]
    beyond_region: NotRequired[bool]


class BecomesDocument(TypedDict):
    relation: str
    activity: str


class ActivityDocument(TypedDict):
    activity: str
    label: LabelDocument
    heard_as: list[str]
    relations: NotRequired[list[str]]
    becomes: NotRequired[list[BecomesDocument]]
    judged_by: NotRequired[list[JudgedDocument]]
    statements: NotRequired[list[SpokenOfDocument]]
    pledge: NotRequired[list[int]]
    base: NotRequired[str]
    basis: NotRequired[LabelDocument]
    base_for: NotRequired[list[str]]
    conditions: NotRequired[list[ConditionDocument]]
    advice: NotRequired[list[LabelDocument]]
    alternatives: NotRequired[list[str]]
    breach: NotRequired[LabelDocument]
    after_vote: NotRequired[bool]
    background: NotRequired[bool]
    alone: NotRequired[bool]
    anybody: NotRequired[bool]
    of_others: NotRequired[bool]
    outside: NotRequired[bool]


class ActivitiesDocument(TypedDict):
    """One file of activities. One of them holds the circumstances, one the kinds of conduct."""

    theme: NotRequired[str]
    label: NotRequired[LabelDocument]
    activities: NotRequired[list[ActivityDocument]]
    circumstances: NotRequired[list[CircumstanceDocument]]
    conducts: NotRequired[list[ConductDocument]]


class StatementDocument(CitedDocument):
    statement: str
    label: LabelDocument
    status: str
    in_force: InForceDocument
    election: NotRequired[str]
    elections: NotRequired[list[str]]
    regions: NotRequired[list[str]]
    relations: NotRequired[list[str]]
    who: list[str]
    speaks_of: NotRequired[list[str]]
    conditions: list[ConditionDocument]
    stated_by: LabelDocument
    stated_on: str | None
    against: NotRequired[LabelDocument]


class PledgePointDocument(TypedDict):
    number: int
    label: LabelDocument


class PledgeDocument(KnownDocument):
    pledge: str
    source: str
    label: LabelDocument
    points: list[PledgePointDocument]


class StatementsDocument(TypedDict):
    statements: list[StatementDocument]
    pledge: NotRequired[PledgeDocument]


# --- what stands there -------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """The first word of an answer: Boleh, Boleh asal, Tanyakan, Tidak boleh; the mildest first."""

    ALLOWED = "allowed"
    ALLOWED_IF = "allowed_if"
    ASK = "ask"
    NOT_ALLOWED = "not_allowed"

    @property
    def rank(self) -> int:
        """Return 0 for the mildest."""
        return list(Verdict).index(self)


class Status(StrEnum):
    """What a statement says of an activity. APPEAL and CUSTOM only discourage; PROHIBITED points to the acts."""

    ALLOWED = "allowed"
    ALLOWED_IF = "allowed_if"
    CONTESTED = "contested"
    FORBIDDEN_LOCALLY = "forbidden_locally"
    SUPERSEDED = "superseded"
    APPEAL = "appeal"
    CUSTOM = "custom"
    PROHIBITED = "prohibited"


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What an answer may turn on, said as it is and as it is not. `favourable`: its presence helps."""

    id: str
    present: Label
    absent: Label
    favourable: bool


@dataclass(frozen=True, slots=True)
class Conduct:
    """A kind of conduct, and the forms of acts (`forms`) by which people outside the lists for civil servants answer.

    `counts` are forms of those lists that are of the kind, `perhaps` those of which some of what they describe is.
    """

    id: str
    label: Label
    forms: tuple[str, ...]
    counts: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """Forms of acts that judge an activity: always, or when all of `when` is so and nothing of `unless`.

    `condition` is how that is said to somebody who told neither. `silent`: only where it was told, never a condition.
    `acting_as`: the person is judged as one of these. `since`: only from a derived date of the election on. `ahead`: what
    is asked leads there, so it is judged as of the day on which candidates are determined.
    """

    forms: tuple[str, ...]
    conduct: str
    when: tuple[str, ...]
    unless: tuple[str, ...]
    condition: Label | None
    in_force: InForce
    silent: bool
    acting_as: str
    since: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class Proviso:
    """A condition of a statement or of an activity. `must`: whether the circumstance has to be so or not so.

    `circumstance` empty: it is told in words alone, and nothing that was told can keep or break it. `optional`: a
    possibility that helps, not a duty.
    """

    label: Label
    circumstance: str
    must: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """A statement that speaks of an activity. `only_cited`: it is shown and decides nothing here."""

    statement: str
    only_cited: bool
    beyond_region: bool


@dataclass(frozen=True, slots=True)
class Statement(Cited):
    """What an office said, with the days, regions and people it was said for. `stated_on` is as the sources give it."""

    id: str
    label: Label
    status: Status
    in_force: InForce
    election: str
    elections: tuple[str, ...]
    regions: tuple[str, ...]
    relations: tuple[str, ...]
    who: frozenset[str]
    conditions: tuple[Proviso, ...]
    stated_by: Label
    stated_on: str | None
    against: Label | None

    def speaks_in(self, region: str) -> bool:
        """Say whether it was said for a region, for one around it, or for all."""
        return reaches(self.regions, region)


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that people ask about, and on what its answer rests.

    `base` is the answer where neither an act nor a statement decides, for the people of `base_for`, and `basis` says on
    what it rests; without one it is ASK. `becomes`: for somebody of that relation it is another activity. `background`:
    told as the setting of a question rather than asked. `alone`: what else the question speaks of is the matter of this
    one (what was reported) and not asked. `anybody`: those whom no rule binds may do it freely. `of_others`: what others
    do is its very matter. `outside`: it belongs to an election that this rulebook does not hold.
    """

    id: str
    theme: str
    label: Label
    heard_as: tuple[Pattern, ...]
    relations: tuple[str, ...]
    becomes: Mapping[str, str]
    judged_by: tuple[Judged, ...]
    statements: tuple[SpokenOf, ...]
    pledge: tuple[int, ...]
    base: Verdict
    basis: Label | None
    base_for: frozenset[str]
    conditions: tuple[Proviso, ...]
    advice: tuple[Label, ...]
    alternatives: tuple[str, ...]
    breach: Label | None
    after_vote: bool
    background: bool
    alone: bool
    anybody: bool
    of_others: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of activities, as one picks them from a list."""

    id: str
    label: Label
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PledgePoint:
    """One point of the pledge, by the number that it has there."""

    number: int
    label: Label
    cites: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Pledge(Known):
    """The neutrality pledge in outline."""

    id: str
    label: Label
    points: tuple[PledgePoint, ...]

    def point(self, number: int) -> PledgePoint:
        """Return the point of a number that an activity names; it is there, or the files would not have been read."""
        return next(point for point in self.points if point.number == number)


@dataclass(frozen=True)
class Guidance:
    """All that the rulebook holds for guidance."""

    themes: tuple[Theme, ...]
    activities: Mapping[str, Activity]
    circumstances: Mapping[str, Circumstance]
    conducts: Mapping[str, Conduct]
    statements: Mapping[str, Statement]
    pledge: Pledge
    lexicon: Lexicon

    @cached_property
    def activity_matcher(self) -> Matcher:
        """Return what finds activities in a text; made once."""
        patterns = [(each.id, pattern) for each in self.activities.values() for pattern in each.heard_as]
        return Matcher(patterns, self.lexicon.weights)

    @cached_property
    def form_matcher(self) -> Matcher:
        """Return what finds forms of acts that no activity tells of; made once."""
        patterns = [(form, pattern) for form, group in self.lexicon.forms.items() for pattern in group]
        return Matcher(patterns, self.lexicon.weights)

    @cached_property
    def back_off_matcher(self) -> Matcher:
        """Return what finds forms that a text may be about, by its setting only; made once."""
        patterns = [(form, pattern) for form, group in self.lexicon.back_off.items() for pattern in group]
        return Matcher(patterns, self.lexicon.weights)

    @cached_property
    def cue_matchers(self) -> tuple[Matcher, Matcher]:
        """Return what finds circumstances that are said to be so, and not to be so; made once."""
        present = [(cue.circumstance, pattern) for cue in self.lexicon.cues for pattern in cue.present]
        absent = [(cue.circumstance, pattern) for cue in self.lexicon.cues for pattern in cue.absent]
        return Matcher(present, self.lexicon.weights), Matcher(absent, self.lexicon.weights)


# --- from files --------------------------------------------------------------------------------------------------

EVERYBODY_BUT_FORCES = frozenset(persons.CLASSES) - {"tni", "polri"}
_OPEN = InForceDocument({"from": None, "until": None})


class GuidanceFiles:
    """Gathers the files of guidance, in any order, and makes what they say together; faults name file and line."""

    def __init__(self, forms: Mapping[str, object], elections: Mapping[str, Election]) -> None:
        self._forms = forms
        self._elections = tuple(elections)
        self._derived = {each.id: each for election in elections.values() for each in election.derived}
        self._lexicons: list[tuple[LexiconDocument, Checker]] = []
        self._statements: list[tuple[StatementsDocument, Checker]] = []
        self._activities: list[tuple[ActivitiesDocument, Checker]] = []

    def add_lexicon(self, document: LexiconDocument, checker: Checker) -> None:
        self._lexicons.append((document, checker))

    def add_statements(self, document: StatementsDocument, checker: Checker) -> None:
        self._statements.append((document, checker))

    def add_activities(self, document: ActivitiesDocument, checker: Checker) -> None:
        self._activities.append((document, checker))

    def together(self) -> Guidance:
        """Return the whole. Raises RulebookFault for the first thing that cannot be."""
        circumstances = self._make_circumstances()
        conducts = self._make_conducts()
        lexicon = make_lexicon(self._lexicons, self._forms, circumstances)
        statements, pledge = self._make_statements(circumstances)
        themes, activities = self._make_activities(circumstances, conducts, lexicon, statements, pledge)
        return Guidance(tuple(themes), activities, circumstances, conducts, statements, pledge, lexicon)

    # --- circumstances and conduct

    def _make_circumstances(self) -> dict[str, Circumstance]:
        found: dict[str, Circumstance] = {}
        for document, checker in self._activities:
            for index, each in enumerate(document.get("circumstances", [])):
                place = ("circumstances", index)
                id = checker.new_id(each["circumstance"], found, *place, "circumstance")
                found[id] = Circumstance(
                    id=id,
                    present=checker.label(each["present"], *place, "present"),
                    absent=checker.label(each["absent"], *place, "absent"),
                    favourable=each.get("favourable", False),
                )
        return found

    def _make_conducts(self) -> dict[str, Conduct]:
        found: dict[str, Conduct] = {}
        for document, checker in self._activities:
            for index, each in enumerate(document.get("conducts", [])):
                place = ("conducts", index)
                id = checker.new_id(each["conduct"], found, *place, "conduct")
                counts, perhaps = each.get("counts", []), each.get("perhaps", [])
                for key, named in (("forms", each["forms"]), ("counts", counts), ("perhaps", perhaps)):
                    for number, form in enumerate(named):
                        checker.known_id(form, self._forms, "form", *place, key, number)
                label = checker.label(each["label"], *place, "label")
                found[id] = Conduct(id, label, tuple(each["forms"]), tuple(counts), tuple(perhaps))
        return found

    # --- statements

    def _make_statements(self, circumstances: Mapping[str, Circumstance]) -> tuple[dict[str, Statement], Pledge]:
        found: dict[str, Statement] = {}
        pledge: Pledge | None = None
        for document, checker in self._statements:
            for index, each in enumerate(document["statements"]):
                id = checker.new_id(each["statement"], found, "statements", index, "statement")
                found[id] = self._statement(each, circumstances, checker, "statements", index)
            if "pledge" in document:
                if pledge is not None:
                    raise checker.fault(f"the pledge is given a second time; the first is {pledge.id!r}", "pledge")
                pledge = _pledge(document["pledge"], checker)
        if pledge is None:
            raise self._statements[-1][1].fault("no file has the pledge")
        return found, pledge

    def _statement(
        self,
        document: StatementDocument,
        circumstances: Mapping[str, Circumstance],
        checker: Checker,
        *place: str | int,
    ) -> Statement:
        status = Status(checker.word(document["status"], list(Status), *place, "status"))
        regions = tuple(document.get("regions", []))
        if status is Status.FORBIDDEN_LOCALLY and not regions:
            raise checker.fault("a local ban names its regions", *place, "status")
        if status is Status.CONTESTED and "against" not in document:
            raise checker.fault("what is contested says what stands against it", *place, "status")
        for index, election in enumerate(document.get("elections", [])):
            checker.word(election, self._elections, *place, "elections", index)
        for index, word in enumerate(document["who"]):
            checker.word(word, persons.CLASSES, *place, "who", index)
        return Statement(
            id=document["statement"],
            label=checker.label(document["label"], *place, "label"),
            status=status,
            in_force=checker.in_force(document["in_force"], *place, "in_force"),
            election=checker.word(document.get("election", "any"), ELECTIONS, *place, "election"),
            elections=tuple(document.get("elections", [])),
            regions=checker.texts(regions, *place, "regions"),
            relations=_relations(document.get("relations"), checker, *place, "relations"),
            who=frozenset(document["who"]),
            conditions=_provisos(document["conditions"], circumstances, checker, *place, "conditions"),
            stated_by=checker.label(document["stated_by"], *place, "stated_by"),
            stated_on=document["stated_on"],
            against=checker.optional_label(document.get("against"), *place, "against"),
            **checker.cited(document, *place),
        )

    # --- activities

    def _make_activities(
        self,
        circumstances: Mapping[str, Circumstance],
        conducts: Mapping[str, Conduct],
        lexicon: Lexicon,
        statements: Mapping[str, Statement],
        pledge: Pledge,
    ) -> tuple[list[Theme], dict[str, Activity]]:
        found: dict[str, Activity] = {}
        themes: list[Theme] = []
        for document, checker in self._activities:
            if "activities" not in document:
                continue
            if "theme" not in document or "label" not in document:
                raise checker.fault("activities belong to a theme with a label", "activities")
            theme = checker.id(document["theme"], "theme")
            ids = []
            for index, each in enumerate(document["activities"]):
                place = ("activities", index)
                id = checker.new_id(each["activity"], found, *place, "activity")
                reader = _ActivityReader(
                    self._forms, self._derived, circumstances, conducts, lexicon, statements, pledge, checker
                )
                found[id] = reader.activity(each, theme, *place)
                ids.append(id)
            label = checker.label(document["label"], "label")
            if known := next((each for each in themes if each.id == theme), None):
                themes[themes.index(known)] = Theme(theme, known.label, (*known.activities, *ids))
            else:
                themes.append(Theme(theme, label, tuple(ids)))
        for document, checker in self._activities:
            for index, each in enumerate(document.get("activities", [])):
                place = ("activities", index)
                for number, other in enumerate(each.get("alternatives", [])):
                    checker.known_id(other, found, "activity", *place, "alternatives", number)
                for number, becomes in enumerate(each.get("becomes", [])):
                    checker.known_id(becomes["activity"], found, "activity", *place, "becomes", number, "activity")
        for lexicon_document, checker in self._lexicons:
            if doers := lexicon_document.get("doers"):
                checker.known_id(doers["of_others"].strip(), found, "activity", "doers", "of_others")
                checker.known_id(doers["answer_to_others"].strip(), found, "activity", "doers", "answer_to_others")
        for statements_document, checker in self._statements:
            for index, statement in enumerate(statements_document["statements"]):
                for number, id in enumerate(statement.get("speaks_of", [])):
                    checker.known_id(id, found, "activity", "statements", index, "speaks_of", number)
                    spoken_of = SpokenOf(statement["statement"], only_cited=False, beyond_region=False)
                    found[id] = replace(found[id], statements=(*found[id].statements, spoken_of))
        return themes, found


@dataclass(frozen=True)
class _ActivityReader:
    """Turns one activity of a file into one of the domain; everything that it may name is known here."""

    forms: Mapping[str, object]
    derived: Mapping[str, DerivedDate]
    circumstances: Mapping[str, Circumstance]
    conducts: Mapping[str, Conduct]
    lexicon: Lexicon
    statements: Mapping[str, Statement]
    pledge: Pledge
    checker: Checker

    def activity(self, document: ActivityDocument, theme: str, *place: str | int) -> Activity:
        checker = self.checker
        base = Verdict(checker.word(document.get("base", "ask"), list(Verdict), *place, "base"))
        basis = checker.optional_label(document.get("basis"), *place, "basis")
        if (base in (Verdict.ALLOWED, Verdict.ALLOWED_IF)) != (basis is not None):
            raise checker.fault("a base that allows says on what it rests (basis), and no other does", *place, "base")
        if base is Verdict.ALLOWED_IF and not any(document.get(key) for key in ("conditions", "breach", "advice")):
            says = "a base that allows on a condition has conditions, advice, or what would make it a breach"
            raise checker.fault(says, *place, "base")
        numbers = [point.number for point in self.pledge.points]
        for index, number in enumerate(document.get("pledge", [])):
            if number not in numbers:
                raise checker.fault(f"the pledge has no point {number}", *place, "pledge", index)
        becomes: dict[str, str] = {}
        for index, each in enumerate(document.get("becomes", [])):
            relation = checker.word(each["relation"], persons.RELATIONS, *place, "becomes", index, "relation")
            becomes[relation] = each["activity"]
        base_for = document.get("base_for")
        for index, word in enumerate(base_for or []):
            checker.word(word, persons.CLASSES, *place, "base_for", index)
        return Activity(
            id=document["activity"],
            theme=theme,
            label=checker.label(document["label"], *place, "label"),
            heard_as=parse_patterns(document["heard_as"], self.lexicon.concepts, checker, *place, "heard_as"),
            relations=_relations(document.get("relations"), checker, *place, "relations"),
            becomes=becomes,
            judged_by=tuple(
                self._judged(each, *place, "judged_by", index)
                for index, each in enumerate(document.get("judged_by", []))
            ),
            statements=tuple(
                self._spoken_of(each, *place, "statements", index)
                for index, each in enumerate(document.get("statements", []))
            ),
            pledge=tuple(document.get("pledge", [])),
            base=base,
            basis=basis,
            base_for=EVERYBODY_BUT_FORCES if base_for is None else frozenset(base_for),
            conditions=_provisos(document.get("conditions", []), self.circumstances, checker, *place, "conditions"),
            advice=tuple(
                checker.label(each, *place, "advice", index) for index, each in enumerate(document.get("advice", []))
            ),
            alternatives=tuple(document.get("alternatives", [])),
            breach=checker.optional_label(document.get("breach"), *place, "breach"),
            after_vote=document.get("after_vote", False),
            background=document.get("background", False),
            alone=document.get("alone", False),
            anybody=document.get("anybody", False),
            of_others=document.get("of_others", False),
            outside=document.get("outside", False),
        )

    def _judged(self, document: JudgedDocument, *place: str | int) -> Judged:
        checker = self.checker
        if ("form" in document) == ("conduct" in document):
            raise checker.fault("one of form and conduct is named", *place)
        if "conduct" in document:
            conduct = checker.known_id(document["conduct"], self.conducts, "conduct", *place, "conduct")
            forms = self.conducts[conduct].forms
        else:
            conduct = ""
            forms = (checker.known_id(document["form"], self.forms, "form", *place, "form"),)
        for key, named in (("when", document.get("when", [])), ("unless", document.get("unless", []))):
            for index, circumstance in enumerate(named):
                checker.known_id(circumstance, self.circumstances, "circumstance", *place, key, index)
        if acting_as := document.get("acting_as", ""):
            checker.word(acting_as, persons.CLASSES, *place, "acting_as")
        if since := document.get("since", ""):
            checker.known_id(since, self.derived, "derived date", *place, "since")
        return Judged(
            forms=forms,
            conduct=conduct,
            when=tuple(document.get("when", [])),
            unless=tuple(document.get("unless", [])),
            condition=checker.optional_label(document.get("condition"), *place, "condition"),
            in_force=checker.in_force(document.get("in_force", _OPEN), *place, "in_force"),
            silent=document.get("silent", False),
            acting_as=acting_as,
            since=since,
            ahead=document.get("ahead", False),
        )

    def _spoken_of(self, document: SpokenOfDocument, *place: str | int) -> SpokenOf:
        statement = self.checker.known_id(document["statement"], self.statements, "statement", *place, "statement")
        return SpokenOf(statement, document.get("only_cited", False), document.get("beyond_region", False))


def _relations(words: Sequence[str] | None, checker: Checker, *place: str | int) -> tuple[str, ...]:
    for index, word in enumerate(words or []):
        checker.word(word, persons.RELATIONS, *place, index)
    return tuple(words or persons.RELATIONS)


def _provisos(
    documents: Sequence[ConditionDocument],
    circumstances: Mapping[str, Circumstance],
    checker: Checker,
    *place: str | int,
) -> tuple[Proviso, ...]:
    found = []
    for index, each in enumerate(documents):
        circumstance = each.get("circumstance", "")
        if circumstance:
            checker.known_id(circumstance, circumstances, "circumstance", *place, index, "circumstance")
        found.append(
            Proviso(
                label=checker.label(each["label"], *place, index, "label"),
                circumstance=circumstance,
                must=each.get("must", True),
                optional=each.get("optional", False),
            )
        )
    return tuple(found)


def _butir(source: str, number: int) -> CitationDocument:
    return {"source": source, "at": f"butir {number}", "for": "prohibition"}


def _pledge(document: PledgeDocument, checker: Checker) -> Pledge:
    return Pledge(
        id=checker.id(document["pledge"], "pledge", "pledge"),
        label=checker.label(document["label"], "pledge", "label"),
        points=tuple(
            PledgePoint(
                each["number"],
                checker.label(each["label"], "pledge", "points", index, "label"),
                checker.cites([_butir(document["source"], each["number"])], "pledge"),
            )
            for index, each in enumerate(document["points"])
        ),
        **checker.known(document, "pledge"),
    )
