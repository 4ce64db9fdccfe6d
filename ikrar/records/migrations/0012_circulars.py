from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0011_ceremonies'),
    ]

    operations = [
        migrations.AddField(
            model_name='circular',
            name='swept_at',
            field=models.DateTimeField(blank=True, db_comment='when the clock last looked for who came since and who is late', null=True),
        ),
        migrations.AddField(
            model_name='circular',
            name='swept_on',
            field=models.DateField(blank=True, db_comment="the programme's day of that look", null=True),
        ),
        migrations.AddField(
            model_name='circularreader',
            name='reminded_at',
            field=models.DateTimeField(blank=True, db_comment="last time, on the programme's day", null=True),
        ),
        migrations.AddField(
            model_name='circularreader',
            name='reminders',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='circularreader',
            name='escalations',
            field=models.PositiveSmallIntegerField(db_comment='on how many days a superior was told', default=0),
        ),
        migrations.AddIndex(
            model_name='circular',
            index=models.Index(condition=models.Q(('state', 'published')), fields=['swept_at'], name='circular_to_sweep'),
        ),
        migrations.AddIndex(
            model_name='circularreader',
            index=models.Index(fields=['circular', 'unit'], name='circular_reader_of_unit'),
        ),
    ]
