"""The rulebook's files, read strictly: a key means one thing, a thing is said once, a fault has its file and line.

Reading a few hundred files of YAML takes seconds. What was read and checked is kept as one file of JSON under the digest
of the files it was made from, and read instead of them as long as they are the same. It carries a seal of itself: what
somebody wrote into it is thrown away, and the files are read anew.
"""

import contextlib
import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ikrar import rulebook as package
from ikrar.domain import persons
from ikrar.domain.activities import ActivitiesDocument, GuidanceFiles, StatementsDocument
from ikrar.domain.acts import (
    Act,
    ActDocument,
    FormsDocument,
    Sanction,
    SanctionsDocument,
    check_forms,
    check_sanctions,
    parse_act,
    parse_forms,
    parse_sanctions,
)
from ikrar.domain.cases import ProceduresDocument, parse_procedures
from ikrar.domain.contents import KINDS as LISTED
from ikrar.domain.contents import ContentsDocument, check_contents, check_one_after_another
from ikrar.domain.days import HolidayList, HolidayListDocument, parse_holidays
from ikrar.domain.elections import Election, ElectionDocument, parse
from ikrar.domain.errors import RulebookFault
from ikrar.domain.intake import parse_intake_hours
from ikrar.domain.lexicon import LexiconDocument
from ikrar.domain.offices import (
    AuthoritiesDocument,
    BodiesDocument,
    Body,
    check_authorities,
    parse_authorities,
    parse_authority_rules,
    parse_bodies,
)
from ikrar.domain.principles import PrinciplesDocument, parse_principles
from ikrar.domain.reports import RequirementsDocument, parse_requirements
from ikrar.domain.rulebook import Rulebook
from ikrar.domain.sources import Source, SourcesDocument, parse_sources
from ikrar.domain.terms import TermsDocument, parse_terms
from ikrar.gateways.strict_yaml import Document, read

logger = logging.getLogger(__name__)

_PACKAGED = Path(package.__file__).parent
# What may stand in a rulebook: a folder of files, or one file, of each name, and the form of its files.
KINDS: dict[str, type] = {
    "sources": SourcesDocument,
    "elections": ElectionDocument,
    "forms": FormsDocument,
    "sanctions": SanctionsDocument,
    "acts": ActDocument,
    "principles": PrinciplesDocument,
    "terms": TermsDocument,
    "requirements": RequirementsDocument,
    "holidays": HolidayListDocument,
    "authorities": AuthoritiesDocument,
    "bodies": BodiesDocument,
    "lexicon": LexiconDocument,
    "statements": StatementsDocument,
    "activities": ActivitiesDocument,
    "contents": ContentsDocument,
    "procedures": ProceduresDocument,
}


# A file with one of these endings looks like rules.
_LIKE_RULES = (".yaml", ".yml", ".json")
_KEPT = "_kept"


@cache
def elections() -> dict[str, Election]:
    """Return the elections of the package and of the local folder by id, by day of voting. Raises RulebookFault.

    Read once a process. The local folder (IKRAR_LOCAL_RULES) has the folders of the package's rulebook, each only
    where it has something to add.
    """
    _refuse_strays()
    return _elections(_documents("elections"))


@cache
def rulebook() -> Rulebook:
    """Return the whole rulebook, of the package and the local folder, checked. Read once a process. Raises RulebookFault."""
    _refuse_strays()
    if kept := _kept():
        # Another version of the program may have kept the same files in a form that this one does not know.
        with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError, RulebookFault):
            return together({kind: _from_kept(kept, kind) for kind in KINDS})
    return _read_and_kept()


def _read_and_kept() -> Rulebook:
    book = together({kind: list(_documents(kind)) for kind in KINDS})
    _keep()
    return book


def check() -> Rulebook:
    """Read the files themselves, whatever was kept of them, and keep what was read. Raises RulebookFault."""
    _refuse_strays()
    return _read_and_kept()


@cache
def local_rules() -> frozenset[tuple[str, str]]:
    """Return what the local folder adds: the kind of each rule (a word of domain.versions.RuleKind) and its id."""
    local = os.environ.get("IKRAR_LOCAL_RULES")
    if not local:
        return frozenset()
    found: set[tuple[str, str]] = set()
    lists_that_add: dict[int, int] = {}
    for kind in KINDS:
        for document in _documents(kind):
            if kind == "holidays":
                # A list that adds to a year goes by its number among all of that year: see versions.holiday_ids.
                name = str(year := document.data["year"])
                if document.data.get("adds"):
                    lists_that_add[year] = lists_that_add.get(year, 0) + 1
                    name = f"{year}-plus-{lists_that_add[year]}"
                names: Iterable[tuple[str, str]] = [(kind, name)]
            else:
                names = named_in(kind, document.data)
            if Path(document.file).is_relative_to(local):
                found.update(names)
    return frozenset(found)


def named_in(kind: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name the rules of one file."""
    if kind in ID_OF_FILE:
        rule, key = ID_OF_FILE[kind]
        yield rule, str(data[key])
    for part, key, rule in _IDS_IN_FILE.get(kind, ()):
        for each in data.get(part, ()):
            yield rule, each[key]


ID_OF_FILE = {"acts": ("act", "act"), "elections": ("election", "id")}
_IDS_IN_FILE = {
    "sources": (("sources", "source", "source"),),
    "forms": (("forms", "form", "form"),),
    "sanctions": (("sanctions", "sanction", "sanction"),),
    "principles": (("principles", "principle", "principle"),),
    "terms": (("terms", "term", "term"), ("intake_hours", "intake_hours", "intake_hours")),
    "requirements": (("requirements", "requirement", "requirement"),),
    "authorities": (("authorities", "authority", "authority"), ("rules", "rule", "authority_rule")),
    "bodies": (("bodies", "body", "body"),),
    "statements": (("statements", "statement", "statement"),),
    "procedures": (("procedures", "procedure", "procedure"), ("steps", "step", "step")),
}


def forget() -> None:
    """Read everything anew when it is asked for next: the files or the local folder are others now."""
    for kept in (elections, rulebook, digest, local_rules, folders, _documents):
        kept.cache_clear()


# --- from documents to the rulebook ------------------------------------------------------------------------------

Documents = Mapping[str, list[Document[Any]]]


def together(documents: Documents) -> Rulebook:
    sources: dict[str, Source] = {}
    for document in documents["sources"]:
        _add(sources, ((each.id, each) for each in parse_sources(document.data, document.checker())), document)

    def parts(kind: str, parser: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for document in documents[kind]:
            _add(found, ((each.id, each) for each in parser(document.data, document.checker(sources))), document)
        return found

    found_elections = _elections(documents["elections"])
    forms: dict[str, Any] = {}
    for document in documents["forms"]:
        _add(forms, parse_forms(document.data, document.checker()).items(), document)
    sanctions = parts("sanctions", parse_sanctions)
    rows, rules = parts("authorities", parse_authorities), parts("authorities", parse_authority_rules)
    if documents["authorities"]:
        # What is wrong with all of them together came with the last.
        check_authorities(rows, rules, documents["authorities"][-1].checker())
    bodies: dict[str, Body] = {}
    for document in documents["bodies"]:
        found_bodies = parse_bodies(document.data, document.checker(sources), bodies.values())
        _add(bodies, ((each.id, each) for each in found_bodies), document)
    guidance = GuidanceFiles(forms, found_elections)
    for document in documents["lexicon"]:
        guidance.add_lexicon(document.data, document.checker(sources))
    for document in documents["statements"]:
        guidance.add_statements(document.data, document.checker(sources))
    for document in documents["activities"]:
        guidance.add_activities(document.data, document.checker(sources))
    terms = parts("terms", lambda data, checker: parse_terms(data, checker, found_elections))
    book = Rulebook(
        digest=digest(),
        sources=sources,
        elections=found_elections,
        forms=forms,
        acts=_acts(documents["acts"], forms, sanctions, sources),
        sanctions=sanctions,
        principles=parts("principles", parse_principles),
        terms=terms,
        intake_hours=parts(
            "terms", lambda data, checker: parse_intake_hours(data.get("intake_hours", []), checker, found_elections)
        ),
        requirements=parts("requirements", lambda data, checker: parse_requirements(data, checker, terms)),
        holiday_lists=_holidays(documents["holidays"]),
        authorities=rows,
        authority_rules=rules,
        bodies=bodies,
        guidance=guidance.together(),
        procedures=parts("procedures", lambda data, checker: parse_procedures(data, checker, terms)),
    )
    _check_citations(documents, sources)
    _check_contents(documents, book)
    return book


def _check_citations(documents: Documents, sources: Mapping[str, Source]) -> None:
    """Hold every citation against the days of its rule and of its source."""
    for document, place, dates, cites in _dated(documents):
        checker = document.checker(sources)
        checker.cited_on_its_days(checker.in_force(dates, *place, "in_force"), cites, *place)


_Dated = tuple[Document[Any], tuple[str | int, ...], Any, Any]


def _dated(documents: Documents) -> Iterator[_Dated]:
    """Yield every part of a file that has days and citations: file, place, days, citations."""
    for kind, part in (
        ("acts", "versions"),
        *((kind, part) for kind, parts in _IDS_IN_FILE.items() for part, *_ in parts),
    ):
        for document in documents[kind]:
            for index, each in enumerate(document.data.get(part, ())):
                if "in_force" in each and "cites" in each:
                    yield document, (part, index), each["in_force"], each["cites"]
                for number, power in enumerate(each.get("powers", ()) if kind == "bodies" else ()):
                    yield document, (part, index, "powers", number), power["in_force"], power["cites"]


def _check_contents(documents: Documents, book: Rulebook) -> None:
    held: dict[str, Any] = {kind: getattr(book, kind) for kind in LISTED if kind != "statements"}
    held |= {"statements": book.guidance.statements, "holidays": {each.year for each in book.holiday_lists}}
    of_acts = {document.data["act"]: document.checker() for document in documents["acts"]}
    for document in documents["contents"]:
        check_contents(document.data, held, document.checker())
        check_one_after_another(document.data, book.acts, of_acts, document.checker())


def _add(found: dict[str, Any], more: Iterable[tuple[str, Any]], document: Document[Any]) -> None:
    """Add the parts of one file; what another file says already is a fault."""
    for id, part in more:
        if id in found:
            raise RulebookFault(document.file, document.line(()), f"{id} is given in another file already")
        found[id] = part


def _named(document: Document[Any], key: str, name: str) -> None:
    if Path(document.file).stem != name:
        raise RulebookFault(document.file, document.line((key,)), f"the file is not named {name}.yaml")


def _elections(documents: Iterable[Document[ElectionDocument]]) -> dict[str, Election]:
    by_id: dict[str, Document[ElectionDocument]] = {}
    found = []
    for document in documents:
        election = parse(document.data, document.checker())
        _named(document, "id", election.id)
        if other := by_id.get(election.id):
            raise RulebookFault(
                document.file, document.line(("id",)), f"{election.id} is given in {other.file} already"
            )
        by_id[election.id] = document
        found.append(election)
    for election in found:
        if election.superseded_by is not None and election.superseded_by not in by_id:
            document = by_id[election.id]
            says = f"there is no election {election.superseded_by!r}"
            raise RulebookFault(document.file, document.line(("superseded_by",)), says)
    return {election.id: election for election in sorted(found, key=lambda each: (each.voting_on, each.id))}


def _acts(
    documents: Iterable[Document[ActDocument]],
    forms: Mapping[str, Any],
    sanctions: Mapping[str, Sanction],
    sources: Mapping[str, Source],
) -> dict[str, Act]:
    found: dict[str, Act] = {}
    for document in documents:
        checker = document.checker(sources)
        act = parse_act(document.data, checker, persons.CLASSES)
        _named(document, "act", act.id)
        check_forms(act, forms, checker)
        check_sanctions(act, sanctions, checker)
        _add(found, [(act.id, act)], document)
    return found


def _holidays(documents: Iterable[Document[HolidayListDocument]]) -> tuple[HolidayList, ...]:
    found: list[HolidayList] = []
    decreed: dict[int, str] = {}
    for document in documents:
        year = parse_holidays(document.data, document.checker())
        if year.decreed and not year.adds:
            if other := decreed.get(year.year):
                says = f"the holidays of {year.year} are given in {other} already; a list that adds to them says adds: true"
                raise RulebookFault(document.file, document.line(("year",)), says)
            decreed[year.year] = document.file
        found.append(year)
    # A year that nobody had decreed when the package was made may be filled by the region itself.
    return tuple(each for each in found if each.decreed or each.adds or each.year not in decreed)


# --- what was read before ----------------------------------------------------------------------------------------


_SEAL = b',"seal":"'  # stands last in the file, over everything before it


def _home() -> Path:
    home = os.environ.get("IKRAR_HOME")
    return Path(home) if home else _PACKAGED.parents[1] / "var"


def _key() -> bytes:
    """Return the installation's own key; nothing where there is none, or it is not for whoever runs this."""
    if given := os.environ.get("IKRAR_SECRET_KEY"):
        return given.encode()
    with contextlib.suppress(OSError):
        return (_home() / "keys" / "secret-key").read_bytes().strip()
    return b""


def _keepers() -> Iterator[Path]:
    """Where what was read is kept: in the installation's own folder; without one, beside the package if that may be written."""
    if not _key():
        yield _PACKAGED / _KEPT
    yield _home() / "cache"


def _sealed(content: bytes) -> bytes:
    """Return the seal (hex) of what is kept: with the installation's key, so that nobody else can make one."""
    if key := _key():
        return hmac.new(key, b"kept rulebook\n" + content, hashlib.sha256).hexdigest().encode()
    return hashlib.sha256(content).hexdigest().encode()


def _kept() -> dict[str, Any] | None:
    """Return what was read of these very files before, if it is still what was kept."""
    for folder in _keepers():
        path = folder / f"rulebook-{digest()[:32]}.json"
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            text = path.read_bytes()
            content, mark, rest = text.rpartition(_SEAL)
            if not mark or not hmac.compare_digest(rest, _sealed(content) + b'"}'):
                logger.warning("kept rulebook thrown away: it is not what was kept", extra={"file": str(path)})
                continue
            kept: dict[str, Any] = json.loads(text, object_hook=_revived)
            if kept["digest"] == digest() and set(kept["documents"]) == set(KINDS):
                return kept
    return None


def _keep() -> None:
    documents = {
        kind: [{"file": document.file, "data": document.data} for document in _documents(kind)] for kind in KINDS
    }
    text = json.dumps({"digest": digest(), "documents": documents}, default=_flat, separators=(",", ":"))
    content = text[:-1].encode("utf-8")
    for folder in _keepers():
        with contextlib.suppress(OSError):  # nothing depends on it but time
            folder.mkdir(parents=True, exist_ok=True)
            partial = folder / f"partial-{os.getpid()}"
            partial.write_bytes(content + _SEAL + _sealed(content) + b'"}')
            for old in folder.glob("rulebook-*.json"):
                old.unlink(missing_ok=True)
            partial.rename(folder / f"rulebook-{digest()[:32]}.json")
            return


def _flat(value: object) -> dict[str, str]:
    if isinstance(value, date):
        return {"~day": value.isoformat()}
    raise TypeError(type(value))


def _revived(value: dict[str, Any]) -> Any:
    return date.fromisoformat(value["~day"]) if value.keys() == {"~day"} else value


def _from_kept(kept: Mapping[str, Any], kind: str) -> list[Document[Any]]:
    return [Document(each["file"], each["data"], {(): 0}) for each in kept["documents"][kind]]


# --- files -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Folders:
    """The files of the package and of the local folder: those of each kind, the package's first, and those nothing reads.

    `names` holds for each file that is read the name by which the digest lists it.
    """

    of_kind: Mapping[str, Sequence[Path]]
    names: Mapping[Path, str]
    strays: Sequence[RulebookFault]


@cache
def folders() -> Folders:
    """Look through both folders, once until `forget`. Raises RulebookFault where the local one is not there."""
    of_kind: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    names: dict[Path, str] = {}
    strays = []
    roots = {"rulebook": _PACKAGED}
    if local := os.environ.get("IKRAR_LOCAL_RULES"):
        if not Path(local).is_dir():
            raise RulebookFault(local, 0, "IKRAR_LOCAL_RULES names no folder")
        roots["local"] = Path(local)
    for name, folder in roots.items():
        for path in sorted(folder.rglob("*")):
            below = path.relative_to(folder)
            if path.suffix.lower() not in _LIKE_RULES or below.parts[0] == _KEPT:
                continue
            if trouble := _unreadable(path):
                strays.append(RulebookFault(str(path), 0, trouble))
                continue
            kind = below.parts[0] if len(below.parts) == 2 else below.stem
            if len(below.parts) > 2 or kind not in of_kind:
                says = f"no rules are read from here, only from the files of {', '.join(KINDS)}"
                strays.append(RulebookFault(str(path), 0, says))
            elif path.suffix != ".yaml":
                strays.append(RulebookFault(str(path), 0, "rules are read from files that end in .yaml alone"))
            else:
                of_kind[kind].append(path)
                names[path] = f"{name}/{below.as_posix()}"
    return Folders(of_kind, names, strays)


def _unreadable(path: Path) -> str:
    """Say why nothing can be read from a path that is called like a file of rules."""
    if path.is_dir():
        return "this is a folder that is called like a file of rules"
    try:
        with path.open("rb"):
            return ""
    except OSError as error:
        return f"this cannot be read: {error.strerror}"


def _refuse_strays() -> None:
    """Refuse files that nothing reads: a rule that looks present and is not would be worse than none."""
    if strays := folders().strays:
        raise strays[0]


@cache
def digest() -> str:
    """Return the SHA-256 (hex) of the rulebook: of a list, sorted by name, of the SHA-256 and name of each file.

    The list is what `sha256sum` prints; a name begins with `rulebook/`, or `local/` for a file of the local folder.
    """
    names = folders().names
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for path, name in names.items())
    return hashlib.sha256("".join(sorted(lines, key=lambda line: line[66:])).encode("utf-8")).hexdigest()


@cache
def _documents(kind: str) -> tuple[Document[Any], ...]:
    """Read the files of one kind, those of the package first; once until `forget`."""
    return tuple(read(path, KINDS[kind]) for path in folders().of_kind[kind])
