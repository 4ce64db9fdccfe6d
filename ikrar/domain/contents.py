"""What the rulebook must hold, so that a file that is gone is noticed; and which acts are one conduct, one after the other."""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import NotRequired, TypedDict

from ikrar.domain.acts import Act
from ikrar.domain.sources import Checker

KINDS = (
    "acts",
    "sanctions",
    "terms",
    "intake_hours",
    "requirements",
    "authorities",
    "authority_rules",
    "bodies",
    "elections",
    "statements",
)
"""What goes by id and is listed by it."""


class ContentsDocument(TypedDict):
    acts: NotRequired[list[str]]
    sanctions: NotRequired[list[str]]
    terms: NotRequired[list[str]]
    intake_hours: NotRequired[list[str]]
    requirements: NotRequired[list[str]]
    authorities: NotRequired[list[str]]
    authority_rules: NotRequired[list[str]]
    bodies: NotRequired[list[str]]
    elections: NotRequired[list[str]]
    statements: NotRequired[list[str]]
    holidays: NotRequired[list[int]]
    one_after_another: NotRequired[list[list[str]]]


def check_contents(document: ContentsDocument, held: Mapping[str, Collection[object]], checker: Checker) -> None:
    """Hold what one file lists against what the rulebook holds (by KINDS, and `holidays` by year). Raises RulebookFault."""
    for kind in (*KINDS, "holidays"):
        listed: Collection[object] = document.get(kind, [])  # type: ignore[assignment]
        for index, each in enumerate(listed):
            if each not in held[kind]:
                raise checker.fault(f"{kind}: {each} is listed here and stands in no file", kind, index)


def check_one_after_another(
    document: ContentsDocument, acts: Mapping[str, Act], checkers: Mapping[str, Checker], checker: Checker
) -> None:
    """See that each of the acts that are one conduct begins on the day on which the one before it ends.

    `checkers` are those of the acts' own files, by id: a day that does not fit is wrong there. Raises RulebookFault.
    """
    for index, ids in enumerate(document.get("one_after_another", [])):
        for number, id in enumerate(ids):
            checker.known_id(id, acts, "act", "one_after_another", index, number)
        for before, after in pairwise(acts[id] for id in ids):
            if before.form != after.form:
                raise checker.fault(f"{before.id} and {after.id} have not the same form", "one_after_another", index)
            ends, begins = before.versions[-1].in_force.until_on, after.versions[0].in_force.from_on
            if ends == begins and ends is not None:
                continue
            what = "overlaps" if ends is None or (begins is not None and begins < ends) else "leaves a gap before"
            says = f"until {ends} {what} {after.id}, which follows it and begins on {begins}"
            raise checkers[before.id].fault(says, "versions", len(before.versions) - 1, "in_force")
