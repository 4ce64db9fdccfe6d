"""Targets that an operator set: rows are only added."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


_SAYS = "a target that was set is never changed: another one follows it"
_GUARDS = {
    "no_update": "UPDATE",
    "no_delete": "DELETE",
}


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    does = f"EXECUTE FUNCTION records_refuse('{_SAYS}')" if postgresql else f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    for name, act in _GUARDS.items():
        schema_editor.execute(
            f"CREATE TRIGGER records_casetarget_{name} BEFORE {act} ON records_casetarget FOR EACH ROW {does}"
        )
    if not postgresql:
        # REPLACE deletes past the guard of deletion (see 0007b).
        there = "WHEN EXISTS (SELECT 1 FROM records_casetarget WHERE id = NEW.id) "
        schema_editor.execute(
            f"CREATE TRIGGER records_casetarget_no_replace BEFORE INSERT ON records_casetarget FOR EACH ROW {there}{does}"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0034_case_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(db_comment='id of the target', max_length=60)),
                ('version', models.PositiveSmallIntegerField(db_comment='1, 2 …: of two changes at once one is refused')),
                ('days', models.PositiveSmallIntegerField(db_comment='its last day')),
                ('warn_days', models.PositiveSmallIntegerField(db_comment='its owner is warned then')),
                ('long_days', models.PositiveSmallIntegerField(db_comment='it is long overdue then')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('target', 'version'), name='case_target_version'), models.CheckConstraint(condition=models.Q(('days__gt', models.F('warn_days')), ('long_days__gt', models.F('days')), ('warn_days__gt', 0)), name='case_target_in_order')],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
