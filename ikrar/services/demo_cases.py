"""Cases of the demo, in a regency that does not exist: each at another place of the procedure, one late, one at an idle authority.

They are opened, examined and decided as any other, by the services that do it, each act on its day: the demo's day is set to it and
put back. A real installation gets none.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from ikrar.domain.access import Role
from ikrar.domain.errors import ProcedureUnknown
from ikrar.domain.files import FileKind
from ikrar.gateways import pictures
from ikrar.records.models import (
    Agency,
    Body,
    Case,
    CaseDecision,
    CaseRespondent,
    Installation,
    Person,
    Placement,
    Region,
    RoleGrant,
    StoredFile,
    User,
)
from ikrar.services import (
    accounts,
    case_authority,
    case_decisions,
    case_files,
    case_nights,
    case_referrals,
    case_rules,
    case_steps,
    cases,
    clock,
    commits,
    files,
    installation,
    invented,
    offices,
    rules,
    scenarios,
    units,
)
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named

CODE, _NAME = "ANDAIKATA", "Pemerintah Kabupaten Andaikata"
_REGION = "99.01"  # no province has the number 99: its bodies reach nobody elsewhere
_DISTRICTS = (("AND.01", "Misal Indah"), ("AND.02", "Umpama Raya"))
_SINCE, _FIRST = date(2023, 1, 2), date(2024, 9, 30)
"""From when its staff serves, and from when the terms by which Bawaslu handles a report of a Pilkada are known."""

_LONGEST = 25  # days before the demo's day on which its first case was opened

_STAFF, _SEED, _TOP_SERIAL = 90, 99, 99
_PARTISAN, _ATTRIBUTES, _MEDIA = (
    "pp94-5n6-partisan-activities", "pp94-5n2-attributes", "skb22-ethics-04-social-media-engagement",
)  # fmt: skip
_AT_WORK = time(10)
_ACCOUNTS = (
    ("case_supervisor", "CASE.PENGAWAS", "Laras Andaikan", Role.SUPERVISOR_BODY),
    ("case_national", "CASE.NASIONAL", "Galih Umpama", Role.NATIONAL_BODY),
    ("case_examiner", "CASE.PEMERIKSA", "Intan Rekaan", Role.EXAMINER),
    ("", "CASE.PEMERIKSA2", "Wira Contoh", Role.EXAMINER),
    ("", "CASE.PEMERIKSA3", "Ratih Misalkan", Role.EXAMINER),
    ("case_drafter", "CASE.KEPEGAWAIAN", "Bayu Misalkan", Role.DRAFTER),
    ("case_lawyer", "CASE.HUKUM", "Puspa Contoh", Role.DRAFTER),
)  # fmt: skip


@dataclass
class _Stage:
    """Who plays: bodies, accounts by what they are, the regent, and respondents who wait for a case."""

    today: date
    now: datetime
    agency: Agency
    bawaslu: Body
    bkn: Body
    home_affairs: Body
    users: dict[str, User]
    regent: Person
    scan: StoredFile
    people: Iterator[Person]
    pace: float = 1.0  # how much of the usual time offices take from step to step

    def later(self, before: int, days: int) -> int:
        """Return how many days before the demo's day something is that follows after so many days at the usual pace."""
        return before - round(days * self.pace)

    def user(self, name: str) -> User:
        """Return an account by its part."""
        return self.users[name]

    def day(self, before: int) -> date:
        """Let it be so many days before the demo's day, or the next working day after that; return it."""
        day = self.today - timedelta(days=before)
        while not rules.book().holidays.is_working_day(day):
            day += timedelta(days=1)
        installation.set_demo_day(min(day, self.today))
        return day


def set_up(*, now: datetime) -> dict[str, list[int]]:
    """Give a demo its regency with its cases, once; return who stands for each part there. A real installation gets none."""
    here = Installation.objects.filter(is_demo=True).first()
    if here is None or here.demo_today is None or here.demo_today < _FIRST + timedelta(days=_LONGEST):
        return {}
    if not Agency.objects.filter(code=CODE).exists():
        try:
            case_rules.procedure_on("pilkada", "discipline", here.demo_today)
        except ProcedureUnknown:
            return {}
        with commits.whole(), _day_put_back(here.demo_today):
            stage = _set_stage(here.demo_today, now)
            for play in _PLAYS:
                play(stage)
            installation.set_demo_day(stage.today)
            case_nights.tick_cases(now)
    return cast()


def cast() -> dict[str, list[int]]:
    """Return the accounts of the regency by their part; none where it was not set up."""
    found = dict(User.objects.filter(username__in=[each[1] for each in _ACCOUNTS]).values_list("username", "pk"))
    parts = {part: [found[name]] for part, name, _full, _role in _ACCOUNTS if part and name in found}
    regent = User.objects.filter(
        person__holdings__office__agency__code=CODE, person__holdings__office__kind="head_of_region"
    ).first()
    return parts | ({"case_authority": [regent.pk]} if regent else {})


@contextmanager
def _day_put_back(day: date) -> Iterator[None]:
    try:
        yield
    finally:
        installation.set_demo_day(day)


# --- the stage ---------------------------------------------------------------------------------------------------


def _set_stage(today: date, now: datetime) -> _Stage:
    place = invented.Place(_REGION, "KABUPATEN ANDAIKATA", list(_DISTRICTS), [])
    size = invented.Size(offices=4, schools=3, health_centres=1, districts=2, wards=0, sections=2)
    tree = invented.units(place, size)
    rows = invented.people(
        tree, _STAFF, _SEED, _SINCE, headless=0, mix=invented.Mix(_STAFF, 0, 0, 0), top_serial=_TOP_SERIAL
    )
    installation.set_demo_day(_SINCE)
    region, _is_new = Region.objects.get_or_create(code=_REGION, defaults={"name": "Kabupaten Andaikata (rekaan)"})
    agency = units.create_agency(code=CODE, name=_NAME, kind="regency", region=_REGION, parent=None, by=None, now=now)
    scenarios.import_staff(agency, rows, _SINCE, now=now)
    common: dict[str, Any] = {"by": None, "now": now}
    office = offices.create_office(agency=agency, unit=None, title="Bupati Andaikata", kind="head_of_region", **common)
    held = offices.take_over_from_outside(
        office, name="Bupati Andaikata (rekaan)", capacity="definitive", from_at=datetime.combine(_SINCE, _AT_WORK, agency.zone),
        letter_number="", letter_on=None, **common,
    )  # fmt: skip
    bawaslu = offices.create_body(
        agency=None, region=region, kind="bawaslu", name="Bawaslu Kabupaten Andaikata", task="", **common
    )
    bkn = Body.objects.filter(kind=Body.Kind.BKN).order_by("pk").first() or offices.create_body(
        agency=None, region=None, kind="bkn", name="Badan Kepegawaian Negara", task="", **common
    )
    outside = offices.create_body(
        agency=None,
        region=None,
        kind="other",
        name="Kementerian Dalam Negeri",
        task="teguran kepada kepala daerah",
        **common,
    )
    with transaction.atomic():
        regent = accounts.ensure_account(held.person, now=now)
        made = {
            name: _account(name, full, role, _over(role, agency, bawaslu, bkn), now)
            for _part, name, full, role in _ACCOUNTS
        }
    found = {part or name: made[name] for part, name, _full, _role in _ACCOUNTS} | {"case_authority": regent}
    upload = ContentFile(pictures.sample_photo(), name="putusan-rekaan.jpg")
    scan = files.receive(upload, kinds=(FileKind.JPEG,), most_bytes=1 << 20, by=found["case_drafter"], now=now)
    return _Stage(today, now, agency, bawaslu, bkn, outside, found, held.person, scan, iter(_respondents(agency)))


def _over(role: Role, agency: Agency, bawaslu: Body, bkn: Body) -> dict[str, Any]:
    bodies = {Role.SUPERVISOR_BODY: bawaslu, Role.NATIONAL_BODY: bkn}
    return {"body": bodies[role]} if role in bodies else {"agency": agency}


def _account(name: str, full_name: str, role: Role, over: dict[str, Any], now: datetime) -> User:
    user = User(username=name, full_name=full_name, password="!", created_at=now)
    user.save(force_insert=True)
    accounts.add_grant(user, role, reason="demo", by=None, now=now, **over)
    return user


def _respondents(agency: Agency) -> list[Person]:
    """Return people of the regency whose sanction the rulebook names an authority for: their superiors stand in its matrix."""
    placed = (
        Placement.objects.on(_SINCE)
        .filter(unit__agency=agency, status="active", is_head=False)
        .select_related("person")
    )
    level_of = dict(Placement.objects.on(_SINCE).filter(unit__agency=agency).values_list("person", "level"))
    above = units.superiors(agency, [each.person_id for each in placed], _SINCE)
    known = [each for each in placed if level_of.get(above.get(each.person_id)) in ("administrator", "pengawas")]
    return [each.person for each in sorted(known, key=lambda each: each.person.identifier)]


# --- the acts ----------------------------------------------------------------------------------------------------


_EXAMINER = "case_examiner"


@dataclass
class _Play:
    """One case on its way; each act is by the one whose turn it is."""

    stage: _Stage
    case: Case
    examiner: User | None = None

    def step(self, name: str, was: str, by: str, **facts: Any) -> None:
        user = self.examiner if by == _EXAMINER and self.examiner else self.stage.user(by)
        cases.take_step(self.case, name, was=was, facts=facts, by=user, now=self.stage.now)

    def of(self) -> CaseRespondent:
        return self.case.respondents.order_by("pk")[0]


def _open(stage: _Stage, before: int, act: str, gist: str, *, number: str = "", count: int = 1) -> _Play:
    day = stage.day(before)
    status = "would-be" if act == _MEDIA else "determined"
    said = Alleged(act, day - timedelta(days=3), "Lapangan Andaikata (rekaan)", gist, candidate_status=status)
    named = [Named(person=next(stage.people), allegations=(said,)) for _ in range(count)]
    by = stage.user("case_supervisor")
    track = "ethics" if act == _MEDIA else "discipline"
    case = cases.register([], stage.bawaslu, named, regime="pilkada", track=track, by=by, now=stage.now)
    if number:
        cases.give_number(case, f"{number}/Reg/TM/PB/Andaikata/{day.year}", by=by, now=stage.now)
    return _Play(stage, case)


def _reviewed(stage: _Stage, before: int, act: str, gist: str, **more: Any) -> _Play:
    play = _open(stage, before, act, gist, **more)
    play.step("pilkada-review", "received", "case_supervisor")
    return play


def _registered(stage: _Stage, before: int, act: str, gist: str, **more: Any) -> _Play:
    play = _reviewed(stage, before, act, gist, **more)
    play.step("pilkada-register", "reviewing", "case_supervisor", **{"requirements-met": True})
    case_files.add_evidence(
        play.case, label="Uraian rekaman (rekaan)", text=gist, by=stage.user("case_supervisor"), now=stage.now
    )
    return play


def _assessed(stage: _Stage, before: int, act: str, gist: str, **more: Any) -> _Play:
    play = _registered(stage, before, act, gist, **more)
    play.step("pilkada-assess", "registered", "case_supervisor", review="kajian rekaan: terbukti menurut dua saksi")
    return play


def _sent(stage: _Stage, before: int, act: str, gist: str, **more: Any) -> _Play:
    play = _assessed(stage, before, act, gist, **more)
    case_referrals.send(
        play.case, stage.bkn, number=f"{before}/PM.01/Andaikata", words="Mohon ditindaklanjuti.", was="assessed",
        by=stage.user("case_supervisor"), now=stage.now,
    )  # fmt: skip
    return play


def _taken_over(stage: _Stage, before: int, act: str, gist: str, **more: Any) -> _Play:
    play = _sent(stage, before, act, gist, **more)
    stage.day(stage.later(before, 2))
    referral = play.case.referrals.order_by("-pk")[0]
    case_referrals.accept(referral, was="forwarded", by=stage.user("case_national"), now=stage.now)
    return play


def _sanction(play: _Play) -> str:
    respondent = play.of()
    return case_rules.band(case_steps.alleged_of(respondent), respondent.employment)[0]


def _recommended(stage: _Stage, before: int, act: str, gist: str, **more: Any) -> _Play:
    play = _taken_over(stage, before, act, gist, **more)
    play.step("recommend", "with-national", "case_national", review="kajian rekaan", sanction=_sanction(play))
    return play


def _accepted(stage: _Stage, before: int, act: str, gist: str, **more: Any) -> _Play:
    play = _recommended(stage, before, act, gist, **more)
    stage.day(stage.later(before, 5))
    play.step("authority-accept", "recommended", "case_authority")
    superior, by = _superior(play), stage.user("case_authority")
    members = (
        (superior, "superior"),
        (stage.user("case_examiner"), "oversight"),
        (stage.user("CASE.PEMERIKSA2"), "personnel"),
    )
    for user, element in members:
        case_files.assign(play.case, user, "team", element=element, by=by, now=stage.now)
    play.examiner = superior
    return play


def _superior(play: _Play) -> User:
    """Return the account of the respondent's superior by the roster, with the right to examine."""
    stage, respondent = play.stage, play.of()
    placed = case_authority.superior_of_records(respondent)
    assert placed is not None  # such respondents alone are taken
    user = accounts.ensure_account(placed.person, now=stage.now)
    examines = RoleGrant.objects.at(stage.now).filter(user=user, role=Role.EXAMINER, agency=stage.agency)
    if not examines.exists():
        accounts.add_grant(user, Role.EXAMINER, agency=stage.agency, reason="demo", by=None, now=stage.now)
    return user


def _summoned(stage: _Stage, before: int, act: str, gist: str, *, hearing: int, **more: Any) -> _Play:
    play = _accepted(stage, before, act, gist, **more)
    hearing_on = stage.today - timedelta(days=hearing)
    while not rules.book().holidays.is_working_day(hearing_on):
        hearing_on += timedelta(days=1)
    written_on = hearing_on - timedelta(days=7)  # at most seven working days before it
    if written_on > clock.today():
        stage.day((stage.today - written_on).days)
    play.step("summon", "accepted", "case_examiner", summons=clock.today(), **{"hearing-on": hearing_on})
    return play


def _proposed(stage: _Stage, before: int, act: str, gist: str, **more: Any) -> _Play:
    play = _summoned(stage, before, act, gist, hearing=stage.later(before, 12), **more)
    stage.day(stage.later(before, 12))
    play.step("hear", "summoned", "case_examiner", **{"hearing-record": "berita acara rekaan"})
    play.step("form-team", "heard", "case_authority", **{"team-order": "SK tim rekaan"})
    stage.day(stage.later(before, 14))
    told = {"proposal": "usul tim", "team-report": "laporan tim rekaan", "sanction": _sanction(play)}
    play.step("propose", "team", "case_examiner", **told)
    return play


def _drafted(play: _Play) -> CaseDecision:
    stage = play.stage
    decision = case_decisions.draft(
        play.of(), sanction=_sanction(play), grounds="Terbukti menurut berita acara dan dua saksi rekaan.",
        by=stage.user("case_drafter"), now=stage.now,
    )  # fmt: skip
    if decision.unchecked:
        case_decisions.confirm(decision, by=stage.user("case_lawyer"), now=stage.now)
    return decision


def _decided(play: _Play, number: str) -> CaseDecision:
    """Record what the authority signed on paper, with its number and its scan."""
    stage, decision, on = play.stage, _drafted(play), clock.today()
    dismissal = case_rules.is_dismissal(decision.sanction) if decision.level == "severe" else None
    signer = case_authority.deciding(play.of(), decision.level, on, dismissal=dismissal).person
    paper = case_decisions.Paper(number, on, signer, stage.scan)
    return case_decisions.record_signed(decision, paper, was="proposed", by=stage.user("case_drafter"), now=stage.now)


def _served(play: _Play, number: str) -> None:
    stage = play.stage
    decision, on = _decided(play, number), clock.today()
    case_decisions.serve(
        decision, was="decided", served_on=on, received_on=on, by=stage.user("case_drafter"), now=stage.now
    )


# --- the cases ---------------------------------------------------------------------------------------------------


def _new(stage: _Stage) -> None:
    _open(stage, 0, _PARTISAN, "Memimpin yel-yel satu pasangan calon pada jalan sehat rekaan.")


def _two_together(stage: _Stage) -> None:
    _reviewed(stage, 1, _ATTRIBUTES, "Dua pegawai memakai rompi pasangan calon rekaan pada apel.", count=2)


def _late_at_the_supervisor(stage: _Stage) -> None:
    _registered(stage, _LONGEST, _PARTISAN, "Mengajak warga rekaan memilih pada arisan RT.", number="001")


def _clarifying(stage: _Stage) -> None:
    play = _registered(stage, 4, _PARTISAN, "Membuka rumah untuk pertemuan tim rekaan.", number="009")
    play.step("pilkada-clarify", "registered", "case_supervisor", reason="saksi rekaan belum didengar")


def _waits_to_be_sent(stage: _Stage) -> None:
    _assessed(stage, 6, _ATTRIBUTES, "Mobil dinas rekaan berstiker pasangan calon.", number="008")


def _waits_for_an_answer(stage: _Stage) -> None:
    _sent(stage, 8, _PARTISAN, "Membagikan kaus rekaan di balai desa.", number="007")


def _with_the_national_body(stage: _Stage) -> None:
    _taken_over(stage, 16, _MEDIA, "Menyukai dan membagikan unggahan rekaan.", number="006")


def _dismissed(stage: _Stage) -> None:
    play = _registered(stage, 18, _ATTRIBUTES, "Topi rekaan yang ternyata milik panitia.", number="002")
    play.step("pilkada-dismiss", "registered", "case_supervisor", reason="bukan atribut peserta")


def _returned(stage: _Stage) -> None:
    play = _sent(stage, 20, _ATTRIBUTES, "Spanduk rekaan di pagar kantor.", number="005")
    stage.day(15)
    referral = play.case.referrals.order_by("-pk")[0]
    case_referrals.refuse(
        referral, reason="bukti rekaan belum lengkap", was="forwarded", by=stage.user("case_national"), now=stage.now
    )


def _waits_for_the_authority(stage: _Stage) -> None:
    _recommended(stage, 10, _PARTISAN, "Berorasi pada panggung rekaan.", number="010")


def _idle_authority(stage: _Stage) -> None:
    """The authority let the operator's target pass; the national body warned."""
    play = _recommended(stage, 24, _PARTISAN, "Mengerahkan bawahan rekaan ke kampanye.", number="003")
    stage.day(7)
    case_nights.tick_cases(stage.now)
    play.step("bkn-warning", "recommended", "case_national")


def _hearing_to_come(stage: _Stage) -> None:
    _summoned(stage, 14, _PARTISAN, "Menjadi pemandu acara kampanye rekaan.", hearing=-3, number="011")


def _missed_once(stage: _Stage) -> None:
    play = _summoned(stage, 16, _PARTISAN, "Mengumpulkan salinan KTP rekaan.", hearing=6, number="012")
    stage.day(6)
    play.step("miss-first", "summoned", "case_examiner", **{"no-show-record": "berita acara tidak hadir rekaan"})


def _waits_for_a_decision(stage: _Stage) -> None:
    _drafted(_proposed(stage, 20, _PARTISAN, "Menyusun daftar penerima bantuan rekaan bersama tim.", number="013"))


def _served_today(stage: _Stage) -> None:
    play = _proposed(stage, 23, _ATTRIBUTES, "Mengenakan seragam dinas pada kampanye rekaan.", number="014")
    stage.day(8)
    _served(play, "800/014/ANDAIKATA")


def _took_effect(stage: _Stage) -> None:
    stage.pace = 0.0  # all of it on one day: it had to take effect by now
    play = _proposed(stage, _LONGEST, _PARTISAN, "Meminta guru rekaan memilih satu pasangan calon.", number="004")
    _served(play, "800/004/ANDAIKATA")
    stage.pace = 1.0
    stage.day(3)
    case_nights.tick_cases(stage.now)
    play.step("execute", "effective", "case_authority", **{"execution-record": "bukti pelaksanaan rekaan"})
    play.step("record", "executed", "case_national")


def _referred(stage: _Stage) -> None:
    """A soldier, about whom another authority decides."""
    stage.day(12)
    by = stage.user("case_supervisor")
    on = clock.today() - timedelta(days=3)
    said = Alleged(
        "tni-39-politics", on, "Lapangan Andaikata (rekaan)", "Mengawal kampanye rekaan.", candidate_status="determined"
    )
    named = Named(described="Seorang anggota TNI (rekaan)", employment="tni", post="prajurit", allegations=(said,))
    case = cases.register([], stage.bawaslu, [named], regime="pilkada", track="referral", by=by, now=stage.now)
    play = _Play(stage, case)
    play.step("pilkada-review", "received", "case_supervisor")
    play.step("pilkada-register", "reviewing", "case_supervisor", **{"requirements-met": True})
    play.step("pilkada-assess", "registered", "case_supervisor", review="kajian rekaan")
    letter = {"referred-to": "Komandan satuannya (rekaan)", "referral-letter": "R-12/PM/Andaikata/2024"}
    play.step("refer", "assessed", "case_supervisor", review="kajian rekaan", **letter)


_PLAYS: tuple[Callable[[_Stage], None], ...] = (
    _took_effect, _idle_authority, _late_at_the_supervisor, _served_today, _dismissed, _waits_for_a_decision, _missed_once,
    _returned, _with_the_national_body, _hearing_to_come, _referred, _waits_for_the_authority, _waits_for_an_answer,
    _waits_to_be_sent, _clarifying, _two_together, _new,
)  # fmt: skip
