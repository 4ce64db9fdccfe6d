"""Small files that tell of whoever made them: what tests of cleaning share."""

import io
import struct
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo

PLACE = b"-00.3055+100.3693/"


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
