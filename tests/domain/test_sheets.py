"""Sheets that are signed in ink: their codes among all that is read from a picture, and the days that may stand on one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import codes
from ikrar.domain.errors import SheetDayWrong
from ikrar.domain.sheets import SHEET_SIGNS, check_day, codes_in, qr_text

PRINTED, TODAY = date(2024, 10, 20), date(2024, 10, 25)
CODE = st.text(codes.ALPHABET, min_size=SHEET_SIGNS, max_size=SHEET_SIGNS)


@given(st.lists(CODE, max_size=4), st.lists(st.text(max_size=40), max_size=4))
def test_codes_of_sheets_are_found_each_once_among_whatever_else_is_read(own, others):
    foreign = [text for text in others if not text.startswith("IKR:")]
    assert codes_in([qr_text(code) for code in own] * 2 + foreign) == list(dict.fromkeys(own))


@given(CODE)
def test_the_text_of_a_sheets_code_fits_the_short_alphabet_of_a_qr_code(code):
    assert set(qr_text(code)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize("days", range(6))
def test_a_day_from_printing_until_today_may_stand_on_a_sheet(days):
    check_day(PRINTED + timedelta(days=days), printed_on=PRINTED, today=TODAY)


@pytest.mark.parametrize("day", [PRINTED - timedelta(days=1), TODAY + timedelta(days=1), date(1900, 1, 1), date.max])
def test_any_other_day_is_refused_with_what_is_possible(day):
    with pytest.raises(SheetDayWrong) as refused:
        check_day(day, printed_on=PRINTED, today=TODAY)
    assert (refused.value.signed_on, refused.value.printed_on, refused.value.today) == (day, PRINTED, TODAY)
