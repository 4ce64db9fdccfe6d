"""Evidence and log are append-only in the database itself, on SQLite and PostgreSQL alike."""

from django.db import migrations

# Table, act, extra condition, what the database says.
GUARDS = [
    ("records_logentry", "UPDATE", "", "a log entry never changes"),
    ("records_logentry", "DELETE", "", "a log entry is never deleted"),
    ("records_logpayload", "UPDATE", "", "a log payload may be erased, never changed"),
    ("records_pactversion", "UPDATE", "", "a published text never changes"),
    ("records_pactversion", "DELETE", "", "a published text is never deleted"),
    ("records_signature", "UPDATE", "", "a signature never changes"),
    ("records_signature", "DELETE", "", "a signature is never deleted"),
    ("records_signaturecontest", "UPDATE", "", "a contest never changes"),
    ("records_signaturecontest", "DELETE", "", "a contest is never deleted"),
    ("records_credentialevent", "UPDATE", "", "a credential event never changes"),
    ("records_credentialevent", "DELETE", "", "a credential event is never deleted"),
    ("records_installation", "UPDATE", "OLD.is_demo IS DISTINCT FROM NEW.is_demo", "a demo stays a demo"),
    ("records_installation", "DELETE", "", "an installation is not deleted"),
]


def put(schema_editor, guards):
    """Make a trigger for each guard; the conditions are written as PostgreSQL writes them."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '%%', TG_ARGV[0]; END $$",
            params=[],
        )
    for table, act, condition, says in guards:
        name = f"{table}_no_{act.lower()}"
        if postgresql:
            when = f"WHEN ({condition}) " if condition else ""
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when}"
                f"EXECUTE FUNCTION records_refuse('{says}')"
            )
        else:
            when = f"WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')} " if condition else ""
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when}"
                f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )


def take_away(schema_editor, guards):
    """Drop what `put` made."""
    for table, act, _, _ in guards:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act.lower()}{on}")


def guard(apps, schema_editor):
    put(schema_editor, GUARDS)


def unguard(apps, schema_editor):
    take_away(schema_editor, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
