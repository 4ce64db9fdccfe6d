"""Offices, who holds them, leave; bodies and their members."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import DomainError
from ikrar.domain.roster import tidy_number
from ikrar.records.models import Agency, Body, BodyMember, Holding, Office, OfficeLeave, Person, Placement
from ikrar.services import clock, offices
from ikrar.web.access import may
from ikrar.web.confirming import confirmed
from ikrar.web.forms.offices import BodyForm, EndForm, LeaveForm, MemberForm, OfficeForm, TakeOverForm
from ikrar.web.messages import day, sentence, word


def _by_number(number: str, agency: int | None) -> Person | None:
    """Return the person of this number on the agency's roster; anybody else is answered like nobody."""
    number = tidy_number(number)
    here = Placement.objects.current().filter(unit__agency=agency)
    return Person.objects.filter(identifier=number, placements__in=here).first() if number.isdigit() else None


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def office_list(request: HttpRequest) -> HttpResponse:
    """List offices with who holds them now; make a new one."""
    agencies = Agency.objects.within(request.scope)
    form = OfficeForm(request.POST or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        office = offices.create_office(
            agency=cleaned["agency"], unit=cleaned["unit"], title=cleaned["title"], kind=cleaned["kind"],
            by=request.user, now=timezone.now(),
        )  # fmt: skip
        return redirect("office", office.pk)
    now = timezone.now()
    rows = [
        (office, office.holdings.at(now).select_related("person").first())
        for office in Office.objects.filter(agency__in=agencies).select_related("agency", "unit")
    ]
    return render(request, "offices/offices.html", {"rows": rows, "form": form}, status=422 if form.errors else 200)


def _office(request: HttpRequest, pk: int) -> Office:
    return get_object_or_404(
        Office.objects.filter(agency__in=request.scope.agencies).select_related("agency", "unit"), pk=pk
    )


def _office_page(request: HttpRequest, office: Office, take_over=None, leave=None) -> HttpResponse:
    today = clock.today(office.agency.zone)
    context = {
        "office": office, "now": office.holdings.at(timezone.now()).select_related("person").first(),
        "holdings": office.holdings.select_related("person").prefetch_related("leaves"),
        "take_over": take_over or TakeOverForm(today=today), "leave": leave or LeaveForm(today=today),
    }  # fmt: skip
    return render(request, "offices/office.html", context, status=422 if take_over or leave else 200)


@require_safe
@may("office.change")
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an office: holder, capacity, leave, history."""
    return _office_page(request, _office(request, pk))


@require_POST
@may("office.change")
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand an office over, to the minute."""
    found = _office(request, pk)
    form = TakeOverForm(request.POST, today=clock.today(found.agency.zone))
    if form.is_valid():
        cleaned = form.cleaned_data
        person = _by_number(cleaned["number"], found.agency_id)
        if cleaned["number"] and person is None:
            form.add_error("number", _("Tidak ada orang dengan nomor ini."))
            return _office_page(request, found, take_over=form)
        # The field is local to the place of the office.
        from_at = cleaned["from_at"].replace(tzinfo=found.agency.zone)
        try:
            offices.take_over(
                found, person=person, capacity=cleaned["capacity"], from_at=from_at,
                letter_number=cleaned["letter_number"], letter_on=cleaned["letter_on"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            return redirect("office", found.pk)
        except DomainError as error:
            form.add_error(None, sentence(error))
    return _office_page(request, found, take_over=form)


@require_POST
@may("office.change")
def record_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Record leave of who holds the office now."""
    found = _office(request, pk)
    form = LeaveForm(request.POST, today=clock.today(found.agency.zone))
    holding = found.holdings.at(timezone.now()).first()
    if form.is_valid():
        cleaned = form.cleaned_data
        if holding is None:
            form.add_error(None, _("Jabatan ini sedang tidak ada pemegangnya."))
            return _office_page(request, found, leave=form)
        try:
            offices.record_leave(holding, **cleaned, by=request.user, now=timezone.now())
            return redirect("office", found.pk)
        except DomainError as error:
            form.add_error("last_on", sentence(error))
    return _office_page(request, found, leave=form)


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def withdraw_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last hand-over of an office back, after asking once more."""
    holding = get_object_or_404(
        Holding.objects.filter(office__agency__in=request.scope.agencies).select_related("office__agency", "person"),
        pk=pk,
    )
    back = reverse("office", args=[holding.office_id])
    if request.method != "POST":
        said = {
            "office": holding.office.title, "name": holding.person.full_name if holding.person else "–",
            "capacity": word("capacity", holding.capacity),
            "since": day(holding.from_at.astimezone(holding.office.agency.zone).date()),
        }  # fmt: skip
        says = [
            _("%(capacity)s %(name)s, sejak %(since)s.") % said,
            _("Serah terima ini dihapus beserta cutinya, dan pemegang sebelumnya memegang jabatan itu seterusnya."),
            _("Penarikan tercatat di log. Bila ternyata benar, serah terimanya dicatat lagi."),
        ]
        return confirmed(request, _("Tarik serah terima %(office)s?") % said, says, _("Tarik serah terima ini"), back)
    try:
        offices.withdraw_take_over(holding, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def withdraw_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a recorded leave back, after asking once more."""
    leave = get_object_or_404(
        OfficeLeave.objects.filter(holding__office__agency__in=request.scope.agencies).select_related(
            "holding__office__agency"
        ),
        pk=pk,
    )
    back = reverse("office", args=[leave.holding.office_id])
    if request.method != "POST":
        said = {"kind": word("leave_kind", leave.kind), "first": day(leave.from_on), "last": day(leave.last_on)}
        says = [
            _("%(kind)s, %(first)s sampai %(last)s.") % said,
            _("Cuti ini dihapus. Penarikan tercatat di log; bila ternyata benar, cutinya dicatat lagi."),
        ]
        title = _("Tarik cuti pada jabatan %(office)s?") % {"office": leave.holding.office.title}
        return confirmed(request, title, says, _("Tarik cuti ini"), back)
    offices.withdraw_leave(leave, by=request.user, now=timezone.now())
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@may("body.change")
def body_list(request: HttpRequest) -> HttpResponse:
    """List the bodies of one's agencies, and make one."""
    form = BodyForm(request.POST or None, agencies=Agency.objects.within(request.scope))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        body = offices.create_body(
            agency=cleaned["agency"], region=cleaned["agency"].region, kind=cleaned["kind"], name=cleaned["name"],
            task=cleaned["task"], by=request.user, now=timezone.now(),
        )  # fmt: skip
        return redirect("body", body.pk)
    bodies = Body.objects.within(request.scope).select_related("agency")
    return render(request, "offices/bodies.html", {"bodies": bodies, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("body.change")
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a body with its members and assignment letters; add a member."""
    found = get_object_or_404(Body.objects.within(request.scope), pk=pk)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        person = _by_number(cleaned.pop("number"), found.agency_id)
        if person is None:
            form.add_error("number", _("Tidak ada orang dengan nomor ini."))
        elif found.members.filter(person=person, until_on=None).exists():
            form.add_error("number", _("Orang ini sudah menjadi anggota."))
        else:
            try:
                offices.add_member(found, person=person, **cleaned, by=request.user, now=timezone.now())
                return redirect("body", found.pk)
            except DomainError as error:
                form.add_error("number", sentence(error))
    members = found.members.select_related("person")
    context = {"body": found, "members": members, "form": form, "today": clock.today()}
    return render(request, "offices/body.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("body.change")
def end_member(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership on a day, after asking once more."""
    member = get_object_or_404(
        BodyMember.objects.filter(body__in=Body.objects.within(request.scope)).select_related("body", "person"), pk=pk
    )
    form = EndForm(request.POST or None, initial={"until_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            offices.end_member(member, until_on=form.cleaned_data["until_on"], by=request.user, now=timezone.now())
            return redirect("body", member.body_id)
        except DomainError as error:
            form.add_error("until_on", sentence(error))
    said = {"name": member.person.full_name, "body": member.body.name, "letter": member.letter_number}
    return confirmed(
        request,
        _("Akhiri keanggotaan %(name)s?") % said,
        [
            _("%(body)s, surat tugas %(letter)s.") % said,
            _("Pengakhiran tidak dapat dibatalkan. Bila ia bertugas lagi, ia ditambah dengan surat tugas yang baru."),
        ],
        _("Akhiri keanggotaan"),
        reverse("body", args=[member.body_id]),
        form=form,
    )
