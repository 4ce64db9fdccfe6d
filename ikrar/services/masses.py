"""Writing millions of rows inside the caller's transaction, on either database, past the model layer."""

import gc
import io
import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from enum import Enum
from functools import cache
from itertools import chain
from typing import Any

import polars as pl
from django.db import IntegrityError, connection, models
from django.db.models.expressions import RawSQL

from ikrar.records.kept import change, fetch

_ROWS_A_STATEMENT = 40
# From so many rows on PostgreSQL is quicker by COPY, which takes two more waits.
_MANY_ROWS = 500
_VALUES_A_STATEMENT = 1000
_STATEMENTS_AT_ONCE = 10
_KEYS_A_TEXT = 100_000
_FEW_KEYS = 200
_SIGN = "\x1e"  # parts values in such a text
# Where a mass of rows is written or read at once, SQLite may keep so much of the file in memory: with less, the pages of an
# index that is filled all over are written to the disk and read back again and again.
_ROOM_KIB = 500_000
# A thread that writes comes back from the database after half a thousandth of a second each time, and would wait ten times as
# long (Python's five thousandths) for its turn beside one that reads ahead.
_TURN_S = 0.000_05


def reserve_keys(model: type[models.Model], count: int) -> range:
    """Return so many keys that no other transaction will be given."""
    table, key = model._meta.db_table, model._meta.pk.column
    if connection.vendor == "postgresql":
        # One step of the sequence takes the whole range; the table lock ends with the transaction.
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [table, key])
            first = cursor.fetchone()[0]
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, key, first + count])
        return range(first, first + count)
    # SQLite: the transaction is the only writer. Keys are never used again, so the counter is asked too.
    rows = fetch(
        f"SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0),"
        f" COALESCE((SELECT MAX({key}) FROM {table}), 0)) + 1",
        [table],
    )
    first = rows[0][0]
    return range(first, first + count)


def next_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Return so many keys for a few rows, without keeping other writers out."""
    if connection.vendor != "postgresql":
        return reserve_keys(model, count)
    table, key = model._meta.db_table, model._meta.pk.column
    rows = fetch("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, count])
    return [row[0] for row in rows]


def insert(model: type[models.Model], columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows given as columns of equal length, of values that the database stores as they are.

    A column that holds nothing but None is left to the table's default, which is null. Raises ValueError for columns of
    unequal length, and what the database refuses as Django raises it.
    """
    with connection.wrap_database_errors:
        _insert(model, columns)


def _insert(model: type[models.Model], columns: Mapping[str, Sequence[Any]]) -> None:
    table = model._meta.db_table
    filled = {name: values for name, values in columns.items() if any(value is not None for value in values)}
    if not filled:
        return
    names = ", ".join(f'"{name}"' for name in filled)
    if connection.vendor == "postgresql":
        if len({len(values) for values in filled.values()}) > 1:
            raise ValueError("columns of unequal length")
        if len(next(iter(filled.values()))) < _MANY_ROWS:
            arrays = ", ".join(f"%s::{_kind(model, name)}[]" for name in filled)
            change(f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays})", [*map(list, filled.values())])
            return
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in zip(*filled.values(), strict=True):
                copy.write_row(row)
        return
    # The driver itself, many rows a statement: four times as fast as Django's way or one row a time. Its fast path
    # takes only plain int, float and str; a truth value or a date would be adapted one by one.
    rows = list(zip(*filled.values(), strict=True))
    whole = len(rows) - len(rows) % _ROWS_A_STATEMENT
    steps = range(0, whole, _ROWS_A_STATEMENT)
    driver = connection.connection
    if whole:
        driver.executemany(
            _insertion(table, names, len(filled), _ROWS_A_STATEMENT),
            (list(chain.from_iterable(rows[start : start + _ROWS_A_STATEMENT])) for start in steps),
        )
    if rest := rows[whole:]:
        driver.execute(_insertion(table, names, len(filled), len(rest)), list(chain.from_iterable(rest)))


def insert_objects(objects: Sequence[models.Model]) -> None:
    """Insert new objects of one model inside the caller's transaction: as bulk_create, without building its SQL anew."""
    if not objects:
        return
    columns: dict[str, list[Any]] = {}
    for field in type(objects[0])._meta.concrete_fields:
        values = [getattr(each, field.attname) for each in objects]
        if not isinstance(field, models.BinaryField):  # those are stored as they are
            values = [field.get_db_prep_save(value, connection) for value in values]
        columns[field.column] = values
    insert(type(objects[0]), columns)


@cache
def _kind(model: type[models.Model], column: str) -> str:
    """Return the type of a column as PostgreSQL calls it, without its length: a cast would cut what is too long."""
    field = next(each for each in model._meta.concrete_fields if each.column == column)
    return str(field.db_type(connection)).partition("(")[0]


@cache
def _insertion(table: str, names: str, columns: int, rows: int) -> str:
    """Return the statement by which SQLite takes so many rows at once."""
    one = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * rows)}"


def given(name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """Return rows of ours as a table that a statement may name in FROM, and its values; `columns` are names and types.

    One statement that joins many rows is one call of the database and one wait, where a statement a row would be many.
    """
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
        return f"unnest({arrays}) AS {name}({', '.join(columns)})", [list(column) for column in zip(*rows, strict=True)]
    return _values(name, tuple(columns), len(rows)), list(chain.from_iterable(rows))


@cache
def _values(name: str, columns: tuple[str, ...], rows: int) -> str:
    one = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(f"column{place} AS {column}" for place, column in enumerate(columns, 1))
    return f"(SELECT {names} FROM (VALUES {', '.join([one] * rows)})) AS {name}"


def among(keys: Collection[int]) -> list[int] | RawSQL:
    """Return keys for a filter (`pk__in=among(keys)`): many as one value, which Django does not look at key by key."""
    if len(keys) <= _FEW_KEYS:
        return list(keys)
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])


def load(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Insert the rows of a frame inside the caller's transaction, however many; its columns are named as the table's.

    A column that holds nothing but null is left to the table's default, which is null.
    """
    frame = frame.select(column for column in frame if column.null_count() < column.len())
    if not frame.height:
        return
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        names = ", ".join(f'"{name}"' for name in frame.columns)
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
            # What is null is nothing, and what is empty is quoted, as the database has it, too.
            rows = io.BytesIO()
            frame.write_csv(rows, include_header=False, quote_style="non_numeric")
            copy.write(rows.getbuffer())
        return
    frame = frame.with_columns(pl.col(pl.Date).cast(pl.String), pl.col(pl.Boolean).cast(pl.Int8))
    # What is the same in all rows is given once a statement.
    same = [column for column in frame if not column.has_nulls() and (column == column[0]).all()]
    each = [column for column in frame if column.name not in {column.name for column in same}] or [same.pop()]
    width, shared = len(each), [column[0] for column in same]
    names = ", ".join(f'"{column.name}"' for column in [*same, *each])
    one = ", ".join([*(f"?{place + 1}" for place in range(len(same))), *"?" * width])
    rows = max(1, _VALUES_A_STATEMENT // width)
    step = rows * width

    def statement(rows: int) -> str:
        return f"INSERT INTO {table} ({names}) VALUES {', '.join([f'({one})'] * rows)}"

    write, many = connection.connection.executemany, statement(rows)
    # Some thousand values at a time, which stay in the processor's memory until the driver has taken them.
    for start in range(0, frame.height, rows * _STATEMENTS_AT_ONCE):
        some = [column.slice(start, rows * _STATEMENTS_AT_ONCE).to_list() for column in each]
        values: list[Any] = [None] * (len(some[0]) * width)
        for place, column in enumerate(some):
            values[place::width] = column
        whole = len(values) - len(values) % step
        write(many, (shared + values[first : first + step] for first in range(0, whole, step)))
        if whole < len(values):
            write(statement((len(values) - whole) // width), [shared + values[whole:]])


def read(query: models.QuerySet, schema: Mapping[str, pl.DataType | type]) -> pl.DataFrame:
    """Return what a query of values finds, however many rows, as a frame with these columns, in any order."""
    return pl.concat([pl.DataFrame(schema=schema), *read_parts(query, schema)])


def read_parts(query: models.QuerySet, schema: Mapping[str, pl.DataType | type]) -> Iterator[pl.DataFrame]:
    """Yield what a query of values finds in parts, each the rows of some thousand keys as it is then, in any order.

    The database joins each column of a part to one text, which is parted again in columns: no object is made for a row.
    """
    is_postgresql = connection.vendor == "postgresql"
    joined, sign = ("string_agg", "chr(30)") if is_postgresql else ("group_concat", "char(30)")
    text = "coalesce(CAST(\"{}\" AS text), '')" if is_postgresql else "ifnull(\"{}\", '')"
    names = ", ".join(f'"{name}"' for name in schema)
    columns = ", ".join(f"{joined}({text.format(name)}, {sign})" for name in schema)
    ends = query.model._base_manager.aggregate(first=models.Min("pk"), last=models.Max("pk"))
    for start in range(ends["first"], ends["last"] + 1, _KEYS_A_TEXT) if ends["last"] else ():
        part = query.order_by().filter(pk__gte=start, pk__lt=start + _KEYS_A_TEXT)
        sql, values = part.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"WITH found ({names}) AS ({sql}) SELECT COUNT(*), {columns} FROM found", values)
            count, *texts = cursor.fetchone()
        parted = [pl.Series([each or ""]).str.split(_SIGN).explode() for each in texts]
        if not count:
            continue
        if all(column.len() == count for column in parted):
            yield pl.DataFrame(
                [
                    column.cast(kind, strict=False).alias(name)
                    for column, (name, kind) in zip(parted, schema.items(), strict=True)
                ]
            )
        else:  # the sign stands in a text, which no file and no form lets through
            yield pl.DataFrame(list(part), schema=schema, orient="row")


@contextmanager
def at_length() -> Iterator[None]:
    """Read and write a mass of rows: the database may keep more of its pages in memory, Python does not look through all
    objects for rings of dead ones again and again, and threads take short turns.
    """
    is_sqlite, collects = connection.vendor == "sqlite", gc.isenabled()
    if is_sqlite:
        connection.ensure_connection()
        plain = connection.connection
        (before,) = plain.execute("PRAGMA cache_size").fetchone()
        plain.execute(f"PRAGMA cache_size = -{_ROOM_KIB}")
    gc.disable()
    turns = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(turns)
        if collects:
            gc.enable()
        if is_sqlite:
            plain.execute(f"PRAGMA cache_size = {before}")
            plain.execute("PRAGMA shrink_memory")


@contextmanager
def filling(model: type[models.Model], *, aside: Sequence[str]) -> Iterator[None]:
    """Fill an empty table inside the caller's transaction. The indexes of the fields `aside`, whose values come in no order,
    are made at the end, by sorting, and what the table refers to is looked up then, in sets. Unique keys stay and hold for
    every row.

    Where SQLite looks up nothing (see unguarded), the fields `aside` are looked up alone; of the others the caller is sure.
    Raises IntegrityError where one leads nowhere. Cut in the middle, all is as it was: both databases take a change of
    their tables back with the transaction.
    """
    table = model._meta.db_table
    fields = [model._meta.get_field(name) for name in aside]
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        references = _references(cursor, table) if is_postgresql else {}
        if is_postgresql:
            # What waits to be looked up is looked up now: a table for which something waits cannot be changed.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        indexes = {
            name: definition
            for name, definition in (_indexes(cursor, table)).items()
            if definition.partition("(")[2].rpartition(")")[0].strip('"') in [field.column for field in fields]
        }
        for name in references:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for definition in indexes.values():
            cursor.execute(definition)
        for name, definition in references.items():
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        if is_postgresql:
            cursor.execute(f"ANALYZE {table}")  # or the planner believes for minutes that it is empty
            return
        for field in fields:
            other = field.related_model._meta
            cursor.execute(
                f'SELECT 1 FROM (SELECT DISTINCT "{field.column}" AS held FROM {table}) AS given WHERE held IS NOT NULL'
                f' AND NOT EXISTS (SELECT 1 FROM {other.db_table} WHERE "{other.pk.column}" = held) LIMIT 1'
            )
            if cursor.fetchone():
                raise IntegrityError(f"{table}.{field.column} leads to a row that is not there")


def _references(cursor: Any, table: str) -> dict[str, str]:
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    return dict(cursor.fetchall())


def _indexes(cursor: Any, table: str) -> dict[str, str]:
    """Return the indexes of a table that keep nothing apart, each with the words that make it."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " WHERE indrelid = %s::regclass AND NOT indisunique",
            [table],
        )
    else:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s"
            ' AND name NOT IN (SELECT name FROM pragma_index_list(%s) WHERE "unique")',
            [table, table],
        )
    return dict(cursor.fetchall())


def unguarded() -> AbstractContextManager[None]:
    """Around the transaction of a first load: SQLite does not look up each row's references one by one (see filling).

    PostgreSQL has nothing to turn off.
    """
    return connection.constraint_checks_disabled()


@contextmanager
def wholesale() -> Iterator[None]:
    """Ask about all rows of large tables inside the caller's transaction, however lately they grew.

    PostgreSQL counts a table a minute after it grew. Until then it takes a full one for an empty one, and would go through it
    once for each row of another: here it may not.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def grew(model: type[models.Model], rows: int) -> None:
    """Let the database count a table that so many rows were just added to, inside the caller's transaction.

    PostgreSQL counts by itself, but up to a minute later. Until then it takes a full table for an empty one: counting the
    coverage of a round that was just issued took it 12 seconds of a processor for 9,000 people. SQLite keeps no such figures.
    """
    if connection.vendor == "postgresql" and rows >= _MANY_ROWS:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def insert_chosen(
    model: type[models.Model], columns: Sequence[str], chosen: models.QuerySet, same: Mapping[str, Any]
) -> int:
    """Insert a row for each row of a query inside the caller's transaction, however many; return how many were new.

    `columns` are those that the query's values fill, `same` has one value for all rows, as the database stores it. A row
    that a unique key knows already is left as it is.
    """
    sql, values = chosen.order_by().query.sql_with_params()
    names = ", ".join(f'"{name}"' for name in [*columns, *same])
    places = ", %s" * len(same)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT chosen.*{places} FROM ({sql}) AS chosen WHERE TRUE"
            " ON CONFLICT DO NOTHING",
            [*same.values(), *(value.value if isinstance(value, Enum) else value for value in values)],
        )
        return cursor.rowcount


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set columns of many rows, each to its own values: every row of `rows` ends with the key."""
    table, key = model._meta.db_table, model._meta.pk.column
    setting = ", ".join(f'"{column}" = %s' for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE {table} SET {setting} WHERE "{key}" = %s', rows)


def update_objects(objects: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of objects that are there, inside the caller's transaction: as bulk_update, without building its SQL."""
    if not objects:
        return
    fields = [objects[0]._meta.get_field(name) for name in names]
    rows = [
        [*(field.get_db_prep_save(getattr(each, field.attname), connection) for field in fields), each.pk]
        for each in objects
    ]
    update(type(objects[0]), [field.column for field in fields], rows)


def delete(model: type[models.Model], keys: Sequence[int]) -> None:
    """Delete rows by key, as many as a statement takes, where the caller knows that nothing rests on them."""
    if not keys:
        return
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM {table} WHERE "{key}" IN ({", ".join(["%s"] * len(keys))})', list(keys))
