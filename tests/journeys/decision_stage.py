"""A city with matters to examine and to decide: an installation on 25 October 2024, every account signed in with a second factor.

`python -m tests.journeys.decision_stage` builds it in the place that the environment names, and prints sessions and keys of cases.
"""

import json
import logging
import os
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import django

TODAY = date(2024, 10, 25)


@dataclass
class _Cast:
    sari: Any
    budi: Any


def main() -> None:
    """Build it and print what there is to open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    django.setup()

    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from ikrar.records.models import Case, Holding, OfficeLeave, Placement
    from ikrar.services import case_decisions, case_files, case_steps, clock, installation, rules
    from tests import conftest
    from tests.services import case_cast
    from tests.web import stage as stages

    logging.disable(logging.WARNING)
    installation.migrate()
    stages.make_home(settings.HOME)
    installation.keep_secret_key()
    with transaction.atomic():
        stages.install(demo=True)
        rules.book()
        units = (
            ("BKPSDM", "Badan Kepegawaian", "office", "13.75"), ("DINAS", "Dinas Rekaan", "office", "13.75"),
            ("SETDA", "Sekretariat Daerah", "secretariat", "13.75"),
        )  # fmt: skip
        city = conftest.make_agency("13.75", "Pemerintah Kota Umpama", "13.75", units)
        other = conftest.make_agency(
            "13.76", "Pemerintah Kota Lain", "13.76", (("BKPSDM", "Badan", "office", "13.76"),)
        )
    now = timezone.now()
    start = case_cast.at(TODAY) - timedelta(days=30)

    def member(unit: str, number: str, name: str, post: str, **more: Any) -> Any:
        return conftest.make_member(city.units.get(code=unit), number, name, sex="f", post=post, **more)

    sari = member("DINAS", "198503152010012001", "Sari Contohwati", "Kepala Bidang")
    budi = member("DINAS", "197208171998031002", "Budi Misalkan", "Kepala Dinas", is_head=True, level="pengawas")
    who = case_cast.make_cast(_Cast(sari, budi), city, other, settings.HOME, start)
    Placement.objects.filter(person=who.mayor.person).update(is_head=True, level="jpt_utama")
    acting = member("SETDA", "197001011995031001", "Penjabat Andaikan", "Sekretaris")
    holding = Holding.objects.get(office=who.office)
    # He runs for office: his leave begins on the morning of the second of November, and is recorded ahead.
    begins = case_cast.at(date(2024, 11, 2), 0)
    leave = OfficeLeave.objects.create(
        holding=holding, kind="campaign", from_on=date(2024, 11, 2), last_on=date(2024, 11, 23), from_at=begins,
        until_at=begins + timedelta(days=22),
    )  # fmt: skip
    Holding.objects.create(
        office=who.office, person=acting.person, leave=leave, capacity="pjs", from_at=begins,
        until_at=begins + timedelta(days=22),
    )  # fmt: skip

    told: dict[str, Any] = {"cases": {}}
    examined = case_cast.with_team(who, now)
    told["cases"]["examined"] = case_steps.number_of(examined)

    def drafted(name: str, person: Any) -> Any:
        case = case_cast.recommended(who, now, person=person)
        told["cases"][name] = case_steps.number_of(case)
        case_cast.step(case, "authority-accept", "recommended", who.mayor.user, now)
        case_cast.name_team(case, who, now)
        return case

    def propose(case: Any) -> None:
        days = {"summons": TODAY, "hearing-on": TODAY}
        case_cast.step(case, "summon", "accepted", who.examiners[0], now, **days)
        case_cast.step(case, "hear", "summoned", who.examiners[0], now, **{"hearing-record": "hadir"})
        case_cast.step(case, "form-team", "heard", who.mayor.user, now, **{"team-order": "SK 5/2024"})
        case_cast.propose(case, who, "team", now=now)
        made = case_decisions.draft(
            case.respondents.get(),
            sanction=case_cast.SANCTION,
            grounds="terbukti dari rekaman",
            by=who.drafter,
            now=now,
        )
        case_decisions.confirm(made, by=who.lawyer, now=now)

    for name, number, person in (
        ("here", "198001012010012001", "Dewi Rekaan"), ("paper", "198001012010012002", "Erna Rekaan"),
        ("leave", "198001012010012003", "Fitri Rekaan"), ("relative", "198001012010012004", "Gita Rekaan"),
    ):  # fmt: skip
        made = member("DINAS", number, person, "Analis", level="jpt_pratama")
        case = drafted(name, made.person)
        propose(case)
        if name == "relative":
            case_files.state_conflict(case, why="relative", person=who.mayor.person, by=who.bkn_officer, now=now)
    own = case_cast.recommended(who, now, person=who.mayor.person)
    told["cases"]["own"] = case_steps.number_of(own)
    told["respondents"] = {
        name: case_steps.number_of(Case.objects.get(pk=int(key, 16)).respondents.get())
        for name, key in told["cases"].items()
    }
    people = {
        "examiner": who.examiners[0], "mayor": who.mayor.user, "acting": acting.user, "drafter": who.drafter, "lawyer": who.lawyer,
        "national": who.bkn_officer, "stranger": who.stranger, "head": budi.user,
    }  # fmt: skip
    told["sessions"] = {name: stages.open_session(each) for name, each in people.items()}
    told["today"] = clock.today().isoformat()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
