"""Judging acts: one answer a track, nothing guessed, no sanction outside its clause, and the law of the day alone."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikrar.domain.acts import BANDS, CONTESTS, Standing
from ikrar.domain.assessment import DETERMINED, NONE, STATUSES, WOULD_BE, Assessment, assess, status_by_calendar
from ikrar.domain.errors import (
    ActUnknown,
    DomainError,
    FactMissing,
    PersonUnknown,
    RuleNotInForce,
    ValueUnknown,
)
from ikrar.domain.persons import CLASSES
from ikrar.gateways import rulebook_files

LIKE = "social-media-engagement"
LIKE_AFTER = "skb22-discipline-06-social-media-engagement"
LIKE_BEFORE = "skb22-ethics-04-social-media-engagement"


@pytest.fixture(scope="module")
def book():
    return rulebook_files.rulebook()


@pytest.fixture(scope="module")
def pilkada(book):
    return book.elections["pilkada-2024"]


BOOK = rulebook_files.rulebook()
QUESTIONS = st.fixed_dictionaries(
    {
        "act": st.sampled_from(list(BOOK.acts)),
        "day": st.dates(date(2004, 1, 1), date(2030, 12, 31)),
        "employment": st.sampled_from([word for word in CLASSES if word != "none"]),
        "election": st.sampled_from([None, *BOOK.elections.values()]),
        "candidate_status": st.sampled_from([None, *STATUSES]),
        "contest": st.sampled_from([None, *CONTESTS]),
    }
)


def answer_to(book, question):
    """Return the answer, or the error as what it says."""
    try:
        return assess(book, **question)
    except DomainError as error:
        return type(error).__name__, error.details()


# --- what must hold of every answer ------------------------------------------------------------------------------


@given(QUESTIONS)
@settings(max_examples=400)
def test_every_question_has_one_answer_a_track_or_is_explicitly_not_known(question):
    try:
        answer = assess(BOOK, **question)
    except RuleNotInForce as error:
        assert BOOK.acts[question["act"]].on(question["day"]) is None
        assert all(BOOK.acts[other].on(question["day"]) for other in error.others)
    except FactMissing as error:
        assert error.fact in ("candidate_status", "contest", "election")
    else:
        tracks = [answer.kind, *(other.kind for other in answer.also)]
        assert len(set(tracks)) == len(tracks)
        assert answer.reasons and not any(other.also for other in answer.also)
        assert (answer.kind == "none") == (answer.act is None) == (answer.level == "none")
        assert bool(answer.cites) == (answer.kind != "none")


@given(QUESTIONS)
@settings(max_examples=400)
def test_a_proposed_sanction_is_in_the_band_of_its_clause_and_can_be_chosen_on_the_day_of_the_act(question):
    answer = answer_to(BOOK, question)
    if isinstance(answer, Assessment):
        for each in (answer, *answer.also):
            if each.standing is not Standing.BREACH:
                assert not each.sanctions
            for id in each.sanctions:
                sanction = BOOK.sanctions[id]
                assert sanction.may_be_chosen(question["day"])
                levels = {
                    version.level for act in BOOK.acts.values() for version in act.versions
                    if id in version.sanctions and version.in_force.holds(question["day"])
                }  # fmt: skip
                assert any(sanction.level in BANDS[level] for level in levels)


@given(QUESTIONS, st.data())
@settings(max_examples=150)
def test_a_change_of_a_version_changes_answers_only_inside_its_dates(question, data):
    act = BOOK.acts[data.draw(st.sampled_from(list(BOOK.acts)))]
    index = data.draw(st.integers(0, len(act.versions) - 1))
    version = replace(act.versions[index], level="light", sanctions=("light-oral",), readings=())
    changed = replace(act, versions=(*act.versions[:index], version, *act.versions[index + 1 :]))
    other = replace(BOOK, acts={**BOOK.acts, act.id: changed})
    if not version.in_force.holds(question["day"]):
        assert answer_to(other, question) == answer_to(BOOK, question)


@given(QUESTIONS)
@settings(max_examples=200)
def test_an_answer_that_was_kept_is_the_answer_that_is_made(question):
    answer_to(BOOK, question)
    assert answer_to(replace(BOOK), question) == answer_to(BOOK, question)


@given(st.sampled_from(list(BOOK.acts)), st.sampled_from(["pns", "pppk", "village-head"]), st.sampled_from(STATUSES))
@settings(max_examples=60)
def test_between_two_boundaries_nothing_changes(act, employment, status):
    for first, after in pairwise(BOOK.boundaries):
        days = {first, after - timedelta(days=1), first + (after - first) / 2}
        answers = [
            answer_to(BOOK, {"act": act, "day": day, "employment": employment, "candidate_status": status})
            for day in sorted(days)
        ]
        plain = [each if isinstance(each, Assessment) else each[0] for each in answers]
        assert all(each == plain[0] for each in plain)


# --- the day of determination ------------------------------------------------------------------------------------


def test_the_same_like_is_ethics_the_day_before_candidates_are_determined_and_severe_discipline_from_then_on(
    book, pilkada
):
    before = assess(book, form=LIKE, day=date(2024, 9, 21), employment="pns", election=pilkada)
    after = assess(book, form=LIKE, day=date(2024, 9, 22), employment="pns", election=pilkada)
    assert (before.act, before.kind, before.level) == (LIKE_BEFORE, "ethics", "moral")
    assert (after.act, after.kind, after.level) == (LIKE_AFTER, "discipline", "severe")
    assert before.sanctions == ("moral-closed", "moral-open")
    assert "PP 42/2004 Pasal 11 huruf c" in [cite.text for cite in before.cites]
    assert "PP 94/2021 Pasal 5 huruf n angka 5" in [cite.text for cite in after.cites]
    assert after.stage == "determination"


def test_an_act_named_for_the_wrong_phase_is_answered_by_the_one_that_applies(book, pilkada):
    """Whoever picks the row for candidates, of somebody who was none yet, must not be told that it is no breach."""
    answer = assess(book, act=LIKE_AFTER, day=date(2024, 9, 21), employment="pns", election=pilkada)
    assert (answer.act, answer.kind) == (LIKE_BEFORE, "ethics")
    codes = [reason.code for reason in answer.reasons]
    assert "unfit_status" in codes and "same_conduct_is" in codes


def test_a_status_that_is_given_wins_over_the_calendar_and_the_answer_says_so(book, pilkada):
    answer = assess(
        book, form=LIKE, day=date(2024, 9, 1), employment="pns", election=pilkada, candidate_status=DETERMINED
    )
    assert answer.kind == "discipline"
    assert answer.reasons[0].code == "status_given_against_calendar"
    same = assess(book, form=LIKE, day=date(2024, 9, 1), employment="pns", election=pilkada, candidate_status=WOULD_BE)
    assert same.reasons[0].code == "status_given"


def test_where_nobody_is_a_candidate_only_acts_that_need_none_count(book):
    def kind(form):
        return assess(book, form=form, day=date(2024, 5, 1), employment="pns", candidate_status=NONE).kind

    assert kind(LIKE) == "none"
    assert kind("party-member") == "discipline"


def test_each_contest_of_a_general_election_has_its_own_day(book):
    pemilu = book.elections["pemilu-2024"]
    day = date(2023, 11, 8)
    assert status_by_calendar(pemilu, day, "dpr") == (DETERMINED, "")
    assert status_by_calendar(pemilu, day, "dprd-regency-city") == (DETERMINED, "")
    assert status_by_calendar(pemilu, day, "dprd") == (DETERMINED, "")
    assert status_by_calendar(pemilu, day, "president") == (WOULD_BE, "")
    assert status_by_calendar(pemilu, day, None) == (None, "contest")
    with pytest.raises(FactMissing) as missing:
        assess(book, form=LIKE, day=day, employment="pns", election=pemilu)
    assert missing.value.fact == "contest"


# --- who and what ------------------------------------------------------------------------------------------------


def test_the_allowance_cut_is_suspended_and_what_takes_its_place_is_offered(book):
    answer = assess(
        book, act="pp94-5n2-attributes", day=date(2024, 10, 1), employment="pns", candidate_status=DETERMINED
    )
    assert answer.level == "moderate"
    assert answer.sanctions == (
        "interim-moderate-increment-1y", "interim-moderate-promotion-1y", "interim-moderate-rank-1y",
    )  # fmt: skip
    assert "sanction_suspended" in [reason.code for reason in answer.reasons]


def test_contract_staff_of_the_state_have_the_level_of_the_act_and_the_sanctions_of_their_agency(book):
    answer = assess(book, act=LIKE_AFTER, day=date(2024, 10, 1), employment="pppk", candidate_status=DETERMINED)
    assert (answer.level, answer.sanctions) == ("severe", ())
    assert "sanction_by_agency_rules" in [reason.code for reason in answer.reasons]
    member = assess(
        book, act="skb22-discipline-05-party-member-or-officer", day=date(2024, 10, 1), employment="pppk",
        candidate_status=NONE,
    )  # fmt: skip
    assert member.sanctions == ("pppk-termination-dishonourable",)


def test_what_is_contested_proposes_nothing_and_gives_both_readings(book):
    answer = assess(
        book, act="pp94-5n1-join-campaign", day=date(2024, 10, 1), employment="pns", candidate_status=DETERMINED
    )
    assert (answer.level, answer.standing, answer.sanctions) == ("contested", Standing.CONTESTED, ())
    assert len(answer.readings) == 2


def test_several_tracks_may_run_at_once(book, pilkada):
    answer = assess(book, form="decision-favouring", day=date(2024, 11, 20), employment="camat", election=pilkada)
    assert answer.kind == "discipline"
    assert [other.kind for other in answer.also] == ["criminal"]
    assert answer.also[0].act == "pilkada-71-1-officials"


@pytest.mark.parametrize("employment", ["tni", "polri"])
def test_officers_of_the_forces_are_reached_by_the_regional_act_from_the_day_of_the_courts_ruling(
    book, pilkada, employment
):
    def kind(day):
        return assess(book, form="decision-favouring", day=day, employment=employment, election=pilkada).kind

    assert (kind(date(2024, 11, 13)), kind(date(2024, 11, 14))) == ("none", "criminal")


# --- what cannot be answered -------------------------------------------------------------------------------------


def test_a_question_without_what_it_needs_says_which_fact_is_missing(book):
    day = date(2024, 10, 1)
    with pytest.raises(ActUnknown):
        assess(book, act="no-such-act", day=day, employment="pns")
    with pytest.raises(FactMissing) as missing:
        assess(book, day=day, employment="pns")
    assert missing.value.fact == "act"
    with pytest.raises(FactMissing) as missing:
        assess(book, form=LIKE, day=day, employment="pns")
    assert missing.value.fact == "candidate_status"
    with pytest.raises(PersonUnknown):
        assess(book, form=LIKE, day=day, employment="", candidate_status=NONE)
    with pytest.raises(ValueUnknown) as wrong:
        assess(book, form=LIKE, day=day, employment="pns", candidate_status="maybe")
    assert wrong.value.fact == "candidate_status"
    with pytest.raises(RuleNotInForce) as outside:
        assess(book, act=LIKE_AFTER, day=date(2022, 9, 21), employment="pns", candidate_status=DETERMINED)
    assert "skb20-ethics-04-social-media-engagement" in outside.value.others
