"""Erasing by rule: what goes, in which order, what stays, and what stops it."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection

from ikrar.domain import return_codes
from ikrar.domain.errors import MailboxUnknown, ReportStands, RetentionRefused
from ikrar.domain.report_states import WITHDRAWN
from ikrar.domain.retention import RULES, TOMBSTONE_DAYS, HoldKind, Kept
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, LogPayload, Notice, Report, ReportAct
from ikrar.services import ledger, mailbox, report_copies, report_desk, reports, retention, tick
from tests import template
from tests.conftest import NOW
from tests.reporting import make_desk

CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}
NAMED = {"v": 1, "name": "Pelapor Contoh", "address": "Jalan Contoh 1"}
DAY = timedelta(days=1)
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def clean():
    retention.begin_anew()
    mailbox._wrong.clear()


@pytest.fixture
def desk(city, home, clean, now):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    with time_machine.travel(now, tick=False):
        yield make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], now)


@pytest.fixture
def other(desk, city, now):
    body = Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat Bukittinggi")
    return make_desk(body, ["Dodo Rekaan", "Eti Andaikan"], now)


_made = iter(range(1, 1000))


def filed(desk, *, identity=None, files=1, state="", on=None):
    """File a report with files; return it with its code."""
    code = return_codes.new(lambda count, number=next(_made): number.to_bytes(count))
    making = reports.Sealing()
    for number in range(files):
        making.file(f"{number}.txt").write(b"bukti " * 500)
    to = reports.addressees(desk.body, key_set=desk.set().digest, now=NOW)
    sealed = making.finish(CONTENT, identity, to, code, on=NOW.date())
    pk = reports.receive(
        sealed, body=desk.body, channel="plain", known_on=NOW.date(), regime="pilkada",
        ticks=["pilkada-material-account"], now=NOW,
    ).report  # fmt: skip
    if state:
        Report.objects.filter(pk=pk).update(state=state)
    return Report.objects.get(pk=pk), code


def days(kind):
    return timedelta(days=RULES[kind].days)


def swept(at):
    with time_machine.travel(at, tick=False):
        return retention.sweep(at)


def files_on_disk():
    return [path for path in reports.root().rglob("*") if path.is_file()]


def opened(desk, report, now=NOW):
    report_desk.open_report(
        report_desk.seen(desk.users[0], [desk.body.pk], report.pk), by=desk.users[0], now=now
    )  # fmt: skip


def refused(reason):
    return pytest.raises(RetentionRefused, check=lambda error: error.reason == reason)


# --- what goes, and what stays -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_of_an_erased_report_stays_what_the_log_needs_and_nothing_that_opens(desk):
    report, code = filed(desk, identity=NAMED, state="closed", files=2)
    opened(desk, report)
    receipt = reports.receipt_of(report)
    assert swept(NOW + days(Kept.CLOSED) - DAY) == 0 and len(files_on_disk()) == 2
    retention.begin_anew()
    assert swept(NOW + days(Kept.CLOSED)) == 1
    report.refresh_from_db()
    assert report.erased_on == (NOW + days(Kept.CLOSED)).date()
    assert files_on_disk() == []
    kept = {}
    for relation in Report._meta.related_objects:
        rows = relation.related_model.objects.filter(**{relation.field.name: report})
        kept |= {relation.related_model.__name__: rows.count()} if rows.exists() else {}
    assert kept == {"ReportAct": 1} and ReportAct.objects.get().kind == "erased"
    assert (report.content_to, report.identity_to, report.dialogue_to, report.mailbox) == ("", "", "", "")
    assert (report.known_on, report.ticks, report.has_identity, report.regime) == (None, [], False, "")
    # The promise of its receipt still stands, and the log still proves itself.
    assert reports.receipt_of(report) == receipt
    reports.check_kept(reports.check_receipt(receipt[0]))
    entries = [json.loads(bytes(each)) for each in LogPayload.objects.values_list("payload", flat=True)]
    assert [each["data"]["kind"] for each in entries if each["event"] == "report.erased"] == ["closed"]
    assert ledger.verify_all()[1] == []
    with pytest.raises(Report.DoesNotExist):
        report_desk.seen(desk.users[0], [desk.body.pk], report.pk)


@pytest.mark.django_db
def test_its_reporter_is_told_before_and_afterwards_and_a_year_later_his_code_finds_nothing(desk):
    report, code = filed(desk)
    box = mailbox.open_box(code)
    assert box.kept.erased_from == NOW.date() + days(Kept.WAITING)
    mailbox.withdraw(box, now=NOW)
    assert mailbox.open_box(code).kept.erased_from == NOW.date() + days(Kept.WITHDRAWN)
    gone = NOW + days(Kept.WITHDRAWN)
    assert swept(gone) == 1
    box = mailbox.open_box(code)
    assert box.report.erased_on == gone.date() and box.kept is None and box.content == {} and box.messages == ()
    with pytest.raises(ReportStands):
        mailbox.reply(box, "masih ada?", [], mailbox.Sealing(), now=gone)
    assert mailbox.find(code.lookup).envelope == b""
    swept(gone + timedelta(days=TOMBSTONE_DAYS))
    assert mailbox.open_box(code).report == report
    swept(gone + timedelta(days=TOMBSTONE_DAYS + 1))
    with pytest.raises(MailboxUnknown):
        mailbox.open_box(code)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(Kept))
def test_each_kind_goes_on_its_day_and_not_a_day_before(desk, kind):
    states = {"waiting": "asked", "withdrawn": "closed"}
    report, _code = filed(desk, state=states.get(kind, str(kind)))
    if kind is Kept.WITHDRAWN:
        ReportAct.objects.create(report=report, kind="state", on=NOW.date(), note=WITHDRAWN)
    assert swept(NOW + days(kind) - DAY) == 0
    assert swept(NOW + days(kind)) == 1


@pytest.mark.django_db
def test_many_go_in_bounded_steps_and_one_that_ended_meanwhile_waits_for_the_next_day(desk, monkeypatch):
    monkeypatch.setattr(retention, "_LOOKED_AT", 4)
    monkeypatch.setattr(retention, "_ERASED_AT_ONCE", 3)
    for number in range(10):
        filed(desk, files=0, state="closed" if number % 5 else "received")
    at = NOW + days(Kept.CLOSED)
    counts = [swept(at) for _each in range(8)]
    assert max(counts) <= 3 and sum(counts) == 8 and counts[-1] == 0
    assert Report.objects.filter(erased_on=None).count() == 2


@pytest.mark.django_db
def test_the_clock_erases(desk):
    filed(desk, state="closed")
    with time_machine.travel(NOW + days(Kept.CLOSED), tick=False):
        tick.run(NOW + days(Kept.CLOSED))
    assert Report.objects.get().erased_on


# --- what stops it -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nothing_is_erased_while_it_is_held(desk):
    report, code = filed(desk, state="closed")
    end = NOW + days(Kept.CLOSED)
    by = {"by": desk.users[0], "now": NOW}
    for until in (NOW.date(), NOW.date() + timedelta(days=400)):
        with refused("until"):
            retention.hold(report, HoldKind.CASE, until, **by)
    with time_machine.travel(end - 10 * DAY, tick=False):
        retention.hold(report, HoldKind.CASE, (end + 20 * DAY).date(), by=desk.users[0], now=end - 10 * DAY)
        assert mailbox.open_box(code).kept.erased_from == (end + 21 * DAY).date()
    assert swept(end) == 0 and swept(end + 20 * DAY) == 0
    assert swept(end + 21 * DAY) == 1


@pytest.mark.django_db
def test_a_hold_is_ended_once_and_by_its_own_report(desk):
    report, _code = filed(desk, state="closed")
    another, _code = filed(desk, state="closed")
    by = {"by": desk.users[1], "now": NOW}
    retention.hold(report, HoldKind.REPORTER, NOW.date() + 100 * DAY, **by)
    hold = report.holds.get()
    with refused("gone"):
        retention.end_hold(another, hold.pk, body=desk.body.pk, **by)
    retention.end_hold(report, hold.pk, body=desk.body.pk, **by)
    with refused("gone"):
        retention.end_hold(report, hold.pk, body=desk.body.pk, **by)
    assert retention.keeping(report).held_until is None


@pytest.mark.django_db
def test_a_report_that_another_body_took_is_kept_as_long_as_the_longer_of_both_keeps_it(desk, other):
    report, _code = filed(desk, state="read")
    opened(desk, report)
    found = report_desk.seen(desk.users[0], [desk.body.pk], report.pk)
    later = NOW + 5 * DAY
    with time_machine.travel(later, tick=False):
        copy = report_copies.offer(
            found, other.body, sealing.seal(b"{}", [other.keys[0].recipient, other.offline.recipient]), [other.ids[0]],
            key_set=other.set().digest, by=desk.users[0], now=later,
        )  # fmt: skip
        report_copies.answer(copy, take=True, by=other.users[0], now=later)
        Report.objects.filter(pk=report.pk).update(state="closed")
        retention.set_term(other.body, Kept.CLOSED, 800, by=other.users[0], now=later)
        assert retention.keeping(Report.objects.get()).ends_on == later.date() + 800 * DAY
    assert swept(NOW + days(Kept.CLOSED) + 10 * DAY) == 0
    assert swept(later + 800 * DAY) == 1


# --- terms -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_body_sets_its_term_within_bounds_and_its_other_holders_are_told(desk, other):
    by = {"by": desk.users[0], "now": NOW}
    for wrong in (89, 1826):
        with refused("bounds"):
            retention.set_term(desk.body, Kept.CLOSED, wrong, **by)
    with refused("unchanged"):
        retention.set_term(desk.body, Kept.CLOSED, 365, **by)
    retention.set_term(desk.body, Kept.CLOSED, 90, **by)
    with refused("too_soon"):
        retention.set_term(desk.body, Kept.CLOSED, 91, **by)
    told = Notice.objects.filter(kind="retention_changed")
    assert set(told.values_list("user", flat=True)) == {desk.users[1].pk, desk.users[2].pk}
    assert retention.term(desk.body.pk, Kept.CLOSED).days == 90
    assert retention.term(other.body.pk, Kept.CLOSED).days == 365
    mine, theirs = filed(desk, state="closed")[0], filed(other, state="closed")[0]
    assert swept(NOW + 90 * DAY) == 1
    assert Report.objects.get(erased_on=None) == theirs and mine != theirs


@pytest.mark.django_db
def test_a_shorter_term_gives_a_month_in_which_all_can_see_it(desk):
    filed(desk, state="closed")
    late = NOW + 200 * DAY
    with time_machine.travel(late, tick=False):
        retention.set_term(desk.body, Kept.CLOSED, 90, by=desk.users[0], now=late)
    assert swept(late) == 0 and swept(late + 29 * DAY) == 0
    assert swept(late + 30 * DAY) == 1


@pytest.mark.django_db
def test_officers_see_what_ends_within_a_month_and_only_what_their_own_keys_open(desk, other):
    report, _code = filed(desk, state="closed")
    filed(desk, state="formal")
    with time_machine.travel(NOW + days(Kept.CLOSED) - 31 * DAY, tick=False):
        assert retention.ending(desk.users[0], desk.body) == []
    with time_machine.travel(NOW + days(Kept.CLOSED) - 30 * DAY, tick=False):
        shown = retention.ending(desk.users[0], desk.body)
        assert [each.report for each in shown] == [report]
        assert retention.ending(other.users[0], desk.body) == []


# --- bytes -------------------------------------------------------------------------------------------------------

# Pages and journals are written when acts are committed, and a test's own database is none in which they are: a process of its
# own, on a database of its own.
PROGRAM = """
import json, sqlite3
from datetime import timedelta
from pathlib import Path

import django
django.setup()

import time_machine
from django.conf import settings
from django.db import connection, transaction

from ikrar.domain.retention import RULES, Kept
from ikrar.gateways import log_key
from ikrar.records.models import Body, Report
from ikrar.services import reports, retention
from tests.reporting import make_desk
from tests.services import test_retention as t
from tests.web import stage as stages

settings.HOME.joinpath("keys").mkdir(exist_ok=True)
log_key.make(settings.HOME / "keys", "log.example/log")
with time_machine.travel(t.NOW, tick=False):
    with transaction.atomic():
        stages.install()
        city, root = stages.agency("13.75", "Kota Bukittinggi")
        body = Body.objects.create(agency=city, region_id="13.75", kind="task_force", name="Satgas Umpama")
    desk = make_desk(body, ["Ani", "Budi", "Citra"], t.NOW)
    reports_made = [t.filed(desk, state=state)[0] for state in ("closed", "handed_over", "formal")]

def pieces(of):
    found = [bytes(each.sealed) for each in of.envelopes.all()]
    found += [bytes(each.sealed) for each in of.parts.exclude(sealed=None)]
    return [piece[100:164] for piece in found]

first, second, staying = map(pieces, reports_made)
before = t.stored()
assert all(piece in before for piece in [*first, *second, *staying])

def sweep_at(at):
    with time_machine.travel(at, tick=False):
        return retention.sweep(at)

def left(wanted):
    after = t.stored()
    return sum(piece in after for piece in wanted)

at = t.NOW + timedelta(days=RULES[Kept.CLOSED].days)
told = {"erased": sweep_at(at), "left": left(first), "owed": retention._owed}
# Somebody reads while it is erased: the journal cannot be cleared then, and is with the next run.
reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM records_report").fetchone()
at = t.NOW + timedelta(days=RULES[Kept.HANDED_OVER].days)
told |= {"erased beside a reader": sweep_at(at), "owed then": retention._owed}
reader.close()
sweep_at(at)
print(json.dumps(told | {
    "owed in the end": retention._owed, "left in the end": left([*first, *second]), "staying": left(staying),
    "files": len(t.files_on_disk()), "hours": sorted({path.stat().st_mtime % 86_400 for path in reports.root().rglob("*")}),
}))
"""


def stored():
    """Return every byte of SQLite's files."""
    place = Path(str(connection.settings_dict["NAME"]))
    return b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))


def test_no_page_and_no_journal_of_sqlite_holds_what_was_erased(tmp_path):
    (tmp_path / "home").mkdir()
    shutil.copyfile(template.file(), tmp_path / "home" / "ikrar.sqlite3")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "ikrar.settings", "IKRAR_HOME": str(tmp_path / "home"), "DATABASE_URL": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, cwd=REPOSITORY, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "erased": 1, "left": 0, "owed": False, "erased beside a reader": 1, "owed then": True, "owed in the end": False,
        "left in the end": 0, "staying": 3, "files": 1, "hours": [0.0],
    }  # fmt: skip
