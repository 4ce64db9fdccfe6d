"""The cases of the demo: an invented regency, one case at each place of the procedure, made once and by the services alone."""

import time
from collections import Counter
from datetime import date

import pytest
import time_machine

from ikrar.domain.access import Role
from ikrar.gateways import log_key
from ikrar.records.models import Agency, Body, Case, CaseRespondent, CaseStep, Installation, Placement, RoleGrant, User
from ikrar.services import accounts, case_authority, case_board, case_files, case_rules, cases, demo_cases, finding
from ikrar.services.case_board import Wanted
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 25)


@pytest.fixture
def installed(home):
    (home / "keys").mkdir(exist_ok=True)
    log_key.make(home / "keys", "log.example/log")
    with time_machine.travel(NOW, tick=True):
        Installation.objects.create(name="Demo", is_demo=True, demo_today=TODAY, created_at=NOW)
        yield


def test_a_demo_has_a_case_at_each_place_once_and_quickly(installed):
    begun = time.process_time()
    parts = demo_cases.set_up(now=NOW)
    assert time.process_time() - begun < 30
    states = Counter(CaseRespondent.objects.values_list("state", flat=True))
    assert len(states) >= 15 and states["reviewing"] == 2 and states["recorded"] == 1
    assert Installation.objects.get().demo_today == TODAY
    assert set(parts) == {
        "case_supervisor", "case_national", "case_examiner", "case_drafter", "case_lawyer", "case_authority",
    }  # fmt: skip
    assert Agency.objects.get().name == "Pemerintah Kabupaten Andaikata"
    before = (Case.objects.count(), CaseStep.objects.count(), User.objects.count(), RoleGrant.objects.count())
    assert demo_cases.set_up(now=NOW) == parts
    assert before == (Case.objects.count(), CaseStep.objects.count(), User.objects.count(), RoleGrant.objects.count())
    _is_as_it_should_be(parts)


def test_its_bawaslu_reaches_its_regency_and_nobody_elsewhere(installed):
    demo_cases.set_up(now=NOW)
    reach = finding.reach_of(Body.objects.filter(kind="bawaslu").values_list("pk", flat=True))
    assert not reach.everybody and reach.regions == {"99.01"}
    assert finding.covers(reach, CaseRespondent.objects.exclude(person=None).first().person)
    assert not reach.covers("13.76.!7")


def _examines_himself(respondent):
    """Say whether the superior of the records stands for himself in the team, and summoned, heard and proposed."""
    superior = case_authority.superior_of_records(respondent)
    of_examiners = respondent.steps.filter(step__in=("summon", "miss-first", "hear", "propose"))
    acted = {each.by.person_id for each in of_examiners.select_related("by")}
    return case_files.apart(respondent, now=NOW) == [] and acted <= {superior.person_id}


def _is_as_it_should_be(parts):
    examined = CaseRespondent.objects.filter(case__officers__element="superior").select_related(
        "case__agency", "case__body__agency", "case__body__region", "person", "unit", "agency__region"
    )
    assert len(examined) >= 5 and all(_examines_himself(each) for each in examined)
    late = CaseRespondent.objects.filter(outcome="open", stage__gte=2)
    assert late.filter(state="registered").exists() and late.filter(state="recommended").exists()
    assert (
        CaseStep.objects.filter(step="bkn-warning").exists() and CaseStep.objects.filter(step="authority_idle").exists()
    )
    for each in CaseStep.objects.exclude(to_state="").select_related("respondent__case"):
        row = case_rules.procedure(each.respondent.case.procedure).steps[each.step]
        assert each.from_state in row.from_states and each.role in row.who
    for part, (user,) in parts.items():
        user = User.objects.get(pk=user)
        scope = cases.accounts_scope(user, "case.view", now=NOW)
        page = case_board.board(user, scope, Wanted(), now=NOW)
        assert page.total >= 5, part
        assert accounts.grants_of(user, now=NOW)[0].role in Role
    officer = User.objects.get(pk=parts["case_examiner"][0])
    mine = case_board.board(officer, cases.accounts_scope(officer, "case.view", now=NOW), Wanted(owner="me"), now=NOW)
    assert {line.state for line in mine.lines} >= {"summoned", "missed-once"}


@pytest.mark.parametrize("made", [{"is_demo": False}, {"is_demo": True, "demo_today": date(2024, 10, 1)}])
def test_a_real_installation_and_a_demo_of_older_days_get_none(home, made):
    Installation.objects.create(name="Nyata", created_at=NOW, **made)
    assert demo_cases.set_up(now=NOW) == {} and not Agency.objects.exists()


def test_of_everybody_in_its_regency_it_is_known_who_decides_at_each_level(installed):
    demo_cases.set_up(now=NOW)
    case, placed = Case.objects.first(), Placement.objects.on(TODAY).select_related("unit__agency", "person")
    nobody = []
    for each in placed:
        respondent = CaseRespondent(
            case=case, person=each.person, agency=each.unit.agency, unit=each.unit, post=each.post, post_level=each.level,
            employment="pns", track="discipline",
        )  # fmt: skip
        nobody += [
            (each.post, each.unit.name, level)
            for level in ("light", "moderate", "severe")
            if case_authority.names_nobody(case_authority.deciding(respondent, level, TODAY), respondent)
        ]
    assert len(placed) > 80 and nobody == []
