"""Who works on a case, and who has no part in it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ikrar.domain.errors import DomainError
from ikrar.records.models import Case, CaseConflict, CaseRespondent, Person, Placement, User
from ikrar.services import case_authority, case_files, case_queue, case_steps, clock
from ikrar.web.access import may
from ikrar.web.forms.cases import AssignForm, ConflictForm, StrikeForm
from ikrar.web.messages import sentence
from ikrar.web.views.cases import common, file, told


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.assign")
def team(request: HttpRequest, key: str) -> HttpResponse:
    """Show who works on a case; assign, withdraw, and say who has no part in it."""
    case = common.shown_case(request, key, "case.assign")
    if request.method != "POST":
        return _page(request, case)
    act, _dash, value = request.POST.get("act", "").partition("-")
    if act not in _ACTS:
        raise Http404
    return _ACTS[act](request, case, value)


def _workers(request: HttpRequest, case: Case) -> list[User]:
    now = timezone.now()
    found: dict[int, User] = {}
    for permission in ("case.examine", "case.draft"):
        found |= {each.pk: each for each in case_files.workers(case, request.user, permission, now=now)}
    return sorted(found.values(), key=lambda user: user.display_name)


def _readers(request: HttpRequest, case: Case) -> list[User]:
    """Return those who read the case and of whom this reader may say that they have no part in it."""
    return _sayable(request, case, case_steps.could_have(case, "case.view", now=timezone.now()))


def _sayable(request: HttpRequest, case: Case, whom: list[Any]) -> list[Any]:
    return case_files.sayable(case, request.user, whom, now=timezone.now())


def _heads(request: HttpRequest, case: Case) -> dict[str, tuple[Person, str]]:
    """Return those above the respondents whom this reader reaches, who may have no account here, by how the form calls them."""
    now = timezone.now()
    rows = case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN).select_related("unit")
    respondents = list(case_steps.reach(request.user, case, now=now).shown(rows))
    found = case_authority.concerned(case, respondents, at=clock.instant(case_steps.zone_of(case), at=now))
    known = {each.person_id for each in _readers(request, case)}
    may = set(_sayable(request, case, [person for person, _post in found]))
    return {
        f"p{person.pk}": (person, f"{person.full_name}, {post}" if post else person.full_name)
        for person, post in found
        if person in may and person.pk not in known
    }


def _conflict_form(request: HttpRequest, case: Case, data: Any = None) -> ConflictForm:
    heads = [(key, says) for key, (_person, says) in _heads(request, case).items()]
    return ConflictForm(data, people=_readers(request, case), heads=heads, auto_id="conflict_%s")


def _named(people: list[User], key: int) -> User:
    return next(each for each in people if each.pk == key)


def _assign(request: HttpRequest, case: Case, _value: str) -> HttpResponse:
    people = _workers(request, case)
    form = AssignForm(request.POST, people=people, auto_id="assign_%s")
    if form.is_valid():
        user = _named(people, form.cleaned_data["user"])
        try:
            case_files.assign(case, user, **form.given, by=request.user, now=timezone.now())
            messages.success(request, _("Ditugaskan; ia diberi tahu."))
            return redirect("case-team", common.key_of(case))
        except DomainError as error:
            common.refuse(form, error, on="user")
    return _page(request, case, assigning=form)


def _withdraw(request: HttpRequest, case: Case, value: str) -> HttpResponse:
    officer = get_object_or_404(case.officers.select_related("user"), pk=common.number_in(value))
    try:
        case_files.withdraw(officer, by=request.user, now=timezone.now())
        messages.success(request, _("Penugasan diakhiri."))
        return redirect("case-team", common.key_of(case))
    except DomainError as error:
        return _page(request, case, says=sentence(error))


def _conflict(request: HttpRequest, case: Case, _value: str) -> HttpResponse:
    form = _conflict_form(request, case, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        above = _heads(request, case).get(said["user"])
        who: dict[str, Any] = (
            {"person": above[0]} if above else {"user": _named(_readers(request, case), int(said["user"]))}
        )
        try:
            made = case_files.state_conflict(case, why=said["why"], **who, by=request.user, now=timezone.now())
            messages.success(request, _("Dicatat: ia tidak ambil bagian, dan perkara ini tidak terbuka lagi baginya."))
            is_own = made.user == request.user or (made.person_id and made.person_id == request.user.person_id)
            return redirect("cases") if is_own else redirect("case-team", common.key_of(case))
        except DomainError as error:
            common.refuse(form, error, on="user")
    return _page(request, case, stating=form)


def _lift(request: HttpRequest, case: Case, value: str) -> HttpResponse:
    row = get_object_or_404(CaseConflict, case=case, pk=common.number_in(value))
    form = StrikeForm(request.POST, auto_id=f"lift-{value}_%s")
    if form.is_valid():
        try:
            case_files.lift_conflict(row, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            messages.success(request, _("Konflik kepentingan dicabut."))
            return redirect("case-team", common.key_of(case))
        except DomainError as error:
            common.refuse(form, error, on="reason")
    return _page(request, case, lifting=(value, form))


def _superiors(request: HttpRequest, case: Case, workers: list[User]) -> list[tuple[str, Placement, bool]]:
    """Return for respondents of this reader's agencies who examines each by his post, and whether he can be assigned here."""
    now, today = timezone.now(), case_steps.today_of(case)
    rows = case.respondents.filter(
        outcome=CaseRespondent.Outcome.OPEN, pk__in=list(case_steps.reach(request.user, case, now=now).of)
    )
    people, found = {each.person_id for each in workers}, []
    for each in rows.select_related("person", "unit", "agency__region").order_by("pk")[:_MOST_SUPERIORS]:
        each.case = case
        placed = case_authority.examining(each, case_queue.heaviest_level(each), today).placement
        if placed is not None:
            found.append((told.name_of(each), placed, placed.person_id in people))
    return found


_MOST_SUPERIORS = 20


_ACTS = {"assign": _assign, "withdraw": _withdraw, "conflict": _conflict, "lift": _lift}


def _page(
    request: HttpRequest, case: Case, *, assigning: forms.Form | None = None, stating: forms.Form | None = None,
    lifting: tuple[str, forms.Form] | None = None, says: str = "",
) -> HttpResponse:  # fmt: skip
    wrong = [form for form in (assigning, stating, lifting and lifting[1]) if form is not None and form.errors]
    officers = case.officers.select_related("user__person", "given_by__person").order_by("until_at", "from_at", "pk")
    shown = list(officers[:200])
    conflicts: list[tuple[str, CaseConflict, str, Any]] = []
    rows = case.conflicts.select_related("user__person", "person", "by__person", "lifted_by__person").order_by("-at")
    stated = list(rows)
    may_lift = set(_sayable(request, case, [each.user or each.person for each in stated]))
    for each in stated:
        key, form = f"{each.pk:016x}", None
        if (each.user or each.person) in may_lift:
            form = lifting[1] if lifting and lifting[0] == key else StrikeForm(auto_id=f"lift-{key}_%s")
        conflicts.append((key, each, each.user.display_name if each.user else each.person.full_name, form))
    workers = _workers(request, case)
    context = {
        "case": case, "key": common.key_of(case), "can": file.permissions(request, case), "zone": case_steps.zone_of(case),
        "officers": [(f"{each.pk:016x}", each) for each in shown], "conflicts": conflicts,
        "may_end": case_files.ended_by(case, [each for each in shown if not each.until_at], request.user, now=timezone.now()),
        "assigning": assigning or AssignForm(people=workers, auto_id="assign_%s"),
        "may_give": case_files.may_give(case, request.user, now=timezone.now()), "superiors": _superiors(request, case, workers),
        "stating": stating or _conflict_form(request, case), "says": says,
    }  # fmt: skip
    return render(request, "cases/team.html", context, status=422 if wrong or says else 200)
