"""A case on the stage of the page tests, brought to where a page needs it."""

from datetime import datetime, timedelta
from typing import Any

import time_machine

from ikrar.domain.access import Role
from ikrar.domain.days import WIB
from ikrar.records.models import Body, Case, Person, User
from ikrar.services import accounts, case_files, case_nights, case_referrals, cases
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named
from tests.web.stage import MORNING, TODAY, Stage, browser, outsider

SANCTION = "severe-release-12m"


def supervisor(stage: Stage) -> User:
    return stage.accounts[Role.SUPERVISOR_BODY].user


def national(stage: Stage) -> User:
    return stage.accounts[Role.NATIONAL_BODY].user


def step(case: Case, name: str, was: str, by: User, **facts: Any) -> None:
    """Take a step of the table."""
    cases.take_step(case, name, was=was, facts=facts, by=by, now=MORNING)


def found(body: Body, person: Person, by: User) -> Case:
    """Open a case of a body's own finding."""
    alleged = Alleged(
        "pp94-5n6-partisan-activities", TODAY, "Lapangan", "mengajak memilih", candidate_status="determined"
    )
    named = Named(person=person, allegations=(alleged,))
    return cases.register([], body, [named], regime="pilkada", track="discipline", by=by, now=MORNING)


def assessed(stage: Stage, person: Any = None) -> Case:
    """Bring a case about the teacher to the written review, with one piece of evidence."""
    by = supervisor(stage)
    case = found(stage.bawaslu, person or stage.home.teacher, by)
    step(case, "pilkada-review", "received", by)
    step(case, "pilkada-register", "reviewing", by, **{"requirements-met": True})
    case_files.add_evidence(case, label="Video", text="uraian video", by=by, now=MORNING)
    step(case, "pilkada-assess", "registered", by, review=True)
    return case


def sent(stage: Stage, case: Case, **more: Any) -> Any:
    """Send a case to BKN."""
    values = {"number": "7/PM/2024", "words": "mohon ditindaklanjuti", "was": "assessed"} | more
    return case_referrals.send(case, stage.national, **values, by=supervisor(stage), now=MORNING)


def accepted(stage: Stage, person: Any = None) -> Case:
    """Bring a case to BKN, which accepted it."""
    case = assessed(stage, person)
    case_referrals.accept(sent(stage, case), was="forwarded", by=national(stage), now=MORNING)
    return case


def recommended(stage: Stage, person: Any = None) -> Case:
    """Bring a case to the authority of the city."""
    case = accepted(stage, person)
    step(case, "recommend", "with-national", national(stage), review=True, sanction=SANCTION)
    return case


def night(day: Any) -> None:
    """Let the clocks of cases run on a night."""
    at = datetime(day.year, day.month, day.day, 2, tzinfo=WIB)
    with time_machine.travel(at, tick=False):
        case_nights.tick_cases(at)


def watcher(name: str, body: Body) -> User:
    """Make an officer who watches for a body."""
    made = outsider(f"X.{name.upper()}", f"{name} Rekaan")
    accounts.add_grant(made, Role.NATIONAL_BODY, body=body, by=None, now=MORNING - timedelta(days=1))
    return made


def page_of(user: User) -> Any:
    """Return a browser in which somebody is signed in with a second factor."""
    return browser(user, strong=True)
