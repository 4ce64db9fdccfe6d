"""Every rule as dated versions: what a digest speaks for, and what is another on a second day."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.sources import Confidence, InForce, Label
from ikrar.domain.versions import (
    Change,
    RuleKind,
    RuleVersion,
    What,
    change_days,
    difference,
    plain,
    searched,
    versions,
)
from ikrar.gateways import rulebook_files

REPOSITORY = Path(__file__).parents[2]
BOOK = rulebook_files.rulebook()
ALL = list(versions(BOOK))
BY_KEY = {version.key: version for version in ALL}
DAYS = st.dates(date(2015, 1, 1), date(2028, 12, 31))


def changed(first: date, second: date, kind: RuleKind | None = None) -> dict[What, set[str]]:
    found: dict[What, set[str]] = {what: set() for what in What}
    for change in difference(ALL, first, second):
        if kind in (None, change.kind):
            found[change.what].add(change.id)
    return found


# --- versions and their digests ----------------------------------------------------------------------------------


def test_every_rule_of_the_rulebook_is_there_and_a_version_is_named_once():
    counted = Counter(version.kind for version in ALL)
    assert len(BY_KEY) == len(ALL)
    assert set(counted) == set(RuleKind)
    assert counted[RuleKind.ACT] == sum(len(act.versions) for act in BOOK.acts.values())
    assert counted[RuleKind.SOURCE] == len(BOOK.sources)
    assert counted[RuleKind.HOLIDAYS] == len(BOOK.holiday_lists)


def test_no_two_versions_have_the_same_digest():
    assert len({version.digest for version in ALL}) == len(ALL)


@pytest.mark.parametrize(
    "change",
    [
        {"level": "moderate"},
        {"who": frozenset({"pns"})},
        {"in_force": InForce(date(2022, 9, 23), None)},
        {"notes": Label("lain", "other")},
        {"cites": ()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_digest_is_another_where_the_rule_says_something_else(change):
    version = BY_KEY[RuleKind.ACT, "skb22-discipline-06-social-media-engagement", date(2022, 9, 22)]
    other = replace(version, value=replace(version.value, **change))
    assert other.digest != version.digest


def test_the_name_and_the_form_of_an_act_are_part_of_what_it_says():
    version = BY_KEY[RuleKind.ACT, "skb22-discipline-06-social-media-engagement", date(2022, 9, 22)]
    assert replace(version, act=replace(version.act, label=Label("lain", "other"))).digest != version.digest
    assert replace(version, act=replace(version.act, form="declare-self")).digest != version.digest


def test_a_digest_stays_where_only_what_is_known_of_the_rule_changes():
    """After a comparison with the gazette a fact is known better; the comparison must not fall off by that."""
    version = BY_KEY[RuleKind.ACT, "pp94-5n1-join-campaign", date(2021, 8, 31)]
    readings = tuple(replace(each, seen=("https://example.org",)) for each in version.value.readings)
    better = replace(
        version.value,
        confidence=Confidence.CONFIRMED,
        breach_confidence=Confidence.CONFIRMED,
        seen=("https://example.org",),
        readings=readings,
    )
    assert replace(version, value=better).digest == version.digest


def test_a_digest_is_the_same_in_every_process():
    """Sets have no order of their own: what is kept in a database must not depend on it."""
    assert plain(frozenset({"b", "a", "c"})) == ["a", "b", "c"]
    program = (
        "from ikrar.domain.versions import versions; from ikrar.gateways.rulebook_files import rulebook;"
        " print(*(each.digest for each in versions(rulebook())))"
    )
    for seed in ("1", "2"):
        said = subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=REPOSITORY,
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        assert said.stdout.split() == [version.digest for version in ALL]


def test_what_is_no_value_of_the_rulebook_has_no_plain_form():
    with pytest.raises(TypeError):
        plain(object())


# --- a difference ------------------------------------------------------------------------------------------------


def test_on_22_september_2022_the_joint_decision_replaces_that_of_2020():
    acts = changed(date(2022, 9, 21), date(2022, 9, 22), RuleKind.ACT)
    assert "skb20-ethics-04-social-media-engagement" in acts[What.ENDED]
    assert {"skb22-ethics-04-social-media-engagement", "skb22-discipline-06-social-media-engagement"} <= acts[
        What.BEGAN
    ]
    assert changed(date(2022, 9, 21), date(2022, 9, 22), RuleKind.BODY)[What.BEGAN] == {"skb-task-force"}
    assert changed(date(2022, 9, 21), date(2022, 9, 22), RuleKind.TERM)[What.ENDED] == {
        "ppk-act-on-recommendation-2020"
    }


def test_on_31_august_2021_discipline_is_under_another_regulation():
    sanctions = changed(date(2021, 8, 30), date(2021, 8, 31), RuleKind.SANCTION)
    assert "severe-demotion-12m" in sanctions[What.BEGAN] and "pp53-severe-demotion" in sanctions[What.ENDED]
    sources = changed(date(2021, 8, 30), date(2021, 8, 31), RuleKind.SOURCE)
    assert sources[What.BEGAN] == {"pp-94-2021"} and sources[What.ENDED] == {"pp-53-2010"}
    assert (
        "ppk-regency-city-administrator-below"
        in changed(date(2021, 8, 30), date(2021, 8, 31), RuleKind.AUTHORITY)[What.BEGAN]
    )


def test_on_14_november_2024_the_criminal_clause_reads_anew():
    found = changed(date(2024, 11, 13), date(2024, 11, 14))
    assert "pilkada-71-1-officials-before-mk136" in found[What.ENDED]
    assert {"pilkada-71-1-officials", "putusan-mk-136-2024", "passive-attendance-local-ban-kolaka"} <= found[What.BEGAN]


def test_a_body_changes_where_its_powers_or_its_disputes_do():
    [kasn] = [each for each in difference(ALL, date(2023, 10, 30), date(2023, 10, 31)) if each.id == "kasn"]
    assert kasn.what is What.ENDED
    [bkn] = [each for each in difference(ALL, date(2024, 9, 16), date(2024, 9, 17)) if each.id == "bkn"]
    assert bkn.what is What.CHANGED
    [detail] = bkn.details
    assert detail.name == "powers" and not detail.before and len(detail.after) == 1


def test_a_holiday_decided_late_is_a_change_of_its_list():
    [change] = difference(ALL, date(2023, 6, 15), date(2023, 6, 16))
    assert (change.kind, change.id) == (RuleKind.HOLIDAYS, "2023")
    assert change.details[0].after == ("2023-06-28", "2023-06-30")


def test_a_sanction_that_is_suspended_in_between_changes():
    sanction = BOOK.sanctions["moderate-tukin-25-6m"]
    pause = replace(sanction.suspended[0], in_force=InForce(date(2022, 1, 1), date(2023, 1, 1)))
    version = RuleVersion(
        RuleKind.SANCTION, sanction.id, sanction.label, sanction.in_force, sanction.confidence,
        replace(sanction, suspended=(pause,)),
    )  # fmt: skip
    [begun] = difference([version], date(2021, 12, 31), date(2022, 1, 1))
    assert [(detail.name, detail.after) for detail in begun.details] == [("suspended", (pause.because,))]
    [over] = difference([version], date(2022, 12, 31), date(2023, 1, 1))
    assert [(detail.name, detail.before) for detail in over.details] == [("resumed", (pause.because,))]


def test_a_rule_with_a_new_version_changes_and_says_in_what():
    version = BY_KEY[RuleKind.ACT, "skb22-discipline-06-social-media-engagement", date(2022, 9, 22)]
    first = replace(version.value, in_force=InForce(date(2022, 9, 22), date(2026, 1, 1)))
    second = replace(version.value, in_force=InForce(date(2026, 1, 1), None), level="moderate", who=frozenset({"pns"}))
    both = [replace(version, in_force=each.in_force, value=each) for each in (first, second)]
    [change] = difference(both, date(2025, 12, 31), date(2026, 1, 1))
    assert change.what is What.CHANGED
    assert {detail.name: (detail.before, detail.after) for detail in change.details} == {
        "who": (("cpns", "pns", "pppk"), ("pns",)),
        "level": (("severe",), ("moderate",)),
    }
    assert difference(both, date(2022, 9, 22), date(2025, 12, 31)) == []


def test_what_began_and_ended_in_between_is_told_too():
    found = changed(date(2020, 9, 1), date(2022, 9, 30), RuleKind.ACT)
    assert "skb20-ethics-04-social-media-engagement" in found[What.PASSED]


@given(DAYS)
def test_between_a_day_and_itself_nothing_changed(day):
    assert difference(ALL, day, day) == []


@given(DAYS, DAYS, DAYS)
def test_what_began_and_still_holds_began_in_one_of_the_steps_too(one, two, three):
    first, middle, last = sorted((one, two, three))

    def began(start: date, end: date) -> set[tuple[RuleKind, str]]:
        return {(each.kind, each.id) for each in difference(ALL, start, end) if each.what is What.BEGAN}

    assert began(first, last) <= began(first, middle) | began(middle, last)


@given(DAYS)
def test_a_day_on_which_nothing_is_counted_to_change_brings_no_beginning_and_no_end(day):
    before = day - timedelta(days=1)
    ended_or_begun = [
        each for each in difference(ALL, before, day)
        if each.what in (What.BEGAN, What.ENDED) and each.kind is not RuleKind.HOLIDAYS
    ]  # fmt: skip
    assert bool(ended_or_begun) == (day in change_days(ALL, date.min))


def test_a_change_names_the_later_version():
    version = ALL[0]
    assert Change(What.ENDED, version.kind, version.id, version, None).version is version


# --- to find one's way -------------------------------------------------------------------------------------------


def test_a_rule_is_found_by_its_names_its_citations_and_its_id():
    text = searched(BY_KEY[RuleKind.ACT, "skb22-discipline-06-social-media-engagement", date(2022, 9, 22)])
    for words in ("menyukai", "liking", "pasal 5 huruf n angka 5", "skb22-discipline-06", "digolongkan berat"):
        assert words in text
    assert "https" not in text


def test_people_say_the_last_day():
    assert InForce(date(2020, 9, 10), date(2022, 9, 22)).last_on == date(2022, 9, 21)
    assert InForce(date(2020, 9, 10), None).last_on is None
