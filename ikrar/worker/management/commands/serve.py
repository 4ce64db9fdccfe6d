"""`ikrar serve`: web, worker and tick in one."""

import os
import signal
import subprocess
import sys
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from ikrar.services import installation
from ikrar.worker import command


class Command(command.Command):
    help = "Serve: the pages, the slow work and the tick, until it is stopped."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="web processes (default: 2)")
        parser.add_argument("--threads", type=int, default=8, help="requests a process handles at once (default: 8)")
        parser.add_argument(
            "--web-only", action="store_true", help="leave slow work and tick to 'ikrar work' elsewhere"
        )

    def run(self, **options: Any) -> None:
        from granian import Granian
        from granian.constants import Interfaces
        from granian.http import HTTP1Settings

        if installation.needs_migration():
            installation.migrate()
        call_command("check", verbosity=0)
        installation.started(timezone.now())
        worker = None
        if not options["web_only"]:
            worker = subprocess.Popen([sys.executable, "-m", "ikrar", "work"])
        self.stdout.write(f"Ikrar: http://{options['host']}:{options['port']}/")
        self.stdout.flush()
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
            http1_settings=HTTP1Settings(header_read_timeout=15_000),
        )
        try:
            server.serve()
        finally:
            if worker and worker.poll() is None:
                os.kill(worker.pid, signal.SIGTERM)
                worker.wait(timeout=20)
