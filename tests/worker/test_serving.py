"""`ikrar serve`: one server a folder and a port, children that end with it, and the address that pages and papers name."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ikrar.worker import serving
from tests import children, template

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]


def environment(home):
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and "IKRAR" not in name} | {
        "IKRAR_HOME": str(home), "DJANGO_SETTINGS_MODULE": "ikrar.settings",
    }  # fmt: skip


def command(*arguments):
    return [sys.executable, "-m", "ikrar", *map(str, arguments)]


def ikrar(home, *arguments):
    if "serve" in arguments:
        return subprocess.run(
            command(*arguments),
            env=environment(home),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    return children.run_text("-m", "ikrar", *arguments, env=environment(home))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    place = tmp_path_factory.mktemp("serving") / "home"
    place.mkdir(mode=0o700)
    shutil.copyfile(template.file(), place / "ikrar.sqlite3")
    done = ikrar(place, "init", "--agency", "13.75", "--agency-name", "Kota")
    assert done.returncode == 0, done.stderr
    return place


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def answers(port):
    with suppress(OSError):
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/sehat/", timeout=5).status == 200
    return False


def health(port):
    """Return what a monitor is told: status and words."""
    try:
        answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/sehat/", timeout=5)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, json.loads(answer.read())


def worker_of(server):
    """Return the process that does the slow work of a server, None while there is none."""
    for child in children_of(server.pid):
        with suppress(OSError):
            if b"work" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                return child
    return None


def until(true, seconds=60):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.2)
    return False


@contextmanager
def served(home, *more):
    port = free_port()
    server = subprocess.Popen(
        command("serve", "--port", port, *more), env=environment(home), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert until(lambda: answers(port) or server.poll() is not None) and server.poll() is None
        yield server, port
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait(timeout=30)


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")  # a thread of it may have started one, too
    return [int(each) for task in tasks for each in task.read_text().split()]


def alive(pid):
    """Say whether a process runs; one that ended and waits to be told of does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def refused(done, code):
    assert (done.returncode, done.stdout) == (1, ""), done.stdout + done.stderr
    assert done.stderr.startswith(f"{code}: ") and done.stderr.count("\n") == 1, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_there_is_one_server_a_folder_and_what_it_started_ends_with_it_however_it_ends(home, tmp_path):
    with served(home) as (server, port):
        refused(ikrar(home, "serve", "--port", free_port()), "already_serving")
        assert until(lambda: len(children_of(server.pid)) >= 3), "two web processes and the worker"
        children = children_of(server.pid)
        server.send_signal(signal.SIGKILL)
        server.wait(timeout=10)
        assert until(lambda: not any(map(alive, children)), 10) and not answers(port)
    with served(home) as (server, _port):  # a killed server leaves nothing that keeps the next one out
        children = children_of(server.pid)
        server.terminate()
        assert server.wait(timeout=30) == 0
        assert until(lambda: not any(map(alive, children)), 10)


def processors_of(server):
    """The processors that each web process may run on."""
    webs = set(children_of(server.pid)) - {worker_of(server)}
    return [set(map(int, _numbers(Path(f"/proc/{web}/status").read_text()))) for web in webs]


def _numbers(status):
    for part in re.search(r"^Cpus_allowed_list:\s*(.+)$", status, re.M)[1].split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_each_web_process_keeps_to_a_processor_of_its_own_where_there_are_enough_of_them(home):
    ours = os.sched_getaffinity(0)
    with served(home, "--workers", len(ours), "--web-only") as (server, port):
        assert until(lambda: len(children_of(server.pid)) >= len(ours) and all(map(answers, [port] * 20)))
        assert until(lambda: sorted(map(sorted, processors_of(server))) == [[number] for number in sorted(ours)], 20)
    if len(ours) > 1:
        with served(home, "--workers", len(ours) - 1, "--web-only") as (server, _port):
            assert all(each == ours for each in processors_of(server)), "the system chooses"


def test_a_port_that_is_taken_is_not_shared(home):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the server itself would listen
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused(ikrar(home, "serve", "--port", other.getsockname()[1]), "address_unusable")
    refused(ikrar(home, "serve", "--host", "192.0.2.77", "--port", free_port()), "address_unusable")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "99999"],
        ["--port", "0"],
        ["--port", "x"],
        ["--workers", "0"],
        ["--workers", "-1"],
        ["--threads", "0"],
    ],
    ids=" ".join,
)
def test_numbers_out_of_range_are_wrong_usage(tmp_path, arguments):
    done = ikrar(tmp_path / "home", "serve", *arguments)
    assert done.returncode == 2 and "Traceback" not in done.stderr and arguments[1] in done.stderr


@pytest.fixture
def said(monkeypatch):
    monkeypatch.setattr(os, "environ", dict(os.environ))

    def say(*arguments, given=None):
        os.environ.pop("IKRAR_BASE_URL", None)
        if given:
            os.environ["IKRAR_BASE_URL"] = given
        serving.say_options(arguments)
        return os.environ.get("IKRAR_BASE_URL")

    return say


def test_the_public_address_is_that_of_host_and_port_where_nobody_set_one(said):
    assert said("--port", "8123") == "http://localhost:8123"
    assert said() == "http://localhost:8000"
    assert said("--host", "0.0.0.0", "--port", "80", "--web-only") == "http://localhost"
    assert said("--host", "10.0.0.7") == "http://10.0.0.7:8000"
    assert said("--port", "8123", given="https://ikrar.example.go.id") == "https://ikrar.example.go.id"
    assert said("--port", "99999") is None and said("--port") is None, "the command itself refuses"


def test_settings_follow_the_address(tmp_path):
    text = "from django.conf import settings; print(settings.BASE_URL, settings.CSRF_TRUSTED_ORIGINS, settings.ALLOWED_HOSTS)"
    place = environment(tmp_path) | {"IKRAR_BASE_URL": "http://10.0.0.7:8123"}
    done = subprocess.run([sys.executable, "-c", text], env=place, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == (
        "http://10.0.0.7:8123 ['http://10.0.0.7:8123'] ['localhost', '127.0.0.1', '[::1]', '10.0.0.7']\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_worker_of_a_server_knows_the_address_it_listens_on(home):
    with served(home) as (server, port):
        assert until(lambda: worker_of(server))
        worker = worker_of(server)
        assert f"IKRAR_BASE_URL=http://localhost:{port}\0".encode() in Path(f"/proc/{worker}/environ").read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_that_died_is_started_again_and_ends_with_its_server(home):
    with served(home) as (server, port):
        assert until(lambda: worker_of(server)), "a worker is there"
        first = worker_of(server)
        os.kill(first, signal.SIGKILL)
        assert until(lambda: worker_of(server) not in (None, first)), "another one is"
        second = worker_of(server)
        assert not alive(first) and health(port)[0] == 200
        os.utime(home / "pulse" / "worker", (0, 0))
        assert health(port)[0] == 503
        assert until(lambda: health(port)[0] == 200), "it shows itself"
        server.terminate()
        assert server.wait(timeout=30) == 0 and until(lambda: not alive(second), 10)


def test_health_tells_of_a_worker_or_a_tick_that_has_not_shown_itself(home):
    with served(home, "--web-only") as (_server, port):
        status, said = health(port)
        assert status == 200 and said["ok"] and said["worker_silent_s"] is not None
        for part in ("worker", "tick"):
            os.utime(home / "pulse" / part, (time.time() - 130, time.time() - 130))
            status, said = health(port)
            assert (status, said["ok"], said["database"]) == (503, False, True) and said[f"{part}_silent_s"] >= 130
            os.utime(home / "pulse" / part)
        assert health(port)[0] == 200


def test_a_child_is_started_again_after_pauses_that_grow_as_long_as_it_does_not_last(monkeypatch):
    monkeypatch.setattr(serving, "_LOOK_S", 0.01)
    monkeypatch.setattr(serving, "_FIRST_PAUSE_S", 0.01)
    started, pauses, popen = [], [], subprocess.Popen

    def start(command, **options):
        started.append(command)
        if len(started) == 3:
            raise OSError("no room for another process")
        return popen(command if len(started) == 6 else [*command[:2], "raise SystemExit(3)"], **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    keeper = serving.Keeper([sys.executable, "-c", "import time; time.sleep(600)"])
    monkeypatch.setattr(keeper._over, "wait", lambda s, wait=keeper._over.wait: pauses.append(s) or wait(s))
    keeper.start()
    assert until(lambda: len(started) == 6, 30)
    kept = [pause for pause in pauses if pause != 0.01 or pauses.index(pause) == 0]
    assert sorted(set(kept)) == [0.01, 0.02, 0.04, 0.08, 0.16]
    keeper.stop()
    assert not keeper.is_alive() and len(started) == 6


@pytest.mark.parametrize("name", ["serve", "outbox"])
def test_a_database_that_cannot_be_reached_is_told_in_one_line(tmp_path, name):
    done = subprocess.run(
        command(name), env=environment(tmp_path) | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.startswith("database_unavailable: "), done.stderr
    assert done.stderr.count("\n") == 1
