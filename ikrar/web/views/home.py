"""What somebody signed in sees first: what waits for them now; and their inbox."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ikrar.domain.access import Role, Scope
from ikrar.domain.days import WIB
from ikrar.domain.pacts import State
from ikrar.records.models import Activity, Agency, Body, PactRound, Placement, RosterImport, WorkUnit
from ikrar.services import (
    attendance,
    case_board,
    case_desk,
    case_warnings,
    case_watching,
    circulars,
    clock,
    coverage,
    guidance,
    keysets,
    notices,
    pacts,
    papers,
    report_news,
    sheets,
)
from ikrar.services import desk as desks
from ikrar.services import duties as duties_of
from ikrar.web.access import grants_for, may, scope
from ikrar.web.views.desk import lines_of

_MESSAGES_A_PAGE = 100


@require_safe
@may("account.own")
def home(request: HttpRequest) -> HttpResponse:
    """Show what must be done now, by role."""
    today = clock.today()
    duties = pacts.of_person(request.user.person_id) if request.user.person_id else []
    # In a demo, whose day may be set back, there is nothing that is issued later.
    duties = [each for each in duties if not (each[0].pact_round.issued_on and each[0].pact_round.issued_on > today)]
    waiting = [
        duty
        for duty, state, valid in duties
        if not valid
        and state in (State.ISSUED, State.OPENED, State.SIGNED, State.WITNESSED)
        and duty.pact_round.state == PactRound.State.ISSUED
    ]
    manages = scope(request, "pact.manage")
    context = {
        "waiting": waiting,
        "done": [duty for duty, _, valid in duties if valid],
        "unread": circulars.waiting_for(request.user.person_id, today)[:6] if request.user.person_id else (),
        "imports": RosterImport.objects.filter(
            agency__in=manages.agencies, state__in=("previewed", "reading", "applying", "undoing", "received")
        ).select_related("agency"),
        "invitations": attendance.waiting_for(request.user.person_id, today)[:6] if request.user.person_id else (),
        "running": _running(request),
        "inquiries": guidance.waiting(scope(request, "opinion.write")).count(),
        "key_places": _key_places(request),
        "reports_waiting": report_news.unread(request.user, scope(request, keysets.PERMISSION).bodies),
        "papers": papers.of_user(request.user) if scope(request, "certificate.bundle") else (),
        "programmes": _programmes(manages),
        "warned": _warned(request, today),
        "referrals_waiting": _referrals_waiting(request),
        "desk_waiting": _desk_waiting(request),
        "cases_waiting": _cases_waiting(request),
        "tasks": duties_of.of_user(request.user) if request.user.person_id else None,
        "units": _units(scope(request, "coverage.view"), manages),
        "scans_waiting": _scans_waiting(request),
        "reads_log": bool(scope(request, "log.view")),
        "is_administrator": any(grant.role == Role.ADMINISTRATOR for grant in grants_for(request)),
        "agencies": Agency.objects.count(),
    }
    return render(request, "home.html", context)


def _running(request: HttpRequest) -> Any:
    """Return the activities that somebody runs and that want something of him today."""
    reached = scope(request, "activity.run")
    return attendance.running(Activity.objects.within(reached), clock.today())[:6] if reached else ()


def _key_places(request: HttpRequest) -> list[keysets.Place]:
    """Return the bodies whose report keys want something of somebody who may open their reports."""
    bodies = Body.objects.filter(pk__in=scope(request, keysets.PERMISSION).bodies)
    places = [keysets.place(body, request.user, now=timezone.now()) for body in bodies]
    return [place for place in places if place.waits]


def _warned(request: HttpRequest, today: date) -> case_warnings.Warned | None:
    """Return of what somebody is warned as the superior of people whom nobody summoned or heard in time."""
    agencies = {
        grant.agency
        for grant in grants_for(request)
        if grant.agency is not None and grant.role in (Role.UNIT_HEAD, Role.APPOINTING_AUTHORITY)
    }
    return case_warnings.of_superior(request.user, agencies, today)


def _referrals_waiting(request: HttpRequest) -> int:
    """Return how many referrals wait for the answer of bodies that somebody answers for."""
    bodies = scope(request, "case.monitor").bodies
    return case_watching.waiting(list(Body.objects.filter(pk__in=bodies)), request.user).count() if bodies else 0


def _desk_waiting(request: HttpRequest) -> case_desk.Waiting | None:
    """Return what waits on the desk of decisions of somebody who has one, where anything does."""
    if not scope(request, "case.weigh"):
        return None
    found = case_desk.waiting(request.user, now=timezone.now())
    return found if found.any else None


def _cases_waiting(request: HttpRequest) -> case_board.Mine | None:
    """Return how many cases wait for a step of somebody's, where any do."""
    reached = scope(request, "case.view")
    found = case_board.mine(request.user, reached, now=timezone.now()) if reached else None
    return found if found and found.total else None


def _scans_waiting(request: HttpRequest) -> list[tuple[int, int]]:
    """Return how many pictures of sheets wait for a first and for a second person, where any do."""
    reached = scope(request, "paper.reconcile")
    counted = sheets.waiting(reached.agencies, request.user) if reached.agencies else (0, 0)
    return [counted] if any(counted) else []


# What the cards above the desk tell already.
_HAVE_CARDS = (desks.Kind.SCANS, desks.Kind.SCANS_SECOND)


def _programmes(manages):
    """Return the desk of each agency that somebody runs: what is missing today, and its rounds with their coverage."""
    found = []
    for agency in Agency.objects.filter(pk__in=manages.agencies):
        desk = desks.of_agency(agency)
        found.append(
            {
                "agency": agency, "root": desk.root, "today": desk.today, "is_empty": desk.is_empty,
                "rounds": [(each.pact_round, each.counted) for each in desk.rounds], "lines": lines_of(desk, without=_HAVE_CARDS),
            }
        )  # fmt: skip
    return found


def _units(seen: Scope, manages: Scope) -> list[dict[str, Any]]:
    """Return the units that somebody heads or oversees, but does not run, each with its figures of today."""
    tops = list(WorkUnit.objects.filter(agency__in=seen.agencies - manages.agencies, parent=None))
    for agency, first, _last in sorted(seen.spans):
        if agency not in manages.agencies:
            tops += WorkUnit.objects.filter(agency=agency, position=first)
    found = []
    for unit in tops:
        today = clock.today(unit.agency.zone)
        rounds = [
            (pact_round, coverage.coverage(pact_round, unit, today))
            for pact_round in PactRound.objects.running(today)
            .filter(agencies=unit.agency_id, for_offices=False)
            .select_related("agency")
        ]
        found.append({"unit": unit, "today": today, "rounds": rounds})
    return found


@require_safe
@may("account.own")
def inbox(request: HttpRequest) -> HttpResponse:
    """Show somebody's messages, newest first."""
    found = notices.inbox(request.user)
    here = Placement.objects.current().filter(person=request.user.person_id or 0).select_related("unit__agency").first()
    page = Paginator(found, _MESSAGES_A_PAGE).get_page(request.GET.get("hal"))
    return render(request, "inbox.html", {"page_of": page, "zone": here.unit.agency.zone if here else WIB})


@require_POST
@may("account.own")
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark all messages as read."""
    notices.mark_own_read(request.user, now=timezone.now())
    return redirect("inbox")
