"""Nothing of a case file is deleted, and a conflict changes by being lifted alone, in the database itself."""

from django.db import migrations

_LIFTED = ("id", "case_id", "user_id", "person_id", "kind", "why", "at", "by_id")
_NEVER = {
    "records_caseevidence": "evidence of a case is never deleted",
    "records_casenote": "a note in a case is never deleted",
    "records_caseallegation": "an allegation is never deleted: it is struck",
    "records_caseconflict": "a conflict is never deleted: it is lifted",
    "records_caseofficer": "who worked on a case is never deleted: his part in it ends",
}
_CHANGES = "a conflict never changes: it is lifted, once"


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"

    def refuse(name, act, table, says, when=""):
        does = f"EXECUTE FUNCTION records_refuse('{says}')" if postgresql else f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when}{does}")

    differs = "IS DISTINCT FROM" if postgresql else "IS NOT"
    other = " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in _LIFTED)
    lifts_once = f"WHEN (OLD.lifted_at IS NOT NULL OR {other}) "
    refuse("records_caseconflict_no_update", "UPDATE", "records_caseconflict", _CHANGES, lifts_once)
    for table, says in _NEVER.items():
        refuse(f"{table}_no_delete", "DELETE", table, says)
        if not postgresql:
            # REPLACE deletes past the guard of deletion (see 0007b).
            there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
            refuse(f"{table}_no_replace", "INSERT", table, says, there)


def unguard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in _NEVER:
        on = f" ON {table}" if postgresql else ""
        for act in ("no_delete", "no_replace", "no_update"):
            if act != "no_update" or table == "records_caseconflict":
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{act}{on}")


class Migration(migrations.Migration):
    dependencies = [("records", "0033_reply_of_respondent")]

    operations = [migrations.RunPython(guard, unguard)]
