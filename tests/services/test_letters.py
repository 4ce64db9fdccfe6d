"""Numbers of letters are taken one at a time: none twice, none left out, whatever fails after. At once: see the circulars."""

from datetime import date

import pytest
from django.db import transaction

from ikrar.domain.errors import (
    LetterheadTooLong,
    NumberingBackwards,
    NumberingsAlike,
    NumberingYearOver,
    NumberPatternWrong,
)
from ikrar.domain.letters import LetterKind
from ikrar.records.models import LetterNumbering, LogEntry
from ikrar.services import letters
from tests.conftest import NOW, TODAY

SE = LetterKind.CIRCULAR


def take(agency, day=TODAY, kind=SE, **more):
    with transaction.atomic():
        return letters.take_number(agency, kind, day, **more)


def set_numbering(
    cast, city, pattern="{number:03}/{code}/BKPSDM/{month_roman}/{year}", *, kind=SE, last=0, today=TODAY
):
    letters.set_numbering(city, kind, pattern=pattern, last=last, today=today, by=cast.rina.user, now=NOW)


def test_an_agency_that_said_nothing_numbers_in_the_usual_way(city):
    assert [take(city), take(city), take(city, kind=LetterKind.MINUTES)] == [
        "001/SE/X/2024",
        "002/SE/X/2024",
        "001/BA/X/2024",
    ]


def test_each_agency_and_each_year_begins_at_one(city, other_city):
    assert take(city) == take(other_city) == "001/SE/X/2024"
    assert take(city, date(2024, 12, 31)) == "002/SE/XII/2024"
    assert take(city, date(2025, 1, 2)) == "001/SE/I/2025"
    with pytest.raises(NumberingYearOver):
        take(city, date(2024, 12, 31))


def test_a_pattern_holds_from_the_next_letter_on_and_the_count_goes_on(cast, city):
    take(city)
    set_numbering(cast, city, last=1)
    assert take(city) == "002/SE/BKPSDM/X/2024"
    assert LogEntry.objects.count() == 1


def test_an_office_that_numbered_on_paper_before_goes_on_from_there(cast, city):
    set_numbering(cast, city, last=45)
    assert letters.numberings(city, TODAY)[0].next == "046/SE/BKPSDM/X/2024"
    assert take(city) == "046/SE/BKPSDM/X/2024"
    assert letters.numberings(city, TODAY)[0].last == 46
    assert letters.numberings(city, date(2025, 1, 2))[0].next == "001/SE/BKPSDM/I/2025"


def test_the_last_number_never_goes_back(cast, city):
    set_numbering(cast, city, last=45)
    with pytest.raises(NumberingBackwards) as caught:
        set_numbering(cast, city, last=44)
    assert caught.value.last == 45
    set_numbering(cast, city, last=45)
    assert LogEntry.objects.count() == 1, "the same again is no act"


def test_a_year_that_is_over_is_not_set_again(cast, city):
    take(city, date(2025, 1, 2))
    with pytest.raises(NumberingYearOver):
        set_numbering(cast, city, last=3)


def test_two_kinds_never_bear_the_same_numbers(cast, city):
    set_numbering(cast, city, "{number}/BKPSDM/{year}")
    with pytest.raises(NumberingsAlike) as caught:
        set_numbering(cast, city, "{number:03}/BKPSDM/{year}", kind=LetterKind.APPEAL)
    assert caught.value.kind == "circular"
    with pytest.raises(NumberPatternWrong):
        set_numbering(cast, city, "{nomor}/{year}")
    assert LetterNumbering.objects.filter(agency=city).count() == 1


def test_a_number_that_was_given_by_hand_is_passed_over(city):
    assert take(city, is_taken=lambda number: number in ("001/SE/X/2024", "002/SE/X/2024")) == "003/SE/X/2024"
    assert take(city) == "004/SE/X/2024"


def test_an_act_that_fails_gives_its_number_back(city):
    with pytest.raises(RuntimeError), transaction.atomic():
        letters.take_number(city, SE, TODAY)
        raise RuntimeError("refused afterwards")
    assert take(city) == "001/SE/X/2024"


def test_a_letterhead_is_kept_tidied_and_logged_once(cast, city):
    for _ in range(2):
        letters.set_letterhead(city, "PEMERINTAH KOTA\n\n Jalan  Sudirman 1", by=cast.rina.user, now=NOW)
        city.refresh_from_db()
    assert letters.head_of(city) == ("PEMERINTAH KOTA", "Jalan Sudirman 1")
    assert LogEntry.objects.count() == 1
    with pytest.raises(LetterheadTooLong):
        letters.set_letterhead(city, "x\n" * 9, by=cast.rina.user, now=NOW)
    letters.set_letterhead(city, "", by=cast.rina.user, now=NOW)
    city.refresh_from_db()
    assert letters.head_of(city) == (city.name,)
