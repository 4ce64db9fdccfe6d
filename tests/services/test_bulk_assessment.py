"""A million rows at once answer what the domain answers one by one."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikrar.bulk.assessment import assess_frame
from ikrar.domain.acts import CONTESTS
from ikrar.domain.assessment import STATUSES, assess
from ikrar.domain.errors import DomainError, ElectionUnknown
from ikrar.domain.persons import CLASSES
from ikrar.gateways import rulebook_files

pytestmark = pytest.mark.once

BOOK = rulebook_files.rulebook()
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "act": st.sampled_from(["", "nothing", *BOOK.acts]),
            "form": st.sampled_from(["", "", *BOOK.forms]),
            "employment": st.sampled_from(["", *CLASSES]),
            "post": st.sampled_from(["", "Lurah Tarok", "Guru"]),
            "election": st.sampled_from(["", "pilkada-2031", *BOOK.elections]),
            "candidate_status": st.sampled_from(["", "", "maybe", *STATUSES]),
            "contest": st.sampled_from(["", *CONTESTS]),
            "day": st.dates(date(2004, 1, 1), date(2027, 12, 31)),
        }
    ),
    min_size=1,
    max_size=40,
)


def one_by_one(row):
    election = BOOK.elections.get(row["election"])
    try:
        if row["election"] and election is None and not row["candidate_status"]:
            raise ElectionUnknown(row["election"])
        return assess(
            BOOK, act=row["act"], form=row["form"], day=row["day"], employment=row["employment"], post=row["post"],
            election=election, candidate_status=row["candidate_status"] or None, contest=row["contest"] or None,
        )  # fmt: skip
    except DomainError as error:
        return error.code


@given(ROWS, st.booleans())
@settings(max_examples=100)
def test_every_row_has_the_answer_that_the_domain_gives_it_alone(rows, as_enum):
    frame = pl.DataFrame(rows)
    if as_enum:
        names = [name for name in frame.columns if name != "day"]
        frame = frame.with_columns(pl.col(name).cast(pl.Enum(frame[name].unique().sort())) for name in names)
    answers = assess_frame(BOOK, frame)
    kinds, errors = answers.column("kind").to_list(), answers.errors().to_list()
    for number, row in enumerate(rows):
        got, own = answers.row(number), one_by_one(row)
        assert (got.code if isinstance(got, DomainError) else got) == own
        assert errors[number] == (own if isinstance(own, str) else None)
        assert kinds[number] == (None if isinstance(own, str) else own.kind)


def test_null_is_not_given_and_an_empty_frame_has_no_answers():
    frame = pl.DataFrame(
        {"act": ["pp94-5n2-attributes"], "employment": ["pns"], "candidate_status": [None], "day": [date(2024, 10, 1)]},
        schema_overrides={"candidate_status": pl.String},
    )
    assert assess_frame(BOOK, frame).errors().to_list() == ["fact_missing"]
    assert len(assess_frame(BOOK, frame.clear()).index) == 0


@pytest.mark.parametrize("rows", [1000])
def test_equal_questions_are_asked_once(rows):
    frame = pl.DataFrame(
        {"act": ["pp94-5n2-attributes"] * rows, "employment": ["pns"] * rows, "candidate_status": ["determined"] * rows,
         "day": [date(2024, 10, 1 + number % 28) for number in range(rows)]}
    )  # fmt: skip
    assert len(assess_frame(BOOK, frame).answers) == 1
