"""What officers do with sealed reports: opening, confirming, answering, re-sealing, copies."""

import json

import pytest

from ikrar.domain import return_codes
from ikrar.domain.errors import ReportActRefused
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, LogPayload, Report, ReportAct, ReportReader
from ikrar.services import mailbox, report_desk, report_inbox, reports, rules
from ikrar.services.report_inbox import Wanted
from tests.reporting import make_desk

pytestmark = pytest.mark.django_db
CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}
CODE = return_codes.new(lambda count: bytes(range(count)))


@pytest.fixture
def desk(city, home, now):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], now)


@pytest.fixture
def other(city, now):
    body = Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat Bukittinggi")
    return make_desk(body, ["Dodo Rekaan", "Eti Andaikan"], now)


def filed(desk, now, *, code=CODE, excluded=(), identity=None, files=()):
    to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=excluded, now=now)
    making = reports.Sealing()
    for name, content in files:
        making.file(name).write(content)
    sealed = making.finish(CONTENT, identity, to, code, on=now.date())
    return reports.receive(sealed, body=desk.body, channel="plain", now=now).report


def see(desk, number, report):
    return report_desk.seen(desk.users[number], [desk.body.pk], report)


def opened(desk, number, report, now):
    found = see(desk, number, report)
    report_desk.open_report(found, by=desk.users[number], now=now)
    return see(desk, number, report)


def keys_of(desk, number, found):
    out = {}
    for envelope in found.envelopes:
        out |= json.loads(sealing.unseal(bytes(envelope.sealed), desk.keys[number].identity))
    return out


def refused(reason):
    return pytest.raises(ReportActRefused, check=lambda error: error.reason == reason)


def message_to(report, text="Mohon lengkapi"):
    return sealing.seal(sealing.padded({"v": 1, "text": text, "asks": [], "files": []}), [report.dialogue_to])


def events():
    return [json.loads(bytes(each))["event"] for each in LogPayload.objects.values_list("payload", flat=True)]


def test_an_inbox_shows_what_ones_own_key_opens_and_nothing_else(desk, other, now):
    report = filed(desk, now, excluded=[desk.ids[0]])
    for number, count in ((0, 0), (1, 1), (2, 1)):
        shown = report_inbox.inbox(desk.users[number], [desk.body.pk], Wanted())
        assert len(shown.lines) == count
    assert not report_inbox.inbox(other.users[0], [other.body.pk, desk.body.pk], Wanted()).lines
    for who, number in ((desk, 0), (other, 0)):
        with pytest.raises(Report.DoesNotExist):
            report_desk.seen(who.users[number], [desk.body.pk, other.body.pk], report)
    assert not report_inbox.inbox(desk.users[1], [], Wanted()).lines  # his right has ended


def test_an_inbox_is_turned_page_by_page_without_losing_a_line(desk, now, monkeypatch):
    monkeypatch.setattr(report_inbox, "PAGE", 2)
    numbers = {filed(desk, now, code=None) for _each in range(5)}
    found, after = [], None
    while True:
        page = report_inbox.inbox(desk.users[0], [desk.body.pk], Wanted(after=after))
        found += [line.report.pk for line in page.lines]
        if page.more is None:
            break
        after = page.more
    assert len(found) == 5 and set(found) == numbers


def test_opening_is_kept_and_makes_a_report_read(desk, now):
    report = filed(desk, now, identity={"v": 1, "name": "Pelapor", "address": "Jalan"}, files=[("a.txt", b"bukti")])
    found = see(desk, 0, report)
    sealed = report_desk.open_report(found, by=desk.users[0], now=now)
    keys = json.loads(sealing.unseal(sealed[0], desk.keys[0].identity))
    for part in found.parts:
        opened_with = keys["identity" if part.kind == "identity" else "content"]
        if part.kind == "file":
            sealed_part = report_desk.open_file(found, part.pk, by=desk.users[0], now=now)
        else:
            sealed_part = report_desk.part_bytes(found, part.pk)
        assert sealing.unseal(sealed_part, opened_with)
    assert Report.objects.get().state == "read"
    assert set(ReportReader.objects.values_list("state", flat=True)) == {"read"}
    assert ReportAct.objects.get(kind="opened", part=None).at == now
    assert ReportAct.objects.get(kind="opened", part__kind="file").user == desk.users[0]
    assert {"report.opened", "report.state_changed"} <= set(events())


def test_evidence_is_confirmed_by_a_second_person_who_opened_it(desk, now):
    report = filed(desk, now)
    first = opened(desk, 0, report, now)
    part = first.parts[0].pk
    with refused("same_person"):
        report_desk.confirm_part(first, part, by=desk.users[0], now=now)
    with refused("unopened"):
        report_desk.confirm_part(see(desk, 1, report), part, by=desk.users[1], now=now)
    second = opened(desk, 1, report, now)
    report_desk.confirm_part(second, part, by=desk.users[1], now=now)
    with refused("same_person"):
        report_desk.confirm_part(second, part, by=desk.users[1], now=now)
    assert ReportAct.objects.filter(kind="confirmed").count() == 1


def test_a_reporter_reads_what_he_is_asked(desk, now):
    report = filed(desk, now)
    found = opened(desk, 0, report, now)
    report_desk.reply(found, message_to(found.report), asks=True, by=desk.users[0], now=now)
    box = mailbox.open_box(CODE)
    assert [message.text for message in box.messages] == ["Mohon lengkapi"] and box.report.state == "asked"


def test_a_report_is_not_closed_without_a_reason_nor_by_an_old_page(desk, now):
    report = filed(desk, now)
    found = opened(desk, 0, report, now)
    by = {"by": desk.users[0], "now": now}
    with refused("reason_missing"):
        report_desk.change_state(found, "closed", was="read", **by)
    with refused("state"):
        report_desk.change_state(found, "formal", was="read", **by)  # nobody stands behind it
    report_desk.change_state(found, "closed", was="read", sealed=message_to(found.report), **by)
    with refused("moved"):  # the page still says that it is read
        report_desk.change_state(found, "handed_over", was="read", sealed=message_to(found.report), **by)
    assert see(desk, 0, report).parts.__len__() == 2


def test_an_officers_ticks_stand_beside_the_reporters(desk, now):
    number = filed(desk, now)
    Report.objects.update(regime="pilkada")
    found = opened(desk, 0, number, now)
    assert report_desk.officers_ticks(found.report) is None
    known = sorted(each.id for each in report_desk.requirements(found.report))[:2]
    report_desk.tick(found, [*known, "nonsense"], by=desk.users[0], now=now)
    assert report_desk.officers_ticks(found.report) == known


@pytest.mark.parametrize(
    "act",
    [
        lambda found, **by: report_desk.reply(found, message_to(found.report), asks=False, **by),
        lambda found, **by: report_desk.tick(found, [], **by),
        lambda found, **by: report_desk.confirm_part(found, found.parts[0].pk, **by),
        lambda found, **by: report_desk.open_report(found, **by),
    ],
    ids=["reply", "tick", "confirm", "open"],
)
def test_an_act_on_a_report_that_was_erased_meanwhile_leaves_nothing(desk, now, act):
    opened(desk, 1, filed(desk, now), now)
    found = opened(desk, 0, Report.objects.get().pk, now)
    before = ReportAct.objects.count(), Report.objects.get().parts.count()
    Report.objects.update(erased_on=now.date())
    with refused("erased"):
        act(found, by=desk.users[0], now=now)
    assert (ReportAct.objects.count(), Report.objects.get().parts.count()) == before


def test_an_answer_to_a_report_that_a_colleague_closed_meanwhile_is_refused(desk, now):
    found = opened(desk, 0, filed(desk, now), now)
    Report.objects.update(state="closed")
    with refused("state"):
        report_desk.reply(found, message_to(found.report), asks=False, by=desk.users[0], now=now)
    assert not found.report.parts.filter(kind="message").exists()


def test_an_answer_makes_a_report_young_again(desk, now):
    found = opened(desk, 0, filed(desk, now), now)
    Report.objects.update(state_on=now.date().replace(year=2020))
    report_desk.reply(found, message_to(found.report), asks=False, by=desk.users[0], now=now)
    assert Report.objects.get().state_on > now.date()  # that of the clock


def test_what_another_regime_asks_for_is_not_ticked(desk, now):
    number = filed(desk, now)
    Report.objects.update(regime="pilkada")
    found = opened(desk, 0, number, now)
    report_desk.tick(found, list(rules.book().requirements), by=desk.users[0], now=now)
    met = report_desk.officers_ticks(found.report)
    assert met and all(each.startswith("pilkada-") for each in met)
