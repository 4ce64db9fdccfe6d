"""What the readable rulebook works out for its reader: a limit, who decides, what is known how well, what changed."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ikrar.domain import days, terms
from ikrar.domain.activities import Status
from ikrar.domain.acts import LEVELS, ActVersion, Standing
from ikrar.domain.authority import Answer, Conflict, Holder, Question, Role
from ikrar.domain.cases import (
    Clock,
    Procedure,
    Step,
    Target,
    actors,
    after_decision,
    given_by_others,
    main_way,
    steps_from,
)
from ikrar.domain.days import HolidayList, Leave
from ikrar.domain.elections import DETERMINES, stage_changes
from ikrar.domain.errors import DomainError, HolidaysUnknown
from ikrar.domain.intake import IntakeHours
from ikrar.domain.offices import AgencyKind, Part, Power, Seat
from ikrar.domain.rulebook import Rulebook
from ikrar.domain.sources import Confidence, Label
from ikrar.domain.terms import Computation, Count, Skipped, Term, TermReading
from ikrar.domain.versions import Change, RuleKind, RuleVersion, What, change_days, difference, plain
from ikrar.services import gazette, regions, rules
from ikrar.services.gazette import State
from ikrar.web import reasons, rule_words
from ikrar.web.access import open_to_all
from ikrar.web.forms.rulebook import AuthorityForm, DifferenceForm, TermForm
from ikrar.web.views.rulebook import AsOf, Line, by_purpose, known, line_of, names_of, page_of, told_of

# --- terms --------------------------------------------------------------------------------------------------------


@page_of("terms.html")
def term_list(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """List the time limits, and the hours in which reports are taken in."""
    told = told_of(RuleKind.TERM, as_of)
    hours = told_of(RuleKind.INTAKE_HOURS, as_of)
    return {
        "rows": [(each, told[each.id], _regime(each.regime, book)) for each in book.terms.values()],
        "intake": [(each, hours[each.id], _openings(each, book)) for each in book.intake_hours.values()],
    }


@page_of("procedures.html")
def procedures(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """Show the procedure by which matters are handled, as a way and as a table, as it held on the day."""
    held = [each for each in book.procedures.values() if each.in_force.holds(as_of.day)]
    told: dict[tuple[Any, ...], Procedure] = {}
    return {"procedures": [_told_procedure(each, book, told) for each in held]}


def _told_procedure(procedure: Procedure, book: Rulebook, told: dict[tuple[Any, ...], Procedure]) -> dict[str, Any]:
    """Return how a procedure is told. `told`: the rows that were told already, each with where; what is the same is told once."""
    after = after_decision(procedure)
    rows = {step.id: _row(procedure, step, book, after) for step in procedure.steps.values()}
    for id, row in rows.items():
        first = told.setdefault((id, row["step"].from_states, tuple(row["who"])), procedure)
        row["as_in"] = first if first is not procedure else None
    way = main_way(procedure)
    passed = [procedure.first_state, *(step.to_state for step in way)]
    beside = [id for id, state in procedure.states.items() if id not in passed and not state.outcome]

    # What leaves a case where it stands and is open in many states would be told at each of them.
    wide = {id for id, step in procedure.steps.items() if not step.to_state and len(step.from_states) > _FEW}

    def place(state: str, step: Step | None = None) -> dict[str, Any]:
        others = [rows[each.id] for each in steps_from(procedure, state) if each is not step and each.id not in wide]
        return {"state": procedure.states[state], "on": rows[step.id] if step else None, "others": others}

    return {
        "procedure": procedure,
        "opens": [
            (procedure.targets.get(each.id) or book.terms[each.id], _whose(procedure, each, book))
            for each in procedure.starts
        ],
        "rows": rows.values(),
        "way": [place(state, step) for state, step in zip_longest(passed, way)],
        "beside": [place(state) for state in beside],
        "wide": [row for id, row in rows.items() if id in wide],
        "ends": [state for id, state in procedure.states.items() if state.outcome and id not in passed],
    }


_FEW = 2


def _row(procedure: Procedure, step: Step, book: Rulebook, after: Collection[str]) -> dict[str, Any]:
    def clocks(ids: Iterable[str]) -> list[Term | Target]:
        return [procedure.targets.get(id) or book.terms[id] for id in ids]

    return {
        "step": step,
        "from": [procedure.states[each] for each in step.from_states],
        "to": procedure.states[step.to_state] if step.to_state else None,
        "who": [rule_words.actor(each) for each in actors(procedure, step, after)],
        "requires": [procedure.facts[each] for each in (*step.requires, *step.working_days)],
        "conditions": [
            (procedure.facts[fact], [procedure.facts[each] for each in needed]) for fact, needed in step.conditions
        ],
        "first": given_by_others(procedure, step, step.requires),
        "first_if": [
            (procedure.facts[fact], first)
            for fact, needed in step.conditions
            if (first := given_by_others(procedure, step, needed))
        ],
        "starts": [
            (clock, _whose(procedure, each, book))
            for clock, each in zip(clocks(each.id for each in step.starts), step.starts, strict=True)
        ],
        "stops": clocks(step.stops),
        "pauses": clocks(step.pauses),
    }


def _whose(procedure: Procedure, clock: Clock, book: Rulebook) -> str:
    """Say for whom a clock starts, and where alone it does."""
    owner = rule_words.runs_for(clock, book.terms)
    return f"{owner}, {_('bila')} {reasons.label(procedure.facts[clock.if_fact])}" if clock.if_fact else owner


# The field that a refusal is about, by the name of the fact that it names, or by its code.
_FIELDS = {
    "post_level": "jenjang", "agency_kind": "instansi", "employment": "status", "level": "tingkat",
    "region_unknown": "wilayah", "term_regime_wrong": "pemilihan", "term_start_wrong": "mulai",
    "term_not_in_force": "mulai",
}  # fmt: skip


def _about(error: DomainError) -> str:
    return str(error.details().get("fact", error.code))


def _regime(word: str, book: Rulebook) -> str:
    return reasons.label(book.elections[word].label) if word in book.elections else rule_words.word("regime", word)


def _openings(hours: IntakeHours, book: Rulebook) -> list[tuple[str, str]]:
    names = {stage.id: stage.label for election in book.elections.values() for stage in election.stages}
    rows = []
    for opening in hours.openings:
        if opening.stage is not None:
            stage = reasons.label(names[opening.stage]) if opening.stage in names else opening.stage
            when = _("selama tahapan %(stage)s") % {"stage": stage}
        else:
            when = ", ".join(rule_words.word("weekday", each) for each in sorted(opening.weekdays))
        rows.append((when, f"{_clock(opening.from_minute)}–{_clock(opening.until_minute)}"))
    return rows


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}.{minutes % 60:02d}"


@dataclass(frozen=True)
class Cell:
    """One day of a counted calendar. `state`: start, counted, skipped, last, or nothing; `n` its number in the count."""

    day: date
    state: str = ""
    n: int = 0
    why: str = ""


@dataclass(frozen=True)
class Counted:
    """A computed limit, told: the day, what is left, how it was counted day by day, and the other readings.

    `known_then`: the day by the holidays that were public on the day of the page; None: not to be counted on it.
    `taken_in`: until when a desk takes in what must be done. `elsewhere`: days that are free in other regions, and where.
    """

    computation: Computation
    shown: str
    others: tuple[tuple[str, TermReading], ...]
    taken_in: str
    elsewhere: tuple[tuple[date, str, str], ...]
    left: str
    months: tuple[tuple[date, tuple[tuple[Cell | None, ...], ...]], ...]
    steps: tuple[date, ...]
    skipped: tuple[tuple[date, str], ...]
    known_then: date | None


@page_of("term.html")
def term(request: HttpRequest, as_of: AsOf, book: Rulebook, id: str) -> dict[str, Any]:
    """Show one time limit, and count it from a day that the reader gives."""
    found: Term = known(book.terms, id)
    elections = [(each.id, reasons.label(each.label)) for each in book.elections.values() if found.fits(each)]
    asked = TermForm(request.GET if "mulai" in request.GET else None, term=found, elections=elections[::-1])
    counted = None
    if asked.is_valid():
        try:
            counted = _count(found, asked.cleaned_data, as_of, book)
        except DomainError as error:
            asked.add_error(_FIELDS.get(_about(error)), reasons.refusal(error))
    extends = book.terms.get(found.extends) if found.extends else None
    return {
        "term": found,
        "told": told_of(RuleKind.TERM, as_of)[id],
        "regime": _regime(found.regime, book),
        "cites": by_purpose(found.cites),
        "at_most": rule_words.amount(found.at_most.length, found.at_most.count) if found.at_most else "",
        "alternatives": [
            (rule_words.amount(each.length, each.count, certain=each.count_certain), each)
            for each in found.alternatives
        ],
        "extends": extends,
        "intake": book.intake_hours.get(found.intake or ""),
        "form": asked,
        "counted": counted,
    }


def _count(found: Term, given: Mapping[str, Any], as_of: AsOf, book: Rulebook) -> Counted:
    """Count a term by the list of holidays after all changes, and say where the list of the day gives another day."""
    region = given["wilayah"]
    holidays = book.holidays
    if region:
        regions.get(region)
        holidays = holidays.in_region(region)
    computation = rules.due(found.id, given["mulai"], regime=given["pemilihan"], region=region)
    shown, *others = computation.readings
    try:
        known_then: date | None = terms.last_day(found, given["mulai"], holidays.as_known(as_of.day))
    except HolidaysUnknown:
        known_then = None
    months = _months(computation)
    return Counted(
        computation=computation,
        shown=reasons.reading(shown),
        others=tuple((reasons.reading(each), each) for each in others),
        taken_in=reasons.taken_in(computation),
        elsewhere=tuple(
            (each.entry.day, reasons.label(each.entry.label), ", ".join(names_of(each.regions)))
            for each in computation.elsewhere
        ),
        left=_left(computation, as_of.day, holidays),
        months=months,
        steps=() if months else computation.counted,
        skipped=tuple((each.day, reasons.skipped(each)) for each in computation.skipped),
        known_then=known_then,
    )


def _left(computation: Computation, today: date, holidays: days.Holidays) -> str:
    """Say how much is left of a limit, in what it is counted in; nothing where it has not begun, or the year is not known."""
    last = computation.last_day
    last_day = last.date() if isinstance(last, datetime) else last
    start = computation.start.date() if isinstance(computation.start, datetime) else computation.start
    if today > last_day:
        return _("sudah lewat")
    if today == last_day:
        return _("hari ini")
    if today < start < last_day:
        return ""
    way = computation.readings[0].way
    if way.count is Count.WORKING_DAYS:
        after = last_day + timedelta(days=1)
        try:
            left = holidays.working_days_between(today + timedelta(days=1), after, way.leave or Leave.FREE)
        except HolidaysUnknown:
            return ""
        return _("sisa %(amount)s") % {"amount": rule_words.amount(left, Count.WORKING_DAYS)}
    return _("sisa %(amount)s") % {"amount": rule_words.amount((last_day - today).days, Count.CALENDAR_DAYS)}


_MOST_MONTHS = 14


def _months(computation: Computation) -> tuple[tuple[date, tuple[tuple[Cell | None, ...], ...]], ...]:
    """Return the months of a count in days, week by week; none for hours, months and years, whose steps are few."""
    if computation.readings[0].way.count not in (Count.WORKING_DAYS, Count.CALENDAR_DAYS):
        return ()
    numbers = {day: n for n, day in enumerate(computation.counted, 1)}
    skipped = {each.day: each for each in computation.skipped}
    span = sorted((computation.start, computation.last_day))
    first, last = span[0].replace(day=1), span[1]
    found = []
    while first <= last and len(found) < _MOST_MONTHS:
        following = (first + timedelta(days=32)).replace(day=1)
        cells: list[Cell | None] = [None] * first.weekday()
        cells += [
            _cell(first + timedelta(days=n), computation, numbers, skipped) for n in range((following - first).days)
        ]
        cells += [None] * (-len(cells) % 7)
        weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
        found.append((first, weeks))
        first = following
    return tuple(found)


def _cell(day: date, computation: Computation, numbers: Mapping[date, int], skipped: Mapping[date, Skipped]) -> Cell:
    if day == computation.start:
        return Cell(day, "start")
    if day in skipped:
        return Cell(day, "skipped", why=reasons.skipped(skipped[day]))
    if day in numbers:
        return Cell(day, "last" if day == computation.last_day else "counted", numbers[day])
    return Cell(day, "last" if day == computation.last_day else "")


# --- authorities --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoleLine:
    """Who does one thing around a decision: what it is, who, and the sentence that says why."""

    what: str
    role: Role
    name: str
    says: str


@dataclass(frozen=True)
class Decided:
    """An answer of the resolver, in words."""

    answer: Answer
    name: str
    says: tuple[str, ...]
    asks: tuple[str, ...]
    passed: tuple[str, ...]
    roles: tuple[RoleLine, ...]
    team: str
    members: tuple[str, ...]
    others: tuple[str, ...]


@page_of("authorities.html")
def authorities(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """Say who decides for a person, a sanction and a day; list the rows and rules by which that is found."""
    start = {"hari": as_of.day, "status": "pns", "jenjang": "administrator", "instansi": "regency", "tingkat": "severe"}
    asked = AuthorityForm(request.GET if "tingkat" in request.GET else None, initial=start)
    decided = None
    if asked.is_valid():
        try:
            decided = _decided(rules.decide(_question(asked.cleaned_data)), book)
        except DomainError as error:
            asked.add_error(_FIELDS.get(_about(error)), reasons.refusal(error))
    told, rule_told = told_of(RuleKind.AUTHORITY, as_of), told_of(RuleKind.AUTHORITY_RULE, as_of)
    parts: dict[Part, list[Any]] = {}
    for row in book.authorities.values():
        parts.setdefault(row.part, []).append((row, told[row.id], [_power(power) for power in row.powers]))
    return {
        "form": asked,
        "decided": decided,
        "parts": parts,
        "rules": [(each, rule_told[each.id]) for each in book.authority_rules.values()],
        "every_agency": frozenset(AgencyKind),
    }


def _power(power: Power) -> str:
    """Tell what a row allows: of whom, at which levels."""
    levels = [
        rule_words.word("power_level", each) if each == "any" else reasons.word("level", each)
        for each in sorted(power.levels, key=("any", *LEVELS).index)
    ]
    parts = [reasons.word("post_level", each) for each in sorted(power.posts)]
    if power.below is not None:
        said = ngettext("%(n)s tingkat di bawahnya", "%(n)s tingkat di bawahnya", power.below)
        parts.append(said % {"n": power.below})
    if power.when:
        parts.append(reasons.word("circumstance_of_power", power.when))
    said = ", ".join(levels)
    if dismissal := rule_words.word("dismissal", power.dismissal):
        said = f"{said} ({dismissal})"
    return f"{', '.join(parts)}: {said}" if parts else said


def _question(given: Mapping[str, Any]) -> Question:
    holders = []
    if given["pemangku"] == "vacant":
        holders.append(Holder(vacant=True))
    elif given["pemangku"]:
        holders.append(Holder(capacity=given["pemangku"]))
    return Question(
        level=given["tingkat"],
        day=given["hari"],
        post_level=given["jenjang"],
        agency_kind=given["instansi"],
        employment=given["status"],
        dismissal={"ya": True, "tidak": False}.get(given["pemberhentian"]),
        superior_level=given["atasan"],
        holders=tuple(holders),
        conflicts=tuple(Conflict(why) for why in given["benturan"]),
    )


def _decided(answer: Answer, book: Rulebook) -> Decided:
    asks, told = set(answer.asks), {each.reason for each in answer.told}
    roles = [
        (_("Memeriksa"), answer.examiner),
        (_("Memberi rekomendasi"), answer.recommender),
        (_("Meneruskan temuan"), answer.finder),
        (_("Membentuk tim pemeriksa"), answer.team.formed_by if answer.team else None),
        (_("Membentuk majelis kode etik"), answer.council.formed_by if answer.council else None),
        (_("Menerima keberatan"), answer.objection),
        (_("Memutus banding"), answer.appeal),
        *((_("Perlu diberi tahu"), each) for each in answer.told),
    ]
    capacity = f", {reasons.word('capacity', answer.capacity)}" if answer.capacity else ""
    shown = answer.office or answer.label
    return Decided(
        answer=answer,
        name=f"{reasons.label(shown)}{capacity}" if shown and answer.is_known else "",
        says=tuple(reasons.sentence(book, each) for each in answer.reasons if each not in asks and each not in told),
        asks=tuple(reasons.sentence(book, each) for each in answer.reasons if each in asks),
        passed=tuple(reasons.passed_over(book, each) for each in answer.passed_over),
        roles=tuple(
            RoleLine(what, each, reasons.label(each.name) if each.name else "", reasons.sentence(book, each.reason))
            for what, each in roles
            if each is not None
        ),
        team=reasons.sentence(book, answer.team.reason) if answer.team else "",
        members=tuple(reasons.label(each) for each in answer.team.members) if answer.team else (),
        others=tuple(reasons.sentence(book, each.reason) for each in answer.also),
    )


# --- coverage -----------------------------------------------------------------------------------------------------


@dataclass
class Covered:
    """One kind of rule: how many versions are known how well, and how many were compared with the gazette."""

    kind: RuleKind
    known: dict[Confidence, int] = field(default_factory=lambda: dict.fromkeys(Confidence, 0))
    marked: dict[State, int] = field(default_factory=lambda: dict.fromkeys(State, 0))

    @property
    def total(self) -> int:
        return sum(self.known.values())

    @property
    def cells(self) -> tuple[int, ...]:
        compared = (self.marked[State.COMPARED], self.marked[State.CHANGED])
        return (self.total, *(self.known[each] for each in Confidence), *compared)


@page_of("coverage.html")
def coverage(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """Count what is encoded, how well it is known and what was compared; name what is uncertain, disputed or missing."""
    marks = gazette.marks()
    rows = {kind: Covered(kind) for kind in RuleKind}
    articles = {name: dict.fromkeys(Confidence, 0) for name in ("breach_confidence", "sanction_confidence")}
    uncertain: dict[RuleKind, list[Line]] = {}
    for key, version in gazette.shelf().versions.items():
        rows[version.kind].known[version.confidence] += 1
        rows[version.kind].marked[marks[key].state] += 1
        if version.kind is RuleKind.ACT:
            for name, counted in articles.items():
                counted[getattr(version.value, name)] += 1
        if version.confidence is Confidence.UNCERTAIN and not _is_missing(version):
            uncertain.setdefault(version.kind, []).append(line_of(version, as_of))
    shelf = gazette.shelf().versions.values()
    return {
        "rows": [row for row in rows.values() if row.total],
        "totals": [sum(column) for column in zip(*(row.cells for row in rows.values()), strict=True)],
        "articles": [tuple(counted.values()) for counted in articles.values()],
        "uncertain": uncertain,
        "disputed": [line_of(each, as_of) for each in shelf if _is_disputed(each)],
        "missing": [line_of(each, as_of) for each in shelf if _is_missing(each)],
    }


def _is_missing(version: RuleVersion) -> bool:
    """Say whether it is known that something is to come, or decided elsewhere, and not what."""
    value = version.value
    if isinstance(value, HolidayList):
        return not value.decreed
    return getattr(value, "exists", ...) is None or getattr(value, "seat", None) is Seat.NOT_KNOWN


def _is_disputed(version: RuleVersion) -> bool:
    """Say whether the rulebook carries more than one reading of it."""
    value = version.value
    if isinstance(value, ActVersion):
        return bool(value.readings) or value.standing in (Standing.CONTESTED, Standing.REVIEW)
    if isinstance(value, Term):
        return value.disputed or bool(value.alternatives) or not value.count_certain or value.also_read_as is not None
    if version.kind is RuleKind.BODY:
        return bool(value.disputed)
    return getattr(value, "status", None) is Status.CONTESTED


# --- a difference -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChangeLine:
    """One change as a list shows it."""

    change: Change
    line: Line
    details: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]


@dataclass
class ChangeGroup:
    """The changes of one form of conduct, or of one kind of rule, by what happened."""

    label: str
    href: str = ""
    lines: dict[What, list[ChangeLine]] = field(default_factory=dict)

    def add(self, line: ChangeLine) -> None:
        self.lines.setdefault(line.change.what, []).append(line)

    @property
    def in_order(self) -> list[tuple[What, list[ChangeLine]]]:
        return [
            (what, self.lines[what])
            for what in (What.ENDED, What.BEGAN, What.CHANGED, What.PASSED)
            if what in self.lines
        ]


_MOST_STAGES = 40


@page_of("difference.html")
def difference_page(request: HttpRequest, as_of: AsOf, book: Rulebook) -> dict[str, Any]:
    """Tell what began, ended or changed between two days: of the rules, and of the elections that they look at."""
    shelf = gazette.shelf()
    given = request.GET if "dari" in request.GET or "sampai" in request.GET else None
    asked = DifferenceForm(given, initial={"sampai": as_of.day})
    found: dict[str, Any] = {}
    if asked.is_valid():
        first, second = asked.cleaned_data["dari"], asked.cleaned_data["sampai"]
        of_day = AsOf(second, as_of.today)
        changes = difference(shelf.versions.values(), first, second)
        kinds: dict[RuleKind, dict[str, ChangeGroup]] = {}
        for change in changes:
            line = ChangeLine(change, line_of(change.version, of_day), tuple(_in_words(change, book)))
            groups = kinds.setdefault(change.kind, {})
            groups.setdefault(*_group(change, book, of_day)).add(line)
        counted = [(what, sum(each.what is what for each in changes)) for what in What]
        stages = stage_changes(book.elections.values(), first, second)
        found = {
            "first": first, "second": second, "kinds": {kind: list(groups.values()) for kind, groups in kinds.items()},
            "counted": [(what, count) for what, count in counted if count], "changes": len(changes),
            "stages": stages[:_MOST_STAGES], "more_stages": max(0, len(stages) - _MOST_STAGES),
            "determines": any(each.what == DETERMINES for each in stages),
        }  # fmt: skip
    changes_on = change_days(shelf.versions.values(), date(2017, 1, 1))
    steps = [(day - timedelta(days=1), day, count) for day, count in changes_on.items()]
    return {"form": asked, "steps": steps[::-1], **found}


def _group(change: Change, book: Rulebook, of_day: AsOf) -> tuple[str, ChangeGroup]:
    """Put what changed of acts together by form of conduct: what ended and what came in its place stand side by side."""
    if change.kind is RuleKind.ACT:
        act_of = change.version.act
        assert act_of is not None
        place = reverse("rulebook-form", args=[act_of.form]) + of_day.query
        return act_of.form, ChangeGroup(reasons.label(book.forms[act_of.form]), place)
    return "", ChangeGroup("")


def _in_words(change: Change, book: Rulebook) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    for detail in change.details:

        def said(value: str | Label, name: str = detail.name) -> str:
            if isinstance(value, Label):
                return reasons.label(value)
            if name in rule_words.DETAIL_WORDS:
                return reasons.word(rule_words.DETAIL_WORDS[name], value)
            if name == "sanctions":
                return reasons.label(book.sanctions[value].label)
            return rule_words.day(date.fromisoformat(value)) if name == "days" else value

        yield rule_words.word("detail", detail.name), tuple(map(said, detail.before)), tuple(map(said, detail.after))


# --- everything as a file -----------------------------------------------------------------------------------------


@require_safe
@open_to_all
def data(request: HttpRequest) -> HttpResponse:
    """Give the whole rulebook as one file of JSON, written while it is sent."""
    book = rules.book()
    response = StreamingHttpResponse(_json_of(book), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ikrar-aturan-{book.digest[:12]}.json"'
    response["ETag"] = f'"{book.digest}"'
    return response


_NOTE = {
    "id": "Disusun dari sumber sekunder; bandingkan dengan naskah resmi sebelum dipakai memutus perkara. until_on adalah hari"
    " pertama aturan tidak lagi berlaku.",
    "en": "Compiled from secondary sources; compare with the official text before it decides a case. until_on is the first"
    " day on which a rule no longer holds.",
}  # fmt: skip


def _json_of(book: Rulebook) -> Iterator[str]:
    head = {"rulebook": book.digest, "licence": "EUPL-1.2", "note": _NOTE}
    yield json.dumps(head, ensure_ascii=False)[:-1]
    guidance = book.guidance
    parts: tuple[tuple[str, Any], ...] = (
        ("sources", book.sources.values()), ("forms", book.forms), ("acts", book.acts.values()),
        ("sanctions", book.sanctions.values()), ("principles", book.principles.values()),
        ("terms", book.terms.values()), ("intake_hours", book.intake_hours.values()), ("holidays", book.holiday_lists),
        ("authorities", book.authorities.values()), ("authority_rules", book.authority_rules.values()),
        ("bodies", book.bodies.values()), ("elections", book.elections.values()),
        ("statements", guidance.statements.values()), ("pledge", guidance.pledge),
        ("circumstances", guidance.circumstances.values()), ("conducts", guidance.conducts.values()),
        ("themes", guidance.themes), ("activities", guidance.activities.values()),
    )  # fmt: skip
    for name, part in parts:
        yield f',\n"{name}": '
        if isinstance(part, Mapping) or not isinstance(part, Iterable):
            yield json.dumps(plain(part, leave_out=_HEARING), ensure_ascii=False)
            continue
        before = "[\n"
        for each in part:
            yield before + json.dumps(plain(each, leave_out=_HEARING), ensure_ascii=False, separators=(",", ":"))
            before = ",\n"
        yield "]" if before != "[\n" else "[]"
    yield "}\n"


# By which words a question is heard tells nothing of the law, and is half of the rulebook.
_HEARING = frozenset({"heard_as"})
