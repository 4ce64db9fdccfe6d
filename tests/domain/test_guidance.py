"""May I do it: the order of an answer, its days, places and people, and what a question in plain words is taken for."""

import json
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikrar.domain.activities import Verdict
from ikrar.domain.errors import (
    ActivityUnknown,
    ElectionOver,
    PersonUnknown,
    QuestionEmpty,
    QuestionNotUnderstood,
    RegionHasNoElection,
    ValueUnknown,
)
from ikrar.domain.guidance import Who, advise, answer, election_for, understand
from ikrar.domain.persons import RELATIONS
from ikrar.domain.questions import named_day
from ikrar.gateways import rulebook_files

BOOK = rulebook_files.rulebook()
ACTIVITIES = sorted(BOOK.guidance.activities)
BEFORE, DETERMINED, AFTER = date(2024, 9, 21), date(2024, 9, 22), date(2024, 10, 12)
PNS = Who("pns", "guru", "none")


def part(activity, day=AFTER, *, who=PNS, **more):
    return advise(BOOK, [activity], day=day, who=who, **more).activities[0]


def ask(question, day=AFTER, *, employment="pns", relation="", region="32.05", **more):
    return answer(BOOK, question, day=day, region=region, who=Who(employment, "", relation), **more)


def words(labels):
    return [each.label.id for each in labels]


def codes(reasons):
    return [reason.code for reason in reasons]


# --- the order of an answer --------------------------------------------------------------------------------------


def test_an_act_in_force_beats_everything_and_its_consequence_follows_the_day_of_determination():
    before, after = part("like-candidate-post", BEFORE), part("like-candidate-post", DETERMINED)
    assert (before.verdict, before.acts[0].act, before.acts[0].kind, before.acts[0].level) == (
        "not_allowed", "skb22-ethics-04-social-media-engagement", "ethics", "moral",
    )  # fmt: skip
    assert (after.verdict, after.acts[0].act, after.acts[0].kind, after.acts[0].level) == (
        "not_allowed", "skb22-discipline-06-social-media-engagement", "discipline", "severe",
    )  # fmt: skip
    assert "SKB 2022 Lampiran II huruf B angka 6" in [cite.text for cite in after.cites]


def test_an_answer_says_what_changes_next_even_where_the_word_stays_the_same():
    change = part("like-candidate-post", BEFORE).changes[0]
    assert (change.day, change.verdict, change.consequences) == (DETERMINED, "not_allowed", (("discipline", "severe"),))


def test_what_is_contested_is_asked_of_a_person_with_every_reading_and_who_holds_it():
    told = part("attend-campaign")
    assert told.verdict is Verdict.ASK
    assert [act.act for act in told.acts] == ["pp94-5n1-join-campaign"]
    assert len(told.readings) >= 3
    held = [reading.held_by.id for reading in told.readings if reading.held_by]
    assert any(each.startswith("Mendagri") for each in held)
    assert any("Bawaslu Medan" in each for each in held)
    assert told.acts[0].sanctions == ()


def test_passive_attendance_is_answered_by_ethics_before_determination_and_asked_after():
    assert part("attend-campaign", BEFORE).verdict is Verdict.NOT_ALLOWED
    assert part("attend-campaign", BEFORE).acts[0].kind == "ethics"
    assert part("attend-campaign", DETERMINED).verdict is Verdict.ASK
    change = part("attend-campaign", BEFORE).changes[0]
    assert (change.day, change.verdict) == (DETERMINED, "ask")


@pytest.mark.parametrize(
    ("fact", "act"),
    [
        ("attributes", "pp94-5n2-attributes"),
        ("active-support", "skb22-discipline-04-attend-with-support"),
        ("mobilises", "pp94-5n3-mobilise-civil-servants"),
        ("state-facilities", "pp94-5n4-state-facilities"),
    ],
)
def test_a_circumstance_that_is_told_turns_a_condition_into_a_breach_and_its_denial_meets_it(fact, act):
    open_answer = part("attend-campaign")
    assert fact in [condition.circumstance for condition in open_answer.conditions]
    so = part("attend-campaign", facts={fact: True})
    assert so.verdict is Verdict.NOT_ALLOWED and act in [each.act for each in so.acts]
    not_so = part("attend-campaign", facts={fact: False})
    assert not_so.verdict is Verdict.ASK
    assert fact not in [condition.circumstance for condition in not_so.conditions if condition.because == "act"]
    assert ("act_lifted", fact) in [(r.code, dict(r.values).get("circumstance")) for r in not_so.reasons]


def test_a_local_ban_holds_in_its_region_from_its_day_and_nowhere_else():
    day = date(2024, 11, 14)
    assert part("attend-campaign", day, region="74.01").verdict is Verdict.NOT_ALLOWED
    assert part("attend-campaign", day, region="74.01.02").verdict is Verdict.NOT_ALLOWED
    assert part("attend-campaign", day - timedelta(days=1), region="74.01").verdict is Verdict.ASK
    for elsewhere in ("74.08", "74", "32.05", ""):
        assert part("attend-campaign", day, region=elsewhere).verdict is Verdict.ASK
    change = part("attend-campaign", day - timedelta(days=1), region="74.01").changes[0]
    assert (change.day, change.verdict) == (day, "not_allowed")


def test_what_a_region_narrowed_is_shown_there_and_what_the_act_leaves_open_stays_asked():
    told = part("attend-campaign", region="13.76")
    assert told.verdict is Verdict.ASK and "passive-attendance-sumbar" in told.statements
    # The clause speaks of PNS, and PPPK fall under rules of their agency that map it: whether it reaches them is open.
    of_pppk = part("attend-campaign", region="13.76", who=Who("pppk", "guru", "none"))
    assert of_pppk.verdict is Verdict.ASK and "passive-attendance-sumbar" in of_pppk.statements
    assert "reach_open" in codes(of_pppk.acts[0].reasons)
    assert "attributes" in [condition.circumstance for condition in of_pppk.conditions]
    assert part("attend-campaign", region="32.05", who=Who("pppk", "guru", "none")).verdict is Verdict.ASK


def test_an_appeal_or_a_custom_alone_is_allowed_with_advice_and_with_what_would_make_it_a_breach():
    for activity in ("follow-candidate-account", "finger-pose", "attend-victory-celebration"):
        told = part(activity, date(2024, 12, 1) if "victory" in activity else AFTER)
        assert told.verdict is Verdict.ALLOWED_IF, activity
        assert told.breach is not None and told.conditions, activity
    # The decision of 2022 names the photo that is published; the sign alone is what its note calls it: an indicator.
    assert part("finger-pose", facts={"with-candidate": True}).verdict is Verdict.ASK
    assert part("finger-pose", facts={"with-candidate": True, "published": True}).verdict is Verdict.NOT_ALLOWED
    assert part("follow-candidate-account", facts={"winning-team": True}).verdict is Verdict.NOT_ALLOWED
    assert part("follow-candidate-account", facts={"engages": True}).verdict is Verdict.NOT_ALLOWED


def test_allowed_is_said_plainly_where_it_is():
    for activity in ("vote", "neutral-turnout-appeal", "like-kpu-post", "fist-pose"):
        assert part(activity).verdict is Verdict.ALLOWED, activity
    assert "tanpa menyebut calon/partai/nomor" in words(part("neutral-turnout-appeal").conditions)


def test_a_permission_whose_limit_is_not_kept_permits_nothing():
    told = part("neutral-turnout-appeal", facts={"names-candidate": True})
    assert told.verdict is Verdict.NOT_ALLOWED
    assert "statement_condition_broken" in codes(told.reasons)


def test_what_the_decree_prohibits_is_never_allowed_even_where_no_act_held():
    # Between the decision of 2020, which was for regional elections, and that of 2022 no list reached a general one.
    told = part("like-candidate-post", date(2021, 9, 15), contest="dpr")
    assert told.verdict is Verdict.ASK
    for day in (date(2017, 6, 1), date(2021, 9, 15), date(2023, 1, 1), date(2026, 5, 1)):
        assert part("like-candidate-post", day).verdict in (Verdict.ASK, Verdict.NOT_ALLOWED)


def test_what_the_rulebook_does_not_cover_is_asked_and_says_so():
    for activity in ("be-polling-officer", "ballot-photo", "trade-with-campaign", "answer-survey"):
        told = part(activity)
        assert told.verdict is Verdict.ASK and "not_covered" in codes(told.reasons), activity


def test_the_pledge_alone_forbids_what_it_names_to_those_who_are_bound_by_it():
    told = part("accept-gift")
    assert told.verdict is Verdict.NOT_ALLOWED and [point.number for point in told.pledge] == [4]
    assert part("accept-gift", who=Who("village-head")).verdict is Verdict.ASK


# --- dates -------------------------------------------------------------------------------------------------------


def test_a_rule_that_was_replaced_is_judged_by_its_own_days():
    spouse = Who("pns", "", "spouse-of-candidate")
    in_2018 = part("spouse-attend-campaign", date(2018, 5, 10), who=spouse)
    assert "spouse-cltn-mandatory-2018" in in_2018.statements
    assert "b71-ethics-07-spouse-campaign-without-leave" in [act.act for act in in_2018.risks]
    in_2024 = part("spouse-attend-campaign", date(2024, 10, 10), who=spouse)
    assert "spouse-cltn-mandatory-2018" not in in_2024.statements
    assert "spouse-attend-campaign-passive" in in_2024.statements


def test_attending_a_declaration_was_barred_in_any_clothes_until_the_decision_of_2022():
    plain = {"attributes": False, "active-support": False}
    assert part("attend-declaration", date(2018, 1, 8), facts=plain).acts[0].act == "b71-ethics-03-attend-declaration"
    assert (
        part("attend-declaration", date(2020, 9, 13), facts=plain).acts[0].act == "skb20-ethics-03-attend-declaration"
    )
    after = part("attend-declaration", date(2022, 9, 22), facts=plain)
    assert "skb22-ethics-03-attend-with-support" not in [act.act for act in after.acts]


def test_leave_lifts_the_ban_on_approaching_a_party_only_since_2020():
    on_leave = {"unpaid-leave": True}
    running = Who("pns", "", "candidate")
    assert part("approach-party", date(2019, 10, 14), who=running, facts=on_leave).verdict is Verdict.NOT_ALLOWED
    assert part("approach-party", date(2024, 5, 15), who=running, facts=on_leave).verdict is Verdict.ALLOWED_IF
    told = part("approach-party", date(2024, 5, 15), who=running)
    assert told.verdict is Verdict.ALLOWED_IF and "unpaid-leave" in [each.circumstance for each in told.conditions]
    without = part("approach-party", date(2024, 5, 15), who=running, facts={"unpaid-leave": False})
    assert without.verdict is Verdict.NOT_ALLOWED


def test_officials_may_not_be_replaced_from_six_months_before_determination_without_approval():
    regent = Who("regent")
    unapproved = {"approved": False}
    assert part("reshuffle-officials", date(2024, 3, 22), who=regent, facts=unapproved).verdict is Verdict.NOT_ALLOWED
    assert part("reshuffle-officials", date(2024, 3, 21), who=regent, facts=unapproved).verdict is Verdict.ASK
    assert part("reshuffle-officials", date(2024, 4, 1), who=regent, facts={"approved": True}).verdict is Verdict.ASK


def test_an_answer_about_the_victory_belongs_to_the_vote_that_was_held():
    told = advise(BOOK, ["attend-victory-celebration"], day=date(2024, 2, 20), who=PNS)
    assert told.election == "pemilu-2024"
    assert advise(BOOK, ["like-candidate-post"], day=date(2024, 4, 20), who=PNS).election == "pilkada-2024"


def test_between_the_days_of_two_contests_the_contest_tells_and_without_it_the_strictest_counts():
    day = date(2023, 11, 8)
    assert part("like-candidate-post", day, contest="dpr").acts[0].kind == "discipline"
    assert part("like-candidate-post", day, contest="president").acts[0].kind == "ethics"
    both = advise(BOOK, ["like-candidate-post"], day=day, who=PNS)
    assert both.verdict is Verdict.NOT_ALLOWED and "contest_open" in codes(both.reasons)
    assert {act.kind for act in both.activities[0].acts} == {"ethics", "discipline"}


def test_an_official_hears_on_which_day_of_the_campaign_a_decision_becomes_an_offence():
    official = Who("asn-official")
    told = part("favour-or-harm-by-decision", date(2023, 11, 20), who=official, contest="president")
    assert {act.kind for act in told.acts} == {"discipline"}
    begins = told.changes[0]
    assert (begins.day, begins.consequences) == (
        date(2023, 11, 28),
        (("discipline", "severe"), ("criminal", "criminal")),
    )
    during = part("favour-or-harm-by-decision", date(2024, 2, 10), who=official, contest="president")
    assert during.changes[0].day == date(2024, 2, 11)


def test_a_status_that_is_given_wins_over_the_calendar():
    told = part("like-candidate-post", BEFORE, candidate_status="determined")
    assert told.acts[0].kind == "discipline"
    whole = advise(BOOK, ["like-candidate-post"], day=BEFORE, who=PNS, candidate_status="determined")
    assert whole.candidate_status == "determined" and "status_given" in codes(whole.reasons)


def test_where_no_election_is_known_whoever_would_run_is_a_would_be_candidate_and_nothing_is_said_to_change():
    told = advise(BOOK, ["like-candidate-post"], day=date(2026, 5, 4), who=PNS)
    assert told.election is None and told.candidate_status == "would-be"
    assert {"no_election_known", "status_assumed"} <= set(codes(told.reasons))
    assert told.activities[0].acts[0].kind == "ethics"
    assert told.activities[0].changes == ()


def test_the_last_known_calendar_does_not_announce_a_change_when_it_ends():
    assert part("like-candidate-post", date(2024, 12, 10)).changes == ()


def test_an_election_is_the_coming_one_or_the_last_while_it_is_counted():
    def chosen(day, contest=None, **more):
        found = election_for(BOOK.elections, day, contest, **more)
        return found and found.id

    assert chosen(date(2024, 2, 14)) == "pemilu-2024"
    assert chosen(date(2024, 3, 1)) == "pemilu-2024"
    assert chosen(date(2024, 3, 21)) == "pilkada-2024"
    assert chosen(date(2024, 1, 15), "regional-head") == "pilkada-2024"
    assert chosen(date(2024, 12, 1)) == "pilkada-2024"
    assert chosen(date(2020, 6, 1)) == "pilkada-2020"  # never the calendar that was replaced
    assert chosen(date(2025, 7, 1)) is None  # two regions alone repeat theirs
    assert (
        chosen(date(2025, 7, 1), region="19.71") == chosen(date(2025, 7, 1), region="19.01.05") == "pilkada-2025-repeat"
    )
    assert chosen(date(2025, 7, 1), region="19") is None and chosen(date(2025, 7, 1), region="13.76") is None
    assert chosen(date(2024, 10, 1), region="19.71") == "pilkada-2024"


# --- the election of a region, and elections that are none of the day ---------------------------------------------


@pytest.mark.parametrize("region", ["19.71", "19.01"])
def test_a_region_that_repeats_its_election_is_judged_by_it(region):
    told = advise(BOOK, ["like-candidate-post"], day=date(2025, 7, 25), region=region, who=PNS)
    assert (told.election, told.candidate_status) == ("pilkada-2025-repeat", "determined")
    assert told.activities[0].acts[0].level == "severe"
    before = advise(BOOK, ["like-candidate-post"], day=date(2025, 7, 21), region=region, who=PNS)
    assert before.activities[0].acts[0].kind == "ethics"
    assert before.activities[0].changes[0].day == date(2025, 7, 22)


@pytest.mark.parametrize(("region", "hinted"), [("", True), ("19", True), ("13.76", False), ("19.71", False)])
def test_an_election_of_some_regions_is_named_where_the_asker_may_be_in_one_of_them(region, hinted):
    told = advise(BOOK, ["like-candidate-post"], day=date(2025, 7, 25), region=region, who=PNS)
    assert ("election_elsewhere" in codes(told.reasons)) == hinted


def test_an_election_that_is_held_elsewhere_is_refused_for_a_region():
    repeat = BOOK.elections["pilkada-2025-repeat"]
    with pytest.raises(RegionHasNoElection):
        advise(BOOK, ["vote"], day=date(2025, 7, 25), region="13.76", who=PNS, election=repeat)
    assert advise(BOOK, ["vote"], day=date(2025, 7, 25), region="19.71", who=PNS, election=repeat).election == repeat.id


def test_an_election_that_is_over_judges_nothing():
    for id, day in (
        ("pemilu-2019", date(2024, 10, 1)),
        ("pilkada-2024", date(2025, 6, 1)),
        ("pilkada-2024", date(2099, 1, 1)),
    ):
        with pytest.raises(ElectionOver) as caught:
            advise(BOOK, ["like-candidate-post"], day=day, who=PNS, election=BOOK.elections[id])
        assert caught.value.election == id
    counted = advise(BOOK, ["vote"], day=date(2024, 12, 20), who=PNS, election=BOOK.elections["pilkada-2024"])
    assert counted.election == "pilkada-2024"


def test_a_calendar_that_was_replaced_judges_by_what_replaced_it_and_says_so():
    original = BOOK.elections["pilkada-2020-original"]
    told = advise(BOOK, ["like-candidate-post"], day=date(2020, 7, 20), who=PNS, election=original)
    assert told.election == "pilkada-2020" and told.candidate_status == "would-be"
    assert "election_replaced" in codes(told.reasons)


def test_a_contest_that_an_election_does_not_hold_is_refused_and_one_read_in_the_text_does_not_count():
    pilkada = BOOK.elections["pilkada-2024"]
    with pytest.raises(ValueUnknown) as caught:
        advise(BOOK, ["vote"], day=AFTER, who=PNS, election=pilkada, contest="president")
    assert caught.value.fact == "contest" and caught.value.known == ("regional-head",)
    with pytest.raises(ValueUnknown):
        advise(
            BOOK,
            ["vote"],
            day=date(2024, 1, 10),
            who=PNS,
            election=BOOK.elections["pemilu-2024"],
            contest="regional-head",
        )
    assert ask("boleh like postingan caleg?", election=pilkada).contest is None


def test_an_election_whose_regions_the_facts_do_not_name_says_so_to_whoever_tells_his():
    told = advise(BOOK, ["vote"], day=date(2020, 10, 20), region="13.76", who=PNS)
    assert "regions_not_named" in codes(told.reasons)
    assert "regions_not_named" not in codes(advise(BOOK, ["vote"], day=AFTER, region="13.76", who=PNS).reasons)


# --- running -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("boleh jadi caleg tapi belum mundur dari PNS?", date(2023, 5, 10)),
        ("boleh nyaleg tapi status pns tetap dipertahankan?", date(2023, 5, 8)),
        ("boleh nyalon bupati tanpa mengundurkan diri?", date(2024, 8, 1)),
        ("boleh maju pilkada tapi tetap PNS?", date(2024, 10, 1)),
    ],
)
def test_whoever_says_that_he_runs_without_resigning_is_told_no_also_before_the_day_of_determination(question, day):
    told = ask(question, day)
    assert told.verdict is Verdict.NOT_ALLOWED and told.activities[0].activity == "run-as-candidate"
    assert told.activities[0].acts[0].act == "asn-candidate-not-resigned"
    assert "resign-to-run" in told.activities[0].alternatives


@pytest.mark.parametrize("day", [date(2023, 5, 10), date(2024, 8, 1)])
def test_whoever_asks_how_to_run_is_told_every_condition(day):
    conditions = words(part("run-as-candidate", day).conditions)
    assert any("mengundurkan diri secara tertulis sejak ditetapkan" in each for each in conditions)
    assert "surat dan tanda terima diserahkan saat pendaftaran" in conditions
    assert "mundur sebelum ber-KTA partai bila lewat partai legislatif" in conditions
    assert len(conditions) == len(set(conditions))


# --- photos and gifts --------------------------------------------------------------------------------------------


def test_a_hand_sign_beside_a_candidate_is_a_met_act_only_where_it_was_published_or_the_letters_of_its_day_name_it():
    signs = {"hand-sign": True, "published": False}
    for activity in ("photo-with-candidate", "finger-pose-with-candidate"):
        now = part(activity, facts=signs)
        assert now.verdict is Verdict.ASK and now.acts == (), activity
        assert part(activity, facts={"hand-sign": True, "published": True}).verdict is Verdict.NOT_ALLOWED
        then = part(activity, date(2020, 3, 5), facts=signs)
        assert then.verdict is Verdict.NOT_ALLOWED and then.acts[0].act == "b71-ethics-05-photo-with-symbol"


def test_every_answer_that_forbids_something_cites_on_what_it_rests():
    for id in ACTIVITIES:
        for who in (PNS, Who("honorer"), Who("village-head"), Who("tni")):
            for day in (date(2018, 3, 1), date(2020, 10, 1), BEFORE, AFTER):
                told = part(id, day, who=who)
                assert told.verdict is not Verdict.NOT_ALLOWED or told.cites, (id, who.employment, day)
    assert [cite.text for cite in part("accept-gift").cites] == ["Ikrar netralitas butir 4"]


# --- another matter, another time --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "like postingan calon ketua RT boleh?", "like postingan calon kepala desa", "Sepupu maju pilkades, boleh jadi timsesnya?",
        "bolehkah saya foto 2 jari bareng calon rektor?", "pemilihan ketua rt minggu depan, boleh saya kampanyein tetangga?",
        "boleh pasang spanduk dukung calon ketua koperasi pegawai?",
    ],
)  # fmt: skip
def test_another_election_than_those_of_the_rulebook_is_said_not_to_be_in_it_and_asked(question):
    told = ask(question)
    assert told.verdict is Verdict.ASK and told.cites == ()
    assert codes(told.reasons) == ["election_not_covered"] and told.election is None


def test_a_candidate_of_a_regional_election_beside_another_one_is_judged():
    told = ask("calon ketua rt kami itu timses paslon 2, boleh saya share video paslon 2 dari dia?")
    assert told.verdict is Verdict.NOT_ALLOWED


@pytest.mark.parametrize(
    "question",
    ["dukung calon dalam hati aja, gak cerita ke siapa2, itu netral kan?", "boleh dukung calon diam-diam dalam hati?"],
)
def test_what_stays_in_the_heart_is_free(question):
    assert ask(question).verdict is Verdict.ALLOWED


@pytest.mark.parametrize(
    "question", ["diam-diam jadi konsultan paslon, boleh?", "dukung calon lewat akun palsu di fb boleh?"]
)
def test_what_is_only_done_in_secret_is_not(question):
    assert ask(question).verdict is Verdict.NOT_ALLOWED


@pytest.mark.parametrize(
    ("question", "activity"),
    [
        ("boleh saya jadi pengurus PKK saat istri bupati nyalon?", "community-office"),
        ("boleh jadi panitia 17 Agustus yang disponsori partai?", "help-at-social-event"),
        ("boleh like postingan calon pengantin teman saya?", None),
    ],
)
def test_what_only_sounds_like_a_party_or_a_candidate_forbids_nothing(question, activity):
    told = ask(question)
    assert told.verdict is not Verdict.NOT_ALLOWED
    assert [each.activity for each in told.activities] == ([activity] if activity else [])


def test_a_deed_of_an_older_election_is_judged_by_its_own_day_which_has_to_be_told():
    told = ask("dulu waktu pilkada 2020 saya sempat like postingan calon. sekarang boleh ikut seleksi?")
    assert told.verdict is Verdict.ASK and codes(told.activities[0].reasons) == ["another_time"]
    of_this_year = ask("waktu pilkada 2024 ini saya like postingan calon, boleh?")
    assert of_this_year.verdict is Verdict.NOT_ALLOWED


def test_two_deeds_that_share_one_thing_are_both_answered():
    told = ask("boleh saya follow dan komen akun calon bupati?")
    assert {each.activity for each in told.activities} == {"follow-candidate-account", "comment-candidate-post"}
    assert told.verdict is Verdict.NOT_ALLOWED


# --- the development set ------------------------------------------------------------------------------------------

CORPORA = Path(__file__).parent.parent / "corpora"


def test_no_question_of_the_development_set_is_answered_with_false_freedom_or_false_fear():
    rows = [json.loads(line) for line in (CORPORA / "questions-3.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 60
    wrong = []
    for row in rows:
        who = Who(row["who"]["employment"], row["who"]["post"] or "", row["who"]["relation"])
        told = answer(BOOK, row["question"], day=date.fromisoformat(row["on"]), region=row["region"] or "", who=who)
        if told.verdict not in (row["gold_verdict"], *row["accept"]):
            wrong.append((row["id"], told.verdict.value, row["question"]))
    assert wrong == []


def test_on_any_day_the_next_change_is_the_first_day_on_which_the_answer_is_another():
    told = part("attend-campaign", date(2024, 9, 1))
    for days in range(1, 21):
        day = date(2024, 9, 1) + timedelta(days=days)
        assert (part("attend-campaign", day).verdict is told.verdict) == (day < told.changes[0].day)


# --- people ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("employment", "activity", "verdict", "act"),
    [
        ("honorer", "like-candidate-post", "not_allowed", "ppnpn-any-form"),
        ("ppnpn", "campaign-team", "not_allowed", "ppnpn-any-form"),
        ("village-head", "attend-campaign", "not_allowed", "uudesa-29-village-head"),
        ("wali-nagari", "ask-for-votes", "not_allowed", "uudesa-29-village-head"),
        ("village-staff", "join-convoy", "not_allowed", "uudesa-51-village-staff"),
        ("bpd", "party-officer", "not_allowed", "uudesa-64-bpd"),
        ("tni", "vote", "not_allowed", "tni-39-politics"),
        ("polri", "vote", "not_allowed", "polri-28-politics"),
        ("tni", "like-candidate-post", "not_allowed", "tni-39-politics"),
        ("pppk", "join-party", "not_allowed", "pppk-party-member"),
        ("kuwu", "campaign-team", "not_allowed", "uudesa-29-village-head"),
        ("village-staff", "campaign-team", "not_allowed", "uudesa-51-village-staff"),
    ],
)
def test_everybody_is_judged_by_the_rules_that_speak_of_them(employment, activity, verdict, act):
    told = part(activity, who=Who(employment))
    assert told.verdict == verdict
    assert act in [each.act for each in told.acts]


def test_what_is_contested_for_civil_servants_is_no_plainer_for_those_who_answer_for_the_same_forms():
    told = part("attend-campaign", who=Who("honorer"))
    assert told.verdict is Verdict.ASK and told.readings


def test_the_village_council_is_barred_from_party_office_alone_and_from_a_team_in_general_elections():
    assert part("attend-campaign", who=Who("bpd")).verdict is Verdict.ASK
    assert part("campaign-team", who=Who("bpd")).verdict is Verdict.ASK
    told = part("campaign-team", date(2024, 1, 12), who=Who("bpd"), contest="dpr")
    assert told.verdict is Verdict.NOT_ALLOWED and told.acts[0].act == "pemilu-280-3-participate"


@pytest.mark.parametrize("employment", ["organiser", "honorer", "village-head", "bpd", "none", "pns", "camat"])
def test_everybody_but_soldiers_and_police_may_vote_and_call_to_vote(employment):
    assert part("vote", who=Who(employment)).verdict is Verdict.ALLOWED
    assert part("neutral-turnout-appeal", who=Who(employment)).verdict is Verdict.ALLOWED


def test_whom_no_rule_binds_is_free_where_the_rulebook_says_whom_it_binds_and_is_not_told_more():
    citizen = Who("none")
    told = part("campaign-props", who=citizen)
    assert told.verdict is Verdict.ALLOWED and "rules_bind_others" in codes(told.reasons)
    for activity in ("give-goods", "collect-id-copies", "official-vehicle", "accept-gift"):
        assert part(activity, who=citizen).verdict is Verdict.ASK


def test_officials_answer_on_the_criminal_track_too():
    told = part("mobilise-staff", date(2024, 11, 20), who=Who("camat"))
    assert {act.kind for act in told.acts} == {"discipline", "criminal"}


def test_a_superior_answers_for_what_he_ignores():
    told = part("superior-ignores-breach", who=Who("pns", "kepala bidang"))
    assert told.verdict is Verdict.NOT_ALLOWED and told.acts[0].act == "pp94-28-superior-inaction"


def test_for_a_spouse_of_a_candidate_the_general_activity_becomes_the_one_of_spouses():
    spouse = Who("pns", "guru", "spouse-of-candidate")
    told = part("attend-campaign", BEFORE, who=spouse)
    assert (told.activity, told.asked_as) == ("spouse-attend-campaign", "attend-campaign")
    assert told.verdict is Verdict.ALLOWED_IF
    assert "unpaid-leave" in [condition.circumstance for condition in told.conditions]
    without = part("attend-campaign", BEFORE, who=spouse, facts={"unpaid-leave": False})
    assert without.verdict is Verdict.NOT_ALLOWED
    assert "skb22-ethics-07-spouse-campaign-without-leave" in [act.act for act in without.acts]
    on_leave = part("attend-campaign", BEFORE, who=spouse, facts={"unpaid-leave": True})
    assert on_leave.verdict is Verdict.ALLOWED_IF
    assert "unpaid-leave" not in [condition.circumstance for condition in on_leave.conditions]
    assert "bukan pembicara" in " ".join(words(on_leave.conditions)) or "speaks" in [
        condition.circumstance for condition in on_leave.conditions
    ]


def test_other_relatives_have_no_permission_of_their_own():
    told = part("attend-campaign", who=Who("pns", "", "relative"))
    assert told.activity == "attend-campaign" and "no_permission_for_relatives" in codes(told.reasons)


def test_a_person_may_accompany_a_candidate_spouse_to_the_registration():
    told = part("accompany-spouse-registration", date(2024, 8, 28), who=Who("pns", "", "spouse-of-candidate"))
    assert told.verdict is Verdict.ALLOWED_IF
    assert told.statements == ("spouse-accompany-registration",)
    assert "tanpa atribut" in words(told.conditions)
    assert any("CLTN" in each for each in words(told.conditions))
    assert [condition.optional for condition in told.conditions if condition.label.id == "dapat mengambil CLTN"] == [
        True
    ]


# --- all of them -------------------------------------------------------------------------------------------------

days = st.dates(date(2016, 1, 1), date(2027, 12, 31))
people = st.sampled_from(["pns", "cpns", "pppk", "honorer", "tni", "polri", "village-head", "village-staff", "bpd", "lurah",
                          "organiser", "regent", "none", "pns-direct-superior"])  # fmt: skip
regions = st.sampled_from(["", "13.76", "74.01", "17.08", "82.01", "99"])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ACTIVITIES), days, people, st.sampled_from(RELATIONS), regions)
def test_every_activity_has_one_answer_for_everybody_on_every_day(activity, day, employment, relation, region):
    told = part(activity, day, who=Who(employment, "", relation), region=region)
    assert told.verdict in Verdict
    if told.verdict is Verdict.NOT_ALLOWED:
        assert told.cites or told.pledge, "a ban has its source"
        assert not told.conditions
    if told.verdict is Verdict.ALLOWED_IF:
        assert told.conditions or told.breach or told.advice, "what is allowed on a condition says on which"
    if told.verdict is Verdict.ALLOWED:
        assert not told.acts and "not_covered" not in codes(told.reasons)
    for change in told.changes:
        assert day < change.day <= day + timedelta(days=365)
    for other in told.alternatives:
        assert other == "ask-my-superior" or part(
            other, day, who=Who(employment, "", relation), region=region
        ).verdict in (
            Verdict.ALLOWED,
            Verdict.ALLOWED_IF,
        )


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ACTIVITIES), days, people, st.sampled_from(sorted(BOOK.guidance.circumstances)))
def test_telling_that_something_unfavourable_is_so_never_makes_an_answer_milder(
    activity, day, employment, circumstance
):
    if BOOK.guidance.circumstances[circumstance].favourable:
        return
    who = Who(employment)
    silent, told = part(activity, day, who=who), part(activity, day, who=who, facts={circumstance: True})
    assert told.verdict.rank >= silent.verdict.rank


def test_the_answer_for_several_is_the_strictest_of_them():
    told = advise(BOOK, ["vote", "attend-campaign", "like-candidate-post"], day=AFTER, who=PNS)
    assert told.verdict is Verdict.NOT_ALLOWED
    assert [each.verdict.value for each in told.activities] == ["allowed", "ask", "not_allowed"]


# --- questions in plain words ------------------------------------------------------------------------------------

BROTHER = "Kakak saya sopir calon, bolehkah saya datang ke kampanye bersama keluarga, tanpa seragam, hari Minggu?"


def test_the_teacher_whose_brother_drives_for_a_candidate_is_told_what_differs_before_and_after_determination():
    before, after = ask(BROTHER, BEFORE), ask(BROTHER, AFTER)
    assert [each.activity for each in before.activities] == ["attend-campaign"]
    assert (before.verdict, after.verdict) == ("not_allowed", "ask")
    assert before.cites != after.cites and before.cites and after.cites
    assert before.who.relation == "relative"
    assert before.understood.facts["attributes"] is False and before.understood.facts["brings-others"] is True
    # Whoever reads it mildly asks that one brings nobody along; she would.
    assert "statement_condition_broken" in codes(after.activities[0].reasons)
    # Sunday is the very day of determination: the answer for that day is told beside the one for today.
    assert before.named_day == (DETERMINED, Verdict.ASK)


def test_the_same_question_is_understood_in_english():
    told = ask(
        "my brother drives for a candidate, may I come to the rally with the family, without uniform, on Sunday?"
    )
    assert [each.activity for each in told.activities] == ["attend-campaign"]
    assert told.verdict is Verdict.ASK and told.understood.facts["attributes"] is False


def test_a_candidates_wife_who_asks_of_leave_and_of_hand_signs_gets_both_answers():
    told = ask(
        "Saya istri calon bupati, apa harus cuti kalau mendampingi suami kampanye, dan boleh foto dua jari?", BEFORE
    )
    verdicts = {each.activity: each for each in told.activities}
    assert set(verdicts) == {"spouse-attend-campaign", "spouse-hand-sign"}
    assert verdicts["spouse-hand-sign"].verdict is Verdict.NOT_ALLOWED
    leave = verdicts["spouse-attend-campaign"]
    assert leave.verdict is Verdict.ALLOWED_IF
    assert "unpaid-leave" in [condition.circumstance for condition in leave.conditions]
    assert told.who.relation == "spouse-of-candidate"


def test_a_stranger_finds_out_whether_he_may_accompany_his_wife_to_the_registration():
    for question in (
        "bolehkah saya mendampingi istri saya, seorang calon, ke pendaftaran?",
        "istri saya mau daftar jadi calon bupati, boleh saya antar ke KPU?",
        "may I accompany my wife, a candidate, to the registration?",
    ):
        told = ask(question, date(2024, 8, 28))
        assert told.activities[0].activity == "accompany-spouse-registration", question
        assert told.verdict is Verdict.ALLOWED_IF, question


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("boleh hadir kampanye tanpa seragam?", {"attributes": False}),
        ("boleh hadir kampanye pakai batik korpri?", {"attributes": True}),
        ("hadir kampanye cuma nonton aja", {"active-support": False}),
        ("ikut kampanye terus naik panggung sambil yel-yel", {"active-support": True, "speaks": True}),
        ("suami maju pilkada, saya dampingi kampanye sambil CLTN", {"unpaid-leave": True}),
        ("suami maju pilkada, saya dampingi kampanye tanpa cuti", {"unpaid-leave": False}),
        ("nonton kampanye sama anak istri", {"brings-others": True}),
        ("foto sama calon tapi nggak diupload", {"published": False}),
        ("foto bareng calon terus diunggah ke FB", {"published": True}),
        ("liat kampanye dari kejauhan", {"at-a-distance": True}),
        ("jadi narasumber acara partai, ada surat tugas", {"on-duty": True}),
        ("jadi narasumber acara partai, bukan surat tugas", {"on-duty": False}),
        ("ganti kepala dinas tanpa izin mendagri", {"approved": False}),
    ],
)
def test_circumstances_told_in_the_text_become_facts_of_the_answer(question, facts):
    told = understand(BOOK, question).facts
    assert {name: told.get(name) for name in facts} == facts


def test_leave_of_another_kind_is_not_taken_for_unpaid_leave():
    told = ask("suami saya calon, boleh saya dampingi kampanye sambil cuti tahunan?", BEFORE)
    assert told.understood.facts.get("unpaid-leave") is not True
    assert told.verdict is not Verdict.ALLOWED


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("istri saya calon bupati", "spouse-of-candidate"),
        ("suami saya nyaleg, boleh saya ikut kampanye?", "spouse-of-candidate"),
        ("sebagai istri calon, bolehkah", "spouse-of-candidate"),
        ("kakak saya maju pilkada", "relative"),
        ("mertua nyalon bupati", "relative"),
        ("anak saya timses paslon", "relative"),
        ("suami saya ketua timses", "relative"),
        ("saya mau maju pilkada", "candidate"),
        ("bolehkah saya ajak istri ke kampanye calon bupati", ""),
        ("foto sama kakak kelas di kampanye calon", ""),
        ("like status orang yang baru mau nyalon", ""),
        ("saya ke kampanye calon", ""),
    ],
)
def test_what_the_asker_is_to_a_candidate_is_read_from_the_text(text, relation):
    assert understand(BOOK, text).relation.value == relation


def test_what_is_said_beside_the_text_wins_over_the_text():
    told = ask("istri saya calon, boleh saya hadir di kampanyenya?", BEFORE, relation="none")
    assert told.who.relation == "none"
    assert told.activities[0].activity == "attend-campaign"
    told = ask("saya honorer, boleh like postingan calon?", employment="pns")
    assert told.who.employment == "pns"


def test_what_the_text_alone_tells_fills_what_is_missing():
    told = ask("saya tenaga honorer, boleh like postingan calon?", employment="")
    assert told.who.employment == "honorer" and told.verdict is Verdict.NOT_ALLOWED
    assert ask("Saya prajurit TNI, boleh nyoblos?", employment="").verdict is Verdict.NOT_ALLOWED
    assert ask("boleh like postingan capres?", date(2023, 11, 8)).contest == "president"
    assert ask("boleh like postingan caleg?", date(2023, 11, 8)).contest == "dpr"


def test_an_asker_without_employment_is_asked_for_it_and_never_answered_by_guess():
    told = ask("boleh like postingan calon?", employment="")
    assert told.verdict is Verdict.ASK
    assert [(reason.code, dict(reason.values)) for reason in told.reasons] == [("fact_missing", {"fact": "employment"})]


def test_several_activities_in_one_question_are_all_answered():
    told = ask("boleh nggak like dan share postingan calon, terus nyoblos di TPS?")
    assert {each.activity for each in told.activities} == {"like-candidate-post", "share-campaign-content", "vote"}


def test_what_was_reported_about_somebody_else_is_not_what_is_asked():
    told = ask("atasan saya nyuruh guru-guru kampanye, boleh saya laporkan ke Bawaslu?")
    assert [each.activity for each in told.activities] == ["report-breach"]
    assert told.verdict is Verdict.ALLOWED


def test_what_a_relative_does_is_not_asked_as_ones_own_deed():
    told = ask("anak saya timses, saya tidak ikut apa-apa. apa saya kena?")
    assert [each.activity for each in told.activities] == ["relative-in-team"]


def test_the_words_that_led_to_an_activity_are_shown():
    told = ask("min mau nanya, tadi kepencet jempol di postingan cabup, kena gak?")
    assert told.understood.found[0].activity == "like-candidate-post"
    assert told.understood.found[0].because == ("kepencet jempol di postingan cabup",) or "jempol" in " ".join(
        told.understood.found[0].because
    )


def test_the_day_that_a_question_names_is_the_next_of_that_name():
    friday = date(2024, 9, 20)
    assert named_day(friday, "sunday") == date(2024, 9, 22)
    assert named_day(friday, "friday") == friday
    assert named_day(friday, "tomorrow") == date(2024, 9, 21)
    assert named_day(friday, "day-after") == date(2024, 9, 22)
    assert named_day(friday, "") is None
    assert understand(BOOK, "hari Minggu boleh hadir kampanye?").day.value == "sunday"
    assert understand(BOOK, "minggu depan boleh hadir kampanye?").day.value == ""


# --- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "   ", "\n\t "])
def test_an_empty_question_names_the_field(question):
    with pytest.raises(QuestionEmpty) as caught:
        ask(question)
    assert caught.value.details()["field"] == "question"


@pytest.mark.parametrize(
    "question", ["你好可以吗", "quelle heure est-il, monsieur", "asdkj qwe zxmcn poiu", "!!! ???", "12345"]
)
def test_text_of_another_language_or_of_none_names_the_field(question):
    with pytest.raises(QuestionNotUnderstood) as caught:
        ask(question)
    assert caught.value.details()["field"] == "question"


@pytest.mark.parametrize(
    "question",
    [
        "kapan tunjangan profesi guru cair bulan ini?",
        "kambing tetangga masuk kebun saya, boleh minta ganti rugi?",
        "Can I bring my dog to the village office?",
        "bagaimana cara urus kenaikan pangkat",
    ],
)
def test_a_question_about_something_else_is_answered_ask_and_says_that_nothing_was_found(question):
    told = ask(question)
    assert told.verdict is Verdict.ASK and told.activities == () and codes(told.reasons) == ["activity_not_found"]


def test_a_text_of_ten_megabytes_is_answered_from_its_beginning_in_bounded_time_and_says_so():
    started = time.perf_counter()
    told = ask("boleh like postingan calon? " + "kata " * 2_000_000)
    assert time.perf_counter() - started < 2
    assert told.verdict is Verdict.NOT_ALLOWED and "text_cut" in codes(told.reasons)
    with pytest.raises(QuestionNotUnderstood) as caught:
        ask("x" * 10_000_000)
    assert caught.value.cut


def test_script_in_a_question_is_read_as_words():
    told = ask("<script>alert(1)</script> boleh like postingan calon? ' OR 1=1 --")
    assert [each.activity for each in told.activities] == ["like-candidate-post"]
    assert all("<" not in each for found in told.understood.found for each in found.because)


def test_what_is_not_known_names_what_it_was():
    with pytest.raises(ActivityUnknown):
        advise(BOOK, ["fly"], day=AFTER, who=PNS)
    with pytest.raises(PersonUnknown):
        advise(BOOK, ["vote"], day=AFTER, who=Who("astronaut"))
    with pytest.raises(ValueUnknown) as caught:
        advise(BOOK, ["vote"], day=AFTER, who=Who("pns", "", "friend"))
    assert caught.value.fact == "relation"
    with pytest.raises(ValueUnknown) as caught:
        ask("boleh nyoblos?", contest="mayor")
    assert caught.value.fact == "contest"


def test_the_29th_of_february_and_days_outside_all_rules_have_an_answer():
    assert part("vote", date(2024, 2, 29)).verdict is Verdict.ALLOWED
    assert part("like-candidate-post", date(1999, 1, 1)).verdict is Verdict.ASK
    assert part("like-candidate-post", date(9999, 12, 31)).verdict is Verdict.ASK
    assert codes(part("vote", date(1945, 8, 17)).reasons) == ["day_outside"]
    assert codes(advise(BOOK, ["vote"], day=date(1945, 8, 17), who=PNS).reasons) == ["day_outside"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_no_text_breaks_the_understanding(text):
    told = understand(BOOK, text)
    assert told.state in ("understood", "not_found", "not_understood", "empty")
    assert len(told.found) <= 3
