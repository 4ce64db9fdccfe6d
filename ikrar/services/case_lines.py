"""Lines of the board: what cases, respondents, clocks and referrals say, repeated once for each whom a case reaches.

They are written in the transaction of the act that changed a case, and hold days instead of how late something is: no night has
to touch them. Nothing here decides; a line that were lost would be made anew from the rows that it repeats.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from ikrar.domain import cases as domain
from ikrar.records.models import (
    Case,
    CaseClock,
    CaseLine,
    CaseReferral,
    CaseRespondent,
    CaseStep,
    CaseWord,
)
from ikrar.services import masses, rules

NEVER = date(9999, 12, 31)
"""The day of a clock that does not run: it stands behind all others."""

ALL = "all"
_AT_ONCE = 500
_STARTS = 4  # words of a name from which it is found
_LONGEST_WORD = 80
_Outcome = CaseRespondent.Outcome


def of_body(body: int) -> str:
    """Return how a line names a body that it reaches."""
    return f"body:{body}"


def of_agency(agency: int) -> str:
    """Return how a line names an agency that it reaches."""
    return f"agency:{agency}"


class _Days(NamedTuple):
    due_on: date = NEVER
    near_on: date = NEVER
    long_on: date = NEVER
    stage: int = 0


class _Kept(NamedTuple):
    """What a line says; `key` is what it is found by."""

    case: int
    reader: str
    agency: int | None
    state: str
    ended: int
    track: str
    number: str
    opened_on: date
    owner: str
    due_on: date
    near_on: date
    long_on: date

    @property
    def key(self) -> tuple[int, str, int | None, str]:
        return self.case, self.reader, self.agency, self.state


@lru_cache(maxsize=1000)
def _owner(book: str, procedure: str, state: str) -> str:
    """Return the role that has the next step from a state, by the shortest way to an answer; `book` is its digest."""
    found = rules.book().procedures.get(procedure)
    if found is None:
        return ""
    on_the_way = (step for step in domain.main_way(found) if state in step.from_states)
    step = next(on_the_way, None) or next(iter(domain.steps_from(found, state)), None)
    return str(step.who[0].value) if step else ""


def owner_of(procedure: str, state: str) -> str:
    """Return the role that has the next step from a state; empty: none, or the procedure is not known here."""
    return _owner(rules.book().digest, procedure, state)


# --- written -----------------------------------------------------------------------------------------------------


def renew(cases: Iterable[int], *, words: bool = True) -> None:
    """Make the lines of cases say what their rows say, in the caller's transaction, which holds them.

    What is so already stays untouched. `words`: also by what they are found, which no step changes.
    """
    wanted = sorted(set(cases))
    for start in range(0, len(wanted), _AT_ONCE):
        _renew(wanted[start : start + _AT_ONCE], words=words)


def renew_missing() -> int:
    """Make the lines of cases that have none, in the caller's transaction; return of how many."""
    standing = CaseRespondent.objects.filter(case=OuterRef("pk")).exclude(outcome=_Outcome.ENTERED_WRONGLY)
    rows = Case.objects.filter(Exists(standing), ~Exists(CaseLine.objects.filter(case=OuterRef("pk"))))
    found = list(rows.values_list("pk", flat=True))
    renew(found)
    return len(found)


@dataclass(frozen=True)
class _Read:
    """The rows of some cases that their lines repeat."""

    cases: Mapping[int, Case]
    respondents: Sequence[CaseRespondent]
    days: Mapping[int, _Days]
    bodies: Mapping[int, set[int]]
    at_agency: set[int]

    @property
    def standing(self) -> list[CaseRespondent]:
        """Those who were not entered wrongly."""
        return [each for each in self.respondents if each.outcome != _Outcome.ENTERED_WRONGLY]


def _read(cases: Sequence[int]) -> _Read:
    at_work = CaseStep.objects.filter(case=OuterRef("case"), step="recommend")
    rows = CaseRespondent.objects.filter(case__in=cases).select_related("case", "person").order_by("pk")
    respondents = list(rows.annotate(is_at_work=Exists(at_work)))
    found = {each.case_id: each.case for each in respondents}
    bodies = {pk: {case.body_id, case.handler_id or case.body_id} for pk, case in found.items()}
    answered = CaseReferral.objects.filter(case__in=cases, state__in=("accepted", "returned"))
    for case, here, there in answered.values_list("case", "from_body", "to_body"):
        bodies[case] |= {here, there}
    at_agency = {each.case_id for each in respondents if each.is_at_work}
    return _Read(found, respondents, _days(cases), bodies, at_agency)


def _days(cases: Sequence[int]) -> dict[int, _Days]:
    """Return for each respondent when the first of his running clocks is due, warned of and long overdue, and how late one is."""
    runs = Q(next_on__isnull=False) | Q(stage=3)
    rows = CaseClock.objects.filter(runs, case__in=cases, stopped_on=None)
    found: dict[int, _Days] = {}
    for respondent, *clock in rows.values_list("respondent", "due_on", "warn_on", "long_on", "stage"):
        before = found.get(respondent, _Days())
        found[respondent] = _Days(*map(min, before[:3], clock[:3]), max(before.stage, clock[3]))
    return found


def _renew(cases: Sequence[int], *, words: bool) -> None:
    read = _read(cases)
    _renew_respondents(read)
    kept = {each.key: each for each in _kept(read)}
    stale = []
    for pk, *values in CaseLine.objects.filter(case__in=cases).values_list("pk", *_Kept._fields):
        line = _Kept(*values)
        if kept.get(line.key) == line:
            del kept[line.key]
        else:
            stale.append(pk)
    if stale:
        CaseLine.objects.filter(pk__in=stale).delete()
    made = []
    for each in kept.values():
        values = each._asdict()
        made.append(CaseLine(case_id=values.pop("case"), agency_id=values.pop("agency"), **values))
    masses.insert_objects(made)
    if words:
        _renew_words(read)


def _renew_respondents(read: _Read) -> None:
    """Repeat at respondents what their clocks say: the day that comes first, and how late the latest is."""
    for each in read.respondents:
        days = read.days.get(each.pk, _Days())
        due_on = None if days.due_on == NEVER else days.due_on
        if (each.due_on, each.stage) != (due_on, days.stage):
            CaseRespondent.objects.filter(pk=each.pk).update(due_on=due_on, stage=days.stage)


def _kept(read: _Read) -> Iterator[_Kept]:
    together: dict[tuple[int, int | None, str], list[CaseRespondent]] = {}
    for each in read.standing:
        together.setdefault((each.case_id, each.agency_id, each.state), []).append(each)
    for (pk, agency, state), some in together.items():
        case = read.cases[pk]
        is_open = any(each.outcome == _Outcome.OPEN for each in some)
        days = [read.days.get(each.pk, _Days()) for each in some]
        readers = [ALL, *map(of_body, sorted(read.bodies[pk]))]
        if agency is not None and pk in read.at_agency:
            readers.append(of_agency(agency))
        for reader in readers:
            yield _Kept(
                pk, reader, agency, state, int(not is_open), case.track, case.number, case.opened_on,
                owner_of(case.procedure, state) if is_open else "",
                min(each.due_on for each in days), min(each.near_on for each in days), min(each.long_on for each in days),
            )  # fmt: skip


# --- words -------------------------------------------------------------------------------------------------------


def word(text: str) -> str:
    """Return a text as it is sought: in capitals, with single blanks.

    >>> word(" Sari  Contohwati ")
    'SARI CONTOHWATI'
    """
    return " ".join(text.upper().split())[:_LONGEST_WORD]


def starts(text: str) -> set[str]:
    """Return a name as it is found, from each of its first words on.

    >>> sorted(starts("Sari Contohwati"))
    ['CONTOHWATI', 'SARI CONTOHWATI']
    """
    words = text.upper().split()
    return {word(" ".join(words[at:])) for at in range(min(len(words), _STARTS))}


def _words_of(case: Case, respondents: Collection[CaseRespondent]) -> set[str]:
    found = {word(case.number)} if case.number else set()
    for each in respondents:
        found |= starts(each.person.name if each.person else each.described)
    return found


def _renew_words(read: _Read) -> None:
    by_case: dict[int, list[CaseRespondent]] = {pk: [] for pk in read.cases}
    for each in read.standing:
        by_case[each.case_id].append(each)
    wanted = {(pk, text) for pk, some in by_case.items() for text in _words_of(read.cases[pk], some)}
    there = {
        (pk, text): key
        for key, pk, text in CaseWord.objects.filter(case__in=read.cases).values_list("pk", "case", "word")
    }
    if stale := [key for pair, key in there.items() if pair not in wanted]:
        CaseWord.objects.filter(pk__in=stale).delete()
    if new := sorted(wanted - there.keys()):
        masses.insert_objects([CaseWord(case_id=pk, word=text) for pk, text in new])
