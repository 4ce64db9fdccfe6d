"""The stage of the page tests as a database of its own, for a browser: built in a process of its own.

`python -m tests.journeys.served_stage` builds the stage in the place that the environment names. It prints what there is
to open: of every page its name, the roles that open it with the address that each asks for; and a session of each role.
"""

import json
import logging
import os
import sys
from typing import Any

import django


def _states(side: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return further states of pages: an activity before, during and after it, a circular, a scan, an office."""
    held, ink = side.gatherings, side.ceremonies
    return [
        *(("activity", {"pk": each.pk}) for each in (held.draft, held.called, held.closed, held.city, ink.ceremony)),
        ("my-activity", {"pk": held.closed.pk}),
        ("invitees", {"pk": held.called.pk}),
        ("guests", {"pk": held.draft.pk}),
        ("circular", {"pk": side.draft_circular.pk}),
        ("scan", {"pk": ink.read_scan.pk}),
        ("scan", {"pk": ink.refused_scan.pk}),
        ("office", {"pk": side.held_office.pk}),
        ("office", {"pk": ink.outside_office.pk}),
        ("round", {"pk": side.draft.pk}),
        ("ceremony", {"pk": ink.holder_ceremony.pk}),
        ("activity-sheets", {"pk": ink.holder_ceremony.pk}),
        ("minutes", {"pk": held.final_decision.activity_id}),
        ("opinion", {"pk": side.answered.pk}),
    ]


def main() -> None:
    """Build the stage and print what there is to open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    django.setup()

    from django.conf import settings
    from django.db import transaction
    from django.urls import reverse
    from django.utils import timezone

    from ikrar.domain.access import Role
    from ikrar.records.models import ReportTriage
    from ikrar.services import installation
    from tests.house import test_access as walk
    from tests.web import stage as stages

    logging.disable(logging.WARNING)
    installation.migrate()
    stages.make_home(settings.HOME)
    installation.keep_secret_key()
    # One transaction that services take for a test's, kept at its end.
    whole = transaction.atomic()
    whole._from_testcase = True
    with stages.settings_in(settings.HOME), stages.one_morning(), whole:
        stage = stages.build(demo=True)
        stages.equip(stage)
    # The clock of the server would forget on its first run what was chosen on the stage's morning.
    ReportTriage.objects.filter(state=ReportTriage.State.CHOSEN).update(chosen_at=timezone.now())
    pages = []
    for name in walk.urls():
        permission = walk.permission_of(name)
        if "GET" not in walk.methods_of(name) or name in walk.NOT_CONFIGURED or walk.is_demo_only(name):
            continue
        if permission is None:
            pages.append([name, "", walk.address(stage, name, None, "own")])
        for role in Role:
            held = stage.accounts[role]
            if permission in held.permissions and (held.duty or name not in walk.PERSONAL or name.startswith("mfa_")):
                pages.append([name, role, walk.address(stage, name, held, "own")])
    for name, state in _states(stage.home):
        permission = walk.permission_of(name)
        for role in Role:
            if permission in stage.accounts[role].permissions:
                pages.append([name, role, reverse(name, kwargs=state)])
    sessions = {role: stages.open_session(each.user) for role, each in stage.accounts.items()}
    sys.stdout.write(json.dumps({"pages": pages, "sessions": sessions}))


if __name__ == "__main__":
    main()
