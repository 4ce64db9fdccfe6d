"""Decisions on respondents: the desk of what waits, draft beside recommendation, signing, recording, serving, and after it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused, DomainError
from ikrar.domain.offices import POST_OF
from ikrar.records.models import CaseDecision, CaseRespondent, CaseStep, Holding, Office, Person
from ikrar.services import (
    case_authority,
    case_decisions,
    case_desk,
    case_files,
    case_papers,
    case_queue,
    case_referrals,
    case_rules,
    case_steps,
    clock,
    rules,
)
from ikrar.services.case_decisions import Paper
from ikrar.web import messages as words
from ikrar.web import reasons
from ikrar.web.access import asked_again, may
from ikrar.web.forms.case_decisions import DraftForm, EmptyForm, PaperForm, ServeForm, SettleForm, SignForm
from ikrar.web.sending import sent as sent_file
from ikrar.web.views.cases import acts, told
from ikrar.web.views.cases.acts import Matter, Offer
from ikrar.web.views.cases.common import number_in
from ikrar.web.views.cases.examination import allegations, chosen, clocks, elsewhere, followed, past

BEFORE = ("authority-accept", "authority-return")
AFTER = (
    "miss-service", "send-decision", "object", "appeal", case_rules.ANSWER_APPEAL, "take-effect", "execute", "announce", "record",
    *case_rules.RESTORES,
    "object-in-effect", "appeal-in-effect", "lapse",
)  # fmt: skip
_QUIET = (*case_rules.OBJECTS, *case_rules.APPEALS, "lapse", "miss-service", case_rules.SEND)
_REMEDIES = frozenset({"object", "appeal"})
_SETTLED_FROM = {case_queue.OBJECTED: "objection", case_decisions.APPEALED: "appeal"}
_CARRIED_OUT = ("executed", "recorded")
_HELD_LATELY = timedelta(days=120)


# --- the desk ----------------------------------------------------------------------------------------------------


@never_cache
@require_safe
@may("case.weigh")
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for me: for the offices that I hold in this minute, and for the staff of my agency."""
    asked = request.GET.get("hal", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    found = case_desk.desk(request.user, page=page, now=timezone.now())
    lines = [_line(each) for each in found.lines]
    return render(request, "cases/desk.html", {"page_of": found, "lines": lines})


def _line(line: case_desk.Line) -> dict[str, Any]:
    procedure = next(iter(rules.book().procedures.values()))
    state = next(
        (each.states[line.state] for each in rules.book().procedures.values() if line.state in each.states), None
    )
    term = line.clock.term if line.clock else ""
    shelf = procedure.targets if line.clock and line.clock.kind == "target" else rules.book().terms
    zero = term if term in words.WORDS["case_zero"] else "other"
    return {
        "line": line, "state": reasons.label(state.label) if state else line.state,
        "clock": acts.named(shelf, term) if term else "", "zero": words.word("case_zero", zero) if term else "",
        "sanction": case_rules.sanction_label(line.sanction, reasons.label) if line.sanction else "",
        "href": _where(line),
    }  # fmt: skip


_EXAMINED_BY = {"team": "form-team", "council": "form-council"}
"""Acts of the authority that belong to the examination, with the step that its page offers."""


def _where(line: case_desk.Line) -> str:
    """Return the page on which what a line asks for can be done."""
    if line.act == "assign":
        return reverse("case-team", args=[line.key])
    if line.act == "stopped":
        return reverse("case", args=[line.key])
    if step := _EXAMINED_BY.get(line.act):
        return f"{reverse('case-examination', args=[line.key])}?terlapor={line.respondent}#{step}"
    return reverse("case-decision-of", args=[line.key, line.respondent])


# --- one case, one respondent ------------------------------------------------------------------------------------


@never_cache
@require_safe
@may("case.follow")
def decisions(request: HttpRequest, key: str) -> HttpResponse:
    """Set recommendations and decisions side by side for the respondents of a case; of a single one, open his page.

    Of those on whom nobody here decides the page of the first says who does.
    """
    case, rows = followed(request, key)
    if len(rows) == 1 or not case_rules.is_decided_here(case.procedure):
        return redirect("case-decision-of", case_steps.number_of(case), case_steps.number_of(rows[0]))
    beside = {each.respondent.pk: each for each in case_referrals.beside(case)}
    lines = [_beside(Matter(request, case, each), beside[each.pk]) for each in rows]
    return render(request, "cases/decisions.html", {"case": case, "key": case_steps.number_of(case), "lines": lines})


def _beside(matter: Matter, row: case_referrals.Beside) -> dict[str, Any]:
    """Return a line: the decision or the draft that stands, else the one that was taken, with what became of it."""
    decision = matter.decision or row.decision
    return {
        "matter": matter, **_advice(matter),
        "decided": matter.sanction(decision.sanction) if decision else "", "decision": decision,
        "became": told.became(row),
    }  # fmt: skip


def _advice(matter: Matter) -> dict[str, Any]:
    """Return what was recommended and what was proposed: of a decision what it was set beside, else what is now."""
    found = case_decisions.advice_for(matter.respondent)
    decision = matter.decision
    if decision is not None and decision.decided_on is not None:
        steps = (decision.recommended_step, decision.proposed_step)
        found = case_decisions.Advice(decision.recommended, steps[0], decision.proposed, steps[1])
    return {
        "recommended": matter.sanction(found.recommended) if found.recommended_step else "",
        "recommended_step": found.recommended_step,
        "proposed": matter.sanction(found.proposed) if found.proposed_step else "", "proposed_step": found.proposed_step,
    }  # fmt: skip


def _matter(request: HttpRequest, key: str, respondent: str) -> tuple[Matter, list[CaseRespondent]]:
    case, rows = followed(request, key)
    return Matter(request, case, chosen(rows, respondent)), rows


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.follow")
def decision(request: HttpRequest, key: str, respondent: str) -> HttpResponse:
    """Show the decision on a respondent beside what was recommended, with what comes next, and take it."""
    matter, rows = _matter(request, key, respondent)
    sent = request.POST.get("act", "")
    here = reverse("case-decision-of", args=[matter.key, matter.respondent_key])
    offers = _offers(matter, sent)
    taken = next((each for each in offers if each.act == sent), None)
    if request.method == "POST" and taken is None:
        return redirect(here)
    if taken is not None and acts.take(taken, matter):
        messages.success(request, taken.done)
        return redirect("decision-desk") if sent == acts.RECUSE else redirect(here)
    status = 422 if taken else 200
    if matter.elsewhere:
        context = elsewhere(matter, rows, lambda row: reverse("case-decision-of", args=[matter.key, row]))
        return render(request, "cases/elsewhere.html", context | {"offers": offers, "taken": taken}, status=status)
    context = _context(matter, rows) | {"offers": offers, "taken": taken}
    return render(request, "cases/decision.html", context, status=status)


def _offers(matter: Matter, sent: str) -> list[Offer]:
    """Return what is open to somebody, and what he sent all the same: that is asked of the services, which refuse it."""
    makers = {
        "draft": _draft, "confirm": _confirm, "record-signed": _record, "discard": _discard, "serve": _serve, "settle": _settle,
    }  # fmt: skip
    open_now = _own_acts(matter)
    offers = [makers[act](matter, act == sent) for act in open_now]
    data, uploads = matter.request.POST, matter.request.FILES
    steps = acts.opened_steps(matter, (*BEFORE, *AFTER))
    if sent in (*BEFORE, *AFTER) and sent in matter.procedure.steps and sent not in {each.id for each in steps}:
        steps = [*steps, matter.procedure.steps[sent]]
    for step in steps:
        of = (data, uploads) if step.id == sent else (None, None)
        quiet = step.id in _QUIET
        offers.append(acts.step_offer(matter, step, *of, quiet=quiet))
    if sent in makers and sent not in open_now:
        offers.append(makers[sent](matter, True))
    return [*offers, *acts.recuse_offers(matter, sent)]


def _own_acts(matter: Matter) -> list[str]:
    """Return the acts on decisions that stand open to somebody by his rights and by where the respondent stands."""
    rights, decision, respondent = matter.permissions, matter.decision, matter.respondent
    if respondent.outcome != CaseRespondent.Outcome.OPEN:
        return []
    found = []
    if decision is not None and not case_queue.is_ready(decision) and "case.confirm" in rights:
        found += ["confirm"] if decision.drafted_by_id != matter.request.user.pk else []
    if decision is None:
        if "case.draft" in rights and _decidable(matter) and _is_known(matter):
            found.append("draft")
    elif decision.decided_on is None:
        if case_queue.is_ready(decision) and "case.record" in rights and not _outdated(matter):
            found.append("record-signed")
        if "case.draft" in rights:
            found.append("discard")
    else:
        is_due = decision.served_on is None and bool(case_rules.serving(matter.procedure.id, respondent.state))
        if is_due and "case.serve" in rights:
            found.append("serve")
        if respondent.state in _SETTLED_FROM and _may_settle(matter):
            found.append("settle")
    return found


def _may_settle(matter: Matter) -> bool:
    if matter.roles & {Role.DRAFTER, Role.APPOINTING_AUTHORITY}:
        return True
    return matter.respondent.state == case_decisions.APPEALED and "case.monitor" in matter.permissions


def _decidable(matter: Matter) -> list[str]:
    """Return what can be decided from where a respondent stands: sanctions of the band, and that nothing is proven (empty)."""
    of = (matter.procedure.id, matter.case.track)
    return [each for each in (*matter.band, "") if case_rules.may_decide(*of, each, matter.respondent.state)]


def _is_known(matter: Matter) -> bool:
    return matter.deciding is not None and matter.deciding.answer.is_known


# --- its acts ----------------------------------------------------------------------------------------------------


def _bound(matter: Matter, sent: bool) -> tuple[Any, Any]:
    return (matter.request.POST, matter.request.FILES) if sent else (None, None)


def _was(matter: Matter) -> str:
    return matter.request.POST.get("was", matter.respondent.state)


def _key(matter: Matter) -> str:
    return f"{matter.decision.pk:016x}" if matter.decision else ""


def _read(matter: Matter) -> CaseDecision:
    """Return the decision that the page showed whoever sent its form, whatever stands now; the acts refuse one that does not.

    Where the form names none of this respondent it is one that was never written, which they refuse too.
    """
    key = matter.request.POST.get("decision", "")
    found = matter.respondent.decisions.filter(pk=number_in(key)).first() if key else None
    found = found or CaseDecision(respondent=matter.respondent)
    found.respondent = matter.respondent
    return found


def _draft(matter: Matter, sent: bool) -> Offer:
    # What was sent all the same is asked of the service, which says from where it can be decided.
    band = matter.band if sent else [each for each in _decidable(matter) if each]
    form = DraftForm(*_bound(matter, sent), prefix="draft", band=band)

    def do(form: Any, document: Any) -> object:
        told = form.cleaned_data
        return case_decisions.draft(
            matter.respondent, sanction=form.decided, grounds=told["grounds"], departure_reason=told["departure_reason"],
            by=matter.request.user, now=timezone.now(),
        )  # fmt: skip

    note = _("Hanya hukuman dalam rentang pasal. Siapa yang menyusun konsep tidak memutusnya.")
    if not band:
        note = _(
            "Sebelum pemeriksa mengusulkan hukuman, hanya “tidak terbukti” yang dapat disusun. Penyusunnya tidak memutus."
        )
    return Offer(
        "draft",
        _("Susun konsep keputusan"),
        _("Simpan konsep"),
        form,
        do,
        _("Konsep tersimpan; belum ada yang diputuskan."),
        note,
    )


def _confirm(matter: Matter, sent: bool) -> Offer:
    def do(form: Any, document: Any) -> object:
        return case_decisions.confirm(_read(matter), by=matter.request.user, now=timezone.now())

    note = _(
        "Aturan yang disebut di atas belum dibandingkan dengan berita negara, atau diperselisihkan. Bandingkan dulu. Dengan"
        " menegaskan, Anda sebagai orang kedua menyatakan bahwa keputusan boleh memakainya."
    )
    return Offer(
        "confirm",
        _("Tegaskan sebagai orang kedua"),
        _("Tegaskan"),
        EmptyForm(*_bound(matter, sent)),
        do,
        _("Penegasan tercatat."),
        note,
        decision=_key(matter),
    )


def _discard(matter: Matter, sent: bool) -> Offer:
    def do(form: Any, document: Any) -> object:
        return case_decisions.discard(_read(matter), by=matter.request.user, now=timezone.now())

    note = _("Konsep ini tidak dapat ditandatangani lagi. Yang baru dapat disusun sesudahnya.")
    form = EmptyForm(*_bound(matter, sent))
    return Offer(
        "discard", _("Batalkan konsep"), _("Batalkan konsep ini"), form, do, _("Konsep dibatalkan."), note, quiet=True,
        decision=_key(matter),
    )  # fmt: skip


def _signers(matter: Matter) -> list[tuple[int, str]]:
    """Return who holds the office that decides, and who held it lately: a paper may be some weeks old."""
    found = matter.deciding
    if found is None:
        return []
    people: dict[int, str] = {}
    if found.person is not None:
        people[found.person.pk] = f"{found.person.full_name} ({reasons.word('capacity', found.capacity)})"
    if found.office is not None:
        at = clock.instant(case_steps.zone_of(matter.case))
        since = at - _HELD_LATELY
        held = Holding.objects.filter(office=found.office, person__isnull=False, from_at__lte=at)
        for each in held.select_related("person").order_by("-from_at")[:20]:
            if each.until_at is None or each.until_at > since:
                people.setdefault(
                    each.person_id, f"{each.person.full_name} ({reasons.word('capacity', each.capacity)})"
                )
    return list(people.items())


def _is_outside(matter: Matter) -> bool:
    return matter.deciding is not None and case_authority.is_outside(matter.deciding, matter.respondent)


def _is_used(matter: Matter, name: str) -> bool:
    """Say whether the number that was sent stands on another decision of the agency."""
    return case_decisions.numbered_on(matter.respondent, matter.request.POST.get(name, "")[:100]) is not None


def _is_ruling_used(matter: Matter, number: str, *, of_appeal: bool) -> bool:
    """Say whether the number of an outcome that was sent stands on another paper with which it is compared."""
    if of_appeal:
        return case_decisions.ruling_numbered_on(matter.respondent, number) is not None
    return case_decisions.numbered_on(matter.respondent, number) is not None


def _record(matter: Matter, sent: bool) -> Offer:
    form = PaperForm(
        *_bound(matter, sent), prefix="record-signed", signers=_signers(matter), is_outside=_is_outside(matter), today=matter.today,
        is_used=sent and _is_used(matter, "record-signed-number"),
    )  # fmt: skip

    def do(form: Any, document: Any) -> object:
        told = form.cleaned_data
        signer = Person.objects.filter(pk=told["signer"]).first() if told.get("signer") else None
        paper = Paper(
            told["number"], told["on"], signer, document, signer_name=told.get("signer_name", ""),
            is_meant=told.get("is_meant", False),
        )  # fmt: skip
        return case_decisions.record_signed(
            _read(matter), paper, was=_was(matter), by=matter.request.user, now=timezone.now()
        )

    note = _(
        "Keputusan yang ditandatangani di atas kertas, atau dengan penyelenggara sertifikasi, dicatat penuh di sini."
    )
    return Offer(
        "record-signed",
        _("Catat keputusan yang sudah ditandatangani"),
        _("Catat keputusan"),
        form,
        do,
        _("Keputusan tercatat."),
        note,
        decision=_key(matter),
    )


def _serve(matter: Matter, sent: bool) -> Offer:
    form = ServeForm(*_bound(matter, sent), prefix="serve", today=matter.today, before=_before_last_address(matter))

    def do(form: Any, document: Any) -> object:
        told = form.cleaned_data
        return case_decisions.serve(
            _read(matter), was=_was(matter), served_on=told["served_on"], received_on=told["received_on"],
            delivery=told["delivery"], document=document, by=matter.request.user, now=timezone.now(),
        )  # fmt: skip

    title, done = _("Sampaikan keputusan"), _("Penyampaian tercatat.")
    note = ""
    if matter.respondent.state == case_decisions.APPEALED:
        note = _("Keputusan ini sudah dibanding; berlakunya menunggu putusan BPASN. Penyampaiannya tetap dicatat.")
    return Offer("serve", title, _("Catat penyampaian"), form, do, done, note, decision=_key(matter))


def _before_last_address(matter: Matter) -> list[str]:
    """Return the names of the steps that come before the last address may be chosen, in their order; none: it was sent there."""
    if case_decisions.was_sent(matter.respondent):
        return []
    steps = matter.procedure.steps
    return [reasons.label(steps[each].label) for each in (case_rules.MISS_SERVICE, case_rules.SEND) if each in steps]


def _settle(matter: Matter, sent: bool) -> Offer:
    of_appeal = matter.respondent.state == case_decisions.APPEALED
    sanctions = _settled_by(matter, of_appeal=of_appeal)
    decided = matter.decision.sanction if matter.decision else ""
    outcomes = case_decisions.outcomes(decided, sanctions, of_appeal=of_appeal)
    signer = matter.request.POST.get("settle-signer_name", "")[:120]
    number = matter.request.POST.get("settle-number", "")[:100]
    is_same = sent and not of_appeal and matter.decision is not None
    form = SettleForm(
        *_bound(matter, sent), prefix="settle", sanctions=sanctions, outcomes=outcomes, today=matter.today,
        is_same=is_same and case_decisions.is_of_decider(matter.decision, signer),
        has_own_number=sent and matter.decision is not None and case_decisions.has_number(matter.decision, number),
        is_used=sent and _is_ruling_used(matter, number, of_appeal=of_appeal),
    )  # fmt: skip

    def do(form: Any, document: Any) -> object:
        told = form.cleaned_data
        paper = Paper(
            told["number"],
            told["on"],
            None,
            document,
            signer_name=told["signer_name"],
            is_meant=told.get("is_meant", False),
            is_number_meant=told.get("is_number_meant", False),
        )
        return case_decisions.settle(
            _read(matter), paper, outcome=told["outcome"], sanction=told["sanction"], grounds=told["grounds"], was=_was(matter),
            by=matter.request.user, now=timezone.now(),
        )  # fmt: skip

    title = _("Catat putusan BPASN") if of_appeal else _("Catat putusan keberatan")
    note = (
        _("BPASN dapat menguatkan, meringankan, memperberat, mengubah, atau membatalkan.")
        if of_appeal
        else _(
            "Pemberhentian tidak termasuk: ia memerlukan pemeriksaannya sendiri. Ini bacaan buku aturan ini, belum dipastikan."
        )
    )
    note = " ".join([note, *_not_offered(outcomes, of_appeal=of_appeal)])
    return Offer("settle", title, title, form, do, _("Putusan tercatat."), note, decision=_key(matter))


def _not_offered(outcomes: Sequence[str], *, of_appeal: bool) -> list[str]:
    """Say why an outcome is not offered for which there is no sanction: of an objection within the band, of an appeal at all."""
    within = _("untuk status kepegawaian terlapor") if of_appeal else _("dalam rentang pasalnya")
    told = []
    if "lightened" not in outcomes:
        told.append(
            _("Meringankan tidak ditawarkan: %(within)s tidak ada hukuman yang lebih ringan dari yang diputuskan.")
            % {"within": within}
        )
    if "aggravated" not in outcomes:
        told.append(
            _("Memperberat tidak ditawarkan: %(within)s tidak ada hukuman yang lebih berat dari yang diputuskan.")
            % {"within": within}
        )
    if "changed" not in outcomes:
        told.append(_("Mengubah tidak ditawarkan: %(within)s tidak ada hukuman lain.") % {"within": within})
    return told


def _settled_by(matter: Matter, *, of_appeal: bool) -> Sequence[str]:
    """Return to what sanctions the outcome of an appeal, or of an objection, may come."""
    if not of_appeal:
        return [each for each in matter.band if not case_rules.ends_service(each)]
    day = max((on for _act, on, _level in matter.alleged), default=matter.today)
    return case_rules.catalogue(day, matter.respondent.employment)


# --- what the page shows -----------------------------------------------------------------------------------------


def _context(matter: Matter, rows: list[CaseRespondent]) -> dict[str, Any]:
    decision, found = matter.decision, matter.deciding
    is_draft = decision is not None and decision.decided_on is None
    return {
        "matter": matter, "case": matter.case, "key": matter.key, "one": len(rows) == 1, "decision": decision, "is_draft": is_draft,
        **_advice(matter), "outdated": _outdated(matter), "apart": _apart(matter),
        "decided": matter.sanction(decision.sanction) if decision else "",
        "band": [matter.sanction(each) for each in matter.band], "allegations": allegations(matter),
        "unchecked": [
            (reasons.label(_rule_of(each).label) if _rule_of(each) else each["rule"], each["state"])
            for each in (decision.unchecked if decision else ())
        ],
        "ready": decision is not None and case_queue.is_ready(decision), "found": found,
        "settled": decision is not None and "settled" in decision.effect, "basis": _basis(matter),
        "decided_in": case_authority.office_of(decision) if decision is not None else "",
        "office": _office(matter), "is_outside": _is_outside(matter), "why_nobody": _why_nobody(matter), "passed": _passed(matter),
        "may_sign": is_draft and matter.is_holder and "case.decide" in matter.permissions,
        "waits_for_signer": is_draft and not matter.is_holder,
        "before": _before(matter), "past": past(matter, (*BEFORE, *AFTER, *case_rules.SETTLES, *case_rules.SERVES)),
        "clocks": clocks(matter), "delivery": _delivery(matter), "states": _effect_days(decision),
        "register": decision is not None and matter.respondent.state in _CARRIED_OUT,
        "document_step": _document_step(decision), "objection": _objection(matter),
        "restoring": matter.respondent.state == case_rules.RESTORING,
        "naming": _naming(matter),
        "awaits_outcome": matter.respondent.state in _SETTLED_FROM and not matter.came_into_effect,
    }  # fmt: skip


def _apart(matter: Matter) -> list[case_files.Apart]:
    """Return who examines in the place of the direct superior, until it is decided: then the decision itself says it."""
    is_decided = matter.decision is not None and matter.decision.decided_on is not None
    is_open = matter.respondent.outcome == CaseRespondent.Outcome.OPEN and not is_decided
    return case_files.apart(matter.respondent, now=timezone.now()) if is_open else []


def _naming(matter: Matter) -> dict[str, Any] | None:
    """Say that examiners are to be named before anything is drafted, and whether this reader may; None: they are, or nobody can."""
    respondent, now = matter.respondent, timezone.now()
    if respondent.outcome != CaseRespondent.Outcome.OPEN or case_queue.act_waited_for(respondent) != "assign":
        return None
    if case_queue.stopped(respondent, clock.instant(case_steps.zone_of(matter.case))) is not None:
        return None
    may_give = "case.assign" in matter.permissions and case_files.may_give(matter.case, matter.request.user, now=now)
    return {"role": words.word("role", Role.APPOINTING_AUTHORITY), "may_give": may_give}


def _objection(matter: Matter) -> dict[str, Any] | None:
    """Return who decides on the objection that waits: the office above whoever decided, as far as the records show it."""
    if matter.respondent.state != case_queue.OBJECTED or matter.respondent.outcome != CaseRespondent.Outcome.OPEN:
        return None
    place = case_queue.objection_place(matter.respondent)
    at, person = clock.instant(case_steps.zone_of(matter.case)), None
    if place is not None:
        person = case_authority.held_by(place, at, matter.today)
    return {
        "office": "" if place is None else place.title if isinstance(place, Office) else place.name, "person": person,
        "rule": reasons.label(rules.book().authority_rules["objection"].label),
    }  # fmt: skip


def _outdated(matter: Matter) -> str:
    """Say why a draft that waits cannot be decided as it is; empty: it can, or there is none."""
    decision = matter.decision
    if decision is None or decision.decided_on is not None:
        return ""
    why = case_decisions.outdated(decision, matter.respondent)
    return words.sentence(CaseActRefused(why)) if why else ""


def _rule_of(rule: dict[str, str]) -> Any:
    shelf = rules.book().acts if rule["kind"] == "act" else rules.book().sanctions
    return shelf.get(rule["rule"])


def _office(matter: Matter) -> str:
    found = matter.deciding
    if found is None or not found.answer.is_known:
        return ""
    if found.office is not None:
        return found.office.title
    if found.answer.seat in POST_OF:
        # A rank is nobody's title, and one of them is the word for a role of this installation.
        return found.title if found.unit is not None else _of_rank(found)
    shown = found.answer.office or found.answer.label
    return reasons.label(shown) if shown else found.name


def _of_rank(found: case_authority.Deciding) -> str:
    name = reasons.label(found.answer.label) if found.answer.label else found.name
    return _("Pejabat %(rank)s") % {"rank": name if name.startswith("JPT") else name.lower()}


def _why_nobody(matter: Matter) -> list[str]:
    """Return in words why nobody is known to decide today."""
    found = matter.deciding
    if found is None:
        if not matter.alleged:
            stands = matter.respondent.allegations.filter(struck_at=None).exists()
            return [acts.off_track_says() if stands else words.sentence(CaseActRefused("no_allegation"))]
        return [
            _("Buku aturan belum dapat menjawab: jenjang jabatan terlapor atau tingkat pelanggarannya belum dicatat.")
        ]
    if not found.answer.is_known:
        return _sentences(found)
    if (
        found.answer.seat not in POST_OF
        or found.person is not None
        or case_authority.is_outside(found, matter.respondent)
    ):
        return []
    if found.unit is not None:
        return [_("%(unit)s: kepalanya sedang cuti dan belum ada yang menggantikan.") % {"unit": found.unit.name}]
    return [
        _(
            "Jenjang jabatan kepala di atas terlapor belum lengkap dicatat, sehingga pejabatnya belum dapat disebut. Lengkapi dulu."
        )
    ]


def _basis(matter: Matter) -> list[str]:
    """Return in words on which reading whoever is named decides, where the matrix names nobody outright."""
    found = matter.deciding
    return _sentences(found, only="next_above_decides") if found is not None and found.answer.is_known else []


def _sentences(found: case_authority.Deciding, *, only: str = "") -> list[str]:
    told = []
    for each in found.answer.reasons:
        if only not in ("", each.code):
            continue
        try:
            told.append(reasons.sentence(rules.book(), each))
        except (KeyError, DomainError):
            continue
    return told


def _passed(matter: Matter) -> list[str]:
    """Say who was passed over; a rank that the records show nobody in may be a gap of the records, and is told as one."""
    told = []
    for each in matter.deciding.answer.passed_over if matter.deciding else ():
        told.append(reasons.passed_over(rules.book(), each))
        if each.why == "vacant" and each.seat in POST_OF:
            told[-1] += " " + _(
                "Catatan di sini tidak menunjukkan pemegangnya di atas terlapor; bila keliru, perbaiki penempatannya."
            )
    return told


def _before(matter: Matter) -> list[dict[str, Any]]:
    """Return the decisions that a ruling or another one took the place of, each with the ruling; no drafts that were discarded."""
    rows = matter.respondent.decisions.exclude(ended_at=None).exclude(decided_on=None).select_related("signer")
    steps = matter.respondent.steps.filter(step__in=case_rules.SETTLES).order_by(*case_steps.TAKEN)
    ruled = {str(each.facts.get("decision")): each for each in steps}  # by what stands since, or by what fell
    since = {each.replaces_id: each.pk for each in matter.respondent.decisions.exclude(replaces=None)}
    told = []
    for each in rows.order_by("decided_on", "pk"):
        row = ruled.get(f"{since.get(each.pk, each.pk):016x}")
        told.append({"decision": each, "ruling": row and _ruling(row)})
    return told


def _ruling(row: CaseStep) -> dict[str, Any]:
    of_objection = row.step in case_rules.SETTLES_OBJECTION
    return {
        "name": _("putusan atas keberatan") if of_objection else _("putusan BPASN atas banding"),
        "number": row.facts.get("number", ""), "on": case_rules.ruled_on(row.facts, row.on),
        "signer": row.facts.get("signer", ""), "official": row.facts.get("official", ""),
    }  # fmt: skip


def _delivery(matter: Matter) -> str:
    row = matter.respondent.steps.filter(step__in=case_rules.SERVES).order_by(*case_steps.LATEST_FIRST).first()
    return str(row.facts.get("delivery", "")) if row else ""


def _document_step(decision: CaseDecision | None) -> str:
    if decision is None or decision.document_id is None:
        return ""
    row = CaseStep.objects.filter(respondent=decision.respondent_id, document=decision.document_id).first()
    return f"{row.pk:016x}" if row else ""


def _effect_days(decision: CaseDecision | None) -> dict[str, Any]:
    """Return how the day of effect was counted: the days that counted, and those that did not with why."""
    told = decision.effect if decision else {}
    return {
        "counted": [words.day(date.fromisoformat(each)) for each in told.get("counted", ())],
        "skipped": [
            (words.day(date.fromisoformat(day)), label or reasons.word("skip", why))
            for day, why, label in told.get("skipped", ())
        ],
    }


# --- signing here ------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("case.decide")
def sign(request: HttpRequest, key: str, respondent: str) -> HttpResponse:
    """Show the decision as it is to be signed, and sign exactly that, as whoever holds the office in this minute."""
    matter, _rows = _matter(request, key, respondent)
    decision = matter.decision
    if decision is None or decision.decided_on is not None:
        messages.warning(request, _("Tidak ada konsep yang menunggu tanda tangan."))
        return redirect("case-decision-of", matter.key, matter.respondent_key)
    if request.method == "POST":
        return _sign(request, matter, decision)
    return _sign_page(request, matter, decision, SignForm())


@asked_again
def _sign(request: HttpRequest, matter: Matter, decision: CaseDecision) -> HttpResponse:
    form = SignForm(request.POST, is_used=_is_used(matter, "number"))
    text = case_papers.text_of(decision)
    if form.is_valid():
        if request.POST.get("shown") != text.digest or request.POST.get("decision") != _key(matter):
            form.add_error(None, _("Konsep ini berubah sejak ditampilkan. Baca sekali lagi sebelum memutus."))
        else:
            told = form.cleaned_data
            paper = Paper(told["number"], matter.today, digest=text.digest, is_meant=told.get("is_meant", False))
            try:
                case_decisions.sign_here(decision, paper, was=_was(matter), by=request.user, now=timezone.now())
            except DomainError as error:
                is_number = isinstance(error, CaseActRefused) and error.reason == "number_used"
                form.add_error("number" if is_number else None, acts.says(error, matter.procedure))
            else:
                messages.success(request, _signed_says(matter))
                return redirect("case-decision-of", matter.key, matter.respondent_key)
    return _sign_page(request, matter, decision, form, status=422)


def _signed_says(matter: Matter) -> str:
    """Say what was signed, and what comes after it where he stands now, as the table has it."""
    respondent = matter.respondent
    state = CaseRespondent.objects.values_list("state", flat=True).get(pk=respondent.pk)
    if case_rules.serving(matter.case.procedure, state):
        return _("Keputusan ditandatangani. Sampaikan kepada terlapor.")
    if matter.procedure.is_end(state):
        return _(
            "Keputusan ditandatangani: tidak terbukti. Perkara terhadap terlapor ini selesai; tidak ada langkah lagi."
        )
    return _("Keputusan ditandatangani. Langkah berikutnya ada pada halaman ini.")


def _sign_page(
    request: HttpRequest, matter: Matter, decision: CaseDecision, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    context = {
        "matter": matter, "key": matter.key, "case": matter.case, "decision": decision, "decision_key": _key(matter), "form": form,
        "text": case_papers.text_of(decision), "office": _office(matter), "found": matter.deciding,
        "ready": case_queue.is_ready(decision), "why_nobody": _why_nobody(matter), "is_holder": matter.is_holder,
        "basis": _basis(matter),
        "outdated": _outdated(matter), "knows_remedies": not _REMEDIES.isdisjoint(matter.procedure.steps),
    }  # fmt: skip
    return render(request, "cases/sign.html", context, status=status)


# --- papers ------------------------------------------------------------------------------------------------------


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _nothing_yet(matter: Matter) -> HttpResponse:
    messages.warning(matter.request, _("Belum ada keputusan yang dapat dicetak."))
    return redirect("case-decision-of", matter.key, matter.respondent_key)


@never_cache
@require_safe
@may("case.follow")
def paper(request: HttpRequest, key: str, respondent: str) -> HttpResponse:
    """Hand out the decision on its letterhead: a draft to be signed on paper, or what was decided; a note of another's ruling."""
    matter, _rows = _matter(request, key, respondent)
    if matter.decision is None:
        return _nothing_yet(matter)
    name = "catatan-putusan" if case_papers.is_of_others(matter.decision) else "keputusan"
    return _pdf(case_papers.as_letter(matter.decision, now=timezone.now()), f"{name}-{matter.respondent_key}.pdf")


@never_cache
@require_safe
@may("case.follow")
def register(request: HttpRequest, key: str, respondent: str) -> HttpResponse:
    """Hand out the record for the national discipline register."""
    matter, _rows = _matter(request, key, respondent)
    found = matter.decision
    if found is None or found.decided_on is None:
        return _nothing_yet(matter)
    if matter.respondent.state not in _CARRIED_OUT:
        messages.warning(
            request,
            _("Catatan disiplin dicetak sesudah keputusan dilaksanakan, dan tidak selama upaya atasnya berjalan."),
        )
        return redirect("case-decision-of", matter.key, matter.respondent_key)
    return _pdf(case_papers.as_register(found, now=timezone.now()), f"catatan-disiplin-{matter.respondent_key}.pdf")


@never_cache
@require_safe
@may("case.follow")
def step_paper(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Hand out the scan that shows a step of a case, to whoever follows its respondent."""
    case, rows = followed(request, key)
    found = (
        CaseStep.objects.filter(pk=number_in(step), case=case, document__isnull=False)
        .select_related("document")
        .first()
    )
    if found is None or found.respondent_id not in {each.pk for each in rows}:
        raise Http404
    return sent_file(found.document)
