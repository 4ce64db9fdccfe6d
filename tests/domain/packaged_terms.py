"""The packaged terms, intake hours and holidays, read file by file for tests of them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ikrar import rulebook
from ikrar.domain.days import HolidayList, HolidayListDocument, Holidays, parse_holidays
from ikrar.domain.intake import IntakeHours, parse_intake_hours
from ikrar.domain.sources import Checker, Source, SourcesDocument, parse_sources
from ikrar.domain.terms import Term, TermsDocument, parse_terms
from ikrar.gateways.rulebook_files import elections, read

PACKAGED = Path(rulebook.__file__).parent
REFERENCE = PACKAGED.parents[2] / "shared" / "reference" / "law"


@dataclass(frozen=True)
class Clocks:
    """What the files hold, by id and by year."""

    sources: dict[str, Source]
    terms: dict[str, Term]
    intake_hours: dict[str, IntakeHours]
    lists: dict[int, HolidayList]
    added: list[HolidayList]
    holidays: Holidays


@cache
def packaged() -> Clocks:
    document = read(PACKAGED / "sources.yaml", SourcesDocument)
    sources = {each.id: each for each in parse_sources(document.data, Checker(document.file, document.line))}
    terms: list[Term] = []
    intake_hours: list[IntakeHours] = []
    for path in sorted((PACKAGED / "terms").glob("*.yaml")):
        found = read(path, TermsDocument)
        checker = Checker(found.file, found.line, sources)
        terms += parse_terms(found.data, checker, elections())
        intake_hours += parse_intake_hours(found.data.get("intake_hours", []), checker, elections())
    lists = []
    for path in sorted((PACKAGED / "holidays").glob("*.yaml")):
        year = read(path, HolidayListDocument)
        lists.append(parse_holidays(year.data, Checker(year.file, year.line)))
        assert path.stem.startswith(str(lists[-1].year)) and (path.stem != str(lists[-1].year)) is lists[-1].adds
    by_id = {each.id: each for each in terms}
    assert len(by_id) == len(terms), "an id stands in two files"
    return Clocks(
        sources=sources,
        terms=by_id,
        intake_hours={each.id: each for each in intake_hours},
        lists={each.year: each for each in lists if not each.adds},
        added=[each for each in lists if each.adds],
        holidays=Holidays(tuple(lists)),
    )
