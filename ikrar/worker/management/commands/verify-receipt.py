"""`ikrar verify-receipt FILE`: is this receipt of a report one of this log's, and was its promise kept?"""

from pathlib import Path
from typing import Any

from ikrar.domain.errors import FileTrouble
from ikrar.services import installation, reports
from ikrar.worker import command


class Command(command.Command):
    needs_installation = False  # with the key of a log its receipts are checked on any machine
    help = "Check the receipt of a report: its signature, and, with the log's own key, that its entry is there."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--key", default="", metavar="KEY", help="verifier key of another log (keys/log-key.pub there)"
        )

    def run(self, **options: Any) -> None:
        try:
            note = options["file"].read_text("utf-8", "replace")
        except OSError as error:
            raise FileTrouble("missing", str(options["file"])) from error
        if not options["key"]:
            installation.the_one()
        receipt = reports.check_receipt(note, verifier_key=options["key"])
        if options["key"]:
            self.stdout.write(
                f"{receipt.log}: tanda tangan asli, {receipt.on.isoformat()}; entrinya tidak diperiksa di sini"
            )
            return
        reports.check_kept(receipt)
        self.stdout.write(f"{receipt.log}: tanda tangan asli, {receipt.on.isoformat()}; entrinya ada")
