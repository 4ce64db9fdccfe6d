"""Many acts in one durable transaction: acts that arrive together share one write to the disk.

A thread of each process takes every act that waits, runs each in a savepoint of one transaction, commits once, and only
then lets the callers answer. An act that raises is rolled back alone; its caller gets the exception.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections, transaction

Result = TypeVar("Result")
_MOST_TOGETHER = 128
_MOST_TRIES = 3


class _Writer:
    """The thread that commits for one process, started at the first act."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()
        threading.Thread(target=self._run, name="commits", daemon=True).start()

    def submit(self, act: Callable[[], Result]) -> "Future[Result]":
        future: Future[Result] = Future()
        self._waiting.put((act, future))
        return future

    def _run(self) -> None:
        while True:
            batch = [self._waiting.get()]
            while len(batch) < _MOST_TOGETHER and not self._waiting.empty():
                batch.append(self._waiting.get())
            try:
                answers = self._commit(batch)
            except BaseException as error:
                connections.close_all()
                for _, future in batch:
                    future.set_exception(error)
            else:
                for (_, future), (result, error) in zip(batch, answers, strict=True):
                    if error is None:
                        future.set_result(result)
                    else:
                        future.set_exception(error)

    def _commit(self, batch: list[tuple[Callable[[], Any], "Future[Any]"]]) -> list[tuple[Any, Exception | None]]:
        for attempt in range(1, _MOST_TRIES + 1):
            answers: list[tuple[Any, Exception | None]] = []
            try:
                with transaction.atomic(durable=True):
                    for act, _ in batch:
                        try:
                            with transaction.atomic():
                                answers.append((act(), None))
                        except Exception as error:
                            answers.append((None, error))
                return answers
            except Exception:
                # The commit itself failed (a connection that broke): nothing was written, so all may be tried again.
                connections.close_all()
                if attempt == _MOST_TRIES:
                    raise
        raise AssertionError("unreachable")


_lock = threading.Lock()
_writer: _Writer | None = None


def _the_writer() -> _Writer:
    global _writer
    if _writer is None:
        with _lock:
            if _writer is None:
                _writer = _Writer()
    return _writer


def together(act: Callable[[], Result]) -> Result:
    """Run an act durably and return its result; what it raises is raised here. Raises RuntimeError in a transaction.

    `act` does its writes and log entries; it takes no lock that outlives it and may be run again if a commit fails.
    """
    if not settings.COMMIT_TOGETHER:
        with transaction.atomic(durable=True):
            return act()
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act that is committed together cannot stand inside another transaction")
    return _the_writer().submit(act).result()


def soon(act: Callable[[], Any]) -> None:
    """Run an act with the next commit without waiting for it: for what may be lost, such as the time of an opening."""
    if settings.COMMIT_TOGETHER and not transaction.get_connection().in_atomic_block:
        _the_writer().submit(act)
    else:
        with transaction.atomic():
            act()
