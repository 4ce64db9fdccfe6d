"""The board of cases: a line for each case that somebody has part in, filtered, what is due first in front."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Max, Min, Q, QuerySet

from ikrar.domain.access import Role, Scope
from ikrar.records.models import Case, CaseClock, CaseConflict, CaseOfficer, CaseRespondent, ReportLeftOut, User
from ikrar.services import accounts, case_rules, case_steps, clock

A_PAGE = 50
_MOST_COUNTED = 10_000
Outcome = CaseRespondent.Outcome
_STAGES = {"near": (1,), "late": (2, 3)}
_ORDERS = {"clock": (F("due").asc(nulls_last=True), "pk"), "age": ("opened_on", "pk"), "number": ("number", "pk")}


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of the board; all but `page` are filters that may be left out."""

    state: str = ""
    track: str = ""
    late: str = ""
    owner: str = ""
    agency: int | None = None
    officer: int | None = None
    words: str = ""
    order: str = "clock"
    page: int = 1
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A case on the board: where its respondent stands whose clock ends first, and by when who must act."""

    id: int
    key: str
    number: str
    respondents: tuple[str, ...]
    agency: str
    unit: str
    state: str
    track: str
    due_on: date | None
    lateness: str
    age_days: int
    owner: str


@dataclass(frozen=True)
class Page:
    """A page of the board, with how many there are in all and in each state."""

    lines: Sequence[Line]
    total: int
    page: int
    pages: int
    counts: Mapping[str, int]


def _reached(user: User, scope: Scope) -> QuerySet[CaseRespondent]:
    """Return the open respondents of cases that somebody has part in, and of none from which anything keeps him out."""
    rows = CaseRespondent.objects.filter(outcome=Outcome.OPEN)
    if not scope.everything:
        rows = rows.filter(
            Q(body__in=scope.bodies)
            | Q(case__body__in=scope.bodies)
            | Q(agency__in=scope.agencies, state__in=case_rules.agency_states())
        )
    same = Q(user=user) | Q(person=user.person_id) if user.person_id else Q(user=user)
    rows = rows.exclude(case__in=CaseConflict.objects.filter(same, lifted_at=None).values("case"))
    if user.person_id:
        own = CaseRespondent.objects.filter(person=user.person_id).exclude(outcome=Outcome.ENTERED_WRONGLY)
        rows = rows.exclude(case__in=own.values("case"))
    left_out = ReportLeftOut.objects.filter(key__user=user).values("report")
    return rows.exclude(case__case_reports__report__in=left_out)


def _narrowed(rows: QuerySet[CaseRespondent], user: User, wanted: Wanted, now: datetime) -> QuerySet[CaseRespondent]:
    if wanted.track:
        rows = rows.filter(track=wanted.track)
    if wanted.late in _STAGES:
        rows = rows.filter(stage__in=_STAGES[wanted.late])
    if wanted.agency:
        rows = rows.filter(agency=wanted.agency)
    if wanted.officer:
        given = CaseOfficer.objects.filter(user=wanted.officer, until_at=None)
        rows = rows.filter(case__in=given.values("case"))
    if wanted.owner:
        roles = [each.role for each in accounts.grants_of(user, now=now)] if wanted.owner == "me" else [wanted.owner]
        waiting = CaseClock.objects.filter(stopped_on=None, owner__in=[str(each) for each in roles])
        rows = rows.filter(pk__in=waiting.values("respondent"))
    if words := wanted.words.strip():
        rows = rows.filter(
            Q(case__number__istartswith=words) | Q(person__name__istartswith=words) | Q(described__istartswith=words)
        )
    return rows


def board(user: User, scope: Scope, wanted: Wanted, *, now: datetime) -> Page:
    """Return a page of the cases that somebody reaches."""
    rows = _narrowed(_reached(user, scope), user, wanted, now)
    counts = dict(rows.values("state").annotate(n=Count("case", distinct=True)).values_list("state", "n"))
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    found = Case.objects.filter(pk__in=rows.values("case"))
    still = Q(respondents__outcome=Outcome.OPEN)
    found = found.annotate(due=Min("respondents__due_on", filter=still), stage=Max("respondents__stage", filter=still))
    found = found.order_by(*_ORDERS.get(wanted.order, _ORDERS["clock"]))
    total = found[:_MOST_COUNTED].count()
    pages = max(1, -(-total // A_PAGE))
    page = min(max(1, wanted.page), pages)
    shown = list(found.select_related("agency", "body__agency")[(page - 1) * A_PAGE : page * A_PAGE])
    return Page(_lines(shown, wanted), total, page, pages, counts)


def _lines(shown: Sequence[Case], wanted: Wanted) -> list[Line]:
    standing: dict[int, list[CaseRespondent]] = {}
    rows = CaseRespondent.objects.filter(case__in=shown, outcome=Outcome.OPEN).select_related(
        "person", "unit", "agency"
    )
    for each in rows.order_by(F("due_on").asc(nulls_last=True), "pk"):
        standing.setdefault(each.case_id, []).append(each)
    owners: dict[int, str] = {}
    for clock_row in CaseClock.objects.filter(case__in=shown, stopped_on=None).order_by("due_on", "pk"):
        owners.setdefault(clock_row.case_id, clock_row.owner)
    today = clock.today()
    return [_line(case, standing.get(case.pk, []), owners.get(case.pk, ""), wanted, today) for case in shown]


def _line(case: Case, standing: Sequence[CaseRespondent], owner: str, wanted: Wanted, today: date) -> Line:
    first = next((each for each in standing if each.state == wanted.state), standing[0] if standing else None)
    stage = getattr(case, "stage", 0) or 0
    return Line(
        id=case.pk, key=case_steps.number_of(case), number=case.number,
        respondents=tuple(each.person.full_name if each.person else each.described for each in standing),
        agency=case.agency.name if case.agency else "", unit=first.unit.name if first and first.unit else "",
        state=first.state if first else "", track=case.track, due_on=getattr(case, "due", None),
        lateness="late" if stage >= 2 else "near" if stage == 1 else "",
        age_days=(today - case.opened_on).days, owner=owner,
    )  # fmt: skip


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """Return what an address asks for; what is no word of the board is left out, and told in `ignored`."""
    known = {
        "track": {"discipline", "ethics", "criminal", "referral"}, "late": set(_STAGES), "order": set(_ORDERS),
        "owner": {"me", "unit", "authority", *map(str, Role)},
        "state": {each for row in case_rules.procedures() for each in row.states},
    }  # fmt: skip
    asked: dict[str, str] = {name: query.get(name, "") for name in known}
    ignored = tuple(f"{name}={value}" for name, value in asked.items() if value and value not in known[name])
    kept = {name: value for name, value in asked.items() if value in known[name]}
    numbers = {
        name: int(text)
        for name in ("agency", "officer", "page")
        if (text := query.get(name, "")).isdecimal() and len(text) < 19
    }
    return Wanted(**kept, **numbers, words=query.get("words", "")[:100], ignored=ignored)  # type: ignore[arg-type]
