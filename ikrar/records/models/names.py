"""What the index of names does not show yet."""

from django.db import models


class NameTouch(models.Model):
    """Somebody's name, number, post or unit changed since the index of names was made; see services.finding.

    Rows are only added, with the change itself; whoever makes the index anew deletes those that it shows.
    """

    # No reference: whoever was deleted leaves this mark, by which the index forgets him.
    person = models.BigIntegerField(
        null=True, db_comment="key of a person, perhaps of one who is gone; empty: so much changed that it is made anew"
    )

    def __str__(self) -> str:
        return f"touch {self.pk}"
