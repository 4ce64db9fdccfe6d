"""What files tell, read while they come in pieces of any size, and the files without it."""

import io
import random
import struct
import time

import pytest
from PIL import Image

from ikrar.domain.file_traces import Traces
from tests.telling_files import PLACE, chunk, exif, huge_pictures, mp4, pdf, picture, png_with_words, riff

CHANCE = random.Random(20241025)


def read(media_type, content, *, leaves_out=False, piece=0):
    """Hand a file in piece by piece; return what was read, and what goes on."""
    traces, out, at = Traces(media_type, leaves_out=leaves_out), b"", 0
    while at < len(content):
        step = piece or CHANCE.choice((1, 2, 7, 100, 5_000))
        out += traces.feed(content[at : at + step])
        at += step
    return traces, out + traces.end()


def kinds(traces):
    return {trace.kind for trace in traces.told}


def said(traces):
    return " ".join(str(trace) for trace in traces.told)


PHOTOS = {
    "image/jpeg": picture("JPEG", exif=exif()),
    "image/png": png_with_words(),
    "image/webp": picture("WEBP", exif=exif()),
}


@pytest.mark.parametrize("media_type", PHOTOS)
@pytest.mark.parametrize("piece", [1, 13, 65_536])
def test_a_photo_tells_place_device_and_time_and_goes_on_as_it_came(media_type, piece):
    traces, out = read(media_type, PHOTOS[media_type], piece=piece)
    assert {"place", "device", "time"} <= kinds(traces) and not traces.stays
    assert "-0.30556, 100.36944" in said(traces) and "Ponsel Umpama 7" in said(traces)
    assert out == PHOTOS[media_type]


@pytest.mark.parametrize("media_type", PHOTOS)
@pytest.mark.parametrize("piece", [1, 13, 65_536])
def test_a_photo_without_what_it_tells_shows_the_same_picture(media_type, piece):
    hidden = PHOTOS[media_type] + b"TERSEMBUNYI" * 40
    traces, out = read(media_type, hidden, leaves_out=True, piece=piece)
    assert not traces.stays and {"place", "device", "time"} <= kinds(traces)
    for word in (b"Umpama", b"Pembuat", b"2024:10:21", b"TERSEMBUNYI", b"Exif\0\0II"):
        assert word not in out
    before, after = Image.open(io.BytesIO(PHOTOS[media_type])), Image.open(io.BytesIO(out))
    assert after.tobytes() == before.tobytes() and not after.getexif() and "Author" not in after.info
    assert read(media_type, out)[0].told == []


def test_a_photo_that_is_turned_stays_turned_and_tells_no_more():
    turned = exif()
    turned[0x0112] = 6
    traces, out = read("image/jpeg", picture("JPEG", exif=turned), leaves_out=True)
    assert dict(Image.open(io.BytesIO(out)).getexif()) == {0x0112: 6} and read("image/jpeg", out)[0].told == []


def test_a_photo_in_steps_loses_its_words_between_them_and_keeps_every_step():
    content = picture("JPEG", exif=exif(), progressive=True, quality=95)
    scans = content.count(b"\xff\xda")
    assert scans > 1
    _traces, out = read("image/jpeg", content, leaves_out=True)
    assert out.count(b"\xff\xda") == scans
    assert Image.open(io.BytesIO(out)).tobytes() == Image.open(io.BytesIO(content)).tobytes()


@pytest.mark.parametrize("media_type", ["video/mp4", "audio/mp4", "video/quicktime"])
def test_a_film_loses_place_device_and_time_and_keeps_its_size_and_pictures(media_type):
    traces, out = read(media_type, mp4())
    assert {"place", "device", "time"} <= kinds(traces) and PLACE[:-1].decode() in said(traces) and out == mp4()
    traces, out = read(media_type, mp4(), leaves_out=True)
    assert len(out) == len(mp4()) and b"ISI FILM" * 40 in out and not traces.stays
    for word in (b"RAHASIA", PLACE, b"Umpama", struct.pack(">I", 3_812_345_678), b"udta", b"uuid"):
        assert word not in out, word


def test_what_a_document_tells_is_told_and_stays():
    for content in (pdf(), pdf().replace(b"(Pembuat \\(Umpama\\))", b"<feff00500065006d0062007500610074>")):
        for piece in (0, 1, 65_536):
            traces, out = read("application/pdf", content, piece=piece)
            assert "author: Pembuat" in said(traces) and out == content and not traces.stays
    traces, out = read("application/pdf", pdf(), leaves_out=True)
    assert traces.stays and not traces.cleans and out == pdf()


def test_a_file_that_cannot_be_walked_goes_on_as_it_came_and_is_told_where_it_was_to_be_left_out():
    for media_type, content in (
        ("image/jpeg", b"\xff\xd8\xff\xe1\x00\x00" + bytes(900)),
        ("image/png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 900),
        ("video/mp4", b"\x00\x00\x00\x0cftypisom" + b"\x00\x00\xff\xffmoov" + bytes(300)),
    ):
        traces, out = read(media_type, content)
        assert out == content and not traces.stays
        assert read(media_type, content, leaves_out=True)[0].stays


def test_a_kind_that_is_not_walked_is_handed_on_whether_or_not_something_is_to_be_left_out():
    for leaves_out in (False, True):
        traces, out = read("text/plain", b"cerita", leaves_out=leaves_out)
        assert out == b"cerita" and not traces.stays and not traces.told and not traces.leaves_out


def test_a_picture_of_a_hundred_megapixels_is_not_decoded(monkeypatch):
    def never(*_arguments, **_named):
        raise AssertionError("decoded")

    huge = huge_pictures()
    monkeypatch.setattr(Image, "open", never)
    monkeypatch.setattr("zlib.decompress", never)
    for name, content in huge.items():
        for leaves_out in (False, True):
            read(
                {"p": "image/png", "j": "image/jpeg", "w": "image/webp", "a": "image/avif"}[name[0]],
                content,
                leaves_out=leaves_out,
            )


def test_hostile_and_broken_files_neither_hang_nor_raise():
    seeds = {
        **PHOTOS,
        "video/mp4": mp4(),
        "application/pdf": pdf(),
        "image/heic": b"\0\0\0\x18ftypheic" + b"Exif\0\0" + bytes(60),
    }
    for _ in range(1_500):
        media_type = CHANCE.choice(list(seeds))
        content = bytearray(seeds[media_type])
        for _ in range(CHANCE.choice((1, 3, 20))):
            content[CHANCE.randrange(8, len(content))] = CHANCE.choice((0, 1, 127, 128, 255, CHANCE.randrange(256)))
        if CHANCE.random() < 0.3:
            content = content[: CHANCE.randrange(8, len(content))]
        leaves_out = CHANCE.random() < 0.5
        traces, out = read(media_type, bytes(content), leaves_out=leaves_out, piece=CHANCE.choice((17, 4_096)))
        assert traces.leaves_out or out == bytes(content)
        assert len(out) <= len(content) + 64 and len(traces.told) <= 40


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/jpeg", b"\xff\xd8" + b"\xff" * 3_000_000),
        ("image/jpeg", b"\xff\xd8" + b"\xff\xe1\x00\x02" * 700_000),
        ("image/png", b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"") * 200_000),
        ("image/webp", riff(b"WEBP", *[(b"EXIF", b"")] * 200_000)),
        ("video/mp4", struct.pack(">I4s", 8, b"free") * 300_000),
        ("video/mp4", struct.pack(">I4s", 2_400_008, b"moov") + struct.pack(">I4s", 8, b"free") * 300_000),
        ("video/mp4", struct.pack(">I4s", 0, b"moov") * 90_000),
        ("application/pdf", b"%PDF-1.4\n" + b"/Author ((((((" * 200_000),
        ("application/pdf", b"%PDF-1.4\n" + b"/Author <" * 300_000),
    ],
    ids=["fill", "segments", "chunks", "parts", "boxes", "boxes in one", "boxes in boxes", "brackets", "hex"],
)  # fmt: skip
def test_many_empty_parts_cost_little(media_type, content):
    began = time.process_time()
    read(media_type, content, piece=65_536)
    read(media_type, content, leaves_out=True, piece=65_536)
    assert time.process_time() - began < 3
