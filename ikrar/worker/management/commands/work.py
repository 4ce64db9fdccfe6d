"""`ikrar work`: slow work from the queue, and the tick, until it is stopped."""

import logging
import threading
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from ikrar.services import tick
from ikrar.worker import command

logger = logging.getLogger(__name__)


def _ticking(stop: threading.Event) -> None:
    """Do what the passing of time asks for, once a minute."""
    while not stop.is_set():
        try:
            tick.run(timezone.now())
        except Exception:
            logger.exception("tick failed")
        finally:
            connections.close_all()
        stop.wait(60)


class Command(command.Command):
    help = "Do slow work from the queue and what the clock asks for."

    def run(self, **options: Any) -> None:
        stop = threading.Event()
        tick.recover()
        threading.Thread(target=_ticking, args=(stop,), name="tick", daemon=True).start()
        try:
            call_command("db_worker", interval=0.5, verbosity=0, reload=False)
        finally:
            stop.set()
