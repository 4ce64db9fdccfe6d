"""Offices and bodies that decide, as the rulebook holds them: the rows of the matrix, the rules around a decision, and who
had which power when. What follows from them for a person stands in `authority`.

Source: pp-94-2021 Pasal 16-24, 27; peraturan-bkn-6-2022 Pasal 29; pp-79-2021; pp-42-2004 Pasal 15-16.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NotRequired, Protocol, TypedDict

from ikrar.domain import persons
from ikrar.domain.acts import LEVELS
from ikrar.domain.roster import Level
from ikrar.domain.sources import (
    Checker,
    Citation,
    CitationDocument,
    Cited,
    CitedDocument,
    Confidence,
    InForce,
    InForceDocument,
    Known,
    KnownDocument,
    Label,
    LabelDocument,
    Reading,
    ReadingDocument,
)

# --- the form of the files ---------------------------------------------------------------------------------------


class PowerDocument(TypedDict):
    levels: list[str]
    posts: NotRequired[list[str]]
    below: NotRequired[int]
    when: NotRequired[str]
    dismissal: NotRequired[str]


class AuthorityDocument(CitedDocument):
    authority: str
    part: str
    seat: str
    label: LabelDocument
    agencies: list[str]
    who: list[str]
    offenders: LabelDocument
    powers: list[PowerDocument]
    substitute: NotRequired[LabelDocument]
    on_proposal_of: NotRequired[LabelDocument]
    told: NotRequired[list[str]]
    in_force: InForceDocument
    basis_confidence: str


class AuthorityRuleDocument(CitedDocument):
    rule: str
    label: LabelDocument
    in_force: InForceDocument


class AuthoritiesDocument(TypedDict):
    authorities: list[AuthorityDocument]
    rules: list[AuthorityRuleDocument]


class BodyPowerDocument(TypedDict):
    power: str
    label: LabelDocument
    agencies: NotRequired[list[str]]
    in_force: InForceDocument
    cites: list[CitationDocument]
    seen: list[str]
    confidence: str


class DisputeDocument(TypedDict):
    in_force: InForceDocument
    cites: list[CitationDocument]
    readings: list[ReadingDocument]


class BodyDocument(KnownDocument):
    body: str
    label: LabelDocument
    exists: InForceDocument | None
    due_on: date | None
    successors: list[str]
    powers: list[BodyPowerDocument]
    disputed: NotRequired[list[DisputeDocument]]


class BodiesDocument(TypedDict):
    bodies: list[BodyDocument]


# --- the words of the data ---------------------------------------------------------------------------------------


class AgencyKind(StrEnum):
    """The kinds of agencies that the matrix tells apart."""

    CENTRAL = "central"
    PROVINCE = "province"
    REGENCY = "regency"
    CITY = "city"


class Seat(StrEnum):
    """The office that decides. The first seven are those of PP 94/2021 Pasal 16.

    HIGHER stands for whoever is one level up; OUTSIDE: no office of the civil service; NOT_KNOWN: not in the data.
    """

    PRESIDENT = "president"
    PPK = "ppk"
    HEAD_OF_MISSION = "head-of-mission"
    JPT_MADYA = "jpt-madya"
    JPT_PRATAMA = "jpt-pratama"
    ADMINISTRATOR = "administrator"
    PENGAWAS = "pengawas"
    HIGHER = "higher"
    EMPLOYER = "employer"
    REGIONAL_HEAD = "regional-head"
    COURT = "court"
    OUTSIDE = "outside"
    NOT_KNOWN = "not-known"


class Part(StrEnum):
    """Which law a row speaks from: it decides what holds around the decision."""

    DISCIPLINE = "discipline"
    STATUS = "status"
    ETHICS = "ethics"
    PPPK = "pppk"
    CONTRACT = "contract"
    VILLAGE = "village"
    OUTSIDE = "outside"
    CRIMINAL = "criminal"


class Capacity(StrEnum):
    """How an office is held. All but the first are acting heads; what they may decide is not among the facts."""

    DEFINITIVE = "definitive"
    PLT = "plt"
    PLH = "plh"
    PJ = "pj"
    PJS = "pjs"


class Leave(StrEnum):
    """CAMPAIGN: of a head of region who runs, for the whole campaign. CAMPAIGN_DAY: of one who does not, a day a week."""

    CAMPAIGN = "campaign"
    CAMPAIGN_DAY = "campaign-day"
    OTHER = "other"


class Need(StrEnum):
    """Whether a team must examine."""

    NONE = "none"
    OPTIONAL = "optional"
    MANDATORY = "mandatory"


CONFLICTS = ("accused", "relative", "candidate", "patron")
"""Why somebody may not decide a matter."""

CIRCUMSTANCES = ("ppk", "appointed-by-president", "at-mission")
"""What a power may ask of the person beside the post."""

BODY_POWERS = (
    "oversee", "control", "policy", "reprimand", "approve-replacement", "refer", "review", "verify", "candidacy",
    "decide-appeal", "criminal",
)  # fmt: skip

RULES = (
    "seven-authorities", "authority-must-punish", "team-light-none", "team-moderate-optional", "team-severe-mandatory",
    "team-composition", "team-superior-involved", "team-rank", "ppk-regional-head-not-pns", "sekda-ethics-council",
    "ethics-council", "conflict-goes-up", "objection", "appeal", "incumbent-on-campaign-leave", "pjs-stands-in",
    "leave-of-heads-not-running", "reshuffle-ban", "ethics-after-new-act",
)  # fmt: skip
"""The rules that a rulebook must have."""

VACANT_ROW = "vacant-authority"

# Structural posts, from the highest; a functional post (JF) stands on no rung of this ladder.
LADDER = (
    Level.JPT_UTAMA, Level.JPT_MADYA, Level.JPT_PRATAMA, Level.ADMINISTRATOR, Level.PENGAWAS, Level.PELAKSANA,
)  # fmt: skip
POST_OF = {
    Seat.JPT_MADYA: Level.JPT_MADYA,
    Seat.JPT_PRATAMA: Level.JPT_PRATAMA,
    Seat.ADMINISTRATOR: Level.ADMINISTRATOR,
    Seat.PENGAWAS: Level.PENGAWAS,
}
# Offices that can be passed over for the next one up, from the lowest. Above the PPK the facts know no next one.
UPWARD = (Seat.PENGAWAS, Seat.ADMINISTRATOR, Seat.JPT_PRATAMA, Seat.JPT_MADYA, Seat.PPK)
RANK = {
    seat: rank
    for rank, seat in enumerate((*UPWARD[:-1], Seat.HEAD_OF_MISSION, Seat.PPK, Seat.PRESIDENT))
}  # fmt: skip
# The PPK of a region is its head (law.md, Names). For a central agency it may be a minister or another head.
OFFICES = {
    AgencyKind.PROVINCE: Label("Gubernur", "Governor"),
    AgencyKind.REGENCY: Label("Bupati", "Regent"),
    AgencyKind.CITY: Label("Wali Kota", "Mayor"),
}


# --- what the rulebook holds -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Power:
    """What a row allows: for which levels, and of whom.

    `posts` empty and `below` None: whatever the post. `below`: how many levels somebody stands under the seat.
    `dismissal`: whether a severe sanction of this power may be a dismissal: included, excluded, or only that.
    """

    levels: frozenset[str]
    posts: frozenset[str]
    below: int | None
    when: str
    dismissal: str


@dataclass(frozen=True, slots=True)
class Authority(Cited):
    """One row: an office, and whom it may sanction how far. `who` are words of persons.CLASSES; `any`: everybody.

    `substitute` decides light matters where the office does not exist. `told`: powers of the bodies that must be told.
    `basis_confidence` is that of the article's number alone, which may be less well known than the row.
    """

    id: str
    part: Part
    seat: Seat
    label: Label
    agencies: frozenset[AgencyKind]
    who: frozenset[str]
    offenders: Label
    powers: tuple[Power, ...]
    substitute: Label | None
    on_proposal_of: Label | None
    told: tuple[str, ...]
    in_force: InForce
    basis_confidence: Confidence


@dataclass(frozen=True, slots=True)
class AuthorityRule(Cited):
    """What holds around a decision, such as whether a team must examine. Code asks for it by its id (RULES)."""

    id: str
    label: Label
    in_force: InForce


@dataclass(frozen=True, slots=True)
class BodyPower:
    """What a body may do, on which days, and (where it is divided) for which kinds of agencies."""

    power: str
    label: Label
    agencies: frozenset[AgencyKind]
    in_force: InForce
    cites: tuple[Citation, ...]
    seen: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Dispute:
    """Days on which the sources differ about a body."""

    in_force: InForce
    cites: tuple[Citation, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Body(Known):
    """A body outside the agency. `exists` None: ordered (by `due_on`) and not formed."""

    id: str
    label: Label
    exists: InForce | None
    due_on: date | None
    successors: tuple[str, ...]
    powers: tuple[BodyPower, ...]
    disputed: tuple[Dispute, ...]

    def exists_on(self, day: date) -> bool:
        """Say whether the body was there on a day."""
        return self.exists is not None and self.exists.holds(day)


class AuthorityBook(Protocol):
    """What of the rulebook is needed here; each mapping by id, in the order of its file."""

    @property
    def authorities(self) -> Mapping[str, Authority]: ...
    @property
    def authority_rules(self) -> Mapping[str, AuthorityRule]: ...
    @property
    def bodies(self) -> Mapping[str, Body]: ...


# --- from files --------------------------------------------------------------------------------------------------


def parse_authorities(document: AuthoritiesDocument, checker: Checker) -> list[Authority]:
    """Make the rows of one file and check what they say. Raises RulebookFault."""
    checker.differing([each["authority"] for each in document["authorities"]], "authorities", "authority")
    return [_authority(each, checker, "authorities", index) for index, each in enumerate(document["authorities"])]


def parse_authority_rules(document: AuthoritiesDocument, checker: Checker) -> list[AuthorityRule]:
    """Make the rules around a decision of one file. Raises RulebookFault."""
    checker.differing([each["rule"] for each in document["rules"]], "rules", "rule")
    return [
        AuthorityRule(
            id=checker.word(each["rule"], RULES, "rules", index, "rule"),
            label=checker.label(each["label"], "rules", index, "label"),
            in_force=checker.in_force(each["in_force"], "rules", index, "in_force"),
            **checker.cited(each, "rules", index),
        )
        for index, each in enumerate(document["rules"])
    ]


def _authority(document: AuthorityDocument, checker: Checker, *place: str | int) -> Authority:
    part = Part(checker.word(document["part"], list(Part), *place, "part"))
    seat = Seat(checker.word(document["seat"], list(Seat), *place, "seat"))
    for key in ("agencies", "who"):
        if not document[key]:
            raise checker.fault(f"{key} is empty", *place, key)
    who = [
        checker.word(word, (*persons.CLASSES, "any"), *place, "who", index)
        for index, word in enumerate(document["who"])
    ]
    if not document["powers"] and seat is not Seat.HIGHER:
        raise checker.fault("a row has at least one power", *place, "powers")
    return Authority(
        id=checker.id(document["authority"], *place, "authority"),
        part=part,
        seat=seat,
        label=checker.label(document["label"], *place, "label"),
        agencies=_agencies(document["agencies"], checker, *place, "agencies"),
        who=frozenset(who),
        offenders=checker.label(document["offenders"], *place, "offenders"),
        powers=tuple(
            _power(each, seat, checker, *place, "powers", index) for index, each in enumerate(document["powers"])
        ),
        substitute=checker.optional_label(document.get("substitute"), *place, "substitute"),
        on_proposal_of=checker.optional_label(document.get("on_proposal_of"), *place, "on_proposal_of"),
        told=tuple(
            checker.word(word, BODY_POWERS, *place, "told", index)
            for index, word in enumerate(document.get("told", []))
        ),
        in_force=checker.in_force(document["in_force"], *place, "in_force"),
        **checker.cited(document, *place),
        basis_confidence=checker.confidence(document["basis_confidence"], *place, "basis_confidence"),
    )


def _agencies(words: Sequence[str], checker: Checker, *place: str | int) -> frozenset[AgencyKind]:
    return frozenset(
        AgencyKind(checker.word(word, list(AgencyKind), *place, index)) for index, word in enumerate(words)
    )


def _power(document: PowerDocument, seat: Seat, checker: Checker, *place: str | int) -> Power:
    if not document["levels"]:
        raise checker.fault("a power names its levels", *place, "levels")
    for index, word in enumerate(document["levels"]):
        checker.word(word, (*LEVELS, "any"), *place, "levels", index)
    for index, word in enumerate(document.get("posts", [])):
        checker.word(word, list(Level), *place, "posts", index)
    below, when = document.get("below"), document.get("when", "")
    if below is not None and (below < 1 or seat not in (*POST_OF, Seat.HEAD_OF_MISSION)):
        raise checker.fault(
            "only an office on the ladder of posts has levels below it, the first is 1", *place, "below"
        )
    if when:
        checker.word(when, CIRCUMSTANCES, *place, "when")
    if "dismissal" in document and "severe" not in document["levels"]:
        raise checker.fault("only severe sanctions are divided by dismissal", *place, "dismissal")
    dismissal = document.get("dismissal", "included")
    return Power(
        levels=frozenset(document["levels"]),
        posts=frozenset(document.get("posts", [])),
        below=below,
        when=when,
        dismissal=checker.word(dismissal, ("included", "excluded", "only"), *place, "dismissal"),
    )


def check_authorities(
    authorities: Mapping[str, Authority], rules: Mapping[str, AuthorityRule], checker: Checker
) -> None:
    """Hold the rows and rules of the whole rulebook together: what the answers rest on is there. Raises RulebookFault."""
    if missing := [id for id in RULES if id not in rules]:
        raise checker.fault(f"rules that must be there are not: {', '.join(missing)}", "rules")
    if VACANT_ROW not in authorities or authorities[VACANT_ROW].seat is not Seat.HIGHER:
        raise checker.fault(f"there is no row {VACANT_ROW!r} for the higher official", "authorities")
    for kind in AgencyKind:
        names = {
            row.label for row in authorities.values()
            if row.part is Part.DISCIPLINE and row.seat is Seat.PPK and kind in row.agencies
        }  # fmt: skip
        if len(names) != 1:
            raise checker.fault(f"the PPK of {kind} has {len(names)} names; it needs one", "authorities")


def parse_bodies(document: BodiesDocument, checker: Checker, before: Collection[Body] = ()) -> list[Body]:
    """Make the bodies of one file and check what they say, beside those of the files before. Raises RulebookFault.

    No power outlasts its body, what is not formed has none, and on no day do two bodies oversee.
    """
    ids = [each["body"] for each in document["bodies"]]
    checker.differing(ids, "bodies", "body")
    known = [*(each.id for each in before), *ids]
    bodies = [_body(each, known, checker, "bodies", index) for index, each in enumerate(document["bodies"])]
    overseeing = [(power.in_force, body.id) for body in before for power in body.powers if power.power == "oversee"]
    for index, body in enumerate(bodies):
        for number, power in enumerate(body.powers):
            if power.power != "oversee":
                continue
            for window, other in overseeing:
                if window.overlaps(power.in_force):
                    says = f"{other} oversees on some of these days too"
                    raise checker.fault(says, "bodies", index, "powers", number, "in_force")
            overseeing.append((power.in_force, body.id))
    return bodies


def _body(document: BodyDocument, known: Sequence[str], checker: Checker, *place: str | int) -> Body:
    exists = None if document["exists"] is None else checker.in_force(document["exists"], *place, "exists")
    for index, id in enumerate(document["successors"]):
        checker.known_id(id, known, "body", *place, "successors", index)
    if exists is None and (document["powers"] or document["due_on"] is None):
        raise checker.fault("a body that is not formed has no powers, and a day by which it is due", *place, "exists")
    powers = []
    for index, each in enumerate(document["powers"]):
        at = (*place, "powers", index)
        in_force = checker.in_force(each["in_force"], *at, "in_force")
        if exists is not None and not in_force.is_within(exists):
            raise checker.fault("a power on days on which the body does not exist", *at, "in_force")
        powers.append(
            BodyPower(
                power=checker.word(each["power"], BODY_POWERS, *at, "power"),
                label=checker.label(each["label"], *at, "label"),
                agencies=_agencies(each.get("agencies", list(AgencyKind)), checker, *at, "agencies"),
                in_force=in_force,
                cites=checker.cites(each["cites"], *at, "cites"),
                seen=checker.seen(each["seen"], *at, "seen"),
                confidence=checker.confidence(each["confidence"], *at, "confidence"),
            )
        )
    disputed = []
    for index, dispute in enumerate(document.get("disputed", [])):
        at = (*place, "disputed", index)
        if len(dispute["readings"]) < 2:
            raise checker.fault("what is disputed has two readings at least", *at, "readings")
        readings = (checker.reading(each, *at, "readings", number) for number, each in enumerate(dispute["readings"]))
        disputed.append(
            Dispute(
                in_force=checker.in_force(dispute["in_force"], *at, "in_force"),
                cites=checker.cites(dispute["cites"], *at, "cites"),
                readings=tuple(readings),
            )
        )
    return Body(
        id=checker.id(document["body"], *place, "body"),
        label=checker.label(document["label"], *place, "label"),
        exists=exists,
        due_on=document["due_on"],
        successors=tuple(document["successors"]),
        powers=tuple(powers),
        disputed=tuple(disputed),
        **checker.known(document, *place),
    )
