"""The readable rulebook: every rule as it stood on a day, with its citations, its sources and how well it is known.

Nobody signs in to read it. What a page shows is computed from the files alone; of this installation it adds which
versions a legal bureau has compared with the gazette.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ikrar.domain import access, days
from ikrar.domain.acts import Act, ActVersion, Sanction, Suspension
from ikrar.domain.days import FreeDay, HolidayList
from ikrar.domain.errors import DomainError
from ikrar.domain.offices import AgencyKind, Body
from ikrar.domain.rulebook import Rulebook
from ikrar.domain.sources import Citation, InForce, Label, Source
from ikrar.domain.versions import (
    RuleKind,
    RuleVersion,
    change_days,
    holiday_ids,
)
from ikrar.records.models import Region
from ikrar.services import clock, gazette, rules
from ikrar.services.gazette import Mark, State
from ikrar.web import reasons
from ikrar.web.access import open_to_all, usable_grants

_LONGEST_SEARCH = 200

# --- the day of a page --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AsOf:
    """The day for which a page tells the law. `fault` is what somebody wrote that is no day.

    `rest` is what else the address of the page says: another day is asked for without losing it.
    """

    day: date
    today: date
    fault: str = ""
    rest: tuple[tuple[str, str], ...] = ()

    @property
    def is_other(self) -> bool:
        return self.day != self.today

    @property
    def query(self) -> str:
        """Return what a link needs, so that the next page is of the same day."""
        return f"?hari={self.day.isoformat()}" if self.is_other else ""

    @property
    def back(self) -> str:
        """Return what the address of the same page says of the programme's day."""
        return f"?{urlencode(self.rest)}" if self.rest else ""


_MOST_REST = 20


def _as_of(request: HttpRequest) -> AsOf:
    today = clock.today()
    said = [(name, value) for name, values in request.GET.lists() for value in values if name != "hari"]
    rest = tuple((name[:40], value[:_LONGEST_SEARCH]) for name, value in said[:_MOST_REST])
    if not (text := request.GET.get("hari", "").strip()):
        return AsOf(today, today, rest=rest)
    try:
        return AsOf(days.parse_day(text), today, rest=rest)
    except ValueError:
        return AsOf(today, today, text[:40], rest)


View = Callable[..., HttpResponse]


def page_of(template: str) -> Callable[[Callable[..., dict[str, Any] | HttpResponse]], View]:
    """Make a view of a function that gives what a template needs: open to all, for the day that was asked for."""

    def of(function: Callable[..., dict[str, Any] | HttpResponse]) -> View:
        @require_safe
        @open_to_all
        @wraps(function)
        def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
            as_of = _as_of(request)
            found = function(request, as_of, rules.book(), **arguments)
            if isinstance(found, HttpResponse):
                return found
            may_check = request.user.is_authenticated and access.holds(usable_grants(request), "gazette.check")
            wrong = as_of.fault or any(getattr(each, "errors", None) for each in found.values())
            context = {"as_of": as_of, "may_check": may_check, **found}
            return render(request, f"rulebook/{template}", context, status=422 if wrong else 200)

        return view

    return of


def known(mapping: Mapping[str, Any], id: str) -> Any:
    """Return what an address names, or answer that there is no such page."""
    if (found := mapping.get(id)) is None:
        raise Http404
    return found


# --- where each rule is read --------------------------------------------------------------------------------------

_PLACES: dict[RuleKind, tuple[str, bool]] = {
    RuleKind.ACT: ("rulebook-act", True),
    RuleKind.SANCTION: ("rulebook-sanctions", False),
    RuleKind.TERM: ("rulebook-term", True),
    RuleKind.INTAKE_HOURS: ("rulebook-terms", False),
    RuleKind.AUTHORITY: ("rulebook-authorities", False),
    RuleKind.AUTHORITY_RULE: ("rulebook-authorities", False),
    RuleKind.BODY: ("rulebook-bodies", False),
    RuleKind.STATEMENT: ("rulebook-statement", True),
    RuleKind.PRINCIPLE: ("rulebook-principles", False),
    RuleKind.SOURCE: ("rulebook-source", True),
}


def place_of(kind: RuleKind, id: str, query: str = "") -> str:
    """Return the address at which a rule is read: a page of its own, or its place on one."""
    if kind is RuleKind.HOLIDAYS:
        return reverse("rulebook-holidays", args=[int(id.partition("-")[0])]) + query
    if kind is RuleKind.ELECTION:
        return reverse("calendar")
    name, has_page = _PLACES[kind]
    return reverse(name, args=[id]) + query if has_page else f"{reverse(name)}{query}#{id}"


@dataclass(frozen=True)
class Line:
    """One rule in a list: its name, where it is read, and what a list says of it."""

    version: RuleVersion
    href: str
    holds: bool
    is_local: bool

    @property
    def label(self) -> str:
        """Return the name; a source goes by the name by which it is cited."""
        value = self.version.value
        name = reasons.label(self.version.label)
        if isinstance(value, Source):
            return f"{value.short}: {name}"
        if self.version.kind is RuleKind.AUTHORITY:
            return f"{name}: {reasons.label(value.offenders)}"
        return name


def line_of(version: RuleVersion, as_of: AsOf) -> Line:
    """Return a version as a list shows it."""
    holds = version.in_force.holds(as_of.day) or version.kind is RuleKind.HOLIDAYS
    place = place_of(version.kind, version.id, as_of.query)
    return Line(version, place, holds, gazette.is_local(version.kind, version.id))


@dataclass(frozen=True)
class Told:
    """What every rule has beside what it says: for the partial page about a version."""

    version: RuleVersion
    mark: Mark
    is_local: bool
    holds: bool

    @property
    def since(self) -> str:
        """Return the first day of the version as an address names it."""
        first = self.version.in_force.from_on
        return first.isoformat() if first else "-"


def told_of(kind: RuleKind, as_of: AsOf) -> dict[str, Told]:
    """Return what is told of every rule of a kind that has one version, by id."""
    shelf, marks = gazette.shelf(), gazette.marks()
    return {
        key[1]: Told(version, marks[key], gazette.is_local(kind, key[1]), version.in_force.holds(as_of.day))
        for key, version in shelf.versions.items()
        if key[0] is kind
    }


# --- the front ----------------------------------------------------------------------------------------------------


@page_of("home.html")
def home(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """Say what this is; search; lead to each kind of rule."""
    text = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    shelf = gazette.shelf()
    in_force = dict.fromkeys(RuleKind, 0)
    for version in shelf.versions.values():
        in_force[version.kind] += version.in_force.holds(as_of.day)
    found: dict[str, Any] = {"text": text}
    if text:
        lines = [line_of(version, as_of) for version in shelf.find(text)]
        forms = [(id, label) for id, label in book.forms.items() if _speaks(text, id, label)]
        found |= {"hits": lines[:60], "more": max(0, len(lines) - 60), "forms": forms}
        has_acts = forms or any(line.version.kind is RuleKind.ACT for line in lines)
        found["suggested"] = [] if has_acts else _suggested(text, as_of, book)
    changes = change_days(shelf.versions.values(), date(2017, 1, 1))
    recent = [(day, count) for day, count in changes.items() if day <= as_of.day][-6:]
    return {
        **found,
        "book": book,
        "in_force": in_force,
        "recent": [(day - timedelta(days=1), day, count) for day, count in reversed(recent)],
        "year": as_of.day.year
        if str(as_of.day.year) in _years(book)
        else max(each.year for each in book.holiday_lists),
    }


def _speaks(text: str, id: str, label: Label) -> bool:
    said = f"{id} {label.id} {label.en}".lower()
    return all(word in said for word in text.lower().split())


def _suggested(text: str, as_of: AsOf, book: Rulebook) -> list[tuple[str, Label]]:
    """Return the acts that everyday words speak of, where no act has the words themselves."""
    try:
        return [(each.act, book.acts[each.act].label) for each in rules.suggest(text, as_of.day)[:5]]
    except DomainError:
        return []


# --- acts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FormRow:
    """One form of conduct in the list: what judges it on the day."""

    id: str
    label: Label
    acts: int
    now: tuple[tuple[Act, ActVersion], ...]


@page_of("forms.html")
def forms(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """List the forms of conduct with the acts that judge them on the day."""
    rows = []
    for id, acts in book.acts_by_form.items():
        now = tuple((act, version) for act in acts if (version := act.on(as_of.day)) is not None)
        rows.append(FormRow(id, book.forms[id], len(acts), now))
    return {"rows": rows}


@dataclass(frozen=True)
class Choice:
    """A sanction that an act names, as it stood on the day it is told for."""

    sanction: Sanction
    holds: bool
    may_be_chosen: bool
    pause: Suspension | None
    meanwhile: Sanction | None
    only_for: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ActOnPage:
    """One version of an act. `choices` are told for `chosen_on`: the day of the page, or the nearest on which it held."""

    act: Act
    version: ActVersion
    told: Told
    chosen_on: date
    choices: tuple[Choice, ...]
    cites: tuple[tuple[str, tuple[Citation, ...]], ...]
    by_reading: bool = False
    bar: "Bar | None" = None


def _on_page(act: Act, version: ActVersion, as_of: AsOf, book: Rulebook, marks: Mapping[Any, Mark]) -> ActOnPage:
    rule = RuleVersion(RuleKind.ACT, act.id, act.label, version.in_force, version.confidence, version, act)
    holds = version.in_force.holds(as_of.day)
    day = _nearest(version.in_force, as_of.day)
    told = Told(rule, marks.get(rule.key, Mark(State.NOT_COMPARED)), gazette.is_local(RuleKind.ACT, act.id), holds)
    only_for = {limit.sanction: limit.who for limit in version.limits}
    choices = tuple(_choice(book.sanctions[id], day, book, only_for.get(id, frozenset())) for id in version.sanctions)
    return ActOnPage(act, version, told, day, choices, by_purpose(version.cites))


def _nearest(window: InForce, day: date) -> date:
    """Return the day itself where it held, else the nearest day on which it did."""
    if window.from_on is not None and day < window.from_on:
        return window.from_on
    return min(day, window.last_on or day)


def _choice(sanction: Sanction, day: date, book: Rulebook, only_for: frozenset[str] = frozenset()) -> Choice:
    pause = next((each for each in sanction.suspended if each.in_force.holds(day)), None)
    meanwhile = book.sanctions.get(pause.meanwhile) if pause and pause.meanwhile else None
    return Choice(sanction, sanction.in_force.holds(day), sanction.may_be_chosen(day), pause, meanwhile, only_for)


_PURPOSES = ("prohibition", "formerly", "authority", "term", "sanction", "listing", "")


def by_purpose(cites: Iterable[Citation]) -> tuple[tuple[str, tuple[Citation, ...]], ...]:
    """Group citations by what the rule takes from them."""
    groups: dict[str, list[Citation]] = {}
    for cite in cites:
        groups.setdefault(cite.purpose, []).append(cite)
    order = sorted(groups, key=lambda purpose: _PURPOSES.index(purpose) if purpose in _PURPOSES else len(_PURPOSES))
    return tuple((purpose, tuple(groups[purpose])) for purpose in order)


@page_of("form.html")
def form(request: HttpRequest, as_of: AsOf, book: Rulebook, id: str) -> dict[str, Any]:
    """Show the acts of one form of conduct on a line of time, and what each of them says."""
    acts = known(book.acts_by_form, id)
    marks = gazette.marks()
    rows = []
    for act in acts:
        for version in act.versions:
            row = _on_page(act, version, as_of, book, marks)
            rows.append(_replace(row, by_reading=book.acts[act.id].form != id))
    rows.sort(key=lambda row: row.version.in_force.from_on or date.min)
    axis = Axis.of((row.version.in_force for row in rows), as_of.day)
    rows = [_replace(row, bar=axis.bar(row.version.in_force)) for row in rows]
    return {
        "form": id,
        "label": book.forms[id],
        "rows": rows,
        "now": [row for row in rows if row.told.holds],
        "others": [row for row in rows if not row.told.holds],
        "axis": axis,
        "asked": [
            each for each in book.guidance.activities.values() if any(id in rule.forms for rule in each.judged_by)
        ],
    }


def _replace(row: ActOnPage, **values: Any) -> ActOnPage:
    return ActOnPage(**{**{name: getattr(row, name) for name in row.__dataclass_fields__}, **values})


@page_of("act.html")
def act(request: HttpRequest, as_of: AsOf, book: Rulebook, id: str) -> dict[str, Any]:
    """Show one act with all its versions."""
    found: Act = known(book.acts, id)
    marks = gazette.marks()
    rows = [_on_page(found, version, as_of, book, marks) for version in found.versions]
    return {
        "act": found,
        "form_label": book.forms[found.form],
        "also": [(form, book.forms[form], phase) for form, phase in found.also_forms],
        "perhaps": [(form, book.forms[form], phase) for form, phase in found.perhaps_forms],
        "now": [row for row in rows if row.told.holds],
        "others": [row for row in rows if not row.told.holds],
    }


# --- a line of time -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A span on the line of time, in per cent of its width; an end that is not known runs to the edge."""

    x: str
    width: str


@dataclass(frozen=True)
class Axis:
    """The years of a line of time, and where on it the day of the page stands."""

    first: date
    after: date
    marker: str

    @classmethod
    def of(cls, windows: Iterable[InForce], day: date) -> "Axis":
        known = [each for window in windows for each in (window.from_on, window.until_on) if each is not None]
        first = date(min([*known, day]).year, 1, 1)
        after = date(max([*known, day]).year + 1, 1, 1)
        return cls(first, after, _percent(day, first, after))

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    def bar(self, window: InForce) -> Bar:
        begins = _share(window.from_on or self.first, self.first, self.after)
        ends = _share(window.until_on or self.after, self.first, self.after)
        return Bar(f"{begins:.2f}%", f"{max(ends - begins, 0.5):.2f}%")


def _share(day: date, first: date, after: date) -> float:
    return 100 * (day - first).days / (after - first).days


def _percent(day: date, first: date, after: date) -> str:
    return f"{_share(day, first, after):.2f}%"


# --- sanctions, statements, sources, principles, bodies -----------------------------------------------------------


@dataclass(frozen=True)
class SanctionRow:
    sanction: Sanction
    choice: Choice
    told: Told


@page_of("sanctions.html")
def sanctions(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """List the sanctions by family, each as it stood on the day."""
    told = told_of(RuleKind.SANCTION, as_of)
    families: dict[str, list[SanctionRow]] = {}
    for each in book.sanctions.values():
        families.setdefault(each.family, []).append(SanctionRow(each, _choice(each, as_of.day, book), told[each.id]))
    return {"families": families}


@page_of("statements.html")
def statements(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """List what officials said that civil servants may or should not do."""
    told = told_of(RuleKind.STATEMENT, as_of)
    rows = [(each, told[each.id], names_of(each.regions)) for each in book.guidance.statements.values()]
    return {"rows": rows}


def names_of(codes: Sequence[str]) -> list[str]:
    """Return the names of regions; the code of one that has none."""
    names = {region.code: region.name for region in Region.objects.filter(code__in=codes)} if codes else {}
    return [names.get(code, code) for code in codes]


@page_of("statement.html")
def statement(request: HttpRequest, as_of: AsOf, book: Rulebook, id: str) -> dict[str, Any]:
    """Show one statement: who said it, when, for whom and where, and what stands against it."""
    found = known(book.guidance.statements, id)
    return {
        "statement": found,
        "told": told_of(RuleKind.STATEMENT, as_of)[id],
        "regions": names_of(found.regions),
        "elections": [book.elections[each] for each in found.elections],
        "cites": by_purpose(found.cites),
        "asked": [
            each
            for each in book.guidance.activities.values()
            if any(spoken.statement == id for spoken in each.statements)
        ],
    }


@page_of("sources.html")
def sources(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """List the instruments and speakers that rules cite."""
    rows = [line_of(each, as_of) for key, each in gazette.shelf().versions.items() if key[0] is RuleKind.SOURCE]
    return {"rows": rows}


@page_of("source.html")
def source(request: HttpRequest, as_of: AsOf, book: Rulebook, id: str) -> dict[str, Any]:
    """Show one source and the rules that cite it."""
    found = known(book.sources, id)
    citing: dict[RuleKind, list[tuple[Line, str]]] = {}
    for version in gazette.shelf().versions.values():
        places = [cite.at for cite in _cites_of(version) if cite.source == id]
        if places:
            line = line_of(version, as_of), "; ".join(dict.fromkeys(each for each in places if each))
            citing.setdefault(version.kind, []).append(line)
    return {"source": found, "told": told_of(RuleKind.SOURCE, as_of)[id], "citing": citing}


def _cites_of(version: RuleVersion) -> Iterator[Citation]:
    value = version.value
    yield from getattr(value, "cites", ())
    if isinstance(value, Body):
        for part in (*value.powers, *value.disputed):
            yield from part.cites


@page_of("principles.html")
def principles(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """List the general rules of proceedings and of choosing a sanction."""
    told = told_of(RuleKind.PRINCIPLE, as_of)
    return {"rows": [(each, told[each.id]) for each in book.principles.values()]}


@page_of("bodies.html")
def bodies(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """List the bodies outside agencies, since when each exists, and what each may do on which days."""
    told = told_of(RuleKind.BODY, as_of)
    rows = []
    for each in book.bodies.values():
        powers = [(power, power.in_force.holds(as_of.day)) for power in each.powers]
        disputed = [(dispute, dispute.in_force.holds(as_of.day)) for dispute in each.disputed]
        rows.append({
            "body": each, "told": told[each.id], "powers": powers, "disputed": disputed,
            "exists": each.exists_on(as_of.day), "successors": [book.bodies[id] for id in each.successors],
        })  # fmt: skip
    return {"rows": rows, "every_agency": frozenset(AgencyKind)}


# --- holidays -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DayRow:
    """One entry of a list of holidays; `state`: free, withdrawn, not decided yet, or not made public yet on the day."""

    entry: FreeDay
    state: str


def _years(book: Rulebook) -> list[str]:
    return sorted({str(each.year) for each in book.holiday_lists})


def _state(entry: FreeDay, days_of: HolidayList, day: date) -> str:
    if entry.withdrawn_on is not None and entry.withdrawn_on <= day:
        return "withdrawn"
    decided = entry.decided_on or days_of.decreed_on
    if decided is not None and decided > day:
        return "undecided"
    return "unknown" if entry.known_on is not None and entry.known_on > day else "free"


@page_of("holidays.html")
def holidays(request: HttpRequest, as_of: AsOf, book: Rulebook, year: int) -> dict[str, Any]:
    """Show the free days of a year, with when each was decided, made public and withdrawn."""
    lists = [(id, each) for id, each in holiday_ids(book.holiday_lists) if each.year == year]
    if not lists:
        raise Http404
    told = told_of(RuleKind.HOLIDAYS, as_of)
    parts = [
        {
            "list": each,
            "told": told[id],
            "rows": [DayRow(entry, _state(entry, each, as_of.day)) for entry in each.days],
            "regions": names_of(each.regions),
            "is_open": each.decreed and each.decreed_on is not None and each.decreed_on > as_of.day,
        }
        for id, each in lists
    ]
    return {"year": str(year), "years": _years(book), "parts": parts}


@page_of("holidays.html")
def holidays_now(request: HttpRequest, as_of: AsOf, book: Rulebook) -> HttpResponse:
    """Lead to the holidays of the year of the day, or of the last year that is known."""
    years = _years(book)
    year = str(as_of.day.year) if str(as_of.day.year) in years else years[-1]
    return redirect(reverse("rulebook-holidays", args=[int(year)]) + as_of.query)
