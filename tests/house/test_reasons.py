"""Every reason that an answer about the law can give has its sentence, and every value that it can hold has its word."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ikrar.domain import activities, acts, assessment, authority, days, offices, persons, receipts, sources, terms
from ikrar.domain.authority import question
from ikrar.domain.roster import Level
from ikrar.web import messages, reasons
from tests.house.test_source import PACKAGE, Function, calls, name_of, place, texts, tree_of
from tests.house.test_source import sources as files

DOMAIN = PACKAGE / "domain"

# --- the reasons that the domain gives ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """A reason as one place of the source makes it: its code, and the names of its values."""

    code: str
    values: frozenset[str]
    place: str


def function(path: Path, name: str) -> Function:
    return next(node for node in ast.walk(tree_of(path)) if isinstance(node, Function) and node.name == name)


def assigned(node: ast.AST, name: str) -> list[ast.expr]:
    """What a variable is set to within a node."""
    return [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Assign) and any(isinstance(at, ast.Name) and at.id == name for at in each.targets)
    ]


def misfits() -> set[str]:
    """Why an act does not fit: the words that `_row` of the assessment may set `unfit` to."""
    row = function(DOMAIN / "assessment.py", "_row")
    return {text for value in assigned(row, "unfit") for text in texts(value) if text}


# What stands between the braces of a code that is put together, by how it is written.
PARTS = {
    "own.unfit": misfits,
    "each": misfits,
    "standing": lambda: {each.value for each in acts.Standing if each is not acts.Standing.BREACH},
    "statement.status": lambda: {each.value for each in activities.Status},
}


def codes(node: ast.expr, inside: Function, tree: ast.Module) -> set[str]:
    """Every code that an expression may be: a text, one of two, one put together, a variable, or what was passed in."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return codes(one, inside, tree) | codes(other, inside, tree)
        case ast.JoinedStr(values=[ast.Constant(value=str(before)), ast.FormattedValue(value=part)]):
            return {before + word for word in PARTS[ast.unparse(part)]()}
        case ast.Name(id=name):
            if values := assigned(inside, name):
                return {code for value in values for code in codes(value, inside, tree)}
            at = [each.arg for each in inside.args.args].index(name)
            found = set()
            for caller in (each for each in ast.walk(tree) if isinstance(each, Function)):
                for call in calls(caller):
                    if name_of(call) == inside.name:
                        found |= codes(call.args[at], caller, tree)
            return found
    raise AssertionError(f"a code that cannot be read: {ast.unparse(node)}")


def names(node: ast.expr, inside: Function) -> set[str]:
    """The names of the values of a reason, as its second argument tells them."""
    match node:
        case ast.Tuple(elts=elements):
            found = set()
            for each in elements:
                match each:
                    case ast.Tuple(elts=[ast.Constant(value=str(name)), _]):
                        found.add(name)
                    case ast.Starred(value=value):
                        found |= names(value, inside)
                    case _:
                        raise AssertionError(f"a value that cannot be read: {ast.unparse(each)}")
            return found
        case ast.Name(id=name):
            return set.intersection(*(names(value, inside) for value in assigned(inside, name)))
    raise AssertionError(f"values that cannot be read: {ast.unparse(node)}")


def made_in(path: Path) -> Iterator[Given]:
    tree = tree_of(path)
    for inside in (each for each in ast.walk(tree) if isinstance(each, Function)):
        for call in calls(inside):
            if name_of(call) == "Reason":
                values = names(call.args[1], inside) if len(call.args) > 1 else set()
                for code in codes(call.args[0], inside, tree):
                    yield Given(code, frozenset(values), place(path, call))


def given() -> list[Given]:
    # Why a name fits is no answer about the law: its reasons are held by tests/web/test_name_words.py.
    return [each for path in files("domain") if path.name != "names.py" for each in made_in(path)]


def test_the_search_finds_the_reasons():
    found = {each.code for each in given()}
    assert {
        "act_applies",
        "unfit_status",
        "standing_contested",
        "statement_custom",
        "act_met",
        "election_given",
    } <= found
    assert {"row_names", "dismissal_elsewhere", "none_between", "council_former_not_in_data"} <= found
    assert len(found) > 100


def test_what_the_authority_gives_is_what_it_lists():
    made = {each.code: each for path in files("domain/authority") for each in made_in(path)}
    assert {code: set(values) for code, values in authority.REASONS.items()} == {
        code: set(each.values) for code, each in made.items()
    }


def test_every_reason_has_its_sentence():
    missing = {each.code: each.place for each in given() if each.code not in reasons.SENTENCES}
    assert missing == {}


def test_no_sentence_is_kept_for_a_reason_that_nobody_gives():
    assert set(reasons.SENTENCES) - {each.code for each in given()} == set()
    assert {code for code, _ in reasons._WITHOUT} <= set(reasons.SENTENCES)


def placeholders(text: object) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", str(text)))


# What a sentence may say beside the values themselves, and the values from which it is told.
FROM = {"what": {"act", "form"}, "basis": {"activity"}}


def test_a_sentence_says_only_what_its_reason_gives():
    for each in given():
        with_empty = [text for (code, _), text in reasons._WITHOUT.items() if code == each.code]
        for text in (reasons.SENTENCES[each.code], *with_empty):
            for name in placeholders(text):
                assert name in each.values or FROM.get(name, set()) & each.values, f"{each.place}: {each.code}: {name}"


def test_a_sentence_for_what_is_empty_does_not_say_it():
    for (code, name), text in reasons._WITHOUT.items():
        assert name in placeholders(reasons.SENTENCES[code])
        assert placeholders(text) == placeholders(reasons.SENTENCES[code]) - {name}


def test_no_value_is_told_as_its_id():
    plain = {"characters", "year"}
    told = set(reasons._TOLD) | set(reasons._TOLD_BY_ALL) | set(reasons._LABELS)
    said = {name for text in reasons.SENTENCES.values() for name in placeholders(text)}
    assert said - told == plain


def test_sentences_keep_the_tone():
    for code, text in [*reasons.SENTENCES.items(), *((code, text) for (code, _), text in reasons._WITHOUT.items())]:
        said = str(text)
        assert said.endswith(".") and "!" not in said and "  " not in said, code
        assert said[0].isupper() or said[0] in "%“", code


# --- words -------------------------------------------------------------------------------------------------------

EVERY = {
    "verdict": activities.Verdict,
    "track": (*acts.Track, "none"),
    "level": (*acts.LEVELS, "none"),
    "sanction_level": acts.SANCTION_LEVELS,
    "family": acts.FAMILIES,
    "standing": acts.Standing,
    "phase": acts.Phase,
    "confidence": sources.Confidence,
    "candidate_status": assessment.STATUSES,
    "statement": activities.Status,
    "relation": persons.RELATIONS,
    "employment": (*persons.CLASSES, "any"),
    "contest": acts.CONTESTS,
    "election_kind": acts.ELECTIONS,
    "circumstance_of_power": offices.CIRCUMSTANCES,
    "skip": days.Skip,
    "unit": terms.Count,
    "collective_leave": days.Leave,
    "basis": terms.Basis,
    "direction": terms.Direction,
    "meaning": terms.Meaning,
    "receipt_part": (*receipts.PARTS, "log", "unreadable"),
    "capacity": offices.Capacity,
    "why": (*offices.CONFLICTS, "vacant", "campaign_leave", "leave_ended", "term_ended"),
    "leave": offices.Leave,
    "need": offices.Need,
    "part": offices.Part,
    "agency_kind": (*offices.AgencyKind, ""),
    "post_level": (*Level, ""),
    "power": offices.BODY_POWERS,
}


def test_every_kind_of_word_is_known_here():
    assert set(reasons.WORDS) == set(EVERY)


@pytest.mark.parametrize("kind", EVERY)
def test_every_value_has_its_word_and_no_other_is_kept(kind):
    assert set(reasons.WORDS[kind]) == {str(value) for value in EVERY[kind]}
    for value, word in reasons.WORDS[kind].items():
        assert "_" not in str(word) and "!" not in str(word), value
        assert str(word) == str(word).strip() != "", value


def test_every_reason_to_pass_an_office_over_has_its_words():
    why = function(DOMAIN / "authority" / "holders.py", "_why_holder_not")
    said = {text for text in texts(why) if text in reasons.WORDS["why"]}
    returned = {text for node in ast.walk(why) if isinstance(node, ast.Return) for text in texts(node)}
    added = {text for call in calls(why) if name_of(call) == "append" for text in texts(call)}
    assert returned | added == said == {"vacant", "campaign_leave", "leave_ended", "term_ended", "candidate"}


# --- what a question can leave out or get wrong ------------------------------------------------------------------


def test_every_fact_that_an_error_names_has_its_words():
    """The names of facts stand in the errors themselves, and where the fields of a question are read."""
    found = {*question._TEXTS, *question._CLAIMS, *question._HOLDER_TEXTS}
    for path in files("domain", "worker"):
        for call in calls(tree_of(path)):
            at = {"FactMissing": 0, "ValueUnknown": 0, "_text": 1, "_claim": 1, "_list": 1}.get(name_of(call))
            if at is not None and len(call.args) > at and isinstance(call.args[at], ast.Constant):
                found.add(call.args[at].value)
    assert len(found) > 20
    assert found - set(messages.FACT_WORDS) == set()


def test_every_need_of_a_start_has_its_sentence():
    made = {
        text
        for call in calls(tree_of(DOMAIN / "terms.py"))
        if name_of(call) == "TermStartWrong"
        for text in texts(call.args[1])
    }
    assert made == set(messages._TERM_STARTS)


# --- where the sentences may be used -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["reasons.py", "messages.py"])
def test_sentences_need_no_more_of_the_framework_than_its_translations(name):
    """The commands about the law say them without the framework being set up, and without a database."""
    path = PACKAGE / "web" / name
    for node in ast.walk(tree_of(path)):
        assert not isinstance(node, ast.Import) or not any(each.name.startswith("django") for each in node.names)
        if isinstance(node, ast.ImportFrom) and (module := node.module or ""):
            if module.startswith("django"):
                assert module == "django.utils.translation", place(path, node)
            elif module.startswith("ikrar"):
                assert module == "ikrar.web" or module.startswith("ikrar.domain"), place(path, node)
