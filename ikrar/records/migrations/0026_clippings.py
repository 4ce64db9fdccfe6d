"""Clippings and what became of them. Both are written once; they may be deleted, since they are kept for a time only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARDS = {
    "records_clipping": "a clipping never changes",
    "records_clippingoutcome": "what became of a clipping never changes",
}


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, says in GUARDS.items():
        does = f"EXECUTE FUNCTION records_refuse('{says}')" if postgresql else f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        schema_editor.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {does}")


def unguard(apps, schema_editor):
    for table in GUARDS:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update{on}")


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0025_registered'),
    ]

    operations = [
        migrations.CreateModel(
            name='Clipping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, db_comment='as pasted; public when it was')),
                ('address', models.CharField(blank=True, db_comment='of the page, as pasted', max_length=2000)),
                ('digest', models.CharField(db_comment='SHA-256 (hex) of the text; without one, of the address', max_length=64)),
                ('seen_at', models.DateTimeField(blank=True, db_comment='UTC; when it was seen, as its officer says', null=True)),
                ('pasted_at', models.DateTimeField(db_comment='UTC; when it reached us')),
                ('pasted_on', models.DateField(db_comment="the programme's local day of that")),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clippings', to='records.agency')),
                ('body', models.ForeignKey(blank=True, db_comment="whose it is, where it is not an agency's", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clippings', to='records.body')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ClippingOutcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('activity', 'Activity'), ('circular', 'Circular'), ('initial_information', 'Initial Information'), ('kept', 'Kept'), ('discarded', 'Discarded')], max_length=20)),
                ('facts', models.JSONField(db_comment='kind, value and words of what was ticked; no persons', default=list)),
                ('note', models.CharField(blank=True, db_comment='why it was kept or discarded', max_length=500)),
                ('made', models.BigIntegerField(blank=True, db_comment='key of the activity or circular; a draft may be gone since', null=True)),
                ('at', models.DateTimeField(db_comment='UTC; null where it went to a sealed entry: only the day is kept', null=True)),
                ('on', models.DateField(db_comment="the programme's local day of that")),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clipping', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='records.clipping')),
                ('units', models.ManyToManyField(db_table='records_clipping_about', related_name='+', to='records.workunit')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='clipping',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agency', None), ('body__isnull', False)), models.Q(('agency__isnull', False), ('body', None)), _connector='OR'), name='clipping_one_keeper'),
        ),
        migrations.AddConstraint(
            model_name='clipping',
            constraint=models.UniqueConstraint(condition=models.Q(('body', None)), fields=('agency', 'digest'), name='clipping_once_an_agency'),
        ),
        migrations.AddConstraint(
            model_name='clipping',
            constraint=models.UniqueConstraint(condition=models.Q(('agency', None)), fields=('body', 'digest'), name='clipping_once_a_body'),
        ),
        migrations.RunPython(guard, unguard),
    ]
