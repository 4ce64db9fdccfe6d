"""The board finds what it asks for in its indexes: whether the reader of a line has the case, and the cases of a word."""

from django.db import migrations, models

_FIELDS = ["here", "track", "owner", "agency", "opened_on", "number", "id"]


class Migration(migrations.Migration):
    dependencies = [("records", "0039_handed_over")]

    operations = [
        migrations.RemoveIndex("caseline", "case_line_by_clock"),
        migrations.RemoveIndex("caseline", "case_line_by_state"),
        migrations.AddField(
            "caseline",
            "here",
            models.PositiveSmallIntegerField(
                db_comment="1: whom it reaches is the body that has the case, or no body at all; a number as above",
                default=1,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE records_caseline SET here = 0 WHERE reader LIKE 'body:%%' AND reader <> "
            "(SELECT 'body:' || COALESCE(handler_id, body_id) FROM records_case WHERE records_case.id = case_id)",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            "caseline",
            models.Index(fields=["reader", "ended", "due_on", "case", "near_on", "state", *_FIELDS], name="case_line_by_clock"),
        ),
        migrations.AddIndex(
            "caseline",
            models.Index(fields=["reader", "state", "due_on", "case", "near_on", *_FIELDS], name="case_line_by_state"),
        ),
        migrations.AlterField("caseword", "word", models.CharField(max_length=80)),
        migrations.AddIndex(
            "caseword",
            models.Index(
                fields=["word", "case"], name="case_word_begins", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
        ),
    ]
