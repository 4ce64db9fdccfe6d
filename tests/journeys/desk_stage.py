"""An installation whose bodies have key sets: a Bawaslu with four officers and an inspectorate with two, all with their words.

`python -m tests.journeys.desk_stage` builds it in the place that the environment names, and prints of each body its number,
its offline key, and of each officer his session, his seven words and the number of his key.
"""

import json
import os
import sys

import django

BODIES = {
    "bawaslu": ("Bawaslu Umpama", ("Ani", "Budi", "Citra", "Dedi")),
    "inspectorate": ("Inspektorat Umpama", ("Eka", "Fani")),
}
LOG_N = 4  # what a test opens many times need not be dear to guess


def main() -> None:
    """Build it and print what there is to open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    django.setup()

    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from ikrar.domain import passphrases
    from ikrar.gateways import sealing
    from ikrar.records.models import Body
    from ikrar.services import installation, rules
    from tests.services import reports_cast
    from tests.web import stage as stages

    installation.migrate()
    stages.make_home(settings.HOME)
    installation.keep_secret_key()
    with transaction.atomic():
        stages.install()
        rules.book()
        agency, _root = stages.agency("13.75", "Pemerintah Kota Bukittinggi")
    told = {}
    now = timezone.now()
    for kind, (named, names) in BODIES.items():
        body = Body.objects.create(agency=agency, region_id="13.75", kind=kind, name=named)
        offline = sealing.Key.new()
        officers = {}
        for name in names:
            one = reports_cast.officer(name, body, now, with_key=False)
            words = passphrases.new(os.urandom)
            one.row = reports_cast.make_key(one, body, now, wrapped=sealing.wrap(one.key.identity, words, log_n=LOG_N))
            officers[name] = (one, words)
        # The last officer of the first body has a key that no set names yet.
        holders = [one for one, _words in officers.values()][: 3 if kind == "bawaslu" else None]
        reports_cast.found(body, holders, offline, now)
        told[kind] = {
            "body": body.pk,
            "region": "13.75",
            "offline": offline.identity,
            "offline_secret": offline.secret.hex(),
            "officers": {
                name: {"session": stages.open_session(one.user), "words": words, "key": one.row.pk}
                for name, (one, words) in officers.items()
            },
        }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
