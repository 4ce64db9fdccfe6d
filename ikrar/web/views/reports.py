"""Sealed reports at the officers' desk. The browser opens them; what passes here is ciphertext and coarse facts."""

import base64
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain import report_states
from ikrar.domain.errors import CaseActRefused, DomainError, FileLost
from ikrar.domain.report_states import ReportState
from ikrar.records.models import Body, CaseReport, Report, ReportPart
from ikrar.services import (
    case_steps,
    cases,
    clock,
    demo_reports,
    report_copies,
    report_desk,
    report_doubles,
    report_exclusions,
    report_inbox,
    report_triage,
    reports,
    retention,
    rules,
)
from ikrar.services.report_desk import Seen
from ikrar.services.report_inbox import After, Part
from ikrar.web.access import may, scope
from ikrar.web.forms.reports import InboxForm, ReplyForm, StateForm
from ikrar.web.messages import WORDS, sentence
from ikrar.web.templatetags.ikrar import label

_HEX_DIGITS = 16


def number_in(text: str) -> int:
    """Read a report's number; what is none does not exist."""
    try:
        number = int(text, 16)
    except ValueError:
        raise Http404 from None
    if len(text) != _HEX_DIGITS or number >> 63:
        raise Http404
    return number


def seen_by(request: HttpRequest, number: str) -> Seen:
    """Return a report that my own key opens; any other does not exist for me."""
    try:
        return report_desk.seen(request.user, request.scope.bodies, number_in(number))
    except Report.DoesNotExist:
        raise Http404 from None


def inbox_form(request: HttpRequest, asked: QueryDict) -> InboxForm:
    """Return the filters of my inbox as an address asks for them."""
    bodies = dict(Body.objects.filter(pk__in=request.scope.bodies).order_by("name").values_list("pk", "name"))
    return InboxForm(asked, bodies=bodies)


@never_cache
@require_safe
@may("report.open")
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reports that my own keys open, by what the server knows of them."""
    return show_inbox(request, request.GET)


def show_inbox(request: HttpRequest, asked: QueryDict, says: str = "") -> HttpResponse:
    """Show a page of the inbox; `says`: why what was asked of it is not done."""
    context = listed(request, asked)
    wanted = context["form"].wanted
    context |= {
        "offers": report_copies.count_of_offers(request.user, request.scope.bodies),
        "says": says,
        "act": "restore" if wanted.states == ("set_aside",) else "set_aside",
        "may_act": bool(set(wanted.states) & {*report_states.MAY_BE_SET_ASIDE, "set_aside"}),
        "triages": report_triage.of_user(request.user),
        "queues": report_inbox.queues(request.user, request.scope.bodies),
    }
    return render(request, "reports/inbox.html", context, status=422 if says else 200)


def listed(request: HttpRequest, asked: QueryDict) -> dict[str, Any]:
    """Return the page of my inbox that an address asks for, with its filters and where the next one begins."""
    form = inbox_form(request, asked)
    page = report_inbox.inbox(
        request.user, request.scope.bodies, replace(form.wanted, after=_after(asked.get("sesudah", "")))
    )
    keys = report_desk.own_keys(request.user, request.scope.bodies)
    return {
        "form": form,
        "page_of": page,
        "has_key": bool(keys),
        "own_keys": keys,
        "query": form.query,
        "further": f"{page.more.part:d}.{page.more.day.isoformat()}.{page.more.report:016x}" if page.more else "",
        "is_first": not asked.get("sesudah"),
    }


def _after(text: str) -> After | None:
    """Read where a page begins; None for the first, and for an address that somebody changed."""
    part, _dot, rest = text.partition(".")
    day, _dot, number = rest.partition(".")
    try:
        return After(Part(int(part)), date.fromisoformat(day), int(number, 16) & (1 << 63) - 1)
    except ValueError:
        return None


@never_cache
@require_safe
@may("report.open")
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Show one report: coarse facts, terms, who did what; the browser opens the rest with the officer's passphrase."""
    return show_report(request, seen_by(request, number))


def show_report(request: HttpRequest, found: Seen, says: str = "") -> HttpResponse:
    page = render(
        request, "reports/report.html", shown_of(request, found) | {"says": says}, status=422 if says else 200
    )
    page.plays_opened = True
    return page


def shown_of(request: HttpRequest, found: Seen) -> dict[str, Any]:
    """Return what a template shows of a report to one of its readers."""
    here = found.report
    book = rules.book().requirements
    officers = report_desk.officers_ticks(here)
    choices = report_states.choices(here.state, named=here.has_identity) if found.is_own else ()
    return {
        "found": found,
        "report": here,
        "number": report_desk.number_of(here),
        "window": report_desk.window(here),
        "repair": report_desk.repair(here),
        "kept": retention.keeping(here),
        "may_end": retention.holds_of(here, found.key.body_id),
        "acts": report_desk.acts_of(found),
        "requirements": [
            (each, each.id in here.ticks, officers is not None and each.id in officers)
            for each in report_desk.requirements(here)
        ],
        "asked_by_officer": officers is not None,
        "today": clock.today(reports.zone_of_body(here.body)),
        "evidence": report_desk.evidence(found, request.user),
        "states": [each for each in choices if each != ReportState.HANDED_OVER],
        "may_be_handed_over": ReportState.HANDED_OVER in choices,
        "going_copies": report_copies.going(here),
        "may_be_set_aside": found.is_own and here.state in report_states.MAY_BE_SET_ASIDE,
        "with_reason": [str(each) for each in report_states.WITH_REASON],
        "can_reply": found.is_own
        and "dialogue" in found.opens
        and here.state in report_states.OPEN
        and bool(here.mailbox),
        "zone": reports.zone_of_body(here.body),
        "published": demo_reports.published(request.user, found.key.body),
        "matter": report_doubles.matter_of(found, request.user),
        "past": report_doubles.past_of(found, request.user),
        **_case_of(request, found),
        "shown": {
            "wrapped": found.key.wrapped,
            "recipient": found.key.recipient,
            "content_to": here.content_to,
            "dialogue_to": here.dialogue_to,
            "region": reports.region_of(here.body),
            "owners": report_exclusions.owners_of(here.body),
            "body": here.body_id,
            "secrets": reverse("body-secret", args=[here.body_id]) if found.is_own else "",
            "labels": {id: label(each.label) for id, each in book.items()},
            "reveals": {kind: str(words) for kind, words in WORDS["file_reveals"].items()},
            "sources": {kind: str(name) for kind, name in WORDS["report_source"].items()},
        },
    }


def _case_of(request: HttpRequest, found: Seen) -> dict[str, Any]:
    """Return the case in which a report lies, where its reader reaches it, and whether he may open one of it."""
    row = CaseReport.objects.filter(report=found.report).select_related("case__agency__region", "case__body").first()
    if row is None:
        opens = found.is_own and found.report.body_id in scope(request, "case.register").bodies
        return {"in_case": "", "may_open_case": opens and found.report.state in cases.MAY_BE_REGISTERED}
    try:
        case_steps.require(request.user, row.case, "case.view", now=timezone.now())
    except CaseActRefused:
        return {"in_case": "", "may_open_case": False}
    return {"in_case": case_steps.number_of(row.case), "may_open_case": False}


@never_cache
@require_POST
@may("report.open")
def open_report(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out what only my key opens, and keep that I opened the report."""
    found = seen_by(request, number)
    try:
        envelopes = report_desk.open_report(found, by=request.user, now=timezone.now())
    except DomainError as error:
        return JsonResponse({"says": sentence(error)}, status=422)
    parts = [
        {
            "part": f"{part.pk:016x}",
            "kind": part.kind,
            "place": part.place,
            "from_reporter": part.from_reporter,
            "on": part.put_on.isoformat(),
        }
        for part in found.parts
    ]
    return JsonResponse({"envelopes": [base64.b64encode(each).decode() for each in envelopes], "parts": parts})


@never_cache
@require_POST
@may("report.open")
def unopened(request: HttpRequest, number: str) -> HttpResponse:
    """Keep that my browser got the envelopes of a report and could open none."""
    found = seen_by(request, number)
    try:
        report_desk.keep_unopened(found, by=request.user, now=timezone.now())
    except DomainError as error:
        return JsonResponse({"says": sentence(error)}, status=422)
    return JsonResponse({"kept": True})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
def part(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Hand out one part as it is stored: ciphertext. Evidence is asked for by POST: that it was opened is kept."""
    found = seen_by(request, number)
    try:
        if request.method == "POST":
            content = report_desk.open_file(found, number_in(part), by=request.user, now=timezone.now())
        else:
            content = report_desk.part_bytes(found, number_in(part))
    except (ReportPart.DoesNotExist, FileLost):
        raise Http404 from None
    except DomainError as error:
        return JsonResponse({"says": sentence(error)}, status=422)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = "attachment"
    return response


@never_cache
@require_POST
@may("report.open")
def confirm_part(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Confirm, as the second person, that this is what was filed."""
    found = seen_by(request, number)
    try:
        report_desk.confirm_part(found, number_in(part), by=request.user, now=timezone.now())
    except ReportPart.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        return show_report(request, found, sentence(error))
    messages.success(request, _("Penegasan Anda dicatat."))
    return redirect("sealed-report", number)


@never_cache
@require_POST
@may("report.open")
def tick(request: HttpRequest, number: str) -> HttpResponse:
    """Keep which requirements I find met."""
    found = seen_by(request, number)
    if not request.POST.getlist("met") and not request.POST.get("none"):
        return show_report(
            request, found, _("Tidak ada yang ditandai. Tandai yang terpenuhi, atau bahwa tidak satu pun terpenuhi.")
        )
    try:
        report_desk.tick(found, request.POST.getlist("met"), by=request.user, now=timezone.now())
    except DomainError as error:
        return show_report(request, found, sentence(error))
    messages.success(request, _("Pemeriksaan kelengkapan dicatat."))
    return redirect("sealed-report", number)


@never_cache
@sensitive_post_parameters()
@require_POST
@may("report.open")
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Take an answer that the browser sealed to the dialogue."""
    found = seen_by(request, number)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return show_report(
            request, found, _("Jawaban tidak sampai dengan lengkap. Buka laporan lagi, lalu kirim sekali lagi.")
        )
    sealed, asks = form.cleaned_data["sealed"], form.cleaned_data["asks"]
    try:
        report_desk.reply(found, sealed, asks=asks, by=request.user, now=timezone.now())
    except DomainError as error:
        return show_report(request, found, sentence(error))
    messages.success(request, _("Jawaban disimpan tersegel. Pelapor membacanya dengan kodenya."))
    return redirect("sealed-report", number)


@never_cache
@sensitive_post_parameters()
@require_POST
@may("report.open")
def change_state(request: HttpRequest, number: str) -> HttpResponse:
    """Give a report another state, with what its reporter will read."""
    found = seen_by(request, number)
    form = StateForm(request.POST)
    if not form.is_valid():
        return show_report(request, found, _("Pilih keadaan yang baru, lalu kirim sekali lagi."))
    new, was, sealed = (form.cleaned_data[name] for name in ("state", "was", "sealed"))
    try:
        report_desk.change_state(found, new, was=was, sealed=sealed, by=request.user, now=timezone.now())
    except DomainError as error:
        return show_report(request, found, sentence(error))
    messages.success(request, _("Keadaan laporan diubah. Pelapor melihatnya dengan kodenya."))
    return redirect("sealed-report", number)
