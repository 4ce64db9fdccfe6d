"""Entering a report that came some other way: what an officer types is sealed in his browser, or on receipt in memory."""

import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import AnswersLost, DomainError, IntakeFull, ReportRefused
from ikrar.domain.reports import MOST_FILES
from ikrar.records.models import Body
from ikrar.services import clock, reports, staff_entry
from ikrar.services.reports import CipherSink, Sealing
from ikrar.services.staff_entry import Entered
from ikrar.web import uploads
from ikrar.web.access import may
from ikrar.web.forms.staff_entry import IDENTITY, ROWS, EntryForm, shown_rows
from ikrar.web.messages import sentence, ways

_MOST_BODY_BYTES = 1_200_000_000


def _body(request: HttpRequest, pk: int) -> Body:
    """Return a body whose reports I may open; another one does not exist for me."""
    mine = Body.objects.filter(pk__in=request.scope.bodies).select_related("agency", "region")
    return get_object_or_404(mine, pk=pk)


@never_cache
@require_safe
@may("report.open")
def choose(request: HttpRequest) -> HttpResponse:
    """Ask for which of my bodies a report came, if there are several."""
    bodies = list(Body.objects.filter(pk__in=request.scope.bodies).order_by("name"))
    if len(bodies) == 1:
        return redirect("enter-report", bodies[0].pk)
    return render(request, "reports/enter_where.html", {"bodies": bodies})


@csrf_exempt  # held to it inside, once the files of the form have their sink
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form; without scripts, seal what it brings on receipt and file it."""
    body = _body(request, pk)
    sealing = Sealing()
    taken = uploads.take(request, lambda _field, name: sealing.file(name.replace("\x00", "")[:200]))
    try:
        response = _entered(request, body, sealing, taken)
    except BaseException:
        sealing.drop()
        raise
    if response.status_code != HTTPStatus.OK:
        sealing.drop()  # refused, by the check of the token too
    return response


@csrf_protect
@sensitive_variables()
def _entered(request: HttpRequest, body: Body, sealing: Sealing, taken: uploads.Taken) -> HttpResponse:
    now = timezone.now()
    offer = staff_entry.offer(body, now=now)
    if offer is None:
        return render(
            request, "reports/enter_closed.html", {"body": body}, status=422 if request.method == "POST" else 200
        )
    today = clock.today(reports.zone_of_body(body))
    if request.method != "POST":
        initial = {"came_on": today, "gets_code": True}
        return _form(request, body, EntryForm(offer=offer, today=today, initial=initial))
    form = EntryForm(request.POST, offer=offer, today=today)
    try:
        if _is_too_large(request):
            raise ReportRefused("too_large", "files")
        if taken.refused is not None:
            raise taken.refused
        if form.is_valid():
            entered = staff_entry.file(
                form.answers(), sealing, form.cleaned_data["state"], body=body, by=request.user, now=now
            )
            return _done(request, body, entered, gets_code=form.cleaned_data["gets_code"])
    except AnswersLost:
        form.add_error(None, _("Formulir ini sudah terlalu lama terbuka. Yang tertulis masih ada: kirim sekali lagi."))
    except DomainError as error:
        form.add_error(None, sentence(error))
    return _form(request, body, form)


def _is_too_large(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length") or "0"
    return not length.isdecimal() or int(length) > _MOST_BODY_BYTES


def _form(request: HttpRequest, body: Body, form: EntryForm) -> HttpResponse:
    """Show the form, with what was typed; its files must be chosen anew."""
    offer = staff_entry.offer(body, now=timezone.now())
    if offer is None:
        return render(request, "reports/enter_closed.html", {"body": body})
    if form.is_bound:
        form.data = form.data.copy()
    fresh = {"state": staff_entry.begin(body), "key_set": offer.key_set.digest}
    if not form.is_bound:
        form.initial |= fresh
    else:
        # A second click within the hour carries the same code, and so does the form that comes back with a fault.
        fresh["state"] = form.data.get("state", "") if not form.non_field_errors() else fresh["state"]
        for name, value in fresh.items():
            form.data[name] = value
    context = {
        "body": body,
        "offer": offer,
        "ways": "" if offer.open else ways(reports.open_channels(body)),
        "form": form,
        "had_files": form.is_bound,
        "rows": {name: shown_rows(form.data, name) for name in ROWS},
        "told": staff_entry.told(body, offer)
        | {
            "identity": IDENTITY,
            "send": reverse("enter-report-sealed", args=[body.pk]),
            "words": _words(),
            "clipping": reverse("clipping-words", args=[0]),
        },
    }
    return render(request, "reports/enter.html", context, status=422 if form.errors else 200)


def _words() -> dict[str, str]:
    return {
        "keys": _(
            "Himpunan kunci badan ini tidak sah: tanda tangannya tidak cocok. Jangan lanjutkan; beri tahu pengelola."
        ),
        "nobody": sentence(ReportRefused("nobody")),
        "files": sentence(ReportRefused("files")),
        "big": _("“{name}” lebih besar dari 50 MB. Pilih bagian yang penting saja."),
        "empty": _("“{name}” kosong. Pilih berkas lain."),
        "kind": _("“{name}” bukan teks, gambar, suara, video, atau PDF."),
        "what": _("Ceritakan apa yang terjadi, dengan satu kalimat atau lebih."),
        "from": _("Tulis badan mana yang melimpahkan laporan ini."),
        "finding": _("Temuan lapangan tidak mempunyai pelapor. Tulis saksi di bagian saksi."),
        "name": _("Laporan resmi memerlukan nama dan alamat pelapor."),
        "agreed": _("Sampaikan keempat hal itu kepada pelapor, lalu tandai."),
        "sealing": _("Menyegel di peramban ini…"),
        "sending": _("Mengirim yang tersegel…"),
        "broken": _("Sambungan terputus. Tekan sekali lagi: laporan yang sama tidak dibuat dua kali."),
    }


def _done(request: HttpRequest, body: Body, entered: Entered, *, gets_code: bool, **more: Any) -> HttpResponse:
    context = {
        "body": body,
        "entered": entered,
        "gets_code": gets_code,
        "carried": staff_entry.carried(entered, body),
        "number": f"{entered.filed.report:016x}",
        **more,
    }
    return render(request, "reports/entered.html", context)


@csrf_exempt  # as above: the token is looked at inside
@never_cache
@sensitive_variables()
@require_POST
@may("report.open")
def enter_sealed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what my browser sealed, its files as they come; answer with the page that ends it, or with what is wrong."""
    body = _body(request, pk)
    parts: dict[str, uploads.Part] = {}
    sinks: list[CipherSink] = []

    def begin(field: str, _name: str) -> uploads.Sink:
        if field != "file":
            return parts.setdefault(field, uploads.Part())
        if len(sinks) >= MOST_FILES:
            raise ReportRefused("files")
        sinks.append(CipherSink())
        return sinks[-1]

    taken = uploads.take(request, begin)
    filed = False
    try:
        response = _took(request, body, taken, parts, sinks)
        filed = response.status_code == HTTPStatus.OK
        return response
    except DomainError as error:
        status = HTTPStatus.TOO_MANY_REQUESTS if isinstance(error, IntakeFull) else HTTPStatus.UNPROCESSABLE_ENTITY
        said = {"reason": getattr(error, "reason", error.code), "says": sentence(error)}
        return JsonResponse(said, status=status)
    finally:
        if not filed:
            for sink in sinks:
                sink.drop()


@csrf_protect
@sensitive_variables()
def _took(
    request: HttpRequest, body: Body, taken: uploads.Taken, parts: dict[str, uploads.Part], sinks: list[CipherSink]
) -> HttpResponse:
    if _is_too_large(request):
        raise ReportRefused("too_large", "files")
    try:
        form = json.loads(request.POST.get("form", ""))
    except (ValueError, RecursionError):
        raise ReportRefused("form") from None
    if taken.refused is not None:
        raise taken.refused
    if not isinstance(form, dict):
        raise ReportRefused("form")
    today = clock.today(reports.zone_of_body(body))
    files = [sink.keep(today) for sink in sinks]
    held = {name: bytes(part.content) for name, part in parts.items()}
    entered = staff_entry.file_sealed(form, held, files, body=body, by=request.user, now=timezone.now())
    return _done(request, body, entered, gets_code=bool(form.get("mailbox")), frame="intake/bare.html", scripted=True)


@never_cache
@sensitive_post_parameters()
@require_POST
@may("report.open")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the paper that whoever brought a report takes home; nothing of it is kept."""
    body = _body(request, pk)
    address = request.build_absolute_uri(reverse("mailbox")) if "intake" in settings.DOORS else ""
    content = staff_entry.paper(
        request.POST.get("state", ""), body, with_code=bool(request.POST.get("with_code")), address=address
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="tanda-terima-laporan.pdf"'
    return response
