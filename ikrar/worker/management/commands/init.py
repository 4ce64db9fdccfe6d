"""`ikrar init`: make a real, empty installation."""

import sys
from typing import Any

from django.conf import settings
from django.utils import timezone

from ikrar.domain import codes
from ikrar.services import installation
from ikrar.worker import command


class Command(command.Command):
    help = "Make a real installation: keys, first agency, first administrator. Refuses to run twice."
    needs_installation = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--name", type=command.filled, help="name of the installation (default: the agency's name)")
        parser.add_argument(
            "--agency",
            type=command.filled,
            metavar="CODE",
            help="code of the first agency, for a region its Kemendagri code",
        )
        parser.add_argument("--agency-name", type=command.filled, metavar="NAME")
        parser.add_argument("--kind", choices=["ministry", "province", "regency", "city", "other"])
        parser.add_argument(
            "--region",
            type=command.filled,
            metavar="CODE",
            help="Kemendagri code (default: the agency's code, if it is one)",
        )
        parser.add_argument(
            "--admin",
            type=command.filled,
            metavar="NAME",
            help="sign-in name of the first administrator (default: ADMIN)",
        )
        parser.add_argument("--admin-name", type=command.filled, metavar="NAME", help="the administrator's full name")

    def run(self, **options: Any) -> None:
        def ask(name: str, question: str, default: str) -> str:
            if options[name]:
                return str(options[name])
            if sys.stdin is not None and sys.stdin.isatty():
                return input(f"{question} [{default}]: ").strip() or default
            return default

        code = ask("agency", "Kode instansi pertama (kode Kemendagri, mis. 13.75)", "INSTANSI")
        name = ask("agency_name", "Nama instansi", "Instansi pertama")
        is_region = code.replace(".", "").isdigit()
        region = options["region"] or (code if is_region else None)
        kind = options["kind"] or ("other" if not is_region else "province" if len(code) == 2 else "city")
        if is_region and not options["kind"] and len(code) == 5 and int(code[3:]) < 70:
            kind = "regency"
        done = installation.init(
            name=options["name"] or name,
            agency={"code": code, "name": name, "kind": kind, "region": region},
            administrator=ask("admin", "Nama masuk administrator", "ADMIN"),
            administrator_name=ask("admin_name", "Nama lengkap administrator", "Administrator"),
            now=timezone.now(),
        )
        self.stdout.write(f"Instalasi dibuat: {done.agency.name} ({done.agency.code})")
        self.stdout.write(f"Folder: {settings.HOME}")
        self.stdout.write(f"Jalankan 'ikrar serve', buka {settings.BASE_URL}/masuk/kode/ dan masuk sekali dengan:")
        self.stdout.write(f"  nama masuk   {done.administrator.username}")
        self.stdout.write(f"  kode         {codes.grouped(done.code)}")
        self.stdout.write(f"Kode berlaku {settings.CODE_LIFE_DAYS} hari dan hanya sekali. Baris ini tidak tersimpan.")
