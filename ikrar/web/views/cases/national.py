"""The workbench of the national body and of Home Affairs: what waits with which authority, and what was done about it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ikrar.domain.errors import CaseActRefused, DomainError
from ikrar.records.models import Body, CaseRespondent
from ikrar.services import case_rules, case_steps, case_watching, clock, outside_bodies
from ikrar.services.case_watching import Idle
from ikrar.web import reasons
from ikrar.web.access import may
from ikrar.web.forms.case_referrals import MeasureForm
from ikrar.web.messages import word
from ikrar.web.views.cases import acts, common
from ikrar.web.views.cases.common import key_of

_A_PAGE = 25
_NEWEST = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.monitor")
def national(request: HttpRequest) -> HttpResponse:
    """Show what waits for these bodies and where an authority stays idle; record a measure about one."""
    bodies = list(Body.objects.filter(pk__in=request.scope.bodies).select_related("region").order_by("name"))
    today = clock.today()
    chosen = request.POST.get("matter") if request.method == "POST" else request.GET.get("tindakan")
    matter = case_watching.find(chosen, bodies, request.user, today) if chosen else None
    form = _form(request, matter) if matter is not None and matter.may else None
    if request.method == "POST":
        if form is None and not request.POST.get("reason"):
            messages.error(request, reasons.refusal(CaseActRefused("changed")))
            return redirect("cases-national")
        if form is None:
            form = _overtaken(request)
        elif matter is not None and form.is_valid() and _taken(request, matter, form):
            return redirect("cases-national")
    return render(request, "cases/national.html", _context(request, bodies, today, matter, form), status=_status(form))


def _status(form: MeasureForm | None) -> int:
    return 422 if form is not None and form.errors else 200


def _context(request: HttpRequest, bodies: list[Body], today: Any, matter: Idle | None, form: Any) -> dict[str, Any]:
    standings = case_watching.standings(bodies, today)
    page = Paginator(standings, _A_PAGE).get_page(request.GET.get("hal"))
    idle = Paginator(case_watching.idle(bodies, request.user, today), _A_PAGE).get_page(request.GET.get("diam"))
    elsewhere = Paginator(case_watching.elsewhere(bodies, request.user), _A_PAGE).get_page(request.GET.get("luar"))
    waiting = list(case_watching.waiting(bodies, request.user)[:100])
    return {
        "bodies": [(body, outside_bodies.powers_of(body, today)) for body in bodies], "today": today,
        "standings": page, "page_of": page, "idle": [_line(each) for each in case_watching.lines(idle, bodies, today)],
        "idle_page": idle, "waiting": [(each, key_of(each.case), (today - each.sent_on).days) for each in waiting],
        "measures": [(each, _step(each)) for each in case_watching.measures(bodies, request.user, today)[:_NEWEST]],
        "matter": matter and _line(matter), "form": form, "elsewhere_page": elsewhere,
        "elsewhere": [
            (each, key_of(each.case), common.name_of(each.case), _state(each), (today - each.state_on).days) for each in elsewhere
        ],
    }  # fmt: skip


def _line(each: Idle) -> tuple[Idle, str, list[tuple[Any, str]], str, str, str]:
    each.clock.respondent.case = each.clock.case
    awaited = acts.named(case_rules.procedure(each.clock.case.procedure).targets, each.clock.term)
    waits_for = ", ".join(word("role", role) for role in each.waits_for)
    taken = [(step, _step(step)) for step in each.taken]
    return each, _state(each.clock.respondent), taken, _name(each), awaited, waits_for


def _state(respondent: CaseRespondent) -> str:
    return reasons.label(case_rules.procedure(respondent.case.procedure).states[respondent.state].label)


def _step(step: Any) -> str:
    found = case_rules.procedure(step.case.procedure).steps.get(step.step)
    return reasons.label(found.label) if found else step.step


def _form(request: HttpRequest, matter: Idle) -> MeasureForm:
    steps = case_rules.procedure(matter.clock.case.procedure).steps
    choices = [(step, reasons.label(steps[step].label)) for step in matter.may]
    initial = {"was": matter.clock.respondent.state, "on": case_steps.today_of(matter.clock.case)}
    return MeasureForm(request.POST or None, steps=choices, initial=initial)


def _overtaken(request: HttpRequest) -> MeasureForm:
    """Return what was written about a matter that waits no more, or never did for this reader, refused."""
    known = {id: step for each in case_rules.procedures() for id, step in each.steps.items()}
    choices = [(id, reasons.label(known[id].label)) for id in case_watching.STEPS if id in known]
    form = MeasureForm(request.POST, steps=choices)
    form.add_error(None, reasons.refusal(CaseActRefused("changed")))
    return form


def _taken(request: HttpRequest, matter: Idle, form: MeasureForm) -> bool:
    said = form.cleaned_data
    respondent = CaseRespondent.objects.get(pk=matter.clock.respondent_id)
    try:
        case_watching.measure(
            respondent, said["step"], was=said["was"], reason=said["reason"], on=said["on"], by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except DomainError as error:
        form.add_error(_field_of(error), reasons.refusal(error))
        return False
    says = _("Tindakan tercatat pada perkara %(number)s. Perkaranya tetap pada pejabat yang sama.")
    messages.success(request, says % {"number": _name(matter)})
    return True


def _field_of(error: DomainError) -> str | None:
    if isinstance(error, CaseActRefused):
        return {"target_running": "on", "power": "step", "text": "reason"}.get(error.reason)
    return {"day_in_future": "on", "dates_in_wrong_order": "on", "case_step_refused": "on"}.get(error.code)


def _name(matter: Idle) -> str:
    return common.name_of(matter.clock.case)
