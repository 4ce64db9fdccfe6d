"""The clocks of a case: whose, how old, when they end, how that was counted; made longer, let rest, and run on, with reasons."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused, DomainError
from ikrar.records.models import Case, CaseClock, CaseRespondent
from ikrar.services import case_clocks, case_rules, case_steps, case_targets, rules
from ikrar.services.case_clocks import Hands
from ikrar.web import messages as words
from ikrar.web import reasons, rule_words
from ikrar.web.access import may, scope
from ikrar.web.forms.case_referrals import ExtendForm, PauseForm, ResumeForm
from ikrar.web.views.cases.common import clock_word, key_of, owed_by, rest_word, shown_case

_FORMS = {"extend": ExtendForm, "pause": PauseForm, "resume": ResumeForm}
A_PAGE = 25


@dataclass(frozen=True)
class Shown:
    """A clock as its page tells it."""

    clock: CaseClock
    key: str
    owner: str  # on whom it is, in words
    what: str
    age: str
    left: str
    warn_on: date
    reached: str
    counted: Sequence[date]
    skipped: Sequence[tuple[date, str]]
    others: Sequence[date | None]
    cites: Sequence[tuple[str, str]]
    pauses: Sequence[tuple[date, date | None, str]]
    extensions: Sequence[tuple[str, str, str]]
    rests: bool
    rested: str
    by_itself: date
    bound: bool
    window: str
    forms: Mapping[str, forms.Form]

    @property
    def has_errors(self) -> bool:
        """Say whether one of its forms is to be mended."""
        return any(form.errors for form in self.forms.values())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.view")
def clocks(request: HttpRequest, key: str) -> HttpResponse:
    """Show every clock of a case; extend, pause or resume one where that is up to this reader."""
    case = shown_case(request, key, "case.view")
    hands = _hands(request, case)
    wrong: tuple[str, str, forms.Form] | None = None
    if request.method == "POST":
        if not hands.roles:
            messages.error(request, reasons.refusal(CaseActRefused("not_yours")))
            return redirect("case-clocks", key)
        done = _change(request, case, hands)
        if isinstance(done, HttpResponse):
            return done
        wrong = done
    reach = case_steps.reach(request.user, case, now=timezone.now())
    people, here = reach.shown(case.respondents.all()), case_clocks.minute_at(case_steps.zone_of(case))
    today = here.date()
    page = _page(request, case, people, wrong[1] if wrong else "")
    there = case_steps.roles_at(case.handler or case.body, now=timezone.now())
    shown = [_shown(case, each, there, here, hands, wrong) for each in page]
    context = {
        "case": case, "key": key_of(case), "tab": "case-clocks", "today": today, "page_of": page,
        "running": [each for each in shown if each.clock.stopped_on is None],
        "stopped": [each for each in shown if each.clock.stopped_on is not None],
        "targets": _targets(case), "many": people.count() > 1,
    }  # fmt: skip
    return render(request, "cases/clocks.html", context, status=422 if wrong else 200)


def _page(request: HttpRequest, case: Case, people: QuerySet[CaseRespondent], mended: str) -> Page[CaseClock]:
    """Return a page of clocks, those that run first; `mended`: the key of one that must be on it, for its form is wrong."""
    rows = case.clocks.filter(respondent__in=people).order_by(F("stopped_on").asc(nulls_first=True), "due_on", "pk")
    number: int | str | None = request.GET.get("hal")
    if mended:
        number = list(rows.values_list("pk", flat=True)).index(int(mended, 16)) // A_PAGE + 1
    return Paginator(rows.select_related("respondent__person", "started_by", "stopped_by"), A_PAGE).get_page(number)


def _hands(request: HttpRequest, case: Case) -> Hands:
    if case.closed_on is not None or not scope(request, "case.clock"):
        return Hands(frozenset())
    return case_clocks.hands(request.user, case, now=timezone.now())


# --- changing one ------------------------------------------------------------------------------------------------


def _change(request: HttpRequest, case: Case, hands: Hands) -> Any:
    """Do what a form asks of a clock; return the form where it is to be mended."""
    act, named = request.POST.get("act", ""), request.POST.get("clock", "")
    running = case.clocks.filter(stopped_on=None).select_related("respondent")
    clock = next((each for each in running if f"{each.pk:016x}" == named), None)
    if clock is None or act not in _FORMS or not hands.over(clock):
        binds = clock is not None and act in _FORMS
        messages.error(request, reasons.refusal(CaseActRefused("own_clock" if binds else "clock")))
        if written := request.POST.get("reason", "").strip()[:500]:
            messages.info(request, _("Yang Anda tulis: %(text)s") % {"text": written})
        return redirect("case-clocks", key_of(case))
    form = _form(act, clock, request.POST)
    if form.is_valid():
        try:
            changed = _do(request, act, clock, form.cleaned_data)
        except DomainError as error:
            form.add_error(_field_of(error, form), reasons.refusal(error))
        else:
            says = _("Tercatat. Jatuh temponya sekarang %(day)s.") % {"day": words.day(changed.due_on)}
            messages.success(request, _("Tercatat. Tenggat ini berhenti berjalan.") if _rests(changed) else says)
            return redirect("case-clocks", key_of(case))
    return act, named, form


def _do(request: HttpRequest, act: str, clock: CaseClock, said: Mapping[str, Any]) -> CaseClock:
    now, by = timezone.now(), request.user
    try:
        was = date.fromisoformat(request.POST.get("was", ""))
    except ValueError:
        raise CaseActRefused("changed") from None
    if act == "extend":
        basis = said.get("basis", "")
        return case_clocks.extend(
            clock, length=said["length"], reason=said["reason"], basis=basis, was=was, by=by, now=now
        )
    if act == "pause":
        days = {"from_on": said["from_on"], "until_on": said["until_on"]}
        return case_clocks.pause(clock, **days, reason=said["reason"], was=was, by=by, now=now)
    return case_clocks.resume(clock, on=said["on"], was=was, by=by, now=now)


def _field_of(error: DomainError, form: forms.Form) -> str | None:
    field = {"dates_in_wrong_order": "until_on", "value_unknown": "length"}.get(error.code)
    if isinstance(error, CaseActRefused):
        field = {"text": error.about, "too_long": "length"}.get(error.reason, field)
    if field == "until_on" and "until_on" not in form.fields:
        field = "on"
    return field if field in form.fields else None


def _form(act: str, clock: CaseClock, posted: Any = None) -> forms.Form:
    made: dict[str, Any] = {"auto_id": f"{act}-{clock.pk:016x}-%s"}
    if act == "extend":
        target = clock.computation.get("target")
        return ExtendForm(posted, unit=reasons.word("unit", case_clocks.unit_of(clock)), target=target, **made)
    today = case_steps.today_of(clock.case)
    return _FORMS[act](posted, initial={"from_on": today, "on": today}, **made)


# --- showing one -------------------------------------------------------------------------------------------------


def _rests(clock: CaseClock) -> bool:
    return case_clocks.rests_since(clock) is not None


def _rested(clock: CaseClock, today: date) -> str:
    """Say how long a clock that rests has rested; empty: it runs, or rests from a later day on."""
    since = case_clocks.rests_since(clock)
    return _days((today - since).days) if since is not None and since <= today else ""


def _shown(
    case: Case,
    clock: CaseClock,
    there: Collection[Role],
    here: datetime,
    hands: Hands,
    wrong: tuple[str, str, forms.Form] | None,
) -> Shown:
    clock.case, today = case, here.date()
    owner = clock.owner if clock.stopped_on else case_steps.in_place_of(clock.owner, there)
    procedure = case_rules.procedure(case.procedure)
    said, key, rests = clock.computation, f"{clock.pk:016x}", _rests(clock)
    changes = bool(hands.over(clock)) and clock.stopped_on is None
    acts = () if not changes else ("resume",) if rests else ("extend", "pause")
    made = {act: wrong[2] if wrong and wrong[:2] == (act, key) else _form(act, clock) for act in acts}
    sources = rules.book().sources
    return Shown(
        clock, key, owed_by(clock, owner), clock_word(procedure, clock.term), _days((today - clock.start_on).days),
        _left(clock, here), clock.warn_on, said.get("meaning", ""),
        [date.fromisoformat(day[:10]) for day in said.get("counted", [])],
        [(date.fromisoformat(day), _why(why, name)) for day, why, name in said.get("skipped", [])],
        [date.fromisoformat(day[:10]) if day else None for _code, day in said.get("readings", [])[1:]],
        [(source, f"{sources[source].short} {reasons.cited(at)}".strip()) for source, at in said.get("cites", [])
         if source in sources],
        [(_day(each["from"]), _day(each["until"]) if each["until"] else None, rest_word(procedure, each["reason"]))
         for each in clock.pauses],
        [(f"{each['length']} {reasons.word('unit', clock.count)}", each["reason"], each.get("basis", ""))
          for each in clock.extensions],
        rests, _rested(clock, today), case_clocks.by_itself(clock), bool(hands.roles) and not changes, _window(clock, today), made,
    )  # fmt: skip


def _window(clock: CaseClock, today: date) -> str:
    """Say of a window for a letter how it stands: open, used (a letter stopped it) or over; empty: the clock is none."""
    if not case_clocks.is_window(clock.term):
        return ""
    letters = (*case_rules.OBJECTS, *case_rules.APPEALS)
    if clock.stopped_by is not None and clock.stopped_by.step in letters:
        return "used"
    return "over" if (clock.stopped_on or today) > clock.due_on else "open"


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _why(why: str, name: str) -> str:
    word = reasons.word("skip", why)
    return f"{word}: {name}" if name else word


def _days(count: int) -> str:
    return ngettext("%(n)s hari", "%(n)s hari", count) % {"n": count}


def _left(clock: CaseClock, here: datetime) -> str:
    """Say what is left of a clock until its last day, or how long it is past."""
    if clock.stopped_on is not None or _rests(clock):
        return ""
    left = case_clocks.left(clock, here)
    if left.amount is None and case_clocks.is_window(clock.term):
        return _("masa berakhir")
    return rule_words.left(left)


def _targets(case: Case) -> list[tuple[str, int, int, int]]:
    """Return the operator's targets of a case: what, days, the day of the warning, the day of the second level."""
    rows = case_targets.of(case_rules.procedure(case.procedure)).values()
    return [(reasons.label(each.label), each.days, each.warn_days, each.long_days) for each in rows]
