"""Offices and who holds them, in which capacity, to the minute; bodies and their members."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q


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
    def dated(self, instant):
        """The holdings that stand in the records for an instant, also of those who are on leave then."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=instant), from_at__lte=instant)

    def at(self, instant):
        """Who holds each office at an instant: at most one an office. It is asked here, and nowhere else.

        Whoever is on leave holds none of his offices meanwhile. Whoever stands in holds one as long as the leave lasts,
        so it comes back by itself; an office for which nobody stands in has no holder.
        """
        leaves = OfficeLeave.objects.at(instant)
        away = leaves.filter(Q(holding=OuterRef("pk")) | Q(holding__person=OuterRef("person")))
        return self.dated(instant).filter(Q(leave=None) | Q(leave__in=leaves.values("pk")), ~Exists(away))

    def not_over(self, instant):
        """The holdings that an instant finds running, also of those who are on leave, or still to come."""
        standing = Q(leave=None) | Q(leave__cancelled_at=None, leave__until_at__gt=instant)
        return self.filter(standing, Q(until_at=None) | Q(until_at__gt=instant))

    def ever_held(self):
        """Without those who were named for a leave that never began, or that was over before their time: they hold nothing."""
        stood_in = Q(leave__cancelled_at=None, from_at__lt=F("leave__until_at"))
        return self.filter(Q(leave=None) | stood_in)

    def of_user(self, user):
        return self.filter(person=user.person_id) if user.person_id else self.none()


class Holding(models.Model):
    """Somebody in an office from a minute until a minute. Where the source names nobody, the person stays empty.

    Whoever stands in for somebody on leave has a row of his own beside that of the one on leave.
    """

    class Capacity(models.TextChoices):
        DEFINITIVE = "definitive"
        PLT = "plt"
        PLH = "plh"
        PJ = "pj"
        PJS = "pjs"

    office = models.ForeignKey(Office, models.PROTECT, related_name="holdings")
    person = models.ForeignKey("Person", models.PROTECT, null=True, blank=True, related_name="holdings")
    leave = models.ForeignKey(
        "OfficeLeave", models.PROTECT, null=True, blank=True, related_name="stand_ins",
        db_comment="set for whoever stands in: the leave during which he does",
    )  # fmt: skip
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
            models.CheckConstraint(condition=Q(leave=None) | ~Q(until_at=None), name="holding_stand_in_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.capacity} of {self.office_id}"

    @property
    def name(self) -> str:
        """Who holds it, with titles; empty where the records name nobody."""
        return self.person.full_name if self.person_id else ""


class LeaveQuerySet(models.QuerySet):
    def at(self, instant):
        """The leaves that last at an instant, of holders whose office would be theirs then."""
        return self.filter(
            Q(holding__until_at=None) | Q(holding__until_at__gt=instant),
            holding__from_at__lte=instant,
            cancelled_at=None,
            from_at__lte=instant,
            until_at__gt=instant,
        )


class OfficeLeave(models.Model):
    """Leave of a holder (campaign leave above all), during which an acting holder stands in (see Holding.leave)."""

    class Kind(models.TextChoices):
        CAMPAIGN = "campaign"
        ANNUAL = "annual"
        SICK = "sick"
        OTHER = "other"

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    from_on = models.DateField()
    last_on = models.DateField(db_comment="last day of the leave")
    from_at = models.DateTimeField(db_comment="the minute in which it begins")
    until_at = models.DateTimeField(db_comment="the minute in which the holder is back")
    note = models.CharField(max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True, db_comment="it never began")
    begun_told_at = models.DateTimeField(null=True, blank=True, db_comment="when both were told that it began")
    ended_told_at = models.DateTimeField(null=True, blank=True, db_comment="when both were told that it ended")

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("from_on")), name="leave_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="leave_lasts_a_while"),
        ]
        # What the clock asks for: leaves that begin or end.
        indexes = [
            models.Index(fields=["from_at"], condition=Q(begun_told_at=None), name="leave_to_begin"),
            models.Index(fields=["until_at"], condition=Q(ended_told_at=None), name="leave_to_end"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} leave of {self.holding_id}"


class BodyQuerySet(models.QuerySet):
    def within(self, scope):
        if scope.everything:
            return self
        return self.filter(Q(agency__in=scope.agencies) | Q(pk__in=scope.bodies))

    def at_work(self, day):
        """Return those that nobody ended by a day; whether the law dissolved its kind stands in the rulebook."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day))

    def outside(self):
        """Return those outside all agencies: Bawaslu, BKN, Home Affairs …"""
        return self.filter(agency=None)


class Body(models.Model):
    """Who holds an inbox or a task: desk, task force and inspectorate inside an agency; Bawaslu, KPU, BKN outside all."""

    class Kind(models.TextChoices):
        DESK = "desk"
        TASK_FORCE = "task_force"
        INSPECTORATE = "inspectorate"
        BAWASLU = "bawaslu"
        KPU = "kpu"
        BKN = "bkn"
        KASN = "kasn"
        KEMENPANRB = "kemenpanrb"
        KEMENDAGRI = "kemendagri"
        OTHER = "other"

    agency = models.ForeignKey("Agency", models.PROTECT, null=True, blank=True, related_name="bodies")
    region = models.ForeignKey("Region", models.PROTECT, null=True, blank=True, related_name="bodies")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=150)
    task = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True, db_comment="from this day on nothing is sent to it any more")

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
