"""`ikrar find-person` without a file: from the people of this installation."""

from datetime import date
from typing import Any

from ikrar.services import finding
from ikrar.worker import command, find_person


class Command(command.Command):
    help = "Find who is meant by a name: JSON lines {query, region, on} in, five people with reasons out."

    def run(self, **options: Any) -> None:
        def find(query: str, region: str, on: date | None) -> finding.Found:
            return finding.find(query, region=region, on=on, most=find_person.MOST)

        find_person.serve(find)
