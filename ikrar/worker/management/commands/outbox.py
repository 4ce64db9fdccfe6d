"""`ikrar outbox`: what left the house today, and the addresses that take no messages."""

from typing import Any

from django.utils import timezone

from ikrar.services import outbox
from ikrar.web.messages import word
from ikrar.worker import command


class Command(command.Command):
    help = "Count the messages of today that left the house; list the addresses that take none, and clear or note one."

    def add_arguments(self, parser: Any) -> None:
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--clear", metavar="ADDRESS", help="let an address be tried again")
        act.add_argument("--returned", metavar="ADDRESS", help="stop an address whose letters came back")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, **options: Any) -> None:
        now = timezone.now()
        if options["clear"] is not None:
            outbox.clear_named(options["clear"])
        if options["returned"] is not None:
            outbox.note_returned(options["returned"], by=None, now=now)
        ways, counts = sorted(outbox.ways()), outbox.counted(now)
        if options["json"]:
            self.line(ways=ways, today=counts)
        else:
            named = ", ".join(str(word("outside_way", way)) for way in ways) or "tidak ada (tidak diatur)"
            self.stdout.write(f"jalan ke luar: {named}")
            said = ", ".join(f"{word('outside_state', state)} {count}" for state, count in counts.items())
            self.stdout.write(f"hari ini: {said}")
        for each in outbox.failing().order_by("since_at", "pk").iterator():
            if options["json"]:
                self.line(address=each.address, way=each.way, answer=each.answer, since=each.since_at)
            else:
                since = timezone.localdate(each.since_at)
                self.stdout.write(f"{each.address}: {word('address_answer', each.answer)}, sejak {since}")
