"""Forms of offices and bodies."""

from datetime import date, datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.records.models import Agency, WorkUnit
from ikrar.web import messages
from ikrar.web.forms.people import DayField


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


class AskedAgainForm(forms.Form):
    """A form that asks once more where a day lies far from today, in case a digit of it is wrong."""

    sure = forms.BooleanField(label=_("Tanggalnya memang begitu"), required=False, widget=forms.HiddenInput())

    _FAR_AHEAD, _FAR_BACK = timedelta(days=60), timedelta(days=400)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self):
        cleaned = super().clean()
        if not cleaned.pop("sure", False):
            for name, value in cleaned.items():
                day = value.date() if isinstance(value, datetime) else value
                if isinstance(day, date) and not self.today - self._FAR_BACK <= day <= self.today + self._FAR_AHEAD:
                    self.fields["sure"].widget = forms.CheckboxInput()
                    said = {"day": messages.day(day), "field": self.fields[name].label}
                    self.add_error(
                        "sure", _("%(field)s: %(day)s jauh dari hari ini. Bila memang begitu, centang.") % said
                    )
        return cleaned


class TakeOverForm(AskedAgainForm):
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
    letter_on = DayField(label=_("Tanggal surat"), required=False)

    field_order = ["number", "capacity", "from_at", "letter_number", "letter_on", "sure"]

    def clean_from_at(self):
        from_at = self.cleaned_data["from_at"]
        DayField().validate(from_at.date())
        return from_at


class LeaveForm(AskedAgainForm):
    kind = forms.ChoiceField(label=_("Jenis cuti"), choices=lambda: messages.choices("leave_kind"))
    from_on = DayField(label=_("Mulai"))
    last_on = DayField(label=_("Hari terakhir"))
    note = forms.CharField(label=_("Catatan"), max_length=300, required=False)

    field_order = ["kind", "from_on", "last_on", "note", "sure"]


class BodyForm(AgencyScoped):
    name = forms.CharField(label=_("Nama"), max_length=150)
    kind = forms.ChoiceField(label=_("Jenis"), choices=lambda: messages.choices("body_kind")[:3])
    task = forms.CharField(label=_("Tugas"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    field_order = ["agency", "name", "kind", "task"]


class MemberForm(forms.Form):
    number = forms.CharField(label=_("NIP anggota"), max_length=30)
    duty = forms.CharField(label=_("Tugas dalam tim"), max_length=80, required=False)
    letter_number = forms.CharField(label=_("Nomor surat tugas"), max_length=100)
    letter_on = DayField(label=_("Tanggal surat tugas"))
    from_on = DayField(label=_("Bertugas mulai"))


class EndForm(forms.Form):
    until_on = DayField(label=_("Berakhir pada"))
