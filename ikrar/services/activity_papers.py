"""What is printed of an activity: the invitation, the list of those present, a sheet for ink, the record in one PDF."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from ikrar.domain.days import in_words, local_day
from ikrar.domain.errors import FileDamaged, FileLost, ListTooLong
from ikrar.domain.gatherings import State, Turnout
from ikrar.domain.roster import IdentifierType
from ikrar.gateways import activity_pdf, blobs
from ikrar.gateways.activity_pdf import (
    ActivityHead,
    ActivityRecord,
    DecisionRow,
    GuestRow,
    InvitationLetter,
    MinutesPart,
    PhotoPart,
    PresentList,
    PresentRow,
    PresentUnit,
)
from ikrar.records.models import (
    Activity,
    ActivityMove,
    Attendance,
    Guest,
    Installation,
    InvitedUnit,
    Obligation,
    Person,
    Placement,
    User,
    WorkUnit,
)
from ikrar.services import attendance, ceremonies, certificates, clock, files, ledger, letters

# So many names are set while somebody waits: some 100 MB of memory and a second.
MOST_NAMES = 1500
MOST_NAMED = 20  # so many names stand in a letter
_PHOTO_SIDE = 1000
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_KINDS = {
    Activity.Kind.BRIEFING: "Pengarahan",
    Activity.Kind.ROLL_CALL: "Apel",
    Activity.Kind.COORDINATION: "Rapat koordinasi",
    Activity.Kind.FGD: "Diskusi kelompok terpumpun (FGD)",
    Activity.Kind.DECLARATION: "Deklarasi",
    Activity.Kind.OTHER: "Kegiatan",
}
_NUMBERS = {
    IdentifierType.NIP: "NIP",
    IdentifierType.NI_PPPK: "NI PPPK",
    IdentifierType.NIK: "NIK",
    IdentifierType.NRP: "NRP",
}


# --- the papers --------------------------------------------------------------------------------------------------


def invitation(activity: Activity, *, now: datetime) -> bytes:
    """Return the letter that calls people."""
    return activity_pdf.invitation(_head(activity, now), _letter(activity, now))


def attendance_sheet(activity: Activity, unit: WorkUnit, *, by: User, now: datetime) -> bytes:
    """Return the list of those who were there, of a unit with all below it; it is noted who took it. Raises ListTooLong."""
    is_whole = unit.parent_id is None
    there = attendance.present(activity, None if is_whole else unit)  # with holders of offices of other agencies
    rows = list(there[: MOST_NAMES + 1])
    if len(rows) > MOST_NAMES:
        raise ListTooLong(there.count(), MOST_NAMES)
    guests = activity.guests.all() if unit.parent_id is None or unit == activity.unit else []
    present = PresentList(
        _by_unit(rows, activity),
        _guests(guests, activity),
        _figures(attendance.turnout(activity, unit), activity, is_whole),
    )
    _note_printed(activity, unit, "attendance", by, now)
    return activity_pdf.attendance(_head(activity, now, unit), present)


def sheet_for_ink(activity: Activity, unit: WorkUnit, *, by: User, now: datetime) -> bytes:
    """Return a sheet with everybody called of a unit with all below it, to be signed in ink. Raises ListTooLong."""
    called = list(attendance.roll(activity, unit)[: MOST_NAMES + 1])
    if len(called) > MOST_NAMES:
        raise ListTooLong(attendance.roll(activity, unit).count(), MOST_NAMES)
    guests = activity.guests.all() if unit.parent_id is None or unit == activity.unit else []
    units = tuple(
        PresentUnit(name, tuple(_row(each.person, each.post) for each in some))
        for name, some in groupby(called, key=lambda placement: placement.unit.name)
    )
    _note_printed(activity, unit, "ink", by, now)
    return activity_pdf.sheet_for_ink(_head(activity, now, unit), PresentList(units, _guests(guests, activity)))


def record(activity: Activity, *, by: User, now: datetime) -> bytes:
    """Return everything that is kept of an activity in one PDF; it is noted who took it.

    Of more people than one paper holds the counts by unit stand for the names, which are printed unit by unit.
    """
    top = top_of(activity)
    rows = list(attendance.present(activity)[: MOST_NAMES + 1])
    below = attendance.turnout_below(activity, top)
    too_many = len(rows) > MOST_NAMES
    summary = [(unit.name, counts) for unit, counts in below.rows]
    if below.own.invited and summary:
        summary.append((f"langsung di {top.name}", below.own))
    present = PresentList(
        () if too_many else _by_unit(rows, activity),
        _guests(activity.guests.all(), activity),
        _figures(below.total, activity, is_whole=True),
        tuple((name, each.invited, each.came, each.excused, each.on_leave, each.absent) for name, each in summary),
        "Nama-nama yang hadir dicetak per unit." if too_many else "",
    )
    whole = ActivityRecord(
        head=_head(activity, now),
        present=present,
        invitation=_letter(activity, now) if activity.invitation_number else None,
        signed=ceremonies.record_paper(activity, now=now) if certificates.made_at(activity).exists() else None,
        minutes=_minutes(activity),
        photos=tuple(_photos(activity)),
    )
    _note_printed(activity, top, "record", by, now)
    content = activity_pdf.record(whole)
    if len(rows) > MOST_NAMES // 4:
        certificates.forget_paper()
    return content


@transaction.atomic(durable=True)
def _note_printed(activity: Activity, unit: WorkUnit, paper: str, by: User, now: datetime) -> None:
    ledger.append(
        "activity.printed",
        {"activity": activity.pk, "unit": unit.pk, "paper": paper, "by": by.pk},
        now=now,
        zone=activity.agency.zone,
    )


def top_of(activity: Activity) -> WorkUnit:
    """Return the unit that an activity is of: the one whose head runs it, else the root of its agency."""
    return activity.unit or activity.agency.units.get(parent=None)


# --- what stands on them -----------------------------------------------------------------------------------------


def _demo() -> bool:
    return Installation.objects.filter(is_demo=True).exists()


def _head(activity: Activity, now: datetime, unit: WorkUnit | None = None) -> ActivityHead:
    facts = [
        ("Dibatalkan", activity.cancelled_because),
        ("Tempat", activity.place),
        ("Dipimpin", activity.led_by.title if activity.led_by else ""),
        ("Penyelenggara", activity.organiser or (activity.called_by.name if activity.called_by else "")),
    ]
    if unit is not None and unit != top_of(activity):
        facts.append(("Unit", unit.name))
    return ActivityHead(
        letterhead=letters.lines_of(activity.letterhead) or letters.head_of(activity.agency),
        title=activity.title,
        kind=_KINDS[Activity.Kind(activity.kind)],
        when=when(activity.on, activity.starts_at, activity.ends_at, activity.agency.zone.tzname(None) or ""),
        facts=tuple(facts),
        made_at=clock.instant(activity.agency.zone, at=now),
        zone=activity.agency.zone,
        demo=_demo(),
    )


def when(on: date, starts_at: time | None, ends_at: time | None, zone: str) -> str:
    """Write a day with its hours as a letter does.

    >>> when(date(2024, 10, 25), time(8), time(10, 30), "WIB")
    'Jumat, 25 Oktober 2024, pukul 08.00–10.30 WIB'
    """
    day = f"{_DAYS[on.weekday()]}, {in_words(on)}"
    if starts_at is None:
        return day
    hours = f"{starts_at:%H.%M}–{ends_at:%H.%M}" if ends_at else f"{starts_at:%H.%M}"
    return f"{day}, pukul {hours} {zone}"


def _called(invited: InvitedUnit) -> str:
    unit = invited.unit
    if not invited.heads_only:
        return unit.name
    return f"Kepala {unit.name}" if unit.position == unit.last_position else f"Para kepala unit di {unit.name}"


def _letter(activity: Activity, now: datetime) -> InvitationLetter:
    units = [
        _called(each) + (f" ({each.quota} orang)" if each.quota else "")
        for each in activity.units.select_related("unit").order_by("unit__position")
        if each.quota != 0  # whose places are all taken by people who are called by name
    ]
    units += [office.title for office in attendance.signing_offices(activity)]
    guests = [" ".join(filter(None, (each.post, each.body))) for each in activity.guests.all()]
    addressed = [*units, *_named(activity), *guests]
    zone = activity.agency.zone
    return InvitationLetter(
        number=activity.invitation_number,
        dated=in_words(activity.called_on or min(local_day(clock.instant(zone, at=now), zone), activity.on)),
        addressed=tuple(addressed),
        purpose=activity.purpose,
        points=tuple(activity.points) if activity.minutes_at is None else (),
        sender=activity.led_by.title if activity.led_by else activity.agency.name,
        moves=tuple(_move(each, activity) for each in activity.moves.all()),
    )


def _named(activity: Activity) -> list[str]:
    """Return who was called by name, beside the units that are called whole: each by name, of many the number.

    Of a unit that may send a number stand there whom its head chose.
    """
    called = Q()
    for each in sorted(activity.units.select_related("unit"), key=lambda each: each.unit.position):
        unit = each.unit
        here = Q(unit__agency=unit.agency_id, unit__position__range=(unit.position, unit.last_position))
        # What is said of a school goes before what is said of its office, and comes after it in the order of the tree.
        called = called | here if each.quota is None else called & ~here
    # Holders of offices who sign stand there with their offices.
    signing = Obligation.objects.filter(pact_round=activity.pact_round_id).exclude(office=None).values("person")
    alone = activity.invitations.exclude(called) if called else activity.invitations.all()
    alone = (
        alone.exclude(person__in=signing).select_related("person", "unit").order_by("unit__position", "person__name")
    )
    many = alone.count()
    if many > MOST_NAMED:
        return [f"{many} orang yang diundang dengan nama"]
    return [f"{each.person.full_name}, {each.unit.name}" for each in alone]


def _move(move: ActivityMove, activity: Activity) -> str:
    zone = activity.agency.zone.tzname(None) or ""
    before = when(move.on, move.starts_at, None, zone)
    place = f", {move.place}" if move.place else ""
    return f"Semula {before}{place}. Alasan: {move.reason}"


def _row(person: Person, post: str, there: Attendance | None = None, activity: Activity | None = None) -> PresentRow:
    kind = _NUMBERS.get(IdentifierType(person.identifier_type))
    return PresentRow(
        name=person.full_name,
        identifier=f"{kind} {person.masked_identifier}" if kind else "",
        post=post,
        came=_hour(there.at, activity) if there and activity else "",
        way=there.way if there else "",
    )


def _hour(at: datetime, activity: Activity) -> str:
    return f"{at.astimezone(activity.agency.zone):%H.%M}"


def _by_unit(rows: Sequence[Attendance], activity: Activity) -> tuple[PresentUnit, ...]:
    people = [each.person_id for each in rows]
    posts = dict(Placement.objects.on(activity.on).filter(person__in=people).values_list("person", "post"))
    held = Obligation.objects.filter(pact_round=activity.pact_round_id, person__in=people).exclude(office=None)
    holders = dict(held.order_by("office__agency__code", "office").values_list("person", "office__title"))

    def row(each: Attendance) -> PresentRow:
        return _row(each.person, holders.get(each.person_id) or posts.get(each.person_id, ""), each, activity)

    here = [each for each in rows if each.unit.agency_id == activity.agency_id]
    units = [
        PresentUnit(name, tuple(row(each) for each in some))
        for name, some in groupby(here, key=lambda each: each.unit.name)
    ]
    of_others = {each.person_id: each for each in rows if each.unit.agency_id != activity.agency_id}
    if of_others:
        order = [*holders, *(key for key in of_others if key not in holders)]
        listed = tuple(row(of_others[key]) for key in order if key in of_others)
        units.append(PresentUnit("Pemegang jabatan dari instansi lain", listed))
    return tuple(units)


def _guests(guests: Iterable[Guest], activity: Activity) -> tuple[GuestRow, ...]:
    return tuple(
        GuestRow(
            each.body, each.post, each.name if each.arrived_at else "",
            _hour(each.arrived_at, activity) if each.arrived_at else "",
        )
        for each in guests
    )  # fmt: skip


def _figures(counts: Turnout, activity: Activity, is_whole: bool) -> tuple[tuple[int, str], ...]:
    absent = "tanpa kabar" if activity.state == State.CLOSED else "belum hadir"
    others = attendance.from_elsewhere(activity) if is_whole else 0
    return (
        (counts.invited, "diundang"),
        (counts.came, "hadir"),
        (counts.excused, "izin"),
        (counts.on_leave, "cuti"),
        (counts.absent, absent),
        *([(others, "dari instansi lain")] if others else ()),
    )


def _minutes(activity: Activity) -> MinutesPart | None:
    decisions = list(activity.decisions.select_related("office", "unit"))
    if not activity.minutes and not decisions:
        return None
    return MinutesPart(
        number=activity.minutes_number,
        text=activity.minutes,
        points=tuple(activity.points),
        decisions=tuple(
            DecisionRow(
                each.text,
                each.office.title if each.office else f"Kepala {each.unit.name}",
                in_words(each.due_on) if each.due_on else "–",
                f"selesai {in_words(each.done_on)}: {each.evidence}" if each.done_on else "belum selesai",
            )
            for each in decisions
        ),
        final=in_words(activity.minutes_at.astimezone(activity.agency.zone).date()) if activity.minutes_at else "",
    )


def _photos(activity: Activity) -> Iterable[PhotoPart]:
    for photo in activity.photos.select_related("file"):
        try:
            content, width, height = blobs.small(files.bytes_of(photo.file), _PHOTO_SIDE)
        except (FileDamaged, FileLost):
            continue  # the rest of the record is worth having
        yield PhotoPart(photo.caption, content, "image/jpeg", width, height)
