"""Sealed files: ciphertext below one folder, under names that tell nothing, with times that tell nothing but the day.

The system's own note of the last change (ctime) cannot be set; `still` renews it in bulk, so that it tells the time of a
sweep and not of an act.
"""

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from ikrar.domain.errors import FileLost, StorageFull

_OURS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Draft:
    """A file that is being written. `keep` puts it on the disk for good; `drop` takes it away; both may follow each other."""

    def __init__(self, root: Path) -> None:
        name = secrets.token_hex(16)
        self.path = f"{name[:2]}/{name}"
        self._place = root / self.path
        self.size_bytes = 0
        self.error: OSError | None = None  # what the disk said: the seal in between tells only that it failed
        self._digest = hashlib.sha256()
        try:
            for folder in (root, self._place.parent):
                folder.mkdir(exist_ok=True, mode=0o700)
            self._file: BinaryIO | None = os.fdopen(
                os.open(self._place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0
            )
        except OSError as error:
            raise refusal(error) from error

    def write(self, data: bytes) -> int:
        """Write some more, as a file does. Raises OSError where the disk takes no more."""
        assert self._file is not None
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            self.error = error
            raise
        self._digest.update(data)
        self.size_bytes += len(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written is with the system already."""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what was written."""
        return self._digest.hexdigest()

    def keep(self, day: date) -> None:
        """Put it on the disk, dated midnight of a day. Raises StorageFull."""
        try:
            if self._file is not None:
                os.fsync(self._file.fileno())
                self._file.close()
                self._file = None
            _date(self._place, day)
            _sync_folder(self._place.parent)
            _date(self._place.parent, day)
        except OSError as error:
            raise refusal(error) from error

    def drop(self) -> None:
        """Take it away."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._place.unlink(missing_ok=True)
        _date_folder(self._place.parent)


def refusal(error: OSError) -> Exception:
    """Return what to raise for an error of the system: StorageFull for a full disk, else the error itself."""
    return StorageFull() if error.errno in _FULL else error


def _date(path: Path, day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    os.utime(path, (midnight, midnight))


def _date_folder(folder: Path) -> None:
    """Date a folder in which something was deleted to the midnight before, if it is there."""
    with suppress(FileNotFoundError):
        _date(folder, datetime.now(UTC).date())


def _sync_folder(folder: Path) -> None:
    """Put the names of a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_one(root: Path, below: str) -> BinaryIO:
    """Open a sealed file to be read. Raises FileLost."""
    path = root / below
    if not _OURS.fullmatch(below) or not path.is_file():
        raise FileLost()
    return path.open("rb")


def remove(root: Path, below: str) -> None:
    """Delete a sealed file, if it is there. Its folder tells the day of that alone."""
    if _OURS.fullmatch(below):
        (root / below).unlink(missing_ok=True)
        _date_folder((root / below).parent)


def remove_many(root: Path, all_below: Iterable[str], day: date) -> None:
    """Delete sealed files for good: their names are off the disk when this returns."""
    folders = set()
    for below in all_below:
        if _OURS.fullmatch(below):
            (root / below).unlink(missing_ok=True)
            folders.add((root / below).parent)
    for folder in folders:
        if folder.is_dir():
            _sync_folder(folder)
            _date(folder, day)


def all_before(root: Path, day: date) -> Iterator[str]:
    """Yield the paths of all files that were kept before a day."""
    limit = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    for path in root.glob("[0-9a-f][0-9a-f]/*"):
        below = path.relative_to(root).as_posix()
        if _OURS.fullmatch(below) and path.stat().st_mtime < limit:
            yield below


def still(root: Path, day: date) -> None:
    """Renew what the system notes of all files before a day that it noted since: their order and hours are gone from it."""
    limit = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    for path in root.glob("[0-9a-f][0-9a-f]/*"):
        status = path.stat()
        if status.st_mtime < limit and status.st_ctime < status.st_mtime + 2 * 86_400:
            os.utime(path, (status.st_mtime, status.st_mtime))
