"""The band of a clause: what it allows, to whom, and when a team must examine."""

from datetime import date

import pytest

from ikrar.domain import sanctions
from ikrar.domain.errors import ActUnknown, RuleNotInForce, ValueUnknown
from ikrar.gateways import rulebook_files

BOOK = rulebook_files.rulebook()
DAY = date(2024, 10, 1)
SEVERE = "pp94-5n6-partisan-activities"


def test_a_severe_clause_allows_its_own_sanctions_and_asks_for_a_team():
    band = sanctions.band(BOOK, [SEVERE], DAY, "pns")
    assert "severe-demotion-12m" in {each.id for each in band.sanctions}
    assert band.needs_team and band.cites and {each.level for each in band.sanctions} == {"severe"}


@pytest.mark.parametrize("sanction", ["light-oral", "moral-open", "no-such", "pp53-severe-demotion"])
def test_a_light_a_moral_an_older_and_an_unknown_sanction_lie_outside_a_severe_band(sanction):
    assert sanction not in {each.id for each in sanctions.band(BOOK, [SEVERE], DAY, "pns").sanctions}


def test_a_suspended_sanction_is_never_offered():
    assert not [each.id for each in sanctions.sanctions_for(BOOK, "pns", DAY) if "tukin" in each.id]


def test_contract_staff_have_their_own_sanctions():
    of_pppk = {each.id for each in sanctions.sanctions_for(BOOK, "pppk", DAY)}
    assert {"pppk-agency-rules", "pppk-termination-dishonourable"} <= of_pppk
    assert not of_pppk & {"ppnpn-graded", "severe-demotion-12m", "ptdh"}


def test_every_band_lies_within_the_catalogue_of_its_employment():
    for act in BOOK.acts.values():
        if act.on(DAY) is None:
            continue
        for employment in ("pns", "pppk", "ppnpn", "village-head"):
            there = sanctions.sanctions_for(BOOK, employment, DAY)
            assert set(sanctions.band(BOOK, [act.id], DAY, employment).sanctions) <= set(there)


def test_unknown_words_and_days_are_refused():
    with pytest.raises(ActUnknown):
        sanctions.band(BOOK, ["no-such"], DAY, "pns")
    with pytest.raises(RuleNotInForce):
        sanctions.band(BOOK, [SEVERE], date(2019, 1, 1), "pns")
    with pytest.raises(ValueUnknown):
        sanctions.sanctions_for(BOOK, "tni", DAY)
