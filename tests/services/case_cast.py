"""People on both sides of a case, and the way of one through the procedure; for tests of cases."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ikrar.domain.access import Role
from ikrar.domain.days import WIB
from ikrar.gateways import log_key
from ikrar.records.models import Body, Holding, Office, RoleGrant, StoredFile, User
from ikrar.services import case_decisions, case_files, case_referrals, cases
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named
from tests.conftest import make_member

ELEMENTS = ("superior", "oversight", "personnel")
ACT = "pp94-5n6-partisan-activities"
SANCTION = "severe-release-12m"
HEARING = date(2024, 10, 28)  # the Monday after


@dataclass
class CaseCast:
    """Bawaslu with two officers, BKN, an inspectorate; examiners, drafters and the mayor of the city; Sari is the respondent."""

    bawaslu: Body
    bkn: Body
    inspectorate: Body
    ani: User
    beni: User
    bkn_officer: User
    inspector: User
    examiners: list[User]
    drafter: User
    lawyer: User
    mayor: Any
    office: Office
    sari: Any
    budi: Any
    stranger: User


def user(name: str, role: str, now: datetime, *, body: Body | None = None, agency: Any = None) -> User:
    """Make an account with one role."""
    made = User.objects.create(username=name.upper(), full_name=f"{name} Rekaan", password="!", created_at=now)
    RoleGrant.objects.create(user=made, role=role, body=body, agency=agency, from_at=now - timedelta(days=40))
    return made


def make_cast(cast: Any, city: Any, other_city: Any, home: Any, morning: datetime) -> CaseCast:
    """Write the people of cases."""
    (home / "keys").mkdir(exist_ok=True)
    if not list((home / "keys").iterdir()):
        log_key.make(home / "keys", "log.example/log")
    bawaslu = Body.objects.create(region_id="13.75", kind="bawaslu", name="Bawaslu Rekaan")
    bkn = Body.objects.create(kind="bkn", name="BKN Rekaan")
    inspectorate = Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat Rekaan")
    office = Office.objects.create(agency=city, title="Wali Kota", kind="head_of_region")
    mayor = make_member(
        city.units.get(parent=None), "196501011990031001", "Walikota Misalkan", sex="m", post="Wali Kota"
    )
    Holding.objects.create(
        office=office, person=mayor.person, capacity="definitive", from_at=morning - timedelta(days=300)
    )
    type(mayor.user).objects.filter(pk=mayor.user.pk).update(is_active=True)
    cast.sari.placement.level = "jpt_pratama"
    cast.sari.placement.save(update_fields=["level"])
    return CaseCast(
        bawaslu, bkn, inspectorate,
        ani=user("Ani", Role.SUPERVISOR_BODY, morning, body=bawaslu),
        beni=user("Beni", Role.SUPERVISOR_BODY, morning, body=bawaslu),
        bkn_officer=user("Bkn", Role.NATIONAL_BODY, morning, body=bkn),
        inspector=user("Inspektur", Role.INTAKE_OFFICER, morning, body=inspectorate),
        examiners=[user(f"Periksa{n}", Role.EXAMINER, morning, agency=city) for n in range(3)],
        drafter=user("Konsep", Role.DRAFTER, morning, agency=city),
        lawyer=user("Hukum", Role.DRAFTER, morning, agency=city),
        mayor=mayor, office=office, sari=cast.sari, budi=cast.budi,
        stranger=user("Jauh", Role.EXAMINER, morning, agency=other_city),
    )  # fmt: skip


def alleged(place: str = "Lapangan Wirabraja", on: date = date(2024, 10, 20)) -> Alleged:
    """Return what is said: a partisan activity in the campaign."""
    return Alleged(ACT, on, place, "mengajak memilih", election="", candidate_status="determined")


def opened(who: CaseCast, now: datetime, *, person: Any = None) -> Any:
    """Open a case about Sari, without a report: a finding of the supervisor."""
    named = Named(person=person or who.sari.person, allegations=(alleged(),))
    return cases.register([], who.bawaslu, [named], regime="pilkada", track="discipline", by=who.ani, now=now)


def scan(number: int, now: datetime) -> StoredFile:
    """Keep a scan."""
    values = {"digest": f"{number:064x}", "name": "scan.pdf", "media_type": "application/pdf", "size": 10, "at": now}
    return StoredFile.objects.get_or_create(path=f"2024/{number}.pdf", defaults=values)[0]


def at(day: date, hour: int = 10) -> datetime:
    """Return an instant of a day in the city."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=WIB)


def step(case: Any, name: str, was: str, by: User, now: datetime, **facts: Any) -> Any:
    """Take a step of the table."""
    on = facts.pop("on", None)
    return cases.take_step(case, name, was=was, facts=facts, on=on, by=by, now=now)


# --- on the way --------------------------------------------------------------------------------------------------


def assessed(who: CaseCast, now: datetime, *, person: Any = None, clarified: bool = False) -> Any:
    """Bring a case to the written review of the supervisor; `clarified`: first, for a reason."""
    case = opened(who, now, person=person)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    case_files.add_evidence(case, label="Video", text="uraian video", by=who.ani, now=now)
    if clarified:
        step(case, "pilkada-clarify", "registered", who.ani, now, reason="saksi belum didengar")
    step(case, "pilkada-assess", "clarifying" if clarified else "registered", who.ani, now, review=True)
    return case


def recommended(who: CaseCast, now: datetime, *, person: Any = None) -> Any:
    """Bring a case to the authority of the city: the national body accepted it and recommends."""
    return to_authority(assessed(who, now, person=person), who, now)


def to_authority(case: Any, who: CaseCast, now: datetime) -> Any:
    """Bring a case that was reviewed to the authority of the city."""
    sent = case_referrals.send(
        case, who.bkn, number="12/PM/2024", words="mohon ditindaklanjuti", was="assessed", by=who.ani, now=now
    )
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    step(case, "recommend", "with-national", who.bkn_officer, now, review=True, sanction=SANCTION)
    case.refresh_from_db()
    return case


def referred(who: CaseCast, now: datetime, *, person: Any = None) -> Any:
    """Bring a case to the examination in the city, which the mayor accepted."""
    case = recommended(who, now, person=person)
    step(case, "authority-accept", "recommended", who.mayor.user, now)
    return case


def with_team(who: CaseCast, now: datetime, **more: Any) -> Any:
    """Give the examination to a team of three, as a heavy case needs."""
    case = referred(who, now, **more)
    name_team(case, who, now)
    return case


WHY = "atasan menurut daftar pegawai berhalangan (rekaan)"
"""Why somebody stands for the direct superior who is none by the records."""


def name_team(case: Any, who: CaseCast, now: datetime) -> None:
    """Name the three examiners for the three elements of a team."""
    for each, element in zip(who.examiners, ELEMENTS, strict=True):
        case_files.assign(case, each, "team", element=element, why=WHY, by=who.mayor.user, now=now)


def summoned(who: CaseCast, now: datetime) -> Any:
    """Summon Sari for Monday."""
    case = with_team(who, now)
    summon(case, who, now, HEARING)
    return case


def summon(case: Any, who: CaseCast, now: datetime, day: date) -> Any:
    """Summon for a day."""
    return step(case, "summon", "accepted", who.examiners[0], now, summons=now.date(), **{"hearing-on": day})


def proposed(who: CaseCast, now: datetime, travel: Any) -> Any:
    """Bring a case to the proposal of the team, on the day of the hearing."""
    case = summoned(who, now)
    travel.move_to(at(HEARING))
    step(case, "hear", "summoned", who.examiners[0], at(HEARING), **{"hearing-record": "berita acara"})
    step(case, "form-team", "heard", who.mayor.user, at(HEARING), **{"team-order": "SK 5/2024"})
    propose(case, who, "team")
    return case


def propose(case: Any, who: CaseCast, was: str, sanction: str = "", now: datetime | None = None) -> Any:
    """Propose a sanction."""
    facts = {"proposal": True, "team-report": "laporan", "sanction": sanction or SANCTION}
    return step(case, "propose", was, who.examiners[0], now or at(HEARING), **facts)


def drafted(who: CaseCast, now: datetime, travel: Any, **more: Any) -> Any:
    """Draft the decision, and confirm that its rules were compared with no gazette."""
    case = proposed(who, now, travel)
    respondent = case.respondents.get()
    values = {"sanction": SANCTION, "grounds": "terbukti dari video"} | more
    decision = case_decisions.draft(respondent, **values, by=who.drafter, now=at(HEARING))
    case_decisions.confirm(decision, by=who.lawyer, now=at(HEARING))
    decision.refresh_from_db()
    return decision


# --- two agencies ------------------------------------------------------------------------------------------------


class Two:
    """Sari serves in the city, Wati in the other one, each with an authority, a drafter and an examiner of his own."""

    def __init__(self, who, other_city, now, morning):
        self.who, self.now = who, now
        self.wati = make_member(
            other_city.units.get(parent=None), "196801011990032004", "Wati Rekaan", sex="f", post="Guru"
        )
        self.there = {
            role: user(f"Sana{role.value}", role, morning, agency=other_city)
            for role in (Role.APPOINTING_AUTHORITY, Role.DRAFTER, Role.EXAMINER)
        }
        named = [Named(person=each, allegations=(alleged(),)) for each in (who.sari.person, self.wati.person)]
        case = cases.register([], who.bawaslu, named, regime="pilkada", track="discipline", by=who.ani, now=now)
        step(case, "pilkada-review", "received", who.ani, now)
        step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
        case_files.add_evidence(case, label="Video", text="uraian video", by=who.ani, now=now)
        step(case, "pilkada-assess", "registered", who.ani, now, review=True)
        sent = case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)
        case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
        case.refresh_from_db()
        self.case = case

    def of(self, member):
        return self.case.respondents.get(person=member.person)

    @property
    def here(self):
        return self.of(self.who.sari)

    @property
    def other(self):
        return self.of(self.wati)

    def recommend(self, *respondents):
        cases.take_step(
            self.case, "recommend", was="with-national", facts={"review": True, "sanction": SANCTION}, respondents=respondents or None,
            by=self.who.bkn_officer, now=self.now,
        )  # fmt: skip
