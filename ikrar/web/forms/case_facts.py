"""The fields by which a row of the procedure asks for what it requires: a day, words, or that something is so."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain.cases import Procedure, Step
from ikrar.services import case_rules
from ikrar.web.forms.days import DayField
from ikrar.web.templatetags.ikrar import label

LONGEST = 20_000
NO_NAME = _("Jangan menulis apa pun yang menunjuk kepada pelapor.")
REQUIRED = {"required": _("Langkah ini mensyaratkannya. Isi di sini.")}
DEFECTS_TOLD = "defects-told"
"""The day on which defects were told; which ones they are has a field of its own."""
_LATE = _("Hanya bila tanggal surat melewati masa pengajuannya. Dibaca semua yang menangani perkara ini.")
_SAID_SO = frozenset({"requirements-met", "all-withdrawn"})
# A letter is told by its day.
_DAYS: dict[str, Any] = {
    "summons": _("Tanggal surat panggilan"), "second-summons": _("Tanggal surat panggilan kedua"),
    "hearing-on": _("Hari pemeriksaan"), "second-hearing-on": _("Hari pemeriksaan kedua"),
    "objection": _("Tanggal surat keberatan"), "appeal": _("Tanggal surat banding"),
}  # fmt: skip
DAY_OF: dict[str, Any] = {
    case_rules.MISS_SERVICE: _("Hari penyampaian yang dijadwalkan dan tidak dihadiri"),
    case_rules.ANSWER_APPEAL: _("Hari tanggapan dikirim kepada BPASN"),
    **dict.fromkeys(case_rules.RESTORES, _("Dipulihkan pada")),
}
"""What the day of a step is, where it begins or ends a limit of the law: it is told, and never taken to be today."""
_HELP: dict[str, Any] = {
    "missed-service-record": _("Kapan dan di mana keputusan akan disampaikan, siapa yang mencatat ketidakhadirannya."),
    "hearing-on": _(
        "Hari kerja, paling lambat tujuh hari kerja sesudah surat panggilan. Tidak datang pada hari suratnya sendiri tidak dihitung"
        " sebagai tidak hadir."
    ),
    "second-hearing-on": _(
        "Hari kerja sesudah pemeriksaan yang pertama. Tidak datang pada hari suratnya sendiri tidak dihitung sebagai tidak hadir."
    ),
    "hearing-record": _("Ringkasan berita acara: siapa yang hadir, apa yang ditanyakan dan dijawab. Jangan menulis nama pelapor."),
    "no-show-record": _("Kapan dan di mana ditunggu, siapa yang mencatatnya."),
    "uncounted-no-show-record": _("Kapan dan di mana ditunggu. Ketidakhadiran ini tidak dihitung; ia dipanggil sekali lagi."),
    "second-no-show-record": _("Sesudah dua kali tidak hadir yang tercatat, perkara dinilai dari bukti yang ada."),
    "team-order": _("Nomor dan tanggal keputusan yang membentuk tim."),
    "council-formed": _("Nomor dan tanggal keputusan yang membentuk majelis."),
    "reason": _("Dibaca semua yang menangani perkara ini."),
    "late-reason": _LATE,
    "in-effect-reason": _(
        "Kapan surat diterima, dan siapa yang baru sekarang mencatatnya. Dibaca semua yang menangani perkara ini."
    ),
    "appeal-response": _("Nomor dan tanggal surat tanggapan."),
    "restoration-letter": _("Surat pejabat yang memulihkan kedudukannya."),
    "execution-record": _("Apa yang dilaksanakan, kapan, dan surat mana yang menunjukkannya."),
}  # fmt: skip


def _days_of(procedure: Procedure) -> frozenset[str]:
    """Return the facts of a procedure that are days."""
    rows = procedure.steps.values()
    found = {
        fact for step in rows for fact in (*step.order, *step.working_days, *(each.from_fact for each in step.starts))
    }
    return frozenset(each for each in found if each) | {"reprimanded-on", DEFECTS_TOLD, *_DAYS}


def fact_field(procedure: Procedure, step: Step, fact: str) -> forms.Field:
    """Return the field in which a step of a procedure asks for a fact."""
    says = _DAYS.get(fact) or label(procedure.facts[fact])
    if fact in _days_of(procedure):
        field: forms.Field = DayField(label=says, help_text=_HELP.get(fact, ""), error_messages=REQUIRED)
    elif fact in _SAID_SO:
        field = forms.BooleanField(label=says, error_messages=REQUIRED)
    else:
        field = words_field(says, help_text=_HELP.get(fact, NO_NAME))
    field.required = fact not in case_rules.if_late(step)
    return field


def words_field(says: Any, *, help_text: Any = NO_NAME) -> forms.CharField:
    """Return a field for words that everybody who handles the case reads."""
    return forms.CharField(
        label=says, max_length=LONGEST, error_messages=REQUIRED, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=help_text,
    )  # fmt: skip
