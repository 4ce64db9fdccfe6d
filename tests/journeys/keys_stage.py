"""An installation with one body and four officers who may open its reports, none of whom has a key yet.

`python -m tests.journeys.keys_stage` builds it in the place that the environment names, and prints the body and a session
of each officer.
"""

import json
import os
import sys

import django

OFFICERS = ("Ani", "Budi", "Citra", "Dedi")


def main() -> None:
    """Build it and print what there is to open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    django.setup()

    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from ikrar.domain.access import Role
    from ikrar.records.models import Body
    from ikrar.services import accounts, installation
    from tests.web import stage as stages

    installation.migrate()
    stages.make_home(settings.HOME)
    installation.keep_secret_key()
    sessions = {}
    with transaction.atomic():
        stages.install()
        agency, _root = stages.agency("13.75", "Pemerintah Kota Bukittinggi")
        body = Body.objects.create(agency=agency, region_id="13.75", kind="task_force", name="Satgas Umpama")
        for name in OFFICERS:
            user = stages.outsider(name.upper(), f"{name} Rekaan")
            accounts.add_grant(user, Role.INTAKE_OFFICER, body=body, by=None, now=timezone.now())
            sessions[name] = stages.open_session(user)
    sys.stdout.write(json.dumps({"body": body.pk, "sessions": sessions}))


if __name__ == "__main__":
    main()
