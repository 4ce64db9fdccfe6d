"""A program in a process of its own, on a database of its own: threads with connections need one outside any test's transaction."""

import json
import os
from pathlib import Path
from typing import Any

from tests import children, template


def told_by(program: str, folder: Path, purpose: str, *, together: bool = False) -> list[Any]:
    """Run a program on a new installation with empty tables; return what it printed, a line of JSON each."""
    place = template.place_in(folder, purpose)
    environment = os.environ | place | {
        "DJANGO_SETTINGS_MODULE": "ikrar.settings", "IKRAR_COMMIT_TOGETHER": "1" if together else "0",
    }  # fmt: skip
    try:
        done = children.run_text("-c", program, env=environment)
        assert done.returncode == 0, done.stderr[-4000:]
        return [json.loads(line) for line in done.stdout.splitlines()]
    finally:
        template.leave(place)
