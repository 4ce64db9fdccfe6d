"""Forms of rosters, people, units and agencies."""

from django import forms
from django.db.models import Q
from django.template.defaultfilters import truncatechars
from django.utils.translation import gettext_lazy as _

from ikrar.domain import roster
from ikrar.domain.agencies import kinds_above
from ikrar.records.models import Agency, WorkUnit
from ikrar.web import messages
from ikrar.web.forms.days import DayField


class UploadForm(forms.Form):
    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())
    file = forms.FileField(
        label=_("Berkas pegawai"),
        help_text=_(
            "CSV atau XLSX dari sistem kepegawaian, apa adanya. Tidak ada yang disimpan sebelum Anda melihat bedanya."
        ),
    )

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        if agencies.count() == 1:
            self.fields["agency"].initial = agencies.first()
            self.fields["agency"].widget = forms.HiddenInput()


class SheetsForm(forms.Form):
    """Which sheets of a workbook are read: those with the same headings together."""

    group = forms.ChoiceField(label=_("Lembar yang dibaca"), widget=forms.RadioSelect)

    def __init__(self, *args, groups, read, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(str(number), ", ".join(names)) for number, names in enumerate(groups)]
        if read in groups:
            self.fields["group"].initial = str(groups.index(read))


class MappingForm(forms.Form):
    """One choice a column of the file, then two questions about the whole."""

    def __init__(self, *args, headings, fields, values, complete=False, new_units=False, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("– tidak dipakai –")), *((name, self._word(name)) for name in roster.FIELDS)]
        for index, heading in enumerate(headings):
            shown = [truncatechars(value, 40) for value in values.get(heading, ())]
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=fields.get(heading) or "",
                help_text=_("Isinya: %(values)s") % {"values": " · ".join(shown)} if shown else _("Isinya kosong."),
                template_name="people/_column.html",
            )  # fmt: skip
        self.fields["new_units"] = forms.BooleanField(
            label=_("Buat unit yang belum ada di struktur"), required=False, initial=new_units,
            help_text=_("Bila tidak dicentang, baris dengan unit yang tidak dikenal ditolak."),
        )  # fmt: skip
        self.fields["complete"] = forms.BooleanField(
            label=_("Berkas ini memuat seluruh pegawai"), required=False, initial=complete,
            help_text=_("Bila dicentang, siapa yang tidak ada di berkas dianggap sudah tidak bekerja di instansi ini."),
        )  # fmt: skip
        self.headings = headings

    @staticmethod
    def _word(name):
        word = messages.FIELD_WORDS[name]
        if name in roster.REQUIRED:
            return _("%(word)s (wajib)") % {"word": word}
        return _("%(word)s (wajib salah satu)") % {"word": word} if name in roster.REQUIRED_ONE_OF else word

    def mapping(self):
        return {heading: self.cleaned_data[f"column_{index}"] or None for index, heading in enumerate(self.headings)}


class UnitForm(forms.Form):
    code = forms.CharField(label=_("Kode"), max_length=60, help_text=_("Singkat dan tetap, misalnya DISDIK."))
    name = forms.CharField(label=_("Nama"), max_length=200)
    kind = forms.ChoiceField(label=_("Jenis"), choices=lambda: messages.choices("unit_kind")[1:])
    parent = forms.ModelChoiceField(
        label=_("Di bawah"), queryset=WorkUnit.objects.none(), required=False, empty_label=_("– pilih unit –")
    )
    closed_on = DayField(label=_("Ditutup pada"), required=False, help_text=_("Kosong: masih ada."))

    def __init__(self, *args, agency, unit=None, **kwargs):
        super().__init__(*args, **kwargs)
        open_units = Q(closed_on=None) | Q(pk=unit.parent_id if unit else None)
        self.fields["parent"].queryset = agency.units.filter(open_units).order_by("position")
        if unit is not None:
            del self.fields["code"]
            if unit.parent_id is None:
                del self.fields["parent"], self.fields["kind"], self.fields["closed_on"]
        else:
            del self.fields["closed_on"]
            self.fields["parent"].required = True
        self.agency = agency

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        if self.agency.units.filter(code=code).exists():
            raise forms.ValidationError(_("Kode ini sudah dipakai unit lain."))
        return code


class PlacementForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=WorkUnit.objects.none())
    post = forms.CharField(label=_("Jabatan"), max_length=200, required=False)
    level = forms.ChoiceField(
        label=_("Jenjang"), required=False,
        choices=lambda: [("", "–"), *messages.choices("level")],
    )  # fmt: skip
    grade = forms.RegexField(label=_("Golongan"), regex=roster.GRADE, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=lambda: messages.choices("status"))
    is_head = forms.BooleanField(label=_("Kepala unit ini"), required=False)
    superior = forms.CharField(
        label=_("NIP atasan langsung"), required=False, max_length=30,
        help_text=_("Kosong: mengikuti struktur unit."),
    )  # fmt: skip

    def __init__(self, *args, agency, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = agency.units.filter(closed_on=None).order_by("position")


class IdentifierForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Jenis nomor"), choices=[("nip", "NIP"), ("ni_pppk", "NI PPPK"), ("nik", "NIK"), ("nrp", "NRP")]
    )
    number = forms.CharField(label=_("Nomor baru"), max_length=40)
    reason = forms.CharField(label=_("Alasan"), max_length=200)


class AgencyForm(forms.Form):
    code = forms.CharField(
        label=_("Kode"), max_length=30, help_text=_("Untuk pemerintah daerah: kode wilayah Kemendagri.")
    )
    name = forms.CharField(label=_("Nama"), max_length=150)
    kind = forms.ChoiceField(label=_("Jenis"), choices=lambda: messages.choices("agency_kind"))
    region = forms.CharField(label=_("Kode wilayah"), max_length=13, required=False)
    parent = forms.ModelChoiceField(
        label=_("Di bawah"), queryset=Agency.objects.all(), required=False,
        help_text=_(
            "Untuk kabupaten/kota: pemerintah provinsinya, yang lalu melihat angkanya dan tidak lebih. Provinsi dan kementerian"
            " tidak di bawah pemerintah lain."
        ),
    )  # fmt: skip
    letterhead = forms.CharField(label=_("Kop surat"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, *args, agency=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.agency = agency
        if agency is not None:
            del self.fields["code"], self.fields["kind"], self.fields["region"]
            fitting = Q(kind__in=kinds_above(agency.kind)) | Q(pk=agency.parent_id)
            self.fields["parent"].queryset = Agency.objects.filter(fitting).exclude(pk=agency.pk)

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        if Agency.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Kode ini sudah dipakai instansi lain."))
        return code
