"""Two who press at once: one change is proposed, no signature is lost, a set comes into force once, one key stays.

Threads with connections of their own need a database outside any transaction of a test: a process does it all, on a file
of its own (or a database of its own on the server that the other tests use).
"""

import pytest

from tests.services.at_once import told_by

PROGRAM = '''
import json, threading

import django
django.setup()

from django.db import connections, transaction

from ikrar.gateways.sealing import Key
from ikrar.records.models import Body, KeySet, OfficerKey
from ikrar.services import keysets
from tests.services import reports_cast
from tests.web import stage as stages
from tests.web.stage import MORNING

with transaction.atomic():
    stages.install()
    city, root = stages.agency("13.75", "Kota Bukittinggi")
    body = Body.objects.create(agency=city, region_id="13.75", kind="task_force", name="Satgas Umpama")
officers = [reports_cast.officer(name, body, MORNING) for name in ("Ani", "Budi", "Citra", "Dedi")]
offline = Key.new()
reports_cast.found(body, officers, offline, MORNING)

def at_once(acts):
    """Let all do it together; return what each got, or the name of the refusal."""
    got, gate = [], threading.Barrier(len(acts))
    def press(act):
        try:
            gate.wait()
            got.append(act())
        except Exception as error:
            got.append(type(error).__name__)
        finally:
            connections.close_all()
    threads = [threading.Thread(target=press, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(map(str, got))

def propose(one):
    keys = [each.row.pk for each in officers if each is not officers[-1]]
    return bool(keysets.propose(body, keys=keys, offline=None, by=one.user, now=MORNING))

def sign(one):
    return keysets.sign(proposal, one.sign(proposal), by=one.user, now=MORNING)

said = {"proposed": at_once([lambda one=one: propose(one) for one in officers])}
proposal = KeySet.objects.get(serial=None)
said["signed"] = at_once([lambda one=one: sign(one) for one in officers])
said["sets"] = list(KeySet.objects.order_by("serial").values_list("serial", flat=True))
said["current"] = keysets.current(body).serial

def renew():
    again = reports_cast.Officer(officers[0].user, Key.new())
    return bool(reports_cast.make_key(again, body, MORNING))

said["renewed"] = at_once([renew] * 4)
said["open"] = OfficerKey.objects.filter(user=officers[0].user, dropped_at=None).count()
print(json.dumps(said))
'''


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the process tells."""
    return told_by(PROGRAM, tmp_path_factory.mktemp("keysets"), "keysets")[-1]


def test_of_four_who_propose_at_once_one_does(said):
    assert said["proposed"] == ["KeySetProposed", "KeySetProposed", "KeySetProposed", "True"]


def test_of_four_who_sign_at_once_no_signature_is_lost_and_the_second_one_brings_the_set_into_force(said):
    assert said["signed"] == ["False", "True", "True", "True"]
    assert said["sets"] == [1, 2] and said["current"] == 2


def test_of_four_keys_that_one_person_makes_at_once_one_stays(said):
    assert said["open"] == 1 and "True" in said["renewed"]
    assert set(said["renewed"]) <= {"True", "OfficerKeyWrong"}
