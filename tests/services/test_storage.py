"""A database that finds no room for an act says so, as a file does."""

import sqlite3

import pytest
from django.db import OperationalError

from ikrar.domain.errors import StorageFull
from ikrar.services import storage


def full_database():
    """Return what SQLite itself says where its file may grow no more."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE kept (content)")
    database.execute("PRAGMA max_page_count = 3")
    try:
        database.execute("INSERT INTO kept VALUES (zeroblob(1000000))")
    except sqlite3.OperationalError as error:
        return error
    raise AssertionError("there was room")


class DiskFull(Exception):
    """As psycopg tells it."""

    sqlstate = "53100"


@pytest.mark.parametrize("met", [full_database(), DiskFull()], ids=["sqlite", "postgresql"])
def test_a_database_that_may_grow_no_more_is_told_as_a_full_disk(met):
    with pytest.raises(StorageFull), storage.room():
        raise OperationalError(str(met)) from met


def test_another_failure_of_the_database_stays_what_it_is():
    with pytest.raises(OperationalError), storage.room():
        raise OperationalError("no such table")
