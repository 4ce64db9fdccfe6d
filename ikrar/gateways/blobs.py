"""Bytes that were handed in, below one folder: written once, mode 0600, on the disk before anybody relies on them.

A picture is never kept as it came: it is drawn anew, so that nothing of what the camera wrote (place, time, device,
a small earlier picture) and nothing that was hidden behind its end is in what is kept.
"""

import io
import os
import re
import secrets
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ikrar.domain.errors import FileDamaged, FileLost
from ikrar.domain.files import FileKind

LONGEST_SIDE = 4096  # pixels of a kept picture; a sheet of A4 has 350 to the inch then
MOST_PIXELS = 120_000_000  # of a picture that is read: more is a bomb, or no use to anybody
_QUALITY = 88
_OURS = re.compile(r"\d{4}/\d{2}/[0-9a-f]{32}\.(pdf|jpg|png)")


def put(root: Path, content: bytes, kind: FileKind, day: date) -> str:
    """Write a file that nobody can guess the name of, and return its path below `root`."""
    below = f"{day:%Y/%m}/{secrets.token_hex(16)}{kind.suffix}"
    path = root / below
    for folder in (root, path.parent.parent, path.parent):
        folder.mkdir(exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return below


def place(root: Path, below: str) -> Path:
    """Return where a file lies. Raises FileLost where it is not there, or where the path is none that `put` makes."""
    path = root / below
    if not _OURS.fullmatch(below) or not path.is_file():
        raise FileLost()
    return path


def remove(root: Path, below: str) -> None:
    """Delete a file, if it is there."""
    if _OURS.fullmatch(below):
        (root / below).unlink(missing_ok=True)


def all_before(root: Path, instant_s: float) -> Iterator[str]:
    """Yield the paths of all files that `put` wrote before an instant (seconds since 1970)."""
    for path in root.glob("[0-9]*/[0-9]*/*"):
        below = path.relative_to(root).as_posix()
        if _OURS.fullmatch(below) and path.stat().st_mtime < instant_s:
            yield below


def redrawn(content: bytes, kind: FileKind) -> bytes:
    """Return a picture drawn anew, upright, at most LONGEST_SIDE wide and high, without any data beside its pixels.

    Raises FileDamaged (`reason`: damaged, too_many_pixels).
    """
    # The library is loaded where the first picture comes: a server that takes none does not carry it.
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limit is ours, below
            with Image.open(io.BytesIO(content), formats=[kind.name]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise FileDamaged("too_many_pixels")
                if kind is FileKind.JPEG:
                    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # reads a huge one at half its size
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                mode = "L" if upright.mode in ("1", "L", "I", "I;16") else "RGB"
                if kind is FileKind.PNG and (upright.mode in ("LA", "RGBA", "PA") or "transparency" in upright.info):
                    mode = "RGBA"
                drawn = Image.new(mode, upright.size)
                drawn.paste(upright.convert(mode))
    except FileDamaged:
        raise
    except Exception as error:  # a decoder that is handed garbage raises whatever it likes
        raise FileDamaged("damaged") from error
    written = io.BytesIO()
    if kind is FileKind.JPEG:
        drawn.save(written, "JPEG", quality=_QUALITY, optimize=True)
    else:
        drawn.save(written, "PNG", optimize=False)
    return written.getvalue()


def small(content: bytes, side: int) -> tuple[bytes, int, int]:
    """Return a kept picture as a JPEG at most `side` pixels wide and high, with its width and height. Raises FileDamaged."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as opened:
            opened.thumbnail((side, side))
            drawn = Image.new("RGB", opened.size, "white")
            drawn.paste(opened, mask=opened.getchannel("A") if opened.mode == "RGBA" else None)
    except Exception as error:
        raise FileDamaged("damaged") from error
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=80)
    return written.getvalue(), drawn.width, drawn.height
