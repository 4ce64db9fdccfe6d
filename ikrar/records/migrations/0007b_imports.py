"""Sheets of a workbook, undoing as work that takes its time, an index of superiors that SQLite uses; and evidence that is
not replaced: REPLACE deletes past the guards of deletion, unless a connection asks for recursive triggers.
"""

from django.db import migrations, models

# Table, and the keys by which a row of it could be replaced.
KEYS = {
    "records_logentry": [("id",)],
    "records_logpayload": [("entry_id",)],
    "records_pactversion": [("id",), ("pact_round_id", "number")],
    "records_signature": [("id",), ("code",), ("obligation_id", "version_id", "attempt")],
    "records_signaturecontest": [("id",), ("signature_id",)],
    "records_credentialevent": [("id",)],
    "records_installation": [("id",)],
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for table, keys in KEYS.items():
        same = [" AND ".join(f"{name} = NEW.{name}" for name in key) for key in keys]
        there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {each})" for each in same)
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} FOR EACH ROW WHEN {there} "
            f"BEGIN SELECT RAISE(ABORT, 'evidence is never replaced'); END"
        )


def unguard(apps, schema_editor):
    for table in KEYS if schema_editor.connection.vendor == "sqlite" else ():
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_replace")


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0007_pacts'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='placement',
            name='placement_superior_given',
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(condition=models.Q(('superior__isnull', False)), fields=['superior'], name='placement_superior_given'),
        ),
        migrations.AddField(
            model_name='rosterimport',
            name='sheets',
            field=models.JSONField(blank=True, db_comment='list of {name, why, group, read}: the sheets of a workbook; else empty', default=list),
        ),
        migrations.AlterField(
            model_name='rosterimport',
            name='state',
            field=models.CharField(choices=[('received', 'Received'), ('reading', 'Reading'), ('previewed', 'Previewed'), ('applying', 'Applying'), ('applied', 'Applied'), ('undoing', 'Undoing'), ('failed', 'Failed'), ('undone', 'Undone'), ('dropped', 'Dropped')], default='received', max_length=10),
        ),
        migrations.RunPython(guard, unguard),
    ]
