"""Forms of circulars and of letters."""

import re
from collections.abc import Iterable

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ikrar.domain.circulars import LONGEST_TITLE, CircularText, Question, Target
from ikrar.domain.errors import DomainError, QuestionFaulty
from ikrar.domain.letters import LONGEST_PATTERN, LetterKind
from ikrar.domain.pacts import points_of
from ikrar.records.models import Agency, Circular, Office, Region, StoredFile, WorkUnit
from ikrar.services import circulars
from ikrar.web import messages
from ikrar.web.forms.choices import ManyRecords
from ikrar.web.forms.days import DayField

_MANY = {"widget": forms.CheckboxSelectMultiple, "required": False}
_LONG = 60_000  # letters of a field; the whole is limited by the domain
# Which field a refusal is about, where the refusal does not say it itself.
_FIELD_OF = {
    "unit_unknown": "unit_codes", "region_unknown": "places", "agency_unknown": "agencies", "questions_too_many": "question_2",
}  # fmt: skip
_FIELD_OF_FAULT = {"empty": "question", "right": "right"}


def _question_fields() -> dict[str, forms.Field]:
    """Return the fields of the two questions, each with its answers a line each."""
    made: dict[str, forms.Field] = {}
    for place in (1, 2):
        made[f"question_{place}"] = forms.CharField(
            label=_("Pertanyaan %(place)s") % {"place": place}, max_length=300, required=False
        )
        made[f"answers_{place}"] = forms.CharField(
            label=_("Jawaban untuk pertanyaan %(place)s") % {"place": place}, required=False, max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Dua sampai empat jawaban, satu baris satu jawaban."),
        )  # fmt: skip
        made[f"right_{place}"] = forms.TypedChoiceField(
            label=_("Jawaban yang benar untuk pertanyaan %(place)s") % {"place": place}, required=False, coerce=int,
            empty_value=0, choices=[("", "–"), *((line, _("baris ke-%(line)s") % {"line": line}) for line in range(1, 5))],
        )  # fmt: skip
        made[f"explanation_{place}"] = forms.CharField(
            label=_("Penjelasan bila jawabannya salah (pertanyaan %(place)s)") % {"place": place}, required=False,
            max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
    return made


class CircularForm(forms.Form):
    """A draft: what it says, to whom, until when, and what is asked."""

    kind = forms.ChoiceField(label=_("Jenis surat"), choices=lambda: messages.choices("circular_kind"))
    title = forms.CharField(label=_("Tentang"), max_length=LONGEST_TITLE)
    opening = forms.CharField(
        label=_("Pembuka"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=_LONG,
        help_text=_("Pisahkan alinea dengan satu baris kosong."),
    )  # fmt: skip
    points = forms.CharField(
        label=_("Butir-butir"), widget=forms.Textarea(attrs={"rows": 8}), required=False, max_length=_LONG,
        help_text=_("Satu butir satu baris. Nomor ditulis sendiri oleh sistem; nomor yang ikut tertempel dihapus."),
    )  # fmt: skip
    closing = forms.CharField(
        label=_("Penutup"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=_LONG
    )
    file = forms.FileField(
        label=_("Berkas PDF"), required=False,
        help_text=_("Naskah yang sudah ditandatangani, paling besar 10 MB. Boleh tanpa berkas bila isinya ditulis di atas."),
    )  # fmt: skip
    remove_file = forms.BooleanField(label=_("Lepaskan berkas ini"), required=False)
    number = forms.CharField(
        label=_("Nomor surat"), max_length=100, required=False,
        help_text=_("Kosong: dinomori sendiri saat terbit. Isi bila naskah kertasnya sudah bernomor."),
    )  # fmt: skip
    issued_on = DayField(
        label=_("Tanggal surat"), required=False,
        help_text=_("Hanya bersama nomor dari naskah kertas. Kosong: hari terbit."),
    )  # fmt: skip
    issued_by = forms.ModelChoiceField(
        label=_("Ditetapkan oleh"), queryset=Office.objects.none(), required=False, empty_label=_("– instansi ini –")
    )
    election = forms.ChoiceField(label=_("Pemilihan"), required=False)
    due_on = DayField(label=_("Dikonfirmasi paling lambat"), required=False, help_text=_("Kosong: tanpa batas."))
    escalate_on = DayField(
        label=_("Atasan diberi tahu mulai"), required=False,
        help_text=_(
            "Sejak hari itu atasan langsung diberi tahu siapa yang belum, sekali sehari; paling cepat sehari sesudah "
            "batas konfirmasi, tanpa batas sehari sesudah terbit. Kosong: tidak pernah."
        ),
    )  # fmt: skip
    valid_until = DayField(
        label=_("Berlaku sampai"), required=False,
        help_text=_("Hari terakhir. Kosong: sampai diganti atau ditarik."),
    )  # fmt: skip
    agencies = ManyRecords(label=_("Instansi yang dituju"), queryset=Agency.objects.none(), **_MANY)
    all_below = forms.BooleanField(label=_("Juga semua instansi di bawahnya"), required=False)
    heads_only = forms.BooleanField(label=_("Hanya kepala unit"), required=False)
    unit_kinds = forms.MultipleChoiceField(
        label=_("Jenis unit"), choices=lambda: messages.choices("unit_kind")[1:], **_MANY
    )
    units = ManyRecords(label=_("Unit, dengan semua di bawahnya"), queryset=WorkUnit.objects.none(), **_MANY)
    unit_codes = forms.CharField(
        label=_("Unit lain menurut kodenya"), required=False, max_length=_LONG, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kode seperti di daftar unit, dipisah koma atau baris baru. Masing-masing dengan semua di bawahnya."),
    )  # fmt: skip
    places = ManyRecords(
        label=_("Wilayah"), queryset=Region.objects.none(), **_MANY,
        help_text=_("Unit yang berada di wilayah itu, dengan semua di bawahnya."),
    )  # fmt: skip
    employments = forms.MultipleChoiceField(
        label=_("Status kepegawaian"), choices=lambda: messages.choices("employment"), **_MANY
    )
    post_kinds = forms.MultipleChoiceField(
        label=_("Jenis jabatan"), choices=lambda: messages.choices("post_kind"), **_MANY
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())
    levels = forms.MultipleChoiceField(label=_("Jenjang"), choices=lambda: messages.choices("level"), **_MANY)

    def __init__(self, *args, agency, elections, circular=None, **kwargs):
        initial = self.initial_of(circular, agency) if circular else {"agencies": [agency.pk]}
        super().__init__(*args, initial=initial, **kwargs)
        self.agency, self.circular = agency, circular
        self.fields |= _question_fields()
        addressable = circulars.addressable(agency)
        self.fields["agencies"].queryset = Agency.objects.filter(pk__in=[each.pk for each in addressable]).order_by(
            "code"
        )
        self.addressable = addressable
        if len(addressable) == 1:
            del self.fields["agencies"], self.fields["all_below"]
        top = agency.units.open().filter(parent__parent=None).exclude(parent=None)
        self.fields["units"].queryset = top.order_by("position")
        self.fields["places"].queryset = Region.objects.filter(parent=agency.region_id).order_by("code")
        if not agency.region_id or not self.fields["places"].queryset.exists():
            del self.fields["places"]
        self.fields["issued_by"].queryset = agency.offices.all()
        named = [(each.id, each.label.in_language(get_language() or "id")) for each in elections]
        self.fields["election"].choices = [("", _("– tidak terikat satu pemilihan –")), *named]
        if circular is None or circular.file_id is None:
            del self.fields["remove_file"]

    @staticmethod
    def initial_of(circular: Circular, agency: Agency) -> dict[str, object]:
        """Return what a draft says, as its fields hold it."""
        target = Target.read(circular.target)
        top = set(agency.units.filter(parent__parent=None).exclude(parent=None).values_list("pk", flat=True))
        deeper = WorkUnit.objects.filter(pk__in=set(target.units) - top).values_list("code", flat=True)
        values: dict[str, object] = {
            name: getattr(circular, name)
            for name in (
                "kind", "title", "opening", "closing", "number", "issued_on", "issued_by", "election", "due_on",
                "escalate_on", "valid_until",
            )
        }  # fmt: skip
        values |= {
            "points": "\n".join(circular.points),
            "agencies": list(circular.agencies.values_list("pk", flat=True)),
            "heads_only": target.heads_only,
            "unit_kinds": target.unit_kinds,
            "units": [each for each in target.units if each in top],
            "unit_codes": ", ".join(deeper),
            "places": target.places,
            "employments": target.employments,
            "post_kinds": target.post_kinds,
            "levels": target.levels,
        }
        values["seen"] = circulars.shown(circular)
        for place, each in enumerate(circulars.questions_of(circular), 1):
            values |= {
                f"question_{place}": each.question, f"answers_{place}": "\n".join(each.answers),
                f"right_{place}": each.right + 1, f"explanation_{place}": each.explanation,
            }  # fmt: skip
        return values

    def _group(self, *names):
        return [self[name] for name in names if name in self.fields]

    @staticmethod
    def _says(fields):
        """Say whether one of the fields holds something or was refused: what is folded is then open."""
        return any(field.errors or field.value() not in (None, "", [], (), False) for field in fields)

    @property
    def words(self):
        return self._group("kind", "title", "opening", "points", "closing", "file", "remove_file")

    @property
    def people(self):
        return self._group("agencies", "all_below", "heads_only", "unit_kinds", "employments", "post_kinds", "levels")

    @property
    def units_and_places(self):
        return self._group("units", "unit_codes", "places")

    @property
    def days(self):
        return self._group("due_on", "escalate_on", "valid_until")

    @property
    def signs(self):
        return self._group("number", "issued_on", "issued_by", "election")

    @property
    def questions(self):
        names = ("question", "answers", "right", "explanation")
        return self._group(*(f"{name}_{place}" for place in (1, 2) for name in names))

    @property
    def names_units(self):
        return self._says(self.units_and_places)

    @property
    def asks(self):
        return self._says(self.questions)

    @property
    def is_signed(self):
        return self._says(self.signs)

    def clean_unit_codes(self):
        """Return the units that were named by code; each that is not there is told."""
        typed = [
            each for each in (part.strip() for part in re.split(r"[,;\n]", self.cleaned_data["unit_codes"])) if each
        ]
        known = {unit.code.casefold(): unit for unit in self.agency.units.open()} if typed else {}
        unknown = [code for code in typed if code.casefold() not in known]
        if unknown:
            shown = ", ".join(unknown[:10]) + (" …" if len(unknown) > 10 else "")
            raise forms.ValidationError(
                _("Unit dengan kode ini tidak ada: %(codes)s. Lihat kodenya di daftar unit.") % {"codes": shown}
            )
        return [known[code.casefold()] for code in typed]

    def clean(self):
        cleaned = super().clean()
        asked = "agencies" in self.fields and not cleaned.get("all_below")
        if asked and not cleaned.get("agencies") and "agencies" not in self.errors:
            self.add_error("agencies", _("Pilih sekurangnya satu instansi."))
        if self.files.get("file") and self.errors and "file" not in self.errors:
            self.add_error("file", _("Berkas belum tersimpan karena isian lain belum benar. Pilih lagi berkasnya."))
        return cleaned

    def draft(self, file: StoredFile | None) -> circulars.Draft:
        """Return the draft that was written. Raises what the domain refuses of text, target and questions."""
        cleaned = self.cleaned_data
        kept = self.circular.file if self.circular and not cleaned.get("remove_file") else None
        target = Target.of(
            units=[unit.pk for unit in (*cleaned["units"], *cleaned["unit_codes"])],
            unit_kinds=cleaned["unit_kinds"],
            places=[place.pk for place in cleaned.get("places", ())],
            heads_only=cleaned["heads_only"],
            post_kinds=cleaned["post_kinds"],
            levels=cleaned["levels"],
            employments=cleaned["employments"],
        )
        return circulars.Draft(
            kind=cleaned["kind"],
            text=CircularText.of(
                cleaned["title"], cleaned["opening"], points_of(cleaned["points"]), cleaned["closing"]
            ),
            agencies=tuple(self.addressable if cleaned.get("all_below") else cleaned.get("agencies") or [self.agency]),
            target=target,
            file=file or kept,
            number=" ".join(cleaned["number"].split()),
            issued_on=cleaned["issued_on"],
            issued_by=cleaned["issued_by"],
            election=cleaned["election"],
            valid_until=cleaned["valid_until"],
            due_on=cleaned["due_on"],
            escalate_on=cleaned["escalate_on"],
            questions=tuple(self._asked()),
        )

    def _asked(self) -> Iterable[Question]:
        for place in (1, 2):
            cleaned = {
                name: self.cleaned_data[f"{name}_{place}"] for name in ("question", "answers", "right", "explanation")
            }
            if any(cleaned.values()):
                lines = [line for line in cleaned["answers"].splitlines() if line.strip()]
                yield Question.of(cleaned["question"], lines, cleaned["right"] - 1, cleaned["explanation"], place=place)

    def refuse(self, error: DomainError) -> None:
        """Put a refusal at the field that it is about."""
        field = str(error.details().get("field", "")) or _FIELD_OF.get(error.code, "")
        if isinstance(error, QuestionFaulty):
            field = f"{_FIELD_OF_FAULT.get(error.fault, 'answers')}_{error.place}"
        self.add_error(field if field in self.fields else None, messages.sentence(error))
        if self.files.get("file") and field != "file":
            self.add_error("file", _("Berkas belum tersimpan karena isian lain belum benar. Pilih lagi berkasnya."))


class AcknowledgeForm(forms.Form):
    """What the page of a circular posts: the digest that it showed, and an answer to each question."""

    shown_digest = forms.CharField(max_length=64)

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        for place, each in enumerate(questions, 1):
            self.fields[f"answer_{place}"] = forms.TypedChoiceField(
                label=each.question, choices=list(enumerate(each.answers)), coerce=int,
                error_messages={"required": _("Pilih satu jawaban."), "invalid_choice": _("Pilih satu jawaban.")},
            )  # fmt: skip
        self.asked = len(questions)

    def answers(self) -> list[int | None]:
        return [self.cleaned_data.get(f"answer_{place}") for place in range(1, self.asked + 1)]


class LettersForm(forms.Form):
    """An agency's letterhead, and how it numbers each kind of letter."""

    letterhead = forms.CharField(
        label=_("Kop surat"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Satu baris satu tingkat: pemerintah, kantor, lalu alamat. Kosong: nama instansi."),
    )  # fmt: skip

    def __init__(self, *args, numberings, **kwargs):
        super().__init__(*args, **kwargs)
        for each in numberings:
            said = {"kind": messages.word("letter_kind", each.kind)}
            self.fields[f"pattern_{each.kind}"] = forms.CharField(
                label=_("Pola nomor: %(kind)s") % said, max_length=LONGEST_PATTERN + 60, initial=each.pattern,
                help_text=_("Surat berikutnya: %(next)s") % {"next": each.next},
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )  # fmt: skip
            self.fields[f"last_{each.kind}"] = forms.IntegerField(
                label=_("Nomor terakhir: %(kind)s") % said, min_value=0, max_value=999_999, initial=each.last,
                help_text=_("Tahun ini, juga di luar sistem ini."),
            )  # fmt: skip

        self.kinds = [each.kind for each in numberings]

    @property
    def head(self):
        return self["letterhead"]

    @property
    def rows(self):
        """Return for each kind its two fields."""
        return [(kind, self[f"pattern_{kind}"], self[f"last_{kind}"]) for kind in self.kinds]

    def numbering(self, kind: LetterKind) -> tuple[str, int]:
        return self.cleaned_data[f"pattern_{kind}"], self.cleaned_data[f"last_{kind}"]
