"""What the pages of cases share: which case is meant, what its words are, how a refusal comes to its field."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ikrar.domain.cases import Procedure
from ikrar.domain.errors import (
    CaseActRefused,
    CaseStepRefused,
    DatesInWrongOrder,
    DomainError,
    ElectionOver,
    RegionHasNoElection,
    RuleNotInForce,
)
from ikrar.domain.files import FileKind
from ikrar.records.models import Case, CaseClock, CaseRespondent, Region, StoredFile, User
from ikrar.services import case_clocks, case_rules, case_steps, files, rules
from ikrar.web import messages, reasons
from ikrar.web.templatetags.ikrar import label

PAPERS = frozenset({FileKind.PDF, FileKind.JPEG, FileKind.PNG})
MOST_FILE_BYTES = 20_000_000
_HEX_DIGITS = 16


def key_of(case: Case) -> str:
    """Write the key of a case as addresses have it."""
    return case_steps.number_of(case)


def name_of(case: Case) -> str:
    """Write which case is meant: its number, else the beginning of its key."""
    return case.number or _("%(key)s (tanpa nomor)") % {"key": key_of(case)[:6]}


def number_in(key: str) -> int:
    """Read a key of an address; what is none does not exist."""
    try:
        number = int(key, 16)
    except ValueError:
        raise Http404 from None
    if len(key) != _HEX_DIGITS or number >> 63 or key != key.lower():
        raise Http404
    return number


def shown_case(request: HttpRequest, key: str, permission: str) -> Case:
    """Return a case that this reader reaches with a permission and has part in; any other does not exist for him."""
    rows = Case.objects.select_related("agency__region", "body__agency", "body__region", "handler", "opened_by__person")
    found = rows.filter(pk=number_in(key)).first()
    if found is None:
        raise Http404
    try:
        case_steps.require(request.user, found, permission, now=timezone.now())
    except CaseActRefused:
        raise Http404 from None
    return found


def case_of_reports(request: HttpRequest, key: str) -> Case:
    """Return a case into which this reader may bring something out of the reports of his body (see require_reports)."""
    case = shown_case(request, key, "case.view")
    if not may_bring(request, case):
        raise Http404
    return case


def may_bring(request: HttpRequest, case: Case) -> bool:
    """Say whether this reader may put reports of his body into a case, and bring something out of them."""
    try:
        case_steps.require_reports(request.user, case, now=timezone.now())
    except CaseActRefused:
        return False
    return True


def there(name: str, *args: Any) -> str:
    """Return the address of a page that another part of the product brings; empty while it is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


# --- words -------------------------------------------------------------------------------------------------------


def procedure_of(case: Case) -> Procedure:
    """Return the procedure by which a case is handled."""
    return case_rules.procedure(case.procedure)


def state_word(procedure: Procedure, state: str) -> str:
    """Write a state."""
    found = procedure.states.get(state)
    return label(found.label) if found else state


def ended_word(procedure: Procedure, respondent: CaseRespondent) -> str:
    """Write how a matter ended: by its outcome; of one that was closed by the state, which tells taken back from dismissed."""
    if respondent.outcome == CaseRespondent.Outcome.CLOSED and respondent.state in procedure.states:
        return state_word(procedure, respondent.state)
    return messages.word("case_outcome", respondent.outcome)


def states_known() -> dict[str, str]:
    """Return the words of every state that some procedure knows, in the order of the table."""
    return {id: label(state.label) for each in case_rules.procedures() for id, state in each.states.items()}


def step_word(procedure: Procedure, step: str) -> str:
    """Write a step of the procedure, or what else happened in a case."""
    found = procedure.steps.get(step)
    return label(found.label) if found else messages.word("case_event", step)


def clock_word(procedure: Procedure, term: str) -> str:
    """Write what a clock counts: a limit of the law, or an operator's target."""
    if term in procedure.targets:
        return label(procedure.targets[term].label)
    found = rules.book().terms.get(term)
    return label(found.label) if found else term


def owed_by(clock: CaseClock, role: str) -> str:
    """Write on whom a clock is: the role that must act by it; of a window for a letter the respondent, whose right it is."""
    return _("Terlapor") if case_clocks.is_window(clock.term) else messages.word("role", role)


def lacking(procedure: Procedure, fact: str) -> str:
    """Write a fact that a step lacks, with where it is recorded if no page of the case is for it."""
    name = label(procedure.facts[fact])
    return f"{name} ({_ELSEWHERE[fact]})" if fact in _ELSEWHERE else name


_ELSEWHERE = {
    "agency-here": lazy("bila tidak, ia dirujuk ke pejabat berwenang di luar dengan langkah tersendiri"),
    "respondent-gone": lazy(
        "dicatat pada daftar pegawai instansinya oleh petugas yang mengurusnya, bukan di perkara ini"
    ),
}
_TOLD = {
    "number": lazy("Nomor"),
    "reason": lazy("Alasan"),
    "basis": lazy("Dasar hukum"),
    "assigned": lazy("Yang ditugasi"),
    "of-records": lazy("Atasan menurut daftar pegawai"),
}


def facts_told(procedure: Procedure, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Write the facts that were told with a step."""
    told = []
    for name, value in facts.items():
        if name == "sanction":
            known = rules.book().sanctions.get(str(value))
            told.append((_("Sanksi"), label(known.label) if known else str(value)))
        elif name == "defects":
            told.append((_("Apa yang kurang"), str(value)))
        elif name == "track":
            told.append((_("Jalur"), messages.word("case_track", str(value))))
        elif name == "signer":
            told.append((_("Penanda tangan"), str(value)))
        elif name == "why":
            told.append((_("Alasan"), reasons.word("why", str(value))))
        elif name == "term":
            told.append((_("Yang dihitung"), clock_word(procedure, str(value))))
        elif said := outcome_word(name, str(value)):
            told.append((label(procedure.facts[name]), said))
        elif name in procedure.facts:
            said = rest_word(procedure, value) if name == "reason" and isinstance(value, str) else _fact(value)
            told.append((label(procedure.facts[name]), said))
        elif name in _TOLD:
            told.append((str(_TOLD[name]), _fact(value)))
    return told


_OUTCOMES = ("objection-outcome", "appeal-outcome")
_RESUMED = "resumed"


def outcome_word(fact: str, value: str) -> str:
    """Write how an objection or an appeal ended; empty: the fact is another one."""
    return messages.word("case_settlement", value) if fact in _OUTCOMES else ""


def rest_word(procedure: Procedure, reason: str) -> str:
    """Write why a clock rests or runs on: what an officer wrote, or the step that let it rest."""
    if reason == _RESUMED:
        return _("tenggat berjalan lagi")
    found = procedure.steps.get(reason)
    return label(found.label) if found else reason


def _fact(value: Any) -> str:
    if value is True:
        return _("ya")
    try:
        return messages.day(date.fromisoformat(value)) if isinstance(value, str) and len(value) == 10 else str(value)
    except ValueError:
        return str(value)


# --- refusals and files ------------------------------------------------------------------------------------------

_FIELDS = {
    "number": "number", "reason": "why", "assigned": "user", "superior": "user", "rank": "user", "own_matter": "user",
    "relative": "user", "conflict": "user", "report_state": "report", "in_case": "report", "unopened": "report",
    "evidence": "text", "person": "q", "nobody_placed": "q", "filter_taken": "name", "filters_full": "name", "scan": "file",
}  # fmt: skip
OF_ELECTIONS = ("region_has_no_election", "election_over", "election_unknown")
_OTHERS = {"day_in_future": "on", "day_outside": "on", "dates_in_wrong_order": "on"} | dict.fromkeys(
    OF_ELECTIONS, "election"
)


def refusal(error: DomainError, case: Case | None = None) -> str:
    """Write a refusal; elections, regions and acts by their names. `case`: of which an act was refused."""
    if isinstance(error, DatesInWrongOrder) and case is not None and error.first == case.opened_on:
        return _("Perkara ini dibuka pada %(day)s, jadi langkah ini tidak dapat lebih awal dari itu.") % {
            "day": messages.day(case.opened_on)
        }
    if isinstance(error, (RegionHasNoElection, ElectionOver)):
        known = rules.book().elections.get(error.election)
        error = replace(error, election=label(known.label) if known else error.election)
    if isinstance(error, RuleNotInForce):
        acts = rules.book().acts
        names = {each: label(acts[each].label) for each in (error.rule, *error.others) if each in acts}
        error = replace(
            error, rule=names.get(error.rule, error.rule), others=tuple(names.get(each, each) for each in error.others)
        )
    if isinstance(error, RegionHasNoElection):
        region = Region.objects.filter(pk=error.region).first()
        error = replace(error, region=region.name if region else error.region)
    return reasons.refusal(error)


def refuse(form: forms.Form, error: DomainError, *, on: str = "", case: Case | None = None) -> None:
    """Put a refusal at the field that it is about, or above the form. `on`: the field where nothing else is known."""
    says = refusal(error, case)
    name = on
    if isinstance(error, CaseActRefused):
        about = error.about if isinstance(error.about, str) else ""
        name = about if error.reason in ("text", "dates") else _FIELDS.get(error.reason, on)
    elif not isinstance(error, CaseStepRefused):
        name = _OTHERS.get(error.code, "file" if error.code.startswith("file_") else on)
    form.add_error(name if name in form.fields else on if on in form.fields else None, says)


@contextmanager
def kept(upload: Any, *, by: User, now: datetime) -> Iterator[StoredFile | None]:
    """Keep a file that came with a form for an act; where the act is refused it is let go. Raises what files.receive raises."""
    stored = files.receive(upload, kinds=PAPERS, most_bytes=MOST_FILE_BYTES, by=by, now=now) if upload else None
    try:
        yield stored
    except BaseException:
        if stored is not None:
            files.discard(stored)
        raise
