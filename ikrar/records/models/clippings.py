"""Clippings: what an officer found in public, as he pasted it, and what became of it."""

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from ikrar.records.models.offices import Body


class ClippingQuerySet(models.QuerySet):
    def within(self, scope):
        """Those of agencies and bodies within reach; a body sees those of its own agency too."""
        if scope.everything:
            return self
        of_bodies = Body.objects.filter(pk__in=scope.bodies).exclude(agency=None).values("agency")
        return self.filter(Q(agency__in=scope.agencies) | Q(body__in=scope.bodies) | Q(agency__in=of_bodies))

    def with_state(self):
        """Each with `became`: what was made of it last; `waiting` where nothing was."""
        last = ClippingOutcome.objects.filter(clipping=OuterRef("pk")).order_by("-pk").values("kind")[:1]
        return self.annotate(became=Coalesce(Subquery(last), models.Value("waiting")))


class Clipping(models.Model):
    """A public post or article, pasted by an officer. Nothing of it was fetched, and nothing of it changes."""

    agency = models.ForeignKey("Agency", models.PROTECT, null=True, blank=True, related_name="clippings")
    body = models.ForeignKey(
        "Body", models.PROTECT, null=True, blank=True, related_name="clippings",
        db_comment="whose it is, where it is not an agency's",
    )  # fmt: skip
    text = models.TextField(blank=True, db_comment="as pasted; public when it was")
    address = models.CharField(max_length=2000, blank=True, db_comment="of the page, as pasted")
    digest = models.CharField(max_length=64, db_comment="SHA-256 (hex) of the text; without one, of the address")
    seen_at = models.DateTimeField(null=True, blank=True, db_comment="UTC; when it was seen, as its officer says")
    pasted_at = models.DateTimeField(db_comment="UTC; when it reached us")
    pasted_on = models.DateField(db_comment="the programme's local day of that")
    by = models.ForeignKey("User", models.PROTECT, related_name="+")

    objects = ClippingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agency=None, body__isnull=False) | Q(agency__isnull=False, body=None),
                name="clipping_one_keeper",
            ),
            models.UniqueConstraint(
                fields=["agency", "digest"], condition=Q(body=None), name="clipping_once_an_agency"
            ),
            models.UniqueConstraint(fields=["body", "digest"], condition=Q(agency=None), name="clipping_once_a_body"),
        ]

    def __str__(self) -> str:
        return f"clipping {self.pk}"


class ClippingOutcome(models.Model):
    """What an officer made of a clipping, with the facts that he ticked. Words about persons are not kept here."""

    class Kind(models.TextChoices):
        ACTIVITY = "activity"
        CIRCULAR = "circular"
        INITIAL_INFORMATION = "initial_information"
        KEPT = "kept"
        DISCARDED = "discarded"

    clipping = models.ForeignKey(Clipping, models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    units = models.ManyToManyField("WorkUnit", related_name="+", db_table="records_clipping_about")
    facts = models.JSONField(default=list, db_comment="kind, value and words of what was ticked; no persons")
    note = models.CharField(max_length=500, blank=True, db_comment="why it was kept or discarded")
    made = models.BigIntegerField(
        null=True, blank=True, db_comment="key of the activity or circular; a draft may be gone since"
    )
    at = models.DateTimeField(null=True, db_comment="UTC; null where it went to a sealed entry: only the day is kept")
    on = models.DateField(db_comment="the programme's local day of that")
    by = models.ForeignKey("User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"outcome of {self.clipping_id}"
