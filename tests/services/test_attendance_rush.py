"""Everybody at the door at once: two server processes, many threads each, one quota, and nobody twice on the list."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests import template

PEOPLE, QUOTA = 60, 40

PROGRAM = '''
import json, sys, threading
from concurrent.futures import ThreadPoolExecutor

import django
django.setup()

from django.db import connections, transaction
from django.utils import timezone

from ikrar.domain.errors import DomainError
from ikrar.domain.gatherings import code_of, window_of
from ikrar.records.models import Activity, Attendance, LogEntry, Person, User
from ikrar.services import activities, attendance, clock
from tests.web import stage as stages

def build(people, quota):
    with transaction.atomic():
        stages.install()
        city, root = stages.agency("13.75", "Kota Bukittinggi")
        made = [stages.person(f"Orang {n}", f"19800101{n:010d}", root) for n in range(people)]
        for each in made:
            stages.account(each)
    now, today = timezone.now(), clock.today()
    plan = activities.Plan("roll_call", "Apel", today, quota=quota)
    activity = activities.draft(agency=city, unit=None, plan=plan, today=today, by=None, now=now)
    activities.invite_unit(activity, root, heads_only=False, quota=None, by=None, now=now)
    activities.open_list(activity, today=today, by=None, now=now)
    print(json.dumps({"entries": LogEntry.objects.count()}))

def rush():
    """Everybody presses the button twice in this process; the other process does the same at the same time."""
    activity = Activity.objects.select_related("agency").get()
    users = list(User.objects.exclude(person=None).order_by("pk"))
    print("ready", flush=True)
    sys.stdin.readline()
    def one(user):
        try:
            code = code_of(activity.secret, activity.pk, window_of(timezone.now()))
            done = attendance.check_in(activity, user=user, code=code, now=timezone.now())
            return ["first" if done.first else "again", done.attendance.pk]
        except DomainError as error:
            return [error.code, None]
        finally:
            connections.close_all()
    with ThreadPoolExecutor(24) as pool:
        answers = [pool.submit(one, user) for user in users for _ in range(2)]
        print(json.dumps([each.result() for each in answers]), flush=True)

def end():
    print(json.dumps({
        "rows": Attendance.objects.count(), "people": Attendance.objects.values("person").distinct().count(),
        "keys": list(Attendance.objects.values_list("pk", flat=True)), "entries": LogEntry.objects.count(),
    }))

{"build": lambda: build(int(sys.argv[2]), int(sys.argv[3])), "rush": rush, "end": end}[sys.argv[1]]()
'''


@pytest.fixture
def place(tmp_path):
    """A place of the test's own."""
    made = template.place_in(tmp_path, "door")
    yield made
    template.leave(made)


def start(place: dict[str, str], *arguments: object) -> subprocess.Popen:
    environment = os.environ | place | {
        "DJANGO_SETTINGS_MODULE": "ikrar.settings", "IKRAR_COMMIT_TOGETHER": "1",
        "PYTHONPATH": os.pathsep.join([str(template.ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)], env=environment, cwd=template.ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def told(process: subprocess.Popen, go: str = "") -> list:
    out, errors = process.communicate(go, timeout=180)
    assert process.returncode == 0, errors[-3000:]
    return json.loads(out.splitlines()[-1])


def test_the_last_places_are_given_once_and_nobody_is_there_twice(place):
    before = told(start(place, "build", PEOPLE, QUOTA))
    processes = [start(place, "rush") for _ in range(2)]
    for each in processes:
        assert each.stdout.readline() == "ready\n"
    for each in processes:
        each.stdin.write("go\n")
        each.stdin.flush()
    answers = [answer for each in processes for answer in told(each)]
    end = told(start(place, "end"))
    results = Counter(result for result, _ in answers)
    assert results["first"] == end["rows"] == end["people"] == QUOTA
    assert set(results) == {"first", "again", "quota_full"} and sum(results.values()) == 4 * PEOPLE
    assert {key for _, key in answers if key} == set(end["keys"])
    assert end["entries"] == before["entries"] + QUOTA
