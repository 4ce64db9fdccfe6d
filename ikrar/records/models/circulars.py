"""Circulars: what an agency made known, to whom, and who has read it; how an agency numbers its letters."""

from django.db import models
from django.db.models import Q


class LetterNumbering(models.Model):
    """How an agency numbers its letters of one kind, and the last number of a year."""

    agency = models.ForeignKey("Agency", models.PROTECT, related_name="numberings")
    kind = models.CharField(max_length=20, db_comment="a word of domain.letters.LetterKind")
    pattern = models.CharField(max_length=120, db_comment="as domain.letters reads it")
    year = models.PositiveSmallIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind"], name="letter_numbering_once")]

    def __str__(self) -> str:
        return self.pattern


class CircularQuerySet(models.QuerySet):
    def within(self, scope):
        """Circulars that an agency made or that are addressed to it."""
        if scope.everything:
            return self
        agencies = scope.agencies | {agency for agency, _, _ in scope.spans}
        return self.filter(Q(agency__in=agencies) | Q(agencies__in=agencies)).distinct()

    def published_by(self, instant):
        """Those that stand published, but for what a demo, whose day may be set back, publishes after an instant."""
        return self.filter(state=Circular.State.PUBLISHED, published_at__lt=instant)


class Circular(models.Model):
    """A numbered circular, instruction or appeal. Once published its words never change: a newer one supersedes it."""

    class Kind(models.TextChoices):
        CIRCULAR = "circular"
        INSTRUCTION = "instruction"
        APPEAL = "appeal"

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        SUPERSEDED = "superseded"
        WITHDRAWN = "withdrawn"

    agency = models.ForeignKey("Agency", models.PROTECT, related_name="circulars")
    agencies = models.ManyToManyField(
        "Agency", related_name="circulars_received", db_table="records_circular_addressed"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CIRCULAR)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    number = models.CharField(max_length=100, blank=True, db_comment="given at publication, or as the paper bears it")
    title = models.CharField(max_length=300)
    opening = models.TextField(blank=True)
    points = models.JSONField(default=list)
    closing = models.TextField(blank=True)
    file = models.ForeignKey("StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    election = models.CharField(max_length=60, blank=True, db_comment="id in the rulebook")
    issued_by = models.ForeignKey("Office", models.PROTECT, null=True, blank=True, related_name="circulars")
    issued_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, db_comment="last day; empty: until it is superseded")
    target = models.JSONField(
        default=dict, db_comment="units, posts, levels, places, employments: domain.circulars.Target"
    )
    due_on = models.DateField(
        null=True, blank=True, db_comment="day by which it is to be acknowledged; empty: to be read"
    )
    escalate_on = models.DateField(null=True, blank=True, db_comment="from then on superiors are told of who has not")
    letterhead = models.TextField(blank=True, db_comment="the agency's, as it was at publication")
    digest = models.CharField(max_length=64, blank=True, db_comment="SHA-256 (hex) of what was published")
    supersedes = models.OneToOneField("Circular", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    withdrawn_because = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    swept_at = models.DateTimeField(
        null=True, blank=True, db_comment="when the clock last looked for who came since and who is late"
    )
    swept_on = models.DateField(null=True, blank=True, db_comment="the programme's day of that look")

    objects = CircularQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], condition=~Q(number=""), name="circular_number_once")
        ]
        # Those that the clock looks after.
        indexes = [models.Index(fields=["swept_at"], condition=Q(state="published"), name="circular_to_sweep")]

    def __str__(self) -> str:
        return self.title


class CircularQuestion(models.Model):
    """One of at most two questions that show whether a circular was understood."""

    circular = models.ForeignKey(Circular, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=300)
    answers = models.JSONField(db_comment="two to four answers, in the order they are offered")
    right = models.PositiveSmallIntegerField(db_comment="place of the right answer, from 0")
    explanation = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["circular", "order"]
        constraints = [models.UniqueConstraint(fields=["circular", "order"], name="circular_question_once")]

    def __str__(self) -> str:
        return self.question


class CircularReader(models.Model):
    """A person to whom a circular is addressed, where he stood then, and what he did with it."""

    circular = models.ForeignKey(Circular, models.PROTECT, related_name="readers")
    person = models.ForeignKey("Person", models.PROTECT, related_name="circulars")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_comment="how often the questions were answered")
    reminded_at = models.DateTimeField(null=True, blank=True, db_comment="last time, on the programme's day")
    reminders = models.PositiveSmallIntegerField(default=0)
    escalated_on = models.DateField(null=True, blank=True)
    escalated_to = models.ForeignKey("Person", models.PROTECT, null=True, blank=True, related_name="+")
    escalations = models.PositiveSmallIntegerField(default=0, db_comment="on how many days a superior was told")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["circular", "person"], name="circular_reader_once")]
        indexes = [
            # How far each unit is, of a circular to millions.
            models.Index(fields=["circular", "unit"], name="circular_reader_of_unit"),
            # Who has not acknowledged, unit by unit.
            models.Index(fields=["circular", "unit"], condition=Q(acknowledged_at=None), name="circular_unread"),
        ]

    def __str__(self) -> str:
        return f"reader {self.pk}"
