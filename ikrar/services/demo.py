"""The demo: scenarios loaded into one database, the cast a visitor can become, and the day that can be moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from ikrar.domain.access import Role
from ikrar.domain.errors import NotADemo, ScenarioOutOfOrder
from ikrar.domain.pacts import State
from ikrar.records.models import (
    Agency,
    Holding,
    Installation,
    Obligation,
    Placement,
    User,
    WorkUnit,
)
from ikrar.services import (
    accounts,
    clock,
    commits,
    demo_cases,
    demo_clippings,
    demo_reports,
    demo_samples,
    installation,
    scenarios,
)

_NAME = "Demo Ikrar"
_CIVIL_SERVANTS_ON_STAGE = 40
_OFFICER = "officer-"  # before the id of a scenario: its programme officer, who tells that it is loaded


def load(chosen: Iterable[str], *, today: date, now: datetime, tell: Any = print) -> None:
    """Load scenarios into a demo up to a day of their programmes; an empty database becomes a demo first.

    All of it is written or nothing, in the order in which it happened. A scenario that is there already is left as it
    is. Raises NotADemo on a real installation, ScenarioUnknown, ScenarioOutOfOrder for one that happened before another
    one of its province which is loaded.
    """
    documents = sorted(
        map(scenarios.read, dict.fromkeys(chosen)), key=lambda each: (scenarios.began_on(each), each["id"])
    )
    installation.migrate()
    is_new = not installation.is_installed()
    if not is_new and not installation.the_one().is_demo:
        raise NotADemo()
    with installation.keys_only_if_made(), commits.whole():
        if is_new:
            installation.create(name=_NAME, is_demo=True, demo_today=today, now=now)
        officers = _officers()
        for document in documents:
            if document["id"] in officers:
                tell(f"{document['id']}: sudah ada")
                continue
            _refuse_before(document, officers)
            officer = scenarios.play(document, today=today, now=now, tell=tell)
            officers[document["id"]] = [officer.pk] if officer else []
        installation.set_demo_day(today)
        regions = [scenarios.read(scenario)["region"]["code"] for scenario in officers]
        demo_reports.set_up(list(Agency.objects.filter(code__in=regions).select_related("region")), now=now)
        _set_cast(officers, now)
        if is_new:
            installation.make_keys(_NAME, now)
    demo_samples.file_all(now=now)  # as others are filed: each in a transaction of its own
    demo_clippings.keep_all(now=now)
    if parts := demo_cases.set_up(now=now):
        with transaction.atomic():
            here = Installation.objects.select_for_update().get()
            Installation.objects.update(demo_cast=(here.demo_cast or {}) | parts)


def _officers() -> dict[str, list[int]]:
    """Return the scenarios that are loaded, each with the account of its programme officer."""
    cast = Installation.objects.values_list("demo_cast", flat=True).first() or {}
    return {key.removeprefix(_OFFICER): users for key, users in cast.items() if key.startswith(_OFFICER)}


def _refuse_before(document: Mapping[str, Any], there: Iterable[str]) -> None:
    """Refuse a scenario whose staff would have to be there before that of one which is loaded in the same province."""
    for other in map(scenarios.read, there):
        same_place = scenarios.province_of(other) == scenarios.province_of(document)
        if same_place and scenarios.began_on(other) > scenarios.began_on(document):
            raise ScenarioOutOfOrder(document["id"], other["id"])


# --- the cast ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One role that a visitor can step into. `place` is empty for whoever works for the whole installation."""

    key: str
    place: str
    user: User


_PARTS = (
    "civil_servant", "unit_head", "programme_officer", "province_officer", "acting_head", "legal_bureau", "other_officer",
    "intake_officer", "intake_colleague", "supervisor_officer", "case_supervisor", "case_national", "case_authority",
    "case_examiner", "case_drafter", "case_lawyer", "auditor", "administrator",
)  # fmt: skip
"""The roles of the cast, in the order of the front page; how each is called stands with the words of the pages."""


def _set_cast(officers: Mapping[str, list[int]], now: datetime) -> None:
    """Choose who stands for each role; kept with the installation. A role that nobody can stand for is left out."""
    here = Q(units__placements__until_on=None, units__placements__isnull=False)
    peopled = Agency.objects.exclude(code=demo_cases.CODE).annotate(people=Count("units__placements", filter=here))
    peopled = peopled.filter(people__gt=0)
    above = peopled.filter(Exists(Agency.objects.filter(parent=OuterRef("pk")))).order_by("code").first()
    others = list(peopled.exclude(pk=above and above.pk).order_by("-people", "code")[:2])
    first, other = (others[0] if others else above), (others[1] if len(others) > 1 else None)
    chosen: dict[str, list[int]] = {f"{_OFFICER}{key}": users for key, users in officers.items()}
    with transaction.atomic():
        chosen["civil_servant"] = _civil_servants(first, now) if first else []
        if head := _head_of_a_unit(first):
            chosen["unit_head"] = [accounts.ensure_account(head.person, now=now).pk]
    for key, agency, role in (
        ("programme_officer", first, Role.PROGRAMME_OFFICER),
        ("province_officer", above, Role.PROGRAMME_OFFICER),
        ("legal_bureau", first, Role.DRAFTER),
        ("other_officer", other, Role.PROGRAMME_OFFICER),
    ):
        if agency and (officer := scenarios.officer_of(agency, role, now)):
            chosen[key] = [officer.pk]
    inboxes = demo_reports.officers()
    if inboxes:
        chosen |= {"intake_officer": [inboxes[0][0].pk], "intake_colleague": [inboxes[0][1].pk]}
    if other_inboxes := [each for each in inboxes if each[0].grants.filter(role=Role.SUPERVISOR_BODY).exists()]:
        chosen["supervisor_officer"] = [other_inboxes[0][0].pk]
    acting = Holding.objects.filter(office__kind="head_of_region", person__user__isnull=False).exclude(
        capacity=Holding.Capacity.DEFINITIVE
    )
    chosen["acting_head"] = list(dict.fromkeys(acting.order_by("-from_at").values_list("person__user", flat=True)))
    chosen["administrator"] = [scenarios.outsider("ADMIN.DEMO", "Ani Rekaan", Role.ADMINISTRATOR, now).pk]
    chosen["auditor"] = [scenarios.outsider("AUDITOR.DEMO", "Doni Umpama", Role.AUDITOR, now).pk]
    Installation.objects.update(demo_cast=chosen)


def _civil_servants(agency: Agency, now: datetime) -> list[int]:
    """Return accounts of people of an agency who have a pact to sign, those of schools first; else of anybody there."""
    owed = Obligation.objects.filter(
        unit__agency=agency, state__in=(State.ISSUED, State.OPENED), person__placements__status="active",
        person__user__isnull=False,
    ).exclude(person__placements__is_head=True)  # fmt: skip
    of_schools = owed.filter(unit__kind=WorkUnit.Kind.SCHOOL)
    unsigned = (of_schools if of_schools.exists() else owed).order_by("pk").values_list("person__user", flat=True)
    if found := list(unsigned[:_CIVIL_SERVANTS_ON_STAGE]):
        return found
    anybody = Placement.objects.current().filter(unit__agency=agency, status="active", is_head=False)
    placed = anybody.exclude(employment="contract").select_related("person").order_by("-unit__position", "pk").first()
    return [accounts.ensure_account(placed.person, now=now).pk] if placed else []


def _head_of_a_unit(agency: Agency | None) -> Placement | None:
    """Return who heads the largest school of an agency, or its largest unit where it has none."""
    units = (
        WorkUnit.objects.filter(agency=agency, placements__until_on=None)
        .annotate(people=Count("placements"), heads=Count("placements", filter=Q(placements__is_head=True)))
        .filter(heads=1)
        .order_by("-people", "position")
    )
    unit = units.filter(kind=WorkUnit.Kind.SCHOOL).first() or units.first()
    return (
        Placement.objects.current().select_related("person").filter(unit=unit, is_head=True).first() if unit else None
    )


def cast() -> list[Part]:
    """Return the demo's cast, in the order of the front page."""
    return [part for part in map(part_of, _PARTS) if part]


def part_of(key: str) -> Part | None:
    """Return who stands for a role now; None: no such role, or nobody has it on this day.

    Of the civil servants it is one who has not signed yet, of the acting heads of region one who holds an office now.
    """
    here = Installation.objects.filter(is_demo=True).first()
    ids = (here.demo_cast or {}).get(key, []) if here else []
    users = User.objects.select_related("person").in_bulk(ids)
    found = [users[each] for each in ids if each in users]
    if not found:
        return None
    user: User | None = found[0]
    if key == "civil_servant":
        signed = set(
            Obligation.objects.filter(person__in=[each.person_id for each in found], state=State.SIGNED).values_list(
                "person", flat=True
            )
        )
        user = next((each for each in found if each.person_id not in signed), user)
    if key == "acting_head":
        held = Holding.objects.at(clock.instant()).filter(person__in=[each.person_id for each in found])
        acting = set(held.exclude(capacity=Holding.Capacity.DEFINITIVE).values_list("person", flat=True))
        user = next((each for each in found if each.person_id in acting), None)
    return Part(key, _place(user), user) if user else None


def _place(user: User) -> str:
    """Return where somebody serves: his unit, the office that he holds without standing on a roster, or his body."""
    if not user.person_id:
        grant = user.grants.exclude(body=None, agency=None).select_related("body", "agency").first()
        return str((grant.body or grant.agency).name) if grant else ""
    placement = Placement.objects.current().select_related("unit__agency").filter(person=user.person_id).first()
    if placement:
        return f"{placement.unit.name}, {placement.unit.agency.name}"
    held = Holding.objects.at(clock.instant()).filter(person=user.person_id).select_related("office").first()
    return held.office.title if held else ""


@dataclass(frozen=True)
class Programme:
    """A scenario of this demo: its id, where and when it took place, for which election, and who runs it."""

    scenario: str
    region: str
    year: str
    election: str
    officer: Part


def programmes() -> list[Programme]:
    """Return the programmes that are loaded here, in the order in which they happened."""
    found = sorted((_about(scenario), scenario) for scenario in _officers())
    told = [(scenario, about, part_of(f"{_OFFICER}{scenario}")) for about, scenario in found]
    return [Programme(scenario, where, f"{on:%Y}", what, part) for scenario, (on, where, what), part in told if part]


@lru_cache
def _about(scenario: str) -> tuple[date, str, str]:
    document = scenarios.read(scenario)
    return scenarios.began_on(document), document["region"]["name"], document["election"]["name"]


def move_day(day: date) -> None:
    """Move the demo's day."""
    installation.set_demo_day(day)
