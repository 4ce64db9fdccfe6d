"""Pacts: reading and signing one's own; running a round; who has signed, unit by unit."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import DayTooFar, DomainError, DueInPast, NothingToPrint, NotTheSigner, PactAlreadySigned
from ikrar.domain.pacts import Coverage, Grade
from ikrar.records.models import Agency, Obligation, PactRound, PaperOrder, Signature, WorkUnit
from ikrar.services import ceremonies, certificates, clock, elections, pacts, papers, tasks
from ikrar.services import coverage as counts
from ikrar.web import addresses, filled
from ikrar.web.access import asked_again, may, scope
from ikrar.web.confirming import confirmed
from ikrar.web.forms.choices import keys_in
from ikrar.web.forms.pacts import ContestForm, ReasonForm, RoundForm, SignForm, TextForm
from ikrar.web.messages import number, sentence

# --- one's own ---------------------------------------------------------------------------------------------------


def _own(request: HttpRequest, pk: int) -> Obligation:
    """Return one's own obligation; anybody else's does not exist for this person."""
    if not request.user.person_id:
        raise Http404
    return get_object_or_404(
        Obligation.objects.select_related(
            "pact_round__text", "pact_round__agency", "unit__agency", "person", "office", "signature__activity"
        ),
        pk=pk,
        person=request.user.person_id,
    )


@require_safe
@may("pact.sign_own")
def mine(request: HttpRequest) -> HttpResponse:
    """List what I owe and what I signed."""
    duties = pacts.of_person(request.user.person_id) if request.user.person_id else []
    context = {"duties": duties, "today": clock.today()}
    return render(request, "pacts/mine.html", context)


@require_safe
@may("pact.sign_own")
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the text to be signed, or the signature that stands."""
    shown = _sheet(request, pk)
    if shown.signed:
        duty = _own(request, pk)
        context = {
            "duty": duty, "stands": pacts.stands(duty.signature), "state": shown.state,
            "witnesses": pacts.witnesses_after([duty.signature]).get(duty.signature_id, ()),
            "struck": bool(pacts.struck([duty.signature])),
        }  # fmt: skip
        return render(request, "pacts/signed.html", context)
    if not shown.signable:
        context = {"duty": _own(request, pk), "text": shown.text, "state": shown.state}
        return render(request, "pacts/not_open.html", context)
    if shown.unopened:
        pacts.opened(pk, now=timezone.now())
    return _text_page(request, shown)


def _sheet(request: HttpRequest, pk: int) -> pacts.Sheet:
    """Return what one's own obligation shows; anybody else's does not exist for this person."""
    try:
        return pacts.sheet(pk, user=request.user)
    except NotTheSigner:
        raise Http404 from None


def _text_page(
    request: HttpRequest, shown: pacts.Sheet, form: SignForm | None = None, says: str = "", status: int = 200
) -> HttpResponse:
    late = bool(shown.due_on and shown.due_on < clock.today(shown.zone))
    here = shown.venue(lambda: clock.today(shown.zone))
    venue = here[1] if here else ""
    if form or says:
        context = {"sheet": shown, "form": form, "says": says, "late": late, "venue": venue}
        return render(request, "pacts/read.html", context, status=status)
    return filled.page(
        request,
        "pacts/read.html",
        (shown.text.digest, shown.text.number, shown.due_on, late, shown.signed_before, venue),
        {"pk": shown.pk, "signer": shown.signer, "unit_name": shown.unit_name, "agency_name": shown.agency_name},
        lambda mine: {"sheet": replace(shown, **mine), "form": None, "says": "", "late": late, "venue": venue},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.sign_own")
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign exactly the text that was shown. A second try finds the first signature and changes nothing.

    Who comes here by a link (after signing in again at the last step, by the address bar, by going back) reads the text
    first and is told that nothing is signed yet, or sees the signature that stands.
    """
    if request.method != "POST":
        shown = _sheet(request, pk)
        if shown.signable and not shown.signed:
            messages.warning(request, _("Anda belum menandatangani. Baca, centang, lalu tandatangani."))
        return redirect("pact", shown.pk)
    return _sign(request, pk)


@asked_again
def _sign(request: HttpRequest, pk: int) -> HttpResponse:
    agreed_to = SignForm.agreed_to(request.POST)
    if agreed_to is None:
        return _text_page(request, _sheet(request, pk), SignForm(request.POST), status=422)
    try:
        pacts.sign(pk, user=request.user, shown_digest=agreed_to, grade=_grade(request), now=timezone.now())
    except PactAlreadySigned:
        return _to_sheet(pk)
    except NotTheSigner:
        raise Http404 from None
    except DomainError as error:
        return _text_page(request, _sheet(request, pk), says=sentence(error), status=422)
    return _to_sheet(pk)


def _to_sheet(pk: int) -> HttpResponse:
    return HttpResponseRedirect(addresses.of("pact", pk))


def _grade(request: HttpRequest) -> Grade:
    """Return by which route this session was opened, the strongest that it proved."""
    records = request.session.get("account_authentication_methods", [])
    if any(record.get("type") == "webauthn" for record in records):
        return Grade.PASSKEY
    if any(record.get("method") == "socialaccount" for record in records):
        return Grade.SINGLE_SIGN_ON
    return Grade.PASSWORD


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.sign_own")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse to sign, with a reason."""
    duty = _own(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pacts.refuse(duty, user=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
            return redirect("my-pacts")
        except DomainError as error:
            form.add_error(None, sentence(error))
    context = {"duty": duty, "form": form}
    return render(request, "pacts/refuse.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("account.own")
def contest(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of a signature in one's own name that one did not make it, after being asked once more: it stays so."""
    if not request.user.person_id:
        raise Http404
    related = ("version", "contest", "unit__agency", "obligation__unit", "obligation__pact_round__text")
    signature = get_object_or_404(Signature.objects.select_related(*related), pk=pk, person=request.user.person_id)
    counts = pacts.stands(signature)
    certificates.called_then([signature])
    form = ContestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["sure"]:
            return render(request, "pacts/contest_sure.html", {"signature": signature, "form": form, "counts": counts})
        try:
            pacts.contest(signature, user=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
            return redirect("account")
        except DomainError as error:
            form.add_error(None, sentence(error))
    context = {"signature": signature, "form": form, "counts": counts}
    return render(request, "pacts/contest.html", context, status=422 if form.errors else 200)


@require_safe
@may("pact.sign_own")
def my_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out one's own certificate."""
    duty = _own(request, pk)
    if duty.signature is None:
        raise Http404
    signature = Signature.objects.select_related(
        "unit__agency", "version", "person", "obligation__pact_round__text"
    ).get(pk=duty.signature_id)
    return _pdf(certificates.render(signature, now=timezone.now()), f"sertifikat-{signature.code}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- running a round ---------------------------------------------------------------------------------------------


def _round(request: HttpRequest, pk: int) -> PactRound:
    return get_object_or_404(PactRound.objects.within(request.scope).select_related("agency", "text"), pk=pk)


def _own_round(request: HttpRequest, pk: int) -> PactRound:
    """Return a round that one's own agency made: only its officers change it."""
    found = _round(request, pk)
    if not request.scope.covers_agency(found.agency_id):
        raise Http404
    return found


@require_safe
@may("pact.manage")
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds of one's agencies."""
    found = PactRound.objects.within(request.scope).select_related("agency")
    # What another agency still writes at is not shown to those whom it will ask.
    foreign = found.filter(state=PactRound.State.DRAFT).exclude(agency__in=request.scope.agencies)
    return render(request, "pacts/rounds.html", {"rounds": found.exclude(pk__in=foreign.values("pk"))})


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.manage")
def new_round(request: HttpRequest) -> HttpResponse:
    """Make a round with its first text."""
    agencies = Agency.objects.filter(pk__in=request.scope.agencies)
    regions = agencies.exclude(region=None).values_list("region", flat=True)
    form = RoundForm(request.POST or None, agencies=agencies, elections=elections.choices(regions, clock.today()))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            made = pacts.create_round(
                agency=cleaned["agency"],
                title=cleaned["title"],
                text=form.text(),
                employments=cleaned["employments"],
                election=cleaned["election"],
                legal_basis=cleaned["legal_basis"],
                keeps_on=cleaned["keeps_on"],
                due_on=cleaned["due_on"],
                escalate_after=2 if cleaned["escalate_after"] is None else cleaned["escalate_after"],
                today=clock.today(cleaned["agency"].zone),
                by=request.user,
                now=timezone.now(),
            )
            return redirect("round", made.pk)
        except (DueInPast, DayTooFar) as error:
            form.add_error("due_on", sentence(error))
        except DomainError as error:
            form.add_error("points", sentence(error))
    return render(request, "pacts/new_round.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@may("pact.manage")
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a round: text, state, and coverage of each agency that owes it."""
    found = _round(request, pk)
    if found.for_offices:
        return redirect("office-round", found.pk)
    if found.state == PactRound.State.DRAFT and not request.scope.covers_agency(found.agency_id):
        raise Http404  # those it is addressed to read it when it is finished
    owing = found.agencies.filter(pk__in=request.scope.agencies | ({found.agency_id} & request.scope.agencies))
    rows = []
    for agency in owing:
        root = agency.units.get(parent=None)
        rows.append((root, counts.coverage(found, root, clock.today(agency.zone))))
    context = {
        "round": found,
        "rows": rows,
        "own": request.scope.covers_agency(found.agency_id),
        "below": Agency.objects.filter(parent=found.agency_id).exists(),
        "addressed": found.agencies.filter(parent=found.agency_id).count(),
        "today": clock.today(found.agency.zone),
    }
    return render(request, "pacts/round.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.manage")
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Let agencies directly below owe a round, too: a province its regencies and cities."""
    found = _own_round(request, pk)
    if found.for_offices:
        raise Http404
    below = Agency.objects.filter(parent=found.agency_id).order_by("code")
    if request.method == "POST":
        chosen = below.filter(pk__in=keys_in(request.POST.getlist("agency")))
        try:
            added = pacts.address(found, chosen, by=request.user, now=timezone.now())
            messages.success(
                request,
                _("%(n)s instansi ditambahkan. Terbitkan pakta ini sekali lagi supaya sampai kepada pegawainya.")
                % {"n": added},
            )
            return redirect("round", found.pk)
        except DomainError as error:
            messages.error(request, sentence(error))
    owing = set(found.agencies.values_list("pk", flat=True))
    left = any(agency.pk not in owing for agency in below)
    return render(request, "pacts/address.html", {"round": found, "below": below, "owing": owing, "left": left})


@require_safe
@may("province.view")
def below(request: HttpRequest) -> HttpResponse:
    """Show the coverage of every agency below one's own, round by round: counts, and nothing of their persons."""
    mine = Agency.objects.within(request.scope).filter(children__isnull=False).distinct()
    rounds = []
    for found in (
        PactRound.objects.filter(agency__in=mine, for_offices=False).exclude(state="draft").select_related("agency")
    ):
        rows = []
        for agency in found.agencies.filter(parent=found.agency_id).order_by("code"):
            root = agency.units.get(parent=None)
            rows.append((agency, counts.coverage(found, root, clock.today(agency.zone))))
        if rows:
            rounds.append((found, rows, sum((counted for _, counted in rows), Coverage())))
    context = {"rounds": rounds, "mine": mine, "today": clock.today()}
    return render(request, "pacts/below.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.manage")
def new_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a new version of the text in force; older signatures count no more."""
    found = _own_round(request, pk)
    text = found.text
    initial = {
        "text_title": text.title, "opening": text.opening, "points": "\n".join(text.points), "closing": text.closing,
    }  # fmt: skip
    form = TextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            pacts.publish_text(found, form.text(), by=request.user, now=timezone.now())
            return redirect("round", found.pk)
        except DomainError as error:
            form.add_error("points", sentence(error))
    return render(request, "pacts/new_text.html", {"round": found, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.manage")
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a round to everybody obliged, or to those who came since, after asking once more."""
    found = _own_round(request, pk)
    if request.method != "POST":
        first = found.state == PactRound.State.DRAFT
        return confirmed(
            request,
            _("Terbitkan “%(title)s”?") % {"title": found.title},
            [
                _(
                    "Setiap pemegang jabatan yang dipilih, yang memegangnya saat ini, menerimanya dan diminta menandatangani."
                )
                if found.for_offices
                else _(
                    "Setiap orang yang wajib menurut daftar pegawai hari ini menerimanya dan diminta menandatangani."
                )
                if first
                else _("Yang baru masuk menerimanya; yang pindah diminta menandatangani lagi di tempat yang baru."),
                _("Penerbitan tercatat dan tidak dapat ditarik kembali. Teksnya masih dapat diganti sesudahnya."),
            ],
            _("Terbitkan sekarang"),
            reverse("round", args=[found.pk]),
        )
    if found.for_offices:
        return _issued_to_holders(request, found)
    counted = pacts.issue(found, today=clock.today(found.agency.zone), by=request.user, now=timezone.now())
    said = {name: number(count) for name, count in counted.items()}
    told = [_("Diterbitkan kepada %(issued)s orang yang wajib.") % said]
    if counted["on_leave"]:
        told.append(_("%(on_leave)s orang yang sedang cuti juga menerimanya dan dihitung tersendiri.") % said)
    if counted["renewed"]:
        told.append(_("%(renewed)s orang yang pindah wajib lagi di tempat baru.") % said)
    messages.success(request, " ".join(told))
    return redirect("round", found.pk)


def _issued_to_holders(request: HttpRequest, found: PactRound) -> HttpResponse:
    counted = ceremonies.issue(found, today=clock.today(found.agency.zone), by=request.user, now=timezone.now())
    said = {name: number(count) for name, count in counted.items()}
    told = [_("Diterbitkan kepada %(issued)s pemegang jabatan.") % said]
    if counted["unnamed"]:
        told.append(_("Untuk %(unnamed)s jabatan belum ada pemegang tercatat; catat dulu, lalu terbitkan lagi.") % said)
    messages.success(request, " ".join(told))
    return redirect("office-round", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.manage")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a round, after asking once more."""
    found = _own_round(request, pk)
    if request.method != "POST":
        return confirmed(
            request,
            _("Tutup “%(title)s”?") % {"title": found.title},
            [
                _("Sesudah ditutup tidak ada lagi yang dapat menandatangani, menolak, atau diingatkan."),
                _("Penutupan tidak dapat dibatalkan. Tanda tangan, sertifikat, dan cakupannya tetap dapat dibaca."),
            ],
            _("Tutup pakta ini"),
            reverse("round", args=[found.pk]),
        )
    pacts.close_round(found, by=request.user, now=timezone.now())
    return redirect("round", found.pk)


# --- coverage ----------------------------------------------------------------------------------------------------


@require_safe
@may("coverage.view")
def coverage_home(request: HttpRequest) -> HttpResponse:
    """Lead to the coverage of what one may see: one's agency, one's unit."""
    tops = list(_tops(request))
    agencies = {unit.agency_id for unit in tops}
    found = PactRound.objects.filter(agencies__in=agencies, for_offices=False).exclude(state="draft").distinct()
    rows = [
        (pact_round, unit, counts.coverage(pact_round, unit, clock.today(unit.agency.zone)))
        for pact_round in found
        for unit in tops
        if pact_round.agencies.filter(pk=unit.agency_id).exists()
    ]
    return render(request, "pacts/coverage_home.html", {"rows": rows})


def _tops(request: HttpRequest):
    """Return the highest units within reach."""
    whole = WorkUnit.objects.filter(agency__in=request.scope.agencies, parent=None).select_related("agency")
    yield from whole
    for agency, first, _last in request.scope.spans:
        yield from WorkUnit.objects.filter(agency=agency, position=first).select_related("agency")


def unit_of_round(request: HttpRequest, pk: int, unit: int) -> tuple[PactRound, WorkUnit]:
    """Return a round of staff that was issued, and one of its units within reach."""
    found = _round(request, pk)
    place = get_object_or_404(
        WorkUnit.objects.within(request.scope).select_related("agency", "parent"),
        pk=unit,
        agency__in=found.agencies.all(),
    )
    if found.state == PactRound.State.DRAFT or found.for_offices:
        raise Http404
    return found, place


@require_safe
@may("coverage.view")
def coverage(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Show a unit's coverage with the units below it, to go down into."""
    found, place = unit_of_round(request, pk, unit)
    today = clock.today(place.agency.zone)
    counted = counts.coverage_below(found, place, today)
    above = WorkUnit.objects.within(request.scope).filter(
        agency=place.agency_id, position__lt=place.position, last_position__gte=place.last_position
    )
    context = {
        "round": found, "unit": place, "total": counted.total, "rows": counted.rows, "own": counted.own, "today": today,
        "as_of": counted.as_of, "many": counted.total.valid > papers.DIRECT,
        "above": above.order_by("position"), "manages": found.agencies.filter(pk__in=_managed(request)).exists(),
        "may_bundle": bool(scope(request, "certificate.bundle")),
    }  # fmt: skip
    return render(request, "pacts/coverage.html", context)


def _managed(request: HttpRequest) -> frozenset[int]:
    return scope(request, "pact.manage").agencies


@require_safe
@may("coverage.view")
def missing(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """List who is missing in a unit, to print or to paste into a messenger."""
    found, place = unit_of_round(request, pk, unit)
    today = clock.today(place.agency.zone)
    people = pacts.missing(found, place, today)
    page = Paginator(people, 200).get_page(request.GET.get("hal"))
    duties = {
        duty.person_id: duty
        for duty in Obligation.objects.filter(
            pact_round=found, office=None, person__in=[each.person_id for each in page]
        ).select_related("signature__version")
    }
    link = f"{settings.BASE_URL}{reverse('my-pacts')}"
    text = _(
        "Yth. Bapak/Ibu pegawai %(unit)s: pakta “%(title)s” belum ditandatangani. Masuk di %(link)s dengan NIP dan"
        " kata sandi sendiri, atau dengan kode pada slip. Terima kasih."
    ) % {"unit": place.name, "title": found.title, "link": link}
    context = {
        "round": found, "unit": place, "people": [(each, duties.get(each.person_id)) for each in page], "today": today,
        "text": text, "manages": place.agency_id in _managed(request), "page_of": page,
        "own": found.agency_id in _managed(request), "may_print": bool(scope(request, "certificate.bundle")),
        "reminders": found.reminders.filter(unit=place)[:5],
    }  # fmt: skip
    return render(request, "pacts/missing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.manage")
def remind(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Message the missing of a unit, and only them, after saying how many that are."""
    found, place = unit_of_round(request, pk, unit)
    if request.method != "POST":
        people = pacts.missing(found, place, clock.today(place.agency.zone)).order_by().count()
        said = {"people": number(people), "days": pacts.REMINDER_PAUSE.days, "most": pacts.MOST_REMINDERS}
        return confirmed(
            request,
            _("Ingatkan yang belum: %(unit)s?") % {"unit": place.name},
            [
                _("%(people)s orang belum menandatangani dan mendapat pesan di kotak pesannya.") % said,
                _(
                    "Yang sudah diingatkan dalam %(days)s hari terakhir, atau sudah %(most)s kali, dilewati. Pesan tidak dapat"
                    " ditarik kembali."
                )
                % said,
            ],
            _("Kirim pengingat"),
            reverse("missing", args=[found.pk, place.pk]),
        )
    try:
        return remind_chosen(request, found, place, None)
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("missing", found.pk, place.pk)


def remind_chosen(request: HttpRequest, found: PactRound, place: WorkUnit, only: Sequence[int] | None) -> HttpResponse:
    """Remind the missing of a unit, or those of them who were selected, and say who was reached and who was left out."""
    sent = pacts.remind(
        found,
        place,
        link=reverse("my-pacts"),
        list_link=lambda head: reverse("missing", args=[found.pk, head]),
        only=only,
        today=clock.today(place.agency.zone),
        by=request.user,
        now=timezone.now(),
    )
    told = [_("Pengingat masuk ke kotak pesan %(people)s orang.") % {"people": number(sent.people)}]
    if sent.too_soon:
        said = {"people": number(sent.too_soon), "days": pacts.REMINDER_PAUSE.days}
        told.append(_("%(people)s orang dilewati karena sudah diingatkan dalam %(days)s hari terakhir.") % said)
    if sent.used_up:
        said = {"people": number(sent.used_up), "most": pacts.MOST_REMINDERS}
        told.append(
            _("%(people)s orang dilewati karena sudah diingatkan %(most)s kali; hubungi mereka langsung.") % said
        )
    if sent.superiors:
        said = {"n": number(sent.superiors)}
        told.append(
            ngettext(
                "%(n)s kepala unit diberi tahu tentang yang belum juga menandatangani.",
                "%(n)s kepala unit diberi tahu tentang yang belum juga menandatangani.",
                sent.superiors,
            )
            % said
        )
    messages.success(request, " ".join(told))
    return redirect("missing", found.pk, place.pk)


@require_safe
@may("certificate.bundle")
def bundle(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Hand out a unit's certificates in one PDF, where they are few enough to be made while somebody waits."""
    found, place = unit_of_round(request, pk, unit)
    today = clock.today(place.agency.zone)
    if counts.coverage(found, place, today).valid > papers.DIRECT:
        return redirect("order-bundle", found.pk, place.pk)
    try:
        content = certificates.bundle(found, place, today=today, by=request.user, now=timezone.now())
    except NothingToPrint:
        messages.info(request, _("Belum ada sertifikat yang berlaku di unit ini, jadi tidak ada yang dihimpun."))
        return redirect("coverage-unit", found.pk, place.pk)
    return _pdf(content, f"sertifikat-{re.sub(r'[^A-Za-z0-9.-]', '-', place.code)}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@may("certificate.bundle")
def order_bundle(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Order a unit's certificates: they are made in volumes by the worker, and fetched later."""
    found, place = unit_of_round(request, pk, unit)
    if request.method != "POST":
        count = counts.coverage(found, place, clock.today(place.agency.zone)).valid
        says = {"count": number(count), "part": papers.A_PART[PaperOrder.Kind.CERTIFICATES]}
        return confirmed(
            request,
            _("Himpunan sertifikat %(unit)s") % {"unit": place.name},
            [
                _("%(count)s sertifikat dibuat dalam jilid-jilid berisi paling banyak %(part)s.") % says,
                _(
                    "Pekerjaan ini berjalan sendiri; Anda boleh pergi. Berkasnya menunggu di beranda Anda selama sehari."
                ),
            ],
            _("Buat himpunan"),
            reverse("coverage-unit", args=[found.pk, place.pk]),
        )
    try:
        order = papers.order_certificates(found, place, by=request.user, now=timezone.now())
    except NothingToPrint as error:
        messages.info(request, sentence(error))
        return redirect("coverage-unit", found.pk, place.pk)
    tasks.make_papers.enqueue(order.pk)
    return redirect("paper", order.pk)


def _duty(request: HttpRequest, pk: int) -> Obligation:
    return get_object_or_404(
        Obligation.objects.select_related("person", "unit", "pact_round"),
        pk=pk,
        unit__agency__in=request.scope.agencies,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may("pact.manage")
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Excuse somebody, with a reason."""
    duty = _duty(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pacts.excuse(duty, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            return _back_from(duty)
        except DomainError as error:
            form.add_error(None, sentence(error))
    return render(request, "pacts/excuse.html", {"duty": duty, "form": form}, status=422 if form.errors else 200)


@require_POST
@may("pact.manage")
def end_excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an excused person owe the pact again."""
    duty = _duty(request, pk)
    pacts.end_excuse(duty, by=request.user, now=timezone.now())
    return _back_from(duty)


def _back_from(duty: Obligation) -> HttpResponse:
    """Return to where somebody's duty is shown: his own page, or that of the pact of office-holders."""
    if duty.office_id:
        return redirect("office-round", duty.pact_round_id)
    return redirect("person", duty.person_id)
