"""`ikrar certificate --unit CODE --out DIR`: the certificates of a unit, signed, as files."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from ikrar.services import certificates, units
from ikrar.worker import command


class Command(command.Command):
    help = "Write the signed certificates of a unit and all below it, a PDF a person."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE", help="CODE, or AGENCY:CODE")
        parser.add_argument("--out", required=True, type=Path, metavar="DIR")

    def run(self, **options: Any) -> None:
        unit = units.get_unit(options["unit"])
        options["out"].mkdir(parents=True, exist_ok=True)
        count = 0
        for signature, pdf in certificates.of_unit(unit, now=timezone.now()):
            (options["out"] / f"{signature.code}.pdf").write_bytes(pdf)
            count += 1
        self.stdout.write(f"{count} sertifikat di {options['out']}")
