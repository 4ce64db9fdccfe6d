"""Judging acts: one answer a track, nothing guessed, no sanction outside its clause, and the law of the day alone."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikrar.domain.acts import BANDS, CONTESTS, Standing
from ikrar.domain.assessment import (
    DETERMINED,
    NONE,
    STATUSES,
    WOULD_BE,
    Assessment,
    Reason,
    assess,
    status_by_calendar,
)
from ikrar.domain.errors import (
    ActUnknown,
    DayOutside,
    DomainError,
    ElectionOver,
    FactMissing,
    NotKnown,
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


def kinds(answer):
    return [answer.kind, *(other.kind for other in answer.also)]


def acts(answer):
    return [answer.act, *(other.act for other in answer.also)]


def codes(answer):
    return [reason.code for reason in answer.reasons]


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
        assert error.fact in ("employment", "candidate_status", "contest", "election")
    except NotKnown as error:
        assert error.fact in ("employment", "candidate_status", "election")
        assert error.rule == question["act"]
    except DayOutside:
        assert not BOOK.covered.holds(question["day"])
    except ElectionOver as error:
        assert question["day"] > BOOK.elections[error.election].last_on and question["candidate_status"] is None
    except ValueUnknown as error:
        assert error.fact == "contest" and question["contest"] not in error.known
    else:
        tracks = kinds(answer)
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
    """Beside the law of their own, which bars practical politics to them on every day."""

    def tracks(day):
        return kinds(assess(book, form="decision-favouring", day=day, employment=employment, election=pilkada))

    assert tracks(date(2024, 11, 13)) == ["discipline"]
    assert tracks(date(2024, 11, 14)) == ["discipline", "criminal"]


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


# --- silence is not innocence ------------------------------------------------------------------------------------

OCTOBER_2020, OCTOBER_2024, CAMPAIGN_2024 = date(2020, 10, 1), date(2024, 10, 1), date(2024, 1, 10)
MODERATE_1Y = ("interim-moderate-increment-1y", "interim-moderate-promotion-1y", "interim-moderate-rank-1y")


def told(book, form, day, employment, election, *, contest=None, **more):
    return assess(
        book, form=form, day=day, employment=employment, election=book.elections[election], contest=contest, **more
    )


@pytest.mark.parametrize(
    ("form", "clauses"),
    [
        ("campaign-team", ["15 huruf a", "15 huruf d"]),
        ("campaign-attributes", ["15 huruf a"]),
        ("mobilise-civil-servants", ["15 huruf a"]),
        ("attend-with-support", ["15 huruf a"]),
        ("spouse-campaign-without-leave", ["15 huruf a"]),
        ("campaign-props", ["15 huruf d"]),
    ],
)
@pytest.mark.parametrize(("day", "election"), [(OCTOBER_2020, "pilkada-2020"), (date(2018, 3, 1), "pilkada-2018")])
def test_what_the_old_discipline_reached_in_a_regional_election_is_found_from_every_form(
    book, form, clauses, day, election
):
    answer = told(book, form, day, "pns", election)
    assert (answer.kind, answer.level, answer.standing) == ("discipline", "moderate", Standing.BREACH)
    assert answer.sanctions == MODERATE_1Y and answer.confidence == "uncertain"
    cited = {cite.text for cite in answer.cites}
    assert {f"PP 53/2010 Pasal 4 angka {clause}" for clause in clauses} <= cited


@pytest.mark.parametrize("form", ["attend-with-support", "campaign-team", "campaign-props", LIKE, "photo-with-symbol"])
def test_between_the_new_discipline_and_the_joint_decision_its_clauses_judge_what_it_later_listed(book, form):
    answer = assess(
        book, form=form, day=date(2021, 10, 1), employment="pns", candidate_status=DETERMINED, contest="dpr"
    )
    assert (answer.level, answer.confidence) == ("severe", "uncertain")
    assert answer.act in ("pp94-5n5-decision-favouring", "pp94-5n6-partisan-activities")


@pytest.mark.parametrize(
    ("form", "day", "election", "contest"),
    [
        (LIKE, date(2022, 8, 1), "pemilu-2024", "dpr"),
        (LIKE, date(2017, 12, 26), "pilkada-2018", None),
        ("join-campaign", date(2018, 2, 1), "pilkada-2018", None),
        ("decision-favouring", date(2018, 1, 15), "pilkada-2018", None),
    ],
)
def test_what_no_letter_lists_before_determination_is_caught_for_a_person_to_weigh(book, form, day, election, contest):
    answer = told(book, form, day, "pns", election, contest=contest)
    assert (answer.act, answer.kind) == ("pp42-ethics-general-before-2022", "ethics")
    assert (answer.standing, answer.sanctions) == (Standing.REVIEW, ())


def test_the_catch_all_stands_back_where_a_row_of_ethics_fits(book):
    answer = told(book, LIKE, date(2020, 9, 12), "pns", "pilkada-2020")
    assert acts(answer) == ["skb20-ethics-04-social-media-engagement"]
    assert answer.standing is Standing.BREACH


@pytest.mark.parametrize(
    ("employment", "act"),
    [("kuwu", "uudesa-29-village-head"), ("village-staff", "uudesa-51-village-staff"), ("tni", "tni-39-politics"),
     ("polri", "polri-28-politics")],
)  # fmt: skip
def test_those_outside_the_lists_are_found_by_the_form_and_on_every_track(book, employment, act):
    regional = told(book, "campaign-team", OCTOBER_2024, employment, "pilkada-2024")
    assert acts(regional) == [act]
    general = told(book, "campaign-team", CAMPAIGN_2024, employment, "pemilu-2024", contest="dpr")
    assert acts(general) == [act, "pemilu-280-3-participate"]


@pytest.mark.parametrize(
    ("employment", "act", "standing"),
    [("kuwu", "uudesa-29-village-head", Standing.REVIEW), ("village-staff", "uudesa-51-village-staff", Standing.REVIEW),
     ("bpd", "uudesa-64-bpd", Standing.REVIEW), ("tni", "tni-39-politics", Standing.POINTER)],
)  # fmt: skip
def test_a_member_of_a_party_may_be_its_officer_which_is_what_is_barred_in_a_village(book, employment, act, standing):
    answer = told(book, "party-member", OCTOBER_2024, employment, "pilkada-2024")
    assert (answer.act, answer.standing, answer.sanctions) == (act, standing, ())


def test_a_village_head_who_favours_somebody_by_a_decision_answers_to_two_laws(book):
    regional = told(book, "decision-favouring", OCTOBER_2024, "kuwu", "pilkada-2024")
    assert kinds(regional) == ["discipline", "criminal"] and regional.act == "uudesa-29-village-head"
    assert regional.also[0].act == "pilkada-71-1-officials-before-mk136"
    general = told(book, "decision-favouring", CAMPAIGN_2024, "village-head", "pemilu-2024", contest="president")
    assert kinds(general) == ["discipline", "criminal"]


def test_what_the_facts_say_nothing_forbids_is_none_and_what_they_do_not_say_is_not_known(book):
    # The Villages Act bars its council party office alone, and no clause of regional elections reaches it.
    free = told(book, "campaign-team", OCTOBER_2024, "bpd", "pilkada-2024")
    assert (free.kind, codes(free)[-2:]) == ("none", ["free_by_facts", "no_act_applies"])
    early = told(book, "candidate-not-resigned", date(2024, 9, 1), "pns", "pilkada-2024")
    assert (early.kind, codes(early)[-2:]) == ("none", ["free_by_facts", "no_act_applies"])
    with pytest.raises(NotKnown) as silent:
        told(book, LIKE, OCTOBER_2024, "bpd", "pilkada-2024")
    assert (silent.value.fact, silent.value.rule) == ("employment", LIKE)
    with pytest.raises(NotKnown) as silent:
        told(book, LIKE, OCTOBER_2024, "organiser", "pilkada-2024")
    assert silent.value.fact == "employment"
    with pytest.raises(NotKnown) as silent:
        told(book, "approach-party", OCTOBER_2024, "pns", "pilkada-2024")
    assert silent.value.fact == "candidate_status"
    with pytest.raises(RuleNotInForce):
        assess(book, form="party-member", day=date(2019, 9, 24), employment="pns", candidate_status=WOULD_BE)


def test_whom_no_rule_binds_is_told_so_and_where_nobody_runs_nothing_that_needs_a_candidate_counts(book):
    citizen = told(book, LIKE, OCTOBER_2024, "none", "pilkada-2024")
    assert citizen.kind == "none" and "rules_bind_others" in codes(citizen)
    for employment in ("pns", "kuwu", "honorer"):
        nobody = told(book, LIKE, OCTOBER_2024, employment, "pilkada-2024", candidate_status=NONE)
        assert nobody.kind == "none" and "unfit_status" in codes(nobody)


@pytest.mark.parametrize(
    ("form", "day", "election", "act", "standing"),
    [
        (LIKE, OCTOBER_2020, "pilkada-2020", "pp53-pilkada-15d-partisan-activities", Standing.REVIEW),
        (LIKE, date(2020, 9, 12), "pilkada-2020", "skb20-ethics-04-social-media-engagement", Standing.REVIEW),
        ("campaign-attributes", OCTOBER_2024, "pilkada-2024", "pp94-5n2-attributes", Standing.REVIEW),
        ("mobilise-civil-servants", OCTOBER_2024, "pilkada-2024", "pp94-5n3-mobilise-civil-servants", Standing.REVIEW),
        ("join-campaign", OCTOBER_2024, "pilkada-2024", "pp94-5n1-join-campaign", Standing.CONTESTED),
    ],
)
def test_whether_a_row_of_pns_reaches_a_pppk_is_for_a_person_to_weigh(book, form, day, election, act, standing):
    answer = told(book, form, day, "pppk", election)
    assert (answer.act, answer.standing, answer.sanctions) == (act, standing, ())
    assert answer.confidence == "uncertain" and "reach_open" in codes(answer)


def test_a_civil_servant_of_no_sort_and_a_citizen_who_is_a_lurah_are_asked_what_they_are(book, pilkada):
    for employment, post in (("asn", ""), ("none", "Lurah Tarok Dipo"), ("none", "Wali Nagari")):
        with pytest.raises(FactMissing) as missing:
            assess(book, form=LIKE, day=OCTOBER_2024, employment=employment, post=post, election=pilkada)
        assert missing.value.fact == "employment"


# --- posts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "post", ["Sekretaris Daerah", "kepala dinas", "Kabid", "Kepala Puskesmas", "Plt. Kepala Dinas", "Pj. Sekda"]
)
def test_whether_a_leading_post_is_that_of_an_official_is_weighed_by_a_person_on_the_criminal_track(
    book, pilkada, post
):
    answer = assess(
        book, form="decision-favouring", day=date(2024, 10, 22), employment="pns", post=post, election=pilkada
    )
    assert kinds(answer) == ["discipline", "criminal"] and answer.standing is Standing.BREACH
    criminal = answer.also[0]
    assert (criminal.act, criminal.standing, criminal.sanctions) == (
        "pilkada-71-1-officials-before-mk136", Standing.REVIEW, (),
    )  # fmt: skip
    assert "reach_open" in codes(criminal)


@pytest.mark.parametrize("post", ["asn-official", "JPT Pratama", "Eselon II.b", "camat", "Lurah Tarok Dipo"])
def test_an_official_of_the_civil_service_answers_on_the_criminal_track(book, pilkada, post):
    answer = assess(
        book, form="decision-favouring", day=date(2024, 10, 22), employment="pns", post=post, election=pilkada
    )
    assert answer.also[0].sanctions == ("criminal-1-6m-600k-6m",)


@pytest.mark.parametrize("post", ["Kepala SMP Negeri 2", "Kepala SMAN 2", "kepala sekolah"])
def test_a_school_head_is_one_by_every_name_and_the_criminal_track_is_disputed(book, pilkada, post):
    answer = assess(book, form="decision-favouring", day=OCTOBER_2024, employment="pns", post=post, election=pilkada)
    assert answer.also[0].act == "pilkada-71-1-school-head" and answer.also[0].sanctions == ()
    general = told(book, "decision-favouring", CAMPAIGN_2024, "pns", "pemilu-2024", contest="president", post=post)
    assert (general.also[0].act, general.also[0].standing) == ("pemilu-282-decisions", Standing.REVIEW)


@pytest.mark.parametrize("post", ["guru", "Staf kantor camat", "Wakil Kepala Sekolah", "sekretaris camat"])
def test_others_have_no_criminal_track_and_who_told_no_post_hears_of_it(book, pilkada, post):
    answer = assess(book, form="decision-favouring", day=OCTOBER_2024, employment="pns", post=post, election=pilkada)
    assert kinds(answer) == ["discipline"] and "also_for_officials" not in codes(answer)
    untold = assess(book, form="decision-favouring", day=OCTOBER_2024, employment="pns", election=pilkada)
    assert kinds(untold) == ["discipline"] and "also_for_officials" in codes(untold)


@pytest.mark.parametrize(
    ("employment", "post"),
    [("pppk", "Kepala Sekolah"), ("honorer", "kepala sekolah"), ("honorer", "Lurah"), ("tni", "camat"), ("kuwu", "camat"),
     ("honorer", "staf kantor lurah")],
)  # fmt: skip
def test_no_post_brings_the_sanctions_of_another_employment(book, pilkada, employment, post):
    for form in (LIKE, "party-member", "decision-favouring"):
        answer = assess(book, form=form, day=OCTOBER_2024, employment=employment, post=post, election=pilkada)
        families = {book.sanctions[id].family for each in (answer, *answer.also) for id in each.sanctions}
        assert not families & {"discipline", "status"}, (form, families)


def test_a_school_head_who_is_pppk_and_joins_a_party_loses_the_contract(book, pilkada):
    answer = assess(
        book, form="party-member", day=OCTOBER_2024, employment="pppk", post="Kepala Sekolah", election=pilkada
    )
    assert (answer.act, answer.level) == ("pppk-party-member", "contract-termination")
    assert answer.sanctions == ("pppk-termination-dishonourable",)


# --- what may follow ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("employment", ["pns", "cpns", "pppk", "honorer", "ppnpn"])
@pytest.mark.parametrize("form", ["join-campaign", "spouse-campaign-without-leave"])
def test_what_is_contested_proposes_nothing_for_anybody(book, employment, form):
    answer = told(book, form, OCTOBER_2024, employment, "pilkada-2024")
    assert (answer.level, answer.standing, answer.sanctions) == ("contested", Standing.CONTESTED, ())
    assert len(answer.readings) == 2


def test_each_class_of_offender_has_its_own_sanction_and_clause(book):
    def criminal(employment):
        answer = told(book, "decision-favouring", CAMPAIGN_2024, employment, "pemilu-2024", contest="president")
        return next(each for each in (answer, *answer.also) if each.kind == "criminal")

    for employment in ("kuwu", "village-head"):
        found = criminal(employment)
        assert found.sanctions == ("criminal-1y-12m",)
        assert not any("547" in cite.text for cite in found.cites)
    for employment in ("camat", "lurah", "state-official", "asn-official"):
        found = criminal(employment)
        assert found.sanctions == ("criminal-3y-36m",)
        assert not any("490" in cite.text for cite in found.cites)


def test_only_an_incumbent_can_lose_the_candidacy(book):
    for form in ("reshuffle-of-officials", "programmes-favouring"):
        assert "candidacy-cancelled" in told(book, form, OCTOBER_2024, "regent", "pilkada-2024").sanctions
        acting = told(book, form, OCTOBER_2024, "acting-head", "pilkada-2024")
        assert acting.sanctions == ("criminal-1-6m-600k-6m",)
        assert not any("71 ayat (5)" in cite.text for cite in acting.cites)


# --- days of an act ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["reshuffle-of-officials", "programmes-favouring"])
def test_before_the_ban_begins_an_official_may_be_replaced(book, form):
    before = told(book, form, date(2024, 3, 21), "regent", "pilkada-2024")
    assert before.kind == "none" and "unfit_window" in codes(before)
    assert told(book, form, date(2022, 1, 1), "regent", "pilkada-2024").kind == "none"
    assert told(book, form, date(2024, 3, 22), "regent", "pilkada-2024").kind == "criminal"
    act = {"reshuffle-of-officials": "pilkada-71-2-reshuffle", "programmes-favouring": "pilkada-71-3-programmes"}[form]
    named = assess(book, act=act, day=date(2024, 3, 21), employment="regent", election=book.elections["pilkada-2024"])
    assert named.kind == "none"
    untold = assess(book, form=form, day=date(2022, 1, 1), employment="regent", contest="regional-head")
    assert (untold.standing, untold.sanctions) == (Standing.REVIEW, ()) and "window_open" in codes(untold)


def test_when_the_elected_pair_was_determined_is_not_known_after_the_count(book):
    during = told(book, "programmes-favouring", date(2024, 12, 16), "regent", "pilkada-2024")
    assert during.standing is Standing.BREACH
    after = told(book, "programmes-favouring", date(2024, 12, 17), "regent", "pilkada-2024")
    assert (after.standing, after.sanctions) == (Standing.REVIEW, ()) and "window_open" in codes(after)


@pytest.mark.parametrize(
    ("act", "election", "contest", "first", "last"),
    [
        ("pp53-pilkada-15b-office-facilities", "pilkada-2020", None, date(2020, 9, 26), date(2020, 12, 5)),
        ("pp53-pilkada-15c-decisions", "pilkada-2020", None, date(2020, 9, 26), date(2020, 12, 5)),
        ("pp53-pemilu-13a-decisions", "pemilu-2019", "president", date(2018, 9, 23), date(2019, 4, 13)),
    ],
)
def test_what_counts_during_the_campaign_alone_counts_on_no_other_day(book, act, election, contest, first, last):
    def answered(day):
        return assess(
            book, act=act, day=day, employment="pns", election=book.elections[election], contest=contest
        )  # fmt: skip

    for day in (first, last):
        assert (answered(day).act, answered(day).level) == (act, "severe")
    for day in (first - timedelta(days=1), last + timedelta(days=1)):
        outside = answered(day)
        assert outside.act != act and outside.standing is Standing.REVIEW and "unfit_window" in codes(outside)


def test_decisions_are_an_offence_of_a_general_election_during_its_campaign_alone(book):
    def tracks(day):
        return kinds(told(book, "decision-favouring", day, "asn-official", "pemilu-2024", contest="dpr"))

    assert tracks(date(2023, 11, 14)) == ["discipline"]
    assert tracks(date(2023, 11, 28)) == ["discipline", "criminal"]
    assert tracks(date(2024, 2, 11)) == ["discipline"]


def test_a_victory_is_celebrated_after_the_vote(book):
    before = told(book, "victory-celebration", date(2024, 9, 24), "pns", "pilkada-2024")
    assert (before.standing, before.sanctions) == (Standing.REVIEW, ())
    after = told(book, "victory-celebration", date(2024, 11, 27), "pns", "pilkada-2024")
    assert (after.act, after.standing) == ("asn-post-vote-celebration", Standing.BREACH)


# --- days of an election and of the rulebook -----------------------------------------------------------------------


def test_an_election_that_is_over_judges_no_later_day(book):
    with pytest.raises(ElectionOver) as over:
        told(book, LIKE, OCTOBER_2024, "pns", "pemilu-2019", contest="dpr")
    assert over.value.election == "pemilu-2019"
    for day in (date(2025, 6, 1), date(2027, 1, 1)):
        with pytest.raises(ElectionOver):
            told(book, LIKE, day, "pns", "pilkada-2024")
    given = told(book, LIKE, date(2025, 6, 1), "pns", "pilkada-2024", candidate_status=DETERMINED)
    assert given.stage is None and "election_past" in codes(given)


def test_a_calendar_that_was_replaced_is_judged_by_the_one_that_replaced_it(book):
    answer = told(book, LIKE, date(2020, 7, 20), "pns", "pilkada-2020-original")
    assert (answer.kind, answer.candidate_status) == ("ethics", WOULD_BE)
    assert answer.reasons[0] == Reason(
        "election_replaced", (("election", "pilkada-2020-original"), ("by", "pilkada-2020"))
    )


@pytest.mark.parametrize(
    ("election", "contest"), [("pilkada-2024", "president"), ("pilkada-2020", "dpr"), ("pemilu-2024", "regional-head")]
)
def test_a_contest_that_an_election_does_not_hold_is_named(book, election, contest):
    with pytest.raises(ValueUnknown) as wrong:
        told(book, LIKE, OCTOBER_2020, "pns", election, contest=contest)
    assert wrong.value.fact == "contest" and contest not in wrong.value.known


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1945, 8, 17), date(2016, 12, 31), date(2099, 1, 1), date.max])
def test_a_day_outside_the_rulebook_is_refused(book, day):
    with pytest.raises(DayOutside) as outside:
        assess(book, form=LIKE, day=day, employment="pns", candidate_status=DETERMINED)
    assert (outside.value.field, outside.value.first_on) == ("on", date(2017, 1, 1))


# --- citations ---------------------------------------------------------------------------------------------------


@given(QUESTIONS)
@settings(max_examples=200)
def test_nothing_is_cited_that_was_not_in_force_on_the_day(question):
    answer = answer_to(BOOK, question)
    if isinstance(answer, Assessment):
        for each in (answer, *answer.also):
            for cite in each.cites:
                assert BOOK.sources[cite.source].days.holds(question["day"]), cite.text


def test_the_acts_that_were_replaced_are_cited_for_their_own_days(book):
    def cited(day, form=LIKE, employment="pns"):
        answer = assess(book, form=form, day=day, employment=employment, candidate_status=DETERMINED)
        return [cite.text for cite in answer.cites if cite.text.startswith(("UU", "PP 49"))]

    assert cited(date(2022, 10, 1)) == ["UU 5/2014 Pasal 9 ayat (2)"]
    assert cited(date(2023, 10, 31)) == ["UU 20/2023 Pasal 9 ayat (2)"]
    assert cited(date(2022, 10, 1), "party-member") == ["UU 5/2014 Pasal 87 ayat (4) huruf c (sampai 2023-10-30)"]
    assert cited(date(2024, 3, 1), "party-member") == [
        "UU 20/2023 Pasal 52 ayat (3) huruf j", "UU 20/2023 Pasal 52 ayat (4)",
    ]  # fmt: skip
    assert cited(date(2019, 3, 1), "party-member", "pppk") == [
        "PP 49/2018 (pemutusan tidak dengan hormat)",
        "PP 49/2018",
    ]
    in_2019 = cited(date(2019, 3, 1), "village-head-partisanship", "kuwu")
    assert "UU 6/2014 Pasal 29 huruf b" in in_2019 and not any("UU 3/2024" in text for text in in_2019)


# --- one table for acts and for activities ---------------------------------------------------------------------------


# It speaks of village heads, and the kind of conduct reaches the staff too.
_OF_HEADS_ALONE = {"village-head-declares-support": {"uudesa-51-village-staff"}}


def test_what_an_activity_finds_by_a_kind_of_conduct_is_found_by_its_form_too(book):
    """Of an activity that is always judged by forms and by kinds of conduct: whoever the conduct reaches, a form does."""
    guidance, compared = book.guidance, 0
    for activity in guidance.activities.values():
        always = [rule for rule in activity.judged_by if not rule.when and not rule.unless]
        forms = {form for rule in always if not rule.conduct for form in rule.forms}
        conducts = [guidance.conducts[rule.conduct] for rule in always if rule.conduct]
        by_form = {act.id for form in forms for act in book.acts_by_form[form]}
        by_conduct = {act.id for each in conducts for form in each.forms for act in book.acts_by_form[form]}
        if forms and conducts:
            compared += 1
            assert by_conduct - by_form == _OF_HEADS_ALONE.get(activity.id, set()), activity.id
    assert compared > 30
