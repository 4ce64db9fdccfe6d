"""The stage of the page tests with cases that are referred or that an authority leaves, as a database of its own, for a browser.

`python -m tests.journeys.referral_stage` builds it in the place that the environment names and prints sessions and keys. Two cases
wait with the supervisor for their referral. With `late`, an authority has left one undecided past the operator's target, and nobody
was summoned in two others, of whose superiors one is in conflict; then a night has passed.
"""

import json
import os
import sys
from typing import Any

import django


def main() -> None:
    """Build it and print what there is to open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    django.setup()

    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from ikrar.domain.access import Role
    from ikrar.records.models import Body, Installation, Person
    from ikrar.services import case_files, installation
    from tests.web import case_stage as cases
    from tests.web import stage as stages

    installation.migrate()
    stages.make_home(settings.HOME)
    installation.keep_secret_key()
    whole = transaction.atomic()
    whole._from_testcase = True
    told: dict[str, Any] = {}
    with stages.settings_in(settings.HOME), stages.one_morning(), whole:
        stage = stages.build(demo=True)
        kasn = Body.objects.create(kind="kasn", name="KASN Rekaan")
        ministry = Body.objects.create(kind="kemendagri", name="Kementerian Dalam Negeri Rekaan")
        people = {role.value: stage.accounts[role].user for role in Role} | {
            "home_affairs": cases.watcher("Dagri", ministry), "kasn": cases.watcher("Lama", kasn),
            "head": stage.budi, "other_head": stages.account(Person.objects.get(name="Wati Amir")),
        }  # fmt: skip
        if "late" in sys.argv:
            authority = people["appointing_authority"]
            for person in (stage.home.teacher, stage.home.other_teacher):
                case = cases.recommended(stage, person=person)
                cases.step(case, "authority-accept", "recommended", authority)
            case_files.state_conflict(
                case,
                why="relative",
                person=people["other_head"].person,
                by=people["national_body"],
                now=stages.MORNING,
            )
            told["idle"] = f"{stage.home.case.pk:016x}"
        else:
            for name, person in (("first", stage.home.teacher), ("second", stage.home.other_teacher)):
                case = cases.assessed(stage, person)
                case_files.add_evidence(
                    case,
                    label="Catatan dapur",
                    text="hanya untuk badan kami",
                    by=people["supervisor_body"],
                    now=stages.MORNING,
                )
                told[name] = f"{case.pk:016x}"
    if "late" in sys.argv:
        from ikrar.services import case_nights

        day = stage.home.case.clocks.get(term="target-decide", stopped_on=None).late_on.replace(day=16)
        Installation.objects.update(demo_today=day)
        case_nights.tick_cases(timezone.now())
    told["sessions"] = {name: stages.open_session(user) for name, user in people.items()}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
