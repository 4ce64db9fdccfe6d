"""What a picture, a film or a document tells about whoever made it, read while the file comes, and the file without that.

Nothing is decoded: heads and parts are walked as they come, so a picture of a hundred megapixels costs no more than its bytes.
What is left out is overwritten or not passed on; what is seen or heard stays as it was. `static/sealing/clean.js` does more, in
the reporter's own browser.
"""

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime

_MOST_TOLD = 40
_MOST_PARTS = 20_000
_MOST_INNER = 16_000_000  # bytes of one part that is looked into
_MOST_WORDS = 65_536
_PIECE = 65_536

# A walk over a file: it yields how many bytes it wants (below zero: what there is, up to so many) and is sent them; at the end of
# the file fewer.
_Walk = Generator[int, bytes, None]


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that a file tells. `kind`: place, device, time, author, title, software, comment."""

    kind: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}" if self.value else self.kind


class _Unreadable(Exception):
    """A file that is not as its first bytes said."""


class Traces:
    """Reads one file as it comes. With `leaves_out` what it hands on is the file without what it tells.

    `told`: what it tells; `cleans`: whether files of this type can be had without; `stays`: whether something of it stays, because
    this file or its type cannot be had without.

    >>> photo = Traces("image/png", leaves_out=True)
    >>> parts = [b"\\x89PNG\\r\\n\\x1a\\n", b"\\0\\0\\0\\x04tEXtAuthBBBB", b"\\0\\0\\0\\0IENDBBBB", b"hidden"]
    >>> b"".join([photo.feed(part) for part in parts] + [photo.end()])
    b'\\x89PNG\\r\\n\\x1a\\n\\x00\\x00\\x00\\x00IENDBBBB'
    >>> [str(trace) for trace in photo.told]
    ['comment: Auth']
    """

    def __init__(self, media_type: str, *, leaves_out: bool = False) -> None:
        walk, self.cleans = _WALKS.get(media_type, (None, False))
        self.told: list[Trace] = []
        self.leaves_out = leaves_out and self.cleans
        self._asked_to = leaves_out
        self._is_broken = False
        self._coming = bytearray()
        self._going = bytearray()
        self._walk: _Walk | None = walk(self) if walk else None
        self._wants = next(self._walk) if self._walk else 0

    @property
    def stays(self) -> bool:
        """Say whether it was to be left out and was not."""
        return self._asked_to and (self._is_broken if self.cleans else bool(self.told))

    def feed(self, chunk: bytes) -> bytes:
        """Read some more of the file; return what goes on."""
        if self._walk is not None:
            self._coming += chunk
            self._step(is_end=False)
        return self._gone() if self.leaves_out else chunk

    def end(self) -> bytes:
        """End the file; return what still goes on."""
        self._step(is_end=True)
        return self._gone()

    def _gone(self) -> bytes:
        gone, self._going = bytes(self._going), bytearray()
        return gone

    def _step(self, *, is_end: bool) -> None:
        try:
            while self._walk is not None:
                has = len(self._coming)
                if not is_end and (has < self._wants if self._wants > 0 else not has):
                    return
                piece = bytes(self._coming[: abs(self._wants)])
                del self._coming[: len(piece)]
                self._wants = self._walk.send(piece)
        except StopIteration:  # what follows belongs to no part of it
            self._walk = None
        except _Unreadable:
            self._walk, self._is_broken = None, True
        self._coming.clear()

    # --- for walks ---

    def put(self, *parts: bytes | bytearray) -> None:
        """Hand on."""
        if self.leaves_out:
            for part in parts:
                self._going += part

    def back(self, rest: bytes) -> None:
        """Give back what was read too far."""
        self._coming[:0] = rest

    def tell(self, kind: str, value: str = "") -> None:
        """Note what the file tells."""
        trace = Trace(kind, re.sub(r"[\x00-\x1f\x7f-\x9f\ufffd]+", " ", value).strip()[:120])
        if len(self.told) < _MOST_TOLD and trace not in self.told:
            self.told.append(trace)


def _need(count: int) -> Generator[int, bytes, bytes]:
    """Read exactly so many bytes. Raises _Unreadable at the end of the file."""
    piece = (yield count) if count else b""
    if len(piece) < count:
        raise _Unreadable
    return piece


def _pass(traces: Traces, count: int, *, blank: bool = False, dropped: bool = False) -> _Walk:
    """Hand so many bytes on as they come; or as many zeros; or none."""
    while count > 0:
        piece = yield -min(count, _PIECE)
        if not piece:
            raise _Unreadable
        count -= len(piece)
        if not dropped:
            traces.put(bytes(len(piece)) if blank else piece)


def _text(words: bytes) -> str:
    try:
        return words.decode()
    except UnicodeDecodeError:
        return words.decode("latin-1")


# --- EXIF, XMP ---------------------------------------------------------------------------------------------------

_EXIF = {
    0x010E: "comment", 0x010F: "device", 0x0110: "device", 0x0131: "software", 0x0132: "time", 0x013B: "author",
    0x8298: "author", 0x9003: "time", 0x9004: "time", 0x9286: "comment", 0xA430: "author", 0xA431: "device",
}  # fmt: skip
_LONG = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8)
_ORIENTATION, _EXIF_BLOCK, _PLACE_BLOCK = 0x0112, 0x8769, 0x8825


def _read_exif(data: bytes, traces: Traces) -> int:
    """Tell what an EXIF block holds; return how the picture is to be turned (1: not at all)."""
    if data[:2] not in (b"II", b"MM") or len(data) < 8:
        return 1
    is_little = data.startswith(b"II")

    def number(at: int, count: int) -> int:
        return int.from_bytes(data[at : at + count], "little" if is_little else "big")

    def ratio(at: int) -> float:
        return number(at, 4) / (number(at + 4, 4) or 1)

    turned, seen, waiting = 1, set[int](), [(number(4, 4), False)]
    while waiting and len(seen) < 8:
        at, is_place = waiting.pop()
        if at in seen or not 8 <= at < len(data) - 2:
            continue
        seen.add(at)
        position: dict[int, float] = {}
        side: dict[int, bytes] = {}
        for entry in range(at + 2, min(at + 2 + 12 * min(number(at, 2), 512), len(data) - 11), 12):
            tag, kind, count = number(entry, 2), number(entry + 2, 2), number(entry + 4, 4)
            long = count * (_LONG[kind] if kind < len(_LONG) else 1)
            start = number(entry + 8, 4) if long > 4 else entry + 8
            if tag in (_EXIF_BLOCK, _PLACE_BLOCK):
                waiting.append((number(entry + 8, 4), tag == _PLACE_BLOCK))
            elif is_place and tag in (1, 3):
                side[tag] = data[start : start + 1]
            elif is_place and tag in (2, 4) and start + 24 <= len(data):
                position[tag] = ratio(start) + ratio(start + 8) / 60 + ratio(start + 16) / 3600
            elif not is_place and tag == _ORIENTATION:
                turned = number(entry + 8, 2)
            elif not is_place and tag in _EXIF and long < 4096:
                value = data[start : start + long].split(b"\0")[0] if tag != 0x9286 else data[start + 8 : start + long]
                if value.strip(b"\0 "):
                    traces.tell(_EXIF[tag], _text(value))
        if is_place:
            where = [
                f"{-value if side.get(tag - 1) in (b'S', b'W') else value:.5f}"
                for tag, value in sorted(position.items())
            ]
            traces.tell("place", ", ".join(where) if len(where) == 2 else "")
    return turned if 1 <= turned <= 8 else 1


_XMP_PLACE = re.compile(r"GPSLatitude[^>\"']{0,4}[\"'>]([^\"'<]{1,40})")
_XMP_DEVICE = re.compile(r"(?:tiff:Model|CreatorTool)[^>\"']{0,4}[\"'>]([^\"'<]{1,80})")
_XMP_AUTHOR = re.compile(r"<dc:creator>.{0,200}?<rdf:li[^>]{0,80}>([^<]{1,120})", re.S)


def _read_xmp(text: str, traces: Traces) -> None:
    for kind, words in (("place", _XMP_PLACE), ("device", _XMP_DEVICE), ("author", _XMP_AUTHOR)):
        if found := words.search(text):
            traces.tell(kind, found[1])


# --- JPEG --------------------------------------------------------------------------------------------------------

_JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_MOST_FILLING = 1_000
_ADOBE, _COMMENT, _SCAN, _END = 0xEE, 0xFE, 0xDA, 0xD9


def _jpeg(traces: Traces) -> _Walk:
    traces.put((yield from _need(2)))
    for _ in range(_MOST_PARTS):
        head, filling = (yield from _need(2)), 0
        while head == b"\xff\xff" and filling < _MOST_FILLING:
            head = head[1:] + (yield from _need(1))
            filling += 1
        kind = head[1]
        if head[0] != 0xFF or kind in (0, 0xFF):
            raise _Unreadable
        if kind == _END:
            traces.put(head)
            return
        if 0xD0 <= kind <= 0xD7 or kind == 1:
            traces.put(head)
            continue
        size = yield from _need(2)
        if int.from_bytes(size) < 2:
            raise _Unreadable
        body = yield from _need(int.from_bytes(size) - 2)
        if kind == _COMMENT or (0xE0 <= kind <= 0xEF and kind != _ADOBE):
            _jpeg_words(kind, body, traces)
            continue
        traces.put(head, size, body)
        if kind == _SCAN:
            if not traces.leaves_out:
                return  # all that is told stands before
            yield from _jpeg_scan(traces)
    raise _Unreadable


def _jpeg_words(kind: int, body: bytes, traces: Traces) -> None:
    """Read a part that is not handed on. How the picture is to be turned is told in a new one."""
    if kind == _COMMENT:
        traces.tell("comment", _text(body[:120]))
    elif kind == 0xE1 and body.startswith(b"Exif\0"):
        turned = _read_exif(body[6:], traces)
        if turned != 1:
            block = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + turned.to_bytes(2) + bytes(6)
            traces.put(b"\xff\xe1", (len(block) + 8).to_bytes(2), b"Exif\0\0", block)
    elif kind == 0xE1 and body.startswith(b"http://ns.adobe.com/xap"):
        _read_xmp(body.decode("latin-1"), traces)


def _jpeg_scan(traces: Traces) -> _Walk:
    held = b""
    while True:
        piece = yield -_PIECE
        if not piece:  # a picture that was cut shows what there is of it
            traces.put(held)
            return
        data = held + piece
        if found := _JPEG_MARKER.search(data):
            traces.put(data[: found.start()])
            traces.back(data[found.start() :])
            return
        held = b"\xff" if data.endswith(b"\xff") else b""
        traces.put(data[: len(data) - len(held)])


# --- PNG, WebP ---------------------------------------------------------------------------------------------------

_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD pHYs acTL fcTL fdAT".split()
)  # fmt: skip


def _png(traces: Traces) -> _Walk:
    traces.put((yield from _need(8)))
    for _ in range(_MOST_PARTS):
        head = yield from _need(8)
        long, kind = int.from_bytes(head[:4]), head[4:]
        if kind in _PNG_KEPT:
            traces.put(head)
            yield from _pass(traces, long + 4)
            if kind == b"IEND":
                return
            continue
        words = yield from _need(min(long, _MOST_WORDS))
        if kind == b"eXIf":
            _read_exif(words, traces)
        elif kind in (b"tEXt", b"iTXt", b"zTXt"):
            text = words.decode("latin-1")
            if text.startswith("XML:com.adobe.xmp"):
                _read_xmp(text, traces)
            else:
                traces.tell("author" if text[:20].lower().startswith("author") else "comment", text[:120])
        elif kind == b"tIME" and len(words) == 7:
            year, month, day, hour, minute = int.from_bytes(words[:2]), *words[2:6]
            traces.tell("time", f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}")
        yield from _pass(traces, long - len(words) + 4, dropped=True)
    raise _Unreadable


_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"))
_WEBP_WORDS = 0x20 | 0x08 | 0x04  # that there are colours of a device, EXIF, XMP


def _webp(traces: Traces) -> _Walk:
    head = yield from _need(12)
    traces.put(head)
    left = int.from_bytes(head[4:8], "little") - 4
    for _ in range(_MOST_PARTS):
        if left < 8:
            return
        head = yield from _need(8)
        long, kind = int.from_bytes(head[4:], "little"), head[:4]
        whole = long + long % 2
        left -= 8 + whole
        if kind == b"VP8X":
            flags = yield from _need(1)
            traces.put(head, bytes([flags[0] & ~_WEBP_WORDS]))
            yield from _pass(traces, whole - 1)
        elif kind in _WEBP_KEPT:
            traces.put(head)
            yield from _pass(traces, whole)
        else:
            words = yield from _need(min(long, _MOST_INNER if kind == b"EXIF" else _MOST_WORDS))
            if kind == b"EXIF":
                _read_exif(words[6:] if words.startswith(b"Exif") else words, traces)
            elif kind == b"XMP ":
                _read_xmp(words.decode("latin-1"), traces)
            traces.put(b"JUNK", head[4:], bytes(len(words)))
            yield from _pass(traces, whole - len(words), blank=True)
    raise _Unreadable


# --- MP4, MOV, M4A -----------------------------------------------------------------------------------------------

_TELLING = frozenset((b"udta", b"meta", b"uuid", b"Xtra", b"XMP_", b"ilst"))
_INSIDE = frozenset((b"moov", b"trak", b"mdia", b"moof", b"traf", b"edts", b"minf"))
_TIMES = frozenset((b"mvhd", b"tkhd", b"mdhd"))
_EPOCH_1904_S = 2_082_844_800
_DEEPEST = 12
_FILM_PLACE = re.compile(r"[+-]\d{1,3}\.\d+[+-]\d{1,3}\.\d+")
_FILM_WORDS = (
    ("\xa9mak", "device"), ("\xa9mod", "device"), ("\xa9swr", "software"), ("\xa9too", "software"), ("\xa9day", "time"),
    ("\xa9ART", "author"), ("\xa9nam", "title"), ("\xa9cmt", "comment"), ("auth", "author"),
)  # fmt: skip
_APPLE = re.compile(r"com\.apple\.quicktime\.(make|model|creationdate|author)")


def _mp4(traces: Traces) -> _Walk:
    for _ in range(_MOST_PARTS):
        head = yield 8
        if not head:
            return
        if len(head) < 8:
            raise _Unreadable
        long, kind, inner = int.from_bytes(head[:4]), head[4:8], 8
        if long == 1:
            head += yield from _need(8)
            long, inner = int.from_bytes(head[8:]), 16
        if long and long < inner:
            raise _Unreadable
        if kind in _TELLING or kind in _INSIDE:
            if not long or long > _MOST_INNER:
                raise _Unreadable
            box = bytearray(head + (yield from _need(long - inner)))
            _read_boxes(box, 0, len(box), 0, traces)
            traces.put(box)
            continue
        traces.put(head)
        rest = long - inner if long else -1
        while rest:  # what is cut off is a film that was cut off
            piece = yield -(_PIECE if rest < 0 else min(rest, _PIECE))
            if not piece:
                return
            rest -= len(piece) if rest > 0 else 0
            traces.put(piece)
    raise _Unreadable


def _read_boxes(data: bytearray, start: int, end: int, depth: int, traces: Traces) -> None:
    """Tell what boxes hold, and blank it where it stands."""
    at, parts = start, 0
    while at + 8 <= end:
        parts += 1
        long, kind, inner = int.from_bytes(data[at : at + 4]), bytes(data[at + 4 : at + 8]), 8
        if long == 1:
            long, inner = int.from_bytes(data[at + 8 : at + 16]), 16
        long = long or end - at
        if long < inner or at + long > end or parts > _MOST_PARTS:
            raise _Unreadable
        begins = at + inner
        if kind in _TELLING:
            _read_film_words(data[begins : at + long], traces)
            data[at + 4 : at + 8] = b"free"
            data[begins : at + long] = bytes(long - inner)
        elif kind in _TIMES and long - inner >= 20:
            wide = data[begins] == 1
            width = 8 if wide else 4
            made = int.from_bytes(data[begins + 4 : begins + 4 + width])
            if _EPOCH_1904_S < made < _EPOCH_1904_S + 2**32:
                traces.tell("time", f"{datetime.fromtimestamp(made - _EPOCH_1904_S, UTC):%Y-%m-%d %H:%M}")
            data[begins + 4 : begins + 4 + 2 * width] = bytes(2 * width)
        elif kind in _INSIDE and depth < _DEEPEST:
            _read_boxes(data, begins, at + long, depth + 1, traces)
        at += long


def _read_film_words(data: bytes | bytearray, traces: Traces) -> None:
    text = data[:400_000].decode("latin-1")
    if place := _FILM_PLACE.search(text):
        traces.tell("place", place[0])
    elif "\xa9xyz" in text or "loci" in text or "location" in text:
        traces.tell("place")
    for mark, kind in _FILM_WORDS:
        if (at := text.find(mark)) >= 0:
            words = re.split(r"[\x00-\x08]+", re.sub(r"^data[\x00-\x20]*", "", text[at + 8 : at + 60]))
            traces.tell(kind, next((word for word in words if word.strip()), ""))
    if apple := _APPLE.search(text):
        traces.tell({"creationdate": "time", "author": "author"}.get(apple[1], "device"))


# --- what is told alone ------------------------------------------------------------------------------------------


def _heic(traces: Traces) -> _Walk:
    # Where its items stand takes a reader of its own; what they hold begins with a mark that is easily found.
    data = yield _MOST_INNER // 4
    at = data.find(b"Exif\0\0")
    for _ in range(20):
        if at < 0:
            break
        _read_exif(data[at + 6 : at + 200_000], traces)
        at = data.find(b"Exif\0\0", at + 1)
    if (at := data.find(b"<x:xmpmeta")) >= 0:
        _read_xmp(data[at : at + 200_000].decode("latin-1"), traces)


_PDF_AUTHOR = re.compile(rb"/Author\s{0,4}(\((?:[^()\\]|\\.){1,200}\)|<[0-9A-Fa-f\s]{2,600}>)", re.S)
_PDF_HELD = 1_000


def _pdf(traces: Traces) -> _Walk:
    held = b""
    while piece := (yield -_PIECE):
        data = held + piece
        for found in _PDF_AUTHOR.finditer(data):
            traces.tell("author", _pdf_text(found[1]))
        if b"<dc:creator>" in data:
            _read_xmp(data.decode("latin-1"), traces)
        held = data[-_PDF_HELD:]


def _pdf_text(raw: bytes) -> str:
    if raw.startswith(b"<"):
        digits = re.sub(rb"\s", b"", raw[1:-1])
        text = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
    else:
        text = re.sub(rb"\\([0-7]{1,3})", lambda eight: bytes([int(eight[1], 8) & 255]), raw[1:-1])
        text = re.sub(rb"\\(.)", rb"\1", text, flags=re.S)
    return text[2:].decode("utf-16-be", "replace") if text.startswith(b"\xfe\xff") else text.decode("latin-1")


_WALKS: dict[str, tuple[Callable[[Traces], _Walk], bool]] = {
    "image/jpeg": (_jpeg, True),
    "image/png": (_png, True),
    "image/webp": (_webp, True),
    "video/mp4": (_mp4, True),
    "video/quicktime": (_mp4, True),
    "audio/mp4": (_mp4, True),
    "image/heic": (_heic, False),
    "image/avif": (_heic, False),
    "application/pdf": (_pdf, False),
}
