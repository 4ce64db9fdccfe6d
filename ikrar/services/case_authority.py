"""Who decides on a respondent, in this installation: the resolver's answer of a day, and who holds that office in that minute.

The law's answer names an office; here it is tied to its holder. A leave therefore moves the queue by moving the holder.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from ikrar.domain.access import Role
from ikrar.domain.authority import Answer, Conflict, Holder, Question
from ikrar.domain.errors import CaseActRefused, DomainError
from ikrar.domain.name_words import words_of
from ikrar.domain.offices import LADDER, OFFICES, POST_OF, AgencyKind, Leave, Seat
from ikrar.domain.roster import GONE, Level
from ikrar.records.kept import KeptObjects, KeptQuery
from ikrar.records.models import (
    Agency,
    Case,
    CaseConflict,
    CaseDecision,
    CaseRespondent,
    Holding,
    Office,
    OfficeLeave,
    Person,
    Placement,
    RoleGrant,
    User,
    WorkUnit,
)
from ikrar.services import case_ladder, case_rules, case_steps, clock, offices, rules, units
from ikrar.services.case_ladder import Ladder

_HEAD_SEATS = (Seat.PPK, Seat.REGIONAL_HEAD)


@dataclass(frozen=True)
class Deciding:
    """Who decides: what the rulebook answers, the office here where it is one of this agency, and who holds it."""

    answer: Answer
    office: Office | None = None
    person: Person | None = None
    capacity: str = ""
    unit: WorkUnit | None = None

    @property
    def name(self) -> str:
        """Return the authority as the resolver names it; empty: nobody is known."""
        return self.answer.authority or ""

    @property
    def title(self) -> str:
        """Return the same as whoever decides is called: of a rank the office of who stands above, as far as it is known."""
        if self.answer.seat not in POST_OF:
            return self.name
        known = self.office.title if self.office else offices.title_of_head(self.unit) if self.unit else ""
        return known or as_official(self.name)


def as_official(name: str) -> str:
    """Write an authority that is named by its rank alone as an official of that rank: a rank is nobody's title.

    >>> [as_official(each) for each in ("Administrator", "Bupati", "BPASN")]
    ['Pejabat administrator', 'Bupati', 'BPASN']
    """
    ranks = {each.label.id for each in rules.book().authorities.values() if each.seat in POST_OF}
    if name not in ranks:
        return name
    return f"Pejabat {name if name.startswith('JPT') else name.lower()}"


def office_of(decision: CaseDecision) -> str:
    """Write in which office somebody decided: its title, of a unit's head that of its head, else the official as it was named."""
    if decision.office is not None:
        return decision.office.title
    named = as_official(decision.authority)
    unit = _led_by_signer(decision) if named != decision.authority else None
    return offices.title_of_head(unit) if unit is not None else named


def _kind(agency: Agency) -> str:
    return agency.kind if agency.kind in list(AgencyKind) else "central" if agency.kind == "ministry" else ""


def _head_office(agency: Agency) -> Office | None:
    return Office.objects.filter(agency=agency, kind=Office.Kind.HEAD_OF_REGION).order_by("pk").first()


def _conflict_why(person: int, respondent: CaseRespondent, standing: dict[int, str], out: Collection[int]) -> str:
    if person == respondent.person_id:
        return "accused"
    return standing.get(person, "accused" if person in out else "")


def _told(
    respondent: CaseRespondent, office: Office | None, at: datetime
) -> tuple[tuple[Holder, ...], tuple[Conflict, ...]]:
    """Say of the agency's head what the records know: who holds the office then, who is on leave, who has no part in it."""
    if office is None:
        return (), ()
    case, kind = respondent.case, _kind(office.agency)
    name = OFFICES[AgencyKind(kind)].id if kind in OFFICES else Seat.PPK.value
    out = case_steps.people_out([case.pk]).get(case.pk, set())
    standing = _standing(case.pk)
    holders, conflicts = [], []
    leaves = {each.holding_id: each for each in _LEAVES.rows(office=office.pk, when_at=at)}
    held = {each.pk for each in _HELD.rows(office=office.pk, when_at=at)}
    for each in _DATED.rows(office=office.pk, when_at=at):
        away = leaves.get(each.pk)
        if away is None and each.pk not in held:
            continue  # stood in for a leave that is over
        leave = "" if away is None else Leave.CAMPAIGN if away.kind == OfficeLeave.Kind.CAMPAIGN else Leave.OTHER
        holders.append(Holder(name, each.capacity, leave=leave))
        if each.person_id and (why := _conflict_why(each.person_id, respondent, standing, out)):
            conflicts.append(Conflict(why, name, each.capacity))
    if not holders:
        holders.append(Holder(name, vacant=True))
    return tuple(holders), tuple(conflicts)


_DATED = KeptObjects(
    lambda office, when_at: Holding.objects.dated(when_at).filter(office=office).order_by("-from_at", "pk"),
    "office",
    "when_at",
)
_LEAVES = KeptObjects(
    lambda office, when_at: OfficeLeave.objects.at(when_at).filter(holding__office=office), "office", "when_at"
)
_HELD = KeptQuery(
    lambda office, when_at: Holding.objects.at(when_at).filter(office=office).values_list("pk"), "office", "when_at"
)


def _question(
    respondent: CaseRespondent, superior: Person | None, level: str, day: date, dismissal: bool | None
) -> Question:
    """Put the question who decides on a respondent on a day (see domain.authority.Question), whoever heads the agency."""
    agency = respondent.agency
    return Question(
        level=level, day=day, post_level=respondent.post_level, agency_kind=_kind(agency) if agency else "",
        employment=respondent.employment, post=respondent.post, dismissal=dismissal,
        superior_level=case_ladder.level_of(superior, day),
    )  # fmt: skip


def _with_head(asked: Question, respondent: CaseRespondent, at: datetime) -> Question:
    """Add what the records know of the agency's head in a minute."""
    office = _head_office(respondent.agency) if respondent.agency else None
    holders, conflicts = _told(respondent, office, at)
    return replace(asked, holders=holders, conflicts=conflicts)


def _superior(respondent: CaseRespondent, day: date) -> Person | None:
    return units.superior(respondent.person, day) if respondent.person else None


def _noon(respondent: CaseRespondent, day: date) -> datetime:
    return datetime.combine(day, time(12), case_steps.zone_of(respondent.case))


def deciding(
    respondent: CaseRespondent, level: str, day: date, *, dismissal: bool | None = None, at: datetime | None = None
) -> Deciding:
    """Say who decides on a respondent on a day, and who holds that office then (`at`: in which minute; noon where not given).

    Where the head whom the rulebook names has no part in the case, it is asked again with his office passed over. Where the
    records show no head of that rank above the respondent, and the rank of every head above him, it is asked again with that
    office vacant (pp-94-2021: one level up), and the answer says so. A head who is on leave, or whose rank is unknown, makes
    nothing vacant. Where the matrix knows nothing of a superior's level (a teacher who leads teachers), the next head above of
    a level that it knows decides, and the answer is uncertain. Raises what domain.authority.resolve raises (FactMissing,
    ValueUnknown, PersonUnknown).
    """
    instant, superior = at or _noon(respondent, day), _superior(respondent, day)
    asked = _with_head(_question(respondent, superior, level, day, dismissal), respondent, instant)
    return _climbed(asked, respondent, superior, instant)


def _climbed(asked: Question, respondent: CaseRespondent, superior: Person | None, at: datetime) -> Deciding:
    """Ask the rulebook until it names an office that is not passed over, and tie the answer to it."""
    out, standing = _out_of(respondent), _standing(respondent.case_id)
    ladder: Ladder | None = None
    for _rank in (*POST_OF, Seat.PPK):  # each time round passes over one more
        answer = rules.decide(asked)
        if respondent.unit is not None and not asked.levels_above and _is_superior_unknown(answer):
            ladder = ladder or case_ladder.above(respondent.person, respondent.unit, superior, asked.day, at)
            asked = replace(asked, levels_above=ladder.ranks)
            answer = rules.decide(asked)
        if not answer.is_known or respondent.agency is None:
            return Deciding(answer)
        if answer.seat in _HEAD_SEATS:
            office = _head_office(respondent.agency)
            held = offices.holder(office, at) if office else None
            return Deciding(answer, office, held.person if held else None, held.capacity if held else "")
        if answer.seat not in POST_OF or respondent.unit is None:
            return Deciding(answer)
        name = answer.authority or ""
        ladder = ladder or case_ladder.above(respondent.person, respondent.unit, superior, asked.day, at)
        rung = ladder.at(POST_OF[answer.seat])
        if rung is None and not ladder.is_known:
            return Deciding(answer)
        if rung is None:
            asked = replace(asked, holders=(*asked.holders, Holder(name, vacant=True)))
        elif rung.person and (why := _conflict_why(rung.person.pk, respondent, standing, out)):
            asked = replace(asked, conflicts=(*asked.conflicts, Conflict(why, name)))
        else:
            office = rung.unit and Office.objects.filter(unit=rung.unit, kind=Office.Kind.HEAD_OF_UNIT).first()
            return Deciding(answer, office, rung.person, rung.capacity, rung.unit)
    return Deciding(answer)


def _is_superior_unknown(answer: Answer) -> bool:
    """Say whether nobody is named since the matrix knows nothing of the superior's level."""
    return not answer.is_known and any(each.code == "superior_not_in_data" for each in answer.reasons)


def _out_of(respondent: CaseRespondent) -> set[int]:
    return case_steps.people_out([respondent.case_id]).get(respondent.case_id, set())


def place_by_rank(
    respondent: CaseRespondent, level: str, day: date, *, dismissal: bool | None = None
) -> Office | WorkUnit | None:
    """Return the office here that the law names for a respondent, whoever holds that of the agency's head and whether he may act.

    A unit where its head is named and has no office of his own yet. None where nobody is known, or where it is no office of
    this agency.
    """
    if respondent.agency is None:
        return None
    superior = _superior(respondent, day)
    try:
        asked = _question(respondent, superior, level, day, dismissal)
        found = _climbed(asked, respondent, superior, _noon(respondent, day))
    except DomainError:
        return None
    return found.office or found.unit


def objected_to(respondent: CaseRespondent, decision: CaseDecision, day: date) -> Office | WorkUnit | None:
    """Return the office to which an objection to a decision goes: the nearest above whoever decided, or the unit whose head it is.

    A head who decided himself, or has no part in the case, is passed over; one who is on leave is not. None where the head of the
    agency decided, above whom the facts name nobody, or where the records do not show who stands above. Source: authorities.yaml,
    objection (pp-79-2021, one source).
    """
    signer, unit = decision.signer, _led_by_signer(decision)
    head = head_office(respondent)
    if head is None or unit is None or (decision.office_id and decision.office_id == head.pk):
        return None
    at, out = _noon(respondent, day), _out_of(respondent) | ({signer.pk} if signer else set())
    superior = units.superior(signer, day) if signer else None
    for rung in case_ladder.above(signer, unit, superior, day, at).rungs:
        if rung.unit is None or rung.unit.pk == unit.pk or (rung.person is not None and rung.person.pk in out):
            continue
        return rung.unit
    held = offices.holder(head, at)
    return None if held is not None and held.person_id in out else head


def held_by(place: Office | WorkUnit, at: datetime, day: date) -> Person | None:
    """Return who holds an office, or heads a unit, in a minute of a day; None: nobody."""
    unit = place if isinstance(place, WorkUnit) else place.unit
    if unit is None:
        held = offices.holder(place, at) if isinstance(place, Office) else None
        return held.person if held else None
    head = offices.unit_head(unit.pk, at, day)
    return head.person if head else None


def _led_by_signer(decision: CaseDecision) -> WorkUnit | None:
    """Return the unit as whose head somebody decided: that of his office, else the one that he headed on that day."""
    if decision.office is not None:
        return decision.office.unit
    if decision.signer is None or decision.decided_on is None:
        return None
    led = (
        Placement.objects.on(decision.decided_on)
        .heading()
        .filter(person=decision.signer)
        .select_related("unit")
        .first()
    )
    return led.unit if led else None


def is_same_name(one: str, other: str) -> bool:
    """Say whether two names are the same, whatever titles, capitals and dots stand with them."""
    return bool(words_of(one)) and words_of(one) == words_of(other)


def is_absent(respondent: CaseRespondent, level: str, day: date) -> bool:
    """Say whether the head of a respondent's agency has no part in the case on a day, and the law names nobody else who decides.

    A stand-in is asked in the minute where the day is today; of an earlier day at noon, as everywhere.
    """
    today = day == case_steps.today_of(respondent.case)
    at = clock.instant(case_steps.zone_of(respondent.case)) if today else _noon(respondent, day)
    heads = Holding.objects.dated(at).filter(
        office__agency=respondent.agency_id, office__kind=Office.Kind.HEAD_OF_REGION, person__in=_out_of(respondent)
    )
    if respondent.agency_id is None or not heads.exists():
        return False
    try:
        return not deciding(respondent, level, day, at=at).answer.is_known
    except DomainError:
        return True


@dataclass(frozen=True)
class Assigning:
    """Who gives the examination of a respondent to somebody: the head of his agency, or whoever is its authority by hand.

    `office`: the head's, where it is one here; `names` empty: nobody may now. `is_conflicted`: the head has no part in the case.
    """

    office: Office | None
    names: tuple[str, ...]
    is_conflicted: bool


def assigning(respondent: CaseRespondent, at: datetime) -> Assigning:
    """Say who may name the examiners of a respondent in a minute: of his agency whoever has no conflict of interest in the case."""
    office, out = head_office(respondent), _out_of(respondent)
    held = offices.holder(office, at) if office else None
    is_conflicted = held is not None and held.person_id in out
    names = [held.person.full_name] if held and held.person and not is_conflicted else []
    given = RoleGrant.objects.at(at).filter(
        agency=respondent.agency_id, role=str(Role.APPOINTING_AUTHORITY), user__is_active=True
    )
    ever = Holding.objects.filter(office=office, person__isnull=False).values(
        "person"
    )  # such a one has it by the office, or not
    kept_out = CaseConflict.objects.filter(case=respondent.case_id, lifted_at=None, user__isnull=False).values("user")
    others = given.exclude(user__person__in=out).exclude(user__person__in=ever).exclude(user__in=kept_out)
    if respondent.agency_id is not None:
        names += [each.user.display_name for each in others.select_related("user__person").order_by("pk")]
    return Assigning(office, tuple(dict.fromkeys(names)), is_conflicted)


def head_office(respondent: CaseRespondent) -> Office | None:
    """Return the office that heads the agency of a respondent; None: it has none here."""
    return _head_office(respondent.agency) if respondent.agency else None


def concerned(case: Case, respondents: Collection[CaseRespondent], *, at: datetime) -> list[tuple[Person, str]]:
    """Return the people who stand above respondents, each with his post, by name: whoever could decide, examine or be asked.

    Holders of the offices that decide, also on leave; heads of the units of each and of those above; whom the roster names as a
    superior. Not those who have no part in the case already. However many respondents: some queries.
    """
    day = clock.today(case_steps.zone_of(case))
    deciding = Q(pk__in={each.office_id for each in respondents if each.office_id})
    deciding |= Q(
        agency__in={each.agency_id for each in respondents if each.agency_id}, kind=Office.Kind.HEAD_OF_REGION
    )
    held = Holding.objects.dated(at).filter(office__in=Office.objects.filter(deciding), person__isnull=False)
    found = set(held.values_list("person", flat=True))
    above = Q(pk__in=[])
    for agency, position in sorted({(each.unit.agency_id, each.unit.position) for each in respondents if each.unit}):
        above |= Q(agency=agency, position__lte=position, last_position__gte=position)
    chosen = WorkUnit.objects.filter(above)
    placed = Placement.objects.on(day)
    found.update(placed.heading().filter(unit__in=chosen).values_list("person", flat=True))
    found.update(each.person.pk for each in offices.unit_heads(chosen, at, day).values() if each.person)
    named = placed.filter(person__in=[each.person_id for each in respondents if each.person_id], superior__isnull=False)
    found.update(named.values_list("superior", flat=True))
    found -= case_steps.people_out([case.pk]).get(case.pk, set())
    posts = dict(placed.filter(person__in=found).values_list("person", "post"))
    people = Person.objects.filter(pk__in=found).order_by("name", "pk")
    return [(each, posts.get(each.pk, "")) for each in people]


# --- who examines ------------------------------------------------------------------------------------------------

_CAMPAIGN_BEFORE, _CAMPAIGN_AFTER = timedelta(days=220), timedelta(days=120)
_MOST_STEPS_UP = 8


@dataclass(frozen=True)
class Examining:
    """Who examines a respondent by the roster: the first above him who may. `passed`: those on the way, each with why not.

    `answer` is the rulebook's, without names; None where it does not answer. `why` words: those of CONFLICTS, and rank.
    """

    answer: Answer | None
    placement: Placement | None
    passed: tuple[tuple[Placement, str], ...]
    respondent: Placement | None


def examining(respondent: CaseRespondent, level: str, day: date) -> Examining:
    """Name who examines a respondent on a day: his superior, or the first above that one who has part in no conflict, is no
    candidate, and stands not below him (peraturan-bkn-6-2022 Pasal 29).
    """
    try:
        asked = _question(respondent, _superior(respondent, day), level, day, None)
        answer = rules.decide(_with_head(asked, respondent, _noon(respondent, day)))
    except DomainError:
        answer = None
    if respondent.person is None:
        return Examining(answer, None, (), None)
    rows = Placement.objects.on(day).select_related("person", "unit")
    own = rows.filter(person=respondent.person).first()
    out, standing = _out_of(respondent), _standing(respondent.case_id)
    passed, seen, at = [], {respondent.person_id}, respondent.person
    for _step in range(_MOST_STEPS_UP):
        superior = units.superior(at, day)
        if superior is None or superior.pk in seen:
            break
        seen.add(superior.pk)
        placed = rows.filter(person=superior).first()
        if placed is None:
            break
        why = _conflict_why(superior.pk, respondent, standing, out) or _barred(superior, placed, own, day)
        if not why:
            return Examining(answer, placed, tuple(passed), own)
        passed.append((placed, why))
        at = superior
    return Examining(answer, None, tuple(passed), own)


def superior_of_records(respondent: CaseRespondent) -> Placement | None:
    """Return who examines a respondent by the records of today as his superior; None: they name nobody."""
    levels = [level for _act, _on, level in case_steps.alleged_of(respondent)]
    return examining(respondent, case_rules.heaviest(levels), case_steps.today_of(respondent.case)).placement


def _standing(case: int) -> dict[int, str]:
    """Return why somebody has no part in a case as it was said of him, by his person, whatever account was named."""
    found = CaseConflict.objects.filter(
        Q(person__isnull=False) | Q(user__person__isnull=False), case=case, lifted_at=None
    )
    return {person or of_user: why for person, of_user, why in found.values_list("person", "user__person", "why")}


def _barred(superior: Person, placed: Placement, own: Placement | None, day: date) -> str:
    """Say why somebody does not examine though no conflict was stated: he runs for office, or his post is the lower one."""
    if is_candidate(superior, day):
        return "candidate"
    if own and own.level in LADDER and placed.level in LADDER:
        return "rank" if LADDER.index(Level(placed.level)) > LADDER.index(Level(own.level)) else ""
    return ""


def is_candidate(person: Person, day: date) -> bool:
    """Say whether somebody runs for office about a day, as his campaign leave tells: taken, running or recorded ahead."""
    leaves = OfficeLeave.objects.filter(
        holding__person=person, kind=OfficeLeave.Kind.CAMPAIGN, cancelled_at=None, from_on__lte=day + _CAMPAIGN_AFTER,
        last_on__gte=day - _CAMPAIGN_BEFORE,
    )  # fmt: skip
    return leaves.exists()


def leads(user: User, respondent: CaseRespondent, day: date) -> bool:
    """Say whether somebody is the direct superior of a respondent on a day: he answers for the summons (pp-94-2021 Pasal 28)."""
    if respondent.person is None or user.person_id is None:
        return False
    superior = units.superior(respondent.person, day)
    return superior is not None and superior.pk == user.person_id


def require_known(found: Deciding) -> None:
    """See that somebody may decide. Raises CaseActRefused (authority), about: the first reason why not."""
    if not found.answer.is_known:
        raise CaseActRefused("authority", next((each.code for each in found.answer.reasons), ""))


def is_outside(found: Deciding, respondent: CaseRespondent) -> bool:
    """Say whether the office that decides is none of this installation, so that the document alone tells who held it.

    A post on the ladder of an agency here is looked for in its roster: whoever holds it there is of this installation, and where
    the records do not tell, nobody is known.
    """
    if found.office is not None or found.person is not None:
        return False
    is_here = respondent.agency_id is not None and respondent.unit_id is not None
    return not (is_here and found.answer.seat in POST_OF)


def names_nobody(found: Deciding, respondent: CaseRespondent) -> bool:
    """Say whether no office is known that decides: the rulebook names none, or the records do not show which one it is."""
    if not found.answer.is_known:
        return True
    is_found = found.office is not None or found.person is not None or found.unit is not None
    return found.answer.seat in POST_OF and not is_found and not is_outside(found, respondent)


def held_on(office: Office, person: Person, day: date) -> str | None:
    """Return in which capacity somebody held an office at some time of a day; None: he did not."""
    begins = offices.midnight(day, office.agency.zone)
    for hour in (0, 8, 12, 16, 23):
        held = offices.holder(office, begins.replace(hour=hour, minute=59 if hour == 23 else 0))
        if held is not None and held.person_id == person.pk:
            return str(held.capacity)
    return None


def is_holder(found: Deciding, by: User) -> bool:
    """Say whether somebody holds the office that decides in this minute."""
    return found.person is not None and by.person_id == found.person.pk


def serves(respondent: CaseRespondent, day: date) -> str:
    """Say whether a respondent serves on a day: empty, or what became of him (retired, died, moved, gone)."""
    if respondent.person is None:
        return ""
    return _became(
        respondent, Placement.objects.on(day).filter(person=respondent.person).select_related("unit").first()
    )


def _became(respondent: CaseRespondent, placed: Placement | None) -> str:
    if placed is None:
        return "gone"
    if placed.status in GONE:
        return str(placed.status)
    return "moved" if respondent.agency_id and placed.unit.agency_id != respondent.agency_id else ""


def serving(respondents: Collection[CaseRespondent], day: date) -> dict[int, str]:
    """Say of many respondents what became of them by a day (see serves); those who serve where they did are left out."""
    people = [each.person_id for each in respondents if each.person_id]
    rows = Placement.objects.on(day).filter(person__in=people).select_related("unit")
    placed = {each.person_id: each for each in rows}
    found = {}
    for each in respondents:
        if each.person_id and (said := _became(each, placed.get(each.person_id))):
            found[each.pk] = said
    return found
