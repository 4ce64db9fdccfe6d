"""Many acts in one durable transaction: acts that arrive together share one write to the disk.

A thread of each process takes every act that waits, writes them in one transaction, commits once, and only then lets the
callers answer. An act that raises is rolled back alone; its caller gets the exception. Savepoints are paid for only where
one does: all are written without, and where that fails, once more, each kind and then each act in a savepoint of its own.

The thread holds the one right to write that SQLite gives, and shares the interpreter with every request: what it does
must be short. So a kind of act that comes in thousands is prepared by its caller and written by one function for all
that wait (`gather`); any other act runs whole, in a savepoint of its own (`together`).
"""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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


class _Waiting:
    """An act that waits: what writes it, what it is written from, and in the end its answer or the error it met.

    A lock that is let go once is the cheapest way in which one thread can wait for another.
    """

    __slots__ = ("_answer", "_error", "_settled", "item", "soon", "write")

    def __init__(self, write: Write, item: Any, *, soon: bool = False) -> None:
        self.write, self.item, self.soon = write, item, soon
        self._answer: Any = None
        self._error: BaseException | None = None
        self._settled = threading.Lock()
        self._settled.acquire()

    def settle(self, answer: Any, error: BaseException | None = None) -> None:
        self._answer, self._error = answer, error
        self._settled.release()

    def answer(self) -> Any:
        """Wait until it is settled; return the answer, or raise the error."""
        self._settled.acquire()
        if self._error is not None:
            raise self._error
        return self._answer


@dataclass(frozen=True)
class _Failed:
    error: BaseException


class _Writer:
    """The thread that commits for one process, started at the first act."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[_Waiting] = SimpleQueue()
        threading.Thread(target=self._run, name="commits", daemon=True).start()

    def submit(self, write: Write, item: Any, *, soon: bool = False) -> _Waiting:
        waiting = _Waiting(write, item, soon=soon)
        self._waiting.put(waiting)
        return waiting

    def _run(self) -> None:
        while True:
            batch = self._gathered()
            try:
                answers = self._commit(batch)
            except BaseException as error:
                connections.close_all()
                answers = [_Failed(error)] * len(batch)
            for waiting, answer in zip(batch, answers, strict=True):
                if isinstance(answer, _Failed):
                    waiting.settle(None, answer.error)
                else:
                    waiting.settle(answer)

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
                    return self._write(batch, _plainly if attempt == 1 else _apart)
            except Exception:
                # An act failed and nothing was written, or the line broke in the commit itself, and nobody knows: all is tried
                # again, and an act that was written after all meets its own rows.
                connections.close_all()
                if attempt == _MOST_TRIES:
                    raise
        raise AssertionError("unreachable")

    def _write(self, batch: Sequence[_Waiting], how: Callable[[Write, Sequence[Any]], list[Any]]) -> list[Any]:
        """Write a batch, kind by kind."""
        answers: list[Any] = [None] * len(batch)
        kinds: dict[Write, list[int]] = {}
        for place, waiting in enumerate(batch):
            kinds.setdefault(waiting.write, []).append(place)
        for write, places in kinds.items():
            for place, answer in zip(places, how(write, [batch[place].item for place in places]), strict=True):
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


def _plainly(write: Write, items: Sequence[Any]) -> list[Any]:
    return list(write(items))


def _apart(write: Write, items: Sequence[Any]) -> list[Any]:
    """Write what waits of one kind in a savepoint; where that fails, each alone."""
    try:
        with transaction.atomic():
            return list(write(items))
    except Exception as error:
        if len(items) == 1:
            return [_Failed(error)]
        return [answer for item in items for answer in _apart(write, [item])]


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
    return _submit(_one_by_one, act).answer()


def gather(write: Callable[[Sequence[Item]], Sequence[Result]], item: Item) -> Result:
    """Write an item durably, in one call with all others of its kind that wait, and return its result.

    `write` answers for each item in its order; if it raises, each is written alone. Raises RuntimeError in a transaction.
    """
    if not settings.COMMIT_TOGETHER:
        with transaction.atomic(durable=True):
            return write([item])[0]
    return _submit(write, item).answer()


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


def _submit(write: Write, item: Any) -> _Waiting:
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act that is committed together cannot stand inside another transaction")
    return _the_writer().submit(write, item)
