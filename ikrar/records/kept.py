"""Queries that pages ask thousands of times a minute: their SQL is built once and kept.

PostgreSQL would plan each anew, which takes ten times as long as answering it: there they are prepared, once a connection.
"""

from abc import ABC, abstractmethod
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections
from django.db.models import QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

# Stand-ins for the values of a query: they show where each value goes, and no real value is like them.
_STAND_INS = (2_147_483_001, 2_147_483_002, 2_147_483_003)
_MOMENT = datetime(1, 1, 1, 0, 0, 7, tzinfo=UTC)
_DAY = date(1, 1, 8)


@cache
def native(sql: str) -> str:
    """Return SQL as SQLite's own driver takes it; Django would translate it at every call."""
    return sql.replace("%s", "?").replace("%%", "%")


def fetch(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a query of ours (`%s` for each value, which the database stores as it is) and return all its rows."""
    here = connections[DEFAULT_DB_ALIAS]  # looked up once: a proxy would look for this thread's own at every word
    if here.vendor == "sqlite":
        here.ensure_connection()
        with here.wrap_database_errors:
            return here.connection.execute(native(sql), values).fetchall()
    try:
        with _prepared(here, sql, values) as cursor:
            return cursor.fetchall()
    except (OperationalError, InterfaceError):
        if here.in_atomic_block or here.is_usable():
            raise
        here.close()  # the server was started anew since this connection was opened
        with _prepared(here, sql, values) as cursor:
            return cursor.fetchall()


def change(sql: str, values: Sequence[Any]) -> int:
    """Run a change of ours (see fetch) in the caller's transaction and return how many rows it touched."""
    here = connections[DEFAULT_DB_ALIAS]
    if here.vendor == "sqlite":
        here.ensure_connection()
        with here.wrap_database_errors:
            return here.connection.execute(native(sql), values).rowcount
    with _prepared(here, sql, values) as cursor:
        return cursor.rowcount


@contextmanager
def _prepared(here: Any, sql: str, values: Sequence[Any]) -> Iterator[Any]:
    """Ask PostgreSQL by a statement that this connection keeps prepared; Django's own cursor writes values into the SQL."""
    here.ensure_connection()
    with here.wrap_database_errors, here.Database.Cursor(here.connection) as cursor:
        yield cursor.execute(sql, values, prepare=True)


class _Kept(ABC):
    """A query with named parameters; building its SQL costs more than the database takes to answer it.

    `build` gets one stand-in for each of `names` (an instant for a name that ends in `_at`, a day for one in `_on`, text for
    one in `text`, else a whole number) and returns a queryset.
    """

    def __init__(self, build: Callable[..., QuerySet], *names: str, text: tuple[str, ...] = ()) -> None:
        self.build = build
        self.names = names
        self.text = text
        self._sql = ""

    def _prepare(self) -> None:
        stand_ins: dict[str, Any] = {}
        for index, name in enumerate(self.names):
            stand_ins[name] = self._stand_in(name, _STAND_INS[index])
        queryset = self.build(**stand_ins)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        adapted = {_adapt(value): name for name, value in stand_ins.items()}
        if len(adapted) != len(stand_ins):
            raise ValueError("one instant and one day a query")
        self._places = [(adapted.get(value), value) for value in parameters]
        selected = [column[0] for column in compiler.select[: compiler.col_count]]
        self._converters = list(compiler.get_converters(selected).items())
        self._holds_rows = queryset.query.select_for_update
        self._shape(queryset, compiler)
        self._sql = sql

    def _stand_in(self, name: str, plain: int) -> Any:
        if name.endswith("_at"):
            return _MOMENT
        if name.endswith("_on"):
            return _DAY
        return f"stand-in-{plain}" if name in self.text else plain

    @abstractmethod
    def _shape(self, queryset: QuerySet, compiler: Any) -> None:
        """Keep what rows are made of."""

    def _found(self, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Ask with these values and return rows as Python has them."""
        if not self._sql:
            self._prepare()
        if self._holds_rows and not connection.in_atomic_block:
            raise TransactionManagementError("rows are held in a transaction alone")  # Django says so only once
        given = {name: _adapt(value) for name, value in values.items()}
        if any(isinstance(value, int) and abs(value) >= 2**63 for value in given.values()):
            return []  # no key is that large, and a database cannot even be asked
        found = fetch(self._sql, [constant if name is None else given[name] for name, constant in self._places])
        return [self._converted(row) for row in found] if self._converters else found

    def _converted(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for place, (convert, expression) in self._converters:
            for each in convert:
                values[place] = each(values[place], expression, connection)
        return values


class KeptQuery(_Kept):
    """A kept query of values (see _Kept); `build` returns one with `values_list`.

    Rows are named by its fields, `unit__agency` as `unit_agency`.
    """

    def _shape(self, queryset: QuerySet, compiler: Any) -> None:
        names = [name.replace("__", "_") for name in queryset.query.selected]
        self._row = namedtuple("Row", names, rename=True)

    def rows(self, **values: Any) -> list[Any]:
        """Ask with these values and return named rows."""
        found = self._found(values)  # which prepares the row when it is asked first
        return list(map(self._row._make, found))

    def first(self, **values: Any) -> Any:
        """Ask and return the first row, or None."""
        found = self.rows(**values)
        return found[0] if found else None


class KeptObjects(_Kept):
    """A kept query of objects (see _Kept), with those that `select_related` names; also one that holds its rows.

    Raises ValueError for annotations and prefetches, which it would lose, and TransactionManagementError outside a transaction
    for one that holds its rows.
    """

    def _shape(self, queryset: QuerySet, compiler: Any) -> None:
        if compiler.annotation_col_map or queryset._prefetch_related_lookups:
            raise ValueError("objects alone are kept, and what stands beside them")
        self._model = compiler.klass_info["model"]
        fields = compiler.klass_info["select_fields"]
        self._first, self._last = fields[0], fields[-1] + 1
        self._names = [column[0].target.attname for column in compiler.select[self._first : self._last]]
        self._related = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)

    def rows(self, **values: Any) -> list[Any]:
        """Ask with these values and return the objects."""
        objects, found = [], self._found(values)
        for row in found:
            made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._first : self._last])
            for related in self._related:
                related.populate(row, made)
            objects.append(made)
        return objects

    def first(self, **values: Any) -> Any:
        """Ask and return the first object, or None."""
        found = self.rows(**values)
        return found[0] if found else None


def _adapt(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
