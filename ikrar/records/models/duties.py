"""Duties that go on while the head of region is on leave: who has them, and what was done."""

from django.db import models
from django.db.models import Q


class DutyQuerySet(models.QuerySet):
    def within(self, scope):
        if scope.everything:
            return self
        return self.filter(agency__in=scope.agencies)


class Duty(models.Model):
    """Something that must go on, once or again and again, for one owner or for all owners of one kind."""

    class Every(models.TextChoices):
        ONCE = "once"
        DAY = "day"
        WEEK = "week"
        MONTH = "month"

    agency = models.ForeignKey("Agency", models.PROTECT, related_name="duties")
    text = models.CharField(max_length=300)
    every = models.CharField(max_length=5, choices=Every.choices, default=Every.ONCE)
    leave = models.ForeignKey(
        "OfficeLeave", models.PROTECT, null=True, blank=True, related_name="duties",
        db_comment="the leave during which it must go on; empty: at all times",
    )  # fmt: skip
    from_on = models.DateField()
    due_on = models.DateField(null=True, blank=True, db_comment="for a single one its day, else the last day")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.text


class DutyOwner(models.Model):
    """One owner of a duty: an office, or a unit through its head. Whoever holds it that minute has the duty."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="owners")
    office = models.ForeignKey("Office", models.PROTECT, null=True, blank=True, related_name="duties")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, null=True, blank=True, related_name="duties")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "office"], condition=~Q(office=None), name="duty_owner_office_once"
            ),
            models.UniqueConstraint(fields=["duty", "unit"], condition=~Q(unit=None), name="duty_owner_unit_once"),
            models.CheckConstraint(
                condition=Q(office=None, unit__isnull=False) | Q(office__isnull=False, unit=None),
                name="duty_owner_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"owner {self.pk}"


class DutyDone(models.Model):
    """One doing of a duty, with what shows it. Rows are not changed; a wrong one is answered by another."""

    owner = models.ForeignKey(DutyOwner, models.PROTECT, related_name="doings")
    on = models.DateField()
    evidence = models.CharField(max_length=500)
    file = models.ForeignKey("StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"done {self.on}"
