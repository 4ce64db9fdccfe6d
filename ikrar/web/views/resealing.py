"""Sealing what lies in an inbox to newcomers: the officer's browser does it, in steps; what passes here is ciphertext."""

import base64
import binascii
import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from ikrar.domain.errors import DomainError, KeySetWrong, ReportActRefused
from ikrar.records.models import Body, OfficerKey
from ikrar.services import clock, demo_reports, keysets, report_desk, report_exclusions, reports, resealing
from ikrar.services.resealing import Hand, Resealed, Waiting
from ikrar.web.access import may
from ikrar.web.forms.report_copies import AskAgainForm
from ikrar.web.messages import sentence


def _key(request: HttpRequest, pk: int) -> tuple[Body, OfficerKey | None]:
    """Return a body whose reports I may open, and my key there; another body does not exist for me."""
    body = get_object_or_404(Body.objects.filter(pk__in=request.scope.bodies), pk=pk)
    return body, keysets.own_key(request.user, body)


def _hand(request: HttpRequest, pk: int) -> Hand:
    """Return the key that my browser works with: mine, or the offline key that it proves to have. Raises ReportActRefused."""
    body, key = _key(request, pk)
    if proof := request.POST.get("proof", ""):
        return resealing.safe(request.user, body, proof)
    if key is None:
        raise ReportActRefused("not_yours")
    return key


def _told(waiting: Waiting) -> dict[str, Any]:
    """Return what waits, for the browser."""
    return {
        "numbers": [f"{number:016x}" for number in waiting.numbers],
        "newcomers": [
            {"key": each.reader.holder.key, "name": each.reader.name, "keys": each.keys} for each in waiting.newcomers
        ],
    }


@never_cache
@require_safe
@may("report.open")
def reseal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which holders lack reports that I open, and let my browser seal these to them."""
    body, key = _key(request, pk)
    if key is None:
        return redirect("report-keys")
    now = timezone.now()
    context: dict[str, Any] = {"body": body, "set_of": body, "published": demo_reports.published(request.user, body)}
    try:
        found = keysets.current(body)
        waiting = resealing.waiting(key, now=now)
    except KeySetWrong:
        return render(request, "reports/reseal.html", context | {"broken": True})
    left_out = resealing.left_out(key, now=now)
    newcomers = waiting.newcomers
    shown = _told(waiting) | {
        "wrapped": key.wrapped,
        "recipient": key.recipient,
        "body": body.pk,
        "chain": keysets.links(body),
        "batch": resealing.BATCH,
        "proof": resealing.proof_message(request.user, found, clock.today(reports.zone_of_body(body))).decode()
        if found
        else "",
        "list": reverse("reseal-offline", args=[body.pk]),
        "hand_out": reverse("reseal-hand-out", args=[body.pk]),
        "keep": reverse("reseal-keep", args=[body.pk]),
    }
    context |= {
        "found": found,
        "newcomers": newcomers,
        "count": len(waiting.numbers),
        "unsafe": waiting.unsafe,
        "left_out": left_out,
        "shown": shown,
    }
    return render(request, "reports/reseal.html", context)


@never_cache
@require_POST
@may("report.open")
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let other browsers look at the rules once more by which one officer's browser left a holder out."""
    body, key = _key(request, pk)
    if key is None:
        return redirect("report-keys")
    form = AskAgainForm(request.POST)
    try:
        if not form.is_valid():
            raise ReportActRefused("nothing")
        said = form.cleaned_data
        count = resealing.ask_again(key, said["key"], said["by"], by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        text = ngettext(
            "%(n)s laporan diperiksa lagi oleh peramban yang menyegelkannya kemudian.",
            "%(n)s laporan diperiksa lagi oleh peramban yang menyegelkannya kemudian.",
            count,
        )
        messages.success(request, text % {"n": count})
    return redirect("reseal-reports", body.pk)


@never_cache
@require_POST
@may("report.open")
def offline(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell my browser what the offline key can seal, once it proved to have that key."""
    body, _own = _key(request, pk)
    try:
        found = resealing.safe(request.user, body, request.POST.get("proof", ""))
        return JsonResponse(_told(resealing.waiting(found, now=timezone.now())))
    except DomainError as error:
        return _refused(error)


@never_cache
@require_POST
@may("report.open")
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out some reports, sealed as they lie, for my browser to seal to newcomers; that it got them is kept."""
    _key(request, pk)
    try:
        numbers = [report_desk.read_number(each) for each in request.POST.get("numbers", "").split(",")]
        if len(numbers) > resealing.BATCH:
            raise ReportActRefused("not_yours")
        handed = resealing.hand_out(_hand(request, pk), numbers, by=request.user, now=timezone.now())
    except ValueError:
        return _refused(ReportActRefused("not_yours"))
    except DomainError as error:
        return _refused(error)
    owners: dict[int, dict[int, str]] = {}
    out = []
    for each in handed:
        report = each.report
        if report.body_id not in owners:
            owners[report.body_id] = report_exclusions.owners_of(report.body)
        out.append(
            {
                "number": report_desk.number_of(report),
                "envelopes": [base64.b64encode(one).decode() for one in each.envelopes],
                "content": base64.b64encode(each.content).decode(),
                "content_to": report.content_to,
                "to": each.to,
                "unsafe": each.unsafe,
                "of": report.body_id,
            }
        )
    return JsonResponse({"reports": out, "owners": owners})


@never_cache
@sensitive_post_parameters()
@require_POST
@may("report.open")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the envelopes that my browser made."""
    _key(request, pk)
    try:
        made = _made(request.POST.get("sealed", ""))
        count = resealing.keep(
            _hand(request, pk), made, key_set=request.POST.get("key_set", ""), by=request.user, now=timezone.now()
        )
    except DomainError as error:
        return _refused(error)
    return JsonResponse({"kept": count})


def _made(text: str) -> list[Resealed]:
    try:
        rows = json.loads(text)
        made = [
            Resealed(
                report_desk.read_number(number), tuple(to), base64.b64decode(sealed, validate=True), tuple(left_out)
            )
            for number, to, sealed, left_out in rows
        ]
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise ReportActRefused("recipients") from None
    if not all(type(key) is int for each in made for key in (*each.to, *each.left_out)):
        raise ReportActRefused("recipients")
    return made


def _refused(error: DomainError) -> JsonResponse:
    return JsonResponse({"says": sentence(error)}, status=422)
