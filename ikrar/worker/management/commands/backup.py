"""`ikrar backup FILE`: database, files and keys in one archive."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from ikrar.services import installation
from ikrar.worker import command


class Command(command.Command):
    help = "Write database, files and keys into one archive (it holds the keys: guard it)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)

    def run(self, **options: Any) -> None:
        manifest = installation.backup(options["file"], now=timezone.now())
        rows = sum(manifest["rows"].values())
        size = options["file"].stat().st_size
        self.stdout.write(f"{options['file']}: {len(manifest['digests'])} files, {rows} rows, {size} bytes")
