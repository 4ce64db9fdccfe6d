"""Forms of clippings: pasting one, and finding those that are kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.records.models import Agency, Body, WorkUnit
from ikrar.web.forms.days import DayField, MomentField
from ikrar.web.messages import choices


class PasteForm(forms.Form):
    """What was found, where, and when it was seen."""

    keeper = forms.ChoiceField(label=_("Disimpan untuk"))
    address = forms.CharField(
        label=_("Alamat halaman"), required=False, max_length=3_000,
        help_text=_("Boleh kosong. Alamat disimpan sebagai tulisan; Ikrar tidak pernah membukanya."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Teks kiriman atau berita"), required=False, strip=False,
        help_text=_("Salin seluruhnya, apa adanya, paling panjang 15.000 huruf. Dibaca petugas kliping di sini."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )  # fmt: skip
    seen_at = MomentField(
        label=_("Kapan Anda melihatnya"), required=False,
        help_text=_("“Besok” dan “kemarin” di teks dihitung dari hari itu. Kosong: saat Anda menempelkannya."),
    )  # fmt: skip

    def __init__(self, *args: Any, keepers: list[Agency | Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keepers = {key_of(each): each for each in keepers}
        self.fields["keeper"].choices = [(key, each.name) for key, each in self._keepers.items()]
        if len(keepers) == 1:
            self.fields["keeper"].required = False
            self.fields["keeper"].widget = forms.HiddenInput()
            self.fields["keeper"].initial = next(iter(self._keepers))

    def chosen(self) -> Agency | Body:
        """Return for whom it is kept."""
        return self._keepers[self.cleaned_data["keeper"] or next(iter(self._keepers))]


def key_of(keeper: Agency | Body) -> str:
    """Return how a form names a keeper."""
    return f"{'agency' if isinstance(keeper, Agency) else 'body'}-{keeper.pk}"


class FindForm(forms.Form):
    """Which clippings to list."""

    hari = DayField(label=_("Ditempel pada"), required=False)
    unit = forms.ModelChoiceField(label=_("Tentang unit"), queryset=WorkUnit.objects.none(), required=False)
    menjadi = forms.ChoiceField(label=_("Menjadi"), required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: unit.name
        self.fields["menjadi"].choices = [("", _("semua")), *choices("clipping_became")]
