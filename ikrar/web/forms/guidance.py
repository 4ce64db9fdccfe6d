"""Forms of guidance, and the address that carries a question from page to page: ids and classes, never a text."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ikrar.domain import persons
from ikrar.domain.activities import Guidance, Verdict
from ikrar.domain.acts import CONTESTS
from ikrar.domain.errors import ActivityUnknown, OpinionTooLong, PersonUnknown, ValueUnknown
from ikrar.domain.indonesian import LONGEST_TEXT
from ikrar.domain.questions import BEFORE
from ikrar.domain.receipts import POSTS, Asked, Fact
from ikrar.services import guidance
from ikrar.web import messages, reasons
from ikrar.web.forms.days import DayInput

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""Days that a question may be about; where no rule is known for one of them, the answer says so."""
MOST_ACTIVITIES = 8
"""More at once would be a page that nobody reads."""
_MOST_FACTS = 60


# --- the address -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """A question as far as it has come.

    `possible` are activities that the words may have meant as well, `year` that of an older election that they spoke of.
    """

    activities: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    employment: str = ""
    post: str = ""
    relation: str = ""
    contest: str = ""
    region: str = ""
    day: date | None = None
    year: str = ""

    @classmethod
    def of(cls, query: QueryDict, known: Guidance) -> "Draft":
        """Read an address. Raises ActivityUnknown, PersonUnknown, ValueUnknown."""
        activities = _ids(query.getlist("kegiatan"), known)
        facts = [Fact.of(text) for text in query.getlist("keadaan")[:_MOST_FACTS] if text]
        for fact in facts:
            if fact.circumstance not in known.circumstances:
                raise ValueUnknown("circumstance", fact.circumstance[:60], tuple(known.circumstances))
        employment = query.get("status", "").strip()
        if employment and employment not in persons.CLASSES:
            raise PersonUnknown(employment[:60])
        return cls(
            activities=activities,
            possible=_ids(query.getlist("mungkin"), known),
            facts=tuple(dict.fromkeys(facts)),
            employment=employment,
            post=_word(query, "jabatan", "post", tuple(POSTS)),
            relation=_word(query, "hubungan", "relation", persons.RELATIONS),
            contest=_word(query, "pemilihan", "contest", CONTESTS),
            region=query.get("wilayah", "").strip()[:20],
            day=_day(query.get("hari", "").strip()),
            year=_year(query.get("tahun", "").strip()),
        )

    @classmethod
    def of_asked(cls, asked: Asked) -> "Draft":
        """Return the address of a question that is whole."""
        return cls(
            activities=asked.activities, facts=asked.facts, employment=asked.employment, post=asked.post,
            relation=asked.relation, contest=asked.contest, region=asked.region, day=asked.day,
        )  # fmt: skip

    @property
    def asks_something(self) -> bool:
        return 0 < len(self.activities) <= MOST_ACTIVITIES

    @property
    def is_whole(self) -> bool:
        return self.asks_something and bool(self.employment)

    def asked(self, today: date) -> Asked:
        """Return the question, about today where no day was said."""
        return Asked(
            self.activities, self.day or today, self.employment, self.post, self.relation, self.region, self.contest,
            self.facts,
        )  # fmt: skip

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """Return what an address or the hidden fields of a form say, without some of the names."""
        said = [
            *(("kegiatan", each) for each in self.activities),
            *(("mungkin", each) for each in self.possible),
            *(("keadaan", str(each)) for each in self.facts),
            ("status", self.employment),
            ("jabatan", self.post),
            ("hubungan", self.relation),
            ("pemilihan", self.contest),
            ("wilayah", self.region),
            ("hari", self.day.isoformat() if self.day else ""),
            ("tahun", self.year),
        ]
        return [(name, value) for name, value in said if value and name not in without]

    @property
    def query(self) -> str:
        return urlencode(self.pairs())

    def but(self, **changes: object) -> "Draft":
        """Return the same question with something changed."""
        return replace(self, **changes)


def _ids(given: list[str], known: Guidance) -> tuple[str, ...]:
    for id in given:
        if id not in known.activities:
            raise ActivityUnknown(id[:80])
    return tuple(dict.fromkeys(given))


def _word(query: QueryDict, name: str, fact: str, known: tuple[str, ...]) -> str:
    value = query.get(name, "").strip()
    if value and value not in known:
        raise ValueUnknown(fact, value[:60], known)
    return value


def _year(text: str) -> str:
    """Return the year of an older election that a question spoke of, or BEFORE for the last one."""
    return text if text == BEFORE or (len(text) == 4 and text.isdigit()) else ""


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise ValueUnknown("on", text[:60], (f"{FIRST_DAY.isoformat()} … {LAST_DAY.isoformat()}",))
    return day


# --- asking ------------------------------------------------------------------------------------------------------


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=_("Apa yang ingin Anda lakukan?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "maxlength": LONGEST_TEXT}),
        help_text=_(
            "Tulis dengan kata sehari-hari, misalnya: boleh saya ikut rapat umum calon bersama keluarga? Tulisan ini dibaca"
            " mesin sekali untuk mencari kegiatannya, lalu dilupakan: tidak disimpan, tidak dicatat, tidak masuk ke alamat"
            " halaman."
        ),
        error_messages={
            "required": _("Tulis dulu pertanyaan Anda, atau pilih kegiatannya dari daftar di bawah."),
            "max_length": _("Pertanyaan ini terlalu panjang. Tulis paling banyak 4.000 huruf."),
        },
    )


# How people call themselves, in two groups: those that nearly everybody is of, and the offices beside them.
_COMMON = (
    ("pns", "PNS"),
    ("cpns", "CPNS"),
    ("pppk", "PPPK"),
    ("honorer", _("Honorer, tenaga kontrak, atau pegawai non-ASN lain")),
    ("village-head", _("Kepala desa, wali nagari, keuchik, atau sebutan setempat lain")),
    ("village-staff", _("Perangkat desa atau nagari")),
    ("bpd", _("Anggota BPD, bamus nagari, atau tuha peut")),
    ("tni", _("Anggota TNI")),
    ("polri", _("Anggota Polri")),
    ("organiser", _("Penyelenggara pemilu (KPU, Bawaslu, PPS, KPPS, …)")),
    ("none", _("Bukan salah satu di atas dan bukan pejabat")),
)
_OFFICES = (
    ("governor", _("Gubernur")),
    ("regent", _("Bupati")),
    ("mayor", _("Wali kota")),
    ("deputy-head", _("Wakil kepala daerah")),
    ("acting-head", _("Penjabat kepala daerah (Pj., Pjs., Plt.)")),
    ("state-official", _("Pejabat negara lain")),
    ("regional-official", _("Pejabat daerah lain")),
    ("judge", _("Hakim")),
    ("soe-official", _("Pejabat BUMN atau BUMD")),
)
_SHOWN_AS = {"ppnpn": "honorer", "wali-nagari": "village-head", "keuchik": "village-head", "kuwu": "village-head"}


class WhoForm(forms.Form):
    """Who asks, in classes. The names of its fields are those of the address."""

    status = forms.ChoiceField(
        label=_("Status Anda"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih status Anda; jawabannya bergantung pada itu.")},
    )
    jabatan = forms.ChoiceField(
        label=_("Jabatan"),
        required=False,
        choices=(
            ("", _("– bukan salah satunya –")),
            ("asn-official", _("Pejabat struktural (kepala dinas, kepala bidang, kepala bagian, …)")),
            ("school-head", _("Kepala sekolah")),
            ("lurah", _("Lurah")),
            ("camat", _("Camat")),
        ),
        help_text=_("Hanya jabatan yang aturannya berbeda."),
    )
    hubungan = forms.ChoiceField(
        label=_("Hubungan Anda dengan calon"),
        widget=forms.RadioSelect,
        choices=(
            ("none", _("Tidak ada")),
            ("spouse-of-candidate", _("Suami atau istri calon")),
            ("relative", _("Keluarga lain dari calon, atau keluarga saya bekerja untuk calon")),
            ("candidate", _("Saya sendiri calon atau akan mencalonkan diri")),
        ),
        error_messages={"required": _("Pilih salah satu; suami dan istri calon mempunyai aturan sendiri.")},
    )

    def __init__(self, *args, draft: Draft, **kwargs):
        heard = draft.employment
        employment, post = ("pns", heard) if heard in ("lurah", "camat") else (_SHOWN_AS.get(heard, heard), draft.post)
        if heard == "school-head":
            employment, post = "pns", heard
        initial = {"status": employment, "jabatan": post, "hubungan": draft.relation or "none"}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["status"].choices = [*_COMMON, *_OFFICES]

    @property
    def common(self):
        return list(self["status"])[: len(_COMMON)]

    @property
    def offices(self):
        return list(self["status"])[len(_COMMON) :]

    @property
    def holds_office(self) -> bool:
        return self["status"].value() in dict(_OFFICES)


class WhenForm(forms.Form):
    day = forms.DateField(
        label=_("Kapan Anda ingin melakukannya?"),
        widget=DayInput(),
        error_messages={
            "required": _("Pilih harinya; jawabannya dapat berubah dari hari ke hari."),
            "invalid": _("Tulis tanggalnya seperti 2024-10-27, atau pilih dari kalender."),
        },
    )
    place = forms.CharField(
        label=_("Di kota atau kabupaten mana?"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "regions", "autocomplete": "off"}),
        help_text=_("Nama atau kode wilayah, misalnya Bukittinggi atau 13.75. Ada daerah yang aturannya berbeda."),
    )

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Hari ini terlalu jauh. Pilih hari antara tahun 2000 dan 2099."))
        return day


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Kode"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Enam belas huruf dan angka."),
        error_messages={"required": _("Tulis kodenya.")},
    )


# --- asking an office --------------------------------------------------------------------------------------------


class InquiryForm(forms.Form):
    office = forms.ChoiceField(
        label=_("Kepada siapa?"), error_messages={"required": _("Pilih instansi atau badan yang Anda tanyai.")}
    )
    text = forms.CharField(
        label=_("Pertanyaan Anda"),
        max_length=guidance.LONGEST_INQUIRY,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": guidance.LONGEST_INQUIRY}),
        help_text=_(
            "Dibaca petugas yang menulis pendapat di instansi atau badan itu, dan tidak oleh orang lain. Nama Anda tidak"
            " diperlukan; jangan tulis nama, nomor pegawai, atau nomor telepon siapa pun."
        ),
        error_messages={"required": _("Tulis pertanyaan Anda."), "max_length": _("Tulis paling banyak 2.000 huruf.")},
    )
    names_nobody = forms.BooleanField(
        label=_("Itu bukan nama seseorang; tulisan ini tidak menyebut siapa pun."), required=False
    )

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [(each.token, each.name) for each in offices]
        # Asked only of whoever wrote what looks like a name.
        self._looks_like_a_name = self.fields.pop("names_nobody")
        if self.data.get("names_nobody"):
            self.ask_about_names()

    def ask_about_names(self):
        """Show the box by which somebody says that what looks like a name is none."""
        self.fields["names_nobody"] = self._looks_like_a_name


def _verdicts():
    return [(each.value, reasons.word("verdict", each)) for each in Verdict]


class OpinionForm(forms.Form):
    verdict = forms.ChoiceField(label=_("Jawabannya dalam satu kata"), widget=forms.RadioSelect, choices=_verdicts)
    facts = forms.CharField(
        label=_("Keadaan yang diandaikan"),
        max_length=guidance.LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Pendapat ini hanya berlaku bila keadaannya memang begini. Terlihat oleh penanya."),
    )
    text = forms.CharField(
        label=_("Pendapat"),
        max_length=guidance.LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Terlihat oleh penanya. Tidak dapat diubah sesudah diberikan."),
    )
    cites = forms.MultipleChoiceField(
        label=_("Dasar"), error_messages={"required": _("Pilih sekurangnya satu dasar dari buku aturan.")}
    )
    valid_until = forms.DateField(
        label=_("Berlaku sampai"),
        widget=DayInput(),
        help_text=_("Hari terakhir instansi ini berdiri pada pendapatnya; paling lama dua tahun. Tidak dapat ditarik."),
    )

    def __init__(self, *args, tokens, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cites"].choices = [(token, token) for token in tokens]
        self.today = today

    def clean_valid_until(self):
        day = self.cleaned_data["valid_until"]
        if day < self.today:
            raise forms.ValidationError(_("Hari itu sudah lewat. Pilih hari ini atau sesudahnya."))
        if day > (last := self.today + guidance.LONGEST_VALID):
            raise forms.ValidationError(messages.sentence(OpinionTooLong("valid_until", last)))
        return day

    @property
    def chosen(self) -> list[str]:
        """The citations that are ticked."""
        return [str(each) for each in self["cites"].value() or ()]


class PublicationForm(forms.Form):
    question = forms.CharField(
        label=_("Pertanyaannya, tanpa menyebut siapa dan di mana"),
        max_length=guidance.LONGEST_INQUIRY,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Terlihat oleh siapa pun. Tulis dengan kata Anda sendiri; jangan salin tulisan penanya."),
    )
    facts = forms.CharField(
        label=_("Keadaan yang diandaikan"),
        max_length=guidance.LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Terlihat oleh siapa pun."),
    )
    text = forms.CharField(
        label=_("Pendapat"),
        max_length=guidance.LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Terlihat oleh siapa pun."),
    )
    looked_again = forms.BooleanField(
        label=_("Saya sudah membaca ketiga isian ini sekali lagi. Tidak ada yang menyebut atau menunjuk seseorang."),
        error_messages={"required": _("Baca sekali lagi, lalu centang bahwa tidak ada yang menunjuk seseorang.")},
    )


class LibraryForm(forms.Form):
    words = forms.CharField(label=_("Cari kata"), max_length=120, required=False)
