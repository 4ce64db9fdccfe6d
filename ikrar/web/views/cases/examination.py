"""The examination of a respondent: who examines, summons, no-shows, hearing, team, reply, and the proposal within the band."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ikrar.domain import authority
from ikrar.domain.access import Role
from ikrar.domain.errors import DomainError
from ikrar.records.models import Case, CaseRespondent
from ikrar.services import (
    case_authority,
    case_clocks,
    case_desk,
    case_files,
    case_queue,
    case_referrals,
    case_rules,
    case_steps,
    cases,
    rules,
)
from ikrar.web import messages as words
from ikrar.web import reasons
from ikrar.web.access import may
from ikrar.web.forms.case_decisions import ProposeForm, ReplyForm
from ikrar.web.views.cases import acts, common
from ikrar.web.views.cases.acts import Matter, Offer
from ikrar.web.views.cases.common import number_in, shown_case
from ikrar.web.views.cases.told import referred

STEPS = (
    "summon", "miss-first", "miss-first-uncounted", "summon-again", "miss-second", "miss-second-uncounted", "hear", "form-team",
    "form-council",
)  # fmt: skip
_REPLY = "reply"
_OF_HEADS = frozenset({Role.UNIT_HEAD, Role.CIVIL_SERVANT, Role.OFFICE_HOLDER})
_TEAM_PAGE = "case-team"  # of another part, which may not be there


def followed(request: HttpRequest, key: str) -> tuple[Case, list[CaseRespondent]]:
    """Return a case and the respondents of it whom somebody follows.

    A head those whom he leads or decides on, an agency those of its people who were recommended to it, a body all.
    """
    case = shown_case(request, key, "case.follow")
    related = ("person", "unit", "agency__region", "office")
    now = timezone.now()
    reach = case_steps.reach(request.user, case, now=now)
    shown = reach.shown(case.respondents.exclude(outcome=CaseRespondent.Outcome.ENTERED_WRONGLY))
    rows = []
    for each in shown.select_related(*related).order_by("pk"):
        each.case = case
        if reach.reads(each.pk) - _OF_HEADS or case_desk.is_of_head(request.user, each, now=now):
            rows.append(each)
    if not rows:
        raise Http404
    return case, rows


def chosen(rows: list[CaseRespondent], key: str) -> CaseRespondent:
    """Return the respondent whom an address names; the first who is still examined where it names none. Raises Http404."""
    if not key:
        return next((each for each in rows if each.outcome == CaseRespondent.Outcome.OPEN), rows[0])
    number = number_in(key)
    found = next((each for each in rows if each.pk == number), None)
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.follow")
def examination(request: HttpRequest, key: str) -> HttpResponse:
    """Show the examination of a respondent with what comes next, and take it."""
    case, rows = followed(request, key)
    respondent = chosen(rows, request.GET.get("terlapor", ""))
    matter = Matter(request, case, respondent)
    here = f"{reverse('case-examination', args=[matter.key])}?terlapor={matter.respondent_key}"
    sent = request.POST.get("act", "")
    offers = _offers(matter, sent)
    taken = next((each for each in offers if each.act == sent), None)
    if request.method == "POST" and taken is None:
        return redirect(here)
    if taken is not None and acts.take(taken, matter):
        messages.success(request, taken.done)
        return redirect("decision-desk") if sent == acts.RECUSE else redirect(here)
    status = 422 if taken else 200
    if matter.elsewhere:
        context = elsewhere(
            matter, rows, lambda row: f"{reverse('case-examination', args=[matter.key])}?terlapor={row}"
        )
        return render(request, "cases/elsewhere.html", context | {"offers": offers, "taken": taken}, status=status)
    context = _context(matter, rows, offers) | {"taken": taken}
    return render(request, "cases/examination.html", context, status=status)


def elsewhere(matter: Matter, rows: Sequence[CaseRespondent], page: Callable[[str], str]) -> dict[str, Any]:
    """Return what a page tells of a respondent whom nobody here examines, nor decides on. `page`: its address, by his key."""
    now, user = timezone.now(), matter.request.user
    sent = referred(matter.case, case_steps.reach(user, matter.case, now=now))
    return {
        "matter": matter, "key": matter.key, "case": matter.case,
        "others": [(page(row), name, row == matter.respondent_key) for row, name in _rows(rows)],
        "sent": next((each for each in sent if each["step"].respondent_id == matter.respondent.pk), None),
        "replies": case_referrals.replies_for(matter.respondent, user, now=now),
    }  # fmt: skip


def _offers(matter: Matter, sent: str) -> list[Offer]:
    """Return what is open to somebody, and what he sent all the same."""
    opened = acts.opened_steps(matter, (*STEPS, *case_rules.PROPOSES))
    if Role.EXAMINER in matter.roles and not _is_assigned(matter):
        others = matter.roles - {Role.EXAMINER}
        opened = [each for each in opened if Role.EXAMINER not in each.who or others & set(each.who)]
    offers = [_step(matter, each.id, sent) for each in opened]
    is_open = matter.respondent.outcome == CaseRespondent.Outcome.OPEN
    if sent == _REPLY or (is_open and case_steps.examines(matter.request.user, matter.respondent, now=timezone.now())):
        offers.append(_reply(matter, sent))
    there = {each.act for each in offers}
    if sent not in there and sent in matter.procedure.steps and sent in (*STEPS, *case_rules.PROPOSES):
        offers.append(_step(matter, sent, sent))
    return [*offers, *acts.recuse_offers(matter, sent)]


def _is_assigned(matter: Matter) -> bool:
    working = case_steps.examiners(matter.respondent, now=timezone.now())
    return any(each.user_id == matter.request.user.pk for each in working)


def _lacks_duty(matter: Matter) -> bool:
    """Say whether somebody could examine the respondent, were it given to him."""
    return bool(matter.roles & case_steps.roles_of_examiners(matter.respondent)) and not _is_assigned(matter)


def _bound(matter: Matter, act: str, sent: str) -> tuple[Any, Any]:
    return (matter.request.POST, matter.request.FILES) if act == sent else (None, None)


def _step(matter: Matter, id: str, sent: str) -> Offer:
    step = matter.procedure.steps[id]
    data, uploads = _bound(matter, id, sent)
    if id not in case_rules.PROPOSES:
        note = acts.lacking_says([case_rules.NO_SHOW_COUNTS]) if case_rules.NO_SHOW_UNCOUNTED in step.requires else ""
        return acts.step_offer(matter, step, data, uploads, note=note)
    report = ""
    if id == "council-propose":
        report = _("Rekomendasi Majelis Kode Etik")
    elif case_queue.is_heavy(matter.respondent):
        report = _("Laporan tim pemeriksa")
    form = ProposeForm(data, uploads, prefix=id, band=matter.band, report=report, today=matter.today)
    was = matter.request.POST.get("was", matter.respondent.state)

    def do(form: Any, document: Any) -> object:
        told = form.cleaned_data
        if told["sanction"]:
            case_rules.check_band(matter.alleged, told["sanction"], matter.respondent.employment)
        facts = {"sanction": told["sanction"], "proposal": told["proposal"]}
        if report:
            facts["council-report" if id == "council-propose" else "team-report"] = told["report"]
        return cases.take_step(
            matter.case, id, was=was, facts=facts, on=told["on"], respondents=[matter.respondent], document=document,
            by=matter.request.user, now=timezone.now(),
        )  # fmt: skip

    note = _("Pasal yang dilanggar menetapkan rentangnya. Yang di luar rentang ditolak; yang memutus bukan Anda.")
    return Offer(id, reasons.label(step.label), reasons.label(step.label), form, do, _("Usul tercatat."), note)


def _reply(matter: Matter, sent: str) -> Offer:
    data, uploads = _bound(matter, _REPLY, sent)

    def do(form: Any, document: Any) -> object:
        return case_files.record_reply(
            matter.respondent, on=form.cleaned_data["on"], text=form.cleaned_data["text"], file=document,
            by=matter.request.user, now=timezone.now(),
        )  # fmt: skip

    return Offer(
        _REPLY, _("Catat jawaban terlapor"), _("Catat jawaban"), ReplyForm(data, uploads, prefix=_REPLY, today=matter.today), do,
        _("Jawaban terlapor tercatat."), _("Kata-kata terlapor sendiri, atau berkas yang ia serahkan."), quiet=True,
    )  # fmt: skip


def _context(matter: Matter, rows: list[CaseRespondent], offers: list[Offer]) -> dict[str, Any]:
    officers = case_steps.officers(matter.case)
    is_heavy = case_queue.is_heavy(matter.respondent)
    team = case_steps.team(matter.respondent, now=timezone.now()) if is_heavy else []
    examining = case_authority.examining(matter.respondent, matter.level, matter.today)
    return {
        "matter": matter, "key": matter.key, "case": matter.case, "rows": _rows(rows), "offers": offers,
        "examining": examining, "examiner_words": _words(examining.answer.examiner if examining.answer else None),
        "council_words": _council_words(examining), "officers": officers,
        "is_heavy": is_heavy, "team": team, "assigning": case_authority.assigning(matter.respondent, acts.instant(matter.case)),
        "lacking": case_steps.lacking_elements(matter.respondent, now=timezone.now()) if is_heavy else (),
        "lacks_duty": _lacks_duty(matter), "apart": case_files.apart(matter.respondent, now=timezone.now()),
        "allegations": allegations(matter), "band": [matter.sanction(each) for each in matter.band],
        "past": past(matter, (*STEPS, *case_rules.PROPOSES)),
        "replies": case_referrals.replies_for(matter.respondent, matter.request.user, now=timezone.now()),
        "clocks": clocks(matter),
        "team_page": _team_page(matter.key),
    }  # fmt: skip


def _team_page(key: str) -> str:
    """Return where it is arranged who works on a case; empty where this installation has no such page."""
    try:
        return reverse(_TEAM_PAGE, args=[key])
    except NoReverseMatch:
        return ""


def _council_words(examining: case_authority.Examining) -> str:
    """Say who forms the ethics council, as far as the rulebook tells it."""
    council = examining.answer.council if examining.answer else None
    return _words(council.formed_by if council else None)


def _words(role: authority.Role | None) -> str:
    if role is None:
        return ""
    try:
        return reasons.sentence(rules.book(), role.reason)
    except (KeyError, DomainError):
        return ""


def _rows(rows: Sequence[CaseRespondent]) -> list[tuple[str, str]]:
    return [(case_steps.number_of(each), each.person.full_name if each.person else each.described) for each in rows]


def allegations(matter: Matter) -> list[tuple[str, Any]]:
    """Return what is alleged, each with the name of the act."""
    found = matter.respondent.allegations.filter(struck_at=None).order_by("on", "pk")
    return [(acts.named(rules.book().acts, each.act), each) for each in found]


def past(matter: Matter, wanted: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the steps among some that were taken with a respondent, in their order, each with what it says."""
    found = (
        matter.respondent.steps.filter(step__in=wanted)
        .select_related("document", "by__person")
        .order_by(*case_steps.TAKEN)
    )
    lines = []
    for each in found:
        row = matter.procedure.steps.get(each.step)
        told = [
            (reasons.label(matter.procedure.facts[name]), common.outcome_word(name, value) or _told(value))
            for name, value in each.facts.items()
            if name in matter.procedure.facts and isinstance(value, str)
        ]
        if "settled_on" in each.facts:
            told.append((_("Tanggal putusan"), _told(each.facts["settled_on"])))
        sanction = each.facts.get("sanction") if each.step in case_rules.RECOMMENDS else None
        lines.append(
            {
                "step": each, "key": f"{each.pk:016x}", "label": reasons.label(row.label) if row else each.step, "told": told,
                "sanction": matter.sanction(sanction) if sanction is not None else "",
            }
        )  # fmt: skip
    return lines


def _told(value: str) -> str:
    found = case_rules.as_facts({"told": value})["told"]
    return words.day(found) if isinstance(found, date) else value


def clocks(matter: Matter) -> list[dict[str, Any]]:
    """Return the clocks that run for a respondent, what ends first at the front, each with what it is and the days left."""
    lines, zone = [], case_steps.zone_of(matter.case)
    here = case_clocks.minute_at(zone)
    for each in matter.respondent.clocks.filter(stopped_on=None).order_by("due_on", "pk"):
        shelf = matter.procedure.targets if each.kind == "target" else rules.book().terms
        lines.append(
            {
                "clock": each, "label": acts.named(shelf, each.term), "left": case_clocks.left(each, here),
                "due": case_clocks.due_of(each, zone), "late": each.stage >= case_clocks.OVERDUE,
                "is_window": case_clocks.is_window(each.term), "is_resting": any(row["until"] is None for row in each.pauses),
            }
        )  # fmt: skip
    return lines
