"""Forms of the readable rulebook. The names of their fields stand in addresses that people keep, so they are Indonesian."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain.offices import AgencyKind, Capacity
from ikrar.domain.roster import Level
from ikrar.domain.terms import Term
from ikrar.web import reasons, rule_words
from ikrar.web.forms.days import DayInput


class LocalTimeField(forms.CharField):
    """A day with a time of the place, without a zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def clean(self, value):
        text = super().clean(value)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is not None or "T" not in text.replace(" ", "T"):
            raise forms.ValidationError(_("Tulis hari dan jam setempat, misalnya 2024-11-25T10:30."))
        return moment.replace(second=0, microsecond=0)


class TermForm(forms.Form):
    """From when a term is counted, for which election, and where."""

    mulai = forms.DateField(label=_("Dihitung dari"), widget=DayInput())
    pemilihan = forms.ChoiceField(label=_("Pemilihan"), required=False)
    wilayah = forms.RegexField(
        label=_("Kode wilayah Kemendagri"), regex=r"^[0-9]{2}(\.[0-9]{2}){0,2}$", required=False, max_length=13,
        help_text=_("Untuk hari libur yang hanya berlaku di satu daerah, misalnya 13.75."),
    )  # fmt: skip

    def __init__(self, *args, term: Term, elections, **kwargs):
        super().__init__(*args, **kwargs)
        if term.in_hours:
            self.fields["mulai"] = LocalTimeField(label=_("Dihitung dari (hari dan jam setempat)"))
            self.order_fields(["mulai", "pemilihan", "wilayah"])
        starts = " / ".join(rule_words.word("start", each) for each in term.starts)
        self.fields["mulai"].help_text = _("Hari peristiwanya: %(event)s.") % {"event": starts}
        self.fields["pemilihan"].choices = [("", _("– tidak ditentukan –")), *elections]


def _choices(kind, values):
    return [(value, reasons.word(kind, value)) for value in values]


def _with_none(choices):
    return [("", "–"), *choices]


# Levels of sanctions that somebody decides on; the others say where a rule sends its reader.
_DECIDED = ("light", "moderate", "severe", "moral", "moral-plus", "dismissal-ptdh", "contract", "village", "criminal")
_EMPLOYMENTS = ("pns", "cpns", "pppk", "ppnpn", "village-head", "village-staff", "tni", "polri")
_UNKNOWN, _IS, _IS_NOT = "", "ya", "tidak"


class AuthorityForm(forms.Form):
    """Who the person is, which sanction, when, and what stands in the way of whoever would decide."""

    status = forms.ChoiceField(label=_("Status kepegawaian"), choices=lambda: _choices("employment", _EMPLOYMENTS))
    jenjang = forms.ChoiceField(
        label=_("Jenjang jabatan"), required=False, choices=lambda: _with_none(_choices("post_level", Level))
    )
    instansi = forms.ChoiceField(label=_("Jenis instansi"), choices=lambda: _choices("agency_kind", AgencyKind))
    tingkat = forms.ChoiceField(label=_("Tingkat sanksi"), choices=lambda: _choices("level", _DECIDED))
    pemberhentian = forms.ChoiceField(
        label=_("Sanksi berat itu pemberhentian"), required=False,
        choices=[(_UNKNOWN, _("belum ditentukan")), (_IS, _("ya")), (_IS_NOT, _("tidak"))],
    )  # fmt: skip
    hari = forms.DateField(label=_("Hari keputusan"), widget=DayInput())
    atasan = forms.ChoiceField(
        label=_("Jenjang atasan langsung"), required=False, choices=lambda: _with_none(_choices("post_level", Level)),
        help_text=_("Bila pejabat fungsional: menentukan siapa yang berwenang."),
    )  # fmt: skip
    pemangku = forms.ChoiceField(
        label=_("Pejabat yang pertama berwenang"), required=False,
        choices=lambda: _with_none([*_choices("capacity", Capacity), ("vacant", _("jabatannya kosong"))]),
    )  # fmt: skip
    benturan = forms.MultipleChoiceField(
        label=_("Mengapa ia tidak dapat memutuskan"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(value, word) for value, word in rule_words.WORDS["conflict"].items()],
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("tingkat") not in ("severe", "dismissal-ptdh"):
            cleaned["pemberhentian"] = ""
        return cleaned


class DifferenceForm(forms.Form):
    dari = forms.DateField(label=_("Hari pertama"), widget=DayInput())
    sampai = forms.DateField(label=_("Hari kedua"), widget=DayInput())

    def clean(self):
        cleaned = super().clean()
        first, second = cleaned.get("dari"), cleaned.get("sampai")
        if first and second and second <= first:
            self.add_error("sampai", _("Hari kedua harus sesudah hari pertama."))
        return cleaned


class GazetteForm(forms.Form):
    """What a legal bureau says of one version of a rule; the page shows what that version says."""

    shown_digest = forms.CharField(max_length=64, widget=forms.HiddenInput())
    agency = forms.ModelChoiceField(label=_("Bagian hukum"), queryset=None)
    compared_on = forms.DateField(label=_("Dibandingkan pada"), widget=DayInput())
    reference = forms.CharField(
        label=_("Tempatnya dalam berita atau lembaran negara"), max_length=200,
        help_text=_("Tahun, nomor, dan halaman. Siapa pun dapat membacanya di halaman aturan."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Catatan"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Misalnya perbedaan kata yang ditemukan. Siapa pun dapat membacanya di halaman aturan."),
    )  # fmt: skip

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        if agencies.count() == 1:
            self.fields["agency"].initial = agencies.first()
            self.fields["agency"].widget = forms.HiddenInput()


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Mengapa catatan ini ditarik"), max_length=300,
        help_text=_("Dibaca oleh bagian hukum instansi Anda; tidak tampil di halaman umum."),
    )  # fmt: skip


class GazetteFilterForm(forms.Form):
    jenis = forms.ChoiceField(label=_("Jenis aturan"), required=False)
    keadaan = forms.ChoiceField(label=_("Keadaan"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds, states = (rule_words.WORDS[each].items() for each in ("rule_kind", "mark"))
        self.fields["jenis"].choices = [("", _("semua")), *kinds]
        self.fields["keadaan"].choices = [("", _("semua")), *states]
