"""Forms of what a region adds to the national election calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.web.forms.days import DayField


class RegionalElectionForm(forms.Form):
    candidate_pairs = forms.IntegerField(label=_("Pasangan calon"), min_value=0, max_value=50, required=False)
    voters = forms.IntegerField(label=_("Pemilih dalam DPT"), min_value=0, max_value=300_000_000, required=False)
    polling_stations = forms.IntegerField(label=_("TPS"), min_value=0, max_value=2_000_000, required=False)
    note = forms.CharField(label=_("Catatan"), max_length=300, required=False)
    source = forms.CharField(
        label=_("Sumber"), max_length=300, required=False, help_text=_("Keputusan KPU atau tautannya.")
    )


class StageMoveForm(forms.Form):
    stage = forms.ChoiceField(label=_("Tahapan"))
    from_on = DayField(label=_("Mulai"))
    last_on = DayField(label=_("Hari terakhir"))
    reason = forms.CharField(label=_("Alasan dan dasar"), max_length=300)
    sure = forms.BooleanField(label=_("Urutannya memang begitu"), required=False, widget=forms.HiddenInput())

    def __init__(self, *args, stages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = stages

    def ask(self, says: str) -> None:
        """Ask whether these days are meant."""
        self.fields["sure"].widget = forms.CheckboxInput()
        self.add_error("sure", says)
