"""Which sanctions a breach allows, whether a decision keeps to the band of its clause, and whether a team must examine.

Source: pp-94-2021 Pasal 27, 35; the catalogue and the bands stand in `domain.acts`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ikrar.domain.acts import ActVersion, Sanction
from ikrar.domain.errors import ActUnknown, RuleNotInForce, ValueUnknown
from ikrar.domain.sources import Citation, Confidence, distinct, worst

if TYPE_CHECKING:
    from ikrar.domain.rulebook import Rulebook

# Which families answer somebody of each employment; criminal courts and election commissions are not the authority's.
_FAMILIES = {
    "pns": ("ethics", "discipline", "status"),
    "cpns": ("ethics", "discipline", "status"),
    "pppk": ("ethics", "contract"),
    "ppnpn": ("contract",),
    "village-head": ("village",),
    "village-staff": ("village",),
}
_ONLY_FOR = {
    "pppk-termination-dishonourable": "pppk", "pppk-agency-rules": "pppk",
    "ppnpn-graded": "ppnpn", "ppnpn-termination": "ppnpn",
}  # fmt: skip
_NEEDS_TEAM = ("severe",)


@dataclass(frozen=True, slots=True)
class Band:
    """What some breaches, examined together, allow; one sanction is chosen. `cites`: of the clauses and the sanctions."""

    sanctions: tuple[Sanction, ...]
    needs_team: bool
    cites: tuple[Citation, ...]
    confidence: Confidence


def sanctions_for(book: "Rulebook", employment: str, day: date) -> tuple[Sanction, ...]:
    """Return the sanctions that there are for somebody of an employment, for an act of that day. Raises ValueUnknown."""
    if employment not in _FAMILIES:
        raise ValueUnknown("employment", employment, tuple(_FAMILIES))
    return tuple(
        each
        for each in book.sanctions.values()
        if each.family in _FAMILIES[employment]
        and _ONLY_FOR.get(each.id, employment) == employment
        and each.may_be_chosen(day)
    )


def band(book: "Rulebook", acts: Iterable[str], day: date, employment: str) -> Band:
    """Return what the clauses of some acts allow, each as it stood on the day of the act.

    Raises ActUnknown, RuleNotInForce, ValueUnknown (employment).
    """
    versions = [_version(book, act, day) for act in acts]
    there = {each.id: each for each in sanctions_for(book, employment, day)}
    named = dict.fromkeys(
        id for version in versions for id in version.sanctions if id in there and _reaches(version, id, employment)
    )
    found = tuple(there[id] for id in named)
    return Band(
        sanctions=found,
        needs_team=any(needs_team(each) for each in found),
        cites=distinct([cite for each in (*versions, *found) for cite in each.cites]),
        confidence=worst([*(each.sanction_confidence for each in versions), *(each.confidence for each in found)]),
    )


def needs_team(sanction: Sanction) -> bool:
    """Say whether a team must examine before this sanction: for a severe one (PP 94/2021 Pasal 27)."""
    return sanction.family == "discipline" and sanction.level in _NEEDS_TEAM


def _version(book: "Rulebook", act: str, day: date) -> ActVersion:
    known = book.acts.get(act)
    if known is None:
        raise ActUnknown(act)
    if (version := known.on(day)) is None:
        raise RuleNotInForce(act, day)
    return version


def _reaches(version: ActVersion, sanction: str, employment: str) -> bool:
    limits = [each.who for each in version.limits if each.sanction == sanction]
    return not limits or any({employment, "asn"} & who for who in limits)
