"""Forms of cases: filters of the board, what is put into a file, and the form that a row of the procedure makes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain.cases import Procedure, Step
from ikrar.domain.errors import CaseActRefused
from ikrar.domain.offices import CONFLICTS
from ikrar.records.models import Agency, CaseOfficer, User
from ikrar.services import case_rules, rules
from ikrar.services.case_board import LATE, Wanted
from ikrar.web import messages, reasons
from ikrar.web.forms.case_facts import DAY_OF, DEFECTS_TOLD, NO_NAME, REQUIRED, fact_field, words_field
from ikrar.web.forms.days import DayField
from ikrar.web.messages import choices, word
from ikrar.web.templatetags.ikrar import label

_FILE_HELP = _("PDF, JPG, atau PNG. Data tempat dan kamera di dalam gambar dibuang.")


# --- the board ---------------------------------------------------------------------------------------------------


class BoardForm(forms.Form):
    """Filters in the address. What is wrong in it filters nothing, and is said."""

    keadaan = forms.ChoiceField(label=_("Keadaan"), required=False)
    jalur = forms.ChoiceField(label=_("Jalur"), required=False)
    tempo = forms.ChoiceField(label=_("Tenggat"), required=False)
    giliran = forms.ChoiceField(label=_("Menunggu siapa"), required=False)
    petugas = forms.TypedChoiceField(label=_("Ditugaskan kepada"), required=False, coerce=int, empty_value=None)
    instansi = forms.TypedChoiceField(label=_("Instansi"), required=False, coerce=int, empty_value=None)
    kata = forms.CharField(label=_("Nomor, atau awal nama terlapor"), required=False, max_length=100)
    urut = forms.ChoiceField(label=_("Urutan"), required=False)

    def __init__(
        self, *args: Any, states: Mapping[str, str], officers: Sequence[User], agencies: Sequence[Agency], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("semua"))
        owners = ("supervisor_body", "national_body", "appointing_authority", "examiner")
        self.fields["keadaan"].choices = [("", _("semua yang berjalan")), *states.items()]
        self.fields["jalur"].choices = [every, *choices("case_track")]
        self.fields["tempo"].choices = [every, *(each for each in choices("case_late") if each[0] in LATE)]
        self.fields["giliran"].choices = [every, ("me", _("saya")), *((each, word("role", each)) for each in owners)]
        self.fields["petugas"].choices = [every, *((each.pk, each.display_name) for each in officers)]
        self.fields["instansi"].choices = [every, *((each.pk, each.name) for each in agencies)]
        self.fields["urut"].choices = [("", word("case_order", "clock")), *choices("case_order")[1:]]
        for name in ("petugas", "instansi"):
            if len(self.fields[name].choices) < 2:
                del self.fields[name]

    def wanted(self, page: int) -> Wanted:
        """Return what it asks for, the faulty parts left out."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(
            state=asked.get("keadaan", ""), track=asked.get("jalur", ""), late=asked.get("tempo", ""),
            owner=asked.get("giliran", ""), agency=asked.get("instansi"), officer=asked.get("petugas"),
            words=asked.get("kata", ""), order=asked.get("urut") or "clock", page=page,
        )  # fmt: skip

    @property
    def query(self) -> str:
        """Return the filters as they stand in an address, without the page."""
        self.is_valid()
        return urlencode({name: self.data[name] for name in self.fields if self.cleaned_data.get(name)})

    @property
    def ignored(self) -> list[str]:
        """Return the names of the filters that are wrong, and hence left out."""
        return [str(self.fields[name].label) for name in self.errors if name in self.fields]


class FilterForm(forms.Form):
    name = forms.CharField(
        label=_("Nama saringan"), max_length=60, error_messages={"required": _("Beri nama untuk saringan ini.")}
    )


# --- what is put into a file --------------------------------------------------------------------------------------


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Nomor perkara"), max_length=60, error_messages={"required": _("Isi nomornya.")},
        help_text=_("Nomor dari buku register badan Anda. Dicatat satu kali dan tidak diubah lagi."),
    )  # fmt: skip


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Catatan"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis catatannya.")},
    )  # fmt: skip

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        says = _(
            "Hanya dibaca mereka yang menangani perkara ini di %(side)s; badan dan instansi lain tidak, terlapor juga tidak."
        )
        self.fields["text"].help_text = says % {"side": side}


class TaskForm(forms.Form):
    text = forms.CharField(
        label=_("Yang dikerjakan"), max_length=300, error_messages={"required": _("Tulis apa yang dikerjakan.")}
    )
    owner = forms.TypedChoiceField(
        label=_("Oleh"), coerce=int, error_messages={"required": _("Pilih siapa yang mengerjakan.")}
    )
    due_on = DayField(label=_("Paling lambat"), help_text=_("Hari pilihan sendiri; bukan batas waktu hukum."))

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(each.pk, each.display_name) for each in people]


class EvidenceForm(forms.Form):
    label = forms.CharField(
        label=_("Judul bukti"), max_length=200, error_messages={"required": _("Beri judul untuk bukti ini.")}
    )
    text = forms.CharField(
        label=_("Uraian"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NO_NAME,
    )
    file = forms.FileField(label=_("Berkas"), required=False, help_text=_FILE_HELP)


class ReportChoice(forms.Form):
    report = forms.ChoiceField(
        label=_("Laporan"), error_messages={"required": _("Pilih laporannya.")},
        help_text=_("Yang dapat dipilih: laporan badan ini yang sudah Anda buka sendiri dan belum berada dalam perkara."),
    )  # fmt: skip

    def __init__(self, *args: Any, reports: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report"].choices = reports


class RecuseForm(forms.Form):
    why = forms.ChoiceField(label=_("Alasan"), error_messages={"required": _("Pilih alasannya.")})
    sure = forms.BooleanField(
        label=_("Saya mengerti: sesudah ini perkara ini tidak terbuka lagi bagi saya."),
        error_messages={"required": _("Tandai bahwa Anda mengerti akibatnya.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = conflict_choices()


def conflict_choices() -> list[tuple[str, Any]]:
    """Return why somebody may have no part in a case, beside being its respondent: that nobody has to say."""
    return [
        ("", _("Pilih alasannya…")),
        *((each, reasons.word("why", each)) for each in CONFLICTS if each != "accused"),
    ]


class StrikeForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Tulis alasannya.")},
    )  # fmt: skip


# --- team --------------------------------------------------------------------------------------------------------


def _duties() -> list[tuple[str, Any]]:
    """Return as what somebody is assigned; a member of a team as one of its elements."""
    elements = choices("team_element")
    found: list[tuple[str, Any]] = []
    for duty, said in choices("case_duty"):
        of_team = [(f"{duty}-{id}", f"{said}: {element}") for id, element in elements]
        found.extend(of_team if duty == CaseOfficer.Duty.TEAM else [(duty, said)])
    return found


class AssignForm(forms.Form):
    user = forms.TypedChoiceField(label=_("Siapa"), coerce=int, error_messages={"required": _("Pilih orangnya.")})
    duty = forms.ChoiceField(label=_("Sebagai"), choices=_duties)
    why = forms.CharField(
        label=_("Alasan, bila ia bukan atasan menurut daftar pegawai"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Hanya bila ia memeriksa sebagai atasan langsung: dalam tim, atau sendiri tanpa tim. Berdiri pada halaman pemeriksaan,"
            " riwayat, dan naskah keputusan."
        ),
    )  # fmt: skip

    @property
    def given(self) -> dict[str, str]:
        """Return as what somebody is assigned: his duty, of a member of a team his element, and why he stands for the superior."""
        duty, _dash, element = self.cleaned_data["duty"].partition("-")
        return {"duty": duty, "element": element, "why": self.cleaned_data["why"]}

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [("", _("Pilih orangnya…")), *((each.pk, each.display_name) for each in people)]
        if len(people) == 0:
            self.fields["user"].help_text = _("Belum ada yang berhak memeriksa atau menyusun konsep di sini.")


class ConflictForm(forms.Form):
    user = forms.ChoiceField(label=_("Siapa"), error_messages={"required": _("Pilih orangnya.")})
    why = forms.ChoiceField(label=_("Alasan"), error_messages={"required": _("Pilih alasannya.")})

    def __init__(self, *args: Any, people: Sequence[User], heads: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer those who work on a case, by their accounts, and those above its respondents, by what the view calls them."""
        super().__init__(*args, **kwargs)
        choices: list[Any] = [("", _("Pilih orangnya…"))]
        if people:
            choices.append((_("Petugas"), [(str(each.pk), each.display_name) for each in people]))
        if heads:
            choices.append((_("Atasan dan pejabat terlapor"), list(heads)))
        self.fields["user"].choices = choices
        self.fields["why"].choices = conflict_choices()


# --- respondents and what they are said to have done -------------------------------------------------------------

_LONGEST_WORD = 16


def employment_choices() -> list[tuple[str, Any]]:
    """Return what somebody may be employed as, as a case keeps it."""
    left_out = {"any", "asn", "none", "candidate", "campaigner"}
    known = reasons.WORDS["employment"].items()
    return [
        ("", _("menurut daftar pegawai")),
        *((id, says) for id, says in known if id not in left_out and len(id) <= _LONGEST_WORD),
    ]


def act_choices() -> list[Any]:
    """Return the acts of the rulebook, by their track."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for id, act in rules.book().acts.items():
        groups.setdefault(reasons.word("track", str(act.track)), []).append((id, label(act.label)))
    return [("", _("Pilih perbuatannya…")), *groups.items()]


def election_choices() -> list[tuple[str, Any]]:
    """Return the elections of the rulebook, the latest first."""
    found = sorted(rules.book().elections.values(), key=lambda each: each.voting_on, reverse=True)
    return [
        ("", _("tidak terikat pemilihan tertentu")),
        *((each.id, label(each.label)) for each in found if not each.superseded_by),
    ]


class AllegationForm(forms.Form):
    gist = forms.CharField(
        label=_("Apa yang terjadi"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_NAME,
    )
    on = DayField(label=_("Hari perbuatan"), error_messages={"required": _("Isi hari perbuatannya.")})
    place = forms.CharField(label=_("Tempat"), max_length=200, error_messages={"required": _("Isi tempatnya.")})
    act = forms.ChoiceField(label=_("Perbuatan"), error_messages={"required": _("Pilih perbuatannya.")})
    election = forms.ChoiceField(label=_("Pemilihan"), required=False)
    candidate_status = forms.ChoiceField(label=_("Yang didukung waktu itu"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = act_choices()
        self.fields["election"].choices = election_choices()
        known = reasons.WORDS["candidate_status"].items()
        self.fields["candidate_status"].choices = [("", _("menurut kalender pemilihan")), *known]


class RespondentForm(AllegationForm):
    """Somebody of a roster, whom a search found, or an outsider; and the first thing that he is said to have done."""

    q = forms.CharField(
        label=_("Nama, dengan jabatan atau unit bila ada"), max_length=300, required=False,
        help_text=_("Seperti tertulis di laporan, lalu tekan Cari orangnya."),
    )  # fmt: skip
    person = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=(1 << 63) - 1)
    offered = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2_000)  # whom searches found, signed
    described = forms.CharField(
        label=_("Atau orang luar, sebagaimana digambarkan"), max_length=300, required=False,
        help_text=_("Hanya bila ia tidak ada dalam daftar pegawai."),
    )  # fmt: skip
    employment = forms.ChoiceField(label=_("Status kepegawaian"), required=False)
    post = forms.CharField(label=_("Jabatan"), max_length=200, required=False, help_text=_("Untuk orang luar."))

    field_order = ["q", "person", "described", "employment", "post"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        self.fields["employment"].choices = employment_choices()


class OpenForm(forms.Form):
    body = forms.TypedChoiceField(label=_("Badan"), coerce=int)
    regime = forms.ChoiceField(label=_("Pemilihan"), choices=lambda: choices("case_regime"))
    track = forms.ChoiceField(
        label=_("Jalur"), choices=lambda: choices("case_track"),
        help_text=_("Disiplin atau kode etik bagi ASN; pidana lewat Sentra Gakkumdu; rujukan bagi TNI, Polri, dan desa."),
    )  # fmt: skip

    def __init__(self, *args: Any, bodies: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = list(bodies)


# --- steps -------------------------------------------------------------------------------------------------------


class StepForm(forms.Form):
    """What a row of the procedure asks: its facts, the day, a document. The table refuses; this only has the fields."""

    on = DayField(label=_("Terjadi pada"), help_text=_("Hari langkah ini dilakukan; boleh hari yang sudah lewat."))
    file = forms.FileField(label=_("Dokumen"), required=False, help_text=_FILE_HELP)

    def __init__(
        self, *args: Any, procedure: Procedure, step: Step, facts: Sequence[str], sanctions: Sequence[tuple[str, str]] = (),
        people: Sequence[tuple[int, str]] = (), ticked: Collection[int] | None = None, apart: str = "", needs_file: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """`ticked`: for whom of `people` it is meant at first, if not for all; `apart`: what is to be said of the others."""
        super().__init__(*args, **kwargs)
        self.facts = facts
        first: list[str] = []
        if len(people) > 1:
            self.fields["people"] = forms.TypedMultipleChoiceField(
                label=_("Untuk terlapor"), choices=people, coerce=int, widget=forms.CheckboxSelectMultiple,
                initial=[key for key, _name in people if ticked is None or key in ticked], help_text=apart,
                error_messages={"required": _("Tandai sedikitnya satu terlapor.")},
            )  # fmt: skip
            first.append("people")
        for fact in facts:
            name = self.name_of(fact)
            self.fields[name] = fact_field(procedure, step, fact)
            first.append(name)
        if DEFECTS_TOLD in facts:
            self.fields["defects"] = words_field(_("Apa yang kurang"))
            first.append("defects")
        if sanctions:
            is_required = case_rules.RECOMMENDED_SANCTION in step.requires
            nothing = _("Pilih sanksinya…") if is_required else _("– tidak mengusulkan sanksi –")
            self.fields["sanction"] = forms.ChoiceField(
                label=_("Sanksi yang diusulkan"), required=is_required, choices=[("", nothing), *sanctions],
                error_messages=REQUIRED, help_text=_("Yang dapat dipilih: rentang pasal untuk dugaan yang berdiri."),
            )  # fmt: skip
            first.append("sanction")
        if step.id in DAY_OF:
            self.fields["on"].label = DAY_OF[step.id]
            self.initial.pop("on", None)
        if step.document is not None:
            self.fields["file"].label = _("Dokumen: %(name)s") % {"name": label(step.document)}
        if needs_file:
            self.fields["file"].required = True
            self.fields["file"].help_text = _("Pindaian yang ditandatangani pejabatnya. PDF, JPG, atau PNG.")
            self.fields["file"].error_messages["required"] = messages.sentence(CaseActRefused("scan"))
        self.order_fields([*first, "on", "file"])

    @staticmethod
    def name_of(fact: str) -> str:
        """Return the name of the field of a fact."""
        return f"fact-{fact}"

    @property
    def told(self) -> dict[str, Any]:
        """Return the facts that were told."""
        found = {fact: self.cleaned_data.get(self.name_of(fact)) for fact in self.facts}
        for name in ("sanction", "defects"):
            if name in self.fields:
                found[name] = self.cleaned_data.get(name, "")
        return found
