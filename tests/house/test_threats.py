"""docs/threats.md names every field of a report that stands in clear: whoever adds one says there what it gives away."""

from pathlib import Path

from django.apps import apps

TEXT = (Path(__file__).parents[2] / "docs" / "threats.md").read_text(encoding="utf-8")
# Keys of rows, and what leads from row to row.
LINKS = {
    "id",
    "report",
    "body",
    "key_set",
    "entry",
    "key",
    "envelope",
    "part",
    "from_body",
    "to_body",
    "triage",
    "secret",
    "matter",
}
# Ciphertext, and what only says where or how it lies.
SEALED = {"sealed", "content_to", "identity_to", "dialogue_to", "mailbox", "path"}
CLEAR = {
    "Report": {
        "channel": "channel (scripts, none, staff)", "received_on": "day received", "known_on": "day on which it became known",
        "regime": "regime's rules", "ticks": "which requirements are met (ticks)", "has_identity": "whether the report has a name",
        "file_count": "number of files", "finder": "a keyed hash finds the mailbox", "state": "state (received, asked, registered …)",
        "state_on": "state and its day", "filed_on": "the day on which it got one", "erased_on": "day erased",
        "before_aside": "that it was set aside with others",
    },
    "ReportReader": {
        "named": "whether the report has a name", "due_on": "until when it is due", "lacks": "how many requirements it lacks",
        "size_step": "size of content and files", "state": "state (received", "channel": "channel (scripts",
        "received_on": "day received",
    },
    "ReportPart": {
        "kind": "number of files", "from_reporter": "each message, both ways", "by": "who opened a report", "put_on": "day received",
        "place": "number of files", "digest": "the digest of the sealed content", "size_step": "size of content and files",
    },
    "ReportEnvelope": {"by": "which officer sealed it", "opens": "to whose keys", "to": "to whose keys a report is sealed", "made_on": "with the day"},
    "ReportAct": {
        "kind": "who opened a report or a piece of evidence", "user": "who opened", "at": "with the minute", "on": "with the day",
        "note": "what an officer found complete",
    },
    "ReportLeftOut": {"by": "ReportLeftOut", "on": "ReportLeftOut"},
    "ReportHold": {
        "kind": "kept beyond its term", "by": "with officer and days", "from_on": "with officer and days",
        "until_on": "with officer and days", "ended_on": "with officer and days", "ended_by": "with officer and days",
    },
    "ReportCopy": {
        "state": "which body was offered a copy", "opens": "which of the three keys", "files": "which files", "offered_by": "by whom",
        "offered_at": "which body was offered a copy", "answered_by": "its answer", "answered_at": "its answer",
        "reason": "four reasons",
    },
    "BodySecret": {
        "version": "how many secrets a body made", "check_value": "check value of each", "signature": "its maker's signature", "made_by": "by whom and when",
        "made_at": "by whom and when",
    },
    "BodySecretEnvelope": {"to": "to whose keys it is sealed", "by": "by whom and when", "made_on": "by whom and when"},
    "ReportPrint": {
        "kind": "how many prints of which kind", "version": "under which secret", "print": "which reports have an equal one",
        "asks": "whether an officer answered", "by": "whose browser computed them", "on": "whose browser computed them, and on which day",
    },
    "ReportMatter": {"made_by": "that reports are one matter", "made_at": "that reports are one matter"},
    "ReportMember": {
        "since": "from when until when", "by": "who merged and un-merged", "because": "by which kinds of prints",
        "until": "from when until when", "until_by": "who merged and un-merged", "ended": "who merged and un-merged",
    },
    "ReportApart": {
        "parting": "that reports were judged no doubles", "side": "that reports were judged no doubles",
        "by": "by whom, with the minute", "at": "by whom, with the minute",
    },
}  # fmt: skip


def test_every_field_of_a_report_is_sealed_or_named_where_it_stands_in_clear():
    for model, known in CLEAR.items():
        fields = {field.name for field in apps.get_model("records", model)._meta.concrete_fields}
        unnamed = fields - LINKS - SEALED - set(known)
        assert not unnamed, f"{model}: say in docs/threats.md what {sorted(unnamed)} give away"
        assert set(known) <= fields, f"{model}: {sorted(set(known) - fields)} are no fields any more"
        for field, words in known.items():
            assert words in TEXT, f"{model}.{field}: {words!r}"
