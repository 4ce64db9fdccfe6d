"""Who decides: the cases of scenarios/authority.yaml, and that they leave out no row."""

from datetime import date
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from ikrar.domain.authority import Answer, Role, question_of, resolve
from ikrar.domain.errors import DomainError
from ikrar.gateways.rulebook_files import read
from tests.domain.authority_book import book

FILE = Path(__file__).parent / "scenarios" / "authority.yaml"


class Person(TypedDict):
    post_level: NotRequired[str]
    agency_kind: NotRequired[str]
    employment: NotRequired[str]
    post: NotRequired[str]
    superior_level: NotRequired[str]
    levels_above: NotRequired[list[str]]
    is_ppk: NotRequired[bool]
    appointed_by_president: NotRequired[bool]
    at_mission: NotRequired[bool]
    levels_below: NotRequired[int]


class ConflictOf(TypedDict):
    authority: NotRequired[str]
    why: str
    capacity: NotRequired[str]


class HolderOf(TypedDict):
    authority: NotRequired[str]
    capacity: NotRequired[str]
    vacant: NotRequired[bool]
    leave: NotRequired[str]
    candidate: NotRequired[bool]
    until: NotRequired[date]


class Expected(TypedDict):
    authority: NotRequired[str | None]
    row: NotRequired[str]
    office: NotRequired[str]
    capacity: NotRequired[str | None]
    examiner: NotRequired[str]
    team: NotRequired[str]
    team_formed_by: NotRequired[str]
    council_formed_by: NotRequired[str]
    recommender: NotRequired[str]
    finder: NotRequired[str]
    objection: NotRequired[str]
    appeal: NotRequired[str]
    told: NotRequired[list[str]]
    also: NotRequired[dict[str, str]]
    passed_over: NotRequired[list[str]]
    reasons: NotRequired[list[str]]
    asks: NotRequired[list[str]]
    cites: NotRequired[list[str]]
    confidence: NotRequired[str]
    basis_confidence: NotRequired[str]
    error: NotRequired[str]
    field: NotRequired[str]


class Scenario(TypedDict):
    name: str
    person: Person
    level: str
    day: date
    dismissal: NotRequired[bool]
    reshuffle_ban: NotRequired[bool]
    conflicts: NotRequired[list[ConflictOf]]
    holders: NotRequired[list[HolderOf]]
    expect: Expected


class Scenarios(TypedDict):
    scenarios: list[Scenario]


SCENARIOS = read(FILE, Scenarios).data["scenarios"]


def _role(role: Role | None) -> str:
    if role is None:
        return "none"
    return "not known" if role.name is None else role.name.id


def _said(answer: Answer) -> dict[str, object]:
    """Return the answer in the words of the scenarios."""
    return {
        "authority": answer.authority,
        "row": answer.row,
        "office": answer.office and answer.office.id,
        "capacity": answer.capacity,
        "examiner": _role(answer.examiner),
        "team": answer.team.need.value if answer.team else "none",
        "team_formed_by": _role(answer.team and answer.team.formed_by),
        "council_formed_by": _role(answer.council and answer.council.formed_by),
        "recommender": _role(answer.recommender),
        "finder": _role(answer.finder),
        "objection": _role(answer.objection),
        "appeal": _role(answer.appeal),
        "told": [role.body for role in answer.told],
        "also": {other.authority: other.reason.code for other in answer.also},
        "passed_over": [f"{each.authority}: {each.why}" for each in answer.passed_over],
        "confidence": answer.confidence,
        "basis_confidence": answer.basis_confidence,
    }


def _resolve(scenario: Scenario) -> Answer:
    asked = {key: value for key, value in scenario.items() if key not in ("name", "day", "expect")}
    return resolve(book(), question_of(asked, scenario["day"]))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[each["name"] for each in SCENARIOS])
def test_scenario(scenario):
    expected = dict(scenario["expect"])
    if "error" in expected:
        with pytest.raises(DomainError) as caught:
            _resolve(scenario)
        fact = caught.value.details().get("fact", caught.value.details().get("field"))
        assert (caught.value.code, fact) == (expected["error"], expected["field"])
        return
    answer = _resolve(scenario)
    codes = [reason.code for reason in answer.reasons]
    assert set(expected.pop("reasons", [])) <= set(codes)
    assert set(expected.pop("cites", [])) <= {cite.text for cite in answer.cites}
    if "asks" in expected:
        assert sorted({reason.code for reason in answer.asks}) == sorted(expected.pop("asks"))
    said = _said(answer)
    assert {key: said[key] for key in expected} == expected


def test_there_are_more_than_forty_cases_and_each_has_a_name_of_its_own():
    names = [each["name"] for each in SCENARIOS]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


def test_every_row_decides_in_a_case_or_says_there_why_nobody_is_known():
    seen = set()
    for scenario in SCENARIOS:
        if "error" in scenario["expect"]:
            continue
        answer = _resolve(scenario)
        seen.add(answer.row)
        seen.update(value for reason in answer.reasons for name, value in reason.values if name == "row")
    assert set(book().authorities) <= seen
