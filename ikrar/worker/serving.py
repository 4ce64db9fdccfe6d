"""What `ikrar serve` needs before the web framework is set up: its options, its address, and children that end with it."""

import argparse
import ctypes
import fcntl
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

logger = logging.getLogger(__name__)

SERVER = "IKRAR_SERVER_PID"
_BASE_URL = "IKRAR_BASE_URL"
_PROCESSES, _THREADS = "IKRAR_WEB_PROCESSES", "IKRAR_WEB_THREADS"
_EVERYWHERE = ("", "0.0.0.0", "::", "127.0.0.1", "::1")  # noqa: S104  to be listened on by whoever says so
_PR_SET_PDEATHSIG = 1


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not least <= (found := int(text)) <= most:
            raise argparse.ArgumentTypeError(f"{text}: a whole number from {least} to {most}")
        return found

    number.__name__ = "whole number"
    return number


def add_arguments(parser: Any) -> None:
    """Declare the options of `ikrar serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=_between(1, 65_535), default=8000, help="port to listen on (default: 8000)")
    parser.add_argument("--workers", type=_between(1, 256), default=2, help="web processes (default: 2)")
    # Most of them wait: whoever signs waits for the disk, and the more wait the more is written at once.
    parser.add_argument(
        "--threads", type=_between(1, 256), default=32, help="requests a process handles at once (default: 32)"
    )
    parser.add_argument("--web-only", action="store_true", help="leave slow work and tick to 'ikrar work' elsewhere")


def say_options(arguments: Sequence[str]) -> None:
    """Tell this process and its children what the settings and the web processes must know of the options.

    That is how many web processes there are and how many requests each handles at once, and the public address where
    nobody set one. Must run before the settings are read. Options that are wrong are left for the command itself to refuse.
    """
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    add_arguments(parser)
    try:
        options, _others = parser.parse_known_args(arguments)
    except (argparse.ArgumentError, argparse.ArgumentTypeError):
        return
    os.environ[_PROCESSES], os.environ[_THREADS] = str(options.workers), str(options.threads)
    os.environ[_BASE_URL] = os.environ.get(_BASE_URL) or address_of(options.host, options.port)


def forget_options() -> None:
    """Let a child that is no web process take what one request needs, not what each of many may have."""
    os.environ.pop(_THREADS, None)


def address_of(host: str, port: int) -> str:
    """Return how a browser on this machine names a place that is listened on.

    >>> address_of("127.0.0.1", 8123), address_of("10.0.0.7", 80), address_of("fd00::7", 8000)
    ('http://localhost:8123', 'http://10.0.0.7', 'http://[fd00::7]:8000')
    """
    name = "localhost" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{name}" if port == 80 else f"http://{name}:{port}"


_processor: BinaryIO | None = None  # held as long as this process lives


def keep_to_one_processor(place: Path) -> None:
    """Keep this web process, with all its threads, to a processor that no other web process of the place keeps to.

    One thread at a time runs Python, so more than one processor is of no use to it, while each change from one to another
    costs what the processor had at hand. Where there are fewer web processes than processors, the system chooses.
    """
    global _processor
    if not hasattr(os, "sched_setaffinity"):
        return
    ours = sorted(os.sched_getaffinity(0))
    if int(os.environ.get(_PROCESSES, "0")) < len(ours):
        return
    _processor = (place / "processors.lock").open("ab")
    for number in ours:
        try:
            # A lock on one byte for each; the kernel lets go when this process ends, however it ends.
            fcntl.lockf(_processor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError:
            continue
        os.sched_setaffinity(0, {number})
        return


def end_with_server() -> None:
    """End this process when the `ikrar serve` that started it ends, however it ends; otherwise do nothing.

    A killed parent must leave nobody who still answers, or works on what the next start takes up again. SIGKILL: what
    was committed is on the disk, and what was not is rolled back.
    """
    server = int(os.environ.get(SERVER, "0"))
    if not server or server == os.getpid():
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == server:  # else it ended before this line
            return
    threading.Thread(target=_watch, args=(server,), name="parent", daemon=True).start()


def _watch(server: int) -> None:
    while os.getppid() == server:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)


# How often a child is looked at; how long the first and the longest pause is before it is started again; how long it must
# have lasted for the pauses to begin anew; how long it may take to end when it is asked to.
_LOOK_S, _FIRST_PAUSE_S, _LONGEST_PAUSE_S, _LASTED_S, _PATIENCE_S = 0.5, 1.0, 60.0, 60.0, 20.0


class Keeper(threading.Thread):
    """Keeps a child running: one that ended is started again, after pauses that grow as long as it does not last.

    The thread lives as long as its child: on Linux a child of ours ends with the very thread that started it.
    """

    def __init__(self, command: Sequence[str]) -> None:
        super().__init__(name="keeper", daemon=True)
        self._command = command
        self._over = threading.Event()

    def run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._over.is_set():
            began = time.monotonic()
            status = self._one_life()
            if self._over.is_set():
                return
            if time.monotonic() - began > _LASTED_S:
                pause_s = _FIRST_PAUSE_S
            logger.error("worker ended and is started again", extra={"status": status, "pause_s": pause_s})
            self._over.wait(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _one_life(self) -> int | None:
        """Start the child and wait until it ends, or is to end; return its status, None where it could not even start."""
        try:
            # With open descriptors it is spawned, not forked. A fork reports through a pipe, whose other end a web process
            # that the server forks in that moment would hold, too: it would be waited for until that ends.
            child = subprocess.Popen(self._command, close_fds=False)
        except OSError:
            logger.exception("worker cannot be started")
            return None
        while child.poll() is None and not self._over.wait(_LOOK_S):
            pass
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(timeout=_PATIENCE_S)
            except subprocess.TimeoutExpired:
                child.kill()
        return child.wait()

    def stop(self) -> None:
        """End the child, and keep it no more."""
        self._over.set()
        if self.is_alive():
            self.join(timeout=_PATIENCE_S + 5)
