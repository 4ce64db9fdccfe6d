"""Doubles among sealed reports: the body's secret in envelopes, keyed prints, matters, and what was judged no double.

What a print is a print of nobody reads here: the key comes from a secret that only officers' browsers have. What the rows give
away all the same (how many prints of which kind, and which are equal) stands in docs/threats.md.
"""

from django.db import models
from django.db.models import Q

from ikrar.records.models.fields import RandomKeyField
from ikrar.records.models.reports import KeySet, OfficerKey, Report


class BodySecret(models.Model):
    """One version of the secret that a body's prints are keyed with. Its 32 bytes lie in envelopes alone."""

    body = models.ForeignKey("Body", models.PROTECT, related_name="secrets")
    version = models.PositiveIntegerField()
    check_value = models.CharField(
        max_length=64, db_comment="HKDF of the secret (hex): tells that an envelope holds it"
    )
    key = models.ForeignKey(
        OfficerKey, models.PROTECT, related_name="+", db_comment="of the holder whose browser made it"
    )
    signature = models.CharField(max_length=128, db_comment="of that key on body, version and check value, hex")
    made_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "version"], name="body_secret_versions")]

    def __str__(self) -> str:
        return f"secret {self.version} of {self.body_id}"


class BodySecretEnvelope(models.Model):
    """A version of a body's secret, sealed to holders and to the offline key of a set."""

    secret = models.ForeignKey(BodySecret, models.PROTECT, related_name="envelopes")
    to = models.JSONField(default=list, db_comment="ids of officer keys; the offline key opens it too")
    sealed = models.BinaryField()
    key_set = models.ForeignKey(KeySet, models.PROTECT, related_name="+", db_comment="whose offline key opens it too")
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    made_on = models.DateField()

    def __str__(self) -> str:
        return f"envelope of secret {self.secret_id}"


class BodySecretUnopened(models.Model):
    """That an officer's browser opened none of the envelopes of a secret that name his key. Told once; others seal it anew."""

    secret = models.ForeignKey(BodySecret, models.PROTECT, related_name="unopened")
    key = models.ForeignKey(OfficerKey, models.PROTECT, related_name="+")
    envelope = models.ForeignKey(
        BodySecretEnvelope, models.PROTECT, related_name="+", db_comment="the last one that was tried"
    )
    tries = models.PositiveSmallIntegerField(default=1, db_comment="how often envelopes were tried in vain")
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["secret", "key"], name="body_secret_unopened_once")]

    def __str__(self) -> str:
        return f"secret {self.secret_id} closed to key {self.key_id}"


class ReportPrint(models.Model):
    """One keyed print of a report. Equal prints of one version and kind are prints of the same thing.

    `asks`: some other report of the body has it too, and no officer answered yet whether they are doubles.
    """

    class Kind(models.TextChoices):
        EVIDENCE = "evidence"
        PAGE = "page"
        DEED = "deed"

    id = RandomKeyField()
    report = models.ForeignKey(Report, models.CASCADE, related_name="prints", db_index=False)
    body = models.ForeignKey("Body", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    version = models.PositiveIntegerField(db_comment="of the body's secret")
    print = models.CharField(max_length=64, db_comment="HMAC-SHA-256 (hex) under the body's secret")
    asks = models.BooleanField(default=False, db_comment="equal to another one, and nobody answered yet")
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "kind", "version", "print"], name="report_print_once"),
        ]
        indexes = [
            models.Index(fields=["body", "print", "kind", "version", "report"], name="report_print_equal"),
            models.Index(
                fields=["body", "print", "kind", "version", "report"], condition=Q(asks=True), name="report_print_asks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} print of {self.report_id:x}"


class ReportMatter(models.Model):
    """Reports of one body that tell of the same thing. Each of them keeps all that is its own."""

    id = RandomKeyField()
    body = models.ForeignKey("Body", models.PROTECT, related_name="matters")
    made_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"matter {self.pk:x}"


class ReportMember(models.Model):
    """That a report belongs to a matter, from when until when, and who said so. A row ends and is never changed otherwise."""

    class End(models.TextChoices):
        UNMERGED = "unmerged"
        JOINED = "joined"  # its matter went into another one

    id = RandomKeyField()
    report = models.ForeignKey(Report, models.PROTECT, related_name="memberships")
    matter = models.ForeignKey(ReportMatter, models.PROTECT, related_name="members")
    since = models.DateTimeField()
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    because = models.CharField(
        max_length=40, blank=True, db_comment="kinds of equal prints at that time; empty: an officer saw it himself"
    )
    until = models.DateTimeField(null=True, blank=True)
    until_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    ended = models.CharField(max_length=8, choices=End.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=Q(until=None), name="report_in_one_matter"),
            models.CheckConstraint(
                condition=Q(until=None, until_by=None, ended="") | Q(until__isnull=False, until_by__isnull=False),
                name="report_member_ends_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id:x} in {self.matter_id:x}"


class ReportApart(models.Model):
    """That an officer judged reports no doubles: those of one parting on different sides are not proposed together again."""

    id = RandomKeyField()
    report = models.ForeignKey(Report, models.CASCADE, related_name="partings")
    parting = models.BigIntegerField(db_comment="random; shared by all reports of one judgement")
    side = models.PositiveSmallIntegerField()
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parting", "report"], name="report_apart_once")]

    def __str__(self) -> str:
        return f"{self.report_id:x} apart"
