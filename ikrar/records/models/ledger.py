"""The log: a 32-byte commitment an act; payload and salt apart from it, so that they can be erased."""

from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import F, Func, Value

from ikrar.records.models.fields import RandomKeyField


class LogEntry(models.Model):
    """One commitment. The key is random and no time stands beside it: the table alone tells neither what nor when.

    Rows are never changed or deleted (triggers refuse). Positions in the tree are given later, elsewhere.
    """

    id = RandomKeyField()
    commitment = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "log entries"

    def __str__(self) -> str:
        return f"entry {self.pk:x}"


class TimeInside(Func):
    """The time that a payload tells, read from its end: canonical JSON closes with `"time":"…","v":1}` (docs/log.md).

    A second is written in 20 characters and ends with Z, a day in 10: bytes of both sort by time.
    """

    output_field = models.BinaryField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = (
            "(CASE WHEN substr(%(expressions)s, -9, 1) = X'5A' THEN substr(%(expressions)s, -28, 20)"
            " ELSE substr(%(expressions)s, -18, 10) END)"
        )
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        end = "octet_length(%(expressions)s)"
        template = (
            f"(CASE WHEN substring(%(expressions)s from {end} - 8 for 1) = decode('5a', 'hex')"
            f" THEN substring(%(expressions)s from {end} - 27 for 20)"
            f" ELSE substring(%(expressions)s from {end} - 17 for 10) END)"
        )
        return self.as_sql(compiler, connection, template=template, **context)


class PlaceOf(Func):
    """Where bytes stand in other bytes, from 1; 0 where they do not."""

    output_field = models.IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        whole, part = self.source_expressions
        turned = self.copy()
        turned.source_expressions = [part, whole]
        return turned.as_sql(compiler, connection, function="instr", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="position(%(expressions)s)", arg_joiner=" in ", **context)


class LogPayloadQuerySet(models.QuerySet):
    """Payloads by what stands in them. The table keeps no order and no time of its own: each of these reads all of it."""

    def newest_first(self):
        return self.annotate(time_inside=TimeInside(F("payload"))).order_by("-time_inside", "pk")

    def of_event(self, event: str):
        sign = f'"event":"{event}","time":"'.encode()
        return self.annotate(sign=PlaceOf(Value(sign, models.BinaryField()), F("payload"))).filter(sign__gt=0)

    def saying(self, words: str):
        """Return those in which these characters stand, written as in canonical JSON."""
        return self.annotate(said=PlaceOf(Value(words.encode(), models.BinaryField()), F("payload"))).filter(said__gt=0)

    def between(self, first: datetime, after: datetime):
        """Return what happened from an instant until before another; a day without its hour counts as its first moment."""
        ends = [each.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode() for each in (first, after)]
        inside = self.annotate(within=TimeInside(F("payload")))
        return inside.filter(within__gte=ends[0], within__lt=ends[1])


class LogPayload(models.Model):
    """What was committed to. It may be erased, never changed (a trigger refuses); the commitment stays valid."""

    entry = models.OneToOneField(LogEntry, models.PROTECT, primary_key=True, related_name="payload")
    salt = models.BinaryField(max_length=32)
    payload = models.BinaryField()

    objects = LogPayloadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"payload {self.pk:x}"
