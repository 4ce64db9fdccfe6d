"""Files that people hand in: which kind the bytes themselves say, and by which name a file is offered again."""

import re
import unicodedata
from enum import StrEnum


class FileKind(StrEnum):
    """The kinds that are taken anywhere. The value is the media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"

    @property
    def suffix(self) -> str:
        """Return the end of a file's name, with its point."""
        return {FileKind.PDF: ".pdf", FileKind.JPEG: ".jpg", FileKind.PNG: ".png"}[self]

    @property
    def is_picture(self) -> bool:
        """Say whether it is a picture, which is written anew without what the camera put into it."""
        return self is not FileKind.PDF


PICTURES = frozenset({FileKind.JPEG, FileKind.PNG})
_LONGEST_NAME = 100  # signs before the suffix
_PDF_SEARCH_BYTES = 1024  # readers accept that much before the mark
_UNSAFE = re.compile(r"[^\w .,()+-]+")


def kind_of(content: bytes) -> FileKind | None:
    """Return what a file is by its first bytes, whatever its name says; None for any kind that is not taken.

    >>> kind_of(b"%PDF-1.7 ...")
    <FileKind.PDF: 'application/pdf'>
    >>> kind_of(b"GIF89a") is None
    True
    """
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if b"%PDF-" in content[:_PDF_SEARCH_BYTES]:
        return FileKind.PDF
    return None


def safe_name(given: str, kind: FileKind) -> str:
    """Return a name under which the file can be saved anywhere: no folder, no hidden file, the suffix of what it is.

    >>> safe_name("../../Foto apel\\u202egpj.exe", FileKind.JPEG)
    'Foto apelgpj.jpg'
    >>> safe_name("", FileKind.PDF)
    'berkas.pdf'
    """
    text = unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1])
    text = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    stem = text.rsplit(".", 1)[0] if "." in text else text
    stem = " ".join(_UNSAFE.sub(" ", stem).split())[:_LONGEST_NAME].strip(" .-_")
    return f"{stem or 'berkas'}{kind.suffix}"
