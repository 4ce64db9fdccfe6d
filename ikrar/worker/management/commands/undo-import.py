"""`ikrar undo-import ID`: take an agency's latest import back, as its page does."""

from typing import Any

from django.utils import timezone

from ikrar.services import roster
from ikrar.worker import command


class Command(command.Command):
    help = "Take a stored import back: its new people and units go, its changes are reversed. Only an agency's latest."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("number", type=int, metavar="ID", help="as import-roster told it when it stored the file")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, **options: Any) -> None:
        given = roster.get_import(options["number"])
        roster.undo(given, by=None, now=timezone.now())
        if options["json"]:
            self.line(undone=given.pk, agency=given.agency.code)
        else:
            self.stdout.write(f"impor {given.pk} dibatalkan: {given.file_name}")
