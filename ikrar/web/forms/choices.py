"""Choices of many records, and numbers of records as a request brings them: one that no record can have is no error 500."""

from collections.abc import Iterable
from typing import Any

from django import forms

_DIGITS = 18  # of a number that every database holds


def is_key(text: str) -> bool:
    """Say whether a text can be the number of a record at all.

    >>> is_key("17"), is_key("99999999999999999999"), is_key("-1"), is_key("²")
    (True, False, False, False)
    """
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def keys_in(texts: Iterable[str]) -> set[int]:
    """Return the numbers of records among what a request brought; what can be none is left out."""
    return {int(text) for text in texts if is_key(text)}


class ManyRecords(forms.ModelMultipleChoiceField):
    """A choice of many records. A number beyond what a database holds is a wrong choice like any other."""

    def clean(self, value: Any) -> Any:
        for each in value if isinstance(value, (list, tuple)) else ():
            if isinstance(each, str) and each.isdigit() and not is_key(each):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": each[:40]}
                )
        return super().clean(value)
