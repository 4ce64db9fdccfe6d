"""Pages of officers' keys and key sets: what they say, what they refuse, and what only a demo tells."""

import json
import re

import pytest
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.gateways import sealing
from ikrar.records.models import Body, KeySet, OfficerKey, RoleGrant
from ikrar.services import demo_reports, keysets
from ikrar.web import context
from tests.services import reports_cast
from tests.services.reports_cast import Officer
from tests.web import stage as stages
from tests.web.stage import MORNING


@pytest.fixture
def body(stage):
    return stage.home.body


@pytest.fixture
def user(stage):
    return stage.accounts[Role.INTAKE_OFFICER].user


@pytest.fixture
def client(user):
    return stages.browser(user)


def page(client, name, body=None):
    answer = client.get(reverse(name, args=[body.pk] if body else []))
    assert answer.status_code == 200, (name, answer.status_code, answer.get("Location"))
    return answer.content.decode()


OFFLINE = sealing.Key(b"\2" * 32)


def names_of(body):
    return [reader.name for reader in keysets.readers(keysets.current(body), now=MORNING)]


# --- what is shown -----------------------------------------------------------------------------------------------


def test_the_list_says_how_my_key_stands_and_what_waits(client, body):
    said = page(client, "report-keys")
    assert "ada dalam himpunan yang berlaku" in said and "Periksa usulan yang menunggu" in said
    assert keysets.current(body).fingerprint in said


@pytest.fixture
def keyless(stage):
    """Somebody whose body has no key set yet."""
    body = Body.objects.create(kind="bawaslu", name="Bawaslu Kota Lain")
    user = stages.outsider("TANPA.KUNCI", "Mira Umpama")
    RoleGrant.objects.create(user=user, role=Role.SUPERVISOR_BODY, body=body, from_at=MORNING)
    return stages.browser(user)


def test_an_officer_whose_body_has_no_set_is_told_that_it_receives_nothing(stage, keyless):
    client = keyless
    said = page(client, "report-keys")
    assert "belum dapat menerima laporan" in said and "Buat kunci saya" in said
    assert stage.home.body.name not in said


def test_the_first_page_says_what_waits_of_the_keys_and_no_more_once_it_is_done(user, client, body, keyless):
    said = client.get(reverse("home")).content.decode()
    assert "Perubahan himpunan kunci menunggu tanda tangan" in said and body.name in said
    keysets.withdraw(KeySet.objects.get(body=body, serial=None), by=user, now=MORNING)
    assert "Perubahan himpunan kunci menunggu" not in client.get(reverse("home")).content.decode()
    assert "Anda belum membuat kunci" in keyless.get(reverse("home")).content.decode()


def test_a_set_shows_holders_fingerprint_and_its_log_entry(client, body):
    said = page(client, "key-set", body)
    found = keysets.current(body)
    row = KeySet.objects.get(body=body, serial=1)
    for each in (found.fingerprint, found.digest, f"{row.entry_id:x}", found.offline.recipient, *names_of(body)):
        assert each in said


def test_the_page_for_the_wall_names_who_receives_and_the_fingerprint(client, body):
    said = page(client, "key-fingerprint", body)
    assert keysets.current(body).fingerprint in said and "Laras Rekaan" in said


def test_a_holder_whose_right_ended_is_named_as_such_and_not_on_the_wall(client, body):
    RoleGrant.objects.filter(user__username="GALIH").update(until_at=MORNING)
    context.forget()
    assert "Galih Rekaan" in page(client, "report-keys")
    assert re.search(r"Galih Rekaan.*?tidak sampai", page(client, "key-set", body), re.S)
    assert "Galih Rekaan" not in page(client, "key-fingerprint", body)


def test_a_chain_that_is_not_genuine_is_told_on_every_page_and_nothing_can_be_signed(client, body):
    KeySet.objects.filter(body=body, serial=1).update(signatures=[])
    for name in ("report-keys", "key-set"):
        assert "tidak sah" in page(client, name, body if name == "key-set" else None)
    assert client.get(reverse("key-fingerprint", args=[body.pk])).status_code == 302
    for name in ("propose-key-set", "sign-key-set"):
        answer = client.post(reverse(name, args=[body.pk]), {"verifier": "0" * 64, "signature": "0" * 128})
        assert answer.status_code in (302, 422)
    assert KeySet.objects.get(body=body, serial=None).signatures == []


def test_names_with_markup_stay_text(client, body, user):
    type(user).objects.filter(pk=user.pk).update(full_name="</script><b>Ani</b>")
    for name in ("key-set", "sign-key-set", "key-fingerprint"):
        assert "<b>Ani" not in page(client, name, body)


# --- what is refused ---------------------------------------------------------------------------------------------


def made(user, body, key, **changes):
    said = {
        "recipient": key.recipient, "verifier": key.verifier, "wrapped": reports_cast.WRAPPED,
        "proof": key.sign(keysets.proof_message(user, body, key.recipient)),
    }  # fmt: skip
    return said | changes


def test_a_key_that_was_made_in_a_browser_is_kept_and_tried_next(client, body, user):
    key = sealing.Key.new()
    answer = client.post(reverse("make-report-key", args=[body.pk]), made(user, body, key))
    assert answer.status_code == 302 and answer["Location"] == reverse("try-report-key", args=[body.pk])
    assert keysets.own_key(user, body).recipient == key.recipient
    assert "himpunan masih menyebut kunci lama Anda" in page(client, "report-keys")
    shown = json.loads(re.search(r'<script id="own-key"[^>]*>(.*?)</script>', page(client, "try-report-key", body))[1])
    assert shown == {"wrapped": reports_cast.WRAPPED.strip(), "recipient": key.recipient}


@pytest.mark.parametrize(
    "changes",
    [
        {"proof": ""}, {"proof": "0" * 128}, {"wrapped": "AGE-SECRET-KEY-1"}, {"recipient": "age1"}, {"verifier": "x"},
        {"wrapped": "x" * 6000}, {"proof": "0" * 129}, {"recipient": "\x00"},
    ],
)  # fmt: skip
def test_a_key_that_is_not_whole_is_refused_with_a_sentence(client, body, user, changes):
    before = list(OfficerKey.objects.values_list("pk", "dropped_at"))
    answer = client.post(reverse("make-report-key", args=[body.pk]), made(user, body, sealing.Key.new(), **changes))
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert list(OfficerKey.objects.values_list("pk", "dropped_at")) == before


def test_a_key_is_not_replaced_from_a_desk_that_was_left_open(stage, body, user):
    client = stages.browser(user, at=MORNING.timestamp() - 7200)
    answer = client.post(reverse("make-report-key", args=[body.pk]), made(user, body, sealing.Key.new()))
    assert answer.status_code == 302 and re.search("konfirmasi|masuk", answer["Location"])
    assert OfficerKey.objects.filter(user=user).count() == 1


def test_a_proposal_is_signed_by_a_holder_and_the_offline_key_on_the_page(client, body, user):
    row = KeySet.objects.get(body=body, serial=None)
    mine = Officer(user, sealing.Key(b"\1" * 32))
    path = reverse("sign-key-set", args=[body.pk])
    said = mine.sign(row)
    answer = client.post(path, {"verifier": said.verifier, "signature": said.signature})
    assert answer.status_code == 302 and keysets.current(body).serial == 1
    assert "sudah menandatangani" in page(client, "sign-key-set", body)
    said = reports_cast.signature(OFFLINE, row)
    answer = client.post(path, {"verifier": said.verifier, "signature": said.signature})
    assert answer["Location"] == reverse("key-set", args=[body.pk]) and keysets.current(body).serial == 2
    assert client.get(path).status_code == 302, "nothing waits any more"


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"verifier": "0" * 64, "signature": "0" * 128}, {"verifier": "é", "signature": "é"},
        {"verifier": OFFLINE.verifier, "signature": "zz"}, {"verifier": "x" * 70, "signature": "x"},
    ],
)  # fmt: skip
def test_a_signature_that_does_not_count_is_refused_with_a_sentence(client, body, sent):
    answer = client.post(reverse("sign-key-set", args=[body.pk]), sent)
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert KeySet.objects.get(body=body, serial=None).signatures == []


def test_a_proposal_keeps_what_was_chosen_when_it_is_refused(client, body):
    KeySet.objects.filter(body=body, serial=None).delete()
    path = reverse("propose-key-set", args=[body.pk])
    keys = [key.pk for key in keysets.keys_of(body, now=MORNING)]
    for chosen, words in (
        ([keys[0]], "sekurangnya dua pemegang"),
        ([], "sekurangnya dua"),
        (keys, "Tidak ada yang berubah"),
    ):
        answer = client.post(path, {"keys": chosen})
        said = answer.content.decode()
        assert answer.status_code == 422 and words in said
        assert re.findall(r'name="keys" value="(\d+)"[^>]*checked', said) == [str(key) for key in keys if key in chosen]
    for bad in ("x", "999999999999999999999999", str(OfficerKey.objects.latest("pk").pk + 1)):
        assert client.post(path, {"keys": [*keys[:2], bad]}).status_code == 422
    answer = client.post(path, {"keys": keys[:2], "offline_recipient": "age1", "offline_verifier": ""})
    assert answer.status_code == 422
    assert client.post(path, {"keys": keys[:2]}).status_code == 302


def test_a_proposal_is_withdrawn_after_asking_once(client, body):
    assert "Tarik usulan ini?" in page(client, "withdraw-key-set", body)
    assert KeySet.objects.filter(body=body, serial=None).exists()
    assert client.post(reverse("withdraw-key-set", args=[body.pk])).status_code == 302
    assert not KeySet.objects.filter(body=body, serial=None).exists()


def test_whoever_holds_no_key_cannot_throw_a_proposal_away(body):
    user = stages.outsider("BARU.DATANG", "Mira Umpama")
    RoleGrant.objects.create(user=user, role=Role.SUPERVISOR_BODY, body=body, from_at=MORNING)
    newcomer, path = stages.browser(user), reverse("withdraw-key-set", args=[body.pk])
    for name in ("key-set", "sign-key-set"):
        assert path not in page(newcomer, name, body)
    assert "Anda bukan keduanya" in newcomer.post(path, follow=True).content.decode()
    assert KeySet.objects.filter(body=body, serial=None).exists()


def test_a_real_installation_tells_no_secret(stage, client, body, user):
    type(user).objects.filter(pk=user.pk).update(username="LAPOR1.1")
    user.refresh_from_db()
    assert demo_reports.published(user, body) is None
    for name in ("try-report-key", "sign-key-set"):
        assert "demo-" not in page(client, name, body)
