"""People, units and rosters: the tree, a person's record, files on their way in, slips with one-time codes."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import (
    AgencyParentWrong,
    DomainError,
    IdentifierInvalid,
    LetterheadTooLong,
    ManyWouldEnd,
    UnitCodeColon,
    UnitInUse,
)
from ikrar.domain.roster import tidy_number
from ikrar.records.models import Agency, Person, Placement, RosterImport, WorkUnit
from ikrar.services import accounts, attendance, clock, pacts, papers, roster, tasks, units
from ikrar.web.access import may, scope
from ikrar.web.confirming import confirmed
from ikrar.web.forms.account import ResetForm
from ikrar.web.forms.people import (
    AgencyForm,
    IdentifierForm,
    MappingForm,
    PlacementForm,
    SheetsForm,
    UnitForm,
    UploadForm,
)
from ikrar.web.messages import fault_sentence, number, sentence

_PEOPLE_A_PAGE = 50

# --- units -------------------------------------------------------------------------------------------------------


@require_safe
@may("unit.view")
def unit_tree(request: HttpRequest) -> HttpResponse:
    """Show the trees of units within reach, each unit with its people and its head."""
    chosen = WorkUnit.objects.within(request.scope).filter(closed_on=None).select_related("agency")
    agencies = Agency.objects.within(request.scope)
    today = clock.today()
    rows = []
    for agency in agencies:
        own = [unit for unit in chosen if unit.agency_id == agency.pk]
        counted = units.headcounts(agency, today)
        heads = units.heads(agency, today)
        headless = units.headless(agency, today)
        only = request.GET.get("tanpa-kepala")
        shown = [unit for unit in own if not only or (unit.pk in headless and unit.parent_id)]
        lowest = min((unit.depth for unit in own), default=0)
        rows.append(
            {
                "agency": agency,
                "units": [
                    {
                        "unit": u,
                        "people": counted.get(u.pk, 0),
                        "head": heads.get(u.pk),
                        "depth": 0 if only else min(u.depth - lowest, 6),
                    }
                    for u in shown
                ],
                "headless": sum(1 for u in own if u.pk in headless and u.parent_id),
            }
        )
    return render(
        request,
        "people/units.html",
        {"rows": rows, "only": request.GET.get("tanpa-kepala"), "changes": scope(request, "unit.change").agencies},
    )


def _unit(request: HttpRequest, pk: int) -> WorkUnit:
    return get_object_or_404(WorkUnit.objects.within(request.scope).select_related("agency", "parent"), pk=pk)


@require_safe
@may("unit.view")
def unit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a unit: where it hangs, its head, the units below, its people."""
    unit = _unit(request, pk)
    today = clock.today(unit.agency.zone)
    people = Placement.objects.on(today).filter(unit=unit).select_related("person").order_by("-is_head", "person__name")
    counted = units.headcounts(unit.agency, today)
    context = {
        "unit": unit,
        "above": WorkUnit.objects.within(request.scope)
        .filter(agency=unit.agency_id, position__lt=unit.position, last_position__gte=unit.last_position)
        .exclude(parent=None)
        .order_by("position"),
        "below": [
            (child, counted.get(child.pk, 0)) for child in unit.children.filter(closed_on=None).order_by("position")
        ],
        "people": Paginator(people, _PEOPLE_A_PAGE).get_page(request.GET.get("hal")),
        "otherwise": units.headed_otherwise(unit, today),
        "total": counted.get(unit.pk, 0),
        "changes": unit.agency_id in scope(request, "unit.change").agencies,
        "offices": unit.agency_id in scope(request, "office.change").agencies,
        "issues_codes": unit.agency_id in scope(request, "code.issue").agencies,
        "opens_people": unit.agency_id in scope(request, "roster.view").agencies,
        "activities": _activities_of(request, unit),
    }
    return render(request, "people/unit.html", context)


def _activities_of(request: HttpRequest, unit: WorkUnit):
    """Return the latest activities that called people of a unit, with who came, for whoever may see that."""
    if not WorkUnit.objects.within(scope(request, "activity.run")).filter(pk=unit.pk).exists():
        return []
    return attendance.of_unit(unit)


@require_http_methods(["GET", "HEAD", "POST"])
@may("unit.change")
def new_unit(request: HttpRequest, agency: int) -> HttpResponse:
    """Make a unit under another."""
    tenant = get_object_or_404(Agency.objects.within(request.scope), pk=agency)
    form = UnitForm(request.POST or None, agency=tenant, initial={"parent": request.GET.get("di-bawah")})
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            unit = units.create_unit(
                parent=cleaned["parent"], code=cleaned["code"], name=cleaned["name"], kind=cleaned["kind"],
                by=request.user, now=timezone.now(),
            )  # fmt: skip
            return redirect("unit", unit.pk)
        except DomainError as error:
            form.add_error("code", sentence(error))
    return render(
        request, "people/unit_form.html", {"form": form, "agency": tenant}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may("unit.change")
def change_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, move or close a unit."""
    unit = _unit(request, pk)
    initial = {"name": unit.name, "kind": unit.kind, "parent": unit.parent_id, "closed_on": unit.closed_on}
    form = UnitForm(request.POST or None, agency=unit.agency, unit=unit, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            units.change_unit(
                unit, name=cleaned["name"], kind=cleaned.get("kind") or unit.kind,
                parent=cleaned.get("parent") or unit.parent, closed_on=cleaned.get("closed_on"),
                by=request.user, now=timezone.now(),
            )  # fmt: skip
            return redirect("unit", unit.pk)
        except DomainError as error:
            form.add_error("closed_on" if isinstance(error, UnitInUse) else "parent", sentence(error))
    context = {"form": form, "agency": unit.agency, "unit": unit}
    return render(request, "people/unit_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("code.issue")
def unit_slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Order slips with fresh one-time codes for a unit, after saying how many codes that voids."""
    unit = _unit(request, pk)
    today = clock.today(unit.agency.zone)
    chosen = papers.unit_people(unit, today, everybody=request.POST.get("who") == "everybody")
    if not chosen.exists():
        messages.info(
            request, _("Semua pegawai unit ini sudah mempunyai cara masuk sendiri; tidak ada slip untuk dicetak.")
        )
        return redirect("unit", unit.pk)
    if request.method != "POST":
        title = _("Cetak slip kode: %(unit)s") % {"unit": unit.name}
        return _ask_for_slips(request, title, chosen, reverse("unit", args=[unit.pk]))
    return _order_slips(request, unit, chosen)


def _ask_for_slips(
    request: HttpRequest, title: str, chosen: QuerySet[Placement], back: str, *, guarded: bool = False
) -> HttpResponse:
    """Ask once more: so many new codes, so many old ones void. `guarded`: the one account has a second step."""
    count, void = chosen.count(), papers.codes_voided(chosen, now=timezone.now())
    said = {"count": number(count), "void": number(void)}
    says = [_("%(count)s orang mendapat kode baru; kodenya hanya ada di berkas slip itu.") % said]
    if void:
        says.append(_("%(void)s kode yang sudah dibagikan dan belum dipakai tidak berlaku lagi.") % said)
    else:
        says.append(_("Tidak ada kode lama yang menjadi tidak berlaku."))
    says.append(_("Setiap kode tercatat pada akun pemiliknya."))
    if guarded:
        says.append(
            _(
                "Orang ini memakai kunci sandi atau autentikator. Kode baru mengganti kata sandinya saja; bila perangkatnya"
                " hilang, kembali dan pilih “Atur ulang cara masuk”."
            )
        )
    return confirmed(request, title, says, _("Buat %(count)s slip") % said, back)


def _order_slips(request: HttpRequest, unit: WorkUnit, chosen: QuerySet[Placement]) -> HttpResponse:
    """Order slips: a few are made at once, many by the worker; either way the file waits until it was fetched."""
    order = papers.order_slips(unit, chosen, by=request.user, now=timezone.now())
    if papers.is_small(order):
        papers.make(order, now=timezone.now())
    else:
        tasks.make_papers.enqueue(order.pk)
    return redirect("paper", order.pk)


# --- people ------------------------------------------------------------------------------------------------------


@require_safe
@may("roster.view")
def people(request: HttpRequest) -> HttpResponse:
    """List the people of one's agencies, found by name or number."""
    asked = " ".join(request.GET.get("q", "").split())[:100]
    today = clock.today()
    found = Placement.objects.on(today).within(request.scope).select_related("person", "unit__agency")
    if asked:
        number = tidy_number(asked)
        match = Q(person__name__icontains=asked)
        if number.isdigit() and len(number) >= 4:
            match |= Q(person__identifier__startswith=number) | Q(person__former_identifiers__identifier=number)
        found = found.filter(match).distinct()
    page = Paginator(found.order_by("person__name", "person"), _PEOPLE_A_PAGE).get_page(request.GET.get("hal"))
    return render(request, "people/people.html", {"people": page, "asked": asked})


def _person(request: HttpRequest, pk: int) -> tuple[Person, Placement | None]:
    """Return a person of one's agency, with the placement now."""
    person = get_object_or_404(
        Person.objects.filter(placements__unit__agency__in=request.scope.agencies).distinct(), pk=pk
    )
    now = Placement.objects.current().select_related("unit__agency", "superior").filter(person=person).first()
    if now is not None and now.unit.agency_id not in request.scope.agencies:
        # Served here once, serves elsewhere now: the record is the other agency's.
        raise Http404
    return person, now


@require_safe
@may("roster.view")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person: placement now and before, superior, pacts, account."""
    who, placement = _person(request, pk)
    context = {
        "person": who, "placement": placement,
        "history": who.placements.select_related("unit").order_by("-from_on", "-pk"),
        "superior": units.superior(who) if placement else None,
        "duties": [each for each in pacts.of_person(who) if each[0].unit.agency_id in request.scope.agencies],
        "contested": pacts.contested(who, request.scope.agencies),
        "user_account": getattr(who, "user", None),
        "former": who.former_identifiers.order_by("-changed_at"),
        "manages": bool(scope(request, "pact.manage")), "changes": bool(scope(request, "person.change")),
        "issues_codes": bool(scope(request, "code.issue")),
    }  # fmt: skip
    return render(request, "people/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("person.change")
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's placement from today."""
    who, placement = _person(request, pk)
    if placement is None:
        raise Http404
    agency = placement.unit.agency
    here = Placement.objects.current().filter(unit__agency=agency)
    initial = {
        "unit": placement.unit_id, "post": placement.post, "level": placement.level, "grade": placement.grade,
        "status": placement.status, "is_head": placement.is_head,
        "superior": placement.superior.identifier if here.filter(person=placement.superior_id).exists() else "",
    }  # fmt: skip
    form = PlacementForm(request.POST or None, agency=agency, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        number = tidy_number(values.pop("superior"))
        found = Person.objects.filter(identifier=number, placements__in=here).exclude(pk=who.pk)
        superior = found.first() if number else None
        if number and superior is None:
            form.add_error("superior", _("Tidak ada orang dengan nomor ini."))
        else:
            values["superior"] = superior
            try:
                roster.place(who, values=values, today=clock.today(agency.zone), by=request.user, now=timezone.now())
                return redirect("person", who.pk)
            except DomainError as error:
                form.add_error("is_head", sentence(error))
    return render(request, "people/person_form.html", {"form": form, "person": who}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("person.change")
def change_identifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person another number; the old one stays findable."""
    who, placement = _person(request, pk)
    if placement is None:
        raise Http404
    form = IdentifierForm(request.POST or None, initial={"kind": who.identifier_type})
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            roster.change_identifier(
                who, kind=cleaned["kind"], number=cleaned["number"], reason=cleaned["reason"],
                today=clock.today(placement.unit.agency.zone), by=request.user, now=timezone.now(),
            )  # fmt: skip
            return redirect("person", who.pk)
        except DomainError as error:
            wrong_kind = isinstance(error, IdentifierInvalid) and error.fault == "identifier_kind_differs"
            form.add_error("kind" if wrong_kind else "number", sentence(error))
    return render(request, "people/identifier.html", {"form": form, "person": who}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("code.issue")
def person_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Order a slip with a fresh one-time code for one person, after asking once more."""
    who, placement = _person(request, pk)
    if placement is None:
        raise Http404
    chosen = Placement.objects.filter(pk=placement.pk)
    if request.method != "POST":
        title = _("Cetak slip kode: %(name)s") % {"name": who.full_name}
        owner = getattr(who, "user", None)
        guarded = owner is not None and accounts.has_second_step(owner)
        return _ask_for_slips(request, title, chosen, reverse("person", args=[who.pk]), guarded=guarded)
    return _order_slips(request, placement.unit, chosen)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("code.issue")
def reset_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Take off somebody's passkeys, authenticator and password, with a reason, and print a slip with a fresh code."""
    who, placement = _person(request, pk)
    owner = getattr(who, "user", None)
    if placement is None or owner is None:
        raise Http404
    back = reverse("person", args=[who.pk])
    form = ResetForm(request.POST if request.method == "POST" else None)
    try:
        accounts.require_reset(owner, by=request.user, now=timezone.now())
        if form.is_valid():
            accounts.take_off(owner, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            return _order_slips(request, placement.unit, Placement.objects.filter(pk=placement.pk))
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect(back)
    return confirmed(
        request, _("Atur ulang cara masuk: %(name)s") % {"name": who.full_name}, said_of_reset(),
        _("Atur ulang dan cetak slip"), back, form=form,
    )  # fmt: skip


def said_of_reset() -> list[str]:
    """Say what follows from taking off somebody's ways into his account."""
    return [
        _("Untuk orang yang perangkatnya hilang. Pastikan dulu bahwa memang dia sendiri yang memintanya."),
        _(
            "Kunci sandi, autentikator, kode cadangan, dan kata sandinya dilepas, dan semua sesinya berakhir. Hanya kode baru"
            " yang membuka akunnya; ia lalu membuat cara masuk yang baru."
        ),
        _("Tercatat di log dan pada akun itu: siapa yang melakukannya, kapan, dan alasannya. Tidak dapat dibatalkan."),
    ]


# --- roster files ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@may("roster.import")
def imports(request: HttpRequest) -> HttpResponse:
    """List roster files, and receive a new one."""
    agencies = Agency.objects.within(request.scope)
    form = UploadForm(request.POST or None, request.FILES or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        agency, file = form.cleaned_data["agency"], form.cleaned_data["file"]
        try:
            made = roster.receive(
                agency=agency, file=file, name=file.name, effective_on=clock.today(agency.zone), by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            return redirect("import", made.pk)
        except DomainError as error:
            form.add_error("file", sentence(error))
    past = RosterImport.objects.filter(agency__in=request.scope.agencies).exclude(state="dropped")
    context = {"form": form, "imports": past.select_related("agency", "started_by__person")[:50]}
    return render(request, "people/imports.html", context, status=422 if form.errors else 200)


def _import(request: HttpRequest, pk: int) -> RosterImport:
    return get_object_or_404(
        RosterImport.objects.filter(agency__in=request.scope.agencies).select_related("agency"), pk=pk
    )


def _mapping_form(request: HttpRequest, found: RosterImport) -> MappingForm:
    return MappingForm(
        request.POST or None, headings=found.headings, fields=found.fields, values=roster.first_values(found),
        complete=found.complete, new_units=found.new_units,
    )  # fmt: skip


@require_safe
@may("roster.import")
def roster_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a file where it stands: to be mapped, being read, previewed, stored."""
    found = _import(request, pk)
    if found.state in ("reading", "applying", "undoing"):
        response = render(request, "people/import_running.html", {"import": found})
        response["Refresh"] = "1"
        return response
    context = {"import": found}
    if found.state in ("received", "failed"):
        if not found.file_path:
            return render(request, "people/import_gone.html", context)
        if roster.sheets_unclear(found):
            return redirect("import-sheets", found.pk)
        context["form"] = _mapping_form(request, found)
        return render(request, "people/import_map.html", context)
    rejects = Paginator(found.rejects.all(), 100).get_page(request.GET.get("hal"))
    for reject in rejects:
        reject.place = roster.place_of(found, reject.line)
    changes = found.changes.select_related("person")
    context |= {
        "rejects": rejects, "changes": changes[:100], "changes_count": changes.count(),
        "came_over": found.counts.get("returned", 0) - found.counts.get("rejoined", 0),
    }  # fmt: skip
    return render(request, "people/import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("roster.import")
def import_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which sheets of a workbook are read as one table."""
    found = _import(request, pk)
    groups = roster.sheet_groups(found)
    if found.state not in ("received", "failed") or not found.file_path or not groups:
        return redirect("import", found.pk)
    posted = request.POST if request.method == "POST" else None
    form = SheetsForm(posted, groups=groups, read=roster.sheets_read(found))
    if form.is_valid():
        try:
            roster.choose_sheets(found, groups[int(form.cleaned_data["group"])])
            return redirect("import", found.pk)
        except DomainError as error:
            form.add_error(None, sentence(error))
    context = {"import": found, "form": form}
    return render(request, "people/import_sheets.html", context, status=422 if form.errors else 200)


@require_POST
@may("roster.import")
def import_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the columns hold, and have the file read."""
    found = _import(request, pk)
    form = _mapping_form(request, found)
    if form.is_valid():
        try:
            roster.map_columns(
                found, form.mapping(), complete=form.cleaned_data["complete"], new_units=form.cleaned_data["new_units"]
            )
            tasks.preview_roster.enqueue(found.pk)
            return redirect("import", found.pk)
        except DomainError as error:
            form.add_error(None, sentence(error))
    return render(request, "people/import_map.html", {"import": found, "form": form}, status=422)


@require_POST
@may("roster.import")
def import_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Go back to the columns of a previewed file."""
    found = _import(request, pk)
    roster.reopen(found)
    return redirect("import", found.pk)


@require_POST
@may("roster.import")
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the good rows stored."""
    found = _import(request, pk)
    typed = re.sub(r"[\s.,]", "", request.POST.get("ends", ""))
    try:
        roster.begin_applying(found, ends=int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else None)
    except ManyWouldEnd as error:
        messages.error(request, sentence(error))
        return redirect("import", found.pk)
    tasks.apply_roster.enqueue(found.pk, request.user.pk)
    return redirect("import", found.pk)


@require_POST
@may("roster.import")
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a file up."""
    roster.drop(_import(request, pk))
    return redirect("imports")


@require_http_methods(["GET", "HEAD", "POST"])
@may("roster.import")
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a stored import taken back, after saying what goes with it."""
    found = _import(request, pk)
    if request.method != "POST" and found.state == RosterImport.State.APPLIED:
        return _ask_for_undoing(request, found)
    if request.method == "POST":
        try:
            roster.begin_undoing(found)
            tasks.undo_roster.enqueue(found.pk, request.user.pk)
        except DomainError as error:
            messages.error(request, sentence(error))
    return redirect("import", found.pk)


def _ask_for_undoing(request: HttpRequest, found: RosterImport) -> HttpResponse:
    counts = found.counts
    changed = sum(counts.get(name, 0) for name in ("changed", "moved", "returned"))
    said = {"new": number(counts.get("new", 0)), "changed": number(changed), "absent": number(counts.get("absent", 0))}
    says = [_("%(new)s orang yang baru masuk lewat berkas ini dihapus lagi.") % said]
    if changed:
        says.append(_("%(changed)s orang yang pindah, berubah, atau kembali dicatat lagi seperti sebelumnya.") % said)
    if counts.get("absent"):
        says.append(_("%(absent)s penempatan yang berakhir lewat berkas ini berjalan lagi.") % said)
    says.append(
        _("Pembatalan tercatat. Bila ternyata keliru, berkasnya harus diunggah lagi: Ikrar tidak menyimpannya.")
    )
    title = _("Batalkan impor %(file)s?") % {"file": found.file_name}
    return confirmed(request, title, says, _("Batalkan impor ini"), reverse("import", args=[found.pk]))


@require_safe
@may("roster.import")
def import_rejects(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the refused rows with their reasons, to be mended and sent again."""
    found = _import(request, pk)
    response = HttpResponse(roster.rejects_text(found, fault_sentence), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ditolak-{found.pk}.csv"'
    return response


# --- agencies (administrator) ------------------------------------------------------------------------------------


@require_safe
@may("agency.change")
def agencies(request: HttpRequest) -> HttpResponse:
    """List the agencies of the installation."""
    found = list(Agency.objects.select_related("parent", "region"))
    wrongly = {each.pk for each in found if units.stands_wrongly(each)}
    return render(request, "people/agencies.html", {"agencies": found, "wrongly": wrongly})


@require_http_methods(["GET", "HEAD", "POST"])
@may("agency.change")
def agency(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make or change an agency."""
    found = get_object_or_404(Agency, pk=pk) if pk else None
    initial = {"name": found.name, "parent": found.parent_id, "letterhead": found.letterhead} if found else {}
    form = AgencyForm(request.POST or None, agency=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            if found:
                units.change_agency(
                    found, name=cleaned["name"], parent=cleaned["parent"], letterhead=cleaned["letterhead"],
                    by=request.user, now=timezone.now(),
                )  # fmt: skip
            else:
                units.create_agency(
                    code=cleaned["code"], name=cleaned["name"], kind=cleaned["kind"],
                    region=cleaned["region"] or None, parent=cleaned["parent"], letterhead=cleaned["letterhead"],
                    by=request.user, now=timezone.now(),
                )  # fmt: skip
            return redirect("agencies")
        except DomainError as error:
            parent = found or isinstance(error, AgencyParentWrong)
            at = "parent" if parent else "code" if isinstance(error, UnitCodeColon) else "region"
            form.add_error("letterhead" if isinstance(error, LetterheadTooLong) else at, sentence(error))
    return render(
        request, "people/agency_form.html", {"form": form, "agency": found}, status=422 if form.errors else 200
    )
