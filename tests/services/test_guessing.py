"""Guesses that come all at once: no more are heard than the limit allows, whatever runs beside.

Threads that commit need a database outside any transaction of a test: these tests start a process with one of its own.
"""

import pytest

from ikrar.services import accounts
from tests.services.at_once import told_by

AT_ONCE = 40

PROGRAM = """
import json, threading
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from django.conf import settings
from django.db import connections
from django.utils import timezone
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
from ikrar.domain.errors import SignInRefused, TooManyGuesses
from ikrar.records.models import AccessCode, Throttle, User
from ikrar.services import accounts

user = User(username="198503152010012001", full_name="Sari", created_at=timezone.now())
user.set_password("hujan turun di Ngarai")
user.save()
heard, lock, start = [], threading.Lock(), threading.Barrier(AT_ONCE)
plain = accounts.check_password

def counted(password, encoded):
    with lock:
        heard.append(password)
    return plain(password, encoded)

accounts.check_password = counted

def at_once(act):
    def one(number):
        start.wait()
        try:
            act(number)
        except (SignInRefused, TooManyGuesses):
            return "refused"
        finally:
            connections.close_all()
        return "passed"
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))

def told(answers):
    kept = list(Throttle.objects.order_by("key").values_list("failures", flat=True))
    print(json.dumps({"passed": answers.count("passed"), "heard": len(heard), "kept": kept}))
    Throttle.objects.all().delete()

now = timezone.now
told(at_once(lambda number: accounts.by_password(user.username, f"tebakan {number}", now=now())))
heard.clear()
told(at_once(lambda number: accounts.by_password("199912312020121001", f"tebakan {number}", now=now())))
heard.clear()
told(at_once(lambda number: accounts.try_second_factor(user, now=now())))
told(at_once(lambda number: accounts.use_second_factor(user, "123456", now=now())))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each kind of guess got, forty at once."""
    return told_by(PROGRAM.replace("AT_ONCE", str(AT_ONCE)), tmp_path_factory.mktemp("guessing"), "guessing")


def test_of_forty_passwords_guessed_at_once_no_more_than_the_limit_are_compared(answers):
    assert answers[0] == {"passed": 0, "heard": accounts.FAILURES_ALLOWED, "kept": [accounts.FAILURES_ALLOWED]}


def test_a_name_that_nobody_bears_is_heard_as_often(answers):
    assert answers[1] == answers[0]


def test_of_forty_second_factors_typed_at_once_no_more_than_the_limit_are_checked(answers):
    assert (answers[2]["passed"], answers[2]["kept"]) == (accounts.FAILURES_ALLOWED, [accounts.FAILURES_ALLOWED])


def test_a_second_factor_opens_once_even_if_it_comes_forty_times_at_once(answers):
    assert answers[3]["passed"] == 1
