"""Regions with the codes of the Ministry of Home Affairs (Kemendagri)."""

from django.db import models


class Region(models.Model):
    """A province (13), regency or city (13.75), district (13.75.01) or village (13.75.01.1001)."""

    code = models.CharField(max_length=13, primary_key=True)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("Region", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
