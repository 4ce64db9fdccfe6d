"""Scenarios: programmes that real governments carried out, as data, played again through the same acts as the pages.

Each act happens on its own day: the demo's day is set to it, so that who holds an office, who is on leave and which
code still opens something are asked as they were then. What a file tells was reported; what the demo invents around it
stands under its key `synthetic`. Who held a real office is told nowhere: where an act needs somebody, it is a person
whose name says that none is recorded.
"""

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

import ikrar
from ikrar.domain.access import Role
from ikrar.domain.activities import Verdict
from ikrar.domain.circulars import CircularText, Question, Target
from ikrar.domain.days import local_day
from ikrar.domain.errors import ScenarioUnknown
from ikrar.domain.pacts import Grade, PactText, State
from ikrar.domain.receipts import Asked
from ikrar.domain.roster import PostKind
from ikrar.records.models import (
    Activity,
    Agency,
    Installation,
    Invitation,
    Obligation,
    Office,
    OfficeLeave,
    PactRound,
    Person,
    Placement,
    Region,
    RoleGrant,
    User,
    Witness,
)
from ikrar.services import (
    accounts,
    activities,
    attendance,
    ceremonies,
    circulars,
    clock,
    duties,
    elections,
    guidance,
    invented,
    offices,
    pacts,
    roster,
    units,
)
from ikrar.services.offices import StandIn

_FOLDER = Path(ikrar.__file__).parent.parent / "scenarios"
# How somebody is called of whom the reports tell no more than his office. No name is invented beside a real office.
UNNAMED, UNNAMED_STAND_IN = "(nama tidak dicatat)", "(nama pengganti tidak dicatat)"
_COLUMNS = (
    ("NIP", "identifier"), ("Nama", "name"), ("Gelar Depan", "front_title"), ("Gelar Belakang", "back_title"),
    ("Status Kepegawaian", "employment"), ("Unit Kerja", "unit"), ("Kode Unit", "unit_code"),
    ("Unit Induk", "parent_unit"), ("Jabatan", "post"), ("Jenis Jabatan", "post_kind"), ("Jenjang", "level"),
    ("Golongan", "grade"), ("Kepala Unit", "is_head"), ("Tanggal Lahir", "birth_on"), ("Jenis Kelamin", "sex"),
    ("TMT CPNS", "start_on"), ("Status", "status"), ("Email", "email"), ("HP", "phone"),
)  # fmt: skip
_BODY_KINDS = {"desk-pemilu": "desk", "satgas-netralitas": "task_force"}
_ACTIVITY_KINDS = {
    "briefing": "briefing", "roll-call": "roll_call", "coordination-meeting": "coordination",
    "focus-group-discussion": "fgd", "declaration": "declaration",
}  # fmt: skip
_LEAVE_KINDS = {"campaign-leave": "campaign"}
_HEAD_OF_REGION = ("wali-kota", "gubernur", "bupati")
_AT_ONCE = 200


def known() -> list[str]:
    """Return the ids of all scenarios in the repository, in the order in which they happened."""
    return sorted((path.stem for path in _FOLDER.glob("*.yaml")), key=lambda name: (began_on(read(name)), name))


def read(scenario: str) -> dict[str, Any]:
    """Return a scenario's facts and, under `synthetic`, what the demo invents. Raises ScenarioUnknown."""
    found = {path.stem: path for path in _FOLDER.glob("*.yaml")}
    if scenario not in found:
        raise ScenarioUnknown(scenario, tuple(sorted(found)))
    document: dict[str, Any] = yaml.safe_load(found[scenario].read_text(encoding="utf-8"))
    return document


def began_on(document: Mapping[str, Any]) -> date:
    """Return the day from which a scenario's staff serves: nothing of it happens before."""
    began: date = document["synthetic"]["people"]["roster_on"]
    return began


def province_of(document: Mapping[str, Any]) -> str:
    """Return the code of the province of a scenario: two of the same meet in the same agencies."""
    return str(document["region"]["code"]).partition(".")[0]


@dataclass
class _Run:
    """A scenario that is being carried out up to a day: what it tells, what is invented, and what stands of it so far."""

    document: Mapping[str, Any]
    today: date
    now: datetime
    tell: Any
    agency: Agency
    below: list[Agency] = field(default_factory=list)
    officer: User | None = None

    @property
    def made_up(self) -> Mapping[str, Any]:
        invention: Mapping[str, Any] = self.document["synthetic"]
        return invention

    def say(self, count: int, what: str) -> None:
        """Tell the operator how far it is."""
        if count:
            self.tell(f"{self.document['id']}: {count} {what}")

    def has_come(self, day: date) -> bool:
        """Say whether a day is not after that of the demo; if so, it is that day from now on."""
        if day <= self.today:
            _set_day(day)
        return day <= self.today

    def office(self, told: str | None) -> Office | None:
        """Return an office of the agency by its id in the file, or by its title."""
        titles = {fact["id"]: fact["title"] for fact in self.document["offices"]}
        return Office.objects.filter(agency=self.agency, title=titles.get(told, told)).first() if told else None


def _set_day(day: date) -> None:
    Installation.objects.filter(is_demo=True).update(demo_today=day)


def play(document: Mapping[str, Any], *, today: date, now: datetime, tell: Any) -> User | None:
    """Carry out a programme as its offices did, up to a day, inside the caller's transaction.

    An agency that stands already keeps its staff and its holders of offices, and gets the programme in addition. Returns
    the programme officer of its agency.
    """
    made_up = document["synthetic"]
    _set_day(began_on(document))
    run = _Run(document, today, now, tell, _agency(document["region"]["code"], None, now))
    run.say(_staff(run.agency, made_up["people"], now), "pegawai rekaan")
    run.officer = officer_of(run.agency, Role.PROGRAMME_OFFICER, now)
    _hold_offices(run)
    if "below" in made_up:
        _set_up_below(run, made_up["below"])
    _set_up_bodies(run)
    _set_up_elections(run)
    at_pacts = {each["id"]: each for each in made_up.get("activities", ()) if "pact" in each}
    for pact in made_up.get("pacts", ()):
        ceremony = next((each for each in at_pacts.values() if each["pact"] == pact["id"]), None)
        run.say(_carry_pact(run, pact, ceremony), "tanda tangan")
    for circular in made_up.get("circulars", ()):
        run.say(_carry_circular(run, circular), "konfirmasi edaran")
    for each in made_up.get("activities", ()):
        if each["id"] not in at_pacts and (activity := _call_activity(run, each, None)):
            run.say(_hold_activity(run, activity, each, None), "orang hadir")
    for leave in made_up.get("leaves", ()):
        _record_leave(run, leave)
    run.say(sum(_give_duty(run, duty) for duty in made_up.get("duties", ())), "pelaksanaan tugas dicatat")
    _answer_questions(run)
    _set_day(today)
    return run.officer


# --- agencies, staff, offices ------------------------------------------------------------------------------------


def _agency(code: str, parent: Agency | None, now: datetime) -> Agency:
    """Return the government of a region, made where it does not stand yet; with a parent, below that."""
    region = Region.objects.get(pk=code)
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        kind = "province" if region.parent_id is None else "city" if region.name.startswith("Kota ") else "regency"
        name = f"Pemerintah {'Provinsi ' if kind == 'province' else ''}{region.name}"
        return units.create_agency(code=code, name=name, kind=kind, region=code, parent=parent, by=None, now=now)
    if parent is not None and agency.parent_id != parent.pk:
        units.change_agency(
            agency, name=agency.name, parent=parent, letterhead=agency.letterhead, by=_administrator(now), now=now
        )
        agency.refresh_from_db()
    return agency


def _administrator(now: datetime) -> User:
    return outsider("ADMIN.DEMO", "Ani Rekaan", Role.ADMINISTRATOR, now)


def outsider(username: str, full_name: str, role: Role, now: datetime) -> User:
    """Return an invented account that stands on no roster, made with its role where it is not there yet."""
    if user := User.objects.filter(username=username).first():
        return user
    with transaction.atomic():
        user = User(username=username, full_name=full_name, password="!", created_at=now)
        user.save(force_insert=True)
        accounts.add_grant(user, role, reason="demo", by=None, now=now)
    return user


# Where whoever holds a role works: the office that does this in a regency or city, and the one above it.
_OFFICES_OF = {Role.PROGRAMME_OFFICER: ("BKPSDM",), Role.DRAFTER: ("BAG-HUKUM", "SETDA")}


def officer_of(agency: Agency, role: Role, now: datetime) -> User | None:
    """Return who holds a role in an agency, made from somebody of the office for it; None where nobody works there."""
    held = RoleGrant.objects.filter(agency=agency, role=role).order_by("pk").first()
    if held:
        return held.user
    for code in _OFFICES_OF[role]:
        placement = (
            Placement.objects.current()
            .filter(unit__agency=agency, unit__code=code, is_head=False, status="active", employment="pns")
            .select_related("person")
            .order_by("pk")
            .first()
        )
        if placement is not None:
            with transaction.atomic():
                user = accounts.ensure_account(placement.person, now=now)
                accounts.add_grant(user, role, agency=agency, reason="demo", by=None, now=now)
            return user
    return None


def _staff(agency: Agency, made_up: Mapping[str, Any], now: datetime) -> int:
    """Give an agency its invented staff, unless it has one; return how many came."""
    if Placement.objects.filter(unit__agency=agency).exists():
        return 0
    mix = invented.Mix(made_up["pns"], made_up["cpns"], made_up["pppk"], made_up["contract"])
    return _import_people(agency, made_up, mix, seed=made_up["seed"], top_serial=made_up["top_serial"], now=now)


def _import_people(
    agency: Agency, made_up: Mapping[str, Any], mix: invented.Mix, *, seed: int, top_serial: int, now: datetime
) -> int:
    """Write the invented staff as a file of a personnel system and import it as an officer would."""
    region = Region.objects.get(pk=agency.region_id)
    # Below a province lie regencies, which have governments of their own: no district of theirs is a unit of its.
    below = list(Region.objects.filter(parent=region).values_list("code", "name")) if region.parent_id else []
    place = invented.Place(
        region.code,
        region.name.upper(),
        below,
        list(Region.objects.filter(parent__in=[code for code, _name in below]).values_list("code", "name")),
    )
    size = invented.Size(**made_up["size"]) if "size" in made_up else invented.Size.for_people(mix.count)
    tree = invented.units(place, size.fitted(place))
    rows = invented.people(
        tree, mix.count, seed, made_up["roster_on"], headless=made_up["headless"], mix=mix, top_serial=top_serial
    )
    return import_staff(agency, rows, made_up["roster_on"], now=now)


def import_staff(agency: Agency, rows: Iterable[Mapping[str, str]], on: date, *, now: datetime) -> int:
    """Import invented staff as the file of a personnel system, inside the caller's transaction; return how many came."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([heading for heading, _ in _COLUMNS])
    writer.writerows([row[field] for _, field in _COLUMNS] for row in rows)
    given = roster.receive(
        agency=agency,
        file=io.BytesIO(text.getvalue().encode()),
        name=f"pegawai-{agency.code}.csv",
        effective_on=on,
        by=None,
        now=now,
    )
    try:
        roster.map_columns(given, given.fields, complete=True, new_units=True)
        roster.preview(given, now=now)
        roster.begin_applying(given)
        roster.apply(given, by=None, now=now)
    except BaseException:
        # The row goes with the transaction; the file would stay.
        (settings.HOME / given.file_path).unlink(missing_ok=True)
        raise
    return int(given.counts["new"])


def _hold_offices(run: _Run) -> None:
    """Make the offices that the press named and that one person holds; the others are units, or stand in every agency."""
    invention = run.made_up["offices"]
    for fact in run.document["offices"]:
        if fact["id"] not in invention:
            continue
        kind = "head_of_region" if fact["id"] in _HEAD_OF_REGION else "secretary" if fact["id"] == "sekda" else "other"
        capacity = fact.get("capacity", "definitive").removeprefix("interim-").removeprefix("acting-")
        name = UNNAMED if invention[fact["id"]].get("holder") else ""
        _seat(run, run.agency, fact["title"], kind, capacity, invention[fact["id"]]["since"], name)


def _seat(run: _Run, agency: Agency, title: str, kind: str, capacity: str, since: date, name: str) -> None:
    """Let an office be held from a day: by a person whose name says that none is recorded, or by nobody who is named.

    Whoever holds it as a person already goes on in the same capacity.
    """
    office = Office.objects.filter(agency=agency, title=title).first()
    if office is None:
        office = offices.create_office(agency=agency, unit=None, title=title, kind=kind, by=None, now=run.now)
    held = office.holdings.filter(leave=None, until_at=None).first()
    if held and held.capacity == capacity and (held.person_id or not name):
        return
    said = {"capacity": capacity, "from_at": offices.midnight(since, agency.zone), "letter_number": "",
            "letter_on": None, "by": None, "now": run.now}  # fmt: skip
    if name:
        holding = offices.take_over_from_outside(office, name=name, **said)
        accounts.ensure_account(holding.person, now=run.now)
    else:
        offices.take_over(office, person=None, **said)


def _set_up_below(run: _Run, made_up: Mapping[str, Any]) -> None:
    """Make the governments below a province, each with the office of its head and, where that is asked for, a staff."""
    people, came = made_up.get("people"), 0
    for number, region in enumerate(Region.objects.filter(parent=run.agency.region_id).order_by("code")):
        agency = _agency(region.code, run.agency, run.now)
        run.below.append(agency)
        short = region.name.removeprefix("Kabupaten ").removeprefix("Kota ")
        title = f"{'Wali Kota' if agency.kind == 'city' else 'Bupati'} {short}"
        _seat(run, agency, title, "head_of_region", "definitive", made_up["heads_since"], UNNAMED)
        if people and not Placement.objects.filter(unit__agency=agency).exists():
            count = random.Random(region.code).randint(*people["count"])  # noqa: S311 - nothing here is a secret
            came += _import_people(
                agency, people, invented.Mix.of(count, people["contract"]), seed=people["seed"] + number,
                top_serial=people["top_serial"] - 10 * number, now=run.now,
            )  # fmt: skip
    run.say(len(run.below), "instansi di bawah")
    if people:
        run.say(came, "pegawai rekaan di bawah")


def _set_up_bodies(run: _Run) -> None:
    people = list(
        Placement.objects.current()
        .filter(
            unit__agency=run.agency, unit__code__in=("BKPSDM", "KESBANGPOL", "ITDA"), status="active", is_head=False
        )
        .select_related("person")
        .order_by("pk")[:40]
    )
    for number, fact in enumerate(run.document.get("bodies", [])):
        body = offices.create_body(
            agency=run.agency, region=run.agency.region, kind=_BODY_KINDS[fact["id"]], name=fact["title"],
            task=run.made_up["bodies"][fact["id"]]["task"], by=None, now=run.now,
        )  # fmt: skip
        for order, placement in enumerate(people[number * 6 : number * 6 + 6]):
            offices.add_member(
                body, person=placement.person, duty="Ketua" if order == 0 else "Anggota",
                letter_number=f"ST/REKAAN/{number + 1:02d}/2024", letter_on=date(2024, 9, 20), from_on=date(2024, 9, 23),
                by=None, now=run.now,
            )  # fmt: skip


def _set_up_elections(run: _Run) -> None:
    facts, made_up = run.document["election"], run.made_up["election"]
    for election in made_up["ids"]:
        elections.set_region(
            election=election,
            region_code=run.document["region"]["code"],
            candidate_pairs=facts.get("candidate_pairs"),
            voters=facts.get("voters"),
            polling_stations=facts.get("polling_stations"),
            note=made_up.get("note", ""),
            source="",
            by=None,
            now=run.now,
        )


# --- pacts -------------------------------------------------------------------------------------------------------


def _carry_pact(run: _Run, made_up: Mapping[str, Any], ceremony: Mapping[str, Any] | None) -> int:
    """Make a pact, issue it on its day, and let it be signed: at its ceremony, and until each stated day."""
    pact_round = _of_offices(run, made_up) if made_up.get("of_offices") else _of_staff(run, made_up)
    activity = _call_activity(run, ceremony, pact_round) if ceremony else None
    if not run.has_come(made_up["issued_on"]):
        return 0
    if pact_round.for_offices:
        ceremonies.issue(pact_round, today=made_up["issued_on"], by=None, now=run.now)
        owed = Obligation.objects.filter(pact_round=pact_round)
    else:
        pacts.issue(pact_round, today=made_up["issued_on"], by=None, now=run.now)
        placed = Placement.objects.current().filter(unit__agency__in=pact_round.agencies.all())
        accounts.issue_codes(placed.select_related("person", "unit"), by=None, now=run.now)
        owed = Obligation.objects.filter(pact_round=pact_round, person__placements__status="active")
    waiting = _by_temper(owed.select_related("person__user", "unit"), made_up["text"]["title"])
    signing = _Signing(pact_round, waiting, made_up.get("routes", {"password": 1}))
    if ceremony and activity:
        _hold_activity(run, activity, ceremony, signing)
    for step, before, share in _steps(made_up.get("signed", ()), made_up["issued_on"], run.today):
        _set_day(min(step["day"], run.today))
        signing.sign_until(step["share"], before, step["day"], share, run)
    return signing.done


def _of_staff(run: _Run, made_up: Mapping[str, Any]) -> PactRound:
    text = made_up["text"]
    pact_round = pacts.create_round(
        agency=run.agency,
        title=text["title"],
        text=PactText.of(text["title"], text["opening"], text["points"], text["closing"]),
        employments=made_up["employments"],
        election=made_up["election"],
        legal_basis=made_up["legal_basis"],
        keeps_on=made_up["keeps_on"],
        due_on=made_up["due_on"],
        by=None,
        now=run.now,
    )
    if made_up.get("to_below") and run.officer:
        pacts.address(pact_round, run.below, by=run.officer, now=run.now)
    return pact_round


def _of_offices(run: _Run, made_up: Mapping[str, Any]) -> PactRound:
    """Make a pact of whoever heads the agencies below."""
    fact = next(each for each in run.document["pacts"] if each["id"] == made_up["id"])
    text = made_up["text"]
    return ceremonies.create_round(
        agency=run.agency,
        title=text["title"],
        text=PactText.of(text["title"], text["opening"], text["points"], text["closing"]),
        offices=Office.objects.filter(agency__in=run.below, kind="head_of_region"),
        election=made_up["election"],
        legal_basis="; ".join(fact["legal_basis"]),
        by=None,
        now=run.now,
    )


def _steps(
    steps: Sequence[Mapping[str, Any]], began: date, today: date
) -> Iterable[tuple[Mapping[str, Any], date, float]]:
    """Yield each stated step that has begun, the day after the one before, and which part of its days has come."""
    before = began
    for step in steps:
        if before > today:
            return
        days = max(1, (step["day"] - before).days + 1)
        yield step, before, 1.0 if step["day"] <= today else ((today - before).days + 1) / days
        before = step["day"] + timedelta(days=1)


# Posts that one person alone holds: nobody of them may look late, since the office is real.
_ALONE = Q(is_head=True) | Q(post_kind=PostKind.STRUCTURAL)


def _leading() -> Exists:
    return Exists(Placement.objects.current().filter(_ALONE, person=OuterRef("person")))


def _by_temper(owed: QuerySet[Obligation], seed: str) -> list[Obligation]:
    """Order so that whoever holds a post alone signs first; then some agencies and units sign early and some late."""
    chance, temper = random.Random(seed), {}  # noqa: S311 - nothing here is a secret
    duties_owed = list(owed.annotate(leads=_leading()).order_by("pk"))

    def mood(duty: Obligation) -> float:
        agency = temper.setdefault(("agency", duty.unit.agency_id), chance.random())
        unit = temper.setdefault(("unit", duty.unit_id), chance.random())
        return agency * 0.4 + unit * 0.5 + chance.random()

    moods = {duty.pk: mood(duty) for duty in duties_owed}
    return sorted(duties_owed, key=lambda duty: (not duty.leads, moods[duty.pk]))


@dataclass
class _Signing:
    """Who is still to sign a pact, in their order, and by which routes."""

    pact_round: PactRound
    waiting: list[Obligation]
    routes: Mapping[str, float]
    done: int = 0

    def __post_init__(self) -> None:
        self.all = len(self.waiting)
        self.chance = random.Random(self.pact_round.title)  # noqa: S311 - nothing here is a secret

    def sign(self, chosen: Sequence[Obligation], days: Sequence[date], now: datetime) -> None:
        """Let these sign, each on his day."""
        grades, weights = [Grade(name) for name in self.routes], list(self.routes.values())
        for start in range(0, len(chosen), _AT_ONCE):
            some = chosen[start : start + _AT_ONCE]
            signers = [
                pacts.Signer(duty.pk, duty.person.user, self.chance.choices(grades, weights)[0], day)
                for duty, day in zip(some, days[start : start + _AT_ONCE], strict=True)
            ]
            with transaction.atomic():
                pacts.add_signatures(signers, shown_digest=self.pact_round.text.digest, now=now)
        self.done += len(chosen)
        signed = {duty.pk for duty in chosen}
        self.waiting = [duty for duty in self.waiting if duty.pk not in signed]

    def sign_until(self, share: float, before: date, last: date, part: float, run: _Run) -> None:
        """Let as many sign that this share of all has signed by a day, or the part of them whose days have come."""
        wanted = max(0, round(share * self.all) - self.done)
        chosen = self.waiting[: round(wanted * part)]
        span = (min(last, run.today) - before).days + 1
        days = [before + timedelta(days=order * span // max(1, len(chosen))) for order in range(len(chosen))]
        self.sign(chosen, days, run.now)


# --- circulars ---------------------------------------------------------------------------------------------------


def _carry_circular(run: _Run, made_up: Mapping[str, Any]) -> int:
    """Publish a circular on its day, and let the stated share acknowledge it until each stated day.

    Whoever holds a post alone comes first, then whoever signed the pact: no office of one holder is shown as late.
    """
    if not run.has_come(made_up["issued_on"]):
        return 0
    text = made_up["text"]
    draft = circulars.Draft(
        kind=made_up["kind"],
        text=CircularText.of(text["title"], text["opening"], text["points"], text["closing"]),
        agencies=(run.agency, *(run.below if made_up.get("to_below") else ())),
        target=Target.of(employments=made_up["employments"]),
        issued_by=run.office(made_up["issued_by"]),
        election=made_up["election"],
        due_on=made_up["due_on"],
        escalate_on=made_up["escalate_on"],
        questions=tuple(
            Question.of(each["question"], each["answers"], each["right"], each["explanation"], place=place)
            for place, each in enumerate(made_up["questions"], 1)
        ),
    )
    circular = circulars.create(run.agency, draft, today=None, by=None, now=run.now)
    circulars.publish(circular, shown_mark=None, today=made_up["issued_on"], by=None, now=run.now, checked=False)
    signed = Obligation.objects.filter(person=OuterRef("person"), state=State.SIGNED)
    readers = list(
        circular.readers.filter(person__placements__until_on=None, person__placements__status="active")
        .annotate(leads=_leading(), signs=Exists(signed))
        .select_related("unit__agency")
        .order_by("pk")
    )
    chance = random.Random(text["title"])  # noqa: S311 - nothing here is a secret
    readers.sort(key=lambda reader: (not reader.leads, not reader.signs, chance.random()))
    done = 0
    for step, before, part in _steps(made_up["acknowledged"], made_up["issued_on"], run.today):
        upto = done + round((round(step["share"] * len(readers)) - done) * part)
        days = (min(step["day"], run.today) - before).days + 1
        for day in range(days):
            first, last = (done + (upto - done) * place // days for place in (day, day + 1))
            some, on = readers[first:last], before + timedelta(days=day)
            with transaction.atomic():
                circulars.add_acknowledgements(circular, some, answered=bool(draft.questions), today=on, now=run.now)
        done = upto
    return done


# --- activities --------------------------------------------------------------------------------------------------


def _fact_of(run: _Run, made_up: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was reported of an activity, as an event or as the signing of a pact, with what is invented around it."""
    told = {each["id"]: each for each in run.document.get("events", ())}.get(made_up["id"], {})
    signed = {each["id"]: each for each in run.document.get("pacts", ())}.get(made_up.get("pact"), {})
    occasion = {name: signed[name] for name in ("date", "place", "led_by") if name in signed}
    return {**occasion, **told, **made_up}


def _call_activity(run: _Run, made_up: Mapping[str, Any], pact_round: PactRound | None) -> Activity | None:
    """Write an activity down as it was reported, with whom it calls, and call them on its day."""
    fact = _fact_of(run, made_up)
    if not run.has_come(fact["called_on"]):
        return None
    titles = {office["id"]: office["title"] for office in run.document["offices"]}
    hours = {name: time.fromisoformat(fact[name]) if name in fact else None for name in ("starts_at", "ends_at")}
    organiser = fact.get("organised_by", "")
    plan = activities.Plan(
        kind=_ACTIVITY_KINDS[fact["kind"]],
        title=fact["title"],
        on=fact["date"],
        place=fact.get("place", ""),
        purpose=made_up.get("purpose", ""),
        points=tuple(made_up.get("points", ())),
        organiser=titles.get(organiser, organiser),
        led_by=run.office(fact.get("led_by")),
        pact_round=pact_round,
        election=run.made_up["election"]["ids"][-1],
        **hours,
    )
    common: dict[str, Any] = {"by": None, "now": run.now}
    activity = activities.draft(agency=run.agency, unit=None, plan=plan, today=fact["called_on"], **common)
    for name, heads_only in (("heads_of", True), ("units", False)):
        for code in fact.get(name, ()):
            unit = run.agency.units.get(code=code)
            activities.invite_unit(activity, unit, heads_only=heads_only, quota=None, **common)
    if people := _named(run, fact):
        activities.invite_people(activity, people, **common)
    for guest in fact.get("guests", ()):
        activities.add_guest(
            activity, kind=guest["kind"], body=guest["body"], post=guest["post"],
            is_witness=guest.get("witness", False), **common,
        )  # fmt: skip
    activities.call(activity, today=fact["called_on"], **common)
    return activity


def _named(run: _Run, fact: Mapping[str, Any]) -> list[Person]:
    """Return whom an activity calls by name: the heads of these groups of units, and whoever has one of these posts."""
    kinds = {kind for group in fact.get("groups", ()) for kind in duties.GROUPS[group]}
    found = {}
    if kinds:
        at = clock.instant(run.agency.zone, at=run.now)
        heads = offices.unit_heads(duties.owners_of_kind(run.agency, kinds), at, local_day(at, run.agency.zone))
        found = {head.person.pk: head.person for head in heads.values() if head.person}
    placed = Placement.objects.current().filter(unit__agency=run.agency, post__in=fact.get("posts", ()))
    found |= {each.person_id: each.person for each in placed.select_related("person").order_by("pk")}
    return list(found.values())


def _hold_activity(run: _Run, activity: Activity, made_up: Mapping[str, Any], signing: _Signing | None) -> int:
    """Hold an activity on its day, if that has come: whoever comes, guests, signatures, witnesses; return how many came.

    One of the demo's own day is left open.
    """
    fact = _fact_of(run, made_up)
    if not run.has_come(fact["date"]):
        return 0
    activities.open_list(activity, today=fact["date"], by=None, now=run.now)
    came = _come(activity, fact.get("came", 0), run.now)
    for guest in activity.guests.all():
        activities.receive_guest(guest, name=UNNAMED, post=guest.post, by=None, now=run.now)
    if signing:
        came += _sign_there(run, activity, signing)
    if fact["date"] < run.today:
        activities.close(activity, by=None, now=run.now)
        _write_down(run, activity, fact)
    return came


def _come(activity: Activity, share: float, now: datetime) -> int:
    """Let this share of those called come, whoever holds a post alone first, then whoever signed the pact."""
    called = Invitation.objects.filter(activity=activity).values("person")
    signed = Obligation.objects.filter(person=OuterRef("person"), state=State.SIGNED)
    placed = list(
        Placement.objects.current()
        .filter(person__in=called, status="active")
        .annotate(leads=_leading(), signs=Exists(signed))
        .select_related("unit")
        .order_by("pk")
    )
    chance = random.Random(activity.title)  # noqa: S311 - nothing here is a secret
    placed.sort(key=lambda each: (not each.leads, not each.signs, chance.random()))
    with transaction.atomic(durable=True):
        return attendance.add_present(activity, placed[: round(share * len(placed))], way="phone", now=now)


def _sign_there(run: _Run, activity: Activity, signing: _Signing) -> int:
    """Let those sign who are there, then the witnesses; return how many office-holders were put on the list for it."""
    chosen, received = signing.waiting, 0
    if signing.pact_round.for_offices and run.officer:
        for duty in chosen:
            ceremonies.receive_holder(activity, duty, by=run.officer, now=run.now)
            received += 1
    else:
        there = set(activity.attendances.values_list("person", flat=True))
        chosen = [duty for duty in chosen if duty.person_id in there]
    signing.sign(chosen, [activity.on] * len(chosen), run.now)
    witnesses = list(activity.guests.filter(is_witness=True))
    if witnesses and run.officer:
        ceremonies.appoint(activity, witnesses, by=run.officer, now=run.now)
        for witness in Witness.objects.filter(guest__in=witnesses).order_by("guest"):
            seen = ceremonies.testimony(witness.pk, witness.code_digest, now=run.now)
            ceremonies.sign_statement(
                witness.pk, witness.code_digest, shown_digest=seen.statement.digest(), name=UNNAMED, now=run.now,
                today=activity.on,
            )  # fmt: skip
    return received


def _write_down(run: _Run, activity: Activity, fact: Mapping[str, Any]) -> None:
    """Write the minutes of an activity that is over, and what was decided and done."""
    common: dict[str, Any] = {"by": None, "now": run.now}
    activities.write_minutes(activity, fact["minutes"], points=activity.points, **common)
    done = []
    for each in fact.get("decisions", ()):
        unit = run.agency.units.get(code=each["unit"]) if "unit" in each else None
        decision = activities.add_decision(
            activity, text=each["text"], office=run.office(each.get("office")), unit=unit, due_on=each.get("due_on"),
            **common,
        )  # fmt: skip
        done += [(decision, each)] if "done_on" in each else []
    activities.finish_minutes(activity, today=fact["date"], **common)
    for decision, each in done:
        if each["done_on"] <= run.today:
            activities.finish_decision(decision, evidence=each["evidence"], on=each["done_on"], **common)


# --- leave, and duties that go on --------------------------------------------------------------------------------


def _record_leave(run: _Run, made_up: Mapping[str, Any]) -> None:
    """Record a leave on the day on which it was announced, with whoever stands in."""
    fact = next(each for each in run.document["leaves"] if each["office"] == made_up["office"])
    office = run.office(made_up["office"])
    if office is None or not run.has_come(made_up["recorded_on"]):
        return
    leave = offices.record_leave(
        office.holdings.get(leave=None, until_at=None),
        kind=_LEAVE_KINDS[fact["kind"]],
        from_on=fact["from"],
        last_on=made_up["last_on"],
        note=made_up["note"],
        stand_in=StandIn(made_up["stand_in"], name=UNNAMED_STAND_IN),
        by=None,
        now=run.now,
    )
    for stand_in in leave.stand_ins.select_related("person"):
        accounts.ensure_account(stand_in.person, now=run.now)


def _give_duty(run: _Run, made_up: Mapping[str, Any]) -> int:
    """Give heads of units a duty, and let each of them do it in every period that is over: no office looks late."""
    if not run.has_come(made_up["given_on"]) or run.officer is None:
        return 0
    leave = OfficeLeave.objects.filter(holding__office=run.office(made_up.get("leave"))).first()
    kinds = {kind for group in made_up["groups"] for kind in duties.GROUPS[group]}
    duty = duties.give(
        agency=run.agency,
        text=made_up["text"],
        every=made_up["every"],
        from_on=made_up["from_on"],
        due_on=made_up.get("due_on"),
        leave=leave,
        of_units=list(duties.owners_of_kind(run.agency, kinds)),
        by=None,
        now=run.now,
    )
    course, done = duties.course_of(duty), 0
    owners = list(duty.owners.select_related("duty__agency", "duty__leave", "unit"))
    for number in range(course.ended_by(run.today)):
        on = course.period(number).last or run.today
        _set_day(on)
        for owner in owners:
            duties.mark_done(owner, user=run.officer, evidence=made_up["evidence"], on=on, for_owner=True, now=run.now)
            done += 1
    return done


# --- questions ---------------------------------------------------------------------------------------------------


def _answer_questions(run: _Run) -> None:
    """Put invented questions before the legal bureau, and let it answer and publish those that it had answered by now."""
    drafter = officer_of(run.agency, Role.DRAFTER, run.now)
    for each in run.made_up.get("questions", ()):
        if drafter is None or not run.has_come(each["asked_on"]):
            continue
        asked = Asked(
            (each["activity"],), each["day"], each["employment"], "", each["relation"], run.agency.region_id or ""
        )
        code = guidance.ask_office(
            f"agency-{run.agency.pk}", asked, each["text"], today=each["asked_on"], now=run.now
        )  # fmt: skip
        inquiry = guidance.inquiry_of(code)
        answer = each.get("opinion")
        if inquiry is None or answer is None or not run.has_come(answer["given_on"]):
            continue
        near, other = guidance.citable(asked)
        tokens = [token for rule in (*near, *other) for token, _cite in rule.cites]
        opinion = guidance.give_opinion(
            inquiry, verdict=Verdict(answer["verdict"]), facts=answer["facts"], text=answer["text"], cites=tokens[:3],
            valid_until=answer["valid_until"], by=drafter, today=answer["given_on"], now=run.now,
        )  # fmt: skip
        guidance.publish(
            opinion, question=answer["question"], facts=answer["facts"], text=answer["text"], looked_again=True,
            by=drafter, today=answer["given_on"], now=run.now,
        )  # fmt: skip
