"""Is it a breach, of what kind, on that day, for that person? One answer a track, with reasons and citations.

An act is judged on (form, candidate's status on the day, election, person), never on the form alone. What the rulebook
does not hold is an error that names the missing fact, never an acquittal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from ikrar.domain import persons
from ikrar.domain.acts import CONTESTS, Act, ActVersion, Phase, Sanction, Standing, Track
from ikrar.domain.elections import Election
from ikrar.domain.errors import ActUnknown, FactMissing, RuleNotInForce, ValueUnknown
from ikrar.domain.sources import Citation, Confidence, Reading, distinct

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
    that day, empty unless `standing` is BREACH; `stage` is what ran in the election on that day.
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
    """What of the rulebook is needed here. `answers` is a store for answers that were given before."""

    @property
    def acts(self) -> Mapping[str, Act]: ...
    @property
    def acts_by_form(self) -> Mapping[str, tuple[Act, ...]]: ...
    @property
    def acts_of_any_form(self) -> tuple[Act, ...]: ...
    @property
    def sanctions(self) -> Mapping[str, Sanction]: ...
    def period(self, day: date) -> int: ...
    @property
    def answers(self) -> dict[tuple[object, ...], Assessment]: ...


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
    the reasons say so. A status that is given wins over the calendar. Raises ActUnknown, RuleNotInForce, FactMissing
    (act, candidate_status, contest or election), PersonUnknown, ValueUnknown.
    """
    if candidate_status is not None and candidate_status not in STATUSES:
        raise ValueUnknown("candidate_status", candidate_status[:60], STATUSES)
    if contest is not None and contest not in CONTESTS:
        raise ValueUnknown("contest", contest[:60], CONTESTS)
    stage = stage_of(election, day)
    by_calendar, missing = status_by_calendar(election, day, contest)
    key = (act, form, employment, post, election and election.id, candidate_status, contest, stage, by_calendar)
    full_key = (*key, book.period(day))
    if (known := book.answers.get(full_key)) is not None:
        return known
    question = _Question(
        classes=persons.classes_of(employment, post),
        day=day,
        kind=_kind_of(election, contest),
        contest=_plain_contest(contest, election),
        status=candidate_status or by_calendar,
        given=candidate_status is not None,
        by_calendar=by_calendar,
        missing=missing,
        stage=stage,
    )
    answer = _answer(book, act, form, question)
    if len(book.answers) > _MOST_ANSWERS:
        book.answers.clear()
    book.answers[full_key] = answer
    return answer


_MOST_ANSWERS = 50_000


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


# --- the question ------------------------------------------------------------------------------------------------

_STAGE_ORDER = ("voting", "quiet-period", "campaign", "determination", "registration")


def stage_of(election: Election | None, day: date) -> str | None:
    """Return the stage that matters most of those that run on a day."""
    if election is None:
        return None
    running = [stage.id for stage in election.stages_on(day)]
    for name in _STAGE_ORDER:
        if name in running:
            return name
    return running[-1] if running else None


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


@dataclass(frozen=True, slots=True)
class _Question:
    classes: frozenset[str]
    day: date
    kind: str | None
    contest: str | None
    status: str | None
    given: bool
    by_calendar: str | None
    missing: str
    stage: str | None


@dataclass(frozen=True, slots=True)
class _Row:
    """An act with its version of the day, and how it fits the question: why not, or which fact would tell."""

    act: Act
    version: ActVersion
    unfit: str
    unknown: str

    @property
    def fits(self) -> bool:
        return not self.unfit and not self.unknown


PHASE_OF = {WOULD_BE: Phase.BEFORE, DETERMINED: Phase.AFTER}
"""The phase of acts that count for a status; without a candidate only those count that count always."""


def _row(act: Act, version: ActVersion, question: _Question) -> _Row:
    unfit = unknown = ""
    if not (version.who & question.classes):
        unfit = "person"
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
    return _Row(act, version, unfit, "" if unfit else unknown)


# --- the answer --------------------------------------------------------------------------------------------------


def _answer(book: ActBook, act_id: str, form: str, question: _Question) -> Assessment:
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
    rows = [
        _row(act, version, question) for act in book.acts_by_form[form] if (version := act.on(question.day)) is not None
    ]
    own = next((row for row in rows if asked is not None and row.act.id == asked.id), None)
    if asked is not None and own is None:
        raise RuleNotInForce(asked.id, question.day, tuple(row.act.id for row in rows))
    if not rows:
        raise RuleNotInForce(form, question.day)
    reasons = _about_status(question)
    if own is not None and own.unknown in ("election", "contest"):
        # Whoever names an act of one kind of election says with it which kind it was.
        assumed = _row(own.act, own.version, replace(question, kind=own.version.election, contest=_any(own.version)))
        reasons.append(Reason("election_assumed", (("election", own.version.election),)))
        rows = [assumed if row is own else row for row in rows]
        own = assumed
    fitting = [row for row in rows if row.fits]
    if own is not None and own.unknown:
        raise FactMissing(own.unknown)
    if own is None or not own.fits:
        known_tracks = {row.act.track for row in fitting}
        for row in rows:
            if row.unknown and row.act.track not in known_tracks:
                raise FactMissing(row.unknown)
    if own is not None and not own.fits:
        reasons.append(Reason(f"unfit_{own.unfit}", (("act", own.act.id),)))
    if not fitting:
        fitting = _of_any_form(book, rows, question)
        if fitting:
            reasons.append(Reason("any_form_counts", (("act", fitting[0].act.id),)))
    if not fitting:
        if own is None:
            reasons += [Reason(f"unfit_{why}", (("form", form),)) for why in sorted({row.unfit for row in rows})]
        return Assessment(
            act=None, form=form, kind="none", level="none", standing=None, sanctions=(), cites=(), stage=question.stage,
            candidate_status=question.status, confidence=None, reasons=(*reasons, Reason("no_act_applies")),
        )  # fmt: skip
    if own is not None and not own.fits:
        reasons.append(Reason("same_conduct_is", (("act", fitting[0].act.id),)))
    tracks = _by_track(fitting, own)
    first, *others = (_on_track(book, form, track_rows, question, reasons) for track_rows in tracks)
    return replace(first, also=tuple(others))


def _any(version: ActVersion) -> str | None:
    return min(version.contests) if version.contests else None


def _about_status(question: _Question) -> list[Reason]:
    values = (("status", question.status or ""),)
    if question.given and question.by_calendar not in (None, question.status):
        return [Reason("status_given_against_calendar", (*values, ("calendar", question.by_calendar or "")))]
    if question.given:
        return [Reason("status_given", values)]
    return [Reason("status_by_calendar", values)] if question.status else []


def _of_any_form(book: ActBook, rows: Sequence[_Row], question: _Question) -> list[_Row]:
    """Return the acts by which somebody answers for any conduct listed for civil servants, where one is listed."""
    as_civil_servant = replace(question, classes=persons.CIVIL_SERVANTS)
    if not any(_row(row.act, row.version, as_civil_servant).fits for row in rows):
        return []
    found = (
        _row(act, version, question) for act in book.acts_of_any_form if (version := act.on(question.day)) is not None
    )
    return [row for row in found if row.fits]


_TRACKS = (Track.DISCIPLINE, Track.ETHICS, Track.CRIMINAL)
_GRAVEST_FIRST = (
    "dismissal-ptdh", "contract-termination", "severe", "moderate", "light", "moral-plus", "moral", "criminal", "village",
    "contract", "heavier-than-subordinate", "same-as-subordinate", "status", "outside-asn-system", "contested",
    "per-asn-law", "per-village-law",
)  # fmt: skip


def _by_track(rows: Iterable[_Row], own: _Row | None) -> list[list[_Row]]:
    """Group rows by track: the track of the act that was named first; in each the act that decides stands first."""
    tracks: dict[Track, list[_Row]] = {}
    for row in rows:
        tracks.setdefault(row.act.track, []).append(row)

    def rank(row: _Row) -> tuple[bool, bool, int, int, str]:
        version = row.version
        proposes = version.standing is Standing.BREACH
        return (row is not own, not proposes, _GRAVEST_FIRST.index(version.level), version.confidence.rank, row.act.id)

    ordered = [sorted(tracks[track], key=rank) for track in _TRACKS if track in tracks]
    ordered.sort(key=lambda group: group[0] is not own)
    return ordered


_OF_PNS = ("discipline", "status")


def _on_track(
    book: ActBook, form: str, rows: Sequence[_Row], question: _Question, before: Sequence[Reason]
) -> Assessment:
    """Make the answer of one track of the rows that apply on it; the first of them decides, all are cited."""
    main, version = rows[0].act, rows[0].version
    reasons = [*before, Reason("act_applies", (("act", main.id),))]
    contract_only = "pppk" in question.classes and "pns" not in question.classes
    sanctions: tuple[str, ...] = ()
    if version.standing is Standing.BREACH:
        for row in rows:
            listed = [book.sanctions[id] for id in row.version.sanctions if row.version.standing is Standing.BREACH]
            chosen = [each for each in listed if each.may_be_chosen(question.day)]
            for each in listed:
                reasons += [
                    Reason("sanction_suspended", (("sanction", each.id), ("meanwhile", pause.meanwhile or "")))
                    for pause in each.suspended
                    if pause.in_force.holds(question.day)
                ]
            if contract_only and any(each.family in _OF_PNS for each in chosen):
                chosen = [each for each in chosen if each.family not in _OF_PNS]
                reasons.append(Reason("sanction_by_agency_rules"))
            if chosen:
                sanctions = tuple(each.id for each in chosen)
                break
        reasons.append(Reason("level_of_clause", (("level", version.level),)))
    else:
        reasons.append(Reason(f"standing_{version.standing}", (("act", main.id),)))
    if version.breach_confidence is not Confidence.CONFIRMED:
        reasons.append(Reason("breach_article_uncertain", (("confidence", version.breach_confidence.value),)))
    if sanctions and version.sanction_confidence is not Confidence.CONFIRMED:
        reasons.append(Reason("sanction_article_uncertain", (("confidence", version.sanction_confidence.value),)))
    return Assessment(
        act=main.id,
        form=form,
        kind=main.track.value,
        level=version.level,
        standing=version.standing,
        sanctions=sanctions,
        cites=distinct(cite for row in rows for cite in row.version.cites),
        stage=question.stage,
        candidate_status=question.status,
        confidence=version.confidence,
        reasons=tuple(dict.fromkeys(reasons)),
        readings=version.readings,
    )
