"""Two who press at once: a letter is published once, no number is given twice, nobody is told twice.

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
import itertools, json, threading
from datetime import timedelta

import django
django.setup()

from django.core.management import call_command
from django.db import connections, transaction

from ikrar.domain.errors import CircularNotOpen, ReminderTooSoon
from ikrar.records.models import Circular, Notice
from ikrar.services import circulars
from ikrar.services.circulars import Draft
from tests.web import stage as stages
from tests.web.stage import CIRCULAR_TEXT, MORNING, TODAY

call_command("migrate", verbosity=0)
with transaction.atomic():
    stages.install()
    city, root = stages.agency("13.75", "Kota Bukittinggi")
    head = stages.person("Kepala", "197208171998031002", root, is_head=True)
    people = [stages.person(f"Orang {n}", f"19800101{n:010d}", root) for n in range(30)]
officer = stages.outsider("PETUGAS", "Petugas")
escalate_on = TODAY + timedelta(days=1)

def draft():
    said = Draft("circular", CIRCULAR_TEXT, (city,), escalate_on=escalate_on)
    return circulars.create(city, said, today=TODAY, by=None, now=MORNING)

def at_once(times, act):
    """Let so many threads do it together; return what each got, or the name of the refusal."""
    got, gate = [], threading.Barrier(times)
    def press():
        try:
            gate.wait()
            got.append(act())
        except Exception as error:
            got.append(type(error).__name__)
        finally:
            connections.close_all()
    threads = [threading.Thread(target=press) for _ in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return got

def publish(one):
    return circulars.publish(one, shown_mark=None, today=TODAY, by=None, now=MORNING)

one = draft()
said = {"published": at_once(4, lambda: publish(Circular.objects.get(pk=one.pk)))}
said["told"] = Notice.objects.filter(kind="circular_published").count()
several = [draft() for _ in range(8)]
todo = list(several)
said["several"] = at_once(8, lambda: publish(todo.pop()))
said["numbers"] = sorted(Circular.objects.values_list("number", flat=True))
ticks = itertools.count(1)
def remind():
    now = MORNING + timedelta(microseconds=next(ticks))
    return circulars.remind(Circular.objects.get(pk=one.pk), root, today=TODAY, by=officer, now=now).people
said["reminded"] = at_once(4, remind)
said["reminders"] = Notice.objects.filter(kind="circular_reminded").count()
with transaction.atomic():
    stages.person("Baru", "199105052019031001", root)
later = MORNING + timedelta(days=1)
def deliver():
    return circulars.deliver(Circular.objects.get(pk=one.pk), today=TODAY, by=None, now=later)
said["came"] = sorted(at_once(4, deliver))
def escalate():
    return circulars.escalate(Circular.objects.get(pk=one.pk), city, today=escalate_on, now=later)
said["superiors"] = sorted(at_once(4, escalate))
said["superior"] = Notice.objects.filter(kind="circular_unread", person=head).count()
print(json.dumps(said))
'''


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the process tells."""
    url, name = os.environ.get("DATABASE_URL", ""), f"circulars_{uuid.uuid4().hex[:12]}"
    there = urlsplit(url)._replace(path=f"/{name}").geturl() if url.startswith("postgres") else ""

    def server_does(statement: str) -> None:
        if there:
            with closing(psycopg.connect(url, autocommit=True)) as server:
                server.execute(statement)

    server_does(f"CREATE DATABASE {name}")
    environment = {
        **os.environ, "IKRAR_HOME": str(tmp_path_factory.mktemp("circulars")), "DATABASE_URL": there,
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


def test_four_officers_who_publish_the_same_draft_publish_it_once(said):
    assert sorted(map(str, said["published"])) == ["31", "CircularNotOpen", "CircularNotOpen", "CircularNotOpen"]
    assert said["told"] == 31


def test_letters_that_are_published_at_once_bear_numbers_without_gaps_or_doubles(said):
    assert said["several"] == [31] * 8
    assert said["numbers"] == [f"{number:03}/SE/X/2024" for number in range(1, 10)]


def test_a_reminder_that_is_pressed_at_once_by_several_reaches_everybody_once(said):
    assert sorted(map(str, said["reminded"])) == ["31", "ReminderTooSoon", "ReminderTooSoon", "ReminderTooSoon"]
    assert said["reminders"] == 31


def test_whoever_came_is_reached_once_and_his_superior_told_once(said):
    assert said["came"] == [0, 0, 0, 1] and said["superiors"] == [0, 0, 0, 1] and said["superior"] == 1
