"""`ikrar backup FILE`: database, files and keys in one archive."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from ikrar.services import installation
from ikrar.worker import command


class Command(command.Command):
    help = (
        "Write database, files and keys into one archive. It holds the keys and everybody's data: guard it. What is printed"
        " last is its SHA-256; keep that elsewhere, and give it to 'ikrar restore --sha256'."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)

    def run(self, **options: Any) -> None:
        manifest = installation.backup(options["file"], now=timezone.now())
        rows = sum(count or 0 for count in manifest["rows"].values())
        size = options["file"].stat().st_size
        self.stdout.write(f"{options['file']}: {len(manifest['digests'])} berkas, {rows} baris, {size} bita")
        self.stdout.write(f"SHA-256 {manifest['sha256']}")
