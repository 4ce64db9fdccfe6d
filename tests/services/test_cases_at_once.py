"""Two officers on one case at once: a step is taken once, a matter is numbered once, and decided once.

Threads with connections of their own need a database outside any transaction of a test: a process does it all, on a file
of its own (or a database of its own on the server that the other tests use).
"""

import json
import os
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

PROGRAM = '''
import json, threading
from dataclasses import replace

import django
django.setup()

import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from ikrar.records.models import CaseClock, CaseDecision, CaseStep
from ikrar.services import case_decisions, cases
from ikrar.services.case_decisions import Paper
from tests import conftest
from tests.services import case_cast
from tests.services.case_cast import HEARING, at
from tests.web import stage as stages

call_command("migrate", verbosity=0)
settings.HOME.mkdir(parents=True, exist_ok=True)
with transaction.atomic():
    stages.install()
    city = conftest.make_agency("13.75", "Kota Umpama", "13.75", conftest._CITY_UNITS)
    other = conftest.make_agency("13.76", "Kota Misal", "13.76", [("BKPSDM", "Badan", "office", "13.76")])
    school = city.units.get(code="SMPN-3")
    sari = conftest.make_member(school, "198503152010012001", "Sari Contohwati", sex="f", post="Guru")
    budi = conftest.make_member(school, "197208171998031002", "Budi Misalkan", sex="m", post="Kepala", is_head=True, level="jpt_pratama")
    people = type("People", (), {"sari": sari, "budi": budi})
    who = case_cast.make_cast(people, city, other, settings.HOME, conftest.MORNING)
NOW, said = conftest.NOW, {}

def at_once(acts):
    """Let all do it together; return what each got, or the name of the refusal."""
    got, gate = [], threading.Barrier(len(acts))
    def press(act):
        try:
            gate.wait()
            act()
            got.append("done")
        except Exception as error:
            got.append(f"{type(error).__name__}:{getattr(error, 'reason', error)}")
        finally:
            connections.close_all()
    threads = [threading.Thread(target=press, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(got)

with time_machine.travel(NOW) as traveller:
    case = case_cast.opened(who, NOW)
    review = lambda by: lambda: cases.take_step(case, "pilkada-review", was="received", by=by, now=NOW)
    said["step"] = at_once([review(by) for by in (who.ani, who.beni, who.ani, who.beni)])
    said["steps"] = CaseStep.objects.filter(case=case, step="pilkada-review").count()
    said["clocks"] = CaseClock.objects.filter(case=case, stopped_on=None).count()

    number = lambda text: lambda: cases.give_number(case, text, by=who.ani, now=NOW)
    said["numbered"] = at_once([number("001/2024"), number("002/2024")])

    again = case_cast.drafted(replace(who, sari=budi, budi=sari), NOW, traveller)
    DAY = at(HEARING)
    scan = case_cast.scan(9, DAY)
    here = lambda: case_decisions.sign_here(again, Paper("800/1", HEARING, digest="a" * 64), was="proposed", by=who.mayor.user, now=DAY)
    paper = Paper("800/2", HEARING, who.mayor.person, scan)
    recorded = lambda by: lambda: case_decisions.record_signed(again, paper, was="proposed", by=by, now=DAY)
    said["decided"] = at_once([here, recorded(who.drafter), recorded(who.lawyer)])
    said["decisions"] = CaseDecision.objects.exclude(decided_on=None).count()
    said["decide_steps"] = CaseStep.objects.filter(step="decide").count()
print(json.dumps(said))
'''


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the process tells."""
    url, name = os.environ.get("DATABASE_URL", ""), f"cases_{uuid.uuid4().hex[:12]}"
    there = urlsplit(url)._replace(path=f"/{name}").geturl() if url.startswith("postgres") else ""

    def server_does(statement: str) -> None:
        if there:
            with closing(psycopg.connect(url, autocommit=True)) as server:
                server.execute(statement)

    server_does(f"CREATE DATABASE {name}")
    environment = {
        **os.environ, "IKRAR_HOME": str(tmp_path_factory.mktemp("cases")), "DATABASE_URL": there,
        "DJANGO_SETTINGS_MODULE": "ikrar.settings", "IKRAR_COMMIT_TOGETHER": "0",
    }  # fmt: skip
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        yield json.loads(done.stdout.splitlines()[-1])
    finally:
        server_does(f"DROP DATABASE {name} WITH (FORCE)")


def test_of_four_who_take_the_same_step_at_once_one_does_and_one_clock_runs(said):
    assert said["step"] == ["CaseActRefused:changed"] * 3 + ["done"]
    assert (said["steps"], said["clocks"]) == (1, 1)


def test_of_two_numbers_at_once_one_stays(said):
    assert said["numbered"] == ["CaseActRefused:number", "done"]


def test_of_three_who_decide_at_once_one_does(said):
    assert said["decided"] == ["CaseActRefused:decided"] * 2 + ["done"]
    assert (said["decisions"], said["decide_steps"]) == (1, 1)
