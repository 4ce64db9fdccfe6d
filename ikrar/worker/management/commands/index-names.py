"""`ikrar index-names`: make the index by which people are found, now instead of with the clock."""

import time
from typing import Any

from ikrar.services import finding
from ikrar.worker import command


class Command(command.Command):
    help = "Make the index of names anew; the server may run meanwhile."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true")

    def run(self, **options: Any) -> None:
        started = time.monotonic()
        finding.build(wait=True)
        entries = finding.size()
        if options["json"]:
            self.line(
                entries=entries, bytes=finding.path().stat().st_size, seconds=round(time.monotonic() - started, 1)
            )
        else:
            self.stdout.write(f"Indeks nama selesai: {entries} catatan jabatan dan penempatan.")
