"""The part of the package's rulebook that says who decides, read once for the tests of it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ikrar import rulebook
from ikrar.domain.offices import (
    AuthoritiesDocument,
    Authority,
    AuthorityRule,
    BodiesDocument,
    Body,
    check_authorities,
    parse_authorities,
    parse_authority_rules,
    parse_bodies,
)
from ikrar.domain.sources import Checker, Source, SourcesDocument, parse_sources
from ikrar.gateways.rulebook_files import read

PACKAGED = Path(rulebook.__file__).parent
REFERENCE = PACKAGED.parents[2] / "shared" / "reference" / "law"


@dataclass(frozen=True)
class Book:
    sources: dict[str, Source]
    authorities: dict[str, Authority]
    authority_rules: dict[str, AuthorityRule]
    bodies: dict[str, Body]


@cache
def sources() -> dict[str, Source]:
    document = read(PACKAGED / "sources.yaml", SourcesDocument)
    return {each.id: each for each in parse_sources(document.data, Checker(document.file, document.line))}


def read_book(authorities: Path, bodies: Path) -> Book:
    """Read the two files as the rulebook does. Raises RulebookFault."""
    document = read(authorities, AuthoritiesDocument)
    checker = Checker(document.file, document.line, sources())
    rows = {row.id: row for row in parse_authorities(document.data, checker)}
    rules = {rule.id: rule for rule in parse_authority_rules(document.data, checker)}
    check_authorities(rows, rules, checker)
    of_bodies = read(bodies, BodiesDocument)
    found = parse_bodies(of_bodies.data, Checker(of_bodies.file, of_bodies.line, sources()))
    return Book(sources(), rows, rules, {body.id: body for body in found})


@cache
def book() -> Book:
    return read_book(PACKAGED / "authorities.yaml", PACKAGED / "bodies.yaml")
