"""The words of a decision are kept as they were decided, with what was proposed, and never change afterwards."""

import django.db.models.deletion
from django.db import migrations, models

_KEPT = ("text", "recommended_step_id", "proposed_step_id", "signer_name")
_SAYS = "what was decided never changes"


def _other(word):
    return " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in _KEPT)


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        other, does = _other("IS DISTINCT FROM"), f"EXECUTE FUNCTION records_refuse('{_SAYS}')"
    else:
        other, does = _other("IS NOT"), f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    schema_editor.execute(
        "CREATE TRIGGER records_casedecision_words_stay BEFORE UPDATE ON records_casedecision FOR EACH ROW"
        f" WHEN (OLD.decided_on IS NOT NULL AND ({other})) {does}"
    )


def unguard(apps, schema_editor):
    on = " ON records_casedecision" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS records_casedecision_words_stay{on}")


class Migration(migrations.Migration):
    dependencies = [("records", "0031_watching")]

    # All may be null: SQLite would make the table anew for one that may not, and lose the guards of it.
    operations = [
        migrations.AddField(
            "casedecision", "proposed_step",
            models.ForeignKey(
                null=True, blank=True, db_comment="what its own examiners proposed", related_name="+",
                on_delete=django.db.models.deletion.PROTECT, to="records.casestep",
            ),
        ),
        migrations.AddField(
            "casedecision", "signer_name",
            models.CharField(
                max_length=120, null=True, blank=True,
                db_comment="of whoever signed in an office that is none of this installation",
            ),
        ),
        migrations.AddField(
            "casedecision", "text",
            models.JSONField(
                null=True, blank=True,
                db_comment="the words as they were decided; null: a draft, or decided before words were kept",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
