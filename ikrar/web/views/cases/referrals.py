"""Referrals of a case between bodies, each side's acts on one page; what was recommended beside what was carried out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ikrar.domain.errors import CaseActRefused, DomainError
from ikrar.domain.sources import Label
from ikrar.records.models import Body, Case, CaseReferral, CaseRespondent
from ikrar.services import case_authority, case_referrals, case_rules, case_steps, outside_bodies, rules
from ikrar.web import reasons
from ikrar.web.access import may, scope
from ikrar.web.forms.case_referrals import AnswerForm, SendForm
from ikrar.web.messages import day
from ikrar.web.views.cases import acts, file, told
from ikrar.web.views.cases.common import key_of, number_in, shown_case

State = CaseReferral.State
_MOST = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.view")
def referrals(request: HttpRequest, key: str) -> HttpResponse:
    """Show where a case was sent and what was answered; send it, accept it, refuse it, return it.

    A body to which it was sent sees the letter and what goes along; the case itself is open to it once it accepted.
    """
    try:
        return _of_case(request, shown_case(request, key, "case.view"))
    except Http404:
        rows = Case.objects.select_related("agency__region", "body__agency", "body__region", "handler")
        case = rows.filter(pk=number_in(key)).first()
        offered = case_referrals.offered(case, request.user, now=timezone.now()) if case else []
        offered = [each for each in offered if each.to_body_id in scope(request, "case.accept").bodies]
        if case is None or not offered:
            raise
    return _of_offer(request, case, offered)


# --- whoever has the case ----------------------------------------------------------------------------------------


def _of_case(request: HttpRequest, case: Case) -> HttpResponse:
    now = timezone.now()
    sends: forms.Form | None = _send_form(request, case)
    returns: forms.Form | None = _return_form(request, case)
    answers: forms.Form | None = _answer_form(request, case)
    status = 200
    if request.method == "POST":
        act = request.POST.get("act")
        form = {"send": sends, "return": returns, "accept": answers, "refuse": answers}.get(act or "")
        if form is None:
            form = _overtaken(request, case, act or "")
            if form is None:
                messages.error(request, reasons.refusal(CaseActRefused("changed")))
                return redirect("case-referrals", key_of(case))
            sends, returns = (form if act == "send" else sends), (form if act == "return" else returns)
            answers = form if act == "refuse" else answers
        else:
            done = _done(request, case, act or "", form)
            if done is not None:
                return done
        status = 422
    reach = case_steps.reach(request.user, case, now=now)
    context = {
        "case": case, "key": key_of(case), "tab": "case-referrals",
        "referrals": [_sides(each) for each in _all(case)],
        "beside": [
            (each, _sanctions(each), _decided_in(each), told.became(each))
            for each in case_referrals.beside(case) if reach.reads(each.respondent.pk)
        ],
        "referred": told.referred(case, reach), "is_decided_here": case_rules.is_decided_here(case.procedure),
        "kept_back": case_referrals.withheld(case, request.user, now=now), "send_form": sends, "return_form": returns,
        "answer_form": answers, "referral_key": _last_key(request, case), "can": file.permissions(request, case),
        "off_track": told.off_track(case, list(reach.shown(case.respondents.select_related("person")).order_by("pk")[:_MOST])),
    }  # fmt: skip
    return render(request, "cases/referrals.html", context, status=status)


def _sides(referral: CaseReferral) -> tuple[CaseReferral, Body, Body, int]:
    """Return a referral with who sent it, to whom, and how much evidence goes with it."""
    return referral, referral.from_body, referral.to_body, case_referrals.parts_of(referral).count()


def _all(case: Case) -> Any:
    rows = case.referrals.select_related("from_body", "to_body", "sent_by__person", "answered_by__person")
    return rows.order_by("-sent_at", "-pk")


def _may(request: HttpRequest, case: Case, permission: str) -> bool:
    try:
        case_steps.require(request.user, case, permission, now=timezone.now())
    except CaseActRefused:
        return False
    return bool(scope(request, permission))


def _standing_in(case: Case, step: str, request: HttpRequest) -> str:
    """Return the state in which a step of a referral begins and respondents stand; empty where there is none for this reader."""
    found = case_rules.procedure(case.procedure).steps.get(step)
    if found is None or not set(found.who) & case_steps.reach(request.user, case, now=timezone.now()).acting:
        return ""
    now, at_body = timezone.now(), [case.handler_id or case.body_id]
    if case_rules.INTAKE_ONLY in found.requires and not case_steps.intake_only(at_body, now=now):
        return ""
    rows = case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN, state__in=found.from_states)
    states = dict(rows.order_by("-state_on", "-pk").values_list("pk", "state"))
    # Who came back from an authority outside goes along by himself alone: the others are asked for first.
    back = case_referrals.came_back(case)
    others = [state for pk, state in states.items() if pk not in back]
    return next(reversed(others or list(states.values())), "")


def _send_form(request: HttpRequest, case: Case) -> SendForm | None:
    waits = case.referrals.filter(state=State.SENT).exists()
    if waits or not _may(request, case, "case.refer"):
        return None
    for step in case_rules.SENDS:
        if was := _standing_in(case, step, request):
            return _letter(request, case, step, initial={"was": was, "words": _proposal(case)})
    return None


def _letter(request: HttpRequest, case: Case, step: str, **more: Any) -> SendForm:
    bodies = [(str(each.pk), _body_name(each, case)) for each in case_referrals.bodies(case, step)]
    evidence = list(case_referrals.evidence_for(case, request.user, now=timezone.now()).order_by("at", "pk"))
    posted = request.POST if request.POST.get("act") == "send" else None
    return SendForm(posted, bodies=bodies, evidence=evidence, **more)


def _overtaken(request: HttpRequest, case: Case, act: str) -> forms.Form | None:
    """Return what was written for an act that somebody else made impossible meanwhile, refused; None where nothing was written."""
    form: forms.Form
    if act == "send" and _may(request, case, "case.refer"):
        roles = case_steps.reach(request.user, case, now=timezone.now()).acting
        form = _letter(
            request, case, case_rules.sending(case.procedure, request.POST.get("was", ""), roles) or case_rules.FORWARD
        )
    elif act in ("refuse", "return"):
        ids = "answer-%s" if act == "refuse" else "return-%s"
        form = AnswerForm(request.POST, returns=act == "return", auto_id=ids)
    else:
        return None
    form.add_error(None, reasons.refusal(CaseActRefused("changed")))
    return form


def _body_name(body: Body, case: Case) -> str:
    if outside_bodies.exists_on(body, case_steps.today_of(case)):
        return body.name
    return _("%(name)s (tidak ada lagi)") % {"name": body.name}


def _proposal(case: Case) -> str:
    """Write act and clause of what is alleged, for the letter: whoever sends it goes on from there."""
    lines = []
    for act, on, cites in _acts(case):
        said = {"act": act, "on": on, "cites": "; ".join(cites)}
        lines.append(_("%(act)s, %(on)s (%(cites)s)") % said if cites else _("%(act)s, %(on)s") % said)
    return "\n".join(dict.fromkeys(lines))


def _acts(case: Case) -> list[tuple[str, str, list[str]]]:
    """Return what is alleged: the act, its day, the clauses by which the rulebook judged it."""
    found = []
    known, sources = rules.book().acts, rules.book().sources
    rows = (
        each
        for respondent in case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN).order_by("pk")
        for each in respondent.allegations.filter(struck_at=None).order_by("on", "pk")
    )
    for row in rows:
        act = known.get(row.act)
        cites = [
            f"{sources[source].short} {reasons.cited(at or '')}".strip() for source, at, _for in row.verdict["cites"]
        ]
        found.append((reasons.label(act.label) if act else row.act, day(row.on), list(dict.fromkeys(cites))[:4]))
    return found


def _return_form(request: HttpRequest, case: Case) -> AnswerForm | None:
    here = case.handler_id if case.handler_id in scope(request, "case.accept").bodies else None
    rows = case.referrals.filter(state=State.ACCEPTED, to_body=here) if here else case.referrals.none()
    was = _standing_in(case, case_rules.GIVE_BACK, request) if _may(request, case, "case.accept") else ""
    if not was or not rows.exists():
        return None
    posted = request.POST if request.POST.get("act") == "return" else None
    return AnswerForm(posted, returns=True, initial={"was": was}, auto_id="return-%s")


def _answer_form(request: HttpRequest, case: Case) -> AnswerForm | None:
    """Return the form by which a waiting referral is answered, where that is up to this reader."""
    to = scope(request, "case.accept").bodies
    rows = case.referrals.filter(state=State.SENT, to_body__in=to)
    if not rows.exists() or not _may_answer(request, case):
        return None
    standing = case.respondents.filter(
        outcome=CaseRespondent.Outcome.OPEN, state__in=case_rules.answered_in(case.procedure)
    )
    was = standing.order_by("pk").values_list("state", flat=True).first() or ""
    posted = request.POST if request.POST.get("act") == "refuse" else None
    return AnswerForm(posted, initial={"was": was}, auto_id="answer-%s")


def _may_answer(request: HttpRequest, case: Case) -> bool:
    return not case_steps.conflict(request.user, case)


def _done(request: HttpRequest, case: Case, act: str, form: forms.Form) -> HttpResponse | None:
    """Do one act; None where the form is to be shown again."""
    if act != "accept" and not form.is_valid():
        return None
    try:
        says = _act(request, case, act, form)
    except DomainError as error:
        _refuse(request, case, form, act, error)
        return None
    messages.success(request, says)
    return redirect("case-referrals", key_of(case))


def _act(request: HttpRequest, case: Case, act: str, form: Any) -> str:
    now, by = timezone.now(), request.user
    if act == "send":
        said = form.cleaned_data
        chosen = said.get("parts")
        seen = case_referrals.evidence_for(case, by, now=now)
        parts = None if chosen is None else list(seen.filter(pk__in=[int(each, 16) for each in chosen]))
        body = Body.objects.get(pk=said["to"])
        case_referrals.send(
            case, body, number=said["number"], words=said["words"], was=said["was"], parts=parts, by=by, now=now
        )
        return _("Perkara dikirim kepada %(body)s. Sampai dijawab, perkaranya tetap pada badan Anda.") % {
            "body": body.name
        }
    if act == "return":
        referral = case.referrals.filter(state=State.ACCEPTED, to_body=case.handler_id).latest("sent_at")
        case_referrals.give_back(
            referral, reason=form.cleaned_data["reason"], was=form.cleaned_data["was"], by=by, now=now
        )
        return _("Perkara dikembalikan kepada %(body)s dengan alasan itu.") % {"body": referral.from_body.name}
    referral = _waiting(request, case)
    if act == "accept":
        case_referrals.accept(referral, was=request.POST.get("was", ""), by=by, now=now)
        return _("Pelimpahan diterima. Sejak sekarang perkaranya ditangani badan Anda.")
    case_referrals.refuse(referral, reason=form.cleaned_data["reason"], was=form.cleaned_data["was"], by=by, now=now)
    return _("Pelimpahan ditolak. %(body)s membaca alasannya.") % {"body": referral.from_body.name}


def _waiting(request: HttpRequest, case: Case) -> CaseReferral:
    """Return the referral that is answered by this page: named by it, so that a second click meets what the first one did."""
    rows = case.referrals.filter(to_body__in=scope(request, "case.accept").bodies)
    found = rows.order_by("-sent_at").first()
    if found is None or request.POST.get("referral") != f"{found.pk:016x}":
        raise CaseActRefused("changed")
    return found


def _last_key(request: HttpRequest, case: Case) -> str:
    """Return the key of the last referral to a body of this reader, by which its answer names it."""
    rows = case.referrals.filter(to_body__in=scope(request, "case.accept").bodies).order_by("-sent_at")
    key = rows.values_list("pk", flat=True).first()
    return f"{key:016x}" if key is not None else ""


def _refuse(request: HttpRequest, case: Case, form: Any, act: str, error: DomainError) -> None:
    field = None
    says = acts.says(error, case_rules.procedure(case.procedure))
    if isinstance(error, CaseActRefused):
        about = error.about if error.about in form.fields else ""
        field = {"body_gone": "to", "nobody": "to", "sent": "to", "evidence": "parts", "text": about}.get(error.reason)
        if error.reason == "body_gone":
            says = _gone(Body.objects.get(pk=form.cleaned_data["to"]), case)
    if act == "accept":
        messages.error(request, says)
        return
    form.add_error(field if field in form.fields else None, says)


def _gone(body: Body, case: Case) -> str:
    """Say of a body that is no more since when, and who took over: the bodies of this installation where there are some."""
    today = case_steps.today_of(case)
    kind = outside_bodies.kind_of(body)
    labels: list[Label] = [each.label for each in outside_bodies.took_over(body, today)]
    ended = body.ended_on or (kind.exists.until_on if kind and kind.exists else None)
    said = {"body": body.name, "day": day(ended) if ended else "–", "others": ", ".join(map(reasons.label, labels))}
    if labels:
        return _("%(body)s tidak ada lagi sejak %(day)s. Tugasnya beralih kepada: %(others)s.") % said
    return _("%(body)s tidak menerima pelimpahan lagi sejak %(day)s.") % said


def _sanctions(row: case_referrals.Beside) -> tuple[str, str]:
    known = rules.book().sanctions
    names = (row.recommended, row.decision.sanction if row.decision else "")
    told = [reasons.label(known[name].label) if name in known else name for name in names]
    return told[0], told[1]


def _decided_in(row: case_referrals.Beside) -> str:
    return case_authority.office_of(row.decision) if row.decision else ""


# --- whoever was sent it -----------------------------------------------------------------------------------------


def _of_offer(request: HttpRequest, case: Case, offered: list[CaseReferral]) -> HttpResponse:
    answers: forms.Form | None = _answer_form(request, case)
    status = 200
    if request.method == "POST":
        act = request.POST.get("act")
        if act not in ("accept", "refuse") or (answers is None and act == "accept"):
            messages.error(request, reasons.refusal(CaseActRefused("changed")))
            return redirect("case-referrals", key_of(case))
        if answers is None:
            answers = _overtaken(request, case, act)
        else:
            done = _done(request, case, act, answers)
            if done is not None:
                return done
        status = 422
    first = offered[0]
    waits = first.state == State.SENT
    context = {
        "case": case, "key": key_of(case), "answer_form": answers, "referral_key": _last_key(request, case),
        "referrals": [_sides(each) for each in offered], "waits": waits,
        "parts": list(case_referrals.parts_of(first)) if waits else [], "acts": _acts(case) if waits else [],
        "respondents": list(case.respondents.filter(outcome=CaseRespondent.Outcome.OPEN).select_related("person", "agency"))
        if waits else [],
    }  # fmt: skip
    return render(request, "cases/referral_offered.html", context, status=status)
