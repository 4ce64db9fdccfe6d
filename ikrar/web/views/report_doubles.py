"""Doubles of sealed reports: what browsers compute comes in as keyed prints; officers merge, un-merge and dismiss."""

import base64
import binascii
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from ikrar.domain.errors import DomainError, ReportActRefused
from ikrar.domain.prints import PrintKind
from ikrar.records.models import Body, OfficerKey, Report
from ikrar.services import keysets, report_desk, report_doubles, report_secrets
from ikrar.services.report_desk import number_of
from ikrar.web.access import may
from ikrar.web.messages import sentence, word
from ikrar.web.templatetags.ikrar import day
from ikrar.web.views.reports import number_in, seen_by, show_report

_SHOWN_OF_GROUP = 12


@never_cache
@require_safe
@may("report.open")
def doubles(request: HttpRequest) -> HttpResponse:
    """Show which of the reports that I open may be doubles, and why."""
    return _page(request)


def _page(request: HttpRequest, says: str = "") -> HttpResponse:
    found = report_doubles.pairs(request.user, request.scope.bodies)
    sizes = report_doubles.matter_sizes(
        request.user, [each.pk for group in found.groups for each in group.reports[:_SHOWN_OF_GROUP]]
    )
    groups = [
        {
            "group": group,
            "numbers": group.numbers,
            "shown": [(each, number_of(each), sizes.get(each.pk)) for each in group.reports[:_SHOWN_OF_GROUP]],
            "more": max(0, len(group.reports) - _SHOWN_OF_GROUP),
        }
        for group in found.groups
    ]
    keys = report_desk.own_keys(request.user, request.scope.bodies)
    context = {
        "groups": groups,
        "more": found.more,
        "says": says,
        "several": len(keys) > 1,
        "secrets": [_secret_of(key) for key in keys],
    }
    return render(request, "reports/doubles.html", context, status=422 if says else 200)


def _secret_of(key: OfficerKey) -> dict[str, Any]:
    """Return what my browser needs to make a body's secret anew."""
    shown = {
        "body": key.body_id,
        "secrets": reverse("body-secret", args=[key.body_id]),
        "wrapped": key.wrapped,
        "recipient": key.recipient,
    }
    make = reverse("make-body-secret", args=[key.body_id])
    unopened = report_secrets.unopened(key.body)
    return {"id": f"secret-{key.body_id}", "name": key.body.name, "make": make, "shown": shown, "unopened": unopened}


def _numbers(request: HttpRequest) -> list[int]:
    return [number_in(each) for each in request.POST.getlist("report")]


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    asked = request.POST.get("next", "")
    if asked.startswith("/laporan/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return HttpResponseRedirect(asked)
    return redirect(otherwise)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


@never_cache
@require_POST
@may("report.open")
def merge(request: HttpRequest) -> HttpResponse:
    """Make reports one matter. Each of them keeps its own dialogue, state and terms."""
    try:
        numbers = _numbers(request)
        matter = report_doubles.merge(request.user, request.scope.bodies, numbers, now=timezone.now())
    except Report.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        if _wants_json(request):
            return JsonResponse({"says": sentence(error)}, status=422)
        return _page(request, sentence(error))
    # Some of them may have been of a matter already, whose others come with them.
    size = report_doubles.matter_sizes(request.user, numbers).get(numbers[0], len(set(numbers)))
    if _wants_json(request):
        return JsonResponse({"matter": f"{matter:016x}", "numbers": [f"{each:016x}" for each in numbers], "size": size})
    messages.success(
        request, _("%(n)s laporan kini menjadi satu perkara. Percakapan dan tenggat masing-masing tetap.") % {"n": size}
    )
    return _back(request, "report-doubles")


@never_cache
@require_POST
@may("report.open")
def dismiss(request: HttpRequest) -> HttpResponse:
    """Say that reports are no doubles: they are not suggested together again."""
    try:
        report_doubles.dismiss(request.user, request.scope.bodies, _numbers(request), now=timezone.now())
    except Report.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        if _wants_json(request):
            return JsonResponse({"says": sentence(error)}, status=422)
        return _page(request, sentence(error))
    if _wants_json(request):
        return JsonResponse({"dismissed": True})
    messages.success(request, _("Dicatat: bukan laporan kembar. Tidak diusulkan lagi."))
    return _back(request, "report-doubles")


@never_cache
@require_POST
@may("report.open")
def unmerge(request: HttpRequest, number: str) -> HttpResponse:
    """Take a report out of its matter."""
    found = seen_by(request, number)
    try:
        if not found.is_own:
            raise ReportActRefused("not_yours")
        left = report_doubles.unmerge(request.user, request.scope.bodies, found.report.pk, now=timezone.now())
    except DomainError as error:
        return show_report(request, found, sentence(error))
    said = ngettext(
        "Laporan dipisahkan lagi dari %(n)s laporan lain. Tidak diusulkan lagi sebagai kembarnya.",
        "Laporan dipisahkan lagi dari %(n)s laporan lain. Tidak diusulkan lagi sebagai kembarnya.",
        left,
    )
    messages.success(request, said % {"n": left})
    return _back(request, reverse("sealed-report", args=[number]))


# --- prints ------------------------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_POST
@may("report.open")
def prints(request: HttpRequest, number: str) -> HttpResponse:
    """Take the prints that my browser computed of an opened report, and tell which others that I open have them too."""
    found = seen_by(request, number)
    try:
        version, made = _prints_in(request.POST.get("prints", ""))
        report_doubles.keep_prints(found, made, version=version, by=request.user, now=timezone.now())
    except DomainError as error:
        return JsonResponse({"says": sentence(error)}, status=422)
    equal = report_doubles.matches(found, request.user)
    told = [
        {
            "number": number_of(each.report),
            "short": number_of(each.report)[:6],
            "because": each.because,
            "words": [word("double_because", kind) for kind in each.because],
            "state": word("report_state", each.report.state),
            "state_id": each.report.state,
            "received": str(day(each.report.received_on)),
            "in_matter": each.in_matter,
        }
        for each in equal.first
    ]
    return JsonResponse({"matches": told, "more": equal.more})


def _prints_in(text: str) -> tuple[int, dict[PrintKind, list[bytes]]]:
    """Read {version, kind: [hex, …]}. Raises ReportActRefused."""
    try:
        said = json.loads(text)
        version = said.pop("version")
        made = {PrintKind(kind): [bytes.fromhex(each) for each in values] for kind, values in said.items()}
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise ReportActRefused("secret") from None
    if type(version) is not int or not made:
        raise ReportActRefused("secret")
    return version, made


# --- the secret --------------------------------------------------------------------------------------------------


def _own_key(request: HttpRequest, pk: int) -> OfficerKey:
    """Return my key at a body whose reports I may open; another body does not exist for me."""
    body = get_object_or_404(Body.objects.filter(pk__in=request.scope.bodies), pk=pk)
    key = keysets.own_key(request.user, body)
    if key is None:
        raise Http404
    return key


@never_cache
@require_safe
@may("report.open")
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the envelopes of my body's secret that are sealed to my key, and the chain to check whom to seal it to."""
    key = _own_key(request, pk)
    try:
        found = report_secrets.standing(key, now=timezone.now())
    except DomainError as error:
        return JsonResponse({"says": sentence(error)}, status=422)
    return JsonResponse(_told(key, found))


def _told(key: OfficerKey, found: report_secrets.Standing) -> dict[str, Any]:
    latest = found.latest
    return {
        "body": key.body_id,
        "key": key.pk,
        "version": latest.version if latest else 0,
        "check": latest.check if latest else "",
        "verifier": latest.verifier if latest else "",
        "signature": latest.signature if latest else "",
        "envelopes": [base64.b64encode(each).decode() for each in latest.envelopes] if latest else [],
        "lacking": found.lacking,
        "receiving": found.receiving,
        "chain": keysets.links(key.body),
        "make": reverse("make-body-secret", args=[key.body_id]),
        "share": reverse("share-body-secret", args=[key.body_id]),
        "unopened": found.unopened,
        "say_unopened": reverse("body-secret-unopened", args=[key.body_id]),
    }


@never_cache
@sensitive_post_parameters()
@require_POST
@may("report.open")
def make_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a secret that my browser made, where no other was first; answer with the one that stands."""
    key, now = _own_key(request, pk), timezone.now()
    try:
        sealed, to, said = _envelope_in(request)
        said |= {name: request.POST.get(name, "") for name in ("check", "signature")}
        report_secrets.make(key, sealed, to, by=request.user, now=now, **said)
        return JsonResponse(_told(key, report_secrets.standing(key, now=now)))
    except DomainError as error:
        return JsonResponse({"says": sentence(error)}, status=422)


@never_cache
@sensitive_post_parameters()
@require_POST
@may("report.open")
def share_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the secret that my browser sealed to holders who lack it."""
    key = _own_key(request, pk)
    try:
        sealed, to, said = _envelope_in(request)
        report_secrets.share(key, sealed, to, by=request.user, now=timezone.now(), **said)
    except DomainError as error:
        return JsonResponse({"says": sentence(error)}, status=422)
    return JsonResponse({"kept": True})


@never_cache
@require_POST
@may("report.open")
def secret_unopened(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that my browser opened none of the envelopes of the secret that name my key; the officers are told once."""
    key = _own_key(request, pk)
    version = request.POST.get("version", "")
    try:
        if not version.isdecimal() or len(version) > 9:
            raise ReportActRefused("secret")
        report_secrets.keep_unopened(key, version=int(version), by=request.user, now=timezone.now())
    except DomainError as error:
        return JsonResponse({"says": sentence(error)}, status=422)
    return JsonResponse({"kept": True})


def _envelope_in(request: HttpRequest) -> tuple[bytes, list[int], dict[str, Any]]:
    """Read what a browser sealed: bytes, the keys it is for, and {version, key_set}. Raises ReportActRefused."""
    try:
        sealed = base64.b64decode(request.POST.get("sealed", ""), validate=True)
        to = [int(each) for each in request.POST.get("to", "").split(",")]
        said = {"version": int(request.POST.get("version", "")), "key_set": request.POST.get("key_set", "")}
    except (ValueError, binascii.Error):
        raise ReportActRefused("recipients") from None
    return sealed, to, said
