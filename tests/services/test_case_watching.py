"""An authority that stays idle is told of to those who may act, a superior is warned, and bodies outside begin and end."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from ikrar.domain.access import Role
from ikrar.domain.errors import BodyInUse, CaseActRefused, CaseStepRefused
from ikrar.records.models import (
    Body,
    CaseConflict,
    CaseReferral,
    CaseReport,
    CaseStep,
    Holding,
    LogPayload,
    Notice,
    OfficerKey,
    Region,
    RoleGrant,
)
from ikrar.services import (
    accounts,
    case_clocks,
    case_files,
    case_nights,
    case_referrals,
    case_rules,
    case_warnings,
    case_watching,
    outside_bodies,
)
from tests.reporting import make_desk
from tests.services.case_cast import (
    SANCTION,
    assessed,
    at,
    name_team,
    opened,
    proposed,
    recommended,
    referred,
    step,
    user,
)
from tests.services.test_cases_files import filed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]


@pytest.fixture
def ministry(morning):
    """Home Affairs, with an officer who watches the whole country."""
    body = Body.objects.create(kind="kemendagri", name="Kemendagri Rekaan")
    return body, user("Dagri", Role.NATIONAL_BODY, morning, body=body)


def refused(reason, about=None):
    return pytest.raises(
        CaseActRefused, check=lambda error: error.reason == reason and (about is None or error.about == about)
    )


def idle(who, now, travel):
    """Leave a recommendation undecided past the operator's target, and let the night pass."""
    case = recommended(who, now)
    clock = case.clocks.get(term="target-decide", stopped_on=None)
    late = at(clock.late_on, 2)
    travel.move_to(late)
    case_nights.tick_cases(late)
    return case, late


def late_lines(who, day):
    found = case_watching.idle([who.bkn], who.bkn_officer, day)
    return case_watching.lines(list(found), [who.bkn], day)


def test_where_nobody_is_known_who_could_decide_no_official_is_said_to_be_late(who, now, travel):
    case = proposed(who, now, travel)
    late = at(case.clocks.get(term="target-decide", stopped_on=None).late_on, 2)
    travel.move_to(late)
    case_nights.tick_cases(late)
    assert [each.has_nobody for each in late_lines(who, late.date())] == [False]
    Holding.objects.filter(office=who.office).update(until_at=late - timedelta(days=1))
    assert [each.has_nobody for each in late_lines(who, late.date())] == [True]


def test_a_recommendation_that_waits_for_its_answer_waits_for_somebody_whoever_would_decide(who, now, travel):
    _case, late = idle(who, now, travel)
    Holding.objects.filter(office=who.office).update(until_at=late - timedelta(days=1))
    assert [each.has_nobody for each in late_lines(who, late.date())] == [False]


def test_an_act_of_a_head_who_has_no_part_in_the_case_is_nobodys(who, now, travel):
    case, late = idle(who, now, travel)
    assert [each.stopped for each in late_lines(who, late.date())] == [None]
    case_files.state_conflict(case, why="relative", person=who.mayor.person, by=who.bkn_officer, now=late)
    (found,) = late_lines(who, late.date())
    assert found.stopped is not None and found.stopped.is_conflicted and found.stopped.office == who.office


# --- who may act -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "region", "day", "steps"),
    [
        ("bkn", None, date(2024, 10, 25), ("bkn-warning", "bkn-block")),
        ("bkn", None, date(2022, 6, 1), ()),  # its power to control was in force in 2020 and since January 2023
        ("kemendagri", None, date(2024, 10, 25), ("reprimand",)),
        ("kemendagri", "13", date(2024, 10, 25), ("reprimand",)),
        ("kemendagri", "14", date(2024, 10, 25), ()),
        ("kasn", None, date(2024, 10, 25), ()),
        ("bawaslu", None, date(2024, 10, 25), ()),
        ("other", None, date(2024, 10, 25), ()),
    ],
)
def test_a_body_may_do_what_the_rulebook_gives_its_kind_where_it_watches(who, city, kind, region, day, steps):
    if region == "14":
        Region.objects.create(code="14", name="Riau")
    assert case_watching.measures_of(Body(kind=kind, name="x", region_id=region), city, day) == steps


def test_home_affairs_reprimands_heads_of_regions_and_no_ministry(who, city):
    city.kind = "ministry"
    assert case_watching.measures_of(Body(kind="kemendagri", name="x"), city, date(2024, 10, 25)) == ()


def test_a_body_that_ended_may_do_nothing(who, city):
    body = Body(kind="bkn", name="x", ended_on=date(2024, 10, 25))
    assert case_watching.measures_of(body, city, date(2024, 10, 24))
    assert not case_watching.measures_of(body, city, date(2024, 10, 25))


def test_those_who_may_act_are_told_of_an_idle_authority_as_a_dated_step_that_names_them(
    who, ministry, now, morning, travel
):
    body, officer = ministry
    Region.objects.get_or_create(code="14", defaults={"name": "Riau"})
    elsewhere = Body.objects.create(kind="kemendagri", name="Wakil di sana", region_id="14")
    stranger = user("Sana", Role.NATIONAL_BODY, morning, body=elsewhere)
    case, late = idle(who, now, travel)
    told = CaseStep.objects.get(case=case, step="authority_idle")
    assert (told.by, told.on) == (None, late.date())
    assert told.facts["told"] == sorted([who.bkn.pk, body.pk])
    for each, count in ((officer, 1), (who.bkn_officer, 1), (stranger, 0), (who.ani, 0)):
        assert Notice.objects.filter(kind="authority_idle", user=each).count() == count
    written = CaseStep.objects.count(), Notice.objects.count()
    assert case_nights.tick_cases(late + timedelta(hours=1)).is_quiet
    assert (CaseStep.objects.count(), Notice.objects.count()) == written


def test_who_has_no_part_in_a_case_is_not_told_that_its_authority_is_idle(who, ministry, now, travel):
    body, officer = ministry
    case = recommended(who, now)
    CaseConflict.objects.create(case=case, user=officer, kind="recused", why="relative", by=officer, at=now)
    clock = case.clocks.get(term="target-decide", stopped_on=None)
    travel.move_to(at(clock.late_on, 2))
    case_nights.tick_cases(at(clock.late_on, 2))
    assert not Notice.objects.filter(kind="authority_idle", user=officer).exists()
    assert not case_watching.idle([body], officer, clock.late_on).exists()
    assert case_watching.idle([who.bkn], who.bkn_officer, clock.late_on).exists()


def test_the_ageing_of_authorities_shows_what_was_recommended_beside_what_was_done(who, city, ministry, now, travel):
    case, late = idle(who, now, travel)
    recommended(who, late, person=who.budi.person)
    opened(who, late)  # with the supervisor still: nothing to the authority
    (found,) = case_watching.standings([ministry[0]], late.date())
    assert (found.agency, found.recommended, found.waiting, found.decided, found.executed) == (city, 2, 2, 0, 0)
    assert (found.overdue, found.idle, found.oldest_on) == (1, 1, now.date())
    assert case_watching.standings([who.inspectorate], late.date()) == []
    assert case.respondents.get().stage == 2


# --- what they do ------------------------------------------------------------------------------------------------


def take(case, step, by, now, **more):
    values = {"was": "recommended", "reason": "Surat 9/2024", "on": now.date()} | more
    return case_watching.measure(case.respondents.get(), step, **values, by=by, now=now)


def test_a_measure_is_a_dated_step_that_leaves_the_case_with_the_same_authority(who, ministry, now, travel):
    case, late = idle(who, now, travel)
    since = case.respondents.get().state_on
    taken = take(case, "bkn-warning", who.bkn_officer, late)
    assert case.respondents.get().state_on == since < late.date(), "what waits is as old as before"
    assert (taken.step, taken.role, taken.facts["reason"]) == ("bkn-warning", "national_body", "Surat 9/2024")
    assert case.respondents.get().state == "recommended"
    # Home Affairs has no part in the case itself; its power over the authority is enough.
    take(case, "reprimand", ministry[1], late)
    clock = case.clocks.get(term="ppk-act-after-reprimand", stopped_on=None)
    assert (clock.kind, clock.owner) == ("term", "appointing_authority")
    (line,) = case_watching.lines(
        list(case_watching.idle([who.bkn], who.bkn_officer, late.date())), [who.bkn], late.date()
    )
    assert {each.step for each in line.taken} == {"bkn-warning", "reprimand"}
    assert (line.told_on, line.may) == (late.date(), ("bkn-warning", "bkn-block"))
    assert case_watching.measures([who.bkn], who.bkn_officer, late.date()).count() == 2


def test_nobody_takes_a_measure_beyond_his_body_before_its_time_or_twice_from_an_old_page(
    who, ministry, now, morning, travel
):
    case, late = idle(who, now, travel)
    entries = LogPayload.objects.count()
    with refused("power"):
        take(case, "reprimand", who.bkn_officer, late)
    with refused("power"):
        take(case, "bkn-block", ministry[1], late)
    with refused("power"):
        take(case, "authority-accept", who.bkn_officer, late)
    with refused("not_yours"):
        take(case, "bkn-warning", who.ani, late)
    with refused("text"):
        take(case, "bkn-warning", who.bkn_officer, late, reason=" ")
    with refused("target_running", late.date().isoformat()):
        take(case, "bkn-warning", who.bkn_officer, late, on=late.date() - timedelta(days=1))
    with refused("changed"):
        take(case, "bkn-warning", who.bkn_officer, late, was="proposed")
    case_files.state_conflict(case, why="relative", user=who.bkn_officer, by=who.bkn_officer, now=late)
    with refused("relative"):
        take(case, "bkn-warning", who.bkn_officer, late)
    assert not CaseStep.objects.filter(step__in=case_watching.STEPS).exists()
    assert LogPayload.objects.count() == entries + 1  # the conflict


def test_no_measure_is_taken_while_the_target_runs(who, ministry, now):
    case = recommended(who, now)
    with pytest.raises(Exception, match="target-passed"):
        take(case, "reprimand", ministry[1], now)


def test_the_day_of_the_notice_is_that_of_the_target_that_is_told_of(who, ministry, now, travel):
    """The authority let one target pass, acted, and lets the next one pass: that one has its own notice."""
    case, first = idle(who, now, travel)
    step(case, "authority-return", "recommended", who.mayor.user, first, reason="pasalnya belum tepat")
    step(case, "recommend", "with-national", who.bkn_officer, first, review=True, sanction=SANCTION)
    target = case.clocks.get(term="target-decide", stopped_on=None)
    second = at(target.late_on, 2)
    travel.move_to(second)
    case_nights.tick_cases(second)
    assert CaseStep.objects.filter(case=case, step="authority_idle").count() == 2
    (line,) = case_watching.lines(
        list(case_watching.idle([who.bkn], who.bkn_officer, second.date())), [who.bkn], second.date()
    )
    assert (line.clock.due_on, line.told_on) == (target.due_on, second.date())
    # At its last stage it is told of once more: the day of the first notice of this target stays.
    third = at(target.long_on, 2)
    travel.move_to(third)
    case_nights.tick_cases(third)
    (line,) = case_watching.lines(
        list(case_watching.idle([who.bkn], who.bkn_officer, third.date())), [who.bkn], third.date()
    )
    assert line.told_on == second.date()


def test_a_target_of_which_nobody_was_told_yet_borrows_no_notice_of_an_earlier_one(who, ministry, now, travel):
    case, first = idle(who, now, travel)
    case.clocks.filter(term="target-decide", stopped_on=None).update(due_on=first.date() - timedelta(days=3))
    (line,) = case_watching.lines(
        list(case_watching.idle([who.bkn], who.bkn_officer, first.date())), [who.bkn], first.date()
    )
    assert line.told_on is None


STATES = (
    "summoned",
    "missed-once",
    "summoned-again",
    "missed-twice",
    "heard",
    "team",
    "objected",
    "effective",
    "restoring",
)


@pytest.mark.parametrize("state", STATES)
def test_a_measure_is_taken_wherever_the_target_passed_also_after_a_decision(who, ministry, now, travel, state):
    case, late = idle(who, now, travel)
    case.respondents.update(state=state)
    (line,) = late_lines(who, late.date())
    assert line.may == ("bkn-warning", "bkn-block")
    assert take(case, "bkn-block", who.bkn_officer, late, was=state).step == "bkn-block"
    take(case, "reprimand", ministry[1], late, was=state)
    assert case.respondents.get().state == state


@pytest.mark.parametrize("state", ["with-national", "executed", "served", "appealed"])
def test_no_measure_is_taken_where_no_target_of_the_authority_runs(who, ministry, now, travel, state):
    case, late = idle(who, now, travel)
    case.respondents.update(state=state)
    assert all(each.may == () for each in late_lines(who, late.date()))
    with pytest.raises(CaseStepRefused, check=lambda error: error.reason == "state"):
        take(case, "bkn-warning", who.bkn_officer, late, was=state)


def test_a_line_says_whose_step_is_next_where_it_is_not_the_authoritys(who, now, travel):
    case, late = idle(who, now, travel)
    for state in ("recommended", "accepted", "summoned", "missed-twice", "heard", "effective", "objected"):
        case.respondents.update(state=state)
        assert late_lines(who, late.date())[0].waits_for == (), (state, "nobody examines yet: the authority assigns")
    case.respondents.update(state="accepted")
    name_team(case, who, late)
    examined = {"accepted", "summoned", "missed-once", "summoned-again", "team"}
    for state in (*examined, "recommended", "heard", "missed-twice", "effective", "objected", "proposed"):
        case.respondents.update(state=state)
        # The matter is heavy: after the hearing the authority forms the team.
        waits_for = (Role.EXAMINER,) if state in examined else ()
        assert late_lines(who, late.date())[0].waits_for == waits_for, state
    allegation = case.respondents.get().allegations.get()
    case_files.strike_allegation(allegation, reason="salah hari", by=who.bkn_officer, now=late)
    case.respondents.update(state="heard")
    assert late_lines(who, late.date())[0].waits_for == (Role.EXAMINER,)


# --- the superior ------------------------------------------------------------------------------------------------


def late_summons(who, now, travel):
    case = referred(who, now)
    clock = case.clocks.get(term="target-examine", stopped_on=None)
    travel.move_to(at(clock.warn_on, 2))
    case_nights.tick_cases(at(clock.warn_on, 2))
    return case, clock


def test_a_superior_sees_how_many_matters_of_his_people_wait_and_nobody_else_does(who, city, now, travel):
    _case, clock = late_summons(who, now, travel)
    day = clock.warn_on
    warned = case_warnings.of_superior(who.budi.user, {city.pk}, day)
    assert (warned.count, warned.warned, warned.overdue, warned.first_on) == (1, 1, 0, clock.due_on)
    assert case_warnings.of_superior(who.sari.user, {city.pk}, day) is None
    assert case_warnings.of_superior(who.budi.user, set(), day) is None
    travel.move_to(at(clock.long_on, 2))
    case_nights.tick_cases(at(clock.long_on, 2))
    assert case_warnings.of_superior(who.budi.user, {city.pk}, clock.long_on).long_overdue == 1


def test_a_superior_who_is_in_conflict_is_warned_of_nothing(who, city, now, travel):
    case, clock = late_summons(who, now, travel)
    case_files.state_conflict(case, why="relative", person=who.budi.person, by=who.mayor.user, now=at(clock.warn_on, 3))
    assert case_warnings.of_superior(who.budi.user, {city.pk}, clock.warn_on) is None


def test_a_superior_whom_a_report_leaves_out_is_warned_of_nothing(who, city, now, travel):
    """He holds a key of the body, and its reporter left him out: neither message nor home page tells him of the case."""
    desk = make_desk(who.bawaslu, ["Ani Contohwati", "Beni Misalkan"], now)
    case = referred(who, now)
    later = now + timedelta(days=2)
    travel.move_to(later)
    report = filed(desk, later, excluded=[desk.ids[1]])
    CaseReport.objects.create(case=case, report_id=report, added_on=later.date(), added_by=who.ani)
    OfficerKey.objects.filter(pk=desk.ids[1]).update(user=who.budi.user)
    assert case_files.without([case.pk])[case.pk].has(0, who.budi.person.pk)
    clock = case.clocks.get(term="target-examine", stopped_on=None)
    travel.move_to(at(clock.warn_on, 2))
    case_nights.tick_cases(at(clock.warn_on, 2))
    assert not Notice.objects.filter(kind="superior_warned", person=who.budi.person).exists()
    assert case_warnings.of_superior(who.budi.user, {city.pk}, clock.warn_on) is None


# --- referrals, with what goes along -----------------------------------------------------------------------------


def with_evidence(who, now):
    case = assessed(who, now)
    second = case_files.add_evidence(case, label="Catatan", text="catatan saksi", by=who.ani, now=now)
    return case, case.evidence.exclude(pk=second.pk).get(), second


def send(case, to, by, now, **more):
    values = {"number": "7/PM", "words": "mohon ditindaklanjuti", "was": "assessed"} | more
    return case_referrals.send(case, to, **values, by=by, now=now)


def test_what_was_not_chosen_stays_with_the_body_that_sent(who, now):
    case, first, second = with_evidence(who, now)
    sent = send(case, who.bkn, who.ani, now, parts=[first])
    assert list(case_referrals.parts_of(sent)) == [first]
    later = now + timedelta(minutes=1)
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=later)
    third = case_files.add_evidence(case, label="Surat", text="surat baru", by=who.bkn_officer, now=later)
    assert case_referrals.withheld(case, who.bkn_officer, now=later) == {second.pk}
    assert case_referrals.withheld(case, who.examiners[0], now=later) == {second.pk}
    assert case_referrals.withheld(case, who.ani, now=later) == frozenset()
    assert third.pk not in case_referrals.withheld(case, who.bkn_officer, now=later)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        CaseReferral.objects.update(parts=[])


def test_nothing_goes_along_from_another_case(who, now):
    case, _first, _second = with_evidence(who, now)
    _other, foreign, _ = with_evidence(who, now)
    with refused("evidence"):
        send(case, who.bkn, who.ani, now, parts=[foreign])
    assert not CaseReferral.objects.exists()


def test_a_body_without_an_officer_who_could_accept_gets_nothing(who, now):
    case = assessed(who, now)
    empty = Body.objects.create(kind="bkn", name="Kantor regional rekaan")
    with refused("nobody"):
        send(case, empty, who.ani, now)
    assert case.respondents.get().state == "assessed"


def test_a_dissolved_body_is_refused_and_those_who_took_over_are_named(who, now, morning):
    case = assessed(who, now)
    kasn = Body.objects.create(kind="kasn", name="KASN Rekaan")
    user("Lama", Role.NATIONAL_BODY, morning, body=kasn)
    with refused("body_gone", "bkn,kemenpanrb"):
        send(case, kasn, who.ani, now)
    assert kasn in case_referrals.bodies(case, case_rules.FORWARD)  # who looks for it is told
    Body.objects.filter(pk=who.bkn.pk).update(ended_on=now.date())  # after the page was shown
    with refused("body_gone", ""):
        send(case, who.bkn, who.ani, now)
    assert not CaseReferral.objects.exists()


def test_a_referral_is_shown_to_the_body_that_it_is_sent_to_and_to_nobody_who_has_no_part(who, now):
    case = assessed(who, now)
    sent = send(case, who.bkn, who.ani, now)
    assert case_referrals.offered(case, who.bkn_officer, now=now) == [sent]
    for each in (who.ani, who.inspector, who.drafter, who.stranger):
        assert case_referrals.offered(case, each, now=now) == []
    CaseConflict.objects.create(
        case=case, user=who.bkn_officer, kind="recused", why="relative", by=who.bkn_officer, at=now
    )
    assert case_referrals.offered(case, who.bkn_officer, now=now) == []


def test_recommendation_and_execution_stand_side_by_side(who, now, travel):
    case = proposed(who, now, travel)
    (row,) = case_referrals.beside(case)
    assert (row.recommended, row.recommended_on, row.decision, row.departs) == (
        "severe-release-12m", now.date(), None, False,
    )  # fmt: skip


# --- clocks by hand ----------------------------------------------------------------------------------------------


def test_a_clock_is_changed_as_it_was_shown_and_never_backwards(who, now):
    case = referred(who, now)
    clock = case.clocks.get(term="target-examine", stopped_on=None)
    for_body = {"by": who.bkn_officer, "now": now}
    changed = case_clocks.extend(clock, length=3, reason="menunggu saksi", was=clock.due_on, **for_body)
    assert changed.due_on == clock.due_on + timedelta(days=3)
    with refused("changed"):
        case_clocks.extend(clock, length=3, reason="menunggu saksi", was=clock.due_on, **for_body)
    with pytest.raises(Exception, match="order"):
        day = now.date()
        case_clocks.pause(clock, from_on=day, until_on=day - timedelta(days=1), reason="x", **for_body)
    case_clocks.pause(clock, from_on=now.date() + timedelta(days=2), until_on=None, reason="libur", **for_body)
    with pytest.raises(Exception, match="order"):
        case_clocks.resume(clock, on=now.date(), **for_body)


# --- bodies outside ----------------------------------------------------------------------------------------------


def test_a_body_ends_once_nobody_serves_it_and_nothing_waits_there(who, now, morning):
    admin = user("Admin", Role.ADMINISTRATOR, morning)
    case = assessed(who, now)
    sent = send(case, who.bkn, who.ani, now)
    day = now.date()

    def fails(reason):
        with pytest.raises(BodyInUse, check=lambda error: error.reason == reason):
            outside_bodies.end(who.bkn, on=day, by=admin, now=now)

    fails("referrals")
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    fails("cases")
    case_referrals.give_back(sent, reason="kurang", was="with-national", by=who.bkn_officer, now=now)
    fails("roles")
    for grant in RoleGrant.objects.filter(body=who.bkn):
        accounts.end_grant(grant, by=admin, now=now)
    over = {"role": Role.NATIONAL_BODY, "body": who.bkn}
    coming = RoleGrant.objects.create(user=who.bkn_officer, from_at=now + timedelta(days=9), **over)
    outside_bodies.end(who.bkn, on=day, by=admin, now=now + timedelta(seconds=1))
    assert Body.objects.get(pk=who.bkn.pk).ended_on == day
    assert not RoleGrant.objects.at(now + timedelta(days=10)).filter(pk=coming.pk).exists()
    with pytest.raises(BodyInUse, check=lambda error: error.reason == "ended"):
        accounts.grant_role(
            who.bkn_officer, **over, agency=None, until_at=None, reason="", by=admin, now=now + timedelta(seconds=2)
        )
    fails("ended")
    assert outside_bodies.every(day, now)[-1].body == who.bkn
    with pytest.raises(BodyInUse, check=lambda error: error.reason == "inside"):
        outside_bodies.end(who.inspectorate, on=day, by=admin, now=now)


def test_a_body_is_made_with_a_name_and_a_kind_of_its_own(who, now, morning):
    admin = user("Admin", Role.ADMINISTRATOR, morning)
    made = outside_bodies.make(kind="kemendagri", name="  Kementerian  Dalam Negeri ", region=None, by=admin, now=now)
    assert (made.name, made.agency, made.region) == ("Kementerian Dalam Negeri", None, None)
    with pytest.raises(BodyInUse):
        outside_bodies.make(kind="desk", name="Desk", region=None, by=admin, now=now)
    told = {each.body: each for each in outside_bodies.every(now.date(), now)}[made]
    assert [power.power for power in told.powers] == ["reprimand", "approve-replacement"]
