"""Every row of what offices said in at least one scenario that a lawyer can read: tests/domain/scenarios/guidance.yaml."""

from datetime import date
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from ikrar.domain.guidance import Who, advise, answer
from ikrar.gateways import rulebook_files
from ikrar.gateways.rulebook_files import read


class ExpectDocument(TypedDict):
    verdict: str
    conditions: NotRequired[list[str]]
    acts: NotRequired[list[str]]
    readings: NotRequired[list[str]]


class ScenarioDocument(TypedDict):
    name: str
    statement: str
    silent: NotRequired[bool]
    question: NotRequired[str]
    activity: NotRequired[str]
    day: date
    region: NotRequired[str]
    employment: str
    relation: NotRequired[str]
    facts: NotRequired[dict[str, bool]]
    expect: ExpectDocument


class ScenariosDocument(TypedDict):
    scenarios: list[ScenarioDocument]


FILE = Path(__file__).parent / "scenarios" / "guidance.yaml"
SCENARIOS = read(FILE, ScenariosDocument).data["scenarios"]


@pytest.fixture(scope="module")
def book():
    return rulebook_files.rulebook()


def _advice(book, scenario):
    who = Who(scenario["employment"], "", scenario.get("relation", ""))
    setting = {"day": scenario["day"], "region": scenario.get("region", ""), "who": who}
    if "question" in scenario:
        return answer(book, scenario["question"], **setting)
    return advise(book, [scenario["activity"]], facts=scenario.get("facts"), **setting)


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each["name"]) for each in SCENARIOS])
def test_a_scenario_is_answered_as_its_day_place_and_person_ask(book, scenario):
    advice, expect = _advice(book, scenario), scenario["expect"]
    assert advice.verdict == expect["verdict"]
    conditions = [condition.label.id for part in advice.activities for condition in (*part.conditions, *part.met)]
    for wanted in expect.get("conditions", []):
        assert any(wanted in each for each in conditions), (wanted, conditions)
    acts = [act.act for part in advice.activities for act in part.acts]
    assert set(expect.get("acts", [])) <= set(acts)
    held = [reading.held_by.id for part in advice.activities for reading in part.readings if reading.held_by]
    for wanted in expect.get("readings", []):
        assert any(wanted in each for each in held), (wanted, held)
    statements = [id for part in advice.activities for id in part.statements]
    if not scenario.get("silent", False):
        assert scenario["statement"] in statements
        cited = {cite.text for cite in advice.cites}
        assert {cite.text for cite in book.guidance.statements[scenario["statement"]].cites} <= cited


def test_every_statement_has_a_scenario_in_which_it_speaks_and_no_two_are_told_alike(book):
    speaking = {each["statement"] for each in SCENARIOS if not each.get("silent", False)}
    assert speaking == set(book.guidance.statements)
    names = [each["name"] for each in SCENARIOS]
    assert len(set(names)) == len(names)
