"""Minutes that were made final stay as they are, in the database itself."""

import importlib

from django.db import migrations

_before = importlib.import_module("ikrar.records.migrations.0002_append_only")

_WORDS = ("minutes", "minutes_number", "minutes_at", "points", "on", "title")
_CHANGED = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in _WORDS)

# Table, act, extra condition, what the database says.
GUARDS = [
    ("records_activity", "UPDATE", f"OLD.minutes_at IS NOT NULL AND ({_CHANGED})", "final minutes never change"),
    ("records_activity", "DELETE", "OLD.minutes_at IS NOT NULL", "final minutes are never deleted"),
]


def guard(apps, schema_editor):
    _before.put(schema_editor, GUARDS)


def unguard(apps, schema_editor):
    _before.take_away(schema_editor, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("records", "0013_duties")]
    operations = [migrations.RunPython(guard, unguard)]
