"""`ikrar work`: slow work from the queue, and the tick, until it is stopped."""

import logging
import threading
import time
from typing import Any

from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from ikrar.services import coverage, installation, pulse, tick
from ikrar.worker import command

logger = logging.getLogger(__name__)
_QUEUE = "default"
_LOOK_S = 0.5
_TICK_S, _TICK_AGAIN_S = 60.0, 15.0
_BEAT_S = 15.0
_LONGEST_PAUSE_S = 30.0


def _ticking(stop: threading.Event) -> None:
    """Do what the passing of time asks for, once a minute; where it failed, sooner again."""
    while not stop.is_set():
        began, pause_s = time.monotonic(), _TICK_S
        try:
            tick.run(timezone.now())
            pulse.beat(pulse.TICK, timezone.now())
        except Exception:
            logger.exception("tick failed")
            pause_s = _TICK_AGAIN_S
        finally:
            connections.close_all()
        stop.wait(max(5.0, pause_s - (time.monotonic() - began)))


def _beating(stop: threading.Event, worker: Worker) -> None:
    """Show, while a long task runs, that its process does."""
    while not stop.wait(_BEAT_S):
        if worker.running_task:
            pulse.beat(pulse.WORKER, timezone.now())


class Queue:
    """The queue as one worker does it. A database that is busy or away for a while is waited for."""

    def __init__(self) -> None:
        self.worker = Worker(
            queue_names=[_QUEUE], interval=_LOOK_S, batch=True, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=get_random_string(32), excluded_queue_names=[],
        )  # fmt: skip
        self._cut = True
        self._pause_s = _LOOK_S
        task_finished.connect(self._finished, weak=False, dispatch_uid="queue")

    def look(self) -> float:
        """Do what waits in the queue; return after how many seconds to look again."""
        try:
            if self._cut:
                tick.recover()
                self._cut = False
            pulse.beat(pulse.WORKER, timezone.now())
            # Asked first without the right to write, which the worker takes to claim a task.
            if DBTaskResult.objects.ready().filter(queue_name=_QUEUE).exists():
                self.worker.run()
            self._pause_s = _LOOK_S
        except (DatabaseError, InterfaceError):
            logger.exception("queue cannot be read or written now; it is tried again")
            self._cut = True
            self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
            connections.close_all()
        return self._pause_s

    def _finished(self, task_result: Any, **_kwargs: Any) -> None:
        """Name a task that failed; what went wrong stands with it in the database, since it may hold somebody's name."""
        if task_result.status == TaskResultStatus.FAILED:
            logger.error("task failed", extra={"task": task_result.id})
            self._cut = True


def _counting(stop: threading.Event) -> None:
    """Count anew what was touched: soon after it happened, and never more than a tenth of the time."""
    while not stop.is_set():
        started = time.monotonic()
        try:
            coverage.count_touched(timezone.now())
        except Exception:
            logger.exception("counting failed")
        finally:
            connections.close_all()
        stop.wait(max(2.0, 9 * (time.monotonic() - started)))


class Command(command.Command):
    help = "Do slow work from the queue and what the clock asks for."

    def run(self, **options: Any) -> None:
        installation.keep_secret_key()
        stop = threading.Event()
        queue = Queue()
        queue.worker.configure_signals()
        for work in (_ticking, _counting):
            threading.Thread(target=work, args=(stop,), name=work.__name__, daemon=True).start()
        threading.Thread(target=_beating, args=(stop, queue.worker), name="pulse", daemon=True).start()
        try:
            while queue.worker.running:
                time.sleep(queue.look())
        finally:
            stop.set()
