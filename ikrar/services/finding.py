"""Who is meant: people of the database by a name as it is written, with the post that they held on a day.

The index is a file of the installation's folder that every process maps. It is made from the database now and then; what
changed since is marked in the database with the change itself (services.name_touches), and each process adds what is marked
to the index in its memory before it searches. What an answer shows is read from the database: the index only finds.

What is asked is kept nowhere: in no row, no log line, no file.
"""

import fcntl
import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q

from ikrar.bulk import name_index
from ikrar.bulk.name_index import Hit, Hits, NameIndex
from ikrar.domain.days import local_day
from ikrar.domain.errors import FindingRefused, NameIndexBroken
from ikrar.domain.names import Ask, Reason, known_from, not_yet
from ikrar.records.models import Agency, Body, FormerName, Holding, NameTouch, Person, Placement, Region, User, WorkUnit
from ikrar.services import accounts, clock, ledger, name_entries
from ikrar.services.name_entries import day_after, held_as, parted, place_of

logger = logging.getLogger(__name__)

# So many people are indexed within some seconds: whoever asks first may wait for it.
SMALL = 50_000
# With so many marks a process would look up too much before its first search.
_MANY_TOUCHES = 5_000
_OLDEST_S = 20 * 3600.0
_SEARCHES_A_MINUTE = 120
# Hundreds of reports a day, some names each, are some hundred searches in the busiest hour.
SEARCHES_AN_HOUR = 1_000
_HOUR = timedelta(hours=1)
_ASKERS_REMEMBERED = 1_000


# --- who may look for whom ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reach:
    """Whose names somebody may look for: everybody's, those of regions with all in them, those of agencies."""

    everybody: bool = False
    regions: frozenset[str] = frozenset()
    agencies: frozenset[int] = frozenset()

    def covers(self, place: str) -> bool:
        """Say whether an entry of this place is within reach.

        >>> Reach(regions=frozenset({"13.76"})).covers("13.76.01.!7")
        True
        """
        region, agency = parted(place)
        return self.everybody or agency in self.agencies or any(is_within(region, each) for each in self.regions)

    def touches(self, region: str) -> bool:
        """Say whether anybody within reach may be in a region; of an agency that is not known before."""
        near = (is_within(region, each) or is_within(each, region) for each in self.regions)
        return self.everybody or bool(self.agencies) or any(near)


EVERYBODY = Reach(everybody=True)


def is_within(region: str, other: str) -> bool:
    """Say whether a region is another one or lies in it, by their codes.

    >>> is_within("13.76.01", "13.76"), is_within("13.7", "13.76")
    (True, False)
    """
    return region == other or region.startswith(f"{other}.")


def reach_of(bodies: Collection[int]) -> Reach:
    """Return whose names the officers of these bodies may look for (docs/decisions/0026).

    A body of an agency reaches that agency; one that stands outside, as Bawaslu does, the region that it looks after; one of
    those that looks after the whole country everybody. A task force of no agency and no region reaches nobody.
    """
    everybody, regions, agencies = False, set(), set()
    for body in Body.objects.filter(pk__in=bodies).select_related("agency"):
        region = body.region_id or (body.agency.region_id if body.agency else None)
        if body.agency_id and body.kind not in _OUTSIDE:
            agencies.add(body.agency_id)
        elif region:
            regions.add(region)
        elif body.kind in _OUTSIDE:
            everybody = True
    return Reach(everybody, frozenset(regions), frozenset(agencies))


_OUTSIDE = (Body.Kind.BAWASLU, Body.Kind.KPU, Body.Kind.BKN)


def covers(reach: Reach, person: Person) -> bool:
    """Say whether somebody serves, served, or holds or held an office within reach."""
    placed = Placement.objects.filter(person=person).select_related("unit__agency")
    held = Holding.objects.filter(person=person).select_related("office__agency", "office__unit")
    places = [*map(_place, placed), *map(_place_of_office, held)]
    return any(map(reach.covers, places))


def described(reach: Reach) -> list[str]:
    """Return the names of the regions and agencies that are within reach; none where everybody is."""
    if reach.everybody:
        return []
    regions = Region.objects.filter(pk__in=reach.regions).order_by("pk").values_list("name", flat=True)
    agencies = Agency.objects.filter(pk__in=reach.agencies).order_by("pk").values_list("name", flat=True)
    return [*regions, *agencies]


def places(reach: Reach) -> list[tuple[str, str]]:
    """Return the regions that a search may be narrowed to, code and name: those in which agencies or units within reach are."""
    used = Region.objects.filter(Q(agencies__isnull=False) | Q(pk__in=_unit_regions(reach))).order_by("code").distinct()
    named = list(used.values_list("code", "name"))
    if reach.everybody:
        return [pair for pair in named if pair[0].count(".") < 2]  # districts of the whole country would be thousands
    own = set(Region.objects.filter(agencies__in=reach.agencies).values_list("code", flat=True)) | reach.regions
    return [(code, name) for code, name in named if any(is_within(code, each) for each in own)]


def _unit_regions(reach: Reach) -> Sequence[str]:
    if reach.everybody:
        return ()
    reached = Q(agency__in=reach.agencies)
    for region in reach.regions:
        reached |= Q(agency__region=region) | Q(agency__region__code__startswith=f"{region}.")
    units = WorkUnit.objects.filter(reached, region__isnull=False)
    return list(units.order_by().values_list("region", flat=True).distinct())


# --- asking ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Post:
    """What somebody held on a day; `capacity` of an office, empty for a post of the roster."""

    title: str
    capacity: str = ""

    def __str__(self) -> str:
        return held_as(self.title, self.capacity)


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be meant, as the records say he was on that day.

    `known_from`: the records begin later than that day, and this is what they first say of him. `status`: domain.roster.Status.
    """

    key: int
    number: str
    name: str
    posts: tuple[Post, ...]
    unit: str
    agency: str
    status: str
    known_from: date | None
    score: int
    because: tuple[Reason, ...]

    @property
    def post(self) -> str:
        """Return all that he held, as one text."""
        return "; ".join(map(str, self.posts))


@dataclass(frozen=True)
class Found:
    """Who may be meant, best first; how many more fit as well (`more_is_least`: so many at least); what would tell them apart.

    `is_behind`: so much changed that the index is being made anew, and who is new may be missing.
    """

    people: tuple[Candidate, ...]
    more: int
    ask: Ask | None
    on: date
    is_behind: bool = False
    more_is_least: bool = False


def find(text: str, *, region: str = "", on: date | None = None, scope: Reach | None = None, most: int = 5) -> Found:
    """Return the people whom a text may mean, as they were on a day (today, where none is given). Never decides by itself.

    Raises NameQueryRefused, and FindingRefused; `reason`: region (there is none of that code, or it is out of reach), index
    (it is being made).
    """
    reach = EVERYBODY if scope is None else scope
    if region and not (reach.touches(region) and Region.objects.filter(pk=region).exists()):
        raise FindingRefused("region")
    index, is_behind = _ready()
    day = on or clock.today()

    def where(place: str) -> bool:
        return reach.covers(place) and (not region or is_within(parted(place)[0], region))

    narrow, is_all = _narrowed(reach, region)
    today = clock.today()
    hits = index.search(text, region=narrow, on=day, most=most, where=None if is_all else where, today=today)
    people = tuple(map(_noted(day), _as_of(hits.people, day, where)))
    return Found(people, hits.more, _named(hits), day, is_behind, hits.more_is_least)


def _noted(day: date) -> Callable[[Candidate], Candidate]:
    """Add to the reasons what limits them: records that begin later, a day that has not come."""
    today = clock.today()

    def noted(each: Candidate) -> Candidate:
        notes = (known_from(each.known_from),) if each.known_from else ()
        notes += (not_yet(day),) if day > today else ()
        return replace(each, because=(*each.because, *notes)) if notes else each

    return noted


def _narrowed(reach: Reach, region: str) -> tuple[str, bool]:
    """Return the region that holds all who may be found, and whether all of it is within reach."""
    if reach.everybody:
        return region, True
    if len(reach.regions) == 1 and not reach.agencies:
        (own,) = reach.regions
        return (region if region and is_within(region, own) else own), True
    return region, False


def _named(hits: Hits) -> Ask | None:
    """Name the regions that would tell people apart; where all are in one, what else differs of those shown would."""
    ask = hits.ask
    if ask is None or ask.what != "region":
        return ask
    codes = list(dict.fromkeys(parted(each)[0] for each in ask.values))
    names = Region.objects.in_bulk(codes)
    told = tuple(dict.fromkeys(names[code].name for code in codes if code in names))
    if len(told) > 1:
        return replace(ask, values=told)
    ways = (
        ("unit", [hit.unit for hit in hits.people]),
        ("post", [hit.post for hit in hits.people]),
        ("name", [hit.name for hit in hits.people]),
    )
    differing = ((what, tuple(sorted(set(values) - {""}))) for what, values in ways)
    return next((Ask(what, values) for what, values in differing if len(values) > 1), Ask("number"))


def _as_of(hits: Sequence[Hit], day: date, where: Callable[[str], bool]) -> Iterator[Candidate]:
    """Yield what the records say of whom the index found; nobody who is gone, or who was not within reach on that day."""
    keys = [hit.key for hit in hits]
    people = Person.objects.in_bulk(keys)
    placed = {}
    for placement in (
        Placement.objects.filter(person__in=keys).select_related("unit__agency").order_by("person", "-from_on", "-pk")
    ):
        held_then = placement.until_on is None or placement.until_on > day
        # In descending order: of several the one of that day stays, else the first that is known of him.
        if held_then and (placement.person_id not in placed or placed[placement.person_id].from_on > day):
            placed[placement.person_id] = placement
    offices = _offices(keys, day)
    for hit in hits:
        person, placement = people.get(hit.key), placed.get(hit.key)
        held = offices.get(hit.key, [])
        if placement is not None and not where(_place(placement)):
            placement = None
        held = [each for each in held if where(_place_of_office(each))]
        if person is None or (placement is None and not held):
            continue
        posts = dict.fromkeys(Post(each.office.title, each.capacity) for each in held)
        if placement is not None and placement.post and placement.post not in {post.title for post in posts}:
            posts[Post(placement.post)] = None
        unit = placement.unit if placement is not None else held[0].office.unit
        agency = placement.unit.agency if placement is not None else held[0].office.agency
        yield Candidate(
            key=hit.key,
            number="" if person.identifier_type == "none" else person.identifier,
            name=person.full_name,
            posts=tuple(posts),
            unit=_called(unit, day) if unit is not None else agency.name,
            agency=agency.name,
            status=placement.status if placement is not None else "",
            known_from=placement.from_on if placement is not None and placement.from_on > day else None,
            score=hit.score,
            because=hit.because,
        )


def _place(placement: Placement) -> str:
    unit = placement.unit
    return place_of(unit.region_id or unit.agency.region_id or "", unit.agency_id)


def _place_of_office(holding: Holding) -> str:
    office = holding.office
    region = (office.unit.region_id if office.unit else None) or office.agency.region_id or ""
    return place_of(region, office.agency_id)


def _offices(people: Sequence[int], day: date) -> dict[int, list[Holding]]:
    """Return what these people held on a day, also for a part of it."""
    about = _away_from_the_ends(day)
    start = datetime.combine(about, datetime.min.time(), tzinfo=clock.now().tzinfo)
    near = Holding.objects.filter(
        Q(until_at=None) | Q(until_at__gt=start - timedelta(days=1)),
        person__in=people,
        from_at__lt=start + timedelta(days=2),
    )
    held: dict[int, list[Holding]] = {}
    for each in near.ever_held().select_related("office__agency", "office__unit").order_by("from_at"):
        zone = each.office.agency.zone
        until = day_after(each, zone)
        if local_day(each.from_at, zone) <= day and (until is None or day < until):
            held.setdefault(each.person_id, []).append(each)
    return held


def _away_from_the_ends(day: date) -> date:
    """Return a day around which others can be counted in any zone: the calendar of this language ends with the year 9999."""
    return min(max(day, date(1, 1, 10)), date(9999, 12, 20))


def _called(unit: WorkUnit, day: date) -> str:
    """Return what a unit was called on a day."""
    end = datetime.combine(_away_from_the_ends(day) + timedelta(days=1), datetime.min.time(), unit.agency.zone)
    former = FormerName.objects.filter(unit=unit, until_at__gte=end).order_by("until_at").first()
    return former.name if former else unit.name


# --- how often ---------------------------------------------------------------------------------------------------

_asked: OrderedDict[int, deque[float]] = OrderedDict()
_pace_lock = threading.Lock()


def count_search(user: User, *, now: datetime) -> None:
    """Count a search of an officer by name, never what he looks for; raise FindingRefused (`reason`: pace, hour) where he asks
    faster than anybody types, or more in an hour than anybody reads: a whole roster is not to be read out name by name.

    An hour is counted for all processes together. The first search too many of an hour stands in the log, with whose it was.
    """
    count_help(user)
    used = accounts.count_use(user, "person-searches", most=SEARCHES_AN_HOUR, window=_HOUR, now=now)
    if not used.is_over:
        return
    if used.is_first:
        with transaction.atomic(durable=True):
            ledger.append("person.searches_slowed", {"by": user.pk, "searches": SEARCHES_AN_HOUR}, now=now)
        logger.warning("an officer searches more names than anybody reads", extra={"user": user.pk})
    raise FindingRefused("hour", minutes=used.minutes)


def count_help(user: User) -> None:
    """Count that an officer was helped in any way, in this process's memory alone. Raises FindingRefused (pace)."""
    now = time.monotonic()
    with _pace_lock:
        times = _asked.setdefault(user.pk, deque(maxlen=_SEARCHES_A_MINUTE))
        _asked.move_to_end(user.pk)
        while len(_asked) > _ASKERS_REMEMBERED:
            _asked.popitem(last=False)
        if len(times) == times.maxlen and now - times[0] < 60:
            raise FindingRefused("pace")
        times.append(now)


# --- the index in this process -----------------------------------------------------------------------------------


@dataclass
class _Mapped:
    """The file as this process has it open, and the marks that it has added to it.

    `is_replaced`: another file stands in its place, which is being opened.
    """

    file: tuple[str, int, int]
    index: NameIndex
    seen: set[int] = field(default_factory=set)
    marks: tuple[int, int] = (0, 0)
    is_behind: bool = False
    is_replaced: bool = False


_mapped: _Mapped | None = None
_lock = threading.Lock()  # marks are added by one at a time
_opening = threading.Lock()  # the file is opened by one at a time, while others go on with what they have


def path() -> Path:
    """Return where the index lies."""
    found: Path = settings.HOME / "names" / "index"
    return found


def _file() -> tuple[str, int, int] | None:
    """Return what tells one file from another that took its place; None where there is none."""
    try:
        found = path().stat()
    except FileNotFoundError:
        return None
    return str(path()), found.st_ino, found.st_mtime_ns


def _ready() -> tuple[NameIndex, bool]:
    """Return the index with all that is marked, and whether it lacks more than that. Raises FindingRefused.

    Nothing slow is done under a lock that all wait for: while one opens a file that took the place of another, whoever else asks
    is answered from the one that is open, and told that it is behind. Only where none is open yet all wait for it.
    """
    found = _caught_up()
    if (found is None or (found.is_behind and not found.is_replaced)) and _is_small():
        build(wait=True)
        found = _caught_up(wait=True)
    if found is None:
        raise FindingRefused("index")
    return found.index, found.is_behind


def _is_small() -> bool:
    return Person.objects.all()[: SMALL + 1].count() <= SMALL


def _caught_up(*, wait: bool = False) -> _Mapped | None:
    """Return the index as it is now; None where none can be read. Without `wait` it may be the one before, until this one is open.

    The marks are counted before the file is looked at. Whoever makes the index anew puts the file in its place first and then
    deletes the marks: whoever finds none any more finds the file that shows them.
    """
    counted = NameTouch.objects.aggregate(count=Count("pk"), latest=Max("pk"))
    marks = (counted["count"], counted["latest"] or 0)
    file = _file()
    if file is None:
        return None
    found = _opened(file, wait=wait)
    if found is None:
        return None
    with _lock:
        if marks != found.marks:
            _add_marked(found)
            found.marks = marks
    return found if found.file == file else replace(found, is_behind=True, is_replaced=True)


def _opened(file: tuple[str, int, int], *, wait: bool) -> _Mapped | None:
    """Return the index of a file; None where it cannot be read. One opens it; others get the one before meanwhile."""
    global _mapped
    before = _mapped
    if before is not None and before.file == file:
        return before
    if not _opening.acquire(blocking=wait or before is None):
        return before
    try:
        if _mapped is None or _mapped.file != file:
            _mapped = _Mapped(file, name_index.open_index(path()))
        return _mapped
    except NameIndexBroken:
        _mapped = None
        return None
    finally:
        _opening.release()


def _add_marked(mapped: _Mapped) -> None:
    """Put whom a mark names into the index as the database has him now, once for each mark."""
    marked = dict(NameTouch.objects.values_list("pk", "person"))
    fresh = {person for key, person in marked.items() if key not in mapped.seen and person is not None}
    for person, entries in name_entries.of_people(fresh).items():
        mapped.index.remove(person)
        for entry in entries:
            mapped.index.add(entry)
    mapped.seen.update(marked)
    mapped.is_behind = None in marked.values()


# --- making it ---------------------------------------------------------------------------------------------------


def build(*, wait: bool = False) -> bool:
    """Make the index anew from the database; say whether this process did. One at a time, in all processes of a place.

    Cut in the middle, the one that was stays. What changes meanwhile keeps its mark: only marks that were there before the
    first row was read are deleted, once the file stands.
    """
    folder = path().parent
    folder.mkdir(mode=0o700, exist_ok=True)
    before = _file()
    with _alone(folder / "lock", wait=wait) as alone:
        if not alone or (wait and _file() not in (None, before)):
            return False  # somebody made it while this one waited
        for left in folder.iterdir():
            if left not in (path(), folder / "lock"):
                left.unlink(missing_ok=True)  # of one that was cut
        marks = list(NameTouch.objects.values_list("pk", flat=True))
        name_index.build_frames(path(), name_entries.frames())
        path().chmod(0o600)
        _forget(marks)
        return True


@transaction.atomic
def _forget(marks: Sequence[int]) -> None:
    for start in range(0, len(marks), _MANY_TOUCHES):
        NameTouch.objects.filter(pk__in=marks[start : start + _MANY_TOUCHES]).delete()


def is_due(now: datetime) -> bool:
    """Say whether the index is to be made anew: there is none, much changed, or it changed at all and a day has passed."""
    file = _file()
    if file is None:
        return Person.objects.exists()
    marks = NameTouch.objects.aggregate(count=Count("pk"), many=Count("pk", filter=Q(person=None)))
    is_old = now.timestamp() - file[2] / 1e9 > _OLDEST_S
    return bool(marks["many"] or marks["count"] > _MANY_TOUCHES or (marks["count"] and is_old))


def size() -> int:
    """Return how many entries the index has. Raises NameIndexBroken."""
    return name_index.open_index(path()).size


@contextmanager
def _alone(file: Path, *, wait: bool) -> Iterator[bool]:
    """Say whether nobody else makes it; wait for that if asked to. Whoever dies lets go."""
    with file.open("ab") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
