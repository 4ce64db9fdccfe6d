"""Doubles of sealed reports: prints that officers' browsers compute, what is suggested by them, and matters.

The server compares prints and cannot read them. Everybody is told of equal ones, and of matters, only as far as his own key
opens the reports: of others he learns neither that they match nor that they are there. A matter takes nothing from a report:
its dialogue, state, terms and reporter stay its own.
"""

import secrets
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, FilteredRelation, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from ikrar.domain.errors import ReportActRefused
from ikrar.domain.prints import MOST_PRINTS, PRINT_BYTES, PrintKind
from ikrar.records.models import (
    Body,
    Report,
    ReportApart,
    ReportMatter,
    ReportMember,
    ReportPrint,
    ReportReader,
    User,
)
from ikrar.services import clock, ledger, report_secrets, reports
from ikrar.services.report_desk import Seen, hold_own, number_of

End = ReportMember.End
MOST_AT_ONCE = 1_000  # reports that one act merges
MOST_SHOWN = 50  # matches of one report, members of one matter on its page
_GROUPS = 20  # a page of suggestions
_MOST_KEYS = 5_000  # equal prints that one page goes through, while it lacks groups
_LOOKED_AT = 200  # of these at once
_MOST_LOOKED_AT = 5_000
_MOST_ROWS = 100_000
_IN_ONE_QUERY = 5_000
_MOST_SIDES = 30_000  # of one judgement

# Which prints are equal: (kind, version, print).
Key = tuple[str, int, str]


# --- prints ------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def keep_prints(
    found: Seen, prints: Mapping[PrintKind, Collection[bytes]], *, version: int, by: User, now: datetime
) -> None:
    """Keep prints of a report that its opener's browser computed, in the place of those of the same kind and secret before.

    Raises ReportActRefused (unopened, not_yours, erased, secret: of another version than the latest, many).
    """
    body = found.report.body
    _claim(body)
    hold_own(found, by)
    if version != report_secrets.latest_version(body) or any(
        len(each) != PRINT_BYTES for kind in prints.values() for each in kind
    ):
        raise ReportActRefused("secret")
    if any(len(set(each)) > MOST_PRINTS for each in prints.values()):
        raise ReportActRefused("many")
    wanted = {(str(kind), version, each.hex()) for kind, values in prints.items() for each in values}
    # Those of an older secret stay: reports that nobody opened since have no others.
    rows = ReportPrint.objects.filter(report=found.report, kind__in=[str(kind) for kind in prints], version=version)
    old = {(row.kind, row.version, row.print): row.pk for row in rows}
    gone = old.keys() - wanted
    new = wanted - old.keys()
    if not gone and not new:
        return
    on = clock.today(reports.zone_of_body(body))
    ReportPrint.objects.filter(pk__in=[old[each] for each in gone]).delete()
    ReportPrint.objects.bulk_create(
        ReportPrint(report=found.report, body=body, kind=kind, version=of, print=value, by=by, on=on)
        for kind, of, value in sorted(new)
    )
    of_version = ReportPrint.objects.filter(report=found.report, version=version)
    _ask(body.pk, of_version.filter(print__in={each[-1] for each in new}), gone={each[-1] for each in gone})
    said = {"report": number_of(found.report), "kinds": sorted(map(str, prints)), "version": version, "by": by.pk}
    ledger.append("report.prints_kept", said, now=now)


@dataclass(frozen=True, slots=True)
class Match:
    """A report that has a print of another one: by which kinds, and whether both are of one matter already."""

    report: Report
    because: tuple[str, ...]
    in_matter: bool


@dataclass(frozen=True, slots=True)
class Matches:
    """The first matches of a report, and how many more there are."""

    first: tuple[Match, ...]
    more: int


def matches(found: Seen, user: User) -> Matches:
    """Return the reports that share a print with one, among those of its body that the user's own key opens."""
    if not found.is_own:
        return Matches((), 0)
    number, body = found.report.pk, found.report.body_id
    because: dict[int, set[str]] = defaultdict(set)
    own_keys = _keys_of([number])
    equal = ReportPrint.objects.filter(body=body, print__in={value for _kind, _version, value in own_keys})
    opened = _opened(user, [body], equal.exclude(report=number)).order_by("report", "pk")
    for other, *key in opened.values_list("report", "kind", "version", "print")[:_MOST_LOOKED_AT]:
        if tuple(key) in own_keys:
            because[other].add(key[0])
    # What was parted is no match any more: he, or a colleague, has answered.
    apart = _partings([number, *because])
    open_ones = [each for each in because if not _are_apart(apart.get(number, {}), apart.get(each, {}))]
    matters = _matters([number, *open_ones])
    own = matters.get(number)
    open_ones.sort(key=lambda each: (own is not None and matters.get(each) == own, -len(because[each]), each))
    shown = open_ones[:MOST_SHOWN]
    rows = Report.objects.in_bulk(shown)
    first = [
        Match(rows[each], _in_order(because[each]), own is not None and matters.get(each) == own)
        for each in shown
        if each in rows
    ]
    return Matches(tuple(first), len(open_ones) - len(shown))


def _in_order(kinds: Iterable[str]) -> tuple[str, ...]:
    found = set(kinds)
    return tuple(str(kind) for kind in PrintKind if kind in found)


def _opened(user: User, bodies: Collection[int], rows: QuerySet[ReportPrint]) -> QuerySet[ReportPrint]:
    """Keep the prints of reports that lie with these bodies and that a key of the user at that body opens."""
    return rows.filter(
        body__in=bodies,
        report__readers__key__user=user,
        report__readers__key__dropped_at=None,
        report__readers__key__body=F("body"),
        report__erased_on=None,
    )


def _keys_of(numbers: Collection[int]) -> set[Key]:
    return set(ReportPrint.objects.filter(report__in=numbers).values_list("kind", "version", "print"))


# --- suggestions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """Reports that may be doubles of one another, and by which kinds of prints. Those of one matter stand side by side."""

    reports: tuple[Report, ...]
    because: tuple[str, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Their numbers, as addresses have them."""
        return tuple(number_of(each) for each in self.reports)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What one page shows; `more`: there are others behind these."""

    groups: tuple[Group, ...]
    more: bool


def pairs(user: User, bodies: Collection[int]) -> Suggested:
    """Return suggested doubles among what the user's own keys open, the largest groups first.

    A flood of equal reports is one group. What an officer merged, un-merged or dismissed is not proposed again.
    """
    asked = _opened(user, bodies, ReportPrint.objects.filter(asks=True)).alias(
        own=FilteredRelation("report__memberships", condition=Q(report__memberships__until=None))
    )
    # Reports of one matter are asked about once: what they equal among themselves is answered.
    keys = list(
        asked.order_by()
        .values_list("body", "kind", "version", "print")
        .annotate(
            units=Count(Coalesce("own__matter_id", "report_id"), distinct=True), count=Count("report", distinct=True)
        )
        .filter(units__gt=1)
        .order_by("-units", "print", "body", "kind", "version")[: _MOST_KEYS + 1]
    )
    found: dict[tuple[int, ...], set[str]] = {}
    proposed: dict[frozenset[int], list[tuple[int, ...]]] = {}
    place = 0
    while place < min(len(keys), _MOST_KEYS) and len(found) <= _GROUPS:
        # So many at once as bear some thousand prints.
        until, prints = place + 1, keys[place][-1]
        while until < min(len(keys), place + _LOOKED_AT) and prints + keys[until][-1] <= _MOST_LOOKED_AT:
            prints += keys[until][-1]
            until += 1
        wanted = {tuple(key) for *key, _units, _count in keys[place:until]}
        place = until
        rows = asked.filter(print__in={key[-1] for key in wanted})
        rows = rows.order_by(F("own__matter_id").asc(nulls_first=True), "report", "pk")
        bearing: dict[tuple[Any, ...], set[int]] = defaultdict(set)
        for number, *key in rows.values_list("report", "body", "kind", "version", "print")[:_MOST_ROWS]:
            if tuple(key) in wanted:
                bearing[tuple(key)].add(number)
        matters, partings = _standing_of({number for numbers in bearing.values() for number in numbers})
        for key, numbers in bearing.items():
            members = frozenset(numbers)
            if members not in proposed:
                proposed[members] = [_cut(each) for each in _proposed(members, matters, partings)]
            for group in proposed[members]:
                found.setdefault(group, set()).add(key[1])
    ordered = sorted(found.items(), key=lambda each: (-len(each[0]), each[0]))
    shown = ordered[:_GROUPS]
    reports_of = Report.objects.select_related("body").in_bulk({pk for numbers, _kinds in shown for pk in numbers})
    made = [
        Group(tuple(reports_of[each] for each in numbers if each in reports_of), _in_order(kinds))
        for numbers, kinds in shown
    ]
    return Suggested(tuple(made), place < len(keys) or len(ordered) > _GROUPS)


def _cut(units: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the reports of a group, at most those that one act merges: where these are too many, one of each matter."""
    if sum(map(len, units)) > MOST_AT_ONCE:
        units = [unit[:1] for unit in units[:MOST_AT_ONCE]]
    return tuple(sorted(each for unit in units for each in unit))


def _standing_of(numbers: Collection[int]) -> tuple[dict[int, int], dict[int, dict[int, int]]]:
    """Return the matters of reports, and on which side of which judgement they stand; a few queries, however many they are."""
    matters: dict[int, int] = {}
    partings: dict[int, dict[int, int]] = {}
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _IN_ONE_QUERY):
        part = ordered[start : start + _IN_ONE_QUERY]
        matters |= _matters(part)
        partings |= _partings(part)
    return matters, partings


def _proposed(
    members: Collection[int], matters: Mapping[int, int], partings: Mapping[int, Mapping[int, int]]
) -> list[list[list[int]]]:
    """Return the groups among reports with an equal print that nobody answered: no two of a group were judged apart.

    Reports of one matter stand side by side and count as one; a group of one is none.
    """
    units: dict[int, list[int]] = {}
    for each in sorted(members):
        units.setdefault(matters.get(each, each), []).append(each)
    if len(units) < 2:
        return []
    groups: list[list[list[int]]] = []
    judged: defaultdict[int, _Judged] = defaultdict(_Judged)
    for unit in units.values():
        sides: dict[int, set[int]] = defaultdict(set)
        for each in unit:
            for parting, side in partings.get(each, {}).items():
                sides[parting].add(side)
        place = _first_place(sides, judged)
        if place == len(groups):
            groups.append([])
        groups[place].append(unit)
        for parting, own in sides.items():
            judged[parting].put(place, own)
    return [gathered for gathered in groups if len(gathered) > 1]


class _Judged:
    """Which groups hold reports of one judgement, and of which side: the next one that takes a side is found without asking each.

    A group in which two sides stand (an officer merged what was judged apart) takes neither.
    """

    def __init__(self) -> None:
        self.side_at: dict[int, int | None] = {}
        self.of_side: dict[int, list[int]] = defaultdict(list)
        self.beyond: dict[
            int, int
        ] = {}  # from a group that holds some of it to a later one, on the way to the next that holds none

    def put(self, place: int, sides: Collection[int]) -> None:
        """A group holds reports of these sides from now on."""
        only = next(iter(sides)) if len(sides) == 1 else None
        if place in self.side_at:
            return  # it held that side alone, or it would not have been taken
        self.side_at[place] = only
        self.beyond[place] = place + 1
        if only is not None:
            insort(self.of_side[only], place)

    def next_for(self, sides: Collection[int], start: int) -> int:
        """Return the first group from `start` on in which none of another side stands."""
        free = self._without(start)
        if len(sides) > 1:
            return free
        (only,) = sides
        same = self.of_side[only]
        at = bisect_left(same, start)
        return min(free, same[at]) if at < len(same) else free

    def _without(self, start: int) -> int:
        found = start
        while found in self.beyond:
            found = self.beyond[found]
        while start != found and start in self.beyond:
            self.beyond[start], start = found, self.beyond[start]
        return found


def _first_place(sides: Mapping[int, Collection[int]], judged: defaultdict[int, _Judged]) -> int:
    """Return the first group in which nothing stands that was judged apart from a unit with these sides."""
    place, last = 0, -1
    while place != last:
        last = place
        for parting, own in sides.items():
            place = judged[parting].next_for(own, place)
    return place


def _matters(numbers: Collection[int]) -> dict[int, int]:
    rows = ReportMember.objects.filter(report__in=numbers, until=None)
    return dict(rows.values_list("report", "matter"))


def _partings(numbers: Collection[int]) -> dict[int, dict[int, int]]:
    """Return on which side of which judgement reports stand."""
    out: dict[int, dict[int, int]] = defaultdict(dict)
    rows = ReportApart.objects.filter(report__in=numbers)
    for number, parting, side in rows.values_list("report", "parting", "side"):
        out[number][parting] = side
    return out


def _are_apart(one: Mapping[int, int], other: Mapping[int, int]) -> bool:
    return any(other.get(parting, side) != side for parting, side in one.items())


def _ask(body: int, about: QuerySet[ReportPrint], *, gone: Collection[str] = ()) -> None:
    """Set beside prints that equal some of these whether an officer is still to be asked; `gone`: prints that were taken away.

    The question is the body's; who sees it, each key's. A handful of queries, however many prints there are: others look on.
    """
    of_body = ReportPrint.objects.filter(Q(print__in=about.order_by().values("print")) | Q(print__in=gone), body=body)
    several = of_body.order_by().values("print").annotate(count=Count("pk")).filter(count__gt=1).values("print")
    rows = of_body.filter(Q(asks=True) | Q(print__in=several))
    bearing: dict[Key, dict[int, tuple[int, bool]]] = defaultdict(dict)
    for pk, number, asks, *key in rows.values_list("pk", "report", "asks", "kind", "version", "print")[:_MOST_ROWS]:
        bearing[tuple(key)][number] = (pk, asks)
    matters, partings = _standing_of({number for equal in bearing.values() for number in equal})
    answers: dict[frozenset[int], bool] = {}
    changed: dict[bool, list[int]] = {True: [], False: []}
    for equal in bearing.values():
        members = frozenset(equal)
        if members not in answers:
            answers[members] = bool(_proposed(members, matters, partings))
        changed[answers[members]] += [pk for pk, asks in equal.values() if asks != answers[members]]
    for asks, pks in changed.items():
        for start in range(0, len(pks), _IN_ONE_QUERY):
            ReportPrint.objects.filter(pk__in=pks[start : start + _IN_ONE_QUERY]).update(asks=asks)


def _ask_about(body: int, numbers: Collection[int]) -> None:
    _ask(body, ReportPrint.objects.filter(report__in=numbers))


# --- matters -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A report of a matter: since when, who merged it, and by which kinds of prints it equals another one that he opens."""

    report: Report
    since: datetime
    by: User
    because: tuple[str, ...]

    @property
    def number(self) -> str:
        """Its number as addresses have it."""
        return number_of(self.report)


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as far as somebody's own key opens its reports; `more`: of these, how many are not listed."""

    pk: int
    members: tuple[Member, ...]
    more: int = 0

    @property
    def size(self) -> int:
        """How many reports it has for this reader, listed or not."""
        return len(self.members) + self.more


def matter_of(found: Seen, user: User) -> Matter | None:
    """Return the matter that a report is of, with those of its reports that the user's own key opens; None: no other one."""
    own = ReportMember.objects.filter(report=found.report, until=None).first() if found.is_own else None
    if own is None:
        return None
    rows = _members_opened(user, ReportMember.objects.filter(matter=own.matter_id, until=None))
    count = rows.count()
    if count < 2:
        return None
    others = rows.exclude(report=found.report).select_related("report").order_by("since", "report")
    listed = [ReportMember.objects.select_related("report").get(pk=own.pk), *others[: MOST_SHOWN - 1]]
    because = _shared([row.report_id for row in listed])
    company = _company(user, [row.report_id for row in listed])
    began = {number: periods[-1] for number, periods in company.items()}
    people = User.objects.select_related("person").in_bulk({each.by for each in began.values()})
    members = tuple(
        Member(row.report, began[row.report_id].since, people[began[row.report_id].by], because.get(row.report_id, ()))
        for row in listed
    )
    return Matter(own.matter_id, members, count - len(members))


@dataclass(frozen=True, slots=True)
class Past:
    """That a report belonged to a matter with others that the reader opens: from when until when, and by whom."""

    others: tuple[str, ...]
    since: datetime
    by: User
    until: datetime
    until_by: User


def past_of(found: Seen, user: User) -> list[Past]:
    """Return when a report was of one matter with others that the user's own key opens, and is no more; the first one first."""
    if not found.is_own:
        return []
    ended = [each for each in _company(user, [found.report.pk]).get(found.report.pk, []) if each.until is not None]
    people = User.objects.select_related("person").in_bulk({pk for each in ended for pk in (each.by, each.until_by)})
    return [
        Past(
            tuple(f"{other:016x}" for other in sorted(each.others)[:MOST_SHOWN]),
            each.since, people[each.by], each.until, people[each.until_by],
        )
        for each in ended
    ]  # fmt: skip


@dataclass(slots=True)
class _Period:
    """A time in which a report was of one matter with others, all of which somebody opens."""

    since: datetime
    by: int
    until: datetime | None
    until_by: int | None
    others: set[int]


def _company(user: User, numbers: Collection[int]) -> dict[int, list[_Period]]:
    """Return when reports, all of which the user opens, were merged with others that he opens, the first time first.

    What was done with reports that he does not open leaves no trace: neither its day, nor its officer, nor that two matters became
    one by it. A time begins when the first other one that he opens is there, and ends when none is any more.
    """
    own: dict[int, list[ReportMember]] = defaultdict(list)
    for row in ReportMember.objects.filter(report__in=numbers).order_by("pk"):
        own[row.matter_id].append(row)
    # Those who came and went by the same acts are looked at once: a matter of thousands was merged by a few.
    same: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    first_of: dict[tuple[Any, ...], ReportMember] = {}
    for other in _members_opened(user, ReportMember.objects.filter(matter__in=own)).distinct().order_by("pk"):
        acts = (other.matter_id, other.since, other.by_id, other.until, other.until_by_id)
        first_of.setdefault(acts, other)
        same[acts].add(other.report_id)
    together: dict[int, list[_Period]] = defaultdict(list)
    for acts, other in first_of.items():
        for row in own[other.matter_id]:
            others = same[acts] - {row.report_id}
            later = max(row, other, key=lambda each: each.since)
            ends = [each for each in (row, other) if each.until is not None]
            first = min(ends, key=lambda each: each.until, default=None)
            until, until_by = (first.until, first.until_by_id) if first else (None, None)
            if others and (until is None or until >= later.since):
                together[row.report_id].append(_Period(later.since, later.by_id, until, until_by, others))
    return {number: _joined(periods) for number, periods in together.items()}


def _joined(periods: list[_Period]) -> list[_Period]:
    """Join times that overlap or follow upon one another without a gap."""
    out: list[_Period] = []
    for each in sorted(periods, key=lambda period: (period.since, period.by)):
        last = out[-1] if out else None
        if last is None or (last.until is not None and each.since > last.until):
            out.append(each)
            continue
        last.others |= each.others
        if last.until is not None and (each.until is None or each.until > last.until):
            last.until, last.until_by = each.until, each.until_by
    return out


def matter_sizes(user: User, numbers: Collection[int]) -> dict[int, int]:
    """Return, of these reports, how many of the same matter the user's own key opens, itself included; only where more than one."""
    matters = _matters(numbers)
    counts = dict(
        _members_opened(user, ReportMember.objects.filter(matter__in=set(matters.values()), until=None))
        .order_by()
        .values_list("matter")
        .annotate(count=Count("report", distinct=True))
    )
    return {number: counts[matter] for number, matter in matters.items() if counts.get(matter, 0) > 1}


def _members_opened(user: User, rows: QuerySet[ReportMember]) -> QuerySet[ReportMember]:
    return rows.filter(
        report__readers__key__user=user,
        report__readers__key__dropped_at=None,
        report__readers__key__body=F("report__body"),
        report__erased_on=None,
    )


@transaction.atomic(durable=True)
def merge(user: User, bodies: Collection[int], numbers: Collection[int], *, now: datetime) -> int:
    """Make reports one matter, together with the matters that some of them are of; return its number.

    Nothing else of a report changes. Raises ReportActRefused (few: fewer than two; many; bodies: of several), and
    Report.DoesNotExist where the user's own key does not open one.
    """
    chosen = _chosen(user, bodies, numbers)
    body = chosen[0].body
    old = _matters([each.pk for each in chosen])
    known = set(old.values())
    # The oldest matter takes the others in.
    kept = ReportMatter.objects.filter(pk__in=known).order_by("made_at", "pk").first()
    if kept is None:
        kept = ReportMatter.objects.create(body=body, made_by=user, made_at=now)
    moved = list(ReportMember.objects.filter(matter__in=known - {kept.pk}, until=None).values_list("report", flat=True))
    new = sorted({each.pk for each in chosen if each.pk not in old} | set(moved))
    if not new:
        return kept.pk
    ReportMember.objects.filter(report__in=moved, until=None).update(until=now, until_by=user, ended=End.JOINED)
    because = _shared([*(each.pk for each in chosen), *moved])
    ReportMember.objects.bulk_create(
        ReportMember(report_id=each, matter=kept, since=now, by=user, because=" ".join(because.get(each, ())))
        for each in new
    )
    _ask_about(body.pk, new)
    said = {"matter": f"{kept.pk:016x}", "reports": [f"{each:016x}" for each in new], "by": user.pk}
    ledger.append("report.merged", said, now=now)
    return kept.pk


def _shared(numbers: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return by which kinds of prints each of some reports equals another of them."""
    having: dict[Key, list[int]] = defaultdict(list)
    rows = ReportPrint.objects.filter(report__in=numbers)
    for number, *key in rows.values_list("report", "kind", "version", "print"):
        having[tuple(key)].append(number)
    out: dict[int, set[str]] = defaultdict(set)
    for (kind, _version, _print), equal in having.items():
        if len(equal) > 1:
            for number in equal:
                out[number].add(kind)
    return {number: _in_order(kinds) for number, kinds in out.items()}


@transaction.atomic(durable=True)
def unmerge(user: User, bodies: Collection[int], number: int, *, now: datetime) -> int:
    """Take a report out of its matter; it is not proposed with the others again. A matter of one ends with it.

    Return how many others it leaves that the user opens.

    Raises ReportActRefused (single: it is of none), Report.DoesNotExist.
    """
    (report,) = _chosen(user, bodies, [number], least=1)
    own = ReportMember.objects.filter(report=report, until=None).first()
    # Where he opens none of the others, the matter does not exist for him.
    size = matter_sizes(user, [number]).get(number, 0)
    if own is None or not size:
        raise ReportActRefused("single")
    rest = list(
        ReportMember.objects.filter(matter=own.matter_id, until=None)
        .exclude(report=report)
        .order_by("report")
        .values_list("report", flat=True)
    )
    ending = [report.pk] if len(rest) > 1 else [report.pk, *rest]
    ended = ReportMember.objects.filter(report__in=ending, until=None)
    ended.update(until=now, until_by=user, ended=End.UNMERGED)
    _take_apart(report.pk, rest, by=user, now=now)
    _ask_about(report.body_id, [report.pk, *rest])
    said = {"matter": f"{own.matter_id:016x}", "reports": [f"{each:016x}" for each in ending], "by": user.pk}
    ledger.append("report.unmerged", said, now=now)
    return size - 1


@transaction.atomic(durable=True)
def dismiss(user: User, bodies: Collection[int], numbers: Collection[int], *, now: datetime) -> None:
    """Say that reports are no doubles of one another: they are not proposed together again. Those of one matter stay so.

    Raises ReportActRefused (few, many, bodies), Report.DoesNotExist.
    """
    chosen = _chosen(user, bodies, numbers)
    matters = _matters([each.pk for each in chosen])
    sides: dict[int, list[int]] = {}
    for each in chosen:
        sides.setdefault(matters.get(each.pk, each.pk), []).append(each.pk)
    if len(sides) < 2:
        raise ReportActRefused("few")
    if _one_judgement(sides.values()):
        return  # said before
    _part(list(sides.values()), by=user, now=now)
    _ask_about(chosen[0].body_id, [each.pk for each in chosen])
    said = {"reports": [number_of(each) for each in chosen], "by": user.pk}
    ledger.append("report.doubles_dismissed", said, now=now)


def _one_judgement(sides: Collection[Sequence[int]]) -> bool:
    """Say whether one judgement holds all these sides apart already."""
    numbers = [each for side in sides for each in side]
    rows = ReportApart.objects.filter(report__in=numbers).order_by()
    whole = rows.values("parting").annotate(count=Count("pk")).filter(count=len(numbers)).values_list("parting")
    for (parting,) in whole[:_LOOKED_AT]:
        stand = dict(rows.filter(parting=parting).values_list("report", "side"))
        seen = [{stand[each] for each in side} for side in sides]
        if len(set().union(*seen)) == sum(map(len, seen)):
            return True
    return False


def _take_apart(number: int, rest: Sequence[int], *, by: User, now: datetime) -> None:
    """Say that a report is no double of others. Where one judgement stands about all of them, it gets a side of its own there."""
    stands = ReportApart.objects.filter(report__in=[number, *rest]).order_by()
    whole = stands.values("parting").annotate(count=Count("pk")).filter(count=len(rest) + 1)
    parting = whole.order_by("parting").values_list("parting", flat=True).first()
    last = ReportApart.objects.filter(parting=parting).aggregate(last=Max("side"))["last"] if parting else None
    if last is None or last >= _MOST_SIDES:
        _part([[number], rest], by=by, now=now)
        return
    ReportApart.objects.filter(report=number, parting=parting).delete()
    ReportApart.objects.create(report_id=number, parting=parting, side=last + 1, by=by, at=now)


def _part(sides: Sequence[Sequence[int]], *, by: User, now: datetime) -> None:
    parting = secrets.randbits(63)
    ReportApart.objects.bulk_create(
        ReportApart(report_id=each, parting=parting, side=side, by=by, at=now)
        for side, numbers in enumerate(sides)
        for each in numbers
    )


def _chosen(user: User, bodies: Collection[int], numbers: Collection[int], *, least: int = 2) -> list[Report]:
    """Hold reports of one body for an act, in the order of their keys. Raises as `merge` says."""
    wanted = set(numbers)
    if len(wanted) < least:
        raise ReportActRefused("few")
    if len(wanted) > MOST_AT_ONCE:
        raise ReportActRefused("many")
    mine = ReportReader.objects.filter(
        report__in=wanted, key__user=user, key__dropped_at=None, key__body__in=bodies, key__body=F("report__body")
    )
    if set(mine.values_list("report", flat=True)) != wanted:
        raise Report.DoesNotExist
    of = set(Report.objects.filter(pk__in=wanted).values_list("body", flat=True))
    if len(of) > 1:
        raise ReportActRefused("bodies")
    body = Body.objects.select_related("agency", "region").get(pk=of.pop())
    _claim(body)
    # With them all that are of their matters, in one order: these move with them.
    matters = set(_matters(wanted).values())
    moved = ReportMember.objects.filter(matter__in=matters, until=None).values_list("report", flat=True)
    held = Report.objects.select_for_update().filter(pk__in=wanted | set(moved), erased_on=None).order_by("pk")
    found = [each for each in held if each.pk in wanted]
    if len(found) != len(wanted):
        raise ReportActRefused("erased")
    for each in found:
        each.body = body
    return found


def _claim(body: Body) -> None:
    """Let one act at a time change the matters and prints of a body; rows that merely name the body do not wait."""
    Body.objects.select_for_update(no_key=True).filter(pk=body.pk).values_list("pk", flat=True).get()


def hold(numbers: Collection[int]) -> None:
    """Let nobody change matters and prints of the bodies of reports meanwhile; before these are held, as in each act here."""
    bodies = ReportPrint.objects.filter(report__in=numbers).order_by().values("body")
    for body in Body.objects.filter(pk__in=bodies).order_by("pk"):
        _claim(body)


def forget(numbers: Collection[int]) -> None:
    """Take what is known of doubles away with reports that are erased; part of the act that erases them, which held them."""
    of_these = ReportPrint.objects.filter(report__in=numbers)
    keys = list(of_these.order_by().values_list("body", "print").distinct())
    for model in (ReportPrint, ReportMember, ReportApart):
        model.objects.filter(report__in=numbers).only("pk").delete()
    gone: dict[int, set[str]] = defaultdict(set)
    for body, value in keys:
        gone[body].add(value)
    for body, values in gone.items():
        _ask(body, ReportPrint.objects.none(), gone=values)
