"""Ceremonies: pacts of office-holders; what is signed at an activity, its witnesses, its record, a shared device."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import DayTooFar, DomainError, DueInPast, NoOfficeChosen, NothingToPrint
from ikrar.domain.pacts import require_due
from ikrar.records.models import Activity, Agency, Guest, Obligation, Office, PactRound, Witness
from ikrar.services import ceremonies, certificates, clock, elections, offices, papers, sheets, tasks
from ikrar.web.access import may, scope
from ikrar.web.confirming import confirmed, many_asked
from ikrar.web.forms.ceremonies import (
    ChooseGuestsForm,
    ChooseOfficesForm,
    HandInForm,
    OfficeRoundForm,
    OutsideHolderForm,
    WordsForm,
)
from ikrar.web.forms.choices import is_key, keys_in
from ikrar.web.forms.pacts import election_name
from ikrar.web.messages import number, sentence
from ikrar.web.views.kiosk import COOKIE, COOKIE_S


def pdf_of(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF to be saved."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- pacts of office-holders -------------------------------------------------------------------------------------


def _in_reach(agencies) -> "list[Office]":
    found = Office.objects.none()
    for agency in agencies:
        found = found | ceremonies.offices_in_reach(agency)
    return found.distinct()


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.manage")
def new_office_round(request: HttpRequest) -> HttpResponse:
    """Make a pact for whoever holds chosen offices, with its first text."""
    agencies = Agency.objects.filter(pk__in=request.scope.agencies)
    regions = agencies.exclude(region=None).values_list("region", flat=True)
    known = [(each.id, election_name(each)) for each in elections.choices(regions, clock.today())]
    form = OfficeRoundForm(request.POST or None, agencies=agencies, offices=_in_reach(agencies), elections=known)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            today = clock.today(cleaned["agency"].zone)
            require_due(cleaned["due_on"], today)
            made = ceremonies.create_round(
                agency=cleaned["agency"],
                title=cleaned["title"],
                text=form.text(),
                offices=cleaned["offices"],
                election=cleaned["election"],
                legal_basis=cleaned["legal_basis"],
                due_on=cleaned["due_on"],
                by=request.user,
                now=timezone.now(),
            )
            return redirect("office-round", made.pk)
        except (DueInPast, DayTooFar) as error:
            form.add_error("due_on", sentence(error))
        except NoOfficeChosen as error:
            form.add_error("offices", sentence(error))
        except DomainError as error:
            form.add_error("points", sentence(error))
    return render(request, "ceremonies/new_office_round.html", {"form": form}, status=422 if form.errors else 200)


def _office_round(request: HttpRequest, pk: int) -> PactRound:
    """Return a pact of office-holders that is made by one's agency or asks one of its offices."""
    rounds = PactRound.objects.within(request.scope).filter(for_offices=True).select_related("agency", "text")
    return get_object_or_404(rounds, pk=pk)


def _own_office_round(request: HttpRequest, pk: int) -> PactRound:
    found = _office_round(request, pk)
    if not request.scope.covers_agency(found.agency_id):
        raise Http404
    return found


@require_safe
@may("pact.manage")
def office_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a pact of office-holders: each office with who holds it now and what he signed.

    The agency that made it sees all of its offices; another one its own.
    """
    found = _office_round(request, pk)
    own = request.scope.covers_agency(found.agency_id)
    if found.state == PactRound.State.DRAFT and not own:
        raise Http404
    seats = ceremonies.seats(found, None if own else request.scope.agencies)
    by_agency: dict[Agency, list[ceremonies.Seat]] = {}
    for seat in seats:
        by_agency.setdefault(seat.office.agency, []).append(seat)
    rooms = Activity.objects.filter(pact_round=found, state=Activity.State.OPEN, agency__in=request.scope.agencies)
    context = {
        "round": found, "own": own, "by_agency": list(by_agency.items()), "counted": ceremonies.counted(seats),
        "today": clock.today(found.agency.zone), "rooms": rooms,
        "changes_offices": scope(request, "office.change").agencies, "manages": request.scope.agencies,
    }  # fmt: skip
    return render(request, "ceremonies/office_round.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.manage")
def choose_offices(request: HttpRequest, pk: int) -> HttpResponse:
    """Say anew whose holders a pact asks."""
    found = _own_office_round(request, pk)
    reach = ceremonies.offices_in_reach(found.agency)
    form = ChooseOfficesForm(
        request.POST or None, offices=reach, initial={"offices": found.offices.values_list("pk", flat=True)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            ceremonies.choose_offices(found, form.cleaned_data["offices"], by=request.user, now=timezone.now())
            return redirect("office-round", found.pk)
        except DomainError as error:
            form.add_error("offices", sentence(error))
    return render(
        request, "ceremonies/choose_offices.html", {"round": found, "form": form}, status=422 if form.errors else 200
    )


@require_POST
@may("pact.manage")
def remind_holders(request: HttpRequest, pk: int) -> HttpResponse:
    """Message the office-holders who have not signed, and only them."""
    found = _own_office_round(request, pk)
    people = sum(each.duty is not None and not each.valid for each in ceremonies.seats(found))
    if asked := many_asked(request, people, found.title, reverse("office-round", args=[found.pk])):
        return asked
    try:
        sent = ceremonies.remind(found, link=reverse("my-pacts"), by=request.user, now=timezone.now())
        messages.success(
            request, _("Pengingat masuk ke kotak pesan %(people)s orang.") % {"people": number(sent.people)}
        )
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("office-round", found.pk)


@require_POST
@may("pact.manage")
def holder_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Print sheets for the office-holders of a pact who have not signed."""
    found = _own_office_round(request, pk)
    wanted = sorted(keys_in(request.POST.getlist("duties")))
    duties = [
        seat.duty
        for seat in ceremonies.seats(found)
        if seat.duty and not seat.valid and (not wanted or seat.duty.pk in wanted)
    ]
    try:
        content = sheets.print_sheets(found, duties, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("office-round", found.pk)
    return pdf_of(content, f"lembar-pakta-{found.pk}.pdf")


def _office(request: HttpRequest, pk: int) -> Office:
    return get_object_or_404(
        Office.objects.filter(agency__in=request.scope.agencies).select_related("agency", "unit"), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may("office.change")
def outside_holder(request: HttpRequest, pk: int) -> HttpResponse:
    """Record who holds an office and stands on no roster: an elected head, an acting head from elsewhere."""
    found = _office(request, pk)
    form = OutsideHolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        cleaned["from_at"] = cleaned["from_at"].replace(tzinfo=found.agency.zone)
        try:
            offices.take_over_from_outside(found, **cleaned, by=request.user, now=timezone.now())
            return redirect("office", found.pk)
        except DomainError as error:
            form.add_error("name" if getattr(error, "field", "") == "name" else None, sentence(error))
    context = {"office": found, "form": form}
    return render(request, "ceremonies/outside_holder.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("code.issue")
def holder_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Print a slip with a fresh code for an office-holder who stands on no roster, after asking once more.

    `?pengganti=` names one who stands in, or will.
    """
    found = _office(request, pk)
    key = request.GET.get("pengganti", "")
    coming = None
    if key:
        named = found.holdings.not_over(clock.instant(found.agency.zone)).filter(leave__isnull=False)
        coming = get_object_or_404(named, pk=int(key) if is_key(key) else None)
    if request.method == "POST":
        try:
            content = ceremonies.holder_slip(found, coming=coming, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, sentence(error))
            return redirect("holder-slip", found.pk)
        return pdf_of(content, f"slip-jabatan-{found.pk}.pdf")
    return confirmed(
        request,
        _("Cetak slip kode untuk pemegang jabatan %(office)s?") % {"office": found.title}
        if coming is None
        else _("Cetak slip kode untuk pengganti pada jabatan %(office)s?") % {"office": found.title},
        [
            _("Kode lama yang belum dipakai ditarik; yang baru hanya tercetak sekali, pada slip ini."),
            _("Serahkan tertutup, langsung kepada orangnya. Ia membuat kata sandinya sendiri."),
        ],
        _("Cetak slip"),
        reverse("office", args=[found.pk]),
    )


# --- what is signed at an activity -------------------------------------------------------------------------------


def activity_of(request: HttpRequest, pk: int) -> Activity:
    """Return an activity within reach."""
    related = ("agency", "unit", "pact_round__text", "pact_round__agency", "led_by")
    return get_object_or_404(Activity.objects.within(request.scope).select_related(*related), pk=pk)


def _with_pact(request: HttpRequest, pk: int) -> Activity:
    found = activity_of(request, pk)
    if found.pact_round is None or found.pact_round.text is None:
        raise Http404
    return found


@require_safe
@may("activity.run")
def ceremony(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is signed at an activity: how many so far, its witnesses, its sheets, what can be printed."""
    found = activity_of(request, pk)
    if found.pact_round is None or found.pact_round.text is None:
        return render(request, "ceremonies/without_pact.html", {"activity": found})
    return _ceremony_page(request, found)


def _ceremony_page(
    request: HttpRequest, found: Activity, words: WordsForm | None = None, status: int = 200
) -> HttpResponse:
    guests = list(found.guests.select_related("witness"))
    kinds = sorted({guest.kind for guest in guests if guest.is_witness})
    signed = certificates.made_at(found)
    holders = []
    if found.pact_round.for_offices:
        there = set(found.attendances.filter(struck_at=None).values_list("person", flat=True))
        seats = ceremonies.seats(found.pact_round, _whose(found))
        holders = [(seat, seat.duty.person_id in there) for seat in seats if seat.duty]
    context = {
        "activity": found, "round": found.pact_round, "guests": guests, "signed": signed.count(),
        "latest": signed.select_related("unit", "obligation").order_by("-signed_at", "-pk")[:10],
        "unsigned": sheets.unsigned_at(found).count(), "holders": holders,
        "present": found.attendances.filter(struck_at=None).count(),
        "words": words or (WordsForm(activity=found, kinds=kinds) if kinds else None),
        "scans": sheets.handed_in_by(found)[:50],
        "hand_in": HandInForm(most_files=sheets.MOST_FILES, most_pages=sheets.MOST_PAGES),
        "may_change": found.state in (Activity.State.DRAFT, Activity.State.CALLED, Activity.State.OPEN),
    }  # fmt: skip
    return render(request, "ceremonies/ceremony.html", context, status=status)


def _whose(activity: Activity) -> list[int] | None:
    """Return of which agencies an activity shows the office-holders: of all where its own agency asks them, else its own."""
    return None if activity.pact_round.agency_id == activity.agency_id else [activity.agency_id]


@require_POST
@may("activity.run")
def set_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Set what the witnesses of each kind of body state."""
    found = _with_pact(request, pk)
    kinds = sorted(set(found.guests.filter(is_witness=True).values_list("kind", flat=True)))
    form = WordsForm(request.POST, activity=found, kinds=kinds)
    if form.is_valid():
        try:
            ceremonies.set_words(found, form.words(), by=request.user, now=timezone.now())
            messages.success(request, _("Kata-kata pernyataan disimpan. Yang sudah ditandatangani tidak berubah."))
            return redirect("ceremony", found.pk)
        except DomainError as error:
            form.add_error(None, sentence(error))
    return _ceremony_page(request, found, words=form, status=422)


def _guest(request: HttpRequest, pk: int, guest: int) -> Guest:
    found = _with_pact(request, pk)
    return get_object_or_404(Guest.objects.select_related("activity__agency", "activity__pact_round__text"),
                             pk=guest, activity=found)  # fmt: skip


@require_POST
@may("activity.run")
def set_witness(request: HttpRequest, pk: int, guest: int) -> HttpResponse:
    """Say that a guest witnesses the pact, or no more."""
    found = _guest(request, pk, guest)
    try:
        ceremonies.set_witness(found, request.POST.get("is_witness") == "1", by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("ceremony", found.activity_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def witness_slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Print slips for chosen witnesses: a slip that one has already is dead then."""
    found = _with_pact(request, pk)
    waiting = found.guests.filter(is_witness=True, witness__signed_at=None).select_related("witness")
    form = ChooseGuestsForm(request.POST or None, guests=waiting, initial={"guests": [each.pk for each in waiting]})
    if request.method == "POST" and form.is_valid():
        try:
            chosen = list(form.cleaned_data["guests"])
            content = ceremonies.witness_slips(found, chosen, by=request.user, now=timezone.now())
            return pdf_of(content, f"slip-saksi-{found.pk}.pdf")
        except DomainError as error:
            form.add_error(None, sentence(error))
    context = {"activity": found, "form": form, "waiting": waiting}
    return render(request, "ceremonies/witness_slips.html", context, status=422 if form.errors else 200)


@require_safe
@may("activity.run")
def witness_statement(request: HttpRequest, pk: int, guest: int) -> HttpResponse:
    """Hand out what a witness signed."""
    found = _guest(request, pk, guest)
    witness = get_object_or_404(
        Witness.objects.select_related("guest__activity__agency"), guest=found, signed_at__isnull=False
    )
    return pdf_of(ceremonies.statement_paper(witness, now=timezone.now()), f"pernyataan-saksi-{found.pk}.pdf")


@require_POST
@may("activity.run")
def receive_holder(request: HttpRequest, pk: int, duty: int) -> HttpResponse:
    """Put an office-holder on the list of those present."""
    found = _with_pact(request, pk)
    asked = Obligation.objects.filter(pact_round=found.pact_round, office__isnull=False)
    if (agencies := _whose(found)) is not None:
        asked = asked.filter(office__agency__in=agencies)
    owed = get_object_or_404(asked.select_related("unit"), pk=duty)
    try:
        ceremonies.receive_holder(found, owed, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("ceremony", found.pk)


@require_safe
@may("activity.run")
def ceremony_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the record of a ceremony."""
    found = _with_pact(request, pk)
    content = ceremonies.record(found, by=request.user, now=timezone.now())
    return pdf_of(content, f"berita-acara-penandatanganan-{found.pk}.pdf")


@require_safe
@may("activity.run")
def ceremony_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the certificates of an activity in one PDF, where they are few enough to be made while somebody waits."""
    found = _with_pact(request, pk)
    if certificates.made_at(found).count() > papers.DIRECT:
        return redirect("order-ceremony-bundle", found.pk)
    try:
        content = ceremonies.bundle(
            found, today=clock.today(found.agency.zone), by=request.user, now=timezone.now()
        )  # fmt: skip
    except NothingToPrint:
        return _nothing_to_bind(request, found)
    return pdf_of(content, f"sertifikat-acara-{found.pk}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def order_ceremony_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the certificates of an activity: they are made in volumes by the worker, and fetched later."""
    found = _with_pact(request, pk)
    if request.method != "POST":
        return confirmed(
            request,
            _("Himpunan sertifikat “%(title)s”") % {"title": found.title},
            [
                _("%(count)s sertifikat dibuat dalam jilid-jilid.")
                % {"count": number(certificates.made_at(found).count())},
                _(
                    "Pekerjaan ini berjalan sendiri; Anda boleh pergi. Berkasnya menunggu di beranda Anda selama sehari."
                ),
            ],
            _("Buat himpunan"),
            reverse("ceremony", args=[found.pk]),
        )
    try:
        order = papers.order_certificates_at(found, by=request.user, now=timezone.now())
    except NothingToPrint:
        return _nothing_to_bind(request, found)
    tasks.make_papers.enqueue(order.pk)
    return redirect("paper", order.pk)


def _nothing_to_bind(request: HttpRequest, found: Activity) -> HttpResponse:
    messages.info(request, _("Belum ada tanda tangan yang berlaku dari acara ini."))
    return redirect("ceremony", found.pk)


# --- a shared device ---------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def open_kiosk(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn this device into one on which people sign one after the other; whoever opened it is signed out."""
    found = _with_pact(request, pk)
    if request.method != "POST":
        return confirmed(
            request,
            _("Pakai perangkat ini untuk tanda tangan?"),
            [
                _("Orang tanpa ponsel menandatangani di sini dengan nomor dan kata sandi atau kodenya sendiri."),
                _(
                    "Anda keluar dari akun Anda di perangkat ini. Tiap orang dilupakan sesudah menandatangani atau dua menit."
                ),
            ],
            _("Mulai, dan keluar dari akun saya"),
            reverse("ceremony", args=[found.pk]),
        )
    try:
        ceremonies.open_kiosk(found, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("ceremony", found.pk)
    opened = signing.dumps({"activity": found.pk, "by": request.user.pk}, salt=COOKIE)
    logout(request)
    response = redirect("kiosk")
    response.set_cookie(
        COOKIE, opened, max_age=COOKIE_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        path=reverse("kiosk"),
    )  # fmt: skip
    return response
