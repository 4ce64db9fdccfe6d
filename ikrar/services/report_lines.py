"""What an inbox knows of a report: its line, kept once for each key that opens it.

A line repeats facts that stand in clear at the report itself (docs/threats.md), and what follows from them by the rulebook:
until when it is due, and how much it lacks.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from ikrar.domain import report_states
from ikrar.domain import reports as domain
from ikrar.domain.errors import HolidaysUnknown, TermNotInForce
from ikrar.domain.reports import KIB, Requirement
from ikrar.records.models import Body, Report, ReportAct, ReportPart, ReportReader
from ikrar.services import rules

_HELD = (ReportPart.Kind.CONTENT, ReportPart.Kind.FILE)


def facts(report: Report, *, region: str, sizes: Sequence[int], found: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the values of a report's lines. `sizes`: steps (KiB) of its content and files; `found`: the requirements that an
    officer found met, where one looked.
    """
    asked = requirements(report.regime, report.received_on)
    met = report.ticks if found is None else found
    return {
        "state": report.state,
        "received_on": report.received_on,
        "channel": report.channel,
        "due_on": due_on(report, region=region),
        "named": report.has_identity,
        "lacks": sum(each.id not in met for each in asked),
        "size_step": domain.padded_size(sum(sizes) * KIB) // KIB,
    }


@lru_cache(maxsize=64)
def requirements(regime: str, on: date) -> tuple[Requirement, ...]:
    """Return what a report of a regime must have on a day."""
    return tuple(domain.requirements_on(rules.book().requirements.values(), regime, on))


def due_on(report: Report, *, region: str) -> date | None:
    """Return until when a report is due: an unnamed one may be filed formally until then, a named one has its first review.

    None: no rule knows, or the reporter gave no day.
    """
    if report.filed_on is not None:
        return _reviewed_by(report.regime, report.filed_on, report.body.kind, region)
    return last_day_to_file(report, region=region)


def last_day_to_file(report: Report, *, region: str) -> date | None:
    """Return until when a report may be filed formally, by the rules that its reporter was shown."""
    return None if report.filed_on is not None else last_day_known(report, region=region)


def last_day_known(report: Report, *, region: str) -> date | None:
    """Return until when a report could be filed formally, be it filed by now or not."""
    if report.known_on is None or not report.regime:
        return None
    return _window(report.regime, report.received_on, report.known_on, region)


@lru_cache(maxsize=4096)
def _window(regime: str, on: date, known_on: date, region: str) -> date | None:
    return min(last_days(requirements(regime, on), known_on, regime=regime, region=region).values(), default=None)


def last_days(asked: Iterable[Requirement], known_on: date, *, regime: str, region: str) -> dict[str, date]:
    """Return until when each term of what is asked lasts, by term: those alone that anybody knows."""
    found = {each.term: _last_day(each.term, known_on, regime, region) for each in asked if each.term}
    return {term: day for term, day in found.items() if day is not None}


@lru_cache(maxsize=1024)
def _reviewed_by(regime: str, filed_on: date, kind: str, region: str) -> date | None:
    term = f"{regime}-initial-review"
    if kind != Body.Kind.BAWASLU or term not in rules.book().terms:
        return None
    return _last_day(term, filed_on, regime, region)


def _last_day(term: str, start: date, regime: str, region: str) -> date | None:
    """Return until when a term lasts; None where it did not hold on that day, or the holidays of the days that it counts are not
    known (yet): what is not known keeps no report out.
    """
    try:
        end = rules.due(term, start, regime=regime, region=region).last_day
    except (TermNotInForce, HolidaysUnknown):
        return None
    return end.date() if isinstance(end, datetime) else end


def officers_ticks(report: int) -> list[str] | None:
    """Return the requirements that an officer found met at last; None: nobody looked yet."""
    last = ReportAct.objects.filter(report=report, kind=ReportAct.Kind.TICKED).order_by("-at").first()
    return None if last is None else report_states.officers_ticks(last.note, rules.book().requirements)


def renew(number: int, *, region: str) -> None:
    """Write the lines of a report anew inside the caller's transaction: it has a name now, or lacks less, or more.

    When each of its readers received it stays.
    """
    report = Report.objects.select_related("body").get(pk=number)
    sizes = list(report.parts.filter(kind__in=_HELD).values_list("size_step", flat=True))
    values = facts(report, region=region, sizes=sizes, found=officers_ticks(number))
    del values["received_on"]
    ReportReader.objects.filter(report=number).update(**values)


def for_newcomers(number: int, *, region: str) -> dict[str, Any]:
    """Return the values of a line for whoever comes to a report later."""
    report = Report.objects.select_related("body").get(pk=number)
    sizes = list(report.parts.filter(kind__in=_HELD).values_list("size_step", flat=True))
    return facts(report, region=region, sizes=sizes, found=officers_ticks(number))
