"""Lines of the board: what cases, respondents, clocks and referrals say, repeated once for each whom a case reaches.

They are written in the transaction of the act that changed a case, and hold days instead of how late something is: no night has
to touch them. Nothing here decides; a line that were lost would be made anew from the rows that it repeats.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from ikrar.domain import access
from ikrar.domain import cases as domain
from ikrar.domain.access import Role
from ikrar.records.kept import KeptQuery
from ikrar.records.models import (
    Case,
    CaseAllegation,
    CaseClock,
    CaseLine,
    CaseOfficer,
    CaseReferral,
    CaseRespondent,
    CaseStep,
    CaseWord,
)
from ikrar.services import clock, masses, rules

NEVER = date(9999, 12, 31)
"""The day of a clock that does not run: it stands behind all others."""

ALL = "all"
STAFF_STATES = ("proposed", "decided", "effective", "objected", "appealed", "restoring")
"""Where the staff of an agency have something to do in the name of its authority: to draft, record, serve, carry out."""
HEADS_STATES = ("effective", "objected", "appealed", "restoring")
"""Those of them in which the head of an agency without such staff does it himself: serving and drafting is never his."""
_STARTS = 4  # words of a name from which it is found
_LONGEST_WORD = 80
_Outcome = CaseRespondent.Outcome


def of_body(body: int) -> str:
    """Return how a line names a body that it reaches."""
    return f"body:{body}"


def of_agency(agency: int) -> str:
    """Return how a line names an agency that it reaches."""
    return f"agency:{agency}"


def is_of_agency(reader: str) -> bool:
    """Say whether a line is one that reaches an agency: it tells of those alone who were recommended to it."""
    return reader.startswith("agency:")


def recommended(cases: Collection[int]) -> frozenset[int]:
    """Return the respondents of these cases who were recommended to their authority."""
    if not cases:
        return frozenset()
    rows = CaseStep.objects.filter(case__in=cases, step="recommend", respondent__isnull=False)
    return frozenset(rows.values_list("respondent", flat=True))


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
    here: int
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
def _owners(book: str, procedure: str, state: str, *, is_heavy: bool = False) -> tuple[Role, ...]:
    """Return the roles that have the next step from a state, by the shortest way to an answer; `book` is its digest."""
    found = rules.book().procedures.get(procedure)
    step = domain.next_step(found, state, ("heavy",) if is_heavy else ()) if found else None
    return step.who if step else ()


def owners_of(procedure: str, state: str, *, is_heavy: bool = False) -> tuple[Role, ...]:
    """Return the roles that may take the next step from a state; none where it ended or the procedure is not known here.

    `is_heavy`: where a severe penalty threatens (see heavy).
    """
    return _owners(rules.book().digest, procedure, state, is_heavy=is_heavy)


def owner_of(procedure: str, state: str, *, is_heavy: bool = False) -> str:
    """Return the role that has the next step from a state: the first that may take it; empty: none."""
    return _first(owners_of(procedure, state, is_heavy=is_heavy))


def _first(roles: Sequence[Role]) -> str:
    return str(roles[0].value) if roles else ""


def heavy(case: int) -> frozenset[int]:
    """Return the respondents of a case whom a severe penalty threatens."""
    return frozenset(respondent for (respondent,) in _THREATENED.rows(case=case))


def is_threatened() -> Exists:
    """Say of respondents whether a severe penalty threatens them (see heavy)."""
    return Exists(_SEVERE.filter(respondent=OuterRef("pk")))


def is_given(now: datetime) -> Exists:
    """Say of rows with a case and an agency whether the case is with somebody who examines for that agency."""
    return Exists(CaseOfficer.objects.filter(_examines(OuterRef("agency"), now), case=OuterRef("case")))


def _examines(agency: Any, now: datetime) -> Q:
    """Say of those who work on cases who examines for an agency, which takes a role there that has not ended."""
    return Q(examines(now), user__grants__agency=agency)


def examines(now: datetime) -> Q:
    """Say of those who work on cases who examines, which takes a role that has not ended."""
    return Q(
        Q(user__grants__until_at=None) | Q(user__grants__until_at__gt=now), until_at=None, user__is_active=True,
        duty__in=(CaseOfficer.Duty.EXAMINER, CaseOfficer.Duty.TEAM), user__grants__from_at__lte=now,
        user__grants__role__in=sorted(map(str, access.roles_with("case.examine"))),
    )  # fmt: skip


def misnamed(now: datetime) -> list[int]:
    """Return the cases of which a line names an examiner where nobody of the agency examines any more, or whoever assigns where
    somebody does again: roles end and are given without a word to their cases.
    """
    lines = CaseLine.objects.filter(reader=ALL, ended=0, agency__isnull=False)
    named = lines.filter(owner=Role.EXAMINER.value).exclude(is_given(now))
    # Of these states the authority has no turn of its own, whatever threatens.
    of_examiners = sorted(own_states_of(Role.EXAMINER, is_heavy=True))
    again = lines.filter(is_given(now), owner=Role.APPOINTING_AUTHORITY.value, state__in=of_examiners)
    return sorted({*named.values_list("case", flat=True), *again.values_list("case", flat=True)})


def states_of(role: Role) -> frozenset[str]:
    """Return the states from which a role may take the next step as another one may that is named before it."""
    return _states_of(rules.book().digest, role)


@lru_cache(maxsize=100)
def _states_of(book: str, role: Role) -> frozenset[str]:
    return frozenset(
        state
        for each in rules.book().procedures.values()
        for state in each.states
        if role in _owners(book, each.id, state)[1:]
    )


class Turn(NamedTuple):
    """Whose turn it is where some of an agency stand; `names_examiners`: an examiner's turn has come, and the case was given to
    nobody of the agency, so that who assigns is the one to act.
    """

    roles: tuple[Role, ...] = ()
    names_examiners: bool = False


def turn(case: int, procedure: str, state: str, agency: int | None, *, is_heavy: bool = False) -> Turn:
    """Return whose turn it is where some of an agency stand in a state."""
    owners = owners_of(procedure, state, is_heavy=is_heavy)
    if (
        agency is None
        or owners[:1] != (Role.EXAMINER,)
        or _EXAMINERS.rows(case=case, agency=agency, when_at=clock.now())
    ):
        return Turn(owners)
    return Turn((Role.APPOINTING_AUTHORITY,), names_examiners=True)


def own_states_of(role: Role, *, is_heavy: bool = False) -> frozenset[str]:
    """Return the states from which a role has the next step, as the first that may take it (see owners_of)."""
    return _own_states_of(rules.book().digest, role, is_heavy=is_heavy)


@lru_cache(maxsize=100)
def _own_states_of(book: str, role: Role, *, is_heavy: bool) -> frozenset[str]:
    return frozenset(
        state
        for each in rules.book().procedures.values()
        for state in each.states
        if role in _owners(book, each.id, state, is_heavy=is_heavy)[:1]
    )


def aside_states(roles: frozenset[Role]) -> frozenset[str]:
    """Return the states from which these roles go a way aside of the main one, on which another role has the next step."""
    return _aside_states(rules.book().digest, roles)


@lru_cache(maxsize=100)
def _aside_states(book: str, roles: frozenset[Role]) -> frozenset[str]:
    return frozenset(
        state
        for each in rules.book().procedures.values()
        for step in each.steps.values()
        # What an authority may do by itself is no way of bodies.
        if step.is_aside and Role.APPOINTING_AUTHORITY not in step.who and not roles.isdisjoint(step.who)
        for state in step.from_states
        if roles.isdisjoint(_owners(book, each.id, state)[:1])
    )


# --- written -----------------------------------------------------------------------------------------------------


def renew(cases: Iterable[int], *, words: bool = True) -> None:
    """Make the lines of cases say what their rows say, in the caller's transaction, which holds them.

    What is so already stays untouched. `words`: also by what they are found, which no step changes.
    """
    for case in sorted(set(cases)):
        _renew(case, words=words)


def renew_missing() -> int:
    """Make the lines of cases that have none, in the caller's transaction; return of how many."""
    standing = CaseRespondent.objects.filter(case=OuterRef("pk")).exclude(outcome=_Outcome.ENTERED_WRONGLY)
    rows = Case.objects.filter(Exists(standing), ~Exists(CaseLine.objects.filter(case=OuterRef("pk"))))
    found = list(rows.values_list("pk", flat=True))
    renew(found)
    return len(found)


_RESPONDENTS = KeptQuery(
    lambda case: CaseRespondent.objects.filter(case=case).order_by("pk").values_list(
        "pk", "agency", "state", "outcome", "due_on", "stage", "described", "person__name", "case__body", "case__handler",
        "case__procedure", "case__track", "case__number", "case__opened_on",
    ),
    "case",
)  # fmt: skip
_ANSWERED = KeptQuery(
    lambda case: CaseReferral.objects.filter(case=case, state__in=("accepted", "returned")).values_list(
        "from_body", "to_body"
    ),
    "case",
)
_SEVERE = CaseAllegation.objects.filter(struck_at=None, level__in=domain.HEAVY, kind=F("respondent__track"))
_THREATENED = KeptQuery(lambda case: _SEVERE.filter(respondent__case=case).values_list("respondent"), "case")
_RECOMMENDED = KeptQuery(
    lambda case: CaseStep.objects.filter(case=case, step="recommend", respondent__isnull=False).values_list(
        "respondent"
    ),
    "case",
)
_EXAMINERS = KeptQuery(
    lambda case, agency, when_at: CaseOfficer.objects.filter(_examines(agency, when_at), case=case).values_list("pk"),
    "case",
    "agency",
    "when_at",
)
# A clock that rests has no next day, nor has one at its last stage, nor a window for a letter, by which nobody is late.
_CLOCKS = KeptQuery(
    lambda case: CaseClock.objects.filter(
        Q(next_on__isnull=False) | Q(stage=3), case=case, stopped_on=None
    ).values_list("respondent", "due_on", "warn_on", "long_on", "stage"),
    "case",
)
_LINES = KeptQuery(lambda case: CaseLine.objects.filter(case=case).values_list("pk", *_Kept._fields), "case")
_WORDS = KeptQuery(lambda case: CaseWord.objects.filter(case=case).values_list("pk", "word"), "case")


def _days(case: int) -> dict[int, _Days]:
    """Return for each respondent when the first of his running clocks is due, warned of and long overdue, and how late one is."""
    found: dict[int, _Days] = {}
    for respondent, due_on, near_on, long_on, stage in _CLOCKS.rows(case=case):
        before = found.get(respondent, _Days())
        found[respondent] = _Days(
            min(before.due_on, due_on), min(before.near_on, near_on), min(before.long_on, long_on), max(before.stage, stage)
        )  # fmt: skip
    return found


def _renew(case: int, *, words: bool) -> None:
    respondents, days = _RESPONDENTS.rows(case=case), _days(case)
    _renew_respondents(respondents, days)
    standing = [each for each in respondents if each.outcome != _Outcome.ENTERED_WRONGLY]
    kept = {each.key: each for each in _kept(case, standing, days)}
    stale = []
    for pk, *values in _LINES.rows(case=case):
        line = _Kept(*values)
        if kept.get(line.key) == line:
            del kept[line.key]
        else:
            stale.append(pk)
    if stale:
        CaseLine.objects.filter(pk__in=stale).delete()
    made = []
    for each in kept.values():
        told = each._asdict()
        made.append(CaseLine(case_id=told.pop("case"), agency_id=told.pop("agency"), **told))
    masses.insert_objects(made)
    if words:
        _renew_words(case, respondents[0].case_number if respondents else "", standing)


def _renew_respondents(respondents: Sequence[Any], days: Mapping[int, _Days]) -> None:
    """Repeat at respondents what their clocks say: the day that comes first, and how late the latest is."""
    for each in respondents:
        of_his = days.get(each.pk, _Days())
        due_on = None if of_his.due_on == NEVER else of_his.due_on
        if (each.due_on, each.stage) != (due_on, of_his.stage):
            CaseRespondent.objects.filter(pk=each.pk).update(due_on=due_on, stage=of_his.stage)


def _kept(case: int, standing: Sequence[Any], days_of: Mapping[int, _Days]) -> Iterator[_Kept]:
    """Return what the lines of a case must say: one for those who stand together, for each whom it reaches."""
    together: dict[tuple[int | None, str], list[Any]] = {}
    for each in standing:
        together.setdefault((each.agency, each.state), []).append(each)
    if not together:
        return
    has_it = standing[0].case_handler or standing[0].case_body
    bodies = {standing[0].case_body, has_it}
    bodies.update(body for pair in _ANSWERED.rows(case=case) for body in pair)
    elsewhere = {of_body(each) for each in bodies if each != has_it}
    at_agency = {each for (each,) in _RECOMMENDED.rows(case=case)}
    threatened = _threatened(case, standing[0].case_procedure, {state for _agency, state in together})
    for (agency, state), some in together.items():
        lines = [(reader, some) for reader in (ALL, *map(of_body, sorted(bodies)))]
        if agency is not None and (own := [each for each in some if each.pk in at_agency]):
            lines.append((of_agency(agency), own))  # of those who were recommended to it, and of no other
        first = some[0]
        for reader, those in lines:
            going_on = [each for each in those if each.outcome == _Outcome.OPEN]
            # A line has one owner: where some wait for a team and some do not, that of the others; the team is on a desk anyway.
            is_heavy = bool(threatened) and all(each.pk in threatened for each in going_on)
            days = [days_of.get(each.pk, _Days()) for each in those]
            yield _Kept(
                case, reader, agency, state, int(not going_on), int(reader not in elsewhere),
                first.case_track, first.case_number, first.case_opened_on,
                _first(turn(case, first.case_procedure, state, agency, is_heavy=is_heavy).roles if going_on else ()),
                min(each.due_on for each in days), min(each.near_on for each in days), min(each.long_on for each in days),
            )  # fmt: skip


def _threatened(case: int, procedure: str, states: Iterable[str]) -> frozenset[int]:
    """Return whom a severe penalty threatens, where that says who has the next step from one of these states."""
    asked = any(owner_of(procedure, each, is_heavy=True) != owner_of(procedure, each) for each in states)
    return heavy(case) if asked else frozenset()


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


def _renew_words(case: int, number: str, standing: Sequence[Any]) -> None:
    wanted = {word(number)} if number else set()
    for each in standing:
        wanted |= starts(each.person_name or each.described)
    there = {text: key for key, text in _WORDS.rows(case=case)}
    if stale := [key for text, key in there.items() if text not in wanted]:
        CaseWord.objects.filter(pk__in=stale).delete()
    masses.insert_objects([CaseWord(case_id=case, word=text) for text in sorted(wanted - there.keys())])
