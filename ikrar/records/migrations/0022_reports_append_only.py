"""What was filed, what was done with it, and who may open it are written once, in the database itself.

Reports are erased by rule, so that their rows may be deleted; a key set that came into force never is.
"""

from django.db import migrations

# Table, act, extra condition, what the database says.
GUARDS = [
    ("records_reportact", "UPDATE", "", "what was done with a report never changes"),
    ("records_reportpart", "UPDATE", "", "what was filed never changes"),
    ("records_reportenvelope", "UPDATE", "", "an envelope never changes"),
    (
        "records_keyset",
        "UPDATE",
        "OLD.serial IS NOT NULL AND (OLD.serial IS DISTINCT FROM NEW.serial OR OLD.document IS DISTINCT FROM NEW.document)",
        "a key set in force never changes",
    ),
    ("records_keyset", "DELETE", "OLD.serial IS NOT NULL", "a key set in force is never deleted"),
]


def put(schema_editor, guards):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, act, condition, says in guards:
        name = f"{table}_no_{act.lower()}"
        when = f"WHEN ({condition}) " if condition else ""
        if postgresql:
            does = f"EXECUTE FUNCTION records_refuse('{says}')"
        else:
            when = when.replace("IS DISTINCT FROM", "IS NOT")
            does = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when}{does}")


def guard(apps, schema_editor):
    put(schema_editor, GUARDS)


def unguard(apps, schema_editor):
    for table, act, _, _ in GUARDS:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act.lower()}{on}")


class Migration(migrations.Migration):
    dependencies = [("records", "0021_key_set_entry")]
    operations = [migrations.RunPython(guard, unguard)]
