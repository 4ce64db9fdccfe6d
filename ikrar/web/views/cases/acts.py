"""Acts that a page of a case offers: each with its form, who it is for, and why it was refused in words.

A page shows what is open to whoever reads it. What is sent all the same is asked of the services, which refuse it in words.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ikrar.domain import access
from ikrar.domain.access import Role
from ikrar.domain.cases import Procedure, Step, Track
from ikrar.domain.errors import CaseActRefused, CaseStepRefused, DatesInWrongOrder, DomainError, SanctionOutsideBand
from ikrar.domain.files import FileKind
from ikrar.records.models import Case, CaseDecision, CaseRespondent, StoredFile
from ikrar.services import case_authority, case_decisions, case_files, case_rules, case_steps, cases, clock, files
from ikrar.web import messages, reasons
from ikrar.web.forms.case_decisions import StepOfferForm, asked_of
from ikrar.web.forms.cases import RecuseForm
from ikrar.web.views.cases import common

RECUSE = "recuse"
_IN_EFFECT = ("effective", "executed")
SCAN_LIMIT_BYTES = 10_000_000
# What the form of a proposal asks for where the matter is heavy; that a team was formed is told by who formed it.
_ASKED_BESIDE = ("team-report",)
_FIELDS = {
    "departure": ("departure_reason",), "not_holder": ("signer", "number"), "outcome": ("sanction", "outcome"),
    "before": ("on",), "number_used": ("number",), "ruling_number_used": ("number",),
    "own_number": ("number",), "same_letter": ("number",),
    "punisher": ("signer_name",), "own_proceeding": ("sanction",),
    "sanction_outside_band": ("sanction",), "dates_in_wrong_order": ("received_on", "on"), "day_in_future": ("received_on", "on"),
    "file_empty": ("document",), "file_too_big": ("document",), "file_kind_wrong": ("document",), "file_damaged": ("document",),
    "dates": ("on",), "not_today": ("on",), "evidence": ("text",), "not_sent": ("delivery",), "scan": ("document",),
}  # fmt: skip


@dataclass
class Matter:
    """A respondent of a case as somebody reads him: his procedure, and by which roles that one reaches the case."""

    request: HttpRequest
    case: Case
    respondent: CaseRespondent

    def __post_init__(self) -> None:
        self.respondent.case = self.case

    @cached_property
    def key(self) -> str:
        return case_steps.number_of(self.case)

    @cached_property
    def respondent_key(self) -> str:
        return case_steps.number_of(self.respondent)

    @cached_property
    def today(self) -> date:
        return case_steps.today_of(self.case)

    @cached_property
    def procedure(self) -> Procedure:
        return case_rules.procedure(self.case.procedure)

    @cached_property
    def roles(self) -> frozenset[Role]:
        return case_steps.reach(self.request.user, self.case, now=timezone.now()).over(self.respondent.pk)

    @cached_property
    def permissions(self) -> frozenset[str]:
        return frozenset().union(*(access.GRANTS[role] for role in self.roles))

    @cached_property
    def records_for(self) -> Role | None:
        """Return in whose name somebody records what was signed: a drafter, who is not the authority himself."""
        is_drafter = Role.DRAFTER in self.roles and Role.APPOINTING_AUTHORITY not in self.roles
        return Role.APPOINTING_AUTHORITY if is_drafter else None

    @cached_property
    def name(self) -> str:
        person = self.respondent.person
        return person.full_name if person else self.respondent.described

    @cached_property
    def state(self) -> str:
        return reasons.label(self.procedure.states[self.respondent.state].label)

    @property
    def ended(self) -> str:
        return common.ended_word(self.procedure, self.respondent)

    @cached_property
    def alleged(self) -> list[tuple[str, date, str]]:
        return case_steps.alleged_of(self.respondent)

    @cached_property
    def level(self) -> str:
        return case_rules.heaviest([level for _act, _on, level in self.alleged])

    @cached_property
    def band(self) -> tuple[str, ...]:
        return cases.band_of(self.respondent)

    @cached_property
    def decision(self) -> CaseDecision | None:
        related = (
            "signer",
            "office",
            "drafted_by__person",
            "confirmed_by__person",
            "document",
            "recommended_step",
            "proposed_step",
        )
        found = self.respondent.decisions.filter(ended_at=None).select_related(*related).first()
        if found is not None:
            found.respondent = self.respondent
        return found

    @cached_property
    def deciding(self) -> case_authority.Deciding | None:
        """Return who decides today, at what the draft says or the gravest breach; None: the rulebook lacks a fact."""
        return case_decisions.who_decides(self.respondent, self.decision, at=instant(self.case))

    @cached_property
    def came_into_effect(self) -> bool:
        """Say whether a decision took effect by its day, whatever was objected or appealed since."""
        return self.respondent.steps.filter(step=case_rules.TAKE_EFFECT).exists()

    @property
    def is_alleged(self) -> bool:
        """Say whether he is only said to have done it: nothing was decided on it that is in effect."""
        decision, is_open = self.decision, self.respondent.outcome == CaseRespondent.Outcome.OPEN
        holds = self.respondent.state in _IN_EFFECT or self.came_into_effect
        in_effect = decision is not None and decision.decided_on is not None and holds
        return self.respondent.outcome == CaseRespondent.Outcome.REFERRED or (is_open and not in_effect)

    @cached_property
    def elsewhere(self) -> str:
        """Return who examines and decides where nobody here does (a word of case_elsewhere); empty: somebody here does."""
        if not case_rules.is_decided_here(self.procedure.id):
            return "gakkumdu" if self.case.track == Track.CRIMINAL else "authority"
        is_his = case_rules.is_elsewhere(self.respondent.agency_id, self.respondent.employment)
        return "authority" if is_his and self.decision is None else ""

    @cached_property
    def is_absent(self) -> bool:
        """Say whether whoever the law names as the authority has no part in the case, and it names no other one."""
        return case_authority.is_absent(self.respondent, self.level, self.today)

    @cached_property
    def lifts(self) -> str:
        """Return whose officers lift a conflict that was recorded wrongly: those of the body that has the case."""
        return (self.case.handler or self.case.body).name

    @property
    def is_holder(self) -> bool:
        return self.deciding is not None and case_authority.is_holder(self.deciding, self.request.user)

    @cached_property
    def known(self) -> frozenset[str]:
        """Return the facts that were told of him before, and that hold for a later step."""
        rows = self.respondent.steps.exclude(to_state="").order_by(*case_steps.TAKEN).values_list("step", "facts")
        return frozenset(case_rules.told_in(self.procedure.id, rows))

    def sanction(self, id: str) -> str:
        return case_rules.sanction_label(id, reasons.label) if id else _("Tidak terbukti")


def instant(case: Case) -> Any:
    """Return this minute where a case lies."""
    return clock.instant(case_steps.zone_of(case))


@dataclass
class Offer:
    """One act on a page. `do` takes the form and the file that was kept; `note` says what follows from it."""

    act: str
    title: str
    button: str
    form: forms.Form
    do: Callable[[forms.Form, StoredFile | None], object]
    done: str
    note: str = ""
    quiet: bool = False  # folded: it is not what comes next
    decision: str = ""  # key of the decision that it acts on: the one that was read, none that took its place since


def opened_steps(matter: Matter, wanted: Collection[str]) -> list[Step]:
    """Return the steps among some that are open to somebody, once he told what they ask for."""
    user, now = matter.request.user, timezone.now()
    found = {each.step.id: each for each in cases.open_steps(matter.respondent, by=user, now=now)}
    if matter.records_for is not None:
        lent = cases.open_steps(matter.respondent, by=user, now=now, in_name_of=matter.records_for)
        own = {each.step.id for each in found.values() if _is_open(each, matter)}
        found |= {each.step.id: each for each in lent if each.step.id not in own}
    return [each.step for id, each in found.items() if id in wanted and _is_open(each, matter)]


def _is_open(found: Any, matter: Matter) -> bool:
    refusal = found.refusal
    if refusal is None:
        return True
    askable = {*asked_of(matter.procedure, found.step, matter.known), *_ASKED_BESIDE}
    return refusal.reason == "missing" and set(refusal.about) <= askable


def step_offer(matter: Matter, step: Step, data: Any, uploads: Any, *, note: str = "", quiet: bool = False) -> Offer:
    """Return the offer of a step of the table."""
    needs_paper = matter.records_for is not None and not (set(step.who) & matter.roles)
    form = StepOfferForm(
        data, uploads, prefix=step.id, procedure=matter.procedure, step=step, known=matter.known, today=matter.today,
        needs_paper=needs_paper,
    )  # fmt: skip
    was = matter.request.POST.get("was", matter.respondent.state)

    def do(form: forms.Form, document: StoredFile | None) -> object:
        assert isinstance(form, StepOfferForm)
        return cases.take_step(
            matter.case, step.id, was=was, facts=form.facts, on=form.cleaned_data["on"], respondents=[matter.respondent],
            document=document, by=matter.request.user, now=timezone.now(),
        )  # fmt: skip

    label = reasons.label(step.label)
    document = reasons.label(step.document) if step.document else ""
    said = note or (_("Dokumennya: %(paper)s.") % {"paper": document} if document else "")
    return Offer(step.id, label, label, form, do, _("%(step)s: tercatat.") % {"step": label}, said, quiet)


def recuse_offers(matter: Matter, sent: str) -> list[Offer]:
    """Return the offer to step back from a case, to who decides or heads a unit: he has no file of it where others do so."""
    if "case.decide" not in matter.permissions or matter.case.closed_on is not None:
        return []
    form = RecuseForm(matter.request.POST if sent == RECUSE else None, prefix=RECUSE)

    def do(form: forms.Form, document: StoredFile | None) -> object:
        return case_files.recuse(matter.case, why=form.cleaned_data["why"], by=matter.request.user, now=timezone.now())

    return [
        Offer(
            RECUSE, _("Saya tidak boleh ambil bagian dalam perkara ini"), _("Undurkan diri dari perkara ini"), form, do,
            _("Anda mengundurkan diri. Perkara itu tidak terbuka lagi bagi Anda."), quiet=True,
        )
    ]  # fmt: skip


def take(offer: Offer, matter: Matter) -> bool:
    """Do what was sent; say whether it was done. What is refused stands beside its field, and nothing typed is lost."""
    form = offer.form
    if not form.is_valid():
        return False
    kept = None
    try:
        upload = form.cleaned_data.get("document")
        if upload is not None:
            kept = files.receive(
                upload,
                kinds=frozenset(FileKind),
                most_bytes=SCAN_LIMIT_BYTES,
                by=matter.request.user,
                now=timezone.now(),
            )
        offer.do(form, kept)
    except DomainError as error:
        if kept is not None:
            files.discard(kept)
        form.add_error(_field_of(form, error), says(error, matter.procedure))
        return False
    return True


def _field_of(form: forms.Form, error: DomainError) -> str | None:
    if isinstance(error, DatesInWrongOrder):
        told = (name for name, value in form.cleaned_data.items() if value == error.last)
        return next(told, next((each for each in _FIELDS[error.code] if each in form.fields), None))
    reason = getattr(error, "reason", "")
    about = getattr(error, "about", "")
    wanted: Sequence[str] = _FIELDS.get(reason) or _FIELDS.get(error.code) or ()
    if isinstance(error, CaseStepRefused) and error.fact:
        wanted = (error.fact, *wanted)
    if reason in ("paper", "text", "missing", "dates", "not_today"):
        wanted = (*((about,) if isinstance(about, str) else about), *wanted)
    return next((each for each in wanted if each in form.fields), None)


def says(error: DomainError, procedure: Procedure) -> str:
    """Return why an act was refused, with the names of what is missing, the days and the sanctions that are allowed."""
    if isinstance(error, CaseStepRefused):
        return _step_says(error, procedure)
    if isinstance(error, DatesInWrongOrder):
        days = {"earlier": messages.day(error.first), "later": messages.day(error.last)}
        return _("%(later)s mendahului %(earlier)s. Periksa urutan tanggalnya.") % days
    if isinstance(error, SanctionOutsideBand):
        allowed = ", ".join(case_rules.sanction_label(each, reasons.label) for each in error.allowed)
        refused = messages.sentence(error)
        return _("%(refused)s Yang dibolehkan: %(allowed)s.") % {
            "refused": f"{error.whom}: {refused}" if error.whom else refused,
            "allowed": allowed or "–",
        }
    if isinstance(error, CaseActRefused) and error.reason == "authority" and error.about in reasons.WORDS["why"]:
        return f"{messages.sentence(error)} ({reasons.word('why', error.about)})"
    return messages.sentence(error)


def _step_says(error: CaseStepRefused, procedure: Procedure) -> str:
    said = messages.sentence(error)
    if error.reason == "missing":
        if said_of := lacking_says(error.about):
            return said_of
        if first := case_rules.given_before(procedure.id, error.step, error.about):
            return comes_first(first)
        names = [common.lacking(procedure, each) for each in error.about if each in procedure.facts]
        return f"{said} ({'; '.join(names)})" if names else said
    if error.reason == "state":
        states = [reasons.label(procedure.states[each].label) for each in error.about if each in procedure.states]
        return f"{said} {_('Terbuka dari: %(states)s.') % {'states': ', '.join(states)}}" if states else said
    if error.reason == "not_later":
        return _not_later(error, procedure, *(messages.day(date.fromisoformat(each)) for each in error.about))
    if error.reason == "before":
        return _out_of_order(error, procedure, *(messages.day(date.fromisoformat(each)) for each in error.about))
    return said


def off_track_says() -> str:
    """Say that nothing stands that the track of a case answers, and what to do."""
    return _(
        "Tidak ada dugaan yang pasalnya dijawab lewat jalur perkara ini. Catat dugaan dari jalur ini pada halaman terlapornya,"
        " atau buka perkaranya di jalur yang menjawab dugaan itu dari berkas perkara."
    )


def lacking_says(facts: Collection[str]) -> str:
    """Say in a sentence why a step is none here and what to do instead, where one of these facts is not so; else nothing."""
    if case_rules.AGENCY_HERE in facts:
        return _(
            "Terlapor di luar instansi yang ada di sini, jadi tidak ada pejabat di sini yang menerima rekomendasi atau memutus."
            " Rujuk ia ke pejabatnya sendiri dengan langkah “Rujuk ke pejabat berwenang di luar” pada berkas perkara."
        )
    if case_rules.ALLEGATION_OF_TRACK in facts:
        return off_track_says()
    if case_rules.REPORTED in facts:
        return _(
            "Perkara ini dibuka dari temuan, tanpa laporan: tidak ada pelapor yang dapat mencabutnya. Untuk mengakhirinya, mulai"
            " kajian awal, lalu pilih Hentikan dengan alasan."
        )
    if case_rules.SERVICE_NOT_MISSED in facts:
        return _(
            "Sudah tercatat bahwa penyampaiannya tidak dihadiri; batas waktu mengirim tidak dimulai lagi. Catat Kirim ke alamat"
            " terakhir, atau penyampaiannya bila terlapor datang."
        )
    if case_rules.NOT_RECEIVED in facts:
        return _("Sudah tercatat bahwa terlapor menerima keputusan ini; tidak ada lagi yang disampaikan atau dikirim.")
    if case_rules.NO_SHOW_COUNTS in facts:
        return _(
            "Surat panggilannya bertanggal hari pemeriksaan itu sendiri, jadi ketidakhadirannya belum tercatat sebagai tidak hadir."
            " Catat dengan langkah tidak hadir pada hari surat panggilan, lalu panggil ia sekali lagi dengan surat baru."
        )
    if case_rules.NO_SHOW_UNCOUNTED in facts:
        return _(
            "Surat panggilannya bertanggal sebelum hari pemeriksaannya: bila terlapor tidak datang, ketidakhadirannya dihitung dan"
            " dicatat dengan berita acara tidak hadir."
        )
    if case_rules.APPEAL_UNANSWERED in facts:
        return _("Tanggapan atas banding ini sudah tercatat; harinya ada dalam riwayat perkara.")
    return ""


def _out_of_order(error: CaseStepRefused, procedure: Procedure, earlier: str, told: str) -> str:
    """Say which of two days precedes the other, and what happened on that one."""
    row, fact = procedure.steps.get(error.since), procedure.facts.get(error.since)
    said = {"earlier": earlier, "later": told}
    if since := row.label if row else fact:
        return _("Tanggalnya tidak berurutan: %(later)s mendahului %(earlier)s (%(since)s).") % (
            said | {"since": reasons.label(since)}
        )
    return _("Tanggalnya tidak berurutan: %(later)s mendahului %(earlier)s.") % said


def _not_later(error: CaseStepRefused, procedure: Procedure, first: str, told: str) -> str:
    """Say after which day another one must come."""
    since = procedure.facts.get(error.since)
    said = {"first": first, "told": told, "since": reasons.label(since) if since else ""}
    return _("Hari itu, %(told)s, harus sesudah %(first)s (%(since)s).") % said


def comes_first(steps: Sequence[Step]) -> str:
    """Say which steps come before another one, as they alone give what it lacks."""
    return _("Langkah lain harus lebih dulu: %(steps)s.") % {
        "steps": ", ".join(reasons.label(each.label) for each in steps)
    }


def named(labels: Mapping[str, Any], id: str) -> str:
    """Return the name of something of the rulebook by its id; the id where it is unknown."""
    found = labels.get(id)
    return reasons.label(found.label) if found else id
