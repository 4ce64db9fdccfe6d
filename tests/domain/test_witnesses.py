"""What a pact witness states: the usual words of each kind of body, and one digest for exactly one statement."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import witnesses
from ikrar.domain.witnesses import Statement, signed_digest, tidy_name, tidy_words, usual_words

STATEMENT = Statement(
    activity="Deklarasi Netralitas", place="Aula", on=date(2022, 12, 5), pact="Pakta Integritas", pact_digest="ab" * 32,
    body="Bawaslu Provinsi", post="Ketua", words="Saya hadir.",
)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"activity": "Apel"}, {"place": "Lapangan"}, {"on": date(2022, 12, 6)}, {"pact": "Ikrar"},
        {"pact_digest": "cd" * 32}, {"body": "KPU"}, {"post": "Anggota"}, {"words": "Saya hadir dan melihat."},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_statement_is_bound_to_activity_place_day_pact_and_who_he_speaks_for(change):
    assert replace(STATEMENT, **change).digest() != STATEMENT.digest()


def test_the_name_under_a_statement_is_bound_to_it():
    assert signed_digest(STATEMENT.text(), "Misal") != signed_digest(STATEMENT.text(), "Umpama")
    assert signed_digest(STATEMENT.text(), "Misal") != STATEMENT.digest()


@pytest.mark.parametrize("kind", ["bawaslu", "kpu", "police", "military", "prosecutor", "party", "forkopimda", "other"])
def test_every_kind_of_body_has_usual_words_that_fit_and_are_tidy(kind):
    words = usual_words(kind)
    assert "menyaksikan sendiri" in words and len(words) < witnesses.LONGEST_WORDS
    assert tidy_words(words) == words


@given(st.text(max_size=300))
def test_words_that_are_tidy_stay_as_they_are(text):
    assert tidy_words(tidy_words(text)) == tidy_words(text)
    assert "\n" not in tidy_name(text) and tidy_name(tidy_name(text)) == tidy_name(text)


@given(st.text(min_size=1, max_size=60))
def test_no_text_of_a_place_pretends_to_be_another_line(text):
    said = replace(STATEMENT, place=text).text()
    assert said.split("\n\n", 2)[1].count("\n") <= 5
