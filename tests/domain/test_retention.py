"""How long reports are kept: bounds, and what a shorter term may not do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import retention
from ikrar.domain.report_states import ReportState
from ikrar.domain.retention import RULES, STATES, WARNED_DAYS, Kept, Term

SET_ON = date(2025, 3, 1)


def test_every_state_and_every_kind_has_a_term_within_its_bounds():
    assert set(RULES) == set(Kept)
    for rule in RULES.values():
        assert rule.allows(rule.days) and not rule.allows(rule.least - 1) and not rule.allows(rule.most + 1)
    for state in ReportState:
        for withdrawn in (True, False):
            assert state in STATES[retention.kind_of(state, withdrawn=withdrawn)]


def test_only_what_its_reporter_withdrew_goes_quickly():
    quick = {kind for kind, rule in RULES.items() if rule.days < 180}
    assert quick == {Kept.WITHDRAWN}


@pytest.mark.parametrize("state", ["received", "read", "asked"])
def test_what_nobody_ended_is_kept_for_years(state):
    assert RULES[retention.kind_of(state, withdrawn=False)].least >= 3 * 365


@given(st.integers(7, 4000), st.integers(7, 4000), st.integers(-4000, 400))
def test_a_changed_term_erases_nothing_sooner_than_it_was_told_before_or_a_month_after(days, before, age):
    since = SET_ON - timedelta(days=age)
    end = Term(days, before, SET_ON).ends(since)
    told = since + timedelta(days=before)
    assert end >= min(told, SET_ON + timedelta(days=WARNED_DAYS))
    assert end >= since + timedelta(days=days) or end == told
    assert end <= max(since + timedelta(days=days), told)


def test_a_term_is_changed_once_in_the_month_in_which_its_change_is_announced():
    assert Term(90).may_change(SET_ON)
    assert not Term(90, 365, SET_ON).may_change(SET_ON + timedelta(days=29))
    assert Term(90, 365, SET_ON).may_change(SET_ON + timedelta(days=30))
