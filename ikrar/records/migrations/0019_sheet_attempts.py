"""Who owes a pact again signs another sheet: one that was read already is used up."""

import importlib

from django.db import migrations, models

_sheets = importlib.import_module("ikrar.records.migrations.0011_ceremonies")


class Migration(migrations.Migration):
    dependencies = [("records", "0018_activity_called_on")]

    operations = [
        migrations.RunPython(_sheets.unguard, _sheets.guard),
        migrations.RemoveConstraint(model_name="papersheet", name="paper_sheet_once_a_version"),
        migrations.AddField(
            model_name="papersheet",
            name="attempt",
            field=models.PositiveSmallIntegerField(
                db_comment="how many sheets of this person and text were signed and confirmed before", default=0
            ),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.UniqueConstraint(
                fields=("obligation", "version", "attempt"), name="paper_sheet_once_an_attempt"
            ),
        ),
        migrations.RunPython(_sheets.guard, _sheets.unguard),
    ]
