"""Every time limit of the rulebook in at least one scenario that a lawyer can read: tests/domain/scenarios/terms.yaml."""

from datetime import date, datetime
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from ikrar.domain.errors import HolidaysUnknown
from ikrar.domain.terms import Extension, due
from ikrar.gateways import rulebook_files
from tests.domain.packaged_terms import packaged


class ExtensionDocument(TypedDict):
    length: int
    reason: str


class ScenarioDocument(TypedDict):
    name: str
    term: str
    regime: NotRequired[str]
    start: NotRequired[date]
    start_at: NotRequired[str]
    known_on: NotRequired[date]
    ignoring: NotRequired[list[date]]
    extension: NotRequired[ExtensionDocument]
    expect: NotRequired[date]
    expect_at: NotRequired[str]
    others: NotRequired[list[date]]
    unknown_year: NotRequired[int]
    why: str


class ScenariosDocument(TypedDict):
    scenarios: list[ScenarioDocument]


FILE = Path(__file__).parent / "scenarios" / "terms.yaml"
SCENARIOS = rulebook_files.read(FILE, ScenariosDocument).data["scenarios"]


def computed(scenario):
    clocks = packaged()
    holidays = clocks.holidays.without(*scenario.get("ignoring", []))
    if "known_on" in scenario:
        holidays = holidays.as_known(scenario["known_on"])
    regime = scenario.get("regime")
    extension = scenario.get("extension")
    return due(
        clocks.terms[scenario["term"]],
        datetime.fromisoformat(scenario["start_at"]) if "start_at" in scenario else scenario["start"],
        holidays,
        regime=rulebook_files.elections()[regime] if regime else None,
        extensions=[Extension(**extension)] if extension else [],
    )


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each["name"]) for each in SCENARIOS])
def test_a_scenario_ends_on_the_day_that_was_counted_by_hand(scenario):
    if "unknown_year" in scenario:
        with pytest.raises(HolidaysUnknown) as refused:
            computed(scenario)
        assert refused.value.year == scenario["unknown_year"]
        return
    answer = computed(scenario)
    expect = datetime.fromisoformat(scenario["expect_at"]) if "expect_at" in scenario else scenario["expect"]
    assert answer.last_day == expect, scenario["why"]
    assert answer.readings[0].last_day == expect
    assert [each.last_day for each in answer.readings[1:]] == scenario.get("others", []), scenario["why"]


def test_every_term_has_a_scenario_and_no_two_are_told_alike():
    assert {each["term"] for each in SCENARIOS} == set(packaged().terms)
    names = [each["name"] for each in SCENARIOS]
    assert len(set(names)) == len(names)
