"""Forms of activities."""

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ikrar.domain import pacts
from ikrar.records.models import Agency, Body, Office, PactRound, WorkUnit
from ikrar.services.activities import Plan
from ikrar.web import messages
from ikrar.web.forms.days import DayField


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


def indented(unit: WorkUnit) -> str:
    """Write a unit in a list of its tree."""
    return f"{'  ' * unit.depth}{unit.name}"


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: WorkUnit) -> str:
        return indented(obj)


class WhenForm(forms.Form):
    """Day, hours and place."""

    on = DayField(label=_("Hari"))
    starts_at = forms.TimeField(label=_("Mulai (waktu setempat)"), required=False, widget=HourInput())
    ends_at = forms.TimeField(label=_("Sampai pukul"), required=False, widget=HourInput())
    place = forms.CharField(label=_("Tempat"), max_length=200, required=False)


class MoveForm(WhenForm):
    reason = forms.CharField(
        label=_("Alasan"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Dibaca semua yang diundang."),
    )  # fmt: skip


class ActivityForm(WhenForm):
    """What an organiser writes of an activity; once people were invited, day, hours and place are left out."""

    owner = forms.ChoiceField(label=_("Diselenggarakan untuk"), required=False)
    kind = forms.ChoiceField(label=_("Jenis"), choices=lambda: messages.choices("activity_kind"))
    title = forms.CharField(label=_("Nama kegiatan"), max_length=200)
    purpose = forms.CharField(
        label=_("Maksud"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tertulis di surat undangan."),
    )  # fmt: skip
    points = forms.CharField(
        label=_("Yang dibahas"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Satu butir satu baris."),
    )  # fmt: skip
    organiser = forms.CharField(
        label=_("Penyelenggara menurut undangan"), max_length=150, required=False,
        help_text=_("Kosong: instansi atau unit itu sendiri."),
    )  # fmt: skip
    called_by = forms.ModelChoiceField(
        label=_("Diadakan oleh badan lain"),
        queryset=Body.objects.none(),
        required=False,
        empty_label=_("– tidak ada –"),
    )
    led_by = forms.ModelChoiceField(
        label=_("Dipimpin oleh"), queryset=Office.objects.none(), required=False, empty_label=_("– tidak disebut –")
    )
    pact_round = forms.ModelChoiceField(
        label=_("Pakta yang ditandatangani di sana"), queryset=PactRound.objects.none(), required=False,
        empty_label=_("– tidak ada –"),
    )  # fmt: skip
    election = forms.ChoiceField(label=_("Pemilihan"), required=False)
    quota = forms.IntegerField(
        label=_("Paling banyak orang"), required=False, min_value=1, max_value=1_000_000,
        help_text=_("Kosong: tanpa batas. Siapa datang lebih dulu yang masuk; tamu tidak dihitung."),
    )  # fmt: skip
    open_to_units = forms.BooleanField(
        label=_("Siapa pun dari unit yang diundang boleh datang"), required=False, initial=True,
        help_text=_("Bila tidak dicentang, hanya yang sudah tercantum di undangan."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Sumber berita"), max_length=300, required=False,
        help_text=_("Untuk kegiatan yang diadakan pihak lain dan dibaca dari berita."),
    )  # fmt: skip

    field_order = ["owner", "kind", "title", "on", "starts_at", "ends_at", "place", "purpose", "points"]
    main = (
        "owner", "kind", "title", "on", "starts_at", "ends_at", "place", "purpose", "points", "led_by", "pact_round",
    )  # fmt: skip

    def __init__(self, *args, agencies, units, elections, activity=None, fixed=False, **kwargs):
        super().__init__(*args, **kwargs)
        owners = [(f"agency-{agency.pk}", agency.name) for agency in agencies]
        owners += [(f"unit-{unit.pk}", unit.name) for unit in units]
        self.owners = {f"agency-{agency.pk}": (agency, None) for agency in agencies} | {
            f"unit-{unit.pk}": (unit.agency, unit) for unit in units
        }
        self.fields["owner"].choices = owners
        if activity is not None or len(owners) == 1:
            del self.fields["owner"]
            self.owner = (activity.agency, activity.unit) if activity else next(iter(self.owners.values()))
        else:
            self.fields["owner"].required = True
            self.owner = None
        if fixed:
            for name in WhenForm.base_fields:
                del self.fields[name]
        within = [activity.agency] if activity else [agency for agency, _unit in self.owners.values()]
        regions = [agency.region_id for agency in within if agency.region_id]
        self.fields["called_by"].queryset = Body.objects.filter(
            Q(agency__in=within) | Q(agency=None, region__in=regions) | Q(agency=None, region=None)
        )
        self.fields["led_by"].queryset = Office.objects.filter(agency__in=within)
        if activity is None and not agencies:
            # Whoever heads a unit calls people in its name, not in that of the head of region.
            own = Q(pk__in=[])
            for unit in units:
                own |= Q(unit__agency=unit.agency_id, unit__position__range=(unit.position, unit.last_position))
            self.fields["led_by"].queryset = Office.objects.filter(own)
        self.fields["pact_round"].queryset = PactRound.objects.filter(agencies__in=within, state="issued").distinct()
        named = [(each.id, each.label.in_language(get_language() or "id")) for each in elections]
        self.fields["election"].choices = [("", _("– tidak terikat satu pemilihan –")), *named]

    def main_fields(self):
        """Return the fields that nearly everybody fills in."""
        return [self[name] for name in self.main if name in self.fields]

    def other_fields(self):
        """Return the fields that are seldom needed."""
        return [self[name] for name in self.fields if name not in self.main]

    @property
    def others_wrong(self) -> bool:
        """Say whether one of the seldom needed fields has an error or is filled in: then they are shown open."""
        return any(field.errors or (field.value() not in (None, "", True)) for field in self.other_fields())

    def clean(self):
        cleaned = super().clean()
        owner = self.owner or self.owners.get(cleaned.get("owner", ""))
        for name in ("led_by", "pact_round"):
            chosen = cleaned.get(name)
            if owner is None or chosen is None:
                continue
            fits = chosen.agency_id == owner[0].pk if name == "led_by" else chosen.agencies.contains(owner[0])
            if not fits:
                self.add_error(name, _("Ini bukan milik instansi itu."))
        return cleaned

    def chosen_owner(self) -> tuple[Agency, WorkUnit | None]:
        """Return agency and unit that it is for."""
        return self.owner or self.owners[self.cleaned_data["owner"]]

    def plan(self, activity=None) -> Plan:
        """Return what was written; day, hours and place of the activity where the form does not ask for them."""
        cleaned = {name: self.cleaned_data.get(name) for name in Plan.__dataclass_fields__ if name in self.fields}
        if activity is not None:
            cleaned = {name: getattr(activity, name) for name in WhenForm.base_fields} | cleaned
        cleaned["points"] = pacts.points_of(cleaned["points"] or "")
        return Plan(**cleaned)


class InviteUnitForm(forms.Form):
    unit = UnitChoice(
        label=_("Unit, dengan semua di bawahnya"), queryset=WorkUnit.objects.none(), empty_label=_("– pilih unit –")
    )
    heads_only = forms.BooleanField(label=_("Hanya kepalanya, juga kepala unit di bawahnya"), required=False)
    quota = forms.IntegerField(
        label=_("Paling banyak orang dari unit ini"), required=False, min_value=1, max_value=100_000,
        help_text=_("Kosong: semuanya diundang dengan nama. Bila diisi, kepalanya yang menentukan siapa yang datang."),
    )  # fmt: skip

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class InvitePeopleForm(forms.Form):
    numbers = forms.CharField(
        label=_("Nomor pegawai (NIP)"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Satu nomor satu baris."),
    )  # fmt: skip


class NumberForm(forms.Form):
    """The number of a letter, where it bears one already."""

    number = forms.CharField(
        label=_("Nomor surat"), max_length=100, required=False,
        help_text=_("Kosong: dinomori menurut aturan instansi."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(forms.Form):
    comes = forms.ChoiceField(
        label=_("Apakah Anda datang?"), choices=[("yes", _("Ya, saya datang")), ("no", _("Tidak dapat datang"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Alasan bila tidak datang"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Dibaca panitia kegiatan ini saja."),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code of the venue. The page writes it itself."""

    code = forms.CharField(label=_("Kode di layar"), max_length=40)
    kept = forms.CharField(required=False, max_length=1)
    opened = forms.CharField(required=False, max_length=200)  # signed by the server: who opened the page, and when


class GuestForm(forms.Form):
    kind = forms.ChoiceField(label=_("Jenis lembaga"), choices=lambda: messages.choices("guest_kind"))
    body = forms.CharField(
        label=_("Lembaga"), max_length=150, help_text=_("Seperti tertulis di kop suratnya, misalnya Bawaslu Kota.")
    )
    post = forms.CharField(label=_("Jabatan"), max_length=150, required=False)
    is_witness = forms.BooleanField(label=_("Menjadi saksi pakta yang ditandatangani di sana"), required=False)


class ArrivalForm(forms.Form):
    name = forms.CharField(label=_("Nama yang datang"), max_length=150)
    post = forms.CharField(label=_("Jabatan"), max_length=150, required=False)


class MinutesForm(forms.Form):
    minutes = forms.CharField(
        label=_("Notulen"), required=False, max_length=40_000, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Jalannya acara, siapa berbicara tentang apa, apa yang disepakati."),
    )  # fmt: skip
    points = forms.CharField(
        label=_("Yang disampaikan"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Satu butir satu baris."),
    )  # fmt: skip


class DecisionForm(forms.Form):
    text = forms.CharField(label=_("Keputusan"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    office = forms.ModelChoiceField(
        label=_("Penanggung jawab: jabatan"), queryset=Office.objects.none(), required=False,
        empty_label=_("– pilih jabatan –"),
    )  # fmt: skip
    unit = UnitChoice(
        label=_("atau kepala unit"), queryset=WorkUnit.objects.none(), required=False, empty_label=_("– pilih unit –")
    )
    due_on = DayField(label=_("Paling lambat"), required=False)

    def __init__(self, *args, offices, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.fields["unit"].queryset = units


class EvidenceForm(forms.Form):
    evidence = forms.CharField(
        label=_("Apa yang menunjukkan bahwa ini sudah dikerjakan"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Misalnya nomor surat, tempat berkas, atau apa yang dapat dilihat orang lain."),
    )  # fmt: skip


class PhotoForm(forms.Form):
    file = forms.FileField(
        label=_("Foto"), widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
        help_text=_("JPEG atau PNG, paling besar 15 MB. Tempat dan waktu yang ditulis kamera tidak disimpan."),
    )  # fmt: skip
    caption = forms.CharField(label=_("Keterangan"), max_length=200)
