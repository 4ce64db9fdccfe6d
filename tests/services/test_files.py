"""Files that people hand in: what they are by their bytes, what is kept of a picture, and who cannot read them."""

import hashlib
import io
import stat
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from ikrar.domain.errors import FileDamaged, FileEmpty, FileKindWrong, FileLost, FileTooBig
from ikrar.domain.files import PICTURES, FileKind, kind_of
from ikrar.records.models import Activity, ActivityPhoto, StoredFile
from ikrar.services import clock, files, tick
from tests.conftest import MORNING

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ALL = frozenset(FileKind)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def picture(kind="JPEG", size=(60, 40), **more) -> bytes:
    image = Image.effect_noise(size, 60).convert("RGB")
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()


def photo_of_a_phone(**more) -> bytes:
    """A picture that tells where it was taken, lying on its side, with a comment and something behind its end."""
    exif = Image.Exif()
    exif[0x010F] = "Telepon Rekaan"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "S"
    return picture(exif=exif, comment=b"di rumah", **more) + b"PK\x03\x04 tersembunyi"


def upload(content: bytes, name="foto.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def receive(content: bytes, name="foto.jpg", kinds=ALL, most=5_000_000) -> StoredFile:
    return files.receive(upload(content, name), kinds=kinds, most_bytes=most, by=None, now=MORNING)


def test_nothing_of_what_a_camera_wrote_is_kept():
    stored = receive(photo_of_a_phone())
    kept = files.bytes_of(stored)
    with Image.open(io.BytesIO(kept)) as image:
        assert dict(image.getexif()) == {} and "comment" not in image.info
        assert image.size == (40, 60), "a picture that lay on its side stands upright"
    for sign in (b"Telepon", b"di rumah", b"tersembunyi", b"Exif"):
        assert sign not in kept
    assert stored.digest == hashlib.sha256(kept).hexdigest() and stored.size == len(kept)


def test_a_png_loses_its_texts_too():
    written = io.BytesIO()
    image = Image.new("RGBA", (20, 20), (10, 20, 30, 100))
    image.info["dpi"] = (300, 300)
    image.save(written, "PNG", exif=Image.Exif())
    with Image.open(io.BytesIO(files.bytes_of(receive(written.getvalue(), "a.png")))) as kept:
        assert kept.mode == "RGBA" and kept.info == {}


def test_a_file_can_be_read_by_the_installation_alone(home):
    path = files.path_of(receive(PDF, "notulen.pdf"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert all(
        stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in (home / "files").rglob("*") if folder.is_dir()
    )


def test_the_kind_is_told_by_the_bytes_and_not_by_the_name():
    stored = receive(PDF, "foto.jpg")
    assert stored.media_type == "application/pdf" and stored.name == "foto.pdf"
    with pytest.raises(FileKindWrong) as refused:
        receive(PDF, "foto.jpg", kinds=PICTURES)
    assert refused.value.kinds == ("JPEG", "PNG")
    for other in (b"GIF89a......", b"<html><script>", b"MZ\x90\x00", b"PK\x03\x04"):
        with pytest.raises(FileKindWrong):
            receive(other, "surat.pdf")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileEmpty),
        (PDF + b" " * 6_000_000, FileTooBig),
        (PDF[:20], FileDamaged),
        (b"\xff\xd8\xff\xe0 no picture", FileDamaged),
        (picture()[:200], FileDamaged),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, FileDamaged),
    ],
)
def test_a_bad_file_is_refused_and_leaves_nothing(content, error, home):
    with pytest.raises(error):
        receive(content)
    assert not StoredFile.objects.exists()
    assert [path for path in (home / "files").rglob("*") if path.is_file()] == []


def test_a_picture_that_would_fill_the_memory_is_not_read():
    """A few kilobytes that unpack to billions of points."""
    written = io.BytesIO()
    Image.new("1", (12_000, 10_100)).save(written, "PNG")
    assert len(written.getvalue()) < 50_000
    with pytest.raises(FileDamaged) as refused:
        receive(written.getvalue(), "bom.png")
    assert refused.value.reason == "too_many_pixels"


def test_a_large_photo_is_kept_smaller():
    with Image.open(io.BytesIO(files.bytes_of(receive(picture(size=(5200, 900)))))) as kept:
        assert kept.width == 4096


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\x\\Foto apel.JPEG", "Foto apel.jpg"),
        (".htaccess", "berkas.jpg"),
        ("a\x00b\r\nSet-Cookie: x.png", "abSet-Cookie x.jpg"),
        ('x".jpg', "x.jpg"),
        ("", "berkas.jpg"),
        ("n" * 300 + ".jpg", "n" * 100 + ".jpg"),
    ],
)
def test_a_name_is_safe_to_save_under(given, kept):
    class Named(SimpleUploadedFile):
        def _set_name(self, name):
            self._name = name

        name = property(lambda self: self._name, _set_name)

    file = Named(given, picture())
    stored = files.receive(file, kinds=PICTURES, most_bytes=5_000_000, by=None, now=MORNING)
    assert stored.name == kept


def test_a_file_whose_bytes_are_gone_is_told_and_never_another():
    stored = receive(PDF)
    files.path_of(stored).unlink()
    with pytest.raises(FileLost):
        files.bytes_of(stored)
    stored.path = "../keys/secret-key"
    with pytest.raises(FileLost):
        files.bytes_of(stored)


def test_what_no_act_took_is_discarded_and_what_one_holds_is_not(cast, city):
    free, held = receive(PDF), receive(picture())
    activity = Activity.objects.create(agency=city, kind="briefing", title="Apel", on="2024-10-25", created_at=MORNING)
    ActivityPhoto.objects.create(activity=activity, file=held, caption="Apel", at=MORNING, by=cast.rina.user)
    for stored in (free, held):
        files.discard(stored)
    assert list(StoredFile.objects.all()) == [held]
    assert files.path_of(held).exists()
    with pytest.raises(FileLost):
        files.path_of(free)


def test_bytes_without_a_row_are_cleared_after_a_day(home):
    kept, lost = receive(PDF), receive(PDF)
    path = files.path_of(lost)
    lost.delete()
    tick.run(clock.now())
    assert path.exists(), "it may be just being written"
    tick.run(clock.now() + timedelta(days=2))
    assert not path.exists() and files.path_of(kept).exists()


def test_the_kinds_are_told_apart():
    assert (
        kind_of(picture("PNG")) is FileKind.PNG and kind_of(picture()) is FileKind.JPEG and kind_of(PDF) is FileKind.PDF
    )
    assert kind_of(b"") is None
