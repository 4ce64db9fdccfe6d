"""Forms about sealed reports: filters of the inbox, and what an officer's browser sealed."""

import base64
import binascii
import json
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain import conclusions, report_states
from ikrar.domain.conclusions import HandedTo
from ikrar.domain.errors import ReportActRefused
from ikrar.records.models import Report
from ikrar.services import report_desk
from ikrar.services.report_inbox import Wanted
from ikrar.services.workbench import MOST, Chosen
from ikrar.web.forms.days import DayInput
from ikrar.web.messages import choices, sentence

_AGES: dict[str, tuple[int | None, int | None]] = {
    "today": (None, 0), "3": (None, 3), "7": (None, 7), "over_7": (8, None), "over_30": (31, None),
}  # fmt: skip


class InboxForm(forms.Form):
    """Filters in the address. What is wrong in it filters nothing."""

    keadaan = forms.ChoiceField(label=_("Keadaan"), required=False)
    tempo = forms.ChoiceField(label=_("Jatuh tempo"), required=False)
    umur = forms.ChoiceField(label=_("Diterima"), required=False)
    hari = forms.DateField(label=_("Diterima tepat pada"), required=False, widget=DayInput)
    lengkap = forms.ChoiceField(label=_("Kelengkapan"), required=False)
    nama = forms.ChoiceField(label=_("Pelapor"), required=False)
    ukuran = forms.ChoiceField(label=_("Ukuran"), required=False)
    saluran = forms.ChoiceField(label=_("Saluran"), required=False)
    perkara = forms.ChoiceField(label=_("Perkara"), required=False)
    badan = forms.TypedChoiceField(label=_("Badan"), required=False, coerce=int, empty_value=0)
    urut = forms.ChoiceField(label=_("Urutan"), required=False)

    def __init__(self, *args: Any, bodies: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "tempo": "report_due", "umur": "report_age", "lengkap": "report_lacks", "nama": "report_named",
            "saluran": "report_channel",
        }  # fmt: skip
        for name, kind in words.items():
            self.fields[name].choices = [("", _("semua")), *choices(kind)]
        self.fields["keadaan"].choices = [("", _("yang belum selesai")), *choices("report_state")]
        self.fields["ukuran"].choices = [("", _("semua")), ("kecil", _("paling kecil, tanpa berkas"))]
        self.fields["perkara"].choices = [("", _("semua")), ("tanpa", _("diregister, belum ada perkaranya"))]
        self.fields["urut"].choices = [("", _("jatuh tempo dulu")), ("baru", _("terbaru dulu"))]
        if len(bodies) > 1:
            self.fields["badan"].choices = [("", _("semua")), *bodies.items()]
        else:
            del self.fields["badan"]

    @property
    def wanted(self) -> Wanted:
        """Return what it asks for, the faulty parts left out."""
        self.is_valid()
        asked = self.cleaned_data
        is_waiting = asked.get("perkara") == "tanpa"
        states = (asked["keadaan"],) if asked.get("keadaan") else tuple(report_states.OPEN)
        return Wanted(
            # What is registered alone waits for its case.
            states=(report_states.ReportState.REGISTERED,) if is_waiting else states,
            without_case=is_waiting,
            channel=asked.get("saluran", ""),
            body=asked.get("badan") or 0,
            on=asked.get("hari"),
            age=_AGES.get(asked.get("umur", ""), (None, None)),
            due=asked.get("tempo", ""),
            lacks=asked.get("lengkap", ""),
            named={"yes": True, "no": False}.get(asked.get("nama", "")),
            small=asked.get("ukuran") == "kecil",
            newest=asked.get("urut") == "baru",
        )

    @property
    def query(self) -> str:
        """Return the filters as they stand in an address, without the page."""
        self.is_valid()
        return urlencode({name: self.data[name] for name in self.fields if self.cleaned_data.get(name)})


class SealedField(forms.CharField):
    """Bytes that a browser sealed, in base64."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> bytes:
        try:
            return base64.b64decode(super().to_python(value), validate=True)
        except (binascii.Error, ValueError):
            raise forms.ValidationError(_("Yang disegel peramban tidak sampai utuh. Muat ulang halaman.")) from None


class ReplyForm(forms.Form):
    sealed = SealedField(max_length=100_000)
    asks = forms.BooleanField(required=False)


_STATES = [(state.value, state.value) for state in Report.State]


class StateForm(forms.Form):
    state = forms.ChoiceField(choices=_STATES)
    was = forms.ChoiceField(choices=_STATES)
    sealed = SealedField(max_length=100_000, required=False)


class ConclusionForm(forms.Form):
    """What is concluded of which reports: beside each number the state that the officer saw, and what his browser sealed to it.

    `copy` (a body that was offered one), or `body` and `letter`: to whom it is handed over. `sure`: doubts that he was told of.
    """

    to = forms.ChoiceField(choices=[(state.value, state.value) for state in conclusions.REASONS])
    reason = forms.CharField(max_length=20)
    reports = forms.CharField(max_length=12_000_000)
    copy = forms.IntegerField(required=False, min_value=1, max_value=(1 << 63) - 1)
    body = forms.CharField(required=False, max_length=conclusions.MOST_NAME, label=_("Nama badan"))
    letter = forms.CharField(required=False, max_length=conclusions.MOST_LETTER, label=_("Nomor surat"))
    sure = forms.CharField(required=False, max_length=100)

    @property
    def handed(self) -> HandedTo | None:
        """Return to whom it is handed over, once this is clean."""
        return self.cleaned_data["handed"]  # type: ignore[no-any-return]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        said["handed"] = None
        if (
            said.get("to") == report_states.ReportState.HANDED_OVER
            and not {"copy", "body", "letter"} & self.errors.keys()
        ):
            name, letter = (" ".join(said[each].split()) for each in ("body", "letter"))
            try:
                said["handed"] = HandedTo(said["copy"] or 0, name, letter)
            except ReportActRefused as error:
                raise forms.ValidationError(sentence(error)) from None
        return said

    def clean_reports(self) -> list[Chosen]:
        try:
            rows = [_chosen(row) for row in json.loads(self.cleaned_data["reports"])]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise forms.ValidationError(_("Yang disegel peramban tidak sampai utuh. Muat ulang halaman.")) from None
        if not 0 < len(rows) <= MOST:
            raise forms.ValidationError(_("Pilih satu sampai seratus laporan."))
        return rows


def _chosen(row: dict[str, str]) -> Chosen:
    number = report_desk.read_number(row["number"])
    if row["was"] not in Report.State.values:
        raise ValueError("state")
    sealed = row.get("sealed", "")
    return Chosen(number, row["was"], base64.b64decode(sealed, validate=True) if sealed else b"")
