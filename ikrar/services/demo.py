"""The demo: scenarios loaded through the same acts as the pages, and the cast a visitor can become."""

import csv
import io
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

import ikrar
from ikrar.domain.access import Role
from ikrar.domain.activities import Verdict
from ikrar.domain.circulars import CircularText, Question, Target
from ikrar.domain.days import WIB
from ikrar.domain.errors import NotADemo, ScenarioNotPlayable, ScenarioUnknown
from ikrar.domain.pacts import Grade, PactText, State
from ikrar.domain.receipts import Asked
from ikrar.records.models import (
    Activity,
    Agency,
    Installation,
    Invitation,
    Obligation,
    Office,
    Placement,
    Region,
    RoleGrant,
    User,
    WorkUnit,
)
from ikrar.services import (
    accounts,
    activities,
    attendance,
    circulars,
    commits,
    elections,
    guidance,
    installation,
    invented,
    offices,
    pacts,
    roster,
    units,
)

_FOLDER = Path(ikrar.__file__).parent.parent / "scenarios"
# The programmes whose part before a case can be carried out today; the others are read by a later part.
PLAYABLE = ("bukittinggi-2024", "payakumbuh-2024")
_NAME = "Demo Ikrar"
_CIVIL_SERVANTS_ON_STAGE = 40
_COLUMNS = (
    ("NIP", "identifier"), ("Nama", "name"), ("Gelar Depan", "front_title"), ("Gelar Belakang", "back_title"),
    ("Status Kepegawaian", "employment"), ("Unit Kerja", "unit"), ("Kode Unit", "unit_code"),
    ("Unit Induk", "parent_unit"), ("Jabatan", "post"), ("Jenis Jabatan", "post_kind"), ("Jenjang", "level"),
    ("Golongan", "grade"), ("Kepala Unit", "is_head"), ("Tanggal Lahir", "birth_on"), ("Jenis Kelamin", "sex"),
    ("TMT CPNS", "start_on"), ("Status", "status"), ("Email", "email"), ("HP", "phone"),
)  # fmt: skip
_BODY_KINDS = {"desk-pemilu": "desk", "satgas-netralitas": "task_force"}


def known() -> list[str]:
    """Return the ids of all scenarios in the repository."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def read(scenario: str) -> dict[str, Any]:
    """Return a scenario's facts and, under `synthetic`, what the demo invents. Raises ScenarioUnknown."""
    path = _FOLDER / f"{scenario}.yaml"
    if scenario not in known():
        raise ScenarioUnknown(scenario, tuple(known()))
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def load(scenarios: Iterable[str], *, today: date, now: datetime, tell: Any = print) -> None:
    """Load scenarios into a demo up to a day of their programmes; an empty database becomes a demo first.

    All of it is written or nothing. Raises NotADemo on a real installation, ScenarioUnknown, ScenarioNotPlayable. A
    scenario that is there already is left as it is.
    """
    documents = [_playable(scenario) for scenario in scenarios]
    installation.migrate()
    is_new = not installation.is_installed()
    if not is_new and not installation.the_one().is_demo:
        raise NotADemo()
    with installation.keys_only_if_made(), commits.whole():
        if is_new:
            installation.create(name=_NAME, is_demo=True, demo_today=today, now=now)
        installation.set_demo_day(today)
        for document in documents:
            if Agency.objects.filter(code=document["region"]["code"]).exists():
                tell(f"{document['id']}: sudah ada")
                continue
            _play(document, today=today, now=now, tell=tell)
        _set_cast(now)
        if is_new:
            installation.make_keys(_NAME, now)


def _playable(scenario: str) -> dict[str, Any]:
    document = read(scenario)
    if scenario not in PLAYABLE:
        raise ScenarioNotPlayable(scenario, PLAYABLE)
    return document


def _play(document: Mapping[str, Any], *, today: date, now: datetime, tell: Any) -> None:
    """Carry out a programme as its offices did: agency, people, offices, bodies, election, pact, signatures."""
    made_up = document["synthetic"]
    region = Region.objects.get(pk=document["region"]["code"])
    agency = units.create_agency(
        code=region.code,
        name=f"Pemerintah {region.name}",
        kind="city",
        region=region.code,
        parent=None,
        by=None,
        now=now,
    )
    tell(f"{document['id']}: {_import_people(agency, region, made_up['people'], now)} pegawai rekaan")
    _hold_offices(agency, document, now)
    _set_up_bodies(agency, document, today=today, now=now)
    facts = document["election"]
    elections.set_region(
        election="pilkada-2024",
        region_code=region.code,
        candidate_pairs=facts.get("candidate_pairs"),
        voters=facts.get("voters"),
        polling_stations=facts.get("polling_stations"),
        note=facts.get("note", ""),
        source="",
        by=None,
        now=now,
    )
    for pact in made_up["pacts"]:
        tell(f"{document['id']}: {_carry_pact(agency, pact, today=today, now=now)} tanda tangan")
    for circular in made_up.get("circulars", ()):
        tell(f"{document['id']}: {_carry_circular(agency, document, circular, today=today, now=now)} konfirmasi edaran")
    for activity in made_up.get("activities", ()):
        tell(f"{document['id']}: {_hold_activity(agency, document, activity, today=today, now=now)} orang hadir")
    _answer_questions(agency, made_up.get("questions", []), today=today, now=now)


def _answer_questions(agency: Agency, made_up: Iterable[Mapping[str, Any]], *, today: date, now: datetime) -> None:
    """Put invented questions before the legal bureau, and let it answer and publish those that it had answered by now."""
    drafter = _officer(agency, Role.DRAFTER, now)
    for each in made_up:
        if drafter is None or each["asked_on"] > today:
            continue
        asked = Asked(
            (each["activity"],), each["day"], each["employment"], "", each["relation"], agency.region_id or ""
        )
        code = guidance.ask_office(f"agency-{agency.pk}", asked, each["text"], today=each["asked_on"], now=now)
        inquiry = guidance.inquiry_of(code)
        answer = each.get("opinion")
        if inquiry is None or answer is None or answer["given_on"] > today:
            continue
        near, other = guidance.citable(asked)
        tokens = [token for rule in (*near, *other) for token, _cite in rule.cites]
        opinion = guidance.give_opinion(
            inquiry, verdict=Verdict(answer["verdict"]), facts=answer["facts"], text=answer["text"], cites=tokens[:3],
            valid_until=answer["valid_until"], by=drafter, today=answer["given_on"], now=now,
        )  # fmt: skip
        guidance.publish(
            opinion, question=answer["question"], facts=answer["facts"], text=answer["text"], looked_again=True,
            by=drafter, today=answer["given_on"], now=now,
        )  # fmt: skip


def _import_people(agency: Agency, region: Region, made_up: Mapping[str, Any], now: datetime) -> int:
    """Write the invented staff as a file of a personnel system and import it as an officer would."""
    below = Region.objects.filter(parent=region)
    place = invented.Place(
        region.code,
        region.name.upper(),
        list(below.values_list("code", "name")),
        list(Region.objects.filter(parent__in=below).values_list("code", "name")),
    )
    size = invented.Size.for_people(made_up["count"])
    tree = invented.units(place, size.fitted(place))
    rows = invented.people(
        tree,
        made_up["count"],
        made_up["seed"],
        made_up["roster_on"],
        headless=made_up["headless"],
        mix=invented.Mix(made_up["pns"], made_up["cpns"], made_up["pppk"], made_up["contract"]),
        top_serial=made_up["top_serial"],
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([heading for heading, _ in _COLUMNS])
    writer.writerows([row[field] for _, field in _COLUMNS] for row in rows)
    given = roster.receive(
        agency=agency,
        file=io.BytesIO(text.getvalue().encode()),
        name=f"pegawai-{agency.code}.csv",
        effective_on=made_up["roster_on"],
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


def _hold_offices(agency: Agency, document: Mapping[str, Any], now: datetime) -> None:
    """Make the offices that the press named. Who held them is not said: no name is invented beside a real office."""
    for fact in document["offices"]:
        kind = "head_of_region" if fact["id"] in ("wali-kota", "gubernur") else "other"
        office = offices.create_office(agency=agency, unit=None, title=fact["title"], kind=kind, by=None, now=now)
        capacity = fact.get("capacity", "definitive").removeprefix("interim-").removeprefix("acting-")
        offices.take_over(
            office,
            person=None,
            capacity=capacity,
            from_at=datetime.combine(date(2024, 9, 25), time(0, 0), WIB),
            letter_number="",
            letter_on=None,
            by=None,
            now=now,
        )


def _set_up_bodies(agency: Agency, document: Mapping[str, Any], *, today: date, now: datetime) -> None:
    people = list(
        Placement.objects.current()
        .filter(unit__agency=agency, unit__code__in=("BKPSDM", "KESBANGPOL", "ITDA"), status="active", is_head=False)
        .select_related("person")
        .order_by("pk")[:40]
    )
    for number, fact in enumerate(document.get("bodies", [])):
        body = offices.create_body(
            agency=agency, region=agency.region, kind=_BODY_KINDS[fact["id"]], name=fact["title"], task=fact["task"],
            by=None, now=now,
        )  # fmt: skip
        for order, placement in enumerate(people[number * 6 : number * 6 + 6]):
            offices.add_member(
                body, person=placement.person, duty="Ketua" if order == 0 else "Anggota",
                letter_number=f"ST/REKAAN/{number + 1:02d}/2024", letter_on=date(2024, 9, 20), from_on=date(2024, 9, 23),
                by=None, now=now,
            )  # fmt: skip


def _carry_pact(agency: Agency, made_up: Mapping[str, Any], *, today: date, now: datetime) -> int:
    """Issue the pact on its day, hand out codes, and let the stated share sign until each stated day."""
    text = made_up["text"]
    pact_round = pacts.create_round(
        agency=agency,
        title=text["title"],
        text=PactText.of(text["title"], text["opening"], text["points"], text["closing"]),
        employments=made_up["employments"],
        election=made_up["election"],
        legal_basis=made_up["legal_basis"],
        keeps_on=made_up["keeps_on"],
        due_on=made_up["due_on"],
        by=None,
        now=now,
    )
    if made_up["issued_on"] > today:
        return 0
    pacts.issue(pact_round, today=made_up["issued_on"], by=None, now=now)
    placed = Placement.objects.current().filter(unit__agency=agency).select_related("person", "unit")
    accounts.issue_codes(placed, by=None, now=now)
    duties = list(
        Obligation.objects.filter(pact_round=pact_round, person__placements__status="active")
        .select_related("person__user")
        .order_by("pk")
    )
    chance = random.Random(made_up["text"]["title"])  # noqa: S311 - nothing here is a secret
    _by_unit_temper(duties, chance)
    grades, weights = [Grade(name) for name in made_up["routes"]], list(made_up["routes"].values())
    done, before = 0, made_up["issued_on"]
    for step in made_up["signed"]:
        if before > today:
            break
        upto = round(step["share"] * len(duties))
        span = max(1, (min(step["day"], today) - before).days + 1)
        share_of_span = 1.0 if step["day"] <= today else span / max(1, (step["day"] - before).days + 1)
        last = done + round((upto - done) * share_of_span)
        for start in range(done, last, 200):
            with transaction.atomic(durable=True):
                for order in range(start, min(start + 200, last)):
                    duty = duties[order]
                    pacts.add_signature(
                        duty.pk,
                        user=duty.person.user,
                        shown_digest=pact_round.text.digest,
                        grade=chance.choices(grades, weights)[0],
                        today=before + timedelta(days=(order - done) * span // max(1, last - done)),
                        now=now,
                    )
        done, before = last, step["day"] + timedelta(days=1)
    return done


def _by_unit_temper(duties: list[Obligation], chance: random.Random) -> None:
    """Shuffle so that some units sign early and some late, as units do."""
    temper: dict[int, float] = {}
    duties.sort(key=lambda duty: temper.setdefault(duty.unit_id, chance.random()) * 0.55 + chance.random())


def _carry_circular(
    agency: Agency, document: Mapping[str, Any], made_up: Mapping[str, Any], *, today: date, now: datetime
) -> int:
    """Publish a circular on its day, and let the stated share acknowledge it until each stated day.

    Heads of units come first, then whoever signed the pact: no office of one holder is shown as late.
    """
    if made_up["issued_on"] > today:
        return 0
    text = made_up["text"]
    titles = {fact["id"]: fact["title"] for fact in document["offices"]}
    draft = circulars.Draft(
        kind=made_up["kind"],
        text=CircularText.of(text["title"], text["opening"], text["points"], text["closing"]),
        agencies=(agency,),
        target=Target.of(employments=made_up["employments"]),
        issued_by=Office.objects.filter(agency=agency, title=titles.get(made_up["issued_by"], "")).first(),
        election=made_up["election"],
        due_on=made_up["due_on"],
        escalate_on=made_up["escalate_on"],
        questions=tuple(
            Question.of(each["question"], each["answers"], each["right"], each["explanation"], place=place)
            for place, each in enumerate(made_up["questions"], 1)
        ),
    )
    circular = circulars.create(agency, draft, today=None, by=None, now=now)
    circulars.publish(circular, shown_mark=None, today=made_up["issued_on"], by=None, now=now, checked=False)
    signed = Obligation.objects.filter(person=OuterRef("person"), state=State.SIGNED)
    heading = Placement.objects.current().heading().filter(person=OuterRef("person"))
    readers = list(
        circular.readers.filter(person__placements__until_on=None, person__placements__status="active")
        .annotate(heads=Exists(heading), signs=Exists(signed))
        .select_related("unit__agency")
        .order_by("pk")
    )
    chance = random.Random(text["title"])  # noqa: S311 - nothing here is a secret
    readers.sort(key=lambda reader: (not reader.heads, not reader.signs, chance.random()))
    done, before = 0, made_up["issued_on"]
    for step in made_up["acknowledged"]:
        if step["day"] > today:
            break
        upto, days = round(step["share"] * len(readers)), (step["day"] - before).days + 1
        with transaction.atomic(durable=True):
            for order in range(done, upto):
                on = before + timedelta(days=(order - done) * days // max(1, upto - done))
                circulars.add_acknowledgement(circular, readers[order], answered=True, today=on, now=now)
        done, before = upto, step["day"] + timedelta(days=1)
    return done


_ACTIVITY_KINDS = {
    "briefing": "briefing", "roll-call": "roll_call", "coordination-meeting": "coordination",
    "focus-group-discussion": "fgd", "declaration": "declaration",
}  # fmt: skip


def _hold_activity(
    agency: Agency, document: Mapping[str, Any], made_up: Mapping[str, Any], *, today: date, now: datetime
) -> int:
    """Call an activity on its day and hold it on another, as far as these have come; return how many were there.

    Heads of units come first: no office of one holder is shown as absent.
    """
    facts = {fact["id"]: fact for fact in document.get("events", ())}
    fact = {**facts.get(made_up["id"], {}), **made_up}
    if made_up["called_on"] > today:
        return 0
    activity = _draft_activity(agency, document, fact, now)
    activities.call(activity, today=made_up["called_on"], by=None, now=now)
    if fact["date"] > today:
        return 0
    activities.open_list(activity, today=fact["date"], by=None, now=now)
    came = _come(activity, fact["came"], now)
    for guest in activity.guests.all():
        activities.receive_guest(guest, name=f"Tamu Rekaan {guest.pk}", post=guest.post, by=None, now=now)
    if fact["date"] == today:
        return came
    activities.close(activity, by=None, now=now)
    _write_down(activity, fact, now)
    return came


def _draft_activity(agency: Agency, document: Mapping[str, Any], fact: Mapping[str, Any], now: datetime) -> Activity:
    """Write an activity down as it was reported, with whom it calls."""
    titles = {office["id"]: office["title"] for office in document["offices"]}
    hours = {name: time.fromisoformat(fact[name]) if name in fact else None for name in ("starts_at", "ends_at")}
    plan = activities.Plan(
        kind=_ACTIVITY_KINDS[fact["kind"]],
        title=fact["title"],
        on=fact["date"],
        place=fact.get("place", ""),
        points=tuple(fact.get("points", ())),
        organiser=fact.get("organised_by", ""),
        led_by=Office.objects.filter(agency=agency, title=titles.get(fact.get("led_by"), "")).first(),
        election="pilkada-2024",
        **hours,
    )
    common = {"by": None, "now": now}
    activity = activities.draft(agency=agency, unit=None, plan=plan, today=fact["called_on"], **common)
    for name, heads_only in (("heads_of", True), ("units", False)):
        for code in fact[name]:
            activities.invite_unit(activity, agency.units.get(code=code), heads_only=heads_only, quota=None, **common)
    for guest in fact["guests"]:
        activities.add_guest(activity, kind=guest["kind"], body=guest["body"], post=guest["post"], **common)
    return activity


def _come(activity: Activity, share: float, now: datetime) -> int:
    """Let this share of those called come, heads first, then whoever signed the pact: a visitor may still check in."""
    called = Invitation.objects.filter(activity=activity).values("person")
    signed = Obligation.objects.filter(person=OuterRef("person"), state=State.SIGNED)
    placed = list(
        Placement.objects.current()
        .filter(person__in=called, status="active")
        .annotate(signs=Exists(signed))
        .select_related("unit")
        .order_by("pk")
    )
    chance = random.Random(activity.title)  # noqa: S311 - nothing here is a secret
    placed.sort(key=lambda each: (not each.is_head, not each.signs, chance.random()))
    with transaction.atomic(durable=True):
        return attendance.add_present(activity, placed[: round(share * len(placed))], way="phone", now=now)


def _write_down(activity: Activity, fact: Mapping[str, Any], now: datetime) -> None:
    """Write the minutes of an activity that is over, and what was decided and done."""
    common = {"by": None, "now": now}
    activities.write_minutes(activity, fact["minutes"], points=fact.get("points", ()), **common)
    done = []
    for each in fact["decisions"]:
        unit = activity.agency.units.get(code=each["unit"])
        decision = activities.add_decision(
            activity, text=each["text"], office=None, unit=unit, due_on=each.get("due_on"), **common
        )
        done += [(decision, each)] if "done_on" in each else []
    activities.finish_minutes(activity, today=fact["date"], **common)
    for decision, each in done:
        activities.finish_decision(decision, evidence=each["evidence"], on=each["done_on"], **common)


# --- the cast ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One role that a visitor can step into. `place` is empty for whoever works for the whole installation."""

    key: str
    place: str
    user: User


_PARTS = (
    "civil_servant", "unit_head", "programme_officer", "legal_bureau", "other_officer", "auditor", "administrator",
)  # fmt: skip
"""The roles of the cast, in the order of the front page; how each is called stands with the words of the pages."""


def _set_cast(now: datetime) -> None:
    """Choose who stands for each role; kept with the installation. A role that nobody can stand for is left out."""
    peopled = Agency.objects.filter(units__placements__until_on=None, units__placements__isnull=False).distinct()
    first = peopled.filter(code="13.75").first() or peopled.order_by("code").first()
    other = peopled.exclude(pk=first.pk).order_by("code").first() if first else None
    chosen: dict[str, list[int]] = {}
    unsigned = (
        Obligation.objects.filter(
            unit__agency=first, state__in=(State.ISSUED, State.OPENED), person__placements__status="active",
            unit__kind=WorkUnit.Kind.SCHOOL, person__user__isnull=False,
        )
        .exclude(person__placements__is_head=True)
        .order_by("pk")
        .values_list("person__user", flat=True)
    )  # fmt: skip
    chosen["civil_servant"] = list(unsigned[:_CIVIL_SERVANTS_ON_STAGE])
    school = (
        WorkUnit.objects.filter(agency=first, kind=WorkUnit.Kind.SCHOOL, placements__until_on=None)
        .annotate(people=Count("placements"), heads=Count("placements", filter=Q(placements__is_head=True)))
        .filter(heads=1)
        .order_by("-people", "position")
        .first()
    )
    if school:
        head = Placement.objects.current().select_related("person").get(unit=school, is_head=True)
        with transaction.atomic():
            chosen["unit_head"] = [accounts.ensure_account(head.person, now=now).pk]
    for key, agency, role in (
        ("programme_officer", first, Role.PROGRAMME_OFFICER),
        ("legal_bureau", first, Role.DRAFTER),
        ("other_officer", other, Role.PROGRAMME_OFFICER),
    ):
        if agency and (officer := _officer(agency, role, now)):
            chosen[key] = [officer.pk]
    chosen["administrator"] = [_outsider("ADMIN.DEMO", "Ani Rekaan", Role.ADMINISTRATOR, now).pk]
    chosen["auditor"] = [_outsider("AUDITOR.DEMO", "Doni Umpama", Role.AUDITOR, now).pk]
    Installation.objects.update(demo_cast=chosen)


# Where whoever holds a role works: the office that does this in a regency or city, and the one above it.
_OFFICES_OF = {Role.PROGRAMME_OFFICER: ("BKPSDM",), Role.DRAFTER: ("BAG-HUKUM", "SETDA")}


def _officer(agency: Agency, role: Role, now: datetime) -> User | None:
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


def _outsider(username: str, full_name: str, role: Role, now: datetime) -> User:
    if user := User.objects.filter(username=username).first():
        return user
    with transaction.atomic():
        user = User(username=username, full_name=full_name, password="!", created_at=now)
        user.save(force_insert=True)
        accounts.add_grant(user, role, reason="demo", by=None, now=now)
    return user


def cast() -> list[Part]:
    """Return the demo's cast, in the order of the front page."""
    return [part for part in map(part_of, _PARTS) if part]


def part_of(key: str) -> Part | None:
    """Return who stands for a role now: of the civil servants one who has not signed yet. None: no such role."""
    here = Installation.objects.filter(is_demo=True).first()
    ids = (here.demo_cast or {}).get(key, []) if here else []
    users = User.objects.select_related("person").in_bulk(ids)
    found = [users[each] for each in ids if each in users]
    if not found:
        return None
    user = found[0]
    if key == "civil_servant":
        signed = set(
            Obligation.objects.filter(person__in=[each.person_id for each in found], state=State.SIGNED).values_list(
                "person", flat=True
            )
        )
        user = next((each for each in found if each.person_id not in signed), user)
    return Part(key, _place(user), user)


def _place(user: User) -> str:
    if not user.person_id:
        return ""
    placement = Placement.objects.current().select_related("unit__agency").filter(person=user.person_id).first()
    return f"{placement.unit.name}, {placement.unit.agency.name}" if placement else ""


def move_day(day: date) -> None:
    """Move the demo's day."""
    installation.set_demo_day(day)
