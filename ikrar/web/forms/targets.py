"""The form of an operator's target."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain.cases import MOST_TARGET_DAYS


class TargetForm(forms.Form):
    """How long a target is, when it is warned of, and when it is long overdue: days from its start."""

    warn_days = forms.IntegerField(label=_("Diingatkan pada hari ke-"), min_value=1, max_value=MOST_TARGET_DAYS)
    days = forms.IntegerField(label=_("Hari terakhir: hari ke-"), min_value=1, max_value=MOST_TARGET_DAYS)
    long_days = forms.IntegerField(label=_("Lama lewat sejak hari ke-"), min_value=1, max_value=MOST_TARGET_DAYS)
    was = forms.IntegerField(widget=forms.HiddenInput)
