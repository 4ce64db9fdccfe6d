"""`ikrar import-roster FILE --agency CODE`: read a roster file as the pages do."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from ikrar.domain.errors import UnknownColumn
from ikrar.records.models import RosterImport
from ikrar.services import clock, roster, units
from ikrar.web.messages import fault_sentence, stored_sentence, word
from ikrar.worker import command


def _pair(text: str) -> tuple[str, str]:
    column, sign, field = text.partition("=")
    if not sign or not column:
        raise argparse.ArgumentTypeError(f"{text!r}: write COLUMN=FIELD")
    return column.strip(), field.strip()


def _try(path: Path) -> None:
    """Raise OSError where no file can be written, before anything was stored; leave nothing behind."""
    is_new = not path.exists()
    path.open("ab").close()
    if is_new:
        path.unlink()


class Command(command.Command):
    help = "Import a roster (CSV or XLSX): good rows in one transaction, bad rows with line, field and reason."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True, metavar="CODE")
        parser.add_argument("--map", action="append", default=[], type=_pair, metavar="COLUMN=FIELD")
        parser.add_argument(
            "--sheet",
            action="append",
            default=[],
            metavar="NAME",
            help="a sheet of a workbook to read; asked for where its sheets have different headings",
        )
        parser.add_argument("--preview", action="store_true", help="show the difference and write nothing")
        parser.add_argument("--rejects", type=Path, metavar="OUT.csv", help="write refused rows with their reasons")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--complete", action="store_true", help="who is not in the file has left")
        parser.add_argument(
            "--ends",
            type=int,
            metavar="N",
            help="how many placements a complete file ends, as its preview says: asked for where they are many",
        )
        parser.add_argument("--new-units", action="store_true", help="make units that are not in the tree")

    def run(self, **options: Any) -> None:
        agency = units.get_agency(options["agency"])
        now = timezone.now()
        if options["rejects"]:
            _try(options["rejects"])
        with options["file"].open("rb") as file:
            given = roster.receive(
                agency=agency,
                file=file,
                name=options["file"].name,
                effective_on=clock.today(agency.zone),
                by=None,
                now=now,
            )
        try:
            if options["sheet"]:
                roster.choose_sheets(given, options["sheet"])
            fields = dict(given.fields)
            for column, field in [] if roster.sheets_unclear(given) else options["map"]:
                if column not in fields:
                    raise UnknownColumn(column)
                fields = {heading: None if held == field else held for heading, held in fields.items()}
                fields[column] = field or None
            roster.map_columns(
                given,
                fields,
                complete=options["complete"],
                new_units=options["new_units"] or given.new_units,
            )
            if options["preview"]:
                roster.preview(given, now=now)
                if given.state == RosterImport.State.FAILED:
                    raise CommandError(f"{given.error['code']}: {stored_sentence(given.error)}")
            else:
                roster.store(given, by=None, now=now, ends=options["ends"])
            self._tell(given, options)
            if options["rejects"]:
                roster.save_rejects(given, options["rejects"], fault_sentence)
        finally:
            given.refresh_from_db()
            if given.state in (RosterImport.State.RECEIVED, RosterImport.State.PREVIEWED, RosterImport.State.FAILED):
                roster.drop(given)

    def _tell(self, given: RosterImport, options: dict[str, Any]) -> None:
        counts = {name: count for name, count in given.counts.items() if isinstance(count, int)}
        if options["json"]:
            for reject in given.rejects.iterator():
                sheet, _, row = roster.place_of(given, reject.line).rpartition(": ")
                place: dict[str, Any] = {"sheet": sheet} if sheet else {}
                for fault in reject.faults:
                    self.line(**place, line=int(row), **fault, says=fault_sentence(fault))
            self.line(
                applied=not options["preview"], agency=options["agency"], **counts, **given.counts["caution"],
                **{"import": given.pk},
            )  # fmt: skip
            return
        for reject in given.rejects.all()[:50]:
            print(
                f"baris {roster.place_of(given, reject.line)}: {'; '.join(map(fault_sentence, reject.faults))}",
                file=sys.stderr,
            )
        if counts["rejected"] > 50:
            print(f"… dan {counts['rejected'] - 50} baris lain; lihat --rejects", file=sys.stderr)
        for sheet in given.sheets:
            if not sheet["read"]:
                print(f"lembar {sheet['name']} tidak dibaca: {word('sheet_why', sheet['why'])}", file=sys.stderr)
        done = "pratinjau" if options["preview"] else f"tersimpan sebagai impor {given.pk}"
        self.stdout.write(f"{done}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
        if options["preview"]:
            self._warn(given)
        else:
            self.stdout.write(f"untuk membatalkannya: ikrar undo-import {given.pk}")

    def _warn(self, given: RosterImport) -> None:
        caution = given.counts["caution"]
        if caution["short"]:
            print(
                f"berkas ini memuat {given.counts['rows']} baris, sedangkan {caution['placed']} orang tercatat di instansi ini;"
                " bila terpotong tepat di akhir sebuah baris, Ikrar tidak dapat mengetahuinya",
                file=sys.stderr,
            )
        if caution["unmatched"]:
            print(
                f"{caution['unmatched']} baris ditolak dan tidak dapat dicocokkan dengan siapa pun; orangnya mungkin termasuk di"
                f" antara {given.counts['absent']} yang akan diakhiri",
                file=sys.stderr,
            )
        if caution["unread"]:
            print(
                f"lembar {', '.join(caution['unread'])} tidak dibaca; siapa yang hanya ada di sana diakhiri",
                file=sys.stderr,
            )
        if caution["ends_many"] or caution["unmatched"] or caution["unread"]:
            ends = given.counts["absent"]
            print(
                f"berkas ini akan mengakhiri penempatan {ends} dari {caution['placed']} orang;"
                f" bila memang begitu, tambahkan --ends {ends} waktu menyimpannya",
                file=sys.stderr,
            )
