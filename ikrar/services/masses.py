"""Writing millions of rows inside the caller's transaction, on either database, past the model layer."""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import chain
from typing import Any

from django.db import connection, models

from ikrar.records.kept import change, fetch

_ROWS_A_STATEMENT = 40
# From so many rows on PostgreSQL is quicker by COPY, which takes two more waits.
_MANY_ROWS = 500


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

    A column that holds nothing but None is left to the table's default, which is null.
    """
    table = model._meta.db_table
    filled = {name: values for name, values in columns.items() if any(value is not None for value in values)}
    if not filled:
        return
    names = ", ".join(f'"{name}"' for name in filled)
    if connection.vendor == "postgresql":
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


def delete(model: type[models.Model], keys: Sequence[int]) -> None:
    """Delete rows by key, as many as a statement takes, where the caller knows that nothing rests on them."""
    if not keys:
        return
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM {table} WHERE "{key}" IN ({", ".join(["%s"] * len(keys))})', list(keys))
