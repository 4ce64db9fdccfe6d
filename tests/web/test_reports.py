"""Sealed reports at the desk: who may know that one exists, and what is handed out."""

import base64
import json
import re

import pytest

from ikrar.domain.access import Role
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, IntakeCount, Report, ReportLeftOut, RoleGrant
from ikrar.services import reports
from tests.reporting import make_desk
from tests.web import stage as stages

pytestmark = pytest.mark.django_db
CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}


@pytest.fixture
def desk(city, home, now):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], now)


@pytest.fixture
def report(desk, now):
    to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=[desk.ids[2]], now=now)
    sealed = reports.Sealing().finish(CONTENT, {"v": 1, "name": "Pelapor"}, to, None, on=now.date())
    return Report.objects.get(pk=reports.receive(sealed, body=desk.body, channel="plain", now=now).report)


def browser(client_class, user):
    client = client_class()
    client.cookies["ikrar"] = stages.open_session(user)
    return client


@pytest.fixture
def at(client):
    return lambda user: browser(type(client), user)


def seen_in(client, path):
    """Return what a page says, without what differs between two requests."""
    page = client.get(path).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page[page.index("<main") : page.index("</main>")])


def paths(report):
    number, part = f"{report.pk:016x}", f"{report.parts.first().pk:016x}"
    base = f"/laporan/{number}/"
    return [base, f"{base}bagian/{part}/"], [
        f"{base}buka/", f"{base}bagian/{part}/tegaskan/", f"{base}kelengkapan/", f"{base}jawab/", f"{base}keadaan/"
    ]  # fmt: skip


def test_nobody_without_a_key_in_an_envelope_learns_that_a_report_exists(desk, report, at, now):
    excluded = desk.users[2]
    gets, posts = paths(report)
    wrong = [each.replace(f"{report.pk:016x}", "0" * 16) for each in gets]
    client = at(excluded)
    # What the desk shows him is what it shows where nothing was ever filed, and where what was filed is gone.
    pages = ("/laporan/", "/laporan/simpan/")
    shown = [seen_in(client, each) for each in pages]
    assert "Tidak ada laporan di sini" in shown[0] and "Diterima hari ini" not in shown[0]
    assert "Diterima hari ini" in seen_in(at(desk.users[0]), "/laporan/")
    for known, unknown in zip(gets, wrong, strict=True):
        first, second = client.get(known), client.get(unknown)
        assert first.status_code == second.status_code == 404
    assert {client.post(each).status_code for each in posts} == {404}
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        user = type(excluded).objects.create(username=str(role), full_name="Gani Umpama", password="!", created_at=now)
        RoleGrant.objects.create(user=user, role=role, from_at=now)
        client = at(user)
        assert {client.get(each).status_code for each in ["/laporan/", *gets]} == {403}
        assert {client.post(each).status_code for each in posts} == {403}
    client = at(excluded)
    Report.objects.update(erased_on=now.date(), state="closed")
    assert [seen_in(client, each) for each in pages] == shown
    report.readers.all().delete()
    IntakeCount.objects.all().delete()
    Report.objects.update(erased_on=None, state="received", received_on="2020-01-01")
    assert [seen_in(client, each) for each in pages] == shown


def test_a_reader_gets_ciphertext_and_his_envelope(desk, report, at):
    client = at(desk.users[0])
    gets, posts = paths(report)
    assert gets[0] in client.get("/laporan/").content.decode()
    page = client.get(gets[0])
    assert page.status_code == 200 and "media-src blob:" in page["Content-Security-Policy"]
    assert "media-src" not in client.get("/laporan/")["Content-Security-Policy"]
    assert CONTENT["what"] not in page.content.decode()
    given = client.post(posts[0]).json()
    keys = json.loads(sealing.unseal(base64.b64decode(given["envelopes"][0]), desk.keys[0].identity))
    for part in given["parts"]:
        answer = client.get(f"{gets[0]}bagian/{part['part']}/")
        assert answer["Content-Type"] == "application/octet-stream" and "no-store" in answer["Cache-Control"]
        assert sealing.unseal(answer.content, keys[part["kind"]])
    assert "membuka laporan" in client.get(gets[0]).content.decode()


def test_an_answer_that_is_no_seal_is_refused_with_a_sentence(desk, report, at):
    client = at(desk.users[0])
    _gets, posts = paths(report)
    client.post(posts[0])
    for sent in ("", "@@@", base64.b64encode(b"plain words").decode()):
        assert client.post(posts[3], {"sealed": sent}).status_code == 422
    sealed = sealing.seal(sealing.padded({"v": 1, "text": "Terima kasih"}), [report.dialogue_to])
    good = {"sealed": base64.b64encode(sealed).decode()}
    assert client.post(posts[3], good).status_code == 302
    assert client.post(posts[4], {"state": "closed", "was": "read"}).status_code == 422
    assert client.post(posts[4], {"state": "closed", "was": "read", **good}).status_code == 302
    assert Report.objects.get().state == "closed"


def test_an_address_of_the_inbox_that_somebody_changed_is_answered(desk, report, at):
    client = at(desk.users[0])
    for query in (
        "sesudah=x",
        "sesudah=2024-01-01.zz",
        "sesudah=9.2024-01-01.00",
        "sesudah=2.2024-01-01." + "f" * 400,
        "keadaan=nonsense",
        "badan=9&hari=x",
        "tempo=soon&umur=3&lengkap=much&nama=no&ukuran=kecil&urut=baru",
        "tempo=x&umur=x&lengkap=x&nama=x&ukuran=x&urut=x",
        "saluran=plain",
        *(f"keadaan={state}" for state in Report.State.values),
    ):
        assert client.get(f"/laporan/?{query}").status_code == 200


def test_a_second_holder_has_a_rule_looked_at_again_by_which_a_browser_left_somebody_out(desk, report, at):
    ReportLeftOut.objects.create(report=report, key=desk.rows[2], by=desk.users[0], on=report.received_on)
    page = f"/laporan/kunci/{desk.body.pk}/segel/"
    said = {"key": desk.ids[2], "by": desk.users[0].pk}
    for user in (desk.users[0], desk.users[2]):
        assert "peramban rekan" not in at(user).get(page).content.decode()
        at(user).post(f"{page}periksa-lagi/", said)
        assert ReportLeftOut.objects.filter(by=desk.users[0]).exists()
    client = at(desk.users[1])
    shown = client.get(page).content.decode()
    assert "peramban rekan" in shown and "Cici Umpama" in shown and "Ani Contohwati" in shown
    for wrong in ({}, {"key": "x", "by": "9" * 40}, {"key": 0, "by": 0}):
        assert client.post(f"{page}periksa-lagi/", wrong).status_code == 302
    answer = client.post(f"{page}periksa-lagi/", said, follow=True).content.decode()
    assert "1 laporan diperiksa lagi" in answer and "peramban rekan" not in answer
    assert not ReportLeftOut.objects.exists()
    acts = client.get(f"/laporan/{report.pk:016x}/").content.decode()
    assert "meminta pengecualian itu diperiksa peramban lain" in acts


def test_a_check_that_finds_nothing_met_is_said_and_no_slip(desk, report, at):
    client, page = at(desk.users[0]), f"/laporan/{report.pk:016x}/"
    client.post(f"{page}buka/")
    assert client.post(f"{page}kelengkapan/").status_code == 422
    assert not report.acts.filter(kind="ticked").exists()
    assert client.post(f"{page}kelengkapan/", {"none": "1"}).status_code == 302
    assert report.acts.get(kind="ticked").note == "met:"
