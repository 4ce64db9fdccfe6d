"""Acts that arrive together are committed together: each durable before it is answered, each alone in its failure.

The thread that commits needs a database of its own, outside any transaction of a test: these tests start a process
with a real file (or a database of its own on the server that the other tests use) and look at it from outside.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import transaction

from ikrar.services import commits
from tests import template

REPOSITORY = Path(__file__).resolve().parents[2]

PROGRAM = '''
import json, sys, threading, time
from concurrent.futures import ThreadPoolExecutor

import django
django.setup()

from django.conf import settings
from django.db import OperationalError, connection, connections, transaction

from ikrar.domain.errors import DomainError
from ikrar.domain.pacts import Grade
from ikrar.records.models import LogEntry, Notice, Obligation, Signature, User
from ikrar.services import commits, pacts
from tests.web import stage as stages

PEOPLE = int(sys.argv[2])
batches = []
plain = commits._Writer._commit

def counted(self, batch):
    batches.append(len(batch))
    return plain(self, batch)

commits._Writer._commit = counted

def tell(**said):
    print(json.dumps(said), flush=True)

def build():
    with transaction.atomic():
        stages.install()
        city, root = stages.agency("13.75", "Kota Bukittinggi")
        people = [
            stages.person(f"Orang {n}", f"19800101{n:010d}", root) for n in range(PEOPLE)
        ]
    pact = stages.make_round(city)
    stages.issue(pact)
    with transaction.atomic():
        for each in people:
            stages.account(each)
    return pact

def duties(pact):
    return list(Obligation.objects.filter(pact_round=pact).select_related("person__user").order_by("pk"))

def sign(duty, pact, **more):
    given = dict(user=duty.person.user, shown_digest=pact.text.digest, grade=Grade.PASSWORD, today=stages.TODAY, now=stages.MORNING)
    return pacts.sign(duty.pk, **{**given, **more})

def in_threads(acts):
    """Run all at once, a thread each; say for each what it returned or which error it met, and whether it is on record."""
    barrier = threading.Barrier(len(acts))
    def one(name, act):
        barrier.wait()
        began = time.monotonic()
        try:
            made = act()
            seen = Signature.objects.filter(pk=made.pk).exists() if isinstance(made, Signature) else None
            return dict(name=name, result="done", seen=seen, s=time.monotonic() - began)
        except DomainError as error:
            return dict(name=name, result=error.code)
        except Exception as error:
            return dict(name=name, result=type(error).__name__)
        finally:
            connections.close_all()
    with ThreadPoolExecutor(len(acts)) as pool:
        for answer in [each.result() for each in [pool.submit(one, *act) for act in acts]]:
            tell(**answer)

def end():
    tell(signatures=Signature.objects.count(), signers=Signature.objects.values("person").distinct().count(),
         entries=LogEntry.objects.count(), signed=Obligation.objects.filter(state="signed").count(),
         batches=batches, together=settings.COMMIT_TOGETHER)

def rush():
    pact = build()
    before = LogEntry.objects.count()
    in_threads([(f"{d.pk}", lambda d=d: sign(d, pact)) for d in duties(pact)])
    tell(before=before)
    end()

def mixed():
    """Good signatures among acts that fail in every way an act can."""
    pact = build()
    all_duties = duties(pact)
    good, bad, double = all_duties[:-8], all_duties[-8:-4], all_duties[-4:]
    def broken():
        connection.cursor().execute("SELECT no_such_column FROM records_person")
    def half():
        Notice.objects.create(person=all_duties[0].person, kind="half", at=stages.MORNING)
        raise RuntimeError("in the middle")
    acts = [(f"good {d.pk}", lambda d=d: sign(d, pact)) for d in good]
    acts += [("changed", lambda d=d: sign(d, pact, shown_digest="0" * 64)) for d in bad[:2]]
    acts += [("stranger", lambda d=d: sign(d, pact, user=good[0].person.user)) for d in bad[2:]]
    acts += [("broken", lambda: commits.together(broken)), ("half", lambda: commits.together(half))]
    acts += [(f"double {d.pk}", lambda d=d: sign(d, pact)) for d in double for _ in range(3)]
    in_threads(acts)
    tell(half=Notice.objects.count())
    end()

def kinds():
    """One kind of which some items cannot be written, beside another: each item fails alone."""
    def write(numbers):
        batches.append(len(numbers))
        for number in numbers:
            if number % 5 == 0:
                connection.cursor().execute("SELECT no_such_column FROM records_person")
            Notice.objects.create(person_id=person, kind=f"number {number}", at=stages.MORNING)
        return [number * 2 for number in numbers]
    pact = build()
    person = duties(pact)[0].person_id
    signing = duties(pact)
    acts = [(str(n), lambda n=n: commits.gather(write, n)) for n in range(1, 31)]
    acts += [(f"sign {d.pk}", lambda d=d: sign(d, pact)) for d in signing]
    in_threads(acts)
    tell(numbers=sorted(int(kind.split()[1]) for kind in Notice.objects.filter(kind__startswith="number").values_list("kind", flat=True)))
    end()

def torn():
    """The commit itself fails once, as where a connection breaks: all of the batch is tried again, and done once."""
    pact = build()
    backend = type(connections["default"])
    real, failed = backend._commit, []
    def once(self):
        if threading.current_thread().name == "commits" and not failed:
            failed.append(True)
            raise OperationalError("the server went away")
        return real(self)
    backend._commit = once
    in_threads([(f"{d.pk}", lambda d=d: sign(d, pact)) for d in duties(pact)])
    tell(failed=len(failed))
    end()

def soon():
    """An opening is not waited for; it is on record with the next commit."""
    pact = build()
    first, second = duties(pact)[:2]
    pacts.opened(first.pk, now=stages.MORNING)
    sign(second, pact)
    for _ in range(100):
        if Obligation.objects.get(pk=first.pk).state == "opened":
            break
        time.sleep(0.05)
    tell(state=Obligation.objects.get(pk=first.pk).state)
    try:
        with transaction.atomic():
            sign(first, pact)
    except RuntimeError as error:
        tell(inside=str(error))
    end()

def endless():
    """Sign one after another in several threads, and say so after each; somebody kills this process."""
    pact = build()
    todo = duties(pact)
    tell(ready=True)
    lock = threading.Lock()
    def work():
        while True:
            with lock:
                if not todo:
                    return
                duty = todo.pop()
            made = sign(duty, pact)
            sys.stdout.write(json.dumps({"acknowledged": made.pk, "duty": duty.pk}) + chr(10))
            sys.stdout.flush()
    threads = [threading.Thread(target=work) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

globals()[sys.argv[1]]()
'''


@pytest.fixture
def place(tmp_path):
    """A place of one test's own."""
    made = template.place_in(tmp_path, "commits")
    yield made
    template.leave(made)


def start(place: dict[str, str], part: str, people: int) -> subprocess.Popen:
    environment = os.environ | place | {
        "DJANGO_SETTINGS_MODULE": "ikrar.settings", "PYTHONPATH": str(REPOSITORY), "IKRAR_COMMIT_TOGETHER": "1",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, part, str(people)], env=environment, cwd=REPOSITORY, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(place: dict[str, str], part: str, people: int = 64) -> tuple[list[dict], dict]:
    """Return what each act said, and everything else that was told."""
    process = start(place, part, people)
    try:
        out, errors = process.communicate(timeout=120)
    finally:
        process.kill()
    said = [json.loads(line) for line in out.splitlines()]
    assert said and "batches" in said[-1], errors[-3000:]
    acts = [each for each in said if "name" in each]
    rest = {key: value for each in said if "name" not in each for key, value in each.items()}
    assert rest["together"]
    return acts, rest


def test_sixty_four_people_sign_at_once_and_all_of_them_have_signed(place):
    acts, told = run(place, "rush")
    assert [each["result"] for each in acts] == ["done"] * 64
    assert all(each["seen"] for each in acts), "answered before it was on record"
    assert told["signatures"] == told["signers"] == told["signed"] == 64
    assert told["entries"] == told["before"] + 64
    # They came together and so they shared commits.
    assert sum(told["batches"]) == 64
    assert len(told["batches"]) < 64, "every signature was committed alone"


def test_an_act_that_fails_takes_no_other_with_it(place):
    acts, told = run(place, "mixed")
    results = {(each["name"].split()[0], each["result"]) for each in acts}
    assert {result for name, result in results if name == "good"} == {"done"}
    assert ("changed", "pact_text_changed") in results and ("stranger", "not_the_signer") in results
    assert {result for name, result in results if name in ("broken", "half")} <= {
        "OperationalError", "ProgrammingError", "RuntimeError",
    }  # fmt: skip
    assert told["half"] == 0, "what a failed act wrote before it failed was kept"
    doubles = Counter(each["name"] for each in acts if each["name"].startswith("double") and each["result"] == "done")
    assert set(doubles.values()) == {1} and len(doubles) == 4
    refused = {each["result"] for each in acts if each["name"].startswith("double") and each["result"] != "done"}
    assert refused == {"pact_already_signed"}
    assert told["signatures"] == told["signed"] == 60


def test_of_one_kind_that_is_written_together_an_item_that_fails_takes_no_other_with_it(place):
    acts, told = run(place, "kinds", 8)
    results = {each["name"]: each["result"] for each in acts}
    assert {results[f"{number}"] for number in range(5, 31, 5)} <= {"OperationalError", "ProgrammingError"}
    assert {result for name, result in results.items() if not name.isdigit() or int(name) % 5} == {"done"}
    assert told["numbers"] == [number for number in range(1, 31) if number % 5]
    assert told["signatures"] == told["signed"] == 8


def test_a_commit_that_breaks_is_tried_again_and_done_once(place):
    acts, told = run(place, "torn", 16)
    assert told["failed"] == 1
    assert [each["result"] for each in acts] == ["done"] * 16
    assert all(each["seen"] for each in acts)
    assert told["signatures"] == told["signers"] == 16


def test_an_opening_is_written_soon_and_an_act_in_a_foreign_transaction_is_refused(place):
    _, told = run(place, "soon", 2)
    assert told["state"] == "opened"
    assert "another transaction" in told["inside"]
    assert told["signatures"] == 1


def _count(place: dict[str, str], query: str) -> set[int]:
    """Ask the database from outside, past Django."""
    if place["DATABASE_URL"]:
        with closing(psycopg.connect(place["DATABASE_URL"])) as database:
            return {row[0] for row in database.execute(query)}
    with closing(sqlite3.connect(Path(place["IKRAR_HOME"]) / "ikrar.sqlite3")) as database:
        return {row[0] for row in database.execute(query)}


@pytest.mark.parametrize("after", [1, 7, 40])
def test_what_was_acknowledged_before_a_kill_is_on_record_and_nothing_is_there_twice(place, after):
    process = start(place, "endless", 400)
    acknowledged = set()
    assert json.loads(process.stdout.readline()) == {"ready": True}
    while len(acknowledged) < after:
        acknowledged.add(json.loads(process.stdout.readline())["acknowledged"])
    os.kill(process.pid, signal.SIGKILL)
    rest, _ = process.communicate(timeout=30)
    acknowledged |= {json.loads(line)["acknowledged"] for line in rest.splitlines() if line.endswith("}")}
    assert acknowledged <= _count(place, "SELECT id FROM records_signature")
    assert not _count(place, "SELECT person_id FROM records_signature GROUP BY person_id HAVING COUNT(*) > 1")
    signatures = _count(place, "SELECT COUNT(*) FROM records_signature")
    assert signatures == _count(place, "SELECT COUNT(*) FROM records_obligation WHERE state = 'signed'")
    assert not _count(
        place,
        "SELECT s.id FROM records_signature s LEFT JOIN records_logpayload p ON p.entry_id = s.entry_id WHERE p.entry_id IS NULL",
    )


@pytest.mark.django_db
def test_without_the_thread_an_act_is_its_own_transaction(settings):
    settings.COMMIT_TOGETHER = False
    assert commits.together(lambda: transaction.get_connection().in_atomic_block)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        commits.together(lambda: None)
