"""`ikrar work`: the queue goes on whatever the database does for a while, and nothing that was cut waits for ever."""

import io

import pytest
from django.db import DatabaseError, OperationalError
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ikrar.records.models import RosterImport, User
from ikrar.services import pulse, roster, tasks, tick
from ikrar.worker.management.commands.work import Queue
from tests.conftest import NOW, TODAY
from tests.services.test_roster import ALI, SARI, applied, file_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture(autouse=True)
def one_connection(monkeypatch):
    """The transaction of the test is the one connection: the worker would close it between its tasks."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    monkeypatch.setattr("ikrar.worker.management.commands.work.connections.close_all", lambda: None)


@pytest.fixture
def waiting(city):
    """A file that an officer had read, whose task waits in the queue."""
    given = roster.receive(
        agency=city, file=io.BytesIO(file_of([SARI])), name="pegawai.csv", effective_on=TODAY, by=None, now=NOW
    )
    roster.map_columns(given, given.fields, complete=False, new_units=False)
    tasks.preview_roster.enqueue(given.pk)
    return given


def state_of(given):
    given.refresh_from_db()
    return given.state


def test_what_waits_in_the_queue_is_done_and_the_worker_shows_itself(waiting):
    queue = Queue()
    assert pulse.silences(NOW)["worker"] is None
    assert queue.look() == 0.5 and state_of(waiting) == "previewed"
    assert pulse.silences(NOW)["worker"] is not None
    assert queue.look() == 0.5 and DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


@pytest.mark.parametrize("where", ["tick.recover", "queue", "claim"])
def test_a_busy_database_is_waited_for_and_then_the_queue_goes_on(waiting, monkeypatch, where):
    queue, busy = Queue(), [OperationalError("database is locked")] * 3

    def perhaps(real):
        def asked(*args, **kwargs):
            if busy:
                raise busy.pop()
            return real(*args, **kwargs)

        return asked

    if where == "tick.recover":
        monkeypatch.setattr(tick, "recover", perhaps(tick.recover))
    elif where == "queue":
        manager = DBTaskResult.objects
        monkeypatch.setattr(type(manager), "ready", perhaps(type(manager).ready), raising=False)
    else:
        monkeypatch.setattr(queue.worker, "run", perhaps(queue.worker.run))
    pauses = [queue.look() for _ in range(4)]
    assert pauses == [1.0, 2.0, 4.0, 0.5] and state_of(waiting) == "previewed"


@pytest.mark.parametrize(
    ("act", "name", "before"),
    [("preview_roster", "_Known", "received"), ("apply_roster", "_Known", "previewed"), ("undo_roster", "_undo", "applied")],
)  # fmt: skip
def test_an_import_whose_work_failed_waits_for_a_person_and_says_so(city, monkeypatch, act, name, before):
    by = User.objects.create(username="R", password="!", created_at=NOW)
    given = applied(city, [ALI])
    if act != "undo_roster":
        given = roster.receive(
            agency=city, file=io.BytesIO(file_of([SARI])), name="pegawai.csv", effective_on=TODAY, by=None, now=NOW
        )
        roster.map_columns(given, given.fields, complete=False, new_units=False)
        if act == "apply_roster":
            roster.preview(given, now=NOW)
            roster.begin_applying(given)
    else:
        roster.begin_undoing(given)

    def broken(*_args, **_kwargs):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(roster, name, broken)
    task = getattr(tasks, act)
    task.enqueue(given.pk) if act == "preview_roster" else task.enqueue(given.pk, by.pk)
    Queue().look()
    assert state_of(given) == before and given.error == {"code": "import_interrupted"}
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_after_a_stop_in_the_middle_what_was_in_work_waits_for_a_person_and_what_waits_in_the_queue_goes_on(
    city, waiting
):
    cut = {
        RosterImport.objects.create(
            agency=city, file_name="x.csv", state=state, effective_on=TODAY, started_at=NOW
        ): after
        for state, after in {"reading": "received", "applying": "previewed", "undoing": "applied"}.items()
    }
    tick.recover()
    assert state_of(waiting) == "reading"
    for given, after in cut.items():
        assert state_of(given) == after and given.error["code"] == "import_interrupted"
    Queue().look()
    assert state_of(waiting) == "previewed"
