"""One respondent of a case: what he is said to have done, what runs for him, and what became of him."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ikrar.domain.errors import CaseActRefused, DomainError
from ikrar.records.models import Case, CaseAllegation, CaseRespondent
from ikrar.services import case_files, case_steps, cases, clock, rules
from ikrar.services.case_files import Alleged
from ikrar.web.access import may
from ikrar.web.forms.cases import AllegationForm, StrikeForm
from ikrar.web.messages import sentence
from ikrar.web.templatetags.ikrar import label
from ikrar.web.views.cases import common, file, told

_MOST_ACTS = 6
_NEEDS = {
    "state": "examine",
    "suggest": "examine",
    "act": "examine",
    "strike": "examine",
    "wrong": "register",
    "follow": "assign",
}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.view")
def respondent(request: HttpRequest, key: str, respondent: str) -> HttpResponse:
    """Show a respondent, and take what is changed about him."""
    case = common.shown_case(request, key, "case.view")
    reach = case_steps.reach(request.user, case, now=timezone.now())
    rows = reach.shown(case.respondents.select_related("person", "unit", "agency"))
    found = get_object_or_404(rows, pk=common.number_in(respondent))
    found.case = case
    if request.method != "POST":
        return _page(request, case, found)
    act, _dash, value = request.POST.get("act", "").partition("-")
    if act not in _NEEDS:
        raise Http404
    if _NEEDS[act] not in file.permissions(request, case):
        return _page(request, case, found, says=sentence(CaseActRefused("not_yours")), is_refused=True)
    return _ACTS[act](request, case, found, value)


def _back(case: Case, found: CaseRespondent) -> HttpResponse:
    return redirect("case-respondent", common.key_of(case), case_steps.number_of(found))


def _state(request: HttpRequest, case: Case, found: CaseRespondent, _value: str) -> HttpResponse:
    form = _allegation_form(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        alleged = Alleged(
            said["act"], said["on"], said["place"], said["gist"], said["election"], said["candidate_status"]
        )
        try:
            case_files.state_allegation(found, alleged, by=request.user, now=timezone.now())
            messages.success(request, _("Dugaan dicatat dengan jawaban buku aturan hari ini."))
            return _back(case, found)
        except CaseActRefused as error:
            common.refuse(form, error, on="act")
        except DomainError as error:
            common.refuse(form, error, on="act")
    return _page(request, case, found, alleging=form)


def _suggest(request: HttpRequest, case: Case, found: CaseRespondent, _value: str) -> HttpResponse:
    """Show which acts the words may be about; nothing of them is kept."""
    text, day = request.POST.get("gist", "")[:5000], _allegation_form(request.POST)
    day.is_valid()
    known, person = rules.book().acts, rules.Person(found.employment, found.post)
    acts: list[tuple[str, str]] = []
    says = ""
    try:
        on = day.cleaned_data.get("on") or clock.today()
        region = case_steps.region_of(case)
        suggested = rules.suggest_done(text, on, person=person, region=region) if text.strip() else []
        acts = [(each.act, label(known[each.act].label)) for each in suggested[:_MOST_ACTS]]
    except DomainError as error:
        says = sentence(error)
    if not acts and not says:
        says = _("Tidak ada perbuatan yang terbaca dari uraian ini. Pilih dari daftarnya.")
    return _page(request, case, found, alleging=_typed(request), acts=acts, says=says)


def _choose(request: HttpRequest, case: Case, found: CaseRespondent, value: str) -> HttpResponse:
    return _page(request, case, found, alleging=_typed(request, act=value))


def _typed(request: HttpRequest, **more: str) -> AllegationForm:
    """Return the form with what was typed, and nothing said about it."""
    names = AllegationForm.base_fields
    return AllegationForm(initial={name: request.POST.get(name, "") for name in names} | more, auto_id="allege_%s")


def _allegation_form(data: Any) -> AllegationForm:
    return AllegationForm(data, auto_id="allege_%s")


def _strike(request: HttpRequest, case: Case, found: CaseRespondent, value: str) -> HttpResponse:
    row = get_object_or_404(CaseAllegation, respondent=found, pk=common.number_in(value))
    form = StrikeForm(request.POST, auto_id=f"strike-{value}_%s")
    if form.is_valid():
        try:
            case_files.strike_allegation(row, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            messages.success(request, _("Dugaan dicoret; tetap terbaca dalam berkas, dengan alasannya."))
            return _back(case, found)
        except DomainError as error:
            common.refuse(form, error, on="reason")
    return _page(request, case, found, striking=(value, form))


def _wrong(request: HttpRequest, case: Case, found: CaseRespondent, _value: str) -> HttpResponse:
    form = StrikeForm(request.POST, auto_id="wrong_%s")
    if form.is_valid():
        try:
            cases.strike_respondent(found, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            messages.success(request, _("Terlapor dikeluarkan dari perkara: salah dicatat."))
            return redirect("case", common.key_of(case))
        except DomainError as error:
            common.refuse(form, error, on="reason")
    return _page(request, case, found, entered_wrongly=form)


def _follow(request: HttpRequest, case: Case, found: CaseRespondent, _value: str) -> HttpResponse:
    try:
        cases.follow_move(found, by=request.user, now=timezone.now())
        messages.success(request, _("Perkara mengikuti terlapor ke tempat tugasnya yang sekarang."))
        return _back(case, found)
    except DomainError as error:
        return _page(request, case, found, says=sentence(error), is_refused=True)


_ACTS = {"state": _state, "suggest": _suggest, "act": _choose, "strike": _strike, "wrong": _wrong, "follow": _follow}


def _page(
    request: HttpRequest, case: Case, found: CaseRespondent, *, alleging: forms.Form | None = None,
    acts: list[tuple[str, str]] | None = None, striking: tuple[str, forms.Form] | None = None,
    entered_wrongly: forms.Form | None = None, says: str = "", is_refused: bool = False,
) -> HttpResponse:  # fmt: skip
    """Show a respondent with what was refused, or what was found."""
    may_do, is_open = file.permissions(request, case), found.outcome == CaseRespondent.Outcome.OPEN
    said = told.allegations([found]).get(found.pk, [])
    (stands,) = told.standings(case, [found])
    is_decided = case_files.is_decided(found)
    # After a decision nothing of it is offered; what was sent all the same stays with why it was refused.
    may_state = is_open and "examine" in may_do and (alleging is not None or not is_decided)
    may_leave = is_open and "register" in may_do and not is_decided
    further = alleging or AllegationForm(auto_id="allege_%s", initial=_last(said))
    wrong = [form for form in (alleging, striking and striking[1], entered_wrongly) if form is not None and form.errors]
    context = {
        "case": case,
        "key": common.key_of(case),
        "can": may_do,
        "standing": stands,
        "off_track": told.off_track(case, [found]),
        "respondent": found,
        "procedure": common.procedure_of(case),
        "zone": case_steps.zone_of(case),
        "today": case_steps.today_of(case),
        "next": told.next_steps(case, found, request.user, now=timezone.now()) if is_open else [],
        "clocks": told.clocks(case, [found]),
        "alleged": [(each, _striking(each.key, striking)) for each in said],
        "alleging": further if may_state else None,
        "acts": acts or [],
        "entered_wrongly": entered_wrongly or (StrikeForm(auto_id="wrong_%s") if may_leave else None),
        "is_decided": is_decided,
        "is_open_wrongly": entered_wrongly is not None,
        "says": says,
    }  # fmt: skip
    return render(request, "cases/respondent.html", context, status=422 if wrong or is_refused else 200)


def _striking(key: str, striking: tuple[str, forms.Form] | None) -> forms.Form:
    return striking[1] if striking and striking[0] == key else StrikeForm(auto_id=f"strike-{key}_%s")


def _last(said: list[told.Said]) -> dict[str, Any]:
    """Return what a further allegation begins with: the election and the place of the one before."""
    last = said[-1].allegation if said else None
    return {"election": last.election, "candidate_status": last.candidate_status} if last else {}
