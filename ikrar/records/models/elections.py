"""What a region adds to the national calendar: pairs, voters, polling stations, and stages that moved there."""

from django.db import models
from django.db.models import F, Q


class RegionalElection(models.Model):
    """An election of the rulebook as it takes place in one region."""

    election = models.CharField(max_length=60, db_comment="id in the rulebook")
    region = models.ForeignKey("Region", models.PROTECT, related_name="elections")
    candidate_pairs = models.PositiveSmallIntegerField(null=True, blank=True)
    voters = models.PositiveIntegerField(null=True, blank=True, db_comment="DPT")
    polling_stations = models.PositiveIntegerField(null=True, blank=True, db_comment="TPS")
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "region"], name="regional_election_once")]

    def __str__(self) -> str:
        return f"{self.election} in {self.region_id}"


class StageMove(models.Model):
    """A stage that runs on other days in a region than the national calendar says."""

    regional_election = models.ForeignKey(RegionalElection, models.CASCADE, related_name="moves")
    stage = models.CharField(max_length=60)
    from_on = models.DateField()
    last_on = models.DateField()
    reason = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_comment="taken back: it counts no more")

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("from_on")), name="stage_move_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} moved"
