"""Lines and words of the board of cases; the night makes those of cases that are there already."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', "0028_secret_unopened"),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reader', models.CharField(db_comment='whom it reaches: body:, agency: with the key, or all', max_length=24)),
                ('state', models.CharField(max_length=40)),
                ('ended', models.PositiveSmallIntegerField(db_comment='1: they stand in an end; a number, since SQLite finds no truth by an index')),
                ('track', models.CharField(max_length=12)),
                ('number', models.CharField(blank=True, db_comment="of the body's register", max_length=60)),
                ('opened_on', models.DateField()),
                ('owner', models.CharField(blank=True, db_comment='role that has the next step by the procedure', max_length=24)),
                ('due_on', models.DateField(db_comment='of the clock that ends first; year 9999: none runs')),
                ('near_on', models.DateField(db_comment='from when one is warned of; year 9999: none runs')),
                ('long_on', models.DateField(db_comment='from when one is long overdue; year 9999: none runs')),
            ],
        ),
        migrations.CreateModel(
            name='CaseWord',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('word', models.CharField(db_index=True, max_length=80)),
            ],
        ),
        migrations.AddIndex(
            model_name='reportleftout',
            index=models.Index(fields=['key'], name='report_left_out_of'),
        ),
        migrations.AddField(
            model_name='caseline',
            name='agency',
            field=models.ForeignKey(blank=True, db_comment='of these respondents; null: outsiders', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.agency'),
        ),
        migrations.AddField(
            model_name='caseline',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='records.case'),
        ),
        migrations.AddField(
            model_name='caseword',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='words', to='records.case'),
        ),
        migrations.AddIndex(
            model_name='caseline',
            index=models.Index(fields=['case'], name='case_line_of_case'),
        ),
        migrations.AddIndex(
            model_name='caseline',
            index=models.Index(fields=['reader', 'ended', 'due_on', 'case', 'near_on', 'state', 'track', 'owner', 'agency', 'opened_on', 'number', 'id'], name='case_line_by_clock'),
        ),
        migrations.AddIndex(
            model_name='caseline',
            index=models.Index(fields=['reader', 'state', 'due_on', 'case', 'near_on', 'track', 'owner', 'agency', 'opened_on', 'number', 'id'], name='case_line_by_state'),
        ),
        migrations.AddConstraint(
            model_name='caseline',
            constraint=models.UniqueConstraint(condition=models.Q(('agency__isnull', False)), fields=('case', 'reader', 'state', 'agency'), name='case_line_once'),
        ),
        migrations.AddConstraint(
            model_name='caseline',
            constraint=models.UniqueConstraint(condition=models.Q(('agency', None)), fields=('case', 'reader', 'state'), name='case_line_once_of_outsiders'),
        ),
        migrations.AddConstraint(
            model_name='caseword',
            constraint=models.UniqueConstraint(fields=('case', 'word'), name='case_word_once'),
        ),
    ]
