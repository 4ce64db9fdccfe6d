"""Case files: evidence comes out part by part and the reporter never; who has no part stays out; two bodies hand over."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from ikrar.domain import return_codes
from ikrar.domain.errors import (
    ActUnknown,
    CaseActRefused,
    CaseStepRefused,
    HolidaysUnknown,
    ReportActRefused,
    TermNotInForce,
    TermUnknown,
)
from ikrar.records.models import (
    Body,
    Case,
    CaseClock,
    CaseConflict,
    CaseOfficer,
    CaseReport,
    CaseRespondent,
    CaseStep,
    Installation,
    LogPayload,
    Notice,
    Report,
    RoleGrant,
)
from ikrar.services import (
    case_clocks,
    case_files,
    case_nights,
    case_referrals,
    case_rules,
    case_watching,
    cases,
    report_desk,
    reports,
    rules,
    workbench,
)
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named
from tests.conftest import make_member
from tests.reporting import make_desk
from tests.services.case_cast import (
    HEARING,
    alleged,
    assessed,
    at,
    opened,
    proposed,
    recommended,
    referred,
    step,
    summoned,
    user,
    with_team,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
REPORTER = {"v": 1, "name": "Pelapor Rahasia Zulkarnain", "phone": "0812-7777-1234"}
CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}
CODE = return_codes.new(lambda count: bytes(range(count)))


@pytest.fixture
def desk(who, now, morning):
    found = make_desk(who.bawaslu, ["Ani Contohwati", "Beni Misalkan"], now)
    for each in found.users:
        RoleGrant.objects.create(user=each, role="supervisor_body", body=who.bawaslu, from_at=morning)
    return found


def refused(reason, about=None):
    return pytest.raises(
        CaseActRefused, check=lambda error: error.reason == reason and (about is None or error.about == about)
    )


def filed(desk, now, *, excluded=(), code=CODE):
    to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=excluded, now=now)
    sealed = reports.Sealing().finish(CONTENT, REPORTER, to, code, on=now.date())
    return reports.receive(sealed, body=desk.body, channel="plain", now=now).report


def read(desk, number, report, now):
    found = report_desk.seen(desk.users[number], [desk.body.pk], report)
    report_desk.open_report(found, by=desk.users[number], now=now)
    return Report.objects.get(pk=report)


def register(desk, report, who, now, by=0):
    named = [Named(person=who.sari.person, allegations=(alleged(),))]
    return cases.register([report], desk.body, named, regime="pilkada", track="discipline", by=desk.users[by], now=now)


# --- reports -----------------------------------------------------------------------------------------------------


def test_a_report_and_its_case_are_written_together_or_not_at_all(desk, who, now):
    report = read(desk, 0, filed(desk, now), now)
    with pytest.raises(ActUnknown):
        cases.register(
            [report], desk.body, [Named(person=who.sari.person, allegations=(Alleged("tidak-ada", date(2024, 10, 20), "x"),))],
            regime="pilkada", track="discipline", by=desk.users[0], now=now,
        )  # fmt: skip
    assert not Case.objects.exists() and not CaseReport.objects.exists()
    assert Report.objects.get().state == "read" and not Report.objects.get().holds.exists()
    register(desk, report, who, now)
    assert Report.objects.get().state == "registered" and Report.objects.get().holds.get().kind == "case"


def test_a_report_lies_in_one_case_and_whoever_did_not_open_it_registers_nothing(desk, who, now):
    report = Report.objects.get(pk=filed(desk, now))
    with refused("unopened"):
        register(desk, report, who, now)
    report = read(desk, 0, report.pk, now)
    with refused("unopened"):
        register(desk, report, who, now, by=1)
    register(desk, report, who, now)
    with refused("in_case"):
        register(desk, report, who, now)
    assert Case.objects.count() == 1


def lacking(name):
    return pytest.raises(CaseStepRefused, check=lambda error: error.reason == "missing" and name in error.about)


def test_what_nobody_reported_is_taken_back_by_nobody(who, now):
    case = opened(who, now)
    for claimed in ({}, {"reported": True}):
        with lacking("reported"):
            step(case, "pilkada-withdraw", "received", who.ani, now, withdrawal="surat", **claimed)
    assert case.respondents.get().state == "received"


def test_a_case_of_one_report_ends_with_its_withdrawal_and_one_of_several_once_all_are_taken_back(desk, who, now):
    by, first = desk.users[0], read(desk, 0, filed(desk, now), now)
    case = register(desk, first, who, now)
    assert "all-withdrawn" not in asked_by_withdrawing(case)
    second = read(desk, 0, filed(desk, now, code=return_codes.new(lambda count: bytes(count))), now)
    cases.add_report(case, second, by=by, now=now)
    assert "all-withdrawn" in asked_by_withdrawing(case)
    for claimed in ({}, {"all-withdrawn": False}):
        with lacking("all-withdrawn"):
            step(case, "pilkada-withdraw", "received", by, now, withdrawal="surat", **claimed)
    step(case, "pilkada-withdraw", "received", by, now, withdrawal="surat", **{"all-withdrawn": True})
    assert case.respondents.get().state == "withdrawn"


def test_the_case_of_one_report_is_taken_back(desk, who, now):
    case = register(desk, read(desk, 0, filed(desk, now), now), who, now)
    step(case, "pilkada-withdraw", "received", desk.users[0], now, withdrawal="surat")
    assert Case.objects.get(pk=case.pk).closed_on


def test_a_case_beside_that_of_a_report_comes_from_it_too(desk, who, now):
    case = register(desk, read(desk, 0, filed(desk, now), now), who, now)
    made = Case.objects.create(
        body=case.body, agency=case.agency, beside=case, regime=case.regime, track="ethics", procedure="pilkada-ethics-2021",
        rulebook_digest=case.rulebook_digest, opened_on=case.opened_on, opened_at=now, opened_by=desk.users[0],
    )  # fmt: skip
    one = CaseRespondent(case=made, track="ethics", state="received", employment="pns")
    assert cases._facts(made, one, {}, "pilkada-withdraw")["reported"] is True


def asked_by_withdrawing(case):
    one = case.respondents.get()
    one.case = case
    return cases.lacks(one, case_rules.procedure(case.procedure).steps["pilkada-withdraw"])


def test_what_becomes_of_a_report_in_a_case_is_not_concluded_at_the_desk(desk, who, now):
    in_case = read(desk, 0, filed(desk, now), now)
    register(desk, in_case, who, now)
    alone = read(desk, 0, filed(desk, now, code=return_codes.new(lambda count: bytes(count))), now)
    for report, ends in ((in_case, False), (alone, True)):
        seen = report_desk.seen(desk.users[0], [desk.body.pk], report.pk)
        act = partial(
            report_desk.conclude, seen, "not_a_breach", "allowed", was=seen.report.state, by=desk.users[0], now=now
        )
        if ends:
            act()
        else:
            with pytest.raises(ReportActRefused, check=lambda error: error.reason == "in_case"):
                act()
            chosen = [workbench.Chosen(report.pk, seen.report.state)]
            many = workbench.conclude(
                desk.users[0], [desk.body.pk], chosen, to="not_a_breach", reason="allowed", now=now
            )
            assert many.refused[report.pk].reason == "in_case"
        report.refresh_from_db()
        assert report.state == ("not_a_breach" if ends else "registered")


def test_whom_a_report_leaves_out_has_no_part_in_its_case(desk, who, now):
    later = now + timedelta(days=2)
    with time_machine.travel(later, tick=False):
        report = read(desk, 0, filed(desk, later, excluded=[desk.ids[1]]), later)
        case = register(desk, report, who, later)
        with refused("conflict"):
            step(case, "pilkada-review", "received", desk.users[1], later)
        with refused("conflict"):
            case_files.assign(case, desk.users[1], "examiner", by=desk.users[0], now=later)
        assert not cases.open_steps(case.respondents.get(), by=desk.users[1], now=later)


def test_what_is_brought_out_of_a_report_comes_part_by_part_and_never_its_identity(desk, who, now):
    report = read(desk, 0, filed(desk, now), now)
    case = register(desk, report, who, now)
    parts = {each.kind: each for each in report.parts.all()}
    with refused("evidence", "part"):
        case_files.bring_out(case, report, parts["identity"].pk, label="Pelapor", text="x", by=desk.users[0], now=now)
    with refused("not_yours"):
        case_files.bring_out(case, report, parts["content"].pk, label="Isi", text="x", by=who.ani, now=now)
    made = case_files.bring_out(
        case, report, parts["content"].pk, label="Isi", text="Camat meminta", by=desk.users[0], now=now
    )
    assert made.part_digest == parts["content"].digest
    with refused("evidence", "there"):
        case_files.bring_out(
            case, report, parts["content"].pk, label="Isi", text="Camat meminta", by=desk.users[0], now=now
        )


def test_the_reporter_stands_in_no_row_of_a_case_nor_in_the_log(desk, who, now, caplog):
    report = read(desk, 0, filed(desk, now), now)
    case = register(desk, report, who, now)
    content = report.parts.get(kind="content")
    case_files.bring_out(case, report, content.pk, label="Isi", text="Camat meminta", by=desk.users[0], now=now)
    step(case, "pilkada-review", "received", desk.users[0], now)
    step(case, "pilkada-register", "reviewing", desk.users[0], now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", desk.users[0], now, review=True)
    case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=desk.users[0], now=now)
    found = "".join(
        str(list(model.objects.values_list()))
        for model in apps.get_app_config("records").get_models()
        if model.__name__ != "ReportPart"
    )
    found += (
        "".join(bytes(each).decode() for each in LogPayload.objects.values_list("payload", flat=True)) + caplog.text
    )
    assert "Camat meminta" in found  # whoever looks finds what is there
    for secret in ("Zulkarnain", "0812-7777", "Pelapor Rahasia"):
        assert secret not in found


def test_no_table_of_cases_has_a_field_for_a_reporter():
    for model in apps.get_app_config("records").get_models():
        if model.__name__.startswith("Case"):
            names = " ".join(field.name for field in model._meta.get_fields())
            assert not re.search(r"reporter|pelapor|identity|whistle", names), model.__name__


# --- who has no part ---------------------------------------------------------------------------------------------


def test_whoever_recused_himself_takes_no_step_and_is_given_nothing(who, now):
    case = opened(who, now)
    case_files.recuse(case, why="relative", by=who.beni, now=now)
    with refused("relative"):
        step(case, "pilkada-review", "received", who.beni, now)
    with refused("relative"):
        case_files.assign(case, who.beni, "examiner", by=who.ani, now=now)
    conflict = case.conflicts.get()
    with refused("relative"):
        case_files.lift_conflict(conflict, reason="tidak jadi", by=who.beni, now=now)
    case_files.lift_conflict(conflict, reason="salah orang", by=who.ani, now=now)
    step(case, "pilkada-review", "received", who.beni, now)


def test_nobody_examines_his_superior(who, now, morning, city):
    case = with_team(who, now, person=who.budi.person)
    RoleGrant.objects.create(user=who.sari.user, role="examiner", agency=city, from_at=morning)
    with refused("superior"):
        case_files.assign(case, who.sari.user, "team", element="superior", by=who.mayor.user, now=now)


def test_who_lacks_the_role_is_told_so_and_a_respondent_has_one_superior_in_the_team(who, now):
    def assign(user, duty, element="", by=who.mayor.user):
        return case_files.assign(case, user, duty, element=element, why="berhalangan", by=by, now=now)

    case = referred(who, now)
    with refused("no_role", "examiner"):
        assign(who.drafter, "examiner")
    with refused("no_role", "drafter"):
        assign(who.examiners[0], "drafter")
    with refused("of_agency"):
        assign(who.inspector, "examiner", by=who.bkn_officer)
    first = assign(who.examiners[0], "team", "superior")
    with refused("element_taken"):
        assign(who.examiners[1], "team", "superior")
    assign(who.examiners[1], "team", "oversight")
    assign(who.examiners[2], "team", "oversight")  # a unit, of which several may examine
    case_files.withdraw(first, by=who.mayor.user, now=now)
    assign(who.examiners[0], "team", "superior")


def test_whoever_is_of_another_agency_reaches_nothing(who, now):
    case = referred(who, now)
    with refused("other_side"):
        case_files.assign(case, who.stranger, "examiner", by=who.mayor.user, now=now)
    with refused("not_yours"):
        case_files.add_note(case, "halo", by=who.stranger, now=now)
    with pytest.raises(CaseStepRefused):
        step(case, "summon", "accepted", who.stranger, now, summons=True, **{"hearing-on": HEARING})


def test_nobody_of_the_agency_sees_a_case_that_the_supervisor_still_reviews(who, now):
    case = opened(who, now)
    for each in (*who.examiners, who.drafter, who.mayor.user, who.inspector, who.budi.user):
        with refused("not_yours"):
            case_files.add_note(case, "halo", by=each, now=now)


def test_tasks_and_notes_are_kept_with_whoever_gave_them(who, now):
    case = opened(who, now)
    task = case_files.give_task(case, "panggil saksi", who.beni, date(2024, 10, 28), by=who.ani, now=now)
    with refused("not_yours"):
        case_files.finish_task(task, by=who.ani, now=now)
    case_files.finish_task(task, by=who.beni, now=now)
    with refused("changed"):
        case_files.finish_task(task, by=who.beni, now=now)
    note = case_files.add_note(case, "periksa foto", by=who.ani, now=now)
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        type(note).objects.update(text="lain")


# --- two bodies --------------------------------------------------------------------------------------------------


def sent(who, now):
    case = assessed(who, now)
    return case, case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)


def test_a_referral_is_accepted_by_the_other_side_alone_and_returned_with_a_reason(who, now):
    case, referral = sent(who, now)
    assert list(case_watching.waiting([who.bkn], who.bkn_officer)) == [referral]
    for each in (who.ani, who.inspector, who.mayor.user):
        with refused("not_yours"):
            case_referrals.accept(referral, was="forwarded", by=each, now=now)
    with refused("sent"):
        case_referrals.send(case, who.inspectorate, number="2", words="mohon", was="forwarded", by=who.ani, now=now)
    case_referrals.accept(referral, was="forwarded", by=who.bkn_officer, now=now)
    with refused("answered"):
        case_referrals.refuse(referral, reason="berubah", was="with-national", by=who.bkn_officer, now=now)
    case_referrals.give_back(referral, reason="berkas kurang", was="with-national", by=who.bkn_officer, now=now)
    case.refresh_from_db()
    assert (case.handler, case.respondents.get().state, case.respondents.get().body) == (
        None,
        "returned",
        who.bawaslu,
    )


def test_a_referral_that_is_refused_says_why_and_stays_where_it_was(who, now):
    case, referral = sent(who, now)
    with refused("text", "reason"):
        case_referrals.refuse(referral, reason=" ", was="forwarded", by=who.bkn_officer, now=now)
    answered = case_referrals.refuse(referral, reason="bukan wewenang", was="forwarded", by=who.bkn_officer, now=now)
    case.refresh_from_db()
    assert (answered.state, answered.reason, case.handler_id) == ("refused", "bukan wewenang", None)
    assert case.respondents.get().body == who.bawaslu
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        type(answered).objects.update(words="lain")


def test_nothing_is_sent_to_a_body_that_does_not_exist_on_that_day(who, now, monkeypatch):
    monkeypatch.setattr(case_referrals, "exists_on", lambda body, day: body.kind != "bkn")
    with refused("body_gone"):
        sent(who, now)
    assert not CaseStep.objects.filter(step="forward").exists()


def test_a_dissolved_commission_takes_no_referral(now):
    assert case_referrals.exists_on(Body(kind="kasn"), date(2023, 1, 2))
    assert not case_referrals.exists_on(Body(kind="kasn"), date(2024, 11, 1))


# --- clocks and nights -------------------------------------------------------------------------------------------


def test_a_clock_says_how_it_was_computed_and_is_extended_with_a_reason(who, now):
    case = summoned(who, now)
    clock = case.clocks.get(term="pp94-summons-to-exam", stopped_on=None)
    before = clock.due_on
    by = {"by": who.bkn_officer, "now": now}
    with refused("text", "reason"):
        case_clocks.extend(clock, length=2, reason=" ", basis="PP 94/2021 Pasal 26", **by)
    with refused("text", "basis"):
        case_clocks.extend(clock, length=2, reason="saksi jauh", **by)
    longer = case_clocks.extend(clock, length=2, reason="saksi jauh", basis="PP 94/2021 Pasal 26", **by)
    assert longer.due_on > before and longer.computation["extensions"] == [[2, "saksi jauh"]]
    assert longer.extensions[0]["basis"] == "PP 94/2021 Pasal 26" and case_clocks.by_itself(longer) == before
    told = CaseStep.objects.get(step="clock_extended").facts
    assert (told["before"], told["basis"]) == (before.isoformat(), "PP 94/2021 Pasal 26")


def test_nobody_changes_a_clock_that_binds_his_own_side(who, now):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    acts = {
        "extend": lambda clock, by: case_clocks.extend(clock, length=1, reason="x", basis="y", by=by, now=now),
        "pause": lambda clock, by: case_clocks.pause(
            clock, from_on=now.date(), until_on=None, reason="x", by=by, now=now
        ),
    }
    for act in acts.values():  # the supervisor's own limit of the law
        with refused("own_clock"):
            act(case.clocks.get(stopped_on=None), who.ani)
    idle = recommended(who, now)
    target = idle.clocks.get(stopped_on=None)
    assert target.owner == "appointing_authority"
    for act in acts.values():  # whoever serves under the authority
        with refused("not_yours"):
            act(target, who.examiners[0])
    acts["extend"](target, who.bkn_officer)
    RoleGrant.objects.create(user=who.bkn_officer, role="drafter", agency=idle.agency, from_at=now - timedelta(days=1))
    with refused("own_clock"):  # nor an officer of the body who works for the agency too
        acts["pause"](target, who.bkn_officer)


def test_the_inspectorate_of_an_agency_changes_no_clock_of_that_agency(who, now, morning):
    case = recommended(who, now)
    Case.objects.filter(pk=case.pk).update(handler=who.inspectorate)
    inside = user("Irban", "supervisor_body", morning, body=who.inspectorate)
    with refused("own_clock"):
        case_clocks.extend(case.clocks.get(stopped_on=None), length=1, reason="x", by=inside, now=now)


def test_a_target_is_made_longer_by_its_own_length_at_most_each_time(who, now):
    clock = recommended(who, now).clocks.get(stopped_on=None)
    days = clock.computation["target"]
    with refused("too_long", str(days)):
        case_clocks.extend(clock, length=days + 1, reason="menunggu saksi", by=who.bkn_officer, now=now)
    longer = case_clocks.extend(clock, length=days, reason="menunggu saksi", by=who.bkn_officer, now=now)
    assert (longer.due_on - clock.due_on).days == days and case_clocks.by_itself(longer) == clock.due_on


def test_a_target_is_never_a_legal_limit(who, now):
    case = referred(who, now)
    clock = case.clocks.get(term="target-examine", stopped_on=None)
    assert clock.kind == "target" and clock.computation["legal_limit"] is False


def test_a_paused_clock_waits_and_runs_on(who, now, travel):
    case = recommended(who, now)
    clock = case.clocks.get(stopped_on=None)
    before = clock.due_on
    resting = case_clocks.pause(
        clock,
        from_on=now.date() + timedelta(days=1),
        until_on=None,
        reason="menunggu ahli",
        by=who.bkn_officer,
        now=now,
    )
    assert case_clocks.rests_since(resting) == now.date() + timedelta(days=1)
    assert case_clocks.by_itself(resting) == before
    later = at(now.date() + timedelta(days=60))
    travel.move_to(later)
    assert case_nights.tick_cases(later).is_quiet
    running = case.clocks.get(stopped_on=None)
    clock = case_clocks.resume(running, on=later.date(), by=who.bkn_officer, now=later)
    assert clock.due_on > before + timedelta(days=50) and case_clocks.by_itself(clock) == before


def test_a_night_warns_then_marks_late_then_very_late_and_a_second_run_changes_nothing(who, now, travel):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    clock = case.clocks.get(stopped_on=None)
    seen = []
    for day in (clock.warn_on, clock.late_on, clock.long_on):
        travel.move_to(at(day, 2))
        night = case_nights.tick_cases(at(day, 2))
        seen.append((night.warned, night.overdue, night.long_overdue))
        steps, notices = CaseStep.objects.count(), Notice.objects.count()
        assert case_nights.tick_cases(at(day, 3)).is_quiet
        assert (CaseStep.objects.count(), Notice.objects.count()) == (steps, notices)
        assert case.respondents.get().stage == len(seen)
    assert seen == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


def of_another_rulebook(who, now, *people):
    """Open cases whose first clocks another rulebook counted, and a day too late."""
    for person in people:
        step(opened(who, now, person=person), "pilkada-review", "received", who.ani, now)
    CaseClock.objects.update(rulebook_digest="0" * 64, due_on=F("due_on") + timedelta(days=1))
    return list(CaseClock.objects.filter(stopped_on=None).order_by("pk"))


def failing(monkeypatch, error, start=None):
    """Let the rulebook count no clock, or none that begins on a day."""
    count = rules.due

    def due(term, begins, **more):
        if start in (None, begins):
            raise error
        return count(term, begins, **more)

    monkeypatch.setattr(rules, "due", due)


@pytest.mark.parametrize(
    "error", [HolidaysUnknown(2027), TermNotInForce("x", "2024-10-25", ""), TermUnknown("x"), KeyError("x")]
)
def test_a_clock_that_cannot_be_counted_keeps_its_day_and_stops_no_night(who, now, travel, monkeypatch, caplog, error):
    first, second = of_another_rulebook(who, now, who.sari.person, who.budi.person)
    CaseClock.objects.filter(pk=first.pk).update(start_on=first.start_on - timedelta(days=1))
    failing(monkeypatch, error, start=first.start_on - timedelta(days=1))
    travel.move_to(at(first.warn_on, 2))
    night = case_nights.tick_cases(at(first.warn_on, 2))
    assert (night.recounted, night.warned) == (1, 2)
    kept = CaseClock.objects.get(pk=first.pk)
    assert (kept.due_on, kept.rulebook_digest) == (first.due_on, "0" * 64)
    assert CaseClock.objects.get(pk=second.pk).due_on == second.due_on - timedelta(days=1)
    assert [each.message for each in caplog.records if "cannot be counted" in each.message] == [
        "clocks of cases cannot be counted and keep their days"
    ]


def test_what_a_step_stops_while_clocks_are_counted_anew_stays_stopped(who, now, travel, monkeypatch):
    first, second = of_another_rulebook(who, now, who.sari.person, who.budi.person)
    hold = case_clocks._hold

    def meanwhile(found):
        told = {"requirements-met": True}
        cases.add_step(first.case, "pilkada-register", was="reviewing", facts=told, by=who.ani, now=now)
        CaseClock.objects.filter(pk=second.pk).update(extensions=[{"length": 3, "reason": "ahli", "by": who.ani.pk}])
        hold(found)

    monkeypatch.setattr(case_clocks, "_hold", meanwhile)
    assert case_clocks.recount_open(now) == 1
    kept = CaseClock.objects.get(pk=first.pk)
    assert (kept.stopped_on, kept.next_on, kept.rulebook_digest) == (now.date(), None, "0" * 64)
    assert CaseClock.objects.get(pk=second.pk).due_on == second.due_on + timedelta(days=2)


def test_clocks_that_began_alike_are_counted_once_and_those_that_differ_by_themselves(who, now, travel, monkeypatch):
    people = [who.sari.person, who.budi.person, who.mayor.person]
    plain, extended, paused = of_another_rulebook(who, now, *people)
    CaseClock.objects.filter(pk=extended.pk).update(extensions=[{"length": 3, "reason": "ahli", "by": who.ani.pk}])
    rest = {
        "from": paused.start_on.isoformat(),
        "until": (paused.start_on + timedelta(days=20)).isoformat(),
        "reason": "banjir",
    }
    CaseClock.objects.filter(pk=paused.pk).update(pauses=[rest])
    counted, real = [], rules.due
    monkeypatch.setattr(rules, "due", lambda *args, **more: counted.append(more) or real(*args, **more))
    case_clocks.recount_open(now)
    days = [CaseClock.objects.get(pk=each.pk).due_on for each in (plain, extended, paused)]
    assert days[0] < days[1] < days[2] and len(counted) == 3
    CaseClock.objects.update(rulebook_digest="1" * 64, extensions=[], pauses=[])
    counted.clear()
    case_clocks.recount_open(now)
    assert len(counted) == 1 and set(CaseClock.objects.filter(stopped_on=None).values_list("due_on", flat=True)) == {
        days[0]
    }


def test_clocks_are_counted_anew_some_at_a_time_by_a_few_statements(who, now, travel, monkeypatch):
    clocks = of_another_rulebook(who, now, who.sari.person, who.budi.person, who.mayor.person)
    monkeypatch.setattr(case_clocks, "_AT_ONCE", 2)
    CaseClock.objects.update(due_on=F("due_on") - timedelta(days=1))
    with CaptureQueriesContext(connection) as asked:
        assert case_clocks.recount_open(now) == 0
    assert sum(each["sql"].startswith("UPDATE") for each in asked) == 2
    assert {each.rulebook_digest for each in CaseClock.objects.filter(stopped_on=None)} == {rules.book().digest}
    assert len(clocks) == 3 and not CaseStep.objects.filter(step="clock_recounted").exists()


def test_what_is_long_overdue_is_told_once_whatever_rulebook_counts_it(who, now, travel):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    day = case.clocks.get(stopped_on=None).long_on
    travel.move_to(at(day, 2))
    assert case_nights.tick_cases(at(day, 2)).long_overdue == 1
    CaseClock.objects.update(rulebook_digest="0" * 64)
    assert case_nights.tick_cases(at(day, 3)).is_quiet
    assert case.clocks.get(stopped_on=None).rulebook_digest == rules.book().digest


def test_a_clock_that_was_stopped_comes_to_no_stage(who, now, travel):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    clock = case.clocks.get(stopped_on=None)
    step(case, "pilkada-dismiss", "reviewing", who.ani, now, reason="bukan pelanggaran")
    CaseClock.objects.filter(pk=clock.pk).update(next_on=clock.warn_on)  # as an older night could leave it
    travel.move_to(at(clock.late_on, 2))
    assert case_nights.tick_cases(at(clock.late_on, 2)).is_quiet


def test_the_direct_superior_is_warned_before_he_answers_for_it_unless_he_has_no_part(who, now, travel):
    case = referred(who, now)
    clock = case.clocks.get(term="target-examine", stopped_on=None)
    travel.move_to(at(clock.warn_on, 2))
    case_nights.tick_cases(at(clock.warn_on, 2))
    told = Notice.objects.filter(kind="superior_warned", person=who.budi.person)
    assert told.get().values["warned"] == 1
    case_files.state_conflict(case, why="relative", person=who.budi.person, by=who.mayor.user, now=at(clock.warn_on, 3))
    travel.move_to(at(clock.late_on, 2))
    case_nights.tick_cases(at(clock.late_on, 2))
    assert told.count() == 1


def test_a_case_counts_once_for_its_officers_at_the_gravest_stage_of_its_clocks(who, now, travel):
    case = opened(who, now)
    cases.add_respondent(case, Named(person=who.budi.person, allegations=(alleged(),)), by=who.ani, now=now)
    opened(who, now, person=who.mayor.person)
    first, other = case.clocks.order_by("pk")
    CaseClock.objects.filter(pk=first.pk).update(late_on=first.warn_on, long_on=other.long_on)
    travel.move_to(at(other.warn_on, 2))
    night = case_nights.tick_cases(at(other.warn_on, 2))
    assert (night.warned, night.overdue) == (2, 1)
    for notice in Notice.objects.filter(kind="cases_due"):
        assert notice.values == {"warned": 1, "overdue": 1, "long_overdue": 0}
    assert Notice.objects.filter(kind="cases_due", user=who.ani).count() == 1


def test_a_case_counts_once_for_the_superior(who, now, travel):
    case = referred(who, now)
    examines = again(case.clocks.get(term="target-examine", stopped_on=None))
    travel.move_to(at(examines.warn_on, 2))
    case_nights.tick_cases(at(examines.warn_on, 2))
    warned = Notice.objects.get(kind="superior_warned", person=who.budi.person)
    assert warned.values == {"warned": 1, "overdue": 0, "long_overdue": 0}


def test_a_case_counts_once_for_its_authority_and_for_those_who_watch_it(who, now, travel):
    decides = again(recommended(who, now, person=who.budi.person).clocks.get(term="target-decide", stopped_on=None))
    travel.move_to(at(decides.late_on, 2))
    case_nights.tick_cases(at(decides.late_on, 2))
    told = Notice.objects.get(kind="decisions_due", person=who.mayor.person)
    idle = Notice.objects.get(kind="authority_idle", user=who.bkn_officer)
    assert told.values == idle.values == {"warned": 0, "overdue": 1, "long_overdue": 0}


def test_in_a_demo_whose_day_lies_before_its_roles_were_given_those_of_bodies_are_told_too(who, now, travel):
    """The day of a demo stands still; roles are given by the clock of the machine, as everywhere."""
    decides = recommended(who, now, person=who.budi.person).clocks.get(term="target-decide", stopped_on=None)
    real = at(decides.late_on + timedelta(days=400))
    RoleGrant.objects.update(from_at=real - timedelta(hours=1))
    Installation.objects.update_or_create(
        defaults={"name": "Demo", "is_demo": True, "demo_today": decides.late_on, "created_at": now}
    )
    travel.move_to(real)
    case_nights.tick_cases(real)
    assert Notice.objects.filter(kind="authority_idle", user=who.bkn_officer).count() == 1


def again(clock):
    """Let the same respondent have a second clock that runs like this one, and return it."""
    clock.pk, clock.term = None, "target-execute"
    clock.save(force_insert=True)
    return clock


def test_an_idle_authority_is_a_dated_step_and_those_who_may_act_are_told(who, now, travel):
    case = proposed(who, now, travel)
    clock = case.clocks.get(term="target-decide", stopped_on=None)
    travel.move_to(at(clock.late_on, 2))
    with pytest.raises(CaseStepRefused):
        step(
            opened(who, at(clock.late_on), person=who.budi.person),
            "bkn-warning",
            "received",
            who.bkn_officer,
            at(clock.late_on),
        )
    case_nights.tick_cases(at(clock.late_on, 2))
    assert CaseStep.objects.get(step="authority_idle").by is None
    assert Notice.objects.filter(kind="authority_idle", user=who.bkn_officer).count() == 1
    assert case.respondents.get().state == "proposed"  # nobody decides in the authority's place
    step(case, "bkn-warning", "proposed", who.bkn_officer, at(clock.late_on))
    assert case.respondents.get().state == "proposed"


# --- what is written once ----------------------------------------------------------------------------------------


def test_a_reply_is_that_of_the_respondent_himself_and_not_of_his_namesake(who, now, city):
    case = opened(who, now)
    first = case.respondents.get()
    name = who.sari.person.full_name
    namesake = make_member(city.units.get(parent=None), "197901012005012009", name, sex="f", post="Analis").person
    second = cases.add_respondent(case, Named(person=namesake, allegations=(alleged("Aula"),)), by=who.ani, now=now)
    case_files.assign(case, who.ani, "examiner", by=who.ani, now=now)
    for respondent, text in ((first, "bukan saya"), (second, "saya hanya lewat")):
        case_files.record_reply(respondent, on=now.date(), text=text, by=who.ani, now=now)
    assert [each.text for each in case_referrals.replies_for(first, who.ani, now=now)] == ["bukan saya"]
    assert [each.text for each in case_referrals.replies_for(second, who.ani, now=now)] == ["saya hanya lewat"]
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        case.evidence.update(respondent=first)


def test_only_those_who_examine_a_respondent_write_what_he_answered(who, now):
    def reply(by):
        case_files.record_reply(case.respondents.get(), on=now.date(), text=f"kata {by.pk}", by=by, now=now)

    case = opened(who, now)
    with refused("not_examiner"):
        reply(who.ani)
    case_files.assign(case, who.ani, "examiner", by=who.ani, now=now)
    reply(who.ani)
    case = referred(who, now, person=who.budi.person)
    CaseOfficer.objects.create(
        case=case, user=who.bkn_officer, duty="examiner", from_at=now, given_by=who.bkn_officer
    )  # while BKN had it
    for each in (who.examiners[0], who.bkn_officer):
        with refused("not_examiner"):
            reply(each)  # nobody gave it to the one; the other has the role of no examiner of the city
    with refused("not_yours"):
        reply(who.mayor.user)
    case_files.assign(case, who.examiners[0], "examiner", by=who.mayor.user, now=now)
    reply(who.examiners[0])
    assert case.evidence.exclude(respondent=None).get().by == who.examiners[0]


def test_what_was_kept_back_from_a_body_goes_on_with_nothing_that_it_sends(who, now):
    case = assessed(who, now)
    kept = case_files.add_evidence(case, label="Sumber", text="rahasia", by=who.ani, now=now)
    sent = case_referrals.send(
        case, who.bkn, number="1/B", words="mohon", was="assessed", parts=list(case.evidence.exclude(pk=kept.pk)),
        by=who.ani, now=now,
    )  # fmt: skip
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    third = Body.objects.create(kind="kemenpanrb", name="Kementerian Rekaan")
    user("Tiga", "national_body", now, body=third)
    with refused("evidence", "parts"):
        case_referrals.send(
            case, third, number="2/B", words="mohon", was="with-national", parts=[kept], by=who.bkn_officer, now=now
        )


def test_what_was_done_in_a_case_never_changes(who, now):
    case = opened(who, now)
    for change in (lambda: CaseStep.objects.update(step="x"), lambda: case.respondents.all()._raw_delete("default"),
                   lambda: CaseStep.objects.all()._raw_delete("default"),
                   lambda: case.respondents.get().allegations.update(gist="lain")):  # fmt: skip
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            change()


def test_nothing_of_a_case_file_is_deleted_and_a_conflict_is_lifted_alone(who, now):
    case = opened(who, now)
    case_files.add_evidence(case, label="Video", text="uraian", by=who.ani, now=now)
    case_files.add_note(case, "catatan", by=who.ani, now=now)
    CaseOfficer.objects.create(case=case, user=who.examiners[0], duty="examiner", from_at=now, given_by=who.ani)
    case_files.state_conflict(case, why="patron", person=who.budi.person, by=who.ani, now=now)
    for rows in (case.evidence, case.notes, case.respondents.get().allegations, case.conflicts, case.officers):
        assert rows.exists()
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            rows.all()._raw_delete("default")
    for rows, changed in ((case.evidence, {"label": "x"}), (case.notes, {"text": "x"}), (case.conflicts, {"why": "x"})):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            rows.update(**changed)
    lifted = {"lifted_at": now, "lifted_by": who.beni, "lifted_reason": "bukan keluarga"}
    assert CaseConflict.objects.update(**lifted) == 1
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        CaseConflict.objects.update(lifted_reason="x")
    CaseOfficer.objects.update(until_at=now)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never"), transaction.atomic():
            cursor.execute("REPLACE INTO records_casenote SELECT * FROM records_casenote")
