"""`ikrar restore FILE`: put a backup into an empty place and verify it."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from ikrar.services import installation
from ikrar.worker import command


class Command(command.Command):
    help = "Restore a backup into an empty place, and verify it."
    needs_installation = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)

    def run(self, **options: Any) -> None:
        report = installation.restore(options["file"], now=timezone.now())
        self.stdout.write(
            f"restored and verified: {report['rows']} rows, {report['log_entries']} log entries,"
            f" backup of {report['made_at']}"
        )
