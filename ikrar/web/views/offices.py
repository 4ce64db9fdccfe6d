"""Offices, who holds them, leave; bodies and their members."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import DomainError, OfficeVacant
from ikrar.domain.roster import split_titles, tidy_number
from ikrar.records.models import (
    Agency,
    Body,
    BodyMember,
    Holding,
    Office,
    OfficeLeave,
    Person,
    Placement,
    WorkUnit,
)
from ikrar.services import clock, offices
from ikrar.web.access import may, scope
from ikrar.web.confirming import confirmed
from ikrar.web.forms.offices import (
    BodyForm,
    EndForm,
    EndLeaveForm,
    LeaveForm,
    MemberForm,
    OfficeForm,
    StandInForm,
    TakeOverForm,
    VacateForm,
)
from ikrar.web.messages import day, sentence, word
from ikrar.web.views.rulebook import AsOf


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
        made = offices.create_office(
            agency=cleaned["agency"], unit=cleaned["unit"], title=cleaned["title"], kind=cleaned["kind"],
            by=request.user, now=timezone.now(),
        )  # fmt: skip
        return redirect("office", made.pk)
    every = Office.objects.filter(agency__in=agencies).select_related("agency", "unit").order_by("agency", "pk")
    page = Paginator(every, 200).get_page(request.GET.get("hal"))
    shown = list(page)
    by_zone = {each.agency.zone for each in shown}
    states = {}
    for zone in by_zone:
        here = [each for each in shown if each.agency.zone == zone]
        states |= offices.states(here, clock.instant(zone))
    context = {"rows": [(each, states[each.pk]) for each in shown], "page_of": page, "form": form}
    return render(request, "offices/offices.html", context, status=422 if form.errors else 200)


def _office(request: HttpRequest, pk: int) -> Office:
    return get_object_or_404(
        Office.objects.filter(agency__in=request.scope.agencies).select_related("agency", "unit"), pk=pk
    )


@require_safe
@may("office.change")
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an office: holder, capacity, leave, who stands in, what the law says of that, history."""
    found = _office(request, pk)
    at = clock.instant(found.agency.zone)
    today = clock.today(found.agency.zone)
    state = offices.state(found, at)
    going_on = ([state.leave] if state.leave else []) + list(state.ahead)
    holder = state.holding.person if state.holding else None
    context = {
        "office": found, "state": state, "at": at, "today": today, "zone": found.agency.zone,
        "leaves": [(leave, _standing_in(leave)) for leave in going_on],
        "holdings": found.holdings.ever_held().select_related("person", "leave__holding__person")
        .prefetch_related("leaves__stand_ins"),
        "latest": found.holdings.filter(leave=None).order_by("-from_at").values_list("pk", flat=True).first(),
        "limits": offices.limits(found, today), "as_of": AsOf(today, today),
        "is_head_of_region": found.kind == Office.Kind.HEAD_OF_REGION,
        "holder_is_outside": bool(holder) and not Placement.objects.current().filter(person=holder).exists(),
        "from_outside": bool(offices.capacities_from_outside(found)),
        "may_see_duties": bool(scope(request, "duty.manage")),
    }  # fmt: skip
    return render(request, "offices/office.html", context)


def _standing_in(leave: OfficeLeave) -> list[Holding]:
    """Return who stands in during a leave, one after the other, and whether each stands on a roster."""
    on_roster = Exists(Placement.objects.current().filter(person=OuterRef("person")))
    return list(leave.stand_ins.ever_held().select_related("person").annotate(on_roster=on_roster).order_by("from_at"))


def _named(office: Office, form: forms.Form) -> tuple[Person | None, str] | None:
    """Return who a form means: a person, or the name of somebody on no roster; None where no such person is.

    Somebody of another agency is found only by number and name together, and only for a head of region; whoever does not
    know both learns nothing.
    """
    number, name = form.cleaned_data["number"], form.cleaned_data["name"]
    if not number:
        return None, name
    if (person := _by_number(number, office.agency_id)) is not None:
        return person, ""
    if office.kind == Office.Kind.HEAD_OF_REGION and name:
        known = Person.objects.filter(identifier=tidy_number(number), placements__until_on=None).first()
        if known and known.name.upper() == split_titles(name)[1].upper():
            return known, ""
    return None


_NOBODY = gettext_lazy(
    "Tidak ada orang dengan nomor ini. Untuk pegawai instansi lain, tulis juga namanya persis seperti di daftar pegawai."
)
# The field of the form that a refusal is about.
_FIELD_OF = {
    "office_already_held": "from_at", "hand_over_in_past": "from_at", "leave_not_running": "from_at",
    "dates_in_wrong_order": "last_on", "leave_overlaps": "from_on", "office_vacant": "from_on",
    "capacity_not_acting": "capacity", "stand_in_is_holder": "number", "stand_in_on_leave": "number",
    "stand_in_away": "number", "person_not_of_agency": "number", "name_missing": "name",
    "holder_from_outside": "name",
}  # fmt: skip


def _refuse(form: forms.Form, error: DomainError) -> None:
    """Put a refusal at the field that it is about, or on top."""
    field = _FIELD_OF.get(error.code)
    if field == "from_at" and field not in form.fields:
        field = "from_on"
    form.add_error(field if field in form.fields else None, sentence(error))


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand an office over, to the minute."""
    found = _office(request, pk)
    form = TakeOverForm(request.POST or None, today=clock.today(found.agency.zone))
    if request.method == "POST" and form.is_valid():
        named = _named(found, form)
        if named is None:
            form.add_error("number", _NOBODY)
        else:
            try:
                _take_over(request, found, form, *named)
                return redirect("office", found.pk)
            except DomainError as error:
                _refuse(form, error)
    context = {"office": found, "form": form, "state": offices.state(found, clock.instant(found.agency.zone))}
    return render(request, "offices/take_over.html", context, status=422 if form.errors else 200)


def _take_over(request: HttpRequest, found: Office, form: TakeOverForm, person: Person | None, name: str) -> None:
    cleaned = form.cleaned_data
    given = {
        "capacity": cleaned["capacity"],
        "from_at": cleaned["from_at"].replace(tzinfo=found.agency.zone),  # the field is local to the place
        "letter_number": cleaned["letter_number"],
        "letter_on": cleaned["letter_on"],
        "recorded_late": cleaned["late"],
        "by": request.user,
        "now": timezone.now(),
    }
    if name:
        front, bare, back = split_titles(name)
        offices.take_over_from_outside(found, name=bare, front_title=front, back_title=back, **given)
    else:
        offices.take_over(found, person=person, **given)


def _holdings_to_leave(office: Office, at: datetime) -> list[tuple[str, str]]:
    """Return whose leave can be recorded: the holder and whoever holds it later, then those who stand in."""
    found = (
        office.holdings.exclude(until_at__lte=at)
        .select_related("person")
        .order_by(F("leave").asc(nulls_first=True), "from_at")
    )
    unknown = _("(tidak dicatat)")
    return [(str(each.pk), f"{word('capacity', each.capacity)} {each.name or unknown}".strip()) for each in found[:12]]


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def record_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Record leave of who holds the office, and who stands in, in one act."""
    found = _office(request, pk)
    at = clock.instant(found.agency.zone)
    choices = _holdings_to_leave(found, at)
    form = LeaveForm(request.POST or None, holdings=choices, today=clock.today(found.agency.zone))
    if request.method == "POST" and form.is_valid():
        named = _named(found, form)
        if named is None:
            form.add_error("number", _NOBODY)
        else:
            try:
                _record_leave(request, found, form, choices, *named)
                return redirect("office", found.pk)
            except DomainError as error:
                _refuse(form, error)
    context = {"office": found, "form": form, "state": offices.state(found, at)}
    return render(request, "offices/leave.html", context, status=422 if form.errors else 200)


def _record_leave(
    request: HttpRequest,
    found: Office,
    form: LeaveForm,
    choices: Sequence[tuple[str, str]],
    person: Person | None,
    name: str,
) -> None:
    cleaned, zone = form.cleaned_data, found.agency.zone
    begins = datetime.combine(cleaned["from_on"], cleaned["hour"] or time(), zone)
    key = cleaned.get("who") or (choices[0][0] if choices else None)
    holding = found.holdings.select_related("office__agency").filter(pk=key).first()
    if holding is None:
        raise OfficeVacant(begins)
    offices.record_leave(
        holding,
        kind=cleaned["kind"],
        from_on=cleaned["from_on"],
        last_on=cleaned["last_on"],
        note=cleaned["note"],
        from_at=begins if cleaned["hour"] else None,
        stand_in=_stand_in_of(cleaned, person, name),
        recorded_late=cleaned["late"],
        by=request.user,
        now=timezone.now(),
    )


def _stand_in_of(cleaned: Mapping[str, Any], person: Person | None, name: str) -> offices.StandIn | None:
    if not cleaned["capacity"]:
        return None
    return offices.StandIn(cleaned["capacity"], person, name, cleaned["letter_number"], cleaned["letter_on"])


def _leave(request: HttpRequest, pk: int) -> OfficeLeave:
    return get_object_or_404(
        OfficeLeave.objects.filter(holding__office__agency__in=request.scope.agencies).select_related(
            "holding__office__agency", "holding__person"
        ),
        pk=pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def name_stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who stands in during a leave from a minute on: where nobody does, or in place of whoever did."""
    leave = _leave(request, pk)
    found = leave.holding.office
    at = clock.instant(found.agency.zone)
    zone = found.agency.zone
    begins = {"from_at": max(at, leave.from_at).astimezone(zone)}
    form = StandInForm(request.POST or None, initial=begins, today=clock.today(zone))
    if request.method == "POST" and form.is_valid():
        named = _named(found, form)
        if named is None:
            form.add_error("number", _NOBODY)
        else:
            try:
                offices.name_stand_in(
                    leave, _stand_in_of(form.cleaned_data, *named),
                    from_at=form.cleaned_data["from_at"].replace(tzinfo=found.agency.zone),
                    recorded_late=form.cleaned_data["late"], by=request.user, now=timezone.now(),
                )  # fmt: skip
                return redirect("office", found.pk)
            except DomainError as error:
                _refuse(form, error)
    context = {"office": found, "leave": leave, "form": form, "standing_in": _standing_in(leave)}
    return render(request, "offices/stand_in.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def end_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a holder come back before his leave would end, or cancel it before it begins; after asking once more."""
    leave = _leave(request, pk)
    found = leave.holding.office
    zone = found.agency.zone
    at = clock.instant(zone)
    begun = leave.from_at <= at
    back_now = {"at": at.astimezone(zone)}
    form = EndLeaveForm(request.POST or None, initial=back_now, today=clock.today(zone)) if begun else None
    if request.method == "POST" and (form is None or form.is_valid()):
        moment = form.cleaned_data["at"].replace(tzinfo=zone) if form else at
        try:
            offices.end_leave(leave, at=moment, by=request.user, now=timezone.now())
            return redirect("office", found.pk)
        except DomainError as error:
            if form is None:
                messages.error(request, sentence(error))
                return redirect("office", found.pk)
            form.add_error("at", sentence(error))
    said = {"office": found.title, "last": day(leave.last_on)}
    if begun:
        says = [
            _("Cuti dari jabatan %(office)s tercatat sampai %(last)s.") % said,
            _(
                "Pada menit yang Anda tulis, jabatan kembali kepada pemegangnya, dan penggantinya tidak memegang apa pun lagi."
            ),
        ]
    else:
        says = [
            _("Cuti dari jabatan %(office)s belum mulai. Bila dibatalkan, penggantinya juga tidak jadi bertugas.")
            % said,
            _("Pembatalan tercatat. Bila cutinya jadi juga, catat lagi dari awal."),
        ]
    return confirmed(
        request,
        _("Akhiri cuti lebih awal?") if begun else _("Batalkan cuti ini?"),
        says,
        _("Akhiri cuti ini") if begun else _("Batalkan cuti ini"),
        reverse("office", args=[found.pk]),
        form=form,
    )


@require_POST
@may("office.change")
def of_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the office of a unit's head, made from the roster where there is none yet."""
    unit = get_object_or_404(WorkUnit.objects.within(request.scope).select_related("agency"), pk=pk)
    if unit.parent_id is None:
        raise Http404  # the agency itself: its head holds an office of its own
    return redirect("office", offices.office_of_head(unit, by=request.user, now=timezone.now()).pk)


def _holding(request: HttpRequest, pk: int) -> Holding:
    return get_object_or_404(
        Holding.objects.filter(office__agency__in=request.scope.agencies).select_related("office__agency", "person"),
        pk=pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def vacate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a holder's term end with nobody after him, after asking once more."""
    holding = _holding(request, pk)
    zone = holding.office.agency.zone
    back = reverse("office", args=[holding.office_id])
    if holding.until_at or holding.leave_id:
        return redirect(back)  # it has its end already
    form = VacateForm(
        request.POST or None, initial={"at": clock.instant(zone).astimezone(zone)}, today=clock.today(zone)
    )
    if request.method == "POST" and form.is_valid():
        try:
            until = form.cleaned_data["at"].replace(tzinfo=zone)
            offices.leave_office(holding, until_at=until, by=request.user, now=timezone.now())
            return redirect(back)
        except DomainError as error:
            form.add_error("at", sentence(error))
    said = {
        "office": holding.office.title, "name": holding.name or _("(tidak dicatat)"),
        "capacity": word("capacity", holding.capacity),
    }  # fmt: skip
    says = [
        _("%(capacity)s %(name)s tidak memegang jabatan %(office)s lagi sejak menit itu, dan tidak ada penerusnya.")
        % said,
        _("Bila penerusnya sudah ada, batalkan dan catat serah terimanya: yang lama berakhir dengan sendirinya."),
    ]
    return confirmed(request, _("Kosongkan jabatan ini?"), says, _("Kosongkan jabatan ini"), back, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def withdraw_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last hand-over of an office back, after asking once more."""
    holding = _holding(request, pk)
    back = reverse("office", args=[holding.office_id])
    if request.method != "POST":
        said = {
            "office": holding.office.title, "name": holding.person.full_name if holding.person else "–",
            "capacity": word("capacity", holding.capacity),
            "since": day(holding.from_at.astimezone(holding.office.agency.zone).date()),
        }  # fmt: skip
        says = [
            _("%(capacity)s %(name)s, sejak %(since)s.") % said,
            _(
                "Serah terima ini dihapus beserta cutinya. Jabatan kembali seperti sebelumnya: pemegangnya, cutinya, dan "
                "penggantinya."
            ),
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
    leave = _leave(request, pk)
    back = reverse("office", args=[leave.holding.office_id])
    if request.method != "POST":
        said = {"kind": word("leave_kind", leave.kind), "first": day(leave.from_on), "last": day(leave.last_on)}
        says = [
            _("%(kind)s, %(first)s sampai %(last)s.") % said,
            _("Cuti ini dihapus. Penarikan tercatat di log; bila ternyata benar, cutinya dicatat lagi."),
        ]
        title = _("Tarik cuti pada jabatan %(office)s?") % {"office": leave.holding.office.title}
        return confirmed(request, title, says, _("Tarik cuti ini"), back)
    try:
        offices.withdraw_leave(leave, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
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
