"""What is kept of an answer, and how two answers differ."""

import hashlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import receipts
from ikrar.domain.activities import Verdict
from ikrar.domain.errors import ValueUnknown
from ikrar.domain.receipts import Answered, AnsweredPart, Asked, Consequence, Fact
from ikrar.domain.sources import Label

WORD = st.from_regex(r"[a-z]{1,6}(-[a-z]{1,6}){0,2}", fullmatch=True)
FACT = st.builds(Fact, WORD, st.booleans(), st.just("") | WORD)
ASKED = st.builds(
    Asked, st.lists(WORD, min_size=1, max_size=3).map(tuple), st.dates(), WORD, st.just("") | WORD, st.just("") | WORD,
    st.just("") | st.just("13.75"), st.just("") | WORD, st.lists(FACT, max_size=4, unique=True).map(lambda f: tuple(sorted(f))),
)  # fmt: skip
TEXT = st.text(max_size=12)
PART = st.builds(
    AnsweredPart, WORD, st.sampled_from(Verdict),
    st.lists(st.builds(Consequence, WORD, WORD, WORD, st.booleans()), max_size=3).map(tuple),
    st.lists(st.builds(Label, TEXT, TEXT), max_size=3).map(tuple), st.lists(TEXT, max_size=3).map(tuple),
)  # fmt: skip
ANSWERED = st.builds(
    Answered, st.sampled_from(Verdict), WORD, WORD,
    st.lists(PART, max_size=3, unique_by=lambda part: part.activity).map(tuple),
)  # fmt: skip


@given(FACT)
def test_a_fact_survives_an_address(fact):
    assert Fact.of(str(fact)) == fact


@given(ASKED)
def test_a_question_survives_being_kept(asked):
    assert Asked.of(asked.document()) == asked


@given(ANSWERED)
def test_an_answer_survives_being_kept_and_differs_from_itself_in_nothing(answered):
    kept = Answered.of(answered.document())
    assert kept == answered
    assert receipts.differences(kept, answered) == ()


@given(ANSWERED, ANSWERED)
def test_two_answers_that_differ_are_told_apart_and_the_way_back_is_the_mirror(one, other):
    there, back = receipts.differences(one, other), receipts.differences(other, one)
    mirrored = {(each.activity, each.what, each.before, each.after) for each in there}
    assert {(each.activity, each.what, each.after, each.before) for each in back} == mirrored
    same = (
        (one.verdict, one.election, one.candidate_status) == (other.verdict, other.election, other.candidate_status)
        and {part.activity: _as_sets(part) for part in one.parts} == {part.activity: _as_sets(part) for part in other.parts}
    )  # fmt: skip
    assert bool(there) != same


def _as_sets(part):
    return part.verdict, frozenset(part.consequences), frozenset(part.conditions), frozenset(part.cites)


CODE, OTHER_CODE = "A" * 16, "B" * 16


@given(ASKED, ANSWERED, st.sampled_from(receipts.PARTS))
def test_every_part_of_a_receipt_that_changes_is_named_and_no_other(asked, answered, part):
    kept = {
        "asked": asked.document(), "answered": answered.document(), "verdict": answered.verdict.value,
        "rulebook": "0" * 64, "made_on": "2024-10-25",
    }  # fmt: skip
    made = receipts.sealed(CODE, kept)
    assert all(len(each) == 64 for each in made.values())
    assert receipts.altered(CODE, kept, made) == ()
    assert receipts.altered(OTHER_CODE, kept, made) == receipts.PARTS
    for other in ("", None, [], {"day": "\ud800"}, {"activities": []}):
        assert receipts.altered(CODE, kept | {part: other}, made) == (part,)


def test_a_receipt_whose_entry_was_written_first_is_held_against_its_one_digest():
    asked, answered = {"activities": ["vote"]}, {"verdict": "allowed"}
    whole = {"answered": answered, "asked": asked, "code": CODE, "rulebook": "0" * 64}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    committed = {"receipt_sha256": hashlib.sha256(text.encode()).hexdigest()}
    kept = {"asked": asked, "answered": answered, "verdict": "allowed", "rulebook": "0" * 64, "made_on": "2024-10-25"}
    assert receipts.altered(CODE, kept, committed) == ()
    assert receipts.altered(CODE, kept | {"verdict": "ask"}, committed) == ("verdict",)
    assert "asked" in receipts.altered(CODE, kept | {"asked": {"activities": []}}, committed)
    assert "verdict" in receipts.altered(CODE, kept | {"answered": []}, committed)


def test_a_fact_of_one_activity_wins_there_over_what_was_told_of_all():
    asked = Asked(
        ("vote", "attend-campaign"), date(2024, 10, 1), "pns",
        facts=(Fact("attributes", False), Fact("attributes", True, "attend-campaign")),
    )  # fmt: skip
    assert asked.facts_of("vote") == {"attributes": False}
    assert asked.facts_of("attend-campaign") == {"attributes": True}


@pytest.mark.parametrize(
    ("employment", "post", "classes"),
    [("pns", "", ("pns", "")), ("pns", "lurah", ("pns", "lurah")), ("pns", "asn-official", ("pns", "pejabat struktural")),
     ("pppk", "asn-official", ("pppk", "pejabat struktural")), ("pns", "school-head", ("pns", "kepala sekolah"))],
)  # fmt: skip
def test_a_post_is_told_as_rules_speak_of_it(employment, post, classes):
    who = Asked(("vote",), date(2024, 10, 1), employment, post).who
    assert (who.employment, who.post) == classes


def test_a_post_that_is_not_known_is_named():
    with pytest.raises(ValueUnknown) as caught:
        Asked(("vote",), date(2024, 10, 1), "pns", "astronaut").who
    assert caught.value.fact == "post"
