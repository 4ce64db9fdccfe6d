"""What was signed, published, handed in or done stays as it was, in the database itself."""

import importlib

from django.db import migrations

_before = importlib.import_module("ikrar.records.migrations.0002_append_only")

_WORDS = ("kind", "number", "title", "opening", "points", "closing", "digest", "agency_id", "file_id", "issued_on")
_CHANGED = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _WORDS)

# Table, act, extra condition, what the database says.
GUARDS = [
    ("records_circular", "UPDATE", f"OLD.published_at IS NOT NULL AND ({_CHANGED})", "a published circular never changes"),
    ("records_circular", "DELETE", "OLD.published_at IS NOT NULL", "a published circular is never deleted"),
    ("records_witness", "UPDATE", "OLD.signed_at IS NOT NULL", "a signed statement never changes"),
    ("records_witness", "DELETE", "OLD.signed_at IS NOT NULL", "a signed statement is never deleted"),
    ("records_attendance", "DELETE", "", "an attendance is struck out, never deleted"),
    ("records_papersheet", "UPDATE", "", "a printed sheet never changes"),
    ("records_papersheet", "DELETE", "", "a printed sheet is never deleted"),
    ("records_dutydone", "UPDATE", "", "what was done is answered by another line, never changed"),
    ("records_dutydone", "DELETE", "", "what was done is never deleted"),
]


def guard(apps, schema_editor):
    _before.put(schema_editor, GUARDS)


def unguard(apps, schema_editor):
    _before.take_away(schema_editor, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("records", "0008_programme")]
    operations = [migrations.RunPython(guard, unguard)]
