"""Replay the reports of 2020 as cases, each step by its role through the services: `_replay.py REPORTS`, one JSON line.

It plays in an invented year of the rulebook (the procedures of 2020 are not encoded) and moves the programme's day: reports come
on a Friday, go to the national body on Monday, are examined a week later, and take effect by the night of their day.
"""

import json
import os
import random
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import time_machine
import yaml

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count  # noqa: E402

from ikrar.domain import access  # noqa: E402
from ikrar.domain.access import Role  # noqa: E402
from ikrar.domain.days import WIB  # noqa: E402
from ikrar.domain.offices import LADDER  # noqa: E402
from ikrar.records.models import (  # noqa: E402
    Agency,
    Case,
    CaseClock,
    CaseLine,
    CaseRespondent,
    CaseStep,
    Person,
    Placement,
    Report,
    StoredFile,
    User,
)
from ikrar.services import (  # noqa: E402
    accounts,
    case_authority,
    case_decisions,
    case_files,
    case_lines,
    case_nights,
    case_referrals,
    case_rules,
    case_steps,
    cases,
    keysets,
    offices,
    report_desk,
    reports,
    units,
)
from ikrar.services.case_files import Alleged  # noqa: E402
from ikrar.services.cases import Named  # noqa: E402
from tests.reporting import make_desk  # noqa: E402

FIGURES = yaml.safe_load((Path(__file__).parent / "figures_2020.yaml").read_text(encoding="utf-8"))
_FILED, _SENT, _HEARD, _EFFECT = date(2024, 10, 25), date(2024, 10, 28), date(2024, 11, 4), date(2024, 11, 29)
_OF_TYPE = {
    "social_media": "skb22-ethics-04-social-media-engagement", "photo_with_candidate": "skb22-ethics-05-photo-with-symbol",
    "declaration": "skb22-ethics-03-attend-with-support", "approach_party": "skb22-ethics-02-online-promotion",
    "partisan_activity": "pp94-5n6-partisan-activities", "other": "pp94-5n2-attributes",
}  # fmt: skip


def shares(count: int) -> tuple[int, int]:
    """Return how many of so many reports were breaches, and how many of those were followed up, as in 2020."""
    told = FIGURES["final"]["values"]
    return round(count * told["violated"] / told["reported"]), round(count * told["followed_up"] / told["reported"])


class Play:
    """Who takes part, and the day on which it plays."""

    def __init__(self, seed: int, traveller: time_machine.Traveller) -> None:
        self.chance, self.now, self.traveller = random.Random(seed), datetime.now(UTC), traveller
        self.agency = Agency.objects.get()
        self.bawaslu = offices.create_body(
            agency=None,
            region=self.agency.region,
            kind="bawaslu",
            name="Bawaslu Rekaan",
            task="",
            by=None,
            now=self.now,
        )
        self.bkn = offices.create_body(
            agency=None, region=None, kind="bkn", name="BKN Rekaan", task="", by=None, now=self.now
        )
        desk = make_desk(self.bawaslu, ["Ani Contoh", "Beni Misalkan"], self.now)
        self.officer = desk.users[0]
        with transaction.atomic():
            accounts.add_grant(self.officer, Role.SUPERVISOR_BODY, body=self.bawaslu, by=None, now=self.now)
        self.national = self.account("NASIONAL", Role.NATIONAL_BODY, body=self.bkn)
        self.examiners = [self.account(f"PERIKSA{n}", Role.EXAMINER, agency=self.agency) for n in range(3)]
        self.drafter, self.lawyer = (
            self.account(name, Role.DRAFTER, agency=self.agency) for name in ("KONSEP", "HUKUM")
        )
        self.head = self.account("PPK", Role.APPOINTING_AUTHORITY, agency=self.agency)
        office = offices.create_office(
            agency=self.agency, unit=None, title="Wali Kota", kind="head_of_region", by=None, now=self.now
        )
        self.mayor = offices.take_over_from_outside(
            office, name="Wali Kota Rekaan", capacity="definitive", from_at=self.now - timedelta(days=4000), letter_number="",
            letter_on=None, by=None, now=self.now,
        ).person  # fmt: skip
        self.scan = StoredFile.objects.create(
            digest="a" * 64, name="scan.pdf", media_type="application/pdf", size=10, at=self.now, path="2024/a.pdf"
        )
        self.people = self.answered_for()
        self.took: Counter[str] = Counter()
        self.signers: dict[tuple[Any, ...], Person | None] = {}

    def account(self, name: str, role: Role, **place: Any) -> User:
        """Make an account with one role."""
        with transaction.atomic():
            made = User.objects.create(username=name, full_name=f"{name} Rekaan", password="!", created_at=self.now)
            accounts.add_grant(made, role, by=None, now=self.now, **place)
        return made

    def answered_for(self) -> list[Person]:
        """Return whose sanction the matrix names an authority for: who is on the ladder of posts, or whose superior it has a row for."""
        placed = Placement.objects.current().filter(
            unit__agency=self.agency, status="active", employment="pns", is_head=False
        )
        on_ladder = placed.filter(level__in=[str(each) for each in LADDER]).values_list("person", flat=True)
        level_of = dict(Placement.objects.current().values_list("person", "level"))
        above = units.superiors(self.agency, list(placed.values_list("person", flat=True)), _FILED)
        known = {
            person for person, superior in above.items() if level_of.get(superior) in ("administrator", "pengawas")
        }
        return list(Person.objects.filter(pk__in=known.union(on_ladder)).order_by("pk"))

    def step(self, case: Case, name: str, was: str, by: User, **facts: Any) -> None:
        """Take a step of the table."""
        cases.take_step(case, name, was=was, facts=facts, by=by, now=self.now)

    # --- the way of a case ---------------------------------------------------------------------------------------

    def file(self, count: int) -> list[int]:
        """File sealed reports; return their numbers."""
        to = reports.addressees(self.bawaslu, key_set=str(keysets.current(self.bawaslu).digest), now=self.now)
        found = []
        for serial in range(count):
            content = {
                "v": 1,
                "what": f"Laporan rekaan {serial}",
                "when": "",
                "where": "",
                "who": [],
                "witnesses": [],
                "links": [],
            }
            sealed = reports.Sealing().finish(content, None, to, None, on=_FILED)
            filed = reports.receive(
                sealed, body=self.bawaslu, channel="plain", known_on=_FILED, regime="pilkada", now=self.now
            )
            found.append(filed.report)
        return found

    def open(self, number: int, person: Person, kind: str, *, is_breach: bool) -> Case:
        """Open a report and a case of it, and review it: what is no breach ends there, the rest is assessed and sent on."""
        found = report_desk.seen(self.officer, [self.bawaslu.pk], number)
        report_desk.open_report(found, by=self.officer, now=self.now)
        act = _OF_TYPE[kind]
        is_ethics = "ethics" in act
        alleged = Alleged(
            act,
            date(2024, 10, 21),
            "Lapangan Rekaan",
            "uraian",
            election="",
            candidate_status="would-be" if is_ethics else "determined",
        )
        case = cases.register(
            [Report.objects.get(pk=number)], self.bawaslu, [Named(person=person, allegations=(alleged,))], regime="pilkada",
            track="ethics" if is_ethics else "discipline", by=self.officer, now=self.now,
        )  # fmt: skip
        cases.give_number(case, f"{number:016x}/Reg", by=self.officer, now=self.now)
        self.step(case, "pilkada-review", "received", self.officer)
        if not is_breach:
            self._end(case)
            return case
        self.step(case, "pilkada-register", "reviewing", self.officer, **{"requirements-met": True})
        self.step(case, "pilkada-assess", "registered", self.officer, review=True)
        case_referrals.send(
            case,
            self.bkn,
            number="1/2024",
            words="mohon ditindaklanjuti",
            was="assessed",
            by=self.officer,
            now=self.now,
        )
        return case

    def _end(self, case: Case) -> None:
        ends = self.chance.choice(("withdraw", "dismiss", "dismiss", "later"))
        if ends == "withdraw":
            self.step(case, "pilkada-withdraw", "reviewing", self.officer, withdrawal="surat")
        elif ends == "dismiss":
            self.step(case, "pilkada-dismiss", "reviewing", self.officer, reason="tidak memenuhi syarat")
        else:
            self.step(case, "pilkada-register", "reviewing", self.officer, **{"requirements-met": True})
            self.step(case, "pilkada-dismiss", "registered", self.officer, reason="bukan pelanggaran")

    def recommend(self, case: Case) -> None:
        """Accept a case at the national body and recommend it to its authority."""
        case_referrals.accept(case.referrals.get(), was="forwarded", by=self.national, now=self.now)
        respondent = case.respondents.get()
        self.step(case, "recommend", "with-national", self.national, review=True, sanction=self._sanction(respondent))

    def _sanction(self, respondent: CaseRespondent) -> str:
        allowed = case_rules.band(case_steps.alleged_of(respondent), respondent.employment)
        return allowed[respondent.pk % len(allowed)]

    def accept(self, case: Case) -> None:
        """Accept a recommendation, name who examines, and summon."""
        self.step(case, "authority-accept", "recommended", self.head)
        for each, element in zip(self.examiners, case_files.Element.values, strict=True):
            case_files.assign(
                case, each, "team", element=element, why="atasannya berhalangan (rekaan)", by=self.head, now=self.now
            )
        if case.track == "discipline":
            facts = {"summons": _SENT, "hearing-on": _HEARD}
            self.step(case, "summon", "accepted", self.examiners[0], **facts)

    def decide(self, case: Case) -> None:
        """Hear, propose, draft, confirm, record what was signed, and serve it."""
        examiner, respondent = self.examiners[0], case.respondents.get()
        sanction = self._sanction(respondent)
        if case.track == "ethics":
            self.step(case, "form-council", "accepted", self.head, **{"council-formed": "SK 5/2024"})
            self.step(case, "council-propose", "council", examiner, sanction=sanction, **{"council-report": "laporan"})
        else:
            self.step(case, "hear", "summoned", examiner, **{"hearing-record": "berita acara"})
            self.step(case, "form-team", "heard", self.head, **{"team-order": "SK 5/2024"})
            self.step(case, "propose", "team", examiner, proposal=True, sanction=sanction, **{"team-report": "laporan"})
        respondent.refresh_from_db()
        decision = case_decisions.draft(
            respondent, sanction=sanction, grounds="terbukti", by=self.drafter, now=self.now
        )
        if decision.unchecked:
            case_decisions.confirm(decision, by=self.lawyer, now=self.now)
        signer = self._signer(respondent, decision.level, sanction)
        paper = case_decisions.Paper(f"800/{respondent.pk:x}", _HEARD, signer, self.scan)
        case_decisions.record_signed(decision, paper, was="proposed", by=self.drafter, now=self.now)
        if case.track == "discipline":
            decision.refresh_from_db()
            case_decisions.serve(
                decision, was="decided", served_on=_HEARD, received_on=_HEARD, by=self.drafter, now=self.now
            )

    def _signer(self, respondent: CaseRespondent, level: str, sanction: str) -> Person | None:
        """Return whom staff would ask to sign, as it knows by heart for a unit and a post: the service asks for each anew."""
        dismissal = case_rules.is_dismissal(sanction) if level == "severe" else None
        key = (respondent.unit_id, respondent.employment, respondent.post_level, respondent.post, level, dismissal)
        if key not in self.signers:
            self.signers[key] = case_authority.deciding(respondent, level, _HEARD, dismissal=dismissal).person
        return self.signers[key]

    def execute(self, case: Case) -> None:
        """Execute a decision that took effect, and record it."""
        was, step = ("decided", "announce") if case.track == "ethics" else ("effective", "execute")
        self.step(case, step, was, self.head, **{"execution-record": "bukti"})
        self.step(case, "record", "executed", self.national)

    # --- the days ------------------------------------------------------------------------------------------------

    def day(self, on: date) -> None:
        """Let it be another day, with the night before it."""
        self.traveller.move_to(morning(on))
        self.now = datetime.now(UTC)
        with timed(self, "nights"):
            case_nights.tick_cases(self.now)

    def all_of(self, what: str, some: list[Any], act: Any) -> list[Any]:
        """Do something with each of many, and keep how long it took."""
        with timed(self, what):
            return [act(each) for each in some]


class timed:
    """Keep how long something took."""

    def __init__(self, play: Play, what: str) -> None:
        self.play, self.what = play, what

    def __enter__(self) -> None:
        self.begun = time.perf_counter()

    def __exit__(self, *_error: object) -> None:
        self.play.took[self.what] += time.perf_counter() - self.begun  # type: ignore[assignment]


def types(count: int, chance: random.Random) -> list[str]:
    """Return what the reports are about, in the shares of 2020; the rest is something else."""
    told = FIGURES["types"]["values"]
    found = [name for name, percent in told.items() for _ in range(round(count * percent / 100))][:count]
    found += ["other"] * (count - len(found))
    chance.shuffle(found)
    return found


def run(play: Play, count: int) -> None:
    """Replay so many reports."""
    breaches, followed = shares(count)
    kinds = types(count, play.chance)
    accused = play.chance.sample(play.people, count)
    play.day(_FILED)
    numbers = play.all_of("file", [count], play.file)[0]
    rows = list(zip(numbers, accused, kinds, range(count), strict=True))
    opened = play.all_of("open", rows, lambda row: play.open(*row[:3], is_breach=row[3] < breaches))
    play.day(_SENT)
    sent = opened[:breaches]
    play.all_of("recommend", sent, play.recommend)
    play.all_of("accept", sent[:followed], play.accept)
    play.day(_HEARD)
    play.all_of("decide", sent[:followed], play.decide)
    play.day(_EFFECT)
    play.all_of("execute", sent[:followed], play.execute)


# --- what must hold ----------------------------------------------------------------------------------------------


def forbidden() -> list[str]:
    """Return every step that the table does not know, that no such role may take, or that does not follow the one before."""
    found = []
    ends: dict[int, str] = {}
    rows = CaseStep.objects.exclude(to_state="").select_related("respondent__case").order_by("at", "on")
    by_respondent: dict[int, list[CaseStep]] = {}
    for each in rows:
        by_respondent.setdefault(each.respondent_id, []).append(each)
    for respondent, steps in by_respondent.items():
        procedure = case_rules.procedure(steps[0].respondent.case.procedure)
        left = list(steps)
        state = procedure.first_state
        while left:
            step = next((each for each in left if each.from_state == state), None)
            row = procedure.steps.get(step.step) if step else None
            if step is None or row is None or state not in row.from_states or step.to_state != (row.to_state or state):
                found.append(f"{respondent:016x}: {state}")
                break
            # Who serves does so in the authority's name, and is kept by the role in which he does.
            serves = access.roles_with("case.serve") if step.step in case_rules.SERVES else frozenset()
            if step.role not in {*row.who, *serves}:
                found.append(f"{respondent:016x}: {step.step} by {step.role}")
            left.remove(step)
            state = step.to_state
        ends[respondent] = state
    stands = dict(CaseRespondent.objects.values_list("pk", "state"))
    found += [f"{pk:016x}: {stands[pk]} is not {state}" for pk, state in ends.items() if stands[pk] != state]
    return found


def funnel(count: int) -> dict[str, Any]:
    """Count the cases at each place of the funnel, each number by two ways that know nothing of one another."""

    def by_step(*names: str) -> int:
        return CaseStep.objects.filter(step__in=names).values("respondent").distinct().count()

    by_state = dict(CaseRespondent.objects.values_list("state").annotate(n=Count("pk")))
    lines = dict(CaseLine.objects.filter(reader=case_lines.ALL).values_list("state").annotate(n=Count("pk")))
    ended = dict(CaseRespondent.objects.values_list("outcome").annotate(n=Count("pk")))
    breaches, followed = shares(count)
    sums = {
        "reported": [count, Report.objects.filter(state="registered").count(), sum(by_state.values()), Case.objects.count()],
        "not a breach": [count - breaches, by_state.get("dismissed", 0) + by_state.get("withdrawn", 0), ended.get("closed", 0)],
        "recommended": [breaches, by_step("recommend")],
        "followed up": [followed, by_step("decide", "decide-moral"), by_state.get("recorded", 0), ended.get("proven", 0)],
        "with an idle authority": [
            breaches - followed, by_state.get("recommended", 0),
            CaseClock.objects.filter(stopped_on=None, term="target-decide", stage__gte=2).count(),
        ],
        "on the board": [sum(by_state.values()), sum(lines.values())],
    }  # fmt: skip
    return sums | {"states alike": [1, int(by_state == lines)]}


def morning(on: date) -> datetime:
    """Return an hour of a day at which offices are open."""
    return datetime(on.year, on.month, on.day, 9, tzinfo=WIB)


def main() -> None:
    count = int(sys.argv[1])
    with time_machine.travel(morning(date(2024, 10, 1))) as traveller:
        # The staff serves from before the acts on: it is imported on that day.
        roster = Path(os.environ["IKRAR_HOME"]) / "roster.csv"
        call_command("init", agency="13.75", agency_name="Pemerintah Kota Bukittinggi")
        call_command("make-roster", people=12 * count + 500, seed=7, out=roster)
        call_command("import-roster", str(roster), agency="13.75", json=True)
        play = Play(2020, traveller)
        begun = time.perf_counter()
        run(play, count)
        took = time.perf_counter() - begun
    print(json.dumps({
        "took": took, "parts": play.took, "steps": CaseStep.objects.count(), "forbidden": forbidden()[:5], "funnel": funnel(count),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
