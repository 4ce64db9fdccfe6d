"""Keys of officers and key sets of bodies: who may make, propose and sign, and what a row is believed for."""

import json
from dataclasses import replace

import pyrage
import pytest

from ikrar.domain import keysets as sets
from ikrar.domain.errors import KeySetProposed, KeySetWrong, OfficerKeyWrong, RecipientWrong
from ikrar.domain.keysets import Signature
from ikrar.gateways import sealing
from ikrar.gateways.sealing import Key
from ikrar.records.models import Body, KeySet, LogEntry, LogPayload, Notice, OfficerKey, RoleGrant
from ikrar.services import keysets
from ikrar.services.keysets import Standing
from tests.reporting import unguard
from tests.services.reports_cast import PASSPHRASE, WRAPPED, Officer, found, make_key, officer, signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(city):
    return Body.objects.create(agency=city, region_id="13.75", kind="task_force", name="Satgas Umpama")


@pytest.fixture
def other_body(other_city):
    return Body.objects.create(agency=other_city, region_id="13.76", kind="task_force", name="Satgas Sebelah")


@pytest.fixture
def three(body, morning):
    return [officer(name, body, morning) for name in ("Ani", "Budi", "Citra")]


@pytest.fixture
def offline():
    return Key.new()


@pytest.fixture
def row(body, three, offline, morning):
    """The set in force: Ani, Budi, Citra."""
    return found(body, three, offline, morning)


def events():
    return [json.loads(bytes(each.payload))["event"] for each in LogPayload.objects.all()]


def end_right(one: Officer, now):
    RoleGrant.objects.filter(user=one.user).update(until_at=now)


# --- keys --------------------------------------------------------------------------------------------------------


def test_a_key_is_kept_with_its_public_halves_and_the_file_that_its_owner_wrapped(body, morning, now):
    ani = officer("Ani", body, morning)
    assert (ani.row.recipient, ani.row.verifier) == (ani.key.recipient, ani.key.verifier)
    assert ani.row.wrapped == WRAPPED.strip()
    assert events() == ["officer_key.made"]


def test_what_the_server_keeps_of_a_key_opens_with_the_passphrase_alone(body, morning):
    ani = officer("Ani", body, morning, with_key=False)
    make_key(ani, body, morning, wrapped=sealing.wrap(ani.key.identity, PASSPHRASE, log_n=10))
    kept = keysets.own_key(ani.user, body).wrapped.encode()
    assert pyrage.passphrase.decrypt(kept, PASSPHRASE).decode().strip() == ani.key.identity
    with pytest.raises(pyrage.DecryptError):
        pyrage.passphrase.decrypt(kept, f"{PASSPHRASE} ")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"wrapped": ""}, "form"),
        ({"wrapped": Key(bytes(32)).identity}, "form"),
        ({"wrapped": WRAPPED[:-20]}, "form"),
        ({"wrapped": WRAPPED + "x" * 4000}, "form"),
        ({"verifier": "zz"}, "form"),
        ({"verifier": Key(bytes(32)).verifier}, "proof"),
        ({"recipient": Key(bytes(32)).recipient}, "proof"),
        ({"proof": ""}, "proof"),
        ({"proof": "é"}, "form"),
        ({"proof": "00" * 64}, "proof"),
    ],
)
def test_a_key_that_its_sender_does_not_prove_to_have_is_not_kept(body, morning, changes, reason):
    ani = officer("Ani", body, morning, with_key=False)
    with pytest.raises(OfficerKeyWrong) as error:
        make_key(ani, body, morning, **changes)
    assert error.value.reason == reason
    assert not OfficerKey.objects.exists() and not LogEntry.objects.exists()


def test_a_recipient_of_another_kind_is_not_kept(body, morning):
    ani = officer("Ani", body, morning, with_key=False)
    with pytest.raises(RecipientWrong):
        make_key(ani, body, morning, recipient="ssh-ed25519 AAAA")


def test_a_proof_for_one_body_or_person_is_none_for_another(body, other_body, morning):
    ani = officer("Ani", body, morning, with_key=False)
    budi = officer("Budi", body, morning, with_key=False)
    for user, place in ((budi.user, body), (ani.user, other_body)):
        with pytest.raises(OfficerKeyWrong) as error:
            make_key(ani, body, morning, proof=ani.key.sign(keysets.proof_message(user, place, ani.key.recipient)))
        assert error.value.reason == "proof"


def test_a_key_is_one_persons_and_one_bodys(body, morning, now):
    ani = officer("Ani", body, morning)
    budi = officer("Budi", body, morning, with_key=False)
    budi.key = ani.key
    with pytest.raises(OfficerKeyWrong) as error:
        make_key(budi, body, now)
    assert error.value.reason == "taken"
    assert keysets.own_key(budi.user, body) is None and keysets.own_key(ani.user, body) == ani.row


def test_nobody_makes_a_key_for_a_body_whose_reports_he_may_not_open(body, other_body, morning, now):
    ani = officer("Ani", body, morning, with_key=False)
    with pytest.raises(OfficerKeyWrong) as error:
        make_key(ani, other_body, now)
    assert error.value.reason == "right"
    end_right(ani, morning)
    with pytest.raises(OfficerKeyWrong):
        make_key(ani, body, now)


def test_a_new_key_takes_the_place_of_the_old_one_and_the_set_names_the_old_one_until_it_is_changed(
    body, three, row, offline, now
):
    ani, budi, citra = three
    old, ani.key = ani.row, Key.new()
    ani.row = make_key(ani, body, now)
    old.refresh_from_db()
    assert old.dropped_at == now and keysets.own_key(ani.user, body) == ani.row
    place = keysets.place(body, ani.user, now=now)
    assert place.standing is Standing.OLD_ONE
    assert [each.user for each in place.resting] == [ani.user.pk]
    _set, holders, _offline = keysets.to_seal_to(body, now=now)
    assert {each.key for each in holders} == {budi.row.pk, citra.row.pk}


# --- founding ----------------------------------------------------------------------------------------------------


def test_a_body_without_a_set_receives_nothing(body, three, now):
    assert keysets.current(body) is None
    with pytest.raises(KeySetWrong, match="empty"):
        keysets.to_seal_to(body, now=now)


def test_the_first_set_comes_into_force_by_its_own_offline_key(body, three, offline, morning):
    row = found(body, three, offline, morning)
    latest = keysets.current(body)
    assert latest.serial == 1 and {each.key for each in latest.holders} == {each.row.pk for each in three}
    assert row.serial == 1 and row.in_force_at == morning and row.entry_id
    assert sorted(events())[:2] == ["key_set.changed", "key_set.proposed"]
    payload = json.loads(bytes(LogPayload.objects.get(entry=row.entry_id).payload))
    assert payload["data"]["digest"] == latest.digest and payload["data"]["body"] == body.pk


def test_the_first_set_needs_an_offline_key_and_two_holders(body, three, offline, now):
    public = (offline.recipient, offline.verifier)
    keys = [each.row.pk for each in three]
    for chosen, key, reason in ((keys, None, "offline"), (keys[:1], public, "holders"), ([], public, "holders")):
        with pytest.raises(KeySetWrong) as error:
            keysets.propose(body, keys=chosen, offline=key, by=three[0].user, now=now)
        assert error.value.reason == reason
    for bad in (("", ""), (offline.recipient, "zz"), ("age1", offline.verifier)):
        with pytest.raises(KeySetWrong) as error:
            keysets.propose(body, keys=keys, offline=bad, by=three[0].user, now=now)
        assert error.value.reason == "form"
    assert not KeySet.objects.exists()


def test_the_holders_of_a_first_set_cannot_sign_it_themselves(body, three, offline, now):
    public = (offline.recipient, offline.verifier)
    row = keysets.propose(body, keys=[each.row.pk for each in three], offline=public, by=three[0].user, now=now)
    for one in three:
        with pytest.raises(KeySetWrong, match="unsigned"):
            keysets.sign(row, one.sign(row), by=one.user, now=now)
    assert keysets.current(body) is None


# --- changes -----------------------------------------------------------------------------------------------------


def test_two_holders_take_in_a_newcomer(body, three, row, now):
    ani, budi, citra = three
    dedi = officer("Dedi", body, now)
    proposal = keysets.propose(
        body, keys=[each.row.pk for each in (ani, budi, citra, dedi)], offline=None, by=ani.user, now=now
    )
    assert not keysets.sign(proposal, ani.sign(proposal), by=ani.user, now=now)
    assert keysets.current(body).serial == 1, "one signature changes nothing"
    assert not keysets.sign(proposal, ani.sign(proposal), by=ani.user, now=now), "twice is once"
    assert keysets.sign(proposal, citra.sign(proposal), by=citra.user, now=now)
    assert keysets.place(body, dedi.user, now=now).standing is Standing.HOLDS
    latest, *before = keysets.history(body, now=now)
    assert [each.name for each in latest.coming] == ["Dedi Rekaan"] and latest.going == []
    assert latest.signers == ["Ani Rekaan", "Citra Rekaan"] and not latest.by_offline and latest.missing == 0
    assert before[0].by_offline and latest.log_entry


def test_the_offline_key_changes_a_set_alone(body, three, row, offline, now):
    proposal = keysets.propose(body, keys=[each.row.pk for each in three[:2]], offline=None, by=three[0].user, now=now)
    assert keysets.sign(proposal, signature(offline, proposal), by=three[0].user, now=now)
    latest = keysets.history(body, now=now)[0]
    assert [each.name for each in latest.going] == ["Citra Rekaan"] and latest.by_offline


def test_the_offline_key_is_replaced_by_two_holders_and_then_signs_no_more(body, three, row, offline, now):
    ani, budi, citra = three
    fresh = Key.new()
    proposal = keysets.propose(
        body, keys=[each.row.pk for each in three], offline=(fresh.recipient, fresh.verifier), by=ani.user, now=now
    )
    with pytest.raises(KeySetWrong, match="unsigned"):
        keysets.sign(proposal, signature(fresh, proposal), by=ani.user, now=now)
    keysets.sign(proposal, ani.sign(proposal), by=ani.user, now=now)
    assert keysets.sign(proposal, budi.sign(proposal), by=budi.user, now=now)
    following = keysets.propose(body, keys=[ani.row.pk, budi.row.pk], offline=None, by=ani.user, now=now)
    with pytest.raises(KeySetWrong, match="unsigned"):
        keysets.sign(following, signature(offline, following), by=ani.user, now=now)
    assert keysets.sign(following, signature(fresh, following), by=ani.user, now=now)


def test_a_newcomer_and_one_holder_do_not_make_two(body, three, row, now):
    dedi = officer("Dedi", body, now)
    proposal = keysets.propose(body, keys=[each.row.pk for each in (*three, dedi)], offline=None, by=dedi.user, now=now)
    keysets.sign(proposal, three[0].sign(proposal), by=three[0].user, now=now)
    with pytest.raises(KeySetWrong, match="unsigned"):
        keysets.sign(proposal, dedi.sign(proposal), by=dedi.user, now=now)
    assert keysets.current(body).serial == 1


@pytest.mark.parametrize("text", ["", "zz", "00", "00" * 64, "é"])
def test_a_signature_that_is_none_is_refused(body, three, row, now, text):
    proposal = keysets.propose(body, keys=[each.row.pk for each in three[:2]], offline=None, by=three[0].user, now=now)
    for verifier in (three[0].key.verifier, text):
        with pytest.raises(KeySetWrong, match="unsigned"):
            keysets.sign(proposal, Signature(verifier, text), by=three[0].user, now=now)
    proposal.refresh_from_db()
    assert proposal.signatures == []


def test_one_change_waits_at_a_time_and_can_be_withdrawn(body, three, row, now):
    keys = [each.row.pk for each in three[:2]]
    proposal = keysets.propose(body, keys=keys, offline=None, by=three[0].user, now=now)
    with pytest.raises(KeySetProposed):
        keysets.propose(body, keys=keys, offline=None, by=three[1].user, now=now)
    keysets.withdraw(proposal, by=three[1].user, now=now)
    with pytest.raises(KeySetWrong, match="gone"):
        keysets.sign(proposal, three[0].sign(proposal), by=three[0].user, now=now)
    keysets.withdraw(proposal, by=three[1].user, now=now)
    assert events().count("key_set.withdrawn") == 1
    assert keysets.propose(body, keys=keys, offline=None, by=three[0].user, now=now)


def test_a_proposal_is_withdrawn_by_who_made_it_or_by_a_holder_and_all_are_told(body, three, row, morning, now):
    keyless = officer("Dedi", body, morning, with_key=False)
    waiting = officer("Eko", body, morning)  # his key stands in no set
    keys = [each.row.pk for each in three[:2]]
    proposal = keysets.propose(body, keys=keys, offline=None, by=keyless.user, now=now)
    for one in (keyless, waiting):
        with pytest.raises(KeySetWrong, match="withdraw"):
            keysets.withdraw(proposal, by=one.user, now=now)
    assert keysets.proposal_of(body) == proposal and "key_set.withdrawn" not in events()
    keysets.withdraw(proposal, by=three[2].user, now=now)
    told = Notice.objects.filter(kind="key_set_withdrawn").values_list("user", flat=True)
    assert set(told) == {each.user.pk for each in (*three[:2], keyless, waiting)}
    again = keysets.propose(body, keys=[*keys, waiting.row.pk], offline=None, by=waiting.user, now=now)
    keysets.withdraw(again, by=waiting.user, now=now)
    assert keysets.proposal_of(body) is None and events().count("key_set.withdrawn") == 2


def test_a_set_in_force_is_not_withdrawn_and_signing_it_again_changes_nothing(body, three, row, offline, now):
    keysets.withdraw(row, by=three[0].user, now=now)
    assert keysets.sign(row, signature(offline, row), by=three[0].user, now=now)
    assert keysets.current(body).serial == 1 and KeySet.objects.count() == 1
    assert events().count("key_set.changed") == 1


def test_only_keys_of_those_with_the_right_to_this_body_are_proposed(body, other_body, three, row, morning, now):
    stranger = officer("Tono", other_body, morning)
    dedi = officer("Dedi", body, morning)
    end_right(dedi, morning)
    keys = [each.row.pk for each in three]
    for chosen in ([*keys, stranger.row.pk], [*keys, dedi.row.pk], [*keys, 10**9]):
        with pytest.raises(KeySetWrong, match="holders"):
            keysets.propose(body, keys=chosen, offline=None, by=three[0].user, now=now)
    with pytest.raises(KeySetWrong, match="unchanged"):
        keysets.propose(body, keys=keys, offline=None, by=three[0].user, now=now)
    assert [each.user for each in keysets.keys_of(body, now=now)] == [each.user for each in three]


def test_a_demo_whose_day_was_moved_back_still_changes_its_sets(body, three, row, now, monkeypatch):
    on = keysets.current(body).on
    monkeypatch.setattr("ikrar.services.clock.today", lambda *_: on.replace(year=on.year - 1))
    proposal = keysets.propose(body, keys=[each.row.pk for each in three[:2]], offline=None, by=three[0].user, now=now)
    assert sets.parse(bytes(proposal.document)).on == on


def test_those_with_an_inbox_here_are_told_of_a_proposal_and_of_the_change(body, cast, morning, now):
    people = []
    for member in (cast.sari, cast.budi):
        RoleGrant.objects.create(user=member.user, role="intake_officer", body=body, from_at=morning)
        one = Officer(member.user, Key.new())
        one.row = make_key(one, body, morning)
        people.append(one)
    found(body, people, Key.new(), now)
    told = set(Notice.objects.values_list("person", "kind"))
    assert told == {(cast.budi.person.pk, "key_set_proposed"), (cast.budi.person.pk, "key_set_changed")}


# --- who is sealed to --------------------------------------------------------------------------------------------


def test_a_holder_whose_right_ended_receives_nothing_though_the_set_names_him(body, three, row, morning, now):
    ani, budi, citra = three
    end_right(citra, morning)
    _latest, holders, offline = keysets.to_seal_to(body, now=now)
    assert {each.key for each in holders} == {ani.row.pk, budi.row.pk} and offline.key == 0
    assert [each.name for each in keysets.place(body, ani.user, now=now).resting] == ["Citra Rekaan"]


def test_a_holder_whose_account_was_closed_receives_nothing(body, three, row, now):
    type(three[2].user).objects.filter(pk=three[2].user.pk).update(is_active=False)
    assert len(keysets.to_seal_to(body, now=now)[1]) == 2


def test_whom_the_reporter_excludes_receives_nothing_and_a_report_for_nobody_is_refused(body, three, row, now):
    keys = [each.row.pk for each in three]
    assert [each.key for each in keysets.to_seal_to(body, excluded=keys[:2], now=now)[1]] == keys[2:]
    with pytest.raises(KeySetWrong, match="nobody"):
        keysets.to_seal_to(body, excluded=keys, now=now)


def test_a_row_that_an_administrator_changed_beside_a_signed_set_only_narrows_it(body, three, row, now):
    """The recipient is taken from what was signed, and a row that no longer says the same is left out."""
    OfficerKey.objects.filter(pk=three[0].row.pk).update(recipient=Key.new().recipient)
    _latest, holders, _offline = keysets.to_seal_to(body, now=now)
    assert {each.recipient for each in holders} == {three[1].key.recipient, three[2].key.recipient}


# --- an administrator with the database --------------------------------------------------------------------------


def _own_row(body, made, given, serial):
    return KeySet.objects.create(
        body=body, serial=serial, document=made.document, digest=made.digest, proposed_at=row_time(body),
        signatures=[{"verifier": each.verifier, "signature": each.signature} for each in given],
    )  # fmt: skip


def row_time(body):
    return KeySet.objects.filter(body=body).latest("proposed_at").proposed_at


def test_a_row_that_an_administrator_adds_with_his_own_key_stops_the_inbox_and_is_seen(body, three, row, now):
    mine = Key.new()
    before = keysets.current(body)
    holder = sets.Holder(10**6, mine.recipient, mine.verifier)
    made = replace(before, serial=2, previous=before.digest, holders=(*before.holders, holder))
    _own_row(body, made, [Signature(mine.verifier, mine.sign(made.message))], 2)
    with pytest.raises(KeySetWrong, match="unsigned"):
        keysets.to_seal_to(body, now=now)
    place = keysets.place(body, three[0].user, now=now)
    assert place.broken and place.found is None


def test_a_first_row_that_an_administrator_replaces_breaks_the_chain_or_shows_another_fingerprint(
    body, three, row, now
):
    mine = Key.new()
    before = keysets.current(body)
    made = replace(before, offline=sets.Holder(0, mine.recipient, mine.verifier))
    given = Signature(mine.verifier, mine.sign(made.message))
    unguard("records_keyset", "update")
    KeySet.objects.filter(pk=row.pk).update(
        document=made.document, digest=made.digest,
        signatures=[{"verifier": given.verifier, "signature": given.signature}],
    )  # fmt: skip
    assert keysets.current(body).fingerprint != before.fingerprint
    logged = json.loads(bytes(LogPayload.objects.get(entry=row.entry_id).payload))["data"]["digest"]
    assert logged == before.digest != keysets.current(body).digest


def test_a_chain_of_another_body_is_not_believed(body, other_body, three, row, now):
    KeySet.objects.create(
        body=other_body, serial=1, document=row.document, digest="0" * 64, signatures=row.signatures, proposed_at=now
    )
    with pytest.raises(KeySetWrong, match="chain"):
        keysets.current(other_body)


def test_a_link_that_was_taken_out_is_noticed(body, three, row, offline, now):
    for keys in (three[:2], three):
        proposal = keysets.propose(body, keys=[each.row.pk for each in keys], offline=None, by=three[0].user, now=now)
        keysets.sign(proposal, signature(offline, proposal), by=three[0].user, now=now)
    assert keysets.current(body).serial == 3
    unguard("records_keyset", "delete")
    KeySet.objects.filter(body=body, serial=2).delete()
    with pytest.raises(KeySetWrong, match="chain"):
        keysets.current(body)
