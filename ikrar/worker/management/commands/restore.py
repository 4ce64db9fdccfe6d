"""`ikrar restore FILE`: put a backup into an empty place and verify it."""

import argparse
import re
from pathlib import Path
from typing import Any

from django.utils import timezone

from ikrar.services import installation
from ikrar.worker import command


def _digest(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Fa-f]{64}", text):
        raise argparse.ArgumentTypeError("64 hexadecimal digits")
    return text


class Command(command.Command):
    help = "Restore a backup into an empty place, and verify it."
    needs_installation = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--sha256", type=_digest, metavar="HEX", help="what 'ikrar backup' printed")

    def run(self, **options: Any) -> None:
        report = installation.restore(options["file"], sha256=options["sha256"] or "", now=timezone.now())
        self.stdout.write(
            f"Dipulihkan dan diperiksa: {report['rows']} baris, {report['log_entries']} entri log, cadangan {report['made_at']}"
        )
        if report["imports_lost"]:
            self.stdout.write(
                f"{report['imports_lost']} impor menunggu berkas yang tidak ikut dicadangkan; unggah lagi."
            )
        if report["papers_lost"]:
            self.stdout.write(
                f"{report['papers_lost']} pesanan cetak belum terunduh dan tidak ikut dicadangkan; lanjutkan dari berandanya."
            )
