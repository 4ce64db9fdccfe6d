"""The yardstick of the roster import: the rows that an import wrote, put once more into the same empty tables, barely.

`_bare_roster.py DATABASE_URL_OF_THE_SOURCE` runs in the environment of a second, fresh installation, whose tables have the
same unique keys, indexes, foreign keys and triggers. One transaction and its commit, with the product's own connection
(the same pragmas and durability); rows ready-made in the order of their keys; of them only the loading is timed, not their
making. SQLite: executemany of tuples, a statement of one row or of forty, as asked; PostgreSQL: COPY of its own text.
Prints one JSON line.
"""

import gc
import itertools
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

# What an import writes, parents first.
_TABLES = (
    "workunit", "rosterimport", "columnmapping", "person", "placement", "unittouch", "logentry", "logpayload",
)  # fmt: skip
_ROWS = 80_000


class _Clock:
    """Adds up the time that loading takes."""

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    def timed(self, work: Callable[..., Any], *given: Any) -> None:
        wall, processor = time.perf_counter(), time.process_time()
        work(*given)
        self.seconds += time.perf_counter() - wall
        self.processor += time.process_time() - processor


def _sqlite(source: str, clock: _Clock, rows_a_statement: int) -> int:
    from django.db import connection

    from ikrar.services import masses

    given = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    connection.ensure_connection()
    plain, people = connection.connection, 0
    with masses.at_length():
        clock.timed(plain.execute, "BEGIN IMMEDIATE")
        for name in _TABLES:
            table = f"records_{name}"
            key = next(row[1] for row in given.execute(f"PRAGMA table_info({table})") if row[5])
            there = {row[0] for row in plain.execute(f"SELECT {key} FROM {table}")}
            found = given.execute(f"SELECT * FROM {table} ORDER BY {key}")
            names = [column[0] for column in found.description]
            place = names.index(key)
            into = f"INSERT INTO {table} ({', '.join(names)}) VALUES "
            one = f"({', '.join('?' * len(names))})"
            while rows := found.fetchmany(_ROWS):
                rows = [row for row in rows if row[place] not in there]
                people += len(rows) if name == "person" else 0
                whole = len(rows) - len(rows) % rows_a_statement if rows_a_statement > 1 else 0
                many = [
                    list(itertools.chain.from_iterable(rows[start : start + rows_a_statement]))
                    for start in range(0, whole, rows_a_statement)
                ]
                rest = rows[whole:]
                clock.timed(plain.executemany, into + ", ".join([one] * rows_a_statement), many)
                clock.timed(plain.executemany, into + one, rest)
        clock.timed(plain.execute, "COMMIT")
    return people


def _postgresql(source: str, clock: _Clock) -> int:
    import psycopg

    people = 0
    with psycopg.connect(source) as given, psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as plain:
        clock.timed(plain.execute, "BEGIN")
        for name in _TABLES:
            table = f"records_{name}"
            key = given.execute(
                "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
                " WHERE indrelid = %s::regclass AND indisprimary",
                [table],
            ).fetchone()[0]
            there = [row[0] for row in plain.execute(f"SELECT {key} FROM {table}")]
            except_these = f"WHERE {key} NOT IN ({', '.join(map(str, there))})" if there else ""
            names = ", ".join(
                f'"{row[0]}"'
                for row in given.execute(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
                    " ORDER BY attnum",
                    [table],
                )
            )
            cursor = plain.cursor()
            with given.cursor().copy(
                f"COPY (SELECT {names} FROM {table} {except_these} ORDER BY {key}) TO STDOUT"
            ) as out:
                into = cursor.copy(f"COPY {table} ({names}) FROM STDIN")
                copy = into.__enter__()
                lines: Iterator[bytes] = (bytes(line) for line in out)
                while some := list(itertools.islice(lines, _ROWS)):
                    people += len(some) if name == "person" else 0
                    text = b"".join(some)
                    clock.timed(copy.write, text)
                clock.timed(into.__exit__, None, None, None)
        clock.timed(plain.execute, "COMMIT")
    return people


def main(source: str, rows_a_statement: int) -> None:
    django.setup()
    clock = _Clock()
    gc.disable()
    if source.startswith(("postgres://", "postgresql://")):
        people = _postgresql(source, clock)
    else:
        people = _sqlite(source, clock, rows_a_statement)
    print(json.dumps({"rows": people, "seconds": clock.seconds, "processor_seconds": clock.processor}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
