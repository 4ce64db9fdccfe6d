"""`ikrar load-scenario ID…|all`: carry out real programmes with invented people."""

from datetime import date
from typing import Any

from django.utils import timezone

from ikrar.services import demo, installation, scenarios
from ikrar.worker import command


class Command(command.Command):
    help = (
        "Load one or several scenarios (or all five) into a demo, in the order in which they happened; an empty database"
        " becomes a demo. One that is there already is left as it is."
    )
    needs_installation = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("scenario", metavar="ID|all", nargs="+")
        parser.add_argument("--today", type=command.day, default=date(2024, 10, 25), help="the programme's day")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where something is installed")

    def run(self, **options: Any) -> None:
        if options["if_empty"] and installation.is_installed():
            return
        chosen = scenarios.known() if "all" in options["scenario"] else options["scenario"]
        demo.load(chosen, today=options["today"], now=timezone.now(), tell=self.stdout.write)
