"""Circulars in the field itself: words and digest, days, target, the two questions, what each state allows, counting."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import circulars
from ikrar.domain.circulars import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_POINTS,
    Act,
    CircularText,
    Question,
    Reach,
    State,
    Target,
    check_answers,
    check_days,
    check_questions,
    in_force,
    require,
    require_in_force,
)
from ikrar.domain.errors import (
    AnswersWrong,
    CircularDayWrong,
    CircularNotOpen,
    CircularTextEmpty,
    CircularTextTooLong,
    QuestionFaulty,
    QuestionsTooMany,
    RegionUnknown,
    ValueUnknown,
)

TODAY = date(2024, 10, 25)
DAY = timedelta(days=1)


# --- states ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "state"), list(product(Act, State)))
def test_an_act_is_possible_from_one_state_and_refused_from_every_other(act, state):
    if circulars.POSSIBLE_FROM[act] is state:
        require(act, state)
    else:
        with pytest.raises(CircularNotOpen) as caught:
            require(act, state)
        assert caught.value.state == state.value


def test_nothing_leads_back_from_what_was_replaced_or_withdrawn():
    assert not {State.SUPERSEDED, State.WITHDRAWN} & set(circulars.POSSIBLE_FROM.values())


def test_a_circular_holds_until_its_last_day_and_on_it():
    assert in_force("published", None, TODAY) and in_force("published", TODAY, TODAY)
    assert not in_force("published", TODAY - DAY, TODAY)
    assert not any(in_force(state, None, TODAY) for state in ("draft", "superseded", "withdrawn"))
    require_in_force("published", TODAY, TODAY)
    for state, valid_until, said in (("withdrawn", None, "withdrawn"), ("published", TODAY - DAY, "over")):
        with pytest.raises(CircularNotOpen) as caught:
            require_in_force(state, valid_until, TODAY)
        assert caught.value.state == said


# --- words and digest --------------------------------------------------------------------------------------------


def test_a_text_keeps_its_paragraphs_and_numbers_its_points():
    text = CircularText.of("Netralitas  ASN", "Yth.\r\nsemua\r\n\r\n\r\nDasar:", ["netral", "", " jujur "], "")
    assert text.opening == "Yth. semua\n\nDasar:" and text.points == ("netral", "jujur")
    assert text.body() == "Netralitas ASN\n\nYth. semua\n\nDasar:\n\n1. netral\n\n2. jujur"
    assert not text.is_cover and CircularText.of("Hanya judul", " ", [], "\n").is_cover


def test_a_text_without_a_title_is_none():
    with pytest.raises(CircularTextEmpty) as caught:
        CircularText.of(" \n ", "", ["netral"], "")
    assert caught.value.field == "title"


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        (("x" * (LONGEST_TITLE + 1), "", [], ""), "title"),
        (("Judul", "x" * LONGEST_TEXT, [], ""), "points"),
        (("Judul", "", ["x"] * (MOST_POINTS + 1), ""), "points"),
        (("Judul", "", ["x" * 10_000_000], ""), "points"),
    ],
)
def test_a_text_that_nobody_would_read_is_refused(parts, field):
    with pytest.raises(CircularTextTooLong) as caught:
        CircularText.of(*parts)
    assert caught.value.field == field


PUBLISHED = {
    "kind": "circular", "number": "001/SE/X/2024", "issued_on": TODAY, "valid_until": None, "letterhead": "KOTA",
    "text": CircularText("Netralitas", "Dasar", ("netral",), ""), "file_digest": "",
}  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "appeal"}, {"number": "002/SE/X/2024"}, {"issued_on": TODAY + DAY}, {"valid_until": TODAY},
        {"letterhead": "KABUPATEN"}, {"text": CircularText("Netralitas", "Dasar", ("netral.",), "")},
        {"file_digest": "a" * 64},
    ],
)  # fmt: skip
def test_the_digest_is_of_everything_that_was_published(other):
    assert circulars.digest(**PUBLISHED) == circulars.digest(**PUBLISHED)
    assert circulars.digest(**PUBLISHED) != circulars.digest(**PUBLISHED | other)


def test_no_part_of_what_is_digested_can_pass_for_another():
    one = circulars.digest(**PUBLISHED | {"letterhead": "A\n8:circular", "kind": "x"})
    other = circulars.digest(**PUBLISHED | {"letterhead": "A", "kind": "circular\n1:x"})
    assert one != other


# --- days --------------------------------------------------------------------------------------------------------


def check(**days):
    check_days(**{"today": TODAY, "due_on": None, "escalate_on": None, "valid_until": None, "issued_on": None} | days)


def test_days_from_today_on_are_taken():
    check()
    check(due_on=TODAY, escalate_on=TODAY, valid_until=TODAY, issued_on=TODAY)
    check(issued_on=date(2023, 1, 1), due_on=TODAY + DAY, escalate_on=TODAY + 2 * DAY, valid_until=TODAY + 9 * DAY)


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [
        ({"due_on": TODAY - DAY}, "past", "due_on"),
        ({"valid_until": TODAY - DAY}, "past", "valid_until"),
        ({"escalate_on": TODAY - DAY}, "past", "escalate_on"),
        ({"due_on": TODAY + 2 * DAY, "valid_until": TODAY + DAY}, "after_end", "due_on"),
        ({"escalate_on": TODAY + 2 * DAY, "valid_until": TODAY + DAY}, "after_end", "escalate_on"),
        ({"due_on": TODAY + 2 * DAY, "escalate_on": TODAY + DAY}, "before_due", "escalate_on"),
        ({"issued_on": TODAY + DAY}, "future", "issued_on"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_at_its_field(days, reason, field):
    with pytest.raises(CircularDayWrong) as caught:
        check(**days)
    assert (caught.value.reason, caught.value.field, caught.value.day) == (reason, field, days[field])


# --- whom it is addressed to -------------------------------------------------------------------------------------

TARGETS = st.builds(
    Target.of,
    units=st.lists(st.integers(1, 50), max_size=4),
    unit_kinds=st.lists(st.sampled_from(["school", "ward"]), max_size=3),
    places=st.lists(st.sampled_from(["13", "13.75", "13.75.01", "13.75.01.1001"]), max_size=3),
    heads_only=st.booleans(),
    post_kinds=st.lists(st.sampled_from(["structural", "functional"]), max_size=3),
    levels=st.lists(st.sampled_from(["pengawas", "administrator"]), max_size=3),
    employments=st.lists(st.sampled_from(["pns", "pppk"]), max_size=3),
)


@given(TARGETS)
def test_a_target_is_kept_and_read_again_as_it_was(target):
    assert Target.read(target.as_document()) == target


def test_a_target_has_one_form():
    assert Target.of(units=[3, 1, 3], employments=["pppk", "pns"]) == Target.of(
        units=[1, 3], employments=["pns", "pppk"]
    )
    assert Target.of().as_document() == {}


@pytest.mark.parametrize("wrong", [{"employments": ["menteri"]}, {"levels": ["jenderal"]}, {"post_kinds": ["politik"]}])
def test_a_word_that_the_roster_does_not_know_is_refused(wrong):
    with pytest.raises(ValueUnknown):
        Target.of(**wrong)


@pytest.mark.parametrize("place", ["", "1", "13.7", "13.75.", "13.75.01.01", "Bukittinggi", "13%"])
def test_a_place_that_is_no_code_is_refused(place):
    with pytest.raises(RegionUnknown):
        Target.of(places=[place])


# --- the questions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ((" ", ["ya", "tidak"], 0, ""), "empty"),
        (("Boleh?", ["ya"], 0, ""), "few"),
        (("Boleh?", ["ya", " "], 0, ""), "few"),
        (("Boleh?", list("abcde"), 0, ""), "many"),
        (("Boleh?", ["Ya", "ya "], 0, ""), "alike"),
        (("Boleh?", ["ya", "tidak"], 2, ""), "right"),
        (("Boleh?", ["ya", "tidak"], -1, ""), "right"),
        (("x" * 301, ["ya", "tidak"], 0, ""), "too_long"),
        (("Boleh?", ["ya", "x" * 201], 0, ""), "too_long"),
        (("Boleh?", ["ya", "tidak"], 0, "x" * 501), "too_long"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_its_place(asked, fault):
    with pytest.raises(QuestionFaulty) as caught:
        Question.of(*asked, place=2)
    assert (caught.value.fault, caught.value.place) == (fault, 2)


def test_there_are_two_questions_at_most():
    asked = Question.of("Boleh?", ["ya", "tidak"], 1, "Lihat butir 1.", place=1)
    check_questions([asked, replace(asked, question="Lagi?")])
    with pytest.raises(QuestionsTooMany):
        check_questions([asked] * 3)


@given(st.lists(st.integers(0, 3), max_size=2), st.lists(st.none() | st.integers(-1, 5), max_size=4))
def test_answers_are_right_when_each_question_has_its_right_one(right, given_answers):
    expected = [
        place for place in range(len(right)) if place >= len(given_answers) or given_answers[place] != right[place]
    ]
    if not expected:
        check_answers(right, given_answers)
    else:
        with pytest.raises(AnswersWrong) as caught:
            check_answers(right, given_answers)
        assert caught.value.places == tuple(str(place + 1) for place in expected)


# --- counting ----------------------------------------------------------------------------------------------------

COUNTS = st.integers(0, 50)
REACHES = st.tuples(COUNTS, COUNTS, COUNTS, COUNTS).map(lambda n: Reach(sum(n), n[0] + n[1], n[0], n[2], n[3]))


@given(REACHES, REACHES)
def test_everybody_reached_is_acknowledged_away_gone_or_missing(one, other):
    both = one + other
    assert both.delivered == both.acknowledged + both.away + both.left + both.missing
    assert both.missing == one.missing + other.missing >= 0
    assert both.expected == both.acknowledged + both.missing


def test_nobody_is_late_on_the_last_day_or_without_one():
    counted = Reach(delivered=5, acknowledged=2)
    assert counted.overdue(TODAY, TODAY) == 0 and counted.overdue(None, TODAY) == 0
    assert counted.overdue(TODAY - DAY, TODAY) == 3
