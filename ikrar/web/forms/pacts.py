"""Forms of pacts."""

import re

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ikrar.domain import codes
from ikrar.domain.elections import Election
from ikrar.domain.pacts import PactText, points_of
from ikrar.domain.roster import ASN
from ikrar.records.models import Agency
from ikrar.web import messages
from ikrar.web.forms.days import DayField

_DIGEST = re.compile(r"[0-9a-f]{64}")


class TextForm(forms.Form):
    text_title = forms.CharField(label=_("Judul pakta"), max_length=300)
    opening = forms.CharField(label=_("Pembuka"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    points = forms.CharField(
        label=_("Butir-butir"), widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Satu butir satu baris. Nomor ditulis sendiri oleh sistem; nomor yang ikut tertempel dihapus."),
    )  # fmt: skip
    closing = forms.CharField(label=_("Penutup"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def text(self) -> PactText:
        """Return the text; raises PactTextEmpty, PactTextTooLong."""
        cleaned = self.cleaned_data
        return PactText.of(cleaned["text_title"], cleaned["opening"], points_of(cleaned["points"]), cleaned["closing"])


def election_name(election: Election) -> str:
    """Write an election's name; where only some regions elect and are not named, with the word to look it up."""
    name = election.label.in_language(get_language() or "id")
    if not election.in_some_regions or election.regions is None:
        return name
    return f"{name} ({messages.some_regions(election.regions.total)})"


class RoundForm(TextForm):
    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none())
    title = forms.CharField(
        label=_("Nama program"), max_length=200, help_text=_("Misalnya: Pakta Integritas Pilkada 2024.")
    )
    election = forms.ChoiceField(label=_("Pemilihan"), required=False)
    employments = forms.MultipleChoiceField(
        label=_("Siapa yang wajib"), choices=lambda: messages.choices("employment"), initial=sorted(ASN),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    keeps_on = forms.ChoiceField(
        label=_("Bila pegawai pindah"), choices=lambda: messages.choices("keeps_on"), initial="same_unit"
    )
    due_on = DayField(label=_("Ditandatangani paling lambat"), required=False)
    escalate_after = forms.IntegerField(
        label=_("Kepala unit diberi tahu sesudah pengingat ke-"), required=False, min_value=0, max_value=6, initial=2,
        help_text=_("Bila sesudah sekian kali diingatkan seseorang belum juga menandatangani. 0: tidak pernah."),
    )  # fmt: skip
    legal_basis = forms.CharField(label=_("Dasar"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    field_order = ["agency", "title", "election", "employments", "keeps_on", "due_on", "escalate_after", "legal_basis"]

    def __init__(self, *args, agencies, elections, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        named = [(each.id, election_name(each)) for each in elections]
        self.fields["election"].choices = [("", _("– tidak terikat satu pemilihan –")), *named]
        if agencies.count() == 1:
            self.fields["agency"].initial = agencies.first()
            self.fields["agency"].widget = forms.HiddenInput()


class SignForm(forms.Form):
    """What the page of a pact posts; the page writes these two fields itself, being opened by thousands at once."""

    shown_digest = forms.CharField(max_length=64, widget=forms.HiddenInput())
    agree = forms.BooleanField(
        label=_("Saya sudah membaca seluruh teks di atas dan menyetujuinya."),
        error_messages={"required": _("Centang bahwa Anda sudah membaca dan menyetujui, atau tutup halaman ini.")},
    )

    @classmethod
    def agreed_to(cls, posted: QueryDict) -> str | None:
        """Return the digest of the text that was agreed to; None where this form has something to say.

        A form as the page posts it is read at once: building a form costs more than signing.
        """
        digest = posted.get("shown_digest", "")
        if posted.get("agree") == "on" and _DIGEST.fullmatch(digest):
            return digest
        form = cls(posted)
        return form.cleaned_data["shown_digest"] if form.is_valid() else None


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ContestForm(ReasonForm):
    """`sure` comes from the page that asks once more."""

    sure = forms.CharField(max_length=1, required=False, widget=forms.HiddenInput())


class CheckForm(forms.Form):
    code = forms.CharField(
        label=_("Kode sertifikat"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Enam belas huruf dan angka, tertulis di bawah kode QR. Alamat pemeriksaannya boleh juga ditempel."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("atau berkas sertifikat (PDF)"), required=False,
        help_text=_("Berkas dibaca sekali dan tidak disimpan."),
    )  # fmt: skip

    def clean_code(self):
        code = codes.of_certificate(self.cleaned_data["code"])
        if len(code) > 40:
            raise forms.ValidationError(
                _("Ini terlalu panjang untuk kode sertifikat. Tulis kodenya, atau tempel alamatnya saja.")
            )
        return code or ("-" if self.cleaned_data["code"] else "")

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("code") and not cleaned.get("file") and not self.errors:
            raise forms.ValidationError(_("Tulis kodenya atau pilih berkasnya."))
        return cleaned
