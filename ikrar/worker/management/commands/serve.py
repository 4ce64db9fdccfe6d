"""`ikrar serve`: web, worker and tick in one."""

import errno
import fcntl
import multiprocessing
import os
import socket
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from ikrar.domain.errors import AddressUnusable, AlreadyServing
from ikrar.services import answers, installation, pulse, rules
from ikrar.worker import command, serving

_PATIENCE_S = 3.0
_PATIENCE_OF_STOP_S = 20
_REASONS = {errno.EADDRINUSE: "taken", errno.EACCES: "forbidden"}


def _only_server_of(place: Any) -> Any:
    """Claim the folder for this process and its children; the kernel lets go when the last of them ends.

    Children of a server that was killed a moment ago are given the time to end. Raises AlreadyServing.
    """
    lock = (place / "serve.lock").open("a+")
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError as error:
            if time.monotonic() > until:
                lock.close()
                raise AlreadyServing(str(place)) from error
            time.sleep(0.1)
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _try_address(host: str, port: int) -> None:
    """Raise AddressUnusable where nobody can listen. The server itself would share a port with any other server."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            # Connections of a server that has just ended do not count, one that listens does.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen()
    except OSError as error:
        raise AddressUnusable(_REASONS.get(error.errno or 0, "unknown"), host, port) from error


class Command(command.Command):
    help = "Serve: the pages, the slow work and the tick, until it is stopped."

    def add_arguments(self, parser: Any) -> None:
        serving.add_arguments(parser)

    def run(self, **options: Any) -> None:
        from granian import Granian
        from granian.constants import Interfaces
        from granian.http import HTTP1Settings

        lock = _only_server_of(settings.HOME)
        _try_address(options["host"], options["port"])
        installation.keep_secret_key()
        installation.close_to_others()
        if installation.needs_migration():
            installation.migrate()
        call_command("check", verbosity=0)
        rules.book()  # a wrong rulebook stops the server, with the file and line of its fault
        installation.started(timezone.now())
        os.environ[serving.SERVER] = str(os.getpid())
        keeper = None
        if options["web_only"]:
            pulse.expect(timezone.now())
        else:
            pulse.begin(timezone.now())
            os.set_inheritable(lock.fileno(), True)
            keeper = serving.Keeper([sys.executable, "-m", "ikrar", "work"])
            keeper.start()
        self.stdout.write(f"Ikrar: {serving.address_of(options['host'], options['port'])}/")
        self.stdout.flush()
        # Web processes are forked off this one: what travels between two pages of a form opens in each of them.
        answers.begin()
        multiprocessing.set_start_method("fork", force=True)
        server = Granian(
            "ikrar.web.wsgi:application",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=options["threads"],
            backlog=2048,
            log_enabled=False,
            respawn_failed_workers=True,
            workers_kill_timeout=_PATIENCE_OF_STOP_S,  # one that is stopped while it starts does not hear it
            http1_settings=HTTP1Settings(header_read_timeout=15_000),
        )
        try:
            server.serve()
        finally:
            if keeper:
                keeper.stop()
