"""What all our commands share: refusals become one line on stderr and status 1, wrong usage status 2."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ikrar.domain.errors import DomainError
from ikrar.services import installation
from ikrar.web.messages import sentence


class Command(BaseCommand):
    """A command whose `run` does the work. Refusals of the field are told, not traced."""

    requires_system_checks: list[str] = []
    requires_migrations_checks = False
    needs_installation = True

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if self.needs_installation:
                installation.the_one()
            self.run(**options)
        except DomainError as error:
            raise CommandError(f"{error.code}: {sentence(error)}") from error
        except OSError as error:
            raise CommandError(f"{error.strerror}: {error.filename}") from error

    def run(self, **options: Any) -> None:
        raise CommandError("not a command by itself")

    def line(self, **values: Any) -> None:
        """Write one JSON object a line."""
        self.stdout.write(json.dumps(values, ensure_ascii=False, default=str))
