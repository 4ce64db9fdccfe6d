"""Forms about the examination of a respondent and the decision on him. What a step asks for comes from its row in the procedure."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain.cases import Procedure, Step
from ikrar.services import case_rules
from ikrar.services.case_decisions import DELIVERIES, LAST_ADDRESS, SETTLEMENTS
from ikrar.web import messages, reasons
from ikrar.web.forms.case_facts import DAY_OF, LONGEST, fact_field
from ikrar.web.forms.days import DayField

NONE = "none"


def _document(*, required: bool) -> forms.FileField:
    return forms.FileField(
        label=_("Pindaian surat yang ditandatangani") if required else _("Berkas"), required=required,
        help_text=_("PDF, JPG, atau PNG, paling besar 10 MB."),
        error_messages={"required": _("Lampirkan pindaiannya: tanpa itu yang ditandatangani tidak dapat dicatat.")},
    )  # fmt: skip


def _text(label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def sanction_choices(sanctions: Sequence[str]) -> list[tuple[str, str]]:
    """Return sanctions with their labels, for a form."""
    return [(each, case_rules.sanction_label(each, reasons.label)) for each in sanctions]


class StepOfferForm(forms.Form):
    """A step of the table that a page about one respondent offers among others: the day on which it happened, what it requires to
    be told, and perhaps the paper that shows it. A step's own page, for several at once, has forms.cases.StepForm.
    """

    on = DayField(label=_("Terjadi pada"))

    def __init__(
        self, *args: Any, procedure: Procedure, step: Step, known: Collection[str], today: date, needs_paper: bool, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = None if step.id in DAY_OF else today
        self.fields["on"].label = DAY_OF.get(step.id, self.fields["on"].label)
        self.asked = asked_of(procedure, step, known)
        for fact in self.asked:
            self.fields[fact] = fact_field(procedure, step, fact)
        self.fields["document"] = _document(required=needs_paper)

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was told, in the words of the table."""
        return {fact: self.cleaned_data[fact] for fact in self.asked}


def asked_of(procedure: Procedure, step: Step, known: Collection[str]) -> tuple[str, ...]:
    """Return the facts that a step asks somebody to tell: not what the records show, was told before, or another step gives."""
    wanted = [*step.requires, *case_rules.if_late(step), *step.working_days]
    asked = (each for each in wanted if case_rules.may_tell(procedure.id, each, step.id) and each not in known)
    return tuple(dict.fromkeys(asked))


class BandForm(forms.Form):
    """A form that asks for a sanction of the band."""

    def clean(self) -> dict[str, Any]:
        # What is outside the band is refused by the rule, which says what is allowed; not as a choice that does not exist.
        if "sanction" in self.errors and (typed := self.data.get(self.add_prefix("sanction"), "")):
            del self._errors["sanction"]
            self.cleaned_data["sanction"] = typed[:80]
        return self.cleaned_data


class ProposeForm(BandForm):
    """A proposal of an examination, or the recommendation of a council: a sanction of the band and why."""

    sanction = forms.ChoiceField(label=_("Hukuman yang diusulkan"), widget=forms.RadioSelect)
    proposal = _text(
        _("Alasan usul"), help_text=_("Apa yang terbukti, dari bukti yang mana. Jangan menulis nama pelapor.")
    )
    report = _text(_("Laporan tim pemeriksa"), rows=3)
    on = DayField(label=_("Tanggal laporan hasil pemeriksaan"))

    def __init__(self, *args: Any, band: Sequence[str], report: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.fields["sanction"].choices = sanction_choices(band)
        if report:
            self.fields["report"].label = report
        else:
            del self.fields["report"]
        self.fields["document"] = _document(required=False)
        self.order_fields(["sanction", "proposal", "report", "on", "document"])


class DraftForm(BandForm):
    """A draft of what the authority is to decide: a sanction of the band or none, on which grounds."""

    sanction = forms.ChoiceField(label=_("Isi keputusan"), widget=forms.RadioSelect)
    grounds = _text(_("Pertimbangan"), rows=5, help_text=_("Dimuat dalam keputusan. Jangan menulis nama pelapor."))
    departure_reason = _text(
        _("Alasan bila berbeda dari rekomendasi atau usul"), required=False, rows=3,
        help_text=_(
            "Wajib diisi bila isi keputusan lain dari yang direkomendasikan atau yang diusulkan pemeriksa; dimuat berdampingan"
            " dengannya."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, band: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sanction"].choices = [*sanction_choices(band), (NONE, _("Tidak terbukti"))]

    @property
    def decided(self) -> str:
        """Return the sanction, empty where none is proven."""
        chosen: str = self.cleaned_data["sanction"]
        return "" if chosen == NONE else chosen


class PaperForm(forms.Form):
    """A decision that was signed on paper, or with a certified provider: number, day, who signed, and the scan."""

    number = forms.CharField(label=_("Nomor keputusan"), max_length=100, help_text=_("Dari sistem yang menomorinya."))
    on = DayField(label=_("Tanggal keputusan"))
    signer = forms.TypedChoiceField(label=_("Penanda tangan"), coerce=int, empty_value=None)
    signer_name = forms.CharField(
        label=_("Nama penanda tangan"), max_length=120,
        help_text=_("Seperti tertulis pada keputusan; jabatannya tidak dicatat di sini."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        signers: Sequence[tuple[int, str]],
        is_outside: bool,
        today: date,
        is_used: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        if is_used:
            self.fields["is_meant"] = _same_number()
        if not is_outside:
            del self.fields["signer_name"]
        if signers:
            self.fields["signer"].choices = signers
        else:
            del self.fields["signer"]
        self.fields["document"] = _document(required=True)


class SignForm(forms.Form):
    """Signing here: the number, and that the text was read."""

    number = forms.CharField(label=_("Nomor keputusan"), max_length=100, help_text=_("Dari sistem yang menomorinya."))
    agree = forms.BooleanField(label=_("Saya sudah membaca keputusan ini dan memutuskannya."))

    def __init__(self, *args: Any, is_used: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_used:
            self.fields["is_meant"] = _same_number()


def _same_number() -> forms.BooleanField:
    """Ask whether a number that another decision has is meant: no form asks before such a number was typed."""
    return forms.BooleanField(
        label=_("Nomornya benar, walaupun sudah dipakai pada keputusan lain instansi ini."), required=False
    )


class ServeForm(forms.Form):
    """How a decision came to the respondent."""

    served_on = DayField(label=_("Disampaikan pada"))
    received_on = DayField(
        label=_("Diterima pada"), help_text=_("Dari hari ini dihitung kapan keputusan mulai berlaku.")
    )
    delivery = forms.ChoiceField(label=_("Dengan cara"), choices=())

    def __init__(self, *args: Any, today: date, before: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["served_on"].initial = self.fields["received_on"].initial = today
        # `before`: the steps that the last address waits for. What was sent all the same is asked of the service.
        typed = self.data.get(self.add_prefix("delivery"), "")
        ways = [each for each in DELIVERIES if not before or each != LAST_ADDRESS or typed == each]
        self.fields["delivery"].choices = [(each, messages.word("case_delivery", each)) for each in ways]
        if before:
            self.fields["delivery"].help_text = _("Alamat terakhir menjadi pilihan sesudah tercatat: %(steps)s.") % {
                "steps": "; ".join(f"“{each}”" for each in before)
            }
        self.fields["document"] = _document(required=False)


class SettleForm(BandForm):
    """What an objection or an appeal made of a decision, who signed it and why."""

    outcome = forms.ChoiceField(label=_("Isi putusan"), widget=forms.RadioSelect)
    sanction = forms.ChoiceField(
        label=_("Hukuman sesudah putusan"), required=False,
        help_text=_("Kosongkan bila putusan menguatkan, membatalkan, atau mengabulkan seluruhnya."),
    )  # fmt: skip
    grounds = _text(
        _("Pertimbangan putusan"), help_text=_("Seperti tertulis pada putusan. Jangan menulis nama pelapor.")
    )
    number = forms.CharField(label=_("Nomor putusan"), max_length=100)
    on = DayField(label=_("Tanggal putusan"))
    signer_name = forms.CharField(
        label=_("Nama penanda tangan"), max_length=120, help_text=_("Seperti tertulis pada putusan.")
    )

    def __init__(
        self,
        *args: Any,
        sanctions: Sequence[str],
        outcomes: Sequence[str],
        today: date,
        is_same: bool = False,
        has_own_number: bool = False,
        is_used: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(each, messages.word("case_settlement", each)) for each in outcomes]
        self.fields["sanction"].choices = [("", "–"), *sanction_choices(sanctions)]
        self.fields["on"].initial = today
        if is_same:
            self.fields["is_meant"] = forms.BooleanField(
                label=_("Penanda tangan ini orang lain, yang senama dengan pejabat yang menghukum."), required=False
            )
        if has_own_number:
            self.fields["is_number_meant"] = forms.BooleanField(
                label=_("Nomornya benar: kantor yang memutus memberi nomor yang sama dengan keputusannya."),
                required=False,
            )
        elif is_used:
            self.fields["is_number_meant"] = forms.BooleanField(
                label=_("Nomornya benar, walaupun sudah dipakai pada keputusan atau putusan lain."), required=False
            )
        self.fields["document"] = _document(required=True)

    def clean(self) -> dict[str, Any]:
        # Which outcome none of the sanctions allows is refused by the rule too, which says why.
        if "outcome" in self.errors and (typed := self.data.get(self.add_prefix("outcome"), "")) in SETTLEMENTS:
            del self._errors["outcome"]
            self.cleaned_data["outcome"] = typed
        return super().clean()


class ReplyForm(forms.Form):
    """What the respondent answered."""

    on = DayField(label=_("Diterima pada"))
    text = _text(_("Isi jawaban"), required=False, help_text=_("Boleh kosong bila seluruhnya ada dalam berkas."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.fields["document"] = _document(required=False)


class EmptyForm(forms.Form):
    """A button that asks for nothing."""
