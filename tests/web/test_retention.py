"""How long reports are kept, on pages: what ends soon, terms of a body, holds, and what the mailbox says before and afterwards."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from ikrar.domain import return_codes
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, Report, ReportHold, RetentionTerm
from ikrar.services import report_copies, report_desk, report_news, reports, retention
from tests.conftest import NOW
from tests.reporting import make_desk
from tests.web import stage as stages

pytestmark = pytest.mark.django_db
CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}
CODE = return_codes.new(lambda count: bytes(range(count)))


@pytest.fixture
def desk(city, home, now):
    retention.begin_anew()
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    with time_machine.travel(now, tick=True):
        yield make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], now)


@pytest.fixture
def report(desk, now):
    to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=[desk.ids[2]], now=now)
    sealed = reports.Sealing().finish(CONTENT, None, to, CODE, on=now.date())
    return Report.objects.get(pk=reports.receive(sealed, body=desk.body, channel="plain", now=now).report)


@pytest.fixture
def at(client):
    def sign_in(user):
        made = type(client)()
        made.cookies["ikrar"] = stages.open_session(user)
        return made

    return sign_in


def test_an_officer_sees_what_ends_soon_and_finds_the_terms_from_the_inbox(desk, report, at):
    client = at(desk.users[0])
    assert "/laporan/simpan/" in client.get("/laporan/").content.decode()
    assert "Tidak ada yang habis" in client.get("/laporan/simpan/").content.decode()
    long_ago = NOW.date() - timedelta(days=360)
    Report.objects.update(state="closed", received_on=long_ago, state_on=long_ago)
    shown = client.get("/laporan/simpan/").content.decode()
    assert f"{report.pk:016x}" in shown and "30 Oktober 2024" in shown
    assert f"{report.pk:016x}" not in at(desk.users[2]).get("/laporan/simpan/").content.decode()  # he is excluded


def test_a_term_is_changed_within_its_bounds_and_what_was_typed_stays(desk, at):
    client, page = at(desk.users[0]), f"/laporan/simpan/{desk.body.pk}/"
    assert "bawaan" in client.get(page).content.decode()
    for sent in ({"kind": "closed", "days": "5"}, {"kind": "closed", "days": "x"}, {"kind": "nonsense", "days": "200"}):
        answer = client.post(page, sent)
        assert answer.status_code == 422 and f'value="{sent["days"]}"' in answer.content.decode()
    assert "antara 90 dan 1.825 hari" in client.post(page, {"kind": "closed", "days": "5"}).content.decode()
    assert client.post(page, {"kind": "closed", "days": "200"}).status_code == 302
    assert RetentionTerm.objects.get().days == 200
    assert "belum tiga puluh hari" in client.post(page, {"kind": "closed", "days": "300"}).content.decode()
    assert client.get(f"/laporan/simpan/{desk.body.pk + 1}/").status_code == 404


def test_a_hold_is_set_and_ended_on_the_page_of_its_report_by_whoever_reads_it(desk, report, at):
    client, page = at(desk.users[0]), f"/laporan/{report.pk:016x}/"
    assert "Tahan penghapusannya" in client.get(page).content.decode()
    assert client.get(f"{page}tahan/").status_code == 200
    far = NOW.date() + timedelta(days=500)
    assert client.post(f"{page}tahan/", {"kind": "case", "until_on": far}).status_code == 422
    sent = {"kind": "case", "until_on": NOW.date() + timedelta(days=60)}
    assert at(desk.users[2]).post(f"{page}tahan/", sent).status_code == 404
    assert client.post(f"{page}tahan/", sent).status_code == 302
    hold = ReportHold.objects.get()
    assert "perkaranya masih berjalan" in client.get(page).content.decode()
    assert at(desk.users[2]).post(f"{page}tahan/{hold.pk}/akhiri/").status_code == 404
    assert client.post(f"{page}tahan/{hold.pk}/akhiri/").status_code == 302
    assert "perkaranya masih berjalan" not in client.get(page).content.decode()


@pytest.fixture
def taken(desk, report, city, now):
    """A body that took a copy of the report."""
    body = Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat Bukittinggi")
    other = make_desk(body, ["Dodo Rekaan", "Eti Andaikan"], now)
    by = {"by": desk.users[0], "now": now}
    found = report_desk.seen(desk.users[0], [desk.body.pk], report.pk)
    report_desk.open_report(found, **by)
    sealed = sealing.seal(b"{}", [other.keys[0].recipient, other.offline.recipient])
    copy = report_copies.offer(found, body, sealed, [other.ids[0]], key_set=other.set().digest, **by)
    report_copies.answer(copy, take=True, by=other.users[0], now=now)
    return other


def test_a_hold_is_ended_by_the_body_that_set_it_alone(desk, report, taken, at):
    page, own, theirs = f"/laporan/{report.pk:016x}/", at(desk.users[0]), at(taken.users[0])
    sent = {"kind": "case", "until_on": NOW.date() + timedelta(days=60)}
    for setter, other, name in ((own, theirs, "Ani Contohwati"), (theirs, own, "Dodo Rekaan")):
        assert setter.post(f"{page}tahan/", sent).status_code == 302
        [hold] = retention.keeping(report).holds
        end = f"{page}tahan/{hold.pk}/akhiri/"
        shown = other.get(page).content.decode()
        assert "Ditahan badan lain sampai" in shown and end not in shown and f"Ditahan {name}" not in shown
        assert "badan lain; hanya badan itu" in other.post(end, follow=True).content.decode()
        assert retention.keeping(report).holds == (hold,)
        assert end in setter.get(page).content.decode() and setter.post(end).status_code == 302
        assert retention.keeping(report).holds == ()


@pytest.mark.parametrize("scripted", [False, True])
def test_a_mailbox_says_until_when_it_is_kept_and_afterwards_that_it_is_gone(desk, report, client, scripted):
    def box():
        sent = {"lookup": CODE.lookup.hex()} if scripted else {"code": CODE.text}
        path = "/lapor/kotak/segel/" if scripted else "/lapor/kotak/"
        return client.post(path, urlencode(sent), "application/x-www-form-urlencoded").content.decode()

    assert "Disimpan sampai" in box() and "24 Oktober 2029" in box()
    with time_machine.travel(NOW + timedelta(days=5 * 365), tick=True):
        retention.sweep(NOW + timedelta(days=5 * 365))
        shown = box()
    assert "dihapus pada 24 Oktober 2029 menurut aturan penyimpanan" in " ".join(shown.split())
    assert "Disimpan sampai" not in shown and "Tarik laporan" not in shown and "Kirim ke petugas" not in shown


def test_an_officer_without_a_place_on_a_roster_reads_his_messages_and_comes_to_the_inbox_from_them(desk, report, at):
    with time_machine.travel(NOW + timedelta(days=1), tick=True):
        report_news.tell(NOW + timedelta(days=1))
        client = at(desk.users[0])
        shown = client.get("/pesan/").content.decode()
        assert "Laporan untuk Anda: 1 baru." in shown and 'href="/laporan/"' in shown
        assert "belum dibaca" in shown
        assert client.post("/pesan/dibaca/").status_code == 302
        assert "belum dibaca" not in client.get("/pesan/").content.decode()
        assert "Laporan untuk Anda" not in at(desk.users[2]).get("/pesan/").content.decode()  # he is excluded
