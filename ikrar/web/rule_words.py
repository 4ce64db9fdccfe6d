"""What the readable rulebook needs of words beside those of answers (web.reasons): for kinds of rules, spans, lengths."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from ikrar.domain import cases
from ikrar.domain.access import Role
from ikrar.domain.sources import InForce
from ikrar.domain.terms import Count, Term
from ikrar.web import messages, reasons

WORDS: dict[str, dict[str, Any]] = {
    "rule_kind": {
        "act": lazy("Perbuatan"), "sanction": lazy("Sanksi"), "term": lazy("Batas waktu"),
        "intake_hours": lazy("Jam penerimaan laporan"), "authority": lazy("Wewenang"),
        "authority_rule": lazy("Aturan sekitar keputusan"), "body": lazy("Badan"),
        "statement": lazy("Pernyataan pejabat"), "principle": lazy("Asas"), "holidays": lazy("Hari libur"),
        "election": lazy("Kalender pemilihan"), "source": lazy("Sumber"),
    },
    "standing_says": {
        "breach": lazy("Sanksi dari daftar ini dapat diusulkan."),
        "review": lazy("Tidak ada sanksi yang diusulkan dengan sendirinya; seorang pejabat menelaahnya lebih dahulu."),
        "contested": lazy("Tidak ada sanksi yang diusulkan. Setiap pembacaan dan siapa yang memegangnya ada di bawah."),
        "no_penalty": lazy("Tidak ada sanksi yang diusulkan."),
        "pointer": lazy("Baris ini menunjuk ke aturan lain dan tidak mengusulkan sanksi sendiri."),
    },
    "stage_change": {
        "begins": lazy("mulai"), "ends": lazy("sudah berakhir"), "determines": lazy("– calon sudah ditetapkan"),
    },
    "election": {"pilkada": lazy("Pilkada"), "pemilu": lazy("Pemilu"), "any": lazy("Pemilu dan Pilkada")},
    "purpose": {
        "prohibition": lazy("larangan"), "formerly": lazy("larangan sebelum dasar lain di sini berlaku"),
        "sanction": lazy("sanksi"), "listing": lazy("tempatnya dalam daftar"),
        "term": lazy("batas waktu"), "authority": lazy("wewenang"), "": lazy("rujukan"),
    },
    "window": {
        "campaign": lazy("hanya selama kampanye"), "after_vote": lazy("hanya sejak hari pemungutan suara"),
        "reshuffle_ban": lazy("hanya sejak penggantian pejabat dilarang, sampai akhir masa jabatan"),
        "until_elected": lazy("hanya sejak penggantian pejabat dilarang, sampai calon terpilih ditetapkan"),
    },
    "reached": {
        "latest": lazy("jatuh tempo"), "begins": lazy("larangan mulai"), "effective": lazy("mulai berlaku"),
        "earliest": lazy("paling cepat"),
    },
    "start": {
        "act": lazy("perbuatan dilakukan"), "knowledge": lazy("peristiwa diketahui"),
        "discovery": lazy("pelanggaran ditemukan"), "filing": lazy("laporan disampaikan"),
        "defect_notice": lazy("kekurangan diberitahukan"), "receipt": lazy("diterima"),
        "registration": lazy("diregistrasi"), "earlier_limit": lazy("batas sebelumnya berakhir"),
        "referral": lazy("dilimpahkan"), "recommendation": lazy("rekomendasi"), "reprimand": lazy("teguran"),
        "summons": lazy("surat panggilan"), "missed_examination": lazy("hari pemeriksaan yang tidak dihadiri"),
        "decision": lazy("keputusan ditetapkan"), "service": lazy("keputusan disampaikan"),
        "missed_service": lazy("hari penyampaian yang tidak dihadiri"), "appeal_copy": lazy("tembusan banding diterima"),
        "determination": lazy("penetapan calon"), "registration_opening": lazy("pendaftaran calon dibuka"),
        "campaign_day": lazy("hari kampanye"), "data_breach": lazy("kebocoran data"),
        "withdrawal": lazy("persetujuan ditarik"), "enactment": lazy("pengundangan"), "ruling": lazy("putusan dibacakan"),
        "inauguration": lazy("pelantikan"),
    },
    "regime": {"any": lazy("semua pemilihan"), "pilkada": lazy("Pilkada"), "pemilu": lazy("Pemilu")},
    "power_level": {"any": lazy("semua tingkat")},
    "day_kind": {"public_holiday": lazy("libur nasional"), "collective_leave": lazy("cuti bersama")},
    "dismissal": {
        "excluded": lazy("kecuali pemberhentian"), "only": lazy("hanya pemberhentian"), "included": "",
    },
    "conflict": {
        "accused": lazy("ia sendiri terlapor"), "relative": lazy("ia berkeluarga dengan orang dalam perkara ini"),
        "candidate": lazy("ia sendiri calon"), "patron": lazy("ia pelindung terlapor, atau pihak yang didukungnya"),
    },
    "what": {
        "began": lazy("Mulai berlaku"), "changed": lazy("Berubah"), "ended": lazy("Berakhir"),
        "passed": lazy("Hanya berlaku di antaranya"),
    },
    "detail": {
        "who": lazy("Siapa"), "phase": lazy("Kapan"), "window": lazy("Masa"), "election": lazy("Pemilihan"),
        "contests": lazy("Jabatan yang dipilih"), "level": lazy("Tingkat"), "standing": lazy("Kedudukan"),
        "sanctions": lazy("Sanksi"), "cites": lazy("Dasar"), "readings": lazy("Pembacaan"), "notes": lazy("Catatan"),
        "suspended": lazy("Ditangguhkan"), "resumed": lazy("Dapat dipilih lagi"), "powers": lazy("Kewenangan"),
        "disputed": lazy("Yang diperdebatkan"), "days": lazy("Hari"),
    },
    "mark": {
        "not_compared": lazy("belum dibandingkan dengan berita negara"),
        "compared": lazy("dibandingkan dengan berita negara"),
        "changed": lazy("dibandingkan, tetapi isinya berubah sejak itu"),
    },
    "weekday": {
        "0": lazy("Senin"), "1": lazy("Selasa"), "2": lazy("Rabu"), "3": lazy("Kamis"), "4": lazy("Jumat"),
        "5": lazy("Sabtu"), "6": lazy("Minggu"),
    },
    "short_weekday": {
        "0": lazy("Sen"), "1": lazy("Sel"), "2": lazy("Rab"), "3": lazy("Kam"), "4": lazy("Jum"), "5": lazy("Sab"),
        "6": lazy("Min"),
    },
}  # fmt: skip
# What a detail of a difference is made of, by the name of the detail: the kind of its words.
DETAIL_WORDS = {
    "who": "employment", "phase": "phase", "window": "window", "election": "election_kind", "contests": "contest", "level": "level",
    "standing": "standing",
}  # fmt: skip


def word(kind: str, value: Any) -> str:
    """Return the word for a code of the rulebook. Raises KeyError for a code without one."""
    if kind in WORDS:
        return str(WORDS[kind][str(value)])
    return reasons.word(kind, str(value))


def day(value: date) -> str:
    """Write a day as a letter does; a local time keeps its hour, without a zone: it is that of the place of the act."""
    if isinstance(value, datetime):
        return _("%(day)s pukul %(time)s") % {"day": messages.day(value.date()), "time": f"{value:%H.%M}"}
    return messages.day(value)


def held(window: InForce | None) -> str:
    """Write the days on which something held, the last one included, as people say it."""
    first = window.from_on if window else None
    last = window.until_on - timedelta(days=1) if window and window.until_on else None
    if first and last:
        return f"{day(first)} – {day(last)}" if first != last else day(first)
    if first:
        return _("sejak %(day)s") % {"day": day(first)}
    if last:
        return _("sampai %(day)s; hari mulainya tidak diketahui") % {"day": day(last)}
    return _("hari mulai dan berakhirnya tidak diketahui")


def amount(length: int, count: Count, *, certain: bool = True) -> str:
    """Write so many days, hours, months or years; days of which the rule does not name the kind are said to be so."""
    if not certain:
        said = ngettext("%(n)s hari (jenisnya tidak disebut)", "%(n)s hari (jenisnya tidak disebut)", length)
    elif count is Count.WORKING_DAYS:
        said = ngettext("%(n)s hari kerja", "%(n)s hari kerja", length)
    elif count is Count.CALENDAR_DAYS:
        said = ngettext("%(n)s hari kalender", "%(n)s hari kalender", length)
    elif count is Count.HOURS:
        said = ngettext("%(n)s jam", "%(n)s jam", length)
    elif count is Count.MONTHS:
        said = ngettext("%(n)s bulan", "%(n)s bulan", length)
    else:
        said = ngettext("%(n)s tahun", "%(n)s tahun", length)
    return said % {"n": length}


def left(left: Any) -> str:
    """Write what is left of a clock, in its own unit (services.case_clocks.Left); past its last day by how many calendar days."""
    if left.amount is None:
        days = amount(left.past_days, Count.CALENDAR_DAYS)
        return _("lewat %(amount)s") % {"amount": days} if left.past_days else _("lewat")
    if left.amount == 0:
        return _("kurang dari 1 jam") if left.unit == Count.HOURS else _("hari terakhir")
    return _("sisa %(amount)s") % {"amount": amount(left.amount, Count(left.unit))}


def length_of(term: Term) -> str:
    """Write the length of a term and its direction: 7 hari kerja sesudah."""
    return f"{amount(term.length, term.count, certain=term.count_certain)} {word('direction', term.direction)}"


# --- who acts, and for whom a clock runs --------------------------------------------------------------------------


def actor(who: cases.Actor | Role) -> str:
    """Write who acts by a row of the procedure."""
    return messages.word("case_actor" if isinstance(who, cases.Actor) else "role", who)


def runs_for(clock: cases.Clock, terms: Mapping[str, Term]) -> str:
    """Write for whom a clock of the procedure runs: of a window whose right it is, of a limit of the law whom the law names."""
    if clock.id in cases.WINDOWS.values():
        return messages.word("case_owner", "respondent")
    if clock.kind == "term":
        return reasons.label(terms[clock.id].responsible)
    return messages.word("role", clock.owner)
