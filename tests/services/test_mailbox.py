"""The mailbox: opened by its code alone, in both directions sealed, and what a reporter may still do."""

import json
import os
from datetime import timedelta

import pytest
import time_machine

from ikrar.domain import return_codes
from ikrar.domain.errors import MailboxBusy, MailboxUnknown, ReportRefused, ReportStands
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, LogPayload, Report, ReportLeftOut, ReportPart, ReportReader
from ikrar.services import keysets, mailbox, reports
from tests.reporting import make_desk, unguard

pytestmark = pytest.mark.django_db
CONTENT = {
    "v": 1, "what": "Camat meminta memilih", "when": "Senin", "where": "Kantor", "who": [{"name": "", "post": "Camat", "unit": "X"}],
    "witnesses": [], "links": [],
}  # fmt: skip
NAMED = {"name": "Pelapor Contoh", "address": "Jalan Contoh 1"}


@pytest.fixture
def desk(city, home, now):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    mailbox._wrong.clear()
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], now)


@pytest.fixture
def other(city, desk, now):
    body = Body.objects.create(agency=city, region_id="13.75", kind="task_force", name="Satgas Netralitas")
    return make_desk(body, ["Dodi Contoh", "Eka Contoh"], now)


def filed(desk, now, *, excluded=(), names=()):
    code = return_codes.new(os.urandom)
    to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=excluded, names=names, now=now)
    content = CONTENT | {"exclude": {"keys": list(excluded), "names": list(names)}}
    sealed = reports.Sealing().finish(content, None, to, code, on=now.date())
    reports.receive(
        sealed, body=desk.body, channel="plain", known_on=now.date(), regime="pilkada",
        ticks=["pilkada-material-account"], now=now,
    )  # fmt: skip
    return code


def ask(code, text, asks, now):
    """What an officer's browser would send."""
    report = mailbox.open_box(code).report
    sealed = sealing.seal(sealing.padded({"v": 1, "text": text, "asks": asks, "files": []}), [report.dialogue_to])
    ReportPart.objects.create(
        report=report,
        kind="message",
        from_reporter=False,
        put_on=now.date(),
        place=0,
        sealed=sealed,
        digest="0" * 64,
        size_step=1,
    )
    Report.objects.filter(pk=report.pk).update(state="asked")


def opened(desk, number, part, kind):
    for envelope in part.report.envelopes.filter(body=desk.body):
        keys = json.loads(sealing.unseal(bytes(envelope.sealed), desk.keys[number].identity))
        return json.loads(sealing.unseal(bytes(part.sealed), keys[kind]))


def added(box, *files):
    more = mailbox.adding(box)
    for name, content in files:
        more.file(name).write(content)
    return more


def test_a_wrong_code_opens_nothing_and_learns_nothing(desk, now):
    filed(desk, now)
    with pytest.raises(MailboxUnknown):
        mailbox.open_box(return_codes.new(os.urandom))


def test_many_wrong_codes_are_slowed_and_a_right_one_is_let_in(desk, now):
    code = filed(desk, now)
    for _ in range(30):
        with pytest.raises(MailboxUnknown):
            mailbox.open_box(return_codes.new(os.urandom))
    with pytest.raises(MailboxBusy):
        mailbox.open_box(return_codes.new(os.urandom))
    assert mailbox.open_box(code).report.pk


def test_a_question_is_answered_with_a_file_and_reaches_the_holders_alone(desk, now):
    code = filed(desk, now)
    ask(code, "Siapa saksinya?", ["pilkada-material-evidence"], now)
    box = mailbox.open_box(code)
    assert box.messages[0].text == "Siapa saksinya?" and [each.id for each in box.asked] == [
        "pilkada-material-evidence"
    ]
    mailbox.reply(box, "Ini buktinya", ["pilkada-material-evidence"], added(box, ("foto.txt", b"isi foto")), now=now)
    again = mailbox.open_box(code)
    assert [message.text for message in again.messages] == ["Siapa saksinya?", "Ini buktinya"]
    assert not again.asked and again.report.state == "received"
    assert "pilkada-material-evidence" in again.report.ticks
    message = again.report.parts.get(kind="message", from_reporter=True)
    read = opened(desk, 2, message, "dialogue")
    assert read["text"] == "Ini buktinya" and read["files"][0]["name"] == "foto.txt"
    payloads = [json.loads(bytes(each.payload)) for each in LogPayload.objects.all()]
    [payload] = [each for each in payloads if each["event"] == "report.message_put"]
    assert payload["time"] == "2024-10-25"


def test_a_reply_that_is_sent_again_stands_once_and_the_same_words_later_stand_twice(desk, now):
    code = filed(desk, now)
    before = ReportPart.objects.filter(kind="file").count()
    for _ in range(2):  # the second is the page of the first, sent from the browser's history
        box = mailbox.open_box(code)
        mailbox.reply(box, "Ini buktinya", [], added(box, ("foto.txt", b"isi foto")), now=now)
    box = mailbox.open_box(code)
    assert [message.text for message in box.messages] == ["Ini buktinya"]
    assert ReportPart.objects.filter(kind="file").count() == before + 1
    for text in ("Ya", "Belum", "Ya"):
        mailbox.reply(mailbox.open_box(code), text, [], added(mailbox.open_box(code)), now=now)
    assert [each.text for each in mailbox.open_box(code).messages] == ["Ini buktinya", "Ya", "Belum", "Ya"]


def test_a_second_click_at_once_puts_one_message(desk, now):
    """Both requests read the mailbox before either wrote."""
    code = filed(desk, now)
    first, second = mailbox.open_box(code), mailbox.open_box(code)
    for box in (first, second):
        mailbox.reply(box, "Saksi kedua ada", [], added(box, ("a.txt", b"satu")), now=now)
    assert [message.text for message in mailbox.open_box(code).messages] == ["Saksi kedua ada"]
    assert Report.objects.get().parts.filter(kind="file").count() == 1
    assert len(list(reports.root().glob("*/*"))) == 1


def test_two_messages_at_once_do_not_give_two_files_one_place(desk, now):
    code = filed(desk, now)
    first, second = mailbox.open_box(code), mailbox.open_box(code)
    mailbox.reply(first, "Satu", [], added(first, ("a.txt", b"satu")), now=now)
    mailbox.reply(second, "Dua", [], added(second, ("b.txt", b"dua")), now=now)
    assert sorted(Report.objects.get().parts.filter(kind="file").values_list("place", flat=True)) == [0, 1]


def test_a_turn_that_comes_twice_at_once_stands_once_and_is_no_fault(desk, now, monkeypatch):
    code = filed(desk, now)
    box = mailbox.open_box(code)
    sealed = sealing.seal(sealing.padded({"v": 1, "text": "a", "asks": [], "files": []}), [box.report.dialogue_to])
    for _ in range(2):
        mailbox.reply_sealed(box, sealed, (), [], turn="a" * 64, first=0, now=now)
    assert Report.objects.get().parts.filter(kind="message").count() == 1


def test_a_mailbox_takes_so_many_messages_a_day_and_in_all(desk, now, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST_MESSAGES_A_DAY", 2)
    monkeypatch.setattr(mailbox, "MOST_MESSAGES", 3)
    code = filed(desk, now)

    def say(text, at):
        box = mailbox.open_box(code)
        mailbox.reply(box, text, [], added(box), now=at)

    say("satu", now)
    say("dua", now)
    with pytest.raises(ReportRefused, check=lambda error: error.reason == "messages"):
        say("tiga", now)
    with time_machine.travel(now + timedelta(days=1), tick=False):
        say("tiga", now + timedelta(days=1))
        with pytest.raises(ReportRefused, check=lambda error: error.reason == "messages"):
            say("empat", now + timedelta(days=1))
    assert [message.text for message in mailbox.open_box(code).messages] == ["satu", "dua", "tiga"]


def test_a_reporter_who_writes_makes_a_formal_report_young_again(desk, now):
    code = filed(desk, now)
    Report.objects.update(state="formal", state_on=now.date() - timedelta(days=1_800))
    box = mailbox.open_box(code)
    with time_machine.travel(now, tick=False):
        mailbox.reply(box, "Masih ada", [], added(box), now=now)
    report = Report.objects.get()
    assert (report.state, report.state_on) == ("formal", now.date())


def test_what_a_browser_sealed_comes_once_a_turn(desk, now):
    code = filed(desk, now)
    found = mailbox.find(code.lookup)
    sealed = [
        sealing.seal(
            sealing.padded({"v": 1, "text": "Rekaan", "asks": [], "files": []}), [found.box.report.dialogue_to]
        )
        for _ in range(3)
    ]
    for each, turn in zip(sealed, ("a" * 64, "a" * 64, "b" * 64), strict=True):
        mailbox.reply_sealed(found.box, each, (), [], turn=turn, first=0, now=now)
    assert len(mailbox.open_box(code).messages) == 2
    with pytest.raises(ReportRefused):
        mailbox.reply_sealed(found.box, sealed[0], (), [], turn="", first=0, now=now)


def test_consent_that_a_browser_seals_goes_to_holders_of_the_set_that_was_shown(desk, other, now):
    code = filed(desk, now)
    box = mailbox.find(code.lookup).box
    sealed = sealing.seal(sealing.padded({"content": "x"}), [other.keys[0].recipient, other.offline.recipient])
    shown = other.set().digest
    for key_set, to in ((shown, []), (shown, desk.ids), ("0" * 64, other.ids), (shown, [other.ids[0]] * 2)):
        with pytest.raises(ReportRefused):
            mailbox.consent_sealed(box, other.body, sealed, key_set=key_set, to=to, now=now)
    with pytest.raises(ReportRefused):
        mailbox.consent_sealed(box, other.body, b"in clear", key_set=shown, to=other.ids[:1], now=now)
    mailbox.consent_sealed(box, other.body, sealed, key_set=shown, to=other.ids[:1], now=now)
    assert box.report.envelopes.get(body=other.body).to == other.ids[:1]


def test_the_body_that_has_a_report_gets_no_second_envelope_by_consent(desk, now):
    code = filed(desk, now, excluded=[desk.ids[2]])
    box = mailbox.find(code.lookup).box
    sealed = sealing.seal(b"{}", [desk.keys[1].recipient, desk.offline.recipient])
    with pytest.raises(ReportRefused) as caught:
        mailbox.consent_sealed(box, desk.body, sealed, key_set=desk.set().digest, to=[desk.ids[1]], now=now)
    assert caught.value.reason == "body"
    with pytest.raises(ReportRefused):
        mailbox.consent(mailbox.open_box(code), desk.body, key_set=desk.set().digest, now=now)
    assert box.report.envelopes.filter(body=desk.body).count() == 1


def test_consent_bears_the_set_that_was_shown_also_where_it_changes_in_that_moment(
    desk, other, now, settings, monkeypatch
):
    settings.KEPT_S = 60
    monkeypatch.setattr(reports, "_doors", {})
    code = filed(desk, now)
    shown = other.set()
    reports.door_of(other.body.pk, now=now)  # remembered for some seconds
    fresh = sealing.Key.new()
    offline = (fresh.recipient, fresh.verifier)
    proposal = keysets.propose(other.body, keys=other.ids, offline=offline, by=other.users[0], now=now)
    message = keysets.keysets.parse(bytes(proposal.document)).message
    signed = keysets.Signature(other.offline.verifier, other.offline.sign(message))
    assert keysets.sign(proposal, signed, by=other.users[0], now=now)
    mailbox.consent(mailbox.open_box(code), other.body, key_set=shown.digest, now=now)
    envelope = mailbox.open_box(code).report.envelopes.get(body=other.body)
    assert sealing.unseal(bytes(envelope.sealed), other.offline.identity)
    assert envelope.key_set.digest == shown.digest


def test_what_an_officers_browser_says_of_a_rule_does_not_bind_the_reporter_whose_rule_it_is(desk, other, now):
    code = filed(desk, now)
    report = mailbox.open_box(code).report
    ReportLeftOut.objects.create(report=report, key=other.rows[0], by=desk.users[0], on=now.date())
    mailbox.consent(mailbox.open_box(code), other.body, key_set=other.set().digest, now=now)
    assert report.envelopes.get(body=other.body).to == other.ids
    assert not ReportLeftOut.objects.exists()


def test_whoever_steps_forward_is_named_to_the_chosen_body_alone_and_both_days_stand(desk, other, now):
    code = filed(desk, now)
    later = now.replace(day=28)
    mailbox.step_forward(mailbox.open_box(code), NAMED, now=later)
    box = mailbox.open_box(code)
    assert box.identity["name"] == "Pelapor Contoh" and box.report.has_identity
    assert opened(desk, 0, box.report.parts.get(kind="identity"), "identity")["address"] == "Jalan Contoh 1"
    assert not ReportReader.objects.filter(body=other.body).exists()
    assert "pilkada-formal-reporter" in box.report.ticks
    with pytest.raises(ReportStands) as caught:
        mailbox.step_forward(box, NAMED, now=later)
    assert caught.value.reason == "named"


def test_a_name_without_an_address_files_nothing(desk, now):
    code = filed(desk, now)
    with pytest.raises(ReportRefused):
        mailbox.step_forward(mailbox.open_box(code), {"name": "X", "address": " "}, now=now)
    assert not mailbox.open_box(code).report.has_identity


def test_a_further_body_opens_only_after_consent_and_never_who_is_excluded(desk, other, now):
    code = filed(desk, now, names=["Dodi Contoh"])
    box = mailbox.open_box(code)
    assert [offer.body.name for offer in mailbox.further_bodies(box, now=now)] == ["Satgas Netralitas"]
    mailbox.consent(box, other.body, key_set=other.set().digest, now=now)
    report = mailbox.open_box(code).report
    envelope = report.envelopes.get(body=other.body)
    assert envelope.to == [other.ids[1]]
    assert opened(other, 1, report.parts.get(kind="content"), "content")["what"] == CONTENT["what"]
    assert not ReportReader.objects.filter(report=report, key=other.ids[0]).exists()
    assert [body.name for body in mailbox.open_box(code).further] == ["Satgas Netralitas"]
    with pytest.raises(ReportStands):
        mailbox.consent(mailbox.open_box(code), other.body, key_set=other.set().digest, now=now)


@pytest.mark.parametrize("rule", [None, [], {}, {"keys": []}, {"keys": 17, "names": []}, {"keys": [], "names": "Dodi"}])
def test_a_rule_that_cannot_be_read_is_no_rule_that_excludes_nobody(desk, other, now, rule):
    code = filed(desk, now, names=["Dodi Contoh"])
    report = mailbox.open_box(code).report
    content = CONTENT if rule is None else CONTENT | {"exclude": rule}
    unguard("records_reportpart", "update")
    for key in (report.content_to, sealing.Key.new().recipient):
        report.parts.filter(kind="content").update(sealed=sealing.seal(sealing.padded(content), [key]))
        with pytest.raises(ReportStands, check=lambda error: error.reason == "unread"):
            mailbox.consent(mailbox.open_box(code), other.body, key_set=other.set().digest, now=now)
    assert not report.envelopes.filter(body=other.body).exists()


def test_a_registered_report_is_not_withdrawn_and_another_is(desk, now):
    code = filed(desk, now)
    Report.objects.update(state="formal")
    with pytest.raises(ReportStands) as caught:
        mailbox.withdraw(mailbox.open_box(code), now=now)
    assert caught.value.reason == "registered"
    Report.objects.update(state="read")
    mailbox.withdraw(mailbox.open_box(code), now=now)
    assert mailbox.open_box(code).withdrawn


def test_a_report_that_is_closed_while_its_reporter_writes_takes_no_more(desk, now, home):
    code = filed(desk, now)
    box = mailbox.open_box(code)
    more = added(box, ("a.txt", b"isi"))
    Report.objects.update(state="closed")
    with pytest.raises(ReportStands):
        mailbox.reply(box, "Satu lagi", [], more, now=now)
    assert not [path for path in (home / "sealed").rglob("*") if path.is_file()]


def test_the_official_form_is_made_in_memory(desk, now, home):
    code = filed(desk, now)
    mailbox.step_forward(mailbox.open_box(code), NAMED, now=now)
    before = sorted(path for path in home.rglob("*"))
    assert mailbox.form(mailbox.open_box(code)).startswith(b"%PDF")
    assert sorted(path for path in home.rglob("*")) == before


def test_an_erased_report_says_so(desk, now):
    code = filed(desk, now)
    Report.objects.update(erased_on=now.date(), state="closed")
    box = mailbox.open_box(code)
    assert box.is_closed and not box.content
    with pytest.raises(ReportStands):
        mailbox.form(box)
