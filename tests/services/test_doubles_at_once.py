"""Officers who merge overlapping sets at once leave one matter; of two secrets made at once the first stays.

Threads with connections of their own need a database outside any transaction of a test: a process does it all, on a file
of its own (or a database of its own on the server that the other tests use).
"""

import pytest

from tests.services.at_once import told_by

PROGRAM = """
import json, os, threading
from pathlib import Path

import django
django.setup()

from django.db import connections, transaction

from ikrar.domain import prints
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, BodySecret, ReportMember, ReportPrint
from ikrar.services import report_desk, report_doubles, report_secrets, reports
from ikrar.domain.prints import PrintKind
from tests.reporting import make_desk
from tests.web import stage as stages
from tests.web.stage import MORNING

folder = Path(os.environ["IKRAR_HOME"]) / "keys"
folder.mkdir(exist_ok=True)
log_key.make(folder, "log.example/log")
with transaction.atomic():
    stages.install()
    city, root = stages.agency("13.75", "Kota Bukittinggi")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Umpama")
desk = make_desk(body, ["Ani Umpama", "Budi Umpama", "Cici Umpama"], MORNING)
to = reports.addressees(body, key_set=desk.set().digest, excluded=[], now=MORNING)
content = {"v": 1, "what": "x", "when": "", "where": "", "who": [], "witnesses": [], "links": []}

def filed():
    sealed = reports.Sealing().finish(content, None, to, None, on=MORNING.date())
    return reports.receive(sealed, body=body, channel="plain", now=MORNING).report

def at_once(acts):
    # All begin together; what each got, or the name of the refusal.
    got, gate = [], threading.Barrier(len(acts))
    def press(act):
        try:
            gate.wait()
            got.append(act())
        except Exception as error:
            got.append(repr(error))
        finally:
            connections.close_all()
    threads = [threading.Thread(target=press, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(map(str, got))

def make(who):
    secret = bytes([who] * 32)
    sealed = sealing.seal(secret, [*(key.recipient for key in desk.keys), desk.offline.recipient])
    check = prints.check_of(secret).hex()
    signature = desk.keys[who].sign(report_secrets.secret_message(body.pk, 1, check))
    return report_secrets.make(desk.rows[who], sealed, desk.ids, version=1, check=check, signature=signature,
                               key_set=desk.set().digest, by=desk.users[who], now=MORNING)

said = {"made": at_once([lambda who=who: make(who) for who in range(3)]), "secrets": BodySecret.objects.count()}
numbers = [filed() for _ in range(9)]

def merge_some(who, start):
    for at in range(start, len(numbers) - 2, 2):
        report_doubles.merge(desk.users[who], [body.pk], numbers[at : at + 3], now=MORNING)
    return "done"

said["merged"] = at_once([lambda who=who, start=start: merge_some(who, start) for who, start in ((0, 0), (1, 1), (2, 2))])
open_rows = ReportMember.objects.filter(until=None)
said["members"], said["matters"] = open_rows.count(), open_rows.values("matter").distinct().count()

def print_one(who, number):
    found = report_desk.seen(desk.users[who], [body.pk], number)
    report_desk.open_report(found, by=desk.users[who], now=MORNING)
    report_doubles.keep_prints(found, {PrintKind.EVIDENCE: [bytes(32)]}, version=1, by=desk.users[who], now=MORNING)
    return "done"

pair = [filed(), filed(), filed()]
said["printed"] = at_once([lambda who=who: print_one(who, pair[who]) for who in range(3)])
said["asks"] = list(ReportPrint.objects.values_list("asks", flat=True))
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the process tells."""
    return told_by(PROGRAM, tmp_path_factory.mktemp("doubles"), "doubles")[-1]


def test_of_three_secrets_made_at_once_the_first_stays(said):
    assert said["made"] == ["False", "False", "True"] and said["secrets"] == 1


def test_officers_who_merge_overlapping_sets_at_once_leave_one_matter(said):
    assert said["merged"] == ["done"] * 3
    assert (said["members"], said["matters"]) == (9, 1)


def test_equal_prints_that_come_at_once_all_ask(said):
    assert said["printed"] == ["done"] * 3 and said["asks"] == [True] * 3
