"""How long reports are kept where a body says otherwise than we do, and what is kept beyond its term."""

from django.db import models

from ikrar.domain.retention import HoldKind, Kept


class RetentionTerm(models.Model):
    """The term that a body set for one kind of its reports; without a row the term of domain.retention holds."""

    body = models.ForeignKey("Body", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kept])
    days = models.PositiveIntegerField()
    before_days = models.PositiveIntegerField(db_comment="what held until it was set")
    set_on = models.DateField()
    by = models.ForeignKey("User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "kind"], name="retention_term_once")]

    def __str__(self) -> str:
        return f"{self.days} days for {self.kind}"


class ReportHold(models.Model):
    """That a report is kept beyond its term, until a day: no report is erased while one of these stands."""

    report = models.ForeignKey("Report", models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in HoldKind])
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(db_comment="its last day")
    ended_on = models.DateField(null=True, blank=True, db_comment="ended before its last day")
    ended_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"hold of {self.report_id:x}"
