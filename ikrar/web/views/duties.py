"""Duties that go on: one's own by what one holds in this minute, those of an agency, and the hand-over sheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ikrar.domain.days import local_day
from ikrar.domain.duties import Standing
from ikrar.domain.errors import DomainError
from ikrar.records.models import Agency, Duty, DutyDone, DutyOwner, Holding, OfficeLeave
from ikrar.services import activities, clock, duties, handover, offices
from ikrar.services.duties import Part
from ikrar.web.access import may
from ikrar.web.confirming import confirmed
from ikrar.web.forms.duties import DoneForm, DutyForm, EndDutyForm
from ikrar.web.messages import sentence
from ikrar.web.sending import sent

_FIELD_OF = {
    "evidence_missing": "evidence", "duty_day_wrong": "on", "dates_in_wrong_order": "due_on",
    "duty_without_owner": "groups", "duty_text_empty": "text", "leave_over": "leave", "file_empty": "file",
    "file_too_big": "file", "file_kind_wrong": "file", "file_damaged": "file",
}  # fmt: skip
_A_PAGE = 100


def _refuse(form: Any, error: DomainError) -> None:
    field = _FIELD_OF.get(error.code)
    form.add_error(field if field in form.fields else None, sentence(error))


# --- one's own ---------------------------------------------------------------------------------------------------


@never_cache
@require_safe
@may("duty.do_own")
def mine(request: HttpRequest) -> HttpResponse:
    """List what I have to do by what I hold in this minute, overdue first; and what goes on in the agency that I head."""
    at = clock.instant()
    found = duties.of_user(request.user)
    leaves = OfficeLeave.objects.filter(holding__office__in=found.seats.office_keys, cancelled_at=None, until_at__gt=at)
    away = OfficeLeave.objects.filter(holding__in=_holdings(request), cancelled_at=None, until_at__gt=at)
    coming = Holding.objects.of_user(request.user).not_over(at).filter(from_at__gt=at, leave__isnull=False)
    context = {
        "open": duties.with_missed(found.open),
        "rest": duties.with_missed([part for part in found.parts if not part.progress.is_open]),
        "seats": found.seats,
        "decisions": activities.open_decisions_of(request.user, at)[:50],
        "leads": [(agency, duties.counted(agency, clock.today(agency.zone))) for agency in found.leads],
        "leaves": leaves.select_related("holding__office__agency", "holding__person").order_by("from_at"),
        "coming": coming.select_related("office__agency").order_by("from_at"),
        "away": away.select_related("holding__office__agency").order_by("from_at"),
        "at": at,
        "today": local_day(at, clock.WIB),
    }
    return render(request, "duties/mine.html", context)


def _holdings(request: HttpRequest) -> Any:
    """Return every holding of one's own, whether one is on leave from it or not."""
    return Holding.objects.of_user(request.user).values("pk")


def _my_owner(request: HttpRequest, pk: int) -> DutyOwner:
    """Return a part of a duty that is mine in this minute; anybody else's does not exist for me."""
    seats = offices.seats_of(request.user)
    mine = Q(office__in=seats.office_keys) | Q(unit__in=seats.unit_keys)
    owners = DutyOwner.objects.filter(mine).select_related("duty__agency", "duty__leave", "office", "unit")
    return get_object_or_404(owners, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("duty.do_own")
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that I did my part of a duty, with what shows it."""
    owner = _my_owner(request, pk)
    return _record(request, owner, for_owner=False, back=reverse("my-duties"), evidence="duty-file")


def _record(request: HttpRequest, owner: DutyOwner, *, for_owner: bool, back: str, evidence: str) -> HttpResponse:
    today = clock.today(owner.duty.agency.zone)
    form = DoneForm(request.POST or None, request.FILES or None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            duties.mark_done(
                owner, user=request.user, evidence=cleaned["evidence"], on=cleaned["on"], file=cleaned["file"],
                for_owner=for_owner, now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Pelaksanaan tugas tercatat."))
            return redirect(back)
        except DomainError as error:
            _refuse(form, error)
    (part,) = duties.with_missed(duties.parts(DutyOwner.objects.filter(pk=owner.pk), owner.duty.agency))
    doings = owner.doings.select_related("by__person", "file")[:30]
    context = {
        "part": part, "form": form, "back": back, "today": today, "for_owner": for_owner,
        "doings": [(each, reverse(evidence, args=[each.pk]) if each.file else "") for each in doings],
    }  # fmt: skip
    return render(request, "duties/do.html", context, status=422 if form.errors else 200)


@require_safe
@may("duty.do_own")
def my_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the file of a doing of a part that is mine, or of the agency that I head."""
    found = duties.of_user(request.user)
    reach = (
        Q(owner__office__in=found.seats.office_keys)
        | Q(owner__unit__in=found.seats.unit_keys)
        | Q(owner__duty__agency__in=[agency.pk for agency in found.leads])
    )
    return sent(get_object_or_404(DutyDone.objects.filter(reach).exclude(file=None), pk=pk).file)


@require_safe
@may("agency.view")
def watched(request: HttpRequest, agency: int) -> HttpResponse:
    """List all duties that go on in an agency for its appointing authority of this minute, overdue first."""
    found = get_object_or_404(Agency.objects.filter(pk__in=request.scope.agencies), pk=agency)
    parts = duties.parts(duties.of_agency(found), found)
    page = _page(request, parts)
    context = {"agency": found, "parts": page, "page_of": page, "today": clock.today(found.zone)}
    return render(request, "duties/watched.html", context)


# --- the hand-over sheet -----------------------------------------------------------------------------------------


def _my_leave(request: HttpRequest, pk: int) -> OfficeLeave:
    """Return a leave of an office that is mine: of whoever hands it over, until he does; of whoever stands in, until it ends.

    While he is on leave what is open is not the holder's; once the leave ended it is not that of whoever stood in.
    """
    at = clock.instant()
    mine = Holding.objects.of_user(request.user)
    holder = Q(holding__in=mine.dated(at).values("pk")) & (Q(from_at__gt=at) | Q(until_at__lte=at))
    standing_in = Q(stand_ins__in=mine.filter(until_at__gt=at).values("pk"), until_at__gt=at)
    return get_object_or_404(_with_office(OfficeLeave.objects.filter(holder | standing_in).distinct()), pk=pk)


def _agency_leave(request: HttpRequest, pk: int) -> OfficeLeave:
    leaves = OfficeLeave.objects.filter(holding__office__agency__in=request.scope.agencies)
    return get_object_or_404(_with_office(leaves), pk=pk)


def _with_office(leaves: Any) -> Any:
    return leaves.filter(cancelled_at=None).select_related("holding__office__agency", "holding__person")


@never_cache
@require_safe
@may("duty.do_own")
def my_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is open in the office that I hand over or take over."""
    leave = _my_leave(request, pk)
    return _sheet_page(request, leave, reverse("my-hand-over-paper", args=[pk]), reverse("my-duties"))


@require_safe
@may("duty.do_own")
def my_hand_over_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the same sheet out as a PDF."""
    return _sheet_paper(_my_leave(request, pk))


@never_cache
@require_safe
@may("duty.manage")
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is open in an office before its holder goes on leave."""
    leave = _agency_leave(request, pk)
    back = reverse("office", args=[leave.holding.office_id])
    return _sheet_page(request, leave, reverse("hand-over-paper", args=[pk]), back)


@require_safe
@may("duty.manage")
def hand_over_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the same sheet out as a PDF."""
    return _sheet_paper(_agency_leave(request, pk))


def _sheet_page(request: HttpRequest, leave: OfficeLeave, paper: str, back: str) -> HttpResponse:
    sheet = handover.sheet(leave)
    return render(request, "duties/hand_over.html", {"leave": leave, "sheet": sheet, "paper": paper, "back": back})


def _sheet_paper(leave: OfficeLeave) -> HttpResponse:
    response = HttpResponse(handover.paper(leave, now=timezone.now()), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="serah-terima-{leave.pk}.pdf"'
    return response


# --- of an agency ------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, parts: Sequence[Part]) -> Page:
    """Return the page of parts that is asked for, with what was missed of those alone."""
    page = Paginator(parts, _A_PAGE).get_page(request.GET.get("hal"))
    page.object_list = duties.with_missed(page.object_list)
    return page


@require_safe
@may("duty.manage")
def every(request: HttpRequest) -> HttpResponse:
    """List duties by owner, overdue first; those that are over only where they are asked for."""
    agencies = list(Agency.objects.filter(pk__in=request.scope.agencies))
    which = request.GET.get("keadaan", "")
    parts = [part for agency in agencies for part in duties.parts(duties.of_agency(agency), agency)]
    counts = dict.fromkeys(Standing, 0)
    for part in parts:
        counts[part.progress.standing] += 1
    asked = {which} if which in list(Standing) else set(Standing) - {Standing.OVER}
    shown = [part for part in parts if part.progress.standing in asked]
    page = _page(request, sorted(shown, key=lambda part: part.sort_key))
    context = {
        "parts": page, "page_of": page, "which": which, "counts": [(key, counts[key]) for key in Standing],
        "duties": Duty.objects.within(request.scope).select_related("agency", "leave__holding__office")
        .annotate(people=Count("owners")).order_by("ended_on", "-pk")[:200],
        "query": f"keadaan={which}&" if which in list(Standing) else "",
    }  # fmt: skip
    return render(request, "duties/every.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("duty.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Give offices and heads of units a duty."""
    agencies = Agency.objects.filter(pk__in=request.scope.agencies)
    at = clock.instant()
    leaves = (
        OfficeLeave.objects.filter(holding__office__agency__in=agencies, cancelled_at=None, until_at__gt=at)
        .select_related("holding__office")
        .order_by("from_at")
    )
    counts = {
        key: sum(duties.owners_of_kind(agency, kinds).count() for agency in agencies)
        for key, kinds in duties.GROUPS.items()
    }
    leave = leaves.filter(pk=request.GET.get("cuti")).first() if request.GET.get("cuti", "").isdigit() else None
    initial = {"from_on": leave.from_on if leave else local_day(at, clock.WIB), "leave": leave}
    form = DutyForm(request.POST or None, agencies=agencies, counts=counts, leaves=leaves, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        of_offices, of_units = form.owners()
        try:
            made = duties.give(
                agency=cleaned["agency"], text=cleaned["text"], every=cleaned["every"], from_on=cleaned["from_on"],
                due_on=cleaned["due_on"], leave=cleaned.get("leave"), of_offices=of_offices, of_units=of_units,
                by=request.user, now=timezone.now(),
            )  # fmt: skip
            return redirect("duty", made.pk)
        except DomainError as error:
            _refuse(form, error)
    return render(request, "duties/new.html", {"form": form}, status=422 if form.errors else 200)


def _duty(request: HttpRequest, pk: int) -> Duty:
    found = Duty.objects.within(request.scope).select_related("agency", "leave__holding__office")
    return get_object_or_404(found, pk=pk)


@require_safe
@may("duty.manage")
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a duty: who has it this minute, what was done, what was missed."""
    found = _duty(request, pk)
    parts = duties.parts(found.owners.all(), found.agency)
    page = _page(request, parts)
    newest = DutyDone.objects.filter(owner=OuterRef("pk")).order_by("-on", "-pk").values("pk")[:1]
    shown = DutyOwner.objects.filter(pk__in=[part.owner.pk for part in page]).annotate(newest=Subquery(newest))
    doings = DutyDone.objects.filter(pk__in=shown.values("newest")).select_related("file", "by__person")
    latest = {doing.owner_id: doing for doing in doings}
    today = clock.today(found.agency.zone)
    context = {
        "duty": found, "rows": [(part, latest.get(part.owner.pk)) for part in page], "page_of": page,
        "course": duties.course_of(found), "over": duties.is_over(found, today), "today": today,
    }  # fmt: skip
    return render(request, "duties/duty.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("duty.manage")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a duty, after asking once more."""
    found = _duty(request, pk)
    form = EndDutyForm(request.POST or None, initial={"on": clock.today(found.agency.zone)})
    if request.method == "POST" and form.is_valid():
        try:
            duties.end(found, on=_day(form.cleaned_data["on"], found), by=request.user, now=timezone.now())
            return redirect("duty", found.pk)
        except DomainError as error:
            form.add_error(None, sentence(error))
    return confirmed(
        request,
        _("Akhiri tugas ini?"),
        [
            f"“{found.text}”",
            _("Sejak hari itu tidak ada lagi yang diminta mengerjakannya. Yang sudah dicatat tetap tersimpan."),
        ],
        _("Akhiri tugas"),
        reverse("duty", args=[found.pk]),
        form=form,
    )


def _day(day: date, found: Duty) -> date:
    """Return the day on which a duty ends: not before it began."""
    return max(day, found.from_on)


@require_http_methods(["GET", "HEAD", "POST"])
@may("duty.manage")
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down for an owner what he told the officer that he did."""
    owners = DutyOwner.objects.filter(duty__agency__in=request.scope.agencies)
    owner = get_object_or_404(owners.select_related("duty__agency", "duty__leave", "office", "unit"), pk=pk)
    back = reverse("duty", args=[owner.duty_id])
    return _record(request, owner, for_owner=True, back=back, evidence="duty-evidence")


@require_safe
@may("duty.manage")
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the file of a doing in one's agency."""
    doings = DutyDone.objects.filter(owner__duty__agency__in=request.scope.agencies).exclude(file=None)
    return sent(get_object_or_404(doings.select_related("file"), pk=pk).file)
