"""Is it a breach, of what kind, on that day, for that person? One answer a track, with reasons and citations.

An act is judged on (form, candidate's status on the day, election, person), never on the form alone. `none` is said only
where what the rulebook holds says so: nobody is a candidate, the act's days in the election are others, the person is one
of those whom no rule binds. What the rulebook does not hold is an error that names the missing fact, never an acquittal;
what it leaves open (whom a clause reaches, what is read into it) is an answer that only a person may weigh.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from ikrar.domain import persons
from ikrar.domain.acts import CONTESTS, FORMERLY, Act, ActVersion, Phase, Sanction, Standing, Track, Window
from ikrar.domain.elections import Election
from ikrar.domain.errors import (
    ActUnknown,
    DayOutside,
    DomainError,
    ElectionOver,
    FactMissing,
    NotKnown,
    RuleNotInForce,
    ValueUnknown,
)
from ikrar.domain.persons import Person
from ikrar.domain.sources import Citation, Confidence, InForce, Reading, Source, distinct

NONE, WOULD_BE, DETERMINED = STATUSES = ("none", "would-be", "determined")
"""What the person whom the act favours or harms is on that day: nobody's candidate, one to be, or one by decision."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an answer: a code and the values that its sentence needs."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer on one track; `also` has those on the others.

    `act` is the row that answered (None where `kind` is none); `sanctions` are those that may be chosen for an act of
    that day, empty unless `standing` is BREACH; `stage` is what ran in the election on that day. `cites` are those that
    were in force on the day.
    """

    act: str | None
    form: str
    kind: str
    level: str
    standing: Standing | None
    sanctions: tuple[str, ...]
    cites: tuple[Citation, ...]
    stage: str | None
    candidate_status: str | None
    confidence: Confidence | None
    reasons: tuple[Reason, ...]
    readings: tuple[Reading, ...] = ()
    also: tuple["Assessment", ...] = ()


class ActBook(Protocol):
    """What of the rulebook is needed here. `moments` and `answers` are stores for what was found before."""

    @property
    def acts(self) -> Mapping[str, Act]: ...
    @property
    def acts_by_form(self) -> Mapping[str, tuple[Act, ...]]: ...
    @property
    def acts_of_any_form(self) -> tuple[Act, ...]: ...
    @property
    def sanctions(self) -> Mapping[str, Sanction]: ...
    @property
    def sources(self) -> Mapping[str, Source]: ...
    @property
    def elections(self) -> Mapping[str, Election]: ...
    @property
    def covered(self) -> InForce: ...
    def period(self, day: date) -> int: ...
    def acts_in_force(self, form: str, day: date) -> tuple[tuple[Act, ActVersion], ...]: ...
    @property
    def moments(self) -> dict[tuple[object, ...], "Moment"]: ...
    @property
    def answers(self) -> dict[tuple[object, ...], "Assessment | Refusal"]: ...


def assess(
    book: ActBook,
    *,
    act: str = "",
    form: str = "",
    day: date,
    employment: str,
    post: str = "",
    election: Election | None = None,
    candidate_status: str | None = None,
    contest: str | None = None,
) -> Assessment:
    """Judge an act (or whatever act of a form applies) done on a day by somebody.

    An act that is named and does not fit the status or the person is answered by the act of the same form that does;
    the reasons say so. A status that is given wins over the calendar; an election whose calendar was replaced is judged
    by the one that replaced it. Raises ActUnknown, RuleNotInForce, NotKnown, DayOutside, ElectionOver, FactMissing
    (act, employment, candidate_status, contest or election), PersonUnknown, ValueUnknown.
    """
    if candidate_status is not None and candidate_status not in STATUSES:
        raise ValueUnknown("candidate_status", candidate_status[:60], STATUSES)
    if contest is not None and contest not in CONTESTS:
        raise ValueUnknown("contest", contest[:60], CONTESTS)
    if not book.covered.holds(day):
        raise DayOutside("on", day, *covered_days(book))
    named, moment = election, _NO_ELECTION
    if election is not None:
        election = standing_for(book, election)
        if contest is not None and contest not in (held := contests_of(election)):
            raise ValueUnknown("contest", contest[:60], held)
        moment = moment_of(book, election, day, contest)
        if moment.is_over and candidate_status is None:
            raise ElectionOver(election.id, day, election.counted_until - timedelta(days=1))
    key = (act, form, employment, post, candidate_status, contest, book.period(day), named and named.id, moment)
    known = book.answers.get(key)
    if known is None:
        question = _question(day, employment, post, election, moment, candidate_status, contest)
        try:
            about = [*_about_election(named, election, moment), *_about_post(question.person)]
            known = _answer(book, act, form, question, about)
        except (NotKnown, FactMissing) as error:
            known = (type(error), tuple(error.details().values()))
        if len(book.answers) > _MOST_ANSWERS:
            book.answers.clear()
        book.answers[key] = known
    if isinstance(known, Assessment):
        return known
    refused, details = known
    raise refused(*details)


_MOST_ANSWERS = 50_000


def _about_election(named: Election | None, election: Election | None, moment: "Moment") -> list[Reason]:
    about: list[Reason] = []
    if named is not None and election is not None and election is not named:
        about.append(Reason("election_replaced", (("election", named.id), ("by", election.id))))
    if election is not None and moment.is_over:
        until = election.last_on + timedelta(days=1)
        about.append(Reason("election_past", (("election", election.id), ("until", until.isoformat()))))
    return about


def _about_post(person: Person) -> list[Reason]:
    return [Reason("post_not_counted", (("post", office),)) for office in person.uncounted]


def _question(
    day: date,
    employment: str,
    post: str,
    election: Election | None,
    moment: "Moment",
    candidate_status: str | None,
    contest: str | None,
) -> "_Question":
    person = persons.person_of(employment, post)
    if person.is_unclear:
        raise FactMissing("employment")
    return _Question(
        person=person,
        day=day,
        kind=_kind_of(election, contest),
        contest=_plain_contest(contest, election),
        status=candidate_status or moment.status,
        given=candidate_status is not None,
        by_calendar=moment.status,
        missing=moment.missing,
        stage=moment.stage,
        windows=moment.windows,
        is_post_told=bool(post.strip()),
    )


def covered_days(book: ActBook) -> tuple[date, date]:
    """Return the first and the last day that the rulebook covers."""
    return book.covered.from_on or date.min, book.covered.last_on or date.max


# --- the election ------------------------------------------------------------------------------------------------


class Moment(NamedTuple):
    """What a calendar tells of a day: the candidates' status (or the fact that would tell it), the stage, the windows.

    `windows` says for each of Window in order whether it is one of its days; `is_over`: no longer a day of the election.
    """

    status: str | None
    missing: str
    stage: str | None
    windows: tuple[bool | None, ...]
    is_over: bool


_NO_ELECTION = Moment(None, "candidate_status", None, (None,) * len(Window), is_over=False)
Refusal = tuple[type[DomainError], tuple[str, ...]]
"""An error that was raised for a question, to be raised for the same one again: its class and what it was made of."""


def moment_of(book: ActBook, election: Election, day: date, contest: str | None) -> Moment:
    """Return what the calendar of an election tells of a day: the same between two of its edges."""
    key = (election.id, election.edges, bisect_right(election.edges, day), contest)
    if (known := book.moments.get(key)) is None:
        if day > election.last_on:
            known = Moment(None, "candidate_status", None, (None,) * len(Window), is_over=True)
        else:
            status, missing = status_by_calendar(election, day, contest)
            windows = tuple(is_within(window, election, day) for window in Window)
            known = Moment(status, missing, stage_of(election, day), windows, is_over=False)
        book.moments[key] = known
    return known


def standing_for(book: ActBook, election: Election) -> Election:
    """Return the election that is judged by: where another calendar replaced one, that of the other."""
    while election.superseded_by is not None and election.superseded_by in book.elections:
        election = book.elections[election.superseded_by]
    return election


def contests_of(election: Election) -> tuple[str, ...]:
    """Return the contests that an election holds, by all the words for them."""
    if election.kind == "pilkada":
        return ("regional-head",)
    held = tuple(election.determined_by_contest)
    if not held:
        return tuple(contest for contest in CONTESTS if contest != "regional-head")
    return (*held, "dprd") if any(name.startswith("dprd-") for name in held) else held


def status_by_calendar(election: Election | None, day: date, contest: str | None) -> tuple[str | None, str]:
    """Return the status of candidates on a day, or None with the name of the fact that would tell it.

    From the day of determination on they are determined. A general election has a day for each contest: between the
    first and the last of them only the contest tells.
    """
    if election is None:
        return None, "candidate_status"
    days = [
        determined
        for name, determined in election.determined_by_contest.items()
        if contest is None or name == contest or contest.startswith(f"{name}-") or name.startswith(f"{contest}-")
    ] or ([election.candidates_determined_on] if election.candidates_determined_on else [])
    if not days:
        return None, "candidate_status"
    if day < min(days):
        return WOULD_BE, ""
    if day >= max(days):
        return DETERMINED, ""
    return None, "contest"


_STAGE_ORDER = ("voting", "quiet-period", "campaign", "determination", "registration")
_BAN_START = "reshuffle-ban-start"


def stage_of(election: Election | None, day: date) -> str | None:
    """Return the stage that matters most of those that run on a day."""
    if election is None:
        return None
    running = [stage.id for stage in election.stages_on(day)]
    for name in _STAGE_ORDER:
        if name in running:
            return name
    return running[-1] if running else None


def is_within(window: Window, election: Election | None, day: date) -> bool | None:
    """Say whether a day is one on which acts of a window count; None: the calendar does not tell.

    When the elected are determined stands in no calendar here: after the count it is not known.
    """
    if election is None:
        return None
    if window is Window.AFTER_VOTE:
        return election.voting_on <= day
    if window is Window.CAMPAIGN:
        campaigns = [each for each in election.stages if each.id.endswith("campaign") and not each.conditional]
        return any(stage.runs_on(day) for stage in campaigns) if campaigns else None
    start = next((each.day for each in election.derived if each.id == _BAN_START), None)
    if start is None:
        return None
    if day < start:
        return False
    return True if window is Window.RESHUFFLE_BAN or day < election.counted_until else None


def turns_of(election: Election, acts: Iterable[Act]) -> set[date]:
    """Return the days from which on some acts may be judged in another way by an election, or no longer by it."""
    days = {election.candidates_determined_on, *election.determined_by_contest.values()}
    days.add(election.last_on + timedelta(days=1))
    if any(version.window is not None for act in acts for version in act.versions):
        campaigns = [each for each in election.stages if each.id.endswith("campaign")]
        days |= {day for each in campaigns for day in (each.from_on, each.last_on, each.until_on)}
        days |= {each.day for each in election.derived if each.id == _BAN_START}
        days |= {election.voting_on, election.counted_until}
    return {day for day in days if day is not None}


def _kind_of(election: Election | None, contest: str | None) -> str | None:
    if election is not None:
        return election.kind.value
    if contest is None:
        return None
    return "pilkada" if contest == "regional-head" else "pemilu"


def _plain_contest(contest: str | None, election: Election | None) -> str | None:
    """Return the contest as the acts name it: both kinds of regional councils are `dprd`."""
    if contest is not None:
        return "dprd" if contest.startswith("dprd") else contest
    return "regional-head" if election is not None and election.kind == "pilkada" else None


# --- the question ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Question:
    person: Person
    day: date
    kind: str | None
    contest: str | None
    status: str | None
    given: bool
    by_calendar: str | None
    missing: str
    stage: str | None
    windows: tuple[bool | None, ...]
    is_post_told: bool


class _Row(NamedTuple):
    """An act with its version of the day, and how it fits the question: why not, or which fact would tell.

    `doubt`: what the rulebook leaves open of it: whether it reaches the `person`, whether the form is read into it
    (`reading`), whether it is one of its days (`window`).
    """

    act: Act
    version: ActVersion
    unfit: str
    unknown: str
    doubt: str

    @property
    def fits(self) -> bool:
        return not self.unfit and not self.unknown

    @property
    def standing(self) -> Standing:
        """Return what may follow: from what is in doubt nothing follows by itself."""
        if self.doubt and self.version.standing in (Standing.BREACH, Standing.POINTER):
            return Standing.REVIEW
        return self.version.standing


PHASE_OF = {WOULD_BE: Phase.BEFORE, DETERMINED: Phase.AFTER}
"""The phase of acts that count for a status; without a candidate only those count that count always."""
_WINDOWS = tuple(Window)


def _row(act: Act, version: ActVersion, question: _Question) -> _Row:
    unfit = unknown = ""
    doubt = "reading" if act.is_perhaps else ""
    if version.who.isdisjoint(question.person.classes):
        if version.who.isdisjoint(question.person.perhaps):
            unfit = "person"
        doubt = doubt or "person"
    if version.election != "any":
        if question.kind is None:
            unknown = "election"
        elif question.kind != version.election:
            unfit = unfit or "election"
    if version.contests and not unfit and not unknown:
        if question.contest is None:
            unknown = "contest"
        elif question.contest not in version.contests:
            unfit = "election"
    if version.phase is not Phase.ANY:
        if question.status is None:
            unknown = unknown or question.missing
        elif PHASE_OF.get(question.status) is not version.phase:
            unfit = unfit or "status"
    elif act.needs_candidate:
        if question.status is None:
            unknown = unknown or question.missing
        elif question.status == NONE:
            unfit = unfit or "status"
    if version.window is not None and not unfit:
        within = question.windows[_WINDOWS.index(version.window)]
        if within is None:
            doubt = doubt or "window"
        elif not within:
            unfit = "window"
    return _Row(act, version, unfit, "" if unfit else unknown, doubt)


InForceActs = Sequence[tuple[Act, ActVersion]]


def _reaching(in_force: InForceActs, question: _Question) -> list[_Row]:
    """Return the rows of those acts that reach the person, or may."""
    named = question.person.named
    return [_row(act, version, question) for act, version in in_force if not version.who.isdisjoint(named)]


def _of_any(book: ActBook, question: _Question) -> list[_Row]:
    """Return the rows of acts that reach the person for any conduct that is listed for civil servants."""
    in_force = [(act, version) for act in book.acts_of_any_form if (version := act.on(question.day)) is not None]
    return _reaching(in_force, question)


def _own_acts(in_force: InForceActs) -> tuple[str, ...]:
    return tuple(act.id for act, _ in in_force if not act.is_reading)


# --- the answer --------------------------------------------------------------------------------------------------


def _answer(book: ActBook, act_id: str, form: str, question: _Question, about: Sequence[Reason]) -> Assessment:
    asked = None
    if act_id:
        asked = book.acts.get(act_id)
        if asked is None:
            raise ActUnknown(act_id[:80])
        if form and form != asked.form:
            raise ValueUnknown("form", form[:80], (asked.form,))
        form = asked.form
    elif not form:
        raise FactMissing("act")
    elif form not in book.acts_by_form:
        raise ActUnknown(form[:80])
    in_force = book.acts_in_force(form, question.day)
    rows = _reaching(in_force, question)
    own = next((row for row in rows if row.act.id == act_id), None)
    if asked is not None and own is None:
        version = asked.on(question.day)
        if version is None:
            raise RuleNotInForce(asked.id, question.day, _own_acts(in_force))
        own = _row(asked, version, question)
    reasons = [*about, *_about_status(question)]
    if own is not None and own.unknown in ("election", "contest"):
        # Whoever names an act of one kind of election says with it which kind it was.
        assumed = _row(own.act, own.version, replace(question, kind=own.version.election, contest=_any(own.version)))
        reasons.append(Reason("election_assumed", (("election", own.version.election),)))
        rows = [assumed if row is own else row for row in rows]
        own = assumed
    if own is not None and own.unknown:
        raise FactMissing(own.unknown)
    fitting = _that_count(rows, own)
    if own is None or not own.fits:
        known_tracks = {row.act.track for row in fitting}
        for row in rows:
            is_last_resort = row.act.catch_all or row.doubt == "reading"
            if row.unknown and row.act.track not in known_tracks and not (is_last_resort and fitting):
                raise FactMissing(row.unknown)
    if own is not None and not own.fits:
        reasons.append(Reason(f"unfit_{own.unfit}", (("act", own.act.id),)))
    if not fitting:
        fitting = _of_any_form(book, in_force, question)
        if fitting:
            reasons.append(Reason("any_form_counts", (("act", fitting[0].act.id),)))
    if not fitting:
        return _none(book, form, in_force, rows, own, question, reasons)
    if own is not None and not own.fits:
        reasons.append(Reason("same_conduct_is", (("act", fitting[0].act.id),)))
    if not question.is_post_told:
        reasons += _if_an_official(in_force, question)
    tracks = _by_track(book, fitting, own, question)
    first, *more = (_on_track(book, form, track_rows, question, reasons) for track_rows in tracks)
    return replace(first, also=tuple(more))


def _any(version: ActVersion) -> str | None:
    return min(version.contests) if version.contests else None


def _about_status(question: _Question) -> list[Reason]:
    values = (("status", question.status or ""),)
    if question.given and question.by_calendar not in (None, question.status):
        return [Reason("status_given_against_calendar", (*values, ("calendar", question.by_calendar or "")))]
    if question.given:
        return [Reason("status_given", values)]
    return [Reason("status_by_calendar", values)] if question.status else []


_OF_CONDUCT = (Track.ETHICS, Track.DISCIPLINE)


def _that_count(rows: Sequence[_Row], own: _Row | None = None) -> list[_Row]:
    """Return the rows that fit, without those that only stand in for something surer.

    What is in doubt counts where nothing sure does on its track; an act that catches what is left where no other does on
    its track; and what a form is perhaps read into only where nothing else judges the conduct at all.
    """
    fitting = [row for row in rows if row.fits]
    sure = {row.act.track for row in fitting if not row.doubt and not row.act.catch_all}
    found = [
        row
        for row in fitting
        if row is own
        or (row.doubt != "reading" and not row.act.catch_all and (not row.doubt or row.act.track not in sure))
    ]
    taken = {row.act.track for row in found}
    found += [
        row
        for row in fitting
        if row.act.catch_all and row.doubt != "reading" and row not in found and row.act.track not in taken
    ]
    if not any(row.act.track in _OF_CONDUCT for row in found):
        found += [row for row in fitting if row.doubt == "reading" and row not in found]
    return found


def _none(
    book: ActBook,
    form: str,
    in_force: InForceActs,
    rows: Sequence[_Row],
    own: _Row | None,
    question: _Question,
    reasons: list[Reason],
) -> Assessment:
    """Say that nothing reaches the person for this conduct on this day, where the rulebook tells that much.

    Raises RuleNotInForce or NotKnown elsewhere.
    """
    if _of_any(book, question):
        # They answer for what is listed for civil servants: so do the reasons why nothing does.
        rows = _reaching(in_force, replace(question, person=_CIVIL_SERVANT))
    why = _why_none(book, form, rows, question)
    if why is None:
        rule = own.act.id if own is not None else form
        if unfit := {row.unfit for row in rows}:
            raise NotKnown("candidate_status" if "status" in unfit else "election", rule)
        named = question.person.named
        versions = (version for act in book.acts_by_form[form] for version in act.versions)
        if own is None and any(not version.who.isdisjoint(named) for version in versions):
            raise RuleNotInForce(rule, question.day, _own_acts(in_force))
        raise NotKnown("employment", rule)
    if own is None:
        reasons += [Reason(f"unfit_{each}", (("form", form),)) for each in sorted({row.unfit for row in rows})]
    return Assessment(
        act=None, form=form, kind="none", level="none", standing=None, sanctions=(), cites=(), stage=question.stage,
        candidate_status=question.status, confidence=None, reasons=(*reasons, *why, Reason("no_act_applies")),
    )  # fmt: skip


def _why_none(book: ActBook, form: str, rows: Sequence[_Row], question: _Question) -> tuple[Reason, ...] | None:
    """Return what tells that nothing reaches the person, beside why each act does not; None: silence is all there is."""
    classes = question.person.classes
    if classes == {"none"}:
        return (Reason("rules_bind_others"),)
    unfit = {row.unfit for row in rows}
    if "window" in unfit or ("status" in unfit and question.status == NONE):
        return ()
    for act in book.acts.values():
        version = act.on(question.day) if act.free else None
        if version is None or version.who.isdisjoint(classes):
            continue
        for free in act.free:
            phase_fits = free.phase is Phase.ANY or PHASE_OF.get(question.status or "") is free.phase
            if free.form == form and phase_fits and free.election in ("any", question.kind):
                return (Reason("free_by_facts", (("act", act.id),)),)
    return None


def _if_an_official(in_force: InForceActs, question: _Question) -> list[Reason]:
    """Tell which acts would count too if the person were an official of the civil service: the post was not told."""
    person = question.person
    if person.classes.isdisjoint(persons.SORTS_OF_ASN) or "asn-official" in person.named:
        return []
    found = [each for each in in_force if "asn-official" in each[1].who and each[1].who.isdisjoint(person.classes)]
    if not found:
        return []
    rows = _reaching(found, replace(question, person=_OFFICIAL))
    return [Reason("also_for_officials", (("act", row.act.id),)) for row in rows if row.fits]


_CIVIL_SERVANT = Person(frozenset({"pns", "cpns", "pppk", "asn"}), frozenset())
_OFFICIAL = Person(frozenset({"asn-official"}), frozenset())
# What is less than a breach for civil servants, the gravest first.
_LESS = (Standing.CONTESTED, Standing.NO_PENALTY, Standing.REVIEW, Standing.POINTER)


def _of_any_form(book: ActBook, in_force: InForceActs, question: _Question) -> list[_Row]:
    """Return the acts by which somebody answers for any conduct listed for civil servants, where one is listed.

    They answer no more strictly than civil servants: what is contested for these is contested here.
    """
    found = [row for row in _of_any(book, question) if row.fits]
    theirs = _that_count(_reaching(in_force, replace(question, person=_CIVIL_SERVANT))) if found else []
    if not theirs:
        return []
    standings = {row.standing for row in theirs}
    if Standing.BREACH in standings:
        return found
    standing = next(each for each in _LESS if each in standings)
    deciding = [row for row in theirs if row.standing is standing]
    readings = tuple(dict.fromkeys(reading for row in deciding for reading in row.version.readings))
    cites = tuple(cite for row in deciding for cite in row.version.cites)
    lowered = []
    for row in found:
        version = replace(
            row.version,
            standing=Standing.REVIEW if standing is Standing.POINTER else standing,
            level="contested" if standing is Standing.CONTESTED else row.version.level,
            readings=readings,
            cites=(*row.version.cites, *cites),
            confidence=Confidence.UNCERTAIN,
        )
        lowered.append(row._replace(version=version))
    return lowered


_TRACKS = (Track.DISCIPLINE, Track.ETHICS, Track.CRIMINAL)
_GRAVEST_FIRST = (
    "dismissal-ptdh", "contract-termination", "severe", "moderate", "light", "moral-plus", "moral", "criminal", "village",
    "contract", "heavier-than-subordinate", "same-as-subordinate", "status", "outside-asn-system", "contested",
    "per-asn-law", "per-village-law",
)  # fmt: skip


def _by_track(book: ActBook, rows: Iterable[_Row], own: _Row | None, question: _Question) -> list[list[_Row]]:
    """Group rows by track: the track of the act that was named first; in each the act that decides stands first."""
    tracks: dict[Track, list[_Row]] = {}
    for row in rows:
        tracks.setdefault(row.act.track, []).append(row)

    def rank(row: _Row) -> tuple[bool, bool, bool, bool, bool, int, int, str]:
        version = row.version
        proposes = row.standing is Standing.BREACH
        offers = proposes and bool(_offered(book, version, question))
        gravest = _GRAVEST_FIRST.index(version.level)
        return (
            row is not own,
            bool(row.doubt),
            not proposes,
            proposes and not offers,
            row.act.is_reading,
            gravest,
            version.confidence.rank,
            row.act.id,
        )

    groups = [tracks[track] for track in _TRACKS if track in tracks]
    ordered = [sorted(group, key=rank) if len(group) > 1 else group for group in groups]
    ordered.sort(key=lambda group: group[0] is not own)
    return ordered


_OF_PNS = ("discipline", "status")


def _chosen(book: ActBook, version: ActVersion, question: _Question) -> list[Sanction]:
    """Return the sanctions of a version that may be chosen on the day for the person's class of offender."""
    classes = question.person.classes
    elsewhere = {each.sanction for each in version.limits if each.who.isdisjoint(classes)}
    listed = (book.sanctions[id] for id in version.sanctions if id not in elsewhere)
    return [each for each in listed if each.may_be_chosen(question.day)]


def _offered(book: ActBook, version: ActVersion, question: _Question) -> list[Sanction]:
    """Return those that are left of the chosen: contract civil servants get none of the discipline of PNS."""
    chosen = _chosen(book, version, question)
    if "pppk" in question.person.classes and "pns" not in question.person.classes:
        return [each for each in chosen if each.family not in _OF_PNS]
    return chosen


def cites_on(book: ActBook, version: ActVersion, day: date) -> list[Citation]:
    """Return the citations of a version that were in force on a day; what stood in place of a ban only while it did."""
    held = [cite for cite in version.cites if book.sources[cite.source].days.holds(day)]
    bans = {cite for cite in version.cites if cite.purpose == "prohibition"}
    return held if not bans.issubset(held) else [cite for cite in held if cite.purpose != FORMERLY]


def _cites(book: ActBook, version: ActVersion, question: _Question) -> list[Citation]:
    """Return those of the day that concern the person's class of offender."""
    cites = cites_on(book, version, question.day)
    if not version.limits:
        return cites
    elsewhere = {each.at for each in version.limits if each.at and each.who.isdisjoint(question.person.classes)}
    return [cite for cite in cites if cite.at not in elsewhere]


def _on_track(
    book: ActBook, form: str, rows: Sequence[_Row], question: _Question, before: Sequence[Reason]
) -> Assessment:
    """Make the answer of one track of the rows that apply on it; the first of them decides, all are cited."""
    main, version = rows[0], rows[0].version
    standing, level = main.standing, version.level
    act = (("act", main.act.id),)
    reasons = list(before)
    if main.doubt == "person":
        reasons.append(Reason("reach_open", act))
    elif main.doubt == "reading":
        reasons.append(Reason("reading_open", act))
    else:
        reasons.append(Reason("act_applies", act))
    if main.doubt == "window":
        reasons.append(Reason("window_open", act))
    sanctions: tuple[str, ...] = ()
    if standing is Standing.BREACH:
        for row in rows:
            if row.standing is not Standing.BREACH:
                continue
            reasons += [
                Reason("sanction_suspended", (("sanction", id), ("meanwhile", pause.meanwhile or "")))
                for id in row.version.sanctions
                for pause in book.sanctions[id].suspended
                if pause.in_force.holds(question.day)
            ]
            offered = _offered(book, row.version, question)
            if len(offered) < len(_chosen(book, row.version, question)):
                reasons.append(Reason("sanction_by_agency_rules"))
            if offered:
                sanctions, level = tuple(each.id for each in offered), row.version.level
                break
        reasons.append(Reason("level_of_clause", (("level", level),)))
    else:
        reasons.append(Reason(f"standing_{standing}", act))
        if main.doubt == "person" and "pppk" in question.person.classes and main.act.track is Track.DISCIPLINE:
            reasons.append(Reason("agency_rules"))
    if version.breach_confidence is not Confidence.CONFIRMED:
        reasons.append(Reason("breach_article_uncertain", (("confidence", version.breach_confidence.value),)))
    if sanctions and version.sanction_confidence is not Confidence.CONFIRMED:
        reasons.append(Reason("sanction_article_uncertain", (("confidence", version.sanction_confidence.value),)))
    return Assessment(
        act=main.act.id,
        form=form,
        kind=main.act.track.value,
        level=level,
        standing=standing,
        sanctions=sanctions,
        cites=distinct(cite for row in rows for cite in _cites(book, row.version, question)),
        stage=question.stage,
        candidate_status=question.status,
        confidence=Confidence.UNCERTAIN if main.doubt else version.confidence,
        reasons=tuple(dict.fromkeys(reasons)),
        readings=version.readings,
    )
