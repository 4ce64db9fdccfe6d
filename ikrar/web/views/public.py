"""What anybody may see without an account: the front page, checking a certificate, the calendar, credits."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain import codes
from ikrar.domain.errors import RegionUnknown
from ikrar.records.models import Agency, Region
from ikrar.services import certificates, clock, demo, demo_samples, elections, pulse, regions
from ikrar.web.access import open_to_all
from ikrar.web.context import installation
from ikrar.web.forms.pacts import CheckForm
from ikrar.web.messages import demo_part, demo_programme, sentence
from ikrar.web.middleware import LANGUAGE_COOKIE


@require_safe
@open_to_all
def landing(request: HttpRequest) -> HttpResponse:
    """Tell in one minute what this is; in a demo, let a visitor step into each role."""
    here = installation()
    context: dict[str, Any] = {}
    if here and here.is_demo:
        context["cast"] = [(part, *demo_part(part.key)) for part in demo.cast()]
        context["reporter_code"] = demo_samples.told_code()
        context["programmes"] = [(each, demo_programme(each.scenario)) for each in demo.programmes()]
    # Those that stand on top: a province, not each of its regencies.
    context["agencies"] = Agency.objects.filter(parent=None).exclude(region=None).select_related("region")[:40]
    return render(request, "landing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def check(request: HttpRequest) -> HttpResponse:
    """Check a certificate by its code or by its file. Nothing of the file is kept."""
    form = CheckForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file:
            if file.size > settings.CERTIFICATE_LIMIT_BYTES:
                result = certificates.Check(None, file="too_large")
            else:
                result = certificates.by_file(file.read())
        else:
            return redirect("check-code", form.cleaned_data["code"])
    return render(request, "check.html", {"form": form, "result": result}, status=422 if form.errors else 200)


@require_safe
@open_to_all
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a certificate with this code says: name, unit, text, day, grade; never a number."""
    result = certificates.by_code(code)
    context = {"form": CheckForm(), "result": result, "code": codes.tidy(code)[:40]}
    return render(request, "check.html", context, status=200 if result.signature else 404)


@require_safe
@open_to_all
def calendar(request: HttpRequest, region: str = "") -> HttpResponse:
    """Show the elections of a region with their stages and sources; without one, let the reader choose."""
    if not region:
        wanted = request.GET.get("wilayah", "").strip()
        if re.fullmatch(r"[0-9][0-9.]{0,12}", wanted):
            return redirect("calendar-region", wanted)
        if wanted:
            return render(request, "refused.html", {"says": sentence(RegionUnknown(wanted[:40]))}, status=404)
        with_agency = Region.objects.filter(agencies__isnull=False).distinct()
        return render(request, "calendar/choose.html", {"regions": with_agency})
    try:
        here = regions.get(region)
    except RegionUnknown as error:
        return render(request, "refused.html", {"says": sentence(error)}, status=404)
    today = clock.today()
    found = elections.current(region, today)
    context = {"region": here, "elections": found, "today": today}
    return render(request, "calendar/region.html", context)


@require_safe
@open_to_all
def calendar_feed(request: HttpRequest, region: str) -> HttpResponse:
    """Serve a region's election calendar for calendar programs (ICS)."""
    try:
        text = elections.ics_of(region, timezone.now())
    except RegionUnknown as error:
        raise Http404 from error
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


@require_safe
@open_to_all
def credits(request: HttpRequest) -> HttpResponse:
    """Name whose work and data this rests on."""
    return render(request, "credits.html")


@require_POST
@open_to_all
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages."""
    chosen = request.POST.get("language", "id")
    back = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    response = redirect(back)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="Lax")
    return response


@require_safe
@open_to_all
def health(request: HttpRequest) -> HttpResponse:
    """Say whether database, worker and tick work, for a monitor: 503 where one of them does not."""
    silences = pulse.silences(timezone.now())
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        answers = installation() is not None
    except DatabaseError:
        answers = False
    good = answers and not any(map(pulse.is_silent, silences.values()))
    told = {"ok": good, "database": answers} | {f"{part}_silent_s": each for part, each in silences.items()}
    return JsonResponse(told, status=200 if good else 503)


@csrf_exempt
@open_to_all
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for a page that does not exist, or that this reader may not know to exist."""
    return render(request, "404.html", status=404)


@open_to_all
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for a page that needs another role."""
    return render(request, "403.html", status=403)


_BAD: dict[type[Exception], Any] = {
    DisallowedHost: _("Alamat ini bukan alamat Ikrar di sini. Periksa alamat yang Anda buka."),
    RequestDataTooBig: _(
        "Isian yang dikirim terlalu besar. Tekan tombol kembali di peramban: yang Anda ketik masih ada di sana. Kurangi"
        " isinya, lalu kirim lagi."
    ),
    TooManyFieldsSent: _("Isian yang dikirim terlalu banyak. Kurangi isinya, lalu kirim lagi."),
}


@open_to_all
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what cannot even be read: nobody has asked yet who this is, so the page stands alone."""
    says = _BAD.get(
        type(exception), _("Peramban mengirim sesuatu yang tidak dapat dibaca. Muat ulang halamannya, lalu coba lagi.")
    )
    text = get_template("400.html").render({"says": says, "language": get_language()})
    return HttpResponseBadRequest(text)
