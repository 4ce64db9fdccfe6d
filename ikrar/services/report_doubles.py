"""Doubles of sealed reports: prints that officers' browsers compute, what is suggested by them, and matters.

The server compares prints and cannot read them. Everybody is told of equal ones, and of matters, only as far as his own key
opens the reports: of others he learns neither that they match nor that they are there. A matter takes nothing from a report:
its dialogue, state, terms and reporter stay its own.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

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
_LOOKED_AT = 60  # equal prints that one page goes through
_MOST_OF_GROUP = MOST_AT_ONCE
_MOST_LOOKED_AT = 5_000

# Which prints are equal: (kind, version, print).
Key = tuple[str, int, str]


# --- prints ------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def keep_prints(
    found: Seen, prints: Mapping[PrintKind, Collection[bytes]], *, version: int, by: User, now: datetime
) -> None:
    """Keep prints of a report that its opener's browser computed, in the place of those of the same kind before.

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
    rows = ReportPrint.objects.filter(report=found.report, kind__in=[str(kind) for kind in prints])
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
    _ask(body.pk, gone | new)
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
    opened = _opened(user, [body], equal.exclude(report=number))
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
    asked = _opened(user, bodies, ReportPrint.objects.filter(asks=True))
    groups = list(
        asked.order_by()
        .values_list("body", "kind", "version", "print")
        .annotate(count=Count("report", distinct=True))
        .filter(count__gt=1)
        .order_by("-count", "print")[: _LOOKED_AT + 1]
    )
    found: dict[tuple[int, ...], set[str]] = {}
    for body, kind, version, value, _count in groups[:_LOOKED_AT]:
        equal = asked.filter(body=body, kind=kind, version=version, print=value)
        members = list(equal.order_by("report").values_list("report", flat=True)[:_MOST_OF_GROUP])
        for proposed in _proposed(members):
            found.setdefault(tuple(proposed), set()).add(kind)
    ordered = sorted(found.items(), key=lambda each: (-len(each[0]), each[0]))
    shown = ordered[:_GROUPS]
    rows = Report.objects.select_related("body").in_bulk({number for numbers, _kinds in shown for number in numbers})
    made = [Group(tuple(rows[each] for each in numbers if each in rows), _in_order(kinds)) for numbers, kinds in shown]
    return Suggested(tuple(made), len(groups) > _LOOKED_AT or len(ordered) > _GROUPS)


def _proposed(members: Sequence[int]) -> list[list[int]]:
    """Return the groups among reports with an equal print that nobody answered: no two of a group were judged apart.

    Reports of one matter count as one, and a group of one is none.
    """
    if len(members) < 2:
        return []
    matters = _matters(members)
    units: dict[int, list[int]] = {}
    for each in members:
        units.setdefault(matters.get(each, each), []).append(each)
    if len(units) < 2:
        return []
    partings = _partings(members)
    if not partings:
        return [list(members)]
    groups: list[list[list[int]]] = []
    sides_of: dict[int, dict[int, set[int]]] = defaultdict(
        lambda: defaultdict(set)
    )  # parting → side → places of groups
    for unit in units.values():
        sides = {(parting, side) for each in unit for parting, side in partings.get(each, {}).items()}
        apart: set[int] = set()
        for parting, side in sides:
            apart.update(*(places for other, places in sides_of[parting].items() if other != side))
        place = next((each for each in range(len(groups)) if each not in apart), len(groups))
        if place == len(groups):
            groups.append([])
        groups[place].append(unit)
        for parting, side in sides:
            sides_of[parting][side].add(place)
    return [sorted(each for unit in gathered for each in unit) for gathered in groups if len(gathered) > 1]


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


def _ask(body: int, keys: Collection[Key]) -> None:
    """Set beside equal prints whether an officer is still to be asked. The question is the body's; who sees it, each key's."""
    for kind, version, value in keys:
        rows = ReportPrint.objects.filter(body=body, kind=kind, version=version, print=value)
        members = list(rows.order_by("report").values_list("report", flat=True)[: 2 * _MOST_OF_GROUP])
        asks = bool(_proposed(members))
        rows.exclude(asks=asks).update(asks=asks)


def _ask_about(body: int, numbers: Collection[int]) -> None:
    keys = _keys_of(numbers)
    _ask(body, keys)


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


def matter_of(found: Seen, user: User) -> Matter | None:
    """Return the matter that a report is of, with those of its reports that the user's own key opens; None: no other one."""
    own = ReportMember.objects.filter(report=found.report, until=None).first() if found.is_own else None
    if own is None:
        return None
    rows = _members_opened(user, ReportMember.objects.filter(matter=own.matter_id, until=None))
    count = rows.count()
    if count < 2:
        return None
    others = rows.exclude(report=found.report).select_related("report", "by__person").order_by("since", "report")
    listed = [ReportMember.objects.select_related("report", "by__person").get(pk=own.pk), *others[: MOST_SHOWN - 1]]
    because = _shared([row.report_id for row in listed])
    members = tuple(Member(row.report, row.since, row.by, because.get(row.report_id, ())) for row in listed)
    return Matter(own.matter_id, members, count - len(members))


@dataclass(frozen=True, slots=True)
class Past:
    """That a report belonged to a matter with others that the reader opens, and how that ended."""

    row: ReportMember
    others: tuple[str, ...]


def past_of(found: Seen, user: User) -> list[Past]:
    """Return the matters that a report was of, the first one first, with those others that the user's own key opens."""
    if not found.is_own:
        return []
    out = []
    ended = ReportMember.objects.filter(report=found.report, until__isnull=False)
    for row in ended.select_related("by__person", "until_by__person").order_by("since", "pk"):
        rows = ReportMember.objects.filter(matter=row.matter_id, since__lte=row.until).exclude(report=found.report)
        rows = rows.filter(Q(until=None) | Q(until__gte=row.since))
        numbers = sorted(set(_members_opened(user, rows).values_list("report", flat=True)[:MOST_SHOWN]))
        if numbers:
            out.append(Past(row, tuple(f"{each:016x}" for each in numbers)))
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
def unmerge(user: User, bodies: Collection[int], number: int, *, now: datetime) -> None:
    """Take a report out of its matter; it is not proposed with the others again. A matter of one ends with it.

    Raises ReportActRefused (single: it is of none), Report.DoesNotExist.
    """
    (report,) = _chosen(user, bodies, [number], least=1)
    own = ReportMember.objects.filter(report=report, until=None).first()
    # Where he opens none of the others, the matter does not exist for him.
    if own is None or not matter_sizes(user, [number]):
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
    _part([[report.pk], rest], by=user, now=now)
    _ask_about(report.body_id, [report.pk, *rest])
    said = {"matter": f"{own.matter_id:016x}", "reports": [f"{each:016x}" for each in ending], "by": user.pk}
    ledger.append("report.unmerged", said, now=now)


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
    _part(list(sides.values()), by=user, now=now)
    _ask_about(chosen[0].body_id, [each.pk for each in chosen])
    said = {"reports": [number_of(each) for each in chosen], "by": user.pk}
    ledger.append("report.doubles_dismissed", said, now=now)


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


def forget(numbers: Collection[int]) -> None:
    """Take what is known of doubles away with reports that are erased; part of the act that erases them."""
    keys = list(
        ReportPrint.objects.filter(report__in=numbers).values_list("body", "kind", "version", "print").distinct()
    )
    for model in (ReportPrint, ReportMember, ReportApart):
        model.objects.filter(report__in=numbers).only("pk").delete()
    for body, kind, version, value in keys:
        _ask(body, [(kind, version, value)])
