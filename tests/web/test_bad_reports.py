"""What comes broken, hostile or at a bad moment to the intake door: told in words, nothing half-kept, nothing typed is lost."""

import errno
import html
import json
import os
import re
import sqlite3

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from ikrar.domain import return_codes
from ikrar.gateways import log_key, sealed_files, sealing, travel
from ikrar.records.models import Body, IntakeCount, Report, ReportAct, ReportPart, RoleGrant
from ikrar.services import ledger, mailbox, reports
from tests.conftest import MORNING
from tests.reporter import multipart_of
from tests.reporting import make_desk
from tests.web.test_scripted import sealed_report
from tests.web.test_scripted import send as send_sealed
from tests.web.walk import WHAT, go, post, send, state_of, step_of, text, until

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(city, home, settings):
    settings.INTAKE_WORK_BITS = 4
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    mailbox._wrong.clear()
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], MORNING)


@pytest.fixture
def client(desk):
    return Client()


@pytest.fixture
def box(client, desk):
    """A report that was filed, and its mailbox as the page of it stands open."""
    page = until(client, desk, "files")
    assert send(client, page).status_code == 200
    opened = post(client, "mailbox", code=page.code)
    opened.code = page.code
    return opened


def stored(home):
    return [path for path in (home / "sealed").rglob("*") if path.is_file()] if (home / "sealed").exists() else []


def reply(client, box, words, *files):
    return client.post(reverse("mailbox-reply"), {"state": state_of(box), "text": words, "files": list(files)})


# --- codes -------------------------------------------------------------------------------------------------------

CODES = {
    "none": "",
    "one word": "abadi",
    "cut": "abadi abadi abadi abadi abadi abadi abadi abadi",
    "cut within a word": "abadi abadi abadi abadi abadi abadi abadi abadi alf",
    "one too many": "abadi abadi abadi abadi abadi abadi abadi abadi alfabet abadi",
    "another order": "alfabet abadi abadi abadi abadi abadi abadi abadi abadi",
    "of no list": "xyzzy abadi abadi abadi abadi abadi abadi abadi alfabet",
    "guessed": "abadi abadi abadi abadi abadi abadi abadi abadi alfabet",
    "numbers": "1 2 3 4 5 6 7 8 9",
    "marks": "<script>alert(1)</script> ' OR 1=1 --",
    "other signs": "аbadi абади \x00\x00 \ud7ff ﷽",
    "long": "abadi " * 20_000,
}


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_a_code_that_opens_nothing_is_told_in_words_and_may_be_mended(client, desk, code):
    asked = post(client, "mailbox", code=code)
    assert asked.status_code == 422 and b'role="alert"' in asked.content and b"<script>alert" not in asked.content
    typed = re.search(r'<textarea id="code"[^>]*>([^<]*)<', asked.content.decode())[1]
    assert html.unescape(typed).replace("\x00", "\ufffd").startswith(code[:20].replace("\x00", "\ufffd"))
    page = until(client, desk, "retype")
    again = go(client, page, code=code)
    assert again.status_code == 422 and step_of(again) == "retype" and not Report.objects.exists()


def test_guessing_is_slowed_and_shuts_nobody_out(client, box):
    told = {post(client, "mailbox", code=return_codes.new(os.urandom).text).status_code for _ in range(31)}
    assert told == {422, 429}
    lookups = [return_codes.new(os.urandom).lookup.hex() for _ in range(3)]
    assert {post(client, "mailbox-sealed", lookup=each).status_code for each in lookups} == {429}
    assert "Kotak laporan" in text(post(client, "mailbox", code=box.code))


@pytest.mark.parametrize("lookup", ["", "00", "zz" * 32, "0" * 63, "0" * 65, "0" * 64, "A" * 64, "\x00" * 64])
def test_a_lookup_that_finds_nothing_is_told_in_words(client, desk, lookup):
    answer = post(client, "mailbox-sealed", lookup=lookup)
    assert answer.status_code == 422 and answer.json()["says"]


# --- files -------------------------------------------------------------------------------------------------------

MARK = b"TANDARAHASIA"
HOSTILE = {
    "gif and script": (b"GIF89a/*" + MARK + b"*/=1;alert(1)//", "image/gif"),
    "jpeg and archive": (b"\xff\xd8\xff\xe0" + MARK + b"PK\x03\x04", "image/jpeg"),
    "pdf and page": (b"%PDF-1.7\n<script>" + MARK + b"</script>", "application/pdf"),
    "pdf that launches": (b"%PDF-1.7\n1 0 obj<</OpenAction<</S/Launch/F(" + MARK + b".exe)>>>>", "application/pdf"),
    "eicar": (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*" + MARK, "text/plain"),
    "svg with script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>/*" + MARK + b"*/</script></svg>", "text/plain"),
    "page": (b"<!doctype html><script>" + MARK + b"</script>", "text/plain"),
    "huge png": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (10_000).to_bytes(4) * 2 + b"\x08\0\0\0\0\0\0\0\0" + MARK, "image/png",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_sealed_as_it_came_under_the_kind_of_its_first_bytes(client, desk, home, name):
    content, kind = HOSTILE[name]
    page = until(client, desk, "files")
    filed = send(client, page, SimpleUploadedFile("foto.jpg", content, content_type="text/html"))
    assert filed.status_code == 200, text(filed)
    [path] = stored(home)
    assert MARK not in path.read_bytes() and path.suffix == "" and path.stat().st_mode & 0o111 == 0
    report = Report.objects.get()
    keys = json.loads(sealing.unseal(bytes(report.envelopes.get(body=desk.body).sealed), desk.keys[0].identity))
    described = json.loads(sealing.unseal(bytes(report.parts.get(kind="content").sealed), keys["content"]))["files"][0]
    assert described["type"] == kind
    clear = sealing.unseal(path.read_bytes(), keys["content"])
    assert clear[: described["size"]] == content
    assert MARK not in post(client, "mailbox", code=page.code).content


@pytest.mark.parametrize(
    "head", [b"MZ\x90\x00", b"PK\x03\x04", b"\x7fELF", b"\xca\xfe\xba\xbe", b"Rar!\x1a\x07", bytes(9)]
)
def test_a_program_or_an_archive_is_refused_whatever_its_name_and_the_answers_stay(client, desk, home, head):
    page = until(client, desk, "files")
    refused = send(client, page, SimpleUploadedFile("foto.jpg", head + bytes(9000), content_type="image/jpeg"))
    assert refused.status_code == 422 and "foto.jpg" in text(refused)
    assert not Report.objects.exists() and not stored(home)
    assert send(client, refused).status_code == 200


NAMES = ['"><img src=x onerror=alert(1)>', "../../../etc/passwd", "a\u202egpj.exe", "x" * 400, "<b>tebal</b>;rm -rf"]


@pytest.mark.parametrize("name", NAMES)
def test_markup_in_the_name_of_a_file_is_text_wherever_it_is_shown(client, box, name):
    def upload(content):
        kind, body = multipart_of(
            [("state", state_of(box)), ("text", "lampiran")], [(name.replace('"', "%22"), content)]
        )
        return client.post(reverse("mailbox-reply"), body, content_type=kind)

    refused = upload(b"MZ\x90\x00" + bytes(5000))
    taken = upload(b"isi")
    assert (refused.status_code, taken.status_code) == (422, 200)
    for page in (refused, taken):
        assert b"<img src=x" not in page.content and b"<b>tebal" not in page.content


@pytest.mark.parametrize("name", [*NAMES, "#panic() $x$ *tebal* \\ `kode` @rujuk", "a\x01\x07b"])
def test_markup_in_what_is_typed_is_text_on_the_pages_and_on_the_form_for_paper(client, desk, name):
    page = until(
        client, desk, "files", what={"what": f"{name} {WHAT}"}, who={"who-0-name": name},
        identity={"named": "yes", "name": name, "address": name, "agreed": "on"},
    )  # fmt: skip
    assert send(client, page).status_code == 200
    opened = post(client, "mailbox", code=page.code)
    form = post(client, "mailbox-form", state=state_of(opened))
    assert form.status_code == 200 and form.content.startswith(b"%PDF")


# --- closed meanwhile --------------------------------------------------------------------------------------------


def close(state="closed"):
    Report.objects.update(state=state)


def test_what_was_written_while_the_report_was_closed_is_shown_to_be_copied(client, box, home):
    close()
    told = reply(client, box, "Saya menulis ini setengah jam", SimpleUploadedFile("foto.txt", b"isi" * 5000))
    assert told.status_code == 422 and "sudah ditutup" in text(told)
    assert "<pre>Saya menulis ini setengah jam</pre>" in text(told)
    assert not stored(home) and not ReportPart.objects.filter(kind="message").exists()
    assert reply(client, box, "tanpa berkas").status_code == 422


@pytest.mark.parametrize("state", ["closed", "not_a_breach"])
def test_whoever_can_add_nothing_any_more_is_not_asked_to(client, box, state):
    invited = ("Cara melengkapi yang belum ada", "boleh menyusul lewat kotak laporan")
    assert all(each in text(box) for each in invited)
    close(state)
    ended = text(post(client, "mailbox", code=box.code))
    assert "data-tick" in ended and not any(each in ended for each in invited)


def test_a_report_that_closes_between_opening_and_writing_takes_nothing(client, box, home, monkeypatch):
    kept = reports.FileSink.keep

    def closing(sink, on):
        close()
        return kept(sink, on)

    monkeypatch.setattr(reports.FileSink, "keep", closing)
    told = reply(client, box, "Kata yang terlambat", SimpleUploadedFile("foto.txt", b"isi" * 5000))
    assert told.status_code == 422 and "<pre>Kata yang terlambat</pre>" in text(told)
    assert not stored(home) and not ReportPart.objects.filter(kind__in=("message", "file")).exists()


def test_a_name_that_comes_after_the_end_is_not_kept_and_not_lost(client, box):
    close("not_a_breach")
    told = post(
        client, "mailbox-act", state=state_of(box), act="name", name="Pelapor Contoh", address="Jalan 1", agreed="on"
    )
    assert told.status_code == 422 and "<pre>Pelapor Contoh</pre>" in text(told)
    assert not Report.objects.get().has_identity and not ReportPart.objects.filter(kind="identity").exists()
    assert post(client, "mailbox-act", state=state_of(box), act="withdraw", sure="on").status_code == 422
    assert not ReportAct.objects.exists()


def test_a_browser_that_seals_hears_that_the_report_was_closed(desk, home):
    form, parts = sealed_report(desk)
    assert send_sealed(form, parts).status_code == 200
    close()
    report = Report.objects.get()
    message = sealing.seal(sealing.padded({"v": 1, "text": "x"}), [report.dialogue_to])
    file = sealing.seal(b"isi" * 5000, [report.content_to])
    head = json.dumps({"lookup": form["lookup"], "act": "reply", "answered": [], "turn": "a" * 64}).encode()
    kind, body = multipart_of([("form", head.decode())], [])
    more = b"".join(
        f'\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\n\r\n'.encode() + each + b"\r\n--" + kind.partition("=")[2].encode()
        for name, each in (("message", message), ("file", file))
    )  # fmt: skip
    told = Client().post(reverse("mailbox-send-sealed"), body[:-4] + more + b"--\r\n", content_type=kind)
    assert told.status_code == 422 and told.json()["reason"] == "closed"
    assert not stored(home)


def test_answers_that_lost_their_key_give_back_what_was_typed_in_the_mailbox_too(client, box):
    travel.forget_key()
    told = reply(client, box, "Kalimat yang panjang sekali")
    assert told.status_code == 422 and "<pre>Kalimat yang panjang sekali</pre>" in text(told)


# --- a full disk -------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(monkeypatch):
    """A disk that takes so many bytes of sealed files and no more; then there is room again."""
    room = {"left": 6_000}
    begun = sealed_files.Draft.__init__

    class Full:
        def __init__(self, file):
            self.file = file

        def write(self, data):
            if room["left"] < len(data):
                raise OSError(errno.ENOSPC, "No space left on device")
            room["left"] -= len(data)
            return self.file.write(data)

        def __getattr__(self, name):
            return getattr(self.file, name)

    def begin(draft, root):
        begun(draft, root)
        draft._file = Full(draft._file)

    monkeypatch.setattr(sealed_files.Draft, "__init__", begin)
    return room


FILES = [("satu.txt", b"teks " * 100), ("dua.txt", b"teks " * 90_000)]


def uploads():
    return [SimpleUploadedFile(name, content) for name, content in FILES]


def test_a_disk_that_is_full_keeps_nothing_says_what_to_do_and_loses_no_answer(client, desk, home, small_disk):
    page = until(client, desk, "files")
    told = send(client, page, *uploads())
    assert told.status_code == 422 and "Tempat penyimpanan penuh" in text(told) and "Coba lagi nanti" in text(told)
    assert not stored(home) and not Report.objects.exists() and not IntakeCount.objects.exists()
    assert step_of(told) == "files"
    back = go(client, told, to="what")
    assert WHAT in text(back)
    small_disk["left"] = 10_000_000
    assert send(client, told, *uploads()).status_code == 200 and len(stored(home)) == 2


def test_a_full_disk_keeps_no_half_of_a_reply_and_its_text_stands(client, box, home, small_disk):
    told = reply(client, box, "Kalimat yang panjang", *uploads())
    assert told.status_code == 422 and "Tempat penyimpanan penuh" in text(told)
    assert ">Kalimat yang panjang</textarea>" in text(told)
    assert not stored(home) and not ReportPart.objects.filter(kind__in=("message", "file")).exists()


def test_a_full_disk_is_told_to_a_browser_that_seals(desk, home, small_disk):
    form, parts = sealed_report(desk)
    file = sealing.seal(b"isi" * 40_000, [form["content_to"]])
    told = send_sealed(form, parts, [file])
    assert (
        told.status_code == 507 and told.json()["reason"] == "storage_full" and "Coba lagi nanti" in told.json()["says"]
    )
    assert not stored(home) and not Report.objects.exists()
    small_disk["left"] = 10_000_000
    assert send_sealed(form, parts, [file]).status_code == 200


class _Full(sqlite3.OperationalError):
    sqlite_errorcode = sqlite3.SQLITE_FULL
    sqlstate = "53100"


def test_a_database_that_finds_no_room_is_a_full_disk_too(client, desk, home, monkeypatch):
    page = until(client, desk, "files")
    written = ledger.write

    def full(entries):
        raise OperationalError("database or disk is full") from _Full("database or disk is full")

    monkeypatch.setattr(ledger, "write", full)
    told = send(client, page, *uploads())
    assert told.status_code == 422 and "Tempat penyimpanan penuh" in text(told)
    assert not stored(home) and not Report.objects.exists()
    monkeypatch.setattr(ledger, "write", written)
    assert send(client, told, *uploads()).status_code == 200
    opened = post(client, "mailbox", code=page.code)
    monkeypatch.setattr(ledger, "write", full)
    told = reply(client, opened, "Kalimat yang panjang", SimpleUploadedFile("x.txt", b"isi"))
    assert "Tempat penyimpanan penuh" in text(told) and ">Kalimat yang panjang</textarea>" in text(told)
    assert len(stored(home)) == 2


# --- a member whose right ended ----------------------------------------------------------------------------------


def test_a_member_whose_right_ended_is_named_as_such_at_the_form_and_never_sealed_to(client, desk):
    RoleGrant.objects.filter(user=desk.users[0]).update(until_at=MORNING.replace(hour=9))
    page = post(client, "report-step", step="start", region="13.75")
    said = re.sub(r"\s+", " ", text(page))
    assert "Pemegang kunci : Beni Misalkan, Cici Umpama." in said.replace("kunci:", "kunci :")
    assert "tidak disegel kepadanya karena haknya berakhir atau kuncinya berganti: Ani Contohwati." in said
    assert f'value="{desk.ids[0]}"' not in text(until(client, desk, "exclude"))
    page = until(client, desk, "files")
    assert send(client, page).status_code == 200
    report = Report.objects.get()
    envelope = report.envelopes.get(body=desk.body)
    assert envelope.to == sorted(desk.ids[1:]) and set(report.readers.values_list("key", flat=True)) == set(
        desk.ids[1:]
    )
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(bytes(envelope.sealed), desk.keys[0].identity)


def test_a_browser_is_not_told_of_an_expired_member_and_cannot_seal_to_him(client, desk):
    RoleGrant.objects.filter(user=desk.users[0]).update(until_at=MORNING.replace(hour=9))
    start = post(client, "report-step", step="start", region="13.75")
    told = post(client, "report-questions", state=state_of(start)).content.decode()
    offered = json.loads(re.search(r'id="intake-told"[^>]*>(.*?)</script>', told, re.S)[1])["offers"][0]
    assert [each["key"] for each in offered["holders"]] and desk.ids[0] not in [
        each["key"] for each in offered["holders"]
    ]
    form, parts = sealed_report(desk)
    refused = send_sealed(form, parts)  # to all three
    assert refused.status_code == 422 and refused.json()["reason"] == "keys_changed" and not Report.objects.exists()


def test_a_right_that_ends_while_keys_are_remembered_ends_in_that_instant(desk, settings):
    settings.KEPT_S = 60
    noon = MORNING.replace(hour=12)
    RoleGrant.objects.filter(user=desk.users[0]).update(until_at=noon)
    reports._doors.clear()
    before = reports.door_of(desk.body.pk, now=noon.replace(hour=11))
    assert desk.ids[0] in before.receiving
    assert desk.ids[0] not in reports.door_of(desk.body.pk, now=noon).receiving
    reports._doors.clear()


def test_a_set_whose_members_all_expired_takes_nothing_and_is_not_offered(client, desk):
    page = until(client, desk, "files")
    RoleGrant.objects.update(until_at=MORNING.replace(hour=9))
    refused = send(client, page)
    assert refused.status_code == 422 and not Report.objects.exists()
    assert "Bawaslu" not in text(post(client, "report-step", step="start", region="13.75"))
