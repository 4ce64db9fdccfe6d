"""To whom a report was handed over, and by which letter, stands in the act: new columns, empty in acts of before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0038_confirmed_outcome")]

    operations = [
        migrations.AddField(
            "reportact",
            "handed_to",
            models.CharField(
                blank=True, default="", db_comment="name of the body that a report was handed to", max_length=200
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "reportact",
            "letter",
            models.CharField(
                blank=True, default="", db_comment="number of the letter by which it was handed over", max_length=80
            ),
            preserve_default=False,
        ),
    ]
