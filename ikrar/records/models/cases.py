"""Case files: what officers handle in clear after a report was registered, step by step, until a decision takes effect.

Who reported stands in no field here: a case names reports by their number and holds what an officer brought out of them, part by
part. Where a respondent stands is told by his own row; what was done, by the steps, which are only ever added to.
"""

from django.db import models
from django.db.models import F, Q

from ikrar.records.models.fields import RandomKeyField


class Case(models.Model):
    """One matter (perkara): the reports it came from, its respondents, and by which procedure it is handled.

    `procedure` is the version of the day on which it was opened, and stays that one.
    """

    id = RandomKeyField()
    body = models.ForeignKey("Body", models.PROTECT, related_name="cases", db_comment="that registered it")
    handler = models.ForeignKey(
        "Body", models.PROTECT, null=True, blank=True, related_name="handled_cases",
        db_comment="that accepted it by referral; null: the body itself",
    )  # fmt: skip
    agency = models.ForeignKey(
        "Agency", models.PROTECT, null=True, blank=True, related_name="cases",
        db_comment="of the respondents; null: outsiders",
    )  # fmt: skip
    beside = models.ForeignKey(
        "Case",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tracks",
        db_comment="the same matter on another track",
    )
    number = models.CharField(max_length=60, blank=True, db_comment="of the body's register")
    regime = models.CharField(max_length=12, db_comment="pilkada, pemilu")
    track = models.CharField(max_length=12, db_comment="discipline, ethics, criminal, referral")
    procedure = models.CharField(max_length=60, db_comment="id of the procedure of that day")
    rulebook_digest = models.CharField(max_length=64, db_comment="SHA-256 (hex) of the rulebook it was opened by")
    opened_on = models.DateField(db_comment="the day whose procedure applies")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True, db_comment="no respondent is left in it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], condition=~Q(number=""), name="case_number_once"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="case_closed_after_opened"
            ),
        ]
        indexes = [models.Index(fields=["agency", "closed_on"], name="case_of_agency")]

    def __str__(self) -> str:
        return f"case {self.pk:016x}"


class CaseReport(models.Model):
    """A report in a case. A report lies in one case at most; the case of another track names the first one."""

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="case_reports")
    report = models.OneToOneField("Report", models.PROTECT, related_name="in_case")
    added_on = models.DateField()
    added_by = models.ForeignKey("User", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"report in case {self.case_id:016x}"


class CaseRespondent(models.Model):
    """Somebody about whom a case is (terlapor), with his own state and outcome.

    What he was on the day of the act is kept as it was then. The body, agency, clock and office that stand here beside the state
    repeat what the case, its clocks and the resolver say, so that a board of a hundred thousand is filtered by an index.
    """

    class Outcome(models.TextChoices):
        OPEN = "open"
        PROVEN = "proven"
        NOT_PROVEN = "not_proven"
        REFERRED = "referred"  # another authority answers for it
        CLOSED = "closed"  # not registered, or ended without a judgement, with its reason
        ENTERED_WRONGLY = "entered_wrongly"

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="respondents")
    person = models.ForeignKey("Person", models.PROTECT, null=True, blank=True, related_name="respondent_in")
    described = models.CharField(
        max_length=300,
        blank=True,
        db_comment="an outsider, as the officer describes him; empty where a person is named",
    )
    employment = models.CharField(max_length=16, db_comment="on the day of the act")
    post = models.CharField(max_length=200, blank=True, db_comment="on the day of the act")
    post_level = models.CharField(max_length=16, blank=True)
    unit = models.ForeignKey("WorkUnit", models.PROTECT, null=True, blank=True, related_name="+")
    body = models.ForeignKey(
        "Body", models.PROTECT, related_name="+", db_index=False, db_comment="as at the case: who handles it"
    )
    agency = models.ForeignKey("Agency", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    regime = models.CharField(max_length=12)
    track = models.CharField(max_length=12)
    state = models.CharField(max_length=40)
    state_on = models.DateField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.OPEN)
    outcome_reason = models.CharField(max_length=500, blank=True)
    office = models.ForeignKey(
        "Office", models.PROTECT, null=True, blank=True, related_name="case_queue", db_index=False,
        db_comment="that must act now; read through its holder of the minute",
    )  # fmt: skip
    due_on = models.DateField(null=True, blank=True, db_comment="of the clock that ends first")
    stage = models.PositiveSmallIntegerField(default=0, db_comment="0 running, 1 warned, 2 overdue, 3 long overdue")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(person=None) ^ Q(described=""), name="respondent_person_or_described"),
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(person__isnull=False), name="respondent_once_in_case"
            ),
        ]
        indexes = [
            # Boards: of a body, of an agency, of an office's queue; what is due first stands first.
            models.Index(fields=["body", "outcome", "state", "due_on", "stage", "id"], name="respondent_board_body"),
            models.Index(fields=["agency", "outcome", "state", "due_on", "stage", "id"], name="respondent_board_agency"),
            models.Index(
                fields=["office", "due_on", "id"], condition=Q(outcome="open", office__isnull=False),
                name="respondent_queue",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"respondent of {self.case_id:016x}"


class CaseAllegation(models.Model):
    """What somebody is said to have done: act × person × day × place, with what the rulebook of that day answered."""

    id = RandomKeyField()
    respondent = models.ForeignKey(CaseRespondent, models.PROTECT, related_name="allegations")
    act = models.CharField(max_length=80)
    on = models.DateField(db_comment="day of the act")
    place = models.CharField(max_length=200)
    gist = models.TextField(blank=True, db_comment="what happened, in the officer's words")
    election = models.CharField(max_length=60, blank=True)
    candidate_status = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=16, db_comment="what the rulebook called it: discipline, ethics, none …")
    level = models.CharField(max_length=40, blank=True)
    verdict = models.JSONField(
        default=dict, db_comment="the whole answer: reasons, citations, sanctions that may be chosen"
    )
    rulebook_digest = models.CharField(max_length=64)
    stated_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True, db_comment="stated wrongly")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["respondent", "act", "on", "place"], condition=Q(struck_at=None), name="allegation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"allegation of {self.respondent_id:016x}"


class CaseEvidence(models.Model):
    """A piece of evidence in a case: brought out of a sealed report by an officer's act, part by part, or handed in.

    What was brought out is what the officer wrote or re-saved of it, never the sealed part and never an identity.
    """

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    report = models.ForeignKey("Report", models.PROTECT, null=True, blank=True, related_name="+")
    part_digest = models.CharField(
        max_length=64, blank=True, db_comment="SHA-256 (hex) of the sealed part it came from"
    )
    label = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    file = models.ForeignKey("StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, db_comment="SHA-256 (hex) of the text or the file")
    respondent = models.ForeignKey(
        CaseRespondent, models.PROTECT, null=True, blank=True, related_name="replies",
        db_comment="whose reply it is; null: it is none",
    )  # fmt: skip
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(report=None) ^ ~Q(part_digest=""), name="evidence_names_its_part"),
            models.UniqueConstraint(fields=["case", "digest"], name="evidence_once_in_case"),
        ]

    def __str__(self) -> str:
        return f"evidence in {self.case_id:016x}"


class CaseNote(models.Model):
    """A note of an officer for those of his own body, or of his own agency; no respondent and no unit head sees it."""

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    text = models.TextField()
    body = models.ForeignKey(
        "Body",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_comment="whose officer wrote it, and who reads it",
    )
    agency = models.ForeignKey(
        "Agency", models.PROTECT, null=True, blank=True, related_name="+", db_comment="the same, where it was no body's"
    )
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note in {self.case_id:016x}"


class CaseTask(models.Model):
    """Something that somebody is to do for a case by a day of the body's own choice: no limit of the law."""

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey("User", models.PROTECT, related_name="case_tasks")
    due_on = models.DateField()
    given_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="case_task_open")]

    def __str__(self) -> str:
        return f"task in {self.case_id:016x}"


class CaseOfficer(models.Model):
    """Who is given a case to work on, and as what, from an instant until another."""

    class Duty(models.TextChoices):
        EXAMINER = "examiner"
        TEAM = "team"
        DRAFTER = "drafter"

    class Element(models.TextChoices):
        SUPERIOR = "superior"
        OVERSIGHT = "oversight"
        PERSONNEL = "personnel"

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="officers")
    user = models.ForeignKey("User", models.PROTECT, related_name="case_duties")
    duty = models.CharField(max_length=8, choices=Duty.choices)
    element = models.CharField(
        max_length=9,
        choices=Element.choices,
        blank=True,
        default="",
        db_comment="what a member of a team stands for in it",
    )
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey("User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], condition=Q(until_at=None), name="case_officer_once"),
        ]
        indexes = [models.Index(fields=["user", "case"], condition=Q(until_at=None), name="case_officer_open")]

    def __str__(self) -> str:
        return f"{self.duty} of {self.case_id:016x}"


class CaseConflict(models.Model):
    """That somebody has no part in a case: he said so himself, another said it of him, or a report excludes him.

    Of whom a report excludes only that he is excluded stands here: by which report and why is sealed with it.
    """

    class Kind(models.TextChoices):
        RECUSED = "recused"
        CONFLICT = "conflict"

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="conflicts")
    user = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("Person", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    why = models.CharField(max_length=12, db_comment="a word of domain.offices.CONFLICTS")
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    lifted_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(user=None) ^ Q(person=None), name="conflict_of_one"),
            models.UniqueConstraint(fields=["case", "user"], condition=Q(lifted_at=None), name="conflict_once_of_user"),
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(lifted_at=None), name="conflict_once_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"conflict in {self.case_id:016x}"


class CaseStep(models.Model):
    """What happened in a case, in its order: never changed, never deleted. `by` empty: the clock itself."""

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", db_index=False)
    respondent = models.ForeignKey(
        CaseRespondent, models.PROTECT, null=True, blank=True, related_name="steps", db_index=False,
        db_comment="null: it is about the case itself",
    )  # fmt: skip
    step = models.CharField(max_length=60)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    role = models.CharField(max_length=24, blank=True, db_comment="by which role it was done")
    office = models.ForeignKey("Office", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    capacity = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField()
    serial = models.PositiveIntegerField(
        default=0, db_default=0,
        db_comment="its place within its case, of those of one moment; 0: a step of the night",
    )  # fmt: skip
    on = models.DateField(db_comment="local day on which it happened; it may lie before the day it was entered")
    facts = models.JSONField(default=dict)
    document = models.ForeignKey("StoredFile", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    document_digest = models.CharField(max_length=64, blank=True)
    entry = models.ForeignKey("LogEntry", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        # The timeline of a case; what one respondent went through.
        indexes = [
            models.Index(fields=["case", "at"], name="case_timeline"),
            models.Index(fields=["respondent", "step"], name="case_step_of_respondent"),
        ]

    def __str__(self) -> str:
        return f"{self.step} in {self.case_id:016x}"


class CaseClock(models.Model):
    """A limit that runs for a respondent: by a term of the law, or an operator's own target, which is never called a limit.

    The days on which it is warned of, overdue and long overdue are worked out when it starts, so that a night compares days alone.
    `computation` keeps how its last day was counted; an extension or a pause counts anew and keeps what was before.

    A window for a letter of the respondent (domain/cases.WINDOWS) is a clock too, and nobody is late by it: it stays at stage 0
    and its `next_on` is null while it runs. Its `owner` is the role whose side records the letter; it is owed by nobody.
    """

    class Kind(models.TextChoices):
        TERM = "term"
        TARGET = "target"

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks", db_index=False)
    respondent = models.ForeignKey(CaseRespondent, models.PROTECT, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    term = models.CharField(max_length=60, db_comment="id of the term or the target")
    owner = models.CharField(max_length=24, db_comment="the role that must act by it")
    count = models.CharField(max_length=16, db_comment="working_days, calendar_days, hours …")
    start_on = models.DateField()
    start_at = models.DateTimeField(null=True, blank=True, db_comment="of a limit in hours")
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True, db_comment="of a limit in hours")
    warn_on = models.DateField()
    late_on = models.DateField(db_comment="first day after the last one")
    long_on = models.DateField(db_comment="from this day on it is long overdue")
    stage = models.PositiveSmallIntegerField(default=0, db_comment="0 running, 1 warned, 2 overdue, 3 long overdue")
    next_on = models.DateField(
        null=True, blank=True, db_comment="when its stage changes next; null: stopped, paused, or at its last"
    )
    computation = models.JSONField(default=dict)
    rulebook_digest = models.CharField(
        max_length=64, blank=True, db_comment="of the rulebook that counted; empty: a target"
    )
    pauses = models.JSONField(default=list, db_comment="[{from, until, reason}]")
    extensions = models.JSONField(default=list, db_comment="[{length, reason, by}]")
    started_by = models.ForeignKey(CaseStep, models.PROTECT, related_name="+", db_index=False)
    stopped_on = models.DateField(null=True, blank=True)
    stopped_by = models.ForeignKey(CaseStep, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["respondent", "term"], condition=Q(stopped_on=None), name="case_clock_one_running"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("start_on")), name="case_clock_due_after_start"),
        ]
        indexes = [
            models.Index(fields=["case"], name="case_clock_of_case"),
            models.Index(fields=["respondent", "due_on"], condition=Q(stopped_on=None), name="case_clock_running"),
            # The night: clocks whose stage changes.
            models.Index(fields=["next_on"], condition=Q(next_on__isnull=False), name="case_clock_to_change"),
            # Those that another rulebook counted.
            models.Index(fields=["rulebook_digest"], condition=Q(stopped_on=None), name="case_clock_counted_by"),
        ]

    def __str__(self) -> str:
        return f"{self.term} in {self.case_id:016x}"


class CaseTarget(models.Model):
    """What the operator set for a target of the procedures. Rows are only added; of each target the last one counts.

    All are days from the start of a clock. A clock that runs keeps the days with which it began.
    """

    target = models.CharField(max_length=60, db_comment="id of the target")
    version = models.PositiveSmallIntegerField(db_comment="1, 2 …: of two changes at once one is refused")
    days = models.PositiveSmallIntegerField(db_comment="its last day")
    warn_days = models.PositiveSmallIntegerField(db_comment="its owner is warned then")
    long_days = models.PositiveSmallIntegerField(db_comment="it is long overdue then")
    by = models.ForeignKey("User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "version"], name="case_target_version"),
            models.CheckConstraint(
                condition=Q(warn_days__gt=0, days__gt=F("warn_days"), long_days__gt=F("days")),
                name="case_target_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.days} days"


class CaseDecision(models.Model):
    """What an authority decided about a respondent: drafted, then signed here or recorded from a signed document.

    Once it is decided its words never change; an objection or an appeal puts another decision in its place.
    """

    class Way(models.TextChoices):
        RECORDED = "recorded"
        SIGNED_HERE = "signed_here"

    id = RandomKeyField()
    respondent = models.ForeignKey(CaseRespondent, models.PROTECT, related_name="decisions")
    sanction = models.CharField(max_length=80, blank=True, db_comment="of the rulebook; empty: not proven")
    level = models.CharField(max_length=40, blank=True)
    recommended = models.CharField(max_length=80, blank=True, db_comment="what was recommended, set beside it")
    recommended_step = models.ForeignKey(CaseStep, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_step = models.ForeignKey(
        CaseStep, models.PROTECT, null=True, blank=True, related_name="+", db_comment="what its own examiners proposed"
    )
    departure_reason = models.TextField(blank=True)
    grounds = models.TextField(blank=True)
    way = models.CharField(max_length=12, choices=Way.choices, blank=True)
    drafted_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    unchecked = models.JSONField(
        default=list, db_comment="rules used that nobody compared with the gazette, or that are disputed"
    )
    confirmed_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    office = models.ForeignKey("Office", models.PROTECT, null=True, blank=True, related_name="+")
    authority = models.CharField(max_length=120, blank=True, db_comment="as the resolver named it on that day")
    capacity = models.CharField(max_length=10, blank=True)
    signer = models.ForeignKey("Person", models.PROTECT, null=True, blank=True, related_name="+")
    signer_name = models.CharField(
        max_length=120,
        null=True,
        blank=True,
        db_comment="of whoever signed in an office that is none of this installation",
    )
    decided_on = models.DateField(null=True, blank=True)
    text = models.JSONField(
        null=True,
        blank=True,
        db_comment="the words as they were decided; null: a draft, or decided before words were kept",
    )
    recorded_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    number = models.CharField(max_length=100, blank=True, db_comment="of the letter, from wherever it is numbered")
    document = models.ForeignKey("StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(
        max_length=64, blank=True, db_comment="SHA-256 (hex) of the scan, or of what was signed here"
    )
    served_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    effect = models.JSONField(default=dict, db_comment="how the day of effect was computed")
    replaces = models.OneToOneField("CaseDecision", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    ended_at = models.DateTimeField(
        null=True, blank=True, db_comment="another one took its place, or it was taken back as a draft"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["respondent"], condition=Q(ended_at=None), name="decision_one_standing"),
            models.CheckConstraint(
                condition=Q(decided_on=None) | (~Q(number="") & ~Q(digest="") & ~Q(way="")),
                name="decision_has_its_paper",
            ),
            models.CheckConstraint(
                condition=Q(served_on=None) | Q(served_on__gte=F("decided_on")), name="decision_served_after_decided"
            ),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(received_on__gte=F("served_on")),
                name="decision_received_after_served",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("drafted_by")), name="decision_confirmed_by_another"
            ),
        ]
        indexes = [
            models.Index(fields=["effective_on"], condition=Q(effective_on__isnull=False), name="decision_effect"),
        ]

    def __str__(self) -> str:
        return f"decision on {self.respondent_id:016x}"

    @property
    def proposed(self) -> str:
        """Return the sanction that its own examiners proposed; empty: none."""
        return str(self.proposed_step.facts.get("sanction", "")) if self.proposed_step else ""


class CaseReferral(models.Model):
    """A case that one body sends to another: accepted, or refused with a reason, or returned later with one."""

    class State(models.TextChoices):
        SENT = "sent"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        RETURNED = "returned"

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    from_body = models.ForeignKey("Body", models.PROTECT, related_name="+")
    to_body = models.ForeignKey("Body", models.PROTECT, related_name="referrals")
    number = models.CharField(max_length=100, db_comment="of the covering letter")
    words = models.TextField(db_comment="what is recommended")
    parts = models.JSONField(
        null=True, blank=True, db_comment="keys (hex) of the evidence that goes with it; null: all of it"
    )
    document = models.ForeignKey("StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    sent_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    sent_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENT)
    answered_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    returned_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="sent"), name="referral_one_waiting"),
            models.CheckConstraint(condition=~Q(from_body=F("to_body")), name="referral_between_two"),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "returned"]) | ~Q(reason=""), name="referral_refused_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["to_body", "state", "sent_on"], name="referral_to_answer")]

    def __str__(self) -> str:
        return f"referral of {self.case_id:016x}"


class CaseLine(models.Model):
    """A line of the board: the respondents of a case who stand together, for one whom it reaches.

    It repeats what case, respondents, clocks, referrals and steps say, once for each reader, so that a board of a hundred
    thousand is one piece of an index. Only services.case_lines writes it, and makes it anew at any time.
    """

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="lines", db_index=False)
    reader = models.CharField(max_length=24, db_comment="whom it reaches: body:, agency: with the key, or all")
    agency = models.ForeignKey(
        "Agency", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        db_comment="of these respondents; null: outsiders",
    )  # fmt: skip
    state = models.CharField(max_length=40)
    ended = models.PositiveSmallIntegerField(
        db_comment="1: they stand in an end; a number, since SQLite finds no truth by an index"
    )
    here = models.PositiveSmallIntegerField(
        db_comment="1: whom it reaches is the body that has the case, or no body at all; a number as above"
    )
    track = models.CharField(max_length=12)
    number = models.CharField(max_length=60, blank=True, db_comment="of the body's register")
    opened_on = models.DateField()
    owner = models.CharField(max_length=24, blank=True, db_comment="role that has the next step by the procedure")
    due_on = models.DateField(db_comment="of the clock that ends first; year 9999: none runs")
    near_on = models.DateField(db_comment="from when one is warned of; year 9999: none runs")
    long_on = models.DateField(db_comment="from when one is long overdue; year 9999: none runs")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reader", "state", "agency"], condition=Q(agency__isnull=False), name="case_line_once"
            ),
            models.UniqueConstraint(
                fields=["case", "reader", "state"], condition=Q(agency=None), name="case_line_once_of_outsiders"
            ),
        ]
        indexes = [
            models.Index(fields=["case"], name="case_line_of_case"),
            # The board of whoever it reaches: all that a filter asks stands in the index, so that none reads rows in vain.
            models.Index(
                fields=[
                    "reader", "ended", "due_on", "case", "near_on", "state", "here", "track", "owner", "agency", "opened_on",
                    "number", "id",
                ],
                name="case_line_by_clock",
            ),
            models.Index(
                fields=[
                    "reader", "state", "due_on", "case", "near_on", "here", "track", "owner", "agency", "opened_on", "number", "id",
                ],
                name="case_line_by_state",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"line of {self.case_id:016x}"


class CaseWord(models.Model):
    """By what a case is found: its number and its respondents' names, from each of their first words on, in capitals."""

    id = RandomKeyField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="words", db_index=False)
    word = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "word"], name="case_word_once")]
        # Whoever seeks how a word begins finds the cases in the index itself; PostgreSQL needs to be told that this is asked.
        indexes = [
            models.Index(
                fields=["word", "case"], name="case_word_begins", opclasses=["varchar_pattern_ops", "int8_ops"]
            )
        ]

    def __str__(self) -> str:
        return f"word of {self.case_id:016x}"


class CaseFilter(models.Model):
    """A way of looking at the board of cases that somebody keeps under a name of his own; nobody else sees it."""

    user = models.ForeignKey("User", models.CASCADE, related_name="case_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, db_comment="the filters as they stand in an address")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="case_filter_named_once")]

    def __str__(self) -> str:
        return f"filter {self.pk}"
