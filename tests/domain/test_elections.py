"""The election calendar: which stages run on a day, what a region may move, what a file may not say."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.elections import BEGINS, DETERMINES, ENDS, Kind, Stage, parse, stage_changes, with_moves
from ikrar.domain.errors import DatesInWrongOrder, RulebookFault, StageUnknown
from ikrar.domain.sources import Checker, Confidence, Label

DETERMINED = date(2030, 9, 22)
VOTING = date(2030, 11, 27)


def stage(id, first, after, **more):
    return {
        "id": id,
        "label": {"id": f"Tahapan {id}", "en": f"Stage {id}"},
        "from": first,
        "until": after,
        "conditional": False,
        "phase_switch": False,
        "notes": None,
        "sources": ["https://example.org/plan"],
        "confidence": "confirmed",
        **more,
    }


def plan():
    """A regional election with one of everything."""
    return {
        "id": "pilkada-2030",
        "label": {"id": "Pemilihan 2030", "en": "Regional elections 2030"},
        "kind": "pilkada",
        "voting_on": VOTING,
        "basis": ["PKPU 1/2029"],
        "regions": {"total": 3, "provinces": 1, "regencies": 1, "cities": 1},
        "candidates_determined_on": DETERMINED,
        "determination_by_contest": None,
        "sources": ["https://example.org/plan"],
        "confidence": "one_source",
        "stages": [
            stage("planning", None, date(2030, 2, 1)),
            stage("registration", date(2030, 8, 27), date(2030, 8, 30)),
            stage("determination", DETERMINED, DETERMINED + timedelta(days=1), phase_switch=True),
            stage("campaign", date(2030, 9, 25), date(2030, 11, 24)),
            stage("media-advertising", date(2030, 11, 10), date(2030, 11, 24)),
            stage("quiet-period", date(2030, 11, 24), VOTING),
            stage("voting", VOTING, VOTING + timedelta(days=1)),
            stage("counting", VOTING, None),
            stage("second-round-campaign", date(2030, 12, 10), date(2030, 12, 20), conditional=True),
        ],
        "derived": [
            {
                "id": "reshuffle-ban-start",
                "label": {"id": "Awal larangan", "en": "Start of the ban"},
                "day": date(2030, 3, 22),
                "notes": "Dihitung sendiri.",
                "sources": [],
                "confidence": "uncertain",
            }
        ],
    }


def general_plan():
    """A general election: two contests, whose candidates are determined on different days."""
    document = plan()
    document |= {
        "id": "pemilu-2030",
        "kind": "pemilu",
        "regions": None,
        "candidates_determined_on": None,
        "determination_by_contest": {"dpr": date(2030, 9, 12), "president": DETERMINED},
    }
    document["stages"][2]["contests"] = ["president"]
    lists = stage("determination-dpr", date(2030, 9, 12), date(2030, 9, 13), phase_switch=True, contests=["dpr"])
    document["stages"].insert(2, lists)
    return document


def election(document=None):
    return parse(document or plan(), Checker("plan.yaml", lambda place: 1))


def fault_of(document):
    """Return the place and the sentence of the fault that a document has."""
    asked = []

    def line_of(place):
        asked.append(place)
        return 7

    with pytest.raises(RulebookFault) as caught:
        parse(document, Checker("plan.yaml", line_of))
    assert (caught.value.file, caught.value.line) == ("plan.yaml", 7)
    return asked[-1], caught.value.says


def test_a_file_becomes_an_election_with_every_field():
    found = election()
    assert (found.id, found.kind, found.voting_on, found.confidence) == (
        "pilkada-2030",
        Kind.PILKADA,
        VOTING,
        Confidence.ONE_SOURCE,
    )
    assert found.label.in_language("id") == "Pemilihan 2030"
    assert found.label.in_language("en") == "Regional elections 2030"
    assert (found.regions.total, found.regions.cities) == (3, 1)
    assert found.stage("campaign").last_on == date(2030, 11, 23)
    assert found.stage("counting").last_on is None
    assert found.derived[0].day == date(2030, 3, 22)
    assert found.derived[0].counted_on is None
    assert found.superseded_by is None


def test_an_election_can_be_a_key():
    assert {election(): 1}[election()] == 1
    assert hash(election(general_plan())) == hash(election(general_plan()))


@pytest.mark.parametrize(
    "day, running",
    [
        (date(2030, 9, 24), []),
        (date(2030, 9, 25), ["campaign"]),
        (date(2030, 11, 23), ["campaign", "media-advertising"]),
        (date(2030, 11, 24), ["quiet-period"]),
        (date(2030, 11, 26), ["quiet-period"]),
        (VOTING, ["voting", "counting"]),
        (date(2030, 11, 28), ["counting"]),
    ],
)
def test_a_stage_runs_from_its_first_day_to_the_day_before_until(day, running):
    assert [each.id for each in election().stages_on(day)] == running


@given(st.dates(date(2030, 1, 1), date(2031, 12, 31)))
def test_a_stage_runs_on_a_day_exactly_when_the_day_lies_between_its_first_and_last(day):
    for each in election().stages:
        if each.from_on and each.last_on:
            assert each.runs_on(day) == (each.from_on <= day <= each.last_on)


def test_a_stage_whose_beginning_nobody_recorded_is_known_to_run_on_its_last_day_only():
    planning = election().stage("planning")
    assert planning.runs_on(date(2030, 1, 31))
    assert not planning.runs_on(date(2030, 1, 30))
    assert not planning.runs_on(date(2010, 1, 1))


def test_a_stage_without_an_end_runs_on():
    assert election().stage("counting").runs_on(date(2031, 6, 1))


def test_a_stage_without_any_day_runs_never():
    assert not Stage("later", Label("Nanti", "Later"), None, None).runs_on(VOTING)


def test_a_conditional_stage_runs_only_for_those_who_ask_for_it():
    day = date(2030, 12, 10)
    assert [each.id for each in election().stages_on(day)] == ["counting"]
    assert [each.id for each in election().stages_on(day, conditional=True)] == ["counting", "second-round-campaign"]


def test_a_stage_that_is_not_in_the_calendar_is_refused_not_missing():
    with pytest.raises(StageUnknown):
        election().stage("coronation")


# --- determination -----------------------------------------------------------------------------------------------


def test_in_a_regional_election_the_candidates_of_all_are_determined_on_one_day():
    assert election().determined_on(None) == election().determined_on("regent") == DETERMINED


def test_in_a_general_election_each_contest_has_its_day():
    found = election(general_plan())
    assert found.determined_on("dpr") == date(2030, 9, 12)
    assert found.determined_on("president") == DETERMINED


def test_without_a_contest_there_is_a_day_only_where_all_contests_share_it():
    document = general_plan()
    assert election(document).determined_on(None) is None
    document["determination_by_contest"] = {"dpr": DETERMINED, "president": DETERMINED}
    document["stages"][2] |= {"from": DETERMINED, "until": DETERMINED + timedelta(days=1)}
    assert election(document).determined_on(None) == DETERMINED


def test_a_contest_that_the_election_does_not_hold_has_no_day_and_says_so():
    with pytest.raises(ValueError, match="'mayor'"):
        election(general_plan()).determined_on("mayor")


def test_before_the_day_is_known_nobody_is_determined():
    document = plan()
    document["candidates_determined_on"] = None
    document["stages"][2] |= {"from": None, "until": None}
    assert election(document).determined_on(None) is None


# --- moves -------------------------------------------------------------------------------------------------------


def test_a_moved_stage_runs_on_its_new_days_both_included():
    moved = with_moves(election(), {"campaign": (date(2030, 10, 1), date(2030, 11, 20))})
    campaign = moved.stage("campaign")
    assert (campaign.from_on, campaign.until_on, campaign.last_on) == (
        date(2030, 10, 1),
        date(2030, 11, 21),
        date(2030, 11, 20),
    )
    assert campaign.moved
    assert not moved.stage("voting").moved


def test_a_moved_stage_no_longer_rests_on_the_sources_of_the_old_days():
    campaign = with_moves(election(), {"campaign": (date(2030, 10, 1), date(2030, 11, 20))}).stage("campaign")
    assert campaign.sources == ()
    assert campaign.confidence is Confidence.ONE_SOURCE


def test_a_stage_of_unknown_days_gets_days_by_a_move():
    moved = with_moves(election(), {"planning": (date(2030, 1, 2), date(2030, 1, 31))})
    assert moved.stage("planning").runs_on(date(2030, 1, 2))


def test_a_move_leaves_the_national_calendar_as_it_was():
    national = election()
    with_moves(national, {"voting": (date(2030, 12, 5), date(2030, 12, 5))})
    assert national == election()


def test_the_day_of_voting_goes_with_its_stage():
    moved = with_moves(election(), {"voting": (date(2030, 12, 5), date(2030, 12, 5))})
    assert moved.voting_on == date(2030, 12, 5)
    assert with_moves(election(), {"campaign": (date(2030, 10, 1), date(2030, 11, 20))}).voting_on == VOTING


def test_the_day_of_determination_goes_with_its_stage():
    moved = with_moves(election(), {"determination": (date(2030, 9, 23), date(2030, 9, 24))})
    assert moved.determined_on(None) == date(2030, 9, 24)


def test_in_a_general_election_only_the_contests_of_the_moved_stage_are_determined_anew():
    moved = with_moves(election(general_plan()), {"determination-dpr": (date(2030, 9, 14), date(2030, 9, 14))})
    assert moved.determined_on("dpr") == date(2030, 9, 14)
    assert moved.determined_on("president") == DETERMINED


def test_only_a_stage_of_the_calendar_can_be_moved():
    with pytest.raises(StageUnknown):
        with_moves(election(), {"coronation": (VOTING, VOTING)})


def test_a_stage_cannot_be_moved_to_end_before_it_begins():
    with pytest.raises(DatesInWrongOrder):
        with_moves(election(), {"campaign": (date(2030, 11, 20), date(2030, 10, 1))})


def test_without_moves_the_calendar_is_the_national_one():
    assert with_moves(election(), {}) == election()


# --- what a file may not say -------------------------------------------------------------------------------------


def change(place, value, document=None):
    """Return a valid document with one value changed."""
    document = deepcopy(document or plan())
    *way, last = place
    at = document
    for part in way:
        at = at[part]
    at[last] = value
    return document


@pytest.mark.parametrize(
    "place, value, says",
    [
        (("id",), "Pilkada 2030", "small letters"),
        (("id",), "p" * 81, "longer than 80"),
        (("label", "id"), " ", "Indonesian label is empty"),
        (("label", "en"), "", "English label is empty"),
        (("kind",), "pilkades", "not one of pilkada, pemilu"),
        (("basis",), [], "no regulation"),
        (("basis", 0), "", "empty line"),
        (("sources",), [], "no source"),
        (("sources", 0), "", "empty line"),
        (("confidence",), "certain", "not one of confirmed, one_source, uncertain"),
        (("regions", "total"), 4, "not the sum, 3"),
        (("regions", "cities"), -1, "-1 cities"),
        (("stages", 3, "id"), "kampanye_", "small letters"),
        (("stages", 3, "until"), date(2030, 9, 25), "not after from"),
        (("stages", 3, "until"), date(2030, 9, 1), "not after from"),
        (("stages", 3, "sources"), [], "no source"),
        (("stages", 3, "confidence"), "one-source", "not one of"),
        (("stages", 3, "label", "en"), " ", "English label is empty"),
        (("stages", 3, "contests"), ["dpr"], "switches no phase"),
        (("derived", 0, "confidence"), "sure", "not one of"),
    ],
)
def test_a_fault_of_one_value_is_found_where_it_stands(place, value, says):
    found, sentence = fault_of(change(place, value))
    assert says in sentence
    assert found == place


@pytest.mark.parametrize(
    "codes, place, says",
    [
        (["13", "13.75"], ("region_codes",), "2 regions are named, not 3"),
        (["13", "13.75", "13.75"], ("region_codes",), "2 regions are named, not 3"),
        (["13", "13.75", "1376"], ("region_codes", 2), "'1376' is not the code"),
        (["13", "13.75", "13.76.01"], ("region_codes", 2), "not the code"),
    ],
)
def test_regions_that_are_named_wrongly_are_refused(codes, place, says):
    found, sentence = fault_of(plan() | {"region_codes": codes})
    assert found == place and says in sentence


def test_an_election_that_names_its_regions_concerns_them_what_is_in_them_and_what_they_are_in():
    named = election(plan() | {"region_codes": ["13", "14.01", "71.71"]})
    concerned = ["13", "13.75", "13.75.01", "14", "14.01", "71", "71.71"]
    assert [code for code in [*concerned, "14.02", "1", "15", "71.7", "7"] if named.concerns(code)] == concerned
    assert not named.in_some_regions
    anywhere = election()
    assert anywhere.concerns("99") and anywhere.in_some_regions


@pytest.mark.parametrize("key, value", [("confidence", "confirmed"), ("notes", None)])
def test_a_date_without_a_source_is_uncertain_and_says_how_it_was_counted(key, value):
    place, says = fault_of(change(("derived", 0, key), value))
    assert place == ("derived", 0, "sources")
    assert "without a source is uncertain" in says


def test_two_stages_of_one_id_are_refused():
    place, says = fault_of(change(("stages", 4, "id"), "campaign"))
    assert place == ("stages", 4, "id")
    assert "second time" in says


def test_a_derived_date_with_the_id_of_a_stage_is_refused():
    place, _ = fault_of(change(("derived", 0, "id"), "campaign"))
    assert place == ("derived", 0, "id")


def test_voting_outside_its_stage_is_refused():
    place, says = fault_of(change(("voting_on",), VOTING + timedelta(days=1)))
    assert place == ("stages", 6, "from")
    assert "not within" in says


def test_an_election_without_voting_is_refused():
    document = plan()
    del document["stages"][6]
    assert "no stage with the id voting" in fault_of(document)[1]


@pytest.mark.parametrize(
    "index, first, after, says",
    [
        (3, date(2030, 9, 22), date(2030, 11, 24), "campaign begins"),
        (3, date(2030, 9, 25), date(2030, 11, 25), "quiet-period begins"),
        (5, date(2030, 11, 24), date(2030, 11, 28), "voting begins"),
        (1, date(2030, 9, 20), date(2030, 9, 30), "determination begins"),
        (8, date(2030, 11, 1), date(2030, 12, 20), "second-round-campaign begins"),
    ],
)
def test_stages_that_follow_each_other_do_not_overlap(index, first, after, says):
    document = plan()
    document["stages"][index] |= {"from": first, "until": after}
    assert says in fault_of(document)[1]


def test_a_day_of_determination_that_is_not_the_end_of_its_stage_is_refused():
    place, _ = fault_of(change(("candidates_determined_on",), DETERMINED + timedelta(days=1)))
    assert place == ("candidates_determined_on",)
    dates = {"dpr": date(2030, 9, 12), "president": date(2030, 9, 12)}
    place, _ = fault_of(change(("determination_by_contest",), dates, general_plan()))
    assert place == ("determination_by_contest", "president")


def test_a_day_of_determination_without_a_stage_is_refused_unless_another_calendar_came_before_it():
    document = change(("stages", 2, "phase_switch"), False)
    assert fault_of(document)[0] == ("candidates_determined_on",)
    assert election({**document, "superseded_by": "pilkada-2031"}).superseded_by == "pilkada-2031"


def test_a_stage_that_switches_needs_a_day_of_determination():
    assert fault_of(change(("candidates_determined_on",), None))[0] == ("candidates_determined_on",)


def test_the_same_candidates_are_not_determined_twice():
    document = general_plan()
    del document["stages"][3]["contests"]
    place, says = fault_of(document)
    assert place == ("stages", 3, "phase_switch")
    assert "determination-dpr" in says


def test_one_day_for_all_and_a_day_for_each_contest_exclude_each_other():
    document = change(("candidates_determined_on",), DETERMINED, general_plan())
    assert "not both" in fault_of(document)[1]


def test_a_stage_cannot_determine_a_contest_that_the_election_does_not_hold():
    place, _ = fault_of(change(("stages", 2, "contests"), ["dpr", "mayor"], general_plan()))
    assert place == ("stages", 2, "contests", 1)


# --- what changes between two days --------------------------------------------------------------------------------


def test_what_changed_in_a_calendar_is_told_by_day_with_the_determination_of_candidates_on_its_day():
    found = election()
    told = stage_changes([found], DETERMINED - timedelta(days=1), DETERMINED)
    assert (DETERMINES, DETERMINED) in [(each.what, each.day) for each in told]
    assert stage_changes([found], DETERMINED, DETERMINED) == []
    assert stage_changes([replace(found, superseded_by="pilkada-2031")], date(2029, 1, 1), date(2031, 1, 1)) == []
    vote = stage_changes([found], VOTING - timedelta(days=1), VOTING + timedelta(days=1))
    assert {(each.what, each.stage.id) for each in vote} >= {(BEGINS, "voting"), (ENDS, "voting")}
