"""Every act of the rulebook in at least one scenario that a lawyer can read: tests/domain/scenarios/acts.yaml."""

from datetime import date
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from ikrar.domain.assessment import assess
from ikrar.gateways import rulebook_files


class ExpectDocument(TypedDict):
    kind: str
    level: str
    sanctions: list[str]
    cites: str


class ScenarioDocument(TypedDict):
    name: str
    act: str
    day: date
    employment: str
    post: NotRequired[str]
    election: NotRequired[str]
    contest: NotRequired[str]
    candidate_status: NotRequired[str]
    expect: ExpectDocument


class ScenariosDocument(TypedDict):
    scenarios: list[ScenarioDocument]


FILE = Path(__file__).parent / "scenarios" / "acts.yaml"
SCENARIOS = rulebook_files.read(FILE, ScenariosDocument).data["scenarios"]


@pytest.fixture(scope="module")
def book():
    return rulebook_files.rulebook()


@pytest.mark.parametrize("scenario", [pytest.param(each, id=f"{each['act']} {each['day']}") for each in SCENARIOS])
def test_a_scenario_is_answered_as_the_rules_of_its_day_say(book, scenario):
    election = scenario.get("election")
    answer = assess(
        book,
        act=scenario["act"],
        day=scenario["day"],
        employment=scenario["employment"],
        post=scenario.get("post", ""),
        election=book.elections[election] if election else None,
        candidate_status=scenario.get("candidate_status"),
        contest=scenario.get("contest"),
    )
    expect = scenario["expect"]
    assert answer.act == scenario["act"], scenario["name"]
    assert answer.kind == expect["kind"], scenario["name"]
    assert answer.level == expect["level"], scenario["name"]
    assert list(answer.sanctions) == expect["sanctions"], scenario["name"]
    assert expect["cites"] in [cite.text for cite in answer.cites], scenario["name"]


def test_every_act_has_a_scenario_and_no_two_are_told_alike(book):
    assert {each["act"] for each in SCENARIOS} == set(book.acts)
    names = [each["name"] for each in SCENARIOS]
    assert len(set(names)) == len(names)
