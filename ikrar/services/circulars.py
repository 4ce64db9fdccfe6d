"""Circulars, from a draft to the last acknowledgement: published once, delivered, read, reminded of, replaced, withdrawn.

Who is addressed follows from the roster of the programme's day. Whoever comes later is reached by the clock, and what
somebody has not acknowledged goes with him to his new unit; what he has stays where he did it.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from ikrar.domain import circulars
from ikrar.domain.access import Scope
from ikrar.domain.circulars import Act, CircularText, Question, Reach, Target
from ikrar.domain.days import WIB, local_day
from ikrar.domain.errors import (
    AgencyUnknown,
    AnswersWrong,
    CircularAlreadyReplaced,
    CircularChanged,
    CircularDayWrong,
    CircularNotOpen,
    CircularReachesNobody,
    CircularTextEmpty,
    LetterNumberTaken,
    NotAddressed,
    ReasonMissing,
    RegionUnknown,
    RemindersUsedUp,
    ReminderTooSoon,
    UnitUnknown,
    ValueUnknown,
)
from ikrar.domain.files import FileKind
from ikrar.domain.letters import LetterKind
from ikrar.domain.roster import AWAY, GONE
from ikrar.records.models import (
    Agency,
    Circular,
    CircularQuestion,
    CircularReader,
    Holding,
    Office,
    Person,
    Placement,
    Region,
    StoredFile,
    User,
    WorkUnit,
)
from ikrar.services import clock, commits, files, ledger, letters, masses, notices, offices, units
from ikrar.services.pacts import MOST_REMINDERS, REMINDER_PAUSE, Reminding

logger = logging.getLogger(__name__)

State = Circular.State
Kind = Circular.Kind
# The clock looks at a circular again after so long; on a new day at once. So many a look, so that none takes long.
_SWEEP_PAUSE = timedelta(minutes=15)
_SWEPT_AT_ONCE = 200
_KEYS_A_STATEMENT = 500
MOST_FILE_BYTES = 10_000_000


def _moment(today: date, now: datetime, agency: Agency) -> datetime:
    """Return the programme's instant: its day with the hour of the clock; outside a demo that is now."""
    return datetime.combine(today, now.astimezone(agency.zone).timetz())


# --- drafts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """All that an officer says of a circular before it is published.

    `number` and `issued_on` are those of a letter that was numbered on paper; else both are given at publication.
    """

    kind: str
    text: CircularText
    agencies: tuple[Agency, ...]
    target: Target = field(default_factory=Target)
    file: StoredFile | None = None
    number: str = ""
    issued_on: date | None = None
    issued_by: Office | None = None
    election: str = ""
    valid_until: date | None = None
    due_on: date | None = None
    escalate_on: date | None = None
    questions: tuple[Question, ...] = ()


def addressable(agency: Agency) -> list[Agency]:
    """Return the agencies that one may address: itself first, then all below it, however deep."""
    found, level = [agency], [agency.pk]
    seen = {agency.pk}
    while level:
        below = [each for each in Agency.objects.filter(parent__in=level).order_by("code") if each.pk not in seen]
        level = [each.pk for each in below]
        seen.update(level)
        found += below
    return found


@transaction.atomic(durable=True)
def create(agency: Agency, draft: Draft, *, today: date | None, by: User | None, now: datetime) -> Circular:
    """Make a draft. Without `today` days that are past are taken: a scenario tells of them.

    Raises CircularDayWrong, AgencyUnknown, UnitUnknown, RegionUnknown, ValueUnknown, QuestionsTooMany, LetterNumberTaken.
    """
    return _add(agency, draft, None, today=today, by=by, now=now)


def add_draft(agency: Agency, draft: Draft, *, today: date | None, by: User | None, now: datetime) -> Circular:
    """Do what `create` does inside the caller's transaction."""
    return _add(agency, draft, None, today=today, by=by, now=now)


def _add(
    agency: Agency, draft: Draft, supersedes: Circular | None, *, today: date | None, by: User | None, now: datetime
) -> Circular:
    _check(agency, draft, today)
    circular = Circular(agency=agency, supersedes=supersedes, created_at=now, created_by=by, **_fields(draft))
    try:
        with transaction.atomic():
            circular.save(force_insert=True)
    except IntegrityError as error:
        # Somebody was faster with the number, or with taking the place of the same circular.
        raise (LetterNumberTaken(draft.number) if supersedes is None else CircularAlreadyReplaced()) from error
    _set_rest(circular, draft)
    ledger.append(
        "circular.drafted",
        {"circular": circular.pk, "agency": agency.pk, "by": by and by.pk},
        now=now,
        zone=agency.zone,
    )
    return circular


def save_draft(
    agency: Agency,
    circular: Circular | None,
    written: Callable[[StoredFile | None], Draft],
    *,
    upload: files.Upload | None,
    seen: str = "",
    today: date,
    by: User,
    now: datetime,
) -> Circular:
    """Make a draft, or change one, with the file that was handed in with it; a file that no draft took is not kept.

    `written` makes the draft of the file. Raises what `create`, `edit` and `files.receive` raise, and `written`.
    """
    stored = files.receive(upload, kinds={FileKind.PDF}, most_bytes=MOST_FILE_BYTES, by=by, now=now) if upload else None
    try:
        draft = written(stored)
        if circular is None:
            return create(agency, draft, today=today, by=by, now=now)
        edit(circular, draft, seen=seen, today=today, by=by, now=now)
    except BaseException:
        if stored:
            files.discard(stored)
        raise
    return circular


def edit(circular: Circular, draft: Draft, *, seen: str = "", today: date | None, by: User, now: datetime) -> None:
    """Change a draft. `seen` is what `shown` said of what was changed here: nobody undoes what another one wrote.

    Raises CircularNotOpen once it is published, CircularChanged, LetterNumberTaken, and what `create` raises.
    """
    with transaction.atomic(durable=True):
        # Locked before it is compared: of two who save at once the second finds what the first wrote.
        current = Circular.objects.select_for_update(no_key=True).filter(pk=circular.pk).first()
        if seen and current and shown(current) != seen:
            raise CircularChanged()
        _check(circular.agency, draft, today, circular)
        mine = Circular.objects.filter(pk=circular.pk, state=State.DRAFT)
        before = StoredFile.objects.filter(pk__in=mine.values("file")).first()
        try:
            with transaction.atomic():
                changed = mine.update(**_fields(draft))
        except IntegrityError as error:
            raise LetterNumberTaken(draft.number) from error
        if not changed:
            circulars.require(Act.EDIT, _state(circular.pk))
        _set_rest(circular, draft)
        ledger.append("circular.changed", {"circular": circular.pk, "by": by.pk}, now=now, zone=circular.agency.zone)
    if before and before != draft.file:
        files.discard(before)


def discard(circular: Circular, *, by: User, now: datetime) -> None:
    """Throw a draft away, with the file that no other circular has. Raises CircularNotOpen once it is published."""
    with transaction.atomic(durable=True):
        # Claimed first: whoever publishes it in this moment finds no draft, or this one finds it published.
        if not Circular.objects.filter(pk=circular.pk, state=State.DRAFT).update(number=""):
            circulars.require(Act.EDIT, _state(circular.pk))
        ledger.append("circular.discarded", {"circular": circular.pk, "by": by.pk}, now=now, zone=circular.agency.zone)
        draft = Circular.objects.select_related("file").get(pk=circular.pk)
        draft.delete()
    if draft.file:
        files.discard(draft.file)


def _state(pk: int) -> str:
    """Return the state that a circular has by now; that of a draft which is gone is none."""
    return Circular.objects.filter(pk=pk).values_list("state", flat=True).first() or "gone"


def _fields(draft: Draft) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "number": draft.number,
        "title": draft.text.title,
        "opening": draft.text.opening,
        "points": list(draft.text.points),
        "closing": draft.text.closing,
        "file": draft.file,
        "election": draft.election,
        "issued_by": draft.issued_by,
        "issued_on": draft.issued_on,
        "valid_until": draft.valid_until,
        "target": draft.target.as_document(),
        "due_on": draft.due_on,
        "escalate_on": draft.escalate_on,
    }


def _set_rest(circular: Circular, draft: Draft) -> None:
    circular.agencies.set(draft.agencies)
    circular.questions.all().delete()
    CircularQuestion.objects.bulk_create(
        CircularQuestion(
            circular=circular,
            order=order,
            question=each.question,
            answers=list(each.answers),
            right=each.right,
            explanation=each.explanation,
        )
        for order, each in enumerate(draft.questions, 1)
    )


def _check(agency: Agency, draft: Draft, today: date | None, known: Circular | None = None) -> None:
    circulars.check_questions(draft.questions)
    if today is not None:
        circulars.check_days(
            today=today, due_on=draft.due_on, escalate_on=draft.escalate_on, valid_until=draft.valid_until,
            issued_on=draft.issued_on,
        )  # fmt: skip
    if draft.issued_on and not draft.number:
        raise CircularDayWrong("without_number", draft.issued_on, today or draft.issued_on, "issued_on")
    if not draft.agencies:
        raise AgencyUnknown("")
    allowed = {each.pk for each in addressable(agency)}
    for each in draft.agencies:
        if each.pk not in allowed:
            raise AgencyUnknown(each.code)
    _check_target(draft.target, draft.agencies)
    if draft.number:
        others = Circular.objects.filter(agency=agency, number=draft.number)
        if others.exclude(pk=known.pk if known else None).exists():
            raise LetterNumberTaken(draft.number)


def _check_target(target: Target, agencies: Sequence[Agency]) -> None:
    known = set(
        WorkUnit.objects.filter(pk__in=target.units, agency__in=[each.pk for each in agencies])
        .open()
        .values_list("pk", flat=True)
    )
    for unit in target.units:
        if unit not in known:
            raise UnitUnknown(str(unit))
    regions = set(Region.objects.filter(pk__in=target.places).values_list("pk", flat=True))
    for place in target.places:
        if place not in regions:
            raise RegionUnknown(place)
    for kind in target.unit_kinds:
        if kind not in WorkUnit.Kind.values:
            raise ValueUnknown("unit_kind", kind, tuple(WorkUnit.Kind.values))


def text_of(circular: Circular) -> CircularText:
    """Return the words of a circular."""
    return CircularText(circular.title, circular.opening, tuple(circular.points), circular.closing)


def questions_of(circular: Circular) -> list[Question]:
    """Return its questions, in their order."""
    return [
        Question(each.question, tuple(each.answers), each.right, each.explanation) for each in circular.questions.all()
    ]


def shown(circular: Circular) -> str:
    """Return a mark of all that a draft says now: what is published is what was shown, or nothing is."""
    said: dict[str, Any] = {name: str(getattr(circular, name)) for name in _FIELDS_SHOWN}
    said["points"], said["target"] = circular.points, circular.target
    said["agencies"] = sorted(circular.agencies.values_list("pk", flat=True))
    said["questions"] = [[each.question, each.answers, each.right, each.explanation] for each in questions_of(circular)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


_FIELDS_SHOWN = (
    "kind", "number", "title", "opening", "closing", "file_id", "election", "issued_by_id", "issued_on", "valid_until",
    "due_on", "escalate_on", "supersedes_id",
)  # fmt: skip


# --- who is addressed --------------------------------------------------------------------------------------------


def audience(circular: Circular, day: date, *, at: datetime | None = None) -> QuerySet[Placement]:
    """Return the placements of a day whose holders a circular is addressed to, on leave or not.

    Addressed to heads alone it reaches whoever heads a unit in a minute of that day (`at`; where none is given, in that of
    the clock): an acting head in place of the one whom the roster names. Units and places then mean the unit that is headed.
    """
    target = Target.read(circular.target)
    agencies = list(circular.agencies.values_list("pk", flat=True))
    found = Placement.objects.on(day).filter(unit__agency__in=agencies).exclude(status__in=GONE)
    where = _where(target, agencies, "unit__")
    if target.heads_only:
        meant = WorkUnit.objects.filter(_where(target, agencies, ""), agency__in=agencies)
        heads = offices.heads_otherwise(meant, at or _moment(day, clock.now(), circular.agency), day)
        acting = [head.person.pk for head in heads.values() if head.person]
        where = (where & Q(is_head=True) & ~Q(unit__in=list(heads))) | Q(person__in=acting)
    found = found.filter(where)
    if target.post_kinds:
        found = found.filter(post_kind__in=target.post_kinds)
    if target.levels:
        found = found.filter(level__in=target.levels)
    if target.employments:
        found = found.filter(employment__in=target.employments)
    return found


def _where(target: Target, agencies: Collection[int], unit: str) -> Q:
    """Return which units a target means; `unit` is how they are reached from the rows that are asked, with its underscores."""
    meant = Q()
    for spans in _spans(target, agencies, unit):
        meant &= spans or Q(pk__in=[])
    if target.unit_kinds:
        meant &= Q(**{f"{unit}kind__in": target.unit_kinds})
    return meant


def _spans(target: Target, agencies: Collection[int], unit: str) -> list[Q]:
    """Return what units and places mean as ranges of the tree, one condition for each of the two that says something."""
    within = WorkUnit.objects.filter(agency__in=agencies)
    found = []
    if target.units:
        found.append(_ranges(within.filter(pk__in=target.units), unit))
    if target.places:
        at = Q()
        for place in target.places:
            at |= Q(region=place) | Q(region__code__startswith=f"{place}.")
        found.append(_ranges(within.filter(at), unit))
    return found


def _ranges(chosen: QuerySet[WorkUnit], unit: str) -> Q:
    """Return the units with all below them, none twice: a range that lies inside another one is left out."""
    reach, last = Q(), (0, 0)
    rows = chosen.order_by("agency", "position").values_list("agency", "position", "last_position")
    for agency, first, final in rows:
        if (agency, final) <= last:
            continue
        last = (agency, final)
        reach |= Q(**{f"{unit}agency": agency, f"{unit}position__gte": first, f"{unit}position__lte": final})
    return reach


def counted_before(circular: Circular, day: date) -> list[tuple[Agency, int]]:
    """Return how many people of each addressed agency it would reach that day: numbers, also where one sees no more."""
    counted = dict(audience(circular, day).order_by().values_list("unit__agency").annotate(people=Count("pk")))
    return [(each, counted.get(each.pk, 0)) for each in circular.agencies.all()]


# --- publishing --------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def publish(
    circular: Circular, *, shown_mark: str | None, today: date, by: User | None, now: datetime, checked: bool = True
) -> int:
    """Publish a draft: number, head, digest, everybody addressed by the roster of the day, told. Returns how many.

    Of two officers at once one publishes; the other is told. `shown_mark` is what `shown` said of what was confirmed;
    without `checked` days that are past are taken (a scenario). Raises CircularNotOpen, CircularChanged,
    CircularTextEmpty, CircularDayWrong, CircularReachesNobody, NumberingYearOver.
    """
    if not Circular.objects.filter(pk=circular.pk, state=State.DRAFT).update(state=State.PUBLISHED):
        circulars.require(Act.PUBLISH, _state(circular.pk))
    draft = Circular.objects.select_related("agency", "file", "supersedes").get(pk=circular.pk)
    if shown_mark is not None and shown(draft) != shown_mark:
        raise CircularChanged()
    text = text_of(draft)
    if text.is_cover and draft.file is None:
        raise CircularTextEmpty("points")
    if checked:
        circulars.check_days(
            today=today, due_on=draft.due_on, escalate_on=draft.escalate_on, valid_until=draft.valid_until,
            issued_on=draft.issued_on,
        )  # fmt: skip
    agency, issued_on = draft.agency, draft.issued_on or today
    numbered = Circular.objects.filter(agency=agency)
    number = draft.number or letters.take_number(
        agency, LetterKind(draft.kind), today, is_taken=lambda each: numbered.filter(number=each).exists()
    )
    head = "\n".join(letters.head_of(agency))
    moment = _moment(today, now, agency)
    print_of = circulars.digest(
        kind=draft.kind, number=number, issued_on=issued_on, valid_until=draft.valid_until, letterhead=head, text=text,
        file_digest=draft.file.digest if draft.file else "",
    )  # fmt: skip
    Circular.objects.filter(pk=draft.pk).update(
        number=number, issued_on=issued_on, letterhead=head, digest=print_of, published_at=moment, swept_at=now,
        swept_on=today,
    )  # fmt: skip
    draft.refresh_from_db()
    people = _add_readers(draft, today, moment)
    if not people:
        raise CircularReachesNobody()
    old = draft.supersedes
    # One that was withdrawn meanwhile stays withdrawn: its readers know.
    if old and not Circular.objects.filter(pk=old.pk, state=State.PUBLISHED).update(state=State.SUPERSEDED):
        old = None
    if old:
        ledger.append("circular.superseded", {"circular": old.pk, "by_circular": draft.pk}, now=now, zone=agency.zone)
    _tell_of_publication(draft, old, now)
    ledger.append(
        "circular.published",
        {"circular": draft.pk, "agency": agency.pk, "digest": print_of, "people": people, "on": today.isoformat(),
         "by": by and by.pk},
        now=now,
        zone=agency.zone,
    )  # fmt: skip
    circular.refresh_from_db()
    return people


def _add_readers(circular: Circular, today: date, moment: datetime) -> int:
    """Write a reader for everybody addressed who is none yet, straight from the placements."""
    same = {
        "circular_id": circular.pk,
        "delivered_at": connection.ops.adapt_datetimefield_value(moment),
        "tries": 0,
        "reminders": 0,
        "escalations": 0,
    }
    fresh = _fresh(circular, today, moment).values_list("person_id", "unit_id")
    return masses.insert_chosen(CircularReader, ["person_id", "unit_id"], fresh, same)


def _fresh(circular: Circular, today: date, moment: datetime) -> QuerySet[Placement]:
    known = CircularReader.objects.filter(circular=circular, person=OuterRef("person"))
    return audience(circular, today, at=moment).filter(~Exists(known))


def _said(circular: Circular) -> dict[str, Any]:
    """Return what a message about a circular may say: nothing of a person."""
    return {"circular": circular.pk, "number": circular.number, "title": circular.title}


def _tell_of_publication(circular: Circular, old: Circular | None, now: datetime) -> None:
    """Tell each reader once: of a new circular, of one that takes the place of another he had, or only of that."""
    mine = circular.readers.all()
    if old is None:
        notices.tell(mine.values_list("person"), "circular_published", _said(circular), link="", now=now)
        return
    had = CircularReader.objects.filter(circular=old, person=OuterRef("person"))
    said = _said(circular) | {"old": old.number}
    notices.tell(mine.filter(~Exists(had)).values_list("person"), "circular_published", said, link="", now=now)
    notices.tell(mine.filter(Exists(had)).values_list("person"), "circular_renewed", said, link="", now=now)
    has = CircularReader.objects.filter(circular=circular, person=OuterRef("person"))
    said = _said(old) | {"new": circular.number}
    notices.tell(old.readers.filter(~Exists(has)).values_list("person"), "circular_superseded", said, link="", now=now)


@transaction.atomic(durable=True)
def deliver(circular: Circular, *, today: date, by: User | None, now: datetime) -> int:
    """Reach whoever is addressed and came since, and let what is unread follow those who moved. Returns how many came.

    Again at once changes nothing. Raises CircularNotOpen.
    """
    circulars.require_in_force(_state(circular.pk), circular.valid_until, today)
    moment = _moment(today, now, circular.agency)
    last = circular.readers.aggregate(last=Max("pk"))["last"] or 0
    _follow(circular, today)
    people = _add_readers(circular, today, moment)
    if people:
        came = circular.readers.filter(delivered_at=moment, pk__gt=last).values_list("person")
        notices.tell(came, "circular_published", _said(circular), link="", now=now)
        ledger.append(
            "circular.delivered",
            {"circular": circular.pk, "people": people, "on": today.isoformat(), "by": by and by.pk},
            now=now,
            zone=circular.agency.zone,
        )
    return people


def _follow(circular: Circular, today: date) -> None:
    """Let rows that wait stand in the unit in which their person serves now, within the addressed agencies."""
    _moved(circular, today).update(unit=Subquery(_elsewhere(circular, today).values("unit")[:1]))


def _moved(circular: Circular, today: date) -> QuerySet[CircularReader]:
    return circular.readers.filter(Exists(_elsewhere(circular, today)), acknowledged_at=None)


def _elsewhere(circular: Circular, today: date) -> QuerySet[Placement]:
    """Return where the person of a reader serves, if that is another unit than the reader's, in an addressed agency."""
    agencies = list(circular.agencies.values_list("pk", flat=True))
    here = Placement.objects.on(today).exclude(status__in=GONE).filter(person=OuterRef("person"))
    return here.filter(unit__agency__in=agencies).exclude(unit=OuterRef("unit"))


# --- one's own ---------------------------------------------------------------------------------------------------


def _waiting(day: date) -> Q:
    """Return which copies wait for an acknowledgement on a day: those of circulars in force.

    In a demo, whose day may be set back, none of one that is published later.
    """
    in_force = Q(circular__valid_until=None) | Q(circular__valid_until__gte=day)
    by_tonight = offices.midnight(day + timedelta(days=1), WIB)
    return Q(in_force, acknowledged_at=None, circular__state=State.PUBLISHED, circular__published_at__lt=by_tonight)


def of_person(person: int, day: date) -> QuerySet[CircularReader]:
    """Return what was delivered to somebody: what waits for him on that day first, then the newest."""
    return (
        CircularReader.objects.filter(person=person)
        .select_related("circular__agency", "circular__file", "circular__superseded_by", "unit__agency")
        .annotate(waits=Case(When(_waiting(day), then=Value(1)), default=Value(0)))
        .order_by("-waits", "-circular__published_at", "-pk")
    )


def waiting_for(person: int, day: date) -> QuerySet[CircularReader]:
    """Return what somebody has not acknowledged of the circulars in force."""
    return of_person(person, day).filter(waits=1)


def reader_of(circular: int, user: User) -> CircularReader:
    """Return one's own copy of a circular. Raises NotAddressed for whoever has none."""
    if user.person_id is None:
        raise NotAddressed()
    copies = of_person(user.person_id, clock.today()).select_related("circular__issued_by")
    row = copies.filter(circular=circular).exclude(circular__state=State.DRAFT).first()
    if row is None:
        raise NotAddressed()
    return row


def opened(reader: CircularReader, *, today: date, now: datetime) -> None:
    """Remember that somebody opened his copy, if he had not yet. It may be lost; an acknowledgement never is."""
    if reader.opened_at is None:
        commits.gather_soon(_write_opened, (reader.pk, _moment(today, now, reader.unit.agency)))


def _write_opened(openings: Sequence[tuple[int, datetime]]) -> list[None]:
    for pk, moment in openings:
        CircularReader.objects.filter(pk=pk, opened_at=None).update(opened_at=moment)
    return [None] * len(openings)


def acknowledge(
    reader: CircularReader, *, shown_digest: str, answers: Sequence[int | None], today: date, now: datetime
) -> None:
    """Acknowledge one's own copy, its questions answered rightly; a wrong try is counted and may be followed by another.

    Raises CircularNotOpen (withdrawn or replaced meanwhile, or over), CircularChanged where something else was shown,
    AnswersWrong. Acknowledged before: nothing changes.
    """
    wrong: AnswersWrong | None = None
    with transaction.atomic(durable=True):
        circular = Circular.objects.get(pk=reader.circular_id)
        circulars.require_in_force(circular.state, circular.valid_until, today)
        if circular.digest != shown_digest:
            raise CircularChanged()
        right = [each.right for each in questions_of(circular)]
        try:
            circulars.check_answers(right, answers)
        except AnswersWrong as error:
            wrong = error
            opened_at = Coalesce("opened_at", _moment(today, now, reader.unit.agency))
            _waiting_copy(reader).update(tries=F("tries") + 1, opened_at=opened_at)
        else:
            add_acknowledgement(circular, reader, answered=bool(right), today=today, now=now)
    if wrong:
        raise wrong


def _waiting_copy(reader: CircularReader) -> QuerySet[CircularReader]:
    return CircularReader.objects.filter(pk=reader.pk, acknowledged_at=None)


def add_acknowledgement(
    circular: Circular, reader: CircularReader, *, answered: bool, today: date, now: datetime
) -> None:
    """Acknowledge a copy whose questions, if there are any, were answered rightly, inside the caller's transaction.

    Raises CircularNotOpen where it was withdrawn or replaced in this moment.
    """
    zone, moment = reader.unit.agency.zone, _moment(today, now, reader.unit.agency)
    # Claimed while the circular stands: one that is withdrawn in this moment is acknowledged by nobody.
    claimed = _waiting_copy(reader).filter(circular__state=State.PUBLISHED)
    if claimed.update(
        acknowledged_at=moment, opened_at=Coalesce("opened_at", moment), tries=F("tries") + (1 if answered else 0)
    ):
        data = {"circular": circular.pk, "reader": reader.pk, "digest": circular.digest, "on": today.isoformat()}
        ledger.append("circular.acknowledged", data, now=now, zone=zone)
    elif _waiting_copy(reader).exists():
        raise CircularNotOpen(_state(circular.pk))


def add_acknowledgements(
    circular: Circular, readers: Sequence[CircularReader], *, answered: bool, today: date, now: datetime
) -> int:
    """Acknowledge many copies inside the caller's transaction, for programmes that are told again; return how many were new.

    Nobody is asked the questions. All readers are of agencies in one time zone.
    """
    waiting = CircularReader.objects.filter(pk__in=[each.pk for each in readers], acknowledged_at=None)
    keys = list(waiting.filter(circular=circular, circular__state=State.PUBLISHED).values_list("pk", flat=True))
    if not keys:
        return 0
    agency = readers[0].unit.agency
    moment = _moment(today, now, agency)
    CircularReader.objects.filter(pk__in=keys).update(
        acknowledged_at=moment, opened_at=Coalesce("opened_at", moment), tries=F("tries") + (1 if answered else 0)
    )
    said = {"circular": circular.pk, "digest": circular.digest, "on": today.isoformat()}
    ledger.append_many("circular.acknowledged", [said | {"reader": key} for key in keys], now=now, zone=agency.zone)
    return len(keys)


# --- replacing and withdrawing -----------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def begin_successor(circular: Circular, *, by: User, now: datetime) -> Circular:
    """Make a draft that takes a circular's place once it is published: the same words, to the same people.

    Raises CircularNotOpen, CircularAlreadyReplaced.
    """
    circulars.require(Act.SUPERSEDE, _state(circular.pk))
    if Circular.objects.filter(supersedes=circular).exists():
        raise CircularAlreadyReplaced()
    draft = Draft(
        kind=circular.kind,
        text=text_of(circular),
        agencies=tuple(circular.agencies.all()),
        target=_still_known(circular),
        file=circular.file,
        issued_by=circular.issued_by,
        election=circular.election,
        questions=tuple(questions_of(circular)),
    )
    return _add(circular.agency, draft, circular, today=None, by=by, now=now)


def _still_known(circular: Circular) -> Target:
    """Return the target of an older circular without units that were closed since."""
    target = Target.read(circular.target)
    known = WorkUnit.objects.filter(pk__in=target.units).open().values_list("pk", flat=True)
    return Target.read(target.as_document() | {"units": list(known)})


@transaction.atomic(durable=True)
def withdraw(circular: Circular, *, reason: str, by: User, now: datetime) -> None:
    """Withdraw a circular, with a reason that its readers are told; also while somebody reads it.

    Raises ReasonMissing, CircularNotOpen.
    """
    if not reason.strip():
        raise ReasonMissing("reason")
    standing = Circular.objects.filter(pk=circular.pk, state=State.PUBLISHED)
    if not standing.update(state=State.WITHDRAWN, withdrawn_because=reason.strip()[:500]):
        circulars.require(Act.WITHDRAW, _state(circular.pk))
    circular.refresh_from_db()
    notices.tell(circular.readers.values_list("person"), "circular_withdrawn", _said(circular), link="", now=now)
    ledger.append("circular.withdrawn", {"circular": circular.pk, "by": by.pk}, now=now, zone=circular.agency.zone)


# --- who has read it ---------------------------------------------------------------------------------------------


def visible(scope: Scope) -> QuerySet[Circular]:
    """Return the circulars that a right reaches: those an agency made or is addressed by; of a unit, those that reached it."""
    addressed = Circular.agencies.through.objects.filter(circular=OuterRef("pk"))
    reached = Q(Exists(addressed.filter(agency__in=scope.agencies)))
    for agency, first, last in scope.spans:
        units_there = WorkUnit.objects.filter(agency=agency, position__gte=first, position__lte=last).order_by()
        readers = CircularReader.objects.filter(circular=OuterRef("pk"), unit__in=units_there.values("pk"))
        reached |= Q(Exists(addressed.filter(agency=agency)), Exists(readers))
    return Circular.objects.filter(Q(agency__in=scope.agencies) | (~Q(state=State.DRAFT) & reached)).select_related(
        "agency", "file"
    )


def _in_unit(circular: Circular, unit: WorkUnit) -> QuerySet[CircularReader]:
    # By keys, not by a join: of a circular to many agencies only the rows of this unit are looked at.
    return CircularReader.objects.filter(circular=circular, unit__in=unit.below().order_by().values("pk"))


def _standing(day: date) -> QuerySet[Placement]:
    """Return where the person of a reader stands on a day in the agency in which it reached him, if he does."""
    return (
        Placement.objects.on(day)
        .exclude(status__in=GONE)
        .filter(person=OuterRef("person"), unit__agency=OuterRef("unit__agency"))
    )


def reach(circular: Circular, unit: WorkUnit, day: date) -> Reach:
    """Count a unit with all below it."""
    return sum(_counted(_in_unit(circular, unit), "unit__position", day).values(), Reach())


def reach_below(circular: Circular, unit: WorkUnit, day: date) -> tuple[Reach, list[tuple[WorkUnit, Reach]], Reach]:
    """Count a unit, each unit directly under it that it reached (with all below that), and those in the unit itself."""
    counted = _counted(_in_unit(circular, unit), "unit__position", day)
    rows = []
    for child in WorkUnit.objects.filter(parent=unit).order_by("position"):
        inside = [each for at, each in counted.items() if child.position <= at <= child.last_position]
        if inside:
            rows.append((child, sum(inside, Reach())))
    return sum(counted.values(), Reach()), rows, counted.get(unit.position, Reach())


def reach_by_agency(circular: Circular, day: date) -> list[tuple[Agency, Reach]]:
    """Count each addressed agency: numbers alone, which the one that published it may see."""
    counted = _counted(circular.readers.all(), "unit__agency", day)
    return [(agency, counted.get(agency.pk, Reach())) for agency in circular.agencies.all()]


def _counted(readers: QuerySet[CircularReader], by: str, day: date) -> dict[int, Reach]:
    """Count readers by a value of their unit, in two queries."""
    rows = (
        readers.order_by()
        .values(by)
        .annotate(delivered=Count("pk"), opened=Count("opened_at"), acknowledged=Count("acknowledged_at"))
    )
    counted = {row[by]: Reach(row["delivered"], row["opened"], row["acknowledged"]) for row in rows}
    waiting = (
        readers.filter(acknowledged_at=None)
        .annotate(status=Subquery(_standing(day).values("status")[:1]))
        .order_by()
        .values(by, "status")
        .annotate(people=Count("pk"))
    )
    for row in waiting:
        name = "left" if row["status"] is None else "away" if row["status"] in AWAY else ""
        if name:
            counted[row[by]] += Reach(**{name: row["people"]})
    return counted


def missing(circular: Circular, unit: WorkUnit, day: date) -> QuerySet[CircularReader]:
    """Return those of a unit from whom an acknowledgement is awaited: not on leave, not gone, in the order of the tree."""
    return (
        _in_unit(circular, unit)
        .filter(Exists(_standing(day).exclude(status__in=AWAY)), acknowledged_at=None)
        .select_related("person", "unit", "escalated_to")
        .order_by("unit__position", "person__name", "pk")
    )


def posts(readers: Iterable[CircularReader], day: date) -> dict[int, str]:
    """Return the post in which each of some readers serves on a day, by the key of the person."""
    people = [reader.person_id for reader in readers]
    return dict(Placement.objects.on(day).filter(person__in=people).values_list("person", "post"))


def everybody(circular: Circular, unit: WorkUnit) -> QuerySet[CircularReader]:
    """Return all whom it reached in a unit, in the order of the tree."""
    return (
        _in_unit(circular, unit).select_related("person", "unit").order_by("unit__position", "person__name", "person")
    )


@transaction.atomic(durable=True)
def note_export(circular: Circular, unit: WorkUnit, *, people: int, by: User, now: datetime) -> None:
    """Record that a list of who acknowledged left the house."""
    ledger.append(
        "circular.exported",
        {"circular": circular.pk, "unit": unit.pk, "people": people, "by": by.pk},
        now=now,
        zone=unit.agency.zone,
    )


# --- reminding, and telling superiors ----------------------------------------------------------------------------


@transaction.atomic(durable=True)
def remind(circular: Circular, unit: WorkUnit, *, today: date, by: User, now: datetime) -> Reminding:
    """Message those of a unit who have not acknowledged, and only them; capped for each person as reminders of a pact are.

    Raises CircularNotOpen; ReminderTooSoon and RemindersUsedUp only where nobody is left.
    """
    circulars.require_in_force(_state(circular.pk), circular.valid_until, today)
    late = missing(circular, unit, today).order_by()
    # The first minute of the day from which on a reminder is too recent.
    recent = datetime.combine(today - REMINDER_PAUSE + timedelta(days=1), time(0), unit.agency.zone)
    rested = Q(reminded_at=None) | Q(reminded_at__lt=recent)
    moment = _moment(today, now, unit.agency)
    # Claimed in one statement, and told are those who bear its minute: pressed twice, nobody is told twice.
    due = CircularReader.objects.filter(rested, pk__in=late.values("pk"), reminders__lt=MOST_REMINDERS)
    people = due.update(reminded_at=moment, reminders=F("reminders") + 1)
    others = late.exclude(reminded_at=moment)
    often = others.filter(reminders__gte=MOST_REMINDERS).count()
    soon = others.filter(reminders__lt=MOST_REMINDERS, reminded_at__gte=recent)
    too_soon, last = soon.count(), soon.order_by("reminded_at").values_list("reminded_at", flat=True).first()
    if not people and too_soon:
        raise ReminderTooSoon(last.astimezone(unit.agency.zone).date() + REMINDER_PAUSE)
    if not people and often:
        raise RemindersUsedUp()
    told = _in_unit(circular, unit).filter(reminded_at=moment).values_list("person")
    notices.tell(told, "circular_reminded", _said(circular), link="", now=now)
    ledger.append(
        "circular.reminded",
        {"circular": circular.pk, "unit": unit.pk, "people": people, "by": by.pk},
        now=now,
        zone=unit.agency.zone,
    )
    return Reminding(people, too_soon, often)


def superiors_told_from(circular: Circular, today: date) -> date | None:
    """Return from which day superiors are told of who has not acknowledged it; of a draft as if it were published today."""
    published_at = circular.published_at
    return circulars.superiors_told_from(
        escalate_on=circular.escalate_on,
        due_on=circular.due_on,
        published_on=local_day(published_at, circular.agency.zone) if published_at else today,
        valid_until=circular.valid_until,
    )


def escalate(circular: Circular, agency: Agency, *, today: date, now: datetime) -> int:
    """Tell each superior in an agency, once a day, that people of his have not acknowledged; return how many were told.

    It begins once the last day for it is over (see superiors_told_from) and ends with the circular; for one person a
    superior is told on a few days at most. `today` is the day of the place of that agency.
    """
    first = superiors_told_from(circular, today)
    started = first is not None and first <= today
    # Asked outside of a transaction: where nobody is to be told of, nobody who writes has to wait.
    if not started or not _late(circular, agency, today).exists():
        return 0
    return _escalate(circular, agency, today, now)


def _late(circular: Circular, agency: Agency, today: date) -> QuerySet[CircularReader]:
    """Return of whom a superior is to be told today."""
    fresh = Q(escalated_on=None) | Q(escalated_on__lt=today)
    root = agency.units.filter(parent=None).first()
    found = missing(circular, root, today) if root else CircularReader.objects.none()
    return found.filter(fresh, escalations__lt=MOST_REMINDERS)


@transaction.atomic(durable=True)
def _escalate(circular: Circular, agency: Agency, today: date, now: datetime) -> int:
    if not circulars.in_force(_state(circular.pk), circular.valid_until, today):
        return 0
    fresh = Q(escalated_on=None) | Q(escalated_on__lt=today)
    late = _late(circular, agency, today)
    person_of = dict(late.order_by().values_list("pk", "person"))
    over = units.superiors(agency, person_of.values(), today) if person_of else {}
    of_superior: dict[int, list[int]] = {}
    for pk, person in person_of.items():
        if person in over:
            of_superior.setdefault(over[person], []).append(pk)
    told = people = 0
    for superior, keys in sorted(of_superior.items()):
        claimed = 0
        for start in range(0, len(keys), _KEYS_A_STATEMENT):
            # Claimed by the day: whoever looks at the same minute tells nobody a second time.
            rows = CircularReader.objects.filter(
                fresh, pk__in=keys[start : start + _KEYS_A_STATEMENT], acknowledged_at=None
            )
            claimed += rows.update(escalated_on=today, escalated_to=superior, escalations=F("escalations") + 1)
        if claimed:
            told, people = told + 1, people + claimed
            notices.tell([superior], "circular_unread", _said(circular) | {"people": claimed}, link="", now=now)
    if told:
        ledger.append(
            "circular.escalated",
            {"circular": circular.pk, "agency": agency.pk, "superiors": told, "people": people,
             "on": today.isoformat()},
            now=now,
            zone=agency.zone,
        )  # fmt: skip
    return told


def reported_to(superior: Person | int, day: date) -> QuerySet[CircularReader]:
    """Return those whom somebody was told of as their superior and from whom an acknowledgement is still awaited; of another
    agency nobody, should he have gone there since.
    """
    key = superior if isinstance(superior, int) else superior.pk
    own = Placement.objects.on(day).filter(person=key).values("unit__agency")
    held = Holding.objects.at(clock.instant()).filter(person=key).values("office__agency")
    here = WorkUnit.objects.filter(Q(agency__in=own) | Q(agency__in=held), pk=OuterRef("unit"))
    return (
        CircularReader.objects.filter(
            _waiting(day), Exists(_standing(day).exclude(status__in=AWAY)), Exists(here), escalated_to=superior
        )
        .select_related("person", "unit", "circular")
        .order_by("-circular__published_at", "unit__position", "person__name", "pk")
    )


def sweep(now: datetime) -> None:
    """Do what the passing of time asks of the circulars in force: reach who came since, tell superiors. Run by the tick.

    Each is looked at again after a while, on a new day at once; twice in the same minute changes nothing more.
    """
    yesterday = clock.today() - timedelta(days=1)  # at every place it is at least that day
    standing = Circular.objects.filter(Q(valid_until=None) | Q(valid_until__gte=yesterday), state=State.PUBLISHED)
    for circular in standing.select_related("agency").order_by("swept_at")[:_SWEPT_AT_ONCE]:
        today = clock.today(circular.agency.zone)
        if circular.swept_on == today and circular.swept_at and circular.swept_at > now - _SWEEP_PAUSE:
            continue
        if circular.published_at and local_day(circular.published_at, circular.agency.zone) > today:
            continue  # a demo's day was set back: it does not stand yet
        mine = Circular.objects.filter(pk=circular.pk, swept_at=circular.swept_at, swept_on=circular.swept_on)
        if not _claim_sweep(mine, today, now) or not circulars.in_force(State.PUBLISHED, circular.valid_until, today):
            continue
        try:
            # Looked for outside of a transaction: where nothing changed, nobody who writes has to wait.
            if (
                _fresh(circular, today, _moment(today, now, circular.agency)).exists()
                or _moved(circular, today).exists()
            ):
                deliver(circular, today=today, by=None, now=now)
        except CircularNotOpen:
            continue  # withdrawn or replaced in this moment
        for agency in circular.agencies.all():
            try:
                escalate(circular, agency, today=clock.today(agency.zone), now=now)
            except Exception:  # of one agency; the others, and the next circular, have their turn
                logger.exception("a circular was not escalated", extra={"circular": circular.pk, "agency": agency.pk})


@transaction.atomic(durable=True)
def _claim_sweep(mine: QuerySet[Circular], today: date, now: datetime) -> bool:
    return bool(mine.update(swept_at=now, swept_on=today))
