"""Pacts on paper: sheets to print, pictures handed in, the workbench where one reconciles and another confirms."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import DomainError
from ikrar.records.models import Activity, Agency, Obligation, PaperScan
from ikrar.services import clock, pacts, sheets
from ikrar.web.access import may
from ikrar.web.forms.ceremonies import ConfirmForm, HandInForm, ReconcileForm
from ikrar.web.forms.choices import keys_in
from ikrar.web.forms.pacts import ReasonForm
from ikrar.web.messages import sentence
from ikrar.web.sending import sent
from ikrar.web.views.ceremonies import activity_of, pdf_of
from ikrar.web.views.pacts import unit_of_round

State = PaperScan.State
# The address says which list is shown, in words of the page.
_LISTS = {
    "menunggu": State.WAITING, "dicocokkan": State.RECONCILED, "ditegaskan": State.CONFIRMED, "ditolak": State.REFUSED,
}  # fmt: skip
_A_PAGE = 100


# --- printing ----------------------------------------------------------------------------------------------------


def _chosen(request: HttpRequest) -> set[int]:
    return keys_in(request.POST.getlist("duties"))


@require_http_methods(["GET", "HEAD", "POST"])
@may("certificate.bundle")
def unit_sheets(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Choose who of the missing of a unit signs on paper, and print a sheet for each."""
    found, place = unit_of_round(request, pk, unit)
    today = clock.today(place.agency.zone)
    page = Paginator(pacts.missing(found, place, today), _A_PAGE).get_page(request.GET.get("hal"))
    duties = sheets.printable(found, page)
    people = [(each, duties[each.person_id]) for each in page if each.person_id in duties]
    says = ""
    if request.method == "POST":
        # Whoever signed meanwhile moved the others to another page: they are looked for on the whole list.
        wanted = Obligation.objects.filter(pact_round=found, office=None, pk__in=_chosen(request))
        missed = pacts.missing(found, place, today).filter(person__in=wanted.values("person"))
        chosen = list(sheets.printable(found, missed).values())
        if chosen:
            try:
                content = sheets.print_sheets(found, chosen, by=request.user, now=timezone.now())
                return pdf_of(content, f"lembar-pakta-{found.pk}-{place.pk}.pdf")
            except DomainError as error:
                says = sentence(error)
        else:
            says = _("Pilih sekurangnya satu orang.")
    context = {"round": found, "unit": place, "people": people, "page_of": page, "says": says}
    return render(request, "sheets/unit.html", context, status=422 if says else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def activity_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who of those present at an activity signs on paper, and print a sheet for each."""
    found = activity_of(request, pk)
    if found.pact_round is None:
        return redirect("ceremony", found.pk)
    there = sheets.present_unsigned(found)
    page = Paginator(there, _A_PAGE).get_page(request.GET.get("hal"))
    says = ""
    if request.method == "POST":
        wanted = _chosen(request)
        chosen = [duty for _each, duty in there if duty.pk in wanted]
        if chosen:
            try:
                content = sheets.print_sheets(
                    found.pact_round, chosen, activity=found, by=request.user, now=timezone.now()
                )
                return pdf_of(content, f"lembar-pakta-acara-{found.pk}.pdf")
            except DomainError as error:
                says = sentence(error)
        else:
            says = _("Pilih sekurangnya satu orang.")
    context = {"activity": found, "round": found.pact_round, "page_of": page, "says": says}
    return render(request, "sheets/activity.html", context, status=422 if says else 200)


# --- handing in --------------------------------------------------------------------------------------------------


def _hand_in_form(request: HttpRequest | None = None) -> HandInForm:
    given = (request.POST, request.FILES) if request else (None, None)
    return HandInForm(*given, most_files=sheets.MOST_FILES, most_pages=sheets.MOST_PAGES)


@require_POST
@may("activity.run")
def activity_scans(request: HttpRequest, pk: int) -> HttpResponse:
    """Take pictures of sheets that were signed at an activity: its officers reconcile them."""
    found = activity_of(request, pk)
    return _taken(request, found.agency, found)


@require_POST
@may("paper.reconcile")
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take pictures of sheets of one's agency."""
    wanted = request.POST.get("agency", "")
    agencies = Agency.objects.filter(pk__in=request.scope.agencies)
    agency = get_object_or_404(agencies, pk=wanted if wanted.isdecimal() else 0)
    return _taken(request, agency, None)


def _taken(request: HttpRequest, agency: Agency, activity: Activity | None) -> HttpResponse:
    """Read what was handed in and say of each picture what became of it."""
    form = _hand_in_form(request)
    done = []
    if form.is_valid():
        try:
            done = sheets.hand_in(
                agency, form.cleaned_data["files"], activity=activity, by=request.user, now=timezone.now()
            )
        except DomainError as error:
            form.add_error("files", sentence(error))
    rows = [(each, _became(each)) for each in done]
    context = {"rows": rows, "form": form, "agency": agency, "activity": activity}
    return render(request, "sheets/handed_in.html", context, status=422 if form.errors else 200)


def _became(each: sheets.HandedIn) -> str:
    """Return what became of one picture, in a sentence."""
    if each.refusal is not None:
        return sentence(each.refusal)
    scan = each.scan
    if scan.refusal:
        return refusal_of(scan)
    if scan.codes_found:
        return _("Diterima, kodenya terbaca. Menunggu dicocokkan.")
    return _("Diterima, tetapi kodenya tidak terbaca: petugas mengetiknya.")


def refusal_of(scan: PaperScan) -> str:
    """Return why a picture was refused, in a sentence."""
    refused = sheets.refusal_of(scan)
    return sentence(refused) if isinstance(refused, DomainError) else refused


# --- the workbench -----------------------------------------------------------------------------------------------


@require_safe
@may("paper.reconcile")
def scans(request: HttpRequest) -> HttpResponse:
    """List the pictures of sheets at one step, oldest first; hand in more."""
    shown = request.GET.get("lihat", "menunggu")
    shown = shown if shown in _LISTS else "menunggu"
    found = sheets.scans_of(request.scope.agencies)
    counted = sheets.counted(request.scope.agencies)
    some = found.filter(state=_LISTS[shown])
    if shown in ("ditegaskan", "ditolak"):
        some = some.order_by("-decided_at", "-pk")
    page = Paginator(some, 50).get_page(request.GET.get("hal"))
    agencies = Agency.objects.filter(pk__in=request.scope.agencies)
    context = {
        "shown": shown, "lists": [(name, state.value, counted.get(state, 0)) for name, state in _LISTS.items()],
        "rows": [(each, sheets.sheet_on(each) if each.state == State.WAITING else each.sheet) for each in page],
        "page_of": page, "agencies": agencies, "form": _hand_in_form(),
    }  # fmt: skip
    return render(request, "sheets/scans.html", context)


def _scan(request: HttpRequest, pk: int) -> PaperScan:
    return get_object_or_404(sheets.scans_of(request.scope.agencies), pk=pk)


@require_safe
@may("paper.reconcile")
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one picture beside what it says."""
    return _scan_page(request, _scan(request, pk))


@require_safe
@may("paper.reconcile")
def scan_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the picture."""
    return sent(_scan(request, pk).file)


def _scan_page(
    request: HttpRequest, found: PaperScan, form=None, reason: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    sheet = sheets.sheet_on(found)
    refused = sheets.why_not(sheet) if sheet and found.state in (State.WAITING, State.RECONCILED) else None
    if form is None and found.state == State.WAITING:
        form = ReconcileForm(code_read=len(found.codes_found) == 1 and found.codes_found[0])
    if form is None and found.state == State.RECONCILED:
        form = ConfirmForm()
    ahead = sheets.scans_of(request.scope.agencies).filter(state=found.state, pk__gt=found.pk).first()
    context = {
        "scan": found, "sheet": sheet, "form": form, "reason": reason or ReasonForm(),
        "warning": sentence(refused) if refused else "", "ahead": ahead, "mine": found.reconciled_by_id == request.user.pk,
        "refusal": refusal_of(found), "list": next(name for name, state in _LISTS.items() if state == found.state),
    }  # fmt: skip
    return render(request, "sheets/scan.html", context, status=status)


def _onwards(request: HttpRequest, state: State, after: int) -> HttpResponse:
    """Go on to the next picture at the same step, else back to the list."""
    waiting = sheets.scans_of(request.scope.agencies).filter(state=state)
    if state == State.RECONCILED:
        waiting = waiting.exclude(reconciled_by=request.user)
    ahead = waiting.filter(pk__gt=after).first() or waiting.first()
    return redirect("scan", ahead.pk) if ahead else redirect("scans")


@require_POST
@may("paper.reconcile")
def reconcile(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose sheet a picture shows and which day stands on it."""
    found = _scan(request, pk)
    form = ReconcileForm(request.POST, code_read=len(found.codes_found) == 1 and found.codes_found[0])
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            sheets.reconcile(
                found, code=cleaned.get("code", ""), signed_on=cleaned["signed_on"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Dicocokkan. Petugas lain menegaskannya."))
            return _onwards(request, State.WAITING, found.pk)
        except DomainError as error:
            form.add_error(_field_of(error, form), sentence(error))
    return _scan_page(request, found, form=form, status=422)


_FIELDS = {"sheet_day_wrong": "signed_on", "sheet_unknown": "code"}


def _field_of(error: DomainError, form: ReconcileForm) -> str | None:
    name = _FIELDS.get(error.code)
    return name if name in form.fields else None


@require_POST
@may("paper.reconcile")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what another officer read from a picture: now it is a signature."""
    found = _scan(request, pk)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            sheets.confirm(found, by=request.user, now=timezone.now())
            messages.success(request, _("Ditegaskan. Tanda tangannya kini tercatat, dan orangnya diberi tahu."))
            return _onwards(request, State.RECONCILED, found.pk)
        except DomainError as error:
            form.add_error(None, sentence(error))
    return _scan_page(request, found, form=form, status=422)


@require_POST
@may("paper.reconcile")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a picture, with a reason."""
    found = _scan(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            sheets.refuse(found, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            return _onwards(request, State(found.state), found.pk)
        except DomainError as error:
            form.add_error(None, sentence(error))
    return _scan_page(request, found, reason=form, status=422)


@require_POST
@may("paper.reconcile")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a picture be reconciled again."""
    found = _scan(request, pk)
    try:
        sheets.reopen(found, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("scan", found.pk)
