"""Many reports at once: choose them in the inbox, see what was chosen, set them aside with a reason or bring them back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ikrar.domain.errors import DomainError
from ikrar.records.models import ReportTriage
from ikrar.services import report_triage, tasks
from ikrar.web.access import may
from ikrar.web.messages import choices, sentence
from ikrar.web.views.reports import inbox_form, show_inbox

_HEX_DIGITS = 16


def _mine(request: HttpRequest, pk: int) -> ReportTriage:
    """Return a choice of my own, in a body whose reports I may open; any other does not exist for me."""
    own = ReportTriage.objects.filter(by=request.user, body__in=request.scope.bodies).select_related("body", "by")
    return get_object_or_404(own, pk=pk)


@never_cache
@require_POST
@may("report.open")
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what was ticked in the inbox, or all that its filters match, and show it before anything is done with it."""
    filters = QueryDict(request.POST.get("filters", "")[:2_000])
    act = "restore" if request.POST.get("act") == "restore" else "set_aside"
    common = {"user": request.user, "bodies": request.scope.bodies, "act": act, "now": timezone.now()}
    try:
        if request.POST.get("which") == "matching":
            made = report_triage.choose_matching(wanted=inbox_form(request, filters).wanted, **common)
        else:
            which = "on_page" if request.POST.get("which") == "page" else "report"
            numbers = [_number(each) for each in request.POST.getlist(which)]
            made = report_triage.choose(numbers=[each for each in numbers if each is not None], **common)
    except DomainError as error:
        return show_inbox(request, filters, sentence(error))
    return redirect("triage", made.pk)


def _number(text: str) -> int | None:
    """Read the number of a report; None for what is none."""
    try:
        number = int(text, 16)
    except ValueError:
        return None
    return number if len(text) == _HEX_DIGITS and not number >> 63 else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
def triage(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was chosen, and do it once a reason is given; show how far it is, and what came of it."""
    found = _mine(request, pk)
    says = ""
    if request.method == "POST":
        now = timezone.now()
        try:
            if report_triage.order(found, reason=request.POST.get("reason", ""), now=now):
                report_triage.run(found.pk, now=now)
            else:
                tasks.triage_reports.enqueue(found.pk)
            return redirect("triage", found.pk)
        except DomainError as error:
            says = sentence(error)
            found = _mine(request, pk)
    context = {
        "triage": found,
        "says": says,
        "chosen": report_triage.chosen(found) if found.state == ReportTriage.State.CHOSEN else None,
        "reasons": choices("triage_reason"),
    }
    return render(request, "reports/triage.html", context, status=422 if says else 200)


@never_cache
@require_POST
@may("report.open")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a choice that was not ordered."""
    found = _mine(request, pk)
    try:
        report_triage.drop(found)
        messages.success(request, _("Pilihan itu dilepas. Tidak ada laporan yang berubah."))
    except DomainError as error:
        messages.warning(request, sentence(error))
    return redirect("sealed-reports")


@never_cache
@require_POST
@may("report.open")
def choose_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what was set aside by this, to bring it back."""
    found = _mine(request, pk)
    try:
        made = report_triage.choose_back(found, now=timezone.now())
    except DomainError as error:
        messages.warning(request, sentence(error))
        return redirect("triage", found.pk)
    return redirect("triage", made.pk)
