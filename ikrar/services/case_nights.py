"""What a night asks of all cases at once: clocks that are to be warned of, overdue or long overdue, and who is told of it.

Each change of a clock's stage is a dated step of its case, so that nothing grows late unseen. A second run changes nothing: a
clock whose stage was set waits for its next day.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection, transaction

from ikrar.domain.access import Role
from ikrar.records.kept import change, fetch
from ikrar.records.models import (
    Agency,
    CaseClock,
    CaseOfficer,
    CaseReferral,
    CaseRespondent,
    CaseStep,
    Holding,
    Office,
    RoleGrant,
    User,
)
from ikrar.records.models.fields import random_key
from ikrar.services import (
    case_clocks,
    case_decisions,
    case_files,
    case_lines,
    case_queue,
    case_steps,
    case_watching,
    clock,
    ledger,
    masses,
    notices,
    units,
)
from ikrar.services.case_clocks import LONG_OVERDUE, OVERDUE, WARNED
from ikrar.services.case_files import NOBODY, Without

STAGES = {WARNED: "warned", OVERDUE: "overdue", LONG_OVERDUE: "long_overdue"}
IDLE = "authority_idle"
# Whoever does not summon or examine is answered for by the direct superior, who is therefore warned too (pp-94-2021 Pasal 28).
SUPERIOR_TOO = (Role.EXAMINER, Role.UNIT_HEAD)


@dataclass(frozen=True)
class Night:
    """What a night changed: clocks counted anew, warned of, overdue and long overdue since; decisions that took effect."""

    recounted: int = 0
    warned: int = 0
    overdue: int = 0
    long_overdue: int = 0
    told: int = 0
    effective: int = 0

    @property
    def is_quiet(self) -> bool:
        """Say whether nothing changed."""
        return not (self.recounted or self.warned or self.overdue or self.long_overdue or self.effective)


class _Turn(NamedTuple):
    """A clock that comes to a new stage this night."""

    clock: int
    case: int
    respondent: int
    kind: str
    term: str
    owner: str
    due_on: date | str  # as the database gives it
    stage: int


def tick_cases(now: datetime) -> Night:
    """Bring all clocks of cases to the stage that today gives, keep a step for each that changed, and tell who must know.

    It goes by sets: a hundred thousand open cases are a handful of statements. Who is told: whoever must act by it in this
    minute; the direct superior also where his summons is late, before he answers for it himself (pp-94-2021 Pasal 28), but never
    one who has no part in the case; and of an authority that stays idle those who may act, as a dated step and not as a
    further instance, since the law knows none.
    """
    recounted = case_clocks.recount_open(now)
    today = clock.today()
    effective = case_decisions.take_effect(today, now)
    case_queue.renew_waiting(now)
    case_queue.renew_unexamined(now)
    with masses.at_length(), transaction.atomic(durable=True):
        case_lines.renew_missing()
        turns = _turn(today)
        if not turns:
            return Night(recounted, effective=effective)
        watching = _watching(_idle(turns), today)
        _keep_steps(turns, watching, today, now)
        _renew_lines()
        told = _tell(turns, watching, today, now)
    found = Counter(each.stage for each in turns)
    return Night(recounted, found[WARNED], found[OVERDUE], found[LONG_OVERDUE], told, effective)


_TURN = (
    "UPDATE records_caseclock SET"
    " stage = CASE WHEN long_on <= %s THEN 3 WHEN late_on <= %s THEN 2 ELSE 1 END,"
    " next_on = CASE WHEN long_on <= %s THEN NULL WHEN late_on <= %s THEN long_on ELSE late_on END"
    " WHERE next_on <= %s AND stopped_on IS NULL RETURNING id, case_id, respondent_id, kind, term, owner, due_on, stage"
)


def _turn(today: date) -> list[_Turn]:
    """Bring the clocks whose day has come to their new stage, in one statement, and return them.

    A clock that a step stopped a moment ago is not among them.
    """
    day = today.isoformat() if connection.vendor == "sqlite" else today
    return [_Turn(*row) for row in fetch(_TURN, [day] * 5)]


def _keep_steps(turns: Sequence[_Turn], watching: Mapping[int, list[int]], today: date, now: datetime) -> None:
    """Write a step for each clock that came to a new stage, under one entry of the log that names them all by their digest."""
    lines = sorted(f"{each.clock:016x} {each.stage}" for each in turns)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    counted = Counter(STAGES[each.stage] for each in turns)
    entry = ledger.append("case.clocks_run", {"on": today.isoformat(), "clocks": digest, **counted}, now=now)
    steps = [(each, f"clock_{STAGES[each.stage]}") for each in turns]
    # An authority that stays idle past the operator's target: those who may act are told, and that is a step of its own.
    steps += [(each, IDLE) for each in turns if each.respondent in watching and _is_late(each)]
    is_text = connection.vendor == "sqlite"
    at = connection.ops.adapt_datetimefield_value(now)
    on = today.isoformat() if is_text else today
    facts = [
        _facts(
            each.term,
            each.kind,
            each.owner,
            each.due_on,
            tuple(watching.get(each.respondent, ())) if step == IDLE else None,
        )
        for each, step in steps
    ]
    masses.insert(
        CaseStep,
        {
            "id": [random_key() for _ in steps],
            "case_id": [each.case for each, _step in steps],
            "respondent_id": [each.respondent for each, _step in steps],
            "step": [step for _each, step in steps],
            "facts": facts,
            "at": [at] * len(steps),
            "on": [on] * len(steps),
            "entry_id": [entry.pk] * len(steps),
            **{name: [""] * len(steps) for name in ("from_state", "to_state", "role", "capacity", "document_digest")},
        },
    )


@lru_cache(maxsize=10_000)
def _facts(term: str, kind: str, owner: str, due_on: date | str, told: tuple[int, ...] | None) -> str:
    """Return what a step of a night keeps; of many clocks it is the same."""
    said: dict[str, Any] = {"term": term, "kind": kind, "owner": owner, "due": str(due_on)}
    if told is not None:
        said["told"] = list(told)  # the bodies that may act
    return json.dumps(said)


def _idle(turns: Sequence[_Turn]) -> list[int]:
    """Return the respondents whose authority stays idle past its target."""
    return [each.respondent for each in turns if _is_late(each)]


def _is_late(turn: _Turn) -> bool:
    return turn.owner == Role.APPOINTING_AUTHORITY and turn.kind == CaseClock.Kind.TARGET and turn.stage >= OVERDUE


def _renew_lines() -> None:
    """Repeat at every respondent how late the latest of his running clocks is, where it says something else."""
    change(_LATEST, ["open"])


_LATEST = (
    "UPDATE records_caserespondent SET stage = latest.stage FROM"
    " (SELECT respondent_id, MAX(stage) AS stage FROM records_caseclock WHERE stopped_on IS NULL AND stage > 0"
    " GROUP BY respondent_id) AS latest"
    " WHERE latest.respondent_id = records_caserespondent.id AND latest.stage <> records_caserespondent.stage AND outcome = %s"
)


# --- who is told -------------------------------------------------------------------------------------------------


def _tell(turns: Sequence[_Turn], watching: Mapping[int, list[int]], today: date, now: datetime) -> int:
    """Tell each who must act, once a night, how many of his cases are due soon, overdue and long overdue.

    A case counts once, at the gravest stage to which a clock of it came for him. What waits for an office is told apart: it stands
    on its holder's desk.
    """
    out = case_files.without({each.case for each in turns})
    told, examiners = 0, _examiners(turns, now)
    # Where nobody of the agency examines it is for whoever assigns to act.
    of_office = [
        each
        for each in turns
        if each.owner == Role.APPOINTING_AUTHORITY or (each.owner == Role.EXAMINER and each.case not in examiners)
    ]
    for counts, alike in _alike(_in_office(of_office, out)).items():
        told += notices.tell(alike, "decisions_due", dict(counts), link="", now=now)
    for counts, alike in _alike(_above(turns, out, today)).items():
        told += notices.tell(alike, "superior_warned", dict(counts), link="", now=now)
    for user, counted in _users(_officers(turns, examiners, out, now)):
        told += notices.tell_accounts([user], "cases_due", counted, link="", now=now)
    for user, counted in _users(_watchers(turns, watching, out, now)):
        told += notices.tell_accounts([user], "authority_idle", counted, link="", now=now)
    return told


Counts = dict[str, int]
# The cases that somebody is told of, each with the gravest stage to which one of its clocks came for him.
_Cases = dict[int, dict[int, int]]


def _alike(people: Mapping[int, Counts]) -> dict[tuple[tuple[str, int], ...], list[int]]:
    found: dict[tuple[tuple[str, int], ...], list[int]] = {}
    for person, counted in people.items():
        found.setdefault(tuple(sorted(counted.items())), []).append(person)
    return found


def _users(accounts: Mapping[int, Counts]) -> list[tuple[User, Counts]]:
    users = User.objects.in_bulk(list(accounts))
    return [(users[key], counted) for key, counted in accounts.items()]


def _note(found: _Cases, key: int, turn: _Turn) -> None:
    cases = found.setdefault(key, {})
    if turn.stage > cases.get(turn.case, 0):
        cases[turn.case] = turn.stage


def _counted(found: _Cases) -> dict[int, Counts]:
    """Return how many cases of each came to each stage."""
    return {
        key: {name: stages[stage] for stage, name in STAGES.items()}
        for key, stages in ((key, Counter(cases.values())) for key, cases in found.items())
    }


def _in_office(turns: Sequence[_Turn], out: Mapping[int, Without]) -> dict[int, Counts]:
    """Return what whoever holds the office that must decide needs to know, by person."""
    found: _Cases = {}
    heads = _heads(turns)
    for turn in turns:
        for person in heads.get(turn.respondent, ()):
            if person not in out.get(turn.case, NOBODY).people:
                _note(found, person, turn)
    return _counted(found)


def _above(turns: Sequence[_Turn], out: Mapping[int, Without], today: date) -> dict[int, Counts]:
    """Return of what the direct superiors are warned, by person: never who has no part in the case or is left out of it."""
    found: _Cases = {}
    late = [each for each in turns if each.owner in SUPERIOR_TOO]
    superiors = _superiors(late, today)
    for turn in late:
        person = superiors.get(turn.respondent)
        if person is not None and person not in out.get(turn.case, NOBODY).people:
            _note(found, person, turn)
    return _counted(found)


def _officers(
    turns: Sequence[_Turn], examiners: "_Examiners", out: Mapping[int, Without], now: datetime
) -> dict[int, Counts]:
    """Return what those who must act for a body, examine, or record for an authority need to know, by account."""
    found: _Cases = {}
    bodies, staff = _of_bodies(turns, now), _staff(turns, now)
    for turn in turns:
        if turn.owner == Role.APPOINTING_AUTHORITY:
            told = staff.get(turn.respondent, [])
        else:
            told = examiners.get(turn.case) or bodies.get((turn.case, turn.owner), [])
        for user, person in told:
            if not out.get(turn.case, NOBODY).has(user, person):
                _note(found, user, turn)
    return _counted(found)


def _staff(turns: Sequence[_Turn], now: datetime) -> dict[int, list[tuple[int, int | None]]]:
    """Return by respondent who drafts, serves and records in the name of his authority, where that is what a clock is about."""
    owned = {each.respondent for each in turns if each.owner == Role.APPOINTING_AUTHORITY}
    rows = CaseRespondent.objects.filter(pk__in=masses.among(owned), state__in=case_lines.STAFF_STATES)
    places = dict(rows.exclude(agency=None).values_list("pk", "agency"))
    grants = RoleGrant.objects.at(now).filter(agency__in=set(places.values()), role=Role.DRAFTER, user__is_active=True)
    serving: dict[int, list[tuple[int, int | None]]] = {}
    for agency, user, person in grants.order_by("pk").values_list("agency", "user", "user__person"):
        serving.setdefault(agency, []).append((user, person))
    return {respondent: serving.get(agency, []) for respondent, agency in places.items()}


def _watching(idle: Sequence[int], today: date) -> dict[int, list[int]]:
    """Return the bodies that are told of each authority that stays idle, by respondent: those with a power over it that day
    (services/case_watching.py), and the one that recommended. An authority that is not here is none of whom anybody is told.
    """
    rows = CaseRespondent.objects.filter(pk__in=masses.among(idle), agency__isnull=False)
    places = {pk: (body, agency) for pk, body, agency in rows.values_list("pk", "body", "agency")}
    agencies = Agency.objects.in_bulk({agency for _body, agency in places.values()})
    watchers = case_watching.watchers(agencies.values(), today)
    return {
        pk: sorted({body, *(each.pk for each in watchers.get(agency, ()))}) for pk, (body, agency) in places.items()
    }


def _watchers(
    turns: Sequence[_Turn], watching: Mapping[int, list[int]], out: Mapping[int, Without], now: datetime
) -> dict[int, Counts]:
    """Return what those who may act on an idle authority are told, by account."""
    bodies = {body for some in watching.values() for body in some}
    serving: dict[int, list[tuple[int, int | None]]] = {}
    grants = RoleGrant.objects.at(now).filter(body__in=bodies, role=Role.NATIONAL_BODY)
    for body, user, person in grants.filter(user__is_active=True).values_list("body", "user", "user__person"):
        serving.setdefault(body, []).append((user, person))
    found: _Cases = {}
    for turn in turns:
        if not _is_late(turn):
            continue
        told = {each for body in watching.get(turn.respondent, ()) for each in serving.get(body, ())}
        for user, person in told:
            if not out.get(turn.case, NOBODY).has(user, person):
                _note(found, user, turn)
    return _counted(found)


def _superiors(turns: Sequence[_Turn], today: date) -> dict[int, int]:
    """Return the direct superior of each respondent."""
    found: dict[int, int] = {}
    of: dict[int, dict[int, list[int]]] = {}
    rows = CaseRespondent.objects.filter(pk__in=masses.among({each.respondent for each in turns}))
    rows = rows.exclude(person=None).exclude(agency=None)
    for respondent, person, agency in rows.values_list("pk", "person", "agency"):
        of.setdefault(agency, {}).setdefault(person, []).append(respondent)
    agencies = Agency.objects.in_bulk(list(of))
    for agency, people in of.items():
        for person, superior in units.superiors(agencies[agency], list(people), today).items():
            found.update(dict.fromkeys(people[person], superior))
    return found


def _heads(turns: Sequence[_Turn]) -> dict[int, list[int]]:
    """Return who holds the office that must decide on each respondent in this minute: of its queue, else the agency's head."""
    rows = CaseRespondent.objects.filter(pk__in=masses.among({each.respondent for each in turns}))
    places = {pk: (office, agency) for pk, office, agency in rows.values_list("pk", "office", "agency")}
    at = clock.instant()
    held = Holding.objects.at(at).exclude(person=None)
    offices = {office for office, _agency in places.values() if office}
    by_office = dict(held.filter(office__in=offices).values_list("office", "person")) if offices else {}
    agencies = {agency for _office, agency in places.values() if agency}
    of_heads = (
        held.filter(office__agency__in=agencies, office__kind=Office.Kind.HEAD_OF_REGION) if agencies else held.none()
    )
    by_agency = dict(of_heads.values_list("office__agency", "person"))
    found = {}
    for pk, (office, agency) in places.items():
        person = by_office.get(office) if office else by_agency.get(agency)
        if person is not None:
            found[pk] = [person]
    return found


_Examiners = dict[int, list[tuple[int, int | None]]]


def _examiners(turns: Sequence[_Turn], now: datetime) -> _Examiners:
    """Return who examines each case: whose role there has not ended."""
    found: dict[int, list[tuple[int, int | None]]] = {}
    asked = {each.case for each in turns if each.owner == Role.EXAMINER}
    rows = CaseOfficer.objects.filter(case_lines.examines(now), case__in=masses.among(asked))
    for case, user, person in rows.order_by("pk").values_list("case", "user", "user__person").distinct():
        found.setdefault(case, []).append((user, person))
    return found


def _of_bodies(turns: Sequence[_Turn], now: datetime) -> dict[tuple[int, str], list[tuple[int, int | None]]]:
    """Return who serves the body that must act in each case, in the role that must: the body that has it, or that it was sent to
    and that has not answered yet. Of one that has no supervisor the national body's officers act, or who takes in reports.
    """
    asked = [each for each in turns if each.owner != Role.APPOINTING_AUTHORITY]
    rows = CaseRespondent.objects.filter(pk__in=masses.among({each.respondent for each in asked}))
    of_case: dict[int, int] = dict(rows.values_list("case", "body"))
    sent = CaseReferral.objects.filter(case__in=masses.among(of_case), state=CaseReferral.State.SENT)
    of_case.update(sent.values_list("case", "to_body"))
    serving: dict[tuple[int, str], list[tuple[int, int | None]]] = {}
    grants = RoleGrant.objects.at(now).filter(body__in=set(of_case.values()), user__is_active=True)
    for body, role, user, person in grants.order_by("pk").values_list("body", "role", "user", "user__person"):
        serving.setdefault((body, role), []).append((user, person))
    return {
        (each.case, each.owner): next(
            (
                found
                for role in (each.owner, *(str(one.value) for one in case_steps.INSTEAD.get(Role(each.owner), ())))
                if (found := serving.get((of_case[each.case], role)))
            ),
            [],
        )
        for each in asked
        if each.case in of_case
    }
