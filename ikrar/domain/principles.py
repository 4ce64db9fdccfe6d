"""General rules of proceedings and of choosing a sanction: short sentences with their sources, for pages and guidance.

They are told to people and decide nothing by themselves; what software counts or compares stands in the other rules.
"""

from dataclasses import dataclass
from typing import TypedDict

from ikrar.domain.sources import Checker, Cited, CitedDocument, Label, LabelDocument


class PrincipleDocument(CitedDocument):
    principle: str
    label: LabelDocument


class PrinciplesDocument(TypedDict):
    principles: list[PrincipleDocument]


@dataclass(frozen=True, slots=True)
class Principle(Cited):
    """One general rule, such as that several breaches get one penalty, the heaviest."""

    id: str
    label: Label


def parse_principles(document: PrinciplesDocument, checker: Checker) -> list[Principle]:
    """Make the principles of one file. Raises RulebookFault."""
    checker.differing([each["principle"] for each in document["principles"]], "principles", "principle")
    return [_principle(each, checker, "principles", index) for index, each in enumerate(document["principles"])]


def _principle(document: PrincipleDocument, checker: Checker, *place: str | int) -> Principle:
    return Principle(
        id=checker.id(document["principle"], *place, "principle"),
        label=checker.label(document["label"], *place, "label"),
        **checker.cited(document, *place),
    )
