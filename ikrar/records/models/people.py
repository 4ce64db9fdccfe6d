"""Agencies, work units, people and their dated placements; rosters as they were imported."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from ikrar.domain import days
from ikrar.domain.roster import GONE, Employment, IdentifierType, Level, PostKind, Status, full_name


def choices(enum):
    """Return an enum's words as choices; the sentence for each lives with the pages."""
    return [(member.value, member.value) for member in enum]


class AgencyQuerySet(models.QuerySet):
    def within(self, scope):
        """Limit to what a permission reaches: whole agencies, and those of which a subtree is reached."""
        if scope.everything:
            return self
        return self.filter(pk__in=scope.agencies | {agency for agency, _, _ in scope.spans})


class Agency(models.Model):
    """A government or ministry (instansi): the tenant. Its offices, schools and districts are work units."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry"
        PROVINCE = "province"
        REGENCY = "regency"
        CITY = "city"
        OTHER = "other"

    code = models.CharField(max_length=30, unique=True, db_comment="Kemendagri code of its region, else its own")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    region = models.ForeignKey("Region", models.PROTECT, null=True, blank=True, related_name="agencies")
    parent = models.ForeignKey("Agency", models.PROTECT, null=True, blank=True, related_name="children")
    letterhead = models.TextField(blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self):
        """The time zone of the place: of the region's province, the capital's where there is none."""
        return days.zone_of(self.region_id or "31")


class UnitQuerySet(models.QuerySet):
    def within(self, scope):
        """Limit to what a permission reaches."""
        if scope.everything:
            return self
        reach = Q(agency__in=scope.agencies)
        for agency, first, last in scope.spans:
            reach |= Q(agency=agency, position__gte=first, position__lte=last)
        return self.filter(reach)

    def open(self):
        return self.filter(closed_on=None)

    def without_head(self, today: date):
        """Open units that nobody heads. The root is the agency itself: its head holds an office, not a placement."""
        headed = Placement.objects.on(today).heading().filter(unit=models.OuterRef("pk"))
        return self.open().exclude(parent=None).filter(~models.Exists(headed))


class WorkUnit(models.Model):
    """A part of an agency at any depth: OPD, district, ward, school (unit kerja). The root is the agency itself.

    `position` and `last_position` number the tree from the root down, so that a unit with all below it is one range.
    """

    class Kind(models.TextChoices):
        ROOT = "root"
        SECRETARIAT = "secretariat"
        OFFICE = "office"
        EDUCATION_OFFICE = "education_office"
        DISTRICT = "district"
        WARD = "ward"
        SCHOOL = "school"
        HEALTH_CENTRE = "health_centre"
        HOSPITAL = "hospital"
        SECTION = "section"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.OFFICE)
    parent = models.ForeignKey("WorkUnit", models.PROTECT, null=True, blank=True, related_name="children")
    region = models.ForeignKey("Region", models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    last_position = models.PositiveIntegerField(default=0)
    depth = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["agency", "position"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="unit_code_once_in_agency"),
            models.UniqueConstraint(fields=["agency"], condition=Q(parent=None), name="unit_one_root"),
        ]
        # Everything below a unit: coverage, people, slips.
        indexes = [models.Index(fields=["agency", "position"], name="unit_position")]

    def __str__(self) -> str:
        return self.name

    def below(self):
        """Return this unit and all below it."""
        return WorkUnit.objects.filter(
            agency=self.agency_id, position__gte=self.position, position__lte=self.last_position
        )


class PersonQuerySet(models.QuerySet):
    def within(self, scope, today: date):
        """Limit to people placed today where a permission reaches."""
        if scope.everything:
            return self
        return self.filter(pk__in=Placement.objects.on(today).within(scope).values("person"))


class Person(models.Model):
    """Somebody on a roster. The number is personal (it holds birth date and sex) and never stands in a URL or a log."""

    identifier_type = models.CharField(max_length=8, choices=choices(IdentifierType))
    identifier = models.CharField(
        max_length=260, db_comment="digits; for type 'none' agency|unit|NAME|birth date instead of a number"
    )
    name = models.CharField(max_length=150)
    front_title = models.CharField(max_length=60, blank=True)
    back_title = models.CharField(max_length=120, blank=True)
    birth_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    start_on = models.DateField(null=True, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=25, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identifier_type", "identifier"], name="person_identifier_once"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its titles, as a letter writes it."""
        return full_name(self.front_title, self.name, self.back_title)

    @property
    def masked_identifier(self) -> str:
        """The number with all but its last three digits hidden, for paper that others see: the one before tells the sex."""
        if self.identifier_type == IdentifierType.NONE:
            return ""
        return "•" * max(0, len(self.identifier) - 3) + self.identifier[-3:]


class PlacementQuerySet(models.QuerySet):
    def on(self, day: date):
        """The placements that hold on a day: one a person."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)

    def current(self):
        return self.filter(until_on=None)

    def heading(self):
        """Those who head their unit and have not left the service."""
        return self.filter(is_head=True).exclude(status__in=GONE)

    def within(self, scope):
        if scope.everything:
            return self
        reach = Q(unit__agency__in=scope.agencies)
        for agency, first, last in scope.spans:
            reach |= Q(unit__agency=agency, unit__position__gte=first, unit__position__lte=last)
        return self.filter(reach)

    def of_unit(self, unit: WorkUnit):
        """Limit to a unit and all below it."""
        return self.filter(
            unit__agency=unit.agency_id,
            unit__position__gte=unit.position,
            unit__position__lte=unit.last_position,
        )


class Placement(models.Model):
    """Where, as what and in which status somebody serves, from a day until a day (the first on which it no longer holds)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="placements")
    # Its index serves coverage and people of a unit; the open placement of a person has the unique one below.
    unit = models.ForeignKey(WorkUnit, models.PROTECT, related_name="placements")
    employment = models.CharField(max_length=10, choices=choices(Employment))
    post = models.CharField(max_length=200, blank=True)
    post_kind = models.CharField(max_length=10, choices=choices(PostKind), blank=True)
    level = models.CharField(max_length=16, choices=choices(Level), blank=True)
    grade = models.CharField(max_length=6, blank=True)
    is_head = models.BooleanField(default=False, db_comment="heads the unit")
    superior = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False,
        db_comment="only where it is not the one that follows from the tree",
    )  # fmt: skip
    status = models.CharField(max_length=10, choices=choices(Status), default=Status.ACTIVE.value)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, db_comment="first day it no longer holds; null: it holds")
    row_print = models.BigIntegerField(
        null=True,
        db_comment="fingerprint of the roster row it came from; null after a change by hand; 0: look again",
    )
    roster_import = models.ForeignKey(
        "RosterImport", models.PROTECT, null=True, blank=True, related_name="placements", db_index=False
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until_on=None), name="placement_one_open"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="placement_ends_after_it_begins"
            ),
        ]
        # Whose superior somebody was made by hand: asked when that person goes.
        # Written as IS NOT NULL: SQLite does not see that NOT (… IS NULL) is the same, and would read the whole table.
        indexes = [
            models.Index(fields=["superior"], condition=Q(superior__isnull=False), name="placement_superior_given")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.unit_id} from {self.from_on}"


class FormerName(models.Model):
    """What a unit or an agency was called until an instant: a paper says what stood when it was signed."""

    unit = models.ForeignKey(WorkUnit, models.CASCADE, null=True, blank=True, related_name="former_names")
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, blank=True, related_name="former_names")
    name = models.CharField(max_length=200)
    letterhead = models.TextField(blank=True, db_comment="of an agency")
    until_at = models.DateTimeField()

    class Meta:
        ordering = ["until_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, agency=None) | Q(unit=None, agency__isnull=False),
                name="former_name_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} until {self.until_at}"


class FormerIdentifier(models.Model):
    """A number that somebody had before (a PPPK's number may change), so that old papers still find the person."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="former_identifiers")
    identifier_type = models.CharField(max_length=8, choices=choices(IdentifierType))
    identifier = models.CharField(max_length=30)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"former number of {self.person_id}"


class ColumnMapping(models.Model):
    """How a person mapped the columns of a file of this shape once; the next file of the shape is read the same way."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="column_mappings")
    headings_digest = models.CharField(max_length=64, db_comment="SHA-256 (hex) of the headings in their order")
    fields = models.JSONField(db_comment="heading -> field, or null where the column is left out")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "headings_digest"], name="column_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"mapping of {self.agency_id}"


class RosterImport(models.Model):
    """One file on its way into the roster: received, mapped, previewed, applied, perhaps undone."""

    class State(models.TextChoices):
        RECEIVED = "received"
        READING = "reading"
        PREVIEWED = "previewed"
        APPLYING = "applying"
        APPLIED = "applied"
        UNDOING = "undoing"
        FAILED = "failed"
        UNDONE = "undone"
        DROPPED = "dropped"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="roster_imports")
    file_name = models.CharField(max_length=200)
    file_path = models.CharField(max_length=300, blank=True, db_comment="inside the installation's folder; empty: gone")
    file_digest = models.CharField(max_length=64, db_comment="SHA-256 (hex) of the file as it came")
    headings = models.JSONField(default=list)
    sheets = models.JSONField(
        default=list, blank=True, db_comment="list of {name, why, group, read}: the sheets of a workbook; else empty"
    )
    fields = models.JSONField(default=dict, db_comment="heading -> field")
    complete = models.BooleanField(default=False, db_comment="who is not in the file is no longer on the roster")
    new_units = models.BooleanField(default=False, db_comment="units that are not in the tree are made")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    counts = models.JSONField(default=dict, db_comment="rows, new, changed, moved, same, absent, rejected, units")
    difference = models.CharField(max_length=64, blank=True, db_comment="SHA-256 (hex) of the difference shown")
    rows_done = models.PositiveIntegerField(default=0)
    error = models.JSONField(default=dict, blank=True)
    effective_on = models.DateField(db_comment="day from which moves hold")
    started_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"roster import {self.pk}"


class RosterReject(models.Model):
    """A row of a file that was not taken, with every reason."""

    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField(db_comment="line of the file (CSV) or row of the sheet, from 1")
    faults = models.JSONField(db_comment="list of {field, code, value}")
    cells = models.JSONField(db_comment="the row as it came, by heading")

    class Meta:
        ordering = ["line"]

    def __str__(self) -> str:
        return f"line {self.line}"


class RosterChange(models.Model):
    """What an import changed of somebody who was known before: enough to show it, and to undo it."""

    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="changes")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, db_comment="changed, moved, returned or absent")
    before = models.JSONField(db_comment="values that were replaced, by field")
    after = models.JSONField(db_comment="values that replaced them, by field")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"
