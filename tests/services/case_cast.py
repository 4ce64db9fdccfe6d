"""A table of the procedure and people on both sides of it; for tests of cases.

The table here is small and has every kind of line: what is tested is that services keep to whatever table there is.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ikrar.domain.access import Role
from ikrar.domain.days import WIB
from ikrar.gateways import log_key
from ikrar.records.models import Body, Holding, Office, RoleGrant, StoredFile, User
from ikrar.services import case_decisions, case_files, case_referrals, case_rules, cases
from ikrar.services.case_files import Alleged
from ikrar.services.case_rules import Procedure, Rule, Start
from ikrar.services.cases import Named
from tests.conftest import make_member

S, N, I, E, D, P, U = (
    role.value
    for role in (
        Role.SUPERVISOR_BODY, Role.NATIONAL_BODY, Role.INTAKE_OFFICER, Role.EXAMINER, Role.DRAFTER, Role.APPOINTING_AUTHORITY,
        Role.UNIT_HEAD,
    )
)  # fmt: skip

LINES = (
    Rule("review", ("opened",), "reviewed", (S, N, I), needs_shown=("allegation",), stops=("pilkada-initial-review",)),
    Rule("ask_completion", ("opened",), "asked", (S, N), needs_facts=("lacks",), stops=("pilkada-initial-review",),
         starts=(Start("pilkada-report-repair", "intake_officer"),)),
    Rule("complete", ("asked",), "opened", (S, N, I), stops=("pilkada-report-repair",)),
    Rule("not_registered", ("opened", "asked"), "closed", (S, N), needs_facts=("reason",), outcome="closed"),
    Rule("recommend", ("reviewed",), "recommended", (S, N), needs_facts=("sanction",), needs_shown=("evidence", "allegation")),
    Rule("refer", ("recommended",), "sent", (S, N), needs_shown=("referral",), starts=(Start("answer", N, target_days=7),)),
    Rule("accept_referral", ("sent",), "accepted", (N, I), needs_shown=("referral",), stops=("answer",),
         starts=(Start("summons", U, target_days=5),)),
    Rule("refuse_referral", ("sent",), "recommended", (N, I), needs_facts=("reason",), needs_shown=("referral",), stops=("answer",)),
    Rule("return_referral", ("accepted",), "recommended", (N, I), needs_facts=("reason",), needs_shown=("referral",),
         stops=("summons",)),
    Rule("summon", ("accepted", "missed"), "summoned", (E, U), needs_facts=("hearing_on",), needs_shown=("serves",),
         stops=("summons", "pp94-second-summons"), starts=(Start("pp94-summons-to-exam", E),)),
    Rule("no_show", ("summoned",), "missed", (E, U), needs_facts=("minutes",), stops=("pp94-summons-to-exam",),
         starts=(Start("pp94-second-summons", E),)),
    Rule("hold_hearing", ("summoned",), "heard", (E, U), needs_facts=("minutes",), needs_shown=("examiner", "team_where_heavy"),
         stops=("pp94-summons-to-exam",)),
    Rule("propose", ("heard", "missed"), "proposed", (E,), needs_facts=("sanction",),
         needs_shown=("heard", "examiner", "team_where_heavy"), stops=("pp94-second-summons",),
         starts=(Start("decision", P, target_days=10),)),
    Rule("decide", ("proposed",), "decided", (P, U, D), needs_shown=("decision", "heard", "team_where_heavy"), stops=("decision",),
         starts=(Start("pp94-decision-delivery", D),)),
    Rule("clear", ("proposed",), "cleared", (P, U, D), needs_shown=("decision", "heard"), outcome="not_proven"),
    Rule("serve", ("decided",), "served", (D, E), needs_shown=("decision",), stops=("pp94-decision-delivery",),
         starts=(Start("pp94-effective", D, "received_on"),)),
    Rule("take_effect", ("served",), "in_effect", (D,), stops=("pp94-effective",), outcome="proven"),
)  # fmt: skip
PROCEDURE = Procedure(
    "pilkada-discipline-test", "pilkada", "discipline", "opened", LINES,
    at_opening=(Start("pilkada-initial-review", S),),
)  # fmt: skip
STATES = sorted({state for line in LINES for state in (*line.states, line.to_state)})
ACT = "pp94-5n6-partisan-activities"
SANCTION = "severe-release-12m"
HEARING = date(2024, 10, 28)  # the Monday after


def use_table(monkeypatch: Any) -> None:
    """Let services keep to this table."""
    monkeypatch.setattr(case_rules, "_procedures", lambda: {PROCEDURE.id: PROCEDURE})


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
    mayor = make_member(city.units.get(parent=None), "196501011990031001", "Walikota Misalkan", sex="m", post="Wali Kota")
    Holding.objects.create(office=office, person=mayor.person, capacity="definitive", from_at=morning - timedelta(days=300))
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


def referred(who: CaseCast, now: datetime, *, person: Any = None) -> Any:
    """Bring a case to the inspectorate of the city, which accepted it."""
    case = opened(who, now, person=person)
    step(case, "review", "opened", who.ani, now)
    case_files.add_evidence(case, label="Video", text="uraian video", by=who.ani, now=now)
    step(case, "recommend", "reviewed", who.ani, now, sanction=SANCTION)
    sent = case_referrals.send(
        case, who.inspectorate, number="12/PM/2024", words="mohon ditindaklanjuti", was="recommended", by=who.ani, now=now
    )
    case_referrals.accept(sent, was="sent", by=who.inspector, now=now)
    case.refresh_from_db()
    return case


def with_team(who: CaseCast, now: datetime, **more: Any) -> Any:
    """Give the examination to a team of three, as a heavy case needs."""
    case = referred(who, now, **more)
    for each in who.examiners:
        case_files.assign(case, each, "team", by=who.mayor.user, now=now)
    return case


def heard(who: CaseCast, now: datetime) -> Any:
    """Summon Sari for Monday, and bring the case to the day after her hearing's record. Travel to `HEARING` first for the rest."""
    case = with_team(who, now)
    step(case, "summon", "accepted", who.examiners[0], now, hearing_on=HEARING)
    return case


def proposed(who: CaseCast, now: datetime, travel: Any) -> Any:
    """Bring a case to the proposal of the examiners, on the day of the hearing."""
    case = heard(who, now)
    travel.move_to(at(HEARING))
    step(case, "hold_hearing", "summoned", who.examiners[0], at(HEARING), minutes="berita acara")
    step(case, "propose", "heard", who.examiners[0], at(HEARING), sanction=SANCTION)
    return case


def drafted(who: CaseCast, now: datetime, travel: Any, **more: Any) -> Any:
    """Draft the decision, and confirm that its rules were compared with no gazette."""
    case = proposed(who, now, travel)
    respondent = case.respondents.get()
    values = {"sanction": SANCTION, "grounds": "terbukti dari video"} | more
    decision = case_decisions.draft(respondent, **values, by=who.drafter, now=at(HEARING))
    case_decisions.confirm(decision, by=who.lawyer, now=at(HEARING))
    decision.refresh_from_db()
    return decision
