"""Forms about how long reports are kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain.retention import HoldKind, Kept
from ikrar.web.messages import choices


class TermForm(forms.Form):
    """How many days one kind of report is kept; the bounds are the service's."""

    kind = forms.ChoiceField(label=_("Jenis laporan"))
    days = forms.IntegerField(label=_("Disimpan (hari)"), min_value=1, max_value=36_500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = choices("retention_kind")

    def clean_kind(self) -> Kept:
        return Kept(self.cleaned_data["kind"])


class HoldForm(forms.Form):
    """That a report is kept beyond its term."""

    kind = forms.ChoiceField(label=_("Alasan"), widget=forms.RadioSelect)
    until_on = forms.DateField(
        label=_("Tahan sampai"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Paling lama setahun. Yang masih diperlukan ditahan lagi."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = choices("hold_kind")

    def clean_kind(self) -> HoldKind:
        return HoldKind(self.cleaned_data["kind"])
