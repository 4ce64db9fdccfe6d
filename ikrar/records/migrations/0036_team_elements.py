"""Each member of a team is named for the element of it that he stands for: the superior, oversight, personnel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0035_case_targets")]
    operations = [
        migrations.AddField(
            model_name="caseofficer",
            name="element",
            field=models.CharField(
                blank=True, choices=[("superior", "Superior"), ("oversight", "Oversight"), ("personnel", "Personnel")],
                db_comment="what a member of a team stands for in it", default="", max_length=9,
            ),
        ),
    ]  # fmt: skip
