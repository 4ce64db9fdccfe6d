"""The place of a step within its case: steps of one moment stood in a random order.

The column is added by hand: Django would make SQLite's table anew, and lose the guards that let no step change or go.
"""

from itertools import groupby

from django.db import migrations, models

_SAYS = "what was done in a case never changes"
_FIRST = {"opened": 0, "respondent_added": 1}
_AT_ONCE = 5000


def add(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    kind = "integer" if postgresql else "integer unsigned"
    schema_editor.execute(
        f'ALTER TABLE records_casestep ADD COLUMN "serial" {kind} DEFAULT 0 NOT NULL CHECK ("serial" >= 0)'
    )
    if postgresql:
        schema_editor.execute(f"COMMENT ON COLUMN records_casestep.\"serial\" IS '{_COMMENT}'")
    schema_editor.execute("DROP TRIGGER records_casestep_no_update" + (" ON records_casestep" if postgresql else ""))
    _number(schema_editor.connection)
    does = f"EXECUTE FUNCTION records_refuse('{_SAYS}')" if postgresql else f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    schema_editor.execute(
        f"CREATE TRIGGER records_casestep_no_update BEFORE UPDATE ON records_casestep FOR EACH ROW {does}"
    )


def drop(apps, schema_editor):
    schema_editor.execute('ALTER TABLE records_casestep DROP COLUMN "serial"')


def _number(connection):
    """Number the steps of every case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, case_id, respondent_id, step, from_state, to_state, at FROM records_casestep ORDER BY case_id, at, id"
        )
        rows = cursor.fetchall()
        given = []
        for _case, of_case in groupby(rows, key=lambda row: row[1]):
            stands, ordered = {}, []
            for _at, together in groupby(of_case, key=lambda row: row[6]):
                ordered += in_order([row[:6] for row in together], stands)
            given += [(serial, row[0]) for serial, row in enumerate(ordered, start=1)]
        for start in range(0, len(given), _AT_ONCE):
            cursor.executemany("UPDATE records_casestep SET serial = %s WHERE id = %s", given[start : start + _AT_ONCE])


def in_order(rows, stands):
    """Return steps of one moment (id, case, respondent, step, from, to) in the order in which each leads to the next.

    `stands`: the state of each respondent before them, and after them when it returns. Where the states say nothing, a step keeps its place.
    """
    left, ordered = list(rows), []
    while left:
        arrived = {(row[2], row[5]) for row in left if row[5] != row[4]}
        begun = {(row[2], row[4]) for row in left if row[5] != row[4]}

        def place(row):
            _id, _case, respondent, step, was, to = row
            if step in _FIRST:
                return (0, _FIRST[step])
            if not to:
                return (1, 0)  # it moves nobody
            follows = stands[respondent] == was if respondent in stands else (respondent, was) not in arrived
            leads_on = to == was or (respondent, to) in begun
            return (2 if follows else 3, 0 if to == was else 1 if leads_on else 2)

        row = min(left, key=place)
        left.remove(row)
        ordered.append(row)
        if row[5]:
            stands[row[2]] = row[5]
    return ordered


_COMMENT = "its place within its case, of those of one moment; 0: a step of the night"


class Migration(migrations.Migration):
    dependencies = [("records", "0035_case_targets")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="casestep",
                    name="serial",
                    field=models.PositiveIntegerField(db_comment=_COMMENT, db_default=0, default=0),
                ),
            ],
            database_operations=[migrations.RunPython(add, drop)],
        ),
    ]
