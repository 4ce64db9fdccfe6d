"""Sealed reports for the workbench, filed at once: single ones, and doubles of a few matters that share evidence.

`python -m tests.journeys.bench_stage BODY` files what its standard input lists, one JSON object each: `what`, and optionally `when`,
`links`, `witnesses`, `files` ({name: text}), `named`, `code`. Prints of each its number and, where one was asked for, its return code.
"""

import json
import os
import sys

import django


def main() -> None:
    """File them and print their numbers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    django.setup()

    from django.utils import timezone

    from ikrar.domain import return_codes
    from ikrar.records.models import Body
    from ikrar.services import clock, keysets, reports

    body = Body.objects.get(pk=sys.argv[1])
    now, on = timezone.now(), clock.today(reports.zone_of_body(body))
    digest = keysets.current(body).digest
    told = []
    for line in sys.stdin:
        one = json.loads(line)
        to = reports.addressees(body, key_set=digest, now=now)
        making = reports.Sealing()
        for name, text in one.get("files", {}).items():
            making.file(name).write(text.encode())
        content = {"v": 1, "what": one["what"], "when": one.get("when", ""), "where": "", "who": [], "witnesses": one.get("witnesses", []),
                   "links": [{"address": each, "captured": ""} for each in one.get("links", ())]}  # fmt: skip
        identity = {"v": 1, "name": "Pelapor Rekaan", "address": "Jalan Rekaan 7"} if one.get("named") else None
        code = return_codes.new(os.urandom) if one.get("code") else None
        sealed = making.finish(content, identity, to, code, on=on)
        filed = reports.receive(sealed, body=body, channel="plain", regime="pilkada", now=now)
        told.append([f"{filed.report:016x}", code.text if code else ""])
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
