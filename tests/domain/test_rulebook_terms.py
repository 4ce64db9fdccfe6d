"""The rulebook's time limits and holidays: what the files say, that the reference says the same, and that both count."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import yaml

from ikrar.domain.days import DayKind, HolidayListDocument, Leave, in_words
from ikrar.domain.errors import HolidaysUnknown, TermNotInForce
from ikrar.domain.sources import Confidence, InForce
from ikrar.domain.terms import Count, Meaning, StartEvent, changed, due, last_day
from ikrar.gateways.rulebook_files import elections, read
from tests.domain.packaged_terms import PACKAGED, REFERENCE, packaged

DAY = timedelta(days=1)
YEARS = range(2018, 2027)
KINDS = {"national-holiday": DayKind.PUBLIC_HOLIDAY, "joint-leave": DayKind.COLLECTIVE_LEAVE}

beside = pytest.mark.skipif(not REFERENCE.exists(), reason="the reference is not beside this checkout")


def reference(name, key):
    return yaml.safe_load((REFERENCE / name).read_text(encoding="utf-8"))[key] if REFERENCE.exists() else []


DEADLINES = reference("deadlines.yaml", "deadlines")
VECTORS = reference("deadlines.yaml", "test_vectors")
HOLIDAYS = reference("calendars.yaml", "holidays")


def day(text):
    return date.fromisoformat(text) if text else None


def words(text):
    """The words of a note, whatever their order: a label holds one language after the other.

    A pointer to another part of the reference's own files says nothing to the public, and is no word of it.
    """
    return Counter(word for word in (text or "").replace("Lihat test_vectors.", "").split() if word != "/")


def both(label):
    return f"{label.id} {label.en}" if label else ""


# --- the terms ---------------------------------------------------------------------------------------------------


@beside
def test_the_rulebook_holds_exactly_the_limits_of_the_reference():
    assert set(packaged().terms) == {each["id"] for each in DEADLINES}
    assert len(DEADLINES) == 34


# law.md 17.8: 14 days or 14 working days for delivery; 7 days or 7 working days for Pemilu reports.
DISAGREED = {
    "pp94-decision-delivery": [(14, Count.CALENDAR_DAYS)],
    "pemilu-report-window": [(7, Count.CALENDAR_DAYS)],
}


@beside
@pytest.mark.parametrize("row", [pytest.param(each, id=each["id"]) for each in DEADLINES])
def test_a_limit_is_the_one_of_the_reference(row):
    """Where law.md 17.8 says that sources disagree on the kind of day, the rulebook has the other reading beside it."""
    term = packaged().terms[row["id"]]
    assert (term.label.id, term.label.en) == (row["what_id"], row["what_en"])
    assert (term.length, term.count) == (row["length"], row["unit"].replace("-", "_"))
    assert (term.count_certain, term.direction) == (row["unit_certain"], row["direction"])
    assert f"{term.counted_from.id} / {term.counted_from.en}" == row["counted_from"]
    assert [each.text for each in term.cites] == row["basis"]
    assert (term.responsible.id, term.regime) == (row["responsible"], row["regime"])
    assert term.in_force.until_on == (day(row["valid_to"]) + DAY if row["valid_to"] else None)
    if row["valid_from"]:
        assert term.in_force.from_on == day(row["valid_from"])
    # The vectors of the reference stand in the rulebook as worked examples; to its readers the name says nothing.
    assert words(both(term.notes)) == words((row["notes"] or "").replace("Lihat test_vectors. ", ""))
    assert list(term.seen) == row["sources"]
    assert term.confidence == row["confidence"].replace("-", "_")
    disagreed = DISAGREED.get(row["id"], [])
    assert term.disputed == (row.get("disputed", False) or bool(disagreed))
    assert (term.official_on, term.counted_on) == (day(row.get("official_date")), day(row.get("counted_date")))
    if "due_date" in row:
        assert term.due_on == day(row["due_date"])
    alternatives = [
        (each["length"], each["unit"].replace("-", "_"), each["unit_certain"], each["sources"], words(each["notes"]))
        for each in row.get("alternatives", [])
    ]
    assert [
        (each.length, each.count, each.count_certain, list(each.seen), words(both(each.notes)))
        for each in term.alternatives
        if (each.length, each.count) not in disagreed
    ] == alternatives
    assert {(each.length, each.count) for each in term.alternatives} >= set(disagreed)
    if "max_length" in row:
        assert term.count is Count.YEARS and term.at_most.count is Count.MONTHS
        assert term.at_most.length == float(row["max_length"]) * 12
    else:
        assert term.at_most is None


@beside
@pytest.mark.parametrize("row", [pytest.param(each, id=each["id"]) for each in DEADLINES])
def test_a_limit_that_is_sure_of_its_days_is_the_plain_count_and_an_unsure_one_names_both(row):
    term = packaged().terms[row["id"]]
    start = max(term.in_force.from_on, date(2024, 10, 7)) if term.in_force.until_on is None else term.in_force.from_on
    answer = due(term, datetime(2024, 10, 7, 9) if term.in_hours else start, packaged().holidays)
    assert term.in_force.from_on, "every term is known since a day"
    counts = {each.way.count for each in answer.readings if each.way.basis.may_be_shown_first}
    if row["unit_certain"]:
        assert counts == {term.count}
    else:
        assert counts == {Count.WORKING_DAYS, Count.CALENDAR_DAYS}
    assert answer.cites == term.cites


@beside
@pytest.mark.parametrize("vector", [pytest.param(each, id=each["id"]) for each in VECTORS])
def test_a_vector_of_the_reference_is_reached_with_the_holidays_that_it_skips(vector):
    clocks = packaged()
    term = clocks.terms[vector["deadline"]]
    start, expected = day(vector["received"]), day(vector["expected"])
    skipped = set(map(day, vector["holidays_skipped"]))
    between = {start + DAY * offset for offset in range(1, (expected - start).days + 1)}
    free = {each for each in between if each in clocks.holidays and each.weekday() < 5}
    # What an example passes over as if it were no holiday; only the second official one does that.
    ignored = free - skipped
    assert ignored == ({date(2022, 3, 3)} if vector["id"] == "effective-2022-b-as-printed" else set())
    answer = due(term, start, clocks.holidays.without(*ignored))
    assert answer.last_day == expected
    assert {each.day for each in answer.skipped if each.label} == skipped


@beside
def test_intake_hours_are_those_of_the_reference():
    (row,) = reference("deadlines.yaml", "intake_hours")
    (hours,) = packaged().intake_hours.values()
    assert (hours.id, hours.label.id, hours.label.en) == (row["id"], row["title_id"], row["title_en"])
    assert [each.text for each in hours.cites] == row["basis"] and list(hours.seen) == row["sources"]
    assert hours.confidence == row["confidence"].replace("-", "_")
    monday = date(2024, 10, 7)
    found = {}
    for name, on, stages in (
        ("mon-thu", monday, ()),
        ("fri", monday + 4 * DAY, ()),
        ("quiet-period", date(2024, 11, 24), ("quiet-period",)),
        ("voting-day", date(2024, 11, 27), ("voting",)),
    ):
        opening = hours.opening_on(on, stages)
        found[name] = "-".join(
            f"{each // 60:02}:{each % 60:02}" for each in (opening.from_minute, opening.until_minute)
        )
    assert found == row["schedule"]
    assert [hours.opening_on(monday + DAY * each) is None for each in range(7)] == [False] * 5 + [True] * 2


def test_the_stages_of_the_intake_hours_are_stages_of_the_calendar():
    (hours,) = packaged().intake_hours.values()
    named = {each.stage for each in hours.openings if each.stage}
    assert named <= {stage.id for stage in elections()["pilkada-2024"].stages}


def test_every_term_cites_where_its_length_stands_and_says_who_must_act():
    for term in packaged().terms.values():
        assert any(each.purpose == "term" for each in term.cites), term.id
        assert term.responsible.id and term.starts, term.id
        assert term.confidence in Confidence


@pytest.mark.parametrize(
    "id, day, is_known",
    [
        # PP 94/2021 holds since 31 August 2021; Peraturan BKN 6/2022 is of a day in March 2022 that nobody checked.
        ("pp94-effective", date(2021, 8, 30), False),
        ("pp94-effective", date(2021, 8, 31), True),
        ("pp94-second-summons", date(2018, 1, 2), False),
        ("pp94-decision-sending", date(2020, 12, 24), False),
        ("pp94-decision-sending", date(2022, 3, 31), False),
        ("pp94-decision-sending", date(2022, 4, 1), True),
        ("pp79-appeal", date(2021, 8, 9), False),
        ("pp79-appeal", date(2021, 8, 10), True),
        # The Act says so since 2017, the regulation of 2022 says it again.
        ("pemilu-report-window", date(2018, 10, 1), True),
        # Of Perbawaslu 7/2022 only the year is known.
        ("pemilu-initial-review", date(2022, 12, 30), False),
        ("pemilu-initial-review", date(2023, 1, 2), True),
        ("sbt-bawaslu-review", date(2023, 3, 20), False),
        ("sbt-bawaslu-review", date(2023, 3, 21), True),
        ("leave-petition-noncandidate", date(2024, 8, 29), False),
        ("ppk-act-on-recommendation-2020", date(2022, 9, 22), False),
        ("pdp-full-effect", date(2022, 10, 17), True),
    ],
)
def test_a_limit_is_known_only_on_days_of_what_it_is_cited_from(id, day, is_known):
    term = packaged().terms[id]
    if is_known:
        assert due(term, day, packaged().holidays).last_day
        return
    with pytest.raises(TermNotInForce) as refused:
        due(term, day, packaged().holidays)
    assert refused.value.field == "start"


def test_the_hours_of_the_desk_are_known_since_their_regulation():
    (hours,) = packaged().intake_hours.values()
    assert hours.in_force == InForce(date(2024, 9, 30), None)


@beside
def test_the_official_examples_are_readings_with_their_source():
    official = [each for each in VECTORS if each["origin"].startswith("contoh resmi")]
    assert len(official) == 2
    for vector in official:
        answer = due(packaged().terms[vector["deadline"]], day(vector["received"]), packaged().holidays)
        example = answer.readings[-1]
        assert (example.code, example.last_day) == ("official_example", day(vector["expected"]))
        assert f"{example.origin.id}" in vector["origin"] and list(example.seen) == vector["sources"]
        assert answer.disputed is (example.last_day != answer.last_day)


def test_in_the_regions_that_voted_again_in_2025_the_day_of_the_vote_was_free():
    term, start = packaged().terms["sbt-bawaslu-review"], date(2025, 8, 25)
    for region, expected in (("19.71", 29), ("19.01.05", 29), ("19", 28), ("13.76", 28), ("", 28)):
        answer = due(term, start, packaged().holidays.in_region(region))
        assert answer.last_day == date(2025, 8, expected), region
        assert bool(answer.elsewhere) is (expected == 28), region


def test_start_events_of_one_procedure_are_kept_apart():
    terms = packaged().terms
    starts = {id: terms[id].starts for id in terms}
    assert starts["pilkada-report-window"] == (StartEvent.KNOWLEDGE, StartEvent.DISCOVERY)
    assert starts["pemilu-report-window"] == (StartEvent.KNOWLEDGE,)
    assert starts["pp94-summons-to-exam"] == (StartEvent.SUMMONS,)
    assert starts["pp94-second-summons"] == (StartEvent.MISSED_EXAMINATION,)
    assert starts["pp94-decision-delivery"] == starts["pp79-appeal"] == (StartEvent.DECISION,)
    assert starts["pp94-decision-sending"] == (StartEvent.MISSED_SERVICE,)
    assert starts["pp94-effective"] == starts["pp79-objection"] == (StartEvent.RECEIPT,)
    assert StartEvent.ACT not in {event for each in starts.values() for event in each}, "no limit runs from the act"


def test_only_what_the_law_says_takes_effect_begins_or_may_not_be_earlier():
    by_meaning = {}
    for term in packaged().terms.values():
        by_meaning.setdefault(term.meaning, set()).add(term.id)
    assert by_meaning[Meaning.EFFECTIVE] == {"pp94-effective", "pdp-full-effect"}
    assert by_meaning[Meaning.BEGINS] == {"pilkada-reshuffle-ban-start", "pilkada-programme-ban-start"}
    assert by_meaning[Meaning.EARLIEST] == {"mk135-regional-vote-gap"}


def test_the_summons_that_one_reader_takes_for_a_minimum_says_so():
    answer = due(packaged().terms["pp94-summons-to-exam"], date(2024, 10, 7), packaged().holidays)
    assert (answer.meaning, answer.also_read_as) == (Meaning.LATEST, Meaning.EARLIEST)


def test_what_is_counted_from_a_stage_agrees_with_the_dates_of_the_calendars():
    terms, holidays = packaged().terms, packaged().holidays
    ban = terms["pilkada-reshuffle-ban-start"]
    compared = 0
    for election in elections().values():
        for derived in election.derived:
            if derived.id == "reshuffle-ban-start":
                answer = due(ban, election.candidates_determined_on, holidays, regime=election)
                assert answer.last_day == derived.day, election.id
                compared += 1
            if derived.id == "pj-resign-by":
                opening = election.stage("registration").from_on
                answer = due(terms["pilkada-pj-resign"], opening, holidays, regime=election)
                assert (answer.last_day, answer.readings[1].last_day) == (derived.day, derived.counted_on)
                compared += 1
    assert compared == 5


def test_the_appeal_can_lapse_before_the_decision_takes_effect():
    """Counted from the decision, not from its receipt: 14 days are over before the 15th since."""
    terms, holidays = packaged().terms, packaged().holidays
    decided = date(2024, 10, 7)
    appeal = due(terms["pp79-appeal"], decided, holidays).last_day
    assert appeal < due(terms["pp94-effective"], decided, holidays).last_day


# --- the holidays ------------------------------------------------------------------------------------------------


def test_the_years_from_2018_to_2026_are_covered_and_2027_is_not_decreed():
    clocks = packaged()
    assert clocks.holidays.years == set(YEARS)
    assert set(clocks.lists) == {*YEARS, 2027} and not clocks.lists[2027].decreed
    for year, start in ((2027, date(2026, 12, 28)), (2027, date(2027, 6, 1)), (2017, date(2017, 6, 1))):
        with pytest.raises(HolidaysUnknown) as refused:
            last_day(clocks.terms["pp94-second-summons"], start, clocks.holidays)
        assert refused.value.year == year


@pytest.mark.parametrize("year", YEARS)
def test_a_year_is_known_from_the_day_of_its_first_decree(year):
    found = packaged().lists[year]
    assert in_words(found.decreed_on) in found.basis[0]
    assert found.decreed_on.year == year - 1


@beside
def test_the_lists_are_those_of_the_reference():
    assert [each["year"] for each in HOLIDAYS] == list(YEARS)
    assert [each["year"] for each in reference("calendars.yaml", "holidays_missing")] == [2027]


@beside
@pytest.mark.parametrize("row", [pytest.param(each, id=str(each["year"])) for each in HOLIDAYS])
def test_a_list_after_all_changes_is_that_of_the_reference(row):
    found = packaged().lists[row["year"]]
    assert list(found.basis) == row["basis"] and list(found.seen) == row["sources"]
    assert found.confidence == row["confidence"].replace("-", "_")
    assert words(both(found.notes)) == words(row["notes"])
    assert [(each.day, each.kind, each.label.id, each.label.en) for each in found.days if not each.withdrawn_on] == [
        (day(each["date"]), KINDS[each["kind"]], each["title_id"], each["title_en"]) for each in row["days"]
    ]
    history = {each["date"]: (each["decided_on"], each.get("known_on")) for each in row["added_late"]}
    withdrawn = {each["date"]: each["withdrawn_on"] for each in row["withdrawn"]}
    for each in found.days:
        decided, known = history.get(str(each.day), (None, None))
        assert (each.decided_on, each.known_on) == (day(decided), day(known)), each.day
        assert each.withdrawn_on == day(withdrawn.get(str(each.day))), each.day


@beside
@pytest.mark.parametrize("row", [pytest.param(each, id=str(each["year"])) for each in HOLIDAYS])
def test_on_every_date_of_its_year_the_same_days_are_free_as_by_the_rule_of_the_reference(row):
    """A day counts as free on date D if its decided_on (if any) is not after D and its withdrawn_on (if any) is after D."""
    decided = {each["date"]: each["decided_on"] for each in row["added_late"]}
    withdrawn = {each["date"]: each["withdrawn_on"] for each in row["withdrawn"]}
    every = {each["date"] for each in row["days"]} | set(decided) | set(withdrawn)
    first = packaged().lists[row["year"]].decreed_on
    turns = {day(each) + DAY * offset for each in (*decided.values(), *withdrawn.values()) for offset in (-1, 0, 1)}
    for on in sorted(turns | {first, date(row["year"], 12, 31)}):
        then = packaged().holidays.as_decided(on)
        expected = {
            day(each)
            for each in every
            if (each not in decided or day(decided[each]) <= on)
            and (each not in withdrawn or day(withdrawn[each]) > on)
        }
        assert {each for each in map(day, every) if each in then} == expected, on


@pytest.mark.parametrize(
    "known_on, start, number, expected",
    [
        # 21 and 25 May are public holidays throughout; at first 22, 26 and 27 May are collective leave.
        (date(2020, 3, 8), date(2020, 5, 18), 4, date(2020, 5, 29)),
        # 28 and 29 May are added.
        (date(2020, 3, 9), date(2020, 5, 18), 4, date(2020, 6, 3)),
        # 26 to 29 May are withdrawn.
        (date(2020, 4, 9), date(2020, 5, 18), 4, date(2020, 5, 27)),
        # 22 May is withdrawn.
        (date(2020, 5, 20), date(2020, 5, 18), 4, date(2020, 5, 26)),
        # The voting day becomes a holiday.
        (date(2020, 11, 26), date(2020, 12, 7), 2, date(2020, 12, 9)),
        (date(2020, 11, 27), date(2020, 12, 7), 2, date(2020, 12, 10)),
        # 28 to 30 December, given in April, are withdrawn.
        (date(2020, 11, 30), date(2020, 12, 23), 1, date(2021, 1, 4)),
        (date(2020, 12, 1), date(2020, 12, 23), 1, date(2020, 12, 28)),
    ],
)
def test_the_calendar_of_2020_is_kept_as_it_was_after_each_of_its_changes(known_on, start, number, expected):
    assert packaged().holidays.as_known(known_on).nth_working_day(start, number) == expected


def test_in_april_2020_nobody_could_count_into_2021():
    with pytest.raises(HolidaysUnknown):
        packaged().holidays.as_known(date(2020, 4, 9)).nth_working_day(date(2020, 12, 23), 5)


def test_a_clock_that_ran_over_the_voting_day_of_2024_moved_when_the_holiday_was_made_public():
    clocks = packaged()
    term = clocks.terms["pp94-second-summons"]
    start = date(2024, 11, 20)
    before = due(term, start, clocks.holidays.as_known(date(2024, 11, 21)))
    after = due(term, start, clocks.holidays.as_known(date(2024, 11, 22)))
    assert after.last_day == due(term, start, clocks.holidays).last_day
    change = changed(before, after)
    assert change.last_day == (date(2024, 11, 29), date(2024, 12, 2))
    assert [(each.day, each.label.id) for each in change.no_longer_counted] == [
        (date(2024, 11, 27), "Pemungutan suara Pilkada")
    ]


def test_every_file_of_holidays_is_named_after_its_year():
    for path in (PACKAGED / "holidays").glob("*.yaml"):
        found = read(path, HolidayListDocument).data
        assert path.stem.startswith(str(found["year"]))
        assert ("regions" in found) is (path.stem != str(found["year"]))


# Where the list of the decrees and the library differ, and why we keep ours.
DIFFERENCES = {
    # The decree of 22 September 2021 says 9 July; the library has the day that was fixed by sighting the moon. Both are
    # days of a weekend, so no count of working days differs.
    2022: ({date(2022, 7, 9)}, {date(2022, 7, 10)}),
}


@pytest.mark.parametrize("year", YEARS)
def test_public_holidays_are_those_of_the_holidays_library(year):
    library = pytest.importorskip("holidays")
    ours = {each.day for each in packaged().lists[year].days if each.stands() and each.kind is DayKind.PUBLIC_HOLIDAY}
    theirs = set(library.country_holidays("ID", years=year))
    only_ours, only_theirs = DIFFERENCES.get(year, (set(), set()))
    assert (ours - theirs, theirs - ours) == (only_ours, only_theirs)
    assert all(each.weekday() > 4 for each in only_ours | only_theirs)


@pytest.mark.parametrize("year", YEARS)
def test_collective_leave_is_that_of_the_holidays_library(year):
    library = pytest.importorskip("holidays")
    ours = {each.day for each in packaged().lists[year].days if each.stands() and each.kind is DayKind.COLLECTIVE_LEAVE}
    assert ours == set(library.country_holidays("ID", years=year, categories=("government",)))


def test_the_two_readings_of_collective_leave_differ_only_around_it():
    holidays = packaged().holidays
    free, worked = (holidays.working_ordinals(leave) for leave in (Leave.FREE, Leave.WORKED))
    leave_days = {
        each.day.toordinal()
        for found in packaged().lists.values()
        for each in found.days
        if each.stands() and each.kind is DayKind.COLLECTIVE_LEAVE and each.day.weekday() < 5
    }
    assert set(worked) - set(free) == leave_days and set(free) <= set(worked)
