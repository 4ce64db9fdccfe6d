"""Elections in a region: what it adds, what moves there, and what its calendar feed says."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from ikrar.domain.errors import (
    DatesInWrongOrder,
    DayTooFar,
    ElectionUnknown,
    ReasonMissing,
    RegionUnknown,
    StageOutOfOrder,
    StageUnknown,
)
from ikrar.gateways import rulebook_files
from ikrar.records.models import LogEntry, LogPayload, Region, RegionalElection, StageMove, User
from ikrar.services import elections, ledger

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 9, 25, 2, 0, tzinfo=UTC)
PILKADA = "pilkada-2024"


@pytest.fixture(autouse=True)
def packaged_rules_only(monkeypatch):
    monkeypatch.delenv("IKRAR_LOCAL_RULES", raising=False)
    rulebook_files.elections.cache_clear()
    yield
    rulebook_files.elections.cache_clear()


@pytest.fixture
def rina():
    """The programme officer who keeps the calendar."""
    Region.objects.bulk_create(
        [
            Region(code="13", name="Sumatera Barat"),
            Region(code="13.75", name="Kota Bukittinggi", parent_id="13"),
            Region(code="13.71", name="Kota Padang", parent_id="13"),
            Region(code="71", name="Sulawesi Utara"),
        ]
    )
    return User.objects.create(username="rina", full_name="Rina", created_at=NOW)


def calendar(region="13.75", election=PILKADA):
    return {each.election.id: each for each in elections.calendar_of(region)}[election]


def set_region(rina, **more):
    fields = {
        "election": PILKADA,
        "region_code": "13.75",
        "candidate_pairs": 4,
        "voters": 98_000,
        "polling_stations": 210,
        "note": "",
        "source": "KPU Kota Bukittinggi",
        "by": rina,
        "now": NOW,
    }
    return elections.set_region(**{**fields, **more})


def move(rina, **more):
    fields = {
        "election": PILKADA,
        "region_code": "13.75",
        "stage": "voting",
        "from_on": date(2024, 12, 4),
        "last_on": date(2024, 12, 4),
        "reason": "Banjir",
        "sure": True,
        "by": rina,
        "now": NOW,
    }
    return elections.move_stage(**{**fields, **more})


def logged():
    return [json.loads(bytes(each.payload)) for each in LogPayload.objects.all()]


# --- what a region adds ------------------------------------------------------------------------------------------


def test_a_region_that_added_nothing_has_the_national_calendar(rina):
    found = elections.calendar_of("13.75")
    assert [each.election for each in found] == [
        each for each in rulebook_files.elections().values() if each.concerns("13.75")
    ]
    assert all(each.row is None and each.moves == () and each.national is each.election for each in found)


def test_what_a_region_adds_stands_beside_its_calendar_and_nobody_elses(rina):
    row = set_region(rina)
    assert (row.candidate_pairs, row.voters, row.polling_stations) == (4, 98_000, 210)
    assert calendar("13.75").row == row
    assert calendar("13").row is None
    assert calendar("13.71").row is None
    assert calendar("13.75", "pemilu-2024").row is None


def test_what_is_recorded_again_takes_the_place_of_what_was_before(rina):
    set_region(rina)
    set_region(rina, voters=98_500, polling_stations=None)
    row = RegionalElection.objects.get()
    assert (row.voters, row.polling_stations) == (98_500, None)
    assert LogEntry.objects.count() == 2


def test_what_a_region_adds_is_in_the_log_by_digest_and_number_only(rina):
    set_region(rina, note="Paslon 3 mundur")
    (entry,) = logged()
    assert entry["event"] == "election.region_set"
    assert entry["data"].items() >= {"election": PILKADA, "region": "13.75", "voters": 98_000, "by": rina.pk}.items()
    assert "mundur" not in json.dumps(entry)


def test_an_election_or_a_region_that_is_not_known_gets_nothing_and_leaves_no_trace(rina):
    with pytest.raises(ElectionUnknown):
        set_region(rina, election="pilkades-2024")
    with pytest.raises(RegionUnknown):
        set_region(rina, region_code="99")
    with pytest.raises(RegionUnknown):
        elections.calendar_of("99")
    assert not RegionalElection.objects.exists()
    assert not LogEntry.objects.exists()


# --- what moves --------------------------------------------------------------------------------------------------


def test_a_stage_that_moved_in_a_region_moved_there_and_not_elsewhere(rina):
    recorded = move(rina)
    here = calendar("13.75")
    assert here.moves == (recorded,)
    assert here.election.stage("voting").from_on == here.election.voting_on == date(2024, 12, 4)
    assert here.election.stage("voting").moved
    assert here.national.stage("voting").from_on == date(2024, 11, 27)
    assert calendar("13.71").election.voting_on == calendar("13").election.voting_on == date(2024, 11, 27)


def test_a_stage_that_moved_in_a_province_moved_in_its_cities(rina):
    move(rina, region_code="13")
    assert calendar("13.75").election.voting_on == calendar("13.71").election.voting_on == date(2024, 12, 4)
    assert calendar("71").election.voting_on == date(2024, 11, 27)


def test_of_several_moves_of_a_stage_the_latest_counts(rina):
    move(rina)
    later = move(rina, from_on=date(2024, 12, 8), last_on=date(2024, 12, 8), now=NOW + timedelta(days=1))
    assert calendar().election.voting_on == date(2024, 12, 8)
    assert calendar().moves == (later,)
    assert StageMove.objects.count() == 2


def test_of_moves_recorded_in_one_instant_the_one_written_last_counts(rina):
    move(rina)
    move(rina, from_on=date(2024, 12, 8), last_on=date(2024, 12, 8))
    assert calendar().election.voting_on == date(2024, 12, 8)


def test_between_a_city_and_its_province_the_latest_move_counts_too(rina):
    move(rina)
    move(rina, region_code="13", from_on=date(2024, 12, 8), last_on=date(2024, 12, 8), now=NOW + timedelta(days=1))
    assert calendar("13.75").election.voting_on == date(2024, 12, 8)
    move(rina, from_on=date(2024, 12, 9), last_on=date(2024, 12, 9), now=NOW + timedelta(days=2))
    assert calendar("13.75").election.voting_on == date(2024, 12, 9)
    assert calendar("13.71").election.voting_on == date(2024, 12, 8)


def test_moves_of_different_stages_stand_side_by_side(rina):
    move(rina)
    move(rina, region_code="13", stage="campaign", from_on=date(2024, 9, 26), last_on=date(2024, 11, 23))
    found = calendar("13.75").election
    assert (found.stage("campaign").from_on, found.voting_on) == (date(2024, 9, 26), date(2024, 12, 4))


def test_a_move_keeps_what_the_region_added_before(rina):
    set_region(rina)
    move(rina)
    assert RegionalElection.objects.get().voters == 98_000


def test_a_move_is_in_the_log_without_its_reason(rina):
    move(rina)
    (entry,) = logged()
    assert entry["event"] == "election.stage_moved"
    assert entry["data"]["from_on"] == entry["data"]["last_on"] == "2024-12-04"
    assert "Banjir" not in json.dumps(entry)


@pytest.mark.parametrize(
    "change, refusal",
    [
        ({"election": "pilkades-2024"}, ElectionUnknown),
        ({"region_code": "99"}, RegionUnknown),
        ({"stage": "coronation"}, StageUnknown),
        ({"last_on": date(2024, 12, 3)}, DatesInWrongOrder),
        ({"reason": "  "}, ReasonMissing),
        ({"from_on": date.min}, DayTooFar),
        ({"last_on": date.max}, DayTooFar),
    ],
)
def test_a_move_that_cannot_be_is_refused_and_leaves_no_trace(rina, change, refusal):
    with pytest.raises(refusal):
        move(rina, **change)
    assert not RegionalElection.objects.exists()
    assert not StageMove.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("act", [set_region, move])
def test_without_its_log_entry_nothing_is_recorded(rina, act, monkeypatch):
    def full(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(ledger, "append", full)
    with pytest.raises(OSError, match="disk full"):
        act(rina)
    assert not RegionalElection.objects.exists()
    assert not StageMove.objects.exists()


def test_a_move_of_a_stage_that_the_rulebook_no_longer_has_hides_nothing_else(rina, caplog):
    kept = move(rina)
    StageMove.objects.create(
        regional_election=kept.regional_election,
        stage="gone",
        from_on=date(2024, 12, 1),
        last_on=date(2024, 12, 2),
        reason="Banjir",
        recorded_at=NOW,
    )
    assert calendar().moves == (kept,)
    assert "a moved stage does not fit its election" in caplog.messages


def test_a_move_to_days_that_cannot_be_takes_no_calendar_away_and_hides_no_earlier_one(rina):
    """Such a row was taken before days were checked."""
    kept = move(rina)
    StageMove.objects.create(
        regional_election=kept.regional_election, stage="voting", from_on=date.min, last_on=date.max, reason="x",
        recorded_at=NOW + timedelta(days=1),
    )  # fmt: skip
    assert calendar().moves == (kept,)
    assert "BEGIN:VCALENDAR" in elections.ics_of("13.75", NOW)


# --- which elections a region holds ------------------------------------------------------------------------------


REPEAT = "pilkada-2025-repeat"


def ids(region):
    return {each.election.id for each in elections.calendar_of(region)}


def test_an_election_of_two_named_regions_is_in_their_calendars_and_in_that_of_their_province_alone(rina):
    Region.objects.bulk_create(
        [Region(code="19", name="Bangka Belitung"), Region(code="19.01", name="Bangka", parent_id="19"),
         Region(code="19.71", name="Pangkalpinang", parent_id="19"), Region(code="19.02", name="Belitung", parent_id="19")]
    )  # fmt: skip
    for region in ("19", "19.01", "19.71"):
        assert REPEAT in ids(region)
        assert f"{REPEAT}-voting@{region}.ikrar" in events_of(elections.ics_of(region, NOW))
    for region in ("13", "13.75", "71", "19.02"):
        assert REPEAT not in ids(region)
        assert not [uid for uid in events_of(elections.ics_of(region, NOW)) if uid.startswith(REPEAT)]


def test_the_nearest_election_comes_first_and_those_that_are_perhaps_held_elsewhere_only_come_last(rina):
    found = elections.current("13.75", date(2024, 10, 25))
    assert [each.election.id for each in found] == [
        "pilkada-2024", "pemilu-2024", "pemilu-2019", "pilkada-2020", "pilkada-2018",
    ]  # fmt: skip
    assert [each.is_uncertain_here for each in found] == [False, False, False, True, True]
    assert elections.current("13.75", date(2019, 1, 1))[0].election.id == "pemilu-2019"


def test_whoever_recorded_figures_of_an_election_holds_it(rina):
    set_region(rina, election="pilkada-2020")
    found = elections.current("13.75", date(2020, 12, 1))
    assert found[0].election.id == "pilkada-2020" and not found[0].is_uncertain_here


def test_the_feed_marks_an_election_that_is_perhaps_not_held_here(rina):
    voting = events_of(elections.ics_of("13.75", NOW))["pilkada-2018-voting@13.75.ikrar"]
    assert voting["STATUS"] == "TENTATIVE" and voting["DESCRIPTION"].startswith("171 daerah\\; periksa")


def test_a_programme_is_for_an_election_of_its_regions_the_nearest_first():
    day = date(2024, 10, 25)
    here = [each.id for each in elections.choices(["13.75"], day)]
    assert here[0] == "pilkada-2024" and REPEAT not in here and "pilkada-2020-original" not in here
    assert REPEAT in [each.id for each in elections.choices(["19.01"], day)]
    assert REPEAT in [each.id for each in elections.choices([], day)], "a ministry's people work everywhere"


# --- the feed ----------------------------------------------------------------------------------------------------


def events_of(text):
    """Return the events of a feed by UID, each as its properties."""
    lines = text.replace("\r\n ", "").split("\r\n")
    events, event = {}, {}
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            assert event["UID"] not in events
            events[event["UID"]] = event
        else:
            event[name] = value
    return events


def test_the_feed_has_every_stage_in_indonesian_with_whole_days(rina):
    events = events_of(elections.ics_of("13.75", NOW))
    quiet = events["pilkada-2024-quiet-period@13.75.ikrar"]
    assert quiet["SUMMARY"] == "Masa tenang – Pemilihan serentak nasional 2024"
    assert (quiet["DTSTART;VALUE=DATE"], quiet["DTEND;VALUE=DATE"]) == ("20241124", "20241127")
    assert quiet["DTSTAMP"] == "20240925T020000Z"
    assert events["pilkada-2024-pj-resign-by@13.75.ikrar"]["DTSTART;VALUE=DATE"] == "20240717"


def test_the_feed_names_its_region(rina):
    assert "NAME:Kalender pemilihan Kota Bukittinggi\r\n" in elections.ics_of("13.75", NOW)


def test_the_feed_shows_a_moved_stage_on_its_new_days_under_the_same_uid_with_the_reason(rina):
    before = set(events_of(elections.ics_of("13.75", NOW)))
    move(rina)
    events = events_of(elections.ics_of("13.75", NOW))
    assert set(events) == before
    voting = events["pilkada-2024-voting@13.75.ikrar"]
    assert (voting["DTSTART;VALUE=DATE"], voting["DTEND;VALUE=DATE"]) == ("20241204", "20241205")
    assert "Banjir" in voting["DESCRIPTION"]
    assert "Sumber" not in voting["DESCRIPTION"]


def test_the_feed_marks_a_stage_that_was_only_planned_for_a_condition(rina):
    campaign = events_of(elections.ics_of("13.75", NOW))["pemilu-2024-second-round-campaign@13.75.ikrar"]
    assert campaign["STATUS"] == "TENTATIVE"
    assert campaign["DESCRIPTION"].startswith("Bersyarat")


def test_the_feed_says_so_where_only_the_last_day_is_known(rina):
    recap = events_of(elections.ics_of("13.75", NOW))["pilkada-2018-recap@13.75.ikrar"]
    assert "(hari terakhir)" in recap["SUMMARY"]
    assert (recap["DTSTART;VALUE=DATE"], recap["DTEND;VALUE=DATE"]) == ("20180709", "20180710")


def test_the_feed_leaves_out_a_calendar_that_was_replaced(rina):
    assert not [uid for uid in events_of(elections.ics_of("13.75", NOW)) if uid.startswith("pilkada-2020-original")]


def test_a_region_that_is_not_known_has_no_feed(rina):
    with pytest.raises(RegionUnknown):
        elections.ics_of("99", NOW)


def test_a_move_that_changes_the_order_of_stages_is_asked_about(rina):
    for stage, first, last in (
        ("campaign", date(2024, 11, 30), date(2024, 12, 5)), ("voting", date(2025, 1, 1), date(2025, 1, 1)),
        ("quiet-period", date(2024, 11, 20), date(2024, 11, 22)),
    ):  # fmt: skip
        with pytest.raises(StageOutOfOrder):
            move(rina, stage=stage, from_on=first, last_on=last, sure=False)
    assert not StageMove.objects.exists()
    move(rina, stage="campaign", from_on=date(2024, 9, 28), last_on=date(2024, 11, 23), sure=False)


def test_a_move_taken_back_counts_no_more_and_the_one_before_it_does(rina):
    first = move(rina, reason="pertama")
    second = move(rina, from_on=date(2024, 12, 11), last_on=date(2024, 12, 11))
    for _ in range(2):
        elections.take_back_move(second, by=rina, now=NOW)
    (here,) = [each for each in elections.calendar_of("13.75") if each.national.id == PILKADA]
    assert here.election.voting_on == date(2024, 12, 4) and here.moves == (first,)
    elections.take_back_move(first, by=rina, now=NOW)
    (here,) = [each for each in elections.calendar_of("13.75") if each.national.id == PILKADA]
    assert here.election == here.national and not here.moves
    kept = [json.loads(bytes(each.payload)) for each in LogPayload.objects.all()]
    assert [each["data"]["move"] for each in kept if each["event"] == "election.stage_move_withdrawn"] == [
        second.pk,
        first.pk,
    ]


def test_a_stage_on_the_days_that_it_has_anyway_is_not_moved_and_a_moved_one_names_no_number_of_days(rina):
    move(rina, from_on=date(2024, 11, 27), last_on=date(2024, 11, 27))
    move(rina, stage="campaign", from_on=date(2024, 9, 28), last_on=date(2024, 11, 23))
    (here,) = [each for each in elections.calendar_of("13.75") if each.national.id == PILKADA]
    assert not here.election.stage("voting").moved and here.election.stage("voting").sources
    assert (here.election.stage("campaign").label.id, here.election.stage("campaign").label.en) == (
        "Kampanye",
        "Campaign",
    )
