"""Which versions of rules a legal bureau of this installation has compared with the gazette (berita negara)."""

from django.db import models
from django.db.models import Q


class GazetteCheckQuerySet(models.QuerySet):
    def standing(self):
        """Those that were neither withdrawn nor replaced. Whether the rule still says the same is not asked here."""
        return self.filter(ended_at=None)


class GazetteCheck(models.Model):
    """A legal bureau's word that one version of a rule was compared with the gazette, one at a time for a version.

    It speaks for exactly the content whose digest it holds (domain.versions): where the rule says something else since,
    it no longer counts, and a new comparison takes its place. Ended rows stay, as the record of what was said when.
    """

    kind = models.CharField(max_length=20, db_comment="word of domain.versions.RuleKind")
    rule = models.CharField(max_length=80, db_comment="id in the rulebook")
    from_on = models.DateField(null=True, blank=True, db_comment="first day of the version; null where it is not known")
    digest = models.CharField(max_length=64, db_comment="SHA-256 (hex) of what the version said when it was compared")
    compared_on = models.DateField()
    reference = models.CharField(max_length=200, db_comment="place in the gazette, as the bureau writes it; public")
    note = models.CharField(max_length=500, blank=True, db_comment="public")
    agency = models.ForeignKey("Agency", models.PROTECT, related_name="gazette_checks", db_comment="whose legal bureau")
    by = models.ForeignKey("User", models.PROTECT, related_name="gazette_checks")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, db_comment="withdrawn, or replaced by a later comparison")
    ended_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="gazette_checks_ended")
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = GazetteCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "rule", "from_on"], condition=Q(ended_at=None), name="gazette_check_once"
            ),
            # Two rows without a day are no duplicates for the constraint above.
            models.UniqueConstraint(
                fields=["kind", "rule"],
                condition=Q(ended_at=None, from_on=None),
                name="gazette_check_once_without_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_by__isnull=False), name="gazette_check_ended_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rule} from {self.from_on}"
