"""To whom a report was handed over, and by which letter, stands in the act: new columns, empty in acts of before."""

from django.db import migrations, models

_SAYS = "what was done with a report never changes"


def guard(apps, schema_editor):
    """Set up again what SQLite loses where it makes a table anew (see 0022)."""
    if schema_editor.connection.vendor == "postgresql":
        return
    schema_editor.execute("DROP TRIGGER IF EXISTS records_reportact_no_update")
    schema_editor.execute(
        "CREATE TRIGGER records_reportact_no_update BEFORE UPDATE ON records_reportact FOR EACH ROW "
        f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0038_confirmed_outcome")]

    operations = [
        migrations.AddField(
            "reportact",
            "handed_to",
            models.CharField(
                blank=True, default="", db_comment="name of the body that a report was handed to", max_length=200
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "reportact",
            "letter",
            models.CharField(
                blank=True, default="", db_comment="number of the letter by which it was handed over", max_length=80
            ),
            preserve_default=False,
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
