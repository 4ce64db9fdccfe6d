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
        "note": "what an officer found complete", "handed_to": "to which body a report was handed over",
        "letter": "the number of the letter",
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


# --- cases -------------------------------------------------------------------------------------------------------

# What the row of a table must say, and the fields that it says it of.
CASES = {
    "Case": {
        "body, handler, agency, regime, track, register number": ("body", "handler", "agency", "beside", "regime", "track", "number"),
        "by which procedure and rulebook": ("procedure", "rulebook_digest"),
        "days, who opened it": ("opened_on", "opened_at", "opened_by", "closed_on"),
    },
    "CaseReport": {"that** a report lies in it": ("case", "report"), "who added a report": ("added_on", "added_by")},
    "CaseRespondent": {
        "who is accused, or how an outsider is described": ("case", "person", "described", "body", "agency", "regime", "track"),
        "post and employment on the day of the act": ("employment", "post", "post_level", "unit"),
        "state, outcome and its reason": ("state", "state_on", "outcome", "outcome_reason"),
        "which office must act, until when": ("office", "due_on", "stage"),
    },
    "CaseAllegation": {
        "act, day, place, election": ("respondent", "act", "on", "place", "election", "candidate_status"),
        "the officer's words, the rulebook's answer": ("gist", "kind", "level", "verdict", "rulebook_digest"),
        "who stated it, whether it was struck": ("stated_by", "stated_at", "struck_at"),
    },
    "CaseEvidence": {
        "what an officer wrote or saved of a part of a report": ("case", "report", "label", "text", "file", "digest"),
        "digest of the sealed part": ("part_digest",), "whose reply it is": ("respondent",), "by whom, with the minute": ("by", "at"),
    },
    "CaseNote": {
        "officers' own words": ("case", "text", "by", "at"), "of which body or agency they are": ("body", "agency"),
    },
    "CaseTask": {
        "officers' own words": ("case", "text", "given_by", "given_at"),
        "whose task, until when, done or not": ("owner", "due_on", "done_at"),
    },
    "CaseTarget": {
        "how long the operator lets a step wait": ("target", "version", "days", "warn_days", "long_days"), "set by whom and when": ("by", "at"),
    },
    "CaseFilter": {"how somebody looks at the board": ("user", "name", "query")},
    "CaseOfficer": {
        "who examines, from when until when": ("case", "user", "duty", "from_at", "until_at", "given_by"),
        "for which element of a team": ("element",),
    },
    "CaseConflict": {
        "who has no part and why": ("case", "user", "person", "kind", "why"),
        "who said so and who lifted it": ("by", "at", "lifted_at", "lifted_by", "lifted_reason"),
    },
    "CaseLine": {
        "the same as the rows that they repeat": (
            "case", "reader", "agency", "state", "ended", "track", "number", "opened_on", "owner", "due_on", "near_on", "long_on",
        ),
        "whether its reader has the case": ("here",),
    },
    "CaseWord": {"numbers and names by which a case is found": ("case", "word")},
    "CaseStep": {
        "what was done, from which state to which": ("case", "respondent", "step", "from_state", "to_state"),
        "by whom, in which role and office, when, at which place of its case": (
            "by", "role", "office", "capacity", "at", "on", "serial",
        ),
        "with the facts that were told and the digest of its document": ("facts", "document", "document_digest", "entry"),
    },
    "CaseClock": {
        "limits, whose they are": ("case", "respondent", "kind", "term", "owner"),
        "how they were counted, paused and extended": (
            "count", "start_on", "start_at", "due_on", "due_at", "warn_on", "late_on", "long_on", "stage", "next_on", "computation",
            "rulebook_digest", "pauses", "extensions", "started_by", "stopped_on", "stopped_by",
        ),
    },
    "CaseReferral": {
        "from whom to whom, number and words of the recommendation": (
            "case", "from_body", "to_body", "number", "words", "document", "sent_by",
        ),
        "which evidence goes along": ("parts",),
        "days, answer and its reason": ("sent_at", "sent_on", "state", "answered_by", "answered_on", "reason", "returned_on"),
    },
    "CaseDecision": {
        "its words as they were decided": ("text",),
        "sanction, what was recommended, what was proposed and why it departs, grounds": (
            "respondent", "sanction", "level", "recommended", "recommended_step", "proposed_step", "departure_reason", "grounds", "replaces", "ended_at",
        ),
        "rules that are unchecked": ("unchecked",),
        "who drafted, confirmed and recorded it": (
            "drafted_by", "drafted_at", "confirmed_by", "confirmed_at", "recorded_by", "recorded_at", "way",
        ),
        "authority, number and digest of the signed paper, signer": (
            "office", "authority", "capacity", "signer", "signer_name", "decided_on", "number", "document", "digest",
        ),
        "service and day of effect": ("served_on", "received_on", "effective_on", "effect"),
    },
}  # fmt: skip


def test_every_field_of_a_case_is_named_in_the_row_of_its_table():
    found = {
        model.__name__ for model in apps.get_app_config("records").get_models() if model.__name__.startswith("Case")
    }
    assert found == set(CASES)
    rows = {
        name: line
        for line in TEXT.splitlines()
        if line.startswith("| Case")
        for name in line.split("|")[1].strip().split(", ")
    }
    for model, told in CASES.items():
        fields = {field.name for field in apps.get_model("records", model)._meta.concrete_fields}
        named = {field for some in told.values() for field in some}
        assert fields == named | {"id"}, f"{model}: say in docs/threats.md what {sorted(fields ^ named)} give away"
        for words in told:
            assert words in rows[model], f"{model}: {words!r}"


def test_no_field_of_a_case_holds_who_reported():
    reporters = ("reporter", "identity", "mailbox", "return_code", "pelapor")
    for model in CASES:
        for field in apps.get_model("records", model)._meta.get_fields():
            assert not any(word in field.name for word in reporters), f"{model}.{field.name}"
