"""Keyed prints: equal for the same thing however it is written, and nothing to anybody without the secret."""

import hashlib
import hmac
import runpy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import clippings, prints
from ikrar.domain.prints import PrintKind, normalised
from tests.domain.sealing_corpus import vectors

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "sealing_vectors.py"))
SECRET = bytes(range(32))


@pytest.mark.parametrize("group", TOOL["PAGES"][:-1], ids=lambda each: each[0][:40])
def test_one_page_has_one_address_however_it_is_shared(group):
    assert len({normalised(each) for each in group}) == 1 and normalised(group[0])


def test_different_pages_stay_different():
    found = [normalised(group[0]) for group in TOOL["PAGES"][:-1]]
    assert len(set(found)) == len(found)
    assert normalised("https://contoh.id/a?id=1") != normalised("https://contoh.id/a?id=2")
    assert normalised("https://contoh.id/A") != normalised("https://contoh.id/a")


def test_what_a_network_appends_is_struck_on_its_own_pages_alone():
    for address in TOOL["marked"]():
        is_struck = "?" not in normalised(address)
        own = [host for host in ("contoh.go.id", "bukanfacebook.com") if f"//{host}/hal" in address]
        assert is_struck is not bool(own), address
        assert clippings.shown_address(address).endswith("=1") is not is_struck, (
            address
        )  # a clipping keeps to the same list


@pytest.mark.parametrize("address", TOOL["PAGES"][-1])
def test_what_is_no_address_has_no_print(address):
    assert normalised(address) == "" and prints.page_print(SECRET, address) is None


@given(st.text(max_size=300))
def test_any_text_is_taken_and_its_page_is_its_own_page(text):
    page = normalised(text)
    assert page.isascii() and normalised(page) in (page, normalised(normalised(page)))


def test_the_prints_of_the_corpus_are_those_of_its_secret():
    said = vectors()["prints"]
    secret = bytes.fromhex(said["secret"])
    assert said == TOOL["keyed"]()
    # What another program needs: HKDF with the words of the kind, then HMAC over hash, page, or person, act and day.
    info = b"ikrar/print/evidence/v1"
    extracted = hmac.digest(bytes(32), secret, "sha256")
    key = hmac.digest(extracted, info + b"\x01", "sha256")
    assert hmac.digest(key, bytes.fromhex(said["sha256"]), "sha256").hex() == said["evidence"]


def test_kinds_and_secrets_keep_equal_values_apart():
    value = hashlib.sha256(b"x").digest()
    assert len({prints.keyed(secret, kind, value) for secret in (SECRET, bytes(32)) for kind in PrintKind}) == 6
    assert prints.deed_print(SECRET, "a", "b", "2024-10-14") != prints.deed_print(SECRET, "a", "b", "2024-10-15")
