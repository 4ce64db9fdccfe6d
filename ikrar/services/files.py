"""Files that somebody hands in: looked at, cleaned, kept below HOME/files, and handed out again.

Who may fetch a file is decided by the feature that it belongs to: its view asks for its own right and reach first, and
only then answers with `web.sending.sent`.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db.models import ProtectedError

from ikrar.domain.days import WIB, local_day
from ikrar.domain.errors import FileDamaged, FileEmpty, FileKindWrong, FileTooBig
from ikrar.domain.files import FileKind, kind_of, safe_name
from ikrar.gateways import blobs
from ikrar.records.models import StoredFile, User

# A file whose row was never written (the machine stopped in between) is deleted when it is so old.
_ORPHAN_AFTER = timedelta(days=1)


class Upload(Protocol):
    """What a form's file field holds, or anything like it."""

    name: str
    size: int

    def read(self) -> bytes: ...  # the whole, from where it stands
    def seek(self, place: int) -> object: ...


def _root() -> Path:
    return settings.HOME / "files"


def content_of(file: Upload) -> bytes:
    """Return all bytes of an upload as it was handed in, and leave it at its start."""
    file.seek(0)
    content = file.read()
    file.seek(0)
    return content


def receive(
    file: Upload, *, kinds: Collection[FileKind], most_bytes: int, by: User | None, now: datetime
) -> StoredFile:
    """Keep a file: its kind told by its bytes, a picture drawn anew without what the camera wrote, mode 0600.

    Call it before the transaction of the act that needs the file: to clean a picture takes a second, and SQLite lets
    one write at a time. Where that act is refused afterwards, call `discard`. Raises FileEmpty, FileTooBig,
    FileKindWrong (any kind but `kinds`), FileDamaged.
    """
    if file.size > most_bytes:
        raise FileTooBig(file.size, most_bytes)
    content = content_of(file)
    if not content:
        raise FileEmpty()
    kind = kind_of(content)
    if kind is None or kind not in kinds:
        raise FileKindWrong(tuple(each.name for each in FileKind if each in kinds))
    if kind.is_picture:
        content = blobs.redrawn(content, kind)
    elif b"%%EOF" not in content[-2048:]:
        raise FileDamaged("cut")
    below = blobs.put(_root(), content, kind, local_day(now, WIB))
    try:
        return StoredFile.objects.create(
            path=below,
            digest=hashlib.sha256(content).hexdigest(),
            name=safe_name(file.name or "", kind),
            media_type=kind.value,
            size=len(content),
            by=by,
            at=now,
        )
    except BaseException:
        blobs.remove(_root(), below)
        raise


def path_of(stored: StoredFile) -> Path:
    """Return where a kept file lies. Raises FileLost where its bytes are not there (a backup that was put back in part)."""
    return blobs.place(_root(), stored.path)


def bytes_of(stored: StoredFile) -> bytes:
    """Return the bytes of a kept file. Raises FileLost."""
    return path_of(stored).read_bytes()


def discard(stored: StoredFile) -> None:
    """Delete a file that no act took. One that some row of the records holds stays."""
    try:
        stored.delete()
    except ProtectedError:
        return
    blobs.remove(_root(), stored.path)


def clear(now: datetime) -> None:
    """Delete bytes without a row, left by a stop between the two; run by the tick."""
    found = list(blobs.all_before(_root(), (now - _ORPHAN_AFTER).timestamp()))
    for start in range(0, len(found), 500):
        some = found[start : start + 500]
        known = set(StoredFile.objects.filter(path__in=some).values_list("path", flat=True))
        for below in some:
            if below not in known:
                blobs.remove(_root(), below)
