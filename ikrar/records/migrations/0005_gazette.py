"""Which versions of rules a legal bureau compared with the gazette."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0004_guidance'),
    ]

    operations = [
        migrations.CreateModel(
            name='GazetteCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(db_comment='word of domain.versions.RuleKind', max_length=20)),
                ('rule', models.CharField(db_comment='id in the rulebook', max_length=80)),
                ('from_on', models.DateField(blank=True, db_comment='first day of the version; null where it is not known', null=True)),
                ('digest', models.CharField(db_comment='SHA-256 (hex) of what the version said when it was compared', max_length=64)),
                ('compared_on', models.DateField()),
                ('reference', models.CharField(db_comment='place in the gazette, as the bureau writes it; public', max_length=200)),
                ('note', models.CharField(blank=True, db_comment='public', max_length=500)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, db_comment='withdrawn, or replaced by a later comparison', null=True)),
                ('ended_reason', models.CharField(blank=True, max_length=300)),
                ('agency', models.ForeignKey(db_comment='whose legal bureau', on_delete=django.db.models.deletion.PROTECT, related_name='gazette_checks', to='records.agency')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gazette_checks', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gazette_checks_ended', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-recorded_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('kind', 'rule', 'from_on'), name='gazette_check_once'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('from_on', None)), fields=('kind', 'rule'), name='gazette_check_once_without_day'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_by__isnull', False), _connector='OR'), name='gazette_check_ended_by_somebody')],
            },
        ),
    ]
