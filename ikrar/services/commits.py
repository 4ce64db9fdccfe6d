"""Many acts in one durable transaction: acts that arrive together share one write to the disk.

A thread of each process takes every act that waits, writes them in one transaction, commits once, and only then lets the
callers answer. An act that raises is rolled back alone; its caller gets the exception.

The thread holds the one right to write that SQLite gives, and shares the interpreter with every request: what it does
must be short. So a kind of act that comes in thousands is prepared by its caller and written by one function for all
that wait (`gather`); any other act runs whole, in a savepoint of its own (`together`).
"""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO, TypeVar

from django.conf import settings
from django.db import connections, transaction

Result = TypeVar("Result")
Item = TypeVar("Item")
Write = Callable[[Sequence[Any]], Sequence[Any]]
_MOST_TOGETHER = 128
_MOST_TRIES = 3
_PATIENCE_S = 0.1


@dataclass
class _Waiting:
    """An act that waits: what writes it, and what it is written from."""

    write: Write
    item: Any
    soon: bool = False
    future: "Future[Any]" = field(default_factory=Future)


@dataclass(frozen=True)
class _Failed:
    error: Exception


class _Writer:
    """The thread that commits for one process, started at the first act."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[_Waiting] = SimpleQueue()
        threading.Thread(target=self._run, name="commits", daemon=True).start()

    def submit(self, write: Write, item: Any, *, soon: bool = False) -> "Future[Any]":
        waiting = _Waiting(write, item, soon)
        self._waiting.put(waiting)
        return waiting.future

    def _run(self) -> None:
        while True:
            batch = self._gathered()
            try:
                answers = self._commit(batch)
            except BaseException as error:
                connections.close_all()
                for waiting in batch:
                    waiting.future.set_exception(error)
            else:
                for waiting, answer in zip(batch, answers, strict=True):
                    if isinstance(answer, _Failed):
                        waiting.future.set_exception(answer.error)
                    else:
                        waiting.future.set_result(answer)

    def _gathered(self) -> list[_Waiting]:
        """Take what waits; acts for which nobody waits stay a moment for company, so that they cost no commit of their own."""
        batch = [self._waiting.get()]
        until = time.monotonic() + _PATIENCE_S
        while len(batch) < _MOST_TOGETHER:
            patience_s = until - time.monotonic() if all(waiting.soon for waiting in batch) else 0.0
            try:
                batch.append(self._waiting.get(timeout=patience_s) if patience_s > 0 else self._waiting.get_nowait())
            except Empty:
                break
        return batch

    def _commit(self, batch: Sequence[_Waiting]) -> list[Any]:
        for attempt in range(1, _MOST_TRIES + 1):
            try:
                with _turn(), transaction.atomic(durable=True):
                    return self._write(batch)
            except Exception:
                # The commit itself failed (a connection that broke): nothing was written, so all may be tried again.
                connections.close_all()
                if attempt == _MOST_TRIES:
                    raise
        raise AssertionError("unreachable")

    def _write(self, batch: Sequence[_Waiting]) -> list[Any]:
        """Write a batch, kind by kind; where one of a kind fails, each of that kind alone."""
        answers: list[Any] = [None] * len(batch)
        kinds: dict[Write, list[int]] = {}
        for place, waiting in enumerate(batch):
            kinds.setdefault(waiting.write, []).append(place)
        for write, places in kinds.items():
            for place, answer in zip(places, _write_all(write, [batch[place].item for place in places]), strict=True):
                answers[place] = answer
        return answers


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for this process's turn to commit, where the database lets one write at a time.

    SQLite's own waiting sleeps longer and longer and is overtaken meanwhile; the kernel wakes whoever waits longest.
    """
    if transaction.get_connection().vendor != "sqlite":
        yield
        return
    lock = _lock_file()
    fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go when this process ends, however it ends
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)


@cache
def _lock_file() -> BinaryIO:
    return (settings.HOME / "commits.lock").open("ab")


def _write_all(write: Write, items: Sequence[Any]) -> list[Any]:
    try:
        with transaction.atomic():
            return list(write(items))
    except Exception as error:
        if len(items) == 1:
            return [_Failed(error)]
        return [answer for item in items for answer in _write_all(write, [item])]


def _one_by_one(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run acts that share nothing, each in a savepoint."""
    answers: list[Any] = []
    for act in acts:
        try:
            with transaction.atomic():
                answers.append(act())
        except Exception as error:
            answers.append(_Failed(error))
    return answers


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
    return _submit(_one_by_one, act).result()


def gather(write: Callable[[Sequence[Item]], Sequence[Result]], item: Item) -> Result:
    """Write an item durably, in one call with all others of its kind that wait, and return its result.

    `write` answers for each item in its order; if it raises, each is written alone. Raises RuntimeError in a transaction.
    """
    if not settings.COMMIT_TOGETHER:
        with transaction.atomic(durable=True):
            return write([item])[0]
    return _submit(write, item).result()


def gather_soon(write: Callable[[Sequence[Item]], Sequence[Any]], item: Item) -> None:
    """Write an item with the next commit without waiting for it: for what may be lost, such as the time of an opening."""
    if settings.COMMIT_TOGETHER and not transaction.get_connection().in_atomic_block:
        _the_writer().submit(write, item, soon=True)
    else:
        with transaction.atomic():
            write([item])


@contextmanager
def whole() -> Iterator[None]:
    """Make one durable transaction of several acts, each of which opens its own elsewhere: all are written, or none.

    An act insists on being outermost so that nobody's answer can leave before it is on the disk. Here nothing is answered
    before the whole is, so the block passes for that of a test, inside which Django lets such an act be a savepoint.
    """
    block = transaction.atomic(durable=True)
    block._from_testcase = True
    with block:
        yield


def _submit(write: Write, item: Any) -> "Future[Any]":
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act that is committed together cannot stand inside another transaction")
    return _the_writer().submit(write, item)
