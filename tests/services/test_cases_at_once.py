"""Two officers on one case at once: a step is taken once, a matter is numbered once, and decided once.

Threads with connections of their own need a database outside any transaction of a test: a process does it all, on a file
of its own (or a database of its own on the server that the other tests use).
"""

import pytest

from tests.services.at_once import told_by

PROGRAM = '''
import json, threading
from dataclasses import replace

import django
django.setup()

import time_machine
from django.conf import settings
from django.db import connections, transaction

from ikrar.records.models import CaseClock, CaseDecision, CaseStep
from ikrar.services import case_decisions, case_papers, cases
from ikrar.services.case_decisions import Paper
from tests import conftest
from tests.services import case_cast
from tests.services.case_cast import HEARING, at
from tests.web import stage as stages

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
    here = lambda: case_decisions.sign_here(again, Paper("800/1", HEARING, digest=case_papers.text_of(again).digest), was="proposed", by=who.mayor.user, now=DAY)
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
    return told_by(PROGRAM, tmp_path_factory.mktemp("cases"), "cases")[-1]


def test_of_four_who_take_the_same_step_at_once_one_does_and_one_clock_runs(said):
    assert said["step"] == ["CaseActRefused:changed"] * 3 + ["done"]
    assert (said["steps"], said["clocks"]) == (1, 1)


def test_of_two_numbers_at_once_one_stays(said):
    assert said["numbered"] == ["CaseActRefused:number", "done"]


def test_of_three_who_decide_at_once_one_does(said):
    assert said["decided"] == ["CaseActRefused:decided"] * 2 + ["done"]
    assert (said["decisions"], said["decide_steps"]) == (1, 1)
