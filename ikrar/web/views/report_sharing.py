"""Sealing reports to newcomers, and handing copies to other bodies: done in officers' browsers; what passes here is ciphertext."""

import base64
import binascii
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ikrar.domain.errors import DomainError, ReportActRefused
from ikrar.records.models import OfficerKey, Report, ReportCopy
from ikrar.services import demo_reports, keysets, report_desk
from ikrar.services.report_desk import Seen
from ikrar.web.access import may
from ikrar.web.messages import sentence


@never_cache
@require_safe
@may("report.open")
def overview(request: HttpRequest) -> HttpResponse:
    """Tell, body by body, how many reports newcomers cannot open; the officer's browser seals them."""
    now = timezone.now()
    places = []
    for key in report_desk.own_keys(request.user, request.scope.bodies):
        found = keysets.current(key.body)
        readers = keysets.readers(found, now=now) if found else []
        told = {
            "wrapped": key.wrapped,
            "recipient": key.recipient,
            "chain": keysets.links(key.body),
            "names": {each.holder.key: each.name for each in readers},
        }
        places.append(
            (key, report_desk.lacking_count(key, now=now), told, demo_reports.published(request.user, key.body))
        )
    return render(request, "reports/reseal.html", {"places": places})


@never_cache
@require_safe
@may("report.open")
def waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the next reports that newcomers of a body lack, as JSON: number, content part, and whose keys."""
    key = _key(request, pk)
    after = request.GET.get("after", "")
    try:
        start = report_desk.read_number(after) if after else 0
    except ValueError:
        raise Http404 from None
    found = report_desk.lacking(request.user, key, now=timezone.now(), after=start)
    reports = [{"number": each.number, "newcomers": [reader.holder.key for reader in each.newcomers]} for each in found]
    return JsonResponse({"reports": reports})


def _key(request: HttpRequest, pk: int) -> OfficerKey:
    for key in report_desk.own_keys(request.user, request.scope.bodies):
        if key.pk == pk:
            return key
    raise Http404


def _seen(request: HttpRequest, number: str) -> Seen:
    try:
        return report_desk.seen(request.user, request.scope.bodies, report_desk.read_number(number))
    except (ValueError, Report.DoesNotExist):
        raise Http404 from None


def _sealed(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ReportActRefused("recipients") from None


def _list(text: str, kind: type) -> list[Any]:
    try:
        found = json.loads(text[:4000])
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(type(each) is kind for each in found):
        raise ReportActRefused("recipients")
    return found


@never_cache
@require_POST
@may("report.open")
def reseal(request: HttpRequest, number: str) -> HttpResponse:
    """Take an envelope that a browser sealed to newcomers."""
    found = _seen(request, number)
    try:
        sealed, to = _sealed(request.POST.get("sealed", "")), _list(request.POST.get("to", ""), int)
        report_desk.reseal(found, sealed, to, by=request.user, now=timezone.now())
    except DomainError as error:
        return JsonResponse({"says": sentence(error)}, status=422)
    return JsonResponse({"done": True})


@never_cache
@require_POST
@may("report.open")
def offer(request: HttpRequest, number: str) -> HttpResponse:
    """Offer another body a copy that a browser sealed to its holders."""
    found = _seen(request, number)
    body = next((each for each in report_desk.other_bodies(found) if str(each.pk) == request.POST.get("body")), None)
    if body is None:
        messages.error(request, _("Pilih badan yang ditawari salinan."))
        return redirect("sealed-report", number)
    try:
        report_desk.offer_copy(
            found, body, _sealed(request.POST.get("sealed", "")), _list(request.POST.get("to", ""), int),
            _list(request.POST.get("opens", ""), str), by=request.user, now=timezone.now(),
        )  # fmt: skip
        messages.success(
            request, _("Salinan ditawarkan kepada %(body)s. Pelapor melihatnya di kotaknya.") % {"body": body.name}
        )
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("sealed-report", number)


@never_cache
@require_safe
@may("report.open")
def copies(request: HttpRequest) -> HttpResponse:
    """List the copies that other bodies offer to mine and that my key would open."""
    return render(request, "reports/copies.html", {"offers": report_desk.offers(request.user, request.scope.bodies)})


@never_cache
@require_POST
@may("report.open")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a copy, or decline it with a reason."""
    mine = {each.pk for each in report_desk.offers(request.user, request.scope.bodies)}
    copy = ReportCopy.objects.select_related("report__body", "envelope", "to_body").filter(pk=pk).first()
    if copy is None or (pk not in mine and copy.to_body_id not in request.scope.bodies):
        raise Http404
    take = request.POST.get("answer") == "take"
    try:
        report_desk.answer_copy(
            copy, take=take, reason=request.POST.get("reason", ""), by=request.user, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("report-copies")
    if take:
        messages.success(request, _("Salinan diterima. Laporan ini sekarang ada di kotak masuk Anda."))
        return redirect("sealed-report", report_desk.number_of(copy.report))
    messages.success(request, _("Salinan ditolak; segelnya dimusnahkan."))
    return redirect("report-copies")
