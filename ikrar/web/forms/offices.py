"""Forms of offices and bodies."""

from datetime import date, datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.records.models import Agency, WorkUnit
from ikrar.web import messages
from ikrar.web.forms.days import DayField, MomentField


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
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=WorkUnit.objects.none(), required=False, empty_label=_("– tidak terikat satu unit –")
    )

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


class _Who(AskedAgainForm):
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
    from_at = MomentField(label=_("Sejak (waktu setempat)"))
    letter_number = forms.CharField(label=_("Nomor surat"), max_length=100, required=False)
    letter_on = DayField(label=_("Tanggal surat"), required=False)
    late = _late()

    field_order = ["number", "name", "capacity", "from_at", "letter_number", "letter_on", "late", "sure"]

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
    letter_on = DayField(label=_("Tanggal surat penunjukan"), required=False)
    late = _late()

    def clean(self):
        cleaned = super().clean()
        if (cleaned.get("number") or cleaned.get("name")) and not cleaned.get("capacity"):
            self.add_error("capacity", _("Pilih kedudukan penggantinya."))
        return cleaned


class LeaveForm(_StandInFields):
    who = forms.ChoiceField(label=_("Siapa yang cuti"))
    kind = forms.ChoiceField(label=_("Jenis cuti"), choices=lambda: messages.choices("leave_kind"))
    from_on = DayField(label=_("Mulai"))
    hour = forms.TimeField(
        label=_("Jam mulai (waktu setempat)"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Kosong berarti pukul 00.00. Pada menit itu tugas jabatan beralih."),
    )  # fmt: skip
    last_on = DayField(
        label=_("Hari terakhir"),
        help_text=_("Sesudah hari ini berakhir, jabatan kembali sendiri kepada pemegangnya."),
    )  # fmt: skip
    note = forms.CharField(label=_("Catatan"), max_length=300, required=False)

    field_order = [
        "who", "kind", "from_on", "hour", "last_on", "note", "capacity", "number", "name", "letter_number",
        "letter_on", "late", "sure",
    ]  # fmt: skip

    def __init__(self, *args, holdings=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = holdings
        if len(holdings) < 2:
            del self.fields["who"]
        self.fields["number"].label = _("NIP pengganti")
        self.fields["name"].label = _("Nama pengganti, bila dari luar")


class StandInForm(_StandInFields):
    from_at = MomentField(label=_("Menggantikan sejak (waktu setempat)"))

    field_order = ["from_at", "capacity", "number", "name", "letter_number", "letter_on", "late", "sure"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].label = _("NIP pengganti")
        self.fields["name"].label = _("Nama pengganti, bila dari luar")
        self.fields["capacity"].required = True
        self.fields["capacity"].choices = [each for each in messages.choices("capacity") if each[0] != "definitive"]


class VacateForm(AskedAgainForm):
    at = MomentField(
        label=_("Kosong sejak (waktu setempat)"),
        help_text=_("Misalnya akhir masa jabatan. Cuti yang sedang berjalan dan penggantinya berakhir pada menit yang sama."),
    )  # fmt: skip


class EndLeaveForm(AskedAgainForm):
    at = MomentField(label=_("Kembali bertugas pada (waktu setempat)"))


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
