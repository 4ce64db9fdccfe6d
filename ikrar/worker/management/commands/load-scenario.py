"""`ikrar load-scenario ID|all`: carry out a real programme with invented people."""

from datetime import date
from typing import Any

from django.utils import timezone

from ikrar.services import demo, installation
from ikrar.worker import command


class Command(command.Command):
    help = "Load a scenario (or all that can be played) into a demo; an empty database becomes a demo."
    needs_installation = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("scenario", metavar="ID|all")
        parser.add_argument("--today", type=command.day, default=date(2024, 10, 25), help="the programme's day")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where something is installed")

    def run(self, **options: Any) -> None:
        if options["if_empty"] and installation.is_installed():
            return
        chosen = demo.PLAYABLE if options["scenario"] == "all" else (options["scenario"],)
        demo.load(chosen, today=options["today"], now=timezone.now(), tell=self.stdout.write)
        if options["scenario"] == "all":
            later = [each for each in demo.known() if each not in demo.PLAYABLE]
            self.stdout.write(f"belum dapat dimainkan: {', '.join(later)}")
