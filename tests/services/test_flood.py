"""A flood of empty, doubled or invented reports: none of it hides the one that matters, and no other channel shuts."""

import os

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ikrar.domain import return_codes
from ikrar.domain.errors import IntakeFull
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, IntakeCount, Report, ReportApart, ReportPrint, ReportReader, ReportTriage
from ikrar.services import mailbox, report_desk, report_doubles, report_inbox, report_triage, reports
from ikrar.services.report_inbox import Wanted
from tests.conftest import MORNING
from tests.reporting import make_desk
from tests.web.stage import one_morning, open_session
from tests.web.walk import go, post, send, state_of, step_of, text, until

pytestmark = pytest.mark.django_db
JUNK = {"v": 1, "what": "x" * 40, "when": "", "where": "", "who": [], "witnesses": [], "links": []}
STORY = JUNK | {
    "what": "Camat meminta memilih pasangan tertentu",
    "when": "Senin",
    "where": "Kantor",
    "who": [{"post": "Camat"}],
}
MET = [
    "pilkada-formal-respondent", "pilkada-formal-within-time", "pilkada-material-time-and-place", "pilkada-material-account",
    "pilkada-material-evidence",
]  # fmt: skip


@pytest.fixture(autouse=True)
def on_the_morning():
    with one_morning():
        yield


@pytest.fixture
def desk(city, home):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    reports._full.clear()
    mailbox._wrong.clear()
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    yield make_desk(body, ["Ani Contohwati", "Beni Misalkan"], MORNING)
    reports._full.clear()


def file(desk, now, channel, content=JUNK, code=None, **more):
    to = reports.addressees(desk.body, key_set=desk.set().digest, now=now)
    code = code or return_codes.new(os.urandom)
    sealed = reports.Sealing().finish(content, None, to, code, on=now.date())
    return reports.receive(sealed, body=desk.body, channel=channel, regime="pilkada", now=now, **more)


def inbox(desk, **wanted):
    return report_inbox.inbox(desk.users[0], [desk.body.pk], Wanted(**wanted))


def test_five_hundred_invented_reports_hide_none_that_matters_and_go_by_one_choice(desk, now, settings):
    settings.INTAKE_BUDGETS = {"plain": 400, "scripted": 50, "staff": 50}
    early = file(desk, now, "plain", STORY, known_on=now.date().replace(day=22), ticks=MET)
    refused = 0
    for _ in range(500):
        try:
            file(desk, now, "plain")
        except IntakeFull:
            refused += 1
    late = file(desk, now, "scripted", STORY, known_on=now.date().replace(day=23), ticks=MET)
    by_hand = file(desk, now, "staff", STORY, known_on=now.date().replace(day=24), ticks=MET)
    assert refused == 101 and Report.objects.count() == 402
    found = inbox(desk)
    # What has a day until which something must be done stands first; a flood has none that it can invent for nothing.
    assert [line.report.pk for line in found.lines[:3]] == [each.report for each in (early, late, by_hand)]
    assert {line.report.pk for line in inbox(desk, lacks="few").lines} >= {early.report, late.report, by_hand.report}
    chosen = report_triage.choose_matching(
        desk.users[0],
        [desk.body.pk],
        Wanted(channel="plain", small=True, lacks="much"),
        ReportTriage.Act.SET_ASIDE,
        now=now,
    )
    report_triage.order(chosen, reason=ReportTriage.Reason.EMPTY, now=now)
    report_triage.run(chosen.pk, now=now)
    assert {line.report.pk for line in inbox(desk).lines} == {early.report, late.report, by_hand.report}


def test_a_flood_that_invents_days_too_is_told_from_the_rest_by_what_it_lacks(desk, now, settings):
    settings.INTAKE_BUDGETS = {"plain": 400, "scripted": 50, "staff": 50}
    day = now.date().replace(day=20)
    for _ in range(120):
        file(desk, now, "plain", known_on=day, ticks=["pilkada-formal-within-time"])
    real = file(desk, now, "plain", STORY, known_on=now.date().replace(day=23), ticks=MET)
    assert real.report not in {line.report.pk for line in inbox(desk).lines}
    assert [line.report.pk for line in inbox(desk, lacks="few").lines] == [real.report]


def test_a_double_is_known_before_anything_is_sealed(desk, now, monkeypatch):
    client, other = Client(), Client()
    page = until(client, desk, "files")
    first = send(client, page)

    def never(*_arguments, **_named):
        raise AssertionError("sealed")

    monkeypatch.setattr(sealing, "seal", never)
    for _ in range(500):
        assert "tidak dibuat dua kali" in text(send(other, page))
    assert Report.objects.count() == 1 and IntakeCount.objects.get().count == 1 and first.status_code == 200


def test_what_comes_into_a_full_channel_is_refused_before_anything_is_sealed(desk, now, settings, monkeypatch):
    settings.INTAKE_BUDGETS = {"plain": 1, "scripted": 5, "staff": 5}
    client = Client()
    pages = [until(client, desk, "files") for _ in range(3)]
    assert send(client, pages[0]).status_code == 200
    assert send(client, pages[1]).status_code == 422  # here it is found full

    def never(*_arguments, **_named):
        raise AssertionError("sealed")

    monkeypatch.setattr(sealing, "seal", never)
    refused = send(client, pages[2])
    assert (
        refused.status_code == 422 and "besok saluran ini terbuka lagi" in text(refused) and step_of(refused) == "files"
    )
    # Tomorrow, or with a larger budget, it is open again.
    monkeypatch.undo()
    settings.INTAKE_BUDGETS = {"plain": 2, "scripted": 5, "staff": 5}
    assert send(client, refused).status_code == 200


def test_five_hundred_empty_ones_never_leave_their_page(desk):
    client = Client()
    page = until(client, desk, "what")
    for typed in ("", "   ", "\n" * 500, ".", "a b c", "\u200b" * 5):
        assert {go(client, page, what=typed).status_code for _ in range(84)} == {422}
    # Nor does one that jumps over it.
    jumped = client.post(reverse("report-send"), {"state": state_of(page)})
    assert jumped.status_code == 422 and not Report.objects.exists() and not IntakeCount.objects.exists()
    assert post(client, "report-step", step="files", state=state_of(page)).status_code in (200, 422)
    assert not Report.objects.exists()


MANY = 10_000


@pytest.fixture
def ten_thousand(desk, now):
    """Equal reports, all opened by Ani, each with one print that all share and one of five hundred that twenty share."""
    first = Report.objects.get(pk=file(desk, now, "plain").report)
    line = first.readers.get(key=desk.rows[0])

    def copy_of(row, pk, **changes):
        made = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
        for name, value in {"pk": pk, **changes}.items():
            setattr(made, name, value)
        return made

    reports_of = [copy_of(first, 10_000_000 + n, finder=None) for n in range(MANY - 1)]
    Report.objects.bulk_create(reports_of)
    ReportReader.objects.bulk_create(copy_of(line, 20_000_000 + n, report=each) for n, each in enumerate(reports_of))
    on = now.date()
    ReportPrint.objects.bulk_create(
        ReportPrint(report=each, body=desk.body, kind=kind, version=1, print=value, by=desk.users[0], on=on, asks=True)
        for n, each in enumerate([first, *reports_of])
        for kind, value in (("page", "a" * 64), ("evidence", f"{n % 500:064x}"))
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as a server does by itself of what was committed
    return [first, *reports_of]


def looked_at(client, address, most_queries):
    """Ask for a page; hold how many queries it takes, and return how many lines of a list or table it has, and its text."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    assert page.status_code == 200 and len(queries) <= most_queries, (address, len(queries))
    told = text(page)
    assert len(page.content) < 1_000_000, (address, len(page.content))
    return page.content.decode().count("<li") + page.content.decode().count("<tr"), told


def test_ten_thousand_equal_reports_make_no_page_longer_and_ask_no_more_of_the_database(desk, now, ten_thousand):
    client = Client()
    client.cookies["ikrar"] = open_session(desk.users[0])
    body, first = desk.body, ten_thousand[0]
    for address in ("/laporan/", "/laporan/meja/", "/laporan/meja/?urut=baru"):
        lines, told = looked_at(client, address, 40)
        assert lines < report_inbox.PAGE + 30 and "10.000 laporan" in told, (address, lines)
    # However many are equal, twenty groups of a few lines each are shown.
    lines, told = looked_at(client, "/laporan/kembar/", 60)
    assert lines <= 20 * 12 + 30 and "dan 988 laporan lagi" in told
    number = report_desk.number_of(first)
    lines, _told = looked_at(client, f"/laporan/{number}/", 60)
    assert lines < 60
    found = report_desk.seen(desk.users[0], [body.pk], first.pk)
    with CaptureQueriesContext(connection) as queries:
        matches = report_doubles.matches(found, desk.users[0])
    assert len(queries) < 15 and len(matches.first) == report_doubles.MOST_SHOWN and matches.more > 4_000
    # Merged by a thousand at a time they are one matter, of which each page shows a part.
    for start in range(0, 3_000, 999):
        some = [first.pk, *(each.pk for each in ten_thousand[1 + start : 1000 + start])]
        with CaptureQueriesContext(connection) as queries:
            report_doubles.merge(desk.users[0], [body.pk], some, now=now)
        assert len(queries) < 80, len(queries)
    lines, told = looked_at(client, f"/laporan/{number}/", 60)
    assert lines < 60 + report_doubles.MOST_SHOWN and "Satu perkara: 3.997 laporan" in told
    lines, told = looked_at(client, "/laporan/meja/", 40)
    assert lines < report_inbox.PAGE + 30


def test_ten_thousand_judged_apart_from_one_another_are_no_group_and_hold_nobody_up(desk, now, ten_thousand):
    ReportApart.objects.bulk_create(
        ReportApart(report=each, parting=1, side=n, by=desk.users[0], at=now) for n, each in enumerate(ten_thousand)
    )
    client = Client()
    client.cookies["ikrar"] = open_session(desk.users[0])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE records_reportapart")
    _lines, told = looked_at(client, "/laporan/kembar/", 60)
    assert "Tidak ada usulan" in told
