"""Forms about sealed reports: filters of the inbox, and what an officer's browser sealed."""

import base64
import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.records.models import Report
from ikrar.web.messages import choices


class InboxForm(forms.Form):
    """Filters in the address. What is wrong in it filters nothing."""

    keadaan = forms.ChoiceField(label=_("Keadaan"), required=False)
    saluran = forms.ChoiceField(label=_("Saluran"), required=False)
    badan = forms.TypedChoiceField(label=_("Badan"), required=False, coerce=int, empty_value=0)
    hari = forms.DateField(label=_("Diterima pada"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    habis = forms.BooleanField(label=_("Yang jangka waktunya hampir habis dulu"), required=False)

    def __init__(self, *args: Any, bodies: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keadaan"].choices = [("", _("yang belum selesai")), *choices("report_state")]
        self.fields["saluran"].choices = [("", _("semua")), *choices("report_channel")]
        self.fields["badan"].choices = [("", _("semua")), *bodies.items()]


class SealedField(forms.CharField):
    """Bytes that a browser sealed, in base64."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> bytes:
        try:
            return base64.b64decode(super().to_python(value), validate=True)
        except (binascii.Error, ValueError):
            raise forms.ValidationError(_("Yang disegel peramban tidak sampai utuh. Muat ulang halaman.")) from None


class ReplyForm(forms.Form):
    sealed = SealedField(max_length=100_000)
    asks = forms.BooleanField(required=False)


class StateForm(forms.Form):
    state = forms.ChoiceField(choices=[(state.value, state.value) for state in Report.State])
    sealed = SealedField(max_length=100_000, required=False)
