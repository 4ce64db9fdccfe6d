"""Leave beside the holding, who stands in, escalated reminders, and messages that leave the installation."""

from datetime import datetime, time, timedelta, timezone

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Provinces that do not keep the time of Jakarta, by the first two digits of a region's code.
_HOURS = dict.fromkeys(("51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"), 8) | dict.fromkeys(
    ("81", "82", "91", "92", "93", "94", "95", "96"), 9
)


def fill_minutes(apps, schema_editor):
    """Let leaves that were recorded by their days begin and end at midnight of the place."""
    leaves = apps.get_model("records", "OfficeLeave").objects
    for leave in leaves.filter(from_at=None).select_related("holding__office__agency"):
        region = leave.holding.office.agency.region_id or "31"
        zone = timezone(timedelta(hours=_HOURS.get(region[:2], 7)))
        leaves.filter(pk=leave.pk).update(
            from_at=datetime.combine(leave.from_on, time(), zone),
            until_at=datetime.combine(leave.last_on + timedelta(days=1), time(), zone),
        )


class Migration(migrations.Migration):
    dependencies = [("records", "0012_circulars")]

    operations = [
        migrations.AlterModelOptions(name="officeleave", options={"ordering": ["from_on", "pk"]}),
        migrations.AddField(
            model_name="holding",
            name="leave",
            field=models.ForeignKey(
                blank=True,
                db_comment="set for whoever stands in: the leave during which he does",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stand_ins",
                to="records.officeleave",
            ),
        ),
        migrations.AddField(
            model_name="officeleave",
            name="from_at",
            field=models.DateTimeField(db_comment="the minute in which it begins", null=True),
        ),
        migrations.AddField(
            model_name="officeleave",
            name="until_at",
            field=models.DateTimeField(db_comment="the minute in which the holder is back", null=True),
        ),
        migrations.RunPython(fill_minutes, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="officeleave",
            name="from_at",
            field=models.DateTimeField(db_comment="the minute in which it begins"),
        ),
        migrations.AlterField(
            model_name="officeleave",
            name="until_at",
            field=models.DateTimeField(db_comment="the minute in which the holder is back"),
        ),
        migrations.AddField(
            model_name="officeleave",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, db_comment="it never began", null=True),
        ),
        migrations.AddField(
            model_name="officeleave",
            name="begun_told_at",
            field=models.DateTimeField(blank=True, db_comment="when both were told that it began", null=True),
        ),
        migrations.AddField(
            model_name="officeleave",
            name="ended_told_at",
            field=models.DateTimeField(blank=True, db_comment="when both were told that it ended", null=True),
        ),
        migrations.AddIndex(
            model_name="officeleave",
            index=models.Index(condition=models.Q(("begun_told_at", None)), fields=["from_at"], name="leave_to_begin"),
        ),
        migrations.AddIndex(
            model_name="officeleave",
            index=models.Index(condition=models.Q(("ended_told_at", None)), fields=["until_at"], name="leave_to_end"),
        ),
        migrations.AddConstraint(
            model_name="officeleave",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_at__gt", models.F("from_at"))), name="leave_lasts_a_while"
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(("leave", None), models.Q(("until_at", None), _negated=True), _connector="OR"),
                name="holding_stand_in_ends",
            ),
        ),
        migrations.AddField(
            model_name="pactround",
            name="escalate_after",
            field=models.PositiveSmallIntegerField(
                db_comment="reminders without effect after which the superior is told; 0: he never is", default=2
            ),
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("people", models.PositiveIntegerField(db_comment="how many were named as missing")),
                (
                    "pact_round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="records.pactround",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_comment="who was told",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_comment="the unit that he heads",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.workunit",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=["pact_round", "person", "on"], name="escalation_once_a_day")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("read_at", None)), fields=["at"], name="notice_unread_since"),
        ),
        migrations.CreateModel(
            name="OutsideMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(choices=[("email", "Email"), ("messenger", "Messenger")], max_length=9),
                ),
                ("address", models.CharField(db_comment="as it was when the message was made", max_length=254)),
                ("on", models.DateField(db_comment="local day for which it counts")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("given_up", "Given Up"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(db_comment="not before")),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True, db_comment="the code of the last refusal; never its text", max_length=20
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["person", "on"], name="outside_message_once_a_day")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_at"], name="outside_message_waiting"
                    ),
                    models.Index(fields=["person", "-made_at"], name="outside_message_of_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FailingAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(choices=[("email", "Email"), ("messenger", "Messenger")], max_length=9),
                ),
                ("address", models.CharField(max_length=254)),
                (
                    "answer",
                    models.CharField(
                        db_comment="the code of the refusal, or why else: returned, given_up", max_length=20
                    ),
                ),
                ("since_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_comment="who entered it by hand",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="failing_addresses",
                        to="records.person",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "failing addresses",
                "ordering": ["-since_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=["way", "address"], name="failing_address_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutsideSilence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outside_silence",
                        to="records.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutsideCalm",
            fields=[
                (
                    "way",
                    models.CharField(
                        choices=[("email", "Email"), ("messenger", "Messenger")],
                        max_length=9,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("until_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "group_told_on",
                    models.DateField(blank=True, db_comment="addresses that belong to no one person", null=True),
                ),
            ],
        ),
    ]
