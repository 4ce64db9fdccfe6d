"""From a free description to the likeliest acts in force on that day for that person, with the words that led there.

A description is heard as a question is: what was done is an activity, and an activity is judged by forms of acts. The
acts of those forms are ranked by how clearly the words tell, and by how well person, status and election fit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ikrar.domain import persons
from ikrar.domain.activities import Activity, Guidance, Judged, Status, Verdict
from ikrar.domain.acts import Act, ActVersion, Phase, Standing, Track, Window
from ikrar.domain.assessment import DETERMINED, STATUSES, WOULD_BE, covered_days, is_within, status_by_calendar
from ikrar.domain.elections import Election
from ikrar.domain.errors import DayOutside, ValueUnknown
from ikrar.domain.guidance import GuidanceBook, election_for, has_begun
from ikrar.domain.indonesian import Heard
from ikrar.domain.patterns import Match
from ikrar.domain.persons import Person
from ikrar.domain.questions import Understanding, understand

MOST_ACTS = 10


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An act that a description may be about. `score` is from 0 to 1; `because` are the writer's words."""

    act: str
    score: float
    because: tuple[str, ...]


def suggest(
    book: GuidanceBook,
    text: str,
    *,
    day: date,
    employment: str = "",
    post: str = "",
    candidate_status: str = "",
    region: str = "",
) -> list[Suggestion]:
    """Return the likeliest acts, best first, ten at most; none where nothing fits.

    Only acts in force on that day are named, for that person and status where these are given; where they are not, what
    the text and the calendar of the region tell ranks them. Raises PersonUnknown, ValueUnknown, DayOutside.
    """
    if not book.covered.holds(day):
        raise DayOutside("on", day, *covered_days(book))
    if candidate_status and candidate_status not in STATUSES:
        raise ValueUnknown("candidate_status", candidate_status[:60], STATUSES)
    person = persons.person_of(employment, post) if employment else None
    classes = person.classes if person is not None else None
    heard = book.guidance.lexicon.ear.hear(text)
    partisan = book.guidance.lexicon.partisan
    if not any(mention.concept in partisan for mention in heard.mentions):
        return []
    understood = understand(book, text, onlooker=True)
    if classes is None and _nobody_bound(heard, understood):
        return []
    setting = _setting(book, understood, day, person, candidate_status, region)
    scores: dict[str, tuple[float, frozenset[int]]] = {}
    for form, score, positions in _forms(book, heard, understood, setting):
        if score > scores.get(form, (0.0, frozenset()))[0]:
            scores[form] = (score, positions)
    found: dict[str, Suggestion] = {}
    acting_as = _acting_as(book.guidance)
    for form, (score, positions) in scores.items():
        here = _acting(setting, acting_as.get(form, ""))
        for act, fit in _that_fit(book, form, day, here):
            value = score * fit
            if value >= _ENOUGH and (act.id not in found or value > found[act.id].score):
                found[act.id] = Suggestion(act.id, value, heard.said(positions))
    ranked = sorted(found.values(), key=lambda each: (-round(each.score, 6), each.act))[:MOST_ACTS]
    return [Suggestion(each.act, round(each.score / (each.score + 0.6), 3), each.because) for each in ranked]


def _that_fit(book: GuidanceBook, form: str, day: date, setting: "_Setting") -> list[tuple[Act, float]]:
    """Return the acts of a form that fit, each with how well; those that stand in for a surer one only where none is."""
    acts = (*book.acts_by_form.get(form, ()), *_any_form(book, form, day))
    fitting = [
        (act, fit) for act in acts if (version := act.on(day)) is not None and (fit := _fit(act, version, setting)) > 0
    ]
    sure = {act.track for act, _ in fitting if not act.catch_all and not act.is_perhaps}
    return [
        (act, fit)
        for act, fit in fitting
        if not (act.catch_all and act.track in sure)
        and not (act.is_perhaps and sure & {Track.ETHICS, Track.DISCIPLINE})
    ]


def _nobody_bound(heard: Heard, understood: Understanding) -> bool:
    """Say whether a text tells only of somebody who is no civil servant (any more), and who is not its writer."""
    told = understood.employment
    if told.value != "none" or _is_the_writer(heard, min(told.positions)):
        return False
    return not any(
        mention.concept in _BOUND and not set(range(mention.first, mention.last + 1)) & told.positions
        for mention in heard.mentions
    )


def _is_the_writer(heard: Heard, position: int) -> bool:
    """Say whether `saya` stands before a word, and nobody whose neighbour or brother the writer is before that."""
    if position == 0 or heard.words[position - 1].plain != "saya":
        return False
    return not any(mention.concept in _OTHERS and mention.last == position - 2 for mention in heard.mentions)


_OTHERS = frozenset({"friend", "resident", "kin", "family", "spouse"})
_BOUND = frozenset({"civil-servant", "subordinate", "boss", "village-head-word", "regional-head"})


# --- from words to forms -----------------------------------------------------------------------------------------

_ENOUGH = 0.45
_MOST_ACTIVITIES = 6
_LATER_RULE = 0.85
_TOOK_NO_PART = 0.2
_SAME_WORDS = 0.35
_BY_ITS_SETTING = 0.5
_UNLIKELY = 0.5


def _forms(
    book: GuidanceBook, heard: Heard, understood: Understanding, setting: "_Setting"
) -> list[tuple[str, float, frozenset[int]]]:
    """Return the forms of acts that a description speaks of, each with how clearly and by which words."""
    guidance = book.guidance
    found = []
    matches = _likely(guidance, understood, setting)
    # Whoever refused, or took no part, is spoken of because of somebody else.
    share_of_all = _TOOK_NO_PART if understood.facts.get("own-deed") is False else 1.0
    for match in matches:
        activity = guidance.activities[match.id]
        if relation := understood.relation.value:
            activity = guidance.activities[activity.becomes.get(relation, activity.id)]
        judging = _judging(activity, understood.facts, setting)
        found += [(form, share_of_all * share * match.score, match.positions) for form, share in judging]
    lawful = _lawful(guidance, understood, setting)
    for match in guidance.form_matcher.find(heard):
        found.append((match.id, share_of_all * _beside(match, lawful) * match.score, match.positions))
    if lawful is None:
        for match in guidance.back_off_matcher.find(heard):
            found.append((match.id, share_of_all * _BY_ITS_SETTING * match.score, match.positions))
    return found


def _likely(guidance: Guidance, understood: Understanding, setting: "_Setting") -> list[Match]:
    best = understood.matches[0].score if understood.matches else 0.0
    lawful = _lawful(guidance, understood, setting)
    return [
        replace(match, score=_beside(match, lawful) * match.score)
        for match in understood.matches[:_MOST_ACTIVITIES]
        if match.score >= _UNLIKELY * best
    ]


def _lawful(guidance: Guidance, understood: Understanding, setting: "_Setting") -> Match | None:
    """Return what was understood first, where that is open to everybody as it was told."""
    if not understood.found:
        return None
    first = next(match for match in understood.matches if match.id == understood.found[0].activity)
    activity = guidance.activities[first.id]
    statements = (guidance.statements[each.statement].status for each in activity.statements)
    open_to_all = activity.base in _MAY or any(status in _SAID_TO_BE_OPEN for status in statements)
    return first if open_to_all and not _judging(activity, understood.facts, setting) else None


_MAY = (Verdict.ALLOWED, Verdict.ALLOWED_IF)
_SAID_TO_BE_OPEN = (Status.ALLOWED, Status.ALLOWED_IF)


def _beside(match: Match, lawful: Match | None) -> float:
    """Return how much a match counts beside something lawful: little where it rests on the same words."""
    return 1.0 if lawful is None or not match.core & lawful.core else _SAME_WORDS


def _judging(activity: Activity, facts: Mapping[str, bool], setting: "_Setting") -> list[tuple[str, float]]:
    """Return the forms that judge an activity under the circumstances told, and how much each counts."""
    found = []
    share = 1.0
    for rule in activity.judged_by:
        # The days of a rule are those of the acts that it leads to; these are asked for the day themselves.
        if not has_begun(rule, setting.election, setting.day):
            continue
        weight = _weight(rule, facts)
        if weight:
            found += [(form, share * weight) for form in rule.forms]
            share = _LATER_RULE
    return found


def _weight(rule: Judged, facts: Mapping[str, bool]) -> float:
    told = [facts.get(id) for id in rule.when]
    lifted = [facts.get(id) for id in rule.unless]
    if False in told or True in lifted or None in told:
        return 0.0
    return 1.0


# --- how well an act fits ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Setting:
    """Who, when and in which election: what was given binds, what was only read in the text ranks."""

    day: date
    election: Election | None
    classes: frozenset[str] | None
    perhaps: frozenset[str]
    outside: frozenset[tuple[Window, str]]
    read_classes: frozenset[str] | None
    status: str
    likely_status: str | None
    kind: str | None
    contest: str


def _setting(
    book: GuidanceBook,
    understood: Understanding,
    day: date,
    person: Person | None,
    status: str,
    region: str,
) -> _Setting:
    contest = understood.contest.value
    election = election_for(book.elections, day, contest or None, region=region)
    likely = status_by_calendar(election, day, contest or None)[0] if election else WOULD_BE
    kind = election.kind.value if election else None
    # Whoever writes often says that he is nobody of office himself.
    read = understood.employment.value.replace("none", "")
    read_classes = persons.classes_of(read) if read else None
    return _Setting(
        day=day,
        election=election,
        classes=person.classes if person is not None else None,
        perhaps=person.perhaps if person is not None else frozenset(),
        outside=frozenset(_outside(book, day, contest, region)),
        read_classes=read_classes,
        status=status,
        likely_status=likely,
        kind=kind,
        contest=contest,
    )


def _outside(book: GuidanceBook, day: date, contest: str, region: str) -> Iterator[tuple[Window, str]]:
    """Yield the windows that a day is surely outside of, each with the kind of election of which that is known."""
    for window in Window:
        for kind, of_kind in (("pilkada", "regional-head"), ("pemilu", "president"), ("any", contest)):
            election = election_for(
                book.elections, day, of_kind or None, after_vote=window is Window.AFTER_VOTE, region=region
            )
            if election is not None and is_within(window, election, day) is False:
                yield window, kind


def _acting_as(guidance: Guidance) -> dict[str, str]:
    """Return as whom somebody is judged by a form of acts, where that is not what he is by employment."""
    rules = (rule for activity in guidance.activities.values() for rule in activity.judged_by if rule.acting_as)
    return {form: rule.acting_as for rule in rules for form in rule.forms}


def _acting(setting: _Setting, acting_as: str) -> _Setting:
    """Return the setting in which a civil servant is judged for what he did as a superior."""
    if not acting_as or (setting.classes is not None and "asn" not in setting.classes):
        return setting
    return replace(setting, classes=(setting.classes or frozenset()) | persons.classes_of(acting_as))


_OTHER_PERSON = 0.55
_BY_READING = 0.95
_PERHAPS = 0.65
_BY_ANOTHERS_LIST = 0.95
_NOBODY_NAMED = 0.19
# An act that names the very office comes before those that name every civil servant.
_OF_THAT_OFFICE = 1.2
_OTHER_STATUS = 0.6
_OTHER_ELECTION = 0.5
_OF_STANDING = {
    Standing.BREACH: 1.0, Standing.CONTESTED: 0.85, Standing.REVIEW: 0.75, Standing.NO_PENALTY: 0.85, Standing.POINTER: 0.8,
}  # fmt: skip
PHASE_OF = {WOULD_BE: Phase.BEFORE, DETERMINED: Phase.AFTER}


def _fit(act: Act, version: ActVersion, setting: _Setting) -> float:
    """Return how well an act fits, 0 where it cannot be one of this person and status."""
    fit = _OF_STANDING[version.standing] * (_BY_ANOTHERS_LIST if act.any_form else 1.0)
    if act.is_perhaps or act.catch_all:
        fit *= _PERHAPS
    elif act.is_reading:
        fit *= _BY_READING
    if version.window is not None and (version.window, version.election) in setting.outside:
        return 0.0
    if setting.classes is not None:
        if not version.who & setting.classes:
            if not version.who & setting.perhaps:
                return 0.0
            fit *= _PERHAPS
        if not version.who & _ORDINARY:
            fit *= _OF_THAT_OFFICE
    elif setting.read_classes is not None and not version.who & setting.read_classes:
        fit *= _OTHER_PERSON if version.who & _ORDINARY else _NOBODY_NAMED
    elif setting.read_classes is None and not version.who & _ORDINARY:
        fit *= _NOBODY_NAMED
    if version.phase is not Phase.ANY:
        if setting.status:
            if PHASE_OF.get(setting.status) is not version.phase:
                return 0.0
        elif setting.likely_status is not None and PHASE_OF.get(setting.likely_status) is not version.phase:
            fit *= _OTHER_STATUS
    if version.election != "any" and setting.kind is not None and version.election != setting.kind:
        fit *= _OTHER_ELECTION
    if version.contests and setting.contest and not _reaches(version, setting.contest):
        fit *= _OTHER_ELECTION
    return fit


_ORDINARY = frozenset({"pns", "cpns", "pppk", "asn"})


def _reaches(version: ActVersion, contest: str) -> bool:
    return contest in version.contests or contest.split("-")[0] in version.contests


def _any_form(book: GuidanceBook, form: str, day: date) -> tuple[Act, ...]:
    """Return the acts by which somebody answers for any conduct that is listed for civil servants on that day."""
    listed = any(
        version.who & _ORDINARY for act in book.acts_by_form.get(form, ()) if (version := act.on(day)) is not None
    )
    return book.acts_of_any_form if listed else ()
