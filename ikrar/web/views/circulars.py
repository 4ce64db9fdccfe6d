"""Circulars: reading and acknowledging one's own; publishing them; who has read them, unit by unit."""

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.circulars import Target, in_force
from ikrar.domain.errors import AnswersWrong, DomainError, FileLost, NotAddressed
from ikrar.domain.letters import CODES, LetterKind, NumberPattern
from ikrar.records.models import Agency, Circular, CircularReader, Region, WorkUnit
from ikrar.services import circular_papers, circulars, clock, elections, letters
from ikrar.services.pacts import MOST_REMINDERS, REMINDER_PAUSE
from ikrar.web.access import may, scope
from ikrar.web.confirming import confirmed, many_asked
from ikrar.web.forms.choices import is_key
from ikrar.web.forms.circulars import AcknowledgeForm, CircularForm, LettersForm
from ikrar.web.forms.pacts import ReasonForm
from ikrar.web.messages import day, number, sentence, word
from ikrar.web.sending import sent

State = Circular.State

# --- one's own ---------------------------------------------------------------------------------------------------


def _reader(request: HttpRequest, pk: int) -> CircularReader:
    """Return one's own copy; a circular that is not addressed to somebody does not exist for him."""
    try:
        return circulars.reader_of(pk, request.user)
    except NotAddressed:
        raise Http404 from None


@require_safe
@may("circular.read_own")
def mine(request: HttpRequest) -> HttpResponse:
    """List what is addressed to me, what waits for me first."""
    today = clock.today()
    page = Paginator(circulars.of_person(request.user.person_id, today), 30).get_page(request.GET.get("hal"))
    reported = circulars.reported_to(request.user.person_id, today).count()
    return render(request, "circulars/mine.html", {"page_of": page, "reported": reported, "today": today})


@require_safe
@may("circular.read_own")
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a circular to be read, or when it was acknowledged."""
    reader = _reader(request, pk)
    if reader.circular.state == State.PUBLISHED:
        circulars.opened(reader, today=clock.today(reader.unit.agency.zone), now=timezone.now())
    return _reading_page(request, reader)


def _reading_page(
    request: HttpRequest,
    reader: CircularReader,
    form: AcknowledgeForm | None = None,
    says: str = "",
    wrong: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    circular, chosen, today = reader.circular, {}, clock.today(reader.unit.agency.zone)
    if form is not None:
        chosen = {name: form.data.get(name, "") for name in form.fields}
    questions = [
        {
            "place": place,
            "name": (name := f"answer_{place}"),
            "asked": each,
            "chosen": chosen.get(name, ""),
            "errors": form.errors.get(name) if form is not None else None,
            "wrong": str(place) in wrong,
        }
        for place, each in enumerate(circulars.questions_of(circular), 1)
    ]
    newer = Circular.objects.filter(supersedes=circular).exclude(state=State.DRAFT).first()
    context = {
        "reader": reader, "circular": circular, "questions": questions, "says": says, "form": form, "newer": newer,
        "has_newer": newer is not None and newer.readers.filter(person=reader.person_id).exists(),
        "late": bool(circular.due_on and circular.due_on < today), "standing": _stands(circular, today),
    }  # fmt: skip
    return render(request, "circulars/read.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@may("circular.read_own")
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledge exactly what was shown. Whoever comes here by a link, after signing in again, reads it first."""
    reader = _reader(request, pk)
    if request.method != "POST" or reader.acknowledged_at:
        return redirect("read-circular", pk)
    form = AcknowledgeForm(request.POST, questions=circulars.questions_of(reader.circular))
    if not form.is_valid():
        return _reading_page(request, reader, form, status=422)
    today = clock.today(reader.unit.agency.zone)
    try:
        circulars.acknowledge(
            reader, shown_digest=form.cleaned_data["shown_digest"], answers=form.answers(), today=today,
            now=timezone.now(),
        )  # fmt: skip
    except AnswersWrong as error:
        return _reading_page(request, reader, form, says=sentence(error), wrong=error.places, status=422)
    except DomainError as error:
        # Withdrawn or replaced while it was read: the page says so as it is now.
        return _reading_page(request, _reader(request, pk), says=sentence(error), status=422)
    return redirect("read-circular", pk)


@require_safe
@may("circular.read_own")
def my_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the file of a circular that is addressed to me."""
    return _file(request, _reader(request, pk).circular, reverse("read-circular", args=[pk]))


@require_safe
@may("circular.read_own")
def my_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a circular that is addressed to me on its letterhead."""
    return _letter(_reader(request, pk).circular)


@require_safe
@may("circular.read_own")
def reported(request: HttpRequest) -> HttpResponse:
    """List the people of mine of whom I was told, while their acknowledgement is awaited."""
    found = circulars.reported_to(request.user.person_id, clock.today())
    page = Paginator(found, 200).get_page(request.GET.get("hal"))
    return render(request, "circulars/reported.html", {"page_of": page, "posts": circulars.posts(page, clock.today())})


def _file(request: HttpRequest, circular: Circular, back: str) -> HttpResponse:
    if circular.file is None:
        raise Http404
    try:
        return sent(circular.file)
    except FileLost as error:
        messages.error(request, sentence(error))
        return redirect(back)


def _letter(circular: Circular) -> HttpResponse:
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", circular.number) or f"rancangan-{circular.pk}"
    return _pdf(circular_papers.as_letter(circular, now=timezone.now()), f"{name}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- an officer's ------------------------------------------------------------------------------------------------


def _circular(request: HttpRequest, pk: int) -> Circular:
    """Return a circular within reach: of an agency of one's own, or one that reached somebody within reach."""
    return get_object_or_404(
        circulars.visible(request.scope).select_related("agency__region", "file", "issued_by"), pk=pk
    )


def _own_circular(request: HttpRequest, pk: int) -> Circular:
    """Return one that one's own agency made: only its officers change it."""
    found = _circular(request, pk)
    if not request.scope.covers_agency(found.agency_id):
        raise Http404
    return found


def _manages(request: HttpRequest) -> frozenset[int]:
    return scope(request, "circular.manage").agencies


@require_safe
@may("circular.view")
def circular_list(request: HttpRequest) -> HttpResponse:
    """List the circulars within reach, with how many of those within reach acknowledged each."""
    page = Paginator(circulars.visible(request.scope), 30).get_page(request.GET.get("hal"))
    within = WorkUnit.objects.within(request.scope)
    counted = {
        row["circular"]: row
        for row in CircularReader.objects.filter(circular__in=[each.pk for each in page], unit__in=within)
        .order_by()
        .values("circular")
        .annotate(delivered=Count("pk"), acknowledged=Count("acknowledged_at"))
    }
    rows = [(each, counted.get(each.pk)) for each in page]
    context = {"rows": rows, "page_of": page, "manages": bool(_manages(request)), "today": clock.today()}
    return render(request, "circulars/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("circular.manage")
def new_circular(request: HttpRequest) -> HttpResponse:
    """Write a draft; who runs several agencies says first for which."""
    agencies = Agency.objects.filter(pk__in=request.scope.agencies)
    chosen = request.GET.get("instansi", "")
    agency = agencies.filter(pk=int(chosen)).first() if is_key(chosen) else None
    if agency is None:
        if agencies.count() != 1:
            return render(request, "circulars/choose_agency.html", {"agencies": agencies})
        agency = agencies.get()
    return _draft_page(request, agency, None)


@require_http_methods(["GET", "HEAD", "POST"])
@may("circular.manage")
def change_circular(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    found = _own_circular(request, pk)
    if found.state != State.DRAFT:
        return redirect("circular", found.pk)
    return _draft_page(request, found.agency, found)


def _draft_page(request: HttpRequest, agency: Agency, found: Circular | None) -> HttpResponse:
    region = [agency.region_id] if agency.region_id else []
    today = clock.today(agency.zone)
    form = CircularForm(
        request.POST or None, request.FILES or None, agency=agency, circular=found,
        elections=elections.choices(region, today),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            saved = circulars.save_draft(
                agency, found, form.draft, upload=form.cleaned_data["file"], seen=form.cleaned_data["seen"],
                today=today, by=request.user, now=timezone.now(),
            )  # fmt: skip
            return redirect("circular", saved.pk)
        except DomainError as error:
            form.refuse(error)
    context = {"form": form, "agency": agency, "circular": found}
    return render(request, "circulars/draft.html", context, status=422 if form.errors else 200)


@require_safe
@may("circular.view")
def circular_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a circular: a draft with whom it would reach, a published one with who has acknowledged it."""
    found = _circular(request, pk)
    today = clock.today(found.agency.zone)
    own = found.agency_id in _manages(request)
    context: dict[str, Any] = {
        "circular": found, "own": own, "today": today, "target": _target_lines(found),
        "questions": circulars.questions_of(found), "agencies": found.agencies.all(),
        "older": found.supersedes, "newer": Circular.objects.filter(supersedes=found).first() if own else None,
        "reads": found.readers.filter(person=request.user.person_id).exists(),
        "told_from": circulars.superiors_told_from(found, today),
    }  # fmt: skip
    if found.state == State.DRAFT:
        counted = circulars.counted_before(found, today)
        context |= {"counted": counted, "people": sum(people for _agency, people in counted)}
        return render(request, "circulars/draft_shown.html", context)
    rows = [(unit, circulars.reach(found, unit, clock.today(unit.agency.zone))) for unit in _tops(request, found)]
    mine = {unit.agency_id for unit, _reach in rows}
    others = []
    if own:
        others = [row for row in circulars.reach_by_agency(found, today) if row[0].pk not in mine]
    context |= {"rows": rows, "others": others, "text": _announcement(found), "standing": _stands(found, today)}
    return render(request, "circulars/shown.html", context)


def _stands(circular: Circular, today: date) -> bool:
    """Say whether acknowledgements are awaited at all."""
    return in_force(circular.state, circular.valid_until, today)


def _tops(request: HttpRequest, circular: Circular) -> list[WorkUnit]:
    """Return the highest units within reach, of the agencies that are addressed."""
    addressed = circular.agencies.all()
    units = WorkUnit.objects.filter(agency__in=addressed).select_related("agency").order_by("agency", "position")
    tops = list(units.filter(agency__in=request.scope.agencies, parent=None))
    whole = {unit.agency_id for unit in tops}
    for agency, first, _last in sorted(request.scope.spans):
        if agency not in whole:
            tops += units.filter(agency=agency, position=first)
    return tops


def _target_lines(circular: Circular) -> list[tuple[str, str]]:
    """Say in words whom a circular is addressed to: each line that says something."""
    target = Target.read(circular.target)
    units = WorkUnit.objects.filter(pk__in=target.units).order_by("agency", "position").values_list("name", flat=True)
    places = Region.objects.filter(pk__in=target.places).values_list("name", flat=True)

    def words(kind: str, values: tuple[str, ...]) -> str:
        return ", ".join(word(kind, each) for each in values)

    lines = [
        (_("Hanya"), _("kepala unit") if target.heads_only else ""),
        (_("Jenis unit"), words("unit_kind", target.unit_kinds)),
        (_("Unit, dengan semua di bawahnya"), ", ".join(units)),
        (_("Wilayah"), ", ".join(places)),
        (_("Status kepegawaian"), words("employment", target.employments)),
        (_("Jenis jabatan"), words("post_kind", target.post_kinds)),
        (_("Jenjang"), words("level", target.levels)),
    ]
    return [line for line in lines if line[1]]


def _announcement(circular: Circular) -> str:
    """Return a text without names to be pasted in a messenger."""
    said = {
        "kind": word("circular_kind", circular.kind), "number": circular.number, "title": circular.title,
        "link": circular_papers.address_of(circular),
    }  # fmt: skip
    text = _("Yth. Bapak/Ibu: %(kind)s nomor %(number)s tentang “%(title)s” sudah terbit.") % said
    if circular.due_on:
        until = _("Mohon dibaca dan dikonfirmasi paling lambat %(day)s di %(link)s.")
        return f"{text} {until % {'day': day(circular.due_on), 'link': said['link']}}"
    return f"{text} {_('Mohon dibaca dan dikonfirmasi di %(link)s.') % said}"


@require_safe
@may("circular.view")
def circular_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the file of a circular within reach."""
    return _file(request, _circular(request, pk), reverse("circular", args=[pk]))


@require_safe
@may("circular.view")
def circular_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a circular within reach on its letterhead."""
    return _letter(_circular(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@may("circular.manage")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after asking once more."""
    found = _own_circular(request, pk)
    if found.state != State.DRAFT:
        return redirect("circular", found.pk)
    if request.method != "POST":
        return confirmed(
            request,
            _("Hapus rancangan “%(title)s”?") % {"title": found.title},
            [_("Rancangan dan berkasnya hilang. Belum ada pegawai yang melihatnya.")],
            _("Hapus rancangan ini"),
            reverse("circular", args=[found.pk]),
        )
    circulars.discard(found, by=request.user, now=timezone.now())
    messages.success(request, _("Rancangan dihapus."))
    return redirect("circulars")


@require_http_methods(["GET", "HEAD", "POST"])
@may("circular.manage")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a draft after showing once more what goes out, to how many, under which number."""
    found = _own_circular(request, pk)
    if found.state != State.DRAFT:
        if request.method == "POST":
            messages.info(request, _("Edaran ini sudah terbit; tidak ada yang diterbitkan dua kali."))
        return redirect("circular", found.pk)
    today, says = clock.today(found.agency.zone), ""
    if request.method == "POST":
        try:
            people = circulars.publish(
                found, shown_mark=request.POST.get("shown", ""), today=today, by=request.user, now=timezone.now()
            )
            messages.success(
                request,
                _("Terbit dengan nomor %(number)s dan masuk ke kotak pesan %(people)s orang.")
                % {"number": found.number, "people": number(people)},
            )
            return redirect("circular", found.pk)
        except DomainError as error:
            says = sentence(error)
            found = _own_circular(request, pk)
            if found.state != State.DRAFT:
                messages.info(request, says)
                return redirect("circular", found.pk)
    counted = circulars.counted_before(found, today)
    context = {
        "circular": found, "counted": counted, "people": sum(people for _agency, people in counted), "says": says,
        "target": _target_lines(found), "questions": circulars.questions_of(found), "shown": circulars.shown(found),
        "next": found.number or _next_number(found), "today": today,
        "told_from": circulars.superiors_told_from(found, today),
    }  # fmt: skip
    return render(request, "circulars/publish.html", context, status=422 if says else 200)


def _next_number(circular: Circular) -> str:
    """Return the number that it would bear if it were published now."""
    kind = LetterKind(circular.kind)
    numberings = letters.numberings(circular.agency, clock.today(circular.agency.zone))
    return next(each.next for each in numberings if each.kind is kind)


@require_POST
@may("circular.manage")
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Reach at once whoever came since; the clock does it by itself within a quarter of an hour."""
    found = _own_circular(request, pk)
    try:
        people = circulars.deliver(found, today=clock.today(found.agency.zone), by=request.user, now=timezone.now())
        said = {"people": number(people)}
        messages.success(
            request,
            _("Disampaikan kepada %(people)s orang yang baru masuk atau baru termasuk sasaran.") % said
            if people
            else _("Tidak ada orang baru: semua yang dituju sudah menerimanya."),
        )
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("circular", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("circular.manage")
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a draft that takes a circular's place."""
    found = _own_circular(request, pk)
    if request.method != "POST":
        return confirmed(
            request,
            _("Ganti “%(title)s”?") % {"title": found.title},
            [
                _(
                    "Naskahnya disalin ke rancangan baru untuk Anda ubah. Edaran yang sekarang tetap berlaku sampai itu terbit."
                ),
                _(
                    "Saat yang baru terbit, semua pembaca edaran lama diberi tahu dan yang lama tidak dikonfirmasi lagi."
                ),
            ],
            _("Buat rancangan pengganti"),
            reverse("circular", args=[found.pk]),
        )
    try:
        return redirect("change-circular", circulars.begin_successor(found, by=request.user, now=timezone.now()).pk)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("circular", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("circular.manage")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a circular, with a reason that its readers are told."""
    found = _own_circular(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            circulars.withdraw(found, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            return redirect("circular", found.pk)
        except DomainError as error:
            form.add_error(None, sentence(error))
    return confirmed(
        request,
        _("Tarik “%(title)s”?") % {"title": found.title},
        [
            _("Semua yang menerimanya diberi tahu dan membaca alasan Anda. Yang sudah mengonfirmasi tetap tercatat."),
            _("Penarikan tidak dapat dibatalkan, juga bagi yang sedang membacanya sekarang."),
        ],
        _("Tarik edaran ini"),
        reverse("circular", args=[found.pk]),
        form=form,
    )


# --- who has read it ---------------------------------------------------------------------------------------------


def _unit_of(request: HttpRequest, pk: int, unit: int) -> tuple[Circular, WorkUnit]:
    found = _circular(request, pk)
    place = get_object_or_404(
        WorkUnit.objects.within(request.scope).select_related("agency", "parent"),
        pk=unit,
        agency__in=found.agencies.all(),
    )
    if found.state == State.DRAFT:
        raise Http404
    return found, place


@require_safe
@may("circular.view")
def unit_state(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Show how far a unit is, with the units below it, to go down into."""
    found, place = _unit_of(request, pk, unit)
    today = clock.today(place.agency.zone)
    total, rows, own = circulars.reach_below(found, place, today)
    above = WorkUnit.objects.within(request.scope).filter(
        agency=place.agency_id, position__lt=place.position, last_position__gte=place.last_position
    )
    standing = _stands(found, today)
    due_on = found.due_on if standing else None
    context = {
        "circular": found, "unit": place, "today": today, "total": total, "own": own, "standing": standing,
        "rows": [(child, counted, counted.overdue(due_on, today)) for child, counted in rows],
        "overdue": total.overdue(due_on, today), "above": above.order_by("position"),
        "printable": total.delivered <= circular_papers.MOST_ON_PAPER, "most": circular_papers.MOST_ON_PAPER,
    }  # fmt: skip
    return render(request, "circulars/unit.html", context)


@require_safe
@may("circular.view")
def missing(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """List who of a unit has not acknowledged, and whose superior was told when."""
    found, place = _unit_of(request, pk, unit)
    today = clock.today(place.agency.zone)
    standing = _stands(found, today)
    people = circulars.missing(found, place, today) if standing else CircularReader.objects.none()
    page = Paginator(people, 200).get_page(request.GET.get("hal"))
    said = {
        "unit": place.name, "title": found.title, "number": found.number, "link": circular_papers.address_of(found),
    }  # fmt: skip
    text = (
        _(
            "Yth. Bapak/Ibu pegawai %(unit)s: surat nomor %(number)s tentang “%(title)s” menunggu dibaca dan dikonfirmasi. Buka"
            " %(link)s dengan akun sendiri. Terima kasih."
        )
        % said
    )
    context = {
        "circular": found, "unit": place, "today": today, "page_of": page, "text": text, "standing": standing,
        "posts": circulars.posts(page, today),
        "reminds": standing and place.agency_id in _manages(request),
        "late": bool(found.due_on and found.due_on < today),
    }  # fmt: skip
    return render(request, "circulars/missing.html", context)


@require_POST
@may("circular.manage")
def remind(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Message those of a unit who have not acknowledged, and only them."""
    found, place = _unit_of(request, pk, unit)
    people = circulars.missing(found, place, clock.today(place.agency.zone)).count()
    if asked := many_asked(request, people, found.title, reverse("circular-missing", args=[found.pk, place.pk])):
        return asked
    try:
        told = circulars.remind(found, place, today=clock.today(place.agency.zone), by=request.user, now=timezone.now())
        lines = [_("Pengingat masuk ke kotak pesan %(people)s orang.") % {"people": number(told.people)}]
        if told.too_soon:
            said = {"people": number(told.too_soon), "days": REMINDER_PAUSE.days}
            lines.append(_("%(people)s orang dilewati karena sudah diingatkan dalam %(days)s hari terakhir.") % said)
        if told.used_up:
            said = {"people": number(told.used_up), "most": MOST_REMINDERS}
            lines.append(
                _("%(people)s orang dilewati karena sudah diingatkan %(most)s kali; hubungi mereka langsung.") % said
            )
        messages.success(request, " ".join(lines))
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("circular-missing", found.pk, place.pk)


@require_safe
@may("circular.view")
def reader_list(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Hand out who acknowledged, as a PDF to be filed."""
    found, place = _unit_of(request, pk, unit)
    try:
        content = circular_papers.as_list(
            found, place, today=clock.today(place.agency.zone), by=request.user, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("circular-unit", found.pk, place.pk)
    return _pdf(content, f"konfirmasi-{found.pk}-{re.sub(r'[^A-Za-z0-9.-]', '-', place.code)}.pdf")


@require_safe
@may("circular.view")
def reader_table(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Hand out who acknowledged, as a CSV file."""
    found, place = _unit_of(request, pk, unit)
    lines = circular_papers.as_table(found, place, by=request.user, now=timezone.now())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = re.sub(r"[^A-Za-z0-9.-]", "-", place.code)
    response["Content-Disposition"] = f'attachment; filename="konfirmasi-{found.pk}-{name}.csv"'
    return response


# --- letterhead and numbers --------------------------------------------------------------------------------------


def _lettered(request: HttpRequest):
    agencies = Agency.objects.all()
    return agencies if request.scope.everything else agencies.filter(pk__in=request.scope.agencies)


@require_safe
@may("letter.change")
def letter_agencies(request: HttpRequest) -> HttpResponse:
    """Lead to the letters of the agencies within reach."""
    agencies = _lettered(request)
    if agencies.count() == 1:
        return redirect("agency-letters", agencies.get().pk)
    return render(request, "circulars/letter_agencies.html", {"agencies": agencies})


@require_http_methods(["GET", "HEAD", "POST"])
@may("letter.change")
def agency_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Set an agency's letterhead and how it numbers its letters."""
    agency = get_object_or_404(_lettered(request), pk=pk)
    today = clock.today(agency.zone)
    numberings = letters.numberings(agency, today)
    form = LettersForm(request.POST or None, numberings=numberings, initial={"letterhead": agency.letterhead})
    if request.method == "POST" and form.is_valid():
        wrong = letters.set_all(
            agency, letterhead=form.cleaned_data["letterhead"],
            numberings={each.kind: form.numbering(each.kind) for each in numberings}, today=today, by=request.user,
            now=timezone.now(),
        )  # fmt: skip
        for field, error in wrong.items():
            form.add_error(field, sentence(error))
        if not wrong:
            messages.success(request, _("Kop dan nomor surat tersimpan. Surat yang sudah terbit tidak berubah."))
            return redirect("agency-letters", agency.pk)
    context = {
        "form": form, "agency": agency, "head": letters.head_of(agency),
        "kinds": [(each, CODES[each.kind]) for each in numberings],
        "sample": NumberPattern.of("{number:03}/{code}/BKPSDM/{month_roman}/{year}").write(45, today, "SE"),
    }  # fmt: skip
    return render(request, "circulars/letters.html", context, status=422 if form.errors else 200)
