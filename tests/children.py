"""Commands and programs in processes of their own, which begin where the libraries are loaded already.

Hundreds of tests run a command that does next to nothing: to load Python and the libraries takes longer than all that it does. One
process of each test process loads them once (`python -m tests.children`) and forks for each command a child that becomes what
`python -m MODULE …` or `python -c PROGRAM` would be, with an environment, an input and an end of its own. The settings, Django's
registry and all that is made of them are read in the child. `ikrar serve` is started anew by whoever tests that.
"""

import atexit
import base64
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

# What needs no settings to be loaded: libraries, and our own floors that know no database.
_LIBRARIES = (
    "aiohttp", "asyncio", "polars", "psycopg", "requests", "yaml", "django.contrib.auth.hashers",
    "django.contrib.staticfiles.finders", "django.core.management.base", "django.core.management.commands",
    "django.core.serializers.json", "django.core.validators", "django.db.backends.sqlite3.base",
    "django.db.backends.postgresql.base", "django.db.migrations.executor", "django.db.models", "django.forms", "django.http",
    "django.template", "django.test", "django.urls", "django.views.generic",
)  # fmt: skip
_FLOORS = ("ikrar.domain", "ikrar.gateways", "ikrar.bulk")
_SERVICES = ("ikrar.services.name_rosters", "ikrar.services.region_codes", "ikrar.services.rules")


class _Server:
    """The process that has everything loaded; it ends with the one that started it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.children"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._one_at_a_time = threading.Lock()
        atexit.register(self.end)

    def ask(self, asked: Mapping[str, Any]) -> Any:
        assert self._process.stdin and self._process.stdout
        with self._one_at_a_time:
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


_server: _Server | None = None


def run(
    *arguments: object, env: Mapping[str, str] | None = None, cwd: Path = ROOT, typed: bytes = b"", limit: int = 300
) -> subprocess.CompletedProcess[bytes]:
    """Do what `python` with these arguments does (`-m MODULE …` or `-c PROGRAM …`); return how it ended and what it wrote."""
    global _server
    if _server is None:
        _server = _Server()
    told = list(map(str, arguments))
    asked = {
        "arguments": told, "environment": dict(os.environ if env is None else env), "place": str(cwd), "limit": limit,
        "typed": base64.b64encode(typed).decode(),
    }  # fmt: skip
    answer = _server.ask(asked)
    out, err = (base64.b64decode(answer[name]) for name in ("out", "err"))
    return subprocess.CompletedProcess(["python", *told], answer["code"], out, err)


def run_text(*arguments: object, **named: Any) -> subprocess.CompletedProcess[str]:
    """Do the same; what it wrote is text."""
    done = run(*arguments, **named)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


# --- the process that has everything loaded ----------------------------------------------------------------------


def _load() -> None:
    from django.conf import settings

    for name in (*_LIBRARIES, *_FLOORS, *_SERVICES):
        module = importlib.import_module(name)
        if name in _FLOORS:
            for each in pkgutil.walk_packages(module.__path__, f"{name}."):
                importlib.import_module(each.name)
    assert not settings.configured, "each child reads its own"


def _serve() -> None:
    """Load, and do what is asked until nobody can ask any more."""
    asking, answering = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("r+b") as nothing:
        for number in (0, 1):
            os.dup2(nothing.fileno(), number)
    _load()
    gc.freeze()
    for line in iter(asking.readline, b""):
        asked = json.loads(line)
        with tempfile.TemporaryFile() as typed, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            typed.write(base64.b64decode(asked["typed"]))
            typed.seek(0)
            child = os.fork()
            if not child:
                for stream, number in ((typed, 0), (out, 1), (err, 2)):
                    os.dup2(stream.fileno(), number)
                for number in (asking.fileno(), answering.fileno()):
                    os.close(number)
                os._exit(_live(asked))
            answer: dict[str, Any] = {"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}
            for stream, name in ((out, "out"), (err, "err")):
                stream.seek(0)
                answer[name] = base64.b64encode(stream.read()).decode()
        answering.write(json.dumps(answer).encode() + b"\n")
        answering.flush()


def _live(asked: Mapping[str, Any]) -> int:
    """Be what Python is with these arguments from its start to its end; return the status. At the end what is open is closed, as
    an interpreter does that ends: but it does not also take apart, piece by piece, all that was loaded.
    """
    signal.alarm(asked["limit"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["place"])
    tempfile.tempdir = None
    status = 0
    try:
        _become(*asked["arguments"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:
        traceback.print_exc()
        status = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        connections.close_all()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return status & 0xFF


def _become(way: str, what: str, *rest: str) -> None:
    if way == "-m":
        sys.argv = [what, *rest]
        runpy.run_module(what, run_name="__main__", alter_sys=True)
        return
    assert way == "-c", way
    sys.argv = ["-c", *rest]
    sys.modules["__main__"] = types.ModuleType("__main__")
    exec(compile(what, "<string>", "exec"), sys.modules["__main__"].__dict__)


if __name__ == "__main__":
    _serve()
