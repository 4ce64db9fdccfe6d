"""Signs of life of what works in the background: a file each, whose time says when it was last seen.

Files, not rows: a database that somebody keeps locked must not make a worker look dead, nor a dead one alive.
"""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

WORKER, TICK = "worker", "tick"
PARTS = (WORKER, TICK)
# Who has not shown himself for so long is told of.
SILENT_AFTER_S = 120


def beat(part: str, now: datetime) -> None:
    """Note that a part works. A disk that takes no file is told by the silence that follows."""
    path = _path(part)
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        os.utime(path, (now.timestamp(), now.timestamp()))


def begin(now: datetime) -> None:
    """Give all parts the time that they need to show themselves: they are being started."""
    for part in PARTS:
        beat(part, now)


def expect(now: datetime) -> None:
    """Note that somebody else is to start what was never seen: it counts as silent only after its time."""
    for part in PARTS:
        if _silence(part, now) is None:
            beat(part, now)


def silences(now: datetime) -> dict[str, int | None]:
    """Return for how many seconds each part has not shown itself; None: it never did."""
    return {part: _silence(part, now) for part in PARTS}


def is_silent(seconds: int | None) -> bool:
    """Say whether a silence is one that somebody must look after."""
    return seconds is None or seconds > SILENT_AFTER_S


def _silence(part: str, now: datetime) -> int | None:
    try:
        return max(0, int(now.timestamp() - _path(part).stat().st_mtime))
    except OSError:
        return None


def _path(part: str) -> Path:
    return settings.HOME / "pulse" / part
