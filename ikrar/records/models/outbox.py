"""Messages that leave the installation: that something waits, to whom, by which way, and what came of it."""

from django.db import models
from django.db.models import Q


class OutsideMessage(models.Model):
    """One message to one person that something waits for him: at most one a day, whatever waits and how much.

    It is claimed before it leaves. Whatever was on its way when the machine stopped is not sent a second time.
    """

    class Way(models.TextChoices):
        EMAIL = "email"
        MESSENGER = "messenger"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        GIVEN_UP = "given_up"

    person = models.ForeignKey("Person", models.CASCADE, related_name="+")
    way = models.CharField(max_length=9, choices=Way.choices)
    address = models.CharField(max_length=254, db_comment="as it was when the message was made")
    on = models.DateField(db_comment="local day for which it counts")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_comment="not before")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=20, blank=True, db_comment="the code of the last refusal; never its text")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "on"], name="outside_message_once_a_day")]
        indexes = [
            # What the clock sends next.
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="outside_message_waiting"),
            # Whether somebody was told since his latest notice came.
            models.Index(fields=["person", "-made_at"], name="outside_message_of_person"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class FailingAddress(models.Model):
    """An address that does not take our messages. Nothing more is sent to it until an officer clears it."""

    way = models.CharField(max_length=9, choices=OutsideMessage.Way.choices)
    address = models.CharField(max_length=254)
    person = models.ForeignKey("Person", models.CASCADE, null=True, related_name="failing_addresses")
    answer = models.CharField(max_length=20, db_comment="the code of the refusal, or why else: returned, given_up")
    since_at = models.DateTimeField()
    by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", db_comment="who entered it by hand"
    )

    class Meta:
        ordering = ["-since_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["way", "address"], name="failing_address_once")]
        verbose_name_plural = "failing addresses"

    def __str__(self) -> str:
        return f"failing address {self.pk}"


class OutsideSilence(models.Model):
    """That somebody wants no messages outside the inbox."""

    person = models.OneToOneField("Person", models.CASCADE, related_name="outside_silence")
    since_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"silence for {self.person_id}"


class OutsideCalm(models.Model):
    """One row a way: how long nothing is tried because the other side did not answer, and when a group was last told."""

    way = models.CharField(max_length=9, choices=OutsideMessage.Way.choices, primary_key=True)
    until_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    group_told_on = models.DateField(null=True, blank=True, db_comment="addresses that belong to no one person")

    def __str__(self) -> str:
        return self.way
