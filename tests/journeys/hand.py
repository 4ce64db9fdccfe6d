"""A process that has Django loaded and does scripts in a place: each in a child of its own, so that none leaves anything to the next.

`python -m tests.journeys.hand` reads one JSON object a line: a `script`, its `arguments`, what is `typed` into it and the seconds
of its `limit`. It answers each by one line: the exit `code`, and what was written to `out` and `err`. To load Django takes longer
than what most of these scripts do.
"""

import json
import os
import signal
import sys
import tempfile
import traceback
from typing import Any

import django


def _do(asked: dict[str, Any]) -> int:
    """Do a script as `python -c` does; return its exit code."""
    sys.argv = ["-c", *asked["arguments"]]
    signal.alarm(asked["limit"])
    try:
        exec(compile(asked["script"], "<script>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Let a child do a script; return what became of it."""
    with tempfile.TemporaryFile() as typed, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        typed.write(asked["typed"].encode())
        typed.flush()
        child = os.fork()
        if not child:
            typed.seek(0)
            for stream, number in ((typed, 0), (out, 1), (err, 2)):
                os.dup2(stream.fileno(), number)
            sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
            os._exit(_do(asked))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        told = []
        for stream in (out, err):
            stream.seek(0)
            told.append(stream.read().decode())
    return {"code": code, "out": told[0], "err": told[1]}


def main() -> None:
    """Load what the scripts need, and do what is asked until nobody can ask any more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    django.setup()

    from tests import reporting  # noqa: F401
    from tests.services import reports_cast  # noqa: F401
    from tests.web import stage  # noqa: F401

    for line in iter(sys.stdin.readline, ""):
        answer = json.dumps(_answer(json.loads(line)))
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
