"""Dates as offices write them, and the day on which an instant falls."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import days
from ikrar.domain.days import MONTHS_ID, WIB, WIT, WITA, in_words, local_day, parse_day, utc_text, zone_of

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
NOTATIONS = {
    "iso": lambda d: d.isoformat(),
    "iso, with the hour of a spreadsheet": lambda d: f"{d.isoformat()} 00:00:00",
    "iso, with a fraction of a second": lambda d: f"{d.isoformat()}T00:00:00.000",
    "iso, without zeros": lambda d: f"{d.year}-{d.month}-{d.day}",
    "compact": lambda d: f"{d:%Y%m%d}",
    "dashes": lambda d: f"{d:%d-%m-%Y}",
    "strokes": lambda d: f"{d:%d/%m/%Y}",
    "points": lambda d: f"{d:%d.%m.%Y}",
    "the year first, with strokes": lambda d: f"{d:%Y/%m/%d}",
    "the year first, with points": lambda d: f"{d:%Y.%m.%d}",
    "strokes, without zeros": lambda d: f"{d.day}/{d.month}/{d.year}",
    "words": in_words,
    "words, in capitals": lambda d: in_words(d).upper(),
    "words, with dashes": lambda d: f"{d.day:02}-{MONTHS_ID[d.month - 1]}-{d.year}",
    "spaces around": lambda d: f"  {d:%d-%m-%Y} ",
}


@pytest.mark.parametrize("write", NOTATIONS.values(), ids=NOTATIONS)
@given(day=DAYS)
def test_a_day_is_read_back_from_every_notation(write, day):
    assert parse_day(write(day)) == day


@pytest.mark.parametrize(
    ("month", "words"),
    [
        (1, "Jan Januari January"), (2, "Feb Peb Februari Pebruari"), (3, "Mar Maret March"), (4, "Apr April"),
        (5, "Mei May"), (6, "Jun Juni June"), (7, "Jul Juli July"), (8, "Agu Agt Ags Agustus Aug August"),
        (9, "Sep September"), (10, "Okt Oct Oktober October"), (11, "Nov Nop November Nopember"),
        (12, "Des Dec Desember December"),
    ],
)  # fmt: skip
def test_every_word_for_a_month_is_known(month, words):
    for word in words.split():
        assert parse_day(f"7 {word} 1990") == date(1990, month, 7), word


def test_the_day_stands_before_the_month():
    assert parse_day("03/04/1985") == parse_day("03-04-1985") == parse_day("3 April 1985") == date(1985, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "besok", "1985", "03-1985", "31-02-1985", "29/02/1985", "30 Februari 1984", "00-01-1985",
        "01-13-1985", "13/31/1985", "1985-13-01", "1985-00-10", "19851301", "15 Marsember 1985", "15-03-85",
        "15 Mar 85", "1985-03-15 07:30:00", "15-03-1985 x", "x 15-03-1985", "31121", "45231", "0000-00-00",
        "15-03-1985\n16-03-1985", "1985--03-15", "1985-03/15", "١٥",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        parse_day(text)


@given(st.one_of(st.text(), st.from_regex(r"[0-9 ./\-A-Za-z]{0,14}", fullmatch=True)))
def test_any_text_gives_a_date_or_is_refused(text):
    try:
        found = parse_day(text)
    except ValueError:
        return
    assert isinstance(found, date) and str(found.year) in str(int("".join(c for c in text if c.isdigit()) or 0))


def test_a_day_in_words_is_indonesian():
    assert [in_words(date(2024, month, 1)).split()[1] for month in range(1, 13)] == list(MONTHS_ID)
    assert in_words(date(2024, 2, 9)) == "9 Februari 2024"


# --- where it is what day ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "zone"),
    [
        ("11", WIB), ("13.75", WIB), ("31", WIB), ("36", WIB), ("61", WIB), ("62", WIB), ("", WIB),
        ("51", WITA), ("53.01", WITA), ("63", WITA), ("64.72", WITA), ("65", WITA), ("71.71.01.1001", WITA), ("76", WITA),
        ("81", WIT), ("82.05", WIT), ("91", WIT), ("92", WIT), ("93", WIT), ("94", WIT), ("95", WIT), ("96", WIT),
    ],
)  # fmt: skip
def test_each_province_keeps_its_zone(region, zone):
    assert zone_of(region) is zone


def test_midnight_falls_where_the_act_is():
    before = datetime(2024, 10, 24, 15, 59, 59, tzinfo=UTC)
    assert [local_day(before, zone).day for zone in (WIB, WITA, WIT)] == [24, 24, 25]
    assert [local_day(before + timedelta(seconds=1), zone).day for zone in (WIB, WITA, WIT)] == [24, 25, 25]
    assert local_day(datetime(2024, 10, 24, 17, 0, tzinfo=UTC), WIB) == date(2024, 10, 25)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.sampled_from([UTC, WIB, WITA, WIT])),
    st.sampled_from(list(days.ZONES.values())),
)
def test_an_instant_has_one_day_and_one_text_in_whatever_zone_it_was_told(instant, zone):
    elsewhere = instant.astimezone(timezone(timedelta(hours=-11)))
    assert local_day(instant, zone) == local_day(elsewhere, zone)
    assert utc_text(instant) == utc_text(elsewhere)
    assert datetime.fromisoformat(utc_text(instant)) == instant.replace(microsecond=0)
