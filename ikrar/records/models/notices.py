"""Messages inside the product: what waits in somebody's inbox."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One message to one person, kept as a kind and its values: the sentence is made when it is read."""

    person = models.ForeignKey("Person", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        # The inbox, and its count on every page.
        indexes = [
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            # Who is still to be told outside that something waits.
            models.Index(fields=["at"], condition=Q(read_at=None), name="notice_unread_since"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"
