"""Each member of a team is named for the element of it that he stands for: the superior, oversight, personnel."""

from django.db import migrations, models

_SAYS = "who worked on a case is never deleted: his part in it ends"


def guard(apps, schema_editor):
    """Set up again what SQLite loses where it makes a table anew (see 0034)."""
    if schema_editor.connection.vendor == "postgresql":
        return
    there = "WHEN EXISTS (SELECT 1 FROM records_caseofficer WHERE id = NEW.id) "
    for name, act, when in (("no_delete", "DELETE", ""), ("no_replace", "INSERT", there)):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS records_caseofficer_{name}")
        schema_editor.execute(
            f"CREATE TRIGGER records_caseofficer_{name} BEFORE {act} ON records_caseofficer FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
        )


class Migration(migrations.Migration):
    dependencies = [("records", "0036_step_serial")]

    operations = [
        migrations.AddField(
            "caseofficer", "element",
            models.CharField(
                blank=True, choices=[("superior", "Superior"), ("oversight", "Oversight"), ("personnel", "Personnel")],
                db_comment="what a member of a team stands for in it", default="", max_length=9,
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]  # fmt: skip
