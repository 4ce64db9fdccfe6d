"""The board of cases: filtered, kept under a name, and acts on several at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ikrar.domain.access import Role
from ikrar.domain.cases import Step
from ikrar.domain.errors import CaseActRefused, CaseStepRefused, DomainError
from ikrar.records.models import Body, Case, CaseReferral, CaseRespondent, User
from ikrar.services import case_files, case_filters, case_rules, case_steps, case_watching, cases, clock, report_inbox
from ikrar.services.case_board import agencies_in, board, officers_in
from ikrar.web import messages as words_of
from ikrar.web.access import may, scope, usable_grants
from ikrar.web.forms.cases import AssignForm, BoardForm, FilterForm, StepForm
from ikrar.web.templatetags.ikrar import label
from ikrar.web.views.cases import acts, common

MOST_AT_ONCE = 50


def _form(request: HttpRequest, asked: QueryDict | dict[str, str]) -> BoardForm:
    now = timezone.now()
    return BoardForm(
        asked, states=common.states_known(), officers=officers_in(request.scope, now=now),
        agencies=agencies_in(request.user, request.scope, now=now),
    )  # fmt: skip


@never_cache
@require_safe
@may("case.view")
def cases_board(request: HttpRequest) -> HttpResponse:
    """List the cases that I have part in, what is due first in front."""
    return _shown(request, request.GET)


def _shown(request: HttpRequest, asked: QueryDict, naming: FilterForm | None = None) -> HttpResponse:
    form = _form(request, asked)
    page = board(request.user, request.scope, form.wanted(_page(asked)), now=timezone.now())
    words = common.states_known()
    roles = {each.role for each in usable_grants(request)}
    context = {
        "form": form,
        "query": form.query,
        "ignored": form.ignored,
        "page_of": page,
        "rows": [(each, words.get(each.state, each.state)) for each in page.lines],
        "counts": [(state, words.get(state, state), page.counts[state]) for state in words if page.counts.get(state)],
        "state": form.cleaned_data.get("keadaan", ""),
        "filters": case_filters.of_user(request.user),
        "most_filters": case_filters.MOST,
        "naming": naming or FilterForm(auto_id="filter_%s"),
        "without_case": _without_case(request),
        "waiting": _waiting(request),
        "may_register": bool(roles & {Role.INTAKE_OFFICER, Role.SUPERVISOR_BODY, Role.NATIONAL_BODY}),
        "may_assign": bool(roles & {Role.SUPERVISOR_BODY, Role.NATIONAL_BODY, Role.APPOINTING_AUTHORITY}),
        "pages": [each for each in range(1, page.pages + 1) if each in (page.page - 1, page.page + 1)],
        "regimes": len({each.regime for each in page.lines}) > 1,
        "today": clock.today(),
    }
    is_wrong = naming is not None and bool(naming.errors)
    return render(request, "cases/board.html", context, status=422 if is_wrong else 200)


def _without_case(request: HttpRequest) -> int:
    """Count the registered reports that I may open a case of and that have none."""
    bodies = scope(request, "case.register").bodies & scope(request, "report.open").bodies
    return report_inbox.count_without_case(request.user, bodies) if bodies else 0


def _waiting(request: HttpRequest) -> list[tuple[CaseReferral, str]]:
    """Return what other bodies sent and my body has not answered, the first first."""
    bodies = scope(request, "case.accept").bodies
    if not bodies:
        return []
    found = case_watching.waiting(list(Body.objects.filter(pk__in=bodies)), request.user)
    return [(each, common.key_of(each.case)) for each in found[:_MOST_WAITING]]


_MOST_WAITING = 50


def _page(asked: QueryDict) -> int:
    text = asked.get("hal", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


# --- filters of one's own ----------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.view")
def filters(request: HttpRequest) -> HttpResponse:
    """Keep the filters of an address under a name, give one another name, or let one go. Whoever only comes by is at the board."""
    if request.method != "POST":
        return redirect("cases")
    act, kept = request.POST.get("act", ""), QueryDict(request.POST.get("query", "")[:2000])
    key = request.POST.get("filter", "")
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
    if act == "drop":
        case_filters.drop(request.user, number)
        messages.success(request, _("Saringan dihapus."))
        return redirect("cases")
    form = FilterForm(request.POST, auto_id="filter_%s")
    query = _form(request, kept).query
    if form.is_valid():
        try:
            if act == "rename":
                case_filters.rename(request.user, number, form.cleaned_data["name"])
                messages.success(request, _("Nama saringan diubah."))
            else:
                case_filters.keep(request.user, form.cleaned_data["name"], query)
                messages.success(request, _("Saringan disimpan."))
            return redirect(f"{reverse('cases')}?{query}" if query else reverse("cases"))
        except DomainError as error:
            if isinstance(error, CaseActRefused) and error.about == "query":
                form.add_error(None, _("Pilih dulu saringannya, lalu simpan."))
            else:
                common.refuse(form, error, on="name")
    return _shown(request, kept, form)


# --- several at once ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chosen:
    """A case that was ticked, with the state that was seen then; `has_moved`: with the one in which it stands since."""

    case: Case
    was: str
    has_moved: bool = False

    @property
    def ticked(self) -> str:
        return f"{common.key_of(self.case)}:{self.was}"

    @property
    def name(self) -> str:
        return common.name_of(self.case)

    @property
    def kind(self) -> str:
        """Return by which election and on which track it is handled: each has steps of its own."""
        regime = words_of.word("case_regime", self.case.regime)
        return f"{regime}, {words_of.word('case_track', self.case.track)}"

    def opens(self, step: Step) -> bool:
        """Say whether a step begins where it stands."""
        row = common.procedure_of(self.case).steps.get(step.id)
        return row is not None and self.was in row.from_states


def _chosen(request: HttpRequest) -> list[_Chosen]:
    """Return the ticked cases that I reach; another one does not exist for me."""
    found, states = [], common.states_known()
    for each in dict.fromkeys(request.POST.getlist("pilih")[:MOST_AT_ONCE]):
        key, _colon, was = each.partition(":")
        if was not in states:
            raise Http404
        found.append(_Chosen(common.shown_case(request, key, "case.view"), was))
    return found


def _back(request: HttpRequest) -> str:
    """Return the board with the filters from which somebody came."""
    query = urlencode(parse_qsl(request.POST.get("query", "")[:2000]))
    return f"{reverse('cases')}?{query}" if query else reverse("cases")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.view")
def bulk(request: HttpRequest) -> HttpResponse:
    """Assign several cases, or take one step for several that stand in the same state; of each that cannot, say why.

    Whoever comes back without what was ticked (by another language, by the address) ticks it again at the board.
    """
    if request.method != "POST":
        return redirect("cases")
    chosen = _chosen(request)
    if not chosen:
        messages.warning(request, _("Tandai dulu perkaranya."))
        return redirect(_back(request))
    return _assign(request, chosen) if request.POST.get("act") == "assign" else _step(request, chosen)


@dataclass(frozen=True)
class _Asking:
    """The page on which something is asked for several cases: its form, what is done with it, what it is called."""

    form: Any
    act: str
    title: str
    step: Step | None = None


def _told(request: HttpRequest, chosen: list[_Chosen], refused: dict[str, str], asking: _Asking) -> HttpResponse:
    """Say what was done. Where some were refused, ask again for those alone: each with why, and what was typed as it was."""
    done = len(chosen) - len(refused)
    if done:
        messages.success(request, ngettext("%(n)d perkara selesai.", "%(n)d perkara selesai.", done) % {"n": done})
    if not refused:
        return redirect(_back(request))
    step, left = asking.step, [each for each in chosen if each.ticked in refused]
    if step is None:
        return _asked(request, left, asking.form, asking.act, asking.title, refused=refused)
    now = [_as_it_stands(request, each, step) for each in left]
    why = {each.ticked: refused[before.ticked] for each, before in zip(now, left, strict=True)}
    sent = [each for each in now if each.opens(step)]
    # Made anew: one of those that are left may lack what the others had.
    form = _step_form(request, sent or now, step)
    return _asked(request, now, form, asking.act, asking.title, refused=why, step=step, sent=sent)


def _as_it_stands(request: HttpRequest, chosen: _Chosen, step: Step) -> _Chosen:
    """Return a ticked case with the state in which its respondents stand now, where nobody stands any more as it was seen."""
    reach = case_steps.reach(request.user, chosen.case, now=timezone.now())
    rows = reach.shown(chosen.case.respondents.exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY))
    found = list(rows.order_by("pk"))
    states = [each.state for each in found if each.outcome == CaseRespondent.Outcome.OPEN] or [
        each.state for each in found
    ]
    if chosen.was in states or not states:
        return chosen
    now = [replace(chosen, was=state, has_moved=True) for state in states]
    return next((each for each in now if each.opens(step)), now[0])


def _assign(request: HttpRequest, chosen: list[_Chosen]) -> HttpResponse:
    now, title = timezone.now(), _("Tugaskan kepada seorang petugas")
    people: dict[int, User] = {}
    for permission in ("case.examine", "case.draft"):
        for each in chosen:
            people |= {user.pk: user for user in case_files.workers(each.case, request.user, permission, now=now)}
    found = sorted(people.values(), key=lambda user: user.display_name)
    form = AssignForm(request.POST if request.POST.get("do") else None, people=found)
    if request.POST.get("do") and form.is_valid():
        refused = {}
        for each in chosen:
            try:
                case_files.assign(each.case, people[form.cleaned_data["user"]], **form.given, by=request.user, now=now)
            except DomainError as error:
                refused[each.ticked] = common.refusal(error, each.case)
        return _told(request, chosen, refused, _Asking(form, "assign", title))
    return _asked(request, chosen, form, "assign", title)


def _asked(
    request: HttpRequest, chosen: list[_Chosen], form: Any, act: str, title: str, *,
    refused: Mapping[str, str] | None = None, sent: list[_Chosen] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    words, why = common.states_known(), refused or {}
    context = {
        "chosen": [(each, words.get(each.was, each.was), why.get(each.ticked, "")) for each in chosen], "form": form,
        "sent": chosen if sent is None else sent, "groups": _groups(chosen) if act == "step" else [],
        "act": act, "title": title, "query": request.POST.get("query", "")[:2000], "back": _back(request),
        "refused": len(why), **more,
    }  # fmt: skip
    is_wrong = bool(why) or (form is not None and bool(form.errors))
    return render(request, "cases/bulk.html", context, status=422 if is_wrong else 200)


def _groups(chosen: list[_Chosen]) -> list[tuple[str, str, list[_Chosen]]]:
    """Return the ticked cases that can be gone on with together, by what they have in common; nothing where all can."""
    words, found = common.states_known(), {}
    for each in chosen:
        if each.case.closed_on is None:
            found.setdefault((each.kind, each.was), []).append(each)
    if len(found) < 2 and not any(each.has_moved for each in chosen):
        return []
    return [(kind, words.get(was, was), some) for (kind, was), some in found.items()]


def _common_steps(request: HttpRequest, chosen: list[_Chosen]) -> dict[str, Step]:
    """Return the steps that every chosen case knows from its state and is of the kind for, that some role of mine may take, and
    that need no page.
    """
    roles = {each.role for each in usable_grants(request)}
    steps: dict[str, Step] | None = None
    for each in chosen:
        procedure = common.procedure_of(each.case)
        here = {
            id: step for id, step in procedure.steps.items()
            if each.was in step.from_states and not roles.isdisjoint(step.who) and not case_rules.has_own_act(id)
            and id not in (*case_rules.RECOMMENDS, case_rules.REFER_OUTSIDE)
        }  # fmt: skip
        steps = here if steps is None else {id: step for id, step in steps.items() if id in here}
    return {id: step for id, step in (steps or {}).items() if all(_is_way(request, each, step) for each in chosen)}


def _is_way(request: HttpRequest, chosen: _Chosen, step: Step) -> bool:
    """Say whether a step is a way for a chosen case, as its file asks it too: for one at least of those who stand there."""
    if case_rules.NO_WAY_WITHOUT.isdisjoint(step.requires):
        return True
    found = _standing(request, chosen)
    return not found or any(case_rules.NO_WAY_WITHOUT.isdisjoint(cases.lacks_of_others(each, step)) for each in found)


def _step(request: HttpRequest, chosen: list[_Chosen]) -> HttpResponse:
    title = _("Langkah yang sama untuk beberapa perkara")
    if len({each.was for each in chosen}) > 1:
        says = _("Perkara yang dipilih berada dalam keadaan yang berbeda. Lanjutkan dengan satu kelompok di bawah ini.")
        return _asked(request, chosen, None, "step", title, says=says)
    steps = _common_steps(request, chosen)
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        says = "" if steps else _no_step_says(chosen)
        offered = [(id, label(each.label)) for id, each in steps.items()]
        return _asked(request, chosen, None, "step", title, says=says, steps=offered)
    form = _step_form(request, chosen, step)
    if not form.is_bound or not form.is_valid():
        return _asked(request, chosen, form, "step", label(step.label), step=step)
    refused = {}
    for each in chosen:
        try:
            cases.take_step(
                each.case, step.id, was=each.was, facts=form.told, on=form.cleaned_data["on"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            refused[each.ticked] = _refused(each.case, error)
    return _told(request, chosen, refused, _Asking(form, "step", label(step.label), step))


def _no_step_says(chosen: list[_Chosen]) -> str:
    """Say why several cases that stand alike have no step in common."""
    kinds = list(dict.fromkeys(each.kind for each in chosen))
    if len(kinds) == 1:
        return _("Dari keadaan ini tidak ada langkah yang dapat Anda lakukan untuk semuanya sekaligus.")
    return _(
        "Perkara yang dipilih berbeda pemilihan atau jalurnya (%(kinds)s); langkahnya masing-masing sendiri. Lanjutkan dengan satu"
        " kelompok di bawah ini."
    ) % {"kinds": "; ".join(kinds)}


_ASKED_OF = 5
"""Cases of which it is asked what they lack, and respondents of one case of whom it is asked for whom a step is a way."""


def _step_form(request: HttpRequest, chosen: list[_Chosen], step: Step) -> StepForm:
    """Return the form of a step for several: what some of those lack who stand there still, and what was sent with it."""
    first, procedure = chosen[0].case, common.procedure_of(chosen[0].case)
    stand = [found for each in chosen[:_ASKED_OF] if (found := _one_of(request, each)) is not None]
    lacked = [fact for each in stand for fact in cases.lacks(each, step)]
    sent = [fact for fact in procedure.facts if StepForm.name_of(fact) in request.POST]
    facts = list(dict.fromkeys((*lacked, *sent)))
    # Not bound while it is asked for: nothing was typed that could be wrong.
    data = request.POST if request.POST.get("do") else None
    form = StepForm(data, procedure=procedure, step=step, facts=facts, initial={"on": case_steps.today_of(first)})
    del form.fields["file"]  # a paper belongs to one case
    return form


def _one_of(request: HttpRequest, chosen: _Chosen) -> CaseRespondent | None:
    """Return one respondent of a case whom I reach and who stands where it was seen; None: all have moved on."""
    return next(iter(_standing(request, chosen)), None)


def _standing(request: HttpRequest, chosen: _Chosen) -> list[CaseRespondent]:
    """Return some respondents of a case whom I reach and who stand where it was seen."""
    reach = case_steps.reach(request.user, chosen.case, now=timezone.now())
    rows = chosen.case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN, state=chosen.was)
    found = list(reach.shown(rows).order_by("pk")[:_ASKED_OF])
    for each in found:
        each.case = chosen.case
    return found


def _refused(case: Case, error: DomainError) -> str:
    """Write why an act was refused in a case, with the names of what is missing and the days in words."""
    if not isinstance(error, CaseStepRefused):
        return common.refusal(error, case)
    return acts.says(error, common.procedure_of(case))
