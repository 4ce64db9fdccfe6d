"""Forms of ceremonies: pacts of office-holders, witnesses, sheets of paper, the shared device."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain import witnesses
from ikrar.records.models import Guest, Office
from ikrar.services.ceremonies import words_for
from ikrar.web import messages
from ikrar.web.forms.choices import ManyRecords
from ikrar.web.forms.days import DayField, MomentField
from ikrar.web.forms.offices import AgencyScoped
from ikrar.web.forms.pacts import TextForm

# --- pacts of office-holders -------------------------------------------------------------------------------------


class OfficesField(ManyRecords):
    """Offices to be ticked, each with the agency whose it is."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, office: Office) -> str:
        return f"{office.title} · {office.agency.name}"


class ChooseOfficesForm(forms.Form):
    offices = OfficesField(
        label=_("Jabatan yang pemegangnya wajib"), queryset=Office.objects.none(),
        error_messages={"required": _("Pilih sekurangnya satu jabatan.")},
        help_text=_("Jabatan instansi Anda dan instansi di bawahnya. Yang belum ada dibuat di halaman Jabatan."),
    )  # fmt: skip

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["offices"].queryset = offices


class OfficeRoundForm(ChooseOfficesForm, AgencyScoped, TextForm):
    title = forms.CharField(
        label=_("Nama program"), max_length=200, help_text=_("Misalnya: Pakta Integritas Kepala Daerah 2024.")
    )
    election = forms.ChoiceField(label=_("Pemilihan"), required=False)
    due_on = DayField(label=_("Ditandatangani paling lambat"), required=False)
    legal_basis = forms.CharField(label=_("Dasar"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    field_order = ["agency", "title", "election", "offices", "due_on", "legal_basis"]

    def __init__(self, *args, elections, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["election"].choices = [("", _("– tidak terikat satu pemilihan –")), *elections]


class OutsideHolderForm(forms.Form):
    name = forms.CharField(
        label=_("Nama"), max_length=150,
        help_text=_("Tanpa gelar. Terlihat oleh petugas program, pada pakta, dan pada sertifikatnya."),
    )  # fmt: skip
    front_title = forms.CharField(label=_("Gelar depan"), max_length=60, required=False)
    back_title = forms.CharField(label=_("Gelar belakang"), max_length=120, required=False)
    capacity = forms.ChoiceField(label=_("Kedudukan"), choices=lambda: messages.choices("capacity"))
    from_at = MomentField(label=_("Sejak (waktu setempat)"))
    letter_number = forms.CharField(label=_("Nomor surat"), max_length=100, required=False)
    letter_on = DayField(label=_("Tanggal surat"), required=False)


# --- witnesses ---------------------------------------------------------------------------------------------------


class WordsForm(forms.Form):
    """What a witness of each kind of body states; the fields are made for the kinds that are guests."""

    def __init__(self, *args, activity, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = list(kinds)
        for kind in self.kinds:
            self.fields[f"words_{kind}"] = forms.CharField(
                label=messages.word("guest_kind", kind), max_length=witnesses.LONGEST_WORDS, required=False,
                widget=forms.Textarea(attrs={"rows": 5, "lang": "id"}), initial=words_for(activity, kind),
                help_text=_("Kosongkan untuk memakai kata-kata yang lazim."),
            )  # fmt: skip

    def words(self) -> dict[str, str]:
        """Return the text for each kind."""
        return {kind: self.cleaned_data[f"words_{kind}"] for kind in self.kinds}


class ChooseGuestsForm(forms.Form):
    guests = ManyRecords(
        label=_("Saksi"), queryset=Guest.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sekurangnya satu saksi.")},
    )  # fmt: skip

    def __init__(self, *args, guests, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["guests"].queryset = guests


class WitnessCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Kode dari slip saksi"), max_length=60,
        help_text=_("Dua belas huruf dan angka. Garis dan spasi boleh ditulis, boleh tidak."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class StatementForm(forms.Form):
    shown_digest = forms.CharField(max_length=64, widget=forms.HiddenInput())
    name = forms.CharField(
        label=_("Nama lengkap Anda"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Tertulis di bawah pernyataan dan dalam berita acara; dibaca panitia dan siapa pun yang memegangnya."),
        error_messages={"required": _("Tulis nama Anda.")},
    )  # fmt: skip
    agree = forms.BooleanField(
        label=_("Saya sudah membaca pernyataan di atas, dan isinya benar."),
        error_messages={"required": _("Centang bahwa isinya benar, atau tutup halaman ini.")},
    )


# --- sheets of paper ---------------------------------------------------------------------------------------------


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once. Whether each is right is asked one by one, later, so that one that is wrong stops no other."""

    def clean(self, data, initial=None):
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class HandInForm(forms.Form):
    files = FilesField(
        label=_("Foto atau hasil pindai"),
        widget=SeveralFiles(attrs={"multiple": True, "accept": "image/jpeg,image/png,application/pdf"}),
        error_messages={"required": _("Pilih sekurangnya satu berkas.")},
    )

    def __init__(self, *args, most_files, most_pages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = _(
            "JPEG, PNG, atau PDF. Satu lembar satu gambar. Paling banyak %(files)s berkas sekali serah; PDF paling banyak"
            " %(pages)s halaman dan dibagi per halaman."
        ) % {"files": most_files, "pages": most_pages}


class ReconcileForm(forms.Form):
    code = forms.CharField(
        label=_("Kode lembar"), max_length=60,
        help_text=_("Enam belas huruf dan angka di bawah lembar."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    signed_on = DayField(
        label=_("Hari yang tertulis pada lembar"),
        help_text=_("Seperti ditulis tangan oleh orangnya."),
    )
    looked = forms.BooleanField(
        label=_("Nama pada gambar sama dengan di sini, dan lembarnya bertanda tangan."),
        error_messages={"required": _("Lihat gambarnya, lalu centang. Bila tidak sama, tolak dengan alasan.")},
    )

    def __init__(self, *args, code_read, **kwargs):
        super().__init__(*args, **kwargs)
        if code_read:
            del self.fields["code"]
            self.fields["code_read"] = forms.CharField(required=False, widget=forms.HiddenInput(), initial=code_read)


class ConfirmForm(forms.Form):
    looked = forms.BooleanField(
        label=_("Saya melihat gambarnya sendiri: nama, tanggal, dan tanda tangannya cocok."),
        error_messages={"required": _("Lihat gambarnya, lalu centang. Bila tidak cocok, kembalikan atau tolak.")},
    )


# --- the shared device -------------------------------------------------------------------------------------------


class KioskPasswordForm(forms.Form):
    name = forms.CharField(
        label=_("NIP atau nama masuk"), max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Kata sandi Anda"), max_length=200, strip=False, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("atau kode dari slip"), max_length=60, required=False,
        help_text=_("Bila Anda belum mempunyai kata sandi. Sesudah itu Anda membuatnya sendiri."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("password") and not cleaned.get("code") and not self.errors:
            raise forms.ValidationError(_("Tulis kata sandi Anda, atau kode dari slip."))
        return cleaned
