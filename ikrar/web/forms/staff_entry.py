"""The form by which an officer enters a report that came some other way. Its fields are named as those of the intake door."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain.errors import ReportRefused
from ikrar.domain.reports import check_known_on
from ikrar.services import staff_entry
from ikrar.services.intake import Offer
from ikrar.web.forms.days import DayField
from ikrar.web.messages import choices, sentence

_LEAST_WHAT = 20  # signs, as at the intake door
_LINE = {"max_length": 300, "required": False}
ROWS = {"who": ("name", "post", "unit"), "witness": ("name", "contact"), "link": ("address", "captured")}
_MOST_ROWS, _LEAST_ROWS = 20, 2
IDENTITY = ("name", "address", "birth", "sex", "job", "citizenship", "phone", "email", "id_number")


class EntryForm(forms.Form):
    """Where it came from, what happened, who told it, who may not open it."""

    source_kind = forms.ChoiceField(label=_("Datang lewat"), choices=lambda: choices("report_source"))
    source_from = forms.CharField(
        label=_("Badan yang melimpahkan, atau asal surat"), help_text=_("Disegel bersama isi laporan."), **_LINE
    )
    source_number = forms.CharField(label=_("Nomor surat atau berita acara"), **_LINE)
    source_on = DayField(label=_("Tanggal surat atau berita acara"), required=False)
    came_on = DayField(
        label=_("Sampai di kantor pada"),
        help_text=_("Laporan resmi dihitung dari hari ini. Pada laporan dengan nama, hari itu disimpan tanpa segel."),
    )
    what = forms.CharField(
        label=_("Apa yang terjadi"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Dengan kata-kata orang yang melapor. Dibaca pemegang kunci badan ini yang tidak dikecualikan."),
    )  # fmt: skip
    when = forms.CharField(label=_("Kapan terjadinya"), max_length=500, required=False)
    where = forms.CharField(label=_("Di mana"), max_length=500, required=False)
    known_on = DayField(
        label=_("Hari pelapor mengetahuinya, atau hari ditemukan"), required=False,
        help_text=_("Batas waktu laporan resmi dihitung dari hari ini. Disimpan tanpa segel."),
    )  # fmt: skip
    named = forms.BooleanField(label=_("Pelapor menyebut nama, sebagai laporan resmi"), required=False)
    name = forms.CharField(label=_("Nama lengkap"), **_LINE)
    address = forms.CharField(label=_("Alamat"), **_LINE)
    birth = forms.CharField(label=_("Tempat, tanggal lahir"), **_LINE)
    sex = forms.CharField(label=_("Jenis kelamin"), **_LINE)
    job = forms.CharField(label=_("Pekerjaan"), **_LINE)
    citizenship = forms.CharField(label=_("Kewarganegaraan"), **_LINE)
    phone = forms.CharField(label=_("Telepon"), **_LINE)
    email = forms.CharField(label=_("Surel"), **_LINE)
    id_number = forms.CharField(label=_("Nomor kartu identitas"), **_LINE)
    agreed = forms.BooleanField(
        label=_("Keempat hal di atas sudah disampaikan kepada pelapor, dan ia tetap menyebut nama."), required=False
    )
    signed = forms.BooleanField(
        label=_("Saya melihat tanda tangannya, dan sesuai dengan kartu identitas."), required=False
    )
    exclude = forms.TypedMultipleChoiceField(
        label=_("Pemegang kunci yang tidak boleh membuka"), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Menurut pelapor, atau karena dialah yang dilaporkan. Laporan tidak disegel kepadanya."),
    )  # fmt: skip
    names = forms.CharField(
        label=_("Nama lain yang dikecualikan, satu baris satu nama"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    gets_code = forms.BooleanField(
        label=_("Pelapor mendapat kode kotak laporan"), required=False,
        help_text=_("Kode itu Anda lihat juga, sekali. Tanpa kode, pelapor tidak dapat membaca jawaban."),
    )  # fmt: skip
    state = forms.CharField(widget=forms.HiddenInput, required=False)
    key_set = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, offer: Offer, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exclude"].choices = [(each.holder.key, each.name) for each in offer.receiving]
        self._today = today

    @property
    def identity_fields(self) -> list[forms.BoundField]:
        """The fields about the reporter."""
        return [self[name] for name in IDENTITY]

    def clean(self) -> dict[str, Any]:
        """See that what belongs together is there, and that no day is one to come."""
        said: dict[str, Any] = super().clean() or {}
        if "what" in said and len("".join(said["what"].split())) < _LEAST_WHAT:
            self.add_error("what", _("Ceritakan apa yang terjadi, dengan satu kalimat atau lebih."))
        if said.get("source_kind") == "body" and not said.get("source_from"):
            self.add_error("source_from", _("Tulis badan mana yang melimpahkan laporan ini."))
        if said.get("source_kind") == staff_entry.NO_REPORTER:
            said["gets_code"] = False
            if said.get("named"):
                self.add_error("named", _("Temuan lapangan tidak mempunyai pelapor. Tulis saksi di bagian saksi."))
        for field in ("came_on", "known_on", "source_on"):
            try:
                check_known_on(said.get(field), self._today)
            except ReportRefused as error:
                self.add_error(field, sentence(error))
        if said.get("named"):
            if not said.get("name"):
                self.add_error("name", _("Laporan resmi memerlukan nama pelapor."))
            if not said.get("address"):
                self.add_error("address", _("Laporan resmi memerlukan alamat pelapor."))
            if not said.get("agreed"):
                self.add_error("agreed", _("Sampaikan keempat hal itu kepada pelapor, lalu tandai."))
        return said

    def answers(self) -> dict[str, Any]:
        """Return what was typed as the intake door has it, with what an officer says besides."""
        said = self.cleaned_data
        return {
            **{
                key: said[key]
                for key in ("what", "when", "where", "named", "signed", "gets_code", "key_set", "came_on")
            },
            "who": rows(self.data, "who"),
            "witnesses": rows(self.data, "witness"),
            "links": rows(self.data, "link"),
            "known_on": said["known_on"].isoformat() if said["known_on"] else "",
            "known": said["known_on"],
            "identity": {key: said[key].strip() for key in IDENTITY},
            "exclude": sorted(said["exclude"]),
            "names": [line.strip()[:300] for line in said["names"].splitlines() if line.strip()],
            "source": {
                "kind": said["source_kind"],
                "from": said["source_from"],
                "number": said["source_number"],
                "on": said["source_on"].isoformat() if said["source_on"] else "",
            },
        }


def rows(data: Mapping[str, Any], name: str) -> list[dict[str, str]]:
    """Read the filled rows of a table that a form holds."""
    found = []
    for place in range(_MOST_ROWS):
        row = {key: str(data.get(f"{name}-{place}-{key}", "")).replace("\x00", "").strip()[:300] for key in ROWS[name]}
        if any(row.values()):
            found.append(row)
    return found


def shown_rows(data: Mapping[str, Any], name: str) -> list[tuple[int, dict[str, str]]]:
    """Return the rows to show: what was typed, and an empty one after it."""
    typed = rows(data, name)
    count = min(_MOST_ROWS, max(_LEAST_ROWS, len(typed) + 1))
    return [(place, typed[place] if place < len(typed) else dict.fromkeys(ROWS[name], "")) for place in range(count)]
