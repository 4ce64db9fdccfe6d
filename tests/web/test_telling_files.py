"""Without scripts, too, a reporter hears what his files tell before they are sent, and may leave it out."""

import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, Report, ReportPart
from ikrar.services import mailbox, reports
from tests.conftest import MORNING
from tests.reporting import make_desk
from tests.telling_files import exif, huge_png, mp4, pdf, picture
from tests.web.walk import post, state_of, step_of, text, until

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(city, home):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    mailbox._wrong.clear()
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan"], MORNING)


def photo():
    return SimpleUploadedFile("IMG_20241021_0930.jpg", picture("JPEG", exif=exif()))


def send(page, *files, traces=None):
    said = {"traces": traces} if traces else {}
    return Client().post(reverse("report-send"), {"state": state_of(page), **said, "files": list(files)})


def stored(home):
    return [path for path in (home / "sealed").rglob("*") if path.is_file()] if (home / "sealed").exists() else []


def opened(desk):
    """Open the only report as an officer: its content, and the first bytes of its files in clear."""
    report = Report.objects.get()
    keys = json.loads(sealing.unseal(bytes(report.envelopes.get(body=desk.body).sealed), desk.keys[0].identity))
    content = json.loads(sealing.unseal(bytes(report.parts.get(kind="content").sealed), keys["content"]))
    clear = [
        sealing.unseal(reports.open_file(part).read(), keys["content"])
        for part in report.parts.filter(kind="file").order_by("place")
    ]
    return content, clear, keys


def test_a_photo_that_tells_something_is_told_of_before_anything_is_kept(desk, home):
    page = until(Client(), desk, "files")
    told = send(page, photo())
    said = text(told)
    assert told.status_code == 200 and step_of(told) == "files"
    for words in (
        "IMG_20241021_0930.jpg",
        "tempat: -0.30556, 100.36944",
        "alat: Ponsel Umpama 7",
        "waktu: 2024:10:21 09:30:00",
    ):
        assert words in said
    assert "Belum ada yang tersimpan atau terkirim" in said
    assert not Report.objects.exists() and not stored(home)


def test_what_is_left_out_is_not_in_what_is_sealed_and_is_noted(desk):
    told = send(until(Client(), desk, "files"), photo())
    filed = send(told, photo(), traces="leave")
    assert "Laporan diterima" in text(filed) and "tempat: -0.30556, 100.36944" in text(filed)
    content, [clear], _keys = opened(desk)
    [file] = content["files"]
    assert file["left_out"] == ["original", "device", "time", "place"] and file["told"] == []
    assert "IMG_2024" not in json.dumps(content) and file["name"] == "salinan-1"
    sealed = clear[: file["size"]]
    assert b"Umpama" not in sealed and not Image.open(io.BytesIO(sealed)).getexif()
    assert hashlib.sha256(sealed).hexdigest() == file["sha256"]


def test_whoever_sends_it_as_it_is_sends_all_of_it_and_the_seal_says_what_was_told(desk):
    filed = send(send(until(Client(), desk, "files"), photo()), photo(), traces="keep")
    assert "Laporan diterima" in text(filed)
    content, [clear], _keys = opened(desk)
    [file] = content["files"]
    assert clear[: file["size"]] == picture("JPEG", exif=exif()) and file["left_out"] == []
    assert "place: -0.30556, 100.36944" in file["told"]


def test_whoever_says_at_once_that_it_is_to_be_left_out_sends_but_once(desk):
    filed = send(until(Client(), desk, "files"), SimpleUploadedFile("film.mp4", mp4()), traces="leave")
    assert "Laporan diterima" in text(filed)
    content, [clear], _keys = opened(desk)
    assert "place" in content["files"][0]["left_out"] and b"Umpama" not in clear and b"ISI FILM" in clear


def test_what_tells_nothing_is_sent_without_a_question(desk):
    plain = SimpleUploadedFile("layar.png", picture("PNG"))
    assert "Laporan diterima" in text(send(until(Client(), desk, "files"), plain))
    content, [clear], _keys = opened(desk)
    assert content["files"][0]["told"] == [] and clear[: content["files"][0]["size"]] == picture("PNG")


def test_a_document_whose_author_cannot_be_left_out_says_so(desk, home):
    def document():
        return SimpleUploadedFile("surat.pdf", pdf())

    page = until(Client(), desk, "files")
    told = send(page, document())
    assert "nama pembuat: Pembuat (Umpama)" in text(told) and "tidak dapat dibuang di sini" in text(told)
    refused = send(told, document(), traces="leave")
    assert refused.status_code == 422 and "surat.pdf" in text(refused) and not stored(home)
    assert "Laporan diterima" in text(send(refused, document(), traces="keep"))


def test_a_picture_of_a_hundred_megapixels_is_sealed_and_never_decoded(desk, monkeypatch):
    def never(*_arguments, **_named):
        raise AssertionError("decoded")

    monkeypatch.setattr(Image, "open", never)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    page = until(Client(), desk, "files")
    assert "Laporan diterima" in text(send(page, SimpleUploadedFile("besar.png", huge_png())))


def test_the_mailbox_tells_the_same_and_keeps_what_was_typed_meanwhile(desk, home):
    page = until(Client(), desk, "files")
    send(page)
    box = post(Client(), "mailbox", code=page.code)

    def reply(shown, **more):
        data = {"state": state_of(shown), "text": "Ini fotonya", **more, "files": [photo()]}
        return Client().post(reverse("mailbox-reply"), data)

    told = reply(box)
    assert "alat: Ponsel Umpama 7" in text(told) and ">Ini fotonya</textarea>" in text(told)
    assert not stored(home) and not ReportPart.objects.filter(kind="message").exists()
    assert "diterima dan disegel" in text(reply(told, traces="leave"))
    _content, [clear], keys = opened(desk)
    message = json.loads(sealing.unseal(bytes(ReportPart.objects.get(kind="message").sealed), keys["dialogue"]))
    assert "place" in message["files"][0]["left_out"] and b"Umpama" not in clear
    assert Report.objects.get().parts.filter(kind="file").count() == 1
    # The same page sent once more is the same message.
    reply(told, traces="leave")
    assert ReportPart.objects.filter(kind="message").count() == 1
