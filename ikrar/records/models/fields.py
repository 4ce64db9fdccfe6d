"""Fields that SQLite and PostgreSQL must hold in the same way."""

import secrets
from typing import Any

from django.db import models


def random_key() -> int:
    """Return 63 random bits: a key that tells nothing about order."""
    return secrets.randbits(63)


class RandomKeyField(models.BigIntegerField):
    """A primary key of 63 random bits. On SQLite it is the rowid itself, so that no hidden order is kept beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["primary_key"] = True
        kwargs["default"] = random_key
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for given in ("primary_key", "default", "editable"):
            kwargs.pop(given, None)
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:
        return "integer" if connection.vendor == "sqlite" else "bigint"
