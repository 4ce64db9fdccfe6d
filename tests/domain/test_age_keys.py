"""Keys of age as texts: what is written is read again, and one changed sign is refused."""

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import age_keys
from ikrar.domain.errors import RecipientWrong
from ikrar.gateways.sealing import Key
from tests.domain.sealing_corpus import vectors

CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
secrets = st.binary(min_size=32, max_size=32)


@given(secrets)
def test_a_recipient_is_read_as_the_bytes_that_were_written(public):
    assert age_keys.public_bytes(age_keys.recipient_of(public)) == public


@given(secrets)
def test_age_itself_reads_what_we_write(secret):
    identity = pyrage.x25519.Identity.from_str(age_keys.identity_text(secret))
    assert str(identity.to_public()) == Key(secret).recipient


@given(secrets, st.integers(4, 61), st.sampled_from(CHARSET))
def test_a_recipient_with_one_other_sign_is_refused(public, place, sign):
    whole = age_keys.recipient_of(public)
    changed = whole[:place] + sign + whole[place + 1 :]
    if changed != whole:
        with pytest.raises(RecipientWrong):
            age_keys.public_bytes(changed)


@given(st.text(max_size=80))
def test_no_other_text_is_a_recipient(text):
    with pytest.raises(RecipientWrong):
        age_keys.public_bytes(text)


@pytest.mark.parametrize("text", vectors()["recipients_wrong"])
def test_what_looks_like_a_recipient_is_refused(text):
    with pytest.raises(RecipientWrong):
        age_keys.public_bytes(text)


@given(st.binary(max_size=64).filter(lambda data: len(data) != 32))
def test_a_key_of_another_length_is_never_written(data):
    for write in (age_keys.identity_text, age_keys.recipient_of):
        with pytest.raises(ValueError, match="32 bytes"):
            write(data)


@pytest.mark.parametrize("vector", vectors()["keys"], ids=lambda each: each["recipient"][:12])
def test_a_key_has_the_public_halves_and_signatures_of_the_vectors(vector):
    key = Key(bytes.fromhex(vector["secret"]))
    assert (key.identity, key.recipient, key.verifier) == (vector["identity"], vector["recipient"], vector["verifier"])
    assert key.sign(bytes.fromhex(vector["message"])) == vector["signature"]
