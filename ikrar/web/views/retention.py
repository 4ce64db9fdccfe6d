"""How long reports are kept, at the officers' desk: terms of a body, what ends soon, and what is held beyond its term."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import DomainError
from ikrar.records.models import Body, Report
from ikrar.services import report_desk, retention
from ikrar.services.report_desk import Seen
from ikrar.web.access import may
from ikrar.web.forms.retention import HoldForm, TermForm
from ikrar.web.messages import sentence


def _seen(request: HttpRequest, number: str) -> Seen:
    """Return a report that my own key opens; any other does not exist for me."""
    try:
        return report_desk.seen(request.user, request.scope.bodies, report_desk.read_number(number))
    except (Report.DoesNotExist, ValueError):
        raise Http404 from None


@never_cache
@require_safe
@may("report.open")
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is erased within a month of what my own keys open."""
    bodies = Body.objects.filter(pk__in=request.scope.bodies).select_related("agency", "region").order_by("name", "pk")
    places = [(body, retention.ending(request.user, body)) for body in bodies]
    return render(request, "reports/retention.html", {"places": places})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the terms of a body, and change one."""
    body = get_object_or_404(Body.objects.filter(pk__in=request.scope.bodies), pk=pk)
    form = TermForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            retention.set_term(body, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Masa simpan diubah. Pemegang kunci lain diberi tahu."))
            return redirect("retention-terms", body.pk)
        except DomainError as error:
            form.add_error("days", sentence(error))
    context = {"body": body, "lines": retention.lines(body), "form": form}
    return render(request, "reports/retention_terms.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Keep a report beyond its term, until a day."""
    found = _seen(request, number).report
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            retention.hold(found, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Penghapusan laporan ini ditahan."))
            return redirect("sealed-report", number)
        except DomainError as error:
            form.add_error("until_on", sentence(error))
    context = {"form": form, "number": number, "kept": retention.keeping(found)}
    return render(request, "reports/hold.html", context, status=422 if form.errors else 200)


@require_POST
@may("report.open")
def end_hold(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """End a hold that my body set."""
    found = _seen(request, number)
    try:
        retention.end_hold(found.report, pk, body=found.key.body_id, by=request.user, now=timezone.now())
        messages.success(request, _("Laporan ini tidak lagi ditahan; masa simpannya berlaku."))
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("sealed-report", number)
