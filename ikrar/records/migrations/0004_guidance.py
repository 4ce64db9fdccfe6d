"""Guidance: receipts of answers, questions to offices, written opinions; receipts and opinions are append-only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Table, act, what the database says.
GUARDS = [
    ("records_answerreceipt", "UPDATE", "a receipt never changes"),
    ("records_answerreceipt", "DELETE", "a receipt is never deleted"),
    ("records_opinion", "UPDATE", "an opinion never changes"),
    ("records_opinion", "DELETE", "an opinion is never deleted"),
]


def guard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, act, says in GUARDS:
        name = f"{table}_no_{act.lower()}"
        if postgresql:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION records_refuse('{says}')"
            )
            if act == "DELETE":
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
                    f"EXECUTE FUNCTION records_refuse('{says}')"
                )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )


def unguard(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, act, _ in GUARDS:
        on = f" ON {table}" if postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act.lower()}{on}")
        if postgresql and act == "DELETE":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_truncate{on}")


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_no_truncate'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerReceipt',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.CharField(db_comment='random, public', max_length=16, unique=True)),
                ('asked', models.JSONField(db_comment='domain.receipts.Asked: activities, circumstances, classes, region, day')),
                ('answered', models.JSONField(db_comment='domain.receipts.Answered')),
                ('verdict', models.CharField(db_comment='domain.activities.Verdict', max_length=11)),
                ('rulebook_digest', models.CharField(db_comment='of the rulebook that answered', max_length=64)),
                ('made_on', models.DateField(db_comment="the programme's local day")),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.logentry')),
            ],
        ),
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_digest', models.CharField(db_comment="SHA-256 (hex) of the asker's code", max_length=64, unique=True)),
                ('asked', models.JSONField(db_comment='domain.receipts.Asked')),
                ('answered', models.JSONField(db_comment='domain.receipts.Answered: what the rulebook had answered')),
                ('text', models.TextField(db_comment='as the asker wrote it; read by the office alone')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('answered', 'Answered')], default='waiting', max_length=8)),
                ('asked_on', models.DateField(db_comment="the programme's local day; no hour is kept")),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='records.agency')),
                ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='records.body')),
            ],
            options={
                'verbose_name_plural': 'inquiries',
                'ordering': ['asked_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(db_comment='domain.activities.Verdict', max_length=11)),
                ('facts', models.TextField(db_comment='what the office took to be so')),
                ('text', models.TextField()),
                ('cites', models.JSONField(db_comment="as they are cited, with the source's id")),
                ('rules', models.JSONField(db_comment='what it rests on: kind:id of a rule to the digest of its version (domain.versions)')),
                ('rulebook_digest', models.CharField(max_length=64)),
                ('valid_until', models.DateField(db_comment='last day on which the office stands by it')),
                ('given_on', models.DateField(db_comment="the programme's local day")),
                ('given_at', models.DateTimeField()),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to=settings.AUTH_USER_MODEL)),
                ('inquiry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='opinion', to='records.inquiry')),
            ],
        ),
        migrations.CreateModel(
            name='PublishedOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.TextField()),
                ('facts', models.TextField()),
                ('text', models.TextField()),
                ('activities', models.JSONField(db_comment='ids in the rulebook')),
                ('published_on', models.DateField()),
                ('withdrawn_on', models.DateField(blank=True, null=True)),
                ('opinion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='published', to='records.opinion')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-published_on', '-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['asked_on'], name='inquiry_waiting'),
        ),
        migrations.AddConstraint(
            model_name='inquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agency', None), ('body__isnull', False)), models.Q(('agency__isnull', False), ('body', None)), _connector='OR'), name='inquiry_to_one_office'),
        ),
        migrations.AddConstraint(
            model_name='publishedopinion',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_on', None)), fields=('opinion',), name='published_opinion_once'),
        ),
        migrations.RunPython(guard, unguard),
    ]
