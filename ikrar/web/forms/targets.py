"""The form of an operator's target."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain.cases import MOST_TARGET_DAYS


class _Days(forms.IntegerField):
    default_error_messages = {"invalid": _("Tulis bilangan bulat.")}

    def __init__(self, label: str) -> None:
        super().__init__(label=label, min_value=1, max_value=MOST_TARGET_DAYS)


class TargetForm(forms.Form):
    """How long a target is, when it is warned of, and when it is long overdue: days from its start."""

    warn_days = _Days(_("Diingatkan pada hari ke-"))
    days = _Days(_("Hari terakhir: hari ke-"))
    long_days = _Days(_("Lama lewat sejak hari ke-"))
    was = forms.IntegerField(widget=forms.HiddenInput)
