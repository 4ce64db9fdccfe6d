"""Copies of a report for another body: offered here by one side, taken or declined by the other."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import DomainError, ReportActRefused
from ikrar.records.models import Body, ReportCopy
from ikrar.services import demo_reports, intake, keysets, report_copies, report_desk, report_exclusions, reports
from ikrar.services.report_desk import Seen
from ikrar.web.access import may
from ikrar.web.forms.report_copies import AnswerForm, OfferForm, RegionForm
from ikrar.web.messages import sentence
from ikrar.web.views.reports import seen_by


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
def copies(request: HttpRequest, number: str) -> HttpResponse:
    """Offer another body a copy, sealed by my browser; show what became of earlier ones."""
    found = seen_by(request, number)
    if request.method == "POST":
        try:
            copy = _offer(request, found)
        except DomainError as error:
            return _page(request, found, sentence(error))
        said = _("Salinan ditawarkan kepada %(body)s. Isinya terbuka bagi mereka setelah tawaran itu diterima.")
        messages.success(request, said % {"body": copy.to_body.name})
        return redirect("copy-sealed-report", number)
    return _page(request, found)


def _offer(request: HttpRequest, found: Seen) -> ReportCopy:
    form = OfferForm(request.POST)
    if not form.is_valid():
        raise ReportActRefused("recipients")
    body = Body.objects.filter(pk=form.cleaned_data["body"], key_sets__serial=1).first()
    if body is None:
        raise ReportActRefused("recipients")
    said = form.cleaned_data
    return report_copies.offer(
        found, body, said["sealed"], said["to"], key_set=said["key_set"], files=said["files"], by=request.user,
        now=timezone.now(),
    )  # fmt: skip


def _page(request: HttpRequest, found: Seen, says: str = "") -> HttpResponse:
    here = found.report
    now = timezone.now()
    own = reports.region_of(here.body)
    regions = RegionForm(request.GET, regions=intake.regions(), initial=own)
    chosen = regions.cleaned_data["wilayah"] if regions.is_valid() and "wilayah" in request.GET else own
    places = report_copies.places(found, chosen, now=now) if found.is_own else []
    keys = report_exclusions.keys_of([each.user for place in places for each in place.readers])
    content = next((part for part in found.parts if part.kind == "content"), None)
    shown: dict[str, Any] = {
        "wrapped": found.key.wrapped,
        "recipient": found.key.recipient,
        "content_to": here.content_to,
        "content": content.number if content else "",
        "owners": report_exclusions.owners_of(here.body),
        "places": [
            {
                "body": place.body.pk,
                "name": place.body.name,
                "key_set": place.key_set.digest,
                "chain": keysets.links(place.body),
                "holders": [
                    {
                        "key": each.holder.key,
                        "name": each.name,
                        "keys": keys[each.user],
                        "excluded": each.user in place.excluded,
                    }
                    for each in place.readers
                ],
            }
            for place in places
        ],
    }
    context = {
        "found": found,
        "report": here,
        "number": report_desk.number_of(here),
        "says": says,
        "copies": report_copies.of_report(here),
        "places": places,
        "regions": regions if len(intake.regions()) > 1 else None,
        "shown": shown,
        "published": demo_reports.published(request.user, found.key.body),
    }
    return render(request, "reports/copies.html", context, status=422 if says else 200)


@never_cache
@require_POST
@may("report.open")
def take_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take back an offer of mine that nobody answered yet."""
    found = seen_by(request, number)
    if not found.report.copies.filter(pk=pk).exists():
        raise Http404
    try:
        report_copies.take_back(found, pk, by=request.user, now=timezone.now())
    except DomainError as error:
        return _page(request, found, sentence(error))
    messages.success(request, _("Tawaran ditarik. Amplop kuncinya dimusnahkan."))
    return redirect("copy-sealed-report", number)


@never_cache
@require_safe
@may("report.open")
def offers(request: HttpRequest) -> HttpResponse:
    """Show the copies that other bodies offer to my key."""
    found = report_copies.offers(request.user, request.scope.bodies)
    return _offers(request, found)


def _offers(
    request: HttpRequest, found: list[ReportCopy], wrong: tuple[int, AnswerForm] | None = None, says: str = ""
) -> HttpResponse:
    lines = []
    for copy in found:
        form = wrong[1] if wrong and wrong[0] == copy.pk else AnswerForm(auto_id=f"copy-{copy.pk}-%s")
        lines.append((copy, report_desk.number_of(copy.report), form))
    context = {"lines": lines, "says": says}
    return render(request, "reports/offers.html", context, status=422 if wrong or says else 200)


@never_cache
@require_POST
@may("report.open")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a copy that was sealed to my key, or decline it for a reason."""
    try:
        copy = report_copies.offered(request.user, request.scope.bodies, pk)
    except ReportCopy.DoesNotExist:
        raise Http404 from None
    form = AnswerForm(request.POST, auto_id=f"copy-{copy.pk}-%s")
    if not form.is_valid():
        return _offers(request, report_copies.offers(request.user, request.scope.bodies), (copy.pk, form))
    take, reason = form.takes, form.cleaned_data["reason"]
    try:
        report_copies.answer(copy, take=take, reason=reason, by=request.user, now=timezone.now())
    except DomainError as error:
        return _offers(request, report_copies.offers(request.user, request.scope.bodies), says=sentence(error))
    if take:
        messages.success(request, _("Salinan diterima. Bukalah dengan kunci Anda."))
        return redirect("sealed-report", report_desk.number_of(copy.report))
    messages.success(
        request, _("Salinan ditolak. Amplop kuncinya dimusnahkan; badan yang menawarkan membaca alasannya.")
    )
    return redirect("report-copies")
