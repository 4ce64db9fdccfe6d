"""What all our commands share: refusals become one line on stderr and status 1, wrong usage status 2."""

import argparse
import errno
import json
import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ikrar.domain.errors import DomainError, FileTrouble
from ikrar.services import installation
from ikrar.web.messages import sentence

_TROUBLES = {
    errno.ENOENT: "missing", errno.EACCES: "forbidden", errno.EPERM: "forbidden", errno.EROFS: "forbidden",
    errno.ENOSPC: "full", errno.EDQUOT: "full",
}  # fmt: skip


def day(text: str) -> date:
    """Read a day that an option names; one in which programmes can be."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 1990 <= found.year <= 2100:
        raise argparse.ArgumentTypeError(f"{text!r}: write a day as 2024-11-27, from 1990 to 2100")
    return found


class Command(BaseCommand):
    """A command whose `run` does the work. Refusals of the field are told, not traced."""

    requires_system_checks: list[str] = []
    requires_migrations_checks = False
    needs_installation = True
    # Options of the web framework work as ever; whoever asks for help asks for ours.
    suppressed_base_arguments = {
        "--version", "-v", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
        "--skip-checks",
    }  # fmt: skip

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            if not self._called_from_command_line or options.get("traceback"):
                raise
            print(" ".join(str(error).split()), file=sys.stderr)
            raise SystemExit(error.returncode) from None

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if self.needs_installation:
                installation.the_one()
            self.run(**options)
        except DomainError as error:
            raise CommandError(f"{error.code}: {sentence(error)}") from error
        except OSError as error:
            trouble = FileTrouble(
                _TROUBLES.get(error.errno or 0, "other"), str(error.filename or error.strerror or error)
            )
            raise CommandError(f"{trouble.code}: {sentence(trouble)}") from error

    def run(self, **options: Any) -> None:
        raise CommandError("not a command by itself")

    def line(self, **values: Any) -> None:
        """Write one JSON object a line."""
        self.stdout.write(json.dumps(values, ensure_ascii=False, default=str))
