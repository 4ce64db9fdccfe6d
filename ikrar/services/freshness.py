"""What a process keeps in memory for a few seconds: dropped at once, in every process of a place, where something changed.

A file that all processes of a place share holds a random word for each of some thousand slots. Whoever keeps something
remembers the words of the slots that it depends on; whoever changes something writes new words. Between machines there
is no such file, so what is kept is never older than some seconds (KEPT_S) anyway.
"""

import mmap
import secrets
import time
import zlib
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction

_SLOTS = 8192
_WORD = 8  # bytes
_EVERYTHING = 0
Words = tuple[bytes, ...]


@cache
def _shared() -> mmap.mmap:
    path = settings.HOME / "changes"
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        file.truncate(_SLOTS * _WORD)
        return mmap.mmap(file.fileno(), _SLOTS * _WORD)


def _slot(name: str) -> int:
    return 1 + zlib.crc32(name.encode()) % (_SLOTS - 1)


def words(*names: str) -> Words:
    """Return what stands for these names now: another word once one of them, or everything, was changed."""
    shared = _shared()
    places = (_EVERYTHING, *map(_slot, names))
    return tuple(shared[place * _WORD : place * _WORD + _WORD] for place in places)


def changed(*names: str) -> None:
    """Say that what these names stand for changes: now, and once more when the caller's transaction is on the disk.

    Without the second word, somebody could read the old state in between and keep it.
    """
    places = [_slot(name) for name in names]
    _write(places)
    transaction.on_commit(lambda: _write(places))


def everything_changed() -> None:
    """Say that more changed than is worth naming."""
    _write([_EVERYTHING])
    transaction.on_commit(lambda: _write([_EVERYTHING]))


def _write(places: list[int]) -> None:
    shared = _shared()
    for place in places:
        shared[place * _WORD : place * _WORD + _WORD] = secrets.token_bytes(_WORD)


class Kept:
    """Values by key, each kept for some seconds and only while its names are unchanged; the oldest make room."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: dict[Any, tuple[float, tuple[str, ...], Words, Any]] = {}

    def get(self, key: Any) -> Any:
        """Return what is kept for a key, or None."""
        found = self._kept.get(key)
        if found is None:
            return None
        until, names, then, value = found
        if time.monotonic() > until or words(*names) != then:
            self._kept.pop(key, None)
            return None
        return value

    def put(self, key: Any, value: Any, names: tuple[str, ...], then: Words) -> None:
        """Keep a value that was read after its names' words were `then`."""
        if settings.KEPT_S <= 0:
            return
        while len(self._kept) >= self.most:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[key] = (time.monotonic() + settings.KEPT_S, names, then, value)
