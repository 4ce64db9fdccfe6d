"""Forms of referrals between bodies, of clocks, and of the national body."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.records.models import Body, CaseEvidence, Region
from ikrar.services import outside_bodies
from ikrar.services.case_steps import LONGEST_TEXT
from ikrar.web import messages
from ikrar.web.forms.days import DayField

_LINES = {"rows": 4}


class SendForm(forms.Form):
    """A referral: to whom, by which letter, what is recommended, which evidence goes along."""

    to = forms.ChoiceField(label=_("Badan yang dituju"), error_messages={"required": _("Pilih badan yang dituju.")})
    number = forms.CharField(label=_("Nomor surat pengantar"), max_length=100)
    words = forms.CharField(
        label=_("Yang direkomendasikan, dengan perbuatan dan pasalnya"), max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Dibaca badan yang dituju sebelum ia menerima atau menolak. Jangan menulis nama pelapor."),
    )  # fmt: skip
    parts = forms.MultipleChoiceField(
        label=_("Bukti yang ikut dikirim"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Yang tidak dicentang tetap pada badan Anda dan tidak terlihat oleh badan yang menerima."),
    )  # fmt: skip
    was = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bodies: Sequence[tuple[str, str]], evidence: Sequence[CaseEvidence], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("pilih")), *bodies]
        choices = [(f"{each.pk:016x}", each.label) for each in evidence]
        self.fields["parts"].choices = choices
        self.fields["parts"].initial = [key for key, _label in choices]
        if not choices:
            del self.fields["parts"]


class AnswerForm(forms.Form):
    """Why a referral is refused or returned."""

    reason = forms.CharField(
        label=_("Alasan menolak"), max_length=500, widget=forms.Textarea(attrs=_LINES),
        help_text=_("Badan yang mengirim membacanya, dan perkaranya kembali kepada mereka."),
    )  # fmt: skip
    was = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, returns: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if returns:
            self.fields["reason"].label = _("Alasan mengembalikan")


class ExtendForm(forms.Form):
    """How much longer a clock runs, and why: a limit of the law on a legal basis, a target (of `target` days) by itself at most."""

    length = forms.IntegerField(label=_("Perpanjangan"), min_value=1, max_value=365)
    basis = forms.CharField(
        label=_("Dasar hukum"), max_length=500,
        help_text=_("Peraturan dan pasal yang membolehkan perpanjangan batas waktu hukum ini; tampil di samping tenggatnya."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Alasan memperpanjang"), max_length=500)

    def __init__(self, *args: Any, unit: str, target: int | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["length"].label = _("Perpanjangan, dalam %(unit)s") % {"unit": unit}
        if target is not None:
            del self.fields["basis"]
            self.fields["length"].help_text = _("Setiap kali paling lama %(n)s.") % {"n": target}


class PauseForm(forms.Form):
    """From when a clock rests, until when, and why."""

    from_on = DayField(label=_("Berhenti mulai"))
    until_on = DayField(
        label=_("Berjalan lagi pada"), required=False, help_text=_("Kosongkan bila belum diketahui.")
    )  # fmt: skip
    reason = forms.CharField(label=_("Alasan berhenti"), max_length=500)


class ResumeForm(forms.Form):
    """From when a clock runs on."""

    on = DayField(label=_("Berjalan lagi mulai"))


class MeasureForm(forms.Form):
    """A measure against an authority that stays idle."""

    step = forms.ChoiceField(label=_("Tindakan"), error_messages={"required": _("Pilih tindakannya.")})
    on = DayField(label=_("Tanggal tindakan"))
    reason = forms.CharField(
        label=_("Nomor surat dan alasannya"), max_length=500, widget=forms.Textarea(attrs=_LINES),
        help_text=_("Dicatat sebagai langkah perkara pada tanggal itu. Perkaranya tetap pada pejabat yang sama."),
    )  # fmt: skip
    was = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, steps: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = steps if len(steps) == 1 else [("", _("pilih")), *steps]


class OutsideBodyForm(forms.Form):
    """A body outside the agencies."""

    name = forms.CharField(label=_("Nama badan"), max_length=150)
    kind = forms.ChoiceField(
        label=_("Jenis"),
        help_text=_("Menurut jenisnya buku aturan menentukan apa yang boleh dilakukan badan itu, dan sampai kapan ia ada."),
    )  # fmt: skip
    region = forms.ModelChoiceField(
        label=_("Wilayah"), queryset=Region.objects.none(), required=False, empty_label=_("seluruh Indonesia")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, messages.word("body_kind", kind)) for kind in outside_bodies.KINDS]
        # Of 91,611 regions those that a body looks after: a page with districts and villages would have megabytes.
        self.fields["region"].queryset = Region.objects.filter(parent__parent=None).order_by("code")
        self.fields["region"].label_from_instance = lambda region: f"{region.name} ({region.code})"


class ActingForm(forms.Form):
    """Who may act for a body outside the agencies."""

    body = forms.ModelChoiceField(label=_("Badan"), queryset=Body.objects.none(), empty_label=_("pilih"))
    name = forms.CharField(label=_("NIP atau nama masuk"), max_length=60)
    role = forms.ChoiceField(label=_("Sebagai"))
    until_on = DayField(label=_("Sampai"), required=False, help_text=_("Hari terakhir; kosongkan bila tanpa batas."))
    reason = forms.CharField(label=_("Dasar penugasan"), max_length=200)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies
        self.fields["role"].choices = [(role.value, messages.word("role", role)) for role in outside_bodies.ROLES]
