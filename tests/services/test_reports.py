"""Receiving reports: sealed to the chosen holders, whole or not at all, counted by channel."""

import hashlib
import json
import os
import stat
from datetime import UTC, date, datetime

import pytest
import time_machine

from ikrar.domain import return_codes
from ikrar.domain.errors import IntakeFull, ReportFileWrong, ReportRefused, StorageFull
from ikrar.gateways import log_key, sealed_files, sealing
from ikrar.records.models import Body, IntakeCount, LogEntry, LogPayload, Report, ReportPart
from ikrar.services import commits, installation, reports, scripted
from tests.reporting import make_desk

pytestmark = pytest.mark.django_db
CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}


@pytest.fixture
def desk(city, home, now):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], now)


def made(desk, now, *, code=None, files=(), excluded=(), identity=None):
    to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=excluded, now=now)
    sealing_ = reports.Sealing()
    for name, content in files:
        sink = sealing_.file(name)
        try:
            for start in range(0, len(content), 1000):
                sink.write(content[start : start + 1000])
        except Exception:
            sealing_.drop()
            raise
    return sealing_.finish(CONTENT, identity, to, code, on=now.date())


def file(desk, now, **options):
    return reports.receive(made(desk, now, **options), body=desk.body, channel="plain", now=now)


def stored_files(home):
    return sorted(path for path in (home / "sealed").rglob("*") if path.is_file())


def opened(desk, number, part, kind):
    envelope = part.report.envelopes.get(body=desk.body)
    keys = json.loads(sealing.unseal(bytes(envelope.sealed), desk.keys[number].identity))
    return sealing.unseal(bytes(part.sealed), keys[kind])


def test_each_holder_alone_opens_a_report_and_the_offline_key_too(desk, now):
    filed = file(desk, now, identity={"v": 1, "name": "Pelapor", "address": "Jalan"})
    report = Report.objects.get(pk=filed.report)
    content, identity = report.parts.get(kind="content"), report.parts.get(kind="identity")
    for number in range(3):
        assert json.loads(opened(desk, number, content, "content"))["what"] == CONTENT["what"]
        assert json.loads(opened(desk, number, identity, "identity"))["name"] == "Pelapor"
    assert sealing.unseal(bytes(report.envelopes.get().sealed), desk.offline.identity)
    assert report.filed_on == report.received_on and report.has_identity


def test_a_holder_who_is_left_out_opens_nothing_and_sees_nothing(desk, now):
    filed = file(desk, now, excluded=[desk.ids[0]])
    report = Report.objects.get(pk=filed.report)
    envelope = report.envelopes.get()
    assert envelope.to == sorted(desk.ids[1:])
    assert sorted(report.readers.values_list("key", flat=True)) == sorted(desk.ids[1:])
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(bytes(envelope.sealed), desk.keys[0].identity)


def test_a_name_that_may_be_a_holders_leaves_him_out(desk, now):
    to = reports.addressees(desk.body, key_set=desk.set().digest, names=["Pak Beni"], now=now)
    assert set(to.to) == {desk.ids[0], desk.ids[2]}


def test_a_report_that_nobody_could_open_is_refused_at_once(desk, now):
    with pytest.raises(ReportRefused) as caught:
        reports.addressees(desk.body, key_set=desk.set().digest, excluded=desk.ids, now=now)
    assert caught.value.reason == "nobody"


def test_keys_that_changed_since_they_were_shown_are_shown_again(desk, now):
    with pytest.raises(ReportRefused) as caught:
        reports.addressees(desk.body, key_set="0" * 64, now=now)
    assert caught.value.reason == "keys_changed"


def test_a_report_is_logged_to_the_day_with_nothing_but_a_digest(desk, now):
    before = LogEntry.objects.count()
    filed = file(desk, now)
    assert LogEntry.objects.count() == before + 1
    report = Report.objects.get(pk=filed.report)
    payload = json.loads(bytes(LogPayload.objects.get(entry=report.entry).payload))
    assert payload == {
        "data": {"content": report.parts.get().digest}, "event": "report.filed", "time": "2024-10-25", "v": 1,
    }  # fmt: skip


def test_the_receipt_promises_the_entry_and_a_changed_one_is_found_out(desk, now):
    filed = file(desk, now)
    receipt = reports.check_receipt(filed.receipt)
    reports.check_kept(receipt)
    assert receipt.on == filed.on == Report.objects.get().received_on
    with pytest.raises(reports.FilingReceiptWrong) as caught:
        reports.check_receipt(filed.receipt.replace(filed.on.isoformat(), "2024-10-24"))
    assert caught.value.reason == "unsigned"
    assert reports.receipt_of(Report.objects.get(pk=filed.report)) == (filed.receipt, filed.on)


def test_a_second_click_gets_the_same_receipt_and_makes_no_second_report(desk, now, home):
    code = return_codes.new(os.urandom)
    first = file(desk, now, code=code, files=[("a.txt", b"satu")])
    again = file(desk, now, code=code, files=[("a.txt", b"satu")])
    assert again.again and again.report == first.report and again.receipt == first.receipt
    assert Report.objects.count() == 1 and len(stored_files(home)) == 1


def test_the_mailbox_opens_with_the_code_and_is_found_by_it_with_the_pepper_alone(desk, now):
    code = return_codes.new(os.urandom)
    filed = file(desk, now, code=code)
    report = Report.objects.get(finder=code.finder(reports.pepper()))
    assert report.pk == filed.report
    keys = json.loads(
        sealing.unseal(bytes(report.envelopes.get(body=None).sealed), sealing.Key(code.secret()).identity)
    )
    assert set(keys) == {"content", "identity", "dialogue"}


def test_a_file_lies_sealed_under_a_name_and_a_time_that_tell_nothing(desk, now, home):
    content = b"gambar rahasia " * 400
    filed = file(desk, now, files=[("Nama Pelapor.txt", content)])
    [path] = stored_files(home)
    assert b"rahasia" not in path.read_bytes()
    status = path.stat()
    assert stat.S_IMODE(status.st_mode) == 0o600 and status.st_mtime % 86_400 == 0
    assert path.parent.stat().st_mtime % 86_400 == 0
    report = Report.objects.get(pk=filed.report)
    part = report.parts.get(kind="file")
    described = json.loads(opened(desk, 1, report.parts.get(kind="content"), "content"))["files"][0]
    keys = json.loads(sealing.unseal(bytes(report.envelopes.get().sealed), desk.keys[0].identity))
    clear = sealing.unseal(reports.open_file(part).read(), keys["content"])
    assert clear[: described["size"]] == content and not clear[described["size"] :].strip(b"\0")
    assert described["name"] == "Nama Pelapor.txt" and described["type"] == "text/plain"
    assert part.size_step == 8 and len(clear) == 8 * 1024


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"MZ\x90\x00" + bytes(5000), "kind"), (b"", "empty"), (b"PK\x03\x04" + bytes(9), "kind")],
)
def test_a_file_of_another_kind_is_refused_and_nothing_is_kept(desk, now, home, content, reason):
    with pytest.raises(ReportFileWrong) as caught:
        file(desk, now, files=[("x.jpg", content)])
    assert caught.value.reason == reason
    assert not Report.objects.exists()
    assert not stored_files(home)


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a" + bytes(200) + b"PK\x03\x04",
        b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7\n1 0 obj << /OpenAction << /S /Launch /F (x.exe) >> >>",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (10000).to_bytes(4) * 2 + bytes(50),
    ],
    ids=["polyglot", "eicar", "svg", "pdf-launch", "100-megapixel"],
)
def test_what_could_run_elsewhere_is_sealed_and_never_run_here(desk, now, content):
    filed = file(desk, now, files=[("x", content)])
    report = Report.objects.get(pk=filed.report)
    described = json.loads(opened(desk, 0, report.parts.get(kind="content"), "content"))["files"][0]
    assert described["type"] in {"image/gif", "text/plain", "application/pdf", "image/png"}


def test_a_disk_that_fills_up_in_the_middle_keeps_nothing(desk, now, home, monkeypatch):
    written = sealed_files.Draft.write

    def full(draft, data):
        if draft.size_bytes > 5_000:
            draft.error = OSError(28, "No space left on device")
            raise draft.error
        return written(draft, data)

    monkeypatch.setattr(sealed_files.Draft, "write", full)
    with pytest.raises(StorageFull):
        file(desk, now, files=[("satu.txt", b"teks " * 100), ("dua.txt", b"teks " * 90_000)])
    assert not Report.objects.exists() and not stored_files(home)


def test_a_transaction_that_fails_takes_its_files_with_it(desk, now, home, monkeypatch):
    monkeypatch.setattr(reports.ledger, "write", lambda entries: (_ for _ in ()).throw(RuntimeError("x")))
    with pytest.raises(RuntimeError):
        file(desk, now, files=[("satu.txt", b"teks")])
    assert not Report.objects.exists() and not stored_files(home) and not IntakeCount.objects.exists()


@pytest.mark.parametrize("has_code", [True, False], ids=["code", "staff"])
def test_a_commit_that_broke_before_it_could_say_so_costs_no_report_and_no_file(desk, now, home, monkeypatch, has_code):
    """The line breaks in the commit: the report stands, is written once more, and meets its own rows."""
    real = commits.gather

    def broke(write, item):
        assert real(write, item) is None
        return real(write, item)

    monkeypatch.setattr(reports.commits, "gather", broke)
    code = return_codes.new(os.urandom) if has_code else None
    filed = file(desk, now, code=code, files=[("a.txt", b"satu")])
    part = ReportPart.objects.get(report=filed.report, kind="file")
    with reports.open_file(part) as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == part.digest
    assert Report.objects.count() == 1 and filed.receipt == reports.receipt_of(Report.objects.get())[0]


def test_files_that_a_row_names_are_not_dropped_whatever_fails_after_it(desk, now, home):
    sealed = made(desk, now, files=[("a.txt", b"satu")])
    reports.receive(sealed, body=desk.body, channel="plain", now=now)
    reports.drop(sealed.files)
    assert len(stored_files(home)) == 1
    orphan = made(desk, now, files=[("b.txt", b"dua")])
    reports.drop(orphan.files)
    assert len(stored_files(home)) == 1


def test_a_sweep_that_fails_is_done_on_the_same_day(desk, now, home, monkeypatch):
    orphan = sealed_files.Draft(reports.root())
    orphan.keep(now.date())
    monkeypatch.setattr(reports, "_swept", None)
    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk"):
        patch.setattr(sealed_files, "all_before", lambda root, day: (_ for _ in ()).throw(OSError("disk")))
        reports.sweep(now.replace(day=28))
    reports.sweep(now.replace(day=28))
    assert not stored_files(home)


def test_a_flood_in_one_channel_shuts_that_one_alone(desk, now, settings):
    settings.INTAKE_BUDGETS = {"plain": 3, "scripted": 3, "staff": 3}
    for _ in range(3):
        file(desk, now)
    with pytest.raises(IntakeFull):
        file(desk, now)
    assert not reports.is_open(desk.body, "plain") and reports.is_open(desk.body, "scripted")
    reports.receive(made(desk, now), body=desk.body, channel="scripted", now=now)
    assert Report.objects.count() == 4


def test_many_that_arrive_together_fill_a_budget_and_not_more(desk, now, settings):
    settings.INTAKE_BUDGETS = {"plain": 3, "scripted": 3, "staff": 3}
    ready = [
        reports._prepared(made(desk, now), body=desk.body, channel="plain", known_on=None, regime="", ticks=(), now=now)
        for _ in range(5)
    ]
    with reports.commits.transaction.atomic():
        answers = reports._write(ready)
    assert [answer is None for answer in answers] == [True, True, True, False, False]
    assert Report.objects.count() == 3 and IntakeCount.objects.get().count == 3


def test_nothing_that_came_unsealed_is_taken(desk, now):
    sealed = made(desk, now)
    clear = reports.Sealed(
        sealed.key_set,
        sealed.to,
        sealed.content_to,
        sealed.identity_to,
        sealed.dialogue_to,
        b'{"what": "x"}',
        sealed.envelope,
    )
    with pytest.raises(ReportRefused) as caught:
        reports.receive(clear, body=desk.body, channel="scripted", now=now)
    assert (caught.value.reason, caught.value.about) == ("form", "content")


def test_files_of_an_act_that_never_was_are_swept_after_a_day(desk, now, home, monkeypatch):
    filed = file(desk, now, files=[("a.txt", b"isi")])
    orphan = sealed_files.Draft(reports.root())
    orphan.write(b"x")
    orphan.keep(now.date())
    monkeypatch.setattr(reports, "_swept", None)
    reports.sweep(now.replace(day=28))
    assert [path.name for path in stored_files(home)] == [
        ReportPart.objects.get(report=filed.report, kind="file").path[3:]
    ]


def test_a_backup_takes_the_files_of_reports_and_neither_drafts_nor_what_was_erased_meanwhile(
    desk, now, home, tmp_path
):
    kept, gone = (file(desk, now, files=[("a.txt", b"isi")]).report for _ in range(2))
    draft = sealed_files.Draft(reports.root())
    draft.write(b"half")
    paths = installation._sealed_paths("default")
    erased = ReportPart.objects.get(report=gone, kind="file").path
    sealed_files.remove(reports.root(), erased)
    work = tmp_path / "work"
    installation._take_sealed(paths, work)
    assert [path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file()] == [
        f"sealed/{ReportPart.objects.get(report=kept, kind='file').path}"
    ]
    draft.drop()


def test_completeness_counts_the_window_from_the_day_of_knowledge(desk, now):
    given = reports.Given(respondent=True, account=True, known_on=now.date().replace(day=22))
    found = reports.completeness(given, region="13.75", on=now.date())
    assert found.regime == "pilkada" and found.days_left == 4
    assert {each.asks for each in found.missing} == {"reporter", "signature", "time_and_place", "evidence"}


def test_days_whose_holidays_nobody_knows_keep_no_report_out(desk, now):
    given = reports.Given(known_on=date(2017, 12, 20))
    found = reports.completeness(given, region="13.75", on=date(2024, 2, 10), regime="pemilu")
    assert found.last_day is None and found.days_left is None and found.ticks


def test_a_browser_is_told_the_meter_also_in_the_last_week_of_known_holidays(desk):
    with time_machine.travel(datetime(2027, 12, 29, 8, tzinfo=UTC), tick=False):
        assert scripted.rules_for(desk.body)["today"] == "2027-12-29"


def test_a_file_that_was_sealed_elsewhere_is_kept_as_it_came_and_a_clear_one_is_not(desk, now, home):
    sink = reports.CipherSink()
    sealed = sealing.seal(b"isi", [sealing.Key.new().recipient])
    for start in range(0, len(sealed), 7):
        sink.write(sealed[start : start + 7])
    kept = sink.keep(now.date())
    assert (reports.root() / kept.path).read_bytes() == sealed
    clear = reports.CipherSink()
    with pytest.raises(ReportRefused):
        clear.write(b"\xff\xd8\xff clear")
    clear.drop()
    assert len(stored_files(home)) == 1


def test_twenty_thousand_in_one_channel_fill_it_and_shut_no_other(desk, now, settings):
    """A flood is refused from the day's budget on, in its channel and body alone; what comes elsewhere is taken."""
    settings.INTAKE_BUDGETS = {"plain": 500, "scripted": 500, "staff": 500}
    sealed = made(desk, now)  # the same bytes over and over: what a flood is made of
    one = reports._prepared(sealed, body=desk.body, channel="plain", known_on=None, regime="", ticks=(), now=now)

    def flood(count):
        ready = [
            reports._prepared(sealed, body=desk.body, channel="plain", known_on=None, regime="", ticks=(), now=now)
            for _each in range(min(count, 500))
        ]
        # Each asks for its place; beyond the budget nothing is made of it, so the rest may be the same.
        ready += [one] * (count - len(ready))
        taken = 0
        for start in range(0, count, 100):
            with reports.commits.transaction.atomic():
                taken += sum(answer is None for answer in reports._write(ready[start : start + 100]))
        return taken

    assert flood(20_000) == 500
    assert Report.objects.count() == 500 and IntakeCount.objects.get().count == 500
    assert reports.open_channels(desk.body) == ("scripted", "staff")
    for channel in ("scripted", "staff"):
        assert reports.receive(made(desk, now), body=desk.body, channel=channel, now=now).report
    with pytest.raises(IntakeFull) as caught:
        reports.receive(made(desk, now), body=desk.body, channel="plain", now=now)
    assert caught.value.others == ("scripted", "staff")


def test_another_body_and_another_day_are_not_shut_by_a_flood(desk, city, now, settings):
    settings.INTAKE_BUDGETS = {"plain": 1, "scripted": 1, "staff": 1}
    file(desk, now)
    other = make_desk(
        Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat"),
        ["Dodo", "Eti"],
        now,
    )
    assert reports.is_open(other.body, "plain") and file(other, now).report
    IntakeCount.objects.update(on=now.date().replace(day=1))
    assert reports.is_open(desk.body, "plain") and file(desk, now).report
