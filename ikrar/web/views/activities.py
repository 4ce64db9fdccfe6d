"""Activities as those see them who run them: list, draft, call, the venue's screen, who came, minutes, papers."""

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain import gatherings
from ikrar.domain.errors import DomainError, ListTooLong, SelectionTooLarge
from ikrar.domain.gatherings import State, Step
from ikrar.domain.pacts import points_of
from ikrar.domain.roster import tidy_number
from ikrar.records.models import (
    Activity,
    ActivityPhoto,
    Agency,
    Attendance,
    Decision,
    Guest,
    Invitation,
    InvitedUnit,
    Office,
    Person,
    Placement,
    WorkUnit,
)
from ikrar.services import activities, activity_papers, attendance, clock, elections
from ikrar.web.access import may
from ikrar.web.confirming import confirmed
from ikrar.web.forms.activities import (
    ActivityForm,
    ArrivalForm,
    DecisionForm,
    EvidenceForm,
    GuestForm,
    InvitePeopleForm,
    InviteUnitForm,
    MinutesForm,
    MoveForm,
    NumberForm,
    PhotoForm,
    ReasonForm,
)
from ikrar.web.forms.choices import keys_in
from ikrar.web.messages import number, sentence
from ikrar.web.sending import sent

_A_PAGE = 50
_PEOPLE_A_PAGE = 100
_RUNNING = (State.DRAFT, State.CALLED, State.OPEN)


def _activity(request: HttpRequest, pk: int) -> Activity:
    """Return an activity that one runs."""
    related = ("agency", "unit__agency", "led_by", "called_by", "pact_round")
    return get_object_or_404(Activity.objects.within(request.scope).select_related(*related), pk=pk)


def _units_of(request: HttpRequest, activity: Activity) -> QuerySet[WorkUnit]:
    """Return the units that may be called to an activity: of its agency, or under the unit that it is of."""
    below = activity.unit.below() if activity.unit else WorkUnit.objects.filter(agency=activity.agency_id)
    return below.within(request.scope).open().order_by("position")


def _told(error: DomainError, form: Any) -> None:
    """Put a refusal where it belongs: at the field that it names, else above the form."""
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, sentence(error))


# --- list, draft -------------------------------------------------------------------------------------------------


@require_safe
@may("activity.run")
def activity_list(request: HttpRequest) -> HttpResponse:
    """List the activities within reach: what comes or runs, else what is over; and the decisions that wait."""
    past, words = bool(request.GET.get("lampau")), request.GET.get("q", "").strip()[:100]
    found = Activity.objects.within(request.scope).select_related("agency", "unit")
    running = Q(state__in=_RUNNING)
    found = found.filter(~running).order_by("-on", "-pk") if past else found.filter(running).order_by("on", "pk")
    for word in words.split()[:6]:
        found = found.filter(title__icontains=word)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("hal"))
    waiting = (
        Decision.objects.filter(
            activity__in=Activity.objects.within(request.scope), activity__minutes_at__isnull=False, done_on=None
        )
        .select_related("activity", "office", "unit")
        .order_by("due_on", "pk")
    )
    context = {
        "page_of": page, "past": past, "words": words, "waiting": waiting[:30], "today": clock.today(),
        "query": f"lampau={'1' if past else ''}&q={words}&",
    }  # fmt: skip
    return render(request, "activities/list.html", context)


def _owners(request: HttpRequest) -> tuple[list[Agency], list[WorkUnit]]:
    """Return for whom somebody may hold an activity: whole agencies, and the units that he heads."""
    agencies = list(Agency.objects.filter(pk__in=request.scope.agencies))
    units: list[WorkUnit] = []
    for agency, first, _last in sorted(request.scope.spans):
        units += WorkUnit.objects.filter(agency=agency, position=first).select_related("agency")
    return agencies, units


def _elections(agencies: list[Agency], units: list[WorkUnit]) -> list[Any]:
    regions = {each.region_id for each in [*agencies, *(unit.agency for unit in units)] if each.region_id}
    return elections.choices(sorted(regions), clock.today())


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def new_activity(request: HttpRequest) -> HttpResponse:
    """Write an activity down; nobody is told yet."""
    agencies, units = _owners(request)
    form = ActivityForm(request.POST or None, agencies=agencies, units=units, elections=_elections(agencies, units))
    if request.method == "POST" and form.is_valid():
        agency, unit = form.chosen_owner()
        try:
            made = activities.draft(
                agency=agency, unit=unit, plan=form.plan(), today=clock.today(agency.zone), by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            return redirect("invitees", made.pk)
        except DomainError as error:
            _told(error, form)
    return render(request, "activities/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def edit_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is written of an activity."""
    activity = _activity(request, pk)
    initial = {name: getattr(activity, name) for name in activities.Plan.__dataclass_fields__} | {
        "points": "\n".join(activity.points)
    }
    form = ActivityForm(
        request.POST or None, initial=initial, agencies=[activity.agency], units=[],
        elections=_elections([activity.agency], []), activity=activity, fixed=activity.state != State.DRAFT,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            today = clock.today(activity.agency.zone)
            activities.edit(activity, form.plan(activity), today=today, by=request.user, now=timezone.now())
            return redirect("activity", activity.pk)
        except DomainError as error:
            _told(error, form)
    context = {"form": form, "activity": activity}
    return render(request, "activities/form.html", context, status=422 if form.errors else 200)


@require_safe
@may("activity.run")
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an activity: what it is, where it stands, what can be done next."""
    found = _activity(request, pk)
    top = activity_papers.top_of(found)
    context = {
        "activity": found, "top": top, "counts": attendance.turnout(found, top),
        "holders": attendance.from_elsewhere(found),
        "units": found.units.select_related("unit").order_by("unit__position"),
        "guests": found.guests.all(), "moves": found.moves.all(), "decisions": found.decisions.count(),
        "photos": found.photos.count(), "can": {step.value: gatherings.can(step, found.state) for step in Step},
        "due": clock.today(found.agency.zone) >= found.on,
        "shows": gatherings.takes_phones(found.state, found.on, clock.today(found.agency.zone)),
    }  # fmt: skip
    return render(request, "activities/activity.html", context)


# --- who is called -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def invitees(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who is called; call a unit or people besides."""
    found = _activity(request, pk)
    units = _units_of(request, found)
    by_name = request.POST.get("act") == "people"
    posted = request.method == "POST"
    unit_form = InviteUnitForm(request.POST if posted and not by_name else None, units=units)
    people_form = InvitePeopleForm(request.POST if posted and by_name else None)
    form = people_form if by_name else unit_form
    if posted and form.is_valid():
        done = _invite_people(request, found, people_form) if by_name else _invite_unit(request, found, unit_form)
        if done:
            return redirect("invitees", found.pk)
    named = found.invitations.select_related("person", "unit").order_by("unit__position", "person__name")
    context = {
        "activity": found, "unit_form": unit_form, "people_form": people_form, "is_draft": found.state == State.DRAFT,
        "units": found.units.select_related("unit").order_by("unit__position"),
        "page_of": Paginator(named, _PEOPLE_A_PAGE).get_page(request.GET.get("hal")),
        "can_invite": gatherings.can(Step.INVITE, found.state), "offices": attendance.signing_offices(found),
    }  # fmt: skip
    return render(request, "activities/invitees.html", context, status=422 if form.errors else 200)


def _invite_unit(request: HttpRequest, found: Activity, form: InviteUnitForm) -> bool:
    cleaned = form.cleaned_data
    try:
        people = activities.invite_unit(
            found, cleaned["unit"], heads_only=cleaned["heads_only"], quota=cleaned["quota"], by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except DomainError as error:
        _told(error, form)
        return False
    if found.state != State.DRAFT and people:
        messages.success(request, _("Undangan masuk ke kotak pesan %(n)s orang.") % {"n": number(people)})
    return True


def _invite_people(request: HttpRequest, found: Activity, form: InvitePeopleForm) -> bool:
    """Call people by their numbers; one of another unit or agency is answered like one that nobody has."""
    typed = [line for line in re.split(r"[\n,;]+", form.cleaned_data["numbers"]) if line.strip()]
    numbers = {tidy_number(line): line.strip() for line in typed}
    here = Placement.objects.current().filter(unit__in=_units_of(request, found))
    people = list(Person.objects.filter(identifier__in=numbers, placements__in=here).distinct())
    unknown = [line for key, line in numbers.items() if key not in {person.identifier for person in people}]
    if unknown or not people:
        shown = ", ".join(unknown[:10]) + (" …" if len(unknown) > 10 else "")
        form.add_error("numbers", _("Tidak ada pegawai dengan nomor ini di sini: %(numbers)s.") % {"numbers": shown})
        return False
    try:
        activities.invite_people(found, people, by=request.user, now=timezone.now())
    except DomainError as error:
        _told(error, form)
        return False
    return True


@require_POST
@may("activity.run")
def uninvite_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a unit from the list of a draft."""
    invited = get_object_or_404(
        InvitedUnit.objects.filter(activity__in=Activity.objects.within(request.scope)).select_related(
            "activity__agency"
        ),
        pk=pk,
    )
    activities.uninvite_unit(invited, by=request.user, now=timezone.now())
    return redirect("invitees", invited.activity_id)


@require_POST
@may("activity.run")
def uninvite(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a person from the list of a draft."""
    invitation = get_object_or_404(
        Invitation.objects.filter(activity__in=Activity.objects.within(request.scope)).select_related(
            "activity__agency"
        ),
        pk=pk,
    )
    activities.uninvite(invitation, by=request.user, now=timezone.now())
    return redirect("invitees", invitation.activity_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def unit_share(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Choose who comes for a unit that may send a number: its head does, whether he runs the activity or not."""
    reach = WorkUnit.objects.within(request.scope)
    shares = InvitedUnit.objects.filter(unit__in=reach).exclude(quota=None).exclude(activity__state=State.DRAFT)
    invited = get_object_or_404(shares.select_related("unit", "activity__agency"), activity=pk, unit=unit)
    says = ""
    if request.method == "POST":
        chosen = sorted(keys_in(request.POST.getlist("person")))[:_PEOPLE_A_PAGE]
        try:
            people = activities.name_for_share(invited, chosen, by=request.user, now=timezone.now())
            messages.success(request, _("Undangan masuk ke kotak pesan %(n)s orang.") % {"n": number(people)})
            return redirect("unit-share", pk, unit)
        except DomainError as error:
            says = sentence(error) if chosen else _("Centang dulu siapa yang datang.")
    words = request.GET.get("q", "").strip()[:60]
    people = attendance.nameable(invited)
    digits = tidy_number(words)
    if digits.isdigit() and len(digits) > 7:
        people = people.filter(person__identifier=digits)
    else:
        for word in words.split()[:6]:
            people = people.filter(person__name__icontains=word)
    share = attendance.share_of(invited)
    context = {
        "activity": invited.activity, "unit": invited.unit, "share": share, "words": words, "says": says,
        "page_of": Paginator(people, _PEOPLE_A_PAGE).get_page(request.GET.get("hal")), "query": f"q={words}&",
        "can_name": gatherings.can(Step.NAME, invited.activity.state) and share.left > 0,
        "chosen": keys_in(request.POST.getlist("person")), "named": share.named[:_PEOPLE_A_PAGE],
        "many": share.named.count(),
        "runs": Activity.objects.within(request.scope).filter(pk=pk).exists(),
    }  # fmt: skip
    return render(request, "activities/share.html", context, status=422 if says else 200)


# --- from the draft to the end -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def call_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Call everybody on the list, after asking once more."""
    found = _activity(request, pk)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people = activities.call(
                found, number=form.cleaned_data["number"], today=clock.today(found.agency.zone), by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Undangan masuk ke kotak pesan %(n)s orang.") % {"n": number(people)})
            return redirect("activity", found.pk)
        except DomainError as error:
            _told(error, form)
    return confirmed(
        request,
        _("Kirim undangan “%(title)s”?") % {"title": found.title},
        [
            _("Setiap orang di unit yang diundang menerima pesan; kepala unit dengan kuota diberi tahu kuotanya."),
            _(
                "Sesudah terkirim undangan tidak dapat ditarik, hanya dipindah atau dibatalkan dengan alasan. Orang lain"
                " masih dapat ditambahkan."
            ),
        ],
        _("Kirim undangan sekarang"),
        reverse("activity", args=[found.pk]),
        form=form,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def move_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an activity after people were invited; all of them are told."""
    found = _activity(request, pk)
    initial = {name: getattr(found, name) for name in ("on", "starts_at", "ends_at", "place")}
    form = MoveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            activities.move(
                found, **form.cleaned_data, today=clock.today(found.agency.zone), by=request.user, now=timezone.now()
            )
            messages.success(request, _("Dipindah. Semua yang diundang diberi tahu."))
            return redirect("activity", found.pk)
        except DomainError as error:
            _told(error, form)
    return confirmed(
        request,
        _("Pindahkan “%(title)s”") % {"title": found.title},
        [
            _("Semua yang diundang diberi tahu hari, jam, dan tempat yang baru beserta alasannya."),
            _("Bila harinya berganti, kode hari lama mati dan setiap orang diminta menjawab lagi."),
        ],
        _("Pindahkan kegiatan ini"),
        reverse("activity", args=[found.pk]),
        form=form,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def cancel_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an activity, with a reason that all who were invited read."""
    found = _activity(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            activities.cancel(found, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            return redirect("activity", found.pk)
        except DomainError as error:
            _told(error, form)
    return confirmed(
        request,
        _("Batalkan “%(title)s”?") % {"title": found.title},
        [_("Semua yang sudah diundang membaca alasannya. Pembatalan tidak dapat ditarik kembali.")],
        _("Batalkan kegiatan ini"),
        reverse("activity", args=[found.pk]),
        form=form,
    )


@require_POST
@may("activity.run")
def open_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the list of those present."""
    found = _activity(request, pk)
    today = clock.today(found.agency.zone)
    try:
        activities.open_list(found, today=today, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("activity", found.pk)
    if gatherings.takes_phones(found.state, found.on, today):
        return redirect("venue", found.pk)
    return redirect("attendance", found.pk, activity_papers.top_of(found).pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def close_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the list of those present, after asking once more."""
    found = _activity(request, pk)
    if request.method != "POST":
        came = attendance.came(found)
        return confirmed(
            request,
            _("Tutup daftar hadir “%(title)s”?") % {"title": found.title},
            [
                ngettext("%(n)s orang tercatat hadir.", "%(n)s orang tercatat hadir.", came) % {"n": number(came)},
                _("Sesudah ditutup kode di layar mati dan tidak ada lagi yang dicatat hadir."),
            ],
            _("Tutup daftar hadir"),
            reverse("activity", args=[found.pk]),
        )
    activities.close(found, by=request.user, now=timezone.now())
    return redirect("activity", found.pk)


# --- the venue's screen ------------------------------------------------------------------------------------------


def _shown(found: Activity, *, after_s: int = 0) -> dict[str, Any]:
    """Return what the screen needs to go on by itself: the codes that come, the server's clock, who is there."""
    now = timezone.now()
    codes = attendance.codes_ahead(found, after_s=after_s, now=now)
    return {
        "now_s": now.timestamp(),
        "open": codes is not None,
        "codes": [{"code": each.code, "picture": each.picture, "from_s": each.from_s} for each in codes or []],
        "window_s": gatherings.WINDOW_S,
        "came": attendance.came(found),
    }


@never_cache
@require_safe
@may("activity.run")
def venue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code of the moment, large, with who is there so far; it goes on while the network is away."""
    found = _activity(request, pk)
    shown = _shown(found)
    if not shown["codes"]:
        messages.info(request, _("Layar menampilkan kode hanya selama kegiatan dibuka, pada harinya."))
        return redirect("activity", found.pk)
    context = {
        "activity": found, "shown": shown, "first": shown["codes"][0],
        "ahead_minutes": int(attendance.AHEAD.total_seconds() // 60),
    }  # fmt: skip
    return render(request, "activities/venue.html", context)


@never_cache
@require_safe
@may("activity.run")
def venue_codes(request: HttpRequest, pk: int) -> JsonResponse:
    """Hand the screen the codes that it lacks (`sejak`: the start of the last one that it has), and the count."""
    has = request.GET.get("sejak", "")
    after_s = int(has) if has.isascii() and has.isdigit() and len(has) <= 12 else 0
    return JsonResponse(_shown(_activity(request, pk), after_s=after_s))


# --- who came ----------------------------------------------------------------------------------------------------


def _place(request: HttpRequest, pk: int, unit: int) -> tuple[Activity, WorkUnit]:
    """Return an activity and a unit within reach that it concerns; whoever heads the unit need not run the activity."""
    place = get_object_or_404(WorkUnit.objects.within(request.scope).select_related("agency", "parent"), pk=unit)
    related = ("agency", "unit__agency")
    found = get_object_or_404(Activity.objects.filter(agency=place.agency_id).select_related(*related), pk=pk)
    runs = Activity.objects.within(request.scope).filter(pk=pk).exists()
    if not runs and (found.state == State.DRAFT or not attendance.concerns(found, place)):
        raise Http404
    return found, place


def _roll(request: HttpRequest, found: Activity, place: WorkUnit) -> tuple[QuerySet[Placement], dict[str, str]]:
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "tampil")}
    digits = tidy_number(asked["q"])
    is_number = digits.isdigit() and len(digits) > 7
    show = {"hadir": "came", "belum": "waiting", "izin": "excused"}.get(asked["tampil"], "")
    people = attendance.roll(
        found, place, words="" if is_number else asked["q"], number=digits if is_number else "", show=show
    )
    return people, asked


@never_cache
@require_safe
@may("activity.run")
def attendance_page(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Show who came of a unit: counts to go down into, and the list, to be searched and filled in by hand."""
    found, place = _place(request, pk, unit)
    people, asked = _roll(request, found, place)
    counted = attendance.turnout_below(found, place)
    above = WorkUnit.objects.within(request.scope).filter(
        agency=place.agency_id, position__lt=place.position, last_position__gte=place.last_position
    )
    context = {
        "activity": found, "unit": place, "total": counted.total, "rows": counted.rows, "own": counted.own,
        "above": above.order_by("position"), "asked": asked, "is_open": found.state == State.OPEN,
        "can_strike": gatherings.can(Step.STRIKE, found.state),
        "page_of": Paginator(people, _PEOPLE_A_PAGE).get_page(request.GET.get("hal")),
        "query": f"q={asked['q']}&tampil={asked['tampil']}&",
        "runs": Activity.objects.within(request.scope).filter(pk=found.pk).exists(),
    }  # fmt: skip
    return render(request, "activities/attendance.html", context)


@require_POST
@may("activity.run")
def check_in_by_hand(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Put the people that were ticked on the list."""
    found, place = _place(request, pk, unit)
    chosen = sorted(keys_in(request.POST.getlist("person")))
    if len(chosen) > _PEOPLE_A_PAGE:
        messages.error(request, sentence(SelectionTooLarge(len(chosen), _PEOPLE_A_PAGE)))
        return redirect("attendance", found.pk, place.pk)
    way = Attendance.Way.PAPER if request.POST.get("way") == "paper" else Attendance.Way.OFFICER
    people = list(Placement.objects.current().of_unit(place).select_related("unit").filter(person__in=chosen))
    if not people:
        messages.error(request, _("Centang dulu siapa yang hadir."))
        return redirect("attendance", found.pk, place.pk)
    try:
        done = attendance.check_in_by_hand(found, people, way=way, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("attendance", found.pk, place.pk)
    new = sum(each.first for each in done)
    messages.success(
        request, ngettext("%(n)s orang dicatat hadir.", "%(n)s orang dicatat hadir.", new) % {"n": number(new)}
    )
    return redirect("attendance", found.pk, place.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike somebody from the list who was not there, with a reason that he reads."""
    row = get_object_or_404(
        Attendance.objects.filter(
            # Of a unit within reach, at an activity of its own agency; the province strikes whom it received itself.
            Q(unit__in=WorkUnit.objects.within(request.scope), activity__agency=F("unit__agency"))
            | Q(activity__in=Activity.objects.within(request.scope))
        ).select_related("activity__agency", "activity__unit", "person"),
        pk=pk,
    )
    place = row.unit_id
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            attendance.strike(row, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            return redirect("attendance", row.activity_id, place)
        except DomainError as error:
            _told(error, form)
    return confirmed(
        request,
        _("Coret kehadiran %(name)s?") % {"name": row.person.full_name},
        [
            _("Alasannya dibaca orang itu, dan pencoretan tercatat di log."),
            _("Ponselnya tidak dapat mencatatkannya lagi; petugas dapat, dari daftar, selama kegiatan masih dibuka."),
        ],
        _("Coret kehadiran ini"),
        reverse("attendance", args=[row.activity_id, place]),
        form=form,
    )


# --- guests ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def guests(request: HttpRequest, pk: int) -> HttpResponse:
    """List the guests of outside bodies and invite one."""
    found = _activity(request, pk)
    form = GuestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            activities.add_guest(found, **form.cleaned_data, by=request.user, now=timezone.now())
            return redirect("guests", found.pk)
        except DomainError as error:
            _told(error, form)
    context = {
        "activity": found, "guests": found.guests.select_related("witness"), "form": form, "is_open": found.state == State.OPEN,
        "can_add": gatherings.can(Step.ADD_GUEST, found.state),
    }  # fmt: skip
    return render(request, "activities/guests.html", context, status=422 if form.errors else 200)


def _guest(request: HttpRequest, pk: int) -> Guest:
    mine = Guest.objects.filter(activity__in=Activity.objects.within(request.scope))
    return get_object_or_404(mine.select_related("activity__agency"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def guest_arrived(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark that somebody came for a body, under which name."""
    guest = _guest(request, pk)
    form = ArrivalForm(request.POST or None, initial={"name": guest.name, "post": guest.post})
    if request.method == "POST" and form.is_valid():
        try:
            activities.receive_guest(guest, **form.cleaned_data, by=request.user, now=timezone.now())
            return redirect("guests", guest.activity_id)
        except DomainError as error:
            _told(error, form)
    return confirmed(
        request,
        _("%(body)s datang") % {"body": guest.body},
        [_("Tulis nama orang yang datang, seperti yang ia sebutkan. Namanya tercantum di daftar hadir.")],
        _("Catat kedatangan"),
        reverse("guests", args=[guest.activity_id]),
        form=form,
    )


@require_POST
@may("activity.run")
def strike_guest(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an arrival that was marked by mistake."""
    guest = _guest(request, pk)
    try:
        activities.strike_guest(guest, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("guests", guest.activity_id)


@require_POST
@may("activity.run")
def remove_guest(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a guest from the list."""
    guest = _guest(request, pk)
    try:
        activities.remove_guest(guest, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("guests", guest.activity_id)


# --- minutes, decisions ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the minutes and the decisions, as long as they are not final; read them afterwards."""
    found = _activity(request, pk)
    posted, adds = request.method == "POST", request.POST.get("act") == "decision"
    initial = {"minutes": found.minutes, "points": "\n".join(found.points)}
    form = MinutesForm(request.POST if posted and not adds else None, initial=initial)
    decision_form = DecisionForm(
        request.POST if posted and adds else None, offices=Office.objects.filter(agency=found.agency_id),
        units=_units_of(request, found),
    )  # fmt: skip
    used = decision_form if adds else form
    if posted and used.is_valid():
        try:
            if adds:
                activities.add_decision(found, **decision_form.cleaned_data, by=request.user, now=timezone.now())
            else:
                points = points_of(form.cleaned_data["points"])
                activities.write_minutes(
                    found, form.cleaned_data["minutes"], points=points, by=request.user, now=timezone.now()
                )
                messages.success(request, _("Tersimpan. Belum final; hanya penyelenggara yang melihatnya."))
            return redirect("minutes", found.pk)
        except DomainError as error:
            _told(error, used)
    context = {
        "activity": found, "form": form, "decision_form": decision_form, "is_final": found.minutes_at is not None,
        "decisions": found.decisions.select_related("office", "unit"), "today": clock.today(found.agency.zone),
        "can_write": gatherings.can(Step.WRITE, found.state) and found.minutes_at is None,
        "can_finish": found.state == State.CLOSED and found.minutes_at is None,
    }  # fmt: skip
    return render(request, "activities/minutes.html", context, status=422 if used.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def finish_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the minutes final, after asking once more."""
    found = _activity(request, pk)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            activities.finish_minutes(
                found, number=form.cleaned_data["number"], today=clock.today(found.agency.zone), by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            return redirect("minutes", found.pk)
        except DomainError as error:
            _told(error, form)
    return confirmed(
        request,
        _("Sahkan notulen “%(title)s”?") % {"title": found.title},
        [
            _("Sesudah disahkan notulen dan keputusan mendapat nomor dan tidak berubah lagi."),
            _("Setiap penanggung jawab keputusan diberi tahu."),
        ],
        _("Sahkan notulen ini"),
        reverse("minutes", args=[found.pk]),
        form=form,
    )


def _decision(request: HttpRequest, pk: int) -> Decision:
    mine = Decision.objects.filter(activity__in=Activity.objects.within(request.scope))
    return get_object_or_404(mine.select_related("activity__agency", "office", "unit"), pk=pk)


@require_POST
@may("activity.run")
def remove_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision from minutes that are not final."""
    decision = _decision(request, pk)
    activities.remove_decision(decision, by=request.user, now=timezone.now())
    return redirect("minutes", decision.activity_id)


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def decision_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a decision was carried out, as the one who runs the activity."""
    decision = _decision(request, pk)
    return finish_decision(request, decision, reverse("minutes", args=[decision.activity_id]))


def finish_decision(request: HttpRequest, decision: Decision, back: str) -> HttpResponse:
    """Ask what shows that a decision was carried out, and record it."""
    form = EvidenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            activities.finish_decision(
                decision, evidence=form.cleaned_data["evidence"], on=clock.today(decision.activity.agency.zone),
                by=request.user, now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Dicatat selesai."))
            return redirect(back)
        except DomainError as error:
            _told(error, form)
    return confirmed(
        request,
        _("Keputusan ini sudah dikerjakan?"),
        [decision.text, decision.activity.title],
        _("Catat selesai"),
        back,
        form=form,
    )


# --- photos ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the pictures of an activity and add one."""
    found = _activity(request, pk)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            activities.add_photo(
                found, form.cleaned_data["file"], caption=form.cleaned_data["caption"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            return redirect("activity-photos", found.pk)
        except DomainError as error:
            _told(error, form)
    context = {
        "activity": found, "photos": found.photos.select_related("file"), "form": form,
        "can_add": gatherings.can(Step.PHOTOGRAPH, found.state),
    }  # fmt: skip
    return render(request, "activities/photos.html", context, status=422 if form.errors else 200)


def _photo(request: HttpRequest, pk: int) -> ActivityPhoto:
    mine = ActivityPhoto.objects.filter(activity__in=Activity.objects.within(request.scope))
    return get_object_or_404(mine.select_related("file", "activity__agency"), pk=pk)


@require_safe
@may("activity.run")
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a picture."""
    return sent(_photo(request, pk).file)


@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.run")
def remove_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a picture away, after asking once more."""
    found = _photo(request, pk)
    if request.method != "POST":
        return confirmed(
            request,
            _("Hapus foto “%(caption)s”?") % {"caption": found.caption},
            [_("Berkasnya ikut terhapus dan tidak dapat dikembalikan.")],
            _("Hapus foto ini"),
            reverse("activity-photos", args=[found.activity_id]),
        )
    activities.remove_photo(found, by=request.user, now=timezone.now())
    return redirect("activity-photos", found.activity_id)


# --- papers ------------------------------------------------------------------------------------------------------


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@may("activity.run")
def invitation_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Print the letter that calls people."""
    found = _activity(request, pk)
    return _pdf(activity_papers.invitation(found, now=timezone.now()), f"undangan-{found.pk}.pdf")


@require_safe
@may("activity.run")
def attendance_sheet(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Print the list of those who were there."""
    found, place = _place(request, pk, unit)
    try:
        content = activity_papers.attendance_sheet(found, place, by=request.user, now=timezone.now())
    except ListTooLong as error:
        messages.error(request, sentence(error))
        return redirect("attendance", found.pk, place.pk)
    return _pdf(content, f"daftar-hadir-{found.pk}.pdf")


@require_safe
@may("activity.run")
def ink_sheet(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Print a sheet with everybody called, to be signed in ink."""
    found, place = _place(request, pk, unit)
    try:
        content = activity_papers.sheet_for_ink(found, place, by=request.user, now=timezone.now())
    except ListTooLong as error:
        messages.error(request, sentence(error))
        return redirect("attendance", found.pk, place.pk)
    return _pdf(content, f"lembar-tanda-tangan-{found.pk}.pdf")


@require_safe
@may("activity.run")
def activity_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Print all that is kept of an activity, in one file."""
    found = _activity(request, pk)
    content = activity_papers.record(found, by=request.user, now=timezone.now())
    return _pdf(content, f"berkas-kegiatan-{found.pk}.pdf")
