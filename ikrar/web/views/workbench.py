"""The workbench of intake: the list of the inbox beside the report that is open. The browser opens, this page hands out lists."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from ikrar.domain import conclusions, report_states
from ikrar.domain.assessment import covered_days
from ikrar.domain.errors import ConclusionDoubted, DomainError
from ikrar.services import clock, demo_reports, report_copies, report_doubles, rules, workbench
from ikrar.web.access import may, scope
from ikrar.web.forms.reports import ConclusionForm
from ikrar.web.messages import WORDS, sentence
from ikrar.web.views import reports


@never_cache
@require_safe
@may("report.open")
def bench(request: HttpRequest) -> HttpResponse:
    """Show the list of my inbox; a script opens reports beside it, and asks here for the list alone to have another."""
    context = reports.listed(request, request.GET)
    numbers = [line.report.pk for line in context["page_of"].lines]
    context["sizes"] = report_doubles.matter_sizes(request.user, numbers)
    if request.headers.get("Ikrar-Part") == "list":
        part = render(request, "reports/_bench_list.html", context)
        patch_vary_headers(part, ["Ikrar-Part"])
        return part
    keys = context["own_keys"]
    context |= {
        "shown": {
            "keys": [{"wrapped": key.wrapped, "recipient": key.recipient} for key in keys],
            "conclusions": _conclusions(),
            "handed": {way: str(words) for way, words in WORDS["conclusion_handed"].items() if way},
            "states": {state: str(words) for state, words in WORDS["report_state"].items()},
        },
        "first_day": covered_days(rules.book())[0],
        "today": clock.today(),
        "published": demo_reports.published(request.user, keys[0].body) if keys else None,
        "known_bodies": report_copies.known_bodies(request.scope.bodies),
        "may_register": scope(request, "case.register").bodies,
    }
    page = render(request, "reports/bench.html", context)
    page.plays_opened = True
    return page


def _conclusions() -> dict[str, Any]:
    """Return what may be concluded: each with the states that it follows, its reasons, and what the reporter reads of it."""
    return {
        to: {
            "label": str(WORDS["conclusion"][to]),
            "from": report_states.before(to),
            "reasons": [
                {
                    "id": reason,
                    "label": str(WORDS["conclusion_reason"][f"{to}:{reason}"]),
                    "told": str(WORDS["conclusion_told"][f"{to}:{reason}"]),
                }
                for reason in reasons
            ],
        }
        for to, reasons in conclusions.REASONS.items()
    }


@never_cache
@require_safe
@may("report.open")
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Show one report as the workbench puts it in place."""
    found = reports.seen_by(request, number)
    return render(request, "reports/_bench_report.html", reports.shown_of(request, found))


@never_cache
@sensitive_post_parameters()
@require_POST
@may("report.open")
def conclude(request: HttpRequest) -> HttpResponse:
    """Conclude the reports that I name, and say of each that was refused why."""
    form = ConclusionForm(request.POST)
    if not form.is_valid():
        says = " ".join(str(each) for errors in form.errors.values() for each in errors)
        return JsonResponse({"says": says}, status=422)
    asked = form.cleaned_data
    made = workbench.conclude(
        request.user, request.scope.bodies, asked["reports"], to=asked["to"], reason=asked["reason"], handed=form.handed,
        sure=asked["sure"].split(), now=timezone.now(),
    )  # fmt: skip
    count = len(made.done)
    done = ngettext("%(n)d laporan: %(to)s.", "%(n)d laporan: %(to)s.", count) % {
        "n": count,
        "to": str(WORDS["report_state"][asked["to"]]),
    }
    refused = ngettext("%(n)d ditolak.", "%(n)d ditolak.", len(made.refused)) % {"n": len(made.refused)}
    return JsonResponse(
        {
            "done": [f"{number:016x}" for number in made.done],
            "refused": [
                {"number": f"{number:016x}", "says": sentence(error), "doubt": _doubt(error)}
                for number, error in made.refused.items()
            ],
            "says": f"{done} {refused}" if made.refused else done,
        }
    )


def _doubt(error: DomainError) -> str:
    """Return the doubt that its officer may overrule, being sure; empty: there is none."""
    return error.doubt if isinstance(error, ConclusionDoubted) and error.doubt != "named" else ""
