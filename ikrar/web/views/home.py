"""What somebody signed in sees first: what waits for them now; and their inbox."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ikrar.domain.access import Role, Scope
from ikrar.domain.pacts import State
from ikrar.records.models import Agency, Notice, PactRound, Placement, RosterImport, WorkUnit
from ikrar.services import clock, coverage, guidance, notices, pacts, papers
from ikrar.web.access import grants_for, may, scope


@require_safe
@may("account.own")
def home(request: HttpRequest) -> HttpResponse:
    """Show what must be done now, by role."""
    duties = pacts.of_person(request.user.person_id) if request.user.person_id else []
    waiting = [
        duty
        for duty, state, valid in duties
        if not valid
        and state in (State.ISSUED, State.OPENED, State.SIGNED)
        and duty.pact_round.state == PactRound.State.ISSUED
    ]
    manages = scope(request, "pact.manage")
    context = {
        "waiting": waiting,
        "done": [duty for duty, _, valid in duties if valid],
        "imports": RosterImport.objects.filter(
            agency__in=manages.agencies, state__in=("previewed", "reading", "applying", "received")
        ).select_related("agency"),
        "inquiries": guidance.waiting(scope(request, "opinion.write")).count(),
        "papers": papers.of_user(request.user) if scope(request, "certificate.bundle") else (),
        "programmes": _programmes(manages),
        "units": _units(scope(request, "coverage.view"), manages),
        "reads_log": bool(scope(request, "log.view")),
        "is_administrator": any(grant.role == Role.ADMINISTRATOR for grant in grants_for(request)),
        "agencies": Agency.objects.count(),
    }
    return render(request, "home.html", context)


def _programmes(manages):
    """Return the rounds that somebody runs, with their coverage today and the units without a head."""
    found = []
    for agency in Agency.objects.filter(pk__in=manages.agencies):
        today = clock.today(agency.zone)
        root = agency.units.get(parent=None)
        rounds = [
            (pact_round, coverage.coverage(pact_round, root, today))
            for pact_round in PactRound.objects.filter(agencies=agency, state="issued").select_related("agency")
        ]
        headless = WorkUnit.objects.filter(agency=agency).exclude(parent=None).without_head(today)
        is_empty = not Placement.objects.on(today).of_unit(root).exists()
        found.append(
            {
                "agency": agency, "root": root, "today": today, "rounds": rounds, "headless": headless.count(),
                "is_empty": is_empty,
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
            for pact_round in PactRound.objects.filter(agencies=unit.agency_id, state="issued").select_related("agency")
        ]
        found.append({"unit": unit, "today": today, "rounds": rounds})
    return found


@require_safe
@may("account.own")
def inbox(request: HttpRequest) -> HttpResponse:
    """Show somebody's messages, newest first."""
    found = Notice.objects.filter(person=request.user.person_id) if request.user.person_id else Notice.objects.none()
    return render(request, "inbox.html", {"notices": found[:200]})


@require_POST
@may("account.own")
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark all messages as read."""
    if request.user.person_id:
        notices.mark_read(request.user.person_id, now=timezone.now())
    return redirect("inbox")
