"""`ikrar coverage --unit CODE`: who signed, against the roster of the day."""

from typing import Any

from ikrar.records.models import PactRound
from ikrar.services import clock, coverage, units
from ikrar.worker import command


class Command(command.Command):
    help = "Count a unit's signatures for each round that it owes."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE", help="CODE, or AGENCY:CODE")
        parser.add_argument("--on", type=command.day, metavar="DAY", help="roster and signatures of that day")
        parser.add_argument("--json", action="store_true")

    def run(self, **options: Any) -> None:
        unit = units.get_unit(options["unit"])
        day = options["on"] or clock.today(unit.agency.zone)
        of_staff = PactRound.objects.filter(agencies=unit.agency, for_offices=False)
        for pact_round in of_staff.exclude(state="draft").order_by("pk"):
            counted = coverage.coverage(pact_round, unit, day)
            numbers = {name: getattr(counted, name) for name in counted.__dataclass_fields__}
            if options["json"]:
                self.line(
                    unit=unit.code, agency=unit.agency.code, round=pact_round.pk, title=pact_round.title, on=day,
                    **numbers, obliged=counted.obliged, missing=counted.missing,
                )  # fmt: skip
            else:
                self.stdout.write(
                    f"{unit.name}: {pact_round.title}: {counted.valid} sah dari {counted.obliged} wajib per {day}"
                    f" (ditandatangani {counted.signed}, pegawai {counted.roster})"
                )
