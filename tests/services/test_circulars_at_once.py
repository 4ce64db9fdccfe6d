"""Two who press at once: a letter is published once, no number is given twice, nobody is told twice.

Threads with connections of their own need a database outside any transaction of a test: a process does it all, on a file
of its own (or a database of its own on the server that the other tests use).
"""

import pytest

from tests.services.at_once import told_by

PROGRAM = '''
import itertools, json, threading
from datetime import timedelta

import django
django.setup()

from django.db import connections, transaction

from ikrar.domain.errors import CircularNotOpen, ReminderTooSoon
from ikrar.records.models import Circular, Notice
from ikrar.services import circulars
from ikrar.services.circulars import Draft
from tests.web import stage as stages
from tests.web.stage import CIRCULAR_TEXT, MORNING, TODAY

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
    return told_by(PROGRAM, tmp_path_factory.mktemp("circulars"), "circulars")[-1]


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
