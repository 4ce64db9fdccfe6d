"""The file of a case: what lies in it, what may be done next, and what is put into it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ikrar.domain import access
from ikrar.domain.errors import CaseActRefused, DomainError
from ikrar.records.models import Case, CaseTask, Report, ReportAct, ReportReader, StoredFile, User
from ikrar.services import case_beside, case_files, case_referrals, case_steps, cases, clock, report_desk
from ikrar.web.access import may
from ikrar.web.forms.cases import (
    EvidenceForm,
    NoteForm,
    NumberForm,
    RecuseForm,
    ReportChoice,
    TaskForm,
)
from ikrar.web.messages import day, sentence, word
from ikrar.web.sending import sent
from ikrar.web.views.cases import common, told

RESPONDENTS, STEPS, NOTES, EVIDENCE = 25, 30, 50, 100
_MOST_REPORTS = 50


def permissions(request: HttpRequest, case: Case) -> set[str]:
    """Return the last words of what the roles that reach a case permit: view, register, examine …

    Of a body that has it no longer what it still reads; `reports` is its own where reports of its are put into a case.
    """
    now = timezone.now()
    reach = case_steps.reach(request.user, case, now=now)
    granted = frozenset().union(*(access.GRANTS[role] for role in reach.acting))
    granted |= case_steps.READING & frozenset().union(*(access.GRANTS[role] for role in reach.roles))
    found = {each.partition(".")[2] for each in granted if each.startswith("case.")}
    return found | ({"reports"} if common.may_bring(request, case) else set())


# --- what is put into it -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Act:
    """Something that is put into a case by a form on its page."""

    needs: str
    form: Callable[[HttpRequest, Case, Any], forms.Form]
    do: Callable[[Case, forms.Form, User, datetime], Any]
    done: Any
    on: str = ""  # the field of a refusal that names none


def _people(case: Case) -> list[User]:
    found = {each.pk: each for each in case_steps.could_have(case, "case.view", now=timezone.now())}
    return list(found.values())


def _number(case: Case, form: forms.Form, by: User, now: datetime) -> None:
    cases.give_number(case, form.cleaned_data["number"], by=by, now=now)


def _note(case: Case, form: forms.Form, by: User, now: datetime) -> None:
    case_files.add_note(case, form.cleaned_data["text"], by=by, now=now)


def _task(case: Case, form: forms.Form, by: User, now: datetime) -> None:
    said = form.cleaned_data
    owner = next(each for each in _people(case) if each.pk == said["owner"])
    case_files.give_task(case, said["text"], owner, said["due_on"], by=by, now=now)


def _evidence(case: Case, form: forms.Form, by: User, now: datetime) -> None:
    said = form.cleaned_data
    with common.kept(said["file"], by=by, now=now) as stored:
        case_files.add_evidence(case, label=said["label"], text=said["text"], file=stored, by=by, now=now)


def _report(case: Case, form: forms.Form, by: User, now: datetime) -> None:
    report = Report.objects.get(pk=common.number_in(form.cleaned_data["report"]))
    cases.add_report(case, report, by=by, now=now)


def _recuse(case: Case, form: forms.Form, by: User, now: datetime) -> None:
    case_files.recuse(case, why=form.cleaned_data["why"], by=by, now=now)


def _plain(kind: type[forms.Form]) -> Callable[[HttpRequest, Case, Any], forms.Form]:
    def make(request: HttpRequest, case: Case, data: Any) -> forms.Form:
        return kind(data, request.FILES if data is not None else None, auto_id=f"{kind.__name__.lower()}_%s")

    return make


def _note_form(request: HttpRequest, case: Case, data: Any) -> forms.Form:
    side = case_files.side_of(case, case_steps.reach(request.user, case, now=timezone.now()))
    return NoteForm(data, side=side.name if side else "", auto_id="noteform_%s")


def _task_form(request: HttpRequest, case: Case, data: Any) -> forms.Form:
    return TaskForm(data, people=_people(case), auto_id="task_%s")


def _report_form(request: HttpRequest, case: Case, data: Any) -> forms.Form:
    return ReportChoice(data, reports=may_be_added(request.user, [case.body_id]), auto_id="add_%s")


def may_be_added(user: User, bodies: Sequence[int]) -> list[tuple[str, str]]:
    """Return the reports that somebody opened himself, may still read, and that lie in no case: number and words."""
    read = ReportReader.objects.filter(key__user=user, key__dropped_at=None, report__body__in=bodies)
    opened = ReportAct.objects.filter(kind=ReportAct.Kind.OPENED, user=user)
    rows = Report.objects.filter(
        pk__in=read.values("report"), body__in=bodies, state__in=[str(each) for each in cases.MAY_BE_REGISTERED], erased_on=None,
        in_case=None,
    ).filter(pk__in=opened.values("report"))  # fmt: skip
    found = rows.order_by("-received_on", "pk")[:_MOST_REPORTS]
    return [(report_desk.number_of(each), _report_word(each)) for each in found]


def _report_word(report: Report) -> str:
    return f"{report_desk.number_of(report)[:6]} · {day(report.received_on)} · {word('report_state', report.state)}"


_ACTS = {
    "number": _Act("register", _plain(NumberForm), _number, lazy("Nomor perkara dicatat."), "number"),
    "note": _Act("view", _note_form, _note, lazy("Catatan disimpan."), "text"),
    "task": _Act("examine", _task_form, _task, lazy("Tugas diberikan."), "owner"),
    "evidence": _Act("examine", _plain(EvidenceForm), _evidence, lazy("Bukti disimpan dalam perkara."), "text"),
    "report": _Act("reports", _report_form, _report, lazy("Laporan ditambahkan ke perkara."), "report"),
    "recuse": _Act(
        "view",
        _plain(RecuseForm),
        _recuse,
        lazy("Anda mengundurkan diri. Perkara itu tidak terbuka lagi bagi Anda."),
        "why",
    ),
}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.view")
def case_file(request: HttpRequest, key: str) -> HttpResponse:
    """Show the file of a case, and take what is put into it."""
    case = common.shown_case(request, key, "case.view")
    if request.method != "POST":
        return show(request, case)
    act = request.POST.get("act", "")
    if act == "done":
        return _finish(request, case)
    if act == "beside":
        return _open_beside(request, case)
    if act not in _ACTS:
        raise Http404
    asked = _ACTS[act]
    if asked.needs not in permissions(request, case):
        return show(request, case, says=sentence(CaseActRefused("not_yours")))
    form = asked.form(request, case, request.POST)
    if form.is_valid():
        try:
            asked.do(case, form, request.user, timezone.now())
            messages.success(request, str(asked.done))
            return redirect("cases") if act == "recuse" else redirect("case", key)
        except DomainError as error:
            common.refuse(form, error, on=asked.on)
    return show(request, case, {act: form})


def _finish(request: HttpRequest, case: Case) -> HttpResponse:
    task = get_object_or_404(CaseTask, case=case, pk=common.number_in(request.POST.get("task", "")))
    try:
        case_files.finish_task(task, by=request.user, now=timezone.now())
        messages.success(request, _("Tugas ditandai selesai."))
    except DomainError as error:
        messages.warning(request, sentence(error))
    return redirect("case", common.key_of(case))


def _open_beside(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        made = case_beside.open_beside(case, request.POST.get("track", ""), by=request.user, now=timezone.now())
    except DomainError as error:
        return show(request, case, says=common.refusal(error))
    messages.success(request, _("Perkara dibuka juga di jalur ini, dengan terlapor dan dugaannya."))
    return redirect("case", common.key_of(made))


# --- how it is shown ---------------------------------------------------------------------------------------------


def show(request: HttpRequest, case: Case, wrong: dict[str, forms.Form] | None = None, says: str = "") -> HttpResponse:
    """Show the file; `wrong`: a form that was refused, by its act; `says`: why something else was."""
    now, may_do = timezone.now(), permissions(request, case)
    key, procedure = common.key_of(case), common.procedure_of(case)
    reach = case_steps.reach(request.user, case, now=now)
    respondents = reach.shown(case.respondents.select_related("person", "unit", "agency"))
    rows = Paginator(respondents.order_by("pk"), RESPONDENTS)
    people = rows.get_page(request.GET.get("terlapor"))
    shown = list(people.object_list)
    alleged = told.allegations(shown)
    steps = case_files.steps_for(case, reach)
    timeline = Paginator(
        steps.select_related("by__person", "respondent__person", "document").order_by(*case_steps.LATEST_FIRST),
        STEPS,
    )
    history = timeline.get_page(request.GET.get("hal"))
    open_forms = {
        act: (wrong or {}).get(act) or each.form(request, case, None)
        for act, each in _ACTS.items()
        if each.needs in may_do
        and not (act == "number" and case.number)
        and (act == "recuse" or case.closed_on is None)
    }
    officers = case_steps.officers(case)
    has_reports = case_files.has_reports(case, reach)
    stopped, groups = told.stopped_by_state(case, shown), told.steps_by_state(case, shown, request.user, now=now)
    asks_who_gives = "assign" in may_do and any(each.examiners_by for each in groups)
    context = {
        "case": case,
        "key": key,
        "procedure": procedure,
        "zone": case_steps.zone_of(case),
        "today": clock.today(case_steps.zone_of(case)),
        "can": may_do,
        "people": people,
        "standings": told.standings(case, shown),
        "groups": [(each, stopped.get(each.state)) for each in groups],
        "may_give": asks_who_gives and case_files.may_give(case, request.user, now=now),
        "lifts": (case.handler or case.body).name,
        "off_track": told.off_track(case, shown),
        "tracks_beside": told.tracks_beside(case, request.user, now=now),
        "cases_beside": told.cases_beside(case, request.user, now=now),
        "at_body": case_steps.body_to_act(case),
        "clocks": told.clocks(case, shown),
        "alleged": [(each, alleged.get(each.pk, [])) for each in shown],
        "evidence": case_referrals.evidence_for(case, request.user, now=now)
        .select_related("file", "by__person")
        .order_by("-at", "pk")[:EVIDENCE],
        "notes": case_files.notes_for(case, request.user, reach).select_related("by__person").order_by("-at", "pk")[:NOTES],
        "tasks": case.tasks.select_related("owner__person", "given_by__person").order_by("done_at", "due_on", "pk")[:NOTES],
        "officers": [told.officer_word(each.user, each.duty) for each in officers],
        "is_officer": any(each.user_id == request.user.pk for each in officers),
        "has_reports": has_reports,
        "reports": _reports(request, case, may_do) if has_reports else [],
        "history": history,
        "events": [
            (each, common.step_word(procedure, each.step), common.state_word(procedure, each.to_state) if each.to_state else "",
             common.facts_told(procedure, each.facts), told.name_of(each.respondent) if each.respondent else "")
            for each in history
        ],
        "forms": open_forms,
        "wrong": next(iter(wrong), "") if wrong else "",
        "says": says,
    }  # fmt: skip
    return render(request, "cases/file.html", context, status=422 if wrong or says else 200)


def _reports(request: HttpRequest, case: Case, may_do: set[str]) -> list[tuple[str, Any, bool]]:
    """Return the reports of a case: number, day, and whether this reader's own key opens it."""
    rows = list(case.case_reports.select_related("report").order_by("added_on", "pk")[:200])
    mine: set[int] = set()
    if "reports" in may_do:
        readers = ReportReader.objects.filter(key__user=request.user, key__dropped_at=None)
        mine = set(readers.filter(report__in=[each.report_id for each in rows]).values_list("report", flat=True))
    return [(report_desk.number_of(each.report), each.report.received_on, each.report_id in mine) for each in rows]


@never_cache
@require_safe
@may("case.view")
def paper(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Hand out a file of a case: of the evidence that came along to this reader, or the document of a step that he is shown."""
    case = common.shown_case(request, key, "case.view")
    now = timezone.now()
    evidence = case_referrals.evidence_for(case, request.user, now=now)
    steps = case_files.steps_for(case, case_steps.reach(request.user, case, now=now))
    lies_here = evidence.filter(file=pk).exists() or steps.filter(document=pk).exists()
    if not lies_here:
        raise Http404
    return sent(get_object_or_404(StoredFile, pk=pk))
