"""Bodies outside the agencies begin and end; what goes along with a referral is chosen, and never changes afterwards."""

from django.db import migrations, models

_SAYS = "what was sent to another body never changes"


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        condition, does = "OLD.parts IS DISTINCT FROM NEW.parts", f"EXECUTE FUNCTION records_refuse('{_SAYS}')"
    else:
        condition, does = "OLD.parts IS NOT NEW.parts", f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    schema_editor.execute(
        "CREATE TRIGGER records_casereferral_parts_stay BEFORE UPDATE ON records_casereferral FOR EACH ROW"
        f" WHEN ({condition}) {does}"
    )


def unguard(apps, schema_editor):
    on = " ON records_casereferral" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS records_casereferral_parts_stay{on}")


class Migration(migrations.Migration):
    dependencies = [("records", "0030_case_filters")]

    operations = [
        migrations.AddField(
            "body", "ended_on",
            models.DateField(
                null=True, blank=True, db_comment="from this day on nothing is sent to it any more"
            ),
        ),
        # The kinds of bodies are words of the product; the column does not know them.
        migrations.AlterField(
            "body", "kind",
            models.CharField(
                choices=[
                    ("desk", "Desk"), ("task_force", "Task Force"), ("inspectorate", "Inspectorate"), ("bawaslu", "Bawaslu"),
                    ("kpu", "Kpu"), ("bkn", "Bkn"), ("kasn", "Kasn"), ("kemenpanrb", "Kemenpanrb"),
                    ("kemendagri", "Kemendagri"), ("other", "Other"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            "casereferral", "parts",
            models.JSONField(
                null=True, blank=True, db_comment="keys (hex) of the evidence that goes with it; null: all of it"
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
