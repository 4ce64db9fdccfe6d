"""Key sets: a chain that two holders or the offline key carry on, and every way in which somebody else might try to."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import keysets
from ikrar.domain.errors import KeySetWrong
from ikrar.domain.keysets import Holder, KeySet, Signature
from ikrar.gateways import sealing
from ikrar.gateways.sealing import Key
from tests.domain.sealing_corpus import vectors

# Made once: a key costs more than a comparison.
NAMES = ("ani", "budi", "citra", "dedi", "eka")
KEYS = {name: Key(bytes([number]) * 32) for number, name in enumerate((*NAMES, "offline", "other"), 1)}
NUMBERS = {name: number * 10 for number, name in enumerate(KEYS, 1)}
PUBLIC = {name: (key.recipient, key.verifier) for name, key in KEYS.items()}


def holders(*names):
    return tuple(Holder(NUMBERS[name], *PUBLIC[name]) for name in sorted(names, key=NUMBERS.__getitem__))


OFFLINE = Holder(0, *PUBLIC["offline"])
FIRST = KeySet(7, 1, "", date(2024, 9, 30), holders("ani", "budi", "citra"), OFFLINE)


def after(before, **changes):
    return replace(before, serial=before.serial + 1, previous=before.digest, **changes)


def signatures(made, *names):
    return [Signature(KEYS[name].verifier, KEYS[name].sign(made.message)) for name in names]


def refused(*links):
    """Return the reason for which a chain is refused; None where it holds."""
    chain = [(made.document, given) for made, given in links]
    try:
        keysets.check_chain(chain, sealing.verify)
    except KeySetWrong as error:
        return error.reason
    return None


GENUINE = (FIRST, signatures(FIRST, "offline"))
SECOND = after(FIRST, holders=holders("ani", "budi", "dedi"))


@pytest.mark.parametrize("vector", vectors()["chains"], ids=lambda each: each["about"])
def test_a_chain_is_judged_as_in_the_vectors(vector):
    links = [(each["document"].encode(), [Signature(**one) for one in each["signatures"]]) for each in vector["links"]]
    if vector["reason"]:
        with pytest.raises(KeySetWrong) as error:
            keysets.check_chain(links, sealing.verify)
        assert error.value.reason == vector["reason"]
    else:
        latest = keysets.check_chain(links, sealing.verify)
        assert (latest.digest, latest.fingerprint) == (vector["digest"], vector["fingerprint"])


# --- who may carry a chain on ------------------------------------------------------------------------------------


@given(st.sets(st.sampled_from([*NAMES, "offline", "other"])))
def test_a_set_is_changed_by_two_holders_of_the_one_before_or_its_offline_key_and_by_nobody_else(signers):
    enough = "offline" in signers or len(signers & {"ani", "budi", "citra"}) >= 2
    assert refused(GENUINE, (SECOND, signatures(SECOND, *signers))) == (None if enough else "unsigned")


def test_one_holder_who_signs_twice_is_one_holder():
    twice = signatures(SECOND, "ani") + signatures(SECOND, "ani")
    assert refused(GENUINE, (SECOND, twice)) == "unsigned"


def test_one_holder_under_two_spellings_of_his_verifier_is_one_holder():
    once = signatures(SECOND, "ani")[0]
    assert refused(GENUINE, (SECOND, [once, replace(once, verifier=once.verifier.upper())])) == "unsigned"


def test_a_newcomer_does_not_count_for_his_own_coming():
    assert refused(GENUINE, (SECOND, signatures(SECOND, "ani", "dedi"))) == "unsigned"


def test_who_left_does_not_count_in_the_next_change():
    third = after(SECOND, holders=holders("ani", "budi", "dedi", "eka"))
    link = (SECOND, signatures(SECOND, "ani", "budi"))
    assert refused(GENUINE, link, (third, signatures(third, "ani", "citra"))) == "unsigned"
    assert refused(GENUINE, link, (third, signatures(third, "ani", "dedi"))) is None


def test_who_goes_may_sign_his_own_going():
    gone = after(FIRST, holders=holders("ani", "budi"))
    assert refused(GENUINE, (gone, signatures(gone, "ani", "citra"))) is None


def test_a_new_offline_key_does_not_sign_its_own_coming():
    moved = after(FIRST, offline=Holder(0, *PUBLIC["other"]))
    assert refused(GENUINE, (moved, signatures(moved, "other"))) == "unsigned"
    assert refused(GENUINE, (moved, signatures(moved, "offline"))) is None
    again = after(moved, holders=holders("ani", "budi"))
    link = (moved, signatures(moved, "ani", "budi"))
    assert refused(GENUINE, link, (again, signatures(again, "offline"))) == "unsigned"
    assert refused(GENUINE, link, (again, signatures(again, "other"))) is None


def test_a_signature_of_one_set_says_nothing_of_another():
    other = after(FIRST, holders=holders("ani", "eka"))
    assert refused(GENUINE, (other, signatures(SECOND, "ani", "budi", "offline"))) == "unsigned"


def test_the_first_set_is_signed_by_its_own_offline_key_whatever_its_holders_say():
    assert refused((FIRST, signatures(FIRST, "ani", "budi", "citra"))) == "unsigned"


# --- what an administrator might put in a row --------------------------------------------------------------------


def test_a_row_with_an_administrators_own_key_is_not_believed():
    theirs = after(FIRST, holders=holders("ani", "budi", "citra", "other"))
    for signers in ((), ("other",), ("eka",), ("ani",)):
        assert refused(GENUINE, (theirs, signatures(theirs, *signers))) == "unsigned"


def test_a_first_document_that_was_replaced_breaks_what_follows_and_shows_another_fingerprint():
    replaced = replace(FIRST, offline=Holder(0, *PUBLIC["other"]))
    link = (SECOND, signatures(SECOND, "ani", "budi"))
    assert refused(GENUINE, link) is None
    assert refused((replaced, signatures(replaced, "other")), link) == "chain"
    assert replaced.fingerprint != FIRST.fingerprint
    alone = keysets.check_chain([(replaced.document, signatures(replaced, "other"))], sealing.verify)
    assert alone.fingerprint not in {FIRST.fingerprint, SECOND.fingerprint}, "whoever compares it with the wall sees it"


@pytest.mark.parametrize(
    "changes",
    [
        {"body": 8}, {"serial": 3}, {"serial": 1}, {"previous": ""}, {"previous": "0" * 64}, {"on": date(2024, 9, 29)},
    ],
)  # fmt: skip
def test_a_set_of_another_body_serial_or_past_does_not_follow(changes):
    made = replace(SECOND, **changes)
    assert refused(GENUINE, (made, signatures(made, "ani", "budi"))) == "chain"


def test_a_link_that_was_left_out_is_noticed():
    third = after(SECOND, holders=holders("ani", "budi", "dedi", "eka"))
    assert refused(GENUINE, (third, signatures(third, "ani", "budi"))) == "chain"
    assert refused((SECOND, signatures(SECOND, "offline"))) == "chain"
    assert refused() == "empty"


@given(st.lists(st.sets(st.sampled_from(NAMES), min_size=2), min_size=1, max_size=5), st.data())
def test_a_chain_in_which_any_byte_of_a_document_changed_is_refused(sets, data):
    made, links = FIRST, [GENUINE]
    for names in sets:
        following = after(made, holders=holders(*names), on=made.on + timedelta(days=1))
        if following.holders != made.holders:
            links.append((following, signatures(following, "offline")))
            made = following
    assert refused(*links) is None
    place = data.draw(st.integers(0, len(links) - 1))
    document = bytearray(links[place][0].document)
    at = data.draw(st.integers(0, len(document) - 1))
    document[at] ^= data.draw(st.integers(1, 255))
    changed = [(bytes(document) if n == place else one.document, given) for n, (one, given) in enumerate(links)]
    with pytest.raises(KeySetWrong):
        keysets.check_chain(changed, sealing.verify)


# --- the form ----------------------------------------------------------------------------------------------------


@given(st.sets(st.sampled_from(NAMES), min_size=2), st.integers(1, 2**53 - 1), st.integers(1, 10**6), st.dates())
def test_a_set_is_read_as_it_was_written(names, body, serial, on):
    made = KeySet(body, serial, FIRST.digest, on, holders(*names), OFFLINE)
    assert keysets.parse(made.document) == made


@given(st.binary(max_size=400))
def test_whatever_stands_in_a_row_is_a_set_or_is_refused(document):
    with pytest.raises(KeySetWrong, match="form"):
        keysets.parse(document)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["body", "serial", "previous", "on", "holders", "offline", "v", "more"]), json_values)
def test_a_document_with_any_other_value_in_a_field_is_refused_or_another_set(field, value):
    document = json.loads(FIRST.document)
    if document.get(field) == value and type(document.get(field)) is type(value):
        return
    document[field] = value
    written = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")
    try:
        read = keysets.parse(written)
    except KeySetWrong as error:
        assert error.reason == "form"
    else:
        assert read != FIRST and type(read.body) is type(read.serial) is int


@pytest.mark.parametrize("count", [0, 1, 41])
def test_fewer_than_two_holders_or_more_than_forty_are_no_set(count):
    many = tuple(
        Holder(n, Key(bytes([n]) * 32).recipient, Key(bytes([n]) * 32).verifier) for n in range(100, 100 + count)
    )
    made = replace(FIRST, holders=many)
    assert refused((made, signatures(made, "offline"))) == "holders"


@pytest.mark.parametrize("part", ["key", "recipient", "verifier"])
def test_a_key_stands_in_a_set_once(part):
    ani, budi, citra = FIRST.holders
    twin = replace(budi, **{part: getattr(ani, part)})
    made = replace(FIRST, holders=(ani, twin, citra))
    assert refused((made, signatures(made, "offline"))) == "double"


def test_the_offline_key_is_no_officers_key():
    ani, *rest = FIRST.holders
    made = replace(FIRST, offline=replace(ani, key=0))
    assert refused((made, signatures(made, "ani"))) == "double"


def test_a_change_that_changes_nothing_is_refused():
    made = after(FIRST)
    assert refused(GENUINE, (made, signatures(made, "offline"))) == "unchanged"


def test_the_difference_of_two_sets_names_who_comes_goes_and_stays():
    found = keysets.difference(SECOND, FIRST)
    assert (found.coming, found.going, found.staying) == (holders("dedi"), holders("citra"), holders("ani", "budi"))
    assert not found.offline_is_new
    assert keysets.difference(FIRST, None).coming == FIRST.holders and keysets.difference(FIRST, None).offline_is_new


def test_a_key_that_was_replaced_comes_and_goes_though_its_number_stays():
    """Whoever swaps the recipient behind a number would otherwise pass for the one who stays."""
    ani, *rest = FIRST.holders
    swapped = after(FIRST, holders=(replace(ani, recipient=PUBLIC["other"][0], verifier=PUBLIC["other"][1]), *rest))
    found = keysets.difference(swapped, FIRST)
    assert [each.key for each in found.coming] == [each.key for each in found.going] == [ani.key]


# --- to whom a report is sealed ----------------------------------------------------------------------------------


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_a_report_is_sealed_to_holders_who_have_the_right_and_are_not_excluded_and_never_to_anybody_else(may, excluded):
    allowed = {NUMBERS[name] for name in may}
    left_out = {NUMBERS[name] for name in excluded}
    expected = {holder.key for holder in FIRST.holders} & allowed - left_out
    if not expected:
        with pytest.raises(KeySetWrong, match="nobody"):
            keysets.to_seal_to(FIRST, may_open=allowed, excluded=left_out)
        return
    found, offline = keysets.to_seal_to(FIRST, may_open=allowed, excluded=left_out)
    assert {each.key for each in found} == expected and offline == OFFLINE
