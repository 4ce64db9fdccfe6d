"""The one byte form of a log payload, and the commitment to it."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ikrar.domain import commitments
from ikrar.domain.commitments import EVENTS, EventType, Grain, canonical, commit, days_text, opens, payload_of
from ikrar.domain.days import WIB, WIT, WITA
from ikrar.domain.errors import PayloadNotCanonical

KEYS = st.from_regex(r"[a-z0-9_.]*[a-z0-9][a-z0-9_.]*", fullmatch=True).filter(lambda key: len(key) < 20)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
PAYLOADS = st.dictionaries(KEYS, VALUES, max_size=5)
SALTS = st.binary(min_size=32, max_size=32)


def reordered(value):
    """The same value with every mapping written the other way round and lists as tuples."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(list(value))}
    return tuple(map(reordered, value)) if isinstance(value, list) else value


@given(PAYLOADS)
def test_the_canonical_form_is_read_and_written_again_to_the_same_bytes(payload):
    written = canonical(payload)
    assert canonical(json.loads(written)) == written
    assert json.loads(written) == payload


@given(PAYLOADS)
def test_the_order_of_keys_and_the_kind_of_list_do_not_matter(payload):
    assert canonical(reordered(payload)) == canonical(payload)


@given(PAYLOADS, PAYLOADS)
def test_two_payloads_that_differ_have_two_forms(one, other):
    assume(repr(reordered(one)) != repr(reordered(other)) and one != other)
    assert canonical(one) != canonical(other)


def test_truth_is_no_number():
    assert canonical({"a": True}) != canonical({"a": 1})
    assert canonical({"a": False}) != canonical({"a": 0}) != canonical({"a": None}) != canonical({})


def test_the_form_is_that_of_rfc_8785():
    # Origin: written by hand after RFC 8785 sections 3.2.2.2 (escapes) and 3.2.3 (order of keys).
    payload = {
        "b": "€\u2028/\x7f", "a_2": "\"\\\b\f\n\r\t\x0f", "a.1": [1, -2, [], {}, None], "a": "é😀", "0": 9007199254740991,
    }  # fmt: skip
    assert (
        canonical(payload)
        == (
            '{"0":9007199254740991,"a":"é😀","a.1":[1,-2,[],{},null],"a_2":"\\"\\\\\\b\\f\\n\\r\\t\\u000f",'
            '"b":"€\u2028/\x7f"}'
        ).encode()
    )


class Word(StrEnum):
    NIP = "nip"


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        ({"a": 1.0}, "payload.a"),
        ({"a": 0.5}, "payload.a"),
        ({"a": float("nan")}, "payload.a"),
        ({"a": [1, {"b": float("inf")}]}, "payload.a[1].b"),
        ({"a": 2**53}, "payload.a"),
        ({"a": -(2**53)}, "payload.a"),
        ({"a": "\ud800"}, "payload.a"),
        ({"a": ["x", "y\udfff"]}, "payload.a[1]"),
        ({"A": 1}, "payload.A"),
        ({"a": {"Nip": 1}}, "payload.a.Nip"),
        ({"": 1}, "payload."),
        ({"é": 1}, "payload."),
        ({"a-b": 1}, "payload."),
        ({"a b": 1}, "payload."),
        ({"_": 1}, "payload."),
        ({1: "a"}, "payload.1"),
        ({None: "a"}, "payload.None"),
        ({"a": b"bytes"}, "payload.a"),
        ({"a": date(2024, 10, 25)}, "payload.a"),
        ({"a": {1, 2}}, "payload.a"),
        ({"a": Word.NIP}, "payload.a"),
    ],
)
def test_what_has_no_one_form_is_refused_and_the_place_is_named(payload, where):
    with pytest.raises(PayloadNotCanonical) as caught:
        canonical(payload)
    assert caught.value.where.startswith(where)


@given(VALUES, st.sampled_from([1.5, float("nan"), float("-inf"), 2**60, "\udc00", b"", {"A": 1}]))
def test_one_bad_value_anywhere_refuses_the_whole(good, bad):
    for payload in ({"a": good, "b": bad}, {"a": [good, bad]}, {"a": {"b": [bad, good]}}):
        with pytest.raises(PayloadNotCanonical):
            canonical(payload)


# --- commitments -------------------------------------------------------------------------------------------------


@given(st.binary(max_size=200), SALTS)
def test_a_commitment_opens_with_its_payload_and_salt(payload, salt):
    commitment = commit(payload, salt)
    assert len(commitment) == commitments.COMMITMENT_BYTES
    assert opens(commitment, payload, salt)


@given(st.binary(min_size=1, max_size=60), SALTS, st.data())
def test_one_bit_changed_anywhere_opens_nothing(payload, salt, data):
    commitment = commit(payload, salt)
    parts = [commitment, payload, salt]
    which = data.draw(st.integers(0, 2))
    bit = data.draw(st.integers(0, len(parts[which]) * 8 - 1))
    changed = bytearray(parts[which])
    changed[bit // 8] ^= 1 << bit % 8
    parts[which] = bytes(changed)
    assert not opens(*parts)


@given(st.binary(min_size=1, max_size=40), SALTS)
def test_the_border_between_salt_and_payload_cannot_be_moved(payload, salt):
    commitment = commit(payload, salt)
    with pytest.raises(ValueError, match="32 bytes"):
        commit(payload[1:], salt + payload[:1])
    assert not opens(commitment, payload[1:], salt + payload[:1])
    assert not opens(commitment, salt[-1:] + payload, salt[:-1])


def test_a_commitment_is_sha_256_over_tag_salt_and_payload():
    # Origin: SHA-256 over tag, salt and payload, written out here by hand; entries of years rest on this value.
    payload, salt = b'{"data":{},"event":"installation.created","time":"2024-10-25T03:00:00Z","v":1}', bytes(range(32))
    assert commit(payload, salt) == hashlib.sha256(b"ikrar/log/v1\x00" + salt + payload).digest()
    assert commit(payload, salt).hex() == "96a66c1d683000c707bf669a11ed5912bfb369ec2875ee7c4aedd2bf7fabe66f"


# --- payloads ----------------------------------------------------------------------------------------------------

INSTANT = datetime(2024, 10, 24, 16, 30, 15, 999, tzinfo=UTC)


def test_a_payload_tells_event_time_and_what_was_done():
    payload = payload_of(EVENTS["pact.signed"], INSTANT, WIB, {"obligation": 7, "by": None})
    assert payload == (b'{"data":{"by":null,"obligation":7},"event":"pact.signed","time":"2024-10-24T16:30:15Z","v":1}')


def test_a_coarse_event_tells_the_local_day_and_nothing_finer():
    event = EVENTS["report.filed"]
    assert json.loads(payload_of(event, INSTANT, WIB, {}))["time"] == "2024-10-24"
    assert json.loads(payload_of(event, INSTANT, WITA, {}))["time"] == "2024-10-25"
    assert payload_of(event, INSTANT, WIT, {}) == payload_of(event, INSTANT + timedelta(hours=14), WIT, {})


@given(st.datetimes(datetime(2020, 1, 1), datetime(2050, 1, 1), timezones=st.sampled_from([UTC, WIB, WIT])))
def test_the_zone_in_which_an_instant_is_told_does_not_change_its_payload(instant):
    for event in (EVENTS["unit.created"], EVENTS["report.filed"]):
        assert payload_of(event, instant, WITA, {}) == payload_of(event, instant.astimezone(UTC), WITA, {})


def test_what_was_done_must_have_one_form_too():
    with pytest.raises(PayloadNotCanonical) as caught:
        payload_of(EventType("x.done"), INSTANT, WIB, {"rate": 0.5})
    assert caught.value.where == "payload.data.rate"


def test_every_event_stands_under_its_own_name_and_only_what_the_public_files_hides_its_minute():
    assert all(name == event.name and name == name.lower() and name.count(".") == 1 for name, event in EVENTS.items())
    assert {name for name, event in EVENTS.items() if event.grain is not Grain.SECOND} == {
        "report.filed", "report.filed_formally", "report.entered", "report.message_put", "report.consent_given",
        "report.withdrawn", "guidance.receipted", "opinion.asked", "clipping.taken_to_report",
    }  # fmt: skip


def test_a_day_or_its_absence_has_a_text():
    assert (days_text(date(2024, 10, 5)), days_text(None)) == ("2024-10-05", None)
