"""The intake door with scripts: ciphertext alone is taken, with some work shown; a flood shuts its own channel alone."""

import json
import os

import pytest
from django.test import Client
from django.urls import reverse

from ikrar.domain import return_codes
from ikrar.gateways import log_key, sealed_files, sealing, travel
from ikrar.gateways.sealing import Key
from ikrar.records.models import Body, IntakeCount, Report
from ikrar.services import reports, scripted
from ikrar.web.views import scripted as scripted_views
from tests.conftest import MORNING
from tests.reporter import multipart_of
from tests.reporting import make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(city, home, settings):
    settings.INTAKE_WORK_BITS = 4
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan"], MORNING)


def sealed_report(desk, code=None, **changes):
    keys = {kind: Key.new() for kind in ("content", "identity", "dialogue")}
    code = code or return_codes.new(os.urandom)
    box = Key(code.secret())
    envelope = sealing.padded({kind: key.identity for kind, key in keys.items()})
    given = json.loads(Client().post(
        reverse("report-challenge"), f"body={desk.body.pk}", content_type="application/x-www-form-urlencoded"
    ).content)  # fmt: skip
    lookup = code.lookup.hex()
    challenge = given.get("challenge", "")
    number = next(n for n in range(1 << 20) if scripted.is_worked(challenge, lookup, n, given.get("bits", 0)))
    form = {
        "body": desk.body.pk, "key_set": desk.set().digest, "to": desk.ids, "lookup": lookup, "known_on": "", "ticks": [],
        "content_to": keys["content"].recipient, "identity_to": keys["identity"].recipient,
        "dialogue_to": keys["dialogue"].recipient, "mailbox": box.recipient, "challenge": challenge, "number": number,
    } | changes  # fmt: skip
    everybody = [*(key.recipient for key in desk.keys), desk.offline.recipient]
    parts = [
        ("content", sealing.seal(sealing.padded({"v": 1, "what": "Rekaan"}), [keys["content"].recipient])),
        ("envelope", sealing.seal(envelope, everybody)),
        ("mailbox_envelope", sealing.seal(envelope, [box.recipient])),
    ]
    return form, parts


def send(form, parts, files=()):
    mark, out = "----segel", b""
    for name, content in [("form", json.dumps(form).encode()), *parts, *(("file", each) for each in files)]:
        named = "" if name == "form" else '; filename="x"'
        out += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"
    return Client().post(
        reverse("report-send-sealed"),
        out + f"--{mark}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={mark}",
    )


def test_a_sealed_report_is_filed_once_however_often_it_comes(desk, home):
    form, parts = sealed_report(desk)
    file = sealing.seal(b"isi" * 500, [form["content_to"]])
    answers = [send(form, parts, [file]) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert "tidak dibuat dua kali" in answers[2].content.decode()
    assert Report.objects.get().channel == "scripted" and Report.objects.get().parts.filter(kind="file").count() == 1
    assert len(list((home / "sealed").glob("*/*"))) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"challenge": "x"}, "work"), ({"number": -1}, "work"), ({"number": "1"}, "work"), ({"lookup": "zz"}, "form"),
        ({"to": []}, "nobody"), ({"to": [1, 1]}, "keys_changed"), ({"to": "x"}, "form"), ({"key_set": "0" * 64}, "keys_changed"),
        ({"known_on": "kemarin"}, "day"), ({"known_on": "2999-01-01"}, "day"), ({"body": 10**30}, "body"),
        ({"body": None}, "body"), ({"ticks": {}}, "form"), ({"content_to": "age1"}, "form"), ({"mailbox": ""}, "form"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_should_be_is_refused_and_leaves_nothing(desk, home, changes, reason):
    form, parts = sealed_report(desk)
    answer = send(form | changes, parts, [sealing.seal(b"isi", [form["content_to"]])])
    assert answer.status_code == 422 and answer.json()["reason"] == reason, answer.content
    assert not Report.objects.exists() and not list((home / "sealed").glob("*/*"))


@pytest.mark.parametrize("changes", [{"number": -1}, {"body": 0}, {"lookup": "zz"}], ids=["work", "body", "lookup"])
def test_without_work_no_byte_of_a_file_reaches_the_disk(desk, home, monkeypatch, changes):
    form, parts = sealed_report(desk)
    monkeypatch.setattr(sealed_files.Draft, "write", lambda draft, data: pytest.fail("written"))
    assert send(form | changes, parts, [sealing.seal(b"isi", [form["content_to"]])]).status_code == 422


def test_files_before_the_form_are_not_taken(desk, home, monkeypatch):
    form, parts = sealed_report(desk)
    monkeypatch.setattr(sealed_files.Draft, "write", lambda draft, data: pytest.fail("written"))
    body = (
        b'--m\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        + sealing.seal(b"isi", [form["content_to"]])
        + b'\r\n--m\r\nContent-Disposition: form-data; name="form"\r\n\r\n'
        + json.dumps(form).encode()
        + b"\r\n--m--\r\n"
    )
    answer = Client().post(reverse("report-send-sealed"), body, content_type="multipart/form-data; boundary=m")
    assert (answer.status_code, answer.json()["reason"]) == (422, "form")


def test_a_message_to_no_mailbox_writes_nothing(desk, home, monkeypatch):
    monkeypatch.setattr(sealed_files.Draft, "write", lambda draft, data: pytest.fail("written"))
    body = (
        b'--m\r\nContent-Disposition: form-data; name="form"\r\n\r\n'
        + json.dumps({"lookup": "0" * 64}).encode()
        + b'\r\n--m\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        + sealing.seal(b"isi", [Key.new().recipient])
        + b"\r\n--m--\r\n"
    )
    answer = Client().post(reverse("mailbox-send-sealed"), body, content_type="multipart/form-data; boundary=m")
    assert answer.status_code == 422


def test_a_body_that_says_nothing_of_its_length_has_an_end_all_the_same(desk, home, monkeypatch):
    form, parts = sealed_report(desk)
    monkeypatch.setattr(scripted_views, "_MOST_BODY_BYTES", 20_000)
    # What a chunked request looks like to the view.
    monkeypatch.setattr(scripted_views, "_length", lambda request: 0)
    answer = send(form, parts, [sealing.seal(b"isi" * 10_000, [form["content_to"]])])
    assert (answer.status_code, answer.json()["reason"]) == (422, "too_large")
    assert not list((home / "sealed").glob("*/*"))


def test_a_slow_line_has_its_work_judged_at_its_beginning(desk, home, monkeypatch):
    form, parts = sealed_report(desk)
    real = scripted.admit

    def admitted(given, **options):
        found = real(given, **options)
        travel.forget_key()  # as after half an hour
        return found

    monkeypatch.setattr(scripted, "admit", admitted)
    assert send(form, parts, [sealing.seal(b"isi", [form["content_to"]])]).status_code == 200


def test_a_file_in_clear_is_refused(desk, home):
    form, parts = sealed_report(desk)
    assert send(form, parts, [b"RAHASIA" * 400]).status_code == 422
    assert send(form, [("content", b"RAHASIA"), *parts[1:]]).status_code == 422
    assert not Report.objects.exists() and not list((home / "sealed").glob("*/*"))


def test_work_counts_for_one_report_to_one_body_and_for_a_time(desk, monkeypatch):
    form, parts = sealed_report(desk)
    other, _parts = sealed_report(desk)
    bits = travel.unseal(form["challenge"], "work")["bits"]
    stolen = next(n for n in range(1 << 20) if not scripted.is_worked(form["challenge"], other["lookup"], n, bits))
    answer = send(other | {"challenge": form["challenge"], "number": stolen}, parts)
    assert answer.json()["reason"] == "work"
    travel.forget_key()
    assert send(form, parts).json()["reason"] == "work"


def test_the_fuller_the_day_the_harder_the_work(desk, settings):
    settings.INTAKE_BUDGETS = {"plain": 5, "scripted": 100, "staff": 5}
    easy = scripted.challenge(desk.body).bits
    on = reports.clock.today(reports.zone_of_body(desk.body))
    IntakeCount.objects.create(body=desk.body, channel="scripted", on=on, count=99)
    assert scripted.challenge(desk.body).bits > easy


def test_a_flood_of_doubles_fills_nothing_and_a_flood_of_new_ones_shuts_its_own_channel_alone(desk, settings):
    settings.INTAKE_BUDGETS = {"plain": 5, "scripted": 6, "staff": 5}
    settings.KEPT_S = 0
    form, parts = sealed_report(desk)
    assert {send(form, parts).status_code for _ in range(500)} == {200}
    assert Report.objects.count() == 1 and IntakeCount.objects.get().count == 1
    flood = [send(*sealed_report(desk)).status_code for _ in range(5)]
    assert flood == [200] * 5
    refused = Client().post(
        reverse("report-challenge"), f"body={desk.body.pk}", content_type="application/x-www-form-urlencoded"
    )
    assert refused.status_code == 429 and "formulir tanpa skrip" in refused.json()["says"]
    assert reports.is_open(desk.body, "plain") and reports.is_open(desk.body, "staff")
    assert Report.objects.filter(
        finder=return_codes.finder_of(bytes.fromhex(form["lookup"]), reports.pepper())
    ).exists()


def test_a_mailbox_is_found_by_what_does_not_open_it_and_takes_only_what_is_sealed(desk):
    code = return_codes.new(os.urandom)
    form, parts = sealed_report(desk, code)
    assert send(form, parts).status_code == 200

    def ask(name, **data):
        return Client().post(
            reverse(name), "&".join(f"{key}={value}" for key, value in data.items()),
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip

    page = ask("mailbox-sealed", lookup=form["lookup"]).content.decode()
    assert "box-sealed" in page and code.text not in page and "AGE-SECRET-KEY" not in page
    assert ask("mailbox-sealed", lookup="0" * 64).status_code == 422
    assert ask("mailbox-sealed", lookup="x").status_code == 422
    kind, body = multipart_of([("form", json.dumps({"lookup": form["lookup"], "act": "reply", "answered": []}))], [])
    assert Client().post(reverse("mailbox-send-sealed"), body, content_type=kind).status_code == 422


def test_work_files_one_report_however_often_and_with_whatever_else_it_is_sent(desk, home):
    """The work is done over the report's own lookup: sent again, with other parts too, it finds the first and files nothing."""
    form, parts = sealed_report(desk)
    assert send(form, parts).status_code == 200
    other, other_parts = sealed_report(desk)
    changed = {name: other[name] for name in ("content_to", "identity_to", "dialogue_to")}
    file = sealing.seal(b"isi" * 500, [changed["content_to"]])
    again = send(form | changed, other_parts, [file])
    assert again.status_code == 200 and "tidak dibuat dua kali" in again.content.decode()
    report = Report.objects.get()
    assert report.content_to == form["content_to"] and not list((home / "sealed").glob("*/*"))
    assert IntakeCount.objects.get().count == 1


def test_work_for_one_body_is_none_for_another_and_costs_nothing_to_check(desk, city):
    form, parts = sealed_report(desk)
    body = Body.objects.create(agency=city, region_id="13.75", kind="task_force", name="Satgas")
    other = make_desk(body, ["Dodi Contoh", "Eka Contoh"], MORNING)
    answer = send(form | {"body": body.pk, "key_set": other.set().digest, "to": other.ids}, parts)
    assert answer.json()["reason"] == "work" and not Report.objects.exists()


def test_work_that_asks_for_less_than_the_challenge_said_is_refused(desk):
    form, parts = sealed_report(desk)
    weak = travel.seal({"body": desk.body.pk, "bits": 0}, "filing", 60)  # sealed for another purpose
    assert send(form | {"challenge": weak, "number": 0}, parts).json()["reason"] == "work"
    expired = travel.seal({"body": desk.body.pk, "bits": 0}, "work", -1)
    assert send(form | {"challenge": expired, "number": 0}, parts).json()["reason"] == "work"
