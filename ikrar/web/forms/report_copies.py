"""Forms about copies of a report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.web.forms.reports import SealedField
from ikrar.web.messages import choices


class KeysField(forms.CharField):
    """Ids of officers' keys, with commas between."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> list[int]:
        text = super().to_python(value)
        parts = text.split(",") if text else []
        if not all(part.isdecimal() and part.isascii() and len(part) < 19 for part in parts):
            raise forms.ValidationError(_("Yang disegel peramban tidak sampai utuh. Muat ulang halaman."))
        return [int(part) for part in parts]


class OfferForm(forms.Form):
    """A copy for another body, as an officer's browser sealed it."""

    body = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    key_set = forms.CharField(max_length=64)
    to = KeysField(max_length=1000)
    files = KeysField(max_length=1000, required=False)
    sealed = SealedField(max_length=50_000)


class AskAgainForm(forms.Form):
    """Whom the browser of which officer left out, where other browsers shall look again."""

    key = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    by = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class RegionForm(forms.Form):
    """Whose bodies are shown."""

    wilayah = forms.ChoiceField(label=_("Wilayah badan itu"), required=False)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], initial: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"wilayah": initial}, **kwargs)
        known = [(code, name or _("seluruh Indonesia")) for code, name in regions if code]
        self.fields["wilayah"].choices = [("", _("seluruh Indonesia")), *known]


class AnswerForm(forms.Form):
    """An answer to an offer. A reason stands in fixed words alone: what is written freely could tell of what is sealed."""

    answer = forms.ChoiceField(choices=[("take", "take"), ("decline", "decline")], widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Alasan menolak"),
        error_messages={"required": _("Pilih alasannya: badan yang menawarkan akan membacanya.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", _("pilih")), *choices("report_copy_reason")]
        self.fields["reason"].required = self.data.get("answer") != "take"

    @property
    def takes(self) -> bool:
        """Say whether it is taken."""
        return bool(self.cleaned_data["answer"] == "take")
