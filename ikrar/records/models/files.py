"""Files that somebody handed in: where they lie, their digest, who brought them."""

from django.db import models


class StoredFile(models.Model):
    """One file below `files/` in the installation's folder. Its bytes never change; the digest tells them."""

    path = models.CharField(max_length=80, unique=True, db_comment="below files/ in the installation's folder")
    digest = models.CharField(max_length=64, db_index=True, db_comment="SHA-256 (hex) of the bytes as they are stored")
    name = models.CharField(max_length=150, db_comment="as it is offered for saving")
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(db_comment="bytes")
    by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
