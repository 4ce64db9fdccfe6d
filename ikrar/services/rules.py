"""The law for whoever asks it: one rulebook a process, and answers from it. Nothing here is stored, and no database is needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ikrar.domain import assessment, authority, clippings, denials, guidance, suggestion, terms
from ikrar.domain.assessment import Assessment
from ikrar.domain.authority import Answer, Question
from ikrar.domain.elections import Election, Kind
from ikrar.domain.errors import ElectionUnknown, RegionHasNoElection, RulebookFault, TermUnknown, ValueUnknown
from ikrar.domain.guidance import Advice, Who
from ikrar.domain.rulebook import Rulebook
from ikrar.domain.suggestion import Suggestion
from ikrar.domain.terms import Computation, Extension, Pause
from ikrar.gateways import region_codes, rulebook_faults, rulebook_files


def book() -> Rulebook:
    """Return the rulebook, read once a process. Raises RulebookFault."""
    return rulebook_files.rulebook()


def check() -> Rulebook:
    """Read every file of the rulebook anew and hold them together. Raises RulebookFault."""
    return rulebook_files.check()


def faults() -> list[RulebookFault]:
    """Return everything that is wrong with the rulebook, file by file."""
    return rulebook_faults.faults()


@dataclass(frozen=True)
class Person:
    """Whom a question is about, as rules speak of people: see domain.persons."""

    employment: str
    post: str = ""


def election(id: str) -> Election:
    """Return an election by its id. Raises ElectionUnknown."""
    if (found := book().elections.get(id)) is None:
        raise ElectionUnknown(id)
    return found


def assess(
    person: Person,
    day: date,
    *,
    act: str = "",
    form: str = "",
    election_id: str = "",
    candidate_status: str | None = None,
    contest: str | None = None,
    region: str = "",
) -> Assessment:
    """Judge an act (see domain.assessment.assess, also for what is raised).

    An election that the rulebook does not know is no error where the status is given: a region may hold one of its own.
    Raises RegionHasNoElection too.
    """
    known = book().elections.get(election_id)
    if election_id and known is None and candidate_status is None:
        raise ElectionUnknown(election_id)
    if known is not None and region and not known.concerns(region):
        raise RegionHasNoElection(region, known.id)
    return assessment.assess(
        book(),
        act=act,
        form=form,
        day=day,
        employment=person.employment,
        post=person.post,
        election=known,
        candidate_status=candidate_status,
        contest=contest,
    )


def suggest(
    text: str, day: date, *, person: Person | None = None, candidate_status: str = "", region: str = ""
) -> list[Suggestion]:
    """Return the likeliest acts for a description in everyday words (see domain.suggestion.suggest)."""
    who = person or Person("")
    return suggestion.suggest(
        book(),
        text,
        day=day,
        employment=who.employment,
        post=who.post,
        candidate_status=candidate_status,
        region=region,
    )


def suggest_done(text: str, day: date, *, person: Person | None = None, region: str = "") -> list[Suggestion]:
    """Return the likeliest acts for what a description says that somebody did, also where that is denied in it.

    What it only forbids, explains as a rule, or says that nobody did is left out (see domain.denials).
    """
    return suggest(clippings.for_acts(denials.told(text).alleged), day, person=person, region=region)


def ask(question: str, activity: str, *, day: date, region: str, who: Who, election_id: str = "") -> Advice:
    """Answer a question in everyday words, or one activity (see domain.guidance.answer and advise)."""
    chosen = election(election_id) if election_id else None
    if activity:
        return guidance.advise(book(), [activity], day=day, region=region, who=who, election=chosen)
    return guidance.answer(book(), question, day=day, region=region, who=who, election=chosen)


def hear(question: str, relation: str = "") -> tuple[str, ...]:
    """Return the activities that a question in everyday words asks about; none where it is not understood."""
    return guidance.understand(book(), question, relation=relation).activities


def is_region(code: str) -> bool:
    """Say whether there is a region of that code (Kemendagri)."""
    return region_codes.is_known(code)


def due(
    term_id: str,
    start: date,
    *,
    regime: str = "",
    region: str = "",
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
) -> Computation:
    """Count a term with today's knowledge of holidays (see domain.terms.due).

    `regime`: an election's id, pilkada, pemilu or any. Raises TermUnknown, and ValueUnknown for another word.
    """
    if (term := book().terms.get(term_id)) is None:
        raise TermUnknown(term_id)
    elections = book().elections
    election = elections.get(regime)
    if regime and election is None and regime not in ("any", *Kind):
        raise ValueUnknown("regime", regime[:60], ("any", *Kind, *elections))
    # Where only the kind is named, the stages are those of every election that may be meant.
    meant = [election] if election else [each for each in elections.values() if term.fits(each) and _here(each, region)]

    def stages_on(day: date) -> list[str]:
        return [stage.id for each in meant for stage in each.stages_on(day)]

    return terms.due(
        term,
        start,
        book().holidays.in_region(region) if region else book().holidays,
        regime=election or regime or None,
        pauses=pauses,
        extensions=extensions,
        intake=book().intake_hours[term.intake] if term.intake else None,
        stages_on=stages_on,
    )


def _here(election: Election, region: str) -> bool:
    """Say whether an election is held in a region; where none is named, whether it is one of the whole country."""
    if election.superseded_by is not None:
        return False
    return election.concerns(region) if region else not election.region_codes and not election.in_some_regions


def decide(question: Question) -> Answer:
    """Say who may decide (see domain.authority.resolve)."""
    return authority.resolve(book(), question)


def forms() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the acts of each form of conduct: its own, and those into whose clause it is read."""
    return {
        form: (
            tuple(act.id for act in acts if not act.is_reading),
            tuple(act.id for act in acts if act.is_reading),
        )
        for form, acts in book().acts_by_form.items()
    }
