"""Messages inside the product: what waits in somebody's inbox."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One message to one person, kept as a kind and its values: the sentence is made when it is read.

    Whoever stands on no roster (an officer of a supervising body) has his inbox at his account.
    """

    person = models.ForeignKey("Person", models.CASCADE, null=True, blank=True, related_name="notices")
    user = models.ForeignKey(
        "User", models.CASCADE, null=True, blank=True, related_name="notices", db_index=False,
        db_comment="an account without a person",
    )  # fmt: skip
    kind = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, user__isnull=False) | Q(person__isnull=False, user__isnull=True),
                name="notice_to_one",
            ),
        ]
        # The inbox, and its count on every page.
        indexes = [
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["user"], condition=Q(user__isnull=False), name="notice_of_user"),
            # Who is still to be told outside that something waits.
            models.Index(fields=["at"], condition=Q(read_at=None), name="notice_unread_since"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id or self.user_id}"
