"""Integrity pacts: a round, the versions of its text, who owes a signature, and the signatures."""

from django.db import models
from django.db.models import F, Q

from ikrar.domain import pacts
from ikrar.records.models.people import choices


class RoundQuerySet(models.QuerySet):
    def within(self, scope):
        """Rounds that an agency made or that are issued to it."""
        if scope.everything:
            return self
        agencies = scope.agencies | {agency for agency, _, _ in scope.spans}
        return self.filter(Q(agency__in=agencies) | Q(agencies__in=agencies)).distinct()

    def running(self, day):
        """Rounds that stand issued on a day: in a demo, whose day may be set back, not those that are issued later."""
        return self.filter(Q(issued_on=None) | Q(issued_on__lte=day), state=PactRound.State.ISSUED)


class PactRound(models.Model):
    """One pledge of one programme (pakta integritas): who owes it, from when, and what a signature survives."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ISSUED = "issued"
        CLOSED = "closed"

    agency = models.ForeignKey("Agency", models.PROTECT, related_name="pact_rounds")
    agencies = models.ManyToManyField("Agency", related_name="rounds_owed", db_table="records_pactround_owing")
    title = models.CharField(max_length=200)
    election = models.CharField(max_length=60, blank=True, db_comment="id in the rulebook")
    legal_basis = models.TextField(blank=True)
    employments = models.JSONField(default=list, db_comment="who owes it, by employment")
    for_offices = models.BooleanField(
        default=False, db_comment="owed by whoever holds one of `offices`, not by employment"
    )
    offices = models.ManyToManyField("Office", related_name="rounds", db_table="records_pactround_office")
    keeps_on = models.CharField(max_length=12, choices=choices(pacts.KeepsOn), default=pacts.KeepsOn.SAME_UNIT.value)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    text = models.ForeignKey(
        "PactVersion", models.PROTECT, null=True, blank=True, related_name="+", db_comment="the version in force"
    )
    due_on = models.DateField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True, db_comment="the programme's day of the first issue")
    escalate_after = models.PositiveSmallIntegerField(
        default=2, db_comment="reminders without effect after which the superior is told; 0: he never is"
    )
    created_at = models.DateTimeField()

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class PactVersion(models.Model):
    """One version of a round's text. It never changes (a trigger refuses): what was shown is what was signed."""

    pact_round = models.ForeignKey(PactRound, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    opening = models.TextField(blank=True)
    points = models.JSONField()
    closing = models.TextField(blank=True)
    digest = models.CharField(max_length=64, db_comment="SHA-256 (hex) of the text as domain.pacts writes it")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["pact_round", "-number"]
        constraints = [models.UniqueConstraint(fields=["pact_round", "number"], name="pact_version_number_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def as_text(self) -> pacts.PactText:
        return pacts.PactText.of(self.title, self.opening, self.points, self.closing)


class ObligationQuerySet(models.QuerySet):
    def unsigned(self):
        return self.filter(state__in=[pacts.State.ISSUED, pacts.State.OPENED])

    def of_user(self, user):
        return self.filter(person=user.person_id) if user.person_id else self.none()


class Obligation(models.Model):
    """A person's duty to sign the pact of one round, in the placement it was issued for."""

    pact_round = models.ForeignKey(PactRound, models.PROTECT, related_name="obligations")
    person = models.ForeignKey("Person", models.PROTECT, related_name="obligations")
    office = models.ForeignKey(
        "Office", models.PROTECT, null=True, blank=True, related_name="obligations",
        db_comment="set where it is owed as holder of an office",
    )  # fmt: skip
    unit = models.ForeignKey("WorkUnit", models.PROTECT, related_name="obligations")
    post = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=choices(pacts.State), default=pacts.State.ISSUED.value)
    reason = models.CharField(max_length=500, blank=True, db_comment="why refused or excused")
    issued_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    signature = models.OneToOneField(
        "Signature", models.PROTECT, null=True, blank=True, related_name="+",
        db_comment="the latest one that is not contested",
    )  # fmt: skip

    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pact_round", "person"], condition=Q(office=None), name="obligation_one_a_person"
            ),
            models.UniqueConstraint(
                fields=["pact_round", "office", "person"], condition=~Q(office=None), name="obligation_one_a_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"obligation {self.pk}"


class SignatureQuerySet(models.QuerySet):
    def struck(self):
        """Those signed at an activity by people who were later struck off the list of those present there."""
        there = "obligation__person__attendances"
        # In one filter: it must be the attendance at that very activity.
        return self.filter(**{f"{there}__activity": F("activity"), f"{there}__struck_at__isnull": False})


class Signature(models.Model):
    """One person's signature under one version of a text. Rows are never changed or deleted (triggers refuse)."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="signatures")
    version = models.ForeignKey(PactVersion, models.PROTECT, related_name="signatures")
    attempt = models.PositiveSmallIntegerField(
        default=0, db_comment="how many signatures under this version were contested before this one"
    )
    person = models.ForeignKey("Person", models.PROTECT, related_name="signatures")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, related_name="+")
    post = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=340, db_comment="with titles, as it stood that day")
    text_digest = models.CharField(max_length=64)
    grade = models.CharField(max_length=16, choices=choices(pacts.Grade))
    signed_at = models.DateTimeField()
    signed_on = models.DateField(db_comment="the programme's local day")
    code = models.CharField(max_length=16, unique=True, db_comment="of the certificate; random, public")
    activity = models.ForeignKey(
        "Activity", models.PROTECT, null=True, blank=True, related_name="signatures", db_comment="where it was signed"
    )
    entry = models.ForeignKey("LogEntry", models.PROTECT, related_name="+")

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "version", "attempt"], name="signature_one_a_version"),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}"


class SignatureContest(models.Model):
    """The owner says: this was not I. The signature no longer counts; both stay on record."""

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="contest")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contest of {self.signature_id}"


class CertificateFile(models.Model):
    """The digest of a certificate as it left: an upload is genuine when it is one of these, byte by byte."""

    digest = models.CharField(max_length=64, primary_key=True, db_comment="SHA-256 (hex) of the PDF")
    kind = models.CharField(
        max_length=12, default="certificate", db_comment="certificate, bundle, statement (of a witness) or record"
    )
    signature = models.ForeignKey(
        Signature, models.PROTECT, null=True, blank=True, related_name="files", db_comment="null: not a certificate"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class Reminder(models.Model):
    """One reminding of those who are missing in a unit, so that nobody is reminded too often."""

    pact_round = models.ForeignKey(PactRound, models.PROTECT, related_name="reminders")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, related_name="+")
    on = models.DateField()
    people = models.PositiveIntegerField()
    by = models.ForeignKey("User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"reminder {self.pk}"


class Reminded(models.Model):
    """One person whom one reminder reached: what the pause and the most are counted by."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="reached")
    person = models.ForeignKey("Person", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reminder", "person"], name="reminded_once_a_reminder")]

    def __str__(self) -> str:
        return f"{self.person_id} by {self.reminder_id}"


class Escalation(models.Model):
    """That the head of a unit was told who of his own people is still missing: once a round and day."""

    pact_round = models.ForeignKey(PactRound, models.CASCADE, related_name="escalations")
    person = models.ForeignKey("Person", models.CASCADE, related_name="+", db_comment="who was told")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, related_name="+", db_comment="the unit that he heads")
    on = models.DateField()
    people = models.PositiveIntegerField(db_comment="how many were named as missing")

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["pact_round", "person", "on"], name="escalation_once_a_day")]

    def __str__(self) -> str:
        return f"escalation {self.pk}"


class PaperOrder(models.Model):
    """Papers that are too many for one request: slips with codes, or a unit's certificates, made in parts by a worker.

    Only who ordered them fetches them. `wanted` is the list as it stood when it was ordered, so that work that was
    stopped in the middle goes on where it was; `done` says how many of it stand in `parts`.
    """

    class Kind(models.TextChoices):
        SLIPS = "slips"
        CERTIFICATES = "certificates"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"
        GONE = "gone"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    unit = models.ForeignKey("WorkUnit", models.PROTECT, related_name="+")
    pact_round = models.ForeignKey(PactRound, models.PROTECT, null=True, blank=True, related_name="+")
    activity = models.ForeignKey(
        "Activity", models.PROTECT, null=True, blank=True, related_name="+", db_comment="certificates signed there"
    )
    by = models.ForeignKey("User", models.PROTECT, related_name="paper_orders")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    wanted = models.JSONField(db_comment="keys of placements or signatures, in the order of the paper")
    people = models.PositiveIntegerField(db_comment="how many are wanted")
    done = models.PositiveIntegerField(default=0)
    folder = models.CharField(max_length=40, db_comment="below papers/ in the installation's folder")
    parts = models.JSONField(default=list, db_comment="names of the files that are made")
    archive = models.CharField(max_length=40, blank=True, db_comment="the one file that is fetched; empty: none yet")
    ordered_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True, db_comment="first time it went out whole")
    keep_until = models.DateTimeField(null=True, blank=True, db_comment="then the tick deletes the files")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"paper order {self.pk}"
