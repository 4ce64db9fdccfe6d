"""What an objection or an appeal decided is recorded as decided, and confirmed by a second one afterwards: once, and no more."""

from django.db import migrations

_DECIDED = (
    "respondent_id", "sanction", "level", "recommended", "departure_reason", "grounds", "way", "drafted_by_id", "unchecked",
    "office_id", "authority", "capacity", "signer_id", "decided_on", "number", "digest",
)
_TABLE, _NAME, _SAYS = "records_casedecision", "records_casedecision_no_update", "what was decided never changes"


def _guard(schema_editor, confirmed):
    postgresql = schema_editor.connection.vendor == "postgresql"
    differs = "IS DISTINCT FROM" if postgresql else "IS NOT"
    other = " OR ".join([*(f'OLD."{name}" {differs} NEW."{name}"' for name in _DECIDED), confirmed.format(differs=differs)])
    does = f"EXECUTE FUNCTION records_refuse('{_SAYS}')" if postgresql else f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {_NAME}{f' ON {_TABLE}' if postgresql else ''}")
    schema_editor.execute(
        f"CREATE TRIGGER {_NAME} BEFORE UPDATE ON {_TABLE} FOR EACH ROW WHEN (OLD.decided_on IS NOT NULL AND ({other})) {does}"
    )


def guard(apps, schema_editor):
    # Only what took the place of another decision is confirmed after it was decided.
    allowed = "OLD.confirmed_by_id IS NULL AND OLD.replaces_id IS NOT NULL"
    _guard(schema_editor, f"(OLD.confirmed_by_id {{differs}} NEW.confirmed_by_id AND NOT ({allowed}))")


def unguard(apps, schema_editor):
    _guard(schema_editor, "OLD.confirmed_by_id {differs} NEW.confirmed_by_id")


class Migration(migrations.Migration):
    dependencies = [("records", "0037_team_elements")]

    operations = [migrations.RunPython(guard, unguard)]
