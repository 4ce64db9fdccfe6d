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


class _Who(forms.Form):
    """Who takes an office: by number, from the roster; by name, from outside; or nobody whom the records name."""

    number = forms.CharField(
        label=_("NIP"), max_length=30, required=False,
        help_text=_("Untuk pegawai di daftar instansi ini. Kosongkan bila orangnya dari luar atau tidak dicatat di sini."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Nama, bila dari luar"), max_length=200, required=False,
        help_text=_(
            "Kepala daerah terpilih, atau pejabat yang dikirim dari instansi lain: tulis namanya dengan gelar. Bila ia"
            " pegawai instansi lain di sini, tulis NIP dan namanya."
        ),
    )  # fmt: skip

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


def _late():
    return forms.BooleanField(
        label=_("Ini sudah terjadi pada hari sebelumnya; saya mencatatnya sesudahnya."), required=False
    )


class TakeOverForm(_Who):
    """Who takes over, in which capacity, from which minute."""

    capacity = forms.ChoiceField(label=_("Kedudukan"), choices=lambda: messages.choices("capacity"))
    from_at = forms.DateTimeField(
        label=_("Sejak (waktu setempat)"), input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    letter_number = forms.CharField(label=_("Nomor surat"), max_length=100, required=False)
    letter_on = forms.DateField(label=_("Tanggal surat"), required=False, widget=DayInput())
    late = _late()

    field_order = ["number", "name", "capacity", "from_at", "letter_number", "letter_on", "late"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].label = _("NIP pemegang baru")


class _StandInFields(_Who):
    capacity = forms.ChoiceField(
        label=_("Kedudukan pengganti"), required=False,
        choices=lambda: [
            ("", _("– tidak ada yang menggantikan –")),
            *(each for each in messages.choices("capacity") if each[0] != "definitive"),
        ],
    )  # fmt: skip
    letter_number = forms.CharField(label=_("Nomor surat penunjukan"), max_length=100, required=False)
    letter_on = forms.DateField(label=_("Tanggal surat penunjukan"), required=False, widget=DayInput())
    late = _late()

    def clean(self):
        cleaned = super().clean()
        if (cleaned.get("number") or cleaned.get("name")) and not cleaned.get("capacity"):
            self.add_error("capacity", _("Pilih kedudukan penggantinya."))
        return cleaned


class LeaveForm(_StandInFields):
    who = forms.ChoiceField(label=_("Siapa yang cuti"))
    kind = forms.ChoiceField(label=_("Jenis cuti"), choices=lambda: messages.choices("leave_kind"))
    from_on = forms.DateField(label=_("Mulai"), widget=DayInput())
    hour = forms.TimeField(
        label=_("Jam mulai (waktu setempat)"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Kosong berarti pukul 00.00. Pada menit itu tugas jabatan beralih."),
    )  # fmt: skip
    last_on = forms.DateField(
        label=_("Hari terakhir"), widget=DayInput(),
        help_text=_("Sesudah hari ini berakhir, jabatan kembali sendiri kepada pemegangnya."),
    )  # fmt: skip
    note = forms.CharField(label=_("Catatan"), max_length=300, required=False)

    field_order = [
        "who", "kind", "from_on", "hour", "last_on", "note", "capacity", "number", "name", "letter_number",
        "letter_on", "late",
    ]  # fmt: skip

    def __init__(self, *args, holdings=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = holdings
        if len(holdings) < 2:
            del self.fields["who"]
        self.fields["number"].label = _("NIP pengganti")
        self.fields["name"].label = _("Nama pengganti, bila dari luar")


class StandInForm(_StandInFields):
    from_at = forms.DateTimeField(
        label=_("Menggantikan sejak (waktu setempat)"), input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    field_order = ["from_at", "capacity", "number", "name", "letter_number", "letter_on", "late"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].label = _("NIP pengganti")
        self.fields["name"].label = _("Nama pengganti, bila dari luar")
        self.fields["capacity"].required = True
        self.fields["capacity"].choices = [each for each in messages.choices("capacity") if each[0] != "definitive"]


class EndLeaveForm(forms.Form):
    at = forms.DateTimeField(
        label=_("Kembali bertugas pada (waktu setempat)"), input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


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
