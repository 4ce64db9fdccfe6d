"""Seals, padding, wrapped keys and proofs are those of tests/corpora/sealing.json; the file is what its tool writes."""

import base64
import hashlib
import runpy
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain.errors import SealBroken
from ikrar.gateways import sealing
from ikrar.gateways.sealing import Key
from tests.domain.sealing_corpus import vectors

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "sealing_vectors.py"))


@pytest.mark.parametrize("part", ["keys", "codes", "typed", "padded", "chains", "names", "pages"])
def test_the_file_is_what_its_tool_writes(part):
    assert vectors()[part] == TOOL[part]()


@pytest.mark.parametrize("vector", vectors()["seals"], ids=lambda each: each["digest"][:8])
def test_a_seal_opens_with_its_key_and_with_no_other(vector):
    sealed = base64.b64decode(vector["sealed"])
    assert hashlib.sha256(sealing.unseal(sealed, vector["identity"])).hexdigest() == vector["digest"]
    for identity in (vectors()["keys"][2]["identity"], Key(bytes(32)).identity):
        with pytest.raises(SealBroken):
            sealing.unseal(sealed, identity)
    for at in (0, len(sealed) // 2, len(sealed) - 1):
        broken = bytearray(sealed)
        broken[at] ^= 1
        with pytest.raises(SealBroken):
            sealing.unseal(bytes(broken), vector["identity"])


def test_a_wrapped_key_opens_with_its_passphrase():
    said = vectors()["wrapped"]
    assert pyrage.passphrase.decrypt(said["wrapped"].encode(), said["passphrase"]).decode().strip() == said["identity"]


def test_a_proof_is_that_of_its_key():
    said = vectors()["proof"]
    message = f"ikrar/officer-key/v1\n{said['body']}\n{said['user']}\n{said['recipient']}\n".encode()
    assert sealing.verify(bytes.fromhex(said["verifier"]), bytes.fromhex(said["signature"]), message)


@given(st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=40))
def test_whatever_is_wrapped_age_opens_with_the_same_words_alone(secret, passphrase):
    identity = Key(secret).identity
    wrapped = sealing.wrap(identity, passphrase, log_n=4)
    assert pyrage.passphrase.decrypt(wrapped.encode(), passphrase).decode() == f"{identity}\n"
    with pytest.raises(pyrage.DecryptError):
        pyrage.passphrase.decrypt(wrapped.encode(), f"{passphrase} ")
