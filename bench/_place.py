"""A fresh installation in a temporary folder, its commands and its server; nothing of it is left afterwards."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
AGENCY = "13.75"
_START_S = 90
_INSIDE = "import django; django.setup(); import _inside; _inside.main()"


def wants_postgresql() -> bool:
    """Say whether DATABASE_URL asks for PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith(("postgres://", "postgresql://"))


@contextmanager
def fresh_database() -> Iterator[str]:
    """Make an empty database beside the one that DATABASE_URL names, yield its address, and drop it."""
    import psycopg

    asked = urlsplit(os.environ["DATABASE_URL"])
    name = f"ikrar_bench_{secrets.token_hex(6)}"
    with psycopg.connect(asked.geturl(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield asked._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(asked.geturl(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server answers any request at all."""
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(b"GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if line.recv(16).startswith(b"HTTP/1.1"):
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-4000:]}")


def stop(process: "subprocess.Popen[bytes]", how: int = signal.SIGTERM) -> None:
    """End a process that leads its own group, with everything it started."""
    for step in (how, signal.SIGKILL):
        try:
            os.killpg(process.pid, step)
            process.wait(timeout=20)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def spent_s(leader: int) -> float:
    """Return the processor seconds that a process and all that it started have taken (Linux; elsewhere 0)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended just now
        if int(fields[3]) == leader:  # the session: each server of a bench leads its own
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass
class Place:
    """An installation of our own: its folder, and the environment its processes run in."""

    home: Path
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, timeout: int = 1800) -> str:
        """Run a command to its end and return what it said; one that fails ends the bench with its words."""
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=timeout)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command[:6])}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def ikrar(self, *command: str, timeout: int = 1800) -> str:
        return self.run(sys.executable, "-m", "ikrar", *command, timeout=timeout)

    def inside(self, act: str, *arguments: object, given: Any = None) -> Any:
        """Run one function of _inside.py in this installation and return what it answers."""
        done = subprocess.run(
            [sys.executable, "-c", _INSIDE, act, *map(str, arguments)],
            env=self.env | {"DJANGO_SETTINGS_MODULE": "ikrar.settings", "PYTHONPATH": str(HERE)},
            cwd=ROOT,
            input=json.dumps(given),
            stdout=subprocess.PIPE,
            text=True,
            timeout=1800,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])

    def init(self) -> None:
        self.ikrar("init", "--agency", AGENCY, "--agency-name", "Pemerintah Kota Bukittinggi")

    def people(self, count: int) -> dict[str, Any]:
        """Make so many people who owe a pact, each with an account and a session; see _inside.people."""
        roster = self.home / "roster.csv"
        self.ikrar("make-roster", "--people", str(count + count // 8 + 200), "--seed", "7", "--out", str(roster))
        self.ikrar("import-roster", str(roster), "--agency", AGENCY, "--json")
        return self.inside("people", count)

    def start(self, *before: str) -> "tuple[subprocess.Popen[bytes], int]":
        """Start `ikrar serve` as it comes, perhaps under another program, and wait until it answers."""
        port, log = free_port(), self.home / "serve.log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", "ikrar", "serve", "--port", str(port)],
                env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        try:
            wait_for(port, process, log)
        except BaseException:
            stop(process, signal.SIGKILL)
            raise
        return process, port

    @contextmanager
    def serving(self, *before: str) -> Iterator[int]:
        with self.served(*before) as (_process, port):
            yield port

    @contextmanager
    def served(self, *before: str) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
        """As `serving`, with the process that leads the server."""
        process, port = self.start(*before)
        try:
            yield process, port
        finally:
            stop(process)


@contextmanager
def place(*, postgresql: bool = True) -> Iterator[Place]:
    """Yield a folder for an installation; on PostgreSQL where DATABASE_URL asks for it and the bench allows it."""
    # The settings of whoever calls are not measured: every variable of the product is left at its default.
    env = {
        name: value for name, value in os.environ.items() if not name.startswith("IKRAR_") and name != "DATABASE_URL"
    }
    with tempfile.TemporaryDirectory(prefix="ikrar-bench-") as folder:
        env |= {"IKRAR_HOME": folder, "IKRAR_LOG_LEVEL": "WARNING", "PYTHONUNBUFFERED": "1"}
        if postgresql and wants_postgresql():
            with fresh_database() as url:
                yield Place(Path(folder), env | {"DATABASE_URL": url})
        else:
            yield Place(Path(folder), env)


@contextmanager
def peer_place(here: Place) -> Iterator[Place]:
    """A peer keeps its own database, of the kind that ours is on."""
    if "DATABASE_URL" not in here.env:
        yield here
        return
    with fresh_database() as url:
        yield Place(here.home, here.env | {"DATABASE_URL": url})


def load(env: dict[str, str], job: dict[str, Any]) -> "subprocess.Popen[str]":
    """Start the load generator (_load.py) as a process of its own; it answers with one JSON line at the end."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "_load.py")], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    process.stdin.write(json.dumps(job))
    process.stdin.close()
    return process


def outcome(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """Wait for the load generator and return its answer."""
    assert process.stdout
    lines: Sequence[str] = process.stdout.read().splitlines()
    if process.wait() or not lines:
        raise RuntimeError(f"the load generator ended with status {process.returncode}")
    return json.loads(lines[-1])
