"""Work that goes on in a thread of its own beside the caller's: worth it where it is done outside of Python."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_END = object()


def read_ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the items in their order; the next is made while the caller is at work on the one before.

    Whatever is raised in making an item is raised to the caller in its place.
    """
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(next, items, _END)
        while (item := waiting.result()) is not _END:
            waiting = thread.submit(next, items, _END)
            yield item


@contextmanager
def at_once(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begin some work; what is yielded waits for its end and returns, or raises, what came of it."""
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(work).result
