"""Whose reply a piece of evidence is, and who reads a note; an index that nothing read is gone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # What is added may be null: SQLite adds such a column in place, and the guards of both tables stay.
    dependencies = [("records", "0032_decision_text")]

    operations = [
        migrations.AddField(
            "caseevidence", "respondent",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replies",
                to="records.caserespondent", db_comment="whose reply it is; null: it is none",
            ),
        ),
        migrations.AddField(
            "casenote", "body",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.body",
                db_comment="whose officer wrote it, and who reads it",
            ),
        ),
        migrations.AddField(
            "casenote", "agency",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.agency",
                db_comment="the same, where it was no body's",
            ),
        ),
        migrations.RemoveIndex("caserespondent", "respondent_board_late"),
    ]
