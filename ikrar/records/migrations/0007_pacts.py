"""Papers that a worker makes, and whom each reminder reached."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0005_gazette'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('slips', 'Slips'), ('certificates', 'Certificates')], max_length=12)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('ready', 'Ready'), ('failed', 'Failed'), ('gone', 'Gone')], default='waiting', max_length=8)),
                ('wanted', models.JSONField(db_comment='keys of placements or signatures, in the order of the paper')),
                ('people', models.PositiveIntegerField(db_comment='how many are wanted')),
                ('done', models.PositiveIntegerField(default=0)),
                ('folder', models.CharField(db_comment="below papers/ in the installation's folder", max_length=40)),
                ('parts', models.JSONField(db_comment='names of the files that are made', default=list)),
                ('archive', models.CharField(blank=True, db_comment='the one file that is fetched; empty: none yet', max_length=40)),
                ('ordered_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(blank=True, null=True)),
                ('fetched_at', models.DateTimeField(blank=True, db_comment='first time it went out whole', null=True)),
                ('keep_until', models.DateTimeField(blank=True, db_comment='then the tick deletes the files', null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_orders', to=settings.AUTH_USER_MODEL)),
                ('pact_round', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.pactround')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.workunit')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Reminded',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.person')),
                ('reminder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reached', to='records.reminder')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('reminder', 'person'), name='reminded_once_a_reminder')],
            },
        ),
    ]
