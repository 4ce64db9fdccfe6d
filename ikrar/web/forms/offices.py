"""Forms of offices and bodies."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.records.models import Agency, WorkUnit
from ikrar.web import messages
from ikrar.web.forms.people import DayInput


class AgencyScoped(forms.Form):
    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        if agencies.count() == 1:
            self.fields["agency"].initial = agencies.first()
            self.fields["agency"].widget = forms.HiddenInput()


class OfficeForm(AgencyScoped):
    title = forms.CharField(label=_("Nama jabatan"), max_length=150)
    kind = forms.ChoiceField(label=_("Jenis"), choices=lambda: messages.choices("office_kind"))
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=WorkUnit.objects.none(), required=False)

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, agencies=agencies, **kwargs)
        self.fields["unit"].queryset = WorkUnit.objects.filter(agency__in=agencies).order_by("agency", "position")

    def clean(self):
        cleaned = super().clean()
        agency, unit = cleaned.get("agency"), cleaned.get("unit")
        if agency and unit and unit.agency_id != agency.pk:
            self.add_error("unit", _("Unit ini bukan bagian dari instansi itu."))
        if agency and agency.offices.filter(title=cleaned.get("title", "")).exists():
            self.add_error("title", _("Jabatan ini sudah ada."))
        return cleaned


class TakeOverForm(forms.Form):
    number = forms.CharField(
        label=_("NIP pemegang baru"), max_length=30, required=False,
        help_text=_("Boleh kosong bila orangnya tidak dicatat di sini (misalnya Pjs. dari pusat)."),
    )  # fmt: skip
    capacity = forms.ChoiceField(label=_("Kedudukan"), choices=lambda: messages.choices("capacity"))
    from_at = forms.DateTimeField(
        label=_("Sejak (waktu setempat)"), input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    letter_number = forms.CharField(label=_("Nomor surat"), max_length=100, required=False)
    letter_on = forms.DateField(label=_("Tanggal surat"), required=False, widget=DayInput())


class LeaveForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis cuti"), choices=lambda: messages.choices("leave_kind"))
    from_on = forms.DateField(label=_("Mulai"), widget=DayInput())
    last_on = forms.DateField(label=_("Hari terakhir"), widget=DayInput())
    note = forms.CharField(label=_("Catatan"), max_length=300, required=False)


class BodyForm(AgencyScoped):
    name = forms.CharField(label=_("Nama"), max_length=150)
    kind = forms.ChoiceField(label=_("Jenis"), choices=lambda: messages.choices("body_kind")[:3])
    task = forms.CharField(label=_("Tugas"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    field_order = ["agency", "name", "kind", "task"]


class MemberForm(forms.Form):
    number = forms.CharField(label=_("NIP anggota"), max_length=30)
    duty = forms.CharField(label=_("Tugas dalam tim"), max_length=80, required=False)
    letter_number = forms.CharField(label=_("Nomor surat tugas"), max_length=100)
    letter_on = forms.DateField(label=_("Tanggal surat tugas"), widget=DayInput())
    from_on = forms.DateField(label=_("Bertugas mulai"), widget=DayInput())


class EndForm(forms.Form):
    until_on = forms.DateField(label=_("Berakhir pada"), widget=DayInput())
