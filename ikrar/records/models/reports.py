"""Reports that only chosen holders can open: ciphertext, coarse facts, and the keys that receive.

Nothing here opens anything. Which of these fields is in clear, and why, stands in docs/threats.md; keys are random, so that
no table tells in what order reports came, and days stand where an hour could point at somebody.
"""

from django.db import models
from django.db.models import Q

from ikrar.records.models.fields import RandomKeyField


class OfficerKey(models.Model):
    """The public half of a key that somebody opens reports of a body with, and its secret half under his passphrase."""

    body = models.ForeignKey("Body", models.PROTECT, related_name="officer_keys")
    user = models.ForeignKey("User", models.PROTECT, related_name="officer_keys")
    recipient = models.CharField(max_length=62, unique=True, db_comment="age1…: what is sealed to it he can open")
    verifier = models.CharField(max_length=64, unique=True, db_comment="Ed25519 (hex): checks what he signed")
    wrapped = models.TextField(db_comment="his secret in an age file under his passphrase, armoured")
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True, db_comment="he made another one, or lost it")
    told_on = models.DateField(null=True, blank=True, db_comment="before this day he was told what came")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "user"], condition=Q(dropped_at=None), name="officer_key_one_open"),
        ]

    def __str__(self) -> str:
        return f"key {self.pk} of {self.user_id}"


class KeySetQuerySet(models.QuerySet):
    def chain(self, body: int) -> "KeySetQuerySet":
        """All sets of a body that are in force or were, the first one first."""
        return self.filter(body=body, serial__isnull=False).order_by("serial")


class KeySet(models.Model):
    """A document that says to whose keys a body's reports are sealed. Without a serial it still waits for signatures."""

    body = models.ForeignKey("Body", models.PROTECT, related_name="key_sets")
    serial = models.PositiveIntegerField(null=True, blank=True, db_comment="null: proposed, not signed enough yet")
    document = models.BinaryField(db_comment="canonical JSON (domain.keysets)")
    digest = models.CharField(max_length=64, unique=True, db_comment="SHA-256 (hex)")
    signatures = models.JSONField(default=list, db_comment="[{verifier, signature}], hex")
    proposed_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True, blank=True)
    entry = models.ForeignKey(
        "LogEntry", models.PROTECT, null=True, blank=True, related_name="+",
        db_comment="of the log: that it came into force",
    )  # fmt: skip

    objects = KeySetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "serial"], name="key_set_chain"),
            models.UniqueConstraint(fields=["body"], condition=Q(serial=None), name="key_set_one_proposal"),
        ]

    def __str__(self) -> str:
        return f"key set {self.serial or 'proposed'} of {self.body_id}"


class Report(models.Model):
    """One report in the inbox of the body that its reporter chose.

    Its parts are sealed to keys of its own (`content_to` and so on); envelopes hold those keys, sealed to people.
    """

    class Channel(models.TextChoices):
        SCRIPTED = "scripted"  # sealed in the reporter's browser
        PLAIN = "plain"  # sealed on receipt, scripts off
        STAFF = "staff"  # entered for somebody: letter, telephone, visit, finding

    class State(models.TextChoices):
        RECEIVED = "received"
        READ = "read"
        ASKED = "asked"
        INITIAL_INFORMATION = "initial_information"
        FORMAL = "formal"
        REGISTERED = "registered"  # as a case
        HANDED_OVER = "handed_over"
        NOT_A_BREACH = "not_a_breach"
        CLOSED = "closed"
        SET_ASIDE = "set_aside"  # with many others; it comes back when its reporter writes, or an officer says so

    id = RandomKeyField()
    body = models.ForeignKey("Body", models.PROTECT, related_name="reports")
    key_set = models.ForeignKey(KeySet, models.PROTECT, related_name="+", db_comment="whose fingerprint was shown")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    received_on = models.DateField(db_comment="local day; the hour is kept nowhere")
    known_on = models.DateField(
        null=True, blank=True, db_comment="the day it became known to the reporter, if he gave it"
    )
    regime = models.CharField(max_length=12, blank=True, db_comment="whose rules the reporter was shown")
    ticks = models.JSONField(default=list, db_comment="ids of requirements that are met")
    content_to = models.CharField(max_length=62)
    identity_to = models.CharField(max_length=62)
    dialogue_to = models.CharField(max_length=62)
    has_identity = models.BooleanField(default=False)
    file_count = models.PositiveSmallIntegerField(
        default=0, db_comment="files that came with it; those of later places belong to the dialogue"
    )
    finder = models.BinaryField(
        max_length=32,
        null=True,
        db_comment="keyed hash of the return code, or of what keeps a second click from a second report",
    )
    mailbox = models.CharField(max_length=62, blank=True, db_comment="age1…: the reporter's envelope is sealed to it")
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    state_on = models.DateField()
    filed_on = models.DateField(null=True, blank=True, db_comment="the day of the formal report, where it became one")
    erased_on = models.DateField(null=True, blank=True, db_comment="its envelopes are gone: nobody opens it any more")
    before_aside = models.CharField(max_length=20, blank=True, db_comment="its state before it was set aside at last")
    triage = models.ForeignKey(
        "ReportTriage", models.PROTECT, null=True, blank=True, related_name="+", db_comment="that set it aside at last"
    )
    entry = models.ForeignKey("LogEntry", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finder"], name="report_one_mailbox")]
        indexes = [
            # The inbox of a body: what is not done, by state and day.
            models.Index(fields=["body", "state", "received_on"], name="report_inbox"),
            # What a code still finds of those that are gone.
            models.Index(fields=["erased_on"], condition=Q(erased_on__isnull=False), name="report_erased"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk:x}"


class ReportEnvelope(models.Model):
    """The keys of a report, sealed to people: at its filing, to a newcomer, or to another body.

    `opens` lists which: content, identity, dialogue. The bytes are JSON {kind: identity text of age} in an age file.
    """

    id = RandomKeyField()
    report = models.ForeignKey(Report, models.PROTECT, related_name="envelopes")
    body = models.ForeignKey(
        "Body", models.PROTECT, null=True, blank=True, related_name="+", db_comment="null: mailbox"
    )
    opens = models.JSONField(default=list)
    to = models.JSONField(default=list, db_comment="ids of officer keys; empty: offline key or mailbox alone")
    sealed = models.BinaryField()
    key_set = models.ForeignKey(
        KeySet, models.PROTECT, null=True, blank=True, related_name="+",
        db_comment="whose offline key opens it too; null: that of the report",
    )  # fmt: skip
    by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", db_comment="null: at filing"
    )
    made_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["report"], name="envelope_of_report")]

    def __str__(self) -> str:
        return f"envelope of {self.report_id:x}"


class ReportReader(models.Model):
    """That a key opens a report: what the inbox of its owner shows. One row for each key in an envelope.

    From `state` on it repeats what stands in clear at the report itself (services/report_lines.py), so that an inbox of a
    hundred thousand is filtered and put in order by an index.
    """

    id = RandomKeyField()
    report = models.ForeignKey(Report, models.CASCADE, related_name="readers", db_index=False)
    key = models.ForeignKey(OfficerKey, models.PROTECT, related_name="reports", db_index=False)
    body = models.ForeignKey("Body", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=20)
    received_on = models.DateField()
    channel = models.CharField(max_length=8)
    due_on = models.DateField(
        null=True, blank=True, db_comment="unnamed: last day to file it formally; named: last day of its first review"
    )
    named = models.BooleanField(default=False)
    lacks = models.PositiveSmallIntegerField(default=0, db_comment="how many requirements are not met")
    size_step = models.PositiveIntegerField(default=1, db_comment="KiB, a power of two: content and files together")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="report_reader_once")]
        # The inbox: what is due first, then what waits longest. All columns stand in the index, so that a filter which few
        # of a hundred thousand pass needs no row.
        indexes = [
            models.Index(
                fields=["key", "state", "due_on", "report", "received_on", "lacks", "channel", "size_step", "named"],
                name="report_reader_due",
            ),
            models.Index(
                fields=["key", "state", "received_on", "report", "due_on", "lacks", "channel", "size_step", "named"],
                name="report_reader_age",
            ),
        ]

    def __str__(self) -> str:
        return f"reader of {self.report_id:x}"


class ReportLeftOut(models.Model):
    """That a report was not sealed to a key: left out by its reporter, or by an officer's browser that read its rule.

    It says no more than that this key has no reader's row; it spares the next browser the same look, and the server refuses an
    envelope to this key's owner.
    """

    id = RandomKeyField()
    report = models.ForeignKey(Report, models.CASCADE, related_name="left_out", db_index=False)
    key = models.ForeignKey(OfficerKey, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", db_comment="null: reporter, at filing"
    )
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="report_left_out_once")]
        # The board of cases: which reports leave its reader out.
        indexes = [models.Index(fields=["key"], name="report_left_out_of")]

    def __str__(self) -> str:
        return f"left out of {self.report_id:x}"


class ReportPart(models.Model):
    """One sealed piece: the content, the identity, a file, or a message."""

    class Kind(models.TextChoices):
        CONTENT = "content"
        IDENTITY = "identity"
        FILE = "file"
        MESSAGE = "message"

    id = RandomKeyField()
    report = models.ForeignKey(Report, models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    from_reporter = models.BooleanField(default=True)
    by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    put_on = models.DateField()
    place = models.PositiveIntegerField(default=0, db_comment="order among the parts of its kind")
    sealed = models.BinaryField(null=True, db_comment="null: in a file, or erased")
    path = models.CharField(max_length=80, blank=True, db_comment="below sealed/ in the installation's folder")
    digest = models.CharField(max_length=64, db_comment="SHA-256 (hex) of the sealed bytes")
    size_step = models.PositiveIntegerField(db_comment="KiB, a power of two, at least the size of what is sealed")

    class Meta:
        indexes = [
            models.Index(fields=["report", "kind", "place"], name="part_of_report"),
            # What reporters wrote on a day: officers are told of it the day after.
            models.Index(fields=["put_on"], condition=Q(kind="message", from_reporter=True), name="part_answers"),
        ]
        constraints = [models.UniqueConstraint(fields=["path"], condition=~Q(path=""), name="part_file_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.report_id:x}"

    @property
    def number(self) -> str:
        """Its key as addresses have it."""
        return f"{self.pk:016x}"


class ReportAct(models.Model):
    """What an officer did with a report: custody of evidence, in the order in which it happened."""

    class Kind(models.TextChoices):
        OPENED = "opened"
        CONFIRMED = "confirmed"  # a second person saw the same evidence
        TICKED = "ticked"
        STATE = "state"
        RESEALED = "resealed"
        OFFERED = "offered"
        TAKEN = "taken"
        DECLINED = "declined"
        TAKEN_BACK = "taken_back"
        CONSENT = "consent"
        ERASED = "erased"
        ENTERED = "entered"  # by an officer, for somebody: of this too the day alone is kept
        SET_ASIDE = "set_aside"
        RESTORED = "restored"
        RULE_READ = "rule_read"  # handed out to an officer's browser, which sealed it to newcomers
        LEFT_OUT = "left_out"  # whom his browser did not seal it to, by its rule
        UNOPENED = "unopened"  # his browser got its envelopes, and none opened
        ASK_AGAIN = "ask_again"  # a second holder lets another browser look at the rule

    id = RandomKeyField()
    report = models.ForeignKey(Report, models.PROTECT, related_name="acts")
    part = models.ForeignKey(ReportPart, models.PROTECT, null=True, blank=True, related_name="acts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", db_comment="null: reporter"
    )
    body = models.ForeignKey("Body", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, db_comment="null for what the reporter does: only its day is kept")
    on = models.DateField()
    note = models.CharField(max_length=300, blank=True, db_comment="fixed words and ids; nothing of what was opened")
    handed_to = models.CharField(max_length=200, blank=True, db_comment="name of the body that a report was handed to")
    letter = models.CharField(max_length=80, blank=True, db_comment="number of the letter by which it was handed over")

    class Meta:
        indexes = [models.Index(fields=["report", "at"], name="act_of_report")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.report_id:x}"


class ReportCopy(models.Model):
    """A copy that one body offers another: two-sided, without identity and dialogue unless the reporter consents."""

    class State(models.TextChoices):
        OFFERED = "offered"
        TAKEN = "taken"
        DECLINED = "declined"
        TAKEN_BACK = "taken_back"

    class Reason(models.TextChoices):
        OUTSIDE = "outside"  # not within its power
        HELD = "held"  # it has the matter already
        CONFLICT = "conflict"  # somebody there is concerned
        OTHER = "other"

    report = models.ForeignKey(Report, models.PROTECT, related_name="copies")
    to_body = models.ForeignKey("Body", models.PROTECT, related_name="copies_offered")
    from_body = models.ForeignKey("Body", models.PROTECT, related_name="+")
    envelope = models.OneToOneField(ReportEnvelope, models.PROTECT, null=True, blank=True, related_name="+")
    opens = models.JSONField(default=list)
    files = models.JSONField(default=list, db_comment="places of the files that go with it")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    offered_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answered_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=8, choices=Reason.choices, blank=True, db_comment="why it was declined")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "to_body"], condition=Q(state="offered"), name="report_copy_one_offer"
            ),
        ]

    def __str__(self) -> str:
        return f"copy of {self.report_id:x}"


class ReportTriage(models.Model):
    """Many reports chosen in an inbox, and what is done with all of them: set aside for a reason, or brought back.

    What was chosen is kept from the moment it was shown: a report that comes later is not among it. The work is done in
    steps, so that a stop in the middle loses nothing and does nothing twice.
    """

    class Act(models.TextChoices):
        SET_ASIDE = "set_aside"
        RESTORE = "restore"

    class Reason(models.TextChoices):
        EMPTY = "empty"
        DOUBLE = "double"
        OTHER_MATTER = "other_matter"  # not about neutrality

    class State(models.TextChoices):
        CHOSEN = "chosen"
        WAITING = "waiting"
        DONE = "done"

    body = models.ForeignKey("Body", models.PROTECT, related_name="+")
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    act = models.CharField(max_length=10, choices=Act.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CHOSEN)
    wanted = models.JSONField(default=list, db_comment="numbers of reports; empty when done")
    count = models.PositiveIntegerField(db_comment="how many were chosen")
    done = models.PositiveIntegerField(default=0, db_comment="how many of them were looked at")
    changed = models.PositiveIntegerField(
        default=0, db_comment="how many it was done with: others had another state by then"
    )
    chosen_at = models.DateTimeField()
    ordered_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # What an officer chose and ordered lately; what is left over after a stop.
        indexes = [models.Index(fields=["by", "state"], name="report_triage_of")]

    def __str__(self) -> str:
        return f"{self.act} of {self.count}"


class IntakeCount(models.Model):
    """How many reports of a channel a body took on a day: what its budget is counted by."""

    body = models.ForeignKey("Body", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8)
    on = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "channel", "on"], name="intake_count_once")]

    def __str__(self) -> str:
        return f"{self.count} by {self.channel}"
