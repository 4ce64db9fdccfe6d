"""The installation itself: one row, made once."""

from django.db import models


class Installation(models.Model):
    """What this database is. Whether it is a demo is fixed here for ever; a trigger refuses to change it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_demo = models.BooleanField(db_comment="true: everybody in this database is invented; cannot be changed")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    demo_today = models.DateField(
        null=True, blank=True, db_comment="demo only: the programme's day; never the clock of log, sessions or codes"
    )

    demo_cast = models.JSONField(
        default=dict, blank=True, db_comment="demo only: role -> accounts a visitor can become"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="installation_only_one")]

    def __str__(self) -> str:
        return self.name
