"""Bringing parts out of a sealed report into its case: the browser opens, an officer marks, and his words alone come here."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from ikrar.domain.errors import DomainError
from ikrar.records.models import Report, ReportPart
from ikrar.services import case_files, report_desk
from ikrar.web.access import may, scope
from ikrar.web.forms.cases import EvidenceForm
from ikrar.web.messages import word
from ikrar.web.views import reports as sealed
from ikrar.web.views.cases import common

_BROUGHT_OUT = (ReportPart.Kind.CONTENT, ReportPart.Kind.FILE, ReportPart.Kind.MESSAGE)


class PartForm(EvidenceForm):
    part = forms.ChoiceField(label=lazy("Bagian laporan"), error_messages={"required": lazy("Pilih bagiannya.")})

    field_order = ["part", "label", "text", "file"]

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = parts
        self.fields["text"].label = lazy("Yang dikeluarkan")


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.register")
def from_report(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Show a sealed report of a case to one of its readers, and take what he brings out of one of its parts."""
    case = common.case_of_reports(request, key)
    found = _seen(request, number)
    if not case.case_reports.filter(report=found.report).exists():
        raise Http404
    form = PartForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None,
        parts=_parts(found), auto_id="out_%s",
    )  # fmt: skip
    is_asked_by_script = request.headers.get("Accept") == "application/json"
    if request.method == "POST" and form.is_valid():
        try:
            made = _bring(request, case, found, form)
            said = _("Dikeluarkan ke perkara: %(label)s.") % {"label": made.label}
            if is_asked_by_script:
                return JsonResponse({"says": said})
            messages.success(request, said)
            return redirect("case-report", key, number)
        except DomainError as error:
            common.refuse(form, error, on="text")
    if is_asked_by_script and request.method == "POST":
        wrong = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
        return JsonResponse({"says": " ".join(wrong.values()), "fields": wrong}, status=422)
    page = render(
        request, "cases/from_report.html",
        sealed.shown_of(request, found)
        | {"case": case, "key": key, "form": form, "brought": case.evidence.filter(report=found.report).order_by("at", "pk")[:100]},
        status=422 if form.errors else 200,
    )  # fmt: skip
    page.plays_opened = True
    return page


def _seen(request: HttpRequest, number: str) -> Any:
    """Return a report that my own key opens; any other does not exist for me."""
    try:
        return report_desk.seen(request.user, scope(request, "report.open").bodies, common.number_in(number))
    except Report.DoesNotExist:
        raise Http404 from None


def _parts(found: Any) -> list[tuple[str, str]]:
    """Return the parts from which anything may be brought out: never the one with the identity."""
    shown = [each for each in found.parts if each.kind in _BROUGHT_OUT]
    return [
        (f"{each.pk:016x}", f"{word('report_part', each.kind)}{f' {each.place + 1}' if each.kind == 'file' else ''}")
        for each in shown
    ]


def _bring(request: HttpRequest, case: Any, found: Any, form: forms.Form) -> Any:
    said, now = form.cleaned_data, timezone.now()
    with common.kept(said["file"], by=request.user, now=now) as stored:
        return case_files.bring_out(
            case, found.report, common.number_in(said["part"]), label=said["label"], text=said["text"], file=stored,
            by=request.user, now=now,
        )  # fmt: skip
