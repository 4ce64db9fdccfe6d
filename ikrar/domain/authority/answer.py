"""Who decides and all around it, as an answer tells it: every value with its reason, citations and how well it is known."""

from collections.abc import Iterator
from dataclasses import dataclass

from ikrar.domain.assessment import Reason
from ikrar.domain.offices import Need, Seat
from ikrar.domain.sources import Citation, Confidence, Label, Reading


@dataclass(frozen=True, slots=True)
class Role:
    """Who does one thing around a decision. `name` None: not known, and the reason says why."""

    name: Label | None
    reason: Reason
    cites: tuple[Citation, ...] = ()
    confidence: Confidence | None = None
    body: str | None = None
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """Whether a team examines, of whom it is made, and who forms it."""

    need: Need
    members: tuple[Label, ...]
    formed_by: Role
    reason: Reason
    cites: tuple[Citation, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Council:
    """The ethics council (Majelis Kode Etik), and who forms it."""

    name: Label
    formed_by: Role
    cites: tuple[Citation, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An office, or one holder of it, that does not decide.

    `why`: a word of CONFLICTS, or vacant, campaign_leave, leave_ended, term_ended.
    """

    authority: str
    seat: Seat
    why: str
    capacity: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Another office that a row names for the same person: which it is, and in what case it decides."""

    authority: str
    row: str
    reason: Reason
    cites: tuple[Citation, ...]
    confidence: Confidence
    basis_confidence: Confidence


@dataclass(frozen=True, slots=True)
class Answer:
    """Who decides, and all around it. `authority` None: not known, or outside; the reasons say which and why.

    `authority` and `row` are the name and the id of the reference; `office` what the office is called in that agency.
    A role that is None does not arise here (no appeal where nothing is ended); a Role without a name is not known.
    `told`: who must be told where nobody is left who may decide. `confidence` is the least of all that was needed.
    """

    authority: str | None = None
    label: Label | None = None
    row: str | None = None
    seat: Seat | None = None
    office: Label | None = None
    capacity: str | None = None
    examiner: Role | None = None
    team: Team | None = None
    council: Council | None = None
    recommender: Role | None = None
    finder: Role | None = None
    objection: Role | None = None
    appeal: Role | None = None
    told: tuple[Role, ...] = ()
    also: tuple[Other, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    cites: tuple[Citation, ...] = ()
    reasons: tuple[Reason, ...] = ()
    confidence: Confidence | None = None
    basis_confidence: Confidence | None = None

    @property
    def is_known(self) -> bool:
        """Say whether somebody is named who decides."""
        return self.authority is not None

    @property
    def asks(self) -> tuple[Reason, ...]:
        """Return the reasons that leave something to a person who knows more."""
        return tuple(reason for reason in self.reasons if reason.code in ASKS)

    def roles(self) -> Iterator[Role]:
        """Yield every role of the answer, named or not known."""
        for role in (self.examiner, self.recommender, self.finder, self.objection, self.appeal, *self.told):
            if role is not None:
                yield role
        if self.team is not None:
            yield self.team.formed_by
        if self.council is not None:
            yield self.council.formed_by


REASONS: dict[str, tuple[str, ...]] = {
    # who decides
    "row_names": ("authority", "row"),
    "agency_rules": ("row",),
    "on_proposal": ("of",),
    "superior_decides_which": ("superior_level", "authority"),
    "row_of_superior_names_no_functional": ("superior_level", "authority"),
    "none_between": ("superior_level", "authority"),
    "next_above_decides": ("superior_level", "above_level", "authority"),
    "goes_up": ("passed", "authority"),
    "goes_up_by_reading": ("passed", "authority"),
    "employment_assumed": ("employment",),
    "civil_servant_not_village": ("post",),
    "article_number_uncertain": ("row", "confidence"),
    "pjs_stands_in": ("authority",),
    # another office beside it
    "if_its_official_leads": ("authority", "row"),
    "dismissal_elsewhere": ("authority", "row"),
    "rows_overlap": ("authority", "row"),
    "other_is_conflicted": ("authority", "why"),
    "substitute": ("authority", "for"),
    "other_law": ("authority", "row"),
    # not known, or to be asked
    "day_not_covered": ("row", "from", "until"),
    "not_in_data": ("row",),
    "no_row": ("post_level", "agency_kind", "level"),
    "no_row_for_the_ppk": ("post_level",),
    "level_for_nobody": ("level", "employment"),
    "person_not_in_data": ("employment",),
    "outside": ("row",),
    "superior_level_needed": ("post_level",),
    "superior_not_in_data": ("superior_level",),
    "levels_below_needed": ("row",),
    "nobody_above": ("authority",),
    "capacity_not_given": ("authority",),
    "acting_limits_not_in_data": ("capacity", "authority"),
    "leave_not_in_data": ("authority", "leave"),
    "leave_of_a_day": ("authority",),
    "stand_in_not_in_data": ("authority",),
    "reshuffle_ban": ("authority",),
    "ethics_after_new_act": (),
    "ethics_for_pppk": (),
    "local_rules_not_traced": ("row",),
    # around it
    "direct_superior_examines": ("rule",),
    "higher_superior_examines": ("why", "rule"),
    "examiner_conflicted": ("why",),
    "examiner_not_in_data": ("part",),
    "team": ("need", "rule"),
    "team_formed_by": ("rule",),
    "team_former_passed_over": ("authority",),
    "council_formed_by": ("rule",),
    "council_former_not_in_data": (),
    "council_former_conflicted": ("of", "why"),
    "body_oversees": ("body", "from"),
    "body_disputed": ("body", "from", "until"),
    "no_body_known": ("power", "day"),
    "body_ended_no_other": ("body", "until", "due"),
    "body_refers": ("body",),
    "body_told": ("body", "power"),
    "superior_hears": ("rule", "authority"),
    "superior_of_ppk_not_in_data": ("authority",),
    "superior_conflicted": ("authority", "why"),
    "remedy_not_in_data": ("part",),
    "remedy_against_president_not_in_data": (),
    "no_decider": (),
    "appeal_board": ("rule",),
}
"""Every reason that an answer may give, and the names of the values in it."""

ASKS = frozenset({
    "rows_overlap", "no_row", "no_row_for_the_ppk", "level_for_nobody", "person_not_in_data", "not_in_data",
    "day_not_covered", "superior_level_needed", "superior_not_in_data", "levels_below_needed", "nobody_above",
    "capacity_not_given", "acting_limits_not_in_data", "leave_not_in_data", "leave_of_a_day", "stand_in_not_in_data",
    "reshuffle_ban", "ethics_for_pppk", "local_rules_not_traced", "goes_up_by_reading",
    "next_above_decides",
})  # fmt: skip
"""The reasons that leave something to a person who knows more than the rulebook."""
