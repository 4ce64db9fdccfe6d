"""Forms of officers' keys and key sets: what a browser made arrives in hidden fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.records.models import OfficerKey


class NewKeyForm(forms.Form):
    recipient = forms.CharField(max_length=100, widget=forms.HiddenInput)
    verifier = forms.CharField(max_length=64, widget=forms.HiddenInput)
    proof = forms.CharField(max_length=128, widget=forms.HiddenInput)
    wrapped = forms.CharField(max_length=5000, widget=forms.HiddenInput)


class ProposalForm(forms.Form):
    keys = forms.TypedMultipleChoiceField(
        label=_("Pemegang kunci"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Laporan baru disegel kepada mereka dan kepada kunci luring. Sekurangnya dua orang."),
    )  # fmt: skip
    offline_recipient = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    offline_verifier = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, labels: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keys"].choices = list(labels.items())

    @property
    def offline(self) -> tuple[str, str] | None:
        """Return the new offline key, if one was made."""
        said = self.cleaned_data["offline_recipient"], self.cleaned_data["offline_verifier"]
        return said if any(said) else None


class SignatureForm(forms.Form):
    verifier = forms.CharField(max_length=64, widget=forms.HiddenInput)
    signature = forms.CharField(max_length=128, widget=forms.HiddenInput)


def labelled(keys: list[OfficerKey], holding: set[int]) -> dict[int, str]:
    """Return how each key is called in a list to choose from: its owner, and whether it holds already."""
    return {
        key.pk: f"{key.user.display_name} ({_('pemegang sekarang') if key.pk in holding else _('baru')})"
        for key in keys
    }
