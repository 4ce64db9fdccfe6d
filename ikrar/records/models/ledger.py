"""The log: a 32-byte commitment an act; payload and salt apart from it, so that they can be erased."""

from django.db import models

from ikrar.records.models.fields import RandomKeyField


class LogEntry(models.Model):
    """One commitment. The key is random and no time stands beside it: the table alone tells neither what nor when.

    Rows are never changed or deleted (triggers refuse). Positions in the tree are given later, elsewhere.
    """

    id = RandomKeyField()
    commitment = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "log entries"

    def __str__(self) -> str:
        return f"entry {self.pk:x}"


class LogPayload(models.Model):
    """What was committed to. It may be erased, never changed (a trigger refuses); the commitment stays valid."""

    entry = models.OneToOneField(LogEntry, models.PROTECT, primary_key=True, related_name="payload")
    salt = models.BinaryField(max_length=32)
    payload = models.BinaryField()

    def __str__(self) -> str:
        return f"payload {self.pk:x}"
