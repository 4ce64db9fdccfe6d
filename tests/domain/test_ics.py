"""Calendar text, read back by a reader written here from RFC 5545 alone."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.ics import Entry, to_ics

NOW = datetime(2024, 9, 25, 8, 30, tzinfo=timezone(timedelta(hours=7)))
UNESCAPED = {"\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"}
# All of Unicode but lone surrogates; \r is a line end to a calendar, and the other control characters are left out.
words = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"), max_size=300)


def unescape(text):
    found, characters = [], iter(text)
    for character in characters:
        found.append(UNESCAPED[next(characters)] if character == "\\" else character)
    return "".join(found)


def read(text):
    """Unfold and split a calendar into its lines (name, value), the texts unescaped."""
    content = text.encode("utf-8").replace(b"\r\n ", b"").decode("utf-8")
    lines = content.split("\r\n")
    assert lines.pop() == ""
    return [tuple(line.split(":", 1)) for line in lines]


def quiet_period(**more):
    fields = {
        "uid": "pilkada-2024-quiet-period@13.75.ikrar",
        "summary": "Masa tenang",
        "from_on": date(2024, 11, 24),
        "until_on": date(2024, 11, 27),
    }
    return Entry(**{**fields, **more})


def write(*entries, name="Kalender"):
    return to_ics(entries, name=name, stamped_at=NOW)


def test_a_calendar_is_what_the_standard_says_line_by_line():
    assert read(write(quiet_period(description="Satu, dua", is_tentative=True))) == [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Ikrar//"),
        ("NAME", "Kalender"),
        ("X-WR-CALNAME", "Kalender"),
        ("BEGIN", "VEVENT"),
        ("UID", "pilkada-2024-quiet-period@13.75.ikrar"),
        ("DTSTAMP", "20240925T013000Z"),
        ("DTSTART;VALUE=DATE", "20241124"),
        ("DTEND;VALUE=DATE", "20241127"),
        ("SUMMARY", "Masa tenang"),
        ("DESCRIPTION", "Satu\\, dua"),
        ("STATUS", "TENTATIVE"),
        ("TRANSP", "TRANSPARENT"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


def test_every_entry_becomes_an_event_in_the_order_given():
    later = quiet_period(uid="2", summary="Pemungutan suara")
    assert [value for name, value in read(write(quiet_period(), later)) if name == "SUMMARY"] == [
        "Masa tenang",
        "Pemungutan suara",
    ]


def test_the_same_entries_at_the_same_instant_give_the_same_text():
    assert write(quiet_period()) == to_ics([quiet_period()], name="Kalender", stamped_at=NOW.astimezone(UTC))


def test_what_has_a_meaning_to_a_calendar_is_escaped():
    assert "SUMMARY:a\\;b\\,c\\\\d\\ne" in write(quiet_period(summary="a;b,c\\d\ne"))


def test_every_kind_of_line_end_is_one_line_end():
    assert "SUMMARY:a\\nb\\nc\\nd" in write(quiet_period(summary="a\r\nb\rc\nd"))


def test_control_characters_are_left_out():
    assert "SUMMARY:ab" in write(quiet_period(summary="a\x00\x07\x1b\x7fb"))


def test_no_text_can_end_its_line_and_begin_another_event():
    text = write(quiet_period(summary="x\r\nEND:VEVENT\r\nBEGIN:VEVENT"))
    assert [value for name, value in read(text) if name == "BEGIN"] == ["VCALENDAR", "VEVENT"]


def test_a_line_of_75_octets_is_not_folded_and_one_of_76_is():
    room = 75 - len("SUMMARY:")
    assert "\r\n " not in write(quiet_period(summary="a" * room))
    assert f"SUMMARY:{'a' * room}\r\n a\r\n" in write(quiet_period(summary="a" * (room + 1)))


def test_a_character_of_several_octets_is_never_cut():
    text = write(quiet_period(summary="a" * 66 + "é" + "𝕀" * 40))
    for line in text.encode("utf-8").split(b"\r\n"):
        line.decode("utf-8")
        assert len(line) <= 75


@given(words, words, words)
def test_any_text_comes_back_as_it_was_from_lines_of_at_most_75_octets(summary, description, name):
    text = write(quiet_period(summary=summary, description=description), name=name)
    for line in text.encode("utf-8").split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    values = dict(read(text))
    assert unescape(values["SUMMARY"]) == summary
    assert unescape(values.get("DESCRIPTION", "")) == description
    assert unescape(values["NAME"]) == unescape(values["X-WR-CALNAME"]) == name


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 400))
def test_the_end_of_an_entry_is_the_first_day_after_it(first, days):
    values = dict(read(write(quiet_period(from_on=first, until_on=first + timedelta(days=days)))))
    begins = datetime.strptime(values["DTSTART;VALUE=DATE"], "%Y%m%d").date()
    ends = datetime.strptime(values["DTEND;VALUE=DATE"], "%Y%m%d").date()
    assert begins == first
    assert (ends - begins).days == days
