"""Guidance: receipts of answers, questions to an office, its written opinions, and those that were published."""

from django.db import models
from django.db.models import Q

from ikrar.records.models.fields import RandomKeyField


class AnswerReceipt(models.Model):
    """What was asked and answered, in fixed words alone. It never changes (a trigger refuses).

    Nothing here tells who asked: no name, no text, no hour, and a key without order.
    """

    id = RandomKeyField()
    code = models.CharField(max_length=16, unique=True, db_comment="random, public")
    asked = models.JSONField(db_comment="domain.receipts.Asked: activities, circumstances, classes, region, day")
    answered = models.JSONField(db_comment="domain.receipts.Answered")
    verdict = models.CharField(max_length=11, db_comment="domain.activities.Verdict")
    rulebook_digest = models.CharField(max_length=64, db_comment="of the rulebook that answered")
    made_on = models.DateField(db_comment="the programme's local day")
    entry = models.ForeignKey("LogEntry", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"receipt of {self.made_on}"


class InquiryQuerySet(models.QuerySet):
    def within(self, scope):
        """Questions to the agencies and bodies that a permission reaches."""
        if scope.everything:
            return self
        return self.filter(Q(agency__in=scope.agencies) | Q(body__in=scope.bodies))

    def waiting(self):
        return self.filter(state=Inquiry.State.WAITING)


class Inquiry(models.Model):
    """A question to an office. Who asked is not known: the asker comes back with a code, of which a digest is kept."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ANSWERED = "answered"

    agency = models.ForeignKey("Agency", models.PROTECT, null=True, blank=True, related_name="inquiries")
    body = models.ForeignKey("Body", models.PROTECT, null=True, blank=True, related_name="inquiries")
    code_digest = models.CharField(max_length=64, unique=True, db_comment="SHA-256 (hex) of the asker's code")
    asked = models.JSONField(db_comment="domain.receipts.Asked")
    answered = models.JSONField(db_comment="domain.receipts.Answered: what the rulebook had answered")
    text = models.TextField(db_comment="as the asker wrote it; read by the office alone")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_on = models.DateField(db_comment="the programme's local day; no hour is kept")

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["asked_on", "pk"]
        verbose_name_plural = "inquiries"
        constraints = [
            models.CheckConstraint(
                condition=Q(agency=None, body__isnull=False) | Q(agency__isnull=False, body=None),
                name="inquiry_to_one_office",
            ),
        ]
        # The officer's queue.
        indexes = [models.Index(fields=["asked_on"], condition=Q(state="waiting"), name="inquiry_waiting")]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"

    @property
    def office(self):
        """The agency or body that was asked."""
        return self.agency or self.body


class Opinion(models.Model):
    """An office's written answer to one question. It never changes (a trigger refuses): a new question gets a new one."""

    inquiry = models.OneToOneField(Inquiry, models.PROTECT, related_name="opinion")
    verdict = models.CharField(max_length=11, db_comment="domain.activities.Verdict")
    facts = models.TextField(db_comment="what the office took to be so")
    text = models.TextField()
    cites = models.JSONField(db_comment="as they are cited, with the source's id")
    rules = models.JSONField(
        db_comment="what it rests on: kind:id of a rule to the digest of its version (domain.versions)"
    )
    rulebook_digest = models.CharField(max_length=64)
    valid_until = models.DateField(db_comment="last day on which the office stands by it")
    given_on = models.DateField(db_comment="the programme's local day")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("User", models.PROTECT, related_name="opinions")

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number under which it is cited."""
        return f"{self.pk:04d}/PT/{self.given_on.year}"


class PublishedOpinionQuerySet(models.QuerySet):
    def standing(self):
        """Those that were not taken back."""
        return self.filter(withdrawn_on=None)


class PublishedOpinion(models.Model):
    """An opinion in the open library, in words that a second look found to name nobody."""

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="published")
    question = models.TextField()
    facts = models.TextField()
    text = models.TextField()
    activities = models.JSONField(db_comment="ids in the rulebook")
    published_on = models.DateField()
    published_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = PublishedOpinionQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["opinion"], condition=Q(withdrawn_on=None), name="published_opinion_once"),
        ]

    def __str__(self) -> str:
        return f"publication of {self.opinion_id}"
