from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0024_doubles")]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("read", "Read"),
                    ("asked", "Asked"),
                    ("initial_information", "Initial Information"),
                    ("formal", "Formal"),
                    ("registered", "Registered"),
                    ("handed_over", "Handed Over"),
                    ("not_a_breach", "Not A Breach"),
                    ("closed", "Closed"),
                    ("set_aside", "Set Aside"),
                ],
                default="received",
                max_length=20,
            ),
        ),
    ]
