"""A step of the procedure: a form that its row makes, for one respondent or several that stand in the same state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ikrar.domain.access import Role
from ikrar.domain.cases import Procedure, Step
from ikrar.domain.errors import CaseActRefused, CaseStepRefused, DomainError, SanctionOutsideBand
from ikrar.records.models import Case, CaseRespondent
from ikrar.services import case_rules, case_steps, cases, rules
from ikrar.web import reasons
from ikrar.web.access import may
from ikrar.web.forms.cases import StepForm
from ikrar.web.templatetags.ikrar import label
from ikrar.web.views.cases import acts, common, file, told

_ASKED_OF = 5  # respondents of whom it is asked what was told already
_MOST = 100
_MOST_NAMES = 3


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.view")
def case_step(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Show the form of a step, and take it."""
    case = common.shown_case(request, key, "case.view")
    procedure = common.procedure_of(case)
    row = procedure.steps.get(step)
    if row is None:
        raise Http404
    is_sent = request.method == "POST"
    stands = _standing(
        request, case, row, request.POST.get("was", "") if is_sent else request.GET.get("dari", ""), exactly=is_sent
    )
    if case_rules.has_own_act(step):
        there = next((each.href for each in told.next_steps(case, stands[0], request.user, now=timezone.now())
                      if each.word == label(row.label) and each.href), "") if stands else ""  # fmt: skip
        if there:
            return redirect(there)
        url = told.own_page(case, step, stands[0] if stands else None)
        return _closed(request, case, row, _("Langkah ini mempunyai halamannya sendiri."), url=url)
    every, stands = stands, _meant(stands, row)
    by_paper, says = _open_for(request, case, stands, row)
    says = says or _is_absent(request, stands, row, by_paper=by_paper) or _too_early(case, stands, row)
    says = says or _leads_nowhere(stands, row)
    if not is_sent and (says or not stands):
        nobody = _("Tidak ada terlapor dalam keadaan yang membuka langkah ini.")
        return _closed(request, case, row, nobody if not stands else says)
    form = _form(request, case, procedure, row, stands, needs_file=by_paper)
    if is_sent and says:
        form.add_error(None, says)
    elif is_sent and not stands:
        # Somebody else was faster: what was typed stays, and it is seen from where they stand now.
        form.add_error(None, reasons.refusal(CaseActRefused("changed")))
        every = _standing(request, case, row, "")
        stands = _meant(every, row)
    elif is_sent and form.is_valid():
        try:
            return _take(request, case, row, stands, form)
        except CaseStepRefused as error:
            _refuse(form, procedure, error)
        except SanctionOutsideBand as error:
            form.add_error("sanction" if "sanction" in form.fields else None, acts.says(error, procedure))
        except DomainError as error:
            if not _at_fact(form, error):
                common.refuse(form, error, case=case)
    left_out = [told.name_of(each) for each in every if each not in stands]
    return _page(request, case, row, form=form, stands=stands, left_out=left_out)


def _meant(stands: Sequence[CaseRespondent], row: Step) -> list[CaseRespondent]:
    """Return those of several who stand together for whom a step is: by where their authority is, and whom a sanction could be
    recommended for. Where it is for none of them all are kept: the page says why.
    """
    places = {case_rules.AGENCY_HERE: False, case_rules.AGENCY_ELSEWHERE: True}
    wanted = {places[fact] for fact in row.requires if fact in places}
    found = [
        each for each in stands if not wanted or case_rules.is_elsewhere(each.agency_id, each.employment) in wanted
    ]
    if row.id == case_rules.RECOMMEND:
        found = [each for each in found if cases.band_of(each)] or found
    return found or list(stands)


def _standing(request: HttpRequest, case: Case, row: Step, was: str, *, exactly: bool = False) -> list[CaseRespondent]:
    """Return the respondents for whom a step is meant: those who stand where it was shown.

    Where it was shown from nowhere, or nobody stands there any more: in its first state that has any; `exactly`: nobody.
    """
    rows = case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN, state__in=row.from_states)
    found = list(rows.select_related("person").order_by("pk")[:_MOST])
    reach = case_steps.reach(request.user, case, now=timezone.now())
    # Of whom he may do something; where that is nobody the page says whose step it is.
    found = [each for each in found if reach.over(each.pk)] or [each for each in found if reach.reads(each.pk)]
    for each in found:
        each.case = case
    if not exactly and was not in {each.state for each in found}:
        was = next((state for state in row.from_states if any(each.state == state for each in found)), "")
    return [each for each in found if each.state == was]


def _open_for(request: HttpRequest, case: Case, stands: Sequence[CaseRespondent], row: Step) -> tuple[bool, str]:
    """Say whether a step is taken by the paper of somebody else, and why it is not open at all; empty: it is."""
    reach = case_steps.reach(request.user, case, now=timezone.now())
    roles = reach.over(stands[0].pk) if stands else reach.acting
    if roles.isdisjoint(row.who):
        if Role.DRAFTER in roles and Role.APPOINTING_AUTHORITY in row.who:
            return True, ""
        return False, reasons.refusal(CaseStepRefused("role", row.id))
    officers = {each.user_id for each in case_steps.officers(case) if each.duty != "drafter"}
    if roles & set(row.who) == {Role.EXAMINER} and request.user.pk not in officers:
        return False, reasons.refusal(CaseActRefused("not_assigned"))
    return False, ""


def _is_absent(request: HttpRequest, stands: Sequence[CaseRespondent], row: Step, *, by_paper: bool) -> str:
    """Say that whoever takes this step for all who stand there has no part in it, and nobody else may; empty: somebody may."""
    lent = Role.APPOINTING_AUTHORITY if by_paper else None
    if not stands or Role.APPOINTING_AUTHORITY not in row.who:
        return ""
    refusal = None
    for each in stands[:_ASKED_OF]:
        opened = cases.open_steps(each, by=request.user, now=timezone.now(), in_name_of=lent)
        refusal = next((one.refusal for one in opened if one.step.id == row.id), None)
        if refusal is None or refusal.reason != "absent":
            return ""
    return reasons.refusal(refusal) if refusal else ""


def _too_early(case: Case, stands: Sequence[CaseRespondent], row: Step) -> str:
    """Say what a step lacks for all who stand there and no form tells: another step alone gives it, or the records show it."""
    first: list[Step] = []
    shown: list[str] = []
    for each in stands[:_ASKED_OF]:
        lacking = cases.lacks_of_others(each, row)
        if not lacking:
            return ""
        first += case_rules.given_before(case.procedure, row.id, lacking)
        shown += [fact for fact in lacking if fact in case_rules.OF_RECORDS]
    if first:
        return acts.comes_first(list(dict.fromkeys(first)))
    if says := acts.lacking_says(shown):
        return says
    procedure = common.procedure_of(case)
    names = "; ".join(common.lacking(procedure, each) for each in dict.fromkeys(shown))
    return _("Langkah ini belum terbuka. Yang belum ada: %(facts)s.") % {"facts": names} if names else ""


def _leads_nowhere(stands: Sequence[CaseRespondent], row: Step) -> str:
    """Say why a step could recommend nothing for anybody who stands there; empty: it could."""
    if row.id != case_rules.RECOMMEND or not stands or any(cases.band_of(each) for each in stands):
        return ""
    if not any(case_steps.alleged_of(each) for each in stands):
        return acts.off_track_says()
    return _(
        "Pasal dari dugaan yang berdiri tidak menunjuk sanksi yang dapat direkomendasikan bagi orang dengan status kepegawaian"
        " ini. Catat dugaan lain pada halaman terlapornya, atau kembalikan atau hentikan perkaranya dengan alasan."
    )


@dataclass(frozen=True)
class _Bands:
    """What may be recommended for any of several, in the order of the catalogue, and whom the form is meant for at first: those
    whose clauses allow the same as those of the first one. `apart`: what is to be said of the others.
    """

    choices: Sequence[tuple[str, str]] = ()
    ticked: frozenset[int] | None = None
    apart: str = ""


def _bands(stands: Sequence[CaseRespondent]) -> _Bands:
    """Return what the clauses allow for each of several; where it differs, by whom each sanction is allowed."""
    allowed = {each: frozenset(cases.band_of(each)) for each in stands}
    known = rules.book().sanctions
    union = [id for id in known if any(id in band for band in allowed.values())]
    if len(set(allowed.values())) < 2:
        return _Bands([(id, label(known[id].label)) for id in union])
    first = next((band for band in allowed.values() if band), frozenset())
    return _Bands(
        [(id, _for_whom(label(known[id].label), id, allowed)) for id in union],
        frozenset(each.pk for each, band in allowed.items() if band == first),
        _(
            "Pasal mereka mengizinkan sanksi yang berbeda. Yang ditandai lebih dulu adalah yang rentangnya sama; rekomendasikan"
            " yang lain tersendiri, dengan sanksi dari rentangnya sendiri."
        ),
    )


def _for_whom(said: str, sanction: str, allowed: Mapping[CaseRespondent, frozenset[str]]) -> str:
    """Write a sanction with the names of those whose clauses allow it, where some do not."""
    names = [told.name_of(each) for each, band in allowed.items() if sanction in band]
    if len(names) == len(allowed):
        return said
    more = " …" if len(names) > _MOST_NAMES else ""
    return _("%(sanction)s (hanya %(names)s)") % {"sanction": said, "names": f"{', '.join(names[:_MOST_NAMES])}{more}"}


def _form(
    request: HttpRequest,
    case: Case,
    procedure: Procedure,
    row: Step,
    stands: Sequence[CaseRespondent],
    *,
    needs_file: bool,
) -> StepForm:
    is_post = request.method == "POST"
    if stands:
        facts = list(dict.fromkeys(fact for each in stands[:_ASKED_OF] for fact in cases.lacks(each, row)))
    else:
        # Nobody stands there any more: the form has what was sent with it.
        facts = [fact for fact in procedure.facts if StepForm.name_of(fact) in request.POST]
        stands = list(case.respondents.select_related("person").order_by("pk")[:_MOST])
    bands = _bands(stands) if row.id in case_rules.RECOMMENDS else _Bands()
    return StepForm(
        request.POST if is_post else None, request.FILES if is_post else None, procedure=procedure, step=row, facts=facts,
        sanctions=bands.choices, people=[(each.pk, told.name_of(each)) for each in stands], ticked=bands.ticked,
        apart=bands.apart, needs_file=needs_file,
        initial={"on": case_steps.today_of(case), StepForm.name_of("defects-told"): case_steps.today_of(case)},
    )  # fmt: skip


def _take(
    request: HttpRequest, case: Case, row: Step, stands: Sequence[CaseRespondent], form: StepForm
) -> HttpResponse:
    """Take the step. Raises what the service raises."""
    now, chosen = timezone.now(), set(form.cleaned_data.get("people") or [each.pk for each in stands])
    with common.kept(form.cleaned_data["file"], by=request.user, now=now) as stored:
        taken = cases.take_step(
            case, row.id, was=stands[0].state, facts=form.told, on=form.cleaned_data["on"],
            respondents=[each for each in stands if each.pk in chosen], document=stored, by=request.user, now=now,
        )  # fmt: skip
    said = {"n": len(taken), "step": label(row.label)}
    messages.success(request, ngettext("%(step)s: %(n)d terlapor.", "%(step)s: %(n)d terlapor.", len(taken)) % said)
    return redirect("case", common.key_of(case))


def _refuse(form: StepForm, procedure: Procedure, error: CaseStepRefused) -> None:
    """Put a refusal of the table at the fields that it is about, by the names of what it lacks."""
    says = acts.says(error, procedure) if error.reason != "missing" else reasons.refusal(error)
    if error.reason == "missing":
        if first := case_rules.given_before(procedure.id, error.step, error.about):
            form.add_error(None, acts.comes_first(first))
            return
        for fact in error.about:
            if said_of := acts.lacking_says([fact]):
                form.add_error(None, said_of)
                continue
            name, called = form.name_of(fact), common.lacking(procedure, fact) if fact in procedure.facts else fact
            name = "sanction" if fact == case_rules.RECOMMENDED_SANCTION else name
            form.add_error(
                name if name in form.fields else None, _("%(says)s %(fact)s.") % {"says": says, "fact": called}
            )
        return
    name = form.name_of(error.fact)
    if name not in form.fields:
        name = "on"
    form.add_error(name if error.reason in ("before", "not_later", "after", "holiday") else None, says)


def _at_fact(form: StepForm, error: DomainError) -> bool:
    """Put a refusal of a text at the fact that it names; False where the form has no such field."""
    name = form.name_of(error.about) if isinstance(error, CaseActRefused) and error.reason == "text" else ""
    if name not in form.fields:
        return False
    form.add_error(name, reasons.refusal(error))
    return True


def _closed(request: HttpRequest, case: Case, row: Step, says: str, *, url: str = "") -> HttpResponse:
    return _page(request, case, row, says=says, url=url, status=422 if request.method == "POST" else 200)


def _page(request: HttpRequest, case: Case, row: Step, *, status: int = 0, **more: Any) -> HttpResponse:
    procedure, form = common.procedure_of(case), more.get("form")
    context = {
        "case": case,
        "key": common.key_of(case),
        "step": row,
        "to": common.state_word(procedure, row.to_state) if row.to_state else "",
        "cites": [told.cited(each.source, each.at) for each in row.cites],
        "starts": [common.clock_word(procedure, each.id) for each in row.starts],
        "form": form,
        "says": "",
        "url": "",
        "stands": (),
        "left_out": (),
        "can": file.permissions(request, case),
    } | more
    stands = context["stands"]
    context["was"] = stands[0].state if stands else ""
    context["from"] = common.state_word(procedure, context["was"]) if stands else ""
    context["off_track"] = told.off_track(case, stands)
    context["names"] = [told.name_of(each) for each in stands]
    return render(
        request, "cases/step.html", context, status=status or (422 if form is not None and form.errors else 200)
    )
