import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0020_reports")]

    operations = [
        migrations.AddField(
            model_name="keyset",
            name="entry",
            field=models.ForeignKey(
                blank=True,
                db_comment="of the log: that it came into force",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.logentry",
            ),
        ),
    ]
