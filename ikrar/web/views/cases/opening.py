"""Opening a case: from opened reports or from a finding, with whom it is about and what he is said to have done.

Nothing is kept before the last button: to search for somebody, to choose him, to ask for acts and to add a line only show the form
again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from ikrar.domain.cases import stands_outside, suits
from ikrar.domain.errors import CaseActRefused, DomainError
from ikrar.domain.report_states import ReportState
from ikrar.records.models import Body, Person, Placement, Report
from ikrar.services import case_rules, case_steps, cases, clock, elections, finding, report_desk, reports, rules
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named
from ikrar.services.finding import Candidate
from ikrar.web import name_words
from ikrar.web.access import may
from ikrar.web.forms.cases import OpenForm, RespondentForm
from ikrar.web.forms.choices import keys_in
from ikrar.web.messages import sentence, word
from ikrar.web.templatetags.ikrar import label
from ikrar.web.views.cases import common, file

MOST_ROWS = 10
_MOST_REPORTS = 50
_MOST_ACTS = 6
_NEAR_DAYS = 400  # before the vote: calendars begin about a year ahead
_MOST_OFFERED = 50
_OFFER_HOLDS_S = 86_400


@dataclass
class Row:
    """One respondent of the form, with what was found for him."""

    place: int
    form: RespondentForm
    picked: str = ""
    found: list[tuple[Candidate, list[str]]] = field(default_factory=list)
    says: str = ""
    acts: list[tuple[str, str]] = field(default_factory=list)


def _raw(data: QueryDict, place: int) -> dict[str, str]:
    """Return what was typed for one respondent."""
    begins = f"t{place}-"
    return {name.removeprefix(begins): data.get(name, "") for name in data if name.startswith(begins)}


def _first(day: date, regime: str, region: str) -> dict[str, Any]:
    """Return what a new line begins with: of the elections of the regime that a region holds the one about which a day is.

    Without a region (the whole country) it is none that some regions hold.
    """
    running = (
        each
        for each in elections.choices([region] if region else [], day)
        if each.kind == regime
        and day <= each.last_on
        and (each.voting_on - day).days < _NEAR_DAYS
        and (region or not each.region_codes)
    )
    nearest = min(running, key=lambda each: abs(each.voting_on - day), default=None)
    return {"election": nearest.id if nearest else ""}


def rows_of(
    request: HttpRequest, bodies: Sequence[int], *, bound: bool, most: int, regime: str, region: str
) -> list[Row]:
    """Return the lines of the form as they were sent, changed by the button that was pressed."""
    data, do = request.POST.copy(), request.POST.get("do", "")
    act, _dash, rest = do.partition("-")
    place, _dash, value = rest.partition("-")
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 3 else -1
    count = data.get("rows", "1")
    lines = min(most, max(1, int(count) if count.isascii() and count.isdigit() and len(count) < 3 else 1))
    if act == "pick":
        data[f"t{at}-person"] = value
    if act == "unpick":
        data[f"t{at}-person"] = ""
    if act == "act":
        data[f"t{at}-act"] = value
    if act == "more" and lines < most:
        lines += 1
    made = []
    for number in range(lines):
        if act == "drop" and number == at and lines > 1:
            continue
        raw = _raw(data, number)
        here = len(made)
        if bound:
            form = RespondentForm(data, prefix=f"t{number}")
        else:
            form = RespondentForm(initial=_first(clock.today(), regime, region) | raw, prefix=f"t{here}")
        row = Row(here, form)
        _show_picked(request, row, raw, bodies)
        if number == at and act in ("find", "suggest"):
            _answer(request, row, act, raw, bodies)
        made.append(row)
    return made


def _person(text: str) -> Person | None:
    key = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    return Person.objects.filter(pk=key).first()


def _show_picked(request: HttpRequest, row: Row, raw: Mapping[str, str], bodies: Sequence[int]) -> None:
    """Name who was chosen, with his post of today; nobody who is out of reach.

    Whom a search of this reader offered he may choose. Any other number is one that somebody wrote there, so to name who that is
    counts as a search, and is refused like one too many.
    """
    person = _person(raw.get("person", ""))
    if person is None:
        return
    try:
        if person.pk not in _offered(request, raw.get("offered", "")):
            finding.count_search(request.user, now=timezone.now())
            _offer(request, row, [person.pk])
    except DomainError as error:
        row.says = sentence(error)
        if row.form.is_bound:
            row.form.add_error("q", row.says)
        return
    if not finding.covers(finding.reach_of(bodies), person):
        return
    placed = Placement.objects.on(clock.today()).filter(person=person).select_related("unit").first()
    said = (person.full_name, placed.post if placed else "", placed.unit.name if placed else "")
    row.picked = ", ".join(part for part in said if part)


def _salt(request: HttpRequest) -> str:
    return f"case respondents {request.user.pk}"


def _offered(request: HttpRequest, text: str) -> list[int]:
    """Return the people whom searches of a line offered to this reader: the form brings them back, signed."""
    try:
        found = signing.loads(text, salt=_salt(request), max_age=_OFFER_HOLDS_S)
    except signing.BadSignature:
        return []
    return list(found)


def _offer(request: HttpRequest, row: Row, people: Sequence[int]) -> None:
    known = dict.fromkeys([*_offered(request, row.form.initial.get("offered", "")), *people])
    row.form.initial = row.form.initial | {"offered": signing.dumps(list(known)[-_MOST_OFFERED:], salt=_salt(request))}


@sensitive_variables()
def _answer(request: HttpRequest, row: Row, act: str, raw: Mapping[str, str], bodies: Sequence[int]) -> None:
    """Look for whom or what a line means. What was typed is kept nowhere."""
    form = RespondentForm(request.POST, prefix=f"t{row.place}")
    form.is_valid()
    on = form.cleaned_data.get("on")
    try:
        finding.count_search(request.user, now=timezone.now())
        if act == "find":
            found = finding.find(raw.get("q", ""), on=on, scope=finding.reach_of(bodies))
            _offer(request, row, [each.key for each in found.people])
            row.found = [(each, [name_words.sentence(reason) for reason in each.because]) for each in found.people]
            row.says = (
                name_words.ask_sentence(found.ask) if found.ask else "" if found.people else _("Tidak ada yang cocok.")
            )
        else:
            person = rules.Person(raw.get("employment", "") or "pns", raw.get("post", ""))
            text = raw.get("gist", "")[:5000]
            known = rules.book().acts
            suggested = rules.suggest_done(text, on or clock.today(), person=person) if text.strip() else []
            row.acts = [(each.act, label(known[each.act].label)) for each in suggested[:_MOST_ACTS]]
            row.says = "" if row.acts else _("Tidak ada perbuatan yang terbaca dari uraian ini. Pilih dari daftarnya.")
    except DomainError as error:
        row.says = sentence(error)


def named(row: Row, bodies: Sequence[int]) -> Named:
    """Return a respondent as the service takes him. Raises CaseActRefused (person)."""
    said = row.form.cleaned_data
    person = _person(str(said["person"] or ""))
    if said["person"] and (person is None or not finding.covers(finding.reach_of(bodies), person)):
        raise CaseActRefused("person")
    alleged = Alleged(said["act"], said["on"], said["place"], said["gist"], said["election"], said["candidate_status"])
    return Named(person, said["described"], said["employment"], said["post"], (alleged,))


def _employment(row: Row) -> str:
    """Return as what the respondent of a line is employed: of whom the roster knows by the roster, on the day of the act."""
    if not row.picked:
        return str(row.form["employment"].value() or "")
    person = _person(str(row.form["person"].value() or ""))
    try:
        day = row.form.fields["on"].to_python(row.form["on"].value()) or clock.today()
    except ValidationError:
        day = clock.today()
    return cases.employed_as(person, day) if person else ""


def _astray(rows: Sequence[Row], track: str) -> tuple[list[str], bool]:
    """Return the acts of the lines that another track answers than a case takes, by their names, and whether some are of people
    for whom no appointing authority answers.
    """
    known = rules.book().acts
    acts: dict[str, None] = {}
    is_outside = False
    for row in rows:
        act, employment = str(row.form["act"].value() or ""), _employment(row)
        if act in known and not suits(track, str(known[act].track), employment):
            acts[label(known[act].label)] = None
            is_outside = is_outside or stands_outside(employment)
    return list(acts), is_outside


def _warnings(rows: Sequence[Row], track: str) -> list[str]:
    """Write what does not fit the track, which may be meant so, and what follows: who opens a case sees it before he does."""
    astray, is_outside = _astray(rows, track)
    found = [
        _("“%(act)s” biasanya tidak dijawab lewat jalur ini: %(track)s.")
        % {"act": each, "track": word("case_track", track)}
        for each in astray
    ]
    if is_outside:
        found.append(
            _("Bagi anggota TNI, Polri, dan desa jalurnya rujukan: mereka di luar pejabat pembina kepegawaian.")
        )
    if found and case_rules.track_needs_allegation(track):
        found.append(
            _("Tanpa dugaan yang dijawab lewat jalur ini tidak ada yang dapat diteruskan atau direkomendasikan nanti.")
        )
    return found


# --- a new case --------------------------------------------------------------------------------------------------


def _bodies(request: HttpRequest) -> list[tuple[int, str]]:
    return list(Body.objects.filter(pk__in=request.scope.bodies).order_by("name").values_list("pk", "name"))


def _region(bodies: Sequence[int], chosen: Any) -> str:
    """Return the code of the region of the body that was chosen; empty: the whole country."""
    body = Body.objects.filter(pk__in=bodies).select_related("agency").filter(pk__in=keys_in([str(chosen)])).first()
    return reports.region_of(body) if body else ""


def _reports(request: HttpRequest, data: QueryDict) -> tuple[list[Report], list[str]]:
    """Return the reports that were named and that my own key opens, and the rest as it was named: for me there is none."""
    asked = data.getlist("laporan")[:_MOST_REPORTS]
    numbers = []
    for text in asked:
        try:
            numbers.append(report_desk.read_number(text))
        except ValueError:
            continue
    readable = Report.objects.filter(pk__in=numbers, readers__key__user=request.user, readers__key__dropped_at=None)
    found = list(readable.filter(body__in=request.scope.bodies).distinct().order_by("received_on", "pk"))
    known = {report_desk.number_of(each) for each in found}
    return found, [text for text in asked if text not in known]


def _unfit(found: Sequence[Report]) -> list[str]:
    """Say of each report that cannot become part of a case in which state it is, and what is to be done first."""
    said = []
    for each in found:
        if each.state not in cases.MAY_BE_REGISTERED:
            told = {"number": report_desk.number_of(each)[:6], "state": word("report_state", each.state)}
            said.append(_TO_DO.get(each.state, _REOPEN) % told)
    return said


_REOPEN = lazy(
    "Laporan %(number)s sekarang: %(state)s. Dari keadaan itu perkara tidak dapat dibuka. Buka kembali laporannya di meja laporan"
    " dengan alasan, lalu kembali ke sini."
)
_TO_DO = {
    ReportState.RECEIVED: lazy(
        "Laporan %(number)s sekarang: %(state)s. Dari keadaan itu perkara tidak dapat dibuka. Buka dulu laporan itu dengan kunci"
        " Anda di meja laporan, baca, lalu kembali ke sini."
    ),
    ReportState.SET_ASIDE: lazy(
        "Laporan %(number)s sekarang: %(state)s. Dari keadaan itu perkara tidak dapat dibuka. Kembalikan dulu laporannya di meja"
        " laporan, lalu kembali ke sini."
    ),
}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.register")
def new_case(request: HttpRequest) -> HttpResponse:
    """Open a case of reports that I opened, or of a finding of my body."""
    bodies, is_post = _bodies(request), request.method == "POST"
    do = request.POST.get("do", "")
    found, unknown = _reports(request, request.POST if is_post else request.GET)
    if unknown and not is_post:
        # Without it the case would pass for a finding of the body.
        raise Http404
    regime = found[0].regime if found else "pilkada"
    first = {
        "regime": regime,
        "track": "discipline",
        "body": found[0].body_id if found else bodies[0][0] if bodies else None,
    }
    is_bound = is_post and do == "save"
    if is_post and not is_bound:
        # The workbench sends what its officer noted, and nothing of the rest.
        first |= {name: request.POST[name] for name in ("body", "regime", "track") if name in request.POST}
    form = OpenForm(request.POST if is_bound else None, bodies=bodies, initial=first, auto_id="case_%s")
    reach = list(request.scope.bodies)
    rows = rows_of(request, reach, bound=is_bound, most=MOST_ROWS, regime=regime, region=_region(reach, first["body"]))
    is_whole = is_bound and all([form.is_valid(), *(row.form.is_valid() for row in rows)])
    warned = _warnings(rows, str(form["track"].value() or ""))
    unfit = _unfit(found)
    if is_whole and not unknown and not unfit and (not warned or request.POST.get("warned") == "|".join(warned)):
        try:
            body = Body.objects.get(pk=form.cleaned_data["body"])
            case = cases.register(
                found, body, [named(row, reach) for row in rows], regime=form.cleaned_data["regime"],
                track=form.cleaned_data["track"], by=request.user, now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Perkara dibuka."))
            return redirect("case", common.key_of(case))
        except DomainError as error:
            if says := _refuse(rows, error):
                form.add_error(None, says)
    wrong = bool(form.errors) or any(row.form.errors for row in rows) if is_bound else False
    context = {
        "form": form, "rows": rows, "most": MOST_ROWS, "reports": [(report_desk.number_of(each), each) for each in found],
        "says": _("Belum terbuka: ada isian yang perlu diperbaiki.") if wrong else "", "case": None, "unknown": unknown,
        "warned": warned, "warned_key": "|".join(warned), "unfit": unfit,
    }  # fmt: skip
    if unknown:
        context["says"] = _(
            "Belum terbuka: salah satu laporannya tidak ada atau tidak dapat Anda buka. Mulailah lagi dari halaman laporannya;"
            " yang Anda tulis masih di sini untuk disalin."
        )
    return render(request, "cases/new.html", context, status=422 if wrong or unknown or (unfit and is_bound) else 200)


_OF_A_LINE = {
    "person": "q", "nobody_placed": "q", "text": "place", "own_matter": "q", "relative": "q", "respondents": "q",
}  # fmt: skip


def _refuse(rows: Sequence[Row], error: DomainError) -> str:
    """Put a refusal at the field of the one line that it is about; return it where it belongs above the form."""
    says, name = common.refusal(error), ""
    if isinstance(error, CaseActRefused):
        name = _OF_A_LINE.get(error.reason, "")
    elif error.code in ("day_in_future", "day_outside"):
        name = "on"
    elif error.code != "procedure_unknown":
        name = "election" if error.code in common.OF_ELECTIONS else "act"
    if not name or len(rows) != 1:
        return says
    rows[0].form.add_error(name, says)
    return ""


# --- a further respondent ----------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.register")
def new_respondent(request: HttpRequest, key: str) -> HttpResponse:
    """Add somebody to a case, with the first thing that he is said to have done."""
    case = common.shown_case(request, key, "case.register")
    bodies, is_bound, says = list(request.scope.bodies), request.POST.get("do", "") == "save", ""
    rows = rows_of(
        request, bodies, bound=is_bound, most=1, regime=case.regime, region=case_steps.region_of(case)
    )  # fmt: skip
    warned = _warnings(rows, case.track)
    if is_bound and rows[0].form.is_valid() and (not warned or request.POST.get("warned") == "|".join(warned)):
        try:
            cases.add_respondent(case, named(rows[0], bodies), by=request.user, now=timezone.now())
            messages.success(request, _("Terlapor ditambahkan."))
            return redirect("case", key)
        except DomainError as error:
            says = _refuse(rows, error)
    if is_over := case.closed_on is not None:
        says = _("Perkara ini sudah selesai: terlapor tidak dapat ditambahkan lagi. Buka perkara baru untuknya.")
        # What was typed stays, to be copied from; nothing new is asked for.
        rows, warned = rows if request.method == "POST" else [], []
    wrong = is_bound and (bool(says) or bool(rows[0].form.errors))
    context = {"form": None, "rows": rows, "most": 1, "reports": [], "case": case, "key": key, "says": says, "is_over": is_over,
               "warned": warned, "warned_key": "|".join(warned), "can": file.permissions(request, case)}  # fmt: skip
    return render(request, "cases/new.html", context, status=422 if wrong else 200)
