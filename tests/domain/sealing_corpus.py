"""The vectors of tests/corpora/sealing.json (written by tools/sealing_vectors.py), which Python and the browser both keep."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def vectors() -> dict[str, Any]:
    return json.loads((Path(__file__).parents[1] / "corpora" / "sealing.json").read_text(encoding="utf-8"))
