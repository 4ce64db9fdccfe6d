"""Pacts of office-holders, statements of witnesses, sheets with their day, papers of an activity."""

import importlib
from datetime import date

import django.db.models.deletion
from django.db import migrations, models

_guards = importlib.import_module("ikrar.records.migrations.0002_append_only")

# SQLite writes a table anew to add a column, and forgets its triggers.
_SHEETS = [
    ("records_papersheet", "UPDATE", "", "a printed sheet never changes"),
    ("records_papersheet", "DELETE", "", "a printed sheet is never deleted"),
]


_ROLES = [
    (role, role)
    for role in (
        "civil_servant", "unit_head", "programme_officer", "intake_officer", "examiner", "drafter", "pact_witness",
        "office_holder", "supervisor_body", "appointing_authority", "national_body", "auditor", "administrator",
    )
]  # fmt: skip


def unguard(apps, schema_editor):
    _guards.take_away(schema_editor, _SHEETS)


def guard(apps, schema_editor):
    _guards.put(schema_editor, _SHEETS)


def name_bundles(apps, schema_editor):
    """Files without a signature were bundles of a unit."""
    apps.get_model("records", "CertificateFile").objects.filter(signature=None).update(kind="bundle")


class Migration(migrations.Migration):
    dependencies = [("records", "0010_coverage")]

    operations = [
        migrations.AlterField(
            model_name="rolegrant",
            name="role",
            field=models.CharField(choices=_ROLES, max_length=24),
        ),
        migrations.AddField(
            model_name="activity",
            name="statements",
            field=models.JSONField(
                db_comment="what its witnesses sign, by kind of guest; a kind that is not there: the usual words",
                default=dict,
            ),
        ),
        migrations.AddField(
            model_name="certificatefile",
            name="kind",
            field=models.CharField(
                db_comment="certificate, bundle, statement (of a witness) or record",
                default="certificate",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="pactround",
            name="for_offices",
            field=models.BooleanField(
                db_comment="owed by whoever holds one of `offices`, not by employment", default=False
            ),
        ),
        migrations.AddField(
            model_name="pactround",
            name="offices",
            field=models.ManyToManyField(
                db_table="records_pactround_office", related_name="rounds", to="records.office"
            ),
        ),
        migrations.AddField(
            model_name="paperorder",
            name="activity",
            field=models.ForeignKey(
                blank=True,
                db_comment="certificates signed there",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.activity",
            ),
        ),
        migrations.AddField(
            model_name="paperscan",
            name="refusal",
            field=models.CharField(
                blank=True, db_comment="code of the refusal, where the reading made it", max_length=40
            ),
        ),
        migrations.RunPython(unguard, guard),
        migrations.AddField(
            model_name="papersheet",
            name="printed_on",
            field=models.DateField(
                db_comment="the programme's local day; nothing was signed on it before", default=date(2024, 1, 1)
            ),
            preserve_default=False,
        ),
        migrations.RunPython(guard, unguard),
        migrations.AlterField(
            model_name="certificatefile",
            name="signature",
            field=models.ForeignKey(
                blank=True,
                db_comment="null: not a certificate",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="records.signature",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperscan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["reconciled", "confirmed"])),
                fields=("sheet",),
                name="paper_scan_one_a_sheet",
            ),
        ),
        migrations.RunPython(name_bundles, migrations.RunPython.noop),
    ]
