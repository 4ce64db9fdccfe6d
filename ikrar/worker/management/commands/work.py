"""`ikrar work`: slow work from the queue, and the tick, until it is stopped."""

import logging
import threading
import time
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from ikrar.services import coverage, tick
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


def _counting(stop: threading.Event) -> None:
    """Count anew what was touched: soon after it happened, and never more than a tenth of the time."""
    while not stop.is_set():
        started = time.monotonic()
        try:
            coverage.count_touched(timezone.now())
        except Exception:
            logger.exception("counting failed")
        finally:
            connections.close_all()
        stop.wait(max(2.0, 9 * (time.monotonic() - started)))


class Command(command.Command):
    help = "Do slow work from the queue and what the clock asks for."

    def run(self, **options: Any) -> None:
        stop = threading.Event()
        tick.recover()
        for work in (_ticking, _counting):
            threading.Thread(target=work, args=(stop,), name=work.__name__, daemon=True).start()
        try:
            call_command("db_worker", interval=0.5, verbosity=0, reload=False)
        finally:
            stop.set()
