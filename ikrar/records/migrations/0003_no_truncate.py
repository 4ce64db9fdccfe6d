"""PostgreSQL can empty a table in one stroke, past the guards of its rows: that stroke has a guard of its own."""

from django.db import migrations

TABLES = {
    "records_logentry": "log entries are never deleted",
    "records_pactversion": "published texts are never deleted",
    "records_signature": "signatures are never deleted",
    "records_signaturecontest": "contests are never deleted",
    "records_credentialevent": "credential events are never deleted",
    "records_installation": "an installation is not deleted",
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, says in TABLES.items():
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION records_refuse('{says}')"
        )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}")


class Migration(migrations.Migration):
    dependencies = [("records", "0002_append_only")]
    operations = [migrations.RunPython(guard, unguard)]
