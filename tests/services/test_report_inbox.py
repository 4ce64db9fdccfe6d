"""The inbox: what is due first stands first, filters by coarse facts, pages without loss, at a hundred thousand too."""

from datetime import date, timedelta

import pytest
from django.db import connection

from ikrar.domain import return_codes
from ikrar.gateways import log_key
from ikrar.records.models import Body, IntakeCount, Report, ReportReader
from ikrar.services import mailbox, report_desk, report_inbox, reports
from ikrar.services.report_inbox import Wanted
from tests.reporting import make_desk
from tests.web import stage as stages

pytestmark = pytest.mark.django_db
TODAY = stages.TODAY
CODE = return_codes.new(lambda count: bytes(range(count)))
CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}


@pytest.fixture
def desk(city, home):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    with stages.one_morning():
        yield make_desk(body, ["Ani Contohwati", "Beni Misalkan"], stages.MORNING)


def filed(desk, *, known=None, named=False, channel="plain", on=TODAY, files=(), ticks=(), code=None):
    """File a report as it would have been filed on a day."""
    to = reports.addressees(desk.body, key_set=desk.set().digest, now=stages.MORNING)
    making = reports.Sealing()
    for name, content in files:
        making.file(name).write(content)
    identity = {"v": 1, "name": "Pelapor", "address": "Jalan"} if named else None
    sealed = making.finish(CONTENT, identity, to, code, on=TODAY)
    number = reports.receive(
        sealed, body=desk.body, channel=channel, known_on=known, regime="pilkada", ticks=ticks, now=stages.MORNING
    ).report
    if on != TODAY:
        report = Report.objects.select_related("body").get(pk=number)
        report.received_on, report.state_on, report.filed_on = on, on, on if named else None
        Report.objects.filter(pk=number).update(received_on=on, state_on=on, filed_on=report.filed_on)
        line = reports.report_lines.facts(report, region="13.75", sizes=[1])
        ReportReader.objects.filter(report=number).update(**line)
    return number


def inbox(desk, number=0, **wanted):
    return report_inbox.inbox(desk.users[number], [desk.body.pk], Wanted(**wanted))


def order(desk, **wanted):
    return [line.report.pk for line in inbox(desk, **wanted).lines]


def day(back):
    return TODAY - timedelta(days=back)


def test_what_is_due_first_stands_first(desk):
    lapsed = filed(desk, known=day(30), on=day(20))
    unknown = filed(desk, on=day(2))
    week = filed(desk, known=TODAY)
    tomorrow = filed(desk, known=day(6))
    late = filed(desk, named=True, known=day(10), on=day(8))
    review = filed(desk, named=True, known=day(1))
    found = order(desk)
    assert found[0] == late and set(found[1:3]) <= {tomorrow, review} and found[3] == week
    assert found[4:] == [lapsed, unknown]  # nothing is due of them: what waits longest comes first
    newest = order(desk, newest=True)
    assert newest[-1] == lapsed and set(newest[:3]) == {week, tomorrow, review}
    lines = {line.report.pk: line for line in inbox(desk).lines}
    assert lines[week].days_left == 7 and lines[lapsed].days == 20 and lines[late].days_left < 0


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"channel": "staff"}, "s"), ({"due": "soon"}, "tn"), ({"due": "over"}, "l"), ({"on": day(20)}, "l"),
        ({"age": (8, None)}, "l"), ({"age": (None, 3)}, "sntf"), ({"age": (None, 0)}, "sntf"), ({"named": True}, "n"),
        ({"named": False, "age": (None, 0)}, "stf"), ({"small": True}, "lsnt"), ({"lacks": "much"}, "lstf"), ({"lacks": "few"}, "n"),
        ({"lacks": "nothing"}, ""), ({"states": ("closed",)}, ""), ({"states": ("received",)}, "lsntf"),
    ],
)  # fmt: skip
def test_a_filter_shows_what_it_says(desk, wanted, names):
    most = list(reports.report_lines.requirements("pilkada", TODAY))[:5]
    made = {
        "l": filed(desk, known=day(30), on=day(20)),
        "s": filed(desk, channel="staff"),
        "n": filed(desk, named=True, ticks=[each.id for each in most]),
        "t": filed(desk, known=day(6)),
        "f": filed(desk, files=[("a.txt", b"isi" * 1000)]),
    }
    found = inbox(desk, **wanted)
    assert {line.report.pk for line in found.lines} == {made[name] for name in names}
    assert found.count == len(names)
    assert report_inbox.matching(desk.users[0], [desk.body.pk], Wanted(**wanted)) == sorted(
        made[name] for name in names
    )


@pytest.mark.parametrize("newest", [False, True])
def test_pages_follow_each_other_without_loss_or_doubles_through_all_parts(desk, monkeypatch, newest):
    monkeypatch.setattr(report_inbox, "PAGE", 3)
    made = [
        filed(desk, known=day(back) if back < 9 else None, named=back % 5 == 0, on=day(back % 4)) for back in range(14)
    ]
    found, after = [], None
    while True:
        page = inbox(desk, newest=newest, after=after)
        assert page.count == 14 and len(page.lines) <= 3
        found += [line.report.pk for line in page.lines]
        if page.more is None:
            break
        after = page.more
    assert len(found) == 14 and set(found) == set(made)
    monkeypatch.setattr(report_inbox, "PAGE", 50)
    assert found == order(desk, newest=newest)


def test_a_line_follows_what_happens_to_its_report(desk):
    number = filed(desk, known=day(2), code=CODE)
    lines = ReportReader.objects.filter(report=number)
    assert set(lines.values_list("due_on", "named", "lacks", "size_step")) == {(date(2024, 10, 30), False, 7, 1)}
    now = stages.MORNING
    mailbox.step_forward(mailbox.open_box(CODE), {"name": "Pelapor", "address": "Jalan"}, now=now)
    assert set(lines.values_list("due_on", "named", "lacks")) == {(date(2024, 10, 27), True, 6)}
    box = mailbox.open_box(CODE)
    added = mailbox.adding(box)
    added.file("a.txt").write(b"bukti" * 2000)
    mailbox.reply(box, "Ini buktinya", [], added, now=now)
    assert set(lines.values_list("lacks", "size_step")) == {(5, 32)}
    found = report_desk.seen(desk.users[0], [desk.body.pk], number)
    report_desk.open_report(found, by=desk.users[0], now=now)
    met = [each.id for each in reports.report_lines.requirements("pilkada", TODAY)]
    report_desk.tick(report_desk.seen(desk.users[0], [desk.body.pk], number), met, by=desk.users[0], now=now)
    assert set(lines.values_list("lacks", "state")) == {(0, "read")}


def test_a_registered_report_is_late_no_more(desk):
    number = filed(desk, named=True, on=day(8))
    found = report_desk.seen(desk.users[0], [desk.body.pk], number)
    report_desk.open_report(found, by=desk.users[0], now=stages.MORNING)
    found = report_desk.seen(desk.users[0], [desk.body.pk], number)
    assert inbox(desk).lines[0].days_left < 0
    report_desk.change_state(found, "formal", was="read", by=desk.users[0], now=stages.MORNING)
    [line] = inbox(desk).lines
    assert not line.is_due


def test_the_page_of_an_inbox_needs_no_sorting(desk):
    """What is filtered and put in order stands in one index; a page of a hundred thousand reads a hundred lines."""
    if connection.vendor != "sqlite":
        pytest.skip("the planner of PostgreSQL goes by what it counted")
    today = TODAY
    for part in report_inbox.Part:
        rows = report_inbox._within(
            ReportReader.objects.filter(key=1, state="received"), "received", part, Wanted(), today
        )
        field = "received_on" if part is report_inbox.Part.REST else "due_on"
        plan = (
            rows.order_by(field, "report_id").values_list(field, "report_id", "due_on", "named", "lacks")[:51].explain()
        )
        assert "COVERING INDEX report_reader" in plan and "B-TREE" not in plan, plan


def test_the_queues_of_today_are_told(desk, settings):
    settings.INTAKE_BUDGETS = {"plain": 1, "scripted": 5, "staff": 5}
    filed(desk)
    IntakeCount.objects.create(body=desk.body, channel="staff", on=day(1), count=5)
    [queue] = report_inbox.queues(desk.users[0], [desk.body.pk])
    assert (queue.channel, queue.count, queue.is_full) == ("plain", 1, True)
    settings.INTAKE_BUDGETS = {"plain": 2, "scripted": 5, "staff": 5}
    [queue] = report_inbox.queues(desk.users[0], [desk.body.pk])
    assert (queue.channel, queue.count, queue.is_full) == ("plain", 1, False)
