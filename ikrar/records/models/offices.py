"""Offices and who holds them, in which capacity, to the minute; bodies and their members."""

from django.db import models
from django.db.models import F, Q


class Office(models.Model):
    """A post with powers of its own (jabatan): head of region, secretary, head of an OPD. Held by one person at a time."""

    class Kind(models.TextChoices):
        HEAD_OF_REGION = "head_of_region"
        SECRETARY = "secretary"
        HEAD_OF_UNIT = "head_of_unit"
        OTHER = "other"

    agency = models.ForeignKey("Agency", models.PROTECT, related_name="offices")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, null=True, blank=True, related_name="offices")
    title = models.CharField(max_length=150)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.OTHER)

    class Meta:
        ordering = ["agency", "pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "title"], name="office_title_once")]

    def __str__(self) -> str:
        return self.title


class HoldingQuerySet(models.QuerySet):
    def at(self, instant):
        """The holdings that hold at an instant."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=instant), from_at__lte=instant)


class Holding(models.Model):
    """Somebody in an office from a minute until a minute. Where the source names nobody, the person stays empty."""

    class Capacity(models.TextChoices):
        DEFINITIVE = "definitive"
        PLT = "plt"
        PLH = "plh"
        PJ = "pj"
        PJS = "pjs"

    office = models.ForeignKey(Office, models.PROTECT, related_name="holdings")
    person = models.ForeignKey("Person", models.PROTECT, null=True, blank=True, related_name="holdings")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    letter_number = models.CharField(max_length=100, blank=True)
    letter_on = models.DateField(null=True, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        ordering = ["office", "-from_at"]
        constraints = [
            models.UniqueConstraint(fields=["office"], condition=Q(until_at=None), name="holding_one_open"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")), name="holding_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capacity} of {self.office_id}"


class OfficeLeave(models.Model):
    """Leave of a holder (campaign leave above all), during which an acting holder stands in."""

    class Kind(models.TextChoices):
        CAMPAIGN = "campaign"
        ANNUAL = "annual"
        SICK = "sick"
        OTHER = "other"

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    from_on = models.DateField()
    last_on = models.DateField(db_comment="last day of the leave")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("from_on")), name="leave_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} leave of {self.holding_id}"


class BodyQuerySet(models.QuerySet):
    def within(self, scope):
        if scope.everything:
            return self
        return self.filter(Q(agency__in=scope.agencies) | Q(pk__in=scope.bodies))


class Body(models.Model):
    """Who holds an inbox or a task: desk, task force and inspectorate inside an agency; Bawaslu, KPU, BKN outside all."""

    class Kind(models.TextChoices):
        DESK = "desk"
        TASK_FORCE = "task_force"
        INSPECTORATE = "inspectorate"
        BAWASLU = "bawaslu"
        KPU = "kpu"
        BKN = "bkn"
        OTHER = "other"

    agency = models.ForeignKey("Agency", models.PROTECT, null=True, blank=True, related_name="bodies")
    region = models.ForeignKey("Region", models.PROTECT, null=True, blank=True, related_name="bodies")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=150)
    task = models.TextField(blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["agency", "name"]
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.name


class BodyMember(models.Model):
    """Somebody on a body by an assignment letter (surat tugas)."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="members")
    person = models.ForeignKey("Person", models.PROTECT, related_name="memberships")
    duty = models.CharField(max_length=80, blank=True)
    letter_number = models.CharField(max_length=100)
    letter_on = models.DateField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["body", "person"], condition=Q(until_on=None), name="body_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.body_id}"
