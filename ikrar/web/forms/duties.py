"""Forms of duties that go on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.records.models import Duty, Office, OfficeLeave, WorkUnit
from ikrar.services import duties
from ikrar.web import messages
from ikrar.web.forms.choices import ManyRecords
from ikrar.web.forms.days import DayField
from ikrar.web.forms.offices import AgencyScoped


class DutyForm(AgencyScoped):
    text = forms.CharField(
        label=_("Apa yang harus tetap berjalan"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Satu kalimat, misalnya: Memantau genangan di kecamatan selama musim hujan."),
    )  # fmt: skip
    groups = forms.MultipleChoiceField(
        label=_("Siapa yang mengerjakan"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Kepala unit itu pada menit ini, atau siapa pun yang menggantikannya."),
    )  # fmt: skip
    offices = ManyRecords(
        label=_("Jabatan tertentu"), queryset=Office.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    every = forms.ChoiceField(
        label=_("Seberapa sering"), choices=lambda: messages.choices("duty_every"), initial=Duty.Every.ONCE
    )
    leave = forms.ModelChoiceField(
        label=_("Selama cuti"), queryset=OfficeLeave.objects.none(), required=False,
        empty_label=_("– tidak terikat cuti –"),
        help_text=_("Tugas berakhir bersama cutinya, juga bila cuti itu diakhiri lebih awal."),
    )  # fmt: skip
    from_on = DayField(label=_("Mulai"))
    due_on = DayField(
        label=_("Paling lambat, atau hari terakhir"), required=False,
        help_text=_("Untuk tugas satu kali: harinya. Untuk tugas berulang: hari terakhirnya. Boleh kosong."),
    )  # fmt: skip

    field_order = ["agency", "text", "groups", "offices", "every", "leave", "from_on", "due_on"]

    def __init__(self, *args, agencies, counts, leaves, **kwargs):
        super().__init__(*args, agencies=agencies, **kwargs)
        self.fields["groups"].choices = [
            (key, f"{messages.word('unit_head', key)} ({messages.number(counts[key])})")
            for key in duties.GROUPS
            if counts.get(key)
        ]
        self.fields["offices"].queryset = Office.objects.filter(agency__in=agencies).order_by("agency", "title")
        self.fields["leave"].queryset = leaves
        self.fields["leave"].label_from_instance = lambda leave: (
            f"{leave.holding.office.title}, {messages.day(leave.from_on)} – {messages.day(leave.last_on)}"
        )
        if not self.fields["offices"].queryset.exists():
            del self.fields["offices"]
        if not leaves.exists():
            del self.fields["leave"]

    def owners(self) -> tuple[list[Office], list[WorkUnit]]:
        """Return the offices and the units that were chosen."""
        kinds = {kind for key in self.cleaned_data["groups"] for kind in duties.GROUPS[key]}
        units = duties.owners_of_kind(self.cleaned_data["agency"], kinds) if kinds else ()
        return list(self.cleaned_data.get("offices") or ()), list(units)


class DoneForm(forms.Form):
    on = DayField(label=_("Dikerjakan pada"))
    evidence = forms.CharField(
        label=_("Apa yang dikerjakan, dan apa buktinya"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Singkat saja, misalnya: 12 saluran diperiksa, 3 dibersihkan; laporan lurah terlampir."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Berkas"), required=False,
        help_text=_("PDF, JPG, atau PNG. Data tempat dan kamera di dalam gambar dibuang."),
    )  # fmt: skip


class EndDutyForm(forms.Form):
    on = DayField(label=_("Berakhir pada"))
