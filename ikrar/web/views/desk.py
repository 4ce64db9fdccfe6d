"""The programme officer's desk: what is missing today, acts on a selection of people, texts for messengers, failing addresses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import DomainError, NobodySelected, SelectionTooLarge, TooManySheets
from ikrar.records.models import Activity, Agency, Circular, PactRound, Placement, WorkUnit
from ikrar.services import clock, outbox, pacts, papers, sheets, tasks
from ikrar.services import desk as desks
from ikrar.services.desk import Desk, Kind, Line, Which
from ikrar.web.access import may, scope
from ikrar.web.confirming import MANY
from ikrar.web.forms.desk import ReturnedForm
from ikrar.web.forms.pacts import ReasonForm
from ikrar.web.messages import day, number, sentence, word
from ikrar.web.views.pacts import remind_chosen, unit_of_round

_A_PAGE = 200
# So many may be ticked one by one, which is ten of the list's pages; everybody on a list may be any number.
_MOST_SELECTED = 2000


# --- the desk ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A line of the desk in words: what is missing, by when, where it is done, and the largest parts of it."""

    says: str
    href: str
    due_on: date | None = None
    is_late: bool = False
    detail: str = ""
    parts: tuple[tuple[str, int, str], ...] = ()


@require_safe
@may("desk.view")
def desk(request: HttpRequest) -> HttpResponse:
    """Show what is missing today in one's agencies, sorted by what is due first."""
    found = [desks.of_agency(agency) for agency in Agency.objects.filter(pk__in=request.scope.agencies)]
    shown = [(each, lines_of(each)) for each in found]
    context = {"desks": shown, "failing": outbox.failing(request.scope.agencies).count()}
    return render(request, "desk/desk.html", context)


@require_safe
@may("desk.view")
def decisions(request: HttpRequest) -> HttpResponse:
    """List the decisions that wait in one's agencies, most urgent first, with who has each in this minute."""
    agencies = Agency.objects.filter(pk__in=request.scope.agencies)
    found = [(agency, clock.today(agency.zone), desks.decisions_of(agency)) for agency in agencies]
    return render(request, "desk/decisions.html", {"agencies": found})


def lines_of(found: Desk, *, without: Collection[Kind] = ()) -> list[Shown]:
    """Return the lines of a desk in words."""
    return [_shown(found, line) for line in found.lines if line.kind not in without]


def _shown(found: Desk, line: Line) -> Shown:
    says, href = _words(found, line)
    parts: tuple[tuple[str, int, str], ...] = ()
    if line.kind is Kind.ROUND:
        parts = tuple(
            (unit.name, count, reverse("missing", args=[line.about.pk, unit.pk])) for unit, count in line.largest
        )
    elif line.kind is Kind.CIRCULAR:
        parts = tuple(
            (unit.name, count, reverse("circular-missing", args=[line.about.pk, unit.pk]))
            for unit, count in line.largest
        )
    late = line.is_late(found.today) or line.late > 0
    detail = ""
    if line.late and line.late < line.count:
        detail = _("%(late)s di antaranya lewat waktu") % {"late": number(line.late)}
    return Shown(says, href, line.due_on, late, detail, parts)


def _words(found: Desk, line: Line) -> tuple[str, str]:
    """Return what a line says and the page where it is done."""
    said: dict[str, Any] = {"n": number(line.count)}
    about = line.about
    if isinstance(about, PactRound | Circular | Activity):
        said["title"] = about.title
    if line.kind is Kind.ROUND:
        return _("%(n)s orang belum menandatangani “%(title)s”") % said, _missing(found, about)
    if line.kind is Kind.MOVED:
        return _("%(n)s orang baru atau pindah belum menerima “%(title)s”") % said, _people(found, about, Which.MOVED)
    if line.kind is Kind.OLD_TEXT:
        return (
            _("%(n)s tanda tangan “%(title)s” masih pada teks lama") % said,
            _people(found, about, Which.OLD_TEXT),
        )
    if line.kind is Kind.REFUSED:
        return _("%(n)s orang menolak “%(title)s”") % said, _people(found, about, Which.REFUSED)
    if line.kind is Kind.CONTESTED:
        return (
            _("%(n)s tanda tangan “%(title)s” disangkal dan belum diganti") % said,
            _people(found, about, Which.CONTESTED),
        )
    if line.kind is Kind.CIRCULAR:
        href = reverse("circular-missing", args=[about.pk, found.root.pk])
        return _("%(n)s orang belum mengonfirmasi surat edaran “%(title)s”") % said, href
    if line.kind in (Kind.ACTIVITY, Kind.MINUTES):
        said["on"] = day(about.on)
        href = reverse("activity", args=[about.pk])
        if line.kind is Kind.MINUTES:
            return _("Notulen “%(title)s” (%(on)s) belum selesai") % said, reverse("minutes", args=[about.pk])
        return _activity_words(found, about) % said, href
    return _other_words(found, line, said)


def _activity_words(found: Desk, activity: Activity) -> str:
    if activity.on == found.today:
        return _("Hari ini: “%(title)s”")
    if activity.on < found.today:
        return _("“%(title)s” (%(on)s) belum ditutup")
    return _("“%(title)s” pada %(on)s")


def _other_words(found: Desk, line: Line, said: dict[str, Any]) -> tuple[str, str]:
    if line.kind is Kind.DECISION:
        return _("%(n)s keputusan rapat menunggu dikerjakan") % said, reverse("decisions")
    if line.kind is Kind.DUTY:
        return _("%(n)s tugas yang terus berjalan menunggu dikerjakan") % said, reverse("duties")
    if line.kind in (Kind.LEAVE_WITHOUT, Kind.GAP):
        said["office"] = line.about.title
        href = reverse("office", args=[line.about.pk])
        if line.kind is Kind.GAP:
            return _("%(office)s sedang cuti dan tidak ada yang menggantikan") % said, href
        return _("Cuti %(office)s segera mulai dan belum ada yang menggantikan") % said, href
    if line.kind is Kind.SCANS:
        return _("%(n)s gambar lembar bertanda tangan menunggu dicocokkan") % said, reverse("scans")
    if line.kind is Kind.SCANS_SECOND:
        return _("%(n)s lembar menunggu orang kedua") % said, reverse("scans")
    if line.kind is Kind.HEADLESS:
        return _("%(n)s unit belum mempunyai kepala") % said, f"{reverse('units')}?tanpa-kepala=1"
    return _("Daftar pegawai terakhir diperbarui %(n)s hari yang lalu") % said, reverse("imports")


def _missing(found: Desk, pact_round: PactRound) -> str:
    return reverse("missing", args=[pact_round.pk, found.root.pk])


def _people(found: Desk, pact_round: PactRound, which: Which) -> str:
    return reverse("round-people", args=[pact_round.pk, found.root.pk, which.value])


# --- the people behind a line ------------------------------------------------------------------------------------


@require_safe
@may("pact.manage")
def people(request: HttpRequest, pk: int, unit: int, which: str) -> HttpResponse:
    """List people of a round by how they stand: moved, new, under an old text, refused, contested, excused, on leave."""
    if which not in list(Which):
        raise Http404
    found, place = unit_of_round(request, pk, unit)
    today = clock.today(place.agency.zone)
    chosen = desks.people(found, place, today, Which(which))
    page = Paginator(chosen, _A_PAGE).get_page(request.GET.get("hal"))
    context = {
        "round": found, "unit": place, "which": which, "every": list(Which), "page_of": page, "today": today,
        "own": request.scope.covers_agency(found.agency_id),
    }  # fmt: skip
    return render(request, "desk/people.html", context)


# --- acts on a selection -----------------------------------------------------------------------------------------

_ACTS = ("remind", "excuse", "slips", "sheets", "issue")


def _selected(request: HttpRequest) -> list[int] | None:
    """Return the keys of the people who were selected; None: everybody on the list. Raises SelectionTooLarge."""
    if request.POST.get("all"):
        return None
    given = [*request.POST.getlist("person"), *request.POST.get("people", "").split(",")]
    keys = sorted({int(key) for key in given if key.isascii() and key.isdigit() and len(key) < 16})
    if len(keys) > _MOST_SELECTED:
        raise SelectionTooLarge(len(keys), _MOST_SELECTED)
    return keys


@require_POST
@may("pact.manage")
def selected(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Do one act for those selected on the list of the missing; what cannot be undone is asked once more."""
    found, place = unit_of_round(request, pk, unit)
    act = request.POST.get("act", "")
    if act not in _ACTS or not request.scope.covers_agency(place.agency_id):
        raise Http404
    if act == "issue" and not request.scope.covers_agency(found.agency_id):
        raise Http404
    try:
        return _do(request, act, found, place, _selected(request))
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("missing", found.pk, place.pk)


def _do(request: HttpRequest, act: str, found: PactRound, place: WorkUnit, only: list[int] | None) -> HttpResponse:
    chosen = pacts.missing(found, place, clock.today(place.agency.zone))
    if only is not None:
        chosen = chosen.filter(person__in=only)
    if act == "remind":
        if chosen.count() > MANY and not request.POST.get("sure"):
            return _ask(request, act, found, place, only, chosen, None)
        return remind_chosen(request, found, place, only)
    if not chosen.exists():
        raise NobodySelected()
    if act == "sheets":
        return _print_sheets(request, found, place, chosen)
    form = ReasonForm(request.POST if request.POST.get("sure") else None) if act == "excuse" else None
    if not request.POST.get("sure") or (form is not None and not form.is_valid()):
        return _ask(request, act, found, place, only, chosen, form)
    if act == "excuse":
        return _excuse(request, found, place, chosen, form.cleaned_data["reason"])
    if act == "slips":
        return _order_slips(request, place, chosen)
    return _issue(request, found, place, chosen)


def _ask(
    request: HttpRequest,
    act: str,
    found: PactRound,
    place: WorkUnit,
    only: list[int] | None,
    chosen: QuerySet[Placement],
    form: ReasonForm | None,
) -> HttpResponse:
    """Ask once more, with the selection kept."""
    count = chosen.count()
    said = {"n": number(count), "title": found.title}
    if act == "excuse":
        title, button = _("Kecualikan %(n)s orang?") % said, _("Kecualikan %(n)s orang") % said
        says = [_("Alasan yang sama dicatat bagi semua. Siapa yang sementara itu menandatangani tidak diubah.")]
    elif act == "remind":
        title, button = _("Ingatkan %(n)s orang?") % said, _("Ingatkan %(n)s orang") % said
        says = [_("Yang baru saja diingatkan, atau sudah sebanyak yang boleh, dilewati. Pesan tidak dapat ditarik.")]
    elif act == "slips":
        void = number(papers.codes_voided(chosen, now=timezone.now()))
        title, button = _("Cetak slip kode bagi %(n)s orang?") % said, _("Buat %(n)s slip") % said
        says = [
            _("%(n)s orang mendapat kode baru; kodenya hanya ada di berkas slip itu.") % said,
            _("%(void)s kode yang sudah dibagikan dan belum dipakai tidak berlaku lagi.") % {"void": void},
        ]
    else:
        title, button = _("Terbitkan “%(title)s” kepada yang dipilih?") % said, _("Terbitkan sekarang")
        says = [_("Yang baru masuk menerimanya; yang pindah diminta menandatangani lagi di tempat yang baru.")]
    context = {
        "title": title, "says": says, "button": button, "act": act, "form": form, "round": found, "unit": place,
        "people": "" if only is None else ",".join(map(str, only)), "everybody": only is None,
    }  # fmt: skip
    return render(request, "desk/sure.html", context, status=422 if form is not None and form.errors else 200)


def _excuse(
    request: HttpRequest, found: PactRound, place: WorkUnit, chosen: QuerySet[Placement], reason: str
) -> HttpResponse:
    keys = list(chosen.order_by().values_list("person", flat=True))
    excused, left = pacts.excuse_many(found, keys, reason=reason, by=request.user, now=timezone.now())
    told = [_("%(n)s orang dikecualikan.") % {"n": number(excused)}]
    if left:
        told.append(
            _("%(n)s orang dilewati: belum menerima pakta ini, atau baru saja menandatangani.") % {"n": number(left)}
        )
    messages.success(request, " ".join(told))
    return redirect("missing", found.pk, place.pk)


def _order_slips(request: HttpRequest, place: WorkUnit, chosen: QuerySet[Placement]) -> HttpResponse:
    if not scope(request, "code.issue").covers_agency(place.agency_id):
        raise Http404
    order = papers.order_slips(place, chosen, by=request.user, now=timezone.now())
    if papers.is_small(order):
        papers.make(order, now=timezone.now())
    else:
        tasks.make_papers.enqueue(order.pk)
    return redirect("paper", order.pk)


def _print_sheets(request: HttpRequest, found: PactRound, place: WorkUnit, chosen: QuerySet[Placement]) -> HttpResponse:
    # Whose people they are, also under a round that the province made.
    if not scope(request, "paper.reconcile").covers_agency(place.agency_id):
        raise Http404
    if (people := chosen.order_by().count()) > sheets.MOST_SHEETS:
        raise TooManySheets(people, sheets.MOST_SHEETS)
    duties = sheets.printable(found, chosen)
    content = sheets.print_sheets(found, list(duties.values()), by=request.user, now=timezone.now())
    if left := people - len(duties):
        # Shown on the page to which the officer turns next: the file itself tells nothing.
        said = _("%(n)s orang tidak mendapat lembar: pakta ini belum diterbitkan bagi mereka di tempatnya sekarang.")
        messages.warning(request, said % {"n": number(left)})
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="lembar-{found.pk}.pdf"'
    return response


def _issue(request: HttpRequest, found: PactRound, place: WorkUnit, chosen: QuerySet[Placement]) -> HttpResponse:
    counted = pacts.issue(found, today=clock.today(found.agency.zone), only=chosen, by=request.user, now=timezone.now())
    said = {name: number(count) for name, count in counted.items()}
    told = [_("Diterbitkan kepada %(issued)s orang yang wajib.") % said]
    if counted["renewed"]:
        told.append(_("%(renewed)s orang yang pindah wajib lagi di tempat baru.") % said)
    messages.success(request, " ".join(told))
    return redirect("missing", found.pk, place.pk)


# --- texts to print or to paste ----------------------------------------------------------------------------------


@require_safe
@may("desk.view")
def texts(request: HttpRequest) -> HttpResponse:
    """Show short texts for messengers and boards: of rounds, circulars and activities, with the address and no name."""
    found = []
    for agency in Agency.objects.filter(pk__in=request.scope.agencies):
        today = clock.today(agency.zone)
        found.append(
            (agency, [*_round_texts(agency, today), *_circular_texts(agency, today), *_activity_texts(agency, today)])
        )
    return render(request, "desk/texts.html", {"agencies": found})


def _link(name: str) -> str:
    return f"{settings.BASE_URL}{reverse(name)}"


def _limit(due_on: date | None, today: date) -> str:
    """Return the sentence that tells by when, with its space; nothing where there is no day."""
    if due_on is None:
        return ""
    said = _("Batasnya %(day)s.") if due_on >= today else _("Batasnya, %(day)s, sudah lewat.")
    return f" {said % {'day': day(due_on)}}"


def _round_texts(agency: Agency, today: date) -> list[tuple[str, str]]:
    rounds = PactRound.objects.filter(agencies=agency, state=PactRound.State.ISSUED, for_offices=False)
    return [
        (
            each.title,
            _(
                "Yth. Bapak/Ibu pegawai %(agency)s: pakta “%(title)s” mohon dibaca dan ditandatangani.%(limit)s Masuk di"
                " %(link)s dengan NIP dan kata sandi sendiri, atau dengan kode pada slip. Terima kasih."
            )
            % {
                "agency": agency.name,
                "title": each.title,
                "limit": _limit(each.due_on, today),
                "link": _link("my-pacts"),
            },
        )
        for each in rounds.order_by("-pk")[:10]
    ]


def _circular_texts(agency: Agency, today: date) -> list[tuple[str, str]]:
    standing = Circular.objects.filter(agencies=agency, state=Circular.State.PUBLISHED).exclude(valid_until__lt=today)
    return [
        (
            each.title,
            _(
                "Yth. Bapak/Ibu: %(kind)s %(number)s tentang “%(title)s” mohon dibaca di %(link)s.%(limit)s Terima kasih."
            )
            % {
                "kind": word("circular_kind", each.kind).lower(),
                "number": each.number,
                "title": each.title,
                "limit": _limit(each.due_on, today),
                "link": _link("my-circulars"),
            },
        )
        for each in standing.order_by("-published_at")[:10]
    ]


def _activity_texts(agency: Agency, today: date) -> list[tuple[str, str]]:
    coming = Activity.objects.filter(
        agency=agency, on__gte=today, state__in=(Activity.State.CALLED, Activity.State.OPEN)
    )
    found = []
    for each in coming.order_by("on", "starts_at")[:10]:
        hour = f", {each.starts_at:%H.%M} {agency.zone.tzname(None)}" if each.starts_at else ""
        place = f", {each.place}" if each.place else ""
        said = {
            "title": each.title, "when": f"{day(each.on)}{hour}{place}", "link": _link("my-activities"),
        }  # fmt: skip
        text = _(
            "Yth. Bapak/Ibu yang diundang: “%(title)s”, %(when)s. Undangan dan jawaban kehadiran di %(link)s. Terima kasih."
        )
        found.append((each.title, text % said))
    return found


# --- addresses that fail -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@may("desk.view")
def failing(request: HttpRequest) -> HttpResponse:
    """List the addresses of one's people that take no messages; note one whose letters come back."""
    form = ReturnedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outbox.note_returned(
                form.cleaned_data["address"], agencies=request.scope.agencies, by=request.user, now=timezone.now()
            )
            messages.success(request, _("Tercatat. Ke alamat itu tidak dikirim apa pun lagi."))
            return redirect("failing-addresses")
        except DomainError as error:
            form.add_error("address", sentence(error))
    found = outbox.failing(request.scope.agencies)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("hal"))
    context = {"page_of": page, "form": form, "ways": outbox.ways()}
    return render(request, "desk/failing.html", context, status=422 if form.errors else 200)


@require_POST
@may("desk.view")
def clear_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an address be tried again."""
    stopped = get_object_or_404(outbox.failing(request.scope.agencies), pk=pk)
    outbox.clear(stopped)
    messages.success(request, _("Alamat itu dicoba lagi dengan pesan berikutnya."))
    return redirect("failing-addresses")
