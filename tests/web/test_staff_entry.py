"""Reports that officers enter: sealed on receipt or in the browser, nothing in clear on a disk, counted to a channel of their own."""

import html
import json
import logging
import os
import re

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ikrar.domain import return_codes
from ikrar.gateways import log_key, sealing
from ikrar.gateways.sealing import Key
from ikrar.records.models import Body, IntakeCount, LogPayload, Report, ReportAct
from ikrar.services import mailbox, reports, staff_entry
from tests.reporter import multipart_of
from tests.reporting import make_desk
from tests.web import stage as stages

pytestmark = pytest.mark.django_db
WHAT = "RAHASIACERITA: camat meminta semua lurah memilih pasangan tertentu."
FORM = {
    "source_kind": "letter", "source_from": "", "source_number": "RAHASIANOMOR 12", "source_on": "2024-10-20",
    "came_on": "2024-10-23", "what": WHAT, "when": "Senin", "where": "RAHASIATEMPAT", "known_on": "2024-10-21",
    "who-0-post": "RAHASIAJABATAN", "witness-0-name": "RAHASIASAKSI", "gets_code": "on",
}  # fmt: skip
NAMED = {"named": "on", "name": "RAHASIANAMA", "address": "RAHASIAALAMAT", "agreed": "on", "signed": "on"}


@pytest.fixture
def desk(city, home):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    with stages.one_morning():
        yield make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], stages.MORNING)


@pytest.fixture
def client(desk):
    made = Client()
    made.cookies["ikrar"] = stages.open_session(desk.users[0])
    return made


def address(desk, more=""):
    return f"/laporan/catat/{desk.body.pk}/{more}"


def carried(page):
    said = page.content.decode()
    return {name: html.unescape(re.search(rf'name="{name}" value="([^"]*)"', said)[1]) for name in ("state", "key_set")}


def enter(client, desk, *files, **changes):
    page = client.get(address(desk))
    assert page.status_code == 200, page.content
    return client.post(address(desk), {**FORM, **carried(page), **changes, "files": list(files)})


def words_in(page):
    return " ".join(re.findall(r"<li><strong>(\w+)</strong></li>", page.content.decode()))


def opened(desk, number, report):
    envelope = report.envelopes.exclude(body=None).get()
    keys = json.loads(sealing.unseal(bytes(envelope.sealed), desk.keys[number].identity))
    return {
        part.kind: json.loads(sealing.unseal(bytes(part.sealed), keys[part.kind]))
        for part in report.parts.exclude(kind="file")
    }


def test_a_letter_is_sealed_with_its_source_and_its_sender_comes_back_with_a_code(client, desk):
    page = enter(client, desk, SimpleUploadedFile("surat.pdf", b"%PDF-1.7 RAHASIABERKAS"), **NAMED)
    assert page.status_code == 200 and "Laporan dicatat" in page.content.decode(), page.content.decode()
    report = Report.objects.get()
    assert (report.channel, str(report.filed_on), str(report.received_on)) == ("staff", "2024-10-23", "2024-10-25")
    assert str(report.known_on) == "2024-10-21" and report.has_identity
    held = opened(desk, 1, report)
    assert held["content"]["source"] == {"kind": "letter", "from": "", "number": "RAHASIANOMOR 12", "on": "2024-10-20"}
    assert held["identity"]["name"] == "RAHASIANAMA" and "RAHASIANAMA" not in json.dumps(held["content"])
    assert held["content"]["files"][0]["name"] == "surat.pdf"
    # In time by the day on which the letter came in; the officer saw signature and card.
    assert {"pilkada-formal-within-time", "pilkada-formal-signature"} <= set(report.ticks)
    box = mailbox.open_box(return_codes.read(words_in(page)))
    assert box.report.pk == report.pk and box.content["what"] == WHAT


def test_who_entered_a_report_is_kept_to_the_day(client, desk):
    enter(client, desk)
    act = ReportAct.objects.get(kind="entered")
    assert (act.user, act.at, str(act.on)) == (desk.users[0], None, "2024-10-25")
    said = [json.loads(bytes(each)) for each in LogPayload.objects.values_list("payload", flat=True)]
    entered = next(each for each in said if each["event"] == "report.entered")
    assert entered["time"] == "2024-10-25" and entered["data"]["by"] == desk.users[0].pk


def test_a_finding_has_no_reporter_no_code_and_no_mailbox(client, desk):
    page = enter(client, desk, source_kind="finding")
    assert page.status_code == 200 and not words_in(page)
    report = Report.objects.get()
    assert not report.mailbox and not report.has_identity and report.envelopes.count() == 1
    assert "Jawab pelapor" not in client.get(f"/laporan/{report.pk:016x}/").content.decode()
    named = enter(client, desk, source_kind="finding", **NAMED)
    assert named.status_code == 422 and Report.objects.count() == 1


@pytest.mark.parametrize("changes", [{}, {"gets_code": ""}])
def test_a_second_click_makes_no_second_report(client, desk, changes, home):
    page = client.get(address(desk))
    sent = {**FORM, **carried(page), **changes}
    answers = [
        client.post(address(desk), {**sent, "files": [SimpleUploadedFile("a.txt", b"isi")]}).content.decode()
        for _each in range(2)
    ]
    assert Report.objects.count() == 1 and "tidak dibuat dua kali" in answers[1]
    assert len(list((home / "sealed").glob("*/*"))) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": "pendek"}, "id_what"), ({"source_kind": "body"}, "id_source_from"), ({"came_on": "2024-10-26"}, "id_came_on"),
        ({"known_on": "2025-01-01"}, "id_known_on"), ({"came_on": "kemarin"}, "id_came_on"), ({"source_kind": "merpati"}, "id_source_kind"),
        ({**NAMED, "address": ""}, "id_address"), ({**NAMED, "agreed": ""}, "id_agreed"), ({"exclude": ["x"]}, "id_exclude"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_or_sealed_is_left(client, desk, home, changes, field):
    page = enter(client, desk, SimpleUploadedFile("a.txt", b"isi"), **changes)
    said = page.content.decode()
    assert (
        page.status_code == 422 and f'href="#{field}"' in said and "RAHASIANOMOR 12" in said and "RAHASIASAKSI" in said
    )
    assert not Report.objects.exists() and not list((home / "sealed").glob("*/*"))


def test_a_report_that_excludes_all_or_has_a_wrong_file_is_refused_with_what_was_typed(client, desk, home):
    nobody = enter(client, desk, exclude=desk.ids)
    assert nobody.status_code == 422 and "tidak seorang pun" in nobody.content.decode()
    wrong = enter(client, desk, SimpleUploadedFile("virus.exe", b"MZ\x90\x00" + bytes(5000)))
    assert (
        wrong.status_code == 422
        and "virus.exe" in html.unescape(wrong.content.decode())
        and WHAT in wrong.content.decode()
    )
    assert "harus dipilih lagi" in wrong.content.decode()
    many = enter(client, desk, *(SimpleUploadedFile(f"{number}.txt", b"isi") for number in range(21)))
    assert many.status_code == 422 and "paling banyak 20" in many.content.decode()
    assert not Report.objects.exists() and not list((home / "sealed").glob("*/*"))


def test_an_excluded_holder_and_one_whose_name_is_excluded_receive_nothing(client, desk):
    enter(client, desk, exclude=[desk.ids[0]], names="Pak Beni\r\nSeorang lain")
    report = Report.objects.get()
    assert list(report.readers.values_list("key", flat=True)) == [desk.ids[2]]
    assert opened(desk, 2, report)["content"]["exclude"] == {
        "keys": [desk.ids[0]],
        "names": ["Pak Beni", "Seorang lain"],
    }


def test_a_full_queue_of_officers_is_told_with_the_ways_that_are_open(client, desk, settings):
    settings.INTAKE_BUDGETS = {"plain": 1, "scripted": 9, "staff": 1}
    assert enter(client, desk).status_code == 200
    IntakeCount.objects.create(body=desk.body, channel="plain", on=stages.TODAY, count=1)
    assert "Antrean catatan petugas untuk hari ini penuh" in client.get(address(desk)).content.decode()
    refused = enter(client, desk)
    said = refused.content.decode()
    assert refused.status_code == 422 and "formulir dengan skrip" in said and "formulir tanpa skrip" not in said
    assert Report.objects.count() == 1 and reports.open_channels(desk.body) == ("scripted",)


def test_nothing_of_an_entry_is_left_in_clear(client, desk, home, caplog, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    with caplog.at_level(logging.DEBUG):
        enter(client, desk, SimpleUploadedFile("RAHASIAJUDUL.txt", b"RAHASIAISI" * 400_000), **NAMED)
        enter(client, desk, SimpleUploadedFile("RAHASIAJUDUL.txt", b"RAHASIAISI" * 400_000), came_on="2030-01-01")
    assert Report.objects.count() == 1
    assert not list((tmp_path / "t").iterdir())
    assert "RAHASIA" not in caplog.text
    for path in home.rglob("*"):
        assert not path.is_file() or b"RAHASIA" not in path.read_bytes(), path
    from django.db import connection

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                assert "RAHASIA" not in str([bytes(each) if isinstance(each, memoryview) else each for each in row]), (
                    table
                )


def test_a_form_without_its_token_is_refused_and_leaves_no_file(desk, home):
    client = Client(enforce_csrf_checks=True)
    client.cookies["ikrar"] = stages.open_session(desk.users[0])
    sent = {**FORM, "files": [SimpleUploadedFile("a.txt", b"isi")]}
    assert client.post(address(desk), sent).status_code == 403
    kind, body = multipart_of([("form", "{}")], [("x", b"age-encryption.org/v1\n")])
    assert client.post(address(desk, "segel/"), body, content_type=kind).status_code == 403
    assert not Report.objects.exists() and not list((home / "sealed").glob("*/*"))


def test_another_bodys_form_does_not_exist(client, city, desk):
    other = Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat")
    for more in ("", "segel/", "tanda-terima/"):
        path = f"/laporan/catat/{other.pk}/{more}"
        assert {client.get(path).status_code, client.post(path).status_code} <= {404, 405}
    assert client.get("/laporan/catat/")["Location"] == address(desk)


# --- sealed in the browser ---------------------------------------------------------------------------------------


def sealed(desk, *, code=True, **changes):
    keys = {kind: Key.new() for kind in ("content", "identity", "dialogue")}
    given = return_codes.new(os.urandom)
    box = Key(given.secret())
    envelope = sealing.padded({kind: key.identity for kind, key in keys.items()})
    form = {
        "key_set": desk.set().digest, "to": desk.ids, "lookup": given.lookup.hex(), "known_on": "2024-10-21",
        "came_on": "2024-10-23", "ticks": ["pilkada-material-evidence", "nonsense"], "signed": True,
        "content_to": keys["content"].recipient, "identity_to": keys["identity"].recipient,
        "dialogue_to": keys["dialogue"].recipient, "mailbox": box.recipient if code else "",
    } | changes  # fmt: skip
    everybody = [*(key.recipient for key in desk.keys), desk.offline.recipient]
    parts = {
        "content": sealing.seal(sealing.padded({"v": 1, "what": WHAT}), [keys["content"].recipient]),
        "identity": sealing.seal(sealing.padded({"v": 1, "name": "X"}), [keys["identity"].recipient]),
        "envelope": sealing.seal(envelope, everybody),
    }
    if code:
        parts["mailbox_envelope"] = sealing.seal(envelope, [box.recipient])
    return form, parts, given


def send(client, desk, form, parts, files=()):
    data = {"form": json.dumps(form)}
    data |= {name: SimpleUploadedFile(name, part) for name, part in parts.items()}
    data["file"] = [SimpleUploadedFile("file", each) for each in files]
    return client.post(address(desk, "segel/"), data)


def test_what_the_browser_sealed_is_filed_as_it_came_and_once(client, desk, home):
    form, parts, code = sealed(desk)
    file = sealing.seal(b"isi" * 500, [form["content_to"]])
    first, second = send(client, desk, form, parts, [file]), send(client, desk, form, parts, [file])
    assert first.status_code == second.status_code == 200, first.content
    assert "tidak dibuat dua kali" in second.content.decode() and not words_in(first)
    report = Report.objects.get()
    assert report.channel == "staff" and str(report.filed_on) == "2024-10-23"
    assert report.ticks and "nonsense" not in report.ticks
    assert len(list((home / "sealed").glob("*/*"))) == 1
    assert mailbox.open_box(code).report.pk == report.pk
    assert "Tersegel" not in first.content.decode() and WHAT not in first.content.decode()


def test_one_without_a_code_is_taken_here_and_at_no_other_door(client, desk):
    form, parts, _code = sealed(desk, code=False)
    assert send(client, desk, form, parts).status_code == 200
    assert send(client, desk, form, parts).status_code == 200
    assert Report.objects.get().envelopes.count() == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"to": []}, "nobody"), ({"to": [1, 1]}, "keys_changed"), ({"key_set": "0" * 64}, "keys_changed"),
        ({"came_on": "2999-01-01"}, "day"), ({"came_on": "x"}, "day"), ({"known_on": "2999-01-01"}, "day"), ({"ticks": {}}, "form"),
        ({"lookup": "x"}, "form"), ({"content_to": "age1"}, "form"),
    ],
)  # fmt: skip
def test_what_a_browser_sends_wrong_is_refused_and_leaves_nothing(client, desk, home, changes, reason):
    form, parts, _code = sealed(desk)
    answer = send(client, desk, form | changes, parts, [sealing.seal(b"isi", [form["content_to"]])])
    assert answer.status_code == 422 and answer.json()["reason"] == reason, answer.content
    assert not Report.objects.exists() and not list((home / "sealed").glob("*/*"))


def test_what_came_in_clear_or_is_no_form_is_refused(client, desk, home):
    form, parts, _code = sealed(desk)
    assert send(client, desk, form, parts, [b"RAHASIA" * 400]).status_code == 422
    assert send(client, desk, form, {**parts, "content": b"RAHASIA"}).status_code == 422
    assert send(client, desk, form, {**parts, "content": bytes(700_000)}).status_code == 422
    assert client.post(address(desk, "segel/"), {"form": "[" * 90_000}).status_code == 422
    assert client.post(address(desk, "segel/"), {"form": "[]"}).status_code == 422
    assert not Report.objects.exists() and not list((home / "sealed").glob("*/*"))


# --- paper ---------------------------------------------------------------------------------------------------------


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_paper_has_code_and_receipt_and_is_made_of_nothing_that_is_kept(client, desk, home):
    page = enter(client, desk)
    state = html.unescape(re.search(r'name="state" value="([^"]*)"', page.content.decode())[1])
    answer = client.post(address(desk, "tanda-terima/"), {"state": state, "with_code": "1"})
    assert answer["Content-Type"] == "application/pdf"
    said = text_of(answer.content)
    assert (
        all(word in said for word in words_in(page).split()) and "ikrar/filing/v1" in said and "/lapor/kotak/" in said
    )
    without = text_of(client.post(address(desk, "tanda-terima/"), {"state": state}).content)
    assert words_in(page).split()[0] not in without and "ikrar/filing/v1" in without
    assert not list(home.rglob("*.pdf"))


def test_a_paper_of_another_form_or_time_is_refused(client, desk):
    page = client.get(address(desk))
    for state in ("", "x", carried(page)["state"]):
        assert client.post(address(desk, "tanda-terima/"), {"state": state}).status_code == 422


def test_a_sealed_entry_leaves_room_to_write_the_words(client, desk):
    form, parts, _code = sealed(desk)
    page = send(client, desk, form, parts)
    state = html.unescape(re.search(r'name="state" value="([^"]*)"', page.content.decode())[1])
    said = text_of(client.post(address(desk, "tanda-terima/"), {"state": state, "with_code": "1"}).content)
    assert "Kode Anda" in said and re.search(r"\b9\b", said)


def test_the_kinds_of_sources_have_words():
    from ikrar.web.messages import WORDS

    assert set(WORDS["report_source"]) == set(staff_entry.SOURCES)
