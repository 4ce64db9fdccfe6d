"""A case about people of two agencies, and one that changed bodies: whoever reaches a part of it reaches no more than that."""

from datetime import timedelta

import pytest

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused, CaseStepRefused
from ikrar.records.models import CaseLine, LogPayload, Notice, RoleGrant
from ikrar.services import (
    case_board,
    case_clocks,
    case_decisions,
    case_desk,
    case_files,
    case_lines,
    case_nights,
    case_referrals,
    case_steps,
    cases,
)
from ikrar.services.cases import Named
from tests.conftest import make_member
from tests.services.case_cast import (
    HEARING,
    SANCTION,
    Two,
    alleged,
    assessed,
    at,
    name_team,
    recommended,
    scan,
    step,
    summon,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]


def refused(reason):
    return pytest.raises(CaseActRefused, check=lambda error: error.reason == reason)


@pytest.fixture
def two(who, other_city, now, morning):
    return Two(who, other_city, now, morning)


def lines_of(person, now):
    scope = cases.accounts_scope(person, "case.view", now=now)
    return case_board.board(person, scope, case_board.Wanted(), now=now).lines


# --- two agencies ------------------------------------------------------------------------------------------------


def test_an_agency_reaches_whom_was_recommended_to_it_and_nobody_else_of_the_case(two, who, now):
    two.recommend(two.here)
    ours = case_steps.reach(who.drafter, two.case, now=now)
    assert set(ours.of) == {two.here.pk} and not ours.is_whole
    assert case_steps.reach(who.mayor.user, two.case, now=now).over(two.here.pk) == {Role.APPOINTING_AUTHORITY}
    for each in two.there.values():
        assert not case_steps.reach(each, two.case, now=now).roles, "the supervisor still reviews their respondent"
        assert not lines_of(each, now)
    assert set(case_steps.reach(who.ani, two.case, now=now).shown(two.case.respondents.all())) == {two.here, two.other}
    two.recommend(two.other)
    for each, respondent in ((who.drafter, two.here), (two.there[Role.DRAFTER], two.other)):
        assert list(case_steps.reach(each, two.case, now=now).shown(two.case.respondents.all())) == [respondent]


def test_a_board_line_of_an_agency_names_those_alone_who_were_recommended_to_it(two, who, now, city):
    case_files_person = Named(person=who.budi.person, allegations=(alleged(),))
    with refused("not_yours"):
        cases.add_respondent(two.case, case_files_person, by=who.ani, now=now)  # the case is with BKN
    budi = cases.add_respondent(two.case, case_files_person, by=who.bkn_officer, now=now)
    type(budi).objects.filter(pk=budi.pk).update(state="recommended")  # stands alike, but nobody recommended it
    two.recommend(two.here, two.other)
    (ours,), (theirs,) = lines_of(who.drafter, now), lines_of(two.there[Role.DRAFTER], now)
    assert (ours.respondents, theirs.respondents) == (("Sari Contohwati",), ("Wati Rekaan",))
    reader = case_lines.of_agency(city.pk)
    assert CaseLine.objects.filter(case=two.case, reader=reader).count() == 1


def mine(person, now):
    scope = cases.accounts_scope(person, "case.view", now=now)
    return case_board.board(person, scope, case_board.Wanted(owner=case_board.ME), now=now).lines


def test_what_is_to_be_assigned_waits_for_the_authority_of_that_agency_on_desk_and_board(two, who, now):
    """The head of the city has his office; the authority over there has the role by hand, and no office is recorded there."""
    two.recommend(two.here, two.other)
    theirs = two.there[Role.APPOINTING_AUTHORITY]
    for authority, respondent in ((who.mayor.user, two.here), (theirs, two.other)):
        accepted = {"was": "recommended", "respondents": [respondent], "now": now}
        cases.take_step(two.case, "authority-accept", facts={}, by=authority, **accepted)
        (line,) = case_desk.desk(authority, now=now).lines
        assert (line.act, line.respondent) == ("assign", case_steps.number_of(respondent))
        (on_board,) = mine(authority, now)
        assert on_board.owner == "appointing_authority"
    case_files.assign(two.case, two.there[Role.EXAMINER], "examiner", by=theirs, now=now)
    assert case_desk.desk(theirs, now=now).lines == [] and not mine(theirs, now)
    (line,) = mine(two.there[Role.EXAMINER], now)
    assert line.owner == "examiner" and mine(who.mayor.user, now)  # an examiner over there is none here
    (officer,) = case_steps.officers(two.case)
    case_files.withdraw(officer, by=theirs, now=now)
    assert [each.act for each in case_desk.desk(theirs, now=now).lines] == ["assign"] and mine(theirs, now)


def test_a_case_whose_examiner_is_none_any_more_waits_for_whoever_assigns_from_that_night_on(two, who, now, travel):
    two.recommend(two.here)
    accepted = {"was": "recommended", "respondents": [two.here], "now": now}
    cases.take_step(two.case, "authority-accept", facts={}, by=who.mayor.user, **accepted)
    case_files.assign(two.case, who.examiners[0], "examiner", by=who.mayor.user, now=now)
    case_nights.tick_cases(now)
    assert case_desk.desk(who.mayor.user, now=now).lines == [] and mine(who.examiners[0], now)
    who.examiners[0].grants.update(until_at=now)
    travel.move_to(later := now + timedelta(days=1))
    case_nights.tick_cases(later)
    (line,) = case_desk.desk(who.mayor.user, now=later).lines
    assert line.act == "assign" and [each.owner for each in mine(who.mayor.user, later)] == ["appointing_authority"]
    before = LogPayload.objects.count()
    case_nights.tick_cases(later)
    assert LogPayload.objects.count() == before
    # Given again it is his turn, from the next night on.
    who.examiners[0].grants.update(until_at=None)
    case_nights.tick_cases(later)
    assert case_desk.desk(who.mayor.user, now=later).lines == []
    assert [each.owner for each in mine(who.examiners[0], later)] == ["examiner"]


def test_the_night_tells_whoever_assigns_and_no_former_examiner_of_what_is_due(two, who, now, travel):
    two.recommend(two.here)
    accepted = {"was": "recommended", "respondents": [two.here], "now": now}
    cases.take_step(two.case, "authority-accept", facts={}, by=who.mayor.user, **accepted)
    case_files.assign(two.case, who.examiners[0], "examiner", by=who.mayor.user, now=now)
    due = two.here.clocks.get(owner="examiner", stopped_on=None)
    two.here.clocks.filter(owner="appointing_authority").update(stopped_on=now.date(), next_on=None)
    who.examiners[0].grants.update(until_at=now)
    travel.move_to(night := at(due.warn_on, 2))
    case_nights.tick_cases(night)
    assert Notice.objects.filter(kind="decisions_due", person=who.mayor.person).count() == 1
    assert not Notice.objects.filter(kind="cases_due", user=who.examiners[0]).exists()


def test_an_authority_moves_its_own_respondents_and_is_refused_the_others(two, who, now):
    two.recommend()
    with refused("not_yours"):
        cases.take_step(
            two.case,
            "authority-accept",
            was="recommended",
            respondents=[two.here, two.other],
            by=who.mayor.user,
            now=now,
        )
    (taken,) = step(two.case, "authority-accept", "recommended", who.mayor.user, now)
    assert taken.respondent == two.here and (two.here.state, two.other.state) == ("accepted", "recommended")
    with refused("not_yours"):
        step(two.case, "authority-accept", "recommended", who.mayor.user, now)
    assert not any(each.refusal is None for each in cases.open_steps(two.other, by=who.mayor.user, now=now))


def test_a_drafter_records_by_paper_for_his_own_agency_alone(two, who, now):
    two.recommend()
    paper = {"was": "recommended", "document": scan(3, now), "by": who.drafter, "now": now}
    for chosen in ([two.here, two.other], [two.other]):
        with pytest.raises((CaseActRefused, CaseStepRefused)):
            cases.take_step(two.case, "authority-accept", respondents=chosen, **paper)
    (taken,) = cases.take_step(two.case, "authority-accept", **paper)
    assert taken.respondent == two.here and two.other.state == "recommended"


def test_a_step_of_the_authority_without_its_paper_names_the_paper_and_not_the_role(two, who, now):
    two.recommend()
    untold = {"was": "recommended", "by": who.drafter, "now": now}
    for chosen in (None, [two.here]):
        with refused("scan"):
            cases.take_step(two.case, "authority-accept", respondents=chosen, **untold)
    with refused("not_yours"):
        cases.take_step(two.case, "authority-accept", respondents=[two.other], **untold)
    with pytest.raises(CaseStepRefused, check=lambda error: error.reason == "role"):
        cases.take_step(two.case, "bkn-warning", **untold)
    assert {two.here.state, two.other.state} == {"recommended"}


def test_who_drafts_and_examines_takes_a_step_of_his_own_role_with_a_paper(two, who, now):
    two.recommend()
    RoleGrant.objects.create(user=who.examiners[0], role=Role.DRAFTER, agency=two.here.agency, from_at=now)
    step(two.case, "authority-accept", "recommended", who.mayor.user, now)
    case_files.assign(two.case, who.examiners[0], "examiner", by=who.mayor.user, now=now)
    (taken,) = cases.take_step(
        two.case, "summon", was="accepted", facts={"summons": now.date(), "hearing-on": HEARING}, document=scan(4, now),
        by=who.examiners[0], now=now,
    )  # fmt: skip
    assert (taken.role, taken.respondent) == (Role.EXAMINER, two.here)


def test_an_examiner_summons_nobody_of_another_agency(two, who, now):
    two.recommend()
    step(two.case, "authority-accept", "recommended", who.mayor.user, now)
    step(two.case, "authority-accept", "recommended", two.there[Role.APPOINTING_AUTHORITY], now)
    case_files.assign(two.case, who.examiners[0], "examiner", by=who.mayor.user, now=now)
    facts = {"summons": now.date(), "hearing-on": HEARING}
    with refused("not_yours"):
        cases.take_step(
            two.case, "summon", was="accepted", facts=facts, respondents=[two.other], by=who.examiners[0], now=now
        )
    summon(two.case, who, now, HEARING)
    assert (two.here.state, two.other.state) == ("summoned", "accepted")
    with refused("not_yours"):
        case_files.state_allegation(two.other, alleged("Balai"), by=who.examiners[0], now=now)
    with refused("not_yours"):
        case_files.strike_allegation(two.other.allegations.get(), reason="salah", by=who.examiners[0], now=now)
    with refused("not_yours"):
        case_files.record_reply(two.other, on=now.date(), text="tidak benar", by=who.examiners[0], now=now)
    clock = two.other.clocks.filter(stopped_on=None).first()
    with refused("not_yours"):
        case_clocks.extend(clock, length=2, reason="jauh", by=who.examiners[0], now=now)
    with refused("not_yours"):
        cases.follow_move(two.other, by=who.mayor.user, now=now)


def test_a_team_of_one_agency_is_no_team_for_the_respondent_of_another(two, who, now, morning, other_city):
    two.recommend()
    name_team(two.case, who, now)
    kept = {each: {one.user for one in case_steps.examiners(each, now=now)} for each in (two.here, two.other)}
    assert kept == {two.here: set(who.examiners), two.other: set()}
    type(two.other).objects.filter(case=two.case).update(state="heard")
    order = {"facts": {"team-order": "SK 5/2024"}, "was": "heard", "now": now}
    with refused("team"):
        cases.take_step(
            two.case, "form-team", respondents=[two.other], by=two.there[Role.APPOINTING_AUTHORITY], **order
        )
    cases.take_step(two.case, "form-team", respondents=[two.here], by=who.mayor.user, **order)


def test_the_rank_of_a_respondent_of_another_agency_keeps_nobody_from_the_team(two, who, now, morning, city):
    two.recommend()
    type(two.here).objects.filter(pk=two.here.pk).update(post_level="pelaksana")
    type(two.other).objects.filter(pk=two.other.pk).update(post_level="jpt_pratama")
    below = make_member(
        city.units.get(code="BKPSDM"), "199001012015031099", "Setara Rekaan", sex="f", post="Analis", level="pelaksana"
    )
    RoleGrant.objects.create(user=below.user, role=Role.EXAMINER, agency=city, from_at=morning)
    case_files.assign(two.case, below.user, "team", element="superior", why="rekaan", by=who.mayor.user, now=now)
    type(two.here).objects.filter(pk=two.here.pk).update(post_level="jpt_pratama")
    case_files.withdraw(two.case.officers.get(), by=who.mayor.user, now=now)
    with refused("rank"):
        case_files.assign(two.case, below.user, "team", element="superior", by=who.mayor.user, now=now)


def test_what_a_respondent_answered_is_read_by_his_own_agency(two, who, now):
    two.recommend()
    examiner, authority = two.there[Role.EXAMINER], two.there[Role.APPOINTING_AUTHORITY]
    case_files.assign(two.case, examiner, "examiner", by=authority, now=now)
    case_files.record_reply(two.other, on=now.date(), text="tidak benar", by=examiner, now=now)
    kept = lambda by: sorted(case_referrals.evidence_for(two.case, by, now=now).values_list("label", flat=True))  # noqa: E731
    assert kept(who.drafter) == ["Video"]
    assert len(kept(two.there[Role.DRAFTER])) == len(kept(who.bkn_officer)) == 2


def test_nobody_drafts_confirms_records_serves_or_settles_for_another_agency(two, who, now):
    two.recommend()
    type(two.other).objects.filter(pk=two.other.pk).update(state="proposed", post_level="jpt_pratama")
    there = two.there[Role.DRAFTER]
    told = {"sanction": SANCTION, "grounds": "terbukti"}
    with refused("not_yours"):
        case_decisions.draft(two.other, **told, by=who.drafter, now=now)
    made = case_decisions.draft(two.other, **told, by=there, now=now)
    paper = case_decisions.Paper("1", now.date(), None, scan(4, now))
    days = {"served_on": now.date(), "received_on": now.date()}
    for act in (
        lambda: case_decisions.confirm(made, by=who.lawyer, now=now),
        lambda: case_decisions.discard(made, by=who.drafter, now=now),
        lambda: case_decisions.record_signed(made, paper, was="proposed", by=who.drafter, now=now),
        lambda: case_decisions.sign_here(made, paper, was="proposed", by=who.mayor.user, now=now),
        lambda: case_decisions.serve(made, was="decided", **days, by=who.drafter, now=now),
        lambda: case_decisions.settle(
            made, paper, outcome="upheld", grounds="x", was="objected", by=who.drafter, now=now
        ),
    ):
        with refused("not_yours"):
            act()
    case_decisions.discard(made, by=there, now=now)


# --- a case that another body has --------------------------------------------------------------------------------


def test_a_body_that_has_a_case_no_longer_reads_it_and_does_nothing_in_it(who, now):
    case = recommended(who, now)
    clock = case.clocks.filter(stopped_on=None).first()
    case_steps.require(who.ani, case, "case.view", now=now)
    case_steps.require(who.ani, case, "case.follow", now=now)
    for act in (
        lambda: cases.give_number(case, "1/2024", by=who.ani, now=now),
        lambda: cases.strike_respondent(case.respondents.get(), reason="salah", by=who.ani, now=now),
        lambda: case_files.add_evidence(case, label="x", text="y", by=who.ani, now=now),
        lambda: case_files.state_allegation(case.respondents.get(), alleged("Balai"), by=who.ani, now=now),
        lambda: case_files.assign(case, who.beni, "examiner", by=who.ani, now=now),
        lambda: case_files.state_conflict(case, why="relative", user=who.mayor.user, by=who.ani, now=now),
        lambda: case_clocks.extend(clock, length=2, reason="jauh", by=who.ani, now=now),
        lambda: case_referrals.send(
            case, who.inspectorate, number="2", words="mohon", was="recommended", by=who.ani, now=now
        ),
    ):
        with refused("not_yours"):
            act()
    assert not any(each.refusal is None for each in cases.open_steps(case.respondents.get(), by=who.ani, now=now))
    assert who.ani not in case_steps.could_have(case, "case.examine", now=now)
    assert who.ani in case_steps.could_have(case, "case.view", now=now)


def test_a_body_that_gave_a_case_back_takes_no_step_in_it(who, now, morning):
    case = assessed(who, now)
    sent = case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    with refused("not_yours"):
        case_referrals.give_back(sent, reason="kurang", was="with-national", by=who.ani, now=now)
    RoleGrant.objects.create(user=who.beni, role=Role.NATIONAL_BODY, body=who.bawaslu, from_at=morning)
    with refused("not_yours"):
        case_referrals.give_back(sent, reason="kurang", was="with-national", by=who.beni, now=now)
    case_referrals.give_back(sent, reason="kurang", was="with-national", by=who.bkn_officer, now=now)
    case.refresh_from_db()
    RoleGrant.objects.create(user=who.bkn_officer, role=Role.SUPERVISOR_BODY, body=who.bkn, from_at=morning)
    with pytest.raises(CaseStepRefused):
        step(case, "close-returned", "returned", who.bkn_officer, now, reason="selesai")
    with refused("answered"):
        case_referrals.give_back(sent, reason="lagi", was="returned", by=who.bkn_officer, now=now)
    again = case_referrals.send(case, who.bkn, number="2", words="lengkap", was="returned", by=who.ani, now=now)
    case_referrals.accept(again, was="forwarded", by=who.bkn_officer, now=now)
    assert case.respondents.get().state == "with-national"
