"""Fields that SQLite and PostgreSQL must hold in the same way."""

import secrets
from typing import Any

from django.db import models


def random_key() -> int:
    """Return 63 random bits: a key that tells nothing about order."""
    return secrets.randbits(63)


class RandomKeyField(models.BigAutoField):
    """A primary key of 63 random bits, given by us. On SQLite it is the rowid itself, so that no hidden order is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["primary_key"] = True
        kwargs["default"] = random_key
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        # To a migration it is an ordinary key: where its values come from is no matter of the table.
        name, _path, args, _kwargs = super().deconstruct()
        return name, "django.db.models.BigAutoField", args, {"primary_key": True, "serialize": False}
