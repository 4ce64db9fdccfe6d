"""The acts that break neutrality and the sanctions that may answer them, each by the days on which it held.

An act's id is one line of one instrument; acts that are the same conduct in different years, or on different tracks,
share a `form`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NotRequired, TypedDict

from ikrar.domain.sources import (
    Checker,
    Cited,
    CitedDocument,
    Confidence,
    InForce,
    InForceDocument,
    Label,
    LabelDocument,
    Reading,
    ReadingDocument,
)

# --- the form of a file ------------------------------------------------------------------------------------------


class LimitDocument(TypedDict):
    sanction: str
    who: list[str]
    at: NotRequired[str]


class ActVersionDocument(CitedDocument):
    in_force: InForceDocument
    who: list[str]
    phase: str
    election: str
    contests: NotRequired[list[str]]
    level: str
    window: NotRequired[str]
    sanctions: list[str]
    limits: NotRequired[list[LimitDocument]]
    standing: str
    readings: NotRequired[list[ReadingDocument]]
    breach_confidence: str
    sanction_confidence: NotRequired[str]


class AlsoFormDocument(TypedDict):
    form: str
    phase: str


class FreeDocument(TypedDict):
    form: str
    phase: NotRequired[str]
    election: NotRequired[str]


class ActDocument(TypedDict):
    act: str
    form: str
    also_forms: NotRequired[list[AlsoFormDocument]]
    perhaps_forms: NotRequired[list[AlsoFormDocument]]
    catch_all: NotRequired[bool]
    free: NotRequired[list[FreeDocument]]
    label: LabelDocument
    kind: str
    any_form: NotRequired[bool]
    versions: list[ActVersionDocument]


class FormDocument(TypedDict):
    form: str
    label: LabelDocument


class FormsDocument(TypedDict):
    forms: list[FormDocument]


class SuspensionDocument(TypedDict):
    in_force: InForceDocument
    because: LabelDocument
    meanwhile: str | None


class SanctionDocument(CitedDocument):
    sanction: str
    label: LabelDocument
    family: str
    level: str
    order: int
    months: int | None
    in_force: InForceDocument
    suspended: NotRequired[list[SuspensionDocument]]
    imposed_by: LabelDocument


class SanctionsDocument(TypedDict):
    sanctions: list[SanctionDocument]


# --- what an act is ----------------------------------------------------------------------------------------------


class Track(StrEnum):
    """The track on which a breach is answered (`kind` of the reference); several may run at once."""

    ETHICS = "ethics"
    DISCIPLINE = "discipline"
    CRIMINAL = "criminal"


class Phase(StrEnum):
    """When an act counts: before the candidates of its contest are determined, from that day on, or always."""

    BEFORE = "before_determination"
    AFTER = "after_determination"
    ANY = "any"


class Standing(StrEnum):
    """What may follow from an act without a person's judgement.

    BREACH: a sanction may be proposed. The others never propose one by themselves: REVIEW (a catch-all or a disputed
    reach), CONTESTED (prohibited, but whether it can be punished is disputed), NO_PENALTY (prohibited without a penalty
    of its own), POINTER (judged by other rules, which the row names).
    """

    BREACH = "breach"
    REVIEW = "review"
    CONTESTED = "contested"
    NO_PENALTY = "no_penalty"
    POINTER = "pointer"


class Window(StrEnum):
    """Days of an election on which alone an act counts.

    CAMPAIGN: while candidates campaign. AFTER_VOTE: from the day of voting on. RESHUFFLE_BAN: from the day on which
    officials may not be replaced, to the end of the term. UNTIL_ELECTED: from that day until who is elected is determined.
    """

    CAMPAIGN = "campaign"
    AFTER_VOTE = "after_vote"
    RESHUFFLE_BAN = "reshuffle_ban"
    UNTIL_ELECTED = "until_elected"


LEVELS = (
    "moral", "moral-plus", "light", "moderate", "severe", "dismissal-ptdh", "heavier-than-subordinate",
    "same-as-subordinate", "contested", "per-asn-law", "per-village-law", "village", "contract", "contract-termination",
    "outside-asn-system", "status", "criminal",
)  # fmt: skip
"""The words for how grave a breach is, as the reference has them."""

ELECTIONS = ("pilkada", "pemilu", "any")
CONTESTS = ("president", "dpr", "dpd", "dprd", "dprd-province", "dprd-regency-city", "regional-head")


@dataclass(frozen=True, slots=True)
class Limit:
    """A sanction that only some of an act's people can get. `at` is the place of the citation that says so."""

    sanction: str
    who: frozenset[str]
    at: str


@dataclass(frozen=True, slots=True)
class ActVersion(Cited):
    """An act as it was judged between two days. `who` are words of persons.CLASSES; no contests: all of them.

    A citation whose purpose is FORMERLY stands for those that were not in force yet.
    """

    in_force: InForce
    who: frozenset[str]
    phase: Phase
    election: str
    contests: frozenset[str]
    level: str
    sanctions: tuple[str, ...]
    standing: Standing
    readings: tuple[Reading, ...]
    breach_confidence: Confidence
    sanction_confidence: Confidence
    window: Window | None = None
    limits: tuple[Limit, ...] = ()


FORMERLY = "formerly"


@dataclass(frozen=True, slots=True)
class Free:
    """A form of conduct that, as the facts say, nothing forbids to an act's people: in an election, in a phase."""

    form: str
    phase: Phase
    election: str


@dataclass(frozen=True, slots=True)
class Act:
    """One row of one instrument, with its versions by date; they do not overlap.

    `any_form`: its people answer by it for any conduct that is listed for civil servants. `catch_all`: it counts only
    where no other act of its track does. `also_forms`: forms of conduct that are read into its clause, each in the phase
    in which they are; that is a reading, and never certain. `perhaps_forms`: forms that may be read into it; only a
    person can tell, and only where no act is certain. `free`: what the facts say nothing forbids to its people.

    `is_reading`, `is_perhaps` and `needs_candidate` are set by `read_as`.
    """

    id: str
    form: str
    label: Label
    track: Track
    versions: tuple[ActVersion, ...]
    any_form: bool = False
    also_forms: tuple[tuple[str, Phase], ...] = ()
    catch_all: bool = False
    perhaps_forms: tuple[tuple[str, Phase], ...] = ()
    free: tuple[Free, ...] = ()
    is_reading: bool = False
    is_perhaps: bool = False
    needs_candidate: bool = False

    def read_as(self, form: str, phase: Phase | None = None, *, perhaps: bool = False) -> "Act":
        """Return the act as it answers another form, with less certainty: in a phase, else in that of the version."""
        versions = tuple(
            replace(
                version,
                phase=phase or version.phase,
                breach_confidence=Confidence.UNCERTAIN,
                confidence=Confidence.UNCERTAIN,
            )
            for version in self.versions
        )
        return replace(
            self, form=form, versions=versions, also_forms=(), perhaps_forms=(), is_reading=True, is_perhaps=perhaps
        )

    def on(self, day: date) -> ActVersion | None:
        """Return the version of a day."""
        return next((version for version in self.versions if version.in_force.holds(day)), None)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which a sanction stands in its regulation and cannot be chosen, and what takes its place meanwhile."""

    in_force: InForce
    because: Label
    meanwhile: str | None


@dataclass(frozen=True, slots=True)
class Sanction(Cited):
    """One kind of sanction. `order` is its place within its level, the lightest first; `months` None: of no duration."""

    id: str
    label: Label
    family: str
    level: str
    order: int
    months: int | None
    in_force: InForce
    suspended: tuple[Suspension, ...]
    imposed_by: Label

    def may_be_chosen(self, day: date) -> bool:
        """Say whether an act of that day can be answered with it."""
        return self.in_force.holds(day) and not any(each.in_force.holds(day) for each in self.suspended)


FAMILIES = (
    "ethics", "discipline", "status", "contract", "village", "criminal", "electoral", "administrative", "interim-measure",
)  # fmt: skip

SANCTION_LEVELS = (
    "moral", "moral-plus", "light", "moderate", "severe", "dismissal-ptdh", "relative", "dismissal", "agency-defined",
    "contract", "village", "criminal", "electoral", "administrative", "local", "interim",
)  # fmt: skip
"""The words for how grave a sanction is; BANDS ties them to those for a breach."""

BANDS: dict[str, tuple[str, ...]] = {
    "moral": ("moral", "moral-plus"),
    "moral-plus": ("moral-plus",),
    "light": ("light",),
    "moderate": ("moderate",),
    "severe": ("severe",),
    "dismissal-ptdh": ("dismissal-ptdh",),
    "heavier-than-subordinate": ("relative",),
    "same-as-subordinate": ("relative",),
    "contested": (),
    "per-asn-law": (),
    "per-village-law": (),
    "village": ("village",),
    "contract": ("contract",),
    "contract-termination": ("dismissal",),
    "outside-asn-system": (),
    "status": ("electoral",),
    "criminal": ("criminal", "electoral"),
}
"""Which levels of sanctions a breach of each level allows: the band of its clause."""


# --- from files --------------------------------------------------------------------------------------------------


def parse_act(document: ActDocument, checker: Checker, classes: Sequence[str]) -> Act:
    """Make an act of a file's values and check what they say. Raises RulebookFault.

    `classes` are the words of persons that a rule may speak of.
    """
    also = [each["form"] for each in document.get("also_forms", [])]
    checker.differing(also, "also_forms", "form")
    for index, each in enumerate(document.get("perhaps_forms", [])):
        if each["form"] in also:
            raise checker.fault(f"{each['form']!r} is among also_forms", "perhaps_forms", index, "form")
    track = Track(checker.word(document["kind"], list(Track), "kind"))
    if not document["versions"]:
        raise checker.fault("an act has at least one version", "versions")
    versions = tuple(
        _version(each, checker, classes, "versions", index) for index, each in enumerate(document["versions"])
    )
    for index, (before, after) in enumerate(pairwise(versions), 1):
        if before.in_force.until_on is None or (
            after.in_force.from_on is not None and after.in_force.from_on < before.in_force.until_on
        ):
            raise checker.fault("this version overlaps the one before it", "versions", index, "in_force")
        if after.in_force.from_on != before.in_force.until_on:
            says = f"between {before.in_force.until_on} and {after.in_force.from_on} no version holds; give it an act of its own"
            raise checker.fault(says, "versions", index, "in_force")
    return Act(
        id=checker.id(document["act"], "act"),
        form=checker.id(document["form"], "form"),
        label=checker.label(document["label"], "label"),
        track=track,
        versions=versions,
        any_form=document.get("any_form", False),
        also_forms=_also_forms(document.get("also_forms", []), document["form"], checker, "also_forms"),
        catch_all=document.get("catch_all", False),
        perhaps_forms=_also_forms(document.get("perhaps_forms", []), document["form"], checker, "perhaps_forms"),
        free=tuple(
            Free(
                form=checker.id(each["form"], "free", index, "form"),
                phase=Phase(checker.word(each.get("phase", "any"), list(Phase), "free", index, "phase")),
                election=checker.word(each.get("election", "any"), ELECTIONS, "free", index, "election"),
            )
            for index, each in enumerate(document.get("free", []))
        ),
    )


def _also_forms(
    documents: Sequence[AlsoFormDocument], own: str, checker: Checker, key: str
) -> tuple[tuple[str, Phase], ...]:
    return tuple(_also_form(each, own, checker, key, index) for index, each in enumerate(documents))


def _also_form(document: AlsoFormDocument, own: str, checker: Checker, *place: str | int) -> tuple[str, Phase]:
    form = checker.id(document["form"], *place, "form")
    if form == own:
        raise checker.fault(f"{form!r} is the form of the act itself", *place, "form")
    return form, Phase(checker.word(document["phase"], list(Phase), *place, "phase"))


def _version(document: ActVersionDocument, checker: Checker, classes: Sequence[str], *place: str | int) -> ActVersion:
    for index, word in enumerate(document["who"]):
        checker.word(word, classes, *place, "who", index)
    for index, word in enumerate(document.get("contests", [])):
        checker.word(word, CONTESTS, *place, "contests", index)
    if not document["who"]:
        raise checker.fault("nobody is named", *place, "who")
    standing = Standing(checker.word(document["standing"], list(Standing), *place, "standing"))
    readings = tuple(
        checker.reading(each, *place, "readings", index) for index, each in enumerate(document.get("readings", []))
    )
    if standing is Standing.CONTESTED and not readings:
        raise checker.fault("what is contested has its readings, two at least", *place, "standing")
    # Others may have readings too: of the level, or of whom the clause reaches.
    if len(readings) == 1:
        raise checker.fault("one reading alone is no dispute; give the other, or none", *place, "readings")
    if standing not in (Standing.BREACH, Standing.REVIEW) and document["sanctions"]:
        raise checker.fault(f"what is {standing} names no sanction", *place, "sanctions")
    if not any(each.get("for") == "prohibition" for each in document["cites"]):
        raise checker.fault("no citation says where it is prohibited (for: prohibition)", *place, "cites")
    in_force = checker.in_force(document["in_force"], *place, "in_force")
    checker.cites_within(document["cites"], in_force, *place, "cites")
    cited = checker.cited(document, *place)
    window = document.get("window")
    sanction_confidence = cited["confidence"]
    if "sanction_confidence" in document:
        sanction_confidence = checker.confidence(document["sanction_confidence"], *place, "sanction_confidence")
    return ActVersion(
        in_force=in_force,
        who=frozenset(document["who"]),
        phase=Phase(checker.word(document["phase"], list(Phase), *place, "phase")),
        election=checker.word(document["election"], ELECTIONS, *place, "election"),
        contests=frozenset(document.get("contests", [])),
        level=checker.word(document["level"], LEVELS, *place, "level"),
        sanctions=checker.texts(document["sanctions"], *place, "sanctions"),
        standing=standing,
        readings=readings,
        breach_confidence=checker.confidence(document["breach_confidence"], *place, "breach_confidence"),
        sanction_confidence=sanction_confidence,
        window=None if window is None else Window(checker.word(window, list(Window), *place, "window")),
        limits=tuple(
            _limit(each, document, checker, *place, "limits", index)
            for index, each in enumerate(document.get("limits", []))
        ),
        **cited,
    )


def _limit(document: LimitDocument, version: ActVersionDocument, checker: Checker, *place: str | int) -> Limit:
    checker.word(document["sanction"], version["sanctions"], *place, "sanction")
    for index, word in enumerate(document["who"]):
        checker.word(word, version["who"], *place, "who", index)
    if at := document.get("at", ""):
        checker.word(at, [each.get("at", "") for each in version["cites"]], *place, "at")
    return Limit(document["sanction"], frozenset(document["who"]), at)


def parse_forms(document: FormsDocument, checker: Checker) -> dict[str, Label]:
    """Return the forms of conduct of one file by id, in its order. Raises RulebookFault."""
    checker.differing([each["form"] for each in document["forms"]], "forms", "form")
    return {
        checker.id(each["form"], "forms", index, "form"): checker.label(each["label"], "forms", index, "label")
        for index, each in enumerate(document["forms"])
    }


def check_forms(act: Act, forms: Mapping[str, Label], checker: Checker) -> None:
    """Hold the forms of an act against those that there are. Raises RulebookFault."""
    checker.known_id(act.form, forms, "form", "form")
    named = (
        ("also_forms", [form for form, _ in act.also_forms]),
        ("perhaps_forms", [form for form, _ in act.perhaps_forms]),
        ("free", [each.form for each in act.free]),
    )
    for key, found in named:
        for index, form in enumerate(found):
            checker.known_id(form, forms, "form", key, index, "form")


def parse_sanctions(document: SanctionsDocument, checker: Checker) -> list[Sanction]:
    """Make the sanctions of one file. Raises RulebookFault.

    What takes the place of a suspended sanction is of the same family, so it stands in the same file.
    """
    ids = [each["sanction"] for each in document["sanctions"]]
    checker.differing(ids, "sanctions", "sanction")
    for index, each in enumerate(document["sanctions"]):
        for number, pause in enumerate(each.get("suspended", [])):
            if pause["meanwhile"] is not None and pause["meanwhile"] not in ids:
                says = f"there is no sanction {pause['meanwhile']!r} in this file"
                raise checker.fault(says, "sanctions", index, "suspended", number, "meanwhile")
    return [_sanction(each, checker, "sanctions", index) for index, each in enumerate(document["sanctions"])]


def _sanction(document: SanctionDocument, checker: Checker, *place: str | int) -> Sanction:
    suspended = tuple(
        Suspension(
            in_force=checker.in_force(each["in_force"], *place, "suspended", index, "in_force"),
            because=checker.label(each["because"], *place, "suspended", index, "because"),
            meanwhile=each["meanwhile"],
        )
        for index, each in enumerate(document.get("suspended", []))
    )
    return Sanction(
        id=checker.id(document["sanction"], *place, "sanction"),
        label=checker.label(document["label"], *place, "label"),
        family=checker.word(document["family"], FAMILIES, *place, "family"),
        level=checker.word(document["level"], SANCTION_LEVELS, *place, "level"),
        order=document["order"],
        months=document["months"],
        in_force=checker.in_force(document["in_force"], *place, "in_force"),
        suspended=suspended,
        imposed_by=checker.label(document["imposed_by"], *place, "imposed_by"),
        **checker.cited(document, *place),
    )


def check_sanctions(act: Act, sanctions: Mapping[str, Sanction], checker: Checker) -> None:
    """Hold the sanctions of an act against the catalogue: known, of the act's band, in force on some day of it.

    Raises RulebookFault.
    """
    for index, version in enumerate(act.versions):
        for number, id in enumerate(version.sanctions):
            place = ("versions", index, "sanctions", number)
            sanction = sanctions[checker.known_id(id, sanctions, "sanction", *place)]
            if sanction.level not in BANDS[version.level]:
                band = ", ".join(BANDS[version.level]) or "none"
                says = f"{id} is {sanction.level}; a breach of level {version.level} allows {band}"
                raise checker.fault(says, *place)
            if not version.in_force.overlaps(sanction.in_force):
                raise checker.fault(f"{id} holds on no day of this version", *place)
