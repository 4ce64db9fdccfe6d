"""Every code that a person can meet has its words: refusals, faults, values of the records, messages."""

import ast
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation

from ikrar.domain import roster
from ikrar.domain.errors import DomainError
from ikrar.gateways import signing
from ikrar.services import case_nights, case_rules
from ikrar.web import messages
from tests.house.test_source import calls, name_of, place, sources, texts, tree_of

FALLBACK = "Permintaan ini ditolak."


def refusals() -> list[type[DomainError]]:
    found, todo = [], [DomainError]
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo.extend(kind.__subclasses__())
    return [kind for kind in found if kind is not DomainError and kind.__module__.startswith("ikrar.")]


_SAMPLES = {
    "str": "contoh", "int": 7, "bool": True, "date": date(2024, 10, 25), "datetime": datetime(2024, 10, 25, tzinfo=UTC),
    "tuple[str, ...]": ("name", "unit"), "int | None": None, "date | None": None, "datetime.date | None": None, "datetime.date | datetime.datetime": date(2024, 10, 25),
}  # fmt: skip
# Where a sentence is made of what a field says, and not of any text.
_SAMPLES_OF = {"intake_full": {"channel": "plain", "others": ("scripted", "staff")}}


def sample(kind: type[DomainError]) -> DomainError:
    """Make one refusal of a kind, whatever its fields."""
    values = {}
    for field in fields(kind):
        name = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
        known = _SAMPLES.get(name) if name in _SAMPLES else _SAMPLES[str(field.type)]
        values[field.name] = known
    return kind(**values | _SAMPLES_OF.get(kind.code, {}))


def test_every_refusal_has_a_code_of_its_own():
    kinds = refusals()
    assert len(kinds) > 30 and signing.TimeStampUnavailable in kinds
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert DomainError.code not in {kind.code for kind in kinds}


@pytest.mark.parametrize("kind", refusals(), ids=lambda kind: kind.code)
def test_every_refusal_has_a_sentence(kind):
    with translation.override("id"):
        said = messages.sentence(sample(kind))
    assert said != FALLBACK, f"{kind.__name__} ({kind.code}) has no sentence in web.messages"
    assert "%(" not in said and "None" not in said
    assert said.endswith((".", "?")) and "!" not in said


def test_no_sentence_is_kept_for_a_refusal_that_nobody_makes():
    assert set(messages._REFUSALS) == {kind.code for kind in refusals()}


@pytest.mark.parametrize("kind", refusals(), ids=lambda kind: kind.code)
def test_a_refusal_tells_us_what_happened(kind):
    made = sample(kind)
    said = str(made)
    for name, value in made.details().items():
        assert str(value) in said or name in said


# --- reasons inside refusals -------------------------------------------------------------------------------------


def _first_words(called: str, argument: int) -> dict[str, str]:
    """Every constant that stands as this argument of calls by this name, with one place."""
    found = {}
    for path in sources():
        for call in calls(tree_of(path)):
            if name_of(call) == called and len(call.args) > argument:
                node = call.args[argument]
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found[node.value] = place(path, call)
    return found


def test_every_reason_for_an_unreadable_file_has_its_sentence():
    made = _first_words("FileUnreadable", 0)
    assert len(made) > 6
    assert set(made) == set(messages._UNREADABLE)


def test_every_reason_against_undoing_has_its_sentence():
    assert set(_first_words("ImportNotUndoable", 0)) == set(messages._NOT_UNDOABLE)


def test_every_fault_of_a_row_has_its_words():
    made = set(_first_words("Fault", 1)) | set(_first_words("_NumberCheck", 0))
    # `word()` of domain.roster names a fault after its field.
    made |= {f"{field}_unknown" for field in ("employment", "sex", "post_kind", "level", "status")}
    # The tree of units answers with the code of a fault.
    made |= {
        text
        for path in sources("services")
        for text in texts(tree_of(path))
        if text in ("unit_unknown", "unit_ambiguous", "unit_own_parent", "unit_code_colon")
    }
    assert len(made) > 25
    assert made - set(messages._FAULTS) == set()
    assert set(messages._FAULTS) - made == set()


def test_every_message_for_the_inbox_has_its_sentence():
    told = {kind for called in ("tell", "tell_accounts", "tell_last") for kind in _first_words(called, 1)}
    assert told == set(messages.NOTICES)


def _written_into_cases() -> set[str]:
    """Return what the services write into the history of a case that is no step of the table."""
    found: set[str] = set()
    for path in sources("services"):
        if not path.name.startswith("case"):
            continue
        for call in calls(tree_of(path)):
            if name_of(call) in ("write", "keep", "_changed") and len(call.args) > 1:
                found |= _words_of(call.args[1], path)
            for given in call.keywords:
                if name_of(call) == "CaseStep" and given.arg == "step":
                    found |= _words_of(given.value, path)
    return found | {f"clock_{stage}" for stage in case_nights.STAGES.values()} | {case_nights.IDLE}


def _words_of(node: ast.expr, path: Path) -> set[str]:
    """Return the texts that stand there, or that the file gives to the name that stands there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if not isinstance(node, ast.Name):
        return set()
    found: set[str] = set()
    for each in ast.walk(tree_of(path)):
        if (
            isinstance(each, ast.Assign)
            and isinstance(each.targets[0], ast.Tuple)
            and isinstance(each.value, ast.Tuple)
        ):
            pairs = zip(each.targets[0].elts, each.value.elts, strict=False)
        elif isinstance(each, ast.Assign):
            pairs = zip(each.targets, [each.value], strict=False)
        else:
            continue
        for target, value in pairs:
            if isinstance(target, ast.Name) and target.id == node.id and isinstance(value, ast.Constant):
                found.add(str(value.value))
    return found


def test_whatever_the_services_write_into_the_history_of_a_case_has_its_word():
    written = _written_into_cases()
    assert {"opened", "recused", "clock_paused", "clock_recounted", "clock_overdue", "authority_idle"} <= written
    assert written == set(messages.WORDS["case_event"])


def test_every_step_of_a_procedure_has_its_word_in_both_languages():
    steps = [step for each in case_rules.procedures() for step in each.steps.values()]
    assert len(steps) > 40
    for each in steps:
        assert each.label.in_language("id") and each.label.in_language("en") not in ("", each.id)


# --- values of the records ---------------------------------------------------------------------------------------

WORD_OF = {
    "Activity.kind": "activity_kind", "Activity.state": "activity_state", "Attendance.way": "way",
    "Guest.kind": "guest_kind", "Invitation.answer": "answer",
    "ClippingOutcome.kind": "clipping_became", "Circular.kind": "circular_kind", "Circular.state": "circular_state",
    "Agency.kind": "agency_kind", "Body.kind": "body_kind", "CredentialEvent.kind": "credential",
    "FormerIdentifier.identifier_type": "identifier_type", "Holding.capacity": "capacity",
    "Inquiry.state": "inquiry_state",
    "Obligation.state": "state", "PaperOrder.kind": "paper_kind", "PaperOrder.state": "paper_state", "Office.kind": "office_kind", "OfficeLeave.kind": "leave_kind",
    "Duty.every": "duty_every", "FailingAddress.way": "outside_way", "OutsideCalm.way": "outside_way",
    "OutsideMessage.way": "outside_way", "OutsideMessage.state": "outside_state",
    "PaperScan.state": "scan_state",
    "PactRound.keeps_on": "keeps_on", "PactRound.state": "round_state", "Person.identifier_type": "identifier_type",
    "Placement.employment": "employment", "Placement.level": "level", "Placement.post_kind": "post_kind",
    "Report.channel": "report_channel", "Report.state": "report_state", "ReportAct.kind": "report_act",
    "ReportCopy.reason": "report_copy_reason", "ReportCopy.state": "report_copy_state", "ReportPart.kind": "report_part", "ReportTriage.act": "triage_act",
    "ReportTriage.reason": "triage_reason", "ReportTriage.state": "triage_state",
    "ReportPrint.kind": "double_because", "ReportMember.ended": "matter_end",
    "ReportHold.kind": "hold_kind", "RetentionTerm.kind": "retention_kind",
    "CaseRespondent.outcome": "case_outcome", "CaseOfficer.duty": "case_duty", "CaseOfficer.element": "team_element", "CaseConflict.kind": "case_conflict",
    "CaseClock.kind": "case_clock", "CaseDecision.way": "case_way", "CaseReferral.state": "referral_state",
    "Placement.status": "status", "RoleGrant.role": "role", "RosterImport.state": "import_state",
    "Signature.grade": "grade", "WorkUnit.kind": "unit_kind",
}  # fmt: skip


def choice_fields() -> dict[str, Any]:
    return {
        f"{model.__name__}.{field.name}": field
        for model in apps.get_app_config("records").get_models()
        for field in model._meta.get_fields()
        if getattr(field, "choices", None)
    }


def test_every_field_with_fixed_values_is_known_here():
    assert set(choice_fields()) == set(WORD_OF)


@pytest.mark.parametrize("name", sorted(WORD_OF))
def test_every_value_of_a_field_has_a_word(name):
    values = {value for value, _ in choice_fields()[name].choices}
    words = messages.WORDS.get(WORD_OF[name], {})
    assert values - set(words) == set(), f"{name}: no word for these in WORDS[{WORD_OF[name]!r}]"


def test_every_field_of_a_roster_has_a_word():
    assert set(roster.FIELDS) <= set(messages.FIELD_WORDS)


def test_a_word_is_never_its_own_code():
    """`jf_ahli_muda` on a page is a code, not a word."""
    for kind, words in messages.WORDS.items():
        for value, word in words.items():
            assert "_" not in str(word), f"{kind}: {value}"
