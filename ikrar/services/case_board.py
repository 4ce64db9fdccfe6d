"""The board of cases within somebody's reach: lines of a list, what is due first at the front, by any filter; counts are bounded.

Nobody sees a line of a case in which he has no part: of which he is a respondent, of which a conflict stands, or whose report
leaves him out. He reads neither that there is one line less nor one count.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ikrar.domain import access
from ikrar.domain.access import GIVEN_OVER, Over, Role, Scope
from ikrar.records.kept import fetch
from ikrar.records.models import (
    Agency,
    Case,
    CaseClock,
    CaseConflict,
    CaseLine,
    CaseOfficer,
    CaseReport,
    CaseRespondent,
    CaseWord,
    RoleGrant,
    User,
)
from ikrar.services import accounts, case_clocks, case_desk, case_lines, case_rules, case_steps, clock, rules
from ikrar.services.case_lines import NEVER

PAGE = 50
MOST = 1000
"""So many lines are counted and turned at most; who needs another one narrows the list."""

NAMES = 3
LATE = ("near", "late", "long")
ORDERS = ("clock", "age", "number")
OWNERS = {"authority": Role.APPOINTING_AUTHORITY, "unit": Role.UNIT_HEAD, "supervisor": Role.SUPERVISOR_BODY,
          "national": Role.NATIONAL_BODY}  # fmt: skip
ME = "me"


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of the board; all but `page` and `order` narrow it. Without a state: what has not ended.

    `late`: near (warned of), late (overdue), long (of these, long overdue). `owner`: who has the next step: me, a word of OWNERS,
    or a role. `officer`: to whom it was given. `words`: how a number or a respondent's name begins.
    """

    state: str = ""
    track: str = ""
    late: str = ""
    owner: str = ""
    agency: int | None = None
    officer: int | None = None
    words: str = ""
    order: str = "clock"
    page: int = 1


@dataclass(frozen=True)
class Line:
    """Respondents of a case who stand together. `more`: respondents beside those that are named; `lateness`: near, late, long.

    `rested_days`: how long one of their clocks rests already; None: none does. `by_itself`: the first last day of a clock that
    rests, or that was changed by hand, without that.
    """

    case: int
    key: str
    number: str
    respondents: tuple[str, ...]
    more: int
    agency: str
    unit: str
    state: str
    track: str
    regime: str
    due_on: date | None
    lateness: str
    age_days: int
    owner: str
    rested_days: int | None = None
    by_itself: date | None = None


@dataclass(frozen=True)
class Page:
    """A page of the board. `total` is MOST at most: `is_bounded` where there are more; so is each count by state."""

    lines: Sequence[Line]
    total: int
    page: int
    pages: int
    counts: Mapping[str, int]
    is_bounded: bool = False


# --- what is asked -----------------------------------------------------------------------------------------------


def states() -> tuple[str, ...]:
    """Return the states of all procedures, in their order."""
    return tuple(dict.fromkeys(state for each in rules.book().procedures.values() for state in each.states))


# --- who sees what -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reader:
    """One way in which lines reach somebody, with the roles that he has there. A unit's head has no board: what waits for him
    stands on his desk (see case_desk). `is_aside`: a body that has ways of its own from what it has.
    """

    name: str
    roles: frozenset[Role] = frozenset()
    is_aside: bool = False

    def rows(self) -> QuerySet[CaseLine]:
        return CaseLine.objects.filter(reader=self.name)


def _readers(user: User, scope: Scope, now: datetime) -> list[_Reader]:
    """Return the ways in which lines reach somebody within a scope."""
    roles: dict[tuple[Over, Any], set[Role]] = {}
    for grant in accounts.grants_of(user, now=now):
        over = GIVEN_OVER[grant.role]
        where = {Over.BODY: grant.body, Over.AGENCY: grant.agency}.get(over)
        roles.setdefault((over, where), set()).add(grant.role)

    def held(over: Over, where: Any) -> frozenset[Role]:
        return frozenset(roles.get((over, where), ()))

    if scope.everything:
        return [_Reader(case_lines.ALL, held(Over.INSTALLATION, None))]
    intake = [each for each in scope.bodies if held(Over.BODY, each) == {Role.INTAKE_OFFICER}]
    aside = case_steps.intake_only(intake, now=now)
    bodies = [
        _Reader(case_lines.of_body(each), roles_there, each in aside or Role.NATIONAL_BODY in roles_there)
        for each in sorted(scope.bodies)
        for roles_there in (held(Over.BODY, each),)
    ]
    agencies = [_Reader(case_lines.of_agency(each), held(Over.AGENCY, each)) for each in sorted(scope.agencies)]
    return [*bodies, *agencies]


def out_of(user: User) -> frozenset[int]:
    """Return the cases in which somebody has no part: as case_steps.conflict says it of one, of all at once."""
    same = Q(user=user) | Q(person=user.person_id) if user.person_id else Q(user=user)
    found = set(CaseConflict.objects.filter(same, lifted_at=None).values_list("case", flat=True))
    left_out = CaseReport.objects.filter(report__left_out__key__user=user)
    for case, beside in left_out.values_list("case", "case__tracks"):
        found.update(each for each in (case, beside) if each is not None)
    if user.person_id:
        accused = CaseRespondent.objects.filter(person=user.person_id)
        found.update(accused.exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY).values_list("case", flat=True))
    return frozenset(found)


# --- by what it is filtered --------------------------------------------------------------------------------------

CHOICES = 200


def agencies_in(user: User, scope: Scope, *, now: datetime) -> list[Agency]:
    """Return the agencies of open lines within a scope, by name, CHOICES at most; none where it is one agency anyway."""
    readers = _readers(user, scope, now)
    if not readers or (len(readers) == 1 and readers[0].name == _only_agency(scope)):
        return []
    open_lines = _reached(readers, out_of(user)).filter(ended=0).order_by()
    found = open_lines.values_list("agency", flat=True).distinct()
    return list(Agency.objects.filter(pk__in=[each for each in found if each is not None]).order_by("name")[:CHOICES])


def _only_agency(scope: Scope) -> str:
    return case_lines.of_agency(next(iter(scope.agencies))) if len(scope.agencies) == 1 else ""


def officers_in(scope: Scope, *, now: datetime) -> list[User]:
    """Return who serves a body or an agency within a scope and works on some case, by name, CHOICES at most."""
    here = RoleGrant.objects.at(now).filter(Q(body__in=scope.bodies) | Q(agency__in=scope.agencies))
    works = CaseOfficer.objects.filter(user=OuterRef("pk"), until_at=None)
    rows = User.objects.filter(Exists(works), pk__in=here.values("user")).select_related("person")
    return sorted(rows.order_by("pk")[:CHOICES], key=lambda user: user.display_name)


# --- the list ----------------------------------------------------------------------------------------------------

_ORDER = {"clock": ("due_on", "case"), "age": ("opened_on", "case"), "number": ("number", "case")}
_Row = tuple[Any, ...]


def board(user: User, scope: Scope, wanted: Wanted, *, now: datetime) -> Page:
    """Return a page of the cases that a scope reaches, and how many lines stand in each state of it, whatever else is asked."""
    today = clock.today()
    readers, out = _readers(user, scope, now), out_of(user)
    found = _found(readers, user, wanted, out, today, now)
    total = min(len(found), MOST)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wanted.page), pages)
    on_page = found[(page - 1) * PAGE : min(page * PAGE, MOST)]
    return Page(
        lines=_lines([row[-1] for row in on_page], today), total=total, page=page, pages=pages,
        counts=_counts(readers, out), is_bounded=len(found) > MOST,
    )  # fmt: skip


@dataclass(frozen=True)
class Mine:
    """How many lines wait for a step of somebody's; of these whose last day comes near, and whose has passed. Each MOST at most."""

    total: int = 0
    near: int = 0
    late: int = 0
    is_bounded: bool = False


def mine(user: User, scope: Scope, *, now: datetime) -> Mine:
    """Count the lines of a scope that wait for a step of somebody's, but for what stands on the desk of decisions anyway."""
    today, desk = clock.today(), access.roles_with("case.weigh")
    readers = [replace(each, roles=each.roles - desk) for each in _readers(user, scope, now)]
    readers = [each for each in readers if each.roles]
    if not readers:
        return Mine()
    out, found = out_of(user), {}
    for reader in readers:
        rows = _narrowed(reader, user, Wanted(owner=ME), out, today, now).order_by(*_ORDER["clock"])
        for case, agency, state, due_on, near_on in rows.values_list("case", "agency", "state", "due_on", "near_on")[
            : MOST + 1
        ]:
            found[case, agency, state] = 2 if due_on < today else 1 if near_on <= today else 0
    stages = list(found.values())
    return Mine(min(len(stages), MOST), stages.count(1), stages.count(2), len(stages) > MOST)


def _found(
    readers: Sequence[_Reader], user: User, wanted: Wanted, out: frozenset[int], today: date, now: datetime
) -> list[_Row]:
    """Return the lines that match, in their order, one more than are counted: sort keys first, then their own key."""
    order = _ORDER[wanted.order if wanted.order in _ORDER else "clock"]
    if len(readers) == 1:
        rows = _narrowed(readers[0], user, wanted, out, today, now).order_by(*order)
        return [(pk,) for pk in rows.values_list("pk", flat=True)[: MOST + 1]]
    once: dict[tuple[Any, ...], _Row] = {}
    for reader in readers:
        rows = _narrowed(reader, user, wanted, out, today, now).order_by(*order)
        for row in rows.values_list(*order, "agency", "state", "pk")[: MOST + 1]:
            # Who works at two places may be reached by a line twice.
            once.setdefault(row[1:4], row)
    return sorted(once.values(), key=lambda row: row[:2])[: MOST + 1]


def _narrowed(
    reader: _Reader, user: User, wanted: Wanted, out: frozenset[int], today: date, now: datetime
) -> QuerySet[CaseLine]:
    rows = reader.rows()
    rows = rows.filter(state=wanted.state) if wanted.state else rows.filter(ended=0)
    if out:
        rows = rows.exclude(case__in=out)
    if wanted.track:
        rows = rows.filter(track=wanted.track)
    if wanted.late == "late":
        rows = rows.filter(due_on__lt=today)
    elif wanted.late == "long":
        rows = rows.filter(due_on__lt=today, long_on__lte=today)
    elif wanted.late == "near":
        rows = rows.filter(due_on__gte=today, near_on__lte=today)
    if wanted.agency is not None:
        rows = rows.filter(agency=wanted.agency)
    if wanted.officer is not None:
        rows = rows.filter(case__in=_given_to(wanted.officer))
    if wanted.owner:
        rows = rows.filter(_owned(reader, user, wanted.owner, now))
    if sought := case_lines.word(wanted.words):
        rows = rows.filter(case__in=_beginning(sought))
    return rows


def _given_to(officer: int) -> QuerySet[Any, Any]:
    return CaseOfficer.objects.filter(user=officer, until_at=None).values("case")


def _owned(reader: _Reader, user: User, owner: str, now: datetime) -> Q:
    """Say which lines wait for somebody: of an examiner those that were given to him, of an authority where somebody of the line
    waits for him in this minute (see case_desk.waiting_for_head).
    """
    if owner != ME:
        return Q(owner=str(OWNERS.get(owner, owner)))
    mine = Q(owner__in=sorted(reader.roles - {Role.EXAMINER, Role.APPOINTING_AUTHORITY}))
    # Much is done in the authority's name by its staff: what waits for himself is what stands on his desk as the authority.
    if Role.APPOINTING_AUTHORITY in reader.roles:
        waiting = case_desk.waiting_for_head(user, now=now)
        # Looked up by its case: by its agency, as SQLite would, each line would walk over all that stand in its state.
        here = waiting.annotate(of_agency=F("agency") + 0)
        there = here.filter(case=OuterRef("case"), of_agency=OuterRef("agency"), state=OuterRef("state"))
        mine |= Q(Exists(there))
    # Who takes in reports is named behind a supervisor in every row of his: what he may bring on waits for him too.
    if Role.INTAKE_OFFICER in reader.roles:
        mine |= Q(state__in=sorted(case_lines.states_of(Role.INTAKE_OFFICER)))
    if Role.DRAFTER in reader.roles:
        mine |= Q(owner=Role.APPOINTING_AUTHORITY.value, state__in=case_lines.STAFF_STATES)
    if Role.EXAMINER in reader.roles:
        mine |= Q(owner=Role.EXAMINER.value, case__in=_given_to(user.pk))
    # What another body has waits for that one, but for what was sent here and waits for the answer.
    mine &= Q(here=1) | Q(state__in=sorted(case_rules.answered_states()))
    return mine | Q(here=1, state__in=sorted(case_lines.aside_states(reader.roles))) if reader.is_aside else mine


def _beginning(sought: str) -> QuerySet[Any, Any]:
    """Return the cases that a word begins, in the way in which each database uses its index for it."""
    if connection.vendor == "sqlite":
        return CaseWord.objects.filter(word__gte=sought, word__lt=f"{sought}\U0010ffff").values("case")
    return CaseWord.objects.filter(word__startswith=sought).values("case")


def _counts(readers: Sequence[_Reader], out: frozenset[int]) -> dict[str, int]:
    """Count the lines of each state up to the bound, in one question: each state is a piece of an index."""
    if not readers:
        return {}
    rows = _reached(readers, out).filter(state=_STAND_IN).values("case", "agency")[: MOST + 1]
    sql, values = rows.query.sql_with_params()  # built once: it is the same for every state
    known = states()
    arms = [f"(SELECT COUNT(*) FROM ({sql}) AS t{n})" for n in range(len(known))]  # noqa: S608 - ours, the values are apart
    given = [state if value == _STAND_IN else value for state in known for value in values]
    counted = fetch(f"SELECT {', '.join(arms)}", given)[0]
    return {state: min(n, MOST) for state, n in zip(known, counted, strict=True) if n}


_STAND_IN = "no state"


def _reached(readers: Sequence[_Reader], out: frozenset[int]) -> QuerySet[CaseLine]:
    rows = readers[0].rows()
    for each in readers[1:]:
        rows = rows | each.rows()
    if len(readers) > 1:
        rows = rows.distinct()
    return rows.exclude(case__in=out) if out else rows


def _lines(keys: Sequence[int], today: date) -> list[Line]:
    rows = CaseLine.objects.select_related("case", "agency").in_bulk(keys)
    together: dict[tuple[int, int | None, str], list[CaseRespondent]] = {}
    standing = CaseRespondent.objects.filter(case__in={each.case_id for each in rows.values()}).exclude(
        outcome=CaseRespondent.Outcome.ENTERED_WRONGLY
    )
    for each in standing.select_related("person", "unit").order_by("pk"):
        together.setdefault((each.case_id, each.agency_id, each.state), []).append(each)
    at_agency = case_lines.recommended({each.case_id for each in rows.values() if case_lines.is_of_agency(each.reader)})
    held = _held_up({each.pk for some in together.values() for each in some})
    lines = []
    for row in (rows[key] for key in keys):
        some = together.get((row.case_id, row.agency_id, row.state), [])
        if case_lines.is_of_agency(row.reader):
            some = [each for each in some if each.pk in at_agency]
        lines.append(_line(row, some, [one for each in some for one in held.get(each.pk, ())], today))
    return lines


def _held_up(respondents: Collection[int]) -> dict[int, list[CaseClock]]:
    """Return of respondents the clocks that are not stopped and that rest, or that were changed by hand; no window for a letter."""
    found: dict[int, list[CaseClock]] = {}
    rows = CaseClock.objects.filter(respondent__in=respondents, stopped_on=None)
    for each in rows.only("respondent", "term", "pauses", "extensions", "due_on", "computation"):
        if case_clocks.is_window(each.term):
            continue
        if each.extensions or case_clocks.rests_since(each) or case_clocks.by_itself(each) != each.due_on:
            found.setdefault(each.respondent_id, []).append(each)
    return found


def _line(row: CaseLine, respondents: Sequence[CaseRespondent], held: Sequence[CaseClock], today: date) -> Line:
    case: Case = row.case
    names = [each.person.full_name if each.person else each.described for each in respondents]
    unit = next((each.unit.name for each in respondents if each.unit), "")
    since = min((day for each in held if (day := case_clocks.rests_since(each))), default=None)
    lateness = (
        "long" if row.long_on <= today else "late" if row.due_on < today else "near" if row.near_on <= today else ""
    )
    return Line(
        case=case.pk, key=f"{case.pk:016x}", number=row.number, respondents=tuple(names[:NAMES]), more=len(names[NAMES:]),
        agency=row.agency.name if row.agency else "", unit=unit, state=row.state, track=row.track, regime=case.regime,
        due_on=None if row.due_on == NEVER else row.due_on, lateness=lateness, age_days=(today - row.opened_on).days,
        owner=row.owner, rested_days=max(0, (today - since).days) if since else None,
        by_itself=min(map(case_clocks.by_itself, held), default=None),
    )  # fmt: skip
