"""What a file tells, and a working copy without it: static/sealing/clean.js in a browser, on small files made here."""

import base64
import io
import random
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import ikrar

STATIC = Path(ikrar.__file__).parent / "web" / "static"
ORIGIN = "http://localhost:1"
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:"
PLACE = b"-00.3055+100.3693/"

_CLEAN = """
async (files) => {
  const { cleaned } = await import("/sealing/clean.js");
  const out = [];
  for (const { name, data } of files) {
    const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
    const begun = performance.now();
    const found = await cleaned(new File([bytes], name));
    const took = performance.now() - begun;
    let copy = null;
    if (found.copy) {
      let text = "";
      for (const each of new Uint8Array(await found.copy.arrayBuffer())) text += String.fromCharCode(each);
      copy = btoa(text);
    }
    out.push({ ...found, copy, took });
  }
  return out;
}
"""


@pytest.fixture(scope="module")
def clean(browser):
    context = browser.new_context()

    def answer(route):
        path = STATIC / route.request.url.removeprefix(f"{ORIGIN}/")
        if path.name == "page.html":
            route.fulfill(body="<!doctype html><title>Uji</title>", content_type="text/html",
                          headers={"Content-Security-Policy": POLICY})  # fmt: skip
        else:
            route.fulfill(body=path.read_bytes(), content_type="text/javascript")

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{ORIGIN}/page.html")

    def run(*contents):
        files = [
            {"name": f"berkas-{n}.bin", "data": base64.b64encode(each).decode()} for n, each in enumerate(contents)
        ]
        found = page.evaluate(_CLEAN, files)
        for each in found:
            each["copy"] = base64.b64decode(each["copy"]) if each["copy"] is not None else None
            each["kinds"] = {one["kind"] for one in each["told"]}
            each["said"] = " ".join(one["value"] for one in each["told"])
        return found

    run.page = page
    yield run
    context.close()


# --- files -------------------------------------------------------------------------------------------------------


def exif():
    found = Image.Exif()
    found[0x010F], found[0x0110], found[0x0132] = "Pabrik Umpama", "Ponsel Umpama 7", "2024:10:21 09:30:00"
    found.get_ifd(0x8825).update({1: "S", 2: (0.0, 18.0, 20.0), 3: "E", 4: (100.0, 22.0, 10.0)})
    return found


def picture(kind, **options):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (10, 200, 30)).save(out, kind, **options)
    return out.getvalue()


def png_with_words():
    words = PngInfo()
    words.add_text("Author", "Pembuat Umpama")
    return picture("PNG", pnginfo=words, exif=exif())


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png():
    """A hundred megapixels in some hundred kilobytes."""
    head = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(10_001) * 10_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def huge_pictures():
    """Heads of a hundred megapixels, of each kind that a browser draws."""
    side = 10_000
    jpeg = picture("JPEG")
    frame = jpeg.index(b"\xff\xc0")
    lossy = bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", side, side)
    lossless = b"\x2f" + struct.pack("<I", side - 1 | side - 1 << 14)
    canvas = bytes(4) + struct.pack("<I", side - 1)[:3] + struct.pack("<I", side - 1)[:3]
    sizes = box(b"ispe", bytes(4), struct.pack(">II", side, side))
    small = box(b"ispe", bytes(4), struct.pack(">II", 8, 8))
    return {
        "png": huge_png(),
        # Its second head says something small; what decodes it goes by the first.
        "png that lies": huge_png().replace(
            chunk(b"IEND", b""), chunk(b"IHDR", bytes([0, 0, 0, 1] * 2 + [8] + [0] * 4))
        )
        + chunk(b"IEND", b""),
        "jpeg": jpeg[: frame + 5] + struct.pack(">HH", side, side) + jpeg[frame + 9 :],
        "webp": riff(b"WEBP", (b"VP8 ", lossy)),
        "webp without loss": riff(b"WEBP", (b"VP8L", lossless + bytes(9))),
        "webp with parts": riff(b"WEBP", (b"VP8X", canvas), (b"VP8 ", lossy)),
        "avif": box(b"ftyp", b"avif", bytes(4), b"avif")
        + box(b"meta", bytes(4), box(b"iprp", box(b"ipco", small, sizes))),
    }


def box(kind, *inner):
    data = b"".join(inner)
    return struct.pack(">I", 8 + len(data)) + kind + data


def mp4(brand=b"isom"):
    xyz = box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE)
    made = struct.pack(">II", 3_812_345_678, 3_812_345_679)
    mvhd = box(b"mvhd", bytes(4), made, bytes(88))
    tkhd = box(b"tkhd", bytes(4), made, bytes(72))
    mdhd = box(b"mdhd", bytes(4), made, bytes(12))
    own = box(b"uuid", bytes(range(16)), b"NAMA PERANGKAT RAHASIA")
    return b"".join(
        [
            box(b"ftyp", brand, bytes(4), brand),
            box(
                b"moov",
                mvhd,
                box(b"trak", tkhd, box(b"mdia", mdhd), own),
                box(b"udta", xyz, box(b"\xa9mod", bytes(4), b"Ponsel Umpama")),
            ),
            box(b"mdat", b"ISI FILM" * 40),
            box(b"meta", b"RAHASIA"),
        ]
    )


def mp3():
    frame = b"TPE1" + struct.pack(">IH", 15, 0) + b"\x00Pembuat Umpama"
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, 0, len(frame)]) + frame
    ape = b"APETAGEX" + struct.pack("<IIII", 2000, 52, 1, 0) + bytes(8)
    sound = b"\xff\xfb\x90\x00" + b"suara" * 80
    return tag + sound + b"RAHASIA APE VALUE 20" + ape + b"TAG" + b"Pembuat Umpama".ljust(125, b"\x00"), sound


def ogg_page(serial, number, packet, kind=0):
    lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    page = (
        b"OggS\x00"
        + bytes([kind])
        + bytes(8)
        + struct.pack("<III", serial, number, 0)
        + bytes([len(lacing)])
        + lacing
        + packet
    )
    return page[:22] + struct.pack("<I", ogg_sum(page)) + page[26:]


def ogg_sum(page):
    total = 0
    for each in page:
        total ^= each << 24
        for _ in range(8):
            total = (total << 1) ^ 0x04C11DB7 if total & 0x80000000 else total << 1
        total &= 0xFFFFFFFF
    return total


def opus():
    words = b"ARTIST=Pembuat Umpama"
    tags = b"OpusTags" + struct.pack("<I", 7) + b"penulis" + struct.pack("<II", 1, len(words)) + words
    return ogg_page(7, 0, b"OpusHead" + bytes(11), 2) + ogg_page(7, 1, tags) + ogg_page(7, 2, b"suara" * 60)


def riff(kind, *chunks):
    data = kind + b"".join(name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2) for name, body in chunks)
    return b"RIFF" + struct.pack("<I", len(data)) + data


def wav():
    return riff(b"WAVE", (b"fmt ", bytes(16)), (b"bext", b"Alat Rahasia".ljust(602, b"\0")),
                (b"LIST", b"INFOIART\x0e\x00\x00\x00Pembuat Umpama"), (b"data", b"suara!" * 50))  # fmt: skip


def element(name, data, long=1):
    size = (len(data) | 1 << 7 * long).to_bytes(long, "big")
    return bytes.fromhex(name) + size + data


def webm():
    tag = element("7373", element("67c8", element("45a3", b"ARTIST") + element("4487", b"Pembuat Umpama")))
    info = element("1549a966", element("2ad7b1", b"\x0f\x42\x40") + element("4461", bytes(8)) + element("7ba9", b"Judul Rahasia")
                   + element("4d80", b"Program Umpama") + element("5741", b"Program Umpama"), 2)  # fmt: skip
    cluster = element("1f43b675", element("e7", b"\0") + element("a3", b"\x81\0\0\x80" + b"suara" * 9), 2)
    return element("1a45dfa3", element("4282", b"webm")) + element(
        "18538067", info + cluster + element("1254c367", tag), 4
    )


def pdf(packed=False):
    xmp = b"<?xpacket begin='' id='x'?><x:xmpmeta><dc:creator><rdf:li>Pembuat Umpama</rdf:li></dc:creator></x:xmpmeta><?xpacket end='w'?>"
    out = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Metadata 3 0 R >>\nendobj\n"
    out += b"2 0 obj\n<< /Author (Pembuat \\(Umpama\\)) /Creator <50656e756c6973> /CreationDate (D:20241021093000) >>\nendobj\n"
    out += b"3 0 obj\n<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(xmp), xmp)
    if packed:
        out += b"4 0 obj\n<< /Type /ObjStm /Length 0 >>\nstream\n\nendstream\nendobj\n"
    return out + b"trailer\n<< /Root 1 0 R /Info 2 0 R >>\nstartxref\n0\n%%EOF\n"


# --- what must stay true -------------------------------------------------------------------------------------------


def test_a_photo_tells_place_device_and_time_and_its_copy_none_of_them(clean):
    for found in clean(picture("JPEG", exif=exif()), png_with_words(), picture("WEBP", exif=exif())):
        assert {"place", "device", "time"} <= found["kinds"], found["kind"]
        assert "-0.30556, 100.36944" in found["said"] and "Ponsel Umpama 7" in found["said"]
        copy = Image.open(io.BytesIO(found["copy"]))
        assert copy.size == (60, 40) and not copy.getexif() and "Author" not in copy.info
        assert b"Umpama" not in found["copy"]


def test_sound_and_film_lose_what_names_somebody_and_keep_the_rest(clean):
    tagged, sound = mp3()
    film, voice, opened, track, wave, document = clean(mp4(), mp4(b"M4A "), webm(), opus(), wav(), pdf())
    for found in (film, voice):
        assert {"place", "device", "time"} <= found["kinds"] and PLACE[:-1].decode() in found["said"]
        assert len(found["copy"]) == len(mp4()) and b"ISI FILM" * 40 in found["copy"]
        for word in (b"RAHASIA", PLACE, b"Umpama", struct.pack(">I", 3_812_345_678), b"udta", b"uuid"):
            assert word not in found["copy"], word
    assert {"container", "time", "title", "software"} <= opened["kinds"] and len(opened["copy"]) == len(webm())
    assert b"Umpama" not in opened["copy"] and b"Judul" not in opened["copy"] and b"suara" * 9 in opened["copy"]
    assert "author" in track["kinds"] and b"Umpama" not in track["copy"] and b"suara" * 60 in track["copy"]
    page = track["copy"][len(ogg_page(7, 0, b"OpusHead" + bytes(11), 2)) :][: len(opus()) - 2]
    second = page[: 27 + 1 + page[27]]
    assert struct.unpack("<I", second[22:26])[0] == ogg_sum(second[:22] + bytes(4) + second[26:])
    assert b"Rahasia" not in wave["copy"] and b"Umpama" not in wave["copy"] and b"suara!" * 50 in wave["copy"]
    [song] = clean(tagged)
    assert {"author", "container"} <= song["kinds"] and song["copy"].startswith(sound)
    assert b"Umpama" not in song["copy"] and b"APETAGEX" not in song["copy"]
    assert {"author", "software", "time", "xmp"} <= document["kinds"] and "Pembuat (Umpama)" in document["said"]
    assert b"Umpama" not in document["copy"] and len(document["copy"]) == len(pdf())


def test_where_no_copy_is_safe_none_is_made_and_the_reason_is_told(clean):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    locked = pdf().replace(b"/Root", b"/Encrypt 9 0 R /Root")
    signed = pdf().replace(b"/Root", b"/ByteRange [0 1 2 3] /Root")
    expected = {
        "packed": pdf(packed=True), "locked": locked, "signed": signed, "kind": svg, "pixels": huge_png(),
        "broken": picture("JPEG", exif=exif())[:60],
    }  # fmt: skip
    for reason, found in zip(expected, clean(*expected.values()), strict=True):
        assert found["reason"] == reason and found["copy"] is None, (reason, found["reason"])
        assert found["took"] < 2000
    assert "acts" in clean(svg)[0]["kinds"]
    assert "acts" in clean(pdf().replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /Launch >>"))[0]["kinds"]


def test_a_picture_of_a_hundred_megapixels_is_refused_by_its_head_and_never_decoded(clean):
    clean.page.evaluate(
        """() => {
          [window.decodings, window.plain] = [0, window.createImageBitmap];
          window.createImageBitmap = (...all) => { window.decodings += 1; return window.plain(...all); };
        }"""
    )
    huge = huge_pictures()
    for name, found in zip(huge, clean(*huge.values()), strict=True):
        assert (found["reason"], found["copy"]) == ("pixels", None), name
    assert clean.page.evaluate("window.decodings") == 0
    # The tool that blackens and the officer's page draw by the same function.
    refused = clean.page.evaluate(
        """async (files) => {
          const { decoded } = await import("/sealing/clean.js");
          const out = [];
          for (const data of files) {
            const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
            out.push(await decoded(new Blob([bytes])).then(() => "", (error) => error.reason));
          }
          return out;
        }""",
        [base64.b64encode(each).decode() for each in huge.values()],
    )
    assert set(refused) == {"pixels"} and clean.page.evaluate("window.decodings") == 0
    [found] = clean(picture("WEBP"))
    assert found["copy"] and clean.page.evaluate("window.decodings") == 1
    clean.page.evaluate("() => { window.createImageBitmap = window.plain; }")


def test_a_file_of_two_kinds_is_one_of_them_and_what_hides_behind_a_picture_is_not_in_its_copy(clean):
    hidden = b"PK\x03\x04" + b"TERSEMBUNYI" * 30 + b"<script>alert(1)</script>"
    for kind in ("JPEG", "PNG", "WEBP"):
        [found] = clean(picture(kind) + hidden)
        assert found["copy"] and b"TERSEMBUNYI" not in found["copy"] and b"<script" not in found["copy"], kind
    [gif] = clean(b"GIF89a/*" + hidden)
    assert gif["kind"] == "gif" and gif["copy"] is None


def test_a_program_is_of_no_kind_and_a_wrong_name_deceives_nobody(clean):
    program, photo = clean(b"MZ\x90\x00" + bytes(4000), picture("JPEG"))
    assert program["kind"] == "unknown" and program["copy"] is None
    assert photo["kind"] == "jpeg"


def test_broken_and_hostile_files_neither_hang_nor_break_the_page(clean):
    chance = random.Random(20241025)
    seeds = [
        picture("JPEG", exif=exif()),
        png_with_words(),
        picture("WEBP", exif=exif()),
        mp4(),
        mp3()[0],
        opus(),
        wav(),
        webm(),
        pdf(),
    ]
    files = []
    for _ in range(700):
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 3, 20))):
            content[chance.randrange(12, len(content))] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
        if chance.random() < 0.3:
            content = content[: chance.randrange(12, len(content))]
        files.append(bytes(content))
    # Boxes of no size, boxes in boxes, sizes beyond the end, thousands of empty pieces.
    files += [
        mp4()[:24] + struct.pack(">I", 0) + b"moov" + struct.pack(">I", 0) + b"trak",
        box(b"ftyp", b"isom") + b"".join([struct.pack(">I", 8) + b"free"] * 150_000),
        box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"moov", 2**63),
        b"\xff\xd8" + b"\xff" * 300_000,
        b"ID3\x04\x00\x00\x00\x00\x00\x00" * 50_000,
        b"%PDF-1.4\n" + b"/Info 1 0 R " * 20_000 + b"1 0 obj (((((" * 20_000 + b"%%EOF",
        b"%PDF-1.4\n" + b"<?xpacket begin" * 20_000 + b"%%EOF",
        bytes.fromhex("1a45dfa380") + bytes.fromhex("18538067ff") * 20_000,
    ]
    for number, found in enumerate(clean(*files)):
        assert found["took"] < 4000, (number, found["kind"], found["took"])
        assert found["copy"] is not None or found["reason"]
