"""Clippings: a public post or article is kept as it was pasted, facts are proposed, and an officer says what becomes of it.

Nothing is fetched from the net, and nothing enters by itself. What an officer adds about persons belongs in a sealed report:
of persons and offices nothing is kept here beyond the public words themselves.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from ikrar.domain import clippings, denials
from ikrar.domain.access import Scope
from ikrar.domain.circulars import LONGEST_TITLE, CircularText
from ikrar.domain.clippings import Became, Fact, Kind, Named
from ikrar.domain.days import local_day, parse_day
from ikrar.domain.errors import ClippingKnown, ClippingRefused, DomainError
from ikrar.domain.names import SIDES
from ikrar.records.models import Activity, Agency, Body, Circular, Clipping, ClippingOutcome, User, WorkUnit
from ikrar.services import activities, circulars, clock, ledger, reports, rules

_MOST_SUGGESTED = 5
_MOST_MINISTRIES = 3
_FARTHEST_BACK = timedelta(days=366 * 10)
_ERASED_AT_ONCE = 200
# What is kept of ticked facts. Persons and offices never: who is meant is said in a sealed report.
_KEPT_KINDS = frozenset(Kind) - {Kind.PERSON, Kind.OFFICE}
MOST_TITLE = 200


def zone_of(keeper: Agency | Body) -> Any:
    """Return the zone in which a keeper counts its days."""
    return keeper.zone if isinstance(keeper, Agency) else reports.zone_of_body(keeper)


def keeper_of(clipping: Clipping) -> Agency | Body:
    """Return whose a clipping is."""
    return clipping.agency if clipping.agency_id else clipping.body


def agency_of(clipping: Clipping) -> Agency | None:
    """Return for which agency it may become an activity or a circular: its own, or that of its body."""
    return clipping.agency if clipping.agency_id else clipping.body.agency


# --- keeping -----------------------------------------------------------------------------------------------------


def keep(
    keeper: Agency | Body, *, text: str, address: str, seen_at: datetime | None, by: User, now: datetime
) -> Clipping:
    """Keep what was pasted, once. `seen_at` is what its officer says; when it reached us is noted beside it.

    Raises ClippingRefused, and ClippingKnown with the first one for a text that was kept before.
    """
    kept_address = clippings.address_of(address)
    kept = clippings.checked(text, kept_address)
    zone = zone_of(keeper)
    here = clock.instant(zone, at=now)
    if seen_at is not None and not here - _FARTHEST_BACK <= seen_at <= here + timedelta(minutes=5):
        raise ClippingRefused("seen_at")
    digest = hashlib.sha256((kept or kept_address).encode("utf-8", "surrogatepass")).hexdigest()
    owner = {"agency": keeper} if isinstance(keeper, Agency) else {"body": keeper}
    try:
        with transaction.atomic(durable=True):
            clipping = Clipping.objects.create(
                **owner, text=kept, address=kept_address, digest=digest, seen_at=seen_at, pasted_at=now,
                pasted_on=local_day(here, zone), by=by,
            )  # fmt: skip
            said = {"clipping": clipping.pk, "digest": digest, **{name: each.pk for name, each in owner.items()}}
            ledger.append("clipping.kept", said | {"by": by.pk}, now=now, zone=zone)
    except IntegrityError:
        first = Clipping.objects.filter(**owner, digest=digest).first()
        if first is None:
            raise
        raise ClippingKnown(first.pk) from None
    return clipping


# --- what it may tell --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """A clipping as it is shown: its readable text, the facts that it may tell, and a mark of both and of what became of it.

    `told`: a mark of the facts alone, which stays when something becomes of the clipping. `hidden`: so many signs of the text
    are not shown. `seen_on`: the day that relative words are counted from. `units` and `agencies` are those named, by the
    value of their facts.
    """

    text: str
    facts: tuple[Fact, ...]
    hidden: int
    seen_on: date
    mark: str
    told: str
    units: Mapping[str, WorkUnit]
    agencies: Mapping[str, Agency]

    @property
    def names_people(self) -> bool:
        """Say whether somebody seems to be named in it, also where it is not sure enough to propose who."""
        named = any(each.kind in (Kind.PERSON, Kind.OFFICE) for each in self.facts)
        return named or clippings.means_somebody(self.text) or clippings.seems_named(self.text, self.facts)

    @property
    def no_days(self) -> list[str]:
        """Return what is written as a date in it and is none."""
        return clippings.no_days_in(self.text)


def propose(clipping: Clipping) -> Proposal:
    """Return the facts that a clipping may tell; nothing of them is kept."""
    keeper = keeper_of(clipping)
    zone = zone_of(keeper)
    seen_on = local_day(clipping.seen_at, zone) if clipping.seen_at else clipping.pasted_on
    text = clippings.readable(clipping.text)
    region = (keeper.region_id or "") if isinstance(keeper, Agency) else reports.region_of(keeper)
    agencies, units = _around(keeper, region, text)
    names = _named(Kind.AGENCY, agencies) + _named(Kind.UNIT, units)
    told = denials.told(text)
    facts = clippings.propose(
        text, seen_on, names=names, suggested=_suggested(clippings.for_acts(told.stated), seen_on, region),
        denied=_suggested(clippings.for_acts(told.alleged), seen_on, region) if told.denied else (),
    )  # fmt: skip
    named_units = {each.value: units[int(each.value)] for each in facts if each.kind is Kind.UNIT}
    named_agencies = {each.value: agencies[int(each.value)] for each in facts if each.kind is Kind.AGENCY}
    mark = _digest(f"{clipping.pk}/" + "|".join(f"{each.kind}/{each.value}/{each.start}" for each in facts))
    last = clipping.outcomes.aggregate(last=Max("pk"))["last"] or 0
    return Proposal(
        text, tuple(facts), clippings.hidden(clipping.text), seen_on, _digest(f"{mark}/{last}"), mark, named_units,
        named_agencies,
    )  # fmt: skip


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _named(kind: Kind, known: Mapping[int, Agency | WorkUnit]) -> list[Named]:
    return [Named(kind, str(each.pk), each.name) for each in known.values()]


def _around(keeper: Agency | Body, region: str, text: str) -> tuple[dict[int, Agency], dict[int, WorkUnit]]:
    """Return the agencies that a keeper may hear of and their open units: its own, or those of its body's region.

    A body of no region hears of every ministry, and of the units of those alone that the text names: all units of all of
    them are too many to be read through for each text.
    """
    if isinstance(keeper, Agency):
        found = Agency.objects.filter(pk=keeper.pk)
    elif keeper.agency_id:
        found = Agency.objects.filter(pk=keeper.agency_id)
    else:
        found = Agency.objects.filter(region=region) if region else Agency.objects.filter(kind=Agency.Kind.MINISTRY)
    agencies = {each.pk: each for each in found}
    near = list(agencies)
    if not region and not isinstance(keeper, Agency) and not keeper.agency_id:
        near = [int(each.value) for each in clippings.named_in(text, _named(Kind.AGENCY, agencies))][:_MOST_MINISTRIES]
    units = WorkUnit.objects.filter(agency__in=near).exclude(parent=None).open().only("pk", "name", "agency")
    return agencies, {each.pk: each for each in units}


def _suggested(text: str, day: date, region: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return acts that the words may be about. A day that the rulebook does not cover has none."""
    if not text.strip():
        return []
    try:
        return [(each.act, each.because) for each in rules.suggest(text, day, region=region)[:_MOST_SUGGESTED]]
    except DomainError:
        return []


# --- what becomes of it ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ticked:
    """What an officer ticked of the facts of a proposal, changed where he changed it: (fact, value)."""

    mark: str
    facts: tuple[tuple[Fact, str], ...] = ()

    def values(self, kind: Kind) -> list[str]:
        """Return the values of a kind, in the order of the text."""
        return [value for fact, value in self.facts if fact.kind is kind and value.strip()]

    def kept(self) -> list[dict[str, str]]:
        """Return what is kept of them."""
        return [
            {"kind": str(fact.kind), "value": value[:300], "words": fact.words[:300]}
            for fact, value in self.facts
            if fact.kind in _KEPT_KINDS
        ]


def become_activity(
    clipping: Clipping, ticked: Ticked, *, title: str, today: date, by: User, now: datetime
) -> Activity:
    """Make a draft of an activity of what was ticked: its one day, kind, place and who called it.

    Raises ClippingRefused (`reason`: day, title, gone, moved), and what activities.draft raises.
    """
    agency = agency_of(clipping)
    if not title.strip():
        raise ClippingRefused("title")
    plan = activities.Plan(
        kind=next(iter(ticked.values(Kind.ACTIVITY)), Activity.Kind.OTHER.value),
        title=title.strip()[:MOST_TITLE],
        on=_one_day(ticked),
        place=next(iter(ticked.values(Kind.PLACE)), "")[:200],
        organiser=_organiser(ticked)[:150],
        source=_source(clipping)[:300],
    )
    with transaction.atomic(durable=True):
        _claim(clipping, ticked)
        made = activities.add_draft(agency=agency, unit=None, plan=plan, today=today, by=by, now=now)
        _add(clipping, Became.ACTIVITY, ticked, made=made.pk, by=by, now=now)
    return made


def become_circular(
    clipping: Clipping, ticked: Ticked, *, title: str, today: date, by: User, now: datetime
) -> Circular:
    """Record a circular that was announced, as a draft: its number and day where they were ticked.

    Raises ClippingRefused (`reason`: day, title, gone, moved), and what circulars.create raises.
    """
    agency = agency_of(clipping)
    if not title.strip():
        raise ClippingRefused("title")
    number = next(iter(ticked.values(Kind.NUMBER)), "")[:100]
    draft = circulars.Draft(
        kind=next(iter(ticked.values(Kind.CIRCULAR)), Circular.Kind.CIRCULAR.value),
        text=CircularText.of(title.strip()[:LONGEST_TITLE], "", [], ""),
        agencies=(agency,),
        number=number,
        issued_on=_one_day(ticked) if number and ticked.values(Kind.DAY) else None,
    )
    with transaction.atomic(durable=True):
        _claim(clipping, ticked)
        made = circulars.add_draft(agency, draft, today=today, by=by, now=now)
        _add(clipping, Became.CIRCULAR, ticked, made=made.pk, by=by, now=now)
    return made


@transaction.atomic(durable=True)
def become_information(clipping: Clipping, ticked: Ticked, *, by: User, now: datetime) -> None:
    """Note that a clipping was taken to a sealed entry. Whether one was filed, and which, is not known here.

    Raises ClippingRefused (`reason`: gone, moved).
    """
    _claim(clipping, ticked)
    _add(clipping, Became.INITIAL_INFORMATION, Ticked(ticked.mark), by=by, now=now)


@transaction.atomic(durable=True)
def set_aside(clipping: Clipping, ticked: Ticked, *, note: str, by: User, now: datetime) -> None:
    """Keep a clipping with a note and nothing else. Raises ClippingRefused (`reason`: reason_missing, gone, moved)."""
    _noted(note)
    _claim(clipping, ticked)
    _add(clipping, Became.KEPT, ticked, note=note, by=by, now=now)


@transaction.atomic(durable=True)
def discard(clipping: Clipping, ticked: Ticked, *, reason: str, by: User, now: datetime) -> None:
    """Say why a clipping is of no use. Raises ClippingRefused (`reason`: reason_missing, gone, moved)."""
    _noted(reason)
    _claim(clipping, ticked)
    _add(clipping, Became.DISCARDED, Ticked(ticked.mark), note=reason, by=by, now=now)


def _noted(note: str) -> None:
    if not note.strip():
        raise ClippingRefused("reason_missing")


def _claim(clipping: Clipping, ticked: Ticked) -> None:
    """Lock a clipping inside the caller's transaction; refuse what was decided on another page than it has now."""
    Clipping.objects.select_for_update(no_key=True).get(pk=clipping.pk)
    if clipping.outcomes.filter(kind=Became.DISCARDED).exists():
        raise ClippingRefused("gone")
    if propose(clipping).mark != ticked.mark:
        raise ClippingRefused("moved")


def _add(
    clipping: Clipping,
    kind: Became,
    ticked: Ticked,
    *,
    by: User,
    now: datetime,
    note: str = "",
    made: int | None = None,
) -> None:
    zone = zone_of(keeper_of(clipping))
    is_sealed = kind is Became.INITIAL_INFORMATION  # the minute would tell which sealed entry came of it
    outcome = ClippingOutcome.objects.create(
        clipping=clipping, kind=kind.value, facts=ticked.kept(), note=note.strip()[: clippings.LONGEST_NOTE], made=made,
        at=None if is_sealed else now, on=local_day(clock.instant(zone, at=now), zone), by=by,
    )  # fmt: skip
    outcome.units.set(int(value) for value in ticked.values(Kind.UNIT))
    said = {"clipping": clipping.pk, "kind": kind.value, "made": made, "by": by.pk}
    ledger.append("clipping.taken_to_report" if is_sealed else "clipping.became", said, now=now, zone=zone)


def _one_day(ticked: Ticked) -> date:
    days = sorted(set(ticked.values(Kind.DAY)))
    if len(days) != 1:
        raise ClippingRefused("day")
    try:
        return parse_day(days[0])
    except ValueError:
        raise ClippingRefused("day") from None


def _organiser(ticked: Ticked) -> str:
    """Return who called it by the words of the text: an agency before a unit."""
    found = [fact for kind in (Kind.AGENCY, Kind.UNIT) for fact, _ in ticked.facts if fact.kind is kind]
    return found[0].words if found else ""


def _source(clipping: Clipping) -> str:
    return clippings.shown_address(clipping.address) or f"kliping {clipping.pk}"


# --- lists -------------------------------------------------------------------------------------------------------


def listed(scope: Scope, *, on: date | None = None, unit: int | None = None, became: str = "") -> QuerySet[Clipping]:
    """Return the clippings within reach, newest first: of a day on which they were pasted, about a unit, by what became of them."""
    found = Clipping.objects.within(scope).with_state().select_related("agency", "body__agency", "by")
    if on is not None:
        found = found.filter(pasted_on=on)
    if unit is not None:
        found = found.filter(pk__in=ClippingOutcome.objects.filter(units=unit).values("clipping"))
    return found.filter(became=became) if became else found


def units_of(scope: Scope) -> QuerySet[WorkUnit]:
    """Return the units that ticked facts of clippings within reach are about."""
    within = ClippingOutcome.objects.filter(clipping__in=Clipping.objects.within(scope))
    return WorkUnit.objects.filter(pk__in=within.values("units")).order_by("name")


# --- how long they are kept --------------------------------------------------------------------------------------


def kept_until(clipping: Clipping) -> date:
    """Return the day on which a clipping is erased: so long after it was pasted, or after something last became of it."""
    outcomes = list(clipping.outcomes.all())
    if not outcomes:
        return clipping.pasted_on + timedelta(days=clippings.KEPT_DAYS)
    is_discarded = outcomes[-1].kind == Became.DISCARDED
    days = clippings.DISCARDED_DAYS if is_discarded else clippings.KEPT_DAYS
    return outcomes[-1].on + timedelta(days=days)


def erase_over(today: date, now: datetime) -> int:
    """Erase clippings whose time is over, some at a time; return how many went. Their log entries stay, without the words."""
    earliest = today - timedelta(days=clippings.DISCARDED_DAYS)
    old = Clipping.objects.filter(pasted_on__lte=earliest).with_state()
    ended = [
        each.pk
        for became, days in ((Became.DISCARDED, clippings.DISCARDED_DAYS), (None, clippings.KEPT_DAYS))
        for each in _over(old, became, today - timedelta(days=days))
        if kept_until(each) <= today
    ][:_ERASED_AT_ONCE]
    if not ended:
        return 0
    with transaction.atomic(durable=True):
        rows = list(Clipping.objects.select_for_update().filter(pk__in=ended))
        gone = [each.pk for each in rows if kept_until(each) <= today]
        outcomes = ClippingOutcome.objects.filter(clipping__in=gone)
        ClippingOutcome.units.through.objects.filter(clippingoutcome__in=outcomes).delete()
        outcomes.delete()
        Clipping.objects.filter(pk__in=gone).delete()
        for pk in gone:
            ledger.append("clipping.erased", {"clipping": pk}, now=now)
    return len(gone)


def _over(old: QuerySet[Clipping], became: Became | None, pasted_by: date) -> QuerySet[Clipping]:
    of_kind = old.filter(became=became) if became else old.exclude(became=Became.DISCARDED)
    return of_kind.filter(pasted_on__lte=pasted_by).select_related("agency", "body__agency")[:_ERASED_AT_ONCE]


# --- for a sealed entry ------------------------------------------------------------------------------------------


def for_report(clipping: Clipping, places: Sequence[int], told: str) -> dict[str, Any]:
    """Return what a sealed entry begins with, for the browser that seals it: words, address, days, who seems to be meant.

    `told` is the mark of the facts among which these places were ticked. Where others are proposed by now (a unit was renamed)
    the words come without facts, rather than with facts that nobody ticked.
    """
    found = propose(clipping)
    ticked = [found.facts[place] for place in places if 0 <= place < len(found.facts)] if told == found.told else []
    keeper = keeper_of(clipping)
    zone, region = zone_of(keeper), keeper.region_id or "" if isinstance(keeper, Agency) else reports.region_of(keeper)
    agencies, units = _around(keeper, region, found.text)
    known = [each.name for each in (*agencies.values(), *units.values())]
    seen = clipping.seen_at.astimezone(zone) if clipping.seen_at else None
    by_kind = {kind: [each for each in ticked if each.kind is kind] for kind in Kind}
    return {
        "what": found.text,
        "address": shown if (shown := clippings.shown_address(clipping.address)) else "",
        # Where nobody said when it was seen, nothing is said of it but the programme's day on which it was pasted.
        "captured": f"{seen:%Y-%m-%d %H.%M} {zone.tzname(None)}" if seen else f"{found.seen_on} (hari ditempel)",
        "known_on": found.seen_on.isoformat(),
        "when": ", ".join(each.value for each in by_kind[Kind.DAY]),
        "where": ", ".join(each.value for each in by_kind[Kind.PLACE]),
        "who": [{"name": each.value, "post": ""} for each in by_kind[Kind.PERSON]]
        + [_apart(each.value, known) for each in by_kind[Kind.OFFICE]],
    }


def _apart(office: str, known: Iterable[str]) -> dict[str, str]:
    """Part a name from the post before it, where the longest name of a unit or agency ends: `Camat Guguk Panjang Contoh Belaka`.

    What goes on as a place does (Barat, Kota …) is no name.
    """
    tails = {tail for name in known for tail in (name, name.partition(" ")[2], *clippings.short_names(name)) if tail}
    ends = [
        found.end() for tail in tails if (found := re.search(rf"\b{re.escape(tail)}(?=$|\s)", office, re.IGNORECASE))
    ]
    name = office[max(ends, default=len(office)) :].strip()
    if not name or name.split()[0].lower() in _GO_ON_AS_PLACE:
        return {"name": "", "post": office}
    return {"name": name, "post": office.removesuffix(name).strip()}


_GO_ON_AS_PLACE = SIDES | {
    "dan", "kota", "kabupaten", "kab.", "kab", "provinsi", "prov.", "kecamatan", "kec.", "kelurahan", "desa", "nagari",
}  # fmt: skip
