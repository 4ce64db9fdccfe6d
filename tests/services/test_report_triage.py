"""Many reports at once: what was shown is what is done, each reporter reads why, and all of it comes back."""

import json

import pytest

from ikrar.domain.errors import ReportActRefused
from ikrar.gateways import log_key
from ikrar.records.models import Body, LogPayload, Report, ReportAct, ReportReader, ReportTriage, RoleGrant
from ikrar.services import mailbox, report_desk, report_inbox, report_triage, reports
from ikrar.services.report_inbox import Wanted
from tests.reporting import make_desk
from tests.services.test_report_inbox import CODE, CONTENT
from tests.web import stage as stages

pytestmark = pytest.mark.django_db
NOW = stages.MORNING


@pytest.fixture
def desk(city, home):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    with stages.one_morning():
        yield make_desk(body, ["Ani Contohwati", "Beni Misalkan"], stages.MORNING)


def filed(desk, *, code=None, excluded=(), body=None):
    to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=excluded, now=NOW)
    sealed = reports.Sealing().finish(CONTENT, None, to, code, on=NOW.date())
    return reports.receive(sealed, body=desk.body, channel="plain", regime="pilkada", now=NOW).report


def refused(reason):
    return pytest.raises(ReportActRefused, check=lambda error: error.reason == reason)


def choose(desk, numbers, act="set_aside", who=0):
    return report_triage.choose(desk.users[who], [desk.body.pk], numbers, act, now=NOW)


def do(triage, reason="empty"):
    small = report_triage.order(triage, reason=reason, now=NOW)
    report_triage.run(triage.pk, now=NOW)
    triage.refresh_from_db()
    return small


def states():
    return dict(Report.objects.values_list("pk", "state"))


def entries(event):
    said = [json.loads(bytes(each)) for each in LogPayload.objects.values_list("payload", flat=True)]
    return [each["data"] for each in said if each["event"] == event]


def test_who_lost_his_right_meanwhile_sets_nothing_more_aside(desk):
    triage = choose(desk, [filed(desk)])
    report_triage.order(triage, reason="empty", now=NOW)
    RoleGrant.objects.filter(user=desk.users[0]).update(until_at=NOW)
    report_triage.run(triage.pk, now=NOW)
    triage.refresh_from_db()
    assert (triage.state, triage.changed) == ("done", 0) and set(states().values()) == {"received"}


def test_five_hundred_are_set_aside_and_all_come_back_as_they_were(desk):
    numbers = [filed(desk) for _each in range(20)]
    report_desk.open_report(report_desk.seen(desk.users[0], [desk.body.pk], numbers[0]), by=desk.users[0], now=NOW)
    triage = choose(desk, numbers)
    assert report_triage.chosen(triage).states == (("read", 1), ("received", 19))
    assert do(triage)
    assert (triage.state, triage.changed, triage.wanted) == ("done", 20, [])
    assert set(states().values()) == {"set_aside"}
    assert set(ReportReader.objects.values_list("state", flat=True)) == {"set_aside"}
    assert not report_inbox.inbox(desk.users[1], [desk.body.pk], Wanted()).lines
    assert ReportAct.objects.filter(kind="set_aside", user=desk.users[0], note="empty").count() == 20
    [entry] = entries("report.set_aside")
    assert set(entry["reports"]) == {f"{each:016x}" for each in numbers} and entry["reason"] == "empty"
    back = report_triage.choose_back(triage, now=NOW)
    do(back, "")
    assert states() == dict.fromkeys(numbers, "received") | {numbers[0]: "read"}
    assert set(ReportReader.objects.exclude(report=numbers[0]).values_list("state", flat=True)) == {"received"}
    assert set(ReportReader.objects.filter(report=numbers[0]).values_list("state", flat=True)) == {"read"}
    assert len(entries("report.restored")) == 1


def test_a_report_that_comes_after_the_choice_was_shown_is_not_among_it(desk):
    first = filed(desk)
    triage = report_triage.choose_matching(desk.users[0], [desk.body.pk], Wanted(), "set_aside", now=NOW)
    late = filed(desk)
    do(triage)
    assert states() == {first: "set_aside", late: "received"}


def test_a_report_that_changed_meanwhile_stays_as_it_is(desk):
    first, second = filed(desk), filed(desk)
    triage = choose(desk, [first, second])
    Report.objects.filter(pk=first).update(state="formal")
    do(triage)
    assert (triage.count, triage.changed) == (2, 1) and states() == {first: "formal", second: "set_aside"}


def test_nobody_sets_aside_what_he_cannot_open_or_what_lies_elsewhere(desk, city):
    hidden, own = filed(desk, excluded=[desk.ids[0]]), filed(desk)
    with refused("nothing"):
        choose(desk, [hidden])
    triage = choose(desk, [hidden, own])
    assert triage.wanted == [own]
    other = make_desk(
        Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat"),
        ["Dodo", "Eti"],
        NOW,
    )
    ReportReader.objects.create(
        report_id=own, key=other.rows[0], body=other.body, state="received", received_on=stages.TODAY, channel="plain"
    )
    with refused("nothing"):  # it reads a copy, and decides nothing about it
        report_triage.choose(other.users[0], [other.body.pk], [own], "set_aside", now=NOW)


def test_a_choice_is_of_one_body(desk, city):
    other = make_desk(
        Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat"),
        ["Dodo", "Eti"],
        NOW,
    )
    one, another = filed(desk), filed(other)
    ReportReader.objects.filter(key=other.rows[0]).update(key=desk.rows[0])  # as if he held keys of both
    OfficerKey = type(desk.rows[0])
    OfficerKey.objects.filter(pk=desk.rows[0].pk).update(body=desk.body)
    with refused("bodies"):
        report_triage.choose(desk.users[0], [desk.body.pk, other.body.pk], [one, another], "set_aside", now=NOW)


def test_each_reporter_reads_why_and_his_answer_brings_it_back(desk):
    number = filed(desk, code=CODE)
    do(choose(desk, [number]), "double")
    box = mailbox.open_box(CODE)
    assert box.report.triage.reason == "double" and not box.is_closed
    mailbox.reply(box, "Ini laporan lain", [], mailbox.adding(box), now=NOW)
    assert states() == {number: "received"}
    assert ReportReader.objects.filter(state="received").count() == 2


def test_an_order_needs_its_reason_and_is_given_once(desk):
    number = filed(desk)
    triage = choose(desk, [number])
    with refused("reason_missing"):
        report_triage.order(triage, reason="", now=NOW)
    with refused("reason_missing"):
        report_triage.order(triage, reason="nonsense", now=NOW)
    do(triage)
    with refused("ordered"):
        report_triage.order(triage, reason="empty", now=NOW)
    with refused("ordered"):
        report_triage.drop(triage)
    report_triage.run(triage.pk, now=NOW)  # the worker comes a second time
    assert ReportAct.objects.filter(kind="set_aside").count() == 1


def test_a_choice_that_nobody_orders_is_forgotten(desk):
    number = filed(desk)
    report_triage.drop(choose(desk, [number]))
    triage = choose(desk, [number])
    report_triage.clear(NOW)
    assert ReportTriage.objects.get() == triage
    report_triage.clear(NOW + report_triage._KEPT * 2)
    assert not ReportTriage.objects.exists() and states() == {number: "received"}


def test_an_erased_report_is_neither_set_aside_nor_brought_back(desk):
    gone, kept = filed(desk), filed(desk)
    triage = choose(desk, [gone, kept])
    Report.objects.filter(pk=gone).update(erased_on=stages.TODAY)
    do(triage)
    assert states() == {gone: "received", kept: "set_aside"}
    Report.objects.filter(pk=kept).update(erased_on=stages.TODAY)
    with refused("nothing"):
        report_triage.choose_back(triage, now=NOW)


def _many(desk, count):
    """Write so many reports as rows, each a double of one that was filed; return their numbers."""
    one = Report.objects.get(pk=filed(desk))
    number = range(10**6, 10**6 + count)
    made = [
        Report(**{f.attname: getattr(one, f.attname) for f in Report._meta.concrete_fields} | {"id": each})
        for each in number
    ]
    for each in made:
        each.finder = None
    Report.objects.bulk_create(made, batch_size=500)
    lines = list(ReportReader.objects.filter(report=one))
    fields = [f.attname for f in ReportReader._meta.concrete_fields if f.attname != "id"]
    ReportReader.objects.bulk_create(
        [
            ReportReader(**{f: getattr(line, f) for f in fields} | {"report_id": each})
            for each in number
            for line in lines
        ],
        batch_size=500,
    )
    return {one.pk, *number}


def test_twenty_thousand_are_chosen_in_a_moment_and_done_in_steps(desk, django_assert_max_num_queries):
    numbers = _many(desk, 20_000)
    with django_assert_max_num_queries(20):
        triage = report_triage.choose_matching(desk.users[0], [desk.body.pk], Wanted(), "set_aside", now=NOW)
    assert triage.count == len(numbers)
    with django_assert_max_num_queries(20):
        assert report_triage.chosen(triage).may == len(numbers)
    assert not report_triage.order(triage, reason="double", now=NOW)
    for _each in range(3):
        assert report_triage._step(triage.pk, NOW)
    triage.refresh_from_db()
    assert (triage.done, triage.changed, triage.state) == (1_500, 1_500, "waiting")
    assert report_triage.waiting_after_a_stop() == [triage.pk]
    report_triage.run(triage.pk, now=NOW)  # after a stop it goes on where it stopped
    triage.refresh_from_db()
    assert triage.changed == len(numbers) and set(states().values()) == {"set_aside"}
    assert {each for entry in entries("report.set_aside") for each in entry["reports"]} == {
        f"{n:016x}" for n in numbers
    }
    assert len(entries("report.set_aside")) == 41
    assert report_triage.choose_back(triage, now=NOW).count == len(numbers)
