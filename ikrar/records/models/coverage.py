"""Coverage as it was counted: one row a round and unit, what was touched since, and for which day it was counted."""

from django.db import models


class UnitCount(models.Model):
    """The counts of domain.pacts.Coverage for one unit: of those placed in itself, and with all units below it."""

    pact_round = models.ForeignKey("PactRound", models.CASCADE, related_name="unit_counts")
    unit = models.ForeignKey("WorkUnit", models.CASCADE, related_name="counts")
    own = models.JSONField(db_comment="ten numbers in the order of domain.pacts.Coverage")
    whole = models.JSONField(db_comment="the same with all units below")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pact_round", "unit"], name="unit_count_once")]

    def __str__(self) -> str:
        return f"count of {self.unit_id}"


class UnitTouch(models.Model):
    """Something happened in a unit that its counts may not show yet. Rows are only added, and deleted once counted."""

    pact_round = models.ForeignKey(
        "PactRound", models.CASCADE, null=True, blank=True, related_name="+", db_comment="empty: every round"
    )
    unit = models.ForeignKey(
        "WorkUnit", models.CASCADE, null=True, blank=True, related_name="+", db_comment="empty: the whole agency"
    )
    agency = models.ForeignKey("Agency", models.CASCADE, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"touch {self.pk}"


class CountedRound(models.Model):
    """That every unit of a round was counted, for which day, and when last."""

    pact_round = models.OneToOneField("PactRound", models.CASCADE, related_name="counted")
    day = models.DateField(null=True, blank=True, db_comment="the programme's day of the counts; empty: not complete")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"round {self.pact_round_id} on {self.day}"
