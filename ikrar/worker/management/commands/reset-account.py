"""`ikrar reset-account NAME`: let somebody into his account again, with a fresh code; for the last administrator, too."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from ikrar.domain import codes
from ikrar.services import accounts
from ikrar.worker import command


class Command(command.Command):
    help = (
        "Take off an account's passkeys, authenticator and password, and print a fresh code that opens it once. "
        "Logged, and shown to its owner."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", type=command.filled, metavar="NAME", help="sign-in name of the account")
        parser.add_argument(
            "--reason",
            type=command.filled,
            default="diatur ulang di peladen",
            help="why; its owner reads it, and it is logged (200 letters at most)",
        )
        parser.add_argument(
            "--code-only",
            action="store_true",
            help="take nothing off: a code for a forgotten password; a second step is still asked for",
        )

    def run(self, **options: Any) -> None:
        now = timezone.now()
        owner = accounts.named(options["name"])
        if options["code_only"]:
            code = accounts.new_code(owner, by=None, now=now)
        else:
            code = accounts.reset(owner, reason=options["reason"], by=None, now=now)
        self.stdout.write(f"Buka {settings.BASE_URL}/masuk/kode/ dan masuk sekali dengan:")
        self.stdout.write(f"  nama masuk   {owner.username}")
        self.stdout.write(f"  kode         {codes.grouped(code)}")
        self.stdout.write(f"Kode berlaku {settings.CODE_LIFE_DAYS} hari dan hanya sekali. Baris ini tidak tersimpan.")
