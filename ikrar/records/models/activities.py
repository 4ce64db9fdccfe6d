"""Activities: who is called, who came, what was decided; and the witnesses of a pact that is signed at one."""

from django.db import models
from django.db.models import F, Q


class ActivityQuerySet(models.QuerySet):
    def within(self, scope):
        """Activities of whole agencies, and those of subtrees that are called for a unit inside."""
        if scope.everything:
            return self
        reach = Q(agency__in=scope.agencies)
        for agency, first, last in scope.spans:
            reach |= Q(agency=agency, unit__position__gte=first, unit__position__lte=last)
        return self.filter(reach)


class Activity(models.Model):
    """A briefing, roll-call, coordination meeting, FGD or declaration: called, held, and kept with its record."""

    class Kind(models.TextChoices):
        BRIEFING = "briefing"
        ROLL_CALL = "roll_call"
        COORDINATION = "coordination"
        FGD = "fgd"
        DECLARATION = "declaration"
        OTHER = "other"

    class State(models.TextChoices):
        DRAFT = "draft"
        CALLED = "called"
        OPEN = "open"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    agency = models.ForeignKey("Agency", models.PROTECT, related_name="activities")
    unit = models.ForeignKey(
        "WorkUnit", models.PROTECT, null=True, blank=True, related_name="activities",
        db_comment="whose head runs it; empty: the agency",
    )  # fmt: skip
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    points = models.JSONField(default=list, db_comment="what was said or is to be said, a sentence each")
    election = models.CharField(max_length=60, blank=True, db_comment="id in the rulebook")
    called_by = models.ForeignKey(
        "Body", models.PROTECT, null=True, blank=True, related_name="activities",
        db_comment="an outside or inside body that called it; empty: the agency",
    )  # fmt: skip
    organiser = models.CharField(max_length=150, blank=True, db_comment="as the invitation names it")
    led_by = models.ForeignKey("Office", models.PROTECT, null=True, blank=True, related_name="activities")
    place = models.CharField(max_length=200, blank=True)
    region = models.ForeignKey("Region", models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(db_comment="the local day")
    starts_at = models.TimeField(null=True, blank=True, db_comment="local; empty: not known")
    ends_at = models.TimeField(null=True, blank=True)
    pact_round = models.ForeignKey(
        "PactRound", models.PROTECT, null=True, blank=True, related_name="activities",
        db_comment="the pact that is signed there",
    )  # fmt: skip
    statements = models.JSONField(
        default=dict, db_comment="what its witnesses sign, by kind of guest; a kind that is not there: the usual words"
    )
    quota = models.PositiveIntegerField(null=True, blank=True, db_comment="most people of the roster; empty: no limit")
    open_to_units = models.BooleanField(
        default=True, db_comment="whoever stands in an invited unit may come; else only those named"
    )
    secret = models.CharField(
        max_length=64, blank=True, db_comment="hex; what the codes shown at the venue are made of"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    minutes = models.TextField(blank=True)
    minutes_number = models.CharField(max_length=100, blank=True)
    minutes_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    minutes_at = models.DateTimeField(
        null=True, blank=True, db_comment="when they were made final; they change no more"
    )
    invitation_number = models.CharField(max_length=100, blank=True)
    called_on = models.DateField(null=True, blank=True, db_comment="the day of the invitation letter")
    letterhead = models.TextField(blank=True, db_comment="the agency's, as it was when it was called")
    cancelled_because = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=300, blank=True, db_comment="where it was reported, for what others held")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.title


class ActivityMove(models.Model):
    """A change of day, hour or place after people were invited: what it was before."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="moves")
    on = models.DateField(db_comment="the day before the move")
    starts_at = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"move of {self.activity_id}"


class InvitedUnit(models.Model):
    """A unit with all below it that is called, perhaps only some posts of it, perhaps no more than so many."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="units")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, related_name="+")
    heads_only = models.BooleanField(default=False)
    quota = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "unit"], name="invited_unit_once")]

    def __str__(self) -> str:
        return f"unit {self.unit_id} at {self.activity_id}"


class Invitation(models.Model):
    """Somebody of the roster who is called, with the unit he stood in."""

    class Answer(models.TextChoices):
        NONE = "none"
        COMES = "comes"
        EXCUSED = "excused"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="invitations")
    person = models.ForeignKey("Person", models.PROTECT, related_name="invitations")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.NONE)
    reason = models.CharField(max_length=300, blank=True, db_comment="why excused")
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="invitation_once")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Attendance(models.Model):
    """Somebody of the roster was there: once an activity, whatever way he checked in."""

    class Way(models.TextChoices):
        PHONE = "phone"
        OFFICER = "officer"
        PAPER = "paper"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="attendances")
    person = models.ForeignKey("Person", models.PROTECT, related_name="attendances")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices)
    at = models.DateTimeField()
    by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    entry = models.ForeignKey("LogEntry", models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True, blank=True, db_comment="an officer says that he was not there")
    struck_because = models.CharField(max_length=300, blank=True)
    struck_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="attendance_once")]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class Guest(models.Model):
    """Somebody from outside, by body and post, without an account; perhaps a witness of the pact signed there."""

    class Kind(models.TextChoices):
        BAWASLU = "bawaslu"
        KPU = "kpu"
        POLICE = "police"
        MILITARY = "military"
        PROSECUTOR = "prosecutor"
        PARTY = "party"
        FORKOPIMDA = "forkopimda"
        OTHER = "other"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="guests")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = models.CharField(max_length=150, db_comment="as its letters name it")
    post = models.CharField(max_length=150, blank=True)
    name = models.CharField(max_length=150, blank=True, db_comment="empty until somebody comes for the body")
    is_witness = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["activity", "kind", "pk"]

    def __str__(self) -> str:
        return f"{self.post} {self.body}".strip()


class Witness(models.Model):
    """The credential of a guest who witnesses, bound to one activity, and the statement that he signed.

    Once signed it never changes (a trigger refuses).
    """

    guest = models.OneToOneField(Guest, models.PROTECT, related_name="witness")
    code_digest = models.CharField(max_length=64, unique=True, db_comment="HMAC-SHA-256 (hex) of the code on the slip")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    name = models.CharField(max_length=150, blank=True, db_comment="as he signed it")
    statement = models.TextField(blank=True, db_comment="exactly what he was shown and signed")
    statement_digest = models.CharField(max_length=64, blank=True, db_comment="SHA-256 (hex) of the statement")
    signed = models.PositiveIntegerField(null=True, blank=True, db_comment="how many had signed the pact there by then")
    place = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True, db_comment="the programme's local day")
    entry = models.ForeignKey("LogEntry", models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"witness {self.pk}"


class Decision(models.Model):
    """What was decided at an activity: who does it, by when, and whether it is done."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    office = models.ForeignKey("Office", models.PROTECT, null=True, blank=True, related_name="decisions")
    unit = models.ForeignKey("WorkUnit", models.PROTECT, null=True, blank=True, related_name="decisions")
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["activity", "number"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(office=None, unit__isnull=False) | Q(office__isnull=False, unit=None),
                name="decision_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ActivityPhoto(models.Model):
    """A picture of an activity, without the data that cameras write into it."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="photos")
    file = models.ForeignKey("StoredFile", models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey("User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.caption


class PaperSheet(models.Model):
    """A printed sheet on which one person signs one text in ink; its code tells which."""

    obligation = models.ForeignKey("Obligation", models.PROTECT, related_name="sheets")
    version = models.ForeignKey("PactVersion", models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="sheets")
    code = models.CharField(max_length=16, unique=True, db_comment="printed on the sheet; random")
    printed_at = models.DateTimeField()
    printed_on = models.DateField(db_comment="the programme's local day; nothing was signed on it before")
    printed_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField(
        default=0, db_comment="how many sheets of this person and text were signed and confirmed before"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "version", "attempt"], name="paper_sheet_once_an_attempt"),
        ]

    def __str__(self) -> str:
        return self.code


class PaperScan(models.Model):
    """A picture of a signed sheet: one officer says whose it is, another confirms, and only then it is a signature."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RECONCILED = "reconciled"
        CONFIRMED = "confirmed"
        REFUSED = "refused"

    agency = models.ForeignKey("Agency", models.PROTECT, related_name="paper_scans")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="scans")
    file = models.ForeignKey("StoredFile", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, db_comment="SHA-256 (hex) of the file as it was handed in")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    codes_found = models.JSONField(default=list, db_comment="codes read from the picture")
    sheet = models.ForeignKey(PaperSheet, models.PROTECT, null=True, blank=True, related_name="scans")
    signed_on = models.DateField(null=True, blank=True, db_comment="the day written on the sheet")
    reconciled_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    reconciled_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    refused_because = models.CharField(max_length=300, blank=True)
    refusal = models.CharField(max_length=40, blank=True, db_comment="code of the refusal, where the reading made it")
    signature = models.OneToOneField("Signature", models.PROTECT, null=True, blank=True, related_name="scan")
    at = models.DateTimeField()
    by = models.ForeignKey("User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "digest"], name="paper_scan_once"),
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(state__in=["reconciled", "confirmed"]), name="paper_scan_one_a_sheet"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("reconciled_by")), name="paper_scan_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"scan {self.pk}"
