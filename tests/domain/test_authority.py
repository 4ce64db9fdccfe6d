"""Who decides: what must hold of every answer, and how a question is read."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ikrar.domain import acts
from ikrar.domain.authority import (
    ASKS,
    REASONS,
    Answer,
    Conflict,
    Holder,
    Question,
    agency_kind,
    post_level,
    question_of,
    resolve,
)
from ikrar.domain.errors import FactMissing, PersonUnknown, UnknownField, ValueUnknown
from ikrar.domain.offices import CONFLICTS, LADDER, AgencyKind, Capacity, Leave, Need, Seat
from ikrar.domain.roster import Level
from ikrar.domain.sources import Confidence
from tests.domain.authority_book import book

PP_94 = date(2021, 8, 31)
MATRIX_LEVELS = ("light", "moderate", "severe")
UPWARD = (Seat.PENGAWAS, Seat.ADMINISTRATOR, Seat.JPT_PRATAMA, Seat.JPT_MADYA, Seat.PPK, Seat.PRESIDENT)
OFFICES = ("Pengawas", "Administrator", "jpt-pratama", "jpt-madya", "PPK", "Presiden")

days = st.dates(date(2004, 1, 1), date(2030, 12, 31))
covered_days = st.dates(PP_94, date(2030, 12, 31))
kinds = st.sampled_from(list(AgencyKind))
posts = st.sampled_from(list(Level))
employments = st.sampled_from(
    ["", "pns", "cpns", "pppk", "contract", "honorer", "tni", "polri", "kepala desa", "wali-nagari", "perangkat desa",
     "bpd", "organiser", "regent", "acting-head", "judge", "camat", "lurah", "none"]
)  # fmt: skip
post_names = st.sampled_from(["", "Sekretaris Daerah", "Camat", "Lurah", "Kepala SMP", "Wali Nagari", "Analis"])
conflicts = st.lists(
    st.one_of(
        st.sampled_from(CONFLICTS),
        st.builds(Conflict, st.sampled_from(CONFLICTS), st.sampled_from((*OFFICES, "", "atasan langsung"))),
    ),
    max_size=4,
).map(tuple)
holders = st.lists(
    st.builds(
        Holder,
        authority=st.sampled_from((*OFFICES, "")),
        capacity=st.sampled_from(["", *Capacity]),
        vacant=st.booleans(),
        leave=st.sampled_from(["", *Leave]),
        candidate=st.booleans(),
        until_on=st.none() | days,
    ),
    max_size=4,
).map(tuple)


@st.composite
def questions(draw, day=days):
    level = draw(st.sampled_from(acts.LEVELS))
    return Question(
        level=level,
        day=draw(day),
        post_level=draw(posts),
        agency_kind=draw(kinds),
        employment=draw(employments),
        post=draw(post_names),
        dismissal=draw(st.sampled_from([None, True, False])) if level == "severe" else None,
        appointed_by_president=draw(st.booleans()),
        is_ppk=draw(st.booleans()),
        at_mission=draw(st.booleans()),
        levels_below=draw(st.sampled_from([None, 1, 2, 3])),
        superior_level=draw(st.sampled_from(["", *Level])),
        holders=draw(holders),
        conflicts=draw(conflicts),
        reshuffle_ban=draw(st.booleans()),
    )


def ask(level: str = "severe", day: date = date(2024, 10, 1), **facts) -> Answer:
    return resolve(book(), Question(level, day, **facts))


# --- what must hold of every answer ------------------------------------------------------------------------------


@pytest.mark.parametrize("dismissal", [None, True, False])
@pytest.mark.parametrize("level", MATRIX_LEVELS)
@pytest.mark.parametrize("kind", AgencyKind)
@pytest.mark.parametrize("post", Level)
def test_every_post_agency_and_level_has_one_authority_or_a_reason_why_not(post, kind, level, dismissal):
    answer = ask(level, post_level=post, agency_kind=kind, dismissal=dismissal if level == "severe" else None)
    if answer.authority is not None:
        assert answer.row in book().authorities
        assert answer.seat in UPWARD
        return
    # What has no authority is a JPT Madya in a regency, or a functional post whose superior was not named.
    (code,) = {reason.code for reason in answer.asks}
    if post == Level.JPT_MADYA:
        assert (code, kind) in {("no_row", AgencyKind.REGENCY), ("no_row", AgencyKind.CITY)}
    else:
        assert code == "superior_level_needed"
        assert post not in (*LADDER, Level.JF_AHLI_UTAMA) and level != "severe"


@pytest.mark.parametrize("superior", [Level.JPT_PRATAMA, Level.ADMINISTRATOR])
@pytest.mark.parametrize("level", MATRIX_LEVELS)
@pytest.mark.parametrize("kind", AgencyKind)
@pytest.mark.parametrize("post", Level)
def test_with_the_superior_named_only_a_jpt_madya_of_a_region_below_a_province_has_none(post, kind, level, superior):
    answer = ask(level, post_level=post, agency_kind=kind, superior_level=superior)
    nobody = post == Level.JPT_MADYA and kind in (AgencyKind.REGENCY, AgencyKind.CITY)
    assert (answer.authority is None) == nobody


@given(questions())
def test_every_answer_has_a_citation_and_a_reason_that_is_known(question):
    answer = resolve(book(), question)
    assert answer.cites
    assert answer.reasons
    about = [*answer.reasons, *(role.reason for role in answer.roles()), *(other.reason for other in answer.also)]
    if answer.team is not None:
        about.append(answer.team.reason)
    for reason in about:
        assert tuple(name for name, _ in reason.values) == REASONS[reason.code], reason
    assert len(set(answer.reasons)) == len(answer.reasons)
    for cites in (answer.cites, answer.team.cites if answer.team else ()):
        assert len({cite.text for cite in cites}) == len(cites)


@given(questions())
def test_who_is_known_has_a_row_and_a_confidence_and_who_is_not_has_neither(question):
    answer = resolve(book(), question)
    known = answer.authority is not None
    assert known == answer.is_known
    for value in (answer.label, answer.row, answer.seat, answer.confidence, answer.basis_confidence):
        assert (value is not None) == known
    if known:
        assert answer.label is not None and answer.authority == answer.label.id
        row = book().authorities[answer.row]
        assert answer.confidence.rank >= row.confidence.rank
        assert row.in_force.holds(question.day)
    else:
        assert {reason.code for reason in answer.reasons} & (ASKS | {"outside"})


@given(questions())
def test_no_body_is_named_on_a_day_on_which_it_does_not_exist(question):
    for role in resolve(book(), question).roles():
        if role.body is not None:
            assert book().bodies[role.body].exists_on(question.day)


@given(questions())
def test_nothing_is_cited_that_did_not_hold_on_the_day(question):
    answer = resolve(book(), question)
    cites = [*answer.cites, *(cite for role in answer.roles() if role.name for cite in role.cites)]
    if {reason.code for reason in answer.reasons} & {"day_not_covered", "person_not_in_data", "level_for_nobody"}:
        return  # what such an answer cites tells which days, persons and levels are covered
    for cite in cites:
        assert book().sources[cite.source].in_force.holds(question.day), cite


@given(questions(covered_days))
def test_a_role_that_is_named_has_a_citation_and_a_confidence(question):
    for role in resolve(book(), question).roles():
        if role.name is not None:
            assert role.cites and role.confidence is not None


# --- conflicts ---------------------------------------------------------------------------------------------------


# Of many questions nobody at all is found: those are left out, however many they are.
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(questions(covered_days), st.sampled_from(CONFLICTS))
def test_whoever_is_found_first_and_has_a_conflict_is_not_named(question, why):
    alone = replace(question, conflicts=(), holders=())
    first = resolve(book(), alone)
    assume(first.authority is not None)
    answer = resolve(book(), replace(alone, conflicts=(why,)))
    assert answer.authority != first.authority
    assert first.authority not in [other.authority for other in answer.also if other.reason.code == "rows_overlap"]
    assert (first.authority, why) in [(each.authority, each.why) for each in answer.passed_over]


@given(posts, kinds, st.sampled_from(MATRIX_LEVELS), st.sets(st.sampled_from(OFFICES)), st.sampled_from(CONFLICTS))
def test_no_office_with_a_conflict_is_named_for_anything(post, kind, level, offices, why):
    told = tuple(Conflict(why, office) for office in sorted(offices))
    answer = ask(level, post_level=post, agency_kind=kind, superior_level="administrator", conflicts=told)
    out = {seat for seat, office in zip(UPWARD, OFFICES, strict=True) if office in offices}
    assert answer.seat not in out
    assert not {book().authorities[other.row].seat for other in answer.also if other.reason.code != "substitute"} & out
    if answer.objection is not None and answer.objection.name is not None:
        by_name = {row.label: row.seat for row in book().authorities.values()}
        assert by_name[answer.objection.name] not in out
    if answer.team is not None and answer.team.need is not Need.NONE and Seat.PPK in out:
        assert answer.team.formed_by.name is None


@given(posts, kinds, st.sampled_from(MATRIX_LEVELS), conflicts, conflicts)
def test_another_conflict_never_brings_the_decision_further_down(post, kind, level, some, more):
    facts = {"post_level": post, "agency_kind": kind, "superior_level": "administrator"}
    before = ask(level, conflicts=some, **facts)
    after = ask(level, conflicts=(*some, *more), **facts)
    assume(before.seat is not None and after.seat is not None)
    assert UPWARD.index(after.seat) >= UPWARD.index(before.seat)


@given(questions(covered_days))
def test_nobody_is_made_up_above_the_ppk(question):
    answer = resolve(book(), question)
    if any(each.seat is Seat.PPK for each in answer.passed_over) and answer.seat is not Seat.PPK:
        assert answer.authority is None
        assert "nobody_above" in [reason.code for reason in answer.reasons]


@given(st.sampled_from(["severe"]), kinds, covered_days)
def test_where_the_ppk_may_not_decide_only_bodies_with_a_power_on_that_day_are_told(level, kind, day):
    answer = ask(level, day, post_level="administrator", agency_kind=kind, conflicts=("candidate",))
    told = [role.body for role in answer.told]
    assert ("kemendagri" in told) == (kind is not AgencyKind.CENTRAL)
    assert ("bkn" in told) == (day >= date(2023, 1, 10))


def test_a_way_past_a_conflict_that_no_row_tells_is_a_reading_and_uncertain():
    answer = ask("light", post_level="administrator", agency_kind="regency", conflicts=("relative",))
    assert (answer.row, answer.confidence) == ("vacant-authority", Confidence.UNCERTAIN)
    assert "goes_up_by_reading" in [reason.code for reason in answer.asks]


def test_a_conflict_may_be_told_of_one_holder_of_an_office_alone():
    facts = {"post_level": "administrator", "agency_kind": "regency"}
    both = (
        Holder("Bupati", capacity="definitive", candidate=True, leave="campaign"),
        Holder("Bupati", capacity="pjs"),
    )
    of_incumbent = (Conflict("relative", "Bupati", "definitive"),)
    answer = ask(holders=both, conflicts=of_incumbent, **facts)
    assert (answer.authority, answer.capacity) == ("PPK Kabupaten/Kota", "pjs")
    assert [each.why for each in answer.passed_over] == ["relative", "candidate", "campaign_leave"]
    answer = ask(holders=both, conflicts=(*of_incumbent, Conflict("patron", "Bupati", "pjs")), **facts)
    assert answer.authority is None
    # Where nobody says in which capacity the office is held, the conflict is one of the whole office.
    assert ask(conflicts=of_incumbent, **facts).authority is None


# --- holders -----------------------------------------------------------------------------------------------------


@given(questions(covered_days))
def test_a_capacity_is_only_what_somebody_said_or_a_stand_in_during_campaign_leave(question):
    answer = resolve(book(), question)
    if answer.capacity is None:
        return
    given_words = {holder.capacity for holder in question.holders}
    stands_in = any(reason.code == "pjs_stands_in" for reason in answer.reasons)
    assert answer.capacity in given_words or (answer.capacity == "pjs" and stands_in)
    if answer.capacity != "definitive":
        assert "acting_limits_not_in_data" in [reason.code for reason in answer.asks]
        assert answer.confidence is Confidence.UNCERTAIN


@given(kinds, covered_days, st.sampled_from(list(Capacity)))
def test_a_holding_counts_until_the_day_before_its_end(kind, end, capacity):
    facts = {"post_level": "administrator", "agency_kind": kind}
    holding = (Holder("PPK", capacity=capacity, until_on=end),)
    assume(end > PP_94)
    assert ask(day=end - timedelta(days=1), holders=holding, **facts).capacity == capacity
    ended = ask(day=end, holders=holding, **facts)
    assert (ended.authority, ended.capacity) == (None, None)


def test_what_is_told_of_the_direct_superior_holds_for_the_office_that_this_is():
    facts = {"post_level": "pelaksana", "agency_kind": "regency", "holders": (Holder("atasan langsung", vacant=True),)}
    assert ask("light", **facts).authority == "Administrator"
    assert ask("moderate", **facts).passed_over == ()
    # The superior whose level was told goes before the next rung of the ladder.
    led_by_administrator = ask("light", superior_level="administrator", **facts)
    assert (led_by_administrator.authority, led_by_administrator.passed_over) == ("Pengawas", ())


def test_an_incumbent_whose_term_has_ended_is_not_back_from_leave():
    term_over = Holder("Bupati", capacity="definitive", until_on=date(2024, 9, 26))
    facts = {"post_level": "administrator", "agency_kind": "regency", "holders": (term_over, Holder("Bupati", "pjs"))}
    assert ask(day=date(2024, 9, 25), **facts).capacity == "definitive"
    answer = ask(day=date(2024, 9, 26), **facts)
    assert (answer.authority, answer.capacity) == ("PPK Kabupaten/Kota", "pjs")
    assert [each.why for each in answer.passed_over] == ["term_ended"]


def test_a_candidate_who_is_not_on_leave_does_not_decide():
    holding = (Holder("Wali Kota", capacity="definitive", candidate=True),)
    answer = ask(post_level="administrator", agency_kind="city", holders=holding)
    assert answer.authority is None
    assert [(each.why, each.capacity) for each in answer.passed_over] == [("candidate", "definitive")]


def test_before_a_stand_in_is_known_of_the_data_name_none():
    answer = ask(
        "moral", date(2018, 3, 1), post_level="pelaksana", agency_kind="city",
        holders=(Holder("Wali Kota", capacity="definitive", leave="campaign"),),
    )  # fmt: skip
    assert (answer.authority, answer.capacity) == ("PPK Kabupaten/Kota", None)
    assert "stand_in_not_in_data" in [reason.code for reason in answer.asks]


@pytest.mark.parametrize("employment", ["pns", "pppk", "contract", "village-head"])
def test_who_holds_the_office_is_looked_at_whichever_law_names_it(employment):
    level = {"contract": "contract", "village-head": "village"}.get(employment, "severe")
    answer = ask(
        level, post_level="pelaksana", agency_kind="regency", employment=employment, holders=(Holder(vacant=True),)
    )
    assert answer.authority is None
    assert [each.why for each in answer.passed_over] == ["vacant"]


# --- around the decision -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level, need", list(zip(MATRIX_LEVELS, Need, strict=True)))
@pytest.mark.parametrize("employment", ["pns", "cpns", "pppk"])
def test_a_team_is_of_three_and_none_optional_or_mandatory_by_level(level, need, employment):
    team = ask(level, post_level="administrator", agency_kind="regency", employment=employment).team
    assert team.need is need
    assert [each.id for each in team.members] == (
        [] if need is Need.NONE else ["Atasan langsung", "Unsur pengawasan", "Unsur kepegawaian"]
    )
    assert (team.formed_by.name is None) == (need is Need.NONE)


def test_an_examiner_with_a_conflict_is_not_in_the_team_either():
    told = (Conflict("accused", "atasan langsung"),)
    team = ask(post_level="administrator", agency_kind="regency", conflicts=told).team
    assert team.members[0].id == "Atasan yang lebih tinggi"
    told = ("accused",)
    team = ask("moderate", post_level="pengawas", agency_kind="province", conflicts=told).team
    assert team.members[0].id == "Atasan langsung"
    # Of a functional post the one who decides on a moderate sanction is the direct superior.
    facts = {"post_level": "jf_ahli_muda", "agency_kind": "regency", "superior_level": "administrator"}
    team = ask("moderate", conflicts=told, **facts).team
    assert team.members[0].id == "Atasan yang lebih tinggi"


def test_before_the_rule_who_replaces_an_involved_superior_in_the_team_is_not_made_up():
    told = (Conflict("accused", "atasan langsung"),)
    answer = ask(day=date(2022, 3, 31), post_level="administrator", agency_kind="regency", conflicts=told)
    assert answer.examiner.name is None
    assert [each.id for each in answer.team.members] == ["Unsur pengawasan", "Unsur kepegawaian"]


@given(questions(covered_days))
def test_whoever_examines_is_in_the_team(question):
    answer = resolve(book(), question)
    if answer.team is not None and answer.team.need is not Need.NONE:
        beside = [each.id for each in answer.team.members if not each.id.startswith("Unsur")]
        assert beside == ([answer.examiner.name.id] if answer.examiner.name else [])


def test_an_objection_goes_one_level_above_the_one_who_decides():
    heard = {
        level: ask(level, post_level=post, agency_kind="province").objection.name
        for level, post in [("light", "pelaksana"), ("moderate", "pelaksana"), ("severe", "pelaksana")]
    }
    assert [name and name.id for name in heard.values()] == [
        "Administrator",
        "JPT Pratama (pusat, provinsi, kabupaten/kota)",
        None,
    ]


@pytest.mark.parametrize("post", ["Sekda", "Plt. Sekretaris Daerah", "Plt.Sekda", "Pjs Sekda Kabupaten", "PJ.SEKDA"])
def test_a_regional_secretary_is_known_however_the_acting_one_is_written(post):
    facts = {"post_level": "jpt_pratama", "agency_kind": "regency"}
    assert ask("moral", post=post, **facts).council.formed_by.name.id == "Gubernur"
    assert ask("moral", post=f"Asisten {post}", **facts).council.formed_by.name is None


def test_only_a_dismissal_is_appealed_and_only_it_is_not_objected_to():
    facts = {"post_level": "administrator", "agency_kind": "regency"}
    either, ends, stays = (ask(dismissal=dismissal, **facts) for dismissal in (None, True, False))
    assert (either.objection is None, either.appeal is None) == (False, False)
    assert (ends.objection is None, ends.appeal is None) == (True, False)
    assert (stays.objection is None, stays.appeal is None) == (False, True)


def test_where_the_level_follows_that_of_a_subordinate_both_ways_to_complain_stay_open():
    answer = ask("heavier-than-subordinate", post_level="administrator", agency_kind="regency")
    assert answer.objection.reason.code == "no_decider"
    assert answer.appeal.name.id == "Badan Pertimbangan ASN (BPASN)"


def test_an_appeal_against_the_president_is_not_shown_by_the_facts_and_so_uncertain():
    facts = {"agency_kind": "central", "dismissal": True}
    assert ask(post_level="jpt_madya", **facts).appeal.confidence is Confidence.UNCERTAIN
    assert ask(post_level="administrator", **facts).appeal.confidence is Confidence.CONFIRMED


def test_between_the_end_of_kasn_and_bkn_both_readings_are_told():
    recommender = ask(day=date(2024, 2, 14), post_level="pelaksana", agency_kind="city").recommender
    assert recommender.name is None
    assert recommender.reason.code == "body_disputed"
    assert len(recommender.readings) == 2
    assert recommender.cites


def test_after_the_day_by_which_the_new_body_is_due_nobody_is_named_and_the_day_is_told():
    recommender = ask(day=date(2028, 1, 3), post_level="pelaksana", agency_kind="city").recommender
    assert recommender.name is None
    assert dict(recommender.reason.values) == {"body": "bkn", "until": "2027-10-16", "due": "2027-10-16"}


@given(days)
def test_on_a_day_at_most_one_body_oversees(day):
    found = [
        body.id
        for body in book().bodies.values()
        for power in body.powers
        if power.power == "oversee" and body.exists_on(day) and power.in_force.holds(day)
    ]
    assert len(found) <= 1


@given(posts, st.sampled_from(MATRIX_LEVELS), covered_days)
def test_the_matrix_does_not_change_inside_its_dates(post, level, day):
    facts = {"post_level": post, "agency_kind": "regency", "superior_level": "administrator"}
    assert ask(level, day, **facts).row == ask(level, PP_94, **facts).row


@pytest.mark.parametrize("level", MATRIX_LEVELS)
@pytest.mark.parametrize("post", Level)
def test_before_pp_94_nobody_is_known_and_the_older_regulation_is_cited(post, level):
    answer = ask(level, PP_94 - timedelta(days=1), post_level=post, agency_kind="regency")
    assert answer.authority is None
    assert [cite.source for cite in answer.cites] == ["pp-53-2010"]


# --- the question ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", [each for level in Level for each in (level.value, level.value.replace("_", "-"))])
def test_a_post_level_is_read_with_either_line(word):
    assert post_level(word) == word.replace("-", "_")
    assert post_level(word.upper().replace("_", " ")) == word.replace("-", "_")


@pytest.mark.parametrize("word", ["camat", "lurah", "kepala sekolah", "sekda", "", "-", "jpt", "administrators"])
def test_what_a_post_is_called_is_no_level(word):
    with pytest.raises(ValueUnknown) as caught:
        post_level(word)
    assert caught.value.fact == "post_level"


def test_kinds_of_agencies_are_read_in_both_languages():
    assert [agency_kind(word) for word in ("Pusat", "provinsi", "Kabupaten", "kota")] == list(AgencyKind)
    with pytest.raises(ValueUnknown):
        agency_kind("desa")


LINE = {"person": {"post_level": "administrator", "agency_kind": "regency"}, "level": "severe"}


def test_the_line_of_the_command_is_answered():
    line = {**LINE, "on": "2024-10-01", "conflicts": [], "region": "13.76"}
    answer = resolve(book(), question_of(line, date(2024, 10, 1)))
    assert (answer.authority, answer.capacity, answer.passed_over) == ("PPK Kabupaten/Kota", None, ())
    assert answer.cites[0].text == "PP 94/2021 Pasal 16"


def test_a_line_reads_conflicts_as_words_or_with_the_office_and_holders_with_their_days():
    question = question_of(
        {
            **LINE,
            "conflicts": ["accused", {"authority": "Bupati", "why": "candidate"}],
            "holders": [{"authority": "Bupati", "capacity": "pj", "until": "2024-10-01"}],
        },
        date(2024, 10, 1),
    )
    assert question.conflicts == (Conflict("accused"), Conflict("candidate", "Bupati"))
    assert question.holders == (Holder("Bupati", "pj", until_on=date(2024, 10, 1)),)


@pytest.mark.parametrize(
    "change, error, fact",
    [
        ({"person": None}, FactMissing, "person"),
        ({"person": {}}, FactMissing, "person"),
        ({"person": "camat"}, FactMissing, "person"),
        ({"level": None}, FactMissing, "level"),
        ({"level": ""}, FactMissing, "level"),
        ({"level": 3}, ValueUnknown, "level"),
        ({"level": "sedang"}, ValueUnknown, "level"),
        ({"level": "light", "dismissal": True}, ValueUnknown, "dismissal"),
        ({"dismissal": "ya"}, ValueUnknown, "dismissal"),
        ({"person": {"post_level": 3}}, ValueUnknown, "post_level"),
        ({"person": {"post_level": "administrator"}}, FactMissing, "agency_kind"),
        ({"person": {"agency_kind": "regency"}}, FactMissing, "post_level"),
        ({"person": {"post_level": "administrator", "agency_kind": "desa"}}, ValueUnknown, "agency_kind"),
        ({"person": {**LINE["person"], "employment": "asn"}}, FactMissing, "employment"),
        ({"person": {**LINE["person"], "superior_level": "kepala dinas"}}, ValueUnknown, "superior_level"),
        ({"person": {**LINE["person"], "levels_below": "1"}}, ValueUnknown, "levels_below"),
        ({"person": {**LINE["person"], "is_ppk": 1}}, ValueUnknown, "is_ppk"),
        ({"conflicts": "accused"}, ValueUnknown, "conflicts"),
        ({"conflicts": ["friend"]}, ValueUnknown, "conflicts"),
        ({"conflicts": [3]}, ValueUnknown, "conflicts"),
        ({"conflicts": [{"authority": "Bupati"}]}, ValueUnknown, "conflicts"),
        ({"conflicts": [{"authority": "Camat", "why": "accused"}]}, ValueUnknown, "authority"),
        ({"conflicts": [{"authority": "Gubernur", "why": "accused", "capacity": "x"}]}, ValueUnknown, "capacity"),
        ({"holders": [{"capacity": "acting"}]}, ValueUnknown, "capacity"),
        ({"holders": [{"leave": "sakit"}]}, ValueUnknown, "leave"),
        ({"holders": [{"until": "kapan"}]}, ValueUnknown, "until"),
        ({"holders": [{"until": 20241001}]}, ValueUnknown, "until"),
        ({"holders": [{"until": "20241001"}]}, ValueUnknown, "until"),
        ({"holders": [{"until": "2024-02-30"}]}, ValueUnknown, "until"),
        ({"holders": ["Bupati"]}, ValueUnknown, "holders"),
        ({"holders": {"a": 1}}, ValueUnknown, "holders"),
    ],
)
def test_bad_input_names_the_field(change, error, fact):
    with pytest.raises(error) as caught:
        resolve(book(), question_of({**LINE, **change}, date(2024, 10, 1)))
    assert caught.value.fact == fact


@pytest.mark.parametrize(
    "change", [{"colour": 1}, {"person": {"nip": "1"}}, {"conflicts": [{"who": "a"}]}, {"holders": [{"who": "a"}]}]
)
def test_a_key_that_is_not_known_is_refused(change):
    with pytest.raises(UnknownField):
        question_of({**LINE, **change}, date(2024, 10, 1))


def test_an_employment_that_is_not_known_is_refused():
    with pytest.raises(PersonUnknown):
        ask(post_level="pelaksana", agency_kind="city", employment="pegawai kontrak abadi")


def test_a_post_that_tells_the_employment_needs_no_other_word():
    answer = ask("village", agency_kind="regency", post="Kepala Desa Sukamaju")
    assert answer.row == "village-head"
    assert "employment_assumed" not in [reason.code for reason in answer.reasons]
