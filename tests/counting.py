"""Queries that go past Django's cursor (see ikrar.records.kept and ikrar.services.masses), seen by whoever counts queries."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from ikrar.records import kept
from ikrar.services import masses

# Of rows that are written at once one statement is counted, however many the driver makes of them.
_UNSEEN = ((kept, "fetch"), (kept, "change"), (masses, "insert"), (masses, "load"))


def count_what_is_kept() -> None:
    """From now on put those queries, too, where CaptureQueriesContext and the fixtures upon it look for them."""
    for home, name in _UNSEEN:
        plain = getattr(home, name)
        seen = _seen(plain)
        for module in list(sys.modules.values()):
            # Others hold them by name.
            if getattr(module, "__name__", "").startswith("ikrar.") and vars(module).get(name) is plain:
                setattr(module, name, seen)


def _seen(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def seen(what: Any, *given: Any, **named: Any) -> Any:
        here = connections[DEFAULT_DB_ALIAS]
        before = len(here.queries_log)
        answer = run(what, *given, **named)
        if here.queries_logged and len(here.queries_log) == before:
            sql = what if isinstance(what, str) else f"INSERT INTO {what._meta.db_table}"
            here.queries_log.append({"sql": sql, "time": "0.000"})
        return answer

    return seen
