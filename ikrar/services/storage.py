"""A disk that takes no more, whoever meets it: a file, or the database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError

from ikrar.domain.errors import StorageFull

_FULL_POSTGRESQL = "53100"
# What SQLite says where it cannot write its pages, and where it cannot make room for the index of its journal.
_FULL_SQLITE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})


@contextmanager
def room() -> Iterator[None]:
    """Around an act: where the database found no room for it, nothing of it stands, and it raises StorageFull."""
    try:
        yield
    except OperationalError as error:
        met = error.__cause__
        if getattr(met, "sqlite_errorcode", None) in _FULL_SQLITE or getattr(met, "sqlstate", "") == _FULL_POSTGRESQL:
            raise StorageFull() from error
        raise
