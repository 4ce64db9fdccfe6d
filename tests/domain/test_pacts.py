"""The exact text of a pact, what is shown of an obligation, what counts, and how counts add up."""

import hashlib
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.errors import PactTextEmpty, PactTextTooLong
from ikrar.domain.pacts import Coverage, PactText, State, is_valid, points_of, state_of
from ikrar.domain.roster import AWAY, GONE, Status

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)
TEXTS = st.builds(
    PactText.of, WORDS, st.one_of(st.just(""), WORDS), st.lists(WORDS, min_size=1, max_size=5), st.one_of(st.just(""), WORDS)
)  # fmt: skip

PLEDGE = PactText.of("Pakta Integritas", "Saya berjanji:", ["menjaga netralitas", "tidak ikut kampanye"], "Demikian.")


# --- the text ----------------------------------------------------------------------------------------------------


def test_the_digest_is_that_of_the_body_as_it_is_shown():
    assert PLEDGE.body() == (
        "Pakta Integritas\n\nSaya berjanji:\n\n1. menjaga netralitas\n\n2. tidak ikut kampanye\n\nDemikian."
    )
    assert PLEDGE.digest() == hashlib.sha256(PLEDGE.body().encode()).hexdigest()


@pytest.mark.parametrize(
    "parts",
    [
        ("Pakta  Integritas ", "Saya\nberjanji:", ["menjaga\tnetralitas", "", " tidak ikut kampanye", "  "], "\u00a0Demikian."),
        (" Pakta Integritas", "Saya berjanji:\r\n", ("menjaga netralitas", "tidak   ikut kampanye"), "Demikian.\n\n"),
    ],
)  # fmt: skip
def test_what_two_people_see_alike_is_one_text(parts):
    assert PactText.of(*parts) == PLEDGE
    assert PactText.of(*parts).digest() == PLEDGE.digest()


def test_composed_and_decomposed_letters_are_one_text():
    composed, apart = unicodedata.normalize("NFC", "Kafé é"), unicodedata.normalize("NFD", "Kafé é")
    assert composed != apart
    assert PactText.of(composed, "", [composed], "").digest() == PactText.of(apart, "", [apart], "").digest()


@pytest.mark.parametrize(
    "parts",
    [
        ("Pakta integritas", "Saya berjanji:", ["menjaga netralitas", "tidak ikut kampanye"], "Demikian."),
        ("Pakta Integritas", "Saya berjanji", ["menjaga netralitas", "tidak ikut kampanye"], "Demikian."),
        ("Pakta Integritas", "", ["menjaga netralitas", "tidak ikut kampanye"], "Demikian."),
        ("Pakta Integritas", "Saya berjanji:", ["tidak ikut kampanye", "menjaga netralitas"], "Demikian."),
        ("Pakta Integritas", "Saya berjanji:", ["menjaga netralitas"], "Demikian."),
        ("Pakta Integritas", "Saya berjanji:", ["menjaga netralitas tidak ikut kampanye"], "Demikian."),
        ("Pakta Integritas", "Saya berjanji:", ["menjaga netralitas", "tidak ikut kampanye"], "Demikian"),
    ],
)
def test_a_word_or_a_sign_changed_is_another_text(parts):
    assert PactText.of(*parts).digest() != PLEDGE.digest()


@given(TEXTS)
def test_a_text_that_was_kept_is_read_back_with_the_same_digest(text):
    again = PactText.of(text.title, text.opening, list(text.points), text.closing)
    assert again == text and again.digest() == text.digest()


@given(TEXTS, TEXTS)
def test_texts_have_one_digest_when_they_have_one_body_and_only_then(one, other):
    assert (one.digest() == other.digest()) == (one.body() == other.body())


@pytest.mark.parametrize(
    ("title", "points"), [("", ["netral"]), (" \n", ["netral"]), ("Pakta", []), ("Pakta", ["", "  "])]
)
def test_a_text_without_title_or_points_is_refused(title, points):
    with pytest.raises(PactTextEmpty):
        PactText.of(title, "", points, "")


@pytest.mark.parametrize("points", [["netral"] * 41, ["x" * 40_000], ["netral"] * 100_000])
def test_a_text_beyond_all_measure_is_refused_for_being_too_long(points):
    with pytest.raises(PactTextTooLong) as refused:
        PactText.of("Pakta", "", points, "")
    assert (refused.value.most_points, refused.value.most_letters) == (40, 40_000)


@pytest.mark.parametrize(
    ("pasted", "point"),
    [
        ("1. netral", "netral"), (" 12) netral ", "netral"), ("(3) netral", "netral"), ("a. netral", "netral"),
        ("B) netral", "netral"), ("- netral", "netral"), ("• netral", "netral"), ("1.5 juta", "1.5 juta"),
        ("UU 20 tahun 2023", "UU 20 tahun 2023"), ("A. Yani", "A. Yani"), ("2024 netral", "2024 netral"),
    ],
)  # fmt: skip
def test_the_number_of_a_pasted_point_is_not_printed_twice(pasted, point):
    assert points_of(f"{pasted}\n\n") == [point]


def test_a_text_up_to_the_measure_is_taken():
    assert len(PactText.of("Pakta", "", ["netral"] * 40, "").points) == 40


# --- what is shown -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [None, *Status])
@pytest.mark.parametrize("same_place", [True, False])
@pytest.mark.parametrize("stored", list(State))
def test_the_roster_of_the_day_comes_before_what_was_done(stored, same_place, status):
    shown = state_of(stored, status=status, same_place=same_place)
    if status is None or status in GONE:
        assert shown is State.RETIRED
    elif not same_place:
        assert shown is State.MOVED
    elif status in AWAY and stored in (State.ISSUED, State.OPENED):
        assert shown is State.ON_LEAVE
    else:
        assert shown is stored


def test_whoever_is_on_leave_and_has_signed_is_shown_as_signed():
    for done in (State.SIGNED, State.WITNESSED, State.REFUSED, State.EXCUSED):
        assert state_of(done, status="leave", same_place=True) is done


def test_a_signature_counts_only_where_all_four_hold():
    found = {
        four: is_valid(
            signed_digest="a" if four[0] else "b",
            digest_in_force="a",
            same_place=four[1],
            contested=not four[2],
            on_roster=four[3],
        )
        for four in product((True, False), repeat=4)
    }
    assert [four for four, valid in found.items() if valid] == [(True, True, True, True)]
    assert not is_valid(signed_digest=None, digest_in_force="a", same_place=True, contested=False, on_roster=True)


# --- how counts add up -------------------------------------------------------------------------------------------


@st.composite
def counts(draw):
    """A unit's people, each in the one place of the count that is theirs."""
    number = st.integers(0, 50)
    not_obliged, on_leave, excused, not_issued, issued = (draw(number) for _ in range(5))
    opened = draw(st.integers(0, issued))
    signed = draw(st.integers(0, opened))
    valid = draw(st.integers(0, signed))
    roster = not_obliged + on_leave + excused + not_issued + issued
    refused = draw(st.integers(0, issued - opened))
    return Coverage(roster, not_obliged, on_leave, excused, not_issued, issued, opened, signed, valid, refused)


@given(st.lists(counts(), max_size=6))
def test_the_identity_of_coverage_survives_every_addition(several):
    assert all(each.adds_up() for each in several)
    total = sum(several, Coverage())
    assert total.adds_up()
    assert total.issued == total.roster - total.not_obliged - total.on_leave - total.excused - total.not_issued
    assert total.obliged == sum(each.obliged for each in several) == total.issued + total.not_issued
    assert total.missing == sum(each.missing for each in several) == total.obliged - total.valid >= 0
    assert total.valid + total.missing + total.not_obliged + total.on_leave + total.excused == total.roster


@given(counts(), st.sampled_from(["roster", "not_obliged", "on_leave", "excused", "not_issued", "issued"]))
def test_one_person_lost_from_one_count_breaks_the_identity(unit, name):
    assert not (unit + Coverage(**{name: 1})).adds_up()


@given(counts(), counts(), counts())
def test_counts_add_in_any_order(one, two, three):
    assert one + two == two + one and (one + two) + three == one + (two + three) and one + Coverage() == one
