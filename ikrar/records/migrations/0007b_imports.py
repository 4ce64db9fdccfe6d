"""Sheets of a workbook, undoing as work that takes its time, and an index of superiors that SQLite uses."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0007_pacts'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='placement',
            name='placement_superior_given',
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(condition=models.Q(('superior__isnull', False)), fields=['superior'], name='placement_superior_given'),
        ),
        migrations.AddField(
            model_name='rosterimport',
            name='sheets',
            field=models.JSONField(blank=True, db_comment='list of {name, why, group, read}: the sheets of a workbook; else empty', default=list),
        ),
        migrations.AlterField(
            model_name='rosterimport',
            name='state',
            field=models.CharField(choices=[('received', 'Received'), ('reading', 'Reading'), ('previewed', 'Previewed'), ('applying', 'Applying'), ('applied', 'Applied'), ('undoing', 'Undoing'), ('failed', 'Failed'), ('undone', 'Undone'), ('dropped', 'Dropped')], default='received', max_length=10),
        ),
    ]
