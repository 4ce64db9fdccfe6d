"""The hand-over sheet: what is open in an office, for whoever hands it over and whoever takes it, on a page and on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from ikrar.domain.days import local_day
from ikrar.domain.duties import Standing
from ikrar.domain.pacts import Coverage
from ikrar.gateways import pdf
from ikrar.gateways.pdf import HandOverPaper
from ikrar.records.models import (
    Agency,
    Circular,
    CircularReader,
    Decision,
    Duty,
    Holding,
    Installation,
    Office,
    OfficeLeave,
    PactRound,
    Placement,
    WorkUnit,
)
from ikrar.services import clock, coverage, desk, duties, letters, offices
from ikrar.services.duties import Part

_HEADS_NAMED = 12


@dataclass(frozen=True)
class Unread:
    """A circular that heads of units have not acknowledged: their units and names, as many as fit, and how many they are."""

    circular: Circular
    heads: tuple[tuple[str, str], ...]
    people: int


@dataclass(frozen=True)
class Group:
    """The open parts of one duty, the most pressing first."""

    parts: tuple[Part, ...]

    @property
    def duty(self) -> Duty:
        """Return the duty."""
        return self.parts[0].duty

    @property
    def first(self) -> Part:
        """Return the most pressing part."""
        return self.parts[0]

    @property
    def late(self) -> tuple[Part, ...]:
        """Return the parts that are overdue."""
        return tuple(each for each in self.parts if each.progress.standing is Standing.OVERDUE)


@dataclass(frozen=True)
class Sheet:
    """What is open in an office in a minute.

    `parts` are those of duties that are asked for now or will be, `groups` the same duty by duty. Decisions come with who
    has each now, empty where nobody is recorded. `unit`: in which the holder answers for others; None: for nobody.
    """

    office: Office
    at: datetime
    today: date
    parts: tuple[Part, ...]
    decisions: tuple[tuple[Decision, str], ...]
    unread: tuple[Unread, ...]
    rounds: tuple[tuple[PactRound, Coverage], ...]
    unit: WorkUnit | None

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return the open parts duty by duty, in the order in which the first of each presses."""
        found: dict[int, list[Part]] = {}
        for part in self.parts:
            found.setdefault(part.duty.pk, []).append(part)
        return tuple(Group(tuple(parts)) for parts in found.values())


def sheet(leave: OfficeLeave, *, at: datetime | None = None) -> Sheet:
    """Return what is open now in the office of a leave: of a head of region or secretary in the whole agency."""
    office = leave.holding.office
    instant = at or clock.instant(office.agency.zone)
    today = local_day(instant, office.agency.zone)
    unit = _reach(office)
    below = unit.below() if unit else WorkUnit.objects.none()
    owners = duties.of_agency(office.agency).filter(_within(office, below))
    asked = (Standing.OVERDUE, Standing.DUE, Standing.AHEAD)
    parts = [each for each in duties.parts(owners, office.agency, at=instant) if each.progress.standing in asked]
    # Of what was missed the sheet tells with the first part of each duty alone.
    first = {part.duty.pk: part for part in reversed(parts)}
    told = {part.owner.pk: part for part in duties.with_missed(list(first.values()), at=instant)}
    parts = [told.get(part.owner.pk, part) for part in parts]
    rounds = PactRound.objects.running(today).filter(agencies=office.agency, for_offices=False)
    return Sheet(
        office,
        instant,
        today,
        tuple(parts),
        tuple(desk.waiting_decisions(_within(office, below), instant, today)),
        tuple(_unread(office.agency, below, instant, today)),
        tuple((each, coverage.coverage(each, unit, today)) for each in rounds.select_related("text")) if unit else (),
        unit,
    )


def _reach(office: Office) -> WorkUnit | None:
    """Return the unit in which whoever holds an office answers for others; None: he answers for his own matters alone."""
    if office.unit_id:
        return office.unit
    if office.kind in (Office.Kind.HEAD_OF_REGION, Office.Kind.SECRETARY):
        return office.agency.units.get(parent=None)
    return None


def _within(office: Office, below: QuerySet[WorkUnit]) -> Q:
    """Limit owners to an office, and to units and offices of units that it answers for."""
    reach = Q(office=office) | Q(unit__in=below.values("pk")) | Q(office__unit__in=below.values("pk"))
    if office.kind in (Office.Kind.HEAD_OF_REGION, Office.Kind.SECRETARY) and not office.unit_id:
        reach |= Q(office__agency=office.agency_id)
    return reach


def _unread(agency: Agency, below: QuerySet[WorkUnit], at: datetime, today: date) -> Iterator[Unread]:
    """Yield the circulars in force that heads of these units were to acknowledge and have not."""
    heads = offices.unit_heads(below, at, today)
    of_person = {head.person.pk: head for head in heads.values() if head.person}
    rostered = Placement.objects.on(today).heading().filter(unit__in=below.values("pk"))
    acting = [key for key, head in of_person.items() if head.capacity != Holding.Capacity.DEFINITIVE]
    late = (
        CircularReader.objects.filter(
            Q(circular__valid_until=None) | Q(circular__valid_until__gte=today),
            Q(person__in=rostered.values("person")) | Q(person__in=acting),
            circular__in=Circular.objects.published_by(offices.midnight(today + timedelta(days=1), agency.zone)),
            circular__agencies=agency,
            acknowledged_at=None,
        )
        .exclude(circular__due_on=None)
        .select_related("circular")
        .order_by("circular__due_on", "circular", "unit__position")
    )
    found: dict[int, list[CircularReader]] = {}
    for reader in late:
        if reader.person_id in of_person:
            found.setdefault(reader.circular_id, []).append(reader)
    names = dict(WorkUnit.objects.filter(pk__in=heads).values_list("pk", "name")) if found else {}
    for readers in found.values():
        named = [of_person[each.person_id] for each in readers[:_HEADS_NAMED]]
        yield Unread(readers[0].circular, tuple((names[head.unit], head.name) for head in named), len(readers))


# --- on paper ----------------------------------------------------------------------------------------------------


def paper(leave: OfficeLeave, *, now: datetime) -> bytes:
    """Return the sheet as a PDF with the letterhead of the agency, to be signed by both."""
    open_now = sheet(leave, at=clock.instant(leave.holding.office.agency.zone, at=now))
    agency = open_now.office.agency
    stand_in = leave.stand_ins.ever_held().select_related("person").order_by("-from_at").first()
    return pdf.hand_over(
        HandOverPaper(
            letterhead=tuple(letters.head_of(agency)),
            office=open_now.office.title,
            from_at=leave.from_at,
            last_on=leave.last_on,
            comes_back=not leave.holding.until_at or leave.holding.until_at > leave.until_at,
            giver=(leave.holding.capacity, leave.holding.name),
            taker=(stand_in.capacity, stand_in.name) if stand_in else ("", ""),
            letter=(stand_in.letter_number, stand_in.letter_on) if stand_in else ("", None),
            duties=tuple(
                (
                    group.duty.text,
                    tuple((part.owner_name, part.holder.full_name if part.holder else "") for part in group.parts),
                    group.first.progress.due.last if group.first.progress.due else None,
                    tuple(part.owner_name for part in group.late),
                )
                for group in open_now.groups
            ),
            decisions=tuple(
                (each.text, each.office.title if each.office else each.unit.name, who, each.due_on)
                for each, who in open_now.decisions
            ),
            unread=tuple(
                (each.circular.title, each.circular.number, each.circular.due_on, each.people)
                for each in open_now.unread
            ),
            rounds=tuple(
                (each.title, counted.valid, counted.obliged, each.due_on) for each, counted in open_now.rounds
            ),
            day=open_now.today,
            made_at=open_now.at,
            zone=agency.zone,
            demo=Installation.objects.filter(is_demo=True).exists(),
        )
    )
