"""Papers of a decision: its text as it is signed, the same on a letterhead, and the line for the national discipline register.

Papers are Indonesian, as what an office files is. Who reported stands in none of them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from ikrar.domain.cases import answered_on
from ikrar.domain.days import in_words
from ikrar.gateways import pdf
from ikrar.gateways.pdf import LetterPaper
from ikrar.records.models import CaseAllegation, CaseDecision, CaseRespondent, Installation
from ikrar.services import case_authority, case_files, case_rules, case_steps, clock, letters, rules

BPASN = "BPASN"
_SIGNED = "Naskah ini disusun dengan Ikrar. Yang mengikat adalah naskah yang ditandatangani pejabat yang berwenang."
_NOTED = "Naskah ini disusun dengan Ikrar dari catatan perkara."
_STATES = {
    "disputed": "masih diperselisihkan", "not_compared": "belum dibandingkan", "changed": "berubah sejak dibandingkan",
}  # fmt: skip
# Of a clause and of a sanction; what has no word here is no level of a civil servant's discipline.
_LEVELS = {
    "moral": "sanksi moral", "moral-plus": "sanksi moral dengan tindakan administratif", "light": "ringan", "moderate": "sedang",
    "severe": "berat", "dismissal-ptdh": "pemberhentian tidak dengan hormat (PTDH)", "dismissal": "pemberhentian",
    "relative": "diukur dari hukuman bawahannya", "heavier-than-subordinate": "lebih berat daripada hukuman bawahannya",
    "same-as-subordinate": "sama dengan hukuman bawahannya", "contested": "masih diperdebatkan",
    "per-asn-law": "menurut aturan ASN", "agency-defined": "menurut aturan instansi", "contract": "menurut perjanjian kerja",
    "contract-termination": "pemutusan perjanjian kerja",
}  # fmt: skip
_PURPOSES = {
    "prohibition": "larangan", "sanction": "sanksi", "listing": "dimuat dalam", "formerly": "larangan sebelum berlakunya",
}  # fmt: skip
_CONFIDENCES = {
    "gazette": "berita negara", "confirmed": "dua sumber atau lebih", "one_source": "satu sumber", "uncertain": "belum pasti",
}  # fmt: skip
_CAPACITIES = {
    "definitive": "definitif", "plt": "pelaksana tugas (Plt.)", "plh": "pelaksana harian (Plh.)", "pj": "penjabat (Pj.)",
    "pjs": "penjabat sementara (Pjs.)",
}  # fmt: skip
_SETTLED = {
    "upheld": "dikuatkan", "lightened": "diringankan", "aggravated": "diperberat", "changed": "diubah", "cancelled": "dibatalkan",
    "granted": "dikabulkan seluruhnya",
}  # fmt: skip
_NONE = "tidak dicatat"


@dataclass(frozen=True)
class DecisionText:
    """A decision in words, as it is read before it is signed. `digest`: SHA-256 (hex) of these words."""

    subject: str
    opening: tuple[str, ...]
    points: tuple[str, ...]
    closing: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Return the digest that is signed: a word changed is another digest."""
        whole = "\n".join((self.subject, *self.opening, *self.points, *self.closing))
        return hashlib.sha256(whole.encode("utf-8")).hexdigest()


def sanction_label(sanction: str) -> str:
    """Return what a sanction is called; what none is called where it is empty."""
    return rules.book().sanctions[sanction].label.id if sanction else "tidak terbukti"


def rule_label(rule: Mapping[str, str]) -> str:
    """Return what a rule that a decision rests on is called, of those kept with it as unchecked."""
    shelf = rules.book().acts if rule["kind"] == "act" else rules.book().sanctions
    found = shelf.get(rule["rule"])
    return found.label.id if found else rule["rule"]


def text_of(decision: CaseDecision) -> DecisionText:
    """Return the words of a decision: as they were kept when it was decided; of a draft, as the records have them now."""
    if decision.text:
        told = decision.text
        return DecisionText(told["subject"], tuple(told["opening"]), tuple(told["points"]), tuple(told["closing"]))
    return _written(decision)


def kept(text: DecisionText) -> dict[str, Any]:
    """Return the words of a decision as they are kept with it."""
    return {
        "subject": text.subject, "opening": list(text.opening), "points": list(text.points), "closing": list(text.closing),
    }  # fmt: skip


def _written(decision: CaseDecision) -> DecisionText:
    """Write a decision: whom it is about, what was alleged, what was recommended and proposed, what is decided and why."""
    respondent = decision.respondent
    name, place = _name(respondent), ", ".join(each for each in (respondent.post, _unit(respondent)) if each)
    alleged = [
        f"{rules.book().acts[each.act].label.id if each.act in rules.book().acts else each.act}, {in_words(each.on)}, {each.place}"
        for each in respondent.allegations.filter(struck_at=None).order_by("on", "pk")
    ]
    opening = [
        f"Terlapor: {name}{f' ({place})' if place else ''}.",
        "Dugaan yang diperiksa: " + ("; ".join(alleged) or "tidak dicatat") + ".",
        *_advice(decision),
        *_examined(decision),
        *_replaced(decision),
    ]
    points = [
        f"Menjatuhkan hukuman: {sanction_label(decision.sanction)}."
        if decision.sanction
        else f"Menyatakan dugaan terhadap {name} tidak terbukti.",
        f"Pertimbangan: {decision.grounds}",
    ]
    if decision.departure_reason:
        points.append(
            f"Keputusan ini berbeda dari rekomendasi atau usul itu, dengan alasan: {decision.departure_reason}"
        )
    closing = []
    if decision.unchecked:
        listed = "; ".join(
            f"{rule_label(each)} ({_STATES.get(each['state'], each['state'])})" for each in decision.unchecked
        )
        closing.append(f"Aturan yang belum dibandingkan dengan berita negara, atau diperselisihkan: {listed}.")
    if decision.effect.get("settled") and decision.effective_on:
        since = f"Keputusan ini berlaku sejak {in_words(decision.effective_on)}"
        closing.append(f"{since}, menurut putusan {_remedy(decision)} nomor {decision.number}.")
    elif decision.sanction and respondent.track == "discipline":
        closing.append(
            "Keputusan ini berlaku pada hari kerja ke-15 sesudah diterima. Terhadapnya dapat diajukan upaya administratif menurut"
            " PP 79/2021."
        )
    subject = f"{'Hukuman' if decision.sanction else 'Pernyataan tidak terbukti'} terhadap {name}"
    return DecisionText(subject, tuple(opening), tuple(points), tuple(closing))


def _replaced(decision: CaseDecision) -> list[str]:
    """Say which decision the outcome of an objection or an appeal took the place of."""
    if not decision.effect.get("settled") or decision.replaces is None:
        return []
    before = decision.replaces
    return [
        f"Menggantikan keputusan nomor {before.number}, {_day(before.decided_on)}, menurut putusan {_remedy(decision)}."
    ]


def _remedy(decision: CaseDecision) -> str:
    return "BPASN atas banding" if decision.authority == BPASN else "atas keberatan"


def _advice(decision: CaseDecision) -> list[str]:
    told = []
    if decision.recommended_step_id:
        told.append(f"Yang direkomendasikan: {sanction_label(decision.recommended)}.")
    if decision.proposed_step_id:
        of_council = decision.proposed_step is not None and decision.proposed_step.step == case_rules.COUNCIL_PROPOSES
        by = "direkomendasikan Majelis Kode Etik" if of_council else "diusulkan pemeriksa"
        told.append(f"Yang {by}: {sanction_label(decision.proposed)}.")
    return told or ["Tidak ada rekomendasi atau usul hukuman."]


def _examined(decision: CaseDecision) -> list[str]:
    """Say who examined in the place of the direct superior whom the records name, and why."""
    if decision.effect.get("settled"):
        return []  # another one's ruling, which weighed what it weighed
    return [
        f"Yang memeriksa sebagai atasan langsung: {each.user.display_name}; menurut daftar pegawai atasannya {each.of_records}."
        + (f" Alasannya: {each.why}" if each.why else "")
        for each in case_files.apart(decision.respondent, now=clock.instant(_zone(decision.respondent)))
    ]


def _name(respondent: CaseRespondent) -> str:
    return respondent.person.full_name if respondent.person else respondent.described


def _unit(respondent: CaseRespondent) -> str:
    return respondent.unit.name if respondent.unit else ""


def as_letter(decision: CaseDecision, *, now: datetime) -> bytes:
    """Return a decision on the letterhead of its agency as a PDF: a draft to be signed on paper, or what was decided.

    What BPASN, or whoever decided on an objection, put in its place is another one's ruling: of that the agency has a note.
    """
    if is_of_others(decision):
        return _as_note(decision, now=now)
    text, respondent = text_of(decision), decision.respondent
    stamp = ""
    if decision.decided_on is None:
        stamp = "RANCANGAN: belum diputuskan"
    elif decision.ended_at is not None:
        stamp = "TIDAK BERLAKU: diganti putusan lain"
    return pdf.letter(
        LetterPaper(
            letterhead=_head(respondent), kind="Keputusan", number=decision.number, subject=text.subject, opening=text.opening,
            points=text.points, closing=text.closing, place=_place(respondent), issued_on=decision.decided_on,
            office=_office(decision), signer=_signer(decision), attached="",
            digest=text.digest, address="", stamp=stamp, made_at=clock.instant(_zone(respondent), at=now),
            zone=_zone(respondent), demo=_is_demo(), origin=_SIGNED,
        )
    )  # fmt: skip


def is_of_others(decision: CaseDecision) -> bool:
    """Say whether a decision is the outcome of an objection or an appeal, which no authority of this agency issued."""
    return decision.replaces_id is not None and bool(decision.effect.get("settled"))


def _as_note(decision: CaseDecision, *, now: datetime) -> bytes:
    """Return what an agency noted of another one's ruling: without a number of its own, and issued nowhere and on no day."""
    text, respondent = text_of(decision), decision.respondent
    of = f"putusan {_remedy(decision)} nomor {decision.number}, {_day(decision.decided_on)}"
    signed = f", ditandatangani {_signer(decision)}" if _signer(decision) else ""
    opening = f"Catatan instansi tentang {of}{signed}. Yang mengikat ialah naskah putusan itu; isinya menurut catatan perkara:"
    return pdf.letter(
        LetterPaper(
            letterhead=_head(respondent), kind="Catatan putusan", number="", subject=text.subject, opening=(opening, *text.opening),
            points=text.points, closing=text.closing, place="", issued_on=None,
            office=respondent.agency.name if respondent.agency else "", signer="", attached="", digest=text.digest, address="",
            stamp="" if decision.ended_at is None else "TIDAK BERLAKU: diganti putusan lain",
            made_at=clock.instant(_zone(respondent), at=now), zone=_zone(respondent), demo=_is_demo(), origin=_NOTED,
            about=f"Putusan {_remedy(decision)} nomor {decision.number}",
        )
    )  # fmt: skip


def register_lines(decision: CaseDecision) -> list[tuple[str, str]]:
    """Return what the national discipline register (I'DIS) is told of a decision: name of a field and its words."""
    respondent = decision.respondent
    person = respondent.person
    rows = respondent.steps.filter(step__in=(case_rules.EXECUTE, "announce"))
    steps = {each.step: each for each in rows.order_by(*case_steps.TAKEN)}
    executed = steps.get(case_rules.EXECUTE) or steps.get("announce")
    way = (
        "naskah yang ditandatangani di Ikrar"
        if decision.way == "signed_here"
        else "pindaian naskah yang ditandatangani"
    )
    return [
        ("Nama", _name(respondent)),
        ("NIP", person.identifier if person else "–"),
        ("Jabatan pada hari perbuatan", respondent.post or "–"),
        ("Unit kerja", _unit(respondent) or "–"),
        ("Instansi", respondent.agency.name if respondent.agency else "–"),
        *_weighed(decision),
        ("Hukuman", sanction_label(decision.sanction)),
        *([("Tingkat hukuman", _LEVELS.get(decision.level, _NONE))] if decision.level else []),
        ("Nomor keputusan", decision.number or "–"),
        ("Tanggal keputusan", _day(decision.decided_on)),
        ("Pejabat yang memutus", _signer(decision) or _NONE),
        ("Jabatan pejabat yang memutus", _office(decision) or _NONE),
        ("Kedudukan pejabat yang memutus", _CAPACITIES.get(decision.capacity, _NONE)),
        *_settled(respondent),
        *_taken_back(decision),
        *_restored(respondent),
        ("Diterima", _day(decision.received_on)),
        ("Mulai berlaku", _day(decision.effective_on)),
        ("Dilaksanakan", _day(executed.on if executed else None)),
        ("Sidik keputusan", f"{decision.digest or '–'} (SHA-256 dari {way})"),
    ]


def _weighed(decision: CaseDecision) -> list[tuple[str, str]]:
    """Say of each act on the track of a decision what it was, when and where, and the clause as the rulebook cited it."""
    respondent = decision.respondent
    name = (
        "Dugaan yang diperiksa, atasnya hukuman dijatuhkan"
        if decision.sanction
        else "Dugaan yang diperiksa, tanpa hukuman"
    )
    told = []
    for each in respondent.allegations.filter(struck_at=None).order_by("on", "pk"):
        if respondent.track in answered_on(each.kind, respondent.employment):
            act = rules.book().acts.get(each.act)
            told.append((name, f"{act.label.id if act else each.act}; {in_words(each.on)}; {each.place}"))
            told.append(("Pasal atas perbuatan itu", _clause(each)))
    return told or [(name, _NONE)]


def _clause(allegation: CaseAllegation) -> str:
    """Write the articles that the rulebook gave for an act on its day, what each is for, the level, and how sure they are."""
    found, sources = allegation.verdict, rules.book().sources
    by_purpose: dict[str, list[str]] = {}
    for source, at, purpose in found.get("cites", ()):
        short = sources[source].short if source in sources else source
        by_purpose.setdefault(purpose, []).append(f"{short} {at}".strip())
    said = [f"{_PURPOSES.get(purpose, purpose)}: {'; '.join(cites)}" for purpose, cites in by_purpose.items()]
    said.append(f"tingkat: {_LEVELS.get(allegation.level, _NONE)}")
    said.append(f"keyakinan kutipan: {_CONFIDENCES.get(found.get('confidence') or '', _NONE)}")
    return ". ".join(f"{each[0].upper()}{each[1:]}" for each in said)


def _settled(respondent: CaseRespondent) -> list[tuple[str, str]]:
    """Say what an objection and an appeal made of the decision, by the document of whoever decided on it."""
    told = []
    for each in respondent.steps.filter(step__in=case_rules.SETTLES).order_by(*case_steps.TAKEN):
        name = (
            "Putusan atas keberatan" if each.step in case_rules.SETTLES_OBJECTION else f"Putusan {BPASN} atas banding"
        )
        facts = each.facts
        on = case_rules.ruled_on(facts, each.on)
        is_other = facts.get("settled") != "upheld" and "before" in facts
        before = f"; hukuman sebelumnya: {sanction_label(facts['before'])}" if is_other else ""
        office = f" ({facts['official']})" if facts.get("official") else ""
        told.append((
            name, f"{_SETTLED.get(facts.get('settled', ''), _NONE)}; putusan nomor {facts.get('number', '–')}, {_day(on)}, "
            f"ditandatangani {facts.get('signer') or _NONE}{office}{before}",
        ))  # fmt: skip
    return told


def _taken_back(decision: CaseDecision) -> list[tuple[str, str]]:
    """Name the decision in whose place this one came, and who had decided it."""
    if not is_of_others(decision):
        return []
    before = decision.replaces
    by = ", ".join(each for each in (_signer(before), _office(before), _CAPACITIES.get(before.capacity, "")) if each)
    return [("Keputusan yang digantikan", f"nomor {before.number}, {_day(before.decided_on)}; diputus {by}")]


def _restored(respondent: CaseRespondent) -> list[tuple[str, str]]:
    """Say by which letter, and when, somebody was restored whose sanction was carried out and did not last."""
    rows = respondent.steps.filter(step__in=case_rules.RESTORES).order_by(*case_steps.TAKEN)
    return [("Dipulihkan", f"{_day(each.on)}, surat {each.facts.get('restoration-letter', '–')}") for each in rows]


def _day(day: date | None) -> str:
    return in_words(day) if day else "–"


def _as_registered(decision: CaseDecision) -> DecisionText:
    """Return the record for the register in words: its digest is of them, and not of those of the decision."""
    return DecisionText(
        f"Catatan hukuman disiplin {_name(decision.respondent)}", ("Untuk dicatat dalam aplikasi disiplin nasional (I'DIS):",),
        tuple(f"{name}: {words}" for name, words in register_lines(decision)), (),
    )  # fmt: skip


def as_register(decision: CaseDecision, *, now: datetime) -> bytes:
    """Return the record for the national discipline register as a PDF, to be filed or sent on."""
    respondent, text = decision.respondent, _as_registered(decision)
    return pdf.letter(
        LetterPaper(
            letterhead=_head(respondent), kind="Catatan disiplin", number=decision.number, subject=text.subject,
            opening=text.opening, points=text.points, closing=text.closing, place=_place(respondent),
            issued_on=clock.today(_zone(respondent)), office=respondent.agency.name if respondent.agency else "", signer="",
            attached="", digest=text.digest, address="", stamp="", made_at=clock.instant(_zone(respondent), at=now),
            zone=_zone(respondent), demo=_is_demo(), origin=_NOTED,
        )
    )  # fmt: skip


def _office(decision: CaseDecision) -> str:
    return case_authority.office_of(decision) or (decision.respondent.agency.name if decision.respondent.agency else "")


def _signer(decision: CaseDecision) -> str:
    return decision.signer.full_name if decision.signer else decision.signer_name or ""


def _head(respondent: CaseRespondent) -> tuple[str, ...]:
    return letters.head_of(respondent.agency) if respondent.agency else (respondent.case.body.name,)


def _place(respondent: CaseRespondent) -> str:
    agency = respondent.agency
    name = agency.region.name if agency and agency.region_id else ""
    return name.removeprefix("Kota ").removeprefix("Kabupaten ")


def _zone(respondent: CaseRespondent) -> timezone:
    zone: timezone = case_steps.zone_of(respondent.case)
    return zone


def _is_demo() -> bool:
    return Installation.objects.filter(is_demo=True).exists()
